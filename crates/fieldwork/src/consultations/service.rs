//! How consultations appear.

use std::fmt::Write as _;

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind as FieldKind,
    lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
    shown::escape,
};
use planning::{samples, units};
use registry::organisations;
use uuid::Uuid;

use super::{
    Consultation, ConsultationId, Kind, NOUN, State,
    actions::{self, Entry, Holding},
    agenda::{self, Part},
    store,
};
use crate::consultation_points;

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "c.number"),
    Column::title("title", "会商", "c.title"),
    Column::choice("kind", "类型", "c.kind", Kind::CHOICES),
    Column::reference("organisation", "被巡察单位", "c.organisation_id", "o.name", organisations::NOUN)
        .indexed_by(&["number"]),
    Column::reference("inspection", "巡察", "c.inspection_id", "i.name", units::INSPECTIONS)
        .indexed_by(&["number"])
        .hidden(),
    Column::choice("state", "状态", "c.state", State::CHOICES).indexed_by(&["number"]),
    Column::date("planned_on", "安排日期", "c.planned_on").sortable().filled(),
    Column::date("held_on", "召开日期", "c.held_on").sortable(),
    Column::text("convened_by", "安排人", "c.convened_name").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "会商",
        table: "consultation",
        group: Group::Fieldwork,
        listed: true,
        icon: "message-circle",
        secrecy: Secrecy::Sensitive,
        about: "中期会商等组办会商：议程由未结事项汇集，意见逐条明确责任人和期限，落实以后写明补充了什么。",
        list: Table {
            from: "consultation c left join organisation o on o.id = c.organisation_id \
                   left join inspection i on i.id = c.inspection_id",
            alias: "c",
            title: "c.title",
            number: Some("c.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: Consultation::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: |actor| actor.is_office() || actor.is(Role::TeamHead),
        waiting: vec![Waiting { label: "待召开的会商", condition: to_hold, due: None }],
        governed: Some(Governed {
            noun: NOUN,
            label: "会商",
            transitions: lifecycle::transitions::<Consultation>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::create("安排会商", create_fields, |cx, _, form| Box::pin(create(cx, form)))
            .next("议程不填的，由该单位的未结底稿、确认单、立行立改和以前的会商意见汇集而成。"),
        Offer::on("hold", "登记会商情况", hold_fields, |cx, id, form| Box::pin(hold(cx, id, form)))
            .primary()
            .next("随后逐条登记会商意见，明确责任人和期限。"),
        Offer::on("close", "办结", no_fields, |cx, id, _| Box::pin(close(cx, id)))
            .primary()
            .next("会商意见全部落实并确认的才能办结。"),
        Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        Offer::on("cancel", "取消", cancel_fields, |cx, id, form| Box::pin(cancel(cx, id, form)))
            .danger()
            .next("不再召开；编号保留。"),
    ]
}

fn to_hold(actor: &Actor, _: NaiveDate) -> Pred {
    let own = actor.own_inspections(Role::TeamHead);
    let scope = if actor.is_office() { Pred::All } else { own };
    scope.and(Pred::is("state", State::Planned))
}

fn create_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut fields = vec![Field::pick("unit", "被巡察对象", units::NOUN).required()];
        fields.extend(entry_fields(cx, None));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, ConsultationId(id)).await?),
            None => None,
        };
        Ok(entry_fields(cx, held.as_ref()))
    })
}

fn entry_fields(cx: &Cx, held: Option<&Consultation>) -> Vec<Field> {
    vec![
        Field::choice::<Kind>("kind", "会商类型").required().chosen(held.map(|c| c.kind)),
        Field::line("title", "会商名称").max(200).required().maybe(held.map(|c| &c.title)),
        Field::date("planned_on", "安排日期")
            .required()
            .value(held.map_or_else(|| cx.today(), |c| c.planned_on)),
        Field::line("place", "地点").max(120).maybe(held.map(|c| &c.place)),
        Field::text("agenda", "议程")
            .max(8_000)
            .maybe(held.map(|c| &c.agenda))
            .help("不填的，按当前未结事项自动汇集；可以再改。"),
    ]
}

fn hold_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::date("held_on", "召开日期").required().value(cx.today()),
            Field::text("attendance", "参加人员").max(2_000).required().help("巡察办和巡察组各写明姓名。"),
            Field::text("record", "会商记录").required().help("主要情况和形成的一致意见。"),
            Field::new("files", "附件", FieldKind::Files),
        ])
    })
}

fn cancel_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(1_000).required()]) })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        kind: form.need_choice("kind")?,
        title: form.text("title"),
        planned_on: form.need_date("planned_on")?,
        place: form.text("place"),
        agenda: form.text("agenda"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("unit")?, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已安排会商。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ConsultationId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn hold(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ConsultationId = target(id)?;
    let holding = Holding {
        on: form.need_date("held_on")?,
        attendance: form.text("attendance"),
        record: form.text("record"),
    };
    actions::hold(cx, id, holding, form).await?;
    Ok(Outcome::new(NOUN, id, "已登记会商情况，请逐条登记会商意见。"))
}

async fn close(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: ConsultationId = target(id)?;
    actions::close(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已办结。"))
}

async fn cancel(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ConsultationId = target(id)?;
    actions::cancel(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已取消。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let one = store::find(cx, ConsultationId(id)).await?;
    let names = units::names(cx, one.organisation_id, one.inspection_id).await?;
    let (all, open) = store::points(cx, one.id).await?;
    let mut view = RecordView::new(&one.title, one.version)
        .fact("kind", "会商类型", Shown::choice(one.kind.choice()))
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, Some(one.organisation_id.0), names.organisation),
        )
        .fact(
            "inspection",
            "巡察",
            Shown::link(units::INSPECTIONS, Some(one.inspection_id), names.inspection),
        )
        .fact("planned_on", "安排日期", Shown::Date(one.planned_on))
        .fact("held_on", "召开日期", Shown::date(one.held_on))
        .fact("place", "地点", Shown::text(&one.place))
        .fact("points", "会商意见", Shown::text(format!("共 {all} 条，未落实 {open} 条")))
        .fact("agenda", "议程", Shown::long(&one.agenda))
        .fact("attendance", "参加人员", Shown::long(&one.attendance))
        .fact("record", "会商记录", Shown::long(&one.record));
    view.number.clone_from(&one.number);
    view.state = Some(one.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.deeds = one.open_deeds(&cx.actor);
    let writes = consultation_points::may_create(&cx.actor, one.inspection_id)
        && matches!(one.state, State::Planned | State::Held);
    let new = writes.then(|| format!("consultation={id}"));
    let condition = Pred::is("consultation_id", id);
    view = view.related("points", "会商意见", consultation_points::NOUN, condition, new);
    if matches!(one.state, State::Planned | State::Held) {
        let html = open_html(&agenda::open(cx, one.unit_id, one.inspection_id).await?);
        view.tabs.push(Tab::Html { key: "open", label: "当前未结事项", html });
    }
    view.tabs.push(Tab::Files);
    Ok(view)
}

fn open_html(parts: &[Part]) -> String {
    if parts.is_empty() {
        return String::from(
            "<div class=\"empty\"><h2>没有未结事项</h2><p>底稿、确认单和立行立改都已办结。</p></div>",
        );
    }
    let mut html = String::from("<div class=\"panel-body stack\">");
    for part in parts {
        let _ = write!(html, "<h3>{} <span class=\"count\">{}</span></h3><ul>", part.heading, part.count);
        for title in &part.titles {
            html.push_str("<li>");
            escape(title, &mut html);
            html.push_str("</li>");
        }
        html.push_str("</ul>");
    }
    html.push_str("</div>");
    html
}
