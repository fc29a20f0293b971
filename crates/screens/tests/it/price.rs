//! Screens on prices: by hand, by a second slow way, and by what must not change them.

use proptest::prelude::*;
use screens::{Prices, Screen, Value, Why, price::Progression};

use crate::near;

const TOLERANCE: f64 = Progression::TOLERANCE;

#[test]
fn four_bids_give_the_values_computed_by_hand() {
    let prices = Prices::new([120.0, 100.0, 150.0, 110.0]);
    let variance = 1400.0_f64 / 3.0;
    for (screen, wanted) in [
        (Screen::Cv, variance.sqrt() / 120.0),
        (Screen::Spread, 0.5),
        (Screen::DiffA, 10.0),
        (Screen::DiffP, 0.1),
        (Screen::Rd, 10.0 / (1300.0_f64 / 3.0).sqrt()),
        (Screen::RdNor, 0.6),
        (Screen::AltRd, 0.5),
        (Screen::Skewness, 4.0 / 6.0 * 18_000.0 / variance.powf(1.5)),
        (Screen::Kurtosis, 1.5),
        (Screen::Ks, 0.35),
    ] {
        near(prices.screen(screen).unwrap_or_else(|why| panic!("{screen:?}: {why:?}")), wanted);
    }
}

#[test]
fn what_cannot_be_computed_says_why() {
    let of = |bids: &[f64], screen| Prices::new(bids.iter().copied()).screen(screen);
    assert_eq!(of(&[], Screen::Cv), Err(Why::TooFew));
    assert_eq!(of(&[5.0], Screen::Spread), Err(Why::TooFew));
    assert_eq!(of(&[5.0, 6.0], Screen::Rd), Err(Why::TooFew));
    assert_eq!(of(&[5.0, 6.0], Screen::Skewness), Err(Why::TooFew));
    assert_eq!(of(&[5.0, 6.0, 7.0], Screen::Kurtosis), Err(Why::TooFew));
    assert_eq!(of(&[5.0, 5.0], Screen::Cv), Ok(0.0), "no spread is a value");
    assert_eq!(of(&[5.0, 5.0], Screen::Ks), Err(Why::AllEqual));
    assert_eq!(of(&[5.0, 5.0, 5.0], Screen::RdNor), Err(Why::AllEqual));
    assert_eq!(of(&[5.0, 5.0, 5.0, 5.0], Screen::Kurtosis), Err(Why::AllEqual));
    assert_eq!(of(&[4.0, 5.0, 5.0], Screen::Rd), Err(Why::LosersEqual));
    assert_eq!(of(&[4.0, 5.0, 5.0], Screen::AltRd), Err(Why::LosersEqual));
}

#[test]
fn what_is_no_bid_is_left_out() {
    let odd = [f64::NAN, f64::INFINITY, 0.0, -3.0, 100.0, 110.0, f64::NEG_INFINITY];
    assert_eq!(Prices::new(odd), Prices::new([100.0, 110.0]));
}

#[test]
fn two_bids_have_their_known_distance_from_the_uniform() {
    near(Prices::new([100.0, 110.0]).screen(Screen::Ks).expect("a value"), 0.5);
}

#[test]
fn bids_a_cent_apart_at_ten_digits_are_told_apart() {
    let base = 1_000_000_000_000.0;
    let prices = Prices::in_units([base, base + 1.0, base + 2.0, base + 5.0], 100.0);
    near(prices.screen(Screen::Kurtosis).expect("a value"), 1.5);
    near(prices.screen(Screen::RdNor).expect("a value"), 0.6);
    near(prices.screen(Screen::DiffA).expect("a value"), 0.01);
}

#[test]
fn the_level_needs_a_ceiling() {
    let prices = Prices::new([90.0, 99.5, 99.0]);
    assert_eq!(prices.level(None).lowest, Err(Why::NoEstimate));
    assert_eq!(prices.level(Some(0.0)).near, Err(Why::NoEstimate));
    let level = prices.level(Some(100.0));
    near(level.lowest.expect("a value"), 0.9);
    near(level.mean.expect("a value"), 288.5 / 300.0);
    near(level.near.expect("a value"), 2.0 / 3.0);
}

#[test]
fn progressions_need_four_bids_and_bear_one_that_stands_aside() {
    let even = Prices::new([100.0, 110.0, 120.0, 130.0, 140.0]).arithmetic(TOLERANCE);
    assert!(even.present() && even.longest == Ok(5));
    near(even.fit.expect("a value"), 1.0);
    assert!(
        !Prices::new([100.0, 110.0, 120.0]).arithmetic(TOLERANCE).present(),
        "three are always nearly even"
    );
    let aside = Prices::new([100.0, 110.0, 120.0, 125.0, 130.0]).arithmetic(TOLERANCE);
    assert!(aside.deviation.expect("a value") > TOLERANCE);
    assert!(aside.present() && aside.longest == Ok(4));
    assert!(!Prices::new([100.0, 101.0, 130.0, 190.0]).arithmetic(TOLERANCE).present());
    let doubled = Prices::new([100.0, 200.0, 400.0, 800.0]);
    assert!(doubled.geometric(TOLERANCE).present() && !doubled.arithmetic(TOLERANCE).present());
    assert_eq!(Prices::new([7.0; 4]).arithmetic(TOLERANCE).deviation, Err(Why::AllEqual));
}

#[test]
fn equal_prices_and_crowds_are_seen() {
    near(Prices::new([5.0, 5.0, 6.0, 7.0]).duplicates().expect("a value"), 0.25);
    assert!(Prices::new([100.0, 101.0, 102.0]).cluster().expect("a cluster").present());
    assert!(!Prices::new([100.0, 101.0, 120.0]).cluster().expect("none").present());
    assert!(Prices::new([100.0, 100.0, 100.0, 100.0, 105.5]).cluster().expect("a cluster").present());
}

/// The formulas once more, word for word and slowly.
fn slowly(bids: &[f64], screen: Screen) -> Value {
    let mut b = bids.to_vec();
    b.sort_by(f64::total_cmp);
    let n = b.len();
    let count = n as f64;
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    let sd = |part: &[f64]| {
        let middle = mean(part);
        (part.iter().map(|x| (x - middle) * (x - middle)).sum::<f64>() / (part.len() - 1) as f64).sqrt()
    };
    let needed = match screen {
        Screen::Rd | Screen::RdNor | Screen::AltRd | Screen::Skewness => 3,
        Screen::Kurtosis => 4,
        _ => 2,
    };
    if n < needed {
        return Err(Why::TooFew);
    }
    let all_equal = b[0] == b[n - 1];
    let losers_equal = b[1] == b[n - 1];
    match screen {
        Screen::Rd | Screen::AltRd if losers_equal => return Err(Why::LosersEqual),
        Screen::RdNor | Screen::Skewness | Screen::Kurtosis | Screen::Ks if all_equal => {
            return Err(Why::AllEqual);
        }
        _ => {}
    }
    let power = |exponent: i32| b.iter().map(|x| ((x - mean(&b)) / sd(&b)).powi(exponent)).sum::<f64>();
    Ok(match screen {
        Screen::Cv => sd(&b) / mean(&b),
        Screen::Spread => (b[n - 1] - b[0]) / b[0],
        Screen::DiffA => b[1] - b[0],
        Screen::DiffP => (b[1] - b[0]) / b[0],
        Screen::Rd => (b[1] - b[0]) / sd(&b[1..]),
        Screen::RdNor => (b[1] - b[0]) * (count - 1.0) / (b[n - 1] - b[0]),
        Screen::AltRd => (b[1] - b[0]) * (count - 2.0) / (b[n - 1] - b[1]),
        Screen::Skewness => count / ((count - 1.0) * (count - 2.0)) * power(3),
        Screen::Kurtosis => {
            count * (count + 1.0) / ((count - 1.0) * (count - 2.0) * (count - 3.0)) * power(4)
                - 3.0 * (count - 1.0) * (count - 1.0) / ((count - 2.0) * (count - 3.0))
        }
        Screen::Ks => {
            let u = |i: usize| (b[i - 1] - b[0]) / (b[n - 1] - b[0]);
            (1..=n)
                .map(|i| (i as f64 / count - u(i)).max(u(i) - (i as f64 - 1.0) / count))
                .fold(0.0, f64::max)
        }
    })
}

fn bids() -> impl Strategy<Value = Vec<f64>> {
    // Whole yuan with ties, not too close together, so that the slow way keeps its digits.
    prop::collection::vec((1_u32..400).prop_map(|amount| f64::from(amount) * 250.0), 0..12)
}

fn alike(one: Value, other: Value) -> Result<(), TestCaseError> {
    match (one, other) {
        (Ok(one), Ok(other)) => {
            prop_assert!((one - other).abs() <= 1e-9 * other.abs().max(1e-3), "{one} and {other}");
        }
        (one, other) => prop_assert_eq!(one.err(), other.err()),
    }
    Ok(())
}

proptest! {
    #[test]
    fn the_quick_way_agrees_with_the_slow_one(bids in bids()) {
        let found = Prices::new(bids.iter().copied()).screens();
        for (screen, value) in found.each() {
            alike(value, slowly(&bids, screen))?;
        }
    }

    #[test]
    fn the_order_of_the_bids_changes_nothing(bids in bids()) {
        let backwards = Prices::new(bids.iter().rev().copied());
        prop_assert_eq!(Prices::new(bids.iter().copied()).screens(), backwards.screens());
    }

    #[test]
    fn another_currency_changes_only_the_absolute_difference(bids in bids(), rate in 0.01_f64..100.0) {
        let (here, there) = (Prices::new(bids.iter().copied()), Prices::new(bids.iter().map(|bid| bid * rate)));
        for (screen, value) in here.screens().each().filter(|(screen, _)| *screen != Screen::DiffA) {
            // Rounding may part equal bids by nothing that matters, but then there is a value where there was none.
            if let (Ok(one), Ok(other)) = (value, there.screen(screen)) {
                alike(Ok(one), Ok(other))?;
            }
        }
        alike(here.screen(Screen::DiffA).map(|difference| difference * rate), there.screen(Screen::DiffA))?;
    }

    #[test]
    fn values_stay_within_their_bounds(bids in bids()) {
        let prices = Prices::new(bids.iter().copied());
        let n = prices.len() as f64;
        let within = |screen, least: f64, most: f64| {
            prices.screen(screen).is_err() || prices.screen(screen).is_ok_and(|value| value >= least - 1e-12 && value <= most + 1e-12)
        };
        prop_assert!(within(Screen::Cv, 0.0, n.sqrt()));
        prop_assert!(within(Screen::Ks, 1.0 / n, 1.0));
        prop_assert!(within(Screen::RdNor, 0.0, n - 1.0));
        prop_assert!(prices.duplicates().is_err() || prices.duplicates().is_ok_and(|share| (0.0..1.0).contains(&share)));
    }

    #[test]
    fn no_numbers_bring_it_down(bids in prop::collection::vec(any::<f64>(), 0..8)) {
        let prices = Prices::new(bids);
        for (_, value) in prices.screens().each() {
            prop_assert!(value.is_err() || value.is_ok_and(f64::is_finite));
        }
        let _ = (prices.arithmetic(TOLERANCE).present(), prices.geometric(TOLERANCE).present(), prices.cluster());
    }
}
