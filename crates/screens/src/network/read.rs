//! Who bid where out of a file.

use std::io::Read;

use chrono::NaiveDate;
use serde::Serialize;

use super::Participation;
use crate::{
    Result,
    table::{Rows, mark},
};

/// Which columns hold what, by the names in the header.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// The tender or lot.
    pub tender: String,
    /// The bidder.
    pub bidder: String,
    /// Whether it won.
    pub winner: Option<String>,
    /// The day of the tender, `2025-01-31` or `2025/1/31`; turns are taken in its order.
    pub day: Option<String>,
}

/// What was read and how it was treated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Rows below the header.
    pub rows: u64,
    /// Rows of another width than the header; left out.
    pub ragged: u64,
    /// Rows without a tender or a bidder; left out.
    pub nameless: u64,
    /// Rows that name a bidder of a tender again; it counts once.
    pub repeated: u64,
    /// Marks of winners that say neither yes nor no; taken as no.
    pub unclear_winners: u64,
    /// Days that cannot be read; the order of the file counts for them.
    pub unclear_days: u64,
    /// Firms.
    pub firms: u64,
}

impl Report {
    /// The treatment in sentences.
    pub fn sentences(&self) -> Vec<String> {
        let mut said = vec![format!("读取 {} 行，共 {} 家企业。", self.rows, self.firms)];
        let odd = [
            (self.ragged, "行列数与表头不同，未采用"),
            (self.nameless, "行没有标段或投标单位，未采用"),
            (self.repeated, "行是同一单位在同一标段的重复记录，只计一次"),
            (self.unclear_winners, "处中标写法不明，按未中标处理"),
            (self.unclear_days, "处日期不能识别，按文件先后排列"),
        ];
        said.extend(
            odd.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}。")),
        );
        said
    }
}

/// Reads who bid where.
///
/// # Errors
/// A sentence when a column is missing.
pub fn read(mut data: impl Read, columns: &Columns) -> Result<(Participation, Report)> {
    who_bid_where(&mut data, columns)
}

// One kind of file, so that it is compiled here with the optimisation of this library, not where it is called.
fn who_bid_where(data: &mut dyn Read, columns: &Columns) -> Result<(Participation, Report)> {
    let mut rows = Rows::open(data)?;
    let (tender, bidder) = (rows.place(&columns.tender)?, rows.place(&columns.bidder)?);
    let winner = columns.winner.as_deref().map(|name| rows.place(name)).transpose()?;
    let day = columns.day.as_deref().map(|name| rows.place(name)).transpose()?;
    let mut found = Participation::default();
    let mut report = Report::default();
    while let Some(row) = rows.next()? {
        report.rows += 1;
        let (name, firm) = (row.cell(tender), row.cell(bidder));
        if !row.whole() {
            report.ragged += 1;
        } else if name.is_empty() || firm.is_empty() {
            report.nameless += 1;
        } else {
            let won = winner.map(|place| mark(row.cell(place)));
            report.unclear_winners += u64::from(won == Some(None));
            let fresh = found.bid(name, firm, won.flatten() == Some(true));
            report.repeated += u64::from(!fresh);
            if let Some(text) = day.map(|place| row.cell(place)).filter(|text| !text.is_empty()) {
                match date(text) {
                    Some(day) => found.day(name, day),
                    None => report.unclear_days += 1,
                }
            }
        }
    }
    report.firms = found.firms() as u64;
    Ok((found, report))
}

/// A day, whatever stands behind it.
fn date(text: &str) -> Option<NaiveDate> {
    let mut numbers = text.split(|sign: char| !sign.is_ascii_digit()).filter(|part| !part.is_empty());
    let year = numbers.next()?;
    if year.len() == 8 {
        return NaiveDate::parse_from_str(year, "%Y%m%d").ok();
    }
    let (month, day) = (numbers.next()?, numbers.next()?);
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Settings;

    #[test]
    fn odd_rows_are_counted_and_a_firm_counts_once() {
        let text =
            "标段,单位,中标,日期\nA,甲,是,2025-01-02\nA,甲,否,2025-01-02\nA,乙,?,很早\nA,,是,\n,丙,,\nB,丁\n";
        let columns = Columns {
            tender: "标段".to_owned(),
            bidder: "单位".to_owned(),
            winner: Some("中标".to_owned()),
            day: Some("日期".to_owned()),
        };
        let (found, report) = read(text.as_bytes(), &columns).expect("a file");
        let wanted = Report {
            rows: 6,
            ragged: 1,
            nameless: 2,
            repeated: 1,
            unclear_winners: 1,
            unclear_days: 1,
            firms: 2,
        };
        assert_eq!(report, wanted);
        let network = found.network(&Settings::default());
        assert_eq!((network.tenders, network.won(0), network.won(1)), (1, 1, 0));
        assert!(report.sentences().iter().any(|sentence| sentence.contains("只计一次")));
    }

    #[test]
    fn days_are_read_as_they_are_written() {
        let wanted = NaiveDate::from_ymd_opt(2025, 3, 9);
        for text in ["2025-03-09", "2025/3/9", "2025年3月9日", "20250309", "2025-03-09 09:30:00"] {
            assert_eq!(date(text), wanted, "{text}");
        }
        assert_eq!(date("2025-13-01"), None);
    }
}
