//! What a new draft takes over from the record it is started from, so that nothing is typed twice.

use db::Sql;
use kit::{Cx, Result, Secrecy, Shown, service::Fact, web::Query};
use planning::units;
use registry::organisations;
use uuid::Uuid;

use crate::typical_problems::{self, TypicalProblemId};

/// Longest text taken over, in characters.
const TEXT: usize = 20_000;

/// Nouns of records and the value of `problem_source` that a draft made from one has.
const SOURCES: &[(&str, &str)] = &[
    ("talks", "talk"),
    ("petitions", "petition"),
    ("file_requests", "files"),
    ("team_meetings", "meeting"),
    ("visits", "visit"),
    ("doubts", "data_model"),
    ("briefing_items", "briefing"),
    ("brought_pieces", "brought"),
    ("audit_shares", "audit"),
    ("audit_linkages", "audit"),
];

/// Facts of a record that say what the matter is, the best first.
const MATTER: &[&str] =
    &["summary", "overview", "content", "text", "record_text", "finding", "description", "note"];

/// Values for the form of a new draft that `query` starts from a record.
pub(super) async fn fill(cx: &Cx, query: &Query) -> Result<Vec<(&'static str, String)>> {
    let Some(noun) = query.get("source_noun") else { return Ok(Vec::new()) };
    let id = query.get("source_id").and_then(|text| Uuid::parse_str(text).ok());
    let (Some(id), Some(service)) = (id, cx.app().registry().service(noun)) else { return Ok(Vec::new()) };
    if !kit::service::can_see(cx, noun, id).await? {
        return Ok(Vec::new());
    }
    let mut values = Vec::new();
    if let Some((_, source)) = SOURCES.iter().find(|(held, _)| *held == noun) {
        values.push(("source", (*source).to_owned()));
    }
    // Sealed text stays where it is: only the link is made.
    if service.secrecy == Secrecy::Sealed {
        return Ok(values);
    }
    if noun == typical_problems::NOUN {
        return from_library(cx, id, values).await;
    }
    let view = (service.show)(cx, id).await?;
    // A single record may be kept more closely than its noun.
    if view.secrecy == Secrecy::Sealed {
        values.push(("excerpt", view.number));
        return Ok(values);
    }
    let called = if view.number.is_empty() { view.title.clone() } else { view.number.clone() };
    values.push(("learnt", format!("通过{}（{called}）了解。", service.label)));
    values.push(("excerpt", view.title.clone()));
    if let Some(text) = matter(&view.facts) {
        values.push(("overview", text));
    }
    if let Some(unit) = unit_of(cx, &view.facts).await? {
        values.push(("unit", unit.to_string()));
    }
    Ok(values)
}

/// What the library knows of such problems; the facts are the draft's own to find.
async fn from_library(
    cx: &Cx,
    id: Uuid,
    mut values: Vec<(&'static str, String)>,
) -> Result<Vec<(&'static str, String)>> {
    let entry = typical_problems::find(cx, TypicalProblemId(id)).await?;
    values.push(("excerpt", format!("应取证据：{}", entry.evidence)));
    values.push(("title", entry.title));
    values.push(("phenomenon", entry.manifestation));
    values.push(("bases", entry.bases));
    values.push(("responsibility", entry.responsibility));
    values.push(("frameworks", entry.framework_2));
    values.push(("fields", entry.field));
    Ok(values)
}

fn matter(facts: &[Fact]) -> Option<String> {
    let text = |key: &&str| {
        let fact = facts.iter().find(|fact| fact.key == *key)?;
        match &fact.value {
            Shown::Text(text) | Shown::Long(text) => Some(text.chars().take(TEXT).collect()),
            _ => None,
        }
    };
    MATTER.iter().find_map(text)
}

/// The inspected unit a record is about: named itself, or by its inspection and organisation.
async fn unit_of(cx: &Cx, facts: &[Fact]) -> Result<Option<Uuid>> {
    let linked = |noun: &str| {
        facts.iter().find_map(|fact| match &fact.value {
            Shown::Link { href, .. } => {
                let id = href.strip_prefix('/')?.strip_prefix(noun)?.strip_prefix('/')?;
                Uuid::parse_str(id).ok()
            }
            _ => None,
        })
    };
    if let Some(unit) = linked(units::NOUN) {
        return Ok(Some(unit));
    }
    let (Some(inspection), organisation) = (linked(units::INSPECTIONS), linked(organisations::NOUN)) else {
        return Ok(None);
    };
    let mut sql = Sql::new("select id from inspection_unit where inspection_id = ");
    sql.bind(inspection);
    if let Some(organisation) = organisation {
        sql.push(" and organisation_id = ").bind(organisation);
    }
    sql.push(" limit 2");
    let rows = cx.rows(sql).await?;
    match rows.as_slice() {
        [row] => Ok(Some(row.try_get_by_index(0)?)),
        _ => Ok(None),
    }
}
