//! Before a sealed record opens: a reason, which is stored, stands in the record's history and under it in
//! the audit chain, and opens that record in that session for a short while.

use askama::Template;
use axum::{extract::Request, http::StatusCode, response::Response};
use uuid::Uuid;

use crate::{
    Cx, Done, Refusal, Result, Secrecy, Service, policy, seal, service,
    unsealing::{self, What, checked},
    web::{Query, Viewer, body, respond, shell},
};

/// The deed as it stands in history and audit.
pub const DEED: &str = "open_sealed";
/// The policy that says for how long a reason opens a record.
const POLICY: &str = "sealed_minutes";
/// Header in which a client of the API gives the reason, percent-encoded.
const HEADER: &str = "x-reason";

/// Whether records of this noun open only after a reason was given here; some have a deed that asks for it.
pub fn asks(service: &Service) -> bool {
    service.secrecy == Secrecy::Sealed && !service.deeds.iter().any(|deed| deed.opens)
}

#[derive(Template)]
#[template(path = "sealed.html")]
struct AskPage<'a> {
    action: String,
    csrf: String,
    next: &'a str,
    label: &'a str,
    minutes: i64,
    typed: &'a str,
    error: Option<&'a str>,
}

/// The page that asks for the reason, unless the record is open in this session already.
///
/// # Errors
/// "Not found" for a record that the person cannot see.
pub async fn ask(viewer: &Viewer, service: &Service, id: Uuid) -> Result<Option<Response>> {
    if !asks(service) {
        return Ok(None);
    }
    let cx = viewer.read();
    visible(&cx, service, id).await?;
    if is_open(&cx, viewer, service, id).await? {
        return Ok(None);
    }
    let next = match &viewer.query {
        Some(query) => format!("{}?{query}", viewer.path),
        None => viewer.path.clone(),
    };
    page(viewer, service, id, Asked { next: &next, typed: "", error: None }).await.map(Some)
}

struct Asked<'a> {
    next: &'a str,
    typed: &'a str,
    error: Option<&'a str>,
}

async fn page(viewer: &Viewer, service: &Service, id: Uuid, asked: Asked<'_>) -> Result<Response> {
    let content = AskPage {
        action: format!("/{}/{id}/unseal", service.noun),
        csrf: viewer.csrf(),
        next: asked.next,
        label: service.label,
        minutes: policy::amount(&viewer.read(), POLICY).await?,
        typed: asked.typed,
        error: asked.error,
    }
    .render()?;
    let sheet = shell::Sheet::new(format!("查看{}", service.label), content)
        .crumb(service.label, format!("/{}", service.noun))
        .crumb("填写查看理由", "")
        .secrecy(Secrecy::Sealed);
    shell::page(viewer, sheet).await
}

/// Takes the reason and leads on to where the person was going.
pub async fn open(viewer: &Viewer, service: &Service, id: Uuid, request: Request) -> Result<Response> {
    let form = body::read_form(viewer, request).await?;
    viewer.check_csrf(form.typed("csrf"))?;
    if !asks(service) {
        return Err(Refusal::not_found().into());
    }
    visible(&viewer.read(), service, id).await?;
    let record = format!("/{}/{id}", service.noun);
    // Only on to this record: a page or a form of it.
    let next = Some(form.typed("next"))
        .filter(|next| {
            next.strip_prefix(&record).is_some_and(|rest| rest.is_empty() || rest.starts_with(['?', '/']))
        })
        .filter(|next| next.is_ascii() && !next.chars().any(char::is_control))
        .unwrap_or(&record);
    match checked(form.typed("reason")) {
        Ok(reason) => {
            store(viewer, service, id, reason).await?;
            Ok(respond::after_deed(viewer, next, ""))
        }
        Err(refusal) => {
            let asked = Asked { next, typed: form.typed("reason"), error: Some(&refusal.message) };
            let mut response = page(viewer, service, id, asked).await?;
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
    }
}

/// Lets a request of the API at a sealed record pass: with a reason in the header `X-Reason`
/// (percent-encoded) or the parameter `reason`, or while an earlier one holds.
///
/// # Errors
/// "Not found" for a record that the person cannot see, a refusal on `reason` when none was given.
pub async fn admit(viewer: &Viewer, service: &Service, id: Uuid) -> Result<()> {
    if !asks(service) {
        return Ok(());
    }
    let cx = viewer.read();
    visible(&cx, service, id).await?;
    let query = Query::parse(viewer.query.as_deref())?;
    let header = viewer.header(HEADER).map(percent_encoding::percent_decode_str);
    let header = header.map(|text| text.decode_utf8_lossy().into_owned());
    match header.or_else(|| query.get("reason").map(str::to_owned)) {
        Some(reason) => store(viewer, service, id, checked(&reason)?).await,
        None if is_open(&cx, viewer, service, id).await? => Ok(()),
        None => Err(checked("").err().unwrap_or_else(Refusal::not_found).into()),
    }
}

async fn visible(cx: &Cx, service: &Service, id: Uuid) -> Result<()> {
    if service::can_see(cx, service.noun, id).await? { Ok(()) } else { Err(Refusal::not_found().into()) }
}

fn session(viewer: &Viewer) -> String {
    seal::digest(viewer.token.as_bytes())
}

async fn is_open(cx: &Cx, viewer: &Viewer, service: &Service, id: Uuid) -> Result<bool> {
    let session = session(viewer);
    unsealing::is_open(cx, What { noun: service.noun, record: id, part: "", session: &session }).await
}

async fn store(viewer: &Viewer, service: &Service, id: Uuid, reason: String) -> Result<()> {
    let (noun, session) = (service.noun, session(viewer));
    viewer
        .app
        .write(&viewer.actor, |cx| {
            Box::pin(async move {
                let what = What { noun, record: id, part: "", session: &session };
                unsealing::open(cx, what, POLICY, &reason).await?;
                cx.done(Done::new(noun, id, DEED, "查看密封内容").note(format!("理由：{reason}")));
                Ok(())
            })
        })
        .await
}
