//! How briefing requests appear: list, page with the letter as it was sent, forms.

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, keep_files, no_fields, target},
    shown::escaped,
};
use planning::{samples, units};
use registry::organisations;
use uuid::Uuid;

use super::{Briefing, BriefingId, NOUN, State, actions, store};
use crate::{
    briefing_items,
    briefing_letters::{Blanks, filled},
    shared,
};

const COLUMNS: &[Column] = &[
    Column::number("number", "通报编号", "b.number").opens(),
    Column::reference("department", "商请部门", "b.department_id", "d.name", organisations::NOUN),
    Column::reference("organisation", "被巡察单位", "b.organisation_id", "o.name", organisations::NOUN)
        .indexed_by(&["number"]),
    Column::reference("inspection", "巡察", "b.inspection_id", "i.name", units::INSPECTIONS).hidden(),
    Column::choice("state", "状态", "b.state", State::CHOICES).indexed_by(&["due_on"]),
    Column::date("sent_on", "发函日期", "b.sent_on").sortable().filled(),
    Column::clock("due_on", "回复期限", "b.due_on", "b.state not in ('asked', 'returned')")
        .sortable()
        .filled(),
    Column::date("submitted_on", "回复日期", "b.submitted_on"),
    Column::integer(
        "items",
        "事项数",
        "(select count(*) from briefing_item bi where bi.briefing_id = b.id and bi.handed_on is not null)",
    ),
    Column::date("received_on", "签收日期", "b.received_on").hidden(),
    Column::integer("urges", "催办次数", "b.urges").hidden(),
    Column::date("concluded_on", "反馈日期", "b.concluded_on").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "巡前通报",
        table: "briefing",
        group: Group::Prepare,
        listed: true,
        icon: "message-report",
        secrecy: Secrecy::Sensitive,
        about: "进驻前商请各部门通报被巡察单位的情况：一个部门对一家单位一件，逐项回复、签收、反馈运用情况；被巡察单位不可见。",
        list: Table {
            from: "briefing b left join organisation d on d.id = b.department_id \
                   left join organisation o on o.id = b.organisation_id \
                   left join inspection i on i.id = b.inspection_id",
            alias: "b",
            title: "b.number",
            number: Some("b.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: Briefing::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: |_| false,
        waiting: vec![
            Waiting { label: "待回复的巡前通报", condition: owed, due: Some("due_on") },
            Waiting { label: "待签收的通报回复", condition: to_receive, due: None },
            Waiting { label: "待反馈运用情况的通报", condition: to_conclude, due: None },
            Waiting { label: "逾期未回复的巡前通报", condition: late, due: Some("due_on") },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "巡前通报",
            transitions: lifecycle::transitions::<Briefing>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::on("add_items", "填报事项", item_fields, |cx, id, form| Box::pin(add_items(cx, id, form)))
            .next("填报的事项在提交前只有本部门可见，可以修改或删去；也可以用表格导入。"),
        Offer::on("submit", "提交回复", submit_fields, |cx, id, form| Box::pin(submit(cx, id, form)))
            .primary()
            .next("提交后巡察组可以查看并签收；签收前发现遗漏的，可以由巡察组退回补充。"),
        Offer::on("receive", "签收", receive_fields, |cx, id, form| Box::pin(receive(cx, id, form)))
            .primary()
            .next("签收后逐项核查，并记录每一项的运用情况。"),
        Offer::on("conclude", "反馈运用情况", no_fields, |cx, id, _| Box::pin(conclude(cx, id)))
            .primary()
            .next("部门可以看到每一项的运用结果类别，看不到核查说明、底稿和线索。反馈后不能再改。"),
        Offer::on("return_for_more", "退回补充", reason_fields, |cx, id, form| {
            Box::pin(return_for_more(cx, id, form))
        })
        .next("退回部门补充，回复期限重新计算，部门会收到通知。"),
        Offer::on("urge", "催办", note_fields, |cx, id, form| Box::pin(urge(cx, id, form)))
            .bulk()
            .next("部门会收到催办通知，催办次数和日期留在记录中。"),
        Offer::on("withdraw", "撤回", reason_fields, |cx, id, form| Box::pin(withdraw(cx, id, form)))
            .danger()
            .next("请求不再需要回复，部门会收到通知；以后可以重新发出。"),
    ]
}

fn owed(actor: &Actor, _: NaiveDate) -> Pred {
    shared::own_bodies(actor, "department_id").and(Pred::one_of("state", State::OWED))
}

fn to_receive(actor: &Actor, _: NaiveDate) -> Pred {
    shared::own_team(actor).and(Pred::is("state", State::Submitted))
}

fn to_conclude(actor: &Actor, _: NaiveDate) -> Pred {
    shared::own_team(actor).and(Pred::is("state", State::Received))
}

fn late(actor: &Actor, today: NaiveDate) -> Pred {
    if actor.is_office() {
        shared::overdue(today).and(Pred::one_of("state", State::OWED))
    } else {
        Pred::Nothing
    }
}

fn item_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::new("items", "通报事项", Kind::Rows(briefing_items::entry_fields(None))).required().help(
                "一事一行。涉及人员和线索的请选“密封”，内容加密保存，只有巡察组和巡察办在事项页面上能看到。",
            ),
        ])
    })
}

fn submit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, BriefingId(id)).await?),
            None => None,
        };
        Ok(vec![
            Field::text("statement", "回复说明")
                .max(4_000)
                .maybe(held.as_ref().map(|request| &request.statement))
                .help("没有需要通报的事项时必填，如“经查无有关情况”。不写举报人信息。"),
            Field::new("files", "复函和附件", Kind::Files),
        ])
    })
}

fn receive_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::date("received_on", "签收日期").required().value(cx.today()),
            Field::line("received_by", "签收人").max(40).required().value(&cx.actor.name),
        ])
    })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(2_000).required()]) })
}

fn note_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("note", "催办要求").max(1_000).required()]) })
}

async fn add_items(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: BriefingId = target(id)?;
    let entries = form.rows("items").iter().map(briefing_items::entry).collect::<Result<_>>()?;
    let count = actions::add_items(cx, id, entries).await?;
    Ok(Outcome::new(NOUN, id, format!("已填报 {count} 项，提交回复后巡察组才能看到。")))
}

async fn submit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: BriefingId = target(id)?;
    actions::submit(cx, id, form.text("statement")).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已提交回复，等待巡察组签收。"))
}

async fn receive(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: BriefingId = target(id)?;
    actions::receive(cx, id, form.need_date("received_on")?, form.text("received_by")).await?;
    Ok(Outcome::new(NOUN, id, "已签收，请逐项核查并记录运用情况。"))
}

async fn conclude(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: BriefingId = target(id)?;
    actions::conclude(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已向部门反馈运用情况。"))
}

async fn return_for_more(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: BriefingId = target(id)?;
    actions::return_for_more(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已退回部门补充。"))
}

async fn urge(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: BriefingId = target(id)?;
    actions::urge(cx, id, form.text("note")).await?;
    Ok(Outcome::new(NOUN, id, "已发出催办。"))
}

async fn withdraw(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: BriefingId = target(id)?;
    actions::withdraw(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已撤回请求。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let request = store::find(cx, BriefingId(id)).await?;
    let department = organisations::find(cx, request.department_id).await?.name;
    let organisation = organisations::find(cx, request.organisation_id).await?.name;
    let alarms = kit::alarms(cx).await?;
    let link =
        |id: organisations::OrganisationId, name: &str| Shown::link(organisations::NOUN, Some(id.0), name);
    let mut view = RecordView::new(format!("{department}：{organisation}"), request.version)
        .fact("department", "商请部门", link(request.department_id, &department))
        .fact("organisation", "被巡察单位", link(request.organisation_id, &organisation))
        .fact("inspection", "巡察", shared::inspection_link(cx, request.inspection_id).await?)
        .fact("sent_on", "发函日期", Shown::Date(request.sent_on))
        .fact("due_basis", "期限依据", Shown::text(&request.due_basis))
        .fact("submitted_on", "回复日期", Shown::date(request.submitted_on))
        .fact("received_on", "签收日期", Shown::date(request.received_on))
        .fact("received_by", "签收人", Shown::text(&request.received_by))
        .fact("concluded_on", "反馈运用日期", Shown::date(request.concluded_on))
        .fact("urges", "催办次数", Shown::Integer(request.urges))
        .fact("return_reason", "退回原因", Shown::long(&request.return_reason))
        .fact("statement", "回复说明", statement(cx, &request));
    view.state = Some(request.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.clock = Some(("回复期限", alarms.clock(Some(request.due_on), request.answered())));
    view.deeds = request.open_deeds(&cx.actor);
    if request.state == State::Withdrawn {
        view.clock = None;
    }
    view = view.related("items", "通报事项", briefing_items::NOUN, Pred::is("briefing_id", id), None);
    if let Some((title, text, round)) = store::letter(cx, request.letter_id).await? {
        let due = request.due_on.format("%Y年%-m月%-d日").to_string();
        let blanks =
            Blanks { department: &department, organisation: &organisation, round: &round, due: &due };
        view.tabs.push(Tab::Html {
            key: "letter",
            label: "商请函",
            html: letter_html(&title, &text, &blanks),
        });
    }
    view.number = request.number;
    view.tabs.push(Tab::Files);
    Ok(view)
}

/// What the department says beside the items, once it was handed in; before that only to itself.
fn statement(cx: &Cx, request: &Briefing) -> Shown {
    if request.submitted_on.is_some() || shared::speaks_for(&cx.actor, request.department_id) {
        Shown::long(&request.statement)
    } else {
        Shown::Empty
    }
}

fn letter_html(title: &str, text: &str, blanks: &Blanks<'_>) -> String {
    let mut html =
        format!("<article class=\"document panel-body\"><h2>{}</h2>", escaped(&filled(title, blanks)));
    for line in filled(text, blanks).lines().filter(|line| !line.trim().is_empty()) {
        html.push_str("<p>");
        html.push_str(&escaped(line.trim()));
        html.push_str("</p>");
    }
    html.push_str("</article>");
    html
}
