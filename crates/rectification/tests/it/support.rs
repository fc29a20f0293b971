//! A small city: two organisations in one inspection, three problems fed back and one not.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use db::Sql;
use kit::{
    Actor, Column, Error, Outcome, Pred, Refusal, Result, Role, Secrecy, Service, Table,
    sea_orm::Value,
    service::{Group, Registry},
    testing::{TestApp, actor},
};
use uuid::Uuid;

pub(crate) fn day(text: &str) -> NaiveDate {
    kit::clock::parse_day(text).expect("a valid day")
}

pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T>) -> Refusal {
    match result {
        Err(Error::Refusal(refusal)) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

/// Problems, units and inspections belong to other areas; here only their lists are needed, to pick from.
fn stub(noun: &'static str, list: Table, table: &'static str, visible: fn(&Actor) -> Pred) -> Service {
    Service {
        noun,
        label: noun,
        table,
        group: Group::Fieldwork,
        listed: true,
        icon: "",
        secrecy: Secrecy::Internal,
        about: "",
        list,
        visible,
        show: |_, _| Box::pin(async { Err(Refusal::not_found().into()) }),
        deeds: Vec::new(),
        creates: |_| false,
        waiting: Vec::new(),
        governed: None,
    }
}

fn problem_visible(actor: &Actor) -> Pred {
    let own = actor.own_organisations(Role::OrganisationLiaison, "organisation_id");
    let office = if actor.is_office() { Pred::All } else { Pred::Nothing };
    Pred::any(vec![office, own.and(Pred::Present("fed_back_on"))])
}

fn unit_visible(actor: &Actor) -> Pred {
    let own = actor.own_organisations(Role::OrganisationLiaison, "organisation_id");
    Pred::any(vec![
        if actor.is_office() || actor.is(Role::Discipline) { Pred::All } else { Pred::Nothing },
        own,
    ])
}

fn services() -> Vec<Service> {
    const NUMBER: &[Column] = &[Column::number("number", "编号", "t.number")];
    const PLANNED: &[Column] = &[Column::date("planned_on", "计划", "t.planned_on").sortable().filled()];
    let numbered = |from: &'static str, title: &'static str| Table {
        from,
        alias: "t",
        title,
        number: Some("t.number"),
        columns: NUMBER,
        order: "number",
    };
    let units = Table {
        from: "inspection_unit t join organisation o on o.id = t.organisation_id",
        alias: "t",
        title: "o.name",
        number: None,
        columns: PLANNED,
        order: "planned_on",
    };
    let mut services = vec![
        registry::organisations::service(),
        stub("inspections", numbered("inspection t", "t.name"), "inspection", |_| Pred::All),
        stub("inspection_units", units, "inspection_unit", unit_visible),
        stub("problems", numbered("problem t", "t.title"), "problem", problem_visible),
    ];
    services.extend(rectification::services());
    services
}

pub(crate) struct World {
    pub(crate) test: TestApp,
    pub(crate) own: Uuid,
    pub(crate) other: Uuid,
    pub(crate) inspection: Uuid,
    pub(crate) unit: Uuid,
    pub(crate) other_unit: Uuid,
    /// Two problems fed back to `own`, one fed back to `other`, one of `own` not fed back.
    pub(crate) problems: [Uuid; 4],
    pub(crate) term: Uuid,
    pub(crate) liaison: Arc<Actor>,
    pub(crate) director: Arc<Actor>,
    pub(crate) officer: Arc<Actor>,
    pub(crate) foreign: Arc<Actor>,
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x1000 + n)
}

impl World {
    pub(crate) async fn new() -> Self {
        let world = Self {
            test: TestApp::with(Registry {
                services: services(),
                // A test makes its files itself and needs no process apart.
                apart: Some(|bytes| likeness::pdf::look(bytes.to_vec()).map(|seen| seen.written())),
                ..Registry::default()
            })
            .await,
            own: id(1),
            other: id(2),
            inspection: id(11),
            unit: id(21),
            other_unit: id(22),
            problems: [id(31), id(32), id(33), id(34)],
            term: id(41),
            liaison: actor(Role::OrganisationLiaison, Some(id(1)), None),
            director: actor(Role::OfficeDirector, None, None),
            officer: actor(Role::OfficeLiaison, None, None),
            foreign: actor(Role::OrganisationLiaison, Some(id(2)), None),
        };
        world.settle().await;
        world
    }

    async fn settle(&self) {
        for (n, code, name) in [(self.own, "D001", "市甲局"), (self.other, "D002", "市乙局")] {
            self.insert(
                "organisation (id, version, code, name, kind, valid_from, note)",
                vec![
                    n.into(),
                    1i64.into(),
                    code.into(),
                    name.into(),
                    "city_department".into(),
                    day("2000-01-01").into(),
                    "".into(),
                ],
            )
            .await;
        }
        self.insert(
            "term (id, version, number, name, committee, starts_on)",
            vec![
                self.term.into(),
                1i64.into(),
                13i64.into(),
                "本届".into(),
                "市委".into(),
                day("2021-09-01").into(),
            ],
        )
        .await;
        self.insert(
            "inspection (id, version, number, name, term_id, kind, modes, field, level, team, year, starts_on, state)",
            vec![
                self.inspection.into(), 1i64.into(), "X2023-01".into(), "第一轮巡察".into(), self.term.into(), "regular".into(),
                "".into(), "".into(), "city".into(), "一组".into(), 2023i64.into(), day("2023-02-01").into(), "closed".into(),
            ],
        )
        .await;
        for (unit, organisation) in [(self.unit, self.own), (self.other_unit, self.other)] {
            self.insert(
                "inspection_unit (id, version, inspection_id, organisation_id, kind, state, planned_on, fed_back_on)",
                vec![
                    unit.into(), 1i64.into(), self.inspection.into(), organisation.into(), "regular".into(), "fed_back".into(),
                    day("2023-02-01").into(), day("2023-05-10").into(),
                ],
            )
            .await;
        }
        let [first, second, foreign, hidden] = self.problems;
        self.problem(first, "W001", self.unit, self.own, true).await;
        self.problem(second, "W002", self.unit, self.own, true).await;
        self.problem(foreign, "W003", self.other_unit, self.other, true).await;
        self.problem(hidden, "W004", self.unit, self.own, false).await;
        for (code, amount, unit) in [
            ("rect_plan", 1i64, "months"),
            ("rect_report", 6, "months"),
            ("immediate_rectification", 10, "days"),
            ("plan_review", 10, "working_days"),
            ("rect_monthly", 5, "working_days"),
            ("democratic_life", 1, "months"),
            ("rect_midterm", 3, "months"),
            ("instruction_answer", 1, "months"),
            ("urging_answer", 5, "working_days"),
            ("publicity", 15, "working_days"),
            ("small_numbers", 5, "count"),
            ("like_text", 80, "count"),
            ("bunch_days", 3, "count"),
            ("bunch_least", 2, "count"),
            ("bunch_share", 60, "count"),
            ("reopened_least", 1, "count"),
            ("reopened_share", 15, "count"),
            ("repeated_likeness", 70, "count"),
        ] {
            self.insert(
                "policy (id, version, code, label, amount, unit, basis, valid_from)",
                vec![
                    kit::ids::random().into(),
                    1i64.into(),
                    code.into(),
                    code.into(),
                    amount.into(),
                    unit.into(),
                    format!("依据：{code}").into(),
                    day("1990-01-01").into(),
                ],
            )
            .await;
        }
    }

    async fn problem(&self, problem: Uuid, number: &str, unit: Uuid, organisation: Uuid, fed_back: bool) {
        let (state, fed_back_on, due_on) = if fed_back {
            ("fed_back", Some(day("2023-05-10")), Some(day("2023-11-10")))
        } else {
            ("draft_approved", None, None)
        };
        self.insert(
            "problem (id, version, number, term_id, inspection_id, unit_id, organisation_id, inspection_kind, title, text, \
             feedback_text, framework_1, framework_2, category_1, category_2, field, nature, responsibility, discipline, \
             eight_rules, key_problem, audit_linked, common, source, draft_number, team, found_on, state, fed_back_on, \
             due_on, due_basis, created_at)",
            vec![
                problem.into(), 1i64.into(), number.into(), self.term.into(), self.inspection.into(), unit.into(),
                organisation.into(), "regular".into(), format!("{number} 资产管理不严").into(), "".into(),
                format!("{number} 反馈原文").into(), "".into(), "".into(), "".into(), "".into(), "".into(), "".into(),
                "".into(), "".into(), false.into(), false.into(), false.into(), false.into(), "".into(), "".into(),
                "一组".into(), day("2023-03-10").into(), state.into(), fed_back_on.into(), due_on.into(), "反馈意见".into(),
                self.test.clock.now().into(),
            ],
        )
        .await;
    }

    pub(crate) async fn close_problem(&self, problem: Uuid, on: &str, reopened: Option<&str>) {
        self.insert(
            "closure (id, version, problem_id, term_id, organisation_id, inspection_id, closed_on, reopened_on, opinion, \
             reason, reviewer_name)",
            vec![
                kit::ids::random().into(), 1i64.into(), problem.into(), self.term.into(), self.own.into(),
                self.inspection.into(), day(on).into(), reopened.map(day).into(), "".into(), "".into(), "".into(),
            ],
        )
        .await;
    }

    /// Inserts `values` into `table (columns)`.
    pub(crate) async fn insert(&self, table: &str, values: Vec<Value>) {
        let mut sql = Sql::new("insert into ");
        sql.push(table).push(" values ").bind_list(values);
        self.execute(sql).await;
    }

    pub(crate) async fn execute(&self, sql: Sql) {
        let program = Arc::new(Actor::program("test"));
        self.test
            .app
            .write(&program, |cx| Box::pin(async move { cx.execute(sql).await }))
            .await
            .expect("a row for the test");
    }

    pub(crate) async fn number(&self, sql: Sql) -> i64 {
        self.test.app.read(&self.director).number(sql).await.expect("a number")
    }

    pub(crate) async fn text(&self, sql: Sql) -> String {
        let rows = self.test.app.read(&self.director).rows(sql).await.expect("rows");
        rows.first().expect("one row").try_get_by_index(0).expect("a text")
    }

    pub(crate) async fn create(
        &self,
        who: &Arc<Actor>,
        noun: &str,
        entries: &[(&str, &str)],
    ) -> Result<Outcome> {
        self.test.perform(who, noun, None, "create", entries).await
    }

    pub(crate) async fn on(
        &self,
        who: &Arc<Actor>,
        noun: &str,
        id: Uuid,
        deed: &str,
        entries: &[(&str, &str)],
    ) -> Result<Outcome> {
        self.test.perform(who, noun, Some(id), deed, entries).await
    }

    /// A complete measure for `problem`, made by the liaison.
    pub(crate) async fn measure(&self, problem: Uuid) -> Uuid {
        let problem = problem.to_string();
        let entries = [
            ("problem", problem.as_str()),
            ("text", "清理闲置店面 3 处并收回欠租"),
            ("owner", "林某"),
            ("leader", "陈某"),
            ("term_kind", "dated"),
            ("due_on", "2023-09-30"),
        ];
        self.create(&self.liaison, "measures", &entries).await.expect("a measure").id
    }

    /// A plan handed in, with a measure for each problem.
    pub(crate) async fn plan_handed_in(&self) -> Uuid {
        self.measure(self.problems[0]).await;
        self.measure(self.problems[1]).await;
        let unit = self.unit.to_string();
        let entries = [("unit", unit.as_str()), ("first_responsible", "陈某（党组书记）")];
        let plan = self.create(&self.liaison, "rect_plans", &entries).await.expect("a plan").id;
        self.on(&self.liaison, "rect_plans", plan, "submit", &[]).await.expect("handed in");
        plan
    }

    /// The identities that a statement answers with.
    pub(crate) async fn ids(&self, sql: Sql) -> Vec<Uuid> {
        let rows = self.test.app.read(&self.director).rows(sql).await.expect("rows");
        rows.iter().map(|row| row.try_get_by_index(0).expect("an identity")).collect()
    }

    /// The opinions asked for on a plan that are still open.
    pub(crate) async fn asked(&self, plan: Uuid) -> Vec<Uuid> {
        let mut sql = Sql::new("select id from rect_opinion where state = 'asked' and plan_id = ");
        sql.bind(plan);
        self.ids(sql).await
    }

    /// Enters that every party agrees, as the office does with letters.
    pub(crate) async fn all_agree(&self, plan: Uuid) {
        for opinion in self.asked(plan).await {
            let letter = [("document", "会审复函")];
            self.on(&self.officer, "rect_opinions", opinion, "agree", &letter).await.expect("agreed");
        }
    }

    /// Hangs a file on a measure.
    pub(crate) async fn file(&self, measure: Uuid, name: &str, bytes: &[u8]) {
        let app = &self.test.app;
        let upload = kit::files::Upload::of_bytes(app, name, bytes).await.expect("a file");
        let kept = upload.clone();
        app.write(&self.liaison, |cx| {
            Box::pin(async move { kit::files::attach(cx, "measures", measure, &kept, "").await })
        })
        .await
        .expect("attached");
        kit::files::discard(app, &[upload]).await;
    }

    pub(crate) fn go_to(&self, text: &str) {
        let instant: DateTime<Utc> =
            DateTime::parse_from_rfc3339(&format!("{text}T09:00:00+08:00")).expect("an instant").to_utc();
        self.test.set_clock(instant);
    }
}
