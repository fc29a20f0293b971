//! Data sets in the database, and their columns opened where they lie.

use chrono::{DateTime, NaiveDate, Utc};
use db::Sql;
use kit::{
    Cx, Lifecycle as _, Refusal, Result, files,
    sea_orm::{self, FromQueryResult},
};
use models::{
    clean::Step,
    intake::Kept,
    look::Columns,
    sealed::{Plain, Sealed},
};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{DataSetId, FILES, Handover, State};

/// A data set.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "data_set")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DataSetId,
    /// Counts every change.
    pub version: i64,
    /// `SJ-2023-0007`, unique.
    pub number: String,
    /// What it is called.
    pub name: String,
    /// The inspection it was handed over for.
    pub inspection_id: Uuid,
    /// The inspected organisation it is about.
    pub organisation_id: OrganisationId,
    /// What it may be used for.
    pub purpose: String,
    /// Who handed it over.
    pub provider: String,
    /// The system it comes from.
    pub system_name: String,
    /// When it was received.
    pub received_on: NaiveDate,
    /// Who received it.
    pub received_by: String,
    /// How.
    pub handover: Handover,
    /// Number of the receipt.
    pub receipt: String,
    /// To be destroyed by this day.
    pub retain_until: NaiveDate,
    /// What that rests on.
    pub retain_basis: String,
    /// Where it stands.
    pub state: State,
    /// Sheet or table of the file.
    pub part: String,
    /// Name of the file.
    pub file_name: String,
    /// Its bytes.
    pub file_size: i64,
    /// Its SM3 digest.
    pub file_digest: String,
    /// On what its files hang.
    pub shelf_id: Uuid,
    /// The file as it came; none when destroyed.
    pub original_id: Option<Uuid>,
    /// Its columns; none before it was taken in.
    pub columns_id: Option<Uuid>,
    /// Rows in the file.
    pub data_rows: i64,
    /// Rows taken.
    pub taken: i64,
    /// Rows of another width.
    pub ragged: i64,
    /// Rows equal to earlier ones.
    pub duplicates: i64,
    /// How many columns.
    pub column_count: i64,
    /// SM3 digest of the columns.
    pub digest: String,
    /// Names and kinds of the columns.
    pub columns_sealed: String,
    /// What became of the cells.
    pub report_sealed: String,
    /// What the columns look like.
    pub profile_sealed: String,
    /// Steps of cleaning in force.
    pub step_count: i64,
    /// Why it could not be taken in.
    pub import_note: String,
    /// When it was last taken in.
    pub imported_at: Option<DateTime<Utc>>,
    /// Why it shall leave the task.
    pub leave_reason: String,
    /// To whom.
    pub leave_to: String,
    /// Who asked.
    pub leave_by: Option<Uuid>,
    /// Name of that person.
    pub leave_by_name: String,
    /// When.
    pub leave_on: Option<NaiveDate>,
    /// Until when it may be taken out.
    pub leave_until: Option<NaiveDate>,
    /// What was decided.
    pub leave_opinion: String,
    /// Why it shall be destroyed.
    pub destroy_reason: String,
    /// How copies outside the program were destroyed.
    pub destroy_way: String,
    /// Who asked.
    pub destroy_by: Option<Uuid>,
    /// Name of that person.
    pub destroy_by_name: String,
    /// When.
    pub destroy_on: Option<NaiveDate>,
    /// When it was destroyed.
    pub destroyed_on: Option<NaiveDate>,
    /// Name of the second person.
    pub destroyed_by_name: String,
    /// Account that entered it.
    pub recorded_by: Option<Uuid>,
    /// Name of that person.
    pub recorded_by_name: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What is sealed in a data set.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Part {
    Columns,
    Report,
    Profile,
}

impl Part {
    fn context(self, id: DataSetId) -> String {
        let name = match self {
            Self::Columns => "columns",
            Self::Report => "report",
            Self::Profile => "profile",
        };
        format!("data_set/{}/{name}", id.0)
    }
}

/// A value sealed for one data set.
pub(crate) fn seal(cx: &Cx, id: DataSetId, part: Part, value: &impl Serialize) -> Result<String> {
    cx.app().seal().seal(&part.context(id), &serde_json::to_string(value)?)
}

/// What [`seal`] sealed; the empty value before there is anything.
pub(crate) fn unseal<T: DeserializeOwned>(
    cx: &Cx,
    id: DataSetId,
    part: Part,
    sealed: &str,
) -> Result<Option<T>> {
    if sealed.is_empty() {
        return Ok(None);
    }
    Ok(Some(serde_json::from_str(&cx.app().seal().open(&part.context(id), sealed)?)?))
}

/// The data set, within what the actor may see.
pub async fn find(cx: &Cx, id: DataSetId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// The columns of a data set, opened where they lie; nothing plain is written anywhere.
///
/// # Errors
/// A sentence when they are not there (any more).
pub async fn columns(cx: &Cx, set: &Model) -> Result<Columns> {
    let id = set
        .columns_id
        .filter(|_| set.is_readable())
        .ok_or_else(|| Refusal::conflict("这批数据还没有导入或者已经销毁，不能查看；请先完成导入。"))?;
    let file = files::kept_aside(cx, FILES, id).await?;
    let kept: Vec<Kept> = unseal(cx, set.id, Part::Columns, &set.columns_sealed)?.unwrap_or_default();
    let (app, length) = (cx.app().clone(), u64::try_from(file.size).unwrap_or_default());
    let open = move || {
        let opened = file.open(&app).map_err(|error| std::io::Error::other(error.to_string()))?;
        Ok(Box::new(opened) as Box<dyn Plain>)
    };
    Ok(Columns::new(Sealed::new(length, open), kept))
}

/// A step of cleaning as it is written down.
#[derive(Clone, Debug, FromQueryResult)]
pub struct StepRow {
    /// Identity.
    pub id: Uuid,
    /// Its place.
    pub position: i64,
    /// What people call it.
    pub label: String,
    step_sealed: String,
    /// Cells or rows it touched when it was last replayed.
    pub touched: i64,
    /// Who added it.
    pub by_name: String,
    /// When.
    pub at: DateTime<Utc>,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
    /// By whom.
    pub undone_by_name: String,
}

/// The steps of a data set.
pub type Steps = Vec<(StepRow, Step)>;

/// All steps of a data set in their order, taken back ones too.
pub async fn steps_of(cx: &Cx, id: DataSetId) -> Result<Steps> {
    let mut sql = Sql::new(
        "select id, position, label, step_sealed, touched, by_name, at, undone_at, undone_by_name from data_step where data_set_id = ",
    );
    sql.bind(id).push(" order by position");
    let rows: Vec<StepRow> = cx.all(sql).await?;
    rows.into_iter()
        .map(|row| {
            let step = cx.app().seal().open(&step_context(row.id), &row.step_sealed)?;
            let step = serde_json::from_str(&step)?;
            Ok((row, step))
        })
        .collect()
}

/// The steps in force.
pub(crate) fn in_force(steps: Steps) -> Vec<(Uuid, Step)> {
    steps.into_iter().filter(|(row, _)| row.undone_at.is_none()).map(|(row, step)| (row.id, step)).collect()
}

/// Binds a sealed step to its row.
pub(crate) fn step_context(id: Uuid) -> String {
    format!("data_step/{id}")
}

/// The key under which identity numbers of this installation are hashed.
pub(crate) fn person_key(cx: &Cx) -> Vec<u8> {
    cx.app().seal().token("models/person", "1").into_bytes()
}

/// A data set in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    let day = samples::day();
    Model {
        id: DataSetId(samples::OTHER),
        version: 1,
        number: String::from("SJ-2023-0001"),
        name: String::new(),
        inspection_id: samples::INSPECTION,
        organisation_id: OrganisationId(samples::ORGANISATION),
        purpose: String::new(),
        provider: String::new(),
        system_name: String::new(),
        received_on: day,
        received_by: String::new(),
        handover: Handover::Disc,
        receipt: String::new(),
        retain_until: day,
        retain_basis: String::new(),
        state,
        part: String::new(),
        file_name: String::new(),
        file_size: 0,
        file_digest: String::new(),
        shelf_id: samples::OTHER,
        original_id: Some(samples::OTHER),
        columns_id: (state != State::Received).then_some(samples::OTHER),
        data_rows: 0,
        taken: 0,
        ragged: 0,
        duplicates: 0,
        column_count: 0,
        digest: String::new(),
        columns_sealed: String::new(),
        report_sealed: String::new(),
        profile_sealed: String::new(),
        step_count: 0,
        import_note: String::new(),
        imported_at: None,
        leave_reason: String::new(),
        leave_to: String::new(),
        leave_by: (state == State::LeaveAsked).then_some(samples::AUTHOR),
        leave_by_name: String::new(),
        leave_on: None,
        leave_until: None,
        leave_opinion: String::new(),
        destroy_reason: String::new(),
        destroy_way: String::new(),
        destroy_by: (state == State::DestroyAsked).then_some(samples::AUTHOR),
        destroy_by_name: String::new(),
        destroy_on: None,
        destroyed_on: None,
        destroyed_by_name: String::new(),
        recorded_by: Some(samples::AUTHOR),
        recorded_by_name: String::new(),
    }
}
