//! What a PDF says and shows: its words as a sketch, and the pictures that fill a good part of a page, which are photographs
//! and scanned pages.
//!
//! A PDF can be made to unpack to any size, and this reader has no bound of its own on memory or time. Whoever reads one that
//! a stranger made runs [`look`] in a process that has them and takes over what [`Seen::written`] says there.

use std::fmt::Write as _;

use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, ImageData, InterpreterCache,
    InterpreterSettings, LumaData, Paint, PathDrawMode, SoftMask, TransformExt as _, font::Glyph,
    hayro_cmap::BfString, hayro_syntax::Pdf, interpret_page,
};
use image::{DynamicImage, GrayImage, RgbImage};
use kurbo::{Affine, BezPath, Rect};

use crate::{picture, text::Sketch};

/// Pages looked at.
const PAGES: usize = 300;
/// Bytes of text kept.
const TEXT: usize = 4 * 1024 * 1024;
/// Pictures kept.
const PICTURES: usize = 60;
/// The part of its page from which on a picture counts: letter heads and seals stand on many files and prove nothing.
const SHARE: f64 = 0.25;
/// Pixels of a picture that is looked at: more than A4 in colour at 600 dots an inch.
const PIXELS: u64 = 64 * 1024 * 1024;

/// What a PDF is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The sketch of its words.
    pub sketch: Sketch,
    /// The signs of its pictures in their order, each once.
    pub pictures: Vec<u64>,
}

impl Seen {
    /// As lines of text: the sketch, then each picture in hexadecimal.
    pub fn written(&self) -> String {
        let mut text = self.sketch.written();
        for picture in &self.pictures {
            let _ = write!(text, "\n{picture:016x}");
        }
        text
    }

    /// Reads [`Seen::written`].
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let sketch = Sketch::read(lines.next()?)?;
        let pictures = lines.map(|line| u64::from_str_radix(line, 16).ok()).collect::<Option<_>>()?;
        Some(Self { sketch, pictures })
    }
}

/// Looks at a PDF; nothing when it cannot be read.
pub fn look(bytes: Vec<u8>) -> Option<Seen> {
    let pdf = Pdf::new(bytes).ok()?;
    let cache = InterpreterCache::new();
    let settings = InterpreterSettings { render_annotations: false, ..InterpreterSettings::default() };
    let mut eye = Eye::default();
    for page in pdf.pages().iter().take(PAGES) {
        let (width, height) = page.render_dimensions();
        let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let at = page.initial_transform(true).to_kurbo();
        let mut context = Context::new(at, bounds, &cache, page.xref(), settings.clone());
        eye.page = bounds.area();
        interpret_page(page, &mut context, &mut eye);
    }
    Some(Seen { sketch: Sketch::of(&eye.text), pictures: eye.pictures })
}

/// What has been seen so far. Words and pictures alone: lines and surfaces say nothing.
#[derive(Default)]
struct Eye {
    text: String,
    pictures: Vec<u64>,
    /// Surface of the page that is looked at.
    page: f64,
}

impl Eye {
    fn keep(&mut self, picture: Option<DynamicImage>) {
        let print = picture.and_then(|picture| picture::signs_of(&picture));
        self.pictures.extend(print.filter(|print| !self.pictures.contains(print)));
    }
}

fn grey(luma: LumaData) -> Option<DynamicImage> {
    GrayImage::from_raw(luma.width, luma.height, luma.data).map(DynamicImage::ImageLuma8)
}

impl<'a> Device<'a> for Eye {
    fn draw_glyph(&mut self, glyph: &Glyph<'a>, _: Affine, _: Affine, _: &Paint<'a>, mode: &GlyphDrawMode) {
        // Heavy type is drawn twice, filled and as an outline; its words are said once.
        if self.text.len() >= TEXT || matches!(mode, GlyphDrawMode::Stroke(_)) {
            return;
        }
        match glyph.as_unicode() {
            Some(BfString::Char(sign)) => self.text.push(sign),
            Some(BfString::String(signs)) => self.text.push_str(&signs),
            None => {}
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, transform: Affine) {
        let pixels = u64::from(image.width()) * u64::from(image.height());
        let covered = transform.determinant().abs() * pixels as f64;
        if self.pictures.len() >= PICTURES || pixels > PIXELS || covered < self.page * SHARE {
            return;
        }
        // Some packings can be unpacked smaller at once.
        let wanted = Some((256, 256));
        match image {
            Image::Raster(raster) => raster.with_rgba(
                |data, _| {
                    self.keep(match data {
                        ImageData::Luma(luma) => grey(luma),
                        ImageData::Rgb(rgb) => {
                            RgbImage::from_raw(rgb.width, rgb.height, rgb.data).map(DynamicImage::ImageRgb8)
                        }
                    });
                },
                wanted,
            ),
            // Where a stencil lets colour through, the page is dark.
            Image::Stencil(stencil) => stencil.with_stencil(
                |mut luma, _| {
                    luma.data.iter_mut().for_each(|value| *value = u8::MAX - *value);
                    self.keep(grey(luma));
                },
                wanted,
            ),
        }
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'a>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'a>, _: &PathDrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::ImageFormat;
    use proptest::prelude::*;

    use super::*;
    use crate::picture::{NEAR, distance, tests::scene};

    /// A PDF of one page of 600 × 800 points with a picture on it, `wide` points wide.
    fn scanned(photo: &DynamicImage, wide: u32) -> Vec<u8> {
        let mut jpeg = Cursor::new(Vec::new());
        photo.write_to(&mut jpeg, ImageFormat::Jpeg).expect("a picture");
        let (jpeg, high) = (jpeg.into_inner(), wide * photo.height() / photo.width());
        let content = format!("q {wide} 0 0 {high} 10 10 cm /P Do Q");
        let mut pdf = b"%PDF-1.7\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n\
            2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj\n\
            3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R \
            /Resources <</XObject <</P 5 0 R>>>>>> endobj\n"
            .to_vec();
        pdf.extend(
            format!("4 0 obj <</Length {}>> stream\n{content}\nendstream endobj\n", content.len()).bytes(),
        );
        let (width, height) = (photo.width(), photo.height());
        let head = format!(
            "5 0 obj <</Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray \
             /BitsPerComponent 8 /Filter /DCTDecode /Length {}>> stream\n",
            jpeg.len()
        );
        pdf.extend(head.bytes());
        pdf.extend(jpeg);
        pdf.extend(b"\nendstream endobj\ntrailer <</Root 1 0 R /Size 6>>\n%%EOF\n");
        pdf
    }

    #[test]
    fn a_scanned_page_is_known_again_by_what_it_shows_as_file_and_within_a_pdf() {
        for seed in 1..6 {
            let photo = scene(seed, 640, 480, 0);
            let own = picture::signs_of(&photo).unwrap();
            let seen = look(scanned(&photo, 580)).unwrap();
            assert_eq!(seen.pictures.len(), 1);
            assert!(distance(own, seen.pictures[0]) <= NEAR, "{seed}");
            let other = look(scanned(&scene(seed + 17, 640, 480, 0), 580)).unwrap();
            assert!(distance(own, other.pictures[0]) > NEAR, "{seed}");
        }
    }

    #[test]
    fn a_letter_head_is_no_picture() {
        assert!(look(scanned(&scene(3, 640, 480, 0), 200)).unwrap().pictures.is_empty());
    }

    #[test]
    fn what_was_seen_is_read_as_it_was_written() {
        let seen = Seen {
            sketch: Sketch::of("逐条整改，修订资产管理办法"), pictures: vec![7, u64::MAX]
        };
        assert_eq!(Seen::read(&seen.written()), Some(seen));
        assert_eq!(Seen::read("running 0 tests"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn a_broken_file_is_no_pdf_or_a_poorer_one(at in 0usize..4_000, cut in 0usize..4_000, byte in any::<u8>()) {
            let mut pdf = scanned(&scene(5, 64, 64, 0), 580);
            let at = at % pdf.len();
            pdf[at] = byte;
            pdf.truncate(pdf.len().saturating_sub(cut).max(1));
            let _ = look(pdf);
        }
    }
}
