//! The measures of GB/T 9704—2012, once, for both outputs and for the tests that measure them.

/// Width of the page in millimetres.
pub const WIDTH_MM: f64 = 210.0;
/// Height of the page in millimetres.
pub const HEIGHT_MM: f64 = 297.0;
/// 天头: above the type area.
pub const TOP_MM: f64 = 37.0;
/// 订口: at the binding.
pub const BINDING_MM: f64 = 28.0;
/// Width of the type area.
pub const AREA_WIDTH_MM: f64 = 156.0;
/// Height of the type area.
pub const AREA_HEIGHT_MM: f64 = 225.0;
/// Lines on a page.
pub const LINES: u32 = 22;
/// Characters in a line.
pub const CHARACTERS: u32 = 28;
/// 三号: the text.
pub const BODY_PT: f64 = 16.0;
/// 二号: the title.
pub const TITLE_PT: f64 = 22.0;
/// 四号: page numbers and colophon.
pub const FOLIO_PT: f64 = 14.0;
/// From the upper edge of the type area to the mark of the issuing body.
pub const MARK_MM: f64 = 35.0;

/// Points in a millimetre.
pub const PT_PER_MM: f64 = 72.0 / 25.4;

/// From line to line, in points.
pub fn pitch_pt() -> f64 {
    AREA_HEIGHT_MM * PT_PER_MM / f64::from(LINES)
}

/// From character to character, in points.
pub fn cell_pt() -> f64 {
    AREA_WIDTH_MM * PT_PER_MM / f64::from(CHARACTERS)
}

/// Twentieths of a point, as docx counts.
pub fn twips(mm: f64) -> i64 {
    (mm * PT_PER_MM * 20.0).round() as i64
}
