//! Briefing requests in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{BriefingId, State};
use crate::briefing_letters::LetterId;

/// A request.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "briefing")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BriefingId,
    /// Counts every change.
    pub version: i64,
    /// `TB-2023-0007`, unique.
    pub number: String,
    /// The edition of the letter it was sent with.
    pub letter_id: LetterId,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The inspected unit: inspection and organisation in one.
    pub unit_id: Uuid,
    /// The organisation asked about; it never learns of this.
    pub organisation_id: OrganisationId,
    /// The department asked.
    pub department_id: OrganisationId,
    /// Where it stands.
    pub state: State,
    /// Day of sending.
    pub sent_on: NaiveDate,
    /// Last day for the reply.
    pub due_on: NaiveDate,
    /// What that day rests on.
    pub due_basis: String,
    /// What the department says beside the items.
    pub statement: String,
    /// Day of the reply.
    pub submitted_on: Option<NaiveDate>,
    /// Account that handed it in.
    pub submitted_by: Option<Uuid>,
    /// Day the reply was signed for.
    pub received_on: Option<NaiveDate>,
    /// Who signed, by name.
    pub received_by: String,
    /// What was missing, when it was sent back last.
    pub return_reason: String,
    /// Day the department was last urged.
    pub urged_on: Option<NaiveDate>,
    /// How often it was urged.
    pub urges: i64,
    /// Day it was told what became of its items.
    pub concluded_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The request, within what the actor may see.
pub async fn find(cx: &Cx, id: BriefingId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// Which departments were asked about which of `units`, whoever asks: nobody is asked twice.
pub async fn asked(cx: &Cx, units: &[Uuid]) -> Result<Vec<(Uuid, OrganisationId)>> {
    if units.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("select unit_id, department_id from briefing where state <> ");
    sql.bind(State::Withdrawn).push(" and unit_id in ").bind_list(units.iter().copied());
    let rows = cx.rows(sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Title, text and round of the letter a request was sent with; whoever sees the request sees its letter.
pub(super) async fn letter(cx: &Cx, id: LetterId) -> Result<Option<(String, String, String)>> {
    let mut sql = Sql::new(
        "select l.title, l.text, r.name from briefing_letter l join round r on r.id = l.round_id where l.id = ",
    );
    sql.bind(id);
    let rows = cx.rows(sql).await?;
    let text = |row: &sea_orm::QueryResult| {
        Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))
    };
    rows.first().map(text).transpose()
}

/// A request in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    let received = matches!(state, State::Received | State::Concluded);
    let submitted = received || state == State::Submitted;
    Model {
        id: BriefingId(samples::OTHER),
        version: 1,
        number: String::from("TB-2023-0001"),
        letter_id: LetterId(samples::OTHER),
        inspection_id: samples::INSPECTION,
        unit_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        department_id: OrganisationId(samples::RECIPIENT),
        state,
        sent_on: day,
        due_on: day,
        due_basis: String::new(),
        statement: String::new(),
        submitted_on: submitted.then_some(day),
        submitted_by: submitted.then_some(samples::AUTHOR),
        received_on: received.then_some(day),
        received_by: String::new(),
        return_reason: String::new(),
        urged_on: None,
        urges: 0,
        concluded_on: (state == State::Concluded).then_some(day),
    }
}
