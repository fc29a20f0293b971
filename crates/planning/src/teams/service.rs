//! How teams appear: list, page, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Refusal, Result, Role, Secrecy, Service, Shown, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
};
use registry::organisations;
use uuid::Uuid;

use super::{
    NOUN, State, TeamPost, TeamPostId, TeamRole,
    actions::{self, Entry},
    store,
};
use crate::{
    inspections::{self, InspectionId},
    rights,
};

const COLUMNS: &[Column] = &[
    Column::text("name", "姓名", "a.name").opens(),
    Column::choice("role", "职责", "p.role", TeamRole::CHOICES),
    Column::reference("unit", "所在单位", "e.organisation_id", "o.name", organisations::NOUN),
    Column::reference(
        "inspection",
        "巡察任务",
        "p.inspection_id",
        "i.number || ' ' || i.name",
        inspections::NOUN,
    ),
    Column::text("team", "巡察组", "i.team"),
    Column::date("from_on", "授权起", "p.from_on").sortable().filled(),
    Column::date("to_on", "授权止", "p.to_on"),
    Column::choice("state", "授权状态", "p.state", State::CHOICES),
    Column::text("basis", "授权依据", "p.basis").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "巡察组成员",
        table: "post",
        group: Group::Prepare,
        listed: true,
        icon: "users-group",
        secrecy: Secrecy::Internal,
        about: "一轮一授权：每项任务的组长和组员由巡察办提名、另一人授权，到期自动失效。",
        list: Table {
            from: "post p join account a on a.id = p.account_id join inspection i on i.id = p.inspection_id \
                   left join person e on e.id = a.person_id left join organisation o on o.id = e.organisation_id",
            alias: "p",
            title: "a.name",
            number: None,
            columns: COLUMNS,
            order: "-from_on",
        },
        visible: TeamPost::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("提名组员", fields, |cx, _, form| Box::pin(propose(cx, form)))
                .next("提名后由领导小组或另一位巡察办主任授权，授权前此人看不到任务内容。"),
            Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("approve", "授权", approve_fields, |cx, id, form| Box::pin(approve(cx, id, form)))
                .primary()
                .bulk()
                .next("从授权起始日期起，此人可以办理本任务；到截止日期自动失效。"),
            Offer::on("reject", "不同意", reason_fields, |cx, id, form| Box::pin(reject(cx, id, form)))
                .next("提名退回，可以另行提名。"),
            Offer::on("withdraw", "撤回", no_fields, |cx, id, _| Box::pin(withdraw(cx, id)))
                .next("撤回后可以另行提名。"),
            Offer::on("end", "终止", end_fields, |cx, id, form| Box::pin(end(cx, id, form)))
                .danger()
                .next("授权提前终止，此人次日起看不到本任务。"),
        ],
        creates: rights::keeps,
        waiting: vec![Waiting {
            label: "待授权的巡察组成员",
            condition: |actor, _| {
                if actor.is_any(&[Role::LeadingGroup, Role::OfficeDirector]) {
                    Pred::is("state", State::Proposed)
                } else {
                    Pred::Nothing
                }
            },
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "巡察组成员",
            transitions: lifecycle::transitions::<TeamPost>,
            permissions: || lifecycle::permissions(sample, rights::concerned, rights::stranger),
        }),
    }
}

pub(super) fn sample(state: State) -> TeamPost {
    TeamPost {
        id: TeamPostId(rights::OWN),
        version: 1,
        account_id: Uuid::from_u128(7),
        role: TeamRole::Member,
        organisation_id: None,
        inspection_id: InspectionId(rights::OWN),
        from_on: rights::sample_day(),
        to_on: None,
        state,
        basis: String::new(),
        proposed_by: None,
        decided_by: None,
        decision: String::new(),
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, TeamPostId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        let accounts = store::candidate_options(cx).await?;
        Ok(vec![
            Field::pick("inspection", "巡察任务", inspections::NOUN)
                .required()
                .maybe(held.map(|place| place.inspection_id)),
            Field::new("account", "人员", Kind::Options(accounts))
                .required()
                .maybe(held.map(|place| place.account_id))
                .help("提名后此人须先签署回避申报；有回避情形待决定或已决定回避的不能授权。"),
            Field::choice::<TeamRole>("role", "职责")
                .required()
                .chosen(Some(held.map_or(TeamRole::Member, |place| place.role))),
            Field::date("from_on", "授权起")
                .maybe(held.map(|place| place.from_on))
                .help("不填则与任务开始日期相同。"),
            Field::date("to_on", "授权止")
                .maybe(held.and_then(|place| place.to_on))
                .help("不填则与任务结束日期相同；到期自动失效。"),
            Field::line("basis", "授权依据")
                .max(200)
                .maybe(held.map(|place| &place.basis))
                .help("授权任职决定的文号。"),
        ])
    })
}

fn approve_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, TeamPostId(id)).await?.basis),
            None => None,
        };
        Ok(vec![Field::line("basis", "授权依据").max(200).maybe(held).help("授权任职决定的文号和日期。")])
    })
}

fn reason_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(500).required()]) })
}

fn end_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::date("on", "最后一天").required().value(cx.today()),
            Field::text("reason", "理由").max(500).required(),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    let account = Uuid::parse_str(&form.text("account"));
    Ok(Entry {
        account: account.map_err(|_| Refusal::field("account", "请选择人员"))?,
        inspection: form.need_id("inspection")?,
        role: form.need_choice("role")?,
        from_on: form.date("from_on"),
        to_on: form.date("to_on"),
        basis: form.text("basis"),
    })
}

async fn propose(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::propose(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已提名，等待授权。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TeamPostId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn approve(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TeamPostId = target(id)?;
    actions::approve(cx, id, form.text("basis")).await?;
    Ok(Outcome::new(NOUN, id, "已授权。"))
}

async fn withdraw(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: TeamPostId = target(id)?;
    actions::withdraw(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已撤回提名。"))
}

async fn reject(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TeamPostId = target(id)?;
    actions::reject(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "未同意这项提名。"))
}

async fn end(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: TeamPostId = target(id)?;
    actions::end(cx, id, form.need_date("on")?, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已终止授权。"))
}

#[derive(kit::sea_orm::FromQueryResult)]
struct Names {
    person: String,
    number: String,
    inspection: String,
    team: String,
    proposer: Option<String>,
    decider: Option<String>,
}

async fn names(cx: &Cx, id: TeamPostId) -> Result<Names> {
    let mut sql = db::Sql::new(
        "select a.name as person, i.number, i.name as inspection, i.team, b.name as proposer, \
         c.name as decider from post p join account a on a.id = p.account_id \
         join inspection i on i.id = p.inspection_id left join account b on b.id = p.proposed_by \
         left join account c on c.id = p.decided_by where p.id = ",
    );
    sql.bind(id);
    cx.first(sql).await?.ok_or_else(|| Refusal::not_found().into())
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let place = store::find(cx, TeamPostId(id)).await?;
    let names = names(cx, place.id).await?;
    let title = format!("{} {}", names.number, names.inspection);
    let inspection = if kit::service::can_see(cx, inspections::NOUN, place.inspection_id.0).await? {
        Shown::link(inspections::NOUN, Some(place.inspection_id.0), title)
    } else {
        Shown::text(title)
    };
    let mut view = RecordView::new(&names.person, place.version)
        .fact("role", "职责", Shown::choice(place.role.choice()))
        .fact("inspection", "巡察任务", inspection)
        .fact("team", "巡察组", Shown::text(names.team))
        .fact("from_on", "授权起", Shown::Date(place.from_on))
        .fact("to_on", "授权止", Shown::date(place.to_on))
        .fact("basis", "授权依据", Shown::text(&place.basis))
        .fact("proposer", "提名人", Shown::text(names.proposer.unwrap_or_default()))
        .fact("decider", "授权人", Shown::text(names.decider.unwrap_or_default()))
        .fact("decision", "审批意见", Shown::long(&place.decision));
    view.state = Some(place.state.choice());
    view.deeds = place.open_deeds(&cx.actor);
    Ok(view)
}
