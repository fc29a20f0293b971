//! Requests for support with their answers, agreements with what they oblige to, linkage with audit.
#![expect(clippy::expect_used, reason = "a test stops where it cannot go on")]

mod support;

use std::sync::Arc;

use kit::error::Reason;
use support::{City, refused, strangers};
use uuid::Uuid;

async fn request(city: &City) -> Uuid {
    let inspection = city.inspection.to_string();
    let entries = [
        ("inspection", inspection.as_str()),
        ("asker", "team"),
        ("kind", "data"),
        ("title", "查询工程招投标数据"),
        ("text", "近三年水利工程中标单位及金额"),
    ];
    city.does(&city.member, "support_requests", None, "create", &entries).await
}

#[tokio::test]
async fn a_team_asks_the_office_answers_and_the_team_confirms() {
    let city = City::new().await;
    let (noun, id) = ("support_requests", request(&city).await);
    let early =
        refused(city.perform(&city.head, noun, Some(id), "accept", &[("due_on", "2023-06-09")]).await);
    assert_eq!(early.reason, Reason::Forbidden);
    city.does(&city.clerk, noun, Some(id), "accept", &[("due_on", "2023-06-09")]).await;
    city.does(&city.clerk, noun, Some(id), "deliver", &[("delivery", "已提供数据光盘")]).await;
    city.does(&city.member, noun, Some(id), "return", &[("reason", "缺少2021年")]).await;
    city.does(&city.clerk, noun, Some(id), "deliver", &[("delivery", "已补充")]).await;
    city.does(&city.head, noun, Some(id), "confirm", &[]).await;
    assert_eq!(city.state(&city.member, noun, id).await, "confirmed");
}

#[tokio::test]
async fn a_refusal_needs_its_reason_and_both_sides_read_it() {
    let city = City::new().await;
    let (noun, id) = ("support_requests", request(&city).await);
    refused(city.perform(&city.clerk, noun, Some(id), "decline", &[]).await);
    city.does(&city.clerk, noun, Some(id), "decline", &[("reason", "数据由省级管理，已另行商请")]).await;
    assert!(city.facts(&city.member, noun, id).await.contains("省级管理"));
    for who in strangers().iter().chain([&city.liaison, &city.audit]) {
        let may = who.is_office() || who.is(kit::Role::LeadingGroup);
        assert_eq!(city.total(who, noun).await == 1, may, "{}", who.name);
    }
}

#[tokio::test]
async fn nobody_asks_in_the_name_of_the_other_side() {
    let city = City::new().await;
    let inspection = city.inspection.to_string();
    let entries = [
        ("inspection", inspection.as_str()),
        ("asker", "office"),
        ("kind", "people"),
        ("title", "增派"),
        ("text", "增派一人"),
    ];
    refused(city.perform(&city.member, "support_requests", None, "create", &entries).await);
    let id = city.does(&city.clerk, "support_requests", None, "create", &entries).await;
    refused(
        city.perform(&city.member, "support_requests", Some(id), "accept", &[("due_on", "2023-06-09")]).await,
    );
    city.does(&city.head, "support_requests", Some(id), "accept", &[("due_on", "2023-06-09")]).await;
}

async fn agreement(city: &City) -> Uuid {
    let entries = [
        ("title", "关于建立巡察与审计协作配合机制的实施意见"),
        ("number", "澜巡办〔2022〕8号"),
        ("parties", "市审计局"),
        ("signed_on", "2022-03-01"),
        ("text", "建立计划会商、情况通报、成果共享机制"),
    ];
    city.does(&city.clerk, "agreements", None, "create", &entries).await
}

async fn obligation(city: &City, agreement: Uuid, party: &str, first: &str) -> Uuid {
    let agreement = agreement.to_string();
    let entries = [
        ("agreement", agreement.as_str()),
        ("party", party),
        ("text", "每季度通报审计查出问题"),
        ("period", "quarterly"),
        ("first_due_on", first),
    ];
    city.does(&city.clerk, "obligations", None, "create", &entries).await
}

#[tokio::test]
async fn what_is_due_is_listed_a_year_ahead_and_goes_on_when_one_is_confirmed() {
    let city = City::new().await;
    let agreement = agreement(&city).await;
    obligation(&city, agreement, "市审计局", "2023-06-30").await;
    assert_eq!(city.total(&city.audit, "obligation_dues").await, 4);
    let noun = "obligation_dues";
    let first = city.one("select id from obligation_due where due_on = '2023-06-30'").await;
    let done = [("done_on", "2023-06-01"), ("account", "已通报12个问题")];
    city.does(&city.audit, noun, Some(first), "report", &done).await;
    city.at("2023-10-08");
    city.does(&city.clerk, noun, Some(first), "confirm", &[]).await;
    assert_eq!(city.total(&city.audit, noun).await, 6, "the next ones are listed up to October 2024");
    assert_eq!(city.total(&city.discipline, noun).await, 0);
    assert_eq!(city.total(&city.liaison, noun).await, 0);
}

#[tokio::test]
async fn what_the_office_owes_itself_is_confirmed_by_somebody_else() {
    let city = City::new().await;
    let agreement = agreement(&city).await;
    obligation(&city, agreement, "", "2023-06-30").await;
    let due = city.one("select id from obligation_due where due_on = '2023-06-30'").await;
    let done = [("done_on", "2023-06-01"), ("account", "已召开联席会议")];
    city.does(&city.clerk, "obligation_dues", Some(due), "report", &done).await;
    let own = refused(city.perform(&city.clerk, "obligation_dues", Some(due), "confirm", &[]).await);
    assert_eq!(own.reason, Reason::Conflict);
    city.does(&city.director, "obligation_dues", Some(due), "confirm", &[]).await;
}

#[tokio::test]
async fn an_agreement_that_ends_leaves_nothing_due_after_its_end() {
    let city = City::new().await;
    let agreement = agreement(&city).await;
    obligation(&city, agreement, "市审计局", "2022-06-30").await;
    let ended = [("ended_on", "2023-01-31"), ("reason", "由新意见代替")];
    city.does(&city.clerk, "agreements", Some(agreement), "end", &ended).await;
    let open = "select count(*) from obligation_due where state = 'open' and due_on > '2023-01-31'";
    assert_eq!(city.number(open).await, 0);
    assert!(city.number("select count(*) from obligation_due where state = 'open'").await > 0);
    let more = obligation_entries(agreement);
    let entries: Vec<(&str, &str)> = more.iter().map(|(name, value)| (*name, value.as_str())).collect();
    refused(city.perform(&city.clerk, "obligations", None, "create", &entries).await);
}

fn obligation_entries(agreement: Uuid) -> [(&'static str, String); 4] {
    [
        ("agreement", agreement.to_string()),
        ("text", String::from("某事")),
        ("period", String::from("once")),
        ("first_due_on", String::from("2023-07-01")),
    ]
}

#[tokio::test]
async fn a_party_with_something_to_do_stays_a_party() {
    let city = City::new().await;
    let agreement = agreement(&city).await;
    obligation(&city, agreement, "市审计局", "2023-06-30").await;
    let changed =
        [("title", "实施意见"), ("parties", "市纪委监委"), ("signed_on", "2022-03-01"), ("text", "某事")];
    let refusal = refused(city.perform(&city.clerk, "agreements", Some(agreement), "edit", &changed).await);
    assert_eq!(refusal.fields.first().map(|(name, _)| name.as_str()), Some("parties"));
}

async fn proposed(city: &City) -> Uuid {
    let body = city.audit_body.to_string();
    let entries = [
        ("audit_body", body.as_str()),
        ("year", "2023"),
        ("organisation", "市水利局"),
        ("mode", "audit_first"),
        ("reason", "局长任期经济责任审计与巡察衔接"),
    ];
    city.does(&city.audit, "audit_linkages", None, "create", &entries).await
}

#[tokio::test]
async fn a_linkage_goes_from_proposal_to_unit_and_shares_follow_to_the_team() {
    let city = City::new().await;
    let (noun, id) = ("audit_linkages", proposed(&city).await);
    refused(city.perform(&city.audit, noun, Some(id), "agree", &[]).await);
    city.does(&city.clerk, noun, Some(id), "agree", &[("opinion", "同意列入")]).await;
    let linkage = id.to_string();
    let share = [
        ("linkage", linkage.as_str()),
        ("kind", "audit_report"),
        ("title", "专项资金审计报告"),
        ("document", "澜审报〔2023〕12号"),
        ("given_on", "2023-06-01"),
        ("text", "发现专项资金沉淀"),
    ];
    let shared = city.does(&city.audit, "audit_shares", None, "create", &share).await;
    assert_eq!(city.total(&city.head, "audit_shares").await, 0);
    let (unit, other) = (city.unit.to_string(), city.other_unit.to_string());
    let wrong = [("unit", other.as_str()), ("mode", "audit_first")];
    refused(city.perform(&city.clerk, noun, Some(id), "bind", &wrong).await);
    city.does(&city.clerk, noun, Some(id), "bind", &[("unit", unit.as_str()), ("mode", "audit_first")]).await;
    assert_eq!(city.total(&city.head, "audit_shares").await, 1);
    let receipt = [("received_on", "2023-06-01"), ("received_by", "组员乙")];
    refused(city.perform(&city.audit, "audit_shares", Some(shared), "receive", &receipt).await);
    city.does(&city.member, "audit_shares", Some(shared), "receive", &receipt).await;
    let summary = [("summary", "共享报告一份，推动收回资金")];
    city.does(&city.head, noun, Some(id), "conclude", &summary).await;
    refused(city.perform(&city.audit, "audit_shares", None, "create", &share).await);
}

#[tokio::test]
async fn what_the_team_gives_goes_to_the_audit() {
    let city = City::new().await;
    let id = proposed(&city).await;
    city.does(&city.clerk, "audit_linkages", Some(id), "agree", &[]).await;
    let (unit, linkage) = (city.unit.to_string(), id.to_string());
    let bind = [("unit", unit.as_str()), ("mode", "together")];
    city.does(&city.clerk, "audit_linkages", Some(id), "bind", &bind).await;
    let share = [
        ("linkage", linkage.as_str()),
        ("kind", "situation"),
        ("title", "巡察了解情况"),
        ("given_on", "2023-06-01"),
        ("text", "建议关注下属企业往来款"),
    ];
    let shared = city.does(&city.member, "audit_shares", None, "create", &share).await;
    let receipt = [("received_on", "2023-06-01"), ("received_by", "干部壬")];
    city.does(&city.audit, "audit_shares", Some(shared), "receive", &receipt).await;
}

#[tokio::test]
async fn an_organisation_is_proposed_once_a_year_and_nobody_else_sees_it() {
    let city = City::new().await;
    proposed(&city).await;
    let body = city.audit_body.to_string();
    let again = [
        ("audit_body", body.as_str()),
        ("year", "2023"),
        ("organisation", "市水利局"),
        ("mode", "together"),
        ("reason", "重复"),
    ];
    refused(city.perform(&city.clerk, "audit_linkages", None, "create", &again).await);
    for who in strangers().iter().chain([&city.liaison, &city.discipline, &city.head]) {
        let may = who.is_office() || who.is(kit::Role::LeadingGroup);
        assert_eq!(city.total(who, "audit_linkages").await == 1, may, "{}", who.name);
    }
    city.walk().await;
}

#[tokio::test]
async fn pages_of_this_area_open_for_those_who_see_them() {
    let city = City::new().await;
    let (agreement, linkage, request) = (agreement(&city).await, proposed(&city).await, request(&city).await);
    let obligation = obligation(&city, agreement, "市审计局", "2023-06-30").await;
    let due = city.one("select id from obligation_due order by due_on limit 1").await;
    let people = [&city.director, &city.group, &city.audit, &city.member];
    for (noun, id) in [
        ("agreements", agreement),
        ("obligations", obligation),
        ("obligation_dues", due),
        ("audit_linkages", linkage),
        ("support_requests", request),
    ] {
        for who in people.map(Arc::clone) {
            let cx = city.test.app.read(&who);
            let sees = kit::service::can_see(&cx, noun, id).await.unwrap();
            assert_eq!(city.show(&who, noun, id).await.is_ok(), sees, "{noun} for {}", who.name);
        }
    }
}
