//! How yearly plans appear: list, page, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, keep_files, no_fields, target},
};
use uuid::Uuid;

use super::{
    NOUN, YearPlan, YearPlanId,
    actions::{self, Entry},
    store,
};
use crate::{
    inspections,
    review::State,
    rights, rounds,
    terms::{self, TermId},
};

const COLUMNS: &[Column] = &[
    Column::integer("year", "年度", "p.year").sortable().filled(),
    Column::title("title", "标题", "p.title"),
    Column::reference("term", "届次", "p.term_id", "t.name", terms::NOUN),
    Column::choice("state", "审批状态", "p.state", State::CHOICES),
    Column::date("submitted_on", "提交日期", "p.submitted_on"),
    Column::date("approved_on", "批准日期", "p.approved_on"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "年度计划",
        table: "year_plan",
        group: Group::Plan,
        listed: true,
        icon: "calendar-stats",
        secrecy: Secrecy::Internal,
        about: "每年一份，写明全年的轮次、对象和组织方式，经领导小组或市委批准后执行。",
        list: Table {
            from: "year_plan p join term t on t.id = p.term_id",
            alias: "p",
            title: "p.title",
            number: None,
            columns: COLUMNS,
            order: "-year",
        },
        visible: YearPlan::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("起草年度计划", fields, |cx, _, form| Box::pin(create(cx, form))),
            Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("submit", "提交审批", no_fields, |cx, id, _| Box::pin(submit(cx, id)))
                .primary()
                .next("提交后不能修改，由领导小组或市委领导审批；起草人和提交人不能审批。"),
            Offer::on("approve", "批准", approve_fields, |cx, id, form| Box::pin(approve(cx, id, form)))
                .primary()
                .next("批准后计划生效并冻结。"),
            Offer::on("return", "退回", return_fields, |cx, id, form| Box::pin(send_back(cx, id, form)))
                .next("计划退回巡察办，按意见修改后重新提交。"),
            Offer::on("reopen", "重新修改", no_fields, |cx, id, _| Box::pin(reopen(cx, id)))
                .primary()
                .next("计划回到起草状态。"),
            kit::files::attach_deed(),
        ],
        creates: rights::keeps,
        waiting: vec![Waiting {
            label: "待审批的年度计划",
            condition: |actor, _| {
                if rights::approves(actor) { Pred::is("state", State::Submitted) } else { Pred::Nothing }
            },
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "年度计划",
            transitions: lifecycle::transitions::<YearPlan>,
            permissions: || lifecycle::permissions(sample, rights::concerned, rights::stranger),
        }),
    }
}

fn sample(state: State) -> YearPlan {
    YearPlan {
        id: YearPlanId(rights::OWN),
        version: 1,
        term_id: TermId(rights::OWN),
        year: 2023,
        title: String::new(),
        text: String::new(),
        state,
        prepared_by: None,
        approved_on: None,
        submitted_by: None,
        submitted_on: None,
        approved_by: None,
        opinion: String::new(),
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, YearPlanId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            Field::pick("term", "届次", terms::NOUN).required().maybe(held.map(|plan| plan.term_id)),
            Field::new("year", "年度", Kind::Integer { min: 1990, max: 2199 })
                .required()
                .maybe(held.map(|plan| plan.year)),
            Field::line("title", "标题").max(120).required().maybe(held.map(|plan| &plan.title)),
            Field::text("text", "计划内容")
                .required()
                .maybe(held.map(|plan| &plan.text))
                .help("写明轮次和时间安排、巡察对象、组织方式、力量安排和重点。"),
            Field::new("files", "附件", Kind::Files),
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

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        term: form.need_id("term")?,
        year: form.need_integer("year")?,
        title: form.text("title"),
        text: form.text("text"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已起草年度计划，修改完善后提交审批。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: YearPlanId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn submit(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: YearPlanId = target(id)?;
    actions::submit(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已提交审批。"))
}

async fn approve(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: YearPlanId = target(id)?;
    actions::approve(cx, id, form.need_date("on")?, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已批准，计划生效。"))
}

async fn send_back(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: YearPlanId = target(id)?;
    actions::send_back(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已退回巡察办。"))
}

async fn reopen(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: YearPlanId = target(id)?;
    actions::reopen(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "计划可以修改了。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let plan = store::find(cx, YearPlanId(id)).await?;
    let term = terms::find(cx, plan.term_id).await?;
    let of_year = || Pred::is("term_id", plan.term_id).and(Pred::is("year", plan.year));
    let mut view = RecordView::new(&plan.title, plan.version)
        .fact("term", "届次", Shown::link(terms::NOUN, Some(term.id.0), &term.name))
        .fact("year", "年度", Shown::Integer(plan.year))
        .fact("submitted_on", "提交日期", Shown::date(plan.submitted_on))
        .fact("approved_on", "批准日期", Shown::date(plan.approved_on))
        .fact("text", "计划内容", Shown::long(&plan.text))
        .fact("opinion", "审批意见", Shown::long(&plan.opinion))
        .related("rounds", "本年轮次", rounds::NOUN, of_year(), None)
        .related("inspections", "本年巡察任务", inspections::NOUN, of_year(), None);
    view.tabs.push(Tab::Files);
    view.state = Some(plan.state.choice());
    view.deeds = plan.open_deeds(&cx.actor);
    Ok(view)
}
