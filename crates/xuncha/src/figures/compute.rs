//! The values of all figures for one question.

use std::sync::Arc;

use chrono::NaiveDate;
use db::{QueryResult, Sql};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use kit::{
    Cx, Labelled as _, Result,
    service::Work,
    units::{CM2_PER_WAN_M2, FEN_PER_YI, ratio},
    web::Query,
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{Ask, Cut, Figure, Formula, Frame, PeriodKind, Unit, all, scope};

/// The inspection a value is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// Which.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// A figure with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computed {
    /// The figure.
    pub code: &'static str,
    /// Its name.
    pub label: &'static str,
    /// The value as it is printed, without unit.
    pub value: String,
    /// The unit.
    pub unit: Unit,
    /// The exact count or sum: pieces, fen, square centimetres, days.
    pub numerator: Option<i64>,
    /// Of how many, for shares.
    pub denominator: Option<i64>,
    /// Over which time, in words.
    pub period: String,
    /// The day it was counted on.
    pub as_of: NaiveDate,
    /// Which inspections count, in words, where it bears on the figure.
    pub inclusion: Option<String>,
    /// The inspection it is for.
    pub scope: Option<Scope>,
    /// Address of the rows it counts.
    pub drill: Option<String>,
}

/// All figures that the person may read, remembered until something is written.
pub async fn compute(cx: &Cx, ask: &Ask) -> Result<Vec<Computed>> {
    if !scope::may_read(&cx.actor) {
        return Ok(Vec::new());
    }
    let key = format!("figures/{}/{}", scope::key(&cx.actor), ask.query());
    let held: Arc<Vec<Computed>> = cx.app().remember(key, make(cx, ask)).await?;
    Ok(held.as_ref().clone())
}

async fn make(cx: &Cx, ask: &Ask) -> Result<Vec<Computed>> {
    let frame = Frame::of(cx, ask.clone()).await?;
    let work = all().map(|figure| -> Work<'_, Vec<Computed>> { Box::pin(one(cx, figure, &frame)) });
    let values: Vec<Vec<Computed>> = side_by_side(work.collect()).await?;
    Ok(values.into_iter().flatten().collect())
}

/// Reads at once, as many as SQLite has readers: more would wait for a connection until it is refused.
const AT_ONCE: usize = 4;

/// Does `work` side by side, with the answers in its order.
pub(super) async fn side_by_side<T: Send>(work: Vec<Work<'_, T>>) -> Result<Vec<T>> {
    stream::iter(work).buffered(AT_ONCE).try_collect().await
}

async fn one(cx: &Cx, figure: &'static Figure, frame: &Frame) -> Result<Vec<Computed>> {
    let part = figure.formula.part();
    let visible = scope::counted(cx, part);
    let mut sql = Sql::default();
    match &figure.formula {
        Formula::Of(set) => {
            set.write_count(frame, &visible, &mut sql);
            let value = cx.number(sql).await?;
            Ok(vec![computed(cx, figure, frame, value, None, None)])
        }
        Formula::Share(set, whole) => {
            sql.push("select (");
            set.write_count(frame, &visible, &mut sql);
            sql.push("), (");
            whole.write_count(frame, &scope::counted(cx, whole), &mut sql);
            sql.push(")");
            let rows = cx.rows(sql).await?;
            let Some(row) = rows.first() else { return Ok(Vec::new()) };
            let (value, of) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            Ok(vec![computed(cx, figure, frame, value, Some(of), None)])
        }
        Formula::ByInspection(set) => {
            set.write_by_inspection(frame, &visible, &mut sql);
            let mut found = Vec::new();
            for row in &cx.rows(sql).await? {
                let value: i64 = row.try_get_by_index(2)?;
                // An inspection that found nothing yet, or that the person knows nothing of, is not told of.
                if value != 0 {
                    found.push(computed(cx, figure, frame, value, None, Some(scope_of(row)?)));
                }
            }
            Ok(found)
        }
        Formula::Span(set, to) => {
            set.write_spans(frame, &visible, to, &mut sql);
            let rows = cx.rows(sql).await?;
            rows.iter()
                .map(|row| {
                    let (from, to): (NaiveDate, NaiveDate) =
                        (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
                    let days = (to - from).num_days() + 1;
                    Ok(computed(cx, figure, frame, days, None, Some(scope_of(row)?)))
                })
                .collect()
        }
    }
}

fn scope_of(row: &QueryResult) -> Result<Scope> {
    Ok(Scope { id: row.try_get_by_index(0)?, name: row.try_get_by_index(1)? })
}

fn computed(
    cx: &Cx,
    figure: &'static Figure,
    frame: &Frame,
    value: i64,
    of: Option<i64>,
    scope: Option<Scope>,
) -> Computed {
    let drill = drill(cx, figure, frame, scope.as_ref());
    Computed {
        code: figure.code,
        label: figure.label,
        value: printed(figure, value, of),
        unit: figure.unit,
        numerator: Some(value),
        denominator: of,
        period: period(figure, &frame.ask),
        as_of: frame.ask.as_of,
        inclusion: figure.by_kind.then(|| frame.ask.inclusion_text()),
        scope,
        drill: Some(drill),
    }
}

/// The value as it is printed: rounded half up once, from the exact count.
pub(super) fn printed(figure: &Figure, value: i64, of: Option<i64>) -> String {
    match (figure.unit, of) {
        (_, Some(of)) => ratio(value.saturating_mul(100), of, figure.decimals),
        (Unit::YiYuan, None) => ratio(value, FEN_PER_YI, figure.decimals),
        (Unit::WanSquareMetres, None) => ratio(value, CM2_PER_WAN_M2, figure.decimals),
        // A year of 365.25 days has twelve months.
        (Unit::Months, None) => ratio(value.saturating_mul(1200), 36_525, figure.decimals),
        (_, None) => value.to_string(),
    }
}

fn period(figure: &Figure, ask: &Ask) -> String {
    match figure.period {
        PeriodKind::Year => format!("{}年（至 {}）", ask.year, ask.last()),
        PeriodKind::Term => format!("本届累计（至 {}）", ask.as_of),
        PeriodKind::Cumulative => format!("累计（至 {}）", ask.as_of),
        PeriodKind::Event => format!("单次（至 {}）", ask.as_of),
        PeriodKind::Moment => format!("{} 的状态", ask.as_of),
    }
}

/// The list of the noun where it can show the same rows, and the page of provenance where not.
fn drill(cx: &Cx, figure: &Figure, frame: &Frame, scope: Option<&Scope>) -> String {
    let set = figure.formula.part();
    if let (Some(list), None, false) = (set.list, scope, frame.with_districts)
        && let Some(address) = list_address(cx, set.noun, &list(frame))
    {
        return address;
    }
    let mut address = format!("/figures/{}/rows?{}", figure.code, frame.ask.query());
    if let Some(scope) = scope {
        address.push_str("&inspection=");
        address.push_str(&scope.id.to_string());
    }
    address
}

/// The address of the page of rows of the figure `code`, cut by `cut`.
pub(super) fn rows_address(code: &str, ask: &Ask, cut: &Cut) -> String {
    let mut query = Query::default().and("as_of", &ask.as_of.to_string()).and("year", &ask.year.to_string());
    for kind in &ask.kinds {
        query = query.and("kind", kind.code());
    }
    cut.added_to(query).address(&format!("/figures/{code}/rows"))
}

/// The address of a list with filters, when there is such a list, open to this person, with these columns.
pub(super) fn list_address(cx: &Cx, noun: &str, filters: &[(&'static str, String)]) -> Option<String> {
    let service = cx.app().registry().service(noun)?;
    if !service.reachable(&cx.actor) {
        return None;
    }
    let mut query = Query::default();
    for (name, value) in filters {
        let key = name.split('.').next().unwrap_or(name);
        service.list.column_for(key, &cx.actor)?;
        query = query.and(&format!("f.{name}"), value);
    }
    kit::table::Ask::parse(&service.list, &cx.actor, query.pairs()).ok()?;
    Some(query.address(&format!("/{noun}")))
}

/// Figures for the command line and other programs.
pub fn json(computed: &[Computed]) -> Json {
    Json::Array(computed.iter().map(one_json).collect())
}

fn one_json(figure: &Computed) -> Json {
    let mut out = json!({
        "code": figure.code,
        "label": figure.label,
        "value": figure.value,
        "unit": figure.unit.label(),
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "period": figure.period,
        "as_of": figure.as_of,
    });
    if let (Some(scope), Some(map)) = (&figure.scope, out.as_object_mut()) {
        map.insert(String::from("scope"), json!({ "inspection": scope.id, "name": scope.name }));
    }
    out
}
