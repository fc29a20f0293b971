//! Suggestions in the database.

use chrono::NaiveDate;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use registry::{organisations::OrganisationId, transfers::TransferId};
use sea_orm::entity::prelude::*;

use super::{Origin, State, SuggestionId};
use crate::special_reports::SpecialReportId;

/// A suggestion.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "suggestion")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SuggestionId,
    /// Counts every change.
    pub version: i64,
    /// Number of the letter, unique.
    pub number: String,
    /// What is suggested.
    pub text: String,
    /// The inspection it comes from.
    pub inspection_id: Option<Uuid>,
    /// The special report it comes from; exactly one of the two is set.
    pub special_report_id: Option<SpecialReportId>,
    /// Code of the field.
    pub field: String,
    /// To whom it goes.
    pub addressee_id: OrganisationId,
    /// The inspected organisation in which the weakness showed, when it was one.
    pub organisation_id: Option<OrganisationId>,
    /// Where it stands.
    pub state: State,
    /// Account of the author.
    pub prepared_by: Option<Uuid>,
    /// Account of whoever approved it.
    pub approved_by: Option<Uuid>,
    /// Day of the approval.
    pub approved_on: Option<NaiveDate>,
    /// Its transfer, from the issue on.
    pub transfer_id: Option<TransferId>,
    /// Day of the issue.
    pub issued_on: Option<NaiveDate>,
    /// Day on which the office saw that it was carried out.
    pub verified_on: Option<NaiveDate>,
    /// How the office saw it.
    pub verification: String,
}

impl Model {
    /// What it is called where its text would be too long: the first 40 characters.
    pub fn title(&self) -> String {
        let mut title: String = self.text.chars().take(40).collect();
        if title.len() < self.text.len() {
            title.push('…');
        }
        title
    }

    /// Where it comes from.
    pub fn origin(&self) -> Option<Origin> {
        self.special_report_id.map(Origin::SpecialReport).or(self.inspection_id.map(Origin::Inspection))
    }

    /// Stores where it comes from.
    pub fn set_origin(&mut self, origin: Origin) {
        (self.inspection_id, self.special_report_id) = match origin {
            Origin::Inspection(id) => (Some(id), None),
            Origin::SpecialReport(id) => (None, Some(id)),
        };
    }
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The suggestion, within what the actor may see.
pub async fn find(cx: &Cx, id: SuggestionId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// A suggestion in `state`, for the permission table.
pub(super) fn sample(state: State) -> Model {
    use crate::samples;
    let issued = matches!(state, State::Issued | State::Verified).then_some(NaiveDate::MIN);
    Model {
        id: SuggestionId(Uuid::nil()),
        version: 1,
        number: String::new(),
        text: String::new(),
        inspection_id: Some(samples::INSPECTION),
        special_report_id: None,
        field: String::new(),
        addressee_id: OrganisationId(samples::ORGANISATION),
        organisation_id: None,
        state,
        prepared_by: Some(samples::SOMEBODY),
        approved_by: None,
        approved_on: None,
        transfer_id: None,
        issued_on: issued,
        verified_on: None,
        verification: String::new(),
    }
}
