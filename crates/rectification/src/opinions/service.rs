//! How opinions appear: list, page, forms.

use kit::{
    Column, Cx, Deed as DeedOf, Field, Form, Labelled as _, Lifecycle as _, Outcome, Pred, RecordView,
    Result, Role, Secrecy, Service, Shown, Table, WriteCx,
    service::{Group, Waiting, Work, no_fields, target},
};
use uuid::Uuid;

use super::{Deed, NOUN, Opinion, OpinionId, Party, State, Subject, actions, governed, store};
use crate::{
    rect_plans,
    subjects::{INSPECTIONS, ORGANISATIONS, PROBLEMS},
};

const COLUMNS: &[Column] = &[
    Column::choice("party", "会审单位", "q.party", Party::CHOICES).opens(),
    Column::choice("subject", "会审事项", "q.subject", Subject::CHOICES),
    Column::reference("organisation", "被巡察单位", "q.organisation_id", "o.name", ORGANISATIONS),
    Column::reference("problem", "反馈问题", "q.problem_id", "p.title", PROBLEMS),
    Column::integer("turn", "第几次", "q.turn").hidden(),
    Column::choice("state", "意见", "q.state", State::CHOICES),
    Column::text("reasons", "理由", "q.reasons"),
    Column::clock("due_on", "提出期限", "q.due_on", "q.state <> 'asked'").sortable().filled(),
    Column::date("given_on", "提出日期", "q.given_on").hidden(),
    Column::text("by", "登记人", "q.by_name").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "会审意见",
        table: "rect_opinion",
        group: Group::Rectify,
        listed: true,
        icon: "users",
        secrecy: Secrecy::Internal,
        about: "整改方案由五方会审、销号可请有关单位会审：逐家同意或要求修改并写明理由，意见不齐方案不能通过。",
        list: Table {
            from: "rect_opinion q join organisation o on o.id = q.organisation_id left join problem p on p.id = q.problem_id",
            alias: "q",
            title: "o.name",
            number: None,
            columns: COLUMNS,
            order: "-due_on",
        },
        visible: Opinion::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            DeedOf::create("组织销号会审", ask_fields, |cx, _, form| Box::pin(ask(cx, form)))
                .next("所选单位收到提醒；意见供销号审核参考，结论仍由巡察办作出。"),
            DeedOf::on("agree", "同意", agree_fields, |cx, id, form| {
                Box::pin(give(cx, id, Deed::Agree, form))
            })
            .primary()
            .next("会审事项作出决定之前可以收回意见重提。"),
            DeedOf::on("object", "要求修改", object_fields, |cx, id, form| {
                Box::pin(give(cx, id, Deed::Object, form))
            })
            .next("意见汇总后由巡察办退回单位修改。"),
            DeedOf::on("withdraw", "收回意见", no_fields, |cx, id, _| Box::pin(withdraw(cx, id))),
        ],
        creates: kit::Actor::is_office,
        waiting: vec![Waiting {
            label: "待提的会审意见",
            condition: |actor, _| {
                let mut mine = Vec::new();
                let of = |party: Party| Pred::is("party", party);
                if actor.is_office() {
                    mine.push(Pred::one_of("party", [Party::Office, Party::Propaganda]));
                }
                if actor.is(Role::Discipline) {
                    mine.push(of(Party::Discipline));
                }
                if actor.is(Role::OrganisationDepartment) {
                    mine.push(of(Party::Organisation));
                }
                mine.push(of(Party::Team).and(actor.own_inspections(Role::TeamHead)));
                Pred::any(mine).and(Pred::is("state", State::Asked))
            },
            due: Some("due_on"),
        }],
        governed: Some(governed()),
    }
}

fn ask_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = vec![
            Field::pick("problem", "提请销号的问题", PROBLEMS)
                .required()
                .help("涉及选人用人、意识形态、违纪问题的，可请组织、宣传、纪检部门一并提意见。"),
        ];
        fields.extend(Party::ALL.iter().map(|party| Field::flag(party.code(), party.label())));
        Ok(fields)
    })
}

fn document() -> Field {
    Field::line("document", "来函名称或文号")
        .max(200)
        .help("由本单位登记的留空；巡察办代其他单位登记书面意见的必填。")
}

fn agree_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reasons", "意见").max(4_000), document()]) })
}

fn object_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::text("reasons", "修改意见")
                .max(4_000)
                .required()
                .help("逐条写明哪个问题的哪条措施、为什么不行、建议怎样改；常见的是只改个案、没有举一反三和制度措施。"),
            document(),
        ])
    })
}

async fn ask(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let parties = Party::ALL.iter().copied().filter(|party| form.flag(party.code())).collect();
    let id = actions::ask_on_closing(cx, form.need_id("problem")?, parties).await?;
    Ok(Outcome::new(NOUN, id, "已发起销号会审。"))
}

async fn give(cx: &mut WriteCx, id: Option<Uuid>, deed: Deed, form: &Form) -> Result<Outcome> {
    let id: OpinionId = target(id)?;
    actions::give(cx, id, deed, form.text("reasons"), form.text("document")).await?;
    Ok(Outcome::new(NOUN, id, "意见已登记。"))
}

async fn withdraw(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: OpinionId = target(id)?;
    actions::withdraw(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "意见已收回，请重新提出。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let opinion = store::find(cx, OpinionId(id)).await?;
    let organisation = registry::organisations::find(cx, opinion.organisation_id).await?;
    let inspection = crate::subjects::inspection_name(cx, Some(opinion.inspection_id)).await?;
    let title = format!("{}{}意见：{}", opinion.party.label(), opinion.subject.label(), organisation.name);
    let plan = opinion.plan_id.map(|plan| plan.0);
    let mut view = RecordView::new(title, opinion.version)
        .fact("plan", "整改方案", Shown::link(rect_plans::NOUN, plan, "查看方案"))
        .fact("problem", "反馈问题", Shown::link(PROBLEMS, opinion.problem_id, "查看问题"))
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(ORGANISATIONS, Some(organisation.id.0), organisation.name),
        )
        .fact("inspection", "巡察", Shown::link(INSPECTIONS, Some(opinion.inspection_id), inspection))
        .fact("turn", "第几次会审", Shown::Integer(opinion.turn))
        .fact("asked_on", "征求日期", Shown::Date(opinion.asked_on))
        .fact("due_on", "提出期限", Shown::Date(opinion.due_on))
        .fact("due_basis", "期限依据", Shown::text(&opinion.due_basis))
        .fact("given_on", "提出日期", Shown::date(opinion.given_on))
        .fact("by", "登记人", Shown::text(&opinion.by_name))
        .fact("document", "来函", Shown::text(&opinion.document))
        .fact("reasons", "意见和理由", Shown::long(&opinion.reasons));
    view.state = Some(opinion.state.choice());
    view.deeds = opinion.open_deeds(&cx.actor);
    let given = opinion.state != State::Asked;
    view.clock = Some(("提出期限", kit::alarms(cx).await?.clock(Some(opinion.due_on), given)));
    Ok(view)
}
