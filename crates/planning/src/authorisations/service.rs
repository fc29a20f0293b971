//! How authorisations appear: list, page, forms.

use chrono::{DateTime, Utc};
use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Refusal, Result, Secrecy, Service, Shown, Table, WriteCx, lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
};
use uuid::Uuid;

use super::{
    Authorisation, AuthorisationId, NOUN, State,
    actions::{self, Entry},
    period, store,
};
use crate::{
    inspections::{self, InspectionId},
    rights, teams,
};

const COLUMNS: &[Column] = &[
    Column::number("number", "文号", "h.number"),
    Column::reference(
        "inspection",
        "巡察任务",
        "h.inspection_id",
        "i.number || ' ' || i.name",
        inspections::NOUN,
    )
    .opens(),
    Column::text("team", "巡察组", "i.team"),
    Column::instant("from_at", "授权起", "h.from_at"),
    Column::instant("to_at", "授权止", "h.to_at"),
    Column::choice("state", "授权情况", "h.state", State::CHOICES),
    Column::date("decided_on", "决定日期", "h.decided_on").sortable().filled(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "巡察组授权",
        table: "authorisation",
        group: Group::Prepare,
        listed: true,
        icon: "certificate",
        secrecy: Secrecy::Internal,
        about: "一轮一授权：每项任务一份授权任职决定，批准后全组成员的权限按分钟起止，已登录的会话同样到点失效。",
        list: Table {
            from: "authorisation h join inspection i on i.id = h.inspection_id",
            alias: "h",
            title: "i.name",
            number: Some("h.number"),
            columns: COLUMNS,
            order: "-decided_on",
        },
        visible: Authorisation::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("拟定授权", fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("先在巡察组成员中提名全部成员，再报批。"),
            Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("submit", "报批", no_fields, |cx, id, _| Box::pin(submit(cx, id)))
                .primary()
                .next("由领导小组或市委领导批准。"),
            Offer::on("approve", "批准", opinion_fields, |cx, id, form| Box::pin(approve(cx, id, form)))
                .primary()
                .next("全部待授权成员同时获得授权；有人未签署回避申报或应当回避的，整份不能批准。"),
            Offer::on("return", "退回", reason_fields, |cx, id, form| Box::pin(send_back(cx, id, form)))
                .next("巡察办修改后可以再次报批。"),
            Offer::on("end", "立即终止", reason_fields, |cx, id, form| Box::pin(end(cx, id, form)))
                .danger()
                .next("全组权限立即失效，包括已经登录的人。"),
        ],
        creates: rights::keeps,
        waiting: vec![Waiting {
            label: "待批准的巡察组授权",
            condition: |actor, _| {
                if rights::approves(actor) { Pred::is("state", State::Submitted) } else { Pred::Nothing }
            },
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "巡察组授权",
            transitions: lifecycle::transitions::<Authorisation>,
            permissions: || lifecycle::permissions(sample, rights::concerned, rights::stranger),
        }),
    }
}

pub(super) fn sample(state: State) -> Authorisation {
    Authorisation {
        id: AuthorisationId(rights::OWN),
        version: 1,
        inspection_id: InspectionId(rights::OWN),
        number: String::new(),
        decided_by_body: String::new(),
        decided_on: rights::sample_day(),
        from_at: DateTime::<Utc>::UNIX_EPOCH,
        to_at: DateTime::<Utc>::UNIX_EPOCH,
        state,
        note: String::new(),
        prepared_by: None,
        submitted_on: None,
        approved_by: None,
        approved_on: None,
        opinion: String::new(),
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, AuthorisationId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        let from = held.map(|held| period::on_the_clock(held.from_at));
        let to = held.map(|held| period::on_the_clock(held.to_at));
        Ok(vec![
            Field::pick("inspection", "巡察任务", inspections::NOUN)
                .required()
                .maybe(held.map(|held| held.inspection_id)),
            Field::line("number", "文号")
                .max(60)
                .required()
                .maybe(held.map(|held| &held.number))
                .help("授权任职决定的文号，如“澜委巡授〔2024〕1号”。"),
            Field::line("body", "决定机关")
                .max(60)
                .required()
                .value(held.map_or("市委巡察工作领导小组", |held| held.decided_by_body.as_str())),
            Field::date("decided_on", "决定日期").required().maybe(held.map(|held| held.decided_on)),
            Field::date("from_on", "授权起").required().maybe(from.as_ref().map(|(day, _)| day)),
            Field::line("from_time", "起始时间")
                .max(5)
                .required()
                .value(from.as_ref().map_or("00:00", |(_, time)| time.as_str()))
                .help("写成“08:30”。"),
            Field::date("to_on", "授权止").required().maybe(to.as_ref().map(|(day, _)| day)),
            Field::line("to_time", "终止时间")
                .max(5)
                .required()
                .value(to.as_ref().map_or("24:00", |(_, time)| time.as_str()))
                .help("到这一分钟即失效；当天结束写“24:00”。"),
            Field::text("note", "备注").max(1_000).maybe(held.map(|held| &held.note)),
        ])
    })
}

fn opinion_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "审批意见").max(500)]) })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(500).required()]) })
}

fn instant(form: &Form, day: &str, time: &str) -> Result<DateTime<Utc>> {
    let unclear = || Refusal::field(time, "请写成“08:30”这样的时间，当天结束写“24:00”");
    Ok(period::instant(form.need_date(day)?, form.text(time).trim()).ok_or_else(unclear)?)
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        inspection: form.need_id("inspection")?,
        number: form.text("number"),
        body: form.text("body"),
        decided_on: form.need_date("decided_on")?,
        from_at: instant(form, "from_on", "from_time")?,
        to_at: instant(form, "to_on", "to_time")?,
        note: form.text("note"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已拟定授权。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AuthorisationId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn submit(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: AuthorisationId = target(id)?;
    actions::submit(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已报批。"))
}

async fn approve(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AuthorisationId = target(id)?;
    actions::approve(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已批准，全组成员获得授权。"))
}

async fn send_back(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AuthorisationId = target(id)?;
    actions::send_back(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已退回。"))
}

async fn end(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AuthorisationId = target(id)?;
    actions::end(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "授权已终止。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let held = store::find(cx, AuthorisationId(id)).await?;
    let inspection = inspections::find(cx, held.inspection_id).await?;
    let title = format!("{} {}", inspection.number, inspection.name);
    let mut view = RecordView::new(format!("{}授权任职决定", inspection.team), held.version)
        .fact("inspection", "巡察任务", Shown::link(inspections::NOUN, Some(inspection.id.0), title))
        .fact("body", "决定机关", Shown::text(&held.decided_by_body))
        .fact("decided_on", "决定日期", Shown::Date(held.decided_on))
        .fact("from_at", "授权起", Shown::Instant(held.from_at))
        .fact("to_at", "授权止", Shown::Instant(held.to_at))
        .fact("submitted_on", "报批日期", Shown::date(held.submitted_on))
        .fact("approved_on", "批准日期", Shown::date(held.approved_on))
        .fact("opinion", "审批意见", Shown::long(&held.opinion))
        .fact("note", "备注", Shown::long(&held.note));
    view.number.clone_from(&held.number);
    view.state = Some(held.state.choice());
    view.deeds = held.open_deeds(&cx.actor);
    let team = Pred::is("inspection_id", held.inspection_id);
    Ok(view.related("team", "巡察组成员", teams::NOUN, team, None))
}
