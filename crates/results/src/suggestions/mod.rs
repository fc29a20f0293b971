//! Suggestions (巡察建议): what a department is asked to do about a weakness that the inspection or a
//! special report has shown. They are approved by another than their author, issued, answered by the
//! addressee on the transfer, and verified by the office.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};
use uuid::Uuid;

use crate::{
    shared::{handed_to, is_another, read_once_out, settles, whole},
    special_reports::SpecialReportId,
};

pub use service::service;
pub use store::Model as Suggestion;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "suggestions";

kit::id!(
    /// Identity of a suggestion.
    SuggestionId
);

labelled! {
    /// Where a suggestion stands; what the addressee does about it stands on its transfer.
    pub enum State: "建议状态" {
        /// Being written.
        Drafted = "drafted" => "起草中", Grey;
        /// Approved, not yet sent.
        Approved = "approved" => "已审定", Yellow;
        /// With the addressee.
        Issued = "issued" => "已发出", Blue;
        /// The office has seen for itself that it was carried out.
        Verified = "verified" => "已验证", Green;
        /// Given up before it was issued.
        Discarded = "discarded" => "已作废", Grey;
    }
}

labelled! {
    /// What can be done to a suggestion.
    pub enum Deed: "办理事项" {
        /// Change the draft.
        Edit = "edit" => "修改", Grey;
        /// Approve.
        Approve = "approve" => "审定", Grey;
        /// Back to the author.
        SendBack = "send_back" => "退回修改", Grey;
        /// Send to the addressee.
        Issue = "issue" => "发出", Grey;
        /// Confirm that it was carried out.
        Verify = "verify" => "验证", Grey;
        /// Give up.
        Discard = "discard" => "作废", Grey;
    }
}

/// Where a suggestion comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// An inspection.
    Inspection(Uuid),
    /// A special report to the committee.
    SpecialReport(SpecialReportId),
}

/// Who prepares, issues and verifies suggestions.
pub fn may_keep(actor: &Actor) -> bool {
    actor.is_office()
}

impl Lifecycle for Suggestion {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Drafted, Deed::Edit) | (State::Approved, Deed::SendBack) => Some(State::Drafted),
            (State::Drafted, Deed::Approve) => Some(State::Approved),
            (State::Approved, Deed::Issue) => Some(State::Issued),
            (State::Issued, Deed::Verify) => Some(State::Verified),
            (State::Drafted | State::Approved, Deed::Discard) => Some(State::Discarded),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Approve => settles(actor) && is_another(self.prepared_by, actor),
            Deed::SendBack => settles(actor) || may_keep(actor),
            Deed::Edit | Deed::Issue | Deed::Verify | Deed::Discard => may_keep(actor),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        Pred::any(vec![
            whole(actor),
            actor.own_inspections(Role::TeamHead),
            actor.own_inspections(Role::TeamMember),
            read_once_out(actor, "issued_on"),
            handed_to(actor, "addressee_id", "issued_on"),
            // An inspected organisation reads what is suggested to it, though it answers no transfers.
            actor
                .own_organisations(Role::OrganisationLiaison, "addressee_id")
                .and(Pred::Present("issued_on")),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{concerned, stranger};

    #[test]
    fn an_addressee_sees_its_suggestion_only_once_it_is_issued() {
        let addressee = concerned(Role::FunctionalDepartment);
        assert!(!Suggestion::visible(&addressee).holds(&store::sample(State::Approved)));
        assert!(Suggestion::visible(&addressee).holds(&store::sample(State::Issued)));
        assert!(
            !Suggestion::visible(&stranger(Role::FunctionalDepartment)).holds(&store::sample(State::Issued))
        );
    }

    #[test]
    fn discipline_and_the_organisation_department_read_every_suggestion_that_was_issued() {
        for role in [Role::Discipline, Role::OrganisationDepartment] {
            let elsewhere = stranger(role);
            assert!(Suggestion::visible(&elsewhere).holds(&store::sample(State::Issued)), "{role:?}");
            assert!(!Suggestion::visible(&elsewhere).holds(&store::sample(State::Approved)), "{role:?}");
        }
        assert!(!Suggestion::visible(&stranger(Role::Audit)).holds(&store::sample(State::Issued)));
    }

    #[test]
    fn the_author_does_not_approve_though_he_is_director() {
        let director = concerned(Role::OfficeDirector);
        let mut suggestion = store::sample(State::Drafted);
        assert!(suggestion.may(&director, Deed::Approve));
        suggestion.prepared_by = director.account;
        assert!(!suggestion.may(&director, Deed::Approve));
    }

    #[test]
    fn nothing_leads_out_of_the_last_states() {
        use kit::Labelled as _;
        for state in [State::Verified, State::Discarded] {
            assert!(Deed::ALL.iter().all(|&deed| Suggestion::transition(state, deed).is_none()));
        }
    }
}
