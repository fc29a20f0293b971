//! The term and its plans, rounds, batches, inspections and inspected units.

use chrono::{Datelike as _, NaiveDate};
use city::{
    inspections::{InspectedUnit, Inspection, InspectionType, Round, Stage},
    targets::HORIZON,
};
use uuid::Uuid;

use super::{
    cargo::{Cargo, row},
    chronicle::{Step, Story},
    codes::{self, nouns, states},
    plan::{Plan, Serials},
};

const CREATE: Step = Step::plain("create", "登记");
const SUBMIT: Step = Step { deed: "submit", label: "提交审批", from: "起草", to: "待审批" };
const APPROVE: Step = Step { deed: "approve", label: "批准", from: "待审批", to: "已批准" };

/// Term, coverage, topics and year plans.
pub(super) fn load_term(plan: &Plan<'_>, cargo: &mut Cargo) {
    let term = &plan.city.term;
    row!(cargo, "term", {
        id: plan.term(), version: 1_i64, number: i64::from(term.number), name: "第十三届",
        committee: "中共澜江市第十三届委员会", starts_on: term.from, ends_on: Some(term.to),
    });
    cargo.find_by(nouns::TERMS, plan.term(), format!("第十三届 {}", term.name));
    Story::of(cargo, nouns::TERMS, plan.term()).tell(term.from, &plan.director(), CREATE, "");
    load_coverage(plan, cargo);
    load_topics(plan, cargo);
    load_year_plans(plan, cargo);
}

fn load_coverage(plan: &Plan<'_>, cargo: &mut Cargo) {
    let mut number = 0;
    for list in &plan.city.coverage_lists {
        let id = plan.ids.of("coverage_list", list.version as usize);
        let (clerk, approver) = (plan.clerk(0), plan.group_member());
        let submitted = list.approved_on - chrono::Days::new(7);
        row!(cargo, "coverage_list", {
            id: id, version: 3_i64, term_id: plan.term(), edition: i64::from(list.version), state: states::APPROVED,
            approved_on: Some(list.approved_on), basis: "市委书记专题会议审定", note: list.reason,
            prepared_by: clerk.account, submitted_by: clerk.account, submitted_on: Some(submitted),
            approved_by: approver.account, opinion: "同意。",
        });
        let words = format!("第十三届 全覆盖任务清单 第{}版 {}", list.version, list.reason);
        cargo.find_by(nouns::COVERAGE_LISTS, id, words);
        Story::of(cargo, nouns::COVERAGE_LISTS, id)
            .tell(submitted, &clerk, CREATE, list.reason)
            .tell(submitted, &clerk, SUBMIT, "")
            .tell(list.approved_on, &approver, APPROVE, "同意。");
        for item in &list.items {
            number += 1;
            let item_id = plan.ids.of("coverage_item", number);
            row!(cargo, "coverage_item", {
                id: item_id, version: 1_i64, list_id: id, organisation_id: plan.organisation(item.organisation),
                planned_year: Some(i64::from(item.planned_year)), exempt_reason: "",
            });
            cargo.find_by(nouns::COVERAGE_ITEMS, item_id, plan.city[item.organisation].name.clone());
        }
    }
}

fn load_topics(plan: &Plan<'_>, cargo: &mut Cargo) {
    let mut serials = Serials::default();
    for topic in &plan.city.topics {
        let id = plan.topic(topic.key);
        let number = topic_number(&mut serials, topic.named_on.year());
        let giver = format!("市委书记 {}", plan.name(topic.named_by));
        let text = format!("{}：{}", topic.title, topic.text);
        let result = topic.answered_on.map_or("", |_| "已向市委报告巡察情况和成果运用情况。");
        let state = if topic.answered_on.is_some() { states::TOPIC_ANSWERED } else { states::TOPIC_OPEN };
        row!(cargo, "topic", {
            id: id, version: 1_i64, term_id: plan.term(), number: number.as_str(), giver: giver.as_str(),
            named_on: topic.named_on, text: text.as_str(), priority: states::TOPIC_PRIORITY, state: state, result: result,
            reported_on: topic.answered_on,
        });
        cargo.find_by(nouns::TOPICS, id, format!("{number} {giver} {text} {result}"));
        let mut story = Story::of(cargo, nouns::TOPICS, id);
        story.tell(topic.named_on, &plan.clerk(1), CREATE, topic.title);
        if let Some(on) = topic.answered_on {
            story.tell(on, &plan.director(), Step::plain("report", "报告结果"), result);
        }
    }
}

fn topic_number(serials: &mut Serials, year: i32) -> String {
    format!("点题〔{year}〕{:03}号", serials.next(year))
}

fn load_year_plans(plan: &Plan<'_>, cargo: &mut Cargo) {
    for year in &plan.city.year_plans {
        let id = plan.ids.of("year_plan", year.year as usize);
        let title = format!("{}年度巡察工作计划", year.year);
        let (clerk, approver) = (plan.clerk(2), plan.group_member());
        let submitted = year.approved_on - chrono::Days::new(10);
        row!(cargo, "year_plan", {
            id: id, version: 3_i64, term_id: plan.term(), year: i64::from(year.year), title: title.as_str(),
            text: format!("{}计划常规巡察进驻{}个单位。", year.text, year.planned_units), state: states::APPROVED,
            prepared_by: clerk.account, approved_on: Some(year.approved_on), submitted_by: clerk.account,
            submitted_on: Some(submitted), approved_by: approver.account, opinion: "同意。",
        });
        cargo.find_by(nouns::YEAR_PLANS, id, format!("{} {title} {}", year.year, year.text));
        Story::of(cargo, nouns::YEAR_PLANS, id)
            .tell(submitted, &clerk, CREATE, "")
            .tell(submitted, &clerk, SUBMIT, "")
            .tell(year.approved_on, &approver, APPROVE, "同意。");
    }
}

/// Whether a stretch of work was over at the end of the plan.
fn progress(ends: NaiveDate) -> &'static str {
    if ends <= HORIZON { states::FINISHED } else { states::RUNNING }
}

/// Rounds and batches.
pub(super) fn load_rounds(plan: &Plan<'_>, cargo: &mut Cargo) {
    for round in &plan.city.rounds {
        let id = plan.round(round.key);
        row!(cargo, "round", {
            id: id, version: 2_i64, term_id: plan.term(), year: i64::from(round.year),
            number: i64::from(round.number), name: round.name.as_str(), starts_on: round.authorised_on,
            ends_on: Some(round.ends_on), state: progress(round.ends_on),
        });
        cargo.find_by(nouns::ROUNDS, id, format!("{} {}", round.year, round.name));
        tell_progress(plan, cargo, nouns::ROUNDS, id, round.authorised_on, round.ends_on);
    }
    for batch in &plan.city.batches {
        let (id, round) = (plan.batch(batch.key), &plan.city[batch.round]);
        let name = format!("第{}批次", batch.number);
        row!(cargo, "batch", {
            id: id, version: 2_i64, round_id: plan.round(batch.round), number: i64::from(batch.number),
            name: name.as_str(), starts_on: batch.entered_on, ends_on: Some(batch.left_on),
            state: progress(batch.left_on),
        });
        cargo.find_by(nouns::BATCHES, id, format!("{} {} {name}", round.year, round.name));
        tell_progress(plan, cargo, nouns::BATCHES, id, batch.entered_on, batch.left_on);
    }
}

fn tell_progress(
    plan: &Plan<'_>,
    cargo: &mut Cargo,
    noun: &'static str,
    id: uuid::Uuid,
    from: NaiveDate,
    to: NaiveDate,
) {
    let clerk = plan.clerk(3);
    let mut story = Story::of(cargo, noun, id);
    story.tell(from, &clerk, Step { deed: "start", label: "启动", from: "筹备", to: "进行中" }, "");
    if to <= HORIZON {
        story.tell(to, &clerk, Step { deed: "finish", label: "结束", from: "进行中", to: "已结束" }, "");
    }
}

/// Inspections with their links; the first of a link is the one that names the other.
pub(super) fn load_inspections(plan: &Plan<'_>, cargo: &mut Cargo) {
    let mut links = 0;
    for inspection in &plan.city.inspections {
        load_inspection(plan, cargo, inspection);
    }
    for inspection in &plan.city.inspections {
        for other in inspection.linked.iter().filter(|other| inspection.key < **other) {
            links += 1;
            row!(cargo, "inspection_link", {
                id: plan.ids.of("inspection_link", links), inspection_id: plan.inspection(inspection.key),
                other_id: plan.inspection(*other), kind: states::LINK_BESIDE,
            });
        }
    }
}

fn load_inspection(plan: &Plan<'_>, cargo: &mut Cargo, inspection: &Inspection) {
    let id = plan.inspection(inspection.key);
    let round: &Round = &plan.city[inspection.round];
    let day_of =
        |stage: Stage| plan.city.units_of(inspection.key).filter_map(move |unit| unit.reached(stage));
    let starts = day_of(Stage::OnSite).min().unwrap_or(inspection.announced_on);
    let ends = day_of(Stage::Left).max();
    let number = plan.inspection_number(inspection.key);
    row!(cargo, "inspection", {
        id: id, version: 2_i64, number: number, name: inspection.name.as_str(), term_id: plan.term(),
        round_id: Some(plan.round(round.key)), batch_id: inspection.batch.map(|batch| plan.batch(batch)),
        kind: codes::inspection_kind(inspection.kind), modes: codes::modes(&inspection.modes),
        field: codes::field(inspection.field), topic_id: inspection.topic.map(|topic| plan.topic(topic)),
        parent_id: inspection.parent.map(|parent| plan.inspection(parent)), level: states::LEVEL_CITY,
        district_id: district_of(plan, inspection), team: plan.teams_of(inspection), year: i64::from(starts.year()),
        starts_on: starts, ends_on: ends, announced_on: Some(inspection.announced_on),
        announced_where: "澜江市纪检监察网", state: ends.map_or(states::RUNNING, progress),
    });
    cargo.find_by(nouns::INSPECTIONS, id, format!("{number} {} {}", inspection.name, round.name));
    tell_progress(plan, cargo, nouns::INSPECTIONS, id, starts, ends.unwrap_or(HORIZON));
}

/// The district in which an inspection takes place: that of all its units, when it is one.
fn district_of(plan: &Plan<'_>, inspection: &Inspection) -> Option<Uuid> {
    let mut districts =
        plan.city.units_of(inspection.key).map(|unit| plan.district_of(&plan.city[unit.organisation]));
    let first = districts.next().flatten()?;
    districts.all(|district| district == Some(first)).then(|| plan.organisation(first))
}

/// Inspected units with the days of their stages and their times on site.
pub(super) fn load_units(plan: &Plan<'_>, cargo: &mut Cargo) {
    let mut intervals = 0;
    for unit in &plan.city.inspected_units {
        load_unit(plan, cargo, unit);
        for (from, to) in times_on_site(unit) {
            intervals += 1;
            row!(cargo, "onsite_interval", {
                id: plan.ids.of("onsite_interval", intervals), unit_id: plan.unit(unit.key), from_on: from, to_on: to,
            });
        }
    }
}

fn load_unit(plan: &Plan<'_>, cargo: &mut Cargo, unit: &InspectedUnit) {
    let id = plan.unit(unit.key);
    let (inspection, organisation) = (&plan.city[unit.inspection], &plan.city[unit.organisation]);
    let last = unit.stages.last().map_or(Stage::Planned, |event| event.stage);
    let planned = unit.reached(Stage::Planned).unwrap_or(inspection.announced_on);
    row!(cargo, "inspection_unit", {
        id: id, version: unit.stages.len() as i64, inspection_id: plan.inspection(unit.inspection),
        organisation_id: plan.organisation(unit.organisation), kind: codes::inspection_kind(inspection.kind),
        state: codes::unit_state(last), planned_on: planned, authorised_on: unit.reached(Stage::Authorised),
        notified_on: unit.reached(Stage::Notified), entered_on: unit.reached(Stage::OnSite),
        left_on: unit.reached(Stage::Left), reported_on: unit.reached(Stage::Reporting),
        heard_on: unit.reached(Stage::HeardByGroup), decided_on: unit.reached(Stage::Decided),
        fed_back_on: unit.reached(Stage::FedBack), rectifying_on: unit.reached(Stage::Rectifying),
        evaluated_on: unit.reached(Stage::Evaluated), closed_on: unit.reached(Stage::Closed),
        looked_back_on: looked_back_on(plan, unit), district_id: district_of(plan, inspection), due_on: None::<NaiveDate>,
        due_basis: "",
    });
    cargo.find_by(nouns::INSPECTION_UNITS, id, format!("{} {}", organisation.name, inspection.name));
    let mut before = "";
    let mut notes = notes(plan, unit).into_iter().peekable();
    let (officer, member) = (plan.officer(unit), plan.member(unit, unit.key.0));
    let mut story = Story::of(cargo, nouns::INSPECTION_UNITS, id);
    for event in &unit.stages {
        while let Some((on, label, note)) = notes.next_if(|(on, ..)| *on < event.on) {
            story.tell(on, &member, Step::plain("note", label), note);
        }
        let step = Step { from: before, ..codes::unit_step(event.stage) };
        before = step.to;
        story.tell(event.on, &officer, step, "");
    }
    for (on, label, note) in notes {
        story.tell(on, &member, Step::plain("note", label), note);
    }
}

/// The day a look-back left the unit again.
fn looked_back_on(plan: &Plan<'_>, unit: &InspectedUnit) -> Option<NaiveDate> {
    let looks_back = |inspection: &&Inspection| {
        inspection.kind == InspectionType::LookBack && inspection.parent == Some(unit.inspection)
    };
    let inspection = plan.city.inspections.iter().find(looks_back)?;
    let again = plan.city.units_of(inspection.key).find(|again| again.organisation == unit.organisation)?;
    again.reached(Stage::Left)
}

/// Consultations and materials beside the report, which have no table of their own, as lines of the history.
fn notes(plan: &Plan<'_>, unit: &InspectedUnit) -> Vec<(NaiveDate, &'static str, String)> {
    let held = plan.city.consultations.iter().filter(|row| row.unit == unit.key).map(|row| {
        let label = if row.mid_term { "中期会商" } else { "组办会商" };
        (row.held_on, label, format!("{}{}", row.point, row.answer))
    });
    let materials = plan.city.thematic_materials.iter().filter(|row| row.unit == unit.key);
    let materials =
        materials.map(|row| (row.handed_in_on, "报送专题材料", codes::material(row.kind).to_owned()));
    let mut notes: Vec<_> = held.chain(materials).collect();
    notes.sort_by_key(|(on, ..)| *on);
    notes
}

/// First and last day of each time on site.
fn times_on_site(unit: &InspectedUnit) -> Vec<(NaiveDate, NaiveDate)> {
    let (Some(entered), Some(left)) = (unit.reached(Stage::OnSite), unit.reached(Stage::Left)) else {
        return Vec::new();
    };
    match (unit.reached(Stage::Paused), unit.reached(Stage::Resumed)) {
        (Some(paused), Some(resumed)) => {
            vec![(entered, paused - chrono::Days::new(1)), (resumed, left)]
        }
        _ => vec![(entered, left)],
    }
}
