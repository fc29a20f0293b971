//! Likeness of texts. A text becomes the set of its runs of signs, a set becomes a sketch of fixed size,
//! and sketches are found again by bands: two texts that agree in one band are compared, all others never
//! are. Numbers, punctuation and spaces are left out, so that a statement stays alike under another date or sum.

use std::collections::HashSet;

/// Values in a sketch.
pub const SKETCH: usize = 64;
/// Rows in a band: fewer find less alike texts, and more that are not.
const ROWS: usize = 4;
/// Bands of a sketch.
pub const BANDS: usize = SKETCH / ROWS;
/// Signs in a run.
const RUN: usize = 3;

/// The smallest hashes of the runs of a text, one for each of [`SKETCH`] ways of hashing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    values: [u32; SKETCH],
    runs: usize,
}

impl Sketch {
    /// The sketch of a text.
    pub fn of(text: &str) -> Self {
        let runs = runs(text);
        let mut values = [u32::MAX; SKETCH];
        for run in &runs {
            for (value, seed) in values.iter_mut().zip(1_u64..) {
                *value = (*value).min(mixed(*run, seed));
            }
        }
        Self { values, runs: runs.len() }
    }

    /// How many different runs the text has. A text of few runs says too little to be compared.
    pub fn runs(&self) -> usize {
        self.runs
    }

    /// One value for each band. Equal texts agree in all; texts that share four fifths of their runs agree in
    /// at least one with a probability above 99.9 %.
    pub fn bands(&self) -> [u32; BANDS] {
        let mut bands = [0; BANDS];
        for (band, rows) in bands.iter_mut().zip(self.values.chunks(ROWS)) {
            *band = rows.iter().fold(0x811c_9dc5, |hash, value| (hash ^ value).wrapping_mul(0x0100_0193));
        }
        bands
    }

    /// The sketch as text, eight signs of hexadecimal a value.
    pub fn written(&self) -> String {
        use std::fmt::Write as _;
        let mut text = String::with_capacity(SKETCH * 8 + 8);
        let _ = write!(text, "{:08x}", self.runs);
        for value in self.values {
            let _ = write!(text, "{value:08x}");
        }
        text
    }

    /// Reads [`Sketch::written`].
    pub fn read(text: &str) -> Option<Self> {
        let mut numbers = (0..=SKETCH)
            .map(|at| text.get(at * 8..at * 8 + 8).and_then(|digits| u32::from_str_radix(digits, 16).ok()));
        let runs = usize::try_from(numbers.next()??).ok()?;
        let mut values = [0; SKETCH];
        for value in &mut values {
            *value = numbers.next()??;
        }
        Some(Self { values, runs })
    }
}

/// The part of all runs of both texts that both have, estimated from their sketches: 0 to 1.
pub fn similarity(one: &Sketch, other: &Sketch) -> f64 {
    if one.runs == 0 || other.runs == 0 {
        return 0.0;
    }
    let same = one.values.iter().zip(&other.values).filter(|(a, b)| a == b).count();
    same as f64 / SKETCH as f64
}

/// The signs of a text that carry meaning: letters and Chinese characters.
pub fn signs(text: &str) -> Vec<char> {
    text.chars().filter(|sign| sign.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

/// The hashes of the different runs of signs of a text.
fn runs(text: &str) -> HashSet<u64> {
    let signs = signs(text);
    signs.windows(RUN).map(hashed).collect()
}

fn hashed(run: &[char]) -> u64 {
    run.iter().fold(0xcbf2_9ce4_8422_2325, |hash, sign| {
        (hash ^ u64::from(u32::from(*sign))).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Mixes a run's hash under `seed`; the upper half is what is kept.
fn mixed(run: u64, seed: u64) -> u32 {
    let mut value = run ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((value ^ (value >> 31)) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STATEMENT: &str = "我单位对照反馈意见逐条整改，修订资产管理办法，清理闲置店面三处并收回欠租，公开招租两处，租金全部缴入专户。";

    #[test]
    fn another_sum_date_or_space_leaves_a_statement_the_same() {
        let changed = STATEMENT.replace('，', " 2023年5月6日，").replace('年', "");
        let numbered = changed.replace("月", "").replace('日', "");
        assert!(similarity(&Sketch::of(STATEMENT), &Sketch::of(&numbered)) > 0.99);
    }

    #[test]
    fn a_statement_with_another_name_is_alike_and_another_statement_is_not() {
        let renamed = STATEMENT.replace("我单位", "市甲局");
        let other = "机关食堂超范围列支接待费用，公务接待清单不完整，未执行一函三单。";
        assert!(similarity(&Sketch::of(STATEMENT), &Sketch::of(&renamed)) > 0.7);
        assert!(similarity(&Sketch::of(STATEMENT), &Sketch::of(other)) < 0.1);
    }

    #[test]
    fn texts_without_signs_are_like_nothing() {
        assert!(similarity(&Sketch::of("2023"), &Sketch::of("2023")) < f64::EPSILON);
    }

    proptest! {
        #[test]
        fn a_sketch_is_read_as_it_was_written(text in "[\u{4e00}-\u{4eff}a-z0-9，]{0,60}") {
            let sketch = Sketch::of(&text);
            prop_assert_eq!(Sketch::read(&sketch.written()), Some(sketch));
        }

        #[test]
        fn equal_texts_agree_in_every_band_and_likeness_is_mutual(
            one in "[\u{4e00}-\u{4eff}]{3,40}", other in "[\u{4e00}-\u{4eff}]{3,40}",
        ) {
            let (a, b) = (Sketch::of(&one), Sketch::of(&other));
            prop_assert_eq!(a.bands(), Sketch::of(&one).bands());
            prop_assert!((similarity(&a, &b) - similarity(&b, &a)).abs() < f64::EPSILON);
            prop_assert!(similarity(&a, &a) > 0.999);
        }
    }
}
