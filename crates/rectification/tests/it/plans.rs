//! Plans of rectification.

use std::sync::Arc;

use chrono::NaiveDate;
use db::Sql;
use kit::{Role, error::Reason, testing::actor};
use rectification::rect_plans::{self, RectPlanId, State};
use uuid::Uuid;

use crate::support::{World, day, refused};

async fn plan(world: &World) -> Uuid {
    let unit = world.unit.to_string();
    let entries = [("unit", unit.as_str()), ("first_responsible", "陈某（党组书记）"), ("text", "总体要求")];
    world.create(&world.liaison, "rect_plans", &entries).await.expect("a plan").id
}

#[tokio::test]
async fn a_plan_goes_in_only_when_every_problem_has_a_complete_measure() {
    let world = World::new().await;
    let early = world.measure(world.problems[0]).await;
    let plan = plan(&world).await;
    let refusal = refused(world.on(&world.liaison, "rect_plans", plan, "submit", &[]).await);
    assert_eq!(refusal.reason, Reason::Conflict);
    assert!(refusal.message.contains("W002（没有整改措施）"), "{}", refusal.message);
    assert!(!refusal.message.contains("W001") && !refusal.message.contains("W004"), "{}", refusal.message);
    let second = world.problems[1].to_string();
    let bare = [("problem", second.as_str()), ("text", "加强学习"), ("term_kind", "dated")];
    let outcome = world.create(&world.liaison, "measures", &bare).await.unwrap();
    assert!(outcome.message.contains("加强学习"), "{}", outcome.message);
    let refusal = refused(world.on(&world.liaison, "rect_plans", plan, "submit", &[]).await);
    assert!(refusal.message.contains("W002（缺责任人、缺责任领导、缺完成期限）"), "{}", refusal.message);
    world.measure(world.problems[1]).await;
    world.on(&world.liaison, "rect_plans", plan, "submit", &[]).await.unwrap();
    let mut adopted = Sql::new("select count(*) from measure where plan_id = ");
    adopted.bind(plan).push(" and id = ").bind(early);
    assert_eq!(world.number(adopted).await, 1);
}

#[tokio::test]
async fn the_deadline_follows_from_the_feedback_and_names_its_basis() {
    let world = World::new().await;
    let id = plan(&world).await;
    let cx = world.test.app.read(&world.liaison);
    let plan = rect_plans::find(&cx, RectPlanId(id)).await.unwrap();
    let deadline = registry::policies::deadline(&cx, "rect_plan", day("2023-05-10")).await.unwrap();
    assert_eq!((plan.due_on, plan.due_basis), (Some(deadline.due_on), deadline.basis));
    assert_eq!(plan.number, "X2023-01-D001");
}

#[tokio::test]
async fn the_office_reviews_and_the_organisation_does_not() {
    let world = World::new().await;
    let id = plan(&world).await;
    let measure = world.measure(world.problems[0]).await;
    world.measure(world.problems[1]).await;
    world.on(&world.liaison, "rect_plans", id, "submit", &[]).await.unwrap();
    let refusal = refused(world.on(&world.liaison, "rect_plans", id, "approve", &[]).await);
    assert_eq!(refusal.reason, Reason::Forbidden);
    let refusal = refused(world.on(&world.officer, "rect_plans", id, "return", &[]).await);
    assert_eq!(refusal.reason, Reason::Invalid);
    let opinion = [("opinion", "措施只改个案，请补充制度措施。")];
    world.on(&world.officer, "rect_plans", id, "return", &opinion).await.unwrap();
    let changed = [("first_responsible", "陈某"), ("text", "修改后")];
    world.on(&world.liaison, "rect_plans", id, "edit", &changed).await.unwrap();
    world.on(&world.liaison, "rect_plans", id, "submit", &[]).await.unwrap();
    world.all_agree(id).await;
    world.on(&world.director, "rect_plans", id, "approve", &[]).await.unwrap();
    let cx = world.test.app.read(&world.liaison);
    assert_eq!(rect_plans::find(&cx, RectPlanId(id)).await.unwrap().state, State::Approved);
    let again = refused(world.on(&world.liaison, "rect_plans", id, "submit", &[]).await);
    assert_eq!(again.reason, Reason::Conflict);
    let entries = [("text", "改少一点"), ("term_kind", "dated"), ("due_on", "2023-10-01")];
    let refusal = refused(world.on(&world.liaison, "measures", measure, "edit", &entries).await);
    assert_eq!(refusal.reason, Reason::Conflict);
    world.on(&world.officer, "measures", measure, "edit", &entries).await.unwrap();
}

#[tokio::test]
async fn while_a_plan_is_reviewed_no_measure_is_added() {
    let world = World::new().await;
    let id = plan(&world).await;
    world.measure(world.problems[0]).await;
    world.measure(world.problems[1]).await;
    world.on(&world.liaison, "rect_plans", id, "submit", &[]).await.unwrap();
    let problem = world.problems[0].to_string();
    let entries = [("problem", problem.as_str()), ("text", "再加一条"), ("term_kind", "long_term")];
    assert_eq!(refused(world.create(&world.liaison, "measures", &entries).await).reason, Reason::Conflict);
}

#[tokio::test]
async fn a_unit_has_one_plan_and_none_before_the_feedback() {
    let world = World::new().await;
    plan(&world).await;
    let unit = world.unit.to_string();
    let entries = [("unit", unit.as_str()), ("first_responsible", "某人")];
    let refusal = refused(world.create(&world.liaison, "rect_plans", &entries).await);
    assert_eq!(refusal.fields[0].0, "unit");
    let mut sql = Sql::new("update inspection_unit set fed_back_on = ");
    sql.bind(None::<NaiveDate>).push(" where id = ").bind(world.other_unit);
    world.execute(sql).await;
    let unit = world.other_unit.to_string();
    let entries = [("unit", unit.as_str()), ("first_responsible", "某人")];
    let refusal = refused(world.create(&world.foreign, "rect_plans", &entries).await);
    assert!(refusal.message.contains("尚未反馈"), "{}", refusal.message);
}

#[tokio::test]
async fn a_draft_does_not_exist_for_others_and_a_plan_never_for_a_stranger() {
    let world = World::new().await;
    let id = plan(&world).await;
    let edit = [("first_responsible", "某人")];
    for who in [&world.director, &world.foreign] {
        let refusal = refused(world.on(who, "rect_plans", id, "edit", &edit).await);
        assert_eq!(refusal.reason, Reason::NotFound);
    }
    world.measure(world.problems[0]).await;
    world.measure(world.problems[1]).await;
    world.on(&world.liaison, "rect_plans", id, "submit", &[]).await.unwrap();
    let strangers = [
        Arc::clone(&world.foreign),
        actor(Role::TeamHead, None, Some(kit::ids::random())),
        actor(Role::FunctionalDepartment, Some(world.own), None),
        actor(Role::SystemAdministrator, None, None),
    ];
    for who in strangers {
        let refusal = refused(world.on(&who, "rect_plans", id, "approve", &[]).await);
        assert_eq!(refusal.reason, Reason::NotFound, "{}", who.name);
    }
    let team = actor(Role::TeamMember, None, Some(world.inspection));
    let refusal = refused(world.on(&team, "rect_plans", id, "approve", &[]).await);
    assert_eq!(refusal.reason, Reason::Forbidden);
}

#[tokio::test]
async fn a_liaison_cannot_begin_the_plan_of_another_organisation() {
    let world = World::new().await;
    let unit = world.unit.to_string();
    let entries = [("unit", unit.as_str()), ("first_responsible", "某人")];
    assert_eq!(refused(world.create(&world.foreign, "rect_plans", &entries).await).reason, Reason::Invalid);
    assert_eq!(
        refused(world.create(&world.director, "rect_plans", &entries).await).reason,
        Reason::Forbidden
    );
}

#[tokio::test]
async fn an_edit_of_an_old_version_is_refused_with_both_texts() {
    let world = World::new().await;
    let id = plan(&world).await;
    let edit = [("first_responsible", "甲"), ("text", "一"), ("version", "1")];
    world.on(&world.liaison, "rect_plans", id, "edit", &edit).await.unwrap();
    let late = [("first_responsible", "乙"), ("text", "二"), ("version", "1")];
    let refusal = refused(world.on(&world.liaison, "rect_plans", id, "edit", &late).await);
    assert_eq!(refusal.reason, Reason::Stale);
    assert!(refusal.differences.iter().any(|d| d.mine == "乙" && d.stored == "甲"));
}
