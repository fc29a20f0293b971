//! Models of the office's own in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{
    Cx, Lifecycle as _, Result,
    sea_orm::{self, FromQueryResult},
};
use planning::samples;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{OfficeModelId, State};

/// A model, as it is being written.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "office_model")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OfficeModelId,
    /// Counts every change.
    pub version: i64,
    /// Unique code in small letters.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// The part of the work.
    pub domain: String,
    /// Where it stands.
    pub state: State,
    /// The version that is adopted; 0 before.
    pub revision: i64,
    /// The written part, as JSON.
    pub card: String,
    /// The query.
    pub query: String,
    /// Test data.
    pub fixtures: String,
    /// Hits that the test data must give.
    pub expected: String,
    /// Digest of the text that was last tested.
    pub checked_digest: String,
    /// What testing gave.
    pub check_note: String,
    /// Whether the hits were the expected ones.
    pub check_passed: bool,
    /// Account that writes it.
    pub owner_id: Option<Uuid>,
    /// Name of that person.
    pub owner_name: String,
    /// When it was last changed.
    pub changed_on: NaiveDate,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Digest of all that decides what it finds.
    pub fn digest(&self) -> Result<String> {
        let text = (&self.domain, &self.card, &self.query, &self.fixtures, &self.expected);
        Ok(kit::seal::digest(&serde_json::to_vec(&text)?))
    }

    /// Whether the text as it stands was tested and found what it should.
    pub fn is_proved(&self) -> Result<bool> {
        Ok(self.check_passed && self.checked_digest == self.digest()?)
    }
}

/// An adopted version.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Adopted {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) domain: String,
    pub(super) card: String,
    pub(super) query: String,
}

const ADOPTED: &str = "select m.code, m.name, m.domain, r.card, r.query from office_model m \
                       join office_model_revision r on r.office_model_id = m.id and r.revision = m.revision where ";

/// The adopted version of the model `code`, as long as it is in use.
pub(super) async fn adopted(cx: &Cx, code: &str) -> Result<Option<Adopted>> {
    let mut sql = Sql::new(ADOPTED);
    sql.push("m.state = 'in_use' and m.code = ").bind(code);
    cx.first(sql).await
}

/// The last adopted version of the model `code`, in use or not.
pub(super) async fn newest(cx: &Cx, code: &str) -> Result<Option<Adopted>> {
    let mut sql = Sql::new(ADOPTED);
    sql.push("m.code = ").bind(code);
    cx.first(sql).await
}

/// All in use; an office has a few dozen.
pub(super) async fn all_adopted(cx: &Cx) -> Result<Vec<Adopted>> {
    let mut sql = Sql::new(ADOPTED);
    sql.push("m.state = 'in_use' order by m.code limit 500");
    cx.all(sql).await
}

/// What was adopted, newest first.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Revision {
    pub(super) number: i64,
    pub(super) digest: String,
    pub(super) adopted_on: NaiveDate,
    pub(super) adopted_by_name: String,
    pub(super) note: String,
}

pub(super) async fn revisions(cx: &Cx, id: OfficeModelId) -> Result<Vec<Revision>> {
    let mut sql = Sql::new(
        "select revision as number, digest, adopted_on, adopted_by_name, note from office_model_revision where office_model_id = ",
    );
    sql.bind(id).push(" order by revision desc limit 100");
    cx.all(sql).await
}

/// The model, within what the actor may see.
pub async fn find(cx: &Cx, id: OfficeModelId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// Whether another model has this code.
pub(super) async fn taken(cx: &Cx, code: &str) -> Result<bool> {
    let mut sql = Sql::new("select count(*) from office_model where code = ");
    sql.bind(code);
    Ok(cx.number(sql).await? > 0)
}

/// A model in `state`, for permission tables and tests.
pub(super) fn sample(state: State) -> Model {
    Model {
        id: OfficeModelId(samples::OTHER),
        version: 1,
        code: String::from("sample"),
        name: String::new(),
        domain: String::from("bidding"),
        state,
        revision: i64::from(state != State::Draft),
        card: String::from("{}"),
        query: String::new(),
        fixtures: String::new(),
        expected: String::new(),
        checked_digest: String::new(),
        check_note: String::new(),
        check_passed: false,
        owner_id: Some(samples::AUTHOR),
        owner_name: String::new(),
        changed_on: samples::day(),
    }
}
