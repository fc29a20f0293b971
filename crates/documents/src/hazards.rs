//! What could act by itself inside an uploaded document: macros, embedded programs, references to
//! other machines, scripts. Nothing is interpreted; the bytes are looked through within fixed bounds.
//!
//! A hazard is a warning beside the file, not a verdict: offices receive such files and have to keep
//! them as evidence. A file that is not what its name says is refused instead.

use std::io::{self, Read, Seek, SeekFrom};

use zip::ZipArchive;

/// Something in a document that could act by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hazard {
    /// Macros.
    Macros,
    /// Other files or programs inside.
    Embedded,
    /// A reference to another machine that is followed without being asked.
    Outside,
    /// Fields that start programs (DDE).
    Exchange,
    /// Scripts or actions of a PDF.
    Script,
    /// Inner structure that readers do not need and attackers like.
    Odd,
    /// Locked or too large to be looked through.
    Unchecked,
}

/// Why a file is refused.
#[derive(Debug)]
pub enum Unfit {
    /// Its content is not what its name says.
    Disguised,
    /// It could not be read.
    Broken(io::Error),
}

impl From<io::Error> for Unfit {
    fn from(error: io::Error) -> Self {
        Self::Broken(error)
    }
}

/// Largest directory of a container that is opened, in bytes.
const MOST_DIRECTORY: u64 = 8 << 20;
/// Bytes of one part and of all parts that are looked through.
const MOST_PART: u64 = 4 << 20;
const MOST_PARTS: u64 = 64 << 20;
/// Bytes of a plain file that are looked through.
const MOST_PLAIN: u64 = 128 << 20;
/// The end of a container lies within its last bytes.
const TAIL: u64 = 22 + 65_535;

/// Looks through a file whose name ends in `ending`.
///
/// # Errors
/// When the file is not what its name says, or cannot be read.
pub fn find(ending: &str, file: &mut (impl Read + Seek)) -> Result<Vec<Hazard>, Unfit> {
    let mut found = match ending {
        "docx" => container(file, Some("word/"))?,
        "xlsx" => container(file, Some("xl/"))?,
        "pptx" => container(file, Some("ppt/"))?,
        "ofd" | "zip" => container(file, None)?,
        "doc" | "xls" | "wps" | "et" => plain(file, OLE)?,
        "pdf" => {
            refuse_container(file)?;
            plain(file, PDF)?
        }
        _ => {
            refuse_container(file)?;
            Vec::new()
        }
    };
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// What gives a hazard away, as bytes.
type Signs = &'static [(&'static [u8], Hazard)];

const PDF: Signs = &[
    (b"/JavaScript", Hazard::Script),
    (b"/JS(", Hazard::Script),
    (b"/JS (", Hazard::Script),
    (b"/Launch", Hazard::Script),
    (b"/SubmitForm", Hazard::Outside),
    (b"/GoToR", Hazard::Outside),
    (b"/EmbeddedFile", Hazard::Embedded),
    (b"/RichMedia", Hazard::Embedded),
    (b"/Encrypt", Hazard::Unchecked),
];

/// Names of storages in the older format are UTF-16.
const OLE: Signs = &[
    (b"_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0", Hazard::Macros),
    (b"M\0a\0c\0r\0o\0s\0", Hazard::Macros),
    (b"O\0l\0e\x001\x000\0N\0a\0t\0i\0v\0e\0", Hazard::Embedded),
    (b"DDEAUTO", Hazard::Exchange),
];

const PART: Signs = &[
    (b"DDEAUTO", Hazard::Exchange),
    (b"<ddeLink", Hazard::Exchange),
    (b"<!DOCTYPE", Hazard::Odd),
    (b"<!ENTITY", Hazard::Odd),
];

/// Looks for `signs` in a stream, also where two portions meet.
fn plain(file: &mut (impl Read + Seek), signs: Signs) -> Result<Vec<Hazard>, Unfit> {
    let end = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(0))?;
    let mut found = Vec::new();
    if end > MOST_PLAIN {
        found.push(Hazard::Unchecked);
    }
    let longest = signs.iter().map(|(sign, _)| sign.len()).max().unwrap_or(1);
    let (mut window, mut portion, mut left) = (Vec::new(), vec![0u8; 64 * 1024], MOST_PLAIN);
    loop {
        let count = file.read(&mut portion)?;
        if count == 0 || left == 0 {
            return Ok(found);
        }
        left = left.saturating_sub(count as u64);
        window.extend_from_slice(portion.get(..count).unwrap_or_default());
        found.extend(signs.iter().filter(|(sign, _)| holds(&window, sign)).map(|(_, hazard)| *hazard));
        found.dedup();
        let keep = window.len().min(longest - 1);
        window.drain(..window.len() - keep);
    }
}

fn holds(bytes: &[u8], sign: &[u8]) -> bool {
    let Some(first) = sign.first() else { return true };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        rest = rest.get(at..).unwrap_or_default();
        if rest.starts_with(sign) {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}

/// Refuses a plain file with a whole container behind it.
fn refuse_container(file: &mut (impl Read + Seek)) -> Result<(), Unfit> {
    match end_of_directory(file)? {
        Some(_) => Err(Unfit::Disguised),
        None => Ok(()),
    }
}

/// The length of the directory named by the record that ends a container, when there is one.
fn end_of_directory(file: &mut (impl Read + Seek)) -> Result<Option<u64>, Unfit> {
    let size = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(size.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail)?;
    let number = |at: usize, count: usize| {
        let bytes = tail.get(at..at + count)?;
        Some(bytes.iter().rev().fold(0u64, |number, byte| number << 8 | u64::from(*byte)))
    };
    for at in (0..tail.len().saturating_sub(21)).rev() {
        let signed = tail.get(at..at + 4) == Some(b"PK\x05\x06");
        // Only a record whose remark ends exactly with the file is one.
        if signed && number(at + 20, 2).is_some_and(|remark| at as u64 + 22 + remark == tail.len() as u64) {
            return Ok(number(at + 12, 4));
        }
    }
    Ok(None)
}

fn container(file: &mut (impl Read + Seek), folder: Option<&str>) -> Result<Vec<Hazard>, Unfit> {
    let directory = end_of_directory(file)?.ok_or(Unfit::Disguised)?;
    // A length of all ones points to a larger record elsewhere; such containers are not opened.
    if directory > MOST_DIRECTORY {
        return Ok(vec![Hazard::Unchecked]);
    }
    file.seek(SeekFrom::Start(0))?;
    let mut archive = ZipArchive::new(file).map_err(|_| Unfit::Disguised)?;
    let names = names(&mut archive)?;
    if folder.is_some_and(|folder| !names.iter().any(|name| name.starts_with(folder))) {
        return Err(Unfit::Disguised);
    }
    let mut found: Vec<Hazard> = names.iter().filter_map(|name| by_name(name)).collect();
    if folder.is_some() {
        parts(&mut archive, &names, &mut found)?;
    }
    Ok(found)
}

fn names<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<Vec<String>, Unfit> {
    let mut names = Vec::with_capacity(archive.len());
    for at in 0..archive.len() {
        let entry = archive.by_index_raw(at).map_err(|_| Unfit::Disguised)?;
        names.push(entry.name().map_err(|_| Unfit::Disguised)?.to_lowercase());
    }
    Ok(names)
}

fn by_name(name: &str) -> Option<Hazard> {
    const PROGRAMS: [&str; 12] =
        [".exe", ".dll", ".scr", ".bat", ".cmd", ".com", ".js", ".vbs", ".ps1", ".lnk", ".hta", ".jar"];
    const MACROS: [&str; 4] = [".docm", ".xlsm", ".pptm", ".xlam"];
    if name.ends_with("vbaproject.bin")
        || name.contains("macrosheets/")
        || MACROS.iter().any(|end| name.ends_with(end))
    {
        Some(Hazard::Macros)
    } else if name.contains("activex/")
        || name.contains("embeddings/oleobject")
        || PROGRAMS.iter().any(|end| name.ends_with(end))
    {
        Some(Hazard::Embedded)
    } else if name.contains("..") || name.starts_with('/') || name.contains('\\') {
        Some(Hazard::Odd)
    } else {
        None
    }
}

/// Looks through the parts that say how a document is put together.
fn parts<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    names: &[String],
    found: &mut Vec<Hazard>,
) -> Result<(), Unfit> {
    let mut left = MOST_PARTS;
    for (at, name) in names.iter().enumerate() {
        let kind = name.rsplit_once('.').map_or("", |(_, kind)| kind);
        if kind != "rels" && (kind != "xml" || name.contains("/worksheets/")) {
            continue;
        }
        let Ok(part) = archive.by_index(at) else {
            found.push(Hazard::Unchecked);
            continue;
        };
        let mut bytes = Vec::new();
        if part.take(MOST_PART.min(left)).read_to_end(&mut bytes).is_err()
            || bytes.len() as u64 == MOST_PART.min(left)
        {
            found.push(Hazard::Unchecked);
        }
        left = left.saturating_sub(bytes.len() as u64);
        if name == "[content_types].xml" && holds(&bytes, b"macroEnabled") {
            return Err(Unfit::Disguised);
        }
        if bytes.starts_with(b"\xfe\xff") || bytes.starts_with(b"\xff\xfe") {
            found.push(Hazard::Odd);
        }
        found.extend(PART.iter().filter(|(sign, _)| holds(&bytes, sign)).map(|(_, hazard)| *hazard));
        if kind == "rels" && fetches(&String::from_utf8_lossy(&bytes)) {
            found.push(Hazard::Outside);
        }
    }
    Ok(())
}

/// Whether a list of relations names something outside that is fetched without a click.
fn fetches(relations: &str) -> bool {
    relations.split('<').filter(|tag| tag.starts_with("Relationship ") || tag.contains(":Relationship ")).any(
        |tag| {
            let outside = tag.contains("TargetMode=\"External\"") || tag.contains("TargetMode='External'");
            outside && !tag.contains("/hyperlink\"") && !tag.contains("/hyperlink'")
        },
    )
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn packed(entries: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in entries {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn document(more: &[(&str, &str)]) -> Vec<u8> {
        let plain =
            [("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w:document>报告</w:document>")];
        packed(&[&plain, more].concat())
    }

    fn of(ending: &str, bytes: Vec<u8>) -> Vec<Hazard> {
        find(ending, &mut Cursor::new(bytes)).unwrap()
    }

    fn relation(kind: &str) -> String {
        format!(
            "<Relationships><Relationship Id=\"r1\" Type=\"http://x/{kind}\" Target=\"http://h/t.dotm\" TargetMode=\"External\"/></Relationships>"
        )
    }

    #[test]
    fn an_ordinary_document_has_no_hazards() {
        let link = relation("hyperlink");
        assert_eq!(of("docx", document(&[("word/_rels/document.xml.rels", &link)])), []);
        assert_eq!(of("pdf", b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF".to_vec()), []);
        assert_eq!(of("txt", "说明".as_bytes().to_vec()), []);
    }

    #[test]
    fn macros_embedded_objects_and_fetched_templates_are_found() {
        assert_eq!(of("docx", document(&[("word/vbaProject.bin", "x")])), [Hazard::Macros]);
        assert_eq!(of("docx", document(&[("word/embeddings/oleObject1.bin", "x")])), [Hazard::Embedded]);
        let template = relation("attachedTemplate");
        assert_eq!(of("docx", document(&[("word/_rels/settings.xml.rels", &template)])), [Hazard::Outside]);
        assert_eq!(
            of("docx", document(&[("word/footer.xml", "<w:instrText>DDEAUTO c</w:instrText>")])),
            [Hazard::Exchange]
        );
        assert_eq!(
            of("docx", document(&[("word/x.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]>")])),
            [Hazard::Odd]
        );
        assert_eq!(of("zip", packed(&[("工具.exe", "MZ")])), [Hazard::Embedded]);
    }

    #[test]
    fn scripts_of_a_pdf_are_found_where_two_portions_meet() {
        for before in [0, 64 * 1024 - 14, 64 * 1024 - 5, 200_000] {
            let mut bytes = b"%PDF-1.7".to_vec();
            bytes.extend(vec![b' '; before]);
            bytes.extend(b"<</S/JavaScript/JS(app.alert(1))>>");
            assert_eq!(of("pdf", bytes), [Hazard::Script], "{before}");
        }
    }

    #[test]
    fn what_is_not_what_it_says_is_refused() {
        let macros =
            document(&[("[content_types].xml", "application/vnd.ms-word.document.macroEnabled.main+xml")]);
        let both = [b"%PDF-1.7\n".as_slice(), &packed(&[("a", "b")])].concat();
        let cases = [
            ("docx", packed(&[("xl/workbook.xml", "")])),
            ("docx", macros),
            ("xlsx", b"PK\x03\x04 broken".to_vec()),
            ("pdf", both.clone()),
            ("png", both),
        ];
        for (ending, bytes) in cases {
            assert!(matches!(find(ending, &mut Cursor::new(bytes)), Err(Unfit::Disguised)), "{ending}");
        }
    }

    #[test]
    fn a_part_that_unpacks_without_end_is_not_followed() {
        let bomb = " ".repeat(6 << 20);
        assert_eq!(of("docx", document(&[("word/a.xml", &bomb)])), [Hazard::Unchecked]);
    }
}
