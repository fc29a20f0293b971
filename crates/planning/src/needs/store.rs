//! Needs in the database, and the pool ranked for one of them.

use chrono::{Months, NaiveDate};
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, sea_orm};
use registry::policies;
use sea_orm::{FromQueryResult, entity::prelude::*};
use uuid::Uuid;

use super::{
    Duty, NeedId, State,
    ranking::{self, Ranked, Wanted, Weights},
};
use crate::{
    avoidances::{self, check},
    inspections::InspectionId,
    nominations::Nomination,
    talents::{self, Pool, Standing},
};

/// The policy that says for how many months a pairing is not repeated.
const ROTATION_POLICY: &str = "team_rotation";

/// What a team needs.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "team_need")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NeedId,
    /// Counts every change.
    pub version: i64,
    /// For which inspection.
    pub inspection_id: InspectionId,
    /// From which pool.
    pub pool: Pool,
    /// For which duty.
    pub duty: Duty,
    /// Code of the speciality, or empty.
    pub speciality: String,
    /// How many people.
    pub number: i64,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// Where it stands.
    pub state: State,
    /// Remark.
    pub note: String,
    /// Account that prepared it.
    pub prepared_by: Option<Uuid>,
    /// When it was sent to the organisation department.
    pub sent_on: Option<NaiveDate>,
    /// When the list was settled.
    pub settled_on: Option<NaiveDate>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The need, within what the actor may see.
pub async fn find(cx: &Cx, id: NeedId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// Everybody of the pool ranked for `need`. The caller has found the need within his scope.
pub async fn ranked(cx: &Cx, need: &Model) -> Result<Vec<Ranked>> {
    let people = talents::standings(cx, need.pool, need.inspection_id, cx.today()).await?;
    let subjects = avoidances::subjects_of(cx, need.inspection_id).await?;
    let decided = talents::decided_against(cx, need.inspection_id).await?;
    let months = policies::amount(cx, avoidances::MONTHS_POLICY, cx.today()).await?;
    let months = u32::try_from(months).unwrap_or(0);
    let (weights, wanted) = (weights(cx).await?, wanted(cx, need).await?);
    let against = |person: &Standing| {
        let found = check::findings(&person.profile, &subjects, need.from_on, months);
        let mut words: Vec<String> =
            found.into_iter().map(|finding| format!("回避：{}", finding.reason)).collect();
        if decided.contains(&person.id) {
            words.push(String::from("已有待决定或已决定的回避事项"));
        }
        words
    };
    let mut ranked = ranking::rank(&wanted, &weights, people, against);
    let paired = talents::paired(cx, need.inspection_id, rotation_since(cx, need.from_on).await?).await?;
    for person in &mut ranked {
        person.paired = paired.get(&person.id).copied();
    }
    Ok(ranked)
}

/// Since when a pairing of a person with a team or an organisation is not repeated in work that begins on `from`.
async fn rotation_since(cx: &Cx, from: NaiveDate) -> Result<NaiveDate> {
    let months = policies::amount(cx, ROTATION_POLICY, cx.today()).await?;
    let months = Months::new(u32::try_from(months).unwrap_or(0));
    Ok(from.checked_sub_months(months).unwrap_or(from))
}

async fn wanted(cx: &Cx, need: &Model) -> Result<Wanted> {
    let labels = kit::dictionary::labels(cx, talents::SPECIALITY).await?;
    Ok(Wanted {
        word: labels.get(&need.speciality).cloned().unwrap_or_default(),
        speciality: need.speciality.clone(),
        from: need.from_on,
        to: need.to_on,
    })
}

async fn weights(cx: &Cx) -> Result<Weights> {
    let of = async |code: &str| policies::amount(cx, code, cx.today()).await;
    Ok(Weights {
        speciality: of("rank_speciality").await?,
        second: of("rank_second_speciality").await?,
        service: of("rank_service").await?,
        rested: of("rank_rested").await?,
        running: of("rank_running").await?,
        appraisal: of("rank_appraisal").await?,
    })
}

/// A need of a round with how far its list is.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Asked {
    /// The need.
    pub id: NeedId,
    /// Its inspection.
    pub inspection_id: InspectionId,
    /// Number of that.
    pub inspection: String,
    /// The team.
    pub team: String,
    /// For which duty.
    pub duty: Duty,
    /// How many people are asked for.
    pub number: i64,
    /// Where it stands.
    pub state: State,
    /// People proposed by one side and not answered.
    pub proposed: i64,
    /// People on whom both sides agree.
    pub agreed: i64,
}

/// All needs of the inspections of a round that were not withdrawn, within what the actor may see.
pub async fn of_round(cx: &Cx, round: Uuid) -> Result<Vec<Asked>> {
    let mut sql = Sql::new(
        "select n.id, n.inspection_id, i.number as inspection, i.team, n.duty, n.number, n.state, \
         cast(coalesce(sum(case when m.state = 'proposed' then 1 else 0 end), 0) as bigint) as proposed, \
         cast(coalesce(sum(case when m.state = 'agreed' then 1 else 0 end), 0) as bigint) as agreed \
         from team_need n join inspection i on i.id = n.inspection_id \
         left join nomination m on m.need_id = n.id and ",
    );
    Nomination::scope(&cx.actor).write("m", &mut sql);
    sql.push(" where n.state <> ")
        .bind(State::Withdrawn)
        .push(" and i.round_id = ")
        .bind(round)
        .push(" and ");
    Model::scope(&cx.actor).write("n", &mut sql);
    sql.push(" group by n.id, n.inspection_id, i.number, i.team, n.duty, n.number, n.state");
    sql.push(" order by i.team, i.number, n.duty, n.id limit 2000");
    cx.all(sql).await
}
