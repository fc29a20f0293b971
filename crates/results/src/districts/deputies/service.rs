//! How deputy heads appear: list, page, forms.

use kit::{
    Column, Cx, Deed, Field, Form, Outcome, RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx,
    service::{Group, Work, target},
};
use uuid::Uuid;

use super::{
    DistrictDeputyId, NOUN,
    actions::{self, Entry},
    store, visible,
};
use crate::{
    districts::{district_field, may_keep},
    shared::{self, ORGANISATIONS},
};

const COLUMNS: &[Column] = &[
    Column::integer("year", "年度", "x.year").sortable().filled(),
    Column::reference("district", "区", "x.district_id", "d.name", ORGANISATIONS),
    Column::title("person_name", "姓名", "x.person_name"),
    Column::text("home_unit", "工作单位", "x.home_unit"),
    Column::text("rank", "职级", "x.rank"),
    Column::text("team", "任职巡察组", "x.team"),
    Column::date("from_on", "起始日期", "x.from_on"),
    Column::date("to_on", "结束日期", "x.to_on"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "选派副组长",
        table: "district_deputy",
        group: Group::District,
        listed: true,
        icon: "user-share",
        secrecy: Secrecy::Internal,
        about: "选派市直单位处级干部到区担任巡察组副组长，全程参与区级巡察并留下工作记录。",
        list: Table {
            from: "district_deputy x join organisation d on d.id = x.district_id",
            alias: "x",
            title: "x.person_name",
            number: None,
            columns: COLUMNS,
            order: "-year",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Deed::create("选派副组长", fields, |cx, _, form| Box::pin(create(cx, form))),
            Deed::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Deed::on("log", "登记工作记录", log_fields, |cx, id, form| Box::pin(log(cx, id, form)))
                .primary()
                .next("记入工作记录，按日期逐条累加。"),
            kit::files::attach_deed(),
        ],
        creates: may_keep,
        waiting: Vec::new(),
        governed: None,
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, DistrictDeputyId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            district_field(held.map(|x| x.district_id)),
            Field::line("person_name", "姓名").max(40).required().maybe(held.map(|x| &x.person_name)),
            Field::line("home_unit", "工作单位").max(120).required().maybe(held.map(|x| &x.home_unit)),
            Field::line("rank", "职级").max(40).required().maybe(held.map(|x| &x.rank)),
            Field::line("team", "任职巡察组")
                .max(80)
                .required()
                .maybe(held.map(|x| &x.team))
                .help("由区委授权任职，如“区委巡察一组”。"),
            Field::date("from_on", "起始日期").required().maybe(held.map(|x| x.from_on)),
            Field::date("to_on", "结束日期").maybe(held.and_then(|x| x.to_on)),
        ])
    })
}

fn log_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    let today = cx.today();
    Box::pin(async move {
        Ok(vec![
            Field::date("on_day", "日期").required().value(today),
            Field::text("text", "工作情况").max(1_000).required(),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        district: form.need_id("district")?,
        person_name: form.text("person_name"),
        home_unit: form.text("home_unit"),
        rank: form.text("rank"),
        team: form.text("team"),
        from_on: form.need_date("from_on")?,
        to_on: form.date("to_on"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已登记选派。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DistrictDeputyId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn log(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DistrictDeputyId = target(id)?;
    actions::log(cx, id, form.need_date("on_day")?, form.text("text")).await?;
    Ok(Outcome::new(NOUN, id, "已登记工作记录。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let deputy = store::find(cx, DistrictDeputyId(id)).await?;
    let mut view = RecordView::new(deputy.person_name, deputy.version)
        .fact("district", "区", shared::organisation(cx, Some(deputy.district_id)).await?)
        .fact("year", "年度", Shown::Integer(deputy.year))
        .fact("home_unit", "工作单位", Shown::text(deputy.home_unit))
        .fact("rank", "职级", Shown::text(deputy.rank))
        .fact("team", "任职巡察组", Shown::text(deputy.team))
        .fact("from_on", "起始日期", Shown::Date(deputy.from_on))
        .fact("to_on", "结束日期", Shown::date(deputy.to_on))
        .fact("work_log", "工作记录", Shown::long(deputy.work_log));
    if may_keep(&cx.actor) {
        view.deeds = vec!["edit", "log"];
    }
    view.tabs.push(Tab::Files);
    Ok(view)
}
