//! The PDF, measured.

use lopdf::{Document, Object};
use papers::{
    Paper, Typeset,
    measure::{lines, sheets},
    page::{self, PT_PER_MM},
};

use crate::samples;

fn pdf(paper: &Paper) -> Vec<u8> {
    samples::typesetter().set(paper, samples::at()).expect("laid out").pdf().expect("a PDF")
}

fn near(seen: f64, wanted: f64, tolerance: f64, what: &str) {
    assert!((seen - wanted).abs() <= tolerance, "{what}: {seen:.2} instead of {wanted:.2}");
}

#[test]
fn a_full_page_has_22_lines_of_28_characters_inside_the_type_area() {
    let pages = sheets(&pdf(&samples::long(12)));
    let full = &pages[1];
    near(full.width / PT_PER_MM, page::WIDTH_MM, 0.1, "width of the page");
    near(full.height / PT_PER_MM, page::HEIGHT_MM, 0.1, "height of the page");
    let text = lines(full, page::BODY_PT);
    assert_eq!(text.len(), 22);
    for pair in text.windows(2) {
        near(pair[1].0 - pair[0].0, page::pitch_pt(), 0.1, "pitch");
    }
    assert_eq!(text.iter().map(|line| line.2).max(), Some(28));
    assert!(text.iter().filter(|line| line.2 == 28).count() >= 15, "{text:?}");
    let top = (text[0].0 - 0.88 * page::BODY_PT) / PT_PER_MM;
    near(top, page::TOP_MM, 0.5, "upper margin");
    let bottom = (text[21].0 + 0.12 * page::BODY_PT) / PT_PER_MM;
    assert!(bottom <= page::TOP_MM + page::AREA_HEIGHT_MM + 0.1, "the last line ends at {bottom} mm");
}

#[test]
fn the_binding_margin_is_28_mm_and_changes_sides() {
    let pages = sheets(&pdf(&samples::long(12)));
    for (at, sheet) in pages.iter().enumerate().take(4) {
        let left = lines(sheet, page::BODY_PT).iter().map(|line| line.1).fold(f64::MAX, f64::min) / PT_PER_MM;
        let outside = page::WIDTH_MM - page::AREA_WIDTH_MM - page::BINDING_MM;
        near(left, if at % 2 == 0 { page::BINDING_MM } else { outside }, 0.3, "left margin");
    }
}

#[test]
fn page_numbers_stand_outside_below_the_type_area() {
    let pages = sheets(&pdf(&samples::long(12)));
    for (at, sheet) in pages.iter().enumerate().take(4) {
        let folio = lines(sheet, page::FOLIO_PT);
        assert_eq!(folio.len(), 1, "one line of page number");
        let below = folio[0].0 / PT_PER_MM - (page::TOP_MM + page::AREA_HEIGHT_MM);
        assert!((7.0..13.0).contains(&below), "{below} mm below the type area");
        let right_half = folio[0].1 > sheet.width / 2.0;
        assert_eq!(right_half, at % 2 == 0, "odd pages have it on the right");
    }
}

#[test]
fn the_title_is_of_size_two_and_the_mark_of_the_issuer_stands_35_mm_below_the_edge() {
    let pages = sheets(&pdf(&samples::red_head()));
    let titles = lines(&pages[0], page::TITLE_PT);
    assert_eq!(titles.len(), 2, "a title of two lines");
    let mark = pages[0].pieces.iter().max_by(|a, b| a.size.total_cmp(&b.size)).expect("a mark");
    assert!(mark.size > page::TITLE_PT && mark.size <= 62.0, "{}", mark.size);
    let top = (mark.baseline - 0.88 * mark.size) / PT_PER_MM;
    near(top, page::TOP_MM + page::MARK_MM, 1.0, "the mark");
}

#[test]
fn the_colophon_stands_on_an_even_page() {
    for paper in [samples::red_head(), samples::minutes()] {
        let pages = sheets(&pdf(&paper));
        assert_eq!(pages.len() % 2, 0);
        let last = &pages[pages.len() - 1];
        let foot = lines(last, page::FOLIO_PT);
        assert!(foot.iter().any(|line| line.0 / PT_PER_MM > 240.0 && line.2 > 8), "{foot:?}");
    }
}

#[test]
fn a_letter_has_its_mark_30_mm_from_the_edge_and_no_number_on_its_first_page() {
    let pages = sheets(&pdf(&samples::letter()));
    let mark = pages[0].pieces.iter().max_by(|a, b| a.size.total_cmp(&b.size)).expect("a mark");
    near((mark.baseline - 0.88 * mark.size) / PT_PER_MM, 30.0, 1.0, "the mark");
    let folio = lines(&pages[0], page::FOLIO_PT);
    assert!(folio.iter().all(|line| line.0 / PT_PER_MM < 262.0), "no page number: {folio:?}");
}

#[test]
fn ledgers_lie_and_attachments_may() {
    assert!(sheets(&pdf(&samples::ledger())).iter().all(|sheet| sheet.width > sheet.height));
    let mixed = sheets(&pdf(&samples::red_head()));
    assert!(mixed.iter().any(|sheet| sheet.width > sheet.height));
    assert!(mixed[0].width < mixed[0].height);
}

#[test]
fn the_file_says_it_is_pdf_a_2b_and_carries_all_its_fonts() {
    let bytes = pdf(&samples::red_head());
    let document = Document::load_mem(&bytes).expect("readable");
    let mut descriptors = 0;
    let mut metadata = String::new();
    for object in document.objects.values() {
        match object {
            Object::Dictionary(one) if one.has_type(b"FontDescriptor") => {
                descriptors += 1;
                let embedded = [&b"FontFile2"[..], b"FontFile3"].iter().any(|key| one.has(key));
                assert!(embedded, "{one:?}");
            }
            Object::Stream(stream) if stream.dict.has_type(b"Metadata") => {
                metadata =
                    String::from_utf8_lossy(&stream.get_plain_content().expect("metadata")).into_owned();
            }
            _ => {}
        }
    }
    assert!(descriptors >= 3, "song, title, hei, kai");
    assert!(metadata.contains("<pdfaid:part>2</pdfaid:part>"), "{metadata}");
    assert!(metadata.contains("<pdfaid:conformance>B</pdfaid:conformance>"), "{metadata}");
}

#[test]
fn every_page_of_a_file_that_leaves_names_person_and_export_number() {
    let bytes = pdf(&samples::red_head());
    let document = Document::load_mem(&bytes).expect("readable");
    for page in document.get_pages().keys() {
        let text = document.extract_text(&[*page]).expect("text").replace(char::is_whitespace, "");
        assert!(text.contains("W-20230629-00017"), "page {page}: {text}");
        assert!(text.contains("林知远"), "page {page}: {text}");
    }
}

#[test]
fn texts_are_never_read_as_layout() {
    let paper = Paper {
        title: "#panic(\"x\") $a$ *b* @c <d>".into(),
        body: vec![papers::Block::paragraph("#import \"/etc/passwd\" \\ `raw` // 注释")],
        ..Paper::default()
    };
    let bytes = pdf(&paper);
    let text = Document::load_mem(&bytes).expect("readable").extract_text(&[1]).expect("text");
    assert!(text.replace(char::is_whitespace, "").contains("#import"), "{text}");
}

#[test]
fn fallback_fonts_and_missing_glyphs_are_noted() {
    let paper = Paper { title: "甲\u{10fffd}".into(), ..Paper::default() };
    let set = samples::typesetter().set(&paper, samples::at()).expect("laid out");
    assert!(set.notes().iter().any(|note| note.contains("仿宋_GB2312")), "{:?}", set.notes());
    assert!(set.notes().iter().any(|note| note.contains('\u{10fffd}')), "{:?}", set.notes());
}

#[test]
fn the_same_document_at_the_same_instant_is_the_same_file() {
    assert!(pdf(&samples::letter()) == pdf(&samples::letter()));
}

#[test]
fn a_page_comes_as_a_picture() {
    let set = samples::typesetter().set(&samples::letter(), samples::at()).expect("laid out");
    assert!(set.picture(0).is_some_and(|svg| svg.starts_with("<svg")));
    assert!(set.picture(set.pages()).is_none());
}

#[test]
fn several_documents_become_one_file_and_none_shares_a_sheet_with_another() {
    let part = |paper: &Paper| samples::typesetter().set_part(paper, samples::at()).expect("laid out");
    let parts = vec![part(&samples::letter()), part(&samples::red_head()), part(&samples::letter())];
    let own: Vec<usize> = parts.iter().map(Typeset::pages).collect();
    assert_eq!(own[0], 1, "a letter of one page, whose back stays empty");
    let joined = Typeset::joined(parts).expect("three documents");
    let bytes = joined.pdf().expect("a PDF");
    let pages = sheets(&bytes);
    assert_eq!(pages.len(), 2 + own[1] + own[1] % 2 + own[2]);
    assert!(pages[1].pieces.is_empty(), "the back of the first letter");
    let titles: Vec<usize> =
        (0..pages.len()).filter(|at| !lines(&pages[*at], page::TITLE_PT).is_empty()).collect();
    assert!(titles.contains(&0) && titles.contains(&2), "{titles:?}");
    let text = String::from_utf8_lossy(&bytes);
    assert!(!text.contains("/Outlines"), "no bookmarks into the wrong document");
    assert!(Typeset::joined(Vec::new()).is_none());
}

/// The figures of the requirement, on the optimised program: `cargo test --release -p papers -- --ignored`.
#[test]
#[ignore = "measures time, which only says something about an optimised build"]
fn forty_pages_take_two_seconds_and_35_notices_twenty() {
    let started = std::time::Instant::now();
    let set = samples::typesetter().set(&samples::long(80), samples::at()).expect("laid out");
    let size = set.pdf().expect("a PDF").len();
    let fonts_and_long = started.elapsed();
    let started = std::time::Instant::now();
    papers::docx(&samples::long(80), samples::at()).expect("a docx");
    let docx = started.elapsed();
    let started = std::time::Instant::now();
    for count in 0..35 {
        let paper = Paper { number: format!("云巡办〔2023〕{count}号"), ..samples::red_head() };
        pdf(&paper);
    }
    let notices = started.elapsed();
    println!(
        "{} pages, {size} bytes: {fonts_and_long:?}; docx {docx:?}; 35 notices {notices:?}",
        set.pages()
    );
    assert!(set.pages() >= 40 && fonts_and_long.as_millis() <= 2_000, "{fonts_and_long:?}");
    assert!(docx.as_millis() <= 500, "{docx:?}");
    assert!(notices.as_secs() <= 20, "{notices:?}");
}
