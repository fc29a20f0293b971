//! How shared things appear: list inside their linkage, page, forms.

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind as FieldKind,
    lifecycle,
    service::{Group, Waiting, Work, keep_files, target},
};
use planning::{samples, units};
use registry::organisations;
use uuid::Uuid;

use super::{
    AuditShare, Direction, Kind, NOUN, ShareId, State,
    actions::{self, Entry},
    store,
};
use crate::{audit_linkages, shared};

const COLUMNS: &[Column] = &[
    Column::title("title", "共享事项", "s.title"),
    Column::choice("kind", "类别", "s.kind", Kind::CHOICES),
    Column::choice("direction", "方向", "s.direction", Direction::CHOICES),
    Column::reference("organisation", "联动单位", "s.organisation_id", "o.name", organisations::NOUN),
    Column::reference("inspection", "巡察", "s.inspection_id", "i.name", units::INSPECTIONS).hidden(),
    Column::text("document", "文号", "s.document"),
    Column::choice("state", "状态", "s.state", State::CHOICES),
    Column::date("given_on", "提供日期", "s.given_on").sortable().filled(),
    Column::date("received_on", "签收日期", "s.received_on"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "巡审共享事项",
        table: "audit_share",
        group: Group::Prepare,
        listed: false,
        icon: "share",
        secrecy: Secrecy::Sensitive,
        about: "巡审联动中双方提供的审计报告、发现、数据和资料，由对方签收。",
        list: Table {
            from: "audit_share s left join organisation o on o.id = s.organisation_id \
                   left join inspection i on i.id = s.inspection_id",
            alias: "s",
            title: "s.title",
            number: None,
            columns: COLUMNS,
            order: "-given_on",
        },
        visible: AuditShare::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("提供共享", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("对方会收到通知并签收；由谁提供随登录人确定。"),
            Offer::on("receive", "签收", receive_fields, |cx, id, form| Box::pin(receive(cx, id, form)))
                .primary()
                .bulk()
                .next("签收后留存，供巡察和审计使用。"),
        ],
        creates: |actor| actor.is_office() || actor.is_any(&[Role::Audit, Role::TeamHead, Role::TeamMember]),
        waiting: vec![Waiting { label: "待签收的巡审共享事项", condition: to_receive, due: None }],
        governed: Some(Governed {
            noun: NOUN,
            label: "巡审共享事项",
            transitions: lifecycle::transitions::<AuditShare>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn to_receive(actor: &Actor, _: NaiveDate) -> Pred {
    let team = shared::own_team(actor).and(Pred::is("direction", Direction::ToInspection));
    let audit =
        actor.own_organisations(Role::Audit, "audit_body_id").and(Pred::is("direction", Direction::ToAudit));
    Pred::any(vec![team, audit]).and(Pred::is("state", State::Given))
}

fn create_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::pick("linkage", "巡审联动", audit_linkages::NOUN).required(),
            Field::choice::<Kind>("kind", "类别").required(),
            Field::line("title", "标题").max(120).required(),
            Field::line("document", "文号").max(60),
            Field::date("given_on", "提供日期").required().value(cx.today()),
            Field::text("text", "主要内容").max(4_000).required().help("主要发现和可供对方使用的要点。"),
            Field::new("files", "附件", FieldKind::Files),
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

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let entry = Entry {
        kind: form.need_choice("kind")?,
        title: form.text("title"),
        document: form.text("document"),
        text: form.text("text"),
        given_on: form.need_date("given_on")?,
    };
    let id = actions::create(cx, form.need_id("linkage")?, entry).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已提供，等待对方签收。"))
}

async fn receive(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ShareId = target(id)?;
    actions::receive(cx, id, form.need_date("received_on")?, form.text("received_by")).await?;
    Ok(Outcome::new(NOUN, id, "已签收。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let share = store::find(cx, ShareId(id)).await?;
    let linkage = Shown::link(audit_linkages::NOUN, Some(share.linkage_id.0), "打开巡审联动");
    let mut view = RecordView::new(&share.title, share.version)
        .fact("kind", "类别", Shown::choice(share.kind.choice()))
        .fact("direction", "方向", Shown::choice(share.direction.choice()))
        .fact("organisation", "联动单位", shared::organisation_link(cx, share.organisation_id).await?)
        .fact("audit_body", "审计机关", shared::organisation_link(cx, share.audit_body_id).await?)
        .fact("linkage", "巡审联动", linkage)
        .fact("document", "文号", Shown::text(&share.document))
        .fact("given_on", "提供日期", Shown::Date(share.given_on))
        .fact("text", "主要内容", Shown::long(&share.text))
        .fact("received_on", "签收日期", Shown::date(share.received_on))
        .fact("received_by", "签收人", Shown::text(&share.received_by));
    view.state = Some(share.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.deeds = share.open_deeds(&cx.actor);
    view.tabs.push(Tab::Files);
    Ok(view)
}
