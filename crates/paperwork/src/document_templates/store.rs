//! Templates and their editions in the database.

use chrono::{DateTime, Utc};
use db::Sql;
use kit::{Cx, Lifecycle as _, Pred, Result, sea_orm};
use planning::samples;
use sea_orm::{FromQueryResult, entity::prelude::*};
use uuid::Uuid;

use super::{Grade, Layout, State, TemplateId};

/// A template.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "document_template")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TemplateId,
    /// Counts every change.
    pub version: i64,
    /// `D24`.
    pub code: String,
    /// What the document is called.
    pub label: String,
    /// Whose records fill it.
    pub noun: String,
    /// Form of the page.
    pub form: Layout,
    /// 发文机关标志, as template text.
    pub issuer: String,
    /// 机关代字 of its numbering series; empty when it is not numbered.
    pub series: String,
    /// Title, as template text.
    pub title: String,
    /// 主送机关, as template text.
    pub addressees: String,
    /// 抄送机关, as template text.
    pub copies: String,
    /// The text.
    pub body: String,
    /// 署名, as template text.
    pub signatory: String,
    /// How closely it is kept.
    pub grade: Grade,
    /// Who drafts it.
    pub drafted_by: String,
    /// Who approves it.
    pub approved_by: String,
    /// Who may read it.
    pub audience: String,
    /// Counts its editions.
    pub edition: i64,
    /// Where it stands.
    pub state: State,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The template, within what the actor may see.
pub async fn find(cx: &Cx, id: TemplateId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The templates in use whose documents are made of records of `noun`, by code.
pub async fn of_noun(cx: &Cx, noun: &str) -> Result<Vec<Model>> {
    let condition = Model::scope(&cx.actor).and(Pred::is("noun", noun)).and(Pred::is("state", State::InUse));
    let mut found = kit::store::all::<Entity>(cx, &condition).await?;
    found.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(found)
}

/// The template in use with this code, for whoever reads what it lays out.
pub(crate) async fn coded(cx: &Cx, code: &str) -> Result<Option<Model>> {
    let condition = Pred::is("code", code).and(Pred::is("state", State::InUse));
    Ok(kit::store::all::<Entity>(cx, &condition).await?.into_iter().next())
}

/// Codes that exist, whoever asks.
pub(super) async fn codes(cx: &Cx) -> Result<Vec<String>> {
    let rows = cx.rows(Sql::new("select code from document_template")).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// The templates in use that the actor may see, in the order of their codes.
pub(crate) async fn in_use(cx: &Cx) -> Result<Vec<Model>> {
    let condition = Model::scope(&cx.actor).and(Pred::is("state", State::InUse));
    let mut found = kit::store::all::<Entity>(cx, &condition).await?;
    found.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(found)
}

/// An earlier edition.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Earlier {
    /// Its count.
    pub edition: i64,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by_name: String,
    /// Its text.
    pub body: String,
}

/// The editions of a template, newest first.
pub(super) async fn editions(cx: &Cx, id: TemplateId) -> Result<Vec<Earlier>> {
    let mut sql =
        Sql::new("select edition, at, by_name, body from document_template_edition where template_id = ");
    sql.bind(id).push(" order by edition desc limit 50");
    cx.all(sql).await
}

/// A template in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: TemplateId(Uuid::from_u128(samples::OTHER.as_u128())),
        version: 1,
        code: String::from("D24"),
        label: String::from("反馈意见"),
        noun: String::from("feedbacks"),
        form: Layout::RedHead,
        issuer: String::new(),
        series: String::new(),
        title: String::new(),
        addressees: String::new(),
        copies: String::new(),
        body: String::new(),
        signatory: String::new(),
        grade: Grade::Internal,
        drafted_by: String::new(),
        approved_by: String::new(),
        audience: String::new(),
        edition: 1,
        state,
    }
}
