//! Finding sentences again after somebody has rewritten the text around them, so that what they rest on goes with them.

use std::collections::{HashMap, HashSet};

use super::{Block, Cite, Piece, Prose, Sentence, Shape, split};

/// From this likeness on two paragraphs are one, before and after.
const SAME_BLOCK: f64 = 0.45;
/// From this likeness on two sentences are one.
const SAME_SENTENCE: f64 = 0.55;
/// Of the shorter sentence so much must lie in the longer one for it to be a part of it.
const PART: f64 = 0.8;
/// Shorter sentences are no part of anything by chance.
const SHORTEST_PART: usize = 6;

/// Pairs of neighbouring characters, sorted: what likeness is measured by.
struct Grams(Vec<u64>);

impl Grams {
    fn of(text: &str) -> Self {
        let chars: Vec<u64> = text.chars().filter(|c| !c.is_whitespace()).map(u64::from).collect();
        let mut pairs: Vec<u64> = match chars.as_slice() {
            [one] => vec![*one],
            many => many.iter().zip(many.iter().skip(1)).map(|(one, other)| (one << 32) | other).collect(),
        };
        pairs.sort_unstable();
        Self(pairs)
    }

    fn common(&self, other: &Self) -> usize {
        let (mut one, mut two) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut count = 0;
        while let (Some(a), Some(b)) = (one.peek(), two.peek()) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => {
                    one.next();
                }
                std::cmp::Ordering::Greater => {
                    two.next();
                }
                std::cmp::Ordering::Equal => {
                    count += 1;
                    one.next();
                    two.next();
                }
            }
        }
        count
    }

    /// Dice's coefficient: 1 for the same text.
    fn likeness(&self, other: &Self) -> f64 {
        let total = self.0.len() + other.0.len();
        // What cannot reach the threshold is not counted out.
        if self.0.len().min(other.0.len()) * 4 < self.0.len().max(other.0.len()) {
            return 0.0;
        }
        if total == 0 { 1.0 } else { 2.0 * self.common(other) as f64 / total as f64 }
    }

    /// How much of the shorter lies in the longer.
    fn overlap(&self, other: &Self) -> f64 {
        let shorter = self.0.len().min(other.0.len());
        if shorter < SHORTEST_PART { 0.0 } else { self.common(other) as f64 / shorter as f64 }
    }
}

/// The text `pieces` as the next version of `old`: blocks and sentences that are known again keep their numbers and what
/// they rest on, wherever they stand now.
pub fn retold(old: &Prose, pieces: Vec<Piece>) -> Prose {
    let pairs = pair_blocks(old, &pieces);
    let mut new = Prose { blocks: Vec::with_capacity(pieces.len()), next: old.next };
    for (piece, paired) in pieces.into_iter().zip(&pairs) {
        let held = paired.and_then(|at| old.blocks.get(at));
        let id = held.map_or_else(|| new.take_number(), |block| block.id);
        let sentences = split(piece.shape, &piece.text)
            .into_iter()
            .map(|text| Sentence { id: 0, text, cites: Vec::new() })
            .collect();
        new.blocks.push(Block { id, shape: piece.shape, sentences });
    }
    keep_sentences(old, &mut new);
    new
}

/// For each piece the place of the block it was before.
fn pair_blocks(old: &Prose, pieces: &[Piece]) -> Vec<Option<usize>> {
    let mut pairs = vec![None; pieces.len()];
    let mut free: HashSet<usize> = (0..old.blocks.len()).collect();
    pair_marked(old, pieces, &mut pairs, &mut free);
    pair_equal(old, pieces, &mut pairs, &mut free);
    pair_alike(old, pieces, &mut pairs, &mut free);
    pairs
}

/// A mark is believed when it stands once; a paragraph copied in Word carries its mark twice.
fn pair_marked(old: &Prose, pieces: &[Piece], pairs: &mut [Option<usize>], free: &mut HashSet<usize>) {
    let mut counts: HashMap<u64, usize> = HashMap::new();
    for mark in pieces.iter().filter_map(|piece| piece.mark) {
        *counts.entry(mark).or_default() += 1;
    }
    for (piece, pair) in pieces.iter().zip(pairs.iter_mut()) {
        let once = piece.mark.filter(|mark| counts.get(mark) == Some(&1));
        let place = once.and_then(|mark| old.blocks.iter().position(|block| block.id == mark));
        if let Some(place) = place.filter(|place| free.remove(place)) {
            *pair = Some(place);
        }
    }
}

fn pair_equal(old: &Prose, pieces: &[Piece], pairs: &mut [Option<usize>], free: &mut HashSet<usize>) {
    let mut places: HashMap<(Shape, String), Vec<usize>> = HashMap::new();
    for (at, block) in old.blocks.iter().enumerate().rev().filter(|(at, _)| free.contains(at)) {
        places.entry((block.shape, block.text())).or_default().push(at);
    }
    for (piece, pair) in pieces.iter().zip(pairs.iter_mut()).filter(|(_, pair)| pair.is_none()) {
        let held = places.get_mut(&(piece.shape, piece.text.clone()));
        if let Some(place) = held.and_then(Vec::pop) {
            free.remove(&place);
            *pair = Some(place);
        }
    }
}

/// The likest first; among equals the nearer.
fn pair_alike(old: &Prose, pieces: &[Piece], pairs: &mut [Option<usize>], free: &mut HashSet<usize>) {
    let olds: Vec<(usize, bool, Grams)> = old
        .blocks
        .iter()
        .enumerate()
        .filter(|(at, _)| free.contains(at))
        .map(|(at, block)| (at, block.is_heading(), Grams::of(&block.text())))
        .collect();
    let mut candidates = Vec::new();
    for (at, piece) in pieces.iter().enumerate().filter(|(at, _)| pairs.get(*at).is_some_and(Option::is_none))
    {
        let (heading, grams) = (matches!(piece.shape, Shape::Heading(_)), Grams::of(&piece.text));
        for (place, was_heading, other) in &olds {
            let likeness = grams.likeness(other);
            if *was_heading == heading && likeness >= SAME_BLOCK {
                candidates.push((likeness, at.abs_diff(*place), at, *place));
            }
        }
    }
    candidates.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    for (_, _, at, place) in candidates {
        let Some(pair) = pairs.get_mut(at).filter(|pair| pair.is_none()) else { continue };
        if free.remove(&place) {
            *pair = Some(place);
        }
    }
}

struct Before<'a> {
    block: u64,
    sentence: &'a Sentence,
    grams: Grams,
}

/// Gives the sentences of `new` the numbers and citations of those they were in `old`.
fn keep_sentences(old: &Prose, new: &mut Prose) {
    let olds: Vec<Before<'_>> = old
        .sentences()
        .map(|(block, sentence)| Before { block: block.id, sentence, grams: Grams::of(&sentence.text) })
        .collect();
    let by_block = places_by_block(&olds);
    let mut taken: HashSet<usize> = HashSet::new();
    let mut next = new.next;
    let mut open: Vec<(usize, usize)> = Vec::new();
    for (row, block) in new.blocks.iter_mut().enumerate() {
        let own = by_block.get(&block.id).map_or(&[][..], Vec::as_slice);
        for (column, sentence) in block.sentences.iter_mut().enumerate() {
            match best(&olds, own, &taken, &sentence.text) {
                Some(place) => take(&olds, place, &mut taken, sentence),
                None => open.push((row, column)),
            }
        }
    }
    let all: Vec<usize> = (0..olds.len()).collect();
    for (row, column) in open {
        let Some(block) = new.blocks.get_mut(row) else { continue };
        let own = by_block.get(&block.id).map_or(&[][..], Vec::as_slice);
        let Some(sentence) = block.sentences.get_mut(column) else { continue };
        if let Some(place) = best(&olds, &all, &taken, &sentence.text) {
            take(&olds, place, &mut taken, sentence);
        } else {
            next += 1;
            sentence.id = next;
            sentence.cites = parts(&olds, own, &sentence.text);
        }
    }
    new.next = next;
    join_lost(&olds, &taken, new);
}

fn places_by_block(olds: &[Before<'_>]) -> HashMap<u64, Vec<usize>> {
    let mut found: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, before) in olds.iter().enumerate() {
        found.entry(before.block).or_default().push(at);
    }
    found
}

fn best(olds: &[Before<'_>], among: &[usize], taken: &HashSet<usize>, text: &str) -> Option<usize> {
    let free = || among.iter().copied().filter(|at| !taken.contains(at));
    let held = |at: &usize| olds.get(*at);
    if let Some(same) = free().find(|at| held(at).is_some_and(|before| before.sentence.text == text)) {
        return Some(same);
    }
    let grams = Grams::of(text);
    let likeness = |at: usize| olds.get(at).map_or(0.0, |before| before.grams.likeness(&grams));
    free()
        .map(|at| (likeness(at), at))
        .filter(|(likeness, _)| *likeness >= SAME_SENTENCE)
        .max_by(|one, other| one.0.total_cmp(&other.0).then(other.1.cmp(&one.1)))
        .map(|(_, at)| at)
}

fn take(olds: &[Before<'_>], place: usize, taken: &mut HashSet<usize>, sentence: &mut Sentence) {
    if let Some(before) = olds.get(place) {
        taken.insert(place);
        sentence.id = before.sentence.id;
        sentence.cites.clone_from(&before.sentence.cites);
    }
}

/// What a sentence rests on that was cut out of longer ones of the same paragraph.
fn parts(olds: &[Before<'_>], own: &[usize], text: &str) -> Vec<Cite> {
    let grams = Grams::of(text);
    let mut cites = Vec::new();
    for before in own.iter().filter_map(|at| olds.get(*at)) {
        if before.grams.overlap(&grams) >= PART {
            add(&mut cites, &before.sentence.cites);
        }
    }
    cites
}

/// A sentence that is gone but lies within a sentence of the same paragraph was joined to it: its proof goes along.
fn join_lost(olds: &[Before<'_>], taken: &HashSet<usize>, new: &mut Prose) {
    for (at, before) in olds.iter().enumerate() {
        if taken.contains(&at) || before.sentence.cites.is_empty() {
            continue;
        }
        let block = new.blocks.iter_mut().find(|block| block.id == before.block);
        for sentence in block.into_iter().flat_map(|block| block.sentences.iter_mut()) {
            if Grams::of(&sentence.text).overlap(&before.grams) >= PART {
                add(&mut sentence.cites, &before.sentence.cites);
            }
        }
    }
}

fn add(cites: &mut Vec<Cite>, more: &[Cite]) {
    for cite in more {
        if !cites.iter().any(|held| held.draft == cite.draft) {
            cites.push(cite.clone());
        }
    }
}

/// The citations of `old` that no sentence of `new` carries any more.
pub fn lost<'a>(old: &'a Prose, new: &Prose) -> Vec<&'a Cite> {
    let kept: HashSet<_> =
        new.sentences().flat_map(|(_, one)| one.cites.iter().map(|cite| cite.draft)).collect();
    let mut seen = HashSet::new();
    old.sentences()
        .flat_map(|(_, one)| one.cites.iter())
        .filter(|cite| !kept.contains(&cite.draft) && seen.insert(cite.draft))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{
        super::{parse, testing::report},
        *,
    };
    use proptest::prelude::*;

    fn edited(change: impl Fn(String) -> String) -> Prose {
        let old = report();
        retold(&old, parse(&change(old.plain())))
    }

    fn cites_of(prose: &Prose, words: &str) -> Vec<String> {
        let found = prose.sentences().find(|(_, sentence)| sentence.text.contains(words));
        found
            .unwrap_or_else(|| panic!("{words} in {prose:?}"))
            .1
            .cites
            .iter()
            .map(|cite| cite.number.clone())
            .collect()
    }

    #[test]
    fn an_untouched_text_stays_what_it_is() {
        assert_eq!(edited(|text| text).blocks, report().blocks);
    }

    #[test]
    fn a_reworded_sentence_keeps_its_number_and_what_it_rests_on() {
        let new = edited(|text| text.replace("312.5万元未按规定收回", "298万元至今没有按规定收回"));
        let old = report();
        let (_, before) = old.sentences().find(|(_, one)| one.text.contains("312.5")).unwrap();
        let (_, after) = new.sentences().find(|(_, one)| one.text.contains("298")).unwrap();
        assert_eq!((before.id, &before.cites), (after.id, &after.cites));
    }

    #[test]
    fn a_sentence_moved_to_another_paragraph_takes_its_proof_along() {
        let new = edited(|text| {
            text.replace("局党组对资金管理研究不够。", "")
                .replace("采购把关不严。", "采购把关不严。局党组对资金管理研究不够。")
        });
        assert_eq!(cites_of(&new, "研究不够"), ["底稿1"]);
        assert_eq!(cites_of(&new, "公开招标"), ["底稿2"]);
    }

    #[test]
    fn a_sentence_cut_in_two_keeps_its_proof_in_both_halves() {
        let new = edited(|text| text.replace("未按规定收回，超期两年。", "未按规定收回。这些资金超期两年。"));
        assert_eq!(cites_of(&new, "312.5"), ["底稿1"]);
        let joined = edited(|text| text.replace("采购把关不严。三个", "采购把关不严，三个"));
        assert_eq!(cites_of(&joined, "公开招标"), ["底稿2"]);
    }

    #[test]
    fn a_new_sentence_rests_on_nothing() {
        let new =
            edited(|text| text.replace("采购把关不严。", "采购把关不严。另外食堂管理混乱，群众反映强烈。"));
        assert_eq!(cites_of(&new, "食堂"), Vec::<String>::new());
    }

    #[test]
    fn what_a_removed_finding_rested_on_is_named_as_lost() {
        let new = edited(|text| text.replace("采购把关不严。三个项目未履行公开招标程序。", ""));
        let old = report();
        assert_eq!(lost(&old, &new).iter().map(|cite| cite.number.as_str()).collect::<Vec<_>>(), ["底稿2"]);
    }

    #[test]
    fn a_mark_that_stands_twice_is_not_believed() {
        let old = report();
        let mut pieces = parse(&old.plain());
        for piece in &mut pieces {
            piece.mark = Some(old.blocks[2].id);
        }
        assert_eq!(retold(&old, pieces).blocks, old.blocks);
    }

    proptest! {
        #[test]
        fn numbers_are_given_once_and_the_words_are_those_typed(text in "(#{0,2} ?[甲乙丙丁戊己。，]{1,20}\n){0,8}") {
            let pieces = parse(&text);
            let new = retold(&report(), pieces.clone());
            let mut seen = HashSet::new();
            for (_, sentence) in new.sentences() {
                prop_assert!(sentence.id > 0 && seen.insert(sentence.id));
            }
            for block in &new.blocks {
                prop_assert!(seen.insert(block.id));
            }
            let words: Vec<String> = new.blocks.iter().map(Block::text).collect();
            prop_assert_eq!(words, pieces.into_iter().map(|piece| piece.text).collect::<Vec<_>>());
        }
    }
}
