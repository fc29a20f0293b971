//! How declarations appear: list, page, forms; to the person himself first of all on his home page.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Refusal, Result, Secrecy, Service, Shown, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
};
use registry::organisations::OrganisationId;
use uuid::Uuid;

use super::{
    Declaration, DeclarationId, NOUN, State,
    actions::{self, Item},
    store,
};
use crate::{
    avoidances::{self, Ground},
    inspections::{self, InspectionId},
    rights, teams,
};

const COLUMNS: &[Column] = &[
    Column::text("name", "姓名", "a.name").opens(),
    Column::reference(
        "inspection",
        "巡察任务",
        "d.for_inspection_id",
        "i.number || ' ' || i.name",
        inspections::NOUN,
    ),
    Column::text("team", "巡察组", "i.team"),
    Column::choice("state", "申报情况", "d.state", State::CHOICES),
    Column::date("requested_on", "要求日期", "d.requested_on").sortable().filled(),
    Column::instant("signed_at", "签署时间", "d.signed_at"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "回避申报",
        table: "declaration",
        group: Group::Prepare,
        listed: true,
        icon: "signature",
        secrecy: Secrecy::Internal,
        about: "巡察组成员逐项任务申报回避情况；本人签署前看不到该项任务，也不能获得授权。",
        list: Table {
            from: "declaration d join account a on a.id = d.account_id \
                   join inspection i on i.id = d.for_inspection_id",
            alias: "d",
            title: "a.name",
            number: None,
            columns: COLUMNS,
            order: "-requested_on",
        },
        visible: Declaration::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("请其申报", fields, |cx, _, form| Box::pin(request(cx, form)))
                .next("此人会在首页看到待申报事项；签署前看不到这项任务。"),
            Offer::on("sign", "申报并签署", sign_fields, |cx, id, form| Box::pin(sign(cx, id, form)))
                .primary()
                .next("签署后系统核对人员档案；申报和核对出的情形交领导小组或巡察办主任决定。"),
            Offer::on("renew", "重新申报", renew_fields, |cx, id, form| Box::pin(renew(cx, id, form)))
                .next("重新签署前，此人看不到这项任务。"),
            Offer::on("cancel", "取消", no_fields, |cx, id, _| Box::pin(cancel(cx, id)))
                .next("此人不再需要为这项任务申报，也不能据此获得授权。"),
        ],
        creates: avoidances::may_raise,
        waiting: vec![Waiting {
            label: "待本人签署的回避申报",
            condition: |actor, _| {
                let own = actor.account.map_or(Pred::Nothing, |account| Pred::is("account_id", account));
                own.and(Pred::is("state", State::Requested))
            },
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "回避申报",
            transitions: lifecycle::transitions::<Declaration>,
            permissions: || lifecycle::permissions(sample, rights::concerned, rights::stranger),
        }),
    }
}

pub(super) fn sample(state: State) -> Declaration {
    Declaration {
        id: DeclarationId(rights::OWN),
        version: 1,
        account_id: Uuid::from_u128(101),
        for_inspection_id: InspectionId(rights::OWN),
        state,
        requested_by: None,
        requested_on: rights::sample_day(),
        signed_at: None,
        statement: String::new(),
        checked: String::new(),
        note: String::new(),
    }
}

fn fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::pick("inspection", "巡察任务", inspections::NOUN).required(),
            Field::new("account", "人员", Kind::Options(teams::candidate_options(cx).await?)).required(),
        ])
    })
}

fn sign_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let subjects = match id {
            Some(id) => {
                let declaration = store::find(cx, DeclarationId(id)).await?;
                avoidances::subjects_of(cx, declaration.for_inspection_id).await?
            }
            None => Vec::new(),
        };
        let options =
            subjects.into_iter().map(|subject| (subject.organisation.to_string(), subject.name)).collect();
        let item = vec![
            Field::new("organisation", "被巡察单位", Kind::Options(options)).required(),
            Field::choice::<Ground>("ground", "回避情形").required(),
            Field::line("facts", "具体情况").max(500).required(),
        ];
        Ok(vec![
            Field::new("items", "应当回避的情形", Kind::Rows(item)).help(
                "本人现任职或曾任职、近亲属任职、姻亲关系、籍贯、利害关系等，一种情形填一行；没有则不填。",
            ),
            Field::flag("truthful", "本人确认以上申报属实、完整")
                .required()
                .help("不如实申报的，按有关规定处理。"),
        ])
    })
}

fn renew_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "理由").max(500).required()]) })
}

async fn request(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let account = Uuid::parse_str(&form.text("account"));
    let account = account.map_err(|_| Refusal::field("account", "请选择人员"))?;
    let inspection = inspections::find(cx, form.need_id("inspection")?).await?;
    let id = actions::request(cx, account, inspection.id).await?;
    Ok(Outcome::new(NOUN, id, "已请其申报。"))
}

async fn sign(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DeclarationId = target(id)?;
    if !form.flag("truthful") {
        return Err(Refusal::field("truthful", "请确认申报属实后再签署").into());
    }
    let brought_up = actions::sign(cx, id, items(form)?).await?;
    let message = if brought_up == 0 {
        String::from("已签署，未发现需要决定的回避情形。")
    } else {
        format!("已签署；有{brought_up}项回避情形等待决定，决定前不能授权。")
    };
    Ok(Outcome::new(NOUN, id, message))
}

fn items(form: &Form) -> Result<Vec<Item>> {
    form.rows("items")
        .iter()
        .map(|row| {
            let organisation = Uuid::parse_str(&row.text("organisation"));
            let organisation = organisation.map_err(|_| Refusal::field("items", "请选择被巡察单位"))?;
            Ok(Item {
                organisation: OrganisationId(organisation),
                ground: row.need_choice("ground")?,
                facts: row.text("facts"),
            })
        })
        .collect()
}

async fn renew(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: DeclarationId = target(id)?;
    actions::renew(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已要求重新申报。"))
}

async fn cancel(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: DeclarationId = target(id)?;
    actions::cancel(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已取消。"))
}

#[derive(kit::sea_orm::FromQueryResult)]
struct Names {
    person: String,
    number: String,
    inspection: String,
    team: String,
    requester: Option<String>,
}

async fn names(cx: &Cx, id: DeclarationId) -> Result<Names> {
    let mut sql = db::Sql::new(
        "select a.name as person, i.number, i.name as inspection, i.team, b.name as requester from declaration d \
         join account a on a.id = d.account_id join inspection i on i.id = d.for_inspection_id \
         left join account b on b.id = d.requested_by where d.id = ",
    );
    sql.bind(id);
    cx.first(sql).await?.ok_or_else(|| Refusal::not_found().into())
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let held = store::find(cx, DeclarationId(id)).await?;
    let names = names(cx, held.id).await?;
    let title = format!("{} {}", names.number, names.inspection);
    let inspection = if kit::service::can_see(cx, inspections::NOUN, held.for_inspection_id.0).await? {
        Shown::link(inspections::NOUN, Some(held.for_inspection_id.0), title)
    } else {
        Shown::text(title)
    };
    let mut view = RecordView::new(&names.person, held.version)
        .fact("inspection", "巡察任务", inspection)
        .fact("team", "巡察组", Shown::text(names.team))
        .fact("requester", "要求人", Shown::text(names.requester.unwrap_or_default()))
        .fact("requested_on", "要求日期", Shown::Date(held.requested_on))
        .fact("signed_at", "签署时间", held.signed_at.map_or(Shown::Empty, Shown::Instant))
        .fact("statement", "本人申报", Shown::long(&held.statement))
        .fact("checked", "系统核对", Shown::long(&held.checked))
        .fact("note", "重新申报理由", Shown::long(&held.note));
    view.state = Some(held.state.choice());
    view.deeds = held.open_deeds(&cx.actor);
    let from_it = Pred::is("declaration_id", held.id);
    Ok(view.related("avoidances", "回避事项", avoidances::NOUN, from_it, None))
}
