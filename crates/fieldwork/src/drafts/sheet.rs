//! A draft as its printed sheet says it.

use chrono::{DateTime, NaiveDate, Utc};
use db::Sql;
use kit::{Cx, Result, dictionary, sea_orm};
use planning::units;
use sea_orm::FromQueryResult;

use super::{Draft, DraftId, Signature, Step, actions, service, store};
use crate::evidence::{Kind, Nature};

/// Everything the printed sheet shows.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The draft.
    pub draft: Draft,
    /// The inspected organisation.
    pub organisation: String,
    /// The inspection.
    pub inspection: String,
    /// The team.
    pub team: String,
    /// The officers' names.
    pub officers: String,
    /// When it happened.
    pub period: String,
    /// How it became known.
    pub source: String,
    /// Rules with articles, one a line.
    pub bases: String,
    /// Who is responsible, one a line.
    pub bodies: String,
    /// The evidence in the order of its numbers.
    pub evidence: Vec<Item>,
    /// Signatures in force.
    pub signatures: Vec<Signature>,
    /// Digest of what the sheet says now.
    pub digest: String,
}

/// A line of the list of evidence.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Item {
    /// Number within the draft.
    pub ordinal: i64,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub kind: Kind,
    /// Original or copy.
    pub form: Nature,
    /// Pages.
    pub pages: Option<i64>,
    /// From whom.
    pub provider: String,
    /// When obtained.
    pub obtained_on: NaiveDate,
}

impl Sheet {
    /// The signatures given in one step.
    pub fn signed(&self, step: Step) -> Vec<(&str, DateTime<Utc>, &str)> {
        let of_step = self.signatures.iter().filter(|signature| signature.step == step);
        of_step.map(|one| (one.name.as_str(), one.signed_at, one.opinion.as_str())).collect()
    }

    /// Whether a signature in force signed something else than the sheet says now.
    pub fn changed(&self) -> bool {
        super::content::changed_since(&self.signatures, &self.digest).next().is_some()
    }
}

/// The sheet of the draft `id`, within what the actor may see.
pub async fn of(cx: &Cx, id: DraftId) -> Result<Sheet> {
    let draft = store::find(cx, id).await?;
    if !cx.actor.in_team(draft.inspection_id) {
        cx.record_read(super::NOUN, id.0).await;
    }
    let names = units::names(cx, draft.organisation_id, draft.inspection_id).await?;
    let officers = store::officers(cx, id).await?;
    let names_of: Vec<&str> = officers.iter().map(|officer| officer.name.as_str()).collect();
    let mut signatures = store::signatures(cx, id).await?;
    signatures.retain(|signature| signature.holds);
    Ok(Sheet {
        organisation: names.organisation,
        inspection: names.inspection,
        team: units::of(cx, draft.unit_id).await?.team,
        officers: names_of.join("、"),
        period: service::period(&draft),
        source: dictionary::shown(cx, "problem_source", &draft.source).await?.plain(),
        bases: service::bases_text(&draft)?,
        bodies: service::bodies_text(cx, &draft).await?,
        evidence: items(cx, id).await?,
        signatures,
        digest: actions::current_digest(cx, &draft).await?,
        draft,
    })
}

async fn items(cx: &Cx, id: DraftId) -> Result<Vec<Item>> {
    let mut sql = Sql::new(
        "select ordinal, title, kind, form, pages, provider, obtained_on from evidence where state <> 'void' and draft_id = ",
    );
    sql.bind(id).push(" order by ordinal");
    cx.all(sql).await
}
