//! Whoever approves the authorisation of a team sees whom it is for.

use crate::support::City;

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_who_is_asked_to_authorise_a_team_sees_its_people_with_their_parts_and_workplaces() {
    let city = City::new().await;
    let waiting =
        city.ids(db::Sql::new("select id from authorisation where state = 'submitted' limit 1")).await[0];
    let mut sql = db::Sql::new(
        "select a.name, o.name from authorisation h join post p on p.inspection_id = h.inspection_id \
         join account a on a.id = p.account_id join person e on e.id = a.person_id \
         join organisation o on o.id = e.organisation_id where h.id = ",
    );
    sql.bind(waiting).push(" order by a.name limit 1");
    let rows = city.behind().rows(sql).await.expect("a good statement");
    let (name, workplace): (String, String) =
        (rows[0].try_get_by_index(0).expect("a name"), rows[0].try_get_by_index(1).expect("a workplace"));
    for role in ["committee_leader", "leading_group"] {
        let leader = city.person(role).await;
        let page = leader.get(&format!("/authorisations/{waiting}?tab=team")).await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(page.body.contains("巡察组成员"), "{role}");
        for text in [&name, &workplace] {
            assert!(page.body.contains(text), "{role} does not see {text}");
        }
    }
}
