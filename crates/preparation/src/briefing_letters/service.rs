//! How letters of request appear: list, page, forms.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Secrecy, Service, Shown, Table, WriteCx,
    form::Kind,
    lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
};
use planning::{rounds, samples, units};
use registry::organisations;
use uuid::Uuid;

use super::{
    BriefingLetter, LetterId, NOUN, State,
    actions::{self, Entry, Issuing},
    store,
};
use crate::briefings;

const COLUMNS: &[Column] = &[
    Column::title("title", "商请函", "l.title"),
    Column::reference("round", "轮次", "l.round_id", "r.name", rounds::NOUN),
    Column::integer("edition", "版次", "l.edition"),
    Column::choice("state", "状态", "l.state", State::CHOICES),
    Column::date("issued_on", "首次发出", "l.issued_on").sortable(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "通报商请函",
        table: "briefing_letter",
        group: Group::Prepare,
        listed: true,
        icon: "file-text",
        secrecy: Secrecy::Internal,
        about: "每轮一份商请函，一次向各部门发出对本轮全部单位的巡前通报请求；发出后的文字按版次留存。",
        list: Table {
            from: "briefing_letter l left join round r on r.id = l.round_id",
            alias: "l",
            title: "l.title",
            number: None,
            columns: COLUMNS,
            order: "-issued_on",
        },
        visible: BriefingLetter::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("起草商请函", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("起草后可以继续修改；发出时再选择部门和单位。"),
            Offer::on("issue", "发出通报请求", issue_fields, |cx, id, form| {
                Box::pin(issue(cx, id, form))
            })
            .primary()
            .next("每个部门对每家单位各生成一件通报请求，并通知部门；已经发过的不会重复。"),
            Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("revise", "修订新版", no_fields, |cx, id, _| Box::pin(revise(cx, id)))
                .next("现在的版次停用，另起一版供修改；已经发出的请求仍保留原来的文字。"),
        ],
        creates: kit::Actor::is_office,
        waiting: vec![Waiting {
            label: "起草中的商请函",
            condition: |actor, _| {
                if actor.is_office() { Pred::is("state", State::Drafted) } else { Pred::Nothing }
            },
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "通报商请函",
            transitions: lifecycle::transitions::<BriefingLetter>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn entry_fields(title: Option<&String>, text: Option<&String>) -> Vec<Field> {
    vec![
        Field::line("title", "标题").max(120).required().maybe(title),
        Field::text("text", "正文").max(6_000).required().maybe(text).help(
            "可以使用 {部门}、{单位}、{轮次}、{期限}，发出时逐件替换。写明需要提供的情况类别、期限和联系人。",
        ),
    ]
}

fn create_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let newest = store::newest_text(cx).await?;
        let mut fields = vec![
            Field::pick("round", "轮次", rounds::NOUN)
                .required()
                .help("一轮一份；正文先取上一轮发出的文字，可以修改。"),
        ];
        fields.extend(entry_fields(
            newest.as_ref().map(|(title, _)| title),
            newest.as_ref().map(|(_, text)| text),
        ));
        Ok(fields)
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, LetterId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref().map(|l| &l.title), held.as_ref().map(|l| &l.text)))
    })
}

fn issue_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::new("departments", "商请部门", Kind::PickMany(organisations::NOUN))
                .required()
                .help("可以多选，如纪委监委、组织部、审计局、信访局和行业主管部门。"),
            Field::new("units", "巡察对象", Kind::PickMany(units::NOUN))
                .help("不选的，向部门发出对本轮尚未撤点的全部单位的请求；部门不会收到关于自己的请求。"),
            Field::date("sent_on", "发函日期").required().value(cx.today()),
        ])
    })
}

fn entry(form: &Form) -> Entry {
    Entry { title: form.text("title"), text: form.text("text") }
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("round")?, entry(form)).await?;
    Ok(Outcome::new(NOUN, id, "已起草商请函。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: LetterId = target(id)?;
    actions::edit(cx, id, entry(form)).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn revise(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let next = actions::revise(cx, target(id)?).await?;
    Ok(Outcome::new(NOUN, next, "已另起一版，请修改后发出。"))
}

async fn issue(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: LetterId = target(id)?;
    let issuing = Issuing {
        departments: form.ids("departments"),
        units: form.ids("units"),
        sent_on: form.need_date("sent_on")?,
    };
    let count = actions::issue(cx, id, issuing).await?;
    Ok(Outcome::new(NOUN, id, format!("已发出 {count} 件通报请求。")))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let letter = store::find(cx, LetterId(id)).await?;
    let round = rounds::find(cx, letter.round_id).await?;
    let mut view = RecordView::new(&letter.title, letter.version)
        .fact("round", "轮次", Shown::link(rounds::NOUN, Some(letter.round_id.0), round.name))
        .fact("edition", "版次", Shown::Integer(letter.edition))
        .fact("issued_on", "首次发出", Shown::date(letter.issued_on))
        .fact("text", "正文", Shown::long(&letter.text))
        .related("briefings", "通报请求", briefings::NOUN, Pred::is("letter_id", id), None);
    view.state = Some(letter.state.choice());
    view.deeds = letter.open_deeds(&cx.actor);
    Ok(view)
}
