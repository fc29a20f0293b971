//! Draws in the database, and who worked with whom before.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, Role, sea_orm};
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{DrawId, State};
use crate::{
    inspections::{Inspection, InspectionId},
    needs::Duty,
    talents::{Pool, TalentId},
};

/// A drawing of lots.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "draw")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DrawId,
    /// Counts every change.
    pub version: i64,
    /// For which inspection.
    pub inspection_id: InspectionId,
    /// From which pool.
    pub pool: Pool,
    /// For which duty.
    pub duty: Duty,
    /// How many are drawn.
    pub number: i64,
    /// Where it stands.
    pub state: State,
    /// Who may be drawn, one to a line.
    pub list: String,
    /// SM3 of the list.
    pub list_digest: String,
    /// Who may not, and why, one to a line.
    pub excluded: String,
    /// Who named the number.
    pub witness: String,
    /// The number.
    pub nonce: String,
    /// What follows from list and number.
    pub seed: String,
    /// Who was drawn, one to a line.
    pub picked: String,
    /// Account that published the list.
    pub listed_by: Option<Uuid>,
    /// When.
    pub listed_on: NaiveDate,
    /// Account that drew.
    pub drawn_by: Option<Uuid>,
    /// When.
    pub drawn_at: Option<DateTime<Utc>>,
    /// Why it is void.
    pub note: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The draw, within what the actor may see.
pub async fn find(cx: &Cx, id: DrawId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// Who of the pool was in a team that inspected one of the same organisations, or headed the team of the same name,
/// since `since`; with the reason.
pub(super) async fn paired(
    cx: &Cx,
    inspection: &Inspection,
    since: NaiveDate,
) -> Result<HashMap<TalentId, &'static str>> {
    let mut sql = Sql::new("select distinct t.id, cast(case when i.team = ");
    sql.bind(inspection.team.as_str()).push(" and p.role = ").bind(Role::TeamHead);
    sql.push(
        " then 1 else 0 end as bigint) as headed from post p join account a on a.id = p.account_id \
         join talent t on t.person_id = a.person_id join inspection i on i.id = p.inspection_id \
         where p.state in ('approved', 'ended') and p.inspection_id <> ",
    );
    sql.bind(inspection.id).push(" and p.from_on >= ").bind(since).push(" and ((i.team = ");
    sql.bind(inspection.team.as_str()).push(" and p.role = ").bind(Role::TeamHead);
    sql.push(
        ") or exists (select 1 from inspection_unit u join inspection_unit v on v.organisation_id = u.organisation_id \
         where u.inspection_id = p.inspection_id and v.inspection_id = ",
    );
    sql.bind(inspection.id).push(")) order by 2");
    let mut paired = HashMap::new();
    for row in cx.rows(sql).await? {
        let (id, headed): (TalentId, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        paired.insert(
            id,
            if headed == 1 {
                "轮换期内担任过同一巡察组组长"
            } else {
                "轮换期内巡察过同一单位"
            },
        );
    }
    Ok(paired)
}
