//! Measures and their progress.

use std::sync::Arc;

use db::Sql;
use kit::{Role, error::Reason, testing::actor};
use rectification::measures::{self, Counts, MeasureId, State, TermKind};
use uuid::Uuid;

use crate::support::{World, day, refused};

async fn state(world: &World, id: Uuid) -> State {
    let cx = world.test.app.read(&world.director);
    measures::find(&cx, MeasureId(id)).await.unwrap().state
}

async fn submitted(world: &World, problem: Uuid) -> Uuid {
    let id = world.measure(problem).await;
    world.on(&world.liaison, "measures", id, "start", &[("started_on", "2023-05-20")]).await.unwrap();
    let text = [("text", "已收回 3 处店面")];
    world.on(&world.liaison, "measures", id, "submit", &text).await.unwrap();
    id
}

#[tokio::test]
async fn the_first_measure_begins_the_rectification_of_its_problem() {
    let world = World::new().await;
    let problem = world.problems[0];
    let (first, second) = (world.measure(problem).await, world.measure(problem).await);
    for id in [first, second] {
        world.on(&world.liaison, "measures", id, "start", &[("started_on", "2023-05-20")]).await.unwrap();
    }
    let mut sql = Sql::new("select state from problem where id = ");
    sql.bind(problem);
    assert_eq!(world.text(sql).await, "rectifying");
    let mut sql = Sql::new("select version from problem where id = ");
    sql.bind(problem);
    assert_eq!(world.number(sql).await, 2);
    let mut sql = Sql::new("select count(*) from history where noun = 'problems' and record_id = ");
    sql.bind(problem);
    assert_eq!(world.number(sql).await, 1);
}

#[tokio::test]
async fn a_measure_is_numbered_within_its_problem() {
    let world = World::new().await;
    world.measure(world.problems[0]).await;
    let second = world.measure(world.problems[0]).await;
    let cx = world.test.app.read(&world.director);
    assert_eq!(measures::find(&cx, MeasureId(second)).await.unwrap().number, "W001-02");
}

#[tokio::test]
async fn a_deadline_outside_the_rectification_period_is_refused_at_its_field() {
    let world = World::new().await;
    let problem = world.problems[0].to_string();
    for due in ["2023-05-09", "2023-11-11"] {
        let entries =
            [("problem", problem.as_str()), ("text", "清理"), ("term_kind", "dated"), ("due_on", due)];
        let refusal = refused(world.create(&world.liaison, "measures", &entries).await);
        assert_eq!(refusal.fields[0].0, "due_on");
    }
    let entries = [
        ("problem", problem.as_str()),
        ("text", "坚持"),
        ("term_kind", "long_term"),
        ("due_on", "2024-12-31"),
    ];
    world.create(&world.liaison, "measures", &entries).await.unwrap();
}

#[tokio::test]
async fn an_immediate_measure_without_a_day_gets_the_day_of_the_policy_and_its_basis() {
    let world = World::new().await;
    let problem = world.problems[0].to_string();
    let entries = [("problem", problem.as_str()), ("text", "退还多收款"), ("term_kind", "immediate")];
    let id = world.create(&world.liaison, "measures", &entries).await.unwrap().id;
    let cx = world.test.app.read(&world.director);
    let measure = measures::find(&cx, MeasureId(id)).await.unwrap();
    let deadline =
        registry::policies::deadline(&cx, "immediate_rectification", day("2023-05-10")).await.unwrap();
    assert_eq!((measure.due_on, measure.due_basis), (Some(deadline.due_on), deadline.basis));
}

#[tokio::test]
async fn a_problem_before_its_feedback_or_of_another_organisation_takes_no_measure() {
    let world = World::new().await;
    for (who, problem) in [
        (&world.liaison, world.problems[3]),
        (&world.liaison, world.problems[2]),
        (&world.foreign, world.problems[0]),
    ] {
        let problem = problem.to_string();
        let entries = [("problem", problem.as_str()), ("text", "清理"), ("term_kind", "long_term")];
        let refusal = refused(world.create(who, "measures", &entries).await);
        assert_eq!(refusal.fields[0].0, "problem");
    }
    let hidden = world.problems[3].to_string();
    let entries = [("problem", hidden.as_str()), ("text", "清理"), ("term_kind", "long_term")];
    let refusal = refused(world.create(&world.director, "measures", &entries).await);
    assert!(refusal.message.contains("已经反馈"), "{}", refusal.message);
}

#[tokio::test]
async fn an_incomplete_measure_does_not_start() {
    let world = World::new().await;
    let problem = world.problems[0].to_string();
    let entries = [("problem", problem.as_str()), ("text", "清理店面"), ("term_kind", "dated")];
    let id = world.create(&world.liaison, "measures", &entries).await.unwrap().id;
    let refusal =
        refused(world.on(&world.liaison, "measures", id, "start", &[("started_on", "2023-05-20")]).await);
    assert!(refusal.message.contains("缺责任人"), "{}", refusal.message);
}

#[tokio::test]
async fn a_measure_under_way_keeps_what_it_needed_to_begin() {
    let world = World::new().await;
    let id = world.measure(world.problems[0]).await;
    let without_owner = [
        ("text", "清理闲置店面 3 处并收回欠租"),
        ("leader", "陈某"),
        ("term_kind", "dated"),
        ("due_on", "2023-09-30"),
    ];
    world.on(&world.liaison, "measures", id, "start", &[("started_on", "2023-05-20")]).await.unwrap();
    let refusal = refused(world.on(&world.liaison, "measures", id, "edit", &without_owner).await);
    assert!(refusal.message.contains("缺责任人"), "{}", refusal.message);
    assert_eq!(state(&world, id).await, State::InProgress);
}

#[tokio::test]
async fn audit_reads_the_measures_of_a_problem_found_together_with_it() {
    let world = World::new().await;
    let linked = world.problems[0];
    let mut sql = db::Sql::new("update problem set audit_linked = ");
    sql.bind(true).push(" where id = ").bind(linked);
    world.test.app.write(&world.director, |cx| Box::pin(cx.execute(sql))).await.unwrap();
    let (own, other) = (world.measure(linked).await, world.measure(world.problems[1]).await);
    let audit = kit::testing::actor(kit::Role::Audit, Some(kit::ids::random()), None);
    let cx = world.test.app.read(&audit);
    assert!(measures::find(&cx, MeasureId(own)).await.is_ok());
    assert!(measures::find(&cx, MeasureId(other)).await.is_err());
}

#[tokio::test]
async fn what_is_said_to_have_happened_lies_between_feedback_and_today() {
    let world = World::new().await;
    let id = world.measure(world.problems[0]).await;
    for on in ["2023-05-09", "2023-06-02"] {
        let refusal = refused(world.on(&world.liaison, "measures", id, "start", &[("started_on", on)]).await);
        assert_eq!(refusal.fields[0].0, "started_on");
    }
    world.on(&world.liaison, "measures", id, "start", &[("started_on", "2023-05-20")]).await.unwrap();
    for on in ["2023-05-19", "2023-06-02"] {
        let entries = [("on_day", on), ("text", "已完成一半")];
        let refusal = refused(world.on(&world.liaison, "measures", id, "report_progress", &entries).await);
        assert_eq!(refusal.fields[0].0, "on_day");
    }
}

#[tokio::test]
async fn without_file_or_progress_a_measure_is_not_handed_in() {
    let world = World::new().await;
    let id = world.measure(world.problems[0]).await;
    world.on(&world.liaison, "measures", id, "start", &[("started_on", "2023-05-20")]).await.unwrap();
    let refusal = refused(world.on(&world.liaison, "measures", id, "submit", &[]).await);
    assert_eq!(refusal.fields[0].0, "files");
    let entries = [("on_day", "2023-05-25"), ("text", "收回 2 处"), ("percent", "60")];
    world.on(&world.liaison, "measures", id, "report_progress", &entries).await.unwrap();
    world.on(&world.liaison, "measures", id, "submit", &[]).await.unwrap();
    assert_eq!(state(&world, id).await, State::Submitted);
}

#[tokio::test]
async fn an_officer_who_handed_a_measure_in_does_not_close_it() {
    let world = World::new().await;
    let id = world.measure(world.problems[0]).await;
    world.on(&world.officer, "measures", id, "start", &[("started_on", "2023-05-20")]).await.unwrap();
    world.on(&world.officer, "measures", id, "submit", &[("text", "代为提交")]).await.unwrap();
    for deed in ["approve_close", "return", "make_long_term"] {
        let entries: &[(&str, &str)] = match deed {
            "return" => &[("opinion", "退")],
            "make_long_term" => &[("reason", "转")],
            _ => &[],
        };
        let refusal = refused(world.on(&world.officer, "measures", id, deed, entries).await);
        assert_eq!(refusal.reason, Reason::Forbidden, "{deed}");
    }
    world.on(&world.director, "measures", id, "approve_close", &[]).await.unwrap();
    assert_eq!(state(&world, id).await, State::Closed);
}

#[tokio::test]
async fn a_measure_is_returned_improved_closed_and_reopened() {
    let world = World::new().await;
    let problem = world.problems[0];
    let id = submitted(&world, problem).await;
    world.on(&world.officer, "measures", id, "return", &[("opinion", "缺租金凭证")]).await.unwrap();
    world.on(&world.liaison, "measures", id, "start", &[("started_on", "2023-05-30")]).await.unwrap();
    world.on(&world.liaison, "measures", id, "submit", &[("text", "补交凭证")]).await.unwrap();
    world.on(&world.officer, "measures", id, "approve_close", &[("opinion", "同意")]).await.unwrap();
    let cx = world.test.app.read(&world.director);
    let measure = measures::find(&cx, MeasureId(id)).await.unwrap();
    assert_eq!((measure.closed_on, measure.started_on), (Some(day("2023-06-01")), Some(day("2023-05-20"))));
    let counts = measures::counts_of_problem(&cx, problem).await.unwrap();
    assert_eq!(counts, Counts { open: 0, closed: 1, long_term: 0 });
    assert!(counts.is_settled());
    let refusal = refused(world.on(&world.liaison, "measures", id, "reopen", &[("reason", "反弹")]).await);
    assert_eq!(refusal.reason, Reason::Forbidden);
    world.on(&world.officer, "measures", id, "reopen", &[("reason", "抽查发现反弹")]).await.unwrap();
    let measure = measures::find(&cx, MeasureId(id)).await.unwrap();
    assert_eq!((measure.state, measure.closed_on), (State::Reopened, None));
    assert!(!measures::counts_of_problem(&cx, problem).await.unwrap().is_settled());
}

#[tokio::test]
async fn no_measure_is_reopened_or_added_under_a_problem_that_is_closed_or_about_to_be() {
    let world = World::new().await;
    let id = submitted(&world, world.problems[0]).await;
    world.on(&world.officer, "measures", id, "approve_close", &[]).await.unwrap();
    let problem = world.problems[0].to_string();
    let more = [("problem", problem.as_str()), ("text", "再加一条"), ("term_kind", "long_term")];
    for settled in ["submitted", "closed"] {
        let mut sql = Sql::new("update problem set state = ");
        sql.bind(settled).push(" where id = ").bind(world.problems[0]);
        world.execute(sql).await;
        let refusal =
            refused(world.on(&world.officer, "measures", id, "reopen", &[("reason", "反弹")]).await);
        assert_eq!(refusal.reason, Reason::Conflict, "{settled}");
        let refusal = refused(world.create(&world.officer, "measures", &more).await);
        assert_eq!(refusal.fields[0].0, "problem", "{settled}");
    }
    assert_eq!(state(&world, id).await, State::Closed);
}

#[tokio::test]
async fn whoever_holds_both_posts_is_told_that_his_own_measure_is_for_another_to_review() {
    let world = World::new().await;
    let posts = world.liaison.posts.iter().chain(&world.officer.posts).cloned().collect();
    let both = Arc::new(kit::Actor { posts, ..kit::Actor::clone(&world.liaison) });
    let id = world.measure(world.problems[0]).await;
    world.on(&both, "measures", id, "start", &[("started_on", "2023-05-20")]).await.unwrap();
    world.on(&both, "measures", id, "submit", &[("text", "已收回 3 处店面")]).await.unwrap();
    let own = refused(world.on(&both, "measures", id, "approve_close", &[]).await);
    assert_eq!(own.reason, Reason::Forbidden);
    assert!(own.message.starts_with("本人提交、填报或拟稿的事项，不能由本人办理"), "{}", own.message);
    let other = refused(world.on(&world.liaison, "measures", id, "approve_close", &[]).await);
    assert!(other.message.starts_with("您的岗位不能办理"), "{}", other.message);
    world.on(&world.officer, "measures", id, "approve_close", &[]).await.unwrap();
}

#[tokio::test]
async fn a_long_term_measure_has_no_deadline_and_still_reports_and_closes_through_review() {
    let world = World::new().await;
    let id = world.measure(world.problems[0]).await;
    world.on(&world.liaison, "measures", id, "start", &[("started_on", "2023-05-20")]).await.unwrap();
    world.on(&world.officer, "measures", id, "make_long_term", &[("reason", "需长期管护")]).await.unwrap();
    world.go_to("2024-03-01");
    let cx = world.test.app.read(&world.director);
    let measure = measures::find(&cx, MeasureId(id)).await.unwrap();
    assert_eq!((measure.term_kind, measure.due_on), (TermKind::LongTerm, None));
    assert!(!measure.is_overdue(day("2024-03-01")));
    let entries = [("on_day", "2024-02-28"), ("text", "季度巡查 4 次")];
    world.on(&world.liaison, "measures", id, "report_progress", &entries).await.unwrap();
    world.on(&world.liaison, "measures", id, "submit", &[]).await.unwrap();
    world.on(&world.officer, "measures", id, "approve_close", &[]).await.unwrap();
    assert_eq!(state(&world, id).await, State::Closed);
}

#[tokio::test]
async fn a_measure_does_not_exist_for_those_without_part_in_it() {
    let world = World::new().await;
    let id = submitted(&world, world.problems[0]).await;
    let strangers = [
        Arc::clone(&world.foreign),
        actor(Role::TeamHead, None, Some(kit::ids::random())),
        actor(Role::Audit, Some(world.own), None),
        actor(Role::FunctionalDepartment, Some(world.own), None),
        actor(Role::DistrictOffice, Some(world.own), None),
        actor(Role::SecurityAuditor, None, None),
    ];
    for who in strangers {
        let refusal = refused(world.on(&who, "measures", id, "approve_close", &[]).await);
        assert_eq!(refusal.reason, Reason::NotFound, "{}", who.name);
    }
    let readers = [
        actor(Role::LeadingGroup, None, None),
        actor(Role::CommitteeLeader, None, None),
        actor(Role::Discipline, None, None),
        actor(Role::OrganisationDepartment, None, None),
        actor(Role::TeamMember, None, Some(world.inspection)),
        Arc::clone(&world.liaison),
    ];
    for who in readers {
        let refusal = refused(world.on(&who, "measures", id, "approve_close", &[]).await);
        assert_eq!(refusal.reason, Reason::Forbidden, "{}", who.name);
    }
}

#[tokio::test]
async fn an_edit_of_an_old_version_is_refused() {
    let world = World::new().await;
    let id = world.measure(world.problems[0]).await;
    let edit =
        [("text", "追缴租金 5 万元"), ("term_kind", "dated"), ("due_on", "2023-10-01"), ("version", "1")];
    world.on(&world.liaison, "measures", id, "edit", &edit).await.unwrap();
    assert_eq!(refused(world.on(&world.liaison, "measures", id, "edit", &edit).await).reason, Reason::Stale);
}

#[tokio::test]
async fn who_has_to_act_next_is_told() {
    let world = World::new().await;
    let id = submitted(&world, world.problems[0]).await;
    let told = async |role: &str| {
        let mut sql = Sql::new("select count(*) from notice where noun = 'measures' and role = ");
        sql.bind(role).push(" and record_id = ").bind(id);
        world.number(sql).await
    };
    assert_eq!((told("office_liaison").await, told("organisation_liaison").await), (1, 0));
    world.on(&world.officer, "measures", id, "return", &[("opinion", "缺凭证")]).await.unwrap();
    assert_eq!((told("office_liaison").await, told("organisation_liaison").await), (1, 1));
}
