//! For tests: reads a finished PDF back, every piece of text with its place, size and number of glyphs.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a file that cannot be read back has failed its test"
)]

use lopdf::{Document, Object, content::Content};

/// A piece of text as it stands on a page; places in points from the upper left corner.
#[derive(Clone, Debug)]
pub struct Piece {
    /// From the left edge.
    pub left: f64,
    /// From the upper edge.
    pub baseline: f64,
    /// Size of the type.
    pub size: f64,
    /// How many glyphs.
    pub glyphs: usize,
}

/// A page: its size and its text.
#[derive(Debug)]
pub struct Sheet {
    /// Width in points.
    pub width: f64,
    /// Height in points.
    pub height: f64,
    /// Its text.
    pub pieces: Vec<Piece>,
}

type Matrix = [f64; 6];
const SAME: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn times(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

fn number(object: &Object) -> f64 {
    object.as_float().map(f64::from).unwrap_or_default()
}

fn matrix(operands: &[Object]) -> Matrix {
    let mut matrix = SAME;
    for (at, operand) in operands.iter().take(6).enumerate() {
        matrix[at] = number(operand);
    }
    matrix
}

/// Two bytes name a glyph.
fn glyphs(operand: &Object) -> usize {
    match operand {
        Object::String(bytes, _) => bytes.len() / 2,
        Object::Array(items) => items.iter().map(glyphs).sum(),
        _ => 0,
    }
}

/// The pages of a PDF.
pub fn sheets(pdf: &[u8]) -> Vec<Sheet> {
    let document = Document::load_mem(pdf).expect("a readable PDF");
    document.get_pages().values().map(|&page| sheet(&document, page)).collect()
}

fn sheet(document: &Document, page: lopdf::ObjectId) -> Sheet {
    let bounds = document
        .get_dictionary(page)
        .and_then(|page| page.get(b"MediaBox"))
        .and_then(Object::as_array)
        .expect("a page has a size");
    let (width, height) = (number(&bounds[2]), number(&bounds[3]));
    let content = Content::decode(&document.get_page_content(page)).expect("readable content");
    let mut pieces = Vec::new();
    let (mut stack, mut at, mut text, mut size) = (Vec::new(), SAME, SAME, 0.0);
    for operation in &content.operations {
        match operation.operator.as_str() {
            "q" => stack.push(at),
            "Q" => at = stack.pop().unwrap_or(SAME),
            "cm" => at = times(matrix(&operation.operands), at),
            "BT" => text = SAME,
            "Tm" => text = matrix(&operation.operands),
            "Td" => {
                text = times(
                    [1.0, 0.0, 0.0, 1.0, number(&operation.operands[0]), number(&operation.operands[1])],
                    text,
                );
            }
            "Tf" => size = number(&operation.operands[1]),
            "Tj" | "TJ" => {
                let place = times(text, at);
                let scale = (place[0] * place[0] + place[1] * place[1]).sqrt();
                let glyphs = operation.operands.iter().map(glyphs).sum();
                pieces.push(Piece {
                    left: place[4],
                    baseline: height - place[5],
                    size: size * scale,
                    glyphs,
                });
            }
            _ => {}
        }
    }
    Sheet { width, height, pieces }
}

/// The lines of a page made of pieces of about `size`: baseline, left edge, glyphs; from above.
pub fn lines(sheet: &Sheet, size: f64) -> Vec<(f64, f64, usize)> {
    let mut lines: Vec<(f64, f64, usize)> = Vec::new();
    for piece in sheet.pieces.iter().filter(|piece| (piece.size - size).abs() < 0.1) {
        match lines.iter_mut().find(|line| (line.0 - piece.baseline).abs() < 0.5) {
            Some(line) => {
                line.1 = line.1.min(piece.left);
                line.2 += piece.glyphs;
            }
            None => lines.push((piece.baseline, piece.left, piece.glyphs)),
        }
    }
    lines.sort_by(|a, b| a.0.total_cmp(&b.0));
    lines
}
