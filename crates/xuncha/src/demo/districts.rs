//! Guidance of the districts: contact persons, deputies sent, cadres in training, special checks, evaluations.

use chrono::{Datelike as _, Days, NaiveDate};
use city::{districts::DistrictProblem, keys::DistrictCheckKey};

use super::{
    cargo::{Cargo, row},
    chronicle::{Step, Story},
    codes::{self, nouns, states},
    plan::{Plan, Serials},
};

const CREATE: Step = Step::plain("create", "登记");

/// Everything between the municipal office and the districts.
pub(super) fn load(plan: &Plan<'_>, cargo: &mut Cargo) {
    load_liaisons(plan, cargo);
    load_deputies(plan, cargo);
    load_trainees(plan, cargo);
    load_checks(plan, cargo);
    load_evaluations(plan, cargo);
}

/// Title of the post a person holds.
fn title<'a>(plan: &Plan<'a>, person: city::keys::PersonKey) -> &'a str {
    let post = plan.city.posts.iter().find(|post| post.person == person);
    post.map_or("", |post| post.title.as_str())
}

fn load_liaisons(plan: &Plan<'_>, cargo: &mut Cargo) {
    for (place, liaison) in plan.city.district_liaisons.iter().enumerate() {
        let id = plan.ids.of("district_liaison", place);
        let visits: Vec<_> = liaison.visits.iter().map(|(on, words)| format!("{on} {words}")).collect();
        let (name, position) = (plan.name(liaison.person), title(plan, liaison.person));
        let filings =
            plan.city.district_plans.iter().filter(|filing| {
                filing.district == liaison.district && filing.filed_on.year() == liaison.year
            });
        let filed: Vec<_> = filings
            .map(|filing| format!("{}报备《{}》（{}个单位）", filing.filed_on, filing.title, filing.units))
            .collect();
        row!(cargo, "district_liaison", {
            id: id, version: 1 + visits.len() as i64, year: i64::from(liaison.year),
            district_id: plan.organisation(liaison.district), person_name: name, position: position,
            from_on: liaison.assigned_on, to_on: NaiveDate::from_ymd_opt(liaison.year, 12, 31),
            visit_log: visits.join("\n"), note: filed.join("；"),
        });
        cargo.find_by(nouns::DISTRICT_LIAISONS, id, format!("{name} {position}"));
        let doer = plan.director();
        let mut story = Story::of(cargo, nouns::DISTRICT_LIAISONS, id);
        story.tell(liaison.assigned_on, &doer, CREATE, "");
        for (on, words) in &liaison.visits {
            story.tell(
                *on,
                &plan.doer(liaison.person),
                Step::plain("log", "登记走访记录"),
                format!("{on} {words}"),
            );
        }
    }
}

fn load_deputies(plan: &Plan<'_>, cargo: &mut Cargo) {
    for (place, deputy) in plan.city.deputies_sent.iter().enumerate() {
        let id = plan.ids.of("district_deputy", place);
        let district = &plan.city[deputy.district];
        let (name, team) = (plan.name(deputy.person), format!("{}委第一巡察组", district.name));
        let log = format!("{} 进驻。\n{} 完成底稿审核和报告撰写，撤点。", deputy.from, deputy.to);
        row!(cargo, "district_deputy", {
            id: id, version: 1_i64, year: i64::from(deputy.from.year()),
            district_id: plan.organisation(deputy.district), person_name: name, home_unit: "市委巡察办", rank: "处级",
            team: team.as_str(), from_on: deputy.from, to_on: Some(deputy.to), work_log: log,
        });
        cargo.find_by(nouns::DISTRICT_DEPUTIES, id, format!("{name} 市委巡察办 {team}"));
        Story::of(cargo, nouns::DISTRICT_DEPUTIES, id).tell(deputy.from, &plan.director(), CREATE, "");
    }
}

fn load_trainees(plan: &Plan<'_>, cargo: &mut Cargo) {
    for (place, trainee) in plan.city.trainees.iter().enumerate() {
        let id = plan.ids.of("shadow_training", place);
        let (name, post) = (plan.name(trainee.person), title(plan, trainee.person));
        let batch = plan.city.batches.iter().find(|batch| batch.entered_on == trainee.from);
        let inspection = batch.and_then(|batch| {
            plan.city.inspections.iter().find(|inspection| inspection.batch == Some(batch.key))
        });
        row!(cargo, "shadow_training", {
            id: id, version: 1_i64, year: i64::from(trainee.from.year()),
            district_id: plan.organisation(trainee.district), person_name: name, post_title: post,
            kind: states::TRAINING, inspection_id: inspection.map(|inspection| plan.inspection(inspection.key)),
            from_on: trainee.from, to_on: Some(trainee.to), appraisal: trainee.appraisal,
        });
        cargo.find_by(nouns::SHADOW_TRAININGS, id, format!("{name} {post}"));
        Story::of(cargo, nouns::SHADOW_TRAININGS, id).tell(trainee.from, &plan.director(), CREATE, "");
    }
}

fn load_checks(plan: &Plan<'_>, cargo: &mut Cargo) {
    let mut serials = Serials::default();
    for check in &plan.city.district_checks {
        let id = check_id(plan, check.key);
        let (year, district) = (check.from.year(), &plan.city[check.district]);
        let number = format!("ZXJC-{year}-{:02}", serials.next(year));
        let title = format!("{}巡察工作专项检查", district.name);
        let problems: Vec<_> =
            plan.city.district_problems.iter().filter(|problem| problem.check == check.key).collect();
        let last =
            problems.iter().try_fold(check.fed_back_on, |last, problem| Some(last.max(problem.closed_on?)));
        row!(cargo, "district_check", {
            id: id, version: 2_i64, number: number.as_str(), year: i64::from(year),
            district_id: plan.organisation(check.district), title: title.as_str(), with_province: true,
            checked_on: check.from, summary: format!("会同省委巡视组开展检查，指出{}个问题。", problems.len()),
            state: if last.is_some() { states::CHECK_CLOSED } else { states::CHECK_FED_BACK },
            fed_back_on: Some(check.fed_back_on), closed_on: last,
        });
        cargo.find_by(nouns::DISTRICT_CHECKS, id, format!("{number} {title}"));
        let director = plan.director();
        let fed_back = Step { deed: "feed_back", label: "反馈", from: "检查中", to: "整改中" };
        let mut story = Story::of(cargo, nouns::DISTRICT_CHECKS, id);
        story.tell(check.from, &director, CREATE, "").tell(check.fed_back_on, &director, fed_back, "");
        if let Some(on) = last {
            let closed = Step { deed: "close", label: "办结", from: "整改中", to: "已办结" };
            story.tell(on, &director, closed, "");
        }
    }
    load_check_problems(plan, cargo);
}

fn check_id(plan: &Plan<'_>, key: DistrictCheckKey) -> uuid::Uuid {
    plan.ids.of("district_check", key.0)
}

fn load_check_problems(plan: &Plan<'_>, cargo: &mut Cargo) {
    let mut serials = Serials::default();
    for (place, problem) in plan.city.district_problems.iter().enumerate() {
        let year = plan.city[problem.check].from.year();
        let number = format!("ZXJC-{year}-W{:03}", serials.next(year));
        load_check_problem(plan, cargo, (place, &number), problem);
    }
}

fn load_check_problem(
    plan: &Plan<'_>,
    cargo: &mut Cargo,
    (place, number): (usize, &str),
    problem: &DistrictProblem,
) {
    let check = &plan.city[problem.check];
    let id = plan.ids.of("district_check_problem", place);
    let (district, director) = (plan.speaker(check.district), plan.director());
    let handed_in = problem.closed_on.map(|on| (on - Days::new(5)).max(check.fed_back_on));
    let started = check.fed_back_on + Days::new(4);
    row!(cargo, "district_check_problem", {
        id: id, version: 2_i64, check_id: check_id(plan, problem.check),
        district_id: plan.organisation(check.district), number: number, text: problem.text.as_str(),
        category: codes::aspect(problem.aspect), found_on: check.to, fed_back_on: Some(check.fed_back_on),
        due_on: problem.due_on,
        state: if problem.closed_on.is_some() { states::CHECK_PROBLEM_CLOSED } else { states::CHECK_PROBLEM_OPEN },
        measure: format!("针对{}方面问题，由区委巡察办牵头制定措施并按月调度。", problem.aspect),
        result: problem.closed_on.map_or("", |_| "已整改到位并完善相关制度。"), submitted_on: handed_in,
        submitted_by: handed_in.and(district.account), opinion: problem.closed_on.map_or("", |_| "同意销号。"),
        closed_on: problem.closed_on,
    });
    cargo.find_by(nouns::DISTRICT_CHECK_PROBLEMS, id, format!("{number} {}", problem.text));
    let mut story = Story::of(cargo, nouns::DISTRICT_CHECK_PROBLEMS, id);
    let start = Step { deed: "start", label: "填报整改措施", from: "待整改", to: "整改中" };
    story.tell(check.to, &director, CREATE, "").tell(started, &district, start, "");
    if let (Some(handed_in), Some(closed_on)) = (handed_in, problem.closed_on) {
        let submit = Step { deed: "submit", label: "提交整改结果", from: "整改中", to: "待审核" };
        let close = Step { deed: "close", label: "销号", from: "待审核", to: "已销号" };
        story.tell(handed_in, &district, submit, "").tell(closed_on, &director, close, "同意销号。");
    }
}

fn load_evaluations(plan: &Plan<'_>, cargo: &mut Cargo) {
    let mut serials = Serials::default();
    for (place, evaluation) in plan.city.report_evaluations.iter().enumerate() {
        let id = plan.ids.of("report_evaluation", place);
        let year = evaluation.evaluated_on.year();
        let number = format!("PC-{year}-{:02}", serials.next(year));
        let points: u32 = evaluation.scores.iter().map(|(_, _, points)| points).sum();
        let weak = evaluation.scores.iter().min_by_key(|(_, full, points)| points * 100 / full);
        let marks: Vec<_> =
            evaluation.scores.iter().map(|(item, full, points)| format!("{item}{points}/{full}")).collect();
        let published = evaluation.evaluated_on + Days::new(10);
        row!(cargo, "report_evaluation", {
            id: id, version: 2_i64, number: number.as_str(), year: i64::from(year),
            district_id: plan.organisation(evaluation.district), report_title: evaluation.report.as_str(),
            evaluated_on: evaluation.evaluated_on, evaluator: plan.clerk(place).name.as_ref(),
            score_tenths: i64::from(points) * 10, grade: codes::grade(points),
            comments: format!("{}分项得分：{}。", evaluation.comment, marks.join("，")),
            typical_problems: weak.map_or_else(String::new, |(item, ..)| format!("“{item}”得分偏低。")),
            follow_up: "", state: states::EVALUATION_PUBLISHED, published_on: Some(published),
        });
        cargo.find_by(nouns::REPORT_EVALUATIONS, id, format!("{number} {}", evaluation.report));
        let publish = Step { deed: "publish", label: "通报", from: "评查中", to: "已通报" };
        Story::of(cargo, nouns::REPORT_EVALUATIONS, id)
            .tell(evaluation.evaluated_on, &plan.clerk(place), CREATE, "")
            .tell(published, &plan.director(), publish, "");
    }
}
