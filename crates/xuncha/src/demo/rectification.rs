//! Feedback meetings, rectification plans, the campaign, idle property and rules built.

use std::collections::HashMap;

use chrono::{Datelike as _, NaiveDate};
use city::{
    inspections::{InspectedUnit, Stage},
    keys::{AssetKey, ProblemKey},
    rectification::Measure,
    results::RuleTopic,
    targets,
};

use super::{
    cargo::{Cargo, row},
    chronicle::{Step, Story},
    codes::{self, nouns, states},
    plan::{Period, Plan, Serials},
};

/// Working days from the decision within which a unit is to be told.
const FEEDBACK_WITHIN: usize = 15;

fn working_days_after(day: NaiveDate, count: usize) -> NaiveDate {
    let working = day.iter_days().skip(1).filter(|day| city::calendar::is_working(*day));
    working.take(count).last().unwrap_or(day)
}

/// Feedback meetings.
pub(super) fn load_feedbacks(plan: &Plan<'_>, cargo: &mut Cargo) {
    let mut serials = Serials::default();
    let mut meetings: Vec<_> = plan.city.feedback_meetings.iter().collect();
    meetings.sort_by_key(|meeting| (meeting.held_on, meeting.unit));
    for meeting in meetings {
        let unit = &plan.city[meeting.unit];
        let organisation = &plan.city[unit.organisation];
        let id = plan.ids.of("feedback", meeting.unit.0);
        let number = format!("FK-{}-{:03}", meeting.held_on.year(), serials.next(meeting.held_on.year()));
        let leader = meeting.leader_in_charge.map_or("", |leader| plan.name(leader));
        let statement = format!(
            "{}主要负责人作表态发言，诚恳接受反馈意见，照单全收、坚决整改。",
            organisation.short_name
        );
        let reported = meeting.reported_to_leader_on;
        row!(cargo, "feedback", {
            id: id, version: 2_i64, number: number.as_str(), inspection_id: plan.inspection(unit.inspection),
            unit_id: plan.unit(unit.key), organisation_id: plan.organisation(unit.organisation),
            planned_on: Some(meeting.held_on), held_on: Some(meeting.held_on), place: format!("{}会议室", organisation.short_name), leader_name: leader,
            leader_attended: Some(meeting.leader_attended), statement: statement.as_str(),
            state: states::FEEDBACK_RECORDED,
            note: reported.map_or_else(String::new, |on| format!("{on}向分管市领导报告整改情况。")),
            due_on: unit.reached(Stage::Decided).map(|on| working_days_after(on, FEEDBACK_WITHIN)),
            due_basis: "条例要求经批准后及时反馈，具体天数为本地建议值，待核",
        });
        cargo.find_by(nouns::FEEDBACKS, id, format!("{number} {} {leader} {statement}", organisation.name));
        let clerk = plan.officer(unit);
        let mut story = Story::of(cargo, nouns::FEEDBACKS, id);
        story.tell(meeting.held_on - chrono::Days::new(3), &clerk, Step::plain("create", "安排反馈会"), "");
        let held = Step { deed: "hold", label: "召开反馈", from: "待召开", to: "已召开" };
        let recorded = Step { deed: "record", label: "存档", from: "已召开", to: "已存档" };
        story.tell(meeting.held_on, &clerk, held, format!("{}主持。", plan.name(meeting.chair)));
        story.tell(meeting.held_on, &clerk, recorded, "");
        if let Some(on) = reported {
            let label = Step::plain("note", "向分管领导报告整改");
            story.tell(on, &plan.speaker(unit.organisation), label, "");
        }
    }
}

/// Rectification plans of every unit fed back.
pub(super) fn load_plans(plan: &Plan<'_>, cargo: &mut Cargo, measures: &HashMap<ProblemKey, Vec<&Measure>>) {
    for unit in &plan.city.inspected_units {
        if let Some(fed_back_on) = unit.reached(Stage::FedBack) {
            load_plan(plan, cargo, unit, fed_back_on, measures);
        }
    }
}

fn load_plan(
    plan: &Plan<'_>,
    cargo: &mut Cargo,
    unit: &InspectedUnit,
    fed_back_on: NaiveDate,
    measures: &HashMap<ProblemKey, Vec<&Measure>>,
) {
    let id = plan.rect_plan(unit.key);
    let organisation = &plan.city[unit.organisation];
    let own: Vec<_> = plan.city.problems.iter().filter(|problem| problem.unit == unit.key).collect();
    let of_unit: Vec<&&Measure> =
        own.iter().filter_map(|problem| measures.get(&problem.key)).flatten().collect();
    let first = of_unit.first().map_or("", |measure| measure.leader.as_str());
    let number = format!("{}-{}", plan.inspection_number(unit.inspection), organisation.code);
    let text = format!(
        "对照反馈的{}个问题制定{}条整改措施，逐条明确责任领导、责任人和完成时限，党组（党委）书记负总责。",
        own.len(),
        of_unit.len()
    );
    let approved_on = unit.reached(Stage::Rectifying);
    let handed_in = approved_on.map_or(fed_back_on, |on| (on - chrono::Days::new(4)).max(fed_back_on));
    let (liaison, officer) = (plan.speaker(unit.organisation), plan.officer(unit));
    row!(cargo, "rect_plan", {
        id: id, version: 3_i64, number: number.as_str(), inspection_id: plan.inspection(unit.inspection),
        unit_id: plan.unit(unit.key), organisation_id: plan.organisation(unit.organisation),
        first_responsible: first, text: text.as_str(),
        state: if approved_on.is_some() { states::APPROVED } else { states::SUBMITTED },
        due_on: Some(Period::RECT_PLAN.end(fed_back_on)), due_basis: Period::RECT_PLAN.basis,
        submitted_on: Some(handed_in), submitted_by: liaison.account, reviewed_on: approved_on,
        reviewed_by: approved_on.and(officer.account),
        opinion: approved_on.map_or("", |_| "措施具体、责任明确，同意按方案整改。"),
    });
    let inspection = &plan.city[unit.inspection].name;
    cargo.find_by(
        nouns::RECT_PLANS,
        id,
        format!("{number} {} {inspection} {first} {text}", organisation.name),
    );
    let mut story = Story::of(cargo, nouns::RECT_PLANS, id);
    let submit = Step { deed: "submit", label: "提交审核", from: "拟订中", to: "待审核" };
    story.tell(handed_in, &liaison, Step::plain("create", "拟订整改方案"), "");
    story.tell(handed_in, &liaison, submit, "");
    if let Some(on) = approved_on {
        let approve = Step { deed: "approve", label: "审核通过", from: "待审核", to: "审核通过" };
        story.tell(on, &officer, approve, "措施具体、责任明确，同意按方案整改。");
    }
}

/// The campaigns with their problems.
pub(super) fn load_campaigns(plan: &Plan<'_>, cargo: &mut Cargo) {
    let mut chosen = 0;
    for (place, campaign) in plan.city.campaigns.iter().enumerate() {
        let id = plan.ids.of("campaign", place);
        let number = format!("GJ{}-{:02}", campaign.from.year(), place + 1);
        let closed = campaign.problems.iter().filter(|key| {
            plan.city[**key].history.iter().any(|event| {
                event.state == city::problems::ProblemState::Closed
                    && event.on >= campaign.from
                    && event.on <= campaign.to
            })
        });
        let summary = format!("深化整改期间销号{}个问题，其余问题纳入“回头看”持续跟踪。", closed.count());
        row!(cargo, "campaign", {
            id: id, version: 3_i64, number: number.as_str(), name: campaign.name, aim: campaign.target,
            inspection_id: Some(plan.inspection(campaign.inspection)), kind: states::CAMPAIGN_DEEPENED,
            starts_on: campaign.from, ends_on: Some(campaign.to),
            target_closed: Some(campaign.problems.len() as i64),
            target_area_cm2: Some(targets::ACTIVATED_BY_PUSH_CM2), state: states::FINISHED,
            summary: summary.as_str(),
        });
        cargo.find_by(nouns::CAMPAIGNS, id, format!("{number} {} {}", campaign.name, campaign.target));
        let director = plan.director();
        Story::of(cargo, nouns::CAMPAIGNS, id)
            .tell(campaign.from - chrono::Days::new(5), &plan.clerk(0), Step::plain("create", "登记"), "")
            .tell(
                campaign.from,
                &director,
                Step { deed: "start", label: "启动", from: "筹备", to: "进行中" },
                "",
            )
            .tell(
                campaign.to,
                &director,
                Step { deed: "finish", label: "结束", from: "进行中", to: "已结束" },
                summary,
            );
        for problem in &campaign.problems {
            chosen += 1;
            row!(cargo, "campaign_problem", {
                id: plan.ids.of("campaign_problem", chosen), campaign_id: id, problem_id: plan.problem(*problem),
            });
        }
    }
}

/// Idle property and what was put to use.
pub(super) fn load_assets(plan: &Plan<'_>, cargo: &mut Cargo) {
    let mut entries: HashMap<AssetKey, i64> = HashMap::new();
    for movement in &plan.city.asset_movements {
        *entries.entry(movement.asset).or_default() += 1;
    }
    for asset in &plan.city.assets {
        let id = plan.asset(asset.key);
        row!(cargo, "asset", {
            id: id, version: 1 + entries.get(&asset.key).copied().unwrap_or(0), code: asset.code.as_str(),
            name: asset.name.as_str(), organisation_id: plan.organisation(asset.owner),
            inspection_id: Some(plan.inspection(asset.found_by)),
            place: plan.city[asset.district].short_name.as_str(),
            address: format!("澜江市{}", asset.name), kind: codes::asset_kind(asset.kind), area_cm2: asset.area_cm2,
            found_on: asset.found_on, idle_since: Some(asset.idle_since), note: asset.reason,
        });
        cargo.find_by(nouns::ASSETS, id, format!("{} {} {}", asset.code, asset.name, asset.reason));
        let doer = plan.speaker(asset.owner);
        Story::of(cargo, nouns::ASSETS, id).tell(
            asset.found_on,
            &doer,
            Step::plain("create", "登记闲置资产"),
            "",
        );
    }
    load_movements(plan, cargo);
}

fn load_movements(plan: &Plan<'_>, cargo: &mut Cargo) {
    for (place, movement) in plan.city.asset_movements.iter().enumerate() {
        let asset = &plan.city[movement.asset];
        let owner = &plan.city[asset.owner];
        // What the push set going counts for it also after its last day.
        let campaign = plan.city.campaigns.iter().position(|campaign| movement.on >= campaign.from);
        row!(cargo, "asset_movement", {
            id: plan.ids.of("asset_movement", place), version: 1_i64, asset_id: plan.asset(movement.asset),
            organisation_id: plan.organisation(asset.owner), inspection_id: Some(plan.inspection(asset.found_by)),
            campaign_id: campaign.map(|place| plan.ids.of("campaign", place)), reverses_id: None::<uuid::Uuid>,
            on_day: movement.on, measure: codes::movement(movement.kind), area_cm2: movement.area_cm2,
            income_fen: movement.income_fen, reporter: format!("{}资产管理处", owner.short_name),
            document: format!("{}资产盘活〔{}〕{}号", owner.short_name, movement.on.year(), place + 1), note: "",
        });
        let doer = plan.speaker(asset.owner);
        let told = Step::plain("activate", "登记盘活");
        Story::of(cargo, nouns::ASSETS, plan.asset(movement.asset)).tell(movement.on, &doer, told, "");
    }
}

/// Rules built, with the problems they answer.
pub(super) fn load_rules(plan: &Plan<'_>, cargo: &mut Cargo) {
    let mut answers = 0;
    for (place, rule) in plan.city.rules.iter().enumerate() {
        let id = plan.ids.of("rule_built", place);
        let problem = rule.problems.first().map(|key| &plan.city[*key]);
        let text =
            problem.map_or_else(String::new, |problem| format!("针对“{}”问题建章立制。", problem.title));
        row!(cargo, "rule_built", {
            id: id, version: 1_i64, title: rule.title.as_str(), number: rule.number.as_str(),
            organisation_id: plan.organisation(rule.issuer),
            inspection_id: problem.map(|problem| plan.inspection(plan.city[problem.unit].inspection)),
            kind: codes::rule_kind(rule.kind), issued_on: rule.issued_on, ended_on: None::<NaiveDate>,
            topic: codes::rule_topic(rule.topic, problem.and_then(|problem| problem.field)),
            audit_linked: rule.topic == RuleTopic::AuditLinked, text: text.as_str(),
        });
        cargo.find_by(nouns::RULES_BUILT, id, format!("{} {} {text}", rule.number, rule.title));
        let doer = plan.speaker(rule.issuer);
        let told = Step::plain("create", "登记制度");
        Story::of(cargo, nouns::RULES_BUILT, id).tell(rule.issued_on, &doer, told, "");
        for problem in &rule.problems {
            answers += 1;
            row!(cargo, "rule_problem", {
                id: plan.ids.of("rule_problem", answers), rule_id: id, problem_id: plan.problem(*problem),
            });
        }
    }
}
