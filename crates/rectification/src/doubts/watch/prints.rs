//! What files are known by: pictures by what they show, texts and Word documents by their words, PDFs by both; every file
//! by its digest, which was taken when it came.

use std::io::{Cursor, Read as _};

use kit::{App, Result, files::Attachment, service::Apart};
use likeness::{pdf, picture, text::Sketch};
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
    /// The signs of what it shows: of a picture, of the scanned pages of a PDF.
    pub pictures: Vec<u64>,
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
    let (pictures, sketch) = known_by(&evidence.file.name, &bytes, app.registry().apart);
    Print {
        attachment: evidence.file.id,
        record: evidence.file.record_id,
        problem: evidence.problem,
        organisation: evidence.organisation,
        name: evidence.file.name,
        digest: evidence.file.digest,
        pictures,
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

/// The signs of pictures and the sketch of a text, by the ending of the name.
pub(super) fn known_by(name: &str, bytes: &[u8], apart: Option<Apart>) -> (Vec<u64>, Option<Sketch>) {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    let (pictures, sketch) = match ending.as_str() {
        "png" | "jpg" | "jpeg" => (picture::print(bytes).into_iter().collect(), None),
        "txt" | "csv" => (Vec::new(), Some(Sketch::of(&plain(bytes)))),
        "docx" => (Vec::new(), docx(bytes).map(|text| Sketch::of(&text))),
        "pdf" => match apart.and_then(|look| look(bytes)).and_then(|said| pdf::Seen::read(&said)) {
            Some(seen) => (seen.pictures, Some(seen.sketch)),
            None => (Vec::new(), None),
        },
        _ => (Vec::new(), None),
    };
    (pictures, sketch.filter(|sketch| sketch.runs() >= FEWEST_RUNS))
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
        let (_, utf8) = known_by("说明.txt", WORDS.as_bytes(), None);
        let (_, gb) = known_by("说明.TXT", &encoding_rs::GB18030.encode(WORDS).0, None);
        assert!(similarity(&utf8.unwrap(), &gb.unwrap()) > 0.99);
    }

    #[test]
    fn a_pdf_is_known_by_the_words_and_pictures_that_the_reader_tells() {
        let reader: Apart = |_| Some(pdf::Seen { sketch: Sketch::of(WORDS), pictures: vec![7, 9] }.written());
        let (pictures, sketch) = known_by("记录.PDF", b"%PDF-1.7", Some(reader));
        assert_eq!((pictures, sketch), (vec![7, 9], Some(Sketch::of(WORDS))));
    }

    #[test]
    fn a_few_words_and_broken_files_are_known_by_their_digest_alone() {
        let nothing = (Vec::new(), None);
        assert_eq!(known_by("说明.txt", "已整改。".as_bytes(), None), nothing);
        assert_eq!(known_by("说明.docx", b"PK\x03\x04broken", None), nothing);
        assert_eq!(known_by("照片.jpg", b"\xff\xd8\xffbroken", None), nothing);
        for reader in [None, Some((|_| None) as Apart), Some((|_| Some(String::from("killed"))) as Apart)] {
            assert_eq!(known_by("记录.pdf", b"%PDF-1.7", reader), nothing);
        }
    }
}
