//! Charts as options in pure JSON; colours, fonts and grids are the browser's affair.

use kit::units::thousands;
use serde_json::{Value as Json, json};

/// Lying bars, the largest on top; at most 20, the rest stands in the table.
pub(super) fn bars(counts: &[(String, i64)]) -> Json {
    let shown: Vec<&(String, i64)> = counts.iter().take(20).collect();
    let names: Vec<&str> = shown.iter().map(|(name, _)| name.as_str()).collect();
    let values: Vec<i64> = shown.iter().map(|(_, count)| *count).collect();
    json!({
        "tooltip": { "trigger": "axis" },
        "xAxis": { "type": "value", "minInterval": 1 },
        "yAxis": { "type": "category", "inverse": true, "data": names },
        "series": [{ "type": "bar", "data": values, "label": { "show": true, "position": "right", "formatter": "fn:int" } }],
    })
}

/// Standing bars over time, one series each.
pub(super) fn columns(times: &[String], series: &[(&str, Vec<Json>)]) -> Json {
    let drawn: Vec<Json> =
        series.iter().map(|(name, values)| json!({ "type": "bar", "name": name, "data": values })).collect();
    json!({
        "tooltip": { "trigger": "axis" },
        "legend": {},
        "xAxis": { "type": "category", "data": times },
        "yAxis": { "type": "value" },
        "series": drawn,
    })
}

/// A funnel from the whole to what is left of it: bars around one axis, as long as what they stand for.
pub(super) fn funnel(steps: &[(&str, i64)]) -> Json {
    let whole = steps.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    let names: Vec<String> =
        steps.iter().map(|(name, count)| format!("{name} {}", thousands(&count.to_string()))).collect();
    let counts: Vec<i64> = steps.iter().map(|(_, count)| *count).collect();
    // What stands before a bar is not drawn; it moves the bar to the middle.
    let before: Vec<f64> = counts.iter().map(|count| (whole - count) as f64 / 2.0).collect();
    json!({
        "tooltip": { "trigger": "item" },
        "xAxis": { "type": "value", "min": 0, "max": whole, "show": false },
        "yAxis": { "type": "category", "inverse": true, "data": names },
        "series": [
            { "type": "bar", "stack": "step", "silent": true, "barMaxWidth": 64, "data": before, "itemStyle": { "color": "transparent" } },
            { "type": "bar", "stack": "step", "barMaxWidth": 64, "data": counts },
        ],
    })
}

/// A heat map: `cells` hold column, row and value.
pub(super) fn heat(columns: &[String], rows: &[String], cells: &[(usize, usize, i64)]) -> Json {
    let most = cells.iter().map(|(_, _, value)| *value).max().unwrap_or(1);
    let data: Vec<Json> = cells.iter().map(|(x, y, value)| json!([x, y, value])).collect();
    json!({
        "tooltip": {},
        "xAxis": { "type": "category", "data": columns, "axisLabel": { "interval": 0 } },
        "yAxis": { "type": "category", "inverse": true, "data": rows },
        "visualMap": { "min": 0, "max": most, "calculable": false, "orient": "horizontal", "left": "center", "bottom": 0 },
        "series": [{ "type": "heatmap", "data": data, "label": { "show": true, "formatter": "fn:int" } }],
    })
}

#[cfg(test)]
mod tests {
    use super::funnel;

    #[test]
    fn every_step_of_a_funnel_is_as_long_as_what_it_stands_for_and_stands_in_the_middle() {
        let chart = funnel(&[("已反馈", 1130), ("曾经销号", 1064), ("目前销号", 1050)]);
        let data = |series: usize, step: usize| chart["series"][series]["data"][step].as_f64().unwrap();
        for (step, count) in [1130.0, 1064.0, 1050.0].into_iter().enumerate() {
            assert!((data(1, step) - count).abs() < f64::EPSILON);
            assert!((data(0, step) * 2.0 + count - 1130.0).abs() < f64::EPSILON);
        }
        assert_eq!(chart["yAxis"]["data"][2], "目前销号 1,050");
    }
}
