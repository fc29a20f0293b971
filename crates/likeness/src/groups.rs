//! Groups of like texts among thousands. Each text is weighed by its pairs of signs, rare ones more than common
//! ones; a text with many like ones becomes the head of a group, and who is in it is like the head itself, so
//! that no chain of small steps brings unlike texts together. Classes that both texts have count too.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap},
};

use crate::text::signs;

/// A text to be grouped.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The text.
    pub text: &'a str,
    /// Its classes, most general first; empty ones are like nothing.
    pub classes: &'a [&'a str],
    /// Whose it is: a group is of several owners.
    pub owner: usize,
}

/// What makes a group.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Likeness to the head, 0 to 1, from which a text belongs to a group.
    pub least: f64,
    /// Different owners a group has at least.
    pub owners: usize,
    /// How much each class that both have adds, up to a likeness of 1.
    pub class: f64,
}

/// A text in a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its place among the entries.
    pub at: usize,
    /// Likeness to the head.
    pub likeness: f64,
    /// How much of that is the text's.
    pub text: f64,
}

/// A group of like texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The members, the head first, then by likeness.
    pub members: Vec<Member>,
    /// The words of the head that at least half of the others have too, longest first.
    pub shared: Vec<String>,
}

/// Heaviest pairs of a text that take part in the search.
const KEPT: usize = 24;
/// Words of a group that are named.
const NAMED: usize = 6;
/// Likeness of the texts themselves below which classes do not help.
const FLOOR: f64 = 0.12;

type Pair = (char, char);

/// A text as its weighed pairs, of length 1.
type Weighed = Vec<(u32, f64)>;

/// Groups `entries`; the same entries in the same order always give the same groups.
pub fn group(entries: &[Entry<'_>], rule: Rule) -> Vec<Group> {
    let signs: Vec<Vec<char>> = entries.iter().map(|entry| signs(entry.text)).collect();
    let weighed = weigh(&signs);
    let near = neighbours(entries, &weighed, rule);
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|at| (Reverse(near.get(*at).map_or(0, Vec::len)), *at));
    let mut taken = vec![false; entries.len()];
    let mut groups = Vec::new();
    for head in order {
        if is_taken(&taken, head) {
            continue;
        }
        let free = near.get(head).into_iter().flatten().filter(|member| !is_taken(&taken, member.at));
        let mut members = vec![Member { at: head, likeness: 1.0, text: 1.0 }];
        members.extend(free.cloned());
        let owners: BTreeSet<usize> =
            members.iter().filter_map(|member| entries.get(member.at)).map(|entry| entry.owner).collect();
        if members.len() < 2 || owners.len() < rule.owners {
            continue;
        }
        for member in &members {
            if let Some(slot) = taken.get_mut(member.at) {
                *slot = true;
            }
        }
        let shared = shared(&signs, &members);
        groups.push(Group { members, shared });
    }
    groups
}

fn is_taken(taken: &[bool], at: usize) -> bool {
    taken.get(at).copied().unwrap_or(true)
}

fn pairs(signs: &[char]) -> impl Iterator<Item = Pair> + '_ {
    signs.iter().copied().zip(signs.iter().copied().skip(1))
}

/// Weighs the pairs of every text: the rarer in all texts, the heavier. Pairs of one text alone carry no likeness; they
/// only say that the text speaks of other things too, no louder than the rarest pair that is shared.
fn weigh(texts: &[Vec<char>]) -> Vec<Weighed> {
    let mut spread: HashMap<Pair, u32> = HashMap::new();
    for text in texts {
        let own: BTreeSet<Pair> = pairs(text).collect();
        for pair in own {
            *spread.entry(pair).or_default() += 1;
        }
    }
    let mut codes: HashMap<Pair, u32> = HashMap::new();
    let count = texts.len() as f64;
    let mut weighed = Vec::with_capacity(texts.len());
    for text in texts {
        let mut times: HashMap<Pair, u32> = HashMap::new();
        for pair in pairs(text) {
            *times.entry(pair).or_default() += 1;
        }
        let mut own: Vec<(Pair, f64)> = times
            .into_iter()
            .map(|(pair, times)| {
                let rare = (1.0 + count / f64::from(spread.get(&pair).copied().unwrap_or(1).max(2))).ln();
                (pair, (1.0 + f64::from(times).ln()) * rare)
            })
            .collect();
        // In one order, or the last digits of the sum would depend on it.
        own.sort_by_key(|(pair, _)| *pair);
        let length = own.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        own.retain(|(pair, _)| spread.get(pair).is_some_and(|times| *times > 1));
        own.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        own.truncate(KEPT);
        let mut text: Weighed = own
            .into_iter()
            .map(|(pair, weight)| {
                let next = codes.len() as u32;
                (*codes.entry(pair).or_insert(next), if length > 0.0 { weight / length } else { 0.0 })
            })
            .collect();
        text.sort_by_key(|(code, _)| *code);
        weighed.push(text);
    }
    weighed
}

/// For every text the others that are like enough, most alike first.
fn neighbours(entries: &[Entry<'_>], weighed: &[Weighed], rule: Rule) -> Vec<Vec<Member>> {
    let mut postings: HashMap<u32, Vec<(u32, f64)>> = HashMap::new();
    for (at, text) in (0_u32..).zip(weighed) {
        for (code, weight) in text {
            postings.entry(*code).or_default().push((at, *weight));
        }
    }
    let mut sums = vec![0.0_f64; entries.len()];
    let mut touched: Vec<u32> = Vec::new();
    let mut near = Vec::with_capacity(entries.len());
    for (at, (text, entry)) in weighed.iter().zip(entries).enumerate() {
        for (code, weight) in text {
            for (other, theirs) in postings.get(code).into_iter().flatten() {
                if let Some(sum) = sums.get_mut(*other as usize) {
                    if *sum == 0.0 {
                        touched.push(*other);
                    }
                    *sum += weight * theirs;
                }
            }
        }
        let mut own = Vec::new();
        for other in touched.drain(..) {
            let other = other as usize;
            let Some(sum) = sums.get_mut(other) else { continue };
            let text = std::mem::take(sum);
            let Some(candidate) = entries.get(other).filter(|_| other != at && text >= FLOOR) else {
                continue;
            };
            let likeness = (text + classes(entry, candidate) * rule.class).min(1.0);
            if likeness >= rule.least {
                own.push(Member { at: other, likeness, text });
            }
        }
        own.sort_by(|one, other| other.likeness.total_cmp(&one.likeness).then(one.at.cmp(&other.at)));
        near.push(own);
    }
    near
}

/// How many classes both have.
fn classes(one: &Entry<'_>, other: &Entry<'_>) -> f64 {
    let same = one.classes.iter().zip(other.classes).filter(|(a, b)| a == b && !a.is_empty());
    same.count() as f64
}

/// The runs of the head's signs whose pairs at least half of the other members have.
fn shared(signs: &[Vec<char>], members: &[Member]) -> Vec<String> {
    let Some(head) = members.first().and_then(|member| signs.get(member.at)) else { return Vec::new() };
    let others: Vec<BTreeSet<Pair>> = members
        .iter()
        .skip(1)
        .filter_map(|member| signs.get(member.at))
        .map(|signs| pairs(signs).collect())
        .collect();
    let common = |pair: Pair| others.iter().filter(|own| own.contains(&pair)).count() * 2 >= others.len();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for pair in pairs(head) {
        if common(pair) {
            if word.is_empty() {
                word.push(pair.0);
            }
            word.push(pair.1);
        } else if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words.sort_by_key(|word| Reverse(word.chars().count()));
    words.dedup();
    words.truncate(NAMED);
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RULE: Rule = Rule { least: 0.3, owners: 2, class: 0.1 };

    fn entries<'a>(texts: &'a [(&'a str, usize)]) -> Vec<Entry<'a>> {
        texts.iter().map(|(text, owner)| Entry { text, classes: &[], owner: *owner }).collect()
    }

    #[test]
    fn like_problems_of_several_organisations_come_together_and_say_by_which_words() {
        let texts = [
            ("固定资产账实不符，部分设备未登记入账", 1),
            ("固定资产管理不规范，账实不符", 2),
            ("公务接待未执行一函三单", 3),
            ("固定资产账实不符问题突出，盘点流于形式", 4),
            ("公务接待超标准，未执行一函三单制度", 5),
            ("干部选拔任用程序不规范", 6),
        ];
        let groups = group(&entries(&texts), RULE);
        let mut places: Vec<Vec<usize>> = groups
            .iter()
            .map(|group| {
                let mut places: Vec<usize> = group.members.iter().map(|member| member.at).collect();
                places.sort_unstable();
                places
            })
            .collect();
        places.sort();
        assert_eq!(places, [vec![0, 1, 3], vec![2, 4]]);
        assert!(groups.iter().any(|group| group.shared.iter().any(|word| word.contains("账实不符"))));
        assert!(groups.iter().any(|group| group.shared.iter().any(|word| word.contains("一函三单"))));
    }

    #[test]
    fn repeated_problems_of_one_organisation_are_no_common_problem() {
        let texts = [("办公用房超标准配备使用", 1), ("办公用房超标准配备使用", 1)];
        assert!(group(&entries(&texts), RULE).is_empty());
    }

    #[test]
    fn the_same_class_brings_two_texts_nearer() {
        let near = |classes: &'static [&'static str]| {
            let entry = |text, owner| Entry { text, classes, owner };
            let entries = [
                entry("工程项目未批先建，手续不全", 1),
                entry("工程建设项目违规变更，手续缺失", 2),
                entry("会议记录不完整", 3),
                entry("学习流于形式", 4),
            ];
            neighbours(
                &entries,
                &weigh(&entries.iter().map(|e| signs(e.text)).collect::<Vec<_>>()),
                Rule { least: 0.0, ..RULE },
            )
            .first()
            .and_then(|near| near.first().map(|member| member.likeness))
            .unwrap_or_default()
        };
        assert!((near(&["财务", "工程"]) - near(&[]) - 0.2).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn nobody_is_in_two_groups_and_each_is_like_enough_to_the_head(
            drawn in prop::collection::vec(("[账实不符资产接待超标学习会议]{4,10}", 0usize..5), 0..40),
            owners in 2usize..4,
        ) {
            let entries: Vec<Entry<'_>> =
                drawn.iter().map(|(text, owner)| Entry { text, classes: &[], owner: *owner }).collect();
            let rule = Rule { owners, ..RULE };
            let groups = group(&entries, rule);
            let mut seen = BTreeSet::new();
            for group in &groups {
                let of: BTreeSet<usize> = group.members.iter().map(|member| drawn[member.at].1).collect();
                prop_assert!(of.len() >= owners);
                for member in &group.members {
                    prop_assert!(seen.insert(member.at));
                    prop_assert!(member.likeness >= rule.least);
                }
            }
            prop_assert_eq!(groups, super::group(&entries, rule));
        }

        #[test]
        fn equal_texts_of_different_owners_always_come_together(text in "[账实不符资产接待超标学习会议工程]{6,12}") {
            let drawn = [(text.as_str(), 1), ("完全不同的另一句话", 2), (text.as_str(), 3)];
            let groups = group(&entries(&drawn), RULE);
            let together = groups.iter().any(|group| {
                let at: BTreeSet<usize> = group.members.iter().map(|member| member.at).collect();
                at.contains(&0) && at.contains(&2)
            });
            prop_assert!(together);
        }
    }
}
