//! Cooperation (配合整改): a department helps an organisation to put a problem right, because the matter lies in its
//! field or needs its consent. While it helps it reads the problem and its measures, and nothing else of the inspection.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Governed, Lifecycle, Pred, Role, labelled, lifecycle};
use registry::organisations::OrganisationId;
use uuid::Uuid;

use crate::access;

pub use service::service;
pub use store::{Model as Cooperation, find};

/// Path segment of the noun.
pub const NOUN: &str = "cooperations";

kit::id!(
    /// Identity of a cooperation.
    CooperationId
);

labelled! {
    /// Where a cooperation stands.
    pub enum State: "配合状态" {
        /// Asked of the department.
        Asked = "asked" => "待配合", Yellow;
        /// The department has told what it did.
        Answered = "answered" => "已反馈情况", Blue;
        /// Over; the department no longer reads the problem.
        Ended = "ended" => "已结束", Grey;
    }
}

labelled! {
    /// What can be done.
    pub enum Deed: "办理事项" {
        /// Change what is asked, or until when.
        Edit = "edit" => "修改", Grey;
        /// Tell what the department did.
        Answer = "answer" => "反馈配合情况", Blue;
        /// Ask for more than was told.
        Return = "return" => "请再配合", Red;
        /// End it.
        End = "end" => "结束配合", Grey;
    }
}

impl State {
    /// Whether the department takes part in the rectification.
    pub fn is_open(self) -> bool {
        self != Self::Ended
    }
}

impl Cooperation {
    /// Whether `actor` speaks for the department that helps.
    fn helped_by(&self, actor: &Actor) -> bool {
        actor.is_at(Role::FunctionalDepartment, self.department_id.0)
    }
}

impl Lifecycle for Cooperation {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Asked, Deed::Edit) | (State::Answered, Deed::Return) => Some(State::Asked),
            (State::Asked, Deed::Answer) => Some(State::Answered),
            (State::Asked | State::Answered, Deed::End) => Some(State::Ended),
            _ => None,
        }
    }

    /// The organisation answers for its rectification and so asks for help itself, or has the office ask; what the
    /// department did only the department says.
    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Answer => self.helped_by(actor),
            Deed::Edit | Deed::Return | Deed::End => access::keeps(actor, self.organisation_id),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        let own = actor.own_organisations(Role::FunctionalDepartment, "department_id");
        Pred::any(vec![access::readers(actor), own])
    }
}

fn governed() -> Governed {
    Governed {
        noun: NOUN,
        label: "配合整改",
        transitions: lifecycle::transitions::<Cooperation>,
        permissions: || lifecycle::permissions::<Cooperation>(sample, access::concerned, access::stranger),
    }
}

/// Asked by the sample organisation of the sample department, which for the printed tables are one.
fn sample(state: State) -> Cooperation {
    Cooperation {
        id: CooperationId(Uuid::from_u128(450)),
        version: 1,
        number: String::new(),
        problem_id: access::SAMPLE_PROBLEM,
        inspection_id: access::SAMPLE_INSPECTION,
        organisation_id: access::SAMPLE_ORGANISATION,
        department_id: OrganisationId(access::SAMPLE_ORGANISATION.0),
        duty: String::new(),
        asked_on: chrono::NaiveDate::default(),
        due_on: None,
        state,
        answer: String::new(),
        answered_on: None,
        answered_by: None,
        opinion: String::new(),
        ended_on: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_department_did_only_the_department_says() {
        let asked = sample(State::Asked);
        assert!(asked.may(&access::concerned(Role::FunctionalDepartment), Deed::Answer));
        for role in [Role::OfficeDirector, Role::OrganisationLiaison] {
            assert!(!asked.may(&access::concerned(role), Deed::Answer), "{role:?}");
            assert!(asked.may(&access::concerned(role), Deed::End), "{role:?}");
        }
        assert!(!asked.may(&access::concerned(Role::FunctionalDepartment), Deed::End));
    }

    #[test]
    fn another_department_does_not_see_it() {
        let own = Cooperation::visible(&access::concerned(Role::FunctionalDepartment));
        let other = Cooperation::visible(&access::stranger(Role::FunctionalDepartment));
        assert!(own.holds(&sample(State::Ended)) && !other.holds(&sample(State::Asked)));
    }

    #[test]
    fn nothing_is_done_after_the_end() {
        use kit::Labelled as _;
        assert!(Deed::ALL.iter().all(|&deed| Cooperation::transition(State::Ended, deed).is_none()));
    }
}
