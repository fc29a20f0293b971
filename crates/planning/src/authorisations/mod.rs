//! The authorisation of a team for one inspection (一轮一授权): the document, the period to the minute, and with its
//! approval every place proposed for the team. Rights begin and end with it, in sessions that are open as well.

pub mod actions;
pub mod period;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

use crate::rights;

pub use service::service;
pub use store::{Entity, Model as Authorisation, find};

/// Path segment of the noun.
pub const NOUN: &str = "authorisations";

kit::id!(
    /// Identity of an authorisation.
    AuthorisationId
);

labelled! {
    /// Where an authorisation stands.
    pub enum State: "授权情况" {
        /// The office prepares it.
        Draft = "draft" => "拟定", Grey;
        /// Waits for the leading group.
        Submitted = "submitted" => "待批准", Yellow;
        /// Holds from its first to its last minute.
        Approved = "approved" => "已批准", Green;
        /// Was not approved; can be changed and submitted again.
        Returned = "returned" => "退回", Orange;
        /// Ended before its last minute.
        Ended = "ended" => "已终止", Grey;
    }
}

labelled! {
    /// What can be done to an authorisation.
    pub enum Deed: "办理" {
        /// Change it.
        Edit = "edit" => "修改", Grey;
        /// Submit it.
        Submit = "submit" => "报批", Grey;
        /// Approve it with everybody proposed for the team.
        Approve = "approve" => "批准", Grey;
        /// Return it.
        Return = "return" => "退回", Grey;
        /// End it at once.
        End = "end" => "立即终止", Grey;
    }
}

impl Lifecycle for Authorisation {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Draft | State::Returned, Deed::Edit) => Some(state),
            (State::Draft | State::Returned, Deed::Submit) => Some(State::Submitted),
            (State::Submitted, Deed::Approve) => Some(State::Approved),
            (State::Submitted, Deed::Return) => Some(State::Returned),
            (State::Approved, Deed::End) => Some(State::Ended),
            _ => None,
        }
    }

    /// The office prepares and ends; the leading group or the committee approves, never who prepared it.
    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Edit | Deed::Submit | Deed::End => rights::keeps(actor),
            Deed::Approve | Deed::Return => {
                rights::approves(actor) && actor.account.is_some() && actor.account != self.prepared_by
            }
        }
    }

    /// Who oversees the work; the team its own, once it is approved.
    fn visible(actor: &Actor) -> Pred {
        let all = [
            Role::CommitteeLeader,
            Role::LeadingGroup,
            Role::OfficeDirector,
            Role::OfficeLiaison,
            Role::OrganisationDepartment,
        ];
        if actor.is_any(&all) {
            return Pred::All;
        }
        let own = [Role::TeamHead, Role::TeamMember].map(|role| actor.own_inspections(role)).to_vec();
        Pred::any(own).and(Pred::one_of("state", [State::Approved, State::Ended]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leading_group_approves_and_nobody_what_he_prepared() {
        let leader = rights::concerned(Role::LeadingGroup);
        let mut held = service::sample(State::Submitted);
        assert!(held.decide(&leader, Deed::Approve).is_ok());
        assert!(held.decide(&rights::concerned(Role::OfficeDirector), Deed::Approve).is_err());
        held.prepared_by = leader.account;
        assert!(held.decide(&leader, Deed::Approve).is_err());
    }

    #[test]
    fn a_team_sees_its_own_once_it_is_approved() {
        let head = rights::concerned(Role::TeamHead);
        assert!(!Authorisation::visible(&head).holds(&service::sample(State::Submitted)));
        assert!(Authorisation::visible(&head).holds(&service::sample(State::Approved)));
        assert!(
            !Authorisation::visible(&rights::stranger(Role::TeamHead))
                .holds(&service::sample(State::Approved))
        );
    }
}
