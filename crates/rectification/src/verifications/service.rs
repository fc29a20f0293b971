//! How checks appear: list, page, forms.

use kit::{
    Column, Cx, Deed as DeedOf, Field, Form, Labelled as _, Lifecycle as _, Outcome, Pred, RecordView,
    Refusal, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    sea_orm::{self, FromQueryResult},
    service::{Group, Waiting, Work, target},
};
use uuid::Uuid;

use super::{Deed, NOUN, State, Verification, VerificationId, Way, actions, governed, store};
use crate::{
    rechecks,
    subjects::{self, INSPECTIONS, ORGANISATIONS, PROBLEMS},
};

const COLUMNS: &[Column] = &[
    Column::text("problem", "原问题", "p.title").opens(),
    Column::text("number", "问题编号", "p.number"),
    Column::reference("organisation", "被巡察单位", "v.organisation_id", "o.name", ORGANISATIONS),
    Column::choice("way", "核查方式", "v.way", Way::CHOICES),
    Column::reference("inspection", "巡察", "v.inspection_id", "i.name", INSPECTIONS).hidden(),
    Column::choice("state", "核查结论", "v.state", State::CHOICES),
    Column::date("checked_on", "核查日期", "v.checked_on"),
    Column::text("checker", "核查人", "v.checker_name").hidden(),
    Column::title("text", "核查情况", "v.text").hidden(),
    Column::date("made_on", "列入日期", "v.made_on").sortable().filled().hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "整改核查",
        table: "verification",
        group: Group::Rectify,
        listed: true,
        icon: "clipboard-check",
        secrecy: Secrecy::Sensitive,
        about: "“回头看”承接的和随机抽中的问题逐个核查是否真改；不到位的由巡察办重开，新发现的问题另行登记。",
        list: Table {
            from: "verification v left join problem p on p.id = v.problem_id left join organisation o on o.id = v.organisation_id \
                   left join inspection i on i.id = v.inspection_id",
            alias: "v",
            title: "p.title",
            number: None,
            columns: COLUMNS,
            order: "-made_on",
        },
        visible: Verification::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            DeedOf::create("承接原问题清单", inherit_fields, |cx, _, form| {
                Box::pin(inherit(cx, form))
            })
            .next("原巡察已反馈的每个问题建立一条核查；以后新反馈的可以再次承接，不会重复。"),
            conclusion("hold", "认定到位", Deed::Hold).primary(),
            conclusion("part", "认定部分到位", Deed::Part),
            conclusion("fail", "认定不到位", Deed::Fail),
            DeedOf::on("redo", "重新核查", reason_fields, |cx, id, form| Box::pin(redo(cx, id, form))),
            DeedOf::on("reopen", "重开问题", reopen_fields, |cx, id, form| {
                Box::pin(reopen(cx, id, form))
            })
            .danger()
            .next("原问题回到“整改中”，自今天起不再计入整改完成率，单位收到提醒。"),
            kit::files::attach_deed(),
        ],
        creates: |actor| actor.is_any(&[Role::OfficeDirector, Role::OfficeLiaison, Role::TeamHead]),
        waiting: vec![Waiting {
            label: "待核查的整改问题",
            condition: |actor, _| {
                let mine = if actor.is_office() {
                    Pred::is("way", Way::Drawn)
                } else {
                    Pred::any(vec![
                        actor.own_inspections(Role::TeamHead),
                        actor.own_inspections(Role::TeamMember),
                    ])
                };
                mine.and(Pred::is("state", State::Pending))
            },
            due: None,
        }],
        governed: Some(governed()),
    }
}

fn conclusion(key: &'static str, label: &'static str, deed: Deed) -> DeedOf {
    match deed {
        Deed::Part => {
            DeedOf::on(key, label, check_fields, |cx, id, form| Box::pin(conclude(cx, id, Deed::Part, form)))
        }
        Deed::Fail => {
            DeedOf::on(key, label, check_fields, |cx, id, form| Box::pin(conclude(cx, id, Deed::Fail, form)))
        }
        _ => {
            DeedOf::on(key, label, check_fields, |cx, id, form| Box::pin(conclude(cx, id, Deed::Hold, form)))
        }
    }
    .next("结论附核查情况和材料，可以重新核查；是否重开由巡察办决定。")
}

fn inherit_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::pick("inspection", "“回头看”巡察", INSPECTIONS)
                .required()
                .help("须已指明原巡察；只承接本次“回头看”所列单位的问题。"),
        ])
    })
}

fn check_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::date("checked_on", "核查日期").required().value(cx.today()),
            Field::text("text", "核查情况")
                .max(4_000)
                .required()
                .help("写明看了什么、问了谁、与单位所报是否一致；不到位的写明差在哪里。"),
            Field::new("files", "核查材料", Kind::Files),
        ])
    })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(2_000).required()]) })
}

fn reopen_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("reason", "重开理由")
                .max(2_000)
                .required()
                .help("单位会看到这段文字，不写核查方法和线索来源。"),
            Field::date("due_on", "重新整改期限"),
        ])
    })
}

async fn inherit(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let (id, count) = actions::inherit(cx, form.need_id("inspection")?).await?;
    Ok(Outcome::new(NOUN, id, format!("已承接 {count} 个问题，请逐个核查。")))
}

async fn conclude(cx: &mut WriteCx, id: Option<Uuid>, deed: Deed, form: &Form) -> Result<Outcome> {
    let id: VerificationId = target(id)?;
    actions::conclude(cx, id, deed, form.need_date("checked_on")?, form.text("text"), form).await?;
    Ok(Outcome::new(NOUN, id, "已登记核查结论。"))
}

async fn redo(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: VerificationId = target(id)?;
    actions::redo(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "请重新核查。"))
}

async fn reopen(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: VerificationId = target(id)?;
    actions::reopen(cx, id, form.text("reason"), form.date("due_on")).await?;
    Ok(Outcome::new(NOUN, id, "问题已重开。"))
}

/// The problem as the checker has to know it, though another team found it.
#[derive(FromQueryResult)]
struct Checked {
    number: String,
    title: String,
    feedback_text: String,
    organisation: String,
    closed_on: Option<chrono::NaiveDate>,
    measures: Option<String>,
}

async fn checked(cx: &Cx, problem: Uuid) -> Result<Checked> {
    let mut sql = db::Sql::new(
        "select p.number, p.title, p.feedback_text, o.name as organisation, p.closed_on, \
         (select max(m.progress) from measure m where m.problem_id = p.id) as measures \
         from problem p join organisation o on o.id = p.organisation_id where p.id = ",
    );
    sql.bind(problem);
    cx.first(sql).await?.ok_or_else(|| Refusal::not_found().into())
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let held = store::find(cx, VerificationId(id)).await?;
    let problem = checked(cx, held.problem_id).await?;
    let inspection = subjects::inspection_name(cx, Some(held.inspection_id)).await?;
    let tally = store::tally(cx, held.inspection_id).await?;
    let open = kit::service::can_see(cx, PROBLEMS, held.problem_id).await?;
    let words = format!("{} {}", problem.number, problem.title);
    let original =
        if open { Shown::link(PROBLEMS, Some(held.problem_id), words) } else { Shown::text(words) };
    let recheck = match held.recheck_id {
        Some(id) if kit::service::can_see(cx, rechecks::NOUN, id.0).await? => Some(id.0),
        _ => None,
    };
    let mut view = RecordView::new(format!("核查：{}", problem.title), held.version)
        .fact("problem", "原问题", original)
        .fact("feedback", "反馈表述", Shown::long(problem.feedback_text))
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(ORGANISATIONS, Some(held.organisation_id.0), problem.organisation),
        )
        .fact("closed_on", "销号日期", Shown::date(problem.closed_on))
        .fact("progress", "单位所报整改情况", Shown::long(problem.measures.unwrap_or_default()))
        .fact("way", "核查方式", Shown::choice(held.way.choice()))
        .fact("inspection", "巡察", Shown::link(INSPECTIONS, Some(held.inspection_id), inspection))
        .fact("recheck", "抽查", Shown::link(rechecks::NOUN, recheck, "查看抽查"))
        .fact("checked_on", "核查日期", Shown::date(held.checked_on))
        .fact("checker", "核查人", Shown::text(&held.checker_name))
        .fact("text", "核查情况", Shown::long(&held.text))
        .fact("reopened_on", "重开日期", Shown::date(held.reopened_on))
        .fact(
            "tally",
            "本次巡察核查进度",
            Shown::text(format!(
                "共 {} 个，已查 {} 个，到位 {} 个，重开 {} 个",
                tally.checks,
                tally.checks - tally.pending,
                tally.holds,
                tally.reopened
            )),
        );
    view.secrecy = Secrecy::Sensitive;
    view.state = Some(held.state.choice());
    view.deeds = held.open_deeds(&cx.actor);
    if held.way == Way::LookBack {
        let mine = Pred::is("inspection_id", held.inspection_id);
        view = view.related("new", "“回头看”新发现的问题", PROBLEMS, mine.clone(), None).related(
            "checks",
            "全部核查",
            NOUN,
            mine.and(Pred::is("way", Way::LookBack)),
            None,
        );
    }
    view.tabs.push(Tab::Files);
    Ok(view)
}
