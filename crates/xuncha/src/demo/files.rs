//! Files of the demonstration: evidence on some closed measures and the problems behind them, made from the
//! records' own texts and kept as any file is, encrypted.

use std::{fmt::Write as _, sync::Arc};

use chrono::NaiveDate;
use db::Sql;
use kit::{
    Actor, App, Result, files,
    sea_orm::{self, FromQueryResult},
};
use uuid::Uuid;

/// Measures that get files.
const MEASURES: i64 = 24;

/// A closed measure with what its evidence speaks of.
#[derive(Debug, FromQueryResult)]
struct Finished {
    id: Uuid,
    problem_id: Uuid,
    number: String,
    text: String,
    goal: String,
    owner_name: String,
    department: String,
    organisation: String,
    title: String,
    amount_fen: Option<i64>,
    closed_on: NaiveDate,
}

/// A file to be: where it hangs, its name, its text, who gave it.
struct Paper {
    noun: &'static str,
    record: Uuid,
    name: String,
    text: String,
    source: String,
}

/// Hangs files on records of the city that is loaded; how many. Apart from [`super::load`], because files
/// lie beside the database.
pub async fn load_files(app: &App) -> Result<usize> {
    let actor = Arc::new(Actor::program("演示数据"));
    let mut papers = Vec::new();
    for measure in closed(&app.read(&actor)).await? {
        papers.push(statement(&measure));
        papers.extend(payment(&measure));
        papers.push(record_of_talk(&measure));
    }
    let count = papers.len();
    let mut uploads = Vec::new();
    for paper in &papers {
        uploads.push(files::Upload::of_bytes(app, &paper.name, paper.text.as_bytes()).await?);
    }
    let aside = uploads.clone();
    app.write(&actor, |cx| {
        Box::pin(async move {
            for (paper, upload) in papers.iter().zip(&uploads) {
                files::attach(cx, paper.noun, paper.record, upload, &paper.source).await?;
            }
            cx.record("load_files", "installation", None, kit::audit::Outcome::Done);
            Ok(())
        })
    })
    .await?;
    files::discard(app, &aside).await;
    Ok(count)
}

async fn closed(cx: &kit::Cx) -> Result<Vec<Finished>> {
    let mut sql = Sql::new(
        "select m.id, m.problem_id, m.number, m.text, m.goal, m.owner_name, m.department, o.name as organisation, p.title, \
         p.amount_fen, m.closed_on from measure m join problem p on p.id = m.problem_id \
         join organisation o on o.id = m.organisation_id where m.state = 'closed' and m.closed_on is not null \
         order by m.closed_on desc, m.id limit ",
    );
    sql.bind(MEASURES);
    cx.all(sql).await
}

fn statement(measure: &Finished) -> Paper {
    let text = format!(
        "关于“{}”整改落实情况的说明\n\n市委巡察办：\n\n　　针对巡察反馈的“{}”问题，我单位逐条对照整改方案抓好落实，现将措施 {} 的完成情况说明如下。\n\n\
         一、整改措施\n　　{}\n\n二、预期目标\n　　{}\n\n三、完成情况\n　　责任人{}牵头，{}具体承办，至 {} 已全部落实，相关台账、会议记录和凭证已整理归档，可随时查验。\n\n\
         四、长效机制\n　　已将有关要求纳入日常检查，每季度自查一次，防止问题反弹。\n\n{}\n{}\n",
        measure.title,
        measure.title,
        measure.number,
        measure.text,
        or_dash(&measure.goal),
        or_dash(&measure.owner_name),
        or_dash(&measure.department),
        measure.closed_on.format("%Y年%-m月%-d日"),
        measure.organisation,
        measure.closed_on.format("%Y年%-m月%-d日"),
    );
    Paper {
        noun: "measures",
        record: measure.id,
        name: format!("整改情况说明（{}）.txt", measure.number),
        text,
        source: format!("{}报送", measure.organisation),
    }
}

/// A ledger of what was paid back, where the problem is about money.
fn payment(measure: &Finished) -> Option<Paper> {
    let fen = measure.amount_fen.filter(|fen| *fen > 0)?;
    let mut text = String::from("\u{feff}序号,日期,摘要,金额（元）\n");
    let parts = 4;
    for at in 1..=parts {
        let share = if at == parts { fen - fen / parts * (parts - 1) } else { fen / parts };
        let day = measure.closed_on - chrono::Duration::days((parts - at) * 9 + 3);
        let _ = writeln!(text, "{at},{day},第{at}笔收缴入库,{}.{:02}", share / 100, share % 100);
    }
    Some(Paper {
        noun: "measures",
        record: measure.id,
        name: format!("收缴明细（{}）.csv", measure.number),
        text,
        source: String::from("市财政局国库科提供，经办人核对"),
    })
}

fn record_of_talk(measure: &Finished) -> Paper {
    let text = format!(
        "整改核查记录\n\n核查事项：{}\n核查对象：{}\n核查方式：查阅台账、抽查凭证、个别了解\n\n核查情况：\n　　经查阅原始凭证和会议记录，并与承办人员核对，措施 {} 所述内容属实，\
         未发现虚报完成的情况。建议继续跟踪长效机制的执行。\n\n核查人：两名联络员（签名见纸质件）\n",
        measure.title, measure.organisation, measure.number,
    );
    Paper {
        noun: "problems",
        record: measure.problem_id,
        name: format!("整改核查记录（{}）.txt", measure.number),
        text,
        source: String::from("巡察办现场核查"),
    }
}

fn or_dash(text: &str) -> &str {
    if text.is_empty() { "——" } else { text }
}
