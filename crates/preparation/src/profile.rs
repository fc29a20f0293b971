//! The profile of an organisation (单位画像): what is known of it on one page. Everything other areas know is
//! read through their services and the reader's scope, so that nothing shows here that does not show there.

use db::Sql;
use kit::{
    Cx, Fen, Labelled as _, Lifecycle as _, Pred, Refusal, Result, Service, Shown, dictionary,
    service::Beside,
    table::{self, Ask},
};
use planning::{
    inspection_units::{self, InspectionUnit, InspectionUnitId, Stage},
    units,
};
use registry::organisations::{self, Organisation, OrganisationId};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    duties::{self, Duty},
    focus_items::{self, FocusItem},
    focus_lists::{self, FocusList, Progress},
    shared,
};

/// Rows of a block before it leads to the whole list.
const ROWS: u64 = 8;
/// Most units on the page from which profiles are opened.
const UNITS: i64 = 200;

/// Problems that are neither closed nor taken back, once they were fed back.
const OPEN_PROBLEMS: [&str; 4] = ["fed_back", "rectifying", "submitted", "long_term"];

/// Records of another noun on the profile.
struct Spec {
    key: &'static str,
    label: &'static str,
    noun: &'static str,
    columns: &'static [&'static str],
    order: &'static str,
    among: fn(OrganisationId) -> Pred,
}

fn own(organisation: OrganisationId) -> Pred {
    Pred::is("organisation_id", organisation)
}

fn open_problems(organisation: OrganisationId) -> Pred {
    own(organisation).and(Pred::one_of("state", OPEN_PROBLEMS))
}

const BLOCKS: &[Spec] = &[
    Spec {
        key: "inspections",
        label: "历次巡察",
        noun: units::NOUN,
        columns: &["inspection", "kind", "team", "state", "entered_on", "fed_back_on"],
        order: "-planned_on",
        among: own,
    },
    Spec {
        key: "problems",
        label: "尚未办结的问题",
        noun: "problems",
        columns: &["number", "title", "category_1", "state", "due_on"],
        order: "due_on",
        among: open_problems,
    },
    Spec {
        key: "items",
        label: "部门通报事项",
        noun: crate::briefing_items::NOUN,
        columns: &["number", "kind", "summary", "department", "state", "outcome"],
        order: "-number",
        among: own,
    },
    Spec {
        key: "linkages",
        label: "巡审联动",
        noun: crate::audit_linkages::NOUN,
        columns: &["organisation", "year", "mode", "state", "project"],
        order: "-year",
        among: own,
    },
    Spec {
        key: "audits",
        label: "审计报告和发现",
        noun: crate::audit_shares::NOUN,
        columns: &["title", "kind", "document", "given_on", "state"],
        order: "-given_on",
        among: own,
    },
    Spec {
        key: "assets",
        label: "闲置资产",
        noun: "assets",
        columns: &["code", "name", "stock", "activated", "remaining"],
        order: "code",
        among: own,
    },
    Spec {
        key: "rules",
        label: "建章立制",
        noun: "rules_built",
        columns: &["title", "number", "kind", "issued_on"],
        order: "-issued_on",
        among: own,
    },
];

/// Records of one noun that concern the organisation: a few of them, how many there are, where the rest is.
#[derive(Clone, Debug)]
pub struct Block {
    /// Name in the page's address.
    pub key: &'static str,
    /// Heading.
    pub label: &'static str,
    /// How many there are within the reader's scope.
    pub total: i64,
    /// Headings of the columns.
    pub headings: Vec<&'static str>,
    /// Address of the record, and its cells.
    pub rows: Vec<(String, Vec<Shown>)>,
    /// The whole list, when it can be narrowed to the organisation.
    pub all: Option<String>,
}

/// How the problems of the organisation stand, within the reader's scope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Problems {
    /// Found.
    pub found: i64,
    /// Fed back.
    pub fed_back: i64,
    /// Closed.
    pub closed: i64,
    /// Fed back and not closed.
    pub open: i64,
    /// Of these, past their last day.
    pub overdue: i64,
    /// Money concerned.
    pub amount_fen: Option<Fen>,
}

/// A class of problems and how many belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// What it is called.
    pub label: String,
    /// How many.
    pub count: i64,
}

/// The checklist of focus of the latest inspection.
#[derive(Clone, Debug)]
pub struct Focus {
    /// The checklist.
    pub list: FocusList,
    /// How far it is worked off.
    pub progress: Progress,
    /// Its points.
    pub points: Vec<FocusItem>,
}

/// What is known of an organisation.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The organisation.
    pub organisation: Organisation,
    /// Its parent.
    pub parent: Option<String>,
    /// Name and title of the city leader in charge.
    pub leader: Option<(String, String)>,
    /// People who work there, name and title, as far as the reader may see people.
    pub leadership: Vec<(String, String)>,
    /// Its duties of today.
    pub duties: Vec<Duty>,
    /// How its problems stand; none for those who see no problems.
    pub problems: Option<Problems>,
    /// Its problems by class, the largest first.
    pub classes: Vec<Class>,
    /// How many leads there are; none for those who see no leads.
    pub leads: Option<i64>,
    /// How many pieces were brought in; none for those who see none.
    pub pieces: Option<i64>,
    /// The checklist of the latest inspection that has one.
    pub focus: Option<Focus>,
    /// Records of other nouns.
    pub blocks: Vec<Block>,
}

/// The profile of `organisation`: for the office and the leading group, and for teams that inspect it.
///
/// # Errors
/// "Not found" for everybody else.
pub async fn of(cx: &Cx, organisation: OrganisationId) -> Result<Profile> {
    if !may_open(cx, organisation).await? {
        return Err(Refusal::not_found().into());
    }
    let units = visible_units(cx, organisation).await?;
    let body = organisations::find(cx, organisation).await?;
    let parent = match body.parent_id {
        Some(parent) => Some(organisations::find(cx, parent).await?.name),
        None => None,
    };
    let mut blocks = Vec::new();
    for spec in BLOCKS {
        blocks.extend(block(cx, spec, organisation).await?);
    }
    Ok(Profile {
        parent,
        leader: organisations::leader_on(cx, organisation, cx.today()).await?,
        leadership: leadership(cx, organisation).await?,
        duties: duties::of_organisation(cx, organisation, cx.today()).await?,
        problems: problems(cx, organisation).await?,
        classes: classes(cx, organisation).await?,
        leads: count(cx, "leads", organisation).await?,
        pieces: count(cx, crate::brought_pieces::NOUN, organisation).await?,
        focus: focus(cx, &units).await?,
        blocks,
        organisation: body,
    })
}

/// The inspected units of the organisation that the reader works with, the latest first.
async fn visible_units(cx: &Cx, organisation: OrganisationId) -> Result<Vec<InspectionUnit>> {
    let within = units_scope(cx).and(own(organisation));
    let mut units = kit::store::all::<inspection_units::Entity>(cx, &within).await?;
    units.retain(|unit| unit.is_inside(&cx.actor));
    units.sort_by_key(|unit| std::cmp::Reverse(unit.planned_on));
    Ok(units)
}

/// The inspected units that the reader can see, without what the reader must not have to do with.
fn units_scope(cx: &Cx) -> Pred {
    kit::store::scope::<inspection_units::Entity>(&cx.actor, InspectionUnit::visible(&cx.actor))
}

/// The service of `noun`, when the reader can see anything of it.
fn reachable<'a>(cx: &'a Cx, noun: &str) -> Option<&'a Service> {
    cx.app().registry().service(noun).filter(|service| service.reachable(&cx.actor))
}

async fn block(cx: &Cx, spec: &Spec, organisation: OrganisationId) -> Result<Option<Block>> {
    let Some(service) = reachable(cx, spec.noun) else { return Ok(None) };
    let actor = &cx.actor;
    let mut ask = Ask::usual(&service.list)?;
    ask.size = ROWS;
    let (key, down) = spec.order.strip_prefix('-').map_or((spec.order, false), |key| (key, true));
    if let Some(column) = service.list.column_for(key, actor).filter(|column| column.sortable) {
        ask.order = (column, down);
    }
    ask.columns = spec.columns.iter().filter_map(|key| service.list.column_for(key, actor)).collect();
    let visible = service.scope(actor);
    let among = (spec.among)(organisation);
    let answer = table::run(cx, service.noun, &service.list, &visible, &among, &ask).await?;
    let narrowed = service.list.column_for("organisation", actor).is_some();
    let page = |id: Uuid| format!("/{}/{id}", service.noun);
    Ok(Some(Block {
        key: spec.key,
        label: spec.label,
        total: answer.total,
        headings: answer.columns.iter().map(|column| column.label).collect(),
        rows: answer.rows.iter().map(|row| (page(row.id), row.cells.clone())).collect(),
        all: narrowed.then(|| format!("/{}?f.organisation={organisation}", service.noun)),
    }))
}

/// How many records of `noun` concern the organisation; none for those who see no such records.
async fn count(cx: &Cx, noun: &str, organisation: OrganisationId) -> Result<Option<i64>> {
    let Some(service) = reachable(cx, noun) else { return Ok(None) };
    let ask = Ask::usual(&service.list)?;
    let visible = service.scope(&cx.actor);
    table::total(cx, service.noun, &service.list, &visible, &own(organisation), &ask).await.map(Some)
}

async fn problems(cx: &Cx, organisation: OrganisationId) -> Result<Option<Problems>> {
    let Some(service) = reachable(cx, "problems") else { return Ok(None) };
    let mut sql = Sql::new("select count(*) as found, ");
    let sum = |sql: &mut Sql, condition: &dyn Fn(&mut Sql), name: &str| {
        sql.push("cast(coalesce(sum(case when ");
        condition(sql);
        sql.push(" then 1 else 0 end), 0) as bigint) as ").push(name).push(", ");
    };
    let open = |sql: &mut Sql| {
        sql.push("t.state in ").bind_list(OPEN_PROBLEMS);
    };
    sum(
        &mut sql,
        &|sql| {
            sql.push("t.fed_back_on is not null");
        },
        "fed_back",
    );
    sum(
        &mut sql,
        &|sql| {
            sql.push("t.state = 'closed'");
        },
        "closed",
    );
    sum(&mut sql, &open, "open");
    sum(
        &mut sql,
        &|sql| {
            open(sql);
            sql.push(" and t.due_on < ").bind(cx.today());
        },
        "overdue",
    );
    sql.push("cast(sum(t.amount_fen) as bigint) as amount_fen from ").push(service.table);
    sql.push(" t where t.organisation_id = ").bind(organisation).push(" and t.state <> 'withdrawn' and ");
    service.scope(&cx.actor).write("t", &mut sql);
    cx.first(sql).await
}

async fn classes(cx: &Cx, organisation: OrganisationId) -> Result<Vec<Class>> {
    let Some(service) = reachable(cx, "problems") else { return Ok(Vec::new()) };
    let mut sql = Sql::new("select t.category_1, count(*) as found from ");
    sql.push(service.table).push(" t where t.organisation_id = ").bind(organisation);
    sql.push(" and t.state <> 'withdrawn' and ");
    service.scope(&cx.actor).write("t", &mut sql);
    sql.push(" group by t.category_1 order by found desc, t.category_1");
    let mut classes = Vec::new();
    for row in cx.rows(sql).await? {
        let code: String = row.try_get_by_index(0)?;
        let label = match dictionary::find(cx, "category_1", &code).await? {
            Some(item) => item.label,
            None if code.is_empty() => String::from("未归类"),
            None => code,
        };
        classes.push(Class { label, count: row.try_get_by_index(1)? });
    }
    Ok(classes)
}

async fn leadership(cx: &Cx, organisation: OrganisationId) -> Result<Vec<(String, String)>> {
    let Some(service) = reachable(cx, registry::people::NOUN) else { return Ok(Vec::new()) };
    let mut sql = Sql::new("select t.name, t.title from ");
    sql.push(service.table).push(" t where t.organisation_id = ").bind(organisation).push(" and ");
    service.scope(&cx.actor).write("t", &mut sql);
    sql.push(" order by t.id limit 12");
    let rows = cx.rows(sql).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

async fn focus(cx: &Cx, units: &[InspectionUnit]) -> Result<Option<Focus>> {
    for unit in units.iter().take(4) {
        if let Some(list) = focus_lists::of_unit(cx, unit.id.0).await? {
            let progress = focus_lists::progress(cx, list.id).await?;
            let points = focus_items::of_list(cx, list.id).await?;
            return Ok(Some(Focus { list, progress, points }));
        }
    }
    Ok(None)
}

/// An inspected unit from which a profile is opened.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Current {
    /// The inspected unit.
    pub id: Uuid,
    /// Its organisation.
    pub organisation_id: Uuid,
    /// The organisation's name.
    pub organisation: String,
    /// The inspection's name.
    pub inspection: String,
    /// The team.
    pub team: String,
    /// How far the inspection has come.
    pub state: Stage,
    /// Points of the checklist; none when there is no checklist.
    pub points: i64,
    /// Of these, settled.
    pub settled: i64,
}

/// The inspected units ahead or under way that the reader works with.
pub async fn current(cx: &Cx) -> Result<Vec<Current>> {
    let stages = Stage::ALL.iter().copied().filter(|stage| *stage < Stage::FedBack);
    let mut sql = Sql::new(
        "select u.id, u.organisation_id, o.name as organisation, i.name as inspection, i.team, u.state, \
         (select count(*) from focus_item f where f.unit_id = u.id) as points, \
         (select count(*) from focus_item f where f.unit_id = u.id and f.state <> 'open') as settled \
         from inspection_unit u join organisation o on o.id = u.organisation_id \
         join inspection i on i.id = u.inspection_id where u.state in ",
    );
    sql.bind_list(stages).push(" and ");
    Pred::any(vec![shared::overseen(&cx.actor), shared::own_team(&cx.actor)])
        .and(units_scope(cx))
        .write("u", &mut sql);
    sql.push(" order by u.planned_on desc, o.name limit ").bind(UNITS);
    cx.all(sql).await
}

/// Whether `actor` is offered profiles at all.
pub fn offered(actor: &kit::Actor) -> bool {
    shared::inside(actor)
}

/// The links by which organisations and inspected units lead to their profile.
pub fn beside() -> Vec<Beside> {
    let label = "单位画像";
    vec![
        Beside {
            noun: organisations::NOUN,
            label,
            address: |cx, id| Box::pin(address(cx, OrganisationId(id))),
        },
        Beside { noun: units::NOUN, label, address: |cx, id| Box::pin(address_of_unit(cx, id)) },
    ]
}

async fn address(cx: &Cx, organisation: OrganisationId) -> Result<Option<String>> {
    Ok(may_open(cx, organisation).await?.then(|| format!("/profiles/{organisation}")))
}

async fn address_of_unit(cx: &Cx, unit: Uuid) -> Result<Option<String>> {
    let unit = inspection_units::find(cx, InspectionUnitId(unit)).await?;
    address(cx, unit.organisation_id).await
}

/// Whether the reader may open the profile of `organisation`.
async fn may_open(cx: &Cx, organisation: OrganisationId) -> Result<bool> {
    if cx.actor.bars.organisations.contains(&organisation.0) {
        return Ok(false);
    }
    if shared::overseen(&cx.actor) == Pred::All {
        return Ok(true);
    }
    Ok(shared::inside(&cx.actor) && !visible_units(cx, organisation).await?.is_empty())
}
