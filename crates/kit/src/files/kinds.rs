//! Kinds of files: which endings are accepted, what such a file begins with, what it may be called,
//! and which can be looked at on a page.

use crate::{Refusal, Result};

/// How a page can show a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preview {
    /// As a picture.
    Picture,
    /// In the browser's own reader of PDF, in a frame.
    Pdf,
    /// As text that we escape ourselves.
    Text,
    /// Not at all; it can be downloaded.
    None,
}

struct Kind {
    ending: &'static str,
    /// What it begins with; none: any text.
    starts: &'static [&'static [u8]],
    media: &'static str,
    preview: Preview,
}

const fn kind(
    ending: &'static str,
    starts: &'static [&'static [u8]],
    media: &'static str,
    preview: Preview,
) -> Kind {
    Kind { ending, starts, media, preview }
}

const ZIP: &[&[u8]] = &[b"PK\x03\x04"];
const OLE: &[&[u8]] = &[b"\xd0\xcf\x11\xe0"];
const JPEG: &[&[u8]] = &[b"\xff\xd8\xff"];
const MPEG4: &[&[u8]] = &[b"\0\0\0\x14ftyp", b"\0\0\0\x18ftyp", b"\0\0\0\x1cftyp", b"\0\0\0\x20ftyp"];

const KINDS: &[Kind] = &[
    kind("pdf", &[b"%PDF-"], "application/pdf", Preview::Pdf),
    kind("png", &[b"\x89PNG\r\n\x1a\n"], "image/png", Preview::Picture),
    kind("jpg", JPEG, "image/jpeg", Preview::Picture),
    kind("jpeg", JPEG, "image/jpeg", Preview::Picture),
    kind(
        "docx",
        ZIP,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Preview::None,
    ),
    kind("xlsx", ZIP, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Preview::None),
    kind(
        "pptx",
        ZIP,
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        Preview::None,
    ),
    kind("ofd", ZIP, "application/ofd", Preview::None),
    kind("zip", ZIP, "application/zip", Preview::None),
    kind("doc", OLE, "application/msword", Preview::None),
    kind("xls", OLE, "application/vnd.ms-excel", Preview::None),
    kind("wps", OLE, "application/octet-stream", Preview::None),
    kind("et", OLE, "application/octet-stream", Preview::None),
    kind("mp3", &[b"ID3", b"\xff\xfb", b"\xff\xf3"], "audio/mpeg", Preview::None),
    kind("wav", &[b"RIFF"], "audio/wav", Preview::None),
    kind("m4a", MPEG4, "audio/mp4", Preview::None),
    kind("mp4", MPEG4, "video/mp4", Preview::None),
    kind("txt", &[], "text/plain; charset=utf-8", Preview::Text),
    kind("csv", &[], "text/csv; charset=utf-8", Preview::Text),
    kind("tsv", &[], "text/tab-separated-values; charset=utf-8", Preview::Text),
    kind("json", &[], "application/json", Preview::None),
    kind("jsonl", &[], "application/x-ndjson", Preview::None),
    kind("ndjson", &[], "application/x-ndjson", Preview::None),
    kind("sql", &[], "application/sql", Preview::None),
    kind("parquet", &[b"PAR1"], "application/vnd.apache.parquet", Preview::None),
];

/// The endings that a browser's file dialog is told to offer.
pub fn accepted() -> String {
    KINDS.iter().map(|kind| format!(".{}", kind.ending)).collect::<Vec<_>>().join(",")
}

/// The last part of a name, without signs that mean something to a file system, a header or a
/// reader's eye.
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|c| {
            !c.is_control()
                && !matches!(c, '"' | '<' | '>' | ':' | '|' | '?' | '*' | '\u{200b}'..='\u{200f}'
                    | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
        .collect();
    let kept = kept.trim_matches(['.', ' ']);
    if kept.is_empty() { String::from("未命名文件") } else { shortened(kept) }
}

/// At most 120 signs, with the ending kept.
fn shortened(name: &str) -> String {
    if name.chars().count() <= 120 {
        return name.to_owned();
    }
    let ending = ending(name);
    let room = 119usize.saturating_sub(ending.chars().count());
    let stem: String = name.chars().take(room).collect();
    if ending.is_empty() || ending.chars().count() > 10 { stem } else { format!("{stem}.{ending}") }
}

/// The ending of a name in small letters.
pub(super) fn ending(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default()
}

fn find(name: &str) -> Option<&'static Kind> {
    let ending = ending(name);
    KINDS.iter().find(|kind| kind.ending == ending)
}

/// Refuses a name whose ending is not accepted.
pub(super) fn check_name(name: &str) -> Result<()> {
    if find(name).is_some() {
        return Ok(());
    }
    Err(Refusal::invalid(format!(
        "不接受“{name}”这类文件，没有保存。可以上传 PDF、图片、Word、Excel、PPT、WPS、OFD、zip、录音录像（mp3、m4a、wav、mp4）或文本文件。"
    ))
    .into())
}

/// Refuses a file whose first bytes do not fit its name.
pub(super) fn check_head(name: &str, head: &[u8]) -> Result<()> {
    check_name(name)?;
    let starts = find(name).map_or(&[][..], |kind| kind.starts);
    let fits = if starts.is_empty() {
        !head.contains(&0)
    } else {
        starts.iter().any(|start| head.starts_with(start))
    };
    if fits { Ok(()) } else { Err(disguised(name)) }
}

/// The refusal of a file that is not what its name says.
pub(super) fn disguised(name: &str) -> crate::Error {
    Refusal::invalid(format!("“{name}”的内容与扩展名不符，没有保存。请确认文件没有损坏，也没有改过扩展名。"))
        .into()
}

/// The type under which a file is handed out.
pub fn media_type(name: &str) -> &'static str {
    find(name).map_or("application/octet-stream", |kind| kind.media)
}

/// How a page can show a file called `name`.
pub fn preview(name: &str) -> Preview {
    find(name).map_or(Preview::None, |kind| kind.preview)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_nothing_that_points_elsewhere() {
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name("C:\\x\\报告\r\n\"\u{202e}.pdf"), "报告.pdf");
        assert_eq!(clean_name("..."), "未命名文件");
    }

    #[test]
    fn a_long_name_is_shortened_before_its_ending() {
        let name = clean_name(&format!("{}.pdf", "长".repeat(300)));
        assert!(name.chars().count() <= 120 && name.ends_with("长.pdf"), "{name}");
    }

    #[test]
    fn the_content_must_fit_the_ending() {
        assert!(check_head("报告.pdf", b"%PDF-1.7").is_ok());
        assert!(check_head("报告.pdf", b"<html>").is_err());
        assert!(check_head("页面.svg", b"<svg").is_err());
        assert!(check_head("页面.html", b"<html>").is_err());
        assert!(check_head("说明.txt", b"\0\0").is_err());
    }

    #[test]
    fn nothing_that_could_run_is_shown_on_a_page() {
        for name in ["a.svg", "a.html", "a.docx", "a.zip", "a"] {
            assert_eq!(preview(name), Preview::None, "{name}");
        }
    }
}
