//! Files made to exhaust or deceive a reader are refused, with bounds small enough to show which one holds.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]
#![expect(clippy::format_collect, reason = "small files put together by hand")]

use std::io::{Cursor, Write};

use documents::sheet::{Address, Cell, Limits, Unreadable, read};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const TYPES: &str =
    r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const ROOT: &str = r#"<?xml version="1.0"?><Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns:r="r"><sheets><sheet name="甲" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<?xml version="1.0"?><Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// A workbook put together by hand.
struct File {
    parts: Vec<(String, Vec<u8>)>,
}

impl File {
    fn with_sheet(sheet: &str) -> Self {
        let part = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
        Self {
            parts: vec![
                part("[Content_Types].xml", TYPES),
                part("_rels/.rels", ROOT),
                part("xl/workbook.xml", BOOK),
                part("xl/_rels/workbook.xml.rels", RELATIONS),
                part("xl/worksheets/sheet1.xml", sheet),
            ],
        }
    }

    fn plain() -> Self {
        Self::with_sheet(&rows(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>单位</t></is></c></row>"#))
    }

    fn and(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.parts.retain(|(own, _)| own != name);
        self.parts.push((name.to_owned(), bytes.into()));
        self
    }

    fn zip(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in &self.parts {
            zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn refusal(&self) -> Unreadable {
        read("甲.xlsx", &self.zip(), &Limits::default()).unwrap_err()
    }
}

fn rows(rows: &str) -> String {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")
}

fn is_suspicious(refusal: &Unreadable) -> bool {
    matches!(refusal, Unreadable::Suspicious { .. })
}

fn is_too_large(refusal: &Unreadable) -> bool {
    matches!(refusal, Unreadable::TooLarge { .. })
}

#[test]
fn a_plain_file_made_by_hand_is_read() {
    let book = read("甲.XLSX", &File::plain().zip(), &Limits::default()).unwrap();
    assert_eq!(book.sheets[0].cell(Address::new(0, 0)), &Cell::Text("单位".into()));
}

#[test]
fn zeros_packed_a_thousandfold_are_refused_wherever_they_lie() {
    let zeros = vec![0u8; 8 << 20];
    for name in [
        "xl/media/image1.png",
        "docProps/app.xml",
        "xl/styles.xml",
        "xl/sharedStrings.xml",
        "xl/worksheets/sheet1.xml",
    ] {
        assert!(is_suspicious(&File::plain().and(name, zeros.clone()).refusal()), "{name}");
    }
}

#[test]
fn flat_cells_are_refused_by_their_ratio_and_by_their_number() {
    let flat = File::with_sheet(&rows(&format!("<row>{}</row>", "<c><v>1</v></c>".repeat(400_000))));
    assert!(is_suspicious(&flat.refusal()));
    let some = File::with_sheet(&rows(&format!("<row>{}</row>", "<c/>".repeat(101)))).zip();
    let limits = Limits { cells: 100, ..Limits::default() };
    assert!(is_too_large(&read("甲.xlsx", &some, &limits).unwrap_err()));
}

#[test]
fn a_declared_area_as_large_as_the_format_is_refused() {
    for declared in ["A1:XFD1048576", "A1:ZZZ9", "B2:A1", "A1:A99999999"] {
        let sheet = format!(r#"<worksheet><dimension ref="{declared}"/><sheetData/></worksheet>"#);
        let refusal = File::with_sheet(&sheet).refusal();
        assert!(
            is_suspicious(&refusal) || matches!(refusal, Unreadable::Damaged { .. }),
            "{declared}: {refusal:?}"
        );
    }
}

#[test]
fn far_apart_cells_are_refused_before_the_space_between_is_filled() {
    let spread: String =
        (1..=200).map(|row| format!(r#"<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>"#)).collect();
    assert!(is_suspicious(&File::with_sheet(&rows(&spread)).refusal()));
    let outside = rows(r#"<row r="1"><c r="A4294967295"><v>1</v></c></row>"#);
    assert!(is_suspicious(&File::with_sheet(&outside).refusal()));
    let overflowing = rows(r#"<row r="1"><c r="AAAAAAAAAAAAAAAAA99999999999999"><v>1</v></c></row>"#);
    File::with_sheet(&overflowing).refusal();
}

#[test]
fn one_far_cell_is_no_attack() {
    let far = rows(r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#);
    let book = read("甲.xlsx", &File::with_sheet(&far).zip(), &Limits::default()).unwrap();
    assert_eq!(book.sheets[0].cell(Address::new(1_048_575, 16_383)), &Cell::Number(1.0));
}

#[test]
fn document_types_and_entities_are_refused() {
    let bomb = r#"<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>"#;
    let sheet = rows(r#"<row><c t="inlineStr"><is><t>&b;</t></is></c></row>"#);
    assert!(is_suspicious(&File::with_sheet(&format!("{bomb}{sheet}")).refusal()));
    assert!(is_suspicious(&File::with_sheet(&sheet).refusal()));
    assert!(is_suspicious(
        &File::plain().and("xl/styles.xml", r#"<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>"#).refusal()
    ));
    let usual = rows(r#"<row><c t="inlineStr"><is><t>&lt;&amp;&#65;</t></is></c></row>"#);
    let book = read("甲.xlsx", &File::with_sheet(&usual).zip(), &Limits::default()).unwrap();
    assert_eq!(book.sheets[0].cell(Address::new(0, 0)), &Cell::Text("<&A".into()));
}

#[test]
fn shared_strings_may_not_lie_about_their_number() {
    for announced in ["18446744073709551615", "999999999999", "1e9"] {
        let strings = format!(r#"<sst uniqueCount="{announced}"><si><t>a</t></si></sst>"#);
        assert!(is_suspicious(&File::plain().and("xl/sharedStrings.xml", strings).refusal()), "{announced}");
    }
    let strings = format!("<sst>{}</sst>", "<si/>".repeat(11));
    let bytes = File::plain().and("xl/sharedStrings.xml", strings).zip();
    assert!(is_too_large(
        &read("甲.xlsx", &bytes, &Limits { shared_strings: 10, ..Limits::default() }).unwrap_err()
    ));
}

#[test]
fn one_long_text_shown_in_many_cells_is_refused_without_being_copied() {
    let strings = format!("<sst><si><t>{}</t></si></sst>", "长".repeat(30_000));
    let cells: String =
        (1..=3_000).map(|row| format!(r#"<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>"#)).collect();
    let file = File::with_sheet(&rows(&cells)).and("xl/sharedStrings.xml", strings);
    assert!(is_too_large(&file.refusal()));
}

#[test]
fn a_cell_beyond_the_format_is_refused() {
    let runs = "<r><t>长长长长长长长长长长</t></r>".repeat(40_000);
    let sheet = rows(&format!("<row><c t=\"inlineStr\"><is>{runs}</is></c></row>"));
    let refusal = File::with_sheet(&sheet).refusal();
    assert!(is_too_large(&refusal), "{refusal:?}");
}

#[test]
fn floods_of_elements_that_are_no_table_are_refused() {
    let limits = Limits { small_part_elements: 1_000, elements: 5_000, ..Limits::default() };
    for (flood, count) in [("<a/>", 1_001), ("<v/>", 5_001), ("<row/>", 5_001)] {
        let bytes = File::with_sheet(&rows(&flood.repeat(count))).zip();
        assert!(is_too_large(&read("甲.xlsx", &bytes, &limits).unwrap_err()), "{flood}");
    }
}

#[test]
fn deep_nesting_is_refused() {
    assert!(is_suspicious(&File::with_sheet(&"<a>".repeat(10_000)).refusal()));
}

#[test]
fn many_entries_are_refused_before_the_directory_is_parsed() {
    let mut file = File::plain();
    file.parts.extend((0..3_000).map(|index| (format!("xl/media/{index}"), Vec::new())));
    assert!(is_too_large(&file.refusal()));
}

#[test]
fn odd_paths_and_doubled_names_are_refused() {
    for name in ["../evil.xml", "/xl/a.xml", "xl\\a.xml", "C:/a.xml", "xl/../../a.xml", "XL/WORKBOOK.XML"] {
        assert!(is_suspicious(&File::plain().and(name, "x").refusal()), "{name}");
    }
}

#[test]
fn overlapping_entries_are_refused() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in &File::plain().parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    for copy in 0..50 {
        zip.shallow_copy_file("xl/worksheets/sheet1.xml", &format!("xl/worksheets/copy{copy}.xml")).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert!(is_suspicious(&read("甲.xlsx", &bytes, &Limits::default()).unwrap_err()));
}

#[test]
fn macros_and_other_documents_are_refused() {
    assert_eq!(File::plain().and("xl/vbaProject.bin", "x").refusal(), Unreadable::Macros);
    let mut document = File::plain();
    document.parts.retain(|(name, _)| name != "xl/workbook.xml");
    let refusal = document.and("word/document.xml", "<a/>").refusal();
    assert!(matches!(refusal, Unreadable::Disguised { .. }), "{refusal:?}");
}

#[test]
fn one_part_under_many_sheet_names_is_not_read_over_and_over() {
    let cells: String = (1..=20_000)
        .map(|row| format!(r#"<row r="{row}"><c r="A{row}"><v>{row}7919</v></c></row>"#))
        .collect();
    let sheets: String =
        (0..100).map(|index| format!(r#"<sheet name="{index}" sheetId="{index}" r:id="r1"/>"#)).collect();
    let book = format!(r#"<workbook xmlns:r="r"><sheets>{sheets}</sheets></workbook>"#);
    let refusal = File::with_sheet(&rows(&cells)).and("xl/workbook.xml", book).refusal();
    assert!(matches!(refusal, Unreadable::Damaged { .. }), "{refusal:?}");
}

#[test]
fn stored_and_truncated_containers_end_cleanly() {
    let bytes = File::plain().zip();
    for length in 0..bytes.len() {
        assert!(read("甲.xlsx", &bytes[..length], &Limits::default()).is_err());
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in &File::plain().parts {
        zip.start_file(
            name.as_str(),
            SimpleFileOptions::default().compression_method(CompressionMethod::Stored),
        )
        .unwrap();
        zip.write_all(bytes).unwrap();
    }
    let stored = zip.finish().unwrap().into_inner();
    assert!(read("甲.xlsx", &stored, &Limits::default()).is_ok());
    for position in 0..stored.len() {
        let mut broken = stored.clone();
        broken[position] ^= 0x55;
        let _ = read("甲.xlsx", &broken, &Limits::default());
    }
}

#[test]
fn styled_dates_follow_both_calendars_of_the_format() {
    let styles =
        r#"<styleSheet><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;
    let sheet = rows(
        r#"<row r="1"><c r="A1" s="1"><v>45022</v></c><c r="B1" s="1"><v>45022.5</v></c><c r="C1" t="e"><v>#REF!</v></c><c r="D1" t="b"><v>1</v></c></row>"#,
    );
    let file = File::with_sheet(&sheet).and("xl/styles.xml", styles);
    let book = read("甲.xlsx", &file.zip(), &Limits::default()).unwrap();
    let day = chrono::NaiveDate::from_ymd_opt(2023, 4, 6).unwrap();
    let expected = [
        Cell::Date(day),
        Cell::DateTime(day.and_hms_opt(12, 0, 0).unwrap()),
        Cell::Error("#REF!"),
        Cell::Bool(true),
    ];
    assert_eq!(book.sheets[0].rows[0], expected);
    let early = BOOK.replace("<sheets>", r#"<workbookPr date1904="1"/><sheets>"#);
    let book = read("甲.xlsx", &file.and("xl/workbook.xml", early).zip(), &Limits::default()).unwrap();
    assert_eq!(book.sheets[0].rows[0][0], Cell::Date(day + chrono::Days::new(1462)));
}
