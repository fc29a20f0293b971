//! How the working-day calendar appears: list, page, forms.

use kit::{
    Column, Cx, Deed, Field, Form, Outcome, RecordView, Result, Secrecy, Service, Shown, Table, WriteCx,
    service::{Group, Work, target},
};
use uuid::Uuid;

use super::{
    CalendarDayId, NOUN,
    actions::{self, Period},
    may_keep, store, visible,
};

const COLUMNS: &[Column] = &[
    Column::date("day", "日期", "c.day").sortable().filled().opens(),
    Column::title("name", "名称", "c.name"),
    Column::flag("working", "上班", "c.working"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "工作日历",
        table: "calendar_day",
        group: Group::Admin,
        listed: true,
        icon: "calendar",
        secrecy: Secrecy::Internal,
        about: "节假日和调休上班日，按每年的放假通知登记；工作日期限据此计算，未登记的日期按周一至周五上班。",
        list: Table {
            from: "calendar_day c",
            alias: "c",
            title: "c.name",
            number: None,
            columns: COLUMNS,
            order: "-day",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Deed::create("登记节假日", new_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("登记后新起算的工作日期限按新日历计算，已经起算的期限不变。"),
            Deed::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        ],
        creates: may_keep,
        waiting: Vec::new(),
        governed: None,
    }
}

fn new_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::date("from", "起").required(),
            Field::date("to", "止").required(),
            Field::flag("working", "调休上班").help("周末因调休上班的勾选；放假的不勾选。"),
            Field::line("name", "名称").max(40).required().help("如：春节、国庆节调休。"),
        ])
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, CalendarDayId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            Field::flag("working", "上班").maybe(held.filter(|day| day.working).map(|_| "1")),
            Field::line("name", "名称").max(40).required().maybe(held.map(|day| &day.name)),
        ])
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let period = Period {
        from: form.need_date("from")?,
        to: form.need_date("to")?,
        working: form.flag("working"),
        name: form.text("name"),
    };
    let id = actions::create(cx, period).await?;
    Ok(Outcome::new(NOUN, id, "已登记。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: CalendarDayId = target(id)?;
    actions::edit(cx, id, form.flag("working"), form.text("name")).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let day = store::find(cx, CalendarDayId(id)).await?;
    let mut view = RecordView::new(format!("{} {}", day.day, day.name), day.version)
        .fact("day", "日期", Shown::Date(day.day))
        .fact("name", "名称", Shown::text(day.name))
        .fact("working", "上班", Shown::Flag(day.working));
    if may_keep(&cx.actor) {
        view.deeds = vec!["edit"];
    }
    Ok(view)
}
