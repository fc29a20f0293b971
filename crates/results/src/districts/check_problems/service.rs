//! How problems of checks appear: list, page, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx, lifecycle,
    service::{Group, Waiting, Work, target},
};
use uuid::Uuid;

use super::{
    Aspect, DistrictCheckProblem, DistrictCheckProblemId, NOUN, State,
    actions::{self, Entry},
    store,
};
use crate::{
    districts::{checks, may_keep, own},
    samples,
    shared::{self, ORGANISATIONS, next_number},
};

const COLUMNS: &[Column] = &[
    Column::number("number", "问题编号", "x.number"),
    Column::title("text", "问题表现", "x.text"),
    Column::choice("category", "问题类别", "x.category", Aspect::CHOICES),
    Column::reference("district", "区", "x.district_id", "d.name", ORGANISATIONS),
    Column::reference("check", "专项检查", "x.check_id", "k.title", checks::NOUN).hidden(),
    Column::choice("state", "整改状态", "x.state", State::CHOICES),
    Column::clock("due", "整改期限", "x.due_on", "x.closed_on is not null"),
    Column::date("found_on", "发现日期", "x.found_on").hidden(),
    Column::date("submitted_on", "提交日期", "x.submitted_on").hidden(),
    Column::date("closed_on", "销号日期", "x.closed_on").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "检查问题",
        table: "district_check_problem",
        group: Group::District,
        listed: true,
        icon: "list-check",
        secrecy: Secrecy::Internal,
        about: "专项检查发现的区级巡察工作问题，由区委巡察办整改、市委巡察办审核销号。",
        list: Table {
            from: "district_check_problem x join district_check k on k.id = x.check_id \
                   join organisation d on d.id = x.district_id",
            alias: "x",
            title: "x.text",
            number: Some("x.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: DistrictCheckProblem::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("登记检查问题", create_fields, |cx, _, form| Box::pin(create(cx, form))),
            Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("start", "填报整改措施", measure_fields, |cx, id, form| {
                Box::pin(start(cx, id, form))
            })
            .primary()
            .next("填报后进入整改，完成时提交整改结果。"),
            Offer::on("submit", "提交整改结果", result_fields, |cx, id, form| {
                Box::pin(submit(cx, id, form))
            })
            .primary()
            .next("提交市委巡察办审核销号。"),
            Offer::on("return", "退回", opinion_fields, |cx, id, form| Box::pin(send_back(cx, id, form)))
                .next("退回区委巡察办继续整改。"),
            Offer::on("close", "销号", opinion_fields, |cx, id, form| Box::pin(close(cx, id, form)))
                .primary()
                .next("审核通过后销号；提交人不能审核自己提交的结果。"),
            kit::files::attach_deed(),
        ],
        creates: may_keep,
        waiting: vec![
            Waiting {
                label: "待整改的检查问题",
                condition: |actor, _| {
                    let open = [State::Found, State::Rectifying, State::Returned];
                    own(actor).and(Pred::Present("fed_back_on")).and(Pred::one_of("state", open))
                },
                due: Some("due"),
            },
            Waiting {
                label: "待审核的检查问题",
                condition: |actor, _| {
                    if may_keep(actor) { Pred::is("state", State::Submitted) } else { Pred::Nothing }
                },
                due: Some("due"),
            },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "检查问题",
            transitions: lifecycle::transitions::<DistrictCheckProblem>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn create_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut all = vec![Field::pick("check", "专项检查", checks::NOUN).required()];
        all.extend(fields(cx, None).await?);
        Ok(all)
    })
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, DistrictCheckProblemId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        let number = match held {
            Some(held) => held.number.clone(),
            None => next_number(cx, "district_check_problem", "QW").await?,
        };
        Ok(vec![
            Field::line("number", "问题编号").max(40).required().value(number),
            Field::choice::<Aspect>("category", "问题类别").required().chosen(held.map(|x| x.category)),
            Field::text("text", "问题表现").max(2_000).required().maybe(held.map(|x| &x.text)),
            Field::date("found_on", "发现日期").required().maybe(held.map(|x| x.found_on)),
            Field::date("due_on", "整改期限").required().maybe(held.map(|x| x.due_on)),
        ])
    })
}

fn measure_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("measure", "整改措施").max(2_000).required()]) })
}

fn result_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("result", "整改结果")
                .max(2_000)
                .required()
                .help("写明做了什么、成效如何，附佐证材料。"),
        ])
    })
}

fn opinion_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "审核意见").max(1_000).required()]) })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        number: form.text("number"),
        text: form.text("text"),
        category: form.need_choice("category")?,
        found_on: form.need_date("found_on")?,
        due_on: form.need_date("due_on")?,
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("check")?, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已登记检查问题。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DistrictCheckProblemId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn start(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DistrictCheckProblemId = target(id)?;
    actions::start(cx, id, form.text("measure")).await?;
    Ok(Outcome::new(NOUN, id, "已填报整改措施。"))
}

async fn submit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DistrictCheckProblemId = target(id)?;
    actions::submit(cx, id, form.text("result")).await?;
    Ok(Outcome::new(NOUN, id, "已提交审核。"))
}

async fn send_back(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DistrictCheckProblemId = target(id)?;
    actions::send_back(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已退回。"))
}

async fn close(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DistrictCheckProblemId = target(id)?;
    actions::close(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已销号。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let problem = store::find(cx, DistrictCheckProblemId(id)).await?;
    let deeds = problem.open_deeds(&cx.actor);
    let check = checks::find(cx, problem.check_id).await?;
    let due = kit::alarms(cx).await?.clock(Some(problem.due_on), problem.closed_on.is_some());
    let mut view = RecordView::new(problem.text, problem.version)
        .fact("check", "专项检查", Shown::link(checks::NOUN, Some(check.id.0), check.title))
        .fact("district", "区", shared::organisation(cx, Some(problem.district_id)).await?)
        .fact("category", "问题类别", Shown::choice(problem.category.choice()))
        .fact("found_on", "发现日期", Shown::Date(problem.found_on))
        .fact("fed_back_on", "反馈日期", Shown::date(problem.fed_back_on))
        .fact("due", "整改期限", due.clone())
        .fact("measure", "整改措施", Shown::long(problem.measure))
        .fact("result", "整改结果", Shown::long(problem.result))
        .fact("submitted_on", "提交日期", Shown::date(problem.submitted_on))
        .fact("opinion", "审核意见", Shown::long(problem.opinion))
        .fact("closed_on", "销号日期", Shown::date(problem.closed_on));
    view.number = problem.number;
    view.state = Some(problem.state.choice());
    view.clock = Some(("整改期限", due));
    view.deeds = deeds;
    view.tabs.push(Tab::Files);
    Ok(view)
}
