//! A small city for the tests: organisations, one inspection of two units, words and deadlines.

#![expect(dead_code, unreachable_pub, reason = "each test file uses its part")]

use std::sync::Arc;

use chrono::{NaiveDate, TimeZone as _, Utc};
use db::Sql;
use kit::{
    Actor, Column, Error, Labelled as _, Outcome, Pred, RecordView, Refusal, Result, Role, Secrecy, Service,
    Table,
    service::{Group, Registry},
    testing::{TestApp, actor},
};
use uuid::Uuid;

pub const COLUMNS: &[Column] = &[Column::number("state", "状态", "u.state")];

/// The register of inspected units belongs to another area; forms only need to pick one of it.
fn inspected_units() -> Service {
    Service {
        noun: "inspection_units",
        label: "被巡察对象",
        table: "inspection_unit",
        group: Group::Plan,
        listed: true,
        icon: "",
        secrecy: Secrecy::Internal,
        about: "",
        list: Table {
            from: "inspection_unit u",
            alias: "u",
            title: "u.state",
            number: None,
            columns: COLUMNS,
            order: "state",
        },
        visible: |_| Pred::All,
        show: |_, _| Box::pin(async { Ok(RecordView::new("", 1)) }),
        deeds: Vec::new(),
        creates: |_| false,
        waiting: Vec::new(),
        governed: None,
    }
}

/// The app with its city.
pub struct City {
    pub test: TestApp,
    pub inspection: Uuid,
    pub organisation: Uuid,
    pub other: Uuid,
    pub recipient: Uuid,
    pub second: Uuid,
    pub unit: Uuid,
    pub other_unit: Uuid,
    pub head: Arc<Actor>,
    pub member: Arc<Actor>,
    pub director: Arc<Actor>,
    pub clerk: Arc<Actor>,
    pub group: Arc<Actor>,
    pub leader: Arc<Actor>,
    pub liaison: Arc<Actor>,
    pub discipline: Arc<Actor>,
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
    sql.push(head).push(" values ").bind_list(values).push(" on conflict do nothing");
    run(test, sql).await;
}

async fn words(test: &TestApp) {
    let words = [
        ("framework_1", "F1", ""),
        ("framework_1", "F2", ""),
        ("framework_2", "F1.1", "F1"),
        ("category_1", "C03", ""),
        ("field", "special_funds", ""),
        ("problem_nature", "individual", ""),
        ("responsibility_kind", "principal", ""),
        ("discipline_kind", "integrity", ""),
        ("problem_source", "petition", ""),
        ("lead_category", "public_funds", ""),
        ("lead_source", "petition", ""),
        ("lead_route", "discipline", ""),
    ];
    for (kind, code, parent) in words {
        let parent = (!parent.is_empty()).then(|| String::from(parent));
        let values = vec![
            kit::ids::random().into(),
            1i64.into(),
            kind.into(),
            code.into(),
            code.into(),
            parent.into(),
            1i64.into(),
            day("2015-01-01").into(),
            "".into(),
        ];
        let head = "dictionary_item (id, version, kind, code, label, parent, position, valid_from, basis)";
        insert(test, head, values).await;
    }
}

async fn policies(test: &TestApp) {
    for (code, amount, unit) in [
        ("rect_plan", 1i64, "months"),
        ("rect_report", 6, "months"),
        ("lead_result", 3, "months"),
        ("lead_disposal", 1, "months"),
        ("project_result", 3, "months"),
        ("feedback_after_decision", 15, "days"),
        ("immediate_rectification", 15, "days"),
        ("immediate_approval", 1, "count"),
        ("fact_sheet_reply", 3, "days"),
    ] {
        let values = vec![
            kit::ids::random().into(),
            1i64.into(),
            code.into(),
            code.into(),
            amount.into(),
            unit.into(),
            "依据".into(),
            day("2015-01-01").into(),
        ];
        insert(test, "policy (id, version, code, label, amount, unit, basis, valid_from)", values).await;
    }
}

async fn organisation(test: &TestApp, code: &str, kind: &str) -> Uuid {
    let id = kit::ids::random();
    let values = vec![
        id.into(),
        1i64.into(),
        code.into(),
        format!("单位{code}").into(),
        kind.into(),
        day("2015-01-01").into(),
        "".into(),
    ];
    insert(test, "organisation (id, version, code, name, kind, valid_from, note)", values).await;
    id
}

async fn inspection(test: &TestApp) -> Uuid {
    let (term, id) = (kit::ids::random(), kit::ids::random());
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
        id.into(),
        1i64.into(),
        "XC-1".into(),
        "工程招投标专项巡察".into(),
        term.into(),
        "special".into(),
        "".into(),
        "bidding".into(),
        "city".into(),
        "第一巡察组".into(),
        2023i64.into(),
        day("2023-02-01").into(),
        "running".into(),
    ];
    let head = "inspection (id, version, number, name, term_id, kind, modes, field, level, team, year, starts_on, state)";
    insert(test, head, values).await;
    id
}

async fn unit(test: &TestApp, inspection: Uuid, organisation: Uuid) -> Uuid {
    let id = kit::ids::random();
    let values = vec![
        id.into(),
        1i64.into(),
        inspection.into(),
        organisation.into(),
        "special".into(),
        "decided".into(),
        day("2023-01-10").into(),
        day("2023-04-20").into(),
    ];
    let head =
        "inspection_unit (id, version, inspection_id, organisation_id, kind, state, planned_on, decided_on)";
    insert(test, head, values).await;
    id
}

impl City {
    pub async fn new(services: Vec<Service>) -> Self {
        Self::with_jobs(services, Vec::new()).await
    }

    /// The same with kinds of jobs, which the program orders and does.
    pub async fn with_jobs(mut services: Vec<Service>, jobs: Vec<kit::jobs::Kind>) -> Self {
        services.push(inspected_units());
        services.extend(registry::services());
        services.push(kit::jobs::service());
        let test = TestApp::with(Registry { services, jobs, ..Registry::default() }).await;
        words(&test).await;
        policies(&test).await;
        let organisation_id = organisation(&test, "D001", "city_department").await;
        let other = organisation(&test, "D002", "city_department").await;
        let recipient = organisation(&test, "J001", "supervising_body").await;
        let second = organisation(&test, "J002", "supervising_body").await;
        let inspection = inspection(&test).await;
        Self {
            unit: unit(&test, inspection, organisation_id).await,
            other_unit: unit(&test, inspection, other).await,
            head: actor(Role::TeamHead, None, Some(inspection)),
            member: actor(Role::TeamMember, None, Some(inspection)),
            director: actor(Role::OfficeDirector, None, None),
            clerk: actor(Role::OfficeLiaison, None, None),
            group: actor(Role::LeadingGroup, None, None),
            leader: actor(Role::CommitteeLeader, None, None),
            liaison: actor(Role::OrganisationLiaison, Some(organisation_id), None),
            discipline: actor(Role::Discipline, Some(recipient), None),
            organisation: organisation_id,
            other,
            recipient,
            second,
            inspection,
            test,
        }
    }

    /// The team enters the inspected unit `unit` on `on`.
    pub async fn enter(&self, unit: Uuid, on: &str) {
        let mut sql = Sql::new("update inspection_unit set entered_on = ");
        sql.bind(day(on)).push(" where id = ").bind(unit);
        run(&self.test, sql).await;
    }

    /// Gives `who` an account called `name` and a place in the team; the identity of the place.
    pub async fn place(&self, who: &Arc<Actor>, name: &str, role: &str) -> Uuid {
        let account = who.account.expect("an account");
        let values = vec![
            account.into(),
            1i64.into(),
            format!("login-{account}").into(),
            name.into(),
            "active".into(),
            "".into(),
            self.test.clock.now().into(),
            false.into(),
        ];
        let head =
            "account (id, version, login, name, state, password_hash, password_changed_at, password_initial)";
        insert(&self.test, head, values).await;
        let place = kit::ids::random();
        let values = vec![
            place.into(),
            1i64.into(),
            account.into(),
            role.into(),
            self.inspection.into(),
            day("2023-01-01").into(),
            "approved".into(),
            "授权".into(),
            "".into(),
        ];
        let head = "post (id, version, account_id, role, inspection_id, from_on, state, basis, decision)";
        insert(&self.test, head, values).await;
        place
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

    /// A problem of `unit`, found on 2023-03-01.
    pub async fn problem_of(&self, unit: Uuid, title: &str) -> Uuid {
        let unit = unit.to_string();
        let entries = [
            ("unit", unit.as_str()),
            ("title", title),
            ("text", "2021年至2022年沉淀专项资金"),
            ("nature", "individual"),
            ("framework_2", "F1.1"),
            ("source", "petition"),
            ("found_on", "2023-03-01"),
        ];
        self.perform(&self.clerk, "problems", None, "create", &entries).await.expect("a problem").id
    }

    pub async fn problem(&self, title: &str) -> Uuid {
        self.problem_of(self.unit, title).await
    }

    /// A measure of a problem, in `state`.
    pub async fn measure(&self, problem: Uuid, state: &str) {
        let id = kit::ids::random();
        let mut values: Vec<db::Value> =
            vec![id.into(), 1i64.into(), problem.into(), self.inspection.into(), self.organisation.into()];
        values.push(state.into());
        for _ in 0..11 {
            values.push("".into());
        }
        let head = "measure (id, version, problem_id, inspection_id, organisation_id, state, number, text, goal, \
                    owner_name, leader_name, department, cooperating, term_kind, due_basis, progress, opinion)";
        insert(&self.test, head, values).await;
    }

    /// The record page of `id` as `who` sees it.
    pub async fn show(&self, who: &Arc<Actor>, noun: &str, id: Uuid) -> Result<RecordView> {
        let cx = self.test.app.read(who);
        let service = self.test.app.registry().service(noun).expect("a service");
        (service.show)(&cx, id).await
    }

    /// The list of `noun` as `who` sees it: the plain text of its cells, and its total.
    pub async fn list(&self, who: &Arc<Actor>, noun: &str) -> (String, i64) {
        self.search(who, noun, "").await
    }

    /// The list of `noun` narrowed to records that contain `words`.
    pub async fn search(&self, who: &Arc<Actor>, noun: &str, words: &str) -> (String, i64) {
        let cx = self.test.app.read(who);
        let service = self.test.app.registry().service(noun).expect("a service");
        let mut ask = kit::table::Ask::usual(&service.list).expect("an ask");
        words.clone_into(&mut ask.words);
        ask.columns = service.list.columns.iter().collect();
        let visible = (service.visible)(who);
        let answer =
            kit::table::run(&cx, noun, &service.list, &visible, &Pred::All, &ask).await.expect("a list");
        let cells: Vec<String> =
            answer.rows.iter().flat_map(|row| row.cells.iter().map(kit::Shown::plain)).collect();
        (cells.join("\n"), answer.total)
    }

    pub async fn state(&self, noun: &str, id: Uuid) -> String {
        let view = self.show(&self.director, noun, id).await.expect("a record");
        view.state.map(|choice| choice.code.to_owned()).unwrap_or_default()
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
