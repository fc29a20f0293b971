//! Profiles of the pool in the database, and what the check of avoidance and the ranking read of them.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, WriteCx, labelled, sea_orm};
use registry::{organisations::OrganisationId, people::PersonId};
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use super::{Political, Pool, State, TalentId, career::Line};
use crate::{
    avoidances::{
        self,
        check::{Held, Profile},
    },
    inspections::InspectionId,
};

/// A profile in the pool.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "talent")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TalentId,
    /// Counts every change.
    pub version: i64,
    /// Who it is.
    pub person_id: PersonId,
    /// Which pool.
    pub pool: Pool,
    /// Where the person stands in it.
    pub state: State,
    /// Code of the first speciality.
    pub speciality: String,
    /// Code of the second one, or empty.
    pub second_speciality: String,
    /// Political status.
    pub political: Political,
    /// Native place.
    pub native_place: String,
    /// Posts held, as they were written.
    pub career: String,
    /// Relatives and where they work, sealed.
    pub relatives_sealed: String,
    /// From when the person can be had.
    pub available_from: Option<NaiveDate>,
    /// Until when.
    pub available_to: Option<NaiveDate>,
    /// Remark.
    pub note: String,
    /// Account that nominated.
    pub nominated_by: Option<Uuid>,
    /// Account that decided last.
    pub decided_by: Option<Uuid>,
    /// When.
    pub decided_on: Option<NaiveDate>,
    /// What was said about it.
    pub opinion: String,
    /// When the person was nominated.
    pub entered_on: NaiveDate,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

labelled! {
    /// What ties a person to an organisation.
    pub enum TieKind: "关联" {
        /// Held a post there.
        Post = "post" => "任职", Grey;
        /// A near relative works there.
        Relative = "relative" => "近亲属任职", Grey;
    }
}

/// The profile, within what the actor may see.
pub async fn find(cx: &Cx, id: TalentId) -> Result<Model> {
    kit::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// Puts the ties of a person in place of those before.
pub(super) async fn put_ties(
    cx: &mut WriteCx,
    id: TalentId,
    posts: &[Line],
    relatives: &[String],
) -> Result<()> {
    let mut sql = Sql::new("delete from talent_tie where talent_id = ");
    sql.bind(id);
    cx.execute(sql).await?;
    let names: Vec<&str> =
        posts.iter().map(|post| post.place.as_str()).chain(relatives.iter().map(String::as_str)).collect();
    let known = organisations(cx, &names).await?;
    for post in posts {
        let at = known.get(post.place.as_str()).copied();
        let title = if at.is_some() { post.title.clone() } else { format!("{} {}", post.place, post.title) };
        put(cx, id, TieKind::Post, at, &title, (post.from, post.to)).await?;
    }
    for place in relatives.iter().filter_map(|place| known.get(place.as_str()).copied()) {
        put(cx, id, TieKind::Relative, Some(place), "", (None, None)).await?;
    }
    Ok(())
}

async fn put(
    cx: &mut WriteCx,
    talent: TalentId,
    kind: TieKind,
    at: Option<Uuid>,
    title: &str,
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
) -> Result<()> {
    let mut sql =
        Sql::new("insert into talent_tie (id, talent_id, kind, at_id, title, from_on, to_on) values (");
    sql.bind(cx.new_id()).push(", ").bind(talent).push(", ").bind(kind).push(", ").bind(at);
    sql.push(", ").bind(title).push(", ").bind(from).push(", ").bind(to).push(")");
    cx.execute(sql).await?;
    Ok(())
}

/// Registered organisations by name. The directory has no secrets, so no scope is applied.
async fn organisations(cx: &Cx, names: &[&str]) -> Result<HashMap<String, Uuid>> {
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let mut sql = Sql::new("select name, id from organisation where name in ");
    sql.bind_list(names.iter().map(|name| (*name).to_owned()));
    let rows = cx.rows(sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// The person of this name at this place, who is registered when he is not yet.
pub(super) async fn person_named(
    cx: &Cx,
    name: &str,
    organisation: Option<OrganisationId>,
) -> Result<Option<PersonId>> {
    let mut sql = Sql::new("select id from person where name = ");
    sql.bind(name);
    match organisation {
        Some(at) => sql.push(" and organisation_id = ").bind(at),
        None => sql.push(" and organisation_id is null"),
    };
    sql.push(" order by id limit 1");
    let rows = cx.rows(sql).await?;
    Ok(rows.first().map(|row| row.try_get_by_index(0)).transpose()?)
}

/// The profile of `person`, if he is in the pool.
pub(super) async fn of_person(cx: &Cx, person: PersonId) -> Result<Option<TalentId>> {
    let mut sql = Sql::new("select id from talent where person_id = ");
    sql.bind(person);
    let rows = cx.rows(sql).await?;
    Ok(rows.first().map(|row| row.try_get_by_index(0)).transpose()?)
}

#[derive(sea_orm::FromQueryResult)]
struct TieRow {
    talent_id: TalentId,
    kind: TieKind,
    at_id: OrganisationId,
    title: String,
    to_on: Option<NaiveDate>,
}

/// What is known of everybody a condition on `talent t` selects, for the check of avoidance: two statements for
/// thousands of people.
pub async fn profiles(
    cx: &Cx,
    condition: impl Fn(&mut Sql) + Send + Sync,
) -> Result<HashMap<TalentId, Profile>> {
    let mut found = HashMap::new();
    let mut sql = Sql::new(
        "select t.id, t.native_place, p.organisation_id from talent t join person p on p.id = t.person_id where ",
    );
    condition(&mut sql);
    for row in cx.rows(sql).await? {
        let works_at: Option<OrganisationId> = row.try_get_by_index(2)?;
        let profile = Profile {
            works_at: works_at.into_iter().collect(),
            native_place: row.try_get_by_index(1)?,
            ..Profile::default()
        };
        found.insert(row.try_get_by_index::<TalentId>(0)?, profile);
    }
    let mut sql = Sql::new(
        "select e.talent_id, e.kind, e.at_id, e.title, e.to_on from talent_tie e join talent t on t.id = e.talent_id \
         where e.at_id is not null and ",
    );
    condition(&mut sql);
    for tie in cx.all::<TieRow>(sql).await? {
        let Some(profile) = found.get_mut(&tie.talent_id) else { continue };
        match tie.kind {
            TieKind::Post => {
                profile.posts.push(Held { organisation: tie.at_id, title: tie.title, to: tie.to_on });
            }
            TieKind::Relative => profile.relatives.push(tie.at_id),
        }
    }
    Ok(found)
}

/// What the pool knows of the person behind `account`.
pub async fn profile_of_account(cx: &Cx, account: Uuid) -> Result<Option<Profile>> {
    let his = |sql: &mut Sql| {
        sql.push("t.person_id = (select a.person_id from account a where a.id = ").bind(account).push(")");
    };
    Ok(profiles(cx, his).await?.into_values().next())
}

/// Whoever has an open or decided avoidance against an organisation of `inspection`.
pub(crate) async fn decided_against(cx: &Cx, inspection: InspectionId) -> Result<HashSet<TalentId>> {
    let mut sql = Sql::new(
        "select t.id from talent t join account a on a.person_id = t.person_id join avoidance v on v.account_id = a.id \
         join inspection_unit u on u.organisation_id = v.from_organisation_id where v.state in ",
    );
    sql.bind_list([avoidances::State::Open, avoidances::State::Avoids]).push(" and u.inspection_id = ");
    sql.bind(inspection);
    cx.rows(sql).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Somebody of the pool as the ranking sees him.
#[derive(Clone, Debug, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct Standing {
    /// Identity.
    pub id: TalentId,
    /// Name.
    pub name: String,
    /// Where the person works.
    pub place: Option<String>,
    /// Which pool.
    pub pool: Pool,
    /// Code of the first speciality.
    pub speciality: String,
    /// Code of the second one, or empty.
    pub second_speciality: String,
    /// From when the person can be had.
    pub available_from: Option<NaiveDate>,
    /// Until when.
    pub available_to: Option<NaiveDate>,
    /// How many inspections the person has worked in.
    pub services: i64,
    /// Last day of the latest of them.
    pub last_on: Option<NaiveDate>,
    /// How many of them go on.
    pub running: i64,
    /// Good appraisals less bad ones.
    pub grades: i64,
}

/// Everybody in the pool who can be called, with his service in inspections until `day`.
pub async fn standings(cx: &Cx, day: NaiveDate) -> Result<Vec<Standing>> {
    let mut sql = Sql::new(
        "select t.id, p.name, o.name as place, t.pool, t.speciality, t.second_speciality, t.available_from, \
         t.available_to, coalesce(s.services, 0) as services, s.last_on, coalesce(s.running, 0) as running, \
         coalesce(g.grades, 0) as grades from talent t join person p on p.id = t.person_id left join organisation o on o.id = p.organisation_id \
         left join (select a.person_id, count(distinct x.inspection_id) as services, max(x.to_on) as last_on, \
         cast(sum(case when x.to_on is null or x.to_on >= ",
    );
    sql.bind(day).push(
        " then 1 else 0 end) as bigint) as running from post x join account a on a.id = x.account_id \
         where x.inspection_id is not null and x.state in ('approved', 'ended') and x.from_on <= ",
    );
    sql.bind(day).push(" group by a.person_id) s on s.person_id = t.person_id left join (select talent_id, \
         cast(sum(case grade when 'excellent' then 1 when 'good' then 1 when 'poor' then -1 else 0 end) as bigint) \
         as grades from secondment where grade is not null group by talent_id) g on g.talent_id = t.id where t.state = ");
    sql.bind(State::Active).push(" order by t.id");
    cx.all(sql).await
}
