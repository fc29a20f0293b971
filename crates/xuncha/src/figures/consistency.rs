//! Consistency of a draft text (domain.md 1.3): whether the ratios it prints can be, whether it quotes
//! one figure with two values or another value than the ledgers give, and whether it adds up what overlaps.
//!
//! Numbers are read with their units; which figure one means is told by phrases of the trade before it
//! (or after it). What is not recognised is left alone: a finding is a proposal to the writer.

use std::{
    collections::HashSet,
    ops::{Range, RangeInclusive},
};

use kit::{
    Labelled as _, Refusal, labelled,
    units::{parse_decimal, ratio},
};
use serde_json::{Value as Json, json};

use super::{Computed, Figure, Unit, all, overlap};

/// Longest text that is checked, in characters.
pub const MOST_CHARACTERS: usize = 100_000;
/// Numbers that are read at most: each is held against each other.
pub const MOST_NUMBERS: usize = 1_000;
/// Doubts that are told at most.
const MOST_FINDINGS: usize = 200;
/// Characters of the text that stand before a number where it is quoted.
const QUOTED: usize = 40;

labelled! {
    /// What is wrong.
    pub enum Kind: "疑点" {
        /// A printed ratio that no whole number over the named denominator gives.
        Impossible = "impossible" => "比率不可能", Red;
        /// A figure that the ledgers give another value.
        OtherThanCounted = "other_than_counted" => "与台账不一致", Red;
        /// A figure quoted with two values.
        TwoValues = "two_values" => "前后不一致", Red;
        /// A sum of figures that overlap.
        Overlap = "overlap" => "重复相加", Red;
    }
}

labelled! {
    /// How a number of the text stands to the ledgers.
    pub enum Verdict: "核对结果" {
        /// The ledgers give the same.
        Agrees = "agrees" => "一致", Green;
        /// They give another value.
        Differs = "differs" => "不一致", Red;
        /// They give none, or the text prints more decimals than figures have.
        Open = "open" => "不能判定", Grey;
    }
}

/// One doubt about the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub kind: Kind,
    /// Where the number in question stands, in bytes.
    pub at: usize,
    /// The passage in question.
    pub quote: String,
    /// What is wrong with it, and what would be right.
    pub message: String,
}

/// A number of the text that means a figure, beside what the ledgers give.
#[derive(Clone)]
pub struct Reading {
    /// Where the number stands, in bytes.
    pub at: Range<usize>,
    /// In which line of the text, from 1.
    pub line: usize,
    /// The number as it is printed.
    pub printed: String,
    /// The number with what stands before it.
    pub quote: String,
    /// The figure it means.
    pub figure: &'static Figure,
    /// How the two agree.
    pub verdict: Verdict,
    /// What the ledgers give: one value, or one for each inspection.
    pub counted: Vec<Computed>,
}

/// What was read in a text.
#[derive(Clone)]
pub struct Report {
    /// The numbers that mean a figure, in their order.
    pub readings: Vec<Reading>,
    /// How many numbers with a unit mean none.
    pub other_numbers: usize,
    /// Everything doubtful.
    pub findings: Vec<Finding>,
    /// Whether there was more than is read or told.
    pub cut: bool,
}

impl Report {
    /// How many numbers stand like `verdict` to the ledgers.
    pub fn of(&self, verdict: Verdict) -> usize {
        self.readings.iter().filter(|reading| reading.verdict == verdict).count()
    }

    /// The report for programs.
    pub fn json(&self, text: &str) -> Json {
        let counted = |held: &Computed| {
            json!({
                "value": held.value, "unit": held.unit.label(), "rows": held.drill,
                "inspection": held.scope.as_ref().map(|scope| json!({ "id": scope.id, "name": scope.name })),
            })
        };
        let number = |reading: &Reading| {
            json!({
                "line": reading.line, "printed": reading.printed, "quote": reading.quote,
                "figure": reading.figure.code, "label": reading.figure.label, "verdict": reading.verdict.code(),
                "counted": reading.counted.iter().map(counted).collect::<Vec<_>>(),
            })
        };
        let finding = |finding: &Finding| {
            json!({
                "line": line_of(text, finding.at), "kind": finding.kind.code(),
                "quote": finding.quote, "message": finding.message,
            })
        };
        json!({
            "numbers": self.readings.iter().map(number).collect::<Vec<_>>(),
            "other_numbers": self.other_numbers,
            "findings": self.findings.iter().map(finding).collect::<Vec<_>>(),
            "cut": self.cut,
        })
    }
}

/// The line of `text` in which the byte `at` stands, from 1.
pub fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// Refuses what is no text to check, with a sentence for the field `text`.
///
/// # Errors
/// A refusal for nothing, for too much, and for what no person has written.
pub fn admit(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::field("text", "没有可核对的文字，请粘贴文稿或选择文件"));
    }
    if text.contains('\0') {
        return Err(Refusal::field("text", "文字中有不可见的字符，请从文稿中重新复制后粘贴"));
    }
    if text.chars().nth(MOST_CHARACTERS).is_some() {
        return Err(Refusal::field("text", "文字超过 10 万字，请分成几部分核对"));
    }
    Ok(())
}

/// A number of the text with its unit.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Quantity {
    at: Range<usize>,
    /// The number without its decimal point.
    digits: i64,
    decimals: u32,
    unit: Unit,
    /// What stands before it in its clause, after the number before.
    before: String,
    /// What stands after it in its clause.
    after: String,
    printed: String,
}

/// How units are written, longest first. A longer word that begins like one is none.
const UNITS: [(&str, Unit); 17] = [
    ("万平方米", Unit::WanSquareMetres),
    ("万㎡", Unit::WanSquareMetres),
    ("亿元", Unit::YiYuan),
    ("批次", Unit::Batch),
    ("个月", Unit::Months),
    ("%", Unit::Percent),
    ("％", Unit::Percent),
    ("个", Unit::Count),
    ("家", Unit::Count),
    ("次", Unit::Times),
    ("件", Unit::Item),
    ("例", Unit::Case),
    ("条", Unit::Piece),
    ("项", Unit::Rule),
    ("份", Unit::Copy),
    ("名", Unit::Person),
    ("人", Unit::Person),
];
/// Where a clause ends; a comma of thousands is no end.
const ENDS: [char; 10] = ['，', '。', '；', '、', '！', '？', ';', '\n', '!', '?'];

/// The rates whose numerator or denominator is a figure of its own.
const PARTS: [(&str, Option<&str>, Option<&str>); 3] = [
    ("coverage_rate", Some("units_completed_regular_cum"), None),
    ("rect_completion_rate", None, Some("problems_fed_back_term")),
    ("idle_area_activation_rate", Some("idle_area_activated_cum"), Some("idle_area_found")),
];

/// Everything doubtful in `text`, beside what the ledgers give.
pub fn check(text: &str, computed: &[Computed]) -> Vec<Finding> {
    report(text, computed).findings
}

/// Every number of `text` that means a figure, beside what the ledgers give, and everything doubtful.
pub fn report(text: &str, computed: &[Computed]) -> Report {
    let (quantities, more) = quantities(text);
    let known: Vec<(&Quantity, &'static Figure)> =
        quantities.iter().filter_map(|quantity| Some((quantity, meant(quantity)?))).collect();
    let readings: Vec<Reading> =
        known.iter().map(|(quantity, figure)| reading(text, quantity, figure, computed)).collect();
    let mut findings = Vec::new();
    two_values(&known, computed, &mut findings);
    other_than_counted(&readings, &mut findings);
    impossible(&known, computed, &mut findings);
    overlaps(&quantities, &known, &mut findings);
    let cut = more || findings.len() > MOST_FINDINGS;
    findings.truncate(MOST_FINDINGS);
    Report { other_numbers: quantities.len() - readings.len(), readings, findings, cut }
}

fn reading(text: &str, quantity: &Quantity, figure: &'static Figure, computed: &[Computed]) -> Reading {
    let counted: Vec<Computed> = computed.iter().filter(|held| held.code == figure.code).cloned().collect();
    let values: Vec<i64> = counted.iter().filter_map(|held| parse_decimal(&held.value, 100)).collect();
    let verdict = match quantity.hundredths() {
        Some(printed) if values.contains(&printed) => Verdict::Agrees,
        Some(_) if !values.is_empty() => Verdict::Differs,
        _ => Verdict::Open,
    };
    Reading {
        at: quantity.at.clone(),
        line: line_of(text, quantity.at.start),
        printed: quantity.printed.clone(),
        quote: quote(quantity),
        figure,
        verdict,
        counted,
    }
}

/// Whether a whole number over `whole` prints as `hundredths` of a percent: that number.
///
/// ```
/// use xuncha::figures::consistency::numerator;
/// assert_eq!(numerator(4902, 102), Some(50));
/// assert_eq!(numerator(9292, 1114), None);
/// ```
pub fn numerator(hundredths: i64, whole: i64) -> Option<i64> {
    if whole <= 0 {
        return None;
    }
    let near = i64::try_from(i128::from(hundredths) * i128::from(whole) / 10_000).ok()?;
    (near.saturating_sub(1)..=near.saturating_add(1)).find(|part| percent(*part, whole) == Some(hundredths))
}

/// The denominators over which `part` prints as `hundredths` of a percent; empty when there are none.
///
/// ```
/// use xuncha::figures::consistency::denominators;
/// assert_eq!(denominators(4902, 50), 102..=102);
/// ```
pub fn denominators(hundredths: i64, part: i64) -> RangeInclusive<i64> {
    if hundredths <= 0 || part <= 0 {
        return RangeInclusive::new(1, 0);
    }
    // hundredths − ½ ≤ 10000·part/whole < hundredths + ½
    let (twenty, double) = (20_000 * i128::from(part), 2 * i128::from(hundredths));
    let least = twenty / (double + 1) + 1;
    let most = twenty / (double - 1);
    let fit = |bound: i128| i64::try_from(bound).unwrap_or(i64::MAX);
    fit(least)..=fit(most)
}

fn percent(part: i64, whole: i64) -> Option<i64> {
    parse_decimal(&ratio(part.checked_mul(100)?, whole, 2), 100)
}

/// The numbers with a unit, and whether there are more of them than are read.
fn quantities(text: &str) -> (Vec<Quantity>, bool) {
    let mut found: Vec<Quantity> = Vec::new();
    let mut begins = 0;
    for clause in text.split_inclusive(ENDS) {
        let first = found.len();
        let (mut rest, mut before) = (clause.trim_end_matches(ENDS), String::new());
        let ends = begins + rest.len();
        while let Some(c) = rest.chars().next() {
            if let Some((quantity, length)) = number(rest) {
                if found.len() == MOST_NUMBERS {
                    return (found, true);
                }
                let at = ends - rest.len();
                let before = std::mem::take(&mut before);
                found.push(Quantity { at: at..at + length, before, ..quantity });
                rest = rest.get(length..).unwrap_or_default();
            } else {
                // Digits that are no quantity (2023年) are passed over whole, not from their middle.
                let step = if c.is_ascii_digit() { digits(rest).len() } else { c.len_utf8() };
                before.push_str(rest.get(..step).unwrap_or_default());
                rest = rest.get(step..).unwrap_or_default();
            }
        }
        // What follows a number is what precedes the next one, or the end of the clause.
        let afters: Vec<String> =
            found.iter().skip(first + 1).map(|next| next.before.clone()).chain([before]).collect();
        for (quantity, after) in found.iter_mut().skip(first).zip(afters) {
            quantity.after = after;
        }
        begins += clause.len();
    }
    (found, false)
}

/// The digits at the start of `text`, with decimal point and thousands marks.
fn digits(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// The quantity at the start of `text`, and how many bytes it takes.
fn number(text: &str) -> Option<(Quantity, usize)> {
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let printed = digits(text);
    let length = printed.len();
    let rest = text.get(length..)?;
    if rest.starts_with("个百分点") {
        return None;
    }
    let (written, unit) = UNITS.iter().find(|(written, _)| rest.starts_with(written))?;
    let plain: String = printed.chars().filter(|c| *c != ',').collect();
    let decimals = plain.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let digits = plain.replace('.', "").parse().ok()?;
    let quantity = Quantity {
        at: 0..0,
        digits,
        decimals: u32::try_from(decimals).ok()?,
        unit: *unit,
        before: String::new(),
        after: String::new(),
        printed: format!("{printed}{written}"),
    };
    Some((quantity, length + written.len()))
}

/// The figure a quantity means: the longest phrase that tells one of its unit.
fn meant(quantity: &Quantity) -> Option<&'static Figure> {
    let told = |phrase: &str| match phrase.strip_prefix('…') {
        Some(phrase) => quantity.after.contains(phrase),
        None => quantity.before.contains(phrase),
    };
    all()
        .filter(|figure| alike(figure.unit, quantity.unit))
        // Only bodies are counted so: “市委巡察组对50家” tells no number of teams.
        .filter(|figure| !quantity.printed.ends_with('家') || figure.code.contains("units"))
        .flat_map(|figure| figure.mentions.iter().map(move |phrase| (figure, *phrase)))
        .filter(|(_, phrase)| told(phrase))
        .max_by_key(|(_, phrase)| phrase.len())
        .map(|(figure, _)| figure)
}

/// Whether texts may print a figure of `unit` with `printed`: inspections are also counted like things, and leads are
/// called 件 or 条.
fn alike(unit: Unit, printed: Unit) -> bool {
    let counts = |unit| matches!(unit, Unit::Count | Unit::Times);
    let cases = |unit| matches!(unit, Unit::Item | Unit::Piece);
    unit == printed || (counts(unit) && counts(printed)) || (cases(unit) && cases(printed))
}

fn quote(quantity: &Quantity) -> String {
    let before = quantity.before.trim();
    let passed = before.chars().count().saturating_sub(QUOTED);
    let kept: String = before.chars().skip(passed).collect();
    format!("{}{kept}{}", if passed > 0 { "…" } else { "" }, quantity.printed)
}

impl Quantity {
    /// In hundredths of the printed unit, exactly; none when it is finer.
    fn hundredths(&self) -> Option<i64> {
        match self.decimals {
            0 => self.digits.checked_mul(100),
            1 => self.digits.checked_mul(10),
            2 => Some(self.digits),
            _ => None,
        }
    }

    /// A whole number.
    fn whole(&self) -> Option<i64> {
        (self.decimals == 0).then_some(self.digits)
    }
}

/// Figures given for each inspection have as many values as there are inspections.
fn single(figure: &Figure, computed: &[Computed]) -> bool {
    !matches!(figure.formula, super::Formula::ByInspection(_) | super::Formula::Span(..))
        && computed.iter().filter(|held| held.code == figure.code).count() <= 1
}

fn two_values(known: &[(&Quantity, &'static Figure)], computed: &[Computed], findings: &mut Vec<Finding>) {
    let mut told = HashSet::new();
    for (at, (one, figure)) in known.iter().enumerate() {
        // Only the first of a figure's numbers is held against the others.
        if !told.insert(figure.code) || !single(figure, computed) {
            continue;
        }
        let other = known
            .iter()
            .skip(at + 1)
            .find(|(other, of)| of.code == figure.code && other.hundredths() != one.hundredths());
        if let Some((other, _)) = other {
            findings.push(Finding {
                kind: Kind::TwoValues,
                at: one.at.start,
                quote: format!("{}……{}", quote(one), quote(other)),
                message: format!(
                    "“{}”前后不一致：一处为{}，一处为{}。",
                    figure.label, one.printed, other.printed
                ),
            });
        }
    }
}

fn other_than_counted(readings: &[Reading], findings: &mut Vec<Finding>) {
    for reading in readings.iter().filter(|reading| reading.verdict == Verdict::Differs) {
        let values: Vec<String> =
            reading.counted.iter().map(|held| format!("{}{}", held.value, held.unit.label())).collect();
        let day = reading.counted.first().map(|held| held.as_of.to_string()).unwrap_or_default();
        findings.push(Finding {
            kind: Kind::OtherThanCounted,
            at: reading.at.start,
            quote: reading.quote.clone(),
            message: format!(
                "“{}”文中为{}，按台账截至 {day} 为{}。",
                reading.figure.label,
                reading.printed,
                values.join("、")
            ),
        });
    }
}

fn impossible(known: &[(&Quantity, &'static Figure)], computed: &[Computed], findings: &mut Vec<Finding>) {
    for (rate, of) in known.iter().filter(|(quantity, _)| quantity.unit == Unit::Percent) {
        let Some(hundredths) = rate.hundredths() else { continue };
        let held = computed.iter().find(|held| held.code == of.code);
        for (count, figure) in known {
            if findings.len() > MOST_FINDINGS {
                return;
            }
            if may_be_denominator(of, figure) {
                no_numerator(rate, hundredths, count, held, findings);
            }
            if PARTS.iter().any(|(code, part, _)| *code == of.code && *part == Some(figure.code)) {
                no_denominator(rate, hundredths, count, held, findings);
            }
        }
    }
}

/// Whether readers may take `figure` for what stands below the line: it counts the same kind of record.
fn may_be_denominator(rate: &Figure, figure: &Figure) -> bool {
    let same_records = rate
        .formula
        .whole()
        .is_some_and(|whole| whole.owner.0 == figure.formula.part().owner.0 && whole.amount.is_none());
    let named = PARTS.iter().any(|(code, _, whole)| *code == rate.code && *whole == Some(figure.code));
    figure.formula.whole().is_none() && (named || same_records) && figure.unit == Unit::Count
}

fn no_numerator(
    rate: &Quantity,
    hundredths: i64,
    count: &Quantity,
    held: Option<&Computed>,
    findings: &mut Vec<Finding>,
) {
    let Some(whole) = count.whole().filter(|whole| *whole > 0) else { return };
    // A smaller set than the rate's numerator is nobody's denominator.
    let plausible = held.and_then(|held| held.denominator).is_none_or(|real| whole >= real / 2);
    if !plausible || numerator(hundredths, whole).is_some() {
        return;
    }
    let below = i64::try_from(i128::from(hundredths) * i128::from(whole) / 10_000).unwrap_or_default();
    let near = |part: i64| format!("{part}/{whole}={}%", ratio(part.saturating_mul(100), whole, 2));
    let real = held
        .and_then(|held| Some(format!("按台账的口径应为 {}/{}。", held.numerator?, held.denominator?)))
        .unwrap_or_default();
    findings.push(Finding {
        kind: Kind::Impossible,
        at: rate.at.start,
        quote: format!("{}……{}", quote(count), quote(rate)),
        message: format!(
            "以“{}”为分母得不出{}：{}，{}。{real}请写明比率的分母。",
            quote(count),
            rate.printed,
            near(below),
            near(below + 1),
        ),
    });
}

fn no_denominator(
    rate: &Quantity,
    hundredths: i64,
    count: &Quantity,
    held: Option<&Computed>,
    findings: &mut Vec<Finding>,
) {
    let real = held.and_then(|held| held.denominator);
    let (possible, needed) = match count.whole() {
        Some(part) => {
            let range = denominators(hundredths, part);
            let fits = !range.is_empty() && real.is_none_or(|real| range.contains(&real));
            (fits, format!("{} 至 {}", range.start(), range.end()))
        }
        // A measured numerator is itself rounded: only gross contradictions can be told.
        None => (true, String::new()),
    };
    if possible {
        return;
    }
    let real = real.map(|real| format!("，台账的分母为 {real}")).unwrap_or_default();
    findings.push(Finding {
        kind: Kind::Impossible,
        at: rate.at.start,
        quote: format!("{}……{}", quote(count), quote(rate)),
        message: format!("“{}”与“{}”对不上：分母须在 {needed} 之间{real}。", quote(count), quote(rate)),
    });
}

/// Words that announce a sum.
const TOTALS: [&str; 5] = ["共计", "合计", "总计", "总共", "一共"];

fn overlaps(quantities: &[Quantity], known: &[(&Quantity, &'static Figure)], findings: &mut Vec<Finding>) {
    for total in quantities.iter().filter(|total| TOTALS.iter().any(|word| total.before.contains(word))) {
        let parts: Vec<&(&Quantity, &'static Figure)> =
            known.iter().filter(|(part, _)| *part != total && part.unit == total.unit).collect();
        let pair = parts.iter().enumerate().find_map(|(at, one)| {
            let other = parts.iter().skip(at + 1).find(|other| {
                one.1.code != other.1.code
                    && one.0.hundredths().zip(other.0.hundredths()).map(|(a, b)| a + b) == total.hundredths()
            })?;
            Some((one, other))
        });
        if let Some(((one, first), (other, second))) = pair
            && !overlap::may_add(first.code, second.code)
        {
            findings.push(Finding {
                kind: Kind::Overlap,
                at: total.at.start,
                quote: quote(total),
                message: format!(
                    "{}是“{}{}”与“{}{}”之和，两者可能包含相同的内容，不能相加；请分别列示。",
                    total.printed, first.label, one.printed, second.label, other.printed,
                ),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::*;
    use crate::figures::figure;

    fn computed(code: &str, value: &str, parts: Option<(i64, i64)>) -> Computed {
        let figure = figure(code).unwrap();
        Computed {
            code: figure.code,
            label: figure.label,
            value: value.to_owned(),
            unit: figure.unit,
            numerator: parts.map(|parts| parts.0),
            denominator: parts.map(|parts| parts.1),
            period: String::new(),
            as_of: NaiveDate::from_ymd_opt(2023, 12, 31).unwrap(),
            inclusion: None,
            scope: None,
            drill: None,
        }
    }

    fn ledgers() -> Vec<Computed> {
        vec![
            computed("units_inspected_regular", "35", None),
            computed("problems_fed_back", "1114", None),
            computed("leads_transferred", "120", None),
            computed("audit_linked_leads_cum", "10", None),
            computed("audit_linked_problems_cum", "128", None),
            computed("units_completed_regular_cum", "50", None),
            computed("regular_batches_completed", "10", None),
            computed("coverage_rate", "49.02", Some((50, 102))),
            computed("rect_completion_rate", "92.92", Some((1050, 1130))),
            computed("idle_area_activated_inc", "276.63", None),
            computed("idle_area_activated_cum", "727.13", None),
            computed("idle_area_activation_rate", "92.91", Some((72_713_000_000, 78_262_000_000))),
            computed("asset_income_added_cum", "42.28", None),
            computed("asset_rules_built", "358", None),
            computed("common_problems_handed_over", "345", None),
        ]
    }

    const DRAFT: &str = "全年对35家市级单位开展常规巡察，反馈问题1,114个、移送问题线索120件，累计新增国有资产管理使用收益42.28亿元。\
        截至2023年12月31日，按计划完成10批次50个市级单位的常规巡察，全覆盖率49.02%。巡审联动累计发现问题128个、问题线索10件。\
        问题整改完成率为92.92%。盘活去化闲置国有资产276.63万㎡，累计达727.13万㎡，盘活去化率92.91%，新增收益42.28亿元，建章立制358项，\
        移交共性及突出问题345个。";

    #[test]
    fn of_the_published_numbers_only_the_denominator_of_the_completion_rate_is_in_doubt() {
        let findings = check(DRAFT, &ledgers());
        assert_eq!(findings.len(), 1, "{findings:#?}");
        assert_eq!(findings[0].kind, Kind::Impossible);
        for piece in ["1,114", "92.92%", "1035/1114=92.91%", "1036/1114=93.00%", "1050/1130"] {
            assert!(findings[0].message.contains(piece), "{}", findings[0].message);
        }
    }

    #[test]
    fn every_number_that_means_a_figure_is_recognised() {
        let found: Vec<_> = quantities(DRAFT).0.iter().filter_map(meant).map(|figure| figure.code).collect();
        let named: Vec<_> = ledgers().iter().map(|held| held.code).collect();
        for code in named {
            assert!(found.contains(&code), "{code} in {found:?}");
        }
    }

    #[test]
    fn what_is_counted_tells_bodies_from_teams_and_leads_by_either_word() {
        let codes = |text: &str| -> Vec<&str> {
            quantities(text).0.iter().filter_map(meant).map(|figure| figure.code).collect()
        };
        assert!(codes("市委巡察组完成对50家单位的巡察。").is_empty());
        assert_eq!(codes("移送问题线索120条。"), ["leads_transferred"]);
        assert_eq!(codes("移送问题线索120件。"), ["leads_transferred"]);
    }

    #[test]
    fn one_figure_with_two_values_is_told_once() {
        let text = "反馈问题1114个。……全年反馈问题1104个，反馈问题1114个。";
        let kinds: Vec<_> = check(text, &ledgers()).into_iter().map(|finding| finding.kind).collect();
        assert_eq!(kinds, [Kind::TwoValues, Kind::OtherThanCounted]);
    }

    #[test]
    fn a_rate_that_its_numerator_cannot_give_is_told() {
        let findings = check("完成50个市级单位的常规巡察，全覆盖率49.10%。", &ledgers());
        let kinds: Vec<_> = findings.iter().map(|finding| finding.kind).collect();
        assert_eq!(kinds, [Kind::OtherThanCounted, Kind::Impossible], "{findings:#?}");
    }

    #[test]
    fn a_sum_of_overlapping_figures_is_refused_and_one_of_disjoint_figures_is_not() {
        let findings = check("反馈问题1114个，巡审联动发现问题128个，合计1242个。", &ledgers());
        assert_eq!(findings.len(), 1, "{findings:#?}");
        assert_eq!(findings[0].kind, Kind::Overlap);
        assert!(check("推动建章立制42项，资产整改建章立制358项，合计400项。", &[]).is_empty());
    }

    #[test]
    fn each_number_stands_at_its_place_beside_what_the_ledgers_give() {
        let text = "一、概况\n全年反馈问题1,114个，移送问题线索121件；\n全覆盖率49.0196%，跟班参巡的区级干部3人，另有9个。";
        let report = report(text, &ledgers());
        let seen: Vec<_> = report
            .readings
            .iter()
            .map(|one| (&text[one.at.clone()], one.line, one.figure.code, one.verdict))
            .collect();
        assert_eq!(
            seen,
            [
                ("1,114个", 2, "problems_fed_back", Verdict::Agrees),
                ("121件", 2, "leads_transferred", Verdict::Differs),
                ("49.0196%", 3, "coverage_rate", Verdict::Open),
                ("3人", 3, "district_cadres_trained", Verdict::Open),
            ]
        );
        assert_eq!((report.other_numbers, report.cut), (1, false));
        assert_eq!(&text[report.findings[0].at..][..6], "121件");
        let printed = report.json(text);
        assert_eq!(printed["numbers"][1]["verdict"], "differs");
        assert_eq!(printed["numbers"][1]["counted"][0]["value"], "120");
        assert_eq!(printed["findings"][0]["line"], 2);
    }

    #[test]
    fn what_is_no_text_to_check_is_refused_with_a_sentence() {
        for nonsense in ["", " \n\u{3000}", "反馈问题\u{0}1114个", &"9".repeat(1 << 20)] {
            let refusal = admit(nonsense).unwrap_err();
            assert!(refusal.fields.iter().any(|(name, _)| name == "text"), "{refusal:?}");
        }
        assert!(admit(DRAFT).is_ok());
    }

    #[test]
    fn hostile_texts_are_read_in_time_and_told_in_part() {
        let begun = std::time::Instant::now();
        let pieces = ["反馈问题9个，", "整改完成率9.1%，", "合计9个，", "1.", "....", "9999", "，"];
        for piece in pieces {
            let text = piece.repeat(MOST_CHARACTERS / piece.chars().count());
            report(&text, &ledgers());
        }
        let pairs: Vec<String> = (0..9_000).map(|n| format!("反馈问题{n}个，整改完成率{n}.1%，")).collect();
        let mixed = pairs.concat();
        let found = report(&mixed, &ledgers());
        assert!(found.cut && found.findings.len() == MOST_FINDINGS && found.readings.len() == MOST_NUMBERS);
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }

    #[test]
    fn dates_and_numbers_without_a_figure_are_left_alone() {
        assert!(
            check("2023年4月至6月，“1+3”报告，3份专题材料，第12轮，电话0592-123456，3.14。", &ledgers())
                .is_empty()
        );
        assert!(check("", &[]).is_empty());
    }

    proptest! {
        #[test]
        fn a_printed_share_is_always_possible(part in 1i64..100_000, more in 0i64..100_000) {
            let whole = part + more;
            let hundredths = percent(part, whole).unwrap();
            prop_assert!(numerator(hundredths, whole).is_some());
            if hundredths > 0 {
                prop_assert!(denominators(hundredths, part).contains(&whole));
            }
        }

        #[test]
        fn any_text_can_be_checked(text in "\\PC{0,200}") {
            check(&text, &ledgers());
        }
    }
}
