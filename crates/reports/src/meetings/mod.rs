//! Meetings of the bodies that decide (决策会议): leading group, secretary's meeting, standing committee and whatever else an
//! office has, with agenda, attendance and decisions.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, labelled, numbers::Series};

use crate::rights;

pub use service::service;
pub use store::Model as Meeting;
pub use store::{ActiveModel, Column, Entity, discusses, find};

/// Path segment of the noun.
pub const NOUN: &str = "meetings";
/// Numbers of meetings: `HY-2023-0007`.
pub const SERIES: Series = Series { prefix: "HY", table: "meeting" };

kit::id!(
    /// Identity of a meeting.
    MeetingId
);

labelled! {
    /// Where a meeting stands.
    pub enum State: "会议状态" {
        /// Called.
        Planned = "planned" => "待召开", Yellow;
        /// Held; its minutes are being written.
        Held = "held" => "已召开", Blue;
        /// Its minutes are final.
        Minuted = "minuted" => "纪要已定", Green;
        /// Not held.
        Cancelled = "cancelled" => "已取消", Grey;
    }
}

labelled! {
    /// What can be done to a meeting.
    pub enum Deed: "会议办理" {
        /// Change day, place, agenda.
        Edit = "edit" => "修改", Grey;
        /// Enter that it was held, who came and what was decided.
        Hold = "hold" => "登记召开情况", Blue;
        /// Correct what was entered about it.
        Correct = "correct" => "修改记录", Grey;
        /// Make the minutes final.
        Minute = "minute" => "纪要定稿", Green;
        /// Do without it.
        Cancel = "cancel" => "取消", Red;
    }
}

impl Meeting {
    /// Whether it was held.
    pub fn is_held(&self) -> bool {
        matches!(self.state, State::Held | State::Minuted)
    }
}

/// Who calls meetings: the office.
pub fn may_create(actor: &Actor) -> bool {
    actor.is_office()
}

impl Lifecycle for Meeting {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Planned, Deed::Edit) => Some(State::Planned),
            (State::Planned, Deed::Hold) | (State::Held, Deed::Correct) => Some(State::Held),
            (State::Held, Deed::Minute) => Some(State::Minuted),
            (State::Planned, Deed::Cancel) => Some(State::Cancelled),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        may_create(actor)
    }

    /// The bodies themselves and the office: what is decided reaches a team as the decision on its report.
    fn visible(actor: &Actor) -> Pred {
        rights::decisions(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::{Labelled as _, Role};
    use planning::samples;

    #[test]
    fn only_the_deciding_bodies_and_the_office_know_of_a_meeting() {
        for &role in Role::ALL {
            let sees = Meeting::visible(&samples::concerned(role)) != Pred::Nothing;
            let inside = matches!(role, Role::CommitteeLeader | Role::LeadingGroup) || role.is_office();
            assert_eq!(sees, inside, "{role:?}");
        }
    }

    #[test]
    fn minutes_are_final_and_only_of_a_meeting_held() {
        for &state in State::ALL {
            assert_eq!(Meeting::transition(state, Deed::Minute).is_some(), state == State::Held);
        }
        assert!(Deed::ALL.iter().all(|&deed| Meeting::transition(State::Minuted, deed).is_none()));
    }
}
