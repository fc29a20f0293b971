//! Transfers in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, Role, WriteCx, sea_orm};
use sea_orm::entity::prelude::*;

use super::{Disposal, Kind, Mode, RECIPIENTS, ResultKind, State, TransferId};
use crate::organisations::OrganisationId;

/// A transfer.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "transfer")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TransferId,
    /// Counts every change.
    pub version: i64,
    /// Number, unique within the installation.
    pub number: String,
    /// What is handed over.
    pub kind: Kind,
    /// Noun of the record handed over.
    pub subject_noun: String,
    /// That record.
    pub subject_id: Uuid,
    /// Which transfer of that record this is, from 1.
    pub ordinal: i64,
    /// How it is called; nothing sealed.
    pub title: String,
    /// The inspection it comes from.
    pub inspection_id: Option<Uuid>,
    /// The inspected organisation it is about.
    pub organisation_id: Option<OrganisationId>,
    /// The organisation that receives it.
    pub recipient_id: OrganisationId,
    /// One recipient or two.
    pub mode: Mode,
    /// Sent while the inspection was still under way.
    pub early: bool,
    /// Where it stands.
    pub state: State,
    /// Account of who sent it.
    pub sent_by: Option<Uuid>,
    /// Day of (the last) sending.
    pub sent_on: NaiveDate,
    /// Last day for the result.
    pub due_on: NaiveDate,
    /// The text that day rests on.
    pub due_basis: String,
    /// Day it was signed for.
    pub received_on: Option<NaiveDate>,
    /// Who signed for it, by name.
    pub received_by: String,
    /// Last day for choosing the way of disposal, where there is such a clock.
    pub disposal_due_on: Option<NaiveDate>,
    /// The way of disposal.
    pub disposal: Option<Disposal>,
    /// Day it was chosen.
    pub disposal_on: Option<NaiveDate>,
    /// Remark or reason.
    pub disposal_note: String,
    /// What came of it.
    pub result: Option<ResultKind>,
    /// Day of the result.
    pub result_on: Option<NaiveDate>,
    /// What was done, in words.
    pub result_note: String,
    /// Day it was last sent back.
    pub returned_on: Option<NaiveDate>,
    /// What was missing.
    pub return_reason: String,
    /// Day the recipient was last urged.
    pub urged_on: Option<NaiveDate>,
    /// How often it was urged.
    pub urges: i64,
    /// Day the office closed it.
    pub closed_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The transfer, within what the actor may see.
pub async fn find(cx: &Cx, id: TransferId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// All transfers of one record, the first first. The caller has checked that the actor may see the
/// record; a transfer tells nothing more than the record itself.
pub async fn of_subject(cx: &Cx, subject: impl Into<Uuid>) -> Result<Vec<Model>> {
    let condition = kit::Pred::is("subject_id", subject.into());
    let mut transfers = kit::store::all::<Entity>(cx, &condition).await?;
    transfers.sort_by_key(|transfer| transfer.ordinal);
    Ok(transfers)
}

/// The next number of `year`; the counter's row keeps two writers from taking the same.
pub(super) async fn next_number(cx: &WriteCx, year: i32) -> Result<i64> {
    let mut sql = Sql::new("insert into transfer_counter (year, last) values (");
    sql.bind(i64::from(year));
    sql.push(", 1) on conflict (year) do update set last = transfer_counter.last + 1 returning last");
    cx.number(sql).await
}

/// Which of the receiving roles are held at `organisation`, so that notices reach somebody.
pub(super) async fn roles_at(cx: &Cx, organisation: OrganisationId) -> Result<Vec<Role>> {
    let mut sql = Sql::new("select distinct role from post where state = 'approved' and organisation_id = ");
    sql.bind(organisation).push(" and role in ").bind_list(RECIPIENTS);
    sql.push(" and (to_on is null or to_on >= ").bind(cx.today()).push(") order by role");
    cx.rows(sql).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// A transfer for tests and permission tables: of `kind`, in `state`, to `recipient`.
pub(super) fn sample(kind: Kind, state: State, inspection: Uuid, recipient: OrganisationId) -> Model {
    let day = NaiveDate::default();
    Model {
        id: TransferId(Uuid::nil()),
        version: 1,
        number: String::new(),
        kind,
        subject_noun: String::from("leads"),
        subject_id: Uuid::nil(),
        ordinal: 1,
        title: String::new(),
        inspection_id: Some(inspection),
        organisation_id: None,
        recipient_id: recipient,
        mode: Mode::Single,
        early: false,
        state,
        sent_by: None,
        sent_on: day,
        due_on: day,
        due_basis: String::new(),
        received_on: None,
        received_by: String::new(),
        disposal_due_on: None,
        disposal: None,
        disposal_on: None,
        disposal_note: String::new(),
        result: None,
        result_on: None,
        result_note: String::new(),
        returned_on: None,
        return_reason: String::new(),
        urged_on: None,
        urges: 0,
        closed_on: None,
    }
}
