//! How doubts appear: list, page, forms.

use kit::{
    Column, Cx, Deed as DeedOf, Field, Form, Labelled as _, Lifecycle as _, Outcome, Pred, RecordView,
    Result, Secrecy, Service, Shown, Table, WriteCx, jobs,
    service::{Group, Waiting, Work, no_fields, target},
};
use uuid::Uuid;

use super::{Deed, Doubt, DoubtId, Kind, NOUN, State, actions, governed, store};
use crate::{
    subjects::{INSPECTIONS, ORGANISATIONS, PROBLEMS},
    verifications,
};

const COLUMNS: &[Column] = &[
    Column::title("subject", "疑点", "x.subject"),
    Column::choice("kind", "疑点种类", "x.kind", Kind::CHOICES),
    Column::reference("organisation", "被巡察单位", "x.organisation_id", "o.name", ORGANISATIONS),
    Column::text("reason", "理由", "x.reason"),
    Column::choice("state", "处理情况", "x.state", State::CHOICES),
    Column::date("found_on", "发现日期", "x.found_on").sortable().filled(),
    Column::text("decision", "处理理由", "x.decision").hidden(),
    Column::text("decider", "处理人", "x.decider_name").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "整改疑点",
        table: "rect_doubt",
        group: Group::Rectify,
        listed: true,
        icon: "alert-triangle",
        secrecy: Secrecy::Sensitive,
        about: "防止虚假整改的提示：文件重复使用、图文高度相似、期限前集中销号、重开偏多、同类问题再现。只是疑点，由人核实确认或排除。",
        list: Table {
            from: "rect_doubt x join organisation o on o.id = x.organisation_id",
            alias: "x",
            title: "x.subject",
            number: None,
            columns: COLUMNS,
            order: "-found_on",
        },
        visible: Doubt::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            DeedOf::create("立即排查", no_fields, |cx, _, _| Box::pin(order(cx)))
                .next("在后台核对全部佐证文件和销号记录，每晚也会自动进行；已经处理过的疑点不会重复提出。"),
            DeedOf::on("confirm", "确认", confirm_fields, |cx, id, form| {
                Box::pin(decide(cx, id, Deed::Confirm, form))
            })
            .primary()
            .next("确认的疑点由巡察办决定重新核查、重开问题或者移送处理。"),
            DeedOf::on("dismiss", "排除", dismiss_fields, |cx, id, form| {
                Box::pin(decide(cx, id, Deed::Dismiss, form))
            })
            .next("排除的疑点保留记录和理由，不再提出。"),
            DeedOf::on("reconsider", "重新核实", reason_fields, |cx, id, form| {
                Box::pin(decide(cx, id, Deed::Reconsider, form))
            }),
        ],
        creates: kit::Actor::is_office,
        waiting: vec![Waiting {
            label: "待核实的整改疑点",
            condition: |actor, _| {
                if actor.is_office() { Pred::is("state", State::Open) } else { Pred::Nothing }
            },
            due: None,
        }],
        governed: Some(governed()),
    }
}

fn confirm_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("reason", "核实情况")
                .max(2_000)
                .required()
                .help("写明怎样核实、单位如何说明、为什么认定属实，以及后续处理。"),
        ])
    })
}

fn dismiss_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("reason", "排除理由")
                .max(2_000)
                .required()
                .help("如同一份制度同时回应两个问题、同一次会议研究多项整改，属于正常使用。"),
        ])
    })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(2_000).required()]) })
}

async fn order(cx: &mut WriteCx) -> Result<Outcome> {
    let id = actions::order(cx).await?;
    Ok(Outcome::new(jobs::NOUN, id.0, "已排入后台任务，完成后在收件箱告知。"))
}

async fn decide(cx: &mut WriteCx, id: Option<Uuid>, deed: Deed, form: &Form) -> Result<Outcome> {
    let id: DoubtId = target(id)?;
    actions::decide(cx, id, deed, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, format!("已{}。", deed.label())))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let held = store::find(cx, DoubtId(id)).await?;
    let organisation = registry::organisations::find(cx, held.organisation_id).await?;
    let inspection = crate::subjects::inspection_name(cx, held.inspection_id).await?;
    let mut view = RecordView::new(&held.subject, held.version)
        .fact("kind", "疑点种类", Shown::choice(held.kind.choice()))
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(ORGANISATIONS, Some(organisation.id.0), organisation.name),
        )
        .fact("inspection", "巡察", Shown::link(INSPECTIONS, held.inspection_id, inspection))
        .fact("problem", "所涉问题", Shown::link(PROBLEMS, held.problem_id, "查看问题"))
        .fact("found_on", "发现日期", Shown::Date(held.found_on))
        .fact("reason", "为什么是疑点", Shown::long(&held.reason))
        .fact("detail", "比对情况", Shown::long(&held.detail))
        .fact("decided_on", "处理日期", Shown::date(held.decided_on))
        .fact("decider", "处理人", Shown::text(&held.decider_name))
        .fact("decision", "处理理由", Shown::long(&held.decision));
    view.secrecy = Secrecy::Sensitive;
    view.state = Some(held.state.choice());
    view.deeds = held.open_deeds(&cx.actor);
    if let Some(problem) = held.problem_id {
        view = view.related("checks", "整改核查", verifications::NOUN, Pred::is("problem_id", problem), None);
    }
    Ok(view)
}
