//! The results as a table for people and as JSON for comparison with other runs.

use serde_json::{Value, json};

use super::finding::{Finding, GROWTH, Goal, Unit, What};

const HEADINGS: [&str; 9] =
    ["target", "store", "problems", "goal", "median", "p99", "min–max", "CPU", "verdict"];

/// Prints all results, how they grow with the city, and what could not be measured.
pub(crate) fn print(findings: &[Finding]) {
    let rows: Vec<_> = findings.iter().map(row).collect();
    print_table(&HEADINGS, &rows);
    for (finding, note) in
        findings.iter().filter_map(|finding| Some((finding, &finding.reading.as_ref().ok()?.note)))
    {
        if !note.is_empty() {
            println!("  {}: {note}", place(finding));
        }
    }
    print_growth(findings);
    for (finding, reason) in
        findings.iter().filter_map(|finding| Some((finding, finding.reading.as_ref().err()?)))
    {
        println!("NOT MEASURED  {}: {reason}", place(finding));
    }
}

/// All results as one JSON document.
pub(crate) fn json(findings: &[Finding]) -> String {
    let results: Vec<Value> = findings.iter().map(json_of).collect();
    let growth: Vec<Value> = growths(findings)
        .iter()
        .map(|growth| {
            json!({"target": growth.largest.what.label(), "store": growth.largest.store.label(),
                   "from_problems": growth.smallest.rows, "to_problems": growth.largest.rows, "ratio": growth.ratio})
        })
        .collect();
    format!("{:#}\n", json!({"results": results, "growth": growth}))
}

fn row(finding: &Finding) -> Vec<String> {
    let unit = finding.what.unit();
    let goal = goal_text(finding);
    let mut cells = vec![
        finding.what.label().to_owned(),
        finding.store.label().to_owned(),
        finding.rows.to_string(),
        goal,
    ];
    match &finding.reading {
        Ok(reading) => {
            let show = |value: Option<f64>| value.map_or_else(|| "—".to_owned(), |value| unit.show(value));
            let spread = reading.spread.map(|(low, high)| format!("{}–{}", unit.show(low), unit.show(high)));
            cells.extend([
                show(Some(reading.median)),
                show(reading.p99),
                spread.unwrap_or_else(|| "—".to_owned()),
            ]);
            cells.push(reading.cpu.map_or_else(|| "—".to_owned(), |cpu| format!("{cpu:.2} ms")));
            cells.push(verdict(finding).to_owned());
        }
        Err(_) => cells.extend(["—", "—", "—", "—", "not measured"].map(str::to_owned)),
    }
    cells
}

fn goal_text(finding: &Finding) -> String {
    let unit = finding.what.unit();
    let goal = match finding.what.goal(finding.rows) {
        Goal::Median(limit) => format!("≤ {}", unit.show(limit)),
        Goal::MedianAndP99(limit, slowest) => format!("≤ {}, p99 ≤ {}", unit.show(limit), unit.show(slowest)),
        Goal::AtLeast(limit) => format!("≥ {}", unit.show(limit)),
        Goal::RateWithin(limit, slowest) => format!("≥ {}, p99 ≤ {slowest:.0} ms", unit.show(limit)),
        Goal::None => "—".to_owned(),
    };
    match finding.what.cpu_goal(finding.rows) {
        Some(cpu) => format!("{goal}, CPU ≤ {cpu} ms"),
        None => goal,
    }
}

fn verdict(finding: &Finding) -> &'static str {
    match (&finding.reading, finding.meets()) {
        (Err(_), _) => "not measured",
        (Ok(_), Some(true)) => "meets",
        (Ok(_), Some(false)) => "misses",
        (Ok(_), None) => "—",
    }
}

fn json_of(finding: &Finding) -> Value {
    let (limit, p99_limit, direction) = match finding.what.goal(finding.rows) {
        Goal::Median(limit) => (Some(limit), None, Some("at most")),
        Goal::MedianAndP99(limit, slowest) => (Some(limit), Some(slowest), Some("at most")),
        Goal::AtLeast(limit) => (Some(limit), None, Some("at least")),
        Goal::RateWithin(limit, slowest) => (Some(limit), Some(slowest), Some("at least")),
        Goal::None => (None, None, None),
    };
    let reading = finding.reading.as_ref().ok();
    json!({
        "target": finding.what.label(),
        "store": finding.store.label(),
        "problems": finding.rows,
        "unit": format!("{:?}", finding.what.unit()).to_lowercase(),
        "goal": limit,
        "goal_p99_ms": p99_limit,
        "goal_cpu_ms": finding.what.cpu_goal(finding.rows),
        "goal_is": direction,
        "median": reading.map(|reading| reading.median),
        "p99": reading.and_then(|reading| reading.p99),
        "min": reading.and_then(|reading| reading.spread).map(|spread| spread.0),
        "max": reading.and_then(|reading| reading.spread).map(|spread| spread.1),
        "cpu_ms_per_request": reading.and_then(|reading| reading.cpu),
        "note": reading.map(|reading| &reading.note),
        "not_measured": finding.reading.as_ref().err(),
        "verdict": verdict(finding),
    })
}

/// Whether the target is one answer whose cost must not follow the size of the city: rates fall when
/// costs grow, figures are sums over all rows, and an export is of all rows.
fn grows(what: What) -> bool {
    what.unit() == Unit::Milliseconds
        && !matches!(what, What::Figures | What::FiguresCold | What::AnnualCold | What::Export)
}

struct Growth<'a> {
    smallest: &'a Finding,
    largest: &'a Finding,
    ratio: f64,
}

/// How the median grows from the smallest to the largest city, per target and store.
fn growths(findings: &[Finding]) -> Vec<Growth<'_>> {
    let median = |finding: &Finding| finding.reading.as_ref().ok().map(|reading| reading.median);
    let mut growths = Vec::new();
    for largest in findings {
        let same = |other: &&Finding| {
            other.what == largest.what && other.store == largest.store && other.reading.is_ok()
        };
        let biggest = findings.iter().filter(same).map(|finding| finding.rows).max();
        let smallest = findings.iter().filter(same).min_by_key(|finding| finding.rows);
        let Some(smallest) = smallest.filter(|smallest| smallest.rows < largest.rows) else { continue };
        if biggest != Some(largest.rows) || !grows(largest.what) {
            continue;
        }
        if let (Some(from), Some(to)) = (median(smallest), median(largest)) {
            growths.push(Growth { smallest, largest, ratio: to / from });
        }
    }
    growths
}

fn print_growth(findings: &[Finding]) {
    let rows: Vec<_> = growths(findings)
        .iter()
        .map(|growth| {
            let cities = format!("{} → {}", growth.smallest.rows, growth.largest.rows);
            let what = growth.largest.what.label().to_owned();
            let verdict = if growth.ratio <= GROWTH { "meets" } else { "misses" };
            let store = growth.largest.store.label().to_owned();
            vec![
                what,
                store,
                cities,
                format!("≤ × {GROWTH}"),
                format!("× {:.2}", growth.ratio),
                verdict.to_owned(),
            ]
        })
        .collect();
    if !rows.is_empty() {
        println!();
        print_table(&["growth of the median", "store", "problems", "goal", "measured", "verdict"], &rows);
    }
}

fn place(finding: &Finding) -> String {
    format!("{}, {}, {} problems", finding.what.label(), finding.store.label(), finding.rows)
}

fn print_table(headings: &[&str], rows: &[Vec<String>]) {
    let headings: Vec<String> = headings.iter().map(|&heading| heading.to_owned()).collect();
    let width = |column: usize| {
        let cells = rows.iter().chain([&headings]).filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    for row in [&headings].into_iter().chain(rows) {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}"));
        println!("{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{Store, finding::Reading};

    fn list(rows: u64, median: f64) -> Finding {
        Finding { what: What::FirstPage, store: Store::Sqlite, rows, reading: Ok(Reading::of(median)) }
    }

    #[test]
    fn growth_compares_the_smallest_with_the_largest_city_whatever_their_order() {
        let findings = [list(1_000_000, 6.0), list(10_000, 4.0), list(100_000, 5.0)];
        let growths = growths(&findings);
        let ratios: Vec<_> =
            growths.iter().map(|growth| (growth.smallest.rows, growth.largest.rows, growth.ratio)).collect();
        assert_eq!(ratios, [(10_000, 1_000_000, 1.5)]);
    }

    #[test]
    fn one_city_has_no_growth_and_a_missing_one_is_not_compared() {
        let missing = Finding::missing(What::FirstPage, Store::Sqlite, 10, &anyhow::anyhow!("no answer"));
        assert!(growths(&[missing, list(1_000_000, 6.0)]).is_empty());
    }

    #[test]
    fn what_is_missing_says_so_in_table_and_json() {
        let missing =
            Finding::missing(What::Write, Store::Postgres, 10, &anyhow::anyhow!("nobody may change"));
        assert_eq!(row(&missing).last().unwrap(), "not measured");
        assert!(json(&[missing]).contains("nobody may change"));
    }
}
