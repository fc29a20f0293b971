//! Fact sheets, immediate rectification and the library of typical problems, as people use them.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it cannot go on")]

mod support;

use std::sync::Arc;

use fieldwork::{fact_sheets, immediate_actions, typical_problems};
use kit::{Actor, Form, Outcome, Pred, error::Reason, perform::Request};
use support::{City, refused, strangers};
use uuid::Uuid;

async fn city() -> City {
    let city = City::new(fieldwork::services()).await;
    city.enter(city.unit, "2023-03-01").await;
    city
}

async fn sheet(city: &City) -> Uuid {
    let unit = city.unit.to_string();
    let entries = [
        ("unit", unit.as_str()),
        ("title", "专项资金结余情况"),
        ("text", "截至2022年12月，账户结余920万元。"),
    ];
    city.perform(&city.member, fact_sheets::NOUN, None, "create", &entries).await.unwrap().id
}

const ANSWER: [(&str, &str); 2] = [("answered_by", "局长 某某"), ("answered_on", "2023-06-01")];

#[tokio::test]
async fn the_organisation_sees_exactly_the_sheet_put_to_it_and_answers_it() {
    let city = city().await;
    let (id, kept) = (sheet(&city).await, sheet(&city).await);
    assert_eq!(city.list(&city.liaison, fact_sheets::NOUN).await.1, 0);
    city.perform(&city.head, fact_sheets::NOUN, Some(id), "send", &[]).await.unwrap();
    assert_eq!(city.list(&city.liaison, fact_sheets::NOUN).await.1, 1);
    let view = city.show(&city.liaison, fact_sheets::NOUN, id).await.unwrap();
    assert_eq!(view.deeds, ["agree", "object"]);
    assert_eq!(refused(city.show(&city.liaison, fact_sheets::NOUN, kept).await).reason, Reason::NotFound);
    let objection = city.perform(&city.liaison, fact_sheets::NOUN, Some(id), "object", &ANSWER).await;
    assert_eq!(refused(objection).reason, Reason::Invalid);
    let mut answer = ANSWER.to_vec();
    answer.push(("explanation", "结余含质保金200万元，依据见合同第八条"));
    city.perform(&city.liaison, fact_sheets::NOUN, Some(id), "object", &answer).await.unwrap();
    let conclusion = [("conclusion", "经核实，采纳，结余改为720万元")];
    city.perform(&city.member, fact_sheets::NOUN, Some(id), "settle", &conclusion).await.unwrap();
    let view = city.show(&city.liaison, fact_sheets::NOUN, id).await.unwrap();
    assert!(view.facts.iter().any(|fact| fact.value.plain().contains("结余改为720万元")));
    let late = city.perform(&city.liaison, fact_sheets::NOUN, Some(id), "agree", &ANSWER).await;
    assert_eq!(refused(late).reason, Reason::Conflict);
}

#[tokio::test]
async fn an_answer_on_paper_is_entered_by_the_team_only_with_the_signed_scan() {
    let city = city().await;
    let id = sheet(&city).await;
    city.perform(&city.head, fact_sheets::NOUN, Some(id), "send", &[]).await.unwrap();
    let bare = city.perform(&city.member, fact_sheets::NOUN, Some(id), "agree", &ANSWER).await;
    assert!(refused(bare).message.contains("签字扫描件"));
    let formats = kit::files::Formats::Accepted;
    let receiving = kit::files::Receiving::begin(&city.test.app, "files", "确认单.pdf", formats);
    let mut receiving = receiving.await.unwrap();
    receiving.take(b"%PDF-1.7 signed").await.unwrap();
    let mut form = Form::of(ANSWER.map(|(name, value)| (name, value.to_owned())));
    form.files.push(receiving.finish().await.unwrap());
    let request = Request {
        noun: fact_sheets::NOUN.to_owned(),
        id: Some(id),
        deed: "agree".to_owned(),
        form,
        key: None,
        strict: false,
    };
    kit::perform::perform(&city.test.app, &city.member, request).await.unwrap();
    assert_eq!(city.state(fact_sheets::NOUN, id).await, "agreed");
}

#[tokio::test]
async fn a_sheet_made_from_a_draft_is_one_of_its_sources_and_the_unit_does_not_learn_of_the_draft() {
    let city = city().await;
    let unit = city.unit.to_string();
    let draft = [("unit", unit.as_str()), ("title", "专项资金沉淀"), ("found_on", "2023-03-01")];
    let draft = city.perform(&city.member, "drafts", None, "create", &draft).await.unwrap().id;
    let text = draft.to_string();
    let entries =
        [("unit", unit.as_str()), ("draft", text.as_str()), ("title", "结余"), ("text", "账户结余920万元。")];
    let id = city.perform(&city.member, fact_sheets::NOUN, None, "create", &entries).await.unwrap().id;
    city.perform(&city.member, fact_sheets::NOUN, Some(id), "send", &[]).await.unwrap();
    assert_eq!(city.list(&city.member, "draft_sources").await.1, 1);
    assert_eq!(city.list(&city.liaison, "draft_sources").await.1, 0);
    let view = city.show(&city.liaison, fact_sheets::NOUN, id).await.unwrap();
    assert!(view.facts.iter().all(|fact| !fact.value.plain().contains("专项资金沉淀")));
}

async fn propose(city: &City, who: &Arc<Actor>, unit: Uuid) -> kit::Result<Outcome> {
    let unit = unit.to_string();
    let entries = [
        ("unit", unit.as_str()),
        ("kind", "rectify"),
        ("title", "夜间门诊长期停诊"),
        ("situation", "公示的夜间门诊自2022年10月起停诊"),
        ("demand", "恢复夜间门诊并向社会公布"),
    ];
    city.perform(who, immediate_actions::NOUN, None, "create", &entries).await
}

#[tokio::test]
async fn an_immediate_rectification_is_approved_reported_confirmed_and_told_to_the_unit_in_time() {
    let city = city().await;
    let noun = immediate_actions::NOUN;
    let id = propose(&city, &city.member, city.unit).await.unwrap().id;
    assert_eq!(city.list(&city.liaison, noun).await.1, 0);
    city.perform(&city.head, noun, Some(id), "approve", &[]).await.unwrap();
    let cx = city.test.app.read(&city.liaison);
    let notice = immediate_actions::find(&cx, immediate_actions::ImmediateActionId(id)).await.unwrap();
    assert_eq!(notice.due_on, Some(support::day("2023-06-16")));
    assert_eq!(notice.due_basis, "依据");
    drop(cx);
    let report = [("report", "6月3日起恢复夜间门诊，每晚两名医师值班")];
    city.perform(&city.liaison, noun, Some(id), "report", &report).await.unwrap();
    city.perform(&city.head, noun, Some(id), "return", &[("opinion", "未见公示")]).await.unwrap();
    city.perform(&city.liaison, noun, Some(id), "report", &report).await.unwrap();
    let result = [("result", "立行立改，恢复夜间门诊")];
    city.perform(&city.member, noun, Some(id), "confirm", &result).await.unwrap();
    assert_eq!(city.state(noun, id).await, "confirmed");
    let view = city.show(&city.liaison, noun, id).await.unwrap();
    assert!(view.facts.iter().all(|fact| fact.key != "result"), "the unit never reads the report's words");
}

#[tokio::test]
async fn nobody_approves_his_own_notice_and_none_is_proposed_before_the_team_has_entered() {
    let city = city().await;
    let id = propose(&city, &city.head, city.unit).await.unwrap().id;
    let own = city.perform(&city.head, immediate_actions::NOUN, Some(id), "approve", &[]).await;
    assert_eq!(refused(own).reason, Reason::Forbidden);
    assert_eq!(refused(propose(&city, &city.member, city.other_unit).await).reason, Reason::Invalid);
    assert_eq!(refused(propose(&city, &city.director, city.unit).await).reason, Reason::Forbidden);
}

#[tokio::test]
async fn the_library_is_seeded_once_and_starts_drafts() {
    let city = city().await;
    let program = Arc::new(Actor::program("test"));
    let seed =
        async || city.test.app.write(&program, |cx| Box::pin(typical_problems::seed(cx))).await.unwrap();
    assert!(seed().await >= 12);
    assert_eq!(seed().await, 0);
    let (rows, total) = city.search(&city.member, typical_problems::NOUN, "规避公开招标").await;
    assert_eq!(total, 1, "{rows}");
    let cx = city.test.app.read(&city.member);
    let found = kit::lookup::options(&cx, typical_problems::NOUN, "规避公开招标", 1).await.unwrap();
    let (id, _) = found.first().cloned().expect("an entry");
    let query = format!("source_noun=typical_problems&source_id={id}");
    let query = kit::web::Query::parse(Some(&query)).unwrap();
    let create = city.test.app.registry().service("drafts").unwrap().deed("create").unwrap();
    let filled = create.fill.unwrap()(&cx, &query).await.unwrap();
    let value = |name| filled.iter().find(|(held, _)| *held == name).map(|(_, value)| value.as_str());
    assert!(value("bases").unwrap().contains("招标投标有关法律法规"));
    assert!(value("phenomenon").unwrap().contains("同一项目拆分"));
}

#[tokio::test]
async fn people_without_part_see_neither_sheets_nor_notices() {
    let city = city().await;
    let id = sheet(&city).await;
    city.perform(&city.head, fact_sheets::NOUN, Some(id), "send", &[]).await.unwrap();
    let notice = propose(&city, &city.member, city.unit).await.unwrap().id;
    city.perform(&city.head, immediate_actions::NOUN, Some(notice), "approve", &[]).await.unwrap();
    for who in strangers() {
        for service in [fact_sheets::service(), immediate_actions::service()] {
            let all = (service.visible)(&who) == Pred::All;
            let leads = who.is(kit::Role::CommitteeLeader) && service.noun == immediate_actions::NOUN;
            let seen = city.list(&who, service.noun).await.1;
            assert_eq!(seen, i64::from(all || leads), "{} {}", service.noun, who.name);
        }
    }
}
