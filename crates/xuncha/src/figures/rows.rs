//! The rows a figure counted.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Refusal, Result};
use uuid::Uuid;

use super::{Ask, Cut, Figure, Formula, Frame, Set, figure, scope};

/// Rows on a page.
pub const PAGE: i64 = 200;

/// Which rows of a share are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What is counted, or stands above the line.
    Part,
    /// What stands below the line.
    Whole,
}

/// Which part of the rows is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Only {
    /// Those of one inspection.
    pub inspection: Option<Uuid>,
    /// Those of one cell of a break-down.
    pub cut: Cut,
}

/// One counted row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The record it opens, when it stands for one.
    pub id: Option<Uuid>,
    /// Its noun.
    pub noun: &'static str,
    /// What it is called.
    pub title: String,
    /// Its number, where records of this kind have one.
    pub number: Option<String>,
    /// The organisation it is about.
    pub organisation: Option<String>,
    /// The team that found it.
    pub team: Option<String>,
    /// The day by which it counts.
    pub day: Option<NaiveDate>,
    /// What it adds to a sum.
    pub amount: Option<i64>,
}

/// A page of rows.
#[derive(Clone)]
pub struct Rows {
    /// The figure.
    pub figure: &'static Figure,
    /// What its rows are.
    pub set: &'static Set,
    /// How many rows the person may see in all.
    pub count: i64,
    /// What they add up to, for sums.
    pub sum: Option<i64>,
    /// The page's number, from 1.
    pub page: i64,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A page of the rows that the figure `code` counts for `ask`.
///
/// # Errors
/// Not found for unknown figures and for people who may read none.
pub async fn rows(cx: &Cx, code: &str, ask: &Ask, side: Side, only: &Only, page: i64) -> Result<Rows> {
    let figure = figure(code).filter(|_| scope::may_read(&cx.actor)).ok_or_else(Refusal::not_found)?;
    let set = match side {
        Side::Part => figure.formula.part(),
        Side::Whole => figure.formula.whole().ok_or_else(Refusal::not_found)?,
    };
    if matches!(figure.formula, Formula::ByInspection(_)) && only.inspection.is_none() {
        return Err(Refusal::not_found().into());
    }
    let frame = Frame::of(cx, ask.clone()).await?;
    let visible = scope::listed(cx, set);
    let mut sql = Sql::default();
    set.write_totals(&frame, &visible, only, &mut sql)?;
    let total = cx.rows(sql).await?;
    let (count, sum) = match total.first() {
        Some(row) => (row.try_get_by_index(0)?, row.try_get_by_index(1)?),
        None => (0, None),
    };
    let mut listing = Sql::default();
    set.write_rows(&frame, &visible, only, &mut listing)?;
    listing.push(" limit ").bind(PAGE).push(" offset ").bind((page - 1).saturating_mul(PAGE));
    let rows = cx.rows(listing).await?;
    let rows = rows
        .iter()
        .map(|row| {
            Ok(Row {
                id: row.try_get_by_index(0)?,
                noun: set.noun,
                title: row.try_get_by_index(1)?,
                day: row.try_get_by_index(2)?,
                amount: row.try_get_by_index(3)?,
                number: row.try_get_by_index(4)?,
                organisation: row.try_get_by_index(5)?,
                team: row.try_get_by_index(6)?,
            })
        })
        .collect::<Result<_>>()?;
    Ok(Rows { figure, set, count, sum, page, rows })
}
