//! Linkage with audit (巡审联动): the yearly exchange of plans, what both sides agree to do together, and the
//! linkage of one inspected unit with its audit, from the proposal to what came of it.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

pub use service::service;
pub use store::{Model as AuditLinkage, find};

use crate::shared;

/// Path segment of the noun.
pub const NOUN: &str = "audit_linkages";

kit::id!(
    /// Identity of a linkage.
    LinkageId
);

labelled! {
    /// Which side proposes; the other one answers.
    pub enum Side: "提议方" {
        /// The inspection office.
        Inspection = "inspection" => "巡察机构", Grey;
        /// The audit bureau.
        Audit = "audit" => "审计机关", Grey;
    }
}

labelled! {
    /// How inspection and audit go together (domain.md 9.3).
    pub enum Mode: "联动方式" {
        /// The audit comes first, the inspection uses it.
        AuditFirst = "audit_first" => "先审后巡", Grey;
        /// Both at the same time.
        Together = "together" => "同步开展", Grey;
        /// Auditors join the team.
        PeopleJoin = "people_join" => "人员参与", Grey;
        /// Each works by itself and results are exchanged.
        ResultsExchanged = "results_exchanged" => "结果互鉴", Grey;
    }
}

labelled! {
    /// Where a linkage stands.
    pub enum State: "联动状态" {
        /// Proposed by one side.
        Proposed = "proposed" => "待商定", Yellow;
        /// Agreed by both sides.
        Agreed = "agreed" => "已商定", Blue;
        /// Not taken up.
        Declined = "declined" => "未采纳", Grey;
        /// Linked with an inspected unit.
        Running = "running" => "联动中", Blue;
        /// Over.
        Concluded = "concluded" => "已结束", Green;
    }
}

labelled! {
    /// What can be done to a linkage.
    pub enum Deed: "联动办理" {
        /// Change the proposal.
        Edit = "edit" => "修改", Grey;
        /// Agree.
        Agree = "agree" => "同意联动", Blue;
        /// Do not take it up.
        Decline = "decline" => "不采纳", Red;
        /// Link it with an inspected unit.
        Bind = "bind" => "对应巡察对象", Blue;
        /// Change how it is done.
        Adjust = "adjust" => "调整联动方式", Grey;
        /// End it.
        Conclude = "conclude" => "结束联动", Green;
    }
}

impl AuditLinkage {
    /// Whether `actor` is of `side`.
    fn is_of(&self, side: Side, actor: &Actor) -> bool {
        match side {
            Side::Inspection => actor.is_office(),
            Side::Audit => actor.is_at(Role::Audit, self.audit_body_id.0),
        }
    }

    /// The side that answers the proposal.
    fn answering(&self) -> Side {
        match self.proposed_by {
            Side::Inspection => Side::Audit,
            Side::Audit => Side::Inspection,
        }
    }
}

impl Lifecycle for AuditLinkage {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Proposed, Deed::Edit) => Some(State::Proposed),
            (State::Proposed, Deed::Agree) => Some(State::Agreed),
            (State::Proposed, Deed::Decline) => Some(State::Declined),
            (State::Agreed, Deed::Bind) => Some(State::Running),
            (State::Agreed | State::Running, Deed::Adjust) => Some(state),
            (State::Running, Deed::Conclude) => Some(State::Concluded),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Edit => self.is_of(self.proposed_by, actor),
            Deed::Agree | Deed::Decline => self.is_of(self.answering(), actor),
            Deed::Bind | Deed::Adjust => actor.is_office(),
            Deed::Conclude => {
                actor.is_office() || self.inspection_id.is_some_and(|id| actor.is_for(Role::TeamHead, id))
            }
        }
    }

    fn visible(actor: &Actor) -> Pred {
        Pred::any(vec![
            shared::overseen(actor),
            shared::own_team(actor),
            actor.own_organisations(Role::Audit, "audit_body_id"),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn the_side_that_proposed_does_not_answer() {
        let mut linkage = store::sample(State::Proposed);
        let (office, audit) = (samples::concerned(Role::OfficeLiaison), samples::concerned(Role::Audit));
        for (side, proposer, answerer) in
            [(Side::Inspection, &office, &audit), (Side::Audit, &audit, &office)]
        {
            linkage.proposed_by = side;
            assert!(linkage.may(proposer, Deed::Edit) && !linkage.may(proposer, Deed::Agree));
            assert!(linkage.may(answerer, Deed::Agree) && !linkage.may(answerer, Deed::Edit));
        }
    }

    #[test]
    fn another_audit_bureau_another_team_and_the_organisation_see_nothing() {
        for &state in State::ALL {
            let linkage = store::sample(state);
            for who in [
                samples::stranger(Role::Audit),
                samples::stranger(Role::TeamHead),
                samples::concerned(Role::OrganisationLiaison),
                samples::concerned(Role::Discipline),
            ] {
                assert!(!AuditLinkage::visible(&who).holds(&linkage), "{} {state:?}", who.name);
            }
        }
    }

    #[test]
    fn only_what_both_sides_agreed_is_linked_with_a_unit() {
        for &state in State::ALL {
            assert_eq!(AuditLinkage::transition(state, Deed::Bind).is_some(), state == State::Agreed);
        }
    }
}
