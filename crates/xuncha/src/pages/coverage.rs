//! 全覆盖: how far the inspections of a term have reached on any day, and the board of all units by
//! year and round.

use std::collections::HashMap;

use askama::Template;
use axum::{
    response::Response,
    routing::{MethodRouter, get},
};
use chrono::{Datelike as _, NaiveDate};
use db::Sql;
use documents::sheet::{Format, Heading, Value};
use kit::{
    Actor, Cx, Labelled as _, Pred, Refusal, Result,
    clock::parse_day,
    exports,
    service::{Group, Page},
    web::{Query, Viewer, respond, shell},
};
use planning::{
    board::{self, BoardCell, BoardRow},
    coverage::{self, CoveragePage, CoverageRow, Figures, Standing},
    coverage_items::CoverageItem,
    inspection_units::Stage,
    inspections::InspectionKind,
    rounds::RoundId,
};
use serde_json::json;

use super::figures::{fault, hand_over, marked};
use crate::figures;

pub(super) fn pages() -> Vec<Page> {
    vec![
        page("/coverage", "全覆盖进度", Some(Group::Plan), get(show)),
        page("/coverage/export", "", None, get(export)),
    ]
}

fn page(
    path: &'static str,
    label: &'static str,
    group: Option<Group>,
    handler: MethodRouter<kit::App>,
) -> Page {
    Page { method: "GET", path, label, group, icon: "layout-dashboard", offered, public: false, handler }
}

/// Those who may see the list of what has to be covered.
fn offered(actor: &Actor) -> bool {
    CoverageItem::visible(actor) != Pred::Nothing
}

/// What an address asks for: a day, and the year of the board.
struct Asked {
    day: NaiveDate,
    year: Option<i32>,
}

impl Asked {
    fn read(viewer: &Viewer, cx: &Cx) -> Result<Self> {
        if !offered(&viewer.actor) {
            return Err(Refusal::not_found().into());
        }
        let query = Query::parse(viewer.query.as_deref())?;
        let filled = |name: &str| query.get(name).map(str::trim).filter(|text| !text.is_empty());
        let day = match filled("day") {
            Some(text) => parse_day(text)
                .filter(|day| *day <= cx.today())
                .ok_or_else(|| Refusal::bad_request("截至日期应是今天或以前的一天，请重新选择。"))?,
            None => cx.today(),
        };
        let year = match filled("year") {
            Some(text) => Some(
                text.parse()
                    .ok()
                    .filter(|year| (1900..2200).contains(year))
                    .ok_or_else(|| Refusal::bad_request("年度应是四位年份，请重新选择。"))?,
            ),
            None => None,
        };
        Ok(Self { day, year })
    }
}

struct Line {
    label: String,
    figures: Figures,
}

struct YearLine {
    year: i64,
    planned: i64,
    done: i64,
    cumulative: i64,
    rate: String,
}

struct Open {
    href: String,
    name: String,
    kind: &'static str,
    year: String,
    standing: &'static str,
    chip: &'static str,
    overdue: bool,
}

#[derive(Template)]
#[template(path = "coverage.html")]
struct CoverageTemplate {
    day: NaiveDate,
    today: NaiveDate,
    /// The years of the board, and whether each is chosen.
    years: Vec<(i32, bool)>,
    term: String,
    edition: i64,
    found: bool,
    total: Figures,
    /// Where the completed units stand one by one.
    done_rows: String,
    rate: String,
    kinds: Vec<Line>,
    by_year: Vec<YearLine>,
    chart: String,
    open: Vec<Open>,
    board: Board,
    export: String,
}

async fn show(viewer: Viewer) -> Response {
    respond::answer(&viewer, async {
        let cx = viewer.read();
        let asked = Asked::read(&viewer, &cx)?;
        let content = template(&cx, &asked).await?.render()?;
        shell::page(&viewer, shell::Sheet::new("全覆盖进度", content).crumb("全覆盖进度", "")).await
    })
    .await
}

async fn template(cx: &Cx, asked: &Asked) -> Result<CoverageTemplate> {
    let page = coverage::page(cx, None, asked.day).await?;
    let rows = board::timeline_on(cx, asked.year, asked.day).await?;
    let board = Board::new(rows, &rounds(cx).await?);
    let years = board::years(cx).await?.into_iter().map(|year| (year, Some(year) == asked.year)).collect();
    let export = format!("/coverage/export?day={}", asked.day);
    let empty = CoverageTemplate {
        day: asked.day,
        today: cx.today(),
        years,
        term: String::new(),
        edition: 0,
        found: false,
        total: Figures::default(),
        done_rows: done_rows(cx, asked.day),
        rate: String::new(),
        kinds: Vec::new(),
        by_year: Vec::new(),
        chart: String::new(),
        open: Vec::new(),
        board,
        export,
    };
    Ok(match page {
        Some(page) => filled(page, empty),
        None => empty,
    })
}

/// The units that the rate counts, for who may read figures; the table by kind for others.
fn done_rows(cx: &Cx, day: NaiveDate) -> String {
    if figures::may_read(&cx.actor) {
        format!("/figures/coverage_rate/rows?as_of={day}&year={}", day.year())
    } else {
        String::from("#by-kind")
    }
}

fn filled(page: CoveragePage, empty: CoverageTemplate) -> CoverageTemplate {
    let counted = page.total.counted();
    let by_year: Vec<YearLine> = page
        .by_year
        .iter()
        .map(|year| YearLine {
            year: year.year,
            planned: year.planned,
            done: year.done,
            cumulative: year.cumulative,
            rate: kit::units::ratio(year.cumulative.saturating_mul(100), counted, 2),
        })
        .collect();
    CoverageTemplate {
        term: page.term.name,
        edition: page.list.edition,
        found: true,
        total: page.total,
        rate: page.total.rate(),
        kinds: page
            .by_kind
            .iter()
            .map(|(kind, figures)| Line { label: kind.label().to_owned(), figures: *figures })
            .collect(),
        chart: chart(&by_year),
        by_year,
        open: page.rows.iter().filter(|row| is_open(row)).map(open_line).collect(),
        ..empty
    }
}

fn is_open(row: &CoverageRow) -> bool {
    !matches!(row.standing, Standing::Done | Standing::Exempt)
}

fn open_line(row: &CoverageRow) -> Open {
    Open {
        href: format!("/{}/{}", registry::organisations::NOUN, row.organisation),
        name: row.name.clone(),
        kind: row.kind.label(),
        year: row.planned_year.map(|year| year.to_string()).unwrap_or_default(),
        standing: row.standing.label(),
        chip: kit::shown::chip_class(row.standing.choice().tone),
        overdue: row.overdue,
    }
}

/// Planned and done by year, as bars.
fn chart(years: &[YearLine]) -> String {
    let names: Vec<String> = years.iter().map(|year| year.year.to_string()).collect();
    let series = |name: &str, values: Vec<i64>| json!({ "type": "bar", "name": name, "data": values });
    json!({
        "tooltip": { "trigger": "axis" },
        "legend": {},
        "xAxis": { "type": "category", "data": names },
        "yAxis": { "type": "value", "minInterval": 1 },
        "series": [
            series("计划", years.iter().map(|year| year.planned).collect()),
            series("完成", years.iter().map(|year| year.done).collect()),
        ],
    })
    .to_string()
    // Inside a script element only this sequence could end it.
    .replace("</", "<\\/")
}

/// What a column of the board is called.
struct Round {
    year: i64,
    number: i64,
    name: String,
}

async fn rounds(cx: &Cx) -> Result<HashMap<RoundId, Round>> {
    let rows = cx.rows(Sql::new("select id, year, number, name from round")).await?;
    rows.iter()
        .map(|row| {
            let round = Round {
                year: row.try_get_by_index(1)?,
                number: row.try_get_by_index(2)?,
                name: row.try_get_by_index(3)?,
            };
            Ok((row.try_get_by_index(0)?, round))
        })
        .collect()
}

/// The heading of a column; ordered by time, inspections outside any round last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Column {
    outside: bool,
    year: i64,
    number: i64,
    pub(super) label: String,
    pub(super) name: String,
}

impl Column {
    fn of(cell: &BoardCell, rounds: &HashMap<RoundId, Round>) -> Self {
        match cell.round.and_then(|id| rounds.get(&id)) {
            Some(round) => Self {
                outside: false,
                year: round.year,
                number: round.number,
                label: format!("第{}轮", round.number),
                name: round.name.clone(),
            },
            None => Self {
                outside: true,
                year: 0,
                number: 0,
                label: String::from("单独安排"),
                name: String::from("不属于任何轮次"),
            },
        }
    }
}

pub(super) struct Bar {
    href: String,
    title: String,
    words: &'static str,
    class: &'static str,
    again: bool,
}

pub(super) struct Row {
    href: String,
    name: String,
    cells: Vec<Vec<Bar>>,
}

pub(super) struct Kind {
    label: &'static str,
    count: usize,
    reached: usize,
    rows: Vec<Row>,
}

/// The board as a table: years over rounds, kinds over organisations.
pub(super) struct Board {
    years: Vec<(String, usize)>,
    columns: Vec<Column>,
    kinds: Vec<Kind>,
    /// Number of columns with the heading's.
    width: usize,
}

impl Board {
    fn new(rows: Vec<BoardRow>, rounds: &HashMap<RoundId, Round>) -> Self {
        let mut columns: Vec<Column> =
            rows.iter().flat_map(|row| &row.cells).map(|cell| Column::of(cell, rounds)).collect();
        columns.sort_unstable();
        columns.dedup();
        let mut years: Vec<(String, usize)> = Vec::new();
        for column in &columns {
            let year = if column.outside { String::from("其他") } else { format!("{}年", column.year) };
            match years.last_mut().filter(|(held, _)| *held == year) {
                Some((_, span)) => *span += 1,
                None => years.push((year, 1)),
            }
        }
        let mut kinds: Vec<Kind> = Vec::new();
        for row in rows {
            let label = row.kind.label();
            if kinds.last().is_none_or(|kind| kind.label != label) {
                kinds.push(Kind { label, count: 0, reached: 0, rows: Vec::new() });
            }
            if let Some(kind) = kinds.last_mut() {
                kind.count += 1;
                kind.reached += usize::from(!row.cells.is_empty());
                kind.rows.push(board_row(&row, &columns, rounds));
            }
        }
        Self { years, width: columns.len() + 1, columns, kinds }
    }
}

fn board_row(row: &BoardRow, columns: &[Column], rounds: &HashMap<RoundId, Round>) -> Row {
    let in_column = |column: &Column| {
        row.cells.iter().filter(|cell| Column::of(cell, rounds) == *column).map(bar).collect()
    };
    Row {
        href: format!("/{}/{}", registry::organisations::NOUN, row.organisation),
        name: row.name.clone(),
        cells: columns.iter().map(in_column).collect(),
    }
}

fn bar(cell: &BoardCell) -> Bar {
    let (class, words) = stage(cell.stage);
    Bar {
        href: format!("/{}/{}", planning::inspection_units::NOUN, cell.unit),
        title: format!("{} {}：{}", cell.number, cell.kind.label(), cell.stage.label()),
        words,
        class,
        again: cell.kind == InspectionKind::LookBack,
    }
}

/// The stages as the board draws them: style class and word.
pub(super) fn stage(stage: Stage) -> (&'static str, &'static str) {
    match stage {
        Stage::Planned => ("stage-plan", "计划"),
        Stage::Authorised | Stage::Notified => ("stage-prepare", "准备"),
        Stage::OnSite | Stage::Paused => ("stage-onsite", "了解"),
        Stage::Left | Stage::Reported | Stage::Heard | Stage::Decided => ("stage-report", "报告"),
        Stage::FedBack => ("stage-feedback", "反馈"),
        Stage::Rectifying | Stage::Evaluated => ("stage-rectify", "整改"),
        Stage::Closed | Stage::LookedBack => ("stage-done", "已办结"),
    }
}

async fn export(viewer: Viewer) -> Response {
    respond::answer(&viewer, Box::pin(workbook(&viewer))).await
}

async fn workbook(viewer: &Viewer) -> Result<Response> {
    let cx = viewer.read();
    let asked = Asked::read(viewer, &cx)?;
    let page = coverage::page(&cx, None, asked.day).await?.ok_or_else(Refusal::not_found)?;
    let trace = exports::announce(&viewer.app, &viewer.actor).await?;
    let headings = [("单位", 40), ("单位类别", 16), ("计划年度", 10), ("覆盖情况", 12), ("首次完成日期", 14)]
        .map(|(label, width)| Heading::new(label, width, Format::Text));
    let preamble = [
        format!(
            "{}　{}　截至 {}　覆盖率 {}%（{}/{}）",
            cx.app().office(),
            page.term.name,
            page.day,
            page.total.rate(),
            page.total.done,
            page.total.counted()
        ),
        trace.line(),
    ];
    let mut writer = marked("全覆盖进度", &headings, &preamble, &trace)?;
    for row in &page.rows {
        let cells = [
            Value::Text(&row.name),
            Value::Text(row.kind.label()),
            row.planned_year.map_or(Value::Empty, Value::Integer),
            Value::Text(row.standing.label()),
            row.covered.map_or(Value::Empty, |(_, day)| Value::Date(day)),
        ];
        writer.row(&cells).map_err(fault)?;
    }
    hand_over(viewer, "coverage", &trace, format!("全覆盖进度-{}.xlsx", page.day), writer).await
}
