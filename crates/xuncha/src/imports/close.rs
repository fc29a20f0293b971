//! Names that are close to a text nobody knows: offered to the person, never taken.

use std::cmp::Reverse;

/// Names offered at most.
const MOST: usize = 3;

/// Up to three of `names` that contain `text`, are contained in it, or differ in few characters.
pub(super) fn names<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).take(60).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let most = (wanted.len() / 3).max(1);
    let mut close: Vec<(usize, &str)> =
        names.filter_map(|name| Some((distance_of(text, &wanted, name, most)?, name))).collect();
    close.sort_by_key(|(distance, name)| (*distance, Reverse(name.len())));
    close.dedup_by_key(|(_, name)| *name);
    close.into_iter().take(MOST).map(|(_, name)| name).collect()
}

fn distance_of(text: &str, wanted: &[char], name: &str, most: usize) -> Option<usize> {
    let held: Vec<char> = name.chars().take(60).collect();
    let contained = held.len() > 1 && wanted.len() > 1 && (name.contains(text) || text.contains(name));
    if contained {
        return Some(held.len().abs_diff(wanted.len()));
    }
    if held.len().abs_diff(wanted.len()) > most {
        return None;
    }
    Some(distance(wanted, &held)).filter(|distance| *distance <= most)
}

/// How many characters must be put in, taken out or exchanged.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (row, a) in one.iter().enumerate() {
        let mut line = Vec::with_capacity(above.len());
        let mut left = row + 1;
        line.push(left);
        for (pair, b) in above.windows(2).zip(other) {
            let [diagonal, up] = pair else { continue };
            left = (left + 1).min(up + 1).min(diagonal + usize::from(a != b));
            line.push(left);
        }
        above = line;
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_slip_of_one_character_and_a_short_form_are_found() {
        let known = ["市教育局", "市财政局", "澜江市城市投资集团有限公司", "市教育考试院"];
        assert_eq!(names("市教肓局", known.into_iter()), ["市教育局"]);
        assert_eq!(names("城市投资集团", known.into_iter()), ["澜江市城市投资集团有限公司"]);
        assert!(names("市气象台站", known.into_iter()).is_empty());
    }

    proptest! {
        #[test]
        fn the_distance_is_a_distance(a in "[甲乙丙]{0,6}", b in "[甲乙丙]{0,6}") {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            prop_assert_eq!(distance(&a, &b), distance(&b, &a));
            prop_assert_eq!(distance(&a, &b) == 0, a == b);
            prop_assert!(distance(&a, &b) <= a.len().max(b.len()));
        }
    }
}
