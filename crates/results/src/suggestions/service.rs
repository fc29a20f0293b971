//! How suggestions appear: list, page, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Refusal, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx, lifecycle,
    service::{Group, Told, Waiting, Work, target},
};
use registry::transfers;
use uuid::Uuid;

use super::{
    Deed, NOUN, Origin, State, Suggestion, SuggestionId,
    actions::{self, Entry},
    may_keep, store,
};
use crate::{
    handing::{self, ADOPTIONS, ANSWERED, RESULTS, STATES},
    samples,
    shared::{self, FIELD, INSPECTIONS, ORGANISATIONS, next_number, settles},
    special_reports,
};

const COLUMNS: &[Column] = &[
    Column::number("number", "建议书编号", "s.number"),
    Column::title("text", "建议内容", "s.text"),
    Column::dict("field", "领域", "s.field", FIELD),
    Column::reference("addressee", "建议承办单位", "s.addressee_id", "a.name", ORGANISATIONS),
    Column::choice("state", "建议状态", "s.state", State::CHOICES),
    Column::date("issued_on", "发出日期", "s.issued_on").sortable(),
    Column::clock("due", "反馈期限", "tr.due_on", ANSWERED),
    Column::choice("transfer_state", "办理状态", "tr.state", STATES),
    Column::choice("adoption", "采纳情况", "tr.disposal", ADOPTIONS).hidden(),
    Column::choice("result", "办理结果", "tr.result", RESULTS).hidden(),
    Column::text("result_note", "成果运用情况", "tr.result_note").hidden(),
    Column::date("result_on", "反馈日期", "tr.result_on").hidden(),
    Column::date("verified_on", "验证日期", "s.verified_on").hidden(),
    Column::reference("inspection", "来源巡察", "s.inspection_id", "i.name", INSPECTIONS).hidden(),
    Column::reference("organisation", "被巡察单位", "s.organisation_id", "o.name", ORGANISATIONS).hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "巡察建议",
        table: "suggestion",
        group: Group::Results,
        listed: true,
        icon: "bulb",
        secrecy: Secrecy::Internal,
        about: "针对体制机制和行业治理问题向有关单位提出的建议，从起草、审定、发出到反馈、验证全程跟踪。",
        list: Table {
            from: "suggestion s join organisation a on a.id = s.addressee_id \
                   left join transfer tr on tr.id = s.transfer_id \
                   left join inspection i on i.id = s.inspection_id \
                   left join organisation o on o.id = s.organisation_id",
            alias: "s",
            title: "s.text",
            number: Some("s.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: Suggestion::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("起草巡察建议", fields, |cx, _, form| Box::pin(create(cx, form))),
            Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("approve", "审定", kit::service::no_fields, |cx, id, _| Box::pin(approve(cx, id)))
                .primary()
                .bulk()
                .next("审定后由巡察办发出；起草人不能审定自己起草的建议。"),
            Offer::on("send_back", "退回修改", reason_fields, |cx, id, form| {
                Box::pin(send_back(cx, id, form))
            })
            .next("退回起草状态，由起草人修改后重新审定。"),
            Offer::on("issue", "发出", issue_fields, |cx, id, form| Box::pin(issue(cx, id, form)))
                .primary()
                .next("移交给建议承办单位并开始计算反馈期限，对方从此能看到这条建议。"),
            Offer::on("verify", "验证", verify_fields, |cx, id, form| Box::pin(verify(cx, id, form)))
                .primary()
                .next("承办单位反馈结果后，由巡察办核实落实情况。"),
            Offer::on("discard", "作废", reason_fields, |cx, id, form| Box::pin(discard(cx, id, form)))
                .danger()
                .next("作废后不能恢复，编号不再使用。"),
            kit::files::attach_deed(),
        ],
        creates: may_keep,
        waiting: vec![
            Waiting {
                label: "待审定的巡察建议",
                condition: |actor, _| {
                    if settles(actor) { Pred::is("state", State::Drafted) } else { Pred::Nothing }
                },
                due: None,
            },
            Waiting {
                label: "待发出的巡察建议",
                condition: |actor, _| {
                    if may_keep(actor) { Pred::is("state", State::Approved) } else { Pred::Nothing }
                },
                due: None,
            },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "巡察建议",
            transitions: lifecycle::transitions::<Suggestion>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, SuggestionId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        let number = match held {
            Some(held) => held.number.clone(),
            None => next_number(cx, "suggestion", "JY").await?,
        };
        Ok(vec![
            Field::line("number", "建议书编号")
                .max(40)
                .required()
                .value(number)
                .help("按发文编号填写，不能重复。"),
            Field::pick("inspection", "来源巡察", INSPECTIONS)
                .maybe(held.and_then(|s| s.inspection_id))
                .help("来源巡察和来源专题报告填写一项。"),
            Field::pick("special_report", "来源专题报告", special_reports::NOUN)
                .maybe(held.and_then(|s| s.special_report_id)),
            Field::pick("organisation", "被巡察单位", ORGANISATIONS)
                .maybe(held.and_then(|s| s.organisation_id))
                .help("问题反映在哪个被巡察单位；涉及多个单位或整个领域时不填。"),
            Field::pick("addressee", "建议承办单位", ORGANISATIONS)
                .required()
                .maybe(held.map(|s| s.addressee_id))
                .help("对所提问题负有监管或主管责任的单位。"),
            Field::dict("field", "领域", FIELD).required().maybe(held.map(|s| &s.field)),
            Field::text("text", "建议内容")
                .max(2_000)
                .required()
                .maybe(held.map(|s| &s.text))
                .help("一条建议只写一件事，写清楚要完善什么、解决什么问题，做到可操作、可检查。"),
        ])
    })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(1_000).required()]) })
}

fn issue_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    let today = cx.today();
    Box::pin(async move { Ok(vec![Field::date("issued_on", "发出日期").required().value(today)]) })
}

fn verify_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    let today = cx.today();
    Box::pin(async move {
        Ok(vec![
            Field::date("verified_on", "验证日期").required().value(today),
            Field::text("verification", "验证情况")
                .max(2_000)
                .required()
                .help("写明如何核实（查阅制度文件、实地查看、数据比对）以及看到的成效。"),
        ])
    })
}

fn origin(form: &Form) -> Result<Origin> {
    match (form.id::<Uuid>("inspection"), form.id("special_report")) {
        (Some(inspection), None) => Ok(Origin::Inspection(inspection)),
        (None, Some(report)) => Ok(Origin::SpecialReport(report)),
        _ => Err(Refusal::field("inspection", "来源巡察和来源专题报告应填写其中一项").into()),
    }
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        number: form.text("number"),
        text: form.text("text"),
        field: form.text("field"),
        addressee: form.need_id("addressee")?,
        organisation: form.id("organisation"),
        origin: origin(form)?,
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已起草巡察建议，等待审定。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: SuggestionId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn approve(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: SuggestionId = target(id)?;
    actions::approve(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已审定，可以发出。"))
}

async fn send_back(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: SuggestionId = target(id)?;
    actions::send_back(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已退回修改。"))
}

async fn issue(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: SuggestionId = target(id)?;
    actions::issue(cx, id, form.need_date("issued_on")?).await?;
    Ok(Outcome::new(NOUN, id, "已发出，开始计算反馈期限。"))
}

async fn verify(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: SuggestionId = target(id)?;
    actions::verify(cx, id, form.need_date("verified_on")?, form.text("verification")).await?;
    Ok(Outcome::new(NOUN, id, "已验证。"))
}

async fn discard(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: SuggestionId = target(id)?;
    actions::discard(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已作废。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let suggestion = store::find(cx, SuggestionId(id)).await?;
    let team = suggestion.inspection_id.is_some_and(|inspection| cx.actor.in_team(inspection));
    let prepares =
        team || cx.actor.is_office() || cx.actor.is_any(&[Role::LeadingGroup, Role::CommitteeLeader]);
    let report_id = suggestion.special_report_id.map(|id| id.0);
    let report = shared::text_of(cx, "special_report", "title", report_id).await?;
    let course = handing::latest(cx, suggestion.id).await?;
    let mut deeds = suggestion.open_deeds(&cx.actor);
    if course.as_ref().is_none_or(|course| course.result_on.is_none()) {
        deeds.retain(|deed| *deed != Deed::Verify.code());
    }
    let mut view = RecordView::new(suggestion.title(), suggestion.version)
        .fact("text", "建议内容", Shown::long(suggestion.text))
        .fact("addressee", "建议承办单位", shared::organisation(cx, Some(suggestion.addressee_id)).await?)
        .fact("field", "领域", shared::dictionary(cx, FIELD, &suggestion.field).await?)
        .fact("inspection", "来源巡察", shared::inspection(cx, suggestion.inspection_id).await?)
        .fact(
            "special_report",
            "来源专题报告",
            shared::linked(cx, special_reports::NOUN, report_id, report).await?,
        )
        .fact("organisation", "被巡察单位", shared::organisation(cx, suggestion.organisation_id).await?)
        .fact("approved_on", "审定日期", Shown::date(suggestion.approved_on))
        .fact("issued_on", "发出日期", Shown::date(suggestion.issued_on));
    view = handing::describe(&*kit::alarms(cx).await?, view, course)
        .fact("verified_on", "验证日期", Shown::date(suggestion.verified_on))
        .fact("verification", "验证情况", Shown::long(suggestion.verification));
    view.number = suggestion.number;
    view.state = Some(suggestion.state.choice());
    view.deeds = deeds;
    if !prepares {
        view.told = Told::Since(Deed::Issue.code());
    }
    if suggestion.transfer_id.is_some() {
        view = view.related("transfers", "移交办理", transfers::NOUN, Pred::is("subject_id", id), None);
    }
    view.tabs.push(Tab::Files);
    Ok(view)
}
