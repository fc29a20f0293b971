//! Documents in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Pred, Result, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{DocumentId, State, Urgency};
use crate::document_templates::{Grade, Layout, TemplateId};

/// A document.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "document")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DocumentId,
    /// Counts every change.
    pub version: i64,
    /// `GW-2023-0007`.
    pub number: String,
    /// By which template it was made.
    pub template_id: TemplateId,
    /// Which edition of it.
    pub edition: i64,
    /// `D24`.
    pub code: String,
    /// Noun of the record it was made from.
    pub noun: String,
    /// That record.
    pub record_id: Uuid,
    /// What the record was called.
    pub record_label: String,
    /// The inspection it belongs to.
    pub inspection_id: Option<Uuid>,
    /// The organisation it concerns.
    pub organisation_id: Option<OrganisationId>,
    /// Form of the page.
    pub form: Layout,
    /// 发文机关标志.
    pub issuer: String,
    /// 标题.
    pub title: String,
    /// 主送机关.
    pub addressees: String,
    /// 抄送机关.
    pub copies: String,
    /// The text.
    pub body: String,
    /// 署名.
    pub signatory: String,
    /// How closely it is kept.
    pub grade: Grade,
    /// 紧急程度.
    pub urgency: Urgency,
    /// The facts of the record on the day it was made, as JSON.
    pub data: String,
    /// 机关代字.
    pub series: String,
    /// 发文字号; empty until it is numbered.
    pub document_number: String,
    /// Account of the drafter.
    pub drafter_id: Option<Uuid>,
    /// The drafter.
    pub drafter_name: String,
    /// When it was drafted.
    pub drafted_on: NaiveDate,
    /// 签发人.
    pub signed_by: String,
    /// When it was signed off: 成文日期.
    pub signed_on: Option<NaiveDate>,
    /// When it was first sent.
    pub dispatched_on: Option<NaiveDate>,
    /// Opinion of the one who signs.
    pub opinion: String,
    /// Where it stands.
    pub state: State,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The document, within what the actor may see.
pub async fn find(cx: &Cx, id: DocumentId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The document, for whoever holds another right to it, such as its addressee.
pub async fn whoever(cx: &Cx, id: DocumentId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Pred::All).await
}

/// The documents made from a record, within what the actor may see, newest first.
pub async fn of_record(cx: &Cx, record: Uuid) -> Result<Vec<Model>> {
    let condition = Model::scope(&cx.actor).and(Pred::is("record_id", record));
    let mut found = kit::store::all::<Entity>(cx, &condition).await?;
    found.sort_by(|a, b| b.number.cmp(&a.number));
    Ok(found)
}

/// A document that is nowhere, to be laid out as a preview.
pub(super) fn blank() -> Model {
    Model { document_number: String::new(), title: String::new(), ..sample(State::Draft) }
}

/// A document in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: DocumentId(samples::OTHER),
        version: 1,
        number: String::from("GW-2023-0001"),
        template_id: TemplateId(samples::OTHER),
        edition: 1,
        code: String::from("D24"),
        noun: String::from("feedbacks"),
        record_id: samples::OTHER,
        record_label: String::new(),
        inspection_id: Some(samples::INSPECTION),
        organisation_id: Some(OrganisationId(samples::ORGANISATION)),
        form: Layout::RedHead,
        issuer: String::new(),
        title: String::from("反馈意见"),
        addressees: String::new(),
        copies: String::new(),
        body: String::new(),
        signatory: String::new(),
        grade: Grade::Internal,
        urgency: Urgency::Ordinary,
        data: String::from("{}"),
        series: String::from("巡办发"),
        document_number: String::from("巡办发〔2023〕1号"),
        drafter_id: Some(samples::AUTHOR),
        drafter_name: String::new(),
        drafted_on: samples::day(),
        signed_by: String::new(),
        signed_on: None,
        dispatched_on: None,
        opinion: String::new(),
        state,
    }
}
