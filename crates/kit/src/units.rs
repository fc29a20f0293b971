//! Money in whole fen and area in whole square centimetres: sums never round.

use std::fmt;

/// Money in fen (1/100 yuan).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Fen(pub i64);

/// Area in square centimetres (1/10,000 ㎡).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Area(pub i64);

/// Fen in one yuan, ten thousand yuan, a hundred million yuan.
pub const FEN_PER_YUAN: i64 = 100;
/// Fen in 万元.
pub const FEN_PER_WAN: i64 = 1_000_000;
/// Fen in 亿元.
pub const FEN_PER_YI: i64 = 10_000_000_000;
/// Square centimetres in ㎡.
pub const CM2_PER_M2: i64 = 10_000;
/// Square centimetres in 万㎡.
pub const CM2_PER_WAN_M2: i64 = 100_000_000;

/// `numerator / denominator` with `decimals` places, rounded half up (away from zero), as text.
///
/// ```
/// assert_eq!(kit::units::ratio(50 * 100, 102, 2), "49.02");
/// assert_eq!(kit::units::ratio(-1, 8, 2), "-0.13");
/// ```
pub fn ratio(numerator: i64, denominator: i64, decimals: u32) -> String {
    if denominator == 0 {
        return String::from("—");
    }
    let scale = 10i128.pow(decimals.min(9));
    let denominator = i128::from(denominator);
    let scaled = i128::from(numerator) * scale * 2 / denominator;
    let rounded = if scaled >= 0 { (scaled + 1) / 2 } else { (scaled - 1) / 2 };
    let sign = if rounded < 0 { "-" } else { "" };
    let (whole, rest) = (rounded.abs() / scale, rounded.abs() % scale);
    match decimals {
        0 => format!("{sign}{whole}"),
        _ => format!("{sign}{whole}.{rest:0width$}", width = decimals as usize),
    }
}

/// Reads a decimal such as `1,234.5` into units of `per`, exactly.
///
/// Returns nothing when it is no number, does not fit, or is finer than the unit.
pub fn parse_decimal(text: &str, per: i64) -> Option<i64> {
    let text: String =
        text.trim().chars().filter(|c| !matches!(c, ',' | '\u{ff0c}' | ' ')).map(half_width).collect();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    if whole.len() > 18 || fraction.len() > 12 {
        return None;
    }
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let mut value = whole * i128::from(per);
    if !fraction.is_empty() {
        let numerator = fraction.parse::<i128>().ok()? * i128::from(per);
        let denominator = 10i128.pow(u32::try_from(fraction.len()).ok()?);
        if numerator % denominator != 0 {
            return None;
        }
        value += numerator / denominator;
    }
    i64::try_from(if negative { -value } else { value }).ok()
}

/// The half-width form of a full-width digit, letter or sign.
pub fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

impl Fen {
    /// Reads yuan with at most two decimals.
    pub fn from_yuan(text: &str) -> Option<Self> {
        parse_decimal(text, FEN_PER_YUAN).map(Self)
    }
}

impl fmt::Display for Fen {
    /// Yuan with two decimals and thousands marks, as ledgers print it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&thousands(&ratio(self.0, FEN_PER_YUAN, 2)))
    }
}

impl Area {
    /// Reads ㎡ with at most four decimals.
    pub fn from_square_metres(text: &str) -> Option<Self> {
        parse_decimal(text, CM2_PER_M2).map(Self)
    }
}

impl fmt::Display for Area {
    /// ㎡ with two decimals and thousands marks.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&thousands(&ratio(self.0, CM2_PER_M2, 2)))
    }
}

/// A printed decimal with thousands marks, as people read it.
///
/// ```
/// assert_eq!(kit::units::thousands("1114"), "1,114");
/// assert_eq!(kit::units::thousands("+1098.50"), "+1,098.50");
/// assert_eq!(kit::units::thousands("—"), "—");
/// ```
pub fn thousands(text: &str) -> String {
    let digits = text.trim_start_matches(['-', '+']);
    let sign = text.get(..text.len() - digits.len()).unwrap_or_default();
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut marked = String::with_capacity(whole.len() * 4 / 3 + 1);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            marked.push(',');
        }
        marked.push(digit);
    }
    if fraction.is_empty() { format!("{sign}{marked}") } else { format!("{sign}{marked}.{fraction}") }
}

macro_rules! stored_as_i64 {
    ($name:ident) => {
        impl From<$name> for sea_orm::Value {
            fn from(value: $name) -> Self {
                value.0.into()
            }
        }
        impl sea_orm::TryGetable for $name {
            fn try_get_by<I: sea_orm::ColIdx>(
                row: &sea_orm::QueryResult,
                index: I,
            ) -> Result<Self, sea_orm::TryGetError> {
                <i64 as sea_orm::TryGetable>::try_get_by(row, index).map(Self)
            }
        }
        impl sea_orm::sea_query::ValueType for $name {
            fn try_from(value: sea_orm::Value) -> Result<Self, sea_orm::sea_query::ValueTypeErr> {
                <i64 as sea_orm::sea_query::ValueType>::try_from(value).map(Self)
            }
            fn type_name() -> String {
                String::from(stringify!($name))
            }
            fn array_type() -> sea_orm::sea_query::ArrayType {
                sea_orm::sea_query::ArrayType::BigInt
            }
            fn column_type() -> sea_orm::sea_query::ColumnType {
                sea_orm::sea_query::ColumnType::BigInteger
            }
        }
        impl sea_orm::sea_query::Nullable for $name {
            fn null() -> sea_orm::Value {
                <i64 as sea_orm::sea_query::Nullable>::null()
            }
        }
    };
}
stored_as_i64!(Fen);
stored_as_i64!(Area);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rates_round_half_up_to_two_places() {
        assert_eq!(ratio(5_000, 102, 2), "49.02");
        assert_eq!(ratio(105_000, 1130, 2), "92.92");
        assert_eq!(ratio(1, 2, 0), "1");
        assert_eq!(ratio(1, 0, 2), "—");
    }

    #[test]
    fn money_finer_than_a_fen_is_refused_instead_of_rounded() {
        assert_eq!(Fen::from_yuan("1,234.50"), Some(Fen(123_450)));
        assert_eq!(Fen::from_yuan("12.5"), Some(Fen(1250)));
        assert_eq!(Fen::from_yuan("0.005"), None);
        assert_eq!(Fen::from_yuan("一百"), None);
    }

    proptest! {
        #[test]
        fn money_reads_back_what_it_prints(fen in -1_000_000_000_000_000i64..1_000_000_000_000_000) {
            prop_assert_eq!(Fen::from_yuan(&Fen(fen).to_string()), Some(Fen(fen)));
        }
    }
}
