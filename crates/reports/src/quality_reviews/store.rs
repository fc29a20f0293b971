//! Evaluations of reports in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Pred, Result, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{QualityReviewId, State};
use crate::{reports::ReportId, score_sheets::ScoreSheetId};

/// An evaluation.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "quality_review")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QualityReviewId,
    /// Counts every change.
    pub version: i64,
    /// `PC-2023-0007`, unique.
    pub number: String,
    /// The own report that is evaluated.
    pub report_id: Option<ReportId>,
    /// Inspection of that report.
    pub inspection_id: Option<Uuid>,
    /// The district whose report is evaluated.
    pub district_id: Option<OrganisationId>,
    /// Title of the report.
    pub title: String,
    /// By which sheet.
    pub sheet_id: ScoreSheetId,
    /// Account of the first reader.
    pub reader_one: Uuid,
    /// Account of the second reader.
    pub reader_two: Uuid,
    /// Their names.
    pub readers: String,
    /// When it was begun.
    pub begun_on: NaiveDate,
    /// Mean of both sheets in tenths of a point, when both are in.
    pub mean_tenths: Option<i64>,
    /// Difference of both sheets in tenths of a point.
    pub deviation_tenths: Option<i64>,
    /// What is said to the report.
    pub comments: String,
    /// Typical problems (dictionary `report_fault`), separated by commas.
    pub faults: String,
    /// What was improved.
    pub improvement: String,
    /// Last day for that.
    pub due_on: Option<NaiveDate>,
    /// What that day rests on.
    pub due_basis: String,
    /// When it was published.
    pub published_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: State,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The evaluation, within what the actor may see.
pub async fn find(cx: &Cx, id: QualityReviewId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The evaluation whoever acts: for steps that follow from a reader's deed.
pub async fn whoever(cx: &Cx, id: QualityReviewId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Pred::All).await
}

/// People who may read reports for the office: its officers and members of teams that are authorised today.
pub(super) async fn readers(cx: &Cx) -> Result<Vec<(Uuid, String)>> {
    let mut sql = Sql::new(
        "select distinct a.id, a.name from post p join account a on a.id = p.account_id where p.state = 'approved' \
         and p.role in ('office_director', 'office_liaison', 'team_head', 'team_member') and p.from_on <= ",
    );
    sql.bind(cx.today()).push(" and (p.to_on is null or p.to_on >= ").bind(cx.today());
    sql.push(") order by a.name, a.id limit 1000");
    let rows = cx.rows(sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Whether the account belongs, or belonged, to the team of the inspection.
pub(super) async fn of_team(cx: &Cx, account: Uuid, inspection: Uuid) -> Result<bool> {
    let mut sql = Sql::new("select count(*) from post where state = 'approved' and account_id = ");
    sql.bind(account).push(" and inspection_id = ").bind(inspection);
    Ok(cx.number(sql).await? > 0)
}

/// Name and kind of an organisation.
pub(super) async fn organisation(cx: &Cx, id: OrganisationId) -> Result<Option<(String, String)>> {
    let mut sql = Sql::new("select name, kind from organisation where id = ");
    sql.bind(id);
    let rows = cx.rows(sql).await?;
    rows.first().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).transpose()
}

/// An evaluation in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    Model {
        id: QualityReviewId(samples::OTHER),
        version: 1,
        number: String::from("PC-2023-0001"),
        report_id: Some(ReportId(samples::OTHER)),
        inspection_id: Some(samples::INSPECTION),
        district_id: None,
        title: String::from("关于巡察情况的报告"),
        sheet_id: ScoreSheetId(samples::OTHER),
        reader_one: samples::AUTHOR,
        reader_two: samples::OTHER,
        readers: String::new(),
        begun_on: day,
        mean_tenths: None,
        deviation_tenths: None,
        comments: String::new(),
        faults: String::new(),
        improvement: String::new(),
        due_on: None,
        due_basis: String::new(),
        published_on: matches!(state, State::Published | State::Closed).then_some(day),
        state,
    }
}
