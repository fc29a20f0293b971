//! Secondments (抽调): the letter that calls somebody out of his unit for an inspection, what the unit answers, and
//! after the round the appraisal that goes back to it. Addressee, person, duty and period are all on the record, so
//! that the letter itself can be drawn up from it.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

use crate::needs;

pub use service::service;
pub use store::{Entity, Model as Secondment, find, of_nomination};

/// Path segment of the noun.
pub const NOUN: &str = "secondments";

kit::id!(
    /// Identity of a secondment.
    SecondmentId
);

labelled! {
    /// Where a secondment stands.
    pub enum State: "抽调情况" {
        /// The letter is drawn up.
        Draft = "draft" => "拟发", Grey;
        /// The letter is sent; the unit has still to answer.
        Sent = "sent" => "已发函", Yellow;
        /// The unit lets the person go.
        Granted = "granted" => "单位同意", Green;
        /// The unit does not.
        Refused = "refused" => "单位不同意", Red;
        /// Appraised and back.
        Returned = "returned" => "已返回", Blue;
        /// Taken back.
        Cancelled = "cancelled" => "已取消", Grey;
    }
}

labelled! {
    /// What can be done to a secondment.
    pub enum Deed: "办理" {
        /// Send the letter.
        Send = "send" => "发函", Grey;
        /// The unit lets the person go.
        Grant = "grant" => "登记同意", Grey;
        /// The unit does not.
        Refuse = "refuse" => "登记不同意", Grey;
        /// Appraise and send back.
        Appraise = "appraise" => "考核并反馈派出单位", Grey;
        /// Take it back.
        Cancel = "cancel" => "取消", Grey;
    }
}

labelled! {
    /// How somebody did.
    pub enum Grade: "考核等次" {
        /// Excellent.
        Excellent = "excellent" => "优秀", Green;
        /// Good.
        Good = "good" => "良好", Green;
        /// Ordinary.
        Ordinary = "ordinary" => "一般", Grey;
        /// Poor.
        Poor = "poor" => "较差", Red;
    }
}

impl Lifecycle for Secondment {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Draft, Deed::Send) => Some(State::Sent),
            (State::Sent, Deed::Grant) => Some(State::Granted),
            (State::Sent, Deed::Refuse) => Some(State::Refused),
            (State::Granted, Deed::Appraise) => Some(State::Returned),
            (State::Draft | State::Sent, Deed::Cancel) => Some(State::Cancelled),
            _ => None,
        }
    }

    /// The office writes; the head of the team or the office appraises.
    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Appraise => actor.is_office() || actor.is_for(Role::TeamHead, self.inspection_id.0),
            Deed::Send | Deed::Grant | Deed::Refuse | Deed::Cancel => actor.is_office(),
        }
    }

    /// The two sides that select; the head of the team, of his own inspection, once the person was let go.
    fn visible(actor: &Actor) -> Pred {
        if needs::may_select(actor) || actor.is(Role::LeadingGroup) {
            return Pred::All;
        }
        let come = Pred::one_of("state", [State::Granted, State::Returned]);
        actor.own_inspections(Role::TeamHead).and(come)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rights;

    #[test]
    fn the_head_of_the_team_appraises_his_own_people_only() {
        let letter = service::sample(State::Granted);
        assert!(letter.decide(&rights::concerned(Role::TeamHead), Deed::Appraise).is_ok());
        assert!(letter.decide(&rights::stranger(Role::TeamHead), Deed::Appraise).is_err());
        assert!(!Secondment::visible(&rights::stranger(Role::TeamHead)).holds(&letter));
        assert!(letter.decide(&rights::concerned(Role::TeamHead), Deed::Cancel).is_err());
    }
}
