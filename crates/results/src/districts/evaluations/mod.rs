//! Evaluation of district inspection reports (报告评查): scored and commented by the municipal office,
//! published to the district it concerns, followed up.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, labelled, units};

use super::{may_keep, own};
use crate::shared::whole;

pub use service::service;
pub use store::Model as ReportEvaluation;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "report_evaluations";

kit::id!(
    /// Identity of an evaluation.
    ReportEvaluationId
);

labelled! {
    /// Where an evaluation stands.
    pub enum State: "评查状态" {
        /// Being written.
        Drafted = "drafted" => "评查中", Grey;
        /// The district can read it.
        Published = "published" => "已通报", Green;
    }
}

labelled! {
    /// What can be done to an evaluation.
    pub enum Deed: "办理事项" {
        /// Change the draft.
        Edit = "edit" => "修改", Grey;
        /// Let the district read it.
        Publish = "publish" => "通报", Grey;
        /// Record what the district made of it.
        FollowUp = "follow_up" => "登记改进情况", Grey;
    }
}

labelled! {
    /// How good a report is, as the evaluators put it.
    pub enum Grade: "等次" {
        /// 优秀.
        Excellent = "excellent" => "优秀", Green;
        /// 良好.
        Good = "good" => "良好", Blue;
        /// 一般.
        Fair = "fair" => "一般", Yellow;
        /// 较差.
        Poor = "poor" => "较差", Red;
    }
}

/// A score from 0 to 100 points, kept in tenths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score(i64);

impl Score {
    /// The score of so many tenths; none outside 0 to 1000.
    pub fn of_tenths(tenths: i64) -> Option<Self> {
        (0..=1_000).contains(&tenths).then_some(Self(tenths))
    }

    /// Reads points with at most one decimal, such as `86.5`.
    pub fn parse(text: &str) -> Option<Self> {
        units::parse_decimal(text, 10).and_then(Self::of_tenths)
    }

    /// Its tenths, as they are stored.
    pub fn tenths(self) -> i64 {
        self.0
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

impl Lifecycle for ReportEvaluation {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Drafted, Deed::Edit) => Some(State::Drafted),
            (State::Drafted, Deed::Publish) | (State::Published, Deed::FollowUp) => Some(State::Published),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        may_keep(actor)
    }

    fn visible(actor: &Actor) -> Pred {
        Pred::any(vec![whole(actor), own(actor).and(Pred::is("state", State::Published))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{concerned, stranger};
    use kit::Role;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_score_reads_back_as_it_is_shown(tenths in 0i64..=1_000) {
            let score = Score::of_tenths(tenths).unwrap();
            prop_assert_eq!(Score::parse(&score.to_string()), Some(score));
        }
    }

    #[test]
    fn no_score_lies_outside_the_scale_or_between_tenths() {
        for text in ["100.1", "-1", "86.55", "", "NaN", "一百"] {
            assert_eq!(Score::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_district_reads_its_own_published_evaluation_only() {
        let sees = |actor: &Actor, state| ReportEvaluation::visible(actor).holds(&store::sample(state));
        assert!(!sees(&concerned(Role::DistrictOffice), State::Drafted));
        assert!(sees(&concerned(Role::DistrictOffice), State::Published));
        assert!(!sees(&stranger(Role::DistrictOffice), State::Published));
    }
}
