//! For tests of areas: the rows of a small city, each with what a test does not say filled in. A test of a later area puts its
//! own city together from them and names only what it is about.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use std::sync::Arc;

use chrono::{NaiveDate, TimeZone as _, Utc};
use db::{Sql, Value};
use kit::{
    Actor, Error, Labelled as _, Pred, RecordView, Refusal, Result, Role,
    testing::{TestApp, actor},
};
use uuid::Uuid;

/// A day written as `2023-06-01`.
pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Moves the clock to noon of the day `text`.
pub fn noon(test: &TestApp, text: &str) {
    let noon = day(text).and_hms_opt(4, 0, 0).expect("noon");
    test.set_clock(Utc.from_utc_datetime(&noon));
}

/// Writes the row `columns` into `table`; its identity.
pub async fn row(test: &TestApp, table: &str, columns: Vec<(&str, Value)>) -> Uuid {
    let id = kit::ids::random();
    row_of(test, table, id, columns).await;
    id
}

/// Writes the row `id` with `columns` into `table`.
pub async fn row_of(test: &TestApp, table: &str, id: Uuid, columns: Vec<(&str, Value)>) {
    let mut all: Vec<(&str, Value)> = vec![("id", id.into()), ("version", 1i64.into())];
    all.extend(columns);
    let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
    let mut sql = Sql::new("insert into ");
    sql.push(table).push(" (").push(&names.join(", ")).push(") values ");
    sql.bind_list(all.into_iter().map(|(_, value)| value));
    run(test, sql).await;
}

/// Runs a statement that changes rows.
pub async fn run(test: &TestApp, sql: Sql) {
    let program = Arc::new(Actor::program("test"));
    let done = test.app.write(&program, |cx| Box::pin(async move { cx.execute(sql).await })).await;
    done.expect("a row of the small city");
}

/// Enters dictionaries and policies as every installation has them.
pub async fn words_and_policies(test: &TestApp) {
    let program = Arc::new(Actor::program("test"));
    test.app.write(&program, |cx| Box::pin(registry::seed(cx))).await.expect("words and policies");
}

/// An organisation.
pub async fn organisation(test: &TestApp, code: &str, name: &str, kind: &str) -> Uuid {
    let columns = vec![
        ("code", code.into()),
        ("name", name.into()),
        ("kind", kind.into()),
        ("valid_from", day("2015-01-01").into()),
        ("note", "".into()),
    ];
    row(test, "organisation", columns).await
}

/// An account for `who`, called `name`.
pub async fn account(test: &TestApp, who: &Actor, name: &str) {
    let id = who.account.expect("an account");
    let columns = vec![
        ("login", id.to_string().into()),
        ("name", name.into()),
        ("password_hash", "".into()),
        ("state", "active".into()),
        ("password_changed_at", test.clock.now().into()),
        ("password_initial", false.into()),
    ];
    row_of(test, "account", id, columns).await;
}

/// A post of `who`, from `from` on; its identity, as forms pick it.
pub async fn post(test: &TestApp, who: &Actor, role: Role, from: &str, to: Option<&str>) -> Uuid {
    let held = who.posts.first().expect("a post");
    let columns = vec![
        ("account_id", who.account.into()),
        ("role", role.code().into()),
        ("organisation_id", held.organisation.into()),
        ("inspection_id", held.inspection.into()),
        ("from_on", day(from).into()),
        ("to_on", to.map(day).into()),
        ("state", "approved".into()),
        ("basis", "授权".into()),
        ("decision", "".into()),
    ];
    row(test, "post", columns).await
}

/// Somebody called `name` who holds `role`, with an account and the post; and the identity of the post.
pub async fn person(
    test: &TestApp,
    name: &str,
    role: Role,
    organisation: Option<Uuid>,
    inspection: Option<Uuid>,
) -> (Arc<Actor>, Uuid) {
    let mut who = (*actor(role, organisation, inspection)).clone();
    name.clone_into(&mut who.name);
    account(test, &who, name).await;
    let place = post(test, &who, role, "2021-01-01", None).await;
    (Arc::new(who), place)
}

/// An inspection to be: what a test does not say is a regular inspection of the city that runs.
#[derive(Clone, Debug)]
pub struct Inspection<'a> {
    /// Name.
    pub name: &'a str,
    /// Number.
    pub number: &'a str,
    /// Kind.
    pub kind: &'a str,
    /// Field of a special inspection.
    pub field: &'a str,
    /// Its round, when it belongs to one.
    pub round: Option<Uuid>,
    /// First day.
    pub starts_on: &'a str,
    /// Last day.
    pub ends_on: Option<&'a str>,
    /// Where it stands.
    pub state: &'a str,
}

impl Default for Inspection<'_> {
    fn default() -> Self {
        Self {
            name: "常规巡察",
            number: "XC-1",
            kind: "regular",
            field: "",
            round: None,
            starts_on: "2023-05-04",
            ends_on: None,
            state: "running",
        }
    }
}

/// The term that everything belongs to.
pub async fn term(test: &TestApp) -> Uuid {
    let columns = vec![
        ("number", 13i64.into()),
        ("name", "第十三届".into()),
        ("committee", "市委".into()),
        ("starts_on", day("2021-09-20").into()),
    ];
    row(test, "term", columns).await
}

/// The fifth round of 2023, planned for `starts_on`.
pub async fn round(test: &TestApp, term: Uuid, starts_on: &str) -> Uuid {
    let columns = vec![
        ("term_id", term.into()),
        ("year", 2023i64.into()),
        ("number", 5i64.into()),
        ("name", "第五轮".into()),
        ("starts_on", day(starts_on).into()),
        ("state", "planned".into()),
    ];
    row(test, "round", columns).await
}

/// An inspection.
pub async fn inspection(test: &TestApp, term: Uuid, of: Inspection<'_>) -> Uuid {
    let columns = vec![
        ("number", of.number.into()),
        ("name", of.name.into()),
        ("term_id", term.into()),
        ("round_id", of.round.into()),
        ("kind", of.kind.into()),
        ("modes", "".into()),
        ("field", of.field.into()),
        ("level", "city".into()),
        ("team", "第一巡察组".into()),
        ("year", 2023i64.into()),
        ("starts_on", day(of.starts_on).into()),
        ("ends_on", of.ends_on.map(day).into()),
        ("state", of.state.into()),
    ];
    row(test, "inspection", columns).await
}

/// An inspected unit in `state`, with the `days` of its stages as `(column, day)`.
pub async fn unit(
    test: &TestApp,
    (inspection, organisation): (Uuid, Uuid),
    kind: &str,
    state: &str,
    days: &[(&str, &str)],
) -> Uuid {
    let mut columns = vec![
        ("inspection_id", inspection.into()),
        ("organisation_id", organisation.into()),
        ("kind", kind.into()),
        ("state", state.into()),
    ];
    columns.extend(days.iter().map(|(column, on)| (*column, day(on).into())));
    row(test, "inspection_unit", columns).await
}

/// The record page of `id` as `who` sees it.
pub async fn show(test: &TestApp, who: &Arc<Actor>, noun: &str, id: Uuid) -> Result<RecordView> {
    let cx = test.app.read(who);
    let service = test.app.registry().service(noun).expect("a service");
    (service.show)(&cx, id).await
}

/// The list of `noun` as `who` sees it, narrowed to records that contain `words`: the plain text of its cells, and its total.
pub async fn list(test: &TestApp, who: &Arc<Actor>, noun: &str, words: &str) -> (String, i64) {
    let cx = test.app.read(who);
    let service = test.app.registry().service(noun).expect("a service");
    let mut ask = kit::table::Ask::usual(&service.list).expect("an ask");
    words.clone_into(&mut ask.words);
    ask.columns = service.list.columns.iter().filter(|column| column.open_to(who)).collect();
    let visible = (service.visible)(who);
    let answer = kit::table::run(&cx, noun, &service.list, &visible, &Pred::All, &ask).await.expect("a list");
    let cells: Vec<String> =
        answer.rows.iter().flat_map(|row| row.cells.iter().map(kit::Shown::plain)).collect();
    (cells.join("\n"), answer.total)
}

/// The refusal a result must be.
pub fn refused<T: std::fmt::Debug>(result: Result<T>) -> Refusal {
    match result {
        Err(Error::Refusal(refusal)) => refusal,
        other => panic!("a refusal was expected, not {other:?}"),
    }
}

/// Somebody of every role, concerned with nothing of the small city.
pub fn strangers() -> Vec<Arc<Actor>> {
    let elsewhere = Some(kit::ids::random());
    Role::ALL.iter().map(|&role| actor(role, elsewhere, elsewhere)).collect()
}
