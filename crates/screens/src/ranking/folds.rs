//! Folds that keep the tenders of one case together and have cases and honest tenders in like shares.

use std::collections::BTreeMap;

use rand::{SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha8Rng;

use super::Example;

/// The fold of every example, or nothing when there are not enough groups to have cases and others in two folds.
pub(super) fn folds(examples: &[Example], count: usize, seed: u64) -> Option<(Vec<usize>, usize)> {
    let mut groups: BTreeMap<&str, (bool, Vec<usize>)> = BTreeMap::new();
    for (at, example) in examples.iter().enumerate() {
        let group = groups.entry(&example.group).or_default();
        // A case may have tenders that were found in order; it goes with the cases.
        group.0 |= example.collusive;
        group.1.push(at);
    }
    let of = |wanted: bool| -> Vec<Vec<usize>> {
        groups.values().filter(|(case, _)| *case == wanted).map(|(_, members)| members.clone()).collect()
    };
    let (mut cases, mut honest) = (of(true), of(false));
    let count = count.min(cases.len()).min(honest.len());
    if count < 2 {
        return None;
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut fold_of = vec![0; examples.len()];
    for groups in [&mut cases, &mut honest] {
        groups.shuffle(&mut random);
        // Large groups first, each to the fold that has least.
        groups.sort_by_key(|members| std::cmp::Reverse(members.len()));
        let mut filled = vec![0_usize; count];
        for members in groups.iter() {
            let fold = filled.iter().enumerate().min_by_key(|(_, held)| **held).map_or(0, |(fold, _)| fold);
            if let Some(held) = filled.get_mut(fold) {
                *held += members.len();
            }
            for member in members {
                if let Some(held) = fold_of.get_mut(*member) {
                    *held = fold;
                }
            }
        }
    }
    Some((fold_of, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(row: usize, collusive: bool, group: &str) -> Example {
        Example { row, collusive, group: group.to_owned() }
    }

    #[test]
    fn tenders_of_one_case_stay_in_one_fold_and_every_fold_has_cases() {
        let examples: Vec<Example> = (0..60)
            .map(|at| match at {
                0..30 => example(at, true, &format!("case {}", at / 3)),
                _ => example(at, false, &format!("T{at}")),
            })
            .collect();
        let (fold_of, count) = folds(&examples, 5, 1).expect("folds");
        assert_eq!(count, 5);
        for case in 0..10 {
            assert!((1..3).all(|at| fold_of[case * 3 + at] == fold_of[case * 3]));
        }
        for fold in 0..5 {
            assert_eq!((0..30).filter(|at| fold_of[*at] == fold).count(), 6);
            assert_eq!((30..60).filter(|at| fold_of[*at] == fold).count(), 6);
        }
        assert_eq!(folds(&examples, 5, 1), folds(&examples, 5, 1));
    }

    #[test]
    fn one_case_alone_cannot_be_judged() {
        let examples: Vec<Example> =
            (0..9).map(|at| example(at, at < 4, if at < 4 { "one" } else { "T" })).collect();
        assert_eq!(folds(&examples, 5, 1), None);
    }
}
