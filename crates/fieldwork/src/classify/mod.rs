//! Suggests how a problem is classified, from what was classified before: a small classifier over pairs
//! of characters that shows which words spoke for its choice. It only proposes; a person confirms.

mod learn;

use std::collections::{BTreeMap, HashMap, HashSet};

pub use learn::{Suggested, suggestions};

/// How often the pairs of characters stood in texts of one class.
#[derive(Clone, Debug, Default)]
struct Class {
    texts: f64,
    pairs: HashMap<(char, char), f64>,
    total: f64,
}

/// What was learnt about the classes of one dictionary.
#[derive(Clone, Debug, Default)]
pub struct Classifier {
    classes: BTreeMap<String, Class>,
    known: HashSet<(char, char)>,
    texts: f64,
}

/// A proposed class, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Code of the class.
    pub code: String,
    /// Words of the text that spoke most for it.
    pub because: Vec<String>,
}

/// Words that are named at most.
const REASONS: usize = 3;
/// How much more likely than elsewhere a pair must be to be a reason: about twice.
const SPEAKS_FOR: f64 = 0.7;

impl Classifier {
    /// Learns that `text` belongs to the class `code`, as much as `weight` texts.
    pub fn learn(&mut self, text: &str, code: &str, weight: f64) {
        if code.is_empty() {
            return;
        }
        let class = self.classes.entry(code.to_owned()).or_default();
        class.texts += weight;
        self.texts += weight;
        for (_, pair) in pairs(text) {
            *class.pairs.entry(pair).or_default() += weight;
            class.total += weight;
            self.known.insert(pair);
        }
    }

    /// The most likely class of `text`; none when nothing in it was ever seen.
    pub fn suggest(&self, text: &str) -> Option<Suggestion> {
        let seen: Vec<(usize, (char, char))> =
            pairs(text).filter(|(_, pair)| self.known.contains(pair)).collect();
        if seen.is_empty() {
            return None;
        }
        let distinct: HashSet<(char, char)> = seen.iter().map(|(_, pair)| *pair).collect();
        let scored = self.classes.iter().map(|(code, class)| {
            let prior = (class.texts / self.texts).ln();
            let likelihood: f64 = distinct.iter().map(|pair| self.likelihood(class, *pair)).sum();
            (code, class, prior + likelihood)
        });
        // Of equals the first code, so that the same text always gets the same proposal.
        let (code, class, _) = scored.reduce(|best, next| if next.2 > best.2 { next } else { best })?;
        let because = self.reasons(text, class, &seen);
        (!because.is_empty()).then(|| Suggestion { code: code.clone(), because })
    }

    /// Logarithm of the share that `pair` has in the class, smoothed for pairs it never held.
    fn likelihood(&self, class: &Class, pair: (char, char)) -> f64 {
        let held = class.pairs.get(&pair).copied().unwrap_or(0.0);
        ((held + 0.1) / (class.total + 0.1 * self.known.len() as f64)).ln()
    }

    /// How much more likely `pair` is in `class` than in all others together.
    fn speaks(&self, class: &Class, pair: (char, char)) -> f64 {
        let all: f64 = self.classes.values().map(|class| class.total).sum();
        let everywhere: f64 = self.classes.values().filter_map(|class| class.pairs.get(&pair)).sum();
        let elsewhere = (everywhere - class.pairs.get(&pair).copied().unwrap_or(0.0) + 0.1)
            / (all - class.total + 0.1 * self.known.len() as f64);
        self.likelihood(class, pair) - elsewhere.ln()
    }

    /// Runs of pairs that speak for `class`, joined to words, the strongest first.
    fn reasons(&self, text: &str, class: &Class, seen: &[(usize, (char, char))]) -> Vec<String> {
        let characters: Vec<char> = text.chars().collect();
        let mut runs: Vec<(usize, usize, f64)> = Vec::new();
        for &(at, pair) in seen {
            let weight = self.speaks(class, pair);
            if weight < SPEAKS_FOR {
                continue;
            }
            match runs.last_mut() {
                Some((_, end, sum)) if *end == at => {
                    *end = at + 1;
                    *sum += weight;
                }
                _ => runs.push((at, at + 1, weight)),
            }
        }
        runs.sort_by(|one, other| other.2.total_cmp(&one.2));
        let mut words: Vec<String> = Vec::new();
        for (from, end, _) in runs {
            let word: String = characters.get(from..=end).unwrap_or_default().iter().collect();
            if words.len() < REASONS && !words.contains(&word) {
                words.push(word);
            }
        }
        words
    }
}

/// The pairs of neighbouring letters of `text`, with the place of the first one.
fn pairs(text: &str) -> impl Iterator<Item = (usize, (char, char))> {
    let next = text.chars().skip(1);
    text.chars()
        .zip(next)
        .enumerate()
        .filter(|(_, (one, other))| one.is_alphabetic() && other.is_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn taught() -> Classifier {
        let mut classifier = Classifier::default();
        for (text, code) in [
            ("专项资金沉淀闲置未及时使用", "C03.1"),
            ("上级下拨专项资金长期滞留账户", "C03.1"),
            ("公开招标项目化整为零规避招标", "C04.1"),
            ("评标专家抽取不规范招标文件设置不合理条款", "C04.1"),
            ("门面房长期空置国有资产闲置", "C05.1"),
        ] {
            classifier.learn(text, code, 1.0);
        }
        classifier
    }

    #[test]
    fn a_text_is_put_where_its_words_were_put_before_and_they_are_named() {
        let found = taught().suggest("某局2021年以来专项资金滞留账户未拨付").unwrap();
        assert_eq!(found.code, "C03.1");
        assert!(found.because.iter().any(|word| word.contains("专项资金")), "{:?}", found.because);
        assert_eq!(taught().suggest("将应当招标的工程规避招标").unwrap().code, "C04.1");
    }

    #[test]
    fn nothing_is_proposed_for_words_never_seen_or_without_anything_learnt() {
        assert_eq!(taught().suggest("天气晴朗"), None);
        assert_eq!(Classifier::default().suggest("专项资金"), None);
    }

    #[test]
    fn a_class_without_code_is_not_learnt() {
        let mut classifier = Classifier::default();
        classifier.learn("专项资金", "", 1.0);
        assert_eq!(classifier.suggest("专项资金"), None);
    }

    proptest! {
        #[test]
        fn reasons_are_words_of_the_text_itself(text in "[专项资金招标闲置门面房未使用甲乙丙，。 ]{0,60}") {
            if let Some(found) = taught().suggest(&text) {
                prop_assert!(!found.because.is_empty() && found.because.len() <= REASONS);
                for word in &found.because {
                    prop_assert!(text.contains(word.as_str()), "{word} is not in {text}");
                }
            }
        }
    }
}
