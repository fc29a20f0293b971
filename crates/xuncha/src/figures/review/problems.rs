//! Problems fed back in the year: by team, kind, field, category and kind of organisation, district, month.

use chrono::{Datelike as _, NaiveDate};
use db::Sql;
use kit::{Choice, Labelled, Result, Shown};
use registry::organisations::OrganisationKind;
use serde_json::json;

use super::{Breakdown, Ground, add, charts, shares};
use planning::inspections::InspectionKind;

const NOTE: &str = "本年度反馈的问题，按反馈日期统计。";

fn label(choices: &[Choice], code: &str) -> String {
    choices.iter().find(|choice| choice.code == code).map_or(code, |choice| choice.label).to_owned()
}

fn named(text: String, empty: &str) -> String {
    if text.is_empty() { empty.to_owned() } else { text }
}

/// How many of the rows at hand are of the year. The year is no condition: it would lead to the index of days and from
/// there to every problem, while the groups can be read off their own index in order.
fn write_count_of_year(ground: &Ground<'_>, sql: &mut Sql) {
    let ask = &ground.frame.ask;
    sql.push("cast(sum(case when p.fed_back_on >= ").bind(ask.first());
    sql.push(" and p.fed_back_on <= ").bind(ask.last());
    sql.push(" then ").push(ground.fed_back().n).push(" else 0 end) as bigint)");
}

fn write_counted(ground: &Ground<'_>, sql: &mut Sql) {
    sql.push(" from ").push(ground.fed_back().from);
    ground.write_where("problem", "p", sql);
    ground.frame.municipal("p.inspection_id", sql);
}

/// By team, kind of inspection and field, read in one walk along one index.
pub(super) async fn by_share(ground: &Ground<'_>) -> Result<Vec<Breakdown>> {
    let mut sql = Sql::new("select p.inspection_kind, p.team, p.field, ");
    write_count_of_year(ground, &mut sql);
    write_counted(ground, &mut sql);
    sql.push(" group by p.inspection_kind, p.team, p.field");
    let fields = ground.labels("field").await?;
    let (mut kinds, mut teams, mut by_field) = (Vec::new(), Vec::new(), Vec::new());
    for row in &ground.cx.rows(sql).await? {
        let (kind, team): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let (field, count): (String, i64) = (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
        if count == 0 {
            continue;
        }
        add(&mut kinds, label(InspectionKind::CHOICES, &kind), count);
        add(&mut teams, named(team, "未登记"), count);
        add(&mut by_field, named(fields.get(&field).cloned().unwrap_or(field), "未归类"), count);
    }
    Ok(vec![
        shares("problems_by_team", "反馈问题：按巡察组", NOTE, "巡察组", teams),
        shares("problems_by_kind", "反馈问题：按巡察类型", NOTE, "巡察类型", kinds),
        shares("problems_by_field", "反馈问题：按领域", NOTE, "领域", by_field),
    ])
}

/// By category and kind of organisation as a heat map, and by district.
pub(super) async fn by_organisation(ground: &Ground<'_>) -> Result<Vec<Breakdown>> {
    // Counted by organisation along the index first; only then are the organisations looked up.
    let mut sql = Sql::new(
        "select o.kind, coalesce(d.name, ''), g.category_1, cast(sum(g.n) as bigint) \
         from (select p.organisation_id, p.category_1, ",
    );
    write_count_of_year(ground, &mut sql);
    sql.push(" as n");
    write_counted(ground, &mut sql);
    sql.push(
        " group by p.organisation_id, p.category_1) g join organisation o on o.id = g.organisation_id \
         left join organisation d on d.id = o.district_id group by o.kind, coalesce(d.name, ''), g.category_1",
    );
    let labels = ground.labels("category_1").await?;
    let (mut cells, mut districts) = (Vec::new(), Vec::new());
    for row in &ground.cx.rows(sql).await? {
        let (kind, district): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let (category, count): (String, i64) = (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
        if count == 0 {
            continue;
        }
        let category = named(labels.get(&category).cloned().unwrap_or(category), "未归类");
        cells.push((category, label(OrganisationKind::CHOICES, &kind), count));
        add(&mut districts, named(district, "市本级"), count);
    }
    let district = shares("problems_by_district", "反馈问题：按所在区", NOTE, "区", districts);
    Ok(vec![heat(&cells), district])
}

fn heat(cells: &[(String, String, i64)]) -> Breakdown {
    let (mut rows, mut columns) = (Vec::new(), Vec::new());
    for (category, kind, count) in cells {
        add(&mut rows, category.clone(), *count);
        add(&mut columns, kind.clone(), *count);
    }
    rows.sort();
    columns.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let count = |category: &str, kind: &str| -> i64 {
        cells.iter().filter(|(held, of, _)| held == category && of == kind).map(|(_, _, count)| count).sum()
    };
    let mut headings = vec![String::from("问题类别")];
    headings.extend(columns.iter().map(|(name, _)| name.clone()));
    headings.push(String::from("合计"));
    let (mut table, mut points) = (Vec::new(), Vec::new());
    for (y, (category, total)) in rows.iter().enumerate() {
        let mut line = vec![Shown::text(category)];
        for (x, (kind, _)) in columns.iter().enumerate() {
            let value = count(category, kind);
            line.push(Shown::Integer(value));
            points.push((x, y, value));
        }
        line.push(Shown::Integer(*total));
        table.push(line);
    }
    let names = |of: &[(String, i64)]| of.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    Breakdown {
        key: "problems_by_category",
        title: "反馈问题：类别与单位类别",
        note: NOTE,
        columns: headings,
        rows: table,
        chart: charts::heat(&names(&columns), &names(&rows), &points),
    }
}

/// By month of feedback, with leads transferred beside it.
pub(super) async fn by_month(ground: &Ground<'_>) -> Result<Vec<Breakdown>> {
    let mut sql = Sql::new("select p.fed_back_on, cast(sum(");
    sql.push(ground.fed_back().n).push(") as bigint)");
    write_counted(ground, &mut sql);
    ground.frame.in_year("p.fed_back_on", &mut sql);
    sql.push(" group by p.fed_back_on");
    let problems = months(ground, sql).await?;
    let mut sql = Sql::new("select l.transferred_on, count(*) from lead l");
    ground.write_where("lead", "l", &mut sql);
    ground.frame.in_year("l.transferred_on", &mut sql);
    sql.push(" group by l.transferred_on");
    let leads = months(ground, sql).await?;
    let names: Vec<String> = (1..=12).map(|month| format!("{month}月")).collect();
    let rows = names.iter().zip(problems.iter().zip(&leads)).map(|(name, (problems, leads))| {
        vec![Shown::text(name), Shown::Integer(*problems), Shown::Integer(*leads)]
    });
    let values = |counts: &[i64]| counts.iter().map(|count| json!(count)).collect();
    Ok(vec![Breakdown {
        key: "by_month",
        title: "反馈问题和移送线索：按月",
        note: "反馈问题按反馈日期、问题线索按移送日期统计。",
        columns: vec![String::from("月份"), String::from("反馈问题"), String::from("移送问题线索")],
        rows: rows.collect(),
        chart: charts::columns(&names, &[("反馈问题", values(&problems)), ("移送问题线索", values(&leads))]),
    }])
}

async fn months(ground: &Ground<'_>, sql: Sql) -> Result<[i64; 12]> {
    let mut counts = [0i64; 12];
    for row in &ground.cx.rows(sql).await? {
        let (day, count): (NaiveDate, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        if let Some(month) = counts.get_mut(day.month0() as usize) {
            *month += count;
        }
    }
    Ok(counts)
}
