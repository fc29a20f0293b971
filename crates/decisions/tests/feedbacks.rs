//! Feedback meetings, as the office holds them.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it cannot go on")]

#[path = "../../fieldwork/tests/support/mod.rs"]
mod support;

use std::sync::Arc;

use decisions::feedbacks::{self, FeedbackId};
use kit::{Actor, error::Reason};
use support::{City, day, refused, strangers};
use uuid::Uuid;

async fn city() -> City {
    let mut services = planning::services();
    services.extend(fieldwork::services());
    services.extend(decisions::services());
    City::new(services).await
}

async fn arranged(city: &City) -> Uuid {
    let unit = city.unit.to_string();
    let entries = [("unit", unit.as_str()), ("planned_on", "2023-05-30"), ("place", "市局会议室")];
    city.perform(&city.clerk, "feedbacks", None, "create", &entries).await.unwrap().id
}

async fn hold(city: &City, who: &Arc<Actor>, id: Uuid, held_on: &str) -> kit::Result<kit::Outcome> {
    let entries = [("held_on", held_on), ("place", "市局会议室"), ("leader_attended", "1")];
    city.perform(who, "feedbacks", Some(id), "hold", &entries).await
}

#[tokio::test]
async fn the_meeting_opens_all_found_problems_of_its_unit_and_of_no_other() {
    let city = city().await;
    let own = [city.problem("专项资金沉淀").await, city.problem("公务接待超标").await];
    let others = city.problem_of(city.other_unit, "采购程序不合规").await;
    let id = arranged(&city).await;
    assert_eq!(city.list(&city.liaison, "feedbacks").await.1, 0);
    let outcome = hold(&city, &city.director, id, "2023-06-01").await.unwrap();
    assert!(outcome.message.contains('2'));
    for problem in own {
        assert_eq!(city.state("problems", problem).await, "fed_back");
    }
    assert_eq!(city.state("problems", others).await, "found");
    // The stage of the inspected organisation moves with the meeting, and only of this one.
    assert_eq!(city.state("inspection_units", city.unit).await, "fed_back");
    assert_eq!(city.state("inspection_units", city.other_unit).await, "decided");
    assert_eq!(city.list(&city.liaison, "problems").await.1, 2);
    assert_eq!(city.list(&city.liaison, "feedbacks").await.1, 1);
    let record = [("statement", "照单全收，立即整改")];
    city.perform(&city.clerk, "feedbacks", Some(id), "record", &record).await.unwrap();
    assert_eq!(city.state("feedbacks", id).await, "recorded");
}

#[tokio::test]
async fn only_chosen_problems_are_fed_back_and_none_of_another_unit() {
    let city = city().await;
    let (chosen, left) = (city.problem("专项资金沉淀").await, city.problem("公务接待超标").await);
    let others = city.problem_of(city.other_unit, "采购程序不合规").await.to_string();
    let id = arranged(&city).await;
    let wrong = [("held_on", "2023-06-01"), ("place", "会议室"), ("problems", others.as_str())];
    let refusal = refused(city.perform(&city.clerk, "feedbacks", Some(id), "hold", &wrong).await);
    assert_eq!(refusal.fields[0].0, "problems");
    let chosen_text = chosen.to_string();
    let right = [("held_on", "2023-06-01"), ("place", "会议室"), ("problems", chosen_text.as_str())];
    city.perform(&city.clerk, "feedbacks", Some(id), "hold", &right).await.unwrap();
    assert_eq!(city.state("problems", chosen).await, "fed_back");
    assert_eq!(city.state("problems", left).await, "found");
}

#[tokio::test]
async fn the_leader_in_charge_on_the_day_is_filled_in_and_the_clock_runs_from_the_decision() {
    let city = city().await;
    let leader = [("leader_name", "江澜"), ("leader_title", "副市长"), ("from_on", "2022-01-01")];
    city.perform(&city.clerk, "organisations", Some(city.organisation), "put_in_charge", &leader)
        .await
        .unwrap();
    let id = arranged(&city).await;
    hold(&city, &city.clerk, id, "2023-06-01").await.unwrap();
    let cx = city.test.app.read(&city.director);
    let feedback = feedbacks::find(&cx, FeedbackId(id)).await.unwrap();
    assert_eq!(feedback.leader_name, "江澜");
    assert_eq!(feedback.leader_attended, Some(true));
    assert_eq!(feedback.due_on, Some(day("2023-05-05")));
}

#[tokio::test]
async fn a_unit_has_one_meeting_on_a_possible_day_held_once() {
    let city = city().await;
    let id = arranged(&city).await;
    let unit = city.unit.to_string();
    let again = city.perform(&city.clerk, "feedbacks", None, "create", &[("unit", unit.as_str())]).await;
    assert_eq!(refused(again).fields[0].0, "unit");
    for wrong in ["2023-06-02", "2023-04-19"] {
        assert_eq!(refused(hold(&city, &city.clerk, id, wrong).await).fields[0].0, "held_on", "{wrong}");
    }
    hold(&city, &city.clerk, id, "2023-06-01").await.unwrap();
    assert_eq!(refused(hold(&city, &city.clerk, id, "2023-06-01").await).reason, Reason::Conflict);
}

#[tokio::test]
async fn an_old_version_is_refused() {
    let city = city().await;
    let id = arranged(&city).await;
    let edit = [("place", "市委会议室"), ("version", "1")];
    city.perform(&city.clerk, "feedbacks", Some(id), "edit", &edit).await.unwrap();
    let second = city.perform(&city.clerk, "feedbacks", Some(id), "edit", &edit).await;
    assert_eq!(refused(second).reason, Reason::Stale);
}

#[tokio::test]
async fn nobody_but_the_office_holds_a_meeting_and_outsiders_do_not_know_of_it() {
    let city = city().await;
    let id = arranged(&city).await;
    for who in strangers().iter().filter(|who| !who.is_office()) {
        let sees = city.list(who, "feedbacks").await.1 == 1;
        let reason = refused(hold(&city, who, id, "2023-06-01").await).reason;
        assert_eq!(reason, if sees { Reason::Forbidden } else { Reason::NotFound }, "{}", who.name);
    }
    assert_eq!(refused(hold(&city, &city.head, id, "2023-06-01").await).reason, Reason::Forbidden);
}
