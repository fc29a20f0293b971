//! Documents asked for, in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Pred, Result, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{FileRequestItemId, Form, State};
use crate::file_requests::FileRequestId;

/// A document asked for.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "file_request_item")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FileRequestItemId,
    /// Counts every change.
    pub version: i64,
    /// The request.
    pub request_id: FileRequestId,
    /// Its inspection.
    pub inspection_id: Uuid,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Place in the request, from 1.
    pub position: i64,
    /// Name of the document.
    pub name: String,
    /// The name reduced to what tells documents apart.
    pub name_key: String,
    /// The time it covers.
    pub period: String,
    /// Original, copy or file.
    pub form: Form,
    /// Day it was asked for.
    pub issued_on: Option<NaiveDate>,
    /// Last day.
    pub due_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: State,
    /// Day it was handed in.
    pub provided_on: Option<NaiveDate>,
    /// By whom, by name.
    pub provided_by: String,
    /// How many pages.
    pub pages: Option<i64>,
    /// What the organisation says to it.
    pub note: String,
    /// Day it was signed for.
    pub accepted_on: Option<NaiveDate>,
    /// By whom, by name.
    pub accepted_by: String,
    /// What was missing.
    pub return_reason: String,
    /// Day it was given back.
    pub given_back_on: Option<NaiveDate>,
    /// To whom, by name.
    pub given_back_to: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The document, within what the actor may see.
pub async fn find(cx: &Cx, id: FileRequestItemId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The documents of a request that the caller has found.
pub(crate) async fn of_request(cx: &Cx, request: FileRequestId) -> Result<Vec<Model>> {
    let mut items = kit::store::all::<Entity>(cx, &Pred::is("request_id", request)).await?;
    items.sort_by_key(|item| item.position);
    Ok(items)
}

pub(super) fn sample(state: State) -> Model {
    Model {
        id: FileRequestItemId(samples::OTHER),
        version: 1,
        request_id: FileRequestId(samples::OTHER),
        inspection_id: samples::INSPECTION,
        organisation_id: OrganisationId(samples::ORGANISATION),
        position: 1,
        name: String::new(),
        name_key: String::new(),
        period: String::new(),
        form: Form::Copy,
        issued_on: Some(samples::day()),
        due_on: None,
        state,
        provided_on: None,
        provided_by: String::new(),
        pages: None,
        note: String::new(),
        accepted_on: None,
        accepted_by: String::new(),
        return_reason: String::new(),
        given_back_on: None,
        given_back_to: String::new(),
    }
}
