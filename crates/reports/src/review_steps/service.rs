//! How the chain of reviews appears.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Labelled as _, Outcome, RecordView, Result, Secrecy, Service,
    Shown, Table, WriteCx, dictionary,
    form::Kind as FieldKind,
    service::{Group, Work, no_fields, target},
};
use uuid::Uuid;

use super::{
    NOUN, RestsOn, ReviewStep, ReviewStepId,
    actions::{self, Entry},
    may_keep, store, visible,
};
use crate::reports::StepBy;

const MEETINGS: &str = "meeting_kind";

const COLUMNS: &[Column] = &[
    Column::integer("position", "顺序", "s.position").sortable().filled(),
    Column::title("label", "环节", "s.label"),
    Column::flag("restricted", "专题材料", "s.restricted"),
    Column::choice("step_by", "审核主体", "s.step_by", StepBy::CHOICES),
    Column::choice("rests_on", "依据", "s.rests_on", RestsOn::CHOICES),
    Column::flag("complete", "查“1+3”齐全", "s.complete"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "审核环节",
        table: "review_step",
        group: Group::Report,
        listed: false,
        icon: "list-check",
        secrecy: Secrecy::Internal,
        about: "报告和专题材料各自的审核顺序：谁审、以什么为依据、是否先查“1+3”齐全。",
        list: Table {
            from: "review_step s",
            alias: "s",
            title: "s.label",
            number: None,
            columns: COLUMNS,
            order: "position",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("增加环节", fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("正在审核的报告按原来的位置继续，走到新环节时适用。"),
            Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("drop", "删除", no_fields, |cx, id, _| Box::pin(remove(cx, id)))
                .danger()
                .next("已经作出的审核记录保留。"),
        ],
        creates: may_keep,
        waiting: Vec::new(),
        governed: None,
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, ReviewStepId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        let flag = |name, label, value: Option<bool>| {
            Field::flag(name, label).value(if value == Some(true) { "1" } else { "" })
        };
        Ok(vec![
            Field::new("position", "顺序", FieldKind::Integer { min: 1, max: 9_999 })
                .required()
                .maybe(held.map(|step| step.position)),
            flag("restricted", "用于专题材料", held.map(|step| step.restricted)),
            Field::line("label", "环节名称").max(40).required().maybe(held.map(|step| &step.label)),
            Field::choice::<StepBy>("step_by", "审核主体").required().chosen(held.map(|step| step.step_by)),
            Field::choice::<RestsOn>("rests_on", "审核依据")
                .required()
                .chosen(held.map(|step| step.rests_on)),
            Field::dict_many("meeting_kinds", "会议类型", MEETINGS)
                .maybe(held.map(|step| &step.meeting_kinds)),
            flag("complete", "先查“1+3”齐全", held.map(|step| step.complete)),
            Field::line("basis", "依据").max(200).required().maybe(held.map(|step| &step.basis)),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        position: form.need_integer("position")?,
        restricted: form.flag("restricted"),
        label: form.text("label"),
        by: form.need_choice("step_by")?,
        rests_on: form.need_choice("rests_on")?,
        meeting_kinds: form.codes("meeting_kinds"),
        complete: form.flag("complete"),
        basis: form.text("basis"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已增加审核环节。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ReviewStepId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn remove(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: ReviewStepId = target(id)?;
    let step = store::find(cx, id).await?;
    let rest = store::chain(cx, step.restricted).await?;
    let next = rest.iter().find(|one| one.id != id).map_or(id, |one| one.id);
    actions::remove(cx, id).await?;
    Ok(Outcome::new(NOUN, next, "已删除审核环节。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let step: ReviewStep = store::find(cx, ReviewStepId(id)).await?;
    let labels = dictionary::labels(cx, MEETINGS).await?;
    let kinds: Vec<&str> = step
        .meeting_kinds
        .split(',')
        .filter(|kind| !kind.is_empty())
        .map(|kind| labels.get(kind).map_or(kind, String::as_str))
        .collect();
    let mut view = RecordView::new(&step.label, step.version)
        .fact("position", "顺序", Shown::Integer(step.position))
        .fact("restricted", "用于专题材料", Shown::Flag(step.restricted))
        .fact("step_by", "审核主体", Shown::choice(step.step_by.choice()))
        .fact("rests_on", "审核依据", Shown::choice(step.rests_on.choice()))
        .fact("meeting_kinds", "会议类型", Shown::text(kinds.join("、")))
        .fact("complete", "先查“1+3”齐全", Shown::Flag(step.complete))
        .fact("basis", "依据", Shown::text(&step.basis));
    if may_keep(&cx.actor) {
        view.deeds = vec!["edit", "drop"];
    }
    Ok(view)
}
