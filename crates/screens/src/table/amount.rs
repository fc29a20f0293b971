//! Amounts as people write them in ledgers: `1,234.50`, `￥1234.5元`, `12.3万元`, full width digits, `1.2e6`.
//!
//! Decimal text is kept exactly, as whole units and a number of decimal places, until the bids of one tender are
//! brought to one unit; only what cannot be written so becomes a plain floating number.

/// The most decimal places kept exactly.
const PLACES: u32 = 6;
/// Whole numbers up to here are exact in a floating number.
const EXACT: i64 = 1 << 53;

/// What a cell that should hold a bid says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell {
    /// An amount above zero.
    Amount(Amount),
    /// Nothing, or a sign that stands for nothing.
    Blank,
    /// Zero.
    Zero,
    /// Below zero.
    Negative,
    /// NaN or infinite.
    NotFinite,
    /// Not a number.
    Words,
}

/// An amount above zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Amount {
    /// `units / 10^places`.
    Exact { units: i64, places: u32 },
    /// Beyond exact decimals.
    Float(f64),
}

impl Amount {
    fn places(self) -> Option<u32> {
        match self {
            Self::Exact { places, .. } => Some(places),
            Self::Float(_) => None,
        }
    }

    /// In units of `10^-places`, when that is exact.
    fn units(self, places: u32) -> Option<i64> {
        match self {
            Self::Exact { units, places: held } => units
                .checked_mul(10_i64.checked_pow(places.checked_sub(held)?)?)
                .filter(|units| *units < EXACT),
            Self::Float(_) => None,
        }
    }

    /// As a floating number.
    pub(crate) fn float(self) -> f64 {
        match self {
            Self::Exact { units, places } => units as f64 / 10_f64.powi(places as i32),
            Self::Float(amount) => amount,
        }
    }
}

/// Amounts of one tender in one unit, and how many units make one of the currency.
pub(super) fn in_one_unit(amounts: &[Amount]) -> (Vec<f64>, f64) {
    let places = amounts.iter().try_fold(0, |most: u32, amount| Some(most.max(amount.places()?)));
    let exact = places.and_then(|places| {
        let units: Option<Vec<f64>> =
            amounts.iter().map(|amount| amount.units(places).map(|units| units as f64)).collect();
        Some((units?, 10_f64.powi(places as i32)))
    });
    exact.unwrap_or_else(|| (amounts.iter().map(|amount| amount.float()).collect(), 1.0))
}

/// By how many decimal places a header or a cell shifts the amount: 万 by four, 亿 by eight.
fn shift(text: &str) -> u32 {
    if text.contains('亿') {
        8
    } else if text.contains('万') {
        4
    } else {
        0
    }
}

/// The unit that a header gives to cells without one, such as `报价（万元）`.
pub(super) fn unit_of_header(header: &str) -> u32 {
    if header.contains("万元") || header.contains("亿元") { shift(header) } else { 0 }
}

/// Reads a cell.
pub(super) fn read(text: &str, header_shift: u32) -> Cell {
    if let Some(cell) = plain(text.as_bytes(), header_shift) {
        return cell;
    }
    let own = shift(text);
    let bare: String = text
        .chars()
        .map(narrow)
        .filter(|letter| {
            !letter.is_whitespace() && !matches!(letter, ',' | '¥' | '￥' | '元' | '万' | '亿' | '整')
        })
        .collect();
    if matches!(bare.as_str(), "" | "-" | "--" | "—" | "/" | "无" | "NULL" | "null" | "N/A" | "n/a") {
        return Cell::Blank;
    }
    let shift = if own > 0 { own } else { header_shift };
    plain(bare.as_bytes(), shift).unwrap_or_else(|| floating(&bare, shift))
}

/// Full width signs as the usual ones.
fn narrow(letter: char) -> char {
    match letter {
        '０'..='９' | '．' | '，' | '－' | '＋' => {
            char::from_u32(letter as u32 - 0xFEE0).unwrap_or(letter)
        }
        _ => letter,
    }
}

/// Plain decimal text: a sign, digits, at most one point. None for anything else or more digits than are kept exactly.
fn plain(text: &[u8], shift: u32) -> Option<Cell> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] | digits => (false, digits),
    };
    let (mut units, mut places, mut seen) = (0_i64, None::<u32>, false);
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                units = units.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
                places = places.map(|places| places + 1);
                seen = true;
            }
            b'.' if places.is_none() => places = Some(0),
            _ => return None,
        }
    }
    if !seen {
        return None;
    }
    if units == 0 {
        return Some(Cell::Zero);
    }
    if negative {
        return Some(Cell::Negative);
    }
    let mut places = places.unwrap_or_default();
    while places > 0 && units % 10 == 0 {
        units /= 10;
        places -= 1;
    }
    let kept = shift.min(places);
    let units = units.checked_mul(10_i64.checked_pow(shift - kept)?)?;
    let places = places - kept;
    (places <= PLACES).then_some(Cell::Amount(Amount::Exact { units, places }))
}

fn floating(text: &str, shift: u32) -> Cell {
    match text.parse::<f64>() {
        Err(_) => Cell::Words,
        Ok(amount) if !amount.is_finite() => Cell::NotFinite,
        Ok(0.0) => Cell::Zero,
        Ok(amount) if amount < 0.0 => Cell::Negative,
        Ok(amount) => match amount * 10_f64.powi(shift as i32) {
            amount if amount.is_finite() => Cell::Amount(Amount::Float(amount)),
            _ => Cell::NotFinite,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(units: i64, places: u32) -> Cell {
        Cell::Amount(Amount::Exact { units, places })
    }

    #[test]
    fn amounts_are_read_as_people_write_them() {
        assert_eq!(read("1234.50", 0), exact(12345, 1));
        assert_eq!(read(" ￥1,234.5元 ", 0), exact(12345, 1));
        assert_eq!(read("１２３．４", 0), exact(1234, 1));
        assert_eq!(read("12.3万元", 0), exact(123_000, 0));
        assert_eq!(read("12.34567", 4), exact(1_234_567, 1), "the header says 万元");
        assert_eq!(read("5亿元", 4), exact(500_000_000, 0), "the cell's unit is stronger than the header's");
        assert_eq!(read("1.2e6", 0), Cell::Amount(Amount::Float(1.2e6)));
    }

    #[test]
    fn what_is_no_bid_says_what_it_is() {
        for (text, cell) in [
            ("", Cell::Blank),
            (" — ", Cell::Blank),
            ("无", Cell::Blank),
            ("0", Cell::Zero),
            ("-0.00", Cell::Zero),
            ("-5", Cell::Negative),
            ("-1e3", Cell::Negative),
            ("NaN", Cell::NotFinite),
            ("inf", Cell::NotFinite),
            ("1e999", Cell::NotFinite),
            ("废标", Cell::Words),
            ("1.2.3", Cell::Words),
            (".", Cell::Words),
        ] {
            assert_eq!(read(text, 0), cell, "{text}");
        }
    }

    #[test]
    fn bids_a_cent_apart_at_ten_digits_keep_their_distance() {
        let amounts = ["10000000000.01", "10000000000.02"].map(|text| match read(text, 0) {
            Cell::Amount(amount) => amount,
            other => panic!("{other:?}"),
        });
        let (units, unit) = in_one_unit(&amounts);
        assert_eq!((units, unit), (vec![1_000_000_000_001.0, 1_000_000_000_002.0], 100.0));
    }
}
