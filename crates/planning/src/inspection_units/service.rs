//! How inspected organisations appear: list, page, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx, lifecycle,
    service::{Group, Told, Waiting, Work, target},
};
use registry::organisations::{self, OrganisationId};
use uuid::Uuid;

use super::{
    Deed, InspectionUnit, InspectionUnitId, NOUN, Stage, actions, day_label, field_of, known_to_organisation,
    store,
};
use crate::{
    inspections::{self, Inspection, InspectionId, InspectionKind},
    rights, teams,
};

/// The stage as the organisation knows it, which is told of neither report nor hearing nor decision;
/// the same order as [`InspectionUnit::days`].
const KNOWN_STAGE: &str = "(case when u.looked_back_on is not null then 'looked_back' \
    when u.closed_on is not null then 'closed' when u.evaluated_on is not null then 'evaluated' \
    when u.rectifying_on is not null then 'rectifying' when u.fed_back_on is not null then 'fed_back' \
    when u.left_on is not null then 'left' when u.entered_on is not null then 'on_site' \
    when u.notified_on is not null then 'notified' else 'planned' end)";

/// The deadline as far as it is the organisation's own.
const OWN_DUE: &str = "(case when u.state in ('fed_back', 'rectifying') then u.due_on end)";

// Reports, hearings and decisions stand on the record page only: the inspected organisation has a
// list of its own inspections, and those days are not for it. For the same reason it has its own
// columns for stage and deadline.
const COLUMNS: &[Column] = &[
    Column::title("title", "巡察对象", "o.name"),
    Column::reference("inspection", "巡察任务", "u.inspection_id", "i.name", inspections::NOUN)
        .only(rights::inside),
    Column::text("inspection_name", "巡察任务", "i.number || ' ' || i.name").only(rights::only_inspected),
    Column::choice("kind", "巡察类型", "u.kind", InspectionKind::CHOICES),
    Column::text("team", "巡察组", "i.team"),
    Column::choice("state", "环节", "u.state", Stage::CHOICES).only(rights::inside),
    Column::choice("known_state", "环节", KNOWN_STAGE, Stage::CHOICES).only(rights::only_inspected),
    Column::clock("due", "期限", "u.due_on", "u.due_on is null").sortable().only(rights::inside),
    Column::clock("own_due", "期限", OWN_DUE, "u.due_on is null").only(rights::only_inspected),
    Column::date("planned_on", "计划进驻", "u.planned_on").sortable().filled(),
    Column::date("notified_on", "通知日期", "u.notified_on").hidden(),
    Column::date("entered_on", "进驻日期", "u.entered_on"),
    Column::date("left_on", "撤点日期", "u.left_on").hidden(),
    Column::date("fed_back_on", "反馈日期", "u.fed_back_on").hidden(),
    Column::date("closed_on", "办结日期", "u.closed_on").hidden(),
    Column::reference("organisation", "单位档案", "u.organisation_id", "o.name", organisations::NOUN)
        .hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "巡察对象",
        table: "inspection_unit",
        group: Group::Plan,
        listed: true,
        icon: "building-bank",
        secrecy: Secrecy::Internal,
        about: "每家被巡察单位从授权、通知、进驻到反馈、整改、办结的全过程，各环节日期按序登记。",
        list: Table {
            from: "inspection_unit u join organisation o on o.id = u.organisation_id \
                   join inspection i on i.id = u.inspection_id",
            alias: "u",
            title: "o.name || '（' || i.number || '）'",
            number: None,
            columns: COLUMNS,
            order: "-planned_on",
        },
        visible: InspectionUnit::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: rights::keeps,
        waiting: waiting(),
        governed: Some(Governed {
            noun: NOUN,
            label: "巡察对象",
            transitions: lifecycle::transitions::<InspectionUnit>,
            permissions: || lifecycle::permissions(sample, rights::concerned, rights::stranger),
        }),
    }
}

macro_rules! stage {
    ($deed:ident, $next:literal) => {
        Offer::on(
            Deed::$deed.code(),
            Deed::$deed.label(),
            |cx, _| Box::pin(async move { Ok(day_fields(cx, Deed::$deed)) }),
            |cx, id, form| Box::pin(step(cx, id, form, Deed::$deed)),
        )
        .primary()
        .bulk()
        .next($next)
    };
}

fn deeds() -> Vec<Offer> {
    vec![
        Offer::create("列入单位", create_fields, |cx, _, form| Box::pin(create(cx, form)))
            .next("单位进入所选任务，接着由领导小组或巡察办主任授权。"),
        Offer::on("edit", "更正日期", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form)))
            .next("只能更正已办理环节的日期，先后次序不变；更正记入历史。"),
        stage!(Authorise, "巡察组取得对这家单位的授权，接着在进驻前通知单位。"),
        stage!(Notify, "被巡察单位联络员从此可以看到本次巡察和巡察组名单。"),
        stage!(Enter, "开始现场了解；机动巡察可以不事先通知。"),
        stage!(Pause, "本段现场工作截止，恢复进驻后另起一段。"),
        stage!(Resume, "现场工作继续，另起一段。"),
        stage!(Leave, "现场工作结束，巡察报告的期限开始计算；常规巡察计入全覆盖。"),
        stage!(Report, "报告送领导小组听取，听取期限开始计算。"),
        stage!(Hear, "等待市委研究决定。"),
        stage!(Decide, "反馈期限开始计算。"),
        stage!(FeedBack, "单位开始整改，整改方案的期限开始计算。"),
        stage!(Rectify, "进入集中整改，整改报告的期限从反馈之日计算。"),
        stage!(Evaluate, "评估整改成效，合格后办结。"),
        stage!(Close, "本次巡察办结，长期坚持事项继续跟踪。"),
        stage!(LookBack, "登记对本次整改的“回头看”。"),
    ]
}

fn waiting() -> Vec<Waiting> {
    vec![
        Waiting {
            label: "快到期或已逾期的巡察环节",
            condition: |actor, day| {
                if rights::keeps(actor) {
                    Pred::AtMost("due_on", kit::clock::days_after(day, 7).into())
                } else {
                    Pred::Nothing
                }
            },
            due: Some("due"),
        },
        Waiting {
            label: "待提交报告的单位",
            condition: |actor, _| actor.own_inspections(Role::TeamHead).and(Pred::is("state", Stage::Left)),
            due: Some("due"),
        },
        Waiting {
            label: "待授权的单位",
            condition: |actor, _| {
                if rights::approves(actor) { Pred::is("state", Stage::Planned) } else { Pred::Nothing }
            },
            due: None,
        },
    ]
}

pub(super) fn sample(state: Stage) -> InspectionUnit {
    InspectionUnit {
        id: InspectionUnitId(rights::OWN),
        version: 1,
        inspection_id: InspectionId(rights::OWN),
        organisation_id: OrganisationId(rights::OWN),
        kind: InspectionKind::Regular,
        state,
        planned_on: rights::sample_day(),
        authorised_on: None,
        notified_on: (state > Stage::Authorised).then(rights::sample_day),
        entered_on: None,
        left_on: None,
        reported_on: None,
        heard_on: None,
        decided_on: None,
        fed_back_on: None,
        rectifying_on: None,
        evaluated_on: None,
        closed_on: None,
        looked_back_on: None,
        district_id: Some(OrganisationId(rights::OWN)),
        due_on: None,
        due_basis: String::new(),
    }
}

fn day_fields(cx: &Cx, deed: Deed) -> Vec<Field> {
    vec![Field::date("on", day_label(deed)).required().value(cx.today()).help(help(deed))]
}

fn help(deed: Deed) -> &'static str {
    match deed {
        Deed::Authorise => "一轮一授权：填写领导小组或市委授权的日期。",
        Deed::Notify => "一般在进驻前若干工作日通知，具体见期限依据。",
        Deed::Enter => "召开进驻动员会的日期。",
        Deed::Pause => "如春节假期：填写离开前最后在现场的一天。",
        Deed::Decide => "书记专题会议或常委会会议研究的日期。",
        Deed::FeedBack => "向党组织领导班子反馈的日期；整改期限从这一天计算。",
        _ => "填写实际发生的日期，不能早于上一环节。",
    }
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, InspectionUnitId(id)).await?),
            None => None,
        };
        let mut fields =
            vec![Field::date("planned_on", "计划进驻").required().maybe(held.as_ref().map(|u| u.planned_on))];
        let days = held.as_ref().map_or_else(|| sample(Stage::Planned).days(), InspectionUnit::days);
        // Without a record the form is described with every day it can have.
        let reached = days.into_iter().filter(|(_, day)| day.is_some() || held.is_none());
        fields.extend(reached.map(|(deed, day)| Field::date(field_of(deed), day_label(deed)).maybe(day)));
        Ok(fields)
    })
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::pick("inspection", "巡察任务", inspections::NOUN).required(),
            Field::pick("organisation", "单位", organisations::NOUN).required(),
            Field::date("planned_on", "计划进驻").required().help("不早于任务开始日期。"),
        ])
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let (inspection, organisation) = (form.need_id("inspection")?, form.need_id("organisation")?);
    let id = actions::put_in(cx, inspection, organisation, form.need_date("planned_on")?).await?;
    Ok(Outcome::new(NOUN, id, "已列入任务。"))
}

async fn step(cx: &mut WriteCx, id: Option<Uuid>, form: &Form, deed: Deed) -> Result<Outcome> {
    let id: InspectionUnitId = target(id)?;
    let state = actions::step(cx, id, deed, form.need_date("on")?).await?;
    Ok(Outcome::new(NOUN, id, format!("已办理“{}”，当前环节：{}。", deed.label(), state.label())))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: InspectionUnitId = target(id)?;
    let corrections = Deed::ALL.iter().filter_map(|&deed| Some((deed, form.date(field_of(deed))?))).collect();
    actions::edit(cx, id, form.need_date("planned_on")?, corrections).await?;
    Ok(Outcome::new(NOUN, id, "已更正日期。"))
}

#[derive(kit::sea_orm::FromQueryResult)]
struct About {
    number: String,
    name: String,
    team: String,
}

/// Of the inspection, what everybody may know who sees one of its organisations.
async fn about(cx: &Cx, id: InspectionId) -> Result<About> {
    let mut sql = db::Sql::new("select number, name, team from inspection where id = ");
    sql.bind(id);
    cx.first(sql).await?.ok_or_else(|| kit::Refusal::not_found().into())
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let unit = store::find(cx, InspectionUnitId(id)).await?;
    let organisation = organisations::find(cx, unit.organisation_id).await?;
    let about = about(cx, unit.inspection_id).await?;
    let inside = unit.is_inside(&cx.actor);
    let title = format!("{} {}", about.number, about.name);
    let opens = Inspection::visible(&cx.actor) != Pred::Nothing
        && kit::service::can_see(cx, inspections::NOUN, unit.inspection_id.0).await?;
    let inspection = if opens {
        Shown::link(inspections::NOUN, Some(unit.inspection_id.0), title)
    } else {
        Shown::text(title)
    };
    let named = Shown::link(organisations::NOUN, Some(organisation.id.0), &organisation.name);
    let mut view = RecordView::new(&organisation.name, unit.version)
        .fact("organisation", "单位", named)
        .fact("inspection", "巡察任务", inspection)
        .fact("kind", "巡察类型", Shown::choice(unit.kind.choice()))
        .fact("team", "巡察组", Shown::text(about.team))
        .fact("planned_on", "计划进驻", Shown::Date(unit.planned_on));
    for (deed, day) in unit.days() {
        if inside || known_to_organisation(deed) {
            view = view.fact(field_of(deed), day_label(deed), Shown::date(day));
        }
    }
    view.number = about.number;
    let stage = if inside { unit.state } else { unit.known_stage_on(cx.today()) };
    view.state = Some(stage.choice());
    view.deeds = unit.open_deeds(&cx.actor);
    if !inside {
        // A correction may be one of a day that the organisation does not know.
        let told = |deed: &&Deed| known_to_organisation(**deed) && **deed != Deed::Edit;
        let known = Deed::ALL.iter().filter(told);
        view.told = Told::Only(known.map(|deed| deed.code()).collect());
    }
    if inside || matches!(unit.state, Stage::FedBack | Stage::Rectifying) {
        view = view.fact("due_basis", "期限依据", Shown::text(&unit.due_basis));
        let alarms = kit::alarms(cx).await?;
        view.clock = unit.due_on.map(|due| ("本环节期限", alarms.clock(Some(due), false)));
    }
    hang_on(cx, view, &unit, inside).await
}

async fn hang_on(cx: &Cx, mut view: RecordView, unit: &InspectionUnit, inside: bool) -> Result<RecordView> {
    let intervals = store::intervals(cx, unit.id).await?;
    if !intervals.is_empty() {
        let rows = intervals.iter().map(|time| [Shown::Date(time.from_on), Shown::date(time.to_on)]);
        let html = html_table(["进驻", "离开"], rows);
        view.tabs.push(Tab::Html { key: "intervals", label: "现场时间", html });
    }
    let members = teams::members_on(cx, unit.inspection_id, cx.today()).await?;
    view.people = members.iter().map(|member| (member.name.clone(), member.role.label())).collect();
    if !members.is_empty() {
        let rows =
            members.into_iter().map(|member| [Shown::text(member.name), Shown::choice(member.role.choice())]);
        view.tabs.push(Tab::Html {
            key: "team",
            label: "巡察组名单",
            html: html_table(["姓名", "职责"], rows),
        });
    }
    if inside {
        let others = Pred::is("organisation_id", unit.organisation_id);
        view = view.related("history", "历次巡察", NOUN, others, None);
    }
    Ok(view)
}

fn html_table(heads: [&str; 2], rows: impl Iterator<Item = [Shown; 2]>) -> String {
    let mut html = String::from("<div class=\"table-wrap\"><table class=\"data\"><thead><tr>");
    for head in heads {
        html.push_str("<th scope=\"col\">");
        html.push_str(head);
        html.push_str("</th>");
    }
    html.push_str("</tr></thead><tbody>");
    for row in rows {
        html.push_str("<tr>");
        for cell in row {
            html.push_str("<td>");
            cell.html(&mut html);
            html.push_str("</td>");
        }
        html.push_str("</tr>");
    }
    html.push_str("</tbody></table></div>");
    html
}
