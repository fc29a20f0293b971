//! Keeping templates: seeding the catalogue, revising, withdrawing.

use std::collections::{BTreeSet, HashSet};

use db::Sql;
use kit::{Cx, Done, Lifecycle as _, Refusal, Result, WriteCx};

use super::{Deed, DocumentTemplate, Grade, Layout, NOUN, State, TemplateId, catalogue, may_keep, store};
use crate::{facts, official, render};

/// What an office writes.
#[derive(Clone, Debug)]
pub struct Writing {
    /// What the document is called.
    pub label: String,
    /// Form of the page.
    pub form: Layout,
    /// 发文机关标志.
    pub issuer: String,
    /// 机关代字.
    pub series: String,
    /// Title.
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
    /// Who drafts it.
    pub drafted_by: String,
    /// Who approves it.
    pub approved_by: String,
    /// Who may read it.
    pub audience: String,
}

/// The template, when documents can be drafted by it now.
///
/// # Errors
/// A refusal in the field `template` when it is withdrawn, or lays out records that are documents themselves.
pub(crate) async fn to_draft_by(cx: &Cx, id: TemplateId) -> Result<DocumentTemplate> {
    let template = store::find(cx, id).await?;
    if template.state != State::InUse {
        return Err(Refusal::field("template", "这个模板已停用，请换一个").into());
    }
    if official::kind_of(&template).is_some() {
        let why = "报告和专题材料本身就是公文，不另外拟稿；请打开那份报告，在“公文”一栏查看和下载";
        return Err(Refusal::field("template", why).into());
    }
    Ok(template)
}

/// A template of the office's own on the records of `noun`.
pub async fn create(cx: &mut WriteCx, code: String, noun: String, writing: Writing) -> Result<TemplateId> {
    if !may_keep(&cx.actor) {
        return Err(Refusal::forbidden("新建公文模板").into());
    }
    if store::codes(cx).await?.contains(&code) {
        return Err(Refusal::field("code", "这个编码已经有模板").into());
    }
    facts::service(cx, &noun)?;
    let id = TemplateId(cx.new_id());
    let template = of_writing(id, code, noun, 1, writing);
    check(cx, &template).await?;
    index(cx, &template);
    cx.insert(template.clone()).await?;
    keep_edition(cx, &template).await?;
    cx.done(Done::new(NOUN, id, "create", "新建模板"));
    Ok(id)
}

/// Writes a new edition; documents already made keep theirs.
pub async fn revise(cx: &mut WriteCx, id: TemplateId, writing: Writing) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Revise)?;
    let mut after = of_writing(id, before.code.clone(), before.noun.clone(), before.edition + 1, writing);
    check(cx, &after).await?;
    after.version = before.version;
    keep_edition(cx, &after).await?;
    index(cx, &after);
    let note = format!("第 {} 版", after.edition);
    let changes = cx.update(&before, after).await?;
    cx.done(
        Done::deed::<DocumentTemplate>(NOUN, id, Deed::Revise, before.state, state)
            .note(note)
            .changes(changes),
    );
    Ok(())
}

/// Withdraws or restores.
pub async fn switch(cx: &mut WriteCx, id: TemplateId, deed: Deed) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    let after = DocumentTemplate { state, ..before.clone() };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<DocumentTemplate>(NOUN, id, deed, before.state, state));
    Ok(())
}

/// Every name that the template may use.
pub(crate) async fn names(cx: &Cx, template: &DocumentTemplate) -> Result<BTreeSet<String>> {
    if official::kind_of(template).is_some() {
        return Ok(official::names().map(str::to_owned).collect());
    }
    facts::names(cx, &template.noun).await
}

/// Every text of a template must be understood before it is kept.
async fn check(cx: &WriteCx, template: &DocumentTemplate) -> Result<()> {
    let names = names(cx, template).await?;
    for (field, text) in [
        ("title", &template.title),
        ("issuer", &template.issuer),
        ("addressees", &template.addressees),
        ("copies", &template.copies),
        ("signatory", &template.signatory),
        ("body", &template.body),
    ] {
        render::check(field, text, &names)?;
    }
    Ok(())
}

fn of_writing(
    id: TemplateId,
    code: String,
    noun: String,
    edition: i64,
    writing: Writing,
) -> DocumentTemplate {
    DocumentTemplate {
        id,
        version: 1,
        code,
        label: writing.label,
        noun,
        form: writing.form,
        issuer: writing.issuer,
        series: writing.series,
        title: writing.title,
        addressees: writing.addressees,
        copies: writing.copies,
        body: writing.body,
        signatory: writing.signatory,
        grade: writing.grade,
        drafted_by: writing.drafted_by,
        approved_by: writing.approved_by,
        audience: writing.audience,
        edition,
        state: State::InUse,
    }
}

async fn keep_edition(cx: &mut WriteCx, template: &DocumentTemplate) -> Result<()> {
    let mut sql = Sql::new(
        "insert into document_template_edition (template_id, edition, title, body, at, by_name) values (",
    );
    sql.bind(template.id).push(", ").bind(template.edition).push(", ").bind(template.title.as_str());
    sql.push(", ")
        .bind(template.body.as_str())
        .push(", ")
        .bind(cx.now)
        .push(", ")
        .bind(cx.actor.name.as_str());
    sql.push(")");
    cx.execute(sql).await?;
    Ok(())
}

fn index(cx: &mut WriteCx, template: &DocumentTemplate) {
    cx.index(NOUN, template.id, format!("{} {}", template.code, template.label));
}

/// Enters the kinds of the catalogue whose codes do not exist yet.
pub async fn seed(cx: &mut WriteCx) -> Result<()> {
    let held: HashSet<String> = store::codes(cx).await?.into_iter().collect();
    let mut missing = Vec::new();
    for kind in catalogue::CATALOGUE.iter().filter(|kind| !held.contains(kind.code)) {
        missing.push(of_writing(
            TemplateId(cx.new_id()),
            kind.code.into(),
            kind.noun.into(),
            1,
            kind.writing(),
        ));
    }
    let Some(first) = missing.first() else { return Ok(()) };
    cx.done(Done::new(NOUN, first.id, "seed", "建立公文模板").note(format!("共{}种", missing.len())));
    for template in &missing {
        index(cx, template);
    }
    cx.insert_all(missing.clone()).await?;
    for template in &missing {
        keep_edition(cx, template).await?;
    }
    Ok(())
}
