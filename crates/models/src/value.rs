//! Cells as people and systems write them, read into types: one stated treatment for everything odd.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime};
use documents::decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What a field of a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Words.
    Text,
    /// An identifier: without blanks, half width, capitals.
    Code,
    /// A person's identity number; hashed wherever a key is at hand.
    Person,
    /// A whole number.
    Integer,
    /// A number with a fraction.
    Number,
    /// Money, held in fen.
    Money,
    /// A day.
    Date,
    /// An instant to the second.
    Time,
    /// Yes or no.
    Flag,
}

impl FieldKind {
    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Text => "文字",
            Self::Code => "编码",
            Self::Person => "身份证件号",
            Self::Integer => "整数",
            Self::Number => "小数",
            Self::Money => "金额",
            Self::Date => "日期",
            Self::Time => "时间",
            Self::Flag => "是否",
        }
    }
}

/// One cell that has been read.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// Words or an identifier.
    Text(Cow<'a, str>),
    /// A whole number, or fen.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A day.
    Date(NaiveDate),
    /// An instant.
    Time(NaiveDateTime),
    /// Yes or no.
    Flag(bool),
}

/// Why a cell gives no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Odd {
    /// Nothing was written, or a word for nothing.
    Missing,
    /// `NaN` or an infinity of some program.
    NotANumber,
    /// A day that stands for "unknown", such as 1900-01-01 or 9999-12-31.
    Sentinel,
    /// Zero or less where only more than nothing makes sense.
    NotPositive,
    /// Not of the kind.
    Unreadable,
}

impl Odd {
    /// What people call it, with the treatment.
    pub fn label(self) -> &'static str {
        match self {
            Self::Missing => "空缺，按空值处理",
            Self::NotANumber => "NaN 或无穷大，按空值处理",
            Self::Sentinel => "占位日期，按空值处理",
            Self::NotPositive => "零或负数，按空值处理",
            Self::Unreadable => "类型不符，按空值处理",
        }
    }
}

/// Reads a cell as `kind`; `unit` is how many fen one unit of a bare amount is worth.
pub fn read(kind: FieldKind, text: &str, unit: i64) -> Result<Value<'_>, Odd> {
    let text = trimmed(text);
    if is_nothing(text) {
        return Err(Odd::Missing);
    }
    match kind {
        FieldKind::Text => Ok(Value::Text(plain_text(text))),
        FieldKind::Code | FieldKind::Person => {
            let code = code(text);
            if code.is_empty() { Err(Odd::Missing) } else { Ok(Value::Text(code)) }
        }
        FieldKind::Integer => whole(text).map(Value::Integer),
        FieldKind::Number => number(text).map(Value::Number),
        FieldKind::Money => money(text, unit).map(Value::Integer),
        FieldKind::Date => instant(text).map(|at| Value::Date(at.date())),
        FieldKind::Time => instant(text).map(Value::Time),
        FieldKind::Flag => flag(text).map(Value::Flag),
    }
}

/// As `trim`; most cells begin and end with a sign that is seen at a glance to be no blank.
fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        // Chinese signs, of three bytes.
        [0xe4..=0xe9, _, _] | [0xe4..=0xe9, .., 0xe4..=0xe9, _, _] => text,
        _ => text.trim(),
    }
}

fn is_nothing(text: &str) -> bool {
    // Nearly all cells are longer than any of these words and need not be compared with each.
    text.len() <= 4
        && matches!(
            text,
            "" | "-"
                | "--"
                | "/"
                | "\\"
                | "\\N"
                | "无"
                | "空"
                | "null"
                | "NULL"
                | "Null"
                | "None"
                | "N/A"
                | "n/a"
                | "#N/A"
        )
}

/// Fen as yuan with two decimals, exactly.
pub fn yuan(fen: i64) -> String {
    let size = fen.unsigned_abs();
    format!("{}{}.{:02}", if fen < 0 { "-" } else { "" }, size / 100, size % 100)
}

/// Half width for full width signs of the ASCII range.
pub fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

fn plain_text(text: &str) -> Cow<'_, str> {
    // A wide blank begins with 0xe3, a control sign beyond ASCII with 0xc2.
    let plain = |byte: u8| byte >= b' ' && !matches!(byte, 0x7f | 0xc2 | 0xe3);
    if text.is_ascii() || text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    if !text.chars().any(|c| c == '\u{3000}' || c.is_control()) {
        return Cow::Borrowed(text);
    }
    let kept: String =
        text.chars().map(|c| if c == '\u{3000}' || c.is_control() { ' ' } else { c }).collect();
    Cow::Owned(kept.trim().to_owned())
}

/// An identifier without blanks, in half width and capitals.
pub fn code(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii_graphic() && !byte.is_ascii_lowercase() && byte != b'\'') {
        return Cow::Borrowed(text);
    }
    // Chinese signs have neither width nor case.
    let plain = |c: char| {
        matches!(c, '\u{4e00}'..='\u{9fff}') || (c.is_ascii_graphic() && !c.is_ascii_lowercase() && c != '\'')
    };
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let kept = text.chars().map(half_width).filter(|c| !c.is_whitespace() && !c.is_control() && *c != '\'');
    Cow::Owned(kept.flat_map(char::to_uppercase).collect())
}

/// The text of a number in ASCII, with the factor of a Chinese unit behind it.
fn bare(text: &str) -> (Cow<'_, str>, i64) {
    if text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+')) {
        return (Cow::Borrowed(text), 1);
    }
    let mut kept: String = text.chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
    for sign in ["￥", "¥", "人民币", "RMB", "CNY"] {
        if let Some(rest) = kept.strip_prefix(sign) {
            kept = rest.to_owned();
        }
    }
    let mut factor = 1;
    for (unit, worth) in
        [("亿元", 100_000_000), ("万元", 10_000), ("亿", 100_000_000), ("万", 10_000), ("元", 1)]
    {
        if let Some(rest) = kept.strip_suffix(unit) {
            (kept, factor) = (rest.to_owned(), worth);
            break;
        }
    }
    if let Some(inner) = kept.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        kept = format!("-{inner}");
    }
    (Cow::Owned(kept), factor)
}

fn decimal(text: &str) -> Result<(Decimal, i64), Odd> {
    let (digits, factor) = bare(text);
    if let Some(number) = Decimal::parse(&digits) {
        return Ok((number, factor));
    }
    match digits.to_ascii_lowercase().as_str() {
        "nan" | "inf" | "-inf" | "infinity" | "-infinity" | "#div/0!" | "#num!" => Err(Odd::NotANumber),
        lower if lower.contains('e') => lower
            .parse::<f64>()
            .ok()
            .and_then(Decimal::from_stored)
            .map(|number| (number, factor))
            .ok_or(Odd::Unreadable),
        _ => Err(Odd::Unreadable),
    }
}

fn whole(text: &str) -> Result<i64, Odd> {
    if let Ok(number) = text.parse() {
        return Ok(number);
    }
    let (number, factor) = decimal(text)?;
    number.whole().and_then(|number| number.checked_mul(factor)).ok_or(Odd::Unreadable)
}

fn number(text: &str) -> Result<f64, Odd> {
    let percent = text.strip_suffix(['%', '％']);
    let (digits, factor) = bare(percent.unwrap_or(text));
    let size = digits.strip_prefix(['-', '+']).unwrap_or(&digits);
    let plain = size.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let read = if plain { digits.parse::<f64>().ok() } else { None };
    let number = if let Some(number) = read {
        number
    } else {
        let (number, _) = decimal(&digits)?;
        number.times(1_000_000).ok_or(Odd::Unreadable)? as f64 / 1e6
    };
    if !number.is_finite() {
        return Err(Odd::NotANumber);
    }
    Ok(number * factor as f64 / if percent.is_some() { 100.0 } else { 1.0 })
}

fn money(text: &str, unit: i64) -> Result<i64, Odd> {
    let (number, factor) = decimal(text)?;
    // A unit in the cell says more than the one in the heading.
    let worth = if factor == 1 && !text.ends_with('元') { unit } else { factor.saturating_mul(100) };
    number.times(worth).ok_or(Odd::Unreadable)
}

fn flag(text: &str) -> Result<bool, Odd> {
    match text {
        "是" | "1" | "true" | "TRUE" | "True" | "Y" | "y" | "yes" | "有" | "√" | "✓" => Ok(true),
        "否" | "0" | "false" | "FALSE" | "False" | "N" | "n" | "no" | "×" | "✗" => Ok(false),
        _ => Err(Odd::Unreadable),
    }
}

fn instant(text: &str) -> Result<NaiveDateTime, Odd> {
    let (day, clock) = split_instant(text).ok_or(Odd::Unreadable)?;
    let day = NaiveDate::from_ymd_opt(day.0, day.1, day.2).ok_or(Odd::Unreadable)?;
    let year = chrono::Datelike::year(&day);
    if !(1901..=2199).contains(&year) {
        return Err(Odd::Sentinel);
    }
    day.and_hms_opt(clock.0, clock.1, clock.2).ok_or(Odd::Unreadable)
}

type Day = (i32, u32, u32);
type ClockTime = (u32, u32, u32);

/// Year, month, day and time of day out of digits and what stands between them.
fn split_instant(text: &str) -> Option<(Day, ClockTime)> {
    if let Some(plain) = plain_instant(text.as_bytes()) {
        return Some(plain);
    }
    let mut numbers = [0u32; 6];
    let mut lengths = [0usize; 6];
    let mut count = 0;
    let mut inside = false;
    for c in text.chars().map(half_width) {
        if let Some(digit) = c.to_digit(10) {
            if !inside {
                count += 1;
                inside = true;
            }
            // Fractions of a second and time zones follow the sixth number.
            let (Some(number), Some(length)) = (numbers.get_mut(count - 1), lengths.get_mut(count - 1))
            else {
                break;
            };
            *number = number.checked_mul(10)?.checked_add(digit)?;
            *length += 1;
        } else if matches!(
            c,
            '-' | '/' | '.' | '年' | '月' | '日' | ' ' | 'T' | ':' | '时' | '分' | '秒' | 'Z' | '+'
        ) {
            inside = false;
        } else {
            return None;
        }
    }
    let [first, second, third, hour, minute, sec] = numbers;
    match (count, lengths[0]) {
        (1, 8) => Some((compact(first)?, (0, 0, 0))),
        // A spreadsheet's day number, counted from 1899-12-30.
        (1, 5) => {
            let day =
                NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(chrono::Days::new(first.into()))?;
            Some((
                (chrono::Datelike::year(&day), chrono::Datelike::month(&day), chrono::Datelike::day(&day)),
                (0, 0, 0),
            ))
        }
        (2..=4, 8) => Some((compact(first)?, (second, third, hour))),
        (3.., 4) => Some(((i32::try_from(first).ok()?, second, third), (hour, minute, sec))),
        _ => None,
    }
}

/// `2023-06-05`, perhaps with ` 08:30:00` behind it, as nearly all programs write.
fn plain_instant(text: &[u8]) -> Option<(Day, ClockTime)> {
    let (day, clock) = text.split_at_checked(10)?;
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = day else { return None };
    let year = two(y1, y2)? * 100 + two(y3, y4)?;
    let clock = match clock {
        [] => (0, 0, 0),
        &[b' ' | b'T', h1, h2, b':', n1, n2, b':', s1, s2] => (two(h1, h2)?, two(n1, n2)?, two(s1, s2)?),
        _ => return None,
    };
    Some(((i32::try_from(year).ok()?, two(m1, m2)?, two(d1, d2)?), clock))
}

/// Two digits as a number.
fn two(tens: u8, ones: u8) -> Option<u32> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
    Some(digit(tens)? * 10 + digit(ones)?)
}

fn compact(digits: u32) -> Option<Day> {
    Some((i32::try_from(digits / 10_000).ok()?, digits / 100 % 100, digits % 100))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fen(text: &str, unit: i64) -> Result<i64, Odd> {
        money(text, unit)
    }

    #[test]
    fn money_is_exact_and_a_unit_in_the_cell_says_more_than_the_heading() {
        assert_eq!(fen("1,234.56", 100), Ok(123_456));
        assert_eq!(fen("￥12.5万元", 100), Ok(12_500_000));
        assert_eq!(fen("12.5", 1_000_000), Ok(12_500_000));
        assert_eq!(fen("300元", 1_000_000), Ok(30_000));
        assert_eq!(fen("(50)", 100), Ok(-5_000));
        assert_eq!(fen("1e3", 100), Ok(100_000));
        assert_eq!(fen("约三百", 100), Err(Odd::Unreadable));
        assert_eq!(fen("NaN", 100), Err(Odd::NotANumber));
    }

    #[test]
    fn days_are_read_in_every_common_form_and_sentinels_are_named() {
        let day = NaiveDate::from_ymd_opt(2023, 6, 5).unwrap();
        for text in [
            "2023-06-05",
            "2023/6/5",
            "2023.6.5",
            "20230605",
            "2023年6月5日",
            "2023-06-05T00:00:00Z",
            "45082",
        ] {
            assert_eq!(read(FieldKind::Date, text, 1), Ok(Value::Date(day)), "{text}");
        }
        assert_eq!(read(FieldKind::Date, "1900-01-01", 1), Err(Odd::Sentinel));
        assert_eq!(read(FieldKind::Date, "9999-12-31", 1), Err(Odd::Sentinel));
        assert_eq!(read(FieldKind::Date, "2023-02-30", 1), Err(Odd::Unreadable));
    }

    #[test]
    fn words_for_nothing_are_missing_and_percents_are_shares() {
        for text in ["", "  ", "-", "NULL", "\\N", "无"] {
            assert_eq!(read(FieldKind::Number, text, 1), Err(Odd::Missing), "{text:?}");
        }
        assert_eq!(read(FieldKind::Number, "12.5%", 1), Ok(Value::Number(0.125)));
        assert_eq!(read(FieldKind::Number, "inf", 1), Err(Odd::NotANumber));
    }

    #[test]
    fn codes_lose_width_case_and_blanks() {
        assert_eq!(code("ａｂ－12 3"), "AB-123");
        assert_eq!(code("'00123"), "00123");
    }

    proptest! {
        #[test]
        fn no_cell_ever_panics(text in ".{0,40}", unit in 0i64..1_000_000_000) {
            for kind in [FieldKind::Text, FieldKind::Code, FieldKind::Integer, FieldKind::Number, FieldKind::Money, FieldKind::Date, FieldKind::Time, FieldKind::Flag] {
                let _ = read(kind, &text, unit);
            }
        }

        #[test]
        fn blanks_are_those_that_trim_knows(text in "[ \t\u{3000}\u{a0}a标、é]{0,5}") {
            prop_assert_eq!(trimmed(&text), text.trim());
        }

        /// The way that most instants take gives what the long one gives.
        #[test]
        fn an_instant_as_programs_write_it_reads_as_one_with_other_signs(text in "[0-2][0-9]{3}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}:[0-9]{2})?") {
            let other = text.replace('-', "/");
            prop_assert!(plain_instant(text.as_bytes()).is_some() && plain_instant(other.as_bytes()).is_none());
            prop_assert_eq!(split_instant(&text), split_instant(&other));
        }

        #[test]
        fn plain_days_survive(days in 0i64..70_000) {
            let day = NaiveDate::from_ymd_opt(1950, 1, 1).unwrap() + chrono::Duration::days(days);
            let text = day.to_string();
            prop_assert_eq!(read(FieldKind::Date, &text, 1), Ok(Value::Date(day)));
        }
    }
}
