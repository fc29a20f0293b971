//! One cell read as the kind of value its column holds.

use std::sync::Arc;

use super::dates::{self, Due};
use super::normal::{compact, one_line, plain_width};
use super::{Options, Parsed, Unit, ValueKind};
use crate::decimal::Decimal;
use crate::sheet::Cell;

/// What a cell gave: nothing, a value, or the reason why not.
pub(super) type Reading = Result<Option<Parsed>, String>;

/// Reads `cell` as `kind`. `unit` is what the header or the line above the table says.
pub(super) fn read(cell: &Cell, kind: ValueKind, unit: Option<Unit>, options: &Options) -> Reading {
    match cell {
        Cell::Empty => return Ok(None),
        Cell::Error(error) => return Err(format!("单元格是公式错误 {error}")),
        Cell::Text(text) if is_placeholder(text, kind) => return Ok(None),
        _ => {}
    }
    let value = match kind {
        ValueKind::Text => Parsed::Text(shared(cell, one_line)),
        ValueKind::LongText => Parsed::Text(shared(cell, |text| text.trim().to_owned())),
        ValueKind::Date => Parsed::Date(date(cell)?),
        ValueKind::Deadline => Parsed::Deadline(due(cell, options)?, raw(cell)),
        ValueKind::Money => Parsed::Money(quantity(cell, unit, Unit::Yuan, Unit::is_money, "金额")?),
        ValueKind::Area => Parsed::Area(quantity(cell, unit, Unit::SquareMetre, Unit::is_area, "面积")?),
        ValueKind::Integer => Parsed::Integer(integer(cell)?),
        ValueKind::Year => Parsed::Integer(year(cell)?),
        ValueKind::Percent => Parsed::Percent(percent(cell, unit)?),
        ValueKind::YesNo => Parsed::YesNo(yes_no(cell)?),
        ValueKind::Choice(choices) => Parsed::Choice(choice(cell, choices)?),
        ValueKind::People => Parsed::People(people(&raw(cell)).into()),
        ValueKind::Numbered => Parsed::Numbered(numbered(&raw(cell)).into()),
    };
    Ok(Some(value))
}

/// The cell as text, in the form a reader sees.
pub(super) fn raw(cell: &Cell) -> Arc<str> {
    match cell {
        Cell::Empty => "".into(),
        Cell::Text(text) => Arc::clone(text),
        Cell::Number(number) => number.to_string().into(),
        Cell::Date(date) => date.to_string().into(),
        Cell::DateTime(instant) => instant.to_string().into(),
        Cell::Bool(true) => "是".into(),
        Cell::Bool(false) => "否".into(),
        Cell::Error(error) => (*error).into(),
    }
}

/// A lone stroke stands for an empty cell everywhere, a lone 无 where no text is expected.
fn is_placeholder(text: &str, kind: ValueKind) -> bool {
    let text = compact(text);
    let strokes = text.chars().all(|c| matches!(c, '/' | '\\' | '-' | '—' | '–' | '―' | '─' | '·'));
    let takes_words =
        matches!(kind, ValueKind::Text | ValueKind::LongText | ValueKind::YesNo | ValueKind::Choice(_));
    strokes || (!takes_words && matches!(text.as_str(), "无" | "暂无"))
}

/// The cleaned text; shares the cell's memory when cleaning changes nothing.
fn shared(cell: &Cell, clean: impl Fn(&str) -> String) -> Arc<str> {
    let raw = raw(cell);
    let cleaned = clean(&raw);
    if *raw == *cleaned { raw } else { cleaned.into() }
}

fn date(cell: &Cell) -> Result<chrono::NaiveDate, String> {
    let date = match cell {
        Cell::Date(date) => Some(*date),
        Cell::DateTime(instant) => Some(instant.date()),
        Cell::Number(number) => whole(*number).and_then(dates::from_number),
        Cell::Text(text) => dates::date(text).or_else(|| day_number(text)),
        _ => None,
    };
    date.ok_or_else(|| format!("“{}”不是完整的日期，请写成 2023-04-06 的形式", brief(cell)))
}

fn due(cell: &Cell, options: &Options) -> Result<Due, String> {
    let due = match cell {
        Cell::Text(text) => dates::due(text, options.default_year).or_else(|| day_number(text).map(Due::On)),
        // A month typed into a date cell is kept as its first day; it cannot be told from that day.
        _ => date(cell).ok().map(Due::On),
    };
    due.ok_or_else(|| format!("看不懂时限“{}”，请写日期、年月、年月底前，或立行立改、长期坚持", brief(cell)))
}

/// The day number of a date cell turned into text.
fn day_number(text: &str) -> Option<chrono::NaiveDate> {
    compact(text)
        .parse()
        .ok()
        .filter(|number| (20_000..=80_000).contains(number))
        .and_then(dates::from_number)
}

fn whole(number: f64) -> Option<i64> {
    Decimal::from_stored(number).and_then(Decimal::whole)
}

fn decimal(cell: &Cell) -> Option<(Decimal, String)> {
    match cell {
        Cell::Number(number) => Decimal::from_stored(*number).map(|number| (number, String::new())),
        Cell::Text(text) => {
            let text = compact(text);
            let text = text.trim_start_matches(['¥', '￥']);
            let end = text
                .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '-' | '+'))
                .unwrap_or(text.len());
            let (number, rest) = text.split_at_checked(end)?;
            Decimal::parse(number).map(|number| (number, rest.to_owned()))
        }
        _ => None,
    }
}

/// A figure with a unit: the cell's own unit wins over the header's, and without either `usual` holds.
fn quantity(
    cell: &Cell,
    header: Option<Unit>,
    usual: Unit,
    fits: impl Fn(Unit) -> bool,
    what: &str,
) -> Result<i64, String> {
    let unread = || format!("“{}”不是{what}", brief(cell));
    let (number, own) = decimal(cell).ok_or_else(unread)?;
    let unit = match own.as_str() {
        "" => header.unwrap_or(usual),
        // 3.2亿 of money leaves the 元 out.
        own => Unit::named(own).or_else(|| Unit::named(&format!("{own}元"))).ok_or_else(unread)?,
    };
    if !fits(unit) {
        return Err(format!("“{}”的单位“{unit}”不是{what}单位", brief(cell)));
    }
    let factor = unit.factor().ok_or_else(|| format!("单位“{unit}”不能精确换算，请改用平方米"))?;
    number.times(factor).ok_or_else(|| format!("{what}“{}”超出范围", brief(cell)))
}

fn integer(cell: &Cell) -> Result<i64, String> {
    const COUNTERS: [&str; 16] =
        ["", "个", "人", "件", "项", "条", "次", "户", "家", "名", "宗", "处", "人次", "批", "份", "套"];
    decimal(cell)
        .filter(|(_, counter)| COUNTERS.contains(&counter.as_str()))
        .and_then(|(number, _)| number.whole())
        .ok_or_else(|| format!("“{}”不是整数", brief(cell)))
}

fn year(cell: &Cell) -> Result<i64, String> {
    const WORDS: [&str; 3] = ["", "年", "年度"];
    decimal(cell)
        .filter(|(_, word)| WORDS.contains(&word.as_str()))
        .and_then(|(number, _)| number.whole())
        .filter(|year| (1900..=2199).contains(year))
        .ok_or_else(|| format!("“{}”不是年份，请写成 2023 或 2023年", brief(cell)))
}

/// Millionths. A bare number above one without a sign anywhere could be a multiple or per cent: it is not guessed.
fn percent(cell: &Cell, header: Option<Unit>) -> Result<i64, String> {
    let unread = || format!("“{}”不是百分比", brief(cell));
    let (number, sign) = decimal(cell).ok_or_else(unread)?;
    let factor = match (sign.as_str(), header) {
        ("%", _) | ("", Some(Unit::Percent)) => 10_000,
        ("", None) if number.within_one() => 1_000_000,
        ("", None) => return Err(format!("“{}”没有百分号，分不清是百分数还是倍数", brief(cell))),
        _ => return Err(unread()),
    };
    number.times(factor).ok_or_else(unread)
}

fn yes_no(cell: &Cell) -> Result<bool, String> {
    const YES: [&str; 12] = ["是", "有", "√", "✓", "✔", "对", "y", "yes", "true", "1", "已", "☑"];
    const NO: [&str; 12] = ["否", "无", "×", "✗", "✘", "x", "n", "no", "false", "0", "未", "没有"];
    let word = compact(&raw(cell)).to_lowercase();
    if YES.contains(&word.as_str()) {
        Ok(true)
    } else if NO.contains(&word.as_str()) {
        Ok(false)
    } else {
        Err(format!("“{}”不是“是”或“否”", brief(cell)))
    }
}

fn choice(cell: &Cell, choices: super::Choices) -> Result<&'static str, String> {
    let word = compact(&raw(cell)).to_lowercase();
    let fits = |candidate: &str| compact(candidate).to_lowercase() == word;
    choices
        .iter()
        .find(|(code, words)| fits(code) || words.iter().any(|candidate| fits(candidate)))
        .map(|(code, _)| *code)
        .ok_or_else(|| {
            let allowed: Vec<_> =
                choices.iter().map(|(code, words)| words.first().copied().unwrap_or(code)).collect();
            format!("“{}”不在可选范围内（{}）", brief(cell), allowed.join("、"))
        })
}

/// Names separated by signs, line breaks or spaces; 张 三 is one name.
fn people(text: &str) -> Vec<String> {
    let text = plain_width(text);
    let parts = text.split(['、', ',', ';', '/', '\n']);
    parts.flat_map(spaced_names).collect()
}

fn spaced_names(part: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut open = false;
    for word in part.split_whitespace() {
        let single = word.chars().count() == 1;
        match names.last_mut() {
            Some(last) if single && open => {
                last.push_str(word);
                open = false;
            }
            _ => {
                names.push(word.to_owned());
                open = single;
            }
        }
    }
    names
}

/// How the items of a list are numbered.
#[derive(Clone, Copy, PartialEq)]
enum Style {
    /// `1.` `1、`
    Digits,
    /// `(1)`, `1)`
    BracketedDigits,
    /// `①`
    Circled,
    /// `一、`
    Chinese,
    /// `（一）`
    BracketedChinese,
}

/// The items of a numbered text without their numbers; a text without numbering is one item.
///
/// Only numbers that continue the first one's style count, so that `1.5万元` or a nested `（1）` stays inside its item.
fn numbered(text: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    let mut item = String::new();
    let mut style = None;
    let mut expected = 1;
    let mut rest = text.trim();
    let mut at_boundary = true;
    while let Some(c) = rest.chars().next() {
        let marker = if at_boundary { marker(rest) } else { None };
        if let Some((found, number, after)) = marker
            && number == expected
            && style.is_none_or(|style| style == found)
        {
            // Words before the first number are kept at the head of the first item.
            if expected > 1 {
                push_item(&mut items, &mut item);
            }
            style = Some(found);
            expected += 1;
            rest = after;
            at_boundary = false;
            continue;
        }
        at_boundary = matches!(c, '\n' | '。' | ';' | '；' | ':' | '：')
            || (at_boundary && c.is_whitespace())
            || matches!(c, ' ' | '\u{3000}');
        item.push(c);
        rest = rest.strip_prefix(c).unwrap_or_default();
    }
    push_item(&mut items, &mut item);
    items
}

fn push_item(items: &mut Vec<String>, item: &mut String) {
    let trimmed = item.trim();
    if !trimmed.is_empty() {
        items.push(trimmed.to_owned());
    }
    item.clear();
}

fn marker(text: &str) -> Option<(Style, u32, &str)> {
    let first = text.chars().next()?;
    if let Some(number) = circled(first) {
        return Some((Style::Circled, number, text.strip_prefix(first)?));
    }
    if matches!(first, '(' | '（') {
        let (number, chinese, after) = number(text.strip_prefix(first)?)?;
        let after = after.strip_prefix([')', '）'])?;
        return Some((if chinese { Style::BracketedChinese } else { Style::BracketedDigits }, number, after));
    }
    let (number, chinese, after) = number(text)?;
    if chinese {
        return Some((Style::Chinese, number, after.strip_prefix(['、', '.', '．'])?));
    }
    if let Some(after) = after.strip_prefix([')', '）']) {
        return Some((Style::BracketedDigits, number, after));
    }
    let after = after.strip_prefix(['.', '、', '．', '。'])?;
    (!after.starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c))).then_some((
        Style::Digits,
        number,
        after,
    ))
}

fn circled(c: char) -> Option<u32> {
    ('①'..='⑳').contains(&c).then(|| u32::from(c) - u32::from('①') + 1)
}

/// One or two digits, or a Chinese number up to 99; says which.
fn number(text: &str) -> Option<(u32, bool, &str)> {
    const CHINESE: &str = "一二三四五六七八九十";
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let end = text.find(|c: char| !is_digit(c)).unwrap_or(text.len());
    let (digits, after) = text.split_at_checked(end)?;
    if !digits.is_empty() {
        let digits = plain_width(digits);
        return (digits.len() <= 2)
            .then(|| digits.parse().ok().map(|number| (number, false, after)))
            .flatten();
    }
    let end = text.find(|c: char| !CHINESE.contains(c)).unwrap_or(text.len());
    let (digits, after) = text.split_at_checked(end)?;
    chinese_number(digits).map(|number| (number, true, after))
}

fn chinese_number(text: &str) -> Option<u32> {
    let digit = |text: &str| match text {
        "" => None,
        text => "一二三四五六七八九".chars().position(|c| text.chars().eq([c])).map(|index| index as u32 + 1),
    };
    match text.split_once('十') {
        None => digit(text),
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { digit(tens)? };
            let ones = if ones.is_empty() { 0 } else { digit(ones)? };
            Some(tens * 10 + ones)
        }
    }
}

/// The start of a cell's text, for messages.
fn brief(cell: &Cell) -> String {
    const MOST: usize = 30;
    let text = raw(cell);
    let mut brief: String = text.trim().chars().take(MOST).collect();
    if text.trim().chars().count() > MOST {
        brief.push('…');
    }
    brief
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Cell {
        Cell::Text(value.into())
    }

    fn money(cell: &Cell, unit: Option<Unit>) -> Reading {
        read(cell, ValueKind::Money, unit, &Options::default())
    }

    #[test]
    fn amounts_follow_the_cell_then_the_header_then_the_usual_unit() {
        let wan = Some(Unit::TenThousandYuan);
        assert_eq!(money(&Cell::Number(782.6), wan), Ok(Some(Parsed::Money(782_600_000))));
        assert_eq!(money(&text("１，２３４．５"), wan), Ok(Some(Parsed::Money(1_234_500_000))));
        assert_eq!(money(&text("3.2亿"), wan), Ok(Some(Parsed::Money(32_000_000_000))));
        assert_eq!(money(&text("¥1,234.56"), None), Ok(Some(Parsed::Money(123_456))));
        assert_eq!(money(&text("/"), None), Ok(None));
        assert_eq!(money(&text("无"), None), Ok(None));
        assert!(money(&text("约3万"), None).is_err());
        assert!(money(&text("12㎡"), None).is_err());
        assert!(money(&Cell::Error("#REF!"), None).unwrap_err().contains("#REF!"));
    }

    #[test]
    fn areas_are_exact_and_mu_is_not_guessed() {
        let area = |value: &str, unit| read(&text(value), ValueKind::Area, unit, &Options::default());
        assert_eq!(
            area("276.63", Some(Unit::TenThousandSquareMetres)),
            Ok(Some(Parsed::Area(27_663_000_000)))
        );
        assert_eq!(area("12.5平方米", None), Ok(Some(Parsed::Area(125_000))));
        assert!(area("3亩", None).unwrap_err().contains("亩"));
    }

    #[test]
    fn shares_need_a_sign_or_a_fraction() {
        let share = |cell: Cell, unit| read(&cell, ValueKind::Percent, unit, &Options::default());
        assert_eq!(share(text("98.5％"), None), Ok(Some(Parsed::Percent(985_000))));
        assert_eq!(share(Cell::Number(0.985), None), Ok(Some(Parsed::Percent(985_000))));
        assert_eq!(share(Cell::Number(98.5), Some(Unit::Percent)), Ok(Some(Parsed::Percent(985_000))));
        assert!(share(Cell::Number(98.5), None).unwrap_err().contains("百分号"));
    }

    #[test]
    fn measures_in_one_cell_come_apart() {
        assert_eq!(
            numbered("1.修订制度；2.清理资产1.5万平方米。3、开展培训"),
            ["修订制度；", "清理资产1.5万平方米。", "开展培训"]
        );
        assert_eq!(numbered("（1）甲\n（2）乙"), ["甲", "乙"]);
        assert_eq!(numbered("①甲 ②乙 ③丙"), ["甲", "乙", "丙"]);
        assert_eq!(numbered("一、甲\n（一）子项\n二、乙"), ["甲\n（一）子项", "乙"]);
        assert_eq!(numbered("措施：1. 甲\n2. 乙"), ["措施： 甲", "乙"]);
        assert_eq!(numbered("只有一条措施，涉及2.5万元"), ["只有一条措施，涉及2.5万元"]);
        assert_eq!(numbered("2023年修订，1个月内完成"), ["2023年修订，1个月内完成"]);
    }

    #[test]
    fn names_come_apart_and_spaced_names_stay_whole() {
        assert_eq!(people("张三、李四，王五;赵六\n钱七"), ["张三", "李四", "王五", "赵六", "钱七"]);
        assert_eq!(people("张 三、欧阳修"), ["张三", "欧阳修"]);
        assert_eq!(people("张三 李四"), ["张三", "李四"]);
        assert_eq!(people("张　三　李　四"), ["张三", "李四"]);
    }

    #[test]
    fn choices_name_what_is_allowed() {
        const STATES: super::super::Choices = &[("done", &["已完成", "销号"]), ("open", &["整改中"])];
        let state = |value: &str| read(&text(value), ValueKind::Choice(STATES), None, &Options::default());
        assert_eq!(state("已 完成"), Ok(Some(Parsed::Choice("done"))));
        assert!(state("差不多").unwrap_err().contains("已完成、整改中"));
    }

    #[test]
    fn counts_may_carry_their_counter() {
        let count = |cell: Cell| read(&cell, ValueKind::Integer, None, &Options::default());
        assert_eq!(count(text("１２个")), Ok(Some(Parsed::Integer(12))));
        assert_eq!(count(Cell::Number(3.0)), Ok(Some(Parsed::Integer(3))));
        assert!(count(Cell::Number(3.5)).is_err());
    }
}
