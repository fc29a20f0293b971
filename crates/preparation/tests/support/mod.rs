//! A small city for the tests: departments with people, one round with one inspection of two units.

#![expect(dead_code, unreachable_pub, reason = "each test file uses its part")]

use std::sync::Arc;

use chrono::{NaiveDate, TimeZone as _, Utc};
use db::Sql;
use kit::{
    Actor, Error, Labelled as _, Outcome, Pred, RecordView, Refusal, Result, Role,
    testing::{TestApp, actor},
};
use uuid::Uuid;

/// The app with its city.
pub struct City {
    pub test: TestApp,
    pub round: Uuid,
    pub inspection: Uuid,
    pub organisation: Uuid,
    pub other: Uuid,
    pub unit: Uuid,
    pub other_unit: Uuid,
    pub discipline_body: Uuid,
    pub audit_body: Uuid,
    pub head: Arc<Actor>,
    pub member: Arc<Actor>,
    pub second_member: Arc<Actor>,
    pub director: Arc<Actor>,
    pub clerk: Arc<Actor>,
    pub group: Arc<Actor>,
    pub liaison: Arc<Actor>,
    pub discipline: Arc<Actor>,
    pub audit: Arc<Actor>,
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

async fn run(test: &TestApp, sql: Sql) {
    let program = Arc::new(Actor::program("test"));
    let done = test.app.write(&program, |cx| Box::pin(async move { cx.execute(sql).await })).await;
    done.expect("a row of the small city");
}

/// `insert into …` with its values bound.
async fn insert(test: &TestApp, head: &str, values: Vec<db::Value>) {
    let mut sql = Sql::new("insert into ");
    sql.push(head).push(" values ").bind_list(values);
    run(test, sql).await;
}

async fn organisation(test: &TestApp, code: &str, name: &str, kind: &str) -> Uuid {
    let id = kit::ids::random();
    let head = "organisation (id, version, code, name, kind, valid_from, note)";
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

/// An account with a post, and the person as an actor.
async fn person(
    test: &TestApp,
    name: &str,
    role: Role,
    organisation: Option<Uuid>,
    inspection: Option<Uuid>,
) -> Arc<Actor> {
    let who = actor(role, organisation, inspection);
    let account = who.account.expect("an account");
    let head =
        "account (id, version, login, name, password_hash, state, password_changed_at, password_initial)";
    let at = Utc.timestamp_opt(0, 0).single().expect("an instant");
    let values = vec![
        account.into(),
        1i64.into(),
        account.to_string().into(),
        name.into(),
        "".into(),
        "active".into(),
        at.into(),
        false.into(),
    ];
    insert(test, head, values).await;
    let head = "post (id, version, account_id, role, organisation_id, inspection_id, from_on, state, basis, decision)";
    let values = vec![
        kit::ids::random().into(),
        1i64.into(),
        account.into(),
        role.code().into(),
        organisation.into(),
        inspection.into(),
        day("2021-01-01").into(),
        "approved".into(),
        "".into(),
        "".into(),
    ];
    insert(test, head, values).await;
    who
}

async fn round(test: &TestApp) -> (Uuid, Uuid) {
    let (term, round, inspection) = (kit::ids::random(), kit::ids::random(), kit::ids::random());
    let values = vec![
        term.into(),
        1i64.into(),
        13i64.into(),
        "第十三届".into(),
        "市委".into(),
        day("2021-09-20").into(),
    ];
    insert(test, "term (id, version, number, name, committee, starts_on)", values).await;
    let values = vec![
        round.into(),
        1i64.into(),
        term.into(),
        2023i64.into(),
        5i64.into(),
        "第五轮".into(),
        day("2023-06-20").into(),
        "planned".into(),
    ];
    insert(test, "round (id, version, term_id, year, number, name, starts_on, state)", values).await;
    let values = vec![
        inspection.into(),
        1i64.into(),
        "巡〔2023〕005号".into(),
        "第五轮常规巡察".into(),
        term.into(),
        round.into(),
        "regular".into(),
        "".into(),
        "".into(),
        "city".into(),
        "第一巡察组".into(),
        2023i64.into(),
        day("2023-06-20").into(),
        "planned".into(),
    ];
    let head = "inspection (id, version, number, name, term_id, round_id, kind, modes, field, level, team, year, \
                starts_on, state)";
    insert(test, head, values).await;
    (round, inspection)
}

async fn unit(test: &TestApp, inspection: Uuid, organisation: Uuid) -> Uuid {
    let id = kit::ids::random();
    let values = vec![
        id.into(),
        1i64.into(),
        inspection.into(),
        organisation.into(),
        "regular".into(),
        "authorised".into(),
        day("2023-06-20").into(),
    ];
    insert(
        test,
        "inspection_unit (id, version, inspection_id, organisation_id, kind, state, planned_on)",
        values,
    )
    .await;
    id
}

impl City {
    pub async fn new() -> Self {
        let mut services = registry::services();
        services.extend(planning::services());
        services.extend(preparation::services());
        let test = TestApp::new(services).await;
        let program = Arc::new(Actor::program("建立"));
        test.app.write(&program, |cx| Box::pin(registry::seed(cx))).await.expect("words and deadlines");
        let organisation_id = organisation(&test, "B001", "市水利局", "city_department").await;
        let other = organisation(&test, "B002", "市交通运输局", "city_department").await;
        let discipline_body = organisation(&test, "J001", "市纪委监委", "supervising_body").await;
        let audit_body = organisation(&test, "J002", "市审计局", "supervising_body").await;
        let (round, inspection) = round(&test).await;
        let team = |role| (role, None, Some(inspection));
        let own = async |name, (role, at, of)| person(&test, name, role, at, of).await;
        Self {
            unit: unit(&test, inspection, organisation_id).await,
            other_unit: unit(&test, inspection, other).await,
            head: own("组长甲", team(Role::TeamHead)).await,
            member: own("组员乙", team(Role::TeamMember)).await,
            second_member: own("组员丙", team(Role::TeamMember)).await,
            director: own("主任丁", (Role::OfficeDirector, None, None)).await,
            clerk: own("联络员戊", (Role::OfficeLiaison, None, None)).await,
            group: own("组员己", (Role::LeadingGroup, None, None)).await,
            liaison: own("联络员庚", (Role::OrganisationLiaison, Some(organisation_id), None)).await,
            discipline: own("干部辛", (Role::Discipline, Some(discipline_body), None)).await,
            audit: own("干部壬", (Role::Audit, Some(audit_body), None)).await,
            organisation: organisation_id,
            other,
            discipline_body,
            audit_body,
            round,
            inspection,
            test,
        }
    }

    /// Moves the clock to noon of `text`.
    pub fn at(&self, text: &str) {
        let noon = day(text).and_hms_opt(4, 0, 0).expect("noon");
        self.test.set_clock(Utc.from_utc_datetime(&noon));
    }

    pub async fn perform(
        &self,
        who: &Arc<Actor>,
        noun: &str,
        id: Option<Uuid>,
        deed: &str,
        entries: &[(&str, &str)],
    ) -> Result<Outcome> {
        self.test.perform(who, noun, id, deed, entries).await
    }

    /// As [`City::perform`], for a deed that must be possible.
    pub async fn does(
        &self,
        who: &Arc<Actor>,
        noun: &str,
        id: Option<Uuid>,
        deed: &str,
        entries: &[(&str, &str)],
    ) -> Uuid {
        match self.perform(who, noun, id, deed, entries).await {
            Ok(outcome) => outcome.id,
            Err(error) => panic!("{} cannot {deed} {noun}: {error:?}", who.name),
        }
    }

    /// The record page of `id` as `who` sees it.
    pub async fn show(&self, who: &Arc<Actor>, noun: &str, id: Uuid) -> Result<RecordView> {
        let cx = self.test.app.read(who);
        let service = self.test.app.registry().service(noun).expect("a service");
        (service.show)(&cx, id).await
    }

    /// The plain text of all facts of a record as `who` sees it.
    pub async fn facts(&self, who: &Arc<Actor>, noun: &str, id: Uuid) -> String {
        let view = self.show(who, noun, id).await.expect("a record");
        view.facts.iter().map(|fact| fact.value.plain()).collect::<Vec<_>>().join("\n")
    }

    /// The list of `noun` as `who` sees it, narrowed to records that contain `words`: text of its cells, total.
    pub async fn search(&self, who: &Arc<Actor>, noun: &str, words: &str) -> (String, i64) {
        let cx = self.test.app.read(who);
        let service = self.test.app.registry().service(noun).expect("a service");
        let mut ask = kit::table::Ask::usual(&service.list).expect("an ask");
        words.clone_into(&mut ask.words);
        ask.columns = service.list.columns.iter().filter(|column| column.open_to(who)).collect();
        let visible = (service.visible)(who);
        let answer =
            kit::table::run(&cx, noun, &service.list, &visible, &Pred::All, &ask).await.expect("a list");
        let cells: Vec<String> =
            answer.rows.iter().flat_map(|row| row.cells.iter().map(kit::Shown::plain)).collect();
        (cells.join("\n"), answer.total)
    }

    /// How many records of `noun` `who` sees.
    pub async fn total(&self, who: &Arc<Actor>, noun: &str) -> i64 {
        self.search(who, noun, "").await.1
    }

    pub async fn state(&self, who: &Arc<Actor>, noun: &str, id: Uuid) -> &'static str {
        let view = self.show(who, noun, id).await.expect("a record");
        view.state.map_or("", |choice| choice.code)
    }

    /// The one record that a statement selects.
    pub async fn one(&self, sql: &str) -> Uuid {
        let rows = self.test.app.read(&self.director).rows(Sql::new(sql)).await.expect("a good statement");
        rows.first().expect("a row").try_get_by_index(0).expect("an id")
    }

    /// The number that a statement answers with.
    pub async fn number(&self, sql: &str) -> i64 {
        self.test.app.read(&self.director).number(Sql::new(sql)).await.expect("a good statement")
    }

    /// Runs every list, every heap of waiting work and every page of the area for every role.
    pub async fn walk(&self) {
        let places = [Some(self.discipline_body), Some(self.organisation), None];
        for &role in Role::ALL {
            for place in places {
                let who = actor(role, place, Some(self.inspection));
                let cx = self.test.app.read(&who);
                for service in preparation::services() {
                    let ask = kit::table::Ask::usual(&service.list).expect("an ask");
                    let visible = (service.visible)(&who);
                    let mut conditions = vec![Pred::All];
                    conditions.extend(service.waiting.iter().map(|heap| (heap.condition)(&who, cx.today())));
                    for condition in conditions {
                        kit::table::run(&cx, service.noun, &service.list, &visible, &condition, &ask)
                            .await
                            .unwrap_or_else(|error| panic!("{} {}: {error:?}", role.label(), service.noun));
                    }
                }
            }
        }
    }
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
