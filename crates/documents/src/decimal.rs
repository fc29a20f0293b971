//! Decimal numbers by hand: digits in, integers out, no binary fractions in between.

use std::borrow::Cow;

/// A number as its digits: `digits / 10^places`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    digits: i128,
    places: u32,
}

impl Decimal {
    /// Digits taken at most; beyond them a number is no figure of a ledger.
    const MOST_DIGITS: u32 = 30;

    /// Reads `-1,234.50`. Thousands may be separated by commas in groups of three (the first one shorter); nothing
    /// else is skipped.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let whole = ungrouped(whole)?;
        let mut digits: i128 = 0;
        let mut count = 0;
        for digit in whole.chars().chain(fraction.chars()) {
            count += u32::from(digits != 0);
            if count >= Self::MOST_DIGITS {
                return None;
            }
            digits = digits * 10 + i128::from(digit.to_digit(10)?);
        }
        let places = u32::try_from(fraction.len()).ok().filter(|places| *places <= 400)?;
        Some(Self { digits: if negative { -digits } else { digits }, places })
    }

    /// The decimal a spreadsheet shows for a stored number: the shortest one that reads back as it.
    pub fn from_stored(number: f64) -> Option<Self> {
        number.is_finite().then(|| Self::parse(&number.to_string())).flatten()
    }

    /// The number times `factor`, rounded half away from zero. `None` outside the range of `i64`.
    pub fn times(self, factor: i64) -> Option<i64> {
        let product = self.digits.checked_mul(i128::from(factor))?;
        // A divisor beyond i128 leaves less than a half of any product we hold.
        let Some(divisor) = 10i128.checked_pow(self.places) else { return Some(0) };
        i64::try_from(rounded(product, divisor)).ok()
    }

    /// The number when it is a whole one.
    pub fn whole(self) -> Option<i64> {
        let divisor = 10i128.checked_pow(self.places)?;
        (self.digits % divisor == 0).then(|| i64::try_from(self.digits / divisor).ok()).flatten()
    }

    /// Whether the number lies from -1 to 1.
    pub fn within_one(self) -> bool {
        10i128.checked_pow(self.places).is_none_or(|one| self.digits.abs() <= one)
    }
}

fn ungrouped(whole: &str) -> Option<Cow<'_, str>> {
    if !whole.contains(',') {
        return Some(Cow::Borrowed(whole));
    }
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let fits = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    fits.then(|| whole.replace(',', "").into())
}

/// `dividend / divisor` rounded half away from zero; 0 when the divisor is 0.
pub(crate) fn rounded(dividend: i128, divisor: i128) -> i128 {
    if divisor == 0 {
        return 0;
    }
    let (quotient, remainder) = (dividend / divisor, dividend % divisor);
    if remainder.unsigned_abs() >= divisor.unsigned_abs().div_ceil(2) {
        quotient + if (dividend < 0) == (divisor < 0) { 1 } else { -1 }
    } else {
        quotient
    }
}

/// `number / 10^places` with all its places, such as `-1.50`.
pub fn fixed(number: i64, places: u32) -> String {
    let scale = 10u64.saturating_pow(places);
    let sign = if number < 0 { "-" } else { "" };
    let size = number.unsigned_abs();
    let width = places as usize;
    format!("{sign}{}.{:0width$}", size / scale, size % scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn figures_of_ledgers_become_exact_fen() {
        let fen = |text: &str, factor| Decimal::parse(text).and_then(|number| number.times(factor));
        assert_eq!(fen("782.6", 1_000_000), Some(782_600_000));
        assert_eq!(fen("1,234.56", 100), Some(123_456));
        assert_eq!(fen("-0.005", 100), Some(-1));
        assert_eq!(fen(".5", 100), Some(50));
        assert_eq!(fen("9223372036854775808", 1), None);
    }

    #[test]
    fn what_is_no_plain_number_is_not_guessed() {
        for text in ["", "-", ".", "1.2.3", "12,34", "1e5", "约3", "1 2", "1,2345", ",123", "--1"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn stored_sums_lose_their_binary_noise() {
        let noisy = Decimal::from_stored(0.1 + 0.2).unwrap();
        assert_eq!(noisy.times(1_000_000), Some(300_000));
        assert_eq!(Decimal::from_stored(f64::MAX), None);
        assert_eq!(Decimal::from_stored(f64::MIN_POSITIVE).and_then(|tiny| tiny.times(100)), Some(0));
        assert_eq!(Decimal::from_stored(f64::NAN), None);
    }

    proptest! {
        #[test]
        fn money_and_areas_survive_writing_and_reading(number: i64) {
            prop_assert_eq!(Decimal::parse(&fixed(number, 2)).and_then(|n| n.times(100)), Some(number));
            prop_assert_eq!(Decimal::parse(&fixed(number, 4)).and_then(|n| n.times(10_000)), Some(number));
        }

        #[test]
        fn stored_money_survives(fen in -999_999_999_999_999i64..999_999_999_999_999) {
            prop_assert_eq!(Decimal::from_stored(fen as f64 / 100.0).and_then(|n| n.times(100)), Some(fen));
            prop_assert_eq!(Decimal::from_stored(fen as f64 / 10_000.0).and_then(|n| n.times(10_000)), Some(fen));
        }

        #[test]
        fn parsing_never_panics(text in ".{0,60}", number: f64) {
            let _ = Decimal::parse(&text).and_then(|n| n.times(i64::MAX));
            let _ = Decimal::from_stored(number).and_then(Decimal::whole);
        }
    }
}
