//! All drafts of an inspected unit as proof: what each says now, whether that is what was signed. A few statements for
//! any number of drafts.

use std::collections::HashMap;

use db::Sql;
use kit::{Cx, Lifecycle as _, Pred, Result, sea_orm};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{Draft, Entity, Officer, State, content};
use crate::evidence;

/// A draft with what its signatures are held against.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The draft.
    pub draft: Draft,
    /// Digest of what it says now.
    pub digest: String,
    /// Whether a signature in force signed something else.
    pub changed: bool,
}

impl Proof {
    /// Whether a report may rest on it.
    pub fn stands(&self) -> bool {
        matches!(self.draft.state, State::Approved | State::Used)
    }
}

#[derive(FromQueryResult)]
struct OfDraft {
    draft_id: Uuid,
    place_id: Option<Uuid>,
    account_id: Uuid,
    name: String,
}

/// The drafts of `unit` that the actor may see, in the order of their numbers.
pub async fn of_unit(cx: &Cx, unit: Uuid) -> Result<Vec<Proof>> {
    let mut drafts =
        kit::store::all::<Entity>(cx, &Draft::scope(&cx.actor).and(Pred::is("unit_id", unit))).await?;
    drafts.sort_by(|one, other| one.called().cmp(other.called()));
    let mut officers = officers(cx, unit).await?;
    let mut evidence = evidence::digests_of_unit(cx, unit).await?;
    let mut signed = signed(cx, unit).await?;
    let proof = |draft: Draft| {
        let (of, with) = (officers.remove(&draft.id.0), evidence.remove(&draft.id.0));
        let digest = content::digest(&draft, &of.unwrap_or_default(), &with.unwrap_or_default());
        let changed =
            signed.remove(&draft.id.0).is_some_and(|signed| signed.iter().any(|one| *one != digest));
        Proof { draft, digest, changed }
    };
    Ok(drafts.into_iter().map(proof).collect())
}

async fn officers(cx: &Cx, unit: Uuid) -> Result<HashMap<Uuid, Vec<Officer>>> {
    let mut sql = Sql::new(
        "select x.draft_id, x.place_id, x.account_id, x.name from draft_officer x join draft d on d.id = x.draft_id \
         where d.unit_id = ",
    );
    sql.bind(unit).push(" order by x.draft_id, x.position");
    let mut found: HashMap<Uuid, Vec<Officer>> = HashMap::new();
    for row in cx.all::<OfDraft>(sql).await? {
        let officer = Officer { place_id: row.place_id, account_id: row.account_id, name: row.name };
        found.entry(row.draft_id).or_default().push(officer);
    }
    Ok(found)
}

/// What the signatures in force have signed, by draft.
async fn signed(cx: &Cx, unit: Uuid) -> Result<HashMap<Uuid, Vec<String>>> {
    let mut sql = Sql::new(
        "select s.draft_id, s.digest from draft_signature s join draft d on d.id = s.draft_id where s.holds = ",
    );
    sql.bind(true).push(" and d.unit_id = ").bind(unit);
    let mut found: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in cx.rows(sql).await? {
        found.entry(row.try_get_by_index(0)?).or_default().push(row.try_get_by_index(1)?);
    }
    Ok(found)
}
