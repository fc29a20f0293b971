//! Problems in the database.

use chrono::{DateTime, NaiveDate, Utc};
use kit::{Cx, Fen, Lifecycle as _, Pred, Result, WriteCx, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{Origin, ProblemId, State};
use planning::samples;

/// A problem.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "problem")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProblemId,
    /// Counts every change.
    pub version: i64,
    /// `WT-2023-0007`, unique.
    pub number: String,
    /// Term of the committee.
    pub term_id: Uuid,
    /// Round, when the inspection belongs to one.
    pub round_id: Option<Uuid>,
    /// The inspection it was found in.
    pub inspection_id: Uuid,
    /// The inspected unit: inspection and organisation in one.
    pub unit_id: Uuid,
    /// The organisation that has to put it right.
    pub organisation_id: OrganisationId,
    /// Kind of the inspection, as a code.
    pub inspection_kind: String,
    /// What it is called.
    pub title: String,
    /// What was found, with facts and figures.
    pub text: String,
    /// How it was said to the unit; empty before feedback.
    pub feedback_text: String,
    /// Framework item, first level (dictionary `framework_1`).
    pub framework_1: String,
    /// Framework item, second level (dictionary `framework_2`).
    pub framework_2: String,
    /// Local category, first level (dictionary `category_1`).
    pub category_1: String,
    /// Local category, second level (dictionary `category_2`).
    pub category_2: String,
    /// Key field of supervision (dictionary `field`); may be empty.
    pub field: String,
    /// Nature (dictionary `problem_nature`).
    pub nature: String,
    /// Whose responsibility (dictionary `responsibility_kind`).
    pub responsibility: String,
    /// Which of the six disciplines (dictionary `discipline_kind`); may be empty.
    pub discipline: String,
    /// Against the eight-point rules on conduct.
    pub eight_rules: bool,
    /// Key problem.
    pub key_problem: bool,
    /// Found through inspection–audit linkage.
    pub audit_linked: bool,
    /// Common to many units.
    pub common: bool,
    /// Money concerned.
    pub amount_fen: Option<Fen>,
    /// People affected.
    pub people_affected: Option<i64>,
    /// How it became known (dictionary `problem_source`); never shown to the unit.
    pub source: String,
    /// Number of the working draft; never shown to the unit.
    pub draft_number: String,
    /// The team that found it.
    pub team: String,
    /// Day on which it was found.
    pub found_on: NaiveDate,
    /// Where it stands.
    pub state: State,
    /// Day of the feedback.
    pub fed_back_on: Option<NaiveDate>,
    /// Last day of the rectification.
    pub due_on: Option<NaiveDate>,
    /// What that day rests on.
    pub due_basis: String,
    /// Account that asked for the closing last.
    pub submitted_by: Option<Uuid>,
    /// Day of the closing that holds now.
    pub closed_on: Option<NaiveDate>,
    /// Whether it rests on signed drafts; never shown to the unit.
    pub origin: Origin,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The problem, within what the actor may see.
pub async fn find(cx: &Cx, id: ProblemId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The problem whoever acts: for steps that follow from another deed, which was permitted itself.
pub(super) async fn find_unlimited(cx: &Cx, id: ProblemId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Pred::All).await
}

/// Problems of an inspected unit that wait for feedback, a few dozen, within what the actor may see.
pub async fn found_of_unit(cx: &Cx, unit: Uuid) -> Result<Vec<Model>> {
    let waiting = Pred::is("unit_id", unit).and(Pred::is("state", State::Found));
    kit::store::all::<Entity>(cx, &Model::scope(&cx.actor).and(waiting)).await
}

/// Repeats on the measures of a problem whether it was found together with audit.
pub(super) async fn repeat_on_measures(cx: &mut WriteCx, problem: &Model) -> Result<()> {
    let mut sql = db::Sql::new("update measure set audit_linked = ");
    sql.bind(problem.audit_linked).push(" where problem_id = ").bind(problem.id);
    cx.execute(sql).await?;
    Ok(())
}

/// How many measures of the problem there are, and how many of them are neither closed nor long-term.
pub(super) async fn measures(cx: &Cx, id: ProblemId) -> Result<(i64, i64)> {
    let count = |open: bool| {
        let mut sql = db::Sql::new("select count(*) from measure where problem_id = ");
        sql.bind(id);
        if open {
            sql.push(" and state not in ").bind_list(["closed", "long_term"]);
        }
        sql
    };
    Ok((cx.number(count(false)).await?, cx.number(count(true)).await?))
}

/// A problem in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    let fed_back = (!matches!(state, State::Found | State::Withdrawn)).then_some(day);
    Model {
        id: ProblemId(samples::OTHER),
        version: 1,
        number: String::from("WT-2023-0001"),
        term_id: samples::OTHER,
        round_id: None,
        inspection_id: samples::INSPECTION,
        unit_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        inspection_kind: String::from("regular"),
        title: String::from("专项资金沉淀"),
        text: String::new(),
        feedback_text: String::new(),
        framework_1: String::new(),
        framework_2: String::new(),
        category_1: String::new(),
        category_2: String::new(),
        field: String::new(),
        nature: String::new(),
        responsibility: String::new(),
        discipline: String::new(),
        eight_rules: false,
        key_problem: false,
        audit_linked: true,
        common: false,
        amount_fen: None,
        people_affected: None,
        source: String::new(),
        draft_number: String::new(),
        team: String::new(),
        found_on: day,
        state,
        fed_back_on: fed_back,
        due_on: fed_back,
        due_basis: String::new(),
        submitted_by: (state == State::Submitted).then_some(samples::AUTHOR),
        closed_on: (state == State::Closed).then_some(day),
        origin: Origin::Direct,
        created_at: DateTime::UNIX_EPOCH,
    }
}
