//! Announcements in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Pred, Result, WriteCx, sea_orm};
use planning::samples;
use sea_orm::entity::prelude::*;

use super::{AnnouncementId, State};

/// An edition of an announcement.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "announcement")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AnnouncementId,
    /// Counts every change.
    pub version: i64,
    /// The inspection.
    pub inspection_id: Uuid,
    /// Edition, from 1.
    pub edition: i64,
    /// Title.
    pub title: String,
    /// Text.
    pub text: String,
    /// First day on site.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// Telephone.
    pub phone: String,
    /// Address for visits and letters.
    pub address: String,
    /// Mailbox.
    pub mailbox: String,
    /// Where the letter box hangs.
    pub letter_box: String,
    /// Where it stands.
    pub state: State,
    /// Day it became public.
    pub issued_on: Option<NaiveDate>,
    /// Where.
    pub issued_where: String,
    /// Why it was taken back.
    pub reason: String,
    /// Who wrote it, by name.
    pub prepared_by: String,
    /// When.
    pub made_on: NaiveDate,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The edition, within what the actor may see.
pub async fn find(cx: &Cx, id: AnnouncementId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// Announcements that are public and hold on `day` or later, within what the actor may see.
pub async fn published(cx: &Cx, day: NaiveDate) -> Result<Vec<Model>> {
    let held =
        Model::scope(&cx.actor).and(Pred::is("state", State::Issued)).and(Pred::AtLeast("to_on", day.into()));
    let mut found = kit::store::all::<Entity>(cx, &held).await?;
    found.sort_by(|one, other| (one.from_on, &one.title).cmp(&(other.from_on, &other.title)));
    Ok(found)
}

/// The inspected units of an inspection with their names.
pub async fn units_named(cx: &Cx, inspection: Uuid) -> Result<Vec<(Uuid, String)>> {
    let mut sql = Sql::new(
        "select u.id, o.name from inspection_unit u join organisation o on o.id = u.organisation_id where u.inspection_id = ",
    );
    sql.bind(inspection).push(" order by o.code limit 200");
    let rows = cx.rows(sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Names of the organisations of an inspection.
pub(super) async fn units_of(cx: &Cx, inspection: Uuid) -> Result<String> {
    let mut sql = Sql::new(
        "select o.name from inspection_unit u join organisation o on o.id = u.organisation_id where u.inspection_id = ",
    );
    sql.bind(inspection).push(" order by o.code limit 40");
    let rows = cx.rows(sql).await?;
    let names: Vec<String> =
        rows.iter().map(|row| row.try_get_by_index(0)).collect::<std::result::Result<_, _>>()?;
    Ok(names.join("、"))
}

/// The last edition of an inspection's announcement; 0 when there is none.
pub(super) async fn last_edition(cx: &Cx, inspection: Uuid) -> Result<i64> {
    let mut sql = Sql::new("select max(edition) from announcement where inspection_id = ");
    sql.bind(inspection);
    cx.number(sql).await
}

/// Puts earlier public editions aside.
pub(super) async fn replace_issued(cx: &mut WriteCx, inspection: Uuid) -> Result<()> {
    let mut sql = Sql::new("update announcement set version = version + 1, state = ");
    sql.bind(State::Replaced).push(" where inspection_id = ").bind(inspection);
    sql.push(" and state = ").bind(State::Issued);
    cx.execute(sql).await?;
    Ok(())
}

pub(super) fn sample(state: State) -> Model {
    Model {
        id: AnnouncementId(samples::OTHER),
        version: 1,
        inspection_id: samples::INSPECTION,
        edition: 1,
        title: String::new(),
        text: String::new(),
        from_on: samples::day(),
        to_on: samples::day(),
        phone: String::new(),
        address: String::new(),
        mailbox: String::new(),
        letter_box: String::new(),
        state,
        issued_on: (state != State::Drafted).then(samples::day),
        issued_where: String::new(),
        reason: String::new(),
        prepared_by: String::new(),
        made_on: samples::day(),
    }
}
