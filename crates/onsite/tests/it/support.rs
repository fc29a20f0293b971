//! A small city for the tests: one inspection of one organisation, its team with authorised places, and the people
//! around them.

use std::sync::Arc;

use db::Sql;
use kit::{
    Actor, Outcome, RecordView, Result, Role,
    testing::{TestApp, actor},
};
pub(crate) use planning::testing::refused;
use planning::testing::{self, Inspection, inspection, term, unit};
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

/// Somebody in the team, with an account and an authorised place.
async fn officer(test: &TestApp, role: Role, name: &str, inspection: Uuid) -> (Arc<Actor>, Uuid) {
    let mut who = (*actor(role, None, Some(inspection))).clone();
    name.clone_into(&mut who.name);
    testing::account(test, &who, name).await;
    let place = testing::post(test, &who, role, "2023-05-01", Some("2023-07-01")).await;
    (Arc::new(who), place)
}

impl City {
    pub(crate) async fn new() -> Self {
        let mut services = registry::services();
        services.extend(planning::services());
        services.extend(onsite::services());
        let test = TestApp::new(services).await;
        testing::words_and_policies(&test).await;
        let organisation_id = testing::organisation(&test, "D001", "单位D001", "city_department").await;
        let bureau = testing::organisation(&test, "J001", "单位J001", "supervising_body").await;
        let running = Inspection { ends_on: Some("2023-07-01"), ..Inspection::default() };
        let inspection = inspection(&test, term(&test).await, running).await;
        let days =
            [("planned_on", "2023-05-04"), ("notified_on", "2023-04-20"), ("entered_on", "2023-05-04")];
        let (head, head_place) = officer(&test, Role::TeamHead, "周组长", inspection).await;
        let (member, member_place) = officer(&test, Role::TeamMember, "钱组员", inspection).await;
        Self {
            unit: unit(&test, (inspection, organisation_id), "regular", "on_site", &days).await,
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
        testing::show(&self.test, who, noun, id).await
    }

    /// Everything that the record page says to `who`.
    pub(crate) async fn text(&self, who: &Arc<Actor>, noun: &str, id: Uuid) -> String {
        let view = self.show(who, noun, id).await.expect("a record");
        let facts: Vec<String> = view.facts.iter().map(|fact| fact.value.plain()).collect();
        format!("{}\n{:?}", facts.join("\n"), view.tabs)
    }

    /// The list of `noun` as `who` sees it: the plain text of its cells, and its total.
    pub(crate) async fn list(&self, who: &Arc<Actor>, noun: &str) -> (String, i64) {
        testing::list(&self.test, who, noun, "").await
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
