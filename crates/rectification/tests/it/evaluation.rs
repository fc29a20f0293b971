//! Schemes of evaluation, evaluations by them, polls.

use std::sync::Arc;

use db::Sql;
use kit::{Actor, Form, error::Reason, perform};
use uuid::Uuid;

use crate::support::{World, refused};

async fn json(
    world: &World,
    who: &Arc<Actor>,
    noun: &str,
    id: Option<Uuid>,
    deed: &str,
    body: serde_json::Value,
) -> kit::Result<kit::Outcome> {
    let request = kit::perform::Request {
        noun: noun.to_owned(),
        id,
        deed: deed.to_owned(),
        form: Form::from_json(&body).unwrap(),
        key: None,
        strict: true,
    };
    perform::perform(&world.test.app, who, request).await
}

async fn scheme(world: &World) -> Uuid {
    let body = serde_json::json!({
        "name": "本市整改评估方案", "basis": "市委巡察办制定", "points": "100",
        "items": [
            { "aspect": "任务", "label": "任务完成", "kind": "deduct", "points": "60" },
            { "aspect": "组织", "label": "组织领导", "kind": "deduct", "points": "40" },
            { "aspect": "否决", "label": "弄虚作假", "kind": "veto" },
        ],
        "grades": [
            { "label": "好", "least": "90" },
            { "label": "差", "least": "0", "look_back": "1", "consequence": "约谈并回头看" },
        ],
    });
    let scheme = json(world, &world.officer, "eval_schemes", None, "create", body).await.unwrap().id;
    world.on(&world.officer, "eval_schemes", scheme, "enforce", &[]).await.unwrap();
    scheme
}

async fn evaluation(world: &World, scheme: Uuid) -> Uuid {
    let (unit, scheme) = (world.unit.to_string(), scheme.to_string());
    let entries = [("unit", unit.as_str()), ("scheme", scheme.as_str()), ("evaluated_on", "2023-06-01")];
    world.create(&world.officer, "rect_evaluations", &entries).await.unwrap().id
}

#[tokio::test]
async fn the_seven_known_schemes_come_along_and_wait_to_be_completed() {
    let world = World::new().await;
    let program = Arc::new(Actor::program("安装"));
    world.test.app.write(&program, |cx| Box::pin(rectification::seed(cx))).await.unwrap();
    world.test.app.write(&program, |cx| Box::pin(rectification::seed(cx))).await.unwrap();
    assert_eq!(
        world.number(Sql::new("select count(*) from eval_scheme where state = 'incomplete'")).await,
        7
    );
    let open = world.ids(Sql::new("select id from eval_scheme where code = 'city_five'")).await[0];
    let refusal = refused(world.on(&world.officer, "eval_schemes", open, "enforce", &[]).await);
    assert!(refusal.message.contains("还没有分值"), "{}", refusal.message);
}

#[tokio::test]
async fn a_unit_is_scored_item_by_item_with_reasons_and_confirmed_by_another_person() {
    let world = World::new().await;
    let scheme = scheme(&world).await;
    let id = evaluation(&world, scheme).await;
    let items = world.ids(Sql::new("select id from eval_item order by position")).await;
    let rows = |points: &str, reason: &str| serde_json::json!({ "opinion": "总体较好", "scores": [{ "item": items[0], "points": points, "reason": reason }] });
    let much = json(&world, &world.officer, "rect_evaluations", Some(id), "score", rows("61", "超过")).await;
    assert!(refused(much).message.contains("最多 60 分"));
    json(&world, &world.officer, "rect_evaluations", Some(id), "score", rows("4.5", "两项逾期"))
        .await
        .unwrap();
    let own = refused(world.on(&world.officer, "rect_evaluations", id, "confirm", &[]).await);
    assert_eq!(own.reason, Reason::Forbidden);
    let unseen = refused(world.on(&world.liaison, "rect_evaluations", id, "confirm", &[]).await);
    assert_eq!(unseen.reason, Reason::NotFound, "the unit does not know of it yet");
    world.on(&world.director, "rect_evaluations", id, "confirm", &[]).await.unwrap();
    assert_eq!(world.number(Sql::new("select total_tenths from rect_evaluation")).await, 955);
    assert_eq!(world.text(Sql::new("select grade from rect_evaluation")).await, "好");
    let seen = refused(world.on(&world.liaison, "rect_evaluations", id, "confirm", &[]).await);
    assert_eq!(seen.reason, Reason::Forbidden, "now it knows of it");
    let edit = json(
        &world,
        &world.officer,
        "eval_schemes",
        Some(scheme),
        "edit",
        serde_json::json!({ "name": "改", "basis": "改", "points": "100", "items": [], "grades": [] }),
    )
    .await;
    assert!(edit.is_err(), "what was used stays as it was");
}

#[tokio::test]
async fn a_veto_leaves_nothing_and_asks_for_a_look_back() {
    let world = World::new().await;
    let scheme = scheme(&world).await;
    let id = evaluation(&world, scheme).await;
    let veto = world.ids(Sql::new("select id from eval_item where kind = 'veto'")).await[0];
    let body = serde_json::json!({ "scores": [{ "item": veto, "points": "1", "reason": "五处以上不符" }] });
    json(&world, &world.officer, "rect_evaluations", Some(id), "score", body).await.unwrap();
    world.on(&world.director, "rect_evaluations", id, "confirm", &[]).await.unwrap();
    let count = Sql::new("select count(*) from rect_evaluation where total_tenths = 0 and look_back = true");
    assert_eq!(world.number(count).await, 1);
}

#[tokio::test]
async fn few_answers_are_not_shown_as_shares_and_the_unit_sees_none() {
    let world = World::new().await;
    let unit = world.unit.to_string();
    let poll = |issued: &'static str, returned: &'static str, very: &'static str| {
        [
            ("audience", "staff"),
            ("way", "paper"),
            ("on_day", "2023-06-01"),
            ("issued", issued),
            ("returned", returned),
            ("very", very),
            ("mostly", "1"),
            ("hardly", "0"),
            ("unsure", "0"),
        ]
    };
    let mut wrong = vec![("unit", unit.as_str())];
    wrong.extend(poll("10", "9", "9"));
    assert_eq!(
        refused(world.create(&world.officer, "satisfaction_polls", &wrong).await).fields[0].0,
        "unsure"
    );
    let mut few = vec![("unit", unit.as_str())];
    few.extend(poll("10", "3", "2"));
    let id = world.create(&world.officer, "satisfaction_polls", &few).await.unwrap().id;
    let cx = world.test.app.read(&world.officer);
    let view = (rectification::polls::service().show)(&cx, id).await.unwrap();
    let rate = view.facts.iter().find(|fact| fact.key == "rate").unwrap();
    assert_eq!(rate.value.plain(), "人数过少，不显示");
    let cx = world.test.app.read(&world.liaison);
    assert!((rectification::polls::service().show)(&cx, id).await.is_err());
}
