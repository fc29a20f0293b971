//! Measures and their progress in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, WriteCx, sea_orm};
use registry::organisations::OrganisationId;
use sea_orm::{FromQueryResult, QueryOrder as _, entity::prelude::*};

use super::{MeasureId, State, TermKind};
use crate::rect_plans::RectPlanId;

/// A measure.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "measure")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MeasureId,
    /// Counts every change.
    pub version: i64,
    /// Number of the problem and number within it.
    pub number: String,
    /// The problem it answers.
    pub problem_id: Uuid,
    /// The plan it stands in.
    pub plan_id: Option<RectPlanId>,
    /// The inspection that found the problem.
    pub inspection_id: Uuid,
    /// The organisation that rectifies.
    pub organisation_id: OrganisationId,
    /// Whether its problem was found together with audit, as the problem says.
    pub audit_linked: bool,
    /// What is done.
    pub text: String,
    /// What shall be reached.
    pub goal: String,
    /// Who does it (责任人).
    pub owner_name: String,
    /// Which leader answers for it (责任领导).
    pub leader_name: String,
    /// Responsible department.
    pub department: String,
    /// Departments that help.
    pub cooperating: String,
    /// How long it takes.
    pub term_kind: TermKind,
    /// Last day; of a long-term measure the day of its first phase.
    pub due_on: Option<NaiveDate>,
    /// What that day rests on.
    pub due_basis: String,
    /// Where it stands.
    pub state: State,
    /// The latest progress in words.
    pub progress: String,
    /// When it began.
    pub started_on: Option<NaiveDate>,
    /// When it was handed in last.
    pub submitted_on: Option<NaiveDate>,
    /// Who handed it in last.
    pub submitted_by: Option<Uuid>,
    /// Who reviewed it last.
    pub reviewed_by: Option<Uuid>,
    /// When it was found done.
    pub closed_on: Option<NaiveDate>,
    /// Opinion of the last review.
    pub opinion: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Lines of progress.
pub(super) mod progress {
    use chrono::{DateTime, NaiveDate, Utc};
    use kit::sea_orm;
    use sea_orm::entity::prelude::*;

    use super::MeasureId;

    /// One report of progress; written once, never changed.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "measure_progress")]
    pub struct Model {
        /// Identity.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The measure.
        pub measure_id: MeasureId,
        /// The day the words speak of.
        pub on_day: NaiveDate,
        /// What was done.
        pub text: String,
        /// How much is done, in percent.
        pub percent: Option<i64>,
        /// Who reported.
        pub account_id: Option<Uuid>,
        /// That person's name.
        pub by_name: String,
        /// When it was reported.
        pub at: DateTime<Utc>,
    }

    /// No relations.
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The measure, within what the actor may see.
pub async fn find(cx: &Cx, id: MeasureId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The reports of a measure that the caller has already found, newest first.
pub(super) async fn progress_of(cx: &Cx, id: MeasureId) -> Result<Vec<progress::Model>> {
    Ok(progress::Entity::find()
        .filter(progress::Column::MeasureId.eq(id))
        .order_by_desc(progress::Column::OnDay)
        .order_by_desc(progress::Column::Id)
        .all(&cx.db().await?)
        .await?)
}

/// Keeps a report of progress.
pub(super) async fn report(
    cx: &mut WriteCx,
    measure: MeasureId,
    on_day: NaiveDate,
    text: String,
    percent: Option<i64>,
) -> Result<()> {
    let line = progress::Model {
        id: cx.new_id(),
        measure_id: measure,
        on_day,
        text,
        percent,
        account_id: cx.actor.account,
        by_name: cx.actor.name.clone(),
        at: cx.now,
    };
    cx.insert(line).await
}

/// How many files and reports of progress stand behind a measure.
pub(super) async fn evidence(cx: &Cx, id: MeasureId) -> Result<i64> {
    let mut sql = Sql::new("select (select count(*) from attachment f where f.record_id = ");
    sql.bind(id)
        .push(") + (select count(*) from measure_progress g where g.measure_id = ")
        .bind(id)
        .push(")");
    cx.number(sql).await
}

/// How many measures a problem has, whoever asks: the next number counts all of them.
pub(super) async fn count_of_problem(cx: &Cx, problem: Uuid) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from measure where problem_id = ");
    sql.bind(problem);
    cx.number(sql).await
}

/// The measures of all problems of a unit, within what the actor may see, by number.
pub(crate) async fn of_unit(cx: &Cx, unit: Uuid) -> Result<Vec<Model>> {
    let mut sql =
        Sql::new("select m.* from measure m join problem p on p.id = m.problem_id where p.unit_id = ");
    sql.bind(unit).push(" and ");
    Model::scope(&cx.actor).write("m", &mut sql);
    sql.push(" order by m.number, m.id");
    cx.all(sql).await
}

/// How the measures of a problem stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Counts {
    /// Not yet found done: to be worked on, or under review.
    pub open: i64,
    /// Found done.
    pub closed: i64,
    /// Kept up for good.
    pub long_term: i64,
}

impl Counts {
    /// Whether nothing of the problem waits any more: there are measures and none is open. Only
    /// then can the problem be closed.
    pub fn is_settled(self) -> bool {
        self.open == 0 && self.closed + self.long_term > 0
    }
}

/// How all measures of a problem stand. The caller has already found the problem through its own
/// visibility; the count must be complete, or a problem could be closed over a hidden measure.
pub async fn counts_of_problem(cx: &Cx, problem: Uuid) -> Result<Counts> {
    let mut sql = Sql::new(
        "select count(*) filter (where state not in ('closed', 'long_term')) as open, \
         count(*) filter (where state = 'closed') as closed, \
         count(*) filter (where state = 'long_term') as long_term from measure where problem_id = ",
    );
    sql.bind(problem);
    Ok(cx.first(sql).await?.unwrap_or_default())
}
