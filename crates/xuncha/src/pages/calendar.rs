//! The calendar of a month: stage days, deadlines with their alarms, beginnings and ends of rounds.

use askama::Template;
use axum::{response::Response, routing::get};
use chrono::{Datelike as _, Days, Months, NaiveDate};
use kit::{
    Actor, Cx, Lifecycle as _, Pred, Refusal, Result,
    calendar::{self, Calendar},
    service::{Group, Page},
    shown::Alarm,
    web::{Query, Viewer, respond, shell},
};
use planning::{calendar::CalendarItem, inspection_units::InspectionUnit};

/// Entries of a day that are shown at once; the rest unfolds.
const AT_ONCE: usize = 4;

pub(super) fn pages() -> Vec<Page> {
    vec![Page {
        method: "GET",
        path: "/calendar",
        label: "巡察日历",
        group: Some(Group::Plan),
        icon: "calendar",
        offered,
        public: false,
        handler: get(show),
    }]
}

/// Those who see any inspection.
fn offered(actor: &Actor) -> bool {
    InspectionUnit::visible(actor) != Pred::Nothing
}

struct Item {
    title: String,
    href: String,
    class: &'static str,
}

struct Day {
    number: u32,
    class: &'static str,
    /// 休 or 班 where the day differs from the plain week or is off.
    mark: &'static str,
    items: Vec<Item>,
    more: Vec<Item>,
}

#[derive(Template)]
#[template(path = "calendar.html")]
struct CalendarTemplate {
    caption: String,
    month: String,
    previous: Option<String>,
    next: Option<String>,
    weeks: Vec<Vec<Day>>,
    count: usize,
}

async fn show(viewer: Viewer) -> Response {
    respond::answer(&viewer, async {
        if !offered(&viewer.actor) {
            return Err(Refusal::not_found().into());
        }
        let cx = viewer.read();
        let first = asked(&viewer, &cx)?;
        let content = template(&cx, first).await?.render()?;
        shell::page(&viewer, shell::Sheet::new("巡察日历", content).crumb("巡察日历", "")).await
    })
    .await
}

/// The first day of the month in the address (`month=2023-05`), or of this month.
fn asked(viewer: &Viewer, cx: &Cx) -> Result<NaiveDate> {
    let query = Query::parse(viewer.query.as_deref())?;
    let Some(text) = query.get("month").map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(cx.today().with_day(1).unwrap_or(cx.today()));
    };
    kit::clock::parse_day(&format!("{text}-01"))
        .filter(|day| (1900..2200).contains(&day.year()))
        .ok_or_else(|| Refusal::bad_request("月份不正确，请从日历页重新选择。").into())
}

async fn template(cx: &Cx, first: NaiveDate) -> Result<CalendarTemplate> {
    let items = planning::calendar::month(cx, first.year(), first.month()).await?;
    let calendar = calendar::of(cx).await?;
    let turn = |day: Option<NaiveDate>| day.map(|day| format!("/calendar?month={}", day.format("%Y-%m")));
    Ok(CalendarTemplate {
        caption: first.format("%Y年%-m月").to_string(),
        month: first.format("%Y-%m").to_string(),
        previous: turn(first.checked_sub_months(Months::new(1))),
        next: turn(first.checked_add_months(Months::new(1))),
        count: items.len(),
        weeks: weeks(&calendar, first, cx.today(), &items),
    })
}

/// Whole weeks, from the Monday before the month's first day to the Sunday after its last.
fn weeks(calendar: &Calendar, first: NaiveDate, today: NaiveDate, items: &[CalendarItem]) -> Vec<Vec<Day>> {
    let back = u64::from(first.weekday().num_days_from_monday());
    let start = first.checked_sub_days(Days::new(back)).unwrap_or(first);
    let last = first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(first);
    let days: Vec<NaiveDate> = start.iter_days().take(42).collect();
    days.chunks(7)
        .take_while(|week| week.first().is_some_and(|day| *day <= last))
        .map(|week| week.iter().map(|day| cell(calendar, *day, first, today, items)).collect())
        .collect()
}

fn cell(
    calendar: &Calendar,
    day: NaiveDate,
    first: NaiveDate,
    today: NaiveDate,
    items: &[CalendarItem],
) -> Day {
    let works = calendar.works(day);
    let class = match (day == today, day.month() == first.month(), works) {
        (true, ..) => "today",
        (_, false, _) => "other",
        (_, _, false) => "off",
        _ => "",
    };
    let mark = match (works, Calendar::default().works(day)) {
        (false, _) => "休",
        (true, false) => "班",
        (true, true) => "",
    };
    let mut shown: Vec<Item> = items.iter().filter(|item| item.day == day).map(line).collect();
    let more = if shown.len() > AT_ONCE + 1 { shown.split_off(AT_ONCE) } else { Vec::new() };
    Day { number: day.day(), class, mark, items: shown, more }
}

fn line(item: &CalendarItem) -> Item {
    let class = match item.alarm {
        Some(Alarm::Red) => "clock-red",
        Some(Alarm::Orange) => "clock-orange",
        Some(Alarm::Yellow) => "clock-yellow",
        Some(Alarm::Green) => "clock-green",
        None => "",
    };
    Item { title: item.title.clone(), href: item.href.clone(), class }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_shown_in_whole_weeks_that_hold_all_its_days() {
        for month in 1..=12 {
            let first = NaiveDate::from_ymd_opt(2023, month, 1).unwrap();
            let weeks = weeks(&Calendar::default(), first, first, &[]);
            assert!(weeks.iter().all(|week| week.len() == 7));
            let inside = weeks.iter().flatten().filter(|day| day.class != "other").count();
            let next = first.checked_add_months(Months::new(1)).unwrap();
            assert_eq!(i64::try_from(inside).unwrap(), (next - first).num_days(), "{month}");
        }
    }
}
