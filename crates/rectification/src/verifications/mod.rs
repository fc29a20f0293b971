//! Checks of what was rectified (整改核查): of every problem that a looking-back inspection (回头看) inherits, and of those
//! that were drawn. A team or the office finds on the spot whether the rectification holds; what does not hold the
//! office opens again. New problems that a look-back finds are problems of that inspection.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Governed, Lifecycle, Pred, Role, labelled, lifecycle};
use uuid::Uuid;

use crate::access;

pub use service::service;
pub use store::{Model as Verification, Tally, find, tally};

/// Path segment of the noun.
pub const NOUN: &str = "verifications";

kit::id!(
    /// Identity of a check.
    VerificationId
);

labelled! {
    /// Why a problem is checked.
    pub enum Way: "核查方式" {
        /// Its inspection is looked back at.
        LookBack = "look_back" => "巡察“回头看”", Blue;
        /// It was drawn.
        Drawn = "drawn" => "随机抽查", Grey;
    }
}

labelled! {
    /// What was found.
    pub enum State: "核查结论" {
        /// Not checked yet.
        Pending = "pending" => "待核查", Yellow;
        /// It holds.
        Holds = "holds" => "整改到位", Green;
        /// It holds in part.
        Partly = "partly" => "部分到位", Orange;
        /// It does not hold.
        Fails = "fails" => "整改不到位", Red;
        /// It was opened again.
        Reopened = "reopened" => "已重开", Red;
    }
}

labelled! {
    /// What can be done.
    pub enum Deed: "办理事项" {
        /// Enter what was found.
        Hold = "hold" => "认定到位", Green;
        /// Holds in part.
        Part = "part" => "认定部分到位", Orange;
        /// Does not hold.
        Fail = "fail" => "认定不到位", Red;
        /// Check again.
        Redo = "redo" => "重新核查", Grey;
        /// Open the problem again.
        Reopen = "reopen" => "重开问题", Red;
    }
}

impl Lifecycle for Verification {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Pending, Deed::Hold) => Some(State::Holds),
            (State::Pending, Deed::Part) => Some(State::Partly),
            (State::Pending, Deed::Fail) => Some(State::Fails),
            (State::Holds | State::Partly | State::Fails, Deed::Redo) => Some(State::Pending),
            (State::Partly | State::Fails, Deed::Reopen) => Some(State::Reopened),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Hold | Deed::Part | Deed::Fail | Deed::Redo => {
                actor.is_office() || (self.way == Way::LookBack && actor.in_team(self.inspection_id))
            }
            Deed::Reopen => actor.is_office(),
        }
    }

    /// The looking-back team sees its own; the organisation learns of a reopening by its problem alone.
    fn visible(actor: &Actor) -> Pred {
        let looks_back = || Pred::is("way", Way::LookBack);
        actor.reach([
            (Role::LeadingGroup, Pred::All),
            (Role::OfficeDirector, Pred::All),
            (Role::OfficeLiaison, Pred::All),
            (Role::TeamHead, actor.own_inspections(Role::TeamHead).and(looks_back())),
            (Role::TeamMember, actor.own_inspections(Role::TeamMember).and(looks_back())),
            (Role::Discipline, Pred::All),
        ])
    }
}

fn governed() -> Governed {
    Governed {
        noun: NOUN,
        label: "整改核查",
        transitions: lifecycle::transitions::<Verification>,
        permissions: || lifecycle::permissions::<Verification>(sample, access::concerned, access::stranger),
    }
}

fn sample(state: State) -> Verification {
    Verification {
        id: VerificationId(Uuid::from_u128(450)),
        version: 1,
        way: Way::LookBack,
        recheck_id: None,
        inspection_id: access::SAMPLE_INSPECTION,
        problem_id: Uuid::from_u128(451),
        organisation_id: access::SAMPLE_ORGANISATION,
        state,
        made_on: chrono::NaiveDate::default(),
        checked_on: None,
        checked_by: None,
        checker_name: String::new(),
        text: String::new(),
        reopened_on: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inspected_organisation_and_other_teams_never_see_a_check() {
        for state in [State::Pending, State::Fails, State::Reopened] {
            assert!(
                !Verification::visible(&access::concerned(Role::OrganisationLiaison)).holds(&sample(state))
            );
            assert!(!Verification::visible(&access::stranger(Role::TeamHead)).holds(&sample(state)));
        }
    }

    #[test]
    fn a_team_finds_what_does_not_hold_and_only_the_office_opens_it_again() {
        let head = access::concerned(Role::TeamHead);
        assert!(sample(State::Pending).decide(&head, Deed::Fail).is_ok());
        assert!(sample(State::Fails).decide(&head, Deed::Reopen).is_err());
        assert!(sample(State::Fails).decide(&access::concerned(Role::OfficeDirector), Deed::Reopen).is_ok());
        assert!(sample(State::Holds).decide(&access::concerned(Role::OfficeDirector), Deed::Reopen).is_err());
    }
}
