//! Talks (个别谈话): held by two officers or more, along an outline for the kind of person, recorded under seal, signed by
//! the person talked to, and summed up by classes so that it can be used.

pub mod actions;
mod outline;
mod service;
mod store;

use kit::{Actor, Cx, Lifecycle, Pred, Result, labelled};

use crate::rights;

pub use service::service;
pub use store::Model as Talk;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "talks";

kit::id!(
    /// Identity of a talk.
    TalkId
);

labelled! {
    /// Where a talk stands.
    pub enum State: "谈话状态" {
        /// Held, record missing.
        Held = "held" => "待整理记录", Yellow;
        /// Recorded, signature missing.
        Recorded = "recorded" => "待签字", Blue;
        /// Signed.
        Signed = "signed" => "已签字", Green;
    }
}

labelled! {
    /// What the person talked to did with the record.
    pub enum Signature: "签字情况" {
        /// Signed every page.
        Signed = "signed" => "本人签字确认", Grey;
        /// Signed after corrections.
        Corrected = "corrected" => "修改后签字确认", Grey;
        /// Refused.
        Refused = "refused" => "拒绝签字（两名谈话人注明）", Grey;
    }
}

labelled! {
    /// What can be done to a talk.
    pub enum Deed: "谈话办理" {
        /// Change who, when, where.
        Edit = "edit" => "修改", Grey;
        /// Write down what was said.
        Record = "record" => "整理记录", Grey;
        /// Enter the signature.
        Sign = "sign" => "登记签字", Grey;
        /// Add something that came later.
        Supplement = "supplement" => "补充说明", Grey;
        /// Open the record.
        Consult = "consult" => "查阅记录", Grey;
    }
}

/// Encrypts a field of a talk so that it opens in its own place only.
pub fn seal(cx: &Cx, id: TalkId, field: &str, text: &str) -> Result<String> {
    cx.app().seal().seal(&format!("talk/{id}/{field}"), text)
}

fn open(cx: &Cx, id: TalkId, field: &str, sealed: &str) -> Result<String> {
    cx.app().seal().open(&format!("talk/{id}/{field}"), sealed)
}

impl Lifecycle for Talk {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (_, Deed::Consult) => Some(state),
            (State::Held, Deed::Edit) => Some(State::Held),
            (State::Held | State::Recorded, Deed::Record) => Some(State::Recorded),
            (State::Recorded, Deed::Sign) | (State::Signed, Deed::Supplement) => Some(State::Signed),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Consult => rights::opens(actor, self.inspection_id),
            _ => actor.in_team(self.inspection_id),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        rights::sensitive(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::{Labelled as _, Role};
    use planning::samples;

    #[test]
    fn what_was_signed_is_not_rewritten() {
        for deed in [Deed::Edit, Deed::Record, Deed::Sign] {
            assert!(Talk::transition(State::Signed, deed).is_none());
        }
        assert_eq!(Talk::transition(State::Signed, Deed::Supplement), Some(State::Signed));
    }

    #[test]
    fn the_inspected_organisation_and_the_liaisons_of_the_office_see_no_talk() {
        for role in [Role::OrganisationLiaison, Role::OfficeLiaison, Role::Discipline, Role::CommitteeLeader]
        {
            for &state in State::ALL {
                assert!(!Talk::visible(&samples::concerned(role)).holds(&store::sample(state)), "{role:?}");
            }
        }
    }
}
