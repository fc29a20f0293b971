//! Authorisations of the teams whose round is over, one that waits for approval, and draws with their records.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use city::{
    inspections::Inspection,
    people::{Role, RoundTeam},
};
use kit::Labelled as _;
use planning::{
    authorisations::{self, period},
    draws::{self, lot},
    needs::Duty,
    talents::Pool,
};

use super::{
    cargo::{Cargo, row},
    chronicle::{Step, Story, at_office},
    people::{OPEN_FROM_ROUND, works_on},
    plan::Plan,
};

/// Authorisations and draws.
pub(super) fn load(plan: &Plan<'_>, cargo: &mut Cargo) {
    let mut number = 0;
    for team in plan.city.round_teams.iter().filter(|team| plan.city[team.round].number < OPEN_FROM_ROUND) {
        if let Some(inspection) = first_inspection(plan, team) {
            number += 1;
            authorisation(plan, cargo, number, (team, inspection), authorisations::State::Approved);
        }
    }
    let Some(team) = plan.city.round_teams.last() else { return };
    let Some(inspection) = first_inspection(plan, team) else { return };
    authorisation(plan, cargo, number + 1, (team, inspection), authorisations::State::Submitted);
    draw(plan, cargo, 1, (inspection, team.authorised_on), Some(("市委组织部 何某", "271828")));
    draw(plan, cargo, 2, (inspection, team.authorised_on), None);
}

fn first_inspection<'p>(plan: &Plan<'p>, team: &RoundTeam) -> Option<&'p Inspection> {
    plan.city.inspections.iter().find(|inspection| works_on(plan, team, inspection))
}

fn at(day: NaiveDate, time: &str) -> DateTime<Utc> {
    period::instant(day, time).unwrap_or_default()
}

fn authorisation(
    plan: &Plan<'_>,
    cargo: &mut Cargo,
    number: usize,
    (team, inspection): (&RoundTeam, &Inspection),
    state: authorisations::State,
) {
    let id = plan.ids.of("authorisation", number);
    let approved = state == authorisations::State::Approved;
    let (clerk, leader) = (plan.clerk(number), plan.group_member());
    let (year, on) = (team.authorised_on.year(), team.authorised_on);
    let text = format!("澜委巡授〔{year}〕{number}号");
    row!(cargo, "authorisation", {
        id: id, version: 1_i64, inspection_id: plan.inspection(inspection.key), number: text.as_str(),
        decided_by_body: "市委巡察工作领导小组", decided_on: on, from_at: at(on, "08:30"),
        to_at: at(team.expires_on, "24:00"), state: state, note: "", prepared_by: clerk.account,
        submitted_on: Some(on), approved_by: leader.account.filter(|_| approved), approved_on: approved.then_some(on),
        opinion: if approved { "同意。" } else { "" },
    });
    cargo.find_by(authorisations::NOUN, id, text);
    let mut story = Story::of(cargo, authorisations::NOUN, id);
    story.tell(on, &clerk, Step::plain("create", "拟定授权"), "");
    if approved {
        let (from, to) = (authorisations::State::Submitted.label(), state.label());
        let deed = authorisations::Deed::Approve;
        story.tell(on, &leader, Step { deed: deed.code(), label: deed.label(), from, to }, "同意。");
    }
}

/// A draw of a head, with the witness and his number once it is drawn.
fn draw(
    plan: &Plan<'_>,
    cargo: &mut Cargo,
    number: usize,
    (inspection, authorised): (&Inspection, NaiveDate),
    drawn: Option<(&'static str, &'static str)>,
) {
    let id = plan.ids.of("draw", number);
    let on = authorised.checked_sub_days(Days::new(20)).unwrap_or(authorised);
    let heads = plan.city.posts.iter().filter(|post| post.role == Some(Role::TeamHead));
    let mut lines: Vec<String> = heads
        .map(|post| format!("{} 市委巡察办 {}", plan.name(post.person), plan.person(post.person)))
        .collect();
    lines.sort();
    let list: Vec<&str> = lines.iter().map(String::as_str).collect();
    let published = lot::list_digest(&list);
    let seed = drawn.map_or_else(String::new, |(_, nonce)| lot::seed(&published, nonce));
    let picked = if drawn.is_some() { lot::draw(&list, &seed, 1).join("\n") } else { String::new() };
    let (lister, drawer) = (plan.clerk(number), plan.clerk(number + 1));
    let state = if drawn.is_some() { draws::State::Drawn } else { draws::State::Listed };
    row!(cargo, "draw", {
        id: id, version: 1_i64, inspection_id: plan.inspection(inspection.key), pool: Pool::Heads,
        duty: if drawn.is_some() { Duty::Head } else { Duty::Deputy }, number: 1_i64, state: state,
        list: lines.join("\n"), list_digest: published, excluded: "", witness: drawn.map_or("", |(witness, _)| witness),
        nonce: drawn.map_or("", |(_, nonce)| nonce), seed: seed, picked: picked, listed_by: lister.account,
        listed_on: on, drawn_by: drawer.account.filter(|_| drawn.is_some()),
        drawn_at: drawn.map(|_| at_office(on, id, 10)), note: "",
    });
    let mut story = Story::of(cargo, draws::NOUN, id);
    story.tell(on, &lister, Step::plain("create", "公布抽签名单"), "");
    if drawn.is_some() {
        let deed = draws::Deed::Draw;
        let (from, to) = (draws::State::Listed.label(), state.label());
        story.tell(on, &drawer, Step { deed: deed.code(), label: deed.label(), from, to }, "");
    }
}
