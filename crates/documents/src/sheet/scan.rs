//! A walk over the XML parts of a workbook that counts before anything is built from them.
//!
//! It uses the same tokeniser as the workbook reader, so both see the same elements, and is stricter: no document
//! types, no entities of its own, no deep nesting, no overlong cell.

use std::io::{BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::meter::Meter;
use super::{Limits, MAX_COLUMNS, MAX_ROWS, Unreadable};

/// Elements inside each other; sheets need about eight, rich styles a few more.
const MAX_DEPTH: usize = 64;

/// Counts over all parts of one workbook.
pub(super) struct Scan<'a> {
    limits: &'a Limits,
    elements: u64,
    cells: u64,
    rows: u64,
    strings: u64,
    sheets: u64,
    merged: u64,
    inline_text: u64,
}

/// What a part is, judged by its first element.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Worksheet,
    SharedStrings,
    Small,
}

/// The state of the walk through one part.
struct Walk {
    kind: Option<Kind>,
    depth: usize,
    /// Elements that are no table content.
    sundries: u64,
    /// Where the cell or shared string that is open began.
    item: Option<(u64, usize)>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        Self { limits, elements: 0, cells: 0, rows: 0, strings: 0, sheets: 0, merged: 0, inline_text: 0 }
    }

    /// Merged areas seen so far.
    pub(super) fn merged(&self) -> u64 {
        self.merged
    }

    /// Walks one part to its end.
    pub(super) fn part<R: Read>(&mut self, meter: Meter<'_, R>) -> Result<(), Unreadable> {
        let mut reader = Reader::from_reader(BufReader::with_capacity(64 * 1024, meter));
        let mut walk = Walk { kind: None, depth: 0, sundries: 0, item: None };
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            let event = match reader.read_event_into(&mut buffer) {
                Ok(Event::Eof) => return Ok(()),
                Ok(event) => event,
                Err(_) => {
                    let refusal = reader.get_mut().get_mut().take_refusal();
                    return Err(refusal.unwrap_or_else(|| Unreadable::damaged("内部的 XML 读不出来")));
                }
            };
            let position = reader.buffer_position();
            self.event(&event, position, &mut walk)?;
            let meter = reader.get_mut().get_mut();
            meter.mark();
            match walk.kind {
                Some(Kind::Small) => meter.set_own_most(self.limits.small_part_bytes),
                Some(Kind::SharedStrings) => meter.set_own_most(self.limits.shared_strings_bytes),
                Some(Kind::Worksheet) | None => {}
            }
        }
    }

    fn event(&mut self, event: &Event<'_>, position: u64, walk: &mut Walk) -> Result<(), Unreadable> {
        match event {
            Event::DocType(_) => return Err(Unreadable::suspicious("XML 中带有文档类型声明或实体定义")),
            Event::GeneralRef(name) if !is_predefined(name) => {
                return Err(Unreadable::suspicious("XML 中引用了自定义实体"));
            }
            Event::Start(element) => {
                walk.depth += 1;
                if walk.depth > MAX_DEPTH {
                    return Err(Unreadable::suspicious("XML 嵌套过深"));
                }
                self.element(element, walk)?;
                if walk.item.is_none() && is_item(element) {
                    walk.item = Some((position, walk.depth));
                }
            }
            Event::Empty(element) => self.element(element, walk)?,
            Event::End(_) => {
                if walk.item.is_some_and(|(_, depth)| depth == walk.depth) {
                    walk.item = None;
                }
                walk.depth = walk.depth.saturating_sub(1);
            }
            Event::Text(text) if walk.kind == Some(Kind::Worksheet) && walk.item.is_some() => {
                self.inline_text += text.len() as u64;
                bound("单元格文字总量", self.inline_text, self.limits.text_bytes)?;
            }
            _ => {}
        }
        if walk.item.is_some_and(|(start, _)| position.saturating_sub(start) > self.limits.cell_bytes) {
            return Err(Unreadable::too_large(
                "单个单元格的文字",
                format!("{} KB", self.limits.cell_bytes >> 10),
            ));
        }
        Ok(())
    }

    fn element(&mut self, element: &BytesStart<'_>, walk: &mut Walk) -> Result<(), Unreadable> {
        let name = element.local_name();
        let name = name.as_ref();
        let kind = *walk.kind.get_or_insert(match name {
            "worksheet" => Kind::Worksheet,
            "sst" => Kind::SharedStrings,
            _ => Kind::Small,
        });
        count("文件内部的标记数", &mut self.elements, self.limits.elements)?;
        if !is_content(kind, name) {
            count("文件内部的定义数", &mut walk.sundries, self.limits.small_part_elements)?;
        }
        match name {
            "c" => count("单元格数", &mut self.cells, self.limits.cells),
            "row" => count("总行数", &mut self.rows, u64::from(MAX_ROWS)),
            "si" => count("不同文字的数量", &mut self.strings, self.limits.shared_strings),
            "sheet" => count("工作表数", &mut self.sheets, self.limits.sheets),
            "mergeCell" => count("合并单元格数", &mut self.merged, self.limits.merged),
            "sst" => self.announced_strings(element),
            "dimension" => self.declared_area(element),
            _ => Ok(()),
        }
    }

    /// The announced count of shared strings is used by readers to set memory aside.
    fn announced_strings(&self, element: &BytesStart<'_>) -> Result<(), Unreadable> {
        for value in attribute(element, "uniqueCount")? {
            let announced = value.trim().parse::<u64>().unwrap_or(u64::MAX);
            if announced > self.limits.shared_strings {
                return Err(Unreadable::suspicious("声明的文字数量过大"));
            }
        }
        Ok(())
    }

    fn declared_area(&self, element: &BytesStart<'_>) -> Result<(), Unreadable> {
        for value in attribute(element, "ref")? {
            let positions = area(&value).ok_or_else(|| Unreadable::damaged("工作表的范围读不出来"))?;
            if positions > self.limits.declared_positions {
                return Err(Unreadable::suspicious("工作表声明的范围过大"));
            }
        }
        Ok(())
    }
}

fn is_item(element: &BytesStart<'_>) -> bool {
    matches!(element.local_name().as_ref(), "c" | "si")
}

/// Elements of which a large table rightly has many.
fn is_content(kind: Kind, name: &str) -> bool {
    match kind {
        Kind::Worksheet => matches!(name, "row" | "c" | "v" | "f" | "is" | "t" | "r" | "mergeCell"),
        Kind::SharedStrings => true,
        Kind::Small => false,
    }
}

fn is_predefined(name: &str) -> bool {
    name.starts_with('#') || matches!(name, "lt" | "gt" | "amp" | "quot" | "apos")
}

fn count(what: &'static str, counter: &mut u64, most: u64) -> Result<(), Unreadable> {
    *counter += 1;
    bound(what, *counter, most)
}

fn bound(what: &'static str, is: u64, most: u64) -> Result<(), Unreadable> {
    if is > most { Err(Unreadable::too_large(what, most)) } else { Ok(()) }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Vec<String>, Unreadable> {
    let mut found = Vec::new();
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| Unreadable::damaged("内部的 XML 属性读不出来"))?;
        if attribute.key.as_ref() == name {
            found.push(attribute.value.into_owned());
        }
    }
    Ok(found)
}

/// Positions in an area such as `A1:F20`; `None` when it is not one or lies outside a sheet.
fn area(reference: &str) -> Option<u64> {
    let (first, last) = reference.split_once(':').unwrap_or((reference, reference));
    let ((top, left), (bottom, right)) = (corner(first)?, corner(last)?);
    let rows = bottom.checked_sub(top)? + 1;
    let columns = right.checked_sub(left)? + 1;
    Some(rows * columns)
}

fn corner(reference: &str) -> Option<(u64, u64)> {
    let reference = reference.replace('$', "");
    let split = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = reference.split_at_checked(split)?;
    let row = digits.parse::<u32>().ok().filter(|row| (1..=MAX_ROWS).contains(row))?;
    if letters.is_empty() || letters.len() > 3 || !letters.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let column = letters
        .bytes()
        .fold(0u64, |column, letter| column * 26 + u64::from(letter.to_ascii_uppercase() - b'A') + 1);
    (column <= u64::from(MAX_COLUMNS)).then_some((u64::from(row), column))
}
