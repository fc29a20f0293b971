//! The container of an uploaded workbook, checked entry by entry before anything interprets it.
//!
//! Every entry is expanded once through a [`Meter`]; the XML parts are walked by [`Scan`]. What passes is copied, still
//! packed, into a fresh container that holds the checked parts only: the workbook reader never sees the upload itself.

use std::collections::HashSet;
use std::io::{self, Cursor, Read, Write};

use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::meter::Meter;
use super::scan::Scan;
use super::{Limits, Unreadable};

/// A container with checked parts only, and what the walk over them found.
pub(super) struct Checked {
    pub(super) bytes: Vec<u8>,
    pub(super) merged: u64,
}

/// Checks the upload and copies the parts a workbook reader needs.
pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<Checked, Unreadable> {
    bound_directory(bytes, limits)?;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    check_directory(&mut archive, limits)?;
    let scan = expand_all(&mut archive, limits)?;
    let bytes = copy_needed(&mut archive)?;
    Ok(Checked { bytes, merged: scan.merged() })
}

/// Counts directory signatures before the directory is parsed: its parsed form is many times larger than its bytes.
fn bound_directory(bytes: &[u8], limits: &Limits) -> Result<(), Unreadable> {
    let headers = bytes.windows(4).filter(|window| window == b"PK\x01\x02").take(limits.entries + 1).count();
    if headers > limits.entries {
        return Err(Unreadable::too_large("文件内部的条目数", limits.entries));
    }
    Ok(())
}

fn check_directory(archive: &mut ZipArchive<Cursor<&[u8]>>, limits: &Limits) -> Result<(), Unreadable> {
    if archive.len() > limits.entries {
        return Err(Unreadable::too_large("文件内部的条目数", limits.entries));
    }
    if archive.has_duplicate_names() || archive.has_overlapping_entries().map_err(broken)? {
        return Err(Unreadable::suspicious("内部条目重复或重叠"));
    }
    let mut seen = HashSet::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).map_err(broken)?;
        let name = entry.name().map_err(broken)?.to_lowercase();
        if entry.encrypted() {
            return Err(Unreadable::LockedOrOld);
        }
        if !matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
            return Err(Unreadable::suspicious("采用了不常见的压缩方式"));
        }
        if entry.is_symlink() || !is_plain_path(&name) {
            return Err(Unreadable::suspicious("内部条目的路径不规范"));
        }
        if name.ends_with("vbaproject.bin") || name.contains("macrosheets/") {
            return Err(Unreadable::Macros);
        }
        if !seen.insert(name) {
            return Err(Unreadable::suspicious("内部条目重复或重叠"));
        }
    }
    if seen.contains("xl/workbook.xml") {
        Ok(())
    } else {
        Err(Unreadable::Disguised {
            ending: "xlsx".to_owned(), content: "其他类型的压缩包或 Office 文件"
        })
    }
}

fn is_plain_path(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 255
        && !name.starts_with('/')
        && !name.contains(['\\', ':'])
        && !name.chars().any(char::is_control)
        && name.split('/').all(|part| part != ".." && part != ".")
}

fn expand_all<'a>(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    limits: &'a Limits,
) -> Result<Scan<'a>, Unreadable> {
    let mut scan = Scan::new(limits);
    let mut total = 0;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(broken)?;
        let needed = is_needed(&entry.name().map_err(broken)?);
        let packed = entry.compressed_size();
        let mut meter = Meter::new(entry, limits, packed, limits.expanded_bytes, &mut total);
        if needed {
            scan.part(meter)?;
        } else {
            drain(&mut meter)?;
        }
    }
    Ok(scan)
}

fn drain<R: Read>(meter: &mut Meter<'_, R>) -> Result<(), Unreadable> {
    let mut buffer = [0; 16 * 1024];
    loop {
        meter.mark();
        match meter.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(meter.take_refusal().unwrap_or_else(|| broken(error.into()))),
        }
    }
}

/// Parts that carry cells, texts, styles and the relations between them; pictures, comments and the like stay behind.
fn is_needed(name: &str) -> bool {
    const LEFT_OUT: [&str; 8] =
        ["media/", "drawings/", "charts/", "embeddings/", "externallinks/", "pivot", "comments", "persons/"];
    let name = name.to_lowercase();
    let is_xml = name.rsplit_once('.').is_some_and(|(_, ending)| matches!(ending, "xml" | "rels"));
    let is_root = name == "[content_types].xml" || name == "_rels/.rels";
    is_root
        || (is_xml
            && name.strip_prefix("xl/").is_some_and(|rest| !LEFT_OUT.iter().any(|out| rest.starts_with(out))))
}

fn copy_needed(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<Vec<u8>, Unreadable> {
    let mut copy = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(broken)?;
        if is_needed(&entry.name().map_err(broken)?) {
            copy.raw_copy_file(entry).map_err(broken)?;
        }
    }
    let mut copy = copy.finish().map_err(broken)?;
    copy.flush().map_err(|error| broken(error.into()))?;
    Ok(copy.into_inner())
}

fn broken(error: zip::result::ZipError) -> Unreadable {
    match error {
        zip::result::ZipError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Unreadable::damaged("文件不完整")
        }
        _ => Unreadable::damaged("压缩结构读不出来"),
    }
}
