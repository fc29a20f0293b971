//! A report that went out as a Word file and comes back: its paragraphs read, what the person changed in them found, and
//! the chosen changes put into the text as it stands now.
//!
//! Each paragraph leaves with a bookmark that names report, version and block. Office programs keep bookmarks but may
//! lose or double them, and break a paragraph into any runs they like; what has no mark is known by its words.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    io::{Cursor, Read as _},
};

use kit::{Refusal, Result};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::prose::{Piece, Prose, Shape, align, diff::Fate};

/// Largest file that is read.
pub const MOST_BYTES: usize = 20 * 1024 * 1024;
/// Largest unpacked part.
const MOST_UNPACKED: u64 = 32 * 1024 * 1024;
/// Most paragraphs.
const MOST_PARAGRAPHS: usize = 5_000;
/// Styles of what the layout adds around the text.
const AROUND: &[&str] = &[
    "title",
    "subtitle",
    "grade",
    "addressee",
    "signature",
    "colophon",
    "issuermark",
    "documentnumber",
    "attachmentmark",
    "attachmenttitle",
    // Office programs may change the identifiers and keep the names.
    "密级和份号",
    "发文字号",
    "主送机关",
    "附件标识",
    "附件标题",
    "发文机关标志",
    "发文机关署名",
    "版记",
];

/// Name of the bookmark of a block; letters, digits and underscores, at most forty of them.
pub fn bookmark(report: Uuid, version: i64, block: u64) -> String {
    format!("xc_{}_{version}_{block}", token(report))
}

fn token(report: Uuid) -> String {
    let digits = report.simple().to_string();
    digits.chars().skip(20).collect()
}

/// What a Word file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// Its paragraphs.
    pub pieces: Vec<Piece>,
    /// The version it was made from, when a mark tells.
    pub version: Option<i64>,
}

/// Reads the file of `report`.
///
/// # Errors
/// A refusal when it is no Word file, too large, or was made from another report.
pub fn read(bytes: &[u8], report: Uuid, title: &str) -> Result<Brought> {
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| not_word())?;
    let styles = match part(&mut package, "word/styles.xml") {
        Ok(text) => styles(&text)?,
        Err(_) => HashMap::new(),
    };
    let document = part(&mut package, "word/document.xml")?;
    let paragraphs = paragraphs(&document, &styles)?;
    let own = token(report);
    let mut brought = Brought { pieces: Vec::new(), version: None };
    let mut foreign = false;
    for paragraph in paragraphs {
        let marks: Vec<(String, i64, u64)> =
            paragraph.marks.iter().filter_map(|name| parts_of(name)).collect();
        foreign |= marks.iter().any(|(token, ..)| *token != own);
        let mark = marks.iter().find(|(token, ..)| *token == own);
        if let Some((_, version, _)) = mark {
            brought.version = brought.version.max(Some(*version));
        }
        if let Some(piece) = paragraph.piece(mark.map(|(.., block)| *block), title) {
            brought.pieces.push(piece);
        }
    }
    if foreign && brought.version.is_none() {
        return Err(Refusal::field("file", "这份文件是从另一份报告导出的，请选择本报告导出的文件").into());
    }
    if brought.pieces.is_empty() {
        return Err(Refusal::field("file", "文件里没有正文段落，请检查后重新上传").into());
    }
    Ok(brought)
}

/// The words of any Word file, a line for each paragraph outside tables.
///
/// # Errors
/// A refusal when it is no Word file or too large.
pub fn text(bytes: &[u8]) -> Result<String> {
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| not_word())?;
    let document = part(&mut package, "word/document.xml")?;
    let lines = paragraphs(&document, &HashMap::new())?;
    Ok(lines.into_iter().map(|paragraph| paragraph.text).collect::<Vec<_>>().join("\n"))
}

fn not_word() -> Refusal {
    Refusal::field("file", "这不是 Word 文档（docx），请用 Word 或 WPS 另存为 docx 后上传")
}

fn broken(_: impl std::fmt::Display) -> Refusal {
    Refusal::field("file", "文件内容不完整，无法读取；请用 Word 或 WPS 打开后另存一份再上传")
}

fn part(package: &mut zip::ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<String> {
    let file = package.by_name(name).map_err(|_| not_word())?;
    let mut text = String::new();
    let read = file.take(MOST_UNPACKED + 1).read_to_string(&mut text).map_err(broken)?;
    if read as u64 > MOST_UNPACKED {
        return Err(Refusal::field("file", "文件展开后过大，请删去图片等附加内容后上传").into());
    }
    Ok(text)
}

/// Report token, version and block of a bookmark of ours.
fn parts_of(name: &str) -> Option<(String, i64, u64)> {
    let mut parts = name.strip_prefix("xc_")?.split('_');
    Some((parts.next()?.to_owned(), parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Names of styles by their ids: WPS gives headings plain numbers as ids.
fn styles(xml: &str) -> Result<HashMap<String, String>> {
    let mut reader = Reader::from_str(xml);
    let (mut found, mut id) = (HashMap::new(), String::new());
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Eof => return Ok(found),
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "style" => id = attribute(&tag, "styleId").unwrap_or_default(),
                "name" if !id.is_empty() => {
                    if let Some(name) = attribute(&tag, "val") {
                        found.entry(id.clone()).or_insert_with(|| name.to_lowercase().replace(' ', ""));
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    tag.attributes()
        .with_checks(false)
        .flatten()
        .find(|one| one.key.local_name().as_ref() == name)
        .map(|one| one.value.into_owned())
}

#[derive(Default)]
struct Paragraph {
    style: String,
    text: String,
    marks: Vec<String>,
}

impl Paragraph {
    fn piece(self, mark: Option<u64>, title: &str) -> Option<Piece> {
        let text = self.text.trim().to_owned();
        let around = AROUND.contains(&self.style.as_str()) && mark.is_none();
        if text.is_empty() || around || (mark.is_none() && text == title) {
            return None;
        }
        let shape = match level(&self.style) {
            Some(level) => Shape::Heading(level),
            None if mark.is_some() => Shape::Paragraph,
            None => numbered(&text).map_or(Shape::Paragraph, Shape::Heading),
        };
        let text = if matches!(shape, Shape::Heading(_)) { without_number(&text) } else { text };
        Some(Piece { shape, text, mark })
    }
}

fn level(style: &str) -> Option<u8> {
    let rest = style.strip_prefix("heading").or_else(|| style.strip_prefix("标题"))?;
    rest.chars().next()?.to_digit(10).map(|level| level.clamp(1, 3) as u8)
}

const NUMERALS: &str = "一二三四五六七八九十百零〇";

/// The level that a number typed by hand gives a short line: 一、 and （一）.
fn numbered(text: &str) -> Option<u8> {
    let short = text.chars().count() <= 40 && !text.ends_with(['。', '；', '：']);
    let rest = text.trim_start_matches(|c| NUMERALS.contains(c));
    let first = rest.len() < text.len() && rest.starts_with('、');
    let second = text.strip_prefix(['（', '(']).is_some_and(|inner| {
        let rest = inner.trim_start_matches(|c| NUMERALS.contains(c));
        rest.len() < inner.len() && rest.starts_with(['）', ')'])
    });
    match (short, first, second) {
        (true, true, _) => Some(1),
        (true, _, true) => Some(2),
        _ => None,
    }
}

fn without_number(text: &str) -> String {
    match numbered(text) {
        Some(1) => text.split_once('、').map_or(text, |(_, rest)| rest).to_owned(),
        Some(_) => text.split_once(['）', ')']).map_or(text, |(_, rest)| rest).to_owned(),
        None => text.to_owned(),
    }
}

/// The paragraphs outside tables and text boxes, as they read with all tracked changes accepted.
fn paragraphs(xml: &str, styles: &HashMap<String, String>) -> Result<Vec<Paragraph>> {
    let mut reader = Reader::from_str(xml);
    let mut scan = Scan::default();
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Eof => return Ok(scan.found),
            Event::Start(tag) => scan.open(&tag, styles),
            Event::Empty(tag) => scan.empty(&tag, styles),
            Event::End(tag) => scan.close(tag.local_name().as_ref()),
            Event::Text(text) if scan.in_text && scan.skipped == 0 => {
                scan.now.text.push_str(text.as_ref());
            }
            Event::GeneralRef(reference) if scan.in_text && scan.skipped == 0 => {
                match reference.resolve_char_ref().map_err(broken)? {
                    Some(c) => scan.now.text.push(c),
                    None => scan.now.text.push_str(entity(reference.as_ref())),
                }
            }
            _ => {}
        }
        if scan.found.len() > MOST_PARAGRAPHS {
            return Err(Refusal::field("file", "文件段落过多，不像一份巡察报告").into());
        }
    }
}

fn entity(name: &str) -> &'static str {
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
}

#[derive(Default)]
struct Scan {
    found: Vec<Paragraph>,
    now: Paragraph,
    in_text: bool,
    /// Depth inside what is left out.
    skipped: u32,
    /// Bookmarks that stand between paragraphs belong to the next one.
    before: Vec<String>,
    inside: bool,
}

impl Scan {
    fn open(&mut self, tag: &BytesStart<'_>, styles: &HashMap<String, String>) {
        match tag.local_name().as_ref() {
            "tbl" | "txbxContent" | "del" | "moveFrom" | "AlternateContent" => self.skipped += 1,
            "p" if self.skipped == 0 => {
                self.now = Paragraph { marks: std::mem::take(&mut self.before), ..Paragraph::default() };
                self.inside = true;
            }
            "t" => self.in_text = true,
            _ => self.empty(tag, styles),
        }
    }

    fn empty(&mut self, tag: &BytesStart<'_>, styles: &HashMap<String, String>) {
        if self.skipped > 0 {
            return;
        }
        match tag.local_name().as_ref() {
            "bookmarkStart" => {
                let name = attribute(tag, "name").unwrap_or_default();
                if self.inside { self.now.marks.push(name) } else { self.before.push(name) }
            }
            "pStyle" => {
                let id = attribute(tag, "val").unwrap_or_default();
                let name = styles.get(&id).cloned().unwrap_or_default();
                let plain = id.to_lowercase();
                self.now.style =
                    if level(&plain).is_some() || AROUND.contains(&plain.as_str()) { plain } else { name };
            }
            "ta" | "br" if self.inside && !self.now.text.is_empty() => self.now.text.push(' '),
            "noBreakHyphen" => self.now.text.push('-'),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "tbl" | "txbxContent" | "del" | "moveFrom" | "AlternateContent" => {
                self.skipped = self.skipped.saturating_sub(1);
            }
            "p" if self.skipped == 0 && self.inside => {
                self.found.push(std::mem::take(&mut self.now));
                self.inside = false;
            }
            "t" => self.in_text = false,
            _ => {}
        }
    }
}

/// A change that came back in a Word file, to be taken over or left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What happened to the block.
    pub fate: Fate,
    /// The block; none for a new one.
    pub block: Option<u64>,
    /// The block after which a new one stands; none at the beginning.
    pub after: Option<u64>,
    /// What it is now.
    pub shape: Shape,
    /// What it says now; empty when it is gone.
    pub text: String,
}

/// What the person changed in the Word file: `base` is the version that went out.
pub fn changes(base: &Prose, pieces: Vec<Piece>) -> Vec<Change> {
    let brought = align::retold(base, pieces);
    let mut found = Vec::new();
    let mut after = None;
    let known: HashSet<u64> = base.blocks.iter().map(|block| block.id).collect();
    for block in &brought.blocks {
        let (text, held) = (block.text(), base.block(block.id));
        let fate = match held {
            Some(held) if held.shape == block.shape && folded(&held.text()) == folded(&text) => None,
            Some(_) => Some(Fate::Changed),
            None => Some(Fate::Added),
        };
        if let Some(fate) = fate {
            let own = held.map(|held| held.id);
            found.push(Change { fate, block: own, after, shape: block.shape, text });
        }
        if known.contains(&block.id) {
            after = Some(block.id);
        }
    }
    let kept: HashSet<u64> = brought.blocks.iter().map(|block| block.id).collect();
    for gone in base.blocks.iter().filter(|block| !kept.contains(&block.id)) {
        found.push(Change {
            fate: Fate::Removed,
            block: Some(gone.id),
            after: None,
            shape: gone.shape,
            text: String::new(),
        });
    }
    found
}

/// Puts the changes numbered in `chosen` into `now`, the text as it stands.
pub fn take_over(now: &Prose, changes: &[Change], chosen: &BTreeSet<usize>) -> Prose {
    let taken: Vec<&Change> =
        changes.iter().enumerate().filter(|(at, _)| chosen.contains(at)).map(|(_, change)| change).collect();
    let mut pieces = new_after(&taken, None);
    for block in &now.blocks {
        let change = taken.iter().find(|change| change.block == Some(block.id));
        match change.map(|change| (change.fate, change)) {
            Some((Fate::Removed, _)) => {}
            Some((_, change)) => {
                pieces.push(Piece { shape: change.shape, text: change.text.clone(), mark: Some(block.id) });
            }
            None => pieces.push(Piece { shape: block.shape, text: block.text(), mark: Some(block.id) }),
        }
        pieces.extend(new_after(&taken, Some(block.id)));
    }
    // What stood after a block that is gone meanwhile comes last rather than not at all.
    let known: HashSet<u64> = now.blocks.iter().map(|block| block.id).collect();
    let orphans = taken.iter().filter(|change| change.after.is_some_and(|after| !known.contains(&after)));
    pieces.extend(orphans.filter(|change| change.fate == Fate::Added).map(|change| fresh(change)));
    align::retold(now, pieces)
}

fn new_after(taken: &[&Change], after: Option<u64>) -> Vec<Piece> {
    taken
        .iter()
        .filter(|change| change.fate == Fate::Added && change.after == after)
        .map(|change| fresh(change))
        .collect()
}

fn fresh(change: &Change) -> Piece {
    Piece { shape: change.shape, text: change.text.clone(), mark: None }
}

/// The text without what a layout changes by itself: blanks and the width of punctuation.
fn folded(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '，' => ',',
            '；' => ';',
            '：' => ':',
            '？' => '?',
            '！' => '!',
            '（' => '(',
            '）' => ')',
            '“' | '”' => '"',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use std::fmt::Write as _;

    use super::*;
    use crate::prose::testing::report;

    const ID: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_1234_5678_9abc);

    /// A package as an office program writes it, of these body paragraphs.
    fn package(body: &str, styles: &str) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        let document = format!(
            "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{body}<w:sectPr/></w:body></w:document>"
        );
        let styles = format!("<w:styles xmlns:w=\"w\">{styles}</w:styles>");
        for (name, text) in [("word/document.xml", document), ("word/styles.xml", styles)] {
            zip.start_file(name, options).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    /// The report as it went out and was saved by a program that breaks runs anywhere.
    fn saved(text_of: impl Fn(u64, String) -> Option<String>, marked: impl Fn(u64) -> bool) -> Vec<u8> {
        let mut body = String::from(
            "<w:p><w:pPr><w:pStyle w:val=\"Title\"/></w:pPr><w:r><w:t>关于巡察情况的报告</w:t></w:r></w:p>",
        );
        for block in report().blocks {
            let Some(text) = text_of(block.id, block.text()) else { continue };
            let style = match block.shape {
                Shape::Heading(level) => format!("<w:pStyle w:val=\"a{level}\"/>"),
                Shape::Paragraph => String::new(),
            };
            let mark = if marked(block.id) {
                format!(
                    "<w:bookmarkStart w:id=\"{0}\" w:name=\"{1}\"/><w:bookmarkEnd w:id=\"{0}\"/>",
                    block.id,
                    bookmark(ID, 3, block.id)
                )
            } else {
                String::new()
            };
            let (head, tail) = text.split_at(text.char_indices().nth(2).map_or(text.len(), |(at, _)| at));
            write!(
                body,
                "<w:p><w:pPr>{style}</w:pPr>{mark}<w:r><w:rPr><w:b/></w:rPr><w:t>{head}</w:t></w:r>\
                 <w:proofErr/><w:r><w:t xml:space=\"preserve\">{tail}</w:t></w:r><w:del><w:r><w:delText>删去</w:delText></w:r></w:del></w:p><w:p/>"
            )
            .unwrap();
        }
        let styles = "<w:style w:styleId=\"a1\"><w:name w:val=\"heading 1\"/></w:style><w:style w:styleId=\"a2\"><w:name w:val=\"heading 2\"/></w:style>";
        package(&body, styles)
    }

    fn brought(bytes: &[u8]) -> Brought {
        read(bytes, ID, "关于巡察情况的报告").unwrap()
    }

    fn numbers(prose: &Prose) -> Vec<u64> {
        prose.sentences().filter(|(_, one)| !one.cites.is_empty()).map(|(_, one)| one.id).collect()
    }

    #[test]
    fn a_file_saved_without_a_change_brings_none_with_marks_or_without() {
        for marks in [true, false] {
            let back = brought(&saved(|_, text| Some(text), |_| marks));
            assert_eq!(back.version, marks.then_some(3));
            assert_eq!(changes(&report(), back.pieces), []);
        }
    }

    #[test]
    fn changes_come_back_paragraph_by_paragraph_and_citations_survive_lost_marks() {
        let base = report();
        let edit = |id: u64, text: String| match base.block(id).unwrap().text().as_str() {
            one if one.contains("312.5") => Some(text.replace("312.5", "298")),
            one if one.contains("公开招标") => Some(format!("{text}另有两个项目拆分采购。")),
            one if one.contains("统筹") => None,
            _ => Some(text),
        };
        for marks in [true, false] {
            let back = brought(&saved(edit, |_| marks));
            let found = changes(&base, back.pieces);
            let fates: Vec<Fate> = found.iter().map(|change| change.fate).collect();
            assert_eq!(fates, [Fate::Changed, Fate::Changed, Fate::Removed], "{found:?}");
            let taken = take_over(&base, &found, &[0, 2].into());
            assert!(taken.plain().contains("298万元") && !taken.plain().contains("拆分"));
            assert!(!taken.plain().contains("统筹"));
            assert_eq!(numbers(&taken), numbers(&base), "what sentences rest on was lost");
        }
    }

    #[test]
    fn a_change_is_put_into_the_text_as_it_stands_and_leaves_what_others_wrote_meanwhile() {
        let base = report();
        let now = align::retold(&base, crate::prose::parse(&base.plain().replace("超期两年", "超期三年")));
        let edit = |_: u64, text: String| Some(text.replace("采购把关不严", "采购管理失之于宽"));
        let found = changes(&base, brought(&saved(edit, |_| true)).pieces);
        assert_eq!(found.len(), 1);
        let taken = take_over(&now, &found, &[0].into());
        assert!(taken.plain().contains("失之于宽") && taken.plain().contains("超期三年"));
    }

    #[test]
    fn a_new_paragraph_stands_where_it_was_written() {
        let base = report();
        let edit = |_: u64, text: String| Some(text);
        let mut pieces = brought(&saved(edit, |_| true)).pieces;
        let words = String::from("档案管理不规范，资料缺失较多。");
        pieces.insert(3, Piece { shape: Shape::Paragraph, text: words.clone(), mark: None });
        let found = changes(&base, pieces);
        let taken = take_over(&base, &found, &[0].into());
        assert_eq!(taken.blocks[3].text(), words);
        assert_eq!(taken.blocks.len(), base.blocks.len() + 1);
    }

    #[test]
    fn the_file_of_another_report_and_files_that_are_none_are_refused() {
        let bytes = saved(|_, text| Some(text), |_| true);
        assert!(read(&bytes, Uuid::from_u128(7), "").is_err());
        assert!(read(b"PK", ID, "").is_err());
        assert!(read(&package("", ""), ID, "").is_err());
    }

    #[test]
    fn numbers_typed_before_headings_and_half_width_signs_are_no_change() {
        assert_eq!(without_number("（一）落实主体责任方面"), "落实主体责任方面");
        assert_eq!(without_number("一、发现的主要问题"), "发现的主要问题");
        assert_eq!(folded("甲，乙（丙）"), folded("甲, 乙(丙)"));
    }
}
