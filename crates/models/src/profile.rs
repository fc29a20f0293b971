//! What a file looks like before anything is asked of it: every column's kind, gaps, range and look.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use csv::StringRecord;
use serde::{Deserialize, Serialize};

use crate::{
    Result, codes,
    names::{Cluster, clusters},
    source::{self, Next, Source},
    value::{self, FieldKind, Odd, Value},
};

/// Rows looked at; longer files are profiled by their beginning, and the profile says so.
pub const SAMPLE: u64 = 200_000;
/// Different values counted exactly; beyond that the column has "many".
const DISTINCT: usize = 100_000;

/// What a column of a file looks like.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnProfile {
    /// Its heading.
    pub name: String,
    /// The kind that nearly all its cells have.
    pub kind: FieldKind,
    /// Cells with something in them.
    pub filled: u64,
    /// Empty cells and words for nothing.
    pub missing: u64,
    /// Cells that are not of the kind.
    pub misfits: u64,
    /// Different values, up to a bound.
    pub distinct: usize,
    /// Smallest value, of numbers and days.
    pub least: Option<String>,
    /// Largest value.
    pub most: Option<String>,
    /// Values beyond the outer fences (three quartile distances).
    pub outliers: u64,
    /// Most frequent values.
    pub frequent: Vec<(String, u64)>,
    /// Unified social credit codes with a wrong check digit.
    pub wrong_codes: u64,
    /// Looks like identity numbers; its values are not shown.
    pub personal: bool,
    /// Spellings of companies that may be one.
    pub clusters: Vec<Cluster>,
}

impl ColumnProfile {
    /// The column is known to hold `kind`; nothing of a person's numbers is shown.
    pub fn settle(&mut self, kind: FieldKind) {
        self.kind = kind;
        if kind == FieldKind::Person || self.frequent.iter().any(|(text, _)| codes::is_hashed(text)) {
            self.personal = true;
            (self.least, self.most) = (None, None);
            self.frequent.clear();
            self.clusters.clear();
        }
    }
}

/// What a file looks like.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Rows looked at.
    pub rows: u64,
    /// The file is longer than what was looked at.
    pub partial: bool,
    /// Rows of another width.
    pub ragged: u64,
    /// Its columns.
    pub columns: Vec<ColumnProfile>,
    /// Remarks on the file as a whole.
    pub remarks: Vec<String>,
}

/// Looks at a file.
///
/// # Errors
/// A sentence when it cannot be read.
pub fn profile(file: &Path, part: Option<&str>) -> Result<Profile> {
    let mut source = source::open(file, part)?;
    profile_source(source.as_mut())
}

/// Looks at rows that somebody else has opened.
///
/// # Errors
/// A sentence when they cannot be read.
pub fn profile_source(source: &mut dyn Source) -> Result<Profile> {
    let mut looks: Vec<Look> = source.heading().iter().map(|name| Look::new(name)).collect();
    let mut row = StringRecord::new();
    let (mut rows, mut ragged, mut partial) = (0, 0, false);
    loop {
        match source.next(&mut row)? {
            Next::End => break,
            Next::Ragged => ragged += 1,
            Next::Row => {
                for (look, cell) in looks.iter_mut().zip(&row) {
                    look.take(cell);
                }
            }
        }
        rows += 1;
        if rows >= SAMPLE {
            partial = source.next(&mut row)? != Next::End;
            break;
        }
    }
    let columns = looks.into_iter().map(Look::finish).collect();
    Ok(Profile { rows, partial, ragged, columns, remarks: source.remarks() })
}

/// The kinds a cell is tried as, narrowest first; text is what is left.
const TRIED: [FieldKind; 5] =
    [FieldKind::Integer, FieldKind::Number, FieldKind::Date, FieldKind::Time, FieldKind::Flag];

struct Look {
    name: String,
    missing: u64,
    filled: u64,
    fits: [u64; TRIED.len()],
    identity: u64,
    credit: u64,
    wrong_credit: u64,
    leading_zero: u64,
    long: u64,
    timed: u64,
    counts: HashMap<String, u64>,
    numbers: Vec<f64>,
    days: Option<(String, String)>,
}

impl Look {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            missing: 0,
            filled: 0,
            fits: [0; TRIED.len()],
            identity: 0,
            credit: 0,
            wrong_credit: 0,
            leading_zero: 0,
            long: 0,
            timed: 0,
            counts: HashMap::new(),
            numbers: Vec::new(),
            days: None,
        }
    }

    fn take(&mut self, cell: &str) {
        let text = cell.trim();
        if matches!(value::read(FieldKind::Text, text, 1), Err(Odd::Missing)) {
            self.missing += 1;
            return;
        }
        self.filled += 1;
        for (kind, fits) in TRIED.iter().zip(&mut self.fits) {
            *fits += u64::from(value::read(*kind, text, 1).is_ok());
        }
        let bytes = text.as_bytes();
        self.leading_zero +=
            u64::from(bytes.len() > 1 && bytes.first() == Some(&b'0') && bytes.get(1) != Some(&b'.'));
        self.long += u64::from(bytes.len() > 15 && bytes.iter().all(u8::is_ascii_digit));
        self.timed += u64::from(text.contains(':'));
        if bytes.len() == 18 {
            self.identity += u64::from(codes::is_identity_number(text));
            let like_credit = bytes.first().is_some_and(|byte| matches!(byte, b'1'..=b'9' | b'A'..=b'Y'))
                && bytes.iter().all(u8::is_ascii_alphanumeric);
            if like_credit && !codes::is_identity_number(text) {
                let right = codes::is_credit_code(text);
                self.credit += u64::from(right);
                self.wrong_credit += u64::from(!right);
            }
        }
        if let Ok(Value::Number(number)) = value::read(FieldKind::Number, text, 1) {
            self.numbers.push(number);
        }
        if let Ok(Value::Date(day)) = value::read(FieldKind::Date, text, 1) {
            let day = day.to_string();
            let (least, most) = self.days.get_or_insert_with(|| (day.clone(), day.clone()));
            if day < *least {
                least.clone_from(&day);
            }
            if day > *most {
                *most = day;
            }
        }
        if self.counts.len() < DISTINCT || self.counts.contains_key(text) {
            *self.counts.entry(text.to_owned()).or_default() += 1;
        }
    }

    fn kind(&self) -> FieldKind {
        let nearly = |count: u64| self.filled > 0 && count * 100 >= self.filled * 95;
        let fits = |kind: FieldKind| {
            TRIED.iter().zip(self.fits).any(|(tried, count)| *tried == kind && nearly(count))
        };
        let named = |words: &[&str]| words.iter().any(|word| self.name.contains(word));
        if nearly(self.identity) {
            FieldKind::Person
        } else if self.leading_zero > 0
            // Longer than a number keeps all its digits: an account, no amount.
            || self.long > 0
            || nearly(self.credit + self.wrong_credit)
            || named(&["编号", "代码", "账号", "电话", "号码"])
        {
            FieldKind::Code
        } else if fits(FieldKind::Date) && (named(&["日", "时间", "date"]) || !fits(FieldKind::Number)) {
            if self.timed * 2 > self.filled { FieldKind::Time } else { FieldKind::Date }
        } else if fits(FieldKind::Number) && named(&["额", "价", "款", "费", "元", "金", "amount", "price"])
        {
            FieldKind::Money
        } else if fits(FieldKind::Flag) && named(&["是否", "有无"]) {
            FieldKind::Flag
        } else if fits(FieldKind::Integer) {
            FieldKind::Integer
        } else if fits(FieldKind::Number) {
            FieldKind::Number
        } else if fits(FieldKind::Flag) {
            FieldKind::Flag
        } else {
            FieldKind::Text
        }
    }

    fn finish(mut self) -> ColumnProfile {
        let kind = self.kind();
        let personal = kind == FieldKind::Person || self.identity > 0;
        let fitting = match kind {
            FieldKind::Text | FieldKind::Code => self.filled,
            FieldKind::Person => self.identity,
            FieldKind::Money => self.fits[1],
            other => {
                TRIED.iter().zip(self.fits).find(|(tried, _)| **tried == other).map_or(0, |(_, count)| count)
            }
        };
        let numeric = matches!(kind, FieldKind::Integer | FieldKind::Number | FieldKind::Money);
        self.numbers.sort_by(f64::total_cmp);
        let (least, most) = match (kind, &self.days) {
            _ if personal => (None, None),
            (FieldKind::Date | FieldKind::Time, Some((least, most))) => {
                (Some(least.clone()), Some(most.clone()))
            }
            _ if numeric => {
                (self.numbers.first().map(f64::to_string), self.numbers.last().map(f64::to_string))
            }
            _ => (None, None),
        };
        let mut frequent: Vec<(String, u64)> = if personal {
            Vec::new()
        } else {
            self.counts.iter().map(|(text, count)| (text.clone(), *count)).collect()
        };
        frequent.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        frequent.truncate(10);
        let companies = !personal
            && kind == FieldKind::Text
            && self.counts.len() <= 20_000
            && self.counts.keys().filter(|name| name.ends_with("公司")).count() * 2 > self.counts.len();
        ColumnProfile {
            kind,
            filled: self.filled,
            missing: self.missing,
            misfits: self.filled - fitting,
            distinct: self.counts.len(),
            least,
            most,
            outliers: if numeric { outliers(&self.numbers) } else { 0 },
            frequent,
            wrong_codes: if self.credit > 0 { self.wrong_credit } else { 0 },
            personal,
            clusters: if companies {
                clusters(&self.counts.into_iter().collect::<BTreeMap<_, _>>())
            } else {
                Vec::new()
            },
            name: self.name,
        }
    }
}

/// How many of the sorted `numbers` lie beyond three quartile distances.
fn outliers(numbers: &[f64]) -> u64 {
    let at = |share: usize| numbers.get(numbers.len() * share / 4).copied().unwrap_or_default();
    let (first, third) = (at(1), at(3));
    let distance = third - first;
    if numbers.len() < 8 || distance <= 0.0 {
        return 0;
    }
    numbers
        .iter()
        .filter(|number| **number < first - 3.0 * distance || **number > third + 3.0 * distance)
        .count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    #[test]
    fn columns_are_known_by_what_is_in_them() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        let mut text = String::from("合同编号,投标报价,开标日期,投标人,身份证号,备注\n");
        for at in 0..20 {
            let name = if at % 2 == 0 {
                "澜江市宏远建设有限公司"
            } else {
                "澜江宏远建设有限责任公司"
            };
            let day = at + 1;
            let _ = writeln!(text, "00{at},{},2023-01-{day:02},{name},11010519491231002X,", 1000 + at);
        }
        std::fs::write(&file, text).unwrap();
        let profile = profile(&file, None).unwrap();
        let kinds: Vec<FieldKind> = profile.columns.iter().map(|column| column.kind).collect();
        assert_eq!(
            kinds,
            [
                FieldKind::Code,
                FieldKind::Money,
                FieldKind::Date,
                FieldKind::Text,
                FieldKind::Person,
                FieldKind::Text
            ]
        );
        assert_eq!(profile.columns[3].clusters.len(), 1);
        assert_eq!(profile.columns[5].missing, 20);
        assert!(profile.columns[4].frequent.is_empty(), "identity numbers are not shown");
        assert_eq!(profile.columns[1].most.as_deref(), Some("1019"));
    }
}
