//! Declarations in the database.

use chrono::{DateTime, NaiveDate, Utc};
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{DeclarationId, State};
use crate::inspections::InspectionId;

/// A declaration.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "declaration")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeclarationId,
    /// Counts every change.
    pub version: i64,
    /// Who declares.
    pub account_id: Uuid,
    /// For which inspection.
    pub for_inspection_id: InspectionId,
    /// Where it stands.
    pub state: State,
    /// Account that asked for it.
    pub requested_by: Option<Uuid>,
    /// When.
    pub requested_on: NaiveDate,
    /// When it was signed.
    pub signed_at: Option<DateTime<Utc>>,
    /// What the person declared.
    pub statement: String,
    /// What the check of the record said then.
    pub checked: String,
    /// Why it had to be declared again.
    pub note: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The declaration, within what the actor may see.
pub async fn find(cx: &Cx, id: DeclarationId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// Whether `account` has signed for `inspection`, and has not to declare again.
pub async fn signed(cx: &Cx, account: Uuid, inspection: InspectionId) -> Result<bool> {
    Ok(count(cx, account, inspection, &[State::Signed]).await? > 0
        && count(cx, account, inspection, &[State::Requested]).await? == 0)
}

/// Whether `account` has signed for `inspection` or is asked to.
pub(super) async fn asked(cx: &Cx, account: Uuid, inspection: InspectionId) -> Result<bool> {
    Ok(count(cx, account, inspection, &[State::Signed, State::Requested]).await? > 0)
}

async fn count(cx: &Cx, account: Uuid, inspection: InspectionId, states: &[State]) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from declaration where account_id = ");
    sql.bind(account).push(" and for_inspection_id = ").bind(inspection);
    sql.push(" and state in ").bind_list(states.iter().copied());
    cx.number(sql).await
}
