//! How many statements a page costs: pinned, so that a list that asks once for each row is noticed.

use crate::support::{City, Person};

/// For how long the answer holds that no other server has written (`kit::cx`): where others may write, the clock asks
/// that, once more for each such while that a page takes on a busy machine.
const REVISION_HOLDS: u128 = 10;

/// Opens `path` once, so that what can be remembered is, and then counts its statements: the fewest of
/// three times, because on PostgreSQL the writers behind the page (audit, last use of a session) share the pool.
async fn statements(city: &City, person: &Person<'_>, path: &str) -> u64 {
    assert_eq!(person.get(path).await.status, 200, "{path}");
    let mut fewest = u64::MAX;
    for _ in 0..3 {
        let (before, begun) = (city.statements(), std::time::Instant::now());
        assert_eq!(person.get(path).await.status, 200, "{path}");
        let asked_by_clock = if city.app.db().sole_writer() {
            0
        } else {
            u64::try_from(begun.elapsed().as_millis() / REVISION_HOLDS).unwrap_or(0)
        };
        fewest = fewest.min((city.statements() - before).saturating_sub(asked_by_clock));
    }
    fewest
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_costs_a_few_statements_however_many_rows_it_shows() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    for noun in ["problems", "measures", "inspection_units", "organisations"] {
        // The count is remembered from here on, so that both pages are asked alike.
        assert_eq!(person.get(&format!("/{noun}?size=3")).await.status, 200);
        let few = statements(&city, &person, &format!("/{noun}?size=2")).await;
        let many = statements(&city, &person, &format!("/{noun}?size=200")).await;
        // A short page may be remembered whole, a long one is read anew with one statement; where other servers
        // may write, after asking whether one has.
        let anew = if city.app.db().sole_writer() { 1 } else { 2 };
        assert!(many <= few + anew, "/{noun}: more rows, more statements ({few}, {many})");
        assert!(many <= 12, "/{noun} takes {many} statements");
    }
    let home = statements(&city, &person, "/").await;
    assert!(home <= 80, "the home page takes {home} statements");
    for noun in ["problems", "inspection_units"] {
        let list = person.get(&format!("/api/v1/{noun}?size=1")).await.json();
        let id = list["items"][0]["id"].as_str().expect("an id").to_owned();
        let record = statements(&city, &person, &format!("/{noun}/{id}")).await;
        assert!(record <= 40, "/{noun}/ID takes {record} statements");
    }
}
