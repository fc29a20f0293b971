//! The bridge to the typesetting compiler: our own world, in which nothing can be read but the one document.

use std::{path::PathBuf, sync::Arc};

use chrono::{DateTime, Datelike as _, FixedOffset, Timelike as _, Utc};
use serde_json::{Value, json};
use typst::{
    Library, LibraryExt as _, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Duration, Smart},
    layout::Frame,
    model::Document as _,
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::{Page, PagedDocument};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};
use typst_svg::SvgOptions;

use crate::{Block, Fault, Paper, Result, fonts::Fonts, model::numbered, page, text};

/// The layout, written once in the compiler's language; texts reach it as data and never as markup.
const LAYOUT: &str = include_str!("layout.typ");

/// Fonts and compiler, made once and shared: reading the fonts is what takes long.
#[derive(Clone)]
pub struct Typesetter {
    shared: Arc<Shared>,
}

/// What a reader finds beside the pages of the file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bookmarks {
    Headings,
    None,
}

struct Shared {
    library: LazyHash<Library>,
    fonts: Fonts,
    main: FileId,
    data: FileId,
    layout: Source,
}

impl Typesetter {
    /// A typesetter with the fonts of `folders`, of the system and of the program.
    pub fn new(folders: &[PathBuf]) -> Result<Self> {
        let file = |name: &str| -> Result<FileId> {
            let path = VirtualPath::new(name).map_err(|error| Fault::Layout(error.to_string()))?;
            Ok(RootedPath::new(VirtualRoot::Project, path).intern())
        };
        let main = file("layout.typ")?;
        let shared = Shared {
            library: LazyHash::new(Library::default()),
            fonts: Fonts::find(folders)?,
            main,
            data: file("paper.json")?,
            layout: Source::new(main, LAYOUT.to_owned()),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// A sentence for every font of the standard that is not there.
    pub fn fallbacks(&self) -> Vec<String> {
        self.shared.fonts.fallbacks()
    }

    /// Lays `paper` out; `at` is the instant that the file carries as its date.
    pub fn set(&self, paper: &Paper, at: DateTime<Utc>) -> Result<Typeset> {
        self.lay_out(paper, at, Bookmarks::Headings)
    }

    /// Lays `paper` out to be one of several in a file: without bookmarks, which would lead into the others.
    pub fn set_part(&self, paper: &Paper, at: DateTime<Utc>) -> Result<Typeset> {
        self.lay_out(paper, at, Bookmarks::None)
    }

    fn lay_out(&self, paper: &Paper, at: DateTime<Utc>, bookmarks: Bookmarks) -> Result<Typeset> {
        let paper = paper.normalised();
        let data = serde_json::to_vec(&self.data(&paper, at, bookmarks))?;
        let world = Desk { shared: &self.shared, data: Bytes::new(data) };
        let outcome = typst::compile::<PagedDocument>(&world);
        let document = outcome.output.map_err(|errors| Fault::Layout(sentences(&errors)))?;
        let mut notes = self.shared.fonts.fallbacks();
        let missing = self.shared.fonts.missing(&paper.texts());
        if !missing.is_empty() {
            let missing: String = missing.into_iter().collect();
            notes.push(format!("以下字在现有字体中没有字形，版面上显示为空框：{missing}。"));
        }
        // The compiler keeps results of earlier documents to be quick with similar ones; without an end they fill the memory.
        typst::comemo::evict(10);
        Ok(Typeset { document, notes, at })
    }

    fn data(&self, paper: &Paper, at: DateTime<Utc>, bookmarks: Bookmarks) -> Value {
        let faces: serde_json::Map<String, Value> = self
            .shared
            .fonts
            .families()
            .map(|(face, families)| (face.key().to_owned(), json!(families)))
            .collect();
        let local = office(at);
        let mut data = json!(paper);
        let attachments: Vec<Value> = paper
            .attachments
            .iter()
            .map(|one| json!({ "title": one.title, "landscape": one.landscape, "blocks": blocks(&one.body) }))
            .collect();
        let more = json!({
            "faces": faces,
            "bookmarks": bookmarks == Bookmarks::Headings,
            "blocks": blocks(&paper.body),
            "attachments": attachments,
            "date_text": paper.date.map(text::date).unwrap_or_default(),
            "copy_text": paper.copy.map(|copy| format!("{copy:06}")).unwrap_or_default(),
            "printed_text": paper.colophon.as_ref().and_then(|one| one.printed).map(text::date).unwrap_or_default(),
            "trace_line": paper.trace.as_ref().map(crate::Trace::line).unwrap_or_default(),
            "made": [local.year(), local.month() as i32, local.day() as i32, local.hour() as i32, local.minute() as i32, local.second() as i32],
            "measures": {
                "top": page::TOP_MM, "binding": page::BINDING_MM, "width": page::AREA_WIDTH_MM, "height": page::AREA_HEIGHT_MM,
                "pitch": page::pitch_pt(), "cell": page::cell_pt(), "body": page::BODY_PT, "title": page::TITLE_PT,
                "folio": page::FOLIO_PT, "mark": page::MARK_MM,
            },
        });
        if let (Value::Object(data), Value::Object(more)) = (&mut data, more) {
            data.extend(more);
        }
        data
    }
}

fn blocks(body: &[Block]) -> Vec<Value> {
    numbered(body)
        .map(|(number, block)| {
            let mut value = json!(block);
            if let (Value::Object(fields), Some(number)) = (&mut value, number) {
                fields.insert(String::from("number"), Value::String(number));
            }
            value
        })
        .collect()
}

fn office(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    FixedOffset::east_opt(8 * 3600).map_or_else(|| at.fixed_offset(), |zone| at.with_timezone(&zone))
}

fn sentences(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|error| error.message.to_string()).collect::<Vec<_>>().join("; ")
}

/// A document laid out.
pub struct Typeset {
    document: PagedDocument,
    notes: Vec<String>,
    at: DateTime<Utc>,
}

impl Typeset {
    /// Several documents as one, each beginning on the front of a sheet: printed on both sides, none shares a sheet
    /// with another. Nothing when there are none.
    pub fn joined(parts: Vec<Self>) -> Option<Self> {
        let first = parts.first()?;
        let (info, at) = (first.document.info().clone(), first.at);
        let mut pages = Vec::new();
        let mut notes: Vec<String> = Vec::new();
        for part in &parts {
            let odd = (pages.len() % 2 == 1).then(|| pages.last().map(blank)).flatten();
            pages.extend(odd);
            pages.extend(part.document.pages().iter().cloned());
            for note in &part.notes {
                if !notes.contains(note) {
                    notes.push(note.clone());
                }
            }
        }
        Some(Self { document: PagedDocument::new(pages.into_iter().collect(), info), notes, at })
    }

    /// How many pages it has.
    pub fn pages(&self) -> usize {
        self.document.pages().len()
    }

    /// What a reader of the document log should know: fonts that stood in, characters without glyph.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The document as PDF/A-2b with embedded subsets of its fonts.
    pub fn pdf(&self) -> Result<Vec<u8>> {
        let standards = PdfStandards::new(&[PdfStandard::A_2b])
            .map_err(|error| Fault::Layout(error.message().to_string()))?;
        let local = office(self.at);
        let datetime = Datetime::from_ymd_hms(
            local.year(),
            local.month() as u8,
            local.day() as u8,
            local.hour() as u8,
            local.minute() as u8,
            local.second() as u8,
        );
        let options = PdfOptions {
            creator: Smart::Custom(None),
            timestamp: datetime.and_then(|datetime| typst_pdf::Timestamp::new_local(datetime, 8 * 60)),
            standards,
            tagged: false,
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&self.document, &options).map_err(|errors| Fault::Layout(sentences(&errors)))
    }

    /// One page as a picture, counted from 0.
    pub fn picture(&self, at: usize) -> Option<String> {
        self.document.pages().get(at).map(|page| typst_svg::svg(page, &SvgOptions::default()))
    }
}

/// The empty back of a sheet of the size of `page`.
fn blank(page: &Page) -> Page {
    let mut back = page.clone();
    back.frame = Frame::hard(page.frame.size());
    back
}

/// What the compiler can see: the layout, one document, our fonts. No file, no package, no clock.
struct Desk<'a> {
    shared: &'a Shared,
    data: Bytes,
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.shared.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shared.fonts.book
    }

    fn main(&self) -> FileId {
        self.shared.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.shared.main { Ok(self.shared.layout.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.shared.data { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shared.fonts.all.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
