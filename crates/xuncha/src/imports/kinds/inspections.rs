//! Inspections with their rounds and batches, which are made when they are missing.

use chrono::Datelike as _;
use documents::{
    recognise::{Choices, Parsed, ValueKind as V},
    synonyms,
};
use kit::{Form, Result, WriteCx, perform};
use uuid::Uuid;

use super::{at, units};
use crate::imports::{
    Column, Kind,
    memo::Memo,
    row::{Filled, Row, Target},
};

const KINDS: Choices = &[
    ("regular", &["常规巡察", "常规"]),
    ("special", &["专项巡察", "专项"]),
    ("mobile", &["机动巡察", "机动"]),
    ("look_back", &["巡察“回头看”", "“回头看”", "回头看", "巡察回头看"]),
    ("raised", &["提级巡察", "提级"]),
    ("cross", &["交叉巡察", "交叉"]),
    ("system", &["系统巡察"]),
    ("village", &["对村(社区)巡察", "对村巡察", "村巡察", "对村（社区）巡察"]),
];
const LEVELS: Choices =
    &[("city", &["市级", "市委"]), ("district", &["区级", "区委"]), ("province", &["省级", "省委"])];

/// 巡察任务.
pub(super) const KIND: Kind = Kind {
    code: "inspections",
    label: "巡察任务表",
    noun: "inspections",
    about: "登记巡察任务；轮次、批次还没有的同时新建。",
    columns: &[
        Column::number("number", "编号", &["任务编号"]),
        Column::field("name", "任务名称", &["巡察名称", "巡察任务", "巡察项目", "名称"], V::Text).required(),
        Column::field("kind", "巡察类型", &["类型", "巡察种类", "巡察方式"], V::Choice(KINDS)).fill_down(),
        Column::pick("term", "届次", &["届别"], "terms").required().fill_down(),
        units::ROUND,
        units::BATCH,
        Column::field("team", "巡察组", synonyms::TEAM, V::Text).fill_down(),
        Column::field("starts_on", "开始日期", &["起始日期", "进驻日期", "开始时间", "进驻时间"], V::Date)
            .required(),
        Column::field("ends_on", "结束日期", &["撤点日期", "结束时间", "截止日期"], V::Date),
        Column::field("field", "领域", synonyms::FIELD, V::Text),
        Column::field("level", "组织层级", &["层级"], V::Choice(LEVELS)),
        Column::pick("district", "区", &["所在区", "所属区"], "organisations"),
        Column::told("modes", "组织方式", &[], "组织方式请在任务页面选择。"),
        Column::told("state", "进度", &["状态"], "进度由各单位的环节得出。"),
        Column::told("year", "年度", synonyms::YEAR, "年度由开始日期得出。"),
        Column::told("announced_on", "公告日期", &[], "公告须在系统内办理。"),
    ],
    key: &["number", "term", "name"],
    number: Some("number"),
    title: Some("name"),
    parts: &[],
    sealed: false,
    complete: |cx, memo, row, filled| Box::pin(complete(cx, memo, row, filled)),
};

async fn complete(cx: &mut WriteCx, memo: &mut Memo, row: &Row, mut filled: Filled) -> Result<Vec<Target>> {
    let round = match row.text("round") {
        name if name.is_empty() => None,
        name => Some(round(cx, memo, row, &filled, &name).await?),
    };
    if let Some(round) = round {
        filled.put("round", round.to_string());
    }
    let batch = row.text("batch");
    if !batch.is_empty() {
        let round = round.ok_or_else(|| at("round", "写了批次的，须写轮次"))?;
        let id = self::batch(cx, memo, row, round, &batch).await?;
        filled.put("batch", id.to_string());
    }
    if filled.existing.is_none() && filled.entry("level").is_none() {
        filled.put("level", "city");
    }
    Ok(vec![filled.into_target()])
}

async fn round(cx: &mut WriteCx, memo: &mut Memo, row: &Row, filled: &Filled, name: &str) -> Result<Uuid> {
    if let Ok(id) = memo.resolve(cx, "rounds", name).await? {
        return Ok(id);
    }
    let number = ordinal(name)
        .ok_or_else(|| at("round", format!("还没有轮次“{name}”，名称里看不出是第几轮，请先在系统内新建")))?;
    let (day, start) = start(row)?;
    let entries = vec![
        ("term", filled.entry("term").unwrap_or_default().to_owned()),
        ("year", day.year().to_string()),
        ("number", number.to_string()),
        ("name", name.to_owned()),
        ("starts_on", start),
    ];
    let id = make(cx, memo, "rounds", entries).await?;
    memo.note(format!("轮次“{name}”还没有，已新建。"));
    Ok(id)
}

async fn batch(cx: &mut WriteCx, memo: &mut Memo, row: &Row, round: Uuid, name: &str) -> Result<Uuid> {
    let app = cx.app().clone();
    let service = app.registry().service("batches").ok_or_else(|| at("batch", "本机没有启用批次"))?;
    let mut sql = db::Sql::new("select id from batch where round_id = ");
    sql.bind(round).push(" and name = ").bind(name);
    if let Some(found) = cx.rows(sql).await?.first() {
        return Ok(found.try_get_by_index(0)?);
    }
    let number = ordinal(name)
        .ok_or_else(|| at("batch", format!("还没有批次“{name}”，名称里看不出是第几批，请先在系统内新建")))?;
    let entries = vec![
        ("round", round.to_string()),
        ("number", number.to_string()),
        ("name", name.to_owned()),
        ("starts_on", start(row)?.1),
    ];
    let id = make(cx, memo, service.noun, entries).await?;
    memo.note(format!("批次“{name}”还没有，已新建。"));
    Ok(id)
}

fn start(row: &Row) -> Result<(chrono::NaiveDate, String)> {
    match row.get("starts_on").map(|cell| &cell.value) {
        Some(Parsed::Date(day)) => Ok((*day, day.to_string())),
        _ => Err(at("starts_on", "请填写开始日期")),
    }
}

async fn make(
    cx: &mut WriteCx,
    memo: &mut Memo,
    noun: &'static str,
    entries: Vec<(&'static str, String)>,
) -> Result<Uuid> {
    let app = cx.app().clone();
    let service = app.registry().service(noun).ok_or_else(|| at("round", "本机没有启用轮次和批次"))?;
    let create = service.deed("create").ok_or_else(|| at("round", "不能在导入时新建轮次和批次"))?;
    let mut form = Form::of(entries);
    let id = perform::run(cx, service, create, None, &mut form, false).await?.id;
    memo.note_made(noun, id, None);
    Ok(id)
}

const DIGITS: &str = "零一二三四五六七八九";

/// The number after 第 in a name: 十三届第四轮 is 4, 第十二批 is 12.
fn ordinal(name: &str) -> Option<i64> {
    let (_, after) = name.rsplit_once('第')?;
    let end = after.find(['轮', '批']).unwrap_or(after.len());
    let digits = after.get(..end)?;
    if let Ok(number) = digits.parse() {
        return Some(number);
    }
    let value = |c: char| DIGITS.chars().position(|digit| digit == c).and_then(|at| i64::try_from(at).ok());
    let mut number = 0;
    let mut digit = None;
    for c in digits.chars() {
        if c == '十' {
            number += digit.take().unwrap_or(1) * 10;
        } else {
            digit = Some(value(c)?);
        }
    }
    Some(number + digit.unwrap_or(0)).filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_round_is_read_from_its_name() {
        assert_eq!(ordinal("十三届市委第四轮巡察"), Some(4));
        assert_eq!(ordinal("第十二轮"), Some(12));
        assert_eq!(ordinal("第二十批"), Some(20));
        assert_eq!(ordinal("第3轮"), Some(3));
        assert_eq!(ordinal("年度巡察"), None);
    }
}
