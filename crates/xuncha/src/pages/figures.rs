//! Figures on pages: cards with their definitions, the rows behind each, and a workbook of them.

use std::fmt::Write as _;

use askama::Template;
use axum::{
    body::Body,
    extract::Path,
    response::Response,
    routing::{MethodRouter, get},
};
use chrono::{Datelike as _, NaiveDate};
use documents::sheet::{Format, Heading, SheetWriter, Value};
use kit::{
    Actor, Area, Cx, Error, Fen, Labelled as _, Refusal, Result, Shown,
    clock::parse_day,
    exports::{self, Taken, Trace},
    service::{Group, Page},
    shown::escape,
    units::{CM2_PER_WAN_M2, ratio, thousands},
    web::{Query, Viewer, parse_id, respond, shell},
};
use planning::inspections::InspectionKind;

use crate::figures::{self, Ask, Chapter, Computed, Cut, Only, PAGE, Rows, Side, Unit, review::Cell};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(super) fn pages() -> Vec<Page> {
    vec![
        page("/figures", "统计指标", Some(Group::Figures), "chart-bar", get(cards)),
        page("/figures/export", "", None, "", get(export)),
        page("/figures/{code}/rows", "", None, "", get(rows)),
    ]
}

pub(super) fn page(
    path: &'static str,
    label: &'static str,
    group: Option<Group>,
    icon: &'static str,
    handler: MethodRouter<kit::App>,
) -> Page {
    Page { method: "GET", path, label, group, icon, offered: figures::may_read, public: false, handler }
}

/// For those figures are not offered to, their pages do not exist.
pub(super) fn allow(actor: &Actor) -> Result<()> {
    if figures::may_read(actor) { Ok(()) } else { Err(Refusal::not_found().into()) }
}

/// Reads day, year and kinds of inspections from an address; nothing said means today, its year, all kinds.
///
/// # Errors
/// A refusal for what makes no sense, and for days to come.
pub(super) fn read_ask(cx: &Cx, query: &Query) -> Result<Ask> {
    let filled = |name: &str| query.get(name).map(str::trim).filter(|text| !text.is_empty());
    let as_of = match filled("as_of") {
        Some(text) => {
            parse_day(text).ok_or_else(|| Refusal::bad_request("统计日不是有效的日期，请重新选择。"))?
        }
        None => cx.today(),
    };
    if as_of > cx.today() {
        return Err(Refusal::bad_request("统计日不能晚于今天，请重新选择。").into());
    }
    let year = match filled("year") {
        Some(text) => text
            .parse()
            .ok()
            .filter(|year| (2000..=as_of.year()).contains(year))
            .ok_or_else(|| Refusal::bad_request("年度应是统计日以前的四位年份，请重新填写。"))?,
        None => as_of.year(),
    };
    let mut ask = Ask::new(as_of, year);
    for (_, code) in query.pairs().iter().filter(|(name, code)| name == "kind" && !code.is_empty()) {
        let kind = InspectionKind::parse(code)
            .ok_or_else(|| Refusal::bad_request("地址中的巡察类型不正确，请从页面重新选择。"))?;
        if !ask.kinds.contains(&kind) {
            ask.kinds.push(kind);
        }
    }
    Ok(ask)
}

/// What people who do not see everything have to know of their figures.
pub(super) fn scope_note(actor: &Actor) -> Option<&'static str> {
    (!figures::reads_all(actor)).then_some(
        "这里的数只统计您工作范围内的记录，不是全市的数；某项为 0，是您的范围内没有，不表示全市没有。",
    )
}

/// The value as people read it.
pub(super) fn printed_value(item: &Computed) -> String {
    thousands(&item.value)
}

/// `text` as HTML whose days are not broken over two lines.
pub(super) fn with_whole_days(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(at);
        escape(before, &mut out);
        let end = from.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        if parse_day(word).is_some() {
            let _ = write!(out, "<span class=\"nowrap\">{word}</span>");
        } else {
            out.push_str(word);
        }
        rest = after;
    }
    escape(rest, &mut out);
    out
}

/// The form above figures: day, year, kinds.
pub(super) struct AskForm {
    pub(super) action: &'static str,
    pub(super) as_of: NaiveDate,
    pub(super) year: i32,
    pub(super) kinds: Vec<(&'static str, &'static str, bool)>,
}

impl AskForm {
    pub(super) fn new(action: &'static str, ask: &Ask, with_kinds: bool) -> Self {
        let kinds = InspectionKind::ALL
            .iter()
            .filter(|_| with_kinds)
            .map(|kind| (kind.code(), kind.label(), ask.kinds.contains(kind)))
            .collect();
        Self { action, as_of: ask.as_of, year: ask.year, kinds }
    }
}

struct Card {
    label: String,
    value: String,
    unit: &'static str,
    drill: String,
    /// Parts and period, as HTML.
    parts: String,
    definition: &'static str,
    numerator: &'static str,
    denominator: &'static str,
    inclusion: String,
    source: &'static str,
}

struct Section {
    title: &'static str,
    cards: Vec<Card>,
}

struct ReportedCard {
    label: String,
    value: String,
    unit: &'static str,
    day: NaiveDate,
    reporter: String,
    document: String,
}

#[derive(Template)]
#[template(path = "figures.html")]
struct CardsPage {
    form: AskForm,
    inclusion: String,
    scope: Option<&'static str>,
    export: String,
    review: String,
    check: String,
    sections: Vec<Section>,
    reported: Vec<ReportedCard>,
}

async fn cards(viewer: Viewer) -> Response {
    respond::answer(&viewer, show_cards(&viewer)).await
}

async fn show_cards(viewer: &Viewer) -> Result<Response> {
    allow(&viewer.actor)?;
    let cx = viewer.read();
    let ask = read_ask(&cx, &Query::parse(viewer.query.as_deref())?)?;
    let computed = figures::compute(&cx, &ask).await?;
    let reported = figures::reported(&cx, &ask).await?;
    let sections = Chapter::ALL
        .iter()
        .map(|&chapter| Section { title: chapter.label(), cards: of_chapter(&computed, chapter) })
        .collect();
    let content = CardsPage {
        form: AskForm::new("/figures", &ask, true),
        inclusion: ask.inclusion_text(),
        scope: scope_note(&viewer.actor),
        check: format!("/figures-check?as_of={}&year={}", ask.as_of, ask.year),
        export: format!("/figures/export?{}", ask.query()),
        review: format!("/annual-review?as_of={}&year={}", ask.as_of, ask.year),
        sections,
        reported: reported.iter().map(reported_card).collect(),
    }
    .render()?;
    shell::page(viewer, shell::Sheet::new("统计指标", content).crumb("统计指标", "")).await
}

fn of_chapter(computed: &[Computed], chapter: Chapter) -> Vec<Card> {
    computed.iter().filter_map(|item| card(item, chapter)).collect()
}

fn card(item: &Computed, chapter: Chapter) -> Option<Card> {
    let figure = figures::figure(item.code).filter(|figure| figure.chapter == chapter)?;
    Some(Card {
        label: label(item),
        value: printed_value(item),
        unit: item.unit.label(),
        drill: item.drill.clone().unwrap_or_default(),
        parts: with_whole_days(&parts(item)),
        definition: figure.definition,
        numerator: figure.numerator,
        denominator: figure.denominator,
        inclusion: item.inclusion.clone().unwrap_or_default(),
        source: figure.source,
    })
}

/// The name of a figure, with the inspection it is for.
pub(super) fn label(item: &Computed) -> String {
    match &item.scope {
        Some(scope) => format!("{}：{}", item.label, scope.name),
        None => item.label.to_owned(),
    }
}

/// Numerator, denominator and period, as they stand below a value.
fn parts(item: &Computed) -> String {
    let exact = |value: i64| exact(item, value);
    match (item.numerator, item.denominator) {
        (Some(part), Some(whole)) => format!("{} / {} · {}", exact(part), exact(whole), item.period),
        _ => item.period.clone(),
    }
}

/// Part or whole of a share in the unit in which figures print what it adds up.
fn exact(item: &Computed, value: i64) -> String {
    match figures::figure(item.code).and_then(|figure| figure.formula.part().amount) {
        Some(_) => {
            format!("{}{}", thousands(&ratio(value, CM2_PER_WAN_M2, 2)), Unit::WanSquareMetres.label())
        }
        None => thousands(&value.to_string()),
    }
}

fn reported_card(item: &figures::Reported) -> ReportedCard {
    let (value, unit) = item.printed();
    ReportedCard {
        label: item.label.clone(),
        value: thousands(&value),
        unit,
        day: item.on_day,
        reporter: item.reporter.clone(),
        document: item.document.clone(),
    }
}

struct Line {
    title: String,
    href: Option<String>,
    number: String,
    organisation: String,
    team: String,
    day: String,
    amount: String,
}

#[derive(Template)]
#[template(path = "figure_rows.html")]
struct RowsPage {
    label: String,
    value: String,
    unit: &'static str,
    definition: &'static str,
    /// Over which time, as HTML.
    period: String,
    inclusion: String,
    scope: Option<&'static str>,
    /// The part that is shown, in words.
    cut: Vec<String>,
    /// All rows of the figure, when a part is shown.
    whole: String,
    /// Which columns the records fill.
    numbers: bool,
    organisations: bool,
    teams: bool,
    /// The two sides of a share: label, address, whether it is shown.
    sides: Vec<(&'static str, String, bool)>,
    count: String,
    sum: String,
    amounts: bool,
    lines: Vec<Line>,
    page: i64,
    previous: Option<String>,
    next: Option<String>,
    /// Rows that count but are not open to the person.
    hidden: i64,
}

async fn rows(viewer: Viewer, Path(code): Path<String>) -> Response {
    respond::answer(&viewer, show_rows(&viewer, &code)).await
}

async fn show_rows(viewer: &Viewer, code: &str) -> Result<Response> {
    allow(&viewer.actor)?;
    let cx = viewer.read();
    let query = Query::parse(viewer.query.as_deref())?;
    let ask = read_ask(&cx, &query)?;
    let only =
        Only { inspection: query.get("inspection").map(parse_id).transpose()?, cut: Cut::parse(&query)? };
    let side = if query.get("of") == Some("whole") { Side::Whole } else { Side::Part };
    let page = match query.get("page") {
        Some(text) => text
            .parse()
            .ok()
            .filter(|page| (1..=1_000_000).contains(page))
            .ok_or_else(|| Refusal::bad_request("地址中的页码不正确。"))?,
        None => 1,
    };
    let listed = figures::rows(&cx, code, &ask, side, &only, page).await?;
    let computed = figures::compute(&cx, &ask).await?;
    let item = computed
        .iter()
        .find(|item| item.code == code && item.scope.as_ref().map(|scope| scope.id) == only.inspection)
        .or_else(|| computed.iter().find(|item| item.code == code && only.inspection.is_none()))
        .ok_or_else(Refusal::not_found)?;
    let path = format!("/figures/{code}/rows");
    let mut page = rows_page(item, &listed, side, &path, &query);
    page.scope = scope_note(&viewer.actor);
    page.cut = only.cut.words(&cx).await?;
    if !only.cut.is_all() {
        // How many of the figure's rows fall into the part is known to the break-down alone.
        page.hidden = 0;
    }
    let content = page.render()?;
    let sheet = shell::Sheet::new(label(item), content)
        .crumb("统计指标", format!("/figures?{}", ask.query()))
        .crumb(label(item), "");
    shell::page(viewer, sheet).await
}

fn rows_page(item: &Computed, listed: &Rows, side: Side, path: &str, query: &Query) -> RowsPage {
    let figure = listed.figure;
    let here = |of: Side| if of == Side::Whole { "whole" } else { "part" };
    let turned = |of: Side| {
        query.without(|name| name == "page" || name.starts_with("by.")).with("of", here(of)).address(path)
    };
    let sides = match figure.formula.whole() {
        Some(_) => vec![
            (figure.numerator, turned(Side::Part), side == Side::Part),
            (figure.denominator, turned(Side::Whole), side == Side::Whole),
        ],
        None => Vec::new(),
    };
    let turn = |page: i64| query.with("page", &page.to_string()).address(path);
    let in_all = if side == Side::Whole { item.denominator } else { item.numerator };
    let counts_rows = listed.sum.is_none() && figure.unit != Unit::Months;
    RowsPage {
        label: label(item),
        value: printed_value(item),
        unit: item.unit.label(),
        definition: figure.definition,
        period: with_whole_days(&item.period),
        inclusion: item.inclusion.clone().unwrap_or_default(),
        scope: None,
        cut: Vec::new(),
        whole: turned(side),
        numbers: listed.set.number.is_some(),
        organisations: listed.set.organisation.is_some(),
        teams: listed.set.team.is_some(),
        sides,
        count: thousands(&listed.count.to_string()),
        sum: listed.sum.map(|sum| amount(figure, sum)).unwrap_or_default(),
        amounts: listed.sum.is_some(),
        lines: listed.rows.iter().map(|row| line(figure, row)).collect(),
        page: listed.page,
        previous: (listed.page > 1).then(|| turn(listed.page - 1)),
        next: (listed.page * PAGE < listed.count).then(|| turn(listed.page + 1)),
        hidden: if counts_rows { in_all.map_or(0, |in_all| (in_all - listed.count).max(0)) } else { 0 },
    }
}

fn line(figure: &figures::Figure, row: &figures::Row) -> Line {
    Line {
        title: row.title.clone(),
        number: row.number.clone().unwrap_or_default(),
        organisation: row.organisation.clone().unwrap_or_default(),
        team: row.team.clone().unwrap_or_default(),
        href: row.id.map(|id| format!("/{}/{id}", row.noun)),
        day: row.day.map(|day| day.to_string()).unwrap_or_default(),
        amount: row.amount.map(|value| amount(figure, value)).unwrap_or_default(),
    }
}

fn amount(figure: &figures::Figure, value: i64) -> String {
    if figure.unit == Unit::YiYuan { format!("{} 元", Fen(value)) } else { format!("{} ㎡", Area(value)) }
}

async fn export(viewer: Viewer) -> Response {
    respond::answer(&viewer, Box::pin(workbook(&viewer))).await
}

async fn workbook(viewer: &Viewer) -> Result<Response> {
    allow(&viewer.actor)?;
    let cx = viewer.read();
    let ask = read_ask(&cx, &Query::parse(viewer.query.as_deref())?)?;
    let computed = figures::compute(&cx, &ask).await?;
    let trace = exports::announce(&viewer.app, &viewer.actor).await?;
    let above = preamble(&cx, &ask, &trace);
    let mut writer = marked("统计指标", &headings(&[]), &above, &trace)?;
    for item in &computed {
        write_figure(&mut writer, item, Vec::new())?;
    }
    let reported = figures::reported(&cx, &ask).await?;
    let columns = ["名称", "上报数值", "单位", "日期", "上报单位", "依据文件"];
    let format = |label: &str| if label == "上报数值" { Format::Number } else { Format::Text };
    let columns: Vec<Heading> = columns.iter().map(|label| Heading::new(*label, 20, format(label))).collect();
    writer.next_sheet("上报数据", &columns, &above).map_err(fault)?;
    for item in &reported {
        let (value, unit) = item.printed();
        let cells = [
            Value::Text(&item.label),
            number(&value),
            Value::Text(unit),
            Value::Date(item.on_day),
            Value::Text(&item.reporter),
            Value::Text(&item.document),
        ];
        writer.row(&cells).map_err(fault)?;
    }
    hand_over(viewer, "figures", &trace, format!("统计指标-{}.xlsx", ask.as_of), writer).await
}

/// Headings of a sheet of figures, with the columns of numbers `compared` behind the value.
pub(super) fn headings(compared: &[&str]) -> Vec<Heading> {
    let wide = |label: &str, width| Heading::new(label, width, Format::LongText);
    let mut headings = vec![
        wide("指标", 40),
        Heading::new("数值", 14, Format::Number),
        Heading::new("单位", 8, Format::Text),
    ];
    headings.extend(compared.iter().map(|label| Heading::new(*label, 14, Format::Number)));
    headings.extend([
        Heading::new("分子（原始计量）", 18, Format::Number),
        Heading::new("分母（原始计量）", 18, Format::Number),
        wide("统计期间", 24),
        wide("计入范围", 24),
        wide("口径", 80),
    ]);
    headings
}

/// A printed value as a number, where it is one.
pub(super) fn number(printed: &str) -> Value<'_> {
    printed.parse().map_or(Value::Text(printed), Value::Number)
}

/// One line of a sheet of figures, with what stands behind the value.
pub(super) fn write_figure(
    writer: &mut SheetWriter,
    item: &Computed,
    compared: Vec<Value<'_>>,
) -> Result<()> {
    let definition = figures::figure(item.code).map_or("", |figure| figure.definition);
    let label = label(item);
    let mut cells = vec![Value::Text(&label), number(&item.value), Value::Text(item.unit.label())];
    cells.extend(compared);
    cells.extend([
        item.numerator.map_or(Value::Empty, Value::Integer),
        item.denominator.map_or(Value::Empty, Value::Integer),
        Value::Text(&item.period),
        item.inclusion.as_deref().map_or(Value::Empty, Value::Text),
        Value::Text(definition),
    ]);
    writer.row(&cells).map_err(fault)
}

/// The lines above a table: where from, as of when, what is included, who took it.
pub(super) fn preamble(cx: &Cx, ask: &Ask, trace: &Trace) -> Vec<String> {
    let first =
        format!("{}　截至 {}　{}年度　{}", cx.app().office(), ask.as_of, ask.year, ask.inclusion_text());
    let mut lines = vec![first];
    if !figures::reads_all(&cx.actor) {
        lines.push(String::from("只统计导出人工作范围内的记录，不是全市的数"));
    }
    lines.push(trace.line());
    lines
}

/// A workbook whose every printed page names who takes it.
pub(super) fn marked(
    sheet: &str,
    headings: &[Heading],
    above: &[String],
    trace: &Trace,
) -> Result<SheetWriter> {
    let mut writer = SheetWriter::new(sheet, headings, above).map_err(fault)?;
    writer.mark(trace.mark()).map_err(fault)?;
    Ok(writer)
}

/// The finished workbook as an answer, once it stands in the register of exports.
pub(super) async fn hand_over(
    viewer: &Viewer,
    noun: &str,
    trace: &Trace,
    name: String,
    writer: SheetWriter,
) -> Result<Response> {
    let bytes = writer.finish().map_err(fault)?;
    let taken = Taken {
        noun: noun.to_owned(),
        record: None,
        label: name.trim_end_matches(".xlsx").to_owned(),
        file_name: name.clone(),
        digest: kit::seal::digest(&bytes),
    };
    exports::enter(&viewer.app, &viewer.actor, trace, taken).await?;
    Ok(respond::download(&name, XLSX, Body::from(bytes)))
}

pub(super) fn fault(error: documents::sheet::WriteError) -> Error {
    Error::Fault(format!("workbook: {error}"))
}

/// A table row of a break-down: its name, then counts that open their rows.
pub(super) fn cells(row: &[Cell]) -> String {
    let mut out = String::new();
    for (at, cell) in row.iter().enumerate() {
        out.push_str(if at == 0 { "<th scope=\"row\">" } else { "<td class=\"num\">" });
        let words = match &cell.shown {
            Shown::Integer(count) => thousands(&count.to_string()),
            other => {
                let mut words = String::new();
                other.html(&mut words);
                words
            }
        };
        match &cell.rows {
            Some(rows) => {
                out.push_str("<a href=\"");
                escape(rows, &mut out);
                let _ = write!(out, "\">{words}</a>");
            }
            None => out.push_str(&words),
        }
        out.push_str(if at == 0 { "</th>" } else { "</td>" });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_stays_on_one_line_and_other_numbers_are_left_alone() {
        assert_eq!(
            with_whole_days("50 / 102 · 本届累计（至 2023-12-31）<"),
            "50 / 102 · 本届累计（至 <span class=\"nowrap\">2023-12-31</span>）&lt;"
        );
        assert_eq!(with_whole_days("2023年 1-2"), "2023年 1-2");
    }

    #[test]
    fn every_cell_behind_the_name_stands_to_the_right_and_a_count_opens_its_rows() {
        let row = [
            Cell::from(Shown::text("第一组")),
            Cell { shown: Shown::Integer(1114), rows: Some(String::from("/a?b=1&c=2")) },
            Cell::from(Shown::Empty),
        ];
        let html = cells(&row);
        assert!(html.starts_with("<th scope=\"row\">第一组</th>"), "{html}");
        assert!(html.contains("<td class=\"num\"><a href=\"/a?b=1&amp;c=2\">1,114</a></td>"), "{html}");
        assert!(html.ends_with("<td class=\"num\"><span class=\"muted\">—</span></td>"), "{html}");
    }
}
