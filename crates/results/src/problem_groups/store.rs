//! Groups and their members in the database.

use std::collections::HashSet;

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, WriteCx, sea_orm};
use sea_orm::{FromQueryResult, entity::prelude::*};

use super::{ProblemGroupId, State};
use crate::handovers::HandoverId;

/// A group of like problems.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "problem_group")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProblemGroupId,
    /// Counts every change.
    pub version: i64,
    /// Number.
    pub number: String,
    /// What they have in common, in words.
    pub title: String,
    /// The words they share.
    pub shared: String,
    /// Second-level category of the head.
    pub category: String,
    /// Field of the head.
    pub field: String,
    /// How many problems.
    pub problems: i64,
    /// Of how many organisations.
    pub organisations: i64,
    /// Where it stands.
    pub state: State,
    /// When it was proposed.
    pub found_on: NaiveDate,
    /// By what it is known again: its members.
    pub mark: String,
    /// When it was decided on.
    pub decided_on: Option<NaiveDate>,
    /// By whom.
    pub decided_by: Option<Uuid>,
    /// Why.
    pub decision: String,
    /// The list it went on.
    pub handover_id: Option<HandoverId>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A problem in a group.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub(super) struct Member {
    /// The problem.
    pub(super) problem_id: Uuid,
    /// Its number.
    pub(super) number: String,
    /// Its title.
    pub(super) title: String,
    /// The organisation.
    pub(super) organisation_id: Uuid,
    /// Its name.
    pub(super) organisation: String,
    /// Name of the inspection.
    pub(super) inspection: String,
    /// Likeness to the head in percent.
    pub(super) likeness: i64,
    /// The list it stands on already.
    pub(super) listed: Option<String>,
}

/// The group, within what the actor may see.
pub async fn find(cx: &Cx, id: ProblemGroupId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The members of a group that the caller has already found, the head first; without what the actor is barred from.
pub(super) async fn members(cx: &Cx, id: ProblemGroupId) -> Result<Vec<Member>> {
    let mut sql = Sql::new(
        "select m.problem_id, p.number, p.title, p.organisation_id, o.name as organisation, i.name as inspection, m.likeness, \
         h.number as listed from problem_group_member m join problem p on p.id = m.problem_id \
         join organisation o on o.id = p.organisation_id join inspection i on i.id = p.inspection_id \
         left join common_problem c on c.problem_id = p.id left join handover h on h.id = c.handover_id where m.group_id = ",
    );
    sql.bind(id).push(" and ");
    kit::store::scope::<fieldwork::problems::Entity>(&cx.actor, kit::Pred::All).write("p", &mut sql);
    sql.push(" order by m.position, m.id");
    cx.all(sql).await
}

/// Takes problems out of a group.
pub(super) async fn remove(cx: &mut WriteCx, id: ProblemGroupId, problems: &[Uuid]) -> Result<u64> {
    let mut sql = Sql::new("delete from problem_group_member where group_id = ");
    sql.bind(id).push(" and problem_id in ").bind_list(problems.iter().copied());
    cx.execute(sql).await
}

/// Puts the members of a new group down.
pub(super) async fn add(cx: &mut WriteCx, id: ProblemGroupId, members: &[(Uuid, i64)]) -> Result<()> {
    for some in members.chunks(150) {
        let mut sql = Sql::new(
            "insert into problem_group_member (id, group_id, position, problem_id, likeness) values ",
        );
        for (at, (problem, likeness)) in some.iter().enumerate() {
            let position = 100 * (100 - likeness) + i64::try_from(at).unwrap_or(0);
            sql.push(if at == 0 { "(" } else { ", (" }).bind(cx.new_id()).push(", ").bind(id).push(", ");
            sql.bind(position).push(", ").bind(*problem).push(", ").bind(*likeness).push(")");
        }
        cx.execute(sql).await?;
    }
    Ok(())
}

/// Removes proposals that nobody has decided on; the new ones take their place.
pub(super) async fn clear_proposals(cx: &mut WriteCx) -> Result<()> {
    let mut sql = Sql::new(
        "delete from problem_group_member where group_id in (select g.id from problem_group g where g.state = ",
    );
    sql.bind(State::Proposed).push(")");
    cx.execute(sql).await?;
    let mut sql = Sql::new("delete from problem_group where state = ");
    sql.bind(State::Proposed);
    cx.execute(sql).await?;
    Ok(())
}

/// The marks of groups that were decided on, and the problems in confirmed ones.
pub(super) async fn decided(cx: &Cx) -> Result<(HashSet<String>, HashSet<Uuid>)> {
    let rows = cx.rows(Sql::new("select mark from problem_group where state <> 'proposed'")).await?;
    let marks: Result<HashSet<String>> = rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect();
    let sql = Sql::new(
        "select m.problem_id from problem_group_member m join problem_group g on g.id = m.group_id \
         where g.state in ('confirmed', 'listed')",
    );
    let rows = cx.rows(sql).await?;
    let problems: Result<HashSet<Uuid>> = rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect();
    Ok((marks?, problems?))
}

/// A problem to be grouped.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Candidate {
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) category_1: String,
    pub(super) category_2: String,
    pub(super) field: String,
    pub(super) organisation_id: Uuid,
}

/// The problems fed back since `since` that are on no list yet.
pub(super) async fn candidates(cx: &Cx, since: NaiveDate) -> Result<Vec<Candidate>> {
    let mut sql = Sql::new(
        "select p.id, p.title, p.text, p.category_1, p.category_2, p.field, p.organisation_id from problem p \
         where p.fed_back_on >= ",
    );
    sql.bind(since);
    sql.push(" and not exists (select 1 from common_problem c where c.problem_id = p.id) order by p.number, p.id limit 50000");
    cx.all(sql).await
}
