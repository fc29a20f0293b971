//! Likeness of pictures: whether each of eight times eight fields is lighter than its right neighbour. Smaller,
//! lighter or packed anew, a picture keeps nearly all of these 64 signs.

use std::io::Cursor;

use image::{DynamicImage, ImageReader, Limits, imageops::FilterType};

/// Fields in a row and rows.
const SIDE: u32 = 8;
/// Bits in a band.
const BAND: usize = 8;
/// Bands of a print.
pub const BANDS: usize = 64 / BAND;
/// Two prints that differ in no more bits than this agree in at least one band, so bands find every such pair.
pub const NEAR: u32 = BANDS as u32 - 1;
/// More than a camera writes; a picture that unpacks to more is not looked at.
const MEMORY: u64 = 256 * 1024 * 1024;
/// A picture this small is a sign or a seal, not a photograph of something.
const SMALLEST: u32 = 48;

/// The 64 signs of a picture; none when the bytes are no picture that can be read, or it shows nothing (one
/// colour, a blank page): such pictures are all alike and prove nothing.
pub fn print(bytes: &[u8]) -> Option<u64> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    signs_of(&reader.decode().ok()?)
}

/// The 64 signs of a picture that has been unpacked already; none as for [`print`].
pub fn signs_of(picture: &DynamicImage) -> Option<u64> {
    if picture.width() < SMALLEST || picture.height() < SMALLEST {
        return None;
    }
    let small = picture.thumbnail_exact(128, 128).to_luma8();
    let small = image::imageops::resize(&small, SIDE + 1, SIDE, FilterType::Triangle);
    let (width, _) = small.dimensions();
    let mut print = 0_u64;
    for row in small.as_raw().chunks(width as usize) {
        for (left, right) in row.iter().zip(row.iter().skip(1)) {
            print = print << 1 | u64::from(left > right);
        }
    }
    let ones = print.count_ones();
    (4..=60).contains(&ones).then_some(print)
}

/// How many of the 64 signs differ.
pub fn distance(one: u64, other: u64) -> u32 {
    (one ^ other).count_ones()
}

/// The parts of a print by which near ones are found.
pub fn bands(print: u64) -> [u8; BANDS] {
    print.to_be_bytes()
}

#[cfg(test)]
pub(crate) mod tests {
    use image::{DynamicImage, GrayImage, ImageFormat, Luma};
    use proptest::prelude::*;

    use super::*;

    /// Twelve times nine soft fields of chance: as many shades as a photograph has, and no two alike.
    pub(crate) fn scene(seed: u32, width: u32, height: u32, shift: i32) -> DynamicImage {
        let mut state = seed.wrapping_mul(2_654_435_761);
        let fields = GrayImage::from_fn(12, 9, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Luma([(i32::try_from(state >> 24).unwrap_or(0) / 2 + 60 + shift).clamp(0, 255) as u8])
        });
        DynamicImage::ImageLuma8(image::imageops::resize(&fields, width, height, FilterType::CatmullRom))
    }

    fn packed(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).expect("a picture");
        bytes.into_inner()
    }

    #[test]
    fn smaller_lighter_or_packed_anew_a_picture_stays_near_and_another_does_not() {
        for seed in 1..12 {
            let photo = print(&packed(&scene(seed, 640, 480, 0), ImageFormat::Png)).unwrap();
            let small = print(&packed(&scene(seed, 320, 240, 0), ImageFormat::Jpeg)).unwrap();
            let light = print(&packed(&scene(seed, 640, 480, 12), ImageFormat::Jpeg)).unwrap();
            let other = print(&packed(&scene(seed + 17, 640, 480, 0), ImageFormat::Png)).unwrap();
            assert!(distance(photo, small) <= NEAR, "{seed}: {}", distance(photo, small));
            assert!(distance(photo, light) <= NEAR, "{seed}: {}", distance(photo, light));
            assert!(distance(photo, other) > NEAR, "{seed}: {}", distance(photo, other));
        }
    }

    #[test]
    fn a_blank_page_a_seal_and_what_is_no_picture_have_no_print() {
        let blank = DynamicImage::ImageLuma8(GrayImage::from_pixel(200, 200, Luma([250])));
        assert_eq!(print(&packed(&blank, ImageFormat::Png)), None);
        assert_eq!(print(&packed(&scene(3, 20, 20, 0), ImageFormat::Png)), None);
        assert_eq!(print(b"%PDF-1.7"), None);
        let whole = packed(&scene(3, 200, 200, 0), ImageFormat::Jpeg);
        let _ = print(&whole[..whole.len() / 3]);
    }

    proptest! {
        #[test]
        fn near_prints_always_agree_in_a_band(one in any::<u64>(), flips in prop::collection::vec(0u32..64, 0..7)) {
            let other = flips.iter().fold(one, |print, bit| print ^ (1 << bit));
            let agree = bands(one).iter().zip(bands(other)).any(|(a, b)| *a == b);
            prop_assert!(agree && distance(one, other) <= NEAR);
        }
    }
}
