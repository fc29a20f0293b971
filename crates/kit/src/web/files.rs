//! Files on pages: the list on a record, looking at one, downloading it, withdrawing it; and uploads that
//! go on after a broken connection.
//!
//! Nothing uploaded can run in our origin: downloads are attachments in a sandbox; pictures and PDF are
//! shown under their exact type and a policy that allows nothing; text is escaped into our own page.

use std::{fmt::Write as _, io::Read as _};

use askama::Template;
use axum::{
    Json,
    body::Body,
    extract::{Path, Request},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::{
    Cx, Error, Form, Labelled as _, Refusal, Result, Service, Tab,
    clock::office_time,
    error::Reason,
    files::{self, Attachment, Opened, Preview},
    shown::{escape, escaped},
    web::{Viewer, body, forms, list, parse_id, respond, sealed, shell},
};

/// Text that is shown on a page, in bytes.
const MOST_TEXT: u64 = 256 << 10;
/// Bytes handed to the network at once.
const PORTION: usize = 64 << 10;

/// The list of a record's files, with the form to add some.
pub(super) async fn tab_html(
    viewer: &Viewer,
    cx: &Cx,
    service: &Service,
    id: Uuid,
    may_attach: bool,
) -> Result<String> {
    let held = files::of_record(cx, id).await?;
    let mut html = String::new();
    if may_attach {
        attach_html(viewer, cx, service, id, &mut html).await?;
    }
    if held.is_empty() {
        html.push_str(
            "<div class=\"empty\"><h2>还没有材料</h2><p>选好文件、写明来源后点“添加材料”。</p></div>",
        );
        return Ok(html);
    }
    html.push_str(
        "<div class=\"table-wrap\"><table class=\"data data-files\"><thead><tr><th scope=\"col\">文件</th><th scope=\"col\">来源</th>\
         <th scope=\"col\">上传</th><th scope=\"col\" class=\"num\">大小</th><th scope=\"col\">摘要（SM3）</th><th scope=\"col\">原件</th></tr></thead><tbody>",
    );
    for file in &held {
        line_html(file, &mut html);
    }
    html.push_str("</tbody></table></div>");
    Ok(html)
}

async fn attach_html(viewer: &Viewer, cx: &Cx, service: &Service, id: Uuid, html: &mut String) -> Result<()> {
    let Some(deed) = service.deed(files::ATTACH) else { return Ok(()) };
    let _ = write!(
        html,
        "<form class=\"form attach no-print\" id=\"attach-form\" method=\"post\" action=\"/{}/{id}/{}\" enctype=\"multipart/form-data\" data-guard>\
         <input type=\"hidden\" name=\"csrf\" value=\"{}\"><input type=\"hidden\" name=\"_key\" value=\"{}\">",
        service.noun,
        deed.key,
        viewer.csrf(),
        crate::ids::random(),
    );
    for field in (deed.fields)(cx, Some(id)).await? {
        html.push_str(&forms::field_html(cx, &field, &Form::default(), &[]).await?);
    }
    let _ = write!(
        html,
        "<div class=\"form-foot\"><button class=\"button\">{}</button></div></form>",
        deed.label
    );
    Ok(())
}

fn line_html(file: &Attachment, html: &mut String) {
    html.push_str("<tr><td>");
    let name = escaped(&file.name);
    if file.is_open() {
        let _ = write!(html, "<a href=\"/files/{}/view\">{name}</a>", file.id);
    } else {
        let _ = write!(
            html,
            "<del>{name}</del> <small class=\"muted\">已撤下：{}</small>",
            escaped(&file.withdrawn_why)
        );
    }
    for warning in file.warnings() {
        let _ = write!(
            html,
            " <span class=\"clock clock-{}\">{}</span>",
            warning.choice().tone.class(),
            warning.label()
        );
    }
    html.push_str("</td><td>");
    escape(&file.source, html);
    let _ = write!(
        html,
        "</td><td>{}<br><small class=\"muted nowrap\">{}</small></td><td class=\"num nowrap\">{}</td><td class=\"number\" title=\"{}\">{}…</td><td>",
        escaped(&file.by_name),
        office_time(file.at),
        size_text(file.size),
        escaped(&file.digest),
        escaped(file.digest.get(..12).unwrap_or(&file.digest)),
    );
    if file.is_open() {
        let _ = write!(html, "<a href=\"/files/{}\" download>下载</a>", file.id);
    }
    html.push_str("</td></tr>");
}

/// A length for people.
fn size_text(bytes: i64) -> String {
    match bytes {
        ..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KB", bytes / 1_024),
        1_048_576..1_073_741_824 => {
            format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576)
        }
        _ => format!("{}.{} GB", bytes / 1_073_741_824, bytes % 1_073_741_824 * 10 / 1_073_741_824),
    }
}

/// A file that the viewer may open now, or the page that asks for a reason before its record opens.
async fn open(viewer: &Viewer, cx: &Cx, id: &str) -> Result<std::result::Result<Attachment, Response>> {
    let file = files::find(cx, parse_id(id)?).await?;
    if !file.is_open() {
        return Err(Refusal::conflict("这个文件已经撤下，不能再查阅。").into());
    }
    let Some(service) = viewer.app.registry().service(&file.noun) else { return Ok(Ok(file)) };
    if let Some(asked) = sealed::ask(viewer, service, file.record_id).await? {
        return Ok(Err(asked));
    }
    if service.deeds.iter().any(|deed| deed.opens) && !shows_files(cx, service, file.record_id).await? {
        let message = "这个文件属于封存的内容。请先在它的记录页上写明理由查阅，在有效时间内再打开文件。";
        return Err(Refusal::new(Reason::Forbidden, message).into());
    }
    Ok(Ok(file))
}

/// Whether the record's page shows its files to the actor now. Where a deed opens what is sealed, whoever has not
/// done it knows of the record but reads neither its text nor its files.
async fn shows_files(cx: &Cx, service: &Service, record: Uuid) -> Result<bool> {
    let view = (service.show)(cx, record).await?;
    Ok(view.tabs.iter().any(|tab| matches!(tab, Tab::Files)))
}

/// A file, handed out so that it can never run in our origin.
pub(super) async fn download(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, async {
        let cx = viewer.read();
        let file = match open(&viewer, &cx, &id).await? {
            Ok(file) => file,
            Err(asked) => return Ok(asked),
        };
        let body = stream(file.open(cx.app())?).await?;
        files::record_opening(&cx, &file).await;
        let mut response = respond::download(&file.name, files::media_type(&file.name), body);
        respond::set(&mut response, header::CONTENT_LENGTH, &file.size.to_string());
        Ok(response)
    })
    .await
}

/// A picture or a PDF for the page that shows it.
pub(super) async fn inline(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, async {
        let cx = viewer.read();
        let file = match open(&viewer, &cx, &id).await? {
            Ok(file) => file,
            Err(asked) => return Ok(asked),
        };
        let policy = match shown_as(&file) {
            Preview::Picture => "default-src 'none'; sandbox; frame-ancestors 'none'",
            // A sandbox would keep the browser's own reader from working; it runs apart from our origin.
            Preview::Pdf => "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
            Preview::Text | Preview::None => return Err(Refusal::not_found().into()),
        };
        let body = stream(file.open(cx.app())?).await?;
        files::record_opening(&cx, &file).await;
        let mut response = respond::download(&file.name, files::media_type(&file.name), body);
        response.headers_mut().insert(header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"));
        response.headers_mut().insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
        respond::set(&mut response, header::CONTENT_SECURITY_POLICY, policy);
        respond::set(&mut response, header::CONTENT_LENGTH, &file.size.to_string());
        Ok(response)
    })
    .await
}

/// How a file may be shown: not at all when something in it could act by itself.
fn shown_as(file: &Attachment) -> Preview {
    if file.warnings().is_empty() { files::preview(&file.name) } else { Preview::None }
}

/// Reads a file on a thread of its own; its first part is proved before anything is answered.
async fn stream(mut opened: Opened) -> Result<Body> {
    let (sender, mut receiver) = mpsc::channel::<std::io::Result<Bytes>>(4);
    tokio::task::spawn_blocking(move || {
        loop {
            let mut portion = vec![0u8; PORTION];
            let next = match opened.read(&mut portion) {
                Ok(0) => return,
                Ok(count) => {
                    portion.truncate(count);
                    Ok(Bytes::from(portion))
                }
                Err(error) => {
                    tracing::error!(%error, "a kept file does not open");
                    Err(error)
                }
            };
            let ended = next.is_err();
            if sender.blocking_send(next).is_err() || ended {
                return;
            }
        }
    });
    let first = receiver.recv().await.transpose().map_err(Error::from)?;
    let parts = futures_util::stream::unfold((first, receiver), |(first, mut receiver)| async move {
        let next = match first {
            Some(first) => Some(Ok(first)),
            None => receiver.recv().await,
        };
        next.map(|next| (next, (None, receiver)))
    });
    Ok(Body::from_stream(parts))
}

#[derive(Template)]
#[template(path = "file.html")]
struct FilePage<'a> {
    file: &'a Attachment,
    size: String,
    at: String,
    way: &'static str,
    record: String,
    record_address: String,
    warnings: Vec<&'static str>,
    picture: bool,
    pdf: bool,
    text: Option<String>,
    cut: bool,
    may_withdraw: bool,
    csrf: String,
}

/// The page of one file: what it is, where it came from, and what can be seen of it.
pub(super) async fn view(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, async {
        let cx = viewer.read();
        let file = match open(&viewer, &cx, &id).await? {
            Ok(file) => file,
            Err(asked) => return Ok(asked),
        };
        let service = cx.app().registry().service(&file.noun).ok_or_else(Refusal::not_found)?;
        let record = list::title_of(&cx, service.noun, file.record_id).await?.unwrap_or_default();
        let (text, cut) = text_of(&cx, &file).await?;
        let page = FilePage {
            size: size_text(file.size),
            at: office_time(file.at),
            way: file.way.label(),
            record_address: format!("/{}/{}?tab=files", file.noun, file.record_id),
            warnings: file.warnings().into_iter().map(files::Warning::label).collect(),
            picture: shown_as(&file) == Preview::Picture,
            pdf: shown_as(&file) == Preview::Pdf,
            text,
            cut,
            may_withdraw: files::may_withdraw(&cx, &file).await?,
            csrf: viewer.csrf(),
            record: record.clone(),
            file: &file,
        };
        let address = page.record_address.clone();
        let sheet = shell::Sheet::new(file.name.clone(), page.render()?)
            .crumb(service.label, format!("/{}", service.noun))
            .crumb(record, address)
            .crumb(file.name.clone(), "")
            .secrecy(service.secrecy);
        let mut response = shell::page(&viewer, sheet).await?;
        let policy = format!("{}; frame-src 'self'", respond::POLICY);
        respond::set(&mut response, header::CONTENT_SECURITY_POLICY, &policy);
        Ok(response)
    })
    .await
}

/// The beginning of a text file, and whether more follows.
async fn text_of(cx: &Cx, file: &Attachment) -> Result<(Option<String>, bool)> {
    if shown_as(file) != Preview::Text {
        return Ok((None, false));
    }
    let opened = file.open(cx.app())?;
    files::record_opening(cx, file).await;
    let cut = opened.size() > MOST_TEXT;
    let read = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        opened.take(MOST_TEXT).read_to_end(&mut bytes).map(|_| bytes)
    });
    let bytes = read.await.map_err(|error| Error::Fault(format!("reading a file: {error}")))??;
    Ok((Some(documents::text::decode(&bytes)), cut))
}

/// Takes a file off its record.
pub(super) async fn withdraw(viewer: Viewer, Path(id): Path<String>, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = body::read_form(&viewer, request).await?;
        files::discard(&viewer.app, &form.files).await;
        viewer.check_csrf(form.typed("csrf"))?;
        let (id, why) = (parse_id(&id)?, form.typed("why").to_owned());
        let file = viewer
            .app
            .write(&viewer.actor, |cx| Box::pin(async move { files::withdraw(cx, id, &why).await }))
            .await?;
        let address = format!("/{}/{}?tab=files", file.noun, file.record_id);
        Ok(respond::after_deed(&viewer, &address, "已撤下文件，撤下原因已登记。"))
    })
    .await
}

/// Begins an upload or finds the one already under way.
pub(super) async fn begin(viewer: Viewer, request: Request) -> Response {
    respond::answer(&viewer, async {
        viewer.check_csrf("")?;
        let form = body::read_json(request).await?;
        let (name, mark) = (form.typed("name").to_owned(), form.typed("mark").to_owned());
        let size = form.typed("size").parse().map_err(|_| Refusal::bad_request("size 应为文件的字节数。"))?;
        let progress = viewer
            .app
            .write(&viewer.actor, |cx| Box::pin(async move { files::begin(cx, &name, size, &mark).await }))
            .await?;
        Ok(Json(progress).into_response())
    })
    .await
}

/// How far an upload is.
pub(super) async fn progress(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, async {
        Ok(Json(files::progress(&viewer.read(), parse_id(&id)?).await?).into_response())
    })
    .await
}

/// Takes the next bytes of an upload.
pub(super) async fn append(viewer: Viewer, Path(id): Path<String>, request: Request) -> Response {
    respond::answer(&viewer, async {
        viewer.check_csrf("")?;
        let offset = viewer.header("upload-offset").and_then(|text| text.parse().ok());
        let offset =
            offset.ok_or_else(|| Refusal::bad_request("需要 Upload-Offset 请求头：从第几个字节接着传。"))?;
        let progress = files::append(&viewer.read(), parse_id(&id)?, offset, request.into_body()).await?;
        Ok(Json(progress).into_response())
    })
    .await
}

/// Ends an upload.
pub(super) async fn finish(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, async {
        viewer.check_csrf("")?;
        Ok(Json(files::finish(&viewer.app, &viewer.actor, parse_id(&id)?).await?).into_response())
    })
    .await
}

/// Gives an upload up.
pub(super) async fn cancel(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, async {
        viewer.check_csrf("")?;
        let id = parse_id(&id)?;
        let progress = files::progress(&viewer.read(), id).await?;
        files::cancel(&viewer.app, &viewer.actor, id).await?;
        Ok(Json(progress).into_response())
    })
    .await
}
