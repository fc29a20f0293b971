//! How hand-overs of common problems appear: list, page, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, target},
};
use registry::transfers;
use uuid::Uuid;

use super::{
    Handover, HandoverId, NOUN, State,
    actions::{self, Entry},
    may_keep, store,
};
use crate::{
    common_problems::{self, actions::Item},
    handing::{self, ADOPTIONS, ANSWERED, RESULTS, STATES},
    samples,
    shared::{self, FIELD, ORGANISATIONS, PROBLEMS, next_number, settles},
};

const COLUMNS: &[Column] = &[
    Column::number("number", "移交编号", "h.number"),
    Column::title("title", "移交事项", "h.title"),
    Column::dict("field", "领域", "h.field", FIELD),
    Column::reference("recipient", "移交单位", "h.recipient_id", "o.name", ORGANISATIONS),
    Column::integer("items", "问题数", "(select count(*) from common_problem c where c.handover_id = h.id)"),
    Column::choice("state", "移交状态", "h.state", State::CHOICES),
    Column::date("handed_on", "移交日期", "h.handed_on"),
    Column::clock("due", "反馈期限", "tr.due_on", ANSWERED),
    Column::choice("transfer_state", "办理状态", "tr.state", STATES),
    Column::choice("adoption", "采纳情况", "tr.disposal", ADOPTIONS).hidden(),
    Column::choice("result", "办理结果", "tr.result", RESULTS).hidden(),
    Column::text("result_note", "成果运用情况", "tr.result_note").hidden(),
    Column::date("result_on", "反馈日期", "tr.result_on").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "共性问题移交",
        table: "handover",
        group: Group::Results,
        listed: true,
        icon: "arrows-transfer-down",
        secrecy: Secrecy::Internal,
        about: "把多个单位普遍存在的问题按领域归集，移交主管部门纳入日常监管，并跟踪反馈。",
        list: Table {
            from: "handover h join organisation o on o.id = h.recipient_id \
                   left join transfer tr on tr.id = h.transfer_id",
            alias: "h",
            title: "h.title",
            number: Some("h.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: Handover::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("起草移交清单", fields, |cx, _, form| Box::pin(create(cx, form))),
            Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("add_problems", "加入问题", problem_fields, |cx, id, form| {
                Box::pin(add_problems(cx, id, form))
            })
            .next("从已登记的问题中选择，或逐行填写；一个问题只能列入一份清单。"),
            Offer::on("approve", "审定", kit::service::no_fields, |cx, id, _| Box::pin(approve(cx, id)))
                .primary()
                .next("审定后清单不能再增减；起草人不能审定自己起草的清单。"),
            Offer::on("send_back", "退回修改", reason_fields, |cx, id, form| {
                Box::pin(send_back(cx, id, form))
            })
            .next("退回起草状态，由起草人修改后重新审定。"),
            Offer::on("hand_over", "移交", hand_over_fields, |cx, id, form| {
                Box::pin(hand_over(cx, id, form))
            })
            .primary()
            .next("移交给主管部门并开始计算反馈期限，对方从此能看到这份清单。"),
            Offer::on("discard", "作废", reason_fields, |cx, id, form| Box::pin(discard(cx, id, form)))
                .danger()
                .next("清单作废，其中的问题可以列入其他清单。"),
            kit::files::attach_deed(),
        ],
        creates: may_keep,
        waiting: vec![
            Waiting {
                label: "待审定的共性问题清单",
                condition: |actor, _| {
                    if settles(actor) { Pred::is("state", State::Drafted) } else { Pred::Nothing }
                },
                due: None,
            },
            Waiting {
                label: "待移交的共性问题清单",
                condition: |actor, _| {
                    if may_keep(actor) { Pred::is("state", State::Approved) } else { Pred::Nothing }
                },
                due: None,
            },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "共性问题移交",
            transitions: lifecycle::transitions::<Handover>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, HandoverId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        let number = match held {
            Some(held) => held.number.clone(),
            None => next_number(cx, "handover", "GX").await?,
        };
        Ok(vec![
            Field::line("number", "移交编号").max(40).required().value(number),
            Field::line("title", "移交事项").max(120).required().maybe(held.map(|h| &h.title)),
            Field::dict("field", "领域", FIELD).required().maybe(held.map(|h| &h.field)),
            Field::pick("recipient", "移交单位", ORGANISATIONS)
                .required()
                .maybe(held.map(|h| h.recipient_id))
                .help("对该领域负有监管责任的主管部门。"),
            Field::text("note", "移交要求")
                .max(2_000)
                .maybe(held.map(|h| &h.note))
                .help("如纳入日常监管、开展专项治理、定期反馈等。"),
        ])
    })
}

fn problem_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::new("problems", "已登记的问题", Kind::PickMany(PROBLEMS)),
            Field::new(
                "typed",
                "手工填写的问题",
                Kind::Rows(vec![
                    Field::text("text", "问题表现").max(1_000).required(),
                    Field::dict("field", "领域", FIELD).required(),
                ]),
            )
            .help("归并后的共性表述，不写单位名称和个人姓名。"),
        ])
    })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(1_000).required()]) })
}

fn hand_over_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    let today = cx.today();
    Box::pin(async move { Ok(vec![Field::date("handed_on", "移交日期").required().value(today)]) })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        number: form.text("number"),
        title: form.text("title"),
        field: form.text("field"),
        recipient: form.need_id("recipient")?,
        note: form.text("note"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已起草移交清单，请加入问题。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: HandoverId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn add_problems(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: HandoverId = target(id)?;
    let typed =
        form.rows("typed").iter().map(|row| Item::typed(row.text("text"), row.text("field"))).collect();
    let count = actions::add_problems(cx, id, form.ids("problems"), typed).await?;
    Ok(Outcome::new(NOUN, id, format!("已加入 {count} 个问题。")))
}

async fn approve(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: HandoverId = target(id)?;
    actions::approve(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已审定，可以移交。"))
}

async fn send_back(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: HandoverId = target(id)?;
    actions::send_back(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已退回修改。"))
}

async fn hand_over(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: HandoverId = target(id)?;
    actions::hand_over(cx, id, form.need_date("handed_on")?).await?;
    Ok(Outcome::new(NOUN, id, "已移交，开始计算反馈期限。"))
}

async fn discard(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: HandoverId = target(id)?;
    actions::discard(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已作废。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let handover = store::find(cx, HandoverId(id)).await?;
    let deeds = handover.open_deeds(&cx.actor);
    let course = handing::latest(cx, handover.id).await?;
    let count = common_problems::count(cx, handover.id).await?;
    let view = RecordView::new(&handover.title, handover.version)
        .fact("recipient", "移交单位", shared::organisation(cx, Some(handover.recipient_id)).await?)
        .fact("field", "领域", shared::dictionary(cx, FIELD, &handover.field).await?)
        .fact("items", "问题数", Shown::Integer(count))
        .fact("note", "移交要求", Shown::long(handover.note))
        .fact("approved_on", "审定日期", Shown::date(handover.approved_on))
        .fact("handed_on", "移交日期", Shown::date(handover.handed_on));
    let mut view = handing::describe(&*kit::alarms(cx).await?, view, course).related(
        "items",
        "问题清单",
        common_problems::NOUN,
        Pred::is("handover_id", id),
        None,
    );
    view.number = handover.number;
    view.state = Some(handover.state.choice());
    view.deeds = deeds;
    if handover.transfer_id.is_some() {
        view = view.related("transfers", "移交办理", transfers::NOUN, Pred::is("subject_id", id), None);
    }
    view.tabs.push(Tab::Files);
    Ok(view)
}
