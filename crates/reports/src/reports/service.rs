//! How reports appear: as reports and, apart from them, as restricted materials.

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Refusal, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx, lifecycle,
    service::{Group, Waiting, no_fields, target},
};
use planning::{samples, units};
use registry::organisations;
use uuid::Uuid;

use super::{
    Kind, MATERIALS, NOUN, Report, ReportId, State, StepBy,
    actions::{self, Entry},
    actions_review, fields, open_to, panels, restricted_to, store,
};
use crate::{report_comments, word};

const BY_NUMBER: &[&str] = &["number"];

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "r.number"),
    Column::title("title", "标题", "r.title"),
    Column::choice("kind", "类型", "r.kind", Kind::CHOICES).indexed_by(BY_NUMBER),
    Column::reference("organisation", "被巡察单位", "r.organisation_id", "o.name", organisations::NOUN)
        .indexed_by(BY_NUMBER),
    Column::reference("inspection", "巡察", "r.inspection_id", "i.name", units::INSPECTIONS)
        .indexed_by(BY_NUMBER)
        .hidden(),
    Column::choice("state", "状态", "r.state", State::CHOICES).indexed_by(BY_NUMBER),
    Column::text("step", "审核环节", "r.step_label"),
    Column::integer(
        "open_points",
        "未结意见",
        "(select count(*) from report_comment c where c.report_id = r.id and c.state <> 'settled')",
    ),
    Column::integer("content_version", "稿次", "r.content_version"),
    Column::clock("due_on", "报告期限", "r.due_on", "r.submitted_on is not null").sortable(),
    Column::date("approved_on", "审定日期", "r.approved_on"),
];

const FROM: &str = "report r left join organisation o on o.id = r.organisation_id \
                    left join inspection i on i.id = r.inspection_id";

fn list() -> Table {
    Table {
        from: FROM,
        alias: "r",
        title: "r.title",
        number: Some("r.number"),
        columns: COLUMNS,
        order: "-number",
    }
}

/// The description of reports.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "巡察报告",
        table: "report",
        group: Group::Report,
        listed: true,
        icon: "report",
        secrecy: Secrecy::Sensitive,
        about: "巡察报告、专题报告和专项检查报告：由已审批的底稿生成，逐句可查底稿，按环节审核，审定后按接收范围报送。",
        list: list(),
        visible: open_to,
        show: |cx, id| Box::pin(show(cx, id, false)),
        deeds: deeds(false),
        creates: |actor| actor.is_any(&[Role::TeamHead, Role::TeamMember]),
        waiting: waiting(),
        governed: Some(Governed {
            noun: NOUN,
            label: "巡察报告",
            transitions: lifecycle::transitions::<Report>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

/// The description of the restricted materials.
pub fn materials() -> Service {
    Service {
        noun: MATERIALS,
        label: "专题材料",
        table: "report",
        group: Group::Report,
        listed: true,
        icon: "lock",
        secrecy: Secrecy::Sealed,
        about: "一把手情况反映、纪检组长（纪委书记）履职情况报告、领导班子情况汇总和问题线索报告：限定知悉，打开须填写理由，被巡察单位不可知。",
        list: list(),
        visible: restricted_to,
        show: |cx, id| Box::pin(show(cx, id, true)),
        deeds: deeds(true),
        creates: |actor| actor.is(Role::TeamHead),
        waiting: waiting(),
        governed: Some(Governed {
            noun: MATERIALS,
            label: "专题材料",
            transitions: lifecycle::transitions::<Report>,
            permissions: || {
                lifecycle::permissions(store::sample_material, samples::concerned, samples::stranger)
            },
        }),
    }
}

fn deeds(restricted: bool) -> Vec<Offer> {
    let create = if restricted {
        Offer::create(
            "起草专题材料",
            |_, _| Box::pin(async { Ok(fields::create_fields(true)) }),
            |cx, _, form| Box::pin(create(cx, form, true)),
        )
    } else {
        Offer::create(
            "起草报告",
            |_, _| Box::pin(async { Ok(fields::create_fields(false)) }),
            |cx, _, form| Box::pin(create(cx, form, false)),
        )
    };
    vec![
        create.next("初稿由已审批的底稿组成，逐句带有底稿引用；之后可以在网页或 Word 中编写。"),
        Offer::on("submit", "提交审核", no_fields, |cx, id, _| Box::pin(submit(cx, id))).primary().next(
            "依次经过设定的审核环节，任何人不重复审核。有无底稿支撑、签字后有变动或待填写内容的不能提交。",
        ),
        Offer::on("approve", "同意，转下一环节", fields::approve_fields, |cx, id, form| {
            Box::pin(approve(cx, id, form))
        })
        .primary()
        .next("转到下一审核环节；进入领导小组环节前检查“1+3”是否齐全。"),
        Offer::on("conclude", "审定", fields::approve_fields, |cx, id, form| {
            Box::pin(approve(cx, id, form))
        })
        .primary()
        .next("这是最后一个环节；审定后不再修改。"),
        Offer::on("return", "退回修改", fields::return_fields, |cx, id, form| {
            Box::pin(hand_back(cx, id, form))
        })
        .danger()
        .next("退回巡察组修改，重新提交后从第一个环节开始。"),
        Offer::on("write", "编写", fields::write_fields, |cx, id, form| Box::pin(write(cx, id, form)))
            .next("形成新的一稿；原来的稿子都保留，可以对比和恢复。"),
        Offer::on("cite", "引用底稿", fields::cite_fields, |cx, id, form| Box::pin(cite(cx, id, form)))
            .next("记录引用时底稿的内容摘要，底稿以后有变动会提示。"),
        Offer::on("bring", "带回 Word 稿", fields::bring_fields, |cx, id, form| {
            Box::pin(bring(cx, id, form))
        })
        .next("随后逐段显示差异，选择采纳或不采纳；引用不会丢失。"),
        Offer::on("assemble", "重新生成初稿", no_fields, |cx, id, _| Box::pin(assemble(cx, id)))
            .next("用当前已审批的底稿重新生成；现有文字保留为历史版本。"),
        Offer::on("rollback", "恢复历史版本", fields::rollback_fields, |cx, id, form| {
            Box::pin(roll_back(cx, id, form))
        })
        .next("以所选的一稿形成新稿，现稿保留为历史版本。"),
        Offer::on("deliver", "报送", fields::deliver_fields, |cx, id, form| {
            Box::pin(deliver(cx, id, form))
        })
        .primary()
        .next("按接收范围通知接收单位，对方在本平台查看。"),
        Offer::on("withdraw", "撤销", fields::withdraw_fields, |cx, id, form| {
            Box::pin(withdraw(cx, id, form))
        })
        .danger()
        .next("不再使用；编号和各稿保留。"),
    ]
}

fn waiting() -> Vec<Waiting> {
    vec![
        Waiting { label: "报告待审核", condition: to_review, due: None },
        Waiting { label: "报告退回修改", condition: to_correct, due: None },
        Waiting { label: "报告起草中", condition: to_finish, due: Some("due_on") },
        Waiting { label: "报告待报送", condition: to_deliver, due: None },
    ]
}

/// Reports at a step on which this person decides; whether he has decided before shows on the page.
fn to_review(actor: &Actor, _: NaiveDate) -> Pred {
    let steps = StepBy::of(actor);
    let own = |step: &StepBy| match step {
        StepBy::Team => {
            Pred::any(vec![actor.own_inspections(Role::TeamHead), actor.own_inspections(Role::TeamMember)])
        }
        StepBy::Head => actor.own_inspections(Role::TeamHead),
        _ => Pred::All,
    };
    Pred::any(steps.iter().map(|step| Pred::is("step_by", *step).and(own(step))).collect())
}

fn written_by(actor: &Actor) -> Pred {
    let heads = actor.own_inspections(Role::TeamHead);
    let members = actor.own_inspections(Role::TeamMember).and(Pred::is("restricted", false));
    Pred::any(vec![heads, members])
}

fn to_correct(actor: &Actor, _: NaiveDate) -> Pred {
    written_by(actor).and(Pred::is("state", State::Returned))
}

fn to_finish(actor: &Actor, _: NaiveDate) -> Pred {
    written_by(actor).and(Pred::is("state", State::Draft))
}

fn to_deliver(actor: &Actor, _: NaiveDate) -> Pred {
    if actor.is_office() { Pred::is("state", State::Approved) } else { Pred::Nothing }
}

async fn create(cx: &mut WriteCx, form: &Form, restricted: bool) -> Result<Outcome> {
    let kind: Option<Kind> = Kind::ALL.iter().copied().find(|kind| kind.code() == form.text("kind"));
    let kind = kind.filter(|kind| kind.is_restricted() == restricted);
    let kind = kind.ok_or_else(|| Refusal::field("kind", "请选择报告类型"))?;
    let entry = Entry { kind, title: form.text("title"), assemble: form.flag("assemble") };
    let id = actions::create(cx, form.need_id("unit")?, entry).await?;
    Ok(Outcome::new(if restricted { MATERIALS } else { NOUN }, id, "已起草，请核对后继续编写。"))
}

async fn outcome(cx: &WriteCx, id: ReportId, message: impl Into<String>) -> Result<Outcome> {
    Ok(Outcome::new(store::find(cx, id).await?.noun(), id, message))
}

async fn submit(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: ReportId = target(id)?;
    actions_review::submit(cx, id).await?;
    outcome(cx, id, "已提交审核。").await
}

async fn approve(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ReportId = target(id)?;
    actions_review::approve(cx, id, fields::opinion(form)?).await?;
    outcome(cx, id, "已登记审核意见。").await
}

async fn hand_back(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ReportId = target(id)?;
    actions_review::hand_back(cx, id, &form.text("reasons")).await?;
    outcome(cx, id, "已退回巡察组修改。").await
}

async fn write(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ReportId = target(id)?;
    let saved = actions::write(cx, id, &form.text("text"), &form.text("note")).await?;
    let message = if saved.lost.is_empty() {
        format!("已保存，现为第 {} 稿。", saved.ordinal)
    } else {
        format!("已保存，现为第 {} 稿。以下底稿不再被引用：{}。", saved.ordinal, saved.lost.join("、"))
    };
    outcome(cx, id, message).await
}

async fn cite(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ReportId = target(id)?;
    let sentence = u64::try_from(form.need_integer("sentence")?).unwrap_or(0);
    actions::cite(cx, id, sentence, &form.ids("drafts")).await?;
    outcome(cx, id, "已更新引用。").await
}

async fn bring(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ReportId = target(id)?;
    let report = store::find(cx, id).await?;
    let upload = form.files.first().ok_or_else(|| Refusal::field("file", "请选择 Word 稿"))?;
    let bytes = upload.bytes(cx.app(), word::MOST_BYTES).await?;
    let brought = word::read(&bytes, id.0, &report.title)?;
    let count = actions::bring(cx, id, brought).await?;
    outcome(cx, id, format!("共 {count} 处修改，请在“Word 稿差异”中逐段选择是否采纳。")).await
}

async fn assemble(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: ReportId = target(id)?;
    actions::assemble(cx, id).await?;
    outcome(cx, id, "已重新生成初稿。").await
}

async fn roll_back(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ReportId = target(id)?;
    let ordinal = form.text("ordinal").parse().map_err(|_| Refusal::field("ordinal", "请选择稿次"))?;
    actions::roll_back(cx, id, ordinal).await?;
    outcome(cx, id, "已恢复为新的一稿。").await
}

async fn deliver(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ReportId = target(id)?;
    actions::deliver(cx, id, form.need_date("delivered_on")?).await?;
    outcome(cx, id, "已报送。").await
}

async fn withdraw(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ReportId = target(id)?;
    actions::withdraw(cx, id, &form.text("reason")).await?;
    outcome(cx, id, "已撤销。").await
}

/// Who works on a report or reviews it; recipients read it and nothing behind it.
pub fn works_on(actor: &Actor, inspection: Uuid) -> bool {
    actor.is_office() || actor.is(Role::LeadingGroup) || actor.in_team(inspection)
}

async fn show(cx: &Cx, id: Uuid, restricted: bool) -> Result<RecordView> {
    let report = store::find(cx, ReportId(id)).await?;
    if report.restricted != restricted {
        return Err(Refusal::not_found().into());
    }
    if !cx.actor.in_team(report.inspection_id) {
        cx.record_read(report.noun(), id).await;
    }
    let inside = works_on(&cx.actor, report.inspection_id);
    let mut view = facts(cx, &report, inside).await?;
    view.number.clone_from(&report.number);
    view.state = Some(report.state.choice());
    view.secrecy = if restricted { Secrecy::Sealed } else { Secrecy::Sensitive };
    view.deeds = report.open_deeds(&cx.actor);
    let done = report.submitted_on.is_some();
    view.clock = Some(("报告期限", kit::alarms(cx).await?.clock(report.due_on, done)));
    let prose = report.prose(cx)?;
    view.tabs.push(Tab::Html { key: "text", label: "正文", html: panels::text(&report, &prose, inside) });
    if inside {
        view.tabs.push(Tab::Html {
            key: "versions",
            label: "历史版本",
            html: panels::versions(cx, &report).await?,
        });
        if let Some(html) = panels::decisions(cx, &report).await? {
            view.tabs.push(Tab::Html { key: "decisions", label: "审核记录", html });
        }
        let condition = Pred::is("report_id", id);
        let new = (!matches!(report.state, State::Withdrawn | State::Delivered)
            && report_comments::may_create(&cx.actor, &report))
        .then(|| format!("report={id}"));
        view = view.related("comments", "会商意见", report_comments::NOUN, condition, new);
        let consultations = fieldwork::consultations::NOUN;
        view = view.related(
            "consultations",
            "历次会商",
            consultations,
            Pred::is("unit_id", report.unit_id),
            None,
        );
    }
    Ok(view)
}

async fn facts(cx: &Cx, report: &Report, inside: bool) -> Result<RecordView> {
    let names = units::names(cx, report.organisation_id, report.inspection_id).await?;
    let link = |label: &str, path: &str| Shown::Link {
        label: label.to_owned(),
        href: format!("/{}/{}/{path}", report.noun(), report.id),
    };
    let mut view = RecordView::new(&report.title, report.version)
        .fact("kind", "报告类型", Shown::choice(report.kind.choice()))
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, Some(report.organisation_id.0), names.organisation),
        )
        .fact(
            "inspection",
            "巡察",
            Shown::link(units::INSPECTIONS, Some(report.inspection_id), names.inspection),
        )
        .fact("secrecy", "密级标注", Shown::text(&report.secrecy))
        .fact("recipients", "接收范围", Shown::text(report.recipients()))
        .fact("approved_on", "审定日期", Shown::date(report.approved_on))
        .fact("delivered_on", "报送日期", Shown::date(report.delivered_on));
    if !inside {
        return Ok(view);
    }
    let (all, open) = report_comments::counts(cx, report.id).await?;
    view = view
        .fact("step", "当前环节", Shown::text(&report.step_label))
        .fact("submitted_on", "提交日期", Shown::date(report.submitted_on))
        .fact("text", "字数", Shown::text(format!("第 {} 稿，{} 字", report.content_version, report.length)))
        .fact("author", "最近编写", Shown::text(&report.author_name))
        .fact("points", "会商意见", Shown::text(format!("共 {all} 条，未结 {open} 条")))
        .fact("due_basis", "期限依据", Shown::text(&report.due_basis))
        .fact("desk", "审改台", link("打开审改台（报告与底稿对照）", "desk"))
        .fact("word", "Word 稿", link("导出 Word 稿", "word"));
    if store::open_return(cx, report.id).await?
        && super::may_write(&cx.actor, report.kind, report.inspection_id)
    {
        view = view.fact("returned", "Word 稿差异", link("有 Word 稿待处理，逐段查看差异", "returned"));
    }
    if report.kind == Kind::Main {
        let lacking = actions_review::lacking(cx, report).await?;
        let words =
            if lacking.is_empty() { String::from("已齐全或不要求") } else { lacking.join("；") };
        // What the materials lack is known to those who know of the materials.
        if restricted_to(&cx.actor) != Pred::Nothing {
            view = view.fact("complete", "“1+3”齐全情况", Shown::text(words));
        }
    }
    Ok(view.fact("opinion", "退回或撤销理由", Shown::long(report.opinion(cx)?)))
}
