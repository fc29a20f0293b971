//! How feedback meetings appear: list, page, forms.

use ::reports::reports::{self, desk};
use chrono::NaiveDate;
use fieldwork::problems;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, target},
};
use planning::{samples, units};
use registry::organisations;
use uuid::Uuid;

use super::{
    CopyTo, Feedback, FeedbackId, NOUN, State,
    actions::{self, Arrangement, Held, Sent},
    store,
};

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "f.number").opens(),
    Column::reference("organisation", "被巡察单位", "f.organisation_id", "o.name", organisations::NOUN),
    Column::reference("inspection", "巡察", "f.inspection_id", "i.name", units::INSPECTIONS),
    Column::date("planned_on", "计划日期", "f.planned_on"),
    Column::clock("due_on", "反馈期限", "f.due_on", "f.held_on is not null").sortable(),
    Column::date("held_on", "召开日期", "f.held_on").sortable(),
    Column::text("leader_name", "分管市领导", "f.leader_name"),
    Column::flag("leader_attended", "分管市领导参加", "f.leader_attended").hidden(),
    Column::choice("state", "状态", "f.state", State::CHOICES),
    Column::text("place", "地点", "f.place").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "反馈会",
        table: "feedback",
        group: Group::Rectify,
        listed: true,
        icon: "message-report",
        secrecy: Secrecy::Internal,
        about: "向被巡察单位反馈巡察意见，每个被巡察对象一次；召开后问题公开给单位，整改期限开始计算。",
        list: Table {
            from: "feedback f left join organisation o on o.id = f.organisation_id \
                   left join inspection i on i.id = f.inspection_id",
            alias: "f",
            title: "o.name",
            number: Some("f.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: Feedback::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("安排反馈会", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("反馈期限从审议决定之日起算；召开前被巡察单位不可见。"),
            Offer::on("hold", "召开反馈", hold_fields, |cx, id, form| Box::pin(hold(cx, id, form)))
                .primary()
                .next("所选问题一次反馈给被巡察单位，整改期限从召开之日起算。召开日期以后不能更改。"),
            Offer::on("record", "存档", record_fields, |cx, id, form| Box::pin(record(cx, id, form)))
                .primary()
                .next("记录被巡察单位的表态，反馈意见和签到表作为附件上传。"),
            Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("copy", "登记抄送", copy_fields, |cx, id, form| Box::pin(copy(cx, id, form)))
                .next("反馈意见抄送分管市领导、主管部门、纪检监察机关和组织部门，逐项登记。"),
            kit::files::attach_deed(),
        ],
        creates: actions::may_create,
        waiting: vec![Waiting { label: "反馈会待召开", condition: to_hold, due: Some("due_on") }],
        governed: Some(Governed {
            noun: NOUN,
            label: "反馈会",
            transitions: lifecycle::transitions::<Feedback>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn to_hold(actor: &Actor, _: NaiveDate) -> Pred {
    if actor.is_office() { Pred::is("state", State::Planned) } else { Pred::Nothing }
}

async fn held(cx: &Cx, id: Option<Uuid>) -> Result<Option<Feedback>> {
    match id {
        Some(id) => Ok(Some(store::find(cx, FeedbackId(id)).await?)),
        None => Ok(None),
    }
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![Field::pick("unit", "被巡察对象", units::NOUN).required()];
        fields.extend(arrangement_fields(None));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move { Ok(arrangement_fields(held(cx, id).await?.as_ref())) })
}

fn arrangement_fields(held: Option<&Feedback>) -> Vec<Field> {
    vec![
        Field::date("planned_on", "计划日期").maybe(held.and_then(|f| f.planned_on)),
        Field::line("place", "地点").max(120).maybe(held.map(|f| &f.place)),
        Field::line("leader_name", "分管市领导")
            .max(40)
            .maybe(held.map(|f| &f.leader_name))
            .help("不填的，按组织机构登记的分管市领导自动填写。"),
        Field::text("note", "备注").max(2_000).maybe(held.map(|f| &f.note)),
    ]
}

fn hold_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = held(cx, id).await?;
        let leader = match &held {
            Some(feedback) if feedback.leader_name.is_empty() => {
                let known = organisations::leader_on(cx, feedback.organisation_id, cx.today()).await?;
                known.map(|(name, _)| name).unwrap_or_default()
            }
            Some(feedback) => feedback.leader_name.clone(),
            None => String::new(),
        };
        Ok(vec![
            Field::date("held_on", "召开日期").required().value(cx.today()),
            Field::line("place", "地点").max(120).required().maybe(held.as_ref().map(|f| &f.place)),
            Field::line("leader_name", "分管市领导")
                .max(40)
                .value(leader)
                .help("不填的，按召开当日登记的分管市领导自动填写。"),
            Field::flag("leader_attended", "分管市领导参加")
                .help("分管市领导应参加反馈会，参加情况计入统计。"),
            Field::new("problems", "反馈问题", Kind::PickMany(problems::NOUN))
                .help("不选的，反馈这个被巡察对象全部“已发现”的问题。"),
        ])
    })
}

fn record_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = held(cx, id).await?;
        Ok(vec![Field::text("statement", "单位表态").max(10_000).required().maybe(held.map(|f| f.statement))])
    })
}

fn copy_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    let today = cx.today();
    Box::pin(async move {
        Ok(vec![
            Field::choice::<CopyTo>("to", "抄送对象").required(),
            Field::line("recipient", "收件单位或人员").max(100).required(),
            Field::date("sent_on", "抄送日期").required().value(today),
            Field::line("note", "文号或签收").max(200),
        ])
    })
}

async fn copy(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: FeedbackId = target(id)?;
    let sent =
        Sent { recipient: form.text("recipient"), on: form.need_date("sent_on")?, note: form.text("note") };
    actions::copy(cx, id, form.need_choice("to")?, sent).await?;
    Ok(Outcome::new(NOUN, id, "已登记抄送。"))
}

/// What the approved report gives to the feedback; the inspected organisation learns of no report.
async fn from_report(cx: &Cx, feedback: &Feedback, view: RecordView) -> Result<RecordView> {
    if reports::open_to(&cx.actor) == Pred::Nothing {
        return Ok(view);
    }
    let approved = desk::approved(cx, feedback.unit_id).await?;
    let link = approved.as_ref().map(|one| one.report.id.0);
    let judgment = approved.as_ref().map(|one| one.judgment.clone()).unwrap_or_default();
    let told = approved.map(|one| one.problems).unwrap_or_default();
    let of_unit = || Pred::is("unit_id", feedback.unit_id);
    let all = if told.is_empty() { of_unit() } else { of_unit().and(Pred::within("id", told)) };
    let head = of_unit().and(Pred::one_of("responsibility", ["first_person", "main_leadership"]));
    let mut view = view
        .fact("report", "巡察报告", Shown::link(reports::NOUN, link, "查看报告"))
        .fact("judgment", "总体评价", Shown::long(judgment))
        .related("report_problems", "报告问题", problems::NOUN, all, None)
        .related("head_problems", "主要负责人问题", problems::NOUN, head, None);
    let copies = store::copies(cx, feedback.id).await?;
    if !copies.is_empty() {
        view.tabs.push(Tab::Html { key: "copies", label: "抄送", html: copies_html(&copies) });
    }
    Ok(view)
}

fn copies_html(copies: &[store::CopyLine]) -> String {
    let mut html = String::from(
        "<div class=\"table-wrap\"><table class=\"data\"><thead><tr><th scope=\"col\">抄送对象</th><th scope=\"col\">收件单位或人员</th>\
         <th scope=\"col\">抄送日期</th><th scope=\"col\">文号或签收</th></tr></thead><tbody>",
    );
    for copy in copies {
        let sent = copy.sent_on.map_or_else(|| String::from("未抄送"), |on| on.to_string());
        html.push_str("<tr>");
        for cell in [copy.kind.label(), copy.recipient.as_str(), sent.as_str(), copy.note.as_str()] {
            html.push_str("<td>");
            kit::shown::escape(cell, &mut html);
            html.push_str("</td>");
        }
        html.push_str("</tr>");
    }
    html.push_str("</tbody></table></div>");
    html
}

fn arrangement(form: &Form) -> Arrangement {
    Arrangement {
        planned_on: form.date("planned_on"),
        place: form.text("place"),
        leader_name: form.text("leader_name"),
        note: form.text("note"),
    }
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("unit")?, arrangement(form)).await?;
    Ok(Outcome::new(NOUN, id, "已安排反馈会。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: FeedbackId = target(id)?;
    actions::edit(cx, id, arrangement(form)).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn hold(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: FeedbackId = target(id)?;
    let held = Held {
        on: form.need_date("held_on")?,
        place: form.text("place"),
        leader_name: form.text("leader_name"),
        leader_attended: form.flag("leader_attended"),
        problems: form.ids("problems"),
    };
    let count = actions::hold(cx, id, held).await?;
    Ok(Outcome::new(NOUN, id, format!("已反馈 {count} 个问题，整改期限开始计算。")))
}

async fn record(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: FeedbackId = target(id)?;
    actions::record(cx, id, form.text("statement")).await?;
    Ok(Outcome::new(NOUN, id, "已存档。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let feedback = store::find(cx, FeedbackId(id)).await?;
    let names = units::names(cx, feedback.organisation_id, feedback.inspection_id).await?;
    let problems_of_unit = Pred::is("unit_id", feedback.unit_id);
    let mut view = RecordView::new(format!("{}反馈会", names.organisation), feedback.version)
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, Some(feedback.organisation_id.0), names.organisation),
        )
        .fact(
            "inspection",
            "巡察",
            Shown::link(units::INSPECTIONS, Some(feedback.inspection_id), names.inspection),
        )
        .fact("planned_on", "计划日期", Shown::date(feedback.planned_on))
        .fact("held_on", "召开日期", Shown::date(feedback.held_on))
        .fact("place", "地点", Shown::text(&feedback.place))
        .fact("leader_name", "分管市领导", Shown::text(&feedback.leader_name))
        .fact("leader_attended", "分管市领导参加", feedback.leader_attended.map_or(Shown::Empty, Shown::Flag))
        .fact("statement", "单位表态", Shown::long(&feedback.statement))
        .fact("due_basis", "期限依据", Shown::text(&feedback.due_basis))
        .fact("note", "备注", Shown::long(&feedback.note))
        .related("problems", "反馈问题", problems::NOUN, problems_of_unit, None);
    view = from_report(cx, &feedback, view).await?;
    view.number.clone_from(&feedback.number);
    view.state = Some(feedback.state.choice());
    let done = feedback.held_on.is_some();
    view.clock = Some(("反馈期限", kit::alarms(cx).await?.clock(feedback.due_on, done)));
    view.deeds = feedback.open_deeds(&cx.actor);
    view.tabs.push(Tab::Files);
    Ok(view)
}
