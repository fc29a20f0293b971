//! How avoidances appear: list, page, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Refusal, Result, Secrecy, Service, Shown, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
};
use registry::organisations::{self, OrganisationId};
use uuid::Uuid;

use super::{
    Avoidance, AvoidanceId, DECIDERS, Ground, NOUN, Source, State,
    actions::{self, Entry},
    may_raise, store,
};
use crate::{rights, teams};

const COLUMNS: &[Column] = &[
    Column::text("name", "姓名", "a.name").opens(),
    Column::reference("organisation", "回避单位", "v.from_organisation_id", "o.name", organisations::NOUN),
    Column::choice("ground", "回避情形", "v.ground", Ground::CHOICES),
    Column::choice("source", "来源", "v.source", Source::CHOICES),
    Column::choice("state", "决定情况", "v.state", State::CHOICES),
    Column::date("raised_on", "提出日期", "v.raised_on").sortable().filled(),
    Column::date("decided_on", "决定日期", "v.decided_on"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "回避事项",
        table: "avoidance",
        group: Group::Prepare,
        listed: true,
        icon: "user-off",
        secrecy: Secrecy::Sensitive,
        about: "应当回避的人员、单位和情形。决定回避后，此人看不到与该单位有关的任何内容，无论他担任什么岗位。",
        list: Table {
            from: "avoidance v join account a on a.id = v.account_id \
                   join organisation o on o.id = v.from_organisation_id",
            alias: "v",
            title: "a.name",
            number: None,
            columns: COLUMNS,
            order: "-raised_on",
        },
        visible: Avoidance::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("提出回避", fields, |cx, _, form| Box::pin(raise(cx, form)))
                .next("由领导小组或另一位巡察办主任决定；决定前此人不能获得有关巡察组的授权。"),
            Offer::on("decide", "决定回避", opinion_fields, |cx, id, form| {
                Box::pin(decide(cx, id, form))
            })
            .primary()
            .next("此人立即看不到该单位及其巡察任务的任何内容，在有关巡察组中的授权随之终止。"),
            Offer::on("dismiss", "不需回避", opinion_fields, |cx, id, form| {
                Box::pin(dismiss(cx, id, form))
            })
            .next("此人可以继续办理授权。"),
            Offer::on("withdraw", "撤回", no_fields, |cx, id, _| Box::pin(withdraw(cx, id))),
            Offer::on("lift", "解除回避", opinion_fields, |cx, id, form| Box::pin(lift(cx, id, form)))
                .next("此人按其岗位恢复可见范围；已终止的巡察组授权不自动恢复。"),
        ],
        creates: may_raise,
        waiting: vec![Waiting {
            label: "待决定的回避事项",
            condition: |actor, _| {
                if actor.is_any(&DECIDERS) { Pred::is("state", State::Open) } else { Pred::Nothing }
            },
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "回避事项",
            transitions: lifecycle::transitions::<Avoidance>,
            permissions: || lifecycle::permissions(sample, rights::concerned, rights::stranger),
        }),
    }
}

pub(super) fn sample(state: State) -> Avoidance {
    Avoidance {
        id: AvoidanceId(rights::OWN),
        version: 1,
        account_id: Uuid::from_u128(7),
        from_organisation_id: OrganisationId(rights::OWN),
        declaration_id: None,
        ground: Ground::Worked,
        facts: String::new(),
        source: Source::Checked,
        state,
        raised_by: None,
        raised_on: rights::sample_day(),
        decided_by: None,
        decided_on: None,
        opinion: String::new(),
    }
}

fn fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::new("account", "人员", Kind::Options(teams::candidate_options(cx).await?)).required(),
            Field::pick("organisation", "回避单位", organisations::NOUN).required(),
            Field::choice::<Ground>("ground", "回避情形").required(),
            Field::text("facts", "具体情况")
                .max(2_000)
                .required()
                .help("写明任职时间、职务或关系；只写判断所需的内容。"),
        ])
    })
}

fn opinion_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "意见").max(1_000).required()]) })
}

async fn raise(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let account = Uuid::parse_str(&form.text("account"));
    let entry = Entry {
        account: account.map_err(|_| Refusal::field("account", "请选择人员"))?,
        organisation: form.need_id("organisation")?,
        ground: form.need_choice("ground")?,
        facts: form.text("facts"),
    };
    let id = actions::raise(cx, entry).await?;
    Ok(Outcome::new(NOUN, id, "已提出回避，等待决定。"))
}

async fn decide(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AvoidanceId = target(id)?;
    actions::decide(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已决定回避。"))
}

async fn dismiss(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AvoidanceId = target(id)?;
    actions::dismiss(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已决定不需回避。"))
}

async fn withdraw(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: AvoidanceId = target(id)?;
    actions::withdraw(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已撤回。"))
}

async fn lift(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AvoidanceId = target(id)?;
    actions::lift(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已解除回避。"))
}

#[derive(kit::sea_orm::FromQueryResult)]
struct Names {
    person: String,
    organisation: String,
    raiser: Option<String>,
    decider: Option<String>,
}

async fn names(cx: &Cx, id: AvoidanceId) -> Result<Names> {
    let mut sql = db::Sql::new(
        "select a.name as person, o.name as organisation, b.name as raiser, c.name as decider from avoidance v \
         join account a on a.id = v.account_id join organisation o on o.id = v.from_organisation_id \
         left join account b on b.id = v.raised_by left join account c on c.id = v.decided_by where v.id = ",
    );
    sql.bind(id);
    cx.first(sql).await?.ok_or_else(|| Refusal::not_found().into())
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let held = store::find(cx, AvoidanceId(id)).await?;
    let names = names(cx, held.id).await?;
    let organisation = Some(held.from_organisation_id.0);
    let mut view = RecordView::new(&names.person, held.version)
        .fact("organisation", "回避单位", Shown::link(organisations::NOUN, organisation, names.organisation))
        .fact("ground", "回避情形", Shown::choice(held.ground.choice()))
        .fact("source", "来源", Shown::choice(held.source.choice()))
        .fact("facts", "具体情况", Shown::long(&held.facts))
        .fact("raised_on", "提出日期", Shown::Date(held.raised_on))
        .fact("raiser", "提出人", Shown::text(names.raiser.unwrap_or_default()))
        .fact("decided_on", "决定日期", Shown::date(held.decided_on))
        .fact("decider", "决定人", Shown::text(names.decider.unwrap_or_default()))
        .fact("opinion", "决定意见", Shown::long(&held.opinion));
    view.secrecy = Secrecy::Sensitive;
    view.state = Some(held.state.choice());
    view.deeds = held.open_deeds(&cx.actor);
    Ok(view)
}
