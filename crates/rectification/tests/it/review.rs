//! The review of plans by five parties, and of close-outs by whoever is asked.

use std::sync::Arc;

use db::Sql;
use kit::{Role, error::Reason, testing::actor};

use crate::support::{World, refused};

#[tokio::test]
async fn a_plan_is_approved_only_when_all_five_parties_agree() {
    let world = World::new().await;
    let plan = world.plan_handed_in().await;
    assert_eq!(world.asked(plan).await.len(), 5);
    let refusal = refused(world.on(&world.director, "rect_plans", plan, "approve", &[]).await);
    assert_eq!(refusal.reason, Reason::Conflict);
    for party in ["纪检监察机关", "组织部门", "宣传部门", "巡察办", "巡察组"] {
        assert!(refusal.message.contains(party), "{}", refusal.message);
    }
    world.all_agree(plan).await;
    world.on(&world.director, "rect_plans", plan, "approve", &[]).await.unwrap();
}

#[tokio::test]
async fn a_party_that_objects_sends_the_plan_back_and_a_new_turn_begins() {
    let world = World::new().await;
    let plan = world.plan_handed_in().await;
    let discipline = actor(Role::Discipline, None, None);
    let mut sql = Sql::new("select id from rect_opinion where party = 'discipline' and plan_id = ");
    sql.bind(plan);
    let own = world.ids(sql).await[0];
    let bare = refused(world.on(&discipline, "rect_opinions", own, "object", &[]).await);
    assert_eq!(bare.reason, Reason::Invalid, "reasons are needed");
    let reasons = [("reasons", "第二项措施只改个案，没有制度措施")];
    world.on(&discipline, "rect_opinions", own, "object", &reasons).await.unwrap();
    for opinion in world.asked(plan).await {
        let letter = [("document", "复函")];
        world.on(&world.officer, "rect_opinions", opinion, "agree", &letter).await.unwrap();
    }
    let refusal = refused(world.on(&world.director, "rect_plans", plan, "approve", &[]).await);
    assert!(refusal.message.contains("纪检监察机关（要求修改）"), "{}", refusal.message);
    let cx = world.test.app.read(&world.director);
    let service = rectification::rect_plans::service();
    let fields = (service.deed("return").unwrap().fields)(&cx, Some(plan)).await.unwrap();
    assert!(
        fields[0].value.contains("没有制度措施"),
        "what is asked stands in the form: {}",
        fields[0].value
    );
    world.on(&world.director, "rect_plans", plan, "return", &[("opinion", "请修改")]).await.unwrap();
    let late = refused(world.on(&discipline, "rect_opinions", own, "withdraw", &[]).await);
    assert_eq!(late.reason, Reason::Conflict);
    world.on(&world.liaison, "rect_plans", plan, "submit", &[]).await.unwrap();
    assert_eq!(world.asked(plan).await.len(), 5, "all five are asked again");
}

#[tokio::test]
async fn the_organisation_never_sees_a_single_opinion_and_a_stranger_gives_none() {
    let world = World::new().await;
    let plan = world.plan_handed_in().await;
    let opinion = world.asked(plan).await[0];
    let nobody = [
        Arc::clone(&world.liaison),
        Arc::clone(&world.foreign),
        actor(Role::Audit, None, None),
        actor(Role::TeamHead, None, Some(kit::ids::random())),
    ];
    for who in nobody {
        let refusal = refused(world.on(&who, "rect_opinions", opinion, "agree", &[]).await);
        assert_eq!(refusal.reason, Reason::NotFound, "{}", who.name);
    }
    let member = actor(Role::TeamMember, None, Some(world.inspection));
    let refusal = refused(world.on(&member, "rect_opinions", opinion, "agree", &[]).await);
    assert_eq!(refusal.reason, Reason::Forbidden);
    let refusal = refused(world.on(&world.officer, "rect_opinions", opinion, "agree", &[]).await);
    assert_eq!(refusal.fields[0].0, "document", "who writes for another names the letter");
}

#[tokio::test]
async fn a_close_out_is_reviewed_by_whoever_was_asked_and_the_office_still_decides() {
    let world = World::new().await;
    let problem = world.problems[0].to_string();
    let entries = [("problem", problem.as_str()), ("discipline", "1"), ("team", "1")];
    let early = refused(world.create(&world.officer, "rect_opinions", &entries).await);
    assert_eq!(early.fields[0].0, "problem");
    let mut sql = Sql::new("update problem set state = 'submitted' where id = ");
    sql.bind(world.problems[0]);
    world.execute(sql).await;
    let first = world.create(&world.officer, "rect_opinions", &entries).await.unwrap().id;
    let count = Sql::new("select count(*) from rect_opinion where subject = 'close_out'");
    assert_eq!(world.number(count).await, 2);
    let again = refused(world.create(&world.officer, "rect_opinions", &entries).await);
    assert!(again.message.contains("还没有结束"), "{}", again.message);
    let discipline = actor(Role::Discipline, None, None);
    world.on(&discipline, "rect_opinions", first, "agree", &[("reasons", "同意销号")]).await.unwrap();
}
