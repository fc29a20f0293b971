//! How good an order is, on tenders that were not learnt from.

/// A score and whether it was a case.
pub(super) type Judged = (f64, bool);

/// The probability that a case scores above an honest tender (AUC), ties half.
pub(super) fn auc(judged: &[Judged]) -> f64 {
    let mut order: Vec<Judged> = judged.to_vec();
    order.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (cases, honest) = counts(judged);
    let (mut ranks, mut at) = (0.0, 0.0);
    for tied in order.chunk_by(|one, other| one.0.total_cmp(&other.0).is_eq()) {
        let size = tied.len() as f64;
        let mean_rank = at + f64::midpoint(size, 1.0);
        ranks += mean_rank * tied.iter().filter(|(_, case)| *case).count() as f64;
        at += size;
    }
    if cases == 0.0 || honest == 0.0 {
        f64::NAN
    } else {
        (ranks - cases * (cases + 1.0) / 2.0) / (cases * honest)
    }
}

/// Half of the width of the 95 % interval of an AUC (Hanley and McNeil).
pub(super) fn auc_margin(auc: f64, judged: &[Judged]) -> f64 {
    let (cases, honest) = counts(judged);
    let (q1, q2) = (auc / (2.0 - auc), 2.0 * auc * auc / (1.0 + auc));
    let variance = (auc * (1.0 - auc) + (cases - 1.0) * (q1 - auc * auc) + (honest - 1.0) * (q2 - auc * auc))
        / (cases * honest);
    1.96 * variance.max(0.0).sqrt()
}

/// Mean of the precision at every case, highest score first; ties are taken together.
pub(super) fn average_precision(judged: &[Judged]) -> f64 {
    let mut order: Vec<Judged> = judged.to_vec();
    order.sort_by(|one, other| other.0.total_cmp(&one.0));
    let (mut found, mut looked_at, mut sum) = (0.0, 0.0, 0.0);
    for tied in order.chunk_by(|one, other| one.0.total_cmp(&other.0).is_eq()) {
        let cases = tied.iter().filter(|(_, case)| *case).count() as f64;
        found += cases;
        looked_at += tied.len() as f64;
        sum += cases * found / looked_at;
    }
    if found == 0.0 { f64::NAN } else { sum / found }
}

/// Mean squared distance of probabilities from what was the case.
pub(super) fn brier(judged: &[Judged]) -> f64 {
    let sum: f64 = judged.iter().map(|(chance, case)| (chance - f64::from(u8::from(*case))).powi(2)).sum();
    sum / judged.len() as f64
}

pub(super) fn logistic(score: f64) -> f64 {
    1.0 / (1.0 + (-score).exp())
}

/// Bins of like size by probability: mean probability, share of cases, count.
pub(super) fn reliability(judged: &[Judged], bins: usize) -> Vec<(f64, f64, usize)> {
    let mut order: Vec<Judged> = judged.to_vec();
    order.sort_by(|one, other| one.0.total_cmp(&other.0));
    let size = order.len().div_ceil(bins.max(1)).max(1);
    let mean =
        |bin: &[Judged], of: &dyn Fn(&Judged) -> f64| bin.iter().map(of).sum::<f64>() / bin.len() as f64;
    order
        .chunks(size)
        .map(|bin| {
            (mean(bin, &|(chance, _)| *chance), mean(bin, &|(_, case)| f64::from(u8::from(*case))), bin.len())
        })
        .collect()
}

/// Expected calibration error: distance of probability and share of cases, weighted by the size of the bins.
pub(super) fn calibration_error(bins: &[(f64, f64, usize)]) -> f64 {
    let all: usize = bins.iter().map(|(_, _, count)| count).sum();
    bins.iter().map(|(chance, share, count)| (chance - share).abs() * *count as f64).sum::<f64>() / all as f64
}

fn counts(judged: &[Judged]) -> (f64, f64) {
    let cases = judged.iter().filter(|(_, case)| *case).count();
    (cases as f64, (judged.len() - cases) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_judged_as_by_counting_pairs() {
        let judged = [(0.1, false), (0.4, true), (0.4, false), (0.8, true)];
        // Pairs: .4>.1, .4=.4, .8>.1, .8>.4
        assert!((auc(&judged) - 3.5 / 4.0).abs() < 1e-12);
        assert!((average_precision(&judged) - f64::midpoint(1.0, 2.0 / 3.0)).abs() < 1e-12);
        assert!(auc(&[(0.0, true)]).is_nan());
        assert!(auc_margin(0.875, &judged) > 0.1);
    }

    #[test]
    fn probabilities_are_judged_by_their_distance() {
        let judged = [(0.0, false), (1.0, true), (0.5, true), (0.5, false)];
        assert!((brier(&judged) - 0.125).abs() < 1e-12);
        let bins = reliability(&judged, 2);
        assert_eq!(bins.len(), 2);
        assert!((calibration_error(&bins) - 0.25).abs() < 1e-12);
        assert!((logistic(0.0) - 0.5).abs() < 1e-12);
    }
}
