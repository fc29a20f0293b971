//! How suspect projects appear: list, page, forms.

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
};
use registry::{
    organisations,
    transfers::{self, Disposal, Mode, ResultKind},
};
use uuid::Uuid;

use super::{
    NOUN, State, SuspectProject, SuspectProjectId,
    actions::{self, Entry},
    store,
};
use crate::handing::{self, Handing};
use planning::{samples, units};

const COLUMNS: &[Column] = &[
    Column::number("number", "项目编号", "s.number"),
    Column::title("name", "项目名称", "s.name"),
    Column::reference("inspection", "巡察", "s.inspection_id", "i.name", units::INSPECTIONS).hidden(),
    Column::reference("organisation", "被巡察单位", "s.organisation_id", "o.name", organisations::NOUN),
    Column::text("owner_name", "建设（采购）单位", "s.owner_name").hidden(),
    Column::money("amount", "合同金额（元）", "s.amount_fen"),
    Column::choice("state", "状态", "s.state", State::CHOICES),
    Column::date("found_on", "发现日期", "s.found_on").sortable().filled(),
    Column::date("transferred_on", "移交日期", "s.transferred_on").sortable(),
    Column::reference("recipient", "移交单位", "s.recipient_id", "r.name", organisations::NOUN),
    Column::choice("mode", "移交方式", "s.mode", Mode::CHOICES).hidden(),
    Column::choice("transfer_state", "办理状态", "tr.state", transfers::State::CHOICES),
    Column::choice("disposal", "处置方式", "tr.disposal", Disposal::CHOICES).hidden(),
    Column::choice("result", "办理结果", "tr.result", ResultKind::CHOICES).hidden(),
    Column::date("result_on", "结果日期", "tr.result_on").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "涉嫌违法违规项目",
        table: "suspect_project",
        group: Group::Transfer,
        listed: true,
        icon: "briefcase",
        secrecy: Secrecy::Sensitive,
        about: "专项巡察发现的涉嫌违法违规项目，按项目计数，经审批移交有关机关查处；对被巡察单位不可见。",
        list: Table {
            from: "suspect_project s left join inspection i on i.id = s.inspection_id \
                   left join organisation o on o.id = s.organisation_id \
                   left join organisation r on r.id = s.recipient_id \
                   left join transfer tr on tr.id = s.transfer_id",
            alias: "s",
            title: "s.name",
            number: Some("s.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: SuspectProject::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: |actor| actor.is_any(&[Role::OfficeDirector, Role::TeamHead, Role::TeamMember]),
        waiting: vec![
            Waiting { label: "涉嫌违法违规项目待审批", condition: to_approve, due: None },
            Waiting { label: "涉嫌违法违规项目待移交", condition: to_transfer, due: None },
            Waiting { label: "涉嫌违法违规项目退回修改", condition: to_complete, due: None },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "涉嫌违法违规项目",
            transitions: lifecycle::transitions::<SuspectProject>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::create("登记项目", create_fields, |cx, _, form| Box::pin(create(cx, form)))
            .next("提交领导小组审批；同一项目只登记一次。"),
        Offer::on("approve", "批准移交", no_fields, |cx, id, _| Box::pin(approve(cx, id)))
            .primary()
            .next("批准后由巡察办移交。登记人不能审批。"),
        Offer::on("transfer", "移交", transfer_fields, |cx, id, form| Box::pin(transfer(cx, id, form)))
            .primary()
            .next("移交单位收到通知，结果反馈期限开始计算。"),
        Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form)))
            .next("修改后重新提交领导小组审批。"),
        Offer::on("return", "退回修改", reason_fields, |cx, id, form| {
            Box::pin(return_for_more(cx, id, form))
        })
        .next("退回登记的巡察组补充修改。"),
        Offer::on("withdraw", "撤回", reason_fields, |cx, id, form| Box::pin(withdraw(cx, id, form)))
            .danger()
            .next("项目不再移交，记录保留。"),
        kit::files::attach_deed(),
    ]
}

fn to_approve(actor: &Actor, _: NaiveDate) -> Pred {
    if actor.is(Role::LeadingGroup) { Pred::is("state", State::Found) } else { Pred::Nothing }
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
        fields.extend(entry_fields(None));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, SuspectProjectId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&SuspectProject>) -> Vec<Field> {
    vec![
        Field::line("name", "项目名称").max(200).required().maybe(held.map(|p| &p.name)),
        Field::line("owner_name", "建设（采购）单位").max(120).maybe(held.map(|p| &p.owner_name)),
        Field::text("bidders", "投标人")
            .max(4_000)
            .maybe(held.map(|p| &p.bidders))
            .help("每行一个投标人，中标人写在第一行。"),
        Field::text("suspicion", "涉嫌问题")
            .required()
            .maybe(held.map(|p| &p.suspicion))
            .help("如围标串标、规避招标、转包挂靠，写明依据的法规。"),
        Field::text("evidence", "证据情况").maybe(held.map(|p| &p.evidence)).help("列明已掌握的材料和编号。"),
        Field::new("amount", "合同金额（元）", Kind::Money).maybe(held.and_then(|p| p.amount_fen)),
        Field::date("found_on", "发现日期").required().maybe(held.map(|p| p.found_on)),
    ]
}

fn transfer_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut fields = handing::fields(cx);
        fields.push(Field::flag("early", "边巡边移").help("巡察期间移交的勾选。"));
        Ok(fields)
    })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(2_000).required()]) })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        name: form.text("name"),
        owner_name: form.text("owner_name"),
        bidders: form.text("bidders"),
        suspicion: form.text("suspicion"),
        evidence: form.text("evidence"),
        amount: form.money("amount"),
        found_on: form.need_date("found_on")?,
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("unit")?, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已登记项目，等待领导小组审批。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: SuspectProjectId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改，等待领导小组审批。"))
}

async fn approve(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: SuspectProjectId = target(id)?;
    actions::approve(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已批准移交。"))
}

async fn return_for_more(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: SuspectProjectId = target(id)?;
    actions::return_for_more(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已退回修改。"))
}

async fn withdraw(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: SuspectProjectId = target(id)?;
    actions::withdraw(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已撤回。"))
}

async fn transfer(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: SuspectProjectId = target(id)?;
    actions::transfer(cx, id, Handing::of(form)?, form.flag("early")).await?;
    Ok(Outcome::new(NOUN, id, "已移交，等待签收。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let project = store::find(cx, SuspectProjectId(id)).await?;
    cx.record_read(NOUN, id).await;
    let names = units::names(cx, project.organisation_id, project.inspection_id).await?;
    let mut view = RecordView::new(&project.name, project.version)
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, Some(project.organisation_id.0), names.organisation),
        )
        .fact(
            "inspection",
            "巡察",
            Shown::link(units::INSPECTIONS, Some(project.inspection_id), names.inspection),
        )
        .fact("owner_name", "建设（采购）单位", Shown::text(&project.owner_name))
        .fact("amount", "合同金额（元）", project.amount_fen.map_or(Shown::Empty, Shown::Money))
        .fact("bidders", "投标人", Shown::long(&project.bidders))
        .fact("suspicion", "涉嫌问题", Shown::long(&project.suspicion))
        .fact("evidence", "证据情况", Shown::long(&project.evidence))
        .fact("found_on", "发现日期", Shown::Date(project.found_on))
        .fact("approved_on", "批准日期", Shown::date(project.approved_on))
        .fact("transferred_on", "移交日期", Shown::date(project.transferred_on));
    if project.transfer_id.is_some() {
        let condition = Pred::is("subject_id", id);
        view = view.related("transfers", "移交办理", transfers::NOUN, condition, None);
    }
    view.number.clone_from(&project.number);
    view.state = Some(project.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.deeds = project.open_deeds(&cx.actor);
    view.tabs.push(Tab::Files);
    Ok(view)
}
