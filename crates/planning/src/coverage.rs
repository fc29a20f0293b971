//! Full coverage (巡察全覆盖): how far a term has got, on any day.
//!
//! Counted against the edition of the list in force on that day. An organisation is covered when the
//! team of a regular inspection (常规巡察) of the city in that term has left it; special, mobile and
//! other inspections do not cover. Each organisation counts once, whatever the number of inspections.
//! Organisations exempted with a reason stay on the list but are not counted, neither as covered nor
//! as to be covered.

use std::collections::HashMap;

use chrono::{Datelike as _, NaiveDate};
use db::Sql;
use kit::{Cx, Lifecycle as _, Result, Shown, labelled, sea_orm};
use registry::organisations::{OrganisationId, OrganisationKind};

use crate::{
    coverage_items::CoverageItem,
    coverage_lists::{self, CoverageList},
    inspection_units::InspectionUnit,
    inspections::{InspectionId, InspectionKind, Level},
    terms::{self, Term, TermId},
};

labelled! {
    /// Where an organisation on the list stands on a day.
    pub enum Standing: "覆盖情况" {
        /// A regular inspection has left it.
        Done = "done" => "已完成", Green;
        /// A regular inspection is in it.
        UnderWay = "under_way" => "巡察中", Blue;
        /// Put into an inspection or planned for this year or later.
        Planned = "planned" => "已安排", Yellow;
        /// Neither inspected nor planned any more: also when the planned year has passed.
        NotYet = "not_yet" => "未安排", Grey;
        /// On the list with a reason why it is not inspected.
        Exempt = "exempt" => "免予安排", Grey;
    }
}

/// An organisation on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Which.
    pub organisation: OrganisationId,
    /// The year it is planned for.
    pub planned_year: Option<i64>,
    /// Whether a reason stands against inspecting it.
    pub exempt: bool,
}

/// One inspection of one organisation, as far as coverage is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Which organisation.
    pub organisation: OrganisationId,
    /// Which inspection.
    pub inspection: InspectionId,
    /// Kind of inspection.
    pub kind: InspectionKind,
    /// Day the team entered.
    pub entered_on: Option<NaiveDate>,
    /// Day the team left for good.
    pub left_on: Option<NaiveDate>,
}

impl Visit {
    fn done_on(&self, day: NaiveDate) -> bool {
        self.left_on.is_some_and(|left| left <= day)
    }

    fn begun_on(&self, day: NaiveDate) -> bool {
        self.entered_on.is_some_and(|entered| entered <= day)
    }

    fn covers(&self) -> bool {
        self.kind == InspectionKind::Regular
    }
}

/// Where every item stands on `day`, in the order of `items`.
pub fn status(items: &[Listed], visits: &[Visit], day: NaiveDate) -> Vec<Standing> {
    let mut best: HashMap<OrganisationId, Standing> = HashMap::new();
    for visit in visits.iter().filter(|visit| visit.covers()) {
        let reached = reached(visit, day);
        let held = best.entry(visit.organisation).or_insert(reached);
        *held = (*held).min(reached);
    }
    items.iter().map(|item| standing(item, best.get(&item.organisation).copied(), day)).collect()
}

fn reached(visit: &Visit, day: NaiveDate) -> Standing {
    if visit.done_on(day) {
        Standing::Done
    } else if visit.begun_on(day) {
        Standing::UnderWay
    } else {
        Standing::Planned
    }
}

fn standing(item: &Listed, visited: Option<Standing>, day: NaiveDate) -> Standing {
    if item.exempt {
        return Standing::Exempt;
    }
    visited.unwrap_or_else(|| {
        if item.planned_year.is_some_and(|year| year >= i64::from(day.year())) {
            Standing::Planned
        } else {
            Standing::NotYet
        }
    })
}

/// Whether the planned year has passed without the inspection being done.
pub fn is_overdue(item: &Listed, standing: Standing, day: NaiveDate) -> bool {
    !matches!(standing, Standing::Done | Standing::Exempt)
        && item.planned_year.is_some_and(|year| year < i64::from(day.year()))
}

/// How many organisations stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Covered.
    pub done: i64,
    /// Being inspected.
    pub under_way: i64,
    /// Planned.
    pub planned: i64,
    /// Not planned.
    pub not_yet: i64,
    /// Exempted; not counted.
    pub exempt: i64,
}

impl Figures {
    /// Counts `standings`.
    pub fn of(standings: impl IntoIterator<Item = Standing>) -> Self {
        let mut figures = Self::default();
        for standing in standings {
            figures.add(standing);
        }
        figures
    }

    fn add(&mut self, standing: Standing) {
        let place = match standing {
            Standing::Done => &mut self.done,
            Standing::UnderWay => &mut self.under_way,
            Standing::Planned => &mut self.planned,
            Standing::NotYet => &mut self.not_yet,
            Standing::Exempt => &mut self.exempt,
        };
        *place += 1;
    }

    /// The denominator: organisations on the list that have to be inspected.
    pub fn counted(&self) -> i64 {
        self.done + self.under_way + self.planned + self.not_yet
    }

    /// The coverage rate in percent, half up to two decimals, without the sign: 50 of 102 is `49.02`.
    pub fn rate(&self) -> String {
        kit::units::ratio(self.done * 100, self.counted(), 2)
    }

    /// The coverage rate as a value to show.
    pub fn shown(&self) -> Shown {
        Shown::Rate { numerator: self.done, denominator: self.counted() }
    }
}

/// One line of the coverage page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverageRow {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: OrganisationKind,
    /// The year it is planned for.
    pub planned_year: Option<i64>,
    /// Why it is not inspected; empty for most.
    pub exempt_reason: String,
    /// Where it stands.
    pub standing: Standing,
    /// Whether its planned year has passed without being done.
    pub overdue: bool,
    /// The first regular inspection that covered it, and when the team left.
    pub covered: Option<(InspectionId, NaiveDate)>,
}

/// One year of the term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverageYear {
    /// The year.
    pub year: i64,
    /// Organisations planned for it.
    pub planned: i64,
    /// Organisations covered in it for the first time.
    pub done: i64,
    /// Organisations covered up to its end (or up to the day of the page).
    pub cumulative: i64,
}

/// The coverage of a term on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct CoveragePage {
    /// The term.
    pub term: Term,
    /// The edition in force.
    pub list: CoverageList,
    /// The day.
    pub day: NaiveDate,
    /// Every organisation on the list, by kind and name.
    pub rows: Vec<CoverageRow>,
    /// All of them.
    pub total: Figures,
    /// By kind of organisation, in the order of the kinds.
    pub by_kind: Vec<(OrganisationKind, Figures)>,
    /// By year of the term up to the later of the day and the last planned year.
    pub by_year: Vec<CoverageYear>,
}

/// The coverage of `term` (or of the term on `day`) as it was on `day`; nothing when no edition was
/// in force then or the actor may not see it.
pub async fn page(cx: &Cx, term: Option<TermId>, day: NaiveDate) -> Result<Option<CoveragePage>> {
    let term = match term {
        Some(term) => Some(terms::find(cx, term).await?),
        None => terms::on_day(cx, day).await?,
    };
    let Some(term) = term else { return Ok(None) };
    let Some(list) = coverage_lists::in_force(cx, term.id, day).await? else { return Ok(None) };
    let rows = rows(cx, &list, day).await?;
    let total = Figures::of(rows.iter().map(|row| row.standing));
    let (by_kind, by_year) = (by_kind(&rows), by_year(&rows, &term, day));
    Ok(Some(CoveragePage { term, list, day, rows, total, by_kind, by_year }))
}

/// The figures of one edition on `day`, whether or not it was in force.
pub async fn of_list(cx: &Cx, list: &CoverageList, day: NaiveDate) -> Result<Figures> {
    Ok(Figures::of(rows(cx, list, day).await?.iter().map(|row| row.standing)))
}

#[derive(sea_orm::FromQueryResult)]
struct ItemRow {
    organisation_id: OrganisationId,
    name: String,
    kind: OrganisationKind,
    planned_year: Option<i64>,
    exempt_reason: String,
}

impl ItemRow {
    fn listed(&self) -> Listed {
        Listed {
            organisation: self.organisation_id,
            planned_year: self.planned_year,
            exempt: !self.exempt_reason.is_empty(),
        }
    }
}

async fn rows(cx: &Cx, list: &CoverageList, day: NaiveDate) -> Result<Vec<CoverageRow>> {
    let items = items(cx, list).await?;
    let visits = visits(cx, list.term_id).await?;
    let covered = first_covered(&visits, day);
    let listed: Vec<Listed> = items.iter().map(ItemRow::listed).collect();
    let standings = status(&listed, &visits, day);
    let lines = items.into_iter().zip(listed).zip(standings);
    Ok(lines
        .map(|((item, listed), standing)| CoverageRow {
            organisation: item.organisation_id,
            name: item.name,
            kind: item.kind,
            planned_year: item.planned_year,
            exempt_reason: item.exempt_reason,
            standing,
            overdue: is_overdue(&listed, standing, day),
            covered: covered.get(&item.organisation_id).copied(),
        })
        .collect())
}

async fn items(cx: &Cx, list: &CoverageList) -> Result<Vec<ItemRow>> {
    let mut sql = Sql::new(
        "select c.organisation_id, o.name, o.kind, c.planned_year, c.exempt_reason from coverage_item c \
         join organisation o on o.id = c.organisation_id where c.list_id = ",
    );
    sql.bind(list.id).push(" and ");
    CoverageItem::scope(&cx.actor).write("c", &mut sql);
    sql.push(" order by o.kind, o.name, c.id");
    let mut items: Vec<ItemRow> = cx.all(sql).await?;
    items.sort_by_key(|item| item.kind);
    Ok(items)
}

#[derive(sea_orm::FromQueryResult)]
struct VisitRow {
    organisation_id: OrganisationId,
    inspection_id: InspectionId,
    kind: InspectionKind,
    entered_on: Option<NaiveDate>,
    left_on: Option<NaiveDate>,
}

async fn visits(cx: &Cx, term: TermId) -> Result<Vec<Visit>> {
    let mut sql = Sql::new(
        "select u.organisation_id, u.inspection_id, u.kind, u.entered_on, u.left_on from inspection_unit u \
         join inspection i on i.id = u.inspection_id where i.term_id = ",
    );
    sql.bind(term).push(" and i.level = ").bind(Level::City).push(" and ");
    InspectionUnit::scope(&cx.actor).write("u", &mut sql);
    let rows: Vec<VisitRow> = cx.all(sql).await?;
    Ok(rows
        .into_iter()
        .map(|row| Visit {
            organisation: row.organisation_id,
            inspection: row.inspection_id,
            kind: row.kind,
            entered_on: row.entered_on,
            left_on: row.left_on,
        })
        .collect())
}

fn first_covered(visits: &[Visit], day: NaiveDate) -> HashMap<OrganisationId, (InspectionId, NaiveDate)> {
    let mut first: HashMap<OrganisationId, (InspectionId, NaiveDate)> = HashMap::new();
    for visit in visits.iter().filter(|visit| visit.covers() && visit.done_on(day)) {
        let Some(left) = visit.left_on else { continue };
        let held = first.entry(visit.organisation).or_insert((visit.inspection, left));
        if left < held.1 {
            *held = (visit.inspection, left);
        }
    }
    first
}

fn by_kind(rows: &[CoverageRow]) -> Vec<(OrganisationKind, Figures)> {
    let kinds = <OrganisationKind as kit::Labelled>::ALL.iter();
    kinds
        .map(|&kind| (kind, Figures::of(rows.iter().filter(|row| row.kind == kind).map(|row| row.standing))))
        .filter(|(_, figures)| *figures != Figures::default())
        .collect()
}

fn by_year(rows: &[CoverageRow], term: &Term, day: NaiveDate) -> Vec<CoverageYear> {
    let planned = rows.iter().filter_map(|row| row.planned_year).max().unwrap_or(0);
    let last = planned.max(i64::from(day.year()));
    let counted = || rows.iter().filter(|row| row.standing == Standing::Done).filter_map(|row| row.covered);
    let years = i64::from(term.starts_on.year())..=last;
    years
        .map(|year| CoverageYear {
            year,
            planned: count(rows.iter().filter(|row| row.planned_year == Some(year))),
            done: count(counted().filter(|(_, left)| i64::from(left.year()) == year)),
            cumulative: count(counted().filter(|(_, left)| i64::from(left.year()) <= year)),
        })
        .collect()
}

fn count<T>(items: impl Iterator<Item = T>) -> i64 {
    i64::try_from(items.count()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    fn organisation(number: u128) -> OrganisationId {
        OrganisationId(Uuid::from_u128(number))
    }

    fn listed(number: u128) -> Listed {
        Listed { organisation: organisation(number), planned_year: Some(2023), exempt: false }
    }

    fn visit(number: u128, kind: InspectionKind, left_on: Option<NaiveDate>) -> Visit {
        Visit {
            organisation: organisation(number),
            inspection: InspectionId(Uuid::from_u128(number)),
            kind,
            entered_on: Some(day(2023, 2, 1)),
            left_on,
        }
    }

    #[test]
    fn fifty_of_a_hundred_and_two_is_49_02_percent() {
        let items: Vec<Listed> = (0..102).map(listed).collect();
        let done = Some(day(2023, 12, 31));
        let visits: Vec<Visit> = (0..50).map(|n| visit(n, InspectionKind::Regular, done)).collect();
        let figures = Figures::of(status(&items, &visits, day(2023, 12, 31)));
        assert_eq!((figures.done, figures.counted()), (50, 102));
        assert_eq!(figures.rate(), "49.02");
        let day_before = Figures::of(status(&items, &visits, day(2023, 12, 30)));
        assert_eq!((day_before.done, day_before.under_way), (0, 50));
    }

    #[test]
    fn a_special_inspection_does_not_cover() {
        let visits = [visit(1, InspectionKind::Special, Some(day(2023, 3, 1)))];
        assert_eq!(status(&[listed(1)], &visits, day(2023, 6, 1)), [Standing::Planned]);
    }

    #[test]
    fn an_exempted_organisation_is_not_counted() {
        let items = [Listed { exempt: true, ..listed(1) }, listed(2)];
        let visits = [visit(2, InspectionKind::Regular, Some(day(2023, 3, 1)))];
        assert_eq!(Figures::of(status(&items, &visits, day(2023, 6, 1))).rate(), "100.00");
    }

    #[test]
    fn an_organisation_whose_planned_year_has_passed_is_overdue_until_it_is_done() {
        let (item, today) = (listed(1), day(2024, 1, 1));
        assert!(is_overdue(&item, Standing::NotYet, today));
        assert!(is_overdue(&item, Standing::UnderWay, today));
        assert!(!is_overdue(&item, Standing::Done, today));
        assert!(!is_overdue(&item, Standing::NotYet, day(2023, 12, 31)));
    }

    proptest! {
        #[test]
        fn each_organisation_counts_once_whatever_the_number_of_inspections(
            visited in proptest::collection::vec((0u128..30, 0usize..8, proptest::option::of(0u64..700)), 0..200),
            as_of in 0u64..800,
        ) {
            let items: Vec<Listed> = (0..20).map(listed).collect();
            let kinds = <InspectionKind as kit::Labelled>::ALL;
            let start = day(2023, 1, 1);
            let visits: Vec<Visit> = visited
                .iter()
                .map(|&(n, kind, left)| {
                    visit(n, kinds[kind], left.map(|days| kit::clock::days_after(start, days)))
                })
                .collect();
            let today = kit::clock::days_after(start, as_of);
            let figures = Figures::of(status(&items, &visits, today));
            let covered: std::collections::HashSet<OrganisationId> = visits
                .iter()
                .filter(|v| v.kind == InspectionKind::Regular && v.left_on.is_some_and(|left| left <= today))
                .map(|v| v.organisation)
                .filter(|o| items.iter().any(|item| item.organisation == *o))
                .collect();
            prop_assert_eq!(figures.counted(), 20);
            prop_assert_eq!(figures.done, covered.len() as i64);
            let doubled: Vec<Visit> = visits.iter().chain(&visits).copied().collect();
            prop_assert_eq!(Figures::of(status(&items, &doubled, today)), figures);
        }

        #[test]
        fn coverage_never_falls_as_time_passes(left in 0u64..700, early in 0u64..700, later in 0u64..700) {
            let start = day(2023, 1, 1);
            let on = |days| kit::clock::days_after(start, days);
            let visits = [visit(1, InspectionKind::Regular, Some(on(left)))];
            let done = |days| Figures::of(status(&[listed(1)], &visits, on(days))).done;
            prop_assert!(done(early.min(later)) <= done(early.max(later)));
        }
    }
}
