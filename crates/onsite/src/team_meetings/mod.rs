//! Meetings of a team (组务会等): the team's own, those of its party branch, those it attends and the forums it holds; what
//! they decide becomes tasks.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, labelled};

use crate::rights;

pub use service::service;
pub use store::Model as TeamMeeting;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "team_meetings";

kit::id!(
    /// Identity of a meeting.
    TeamMeetingId
);

labelled! {
    /// Kinds of meeting.
    pub enum Kind: "会议类别" {
        /// Of the team.
        Team = "team" => "组务会", Grey;
        /// Of its temporary party branch.
        Branch = "branch" => "临时党支部会", Grey;
        /// Of the inspected organisation, attended.
        Attended = "attended" => "列席会议", Grey;
        /// With cadres or people.
        Forum = "forum" => "座谈会", Grey;
        /// With the office.
        TeamOffice = "team_office" => "组办会商", Grey;
    }
}

labelled! {
    /// Where an entry stands.
    pub enum State: "会议记录状态" {
        /// Being entered.
        Draft = "draft" => "记录中", Yellow;
        /// Final.
        Final = "final" => "已定稿", Green;
    }
}

labelled! {
    /// What can be done to an entry.
    pub enum Deed: "会议记录办理" {
        /// Change it.
        Edit = "edit" => "修改", Grey;
        /// Turn what was decided into tasks.
        Decide = "decide" => "形成决定", Grey;
        /// Make it final.
        Finalise = "finalise" => "定稿", Grey;
    }
}

impl Lifecycle for TeamMeeting {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Draft, Deed::Edit) => Some(State::Draft),
            (_, Deed::Decide) => Some(state),
            (State::Draft, Deed::Finalise) => Some(State::Final),
            (State::Final, _) => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        actor.in_team(self.inspection_id)
    }

    /// As the talks: what a team discusses is its own until it reports.
    fn visible(actor: &Actor) -> Pred {
        rights::sensitive(actor)
    }
}
