//! Declarations of the teams at work, and avoidances in every state: one of them locks a member out of what his
//! team inspects.

use chrono::{Days, NaiveDate};
use city::{
    inspections::{InspectedUnit, Inspection},
    keys::{InspectionKey, OrganisationKey, PersonKey},
    people::RoundTeam,
};
use kit::Labelled as _;
use planning::{
    avoidances::{self, Ground, Source},
    declarations,
};
use uuid::Uuid;

use super::{
    DemoAccount, PASSWORD,
    cargo::{Cargo, row},
    chronicle::{Step, Story, at_office},
    people::{OPEN_FROM_ROUND, works_on},
    plan::Plan,
};

const NOTHING: &str = "本人确认没有应当回避的情形。";
const FOUND_NOTHING: &str = "经核对人员档案，未发现应当回避的情形。";
const ASKED: Step = Step::plain("create", "请其申报");
const RAISED: Step = Step::plain("create", "提出回避");

/// The member whom a decided avoidance locks out, and from what.
pub(super) struct Barred {
    pub(super) person: PersonKey,
    pub(super) inspection: InspectionKey,
    organisation: OrganisationKey,
}

/// The second member of the youngest team must keep away from the first organisation it inspects.
pub(super) fn barred(plan: &Plan<'_>) -> Option<Barred> {
    let team = plan.city.round_teams.last()?;
    let person = team.members.get(1).copied()?;
    let inspection = plan.city.inspections.iter().find(|inspection| works_on(plan, team, inspection))?;
    let unit = unit_of(plan, team, inspection)?;
    Some(Barred { person, inspection: inspection.key, organisation: unit.organisation })
}

fn unit_of<'a>(plan: &Plan<'a>, team: &RoundTeam, inspection: &Inspection) -> Option<&'a InspectedUnit> {
    plan.city.inspected_units.iter().find(|unit| unit.inspection == inspection.key && unit.team == team.team)
}

/// The account of the member who is locked out, and the organisation.
pub(super) fn account(plan: &Plan<'_>) -> Option<(DemoAccount, String)> {
    let barred = barred(plan)?;
    let person = plan.city.people.iter().find(|person| person.key == barred.person)?;
    let account = DemoAccount {
        login: person.login.clone()?,
        password: PASSWORD.to_owned(),
        role: kit::Role::TeamMember,
        name: person.name.clone(),
    };
    Some((account, plan.city[barred.organisation].name.clone()))
}

/// Declarations for the rounds whose teams are at work, and the avoidances that came of them.
pub(super) fn load(plan: &Plan<'_>, cargo: &mut Cargo) {
    let mut desk = Desk { plan, cargo, declarations: 0, avoidances: 0 };
    for team in plan.city.round_teams.iter().filter(|team| plan.city[team.round].number >= OPEN_FROM_ROUND) {
        for inspection in plan.city.inspections.iter().filter(|inspection| works_on(plan, team, inspection)) {
            desk.team(team, inspection);
        }
    }
    desk.cases();
}

struct Desk<'a, 'p> {
    plan: &'a Plan<'p>,
    cargo: &'a mut Cargo,
    declarations: usize,
    avoidances: usize,
}

/// What is known of an avoidance.
struct Case<'a> {
    person: PersonKey,
    organisation: OrganisationKey,
    ground: Ground,
    facts: &'a str,
    source: Source,
    state: avoidances::State,
    raised_on: NaiveDate,
    opinion: &'a str,
    declaration: Option<Uuid>,
}

impl Desk<'_, '_> {
    fn team(&mut self, team: &RoundTeam, inspection: &Inspection) {
        let asked = team.authorised_on.checked_sub_days(Days::new(5)).unwrap_or(team.authorised_on);
        let people = std::iter::once(team.head).chain(team.deputies.iter().copied());
        for person in people.chain(team.members.iter().copied()) {
            self.declaration(person, inspection, asked, declarations::State::Signed);
        }
    }

    fn declaration(
        &mut self,
        person: PersonKey,
        inspection: &Inspection,
        on: NaiveDate,
        state: declarations::State,
    ) -> Uuid {
        self.declarations += 1;
        let plan = self.plan;
        let id = plan.ids.of("declaration", self.declarations);
        let clerk = plan.clerk(self.declarations);
        let signed = state == declarations::State::Signed;
        row!(self.cargo, "declaration", {
            id: id, version: if signed { 2_i64 } else { 1_i64 }, account_id: plan.account(person),
            for_inspection_id: plan.inspection(inspection.key), state: state, requested_by: clerk.account,
            requested_on: on, signed_at: signed.then(|| at_office(on, id, 8)),
            statement: if signed { NOTHING } else { "" }, checked: if signed { FOUND_NOTHING } else { "" }, note: "",
        });
        let mut story = Story::of(self.cargo, declarations::NOUN, id);
        story.tell(on, &clerk, ASKED, "");
        if signed {
            let step = Step {
                deed: declarations::Deed::Sign.code(),
                label: declarations::Deed::Sign.label(),
                from: declarations::State::Requested.label(),
                to: declarations::State::Signed.label(),
            };
            story.tell(on, &plan.doer(person), step, "");
        }
        id
    }

    fn case(&mut self, case: &Case<'_>) {
        self.avoidances += 1;
        let plan = self.plan;
        let id = plan.ids.of("avoidance", self.avoidances);
        let clerk = plan.clerk(self.avoidances);
        let decided = case.state != avoidances::State::Open;
        let decider = plan.group_member();
        let on = case.raised_on.checked_add_days(Days::new(2)).unwrap_or(case.raised_on);
        row!(self.cargo, "avoidance", {
            id: id, version: if decided { 2_i64 } else { 1_i64 }, account_id: plan.account(case.person),
            from_organisation_id: plan.organisation(case.organisation), declaration_id: case.declaration,
            ground: case.ground, facts: case.facts, source: case.source, state: case.state,
            raised_by: if case.source == Source::Raised { clerk.account } else { None }, raised_on: case.raised_on,
            decided_by: decider.account.filter(|_| decided), decided_on: Some(on).filter(|_| decided),
            opinion: case.opinion,
        });
        let mut story = Story::of(self.cargo, avoidances::NOUN, id);
        story.tell(case.raised_on, &clerk, RAISED, "");
        if decided {
            let deed = match case.state {
                avoidances::State::Avoids => avoidances::Deed::Decide,
                _ => avoidances::Deed::Dismiss,
            };
            let (from, to) = (avoidances::State::Open.label(), case.state.label());
            let step = Step { deed: deed.code(), label: deed.label(), from, to };
            story.tell(on, &decider, step, case.opinion);
        }
    }

    /// One avoidance that was decided, one that was not needed, one that waits with a person who has just signed,
    /// and somebody who has still to declare.
    fn cases(&mut self) {
        let plan = self.plan;
        let (Some(barred), Some(team)) = (barred(plan), plan.city.round_teams.last()) else { return };
        let on = team.authorised_on.checked_add_days(Days::new(3)).unwrap_or(team.authorised_on);
        let before = team.authorised_on.checked_sub_days(Days::new(5)).unwrap_or(team.authorised_on);
        let usual = Case {
            person: barred.person,
            organisation: barred.organisation,
            ground: Ground::Relative,
            facts: "经群众反映并核实，其配偶现任该单位计划财务科科长。",
            source: Source::Raised,
            state: avoidances::State::Avoids,
            raised_on: on,
            opinion: "情况属实，应当回避，由巡察办另行调配组员。",
            declaration: None,
        };
        self.case(&usual);
        if let Some(member) = team.members.first() {
            self.case(&Case {
                person: *member,
                ground: Ground::NativePlace,
                facts: "本人籍贯与该单位驻地相同，没有亲属在该单位任职。",
                source: Source::Raised,
                state: avoidances::State::Dismissed,
                raised_on: before,
                opinion: "不影响公正执行职务，不需回避。",
                ..usual
            });
        }
        let inspection = &plan.city[barred.inspection];
        let mut newcomers = self.newcomers().into_iter();
        if let Some(person) = newcomers.next() {
            let declaration = self.declaration(person, inspection, on, declarations::State::Signed);
            self.case(&Case {
                person,
                ground: Ground::Worked,
                facts: "曾任该单位办公室副主任，2021年12月31日离任，未满36个月。",
                source: Source::Checked,
                state: avoidances::State::Open,
                opinion: "",
                declaration: Some(declaration),
                ..usual
            });
        }
        for person in newcomers.take(2) {
            self.declaration(person, inspection, on, declarations::State::Requested);
        }
    }

    /// Members of earlier rounds who are in no team of the last one.
    fn newcomers(&self) -> Vec<PersonKey> {
        let teams = &self.plan.city.round_teams;
        let last = teams.last().map(|team| team.round);
        let busy = |person: &PersonKey| {
            teams.iter().any(|team| Some(team.round) == last && team.members.contains(person))
        };
        let mut free: Vec<PersonKey> = teams
            .iter()
            .flat_map(|team| team.members.iter().copied())
            .filter(|person| !busy(person))
            .collect();
        free.sort_unstable();
        free.dedup();
        free
    }
}
