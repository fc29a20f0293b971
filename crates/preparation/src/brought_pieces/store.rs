//! Pieces brought in, in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, Role, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{Kind, Outcome, PieceId, State};

/// A piece.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "brought_piece")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PieceId,
    /// Counts every change.
    pub version: i64,
    /// `DJ-2023-` and six random digits, unique: pieces cannot be counted by their numbers.
    pub number: String,
    /// The inspection it was given to.
    pub inspection_id: Uuid,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// The organisation it is about; it never learns of this.
    pub organisation_id: OrganisationId,
    /// The body that gives it.
    pub giver_id: OrganisationId,
    /// What kind of piece it is.
    pub kind: Kind,
    /// Who or what it is about, sealed.
    pub subject_sealed: String,
    /// What is reflected, sealed.
    pub content_sealed: String,
    /// What the giver wants to know, sealed.
    pub request_sealed: String,
    /// What was found on site, sealed; for those who inspect.
    pub findings_sealed: String,
    /// What is told to the giver, sealed.
    pub reply_sealed: String,
    /// Where it stands.
    pub state: State,
    /// Day it was given.
    pub given_on: NaiveDate,
    /// Account that gave it.
    pub given_by: Option<Uuid>,
    /// Last day for the answer.
    pub due_on: NaiveDate,
    /// What that day rests on.
    pub due_basis: String,
    /// Day it was signed for.
    pub received_on: Option<NaiveDate>,
    /// Account of the member named for it.
    pub member_id: Option<Uuid>,
    /// Day the findings were handed in.
    pub verified_on: Option<NaiveDate>,
    /// What they came to.
    pub outcome: Option<Outcome>,
    /// Day it was reported back.
    pub reported_on: Option<NaiveDate>,
    /// What was reported back.
    pub reported_outcome: Option<Outcome>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The piece, within what the actor may see; what is sealed in it stays sealed.
pub async fn find(cx: &Cx, id: PieceId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// How many pieces bear `number`, whoever asks: numbers are given out once.
pub(super) async fn bearing(cx: &Cx, number: &str) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from brought_piece where number = ");
    sql.bind(number);
    cx.number(sql).await
}

/// Members of the team of `inspection` today: `(account, name)`.
pub(super) async fn members(cx: &Cx, inspection: Uuid) -> Result<Vec<(Uuid, String)>> {
    let mut sql = Sql::new(
        "select distinct a.id, a.name from post p join account a on a.id = p.account_id where p.state = 'approved' \
         and p.inspection_id = ",
    );
    sql.bind(inspection).push(" and p.role = ").bind(Role::TeamMember);
    sql.push(" and p.from_on <= ").bind(cx.today()).push(" and (p.to_on is null or p.to_on >= ");
    sql.bind(cx.today()).push(") order by a.name");
    let rows = cx.rows(sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// The name of an account.
pub(super) async fn account_name(cx: &Cx, account: Uuid) -> Result<String> {
    let mut sql = Sql::new("select name from account where id = ");
    sql.bind(account);
    let rows = cx.rows(sql).await?;
    rows.first().map_or_else(|| Ok(String::new()), |row| Ok(row.try_get_by_index(0)?))
}

/// A piece in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    let verified = matches!(state, State::Verified | State::Reported);
    let reported = state == State::Reported;
    Model {
        id: PieceId(samples::OTHER),
        version: 1,
        number: String::from("DJ-2023-000000"),
        inspection_id: samples::INSPECTION,
        unit_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        giver_id: OrganisationId(samples::RECIPIENT),
        kind: Kind::Lead,
        subject_sealed: String::new(),
        content_sealed: String::new(),
        request_sealed: String::new(),
        findings_sealed: String::new(),
        reply_sealed: String::new(),
        state,
        given_on: day,
        given_by: Some(samples::AUTHOR),
        due_on: day,
        due_basis: String::new(),
        received_on: (state != State::Given && state != State::Withdrawn).then_some(day),
        member_id: Some(samples::AUTHOR),
        verified_on: verified.then_some(day),
        outcome: verified.then_some(Outcome::Confirmed),
        reported_on: reported.then_some(day),
        reported_outcome: reported.then_some(Outcome::Confirmed),
    }
}
