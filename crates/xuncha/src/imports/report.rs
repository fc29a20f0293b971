//! What a run found and did, as pages, the command line and the stored batch tell it.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Kind, ledger::Ledger, row::Fault};

/// A value that differs between the file and what is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The cell.
    pub address: String,
    /// Label of the field.
    pub column: String,
    /// What the file says.
    pub written: String,
    /// What is stored.
    pub stored: String,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It makes something new; what is there already with other values stays as it is.
    Accepted(Vec<Difference>),
    /// All of it is there already.
    Unchanged,
    /// The record is there with other values; left as it is.
    Differs(Vec<Difference>),
    /// The record was there with other values and was brought to those of the file.
    Updated(Vec<Difference>),
    /// It says the same as an earlier row of the file.
    Repeated(u32),
    /// It cannot be taken over.
    Refused(Vec<Fault>),
}

/// A row that needs a look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cells<T> {
    /// Row of the sheet.
    pub row: u32,
    /// Its cells.
    pub cells: Vec<T>,
}

/// A column with a meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meaning {
    /// Key of the column.
    pub key: String,
    /// What it means.
    pub label: String,
    /// Where it stands.
    pub letter: String,
    /// What is written over it.
    pub header: String,
    /// Its unit, as written.
    pub unit: Option<String>,
}

/// A row that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ignored {
    /// Row of the sheet.
    pub row: u32,
    /// Why.
    pub reason: String,
    /// How it begins.
    pub text: String,
}

/// What a run found and did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Code of the kind.
    pub kind: String,
    /// Name of the file.
    pub file: String,
    /// Name of the sheet.
    pub sheet: String,
    /// Other sheets that were not taken.
    pub other_sheets: Vec<String>,
    /// First and last row of the header.
    pub header_rows: (u32, u32),
    /// Columns with a meaning.
    pub columns: Vec<Meaning>,
    /// Letter and header of columns without one.
    pub unknown_columns: Vec<(String, String)>,
    /// Columns that fit twice, as sentences.
    pub conflicts: Vec<String>,
    /// Required columns that are not there.
    pub missing_columns: Vec<String>,
    /// Data rows.
    pub rows: usize,
    /// Rows that make something new.
    pub accepted: usize,
    /// Rows that are there already.
    pub unchanged: usize,
    /// Rows whose record was brought to what the file says.
    pub updated: Vec<Cells<Difference>>,
    /// Rows whose record is there with other values.
    pub differing: Vec<Cells<Difference>>,
    /// Rows that cannot be taken over.
    pub refused: Vec<Cells<Fault>>,
    /// Rows that are no data.
    pub ignored: Vec<Ignored>,
    /// What was assumed or left out.
    pub notes: Vec<String>,
    /// Whether anything was stored.
    pub committed: bool,
    /// The batch that was stored.
    pub batch: Option<Uuid>,
}

impl Report {
    /// What is known once a file was recognised and before its rows were tried.
    pub fn of(kind: &Kind, ledger: &Ledger) -> Self {
        Self {
            kind: kind.code.to_owned(),
            file: ledger.file.clone(),
            sheet: ledger.sheet.clone(),
            other_sheets: ledger.others.iter().map(|other| other.name.clone()).collect(),
            header_rows: ledger.header,
            columns: ledger
                .columns
                .iter()
                .map(|column| Meaning {
                    key: column.key.to_owned(),
                    label: column.label.to_owned(),
                    letter: column.letter.clone(),
                    header: column.header.clone(),
                    unit: column.unit.map(|unit| unit.to_string()),
                })
                .collect(),
            unknown_columns: ledger.unknown.clone(),
            conflicts: ledger.conflicts.iter().map(ToString::to_string).collect(),
            missing_columns: ledger.missing.iter().map(|label| (*label).to_owned()).collect(),
            rows: ledger.rows.len(),
            accepted: 0,
            unchanged: 0,
            updated: Vec::new(),
            differing: Vec::new(),
            refused: Vec::new(),
            ignored: ledger
                .ignored
                .iter()
                .map(|row| Ignored { row: row.row, reason: row.reason.to_owned(), text: row.text.clone() })
                .collect(),
            notes: ledger.notes.clone(),
            committed: false,
            batch: None,
        }
    }

    /// Counts in what became of `row`.
    pub(super) fn count(&mut self, row: u32, fate: Fate) {
        match fate {
            Fate::Accepted(left) => {
                self.accepted += 1;
                if !left.is_empty() {
                    self.differing.push(Cells { row, cells: left });
                }
            }
            Fate::Unchanged => self.unchanged += 1,
            Fate::Differs(cells) => self.differing.push(Cells { row, cells }),
            Fate::Updated(cells) => self.updated.push(Cells { row, cells }),
            Fate::Refused(cells) => self.refused.push(Cells { row, cells }),
            Fate::Repeated(first) => self.ignored.push(Ignored {
                row,
                reason: format!("与第 {first} 行完全相同，只导入一次"),
                text: String::new(),
            }),
        }
    }

    /// Whether nothing stands against storing what was tried.
    pub fn is_clean(&self) -> bool {
        self.refused.is_empty() && self.conflicts.is_empty() && self.missing_columns.is_empty()
    }

    /// Rows that are or would be stored.
    pub fn stored_rows(&self) -> usize {
        self.accepted + self.updated.len()
    }

    /// What happened, in a sentence.
    pub fn sentence(&self) -> String {
        if !self.missing_columns.is_empty() {
            return format!("缺少必需的列：{}。没有导入。", self.missing_columns.join("、"));
        }
        if !self.conflicts.is_empty() {
            return format!("{}。没有导入。", self.conflicts.join("；"));
        }
        if !self.refused.is_empty() {
            return format!("{} 行有错，全部没有导入；改正后重新提交。", self.refused.len());
        }
        let done = if self.committed { "已导入" } else { "可以导入" };
        let mut sentence = format!("{done} {} 行，{} 行与已有记录相同", self.accepted, self.unchanged);
        if !self.updated.is_empty() {
            let _ = write!(sentence, "，更新 {} 行", self.updated.len());
        }
        if !self.differing.is_empty() {
            let _ = write!(sentence, "，{} 行已存在但内容不同、没有改动", self.differing.len());
        }
        sentence.push('。');
        sentence
    }
}
