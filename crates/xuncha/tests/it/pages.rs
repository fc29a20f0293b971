//! The frame around every page: a navigation that stays short, pickers whose names each mean one record, and the
//! demonstration's calendar.

use kit::{Clock, Labelled as _, Pred, Role, clock::parse_day, lookup, service::Group};

use crate::support::City;

/// Entries that a group of the navigation has at most, with the way to all of them.
const LONGEST: usize = 9;

#[tokio::test(flavor = "multi_thread")]
async fn no_group_of_the_navigation_is_long_and_its_page_names_everything() {
    let city = City::new().await;
    for role in Role::ALL {
        let person = city.person(role.code()).await;
        let actor = city.actor_of(&person.login).await;
        let page = person.get("/").await.body;
        for group in page.split("<details class=\"nav-group\"").skip(1) {
            let group = group.split("</details>").next().unwrap_or_default();
            assert!(group.matches("nav-link").count() <= LONGEST, "{role:?}: {group}");
        }
        for &group in Group::ALL {
            let services = city.app.registry().services.iter();
            let own: Vec<_> =
                services.filter(|s| s.listed && s.group == group && s.reachable(&actor)).collect();
            let area = person.get(&format!("/areas/{}", group.code())).await;
            assert!(own.is_empty() || area.status == 200, "{role:?} has no page for {group:?}");
            for service in own {
                let link = format!("href=\"/{}\"", service.noun);
                assert!(area.body.contains(&link), "{role:?}: {link} is not on the page of {group:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_can_reach_nothing_of_has_no_page() {
    let city = City::new().await;
    let liaison = city.person("organisation_liaison").await;
    assert_eq!(liaison.get("/areas/models").await.status, 404);
    assert_eq!(liaison.get("/areas/nothing").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_name_that_a_picker_offers_means_one_record() {
    let city = City::new().await;
    let cx = city.behind();
    for noun in ["teams", "inspection_units", "people", "organisations"] {
        let offers = lookup::offers(&cx, noun, "", &Pred::All, 300).await.expect("offers");
        assert!(offers.len() > 10, "{noun}");
        for (id, name) in offers.iter().step_by(7) {
            match lookup::record(&cx, noun, name).await.expect("an answer") {
                Ok(meant) => assert_eq!(meant, *id, "{noun}: {name}"),
                // Two places of one person in one inspection cannot be told apart by name.
                Err(_) => {
                    assert!(offers.iter().filter(|(_, other)| other == name).count() > 1, "{noun}: {name}");
                }
            }
            assert_eq!(lookup::name(&cx, noun, *id).await.expect("a name").as_deref(), Some(name.as_str()));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demonstration_stands_at_its_day_while_sessions_and_audit_keep_real_time() {
    let day = parse_day("2024-01-31").expect("a day");
    let city = City::at(Clock::Standing(day)).await;
    let director = city.person("office_director").await;
    let home = director.get("/").await;
    assert_eq!(home.status, 200, "a session of now holds on a day of the past");
    assert!(home.body.contains("日历停在 <b>2024年1月31日</b>"));
    assert!(home.body.contains("clock-red") && home.body.contains("clock-orange"), "late, and due soon");
    let real = kit::audit::instant_text(Clock::System.now());
    let newest = "select count(*) from audit_entry where deed = 'sign_in' and at > '2024-02-01'";
    assert!(city.number(newest).await >= 1, "a sign-in of {real} is not recorded as of then");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_at_work_shows_no_standing_calendar() {
    let city = City::new().await;
    assert!(!city.person("office_director").await.get("/").await.body.contains("日历停在"));
}
