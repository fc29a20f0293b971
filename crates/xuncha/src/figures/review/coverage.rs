//! Coverage of the term, year by year.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate};
use db::Sql;
use kit::{Result, Shown};
use serde_json::json;

use super::{Breakdown, Cell, Ground, charts};
use crate::figures::cut::{By, Cut};

/// Organisations of the list planned and completed in each year, and the rate reached by its end.
pub(super) async fn by_year(ground: &Ground<'_>) -> Result<Vec<Breakdown>> {
    let frame = &ground.frame;
    let mut sql = Sql::new(
        "select ci.planned_year, (select min(u.left_on) from inspection_unit u join inspection i on i.id = u.inspection_id \
         where u.organisation_id = ci.organisation_id and i.kind = 'regular' and i.level = 'city'",
    );
    frame.in_term("i.term_id", &mut sql);
    frame.until("u.left_on", &mut sql);
    sql.push(") from coverage_item ci");
    ground.write_where("coverage_item", "ci", &mut sql);
    sql.push(" and ci.exempt_reason = '' and ci.list_id = ").bind(frame.list);
    let mut years: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    let mut listed = 0;
    for row in &ground.cx.rows(sql).await? {
        let (planned, left): (Option<i64>, Option<NaiveDate>) =
            (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        listed += 1;
        if let Some(year) = planned {
            years.entry(year).or_default().0 += 1;
        }
        if let Some(left) = left {
            years.entry(i64::from(left.year())).or_default().1 += 1;
        }
    }
    let (mut rows, mut rates, mut so_far) = (Vec::new(), Vec::new(), 0);
    for (year, (planned, done)) in &years {
        so_far += done;
        // A year that has not begun has no rate yet.
        let begun = *year <= i64::from(frame.ask.as_of.year());
        let rate = Shown::Rate { numerator: so_far, denominator: listed };
        rates.push(json!(done));
        let open = |by, whole: bool| {
            let rows = ground.rows("coverage_rate", &Cut::by(by, year.to_string()));
            if whole { format!("{rows}&of=whole") } else { rows }
        };
        rows.push(vec![
            Shown::text(format!("{year}年")).into(),
            Cell::count(*planned, open(By::Planned, true)),
            Cell::count(*done, open(By::Completed, false)),
            if begun { Cell::count(so_far, open(By::Until, false)) } else { Shown::Empty.into() },
            if begun { rate.into() } else { Shown::Empty.into() },
        ]);
    }
    let names: Vec<String> = years.keys().map(|year| format!("{year}年")).collect();
    let planned = years.values().map(|(planned, _)| json!(planned)).collect();
    let headings = ["年度", "计划单位", "完成单位", "累计完成", "累计全覆盖率"];
    Ok(vec![Breakdown {
        key: "coverage",
        title: "全覆盖进度：按年度",
        note: "全覆盖对象清单（不含免予安排）中的单位，完成按常规巡察撤点日期统计，计划按清单安排的年度统计。",
        columns: headings.map(String::from).to_vec(),
        rows,
        chart: charts::columns(&names, &[("计划单位", planned), ("完成单位", rates)]),
    }])
}
