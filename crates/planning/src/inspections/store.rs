//! Inspections and the links between them, in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, WriteCx, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{InspectionId, InspectionKind, Level, LinkKind, Modes};
use crate::{batches::BatchId, progress::State, rounds::RoundId, terms::TermId, topics::TopicId};

/// An inspection.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "inspection")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InspectionId,
    /// Counts every change.
    pub version: i64,
    /// Number by rule, unique.
    pub number: String,
    /// Name.
    pub name: String,
    /// The term.
    pub term_id: TermId,
    /// The round.
    pub round_id: Option<RoundId>,
    /// The batch.
    pub batch_id: Option<BatchId>,
    /// Kind.
    pub kind: InspectionKind,
    /// Modes.
    pub modes: Modes,
    /// Field, a code of dictionary `field`; empty when it has none.
    pub field: String,
    /// The topic it works on.
    pub topic_id: Option<TopicId>,
    /// The inspection it looks back at.
    pub parent_id: Option<InspectionId>,
    /// Which level organises it.
    pub level: Level,
    /// The district, for inspections of a district or in one.
    pub district_id: Option<OrganisationId>,
    /// Name of the team.
    pub team: String,
    /// Year of its number and of statistics.
    pub year: i64,
    /// First day: planned until it runs.
    pub starts_on: NaiveDate,
    /// Last day: planned until it is over.
    pub ends_on: Option<NaiveDate>,
    /// Day of the public announcement.
    pub announced_on: Option<NaiveDate>,
    /// Where it was announced.
    pub announced_where: String,
    /// Where it stands.
    pub state: State,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use link::Model as LinkModel;

/// Links between inspections.
mod link {
    use super::{InspectionId, LinkKind, Uuid, sea_orm};
    use sea_orm::entity::prelude::*;

    /// A link between two inspections; it reads the same in both directions.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "inspection_link")]
    pub struct Model {
        /// Identity.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// One of the two.
        pub inspection_id: InspectionId,
        /// The other.
        pub other_id: InspectionId,
        /// Why they are linked.
        pub kind: LinkKind,
    }

    /// No relations: joins are written where a list needs them.
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The inspection, within what the actor may see.
pub async fn find(cx: &Cx, id: InspectionId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The inspections linked with `id`, seen from either side, and why; the caller applies the scope.
pub async fn linked(cx: &Cx, id: InspectionId) -> Result<Vec<(InspectionId, LinkKind)>> {
    let mut sql = Sql::new("select other_id, kind from inspection_link where inspection_id = ");
    sql.bind(id).push(" union select inspection_id, kind from inspection_link where other_id = ").bind(id);
    let rows = cx.rows(sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Takes every link between the two away; how many there were.
pub(super) async fn unlink(cx: &mut WriteCx, one: InspectionId, other: InspectionId) -> Result<u64> {
    let mut sql = Sql::new("delete from inspection_link where (inspection_id = ");
    sql.bind(one).push(" and other_id = ").bind(other);
    sql.push(") or (inspection_id = ").bind(other).push(" and other_id = ").bind(one).push(")");
    cx.execute(sql).await
}

/// Repeats kind and district of the inspection on its organisations.
pub(super) async fn repeat_on_units(cx: &mut WriteCx, inspection: &Model) -> Result<()> {
    let mut sql = Sql::new("update inspection_unit set version = version + 1, kind = ");
    sql.bind(inspection.kind).push(", district_id = ").bind(inspection.district_id);
    sql.push(" where inspection_id = ").bind(inspection.id);
    cx.execute(sql).await?;
    Ok(())
}
