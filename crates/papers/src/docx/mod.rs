//! The same document as a Word package that WPS and Word show, number and edit with their own styles.
//!
//! Written part by part: the grid of 22 lines and 28 characters, odd and even page numbers, numbered headings and the
//! watermark need more of the format than writers at hand offer.

mod body;
mod parts;
mod xml;

use std::io::{Cursor, Write as _};

use chrono::{DateTime, Utc};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::{Paper, Result};

/// `paper` as a docx file; `at` is the instant written into its properties.
pub fn docx(paper: &Paper, at: DateTime<Utc>) -> Result<Vec<u8>> {
    marked_docx(paper, &[], at)
}

/// The same with a bookmark around each heading and paragraph of the body, named by `marks` in their order, so that a
/// text that was edited elsewhere can be brought back.
pub fn marked_docx(paper: &Paper, marks: &[String], at: DateTime<Utc>) -> Result<Vec<u8>> {
    let paper = paper.normalised();
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in [
        ("[Content_Types].xml", parts::CONTENT_TYPES.to_owned()),
        ("_rels/.rels", parts::RELATIONS.to_owned()),
        ("docProps/core.xml", parts::core(&paper, at)),
        ("docProps/app.xml", parts::APP.to_owned()),
        ("docProps/custom.xml", parts::custom(&paper)),
        ("word/document.xml", body::document(&paper, marks)),
        ("word/styles.xml", parts::styles()),
        ("word/numbering.xml", parts::numbering()),
        ("word/settings.xml", parts::SETTINGS.to_owned()),
        ("word/fontTable.xml", parts::font_table()),
        ("word/footer1.xml", parts::footer(&paper, parts::Side::Odd)),
        ("word/footer2.xml", parts::footer(&paper, parts::Side::Even)),
        ("word/footer3.xml", parts::footer(&paper, parts::Side::Unnumbered)),
        ("word/header1.xml", parts::header(&paper)),
        ("word/_rels/document.xml.rels", parts::DOCUMENT_RELATIONS.to_owned()),
    ] {
        package.start_file(name, options)?;
        package.write_all(content.as_bytes())?;
    }
    Ok(package.finish()?.into_inner())
}
