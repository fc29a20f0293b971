//! A small city for the tests: departments with people, one round with one inspection of two units.

#![expect(dead_code, unreachable_pub, reason = "each test file uses its part")]

use std::sync::Arc;

use db::Sql;
use kit::{
    Actor, Labelled as _, Outcome, Pred, RecordView, Result, Role,
    testing::{TestApp, actor},
};
use planning::testing::{self, Inspection, inspection, organisation, round, term, unit};
pub use planning::testing::{refused, strangers};
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

impl City {
    pub async fn new() -> Self {
        let mut services = registry::services();
        services.extend(planning::services());
        services.extend(preparation::services());
        let test = TestApp::new(services).await;
        testing::words_and_policies(&test).await;
        let organisation_id = organisation(&test, "B001", "市水利局", "city_department").await;
        let other = organisation(&test, "B002", "市交通运输局", "city_department").await;
        let discipline_body = organisation(&test, "J001", "市纪委监委", "supervising_body").await;
        let audit_body = organisation(&test, "J002", "市审计局", "supervising_body").await;
        let term = term(&test).await;
        let round = round(&test, term, "2023-06-20").await;
        let planned = Inspection {
            name: "第五轮常规巡察",
            number: "巡〔2023〕005号",
            round: Some(round),
            starts_on: "2023-06-20",
            state: "planned",
            ..Inspection::default()
        };
        let inspection = inspection(&test, term, planned).await;
        let authorised = async |of| {
            unit(&test, (inspection, of), "regular", "authorised", &[("planned_on", "2023-06-20")]).await
        };
        let team = |role| (role, None, Some(inspection));
        let own = async |name, (role, at, of)| testing::person(&test, name, role, at, of).await.0;
        Self {
            unit: authorised(organisation_id).await,
            other_unit: authorised(other).await,
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
        testing::show(&self.test, who, noun, id).await
    }

    /// The plain text of all facts of a record as `who` sees it.
    pub async fn facts(&self, who: &Arc<Actor>, noun: &str, id: Uuid) -> String {
        let view = self.show(who, noun, id).await.expect("a record");
        view.facts.iter().map(|fact| fact.value.plain()).collect::<Vec<_>>().join("\n")
    }

    /// The list of `noun` as `who` sees it, narrowed to records that contain `words`: text of its cells, total.
    pub async fn search(&self, who: &Arc<Actor>, noun: &str, words: &str) -> (String, i64) {
        testing::list(&self.test, who, noun, words).await
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
