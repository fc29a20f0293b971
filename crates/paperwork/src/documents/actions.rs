//! Making, reviewing, signing, numbering, sending and filing documents.

use chrono::{Datelike as _, NaiveDate};
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx, numbers};
use papers::{Colophon, Paper, Trace};
use registry::organisations::OrganisationId;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Deed, Document, DocumentId, NOUN, SERIES, State, Urgency, document_number, may_create, store};
use crate::{
    document_dispatches,
    document_templates::{self, DocumentTemplate, Grade, TemplateId},
    facts::{self, Facts},
    markup, render,
};

/// Makes a document from record `record` by a template.
pub async fn create(
    cx: &mut WriteCx,
    template: TemplateId,
    record: Uuid,
    urgency: Urgency,
) -> Result<DocumentId> {
    if !may_create(&cx.actor) {
        return Err(Refusal::forbidden("生成公文").into());
    }
    let template = document_templates::to_draft_by(cx, template).await?;
    let facts = facts::of_record(cx, &template.noun, record).await?;
    let in_charge = cx.actor.is_office() || facts.inspection.is_some_and(|id| cx.actor.in_team(id));
    if !in_charge {
        return Err(Refusal::field("record", "只能为本组承担的巡察生成公文").into());
    }
    let number = numbers::yearly(cx, SERIES, cx.today()).await?;
    let document = made(cx, number, &template, record, &facts, urgency)?;
    let id = document.id;
    index(cx, &document);
    cx.insert(document).await?;
    let note = format!("{} 第 {} 版，自“{}”", template.label, template.edition, facts.label);
    cx.done(Done::new(NOUN, id, "create", "生成公文").note(note));
    Ok(id)
}

fn made(
    cx: &WriteCx,
    number: String,
    template: &DocumentTemplate,
    record: Uuid,
    facts: &Facts,
    urgency: Urgency,
) -> Result<Document> {
    let fill = |text: &str| render::fill("template", text, &facts.values);
    Ok(Document {
        id: DocumentId(cx.new_id()),
        version: 1,
        number,
        template_id: template.id,
        edition: template.edition,
        code: template.code.clone(),
        noun: template.noun.clone(),
        record_id: record,
        record_label: facts.label.clone(),
        inspection_id: facts.inspection,
        organisation_id: facts.organisation.map(OrganisationId),
        form: template.form,
        issuer: fill(&template.issuer)?,
        title: fill(&template.title)?,
        addressees: fill(&template.addressees)?,
        copies: fill(&template.copies)?,
        body: fill(&template.body)?,
        signatory: fill(&template.signatory)?,
        grade: template.grade,
        urgency,
        data: Value::Object(facts.values.clone()).to_string(),
        series: template.series.clone(),
        document_number: String::new(),
        drafter_id: cx.actor.account,
        drafter_name: cx.actor.name.clone(),
        drafted_on: cx.today(),
        signed_by: String::new(),
        signed_on: None,
        dispatched_on: None,
        opinion: String::new(),
        state: State::Draft,
    })
}

/// What a draft is corrected to.
#[derive(Clone, Debug)]
pub struct Text {
    /// 标题.
    pub title: String,
    /// 主送机关.
    pub addressees: String,
    /// 抄送机关.
    pub copies: String,
    /// The text.
    pub body: String,
    /// 署名.
    pub signatory: String,
    /// How closely it is kept.
    pub grade: Grade,
    /// 紧急程度.
    pub urgency: Urgency,
}

/// Corrects a draft.
pub async fn edit(cx: &mut WriteCx, id: DocumentId, text: Text) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    let Text { title, addressees, copies, body, signatory, grade, urgency } = text;
    let after =
        Document { title, addressees, copies, body, signatory, grade, urgency, state, ..before.clone() };
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Document>(NOUN, id, Deed::Edit, before.state, state).changes(changes));
    Ok(())
}

/// Hands a draft to whoever signs.
pub async fn submit(cx: &mut WriteCx, id: DocumentId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Submit)?;
    if before.title.contains("〔待填〕")
        || before.addressees.contains("〔待填〕")
        || before.body.contains("〔待填〕")
    {
        return Err(Refusal::invalid("公文里还有〔待填〕的内容，请先修改填全再送签。").into());
    }
    let after = Document { state, opinion: String::new(), ..before.clone() };
    cx.update(&before, after).await?;
    let audience = Audience::Post { role: Role::OfficeDirector, organisation: None, inspection: None };
    cx.notify(audience, format!("公文待签发：{}", before.title), NOUN, id);
    cx.done(Done::deed::<Document>(NOUN, id, Deed::Submit, before.state, state));
    Ok(())
}

/// Hands it back, with the reason.
pub async fn hand_back(cx: &mut WriteCx, id: DocumentId, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Return)?;
    let after = Document { state, opinion: opinion.clone(), ..before.clone() };
    cx.update(&before, after).await?;
    if let Some(drafter) = before.drafter_id {
        cx.notify(Audience::Account(drafter), format!("公文退回修改：{}", before.title), NOUN, id);
    }
    cx.done(Done::deed::<Document>(NOUN, id, Deed::Return, before.state, state).note(opinion));
    Ok(())
}

/// Signs it off; the day is the date of the document.
pub async fn sign(cx: &mut WriteCx, id: DocumentId, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Sign)?;
    let after = Document {
        state,
        signed_by: cx.actor.name.clone(),
        signed_on: Some(cx.today()),
        opinion: opinion.clone(),
        ..before.clone()
    };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Document>(NOUN, id, Deed::Sign, before.state, state).note(opinion));
    Ok(())
}

/// Gives it the next number of its series in the year it was signed.
pub async fn number(cx: &mut WriteCx, id: DocumentId) -> Result<String> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Number)?;
    let year = before.signed_on.unwrap_or_else(|| cx.today()).year();
    let serial = numbers::next(cx, &format!("{}/{year}", before.series), 0).await?;
    let given = document_number(&before.series, year, serial);
    let after = Document { state, document_number: given.clone(), ..before.clone() };
    index(cx, &after);
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Document>(NOUN, id, Deed::Number, before.state, state).note(given.clone()));
    Ok(given)
}

/// Sends it to organisations, by default to the one it is about; each gets a dispatch that it acknowledges.
pub async fn dispatch(cx: &mut WriteCx, id: DocumentId, mut to: Vec<OrganisationId>) -> Result<usize> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Dispatch)?;
    if to.is_empty() {
        to.extend(before.organisation_id);
    }
    if to.is_empty() {
        return Err(Refusal::field("recipients", "这份公文不涉及某个单位，请选择发往单位").into());
    }
    if before.is_kept_from_its_unit() && to.iter().any(|&one| Some(one) == before.organisation_id) {
        let why = "这份公文属于工作秘密，写的是该单位的情况，不能发给该单位；请改选收文单位";
        return Err(Refusal::field("recipients", why).into());
    }
    let sent = document_dispatches::actions::send(cx, &before, &to).await?;
    if sent == 0 {
        return Err(Refusal::field("recipients", "所选单位都已经发过，请选择尚未发送的单位").into());
    }
    let after =
        Document { state, dispatched_on: before.dispatched_on.or(Some(cx.today())), ..before.clone() };
    cx.update(&before, after).await?;
    let done = Done::deed::<Document>(NOUN, id, Deed::Dispatch, before.state, state);
    cx.done(done.note(format!("发往 {sent} 个单位")));
    Ok(sent)
}

/// Files it, or makes it void with a reason.
pub async fn close(cx: &mut WriteCx, id: DocumentId, deed: Deed, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    let after = Document { state, ..before.clone() };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Document>(NOUN, id, deed, before.state, state).note(reason));
    Ok(())
}

fn index(cx: &mut WriteCx, document: &Document) {
    let text = format!("{} {} {}", document.number, document.document_number, document.title);
    cx.index(NOUN, document.id, text);
}

/// The document as the layout takes it; `trace` names who takes the file out.
pub(crate) fn paper(document: &Document, trace: Option<Trace>) -> Paper {
    let parsed = markup::parse(&document.body);
    let list = |text: &str| -> Vec<String> {
        text.split(['、', '，', ',', ';', '；'])
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .map(String::from)
            .collect()
    };
    let headed = !matches!(document.form.form(), papers::Form::Plain | papers::Form::Ledger);
    let date = document.signed_on;
    let colophon = headed.then(|| Colophon {
        copies: list(&document.copies),
        printer: document.signatory.clone(),
        printed: document.dispatched_on.or(date),
    });
    Paper {
        form: document.form.form(),
        issuer: document.issuer.clone(),
        secrecy: if document.grade == Grade::WorkSecret {
            String::from("工作秘密")
        } else {
            String::new()
        },
        urgency: urgency_text(document.urgency),
        number: document.document_number.clone(),
        title: document.title.clone(),
        addressees: list(&document.addressees),
        body: parsed.body,
        attendance: parsed.attendance,
        attachments: parsed.attachments,
        signatories: list(&document.signatory),
        date: date.or((document.state == State::Draft).then_some(document.drafted_on)),
        colophon,
        trace,
        ..Paper::default()
    }
}

fn urgency_text(urgency: Urgency) -> String {
    use kit::Labelled as _;
    if urgency == Urgency::Ordinary { String::new() } else { urgency.label().to_owned() }
}

/// A template filled with a record, as it would be drafted today; for previews.
pub(crate) fn sample_paper(
    template: &DocumentTemplate,
    values: &Map<String, Value>,
    today: NaiveDate,
) -> Result<Paper> {
    let fill = |text: &str| render::fill("body", text, values);
    let document = Document {
        form: template.form,
        issuer: fill(&template.issuer)?,
        title: fill(&template.title)?,
        addressees: fill(&template.addressees)?,
        copies: fill(&template.copies)?,
        body: fill(&template.body)?,
        signatory: fill(&template.signatory)?,
        grade: template.grade,
        drafted_on: today,
        document_number: if template.series.is_empty() {
            String::new()
        } else {
            format!("{}〔{}〕　号", template.series, today.year())
        },
        ..store::blank()
    };
    Ok(paper(&document, None))
}
