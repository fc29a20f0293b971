//! Documents asked for (调阅资料): handed in by the organisation, signed for by the team or returned for more, and given
//! back at the end: the register of what was taken and returned.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

use crate::rights;

pub use service::service;
pub use store::Model as FileRequestItem;
pub use store::find;
pub(crate) use store::of_request;

/// Path segment of the noun.
pub const NOUN: &str = "file_request_items";

kit::id!(
    /// Identity of a document asked for.
    FileRequestItemId
);

labelled! {
    /// In which form a document is asked for.
    pub enum Form: "资料形式" {
        /// The original, which is given back.
        Original = "original" => "原件", Grey;
        /// A copy.
        Copy = "copy" => "复印件", Grey;
        /// A file.
        Electronic = "electronic" => "电子件", Grey;
    }
}

labelled! {
    /// Where a document stands.
    pub enum State: "资料状态" {
        /// Asked for.
        Asked = "asked" => "待提供", Yellow;
        /// Handed in, not signed for.
        Provided = "provided" => "已提供待签收", Blue;
        /// Said not to exist.
        Declared = "declared" => "说明无此资料", Orange;
        /// Sent back for more.
        Returned = "returned" => "退回补充", Red;
        /// Signed for.
        Accepted = "accepted" => "已签收", Green;
        /// Accepted as not existing.
        Absent = "absent" => "确认无此资料", Grey;
        /// Given back.
        GivenBack = "given_back" => "已归还", Grey;
    }
}

labelled! {
    /// What can be done to a document.
    pub enum Deed: "资料办理" {
        /// Hand it in.
        Provide = "provide" => "提供", Grey;
        /// Say that it does not exist.
        Declare = "declare" => "说明无此资料", Grey;
        /// Sign for it.
        Accept = "accept" => "签收", Grey;
        /// Send it back for more.
        Return = "return" => "退回补充", Grey;
        /// Accept that it does not exist.
        Settle = "settle" => "确认无此资料", Grey;
        /// Give it back.
        GiveBack = "give_back" => "归还", Grey;
    }
}

impl State {
    /// Whether something is still to be done before the request is complete.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Accepted | Self::Absent | Self::GivenBack)
    }

    /// States in which the organisation owes the document.
    pub const OWED: [Self; 2] = [Self::Asked, Self::Returned];
}

impl Lifecycle for FileRequestItem {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Asked | State::Returned, Deed::Provide) => Some(State::Provided),
            (State::Asked | State::Returned, Deed::Declare) => Some(State::Declared),
            (State::Provided, Deed::Accept) => Some(State::Accepted),
            (State::Declared, Deed::Settle) => Some(State::Absent),
            (State::Provided | State::Declared, Deed::Return) => Some(State::Returned),
            (State::Accepted, Deed::GiveBack) => Some(State::GivenBack),
            _ => None,
        }
    }

    /// What was not sent yet cannot be answered.
    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        let unit = actor.is_at(Role::OrganisationLiaison, self.organisation_id.0);
        let team = actor.in_team(self.inspection_id);
        self.issued_on.is_some()
            && match deed {
                Deed::Provide => unit || team,
                Deed::Declare => unit,
                Deed::Accept | Deed::Return | Deed::Settle | Deed::GiveBack => team,
            }
    }

    fn visible(actor: &Actor) -> Pred {
        Pred::any(vec![rights::sensitive(actor), rights::own_side(actor, Pred::Present("issued_on"))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn the_organisation_hands_in_and_the_team_signs_never_the_other_way() {
        let unit = samples::concerned(Role::OrganisationLiaison);
        let team = samples::concerned(Role::TeamMember);
        let provided = store::sample(State::Provided);
        assert!(
            provided.decide(&team, Deed::Accept).is_ok() && provided.decide(&unit, Deed::Accept).is_err()
        );
        let asked = store::sample(State::Asked);
        assert!(asked.decide(&unit, Deed::Declare).is_ok() && asked.decide(&team, Deed::Declare).is_err());
    }

    #[test]
    fn nothing_is_answered_before_it_was_sent() {
        let mut item = store::sample(State::Asked);
        item.issued_on = None;
        for &role in Role::ALL {
            assert!(Deed::ALL.iter().all(|&deed| !item.may(&samples::concerned(role), deed)));
        }
    }
}
