//! A value on its way out: one form for pages, exports and the API.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value as Json, json};

use crate::{
    Choice, Tone,
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

    /// The deadline `due` seen from `today`, counted in calendar days: overdue is red, today and
    /// tomorrow orange, a week yellow. `done` switches the alarm off.
    pub fn clock(due: Option<NaiveDate>, today: NaiveDate, done: bool) -> Self {
        let Some(due) = due else { return Self::Empty };
        if done {
            return Self::Date(due);
        }
        let left = (due - today).num_days();
        let (alarm, words) = match left {
            ..=-1 => (Alarm::Red, format!("逾期 {} 天", -left)),
            0 => (Alarm::Orange, String::from("今天到期")),
            1..=2 => (Alarm::Orange, format!("还有 {left} 天")),
            3..=7 => (Alarm::Yellow, format!("还有 {left} 天")),
            _ => (Alarm::Green, format!("还有 {left} 天")),
        };
        Self::Clock { due, alarm, words }
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
    fn a_deadline_names_its_alarm_in_words() {
        let day = |d| NaiveDate::from_ymd_opt(2023, 5, d).unwrap();
        assert_eq!(
            Shown::clock(Some(day(1)), day(4), false),
            Shown::Clock { due: day(1), alarm: Alarm::Red, words: "逾期 3 天".into() }
        );
        assert_eq!(Shown::clock(Some(day(1)), day(4), true), Shown::Date(day(1)));
    }

    #[test]
    fn markup_in_a_value_stays_text() {
        let mut out = String::new();
        Shown::Text("<script>\"'&".into()).html(&mut out);
        assert_eq!(out, "&lt;script&gt;&quot;&#39;&amp;");
    }
}
