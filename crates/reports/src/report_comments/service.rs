//! How comments on reports appear. What is said in comments on the restricted materials is read where these are opened.

use chrono::{Days, NaiveDate};
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Refusal, Result, Secrecy, Service, Shown, Table, WriteCx,
    form::Kind as FieldKind,
    lifecycle,
    service::{Group, Waiting, Work, no_fields, target},
    web::Query,
};
use planning::samples;
use uuid::Uuid;

use super::{
    NOUN, ReportComment, ReportCommentId, State,
    actions::{self, Entry},
    store,
};
use crate::reports::{self, ReportId};

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "m.number").opens(),
    Column::text("raised_by", "提出人", "m.raised_name"),
    Column::date("raised_on", "提出日期", "m.raised_on"),
    Column::text("owner", "责任人", "m.owner_name"),
    Column::clock("due_on", "处理期限", "m.due_on", "m.state <> 'open'").sortable().filled(),
    Column::choice("state", "状态", "m.state", State::CHOICES).indexed_by(&["number"]),
    Column::integer("changed", "形成稿次", "m.changed_version"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "会商意见（报告）",
        table: "report_comment",
        group: Group::Report,
        listed: false,
        icon: "message-circle",
        secrecy: Secrecy::Sensitive,
        about: "对报告逐句提出的意见：责任人、期限、建议表述、答复，以及因此作出的修改。",
        list: Table {
            from: "report_comment m",
            alias: "m",
            title: "m.number",
            number: Some("m.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: ReportComment::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("提出意见", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .filled(fill)
                .next("责任人和用“@姓名”提到的人会收到通知。"),
            Offer::on("take", "采用建议表述", no_fields, |cx, id, _| Box::pin(take(cx, id)))
                .primary()
                .next("以建议表述替换这个句子，形成新的一稿，引用的底稿保留。"),
            Offer::on("answer", "答复", answer_fields, |cx, id, form| Box::pin(answer(cx, id, form)))
                .next("写明作了哪些修改，或者不采纳的理由。"),
            Offer::on("settle", "确认办结", no_fields, |cx, id, _| Box::pin(settle(cx, id))).primary(),
            Offer::on("reopen", "退回继续处理", reopen_fields, |cx, id, form| {
                Box::pin(reopen(cx, id, form))
            }),
            Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        ],
        creates: |actor| !matches!(ReportComment::visible(actor), Pred::Nothing),
        waiting: vec![
            Waiting { label: "会商意见待处理", condition: to_answer, due: Some("due_on") },
            Waiting { label: "会商意见待确认", condition: to_settle, due: None },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "会商意见（报告）",
            transitions: lifecycle::transitions::<ReportComment>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn to_answer(actor: &Actor, _: NaiveDate) -> Pred {
    actor
        .account
        .map_or(Pred::Nothing, |account| Pred::is("owner_id", account).and(Pred::is("state", State::Open)))
}

fn to_settle(actor: &Actor, _: NaiveDate) -> Pred {
    actor.account.map_or(Pred::Nothing, |account| {
        Pred::is("raised_by", account).and(Pred::is("state", State::Answered))
    })
}

/// Takes report and sentence over from the address.
fn fill<'a>(_: &'a Cx, query: &'a Query) -> Work<'a, Vec<(&'static str, String)>> {
    Box::pin(async move {
        let given = |name: &'static str| query.get(name).map(|value| (name, value.to_owned()));
        Ok(["report", "sentence"].into_iter().filter_map(given).collect())
    })
}

fn create_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut fields = vec![
            Field::hidden("report", "报告").required(),
            Field::new("sentence", "句子编号", FieldKind::Integer { min: 0, max: i64::from(u32::MAX) })
                .help("在审改台点选句子后自动填写；不填的，是对整份报告的意见。"),
        ];
        fields.extend(word_fields(cx, None)?);
        Ok(fields)
    })
}

fn word_fields(cx: &Cx, held: Option<&ReportComment>) -> Result<Vec<Field>> {
    let words = match held {
        Some(comment) => comment.words(cx)?,
        None => store::Words::default(),
    };
    let soon = cx.today().checked_add_days(Days::new(3)).unwrap_or_else(|| cx.today());
    Ok(vec![
        Field::text("text", "意见")
            .max(2_000)
            .required()
            .value(words.text)
            .help("可以用“@姓名”提醒有关人员。"),
        Field::text("suggestion", "建议表述")
            .max(2_000)
            .value(words.suggestion)
            .help("写出整句，对方可以一键采用；引用的底稿随句子保留。"),
        Field::line("owner", "责任人")
            .max(40)
            .maybe(held.map(|comment| &comment.owner_name))
            .help("填写姓名，须是本组或巡察办人员；不填的，由组长安排。"),
        Field::date("due_on", "处理期限").required().value(held.map_or(soon, |comment| comment.due_on)),
    ])
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, ReportCommentId(id)).await?),
            None => None,
        };
        word_fields(cx, held.as_ref())
    })
}

fn answer_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("answer", "答复").max(2_000).required()]) })
}

fn reopen_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    let soon = cx.today().checked_add_days(Days::new(3)).unwrap_or_else(|| cx.today());
    Box::pin(async move { Ok(vec![Field::date("due_on", "处理期限").required().value(soon)]) })
}

/// The account that a form names: its identity, or the name of somebody of team or office.
async fn owner(cx: &Cx, form: &Form, inspection: Uuid) -> Result<Option<Uuid>> {
    let typed = form.text("owner");
    if typed.is_empty() {
        return Ok(None);
    }
    if let Ok(id) = typed.parse() {
        return Ok(Some(id));
    }
    let people = actions::people_of(cx, inspection).await?;
    let found = people.into_iter().find(|(_, name)| *name == typed);
    let sentence = "没有找到这个人，责任人须是本组或巡察办在岗人员";
    Ok(Some(found.ok_or_else(|| Refusal::field("owner", sentence))?.0))
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let report = form
        .text("report")
        .parse()
        .map(ReportId)
        .map_err(|_| Refusal::field("report", "请从报告页面提出意见"))?;
    let inspection = reports::find(cx, report).await?.inspection_id;
    let entry = Entry {
        sentence: form
            .integer("sentence")
            .and_then(|number| u64::try_from(number).ok())
            .filter(|number| *number > 0),
        text: form.text("text"),
        suggestion: form.text("suggestion"),
        owner: owner(cx, form, inspection).await?,
        due_on: form.need_date("due_on")?,
    };
    let id = actions::create(cx, report, entry).await?;
    Ok(Outcome::new(NOUN, id, "已提出意见。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ReportCommentId = target(id)?;
    let inspection = store::find(cx, id).await?.inspection_id;
    let entry = Entry {
        sentence: None,
        text: form.text("text"),
        suggestion: form.text("suggestion"),
        owner: owner(cx, form, inspection).await?,
        due_on: form.need_date("due_on")?,
    };
    actions::edit(cx, id, entry).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn take(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: ReportCommentId = target(id)?;
    actions::take(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已采用，报告形成新的一稿。"))
}

async fn answer(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ReportCommentId = target(id)?;
    actions::answer(cx, id, &form.text("answer")).await?;
    Ok(Outcome::new(NOUN, id, "已答复，等待确认。"))
}

async fn settle(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: ReportCommentId = target(id)?;
    actions::settle(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已办结。"))
}

async fn reopen(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ReportCommentId = target(id)?;
    actions::reopen(cx, id, form.need_date("due_on")?).await?;
    Ok(Outcome::new(NOUN, id, "已退回继续处理。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let comment = store::find(cx, ReportCommentId(id)).await?;
    let noun = if comment.restricted { reports::MATERIALS } else { reports::NOUN };
    let desk = format!("/{noun}/{0}/desk?s={1}#s{1}", comment.report_id, comment.sentence);
    let mut view = RecordView::new(format!("会商意见 {}", comment.number), comment.version)
        .fact("report", "报告", Shown::link(noun, Some(comment.report_id.0), "查看报告"))
        .fact("desk", "审改台", Shown::Link { label: String::from("在审改台查看这个句子"), href: desk })
        .fact("raised_by", "提出人", Shown::text(&comment.raised_name))
        .fact("raised_on", "提出日期", Shown::Date(comment.raised_on))
        .fact("owner", "责任人", Shown::text(&comment.owner_name))
        .fact("mentioned", "提到的人", Shown::text(&comment.mentioned))
        .fact("at_version", "针对稿次", Shown::text(format!("第 {} 稿", comment.at_version)))
        .fact("answered_on", "答复日期", Shown::date(comment.answered_on));
    if comment.restricted {
        let words = "这是专题材料的意见，内容在审改台查看，打开须填写理由。";
        view = view.fact("text", "意见", Shown::text(words));
    } else {
        let words = comment.words(cx)?;
        view = view
            .fact("quote", "原句", Shown::long(words.quote))
            .fact("text", "意见", Shown::long(words.text))
            .fact("suggestion", "建议表述", Shown::long(words.suggestion))
            .fact("answer", "答复", Shown::long(words.answer));
    }
    if let Some(changed) = comment.changed_version {
        let href = format!("/{noun}/{}/compare?from={}&to={changed}", comment.report_id, comment.at_version);
        let label = format!("第 {} 稿到第 {changed} 稿的修改", comment.at_version);
        view = view.fact("changed", "因此作出的修改", Shown::Link { label, href });
    }
    view.state = Some(comment.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.clock =
        Some(("处理期限", kit::alarms(cx).await?.clock(Some(comment.due_on), comment.state != State::Open)));
    view.deeds = comment.open_deeds(&cx.actor);
    Ok(view)
}
