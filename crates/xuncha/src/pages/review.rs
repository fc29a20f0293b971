//! The annual review on a page and as a workbook: figures beside those of the year before, charts with
//! their tables.

use askama::Template;
use axum::{response::Response, routing::get};
use chrono::{Datelike as _, NaiveDate};
use documents::sheet::{Format, Heading, SheetWriter, Value};
use kit::{
    Cx, Labelled as _, Result, exports,
    service::{Group, Page},
    units::thousands,
    web::{Query, Viewer, list::sheet_value, respond, shell},
};

use super::figures::{
    AskForm, allow, cells, fault, hand_over, headings, label, marked, number, page, preamble, printed_value,
    read_ask, scope_note, with_whole_days, write_figure,
};
use crate::figures::review::{self, Breakdown, Compared, Review};

pub(super) fn pages() -> Vec<Page> {
    vec![
        page("/annual-review", "年度综述", Some(Group::Figures), "chart-line", get(show)),
        page("/annual-review/export", "", None, "", get(export)),
    ]
}

struct Line {
    label: String,
    definition: &'static str,
    drill: String,
    value: String,
    unit: &'static str,
    before: String,
    change: String,
    /// Over which time, as HTML.
    period: String,
}

struct Chart {
    key: &'static str,
    title: &'static str,
    note: &'static str,
    /// The option as JSON that is safe inside a script element.
    option: String,
    columns: Vec<String>,
    rows: Vec<String>,
    tall: bool,
}

#[derive(Template)]
#[template(path = "annual_review.html")]
struct ReviewPage {
    form: AskForm,
    year: i32,
    as_of: NaiveDate,
    inclusion: String,
    scope: Option<&'static str>,
    export: String,
    figures: String,
    parts: Vec<(&'static str, Vec<Line>)>,
    charts: Vec<Chart>,
}

/// The last month in which an office still accounts for the year before.
const ACCOUNTS_UNTIL: u32 = 3;

/// What an address asks for; where it names neither day nor year, the year that is accounted for today.
fn asked(cx: &Cx, query: Query) -> Query {
    if query.get("as_of").is_some() || query.get("year").is_some() {
        return query;
    }
    accounted_for(cx.today()).map_or_else(|| query.clone(), |last| query.with("as_of", &last.to_string()))
}

/// The end of the year before, in the months in which that year is accounted for.
fn accounted_for(today: NaiveDate) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(today.year() - 1, 12, 31).filter(|_| today.month() <= ACCOUNTS_UNTIL)
}

async fn show(viewer: Viewer) -> Response {
    respond::answer(&viewer, show_review(&viewer)).await
}

async fn show_review(viewer: &Viewer) -> Result<Response> {
    allow(&viewer.actor)?;
    let cx = viewer.read();
    let ask = read_ask(&cx, &asked(&cx, Query::parse(viewer.query.as_deref())?))?;
    let review = review::build(&cx, ask.year, ask.as_of).await?;
    let content = ReviewPage {
        form: AskForm::new("/annual-review", &ask, false),
        year: ask.year,
        as_of: ask.as_of,
        inclusion: review.ask.inclusion_text(),
        scope: scope_note(&viewer.actor),
        export: format!("/annual-review/export?as_of={}&year={}", ask.as_of, ask.year),
        figures: format!("/figures?as_of={}&year={}", ask.as_of, ask.year),
        parts: review
            .parts
            .iter()
            .map(|part| (part.chapter.label(), part.figures.iter().map(line).collect()))
            .collect(),
        charts: review.breakdowns.iter().map(chart).collect::<Result<_>>()?,
    }
    .render()?;
    let title = format!("{}年度综述", ask.year);
    shell::page(viewer, shell::Sheet::new(title.clone(), content).crumb(title, "")).await
}

/// What stands where there is nothing to compare.
const NOTHING: &str = "—";

fn line(compared: &Compared) -> Line {
    let now = &compared.now;
    Line {
        label: label(now),
        definition: crate::figures::figure(now.code).map_or("", |figure| figure.definition),
        drill: now.drill.clone().unwrap_or_default(),
        value: printed_value(now),
        unit: now.unit.label(),
        before: compared.before.as_ref().map_or_else(|| NOTHING.to_owned(), printed_value),
        change: compared.change().map_or_else(|| NOTHING.to_owned(), |change| thousands(&change)),
        period: with_whole_days(&now.period),
    }
}

fn chart(breakdown: &Breakdown) -> Result<Chart> {
    // A closing tag inside the data would end the script element.
    let option = serde_json::to_string(&breakdown.chart)?.replace('<', "\\u003c");
    Ok(Chart {
        key: breakdown.key,
        title: breakdown.title,
        note: breakdown.note,
        option,
        columns: breakdown.columns.clone(),
        rows: breakdown.rows.iter().map(|row| cells(row)).collect(),
        // A heat map has a line for each row.
        tall: breakdown.rows.len() > 12 || breakdown.chart.get("visualMap").is_some(),
    })
}

async fn export(viewer: Viewer) -> Response {
    respond::answer(&viewer, Box::pin(workbook(&viewer))).await
}

async fn workbook(viewer: &Viewer) -> Result<Response> {
    allow(&viewer.actor)?;
    let cx = viewer.read();
    let ask = read_ask(&cx, &asked(&cx, Query::parse(viewer.query.as_deref())?))?;
    let review = review::build(&cx, ask.year, ask.as_of).await?;
    let trace = exports::announce(&viewer.app, &viewer.actor).await?;
    let above = preamble(&cx, &review.ask, &trace);
    let mut writer = marked("指标", &headings(&["上年", "变化"]), &above, &trace)?;
    write_figures(&mut writer, &review)?;
    for breakdown in &review.breakdowns {
        write_breakdown(&mut writer, breakdown, &above)?;
    }
    hand_over(viewer, "annual_review", &trace, format!("{}年度综述-{}.xlsx", ask.year, ask.as_of), writer)
        .await
}

fn write_figures(writer: &mut SheetWriter, review: &Review) -> Result<()> {
    for compared in review.parts.iter().flat_map(|part| &part.figures) {
        let change = compared.change().unwrap_or_default();
        let before = compared.before.as_ref().map_or(Value::Empty, |before| number(&before.value));
        let change = if change.is_empty() { Value::Empty } else { number(&change) };
        write_figure(writer, &compared.now, vec![before, change])?;
    }
    Ok(())
}

fn write_breakdown(writer: &mut SheetWriter, breakdown: &Breakdown, above: &[String]) -> Result<()> {
    let headings: Vec<Heading> = breakdown
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| match at {
            0 => Heading::new(column, 28, Format::Text),
            _ => Heading::new(column, 16, Format::Number),
        })
        .collect();
    let mut preamble = above.to_vec();
    preamble.push(breakdown.note.to_owned());
    writer.next_sheet(breakdown.title, &headings, &preamble).map_err(fault)?;
    for row in &breakdown.rows {
        let texts: Vec<String> = row.iter().map(|cell| cell.shown.plain()).collect();
        let values: Vec<_> =
            row.iter().zip(&texts).map(|(cell, text)| sheet_value(&cell.shown, text)).collect();
        writer.row(&values).map_err(fault)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use kit::clock::parse_day;

    use super::accounted_for;

    #[test]
    fn until_march_the_review_is_of_the_year_before() {
        let day = |text| parse_day(text).unwrap();
        assert_eq!(accounted_for(day("2024-01-31")), Some(day("2023-12-31")));
        assert_eq!(accounted_for(day("2024-03-31")), Some(day("2023-12-31")));
        assert_eq!(accounted_for(day("2024-04-01")), None);
    }
}
