//! The board of joint selection (点兵总览): all needs of a round in one table, teams by duties, with what is asked,
//! proposed, agreed on and still missing.

use std::collections::BTreeMap;

use askama::Template;
use axum::{response::Response, routing::get};
use kit::{
    Actor, Labelled as _, Refusal, Result, Role, lookup,
    service::{Group, Page},
    web::{Query, Viewer, respond, shell},
};
use planning::{
    needs::{self, Asked, Duty},
    rounds,
};
use uuid::Uuid;

/// Rounds offered for choice.
const ROUNDS: u64 = 100;

pub fn pages() -> Vec<Page> {
    vec![Page {
        method: "GET",
        path: "/selection-board",
        label: "点兵总览",
        group: Some(Group::Prepare),
        icon: "user-search",
        offered,
        public: false,
        handler: get(show),
    }]
}

/// The two sides that select together, and the leading group.
fn offered(actor: &Actor) -> bool {
    actor.is_office() || actor.is_any(&[Role::OrganisationDepartment, Role::LeadingGroup])
}

/// How far people for something are.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    asked: i64,
    proposed: i64,
    agreed: i64,
    missing: i64,
}

impl Tally {
    fn of(need: &Asked) -> Self {
        // More people than asked for in one need do not fill another.
        let missing = (need.number - need.agreed).max(0);
        Self { asked: need.number, proposed: need.proposed, agreed: need.agreed, missing }
    }

    fn add(&mut self, other: Self) {
        self.asked += other.asked;
        self.proposed += other.proposed;
        self.agreed += other.agreed;
        self.missing += other.missing;
    }
}

/// The needs of one team for one duty.
#[derive(Default)]
struct Cell {
    tally: Tally,
    needs: Vec<(Uuid, &'static str)>,
}

struct TeamRow {
    team: String,
    inspection: Uuid,
    number: String,
    cells: Vec<Cell>,
    total: Tally,
}

#[derive(Template)]
#[template(path = "selection_board.html")]
struct Board {
    rounds: Vec<(Uuid, String, bool)>,
    duties: Vec<&'static str>,
    teams: Vec<TeamRow>,
    totals: Vec<Tally>,
    total: Tally,
}

async fn show(viewer: Viewer) -> Response {
    respond::answer(&viewer, Box::pin(page(&viewer))).await
}

async fn page(viewer: &Viewer) -> Result<Response> {
    if !offered(&viewer.actor) {
        return Err(Refusal::not_found().into());
    }
    let cx = viewer.read();
    let mut held = lookup::options(&cx, rounds::NOUN, "", ROUNDS).await?;
    held.reverse();
    let query = Query::parse(viewer.query.as_deref())?;
    let asked = query.get("round").and_then(|text| Uuid::parse_str(text).ok());
    let chosen = held.iter().find(|(id, _)| asked == Some(*id)).or_else(|| held.first()).map(|(id, _)| *id);
    let found = match chosen {
        Some(round) => needs::of_round(&cx, round).await?,
        None => Vec::new(),
    };
    let teams = rows(&found);
    let mut totals = vec![Tally::default(); Duty::ALL.len()];
    let mut total = Tally::default();
    for team in &teams {
        total.add(team.total);
        for (sum, cell) in totals.iter_mut().zip(&team.cells) {
            sum.add(cell.tally);
        }
    }
    let content = Board {
        rounds: held.into_iter().map(|(id, name)| (id, name, chosen == Some(id))).collect(),
        duties: Duty::ALL.iter().map(|duty| duty.label()).collect(),
        teams,
        totals,
        total,
    }
    .render()?;
    shell::page(viewer, shell::Sheet::new("点兵总览", content).crumb("点兵总览", "")).await
}

/// One row for each inspection, one cell for each duty in the order of the duties.
fn rows(found: &[Asked]) -> Vec<TeamRow> {
    let mut rows: BTreeMap<(String, Uuid), TeamRow> = BTreeMap::new();
    for need in found {
        let row = rows.entry((need.team.clone(), need.inspection_id.0)).or_insert_with(|| TeamRow {
            team: need.team.clone(),
            inspection: need.inspection_id.0,
            number: need.inspection.clone(),
            cells: Duty::ALL.iter().map(|_| Cell::default()).collect(),
            total: Tally::default(),
        });
        let tally = Tally::of(need);
        row.total.add(tally);
        let place = Duty::ALL.iter().position(|duty| *duty == need.duty);
        if let Some(cell) = place.and_then(|place| row.cells.get_mut(place)) {
            cell.tally.add(tally);
            cell.needs.push((need.id.0, need.state.label()));
        }
    }
    rows.into_values().collect()
}

#[cfg(test)]
mod tests {
    use planning::needs::{NeedId, State};

    use super::*;

    fn need(duty: Duty, number: i64, proposed: i64, agreed: i64) -> Asked {
        Asked {
            id: NeedId(Uuid::from_u128(1)),
            inspection_id: planning::inspections::InspectionId(Uuid::from_u128(2)),
            inspection: String::from("XC-2023-001"),
            team: String::from("第一巡察组"),
            duty,
            number,
            state: State::Sent,
            proposed,
            agreed,
        }
    }

    #[test]
    fn what_one_need_has_too_many_does_not_fill_another() {
        let found = [need(Duty::Finance, 2, 1, 3), need(Duty::Finance, 2, 0, 0), need(Duty::Head, 1, 0, 1)];
        let rows = rows(&found);
        assert_eq!(rows.len(), 1);
        let total = rows[0].total;
        assert_eq!((total.asked, total.proposed, total.agreed, total.missing), (5, 1, 4, 2));
        let finance = Duty::ALL.iter().position(|duty| *duty == Duty::Finance).unwrap();
        assert_eq!(rows[0].cells[finance].needs.len(), 2);
    }
}
