//! Procurement in the Open Contracting Data Standard (1.1): compiled releases, one to a line or in a package,
//! flattened to one of four tables: `bids` (the usual one), `tenders`, `awards`, `parties`.
//!
//! A file of plain JSON objects, one to a line, that are no releases is read as rows of its own first-level fields.

use std::{
    collections::VecDeque,
    fs::File,
    io::{BufRead as _, BufReader, Lines, Read as _},
    path::Path,
};

use csv::StringRecord;
use serde_json::Value as Json;

use super::{Next, Source, distinct};
use crate::{Error, Result};

/// A package in one piece is read whole; longer files must have one release to a line.
const LARGEST_PACKAGE: u64 = 512 << 20;
/// Lines longer than this are no release.
const LONGEST_LINE: usize = 64 << 20;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Table {
    Bids,
    Tenders,
    Awards,
    Parties,
    Plain,
}

impl Table {
    fn named(part: Option<&str>) -> Result<Self> {
        match part {
            None | Some("bids") => Ok(Self::Bids),
            Some("tenders") => Ok(Self::Tenders),
            Some("awards") => Ok(Self::Awards),
            Some("parties") => Ok(Self::Parties),
            Some(other) => Err(Error::refused(format!(
                "开放采购数据里没有“{other}”这张表，可以选择 bids、tenders、awards 或 parties。"
            ))),
        }
    }

    fn heading(self) -> &'static [&'static str] {
        match self {
            Self::Bids => &[
                "tender",
                "title",
                "owner",
                "method",
                "currency",
                "estimate",
                "published_on",
                "opened_on",
                "bidder",
                "bidder_name",
                "bid",
                "bid_status",
                "bid_on",
                "winner",
                "award_amount",
            ],
            Self::Tenders => &[
                "tender",
                "title",
                "status",
                "owner",
                "method",
                "currency",
                "estimate",
                "published_on",
                "opened_on",
                "bidders",
            ],
            Self::Awards => &[
                "tender",
                "award",
                "status",
                "supplier",
                "supplier_name",
                "amount",
                "currency",
                "awarded_on",
            ],
            Self::Parties => {
                &["tender", "party", "name", "roles", "address", "telephone", "email", "contact"]
            }
            Self::Plain => &[],
        }
    }
}

enum Releases {
    Lines(Lines<BufReader<File>>),
    Package(std::vec::IntoIter<Json>),
}

struct Ocds {
    releases: Releases,
    table: Table,
    heading: Vec<String>,
    waiting: VecDeque<Vec<String>>,
    broken: u64,
}

pub(super) fn open(file: &Path, part: Option<&str>) -> Result<Box<dyn Source>> {
    let mut first = Vec::new();
    let mut reader = BufReader::with_capacity(1 << 18, File::open(file)?);
    reader.by_ref().take(LONGEST_LINE as u64).read_until(b'\n', &mut first)?;
    let line: Option<Json> = serde_json::from_slice(&first).ok();
    let package = line.as_ref().is_none_or(|json| {
        json.get("releases").is_some() || json.get("records").is_some() || json.is_array()
    });
    let (releases, sample) = if package {
        let found = whole(file)?;
        let sample = found.first().cloned();
        (Releases::Package(found.into_iter()), sample)
    } else {
        (Releases::Lines(BufReader::with_capacity(1 << 18, File::open(file)?).lines()), line)
    };
    let Some(sample) = sample else { return Err(Error::refused("文件里没有任何记录。")) };
    let table = if sample.get("ocid").is_some() { Table::named(part)? } else { Table::Plain };
    let heading = if table == Table::Plain {
        distinct(sample.as_object().into_iter().flat_map(|fields| fields.keys().cloned()))
    } else {
        table.heading().iter().map(|name| (*name).to_owned()).collect()
    };
    Ok(Box::new(Ocds { releases, table, heading, waiting: VecDeque::new(), broken: 0 }))
}

/// The releases of a package, of a record package (compiled ones), or of a list.
fn whole(file: &Path) -> Result<Vec<Json>> {
    if std::fs::metadata(file)?.len() > LARGEST_PACKAGE {
        return Err(Error::refused(
            "单个 JSON 整体文件不能超过 512 MB；请改为每行一条发布（.jsonl）的文件。",
        ));
    }
    let mut json: Json = serde_json::from_reader(BufReader::new(File::open(file)?))
        .map_err(|error| Error::refused(format!("文件不是有效的 JSON：{error}。")))?;
    let list = if json.is_array() {
        json.take()
    } else if let Some(list) = json.get_mut("releases") {
        list.take()
    } else if let Some(list) = json.get_mut("records") {
        let records = list.as_array_mut().map(std::mem::take).unwrap_or_default();
        Json::Array(
            records
                .into_iter()
                .filter_map(|mut record| record.get_mut("compiledRelease").map(Json::take))
                .collect(),
        )
    } else {
        Json::Array(vec![json])
    };
    match list {
        Json::Array(list) => Ok(list),
        _ => Err(Error::refused("文件里没有发布列表（releases）。")),
    }
}

impl Source for Ocds {
    fn heading(&self) -> &[String] {
        &self.heading
    }

    fn next(&mut self, row: &mut StringRecord) -> Result<Next> {
        while self.waiting.is_empty() {
            match self.release()? {
                None => return Ok(Next::End),
                Some(release) => self.flatten(&release),
            }
        }
        row.clear();
        for cell in self.waiting.pop_front().unwrap_or_default() {
            row.push_field(&cell);
        }
        Ok(Next::Row)
    }

    fn remarks(&self) -> Vec<String> {
        if self.broken == 0 {
            return Vec::new();
        }
        vec![format!("{} 行不是有效的 JSON 对象，已略过。", self.broken)]
    }
}

impl Ocds {
    fn release(&mut self) -> Result<Option<Json>> {
        match &mut self.releases {
            Releases::Package(list) => Ok(list.next()),
            Releases::Lines(lines) => {
                for line in lines {
                    let line = line?;
                    if line.trim().is_empty() {
                        continue;
                    }
                    match serde_json::from_str::<Json>(&line) {
                        Ok(json) if json.is_object() => return Ok(Some(json)),
                        _ => self.broken += 1,
                    }
                }
                Ok(None)
            }
        }
    }

    fn flatten(&mut self, release: &Json) {
        match self.table {
            Table::Bids => self.waiting.extend(bids(release)),
            Table::Tenders => self.waiting.push_back(tender(release)),
            Table::Awards => self.waiting.extend(awards(release)),
            Table::Parties => self.waiting.extend(parties(release)),
            Table::Plain => {
                self.waiting.push_back(self.heading.iter().map(|name| text(release, &[name])).collect());
            }
        }
    }
}

fn at<'a>(json: &'a Json, path: &[&str]) -> Option<&'a Json> {
    path.iter().try_fold(json, |json, name| json.get(name))
}

fn text(json: &Json, path: &[&str]) -> String {
    match at(json, path) {
        Some(Json::String(text)) => text.clone(),
        Some(Json::Number(number)) => number.to_string(),
        Some(Json::Bool(flag)) => flag.to_string(),
        _ => String::new(),
    }
}

fn list<'a>(json: &'a Json, path: &[&str]) -> &'a [Json] {
    at(json, path).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

fn awarded(release: &Json) -> impl Iterator<Item = &Json> {
    list(release, &["awards"]).iter().filter(|award| text(award, &["status"]) == "active")
}

/// One row for each bid and bidder; tenders that publish no bids give one for each tenderer.
fn bids(release: &Json) -> Vec<Vec<String>> {
    let head = [
        text(release, &["ocid"]),
        text(release, &["tender", "title"]),
        text(release, &["buyer", "name"]),
        text(release, &["tender", "procurementMethod"]),
    ];
    let dates = [
        text(release, &["tender", "value", "amount"]),
        text(release, &["tender", "tenderPeriod", "startDate"]),
        text(release, &["tender", "tenderPeriod", "endDate"]),
    ];
    let winners: Vec<(String, String)> = awarded(release)
        .flat_map(|award| {
            let amount = text(award, &["value", "amount"]);
            list(award, &["suppliers"]).iter().map(move |supplier| (text(supplier, &["id"]), amount.clone()))
        })
        .collect();
    let row = |currency: String, bidder: &Json, bid: [String; 3]| {
        let id = text(bidder, &["id"]);
        let award = winners.iter().find(|(winner, _)| *winner == id);
        let mut cells = head.to_vec();
        cells.push(currency);
        cells.extend(dates.iter().cloned());
        cells.extend([id, text(bidder, &["name"])]);
        cells.extend(bid);
        cells.push(if award.is_some() { "是" } else { "否" }.to_owned());
        cells.push(award.map(|(_, amount)| amount.clone()).unwrap_or_default());
        cells
    };
    let details = list(release, &["bids", "details"]);
    if details.is_empty() {
        let currency = text(release, &["tender", "value", "currency"]);
        let tenderers = list(release, &["tender", "tenderers"]).iter();
        return tenderers.map(|bidder| row(currency.clone(), bidder, [const { String::new() }; 3])).collect();
    }
    details
        .iter()
        .flat_map(|bid| {
            let cells = [text(bid, &["value", "amount"]), text(bid, &["status"]), text(bid, &["date"])];
            let currency = text(bid, &["value", "currency"]);
            let row = &row;
            list(bid, &["tenderers"]).iter().map(move |bidder| row(currency.clone(), bidder, cells.clone()))
        })
        .collect()
}

fn tender(release: &Json) -> Vec<String> {
    vec![
        text(release, &["ocid"]),
        text(release, &["tender", "title"]),
        text(release, &["tender", "status"]),
        text(release, &["buyer", "name"]),
        text(release, &["tender", "procurementMethod"]),
        text(release, &["tender", "value", "currency"]),
        text(release, &["tender", "value", "amount"]),
        text(release, &["tender", "tenderPeriod", "startDate"]),
        text(release, &["tender", "tenderPeriod", "endDate"]),
        text(release, &["tender", "numberOfTenderers"]),
    ]
}

fn awards(release: &Json) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for award in list(release, &["awards"]) {
        for supplier in list(award, &["suppliers"]) {
            rows.push(vec![
                text(release, &["ocid"]),
                text(award, &["id"]),
                text(award, &["status"]),
                text(supplier, &["id"]),
                text(supplier, &["name"]),
                text(award, &["value", "amount"]),
                text(award, &["value", "currency"]),
                text(award, &["date"]),
            ]);
        }
    }
    rows
}

fn parties(release: &Json) -> Vec<Vec<String>> {
    let row = |party: &Json| {
        let roles: Vec<&str> = list(party, &["roles"]).iter().filter_map(Json::as_str).collect();
        vec![
            text(release, &["ocid"]),
            text(party, &["id"]),
            text(party, &["name"]),
            roles.join("、"),
            text(party, &["address", "streetAddress"]),
            text(party, &["contactPoint", "telephone"]),
            text(party, &["contactPoint", "email"]),
            text(party, &["contactPoint", "name"]),
        ]
    };
    list(release, &["parties"]).iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RELEASE: &str = r#"{"ocid":"o-1","buyer":{"name":"住建局"},"tender":{"title":"道路","tenderPeriod":{"startDate":"2023-01-01T00:00:00Z","endDate":"2023-01-20T00:00:00Z"}},"bids":{"details":[{"status":"valid","value":{"amount":100.5,"currency":"CNY"},"tenderers":[{"id":"s1","name":"甲"}]},{"status":"valid","value":{"amount":101,"currency":"CNY"},"tenderers":[{"id":"s2","name":"乙"}]}]},"awards":[{"id":"a","status":"active","value":{"amount":100.5},"suppliers":[{"id":"s1"}]}]}"#;

    fn rows(name: &str, text: &str, part: Option<&str>) -> Vec<StringRecord> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        let mut source = open(&file, part).unwrap();
        let mut found = Vec::new();
        loop {
            let mut row = StringRecord::new();
            if source.next(&mut row).unwrap() == Next::End {
                return found;
            }
            found.push(row);
        }
    }

    #[test]
    fn lines_and_packages_give_the_same_bids() {
        let lines = rows("a.jsonl", &format!("{RELEASE}\nnonsense\n{RELEASE}\n"), None);
        assert_eq!(lines.len(), 4);
        assert_eq!((&lines[0][0], &lines[0][10], &lines[0][13]), ("o-1", "100.5", "是"));
        assert_eq!((&lines[1][8], &lines[1][13]), ("s2", "否"));
        assert_eq!(rows("a.json", &format!("{{\"releases\":[{RELEASE}]}}"), None), lines[..2]);
    }

    #[test]
    fn objects_that_are_no_releases_are_rows_of_their_own_fields() {
        let found = rows("a.jsonl", "{\"a\":1,\"b\":\"x\"}\n{\"b\":\"y\"}\n", None);
        assert_eq!(found.iter().map(|row| row[1].to_owned()).collect::<Vec<_>>(), ["x", "y"]);
    }
}
