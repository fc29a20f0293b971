//! One deed to many records: the dialog says which they are, and nobody is asked about what cannot be done.

use uuid::Uuid;

use crate::support::City;

/// Problems in `state` with their numbers.
async fn problems(city: &City, state: &str, most: i64) -> Vec<(Uuid, String)> {
    let mut sql = db::Sql::new("select id, number from problem where state = ");
    sql.bind(state).push(" order by number limit ").bind(most);
    let rows = city.behind().rows(sql).await.expect("a good statement");
    rows.iter()
        .map(|row| (row.try_get_by_index(0).expect("an id"), row.try_get_by_index(1).expect("a number")))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dialog_of_a_bulk_closing_names_the_first_ten_problems_and_counts_the_others() {
    let city = City::new().await;
    let director = city.person("office_director").await;
    let submitted = problems(&city, "submitted", 12).await;
    assert_eq!(submitted.len(), 12);
    let ids: Vec<String> = submitted.iter().map(|(id, _)| id.to_string()).collect();
    let mut entries = vec![("do", "close")];
    entries.extend(ids.iter().map(|id| ("id", id.as_str())));
    let dialog = director.post("/problems/bulk", &entries).await;
    assert_eq!(dialog.status, 200, "{}", dialog.body);
    for (_, number) in &submitted[..10] {
        assert!(dialog.body.contains(&format!("<li>{number} ")), "{number}");
    }
    for (_, number) in &submitted[10..] {
        assert!(!dialog.body.contains(number), "{number}");
    }
    assert!(dialog.body.contains("<li>另有 2 条</li>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_problem_that_was_only_found_is_named_before_anybody_is_asked_for_an_opinion_on_closing_it() {
    let city = City::new().await;
    let director = city.person("office_director").await;
    let (found, submitted) = (problems(&city, "found", 1).await, problems(&city, "submitted", 1).await);
    let ids = [found[0].0.to_string(), submitted[0].0.to_string()];
    let entries = [("do", "close"), ("id", ids[0].as_str()), ("id", ids[1].as_str())];
    let refused = director.post("/problems/bulk", &entries).await;
    assert_eq!(refused.status, 409, "{}", refused.body);
    assert!(refused.body.contains("有 1 条现在不能办理“销号”"), "{}", refused.body);
    assert!(refused.body.contains(&found[0].1) && refused.body.contains("（已发现）"));
    assert!(!refused.body.contains(&submitted[0].1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_closing_that_is_sent_twice_is_done_once_and_answered_alike() {
    let city = City::new().await;
    let director = city.person("office_director").await;
    let ids: Vec<String> =
        problems(&city, "submitted", 2).await.iter().map(|(id, _)| id.to_string()).collect();
    let today = city.behind().today().to_string();
    let mut entries = vec![
        ("do", "close"),
        ("closed_on", today.as_str()),
        ("opinion", "经审核，同意销号。"),
        ("_key", "bulk-closing"),
    ];
    entries.extend(ids.iter().map(|id| ("id", id.as_str())));
    let first = director.post("/problems/bulk", &entries).await;
    assert_eq!(first.status, 303, "{}", first.body);
    let closings = async || {
        let sql = "select count(*) from audit_entry where deed = 'close' and noun = 'problems'";
        city.behind().number(db::Sql::new(sql)).await.expect("a good statement")
    };
    let done = closings().await;
    let again = director.post("/problems/bulk", &entries).await;
    assert_eq!(again.status, 303, "{}", again.body);
    assert_eq!(closings().await, done);
    entries.pop();
    let other = director.post("/problems/bulk", &entries).await;
    assert_eq!(other.status, 409, "the same key with other records is another request");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_closing_without_a_key_is_refused() {
    let city = City::new().await;
    let director = city.person("office_director").await;
    let submitted = problems(&city, "submitted", 1).await[0].0.to_string();
    let entries = [("do", "close"), ("opinion", "同意。"), ("id", submitted.as_str()), ("_key", "")];
    let refused = director.post("/problems/bulk", &entries).await;
    assert_eq!(refused.status, 400, "{}", refused.body);
    assert!(refused.body.contains("没有提交编号"), "{}", refused.body);
}
