//! What is open for an inspected unit: the agenda of a consultation is put together from it.

use db::Sql;
use kit::{Actor, Cx, Pred, Result};
use preparation::{focus_items, support_requests};
use uuid::Uuid;

use crate::{consultation_points, drafts, fact_sheets, immediate_actions};

/// Titles that are listed under one heading at most.
const LISTED: usize = 10;

/// Records that are open in a way worth talking about.
struct Open {
    heading: &'static str,
    noun: &'static str,
    /// `from … where …` with the alias `t`, up to the condition on the unit or the inspection.
    from: &'static str,
    title: &'static str,
    by: By,
}

/// What an open record belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Unit,
    Inspection,
}

const OPEN: &[Open] = &[
    Open {
        heading: "退回修改的底稿",
        noun: drafts::NOUN,
        from: "draft t where t.state = 'returned' and t.unit_id = ",
        title: "t.title",
        by: By::Unit,
    },
    Open {
        heading: "待签名、待审批的底稿",
        noun: drafts::NOUN,
        from: "draft t where t.state in ('signing', 'review', 'approval') and t.unit_id = ",
        title: "t.title",
        by: By::Unit,
    },
    Open {
        heading: "已审批、尚未形成问题的底稿",
        noun: drafts::NOUN,
        from: "draft t where t.state = 'approved' and t.unit_id = ",
        title: "t.title",
        by: By::Unit,
    },
    Open {
        heading: "单位有异议的事实确认单",
        noun: fact_sheets::NOUN,
        from: "fact_sheet t where t.state = 'objected' and t.unit_id = ",
        title: "t.title",
        by: By::Unit,
    },
    Open {
        heading: "未完成的立行立改",
        noun: immediate_actions::NOUN,
        from: "immediate_action t where t.state in ('issued', 'reported') and t.unit_id = ",
        title: "t.title",
        by: By::Unit,
    },
    Open {
        heading: "尚未覆盖的监督重点",
        noun: focus_items::NOUN,
        from: "focus_item t where t.state = 'open' and t.unit_id = ",
        title: "t.text",
        by: By::Unit,
    },
    Open {
        heading: "办理中的支持事项",
        noun: support_requests::NOUN,
        from: "support_request t where t.state in ('asked', 'accepted', 'delivered') and t.inspection_id = ",
        title: "t.title",
        by: By::Inspection,
    },
    Open {
        heading: "以前会商未落实的意见",
        noun: consultation_points::NOUN,
        from: "consultation_point t where t.state <> 'settled' and t.consultation_id in \
               (select c.id from consultation c where c.unit_id = ",
        title: "t.text",
        by: By::Unit,
    },
];

/// A heading with the titles under it.
pub(super) struct Part {
    pub(super) heading: &'static str,
    pub(super) titles: Vec<String>,
    pub(super) count: usize,
}

/// What is open for the unit and its inspection, as far as the actor may see it.
pub(super) async fn open(cx: &Cx, unit: Uuid, inspection: Uuid) -> Result<Vec<Part>> {
    let mut parts = Vec::new();
    for open in OPEN {
        let mut sql = Sql::new("select ");
        sql.push(open.title).push(" from ").push(open.from);
        sql.bind(if open.by == By::Unit { unit } else { inspection });
        if open.noun == consultation_points::NOUN {
            sql.push(")");
        }
        sql.push(" and ");
        scope(cx, &cx.actor, open.noun).write("t", &mut sql);
        sql.push(" order by t.id limit 200");
        let rows = cx.rows(sql).await?;
        let titles = rows.iter().take(LISTED).map(|row| row.try_get_by_index(0));
        let titles: Vec<String> = titles.collect::<std::result::Result<_, _>>()?;
        if !titles.is_empty() {
            parts.push(Part { heading: open.heading, titles, count: rows.len() });
        }
    }
    Ok(parts)
}

fn scope(cx: &Cx, actor: &Actor, noun: &str) -> Pred {
    cx.app().registry().service(noun).map_or(Pred::Nothing, |service| (service.visible)(actor))
}

/// The agenda in words.
pub(super) fn text(parts: &[Part]) -> String {
    if parts.is_empty() {
        return String::from("听取巡察组进展情况汇报，研究下一步工作。");
    }
    let mut lines = vec![String::from("听取巡察组进展情况汇报；研究以下未结事项：")];
    for (number, part) in (1..).zip(parts) {
        let more = if part.count > part.titles.len() { " 等" } else { "" };
        lines.push(format!(
            "{number}. {}（{} 项）：{}{more}",
            part.heading,
            part.count,
            part.titles.join("；")
        ));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agenda_counts_everything_and_lists_the_first_ones() {
        let part = Part {
            heading: "退回修改的底稿",
            titles: vec![String::from("甲"), String::from("乙")],
            count: 12,
        };
        let agenda = text(&[part]);
        assert!(agenda.contains("1. 退回修改的底稿（12 项）：甲；乙 等"), "{agenda}");
        assert!(text(&[]).contains("进展情况"));
    }
}
