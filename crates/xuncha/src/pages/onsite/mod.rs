//! Pages of the work on site that are no nouns: the team's workbench, its task board, the public page of a questionnaire.

mod announcement;
mod questionnaire;
mod task_board;
mod workbench;

use db::Sql;
use kit::{
    Actor, Cx, Lifecycle as _, Pred, Refusal, Result,
    service::Page,
    web::{Query, Viewer},
};
use planning::inspections::{Entity, Inspection};
use uuid::Uuid;

pub(super) fn pages() -> Vec<Page> {
    let mut pages = workbench::pages();
    pages.extend(task_board::pages());
    pages.extend(questionnaire::pages());
    pages.extend(announcement::pages());
    pages
}

/// Teams and the office, who work with them; the inspected side does not.
fn offered(actor: &Actor) -> bool {
    onsite::tasks::Task::visible(actor) != Pred::Nothing
}

/// An inspection to choose.
struct Choice {
    id: Uuid,
    title: String,
    chosen: bool,
}

/// The inspections a person works with, the running ones first, and the one asked for.
struct Chosen {
    choices: Vec<Choice>,
    /// The chosen one, when there is any.
    inspection: Option<Uuid>,
    /// How it is called.
    title: String,
}

/// Reads which inspection the address asks for; else the first one of the person's own.
async fn choose(viewer: &Viewer, cx: &Cx) -> Result<Chosen> {
    if !offered(&viewer.actor) {
        return Err(Refusal::not_found().into());
    }
    let query = Query::parse(viewer.query.as_deref())?;
    let asked = match query.get("inspection").map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => Some(Uuid::parse_str(text).map_err(|_| Refusal::not_found())?),
        None => None,
    };
    let found = inspections(cx).await?;
    if let Some(asked) = asked
        && !found.iter().any(|(id, _)| *id == asked)
    {
        return Err(Refusal::not_found().into());
    }
    let inspection = asked.or_else(|| found.first().map(|(id, _)| *id));
    let title = found.iter().find(|(id, _)| Some(*id) == inspection).map(|(_, title)| title.clone());
    let choices =
        found.into_iter().map(|(id, title)| Choice { id, title, chosen: Some(id) == inspection }).collect();
    Ok(Chosen { choices, inspection, title: title.unwrap_or_default() })
}

/// The inspections within the actor's scope, running ones first, then the latest.
async fn inspections(cx: &Cx) -> Result<Vec<(Uuid, String)>> {
    let mut sql = Sql::new("select i.id, i.name, i.team from inspection i where ");
    kit::store::scope::<Entity>(&cx.actor, Inspection::visible(&cx.actor)).write("i", &mut sql);
    sql.push(" order by case i.state when 'running' then 0 when 'planned' then 1 else 2 end, i.starts_on desc, i.id limit 200");
    let rows = cx.rows(sql).await?;
    rows.iter()
        .map(|row| {
            let (name, team): (String, String) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            let title = if team.is_empty() { name } else { format!("{name} · {team}") };
            Ok((row.try_get_by_index(0)?, title))
        })
        .collect()
}
