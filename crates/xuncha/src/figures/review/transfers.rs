//! What became of the leads transferred in the year. Counts only.

use db::Sql;
use kit::{Choice, Labelled, Result};
use registry::transfers::{Disposal, ResultKind};

use super::{Breakdown, Ground, Named, add, shares};
use crate::figures::cut::{By, Cut, NONE};

/// Leads by the way of disposal and by result.
pub(super) async fn leads(ground: &Ground<'_>) -> Result<Vec<Breakdown>> {
    let disposal = counted(ground, By::Disposal, "t.disposal", Disposal::CHOICES, "未确定处置方式").await?;
    let result = counted(ground, By::Result, "t.result", ResultKind::CHOICES, "未反馈结果").await?;
    Ok(vec![
        shares(
            "leads_by_disposal",
            "移送线索：按处置方式",
            "本年度移送的问题线索，以统计日前登记的处置方式为准。",
            "处置方式",
            disposal,
        ),
        shares(
            "leads_by_result",
            "移送线索：按办理结果",
            "本年度移送的问题线索，以统计日前反馈的办理结果为准。",
            "办理结果",
            result,
        ),
    ])
}

async fn counted(
    ground: &Ground<'_>,
    by: By,
    column: &str,
    choices: &[Choice],
    none: &str,
) -> Result<Vec<(Named, i64)>> {
    let mut sql = Sql::new("select g.code, count(*) from (select case when ");
    sql.push(column).push("_on <= ").bind(ground.frame.ask.as_of).push(" then ").push(column);
    sql.push(" end as code from lead l left join transfer t on t.id = l.transfer_id");
    ground.write_where("lead", "l", &mut sql);
    ground.frame.in_year("l.transferred_on", &mut sql);
    ground.frame.municipal("l.inspection_id", &mut sql);
    sql.push(") g group by g.code");
    let mut counts = Vec::new();
    for row in &ground.cx.rows(sql).await? {
        let (code, count): (Option<String>, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let code = code.filter(|code| !code.is_empty());
        let rows = ground.rows("leads_transferred", &Cut::by(by, code.as_deref().unwrap_or(NONE)));
        let label = code.map_or_else(
            || none.to_owned(),
            |code| {
                choices
                    .iter()
                    .find(|choice| choice.code == code)
                    .map_or(code, |choice| choice.label.to_owned())
            },
        );
        add(&mut counts, (label, rows), count);
    }
    Ok(counts)
}
