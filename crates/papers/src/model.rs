//! An official document as plain values: what stands in it, not how it looks.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::text;

/// A document ready to be laid out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Paper {
    /// Which of the standard's forms it takes.
    pub form: Form,
    /// 发文机关标志; empty on forms without a red head.
    pub issuer: String,
    /// 份号, shown with six digits.
    pub copy: Option<u32>,
    /// 密级和保密期限, as the office writes it.
    pub secrecy: String,
    /// 紧急程度.
    pub urgency: String,
    /// 发文字号 or the number of the minutes.
    pub number: String,
    /// 签发人, on documents to a superior body.
    pub signers: Vec<String>,
    /// 标题.
    pub title: String,
    /// A line below the title: date of a meeting, unit of a ledger, name of a draft.
    pub subtitle: String,
    /// 主送机关.
    pub addressees: Vec<String>,
    /// 正文.
    pub body: Vec<Block>,
    /// Who was present, absent, listening: minutes only.
    pub attendance: Vec<Attendance>,
    /// 附件.
    pub attachments: Vec<Attachment>,
    /// 发文机关署名.
    pub signatories: Vec<String>,
    /// 成文日期.
    pub date: Option<NaiveDate>,
    /// 附注.
    pub note: String,
    /// 版记.
    pub colophon: Option<Colophon>,
    /// Who took this file out of the program; drawn across every page.
    pub trace: Option<Trace>,
}

/// The forms of GB/T 9704, and two of daily work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// With the red head of the issuing body.
    RedHead,
    /// 信函格式.
    Letter,
    /// 纪要格式.
    Minutes,
    /// A text without a head: report, speech, plan.
    #[default]
    Plain,
    /// A table on landscape pages.
    Ledger,
}

/// Levels of headings: 一、（一）1.（1）.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 一、
    First,
    /// （一）
    Second,
    /// 1.
    Third,
    /// （1）
    Fourth,
}

impl Level {
    /// All of them, outermost first.
    pub const ALL: [Self; 4] = [Self::First, Self::Second, Self::Third, Self::Fourth];

    /// The number `count` as this level writes it.
    pub fn numbered(self, count: u32) -> String {
        match self {
            Self::First => format!("{}、", text::chinese_number(count)),
            Self::Second => format!("（{}）", text::chinese_number(count)),
            Self::Third => format!("{count}."),
            Self::Fourth => format!("（{count}）"),
        }
    }
}

/// One piece of a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// A numbered heading; the layout counts.
    Heading {
        /// How deep.
        level: Level,
        /// Without its number.
        text: String,
    },
    /// A paragraph, indented by two characters.
    Paragraph {
        /// Its text.
        text: String,
    },
    /// A table.
    Table(Table),
    /// A form of labels and values in two columns.
    Fields {
        /// Label and value.
        rows: Vec<(String, String)>,
    },
    /// Places to sign, one a line.
    Signatures {
        /// What stands before the line.
        labels: Vec<String>,
    },
}

impl Block {
    /// A heading.
    pub fn heading(level: Level, text: impl Into<String>) -> Self {
        Self::Heading { level, text: text.into() }
    }

    /// A paragraph.
    pub fn paragraph(text: impl Into<String>) -> Self {
        Self::Paragraph { text: text.into() }
    }
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows; each has a cell for every column.
    pub rows: Vec<Vec<String>>,
}

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// Its share of the width.
    pub weight: u32,
    /// Whether its cells are short and stand in the middle.
    pub centred: bool,
}

/// A line of the attendance of minutes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Attendance {
    /// 出席, 请假 or 列席.
    pub label: String,
    /// Names.
    pub names: String,
}

/// 附件.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its title, as the list of attachments names it.
    pub title: String,
    /// Its text.
    pub body: Vec<Block>,
    /// Whether its pages lie.
    pub landscape: bool,
}

/// 版记.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Colophon {
    /// 抄送机关.
    pub copies: Vec<String>,
    /// 印发机关.
    pub printer: String,
    /// 印发日期.
    pub printed: Option<NaiveDate>,
}

/// Who took a file out of the program, when, under which number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// The person.
    pub person: String,
    /// Where the person works.
    pub organisation: String,
    /// When, in office time.
    pub at: String,
    /// The export number, found again in the audit.
    pub number: String,
}

impl Trace {
    /// The line at the foot of every page.
    pub fn line(&self) -> String {
        let Self { person, organisation, at, number } = self;
        format!("导出编号 {number}　{organisation}　{person}　{at}")
    }
}

/// A heading with its number, or another block: what both outputs walk through.
pub(crate) fn numbered(blocks: &[Block]) -> impl Iterator<Item = (Option<String>, &Block)> {
    let mut counts = [0_u32; 4];
    blocks.iter().map(move |block| {
        let Block::Heading { level, .. } = block else { return (None, block) };
        let depth = *level as usize;
        for (at, count) in counts.iter_mut().enumerate() {
            match at.cmp(&depth) {
                std::cmp::Ordering::Equal => *count += 1,
                std::cmp::Ordering::Greater => *count = 0,
                std::cmp::Ordering::Less => {}
            }
        }
        (Some(level.numbered(counts.get(depth).copied().unwrap_or(1))), block)
    })
}

impl Paper {
    /// The same with every text in full-width punctuation.
    #[must_use]
    pub fn normalised(&self) -> Self {
        let mut paper = self.clone();
        for line in [&mut paper.title, &mut paper.subtitle, &mut paper.note] {
            *line = text::normalised(line);
        }
        for list in [&mut paper.addressees, &mut paper.signatories] {
            for line in list.iter_mut() {
                *line = text::normalised(line);
            }
        }
        normalise(&mut paper.body);
        for attachment in &mut paper.attachments {
            attachment.title = text::normalised(&attachment.title);
            normalise(&mut attachment.body);
        }
        paper
    }

    /// Every text in it, for the search for missing glyphs.
    pub(crate) fn texts(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn normalise(blocks: &mut [Block]) {
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph { text } => *text = text::normalised(text),
            Block::Table(table) => {
                for cell in table.rows.iter_mut().flatten() {
                    *cell = text::normalised(cell);
                }
            }
            Block::Fields { rows } => {
                for (_, value) in rows {
                    *value = text::normalised(value);
                }
            }
            Block::Signatures { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_count_within_the_one_above_them() {
        let blocks = [
            Block::heading(Level::First, "甲"),
            Block::heading(Level::Second, "乙"),
            Block::heading(Level::Second, "丙"),
            Block::heading(Level::Third, "丁"),
            Block::heading(Level::First, "戊"),
            Block::heading(Level::Second, "己"),
            Block::heading(Level::Fourth, "庚"),
        ];
        let numbers: Vec<String> = numbered(&blocks).filter_map(|(number, _)| number).collect();
        assert_eq!(numbers, ["一、", "（一）", "（二）", "1.", "二、", "（一）", "（1）"]);
    }
}
