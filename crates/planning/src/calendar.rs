//! The calendar: what happens on which day of a month, with the alarms of deadlines.

use chrono::{Datelike as _, Months, NaiveDate};
use db::Sql;
use kit::{
    Cx, Labelled as _, Lifecycle as _, Pred, Refusal, Result, sea_orm,
    shown::{Alarm, Alarms},
};

use crate::{
    batches::{self, Batch},
    inspection_units::{self, InspectionUnit, InspectionUnitId, Stage, known_to_organisation},
    inspections::{self, Inspection},
    rounds::{self, Round},
};

/// One entry of the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarItem {
    /// The day.
    pub day: NaiveDate,
    /// What happens.
    pub title: String,
    /// The page of the record.
    pub href: String,
    /// How near a deadline is; none for what is not a deadline.
    pub alarm: Option<Alarm>,
}

/// A month as its first day and the first day after it.
struct Span {
    from: NaiveDate,
    to: NaiveDate,
}

impl Span {
    fn of(year: i32, month: u32) -> Result<Self> {
        let from = NaiveDate::from_ymd_opt(year, month, 1).filter(|day| (1900..2200).contains(&day.year()));
        let to = from.and_then(|from| from.checked_add_months(Months::new(1)));
        match (from, to) {
            (Some(from), Some(to)) => Ok(Self { from, to }),
            _ => Err(Refusal::bad_request("月份不正确，请从日历页重新选择。").into()),
        }
    }

    fn holds(&self, day: NaiveDate) -> bool {
        self.from <= day && day < self.to
    }
}

/// What happens in a month, within what the actor may see, by day and title.
///
/// # Errors
/// A refusal when there is no such month.
pub async fn month(cx: &Cx, year: i32, month: u32) -> Result<Vec<CalendarItem>> {
    let span = Span::of(year, month)?;
    let mut items = unit_items(cx, &span).await?;
    let scopes = [Round::scope(&cx.actor), Batch::scope(&cx.actor), Inspection::scope(&cx.actor)];
    for (kind, visible) in PERIODS.iter().zip(scopes) {
        items.extend(periods(cx, &span, kind, visible).await?);
    }
    items.sort_by(|a, b| (a.day, &a.title).cmp(&(b.day, &b.title)));
    Ok(items)
}

#[derive(sea_orm::FromQueryResult)]
struct Named {
    id: InspectionUnitId,
    name: String,
}

async fn unit_items(cx: &Cx, span: &Span) -> Result<Vec<CalendarItem>> {
    let visible = InspectionUnit::scope(&cx.actor);
    let units = kit::store::all::<inspection_units::Entity>(cx, &visible.clone().and(touches(span))).await?;
    let mut sql = Sql::new(
        "select u.id, o.name from inspection_unit u join organisation o on o.id = u.organisation_id where ",
    );
    visible.and(touches(span)).write("u", &mut sql);
    let names: Vec<Named> = cx.all(sql).await?;
    let names: std::collections::HashMap<InspectionUnitId, String> =
        names.into_iter().map(|row| (row.id, row.name)).collect();
    let alarms = kit::alarms(cx).await?;
    let mut items = Vec::new();
    for unit in &units {
        let name = names.get(&unit.id).map_or("", String::as_str);
        let inside = unit.is_inside(&cx.actor);
        items.extend(of_unit(unit, name, inside, &alarms).filter(|item| span.holds(item.day)));
    }
    Ok(items)
}

/// Organisations with some day in the month.
fn touches(span: &Span) -> Pred {
    const COLUMNS: [&str; 14] = [
        "planned_on",
        "authorised_on",
        "notified_on",
        "entered_on",
        "left_on",
        "reported_on",
        "heard_on",
        "decided_on",
        "fed_back_on",
        "rectifying_on",
        "evaluated_on",
        "closed_on",
        "looked_back_on",
        "due_on",
    ];
    Pred::any(COLUMNS.into_iter().map(|column| within(column, span)).collect())
}

fn within(column: &'static str, span: &Span) -> Pred {
    let last = span.to.pred_opt().unwrap_or(span.to);
    Pred::And(vec![Pred::AtLeast(column, span.from.into()), Pred::AtMost(column, last.into())])
}

/// What the calendar says of one organisation; `inside` are those who work with the inspection, the
/// organisation itself sees only the stages it knows of.
fn of_unit(
    unit: &InspectionUnit,
    name: &str,
    inside: bool,
    alarms: &Alarms,
) -> impl Iterator<Item = CalendarItem> {
    let href = format!("/{}/{}", inspection_units::NOUN, unit.id);
    let item = move |day, words: &str, alarm| CalendarItem {
        day,
        title: format!("{name} {words}"),
        href: href.clone(),
        alarm,
    };
    let mut items = Vec::new();
    if unit.entered_on.is_none() {
        items.push(item(unit.planned_on, "计划进驻", None));
    }
    for (deed, day) in unit.days() {
        if let Some(day) = day
            && (inside || known_to_organisation(deed))
        {
            items.push(item(day, deed.label(), None));
        }
    }
    if let Some((due, words)) = unit.due_on.zip(due_words(unit.state))
        && (inside || matches!(unit.state, Stage::FedBack | Stage::Rectifying))
    {
        items.push(item(due, words, Some(alarms.alarm(due))));
    }
    items.into_iter()
}

/// What is due next from a stage.
fn due_words(stage: Stage) -> Option<&'static str> {
    Some(match stage {
        Stage::Authorised => "进驻通知到期",
        Stage::Left => "巡察报告到期",
        Stage::Reported => "领导小组听取到期",
        Stage::Decided => "反馈到期",
        Stage::FedBack => "整改方案到期",
        Stage::Rectifying => "整改报告到期",
        _ => return None,
    })
}

#[derive(sea_orm::FromQueryResult)]
struct Period {
    id: uuid::Uuid,
    name: String,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
}

/// A noun that begins and ends: its table and the words for its name.
struct Kind {
    noun: &'static str,
    select: &'static str,
}

const PERIODS: [Kind; 3] = [
    Kind { noun: rounds::NOUN, select: "select p.id, p.name, p.starts_on, p.ends_on from round p where " },
    Kind {
        noun: batches::NOUN,
        select: "select p.id, r.name || p.name as name, p.starts_on, p.ends_on from batch p \
                 join round r on r.id = p.round_id where ",
    },
    Kind {
        noun: inspections::NOUN,
        select: "select p.id, p.number || ' ' || p.name as name, p.starts_on, p.ends_on from inspection p where ",
    },
];

async fn periods(cx: &Cx, span: &Span, kind: &Kind, visible: Pred) -> Result<Vec<CalendarItem>> {
    let ends = Pred::any(vec![within("starts_on", span), within("ends_on", span)]);
    let mut sql = Sql::new(kind.select);
    visible.and(ends).write("p", &mut sql);
    let rows: Vec<Period> = cx.all(sql).await?;
    let items = rows.into_iter().flat_map(|period| {
        let href = format!("/{}/{}", kind.noun, period.id);
        let ends = [(Some(period.starts_on), "开始"), (period.ends_on, "结束")];
        ends.into_iter().filter_map(move |(day, word)| {
            let title = format!("{} {word}", period.name);
            Some(CalendarItem { day: day?, title, href: href.clone(), alarm: None })
        })
    });
    Ok(items.filter(|item| span.holds(item.day)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_that_does_not_exist_is_refused() {
        assert!(Span::of(2023, 13).is_err());
        assert!(Span::of(2023, 0).is_err());
        assert!(Span::of(9999, 1).is_err());
        let december = Span::of(2023, 12).unwrap();
        assert_eq!(december.to, NaiveDate::from_ymd_opt(2024, 1, 1).unwrap());
    }
}
