//! Assemblies in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, WriteCx, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{AssemblyId, Kind, State, Votes};

/// An assembly.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "assembly")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AssemblyId,
    /// Counts every change.
    pub version: i64,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// Its organisation.
    pub organisation_id: OrganisationId,
    /// Kind.
    pub kind: Kind,
    /// The day.
    pub held_on: NaiveDate,
    /// Where.
    pub place: String,
    /// Who led it.
    pub chair: String,
    /// How many were there.
    pub attendance: i64,
    /// What was said, in short.
    pub summary: String,
    /// Sheets given out.
    pub given: i64,
    /// Sheets handed back.
    pub returned: i64,
    /// Valid sheets.
    pub valid: i64,
    /// Characters of the organisation's report.
    pub report_chars: i64,
    /// Of them, on problems.
    pub problem_chars: i64,
    /// Where the entry stands.
    pub state: State,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The assembly, within what the actor may see.
pub async fn find(cx: &Cx, id: AssemblyId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The votes of an assessment that the caller has found, in their order.
pub(super) async fn votes(cx: &Cx, id: AssemblyId) -> Result<Vec<Votes>> {
    let mut sql =
        Sql::new("select subject, good, fair, average, poor from assembly_vote where assembly_id = ");
    sql.bind(id).push(" order by position");
    let rows = cx.rows(sql).await?;
    rows.iter()
        .map(|row| {
            Ok(Votes {
                subject: row.try_get_by_index(0)?,
                good: row.try_get_by_index(1)?,
                fair: row.try_get_by_index(2)?,
                average: row.try_get_by_index(3)?,
                poor: row.try_get_by_index(4)?,
            })
        })
        .collect()
}

/// Writes the votes anew.
pub(super) async fn put_votes(cx: &mut WriteCx, id: AssemblyId, votes: &[Votes]) -> Result<()> {
    let mut sql = Sql::new("delete from assembly_vote where assembly_id = ");
    sql.bind(id);
    cx.execute(sql).await?;
    for (position, line) in (1_i64..).zip(votes) {
        let mut sql = Sql::new(
            "insert into assembly_vote (assembly_id, position, subject, good, fair, average, poor) values (",
        );
        sql.bind(id).push(", ").bind(position).push(", ").bind(line.subject.as_str());
        for count in [line.good, line.fair, line.average, line.poor] {
            sql.push(", ").bind(count);
        }
        sql.push(")");
        cx.execute(sql).await?;
    }
    Ok(())
}

pub(super) fn sample(state: State) -> Model {
    Model {
        id: AssemblyId(samples::OTHER),
        version: 1,
        inspection_id: samples::INSPECTION,
        unit_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        kind: Kind::Mobilisation,
        held_on: samples::day(),
        place: String::new(),
        chair: String::new(),
        attendance: 0,
        summary: String::new(),
        given: 0,
        returned: 0,
        valid: 0,
        report_chars: 0,
        problem_chars: 0,
        state,
    }
}
