//! Files made to exhaust a reader: how long the import takes to refuse the worst of them, and how much memory.

use std::{
    fs::{self, File},
    io::Write as _,
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Result, ensure};

use crate::{
    procfs::{self, Cost},
    product::{self, Place},
    stats::milliseconds,
};

use super::{city, finding::Reading, subject::MEBIBYTE, workbook};

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
        ("a sheet of 512 MB of zeros", sheet("zeros.xlsx", "", &"\0".repeat(1 << 20), 512)?),
        ("64 MB of flat cells", sheet("cells.xlsx", "<worksheet><sheetData><row>", &cells(), 64)?),
        ("16 million nested elements", sheet("nested.xlsx", "", &"<a>".repeat(1 << 20), 16)?),
        (
            "16 million empty rows",
            sheet("rows.xlsx", "<worksheet><sheetData>", &"<row/>".repeat(1 << 20), 16)?,
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
fn sheet(name: &str, begin: &str, part: &str, times: usize) -> Result<PathBuf> {
    let path = place_of(name)?;
    workbook::save(&path, |sheet| {
        sheet.write_all(begin.as_bytes())?;
        (0..times).try_for_each(|_| sheet.write_all(part.as_bytes()))
    })?;
    Ok(path)
}

fn saved(name: &str, write: impl FnOnce(&mut File) -> Result<()>) -> Result<PathBuf> {
    let path = place_of(name)?;
    write(&mut File::create(&path)?)?;
    Ok(path)
}

fn place_of(name: &str) -> Result<PathBuf> {
    let folder = city::folder().join("hostile");
    fs::create_dir_all(&folder)?;
    Ok(folder.join(name))
}
