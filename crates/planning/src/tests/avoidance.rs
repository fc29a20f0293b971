//! Avoidance, from the proposal for a team to the bar that hides the organisation.

use kit::Post;

use super::*;

/// A person proposed for the team that inspects `organisation`.
struct Proposed {
    account: Uuid,
    place: Uuid,
    inspection: Uuid,
}

async fn proposed(city: &City, organisation: Uuid) -> Proposed {
    let term = city.term().await;
    let (inspection, _) = city.running(term, organisation, &[("ends_on", "2023-12-31")]).await;
    let account = city.account("qian").await;
    let (inspection_text, account_text) = (inspection.to_string(), account.to_string());
    let entries = [
        ("inspection", &*inspection_text),
        ("account", &*account_text),
        ("role", "team_member"),
        ("basis", "澜委巡〔2023〕1号"),
    ];
    let place = city.create("teams", &entries).await.unwrap();
    Proposed { account, place, inspection }
}

/// The same person with a post in the office besides.
fn with_post(person: &Actor, role: Role) -> Arc<Actor> {
    let post = Post { from: day("2021-01-01"), ..Post::of(role) };
    Arc::new(Actor { posts: vec![post], ..person.clone() })
}

#[tokio::test]
async fn nobody_joins_a_team_before_he_has_declared() {
    let city = City::new().await;
    let organisation = city.organisation("V1").await;
    let proposed = proposed(&city, organisation).await;
    let early = city.does(&city.leader, "teams", proposed.place, "approve", &[]).await;
    assert_eq!(reason(early), Reason::Conflict);
    let member = city.signed_in(proposed.account).await;
    assert_eq!(member.bars.inspections, [proposed.inspection], "the inspection is closed until then");
    let officer = with_post(&member, Role::OfficeLiaison);
    assert_eq!(reason(city.show(&officer, "inspections", proposed.inspection).await), Reason::NotFound);
    let id = city.declarations(&member).await[0];
    let unsure = city.does(&member, "declarations", id, "sign", &[]).await;
    assert_eq!(refused_field(unsure), "truthful");
    let member = city.declares(proposed.account).await;
    assert!(city.signed_in(proposed.account).await.bars.is_empty());
    city.does(&city.leader, "teams", proposed.place, "approve", &[]).await.unwrap();
    city.does(&member, "declarations", id, "renew", &[("reason", "配偶调动工作")]).await.unwrap();
    assert_eq!(city.signed_in(proposed.account).await.bars.inspections, [proposed.inspection]);
}

#[tokio::test]
async fn what_is_declared_waits_for_a_decision_and_a_decided_avoidance_hides_everything() {
    let city = City::new().await;
    let organisation = city.organisation("V2").await;
    let proposed = proposed(&city, organisation).await;
    let member = city.signed_in(proposed.account).await;
    let id = city.declarations(&member).await[0];
    let text = organisation.to_string();
    let entries = [
        ("truthful", "true"),
        ("items.0.organisation", text.as_str()),
        ("items.0.ground", "relative"),
        ("items.0.facts", "配偶在该局任职"),
    ];
    city.does(&member, "declarations", id, "sign", &entries).await.unwrap();
    let blocked = city.does(&city.leader, "teams", proposed.place, "approve", &[]).await;
    assert_eq!(reason(blocked), Reason::Conflict, "an open avoidance stands against it");
    let case = city.avoidances(&city.leader).await[0];
    let own = with_post(&member, Role::OfficeDirector);
    let itself = city.does(&own, "avoidances", case, "dismiss", &[("opinion", "无碍")]).await;
    assert_eq!(reason(itself), Reason::Forbidden);
    city.does(&city.leader, "avoidances", case, "decide", &[("opinion", "应当回避")]).await.unwrap();
    let place = teams::find(&city.app.app.read(&city.office), proposed.place.into()).await.unwrap();
    assert_eq!(place.state, teams::State::Rejected, "his place in the team is gone");
    let barred = with_post(&*city.signed_in(proposed.account).await, Role::OfficeDirector);
    for noun in ["inspections", "inspection_units", "teams"] {
        assert_eq!(city.count(&barred, noun).await, 0, "{noun}");
        assert!(city.count(&city.office, noun).await > 0, "{noun}");
    }
    assert_eq!(reason(city.show(&barred, "inspections", proposed.inspection).await), Reason::NotFound);
    assert_eq!(city.count(&barred, "avoidances").await, 1, "his own case he may read");
    let lift = [("opinion", "配偶已调离")];
    city.does(&city.leader, "avoidances", case, "lift", &lift).await.unwrap();
    assert!(city.signed_in(proposed.account).await.bars.is_empty());
}

#[tokio::test]
async fn the_check_finds_what_was_not_declared() {
    let city = City::new().await;
    let organisation = city.organisation("V3").await;
    let proposed = proposed(&city, organisation).await;
    let mut sql = Sql::new(
        "insert into post (id, version, account_id, role, organisation_id, from_on, to_on, state, basis, decision) \
         values (",
    );
    sql.bind(kit::ids::random()).push(", 1, ").bind(proposed.account).push(", ");
    sql.bind(Role::OrganisationLiaison).push(", ").bind(organisation).push(", ").bind(day("2020-01-01"));
    sql.push(", ").bind(day("2022-12-31")).push(", 'ended', '', '')");
    city.execute(sql).await;
    city.declares(proposed.account).await;
    let case = city.avoidances(&city.leader).await[0];
    let view = city.show(&city.leader, "avoidances", case).await.unwrap();
    let ground = fact(&view, "ground").unwrap().plain();
    assert_eq!(ground, "曾任职于该单位");
    city.does(&city.leader, "avoidances", case, "dismiss", &[("opinion", "经研究不影响")]).await.unwrap();
    city.does(&city.leader, "teams", proposed.place, "approve", &[]).await.unwrap();
}

#[tokio::test]
async fn one_raised_by_the_director_is_decided_by_somebody_else() {
    let city = City::new().await;
    let organisation = city.organisation("V4").await.to_string();
    let account = city.account("sun").await.to_string();
    let entries = [
        ("account", &*account),
        ("organisation", &*organisation),
        ("ground", "interest"),
        ("facts", "与该局有经济纠纷"),
    ];
    let case = city.app.perform(&city.director, "avoidances", None, "create", &entries).await.unwrap().id;
    let twice = city.app.perform(&city.leader, "avoidances", None, "create", &entries).await;
    assert_eq!(refused_field(twice), "ground");
    let opinion = [("opinion", "同意")];
    let own = city.does(&city.director, "avoidances", case, "decide", &opinion).await;
    assert_eq!(reason(own), Reason::Forbidden);
    city.does(&city.leader, "avoidances", case, "decide", &opinion).await.unwrap();
}

impl City {
    /// The avoidances that `who` can see.
    async fn avoidances(&self, who: &Arc<Actor>) -> Vec<Uuid> {
        let mut sql = Sql::new("select v.id from avoidance v where ");
        self.service("avoidances").scope(who).write("v", &mut sql);
        let rows = self.app.app.read(who).rows(sql).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }
}
