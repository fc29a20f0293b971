//! Idle state assets by month: what was found, put to use, and is left, with the income.

use std::collections::BTreeMap;

use db::Sql;
use kit::{
    Area, Fen, Result, Shown,
    units::{CM2_PER_WAN_M2, ratio},
};
use serde_json::{Value as Json, json};

use super::{Breakdown, Cell, Ground, charts};
use crate::figures::cut::{By, Cut};

#[derive(Clone, Copy, Default)]
struct Month {
    found: i64,
    used: i64,
    income: i64,
}

/// Stock and flow by month, up to the day asked for.
pub(super) async fn by_month(ground: &Ground<'_>) -> Result<Vec<Breakdown>> {
    let mut months: BTreeMap<String, Month> = BTreeMap::new();
    let mut sql = Sql::new(
        "select substr(cast(a.found_on as text), 1, 7), cast(sum(a.area_cm2) as bigint), cast(0 as bigint) from asset a",
    );
    ground.write_where("asset", "a", &mut sql);
    ground.frame.until("a.found_on", &mut sql);
    sql.push(" group by substr(cast(a.found_on as text), 1, 7)");
    for (month, area, _) in read(ground, sql).await? {
        months.entry(month).or_default().found += area;
    }
    let mut sql = Sql::new(
        "select substr(cast(k.on_day as text), 1, 7), cast(sum(k.area_cm2) as bigint), cast(0 as bigint) \
         from asset_correction k join asset a on a.id = k.asset_id",
    );
    ground.write_where("asset", "a", &mut sql);
    ground.frame.until("k.on_day", &mut sql);
    ground.frame.until("a.found_on", &mut sql);
    sql.push(" group by substr(cast(k.on_day as text), 1, 7)");
    for (month, area, _) in read(ground, sql).await? {
        months.entry(month).or_default().found += area;
    }
    let mut sql = Sql::new(
        "select substr(cast(m.on_day as text), 1, 7), cast(sum(m.area_cm2) as bigint), cast(sum(m.income_fen) as bigint) \
         from asset_movement m",
    );
    ground.write_where("asset_movement", "m", &mut sql);
    ground.frame.until("m.on_day", &mut sql);
    sql.push(" group by substr(cast(m.on_day as text), 1, 7)");
    for (month, area, income) in read(ground, sql).await? {
        let entry = months.entry(month).or_default();
        entry.used += area;
        entry.income += income;
    }
    Ok(vec![table(ground, &months)])
}

async fn read(ground: &Ground<'_>, sql: Sql) -> Result<Vec<(String, i64, i64)>> {
    let rows = ground.cx.rows(sql).await?;
    rows.iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?)))
        .collect()
}

/// A sum that opens the movements it is the sum of.
fn moved(ground: &Ground<'_>, shown: Shown, value: i64, figure: &str, month: &str) -> Cell {
    Cell { shown, rows: (value != 0).then(|| ground.rows(figure, &Cut::by(By::Month, month))) }
}

fn table(ground: &Ground<'_>, months: &BTreeMap<String, Month>) -> Breakdown {
    let (mut rows, mut used, mut left, mut stock) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for (name, month) in months {
        stock += month.found - month.used;
        used.push(wan(month.used));
        left.push(wan(stock));
        rows.push(vec![
            Shown::text(name).into(),
            // Found and left over are what remains after corrections of other months: no rows add up to them.
            Shown::Area(Area(month.found)).into(),
            moved(ground, Shown::Area(Area(month.used)), month.used, "idle_area_activated_cum", name),
            Shown::Area(Area(stock)).into(),
            moved(ground, Shown::Money(Fen(month.income)), month.income, "asset_income_added_cum", name),
        ]);
    }
    let names: Vec<String> = months.keys().cloned().collect();
    let headings = ["月份", "查出闲置（㎡）", "盘活去化（㎡）", "月末闲置（㎡）", "新增收益（元）"];
    Breakdown {
        key: "assets_by_month",
        title: "闲置国有资产：存量与盘活（按月）",
        note: "查出按发现日期和更正日期、盘活去化和收益按变动日期统计；图中单位为万㎡。",
        columns: headings.map(String::from).to_vec(),
        rows,
        chart: charts::columns(&names, &[("盘活去化", used), ("月末闲置", left)]),
    }
}

/// Square centimetres as 万㎡ with two decimals, for a chart.
fn wan(area: i64) -> Json {
    json!(ratio(area, CM2_PER_WAN_M2, 2).parse::<f64>().unwrap_or_default())
}
