//! Consultations with their points, and early transfers with their passports, as people use them.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it cannot go on")]

mod support;

use std::sync::Arc;

use fieldwork::passports::{self, Passport, PassportId};
use kit::{Actor, Role, error::Reason, testing::actor};
use support::{City, refused, strangers};
use uuid::Uuid;

async fn city() -> City {
    let mut services = preparation::services();
    services.extend(fieldwork::services());
    City::new(services).await
}

async fn consultation(city: &City) -> Uuid {
    let unit = city.unit.to_string();
    let entries = [
        ("unit", unit.as_str()),
        ("kind", "mid_term"),
        ("title", "医药领域专项巡察中期会商"),
        ("planned_on", "2023-06-01"),
    ];
    city.perform(&city.clerk, "consultations", None, "create", &entries).await.unwrap().id
}

#[tokio::test]
async fn an_agenda_is_put_together_from_what_is_open_as_far_as_the_caller_may_see_it() {
    let city = city().await;
    let unit = city.unit.to_string();
    let draft = [("unit", unit.as_str()), ("title", "门诊费用上涨"), ("found_on", "2023-05-01")];
    city.perform(&city.member, "drafts", None, "create", &draft).await.unwrap();
    let sheet = [("unit", unit.as_str()), ("title", "次均费用数据"), ("text", "三年逐年上升。")];
    let sheet = city.perform(&city.member, "fact_sheets", None, "create", &sheet).await.unwrap().id;
    city.perform(&city.head, "fact_sheets", Some(sheet), "send", &[]).await.unwrap();
    let objection = [("answered_by", "院长"), ("answered_on", "2023-06-01"), ("explanation", "统计口径不同")];
    city.perform(&city.liaison, "fact_sheets", Some(sheet), "object", &objection).await.unwrap();
    let id = consultation(&city).await;
    let view = city.show(&city.head, "consultations", id).await.unwrap();
    let agenda = view.facts.iter().find(|fact| fact.key == "agenda").unwrap().value.plain();
    assert!(agenda.contains("单位有异议的事实确认单（1 项）：次均费用数据"), "{agenda}");
    assert!(!agenda.contains("门诊费用上涨"), "a draft at work is not open in this sense: {agenda}");
}

#[tokio::test]
async fn every_point_is_answered_and_accepted_before_a_consultation_is_closed() {
    let city = city().await;
    let id = consultation(&city).await;
    let held = [("held_on", "2023-06-01"), ("attendance", "巡察办、巡察组"), ("record", "听取汇报")];
    city.perform(&city.clerk, "consultations", Some(id), "hold", &held).await.unwrap();
    let text = id.to_string();
    let early = [
        ("consultation", text.as_str()),
        ("text", "“看病贵”缺少面上数据"),
        ("raised_by", "联络员"),
        ("owner", "组长"),
        ("due_on", "2023-05-01"),
    ];
    assert_eq!(
        refused(city.perform(&city.clerk, "consultation_points", None, "create", &early).await).reason,
        Reason::Invalid
    );
    let mut entries = early;
    entries[4].1 = "2023-06-15";
    city.perform(&city.clerk, "consultation_points", None, "create", &entries).await.unwrap();
    let cx = city.test.app.read(&city.clerk);
    let (point, _) = kit::lookup::options(&cx, "consultation_points", "看病贵", 1)
        .await
        .unwrap()
        .first()
        .cloned()
        .expect("a point");
    drop(cx);
    let close = city.perform(&city.clerk, "consultations", Some(id), "close", &[]).await;
    assert!(refused(close).message.contains("1 条会商意见"));
    let problem = city.problem("门急诊费用逐年上升").await;
    let answer = [
        ("answer", "汇总三年门急诊次均费用，写入报告"),
        ("added_noun", "problems"),
        ("added", "门急诊费用逐年上升"),
    ];
    let noun = "consultation_points";
    city.perform(&city.member, noun, Some(point), "answer", &answer).await.unwrap();
    city.perform(&city.clerk, noun, Some(point), "reopen", &[("opinion", "补充同类医院对比")]).await.unwrap();
    city.perform(&city.member, noun, Some(point), "answer", &answer).await.unwrap();
    assert_eq!(
        refused(city.perform(&city.member, noun, Some(point), "settle", &[]).await).reason,
        Reason::Forbidden
    );
    city.perform(&city.clerk, noun, Some(point), "settle", &[]).await.unwrap();
    city.perform(&city.clerk, "consultations", Some(id), "close", &[]).await.unwrap();
    let view = city.show(&city.head, noun, point).await.unwrap();
    let added = view.facts.iter().find(|fact| fact.key == "added").unwrap();
    assert_eq!(added.value.json()["id"], problem.to_string());
    for who in strangers().iter().filter(|who| !who.is_office() && !who.is(Role::LeadingGroup)) {
        assert_eq!(city.list(who, "consultations").await.1 + city.list(who, noun).await.1, 0, "{}", who.name);
    }
    assert_eq!(city.list(&city.liaison, noun).await.1, 0);
}

const PERSON: &str = "鲍秘桐";

async fn early_lead(city: &City) -> Uuid {
    let unit = city.unit.to_string();
    let entries = [
        ("unit", unit.as_str()),
        ("person", PERSON),
        ("post", "副局长"),
        ("content", "收受翡翠摆件"),
        ("urgency", "可能转移证据"),
        ("risk", "evidence"),
        ("discipline", "integrity"),
        ("route", "discipline"),
        ("timing", "early"),
        ("accepted_on", "2023-05-20"),
    ];
    city.perform(&city.member, "leads", None, "create", &entries).await.unwrap().id
}

async fn lead_deed(city: &City, who: &Arc<Actor>, id: Uuid, deed: &str) -> kit::Result<kit::Outcome> {
    city.perform(who, "leads", Some(id), deed, &[]).await
}

#[tokio::test]
async fn an_early_transfer_goes_through_head_office_and_leading_group_in_this_order() {
    let city = city().await;
    let id = early_lead(&city).await;
    assert_eq!(refused(lead_deed(&city, &city.group, id, "approve").await).reason, Reason::Forbidden);
    assert_eq!(refused(lead_deed(&city, &city.director, id, "review").await).reason, Reason::Conflict);
    assert_eq!(refused(lead_deed(&city, &city.member, id, "sign").await).reason, Reason::Forbidden);
    lead_deed(&city, &city.head, id, "sign").await.unwrap();
    assert_eq!(refused(lead_deed(&city, &city.group, id, "approve").await).reason, Reason::Forbidden);
    lead_deed(&city, &city.director, id, "review").await.unwrap();
    lead_deed(&city, &city.group, id, "approve").await.unwrap();
    assert_eq!(city.state("leads", id).await, "approved");
}

/// A lead handed over early, and its passport as the receiver sees it.
async fn handed_over(city: &City) -> Passport {
    let id = early_lead(city).await;
    for (who, deed) in [(&city.head, "sign"), (&city.director, "review"), (&city.group, "approve")] {
        lead_deed(city, who, id, deed).await.unwrap();
    }
    let recipient = city.recipient.to_string();
    let handing = [("mode", "single"), ("recipient", recipient.as_str()), ("transferred_on", "2023-06-01")];
    city.perform(&city.director, "leads", Some(id), "transfer", &handing).await.unwrap();
    let cx = city.test.app.read(&city.discipline);
    let (_, subject) =
        kit::lookup::options(&cx, "passports", "", 9).await.unwrap().first().cloned().expect("a passport");
    passports::of_subject(&cx, &subject).await.unwrap().expect("a passport")
}

async fn passport(city: &City, id: PassportId) -> Passport {
    passports::find(&city.test.app.read(&city.discipline), id).await.unwrap()
}

#[tokio::test]
async fn what_was_handed_over_is_frozen_signed_confirmed_and_provable_by_both_sides() {
    let city = city().await;
    let held = handed_over(&city).await;
    let cx = city.test.app.read(&city.discipline);
    let content = passports::content(&cx, &held).unwrap();
    assert!(content.contains(&format!("反映对象：{PERSON}")) && content.contains("不得让单位知情"));
    // The few lines with which anybody can check the digest.
    assert_eq!(kit::seal::digest(content.as_bytes()), held.digest);
    drop(cx);
    let office = city.test.app.office().to_owned();
    assert!(held.proof(&office).check().is_ok() && held.proof(&office).receipt.is_none());
    let wrong = city
        .perform(&city.discipline, "passports", Some(held.id.0), "acknowledge", &[("digest", "00")])
        .await;
    assert_eq!(refused(wrong).reason, Reason::Invalid);
    let digest = held.digest.clone();
    let entries = [("digest", digest.as_str())];
    city.perform(&city.discipline, "passports", Some(held.id.0), "acknowledge", &entries).await.unwrap();
    let confirmed = passport(&city, held.id).await.proof(&office);
    confirmed.check().unwrap();
    assert_eq!(confirmed.receipt.as_ref().map(|receipt| receipt.by.as_str()), Some("纪检监察机关"));
    let mut forged = confirmed;
    forged.digest = kit::seal::digest(b"something else");
    assert!(forged.check().is_err());
}

#[tokio::test]
async fn a_passport_shows_nothing_to_the_unit_to_other_bodies_and_in_lists() {
    let city = city().await;
    let held = handed_over(&city).await;
    assert!(!held.content_sealed.contains("翡翠"));
    let other = actor(Role::Discipline, Some(city.second), None);
    for who in [&city.liaison, &other] {
        assert_eq!(city.list(who, "passports").await.1, 0);
        assert_eq!(refused(city.show(who, "passports", held.id.0).await).reason, Reason::NotFound);
    }
    assert!(!city.list(&city.director, "passports").await.0.contains(PERSON));
    assert_eq!(city.search(&city.director, "passports", PERSON).await.1, 0);
    let director = city.perform(&city.director, "passports", Some(held.id.0), "acknowledge", &[]).await;
    assert_eq!(refused(director).reason, Reason::Forbidden);
}

#[tokio::test]
async fn a_returned_lead_is_handed_over_again_with_a_passport_of_its_own() {
    let city = city().await;
    let first = handed_over(&city).await;
    let lead = first.lead_id.0;
    let office = city.test.app.office().to_owned();
    let early = [("transfer", first.transfer_id.to_string()), ("sent_on", String::from("2023-06-02"))];
    let early: Vec<(&str, &str)> = early.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert!(
        city.perform(&city.director, "leads", Some(lead), "resend", &early).await.is_err(),
        "nothing came back"
    );
    let back = [("reason", "缺少凭证")];
    city.perform(&city.discipline, "transfers", Some(first.transfer_id.0), "return_for_more", &back)
        .await
        .unwrap();
    // From the transfer alone it cannot go out again, because nothing would be frozen.
    let around = [("sent_on", "2023-06-02"), ("note", "已补")];
    let refused_there =
        city.perform(&city.director, "transfers", Some(first.transfer_id.0), "resend", &around).await;
    assert_eq!(refused(refused_there).reason, Reason::Forbidden);
    let transfer = first.transfer_id.to_string();
    let today = city.test.app.read(&city.director).today().to_string();
    let entries = [
        ("transfer", transfer.as_str()),
        ("sent_on", today.as_str()),
        ("supplement", "补充了两笔支出的凭证"),
    ];
    city.perform(&city.director, "leads", Some(lead), "resend", &entries).await.unwrap();
    let cx = city.test.app.read(&city.discipline);
    let second = passports::of_subject(&cx, &first.subject).await.unwrap().unwrap();
    assert_ne!(second.id, first.id);
    assert!(passports::content(&cx, &second).unwrap().contains("补充内容：补充了两笔支出的凭证"));
    assert!(second.proof(&office).check().is_ok());
    let replaced = passport(&city, first.id).await;
    assert_eq!(replaced.state, passports::State::Replaced);
    drop(cx);
    let confirmed = city.perform(&city.discipline, "passports", Some(first.id.0), "acknowledge", &[]).await;
    assert_eq!(refused(confirmed).reason, Reason::Conflict);
    city.perform(&city.discipline, "passports", Some(second.id.0), "acknowledge", &[]).await.unwrap();
}
