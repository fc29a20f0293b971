//! Talk plans in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, WriteCx, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::{FromQueryResult, entity::prelude::*};

use super::{Need, PersonKind, State, TalkPlanId};

/// A line of the list.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "talk_plan")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TalkPlanId,
    /// Counts every change.
    pub version: i64,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// Its organisation.
    pub organisation_id: OrganisationId,
    /// Name.
    pub person: String,
    /// Post.
    pub post: String,
    /// Kind of person.
    pub kind: PersonKind,
    /// Must or may.
    pub need: Need,
    /// Day planned.
    pub planned_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: State,
    /// Why the person is left out.
    pub reason: String,
    /// How many talks were held.
    pub talks: i64,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The line, within what the actor may see.
pub async fn find(cx: &Cx, id: TalkPlanId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// Names already on the list of `unit`.
pub(super) async fn names(cx: &Cx, unit: Uuid) -> Result<Vec<String>> {
    let mut sql = Sql::new("select person from talk_plan where unit_id = ");
    sql.bind(unit);
    cx.rows(sql).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// People whom the register knows at `organisation`: name and title.
pub(super) async fn people_at(cx: &Cx, organisation: OrganisationId) -> Result<Vec<(String, String)>> {
    let mut sql = Sql::new("select name, title from person where organisation_id = ");
    sql.bind(organisation).push(" order by name, id limit 500");
    let rows = cx.rows(sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Counts a talk on its line, which is covered by it.
pub(crate) async fn count_talk(cx: &mut WriteCx, id: TalkPlanId) -> Result<()> {
    let mut sql = Sql::new("update talk_plan set version = version + 1, talks = talks + 1, state = ");
    sql.bind(State::Talked).push(" where id = ").bind(id);
    cx.execute(sql).await?;
    Ok(())
}

/// How many of the people on the lists of an inspection were talked to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Covered {
    /// People who must be talked to.
    pub must: i64,
    /// Of them, those talked to.
    pub must_done: i64,
    /// People who may be talked to.
    pub optional: i64,
    /// Of them, those talked to.
    pub optional_done: i64,
}

/// The coverage of an inspection's lists, or of one unit's; the caller has found the inspection in his scope.
pub async fn covered(cx: &Cx, inspection: Uuid, unit: Option<Uuid>) -> Result<Covered> {
    let mut sql = Sql::new("select ");
    for (at, (need, done, name)) in [
        (Need::Must, false, "must"),
        (Need::Must, true, "must_done"),
        (Need::Optional, false, "optional"),
        (Need::Optional, true, "optional_done"),
    ]
    .into_iter()
    .enumerate()
    {
        sql.push(if at == 0 { "" } else { ", " }).push("count(case when need = ").bind(need);
        if done {
            sql.push(" and state = ").bind(State::Talked);
        }
        sql.push(" then 1 end) as ").push(name);
    }
    sql.push(" from talk_plan where inspection_id = ").bind(inspection).push(" and state <> ");
    sql.bind(State::Waived);
    if let Some(unit) = unit {
        sql.push(" and unit_id = ").bind(unit);
    }
    Ok(cx.first(sql).await?.unwrap_or_default())
}

pub(super) fn sample(state: State) -> Model {
    Model {
        id: TalkPlanId(samples::OTHER),
        version: 1,
        inspection_id: samples::INSPECTION,
        unit_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        person: String::new(),
        post: String::new(),
        kind: PersonKind::Leadership,
        need: Need::Must,
        planned_on: None,
        state,
        reason: String::new(),
        talks: 0,
    }
}
