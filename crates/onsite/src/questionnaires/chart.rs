//! The results of a questionnaire as a chart with its table; hidden counts are gaps in both.

use std::fmt::Write as _;

use kit::{Result, shown::escaped};
use serde_json::json;

use super::{Question, QuestionKind, shown_counts};

/// A question with its counts as they may be shown.
pub(super) struct Line<'a> {
    question: &'a Question,
    counts: Vec<Option<i64>>,
}

/// The counts of every question with options; `tallies` are `(place, count)` in the order of options.
pub(super) fn lines<'a>(questions: &'a [Question], tallies: &[(i64, i64)], least: i64) -> Vec<Line<'a>> {
    questions
        .iter()
        .filter(|question| question.kind != QuestionKind::Open)
        .map(|question| {
            let own = tallies.iter().filter(|(position, _)| *position == question.position);
            let counts: Vec<i64> = own.map(|(_, count)| *count).collect();
            Line { question, counts: shown_counts(&counts, least) }
        })
        .collect()
}

/// A bar for each question when all have the same options, and the table of every question.
pub(super) fn html(lines: &[Line<'_>], least: i64) -> Result<String> {
    let mut html = String::new();
    if let Some(option) = option(lines)? {
        let _ = write!(
            html,
            "<figure class=\"panel chart-box\"><figcaption class=\"panel-head\">各题结果</figcaption>\
             <div class=\"chart\" data-chart=\"results\" role=\"img\" aria-label=\"条形图：各题结果，数据见下表\"></div>\
             <script type=\"application/json\" id=\"results\">{option}</script></figure>"
        );
    }
    for line in lines {
        let _ = write!(
            html,
            "<h3>{}. {}</h3><div class=\"table-wrap\"><table class=\"data\"><thead><tr><th scope=\"col\">选项</th>\
             <th scope=\"col\" class=\"num\">人数</th></tr></thead><tbody>",
            line.question.position,
            escaped(&line.question.text)
        );
        for (option, count) in line.question.options.iter().zip(&line.counts) {
            let count = count.map_or_else(|| String::from("不显示"), |count| count.to_string());
            let _ = write!(html, "<tr><td>{}</td><td class=\"num\">{count}</td></tr>", escaped(option));
        }
        html.push_str("</tbody></table></div>");
    }
    let _ = write!(
        html,
        "<p class=\"muted\">为保护作答人，少于 {least} 人的结果不显示；只有一项需要隐去时，另隐去一项。</p>"
    );
    Ok(html)
}

/// The chart, when every question has the options of the first.
fn option(lines: &[Line<'_>]) -> Result<Option<String>> {
    let Some(first) = lines.first() else { return Ok(None) };
    let options = &first.question.options;
    if lines.iter().any(|line| line.question.options != *options) {
        return Ok(None);
    }
    let questions: Vec<String> = lines.iter().map(|line| format!("第{}题", line.question.position)).collect();
    let series: Vec<_> = options
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let data: Vec<Option<i64>> =
                lines.iter().map(|line| line.counts.get(at).copied().flatten()).collect();
            json!({ "name": name, "type": "bar", "stack": "all", "data": data })
        })
        .collect();
    let chart = json!({
        "legend": {}, "tooltip": { "trigger": "axis" }, "xAxis": { "type": "value" },
        "yAxis": { "type": "category", "data": questions, "inverse": true }, "series": series,
    });
    // A closing tag inside the data would end the script element.
    Ok(Some(serde_json::to_string(&chart)?.replace('<', "\\u003c")))
}
