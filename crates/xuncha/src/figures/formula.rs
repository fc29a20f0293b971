//! How a figure is counted. The same description writes the statement that counts and the one that
//! lists what was counted, so the two cannot disagree.

use db::Sql;
use kit::{Pred, Result};

use super::{ask::Frame, rows::Only};

/// Appends an expression or condition.
pub(super) type Write = fn(&Frame, &mut Sql);

/// The filters of a noun's list, by name and value.
pub type Filters = fn(&Frame) -> Vec<(&'static str, String)>;

/// A set of rows to count.
#[derive(Clone, Copy)]
pub struct Set {
    /// The table whose service says who may see the rows, and its alias.
    pub owner: (&'static str, &'static str),
    /// What counting reads: as little as possible.
    pub from: &'static str,
    /// Joined when rows are named or what the person may see is limited.
    pub more: &'static str,
    /// Conditions, each beginning with ` and `.
    pub filter: Write,
    /// What is counted once although several rows stand for it; the rows are counted themselves when none.
    pub once: Option<&'static str>,
    /// What is summed up; the rows are counted when none.
    pub amount: Option<Write>,
    /// Noun under which a row opens.
    pub noun: &'static str,
    /// The record a row opens.
    pub id: &'static str,
    /// What the row is called.
    pub title: &'static str,
    /// Its number, when records of this kind have one and it is not the title.
    pub number: Option<&'static str>,
    /// The id of the organisation it is about, when that is not the title.
    pub organisation: Option<&'static str>,
    /// The team that found it.
    pub team: Option<&'static str>,
    /// The day by which it counts.
    pub day: &'static str,
    /// The inspection a row belongs to, for figures given for each inspection: its id.
    pub inspection: Option<&'static str>,
    /// The filters of the noun's list that show the same rows, when it can.
    pub list: Option<Filters>,
    /// Where the rows stand counted already, for who may count all of them.
    pub tally: Option<Tally>,
}

/// A table in which the database keeps count, under the alias of the rows themselves and with the columns that
/// conditions name.
#[derive(Clone, Copy)]
pub struct Tally {
    /// The table and its alias.
    pub from: &'static str,
    /// How many rows a row of it stands for.
    pub n: &'static str,
}

/// Problems fed back.
pub(super) const PROBLEM_TALLY: Tally = Tally { from: "problem_tally p", n: "p.n" };
/// Closings.
pub(super) const CLOSURE_TALLY: Tally = Tally { from: "closure_tally c", n: "c.n" };
/// Measures, as far as figures ask for them: a day that has not come is the end of time.
pub(super) const MEASURE_TALLY: Tally = Tally { from: "measure_tally m", n: "m.n" };

/// A set with nothing said yet.
pub(super) const SET: Set = Set {
    owner: ("", ""),
    from: "",
    more: "",
    filter: |_, _| {},
    once: None,
    amount: None,
    noun: "",
    id: "",
    title: "",
    number: None,
    organisation: None,
    team: None,
    day: "",
    inspection: None,
    list: None,
    tally: None,
};

/// How the value comes about.
#[derive(Clone, Copy)]
#[expect(clippy::large_enum_variant, reason = "there is one for each figure, and all are constants")]
pub enum Formula {
    /// The number of rows, or their sum.
    Of(Set),
    /// The same, for each inspection by itself.
    ByInspection(Set),
    /// The share of the first in the second.
    Share(Set, Set),
    /// Months from the set's day to this one, for each row by itself; the row belongs to an inspection.
    Span(Set, &'static str),
}

impl Formula {
    /// What is counted, or the numerator.
    pub fn part(&self) -> &Set {
        match self {
            Self::Of(set) | Self::ByInspection(set) | Self::Share(set, _) | Self::Span(set, _) => set,
        }
    }

    /// The denominator.
    pub fn whole(&self) -> Option<&Set> {
        if let Self::Share(_, whole) = self { Some(whole) } else { None }
    }
}

impl Set {
    fn write_value(&self, frame: &Frame, sql: &mut Sql) {
        match (self.amount, self.once) {
            (Some(amount), _) => {
                sql.push("cast(coalesce(sum(");
                amount(frame, sql);
                sql.push("), 0) as bigint)");
            }
            (None, Some(key)) => {
                sql.push("count(distinct ").push(key).push(")");
            }
            (None, None) => {
                sql.push("count(*)");
            }
        }
    }

    /// How many rows there are or what they add up to, with the conditions.
    fn write_counted(&self, frame: &Frame, visible: &Pred, sql: &mut Sql) {
        let Some(tally) = self.tally.filter(|_| *visible == Pred::All) else {
            self.write_value(frame, sql);
            return self.write_where(frame, visible, false, sql);
        };
        match self.once {
            Some(key) => sql.push("count(distinct ").push(key).push(")"),
            None => sql.push("cast(coalesce(sum(").push(tally.n).push("), 0) as bigint)"),
        };
        // What was taken back stays in the tally as nothing.
        sql.push(" from ").push(tally.from).push(" where ").push(tally.n).push(" > 0");
        (self.filter)(frame, sql);
    }

    fn write_where(&self, frame: &Frame, visible: &Pred, named: bool, sql: &mut Sql) {
        sql.push(" from ").push(self.from);
        if named || *visible != Pred::All {
            sql.push(" ").push(self.more);
        }
        sql.push(" where ");
        visible.write(self.owner.1, sql);
        (self.filter)(frame, sql);
    }

    fn write_only(&self, frame: &Frame, only: &Only, sql: &mut Sql) -> Result<()> {
        if let (Some(column), Some(inspection)) = (self.inspection, only.inspection) {
            sql.push(" and ").push(column).push(" = ").bind(inspection);
        }
        only.cut.write(frame, self, sql)
    }

    /// The value, as a statement of its own or in brackets.
    pub fn write_count(&self, frame: &Frame, visible: &Pred, sql: &mut Sql) {
        sql.push("select ");
        self.write_counted(frame, visible, sql);
    }

    /// The value for each inspection that is told of by itself: its id, its name, the value.
    pub fn write_by_inspection(&self, frame: &Frame, visible: &Pred, sql: &mut Sql) {
        sql.push("select i.id, i.name, (select ");
        self.write_counted(frame, visible, sql);
        sql.push(" and ")
            .push(self.inspection.unwrap_or(self.id))
            .push(" = i.id) from inspection i where 1 = 1");
        frame.told_by_itself(sql);
        sql.push(" order by i.name, i.id");
    }

    /// Each row with the day it ends: inspection, its name, first and last day.
    pub fn write_spans(&self, frame: &Frame, visible: &Pred, to: &str, sql: &mut Sql) {
        let column = self.inspection.unwrap_or(self.id);
        sql.push("select ")
            .push(column)
            .push(", ")
            .push(self.title)
            .push(", ")
            .push(self.day)
            .push(", ")
            .push(to);
        self.write_where(frame, visible, true, sql);
        sql.push(" order by ").push(self.day).push(", ").push(self.id);
    }

    /// How many rows there are, and what they add up to.
    pub fn write_totals(&self, frame: &Frame, visible: &Pred, only: &Only, sql: &mut Sql) -> Result<()> {
        sql.push("select ");
        match self.once {
            Some(key) => sql.push("count(distinct ").push(key).push("), "),
            None => sql.push("count(*), "),
        };
        match self.amount {
            Some(_) => self.write_value(frame, sql),
            None => {
                sql.push("cast(null as bigint)");
            }
        }
        self.write_where(frame, visible, only.inspection.is_some(), sql);
        self.write_only(frame, only, sql)
    }

    /// The rows counted: record, title, day, amount, number, organisation, team.
    pub fn write_rows(&self, frame: &Frame, visible: &Pred, only: &Only, sql: &mut Sql) -> Result<()> {
        let (open, close) = if self.once.is_some() { ("min(", ")") } else { ("", "") };
        sql.push("select ").push(self.id).push(", ").push(open).push(self.title).push(close).push(", ");
        sql.push(open).push(self.day).push(close).push(" as counted_on, ");
        match self.amount {
            Some(amount) => amount(frame, sql),
            None => {
                sql.push("cast(null as bigint)");
            }
        }
        let organisation = self
            .organisation
            .map(|column| format!("(select x.name from organisation x where x.id = {column})"));
        for column in [self.number, organisation.as_deref(), self.team] {
            match column {
                Some(column) => sql.push(", ").push(open).push(column).push(close),
                None => sql.push(", cast(null as text)"),
            };
        }
        self.write_where(frame, visible, true, sql);
        self.write_only(frame, only, sql)?;
        match self.once {
            Some(key) if key == self.id => {
                sql.push(" group by ").push(key).push(" order by counted_on, ").push(key)
            }
            Some(key) => sql.push(" group by ").push(key).push(" order by ").push(key),
            None => sql.push(" order by ").push(self.day).push(", ").push(self.id),
        };
        Ok(())
    }
}
