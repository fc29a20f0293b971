//! A small city for the tests: organisations, one inspection of two units, words and deadlines.

#![expect(dead_code, unreachable_pub, reason = "each test file uses its part")]

use std::sync::Arc;

use db::Sql;
use kit::{
    Actor, Column, Outcome, Pred, RecordView, Result, Role, Secrecy, Service, Table,
    service::{Group, Registry},
    testing::{TestApp, actor},
};
use planning::testing::{self, Inspection, inspection, term, unit};
pub use planning::testing::{day, refused, strangers};
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

/// What is filled in for a problem of `unit`, found on 2023-03-01.
pub fn problem_entries<'a>(unit: &'a str, title: &'a str) -> [(&'static str, &'a str); 7] {
    [
        ("unit", unit),
        ("title", title),
        ("text", "2021年至2022年沉淀专项资金"),
        ("nature", "individual"),
        ("framework_2", "F1.1"),
        ("source", "petition"),
        ("found_on", "2023-03-01"),
    ]
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
        let columns = vec![
            ("kind", kind.into()),
            ("code", code.into()),
            ("label", code.into()),
            ("parent", parent.into()),
            ("position", 1i64.into()),
            ("valid_from", day("2015-01-01").into()),
            ("basis", "".into()),
        ];
        testing::row(test, "dictionary_item", columns).await;
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
        let columns = vec![
            ("code", code.into()),
            ("label", code.into()),
            ("amount", amount.into()),
            ("unit", unit.into()),
            ("basis", "依据".into()),
            ("valid_from", day("2015-01-01").into()),
        ];
        testing::row(test, "policy", columns).await;
    }
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
        let called =
            async |code: &str, kind| testing::organisation(&test, code, &format!("单位{code}"), kind).await;
        let organisation_id = called("D001", "city_department").await;
        let other = called("D002", "city_department").await;
        let recipient = called("J001", "supervising_body").await;
        let second = called("J002", "supervising_body").await;
        let special = Inspection {
            name: "工程招投标专项巡察",
            kind: "special",
            field: "bidding",
            starts_on: "2023-02-01",
            ..Inspection::default()
        };
        let inspection = inspection(&test, term(&test).await, special).await;
        let days = [("planned_on", "2023-01-10"), ("decided_on", "2023-04-20")];
        let decided = async |of| unit(&test, (inspection, of), "special", "decided", &days).await;
        Self {
            unit: decided(organisation_id).await,
            other_unit: decided(other).await,
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
        testing::run(&self.test, sql).await;
    }

    /// Gives `who` an account called `name` and a place in the team; the identity of the place.
    pub async fn place(&self, who: &Arc<Actor>, name: &str, role: &str) -> Uuid {
        testing::account(&self.test, who, name).await;
        let columns = vec![
            ("account_id", who.account.into()),
            ("role", role.into()),
            ("inspection_id", self.inspection.into()),
            ("from_on", day("2023-01-01").into()),
            ("state", "approved".into()),
            ("basis", "授权".into()),
            ("decision", "".into()),
        ];
        testing::row(&self.test, "post", columns).await
    }

    /// Moves the clock to noon of `text`.
    pub fn at(&self, text: &str) {
        testing::noon(&self.test, text);
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
        let entries = problem_entries(&unit, title);
        self.perform(&self.clerk, "problems", None, "create", &entries).await.expect("a problem").id
    }

    pub async fn problem(&self, title: &str) -> Uuid {
        self.problem_of(self.unit, title).await
    }

    /// A measure of a problem, in `state`.
    pub async fn measure(&self, problem: Uuid, state: &str) {
        let texts = [
            "number",
            "text",
            "goal",
            "owner_name",
            "leader_name",
            "department",
            "cooperating",
            "term_kind",
            "due_basis",
            "progress",
            "opinion",
        ];
        let mut columns = vec![
            ("problem_id", problem.into()),
            ("inspection_id", self.inspection.into()),
            ("organisation_id", self.organisation.into()),
            ("state", state.into()),
        ];
        columns.extend(texts.map(|name| (name, "".into())));
        testing::row(&self.test, "measure", columns).await;
    }

    /// The record page of `id` as `who` sees it.
    pub async fn show(&self, who: &Arc<Actor>, noun: &str, id: Uuid) -> Result<RecordView> {
        testing::show(&self.test, who, noun, id).await
    }

    /// The list of `noun` as `who` sees it: the plain text of its cells, and its total.
    pub async fn list(&self, who: &Arc<Actor>, noun: &str) -> (String, i64) {
        self.search(who, noun, "").await
    }

    /// The list of `noun` narrowed to records that contain `words`.
    pub async fn search(&self, who: &Arc<Actor>, noun: &str, words: &str) -> (String, i64) {
        testing::list(&self.test, who, noun, words).await
    }

    pub async fn state(&self, noun: &str, id: Uuid) -> String {
        let view = self.show(&self.director, noun, id).await.expect("a record");
        view.state.map(|choice| choice.code.to_owned()).unwrap_or_default()
    }
}
