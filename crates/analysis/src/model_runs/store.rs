//! Runs in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, WriteCx, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::{FromQueryResult, entity::prelude::*};
use uuid::Uuid;

use super::{ModelRunId, State};
use crate::{data_sets::DataSetId, doubts::reach};

/// A run.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "model_run")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ModelRunId,
    /// Counts every change.
    pub version: i64,
    /// `MX-2023-0007`, unique.
    pub number: String,
    /// The inspection it belongs to.
    pub inspection_id: Uuid,
    /// The inspected organisation the data are about.
    pub organisation_id: OrganisationId,
    /// The model.
    pub model: String,
    /// Its Chinese name then.
    pub model_name: String,
    /// Its version then.
    pub model_version: i64,
    /// The part of the work it belongs to.
    pub domain: String,
    /// Its parameters, as a JSON object.
    pub parameters: String,
    /// The reports on the data files, as a JSON list.
    pub data: String,
    /// Digest over model, version, parameters and data: equal runs have equal ones.
    pub fingerprint: String,
    /// Who handed the data over, and how.
    pub data_source: String,
    /// What the data may be used for.
    pub purpose: String,
    /// Day of the run.
    pub ran_on: NaiveDate,
    /// Rows of data it looked at.
    pub data_rows: i64,
    /// Doubts it raised.
    pub hits: i64,
    /// Objects it looked at, when they can be counted.
    pub looked_at: Option<i64>,
    /// Objects among them with a hit.
    pub flagged: Option<i64>,
    /// Digest over the hits.
    pub hits_digest: String,
    /// What to keep in mind.
    pub warnings: String,
    /// Where it stands.
    pub state: State,
    /// Why it is void.
    pub void_reason: String,
    /// Account that entered it.
    pub recorded_by: Option<Uuid>,
    /// Name of that person.
    pub recorded_by_name: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The run, within what the actor may see.
pub async fn find(cx: &Cx, id: ModelRunId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// A valid run of the same model with the same parameters on the same data.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Former {
    /// The run.
    pub(super) id: ModelRunId,
    /// Its number.
    pub(super) number: String,
    /// Digest over its hits.
    pub(super) hits_digest: String,
}

/// The valid run of an organisation in an inspection that was the same.
pub(super) async fn former(cx: &Cx, run: &Model) -> Result<Option<Former>> {
    let mut sql = Sql::new(
        "select id, number, hits_digest from model_run where state = 'recorded' and inspection_id = ",
    );
    sql.bind(run.inspection_id).push(" and organisation_id = ").bind(run.organisation_id);
    sql.push(" and fingerprint = ").bind(run.fingerprint.as_str());
    cx.first(sql).await
}

/// The data sets of a run, by the table they filled.
pub(super) async fn data_of(cx: &Cx, id: ModelRunId) -> Result<Vec<(String, DataSetId)>> {
    let mut sql = Sql::new("select table_name, data_set_id from model_run_data where run_id = ");
    sql.bind(id).push(" order by table_name");
    let rows = cx.rows(sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, DataSetId(row.try_get_by_index(1)?)))).collect()
}

/// The runs over a data set.
pub(super) async fn over(cx: &Cx, set: DataSetId) -> Result<Vec<Uuid>> {
    let mut sql = Sql::new("select distinct run_id from model_run_data where data_set_id = ");
    sql.bind(set).push(" limit 1000");
    let rows = cx.rows(sql).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Enters which data filled which table of a run.
pub(super) async fn keep_data(cx: &mut WriteCx, id: ModelRunId, used: &[(DataSetId, String)]) -> Result<()> {
    for (set, table) in used {
        let mut sql = Sql::new("insert into model_run_data (run_id, data_set_id, table_name) values (");
        sql.bind(id).push(", ").bind(*set).push(", ").bind(table.as_str()).push(")");
        cx.execute(sql).await?;
    }
    Ok(())
}

/// How many doubts of a run somebody has begun to work on.
pub(super) async fn begun(cx: &Cx, id: ModelRunId) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from doubt where state <> 'open' and run_id = ");
    sql.bind(id);
    cx.number(sql).await
}

/// What became of the doubts of a model, for one organisation and one setting of parameters.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub(super) struct Effect {
    /// The organisation.
    pub(super) organisation: String,
    /// The parameters.
    pub(super) parameters: String,
    /// Doubts raised.
    pub(super) raised: i64,
    /// Those found to be something.
    pub(super) confirmed: i64,
    /// Those excluded.
    pub(super) excluded: i64,
}

/// What became of the doubts of `model`, within what the actor may see.
pub(super) async fn effects(cx: &Cx, model: &str) -> Result<Vec<Effect>> {
    let mut sql = Sql::new(
        "select o.name as organisation, m.parameters, count(*) as raised, \
         sum(case when d.state in ('problem', 'lead', 'project', 'passed_on') then 1 else 0 end) as confirmed, \
         sum(case when d.state = 'excluded' then 1 else 0 end) as excluded \
         from doubt d join model_run m on m.id = d.run_id join organisation o on o.id = d.organisation_id \
         where m.state = 'recorded' and d.model = ",
    );
    sql.bind(model).push(" and ");
    reach(&cx.actor).write("d", &mut sql);
    sql.push(" group by o.name, m.parameters order by count(*) desc, o.name limit 50");
    cx.all(sql).await
}

/// A run in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: ModelRunId(samples::OTHER),
        version: 1,
        number: String::from("MX-2023-0001"),
        inspection_id: samples::INSPECTION,
        organisation_id: OrganisationId(samples::ORGANISATION),
        model: String::from("same-ip"),
        model_name: String::new(),
        model_version: 1,
        domain: String::from("bidding"),
        parameters: String::from("{}"),
        data: String::from("[]"),
        fingerprint: String::new(),
        data_source: String::new(),
        purpose: String::new(),
        ran_on: samples::day(),
        data_rows: 0,
        hits: 0,
        looked_at: None,
        flagged: None,
        hits_digest: String::new(),
        warnings: String::new(),
        state,
        void_reason: String::new(),
        recorded_by: Some(samples::AUTHOR),
        recorded_by_name: String::new(),
    }
}
