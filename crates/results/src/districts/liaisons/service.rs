//! How contact persons appear: list, page, forms.

use kit::{
    Column, Cx, Deed, Field, Form, Outcome, Pred, RecordView, Result, Secrecy, Service, Shown, Tab, Table,
    WriteCx,
    service::{Group, Work, target},
};
use uuid::Uuid;

use super::{
    DistrictLiaisonId, NOUN,
    actions::{self, Entry},
    store, visible,
};
use crate::{
    districts::{self, district_field, gaps, may_keep},
    shared::{self, ORGANISATIONS, whole},
};

const COLUMNS: &[Column] = &[
    Column::integer("year", "年度", "x.year").sortable().filled(),
    Column::reference("district", "区", "x.district_id", "d.name", ORGANISATIONS),
    Column::title("person_name", "联系人", "x.person_name"),
    Column::text("position", "职务", "x.position"),
    Column::date("from_on", "起始日期", "x.from_on"),
    Column::date("to_on", "结束日期", "x.to_on"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "挂钩联系",
        table: "district_liaison",
        group: Group::District,
        listed: true,
        icon: "link",
        secrecy: Secrecy::Internal,
        about: "每年由巡察办主任和各巡察组组长分别挂钩联系一个区，指导督导区级巡察工作。",
        list: Table {
            from: "district_liaison x join organisation d on d.id = x.district_id",
            alias: "x",
            title: "x.person_name",
            number: None,
            columns: COLUMNS,
            order: "-year",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Deed::create("安排挂钩联系", fields, |cx, _, form| Box::pin(create(cx, form))),
            Deed::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Deed::on("log", "登记走访", log_fields, |cx, id, form| Box::pin(log(cx, id, form)))
                .primary()
                .next("记入走访记录，按日期逐条累加。"),
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
            Some(id) => Some(store::find(cx, DistrictLiaisonId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            district_field(held.map(|x| x.district_id)).help("每个区每年只安排一名挂钩联系人。"),
            Field::line("person_name", "联系人").max(40).required().maybe(held.map(|x| &x.person_name)),
            Field::line("position", "职务").max(80).required().maybe(held.map(|x| &x.position)),
            Field::date("from_on", "起始日期")
                .required()
                .maybe(held.map(|x| x.from_on))
                .help("所在年份即挂钩年度。"),
            Field::date("to_on", "结束日期").maybe(held.and_then(|x| x.to_on)),
            Field::text("note", "备注").max(2_000).maybe(held.map(|x| &x.note)),
        ])
    })
}

fn log_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    let today = cx.today();
    Box::pin(async move {
        Ok(vec![
            Field::date("on_day", "走访日期").required().value(today),
            Field::text("text", "走访情况")
                .max(1_000)
                .required()
                .help("反映的问题、给出的指导意见和答复情况。"),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        district: form.need_id("district")?,
        person_name: form.text("person_name"),
        position: form.text("position"),
        from_on: form.need_date("from_on")?,
        to_on: form.date("to_on"),
        note: form.text("note"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已安排挂钩联系。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DistrictLiaisonId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn log(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DistrictLiaisonId = target(id)?;
    actions::log(cx, id, form.need_date("on_day")?, form.text("text")).await?;
    Ok(Outcome::new(NOUN, id, "已登记走访。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let liaison = store::find(cx, DistrictLiaisonId(id)).await?;
    let mut view = RecordView::new(format!("{}年 {}", liaison.year, liaison.person_name), liaison.version)
        .fact("district", "区", shared::organisation(cx, Some(liaison.district_id)).await?)
        .fact("year", "年度", Shown::Integer(liaison.year))
        .fact("position", "职务", Shown::text(liaison.position))
        .fact("from_on", "起始日期", Shown::Date(liaison.from_on))
        .fact("to_on", "结束日期", Shown::date(liaison.to_on))
        .fact("visit_log", "走访记录", Shown::long(liaison.visit_log))
        .fact("note", "备注", Shown::long(liaison.note));
    if may_keep(&cx.actor) {
        view.deeds = vec!["edit", "log"];
    }
    if whole(&cx.actor) == Pred::All {
        let year = i32::try_from(liaison.year).unwrap_or_default();
        let html = gaps::html(&districts::gaps(cx, year).await?);
        view.tabs.push(Tab::Html { key: "gaps", label: "年度缺项", html });
    }
    view.tabs.push(Tab::Files);
    Ok(view)
}
