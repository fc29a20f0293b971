//! All documents of one kind for a whole round in one go (成批生成公文): drafted where they are not yet there, laid out one
//! behind the other, handed out as one PDF to be printed or as an archive of every file.

use std::{collections::HashMap, io::Write as _, sync::Arc};

use chrono::{DateTime, Utc};
use db::Sql;
use kit::{
    App, Cx, Error, Labelled as _, Pred, Refusal, Result, WriteCx,
    exports::{self, Taken},
    jobs::{self, Doing, Ended, JobId, Kind, Order, Progress},
    labelled, seal,
};
use papers::{Paper, Typeset};
use planning::rounds::{self, RoundId};
use registry::policies;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::{
    document_templates::{self, DocumentTemplate, TemplateId},
    documents::{self, Document, Urgency, actions},
    facts, render,
};

labelled! {
    /// What comes of a batch.
    pub enum Product: "成果" {
        /// One file to be printed on both sides.
        Merged = "merged" => "合并成一个 PDF", Blue;
        /// Every document by itself, and the merged file.
        Archive = "archive" => "压缩包（合并 PDF、每份 PDF 和 Word）", Blue;
    }
}

/// The kind of jobs that makes them.
pub const KIND: Kind = Kind::new("document_batch", "成批生成公文", |doing| Box::pin(run(doing)));

/// What is ordered.
#[derive(Clone, Copy, Debug)]
pub struct Batch {
    /// By which template.
    pub template: TemplateId,
    /// For whose records.
    pub round: RoundId,
    /// What comes of it.
    pub product: Product,
    /// 紧急程度 of the new drafts.
    pub urgency: Urgency,
}

/// The order as the job keeps it.
#[derive(Serialize, Deserialize)]
struct Payload {
    template: TemplateId,
    round: RoundId,
    product: String,
    urgency: String,
}

impl Payload {
    fn of(batch: &Batch) -> Self {
        let Batch { template, round, product, urgency } = *batch;
        Self { template, round, product: product.code().to_owned(), urgency: urgency.code().to_owned() }
    }

    fn batch(self) -> Result<Batch> {
        let unknown = || Error::Fault(String::from("a batch of another program"));
        let product = Product::parse(&self.product).ok_or_else(unknown)?;
        let urgency = Urgency::parse(&self.urgency).ok_or_else(unknown)?;
        Ok(Batch { template: self.template, round: self.round, product, urgency })
    }
}

/// Orders a batch.
pub async fn order(cx: &mut WriteCx, batch: &Batch) -> Result<JobId> {
    if !documents::may_create(&cx.actor) {
        return Err(Refusal::forbidden("成批生成公文").into());
    }
    let template = document_templates::to_draft_by(cx, batch.template).await?;
    let round = rounds::find(cx, batch.round).await?;
    let count = records(cx, &template.noun, batch.round).await?.len();
    let most = policies::amount(cx, "document_batch", cx.today()).await?;
    if count == 0 {
        let of = facts::service(cx, &template.noun)?.label;
        return Err(Refusal::field("round", format!("这一轮还没有可用的{of}，不能成批生成")).into());
    }
    if i64::try_from(count).unwrap_or(i64::MAX) > most {
        let why = format!("这一轮共有 {count} 条记录，一次最多 {most} 份；请由巡察办在“期限和口径”里调整");
        return Err(Refusal::field("round", why).into());
    }
    let title = format!("成批生成公文：{}，{}，{count} 份", template.label, round.name);
    let key = format!("{}/{}/{}", batch.template, batch.round, batch.product.code());
    jobs::enqueue(cx, Order::new(KIND.code, title).payload(&Payload::of(batch))?.key(key)).await
}

/// The records of the round that the template can be filled with, within what the person sees, in their order.
async fn records(cx: &Cx, noun: &str, round: RoundId) -> Result<Vec<Uuid>> {
    let service = facts::service(cx, noun)?;
    let columns = cx.app().reach().columns(service.table);
    let column = ["inspection_id", "id"].into_iter().find(|name| columns.contains(name));
    let Some(column) = column else {
        let why = format!("“{}”不属于某一轮巡察，请逐份生成", service.label);
        return Err(Refusal::field("template", why).into());
    };
    let (from, alias) = (service.list.from, service.list.alias);
    let mut sql = Sql::new("select ");
    sql.push(alias).push(".id from ").push(from).push(" where ");
    service.scope(&cx.actor).write(alias, &mut sql);
    sql.push(" and ").push(alias).push(".").push(column);
    sql.push(" in (select id from inspection where round_id = ").bind(round).push(")");
    sql.push(" order by ").push(alias).push(".id");
    cx.rows(sql).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

async fn run(doing: &Doing) -> Result<Ended> {
    let batch = doing.payload::<Payload>()?.batch()?;
    let cx = doing.read();
    let template = document_templates::find(&cx, batch.template).await?;
    let round = rounds::find(&cx, batch.round).await?.name;
    let records = records(&cx, &template.noun, batch.round).await?;
    doing.progress.say("正在拟稿");
    let (documents, drafted) = drafts(doing, &template, &records, batch.urgency).await?;
    doing.progress.say("正在排版");
    let trace = exports::announce(&doing.app, &doing.actor).await?;
    let printed: Vec<(String, Paper)> = documents
        .iter()
        .map(|one| (one.title.clone(), actions::paper(one, Some(render::trace(&trace)))))
        .collect();
    let content = laid_out(&doing.app, printed, batch.product, cx.now, &doing.progress).await?;
    let end = if batch.product == Product::Merged { "pdf" } else { "zip" };
    let called = format!("{}-{round}-{}份", template.label, documents.len());
    let file_name = format!("{}.{end}", plain(&called));
    tokio::fs::write(doing.result_path().await?, &content).await?;
    let taken = Taken {
        noun: documents::NOUN.to_owned(),
        record: None,
        label: called,
        file_name: file_name.clone(),
        digest: seal::digest(&content),
    };
    exports::enter(&doing.app, &doing.actor, &trace, taken).await?;
    let message = format!(
        "共 {} 份，其中新拟 {drafted} 份；导出编号 {}。新拟的公文仍须送签、编号后发出。",
        documents.len(),
        trace.number
    );
    Ok(Ended::saying(message).link(format!("/{}?f.code={}", documents::NOUN, template.code)).file(file_name))
}

/// The document of every record in the order of the records; those that were missing are drafted. Begun again after a
/// fault, it finds what it drafted before.
async fn drafts(
    doing: &Doing,
    template: &DocumentTemplate,
    records: &[Uuid],
    urgency: Urgency,
) -> Result<(Vec<Document>, usize)> {
    let mut held = held(&doing.read(), template.id, records).await?;
    let steps = records.len() * 2;
    let (mut found, mut drafted) = (Vec::with_capacity(records.len()), 0);
    for (at, &record) in records.iter().enumerate() {
        doing.progress.step(at, steps)?;
        if let Some(document) = held.remove(&record) {
            found.push(document);
            continue;
        }
        let id = template.id;
        let work = doing.app.write(&doing.actor, |cx| {
            Box::pin(async move {
                let made = actions::create(cx, id, record, urgency).await?;
                documents::find(cx, made).await
            })
        });
        found.push(work.await?);
        drafted += 1;
    }
    Ok((found, drafted))
}

/// The newest document of each record by this template that is not void.
async fn held(cx: &Cx, template: TemplateId, records: &[Uuid]) -> Result<HashMap<Uuid, Document>> {
    use kit::Lifecycle as _;
    let condition = Document::scope(&cx.actor)
        .and(Pred::is("template_id", template))
        .and(Pred::one_of("record_id", records.iter().copied()));
    let mut documents = kit::store::all::<documents::Entity>(cx, &condition).await?;
    documents.retain(|one| one.state != documents::State::Void);
    documents.sort_by(|a, b| a.number.cmp(&b.number));
    Ok(documents.into_iter().map(|one| (one.record_id, one)).collect())
}

/// A text as a name of a file.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|'))
        .collect()
}

/// One document of an archive.
struct Part {
    name: String,
    pdf: Vec<u8>,
    docx: Vec<u8>,
}

async fn laid_out(
    app: &App,
    printed: Vec<(String, Paper)>,
    product: Product,
    at: DateTime<Utc>,
    progress: &Progress,
) -> Result<Vec<u8>> {
    let count = printed.len();
    let (mut sets, mut parts) = (Vec::with_capacity(count), Vec::new());
    for (place, (title, paper)) in printed.into_iter().enumerate() {
        progress.step(count + place, count * 2)?;
        let paper = Arc::new(paper);
        let set = render::part(app, Arc::clone(&paper), at).await?;
        let set = if product == Product::Archive {
            let (set, part) = tokio::task::spawn_blocking(move || files(set, &paper, at))
                .await
                .map_err(render::fault)??;
            parts.push(Part { name: format!("{:02} {}", place + 1, plain(&title)), ..part });
            set
        } else {
            set
        };
        sets.push(set);
    }
    progress.say("正在合并");
    let work = move || {
        let whole = Typeset::joined(sets).ok_or_else(|| Error::Fault(String::from("a batch of nothing")))?;
        let merged = whole.pdf().map_err(render::fault)?;
        if product == Product::Archive { archive(&merged, &parts) } else { Ok(merged) }
    };
    tokio::task::spawn_blocking(work).await.map_err(render::fault)?
}

fn files(set: Typeset, paper: &Paper, at: DateTime<Utc>) -> Result<(Typeset, Part)> {
    let pdf = set.pdf().map_err(render::fault)?;
    let docx = papers::docx(paper, at).map_err(render::fault)?;
    Ok((set, Part { name: String::new(), pdf, docx }))
}

fn archive(merged: &[u8], parts: &[Part]) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    // What goes in is compressed already.
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut put = |name: String, content: &[u8]| -> Result<()> {
        zip.start_file(name, options).map_err(render::fault)?;
        Ok(zip.write_all(content)?)
    };
    put(String::from("合并.pdf"), merged)?;
    for part in parts {
        put(format!("PDF/{}.pdf", part.name), &part.pdf)?;
        put(format!("Word/{}.docx", part.name), &part.docx)?;
    }
    Ok(zip.finish().map_err(render::fault)?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_the_name_of_a_file_on_any_system() {
        assert_eq!(plain("关于A/B“甲”\n的通知?"), "关于AB“甲”的通知");
    }
}
