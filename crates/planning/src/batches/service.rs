//! How batches appear: list, page, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Work, target},
};
use uuid::Uuid;

use super::{
    Batch, BatchId, NOUN,
    actions::{self, Entry},
    store,
};
use crate::{
    inspections,
    progress::State,
    rights,
    rounds::{self, RoundId},
};

const COLUMNS: &[Column] = &[
    Column::title("title", "批次", "r.name || b.name"),
    Column::reference("round", "轮次", "b.round_id", "r.name", rounds::NOUN),
    Column::integer("number", "序号", "b.number").hidden(),
    Column::integer("year", "年度", "r.year"),
    Column::choice("state", "进度", "b.state", State::CHOICES),
    Column::date("starts_on", "开始日期", "b.starts_on").sortable().filled(),
    Column::date("ends_on", "结束日期", "b.ends_on"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "批次",
        table: "batch",
        group: Group::Plan,
        listed: true,
        icon: "stack-2",
        secrecy: Secrecy::Internal,
        about: "一轮中同时进驻的一批巡察任务；所有单位撤点后批次才能结束。",
        list: Table {
            from: "batch b join round r on r.id = b.round_id",
            alias: "b",
            title: "r.name || b.name",
            number: None,
            columns: COLUMNS,
            order: "-starts_on",
        },
        visible: Batch::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("安排批次", fields, |cx, _, form| Box::pin(create(cx, form))),
            Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("start", "启动", day_fields, |cx, id, form| Box::pin(start(cx, id, form)))
                .primary()
                .next("本批进入进行中；所属轮次须已启动。"),
            Offer::on("finish", "结束", day_fields, |cx, id, form| Box::pin(finish(cx, id, form)))
                .primary()
                .next("本批结束后不能再修改；所有单位须已撤点。"),
        ],
        creates: rights::keeps,
        waiting: Vec::new(),
        governed: Some(Governed {
            noun: NOUN,
            label: "批次",
            transitions: lifecycle::transitions::<Batch>,
            permissions: || lifecycle::permissions(sample, rights::concerned, rights::stranger),
        }),
    }
}

fn sample(state: State) -> Batch {
    Batch {
        id: BatchId(rights::OWN),
        version: 1,
        round_id: RoundId(rights::OWN),
        number: 1,
        name: String::new(),
        starts_on: rights::sample_day(),
        ends_on: None,
        state,
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, BatchId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            Field::pick("round", "轮次", rounds::NOUN).required().maybe(held.map(|batch| batch.round_id)),
            Field::new("number", "序号", Kind::Integer { min: 1, max: 200 })
                .required()
                .maybe(held.map(|batch| batch.number))
                .help("本轮第几批，只填数字。"),
            Field::line("name", "名称")
                .max(60)
                .required()
                .maybe(held.map(|batch| &batch.name))
                .help("如“第一批”；列表中会在前面加上轮次名称。"),
            Field::date("starts_on", "开始日期").required().maybe(held.map(|batch| batch.starts_on)),
            Field::date("ends_on", "结束日期").maybe(held.and_then(|batch| batch.ends_on)),
        ])
    })
}

fn day_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::date("on", "日期").required().value(cx.today())]) })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        round: form.need_id("round")?,
        number: form.need_integer("number")?,
        name: form.text("name"),
        starts_on: form.need_date("starts_on")?,
        ends_on: form.date("ends_on"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已安排批次，接下来可以安排巡察任务。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: BatchId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn start(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: BatchId = target(id)?;
    actions::start(cx, id, form.need_date("on")?).await?;
    Ok(Outcome::new(NOUN, id, "本批已启动。"))
}

async fn finish(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: BatchId = target(id)?;
    actions::finish(cx, id, form.need_date("on")?).await?;
    Ok(Outcome::new(NOUN, id, "本批已结束。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let batch = store::find(cx, BatchId(id)).await?;
    let round = rounds::find(cx, batch.round_id).await?;
    let new = format!("term={}&round={}&batch={id}", round.term_id, round.id);
    let mut view = RecordView::new(format!("{}{}", round.name, batch.name), batch.version)
        .fact("round", "轮次", Shown::link(rounds::NOUN, Some(round.id.0), &round.name))
        .fact("year", "年度", Shown::Integer(round.year))
        .fact("starts_on", "开始日期", Shown::Date(batch.starts_on))
        .fact("ends_on", "结束日期", Shown::date(batch.ends_on))
        .related(
            "inspections",
            "巡察任务",
            inspections::NOUN,
            Pred::is("batch_id", id),
            rights::keeps(&cx.actor).then_some(new),
        );
    view.state = Some(batch.state.choice());
    view.deeds = batch.open_deeds(&cx.actor);
    Ok(view)
}
