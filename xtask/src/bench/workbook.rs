//! The smallest workbook that a spreadsheet reader takes, written by hand: what is measured is the reading of files as
//! others write them, and files made to exhaust a reader are written by nobody else.

use std::{fs::File, io::Write, path::Path};

use anyhow::Result;
use zip::{ZipWriter, write::SimpleFileOptions};

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const ROOT: &str = r#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str =
    r#"<workbook xmlns:r="r"><sheets><sheet name="甲" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// Saves a workbook whose only sheet is what `sheet` writes, whatever that is.
pub(crate) fn save(path: &Path, sheet: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<()> {
    let mut zip = ZipWriter::new(File::create(path)?);
    for (name, text) in [
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
    ] {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(text.as_bytes())?;
    }
    zip.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default())?;
    sheet(&mut zip)?;
    zip.finish()?;
    Ok(())
}

/// Saves a table of texts as a workbook.
pub(crate) fn save_table(path: &Path, rows: impl Iterator<Item = Vec<String>>) -> Result<()> {
    save(path, |sheet| {
        sheet.write_all(b"<worksheet><sheetData>")?;
        for (at, row) in rows.enumerate() {
            write!(sheet, "<row r=\"{}\">", at + 1)?;
            for (column, text) in ('A'..='Z').zip(row) {
                let (row, text) = (at + 1, escaped(&text));
                write!(sheet, "<c r=\"{column}{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")?;
            }
            sheet.write_all(b"</row>")?;
        }
        sheet.write_all(b"</sheetData></worksheet>")
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
