//! Letters of urging in the database, and what of a unit is overdue.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, numbers::Series, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{Kind, State, UrgingId};

/// Numbers of letters: `DB-2023-0007`.
pub(super) const SERIES: Series = Series { prefix: "DB", table: "rect_urging" };

/// A letter of urging.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "rect_urging")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UrgingId,
    /// Counts every change.
    pub version: i64,
    /// Number.
    pub number: String,
    /// How strongly.
    pub kind: Kind,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// What was overdue when it was written, one to a line.
    pub items: String,
    /// What is asked of the unit.
    pub demand: String,
    /// Where it stands.
    pub state: State,
    /// Last day for the answer.
    pub due_on: NaiveDate,
    /// What that day rests on.
    pub due_basis: String,
    /// Who wrote it.
    pub prepared_by: Option<Uuid>,
    /// When it was sent.
    pub sent_on: Option<NaiveDate>,
    /// What the unit answers.
    pub answer: String,
    /// When.
    pub answered_on: Option<NaiveDate>,
    /// Who answered.
    pub answered_by: Option<Uuid>,
    /// Opinion of the office.
    pub opinion: String,
    /// When it was settled.
    pub closed_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The letter, within what the actor may see.
pub async fn find(cx: &Cx, id: UrgingId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// What of a unit that the caller has already found is overdue on `day`: measures first, then reports.
pub(super) async fn overdue(cx: &Cx, unit: Uuid, day: NaiveDate) -> Result<Vec<String>> {
    let mut sql = Sql::new(
        "select m.number, m.text, m.due_on from measure m join problem p on p.id = m.problem_id where p.unit_id = ",
    );
    sql.bind(unit).push(" and m.due_on < ").bind(day);
    sql.push(" and m.state in ").bind_list(crate::measures::State::open());
    sql.push(" order by m.due_on, m.number limit 200");
    let mut items = Vec::new();
    for row in cx.rows(sql).await? {
        let (number, text, due): (String, String, NaiveDate) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        items.push(format!("整改措施 {number}（{due} 到期）：{}", crate::html::short(&text)));
    }
    let mut sql = Sql::new("select kind, number, due_on from rect_report where unit_id = ");
    sql.bind(unit).push(" and due_on < ").bind(day).push(" and state in ");
    sql.bind_list([crate::reports::State::Due, crate::reports::State::Returned]);
    sql.push(" order by due_on, number limit 50");
    for row in cx.rows(sql).await? {
        use kit::Labelled as _;
        let (kind, number, due): (crate::reports::Kind, String, NaiveDate) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        items.push(format!("{} {number}（{due} 到期）尚未报送", kind.label()));
    }
    Ok(items)
}
