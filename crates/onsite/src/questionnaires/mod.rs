//! Questionnaires (问卷): designed from the office's questions, answered without a name by one-time codes or on paper, and
//! counted in sum only.
//!
//! An answer raises counters and leaves nothing else: no row of its own, no time, no order, no code. Results appear when
//! the questionnaire is closed, and small numbers stay hidden even then.

pub mod actions;
pub mod answers;
mod chart;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, labelled};

use crate::rights;

pub use service::service;
pub use store::Model as Questionnaire;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "questionnaires";

/// Most options of a question.
pub const OPTIONS: usize = 6;

kit::id!(
    /// Identity of a questionnaire.
    QuestionnaireId
);

labelled! {
    /// Where a questionnaire stands.
    pub enum State: "问卷状态" {
        /// Being designed.
        Draft = "draft" => "设计中", Grey;
        /// Being answered.
        Open = "open" => "作答中", Blue;
        /// Closed; results are shown.
        Closed = "closed" => "已关闭", Green;
    }
}

labelled! {
    /// Kinds of question.
    pub enum QuestionKind: "题型" {
        /// One of the options.
        Single = "single" => "单选", Grey;
        /// Any of the options.
        Multiple = "multiple" => "多选", Grey;
        /// In own words.
        Open = "open" => "问答", Grey;
    }
}

labelled! {
    /// What can be done to a questionnaire.
    pub enum Deed: "问卷办理" {
        /// Change it.
        Edit = "edit" => "修改", Grey;
        /// Let people answer.
        Open = "open" => "开放作答", Grey;
        /// Enter what was answered on paper.
        Paper = "paper" => "录入纸质问卷", Grey;
        /// Close it.
        Close = "close" => "关闭", Grey;
    }
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Place, from 1.
    pub position: i64,
    /// What is asked.
    pub text: String,
    /// Kind.
    pub kind: QuestionKind,
    /// Options, none for questions in own words.
    pub options: Vec<String>,
}

/// Counts as they may be shown: nothing where fewer than `least` people would be visible. When a single count is hidden,
/// the smallest other one is hidden with it, so that it cannot be worked out from the sum.
pub fn shown_counts(counts: &[i64], least: i64) -> Vec<Option<i64>> {
    let total: i64 = counts.iter().sum();
    if total < least {
        return vec![None; counts.len()];
    }
    let small = |count: i64| count > 0 && count < least;
    let mut shown: Vec<Option<i64>> =
        counts.iter().map(|&count| if small(count) { None } else { Some(count) }).collect();
    if shown.iter().filter(|count| count.is_none()).count() == 1 {
        let smallest = shown.iter().flatten().copied().filter(|&count| count > 0).min();
        if let Some(place) = smallest.and_then(|smallest| shown.iter().position(|c| *c == Some(smallest)))
            && let Some(cell) = shown.get_mut(place)
        {
            *cell = None;
        }
    }
    shown
}

impl Lifecycle for Questionnaire {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Draft, Deed::Edit) => Some(State::Draft),
            (State::Draft, Deed::Open) | (State::Open, Deed::Paper) => Some(State::Open),
            (State::Open, Deed::Close) => Some(State::Closed),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        actor.in_team(self.inspection_id)
    }

    fn visible(actor: &Actor) -> Pred {
        rights::papers(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_single_small_count_takes_its_neighbour_along() {
        assert_eq!(shown_counts(&[20, 12, 2, 0], 5), [Some(20), None, None, Some(0)]);
        assert_eq!(shown_counts(&[20, 12, 7], 5), [Some(20), Some(12), Some(7)]);
        assert_eq!(shown_counts(&[2, 1, 1], 5), [None, None, None]);
    }

    proptest! {
        #[test]
        fn no_shown_count_tells_of_fewer_than_the_least(
            counts in proptest::collection::vec(0i64..30, 1..6), least in 2i64..8,
        ) {
            let shown = shown_counts(&counts, least);
            prop_assert_eq!(shown.len(), counts.len());
            for (count, held) in counts.iter().zip(&shown) {
                if let Some(held) = held {
                    prop_assert_eq!(held, count);
                    prop_assert!(*held == 0 || *held >= least);
                }
            }
            // What is hidden cannot be worked out from the total: never exactly one of several.
            let hidden = shown.iter().filter(|count| count.is_none()).count();
            prop_assert!(hidden != 1 || counts.len() == 1);
        }
    }
}
