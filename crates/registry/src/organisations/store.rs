//! Organisations in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Result, sea_orm};
use sea_orm::entity::prelude::*;

use super::{OrganisationId, OrganisationKind, visible};

/// An organisation.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganisationId,
    /// Counts every change.
    pub version: i64,
    /// Code of the office's own list, unique.
    pub code: String,
    /// Full name.
    pub name: String,
    /// What kind of body it is.
    pub kind: OrganisationKind,
    /// The body it belongs to.
    pub parent_id: Option<OrganisationId>,
    /// The district it belongs to, for bodies below the city.
    pub district_id: Option<OrganisationId>,
    /// First day it exists.
    pub valid_from: NaiveDate,
    /// Last day, when it was merged or dissolved.
    pub valid_to: Option<NaiveDate>,
    /// Remark.
    pub note: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The organisation, within what the actor may see.
pub async fn find(cx: &Cx, id: OrganisationId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &visible(&cx.actor)).await
}

/// Name and title of the city leader in charge on `day`.
pub async fn leader_on(cx: &Cx, id: OrganisationId, day: NaiveDate) -> Result<Option<(String, String)>> {
    let mut sql =
        Sql::new("select leader_name, leader_title from organisation_leader where organisation_id = ");
    sql.bind(id).push(" and from_on <= ").bind(day).push(" and (to_on is null or to_on >= ").bind(day);
    sql.push(") order by from_on desc limit 1");
    let rows = cx.rows(sql).await?;
    rows.first().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).transpose()
}

#[cfg(test)]
pub(super) fn sample(valid_from: NaiveDate, valid_to: Option<NaiveDate>) -> Model {
    Model {
        id: OrganisationId(kit::ids::random()),
        version: 1,
        code: "D001".into(),
        name: "市某局".into(),
        kind: OrganisationKind::CityDepartment,
        parent_id: None,
        district_id: None,
        valid_from,
        valid_to,
        note: String::new(),
    }
}
