//! Evidence in the database, with its movements.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, WriteCx, sea_orm};
use planning::samples;
use sea_orm::{FromQueryResult, QueryOrder as _, entity::prelude::*};
use uuid::Uuid;

use super::{EvidenceId, Kind, Method, Movement, Nature, State};
use crate::drafts::DraftId;

/// A piece of evidence.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EvidenceId,
    /// Counts every change.
    pub version: i64,
    /// The draft.
    pub draft_id: DraftId,
    /// Its inspection.
    pub inspection_id: Uuid,
    /// Number within the draft, without gaps.
    pub ordinal: i64,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub kind: Kind,
    /// How it was obtained.
    pub method: Method,
    /// When.
    pub obtained_on: NaiveDate,
    /// By whom.
    pub obtained_by: String,
    /// From whom.
    pub provider: String,
    /// Original or copy.
    pub form: Nature,
    /// How many pages it has.
    pub pages: Option<i64>,
    /// What it shows, and remarks.
    pub note: String,
    /// Who keeps it.
    pub holder: String,
    /// Where it is.
    pub state: State,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The piece of evidence, within what the actor may see.
pub async fn find(cx: &Cx, id: EvidenceId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The digests of a draft's evidence in the order of its numbers; what is void does not count.
pub async fn digests(cx: &Cx, draft: DraftId) -> Result<Vec<String>> {
    let items = Entity::find()
        .filter(Column::DraftId.eq(draft.0))
        .filter(Column::State.ne("void"))
        .order_by_asc(Column::Ordinal)
        .all(&cx.db().await?)
        .await?;
    let mut files = Sql::new(
        "select a.record_id, a.digest from attachment a join evidence e on e.id = a.record_id where e.draft_id = ",
    );
    files.bind(draft).push(" order by a.at, a.id");
    let mut by_item: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in cx.rows(files).await? {
        by_item.entry(row.try_get_by_index(0)?).or_default().push(row.try_get_by_index(1)?);
    }
    let none = Vec::new();
    Ok(items.iter().map(|item| item.digest(by_item.get(&item.id.0).unwrap_or(&none))).collect())
}

/// The same for all drafts of an inspected unit, by draft.
pub async fn digests_of_unit(cx: &Cx, unit: Uuid) -> Result<HashMap<Uuid, Vec<String>>> {
    let mut sql = Sql::new(
        "select e.* from evidence e join draft d on d.id = e.draft_id where e.state <> 'void' and d.unit_id = ",
    );
    sql.bind(unit).push(" order by e.draft_id, e.ordinal");
    let items: Vec<Model> = cx.all(sql).await?;
    let mut files = Sql::new(
        "select a.record_id, a.digest from attachment a join evidence e on e.id = a.record_id \
         join draft d on d.id = e.draft_id where d.unit_id = ",
    );
    files.bind(unit).push(" order by a.at, a.id");
    let mut by_item: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in cx.rows(files).await? {
        by_item.entry(row.try_get_by_index(0)?).or_default().push(row.try_get_by_index(1)?);
    }
    let none = Vec::new();
    let mut found: HashMap<Uuid, Vec<String>> = HashMap::new();
    for item in items {
        let digest = item.digest(by_item.get(&item.id.0).unwrap_or(&none));
        found.entry(item.draft_id.0).or_default().push(digest);
    }
    Ok(found)
}

/// The number after the highest of the draft.
pub(super) async fn next_ordinal(cx: &Cx, draft: DraftId) -> Result<i64> {
    let mut sql = Sql::new("select coalesce(max(ordinal), 0) + 1 from evidence where draft_id = ");
    sql.bind(draft);
    cx.number(sql).await
}

/// A step of the custody.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Moved {
    pub(super) kind: Movement,
    pub(super) on_day: NaiveDate,
    pub(super) giver: String,
    pub(super) taker: String,
    pub(super) note: String,
    pub(super) entered_by: String,
}

/// The steps of the custody, the first one first.
pub(super) async fn movements(cx: &Cx, id: EvidenceId) -> Result<Vec<Moved>> {
    let mut sql = Sql::new(
        "select kind, moved_on as on_day, giver, taker, note, entered_by from evidence_movement where evidence_id = ",
    );
    sql.bind(id).push(" order by entered_at, id");
    cx.all(sql).await
}

/// Adds a step of the custody.
pub(super) async fn add_movement(cx: &mut WriteCx, id: EvidenceId, moved: &Moved) -> Result<()> {
    let mut sql = Sql::new(
        "insert into evidence_movement (id, evidence_id, kind, moved_on, giver, taker, note, entered_by, entered_at) \
         values (",
    );
    sql.bind(cx.new_id()).push(", ").bind(id).push(", ").bind(moved.kind).push(", ").bind(moved.on_day);
    for text in [&moved.giver, &moved.taker, &moved.note, &moved.entered_by] {
        sql.push(", ").bind(text.as_str());
    }
    sql.push(", ").bind(cx.now).push(")");
    cx.execute(sql).await?;
    Ok(())
}

/// A piece of evidence in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: EvidenceId(samples::OTHER),
        version: 1,
        draft_id: DraftId(samples::OTHER),
        inspection_id: samples::INSPECTION,
        ordinal: 1,
        title: String::from("专项资金明细账"),
        kind: Kind::Account,
        method: Method::Copied,
        obtained_on: samples::day(),
        obtained_by: String::from("某某、某某"),
        provider: String::from("财务科"),
        form: Nature::Copy,
        pages: Some(3),
        note: String::new(),
        holder: String::from("某某"),
        state,
        created_at: DateTime::UNIX_EPOCH,
    }
}
