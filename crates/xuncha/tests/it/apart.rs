//! The reader of what strangers made: it answers for a PDF, and whatever a file does to it, the program goes on.

use std::{io::Write as _, path::Path};

use likeness::{
    pdf::Seen,
    text::{Sketch, similarity},
};
use xuncha::apart;

const TEXT: &str = "我单位对照反馈意见逐条整改，修订资产管理办法，清理闲置店面三处并收回欠租，公开招租两处，租金全部缴入专户，并建立季度核查制度防止反弹。";

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_xuncha"))
}

#[test]
fn a_pdf_is_read_apart_word_for_word() {
    let paper = papers::Paper { body: vec![papers::Block::paragraph(TEXT)], ..papers::Paper::default() };
    let typesetter = papers::Typesetter::new(&[]).expect("fonts");
    let pdf = typesetter.set(&paper, chrono::DateTime::UNIX_EPOCH).expect("laid out").pdf().expect("a PDF");
    let said = apart::look_by(program(), &pdf).expect("an answer");
    let seen = Seen::read(&said).expect("what a PDF is known by");
    assert!(similarity(&seen.sketch, &Sketch::of(TEXT)) > 0.9);
    assert!(seen.pictures.is_empty());
}

#[test]
fn what_is_no_pdf_and_what_there_is_no_program_for_is_known_by_nothing() {
    assert_eq!(apart::look_by(program(), b"PK\x03\x04"), None);
    assert_eq!(apart::look_by(Path::new("/nowhere/xuncha"), b"%PDF-1.7"), None);
}

/// A page whose content unpacks to four gigabytes: one packed megabyte, which reaches back to nothing before it, again and again.
fn bomb() -> Vec<u8> {
    let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&vec![b' '; 1 << 20]).and_then(|()| packer.flush()).expect("packed");
    let mut packed = vec![0x78, 0xda];
    packed.extend(packer.get_ref().repeat(4_096));
    let mut pdf = b"%PDF-1.7\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n\
        2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj\n\
        3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R>> endobj\n"
        .to_vec();
    pdf.extend(format!("4 0 obj <</Filter /FlateDecode /Length {}>> stream\n", packed.len()).bytes());
    pdf.extend(packed);
    pdf.extend(b"\nendstream endobj\ntrailer <</Root 1 0 R /Size 5>>\n%%EOF\n");
    pdf
}

#[test]
fn a_file_that_unpacks_to_any_size_ends_its_reader_and_nothing_else() {
    let said = apart::look_by(program(), &bomb()).and_then(|said| Seen::read(&said));
    assert!(said.is_none_or(|seen| seen.sketch.runs() == 0 && seen.pictures.is_empty()));
}
