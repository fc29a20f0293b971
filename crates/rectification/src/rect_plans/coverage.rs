//! Whether a plan covers what was fed back: every problem has at least one measure with owner,
//! leader and deadline (domain.md 13.2, rule 3).

use kit::Labelled as _;
use uuid::Uuid;

use crate::{
    measures::{Gap, Measure},
    subjects::FedBackProblem,
};

/// A problem without a complete measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncovered {
    /// The problem.
    pub problem: Uuid,
    /// Its number.
    pub number: String,
    /// What its nearest measure lacks; nothing when it has no measure at all.
    pub gaps: Vec<Gap>,
}

impl Uncovered {
    /// `问题编号（没有整改措施）`.
    pub fn words(&self) -> String {
        if self.gaps.is_empty() {
            return format!("{}（没有整改措施）", self.number);
        }
        let gaps: Vec<&str> = self.gaps.iter().map(|gap| gap.label()).collect();
        format!("{}（{}）", self.number, gaps.join("、"))
    }
}

/// The problems among `problems` that no complete measure of `measures` answers, in their order.
pub fn uncovered(problems: &[FedBackProblem], measures: &[Measure]) -> Vec<Uncovered> {
    problems.iter().filter_map(|problem| lacks(problem, measures)).collect()
}

fn lacks(problem: &FedBackProblem, measures: &[Measure]) -> Option<Uncovered> {
    let own = measures.iter().filter(|measure| measure.problem_id == problem.id);
    let gaps = own.map(Measure::gaps).min_by_key(Vec::len);
    if gaps.as_ref().is_some_and(Vec::is_empty) {
        return None;
    }
    Some(Uncovered { problem: problem.id, number: problem.number.clone(), gaps: gaps.unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::{TermKind, sample_for};
    use chrono::NaiveDate;
    use proptest::prelude::*;

    fn problem(n: u128) -> FedBackProblem {
        FedBackProblem {
            id: Uuid::from_u128(n),
            number: format!("W{n}"),
            title: String::new(),
            feedback_text: String::new(),
            unit_id: Uuid::nil(),
            inspection_id: Uuid::nil(),
            organisation_id: Uuid::nil().into(),
            state: String::from("fed_back"),
            audit_linked: false,
            fed_back_on: NaiveDate::default(),
            due_on: None,
            due_basis: String::new(),
        }
    }

    fn measure(problem: u128, owner: bool, leader: bool, term: TermKind, due: bool) -> Measure {
        let name = |given: bool| String::from(if given { "某人" } else { "" });
        Measure {
            problem_id: Uuid::from_u128(problem),
            owner_name: name(owner),
            leader_name: name(leader),
            term_kind: term,
            due_on: due.then(NaiveDate::default),
            ..sample_for(Uuid::from_u128(problem))
        }
    }

    #[test]
    fn a_long_term_measure_needs_no_deadline() {
        let measures = [measure(1, true, true, TermKind::LongTerm, false)];
        assert!(uncovered(&[problem(1)], &measures).is_empty());
    }

    #[test]
    fn the_words_name_what_the_nearest_measure_lacks() {
        let measures = [
            measure(1, false, false, TermKind::Dated, false),
            measure(1, true, true, TermKind::Dated, false),
        ];
        let words: Vec<String> =
            uncovered(&[problem(1), problem(2)], &measures).iter().map(Uncovered::words).collect();
        assert_eq!(words, ["W1（缺完成期限）", "W2（没有整改措施）"]);
    }

    proptest! {
        #[test]
        fn exactly_the_problems_without_a_complete_measure_are_found(
            drawn in prop::collection::vec((0u128..6, any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()), 0..25),
        ) {
            let problems: Vec<FedBackProblem> = (0..6).map(problem).collect();
            let measures: Vec<Measure> = drawn
                .iter()
                .map(|&(of, owner, leader, long, due)| {
                    measure(of, owner, leader, if long { TermKind::LongTerm } else { TermKind::Dated }, due)
                })
                .collect();
            let expected: Vec<Uuid> = (0..6u128)
                .filter(|n| !drawn.iter().any(|d| d.0 == *n && d.1 && d.2 && (d.3 || d.4)))
                .map(Uuid::from_u128)
                .collect();
            let found: Vec<Uuid> = uncovered(&problems, &measures).iter().map(|lack| lack.problem).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
