//! 国有资产盘活周报: how much of the stock found idle was put to use by any day, week by week, by place and by holder.

use askama::Template;
use axum::{response::Response, routing::get};
use chrono::{Datelike as _, Days, NaiveDate};
use kit::{
    Actor, Area, Cx, Fen, Pred, Refusal, Result, Shown,
    clock::parse_day,
    service::{Group, Page},
    units::{CM2_PER_WAN_M2, FEN_PER_WAN, FEN_PER_YI, ratio},
    web::{Query, Viewer, respond, shell},
};
use rectification::assets::{
    self as ledger,
    figures::{self, DayLine, Rate},
};
use serde_json::json;

/// Weeks on the board.
const WEEKS: u64 = 12;

pub(super) fn pages() -> Vec<Page> {
    vec![Page {
        method: "GET",
        path: "/asset_board",
        label: "资产盘活周报",
        group: Some(Group::Rectify),
        icon: "chart-line",
        offered,
        public: false,
        handler: get(show),
    }]
}

/// Those who read the ledger of the whole city.
fn offered(actor: &Actor) -> bool {
    ledger::visible(actor) == Pred::All
}

/// A week from Monday to Sunday, and how things stood at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Week {
    from: NaiveDate,
    to: NaiveDate,
    added: Area,
    income: Fen,
    cumulative: Area,
    rate: String,
}

/// The weeks that end with the one of `day`; the last one ends on `day`.
fn weeks(day: NaiveDate, opening: Area, stock: Area, days: &[DayLine]) -> Vec<Week> {
    let mut cumulative = opening;
    let mut from = first_monday(day);
    let mut weeks = Vec::new();
    while from <= day {
        let to = (from + Days::new(6)).min(day);
        let own = days.iter().filter(|line| from <= line.on_day && line.on_day <= to);
        let (mut added, mut income) = (Area(0), Fen(0));
        for line in own {
            added = Area(added.0 + line.area.0);
            income = Fen(income.0 + line.income.0);
        }
        cumulative = Area(cumulative.0 + added.0);
        let rate = Rate { activated: cumulative, stock }.percent();
        weeks.push(Week { from, to, added, income, cumulative, rate });
        from = to + Days::new(1);
    }
    weeks
}

fn first_monday(day: NaiveDate) -> NaiveDate {
    let monday = day - Days::new(u64::from(day.weekday().num_days_from_monday()));
    monday - Days::new(7 * (WEEKS - 1))
}

struct Place {
    name: String,
    href: String,
    cells: [String; 4],
    rate: String,
}

struct Holder {
    href: String,
    name: String,
    cells: [String; 4],
    rate: String,
}

#[derive(Template)]
#[template(path = "asset_board.html")]
struct Board {
    day: NaiveDate,
    today: NaiveDate,
    stock: Headline,
    activated: Headline,
    remaining: Headline,
    rate: String,
    income: Headline,
    weeks: Vec<Week>,
    chart: String,
    places: Vec<Place>,
    holders: Vec<Holder>,
}

async fn show(viewer: Viewer) -> Response {
    respond::answer(&viewer, Box::pin(page(&viewer))).await
}

async fn page(viewer: &Viewer) -> Result<Response> {
    if !offered(&viewer.actor) {
        return Err(Refusal::not_found().into());
    }
    let cx = viewer.read();
    let query = Query::parse(viewer.query.as_deref())?;
    let day = match query.get("day").map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) => parse_day(text)
            .filter(|day| *day <= cx.today())
            .ok_or_else(|| Refusal::bad_request("截至日期应是今天或以前的一天，请重新选择。"))?,
        None => cx.today(),
    };
    let content = board(&cx, day).await?.render()?;
    shell::page(viewer, shell::Sheet::new("资产盘活周报", content).crumb("资产盘活周报", "")).await
}

async fn board(cx: &Cx, day: NaiveDate) -> Result<Board> {
    let rate = figures::rate_as_of(cx, day).await?;
    let begin = first_monday(day);
    let opening = figures::activated_as_of(cx, begin - Days::new(1)).await?;
    let weeks = weeks(day, opening, rate.stock, &figures::by_day(cx, begin, day).await?);
    let places = figures::by_place(cx, day).await?.into_iter().map(|line| {
        let own = Rate { activated: line.activated, stock: line.stock };
        Place {
            href: format!("/{}?f.place={}", ledger::NOUN, encoded(&line.place)),
            name: if line.place.is_empty() { String::from("未填片区") } else { line.place },
            cells: cells(line.properties, own, line.income),
            rate: own.percent(),
        }
    });
    let holders = figures::by_organisation(cx, day).await?.into_iter().map(|line| Holder {
        href: format!("/{}/{}", registry::organisations::NOUN, line.organisation_id),
        cells: cells(line.properties, line.rate(), line.income),
        rate: line.rate().percent(),
        name: line.name,
    });
    Ok(Board {
        day,
        today: cx.today(),
        stock: Headline::area(rate.stock),
        activated: Headline::area(rate.activated),
        remaining: Headline::area(rate.remaining()),
        rate: rate.percent(),
        income: Headline::money(figures::income_as_of(cx, day).await?),
        chart: chart(&weeks),
        weeks,
        places: places.collect(),
        holders: holders.collect(),
    })
}

/// A sum as it is spoken of, with the exact one behind it.
struct Headline {
    number: String,
    unit: &'static str,
    exact: String,
}

impl Headline {
    fn area(area: Area) -> Self {
        let exact = format!("{} ㎡", Shown::Area(area).plain());
        Self { number: ratio(area.0, CM2_PER_WAN_M2, 2), unit: "万㎡", exact }
    }

    fn money(money: Fen) -> Self {
        let exact = format!("{} 元", Shown::Money(money).plain());
        let (number, unit) = if money.0 >= FEN_PER_YI {
            (ratio(money.0, FEN_PER_YI, 2), "亿元")
        } else {
            (ratio(money.0, FEN_PER_WAN, 2), "万元")
        };
        Self { number, unit, exact }
    }
}

fn cells(properties: i64, rate: Rate, income: Fen) -> [String; 4] {
    [
        properties.to_string(),
        Shown::Area(rate.stock).plain(),
        Shown::Area(rate.activated).plain(),
        Shown::Money(income).plain(),
    ]
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// Added area as bars, the rate as a line.
fn chart(weeks: &[Week]) -> String {
    let square_metres = |area: Area| area.0 as f64 / 10_000.0;
    json!({
        "tooltip": { "trigger": "axis" },
        "legend": { "left": "center", "right": "auto" },
        "xAxis": { "type": "category", "data": weeks.iter().map(|week| week.to.format("%m-%d").to_string()).collect::<Vec<_>>() },
        "yAxis": [{ "type": "value", "name": "㎡" }, { "type": "value", "name": "%", "max": 100 }],
        "series": [
            { "type": "bar", "name": "本周新增盘活", "data": weeks.iter().map(|week| square_metres(week.added)).collect::<Vec<_>>() },
            { "type": "line", "name": "盘活去化率", "yAxisIndex": 1,
              "data": weeks.iter().map(|week| week.rate.parse::<f64>().unwrap_or(0.0)).collect::<Vec<_>>() },
        ],
    })
    .to_string()
    .replace("</", "<\\/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        parse_day(text).unwrap()
    }

    #[test]
    fn sums_are_spoken_of_in_ten_thousands_and_keep_the_exact_one_behind_them() {
        let stock = Headline::area(Area(78_262_000_000));
        assert_eq!((stock.number.as_str(), stock.unit), ("782.62", "万㎡"));
        assert_eq!(stock.exact, "7,826,200.00 ㎡");
        let [large, small] = [422_800_000_000, 1_234_500].map(|fen| Headline::money(Fen(fen)));
        assert_eq!((large.number.as_str(), large.unit), ("42.28", "亿元"));
        assert_eq!(
            (small.number.as_str(), small.unit, small.exact.as_str()),
            ("1.23", "万元", "12,345.00 元")
        );
    }

    #[test]
    fn weeks_begin_on_monday_cover_every_day_once_and_add_up() {
        let end = day("2023-12-27");
        let begin = first_monday(end);
        let days: Vec<DayLine> = begin
            .iter_days()
            .take_while(|on| *on <= end)
            .map(|on_day| DayLine { on_day, area: Area(3), income: Fen(5) })
            .collect();
        let weeks = weeks(end, Area(100), Area(1_000), &days);
        assert_eq!(weeks.len(), WEEKS as usize);
        assert!(weeks.iter().all(|week| week.from.weekday() == chrono::Weekday::Mon));
        assert_eq!(weeks.last().map(|week| week.to), Some(end));
        let added: i64 = weeks.iter().map(|week| week.added.0).sum();
        assert_eq!(added, 3 * days.len() as i64);
        assert_eq!(weeks.last().map(|week| week.cumulative), Some(Area(100 + added)));
    }

    #[test]
    fn the_published_rate_stands_at_the_end_of_the_last_week() {
        let wan = |hundredths: i64| Area(hundredths * kit::units::CM2_PER_WAN_M2 / 100);
        let end = day("2023-12-31");
        let push = [DayLine { on_day: end, area: wan(27_663), income: Fen(0) }];
        let weeks = weeks(end, wan(45_050), wan(78_262), &push);
        assert_eq!(weeks.last().map(|week| week.rate.as_str()), Some("92.91"));
    }
}
