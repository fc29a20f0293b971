//! How obligations appear: list inside their agreement, page, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Table, WriteCx, lifecycle,
    service::{Group, Work, target},
};
use planning::samples;
use registry::organisations;
use uuid::Uuid;

use super::{
    NOUN, Obligation, ObligationId, Period, State,
    actions::{self, Entry},
    store,
};
use crate::{agreements, obligation_dues, shared};

const COLUMNS: &[Column] = &[
    Column::title("text", "约定事项", "ob.text"),
    Column::reference("agreement", "协作意见", "ob.agreement_id", "a.title", agreements::NOUN),
    Column::reference("party", "责任单位", "ob.party_id", "p.name", organisations::NOUN),
    Column::choice("period", "周期", "ob.period", Period::CHOICES),
    Column::date("first_due_on", "首次期限", "ob.first_due_on").sortable().filled(),
    Column::choice("state", "状态", "ob.state", State::CHOICES),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "约定事项",
        table: "obligation",
        group: Group::Prepare,
        listed: false,
        icon: "checks",
        secrecy: Secrecy::Internal,
        about: "协作意见约定由谁按什么周期办什么；没有责任单位的由巡察办负责。",
        list: Table {
            from: "obligation ob left join agreement a on a.id = ob.agreement_id \
                   left join organisation p on p.id = ob.party_id",
            alias: "ob",
            title: "ob.text",
            number: None,
            columns: COLUMNS,
            order: "first_due_on",
        },
        visible: Obligation::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("添加约定事项", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("今后到期的各期立即列出（列多远、提前多久提醒见“期限和口径”），到期前在责任单位的首页提醒；办完一期自动往后续排。"),
            Offer::on("end", "终止", end_fields, |cx, id, form| Box::pin(end(cx, id, form)))
                .danger()
                .next("终止日期之后的各期不再提醒。"),
        ],
        creates: kit::Actor::is_office,
        waiting: Vec::new(),
        governed: Some(Governed {
            noun: NOUN,
            label: "约定事项",
            transitions: lifecycle::transitions::<Obligation>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::pick("agreement", "协作意见", agreements::NOUN).required(),
            Field::pick("party", "责任单位", organisations::NOUN).help("不填的，由巡察办负责。"),
            Field::text("text", "约定事项")
                .max(1_000)
                .required()
                .help("谁办什么，如：每季度通报选人用人信访举报情况。"),
            Field::choice::<Period>("period", "周期").required(),
            Field::date("first_due_on", "首次期限").required(),
        ])
    })
}

fn end_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::date("ended_on", "终止日期").required().value(cx.today()),
            Field::text("reason", "理由").max(1_000).required(),
        ])
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let entry = Entry {
        party: form.id("party"),
        text: form.text("text"),
        period: form.need_choice("period")?,
        first_due_on: form.need_date("first_due_on")?,
    };
    let id = actions::create(cx, form.need_id("agreement")?, entry).await?;
    Ok(Outcome::new(NOUN, id, "已添加，各期期限已列出。"))
}

async fn end(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ObligationId = target(id)?;
    actions::end(cx, id, form.need_date("ended_on")?, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已终止。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let obligation = store::find(cx, ObligationId(id)).await?;
    let agreement = agreements::find(cx, obligation.agreement_id).await?;
    let party = match obligation.party_id {
        Some(party) => shared::organisation_link(cx, party).await?,
        None => Shown::text(cx.app().office()),
    };
    let mut view = RecordView::new(&obligation.text, obligation.version)
        .fact("agreement", "协作意见", Shown::link(agreements::NOUN, Some(agreement.id.0), agreement.title))
        .fact("party", "责任单位", party)
        .fact("period", "周期", Shown::choice(obligation.period.choice()))
        .fact("first_due_on", "首次期限", Shown::Date(obligation.first_due_on))
        .fact("ended_on", "终止日期", Shown::date(obligation.ended_on))
        .related("dues", "各期办理", obligation_dues::NOUN, Pred::is("obligation_id", id), None);
    view.state = Some(obligation.state.choice());
    view.deeds = obligation.open_deeds(&cx.actor);
    Ok(view)
}
