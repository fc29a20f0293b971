//! Drafts in the database, with their officers and signatures.

use chrono::{DateTime, NaiveDate, Utc};
use db::Sql;
use kit::{Cx, Fen, Lifecycle as _, Result, WriteCx, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::{FromQueryResult, entity::prelude::*};
use uuid::Uuid;

use super::{DraftId, State, Step};
use crate::problems::ProblemId;

/// A draft.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "draft")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DraftId,
    /// Counts every change.
    pub version: i64,
    /// Pre-number `YB-2023-0007`, unique.
    pub number: String,
    /// Official number, with the approval.
    pub official_number: Option<String>,
    /// The series of the official number.
    pub series: Option<String>,
    /// Its place in the series.
    pub serial: Option<i64>,
    /// Term of the committee.
    pub term_id: Uuid,
    /// Round, when the inspection belongs to one.
    pub round_id: Option<Uuid>,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// The organisation it is about.
    pub organisation_id: OrganisationId,
    /// The matter in one sentence.
    pub title: String,
    /// How it became known (dictionary `problem_source`).
    pub source: String,
    /// By which way it was learnt, in words.
    pub learnt: String,
    /// The matter in short.
    pub overview: String,
    /// The facts.
    pub facts: String,
    /// Statement, first part: what is seen.
    pub phenomenon: String,
    /// Statement, second part: what it amounts to, by which rule.
    pub qualification: String,
    /// Statement, third part: who answers for it.
    pub responsibility: String,
    /// Rules with articles, as JSON.
    pub bases: String,
    /// Who is responsible, by kind, as JSON.
    pub bodies: String,
    /// Money concerned.
    pub amount_fen: Option<Fen>,
    /// People affected.
    pub people_affected: Option<i64>,
    /// From when it happened.
    pub period_from: Option<NaiveDate>,
    /// Until when.
    pub period_to: Option<NaiveDate>,
    /// Field areas, codes separated by commas.
    pub fields: String,
    /// Framework items, codes separated by commas.
    pub frameworks: String,
    /// What came of it.
    pub effect: String,
    /// What the unit's leader said to it.
    pub exchange: String,
    /// When that was.
    pub exchanged_on: Option<NaiveDate>,
    /// Day on which it was found.
    pub found_on: NaiveDate,
    /// Account of the author.
    pub author_id: Option<Uuid>,
    /// Name of the author.
    pub author_name: String,
    /// Account whose signature is asked for by name: the next officer, a named reviewer.
    pub next_signer_id: Option<Uuid>,
    /// Account that reviews or reviewed it.
    pub reviewer_id: Option<Uuid>,
    /// Where it stands.
    pub state: State,
    /// Why it was sent back or withdrawn last.
    pub opinion: String,
    /// Day of the last submission.
    pub submitted_on: Option<NaiveDate>,
    /// Day of the approval.
    pub approved_on: Option<NaiveDate>,
    /// The problem that rests on it.
    pub problem_id: Option<ProblemId>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The draft, within what the actor may see.
pub async fn find(cx: &Cx, id: DraftId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// An officer (承办人) of a draft.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Officer {
    /// The place in the team by which the officer was chosen; none for the author.
    pub place_id: Option<Uuid>,
    /// The account.
    pub account_id: Uuid,
    /// The name.
    pub name: String,
}

/// The officers of a draft in their order, the author first.
pub async fn officers(cx: &Cx, id: DraftId) -> Result<Vec<Officer>> {
    let mut sql = Sql::new("select place_id, account_id, name from draft_officer where draft_id = ");
    sql.bind(id).push(" order by position");
    cx.all(sql).await
}

/// Stores the officers of a draft in place of those before.
pub(super) async fn put_officers(cx: &mut WriteCx, id: DraftId, officers: &[Officer]) -> Result<()> {
    let mut gone = Sql::new("delete from draft_officer where draft_id = ");
    gone.bind(id);
    cx.execute(gone).await?;
    for (position, officer) in (1i64..).zip(officers) {
        let mut sql =
            Sql::new("insert into draft_officer (draft_id, position, place_id, account_id, name) values (");
        sql.bind(id).push(", ").bind(position).push(", ").bind(officer.place_id).push(", ");
        sql.bind(officer.account_id).push(", ").bind(officer.name.as_str()).push(")");
        cx.execute(sql).await?;
    }
    Ok(())
}

/// Those of `places` that are held in the team of `inspection` on `day`.
pub(super) async fn placed(
    cx: &Cx,
    inspection: Uuid,
    places: &[Uuid],
    day: NaiveDate,
) -> Result<Vec<Officer>> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(
        "select p.id as place_id, p.account_id, a.name from post p join account a on a.id = p.account_id \
         where p.state = 'approved' and p.inspection_id = ",
    );
    sql.bind(inspection).push(" and p.from_on <= ").bind(day).push(" and (p.to_on is null or p.to_on >= ");
    sql.bind(day).push(") and p.id in ").bind_list(places.iter().copied()).push(" order by p.role, a.name");
    cx.all(sql).await
}

/// A signature under a draft.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Signature {
    /// As what it was given.
    pub step: Step,
    /// By which account.
    pub account_id: Uuid,
    /// By whom.
    pub name: String,
    /// When.
    pub signed_at: DateTime<Utc>,
    /// The digest that was signed.
    pub digest: String,
    /// What was written beside it.
    pub opinion: String,
    /// Whether it is in force; a return ends it.
    pub holds: bool,
}

/// The signatures of a draft, the oldest first.
pub async fn signatures(cx: &Cx, id: DraftId) -> Result<Vec<Signature>> {
    let mut sql = Sql::new(
        "select step, account_id, name, signed_at, digest, opinion, holds from draft_signature where draft_id = ",
    );
    sql.bind(id).push(" order by signed_at, id");
    cx.all(sql).await
}

/// Adds a signature.
pub(super) async fn sign(cx: &mut WriteCx, id: DraftId, signature: &Signature) -> Result<()> {
    let mut sql = Sql::new(
        "insert into draft_signature (id, draft_id, step, account_id, name, signed_at, digest, opinion, holds) values (",
    );
    sql.bind(cx.new_id()).push(", ").bind(id).push(", ").bind(signature.step).push(", ");
    sql.bind(signature.account_id).push(", ").bind(signature.name.as_str()).push(", ");
    sql.bind(signature.signed_at).push(", ").bind(signature.digest.as_str()).push(", ");
    sql.bind(signature.opinion.as_str()).push(", ").bind(signature.holds).push(")");
    cx.execute(sql).await?;
    Ok(())
}

/// Ends all signatures of a draft.
pub(super) async fn end_signatures(cx: &mut WriteCx, id: DraftId) -> Result<()> {
    let mut sql = Sql::new("update draft_signature set holds = ");
    sql.bind(false).push(" where draft_id = ").bind(id);
    cx.execute(sql).await?;
    Ok(())
}

/// A draft in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    let approved = matches!(state, State::Approved | State::Used);
    Model {
        id: DraftId(samples::OTHER),
        version: 1,
        number: String::from("YB-2023-0001"),
        official_number: approved.then(|| String::from("〔2023〕专项-第一巡察组-001")),
        series: approved.then(|| String::from("〔2023〕专项-第一巡察组")),
        serial: approved.then_some(1),
        term_id: samples::OTHER,
        round_id: None,
        inspection_id: samples::INSPECTION,
        unit_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        title: String::from("专项资金沉淀"),
        source: String::new(),
        learnt: String::new(),
        overview: String::new(),
        facts: String::new(),
        phenomenon: String::new(),
        qualification: String::new(),
        responsibility: String::new(),
        bases: String::from("[]"),
        bodies: String::from("[]"),
        amount_fen: None,
        people_affected: None,
        period_from: None,
        period_to: None,
        fields: String::new(),
        frameworks: String::new(),
        effect: String::new(),
        exchange: String::new(),
        exchanged_on: None,
        found_on: day,
        author_id: Some(samples::AUTHOR),
        author_name: String::from("某某"),
        next_signer_id: None,
        reviewer_id: None,
        state,
        opinion: String::new(),
        submitted_on: None,
        approved_on: approved.then_some(day),
        problem_id: None,
        created_at: DateTime::UNIX_EPOCH,
    }
}

/// A draft that lacks nothing.
#[cfg(test)]
pub(super) fn full_sample() -> Model {
    let text = || String::from("情况属实");
    Model {
        source: String::from("talk"),
        learnt: text(),
        overview: text(),
        facts: text(),
        phenomenon: text(),
        qualification: text(),
        responsibility: text(),
        bases: String::from("[{\"rule\":\"某某管理办法\",\"article\":\"第五条\"}]"),
        bodies: String::from("[{\"kind\":\"principal\",\"name\":\"局党组\"}]"),
        period_from: Some(samples::day()),
        frameworks: String::from("F1.2"),
        effect: text(),
        exchange: text(),
        ..sample(State::PreNumbered)
    }
}

/// An invented officer.
#[cfg(test)]
pub(super) fn sample_officer(number: u128) -> Officer {
    Officer { place_id: None, account_id: Uuid::from_u128(100 + number), name: format!("承办人{number}") }
}
