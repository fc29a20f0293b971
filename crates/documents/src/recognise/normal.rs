//! Writing habits taken out of texts before they are compared: widths, spaces, brackets, units in headers.

use super::Unit;

/// Full-width letters, digits and signs as their plain forms; wide and special spaces as a plain space.
pub(super) fn plain_width(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\u{200b}' | '\u{feff}'))
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '\u{3000}' | '\u{a0}' => ' ',
            c => c,
        })
        .collect()
}

/// Like [`plain_width`], without any white space.
pub(super) fn compact(text: &str) -> String {
    let mut text = plain_width(text);
    text.retain(|c| !c.is_whitespace());
    text
}

/// A short text as one line: plain widths, and no spaces between Chinese characters (单 位 is 单位).
pub(super) fn one_line(text: &str) -> String {
    let text = plain_width(text);
    let mut line = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.trim().chars() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        if gap && c.is_ascii() && line.ends_with(|last: char| last.is_ascii()) {
            line.push(' ');
        }
        gap = false;
        line.push(c);
    }
    line
}

/// A header as its name and the unit it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) name: String,
    pub(super) unit: Option<Unit>,
}

impl Name {
    /// Splits `金 额（万元）` into 金额 and 万元; other brackets are dropped.
    pub(super) fn of(header: &str) -> Self {
        let mut name = String::new();
        let mut bracket = String::new();
        let mut unit = None;
        let mut depth = 0usize;
        for c in compact(header).chars() {
            match c {
                '(' | '[' | '【' | '〔' | '{' => depth += 1,
                ')' | ']' | '】' | '〕' | '}' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        unit = unit.or_else(|| Unit::named(bracket.trim_start_matches("单位:")));
                        bracket.clear();
                    }
                }
                _ if depth > 0 => bracket.push(c),
                '*' | ':' | '：' | '、' | '。' | '"' | '“' | '”' => {}
                c => name.extend(c.to_lowercase()),
            }
        }
        if unit.is_none()
            && let Some((before, after)) = name.split_once('/')
            && let Some(found) = Unit::named(after)
        {
            unit = Some(found);
            let kept = before.len();
            name.truncate(kept);
        }
        Self { name, unit }
    }
}

/// The unit a line such as `单位：万元、㎡` above the table names for money or areas.
pub(super) fn unit_in_line(line: &str, fits: impl Fn(Unit) -> bool) -> Option<Unit> {
    let line = compact(line);
    let (_, units) = line.split_once("单位:")?;
    units.split(['、', ',', '，', '/', ';', ')', '）']).filter_map(Unit::named).find(|unit| fits(*unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_compared_without_their_dress() {
        assert_eq!(Name::of("单 位\n名称"), Name { name: "单位名称".to_owned(), unit: None });
        assert_eq!(
            Name::of("金额（万元）"),
            Name { name: "金额".to_owned(), unit: Some(Unit::TenThousandYuan) }
        );
        assert_eq!(Name::of("面积(万㎡)").unit, Some(Unit::TenThousandSquareMetres));
        assert_eq!(Name::of("面积/平方米"), Name { name: "面积".to_owned(), unit: Some(Unit::SquareMetre) });
        assert_eq!(Name::of("完成率［％］").unit, Some(Unit::Percent));
        assert_eq!(Name::of("＊责任领导（签字）").name, "责任领导");
    }

    #[test]
    fn a_line_above_the_table_may_name_units() {
        assert_eq!(unit_in_line("单位：万元、㎡", Unit::is_money), Some(Unit::TenThousandYuan));
        assert_eq!(unit_in_line("单位：万元、㎡", Unit::is_area), Some(Unit::SquareMetre));
        assert_eq!(unit_in_line("填报单位：市财政局", Unit::is_money), None);
    }

    #[test]
    fn spaces_inside_words_go_and_between_latin_words_stay() {
        assert_eq!(one_line(" 市 教\n育局 "), "市教育局");
        assert_eq!(one_line("Ｇ２０１ 设备 no 3"), "G201设备no 3");
    }
}
