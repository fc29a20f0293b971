//! Organisations, with the year in which the coverage list plans them.

use db::Sql;
use documents::recognise::{Choices, ValueKind as V};
use kit::{Cx, Result, WriteCx};
use uuid::Uuid;

use super::{at, next_code};
use crate::imports::{
    Column, Kind,
    memo::Memo,
    row::{Filled, On, Row, Step, Target},
};

const KINDS: Choices = &[
    ("city_department", &["市直部门", "市直单位", "市直机关", "市直", "市级部门"]),
    ("city_enterprise", &["市属国企", "市属企业", "市管企业", "国企", "国有企业"]),
    ("institution", &["事业单位", "市属事业单位", "高校", "医院", "学校"]),
    ("development_zone", &["开发区(管委会)", "开发区（管委会）", "开发区", "管委会"]),
    ("district", &["区", "县(区)", "区县", "县区", "县"]),
    ("district_body", &["区直单位", "区直部门", "区直"]),
    ("town", &["镇街", "镇", "街道", "乡镇", "乡镇街道"]),
    ("village", &["村(社区)", "村（社区）", "村", "社区"]),
    ("supervising_body", &["监督和职能机关", "监督机关", "职能机关"]),
];

/// 单位台账.
pub(super) const KIND: Kind = Kind {
    code: "organisations",
    label: "单位台账",
    noun: "organisations",
    about: "登记单位；写了计划年度的，同时列入起草中的全覆盖清单。上级单位可以在同一张表里，先后不限。",
    columns: &[
        Column::field("code", "单位代码", &["代码", "编号", "机构代码", "单位编号"], V::Text)
            .note("办内统一代码；没有这一列的由系统编为 D 加四位数字。"),
        Column::field(
            "name",
            "单位名称",
            &["名称", "单位", "机构名称", "被巡察单位", "被巡察党组织", "党组织", "党组织名称", "巡察对象"],
            V::Text,
        )
        .required()
        .note("规范全称，与印章一致。"),
        Column::field(
            "kind",
            "单位类别",
            &["类别", "单位类型", "类型", "单位性质", "性质"],
            V::Choice(KINDS),
        )
        .fill_down()
        .note("市直部门、市属国企、事业单位、区、镇街等。"),
        Column::pick("parent", "上级单位", &["主管部门", "主管单位", "上级党组织"], "organisations"),
        Column::pick("district", "所属区", &["区", "所在区", "所属县区", "所属区县"], "organisations")
            .fill_down(),
        Column::field("valid_from", "设立日期", &["成立日期", "设立时间", "成立时间"], V::Date)
            .note("新登记的单位必填。"),
        Column::field("valid_to", "撤并日期", &["撤销日期", "撤并时间"], V::Date),
        Column::field("note", "备注", &["说明", "备注说明"], V::LongText),
        Column::own(
            "planned_year",
            "计划年度",
            &["计划巡察年度", "巡察年度", "拟巡察年度", "计划安排年度"],
            V::Year,
        )
        .note("全覆盖清单中计划在哪一年巡察，如 2023。"),
    ],
    key: &["code", "name"],
    number: Some("code"),
    title: Some("name"),
    parts: &[("coverage_item", "organisation_id")],
    sealed: false,
    complete: |cx, memo, row, filled| Box::pin(complete(cx, memo, row, filled)),
};

async fn complete(cx: &mut WriteCx, memo: &mut Memo, row: &Row, mut filled: Filled) -> Result<Vec<Target>> {
    if filled.existing.is_none() && filled.entry("code").is_none() {
        let code = next_code(cx, memo, "organisation", "D").await?;
        filled.put("code", code);
        memo.note("没有单位代码，由系统按顺序编号。");
    }
    let existing = filled.existing;
    let mut target = filled.into_target();
    let year = row.text("planned_year");
    if !year.is_empty() {
        let list = cx.once(String::from("import/coverage-draft"), draft(cx)).await?;
        let Some(list) = *list else {
            return Err(at("planned_year", "没有起草中的全覆盖清单，请先起草（或调整）清单再导入计划年度"));
        };
        if !is_listed(cx, list, existing).await? {
            target.steps.push(Step {
                noun: "coverage_lists",
                deed: "add_items",
                on: On::Other(list),
                entries: vec![("planned_year", year)],
                record_field: Some("organisations"),
                always: true,
            });
        }
    }
    Ok(vec![target])
}

/// The coverage list being drafted.
async fn draft(cx: &Cx) -> Result<Option<Uuid>> {
    let sql = Sql::new(
        "select id from coverage_list where state in ('draft', 'drafting') order by edition desc limit 1",
    );
    Ok(cx.rows(sql).await?.first().map(|row| row.try_get_by_index(0)).transpose()?)
}

async fn is_listed(cx: &Cx, list: Uuid, organisation: Option<Uuid>) -> Result<bool> {
    let Some(organisation) = organisation else { return Ok(false) };
    let mut sql = Sql::new("select count(*) from coverage_item where list_id = ");
    sql.bind(list).push(" and organisation_id = ").bind(organisation);
    Ok(cx.number(sql).await? > 0)
}
