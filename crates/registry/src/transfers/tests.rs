//! The story of a transfer of each kind, and what strangers get to know of it: nothing.

use chrono::{DateTime, NaiveDate};
use kit::{
    Labelled as _, Role,
    error::Reason,
    testing::{TestApp, actor},
};
use uuid::Uuid;

use super::{Kind, Mode, NOUN, Sending, State, Transfer, TransferId, actions, store};
use crate::testing::{account, app, director, organisation, post_at, refusal};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn sending(kind: Kind, recipient: Uuid) -> Sending {
    Sending {
        kind,
        subject_noun: "subjects",
        subject_id: kit::ids::random(),
        title: String::from("某单位有关事项"),
        inspection: Some(kit::ids::random()),
        organisation: None,
        recipient,
        mode: Mode::Single,
        early: false,
        sent_on: day("2023-06-01"),
    }
}

async fn send(test: &TestApp, sending: Sending) -> kit::Result<TransferId> {
    test.app.write(&director(), |cx| Box::pin(actions::send(cx, sending))).await
}

async fn stored(test: &TestApp, id: TransferId) -> Transfer {
    store::find(&test.app.read(&director()), id).await.unwrap()
}

/// What each kind's recipient chooses and reports.
const ANSWERS: [(Kind, &str, &str); 4] = [
    (Kind::Lead, "inquiry", "reminder"),
    (Kind::Suggestion, "adopted", "carried_out"),
    (Kind::SuspectProject, "case_filed", "penalty"),
    (Kind::CommonProblem, "campaign", "campaign_done"),
];

#[tokio::test]
async fn every_kind_goes_from_receipt_to_close_and_a_stranger_sees_none_of_it() {
    let test = app().await;
    let here = organisation(&test, "J01", "市纪委监委").await;
    let elsewhere = organisation(&test, "J02", "市审计局").await;
    let (recipient, stranger) =
        (actor(Role::Discipline, Some(here), None), actor(Role::Discipline, Some(elsewhere), None));
    for (kind, disposal, result) in ANSWERS {
        let id = send(&test, sending(kind, here)).await.unwrap();
        let deeds: [(&str, Vec<(&str, &str)>); 4] = [
            ("receive", vec![("received_on", "2023-06-01"), ("received_by", "林某")]),
            ("dispose", vec![("disposal", disposal), ("disposal_on", "2023-06-01")]),
            (
                "report_result",
                vec![("result", result), ("result_on", "2023-06-01"), ("result_note", "已办理")],
            ),
            ("close", vec![]),
        ];
        for (deed, entries) in deeds {
            let foreign = refusal(test.perform(&stranger, NOUN, Some(id.0), deed, &entries).await);
            assert_eq!(foreign.reason, Reason::NotFound, "{deed}");
            let right = if deed == "close" { director() } else { std::sync::Arc::clone(&recipient) };
            test.perform(&right, NOUN, Some(id.0), deed, &entries).await.unwrap();
        }
        let transfer = stored(&test, id).await;
        assert_eq!((transfer.state, transfer.result.map(kit::Labelled::code)), (State::Closed, Some(result)));
    }
}

#[tokio::test]
async fn the_sender_cannot_answer_for_the_recipient() {
    let test = app().await;
    let here = organisation(&test, "J01", "市纪委监委").await;
    let id = send(&test, sending(Kind::Lead, here)).await.unwrap();
    let entries = [("received_on", "2023-06-01"), ("received_by", "林某")];
    let refused = refusal(test.perform(&director(), NOUN, Some(id.0), "receive", &entries).await);
    assert_eq!(refused.reason, Reason::Forbidden);
}

#[tokio::test]
async fn a_way_of_another_kind_and_a_rejection_without_reason_are_refused() {
    let test = app().await;
    let here = organisation(&test, "B01", "市某局").await;
    let recipient = actor(Role::FunctionalDepartment, Some(here), None);
    let id = send(&test, sending(Kind::Suggestion, here)).await.unwrap();
    let receipt = [("received_on", "2023-06-01"), ("received_by", "林某")];
    test.perform(&recipient, NOUN, Some(id.0), "receive", &receipt).await.unwrap();
    let lead_way = [("disposal", "inquiry"), ("disposal_on", "2023-06-01")];
    refusal(test.perform(&recipient, NOUN, Some(id.0), "dispose", &lead_way).await);
    let bare = [("disposal", "not_adopted"), ("disposal_on", "2023-06-01")];
    let refused = refusal(test.perform(&recipient, NOUN, Some(id.0), "dispose", &bare).await);
    assert_eq!(refused.fields.first().map(|(name, _)| name.as_str()), Some("disposal_note"));
}

#[tokio::test]
async fn what_was_returned_is_sent_again_with_a_new_clock() {
    let test = app().await;
    let here = organisation(&test, "J01", "市纪委监委").await;
    let recipient = actor(Role::Discipline, Some(here), None);
    let id = send(&test, sending(Kind::Lead, here)).await.unwrap();
    assert_eq!(stored(&test, id).await.due_on, day("2023-09-01"));
    test.perform(&recipient, NOUN, Some(id.0), "return_for_more", &[("reason", "缺少附件")]).await.unwrap();
    test.set_clock(DateTime::parse_from_rfc3339("2023-06-20T09:00:00+08:00").unwrap().to_utc());
    let again = [("sent_on", "2023-06-20"), ("note", "已补")];
    // A lead goes out again from its own page, where what is handed over is frozen anew.
    let here = refusal(test.perform(&director(), NOUN, Some(id.0), "resend", &again).await);
    assert_eq!(here.reason, Reason::Forbidden);
    let send_on = |on: &'static str| {
        let director = director();
        let app = test.app.clone();
        async move {
            let note = String::from("已补");
            app.write(&director, |cx| Box::pin(actions::resend_subject(cx, id, day(on), note))).await
        }
    };
    refusal(send_on("2023-05-31").await);
    send_on("2023-06-20").await.unwrap();
    let transfer = stored(&test, id).await;
    assert_eq!((transfer.state, transfer.due_on), (State::Sent, day("2023-09-20")));
}

#[tokio::test]
async fn sending_and_urging_notify_those_who_hold_a_post_at_the_recipient() {
    let test = app().await;
    let here = organisation(&test, "J01", "市纪委监委").await;
    let elsewhere = organisation(&test, "J02", "市审计局").await;
    let officer = account(&test, "officer").await;
    post_at(&test, officer, Role::Discipline, Some(here)).await;
    let id = send(&test, sending(Kind::Lead, here)).await.unwrap();
    test.perform(&director(), NOUN, Some(id.0), "urge", &[("note", "请尽快")]).await.unwrap();
    let transfer = stored(&test, id).await;
    assert_eq!((transfer.urges, transfer.state), (1, State::Sent));
    for (organisation, expected) in [(here, 2), (elsewhere, 0)] {
        let cx = test.app.read(&actor(Role::Discipline, Some(organisation), None));
        assert_eq!(crate::notices::unread_count(&cx).await.unwrap(), expected);
    }
}

#[tokio::test]
async fn a_double_transfer_is_two_sends_and_the_same_recipient_twice_is_refused() {
    let test = app().await;
    let discipline = organisation(&test, "J01", "市纪委监委").await;
    let personnel = organisation(&test, "Z01", "市委组织部").await;
    let first = Sending { mode: Mode::Double, ..sending(Kind::Lead, discipline) };
    let (one, two) = (first.clone(), Sending { recipient: personnel, ..first.clone() });
    let one = send(&test, one).await.unwrap();
    refusal(send(&test, first.clone()).await);
    let two = send(&test, two).await.unwrap();
    assert_eq!((stored(&test, one).await.ordinal, stored(&test, two).await.ordinal), (1, 2));
    assert_ne!(stored(&test, one).await.number, stored(&test, two).await.number);
}

#[tokio::test]
async fn a_lead_never_goes_to_the_organisation_it_is_about() {
    let test = app().await;
    let here = organisation(&test, "B01", "市某局").await;
    let about = Sending { organisation: Some(here), ..sending(Kind::Lead, here) };
    refusal(send(&test, about).await);
    let tomorrow = Sending { sent_on: day("2023-06-02"), ..sending(Kind::Lead, here) };
    refusal(send(&test, tomorrow).await);
}

#[tokio::test]
async fn somebody_who_looked_at_an_older_version_is_told_so() {
    let test = app().await;
    let here = organisation(&test, "J01", "市纪委监委").await;
    let id = send(&test, sending(Kind::Lead, here)).await.unwrap();
    test.perform(&director(), NOUN, Some(id.0), "urge", &[("note", "一")]).await.unwrap();
    let stale = [("note", "二"), ("version", "1")];
    let refused = refusal(test.perform(&director(), NOUN, Some(id.0), "urge", &stale).await);
    assert_eq!(refused.reason, Reason::Stale);
}

#[tokio::test]
async fn lists_pages_and_waiting_work_of_this_area_run_for_every_role() {
    let test = app().await;
    let here = organisation(&test, "J01", "市纪委监委").await;
    let id = send(&test, sending(Kind::Suggestion, here)).await.unwrap();
    for &role in Role::ALL {
        let person = actor(role, Some(here), None);
        let cx = test.app.read(&person);
        for service in &test.app.registry().services {
            let ask = kit::table::Ask::usual(&service.list).unwrap();
            let visible = (service.visible)(&person);
            kit::table::run(&cx, service.noun, &service.list, &visible, &kit::Pred::All, &ask).await.unwrap();
            for waiting in &service.waiting {
                let preset = (waiting.condition)(&person, cx.today());
                kit::table::run(&cx, service.noun, &service.list, &visible, &preset, &ask).await.unwrap();
            }
        }
        let service = test.app.registry().service(NOUN).unwrap();
        let seen = (service.show)(&cx, id.0).await.is_ok();
        assert_eq!(seen, kit::service::can_see(&cx, NOUN, id.0).await.unwrap(), "{role:?}");
    }
}
