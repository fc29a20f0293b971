//! Topics named by the committee (市委点题): registered, turned into inspections, answered.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, labelled};

use crate::rights;

pub use service::service;
pub use store::{Entity, Model as Topic, find};

/// Path segment of the noun.
pub const NOUN: &str = "topics";

kit::id!(
    /// Identity of a topic.
    TopicId
);

labelled! {
    /// How soon the giver wants it looked into.
    pub enum Priority: "缓急" {
        /// In the course of the yearly plan.
        Ordinary = "ordinary" => "列入计划", Grey;
        /// In the next round.
        Important = "important" => "优先安排", Yellow;
        /// At once, as a mobile inspection.
        Urgent = "urgent" => "立即安排", Red;
    }
}

labelled! {
    /// Where a topic stands.
    pub enum State: "办理情况" {
        /// Registered, nothing arranged.
        Registered = "registered" => "已登记", Yellow;
        /// At least one inspection works on it.
        Converted = "converted" => "已立为任务", Blue;
        /// The result has been reported to the giver.
        Reported = "reported" => "已报告结果", Green;
    }
}

labelled! {
    /// What can be done to a topic.
    pub enum Deed: "办理" {
        /// Change what was registered.
        Edit = "edit" => "修改", Grey;
        /// Make a new inspection of it.
        Convert = "convert" => "立为巡察任务", Grey;
        /// Give it to an inspection that exists.
        Assign = "assign" => "交由已有任务", Grey;
        /// Report the result to the giver.
        Report = "report" => "报告结果", Grey;
    }
}

impl Lifecycle for Topic {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Registered | State::Converted, Deed::Edit) => Some(state),
            (State::Registered | State::Converted, Deed::Convert | Deed::Assign) => Some(State::Converted),
            (State::Converted, Deed::Report) => Some(State::Reported),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        rights::keeps(actor)
    }

    fn visible(actor: &Actor) -> Pred {
        rights::overseen(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_answered_only_after_an_inspection_worked_on_it() {
        assert_eq!(Topic::transition(State::Registered, Deed::Report), None);
        assert_eq!(Topic::transition(State::Converted, Deed::Report), Some(State::Reported));
    }

    #[test]
    fn an_answered_topic_stays_as_it_was_answered() {
        assert!(kit::Labelled::ALL.iter().all(|&deed| Topic::transition(State::Reported, deed).is_none()));
    }
}
