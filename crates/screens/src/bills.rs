//! P16 to P20: how the priced bills of bidders follow each other.
//!
//! Items whose price is not the bidder's own choice (provisional sums, materials supplied by the owner, rates fixed by
//! the tender documents) must be left out before: equal prices of theirs mean nothing.

use crate::price::{Value, Why};

/// From so many common items on a constant ratio says something.
pub const LEAST_ITEMS: usize = 20;

/// The unit prices of two bidders for the same items.
#[derive(Clone, Debug, PartialEq)]
pub struct Bills {
    pairs: Vec<(f64, f64)>,
}

impl Bills {
    /// Of the items that both priced above zero.
    pub fn new(items: impl IntoIterator<Item = (f64, f64)>) -> Self {
        Self { pairs: items.into_iter().filter(|(one, other)| priced(*one) && priced(*other)).collect() }
    }

    /// How many items both priced.
    pub fn items(&self) -> usize {
        self.pairs.len()
    }

    /// P16: the ratios `u_p / u_q`.
    pub fn ratios(&self) -> Result<Steady, Why> {
        let ratios: Vec<f64> = self.pairs.iter().map(|(one, other)| one / other).collect();
        Steady::of(&ratios)
    }

    /// P16: the ratios hardly vary and are not one, over enough items.
    pub fn fixed_coefficient(&self, tolerance: f64) -> Result<bool, Why> {
        let ratios = self.ratios()?;
        let apart = (ratios.mean - 1.0).abs() > tolerance;
        Ok(apart && ratios.deviation <= tolerance * ratios.mean)
    }

    /// P17: the differences `u_p − u_q`.
    pub fn differences(&self) -> Result<Steady, Why> {
        let differences: Vec<f64> = self.pairs.iter().map(|(one, other)| one - other).collect();
        Steady::of(&differences)
    }

    /// P17: the differences hardly vary against their own mean, which is not zero.
    pub fn fixed_difference(&self, tolerance: f64) -> Result<bool, Why> {
        let differences = self.differences()?;
        Ok(differences.mean != 0.0 && differences.deviation <= tolerance * differences.mean.abs())
    }

    /// P18: the share of items with one and the same price.
    pub fn equal(&self) -> Value {
        if self.pairs.is_empty() {
            return Err(Why::TooFew);
        }
        let same = self.pairs.iter().filter(|(one, other)| one.to_bits() == other.to_bits()).count();
        Ok(same as f64 / self.pairs.len() as f64)
    }
}

fn priced(price: f64) -> bool {
    price.is_finite() && price > 0.0
}

/// Mean and sample deviation of what should hardly vary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steady {
    /// The mean.
    pub mean: f64,
    /// The sample deviation.
    pub deviation: f64,
}

impl Steady {
    fn of(values: &[f64]) -> Result<Self, Why> {
        if values.len() < LEAST_ITEMS {
            return Err(Why::TooFew);
        }
        let mean = mean(values);
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Ok(Self { mean, deviation: (squares / (values.len() - 1) as f64).sqrt() })
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// P19: how far the shares of the cost heads of two bidders lie apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Structure {
    /// The largest distance of a head.
    pub farthest: f64,
    /// The mean distance.
    pub mean: f64,
}

impl Structure {
    /// Of the costs of both under the same heads; at least three, or the shares have no room to differ.
    pub fn of(heads: &[(f64, f64)]) -> Result<Self, Why> {
        let whole = |pick: fn(&(f64, f64)) -> f64| heads.iter().map(pick).sum::<f64>();
        let (one, other) = (whole(|head| head.0), whole(|head| head.1));
        if heads.len() < 3 || !priced(one) || !priced(other) {
            return Err(Why::TooFew);
        }
        let apart: Vec<f64> = heads.iter().map(|head| (head.0 / one - head.1 / other).abs()).collect();
        Ok(Self { farthest: apart.iter().copied().fold(0.0, f64::max), mean: mean(&apart) })
    }

    /// No head farther apart than 2 %, and 1 % on the mean.
    pub fn proportional(&self) -> bool {
        self.farthest <= 0.02 && self.mean <= 0.01
    }
}

/// P20: the correlation of two bidders' prices beyond what all bidders have in common.
///
/// `bills` holds the prices of every bidder, all for the same items in the same order. From the logarithm of each price
/// the median of the item is taken away; items that somebody did not price are left out. With two bidders the residuals
/// mirror each other by construction, so at least three are needed.
pub fn residual_correlation(bills: &[&[f64]], one: usize, other: usize) -> Value {
    let items = bills.iter().map(|bill| bill.len()).min().unwrap_or_default();
    if bills.len() < 3 {
        return Err(Why::TooFew);
    }
    let mut residuals = (Vec::with_capacity(items), Vec::with_capacity(items));
    for item in 0..items {
        let prices: Vec<f64> = bills.iter().filter_map(|bill| bill.get(item)).copied().collect();
        if !prices.iter().all(|price| priced(*price)) {
            continue;
        }
        let logarithms: Vec<f64> = prices.iter().map(|price| price.ln()).collect();
        let common = median(&logarithms);
        if let (Some(of_one), Some(of_other)) = (logarithms.get(one), logarithms.get(other)) {
            residuals.0.push(of_one - common);
            residuals.1.push(of_other - common);
        }
    }
    correlation(&residuals.0, &residuals.1)
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = |place: usize| sorted.get(place).copied().unwrap_or_default();
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { at(middle) } else { f64::midpoint(at(middle.saturating_sub(1)), at(middle)) }
}

fn correlation(one: &[f64], other: &[f64]) -> Value {
    if one.len() < LEAST_ITEMS {
        return Err(Why::TooFew);
    }
    let (mean_one, mean_other) = (mean(one), mean(other));
    let (mut both, mut square_one, mut square_other) = (0.0, 0.0, 0.0);
    for (x, y) in one.iter().zip(other) {
        let (x, y) = (x - mean_one, y - mean_other);
        both += x * y;
        square_one += x * x;
        square_other += y * y;
    }
    let below = (square_one * square_other).sqrt();
    if below > 1e-18 { Ok((both / below).clamp(-1.0, 1.0)) } else { Err(Why::AllEqual) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prices() -> Vec<f64> {
        (1..=30).map(|item| f64::from(item * item % 17 + 3) * 7.5).collect()
    }

    fn with(second: impl Fn(usize, f64) -> f64) -> Bills {
        Bills::new(prices().into_iter().enumerate().map(|(item, price)| (second(item, price), price)))
    }

    #[test]
    fn a_fixed_coefficient_is_told_from_equal_and_from_free_prices() {
        assert_eq!(with(|_, price| price * 1.03).fixed_coefficient(0.001), Ok(true));
        assert_eq!(
            with(|_, price| price).fixed_coefficient(0.001),
            Ok(false),
            "a ratio of one is another sign"
        );
        assert_eq!(
            with(|item, price| price * (1.0 + 0.01 * (item % 5) as f64)).fixed_coefficient(0.001),
            Ok(false)
        );
        assert_eq!(Bills::new([(1.0, 2.0); 19]).fixed_coefficient(0.001), Err(Why::TooFew));
    }

    #[test]
    fn a_fixed_difference_is_no_fixed_coefficient() {
        let bills = with(|_, price| price + 2.0);
        assert_eq!((bills.fixed_difference(0.001), bills.fixed_coefficient(0.001)), (Ok(true), Ok(false)));
        assert_eq!(with(|_, price| price).fixed_difference(0.001), Ok(false));
    }

    #[test]
    fn equal_prices_are_counted_among_what_both_priced() {
        let bills = Bills::new([(1.0, 1.0), (2.0, 3.0), (0.0, 0.0), (f64::NAN, 1.0), (5.0, 5.0), (6.0, 7.0)]);
        assert_eq!((bills.items(), bills.equal()), (4, Ok(0.5)));
        assert_eq!(Bills::new([]).equal(), Err(Why::TooFew));
    }

    #[test]
    fn proportional_costs_need_heads_to_compare() {
        let close = Structure::of(&[(50.0, 101.0), (30.0, 59.0), (20.0, 40.0)]).expect("shares");
        assert!(close.proportional() && (close.farthest - 0.005).abs() < 1e-12);
        assert!(!Structure::of(&[(50.0, 90.0), (30.0, 70.0), (20.0, 40.0)]).expect("shares").proportional());
        assert_eq!(Structure::of(&[(1.0, 1.0), (2.0, 2.0)]), Err(Why::TooFew));
    }

    #[test]
    fn what_all_bidders_share_is_no_correlation_of_two() {
        let base = prices();
        let moved = |salt: usize| -> Vec<f64> {
            base.iter()
                .enumerate()
                .map(|(item, price)| price * (1.0 + ((item * salt) % 7) as f64 / 50.0))
                .collect()
        };
        let (free, copied, other) = (moved(3), moved(5), moved(2));
        let copy: Vec<f64> = copied.iter().map(|price| price * 1.01).collect();
        let bills = [free.as_slice(), &copied, &other, &copy];
        let together = residual_correlation(&bills, 1, 3).expect("a value");
        let apart = residual_correlation(&bills, 0, 2).expect("a value");
        assert!(together > 0.98 && apart < 0.9, "{together} {apart}");
        assert_eq!(residual_correlation(&bills[..2], 0, 1), Err(Why::TooFew));
        assert_eq!(residual_correlation(&[&base, &base, &base], 0, 1), Err(Why::AllEqual));
    }
}
