//! Where a team stands in its inspection: what has been covered, what is late, what comes next. Everything is read
//! through the scope of who asks, noun by noun; a noun that a person does not see is not there.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Pred, Result};
use preparation::focus_items;
use uuid::Uuid;

use crate::{
    assemblies, file_request_items, petitions, questionnaires, talk_plans, talk_points, talks, tasks,
    team_meetings, visits,
};

/// One figure of the overview, with the rows behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// What is counted.
    pub label: &'static str,
    /// How many.
    pub count: i64,
    /// Of how many, when it is a share.
    pub of: Option<i64>,
    /// How many of them are late.
    pub late: i64,
    /// The list behind it.
    pub href: String,
}

/// A deadline that comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coming {
    /// Kind of the record, in Chinese.
    pub kind: &'static str,
    /// How the record is called.
    pub title: String,
    /// Its page.
    pub href: String,
    /// The last day.
    pub due_on: NaiveDate,
}

/// Figures and deadlines of an inspection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// Figures, in the order of the work.
    pub tiles: Vec<Tile>,
    /// Deadlines, the nearest first.
    pub coming: Vec<Coming>,
}

/// What is counted of a noun.
struct Counted {
    label: &'static str,
    noun: &'static str,
    /// Which records, beside those of the inspection.
    condition: Pred,
    /// The whole of which they are a share.
    whole: Option<Pred>,
    /// Column of their deadline, when lateness is counted.
    due: Option<&'static str>,
    /// Filter of the list behind it.
    filter: &'static str,
}

impl Counted {
    fn all(label: &'static str, noun: &'static str) -> Self {
        Self { label, noun, condition: Pred::All, whole: None, due: None, filter: "" }
    }

    fn only(label: &'static str, noun: &'static str, condition: Pred, filter: &'static str) -> Self {
        Self { condition, filter, ..Self::all(label, noun) }
    }

    fn due(mut self, column: &'static str) -> Self {
        self.due = Some(column);
        self
    }
}

/// Points of the focus checklist that something covers, among those that are to be looked at.
fn focus() -> Counted {
    let covered = Pred::is("state", focus_items::State::Covered);
    let looked_at = Pred::one_of("state", [focus_items::State::Open, focus_items::State::Covered]);
    let mut focus = Counted::only("监督重点已覆盖", focus_items::NOUN, covered, "");
    focus.whole = Some(looked_at);
    focus
}

fn counted() -> Vec<Counted> {
    let must = Pred::is("need", talk_plans::Need::Must);
    let live =
        must.clone().and(Pred::one_of("state", [talk_plans::State::Planned, talk_plans::State::Talked]));
    let talked = must.and(Pred::is("state", talk_plans::State::Talked));
    let mut covered = Counted::only("必谈人员已谈", talk_plans::NOUN, talked, "&f.need=must");
    covered.whole = Some(live);
    let open_task = Pred::one_of("state", [tasks::State::Todo, tasks::State::Doing, tasks::State::Review]);
    let owed = Pred::one_of("state", file_request_items::State::OWED);
    let undecided = Pred::is("state", petitions::State::Registered);
    let verifying = Pred::is("state", petitions::State::Verifying);
    vec![
        focus(),
        covered,
        Counted::all("谈话", talks::NOUN),
        Counted::only(
            "谈话记录待签字",
            talks::NOUN,
            Pred::is("state", talks::State::Recorded),
            "&f.state=recorded",
        ),
        Counted::only("涉及一把手的要点", talk_points::NOUN, Pred::is("top_leader", true), "&f.top_leader=1"),
        Counted::all("来信来访", petitions::NOUN),
        Counted::only("信访待受理决定", petitions::NOUN, undecided, "&f.state=registered").due("due_on"),
        Counted::only("信访核实中", petitions::NOUN, verifying, "&f.state=verifying").due("due_on"),
        Counted::only("调阅资料未收到", file_request_items::NOUN, owed, "&f.state=asked&f.state=returned")
            .due("due_on"),
        Counted::all("进驻会议和测评", assemblies::NOUN),
        Counted::all("问卷", questionnaires::NOUN),
        Counted::all("下沉走访", visits::NOUN),
        Counted::all("组内会议", team_meetings::NOUN),
        Counted::only("未完成的任务", tasks::NOUN, open_task, "&f.state=todo&f.state=doing&f.state=review")
            .due("due_on"),
    ]
}

/// The overview of `inspection`, which the caller has found in the actor's scope.
pub async fn of(cx: &Cx, inspection: Uuid) -> Result<Overview> {
    let mut overview = Overview::default();
    for counted in counted() {
        if let Some(tile) = tile(cx, inspection, counted).await? {
            overview.tiles.push(tile);
        }
    }
    for (kind, noun, open) in deadlines() {
        overview.coming.extend(coming(cx, inspection, (kind, noun), &open).await?);
    }
    overview
        .coming
        .sort_by(|one, other| one.due_on.cmp(&other.due_on).then_with(|| one.href.cmp(&other.href)));
    overview.coming.truncate(12);
    Ok(overview)
}

fn deadlines() -> [(&'static str, &'static str, Pred); 3] {
    let waits = [petitions::State::Registered, petitions::State::Verifying, petitions::State::Passed];
    [
        ("信访", petitions::NOUN, Pred::one_of("state", waits)),
        ("调阅资料", file_request_items::NOUN, Pred::one_of("state", file_request_items::State::OWED)),
        (
            "任务",
            tasks::NOUN,
            Pred::one_of("state", [tasks::State::Todo, tasks::State::Doing, tasks::State::Review]),
        ),
    ]
}

async fn tile(cx: &Cx, inspection: Uuid, counted: Counted) -> Result<Option<Tile>> {
    let own = Pred::is("inspection_id", inspection);
    let Some(count) = number(cx, counted.noun, &own.clone().and(counted.condition.clone())).await? else {
        return Ok(None);
    };
    let of = match counted.whole {
        Some(whole) => number(cx, counted.noun, &own.clone().and(whole)).await?,
        None => None,
    };
    let late = match (counted.due, cx.today().pred_opt()) {
        (Some(due), Some(yesterday)) => {
            let late = Pred::Present(due).and(Pred::AtMost(due, yesterday.into()));
            number(cx, counted.noun, &own.and(counted.condition).and(late)).await?.unwrap_or(0)
        }
        _ => 0,
    };
    let href = format!("/{}?f.inspection={inspection}{}", counted.noun, counted.filter);
    Ok(Some(Tile { label: counted.label, count, of, late, href }))
}

/// How many records of `noun` fulfil `condition`; none when the actor sees nothing of the noun.
async fn number(cx: &Cx, noun: &str, condition: &Pred) -> Result<Option<i64>> {
    let Some(service) = cx.app().registry().service(noun) else { return Ok(None) };
    let visible = service.scope(&cx.actor);
    if !service.reachable(&cx.actor) {
        return Ok(None);
    }
    let mut sql = Sql::new("select count(*) from ");
    sql.push(service.table).push(" t where ");
    condition.write("t", &mut sql);
    sql.push(" and ");
    visible.write("t", &mut sql);
    Ok(Some(cx.number(sql).await?))
}

async fn coming(
    cx: &Cx,
    inspection: Uuid,
    (kind, noun): (&'static str, &'static str),
    open: &Pred,
) -> Result<Vec<Coming>> {
    let Some(service) = cx.app().registry().service(noun) else { return Ok(Vec::new()) };
    let (table, visible) = (&service.list, service.scope(&cx.actor));
    let mut sql = Sql::new("select ");
    sql.push(table.alias).push(".id, ").push(table.title).push(", ").push(table.alias).push(".due_on from ");
    sql.push(table.from).push(" where ");
    Pred::is("inspection_id", inspection).and(Pred::Present("due_on")).write(table.alias, &mut sql);
    sql.push(" and ");
    open.write(table.alias, &mut sql);
    sql.push(" and ");
    visible.write(table.alias, &mut sql);
    sql.push(" order by ").push(table.alias).push(".due_on limit 12");
    cx.rows(sql)
        .await?
        .iter()
        .map(|row| {
            let id: Uuid = row.try_get_by_index(0)?;
            Ok(Coming {
                kind,
                title: row.try_get_by_index(1)?,
                href: format!("/{noun}/{id}"),
                due_on: row.try_get_by_index(2)?,
            })
        })
        .collect()
}
