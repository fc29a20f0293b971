//! How fact sheets appear to the team and to the organisation.

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Told, Waiting, Work, no_fields, target},
    web::Query,
};
use planning::{samples, units};
use registry::organisations;
use uuid::Uuid;

use super::{
    Deed, FactSheet, FactSheetId, NOUN, State,
    actions::{self, Answer, Entry},
    store,
};
use crate::{
    draft_sources,
    drafts::{self, DraftId},
    inspects,
};

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "f.number"),
    Column::title("title", "事项", "f.title"),
    Column::reference("organisation", "被巡察单位", "f.organisation_id", "o.name", organisations::NOUN)
        .indexed_by(&["number"]),
    Column::reference("inspection", "巡察", "f.inspection_id", "i.name", units::INSPECTIONS)
        .indexed_by(&["number"])
        .hidden(),
    Column::choice("state", "状态", "f.state", State::CHOICES).indexed_by(&["number"]),
    Column::date("sent_on", "送达日期", "f.sent_on").sortable(),
    Column::clock("due_on", "答复期限", "f.due_on", "f.state <> 'sent'").sortable(),
    Column::date("answered_on", "答复日期", "f.answered_on"),
    Column::text("answered_by", "答复人", "f.answered_by").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "事实确认单",
        table: "fact_sheet",
        group: Group::Fieldwork,
        listed: true,
        icon: "file-check",
        secrecy: Secrecy::Internal,
        about: "把查到的事实送被巡察单位核对：单位确认或提出异议并说明，巡察组处理异议后写入底稿。",
        list: Table {
            from: "fact_sheet f left join organisation o on o.id = f.organisation_id \
                   left join inspection i on i.id = f.inspection_id",
            alias: "f",
            title: "f.title",
            number: Some("f.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: FactSheet::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: |actor| actor.is_any(&[Role::TeamHead, Role::TeamMember]),
        waiting: vec![
            Waiting { label: "事实确认单待答复", condition: to_answer, due: Some("due_on") },
            Waiting {
                label: "单位有异议、待处理的事实确认单", condition: to_settle, due: None
            },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "事实确认单",
            transitions: lifecycle::transitions::<FactSheet>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::create("编写事实确认单", create_fields, |cx, _, form| Box::pin(create(cx, form)))
            .filled(|cx, query| Box::pin(fill(cx, query)))
            .next("送单位确认以前，单位看不到。"),
        Offer::on("send", "送单位确认", no_fields, |cx, id, _| Box::pin(send(cx, id)))
            .primary()
            .next("单位联络员会收到通知，只能看到这份确认单；答复期限开始计算。"),
        Offer::on("agree", "确认无异议", agree_fields, |cx, id, form| Box::pin(agree(cx, id, form)))
            .primary()
            .next("答复送巡察组；答复后不能再改。"),
        Offer::on("object", "提出异议", object_fields, |cx, id, form| Box::pin(object(cx, id, form)))
            .next("异议和依据送巡察组核实处理，处理情况会在这里告知。"),
        Offer::on("settle", "处理异议", settle_fields, |cx, id, form| Box::pin(settle(cx, id, form)))
            .primary()
            .next("单位可以看到处理情况；事实有变化的，请相应修改底稿。"),
        Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        Offer::on("withdraw", "撤回", reason_fields, |cx, id, form| Box::pin(withdraw(cx, id, form)))
            .danger()
            .next("不再需要单位答复；编号保留。"),
    ]
}

fn to_answer(actor: &Actor, _: NaiveDate) -> Pred {
    actor.own_organisations(Role::OrganisationLiaison, "organisation_id").and(Pred::is("state", State::Sent))
}

fn to_settle(actor: &Actor, _: NaiveDate) -> Pred {
    let own = [Role::TeamHead, Role::TeamMember].map(|role| actor.own_inspections(role));
    Pred::any(own.to_vec()).and(Pred::is("state", State::Objected))
}

/// What a sheet takes over from the draft it is made from.
async fn fill(cx: &Cx, query: &Query) -> Result<Vec<(&'static str, String)>> {
    let Some(id) = query.get("draft").and_then(|text| Uuid::parse_str(text).ok()) else {
        return Ok(Vec::new());
    };
    let draft = drafts::find(cx, DraftId(id)).await?;
    Ok(vec![("unit", draft.unit_id.to_string()), ("title", draft.title), ("text", draft.facts)])
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![
            Field::pick("unit", "被巡察对象", units::NOUN).required(),
            Field::pick("draft", "底稿", drafts::NOUN).help("由底稿编写的填写；单位看不到底稿。"),
        ];
        fields.extend(entry_fields(None));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, FactSheetId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&FactSheet>) -> Vec<Field> {
    vec![
        Field::line("title", "事项").max(200).required().maybe(held.map(|f| &f.title)),
        Field::text("text", "需要确认的事实")
            .required()
            .maybe(held.map(|f| &f.text))
            .help("只写时间、地点、经过、数字等事实，不写来源、定性和人员评价。"),
    ]
}

fn answer_fields(cx: &Cx, explanation: Field) -> Vec<Field> {
    vec![
        Field::line("answered_by", "答复人").max(120).required().value(&cx.actor.name).help("姓名和职务。"),
        Field::date("answered_on", "答复日期").required().value(cx.today()),
        explanation,
        Field::new("files", "签字扫描件和附件", Kind::Files)
            .help("巡察组代为登记书面答复的，须上传签字扫描件。"),
    ]
}

fn agree_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move { Ok(answer_fields(cx, Field::text("explanation", "补充说明").max(4_000))) })
}

fn object_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let explanation = Field::text("explanation", "异议和依据")
            .max(4_000)
            .required()
            .help("写明哪一处与事实不符、实际情况和依据。");
        Ok(answer_fields(cx, explanation))
    })
}

fn settle_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("conclusion", "处理情况")
                .max(4_000)
                .required()
                .help("写明核实经过，采纳的部分和不采纳的理由；单位可以看到。"),
        ])
    })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(1_000).required()]) })
}

fn entry(form: &Form) -> Entry {
    Entry { title: form.text("title"), text: form.text("text") }
}

fn answer(form: &Form) -> Result<Answer> {
    Ok(Answer {
        on: form.need_date("answered_on")?,
        by: form.text("answered_by"),
        explanation: form.text("explanation"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("unit")?, form.id("draft"), entry(form)).await?;
    Ok(Outcome::new(NOUN, id, "已保存事实确认单。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: FactSheetId = target(id)?;
    actions::edit(cx, id, entry(form)).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn send(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: FactSheetId = target(id)?;
    actions::send(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已送单位确认。"))
}

async fn agree(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: FactSheetId = target(id)?;
    actions::agree(cx, id, answer(form)?, form).await?;
    Ok(Outcome::new(NOUN, id, "已确认无异议。"))
}

async fn object(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: FactSheetId = target(id)?;
    actions::object(cx, id, answer(form)?, form).await?;
    Ok(Outcome::new(NOUN, id, "已提出异议，等待巡察组处理。"))
}

async fn settle(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: FactSheetId = target(id)?;
    actions::settle(cx, id, form.text("conclusion")).await?;
    Ok(Outcome::new(NOUN, id, "已登记异议处理情况。"))
}

async fn withdraw(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: FactSheetId = target(id)?;
    actions::withdraw(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已撤回。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let sheet = store::find(cx, FactSheetId(id)).await?;
    let names = units::names(cx, sheet.organisation_id, sheet.inspection_id).await?;
    let mut view = RecordView::new(&sheet.title, sheet.version)
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, Some(sheet.organisation_id.0), names.organisation),
        )
        .fact(
            "inspection",
            "巡察",
            Shown::link(units::INSPECTIONS, Some(sheet.inspection_id), names.inspection),
        )
        .fact("text", "需要确认的事实", Shown::long(&sheet.text))
        .fact("prepared_name", "编写人", Shown::text(&sheet.prepared_name))
        .fact("sent_on", "送达日期", Shown::date(sheet.sent_on))
        .fact("due_basis", "期限依据", Shown::text(&sheet.due_basis))
        .fact("answered_by", "答复人", Shown::text(&sheet.answered_by))
        .fact("answered_on", "答复日期", Shown::date(sheet.answered_on));
    if sheet.answered_on.is_some() {
        view = view.fact("on_paper", "书面答复", Shown::Flag(sheet.on_paper));
    }
    view = view.fact("explanation", "单位说明", Shown::long(&sheet.explanation)).fact(
        "conclusion",
        "异议处理情况",
        Shown::long(&sheet.conclusion),
    );
    view.number.clone_from(&sheet.number);
    view.state = Some(sheet.state.choice());
    view.deeds = sheet.open_deeds(&cx.actor);
    if !inspects(&cx.actor, sheet.inspection_id) {
        view.told = Told::Since(Deed::Send.code());
    }
    if sheet.sent_on.is_some() {
        let answered = sheet.state != State::Sent;
        view.clock = Some(("答复期限", kit::alarms(cx).await?.clock(sheet.due_on, answered)));
    }
    view.tabs.push(Tab::Files);
    let new = draft_sources::start(NOUN, id);
    Ok(view.related("drafts", "据此编写的底稿", draft_sources::NOUN, Pred::is("source_id", id), new))
}
