//! The board: organisations against rounds, with the stage each inspection had reached on a day.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use db::Sql;
use kit::{Cx, Lifecycle as _, Pred, Result, sea_orm};
use registry::organisations::{OrganisationId, OrganisationKind};

use crate::{
    coverage_items::CoverageItem,
    coverage_lists,
    inspection_units::{InspectionUnit, InspectionUnitId, Stage},
    inspections::InspectionKind,
    rounds::RoundId,
    terms,
};

/// One inspection of an organisation, in the column of its round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardCell {
    /// The round; none for inspections outside any.
    pub round: Option<RoundId>,
    /// Heading of the column.
    pub round_name: String,
    /// The organisation in the inspection; its page.
    pub unit: InspectionUnitId,
    /// Number of the inspection.
    pub number: String,
    /// Kind of the inspection.
    pub kind: InspectionKind,
    /// Stage reached on the day.
    pub stage: Stage,
}

/// One organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardRow {
    /// Which.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its kind; the rows are grouped by it.
    pub kind: OrganisationKind,
    /// The year planned by the list in force; none also when it is not on the list.
    pub planned_year: Option<i64>,
    /// Its inspections in the order of their planned days.
    pub cells: Vec<BoardCell>,
}

/// The board of `year`, or of all years, as of today (of the last day of a year that has passed).
pub async fn timeline(cx: &Cx, year: Option<i32>) -> Result<Vec<BoardRow>> {
    let last = year.and_then(|year| NaiveDate::from_ymd_opt(year, 12, 31));
    let day = last.map_or(cx.today(), |last| last.min(cx.today()));
    timeline_on(cx, year, day).await
}

/// The board of `year`, or of all years, with the stages reached on `day`: every organisation on the
/// list in force or with an inspection, within what the actor may see, by kind and name.
pub async fn timeline_on(cx: &Cx, year: Option<i32>, day: NaiveDate) -> Result<Vec<BoardRow>> {
    let mut rows: BTreeMap<(OrganisationKind, String, OrganisationId), BoardRow> = BTreeMap::new();
    for listed in listed(cx, day).await? {
        row_of(&mut rows, listed.organisation_id, listed.name, listed.kind).planned_year =
            listed.planned_year;
    }
    for found in units(cx, year).await? {
        let unit = found.unit;
        let cell = BoardCell {
            round: found.round_id,
            round_name: found.round_name,
            unit: unit.id,
            number: found.number,
            kind: unit.kind,
            stage: shown_stage(&unit, unit.is_inside(&cx.actor), day),
        };
        row_of(&mut rows, unit.organisation_id, found.name, found.organisation_kind).cells.push(cell);
    }
    Ok(rows.into_values().collect())
}

/// A pause is only known while it lasts; those who are only inspected see the stages they know of.
fn shown_stage(unit: &InspectionUnit, inside: bool, day: NaiveDate) -> Stage {
    if !inside {
        return unit.known_stage_on(day);
    }
    match unit.stage_on(day) {
        Stage::OnSite if unit.state == Stage::Paused => Stage::Paused,
        stage => stage,
    }
}

fn row_of(
    rows: &mut BTreeMap<(OrganisationKind, String, OrganisationId), BoardRow>,
    organisation: OrganisationId,
    name: String,
    kind: OrganisationKind,
) -> &mut BoardRow {
    rows.entry((kind, name.clone(), organisation)).or_insert_with(|| BoardRow {
        organisation,
        name,
        kind,
        planned_year: None,
        cells: Vec::new(),
    })
}

#[derive(sea_orm::FromQueryResult)]
struct ListedRow {
    organisation_id: OrganisationId,
    name: String,
    kind: OrganisationKind,
    planned_year: Option<i64>,
}

async fn listed(cx: &Cx, day: NaiveDate) -> Result<Vec<ListedRow>> {
    let visible = CoverageItem::scope(&cx.actor);
    let Some(term) = terms::on_day(cx, day).await? else { return Ok(Vec::new()) };
    let Some(list) = coverage_lists::in_force(cx, term.id, day).await? else { return Ok(Vec::new()) };
    let mut sql = Sql::new(
        "select c.organisation_id, o.name, o.kind, c.planned_year from coverage_item c \
         join organisation o on o.id = c.organisation_id where c.list_id = ",
    );
    sql.bind(list.id).push(" and ");
    visible.write("c", &mut sql);
    cx.all(sql).await
}

struct Found {
    unit: InspectionUnit,
    name: String,
    organisation_kind: OrganisationKind,
    round_id: Option<RoundId>,
    round_name: String,
    number: String,
}

#[derive(sea_orm::FromQueryResult)]
struct Around {
    unit_id: InspectionUnitId,
    name: String,
    kind: OrganisationKind,
    round_id: Option<RoundId>,
    round_name: Option<String>,
    number: String,
}

async fn units(cx: &Cx, year: Option<i32>) -> Result<Vec<Found>> {
    let visible = InspectionUnit::scope(&cx.actor);
    let mut units: BTreeMap<InspectionUnitId, InspectionUnit> =
        kit::store::all::<crate::inspection_units::Entity>(cx, &visible)
            .await?
            .into_iter()
            .map(|unit| (unit.id, unit))
            .collect();
    let found = around(cx, year, &visible).await?.into_iter().filter_map(|row| {
        Some(Found {
            unit: units.remove(&row.unit_id)?,
            name: row.name,
            organisation_kind: row.kind,
            round_id: row.round_id,
            round_name: row.round_name.unwrap_or_default(),
            number: row.number,
        })
    });
    Ok(found.collect())
}

async fn around(cx: &Cx, year: Option<i32>, visible: &Pred) -> Result<Vec<Around>> {
    let mut sql = Sql::new(
        "select u.id as unit_id, o.name, o.kind, i.round_id, r.name as round_name, i.number \
         from inspection_unit u join inspection i on i.id = u.inspection_id \
         join organisation o on o.id = u.organisation_id left join round r on r.id = i.round_id where ",
    );
    visible.write("u", &mut sql);
    if let Some(year) = year {
        sql.push(" and i.year = ").bind(i64::from(year));
    }
    sql.push(" order by u.planned_on, u.id");
    cx.all(sql).await
}

/// The years that inspections the actor may see belong to, newest first, for choosing one.
pub async fn years(cx: &Cx) -> Result<Vec<i32>> {
    let visible = InspectionUnit::scope(&cx.actor);
    let mut years: Vec<i32> = kit::store::all::<crate::inspection_units::Entity>(cx, &visible)
        .await?
        .iter()
        .map(|unit| unit.planned_on.year())
        .collect();
    years.sort_unstable_by(|a, b| b.cmp(a));
    years.dedup();
    Ok(years)
}
