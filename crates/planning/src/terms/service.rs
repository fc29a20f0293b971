//! How terms appear: list, page, forms.

use kit::{
    Column, Cx, Deed, Field, Form, Outcome, Pred, RecordView, Result, Secrecy, Service, Shown, Table,
    WriteCx,
    form::Kind,
    service::{Group, Work, target},
};
use uuid::Uuid;

use super::{
    NOUN, TermId,
    actions::{self, Entry},
    store, visible,
};
use crate::{coverage_lists, rights, rounds, topics, year_plans};

const COLUMNS: &[Column] = &[
    Column::integer("number", "届次", "t.number").sortable().filled(),
    Column::title("name", "名称", "t.name"),
    Column::text("committee", "党委", "t.committee"),
    Column::date("starts_on", "起始日期", "t.starts_on"),
    Column::date("ends_on", "届满日期", "t.ends_on"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "届次",
        table: "term",
        group: Group::Plan,
        listed: true,
        icon: "flag",
        secrecy: Secrecy::Internal,
        about: "一届党委任期内实现巡察全覆盖；清单、计划和轮次都属于一个届次。",
        list: Table {
            from: "term t",
            alias: "t",
            title: "t.name",
            number: None,
            columns: COLUMNS,
            order: "-number",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Deed::create("登记届次", fields, |cx, _, form| Box::pin(create(cx, form))),
            Deed::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        ],
        creates: rights::keeps,
        waiting: Vec::new(),
        governed: None,
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, TermId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            Field::new("number", "届次", Kind::Integer { min: 1, max: 200 })
                .required()
                .maybe(held.map(|term| term.number))
                .help("只填数字，如第十三届填 13。"),
            Field::line("name", "名称").max(60).required().maybe(held.map(|term| &term.name)),
            Field::line("committee", "党委").max(120).required().maybe(held.map(|term| &term.committee)),
            Field::date("starts_on", "起始日期")
                .required()
                .maybe(held.map(|term| term.starts_on))
                .help("新一届党委产生之日；全覆盖从这一天起计算。"),
            Field::date("ends_on", "届满日期").maybe(held.and_then(|term| term.ends_on)),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        number: form.need_integer("number")?,
        name: form.text("name"),
        committee: form.text("committee"),
        starts_on: form.need_date("starts_on")?,
        ends_on: form.date("ends_on"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已登记届次，接下来可以起草全覆盖任务清单。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TermId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let term = store::find(cx, TermId(id)).await?;
    let keeps = rights::keeps(&cx.actor);
    let new = || keeps.then(|| format!("term={id}"));
    let of_term = || Pred::is("term_id", id);
    let mut view = RecordView::new(&term.name, term.version)
        .fact("number", "届次", Shown::Integer(term.number))
        .fact("committee", "党委", Shown::text(&term.committee))
        .fact("starts_on", "起始日期", Shown::Date(term.starts_on))
        .fact("ends_on", "届满日期", Shown::date(term.ends_on))
        .related("coverage_lists", "全覆盖任务清单", coverage_lists::NOUN, of_term(), new())
        .related("year_plans", "年度计划", year_plans::NOUN, of_term(), new())
        .related("rounds", "轮次", rounds::NOUN, of_term(), new())
        .related("topics", "市委点题", topics::NOUN, of_term(), new());
    if keeps {
        view.deeds = vec!["edit"];
    }
    Ok(view)
}
