//! The annual review (年度综述): the figures chapter by chapter beside those of the year before, and
//! break-downs with a table and a chart each.

mod charts;
mod coverage;
mod open;
mod problems;
mod stock;
mod transfers;

use std::{collections::HashMap, sync::Arc};

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Labelled as _, Pred, Result, Shown, service::Work};
use serde_json::Value as Json;

use super::{
    Ask, Chapter, Computed, Cut, Frame, Reported, compute,
    compute::{list_address, rows_address, side_by_side},
    figure,
    formula::{PROBLEM_TALLY, Tally},
    reported, scope,
};

/// A cell of a break-down.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What it says.
    pub shown: Shown,
    /// Address of the rows it counts, for counts.
    pub rows: Option<String>,
}

impl From<Shown> for Cell {
    fn from(shown: Shown) -> Self {
        Self { shown, rows: None }
    }
}

impl Cell {
    /// A count that opens what it counted; nothing opens nothing.
    fn count(count: i64, rows: String) -> Self {
        Self { shown: Shown::Integer(count), rows: (count != 0).then_some(rows) }
    }
}

/// A table of counts with the chart that shows it.
#[derive(Clone, Debug)]
pub struct Breakdown {
    /// Name in addresses.
    pub key: &'static str,
    /// Chinese title.
    pub title: &'static str,
    /// What is counted, and by which day.
    pub note: &'static str,
    /// Headings.
    pub columns: Vec<String>,
    /// Rows, as long as the headings.
    pub rows: Vec<Vec<Cell>>,
    /// The chart: an ECharts option in pure JSON, or null for a table that is one already.
    pub chart: Json,
}

/// A figure beside its value of the year before.
#[derive(Clone, Debug)]
pub struct Compared {
    /// This year.
    pub now: Computed,
    /// The year before, on the same day of the year; none for figures of single inspections.
    pub before: Option<Computed>,
}

impl Compared {
    /// The change, signed, in the unit of the figure (percentage points for shares).
    pub fn change(&self) -> Option<String> {
        let before = self.before.as_ref()?;
        let figure = figure(self.now.code)?;
        if self.now.denominator == Some(0) || before.denominator == Some(0) {
            return None;
        }
        let points = |computed: &Computed| hundredths(&computed.value);
        let change = points(&self.now)? - points(before)?;
        let sign = if change > 0 { "+" } else { "" };
        Some(format!("{sign}{}", kit::units::ratio(change, 100, figure.decimals)))
    }
}

/// A printed value in hundredths.
fn hundredths(value: &str) -> Option<i64> {
    kit::units::parse_decimal(value, 100)
}

/// One chapter.
#[derive(Clone, Debug)]
pub struct Part {
    /// Which.
    pub chapter: Chapter,
    /// Its figures.
    pub figures: Vec<Compared>,
}

/// The annual review.
#[derive(Clone, Debug)]
pub struct Review {
    /// What was asked.
    pub ask: Ask,
    /// The chapters.
    pub parts: Vec<Part>,
    /// Values reported by others.
    pub reported: Vec<Reported>,
    /// The break-downs.
    pub breakdowns: Vec<Breakdown>,
}

/// The review of `year` as of a day, remembered until something is written.
pub async fn build(cx: &Cx, year: i32, as_of: NaiveDate) -> Result<Arc<Review>> {
    let ask = Ask::new(as_of, year);
    let key = format!("review/{}/{}", scope::key(&cx.actor), ask.query());
    cx.app().remember(key, make(cx, ask)).await
}

async fn make(cx: &Cx, ask: Ask) -> Result<Review> {
    let year_before = ask.year_before();
    let frame = Frame::of(cx, ask.clone()).await?;
    let ground = Ground { cx, frame };
    let now = compute(cx, &ask).await?;
    let before = compute(cx, &year_before).await?;
    let breakdowns = breakdowns(&ground).await?;
    let reported = reported(cx, &ask).await?;
    Ok(Review { parts: parts(now, &before), reported, breakdowns, ask })
}

fn parts(now: Vec<Computed>, before: &[Computed]) -> Vec<Part> {
    let mut parts: Vec<Part> =
        Chapter::ALL.iter().map(|&chapter| Part { chapter, figures: Vec::new() }).collect();
    for now in now {
        let Some(figure) = figure(now.code) else { continue };
        let earlier = before.iter().find(|held| held.code == now.code && now.scope.is_none());
        let compared = Compared { before: earlier.cloned(), now };
        if let Some(part) = parts.iter_mut().find(|part| part.chapter == figure.chapter) {
            part.figures.push(compared);
        }
    }
    parts
}

/// What the break-downs stand on.
struct Ground<'a> {
    cx: &'a Cx,
    frame: Frame,
}

impl Ground<'_> {
    /// ` where ` with what the person may count of `table`, called `alias`.
    fn write_where(&self, table: &str, alias: &str, sql: &mut Sql) {
        sql.push(" where ");
        scope::counted_in(self.cx, table).write(alias, sql);
    }

    /// What problems fed back are counted from: the count that the database keeps, for who may count all of them.
    fn fed_back(&self) -> Tally {
        if scope::counted_in(self.cx, "problem") == Pred::All {
            PROBLEM_TALLY
        } else {
            Tally { from: "problem p", n: "1" }
        }
    }

    /// The page of rows of the figure `code`, cut by `cut`.
    fn rows(&self, code: &str, cut: &Cut) -> String {
        rows_address(code, &self.frame.ask, cut)
    }

    /// The same as a list of the noun where it can show it.
    fn listed(&self, noun: &str, filters: &[(&'static str, String)], code: &str, cut: &Cut) -> String {
        // Lists do not know of the level of an inspection.
        let list = if self.frame.with_districts { None } else { list_address(self.cx, noun, filters) };
        list.unwrap_or_else(|| self.rows(code, cut))
    }

    /// The filters of a list for the days of the year that count in `column`.
    fn days_of_year(&self, from: &'static str, to: &'static str) -> Vec<(&'static str, String)> {
        vec![(from, self.frame.ask.first().to_string()), (to, self.frame.ask.last().to_string())]
    }

    /// The labels of a dictionary's codes.
    async fn labels(&self, kind: &str) -> Result<HashMap<String, String>> {
        let mut sql = Sql::new("select code, label from dictionary_item where kind = ");
        sql.bind(kind).push(" order by valid_from");
        let rows = self.cx.rows(sql).await?;
        rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
    }
}

type Make<'a> = Work<'a, Vec<Breakdown>>;

async fn breakdowns(ground: &Ground<'_>) -> Result<Vec<Breakdown>> {
    if !scope::may_read(&ground.cx.actor) {
        return Ok(Vec::new());
    }
    let groups: Vec<Make<'_>> = vec![
        Box::pin(coverage::by_year(ground)),
        Box::pin(problems::by_share(ground)),
        Box::pin(problems::by_organisation(ground)),
        Box::pin(problems::by_month(ground)),
        Box::pin(open::rectification(ground)),
        Box::pin(transfers::leads(ground)),
        Box::pin(stock::by_month(ground)),
    ];
    Ok(side_by_side(groups).await?.into_iter().flatten().collect())
}

/// Adds `count` to the entry of `key`, keeping the order of first appearance.
fn add<K: PartialEq>(counts: &mut Vec<(K, i64)>, key: K, count: i64) {
    match counts.iter_mut().find(|(held, _)| *held == key) {
        Some((_, held)) => *held += count,
        None => counts.push((key, count)),
    }
}

/// What a line of a break-down is of: its name, and where its rows open.
type Named = (String, String);

/// Counts by name, largest first, with their share.
fn shares(
    key: &'static str,
    title: &'static str,
    note: &'static str,
    heading: &str,
    mut counts: Vec<(Named, i64)>,
) -> Breakdown {
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let whole: i64 = counts.iter().map(|(_, count)| count).sum();
    let rows = counts
        .iter()
        .map(|((name, rows), count)| {
            vec![
                Shown::text(name).into(),
                Cell::count(*count, rows.clone()),
                Shown::Rate { numerator: *count, denominator: whole }.into(),
            ]
        })
        .collect();
    let counts: Vec<(String, i64)> = counts.into_iter().map(|((name, _), count)| (name, count)).collect();
    let columns = vec![heading.to_owned(), String::from("数量"), String::from("占比")];
    Breakdown { key, title, note, columns, rows, chart: charts::bars(&counts) }
}
