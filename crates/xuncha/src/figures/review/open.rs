//! How far rectification has got: what was fed back, closed, reopened, and how old what is open is.

use chrono::Months;
use db::Sql;
use kit::{Result, Shown};

use super::{Breakdown, Ground, charts, shares};

/// From what was fed back in the term to what is closed on the day.
pub(super) async fn funnel(ground: &Ground<'_>) -> Result<Vec<Breakdown>> {
    let frame = &ground.frame;
    let mut sql = Sql::new("select count(*) from problem p");
    ground.write_where("problem", "p", &mut sql);
    frame.in_term("p.term_id", &mut sql);
    frame.until("p.fed_back_on", &mut sql);
    frame.municipal("p.inspection_id", &mut sql);
    let fed_back = ground.cx.number(sql).await?;
    let mut sql = Sql::new("select count(*) from problem p");
    ground.write_where("problem", "p", &mut sql);
    write_open(ground, &mut sql);
    let open = ground.cx.number(sql).await?;
    // Open problems that were closed before: closed and reopened, and not closed again by the day.
    let mut sql = Sql::new("select count(*) from problem p");
    ground.write_where("problem", "p", &mut sql);
    write_open(ground, &mut sql);
    sql.push(" and p.id in (select c.problem_id from closure c where 1 = 1");
    frame.in_term("c.term_id", &mut sql);
    frame.until("c.reopened_on", &mut sql);
    sql.push(")");
    let again = ground.cx.number(sql).await?;
    let steps = [("已反馈", fed_back), ("曾经销号", fed_back - open + again), ("目前销号", fed_back - open)];
    let rows = steps.iter().map(|(name, count)| {
        vec![
            Shown::text(*name),
            Shown::Integer(*count),
            Shown::Rate { numerator: *count, denominator: fed_back },
        ]
    });
    Ok(vec![Breakdown {
        key: "rectification",
        title: "整改漏斗（本届累计）",
        note: "本届以来已反馈的问题，以统计日的销号状态为准；“曾经销号”含销号后重开、尚未再次销号的。",
        columns: vec![String::from("阶段"), String::from("问题"), String::from("占已反馈")],
        rows: rows.collect(),
        chart: charts::funnel(&steps),
    }])
}

/// Fed back in the term and not closed on the day. Whatever holds a closing day up to then is closed
/// and needs no look at its closings; the others were never closed, or are closed later.
fn write_open(ground: &Ground<'_>, sql: &mut Sql) {
    let frame = &ground.frame;
    frame.in_term("p.term_id", sql);
    frame.until("p.fed_back_on", sql);
    frame.municipal("p.inspection_id", sql);
    sql.push(" and (p.closed_on is null or p.closed_on > ").bind(frame.ask.as_of);
    sql.push(") and not exists (select 1 from closure c where c.problem_id = p.id");
    frame.until("c.closed_on", sql);
    sql.push(" and (c.reopened_on is null or c.reopened_on > ").bind(frame.ask.as_of).push("))");
}

/// How long open problems have been open, and how many are past their deadline.
pub(super) async fn ageing(ground: &Ground<'_>) -> Result<Vec<Breakdown>> {
    let as_of = ground.frame.ask.as_of;
    let bound = |months: u32| as_of.checked_sub_months(Months::new(months)).unwrap_or(as_of);
    let mut sql = Sql::new("select ");
    for months in [3, 6, 12] {
        sql.push("cast(coalesce(sum(case when p.fed_back_on > ").bind(bound(months));
        sql.push(" then 1 else 0 end), 0) as bigint), ");
    }
    sql.push("count(*), cast(coalesce(sum(case when p.due_on < ").bind(as_of);
    sql.push(" then 1 else 0 end), 0) as bigint) from problem p");
    ground.write_where("problem", "p", &mut sql);
    write_open(ground, &mut sql);
    let rows = ground.cx.rows(sql).await?;
    let Some(row) = rows.first() else { return Ok(Vec::new()) };
    let number = |place: usize| row.try_get_by_index::<i64>(place);
    let (three, six, twelve, all, late) = (number(0)?, number(1)?, number(2)?, number(3)?, number(4)?);
    let ages = [
        ("3个月以内", three),
        ("3至6个月", six - three),
        ("6至12个月", twelve - six),
        ("12个月以上", all - twelve),
    ];
    let mut table: Vec<Vec<Shown>> = ages
        .iter()
        .map(|(name, count)| {
            vec![
                Shown::text(*name),
                Shown::Integer(*count),
                Shown::Rate { numerator: *count, denominator: all },
            ]
        })
        .collect();
    let counts: Vec<(String, i64)> = ages.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
    table.push(vec![
        Shown::text("其中超过整改期限"),
        Shown::Integer(late),
        Shown::Rate { numerator: late, denominator: all },
    ]);
    let breakdown = shares(
        "ageing",
        "未销号问题的时长",
        "统计日尚未销号的问题，按反馈日期到统计日的时长统计。",
        "反馈以来",
        Vec::new(),
    );
    Ok(vec![Breakdown { rows: table, chart: charts::bars(&counts), ..breakdown }])
}
