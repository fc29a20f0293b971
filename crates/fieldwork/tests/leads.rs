//! Leads and suspect projects: sealed, approved by others, handed over, never known to the unit.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it cannot go on")]

mod support;

use std::sync::Arc;

use db::Sql;
use fieldwork::leads::{self, LeadId};
use kit::{Actor, Role, error::Reason, testing::actor};
use support::{City, refused, strangers};
use uuid::Uuid;

/// Words that must be nowhere in plain.
const PERSON: &str = "鲍秘桐";
const POST: &str = "蓼蓝局副局长";
const CONTENT: &str = "收受翡翠摆件并为其侄承揽工程";

async fn city() -> City {
    City::new(fieldwork::services()).await
}

fn entries(unit: &str) -> Vec<(&'static str, String)> {
    let text = |text: &str| text.to_owned();
    vec![
        ("unit", text(unit)),
        ("person", text(PERSON)),
        ("post", text(POST)),
        ("content", text(CONTENT)),
        ("discipline", text("integrity")),
        ("category", text("public_funds")),
        ("source", text("petition")),
        ("route", text("discipline")),
        ("timing", text("after_report")),
        ("accepted_on", text("2023-05-20")),
    ]
}

async fn perform(
    city: &City,
    who: &Arc<Actor>,
    id: Option<Uuid>,
    deed: &str,
    entries: &[(&'static str, String)],
) -> kit::Result<kit::Outcome> {
    let entries: Vec<(&str, &str)> = entries.iter().map(|(name, value)| (*name, value.as_str())).collect();
    city.perform(who, "leads", id, deed, &entries).await
}

async fn lead(city: &City) -> Uuid {
    perform(city, &city.member, None, "create", &entries(&city.unit.to_string())).await.unwrap().id
}

fn handing(city: &City) -> Vec<(&'static str, String)> {
    vec![
        ("mode", String::from("single")),
        ("recipient", city.recipient.to_string()),
        ("transferred_on", String::from("2023-06-01")),
    ]
}

async fn transferred(city: &City) -> Uuid {
    let id = lead(city).await;
    perform(city, &city.group, Some(id), "approve", &[]).await.unwrap();
    perform(city, &city.director, Some(id), "transfer", &handing(city)).await.unwrap();
    id
}

async fn count(city: &City, sql: &str) -> i64 {
    city.test.app.read(&city.director).number(Sql::new(sql)).await.unwrap()
}

#[tokio::test]
async fn a_lead_goes_from_draft_to_its_recipient() {
    let city = city().await;
    let id = lead(&city).await;
    assert_eq!(city.list(&city.discipline, "leads").await.1, 0);
    perform(&city, &city.group, Some(id), "approve", &[]).await.unwrap();
    assert_eq!(city.list(&city.discipline, "leads").await.1, 0);
    perform(&city, &city.director, Some(id), "transfer", &handing(&city)).await.unwrap();
    assert_eq!(city.list(&city.discipline, "leads").await.1, 1);
    let view = city.show(&city.discipline, "leads", id).await.unwrap();
    assert!(view.facts.iter().any(|fact| fact.value.plain() == CONTENT));
    assert_eq!(city.list(&city.discipline, "transfers").await.1, 1);
}

#[tokio::test]
async fn the_unit_cannot_learn_of_a_lead_in_lists_counts_or_lookups() {
    let city = city().await;
    let id = transferred(&city).await;
    let number = city.show(&city.director, "leads", id).await.unwrap().number;
    for noun in ["leads", "suspect_projects", "transfers"] {
        assert_eq!(city.list(&city.liaison, noun).await.1, 0, "{noun}");
    }
    assert_eq!(refused(city.show(&city.liaison, "leads", id).await).reason, Reason::NotFound);
    let cx = city.test.app.read(&city.liaison);
    for name in [id.to_string(), number] {
        assert!(kit::lookup::record(&cx, "leads", &name).await.unwrap().is_err());
    }
    for deed in ["approve", "transfer", "edit", "withdraw"] {
        let refusal = refused(perform(&city, &city.liaison, Some(id), deed, &[]).await);
        assert_eq!(refusal.reason, Reason::NotFound, "{deed}");
    }
}

#[tokio::test]
async fn strangers_of_every_role_see_a_lead_only_as_their_role_allows() {
    let city = city().await;
    lead(&city).await;
    for who in strangers() {
        let may = who.is_office() || who.is(Role::LeadingGroup);
        assert_eq!(city.list(&who, "leads").await.1 == 1, may, "{}", who.name);
    }
    assert_eq!(city.list(&city.leader, "leads").await.1, 0);
    transferred(&city).await;
    assert_eq!(city.list(&city.leader, "leads").await.1, 1);
}

#[tokio::test]
async fn the_list_tells_nothing_of_person_or_content() {
    let city = city().await;
    transferred(&city).await;
    let rows = city.list(&city.director, "leads").await.0;
    assert!([PERSON, POST, CONTENT].iter().all(|sealed| !rows.contains(sealed)));
    for words in [PERSON, "翡翠摆件"] {
        assert_eq!(city.search(&city.director, "leads", words).await.1, 0);
    }
}

#[tokio::test]
async fn reading_a_lead_is_recorded() {
    let city = city().await;
    let id = lead(&city).await;
    let reads = "select count(*) from audit_entry where deed = 'read' and noun = 'leads'";
    let before = count(&city, reads).await;
    city.show(&city.clerk, "leads", id).await.unwrap();
    assert_eq!(count(&city, reads).await, before + 1);
}

#[tokio::test]
async fn who_wrote_a_lead_does_not_approve_it() {
    let city = city().await;
    let mut both = (*city.member).clone();
    both.posts.extend(city.group.posts.clone());
    let both = Arc::new(both);
    let id = perform(&city, &both, None, "create", &entries(&city.unit.to_string())).await.unwrap().id;
    assert_eq!(refused(perform(&city, &both, Some(id), "approve", &[]).await).reason, Reason::Forbidden);
    perform(&city, &city.group, Some(id), "approve", &[]).await.unwrap();
}

#[tokio::test]
async fn an_early_transfer_needs_its_urgency_in_words() {
    let city = city().await;
    let mut entries = entries(&city.unit.to_string());
    entries.retain(|(name, _)| *name != "timing");
    entries.push(("timing", String::from("early")));
    assert_eq!(refused(perform(&city, &city.member, None, "create", &entries).await).fields[0].0, "urgency");
    entries.push(("urgency", String::from("可能转移证据")));
    assert_eq!(refused(perform(&city, &city.member, None, "create", &entries).await).fields[0].0, "risk");
    entries.push(("risk", String::from("evidence")));
    let id = perform(&city, &city.member, None, "create", &entries).await.unwrap().id;
    perform(&city, &city.head, Some(id), "sign", &[]).await.unwrap();
    perform(&city, &city.director, Some(id), "review", &[]).await.unwrap();
    perform(&city, &city.group, Some(id), "approve", &[]).await.unwrap();
    perform(&city, &city.director, Some(id), "transfer", &handing(&city)).await.unwrap();
    assert_eq!(count(&city, "select count(*) from transfer where early = true").await, 1);
}

#[tokio::test]
async fn a_lead_is_not_handed_to_whom_it_is_about_nor_to_a_body_that_supervises_nothing() {
    let city = city().await;
    let id = lead(&city).await;
    perform(&city, &city.group, Some(id), "approve", &[]).await.unwrap();
    for wrong in [city.organisation, city.other] {
        let mut handing = handing(&city);
        handing[1].1 = wrong.to_string();
        let refusal = refused(perform(&city, &city.director, Some(id), "transfer", &handing).await);
        assert_eq!(refusal.fields[0].0, "recipient");
    }
    assert_eq!(count(&city, "select count(*) from transfer").await, 0);
}

#[tokio::test]
async fn a_double_transfer_opens_the_lead_to_both_bodies() {
    let city = city().await;
    let id = lead(&city).await;
    perform(&city, &city.group, Some(id), "approve", &[]).await.unwrap();
    let mut handing = handing(&city);
    handing[0].1 = String::from("double");
    handing.push(("second_recipient", city.second.to_string()));
    perform(&city, &city.director, Some(id), "transfer", &handing).await.unwrap();
    let second = actor(Role::OrganisationDepartment, Some(city.second), None);
    assert_eq!(city.list(&second, "leads").await.1, 1);
    assert_eq!(city.list(&city.discipline, "leads").await.1, 1);
    assert_eq!(count(&city, "select count(*) from transfer").await, 2);
}

#[tokio::test]
async fn a_returned_lead_comes_back_for_approval_when_edited_and_an_old_version_is_refused() {
    let city = city().await;
    let id = lead(&city).await;
    let opinion = [("opinion", String::from("补充时间"))];
    perform(&city, &city.group, Some(id), "return", &opinion).await.unwrap();
    let mut changed = entries("");
    changed.remove(0);
    changed.push(("version", String::from("2")));
    perform(&city, &city.member, Some(id), "edit", &changed).await.unwrap();
    assert_eq!(city.state("leads", id).await, "drafted");
    assert_eq!(refused(perform(&city, &city.member, Some(id), "edit", &changed).await).reason, Reason::Stale);
}

#[tokio::test]
async fn sealed_text_opens_in_its_own_lead_only() {
    let city = city().await;
    let (one, other) = (LeadId(lead(&city).await), LeadId(lead(&city).await));
    let cx = city.test.app.read(&city.director);
    let sealed = leads::find(&cx, one).await.unwrap().content_sealed;
    let open = |id: LeadId| city.test.app.seal().open(&format!("lead/{id}/content"), &sealed);
    assert_eq!(open(one).unwrap(), CONTENT);
    assert!(open(other).is_err());
}

#[tokio::test]
async fn nothing_sealed_lies_in_plain_in_the_files_of_the_database() {
    let city = city().await;
    if !city.test.app.db().sole_writer() {
        return;
    }
    let id = transferred(&city).await;
    let opinion = [("reason", String::from("蓼蓝局线索重复"))];
    let withdrawn = lead(&city).await;
    perform(&city, &city.member, Some(withdrawn), "withdraw", &opinion).await.unwrap();
    city.show(&city.discipline, "leads", id).await.unwrap();
    let number = city.show(&city.director, "leads", id).await.unwrap().number;
    let mut found_number = false;
    for file in std::fs::read_dir(city.test.app.folder()).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        found_number |= holds(&number);
        // Pairs of characters are what the index stores, so a leak there would show as a pair.
        for canary in [PERSON, POST, CONTENT, "秘桐", "蓼蓝", "翡翠"] {
            assert!(!holds(canary), "{canary} lies in {}", path.display());
        }
    }
    assert!(found_number, "the search must be able to find what is stored in plain");
}

#[tokio::test]
async fn a_suspect_project_is_handed_over_and_stays_hidden_from_its_unit() {
    let city = city().await;
    let unit = city.unit.to_string();
    let entries = [
        ("unit", unit.as_str()),
        ("name", "滨河路改造工程"),
        ("bidders", "甲公司\n乙公司"),
        ("suspicion", "投标文件雷同"),
        ("amount", "12800000"),
        ("found_on", "2023-05-20"),
    ];
    let noun = "suspect_projects";
    let id = city.perform(&city.head, noun, None, "create", &entries).await.unwrap().id;
    let recipient = city.recipient.to_string();
    let handing = [
        ("mode", "single"),
        ("recipient", recipient.as_str()),
        ("transferred_on", "2023-06-01"),
        ("early", "1"),
    ];
    let early = city.perform(&city.director, noun, Some(id), "transfer", &handing).await;
    assert_eq!(refused(early).reason, Reason::Conflict);
    let own = city.perform(&city.head, noun, Some(id), "approve", &[]).await;
    assert_eq!(refused(own).reason, Reason::Forbidden);
    city.perform(&city.group, noun, Some(id), "approve", &[]).await.unwrap();
    city.perform(&city.director, noun, Some(id), "transfer", &handing).await.unwrap();
    assert_eq!(city.list(&city.discipline, noun).await.1, 1);
    assert_eq!(city.list(&city.liaison, noun).await.1, 0);
    assert_eq!(refused(city.show(&city.liaison, noun, id).await).reason, Reason::NotFound);
    let late = city.perform(&city.head, noun, Some(id), "edit", &entries[1..]).await;
    assert_eq!(refused(late).reason, Reason::Conflict);
}
