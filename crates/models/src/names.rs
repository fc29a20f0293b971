//! Names of companies as they are written in a dozen ways, brought together.

use std::collections::BTreeMap;

use crate::value::half_width;

/// Endings that say what a company is and not which one, longest first.
const ENDINGS: &[&str] = &[
    "有限责任公司",
    "股份有限公司",
    "集团有限公司",
    "股份公司",
    "有限公司",
    "集团公司",
    "分公司",
    "责任公司",
    "公司",
    "集团",
];

/// What identifies a company in its name: brackets, blanks, width and legal form taken away.
///
/// ```
/// use models::names::company_key;
/// assert_eq!(company_key("澜江市宏远建设工程有限责任公司"), company_key("澜江市 宏远（建设）工程有限公司"));
/// ```
pub fn company_key(name: &str) -> String {
    let kept = text_key(name);
    let mut stem = kept.as_str();
    while let Some(shorter) =
        ENDINGS.iter().find_map(|ending| stem.strip_suffix(ending)).filter(|rest| !rest.is_empty())
    {
        stem = shorter;
    }
    for place in ["省", "市", "县", "区"] {
        // 澜江市宏远 and 澜江宏远 are one; the sign of the place stands near the beginning.
        let head = stem.char_indices().skip(1).take(4).find(|(_, c)| place.starts_with(*c));
        if let Some((at, _)) = head {
            let (before, after) = stem.split_at(at);
            let after = after.strip_prefix(place).unwrap_or(after);
            if after.chars().count() >= 2 {
                return format!("{before}{after}");
            }
        }
    }
    stem.to_owned()
}

/// Text for comparing: letters, digits and Chinese signs in half width and lower case.
pub fn text_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.chars() {
        // Most signs are Chinese, of which all is known without the tables of all the world's letters.
        if matches!(c, '\u{4e00}'..='\u{9fff}') {
            key.push(c);
        } else {
            let c = half_width(c);
            key.extend(c.to_lowercase().filter(|_| c.is_alphanumeric()));
        }
    }
    key
}

/// Share of common runs of three signs, from 0 to 1 (Jaccard); nothing when a text is too short to have any.
pub fn similarity(one: &str, other: &str) -> Option<f64> {
    let (one, other) = (shingles(one), shingles(other));
    if one.is_empty() || other.is_empty() {
        return None;
    }
    let common = one.iter().filter(|shingle| other.binary_search(shingle).is_ok()).count();
    Some(common as f64 / (one.len() + other.len() - common) as f64)
}

fn shingles(text: &str) -> Vec<[char; 3]> {
    let signs: Vec<char> = text_key(text).chars().collect();
    let mut found: Vec<[char; 3]> =
        signs.windows(3).filter_map(|window| <[char; 3]>::try_from(window).ok()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether one edit (a sign more, less, another, or two neighbours exchanged) makes `one` into `other`.
pub fn one_edit_apart(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let head = one.iter().zip(&other).take_while(|(held, sign)| held == sign).count();
    let (one, other) = (one.get(head..).unwrap_or_default(), other.get(head..).unwrap_or_default());
    let tail = one.iter().rev().zip(other.iter().rev()).take_while(|(held, sign)| held == sign).count();
    match (one.len() - tail, other.len() - tail) {
        (0 | 1, 1) | (1, 0) => true,
        (2, 2) => one.first() == other.get(1) && one.get(1) == other.first(),
        _ => false,
    }
}

/// Spellings that may be one company.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Cluster {
    /// The spelling that occurs most.
    pub proposed: String,
    /// All spellings with how often they occur, most frequent first.
    pub spellings: Vec<(String, u64)>,
}

/// Spellings with the same key, or with keys one edit apart when both are long enough to be telling.
pub fn clusters(counts: &BTreeMap<String, u64>) -> Vec<Cluster> {
    let mut by_key: BTreeMap<String, Vec<(String, u64)>> = BTreeMap::new();
    for (name, count) in counts {
        by_key.entry(company_key(name)).or_default().push((name.clone(), *count));
    }
    let mut groups: Vec<(String, Vec<(String, u64)>)> = Vec::new();
    for (key, mut spellings) in by_key {
        // Sorted keys put most near misses beside each other; those that differ in their first sign stay apart.
        match groups.last_mut() {
            Some((held, known)) if key.chars().count() >= 5 && one_edit_apart(held, &key) => {
                known.append(&mut spellings);
            }
            _ => groups.push((key, spellings)),
        }
    }
    let mut found: Vec<Cluster> = groups
        .into_iter()
        .filter(|(_, spellings)| spellings.len() > 1)
        .filter_map(|(_, mut spellings)| {
            spellings.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
            Some(Cluster { proposed: spellings.first()?.0.clone(), spellings })
        })
        .collect();
    found.sort_by_key(|cluster| {
        std::cmp::Reverse(cluster.spellings.iter().map(|(_, count)| *count).sum::<u64>())
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn brackets_width_legal_form_and_place_do_not_separate_a_company() {
        let key = company_key("澜江市宏远建设工程有限公司");
        for name in [
            "澜江宏远建设工程有限责任公司",
            "澜江市宏远建设工程（集团）有限公司",
            "　澜江市宏远建设工程 有限公司",
        ] {
            assert_eq!(company_key(name), key, "{name}");
        }
        assert_ne!(company_key("澜江市宏达建设工程有限公司"), key);
    }

    #[test]
    fn a_name_that_is_all_legal_form_keeps_something() {
        assert!(!company_key("集团有限公司").is_empty());
    }

    #[test]
    fn a_typing_error_joins_its_cluster_and_the_frequent_spelling_is_proposed() {
        let counts = BTreeMap::from([
            (String::from("澜江市宏远建设工程有限公司"), 9),
            (String::from("澜江市宏远建设工程有限责任公司"), 2),
            (String::from("澜江市宏远建设工稗有限公司"), 1),
            (String::from("澜江市青山水务有限公司"), 4),
        ]);
        let found = clusters(&counts);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].proposed, "澜江市宏远建设工程有限公司");
        assert_eq!(found[0].spellings.len(), 3);
    }

    #[test]
    fn similar_texts_score_high_and_short_ones_not_at_all() {
        assert_eq!(similarity("施工组织设计方案", "施工组织设计方案"), Some(1.0));
        assert!(similarity("施工组织设计方案一", "完全不同的内容说明").unwrap() < 0.1);
        assert_eq!(similarity("甲", "甲"), None);
    }

    proptest! {
        #[test]
        fn signs_known_without_tables_are_kept_as_the_tables_say(text in "[a-zA-Z０-９（） 一-龥ǅß·]{0,30}") {
            let plain: String =
                text.chars().map(half_width).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            prop_assert_eq!(text_key(&text), plain);
        }

        #[test]
        fn similarity_is_symmetric_and_bounded(one in "[甲乙丙丁abc]{0,20}", other in "[甲乙丙丁abc]{0,20}") {
            let found = similarity(&one, &other);
            prop_assert_eq!(found, similarity(&other, &one));
            prop_assert!(found.is_none_or(|share| (0.0..=1.0).contains(&share)));
        }

        #[test]
        fn a_key_is_a_key_of_itself_or_shorter(name in "[澜江市宏远建设有限责任公司（）]{0,16}") {
            prop_assert!(company_key(&name).chars().count() <= name.chars().count());
        }
    }
}
