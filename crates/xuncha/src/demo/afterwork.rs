//! What follows a plan of rectification in the city: opinions of the five parties, reports with what the leader was told,
//! letters of urging, evaluations with polls, publicity, accountability, the look-back's checks, a drawing, doubts, and
//! groups of like problems.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Days, NaiveDate};
use city::{
    inspections::{InspectedUnit, Stage},
    keys::OrganisationKey,
    people::Role,
    problems::{Problem, ProblemState},
    targets,
};
use planning::draws::lot;
use registry::policies::months_after;
use uuid::Uuid;

use super::{
    cargo::{Cargo, row},
    chronicle::{Doer, Step, Story},
    plan::{Plan, Serials},
};

const OPINIONS: &str = rectification::opinions::NOUN;
const REPORTS: &str = rectification::reports::NOUN;
const INSTRUCTIONS: &str = rectification::instructions::NOUN;
const COOPERATIONS: &str = rectification::cooperations::NOUN;
const URGINGS: &str = rectification::urgings::NOUN;
const SCHEMES: &str = rectification::schemes::NOUN;
const EVALUATIONS: &str = rectification::evaluations::NOUN;
const POLLS: &str = rectification::polls::NOUN;
const PUBLICITIES: &str = rectification::publicities::NOUN;
const ACCOUNTABILITIES: &str = rectification::accountabilities::NOUN;
const RECHECKS: &str = rectification::rechecks::NOUN;
const VERIFICATIONS: &str = rectification::verifications::NOUN;
const DOUBTS: &str = rectification::doubts::NOUN;
const GROUPS: &str = results::problem_groups::NOUN;

/// Last day of the demonstration's records.
const LAST: NaiveDate = targets::AS_OF;
const LOCAL: &str = "本地建议值，待核";

pub(super) fn load(plan: &Plan<'_>, cargo: &mut Cargo) {
    let units: Vec<&InspectedUnit> =
        plan.city.inspected_units.iter().filter(|unit| unit.reached(Stage::FedBack).is_some()).collect();
    let mut loading = Loading { plan, cargo };
    for unit in &units {
        loading.opinions(unit);
        loading.reports(unit);
    }
    loading.cooperations();
    loading.urgings(&units);
    loading.evaluations(&units);
    loading.publicities(&units);
    loading.accountabilities(&units);
    // What was drawn names its drawing: the table of drawings is filled first.
    loading.recheck();
    loading.look_back();
    loading.doubts();
    loading.groups();
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(LAST)
}

struct Loading<'a, 'p> {
    plan: &'a Plan<'p>,
    cargo: &'a mut Cargo,
}

/// How far a report has come.
struct Reported {
    kind: &'static str,
    label: &'static str,
    mark: String,
    month: Option<NaiveDate>,
    due_on: NaiveDate,
    text: String,
    held_on: Option<NaiveDate>,
}

impl Loading<'_, '_> {
    fn opinions(&mut self, unit: &InspectedUnit) {
        let plan = self.plan;
        let fed_back = unit.reached(Stage::FedBack).unwrap_or(LAST);
        let approved = unit.reached(Stage::Rectifying);
        let asked = approved.map_or(fed_back, |on| (on - Days::new(4)).max(fed_back));
        let officer = plan.officer(unit);
        for (place, party) in
            ["discipline", "organisation", "propaganda", "office", "team"].into_iter().enumerate()
        {
            let id = plan.ids.of("rect_opinion", unit.key.0 * 5 + place);
            let given = approved.or((place % 2 == 0).then_some(asked));
            let by = if party == "team" { plan.head(unit) } else { officer.clone() };
            let letter = match (party, given) {
                ("discipline" | "organisation" | "propaganda", Some(_)) => "会审复函",
                _ => "",
            };
            let reasons = if given.is_some() {
                "措施与问题对应，责任和时限明确，同意。"
            } else {
                ""
            };
            row!(self.cargo, "rect_opinion", {
                id: id, version: if given.is_some() { 2_i64 } else { 1 }, subject: "plan",
                plan_id: Some(plan.rect_plan(unit.key)), problem_id: None::<Uuid>,
                inspection_id: plan.inspection(unit.inspection), organisation_id: plan.organisation(unit.organisation),
                turn: 1_i64, party: party, state: if given.is_some() { "agreed" } else { "asked" }, asked_on: asked,
                due_on: asked + Days::new(14), due_basis: LOCAL, given_on: given,
                given_by: given.and(by.account), by_name: given.map_or("", |_| &*by.name), document: letter,
                reasons: reasons,
            });
            let mut story = Story::of(self.cargo, OPINIONS, id);
            story.tell(asked, &plan.speaker(unit.organisation), Step::plain("create", "征求意见"), "");
            if let Some(on) = given {
                let step = Step { deed: "agree", label: "同意", from: "待提意见", to: "同意" };
                story.tell(on, &by, step, reasons);
            }
        }
    }

    fn reports(&mut self, unit: &InspectedUnit) {
        let plan = self.plan;
        let Some(approved) = unit.reached(Stage::Rectifying) else { return };
        let fed_back = unit.reached(Stage::FedBack).unwrap_or(approved);
        let name = plan.city[unit.organisation].name.clone();
        let mut all = vec![
            Reported {
                kind: "life_meeting",
                label: "整改专题民主生活会情况",
                mark: String::from("MZ"),
                month: None,
                due_on: months_after(fed_back, 1),
                text: format!(
                    "{name}党组（党委）班子围绕反馈意见逐条对照检查，开展批评和自我批评，明确整改责任。"
                ),
                held_on: Some(months_after(fed_back, 1) - Days::new(4)),
            },
            Reported {
                kind: "midterm",
                label: "整改中期情况报告",
                mark: String::from("ZQ"),
                month: None,
                due_on: months_after(fed_back, 3),
                text: format!("{name}集中整改过半，立行立改事项基本完成，其余按方案推进。"),
                held_on: None,
            },
            Reported {
                kind: "progress",
                label: "整改进展情况报告",
                mark: String::from("JZ"),
                month: None,
                due_on: months_after(fed_back, 6),
                text: format!("{name}集中整改完成情况、未完成事项和后续安排如下，数字以整改台账为准。"),
                held_on: None,
            },
            Reported {
                kind: "first_responsible",
                label: "主要负责人组织落实情况报告",
                mark: String::from("ZY"),
                month: None,
                due_on: months_after(fed_back, 6),
                text: format!("{name}党组（党委）书记研究整改、督促落实和解决难题的情况。"),
                held_on: None,
            },
        ];
        if fed_back > LAST - Days::new(240) {
            let mut month = approved.with_day(1).unwrap_or(approved);
            while month <= LAST {
                let next = months_after(month, 1);
                all.push(Reported {
                    kind: "monthly",
                    label: "整改进展月报",
                    mark: format!("YB{}", month.format("%Y%m")),
                    month: Some(month),
                    due_on: next + Days::new(6),
                    text: format!("{}月按方案推进各项措施，逐项更新台账，佐证材料已上传。", month.month()),
                    held_on: None,
                });
                month = next;
            }
        }
        for (place, report) in all.into_iter().enumerate() {
            self.report(unit, unit.key.0 * 40 + place, &report);
        }
    }

    fn report(&mut self, unit: &InspectedUnit, number: usize, report: &Reported) {
        let plan = self.plan;
        let id = plan.ids.of("rect_report", number);
        let (liaison, officer) = (plan.speaker(unit.organisation), plan.officer(unit));
        let submitted = Some(report.due_on - Days::new(2)).filter(|on| *on <= LAST);
        let accepted = submitted.map(|on| on + Days::new(3)).filter(|on| *on <= LAST);
        let meeting = plan.city.feedback_meetings.iter().find(|meeting| meeting.unit == unit.key);
        let to_leader = matches!(report.kind, "progress" | "first_responsible");
        let told = meeting
            .and_then(|meeting| meeting.reported_to_leader_on)
            .filter(|on| to_leader && submitted.is_some() && *on <= LAST);
        let leader = meeting.and_then(|meeting| meeting.leader_in_charge).filter(|_| told.is_some());
        let state = match (submitted, accepted) {
            (_, Some(_)) => "accepted",
            (Some(_), None) => "submitted",
            _ => "due",
        };
        let code = &plan.city[unit.organisation].code;
        let text = format!("{}-{code}-{}", plan.inspection_number(unit.inspection), report.mark);
        let leader = leader.map_or("", |leader| plan.name(leader));
        row!(self.cargo, "rect_report", {
            id: id, version: 1 + i64::from(submitted.is_some()) + i64::from(accepted.is_some()) + i64::from(told.is_some()),
            number: text.as_str(), kind: report.kind, plan_id: Some(plan.rect_plan(unit.key)),
            unit_id: plan.unit(unit.key), inspection_id: plan.inspection(unit.inspection),
            organisation_id: plan.organisation(unit.organisation), month: report.month,
            text: submitted.map_or("", |_| report.text.as_str()), held_on: report.held_on.filter(|_| submitted.is_some()),
            state: state, due_on: report.due_on, due_basis: LOCAL, submitted_on: submitted,
            submitted_by: submitted.and(liaison.account), reviewed_on: accepted, reviewed_by: accepted.and(officer.account),
            opinion: "", leader_name: leader, told_on: told,
            told_how: told.map_or("", |_| "书面呈报，附呈批单"),
        });
        self.cargo.find_by(
            REPORTS,
            id,
            format!("{} {text} {}", report.label, plan.city[unit.organisation].name),
        );
        let mut story = Story::of(self.cargo, REPORTS, id);
        let begun = unit.reached(Stage::Rectifying).unwrap_or(LAST);
        story.tell(report.month.unwrap_or(begun).max(begun), &officer, Step::plain("create", "安排报送"), "");
        if let Some(on) = submitted {
            story.tell(
                on,
                &liaison,
                Step { deed: "submit", label: "报送", from: "待报送", to: "待审核" },
                "",
            );
        }
        if let Some(on) = accepted {
            let step = Step { deed: "accept", label: "审核通过", from: "待审核", to: "已审核" };
            story.tell(on, &officer, step, "");
        }
        if let Some(on) = told {
            story.tell(
                on.max(accepted.unwrap_or(on)),
                &liaison,
                Step::plain("tell_leader", "登记向分管领导报告"),
                "",
            );
            if report.kind == "progress" && unit.key.0.is_multiple_of(3) {
                self.instruction(unit, id, leader, on);
            }
        }
    }

    fn instruction(&mut self, unit: &InspectedUnit, report: Uuid, leader: &str, on: NaiveDate) {
        let plan = self.plan;
        let id = plan.ids.of("rect_instruction", unit.key.0);
        let due = months_after(on, 1);
        let answered = Some(on + Days::new(20)).filter(|on| *on <= LAST);
        let closed = answered.map(|on| on + Days::new(5)).filter(|on| *on <= LAST);
        let (liaison, officer) = (plan.speaker(unit.organisation), plan.officer(unit));
        let words = "整改有力。请抓紧办结剩余事项，巩固成果，举一反三完善制度。";
        let answer = "已召开党组会研究，剩余事项逐项明确完成时间，结果另报。";
        row!(self.cargo, "rect_instruction", {
            id: id, version: 1 + i64::from(answered.is_some()) + i64::from(closed.is_some()), report_id: report,
            inspection_id: plan.inspection(unit.inspection), organisation_id: plan.organisation(unit.organisation),
            leader_name: leader, given_on: on, text: words, task: "一个月内报告剩余事项办理结果。",
            state: match (answered, closed) { (_, Some(_)) => "closed", (Some(_), None) => "answered", _ => "open" },
            due_on: due, due_basis: LOCAL, answer: answered.map_or("", |_| answer), answered_on: answered,
            answered_by: answered.and(liaison.account), opinion: "", closed_on: closed,
        });
        self.cargo.find_by(INSTRUCTIONS, id, format!("{leader} {words}"));
        let mut story = Story::of(self.cargo, INSTRUCTIONS, id);
        story.tell(on, &liaison, Step::plain("create", "登记批示"), "");
        if let Some(on) = answered {
            let step = Step { deed: "answer", label: "报告结果", from: "待落实", to: "已报结果" };
            story.tell(on, &liaison, step, answer);
        }
        if let Some(on) = closed {
            let step = Step { deed: "close", label: "办结", from: "已报结果", to: "已办结" };
            story.tell(on, &officer, step, "");
        }
    }

    /// What four departments help with: each with four problems that are being put right.
    fn cooperations(&mut self) {
        let plan = self.plan;
        let mut departments: Vec<OrganisationKey> = plan
            .city
            .posts
            .iter()
            .filter(|post| post.role == Some(Role::FunctionalDepartment))
            .map(|post| post.organisation)
            .collect();
        departments.dedup();
        let rectifying = plan.city.problems.iter().filter(|problem| {
            problem.fed_back_on.is_some_and(|on| on < LAST)
                && problem.history.last().is_some_and(|event| event.state == ProblemState::Rectifying)
        });
        let mut serials = Serials::default();
        for (place, problem) in rectifying.step_by(3).take(16).enumerate() {
            let Some(&department) = departments.get(place % departments.len().clamp(1, 4)) else { return };
            if plan.city[problem.unit].organisation != department {
                self.cooperation(place, problem, department, &mut serials);
            }
        }
    }

    fn cooperation(
        &mut self,
        place: usize,
        problem: &Problem,
        department: OrganisationKey,
        serials: &mut Serials,
    ) {
        let plan = self.plan;
        let unit = &plan.city[problem.unit];
        let asked = problem.fed_back_on.map_or(LAST, |on| (on + Days::new(25)).min(LAST - Days::new(14)));
        let asked = problem.fed_back_on.map_or(asked, |on| asked.max(on));
        let answered = Some((asked + Days::new(12)).min(LAST)).filter(|_| !place.is_multiple_of(3));
        let ended = answered.map(|on| (on + Days::new(10)).min(LAST)).filter(|_| place % 6 == 5);
        let id = plan.ids.of("cooperation", place);
        let number = format!("PH-{}-{:04}", asked.year(), serials.next(asked.year()));
        let matter = problem.category.level2;
        let duty = match place % 3 {
            0 => format!("请提供{matter}方面的政策口径，并派员参加整改会商。"),
            1 => format!("请对整改方案中涉及{matter}的措施提出意见，协助办理有关手续。"),
            _ => format!("请牵头核实{matter}的数据，督促有关单位配合清理。"),
        };
        let answer = answered.map_or("", |_| "已派员参加会商，书面提供政策依据，涉及我部门的手续已经办结。");
        let (liaison, helper) = (plan.speaker(unit.organisation), plan.speaker(department));
        row!(self.cargo, "cooperation", {
            id: id, version: 1 + i64::from(answered.is_some()) + i64::from(ended.is_some()), number: number.as_str(),
            problem_id: plan.problem(problem.key), inspection_id: plan.inspection(unit.inspection),
            organisation_id: plan.organisation(unit.organisation), department_id: plan.organisation(department),
            duty: duty.as_str(), asked_on: asked, due_on: Some(asked + Days::new(20)),
            state: match (answered, ended) { (_, Some(_)) => "ended", (Some(_), None) => "answered", _ => "asked" },
            answer: answer, answered_on: answered, answered_by: answered.and(helper.account), opinion: "", ended_on: ended,
        });
        let names = (&plan.city[department].name, &problem.title);
        self.cargo.find_by(COOPERATIONS, id, format!("{number} {} {} {duty}", names.1, names.0));
        let mut story = Story::of(self.cargo, COOPERATIONS, id);
        story.tell(asked, &liaison, Step::plain("create", "安排配合"), duty.as_str());
        if let Some(on) = answered {
            let step = Step {
                deed: "answer", label: "反馈配合情况", from: "待配合", to: "已反馈情况"
            };
            story.tell(on, &helper, step, answer);
        }
        if let Some(on) = ended {
            let step = Step { deed: "end", label: "结束配合", from: "已反馈情况", to: "已结束" };
            story.tell(on, &liaison, step, "");
        }
    }

    fn urgings(&mut self, units: &[&InspectedUnit]) {
        let plan = self.plan;
        let mut serials = Serials::default();
        let mut place = 0;
        for unit in units {
            let late: Vec<String> = plan
                .city
                .measures
                .iter()
                .filter(|measure| plan.city[measure.problem].unit == unit.key && measure.overdue_on(LAST))
                .take(8)
                .map(|measure| format!("整改措施（{} 到期）：{}", measure.due_on, measure.text))
                .collect();
            if late.len() < 3 || place >= 6 {
                continue;
            }
            let sent = LAST - Days::new(40 - 6 * place as u64);
            let id = plan.ids.of("rect_urging", place);
            let number = format!("DB-{}-{:04}", sent.year(), serials.next(sent.year()));
            let answered = Some(sent + Days::new(5)).filter(|_| place % 2 == 0);
            let closed = answered.map(|on| on + Days::new(3)).filter(|_| place % 4 == 0);
            let kind = if place % 2 == 0 { "urge" } else { "remind" };
            let demand = "请逐项说明逾期原因，提出完成时间，并在期限内书面回复。";
            let (liaison, clerk) = (plan.speaker(unit.organisation), plan.clerk(place));
            row!(self.cargo, "rect_urging", {
                id: id, version: 2 + i64::from(answered.is_some()) + i64::from(closed.is_some()), number: number.as_str(),
                kind: kind, unit_id: plan.unit(unit.key), inspection_id: plan.inspection(unit.inspection),
                organisation_id: plan.organisation(unit.organisation), items: late.join("\n"), demand: demand,
                state: match (answered, closed) { (_, Some(_)) => "closed", (Some(_), None) => "answered", _ => "sent" },
                due_on: sent + Days::new(7), due_basis: LOCAL, prepared_by: clerk.account, sent_on: Some(sent),
                answer: answered.map_or("", |_| "已召开调度会，逾期事项逐项明确到人，本月底前完成。"),
                answered_on: answered, answered_by: answered.and(liaison.account), opinion: "", closed_on: closed,
            });
            self.cargo.find_by(URGINGS, id, format!("{number} {}", plan.city[unit.organisation].name));
            let mut story = Story::of(self.cargo, URGINGS, id);
            story.tell(sent, &clerk, Step::plain("create", "拟督办提醒"), "");
            story.tell(sent, &clerk, Step { deed: "send", label: "发出", from: "拟稿", to: "已发出" }, "");
            if let Some(on) = answered {
                story.tell(
                    on,
                    &liaison,
                    Step { deed: "answer", label: "回复", from: "已发出", to: "已回复" },
                    "",
                );
            }
            if let Some(on) = closed {
                story.tell(
                    on,
                    &clerk,
                    Step { deed: "close", label: "办结", from: "已回复", to: "已办结" },
                    "",
                );
            }
            place += 1;
        }
    }

    fn evaluations(&mut self, units: &[&InspectedUnit]) {
        let plan = self.plan;
        let scheme = plan.ids.of("eval_scheme", 0);
        let made = day(2022, 3, 1);
        let (director, clerk) = (plan.director(), plan.clerk(1));
        let name = "市委巡察整改评估方案（本市）";
        row!(self.cargo, "eval_scheme", {
            id: scheme, version: 2_i64, code: "own", name: name, basis: "市委巡察办制定，演示用", points_tenths: 1_000_i64,
            state: "in_force", note: "",
        });
        self.cargo.find_by(SCHEMES, scheme, String::from(name));
        let items: [(&str, &str, &str, Option<i64>); 6] = [
            ("组织领导", "党组（党委）研究部署和第一责任人履责", "deduct", Some(200)),
            ("任务落实", "整改任务按期完成", "deduct", Some(400)),
            ("建章立制", "制度建设和长效机制", "deduct", Some(200)),
            ("群众满意", "满意度测评", "deduct", Some(200)),
            ("加分", "整改经验被推广", "bonus", Some(50)),
            ("否决", "弄虚作假、虚假整改", "veto", None),
        ];
        for (position, (aspect, label, kind, points)) in items.into_iter().enumerate() {
            row!(self.cargo, "eval_item", {
                id: plan.ids.of("eval_item", position), scheme_id: scheme, position: position as i64 + 1, aspect: aspect,
                label: label, kind: kind, points_tenths: points, note: "",
            });
        }
        let grades: [(&str, i64, &str, bool); 4] = [
            ("好", 900, "", false),
            ("较好", 800, "", false),
            ("一般", 600, "约谈", false),
            ("差", 0, "约谈并开展“回头看”", true),
        ];
        for (position, (label, least, consequence, look_back)) in grades.into_iter().enumerate() {
            row!(self.cargo, "eval_grade", {
                id: plan.ids.of("eval_grade", position), scheme_id: scheme, position: position as i64 + 1, label: label,
                least_tenths: Some(least), consequence: consequence, look_back: look_back,
            });
        }
        Story::of(self.cargo, SCHEMES, scheme)
            .tell(made, &clerk, Step::plain("create", "制定评估方案"), "")
            .tell(made, &director, Step { deed: "enforce", label: "启用", from: "待补全", to: "启用" }, "");
        let mut serials = Serials::default();
        let evaluated = units.iter().filter_map(|unit| Some((unit, unit.reached(Stage::Evaluated)?)));
        for (place, (unit, on)) in evaluated.filter(|(_, on)| *on <= LAST).take(12).enumerate() {
            self.evaluation(place, unit, on, &mut serials);
            self.poll(place, unit, on);
        }
    }

    fn evaluation(&mut self, place: usize, unit: &InspectedUnit, on: NaiveDate, serials: &mut Serials) {
        let plan = self.plan;
        let id = plan.ids.of("rect_evaluation", place);
        let number = format!("PG-{}-{:04}", on.year(), serials.next(on.year()));
        let (clerk, director) = (plan.clerk(place), plan.director());
        let lost = [15, 30 + 12 * (place as i64 % 7), 20];
        let total = 1_000 - lost.iter().sum::<i64>();
        let grade = if total >= 900 { "好" } else { "较好" };
        let done = place > 0;
        row!(self.cargo, "rect_evaluation", {
            id: id, version: if done { 3_i64 } else { 2 }, number: number.as_str(), unit_id: plan.unit(unit.key),
            inspection_id: plan.inspection(unit.inspection), organisation_id: plan.organisation(unit.organisation),
            scheme_id: plan.ids.of("eval_scheme", 0), evaluated_on: on, state: if done { "confirmed" } else { "draft" },
            total_tenths: done.then_some(total), grade: if done { grade } else { "" }, look_back: false,
            opinion: "整改总体扎实，个别措施完成偏晚。", prepared_by: clerk.account,
            confirmed_by: director.account.filter(|_| done), confirmed_on: done.then_some(on),
        });
        let reasons = ["研究部署偏晚", "部分措施超过期限完成", "长效制度还需细化"];
        for (item, (tenths, reason)) in lost.into_iter().zip(reasons).enumerate() {
            row!(self.cargo, "rect_score", {
                id: plan.ids.of("rect_score", place * 3 + item), evaluation_id: id,
                item_id: plan.ids.of("eval_item", item), tenths: tenths, reason: reason,
            });
        }
        self.cargo.find_by(EVALUATIONS, id, format!("{number} {}", plan.city[unit.organisation].name));
        let mut story = Story::of(self.cargo, EVALUATIONS, id);
        story.tell(on, &clerk, Step::plain("create", "开始评估"), "");
        story.tell(on, &clerk, Step { deed: "score", label: "评分", from: "评分中", to: "评分中" }, "");
        if done {
            let step = Step { deed: "confirm", label: "审定", from: "评分中", to: "已审定" };
            story.tell(on, &director, step, format!("{} 分，{grade}", rectification::schemes::points(total)));
        }
    }

    fn poll(&mut self, place: usize, unit: &InspectedUnit, on: NaiveDate) {
        let plan = self.plan;
        for (at, (audience, way, issued)) in
            [("staff", "paper", 60_i64), ("served", "online", 120), ("public", "call", 4)]
                .into_iter()
                .enumerate()
        {
            let id = plan.ids.of("satisfaction_poll", place * 3 + at);
            let unsure = issued / 20;
            let (hardly, mostly) = (issued / 30 + place as i64 % 3, issued / 4);
            let returned = issued - issued / 10;
            row!(self.cargo, "satisfaction_poll", {
                id: id, version: 1_i64, unit_id: plan.unit(unit.key), inspection_id: plan.inspection(unit.inspection),
                organisation_id: plan.organisation(unit.organisation), audience: audience, way: way, on_day: on,
                issued: issued, returned: returned, very: returned - mostly - hardly - unsure, mostly: mostly,
                hardly: hardly, unsure: unsure, note: "",
            });
            let clerk = plan.clerk(place);
            Story::of(self.cargo, POLLS, id).tell(on, &clerk, Step::plain("create", "登记满意度测评"), "");
        }
    }

    fn publicities(&mut self, units: &[&InspectedUnit]) {
        let plan = self.plan;
        let mut serials = Serials::default();
        let told = units.iter().filter_map(|unit| {
            let due = months_after(unit.reached(Stage::FedBack)?, 6);
            (due + Days::new(40) <= LAST).then_some((*unit, due))
        });
        for (place, (unit, due)) in told.take(8).enumerate() {
            let id = plan.ids.of("publicity", place);
            let number = format!("GK-{}-{:04}", due.year(), serials.next(due.year()));
            let name = &plan.city[unit.organisation].name;
            let outer = format!("{name}公布巡察整改进展情况。反馈问题已逐项整改，相关制度已修订印发。");
            let inner = format!("{outer}对有关责任人的追责问责情况在党内通报。");
            let exclusions = serde_json::json!([
                { "passage": "追责问责情况在党内通报", "ground": "case", "reason": "个别事项仍在核查" }
            ]);
            let (liaison, officer) = (plan.speaker(unit.organisation), plan.officer(unit));
            let published = place > 0;
            let (handed, out) = (due + Days::new(3), due + Days::new(10));
            row!(self.cargo, "publicity", {
                id: id, version: if published { 5_i64 } else { 2 }, number: number.as_str(), unit_id: plan.unit(unit.key),
                inspection_id: plan.inspection(unit.inspection), organisation_id: plan.organisation(unit.organisation),
                inner_text: inner, inner_scope: "本单位全体党员干部", inner_on: published.then_some(out), outer_text: outer,
                outer_where: "单位门户网站", outer_on: published.then_some(out),
                outer_until: published.then_some(out + Days::new(15)), contact: "巡察整改办公室来信来访接待点",
                exclusions: exclusions.to_string(), state: if published { "closed" } else { "submitted" },
                due_on: Some(due + Days::new(21)), due_basis: LOCAL, submitted_by: liaison.account,
                submitted_on: Some(handed), reviewed_by: officer.account.filter(|_| published),
                reviewed_on: published.then_some(handed + Days::new(2)), opinion: "",
                comments: if published { "公开期间未收到意见。" } else { "" },
            });
            self.cargo.find_by(PUBLICITIES, id, format!("{number} {name}"));
            let mut story = Story::of(self.cargo, PUBLICITIES, id);
            story.tell(due, &liaison, Step::plain("create", "拟整改公开稿"), "");
            let step = Step { deed: "submit", label: "提交审核", from: "拟稿", to: "待审核" };
            story.tell(handed, &liaison, step, "");
            if published {
                let approve =
                    Step { deed: "approve", label: "审核通过", from: "待审核", to: "审核通过" };
                let publish =
                    Step { deed: "publish", label: "登记公开", from: "审核通过", to: "已公开" };
                let close = Step {
                    deed: "close", label: "登记反响并办结", from: "已公开", to: "已办结"
                };
                story.tell(handed + Days::new(2), &officer, approve, "");
                story.tell(out, &liaison, publish, "");
                story.tell(out + Days::new(17), &liaison, close, "");
            }
        }
    }

    fn accountabilities(&mut self, units: &[&InspectedUnit]) {
        let plan = self.plan;
        let done = units.iter().filter_map(|unit| Some((unit, unit.reached(Stage::Evaluated)?)));
        for (place, (unit, on)) in done.filter(|(_, on)| *on <= LAST).take(15).enumerate() {
            let id = plan.ids.of("accountability", place);
            let some = |step: usize| (place * step % 5) as i64;
            row!(self.cargo, "accountability", {
                id: id, version: 1_i64, unit_id: plan.unit(unit.key), inspection_id: plan.inspection(unit.inspection),
                organisation_id: plan.organisation(unit.organisation), on_day: on, talks: 3 + some(2), criticised: some(3),
                admonished: some(4) / 2, organised: some(7) / 4, party: some(3) / 3, administrative: some(6) / 4,
                filed: some(7) / 4, judicial: 0_i64, recovered_fen: 1_200_000 * (1 + some(3)),
                source: "派驻纪检监察组统计",
            });
            self.cargo.find_by(ACCOUNTABILITIES, id, plan.city[unit.organisation].name.clone());
            let by = plan.speaker(unit.organisation);
            Story::of(self.cargo, ACCOUNTABILITIES, id).tell(
                on,
                &by,
                Step::plain("create", "登记问责情况"),
                "",
            );
        }
    }

    /// The look-back on state assets inherits what its parent found; what it reopened is reopened here too.
    fn look_back(&mut self) {
        let plan = self.plan;
        let (parent, look_back) = (plan.city.asset_inspection(), plan.city.asset_look_back());
        let units: BTreeMap<OrganisationKey, &InspectedUnit> =
            plan.city.units_of(look_back).map(|unit| (unit.organisation, unit)).collect();
        let inherited: Vec<(&Problem, &InspectedUnit)> = plan
            .city
            .problems
            .iter()
            .filter(|problem| problem.fed_back_on.is_some())
            .filter(|problem| plan.city[problem.unit].inspection == parent)
            .filter_map(|problem| Some((problem, *units.get(&plan.city[problem.unit].organisation)?)))
            .collect();
        for (place, (problem, unit)) in inherited.into_iter().enumerate() {
            let entered = unit.reached(Stage::OnSite).unwrap_or(LAST);
            let left = unit.reached(Stage::Left).unwrap_or(entered);
            let reopened = problem.reopened_on().filter(|on| (entered..=left + Days::new(5)).contains(on));
            let checked = reopened.unwrap_or((entered + Days::new(4 + place as u64 % 12)).min(left));
            let open = reopened.is_none() && problem.state_on(checked) != Some(ProblemState::Closed);
            let (state, label) = match reopened {
                Some(_) => ("reopened", "认定不到位"),
                None if open && place % 4 == 0 => ("partly", "认定部分到位"),
                None => ("holds", "认定到位"),
            };
            let text = match state {
                "reopened" => "现场核查与所报情况不一致，资产仍未腾退，台账更新不及时。",
                "partly" => "主要措施已落实，制度执行还需一段时间检验。",
                _ => "查阅合同、台账和缴款凭证，现场核对，与所报情况一致。",
            };
            let officer = plan.officer(unit);
            self.verification(
                place,
                (problem, plan.inspection(look_back), "look_back", None),
                &Checked {
                    state,
                    label,
                    made: entered,
                    on: Some(checked),
                    by: plan.member(unit, place),
                    text,
                    reopened: reopened.map(|on| (on, officer)),
                },
            );
        }
    }

    fn verification(
        &mut self,
        place: usize,
        (problem, inspection, way, recheck): (&Problem, Uuid, &'static str, Option<Uuid>),
        checked: &Checked,
    ) {
        let plan = self.plan;
        let id = plan.ids.of("verification", place);
        let organisation = plan.city[problem.unit].organisation;
        let done = checked.on.is_some();
        row!(self.cargo, "verification", {
            id: id, version: 1 + i64::from(done) + i64::from(checked.reopened.is_some()), way: way, recheck_id: recheck,
            inspection_id: inspection, problem_id: plan.problem(problem.key),
            organisation_id: plan.organisation(organisation), state: checked.state, made_on: checked.made,
            checked_on: checked.on, checked_by: checked.by.account.filter(|_| done),
            checker_name: if done { &*checked.by.name } else { "" }, text: checked.text,
            reopened_on: checked.reopened.as_ref().map(|(on, _)| *on),
        });
        let mut story = Story::of(self.cargo, VERIFICATIONS, id);
        story.tell(checked.made, &checked.by, Step::plain("create", "列入核查"), "");
        if let Some(on) = checked.on {
            let deed = match checked.label {
                "认定到位" => "hold",
                "认定部分到位" => "part",
                _ => "fail",
            };
            let to = match deed {
                "hold" => "整改到位",
                "part" => "部分到位",
                _ => "整改不到位",
            };
            story.tell(
                on,
                &checked.by,
                Step { deed, label: checked.label, from: "待核查", to },
                checked.text,
            );
        }
        if let Some((on, by)) = &checked.reopened {
            let step =
                Step { deed: "reopen", label: "重开问题", from: "整改不到位", to: "已重开" };
            story.tell(*on, by, step, "");
        }
    }

    /// A drawing among what was closed in a quarter; its number was named by a witness.
    fn recheck(&mut self) {
        let plan = self.plan;
        let (from, to) = (day(2023, 7, 1), day(2023, 9, 30));
        let drawn = day(2023, 10, 12);
        let still = |problem: &&Problem| {
            problem.reopened_on().is_none() && problem.closed_on().is_some_and(|on| (from..=to).contains(&on))
        };
        let mut closed: Vec<(String, &Problem)> = plan
            .city
            .problems
            .iter()
            .filter(still)
            .map(|problem| {
                let organisation = &plan.city[plan.city[problem.unit].organisation].name;
                (format!("{} {organisation} {}", problem.title, plan.problem(problem.key)), problem)
            })
            .collect();
        closed.sort_by(|one, other| one.0.cmp(&other.0));
        closed.truncate(60);
        let lines: Vec<&str> = closed.iter().map(|(line, _)| line.as_str()).collect();
        let digest = lot::list_digest(&lines);
        let seed = lot::seed(&digest, "271828");
        let picked = lot::draw(&lines, &seed, 6);
        let id = plan.ids.of("recheck", 0);
        let (clerk, director) = (plan.clerk(2), plan.director());
        row!(self.cargo, "recheck", {
            id: id, version: 2_i64, number: "CC-2023-0001", title: "2023年第三季度销号问题抽查", closed_from: from, closed_to: to,
            draws: 6_i64, state: "drawn", list: lines.join("\n"), list_digest: digest.as_str(), nonce: "271828",
            witness: "派驻纪检监察组同志", seed: seed.as_str(), picked: picked.join("\n"), listed_by: clerk.account,
            listed_on: drawn, drawn_by: director.account, drawn_on: Some(drawn), note: "",
        });
        self.cargo.find_by(RECHECKS, id, String::from("CC-2023-0001 2023年第三季度销号问题抽查"));
        Story::of(self.cargo, RECHECKS, id)
            .tell(drawn, &clerk, Step::plain("create", "固定抽查清单"), "")
            .tell(
                drawn,
                &director,
                Step { deed: "draw", label: "抽取", from: "清单已固定", to: "已抽取" },
                "",
            );
        let chosen: Vec<&Problem> = closed
            .iter()
            .filter(|(line, _)| picked.contains(&line.as_str()))
            .map(|(_, problem)| *problem)
            .collect();
        for (place, problem) in chosen.into_iter().enumerate() {
            let inspection = plan.inspection(plan.city[problem.unit].inspection);
            let done = place < 4;
            let checked = Checked {
                state: if done { "holds" } else { "pending" },
                label: "认定到位",
                made: drawn,
                on: done.then(|| drawn + Days::new(8 + place as u64)),
                by: clerk.clone(),
                text: if done { "查阅凭证并现场核对，整改属实。" } else { "" },
                reopened: None,
            };
            self.verification(100_000 + place, (problem, inspection, "drawn", Some(id)), &checked);
        }
    }

    fn doubts(&mut self) {
        let plan = self.plan;
        let reopened = plan.city.problems.iter().filter(|problem| problem.reopened_on().is_some());
        let kinds = [
            (
                "same_file",
                "佐证材料“会议纪要.pdf”疑似重复使用",
                "“会议纪要.pdf”与另外 2 个问题的佐证材料内容完全一致（SM3 摘要相同），其中 1 个属于其他单位。",
            ),
            (
                "near_picture",
                "佐证材料“现场照片.jpg”疑似重复使用",
                "“现场照片.jpg”与另外 1 个问题的佐证材料画面最高相似 97%（64 位明暗特征比对），其中 0 个属于其他单位。",
            ),
            (
                "like_text",
                "佐证材料“整改情况说明.docx”疑似重复使用",
                "“整改情况说明.docx”与另外 3 个问题的佐证材料文字最高相似 91%（去掉数字和标点后比对），其中 3 个属于其他单位。",
            ),
            (
                "bunched",
                "期限前集中销号",
                "整改期限以前共销号 14 个问题，其中 10 个集中在最后 3 天（占 71%，提示线 60%）。",
            ),
            ("reopened", "销号后重开比例偏高", "销号 9 次，其中 2 次后来重开（占 22%，提示线 15%）。"),
        ];
        let fates = ["confirmed", "dismissed", "open"];
        for (place, problem) in reopened.take(9).enumerate() {
            let Some((kind, subject, reason)) = kinds.get(place % kinds.len()).copied() else { continue };
            let Some(state) = fates.get(place % fates.len()).copied() else { continue };
            let unit = &plan.city[problem.unit];
            let found = problem.reopened_on().unwrap_or(LAST);
            let decided = (state != "open").then(|| found + Days::new(6));
            let id = plan.ids.of("rect_doubt", place);
            let officer = plan.officer(unit);
            let decision = match (state, kind) {
                ("confirmed", "bunched" | "reopened") => {
                    "经抽查核实，部分问题整改不到位，已重开并约谈单位负责人。"
                }
                ("confirmed", _) => "经现场核实，材料与实际不符，已重开问题并要求说明。",
                ("dismissed", "bunched") => "逐项核对完成时间，确因制度集中印发，整改属实。",
                ("dismissed", "reopened") => "重开均因标准提高，前次整改属实。",
                ("dismissed", _) => "同一次会议研究多项整改，一份纪要对应多个问题，属于正常使用。",
                _ => "",
            };
            row!(self.cargo, "rect_doubt", {
                id: id, version: if decided.is_some() { 2_i64 } else { 1 }, kind: kind, mark: format!("demonstration:{place}"),
                inspection_id: Some(plan.inspection(unit.inspection)), organisation_id: plan.organisation(unit.organisation),
                problem_id: Some(plan.problem(problem.key)), subject: subject, reason: reason, detail: "", found_on: found,
                state: state, decided_on: decided, decided_by: decided.and(officer.account),
                decider_name: decided.map_or("", |_| &*officer.name), decision: decision,
            });
            self.cargo.find_by(DOUBTS, id, format!("{subject} {reason}"));
            let program = Doer { account: None, name: "整改疑点排查".into() };
            let mut story = Story::of(self.cargo, DOUBTS, id);
            story.tell(found, &program, Step::plain("create", "发现疑点"), "");
            if let Some(on) = decided {
                let step = if state == "confirmed" {
                    Step { deed: "confirm", label: "确认", from: "待核实", to: "已确认" }
                } else {
                    Step { deed: "dismiss", label: "排除", from: "待核实", to: "已排除" }
                };
                story.tell(on, &officer, step, decision);
            }
        }
    }

    /// Problems of the same words in several organisations.
    fn groups(&mut self) {
        let plan = self.plan;
        let mut alike: BTreeMap<String, Vec<&Problem>> = BTreeMap::new();
        for problem in
            plan.city.problems.iter().filter(|problem| problem.fed_back_on.is_some_and(|on| on <= LAST))
        {
            let head: String = problem.title.chars().take(8).collect();
            alike.entry(head).or_default().push(problem);
        }
        let owner = |problem: &Problem| plan.city[problem.unit].organisation;
        let mut found: Vec<(String, Vec<&Problem>)> = alike
            .into_iter()
            .filter(|(_, problems)| {
                let mut owners: Vec<_> = problems.iter().map(|problem| owner(problem)).collect();
                owners.sort_unstable();
                owners.dedup();
                owners.len() >= 3
            })
            .collect();
        found.sort_by_key(|(head, problems)| (std::cmp::Reverse(problems.len()), head.clone()));
        found.truncate(12);
        let on = LAST - Days::new(12);
        let clerk = plan.clerk(1);
        for (place, (head, problems)) in found.into_iter().enumerate() {
            let id = plan.ids.of("problem_group", place);
            let number = format!("GX-{}-{:04}", on.year(), place + 1);
            let mut owners: Vec<_> = problems.iter().map(|problem| owner(problem)).collect();
            owners.sort_unstable();
            owners.dedup();
            let state = match place % 4 {
                0 => "confirmed",
                3 => "dismissed",
                _ => "proposed",
            };
            let decided = (state != "proposed").then_some(on + Days::new(3));
            let Some(first) = problems.first() else { continue };
            row!(self.cargo, "problem_group", {
                id: id, version: if decided.is_some() { 2_i64 } else { 1 }, number: number.as_str(), title: first.title.as_str(),
                shared: head.as_str(), category: "", field: "", problems: problems.len() as i64,
                organisations: owners.len() as i64, state: state, found_on: on, mark: format!("demonstration:{place}"),
                decided_on: decided, decided_by: decided.and(clerk.account),
                decision: decided.map_or("", |_| if state == "confirmed" { "多个单位表现一致，属于共性问题。" } else { "用语相近，性质不同。" }),
                handover_id: None::<Uuid>,
            });
            for (position, problem) in problems.iter().enumerate() {
                row!(self.cargo, "problem_group_member", {
                    id: plan.ids.of("problem_group_member", place * 1_000 + position), group_id: id,
                    position: position as i64, problem_id: plan.problem(problem.key),
                    likeness: if position == 0 { 100_i64 } else { 92 - (position as i64 % 30) },
                });
            }
            self.cargo.find_by(GROUPS, id, format!("{number} {head} {}", first.title));
            let mut story = Story::of(self.cargo, GROUPS, id);
            story.tell(on, &clerk, Step::plain("create", "提出归并建议"), "");
            if let Some(on) = decided {
                let step = if state == "confirmed" {
                    Step { deed: "confirm", label: "确认", from: "待确认", to: "已确认" }
                } else {
                    Step { deed: "dismiss", label: "不成立", from: "待确认", to: "不成立" }
                };
                story.tell(on, &clerk, step, "");
            }
        }
    }
}

/// What a check found.
struct Checked {
    state: &'static str,
    label: &'static str,
    made: NaiveDate,
    on: Option<NaiveDate>,
    by: Doer,
    text: &'static str,
    reopened: Option<(NaiveDate, Doer)>,
}
