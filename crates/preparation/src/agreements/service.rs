//! How agreements appear: list, page with obligations and what is due, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Work, keep_files, target},
};
use planning::samples;
use registry::organisations;
use uuid::Uuid;

use super::{
    Agreement, AgreementId, NOUN, State,
    actions::{self, Entry},
    store,
};
use crate::{obligation_dues, obligations};

const COLUMNS: &[Column] = &[
    Column::title("title", "协作意见", "a.title"),
    Column::text("number", "文号", "a.number"),
    Column::reference("party", "协作单位", "a.party_id", "p.name", organisations::NOUN),
    Column::reference("second_party", "协作单位二", "a.second_party_id", "p2.name", organisations::NOUN),
    Column::reference("third_party", "协作单位三", "a.third_party_id", "p3.name", organisations::NOUN)
        .hidden(),
    Column::reference("fourth_party", "协作单位四", "a.fourth_party_id", "p4.name", organisations::NOUN)
        .hidden(),
    Column::choice("state", "状态", "a.state", State::CHOICES),
    Column::date("signed_on", "印发日期", "a.signed_on").sortable().filled(),
    Column::integer(
        "obligations",
        "约定事项",
        "(select count(*) from obligation ob where ob.agreement_id = a.id)",
    ),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "协作配合意见",
        table: "agreement",
        group: Group::Prepare,
        listed: true,
        icon: "users-group",
        secrecy: Secrecy::Internal,
        about: "巡察办与纪检、组织、审计等单位印发的协作配合实施意见；约定的事项按期生成待办，到期提醒。",
        list: Table {
            from: "agreement a left join organisation p on p.id = a.party_id \
                   left join organisation p2 on p2.id = a.second_party_id \
                   left join organisation p3 on p3.id = a.third_party_id \
                   left join organisation p4 on p4.id = a.fourth_party_id",
            alias: "a",
            title: "a.title",
            number: None,
            columns: COLUMNS,
            order: "-signed_on",
        },
        visible: Agreement::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("登记协作意见", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("登记后在页面上逐条添加约定事项，到期自动提醒。"),
            Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("end", "废止", end_fields, |cx, id, form| Box::pin(end(cx, id, form)))
                .danger()
                .next("废止日期之后的约定事项不再提醒，已办的记录保留。"),
        ],
        creates: kit::Actor::is_office,
        waiting: Vec::new(),
        governed: Some(Governed {
            noun: NOUN,
            label: "协作配合意见",
            transitions: lifecycle::transitions::<Agreement>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn entry_fields(held: Option<&Agreement>) -> Vec<Field> {
    let parties = held
        .map(|agreement| agreement.parties().iter().map(ToString::to_string).collect::<Vec<_>>().join(","));
    vec![
        Field::line("title", "标题").max(200).required().maybe(held.map(|agreement| &agreement.title)),
        Field::line("number", "文号").max(60).maybe(held.map(|agreement| &agreement.number)),
        Field::new("parties", "协作单位", Kind::PickMany(organisations::NOUN))
            .required()
            .maybe(parties)
            .help("巡察办以外的各方，最多四个。"),
        Field::date("signed_on", "印发日期").required().maybe(held.map(|agreement| agreement.signed_on)),
        Field::text("text", "主要内容").max(10_000).required().maybe(held.map(|agreement| &agreement.text)),
    ]
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = entry_fields(None);
        fields.push(Field::new("files", "文件", Kind::Files));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, AgreementId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn end_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::date("ended_on", "废止日期").required().value(cx.today()),
            Field::text("reason", "理由").max(1_000).required().help("如：由新印发的意见代替。"),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        title: form.text("title"),
        number: form.text("number"),
        parties: form.ids("parties"),
        text: form.text("text"),
        signed_on: form.need_date("signed_on")?,
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已登记，请逐条添加约定事项。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AgreementId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn end(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AgreementId = target(id)?;
    actions::end(cx, id, form.need_date("ended_on")?, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已废止。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let agreement = store::find(cx, AgreementId(id)).await?;
    let mut names = vec![cx.app().office().to_owned()];
    for party in agreement.parties() {
        names.push(organisations::find(cx, party).await?.name);
    }
    let new = (agreement.state == State::InForce).then(|| format!("agreement={id}"));
    let own = || Pred::is("agreement_id", id);
    let mut view = RecordView::new(&agreement.title, agreement.version)
        .fact("parties", "各方", Shown::text(names.join("、")))
        .fact("signed_on", "印发日期", Shown::Date(agreement.signed_on))
        .fact("ended_on", "废止日期", Shown::date(agreement.ended_on))
        .fact("text", "主要内容", Shown::long(&agreement.text))
        .related("obligations", "约定事项", obligations::NOUN, own(), new)
        .related("dues", "到期办理", obligation_dues::NOUN, own(), None);
    view.number.clone_from(&agreement.number);
    view.state = Some(agreement.state.choice());
    view.deeds = agreement.open_deeds(&cx.actor);
    view.tabs.push(Tab::Files);
    Ok(view)
}
