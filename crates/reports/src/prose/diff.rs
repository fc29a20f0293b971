//! What differs between two texts: word by word within a paragraph, paragraph by paragraph in a report.

use std::collections::HashMap;

use super::{Block, Prose, Shape};

/// What happened to some words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// In both.
    Same,
    /// Only in the newer text.
    Added,
    /// Only in the older text.
    Removed,
}

/// Most cells of the table for one paragraph; beyond it the middle is shown as replaced.
const CELLS: usize = 4_000_000;

/// The words of `new` compared with those of `old`. A Chinese character is a word, Latin letters and digits keep together.
pub fn words(old: &str, new: &str) -> Vec<(Op, String)> {
    let (old, new) = (tokens(old), tokens(new));
    let head = old.iter().zip(&new).take_while(|(one, other)| one == other).count();
    let (old_rest, new_rest) = (tail(&old, head), tail(&new, head));
    let foot =
        old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(one, other)| one == other).count();
    let old_middle = old_rest.get(..old_rest.len() - foot).unwrap_or_default();
    let new_middle = new_rest.get(..new_rest.len() - foot).unwrap_or_default();
    let mut out = Vec::new();
    push(&mut out, Op::Same, old.get(..head).unwrap_or_default());
    if old_middle.len().saturating_mul(new_middle.len()) > CELLS {
        push(&mut out, Op::Removed, old_middle);
        push(&mut out, Op::Added, new_middle);
    } else {
        middle(&mut out, old_middle, new_middle);
    }
    push(&mut out, Op::Same, tail(old_rest, old_rest.len() - foot));
    out
}

fn tail<T>(all: &[T], from: usize) -> &[T] {
    all.get(from..).unwrap_or_default()
}

fn push(out: &mut Vec<(Op, String)>, op: Op, tokens: &[&str]) {
    for token in tokens {
        match out.last_mut() {
            Some((last, text)) if *last == op => text.push_str(token),
            _ => out.push((op, (*token).to_owned())),
        }
    }
}

/// The longest common subsequence of what lies between equal beginnings and endings.
fn middle(out: &mut Vec<(Op, String)>, old: &[&str], new: &[&str]) {
    let width = new.len() + 1;
    let mut lengths = vec![0_u32; (old.len() + 1) * width];
    let at = |row: usize, column: usize| row * width + column;
    let get = |lengths: &[u32], row, column| lengths.get(at(row, column)).copied().unwrap_or(0);
    for (row, one) in old.iter().enumerate().rev() {
        for (column, other) in new.iter().enumerate().rev() {
            let best = if one == other {
                get(&lengths, row + 1, column + 1) + 1
            } else {
                get(&lengths, row + 1, column).max(get(&lengths, row, column + 1))
            };
            if let Some(cell) = lengths.get_mut(at(row, column)) {
                *cell = best;
            }
        }
    }
    let (mut row, mut column) = (0, 0);
    while let (Some(one), Some(other)) = (old.get(row), new.get(column)) {
        if one == other {
            push(out, Op::Same, &[*one]);
            (row, column) = (row + 1, column + 1);
        } else if get(&lengths, row + 1, column) >= get(&lengths, row, column + 1) {
            push(out, Op::Removed, &[*one]);
            row += 1;
        } else {
            push(out, Op::Added, &[*other]);
            column += 1;
        }
    }
    push(out, Op::Removed, tail(old, row));
    push(out, Op::Added, tail(new, column));
}

fn tokens(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut word_from = None;
    for (at, c) in text.char_indices() {
        if c.is_ascii_alphanumeric() || (c == '.' && word_from.is_some()) {
            word_from.get_or_insert(at);
            continue;
        }
        if let Some(from) = word_from.take() {
            found.extend(text.get(from..at));
        }
        found.extend(text.get(at..at + c.len_utf8()));
    }
    if let Some(from) = word_from {
        found.extend(text.get(from..));
    }
    found
}

/// What happened to a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It says the same.
    Kept,
    /// It says something else.
    Changed,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
}

/// A block in the comparison of two texts.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// What happened to it.
    pub fate: Fate,
    /// Whether it stands somewhere else.
    pub moved: bool,
    /// The block before.
    pub old: Option<&'a Block>,
    /// The block after.
    pub new: Option<&'a Block>,
    /// Its words.
    pub words: Vec<(Op, String)>,
}

/// Two versions of a text, block by block in the order of the newer one; what is gone stands where it stood.
pub fn blocks<'a>(old: &'a Prose, new: &'a Prose) -> Vec<Line<'a>> {
    let places: HashMap<u64, usize> =
        old.blocks.iter().enumerate().map(|(at, block)| (block.id, at)).collect();
    let kept: std::collections::HashSet<u64> = new.blocks.iter().map(|block| block.id).collect();
    let stays =
        in_order(&new.blocks.iter().filter_map(|block| places.get(&block.id).copied()).collect::<Vec<_>>());
    let mut out: Vec<Line<'a>> = Vec::new();
    let mut reached = 0;
    for block in &new.blocks {
        let Some(&place) = places.get(&block.id) else {
            out.push(line(None, Some(block), false));
            continue;
        };
        let moved = !stays.contains(&place);
        if !moved {
            let gone = old.blocks.get(reached..place).unwrap_or_default();
            out.extend(
                gone.iter().filter(|one| !kept.contains(&one.id)).map(|one| line(Some(one), None, false)),
            );
            reached = place + 1;
        }
        out.push(line(old.blocks.get(place), Some(block), moved));
    }
    let rest = tail(&old.blocks, reached);
    out.extend(rest.iter().filter(|one| !kept.contains(&one.id)).map(|one| line(Some(one), None, false)));
    out
}

fn line<'a>(old: Option<&'a Block>, new: Option<&'a Block>, moved: bool) -> Line<'a> {
    let (before, after) = (old.map(Block::text), new.map(Block::text));
    let same_shape = old.map(|one| one.shape) == new.map(|one| one.shape);
    let fate = match (&before, &after) {
        (Some(before), Some(after)) if before == after && same_shape => Fate::Kept,
        (Some(_), Some(_)) => Fate::Changed,
        (Some(_), None) => Fate::Removed,
        _ => Fate::Added,
    };
    let words = words(&before.unwrap_or_default(), &after.unwrap_or_default());
    Line { fate, moved, old, new, words }
}

/// The members of the longest rising subsequence: blocks that kept their order.
fn in_order(places: &[usize]) -> std::collections::HashSet<usize> {
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(places.len());
    for (at, place) in places.iter().enumerate() {
        let slot = ends.partition_point(|end| places.get(*end).is_some_and(|held| held < place));
        before.push(slot.checked_sub(1).and_then(|slot| ends.get(slot).copied()));
        match ends.get_mut(slot) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut found = std::collections::HashSet::new();
    let mut next = ends.last().copied();
    while let Some(at) = next {
        found.extend(places.get(at));
        next = before.get(at).copied().flatten();
    }
    found
}

/// How a heading is written in a comparison.
pub fn mark(shape: Shape) -> &'static str {
    match shape {
        Shape::Heading(1) => "# ",
        Shape::Heading(2) => "## ",
        Shape::Heading(_) => "### ",
        Shape::Paragraph => "",
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{align::retold, parse, testing::report},
        *,
    };
    use proptest::prelude::*;

    fn side(words: &[(Op, String)], without: Op) -> String {
        words.iter().filter(|(op, _)| *op != without).map(|(_, text)| text.as_str()).collect()
    }

    #[test]
    fn a_changed_amount_is_one_word() {
        let found = words("沉淀312.5万元，超期两年。", "沉淀298.0万元，超期三年。");
        assert!(found.contains(&(Op::Removed, String::from("312.5"))));
        assert!(found.contains(&(Op::Added, String::from("298.0"))));
        assert!(found.contains(&(Op::Removed, String::from("两"))));
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_from_the_comparison(old in "[甲乙丙丁，。12a ]{0,40}", new in "[甲乙丙丁，。12a ]{0,40}") {
            let found = words(&old, &new);
            prop_assert_eq!(side(&found, Op::Added), old);
            prop_assert_eq!(side(&found, Op::Removed), new);
        }
    }

    #[test]
    fn a_removed_a_new_a_changed_and_a_moved_paragraph_are_told_apart() {
        let old = report();
        let text = "# 意见建议\n加强资金统筹管理。\n# 发现的主要问题\n## 落实主体责任方面\n\
                    专项资金长期沉淀。2022年结转资金298万元未按规定收回，超期两年。局党组对资金管理研究不够。\n此外，档案管理不规范。";
        let new = retold(&old, parse(text));
        let lines = blocks(&old, &new);
        let count = |fate| lines.iter().filter(|line| line.fate == fate).count();
        assert_eq!((count(Fate::Added), count(Fate::Removed), count(Fate::Changed)), (1, 1, 1));
        assert_eq!(lines.iter().filter(|line| line.moved).count(), 2);
        assert!(blocks(&old, &old).iter().all(|line| line.fate == Fate::Kept && !line.moved));
    }
}
