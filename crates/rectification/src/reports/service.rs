//! How reports on rectification appear: list, page with the figures of its day, forms.

use kit::{
    Column, Cx, Deed as DeedOf, Field, Form, Labelled as _, Lifecycle as _, Outcome, Pred, RecordView,
    Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx, form,
    service::{Group, Waiting, Work, target},
};
use uuid::Uuid;

use super::{Deed, Kind, NOUN, Report, ReportId, State, actions, end_of, governed, store};
use crate::{
    common::about,
    html::{Grid, paragraph},
    instructions, rect_plans,
    subjects::{self, INSPECTIONS, ORGANISATIONS, UNITS},
};

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "r.number").opens(),
    Column::choice("kind", "报告种类", "r.kind", Kind::CHOICES),
    Column::reference("organisation", "被巡察单位", "r.organisation_id", "o.name", ORGANISATIONS),
    Column::reference("inspection", "巡察", "r.inspection_id", "i.name", INSPECTIONS).hidden(),
    Column::date("month", "月份", "r.month").hidden(),
    Column::choice("state", "状态", "r.state", State::CHOICES),
    Column::clock("due_on", "报送期限", "r.due_on", "r.state in ('submitted', 'accepted')")
        .sortable()
        .filled(),
    Column::date("submitted_on", "报送日期", "r.submitted_on"),
    Column::date("told_on", "向分管领导报告", "r.told_on"),
    Column::text("leader", "分管领导", "r.leader_name").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "整改报告",
        table: "rect_report",
        group: Group::Rectify,
        listed: true,
        icon: "report",
        secrecy: Secrecy::Internal,
        about: "方案通过后自动到期的各种报告：月报、专题民主生活会、中期、整改进展和主要负责人报告，报分管领导的写明日期和证明。",
        list: Table {
            from: "rect_report r left join organisation o on o.id = r.organisation_id left join inspection i on i.id = r.inspection_id",
            alias: "r",
            title: "r.number",
            number: Some("r.number"),
            columns: COLUMNS,
            order: "-due_on",
        },
        visible: Report::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            DeedOf::create("安排报送", new_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("方案审核通过时各种报告自动安排；以前反馈的单位在这里补。"),
            DeedOf::on("submit", "报送", submit_fields, |cx, id, form| Box::pin(submit(cx, id, form)))
                .primary()
                .next("报送巡察办审核；月报报送后自动安排下个月的，直到问题全部销号。"),
            DeedOf::on("accept", "审核通过", accept_fields, |cx, id, form| {
                Box::pin(review(cx, id, Deed::Accept, form))
            })
            .primary(),
            DeedOf::on("return", "退回", return_fields, |cx, id, form| {
                Box::pin(review(cx, id, Deed::Return, form))
            })
            .danger()
            .next("退回单位修改后重新报送。"),
            DeedOf::on("tell_leader", "登记向分管领导报告", tell_fields, |cx, id, form| {
                Box::pin(tell(cx, id, form))
            })
            .next("分管领导作出批示的，另在“领导批示”登记并跟踪落实。"),
            kit::files::attach_deed(),
        ],
        creates: kit::Actor::is_office,
        waiting: waiting(),
        governed: Some(governed()),
    }
}

fn waiting() -> Vec<Waiting> {
    vec![
        Waiting {
            label: "待报送的整改报告",
            condition: |actor, today| {
                let own = actor.own_organisations(Role::OrganisationLiaison, "organisation_id");
                own.and(Pred::one_of("state", [State::Due, State::Returned]))
                    .and(Pred::AtMost("due_on", kit::clock::days_after(today, 45).into()))
            },
            due: Some("due_on"),
        },
        Waiting {
            label: "待审核的整改报告",
            condition: |actor, _| {
                if actor.is_office() { Pred::is("state", State::Submitted) } else { Pred::Nothing }
            },
            due: None,
        },
        Waiting {
            label: "尚未向分管领导报告的整改报告",
            condition: |actor, _| {
                let own = actor.own_organisations(Role::OrganisationLiaison, "organisation_id");
                own.and(Pred::one_of("kind", [Kind::Progress, Kind::FirstResponsible]))
                    .and(Pred::is("state", State::Accepted))
                    .and(Pred::Absent("told_on"))
            },
            due: None,
        },
    ]
}

fn new_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::pick("unit", "被巡察单位", UNITS).required(),
            Field::choice::<Kind>("kind", "报告种类").required(),
            Field::date("month", "月份").help("月报填写所属月份中的任一天，其他报告留空。"),
        ])
    })
}

fn submit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, ReportId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        let mut fields = vec![Field::text("text", "报告内容").required().maybe(held.map(|r| &r.text)).help(
            "写做了什么、取得什么结果、还有什么问题和下一步安排；数字以台账为准，页面按截止日自动列出。",
        )];
        if held.is_none_or(|r| r.kind == Kind::LifeMeeting) {
            fields.push(
                Field::date("held_on", "民主生活会召开日期")
                    .maybe(held.and_then(|r| r.held_on))
                    .help("只在报送专题民主生活会情况时填写。"),
            );
        }
        fields.push(
            Field::new("files", "正式报告和附件", form::Kind::Files)
                .help("主要负责人报告须由本人审定签字，上传签字件。"),
        );
        Ok(fields)
    })
}

fn accept_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "审核意见").max(4_000)]) })
}

fn return_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("opinion", "退回意见")
                .max(4_000)
                .required()
                .help("指出哪些数字与台账不符、哪些问题没有写清。"),
        ])
    })
}

fn tell_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let leader = match id {
            Some(id) => store::leader_of(cx, store::find(cx, ReportId(id)).await?.unit_id).await?,
            None => String::new(),
        };
        Ok(vec![
            Field::line("leader", "分管市领导").max(80).required().value(leader),
            Field::date("told_on", "报告日期").required().value(cx.today()),
            Field::line("told_how", "报告方式和文号").max(200).help("如书面呈报、当面汇报，写明呈批件文号。"),
            Field::new("files", "证明材料", form::Kind::Files),
        ])
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id =
        actions::create(cx, form.need_id("unit")?, form.need_choice("kind")?, form.date("month")).await?;
    Ok(Outcome::new(NOUN, id, "已安排报送。"))
}

async fn submit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ReportId = target(id)?;
    actions::submit(cx, id, form.text("text"), form.date("held_on"), form).await?;
    Ok(Outcome::new(NOUN, id, "已报送巡察办审核。"))
}

async fn review(cx: &mut WriteCx, id: Option<Uuid>, deed: Deed, form: &Form) -> Result<Outcome> {
    let id: ReportId = target(id)?;
    actions::review(cx, id, deed, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, if deed == Deed::Accept { "审核通过。" } else { "已退回单位。" }))
}

async fn tell(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ReportId = target(id)?;
    let (leader, on) = (form.text("leader"), form.need_date("told_on")?);
    actions::tell_leader(cx, id, leader, on, form.text("told_how"), form).await?;
    Ok(Outcome::new(NOUN, id, "已登记向分管领导报告。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let report = store::find(cx, ReportId(id)).await?;
    let unit = subjects::unit(cx, report.unit_id).await?;
    let day = report.month.map(end_of).or(report.submitted_on).unwrap_or(cx.today()).min(cx.today());
    let standing = store::standing_as_of(cx, report.unit_id, day).await?;
    let title = match report.month {
        Some(month) => {
            format!("{}{}{}", unit.organisation_name, month.format("%Y年%-m月"), report.kind.label())
        }
        None => format!("{}{}", unit.organisation_name, report.kind.label()),
    };
    let plan = match report.plan_id {
        Some(plan) if kit::service::can_see(cx, rect_plans::NOUN, plan.0).await? => Some(plan.0),
        _ => None,
    };
    let mut view = about(RecordView::new(title, report.version), &unit)
        .fact("kind", "报告种类", Shown::choice(report.kind.choice()))
        .fact("plan", "整改方案", Shown::link(rect_plans::NOUN, plan, "查看方案"))
        .fact("due_on", "报送期限", Shown::Date(report.due_on))
        .fact("due_basis", "期限依据", Shown::text(&report.due_basis))
        .fact("held_on", "民主生活会召开日期", Shown::date(report.held_on))
        .fact("submitted_on", "报送日期", Shown::date(report.submitted_on))
        .fact("reviewed_on", "审核日期", Shown::date(report.reviewed_on))
        .fact("leader", "分管市领导", Shown::text(&report.leader_name))
        .fact("told_on", "向分管领导报告日期", Shown::date(report.told_on))
        .fact("told_how", "报告方式和证明", Shown::text(&report.told_how))
        .fact("text", "报告内容", Shown::long(&report.text))
        .fact("opinion", "审核意见", Shown::long(&report.opinion));
    view.number.clone_from(&report.number);
    view.state = Some(report.state.choice());
    view.deeds = report.open_deeds(&cx.actor);
    let sent = matches!(report.state, State::Submitted | State::Accepted);
    view.clock = Some(("报送期限", kit::alarms(cx).await?.clock(Some(report.due_on), sent)));
    view.tabs
        .push(Tab::Html { key: "standing", label: "整改台账情况", html: standing_html(day, standing) });
    if report.kind.goes_to_leader() {
        let create = access_to_instructions(cx).then(|| format!("report={id}"));
        view =
            view.related("instructions", "领导批示", instructions::NOUN, Pred::is("report_id", id), create);
    }
    view.tabs.push(Tab::Files);
    Ok(view)
}

fn access_to_instructions(cx: &Cx) -> bool {
    crate::access::may_begin(&cx.actor)
}

fn standing_html(day: chrono::NaiveDate, standing: store::Standing) -> String {
    let mut grid = Grid::new(&["项目", "数量"]);
    let lines = [
        ("反馈问题", Shown::Integer(standing.problems)),
        ("已销号问题", Shown::Integer(standing.closed_problems)),
        ("销号率", Shown::Rate { numerator: standing.closed_problems, denominator: standing.problems }),
        ("整改措施", Shown::Integer(standing.measures)),
        ("已启动", Shown::Integer(standing.begun)),
        ("已完成", Shown::Integer(standing.closed)),
        ("长期坚持", Shown::Integer(standing.long_term)),
        ("到期未完成", Shown::Integer(standing.overdue)),
    ];
    for (label, value) in lines {
        grid.row(&[Shown::text(label), value]);
    }
    paragraph(&format!("按台账统计，截至 {day}。")) + &grid.finish()
}
