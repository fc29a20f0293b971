//! File requests (调阅清单): what a team asks an organisation to hand in, item by item, with a last day; nothing is asked
//! for twice in a year without saying so.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, labelled};

use crate::rights;

pub use service::service;
pub use store::Model as FileRequest;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "file_requests";

kit::id!(
    /// Identity of a request.
    FileRequestId
);

labelled! {
    /// Where a request stands.
    pub enum State: "调阅清单状态" {
        /// Being written.
        Drafted = "drafted" => "草拟", Grey;
        /// Sent to the organisation.
        Issued = "issued" => "已发出", Blue;
        /// Everything has come in or does not exist.
        Completed = "completed" => "已收齐", Green;
        /// Taken back.
        Withdrawn = "withdrawn" => "已撤销", Grey;
    }
}

labelled! {
    /// What can be done to a request.
    pub enum Deed: "调阅办理" {
        /// Add items.
        Add = "add" => "增加资料", Grey;
        /// Send it.
        Issue = "issue" => "发出", Grey;
        /// Finish it.
        Complete = "complete" => "收齐", Grey;
        /// Take it back.
        Withdraw = "withdraw" => "撤销", Grey;
    }
}

/// The name of a document reduced to what tells it apart: without spaces, marks of quotation and brackets.
pub fn key_of(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Lifecycle for FileRequest {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Drafted, Deed::Add) => Some(State::Drafted),
            (State::Drafted, Deed::Issue) => Some(State::Issued),
            (State::Drafted, Deed::Withdraw) => Some(State::Withdrawn),
            (State::Issued, Deed::Complete) => Some(State::Completed),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        actor.in_team(self.inspection_id)
    }

    /// The organisation sees what was sent to it.
    fn visible(actor: &Actor) -> Pred {
        Pred::any(vec![rights::sensitive(actor), rights::own_side(actor, Pred::Present("issued_on"))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Role;
    use planning::samples;
    use proptest::prelude::*;

    #[test]
    fn the_organisation_sees_a_request_once_it_was_sent() {
        let liaison = samples::concerned(Role::OrganisationLiaison);
        let mut request = store::sample(State::Drafted);
        assert!(!FileRequest::visible(&liaison).holds(&request));
        request.issued_on = Some(samples::day());
        assert!(FileRequest::visible(&liaison).holds(&request));
        assert!(!FileRequest::visible(&samples::stranger(Role::OrganisationLiaison)).holds(&request));
    }

    #[test]
    fn marks_and_spaces_do_not_make_another_document() {
        assert_eq!(key_of("《党组会议纪要》 (2022年)"), key_of("党组会议纪要（2022年）"));
        assert_ne!(key_of("党组会议纪要2022"), key_of("党组会议纪要2023"));
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(name in ".{0,60}") {
            let key = key_of(&name);
            prop_assert_eq!(key_of(&key), key);
        }
    }
}
