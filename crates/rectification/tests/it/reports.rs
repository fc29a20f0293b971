//! Reports on rectification, instructions on them, letters of urging.

use db::Sql;
use kit::{Role, error::Reason, testing::actor};
use uuid::Uuid;

use crate::support::{World, refused};

async fn approved(world: &World) -> Uuid {
    let plan = world.plan_handed_in().await;
    world.all_agree(plan).await;
    world.on(&world.director, "rect_plans", plan, "approve", &[]).await.unwrap();
    plan
}

async fn report(world: &World, kind: &str) -> Uuid {
    let mut sql = Sql::new("select id from rect_report where kind = ");
    sql.bind(kind).push(" order by due_on desc");
    world.ids(sql).await.first().copied().unwrap()
}

#[tokio::test]
async fn an_approved_plan_makes_every_report_due_and_a_months_report_the_next_one() {
    let world = World::new().await;
    approved(&world).await;
    let kinds = Sql::new("select count(distinct kind) from rect_report");
    assert_eq!(world.number(kinds).await, 5);
    let due = Sql::new("select cast(due_on as text) from rect_report where kind = 'progress'");
    assert_eq!(world.text(due).await, "2023-11-10", "six months after the feedback");
    let monthly = report(&world, "monthly").await;
    world.on(&world.liaison, "rect_reports", monthly, "submit", &[("text", "本月完成两项")]).await.unwrap();
    let months = Sql::new("select count(*) from rect_report where kind = 'monthly'");
    assert_eq!(world.number(months).await, 2, "the next month is due");
    let next = report(&world, "monthly").await;
    let early = refused(world.on(&world.liaison, "rect_reports", next, "submit", &[("text", "早了")]).await);
    assert_eq!(early.reason, Reason::Conflict, "July has not begun");
}

#[tokio::test]
async fn a_democratic_life_meeting_says_when_it_was_held_within_the_rectification() {
    let world = World::new().await;
    approved(&world).await;
    let meeting = report(&world, "life_meeting").await;
    let bare =
        refused(world.on(&world.liaison, "rect_reports", meeting, "submit", &[("text", "已召开")]).await);
    assert_eq!(bare.fields[0].0, "held_on");
    let before = [("text", "已召开"), ("held_on", "2023-05-01")];
    let refusal = refused(world.on(&world.liaison, "rect_reports", meeting, "submit", &before).await);
    assert!(refusal.message.contains("反馈日期"), "{}", refusal.message);
    let held = [("text", "已召开"), ("held_on", "2023-05-30")];
    world.on(&world.liaison, "rect_reports", meeting, "submit", &held).await.unwrap();
}

#[tokio::test]
async fn the_two_last_reports_are_told_to_the_leader_with_proof_and_his_instruction_is_followed() {
    let world = World::new().await;
    approved(&world).await;
    let progress = report(&world, "progress").await;
    world.on(&world.liaison, "rect_reports", progress, "submit", &[("text", "进展")]).await.unwrap();
    let own = refused(world.on(&world.liaison, "rect_reports", progress, "accept", &[]).await);
    assert_eq!(own.reason, Reason::Forbidden);
    world.on(&world.officer, "rect_reports", progress, "accept", &[]).await.unwrap();
    let told = [("leader", "某副市长"), ("told_on", "2023-06-01")];
    let bare = refused(world.on(&world.liaison, "rect_reports", progress, "tell_leader", &told).await);
    assert_eq!(bare.fields[0].0, "told_how", "a proof is needed");
    let proved =
        [("leader", "某副市长"), ("told_on", "2023-06-01"), ("told_how", "书面呈报，甲局呈〔2023〕8号")];
    world.on(&world.liaison, "rect_reports", progress, "tell_leader", &proved).await.unwrap();
    let twice = refused(world.on(&world.liaison, "rect_reports", progress, "tell_leader", &proved).await);
    assert_eq!(twice.reason, Reason::Forbidden);
    let id = progress.to_string();
    let entries = [
        ("report", id.as_str()),
        ("leader", "某副市长"),
        ("given_on", "2023-06-01"),
        ("text", "请抓紧收回欠租"),
    ];
    let instruction = world.create(&world.liaison, "rect_instructions", &entries).await.unwrap().id;
    let foreign = refused(
        world.on(&world.foreign, "rect_instructions", instruction, "answer", &[("answer", "x")]).await,
    );
    assert_eq!(foreign.reason, Reason::NotFound);
    world
        .on(&world.liaison, "rect_instructions", instruction, "answer", &[("answer", "已收回")])
        .await
        .unwrap();
    world.on(&world.officer, "rect_instructions", instruction, "close", &[]).await.unwrap();
}

#[tokio::test]
async fn a_letter_of_urging_lists_what_is_overdue_and_the_unit_sees_it_only_when_sent() {
    let world = World::new().await;
    approved(&world).await;
    world.go_to("2023-12-01");
    let unit = world.unit.to_string();
    let entries = [("unit", unit.as_str()), ("kind", "urge"), ("demand", "五个工作日内报结果")];
    let refusal = refused(world.create(&world.liaison, "rect_urgings", &entries).await);
    assert_eq!(refusal.reason, Reason::Forbidden);
    let letter = world.create(&world.officer, "rect_urgings", &entries).await.unwrap().id;
    let mut sql = Sql::new("select items from rect_urging where id = ");
    sql.bind(letter);
    let items = world.text(sql).await;
    assert!(items.contains("整改措施 W001-01（2023-09-30 到期）"), "{items}");
    assert!(items.contains("整改进展情况报告"), "{items}");
    let answer = [("answer", "已加快办理")];
    let unseen = refused(world.on(&world.liaison, "rect_urgings", letter, "answer", &answer).await);
    assert_eq!(unseen.reason, Reason::NotFound);
    world.on(&world.officer, "rect_urgings", letter, "send", &[]).await.unwrap();
    let stranger = refused(world.on(&world.foreign, "rect_urgings", letter, "answer", &answer).await);
    assert_eq!(stranger.reason, Reason::NotFound);
    world.on(&world.liaison, "rect_urgings", letter, "answer", &answer).await.unwrap();
    world.on(&world.officer, "rect_urgings", letter, "close", &[]).await.unwrap();
}

#[tokio::test]
async fn accountability_is_kept_in_sums_and_once_for_a_day() {
    let world = World::new().await;
    let unit = world.unit.to_string();
    let counts = ["criticised", "admonished", "organised", "party", "administrative", "filed", "judicial"];
    let mut entries = vec![
        ("unit", unit.as_str()),
        ("on_day", "2023-06-01"),
        ("talks", "3"),
        ("recovered", "12000"),
        ("source", "派驻纪检监察组统计"),
    ];
    entries.extend(counts.map(|name| (name, "0")));
    let discipline = actor(Role::Discipline, None, None);
    world.create(&discipline, "accountabilities", &entries).await.unwrap();
    let twice = refused(world.create(&world.liaison, "accountabilities", &entries).await);
    assert_eq!(twice.fields[0].0, "on_day");
    let refusal = refused(world.create(&world.foreign, "accountabilities", &entries).await);
    assert!(matches!(refusal.reason, Reason::NotFound | Reason::Invalid), "{refusal:?}");
}
