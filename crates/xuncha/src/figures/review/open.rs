//! How far rectification has got: what was fed back, closed, reopened, and how old what is open is.

use db::Sql;
use kit::{Labelled as _, Result, Shown};

use super::{Breakdown, Cell, Ground, charts};
use crate::figures::{
    Frame,
    cut::{self, Age, By, Closing, Cut},
};

/// Open problems of the day, counted once each way.
struct Open {
    within: [i64; 3],
    all: i64,
    late: i64,
    closed_before: i64,
}

/// The funnel from feedback to closing, and the age of what is open.
pub(super) async fn rectification(ground: &Ground<'_>) -> Result<Vec<Breakdown>> {
    let frame = &ground.frame;
    let tally = ground.fed_back();
    let mut sql = Sql::new("select cast(coalesce(sum(");
    sql.push(tally.n).push("), 0) as bigint) from ").push(tally.from);
    ground.write_where("problem", "p", &mut sql);
    frame.in_term("p.term_id", &mut sql);
    frame.until("p.fed_back_on", &mut sql);
    frame.municipal("p.inspection_id", &mut sql);
    let fed_back = ground.cx.number(sql).await?;
    let open = open(ground).await?;
    Ok(vec![funnel(ground, fed_back, &open), ageing(ground, &open)])
}

async fn open(ground: &Ground<'_>) -> Result<Open> {
    let as_of = ground.frame.ask.as_of;
    let mut sql = Sql::new("select ");
    for months in [3, 6, 12] {
        sql.push("cast(coalesce(sum(case when o.fed_back_on > ").bind(cut::before(as_of, months));
        sql.push(" then 1 else 0 end), 0) as bigint), ");
    }
    sql.push("count(*), cast(coalesce(sum(case when o.due_on < ").bind(as_of);
    sql.push(" then 1 else 0 end), 0) as bigint), cast(coalesce(sum(case when o.id in (");
    sql.push("select c.problem_id from closure c where 1 = 1");
    ground.frame.until("c.reopened_on", &mut sql);
    sql.push(") then 1 else 0 end), 0) as bigint) from (");
    // Whatever holds a closing day up to then is closed. The others were never closed or are closed later;
    // the two stand apart, so that each is read from the index of open problems.
    write_open(ground, &mut sql, |_, sql| {
        sql.push(" and p.closed_on is null");
    });
    sql.push(" union all ");
    write_open(ground, &mut sql, |frame, sql| {
        sql.push(" and p.closed_on > ").bind(frame.ask.as_of);
    });
    sql.push(") o");
    let rows = ground.cx.rows(sql).await?;
    let number = |place: usize| rows.first().map_or(Ok(0), |row| row.try_get_by_index::<i64>(place));
    Ok(Open {
        within: [number(0)?, number(1)?, number(2)?],
        all: number(3)?,
        late: number(4)?,
        closed_before: number(5)?,
    })
}

/// Problems fed back in the term that fulfil `case` and of which no closing holds on the day.
fn write_open(ground: &Ground<'_>, sql: &mut Sql, case: fn(&Frame, &mut Sql)) {
    let frame = &ground.frame;
    sql.push("select p.id, p.fed_back_on, p.due_on from problem p");
    ground.write_where("problem", "p", sql);
    frame.in_term("p.term_id", sql);
    case(frame, sql);
    frame.until("p.fed_back_on", sql);
    frame.municipal("p.inspection_id", sql);
    // A closing holds on the day of a problem that is open today, or was closed later, only if it was taken back
    // after that day: few are, so they are looked up first and not for every problem.
    sql.push(" and p.id not in (select c.problem_id from closure c where 1 = 1");
    frame.until("c.closed_on", sql);
    sql.push(" and c.reopened_on > ").bind(frame.ask.as_of).push(")");
}

/// A line of a table with the problems of the term behind it.
fn row(ground: &Ground<'_>, name: &str, count: i64, whole: i64, cut: &Cut) -> Vec<Cell> {
    vec![
        Shown::text(name).into(),
        Cell::count(count, ground.rows("problems_fed_back_term", cut)),
        Shown::Rate { numerator: count, denominator: whole }.into(),
    ]
}

fn funnel(ground: &Ground<'_>, fed_back: i64, open: &Open) -> Breakdown {
    let closed = fed_back - open.all;
    let steps = [("已反馈", fed_back), ("曾经销号", closed + open.closed_before), ("目前销号", closed)];
    let cuts = [Cut::default(), closing(Closing::Ever), closing(Closing::Closed)];
    let rows = steps
        .iter()
        .zip(&cuts)
        .map(|((name, count), cut)| row(ground, name, *count, fed_back, cut))
        .collect();
    Breakdown {
        key: "rectification",
        title: "整改漏斗（本届累计）",
        note: "本届以来已反馈的问题，以统计日的销号状态为准；“曾经销号”含销号后重开、尚未再次销号的。",
        columns: ["阶段", "问题", "占已反馈"].map(String::from).to_vec(),
        rows,
        chart: charts::funnel(&steps),
    }
}

fn closing(closing: Closing) -> Cut {
    Cut::by(By::Closing, closing.code())
}

fn ageing(ground: &Ground<'_>, open: &Open) -> Breakdown {
    let [three, six, twelve] = open.within;
    let counts = [three, six - three, twelve - six, open.all - twelve];
    let ages: Vec<(Age, i64)> = Age::ALL.iter().copied().zip(counts).collect();
    let mut rows: Vec<Vec<Cell>> = ages
        .iter()
        .map(|(age, count)| {
            let cut = closing(Closing::Open).and(By::Age, age.code());
            row(ground, age.label(), *count, open.all, &cut)
        })
        .collect();
    rows.push(row(ground, "其中超过整改期限", open.late, open.all, &closing(Closing::Late)));
    let counts: Vec<(String, i64)> =
        ages.iter().map(|(age, count)| (age.label().to_owned(), *count)).collect();
    Breakdown {
        key: "ageing",
        title: "未销号问题的时长",
        note: "统计日尚未销号的问题，按反馈日期到统计日的时长统计。",
        columns: ["反馈以来", "数量", "占比"].map(String::from).to_vec(),
        rows,
        chart: charts::bars(&counts),
    }
}
