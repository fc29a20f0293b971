//! New records that a unit of work holds back: whoever works with them notices nothing.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it cannot go on")]

mod support;

use kit::{Form, Refusal, Result, WriteCx, perform};
use support::City;
use uuid::Uuid;

async fn city() -> City {
    City::new(fieldwork::services()).await
}

/// Does a deed on problems inside the unit of work at hand.
async fn deed(cx: &mut WriteCx, id: Option<Uuid>, deed: &str, entries: &[(&str, &str)]) -> Result<Uuid> {
    let mut form = Form::default();
    entries.iter().for_each(|(name, text)| form.put(*name, *text));
    let request = perform::Request {
        noun: String::from("problems"),
        id,
        deed: String::from(deed),
        form,
        key: None,
        strict: true,
    };
    Ok(perform::perform_in(cx, request).await?.id)
}

/// Enters a problem of `unit` inside the unit of work at hand.
async fn enter(cx: &mut WriteCx, unit: Uuid, title: &str) -> Result<Uuid> {
    let unit = unit.to_string();
    let entries = [
        ("unit", unit.as_str()),
        ("title", title),
        ("text", "2021年至2022年沉淀专项资金"),
        ("nature", "individual"),
        ("source", "petition"),
        ("found_on", "2023-03-01"),
    ];
    deed(cx, None, "create", &entries).await
}

const FEED_BACK: [(&str, &str); 1] = [("fed_back_on", "2023-05-10")];

async fn numbers(city: &City) -> Vec<String> {
    let cx = city.test.app.read(&city.director);
    let rows = cx.rows(db::Sql::new("select number || state from problem order by number")).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

#[tokio::test]
async fn records_held_back_are_found_and_changed_and_stored_like_others() {
    let city = city().await;
    let unit = city.unit;
    let work = city.test.app.write(&city.clerk, |cx| {
        Box::pin(async move {
            cx.hold_back();
            for title in ["甲", "乙", "丙"] {
                cx.begin_step().await?;
                let id = enter(cx, unit, title).await?;
                deed(cx, Some(id), "feed_back", &FEED_BACK).await?;
            }
            enter(cx, unit, "丁").await
        })
    });
    work.await.unwrap();
    assert_eq!(
        numbers(&city).await,
        ["WT-2023-0001fed_back", "WT-2023-0002fed_back", "WT-2023-0003fed_back", "WT-2023-0004found"]
    );
    city.problem("戊").await;
    assert_eq!(numbers(&city).await.last().unwrap(), "WT-2023-0005found", "the series was written down");
    assert_eq!(city.list(&city.liaison, "problems").await.1, 3, "the unit sees what it was told");
    let notices = city.test.app.read(&city.director);
    assert_eq!(notices.number(db::Sql::new("select count(*) from notice")).await.unwrap(), 3);
}

#[tokio::test]
async fn a_statement_in_between_sees_everything_that_was_held_back() {
    let city = city().await;
    let unit = city.unit;
    let work = city.test.app.write(&city.clerk, |cx| {
        Box::pin(async move {
            cx.hold_back();
            let id = enter(cx, unit, "甲").await?;
            let count = db::Sql::new("select count(*) from problem");
            assert_eq!(cx.number(count).await?, 1);
            deed(cx, Some(id), "feed_back", &FEED_BACK).await
        })
    });
    work.await.unwrap();
    assert_eq!(numbers(&city).await, ["WT-2023-0001fed_back"]);
}

/// Enters one problem, and in a step of its own tells the unit of it and enters another; then takes the step back.
/// When `asks`, a statement between the two has everything stored.
async fn step_taken_back(city: &City, asks: bool) {
    let unit = city.unit;
    let work = city.test.app.write(&city.clerk, |cx| {
        Box::pin(async move {
            cx.hold_back();
            cx.begin_step().await?;
            let first = enter(cx, unit, "甲").await?;
            cx.begin_step().await?;
            let second = enter(cx, unit, "乙").await?;
            if asks {
                cx.number(db::Sql::new("select count(*) from problem")).await?;
            }
            deed(cx, Some(first), "feed_back", &FEED_BACK).await?;
            deed(cx, Some(second), "feed_back", &FEED_BACK).await?;
            cx.undo_step().await?;
            let gone = deed(cx, Some(second), "feed_back", &FEED_BACK).await.unwrap_err();
            assert!(matches!(
                gone,
                kit::Error::Refusal(Refusal { reason: kit::error::Reason::NotFound, .. })
            ));
            Ok(())
        })
    });
    work.await.unwrap();
    assert_eq!(numbers(city).await, ["WT-2023-0001found"]);
    let told = db::Sql::new("select count(*) from history where noun = 'problems'");
    assert_eq!(
        city.test.app.read(&city.director).number(told).await.unwrap(),
        1,
        "histories go with the step"
    );
}

#[tokio::test]
async fn a_step_taken_back_leaves_nothing_and_what_came_before_it_stays_as_it_was() {
    step_taken_back(&city().await, false).await;
}

#[tokio::test]
async fn a_step_is_taken_back_from_the_database_too_once_a_statement_had_it_stored() {
    step_taken_back(&city().await, true).await;
}
