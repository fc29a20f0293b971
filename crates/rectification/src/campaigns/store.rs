//! Campaigns and their chosen problems in the database.

use chrono::NaiveDate;
use db::Sql;
use kit::{Area, Cx, Lifecycle as _, Result, WriteCx, labelled, sea_orm};
use sea_orm::{FromQueryResult, entity::prelude::*};

use super::{CampaignId, CampaignKind, State};

/// A campaign.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "campaign")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CampaignId,
    /// Counts every change.
    pub version: i64,
    /// Number: year and count in it.
    pub number: String,
    /// Name.
    pub name: String,
    /// What it is for.
    pub aim: String,
    /// The inspection it follows.
    pub inspection_id: Option<Uuid>,
    /// What kind of push it is.
    pub kind: CampaignKind,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
    /// How many of the chosen problems shall be closed.
    pub target_closed: Option<i64>,
    /// Which area shall be activated.
    pub target_area_cm2: Option<Area>,
    /// Where it stands.
    pub state: State,
    /// What came of it.
    pub summary: String,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub use chosen::Model as CampaignProblem;

/// Chosen problems.
pub(super) mod chosen {
    use kit::sea_orm;
    use sea_orm::entity::prelude::*;

    use super::CampaignId;

    /// A problem chosen for a campaign.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "campaign_problem")]
    pub struct Model {
        /// Identity.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The campaign.
        pub campaign_id: CampaignId,
        /// The problem.
        pub problem_id: Uuid,
    }

    /// No relations.
    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

labelled! {
    /// Which problems of an inspection are chosen together.
    pub enum Filter: "选取范围" {
        /// Every problem that was fed back and is not closed.
        Open = "open" => "全部未销号问题", Grey;
        /// Those whose rectification has not begun.
        FedBack = "fed_back" => "已反馈未启动整改的问题", Grey;
        /// Those being rectified.
        Rectifying = "rectifying" => "整改中的问题", Grey;
        /// Those that are not closed although due.
        Overdue = "overdue" => "逾期未销号的问题", Grey;
    }
}

/// How far a campaign is at the end of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Progress {
    /// Problems chosen.
    pub chosen: i64,
    /// Of these, closed and not reopened.
    pub closed: i64,
}

/// The campaign, within what the actor may see.
pub async fn find(cx: &Cx, id: CampaignId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// How many campaigns have a number that begins with `prefix`: the next number counts them.
pub(super) async fn count_numbered(cx: &Cx, prefix: &str) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from campaign where number like ");
    sql.bind(format!("{prefix}%"));
    cx.number(sql).await
}

/// The chosen problems of a campaign that the caller has already found.
pub(super) async fn problems_of(cx: &Cx, id: CampaignId) -> Result<Vec<Uuid>> {
    let chosen =
        chosen::Entity::find().filter(chosen::Column::CampaignId.eq(id)).all(&cx.db().await?).await?;
    Ok(chosen.into_iter().map(|row| row.problem_id).collect())
}

/// The problems of an inspection that `filter` means, seen from today.
pub(super) async fn matching(cx: &Cx, inspection: Uuid, filter: Filter) -> Result<Vec<Uuid>> {
    let mut sql =
        Sql::new("select p.id from problem p where p.fed_back_on is not null and p.inspection_id = ");
    sql.bind(inspection);
    sql.push(
        " and not exists (select 1 from closure c where c.problem_id = p.id and c.reopened_on is null) \
         and p.state <> 'closed'",
    );
    match filter {
        Filter::Open => {}
        Filter::FedBack => {
            sql.push(" and p.state = 'fed_back'");
        }
        Filter::Rectifying => {
            sql.push(" and p.state = 'rectifying'");
        }
        Filter::Overdue => {
            sql.push(" and p.due_on < ").bind(cx.today());
        }
    }
    sql.push(" order by p.number, p.id");
    cx.rows(sql).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Chooses problems; those chosen before stay. The number that are new.
pub(super) async fn choose(cx: &mut WriteCx, id: CampaignId, problems: Vec<Uuid>) -> Result<usize> {
    let held = problems_of(cx, id).await?;
    let mut new: Vec<CampaignProblem> = Vec::new();
    for problem in problems {
        if !held.contains(&problem) && !new.iter().any(|row| row.problem_id == problem) {
            new.push(CampaignProblem { id: cx.new_id(), campaign_id: id, problem_id: problem });
        }
    }
    let count = new.len();
    cx.insert_all(new).await?;
    Ok(count)
}

/// Takes problems out; the number that were in.
pub(super) async fn unchoose(cx: &mut WriteCx, id: CampaignId, problems: Vec<Uuid>) -> Result<u64> {
    let mut sql = Sql::new("delete from campaign_problem where campaign_id = ");
    sql.bind(id).push(" and problem_id in ").bind_list(problems);
    cx.execute(sql).await
}

/// How far a campaign is at the end of `day`; the caller has already found it.
pub async fn progress_as_of(cx: &Cx, id: CampaignId, day: NaiveDate) -> Result<Progress> {
    let mut sql =
        Sql::new("select count(*) as chosen, count(*) filter (where exists (select 1 from closure c ");
    sql.push("where c.problem_id = s.problem_id and c.closed_on <= ").bind(day);
    sql.push(" and (c.reopened_on is null or c.reopened_on > ").bind(day);
    sql.push("))) as closed from campaign_problem s where s.campaign_id = ").bind(id);
    Ok(cx.first(sql).await?.unwrap_or_default())
}
