//! What is due of an obligation (协作到期事项): one day, one account of what was done, confirmed by
//! somebody of the office who did not report it.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, labelled};

pub use service::service;
pub use store::{Model as ObligationDue, find};

use crate::shared;

/// Path segment of the noun.
pub const NOUN: &str = "obligation_dues";

kit::id!(
    /// Identity of a due record.
    DueId
);

labelled! {
    /// Where it stands.
    pub enum State: "办理状态" {
        /// To be done.
        Open = "open" => "待办", Yellow;
        /// Said to be done.
        Reported = "reported" => "待核", Blue;
        /// Done.
        Confirmed = "confirmed" => "已完成", Green;
        /// Need not be done this time.
        Waived = "waived" => "免办", Grey;
    }
}

labelled! {
    /// What can be done to it.
    pub enum Deed: "到期事项办理" {
        /// Say that it is done.
        Report = "report" => "报告办理情况", Blue;
        /// Agree.
        Confirm = "confirm" => "核实完成", Green;
        /// Disagree.
        Return = "return" => "退回续办", Orange;
        /// Let it be this time.
        Waive = "waive" => "本期免办", Grey;
    }
}

impl ObligationDue {
    /// Whether `actor` is of the side that has to do it.
    pub fn owes(&self, actor: &Actor) -> bool {
        match self.party_id {
            Some(party) => shared::speaks_for(actor, party),
            None => actor.is_office(),
        }
    }

    /// Whether `actor` is the person who said that it is done.
    fn reported_by(&self, actor: &Actor) -> bool {
        self.done_by.is_some() && self.done_by == actor.account
    }
}

impl Lifecycle for ObligationDue {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Open, Deed::Report) => Some(State::Reported),
            (State::Reported, Deed::Confirm) => Some(State::Confirmed),
            (State::Reported, Deed::Return) => Some(State::Open),
            (State::Open, Deed::Waive) => Some(State::Waived),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Report => self.owes(actor),
            Deed::Confirm | Deed::Return => actor.is_office() && !self.reported_by(actor),
            Deed::Waive => actor.is_office(),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        Pred::any(vec![shared::overseen(actor), shared::own_bodies(actor, "party_id")])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Role;
    use planning::samples;

    #[test]
    fn the_party_reports_and_the_office_confirms() {
        let due = store::sample(State::Open);
        let (audit, office) = (samples::concerned(Role::Audit), samples::concerned(Role::OfficeLiaison));
        assert!(due.may(&audit, Deed::Report) && !due.may(&office, Deed::Report));
        assert!(!due.may(&audit, Deed::Confirm) && due.may(&office, Deed::Confirm));
        assert!(!due.may(&samples::stranger(Role::Audit), Deed::Report));
    }

    #[test]
    fn nobody_confirms_what_he_reported_himself() {
        let mut due = store::sample(State::Reported);
        due.party_id = None;
        let office = samples::concerned(Role::OfficeLiaison);
        assert!(due.may(&office, Deed::Confirm));
        due.done_by = office.account;
        assert!(!due.may(&office, Deed::Confirm));
    }
}
