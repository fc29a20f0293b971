//! Sums: in whose hands it lies, how it went month by month beside the peers, what was there and what came and went.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use kit::{Refusal, Result, Shown, shown::escaped, web::Query};
use models::{
    look::{Cell, ident},
    value::FieldKind,
};

use super::{Seen, Sheet, View, chart, money, rows::chooser, telling};
use crate::said;

/// Parts that are listed.
const PARTS: usize = 50;
/// Rows of sums that a series is made of.
const MOST_SUMS: usize = 200_000;

fn names(seen: &Seen, fits: impl Fn(FieldKind) -> bool) -> Vec<String> {
    seen.columns.kept.iter().filter(|kept| fits(kept.kind)).map(|kept| kept.name.clone()).collect()
}

pub(super) fn is_number(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::Integer | FieldKind::Number | FieldKind::Money)
}

/// Whether a column may say when.
pub(super) fn is_period(kind: FieldKind) -> bool {
    !matches!(kind, FieldKind::Money | FieldKind::Number | FieldKind::Person)
}

/// Whether a column holds days.
pub(super) fn is_day(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::Date | FieldKind::Time)
}

/// The column that was chosen, when it is one of those offered.
fn chosen(query: &Query, name: &str, offered: &[String]) -> Option<String> {
    query.get(name).filter(|column| offered.iter().any(|held| held == column)).map(str::to_owned)
}

/// A column whose heading holds one of `words`, else the first.
fn likely(offered: &[String], words: &[&str]) -> Option<String> {
    let found = words.iter().find_map(|word| offered.iter().find(|column| column.contains(word)));
    found.or_else(|| offered.first()).cloned()
}

fn amount(value: f64, is_money: bool) -> Shown {
    if is_money { money(value) } else { Shown::text(telling(value)) }
}

/// The number for a picture: money in yuan.
fn drawn(value: f64, is_money: bool) -> f64 {
    if is_money { value / 100.0 } else { value }
}

pub(super) async fn concentration(seen: &Seen, query: &Query) -> Result<View> {
    let all = names(seen, |kind| kind != FieldKind::Person);
    let sums = names(seen, is_number);
    let group = chosen(query, "group", &all).or_else(|| {
        likely(
            &names(seen, |kind| kind == FieldKind::Text || kind == FieldKind::Code),
            &["中标人", "供应商", "单位", "投标人"],
        )
    });
    let Some(group) = group else {
        return Err(Refusal::conflict("这批数据没有可以分组的列。").into());
    };
    let column = chosen(query, "amount", &sums);
    let is_money =
        column.as_deref().is_some_and(|column| seen.columns.kind(column).ok() == Some(FieldKind::Money));
    let found = seen.columns.concentration(&group, column.as_deref(), PARTS).await.map_err(said)?;
    let what = column.clone().unwrap_or_else(|| String::from("行数"));
    let mut sheet =
        Sheet::new("集中度", &["名次", group.as_str(), "行数", what.as_str(), "占比", "累计占比"]);
    let mut so_far = 0.0;
    let mut top = Vec::new();
    for (at, share) in found.shares.iter().enumerate() {
        so_far += share.sum;
        if [1, 4, 10].contains(&(at + 1)) {
            top.push(format!("前 {} 家占 {:.2}%", at + 1, part(so_far, found.total)));
        }
        sheet.rows.push(vec![
            Shown::Integer(at as i64 + 1),
            Shown::text(&share.name),
            Shown::Integer(i64::try_from(share.count).unwrap_or(i64::MAX)),
            amount(share.sum, is_money),
            Shown::text(format!("{:.2}%", part(share.sum, found.total))),
            Shown::text(format!("{:.2}%", part(so_far, found.total))),
        ]);
    }
    let above = chooser(
        "parts",
        &[("group", "按", true), ("amount", "合计", false)],
        &all,
        &[Some(group.clone()), column],
    ) + &format!(
        "<p class=\"panel-body\">共 {} 家；{}。赫芬达尔指数 {:.4}（各家占比的平方和，1 为全部在一家）。</p>",
        found.parts,
        top.join("，"),
        found.index
    );
    Ok(View { above, sheets: vec![sheet], ..View::default() })
}

fn part(of: f64, whole: f64) -> f64 {
    if whole > 0.0 { of / whole * 100.0 } else { 0.0 }
}

/// One unit beside its peers, period by period.
pub(super) async fn series(seen: &Seen, query: &Query) -> Result<View> {
    let periods = names(seen, is_period);
    let sums = names(seen, is_number);
    let units = names(seen, |kind| matches!(kind, FieldKind::Text | FieldKind::Code));
    let period = chosen(query, "period", &periods).or_else(|| likely(&periods, &["月", "年", "期", "日期"]));
    let value = chosen(query, "value", &sums).or_else(|| likely(&sums, &["次均", "费用", "金额"]));
    let unit = chosen(query, "unit", &units).or_else(|| likely(&units, &["医院", "机构", "单位", "名称"]));
    let (Some(period), Some(value), Some(unit)) = (period, value, unit) else {
        return Err(
            Refusal::conflict("时间序列需要一列期间、一列数值和一列单位，这批数据里没有认出。").into()
        );
    };
    let is_money = seen.columns.kind(&value).ok() == Some(FieldKind::Money);
    let when = match seen.columns.kind(&period).map_err(said)? {
        FieldKind::Date | FieldKind::Time => format!("substr(cast({} as varchar), 1, 7)", ident(&period)),
        _ => format!("cast({} as varchar)", ident(&period)),
    };
    let sql = format!(
        "select {when} as at, {0} as who, avg(cast({1} as double)) as held from data where {1} is not null and {0} is not null \
         and {2} is not null group by {when}, {0} order by at, who",
        ident(&unit),
        ident(&value),
        ident(&period)
    );
    let rows = seen.columns.ask_many(sql, MOST_SUMS).await.map_err(said)?;
    let mut table: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
    for row in rows {
        let Ok([at, who, held]) = <[Cell; 3]>::try_from(row) else { continue };
        if let Some(held) = held.number() {
            table.entry(at.text()).or_default().insert(who.text(), held);
        }
    }
    let all: BTreeSet<&String> = table.values().flat_map(BTreeMap::keys).collect();
    let focus = query.get("focus").map(str::to_owned).filter(|focus| all.contains(focus));
    let Some(focus) = focus.or_else(|| all.iter().next().map(|who| (*who).clone())) else {
        return Err(Refusal::conflict("所选的列没有可以比较的数值。").into());
    };
    Ok(series_view(&table, &focus, &all, (&period, &value, &unit), (&periods, &sums, &units), is_money))
}

fn series_view(
    table: &BTreeMap<String, BTreeMap<String, f64>>,
    focus: &str,
    all: &BTreeSet<&String>,
    (period, value, unit): (&str, &str, &str),
    (periods, sums, units): (&[String], &[String], &[String]),
    is_money: bool,
) -> View {
    let mut sheet = Sheet::new(
        "与同类比较",
        &[period, focus, "同类中位数", "同类下四分位", "同类上四分位", "同类家数", "高于同类", "比上期"],
    );
    let (mut own, mut middle, mut upper) = (Vec::new(), Vec::new(), Vec::new());
    let mut before: Option<f64> = None;
    for (at, held) in table {
        let mine = held.get(focus).copied();
        let mut peers: Vec<f64> =
            held.iter().filter(|(who, _)| who.as_str() != focus).map(|(_, value)| *value).collect();
        peers.sort_by(f64::total_cmp);
        let (low, median, high) = (quantile(&peers, 0.25), quantile(&peers, 0.5), quantile(&peers, 0.75));
        let cell = |value: Option<f64>| value.map_or(Shown::Empty, |value| amount(value, is_money));
        let change = |from: Option<f64>| match (mine, from) {
            (Some(mine), Some(from)) if from > 0.0 => {
                Shown::text(format!("{:+.1}%", (mine / from - 1.0) * 100.0))
            }
            _ => Shown::Empty,
        };
        sheet.rows.push(vec![
            Shown::text(at),
            cell(mine),
            cell(median),
            cell(low),
            cell(high),
            Shown::Integer(peers.len() as i64),
            change(median),
            change(before),
        ]);
        own.push(mine.map(|value| drawn(value, is_money)));
        middle.push(median.map(|value| drawn(value, is_money)));
        upper.push(high.map(|value| drawn(value, is_money)));
        before = mine.or(before);
    }
    let chosen = |column: &str| Some(column.to_owned());
    let mut columns: Vec<String> = Vec::new();
    for name in periods.iter().chain(sums).chain(units) {
        if !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    let fields = [("period", "期间", true), ("value", "数值", true), ("unit", "单位", true)];
    let mut above = chooser("series", &fields, &columns, &[chosen(period), chosen(value), chosen(unit)]);
    let whom: Vec<String> = all.iter().take(500).map(|who| (*who).clone()).collect();
    let keep = [("period", period), ("value", value), ("unit", unit)];
    above.push_str(&focus_form(&whom, focus, &keep));
    let labels: Vec<String> = table.keys().cloned().collect();
    let lines =
        [("同类上四分位", "#c9a227", upper), ("同类中位数", "#2f5fa8", middle), (focus, "#b3171d", own)];
    above.push_str(&chart::lines(&format!("{value}：{focus}与同类"), &labels, &lines, |value| {
        format!("{value:.0}")
    }));
    View { above, sheets: vec![sheet], ..View::default() }
}

fn focus_form(whom: &[String], focus: &str, keep: &[(&str, &str)]) -> String {
    let mut hidden = String::new();
    for (name, value) in keep {
        let _ = write!(hidden, "<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value));
    }
    let mut options = String::new();
    for who in whom {
        let mark = if who == focus { " selected" } else { "" };
        let _ = write!(options, "<option value=\"{0}\"{mark}>{0}</option>", escaped(who));
    }
    format!(
        "<form class=\"panel-body row\" method=\"get\">{hidden}<label>看哪一家 <select name=\"focus\">{options}</select></label> \
         <button class=\"button\">查看</button></form>"
    )
}

/// The quantile of sorted numbers, between two of them where it falls so.
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * sorted.len().checked_sub(1)? as f64;
    let (low, high) = (sorted.get(place.floor() as usize)?, sorted.get(place.ceil() as usize)?);
    Some(low + (high - low) * place.fract())
}

/// What was there at the beginning of each year, what came, what went, what was left.
pub(super) async fn stock(seen: &Seen, query: &Query) -> Result<View> {
    let days = names(seen, is_day);
    let sums = names(seen, is_number);
    let from =
        chosen(query, "from", &days).or_else(|| likely(&days, &["闲置", "起", "开始", "取得", "入账"]));
    let to = chosen(query, "to", &days);
    let sum = chosen(query, "sum", &sums).or_else(|| likely(&sums, &["面积", "价值", "原值", "金额"]));
    let Some(from) = from else {
        return Err(Refusal::conflict(
            "存量和流量需要一列起始日期，这批数据里没有日期列；请先把列清洗成日期。",
        )
        .into());
    };
    let is_money =
        sum.as_deref().is_some_and(|column| seen.columns.kind(column).ok() == Some(FieldKind::Money));
    let year = |column: &str| format!("cast(substr(cast({} as varchar), 1, 4) as bigint)", ident(column));
    let held = sum.as_deref().map_or_else(
        || String::from("1.0"),
        |column| format!("coalesce(cast({} as double), 0.0)", ident(column)),
    );
    let sql = format!(
        "select {}, {}, count(*), sum({held}) from data where {} is not null group by 1, 2",
        year(&from),
        to.as_deref().map_or_else(|| String::from("cast(null as bigint)"), year),
        ident(&from)
    );
    let rows = seen.columns.ask(sql).await.map_err(said)?;
    let flow = Flow::of(rows);
    let what = sum.clone().unwrap_or_else(|| String::from("项数"));
    let mut sheet = Sheet::new("存量和流量", &["年度", "年初", "增加", "减少", "年末", "年末项数"]);
    let (mut labels, mut left) = (Vec::new(), Vec::new());
    for year in flow.years() {
        let row = flow.year(year);
        sheet.rows.push(vec![
            Shown::text(year.to_string()),
            amount(row.opening, is_money),
            amount(row.came, is_money),
            amount(row.went, is_money),
            amount(row.opening + row.came - row.went, is_money),
            Shown::Integer(row.items),
        ]);
        labels.push(year.to_string());
        left.push(Some(drawn(row.opening + row.came - row.went, is_money)));
    }
    let mut columns = days;
    columns.extend(sums);
    let fields =
        [("from", "从（起始日期）", true), ("to", "到（盘活或处置日期）", false), ("sum", "合计", false)];
    let mut above = chooser("stock", &fields, &columns, &[Some(from), to, sum]);
    above.push_str(&chart::lines(
        &format!("年末{what}"),
        &labels,
        &[("年末存量", "#b3171d", left)],
        |value| format!("{value:.0}"),
    ));
    above.push_str("<p class=\"panel-body\">年初＋增加－减少＝年末；没有填写终止日期的一直计入存量。</p>");
    Ok(View { above, sheets: vec![sheet], ..View::default() })
}

/// Items by the years in which they came and went.
struct Flow {
    cells: Vec<(i64, Option<i64>, i64, f64)>,
}

struct Year {
    opening: f64,
    came: f64,
    went: f64,
    items: i64,
}

impl Flow {
    fn of(rows: Vec<Vec<Cell>>) -> Self {
        let cell = |row: Vec<Cell>| {
            let [from, to, count, sum] = <[Cell; 4]>::try_from(row).ok()?;
            Some((from.integer()?, to.integer(), count.integer()?, sum.number().unwrap_or_default()))
        };
        Self { cells: rows.into_iter().filter_map(cell).collect() }
    }

    /// From the first year to the last in which anything happened, not more than fifty.
    fn years(&self) -> std::ops::RangeInclusive<i64> {
        let all = || self.cells.iter().flat_map(|(from, to, ..)| [Some(*from), *to]).flatten();
        let last = all().max().unwrap_or(0);
        let first = all().min().unwrap_or(0).max(last - 49);
        first..=last
    }

    fn year(&self, year: i64) -> Year {
        let mut row = Year { opening: 0.0, came: 0.0, went: 0.0, items: 0 };
        for (from, to, count, sum) in &self.cells {
            let stays = |end: i64| to.is_none_or(|to| to > end);
            if *from < year && stays(year - 1) {
                row.opening += sum;
            }
            if *from == year {
                row.came += sum;
            }
            if *from <= year && *to == Some(year) {
                row.went += sum;
            }
            if *from <= year && stays(year) {
                row.items += count;
            }
        }
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_year_closes_with_what_the_next_one_opens_with() {
        let cell = |from: i64, to: Option<i64>, sum: f64| {
            vec![
                Cell::Integer(from),
                to.map_or(Cell::Empty, Cell::Integer),
                Cell::Integer(1),
                Cell::Number(sum),
            ]
        };
        let flow = Flow::of(vec![
            cell(2020, None, 100.0),
            cell(2020, Some(2022), 30.0),
            cell(2021, Some(2021), 5.0),
            cell(2022, None, 7.0),
        ]);
        assert_eq!(flow.years(), 2020..=2022);
        for year in 2020..2022 {
            let row = flow.year(year);
            let closing = row.opening + row.came - row.went;
            assert!((closing - flow.year(year + 1).opening).abs() < 1e-9, "{year}");
        }
        assert_eq!(flow.year(2022).items, 2);
    }

    #[test]
    fn quantiles_fall_between_two_numbers_where_they_must() {
        assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0], 0.5), Some(2.5));
        assert_eq!(quantile(&[], 0.5), None);
    }
}
