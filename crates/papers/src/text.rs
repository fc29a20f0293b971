//! Chinese text as official documents write it: full-width punctuation, Chinese numerals, dates.

use chrono::{Datelike as _, NaiveDate};

/// Turns ASCII punctuation beside Chinese characters into full-width punctuation. Numbers, times, addresses
/// and Latin text keep theirs.
pub fn normalised(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut quote_open = false;
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at)).copied();
        let after = chars.get(at + 1).copied();
        let wide = before.is_some_and(is_wide) || after.is_some_and(is_wide);
        let Some(full) = full_width(c, quote_open).filter(|_| wide && !within_number(before, after)) else {
            out.push(c);
            continue;
        };
        if c == '"' {
            quote_open = !quote_open;
        }
        out.push(full);
    }
    out
}

fn full_width(c: char, quote_open: bool) -> Option<char> {
    Some(match c {
        ',' => '，',
        ';' => '；',
        ':' => '：',
        '?' => '？',
        '!' => '！',
        '(' => '（',
        ')' => '）',
        '"' if quote_open => '”',
        '"' => '“',
        _ => return None,
    })
}

fn within_number(before: Option<char>, after: Option<char>) -> bool {
    before.is_some_and(|c| c.is_ascii_digit()) && after.is_some_and(|c| c.is_ascii_digit())
}

/// Whether `c` is a Chinese character or full-width punctuation.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}' | '“' | '”' | '…' | '—')
}

/// 一 to 九百九十九; larger numbers in digits.
pub fn chinese_number(count: u32) -> String {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |value: u32| DIGITS.get(value as usize).copied().unwrap_or('〇');
    let mut out = String::new();
    match (count / 100, count / 10 % 10, count % 10) {
        (10.., _, _) => return count.to_string(),
        (0, 0, ones) => return digit(ones).to_string(),
        (0, 1, ones) => {
            out.push('十');
            if ones > 0 {
                out.push(digit(ones));
            }
        }
        (hundreds, tens, ones) => {
            if hundreds > 0 {
                out.push(digit(hundreds));
                out.push('百');
            }
            match (tens, ones) {
                (0, 0) => {}
                (0, ones) => {
                    out.push('零');
                    out.push(digit(ones));
                }
                (tens, ones) => {
                    out.push(digit(tens));
                    out.push('十');
                    if ones > 0 {
                        out.push(digit(ones));
                    }
                }
            }
        }
    }
    out
}

/// 2023年5月4日.
pub fn date(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn punctuation_beside_chinese_becomes_full_width() {
        assert_eq!(normalised("会议指出,要\"严\"字当头(试行);好!"), "会议指出，要“严”字当头（试行）；好！");
    }

    #[test]
    fn numbers_times_and_latin_text_keep_theirs() {
        let text = "金额1,280.50元，9:30开会，见 a.b@c.d (draft)";
        assert_eq!(normalised(text), text);
    }

    #[test]
    fn chinese_numerals_are_those_of_headings() {
        let seen: Vec<String> = [1, 10, 11, 20, 21, 100, 101, 110, 999, 1000].map(chinese_number).into();
        assert_eq!(
            seen,
            ["一", "十", "十一", "二十", "二十一", "一百", "一百零一", "一百一十", "九百九十九", "1000"]
        );
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing_and_keeps_the_length(text in "[一-龥a-z0-9,;:!?() ]{0,60}") {
            let once = normalised(&text);
            prop_assert_eq!(once.chars().count(), text.chars().count());
            prop_assert_eq!(normalised(&once).chars().count(), once.chars().count());
        }
    }
}
