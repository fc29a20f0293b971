//! Many durations, summed up in few numbers.

use std::time::Duration;

/// Sorted durations, at least one.
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    /// `None` when nothing was measured.
    pub(crate) fn new(mut durations: Vec<Duration>) -> Option<Self> {
        durations.sort_unstable();
        (!durations.is_empty()).then_some(Self(durations))
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The smallest sample that `percent` of all samples do not exceed (nearest rank), `percent` in 0..=100.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).or(self.0.last()).copied().unwrap_or_default()
    }

    pub(crate) fn median(&self) -> Duration {
        self.percentile(50)
    }

    pub(crate) fn p99(&self) -> Duration {
        self.percentile(99)
    }

    pub(crate) fn least(&self) -> Duration {
        self.percentile(0)
    }

    pub(crate) fn most(&self) -> Duration {
        self.percentile(100)
    }
}

/// Milliseconds with fractions.
pub(crate) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(milliseconds: impl IntoIterator<Item = u64>) -> Samples {
        Samples::new(milliseconds.into_iter().map(Duration::from_millis).collect()).unwrap()
    }

    #[test]
    fn percentiles_are_samples_by_nearest_rank() {
        let hundred = samples((1..=100).rev());
        assert_eq!(hundred.median(), Duration::from_millis(50));
        assert_eq!(hundred.p99(), Duration::from_millis(99));
        assert_eq!(hundred.least(), Duration::from_millis(1));
        assert_eq!(hundred.most(), Duration::from_millis(100));
    }

    #[test]
    fn one_sample_is_its_own_percentile_everywhere() {
        let one = samples([7]);
        assert_eq!([one.least(), one.median(), one.p99(), one.most()], [Duration::from_millis(7); 4]);
    }

    #[test]
    fn of_few_samples_the_99th_percentile_is_the_slowest() {
        assert_eq!(samples([1, 2, 90]).p99(), Duration::from_millis(90));
    }

    #[test]
    fn nothing_measured_is_not_zero() {
        assert!(Samples::new(Vec::new()).is_none());
    }
}
