//! Feedback meetings (反馈会): one for each inspected unit. With the meeting its problems become known to
//! the unit and the rectification clocks start; whether the city leader in charge came is kept.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

pub use service::service;
pub use store::Model as Feedback;
pub use store::{ActiveModel, Column, Entity, find, of_unit};

use kit::numbers::Series;

/// Path segment of the noun.
pub const NOUN: &str = "feedbacks";
/// Numbers of feedback meetings: `FK-2023-0007`.
pub const SERIES: Series = Series { prefix: "FK", table: "feedback" };

kit::id!(
    /// Identity of a feedback meeting.
    FeedbackId
);

labelled! {
    /// Where a feedback meeting stands.
    pub enum State: "反馈会状态" {
        /// Arranged.
        Planned = "planned" => "待召开", Yellow;
        /// Held; the problems are fed back.
        Held = "held" => "已召开", Blue;
        /// What the unit declared is on record.
        Recorded = "recorded" => "已存档", Green;
    }
}

labelled! {
    /// What can be done to a feedback meeting.
    pub enum Deed: "反馈会办理" {
        /// Correct what is written.
        Edit = "edit" => "修改", Grey;
        /// Hold it and feed the problems back.
        Hold = "hold" => "召开反馈", Blue;
        /// Put on record what was declared.
        Record = "record" => "存档", Green;
        /// Enter that a copy went out.
        Copy = "copy" => "登记抄送", Grey;
    }
}

labelled! {
    /// Who gets a copy of the feedback (domain.md 4, S5).
    pub enum CopyTo: "抄送对象" {
        /// City leader in charge.
        Leader = "leader" => "分管市领导", Grey;
        /// Competent department.
        Department = "department" => "主管部门", Grey;
        /// Discipline inspection and supervision.
        Discipline = "discipline" => "纪检监察机关", Grey;
        /// Organisation department.
        Organisation = "organisation" => "组织部门", Grey;
    }
}

impl Lifecycle for Feedback {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (state, Deed::Edit) => Some(state),
            (State::Planned, Deed::Hold) => Some(State::Held),
            (State::Held, Deed::Record) => Some(State::Recorded),
            (State::Held | State::Recorded, Deed::Copy) => Some(state),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        actor.is_office()
    }

    fn visible(actor: &Actor) -> Pred {
        let own_unit = actor.own_organisations(Role::OrganisationLiaison, "organisation_id");
        actor.reach([
            (Role::CommitteeLeader, Pred::All),
            (Role::LeadingGroup, Pred::All),
            (Role::OfficeDirector, Pred::All),
            (Role::OfficeLiaison, Pred::All),
            (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
            (Role::TeamMember, actor.own_inspections(Role::TeamMember)),
            (Role::OrganisationLiaison, own_unit.and(Pred::Present("held_on"))),
            (Role::Discipline, Pred::All),
            (Role::OrganisationDepartment, Pred::All),
            (Role::DistrictOffice, actor.own_inspections(Role::DistrictOffice).and(Pred::Present("held_on"))),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn a_unit_learns_of_the_meeting_when_it_is_held() {
        let unit = samples::concerned(Role::OrganisationLiaison);
        let sees = |state| Feedback::visible(&unit).holds(&store::sample(state));
        assert!(!sees(State::Planned));
        assert!(sees(State::Held) && sees(State::Recorded));
        assert!(
            !Feedback::visible(&samples::stranger(Role::OrganisationLiaison))
                .holds(&store::sample(State::Held))
        );
    }

    #[test]
    fn only_the_office_does_anything() {
        for &role in Role::ALL {
            let may = store::sample(State::Planned).may(&samples::concerned(role), Deed::Hold);
            assert_eq!(may, role.is_office(), "{role:?}");
        }
    }

    #[test]
    fn a_meeting_is_held_once() {
        for &state in State::ALL {
            assert_eq!(Feedback::transition(state, Deed::Hold).is_some(), state == State::Planned);
        }
    }
}
