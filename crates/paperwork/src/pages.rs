//! The files and pictures of documents, and previews of templates on real records.

use std::fmt::Write as _;

use axum::{
    body::Body,
    extract::Path,
    http::header,
    response::{IntoResponse as _, Response},
    routing::{MethodRouter, get},
};
use kit::{
    App, Cx, Refusal, Result,
    exports::{self, Taken},
    lookup, seal,
    service::Page,
    shown::escaped,
    web::{Query, Viewer, parse_id, respond, shell},
};
use papers::Paper;
use uuid::Uuid;

use crate::{
    document_dispatches::{self, DispatchId},
    document_templates::{self, DocumentTemplate, TemplateId},
    documents::{
        self, DocumentId,
        actions::{paper, sample_paper},
    },
    facts, ledger, official, render,
};

const PDF: &str = "application/pdf";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

pub(crate) fn page(path: &'static str, handler: MethodRouter<App>) -> Page {
    Page { method: "GET", path, label: "", group: None, icon: "", offered: |_| true, public: false, handler }
}

/// The pages of this area outside the services.
pub fn pages() -> Vec<Page> {
    let mut pages = vec![
        ledger::page(),
        page("/documents/{id}/pdf", get(document_pdf)),
        page("/documents/{id}/docx", get(document_docx)),
        page("/documents/{id}/preview", get(document_preview)),
        page("/documents/{id}/page/{at}", get(document_page)),
        page("/document_dispatches/{id}/pdf", get(dispatch_pdf)),
        page("/document_templates/{id}/preview", get(template_preview)),
        page("/document_templates/{id}/page/{record}/{at}", get(template_page)),
    ];
    pages.extend(official::routes());
    pages
}

async fn document_pdf(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, async {
        let document = documents::find(&viewer.read(), DocumentId(parse_id(&id)?)).await?;
        let called = document.title.clone();
        hand_out(&viewer, paper(&document, None), (documents::NOUN, document.id.0, called), Format::Pdf).await
    })
    .await
}

async fn document_docx(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, async {
        let document = documents::find(&viewer.read(), DocumentId(parse_id(&id)?)).await?;
        let called = document.title.clone();
        hand_out(&viewer, paper(&document, None), (documents::NOUN, document.id.0, called), Format::Docx)
            .await
    })
    .await
}

/// The document of a dispatch, for the organisation it was sent to.
async fn dispatch_pdf(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, async {
        let cx = viewer.read();
        let dispatch = document_dispatches::find(&cx, DispatchId(parse_id(&id)?)).await?;
        let document = documents::whoever(&cx, dispatch.document_id).await?;
        let called = document.title.clone();
        let of = (document_dispatches::NOUN, dispatch.id.0, called);
        hand_out(&viewer, paper(&document, None), of, Format::Pdf).await
    })
    .await
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Pdf,
    Docx,
}

/// Makes the file under a new export number, enters it in the register as `called`, and only then hands it out.
pub(crate) async fn hand_out(
    viewer: &Viewer,
    paper: Paper,
    (noun, record, called): (&'static str, Uuid, String),
    format: Format,
) -> Result<Response> {
    let trace = exports::announce(&viewer.app, &viewer.actor).await?;
    let at = viewer.read().now;
    let (end, media) = if format == Format::Pdf { ("pdf", PDF) } else { ("docx", DOCX) };
    let printed = Paper { trace: Some(render::trace(&trace)), ..paper };
    let content = match format {
        Format::Pdf => render::pdf(render::set(&viewer.app, printed, at).await?).await?,
        Format::Docx => papers::docx(&printed, at).map_err(render::fault)?,
    };
    let called = called.replace(['\n', '/', '\\'], "");
    let file_name = format!("{called}.{end}");
    let taken = Taken {
        noun: noun.to_owned(),
        record: Some(record),
        label: called,
        file_name: file_name.clone(),
        digest: seal::digest(&content),
    };
    exports::enter(&viewer.app, &viewer.actor, &trace, taken).await?;
    Ok(respond::download(&file_name, media, Body::from(content)))
}

/// Makes a file of `record` under a new export number and enters it in the register before it is handed out: for files
/// that are no documents.
///
/// # Errors
/// Whatever `make` answers; then nothing left.
pub async fn leaving(
    viewer: &Viewer,
    (noun, record, label): (&'static str, Uuid, String),
    file_name: &str,
    make: impl FnOnce(papers::Trace) -> Result<Vec<u8>>,
) -> Result<Vec<u8>> {
    let trace = exports::announce(&viewer.app, &viewer.actor).await?;
    let content = make(render::trace(&trace))?;
    let taken = Taken {
        noun: noun.to_owned(),
        record: Some(record),
        label,
        file_name: file_name.to_owned(),
        digest: seal::digest(&content),
    };
    exports::enter(&viewer.app, &viewer.actor, &trace, taken).await?;
    Ok(content)
}

async fn document_page(viewer: Viewer, Path((id, at)): Path<(String, String)>) -> Response {
    respond::answer(&viewer, async {
        let document = documents::find(&viewer.read(), DocumentId(parse_id(&id)?)).await?;
        picture(&viewer, paper(&document, None), &at).await
    })
    .await
}

async fn document_preview(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, async {
        let cx = viewer.read();
        let document = documents::find(&cx, DocumentId(parse_id(&id)?)).await?;
        let at = format!("/{}/{}", documents::NOUN, document.id);
        let content = all_pages(&viewer, paper(&document, None), &document.title, &at).await?;
        let sheet = shell::Sheet::new("公文版面", content)
            .crumb("公文", format!("/{}", documents::NOUN))
            .crumb(document.number, at)
            .crumb("版面", "");
        shell::page(&viewer, sheet).await
    })
    .await
}

/// Every page of what stands at the address `at`, and what the layout has to say to it.
pub(crate) async fn all_pages(viewer: &Viewer, paper: Paper, title: &str, at: &str) -> Result<String> {
    let set = render::set(&viewer.app, paper, viewer.read().now).await?;
    let mut content = format!("<h1>{}</h1>", escaped(title));
    push_notes(&mut content, set.notes());
    push_pages(&mut content, &format!("{at}/page"), set.pages());
    Ok(content)
}

async fn template_preview(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, async {
        let cx = viewer.read();
        let template = document_templates::find(&cx, TemplateId(parse_id(&id)?)).await?;
        let query = Query::parse(viewer.query.as_deref())?;
        let wanted = query.get("record").unwrap_or_default().trim().to_owned();
        let content = template_content(&viewer, &cx, &template, &wanted).await?;
        let sheet = shell::Sheet::new("模板预览", content)
            .crumb("公文模板", format!("/{}", document_templates::NOUN))
            .crumb(template.code, format!("/{}/{}", document_templates::NOUN, template.id))
            .crumb("预览", "");
        shell::page(&viewer, sheet).await
    })
    .await
}

async fn template_content(
    viewer: &Viewer,
    cx: &Cx,
    template: &DocumentTemplate,
    wanted: &str,
) -> Result<String> {
    if let Some(kind) = official::kind_of(template) {
        // A report opens on its own page only; here an invented one shows its form.
        let at = format!("/{}/{}", document_templates::NOUN, template.id);
        let paper = official::invented(cx, template, kind).await?;
        return all_pages(
            viewer,
            paper,
            &format!("预览：{}", template.label),
            &format!("{at}/page/{}", template.id),
        )
        .await;
    }
    let mut content = format!(
        "<h1>预览：{}</h1><form class=\"form\" method=\"get\"><div class=\"field\"><label for=\"f-record\">用哪条记录预览</label>\
         <div class=\"control\"><input id=\"f-record\" name=\"record\" maxlength=\"200\" value=\"{}\"> \
         <button class=\"button\">预览</button></div></div></form>",
        escaped(&template.label),
        escaped(wanted)
    );
    let record = if wanted.is_empty() {
        facts::newest(cx, &template.noun).await?
    } else {
        facts::service(cx, &template.noun)?;
        lookup::record(cx, &template.noun, wanted).await?.ok()
    };
    let Some(record) = record else {
        content
            .push_str("<div class=\"empty\"><h2>没有找到这条记录</h2><p>请填写记录的编号或名称。</p></div>");
        return Ok(content);
    };
    let facts = facts::of_record(cx, &template.noun, record).await?;
    let set = render::set(&viewer.app, sample_paper(template, &facts.values, cx.today())?, cx.now).await?;
    push_notes(&mut content, set.notes());
    push_pages(
        &mut content,
        &format!("/{}/{}/page/{record}", document_templates::NOUN, template.id),
        set.pages(),
    );
    Ok(content)
}

async fn template_page(viewer: Viewer, Path((id, record, at)): Path<(String, String, String)>) -> Response {
    respond::answer(&viewer, async {
        let cx = viewer.read();
        let template = document_templates::find(&cx, TemplateId(parse_id(&id)?)).await?;
        let paper = if let Some(kind) = official::kind_of(&template) {
            official::invented(&cx, &template, kind).await?
        } else {
            let facts = facts::of_record(&cx, &template.noun, parse_id(&record)?).await?;
            sample_paper(&template, &facts.values, cx.today())?
        };
        picture(&viewer, paper, &at).await
    })
    .await
}

/// One page as a picture; pages that do not exist are no addresses.
pub(crate) async fn picture(viewer: &Viewer, paper: Paper, at: &str) -> Result<Response> {
    let at: usize = at.parse().map_err(|_| Refusal::not_found())?;
    let set = render::set(&viewer.app, paper, viewer.read().now).await?;
    let svg = set.picture(at).ok_or_else(Refusal::not_found)?;
    let mut response = svg.into_response();
    respond::set(&mut response, header::CONTENT_TYPE, "image/svg+xml");
    respond::set(
        &mut response,
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    );
    Ok(response)
}

fn push_notes(content: &mut String, notes: &[String]) {
    if notes.is_empty() {
        return;
    }
    content.push_str("<details class=\"panel-body\"><summary>版面提示</summary><ul>");
    for note in notes {
        let _ = write!(content, "<li>{}</li>", escaped(note));
    }
    content.push_str("</ul></details>");
}

fn push_pages(content: &mut String, at: &str, count: usize) {
    content.push_str("<div class=\"paper-pages\">");
    for page in 0..count {
        let _ = write!(
            content,
            "<img src=\"{at}/{page}\" alt=\"第 {} 页，共 {count} 页\" loading=\"lazy\">",
            page + 1
        );
    }
    content.push_str("</div>");
}
