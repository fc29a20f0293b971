//! The pool of talents: inspectors with posts held, several to a cell.

use db::Sql;
use documents::recognise::ValueKind as V;
use kit::{Cx, Result, WriteCx};
use uuid::Uuid;

use super::people;
use crate::imports::{
    Column, Kind,
    row::{Filled, Row, Target},
};

/// 巡察人才库.
pub(super) const KIND: Kind = Kind {
    code: "talents",
    label: "巡察人才库",
    noun: "talents",
    about: "推荐人员入库，状态为“待审核入库”；由组织部门审核。未登记的人员同时登记到人员名册。",
    columns: &[
        Column::field("name", "姓名", &["人员姓名", "干部姓名", "名字"], V::Text).required(),
        Column::pick(
            "organisation",
            "工作单位",
            &["单位", "所在单位", "现工作单位", "派出单位"],
            "organisations",
        )
        .note("已登记单位的规范全称。"),
        Column::field("title", "职务", &["职务职级", "现任职务", "职务级别"], V::Text),
        Column::field("pool", "人才库类别", &["类别", "库别", "所属库"], V::Text)
            .note("组长库、人才库或专家库；不填为人才库。"),
        Column::field("speciality", "主专长", &["专长", "业务专长", "专业特长", "擅长领域"], V::Text)
            .required(),
        Column::field("second_speciality", "次专长", &["第二专长", "其他专长"], V::Text),
        Column::field("political", "政治面貌", &["党派"], V::Text).note("不填为中共党员。"),
        Column::field("native_place", "籍贯", &["出生地"], V::Text).note("写到县（区）。"),
        Column::field("career", "任职经历", &["工作经历", "简历", "工作简历", "历任职务"], V::LongText)
            .note("一行一段或用分号隔开：起止年月 单位 职务，如“2015.03—2019.06 市教育局 科长”；横线、波浪线、“至”和“至今”都认得。"),
        Column::field(
            "relatives",
            "近亲属任职",
            &["亲属任职", "近亲属任职情况", "主要社会关系"],
            V::LongText,
        )
        .note("一行一人：关系 姓名 单位 职务；加密保存。"),
        Column::field("available_from", "可抽调自", &["抽调起"], V::Date),
        Column::field("available_to", "可抽调至", &["抽调止"], V::Date),
        Column::field("note", "备注", &["说明"], V::LongText),
    ],
    key: &["name", "organisation"],
    number: None,
    title: None,
    parts: &[],
    sealed: true,
    complete: |cx, _, row, filled| Box::pin(complete(cx, row, filled)),
};

/// What the ledger leaves out is what most people are.
async fn complete(cx: &mut WriteCx, row: &Row, mut filled: Filled) -> Result<Vec<Target>> {
    filled.existing = in_pool(cx, filled.id("organisation"), &row.text("name")).await?;
    for (field, usual) in [("pool", "members"), ("political", "member")] {
        if filled.existing.is_none() && filled.entry(field).is_none() {
            filled.put(field, usual);
        }
    }
    Ok(vec![filled.into_target()])
}

/// The entry of the person of that name in that organisation; a name alone may be somebody else's.
async fn in_pool(cx: &Cx, organisation: Option<Uuid>, name: &str) -> Result<Option<Uuid>> {
    let (registry, Some(organisation)) = (cx.app().registry(), organisation) else { return Ok(None) };
    let (Some(people), Some(talents)) = (registry.service("people"), registry.service("talents")) else {
        return Ok(None);
    };
    let Some(person) = people::of_organisation(cx, people, organisation, name).await? else {
        return Ok(None);
    };
    let mut sql = Sql::new("select t.id from ");
    sql.push(talents.list.from).push(" where ");
    talents.scope(&cx.actor).write(talents.list.alias, &mut sql);
    sql.push(" and t.person_id = ").bind(person);
    Ok(cx.rows(sql).await?.first().map(|row| row.try_get_by_index(0)).transpose()?)
}
