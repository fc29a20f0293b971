//! Doubts in the database.

use chrono::NaiveDate;
use db::Sql;
use fieldwork::{leads::LeadId, problems::ProblemId, suspect_projects::SuspectProjectId};
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{DoubtId, Level, State};
use crate::model_runs::ModelRunId;

/// A doubt.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "doubt")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DoubtId,
    /// Counts every change.
    pub version: i64,
    /// `YD-2023-0007`, unique.
    pub number: String,
    /// The inspection it belongs to.
    pub inspection_id: Uuid,
    /// The inspected organisation.
    pub organisation_id: OrganisationId,
    /// The run that raised it.
    pub run_id: ModelRunId,
    /// The model.
    pub model: String,
    /// How loudly it speaks.
    pub level: Level,
    /// One sentence with the values.
    pub explanation: String,
    /// The values, as a JSON object.
    pub facts: String,
    /// Day of the run.
    pub found_on: NaiveDate,
    /// Where it stands.
    pub state: State,
    /// Account of the person who verifies it.
    pub assignee_id: Option<Uuid>,
    /// Since when.
    pub assigned_on: Option<NaiveDate>,
    /// How it was verified.
    pub method: String,
    /// What that gave.
    pub finding: String,
    /// What it rests on.
    pub evidence: String,
    /// Account that verified it.
    pub verified_by: Option<Uuid>,
    /// When.
    pub verified_on: Option<NaiveDate>,
    /// Why it was excluded, or to whom it was handed.
    pub conclusion: String,
    /// When it was decided.
    pub concluded_on: Option<NaiveDate>,
    /// The problem it became.
    pub problem_id: Option<ProblemId>,
    /// The lead it became.
    pub lead_id: Option<LeadId>,
    /// The suspect project it became.
    pub project_id: Option<SuspectProjectId>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The doubt, within what the actor may see.
pub async fn find(cx: &Cx, id: DoubtId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// Accounts with a post in the team of `inspection` on the day, by id and name.
pub(super) async fn team(cx: &Cx, inspection: Uuid) -> Result<Vec<(Uuid, String)>> {
    let today = cx.today();
    let mut sql = Sql::new(
        "select a.id, a.name from account a where a.id in (select p.account_id from post p where p.inspection_id = ",
    );
    sql.bind(inspection).push(" and p.role in ").bind_list(["team_head", "team_member"]);
    sql.push(" and p.state = 'active' and p.from_on <= ").bind(today);
    sql.push(" and (p.to_on is null or p.to_on >= ").bind(today).push(")) order by a.name, a.id limit 200");
    let rows = cx.rows(sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// The doubts of a run, within what the actor may see.
pub(super) async fn of_run(cx: &Cx, run: ModelRunId) -> Result<Vec<DoubtId>> {
    let mut sql = Sql::new("select d.id from doubt d where d.run_id = ");
    sql.bind(run).push(" and ");
    Model::scope(&cx.actor).write("d", &mut sql);
    sql.push(" order by d.number");
    let rows = cx.rows(sql).await?;
    rows.iter().map(|row| Ok(DoubtId(row.try_get_by_index(0)?))).collect()
}

/// The name of an account.
pub(super) async fn account_name(cx: &Cx, id: Option<Uuid>) -> Result<String> {
    let Some(id) = id else { return Ok(String::new()) };
    let mut sql = Sql::new("select name from account where id = ");
    sql.bind(id);
    let rows = cx.rows(sql).await?;
    Ok(rows.first().map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
}

/// A doubt in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    Model {
        id: DoubtId(samples::OTHER),
        version: 1,
        number: String::from("YD-2023-0001"),
        inspection_id: samples::INSPECTION,
        organisation_id: OrganisationId(samples::ORGANISATION),
        run_id: ModelRunId(samples::OTHER),
        model: String::from("same-ip"),
        level: Level::Yellow,
        explanation: String::new(),
        facts: String::from("{}"),
        found_on: day,
        state,
        assignee_id: (state != State::Open).then_some(samples::AUTHOR),
        assigned_on: (state != State::Open).then_some(day),
        method: String::new(),
        finding: String::new(),
        evidence: String::new(),
        verified_by: None,
        verified_on: None,
        conclusion: String::new(),
        concluded_on: state.is_concluded().then_some(day),
        problem_id: None,
        lead_id: None,
        project_id: None,
    }
}
