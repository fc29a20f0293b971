//! Results of models become doubts, and only people make anything of them.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it cannot go on")]

#[path = "../../fieldwork/tests/support/mod.rs"]
mod support;

use std::sync::Arc;

use db::Sql;
use kit::{Actor, Outcome, Result, error::Reason};
use serde_json::json;
use support::{City, day, refused, strangers};
use uuid::Uuid;

async fn city() -> City {
    let mut services = fieldwork::services();
    services.extend(analysis::services());
    City::new(services).await
}

/// What the command line prints for two hits on a file with this digest.
fn printed(digest: &str) -> String {
    let hit = |tender: &str| {
        json!({ "keys": { "tender": tender, "ip": "36.1.1.1" }, "values": { "bidders": 2, "names": "甲、乙" },
                "level": "yellow", "explanation": format!("标段{tender}有2家投标人从同一地址36.1.1.1上传：甲、乙。") })
    };
    let data = json!([{ "table": "bids", "label": "投标记录", "digest": digest.repeat(64), "rows": 9, "taken": 8,
                        "ragged": 1, "ragged_rows": [3], "duplicates": 0, "fields": [], "remarks": [] }]);
    json!({ "model": "same-ip", "code": "B02", "version": 1, "parameters": { "least": 2, "public": 20 }, "data": data,
            "warnings": [], "hits": [hit("T1"), hit("T2")] })
    .to_string()
}

async fn record(city: &City, who: &Arc<Actor>, result: &str) -> Result<Outcome> {
    let unit = city.unit.to_string();
    let entries = [
        ("unit", unit.as_str()),
        ("result", result),
        ("data_source", "市公共资源交易中心，交接单第3号"),
        ("purpose", "用于本次巡察，结束后一个月内销毁"),
        ("ran_on", "2023-05-20"),
    ];
    city.perform(who, "model_runs", None, "create", &entries).await
}

/// An account with a post in the team, to whom doubts can be given.
async fn colleague(city: &City) -> Uuid {
    let id = kit::ids::random();
    let inspection = city.inspection;
    let program = Arc::new(Actor::program("test"));
    city.test
        .app
        .write(&program, |cx| {
            Box::pin(async move {
                let mut sql = Sql::new(
                    "insert into account (id, version, login, name, password_hash, state, password_changed_at, \
                     password_initial) values (",
                );
                sql.bind(id).push(", 1, 'wang', '王某某', '', 'active', ").bind(cx.now).push(", ").bind(false).push(")");
                cx.execute(sql).await?;
                let mut sql = Sql::new(
                    "insert into post (id, version, account_id, role, inspection_id, from_on, state, basis, decision) values (",
                );
                sql.bind(kit::ids::random()).push(", 1, ").bind(id).push(", 'team_member', ").bind(inspection);
                sql.push(", ").bind(day("2023-01-01")).push(", 'active', '', '')");
                cx.execute(sql).await
            })
        })
        .await
        .unwrap();
    id
}

async fn doubts(city: &City) -> Vec<Uuid> {
    let rows = city
        .test
        .app
        .read(&city.director)
        .rows(Sql::new("select id from doubt order by number"))
        .await
        .unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

#[tokio::test]
async fn a_run_raises_its_doubts_and_the_same_run_again_is_refused() {
    let city = city().await;
    let run = record(&city, &city.member, &printed("a")).await.unwrap().id;
    assert_eq!(city.list(&city.head, "doubts").await.1, 2);
    assert_eq!(refused(record(&city, &city.member, &printed("a")).await).reason, Reason::Conflict);
    record(&city, &city.member, &printed("b")).await.unwrap();
    let entries = [("reason", "数据交接有误")];
    city.perform(&city.head, "model_runs", Some(run), "void", &entries).await.unwrap();
    assert_eq!(city.state("doubts", doubts(&city).await[0]).await, "excluded");
    record(&city, &city.member, &printed("a")).await.unwrap();
}

#[tokio::test]
async fn what_is_no_result_of_a_known_model_is_refused_with_a_sentence() {
    let city = city().await;
    let other = |from: &str, to: &str| printed("a").replace(from, to);
    for result in [
        "{}",
        "abc",
        &other("same-ip", "nobody"),
        &other("\"version\":1", "\"version\":9"),
        &other(&"a".repeat(64), "x"),
    ] {
        let refusal = refused(record(&city, &city.member, result).await);
        assert_eq!(refusal.reason, Reason::Invalid, "{result}");
        assert!(refusal.fields.iter().any(|(name, _)| name == "result"), "{result}");
    }
    assert_eq!(city.list(&city.director, "model_runs").await.1, 0);
}

#[tokio::test]
async fn the_inspected_side_and_strangers_know_of_no_doubt() {
    let city = city().await;
    record(&city, &city.member, &printed("a")).await.unwrap();
    let id = doubts(&city).await[0];
    for noun in ["doubts", "model_runs"] {
        assert_eq!(city.list(&city.liaison, noun).await.1, 0, "{noun}");
        for who in strangers() {
            let may = who.is_office() || who.is(kit::Role::LeadingGroup);
            assert_eq!(city.list(&who, noun).await.1 > 0, may, "{noun} {}", who.name);
        }
    }
    assert_eq!(refused(city.show(&city.liaison, "doubts", id).await).reason, Reason::NotFound);
    assert_eq!(refused(record(&city, &city.liaison, &printed("b")).await).reason, Reason::Forbidden);
}

#[tokio::test]
async fn a_doubt_is_given_verified_and_becomes_a_problem_and_the_precision_follows() {
    let city = city().await;
    let run = record(&city, &city.member, &printed("a")).await.unwrap().id;
    let (first, second) = (doubts(&city).await[0], doubts(&city).await[1]);
    let problem = city.problem("串通投标").await.to_string();
    let to_problem = [("problem", problem.as_str())];
    let early = city.perform(&city.head, "doubts", Some(first), "to_problem", &to_problem).await;
    assert_eq!(refused(early).reason, Reason::Conflict);
    let account = colleague(&city).await.to_string();
    city.perform(&city.head, "doubts", Some(first), "assign", &[("assignee", &account)]).await.unwrap();
    let found = [("method", "调取平台日志"), ("finding", "两家由同一人上传"), ("evidence", "日志")];
    city.perform(&city.member, "doubts", Some(first), "verify", &found).await.unwrap();
    city.perform(&city.head, "doubts", Some(first), "to_problem", &to_problem).await.unwrap();
    assert_eq!(city.state("doubts", first).await, "problem");
    let reason = [("reason", "同一写字楼的共用出口地址")];
    city.perform(&city.head, "doubts", Some(second), "exclude", &reason).await.unwrap();
    let view = city.show(&city.head, "model_runs", run).await.unwrap();
    assert!(format!("{:?}", view.tabs).contains("50.00"), "one of two was something");
    let void = city.perform(&city.head, "model_runs", Some(run), "void", &[("reason", "x")]).await;
    assert_eq!(refused(void).reason, Reason::Conflict);
}
