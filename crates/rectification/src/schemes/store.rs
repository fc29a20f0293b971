//! Schemes with items and grades in the database.

use std::collections::HashSet;

use db::Sql;
use kit::{Cx, Lifecycle as _, Result, WriteCx, sea_orm};
use sea_orm::{FromQueryResult, entity::prelude::*};

use super::{ItemKind, SchemeId, State};

/// A scheme.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "eval_scheme")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SchemeId,
    /// Counts every change.
    pub version: i64,
    /// Code, unique.
    pub code: String,
    /// Name.
    pub name: String,
    /// What it rests on.
    pub basis: String,
    /// All points, in tenths.
    pub points_tenths: i64,
    /// Where it stands.
    pub state: State,
    /// Remarks.
    pub note: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// An item of a scheme.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct Item {
    /// Identity.
    pub id: Uuid,
    /// The scheme.
    pub scheme_id: SchemeId,
    /// Its place, from 1.
    pub position: i64,
    /// What it belongs to.
    pub aspect: String,
    /// What is looked at.
    pub label: String,
    /// How it counts.
    pub kind: ItemKind,
    /// Its points in tenths; none: not decided yet.
    pub points_tenths: Option<i64>,
    /// How points are taken.
    pub note: String,
}

/// A grade of a scheme.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct Grade {
    /// Identity.
    pub id: Uuid,
    /// The scheme.
    pub scheme_id: SchemeId,
    /// Its place, from the highest.
    pub position: i64,
    /// What it is called.
    pub label: String,
    /// Points in tenths from which it is given; none: not decided yet.
    pub least_tenths: Option<i64>,
    /// What follows.
    pub consequence: String,
    /// Whether a look-back follows.
    pub look_back: bool,
}

/// The scheme, within what the actor may see.
pub async fn find(cx: &Cx, id: SchemeId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The items of a scheme that the caller has already found, in their order.
pub(crate) async fn items_of(cx: &Cx, id: SchemeId) -> Result<Vec<Item>> {
    let mut sql = Sql::new("select * from eval_item where scheme_id = ");
    sql.bind(id).push(" order by position, id");
    cx.all(sql).await
}

/// The grades of a scheme that the caller has already found, the highest first.
pub(crate) async fn grades_of(cx: &Cx, id: SchemeId) -> Result<Vec<Grade>> {
    let mut sql = Sql::new("select * from eval_grade where scheme_id = ");
    sql.bind(id).push(" order by position, id");
    cx.all(sql).await
}

/// The codes there are.
pub(super) async fn codes(cx: &Cx) -> Result<HashSet<String>> {
    let rows = cx.rows(Sql::new("select code from eval_scheme")).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Puts items and grades in place of those there are.
pub(super) async fn replace(cx: &mut WriteCx, id: SchemeId, items: &[Item], grades: &[Grade]) -> Result<()> {
    for table in ["delete from eval_item where scheme_id = ", "delete from eval_grade where scheme_id = "] {
        let mut sql = Sql::new(table);
        sql.bind(id);
        cx.execute(sql).await?;
    }
    for item in items {
        let mut sql = Sql::new(
            "insert into eval_item (id, scheme_id, position, aspect, label, kind, points_tenths, note) values (",
        );
        sql.bind(item.id).push(", ").bind(id).push(", ").bind(item.position).push(", ");
        sql.bind(item.aspect.as_str()).push(", ").bind(item.label.as_str()).push(", ").bind(item.kind);
        sql.push(", ").bind(item.points_tenths).push(", ").bind(item.note.as_str()).push(")");
        cx.execute(sql).await?;
    }
    for grade in grades {
        let mut sql = Sql::new(
            "insert into eval_grade (id, scheme_id, position, label, least_tenths, consequence, look_back) values (",
        );
        sql.bind(grade.id).push(", ").bind(id).push(", ").bind(grade.position).push(", ");
        sql.bind(grade.label.as_str()).push(", ").bind(grade.least_tenths).push(", ");
        sql.bind(grade.consequence.as_str()).push(", ").bind(grade.look_back).push(")");
        cx.execute(sql).await?;
    }
    Ok(())
}
