//! Idle assets, with what was put to use when the ledger tells area, income and day.

use documents::recognise::{Choices, ValueKind as V};
use kit::{Result, WriteCx};

use super::{at, next_code};
use crate::imports::{
    Column, Kind,
    memo::Memo,
    row::{Filled, On, Row, Step, Target},
};

const KINDS: Choices = &[
    ("shop", &["店面", "商铺", "门面", "店铺"]),
    ("factory", &["厂房"]),
    ("office", &["办公用房", "办公楼", "写字楼"]),
    ("warehouse", &["仓库", "仓储"]),
    ("land", &["土地", "地块"]),
    ("flat", &["住宅", "住房", "公寓"]),
    ("other", &["其他", "其它"]),
];
const MEASURES: Choices = &[
    ("let", &["公开招租", "招租", "出租", "租赁"]),
    ("sold", &["转让处置", "转让", "出让", "拍卖", "处置"]),
    ("own_use", &["收回自用", "自用"]),
    ("transferred", &["划转移交", "划转", "移交"]),
    ("rebuilt", &["改造利用", "改造"]),
    ("expropriated", &["征收收储", "收储", "征收"]),
    ("other", &["其他方式", "其他", "其它"]),
];

/// 闲置资产台账.
pub(super) const KIND: Kind = Kind {
    code: "assets",
    label: "闲置资产台账",
    noun: "assets",
    about: "登记闲置资产；写了盘活面积或收入的，同时登记一笔盘活记录。",
    columns: &[
        Column::field("code", "资产编号", &["编号", "资产代码", "台账编号"], V::Text)
            .note("没有这一列的由系统编为 ZC 加四位数字。"),
        Column::field("name", "资产名称", &["名称", "资产", "房产名称"], V::Text).required(),
        Column::pick(
            "organisation",
            "资产持有单位",
            &["产权单位", "持有单位", "单位", "单位名称", "权属单位", "被巡察单位"],
            "organisations",
        )
        .required()
        .fill_down(),
        Column::pick("inspection", "查明的巡察", &["巡察", "巡察名称", "来源巡察"], "inspections")
            .fill_down(),
        Column::field("kind", "资产类别", &["资产类型", "类别", "类型", "房产性质"], V::Choice(KINDS)),
        Column::field("place", "片区", &["街道", "镇街", "所在街道", "所属片区", "区域"], V::Text),
        Column::field("address", "坐落", &["地址", "资产地址", "坐落位置", "座落", "位置"], V::Text),
        Column::field("area", "闲置面积", &["闲置存量", "面积", "建筑面积", "资产面积"], V::Area),
        Column::field("found_on", "查明日期", &["查明闲置的日期", "登记日期", "发现日期"], V::Date),
        Column::field("idle_since", "闲置起始", &["闲置起始日期", "闲置时间", "闲置开始日期"], V::Date),
        Column::field("note", "备注", &["闲置原因和备注", "闲置原因", "说明"], V::LongText),
        Column::own("activated", "盘活面积", &["已盘活", "已盘活面积"], V::Area),
        Column::own("income", "盘活收入", &["收入", "租金收入", "处置收入", "盘活收益"], V::Money),
        Column::own("activated_on", "盘活日期", &["盘活时间"], V::Date),
        Column::own("measure", "盘活方式", &["处置方式", "盘活措施"], V::Choice(MEASURES)),
        Column::own("document", "依据材料", &["依据", "佐证材料", "合同编号"], V::Text),
        Column::told("remaining", "未盘活", &["未盘活面积", "剩余面积"], "由闲置面积和盘活记录得出。"),
        Column::told("status", "盘活状态", &["状态", "盘活情况"], "由闲置面积和盘活记录得出。"),
    ],
    key: &["code", "organisation", "name", "address"],
    number: Some("code"),
    title: None,
    parts: &[("asset_correction", "asset_id")],
    sealed: false,
    complete: |cx, memo, row, filled| Box::pin(complete(cx, memo, row, filled)),
};

async fn complete(cx: &mut WriteCx, memo: &mut Memo, row: &Row, mut filled: Filled) -> Result<Vec<Target>> {
    if filled.existing.is_none() && filled.entry("code").is_none() {
        let code = next_code(cx, memo, "asset", "ZC").await?;
        filled.put("code", code);
        memo.note("没有资产编号，由系统按顺序编号。");
    }
    let known = filled.existing.is_some();
    let mut target = filled.into_target();
    if !known {
        target.steps.extend(movement(row)?);
    }
    Ok(vec![target])
}

fn movement(row: &Row) -> Result<Option<Step>> {
    let some = |key: &str| Some(row.text(key)).filter(|text| text.chars().any(|c| matches!(c, '1'..='9')));
    let (area, income) = (some("activated"), some("income"));
    if area.is_none() && income.is_none() {
        return Ok(None);
    }
    let day = row.text("activated_on");
    if day.is_empty() {
        return Err(at("activated_on", "写了盘活面积或收入的，须写盘活日期"));
    }
    let measure = row.text("measure");
    if measure.is_empty() {
        return Err(at("measure", "写了盘活面积或收入的，须写盘活方式"));
    }
    let mut entries = vec![("on_day", day), ("measure", measure), ("document", row.text("document"))];
    entries.extend(area.map(|area| ("area", area)));
    entries.extend(income.map(|income| ("income", income)));
    Ok(Some(Step {
        noun: "asset_movements",
        deed: "create",
        on: On::List,
        entries,
        record_field: Some("asset"),
        always: false,
    }))
}
