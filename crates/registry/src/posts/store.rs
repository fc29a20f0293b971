//! Posts in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, Role, sea_orm};
use sea_orm::entity::prelude::*;

use super::{PostId, State};
use crate::{accounts::AccountId, organisations::OrganisationId};

/// A post.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "post")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PostId,
    /// Counts every change.
    pub version: i64,
    /// Whose it is.
    pub account_id: AccountId,
    /// What the person is appointed to do.
    pub role: Role,
    /// Where.
    pub organisation_id: Option<OrganisationId>,
    /// For which inspection.
    pub inspection_id: Option<Uuid>,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: State,
    /// The document it rests on.
    pub basis: String,
    /// Account of who proposed it.
    pub proposed_by: Option<Uuid>,
    /// Account of who decided on it.
    pub decided_by: Option<Uuid>,
    /// What was said about the decision.
    pub decision: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The post, within what the actor may see.
pub async fn find(cx: &Cx, id: PostId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The roles `account` holds today or will hold.
pub async fn roles_of(cx: &Cx, account: AccountId) -> Result<Vec<Role>> {
    roles_in(cx, account, &[State::Approved], None).await
}

/// The roles `account` holds, will hold or is proposed for, apart from the post `except`.
pub(super) async fn roles_asked(cx: &Cx, account: AccountId, except: Option<PostId>) -> Result<Vec<Role>> {
    roles_in(cx, account, &[State::Approved, State::Proposed], except).await
}

async fn roles_in(
    cx: &Cx,
    account: AccountId,
    states: &[State],
    except: Option<PostId>,
) -> Result<Vec<Role>> {
    let mut sql = Sql::new("select distinct role from post where account_id = ");
    sql.bind(account).push(" and state in ").bind_list(states.iter().copied());
    sql.push(" and (to_on is null or to_on >= ").bind(cx.today()).push(")");
    if let Some(except) = except {
        sql.push(" and id <> ").bind(except);
    }
    cx.rows(sql).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}
