//! Probabilities out of scores, fitted on scores of tenders that the trees had not seen.

use serde::{Deserialize, Serialize};

use super::{
    Point,
    measures::{Judged, logistic},
};

/// With fewer of either kind steps would follow chance; two numbers do not.
const ENOUGH_FOR_STEPS: usize = 100;

/// How probabilities come out of scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "snake_case")]
pub(super) enum Calibration {
    /// Platt: the logistic of a straight line.
    Platt { slope: f64, shift: f64 },
    /// Isotonic: never falling, straight between the points.
    Isotonic { points: Vec<Point> },
}

impl Calibration {
    pub(super) fn fit(judged: &[Judged]) -> Self {
        let cases = judged.iter().filter(|(_, case)| *case).count();
        if cases.min(judged.len() - cases) < ENOUGH_FOR_STEPS { platt(judged) } else { isotonic(judged) }
    }

    pub(super) fn label(&self) -> &'static str {
        match self {
            Self::Platt { .. } => "Platt（逻辑回归）",
            Self::Isotonic { .. } => "保序回归",
        }
    }

    pub(super) fn probability(&self, score: f64) -> f64 {
        match self {
            Self::Platt { slope, shift } => logistic(slope * score + shift),
            Self::Isotonic { points } => between(points, score),
        }
    }

    /// Whether probabilities never fall with the score and stay between zero and one.
    pub(super) fn sound(&self) -> bool {
        match self {
            Self::Platt { slope, shift } => slope.is_finite() && shift.is_finite() && *slope >= 0.0,
            Self::Isotonic { points } => {
                let known = |point: &Point| point.score.is_finite() && (0.0..=1.0).contains(&point.value);
                let rising = points.windows(2).all(|pair| match pair {
                    [one, other] => one.score <= other.score && one.value <= other.value,
                    _ => true,
                });
                !points.is_empty() && points.iter().all(known) && rising
            }
        }
    }
}

fn between(points: &[Point], score: f64) -> f64 {
    let above = points.partition_point(|point| point.score < score);
    match (above.checked_sub(1).and_then(|below| points.get(below)), points.get(above)) {
        (Some(below), Some(above)) => {
            let share = (score - below.score) / (above.score - below.score);
            below.value + (above.value - below.value) * share
        }
        (Some(end), None) | (None, Some(end)) => end.value,
        (None, None) => f64::NAN,
    }
}

/// Newton's way, with Platt's targets that keep away from zero and one.
fn platt(judged: &[Judged]) -> Calibration {
    let cases = judged.iter().filter(|(_, case)| *case).count() as f64;
    let honest = judged.len() as f64 - cases;
    let (yes, no) = ((cases + 1.0) / (cases + 2.0), 1.0 / (honest + 2.0));
    let (mut slope, mut shift) = (1.0, 0.0);
    for _ in 0..100 {
        let (mut by_slope, mut by_shift) = (0.0, 0.0);
        let (mut ss, mut st, mut tt) = (1e-9, 0.0, 1e-9);
        for (score, case) in judged {
            let chance = logistic(slope * score + shift);
            let off = chance - if *case { yes } else { no };
            let weight = (chance * (1.0 - chance)).max(1e-12);
            by_slope += off * score;
            by_shift += off;
            ss += weight * score * score;
            st += weight * score;
            tt += weight;
        }
        let determinant = ss * tt - st * st;
        if determinant.abs() < 1e-18 {
            break;
        }
        let step =
            ((tt * by_slope - st * by_shift) / determinant, (ss * by_shift - st * by_slope) / determinant);
        slope -= step.0.clamp(-1.0, 1.0);
        shift -= step.1.clamp(-1.0, 1.0);
        if step.0.abs() + step.1.abs() < 1e-12 {
            break;
        }
    }
    // A line that falls would turn the order round; then the scores tell nothing, and all have the same chance.
    if slope > 0.0 {
        Calibration::Platt { slope, shift }
    } else {
        Calibration::Platt { slope: 0.0, shift: (yes / (1.0 - yes)).ln().min((cases / honest).ln()) }
    }
}

/// Pools what would fall (pool adjacent violators); every pool is drawn a little towards the share of all, so that no
/// score is ever said to be certain.
fn isotonic(judged: &[Judged]) -> Calibration {
    let mut order = judged.to_vec();
    order.sort_by(|one, other| one.0.total_cmp(&other.0));
    let all = order.iter().filter(|(_, case)| *case).count() as f64 / order.len() as f64;
    let mut pools: Vec<Pool> = Vec::new();
    for tied in order.chunk_by(|one, other| one.0.total_cmp(&other.0).is_eq()) {
        let count = tied.len() as f64;
        let sum = tied.iter().map(|(score, _)| score).sum::<f64>();
        add(&mut pools, Pool { cases: tied.iter().filter(|(_, case)| *case).count() as f64, count, sum });
    }
    let drawn =
        pools.into_iter().map(|pool| Pool { cases: pool.cases + all, count: pool.count + 1.0, ..pool });
    // Small pools are drawn farther than large ones, so they may now fall again.
    let mut kept: Vec<(Pool, f64)> = Vec::new();
    for pool in drawn {
        let mut last = (pool, pool.sum / (pool.count - 1.0));
        while let Some((before, at)) = kept.pop() {
            if before.share() <= last.0.share() {
                kept.push((before, at));
                break;
            }
            let count = before.count + last.0.count;
            let at = (at * before.count + last.1 * last.0.count) / count;
            last = (Pool { cases: before.cases + last.0.cases, count, sum: 0.0 }, at);
        }
        kept.push(last);
    }
    Calibration::Isotonic {
        points: kept.into_iter().map(|(pool, score)| Point { score, value: pool.share() }).collect(),
    }
}

#[derive(Clone, Copy)]
struct Pool {
    cases: f64,
    count: f64,
    sum: f64,
}

impl Pool {
    fn share(&self) -> f64 {
        self.cases / self.count
    }
}

fn add(pools: &mut Vec<Pool>, mut last: Pool) {
    while let Some(before) = pools.pop() {
        if before.share() < last.share() {
            pools.push(before);
            break;
        }
        last = Pool {
            cases: before.cases + last.cases,
            count: before.count + last.count,
            sum: before.sum + last.sum,
        };
    }
    pools.push(last);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn probabilities_follow_the_share_of_cases() {
        // In the lower half one of ten is a case, in the upper half eight of ten.
        let judged: Vec<Judged> = (0..1000)
            .map(|at| (f64::from(at) / 100.0, if at < 500 { at % 10 == 0 } else { at % 10 < 8 }))
            .collect();
        let fitted = Calibration::fit(&judged);
        assert!(matches!(fitted, Calibration::Isotonic { .. }) && fitted.sound());
        assert!((fitted.probability(2.0) - 0.1).abs() < 0.03 && (fitted.probability(8.0) - 0.8).abs() < 0.03);
    }

    #[test]
    fn few_labels_get_a_line_and_scores_that_mislead_get_one_chance_for_all() {
        let judged: Vec<Judged> = (0..60).map(|at| (f64::from(at), at % 3 == 0 || at > 50)).collect();
        let fitted = Calibration::fit(&judged);
        assert!(matches!(fitted, Calibration::Platt { .. }) && fitted.sound());
        let misleading: Vec<Judged> = (0..60).map(|at| (f64::from(at), at < 20)).collect();
        let fitted = Calibration::fit(&misleading);
        assert!(fitted.sound() && (fitted.probability(0.0) - fitted.probability(59.0)).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn probabilities_never_fall_with_the_score(
            judged in proptest::collection::vec((-5_i32..5, any::<bool>()), 2..400),
        ) {
            let judged: Vec<Judged> = judged.into_iter().map(|(score, case)| (f64::from(score), case)).collect();
            prop_assume!(judged.iter().any(|(_, case)| *case) && judged.iter().any(|(_, case)| !case));
            for fitted in [isotonic(&judged), platt(&judged)] {
                prop_assert!(fitted.sound(), "{fitted:?}");
                let chances: Vec<f64> = (-60..60).map(|at| fitted.probability(f64::from(at) / 10.0)).collect();
                prop_assert!(chances.windows(2).all(|pair| pair[0] <= pair[1] + 1e-12));
                prop_assert!(chances.iter().all(|chance| (0.0..=1.0).contains(chance)));
            }
        }
    }
}
