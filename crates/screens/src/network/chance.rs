//! What chance alone would do: meetings of two firms, wins in a row of one, and the correction for looking at many.

/// Logarithms of factorials up to a largest number.
pub(super) struct Factorials(Vec<f64>);

impl Factorials {
    pub(super) fn up_to(largest: usize) -> Self {
        let mut held = Vec::with_capacity(largest + 1);
        // Summed with compensation: over a million small errors would add up to something.
        let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
        held.push(0.0);
        for number in 1..=largest {
            let next = (number as f64).ln() - lost;
            let together = sum + next;
            lost = (together - sum) - next;
            sum = together;
            held.push(sum);
        }
        Self(held)
    }

    fn of(&self, number: u64) -> f64 {
        self.0.get(number as usize).copied().unwrap_or(f64::INFINITY)
    }

    fn choose(&self, n: u64, k: u64) -> f64 {
        self.of(n) - self.of(k) - self.of(n - k)
    }
}

/// `P(X ≥ met)` when `one` and `other` of `all` tenders are attended without regard to each other.
pub(super) fn meetings(factorials: &Factorials, all: u64, one: u64, other: u64, met: u64) -> f64 {
    let (most, least) = (one.min(other), (one + other).saturating_sub(all));
    if met <= least {
        return 1.0;
    }
    if met > most {
        return 0.0;
    }
    let first = factorials.choose(one, met) + factorials.choose(all - one, other - met)
        - factorials.choose(all, other);
    let step = |x: u64| {
        let (up, down) =
            ((one - x) as f64 * (other - x) as f64, (x + 1) as f64 * (all + x + 1 - one - other) as f64);
        up / down
    };
    tail(first.exp(), met..most, step)
}

/// `P(X ≥ hits)` of so many trials, each with `chance`.
pub(super) fn trials(factorials: &Factorials, count: u64, chance: f64, hits: u64) -> f64 {
    if hits == 0 || chance >= 1.0 {
        return 1.0;
    }
    if hits > count || chance <= 0.0 {
        return 0.0;
    }
    let first = factorials.choose(count, hits)
        + hits as f64 * chance.ln()
        + (count - hits) as f64 * (-chance).ln_1p();
    tail(first.exp(), hits..count, |x| (count - x) as f64 / (x + 1) as f64 * chance / (1.0 - chance))
}

/// A first probability and those that follow, each from the one before.
fn tail(first: f64, steps: std::ops::Range<u64>, step: impl Fn(u64) -> f64) -> f64 {
    let (mut sum, mut term) = (first, first);
    for x in steps {
        let factor = step(x);
        term *= factor;
        sum += term;
        if factor < 1.0 && term < sum * 1e-17 {
            break;
        }
    }
    sum.min(1.0)
}

/// `z` of the meetings: how many deviations they lie above what is expected.
pub(super) fn deviations(all: u64, one: u64, other: u64, met: u64) -> Option<f64> {
    let (all, one, other, met) = (all as f64, one as f64, other as f64, met as f64);
    let variance = one * other * (all - one) * (all - other) / (all * all * (all - 1.0));
    (variance > 0.0).then(|| (met - one * other / all) / variance.sqrt())
}

/// False discovery rates by Benjamini and Hochberg, of probabilities among `looked_at` comparisons.
pub(super) fn discovery_rates(probabilities: &[f64], looked_at: usize) -> Vec<f64> {
    let mut order: Vec<(usize, f64)> = probabilities.iter().copied().enumerate().collect();
    order.sort_unstable_by(|one, other| one.1.total_cmp(&other.1).then(one.0.cmp(&other.0)));
    let mut rates = vec![1.0; probabilities.len()];
    let mut least = 1.0_f64;
    for (rank, (at, probability)) in order.into_iter().enumerate().rev() {
        least = least.min(probability * looked_at as f64 / (rank + 1) as f64);
        if let Some(rate) = rates.get_mut(at) {
            *rate = least;
        }
    }
    rates
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meetings_are_hypergeometric() {
        let factorials = Factorials::up_to(100);
        // Of ten tenders one firm attends four, the other three: P(3 together) = C(4,3)/C(10,3).
        assert!((meetings(&factorials, 10, 4, 3, 3) - 4.0 / 120.0).abs() < 1e-14);
        let two_or_more = (6.0 * 6.0 + 4.0) / 120.0;
        assert!((meetings(&factorials, 10, 4, 3, 2) - two_or_more).abs() < 1e-14);
        assert!((meetings(&factorials, 10, 8, 7, 5) - 1.0).abs() < 1e-14, "they cannot meet less often");
        assert!((meetings(&factorials, 10, 4, 3, 0) - 1.0).abs() < 1e-14);
    }

    #[test]
    fn trials_are_binomial() {
        let factorials = Factorials::up_to(100);
        assert!((trials(&factorials, 5, 0.2, 4) - (5.0 * 0.0016 * 0.8 + 0.00032)).abs() < 1e-14);
        assert!((trials(&factorials, 5, 0.2, 0) - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn discovery_rates_never_fall_with_the_probability() {
        let rates = discovery_rates(&[0.01, 0.04, 0.03], 10);
        let wanted = [0.1, 0.4 / 3.0, 0.4 / 3.0];
        assert!(rates.iter().zip(wanted).all(|(rate, wanted)| (rate - wanted).abs() < 1e-12), "{rates:?}");
    }

    #[test]
    fn deviations_need_something_to_deviate() {
        assert_eq!(deviations(10, 10, 3, 3), None, "who is always there meets everybody");
        let z = deviations(10, 4, 3, 3).expect("a value");
        assert!((z - 1.8 / (4.0 * 3.0 * 6.0 * 7.0 / 900.0_f64).sqrt()).abs() < 1e-12);
    }
}
