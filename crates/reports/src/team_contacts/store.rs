//! Contacts in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Result, sea_orm};
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{TeamContactId, visible};

/// A contact.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "team_contact")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TeamContactId,
    /// Counts every change.
    pub version: i64,
    /// The inspection of the team.
    pub inspection_id: Uuid,
    /// Account of the contact.
    pub account_id: Uuid,
    /// Name of the contact.
    pub name: String,
    /// The division behind.
    pub division: String,
    /// What the contact sees to.
    pub duty: String,
    /// From when.
    pub from_on: NaiveDate,
    /// Until when.
    pub to_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The contact, within what the actor may see.
pub async fn find(cx: &Cx, id: TeamContactId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}

/// The contacts of a team on `day`.
pub async fn of_inspection(cx: &Cx, inspection: Uuid, day: NaiveDate) -> Result<Vec<Model>> {
    let mut sql = Sql::new("select * from team_contact where inspection_id = ");
    sql.bind(inspection)
        .push(" and from_on <= ")
        .bind(day)
        .push(" and (to_on is null or to_on >= ")
        .bind(day);
    sql.push(") order by from_on, id");
    cx.all(sql).await
}

/// The officers of the office on `day`: account and name.
pub(crate) async fn officers(cx: &Cx, day: NaiveDate) -> Result<Vec<(Uuid, String)>> {
    let mut sql = Sql::new(
        "select distinct a.id, a.name from post p join account a on a.id = p.account_id where p.state = 'approved' \
         and p.role in ('office_director', 'office_liaison') and p.from_on <= ",
    );
    sql.bind(day)
        .push(" and (p.to_on is null or p.to_on >= ")
        .bind(day)
        .push(") order by a.name, a.id limit 500");
    let rows = cx.rows(sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// The members of a team on `day`: account and name.
pub(crate) async fn members(cx: &Cx, inspection: Uuid, day: NaiveDate) -> Result<Vec<(Uuid, String)>> {
    let mut sql = Sql::new(
        "select distinct a.id, a.name from post p join account a on a.id = p.account_id where p.state = 'approved' \
         and p.inspection_id = ",
    );
    sql.bind(inspection)
        .push(" and p.from_on <= ")
        .bind(day)
        .push(" and (p.to_on is null or p.to_on >= ")
        .bind(day);
    sql.push(") order by a.name, a.id limit 200");
    let rows = cx.rows(sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}
