//! Duties (职责) of organisations: what each is there for, with the text it rests on and the days it held.
//! Points of focus are derived from them.

pub mod actions;
mod service;
mod store;

use chrono::NaiveDate;
use kit::{Actor, Lifecycle, Pred, labelled};

pub use service::service;
pub use store::{Model as Duty, find, of_organisation};

use crate::shared;

/// A duty for tests of what follows from duties.
#[cfg(test)]
pub(crate) fn sample() -> Duty {
    store::sample(State::InForce)
}

/// Path segment of the noun.
pub const NOUN: &str = "duties";

kit::id!(
    /// Identity of a duty.
    DutyId
);

labelled! {
    /// Whether a duty holds.
    pub enum State: "职责状态" {
        /// It holds.
        InForce = "in_force" => "现行", Green;
        /// It was taken away or rewritten.
        Ended = "ended" => "已终止", Grey;
    }
}

labelled! {
    /// What can be done to a duty.
    pub enum Deed: "职责办理" {
        /// Correct it.
        Edit = "edit" => "修改", Grey;
        /// Record that it ended.
        End = "end" => "终止", Red;
    }
}

impl Duty {
    /// Whether it holds on `day`.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| day <= to)
    }
}

impl Lifecycle for Duty {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::InForce, Deed::Edit) => Some(State::InForce),
            (State::InForce, Deed::End) => Some(State::Ended),
            (State::Ended, _) => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        actor.is_office()
    }

    /// What an organisation is there for is no secret to those who inspect.
    fn visible(actor: &Actor) -> Pred {
        if shared::inside(actor) { Pred::All } else { Pred::Nothing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duty_holds_up_to_its_last_day() {
        let day = |d| NaiveDate::from_ymd_opt(2023, 6, d).unwrap();
        let mut duty = store::sample(State::InForce);
        (duty.valid_from, duty.valid_to) = (day(2), Some(day(4)));
        assert!(!duty.holds_on(day(1)) && duty.holds_on(day(2)) && duty.holds_on(day(4)));
        assert!(!duty.holds_on(day(5)));
    }
}
