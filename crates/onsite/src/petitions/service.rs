//! How petitions appear: a list without any of their content, a page whose reading is recorded, forms.

use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome as Ended,
    Pred, RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx, alarms,
    dictionary::shown,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, keep_files, target},
};
use planning::{samples, teams, units};
use preparation::cite::cited;
use registry::organisations;
use uuid::Uuid;

use super::{
    Content, Decision, NOUN, Outcome, PassTo, Petition, PetitionId, Signed, State,
    actions::{self, Entry, Passing},
    clocks, open, store,
};
use crate::{
    openings::{self, Part},
    rights,
};

const BY_NUMBER: &[&str] = &["number"];

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "x.number").opens(),
    Column::reference("organisation", "被巡察单位", "x.organisation_id", "g.name", organisations::NOUN)
        .indexed_by(BY_NUMBER),
    Column::reference("inspection", "巡察", "x.inspection_id", "i.name", units::INSPECTIONS)
        .hidden()
        .indexed_by(BY_NUMBER),
    Column::dict("channel", "渠道", "x.channel", "petition_channel").indexed_by(BY_NUMBER),
    Column::dict("category", "类别", "x.category", "petition_category").indexed_by(BY_NUMBER),
    Column::choice("signed", "署名情况", "x.signed", Signed::CHOICES).indexed_by(BY_NUMBER),
    Column::date("received_on", "收到日期", "x.received_on").sortable().filled(),
    Column::choice("state", "状态", "x.state", State::CHOICES).indexed_by(&["number", "due_on"]),
    Column::choice("decision", "处理意见", "x.decision", Decision::CHOICES).indexed_by(BY_NUMBER),
    Column::text("handler", "承办人", "x.handler").hidden(),
    Column::text("recipient", "接收单位", "x.recipient").hidden(),
    Column::choice("result", "办理结果", "x.result", Outcome::CHOICES).hidden().indexed_by(BY_NUMBER),
    Column::clock("due_on", "期限", "x.due_on", "(x.due_on is null)").sortable(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "来信来访",
        table: "petition",
        group: Group::Fieldwork,
        listed: true,
        icon: "mail",
        secrecy: Secrecy::Sealed,
        about: "来信、来电、来访、举报箱、网络和扫码等各渠道反映的情况，每件都要作出受理或转出的决定；内容加密保存，举报人身份另库封存。",
        list: Table {
            from: "petition x left join organisation g on g.id = x.organisation_id \
                   left join inspection i on i.id = x.inspection_id",
            alias: "x",
            title: "x.number",
            number: Some("x.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: Petition::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: rights::of_a_team,
        waiting: vec![
            Waiting { label: "信访待受理决定", condition: to_decide, due: Some("due_on") },
            Waiting { label: "信访待核实办结", condition: to_verify, due: Some("due_on") },
            Waiting { label: "转出信访待回执", condition: to_receipt, due: Some("due_on") },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "来信来访",
            transitions: lifecycle::transitions::<Petition>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::create("登记信访", create_fields, |cx, _, form| Box::pin(create(cx, form)))
            .next("反映对象和内容加密保存；由组长在期限内作出受理或转出的决定。实名的，请随后到“举报人身份库”单独登记身份。"),
        Offer::on("verify", "受理核实", verify_fields, |cx, id, form| Box::pin(verify(cx, id, form)))
            .primary()
            .next("承办人收到通知，核实期限开始计算。"),
        Offer::on("pass_on", "转出", pass_fields, |cx, id, form| Box::pin(pass_on(cx, id, form)))
            .next("不属于巡察受理范围的转有关单位办理，等待对方回执。"),
        Offer::on("merge", "并入已有", merge_fields, |cx, id, form| Box::pin(merge(cx, id, form)))
            .next("与已有信访一并核实，不再单独办理。"),
        Offer::on("edit", "修改登记", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        Offer::on("refuse", "不予受理", reason_fields, |cx, id, form| Box::pin(refuse(cx, id, form)))
            .next("理由加密保存，只在本页显示。"),
        Offer::on("file", "存档备查", reason_fields, |cx, id, form| Box::pin(file(cx, id, form)))
            .next("不再办理，登记继续保存。"),
        Offer::on("receipt", "登记回执", receipt_fields, |cx, id, form| Box::pin(receipt(cx, id, form)))
            .primary()
            .next("对方签收后，办理结果期限开始计算。"),
        Offer::on("close", "办结", close_fields, |cx, id, form| Box::pin(close(cx, id, form)))
            .primary()
            .next("登记办理结果，本件办结。"),
        Offer::on("reopen", "重新决定", reason_fields, |cx, id, form| Box::pin(reopen(cx, id, form)))
            .next("恢复为待受理决定。"),
        Offer::on("consult", "查阅内容", consult_fields, |cx, id, form| Box::pin(consult(cx, id, form)))
                .opens()
            .next("查阅登记在册并通知督查人；内容在有效时间内显示，之后自动关闭。"),
    ]
}

fn to_decide(actor: &Actor, _: chrono::NaiveDate) -> Pred {
    rights::led_work(actor, Pred::is("state", State::Registered))
}

fn to_verify(actor: &Actor, _: chrono::NaiveDate) -> Pred {
    let Some(account) = actor.account else { return Pred::Nothing };
    rights::own_work(actor, Pred::is("state", State::Verifying)).and(Pred::is("handler_id", account))
}

fn to_receipt(actor: &Actor, _: chrono::NaiveDate) -> Pred {
    rights::own_work(actor, Pred::is("state", State::Passed))
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![Field::pick("unit", "被巡察对象", units::NOUN).required()];
        fields.extend(entry_fields(None, &Content::default()));
        fields.push(
            Field::new("files", "信件扫描件", Kind::Files).help("上传前请遮盖举报人姓名、电话等身份信息。"),
        );
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let Some(id) = id else { return Ok(entry_fields(None, &Content::default())) };
        let petition = store::find(cx, PetitionId(id)).await?;
        let content =
            if cx.actor.in_team(petition.inspection_id) { petition.content(cx)? } else { Content::default() };
        Ok(entry_fields(Some(&petition), &content))
    })
}

fn entry_fields(held: Option<&Petition>, content: &Content) -> Vec<Field> {
    let sealed = "加密内容";
    vec![
        Field::dict("channel", "渠道", "petition_channel").required().maybe(held.map(|x| &x.channel)),
        Field::date("received_on", "收到日期").required().maybe(held.map(|x| x.received_on)),
        Field::choice::<Signed>("signed", "署名情况")
            .required()
            .chosen(held.map(|x| x.signed))
            .help("姓名、单位、电话等身份信息不要写在本页，请到“举报人身份库”登记。"),
        Field::new("people", "反映人数", Kind::Integer { min: 1, max: 10_000 })
            .required()
            .value(held.map_or(1, |x| x.people)),
        Field::dict("category", "信访类别", "petition_category")
            .required()
            .maybe(held.map(|x| &x.category))
            .help("受理范围：领导班子及成员、下一级主要负责人、重点岗位人员违反六项纪律等问题；其余转有关单位。"),
        Field::line("subject", "反映对象").max(120).required().value(&content.subject).group(sealed),
        Field::text("content", "反映内容")
            .required()
            .value(&content.content)
            .help("如实摘录，不写举报人身份；原件不得涂改、隐匿、销毁。")
            .group(sealed),
    ]
}

fn verify_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::pick("handler", "承办人", teams::NOUN)
                .among(teams::held_today)
                .required()
                .help("本组授权期内的干部。"),
            Field::text("opinion", "核实要求").max(2_000).help("加密保存。"),
        ])
    })
}

fn merge_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::pick("into", "并入的信访", NOUN).required().help("填写编号，如 XF-2023-0012。"),
            Field::text("opinion", "说明").max(2_000),
        ])
    })
}

fn pass_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::choice::<PassTo>("to", "转交去向").required(),
            Field::pick("recipient", "接收单位", organisations::NOUN)
                .help("转被巡察单位的不必选择；名册中没有的，在下一栏填写名称。"),
            Field::line("recipient_name", "接收单位名称").max(80),
            Field::date("on", "转出日期").required().value(cx.today()),
            Field::flag("redacted", "已隐去举报人身份信息")
                .help("转被巡察单位时必须确认；姓名、笔迹、联系方式和能推断身份的细节都要隐去。"),
            Field::text("opinion", "转办意见").max(2_000).help("加密保存。"),
        ])
    })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![Field::text("reason", "理由").max(2_000).required().help("加密保存。")])
    })
}

fn consult_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("reason", "查阅理由")
                .max(500)
                .required()
                .help("写明因何工作需要查阅；理由进入查阅登记。"),
        ])
    })
}

fn receipt_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::date("on", "签收日期").required().value(cx.today()),
            Field::line("by", "签收人").max(60).required(),
            Field::new("files", "回执扫描件", Kind::Files),
        ])
    })
}

fn close_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::choice::<Outcome>("result", "办理结果").required(),
            Field::date("on", "办结日期").required().value(cx.today()),
            Field::text("note", "情况说明").max(5_000).required().help("加密保存。"),
            Field::new("files", "结果材料", Kind::Files),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        channel: form.text("channel"),
        received_on: form.need_date("received_on")?,
        signed: form.need_choice("signed")?,
        people: form.need_integer("people")?,
        category: form.text("category"),
        content: Content { subject: form.text("subject"), content: form.text("content") },
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Ended> {
    let id = actions::create(cx, form.need_id("unit")?, entry(form)?).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Ended::new(NOUN, id, "已登记信访，等待组长作出受理决定。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Ended> {
    let id: PetitionId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Ended::new(NOUN, id, "已保存修改。"))
}

async fn verify(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Ended> {
    let id: PetitionId = target(id)?;
    actions::verify(cx, id, form.need_id("handler")?, &form.text("opinion")).await?;
    Ok(Ended::new(NOUN, id, "已受理，承办人开始核实。"))
}

async fn merge(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Ended> {
    let id: PetitionId = target(id)?;
    actions::merge(cx, id, form.need_id("into")?, &form.text("opinion")).await?;
    Ok(Ended::new(NOUN, id, "已并入所选信访。"))
}

async fn pass_on(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Ended> {
    let id: PetitionId = target(id)?;
    let passing = Passing {
        to: form.need_choice("to")?,
        recipient: form.id("recipient"),
        recipient_name: form.text("recipient_name"),
        on: form.need_date("on")?,
        redacted: form.flag("redacted"),
        opinion: form.text("opinion"),
    };
    actions::pass_on(cx, id, passing).await?;
    Ok(Ended::new(NOUN, id, "已转出，等待对方回执。"))
}

async fn refuse(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Ended> {
    let id: PetitionId = target(id)?;
    actions::refuse(cx, id, &form.text("reason")).await?;
    Ok(Ended::new(NOUN, id, "已决定不予受理。"))
}

async fn file(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Ended> {
    let id: PetitionId = target(id)?;
    actions::file(cx, id, &form.text("reason")).await?;
    Ok(Ended::new(NOUN, id, "已存档备查。"))
}

async fn receipt(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Ended> {
    let id: PetitionId = target(id)?;
    actions::receipt(cx, id, form.need_date("on")?, form.text("by")).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Ended::new(NOUN, id, "已登记回执。"))
}

async fn close(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Ended> {
    let id: PetitionId = target(id)?;
    let result = (form.need_choice("result")?, form.need_date("on")?);
    actions::close(cx, id, result, &form.text("note")).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Ended::new(NOUN, id, "已办结。"))
}

async fn reopen(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Ended> {
    let id: PetitionId = target(id)?;
    actions::reopen(cx, id, &form.text("reason")).await?;
    Ok(Ended::new(NOUN, id, "已恢复为待受理决定。"))
}

async fn consult(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Ended> {
    let id: PetitionId = target(id)?;
    actions::consult(cx, id, form.text("reason")).await?;
    Ok(Ended::new(NOUN, id, "已登记查阅，内容在有效时间内显示。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let petition = store::find(cx, PetitionId(id)).await?;
    let names = units::names(cx, petition.organisation_id, petition.inspection_id).await?;
    let open_here =
        cx.actor.in_team(petition.inspection_id) || openings::holds(cx, id, Part::Petition).await?;
    let mut view = RecordView::new(&petition.number, petition.version);
    if open_here {
        cx.record_read(NOUN, id).await;
        view = with_content(cx, &petition, view)?;
    } else {
        view = view.fact("content", "反映内容", Shown::text("已封存，需要查阅时请写明理由"));
    }
    view = with_register(cx, &petition, view, &names).await?;
    view = with_steps(&petition, view);
    if open_here {
        view.tabs.push(Tab::Files);
    }
    let joined = Pred::is("merged_into", id);
    view = view.related("merged", "并入本件的信访", NOUN, joined, None);
    if let Some(into) = petition.merged_into {
        view = view.related("into", "并入的信访", NOUN, Pred::is("id", into), None);
    }
    view = cited(cx, view, NOUN, id, Some(petition.unit_id));
    view.number.clone_from(&petition.number);
    view.state = Some(petition.state.choice());
    view.secrecy = Secrecy::Sealed;
    view.deeds = petition.open_deeds(&cx.actor);
    if let Some((_, label)) = clocks::clock(petition.state) {
        view.clock = Some((label, alarms(cx).await?.clock(petition.due_on, false)));
    }
    let people =
        [(&petition.registrar, "登记人"), (&petition.handler, "承办人"), (&petition.decided_by, "决定人")];
    view.people = people
        .into_iter()
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, part)| (name.clone(), part))
        .collect();
    Ok(view)
}

fn with_content(cx: &Cx, petition: &Petition, view: RecordView) -> Result<RecordView> {
    let content = petition.content(cx)?;
    let text = |field, sealed: &str| open(cx, petition.id, field, sealed).map(Shown::long);
    Ok(view
        .fact("subject", "反映对象", Shown::text(content.subject))
        .fact("content", "反映内容", Shown::long(content.content))
        .fact("opinion", "处理说明", text("opinion", &petition.opinion_sealed)?)
        .fact("result_note", "结果说明", text("result", &petition.result_sealed)?))
}

async fn with_register(
    cx: &Cx,
    petition: &Petition,
    view: RecordView,
    names: &units::Names,
) -> Result<RecordView> {
    let organisation = Some(petition.organisation_id.0);
    let scope = petition.decision.and_then(Decision::in_scope);
    Ok(view
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, organisation, &names.organisation),
        )
        .fact(
            "inspection",
            "巡察",
            Shown::link(units::INSPECTIONS, Some(petition.inspection_id), &names.inspection),
        )
        .fact("channel", "渠道", shown(cx, "petition_channel", &petition.channel).await?)
        .fact("received_on", "收到日期", Shown::Date(petition.received_on))
        .fact("signed", "署名情况", Shown::choice(petition.signed.choice()))
        .fact("people", "反映人数", Shown::Integer(petition.people))
        .fact("category", "信访类别", shown(cx, "petition_category", &petition.category).await?)
        .fact("in_scope", "属于受理范围", scope.map_or(Shown::Empty, Shown::Flag)))
}

fn with_steps(petition: &Petition, view: RecordView) -> RecordView {
    view.fact("decision", "处理意见", petition.decision.map_or(Shown::Empty, |d| Shown::choice(d.choice())))
        .fact("decided_on", "决定日期", Shown::date(petition.decided_on))
        .fact("recipient", "接收单位", Shown::text(petition.recipient.as_str()))
        .fact("passed_on", "转出日期", Shown::date(petition.passed_on))
        .fact("receipt_on", "签收日期", Shown::date(petition.receipt_on))
        .fact("receipt_by", "签收人", Shown::text(petition.receipt_by.as_str()))
        .fact("result", "办理结果", petition.result.map_or(Shown::Empty, |r| Shown::choice(r.choice())))
        .fact("result_on", "办结日期", Shown::date(petition.result_on))
        .fact("due_basis", "期限依据", Shown::text(petition.due_basis.as_str()))
}
