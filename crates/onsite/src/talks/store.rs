//! Talks in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, WriteCx, sea_orm};
use planning::samples;
use registry::organisations::OrganisationId;
use sea_orm::entity::prelude::*;

use super::{Signature, State, TalkId};
use crate::talk_plans::{PersonKind, TalkPlanId};

/// A talk.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "talk")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TalkId,
    /// Counts every change.
    pub version: i64,
    /// Number, unique.
    pub number: String,
    /// The inspection.
    pub inspection_id: Uuid,
    /// The inspected unit.
    pub unit_id: Uuid,
    /// Its organisation.
    pub organisation_id: OrganisationId,
    /// The line of the list it covers.
    pub plan_id: Option<TalkPlanId>,
    /// Who was talked to.
    pub person: String,
    /// That person's post.
    pub post: String,
    /// Kind of person.
    pub kind: PersonKind,
    /// The day.
    pub talked_on: NaiveDate,
    /// From when, `09:30`.
    pub begins: String,
    /// Until when.
    pub ends: String,
    /// Where.
    pub place: String,
    /// Names of the officers.
    pub officers: String,
    /// How many they were.
    pub officer_count: i64,
    /// Outline.
    pub outline: String,
    /// What was said, encrypted.
    pub record_sealed: String,
    /// What was added later, encrypted.
    pub supplement_sealed: String,
    /// Where it stands.
    pub state: State,
    /// What the person did with the record.
    pub signature: Option<Signature>,
    /// When.
    pub signed_on: Option<NaiveDate>,
    /// Account that wrote the record.
    pub recorded_by: Option<Uuid>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The talk, within what the actor may see.
pub async fn find(cx: &Cx, id: TalkId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// Takes the points of a talk away, before they are written anew.
pub(super) async fn clear_points(cx: &mut WriteCx, id: TalkId) -> Result<()> {
    let mut sql = Sql::new("delete from talk_point where talk_id = ");
    sql.bind(id);
    cx.execute(sql).await?;
    Ok(())
}

pub(super) fn sample(state: State) -> Model {
    Model {
        id: TalkId(samples::OTHER),
        version: 1,
        number: String::new(),
        inspection_id: samples::INSPECTION,
        unit_id: samples::OTHER,
        organisation_id: OrganisationId(samples::ORGANISATION),
        plan_id: None,
        person: String::new(),
        post: String::new(),
        kind: PersonKind::Staff,
        talked_on: samples::day(),
        begins: String::new(),
        ends: String::new(),
        place: String::new(),
        officers: String::new(),
        officer_count: 2,
        outline: String::new(),
        record_sealed: String::new(),
        supplement_sealed: String::new(),
        state,
        signature: None,
        signed_on: None,
        recorded_by: None,
    }
}
