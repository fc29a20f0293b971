//! A value on its way out: one form for pages, exports and the API.

use std::{cmp::Ordering, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use db::Sql;
use serde_json::{Value as Json, json};

use crate::{
    Choice, Cx, Result, Tone,
    calendar::{self, Calendar},
    clock::office_time,
    units::{Area, Fen, ratio},
};

/// How near a deadline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// Time enough.
    Green,
    /// Soon due.
    Yellow,
    /// Due today or within the shortest warning.
    Orange,
    /// Overdue.
    Red,
}

impl Alarm {
    /// Suffix of the style class.
    pub fn class(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Orange => "orange",
            Self::Red => "red",
        }
    }
}

/// By what deadlines are shown in one request: the office's calendar, its day, and how many working
/// days before a deadline the warnings begin (policies `alarm_yellow`, `alarm_orange`).
#[derive(Clone, Debug)]
pub struct Alarms {
    calendar: Arc<Calendar>,
    today: NaiveDate,
    yellow: i64,
    orange: i64,
}

/// The alarms of this request; remembered while nothing changes.
pub async fn alarms(cx: &Cx) -> Result<Arc<Alarms>> {
    let today = cx.today();
    let load = async {
        let mut sql = Sql::new("select code, amount from policy where code in ");
        sql.bind_list(["alarm_yellow", "alarm_orange"]).push(" and valid_from <= ").bind(today);
        sql.push(" and (valid_to is null or valid_to >= ").bind(today).push(") order by valid_from");
        let mut limits = (0, 0);
        for row in cx.rows(sql).await? {
            let amount: i64 = row.try_get_by_index(1)?;
            match row.try_get_by_index::<String>(0)?.as_str() {
                "alarm_yellow" => limits.0 = amount,
                _ => limits.1 = amount,
            }
        }
        Ok(Alarms::new(calendar::of(cx).await?, today, limits.0, limits.1))
    };
    cx.app().remember(format!("alarms/{today}"), load).await
}

impl Alarms {
    /// Alarms on `today`: orange from `orange` working days before the last day, yellow from `yellow`.
    pub fn new(calendar: Arc<Calendar>, today: NaiveDate, yellow: i64, orange: i64) -> Self {
        Self { calendar, today, yellow, orange }
    }

    /// The deadline `due`, counted in working days: overdue is red. `done` switches the alarm off.
    pub fn clock(&self, due: Option<NaiveDate>, done: bool) -> Shown {
        match due {
            None => Shown::Empty,
            Some(due) if done => Shown::Date(due),
            Some(due) => Shown::Clock { due, alarm: self.alarm(due), words: self.words(due) },
        }
    }

    /// How near `due` is.
    pub fn alarm(&self, due: NaiveDate) -> Alarm {
        let left = self.calendar.between(self.today, due);
        if due < self.today {
            Alarm::Red
        } else if due == self.today || left <= self.orange {
            Alarm::Orange
        } else if left <= self.yellow {
            Alarm::Yellow
        } else {
            Alarm::Green
        }
    }

    /// The last day that counts as soon due.
    pub fn soon_until(&self) -> NaiveDate {
        let next = self.calendar.after(self.today, self.yellow.max(self.orange) + 1);
        next.pred_opt().unwrap_or(next)
    }

    fn words(&self, due: NaiveDate) -> String {
        let left = self.calendar.between(self.today, due);
        match (due.cmp(&self.today), left) {
            (Ordering::Equal, _) => String::from("今天到期"),
            // Only days off lie between: the deadline has passed, or comes, without a working day.
            (Ordering::Less, 0) => String::from("已到期"),
            (Ordering::Greater, 0) => String::from("休息日到期"),
            (Ordering::Less, left) => format!("逾期 {} 个工作日", -left),
            (Ordering::Greater, left) => format!("还有 {left} 个工作日"),
        }
    }
}

/// A value as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// Nothing was entered.
    Empty,
    /// A short text.
    Text(String),
    /// A text of several lines.
    Long(String),
    /// A value of an enumeration or dictionary.
    Code {
        /// What is stored.
        code: String,
        /// What people read.
        label: String,
        /// How it is coloured; dictionary values have no colour.
        tone: Option<Tone>,
    },
    /// A day.
    Date(NaiveDate),
    /// An instant, shown in office time.
    Instant(DateTime<Utc>),
    /// A whole number.
    Integer(i64),
    /// Money.
    Money(Fen),
    /// Area.
    Area(Area),
    /// A rate, shown in percent with two decimals.
    Rate {
        /// What is counted.
        numerator: i64,
        /// Of how many.
        denominator: i64,
    },
    /// Yes or no.
    Flag(bool),
    /// Another record.
    Link {
        /// Its title.
        label: String,
        /// Its page.
        href: String,
    },
    /// A deadline with its alarm.
    Clock {
        /// The last day.
        due: NaiveDate,
        /// How near.
        alarm: Alarm,
        /// The word beside the colour.
        words: String,
    },
}

impl Shown {
    /// A text, or nothing when it is empty.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// A long text, or nothing when it is empty.
    pub fn long(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Long(text) }
    }

    /// An enumeration's value.
    pub fn choice(choice: Choice) -> Self {
        Self::Code { code: choice.code.to_owned(), label: choice.label.to_owned(), tone: Some(choice.tone) }
    }

    /// A day, when there is one.
    pub fn date(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Empty, Self::Date)
    }

    /// A link to a record, when there is one.
    pub fn link(noun: &str, id: Option<uuid::Uuid>, label: impl Into<String>) -> Self {
        id.map_or(Self::Empty, |id| Self::Link { label: label.into(), href: format!("/{noun}/{id}") })
    }

    /// Plain text, as exports and comparisons need it.
    pub fn plain(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Long(text) => text.clone(),
            Self::Code { label, .. } | Self::Link { label, .. } => label.clone(),
            Self::Date(day) | Self::Clock { due: day, .. } => day.to_string(),
            Self::Instant(at) => office_time(*at),
            Self::Integer(number) => number.to_string(),
            Self::Money(fen) => fen.to_string(),
            Self::Area(area) => area.to_string(),
            Self::Rate { numerator, denominator } => rate_text(*numerator, *denominator),
            Self::Flag(flag) => String::from(if *flag { "是" } else { "否" }),
        }
    }

    /// Appends the value as HTML.
    pub fn html(&self, out: &mut String) {
        match self {
            Self::Empty => out.push_str("<span class=\"muted\">—</span>"),
            Self::Code { label, tone: Some(tone), .. } => {
                out.push_str("<span class=\"chip ");
                out.push_str(chip_class(*tone));
                out.push_str("\">");
                escape(label, out);
                out.push_str("</span>");
            }
            Self::Link { label, href } => {
                out.push_str("<a href=\"");
                escape(href, out);
                out.push_str("\">");
                escape(label, out);
                out.push_str("</a>");
            }
            Self::Clock { due, alarm, words } => {
                out.push_str("<span class=\"clock clock-");
                out.push_str(alarm.class());
                out.push_str("\" title=\"");
                out.push_str(&due.to_string());
                out.push_str("\">");
                escape(words, out);
                out.push_str("</span>");
            }
            Self::Text(text) | Self::Long(text) | Self::Code { label: text, .. } => escape(text, out),
            other => escape(&other.plain(), out),
        }
    }

    /// The value for the API: codes and exact numbers, not labels.
    pub fn json(&self) -> Json {
        match self {
            Self::Empty => Json::Null,
            Self::Text(text) | Self::Long(text) => json!(text),
            Self::Code { code, label, .. } => json!({ "code": code, "label": label }),
            Self::Link { label, href } => {
                json!({ "id": href.rsplit('/').next(), "label": label, "href": href })
            }
            Self::Date(day) => json!(day),
            Self::Clock { due, alarm, .. } => json!({ "due": due, "alarm": alarm.class() }),
            Self::Instant(at) => json!(at),
            Self::Integer(number) => json!(number),
            Self::Money(fen) => json!({ "fen": fen.0, "yuan": ratio(fen.0, 100, 2) }),
            Self::Area(area) => {
                json!({ "square_centimetres": area.0, "square_metres": ratio(area.0, 10_000, 4) })
            }
            Self::Rate { numerator, denominator } => json!({
                "numerator": numerator, "denominator": denominator, "percent": rate_text(*numerator, *denominator),
            }),
            Self::Flag(flag) => json!(flag),
        }
    }

    /// Whether the value is a number and stands right-aligned.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Integer(_) | Self::Money(_) | Self::Area(_) | Self::Rate { .. })
    }
}

fn rate_text(numerator: i64, denominator: i64) -> String {
    if denominator == 0 {
        String::from("—")
    } else {
        format!("{}%", ratio(numerator.saturating_mul(100), denominator, 2))
    }
}

/// The chip of a tone: colours of alarm are kept for clocks, so states only differ in form.
pub fn chip_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Grey => "",
        Tone::Blue => "chip-active",
        Tone::Green => "chip-done",
        Tone::Yellow | Tone::Orange => "chip-wait",
        Tone::Red => "chip-stop",
    }
}

/// Appends `text` with the characters that mean something in HTML escaped.
pub fn escape(text: &str, out: &mut String) {
    out.reserve(text.len());
    let mut written = 0;
    // All of them are single bytes that occur in no longer character, so the pieces between are whole.
    for (at, byte) in text.bytes().enumerate() {
        let name = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.push_str(text.get(written..at).unwrap_or_default());
        out.push_str(name);
        written = at + 1;
    }
    out.push_str(text.get(written..).unwrap_or_default());
}

/// `text` escaped, as a value.
pub fn escaped(text: &str) -> String {
    let mut out = String::new();
    escape(text, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_names_its_alarm_in_working_days() {
        let day = |d| NaiveDate::from_ymd_opt(2023, 5, d).unwrap();
        // The 4th of May 2023 is a Thursday; the 6th, a Saturday, is worked.
        let calendar = Arc::new(Calendar::new([(day(1), false), (day(6), true)]));
        let alarms = Alarms::new(calendar, day(4), 5, 2);
        let seen = |d| match alarms.clock(Some(day(d)), false) {
            Shown::Clock { alarm, words, .. } => (alarm, words),
            other => panic!("{other:?}"),
        };
        assert_eq!(seen(1), (Alarm::Red, "逾期 3 个工作日".into()));
        assert_eq!(seen(4), (Alarm::Orange, "今天到期".into()));
        assert_eq!(seen(6), (Alarm::Orange, "还有 2 个工作日".into()));
        assert_eq!(seen(8), (Alarm::Yellow, "还有 3 个工作日".into()));
        assert_eq!(seen(31), (Alarm::Green, "还有 20 个工作日".into()));
        assert_eq!(alarms.clock(Some(day(1)), true), Shown::Date(day(1)));
    }

    #[test]
    fn a_deadline_on_a_day_off_is_named_without_counting_nothing() {
        let day = |d| NaiveDate::from_ymd_opt(2023, 5, d).unwrap();
        let words = |today, due| Alarms::new(Arc::default(), day(today), 5, 2).clock(Some(day(due)), false);
        assert!(matches!(words(14, 13), Shown::Clock { alarm: Alarm::Red, words, .. } if words == "已到期"));
        assert!(
            matches!(words(13, 14), Shown::Clock { alarm: Alarm::Orange, words, .. } if words == "休息日到期")
        );
    }

    #[test]
    fn markup_in_a_value_stays_text() {
        let mut out = String::new();
        Shown::Text("<script>\"'&".into()).html(&mut out);
        assert_eq!(out, "&lt;script&gt;&quot;&#39;&amp;");
    }
}
