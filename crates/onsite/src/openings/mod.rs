//! Openings (查阅登记): who opened something sealed that is not his daily work, when, why, and whether the
//! supervisor has taken note. An opening holds for a while by policy, then the thing is closed again.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

pub use service::service;
pub use store::Model as Opening;
pub use store::find;
pub(crate) use store::holds;

/// Path segment of the noun.
pub const NOUN: &str = "openings";

kit::id!(
    /// Identity of an opening.
    OpeningId
);

labelled! {
    /// What was opened.
    pub enum Part: "查阅内容" {
        /// What was said in a talk.
        Talk = "talk" => "谈话记录", Grey;
        /// What a letter says.
        Petition = "petition" => "信访内容", Grey;
        /// Who wrote a letter.
        Informant = "informant" => "举报人身份", Red;
    }
}

impl Part {
    /// The noun whose records have this part.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Talk => crate::talks::NOUN,
            Self::Petition => crate::petitions::NOUN,
            Self::Informant => crate::informants::NOUN,
        }
    }
}

labelled! {
    /// Whether the supervisor has taken note.
    pub enum State: "督查状态" {
        /// Not yet.
        New = "new" => "待知悉", Yellow;
        /// Taken note of.
        Seen = "seen" => "已知悉", Green;
    }
}

labelled! {
    /// What can be done to an opening.
    pub enum Deed: "查阅督查" {
        /// The supervisor takes note.
        Acknowledge = "acknowledge" => "知悉", Grey;
    }
}

impl Lifecycle for Opening {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, _: Deed) -> Option<State> {
        (state == State::New).then_some(State::Seen)
    }

    /// Nobody supervises his own opening.
    fn may(&self, actor: &Actor, _: Deed) -> bool {
        actor.is_any(&[Role::LeadingGroup, Role::OfficeDirector])
            && actor.account.is_some()
            && actor.account != self.account_id
    }

    fn visible(actor: &Actor) -> Pred {
        actor.reach([
            (Role::LeadingGroup, Pred::All),
            (Role::OfficeDirector, Pred::All),
            (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use planning::samples;

    #[test]
    fn nobody_takes_note_of_his_own_opening() {
        let mut opening = store::sample(State::New);
        let director = samples::concerned(Role::OfficeDirector);
        assert!(opening.decide(&director, Deed::Acknowledge).is_ok());
        opening.account_id = director.account;
        assert!(opening.decide(&director, Deed::Acknowledge).is_err());
    }
}
