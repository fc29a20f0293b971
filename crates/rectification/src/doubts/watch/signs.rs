//! Signs in dates and words, without database: closings bunched before a deadline, closings that did not hold, the same
//! finding again. Each figure that decides is a policy of the office.

use chrono::NaiveDate;
use likeness::text;

/// One closing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing {
    /// First day on which it counts as closed.
    pub closed_on: NaiveDate,
    /// Last day of the rectification.
    pub due_on: NaiveDate,
    /// First day on which it no longer counts.
    pub reopened_on: Option<NaiveDate>,
}

/// From when closings before a deadline are a sign.
#[derive(Clone, Copy, Debug)]
pub struct Bunching {
    /// Days up to and with the deadline.
    pub days: i64,
    /// Fewer closings are no sign.
    pub least: usize,
    /// Percent of all closings with this deadline.
    pub percent: usize,
}

/// Closings that came together before their common deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bunch {
    /// The deadline.
    pub due_on: NaiveDate,
    /// Closed in the last days before it.
    pub late: usize,
    /// Closed by it in all.
    pub all: usize,
}

/// The bunches among the closings of one organisation, by deadline. Closings after the deadline are late and no bunch.
pub fn bunches(closings: &[Closing], rule: Bunching) -> Vec<Bunch> {
    let mut days: Vec<NaiveDate> = closings.iter().map(|closing| closing.due_on).collect();
    days.sort_unstable();
    days.dedup();
    let in_time = |due: NaiveDate| {
        closings.iter().filter(move |closing| closing.due_on == due && closing.closed_on <= due)
    };
    days.into_iter()
        .filter_map(|due_on| {
            let all = in_time(due_on).count();
            let late =
                in_time(due_on).filter(|closing| (due_on - closing.closed_on).num_days() < rule.days).count();
            (late >= rule.least && late * 100 >= all * rule.percent).then_some(Bunch { due_on, late, all })
        })
        .collect()
}

/// How many of the closings did not hold, and of how many, when that is a sign: at least `least` closings, and at
/// least `percent` of them opened again.
pub fn reopened(closings: &[Closing], least: usize, percent: usize) -> Option<(usize, usize)> {
    let again = closings.iter().filter(|closing| closing.reopened_on.is_some()).count();
    let all = closings.len();
    (all >= least && again > 0 && again * 100 >= all * percent).then_some((again, all))
}

/// A finding in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding<'a> {
    /// Title and text.
    pub words: &'a str,
    /// Second-level category; empty when there is none.
    pub category: &'a str,
}

/// How like two findings of the same organisation are, in percent: by the pairs of signs both have of those that the
/// shorter one has, and a tenth more in the same category.
pub fn likeness(one: &Finding<'_>, other: &Finding<'_>) -> i64 {
    let pairs = |words: &str| -> std::collections::BTreeSet<(char, char)> {
        let signs = text::signs(words);
        signs.iter().copied().zip(signs.iter().copied().skip(1)).collect()
    };
    let (a, b) = (pairs(one.words), pairs(other.words));
    let fewer = a.len().min(b.len());
    if fewer == 0 {
        return 0;
    }
    let both = a.intersection(&b).count();
    let same = !one.category.is_empty() && one.category == other.category;
    let percent = both * 100 / fewer + if same { 10 } else { 0 };
    i64::try_from(percent.min(100)).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RULE: Bunching = Bunching { days: 3, least: 4, percent: 60 };

    fn day(n: u64) -> NaiveDate {
        kit::clock::days_after(NaiveDate::from_ymd_opt(2023, 1, 1).unwrap(), n)
    }

    fn closing(closed: u64, due: u64) -> Closing {
        Closing { closed_on: day(closed), due_on: day(due), reopened_on: None }
    }

    #[test]
    fn closings_on_the_last_days_are_a_bunch_and_spread_ones_are_not() {
        let bunched: Vec<Closing> = [98, 99, 100, 100, 40].into_iter().map(|on| closing(on, 100)).collect();
        assert_eq!(bunches(&bunched, RULE), [Bunch { due_on: day(100), late: 4, all: 5 }]);
        let spread: Vec<Closing> = [10, 30, 50, 70, 98, 99].into_iter().map(|on| closing(on, 100)).collect();
        assert!(bunches(&spread, RULE).is_empty());
        let late: Vec<Closing> = [101, 102, 103, 104].into_iter().map(|on| closing(on, 100)).collect();
        assert!(bunches(&late, RULE).is_empty());
    }

    #[test]
    fn few_closings_are_no_sign_however_many_did_not_hold() {
        let again = Closing { reopened_on: Some(day(9)), ..closing(1, 5) };
        assert_eq!(reopened(&[again; 3], 5, 20), None);
        let mut many = vec![closing(1, 5); 8];
        many.extend([again; 2]);
        assert_eq!(reopened(&many, 5, 20), Some((2, 10)));
        assert_eq!(reopened(&many, 5, 21), None);
    }

    #[test]
    fn the_same_finding_in_other_words_is_alike_and_another_finding_is_not() {
        let of = |words| Finding { words, category: "" };
        let one = of("公务接待未执行一函三单制度，超标准接待");
        assert!(likeness(&one, &of("仍存在超标准接待，公务接待未执行一函三单")) >= 60);
        assert!(likeness(&one, &of("闲置店面长期未盘活")) < 20);
        assert_eq!(likeness(&one, &of("123")), 0);
    }

    proptest! {
        #[test]
        fn a_bunch_never_counts_more_than_there_was_and_lies_above_the_rule(
            drawn in prop::collection::vec((0u64..60, 0u64..3), 0..60),
        ) {
            let closings: Vec<Closing> = drawn.iter().map(|&(on, due)| closing(on, 20 + due * 20)).collect();
            for bunch in bunches(&closings, RULE) {
                prop_assert!(bunch.late <= bunch.all && bunch.late >= RULE.least);
                prop_assert!(bunch.late * 100 >= bunch.all * RULE.percent);
                let own = closings.iter().filter(|closing| closing.due_on == bunch.due_on).count();
                prop_assert!(bunch.all <= own);
            }
        }

        #[test]
        fn likeness_is_mutual_and_within_a_hundred(one in "[账实不符资产接待]{0,12}", other in "[账实不符资产接待]{0,12}") {
            let (a, b) = (Finding { words: &one, category: "x" }, Finding { words: &other, category: "x" });
            prop_assert_eq!(likeness(&a, &b), likeness(&b, &a));
            prop_assert!((0..=100).contains(&likeness(&a, &b)));
        }
    }
}
