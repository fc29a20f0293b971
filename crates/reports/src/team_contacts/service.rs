//! How contacts appear.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Outcome, Pred, RecordView, Result, Secrecy, Service, Shown,
    Table, WriteCx,
    form::Kind as FieldKind,
    service::{Group, Work, target},
};
use planning::units;
use uuid::Uuid;

use super::{
    NOUN, TeamContactId,
    actions::{self, Entry},
    may_keep, store, visible,
};
use crate::{report_comments, reports};

const COLUMNS: &[Column] = &[
    Column::text("name", "巡察办联络人", "k.name").opens(),
    Column::text("division", "挂钩处室", "k.division"),
    Column::reference("inspection", "巡察", "k.inspection_id", "i.name", units::INSPECTIONS),
    Column::text("duty", "职责", "k.duty"),
    Column::date("from_on", "开始日期", "k.from_on").sortable().filled(),
    Column::date("to_on", "结束日期", "k.to_on"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "对接联络",
        table: "team_contact",
        group: Group::Report,
        listed: true,
        icon: "user-share",
        secrecy: Secrecy::Internal,
        about: "每个巡察组在巡察办的专门联络人和挂钩处室，从进驻起参与会商。",
        list: Table {
            from: "team_contact k left join inspection i on i.id = k.inspection_id",
            alias: "k",
            title: "k.name",
            number: None,
            columns: COLUMNS,
            order: "-from_on",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("确定对接联络", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("联络人会收到通知，报告进入组办会商时由其牵头。"),
            Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("end", "结束对接", end_fields, |cx, id, form| Box::pin(end(cx, id, form))),
        ],
        creates: may_keep,
        waiting: Vec::new(),
        governed: None,
    }
}

async fn entry_fields(cx: &Cx, id: Option<Uuid>) -> Result<Vec<Field>> {
    let held = match id {
        Some(id) => Some(store::find(cx, TeamContactId(id)).await?),
        None => None,
    };
    let held = held.as_ref();
    let officers = store::officers(cx, cx.today()).await?;
    let options = officers.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    Ok(vec![
        Field::new("account", "联络人", FieldKind::Options(options))
            .required()
            .maybe(held.map(|contact| contact.account_id)),
        Field::line("division", "挂钩处室").max(60).required().maybe(held.map(|contact| &contact.division)),
        Field::line("duty", "职责").max(200).maybe(held.map(|contact| &contact.duty)),
        Field::date("from_on", "开始日期")
            .required()
            .value(held.map_or_else(|| cx.today(), |contact| contact.from_on)),
    ])
}

fn create_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut fields = vec![Field::pick("inspection", "巡察", units::INSPECTIONS).required()];
        fields.extend(entry_fields(cx, None).await?);
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(entry_fields(cx, id))
}

fn end_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    let today = cx.today();
    Box::pin(async move { Ok(vec![Field::date("to_on", "结束日期").required().value(today)]) })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        account: form.text("account").parse().map_err(|_| kit::Refusal::field("account", "请选择联络人"))?,
        division: form.text("division"),
        duty: form.text("duty"),
        from_on: form.need_date("from_on")?,
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("inspection")?, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已确定对接联络。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TeamContactId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn end(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TeamContactId = target(id)?;
    actions::end(cx, id, form.need_date("to_on")?).await?;
    Ok(Outcome::new(NOUN, id, "已结束对接。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let contact = store::find(cx, TeamContactId(id)).await?;
    let own = || Pred::is("inspection_id", contact.inspection_id);
    let mut view = RecordView::new(format!("{}（{}）", contact.name, contact.division), contact.version)
        .fact("inspection", "巡察", Shown::link(units::INSPECTIONS, Some(contact.inspection_id), "查看巡察"))
        .fact("name", "联络人", Shown::text(&contact.name))
        .fact("division", "挂钩处室", Shown::text(&contact.division))
        .fact("duty", "职责", Shown::text(&contact.duty))
        .fact("from_on", "开始日期", Shown::Date(contact.from_on))
        .fact("to_on", "结束日期", Shown::date(contact.to_on))
        .related("reports", "巡察报告", reports::NOUN, own(), None)
        .related("comments", "会商意见", report_comments::NOUN, own(), None)
        .related("consultations", "历次会商", fieldwork::consultations::NOUN, own(), None);
    if may_keep(&cx.actor) {
        view.deeds = vec!["edit", "end"];
    }
    Ok(view)
}
