//! Files made to exhaust a reader: how long the import takes to refuse the worst of them, and how much memory.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Result, ensure};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::{
    procfs::{self, Cost},
    product::{self, Place},
    stats::milliseconds,
};

use super::{city, finding::Reading, subject::MEBIBYTE};

const BOOK: &str =
    r#"<workbook xmlns:r="r"><sheets><sheet name="甲" sheetId="1" r:id="r1"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
const ROOT: &str = r#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

/// The longest time, and the most memory above that of a file of one line that is no ledger either.
pub(crate) fn refusals(program: &Path, place: &Place) -> Result<(Reading, Reading)> {
    let harmless = saved("harmless.csv", |file| Ok(file.write_all("甲,乙\n1,2\n".as_bytes())?))?;
    let usual = refused(program, place, &harmless)?;
    let mut costs = Vec::new();
    for (name, path) in files()? {
        costs.push((name, refused(program, place, &path)?));
    }
    let slowest = costs.iter().max_by_key(|(_, cost)| cost.wall);
    let largest = costs.iter().max_by_key(|(_, cost)| cost.peak);
    let time = slowest.map_or(Reading::of(0.0), |(name, cost)| {
        Reading::of(milliseconds(cost.wall)).with_note(format!("{name}; {} files", costs.len()))
    });
    let memory = largest.map_or(Reading::of(0.0), |(name, cost)| {
        let more = cost.peak.saturating_sub(usual.peak) as f64 / MEBIBYTE;
        Reading::of(more).with_note(format!("{name}; {:.0} MiB in all", cost.peak as f64 / MEBIBYTE))
    });
    Ok((time, memory))
}

/// What it took to refuse a file; a file that is not refused is an error.
fn refused(program: &Path, place: &Place, file: &Path) -> Result<Cost> {
    let mut command = product::import(program, place, file);
    let (cost, status) = procfs::cost_of(command.arg("--dry-run").stdout(Stdio::null()))?;
    ensure!(status.code() == Some(1), "{} was not refused: {status}", file.display());
    Ok(cost)
}

/// The files, each with what is bad about it.
fn files() -> Result<Vec<(&'static str, PathBuf)>> {
    let cells = || "<c><v>1</v></c>".repeat(1 << 16);
    Ok(vec![
        ("a sheet of 512 MB of zeros", workbook("zeros.xlsx", "", &"\0".repeat(1 << 20), 512)?),
        ("64 MB of flat cells", workbook("cells.xlsx", "<worksheet><sheetData><row>", &cells(), 64)?),
        ("16 million nested elements", workbook("nested.xlsx", "", &"<a>".repeat(1 << 20), 16)?),
        (
            "16 million empty rows",
            workbook("rows.xlsx", "<worksheet><sheetData>", &"<row/>".repeat(1 << 20), 16)?,
        ),
        (
            "a line of 32 million separators",
            saved("separators.csv", |file| {
                (0..32).try_for_each(|_| file.write_all(&[b','; 1 << 20]))?;
                Ok(())
            })?,
        ),
        (
            "an open quotation of 32 MB",
            saved("quotation.csv", |file| {
                file.write_all(b"a,b\n\"")?;
                (0..32).try_for_each(|_| file.write_all(&[b'x'; 1 << 20]))?;
                Ok(())
            })?,
        ),
    ])
}

/// A workbook whose only sheet is `begin` and then `times` times `part`.
fn workbook(name: &str, begin: &str, part: &str, times: usize) -> Result<PathBuf> {
    saved(name, |file| {
        let mut zip = ZipWriter::new(file);
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
        zip.write_all(begin.as_bytes())?;
        (0..times).try_for_each(|_| zip.write_all(part.as_bytes()))?;
        zip.finish()?;
        Ok(())
    })
}

fn saved(name: &str, write: impl FnOnce(&mut File) -> Result<()>) -> Result<PathBuf> {
    let folder = city::folder().join("hostile");
    fs::create_dir_all(&folder)?;
    let path = folder.join(name);
    write(&mut File::create(&path)?)?;
    Ok(path)
}
