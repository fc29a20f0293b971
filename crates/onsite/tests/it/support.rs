//! A small city for the tests: one inspection of one organisation, its team with authorised places, and the people
//! around them.

use std::sync::Arc;

use chrono::NaiveDate;
use db::{Sql, Value};
use kit::{
    Actor, Error, Outcome, Pred, RecordView, Refusal, Result, Role,
    testing::{TestApp, actor},
};
use uuid::Uuid;

/// The app with its city.
pub(crate) struct City {
    pub(crate) test: TestApp,
    pub(crate) inspection: Uuid,
    pub(crate) organisation: Uuid,
    pub(crate) bureau: Uuid,
    pub(crate) unit: Uuid,
    pub(crate) head: Arc<Actor>,
    pub(crate) member: Arc<Actor>,
    /// Places in the team of head and member, as forms pick them.
    pub(crate) places: [Uuid; 2],
    pub(crate) director: Arc<Actor>,
    pub(crate) clerk: Arc<Actor>,
    pub(crate) group: Arc<Actor>,
    pub(crate) liaison: Arc<Actor>,
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

async fn insert(test: &TestApp, head: &str, values: Vec<Value>) {
    let mut sql = Sql::new("insert into ");
    sql.push(head).push(" values ").bind_list(values);
    let program = Arc::new(Actor::program("test"));
    let done = test.app.write(&program, |cx| Box::pin(async move { cx.execute(sql).await })).await;
    done.expect("a row of the small city");
}

async fn organisation(test: &TestApp, code: &str, kind: &str) -> Uuid {
    let id = kit::ids::random();
    let head = "organisation (id, version, code, name, kind, valid_from, note)";
    let name = format!("单位{code}");
    let values = vec![
        id.into(),
        1i64.into(),
        code.into(),
        name.into(),
        kind.into(),
        day("2015-01-01").into(),
        "".into(),
    ];
    insert(test, head, values).await;
    id
}

async fn inspection(test: &TestApp) -> Uuid {
    let (term, id) = (kit::ids::random(), kit::ids::random());
    let head = "term (id, version, number, name, committee, starts_on)";
    let values = vec![
        term.into(),
        1i64.into(),
        13i64.into(),
        "第十三届".into(),
        "市委".into(),
        day("2021-09-20").into(),
    ];
    insert(test, head, values).await;
    let values = vec![
        id.into(),
        1i64.into(),
        "XC-1".into(),
        "常规巡察".into(),
        term.into(),
        "regular".into(),
        "".into(),
        "".into(),
        "city".into(),
        "第一巡察组".into(),
        2023i64.into(),
        day("2023-05-04").into(),
        day("2023-07-01").into(),
        "running".into(),
    ];
    let head = "inspection (id, version, number, name, term_id, kind, modes, field, level, team, year, starts_on, ends_on, state)";
    insert(test, head, values).await;
    id
}

async fn unit(test: &TestApp, inspection: Uuid, organisation: Uuid) -> Uuid {
    let id = kit::ids::random();
    let head = "inspection_unit (id, version, inspection_id, organisation_id, kind, state, planned_on, notified_on, entered_on)";
    let values = vec![
        id.into(),
        1i64.into(),
        inspection.into(),
        organisation.into(),
        "regular".into(),
        "on_site".into(),
        day("2023-05-04").into(),
        day("2023-04-20").into(),
        day("2023-05-04").into(),
    ];
    insert(test, head, values).await;
    id
}

/// Somebody in the team, with an account and an authorised place.
async fn officer(test: &TestApp, role: Role, name: &str, inspection: Uuid) -> (Arc<Actor>, Uuid) {
    use kit::Labelled as _;
    let mut who = (*actor(role, None, Some(inspection))).clone();
    name.clone_into(&mut who.name);
    let account = who.account.expect("an account");
    let head =
        "account (id, version, login, name, password_hash, state, password_changed_at, password_initial)";
    let login = format!("{}{}", role.code(), &account.simple().to_string()[..6]);
    let values = vec![
        account.into(),
        1i64.into(),
        login.into(),
        name.into(),
        "".into(),
        "active".into(),
        test.clock.now().into(),
        false.into(),
    ];
    insert(test, head, values).await;
    let place = kit::ids::random();
    let head = "post (id, version, account_id, role, inspection_id, from_on, to_on, state, basis, decision)";
    let values = vec![
        place.into(),
        1i64.into(),
        account.into(),
        role.into(),
        inspection.into(),
        day("2023-05-01").into(),
        day("2023-07-01").into(),
        "approved".into(),
        "授权".into(),
        "".into(),
    ];
    insert(test, head, values).await;
    (Arc::new(who), place)
}

impl City {
    pub(crate) async fn new() -> Self {
        let mut services = registry::services();
        services.extend(planning::services());
        services.extend(onsite::services());
        let test = TestApp::new(services).await;
        let program = Arc::new(Actor::program("test"));
        test.app.write(&program, |cx| Box::pin(registry::seed(cx))).await.expect("words and policies");
        let organisation_id = organisation(&test, "D001", "city_department").await;
        let bureau = organisation(&test, "J001", "supervising_body").await;
        let inspection = inspection(&test).await;
        let (head, head_place) = officer(&test, Role::TeamHead, "周组长", inspection).await;
        let (member, member_place) = officer(&test, Role::TeamMember, "钱组员", inspection).await;
        Self {
            unit: unit(&test, inspection, organisation_id).await,
            inspection,
            organisation: organisation_id,
            bureau,
            head,
            member,
            places: [head_place, member_place],
            director: actor(Role::OfficeDirector, None, None),
            clerk: actor(Role::OfficeLiaison, None, None),
            group: actor(Role::LeadingGroup, None, None),
            liaison: actor(Role::OrganisationLiaison, Some(organisation_id), None),
            test,
        }
    }

    pub(crate) async fn perform(
        &self,
        who: &Arc<Actor>,
        noun: &str,
        id: Option<Uuid>,
        deed: &str,
        entries: &[(&str, &str)],
    ) -> Result<Outcome> {
        self.test.perform(who, noun, id, deed, entries).await
    }

    /// The record page of `id` as `who` sees it.
    pub(crate) async fn show(&self, who: &Arc<Actor>, noun: &str, id: Uuid) -> Result<RecordView> {
        let cx = self.test.app.read(who);
        let service = self.test.app.registry().service(noun).expect("a service");
        (service.show)(&cx, id).await
    }

    /// Everything that the record page says to `who`.
    pub(crate) async fn text(&self, who: &Arc<Actor>, noun: &str, id: Uuid) -> String {
        let view = self.show(who, noun, id).await.expect("a record");
        let facts: Vec<String> = view.facts.iter().map(|fact| fact.value.plain()).collect();
        format!("{}\n{:?}", facts.join("\n"), view.tabs)
    }

    /// The list of `noun` as `who` sees it: the plain text of its cells, and its total.
    pub(crate) async fn list(&self, who: &Arc<Actor>, noun: &str) -> (String, i64) {
        let cx = self.test.app.read(who);
        let service = self.test.app.registry().service(noun).expect("a service");
        let mut ask = kit::table::Ask::usual(&service.list).expect("an ask");
        ask.columns = service.list.columns.iter().collect();
        let visible = (service.visible)(who);
        let answer =
            kit::table::run(&cx, noun, &service.list, &visible, &Pred::All, &ask).await.expect("a list");
        let cells: Vec<String> =
            answer.rows.iter().flat_map(|row| row.cells.iter().map(kit::Shown::plain)).collect();
        (cells.join("\n"), answer.total)
    }

    pub(crate) async fn state(&self, who: &Arc<Actor>, noun: &str, id: Uuid) -> String {
        let view = self.show(who, noun, id).await.expect("a record");
        view.state.map(|choice| choice.code.to_owned()).unwrap_or_default()
    }

    pub(crate) async fn count(&self, sql: &str) -> i64 {
        self.test.app.read(&self.director).number(Sql::new(sql)).await.expect("a number")
    }

    /// Every text stored anywhere in `columns` (`table.column`), in one piece.
    pub(crate) async fn stored(&self, columns: &[&str]) -> String {
        let cx = self.test.app.read(&self.director);
        let mut all = String::new();
        for column in columns {
            let (table, column) = column.split_once('.').expect("table.column");
            let sql = Sql::new(&format!("select {column} from {table}"));
            for row in cx.rows(sql).await.expect("a table") {
                all.push_str(&row.try_get_by_index::<String>(0).expect("a text"));
                all.push('\n');
            }
        }
        all
    }
}

/// The refusal a result must be.
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T>) -> Refusal {
    match result {
        Err(Error::Refusal(refusal)) => refusal,
        other => panic!("a refusal was expected, not {other:?}"),
    }
}
