//! What a kind of ledger is: its columns, what they fill, and how a row becomes records.

use documents::recognise::{ColumnSpec, ValueKind};
use kit::{Actor, App, WriteCx, service::Work};

use super::{
    memo::Memo,
    row::{Filled, Row, Target},
};

/// What a column's value goes into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// A field of the form that makes the record.
    Field(&'static str),
    /// A field that picks a record of a noun, by its exact name or number.
    Pick {
        /// The field.
        field: &'static str,
        /// Noun of the picked record.
        noun: &'static str,
    },
    /// The number by which an existing record is known; new records get theirs from the system.
    Number,
    /// Read by the kind itself.
    Own,
    /// Known, but never taken over: it follows from other facts or needs a decision.
    Told(&'static str),
}

/// A column of a kind of ledger.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// How it is recognised.
    pub spec: ColumnSpec,
    /// What it fills.
    pub to: To,
    /// What to write into it, for the template.
    pub note: &'static str,
}

impl Column {
    /// A column that fills the field of its own name.
    pub const fn field(
        key: &'static str,
        label: &'static str,
        synonyms: &'static [&'static str],
        kind: ValueKind,
    ) -> Self {
        Self::new(key, label, synonyms, kind, To::Field(key))
    }

    /// A column that picks a record of `noun` for the field of its own name.
    pub const fn pick(
        key: &'static str,
        label: &'static str,
        synonyms: &'static [&'static str],
        noun: &'static str,
    ) -> Self {
        Self::new(key, label, synonyms, ValueKind::Text, To::Pick { field: key, noun })
    }

    /// A column read by the kind itself.
    pub const fn own(
        key: &'static str,
        label: &'static str,
        synonyms: &'static [&'static str],
        kind: ValueKind,
    ) -> Self {
        Self::new(key, label, synonyms, kind, To::Own)
    }

    /// The number of existing records.
    pub const fn number(key: &'static str, label: &'static str, synonyms: &'static [&'static str]) -> Self {
        Self::new(key, label, synonyms, ValueKind::Text, To::Number)
    }

    /// A column that is known and not taken over, for the reason `why`.
    pub const fn told(
        key: &'static str,
        label: &'static str,
        synonyms: &'static [&'static str],
        why: &'static str,
    ) -> Self {
        Self::new(key, label, synonyms, ValueKind::LongText, To::Told(why))
    }

    const fn new(
        key: &'static str,
        label: &'static str,
        synonyms: &'static [&'static str],
        kind: ValueKind,
        to: To,
    ) -> Self {
        let spec = ColumnSpec { key, label, synonyms, kind, required: false, fill_down: false };
        Self { spec, to, note: "" }
    }

    /// Rows without it are refused.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.spec.required = true;
        self
    }

    /// An empty cell takes the value above.
    #[must_use]
    pub const fn fill_down(mut self) -> Self {
        self.spec.fill_down = true;
        self
    }

    /// What to write into it.
    #[must_use]
    pub const fn note(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }
}

/// Turns what the columns filled into the records that the row is about.
pub(super) type Complete =
    for<'a> fn(&'a mut WriteCx, &'a mut Memo, &'a Row, Filled) -> Work<'a, Vec<Target>>;

/// A kind of ledger.
pub struct Kind {
    /// Code, for addresses and the command line.
    pub code: &'static str,
    /// Chinese name of the ledger.
    pub label: &'static str,
    /// Noun of the records a row makes.
    pub noun: &'static str,
    /// What is taken over and what is not.
    pub about: &'static str,
    /// Its columns.
    pub columns: &'static [Column],
    /// Columns whose values together know a row again.
    pub key: &'static [&'static str],
    /// Column whose value is the number of an existing record.
    pub number: Option<&'static str>,
    /// Column whose value is the title of an existing record, when titles are unique.
    pub title: Option<&'static str>,
    /// Tables without a noun of their own that go with a record when its batch is taken back: table
    /// and the column that refers to the record.
    pub parts: &'static [(&'static str, &'static str)],
    /// Whether records are sealed: then the import keeps no values of theirs and changes none.
    pub sealed: bool,
    pub(super) complete: Complete,
}

impl Kind {
    /// The column named `key`.
    pub fn column(&self, key: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.spec.key == key)
    }

    /// The column that fills `field` of the form.
    pub(super) fn column_of_field(&self, field: &str) -> Option<&'static Column> {
        self.columns
            .iter()
            .find(|column| match column.to {
                To::Field(own) | To::Pick { field: own, .. } => own == field,
                _ => false,
            })
            .or_else(|| self.column(field))
    }

    /// The column of the number of existing records.
    pub(super) fn number(&self) -> Option<&'static Column> {
        self.column(self.number?)
    }

    /// What the recogniser looks for.
    pub fn specs(&self) -> Vec<ColumnSpec> {
        self.columns.iter().map(|column| column.spec).collect()
    }

    /// Whether `actor` may make such records here.
    pub fn is_offered(&self, app: &App, actor: &Actor) -> bool {
        app.registry().service(self.noun).is_some_and(|service| (service.creates)(actor))
    }
}
