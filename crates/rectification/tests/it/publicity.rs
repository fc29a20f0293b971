//! Publicity of rectification in two texts.

use std::sync::Arc;

use kit::{Actor, Form, error::Reason, perform};
use uuid::Uuid;

use crate::support::{World, refused};

async fn done(
    world: &World,
    who: &Arc<Actor>,
    id: Option<Uuid>,
    deed: &str,
    body: serde_json::Value,
) -> kit::Result<kit::Outcome> {
    let request = kit::perform::Request {
        noun: String::from("publicities"),
        id,
        deed: deed.to_owned(),
        form: Form::from_json(&body).unwrap(),
        key: None,
        strict: true,
    };
    perform::perform(&world.test.app, who, request).await
}

fn texts(exclusions: serde_json::Value) -> serde_json::Value {
    serde_json::json!({
        "inner_text": "已收回欠租。对两名责任人立案。", "inner_scope": "全局党员干部", "outer_text": "已收回欠租。",
        "outer_where": "局门户网站", "contact": "电话 0000", "exclusions": exclusions,
    })
}

#[tokio::test]
async fn what_society_does_not_read_needs_a_ground_and_both_texts_are_reviewed_by_the_office() {
    let world = World::new().await;
    let mut body = texts(serde_json::json!([]));
    body["unit"] = serde_json::json!(world.unit);
    let id = done(&world, &world.liaison, None, "create", body).await.unwrap().id;
    let hidden = refused(world.on(&world.officer, "publicities", id, "approve", &[]).await);
    assert_eq!(hidden.reason, Reason::NotFound, "a draft is the unit's own");
    let refusal = refused(world.on(&world.liaison, "publicities", id, "submit", &[]).await);
    assert!(refusal.message.contains("对两名责任人立案"), "{}", refusal.message);
    let excluded = serde_json::json!([{ "passage": "立案", "ground": "case", "reason": "尚未公布" }]);
    done(&world, &world.liaison, Some(id), "edit", texts(excluded)).await.unwrap();
    world.on(&world.liaison, "publicities", id, "submit", &[]).await.unwrap();
    let own = refused(world.on(&world.liaison, "publicities", id, "approve", &[]).await);
    assert_eq!(own.reason, Reason::Forbidden);
    world.on(&world.officer, "publicities", id, "approve", &[]).await.unwrap();
    let published = [
        ("inner_on", "2023-06-01"),
        ("outer_on", "2023-06-01"),
        ("outer_until", "2023-06-15"),
        ("outer_where", "局门户网站"),
    ];
    let bare = refused(world.on(&world.liaison, "publicities", id, "publish", &published).await);
    assert_eq!(bare.fields[0].0, "files", "publication needs its proof");
    let stranger = refused(world.on(&world.foreign, "publicities", id, "publish", &published).await);
    assert_eq!(stranger.reason, Reason::NotFound);
}
