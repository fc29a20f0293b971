//! How linkages appear: list by year, page with what was shared and what was counted, forms.

use chrono::Datelike as _;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Refusal, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, target},
};
use planning::{inspection_units::InspectionUnitId, samples, units};
use registry::organisations::{self, OrganisationId};
use uuid::Uuid;

use super::{
    AuditLinkage, LinkageId, Mode, NOUN, Side, State,
    actions::{self, Carrying, Entry},
    store,
};
use crate::{audit_shares, shared};

const COLUMNS: &[Column] = &[
    Column::integer("year", "年度", "l.year").sortable().filled(),
    Column::reference("organisation", "联动单位", "l.organisation_id", "o.name", organisations::NOUN)
        .indexed_by(&["year"])
        .opens(),
    Column::choice("mode", "联动方式", "l.mode", Mode::CHOICES),
    Column::choice("state", "状态", "l.state", State::CHOICES).indexed_by(&["year"]),
    Column::reference("audit_body", "审计机关", "l.audit_body_id", "b.name", organisations::NOUN),
    Column::choice("proposed_by", "提议方", "l.proposed_by", Side::CHOICES).hidden(),
    Column::reference("inspection", "巡察", "l.inspection_id", "i.name", units::INSPECTIONS),
    Column::text("project", "审计项目", "l.project"),
    Column::integer("joined_people", "参与审计人员", "l.joined_people").hidden(),
    Column::integer("shares", "共享事项", "(select count(*) from audit_share s where s.linkage_id = l.id)"),
    Column::date("concluded_on", "结束日期", "l.concluded_on").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "巡审联动",
        table: "audit_linkage",
        group: Group::Prepare,
        listed: true,
        icon: "arrows-exchange",
        secrecy: Secrecy::Sensitive,
        about: "年度计划会商提出联动单位，商定方式，再对应到巡察对象；共享审计报告和资料，联动发现的问题、线索、制度只计一次。",
        list: Table {
            from: "audit_linkage l left join organisation o on o.id = l.organisation_id \
                   left join organisation b on b.id = l.audit_body_id \
                   left join inspection i on i.id = l.inspection_id",
            alias: "l",
            title: "o.name",
            number: None,
            columns: COLUMNS,
            order: "-year",
        },
        visible: AuditLinkage::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: |actor| actor.is_office() || actor.is(Role::Audit),
        waiting: vec![
            Waiting {
                label: "待答复的巡审联动提议", condition: |actor, _| to_answer(actor), due: None
            },
            Waiting {
                label: "待对应巡察对象的联动", condition: |actor, _| to_bind(actor), due: None
            },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "巡审联动",
            transitions: lifecycle::transitions::<AuditLinkage>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::create("提出联动", create_fields, |cx, _, form| Box::pin(propose(cx, form)))
            .next("对方会收到提议并答复；商定后再对应到巡察对象。"),
        Offer::on("agree", "同意联动", opinion_fields, |cx, id, form| Box::pin(agree(cx, id, form)))
            .primary()
            .next("列入双方年度计划，巡察任务确定后对应到巡察对象。"),
        Offer::on("bind", "对应巡察对象", bind_fields, |cx, id, form| Box::pin(bind(cx, id, form)))
            .primary()
            .next("巡察组从此可以看到联动安排和已共享的事项。"),
        Offer::on("conclude", "结束联动", conclude_fields, |cx, id, form| {
            Box::pin(conclude(cx, id, form))
        })
        .primary()
        .next("结束后不能再共享；联动发现的问题、线索和制度继续跟踪。"),
        Offer::on("adjust", "调整联动方式", adjust_fields, |cx, id, form| {
            Box::pin(adjust(cx, id, form))
        }),
        Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        Offer::on("decline", "不采纳", reason_fields, |cx, id, form| Box::pin(decline(cx, id, form)))
            .next("写明理由，提议方会收到通知。"),
    ]
}

fn to_answer(actor: &Actor) -> Pred {
    let office = if actor.is_office() { Pred::is("proposed_by", Side::Audit) } else { Pred::Nothing };
    let audit =
        actor.own_organisations(Role::Audit, "audit_body_id").and(Pred::is("proposed_by", Side::Inspection));
    Pred::any(vec![office, audit]).and(Pred::is("state", State::Proposed))
}

fn to_bind(actor: &Actor) -> Pred {
    if actor.is_office() { Pred::is("state", State::Agreed) } else { Pred::Nothing }
}

fn create_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut bureaus = store::bureaus(cx).await?;
        if !cx.actor.is_office() {
            bureaus.retain(|(id, _)| cx.actor.is_at(Role::Audit, *id));
        }
        let options: Vec<(String, String)> =
            bureaus.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
        let first = options.first().map(|(id, _)| id.clone());
        let years = Kind::Integer { min: 2015, max: 2100 };
        let mut fields = vec![
            Field::new("audit_body", "审计机关", Kind::Options(options)).required().maybe(first),
            Field::new("year", "年度", years).required().value(cx.today().year()),
            Field::pick("organisation", "联动单位", organisations::NOUN).required(),
        ];
        fields.extend(proposal_fields(None));
        Ok(fields)
    })
}

fn proposal_fields(held: Option<&AuditLinkage>) -> Vec<Field> {
    vec![
        mode_field(held),
        Field::text("reason", "理由")
            .max(2_000)
            .required()
            .maybe(held.map(|linkage| &linkage.reason))
            .help("为什么联动、希望解决什么问题、时间如何衔接。"),
    ]
}

fn mode_field(held: Option<&AuditLinkage>) -> Field {
    Field::choice::<Mode>("mode", "联动方式").required().chosen(held.map(|linkage| linkage.mode))
}

async fn held(cx: &Cx, id: Option<Uuid>) -> Result<Option<AuditLinkage>> {
    match id {
        Some(id) => Ok(Some(store::find(cx, LinkageId(id)).await?)),
        None => Ok(None),
    }
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move { Ok(proposal_fields(held(cx, id).await?.as_ref())) })
}

fn carrying_fields(held: Option<&AuditLinkage>) -> Vec<Field> {
    vec![
        mode_field(held),
        Field::line("project", "审计项目")
            .max(120)
            .maybe(held.map(|linkage| &linkage.project))
            .help("对应的审计项目名称，如：某局局长任期经济责任审计。"),
        Field::new("joined_people", "参与审计人员", Kind::Integer { min: 0, max: 1_000 })
            .maybe(held.and_then(|linkage| linkage.joined_people))
            .help("审计机关派到巡察组的人数。"),
    ]
}

fn bind_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut fields = vec![
            Field::pick("unit", "巡察对象", units::NOUN)
                .required()
                .help("商定联动的单位在某次巡察中的记录。"),
        ];
        fields.extend(carrying_fields(held(cx, id).await?.as_ref()));
        Ok(fields)
    })
}

fn adjust_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move { Ok(carrying_fields(held(cx, id).await?.as_ref())) })
}

fn opinion_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "意见").max(1_000)]) })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(1_000).required()]) })
}

fn conclude_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("summary", "联动成效")
                .max(4_000)
                .required()
                .help("共享了什么、发现了什么、共同推动了什么整改。"),
        ])
    })
}

fn carrying(form: &Form) -> Result<Carrying> {
    Ok(Carrying {
        mode: form.need_choice("mode")?,
        project: form.text("project"),
        joined_people: form.integer("joined_people"),
    })
}

async fn propose(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let body = Uuid::parse_str(&form.text("audit_body"))
        .map_err(|_| Refusal::field("audit_body", "请选择审计机关"))?;
    let entry = Entry {
        year: form.need_integer("year")?,
        organisation: form.need_id("organisation")?,
        mode: form.need_choice("mode")?,
        reason: form.text("reason"),
    };
    let id = actions::propose(cx, OrganisationId(body), entry).await?;
    Ok(Outcome::new(NOUN, id, "已提出，等待对方答复。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: LinkageId = target(id)?;
    actions::edit(cx, id, form.need_choice("mode")?, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn agree(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: LinkageId = target(id)?;
    actions::agree(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已同意联动。"))
}

async fn decline(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: LinkageId = target(id)?;
    actions::decline(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已答复不采纳。"))
}

async fn bind(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: LinkageId = target(id)?;
    let unit: InspectionUnitId = form.need_id("unit")?;
    actions::bind(cx, id, unit.0, carrying(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已对应到巡察对象。"))
}

async fn adjust(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: LinkageId = target(id)?;
    actions::adjust(cx, id, carrying(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已调整。"))
}

async fn conclude(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: LinkageId = target(id)?;
    actions::conclude(cx, id, form.text("summary")).await?;
    Ok(Outcome::new(NOUN, id, "联动已结束。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let linkage = store::find(cx, LinkageId(id)).await?;
    let organisation = organisations::find(cx, linkage.organisation_id).await?.name;
    let inspection = match linkage.inspection_id {
        Some(inspection) => shared::inspection_link(cx, inspection).await?,
        None => Shown::Empty,
    };
    let named = Shown::link(organisations::NOUN, Some(linkage.organisation_id.0), &organisation);
    let people = linkage.joined_people.map_or(Shown::Empty, Shown::Integer);
    let mut view = RecordView::new(format!("{}年{organisation}巡审联动", linkage.year), linkage.version)
        .fact("organisation", "联动单位", named)
        .fact("audit_body", "审计机关", shared::organisation_link(cx, linkage.audit_body_id).await?)
        .fact("mode", "联动方式", Shown::choice(linkage.mode.choice()))
        .fact("proposed_by", "提议方", Shown::choice(linkage.proposed_by.choice()))
        .fact("proposed_on", "提议日期", Shown::Date(linkage.proposed_on))
        .fact("reason", "理由", Shown::long(&linkage.reason))
        .fact("decided_on", "答复日期", Shown::date(linkage.decided_on))
        .fact("decision", "答复意见", Shown::long(&linkage.decision))
        .fact("inspection", "巡察", inspection)
        .fact("project", "审计项目", Shown::text(&linkage.project))
        .fact("joined_people", "参与审计人员", people)
        .fact("concluded_on", "结束日期", Shown::date(linkage.concluded_on))
        .fact("summary", "联动成效", Shown::long(&linkage.summary));
    view.state = Some(linkage.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.deeds = linkage.open_deeds(&cx.actor);
    view.tabs = tabs(&linkage);
    Ok(view)
}

/// What was shared; and, once there is an inspected unit, what was found together and is counted once
/// (domain.md 1.1, the figures of audit linkage).
fn tabs(linkage: &AuditLinkage) -> Vec<Tab> {
    let open = !matches!(linkage.state, State::Declined | State::Concluded);
    let mut tabs = vec![Tab::Related {
        key: "shares",
        label: "共享事项",
        noun: audit_shares::NOUN,
        condition: Pred::is("linkage_id", linkage.id),
        create: open.then(|| format!("linkage={}", linkage.id)),
    }];
    let (Some(unit), Some(inspection)) = (linkage.unit_id, linkage.inspection_id) else { return tabs };
    let marked = || {
        Pred::is("audit_linked", true)
            .and(Pred::is("inspection_id", inspection))
            .and(Pred::is("organisation_id", linkage.organisation_id))
    };
    let found = Pred::is("unit_id", unit).and(Pred::is("audit_linked", true));
    for (key, label, noun, condition) in [
        ("problems", "联动发现的问题", "problems", found),
        ("leads", "联动发现的线索", "leads", marked()),
        ("rules", "联动推动的制度", "rules_built", marked()),
    ] {
        tabs.push(Tab::Related { key, label, noun, condition, create: None });
    }
    tabs
}
