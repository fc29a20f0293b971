//! P21 and P22: whether the digits of amounts look like those of amounts that were reckoned, not made up.

use std::collections::BTreeMap;

use crate::price::Why;

/// P21: the last two digits before the point against the uniform.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TailDigits {
    /// How many amounts were looked at.
    pub amounts: usize,
    /// χ² over the hundred endings, 99 degrees of freedom.
    pub chi_square: f64,
    /// The commonest ending.
    pub commonest: u8,
    /// How many end so.
    pub of_commonest: usize,
}

impl TailDigits {
    /// From so many amounts on each ending is expected five times, as the test needs.
    pub const LEAST: usize = 500;

    /// Of whole amounts in the smallest unit that bidders choose freely, such as yuan; below a thousand they have no
    /// ending to speak of.
    pub fn of(amounts: impl IntoIterator<Item = u64>) -> Result<Self, Why> {
        let mut counts: BTreeMap<u8, usize> = BTreeMap::new();
        let mut all = 0_usize;
        for amount in amounts.into_iter().filter(|amount| *amount >= 1000) {
            *counts.entry((amount % 100) as u8).or_default() += 1;
            all += 1;
        }
        if all < Self::LEAST {
            return Err(Why::TooFew);
        }
        let expected = all as f64 / 100.0;
        let seen: f64 = counts.values().map(|count| (*count as f64 - expected).powi(2) / expected).sum();
        let unseen = (100 - counts.len()) as f64 * expected;
        // Of several as common the least ending.
        let (commonest, of_commonest) =
            counts.into_iter().rev().max_by_key(|(_, count)| *count).unwrap_or_default();
        Ok(Self { amounts: all, chi_square: seen + unseen, commonest, of_commonest })
    }
}

/// P21: bids of one tender, in fen, that share a fractional part of a yuan which is not zero: by the part, how many.
pub fn shared_fractions(fen: impl IntoIterator<Item = u64>) -> BTreeMap<u8, usize> {
    let mut counts: BTreeMap<u8, usize> = BTreeMap::new();
    for amount in fen {
        *counts.entry((amount % 100) as u8).or_default() += 1;
    }
    counts.retain(|part, count| *part != 0 && *count > 1);
    counts
}

/// P22: first digits against Benford's law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FirstDigits {
    /// How many amounts were looked at.
    pub amounts: usize,
    /// Mean absolute deviation of the shares of the nine digits from `log₁₀(1 + 1/d)`.
    pub deviation: f64,
    /// The shares of the digits one to nine.
    pub shares: [f64; 9],
}

impl FirstDigits {
    /// From so many amounts on the shares say something.
    pub const LEAST: usize = 300;

    /// Of amounts above zero that stretch over at least two orders of magnitude.
    pub fn of(amounts: impl IntoIterator<Item = f64>) -> Result<Self, Why> {
        let mut shares = [0.0; 9];
        let (mut all, mut least, mut most) = (0_usize, f64::INFINITY, 0.0_f64);
        for amount in amounts.into_iter().filter(|amount| amount.is_finite() && *amount > 0.0) {
            all += 1;
            (least, most) = (least.min(amount), most.max(amount));
            let place = usize::from(first_digit(amount).saturating_sub(1));
            if let Some(share) = shares.get_mut(place) {
                *share += 1.0;
            }
        }
        if all < Self::LEAST {
            return Err(Why::TooFew);
        }
        if most / least < 100.0 {
            return Err(Why::OutOfRange);
        }
        for share in &mut shares {
            *share /= all as f64;
        }
        let apart = (1..=9)
            .zip(shares)
            .map(|(digit, share)| (share - (1.0 / f64::from(digit)).ln_1p() / std::f64::consts::LN_10).abs());
        Ok(Self { amounts: all, deviation: apart.sum::<f64>() / 9.0, shares })
    }

    /// Whether the deviation is above the customary 0.015.
    pub fn nonconforming(&self) -> bool {
        self.deviation > 0.015
    }
}

/// By the shortest decimal text, so that no logarithm rounds 1000 down to 999.
fn first_digit(amount: f64) -> u8 {
    let digit = |letter: char| letter.to_digit(10).filter(|digit| *digit > 0);
    format!("{amount:e}").chars().find_map(digit).map_or(1, |digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_two_follow_benford_and_even_first_digits_do_not() {
        let powers = FirstDigits::of((0..1000).map(|power| 2_f64.powi(power % 1000))).expect("shares");
        assert!(!powers.nonconforming() && (powers.shares[0] - 0.301).abs() < 1e-9);
        let even =
            FirstDigits::of((0..900).map(|at| f64::from(at % 9 + 1) * 10_f64.powi(at % 3))).expect("shares");
        assert!(even.nonconforming());
    }

    #[test]
    fn first_digits_need_many_amounts_over_two_orders() {
        assert_eq!(FirstDigits::of([1.0, 500.0]), Err(Why::TooFew));
        assert_eq!(FirstDigits::of((0..400).map(|at| 1000.0 + f64::from(at))), Err(Why::OutOfRange));
    }

    #[test]
    fn first_digits_are_exact_at_powers_of_ten() {
        let digits: Vec<u8> = [1000.0, 999.99, 0.002, 1e22, 5e-7].map(first_digit).to_vec();
        assert_eq!(digits, [1, 9, 2, 1, 5]);
    }

    #[test]
    fn even_endings_have_no_chi_square_and_one_ending_has_all_of_it() {
        let even = TailDigits::of((0..1000).map(|at| 10_000 + at)).expect("a value");
        assert!(even.chi_square.abs() < 1e-9);
        let eights = TailDigits::of((0..1000).map(|at| 10_088 + at * 100)).expect("a value");
        assert!(
            (eights.chi_square - 99_000.0).abs() < 1e-6
                && (eights.commonest, eights.of_commonest) == (88, 1000)
        );
        assert_eq!(TailDigits::of([5; 600]), Err(Why::TooFew), "small amounts have no ending");
    }

    #[test]
    fn round_yuan_share_nothing() {
        assert_eq!(shared_fractions([10_000, 20_000, 30_037, 40_037, 50_012]), BTreeMap::from([(37, 2)]));
    }
}
