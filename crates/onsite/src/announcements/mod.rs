//! Announcements (巡察公告): what the public is told of an inspection, made from the task and the office's texts, by
//! edition. An issued edition is never rewritten: a new one takes its place.

pub mod actions;
mod service;
mod store;
mod text;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

use crate::rights;

pub use service::service;
pub use store::Model as Announcement;
pub use store::{find, published, units_named};

/// Path segment of the noun.
pub const NOUN: &str = "announcements";

kit::id!(
    /// Identity of an edition.
    AnnouncementId
);

labelled! {
    /// Where an edition stands.
    pub enum State: "公告状态" {
        /// Being written.
        Drafted = "drafted" => "草拟", Grey;
        /// Public.
        Issued = "issued" => "已发布", Green;
        /// A later edition is public.
        Replaced = "replaced" => "已被新版代替", Grey;
        /// Taken back.
        Withdrawn = "withdrawn" => "已撤回", Red;
    }
}

labelled! {
    /// What can be done to an edition.
    pub enum Deed: "公告办理" {
        /// Change it.
        Edit = "edit" => "修改", Grey;
        /// Make it public.
        Issue = "issue" => "发布", Grey;
        /// Write the next edition.
        Revise = "revise" => "修订新版", Grey;
        /// Take it back.
        Withdraw = "withdraw" => "撤回", Red;
    }
}

impl Lifecycle for Announcement {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Drafted, Deed::Edit) => Some(State::Drafted),
            (State::Drafted, Deed::Issue) | (State::Issued, Deed::Revise) => Some(State::Issued),
            (State::Issued, Deed::Withdraw) => Some(State::Withdrawn),
            _ => None,
        }
    }

    /// The team writes, the office makes public.
    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Edit | Deed::Revise => actor.is_office() || actor.in_team(self.inspection_id),
            Deed::Issue | Deed::Withdraw => actor.is_office(),
        }
    }

    /// What is public is known to everybody with a part in the work.
    fn visible(actor: &Actor) -> Pred {
        let public = Pred::Present("issued_on");
        let readers = [
            Role::CommitteeLeader,
            Role::OrganisationLiaison,
            Role::Discipline,
            Role::OrganisationDepartment,
        ];
        let read = if actor.is_any(&readers) { public } else { Pred::Nothing };
        Pred::any(vec![rights::papers(actor), read])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use planning::samples;

    #[test]
    fn an_organisation_reads_what_is_public_and_no_draft() {
        let liaison = samples::concerned(Role::OrganisationLiaison);
        assert!(!Announcement::visible(&liaison).holds(&store::sample(State::Drafted)));
        assert!(Announcement::visible(&liaison).holds(&store::sample(State::Issued)));
    }

    #[test]
    fn what_is_public_is_not_rewritten() {
        assert!(Announcement::transition(State::Issued, Deed::Edit).is_none());
        assert_eq!(Announcement::transition(State::Issued, Deed::Revise), Some(State::Issued));
    }
}
