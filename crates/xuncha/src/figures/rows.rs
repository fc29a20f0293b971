//! The rows a figure counted.

use chrono::NaiveDate;
use db::Sql;
use kit::{Cx, Refusal, Result};
use uuid::Uuid;

use super::{Ask, Figure, Formula, Frame, figure, scope};

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

/// One counted row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The record it opens, when it stands for one.
    pub id: Option<Uuid>,
    /// Its noun.
    pub noun: &'static str,
    /// What it is called.
    pub title: String,
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
pub async fn rows(
    cx: &Cx,
    code: &str,
    ask: &Ask,
    side: Side,
    inspection: Option<Uuid>,
    page: i64,
) -> Result<Rows> {
    let figure = figure(code).filter(|_| scope::may_read(&cx.actor)).ok_or_else(Refusal::not_found)?;
    let set = match side {
        Side::Part => figure.formula.part(),
        Side::Whole => figure.formula.whole().ok_or_else(Refusal::not_found)?,
    };
    if matches!(figure.formula, Formula::ByInspection(_)) && inspection.is_none() {
        return Err(Refusal::not_found().into());
    }
    let frame = Frame::of(cx, ask.clone()).await?;
    let visible = scope::listed(cx, set);
    let mut sql = Sql::default();
    set.write_totals(&frame, &visible, inspection, &mut sql);
    let total = cx.rows(sql).await?;
    let (count, sum) = match total.first() {
        Some(row) => (row.try_get_by_index(0)?, row.try_get_by_index(1)?),
        None => (0, None),
    };
    let mut listing = Sql::default();
    set.write_rows(&frame, &visible, inspection, &mut listing);
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
            })
        })
        .collect::<Result<_>>()?;
    Ok(Rows { figure, count, sum, page, rows })
}
