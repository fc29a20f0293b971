//! How pieces brought in appear: a list that tells nothing sealed, a page whose reading is recorded, forms.

use chrono::NaiveDate;
use db::Conn;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome as Ended,
    Pred, RecordView, Refusal, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind as FieldKind,
    lifecycle,
    service::{Group, Waiting, Work, keep_files, no_fields, target},
};
use planning::{samples, units};
use registry::organisations::{self, OrganisationId};
use uuid::Uuid;

use super::{
    BroughtPiece, Kind, NOUN, Outcome, PieceId, Secret, State,
    actions::{self, Entry, Findings},
    inside, may_give, open, store,
};
use crate::shared;

const COLUMNS: &[Column] = &[
    Column::number("number", "带件编号", "b.number").opens(),
    Column::choice("kind", "件别", "b.kind", Kind::CHOICES),
    Column::reference("inspection", "巡察", "b.inspection_id", "i.name", units::INSPECTIONS),
    Column::reference("giver", "来源单位", "b.giver_id", "g.name", organisations::NOUN),
    Column::choice("state", "状态", "b.state", State::CHOICES).indexed_by(&["due_on"]),
    Column::date("given_on", "移交日期", "b.given_on").sortable().filled(),
    Column::clock("due_on", "反馈期限", "b.due_on", "b.state in ('reported', 'withdrawn')")
        .sortable()
        .filled(),
    Column::text("member", "承办人", "a.name").only(inside),
    Column::choice("outcome", "核查结果", "b.outcome", Outcome::CHOICES).only(inside),
    Column::choice("reported_outcome", "反馈结果", "b.reported_outcome", Outcome::CHOICES),
    Column::date("reported_on", "反馈日期", "b.reported_on"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "带件入巡",
        table: "brought_piece",
        group: Group::Prepare,
        listed: true,
        icon: "lock",
        secrecy: Secrecy::Sealed,
        about: "纪检监察机关等交由巡察组现场核查的件，内容加密保存，每次查看均有记录；组内只有组长和指定的承办人知悉。",
        list: Table {
            from: "brought_piece b left join inspection i on i.id = b.inspection_id \
                   left join organisation g on g.id = b.giver_id left join account a on a.id = b.member_id",
            alias: "b",
            title: "b.number",
            number: Some("b.number"),
            columns: COLUMNS,
            order: "-given_on",
        },
        visible: BroughtPiece::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: may_give,
        waiting: vec![
            Waiting {
                label: "带件待签收",
                condition: |actor, _| headed(actor, State::Given),
                due: Some("due_on"),
            },
            Waiting {
                label: "带件待分办",
                condition: |actor, _| headed(actor, State::Received),
                due: Some("due_on"),
            },
            Waiting { label: "带件待核查", condition: to_verify, due: Some("due_on") },
            Waiting {
                label: "带件待反馈来源单位",
                condition: |actor, _| headed(actor, State::Verified),
                due: Some("due_on"),
            },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "带件入巡",
            transitions: lifecycle::transitions::<BroughtPiece>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::create("移交带件", create_fields, |cx, _, form| Box::pin(give(cx, form)))
            .next("内容加密保存，编号随机生成；只有该巡察组组长收到通知。"),
        Offer::on("receive", "签收", receive_fields, |cx, id, form| Box::pin(receive(cx, id, form)))
            .primary()
            .next("签收后指定一名组员承办，其他组员不知悉。"),
        Offer::on("assign", "分办", assign_fields, |cx, id, form| Box::pin(assign(cx, id, form)))
            .primary()
            .next("指定的组员收到通知，可以查看并核查；改派后原承办人不再可见。"),
        Offer::on("verify", "提交核查情况", verify_fields, |cx, id, form| {
            Box::pin(verify(cx, id, form))
        })
        .primary()
        .next("核查情况加密保存，由组长审阅后反馈来源单位。"),
        Offer::on("report", "反馈来源单位", report_fields, |cx, id, form| {
            Box::pin(report(cx, id, form))
        })
        .primary()
        .next("来源单位可以看到核查结果和反馈内容，看不到核查情况。反馈后不能再改。"),
        Offer::on("return", "退回再核", no_fields, |cx, id, _| Box::pin(return_to_member(cx, id)))
            .next("退回承办人继续核查。"),
        Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form)))
            .next("签收前可以修改，反馈期限随移交日期重新计算。"),
        Offer::on("withdraw", "撤回", no_fields, |cx, id, _| Box::pin(withdraw(cx, id)))
            .danger()
            .next("件退回来源单位，记录继续加密保存。"),
        kit::files::attach_deed(),
    ]
}

fn headed(actor: &Actor, state: State) -> Pred {
    actor.own_inspections(Role::TeamHead).and(Pred::is("state", state))
}

fn to_verify(actor: &Actor, _: NaiveDate) -> Pred {
    match actor.account {
        Some(account) if actor.is(Role::TeamMember) => {
            Pred::is("member_id", account).and(Pred::is("state", State::Assigned))
        }
        _ => Pred::Nothing,
    }
}

fn create_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut givers = Vec::new();
        for id in cx.actor.organisations(Role::Discipline) {
            let name = organisations::find(cx, OrganisationId(id)).await?.name;
            givers.push((id.to_string(), name));
        }
        let first = givers.first().map(|(id, _)| id.clone());
        // A liaison of the office enters what came on paper from a body that has nobody here.
        let giver = if givers.is_empty() {
            Field::pick("giver", "来源单位", organisations::NOUN)
                .help("件是哪个单位交来的；核查结果反馈给您，由您转告。")
        } else {
            Field::new("giver", "来源单位", FieldKind::Options(givers)).maybe(first)
        };
        let mut fields = vec![
            giver.required(),
            Field::pick("unit", "被巡察对象", units::NOUN)
                .required()
                .help("选择一次巡察中的一个单位，件交给巡察该单位的巡察组。"),
        ];
        fields.extend(entry_fields(cx, None, &Secret::default()));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let Some(id) = id else { return Ok(entry_fields(cx, None, &Secret::default())) };
        let piece = store::find(cx, PieceId(id)).await?;
        let secret = piece.secret(cx)?;
        // Inside the transaction of the deed itself the deed's own entry says enough.
        if matches!(cx.conn(), Conn::Pool(_)) {
            cx.record_read(NOUN, id).await;
        }
        Ok(entry_fields(cx, Some(&piece), &secret))
    })
}

fn entry_fields(cx: &Cx, held: Option<&BroughtPiece>, secret: &Secret) -> Vec<Field> {
    let sealed = "加密内容";
    vec![
        Field::choice::<Kind>("kind", "件别").required().chosen(held.map(|piece| piece.kind)),
        Field::date("given_on", "移交日期").required().value(held.map_or(cx.today(), |piece| piece.given_on)),
        Field::line("subject", "反映对象").max(120).required().value(&secret.subject).group(sealed),
        Field::text("content", "主要内容")
            .max(10_000)
            .required()
            .value(&secret.content)
            .help("写明反映的主要事实和已掌握的情况，不写举报人信息。")
            .group(sealed),
        Field::text("request", "核查要求")
            .max(2_000)
            .required()
            .value(&secret.request)
            .help("希望巡察组现场了解什么、查阅什么。")
            .group(sealed),
    ]
}

fn receive_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move { Ok(vec![Field::date("received_on", "签收日期").required().value(cx.today())]) })
}

fn assign_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut members = Vec::new();
        let mut held = None;
        if let Some(id) = id {
            let piece = store::find(cx, PieceId(id)).await?;
            held = piece.member_id;
            // Names of a team are for its head.
            if piece.is_head(&cx.actor) {
                members = store::members(cx, piece.inspection_id).await?;
            }
        }
        let options = members.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
        Ok(vec![
            Field::new("member", "承办人", FieldKind::Options(options))
                .required()
                .maybe(held)
                .help("只能从本组现任组员中指定一人。"),
        ])
    })
}

fn verify_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut words = String::new();
        let mut outcome = None;
        if let Some(id) = id {
            let piece = store::find(cx, PieceId(id)).await?;
            if piece.is_head(&cx.actor) || piece.is_named(&cx.actor) {
                words = open(cx, piece.id, "findings", &piece.findings_sealed)?;
                outcome = piece.outcome;
                if matches!(cx.conn(), Conn::Pool(_)) {
                    cx.record_read(NOUN, id).await;
                }
            }
        }
        Ok(vec![
            Field::choice::<Outcome>("outcome", "核查结果").required().chosen(outcome),
            Field::text("findings", "核查情况")
                .max(10_000)
                .required()
                .value(words)
                .help("写明核查的方式、查到的事实和依据；加密保存，不向来源单位公开。"),
        ])
    })
}

fn report_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("reply", "反馈内容")
                .max(4_000)
                .required()
                .help("向来源单位说明核查结论和建议；加密保存。"),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        kind: form.need_choice("kind")?,
        secret: Secret {
            subject: form.text("subject"),
            content: form.text("content"),
            request: form.text("request"),
        },
        given_on: form.need_date("given_on")?,
    })
}

/// The record that an option of a field names by its id.
fn chosen(form: &Form, field: &str) -> Result<Uuid> {
    Uuid::parse_str(&form.text(field)).map_err(|_| Refusal::field(field, "此项必填").into())
}

async fn give(cx: &mut WriteCx, form: &Form) -> Result<Ended> {
    let giver = OrganisationId(form.id("giver").map_or_else(|| chosen(form, "giver"), Ok)?);
    let id = actions::give(cx, giver, form.need_id("unit")?, entry(form)?).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Ended::new(NOUN, id, "已移交，等待巡察组组长签收。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Ended> {
    let id: PieceId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Ended::new(NOUN, id, "已保存修改。"))
}

async fn withdraw(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Ended> {
    let id: PieceId = target(id)?;
    actions::withdraw(cx, id).await?;
    Ok(Ended::new(NOUN, id, "已撤回。"))
}

async fn receive(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Ended> {
    let id: PieceId = target(id)?;
    actions::receive(cx, id, form.need_date("received_on")?).await?;
    Ok(Ended::new(NOUN, id, "已签收，请指定承办人。"))
}

async fn assign(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Ended> {
    let id: PieceId = target(id)?;
    actions::assign(cx, id, chosen(form, "member")?).await?;
    Ok(Ended::new(NOUN, id, "已分办。"))
}

async fn verify(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Ended> {
    let id: PieceId = target(id)?;
    let findings = Findings { outcome: form.need_choice("outcome")?, words: form.text("findings") };
    actions::verify(cx, id, findings).await?;
    Ok(Ended::new(NOUN, id, "已提交核查情况，等待组长审阅。"))
}

async fn return_to_member(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Ended> {
    let id: PieceId = target(id)?;
    actions::return_to_member(cx, id).await?;
    Ok(Ended::new(NOUN, id, "已退回再核。"))
}

async fn report(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Ended> {
    let id: PieceId = target(id)?;
    actions::report(cx, id, &form.text("reply")).await?;
    Ok(Ended::new(NOUN, id, "已反馈来源单位。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let piece = store::find(cx, PieceId(id)).await?;
    cx.record_read(NOUN, id).await;
    let secret = piece.secret(cx)?;
    let alarms = kit::alarms(cx).await?;
    let mut view = RecordView::new(&piece.number, piece.version)
        .fact("kind", "件别", Shown::choice(piece.kind.choice()))
        .fact("subject", "反映对象", Shown::text(secret.subject))
        .fact("content", "主要内容", Shown::long(secret.content))
        .fact("request", "核查要求", Shown::long(secret.request))
        .fact("organisation", "被巡察单位", shared::organisation_link(cx, piece.organisation_id).await?)
        .fact("inspection", "巡察", shared::inspection_link(cx, piece.inspection_id).await?)
        .fact("giver", "来源单位", shared::organisation_link(cx, piece.giver_id).await?)
        .fact("given_on", "移交日期", Shown::Date(piece.given_on))
        .fact("due_basis", "期限依据", Shown::text(&piece.due_basis))
        .fact("received_on", "签收日期", Shown::date(piece.received_on));
    if is_inside(&piece, &cx.actor) {
        view = with_findings(cx, view, &piece).await?;
    }
    if let Some(outcome) = piece.reported_outcome {
        view = view
            .fact("reported_on", "反馈日期", Shown::date(piece.reported_on))
            .fact("reported_outcome", "反馈结果", Shown::choice(outcome.choice()))
            .fact("reply", "反馈内容", Shown::long(open(cx, piece.id, "reply", &piece.reply_sealed)?));
    }
    view.number.clone_from(&piece.number);
    view.state = Some(piece.state.choice());
    view.secrecy = Secrecy::Sealed;
    view.clock = Some(("反馈期限", alarms.clock(Some(piece.due_on), piece.answered())));
    view.deeds = piece.open_deeds(&cx.actor);
    view.tabs.push(Tab::Files);
    Ok(view)
}

/// Whether `actor`, who sees the piece, is of the inspecting side.
fn is_inside(piece: &BroughtPiece, actor: &Actor) -> bool {
    actor.is_any(&[Role::LeadingGroup, Role::OfficeDirector]) || piece.is_head(actor) || piece.is_named(actor)
}

async fn with_findings(cx: &Cx, view: RecordView, piece: &BroughtPiece) -> Result<RecordView> {
    let member = match piece.member_id {
        Some(account) => store::account_name(cx, account).await?,
        None => String::new(),
    };
    let findings = open(cx, piece.id, "findings", &piece.findings_sealed)?;
    let outcome = piece.outcome.map_or(Shown::Empty, |outcome| Shown::choice(outcome.choice()));
    Ok(view
        .fact("member", "承办人", Shown::text(member))
        .fact("verified_on", "核查日期", Shown::date(piece.verified_on))
        .fact("outcome", "核查结果", outcome)
        .fact("findings", "核查情况", Shown::long(findings)))
}
