//! N8: whether the members of a group win in turn.

use std::collections::BTreeMap;

use crate::price::{Value, Why};

/// The least wins in a row of tenders that say something.
pub const LEAST_WINS: usize = 8;

/// How the wins of a group follow each other in time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rotation {
    /// Tenders won by a member, in which at least two members bid.
    pub wins: usize,
    /// `−Σ pᵢ ln pᵢ / ln |G|`: near one when all win equally often.
    pub evenness: Value,
    /// How many deviations the repeats lie from those of a random order; below −1.96 is turn-taking.
    pub repeats: Value,
    /// `P(next = same)`.
    pub same_again: Value,
    /// `Σ pᵢ²`: what `P(next = same)` would be by chance.
    pub same_by_chance: Value,
}

impl Rotation {
    /// Even wins in an order with too few repeats for chance.
    pub fn present(&self) -> bool {
        self.evenness.is_ok_and(|evenness| evenness >= 0.8)
            && self.repeats.is_ok_and(|repeats| repeats < -1.96)
    }
}

/// Of the winners in the order of time, in a group of `members`.
pub fn rotation(winners: &[u32], members: usize) -> Rotation {
    let wins = winners.len();
    if wins < LEAST_WINS || members < 2 {
        let none = Err(Why::TooFew);
        return Rotation { wins, evenness: none, repeats: none, same_again: none, same_by_chance: none };
    }
    let mut counts: BTreeMap<u32, f64> = BTreeMap::new();
    for winner in winners {
        *counts.entry(*winner).or_default() += 1.0;
    }
    let all = wins as f64;
    let again = winners.windows(2).filter(|pair| pair.first() == pair.last()).count() as f64;
    let entropy: f64 = counts.values().map(|count| -(count / all) * (count / all).ln()).sum();
    let squares: f64 = counts.values().map(|count| count * count).sum();
    Rotation {
        wins,
        evenness: Ok(entropy.max(0.0) / (members as f64).ln()),
        repeats: runs(&counts, all, all - again),
        same_again: Ok(again / (all - 1.0)),
        same_by_chance: Ok(squares / (all * all)),
    }
}

/// The runs test for several kinds, turned so that few repeats are negative.
fn runs(counts: &BTreeMap<u32, f64>, all: f64, runs: f64) -> Value {
    let squares: f64 = counts.values().map(|count| count.powi(2)).sum();
    let cubes: f64 = counts.values().map(|count| count.powi(3)).sum();
    let expected = (all * (all + 1.0) - squares) / all;
    let variance = (squares * (squares + all * (all + 1.0)) - 2.0 * all * cubes - all.powi(3))
        / (all.powi(2) * (all - 1.0));
    if variance > 1e-12 { Ok((expected - runs) / variance.sqrt()) } else { Err(Why::AllEqual) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_told_from_streaks_and_one_winner() {
        let turns: Vec<u32> = (0..12).map(|at| at % 3).collect();
        let found = rotation(&turns, 3);
        assert!(found.present(), "{found:?}");
        assert_eq!(found.same_again, Ok(0.0));
        let streaks: Vec<u32> = (0..12).map(|at| at / 4).collect();
        assert!(!rotation(&streaks, 3).present() && rotation(&streaks, 3).repeats.is_ok_and(|z| z > 1.96));
        let one = rotation(&[1; 12], 3);
        assert!(!one.present() && one.repeats == Err(Why::AllEqual) && one.evenness == Ok(0.0));
        assert_eq!(rotation(&turns[..7], 3).evenness, Err(Why::TooFew));
    }

    #[test]
    fn the_runs_test_knows_its_mean_and_deviation() {
        // Two kinds of four: 5 runs expected, variance 12/7.
        let found = rotation(&[0, 1, 0, 1, 0, 1, 0, 1], 2);
        let wanted = -3.0 / (12.0_f64 / 7.0).sqrt();
        assert!(found.repeats.is_ok_and(|z| (z - wanted).abs() < 1e-12), "{found:?}");
    }
}
