//! Reminders over weeks, on a clock that is moved: each stage once, through each person's own scope, made
//! up after a missed day, and a calendar that says nothing but kind, number and day.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use kit::{Clock, Role, calendar};
use registry::reminders::{self, Due};

use crate::support::City;

/// Eight in the morning at the office.
fn morning(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(0, 0, 0).expect("midnight").and_utc()
}

fn start() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 2).expect("a day")
}

/// Something with a deadline well ahead, and somebody outside the office for whom it waits.
async fn upcoming(city: &City) -> (String, Due) {
    let from = start() + Duration::days(25);
    for account in
        city.accounts.iter().filter(|account| !account.role.is_office() && account.role != Role::LeadingGroup)
    {
        let cx = city.sign_in(&account.login).await.reading().await;
        let found = reminders::ahead(&cx, start() + Duration::days(300)).await.expect("what waits");
        let first = found.into_iter().filter(|due| due.due > from).min_by_key(|due| (due.due, due.record));
        if let Some(due) = first {
            return (account.login.clone(), due);
        }
    }
    panic!("nobody has a deadline ahead");
}

/// The stages that `login` was reminded of a record at, with the day.
async fn stages(city: &City, login: &str, due: &Due) -> Vec<(NaiveDate, String)> {
    let mut sql = db::Sql::new(
        "select r.stage, r.at from reminder r join account a on a.id = r.account_id where a.login = ",
    );
    sql.bind(login).push(" and r.record_id = ").bind(due.record).push(" order by r.at, r.stage");
    let rows = city.behind().rows(sql).await.expect("reminders");
    rows.iter()
        .map(|row| {
            let at: DateTime<Utc> = row.try_get_by_index(1).expect("an instant");
            (kit::clock::office_day(at), row.try_get_by_index(0).expect("a stage"))
        })
        .collect()
}

async fn correct(city: &City, day: NaiveDate, working: bool) {
    let person = city.person("office_director").await;
    let flag = String::from(if working { "1" } else { "" });
    let entries = [
        ("from", day.to_string()),
        ("to", day.to_string()),
        ("working", flag),
        ("name", String::from("调休")),
    ];
    let entries: Vec<(&str, &str)> = entries.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = person.post("/calendar_days", &entries).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_stage_is_reached_once_over_weeks_with_a_worked_weekend() {
    let clock = Clock::at(morning(start()));
    let city = City::at(clock.clone()).await;
    let (login, due) = upcoming(&city).await;
    // The Saturday two weeks before is worked; the days before the deadline count accordingly.
    let mut saturday = due.due - Duration::days(14);
    while saturday.format("%u").to_string() != "6" {
        saturday += Duration::days(1);
    }
    let cx = city.behind();
    if !calendar::of(&cx).await.expect("a calendar").works(saturday) {
        correct(&city, saturday, true).await;
    }
    let calendar = calendar::of(&city.behind()).await.expect("a calendar");
    let mut day = calendar.after(due.due - Duration::days(20), 1);
    while calendar.between(due.due, day) < 5 {
        clock.set(morning(day));
        reminders::run(&city.app).await.expect("a run");
        day += Duration::days(1);
    }
    // Again within the hour, as after a restart.
    clock.set(clock.now() + Duration::minutes(50));
    assert_eq!(reminders::run(&city.app).await.expect("a run").records, 0, "sent twice");
    let sent = stages(&city, &login, &due).await;
    let of = |stage: &str| sent.iter().find(|(_, held)| held == stage).map(|(day, _)| *day);
    let names: Vec<&str> = sent.iter().map(|(_, stage)| stage.as_str()).collect();
    assert!(names.starts_with(&["before-7", "before-3", "last-day", "overdue-0", "overdue-1"]), "{sent:?}");
    assert!(sent.iter().all(|(day, _)| calendar.works(*day)), "reminded on a day off: {sent:?}");
    assert_eq!(calendar.between(of("before-7").expect("sent"), due.due), 7);
    assert_eq!(calendar.between(of("before-3").expect("sent"), due.due), 3);
    assert_eq!(calendar.between(due.due, of("overdue-1").expect("sent")), 4);

    // Who supervises is told of what others have left undone for so long, once.
    let mut sql = db::Sql::new(
        "select r.due_on, r.at from reminder r join account a on a.id = r.account_id where a.login = ",
    );
    sql.bind(city.login("office_director")).push(" and r.stage = 'escalated-5'");
    let told = city.behind().rows(sql).await.expect("reminders");
    assert!(!told.is_empty());
    for row in told {
        let (due, at): (NaiveDate, DateTime<Utc>) =
            (row.try_get_by_index(0).expect("a day"), row.try_get_by_index(1).expect("an instant"));
        assert!(calendar.between(due, kit::clock::office_day(at)) >= 5);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missed_day_is_made_up_by_one_reminder() {
    let clock = Clock::at(morning(start()));
    let city = City::at(clock.clone()).await;
    let (login, due) = upcoming(&city).await;
    reminders::run(&city.app).await.expect("a run");
    // Off for weeks; the deadline is over when the program comes back.
    let calendar = calendar::of(&city.behind()).await.expect("a calendar");
    clock.set(morning(calendar.after(due.due, 2)));
    reminders::run(&city.app).await.expect("a run");
    let names: Vec<String> = stages(&city, &login, &due).await.into_iter().map(|(_, stage)| stage).collect();
    assert_eq!(names, ["overdue-0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_reminded_of_what_they_may_not_see() {
    let city = City::at(Clock::at(morning(start()))).await;
    let sent = reminders::run(&city.app).await.expect("a run");
    assert!(sent.people > 3 && sent.records > 10, "{sent:?}");
    let rows = city
        .behind()
        .rows(db::Sql::new("select account_id, noun, record_id from reminder order by account_id"))
        .await
        .expect("reminders");
    let mut people: BTreeMap<uuid::Uuid, Arc<kit::Actor>> = BTreeMap::new();
    for row in &rows {
        let account: uuid::Uuid = row.try_get_by_index(0).expect("an id");
        let noun: String = row.try_get_by_index(1).expect("a noun");
        if let Entry::Vacant(place) = people.entry(account) {
            let person = registry::accounts::sessions::person(&city.app, account).await.expect("read");
            place.insert(Arc::new(person.expect("somebody in use")));
        }
        let cx = city.app.read(&people[&account]);
        let record = row.try_get_by_index(2).expect("an id");
        assert!(kit::service::can_see(&cx, &noun, record).await.expect("read"), "{noun} {record}");
    }
    let administrators =
        people.values().filter(|person| person.posts.iter().all(|post| post.role.is_administrator()));
    assert_eq!(administrators.count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_comes_as_one_notice_or_singly_as_each_person_wants() {
    let city = City::at(Clock::at(morning(start()))).await;
    reminders::run(&city.app).await.expect("a run");
    let counted = "select a.login from reminder r join account a on a.id = r.account_id group by a.login having count(*) > 1";
    let rows = city.behind().rows(db::Sql::new(counted)).await.expect("reminders");
    let logins: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).expect("a login")).collect();
    let account =
        city.accounts.iter().find(|account| logins.contains(&account.login)).expect("somebody with a digest");
    let person = city.sign_in(&account.login).await;
    let inbox = person.get("/inbox").await.body;
    let address =
        inbox.split("href=\"/reminders/").nth(1).and_then(|rest| rest.split('"').next()).expect("a digest");
    assert!(inbox.contains("今日提醒："));
    let digest = person.get(&format!("/reminders/{address}")).await;
    assert_eq!(digest.status, 200);
    assert!(digest.body.contains("row-link"));
    let other = city.accounts.iter().find(|other| other.login != account.login).expect("somebody else");
    let other = city.sign_in(&other.login).await;
    assert_eq!(
        other.get(&format!("/reminders/{address}")).await.status,
        404,
        "another's digest does not exist"
    );

    let answer = person.post("/reminders", &[("manner", "single")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = person.get("/reminders").await.body;
    assert!(page.contains("value=\"single\" selected") && !page.contains("checked"));
    assert_eq!(person.post("/reminders", &[("manner", "loud")]).await.status, 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_opens_by_its_secret_alone_until_it_is_revoked() {
    let city = City::at(Clock::at(morning(start()))).await;
    let (login, due) = upcoming(&city).await;
    let person = city.sign_in(&login).await;
    let page = person.post("/reminders/feed", &[]).await;
    assert_eq!(page.status, 200);
    let token = page
        .body
        .split("/calendar-feeds/")
        .nth(1)
        .and_then(|rest| rest.split(".ics").next())
        .expect("a token")
        .to_owned();
    assert!(!person.get("/reminders").await.body.contains(&token), "the address is shown once");
    let fetch = async |token: &str| {
        let request = axum::http::Request::builder().uri(format!("/calendar-feeds/{token}.ics"));
        city.send(request.body(axum::body::Body::empty()).expect("a request")).await
    };
    let feed = fetch(&token).await;
    assert_eq!(feed.status, 200);
    let unfolded = feed.body.replace("\r\n ", "");
    assert!(
        unfolded.contains(&format!("DTSTART;VALUE=DATE:{}", due.due.format("%Y%m%d")))
            && unfolded.contains(&due.number)
    );
    let title = kit::web::list::title_of(&person.reading().await, due.noun, due.record)
        .await
        .expect("read")
        .expect("a title");
    assert!(title == due.number || !unfolded.contains(&title), "a calendar says what a record is about");
    assert!(!unfolded.contains(&due.record.to_string()));

    assert_eq!(fetch(&"0".repeat(64)).await.status, 404);
    assert_eq!(fetch("x").await.status, 404);
    assert_eq!(person.post("/reminders/feed/revoke", &[]).await.status, 303);
    assert_eq!(fetch(&token).await.status, 404);
    assert_eq!(person.post("/reminders/feed/revoke", &[]).await.status, 409);
    let again = person.post("/reminders/feed", &[]).await;
    assert!(!again.body.contains(&token));
}
