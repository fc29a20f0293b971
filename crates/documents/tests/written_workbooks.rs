//! What is written is what is read back, and nothing written becomes a formula.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::io::{Cursor, Read};

use chrono::{NaiveDate, NaiveDateTime};
use documents::sheet::{Address, Cell, CsvWriter, Format, Heading, Limits, SheetWriter, Value, read};
use proptest::prelude::*;

/// A value with its own text.
#[derive(Debug, Clone)]
enum Owned {
    Empty,
    Text(String),
    Integer(i64),
    Money(i64),
    Area(i64),
    Date(NaiveDate),
    Instant(NaiveDateTime),
}

impl Owned {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Empty => Value::Empty,
            Self::Text(text) => Value::Text(text),
            Self::Integer(number) => Value::Integer(*number),
            Self::Money(fen) => Value::Money(*fen),
            Self::Area(area) => Value::Area(*area),
            Self::Date(date) => Value::Date(*date),
            Self::Instant(instant) => Value::Instant(*instant),
        }
    }

    fn cell(&self) -> Cell {
        match self {
            Self::Empty => Cell::Empty,
            Self::Text(text) if text.is_empty() => Cell::Empty,
            Self::Text(text) => Cell::Text(text.as_str().into()),
            Self::Integer(number) => Cell::Number(*number as f64),
            Self::Money(fen) => Cell::Number(*fen as f64 / 100.0),
            Self::Area(area) => Cell::Number(*area as f64 / 10_000.0),
            Self::Date(date) => Cell::Date(*date),
            Self::Instant(instant) if instant.time() == chrono::NaiveTime::MIN => Cell::Date(instant.date()),
            Self::Instant(instant) => Cell::DateTime(*instant),
        }
    }

    fn csv_cell(&self) -> Cell {
        let text = match self {
            Self::Empty => return Cell::Empty,
            Self::Text(text) => text.clone(),
            Self::Integer(number) => number.to_string(),
            Self::Money(fen) => documents::decimal::fixed(*fen, 2),
            Self::Area(area) => documents::decimal::fixed(*area, 4),
            Self::Date(date) => date.to_string(),
            Self::Instant(instant) => instant.to_string(),
        };
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.into()) }
    }
}

fn dates() -> impl Strategy<Value = NaiveDate> {
    (61i64..2_958_465)
        .prop_map(|days| NaiveDate::from_ymd_opt(1899, 12, 30).unwrap() + chrono::Days::new(days as u64))
}

fn values() -> impl Strategy<Value = Owned> {
    let exact = -999_999_999_999_999i64..1_000_000_000_000_000;
    prop_oneof![
        Just(Owned::Empty),
        "[=+@＝\\-']{0,2}[一-龥a-zA-Z0-9 ,;\"'<&\\n\t_x]{0,12}".prop_map(Owned::Text),
        "_x00[0-9A-F]{2}_".prop_map(Owned::Text),
        exact.clone().prop_map(Owned::Integer),
        exact.clone().prop_map(Owned::Money),
        exact.prop_map(Owned::Area),
        dates().prop_map(Owned::Date),
        (dates(), 0u32..86_400).prop_map(|(date, second)| {
            Owned::Instant(
                date.and_time(chrono::NaiveTime::from_num_seconds_from_midnight_opt(second, 0).unwrap()),
            )
        }),
    ]
}

fn headings(count: usize) -> Vec<Heading> {
    (0..count).map(|column| Heading::new(format!("列{column}"), 12, Format::LongText)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_written_workbook_reads_back_as_its_rows(rows in prop::collection::vec(prop::collection::vec(values(), 4), 0..12)) {
        let mut sheet = SheetWriter::new("台账", &headings(4), &["截至 2023-06-30".to_owned()]).unwrap();
        for row in &rows {
            sheet.row(&row.iter().map(Owned::value).collect::<Vec<_>>()).unwrap();
        }
        let bytes = sheet.finish().unwrap();
        let book = read("台账.xlsx", &bytes, &Limits::default()).unwrap();
        for (row, values) in rows.iter().enumerate() {
            for (column, value) in values.iter().enumerate() {
                let address = Address::new(row as u32 + 2, column as u16);
                prop_assert_eq!(book.sheets[0].cell(address), &value.cell(), "{}", address);
            }
        }
    }

    #[test]
    fn a_written_csv_reads_back_as_its_rows(rows in prop::collection::vec(prop::collection::vec(values(), 4), 0..12)) {
        let mut csv = CsvWriter::new(Vec::new(), &headings(4), &["截至 2023-06-30".to_owned()]).unwrap();
        for row in &rows {
            csv.row(&row.iter().map(Owned::value).collect::<Vec<_>>()).unwrap();
        }
        let bytes = csv.finish().unwrap();
        let book = read("台账.csv", &bytes, &Limits::default()).unwrap();
        for (row, values) in rows.iter().enumerate() {
            for (column, value) in values.iter().enumerate() {
                let address = Address::new(row as u32 + 2, column as u16);
                prop_assert_eq!(book.sheets[0].cell(address), &value.csv_cell(), "{}", address);
            }
        }
    }
}

const PAYLOADS: [&str; 12] = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "=HYPERLINK(\"http://a\")",
    "http://a",
];

fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut part = archive.by_index(index).unwrap();
            let mut text = String::new();
            let name = part.name().unwrap().into_owned();
            part.read_to_string(&mut text).unwrap();
            (name, text)
        })
        .collect()
}

#[test]
fn no_payload_becomes_a_formula_or_a_link() {
    let headings: Vec<_> = PAYLOADS.iter().map(|payload| Heading::new(*payload, 10, Format::Text)).collect();
    let preamble: Vec<_> = PAYLOADS.iter().map(|&payload| payload.to_owned()).collect();
    let mut sheet = SheetWriter::new("=cmd|' /c calc'!A1", &headings, &preamble).unwrap();
    sheet.row(&PAYLOADS.map(Value::Text)).unwrap();
    let bytes = sheet.finish().unwrap();
    for (name, text) in parts(&bytes) {
        assert!(!text.contains("<f>") && !text.contains("<f ") && !text.contains("<hyperlink"), "{name}");
    }
    let book = read("甲.xlsx", &bytes, &Limits::default()).unwrap();
    assert!(!book.sheets[0].name.starts_with('='));
    assert_eq!(book.sheets[0].cell(Address::new(13, 0)), &Cell::Text("=1+1".into()));
}

#[test]
fn an_export_names_no_person_and_is_the_same_each_time() {
    let make = || {
        let mut sheet = SheetWriter::new("台账", &headings(2), &[]).unwrap();
        sheet.row(&[Value::Text("甲"), Value::Percent(1, 3)]).unwrap();
        sheet.finish().unwrap()
    };
    let bytes = make();
    assert_eq!(bytes, make());
    let core = parts(&bytes).into_iter().find(|(name, _)| name == "docProps/core.xml").unwrap().1;
    assert!(core.contains("<dc:creator></dc:creator>"), "{core}");
    assert!(core.contains("<cp:lastModifiedBy></cp:lastModifiedBy>"), "{core}");
}

#[test]
fn the_table_is_frozen_and_filtered_below_its_preamble() {
    let mut sheet = SheetWriter::new("台账", &headings(3), &["甲".to_owned(), "乙".to_owned()]).unwrap();
    sheet.row(&[Value::Integer(1)]).unwrap();
    assert_eq!(sheet.rows(), 1);
    let bytes = sheet.finish().unwrap();
    let sheet = parts(&bytes).into_iter().find(|(name, _)| name.contains("worksheets/sheet1")).unwrap().1;
    assert!(sheet.contains("<autoFilter ref=\"A3:C4\""), "{sheet}");
    assert!(sheet.contains("ySplit=\"3\"") && sheet.contains("state=\"frozen\""), "{sheet}");
}

#[test]
fn a_text_beyond_a_cell_is_cut_visibly() {
    let mut sheet = SheetWriter::new("台账", &headings(1), &[]).unwrap();
    sheet.row(&[Value::Text(&"长".repeat(40_000))]).unwrap();
    sheet.row(&[Value::Text(&"满".repeat(32_767))]).unwrap();
    let book = read("甲.xlsx", &sheet.finish().unwrap(), &Limits::default()).unwrap();
    let text = |row| match book.sheets[0].cell(Address::new(row, 0)) {
        Cell::Text(text) => text.to_string(),
        cell => panic!("{cell:?}"),
    };
    assert!(text(1).ends_with("已截断）"));
    assert_eq!(text(2).chars().count(), 32_767);
}

#[test]
fn a_workbook_of_several_sheets_keeps_each_with_its_own_headings_and_rows() {
    let mut writer = SheetWriter::new("指标", &[Heading::new("指标", 20, Format::Text)], &[]).unwrap();
    writer.row(&[Value::Text("全覆盖率")]).unwrap();
    let headings = [Heading::new("月份", 10, Format::Text), Heading::new("数量", 10, Format::Number)];
    writer.next_sheet("按月", &headings, &["截至 2023-12-31".to_owned()]).unwrap();
    writer.row(&[Value::Text("1月"), Value::Integer(7)]).unwrap();
    assert_eq!(writer.rows(), 1);
    let bytes = writer.finish().unwrap();
    let book = documents::sheet::read("a.xlsx", &bytes, &documents::sheet::Limits::default()).unwrap();
    let names: Vec<&str> = book.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(names, ["指标", "按月"]);
}

#[test]
fn every_printed_sheet_and_the_properties_name_the_export_number() {
    let mut sheet = SheetWriter::new("甲", &headings(1), &[]).unwrap();
    sheet
        .mark(documents::sheet::Mark {
            watermark: "市委巡察办 林知远 DC-20230629-00017".into(),
            line: "导出编号：DC-20230629-00017 A&B".into(),
            number: "DC-20230629-00017".into(),
        })
        .unwrap();
    sheet.next_sheet("乙", &headings(1), &[]).unwrap();
    let bytes = sheet.finish().unwrap();
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    for part in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "docProps/custom.xml"] {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut package.by_name(part).unwrap(), &mut text).unwrap();
        assert!(text.contains("DC-20230629-00017"), "{part}: {text}");
        assert!(!part.contains("sheet") || text.contains("A&amp;&amp;B"), "{part}: {text}");
    }
}
