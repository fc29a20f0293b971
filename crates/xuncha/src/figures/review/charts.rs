//! Charts as options in pure JSON; colours, fonts and grids are the browser's affair.

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
        "series": [{ "type": "bar", "data": values, "label": { "show": true, "position": "right" } }],
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

/// A funnel from the whole to what is left of it.
pub(super) fn funnel(steps: &[(&str, i64)]) -> Json {
    let whole = steps.first().map_or(1, |(_, count)| (*count).max(1));
    let data: Vec<Json> = steps.iter().map(|(name, count)| json!({ "name": name, "value": count })).collect();
    json!({
        "tooltip": {},
        "series": [{ "type": "funnel", "max": whole, "data": data, "label": { "formatter": "{b} {c}" } }],
    })
}

/// A heat map: `cells` hold column, row and value.
pub(super) fn heat(columns: &[String], rows: &[String], cells: &[(usize, usize, i64)]) -> Json {
    let most = cells.iter().map(|(_, _, value)| *value).max().unwrap_or(1);
    let data: Vec<Json> = cells.iter().map(|(x, y, value)| json!([x, y, value])).collect();
    json!({
        "tooltip": {},
        "xAxis": { "type": "category", "data": columns },
        "yAxis": { "type": "category", "inverse": true, "data": rows },
        "visualMap": { "min": 0, "max": most, "calculable": false, "orient": "horizontal", "left": "center", "bottom": 0 },
        "series": [{ "type": "heatmap", "data": data, "label": { "show": true } }],
    })
}
