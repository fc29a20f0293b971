//! 大屏: the page on the wall of the situation room. It shows counts and stages, nothing of the
//! content of a record, and fetches itself anew.

use askama::Template;
use axum::{response::Response, routing::get};
use chrono::{Datelike as _, NaiveDate};
use db::Sql;
use kit::{
    Actor, Cx, Labelled as _, Pred, Refusal, Result, Role,
    clock::office_time,
    service::{Group, Page},
    shown::Alarm,
    web::{Viewer, respond},
};
use planning::board::{self, BoardRow};

use super::figures::{printed_value, with_whole_days};
use crate::{
    figures::{self, Ask, Computed, review::Cell},
    pages::coverage::stage,
};

/// The figures along the top, in their order.
const FIGURES: [&str; 6] = [
    "coverage_rate",
    "units_completed_regular_cum",
    "problems_fed_back_term",
    "rect_completion_rate",
    "leads_transferred",
    "idle_area_activation_rate",
];

/// The columns of the table of rounds.
const STAGES: [&str; 7] = ["计划", "准备", "了解", "报告", "反馈", "整改", "已办结"];

pub(super) fn pages() -> Vec<Page> {
    let page = |path, label, group, handler| Page {
        method: "GET",
        path,
        label,
        group,
        icon: "device-tv",
        offered,
        public: false,
        handler,
    };
    vec![
        page("/screen", "工作态势大屏", Some(Group::Figures), get(show)),
        page("/screen/body", "", None, get(show)),
    ]
}

/// Those for whom figures count everything.
fn offered(actor: &Actor) -> bool {
    actor.is_any(&[Role::CommitteeLeader, Role::LeadingGroup]) || actor.is_office()
}

struct FigureBox {
    label: &'static str,
    value: String,
    unit: &'static str,
    drill: Option<String>,
    /// Over which time, as HTML.
    period: String,
}

impl FigureBox {
    fn of(item: &Computed) -> Self {
        Self {
            label: item.label,
            value: printed_value(item),
            unit: item.unit.label(),
            drill: item.drill.clone(),
            period: with_whole_days(&item.period),
        }
    }
}

struct Round {
    name: String,
    /// Units by stage: how many and how dark.
    cells: Vec<(i64, i64)>,
}

struct AlarmLine {
    class: &'static str,
    words: String,
    name: String,
    note: String,
}

#[derive(Template)]
#[template(path = "screen.html")]
struct ScreenTemplate {
    /// The day the figures are counted on.
    day: NaiveDate,
    /// When they were read.
    now: String,
    figures: Vec<FigureBox>,
    stages: [&'static str; 7],
    rounds: Vec<Round>,
    funnel: String,
    steps: Vec<(String, String)>,
    alarms: Vec<AlarmLine>,
}

async fn show(viewer: Viewer) -> Response {
    respond::answer(&viewer, async {
        if !offered(&viewer.actor) {
            return Err(Refusal::not_found().into());
        }
        let cx = viewer.read();
        let body = template(&cx).await?.render()?;
        Ok(respond::html(axum::http::StatusCode::OK, body))
    })
    .await
}

async fn template(cx: &Cx) -> Result<ScreenTemplate> {
    let today = cx.today();
    let computed = figures::compute(cx, &Ask::new(today, today.year())).await?;
    let review = figures::review::build(cx, today.year(), today).await?;
    let funnel = review.breakdowns.iter().find(|one| one.key == "rectification");
    Ok(ScreenTemplate {
        day: today,
        now: office_time(cx.now),
        figures: FIGURES
            .iter()
            .filter_map(|code| computed.iter().find(|item| item.code == *code).map(FigureBox::of))
            .collect(),
        stages: STAGES,
        rounds: rounds(cx).await?,
        funnel: funnel.map(|one| one.chart.to_string().replace("</", "<\\/")).unwrap_or_default(),
        steps: funnel.map(|one| one.rows.iter().filter_map(|row| step(row)).collect()).unwrap_or_default(),
        alarms: alarms(cx).await?,
    })
}

fn step(row: &[Cell]) -> Option<(String, String)> {
    Some((row.first()?.shown.plain(), row.get(1)?.shown.plain()))
}

/// The latest rounds with how many units stand at which stage.
async fn rounds(cx: &Cx) -> Result<Vec<Round>> {
    let rows = board::timeline(cx, None).await?;
    let names = cx.rows(Sql::new("select id, name from round order by starts_on desc, id limit 6")).await?;
    let mut counted = Vec::new();
    for row in names {
        let (id, name): (planning::rounds::RoundId, String) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        counted.push((name, counts(&rows, id)));
    }
    Ok(shaded(counted))
}

/// Rounds with their cells coloured by number, the same number alike in the whole table.
fn shaded(counted: Vec<(String, Vec<i64>)>) -> Vec<Round> {
    let most = counted.iter().flat_map(|(_, counts)| counts).copied().max().unwrap_or(0).max(1);
    // Seven shades; an empty cell has none.
    let shade = |count: i64| if count == 0 { 0 } else { 1 + (count - 1) * 7 / most };
    let round = |(name, counts): (String, Vec<i64>)| Round {
        name,
        cells: counts.iter().map(|count| (*count, shade(*count))).collect(),
    };
    counted.into_iter().map(round).collect()
}

fn counts(rows: &[BoardRow], round: planning::rounds::RoundId) -> Vec<i64> {
    let cells: Vec<&str> = rows
        .iter()
        .flat_map(|row| &row.cells)
        .filter(|cell| cell.round == Some(round))
        .map(|cell| stage(cell.stage).1)
        .collect();
    let count = |word: &&str| cells.iter().filter(|held| *held == word).count();
    STAGES.iter().map(|word| i64::try_from(count(word)).unwrap_or(0)).collect()
}

/// Organisations with problems past their day, the most first, then those that come due.
async fn alarms(cx: &Cx) -> Result<Vec<AlarmLine>> {
    let Some(problems) = cx.app().registry().service("problems") else { return Ok(Vec::new()) };
    let visible = problems.scope(&cx.actor);
    if visible == Pred::Nothing {
        return Ok(Vec::new());
    }
    let limits = kit::alarms(cx).await?;
    let mut lines = Vec::new();
    for overdue in [true, false] {
        let mut sql = Sql::new(
            "select o.name, count(*), min(p.due_on) from problem p join organisation o on o.id = p.organisation_id \
             where p.state in ('fed_back', 'rectifying', 'submitted') and p.due_on ",
        );
        sql.push(if overdue { "< " } else { ">= " }).bind(cx.today()).push(" and ");
        visible.write("p", &mut sql);
        sql.push(if overdue {
            " group by o.id, o.name order by 2 desc, 3"
        } else {
            " group by o.id, o.name order by 3, 2 desc"
        });
        sql.push(", o.name limit 8");
        for row in cx.rows(sql).await? {
            let (name, count): (String, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let due: chrono::NaiveDate = row.try_get_by_index(2)?;
            let alarm = limits.alarm(due);
            if alarm == Alarm::Green {
                continue;
            }
            let kit::Shown::Clock { words, .. } = limits.clock(Some(due), false) else { continue };
            let note = if overdue {
                format!("{count} 个问题逾期")
            } else {
                format!("{count} 个问题将到期")
            };
            lines.push(AlarmLine { class: class(alarm), words, name, note });
        }
    }
    lines.truncate(8);
    Ok(lines)
}

fn class(alarm: Alarm) -> &'static str {
    match alarm {
        Alarm::Red => "clock-red",
        Alarm::Orange => "clock-orange",
        Alarm::Yellow => "clock-yellow",
        Alarm::Green => "clock-green",
    }
}

#[cfg(test)]
mod tests {
    use super::shaded;

    #[test]
    fn the_same_number_has_the_same_shade_in_every_round() {
        let rounds =
            shaded(vec![(String::from("第一轮"), vec![0, 10, 7]), (String::from("第二轮"), vec![23, 10, 1])]);
        assert_eq!(rounds[0].cells[1], rounds[1].cells[1]);
        let shade = |round: usize, cell: usize| rounds[round].cells[cell].1;
        assert_eq!((shade(0, 0), shade(1, 0), shade(1, 2)), (0, 7, 1));
        assert!(shade(1, 0) > shade(0, 1) && shade(0, 1) > shade(0, 2));
    }
}
