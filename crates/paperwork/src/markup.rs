//! The plain writing in which the text of a document is kept and edited: one line, one paragraph.
//!
//! ```text
//! # 一级标题            ## 二级标题
//! |序号:1|问题:5|        a table; the number is the share of the width
//! :: 标签 :: 内容        a line of a form
//! ~~ 单位负责人          a place to sign
//! @ 出席：张三、李四      attendance of minutes
//! +++ 附件标题           an attachment begins; `+++横` on landscape pages
//! ```

use papers::{Attachment, Attendance, Block, Column, Level, Table};

/// What a text holds.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Parsed {
    pub(crate) body: Vec<Block>,
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) attendance: Vec<Attendance>,
}

/// Reads a text; whatever it is, something can be laid out.
pub(crate) fn parse(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(title) = line.strip_prefix("+++") {
            let landscape = title.starts_with('横');
            let title = title.trim_start_matches('横').trim().to_owned();
            parsed.attachments.push(Attachment { title, body: Vec::new(), landscape });
        } else if let Some((label, names)) = line.strip_prefix('@').and_then(|line| line.split_once('：')) {
            parsed.attendance.push(Attendance { label: label.trim().into(), names: names.trim().into() });
        } else {
            let blocks = parsed.attachments.last_mut().map_or(&mut parsed.body, |one| &mut one.body);
            push(blocks, line);
        }
    }
    parsed
}

fn push(blocks: &mut Vec<Block>, line: &str) {
    if let Some((level, text)) = heading(line) {
        blocks.push(Block::heading(level, text));
    } else if line.starts_with('|') {
        push_row(blocks, line);
    } else if let Some((label, value)) = line.strip_prefix("::").and_then(|line| line.split_once("::")) {
        let row = (label.trim().to_owned(), value.trim().to_owned());
        match blocks.last_mut() {
            Some(Block::Fields { rows }) => rows.push(row),
            _ => blocks.push(Block::Fields { rows: vec![row] }),
        }
    } else if let Some(label) = line.strip_prefix("~~") {
        let label = label.trim().to_owned();
        match blocks.last_mut() {
            Some(Block::Signatures { labels }) => labels.push(label),
            _ => blocks.push(Block::Signatures { labels: vec![label] }),
        }
    } else {
        blocks.push(Block::paragraph(line));
    }
}

fn heading(line: &str) -> Option<(Level, &str)> {
    let depth = line.bytes().take_while(|byte| *byte == b'#').count();
    let level = *Level::ALL.get(depth.checked_sub(1)?)?;
    let text = line.get(depth..)?.strip_prefix(' ')?.trim();
    (!text.is_empty()).then_some((level, text))
}

fn cells(line: &str) -> Vec<String> {
    let inner = line.trim_start_matches('|');
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    inner.split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// The first row of a table names its columns; later ones are cut or filled to as many cells.
fn push_row(blocks: &mut Vec<Block>, line: &str) {
    let mut cells = cells(line);
    if let Some(Block::Table(table)) = blocks.last_mut() {
        cells.resize(table.columns.len(), String::new());
        table.rows.push(cells);
        return;
    }
    let columns = cells.into_iter().map(|cell| {
        let (title, weight) = match cell.rsplit_once(':') {
            Some((title, weight)) => (title.to_owned(), weight.parse().unwrap_or(2)),
            None => (cell, 2),
        };
        let weight = u32::clamp(weight, 1, 20);
        Column { title, weight, centred: weight <= 2 }
    });
    blocks.push(Block::Table(Table { columns: columns.collect(), rows: Vec::new() }));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_kind_of_line_becomes_its_block() {
        let parsed = parse(
            "# 总体要求\n正文。\n|序号:1|问题:5|\n|1|甲|\n|2|\n:: 单位 :: 市教育局\n~~ 负责人\n@ 出席：甲、乙\n+++横 台账\n附件内容",
        );
        assert_eq!(parsed.body.len(), 5);
        let Block::Table(table) = &parsed.body[2] else { panic!("{:?}", parsed.body) };
        assert_eq!(table.columns[1].weight, 5);
        assert_eq!(table.rows, [vec!["1", "甲"], vec!["2", ""]]);
        assert_eq!(parsed.attendance[0].names, "甲、乙");
        assert!(parsed.attachments[0].landscape);
        assert_eq!(parsed.attachments[0].body, [Block::paragraph("附件内容")]);
    }

    #[test]
    fn a_hash_without_blank_is_text() {
        assert_eq!(parse("#号问题").body, [Block::paragraph("#号问题")]);
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_tables_stay_rectangular(text in "(\\PC|\n|\\||#|:){0,200}") {
            for block in parse(&text).body {
                if let Block::Table(table) = block {
                    prop_assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
                }
            }
        }
    }
}
