//! Adding up what the suites report, down to the one closing line.

use std::{fmt, ops::AddAssign};

/// How many checks ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Tally {
    /// One failure without a count of its own: a check that could not even report.
    pub(crate) const ONE_FAILURE: Self = Self { passed: 0, failed: 1, skipped: 0 };
    /// A suite that did not run.
    pub(crate) const ONE_SKIP: Self = Self { passed: 0, failed: 0, skipped: 1 };

    /// Reads cargo's `test result: ok. 3 passed; 0 failed; 1 ignored; …`; other lines are `None`.
    pub(crate) fn from_cargo(line: &str) -> Option<Self> {
        let counts = line.trim().strip_prefix("test result: ")?;
        let (_verdict, counts) = counts.split_once(". ")?;
        Some(Self {
            passed: count(counts, "; ", "passed")?,
            failed: count(counts, "; ", "failed")?,
            skipped: count(counts, "; ", "ignored")?,
        })
    }

    /// Reads the browser suite's `3 passed, 0 failed`; other lines are `None`.
    pub(crate) fn from_browser(line: &str) -> Option<Self> {
        Some(Self { passed: count(line, ", ", "passed")?, failed: count(line, ", ", "failed")?, skipped: 0 })
    }
}

fn count(text: &str, separator: &str, word: &str) -> Option<u64> {
    text.trim()
        .split(separator)
        .find_map(|part| part.trim().strip_suffix(word)?.strip_suffix(' ')?.parse().ok())
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str =
        "test result: FAILED. 30 passed; 2 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.01s";

    #[test]
    fn cargos_result_line_is_read_whatever_its_verdict() {
        assert_eq!(Tally::from_cargo(LINE), Some(Tally { passed: 30, failed: 2, skipped: 1 }));
        let ok =
            "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(Tally::from_cargo(ok), Some(Tally::default()));
    }

    #[test]
    fn a_line_that_only_looks_like_a_result_counts_nothing() {
        assert_eq!(Tally::from_cargo("test results are read ... ok"), None);
        assert_eq!(Tally::from_cargo("test result: ok"), None);
        assert_eq!(Tally::from_browser("sign-in passed"), None);
    }

    #[test]
    fn the_browser_suites_line_is_read() {
        assert_eq!(
            Tally::from_browser("7 passed, 1 failed"),
            Some(Tally { passed: 7, failed: 1, skipped: 0 })
        );
    }

    #[test]
    fn the_closing_line_is_the_sum_of_all_suites() {
        let mut sum = Tally::default();
        sum += Tally { passed: 30, failed: 2, skipped: 1 };
        sum += Tally::ONE_SKIP;
        sum += Tally::ONE_FAILURE;
        assert_eq!(sum.to_string(), "30 passed, 3 failed, 2 skipped");
    }
}
