//! Numbers in a text: amounts, counts and what they count.

/// A number with the word after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// As it stands in the text, with its unit.
    pub words: String,
    /// Its value in the smallest usual unit: 万 and 亿 are multiplied out.
    pub value: f64,
    /// What follows the number: 万元, 个, 件.
    pub unit: String,
    /// Where it begins, in characters.
    pub at: usize,
}

/// Units after which a number says something that can be checked.
const UNITS: &[&str] = &[
    "亿元",
    "万元",
    "元",
    "万平方米",
    "平方米",
    "亩",
    "个百分点",
    "个",
    "件",
    "条",
    "项",
    "人次",
    "人",
    "户",
    "次",
    "笔",
    "份",
    "宗",
    "例",
    "套",
    "%",
];

/// The numbers of `text` that count or measure something. Years, dates, document numbers and article numbers do not.
pub fn figures(text: &str) -> Vec<Figure> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let (value, to) = number(&chars, at);
        let Some(value) = value else {
            at += 1;
            continue;
        };
        let rest: String = chars.iter().skip(to).take(4).collect();
        let ordinal =
            at.checked_sub(1).and_then(|before| chars.get(before)).is_some_and(|c| "第〔（(.-".contains(*c));
        if let Some(unit) = UNITS.iter().find(|unit| rest.starts_with(**unit)).filter(|_| !ordinal) {
            let words: String =
                chars.iter().skip(at).take(to - at).chain(&unit.chars().collect::<Vec<_>>()).collect();
            let factor = if unit.starts_with('亿') {
                1e8
            } else if unit.starts_with('万') {
                1e4
            } else {
                1.0
            };
            found.push(Figure { words, value: value * factor, unit: (*unit).to_owned(), at });
        }
        at = to;
    }
    found
}

/// A number that begins at `at`: Arabic with separators and decimals, or Chinese up to 九百九十九.
fn number(chars: &[char], at: usize) -> (Option<f64>, usize) {
    let digits = |from: usize| {
        chars.iter().skip(from).take_while(|c| c.is_ascii_digit() || matches!(c, ',' | '，' | '.')).count()
    };
    if chars.get(at).is_some_and(char::is_ascii_digit) {
        let mut to = at + digits(at);
        while to > at && chars.get(to - 1).is_some_and(|c| !c.is_ascii_digit()) {
            to -= 1;
        }
        let plain: String =
            chars.iter().skip(at).take(to - at).filter(|c| !matches!(c, ',' | '，')).collect();
        return (plain.parse().ok(), to.max(at + 1));
    }
    let count = chars.iter().skip(at).take_while(|c| "一二两三四五六七八九十百".contains(**c)).count();
    let words: String = chars.iter().skip(at).take(count).collect();
    (chinese(&words), at + count.max(1))
}

fn chinese(words: &str) -> Option<f64> {
    let (mut total, mut held, mut any) = (0.0, 0.0, false);
    for c in words.chars() {
        any = true;
        match c {
            '百' => {
                total += if held == 0.0 { 100.0 } else { held * 100.0 };
                held = 0.0;
            }
            '十' => {
                total += if held == 0.0 { 10.0 } else { held * 10.0 };
                held = 0.0;
            }
            '两' => held = 2.0,
            c => held = 1.0 + "一二三四五六七八九".chars().position(|digit| digit == c)? as f64,
        }
    }
    any.then_some(total + held)
}

/// Whether `value` is said in one of `texts`, in whatever unit.
pub fn said_in(value: f64, texts: &[String]) -> bool {
    texts
        .iter()
        .any(|text| figures(text).iter().any(|figure| close(figure.value, value)) || bare(text, value))
}

/// Two amounts are the same when they differ by rounding to hundredths of the larger unit only.
pub fn close(one: f64, other: f64) -> bool {
    let scale = one.abs().max(other.abs()).max(1.0);
    (one - other).abs() <= scale * 5e-4
}

/// A number without unit, as figures in tables stand.
fn bare(text: &str, value: f64) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let (found, to) = number(&chars, at);
        if found.is_some_and(|found| close(found, value)) {
            return true;
        }
        at = to;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<(String, f64)> {
        figures(text).into_iter().map(|figure| (figure.words, figure.value)).collect()
    }

    #[test]
    fn amounts_and_counts_are_read_in_both_ways_of_writing() {
        assert_eq!(
            values("发现问题32个，涉及1,280.50万元、2.4亿元，其中三个项目、十二人次、一百零几户。"),
            [
                (String::from("32个"), 32.0),
                (String::from("1,280.50万元"), 12_805_000.0),
                (String::from("2.4亿元"), 240_000_000.0),
                (String::from("三个"), 3.0),
                (String::from("十二人次"), 12.0),
            ]
        );
    }

    #[test]
    fn years_articles_and_document_numbers_are_no_figures() {
        assert_eq!(values("2023年5月4日，依据第三条和〔2023〕12号文，第五个五年规划。"), []);
    }

    #[test]
    fn an_amount_is_found_again_in_another_unit() {
        let texts = [String::from("结转312.5万元")];
        assert!(said_in(3_125_000.0, &texts) && said_in(312.5, &texts));
        assert!(!said_in(298.0, &texts));
    }
}
