//! The text of a report: blocks of sentences, each sentence with the drafts it rests on. Pure: no database, no clock.
//!
//! People edit plain text, in the browser or in Word; [`align`] finds every sentence again afterwards, so that what it
//! rests on goes with it.

pub mod align;
pub mod assemble;
pub mod checks;
pub mod diff;
pub mod figures;
pub mod sentences;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text with what its sentences rest on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prose {
    /// Headings and paragraphs in their order.
    pub blocks: Vec<Block>,
    /// The number that the next block or sentence gets; numbers are never given twice.
    next: u64,
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// A heading of the first, second or third level.
    Heading(u8),
    /// A paragraph.
    Paragraph,
}

/// A heading or a paragraph.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Its number, the same in every version of the text.
    pub id: u64,
    /// What it is.
    pub shape: Shape,
    /// Its sentences; a heading has one.
    pub sentences: Vec<Sentence>,
}

/// A sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// Its number, the same in every version as long as it is known again.
    pub id: u64,
    /// Its words with the sign that ends it.
    pub text: String,
    /// What it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cites: Vec<Cite>,
}

/// A draft that a sentence rests on, as it was when it was cited.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cite {
    /// The draft.
    pub draft: Uuid,
    /// What it is called.
    pub number: String,
    /// Digest of what it said then.
    pub digest: String,
}

/// A block on its way in: from the browser, from Word, from the first draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// What it is.
    pub shape: Shape,
    /// Its words.
    pub text: String,
    /// The number of the block it says it is, when a mark has survived.
    pub mark: Option<u64>,
}

impl Block {
    /// Its words.
    pub fn text(&self) -> String {
        self.sentences.iter().map(|sentence| sentence.text.as_str()).collect()
    }

    /// Whether it is a heading.
    pub fn is_heading(&self) -> bool {
        matches!(self.shape, Shape::Heading(_))
    }
}

impl Prose {
    fn take_number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Adds a block whose sentences all rest on `cites`.
    pub fn push(&mut self, shape: Shape, text: &str, cites: &[Cite]) {
        let id = self.take_number();
        let sentences = split(shape, text)
            .into_iter()
            .map(|text| Sentence { id: self.take_number(), text, cites: cites.to_vec() })
            .collect();
        self.blocks.push(Block { id, shape, sentences });
    }

    /// The text as it is typed: a block to a line, headings after `#` signs.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        for block in &self.blocks {
            if !out.is_empty() {
                out.push('\n');
            }
            if let Shape::Heading(level) = block.shape {
                out.extend(std::iter::repeat_n('#', usize::from(level)));
                out.push(' ');
            }
            out.push_str(&block.text());
        }
        out
    }

    /// Every sentence with its block.
    pub fn sentences(&self) -> impl Iterator<Item = (&Block, &Sentence)> {
        self.blocks.iter().flat_map(|block| block.sentences.iter().map(move |sentence| (block, sentence)))
    }

    /// The sentence with this number.
    pub fn sentence(&self, id: u64) -> Option<(&Block, &Sentence)> {
        self.sentences().find(|(_, sentence)| sentence.id == id)
    }

    /// The block with this number.
    pub fn block(&self, id: u64) -> Option<&Block> {
        self.blocks.iter().find(|block| block.id == id)
    }

    /// The sentence with this number, to be changed.
    pub fn sentence_mut(&mut self, id: u64) -> Option<&mut Sentence> {
        self.blocks.iter_mut().flat_map(|block| block.sentences.iter_mut()).find(|sentence| sentence.id == id)
    }

    /// How many characters it has, blanks not counted.
    pub fn length(&self) -> usize {
        self.sentences().map(|(_, one)| one.text.chars().filter(|c| !c.is_whitespace()).count()).sum()
    }

    /// The headings under which each block stands, the block itself left out.
    pub fn sections(&self) -> Vec<Vec<&str>> {
        let mut path: Vec<(u8, &str)> = Vec::new();
        let mut found = Vec::with_capacity(self.blocks.len());
        for block in &self.blocks {
            if let Shape::Heading(level) = block.shape {
                path.retain(|(above, _)| *above < level);
                found.push(path.iter().map(|(_, text)| *text).collect());
                let words = block.sentences.first().map_or("", |sentence| sentence.text.as_str());
                path.push((level, words));
            } else {
                found.push(path.iter().map(|(_, text)| *text).collect());
            }
        }
        found
    }

    /// One digest of all it says and rests on.
    pub fn canonical(&self) -> String {
        serde_json::to_string(&self.blocks).unwrap_or_default()
    }
}

/// The sentences of a block: a heading is one.
pub(crate) fn split(shape: Shape, text: &str) -> Vec<String> {
    match shape {
        Shape::Heading(_) => vec![text.to_owned()],
        Shape::Paragraph => sentences::split(text),
    }
}

/// Reads typed text: a block to a line, headings after `#` signs; empty lines only part.
pub fn parse(text: &str) -> Vec<Piece> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(piece).collect()
}

fn piece(line: &str) -> Piece {
    let level = line.chars().take_while(|c| matches!(c, '#' | '＃')).count();
    let words = line.trim_start_matches(['#', '＃']).trim();
    if level == 0 || words.is_empty() {
        return Piece { shape: Shape::Paragraph, text: line.to_owned(), mark: None };
    }
    Piece { shape: Shape::Heading(level.min(3) as u8), text: words.to_owned(), mark: None }
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// An invented citation.
    pub(crate) fn cite(number: u128) -> Cite {
        Cite {
            draft: Uuid::from_u128(number), number: format!("底稿{number}"), digest: format!("d{number}")
        }
    }

    /// A report of two findings under two headings.
    pub(crate) fn report() -> Prose {
        let mut prose = Prose::default();
        prose.push(Shape::Heading(1), "发现的主要问题", &[]);
        prose.push(Shape::Heading(2), "落实主体责任方面", &[]);
        prose.push(
            Shape::Paragraph,
            "专项资金长期沉淀。2022年结转资金312.5万元未按规定收回，超期两年。局党组对资金管理研究不够。",
            &[cite(1)],
        );
        prose.push(Shape::Paragraph, "采购把关不严。三个项目未履行公开招标程序。", &[cite(2)]);
        prose.push(Shape::Heading(1), "意见建议", &[]);
        prose.push(Shape::Paragraph, "加强资金统筹管理。", &[]);
        prose
    }
}

#[cfg(test)]
mod tests {
    use super::{testing::report, *};

    #[test]
    fn what_is_typed_reads_back_as_the_same_blocks() {
        let prose = report();
        let pieces = parse(&prose.plain());
        assert_eq!(pieces.len(), prose.blocks.len());
        for (piece, block) in pieces.iter().zip(&prose.blocks) {
            assert_eq!((piece.shape, piece.text.as_str()), (block.shape, block.text().as_str()));
        }
    }

    #[test]
    fn a_block_knows_the_headings_above_it() {
        let prose = report();
        let sections = prose.sections();
        assert_eq!(sections[2], ["发现的主要问题", "落实主体责任方面"]);
        assert_eq!(sections[5], ["意见建议"]);
        assert!(sections[4].is_empty());
    }

    #[test]
    fn a_number_sign_alone_or_within_a_line_is_no_heading() {
        assert_eq!(parse("###").first().map(|piece| piece.shape), Some(Shape::Paragraph));
        assert_eq!(parse("第#1号").first().map(|piece| piece.shape), Some(Shape::Paragraph));
        assert_eq!(parse("＃＃ 二级").first().map(|piece| piece.shape), Some(Shape::Heading(2)));
    }
}
