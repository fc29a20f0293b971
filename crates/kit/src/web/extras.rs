//! The pages that belong to no noun: search, files, saved views, drafts, bulk deeds, assets, health.

use std::fmt::Write as _;

use askama::Template;
use axum::{
    Json,
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use db::Sql;
use uuid::Uuid;

use crate::{
    App, Cx, Outcome, Pred, Refusal, Result, Service,
    perform::{self, perform_in},
    search::{self, Sought},
    shown::{escape, escaped},
    web::{Query, Viewer, body, chosen, openapi_document, parse_id, respond, shell},
};

/// Whether the database answers.
pub(super) async fn ready(State(app): State<App>) -> Response {
    match crate::audit::last_seq(app.db()).await {
        Ok(_) => "ready".into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "database unavailable").into_response()
        }
    }
}

/// A browser file, packed when the browser takes it so.
pub(super) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = assets::find(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let packed = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|coding| coding.trim().starts_with("gzip")));
    let bytes = if packed { asset.gzip } else { asset.bytes };
    let mut response = Response::new(Body::from(bytes));
    respond::set(&mut response, header::CONTENT_TYPE, asset.mime);
    respond::set(&mut response, header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    respond::set(&mut response, header::VARY, "Accept-Encoding");
    if packed {
        respond::set(&mut response, header::CONTENT_ENCODING, "gzip");
    }
    response
}

/// What answers when no route does: the same as for what one may not see.
pub(super) async fn nothing(viewer: std::result::Result<Viewer, Response>) -> Response {
    match viewer {
        Ok(viewer) => respond::failed(&viewer, &Refusal::not_found().into()).await,
        Err(response) => response,
    }
}

pub(super) async fn openapi(viewer: Viewer) -> Response {
    respond::answer(&viewer, async {
        // The document describes what the program can do; it is the same for everybody.
        let actor = std::sync::Arc::new(crate::Actor::program("openapi"));
        Ok(Json(openapi_document(&viewer.app.read(&actor)).await?).into_response())
    })
    .await
}

/// The hits of one noun, as the page of all nouns lists them.
struct Found {
    label: &'static str,
    html: String,
    count: String,
    all: String,
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage<'a> {
    words: &'a str,
    groups: Vec<Found>,
    asked: bool,
    most: i64,
}

/// How many hits of one noun the page of all nouns shows.
const HITS: i64 = 10;

/// Finds words in every noun the person can see.
pub(super) async fn search(viewer: &Viewer) -> Result<Response> {
    let query = Query::parse(viewer.query.as_deref())?;
    let words = query.get("q").unwrap_or_default().trim().to_owned();
    if words.chars().count() > 100 || words.contains('\0') {
        return Err(Refusal::bad_request("查找内容过长或含有不可见字符，请缩短后重试。").into());
    }
    let cx = viewer.read();
    let mut groups = Vec::new();
    if !words.is_empty() {
        let nouns = search::nouns(&cx, &words).await?;
        for service in as_sought(&viewer.app) {
            let hits = hits(&cx, service, &words, nouns.contains(service.noun)).await?;
            if !hits.is_empty() {
                groups.push(found(service, &hits, &words));
            }
        }
    }
    let content = SearchPage { words: &words, groups, asked: !words.is_empty(), most: HITS }.render()?;
    shell::page(viewer, shell::Sheet::new("全站搜索", content).crumb("全站搜索", "")).await
}

/// The services in the order in which people look for their records: those named so, the work, what a group can do without,
/// and last what only administers.
fn as_sought(app: &App) -> Vec<&Service> {
    let registry = app.registry();
    let mut services: Vec<&Service> = registry.services.iter().collect();
    services.sort_by_key(|service| {
        let named = registry.sought.iter().position(|noun| *noun == service.noun);
        let beside = !service.listed || registry.aside.contains(&service.noun);
        (named.unwrap_or(usize::MAX), service.group == crate::service::Group::Admin, beside)
    });
    services
}

fn found(service: &Service, hits: &[Hit], words: &str) -> Found {
    let more = i64::try_from(hits.len()).unwrap_or(i64::MAX) > HITS;
    let shown = hits.get(..usize::try_from(HITS).unwrap_or(0)).unwrap_or(hits);
    Found {
        label: service.label,
        html: hits_html(service, shown),
        count: if more { format!("{HITS}+") } else { shown.len().to_string() },
        all: Query::default().with("q", words).address(&format!("/{}", service.noun)),
    }
}

/// What the page of all nouns says of a record.
struct Hit {
    id: Uuid,
    number: String,
    title: String,
    unit: String,
}

/// The newest records of a noun whose text holds the words, then those of the units that the words name: at most one more
/// than are shown.
async fn hits(cx: &Cx, service: &Service, words: &str, in_index: bool) -> Result<Vec<Hit>> {
    let visible = service.scope(&cx.actor);
    if visible == Pred::Nothing {
        return Ok(Vec::new());
    }
    let (table, backend, most) = (&service.list, cx.conn().backend(), HITS + 1);
    let id = format!("{}.id", table.alias);
    let sought = Sought::of(table, &cx.actor);
    let mut hits: Vec<Hit> = Vec::new();
    if in_index {
        let mut sql = select_hits(cx, service);
        sought.write_found(&mut sql, backend, (table.from, &id), service.noun, words);
        sql.push(" and ");
        visible.write(table.alias, &mut sql);
        sought.write_newest(&mut sql, backend, &id, most);
        hits = read_hits(cx, sql).await?;
    }
    for reading in crate::by_unit::readings(cx, service.noun, table, words).await? {
        let missing = most - i64::try_from(hits.len()).unwrap_or(most);
        if missing <= 0 {
            break;
        }
        let mut sql = select_hits(cx, service);
        sql.push(" from ").push(table.from).push(" where ").push(table.alias).push(".organisation_id in ");
        sql.bind_list(reading.units.iter().copied()).push(" and ");
        if !reading.rest.is_empty() {
            sought.write_match(&mut sql, backend, (&id, service.noun), &reading.rest);
            sql.push(" and ");
        }
        if !hits.is_empty() {
            sql.push(&id).push(" not in ").bind_list(hits.iter().map(|hit| hit.id)).push(" and ");
        }
        visible.write(table.alias, &mut sql);
        sql.push(" order by ").push(&id).push(" desc limit ").bind(missing);
        hits.extend(read_hits(cx, sql).await?);
    }
    Ok(hits)
}

/// Number, title and unit of a record, so that records of one title are told apart.
fn select_hits(cx: &Cx, service: &Service) -> Sql {
    let table = &service.list;
    let unit = crate::by_unit::column(table, &cx.actor).and_then(|column| match column.kind {
        crate::table::ColumnKind::Reference { label, .. } => Some(label),
        _ => None,
    });
    let mut sql = Sql::new("select ");
    sql.push(table.alias).push(".id, ").push(table.title);
    for part in [table.number, unit] {
        match part {
            Some(part) => sql.push(", coalesce(cast(").push(part).push(" as text), '')"),
            None => sql.push(", ''"),
        };
    }
    sql
}

async fn read_hits(cx: &Cx, sql: Sql) -> Result<Vec<Hit>> {
    let rows = cx.rows(sql).await?;
    rows.iter()
        .map(|row| {
            let (id, title) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            Ok(Hit { id, title, number: row.try_get_by_index(2)?, unit: row.try_get_by_index(3)? })
        })
        .collect()
}

fn hits_html(service: &Service, hits: &[Hit]) -> String {
    let mut html = String::new();
    for hit in hits {
        let _ = write!(
            html,
            "<li id=\"t-{0}\"><a class=\"row-link\" href=\"/{1}/{0}\"><b>",
            hit.id, service.noun
        );
        if !hit.number.is_empty() && hit.number != hit.title {
            escape(&hit.number, &mut html);
            html.push_str(" · ");
        }
        escape(&hit.title, &mut html);
        html.push_str("</b><small>");
        escape(if hit.unit.is_empty() { service.label } else { &hit.unit }, &mut html);
        html.push_str("</small></a></li>");
    }
    html
}

/// Who is signed in now, and the token for his forms: a page that was open while somebody signed in again asks before
/// it sends what was typed into it.
pub(super) async fn session(viewer: Viewer) -> Response {
    let person = viewer.actor.account.unwrap_or_default();
    axum::Json(serde_json::json!({ "person": person, "csrf": viewer.csrf() })).into_response()
}

/// Keeps what is being typed, so that nothing is lost when a session ends.
pub(super) async fn save_draft(viewer: Viewer, Path(name): Path<String>, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = body::read_form(&viewer, request).await?;
        viewer.check_csrf(form.typed("csrf"))?;
        if name.len() > 120 || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')) {
            return Err(Refusal::not_found().into());
        }
        let Some(account) = viewer.actor.account else { return Err(Refusal::not_found().into()) };
        let typed: std::collections::BTreeMap<&str, &[String]> =
            form.entries().filter(|(name, _)| !matches!(*name, "csrf" | "_key" | "version")).collect();
        let content = viewer.app.seal().seal(&format!("draft/{account}/{name}"), &serde_json::to_string(&typed)?)?;
        viewer
            .app
            .write(&viewer.actor, |cx| {
                Box::pin(async move {
                    let mut sql = Sql::new("insert into form_draft (account_id, form, content, at) values (");
                    sql.bind(account).push(", ").bind(name).push(", ").bind(content).push(", ").bind(cx.now);
                    sql.push(") on conflict (account_id, form) do update set content = excluded.content, at = excluded.at");
                    cx.execute(sql).await
                })
            })
            .await?;
        Ok(StatusCode::NO_CONTENT.into_response())
    })
    .await
}

/// One deed to many records, all or none.
pub(super) async fn bulk(viewer: &Viewer, service: &Service, request: Request) -> Result<Response> {
    let form = body::read_form(viewer, request).await?;
    viewer.check_csrf(form.typed("csrf"))?;
    let deed = service.deed(form.typed("do")).filter(|deed| deed.bulk).ok_or_else(Refusal::not_found)?;
    let ids: Vec<Uuid> = form.typed_all("id").iter().map(|id| parse_id(id)).collect::<Result<_>>()?;
    if ids.is_empty() || ids.len() > 200 {
        return Err(Refusal::invalid("请先勾选 1 到 200 条记录，再选择要办理的事项。").into());
    }
    let submission = super::forms::key_sent(&form)?;
    let cx = viewer.read();
    let fields = (deed.fields)(&cx, None).await?;
    let missing = fields.iter().any(|field| field.required && form.typed(field.name).trim().is_empty());
    if missing {
        return bulk_form(viewer, &cx, service, deed, &fields, &form, &ids).await;
    }
    let (noun, key, label) = (service.noun, deed.key, deed.label);
    let told = viewer
        .app
        .write(&viewer.actor, |cx| {
            Box::pin(async move {
                let once = perform::Once::new(cx, &submission, [noun, key, "bulk"], &form);
                if let Some(earlier) = once.earlier(cx).await? {
                    return Ok(earlier.message);
                }
                let told = format!("已对 {} 条记录办理“{label}”。", ids.len());
                let outcome = Outcome::new(noun, ids.first().copied().unwrap_or_default(), told.as_str());
                for id in ids {
                    let mut form = form.clone();
                    form.forget(&["version", "id", "do"]);
                    let request = perform::Request {
                        noun: noun.to_owned(),
                        id: Some(id),
                        deed: key.to_owned(),
                        form,
                        key: None,
                        strict: false,
                    };
                    perform_in(cx, request).await?;
                }
                once.remember(cx, &outcome).await?;
                Ok(told)
            })
        })
        .await?;
    Ok(respond::after_deed(viewer, &format!("/{noun}"), &told))
}

/// Asks once for what the deed needs, for all chosen records.
async fn bulk_form(
    viewer: &Viewer,
    cx: &Cx,
    service: &Service,
    deed: &crate::Deed,
    fields: &[crate::Field],
    form: &crate::Form,
    ids: &[Uuid],
) -> Result<Response> {
    let records = chosen::taking(cx, service, deed, ids).await?;
    let mut html = format!(
        "<section class=\"dialog\" aria-labelledby=\"dialog-title\"><h1 id=\"dialog-title\">{}：{} 条{}</h1>\
         <form class=\"form\" id=\"dialog-form\" method=\"post\" action=\"/{}/bulk\" data-guard>\
         <input type=\"hidden\" name=\"csrf\" value=\"{}\"><input type=\"hidden\" name=\"_key\" value=\"{}\">\
         <input type=\"hidden\" name=\"do\" value=\"{}\">",
        deed.label,
        ids.len(),
        service.label,
        service.noun,
        viewer.csrf(),
        escaped(form.typed("_key")),
        deed.key,
    );
    for id in ids {
        let _ = write!(html, "<input type=\"hidden\" name=\"id\" value=\"{id}\">");
    }
    html.push_str("<div class=\"dialog-body\">");
    chosen::list(&records, &mut html);
    for field in fields {
        html.push_str(&super::forms::field_html(cx, field, form, &[]).await?);
    }
    let _ = write!(
        html,
        "<p class=\"next\">{}</p></div><div class=\"form-foot\"><button class=\"button button-primary\">{}</button>\
         <a class=\"button button-quiet\" href=\"/{}\">取消</a></div></form></section>",
        deed.next, deed.label, service.noun,
    );
    shell::page(
        viewer,
        shell::Sheet::new(deed.label, html)
            .crumb(service.label, format!("/{}", service.noun))
            .crumb(deed.label, ""),
    )
    .await
}
