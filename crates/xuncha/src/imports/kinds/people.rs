//! People: inspectors, liaisons, talents.

use db::Sql;
use documents::recognise::ValueKind as V;
use kit::{Cx, Result, Service, WriteCx};
use uuid::Uuid;

use crate::imports::{
    Column, Kind,
    memo::{self, plain},
    row::{Filled, Row, Target},
};

/// 人员名册.
pub(super) const KIND: Kind = Kind {
    code: "people",
    label: "人员名册",
    noun: "people",
    about: "登记人员；同一单位的同名人员视为同一人。",
    columns: &[
        Column::field("name", "姓名", &["人员", "人员姓名", "名字"], V::Text).required(),
        Column::pick(
            "organisation",
            "工作单位",
            &["单位", "单位名称", "所在单位", "现工作单位", "派出单位"],
            "organisations",
        )
        .fill_down()
        .note("已登记单位的规范全称。"),
        Column::field("title", "职务", &["职务职级", "现任职务", "职务级别", "岗位"], V::Text),
        Column::field("speciality", "专长", &["特长", "业务专长", "专业特长", "擅长领域"], V::Text)
            .note("如财务审计、工程招投标。"),
        Column::field("note", "备注", &["说明", "备注说明"], V::LongText),
    ],
    key: &["name", "organisation"],
    number: None,
    title: None,
    parts: &[],
    sealed: false,
    complete: |cx, _, row, filled| Box::pin(complete(cx, row, filled)),
};

async fn complete(cx: &mut WriteCx, row: &Row, mut filled: Filled) -> Result<Vec<Target>> {
    let app = cx.app().clone();
    let Some(service) = app.registry().service("people") else { return Ok(vec![filled.into_target()]) };
    filled.existing = if let Some(organisation) = filled.id("organisation") {
        of_organisation(cx, service, organisation, &row.text("name")).await?
    } else {
        let mut sql = Sql::new("select p.id from person p where p.organisation_id is null and ");
        service.scope(&cx.actor).write("p", &mut sql);
        sql.push(" and p.name = ").bind(row.text("name")).push(" limit 1");
        cx.rows(sql).await?.first().map(|row| row.try_get_by_index(0)).transpose()?
    };
    Ok(vec![filled.into_target()])
}

/// The person called `name` in `organisation`, of those that the actor sees.
pub(super) async fn of_organisation(
    cx: &Cx,
    people: &Service,
    organisation: Uuid,
    name: &str,
) -> Result<Option<Uuid>> {
    let known = memo::known(cx, people, "organisation_id", organisation, &["name"]).await?;
    Ok(known.get(&plain(name)).copied())
}
