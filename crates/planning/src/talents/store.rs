//! Profiles of the pool in the database, and what the check of avoidance and the ranking read of them.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, Role, WriteCx, labelled, sea_orm};
use registry::{organisations::OrganisationId, people::PersonId};
use sea_orm::{QueryResult, entity::prelude::*};
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

/// Ties to registered organisations that `condition` on `talent_tie e` and `talent t` selects.
async fn ties(cx: &Cx, condition: impl FnOnce(&mut Sql)) -> Result<Vec<TieRow>> {
    let mut sql = Sql::new(
        "select e.talent_id, e.kind, e.at_id, e.title, e.to_on from talent_tie e join talent t on t.id = e.talent_id \
         where e.at_id is not null and ",
    );
    condition(&mut sql);
    cx.all(sql).await
}

fn tie(profile: &mut Profile, tie: TieRow) {
    match tie.kind {
        TieKind::Post => {
            profile.posts.push(Held { organisation: tie.at_id, title: tie.title, to: tie.to_on })
        }
        TieKind::Relative => profile.relatives.push(tie.at_id),
    }
}

/// What the pool knows of the person behind `account`.
pub async fn profile_of_account(cx: &Cx, account: Uuid) -> Result<Option<Profile>> {
    let his = |sql: &mut Sql| {
        sql.push("t.person_id = (select a.person_id from account a where a.id = ").bind(account).push(")");
    };
    let mut sql = Sql::new(
        "select p.organisation_id, t.native_place from talent t join person p on p.id = t.person_id where ",
    );
    his(&mut sql);
    let rows = cx.rows(sql).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let works_at: Option<OrganisationId> = row.try_get_by_index(0)?;
    let mut profile = Profile {
        works_at: works_at.into_iter().collect(),
        native_place: row.try_get_by_index(1)?,
        ..Profile::default()
    };
    for held in ties(cx, his).await? {
        tie(&mut profile, held);
    }
    Ok(Some(profile))
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

/// Who has led the team of `inspection`, or has inspected an organisation of it, since `since`, and which of the two
/// (三不固定): such a pairing is not repeated.
pub(crate) async fn paired(
    cx: &Cx,
    inspection: InspectionId,
    since: NaiveDate,
) -> Result<HashMap<TalentId, &'static str>> {
    let mut sql = Sql::new("select distinct t.id, cast(case when i.team = n.team and p.role = ");
    sql.bind(Role::TeamHead).push(
        " then 1 else 0 end as bigint) as headed from inspection n cross join post p join account a on a.id = p.account_id \
         join talent t on t.person_id = a.person_id join inspection i on i.id = p.inspection_id \
         where p.state in ('approved', 'ended') and p.inspection_id <> n.id and n.id = ",
    );
    sql.bind(inspection).push(" and p.from_on >= ").bind(since).push(" and ((i.team = n.team and p.role = ");
    sql.bind(Role::TeamHead).push(
        ") or exists (select 1 from inspection_unit u join inspection_unit v on v.organisation_id = u.organisation_id \
         where u.inspection_id = p.inspection_id and v.inspection_id = n.id)) order by 2",
    );
    let mut paired = HashMap::new();
    for row in cx.rows(sql).await? {
        let (id, headed): (TalentId, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let words = if headed == 1 {
            "轮换期内担任过同一巡察组组长"
        } else {
            "轮换期内巡察过同一单位"
        };
        paired.insert(id, words);
    }
    Ok(paired)
}

/// Somebody of the pool as the ranking sees him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Identity.
    pub id: TalentId,
    /// Name.
    pub name: String,
    /// Where the person works.
    pub place: Option<String>,
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
    /// What the check of avoidance needs.
    pub profile: Profile,
}

/// Everybody of `pool` who can be called into `inspection`: with his service until `day`, and of his posts and
/// relatives only those at organisations of that inspection. Two statements for thousands of people.
pub async fn standings(
    cx: &Cx,
    pool: Pool,
    inspection: InspectionId,
    day: NaiveDate,
) -> Result<Vec<Standing>> {
    let rows = cx.rows(callable(pool, day)).await?;
    let mut people = rows.iter().map(standing).collect::<Result<Vec<_>>>()?;
    let at_its_organisations = |sql: &mut Sql| {
        sql.push("e.at_id in (select organisation_id from inspection_unit where inspection_id = ");
        sql.bind(inspection).push(") and t.state = ").bind(State::Active).push(" and t.pool = ").bind(pool);
    };
    let ties = ties(cx, at_its_organisations).await?;
    let places: HashMap<TalentId, usize> = if ties.is_empty() {
        HashMap::new()
    } else {
        people.iter().enumerate().map(|(place, person)| (person.id, place)).collect()
    };
    for held in ties {
        if let Some(person) = places.get(&held.talent_id).and_then(|place| people.get_mut(*place)) {
            tie(&mut person.profile, held);
        }
    }
    Ok(people)
}

fn callable(pool: Pool, day: NaiveDate) -> Sql {
    let mut sql = Sql::new(
        "select t.id, p.name, o.name, t.speciality, t.second_speciality, t.available_from, t.available_to, \
         coalesce(s.services, 0), s.last_on, coalesce(s.running, 0), coalesce(g.grades, 0), p.organisation_id, t.native_place \
         from talent t join person p on p.id = t.person_id left join organisation o on o.id = p.organisation_id \
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
    sql.bind(State::Active).push(" and t.pool = ").bind(pool).push(" order by t.id");
    sql
}

/// Reads a row of [`callable`] by place: looking columns up by name is felt with thousands of rows.
fn standing(row: &QueryResult) -> Result<Standing> {
    let works_at: Option<OrganisationId> = row.try_get_by_index(11)?;
    Ok(Standing {
        id: row.try_get_by_index(0)?,
        name: row.try_get_by_index(1)?,
        place: row.try_get_by_index(2)?,
        speciality: row.try_get_by_index(3)?,
        second_speciality: row.try_get_by_index(4)?,
        available_from: row.try_get_by_index(5)?,
        available_to: row.try_get_by_index(6)?,
        services: row.try_get_by_index(7)?,
        last_on: row.try_get_by_index(8)?,
        running: row.try_get_by_index(9)?,
        grades: row.try_get_by_index(10)?,
        profile: Profile {
            works_at: works_at.into_iter().collect(),
            native_place: row.try_get_by_index(12)?,
            ..Profile::default()
        },
    })
}
