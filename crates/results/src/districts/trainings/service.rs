//! How trainings appear: list, page, forms.

use kit::{
    Column, Cx, Deed, Field, Form, Labelled as _, Outcome, RecordView, Result, Secrecy, Service, Shown,
    Table, WriteCx,
    service::{Group, Work, target},
};
use uuid::Uuid;

use super::{
    NOUN, ShadowTrainingId, TrainingKind,
    actions::{self, Entry},
    store, visible,
};
use crate::{
    districts::{district_field, may_keep},
    shared::{self, INSPECTIONS, ORGANISATIONS},
};

const COLUMNS: &[Column] = &[
    Column::integer("year", "年度", "x.year").sortable().filled(),
    Column::reference("district", "区", "x.district_id", "d.name", ORGANISATIONS),
    Column::title("person_name", "姓名", "x.person_name"),
    Column::text("post_title", "职务", "x.post_title"),
    Column::choice("kind", "方式", "x.kind", TrainingKind::CHOICES),
    Column::reference("inspection", "参加的巡察", "x.inspection_id", "i.name", INSPECTIONS).hidden(),
    Column::date("from_on", "起始日期", "x.from_on"),
    Column::date("to_on", "结束日期", "x.to_on"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "跟班参巡",
        table: "shadow_training",
        group: Group::District,
        listed: true,
        icon: "school",
        secrecy: Secrecy::Internal,
        about: "区级巡察干部到市委巡察办跟班学习或参加市委巡察，结束时作出鉴定。",
        list: Table {
            from: "shadow_training x join organisation d on d.id = x.district_id \
                   left join inspection i on i.id = x.inspection_id",
            alias: "x",
            title: "x.person_name",
            number: None,
            columns: COLUMNS,
            order: "-year",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Deed::create("登记跟班参巡", fields, |cx, _, form| Box::pin(create(cx, form))),
            Deed::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Deed::on("appraise", "鉴定", appraisal_fields, |cx, id, form| Box::pin(appraise(cx, id, form)))
                .primary()
                .next("记录结束日期和鉴定意见，所在区委巡察办可以看到。"),
        ],
        creates: may_keep,
        waiting: Vec::new(),
        governed: None,
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, ShadowTrainingId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            district_field(held.map(|x| x.district_id)).help("派出干部的区。"),
            Field::line("person_name", "姓名").max(40).required().maybe(held.map(|x| &x.person_name)),
            Field::line("post_title", "职务").max(80).required().maybe(held.map(|x| &x.post_title)),
            Field::choice::<TrainingKind>("kind", "方式").required().chosen(held.map(|x| x.kind)),
            Field::pick("inspection", "参加的巡察", INSPECTIONS)
                .maybe(held.and_then(|x| x.inspection_id))
                .help("参加巡察的必填。"),
            Field::date("from_on", "起始日期").required().maybe(held.map(|x| x.from_on)),
        ])
    })
}

fn appraisal_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, ShadowTrainingId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            Field::date("to_on", "结束日期").required().maybe(held.and_then(|x| x.to_on)),
            Field::text("appraisal", "鉴定意见").max(2_000).required().maybe(held.map(|x| &x.appraisal)),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        district: form.need_id("district")?,
        person_name: form.text("person_name"),
        post_title: form.text("post_title"),
        kind: form.need_choice("kind")?,
        inspection: form.id("inspection"),
        from_on: form.need_date("from_on")?,
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已登记。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ShadowTrainingId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn appraise(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ShadowTrainingId = target(id)?;
    actions::appraise(cx, id, form.need_date("to_on")?, form.text("appraisal")).await?;
    Ok(Outcome::new(NOUN, id, "已记录鉴定。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let training = store::find(cx, ShadowTrainingId(id)).await?;
    let mut view = RecordView::new(training.person_name, training.version)
        .fact("district", "派出区", shared::organisation(cx, Some(training.district_id)).await?)
        .fact("year", "年度", Shown::Integer(training.year))
        .fact("post_title", "职务", Shown::text(training.post_title))
        .fact("kind", "方式", Shown::choice(training.kind.choice()))
        .fact("inspection", "参加的巡察", shared::inspection(cx, training.inspection_id).await?)
        .fact("from_on", "起始日期", Shown::Date(training.from_on))
        .fact("to_on", "结束日期", Shown::date(training.to_on))
        .fact("appraisal", "鉴定意见", Shown::long(training.appraisal));
    if may_keep(&cx.actor) {
        view.deeds = vec!["edit", "appraise"];
    }
    Ok(view)
}
