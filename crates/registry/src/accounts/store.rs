//! Accounts in the database.

use chrono::{DateTime, NaiveDate, Utc};
use db::Sql;
use kit::{Cx, Lifecycle as _, Pred, Result, Role, sea_orm};
use sea_orm::entity::prelude::*;

use super::{AccountId, State};
use crate::people::PersonId;

/// An account.
#[derive(Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    /// Counts every change.
    pub version: i64,
    /// Login name, lower case, unique.
    pub login: String,
    /// Name as histories show it.
    pub name: String,
    /// Argon2id digest in PHC form.
    pub password_hash: String,
    /// Whether it can be used.
    pub state: State,
    /// The person in the register of people.
    pub person_id: Option<PersonId>,
    /// Last day it can be used.
    pub valid_to: Option<NaiveDate>,
    /// When the password was set.
    pub password_changed_at: DateTime<Utc>,
    /// Whether the password was given by an administrator and not yet changed.
    pub password_initial: bool,
}

/// The digest of the password never comes into logs.
impl std::fmt::Debug for Model {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Account").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The account, within what the actor may see.
pub async fn find(cx: &Cx, id: AccountId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The account with this login name, for the program's own use.
pub async fn named(cx: &Cx, login: &str) -> Result<Option<Model>> {
    Ok(kit::store::all::<Entity>(cx, &Pred::is("login", login)).await?.pop())
}

/// The account somebody acts with.
pub(super) async fn of_actor(cx: &Cx) -> Result<Model> {
    let own = cx.actor.account.map_or(Pred::Nothing, |account| Pred::is("id", account));
    kit::store::all::<Entity>(cx, &own).await?.pop().ok_or_else(|| kit::Refusal::not_found().into())
}

/// Whether there is any account.
pub(crate) async fn any(cx: &Cx) -> Result<bool> {
    Ok(cx.number(Sql::new("select count(*) from account")).await? > 0)
}

/// How many usable accounts other than `except` hold `role` today.
pub(crate) async fn holders(cx: &Cx, role: Role, except: AccountId) -> Result<i64> {
    let today = cx.today();
    let mut sql = Sql::new(
        "select count(distinct a.id) from account a join post p on p.account_id = a.id \
         where a.state = 'active' and p.state = 'approved' and p.role = ",
    );
    sql.bind(role).push(" and a.id <> ").bind(except);
    sql.push(" and (a.valid_to is null or a.valid_to >= ").bind(today);
    sql.push(") and p.from_on <= ").bind(today).push(" and (p.to_on is null or p.to_on >= ").bind(today);
    sql.push(")");
    cx.number(sql).await
}
