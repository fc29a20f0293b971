//! How leads appear: a list that tells nothing sealed, a page whose reading is recorded, forms.

use chrono::NaiveDate;
use db::Conn;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
};
use registry::{
    organisations,
    transfers::{self, Disposal, Mode, ResultKind, TransferId},
};
use uuid::Uuid;

use super::{
    Deed, Lead, LeadId, NOUN, Risk, Secret, State, Timing,
    actions::{self, Entry},
    open, store,
};
use crate::{
    handing::{self, Handing},
    passports, problems,
};
use kit::dictionary::shown;
use planning::{samples, units};

const COLUMNS: &[Column] = &[
    Column::number("number", "线索编号", "l.number").opens(),
    Column::reference("inspection", "巡察", "l.inspection_id", "i.name", units::INSPECTIONS),
    Column::dict("discipline", "六项纪律", "l.discipline", "discipline_kind"),
    Column::choice("timing", "移交时机", "l.timing", Timing::CHOICES).hidden(),
    Column::choice("state", "状态", "l.state", State::CHOICES),
    Column::date("accepted_on", "受理日期", "l.accepted_on").sortable().filled(),
    Column::date("transferred_on", "移交日期", "l.transferred_on").sortable(),
    Column::reference("recipient", "移交单位", "l.recipient_id", "r.name", organisations::NOUN),
    Column::choice("mode", "移交方式", "l.mode", Mode::CHOICES).hidden(),
    Column::flag("audit_linked", "巡审联动", "l.audit_linked").hidden(),
    Column::choice("transfer_state", "办理状态", "tr.state", transfers::State::CHOICES),
    Column::choice("disposal", "处置方式", "tr.disposal", Disposal::CHOICES).hidden(),
    Column::choice("result", "办理结果", "tr.result", ResultKind::CHOICES).hidden(),
    Column::date("result_on", "结果日期", "tr.result_on").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "问题线索",
        table: "lead",
        group: Group::Transfer,
        listed: true,
        icon: "lock",
        secrecy: Secrecy::Sealed,
        about: "涉嫌违纪违法的问题线索，反映对象和内容加密保存，每次查看均有记录；对被巡察单位绝不可见。",
        list: Table {
            from: "lead l left join inspection i on i.id = l.inspection_id \
                   left join organisation r on r.id = l.recipient_id \
                   left join transfer tr on tr.id = l.transfer_id",
            alias: "l",
            title: "l.number",
            number: Some("l.number"),
            columns: COLUMNS,
            order: "-accepted_on",
        },
        visible: Lead::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: |actor| actor.is_any(&[Role::OfficeDirector, Role::TeamHead, Role::TeamMember]),
        waiting: vec![
            Waiting { label: "边巡边移线索待签批", condition: to_sign, due: None },
            Waiting { label: "边巡边移线索待审核", condition: to_check, due: None },
            Waiting { label: "问题线索待审批", condition: to_approve, due: None },
            Waiting { label: "问题线索待移交", condition: to_transfer, due: None },
            Waiting { label: "问题线索退回修改", condition: to_complete, due: None },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "问题线索",
            transitions: lifecycle::transitions::<Lead>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::create("登记线索", create_fields, |cx, _, form| Box::pin(create(cx, form)))
            .next("反映对象、职务和内容加密保存；编号随机生成，提交领导小组审批。边巡边移的先由组长签批、巡察办审核。"),
        Offer::on("sign", "组长签批", no_fields, |cx, id, _| Box::pin(sign(cx, id)))
            .primary()
            .next("送巡察办审核，再报领导小组批准。"),
        Offer::on("review", "巡察办审核", no_fields, |cx, id, _| Box::pin(review(cx, id)))
            .primary()
            .next("报领导小组批准。"),
        Offer::on("approve", "批准移交", no_fields, |cx, id, _| Box::pin(approve(cx, id)))
            .primary()
            .next("批准后由巡察办移交；边巡边移的一并批准。登记人不能审批。"),
        Offer::on("transfer", "移交", transfer_fields, |cx, id, form| Box::pin(transfer(cx, id, form)))
            .primary()
            .next("移交单位收到通知并可查看线索，处置和结果反馈期限开始计算。"),
        Offer::on("resend", "补充后重新移交", resend_fields, |cx, id, form| Box::pin(resend(cx, id, form)))
            .primary()
            .next("重新固化移交内容并签名，原凭证由新凭证代替；签收和办理期限重新计算。"),
        Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form)))
            .next("修改后重新提交领导小组审批。"),
        Offer::on("return", "退回修改", opinion_fields, |cx, id, form| {
            Box::pin(return_for_more(cx, id, form))
        })
        .next("线索退回登记的巡察组补充修改。"),
        Offer::on("withdraw", "撤回", reason_fields, |cx, id, form| Box::pin(withdraw(cx, id, form)))
            .danger()
            .next("线索不再移交，记录继续加密保存。"),
        kit::files::attach_deed(),
    ]
}

fn to_approve(actor: &Actor, _: NaiveDate) -> Pred {
    if !actor.is(Role::LeadingGroup) {
        return Pred::Nothing;
    }
    let later = Pred::is("state", State::Drafted).and(Pred::is("timing", Timing::AfterReport));
    Pred::any(vec![later, Pred::is("state", State::Reviewed)])
}

fn to_sign(actor: &Actor, _: NaiveDate) -> Pred {
    actor
        .own_inspections(Role::TeamHead)
        .and(Pred::is("state", State::Drafted))
        .and(Pred::is("timing", Timing::Early))
}

fn to_check(actor: &Actor, _: NaiveDate) -> Pred {
    if actor.is(Role::OfficeDirector) { Pred::is("state", State::Signed) } else { Pred::Nothing }
}

fn to_transfer(actor: &Actor, _: NaiveDate) -> Pred {
    if actor.is(Role::OfficeDirector) { Pred::is("state", State::Approved) } else { Pred::Nothing }
}

fn to_complete(actor: &Actor, _: NaiveDate) -> Pred {
    let own = [Role::TeamHead, Role::TeamMember].map(|role| actor.own_inspections(role));
    Pred::any(own.to_vec()).and(Pred::is("state", State::Returned))
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![Field::pick("unit", "被巡察对象", units::NOUN).required()];
        fields.extend(entry_fields(None, &Secret::default()));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let Some(id) = id else { return Ok(entry_fields(None, &Secret::default())) };
        let lead = store::find(cx, LeadId(id)).await?;
        let secret = lead.secret(cx)?;
        // Inside the transaction of the deed itself the deed's own entry says enough.
        if matches!(cx.conn(), Conn::Pool(_)) {
            cx.record_read(NOUN, id).await;
        }
        Ok(entry_fields(Some(&lead), &secret))
    })
}

fn flag(on: bool) -> &'static str {
    if on { "1" } else { "" }
}

fn entry_fields(held: Option<&Lead>, secret: &Secret) -> Vec<Field> {
    let sealed = "加密内容";
    vec![
        Field::line("person", "反映对象").max(60).required().value(&secret.person).group(sealed),
        Field::line("post", "职务职级").max(120).required().value(&secret.post).group(sealed),
        Field::text("content", "反映内容")
            .required()
            .value(&secret.content)
            .help("一人一事分别登记，写明时间、地点、情节和依据。")
            .group(sealed),
        Field::text("urgency", "紧急情形")
            .max(2_000)
            .value(&secret.urgency)
            .help("边巡边移时必填：如可能外逃、转移或毁灭证据、串供，以及是否可以让单位知情。")
            .group(sealed),
        Field::choice::<Risk>("risk", "主要风险")
            .chosen(held.and_then(|l| l.risk))
            .help("边巡边移时必选。"),
        Field::flag("unit_may_know", "可以让单位知情").value(flag(held.is_some_and(|l| l.unit_may_know))),
        Field::flag("sealed_envelope", "密封袋移交")
            .value(flag(held.is_some_and(|l| l.sealed_envelope)))
            .help("纸面材料装密封袋当面移交的勾选。"),
        Field::dict("discipline", "六项纪律", "discipline_kind").required().maybe(held.map(|l| &l.discipline)),
        Field::dict("category", "线索类别", "lead_category").maybe(held.map(|l| &l.category)),
        Field::dict("source", "线索来源", "lead_source").maybe(held.map(|l| &l.source)),
        Field::dict("route", "移交去向", "lead_route")
            .required()
            .maybe(held.map(|l| &l.route))
            .help("违纪违法和突出作风问题移交纪检监察机关；民主集中制和选人用人问题移交组织部门；其他移交有关单位。"),
        Field::choice::<Timing>("timing", "移交时机")
            .required()
            .chosen(held.map(|l| l.timing))
            .help("边巡边移、快移快查须经领导小组批准。"),
        Field::flag("audit_linked", "巡审联动发现")
            .value(if held.is_some_and(|l| l.audit_linked) { "1" } else { "" }),
        Field::date("accepted_on", "受理日期").required().maybe(held.map(|l| l.accepted_on)),
        Field::pick("problem", "关联问题", problems::NOUN)
            .maybe(held.and_then(|l| l.problem_id))
            .help("线索由某一问题引出的填写。"),
    ]
}

fn transfer_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move { Ok(handing::fields(cx)) })
}

fn resend_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let returned = match id {
            Some(id) => actions::returned(cx, LeadId(id)).await?,
            None => Vec::new(),
        };
        let named = |held: &transfers::Transfer| {
            (held.id.to_string(), format!("{}：{}", held.number, held.return_reason))
        };
        let options: Vec<(String, String)> = returned.iter().map(named).collect();
        let only = match options.as_slice() {
            [(id, _)] => id.clone(),
            _ => String::new(),
        };
        Ok(vec![
            Field::new("transfer", "被退回的移交", Kind::Options(options)).required().value(only),
            Field::date("sent_on", "重新移交日期").required().value(cx.today()),
            Field::text("supplement", "补充内容")
                .max(4_000)
                .help("写入新的移交凭证，加密保存；补充的文件请先添加到线索的材料中。"),
        ])
    })
}

fn opinion_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("opinion", "退回意见").max(2_000).required().help("加密保存，只在线索页面显示。"),
        ])
    })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![Field::text("reason", "撤回理由").max(2_000).required().help("加密保存，只在线索页面显示。")])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        secret: Secret {
            person: form.text("person"),
            post: form.text("post"),
            content: form.text("content"),
            urgency: form.text("urgency"),
        },
        discipline: form.text("discipline"),
        category: form.text("category"),
        source: form.text("source"),
        route: form.text("route"),
        timing: form.need_choice("timing")?,
        audit_linked: form.flag("audit_linked"),
        accepted_on: form.need_date("accepted_on")?,
        problem: form.id("problem"),
        risk: form.choice("risk"),
        unit_may_know: form.flag("unit_may_know"),
        sealed_envelope: form.flag("sealed_envelope"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("unit")?, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已登记线索，等待审批。"))
}

async fn sign(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: LeadId = target(id)?;
    actions::sign(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已签批，等待巡察办审核。"))
}

async fn review(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: LeadId = target(id)?;
    actions::review(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已审核，等待领导小组批准。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: LeadId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改，等待领导小组审批。"))
}

async fn approve(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: LeadId = target(id)?;
    actions::approve(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已批准移交。"))
}

async fn return_for_more(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: LeadId = target(id)?;
    actions::return_for_more(cx, id, &form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已退回修改。"))
}

async fn withdraw(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: LeadId = target(id)?;
    actions::withdraw(cx, id, &form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已撤回。"))
}

async fn transfer(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: LeadId = target(id)?;
    actions::transfer(cx, id, Handing::of(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已移交，等待签收。"))
}

async fn resend(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: LeadId = target(id)?;
    let transfer = TransferId(form.text("transfer").parse().unwrap_or_default());
    actions::resend(cx, id, transfer, form.need_date("sent_on")?, &form.text("supplement")).await?;
    Ok(Outcome::new(NOUN, id, "已重新移交，等待签收和核对确认。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let lead = store::find(cx, LeadId(id)).await?;
    cx.record_read(NOUN, id).await;
    let secret = lead.secret(cx)?;
    let names = units::names(cx, lead.organisation_id, lead.inspection_id).await?;
    let mut view = RecordView::new(&lead.number, lead.version)
        .fact("person", "反映对象", Shown::text(secret.person))
        .fact("post", "职务职级", Shown::text(secret.post))
        .fact("content", "反映内容", Shown::long(secret.content))
        .fact("urgency", "紧急情形", Shown::long(secret.urgency))
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, Some(lead.organisation_id.0), names.organisation),
        )
        .fact(
            "inspection",
            "巡察",
            Shown::link(units::INSPECTIONS, Some(lead.inspection_id), names.inspection),
        )
        .fact("discipline", "六项纪律", shown(cx, "discipline_kind", &lead.discipline).await?)
        .fact("category", "线索类别", shown(cx, "lead_category", &lead.category).await?)
        .fact("source", "线索来源", shown(cx, "lead_source", &lead.source).await?)
        .fact("route", "移交去向", shown(cx, "lead_route", &lead.route).await?)
        .fact("timing", "移交时机", Shown::choice(lead.timing.choice()))
        .fact("risk", "主要风险", lead.risk.map_or(Shown::Empty, |risk| Shown::choice(risk.choice())))
        .fact("unit_may_know", "可以让单位知情", Shown::Flag(lead.unit_may_know))
        .fact("sealed_envelope", "密封袋移交", Shown::Flag(lead.sealed_envelope))
        .fact("audit_linked", "巡审联动发现", Shown::Flag(lead.audit_linked))
        .fact("accepted_on", "受理日期", Shown::Date(lead.accepted_on))
        .fact("approved_on", "批准日期", Shown::date(lead.approved_on))
        .fact("transferred_on", "移交日期", Shown::date(lead.transferred_on))
        .fact("opinion", "退回或撤回理由", Shown::long(open(cx, lead.id, "opinion", &lead.opinion_sealed)?));
    if lead.transfer_id.is_some() {
        let condition = Pred::is("subject_id", id);
        view = view.related("transfers", "移交办理", transfers::NOUN, condition, None).related(
            "passports",
            "移交凭证",
            passports::NOUN,
            Pred::is("lead_id", id),
            None,
        );
    }
    if let Some(problem) = lead.problem_id {
        view = view.related("problem", "关联问题", problems::NOUN, Pred::is("id", problem), None);
    }
    view.number.clone_from(&lead.number);
    view.state = Some(lead.state.choice());
    view.secrecy = Secrecy::Sealed;
    view.deeds = lead.open_deeds(&cx.actor);
    if view.deeds.contains(&Deed::Resend.code()) && actions::returned(cx, lead.id).await?.is_empty() {
        view.deeds.retain(|deed| *deed != Deed::Resend.code());
    }
    view.tabs.push(Tab::Files);
    Ok(view)
}
