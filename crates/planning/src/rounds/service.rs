//! How rounds appear: list, page, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Work, target},
};
use uuid::Uuid;

use super::{
    NOUN, Round, RoundId,
    actions::{self, Entry},
    store,
};
use crate::{
    batches, inspections,
    progress::State,
    rights,
    terms::{self, TermId},
};

const COLUMNS: &[Column] = &[
    Column::title("name", "轮次", "r.name"),
    Column::integer("number", "序号", "r.number").hidden(),
    Column::reference("term", "届次", "r.term_id", "t.name", terms::NOUN),
    Column::integer("year", "年度", "r.year"),
    Column::choice("state", "进度", "r.state", State::CHOICES),
    Column::date("starts_on", "开始日期", "r.starts_on").sortable().filled(),
    Column::date("ends_on", "结束日期", "r.ends_on"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "轮次",
        table: "round",
        group: Group::Plan,
        listed: true,
        icon: "refresh",
        secrecy: Secrecy::Internal,
        about: "巡察按轮次组织，一轮可以分若干批次；每轮一次授权，组长、对象和职责不固定。",
        list: Table {
            from: "round r join term t on t.id = r.term_id",
            alias: "r",
            title: "r.name",
            number: None,
            columns: COLUMNS,
            order: "-starts_on",
        },
        visible: Round::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("安排轮次", fields, |cx, _, form| Box::pin(create(cx, form))),
            Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("start", "启动", day_fields, |cx, id, form| Box::pin(start(cx, id, form)))
                .primary()
                .next("本轮进入进行中，可以启动批次。"),
            Offer::on("finish", "结束", day_fields, |cx, id, form| Box::pin(finish(cx, id, form)))
                .primary()
                .next("本轮结束后不能再修改；各批次须先结束。"),
        ],
        creates: rights::keeps,
        waiting: Vec::new(),
        governed: Some(Governed {
            noun: NOUN,
            label: "轮次",
            transitions: lifecycle::transitions::<Round>,
            permissions: || lifecycle::permissions(sample, rights::concerned, rights::stranger),
        }),
    }
}

fn sample(state: State) -> Round {
    Round {
        id: RoundId(rights::OWN),
        version: 1,
        term_id: TermId(rights::OWN),
        year: 2023,
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
            Some(id) => Some(store::find(cx, RoundId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            Field::pick("term", "届次", terms::NOUN).required().maybe(held.map(|round| round.term_id)),
            Field::new("year", "年度", Kind::Integer { min: 1990, max: 2199 })
                .required()
                .maybe(held.map(|round| round.year)),
            Field::new("number", "序号", Kind::Integer { min: 1, max: 200 })
                .required()
                .maybe(held.map(|round| round.number))
                .help("本届第几轮，只填数字。"),
            Field::line("name", "名称").max(60).required().maybe(held.map(|round| &round.name)),
            Field::date("starts_on", "开始日期").required().maybe(held.map(|round| round.starts_on)),
            Field::date("ends_on", "结束日期").maybe(held.and_then(|round| round.ends_on)),
        ])
    })
}

fn day_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::date("on", "日期").required().value(cx.today())]) })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        term: form.need_id("term")?,
        year: form.need_integer("year")?,
        number: form.need_integer("number")?,
        name: form.text("name"),
        starts_on: form.need_date("starts_on")?,
        ends_on: form.date("ends_on"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已安排轮次，接下来可以安排批次和巡察任务。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RoundId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn start(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RoundId = target(id)?;
    actions::start(cx, id, form.need_date("on")?).await?;
    Ok(Outcome::new(NOUN, id, "本轮已启动。"))
}

async fn finish(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RoundId = target(id)?;
    actions::finish(cx, id, form.need_date("on")?).await?;
    Ok(Outcome::new(NOUN, id, "本轮已结束。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let round = store::find(cx, RoundId(id)).await?;
    let term = terms::find(cx, round.term_id).await?;
    let new = |query: String| rights::keeps(&cx.actor).then_some(query);
    let of_round = || Pred::is("round_id", id);
    let mut view = RecordView::new(&round.name, round.version)
        .fact("term", "届次", Shown::link(terms::NOUN, Some(term.id.0), &term.name))
        .fact("year", "年度", Shown::Integer(round.year))
        .fact("starts_on", "开始日期", Shown::Date(round.starts_on))
        .fact("ends_on", "结束日期", Shown::date(round.ends_on))
        .related("batches", "批次", batches::NOUN, of_round(), new(format!("round={id}")))
        .related(
            "inspections",
            "巡察任务",
            inspections::NOUN,
            of_round(),
            new(format!("term={}&round={id}", round.term_id)),
        );
    view.state = Some(round.state.choice());
    view.deeds = round.open_deeds(&cx.actor);
    Ok(view)
}
