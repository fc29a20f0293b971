//! The audit chain: what is recorded, and that nothing in it can be changed unseen.

use std::sync::Arc;

use kit::{Actor, seal};

use crate::support::{City, Person};

/// What the entries after number `seq` say: who, what, which noun, how it ended.
async fn entries_after(city: &City, seq: i64) -> Vec<(String, String, String, String)> {
    let mut sql = db::Sql::new("select actor, deed, noun, outcome from audit_entry where seq > ");
    sql.bind(seq).push(" order by seq");
    let rows = city.behind().rows(sql).await.expect("entries");
    let text = |row: &db::QueryResult, at| row.try_get_by_index::<String>(at).expect("a text");
    rows.iter().map(|row| (text(row, 0), text(row, 1), text(row, 2), text(row, 3))).collect()
}

async fn last(city: &City) -> i64 {
    city.number("select max(seq) from audit_entry").await
}

/// The entries that `answer` left, without who acted.
async fn left_by<T>(city: &City, work: impl Future<Output = T>) -> (T, Vec<String>) {
    let before = last(city).await;
    let answer = work.await;
    let entries = entries_after(city, before).await;
    (answer, entries.into_iter().map(|(_, deed, noun, outcome)| format!("{deed} {noun} {outcome}")).collect())
}

fn new_organisation(code: &str) -> [(&str, &str); 4] {
    [("code", code), ("name", "市某新局"), ("kind", "city_department"), ("valid_from", "2023-01-01")]
}

#[tokio::test(flavor = "multi_thread")]
async fn deeds_refusals_and_signing_in_and_out_leave_entries() {
    let city = City::new().await;
    let (director, left) = left_by(&city, city.person("office_director")).await;
    assert_eq!(left, ["sign_in accounts done"]);

    let (answer, left) = left_by(&city, director.post("/organisations", &new_organisation("A-1"))).await;
    assert_eq!((answer.status, left), (303, vec![String::from("create organisations done")]));

    let (answer, left) = left_by(&city, director.post("/organisations", &[("code", "A-2")])).await;
    assert_eq!((answer.status, left), (422, vec![]), "a form to be corrected is not a refusal");

    let liaison = city.person("organisation_liaison").await;
    let (answer, left) = left_by(&city, liaison.post("/organisations", &new_organisation("A-3"))).await;
    assert_eq!((answer.status, left), (403, vec![String::from("create organisations refused")]));
    let (answer, left) = left_by(&city, liaison.get("/leads")).await;
    assert_eq!((answer.status, left), (404, vec![String::from("open leads refused")]));

    let (answer, left) = left_by(&city, liaison.post("/sign-out", &[])).await;
    assert_eq!((answer.status, left), (303, vec![String::from("sign_out accounts done")]));
    let login = director.login.clone();
    let (refused, left) =
        left_by(&city, registry::accounts::sessions::sign_in(&city.app, &login, "wrong", "test", "test"))
            .await;
    assert!(refused.is_err());
    assert_eq!(left, ["sign_in accounts refused"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_into_what_is_sealed_leaves_an_entry_for_each_look() {
    let city = City::new().await;
    let head = city.person("office_director").await;
    for noun in ["leads", "suspect_projects"] {
        let id = first_seen(&head, noun).await;
        if noun == "leads" {
            let (asked, left) = left_by(&city, head.get(&format!("/leads/{id}"))).await;
            assert!(asked.body.contains("查看理由") && left.is_empty(), "{left:?}");
            let (_, left) =
                left_by(&city, head.post(&format!("/leads/{id}/unseal"), &[("reason", "核对处置结果")]))
                    .await;
            assert_eq!(left, ["open_sealed leads done"]);
        }
        for path in [format!("/{noun}/{id}"), format!("/api/v1/{noun}/{id}")] {
            let (answer, left) = left_by(&city, head.get(&path)).await;
            assert_eq!((answer.status, left), (200, vec![format!("read {noun} read")]), "{path}");
        }
    }
    let cx = city.person("security_auditor").await.reading().await;
    let filter = registry::audit_log::Filter { limit: 10, ..registry::audit_log::Filter::default() };
    let (lines, left) = left_by(&city, registry::audit_log::page(&cx, &filter)).await;
    assert_eq!((lines.expect("lines").len(), left), (10, vec![String::from("read audit_entries read")]));
}

async fn first_seen(person: &Person<'_>, noun: &str) -> String {
    let list = person.get(&format!("/api/v1/{noun}?size=1")).await.json();
    list["items"][0]["id"].as_str().unwrap_or_else(|| panic!("no {noun} to be seen: {list}")).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_acted_stands_in_the_entry() {
    let city = City::new().await;
    let director = city.person("office_director").await;
    let before = last(&city).await;
    director.post("/organisations", &new_organisation("A-4")).await;
    let account = director.reading().await.actor.account.expect("an account").to_string();
    assert_eq!(entries_after(&city, before).await[0].0, account);
}

/// One netstring, written here a second time on purpose.
fn netstring(field: &str) -> String {
    format!("{}:{field},", field.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chain_can_be_computed_anew_from_its_description_alone() {
    let city = City::new().await;
    city.person("office_director").await.post("/organisations", &new_organisation("A-5")).await;
    let mut sql = db::Sql::new(
        "select e.seq, e.at, e.actor, e.deed, e.noun, e.record_id, e.outcome, e.digest, e.request, e.origin, e.hash, \
         h.noun, h.record_id, h.at, h.actor_name, h.deed, h.from_state, h.to_state, h.note, h.changes \
         from audit_entry e left join history h on h.seq = e.seq order by e.seq",
    );
    sql.push("");
    let mut previous = "0".repeat(64);
    let (mut count, mut histories) = (0i64, 0i64);
    for row in city.behind().rows(sql).await.expect("the chain") {
        let text = |at: usize| row.try_get_by_index::<String>(at).expect("a text");
        let instant = |at: usize| {
            let instant: chrono::DateTime<chrono::Utc> = row.try_get_by_index(at).expect("an instant");
            instant.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
        };
        let record = |at: usize| {
            let id: Option<uuid::Uuid> = row.try_get_by_index(at).expect("an id or none");
            id.map(|id| id.to_string()).unwrap_or_default()
        };
        let digest = if row.try_get_by_index::<Option<String>>(11).expect("a noun or none").is_some() {
            histories += 1;
            let mut line = netstring(&text(11)) + &netstring(&record(12)) + &netstring(&instant(13));
            for at in 14..20 {
                line += &netstring(&text(at));
            }
            seal::digest(line.as_bytes())
        } else {
            String::new()
        };
        assert_eq!(digest, text(7), "the digest of the history line");
        count += 1;
        let seq: i64 = row.try_get_by_index(0).expect("a number");
        assert_eq!(seq, count);
        let mut entry = netstring(&previous) + &netstring(&seq.to_string()) + &netstring(&instant(1));
        for at in [2, 3, 4] {
            entry += &netstring(&text(at));
        }
        entry += &netstring(&record(5));
        for at in [6, 7, 8, 9] {
            entry += &netstring(&text(at));
        }
        previous = seal::digest(entry.as_bytes());
        assert_eq!(previous, text(10), "the digest of entry {seq}");
    }
    assert!(histories > 1_000);
    let report = kit::audit::verify(city.app.db()).await.expect("a report");
    assert_eq!((report.entries, report.head, report.first_bad), (count, previous, None));
}

/// Changes rows behind the program's back.
async fn tamper(city: &City, statements: &[String]) {
    let actor = Arc::new(Actor::program("test"));
    let statements = statements.to_vec();
    city.app
        .write(&actor, |cx| {
            Box::pin(async move {
                for statement in statements {
                    assert!(cx.execute(db::Sql::new(&statement)).await? > 0, "{statement}");
                }
                Ok(())
            })
        })
        .await
        .expect("tampered");
}

const COLUMNS: &str = "at, actor, deed, noun, record_id, outcome, digest, request, origin, previous, hash";

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_deleted_swapped_or_inserted_entry_is_found_by_its_number() {
    let city = City::new().await;
    let end = last(&city).await;
    let swap = |one: i64, other: i64| {
        [(one, -1), (other, one), (-1, other)]
            .map(|(from, to)| format!("update audit_entry set seq = {to} where seq = {from}"))
    };
    let keep = |seq: i64| {
        format!(
            "insert into audit_entry (seq, {COLUMNS}) select 0, {COLUMNS} from audit_entry where seq = {seq}"
        )
    };
    let bring_back = |seq: i64| format!("update audit_entry set seq = {seq} where seq = 0");
    let cases: Vec<(&str, Vec<String>, Vec<String>, i64)> = vec![
        (
            "changed",
            vec![String::from("update audit_entry set deed = deed || 'x' where seq = 500")],
            vec![String::from(
                "update audit_entry set deed = substr(deed, 1, length(deed) - 1) where seq = 500",
            )],
            500,
        ),
        (
            "deleted",
            vec![String::from("update audit_entry set seq = -500 where seq = 500")],
            vec![String::from("update audit_entry set seq = 500 where seq = -500")],
            501,
        ),
        ("swapped", swap(500, 501).to_vec(), swap(500, 501).to_vec(), 500),
        (
            "the last one deleted",
            vec![format!("update audit_entry set seq = -1 where seq = {end}")],
            vec![format!("update audit_entry set seq = {end} where seq = -1")],
            end,
        ),
        (
            "inserted at the end",
            vec![keep(500), bring_back(end + 1)],
            vec![format!("delete from audit_entry where seq = {}", end + 1)],
            end + 1,
        ),
        (
            "the head set back",
            vec![String::from("update audit_head set seq = seq - 1")],
            vec![String::from("update audit_head set seq = seq + 1")],
            end + 1,
        ),
    ];
    for (what, done, undone, number) in cases {
        tamper(&city, &done).await;
        let report = kit::audit::verify(city.app.db()).await.expect("a report");
        assert_eq!(report.first_bad.as_ref().map(|(seq, _)| *seq), Some(number), "{what}: {report:?}");
        tamper(&city, &undone).await;
        let report = kit::audit::verify(city.app.db()).await.expect("a report");
        assert_eq!(report.first_bad, None, "{what}, undone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_that_was_changed_removed_or_invented_does_not_fit_the_chain() {
    let city = City::new().await;
    let whole = xuncha::verify::run(&city.app).await.expect("a report");
    assert_eq!(whole.first_fault(), None);
    let seq = city.number("select min(seq) from history where note <> ''").await;
    let columns =
        "noun, record_id, at, account_id, actor_name, deed, label, from_state, to_state, note, changes";
    let cases = [
        (
            vec![format!("update history set note = note || '。' where seq = {seq}")],
            vec![format!("update history set note = substr(note, 1, length(note) - 1) where seq = {seq}")],
            seq,
        ),
        (
            vec![format!("update history set seq = -1 where seq = {seq}")],
            vec![format!("update history set seq = {seq} where seq = -1")],
            seq,
        ),
        (
            vec![format!(
                "insert into history (seq, {columns}) select 999999999, {columns} from history where seq = {seq}"
            )],
            vec![String::from("delete from history where seq = 999999999")],
            999_999_999,
        ),
    ];
    for (done, undone, number) in cases {
        tamper(&city, &done).await;
        let report = xuncha::verify::run(&city.app).await.expect("a report");
        let fault = report.first_fault().unwrap_or_default();
        assert!(fault.contains(&number.to_string()), "{}: {fault}", done[0]);
        tamper(&city, &undone).await;
    }
}

/// The line of the log that the auditor reads for `query`, as text.
async fn newest_line(city: &City, query: &str) -> String {
    let auditor = city.person("security_auditor").await;
    let body = auditor.get(&format!("/audit-log?{query}")).await.body;
    let row = body.split("<tr id=\"a-").nth(1).unwrap_or_else(|| panic!("no line for {query}: {body}"));
    row.split("</tr>").next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_did_not_open_is_not_called_sealed_unless_it_is() {
    let city = City::new().await;
    let administrator = city.person("system_administrator").await;
    for (path, noun, deed, label) in [
        ("/problems", "problems", "打开页面或记录", "问题"),
        ("/dictionaries/00000000-0000-0000-0000-000000000000", "dictionaries", "打开页面或记录", "字典"),
        ("/leads", "leads", "打开密封内容", "线索"),
        ("/profiles", "profiles", "打开页面或记录", "单位画像"),
    ] {
        assert_eq!(administrator.get(path).await.status, 404, "{path}");
        let line = newest_line(&city, &format!("noun={noun}&outcome=refused")).await;
        assert!(line.contains(deed) && line.contains(label) && line.contains("被拒绝"), "{path}: {line}");
    }
    let line = newest_line(&city, "deed=%E6%89%93%E5%BC%80%E5%AF%86%E5%B0%81%E5%86%85%E5%AE%B9").await;
    assert!(line.contains("打开"), "{line}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_name_is_told_by_its_first_signs_and_never_whole() {
    let city = City::new().await;
    for (typed, shown) in [("Chen-2024-secret!", "ch…"), ("ab", "a…"), ("<b>long name", "?b…"), ("", "…")]
    {
        let refused =
            registry::accounts::sessions::sign_in(&city.app, typed, "wrong-camphor-7-bush", "test", "test")
                .await;
        assert!(refused.is_err());
        let line = newest_line(&city, "deed=sign_in&outcome=refused").await;
        assert!(line.contains(&format!("未登录的人（所填登录名“{shown}”）")), "{typed}: {line}");
        assert!(!line.contains("sign-in") && !line.contains("secret"), "{line}");
    }
}
