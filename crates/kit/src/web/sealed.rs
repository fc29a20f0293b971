//! Before a sealed record opens: a reason, which is stored, stands in the record's history and under it in
//! the audit chain, and opens that record in that session for a short while.

use askama::Template;
use axum::{extract::Request, http::StatusCode, response::Response};
use db::Sql;
use uuid::Uuid;

use crate::{
    App, Cx, Done, Refusal, Result, Secrecy, Service, policy, seal, service,
    web::{Query, Viewer, body, respond, shell},
};

/// The deed as it stands in history and audit.
pub const DEED: &str = "open_sealed";
/// Shortest and longest reason.
const REASON: (usize, usize) = (4, 200);
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
        minutes: policy::amount(&viewer.read(), "sealed_minutes").await?,
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

fn checked(reason: &str) -> std::result::Result<String, Refusal> {
    let reason = reason.trim();
    let length = reason.chars().count();
    if (REASON.0..=REASON.1).contains(&length) && !reason.chars().any(char::is_control) {
        return Ok(reason.to_owned());
    }
    Err(Refusal::field(
        "reason",
        format!("密封内容须填写查看理由后才能打开，{} 至 {} 个字。", REASON.0, REASON.1),
    ))
}

fn session(viewer: &Viewer) -> String {
    seal::digest(viewer.token.as_bytes())
}

async fn is_open(cx: &Cx, viewer: &Viewer, service: &Service, id: Uuid) -> Result<bool> {
    let mut sql = Sql::new("select count(*) from sealed_opening where session_hash = ");
    sql.bind(session(viewer)).push(" and record_id = ").bind(id).push(" and noun = ").bind(service.noun);
    sql.push(" and until_at > ").bind(cx.now);
    Ok(cx.number(sql).await? > 0)
}

async fn store(viewer: &Viewer, service: &Service, id: Uuid, reason: String) -> Result<()> {
    let app: &App = &viewer.app;
    let (noun, session) = (service.noun, session(viewer));
    app.write(&viewer.actor, |cx| {
        Box::pin(async move {
            let minutes = policy::amount(cx, "sealed_minutes").await?;
            let until = cx.now + chrono::Duration::minutes(minutes.clamp(1, 24 * 60));
            let mut sql = Sql::new(
                "insert into sealed_opening (id, session_hash, account_id, noun, record_id, reason, at, until_at) values (",
            );
            sql.bind(cx.new_id()).push(", ").bind(session).push(", ").bind(cx.actor.account);
            sql.push(", ").bind(noun).push(", ").bind(id).push(", ").bind(reason.as_str());
            sql.push(", ").bind(cx.now).push(", ").bind(until).push(")");
            cx.execute(sql).await?;
            cx.done(Done::new(noun, id, DEED, "查看密封内容").note(format!("理由：{reason}")));
            Ok(())
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_a_few_words_and_no_essay() {
        assert_eq!(checked(" 办理移交手续 ").ok().as_deref(), Some("办理移交手续"));
        for bad in ["", "看看", "　　　　　　", "一\n二三四五", &"长".repeat(201)] {
            assert!(checked(bad).is_err(), "{bad:?}");
        }
    }
}
