//! The story of a briefing, from one letter to every department to the outcome told in coded form; and of
//! a piece brought in, which only those named for it get to know of.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it cannot go on")]

mod support;

use std::sync::Arc;

use kit::{Role, error::Reason};
use support::{City, refused, strangers};
use uuid::Uuid;

const LETTER: &[(&str, &str)] =
    &[("title", "关于商请提供{单位}有关情况的函"), ("text", "{部门}：请于{期限}前提供{单位}的情况。")];

/// A letter for the round, sent to both departments.
async fn issued(city: &City) -> Uuid {
    let round = city.round.to_string();
    let mut entries = vec![("round", round.as_str())];
    entries.extend_from_slice(LETTER);
    let letter = city.does(&city.clerk, "briefing_letters", None, "create", &entries).await;
    issue(city, letter, "市纪委监委").await.unwrap();
    issue(city, letter, "市审计局").await.unwrap();
    letter
}

async fn issue(city: &City, letter: Uuid, department: &str) -> kit::Result<kit::Outcome> {
    let entries = [("departments", department), ("sent_on", "2023-06-01")];
    city.perform(&city.clerk, "briefing_letters", Some(letter), "issue", &entries).await
}

/// The request to the audit bureau about the first organisation.
async fn request(city: &City) -> Uuid {
    city.one(
        "select b.id from briefing b join organisation d on d.id = b.department_id \
         join organisation o on o.id = b.organisation_id where d.code = 'J002' and o.code = 'B001'",
    )
    .await
}

const ITEMS: &[(&str, &str)] = &[
    ("items.0.kind", "audit_finding"),
    ("items.0.summary", "2022年专项审计发现河道整治资金沉淀1260万元"),
    ("items.0.secrecy", "internal"),
    ("items.1.kind", "lead"),
    ("items.1.summary", "反映副局长某某收受工程老板财物"),
    ("items.1.secrecy", "sealed"),
];

#[tokio::test]
async fn one_letter_asks_every_department_about_every_organisation_of_the_round_once() {
    let city = City::new().await;
    let letter = issued(&city).await;
    assert_eq!(city.total(&city.director, "briefings").await, 4);
    assert_eq!(city.total(&city.audit, "briefings").await, 2);
    assert_eq!(refused(issue(&city, letter, "市审计局").await).reason, Reason::Conflict);
    let nobody = refused(issue(&city, letter, "市交通运输局").await);
    assert_eq!(nobody.fields[0].0, "departments");
    let cx = city.test.app.read(&city.audit);
    assert_eq!(registry::notices::unread_count(&cx).await.unwrap(), 1);
}

#[tokio::test]
async fn a_revised_letter_leaves_what_was_sent_as_it_was() {
    let city = City::new().await;
    let letter = issued(&city).await;
    let next = city.does(&city.clerk, "briefing_letters", Some(letter), "revise", &[]).await;
    let changed = [("title", "新函"), ("text", "新的正文")];
    city.does(&city.clerk, "briefing_letters", Some(next), "edit", &changed).await;
    let view = city.show(&city.audit, "briefings", request(&city).await).await.unwrap();
    let letter = view.tabs.iter().find_map(|tab| match tab {
        kit::Tab::Html { key: "letter", html, .. } => Some(html.clone()),
        _ => None,
    });
    let letter = letter.unwrap();
    assert!(letter.contains("市审计局：请于2023年6月15日前提供市水利局的情况。"), "{letter}");
}

#[tokio::test]
async fn a_blank_that_nobody_fills_is_refused() {
    let city = City::new().await;
    let round = city.round.to_string();
    let entries = [("round", round.as_str()), ("title", "函"), ("text", "请{联系人}提供")];
    let refusal = refused(city.perform(&city.clerk, "briefing_letters", None, "create", &entries).await);
    assert_eq!(refusal.fields[0].0, "text");
}

#[tokio::test]
async fn a_reply_goes_from_the_department_to_the_team_and_its_outcome_comes_back_coded() {
    let city = City::new().await;
    issued(&city).await;
    let id = request(&city).await;
    city.does(&city.audit, "briefings", Some(id), "add_items", ITEMS).await;
    assert_eq!(city.total(&city.head, "briefing_items").await, 0, "nothing is seen before it is handed in");
    city.does(&city.audit, "briefings", Some(id), "submit", &[("statement", "详见清单")]).await;
    assert_eq!(city.total(&city.head, "briefing_items").await, 2);
    let receipt = [("received_on", "2023-06-01"), ("received_by", "组长甲")];
    city.does(&city.head, "briefings", Some(id), "receive", &receipt).await;
    let early = refused(city.perform(&city.head, "briefings", Some(id), "conclude", &[]).await);
    assert_eq!(early.reason, Reason::Conflict);
    for number in ["01", "02"] {
        let item = city.one(&format!("select id from briefing_item where number like '%-{number}'")).await;
        let settled =
            [("outcome", "used_in_draft"), ("reference", "DG-2023-0009"), ("remark", "查阅凭证属实")];
        city.does(&city.member, "briefing_items", Some(item), "settle", &settled).await;
    }
    let item = city.one("select id from briefing_item where number like '%-01'").await;
    let before = city.facts(&city.audit, "briefing_items", item).await;
    assert!(!before.contains("用于底稿"), "the department learns the outcome when it is told");
    assert!(!city.search(&city.audit, "briefing_items", "").await.0.contains("用于底稿"));
    city.does(&city.head, "briefings", Some(id), "conclude", &[]).await;
    let after = city.facts(&city.audit, "briefing_items", item).await;
    assert!(after.contains("用于底稿"));
    for kept in ["DG-2023-0009", "查阅凭证属实"] {
        assert!(
            !after.contains(kept) && !city.search(&city.audit, "briefing_items", "").await.0.contains(kept)
        );
        assert!(city.facts(&city.head, "briefing_items", item).await.contains(kept));
    }
    assert_eq!(city.state(&city.audit, "briefings", id).await, "concluded");
}

#[tokio::test]
async fn an_empty_reply_must_say_that_there_is_nothing() {
    let city = City::new().await;
    issued(&city).await;
    let id = request(&city).await;
    let refusal = refused(city.perform(&city.audit, "briefings", Some(id), "submit", &[]).await);
    assert_eq!(refusal.fields[0].0, "statement");
    city.does(&city.audit, "briefings", Some(id), "submit", &[("statement", "经查无有关情况")]).await;
}

#[tokio::test]
async fn what_is_sent_back_returns_to_the_department_with_a_new_clock_and_out_of_the_teams_sight() {
    let city = City::new().await;
    issued(&city).await;
    let id = request(&city).await;
    city.does(&city.audit, "briefings", Some(id), "add_items", ITEMS).await;
    city.does(&city.audit, "briefings", Some(id), "submit", &[]).await;
    city.at("2023-06-09");
    city.does(&city.head, "briefings", Some(id), "return_for_more", &[("reason", "请补充文号")]).await;
    assert_eq!(city.total(&city.head, "briefing_items").await, 0);
    let item = city.one("select id from briefing_item where number like '%-01'").await;
    let corrected = [("kind", "audit_finding"), ("summary", "补充文号"), ("secrecy", "internal")];
    city.does(&city.audit, "briefing_items", Some(item), "edit", &corrected).await;
    let second = city.one("select id from briefing_item where number like '%-02'").await;
    city.does(&city.audit, "briefing_items", Some(second), "remove", &[]).await;
    city.does(&city.audit, "briefings", Some(id), "submit", &[]).await;
    assert_eq!(city.total(&city.head, "briefing_items").await, 1);
    let due = city.number("select count(*) from briefing where due_on > '2023-06-20'").await;
    assert_eq!(due, 1);
}

#[tokio::test]
async fn a_sealed_item_is_in_no_list_no_search_and_no_row_and_its_reading_is_recorded() {
    let city = City::new().await;
    issued(&city).await;
    let id = request(&city).await;
    city.does(&city.audit, "briefings", Some(id), "add_items", ITEMS).await;
    city.does(&city.audit, "briefings", Some(id), "submit", &[]).await;
    assert_eq!(city.search(&city.head, "briefing_items", "收受").await.1, 0);
    assert_eq!(city.search(&city.head, "briefing_items", "河道整治").await.1, 1);
    assert!(!city.search(&city.head, "briefing_items", "").await.0.contains("收受"));
    let plain =
        "select count(*) from briefing_item where summary like '%收受%' or summary_sealed like '%收受%'";
    assert_eq!(city.number(plain).await, 0);
    let reads = "select count(*) from audit_entry where deed = 'read' and noun = 'briefing_items'";
    let before = city.number(reads).await;
    let sealed = city.one("select id from briefing_item where secrecy = 'sealed'").await;
    assert!(city.facts(&city.member, "briefing_items", sealed).await.contains("收受"));
    assert_eq!(city.number(reads).await, before + 1);
}

#[tokio::test]
async fn the_inspected_organisation_and_every_stranger_without_oversight_see_nothing() {
    let city = City::new().await;
    issued(&city).await;
    let id = request(&city).await;
    city.does(&city.audit, "briefings", Some(id), "add_items", ITEMS).await;
    city.does(&city.audit, "briefings", Some(id), "submit", &[]).await;
    let mut people = strangers();
    people.extend([Arc::clone(&city.liaison), Arc::clone(&city.discipline)]);
    for who in people {
        let oversees = who.is_office() || who.is(Role::LeadingGroup);
        assert_eq!(city.total(&who, "briefing_items").await, if oversees { 2 } else { 0 }, "{}", who.name);
        if !oversees {
            assert_eq!(refused(city.show(&who, "briefings", id).await).reason, Reason::NotFound);
            let refusal = refused(city.perform(&who, "briefings", Some(id), "receive", &[]).await);
            assert_eq!(refusal.reason, Reason::NotFound);
        }
    }
}

#[tokio::test]
async fn a_department_cannot_add_to_what_another_was_asked() {
    let city = City::new().await;
    issued(&city).await;
    let id = request(&city).await.to_string();
    let entries =
        [("briefing", id.as_str()), ("kind", "problem"), ("summary", "某事"), ("secrecy", "internal")];
    let refusal = refused(city.perform(&city.discipline, "briefing_items", None, "create", &entries).await);
    assert_eq!(refusal.fields[0].0, "briefing");
    city.does(&city.audit, "briefing_items", None, "create", &entries).await;
}

#[tokio::test]
async fn urging_is_counted_and_told_to_the_department() {
    let city = City::new().await;
    issued(&city).await;
    let id = request(&city).await;
    city.at("2023-07-01");
    city.does(&city.clerk, "briefings", Some(id), "urge", &[("note", "请尽快回复")]).await;
    let cx = city.test.app.read(&city.audit);
    assert_eq!(registry::notices::unread_count(&cx).await.unwrap(), 2);
    assert_eq!(city.number("select urges from briefing where urges > 0").await, 1);
}

const CONTENT: &str = "反映局长某某违规插手水库除险加固工程";

async fn piece(city: &City) -> Uuid {
    let (giver, unit) = (city.discipline_body.to_string(), city.unit.to_string());
    let entries = [
        ("giver", giver.as_str()),
        ("unit", unit.as_str()),
        ("kind", "lead"),
        ("given_on", "2023-06-01"),
        ("subject", "局长某某"),
        ("content", CONTENT),
        ("request", "调阅工程招标档案"),
    ];
    city.does(&city.discipline, "brought_pieces", None, "create", &entries).await
}

#[tokio::test]
async fn a_piece_is_verified_by_the_named_member_and_reported_back() {
    let city = City::new().await;
    let id = piece(&city).await;
    let noun = "brought_pieces";
    city.does(&city.head, noun, Some(id), "receive", &[("received_on", "2023-06-01")]).await;
    assert_eq!(city.total(&city.member, noun).await, 0);
    let member = city.member.account.unwrap().to_string();
    city.does(&city.head, noun, Some(id), "assign", &[("member", &member)]).await;
    assert_eq!((city.total(&city.member, noun).await, city.total(&city.second_member, noun).await), (1, 0));
    let findings = [("outcome", "partly_confirmed"), ("findings", "档案显示两次变更招标方式")];
    city.does(&city.member, noun, Some(id), "verify", &findings).await;
    assert!(!city.search(&city.discipline, noun, "").await.0.contains("部分属实"));
    city.does(&city.head, noun, Some(id), "report", &[("reply", "建议进一步核查")]).await;
    let told = city.facts(&city.discipline, noun, id).await;
    assert!(told.contains("部分属实") && told.contains("建议进一步核查"));
    assert!(!told.contains("两次变更"), "what was found on site stays inside");
    assert!(city.facts(&city.group, noun, id).await.contains("两次变更"));
}

#[tokio::test]
async fn a_piece_given_to_somebody_else_is_gone_for_the_first() {
    let city = City::new().await;
    let id = piece(&city).await;
    let noun = "brought_pieces";
    city.does(&city.head, noun, Some(id), "receive", &[("received_on", "2023-06-01")]).await;
    for who in [&city.member, &city.second_member] {
        let account = who.account.unwrap().to_string();
        city.does(&city.head, noun, Some(id), "assign", &[("member", &account)]).await;
    }
    assert_eq!(refused(city.show(&city.member, noun, id).await).reason, Reason::NotFound);
    city.show(&city.second_member, noun, id).await.unwrap();
    let outsider = city.clerk.account.unwrap().to_string();
    refused(city.perform(&city.head, noun, Some(id), "assign", &[("member", &outsider)]).await);
}

#[tokio::test]
async fn nobody_but_giver_team_and_those_above_gets_to_know_of_a_piece() {
    let city = City::new().await;
    let id = piece(&city).await;
    let mut people = strangers();
    people.extend([
        Arc::clone(&city.liaison),
        Arc::clone(&city.audit),
        Arc::clone(&city.clerk),
        Arc::clone(&city.member),
    ]);
    for who in people {
        let may = who.is(Role::OfficeDirector) || who.is(Role::LeadingGroup);
        assert_eq!(city.total(&who, "brought_pieces").await == 1, may, "{}", who.name);
        if !may {
            assert_eq!(refused(city.show(&who, "brought_pieces", id).await).reason, Reason::NotFound);
        }
    }
    assert_eq!(city.search(&city.head, "brought_pieces", "水库").await.1, 0);
    assert!(!city.search(&city.head, "brought_pieces", "").await.0.contains("水库"));
}

#[tokio::test]
async fn a_body_gives_pieces_only_in_its_own_name_and_not_about_itself() {
    let city = City::new().await;
    let (giver, unit) = (city.audit_body.to_string(), city.unit.to_string());
    let entries = [
        ("giver", giver.as_str()),
        ("unit", unit.as_str()),
        ("kind", "lead"),
        ("given_on", "2023-06-01"),
        ("subject", "某"),
        ("content", "某事"),
        ("request", "核查"),
    ];
    for who in [&city.discipline, &city.audit] {
        refused(city.perform(who, "brought_pieces", None, "create", &entries).await);
    }
}

#[tokio::test]
async fn a_liaison_of_the_office_brings_in_what_came_on_paper_and_reads_the_answer_only() {
    let city = City::new().await;
    piece(&city).await;
    let (giver, unit) = (city.audit_body.to_string(), city.unit.to_string());
    let entries = [
        ("giver", giver.as_str()),
        ("unit", unit.as_str()),
        ("kind", "petition"),
        ("given_on", "2023-06-01"),
        ("subject", "某"),
        ("content", "某事"),
        ("request", "核查"),
    ];
    let noun = "brought_pieces";
    let id = city.perform(&city.clerk, noun, None, "create", &entries).await.unwrap().id;
    assert_eq!(city.total(&city.clerk, noun).await, 1, "his own and no other");
    city.does(&city.head, noun, Some(id), "receive", &[("received_on", "2023-06-01")]).await;
    let member = city.member.account.unwrap().to_string();
    city.does(&city.head, noun, Some(id), "assign", &[("member", &member)]).await;
    let findings = [("outcome", "unfounded"), ("findings", "查无此事的依据")];
    city.does(&city.member, noun, Some(id), "verify", &findings).await;
    refused(city.perform(&city.clerk, noun, Some(id), "report", &[("reply", "无")]).await);
    city.does(&city.head, noun, Some(id), "report", &[("reply", "未发现问题")]).await;
    let told = city.facts(&city.clerk, noun, id).await;
    assert!(told.contains("不属实") && told.contains("未发现问题") && !told.contains("查无此事的依据"));
}

#[tokio::test]
async fn lists_and_waiting_work_of_this_area_run_for_every_role() {
    let city = City::new().await;
    issued(&city).await;
    piece(&city).await;
    city.walk().await;
}
