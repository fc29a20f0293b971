//! Special reports (专题报告) to the municipal committee: a matter of several inspections, worked up
//! with numbered suggestions, on which the committee decides.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

use crate::shared::is_another;

pub use service::service;
pub use store::Model as SpecialReport;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "special_reports";

kit::id!(
    /// Identity of a special report.
    SpecialReportId
);

labelled! {
    /// Where a special report stands.
    pub enum State: "报告状态" {
        /// Being written.
        Drafted = "drafted" => "起草中", Grey;
        /// With the committee.
        Submitted = "submitted" => "已上报", Blue;
        /// The committee has decided.
        Decided = "decided" => "已批示", Green;
    }
}

labelled! {
    /// What can be done to a special report.
    pub enum Deed: "办理事项" {
        /// Change the draft.
        Edit = "edit" => "修改", Grey;
        /// Submit to the committee.
        Submit = "submit" => "上报市委", Grey;
        /// Decide, or record the decision.
        Decide = "decide" => "批示", Grey;
    }
}

/// Who prepares special reports.
pub fn may_keep(actor: &Actor) -> bool {
    actor.is_office()
}

impl Lifecycle for SpecialReport {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Drafted, Deed::Edit) => Some(State::Drafted),
            (State::Drafted, Deed::Submit) => Some(State::Submitted),
            (State::Submitted, Deed::Decide) => Some(State::Decided),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        let director = actor.is(Role::OfficeDirector) && is_another(self.prepared_by, actor);
        match deed {
            Deed::Edit => may_keep(actor),
            Deed::Submit => director,
            Deed::Decide => director || actor.is(Role::CommitteeLeader),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        actor.reach([
            (Role::OfficeDirector, Pred::All),
            (Role::OfficeLiaison, Pred::All),
            (Role::CommitteeLeader, Pred::Present("submitted_on")),
            (Role::LeadingGroup, Pred::Present("submitted_on")),
            (Role::Discipline, Pred::Present("decided_on")),
            (Role::OrganisationDepartment, Pred::Present("decided_on")),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::concerned;

    #[test]
    fn the_committee_reads_what_was_submitted_and_its_departments_what_was_decided() {
        let sees = |role, state| SpecialReport::visible(&concerned(role)).holds(&store::sample(state));
        assert!(!sees(Role::CommitteeLeader, State::Drafted));
        assert!(sees(Role::CommitteeLeader, State::Submitted));
        for department in [Role::Discipline, Role::OrganisationDepartment] {
            assert!(!sees(department, State::Submitted), "{department:?}");
            assert!(sees(department, State::Decided), "{department:?}");
        }
        assert!(!sees(Role::TeamHead, State::Decided));
        assert!(!sees(Role::FunctionalDepartment, State::Decided));
    }

    #[test]
    fn the_author_neither_submits_nor_records_the_decision() {
        let director = concerned(Role::OfficeDirector);
        let mut report = store::sample(State::Drafted);
        report.prepared_by = director.account;
        assert!(!report.may(&director, Deed::Submit));
        assert!(!report.may(&director, Deed::Decide));
    }
}
