//! Doubts (疑点): what a model raised, until a person has verified it and said what it is. A doubt is no finding.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled, numbers::Series};
use uuid::Uuid;

pub use service::service;
pub use store::Model as Doubt;
pub use store::{ActiveModel, Column, Entity, find};

/// Path segment of the noun.
pub const NOUN: &str = "doubts";
/// Numbers of doubts: `YD-2023-0007`.
pub const SERIES: Series = Series { prefix: "YD", table: "doubt" };

kit::id!(
    /// Identity of a doubt.
    DoubtId
);

labelled! {
    /// Where a doubt stands.
    pub enum State: "疑点状态" {
        /// Raised, given to nobody.
        Open = "open" => "待分派", Yellow;
        /// Somebody verifies it.
        Assigned = "assigned" => "核实中", Blue;
        /// Verified, waiting for a decision.
        Verified = "verified" => "待处理", Orange;
        /// Nothing in it.
        Excluded = "excluded" => "已排除", Grey;
        /// It became a problem.
        Problem = "problem" => "已转问题", Green;
        /// It became a lead.
        Lead = "lead" => "已转线索", Green;
        /// It became a project suspected of breaking law or rules.
        Project = "project" => "已转项目", Green;
        /// Handed to somebody else to look into.
        PassedOn = "passed_on" => "已转交", Green;
    }
}

labelled! {
    /// What can be done to a doubt.
    pub enum Deed: "疑点办理" {
        /// Give it to somebody.
        Assign = "assign" => "分派", Blue;
        /// Say what verifying it gave.
        Verify = "verify" => "填写核实情况", Blue;
        /// Say that it became a problem.
        ToProblem = "to_problem" => "转为问题", Green;
        /// Say that it became a lead.
        ToLead = "to_lead" => "转为线索", Green;
        /// Say that it became a suspect project.
        ToProject = "to_project" => "转为涉嫌项目", Green;
        /// Hand it to somebody else.
        PassOn = "pass_on" => "转交", Green;
        /// Say why there is nothing in it.
        Exclude = "exclude" => "排除", Orange;
        /// Take an exclusion back.
        Reopen = "reopen" => "重新核实", Orange;
    }
}

labelled! {
    /// How loudly a doubt speaks.
    pub enum Level: "疑点等级" {
        /// Look at once.
        Red = "red" => "红", Red;
        /// Look soon.
        Orange = "orange" => "橙", Orange;
        /// Look when there is time.
        Yellow = "yellow" => "黄", Yellow;
        /// For the whole picture.
        Blue = "blue" => "蓝", Blue;
    }
}

impl From<models::recipe::Level> for Level {
    fn from(level: models::recipe::Level) -> Self {
        match level {
            models::recipe::Level::Red => Self::Red,
            models::recipe::Level::Orange => Self::Orange,
            models::recipe::Level::Yellow => Self::Yellow,
            models::recipe::Level::Blue => Self::Blue,
        }
    }
}

impl State {
    /// Whether a person has said what the doubt is.
    pub fn is_concluded(self) -> bool {
        matches!(self, Self::Excluded | Self::Problem | Self::Lead | Self::Project | Self::PassedOn)
    }
}

/// What of doubts and runs is seen by `actor`: the office, the leading group, the own team; never the inspected side.
pub(crate) fn reach(actor: &Actor) -> Pred {
    actor.reach([
        (Role::LeadingGroup, Pred::All),
        (Role::OfficeDirector, Pred::All),
        (Role::OfficeLiaison, Pred::All),
        (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
        (Role::TeamMember, actor.own_inspections(Role::TeamMember)),
    ])
}

/// Whether `actor` may enter runs of models for `inspection`.
pub fn may_create(actor: &Actor, inspection: Uuid) -> bool {
    actor.is(Role::OfficeDirector) || actor.in_team(inspection)
}

impl Lifecycle for Doubt {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Open | State::Assigned, Deed::Assign) | (State::Excluded, Deed::Reopen) => {
                Some(State::Assigned)
            }
            (State::Assigned | State::Verified, Deed::Verify) => Some(State::Verified),
            (State::Open | State::Assigned | State::Verified, Deed::Exclude) => Some(State::Excluded),
            (State::Verified, Deed::ToProblem) => Some(State::Problem),
            (State::Verified, Deed::ToLead) => Some(State::Lead),
            (State::Verified, Deed::ToProject) => Some(State::Project),
            (State::Verified, Deed::PassOn) => Some(State::PassedOn),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        let leads = actor.is(Role::OfficeDirector) || actor.is_for(Role::TeamHead, self.inspection_id);
        match deed {
            Deed::Verify => leads || actor.in_team(self.inspection_id),
            _ => leads,
        }
    }

    fn visible(actor: &Actor) -> Pred {
        reach(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn the_inspected_side_sees_no_doubt_in_any_state() {
        assert_eq!(Doubt::visible(&samples::concerned(Role::OrganisationLiaison)), Pred::Nothing);
    }

    #[test]
    fn nothing_becomes_a_problem_or_a_lead_before_somebody_verified_it() {
        for &state in State::ALL {
            for deed in [Deed::ToProblem, Deed::ToLead, Deed::ToProject, Deed::PassOn] {
                assert_eq!(Doubt::transition(state, deed).is_some(), state == State::Verified, "{state:?}");
            }
        }
    }

    #[test]
    fn a_member_verifies_and_the_head_decides() {
        let doubt = store::sample(State::Verified);
        let (member, head) = (samples::concerned(Role::TeamMember), samples::concerned(Role::TeamHead));
        assert!(doubt.may(&member, Deed::Verify) && !doubt.may(&member, Deed::Exclude));
        assert!(doubt.may(&head, Deed::ToProblem));
        assert!(!doubt.may(&samples::stranger(Role::TeamHead), Deed::ToProblem));
    }
}
