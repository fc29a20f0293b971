//! The text of an announcement: the office's paragraphs with the facts of the task put in.

use chrono::NaiveDate;
use kit::{Cx, Result, dictionary};

/// The facts that go into a text.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// The team.
    pub(super) team: String,
    /// The inspected organisations.
    pub(super) units: String,
    /// The inspection.
    pub(super) name: String,
    /// First day on site.
    pub(super) from: NaiveDate,
    /// Last day.
    pub(super) to: NaiveDate,
    /// Ways to reach the team: label and value, those that are there.
    pub(super) ways: Vec<(&'static str, String)>,
}

/// The text by the office's paragraphs that hold today.
pub(super) async fn compose(cx: &Cx, facts: &Facts) -> Result<String> {
    let items = dictionary::items(cx, "announcement_text").await?;
    let paragraphs: Vec<&str> = items.iter().map(|item| item.label.as_str()).collect();
    Ok(filled(&paragraphs, facts))
}

fn filled(paragraphs: &[&str], facts: &Facts) -> String {
    let day = |day: NaiveDate| day.format("%Y年%-m月%-d日").to_string();
    let mut lines: Vec<String> = paragraphs
        .iter()
        .map(|text| {
            text.replace("{team}", &facts.team)
                .replace("{units}", &facts.units)
                .replace("{name}", &facts.name)
                .replace("{from}", &day(facts.from))
                .replace("{to}", &day(facts.to))
        })
        .collect();
    lines.extend(facts.ways.iter().map(|(label, value)| format!("{label}：{value}")));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_facts_of_the_task_stand_in_the_text() {
        let day = |d| NaiveDate::from_ymd_opt(2023, 5, d).unwrap();
        let facts = Facts {
            team: String::from("第一巡察组"),
            units: String::from("市某局"),
            name: String::from("常规巡察"),
            from: day(4),
            to: day(31),
            ways: vec![("值班电话", String::from("12345"))],
        };
        let text = filled(&["{team}对{units}开展{name}。", "时间为{from}至{to}。"], &facts);
        assert_eq!(
            text,
            "第一巡察组对市某局开展常规巡察。\n时间为2023年5月4日至2023年5月31日。\n值班电话：12345"
        );
    }
}
