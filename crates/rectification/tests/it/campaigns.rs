//! Campaigns of deepened rectification.

use kit::{Role, Shown, error::Reason, testing::actor};
use rectification::campaigns::{CampaignId, Progress, progress_as_of};
use uuid::Uuid;

use crate::support::{World, day, refused};

async fn campaign(world: &World) -> Uuid {
    let inspection = world.inspection.to_string();
    let entries = [
        ("name", "国有资产深化整改"),
        ("aim", "两个月集中攻坚"),
        ("kind", "deepen"),
        ("inspection", inspection.as_str()),
        ("starts_on", "2023-06-01"),
        ("ends_on", "2023-07-31"),
        ("target_closed", "2"),
    ];
    world.create(&world.officer, "campaigns", &entries).await.expect("a campaign").id
}

#[tokio::test]
async fn problems_are_chosen_by_inspection_and_state_once_each() {
    let world = World::new().await;
    world.close_problem(world.problems[2], "2023-05-20", None).await;
    let id = campaign(&world).await;
    let first = world.problems[0].to_string();
    world.on(&world.officer, "campaigns", id, "add_problems", &[("problems", &first)]).await.unwrap();
    let outcome =
        world.on(&world.officer, "campaigns", id, "add_problems", &[("filter", "open")]).await.unwrap();
    assert_eq!(outcome.message, "已选入 1 个问题。");
    let refusal =
        refused(world.on(&world.officer, "campaigns", id, "add_problems", &[("filter", "overdue")]).await);
    assert_eq!(refusal.reason, Reason::Conflict);
    let hidden = world.problems[3].to_string();
    let refusal =
        refused(world.on(&world.officer, "campaigns", id, "add_problems", &[("problems", &hidden)]).await);
    assert_eq!(refusal.fields[0].0, "problems");
}

#[tokio::test]
async fn progress_is_told_as_of_the_beginning_and_now() {
    let world = World::new().await;
    let id = campaign(&world).await;
    let refusal = refused(world.on(&world.officer, "campaigns", id, "start", &[]).await);
    assert_eq!(refusal.reason, Reason::Conflict);
    world.on(&world.officer, "campaigns", id, "add_problems", &[("filter", "open")]).await.unwrap();
    world.on(&world.officer, "campaigns", id, "start", &[]).await.unwrap();
    let chosen = world.problems[0].to_string();
    let refusal =
        refused(world.on(&world.officer, "campaigns", id, "remove_problems", &[("problems", &chosen)]).await);
    assert_eq!(refusal.reason, Reason::Conflict);
    world.close_problem(world.problems[0], "2023-05-25", None).await;
    world.close_problem(world.problems[1], "2023-06-10", None).await;
    world.close_problem(world.problems[2], "2023-06-10", Some("2023-06-20")).await;
    world.go_to("2023-07-15");
    let cx = world.test.app.read(&world.officer);
    let at = async |on: &str| progress_as_of(&cx, CampaignId(id), day(on)).await.unwrap();
    assert_eq!(at("2023-05-31").await, Progress { chosen: 3, closed: 1 });
    assert_eq!(at("2023-06-10").await, Progress { chosen: 3, closed: 3 });
    assert_eq!(at("2023-07-15").await, Progress { chosen: 3, closed: 2 });
    let service = rectification::campaigns::service();
    let view = (service.show)(&cx, id).await.unwrap();
    let fact = |key: &str| view.facts.iter().find(|fact| fact.key == key).unwrap().value.clone();
    assert_eq!(fact("closed_before"), Shown::Integer(1));
    assert_eq!(fact("closed_now"), Shown::Integer(2));
    let finish = [("ends_on", "2023-07-15"), ("summary", "基本完成")];
    world.on(&world.officer, "campaigns", id, "finish", &finish).await.unwrap();
    let refusal =
        refused(world.on(&world.officer, "campaigns", id, "add_problems", &[("filter", "open")]).await);
    assert_eq!(refusal.reason, Reason::Conflict);
}

#[tokio::test]
async fn a_target_beyond_the_chosen_problems_is_refused() {
    let world = World::new().await;
    let id = campaign(&world).await;
    let first = world.problems[0].to_string();
    world.on(&world.officer, "campaigns", id, "add_problems", &[("problems", &first)]).await.unwrap();
    let refusal = refused(world.on(&world.officer, "campaigns", id, "start", &[]).await);
    assert!(refusal.message.contains("销号目标"), "{}", refusal.message);
}

#[tokio::test]
async fn a_campaign_does_not_exist_for_the_organisations() {
    let world = World::new().await;
    let id = campaign(&world).await;
    for who in [&world.liaison, &world.foreign, &actor(Role::Audit, None, None)] {
        assert_eq!(refused(world.on(who, "campaigns", id, "start", &[]).await).reason, Reason::NotFound);
    }
    let leader = actor(Role::LeadingGroup, None, None);
    assert_eq!(refused(world.on(&leader, "campaigns", id, "start", &[]).await).reason, Reason::Forbidden);
    let entries = [("name", "名"), ("aim", "目标"), ("kind", "push"), ("starts_on", "2023-06-01")];
    assert_eq!(refused(world.create(&world.liaison, "campaigns", &entries).await).reason, Reason::Forbidden);
}
