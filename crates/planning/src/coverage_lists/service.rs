//! How full-coverage lists appear: list, page, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
};
use registry::organisations;
use uuid::Uuid;

use super::{
    CoverageList, CoverageListId, NOUN,
    actions::{self, Entry},
    store,
};
use crate::{
    coverage, coverage_items,
    review::State,
    rights,
    terms::{self, TermId},
};

const COLUMNS: &[Column] = &[
    Column::title("title", "清单", "t.name || '第' || cast(l.edition as text) || '版'"),
    Column::reference("term", "届次", "l.term_id", "t.name", terms::NOUN),
    Column::integer("edition", "版次", "l.edition").sortable().filled(),
    Column::choice("state", "审批状态", "l.state", State::CHOICES),
    Column::date("submitted_on", "提交日期", "l.submitted_on"),
    Column::date("approved_on", "批准日期", "l.approved_on"),
    Column::text("basis", "依据", "l.basis").hidden(),
    Column::text("note", "说明", "l.note").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "全覆盖任务清单",
        table: "coverage_list",
        group: Group::Plan,
        listed: true,
        icon: "list-check",
        secrecy: Secrecy::Internal,
        about: "本届应巡察的单位，经领导小组或市委批准后生效；生效的清单不再改动，调整时另出新版。",
        list: Table {
            from: "coverage_list l join term t on t.id = l.term_id",
            alias: "l",
            title: "t.name || '第' || cast(l.edition as text) || '版'",
            number: None,
            columns: COLUMNS,
            order: "-edition",
        },
        visible: CoverageList::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: rights::keeps,
        waiting: vec![Waiting {
            label: "待审批的全覆盖任务清单",
            condition: |actor, _| {
                if rights::approves(actor) { Pred::is("state", State::Submitted) } else { Pred::Nothing }
            },
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "全覆盖任务清单",
            transitions: lifecycle::transitions::<CoverageList>,
            permissions: || lifecycle::permissions(sample, rights::concerned, rights::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::create("起草清单", create_fields, |cx, _, form| Box::pin(create(cx, form)))
            .next("本届第一版从空白开始；以后各版从上一版复制。批准前可以随时修改。"),
        Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        Offer::on("add_items", "列入单位", item_fields, |cx, id, form| Box::pin(add_items(cx, id, form))),
        Offer::on("submit", "提交审批", no_fields, |cx, id, _| Box::pin(submit(cx, id)))
            .primary()
            .next("提交后不能修改，由领导小组或市委领导审批；起草人和提交人不能审批。"),
        Offer::on("approve", "批准", approve_fields, |cx, id, form| Box::pin(approve(cx, id, form)))
            .primary()
            .next("批准后清单生效并冻结，覆盖率从批准之日起按这一版计算。"),
        Offer::on("return", "退回", return_fields, |cx, id, form| Box::pin(send_back(cx, id, form)))
            .next("清单退回巡察办，按意见修改后重新提交。"),
        Offer::on("reopen", "重新修改", no_fields, |cx, id, _| Box::pin(reopen(cx, id)))
            .primary()
            .next("清单回到起草状态。"),
        Offer::on("renew", "调整清单（新版）", renew_fields, |cx, id, form| {
            Box::pin(renew(cx, id, form))
        })
        .next("以这一版为底稿另起新版；新版批准前仍按这一版计算覆盖率。"),
    ]
}

fn sample(state: State) -> CoverageList {
    CoverageList {
        id: CoverageListId(rights::OWN),
        version: 1,
        term_id: TermId(rights::OWN),
        edition: 1,
        state,
        approved_on: None,
        basis: String::new(),
        note: String::new(),
        prepared_by: None,
        submitted_by: None,
        submitted_on: None,
        approved_by: None,
        opinion: String::new(),
    }
}

fn text_fields(held: Option<&CoverageList>) -> Vec<Field> {
    vec![
        Field::text("basis", "依据")
            .max(2_000)
            .required()
            .maybe(held.map(|list| &list.basis))
            .help("五年规划、领导小组会议纪要等，写明文号和日期。"),
        Field::text("note", "说明")
            .max(2_000)
            .maybe(held.map(|list| &list.note))
            .help("新版写明调整原因，如机构改革、单位撤并。"),
    ]
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![Field::pick("term", "届次", terms::NOUN).required()];
        fields.extend(text_fields(None));
        Ok(fields)
    })
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, CoverageListId(id)).await?),
            None => None,
        };
        Ok(text_fields(held.as_ref()))
    })
}

fn renew_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(text_fields(None)) })
}

fn item_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::new("organisations", "单位", Kind::PickMany(organisations::NOUN))
                .required()
                .help("可一次选择多家；年度不同的分次列入，或列入后逐家修改。"),
            Field::new("planned_year", "计划年度", Kind::Integer { min: 1990, max: 2199 })
                .help("计划在哪一年安排常规巡察。"),
        ])
    })
}

fn approve_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::date("on", "批准日期").required().value(cx.today()).help("会议决定或批示的日期。"),
            Field::text("opinion", "审批意见").max(2_000),
        ])
    })
}

fn return_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "退回意见").max(2_000).required()]) })
}

fn entry(form: &Form) -> Entry {
    Entry { basis: form.text("basis"), note: form.text("note") }
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("term")?, entry(form)).await?;
    Ok(Outcome::new(NOUN, id, "已起草清单，请列入单位后提交审批。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: CoverageListId = target(id)?;
    actions::edit(cx, id, entry(form)).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn add_items(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: CoverageListId = target(id)?;
    let count = actions::add_items(cx, id, form.ids("organisations"), form.integer("planned_year")).await?;
    Ok(Outcome::new(NOUN, id, format!("已列入 {count} 家单位。")))
}

async fn submit(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: CoverageListId = target(id)?;
    actions::submit(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已提交审批。"))
}

async fn approve(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: CoverageListId = target(id)?;
    actions::approve(cx, id, form.need_date("on")?, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已批准，清单生效。"))
}

async fn send_back(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: CoverageListId = target(id)?;
    actions::send_back(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已退回巡察办。"))
}

async fn reopen(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: CoverageListId = target(id)?;
    actions::reopen(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "清单可以修改了。"))
}

async fn renew(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let new = actions::renew(cx, target(id)?, entry(form)).await?;
    Ok(Outcome::new(NOUN, new, "已复制为新版，请调整后提交审批。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let list = store::find(cx, CoverageListId(id)).await?;
    let term = terms::find(cx, list.term_id).await?;
    let figures = coverage::of_list(cx, &list, cx.today()).await?;
    let mut view = RecordView::new(format!("{}第{}版", term.name, list.edition), list.version)
        .fact("term", "届次", Shown::link(terms::NOUN, Some(term.id.0), &term.name))
        .fact("edition", "版次", Shown::Integer(list.edition))
        .fact("listed", "应巡察单位数", Shown::Integer(figures.counted()))
        .fact("done", "已完成常规巡察", Shown::Integer(figures.done))
        .fact("rate", "全覆盖率", figures.shown())
        .fact("submitted_on", "提交日期", Shown::date(list.submitted_on))
        .fact("approved_on", "批准日期", Shown::date(list.approved_on))
        .fact("basis", "依据", Shown::long(&list.basis))
        .fact("note", "说明", Shown::long(&list.note))
        .fact("opinion", "审批意见", Shown::long(&list.opinion))
        .related("items", "清单单位", coverage_items::NOUN, Pred::is("list_id", id), None);
    view.state = Some(list.state.choice());
    view.deeds = list.open_deeds(&cx.actor);
    Ok(view)
}
