//! Problems fed back in the year: by team, kind, field, category and kind of organisation, district, month.

use chrono::{Datelike as _, Months, NaiveDate};
use db::Sql;
use kit::{Choice, Labelled, Result, Shown};
use registry::organisations::OrganisationKind;
use serde_json::json;

use super::{Breakdown, Cell, Ground, add, charts, shares};
use crate::figures::cut::{By, Cut, NONE};
use planning::inspections::InspectionKind;
use uuid::Uuid;

/// The figure that is broken down here.
const FIGURE: &str = "problems_fed_back";
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

/// The problems of the year with this code of a dictionary: their list, or the page of rows for those without code.
fn open_coded(ground: &Ground<'_>, by: By, filter: &'static str, code: &str) -> String {
    let cut = Cut::by(by, code);
    if code.is_empty() {
        return ground.rows(FIGURE, &cut);
    }
    let mut filters = ground.days_of_year("fed_back_on.from", "fed_back_on.to");
    filters.push((filter, code.to_owned()));
    ground.listed("problems", &filters, FIGURE, &cut)
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
        let open = |by, value: &str| ground.rows(FIGURE, &Cut::by(by, value));
        let by_kind = open(By::InspectionKind, &kind);
        add(&mut kinds, (label(InspectionKind::CHOICES, &kind), by_kind), count);
        let by_team = open(By::Team, &team);
        add(&mut teams, (named(team, "未登记"), by_team), count);
        let of_field = open_coded(ground, By::Field, "field", &field);
        let called = named(fields.get(&field).cloned().unwrap_or(field), "未归类");
        add(&mut by_field, (called, of_field), count);
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
        "select o.kind, d.id, coalesce(d.name, ''), g.category_1, cast(sum(g.n) as bigint) \
         from (select p.organisation_id, p.category_1, ",
    );
    write_count_of_year(ground, &mut sql);
    sql.push(" as n");
    write_counted(ground, &mut sql);
    sql.push(
        " group by p.organisation_id, p.category_1) g join organisation o on o.id = g.organisation_id \
         left join organisation d on d.id = o.district_id group by o.kind, d.id, d.name, g.category_1",
    );
    let labels = ground.labels("category_1").await?;
    let (mut cells, mut districts) = (Vec::new(), Vec::new());
    for row in &ground.cx.rows(sql).await? {
        let (kind, id): (String, Option<Uuid>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let (district, category): (String, String) = (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
        let count: i64 = row.try_get_by_index(4)?;
        if count == 0 {
            continue;
        }
        let called = named(labels.get(&category).cloned().unwrap_or_else(|| category.clone()), "未归类");
        let kind_label = label(OrganisationKind::CHOICES, &kind);
        cells.push(HeatCell { category: (called, category), kind: (kind_label, kind), count });
        let of_district = id.map_or_else(|| NONE.to_owned(), |id| id.to_string());
        let rows = ground.rows(FIGURE, &Cut::by(By::District, of_district));
        add(&mut districts, (named(district, "市本级"), rows), count);
    }
    let district = shares("problems_by_district", "反馈问题：按所在区", NOTE, "区", districts);
    Ok(vec![heat(ground, &cells), district])
}

/// How many problems of a category were fed back to a kind of organisation; both with name and code.
struct HeatCell {
    category: (String, String),
    kind: (String, String),
    count: i64,
}

fn heat(ground: &Ground<'_>, cells: &[HeatCell]) -> Breakdown {
    let (mut rows, mut columns) = (Vec::new(), Vec::new());
    for cell in cells {
        add(&mut rows, cell.category.clone(), cell.count);
        add(&mut columns, cell.kind.clone(), cell.count);
    }
    rows.sort();
    columns.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let count = |category: &(String, String), kind: &(String, String)| -> i64 {
        let fitting = cells.iter().filter(|cell| cell.category == *category && cell.kind == *kind);
        fitting.map(|cell| cell.count).sum()
    };
    let names = |of: &[((String, String), i64)]| -> Vec<String> {
        of.iter().map(|((name, _), _)| name.clone()).collect()
    };
    let (lines, heads) = (names(&rows), names(&columns));
    let mut headings = vec![String::from("问题类别")];
    headings.extend(heads.iter().cloned());
    headings.push(String::from("合计"));
    let (mut table, mut points) = (Vec::new(), Vec::new());
    for (y, (category, total)) in rows.iter().enumerate() {
        let mut line: Vec<Cell> = vec![Shown::text(&category.0).into()];
        for (x, (kind, _)) in columns.iter().enumerate() {
            let value = count(category, kind);
            let cut = Cut::by(By::Category, &category.1).and(By::OrganisationKind, &kind.1);
            line.push(Cell::count(value, ground.rows(FIGURE, &cut)));
            points.push((x, y, value));
        }
        line.push(Cell::count(*total, open_coded(ground, By::Category, "category_1", &category.1)));
        table.push(line);
    }
    Breakdown {
        key: "problems_by_category",
        title: "反馈问题：类别与单位类别",
        note: NOTE,
        columns: headings,
        rows: table,
        chart: charts::heat(&heads, &lines, &points),
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
    ground.frame.municipal("l.inspection_id", &mut sql);
    sql.push(" group by l.transferred_on");
    let leads = months(ground, sql).await?;
    let names: Vec<String> = (1..=12).map(|month| format!("{month}月")).collect();
    let rows = (1..).zip(problems.iter().zip(&leads)).map(|(month, (problems, leads))| {
        vec![
            Shown::text(format!("{month}月")).into(),
            Cell::count(
                *problems,
                open_month(ground, "problems", FIGURE, ["fed_back_on.from", "fed_back_on.to"], month),
            ),
            Cell::count(
                *leads,
                open_month(
                    ground,
                    "leads",
                    "leads_transferred",
                    ["transferred_on.from", "transferred_on.to"],
                    month,
                ),
            ),
        ]
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

/// The records of a month of the year, up to the day asked for.
fn open_month(
    ground: &Ground<'_>,
    noun: &str,
    figure: &str,
    [from, to]: [&'static str; 2],
    month: u32,
) -> String {
    let ask = &ground.frame.ask;
    let cut = Cut::by(By::Month, format!("{}-{month:02}", ask.year));
    let first = NaiveDate::from_ymd_opt(ask.year, month, 1);
    let last = first.and_then(|first| first.checked_add_months(Months::new(1))?.pred_opt());
    let (Some(first), Some(last)) = (first, last) else { return ground.rows(figure, &cut) };
    let filters = [(from, first.to_string()), (to, last.min(ask.last()).to_string())];
    ground.listed(noun, &filters, figure, &cut)
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
