//! The statistics page of an inspected organisation.

use kit::{Labelled as _, Role};

use crate::support::City;

#[tokio::test(flavor = "multi_thread")]
async fn an_inspected_organisation_reads_how_far_its_own_rectification_is_and_nobody_else_has_that_page() {
    let city = City::new().await;
    let liaison = city.person(Role::OrganisationLiaison.code()).await;
    let organisation = liaison.reading().await.actor.organisations(Role::OrganisationLiaison)[0];
    let count = async |more: &str| {
        let mut sql =
            db::Sql::new("select count(*) from problem where fed_back_on is not null and organisation_id = ");
        sql.bind(organisation).push(more);
        city.behind().number(sql).await.expect("a count")
    };
    let (fed_back, closed) = (count("").await, count(" and state = 'closed'").await);
    assert!(fed_back > 0 && closed > 0);
    let page = liaison.get("/own_statistics").await;
    assert_eq!(page.status, 200, "{}", page.body);
    let rate = kit::units::ratio(closed * 100, fed_back, 2);
    for figure in [fed_back.to_string(), closed.to_string(), rate] {
        assert!(page.body.contains(&format!("<b>{figure}</b>")), "{figure}");
    }
    assert_eq!(liaison.get("/figures").await.status, 404, "the figures of the city are not for it");
    for &role in Role::ALL.iter().filter(|&&role| role != Role::OrganisationLiaison) {
        assert_eq!(city.person(role.code()).await.get("/own_statistics").await.status, 404, "{role:?}");
    }
}
