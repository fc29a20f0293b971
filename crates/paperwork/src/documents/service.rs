//! How documents appear: list, page with its layout and dispatch list, forms.

use chrono::NaiveDate;
use kit::{
    Actor, Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Refusal, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    jobs, lifecycle, lookup,
    service::{Group, Waiting, Work, no_fields, target},
};
use planning::{rounds, samples};
use registry::organisations;
use uuid::Uuid;

use super::{
    Deed, Document, DocumentId, NOUN, State, Urgency,
    actions::{self, Text},
    store,
};
use crate::{
    batch::{self, Batch, Product},
    document_dispatches,
    document_templates::{self, Grade, Layout, TemplateId},
    hang::layout,
};

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "d.number").opens(),
    Column::title("title", "标题", "d.title"),
    Column::text("document_number", "发文字号", "d.document_number").sortable().filled(),
    Column::choice("state", "状态", "d.state", State::CHOICES),
    Column::choice("form", "版式", "d.form", Layout::CHOICES).hidden(),
    Column::choice("grade", "保密要求", "d.grade", Grade::CHOICES),
    Column::text("record_label", "来源记录", "d.record_label"),
    Column::text("drafter_name", "拟稿人", "d.drafter_name"),
    Column::date("drafted_on", "拟稿日期", "d.drafted_on").sortable().filled(),
    Column::text("signed_by", "签发人", "d.signed_by"),
    Column::date("signed_on", "签发日期", "d.signed_on"),
    Column::text("code", "文种编码", "d.code").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "公文",
        table: "document",
        group: Group::Archive,
        listed: true,
        icon: "file-text",
        secrecy: Secrecy::Internal,
        about: "由记录和模板生成的公文：拟稿、签发、编号、发文、归档。生成时的内容固定下来，以后记录变化不影响已生成的公文。",
        list: Table {
            from: "document d",
            alias: "d",
            title: "d.title",
            number: Some("d.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: Document::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("生成公文", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("按模板填入记录现在的内容，成为拟稿；没有内容的地方显示〔待填〕。"),
            Offer {
                key: "batch",
                ..Offer::create("成批生成", batch_fields, |cx, _, form| Box::pin(order_batch(cx, form)))
            }
            .next("在后台执行，可以离开页面：没有这份公文的记录各拟一份，已有的用已有的，排成一个文件供下载打印。"),
            Offer::on("submit", "送签", no_fields, |cx, id, _| Box::pin(submit(cx, id)))
                .primary()
                .bulk()
                .next("送有签发权的人签发；拟稿人不能签发自己拟的稿。"),
            Offer::on("sign", "签发", sign_fields, |cx, id, form| Box::pin(sign(cx, id, form)))
                .primary()
                .bulk()
                .next("签发日期就是成文日期，签发后不能再修改文字。"),
            Offer::on("return", "退回修改", return_fields, |cx, id, form| {
                Box::pin(hand_back(cx, id, form))
            })
            .next("退回拟稿人，并通知本人。"),
            Offer::on("number", "编号", no_fields, |cx, id, _| Box::pin(number(cx, id)))
                .primary()
                .bulk()
                .next("按机关代字和年度取下一个号；作废的公文不退号。"),
            Offer::on("dispatch", "发文", dispatch_fields, |cx, id, form| Box::pin(dispatch(cx, id, form)))
                .primary()
                .bulk()
                .next("所选单位可以打开这份公文并签收；之后还可以补发其他单位。"),
            Offer::on("archive", "归档", no_fields, |cx, id, form| {
                Box::pin(close(cx, id, Deed::Archive, form))
            })
            .bulk(),
            Offer::on("edit", "修改", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            Offer::on("cancel", "作废", cancel_fields, |cx, id, form| {
                Box::pin(close(cx, id, Deed::Cancel, form))
            })
            .danger()
            .next("作废后不能恢复；已经编的号不再使用。"),
        ],
        creates: super::may_create,
        waiting: vec![
            Waiting { label: "公文待签发", condition: to_sign, due: None },
            Waiting { label: "公文待修改送签", condition: to_finish, due: None },
            Waiting { label: "公文待编号发出", condition: to_send, due: None },
        ],
        governed: Some(Governed {
            noun: NOUN,
            label: "公文",
            transitions: lifecycle::transitions::<Document>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn to_sign(actor: &Actor, _: NaiveDate) -> Pred {
    if actor.is_any(&[Role::OfficeDirector, Role::LeadingGroup]) {
        Pred::is("state", State::Review)
    } else {
        Pred::Nothing
    }
}

fn to_finish(actor: &Actor, _: NaiveDate) -> Pred {
    match actor.account {
        Some(account) => Pred::is("state", State::Draft).and(Pred::is("drafter_id", account)),
        None => Pred::Nothing,
    }
}

fn to_send(actor: &Actor, _: NaiveDate) -> Pred {
    if actor.is(Role::OfficeLiaison) {
        Pred::one_of("state", [State::Signed, State::Numbered])
    } else {
        Pred::Nothing
    }
}

fn create_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::pick("template", "文种模板", document_templates::NOUN).required(),
            Field::line("record", "来源记录")
                .required()
                .max(200)
                .help("模板所用的那类记录，填编号、名称或标识。"),
            Field::choice::<Urgency>("urgency", "紧急程度").required().chosen(Some(Urgency::Ordinary)),
        ])
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, DocumentId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            Field::text("title", "标题").required().max(200).maybe(held.map(|d| &d.title)).help("可以换行，排成两行。"),
            Field::line("addressees", "主送机关").max(400).maybe(held.map(|d| &d.addressees)).help("多个机关用顿号隔开。"),
            Field::line("copies", "抄送机关").max(400).maybe(held.map(|d| &d.copies)).help("多个机关用顿号隔开。"),
            Field::text("body", "正文").required().max(100_000).maybe(held.map(|d| &d.body)).help(
                "一行一段；“# ”“## ”起头是标题，“|”起头是表格，“+++ ”起是附件。写法同模板，见手册“公文”一章。",
            ),
            Field::line("signatory", "署名").max(120).maybe(held.map(|d| &d.signatory)),
            Field::choice::<Grade>("grade", "保密要求").required().chosen(held.map(|d| d.grade)),
            Field::choice::<Urgency>("urgency", "紧急程度").required().chosen(held.map(|d| d.urgency)),
        ])
    })
}

fn sign_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "签发意见").max(500)]) })
}

fn return_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("opinion", "修改意见").required().max(2_000)]) })
}

fn cancel_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "作废原因").required().max(500)]) })
}

fn dispatch_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let concerned = match id {
            Some(id) => store::find(cx, DocumentId(id)).await?.organisation_id,
            None => None,
        };
        Ok(vec![
            Field::new("recipients", "发往单位", Kind::PickMany(organisations::NOUN))
                .maybe(concerned)
                .help("可以选多个单位，已发过的不会重复发送；不选则发给公文所涉及的单位。"),
        ])
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let template: TemplateId = form.need_id("template")?;
    let noun = document_templates::find(cx, template).await?.noun;
    let record = match lookup::record(cx, &noun, &form.text("record")).await? {
        Ok(record) => record,
        Err(sentence) => return Err(Refusal::field("record", sentence).into()),
    };
    let id = actions::create(cx, template, record, form.need_choice("urgency")?).await?;
    Ok(Outcome::new(NOUN, id, "已生成公文，请核对内容后送签。"))
}

fn batch_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::pick("template", "文种模板", document_templates::NOUN).required(),
            Field::pick("round", "轮次", rounds::NOUN)
                .required()
                .help("这一轮里您能看到的、模板所用的那类记录，每条一份。"),
            Field::choice::<Product>("product", "成果").required().chosen(Some(Product::Merged)),
            Field::choice::<Urgency>("urgency", "紧急程度").required().chosen(Some(Urgency::Ordinary)),
        ])
    })
}

async fn order_batch(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let batch = Batch {
        template: form.need_id("template")?,
        round: form.need_id("round")?,
        product: form.need_choice("product")?,
        urgency: form.need_choice("urgency")?,
    };
    let job = batch::order(cx, &batch).await?;
    Ok(Outcome::new(jobs::NOUN, job, "已排入任务，完成后收件箱会有消息，文件在任务页下载。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id = target::<DocumentId>(id)?;
    let text = Text {
        title: form.text("title"),
        addressees: form.text("addressees"),
        copies: form.text("copies"),
        body: form.text("body"),
        signatory: form.text("signatory"),
        grade: form.need_choice("grade")?,
        urgency: form.need_choice("urgency")?,
    };
    actions::edit(cx, id, text).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn submit(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id = target::<DocumentId>(id)?;
    actions::submit(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已送签。"))
}

async fn sign(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id = target::<DocumentId>(id)?;
    actions::sign(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已签发。"))
}

async fn hand_back(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id = target::<DocumentId>(id)?;
    actions::hand_back(cx, id, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "已退回拟稿人。"))
}

async fn number(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id = target::<DocumentId>(id)?;
    let given = actions::number(cx, id).await?;
    Ok(Outcome::new(NOUN, id, format!("已编号：{given}。")))
}

async fn dispatch(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id = target::<DocumentId>(id)?;
    let sent = actions::dispatch(cx, id, form.ids("recipients")).await?;
    Ok(Outcome::new(NOUN, id, format!("已发往 {sent} 个单位。")))
}

async fn close(cx: &mut WriteCx, id: Option<Uuid>, deed: Deed, form: &Form) -> Result<Outcome> {
    let id = target::<DocumentId>(id)?;
    actions::close(cx, id, deed, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, if deed == Deed::Archive { "已归档。" } else { "已作废。" }))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let document = store::find(cx, DocumentId(id)).await?;
    let source = Shown::Link {
        label: document.record_label.clone(),
        href: format!("/{}/{}", document.noun, document.record_id),
    };
    let mut view = RecordView::new(document.title.replace('\n', ""), document.version)
        .fact("document_number", "发文字号", Shown::text(&document.document_number))
        .fact("source", "来源记录", source)
        .fact(
            "template",
            "模板",
            Shown::link(
                document_templates::NOUN,
                Some(document.template_id.0),
                format!("{} 第 {} 版", document.code, document.edition),
            ),
        )
        .fact("addressees", "主送机关", Shown::text(&document.addressees))
        .fact("copies", "抄送机关", Shown::text(&document.copies))
        .fact("grade", "保密要求", Shown::choice(document.grade.choice()))
        .fact("urgency", "紧急程度", Shown::choice(document.urgency.choice()))
        .fact("drafted_on", "拟稿日期", Shown::Date(document.drafted_on))
        .fact("signed_on", "签发日期", Shown::date(document.signed_on))
        .fact("dispatched_on", "发出日期", Shown::date(document.dispatched_on))
        .fact("opinion", "意见", Shown::long(&document.opinion));
    view.number.clone_from(&document.number);
    view.state = Some(document.state.choice());
    view.deeds = document.open_deeds(&cx.actor);
    view.people.push((document.drafter_name.clone(), "拟稿人"));
    if !document.signed_by.is_empty() {
        view.people.push((document.signed_by.clone(), "签发人"));
    }
    let html = layout(&format!("/{NOUN}/{id}"), &[("pdf", "下载 PDF"), ("docx", "下载 Word")]);
    view.tabs.push(Tab::Html { key: "layout", label: "版面", html });
    let dispatches = Pred::is("document_id", document.id);
    Ok(view.related("dispatches", "发文和签收", document_dispatches::NOUN, dispatches, None))
}
