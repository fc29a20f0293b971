//! Plans of rectification (整改方案): one for each inspected unit, with the lists of problems, tasks
//! and responsibilities, prepared by the organisation and reviewed by the office.

pub mod actions;
mod coverage;
mod service;
mod store;

use kit::{Actor, Governed, Lifecycle, Pred, Role, labelled, lifecycle};
use uuid::Uuid;

use crate::access;

pub use coverage::{Uncovered, uncovered};
pub use service::service;
pub(crate) use store::of_unit;
pub use store::{Model as RectPlan, find};

/// Path segment of the noun.
pub const NOUN: &str = "rect_plans";

kit::id!(
    /// Identity of a plan.
    RectPlanId
);

labelled! {
    /// Where a plan stands.
    pub enum State: "方案状态" {
        /// Being written.
        Draft = "draft" => "拟订中", Grey;
        /// Handed in for review.
        Submitted = "submitted" => "待审核", Yellow;
        /// Sent back by the reviewer.
        Returned = "returned" => "退回修改", Red;
        /// In force.
        Approved = "approved" => "审核通过", Green;
    }
}

labelled! {
    /// What can be done to a plan.
    pub enum Deed: "办理事项" {
        /// Change it.
        Edit = "edit" => "修改", Grey;
        /// Hand it in.
        Submit = "submit" => "提交审核", Grey;
        /// Put it in force.
        Approve = "approve" => "审核通过", Grey;
        /// Send it back.
        Return = "return" => "退回修改", Grey;
    }
}

impl Lifecycle for RectPlan {
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
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Edit | Deed::Submit => access::is_liaison_of(actor, self.organisation_id),
            Deed::Approve | Deed::Return => access::reviews(actor, self.submitted_by),
        }
    }

    /// The organisation sees its plan from the first word; everybody else once it was handed in.
    fn visible(actor: &Actor) -> Pred {
        let own = actor.own_organisations(Role::OrganisationLiaison, "organisation_id");
        let handed_in = Pred::one_of("state", [State::Submitted, State::Returned, State::Approved]);
        Pred::any(vec![own, access::readers(actor).and(handed_in)])
    }
}

fn governed() -> Governed {
    Governed {
        noun: NOUN,
        label: "整改方案",
        transitions: lifecycle::transitions::<RectPlan>,
        permissions: || lifecycle::permissions::<RectPlan>(sample, access::concerned, access::stranger),
    }
}

fn sample(state: State) -> RectPlan {
    RectPlan {
        id: RectPlanId(Uuid::from_u128(200)),
        version: 1,
        number: String::new(),
        inspection_id: access::SAMPLE_INSPECTION,
        unit_id: Uuid::from_u128(201),
        organisation_id: access::SAMPLE_ORGANISATION,
        first_responsible: String::new(),
        text: String::new(),
        state,
        due_on: None,
        due_basis: String::new(),
        submitted_on: None,
        submitted_by: Some(access::SAMPLE_SUBMITTER),
        reviewed_on: None,
        reviewed_by: None,
        opinion: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transition_table_is_exactly_this() {
        let rows: Vec<String> = lifecycle::transitions::<RectPlan>()
            .into_iter()
            .map(|(state, deed, after)| format!("{} {} {}", state.code, deed.code, after.code))
            .collect();
        let expected = [
            "draft edit draft",
            "draft submit submitted",
            "submitted approve approved",
            "submitted return returned",
            "returned edit returned",
            "returned submit submitted",
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn a_draft_is_seen_by_its_own_organisation_only() {
        use kit::Labelled as _;
        for &role in Role::ALL {
            let sees = RectPlan::visible(&access::concerned(role)).holds(&sample(State::Draft));
            assert_eq!(sees, role == Role::OrganisationLiaison, "{role:?}");
        }
    }

    #[test]
    fn who_submitted_a_plan_does_not_review_it() {
        let mut officer = access::concerned(Role::OfficeDirector);
        assert!(sample(State::Submitted).may(&officer, Deed::Approve));
        officer.account = Some(access::SAMPLE_SUBMITTER);
        assert!(!sample(State::Submitted).may(&officer, Deed::Approve));
        assert!(!sample(State::Submitted).may(&officer, Deed::Return));
    }
}
