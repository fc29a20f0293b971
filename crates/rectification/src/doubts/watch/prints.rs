//! What files are known by: pictures by what they show, texts and Word documents by their words; every file by its digest,
//! which was taken when it came.

use std::io::{Cursor, Read as _};

use kit::{App, Result, files::Attachment};
use likeness::{picture, text::Sketch};
use uuid::Uuid;

/// Larger files are known by their digest alone.
const LARGEST: u64 = 32 * 1024 * 1024;
/// Text read out of a file at most.
const TEXT: u64 = 4 * 1024 * 1024;
/// A text of fewer different runs of signs says too little to be compared.
pub(super) const FEWEST_RUNS: usize = 30;

/// A file with what it is evidence of.
#[derive(Clone, Debug)]
pub(super) struct Evidence {
    pub(super) file: Attachment,
    pub(super) problem: Option<Uuid>,
    pub(super) organisation: Uuid,
}

/// What a file is known by.
#[derive(Clone, Debug)]
pub struct Print {
    /// The file.
    pub attachment: Uuid,
    /// The record it hangs on.
    pub record: Uuid,
    /// The problem it is evidence of.
    pub problem: Option<Uuid>,
    /// The organisation that gave it.
    pub organisation: Uuid,
    /// Its name.
    pub name: String,
    /// SM3 of its bytes.
    pub digest: String,
    /// The signs of a picture; 0 when it is none.
    pub picture: u64,
    /// The sketch of a text.
    pub sketch: Option<Sketch>,
}

/// Reads files away from the threads that answer requests. A file that cannot be read is known by its digest.
pub(super) async fn of_files(app: &App, files: Vec<Evidence>) -> Result<Vec<Print>> {
    let app = app.clone();
    tokio::task::spawn_blocking(move || files.into_iter().map(|file| print(&app, file)).collect())
        .await
        .map_err(|error| kit::Error::Fault(format!("reading evidence: {error}")))
}

fn print(app: &App, evidence: Evidence) -> Print {
    let bytes = bytes(app, &evidence.file).unwrap_or_default();
    let (picture, sketch) = known_by(&evidence.file.name, &bytes);
    Print {
        attachment: evidence.file.id,
        record: evidence.file.record_id,
        problem: evidence.problem,
        organisation: evidence.organisation,
        name: evidence.file.name,
        digest: evidence.file.digest,
        picture,
        sketch,
    }
}

fn bytes(app: &App, file: &Attachment) -> Option<Vec<u8>> {
    let mut opened = file.open(app).ok()?;
    if opened.size() > LARGEST {
        return None;
    }
    let mut bytes = Vec::new();
    opened.read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// The signs of a picture and the sketch of a text, by the ending of the name.
pub(super) fn known_by(name: &str, bytes: &[u8]) -> (u64, Option<Sketch>) {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    let text = match ending.as_str() {
        "png" | "jpg" | "jpeg" => return (picture::print(bytes).unwrap_or(0), None),
        "txt" | "csv" => Some(plain(bytes)),
        "docx" => docx(bytes),
        _ => None,
    };
    let sketch = text.map(|text| Sketch::of(&text)).filter(|sketch| sketch.runs() >= FEWEST_RUNS);
    (0, sketch)
}

/// Text of files in the encodings that occur here.
fn plain(bytes: &[u8]) -> String {
    let bytes = bytes.get(..TEXT as usize).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::GB18030.decode(bytes).0.into_owned(),
    }
}

/// The words of a Word document: what stands between the tags of its main part, read up to a bound.
fn docx(bytes: &[u8]) -> Option<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let part = archive.by_name("word/document.xml").ok()?;
    let mut xml = Vec::new();
    part.take(TEXT).read_to_end(&mut xml).ok()?;
    let xml = String::from_utf8_lossy(&xml);
    let mut text = String::new();
    let mut inside = false;
    for sign in xml.chars() {
        match sign {
            '<' => inside = true,
            '>' => inside = false,
            sign if !inside => text.push(sign),
            _ => {}
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use likeness::text::similarity;

    const WORDS: &str = "我单位对照反馈意见逐条整改，修订资产管理办法，清理闲置店面三处并收回欠租，公开招租两处，租金全部缴入专户，并建立季度核查制度防止反弹。";

    #[test]
    fn the_same_words_are_known_again_in_another_encoding() {
        let (_, utf8) = known_by("说明.txt", WORDS.as_bytes());
        let (_, gb) = known_by("说明.TXT", &encoding_rs::GB18030.encode(WORDS).0);
        assert!(similarity(&utf8.unwrap(), &gb.unwrap()) > 0.99);
    }

    #[test]
    fn a_few_words_and_broken_files_are_known_by_their_digest_alone() {
        assert_eq!(known_by("说明.txt", "已整改。".as_bytes()), (0, None));
        assert_eq!(known_by("说明.docx", b"PK\x03\x04broken"), (0, None));
        assert_eq!(known_by("照片.jpg", b"\xff\xd8\xffbroken"), (0, None));
        assert_eq!(known_by("记录.pdf", b"%PDF-1.7"), (0, None));
    }
}
