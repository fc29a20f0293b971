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
    App, Cx, Pred, Refusal, Result, Service,
    perform::{self, perform_in},
    search,
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

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage<'a> {
    words: &'a str,
    groups: Vec<(&'static str, String, i64, String)>,
    asked: bool,
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
        for service in viewer.app.registry().services.iter().filter(|one| nouns.contains(one.noun)) {
            let hits = hits(&cx, service, &words).await?;
            if !hits.is_empty() {
                let all = Query::default().with("q", &words).address(&format!("/{}", service.noun));
                let count = i64::try_from(hits.len()).unwrap_or(0);
                groups.push((service.label, hits_html(service, &hits), count, all));
            }
        }
    }
    let content = SearchPage { words: &words, groups, asked: !words.is_empty() }.render()?;
    shell::page(viewer, shell::Sheet::new("全站搜索", content).crumb("全站搜索", "")).await
}

async fn hits(cx: &Cx, service: &Service, words: &str) -> Result<Vec<(Uuid, String)>> {
    let visible = service.scope(&cx.actor);
    if visible == Pred::Nothing {
        return Ok(Vec::new());
    }
    let table = &service.list;
    let id = format!("{}.id", table.alias);
    let mut sql = Sql::new("select ");
    let backend = cx.conn().backend();
    sql.push(&id).push(", ").push(table.title);
    search::write_found(&mut sql, backend, (table.from, &id), service.noun, words);
    sql.push(" and ");
    visible.write(table.alias, &mut sql);
    search::write_newest(&mut sql, backend, &id, HITS);
    cx.rows(sql).await?.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

fn hits_html(service: &Service, hits: &[(Uuid, String)]) -> String {
    let mut html = String::new();
    for (id, title) in hits {
        let _ = write!(html, "<li id=\"t-{id}\"><a class=\"row-link\" href=\"/{}/{id}\"><b>", service.noun);
        escape(title, &mut html);
        let _ = write!(html, "</b><small>{}</small></a></li>", service.label);
    }
    html
}

/// The form to keep a view.
pub(super) async fn view_form(viewer: Viewer) -> Response {
    respond::answer(&viewer, async {
        let query = Query::parse(viewer.query.as_deref())?;
        let noun = query.get("noun").unwrap_or_default();
        let service = viewer.app.registry().service(noun).filter(|service| service.reachable(&viewer.actor));
        let service = service.ok_or_else(Refusal::not_found)?;
        let content = format!(
            "<section class=\"dialog\" aria-labelledby=\"dialog-title\"><h1 id=\"dialog-title\">把当前筛选存为视图</h1>\
             <form class=\"form\" id=\"dialog-form\" method=\"post\" action=\"/views\" data-guard>\
             <input type=\"hidden\" name=\"csrf\" value=\"{}\"><input type=\"hidden\" name=\"noun\" value=\"{}\">\
             <input type=\"hidden\" name=\"query\" value=\"{}\"><div class=\"dialog-body\">\
             <div class=\"field\"><label for=\"f-name\">视图名称<span class=\"req\" aria-hidden=\"true\">*</span></label>\
             <div class=\"control\"><input id=\"f-name\" name=\"name\" required maxlength=\"40\"></div></div>\
             <div class=\"field\"><label for=\"f-shared\">共用</label><div class=\"control\"><label class=\"check\">\
             <input id=\"f-shared\" type=\"checkbox\" name=\"shared\" value=\"1\"> 同事也能看到这个视图（各人只看到自己范围内的内容）</label></div></div></div>\
             <div class=\"form-foot\"><button class=\"button button-primary\">保存视图</button>\
             <a class=\"button button-quiet\" href=\"/{}\" data-dialog-close>取消</a></div></form></section>",
            viewer.csrf(),
            service.noun,
            escaped(query.get("query").unwrap_or_default()),
            service.noun,
        );
        shell::page(&viewer, shell::Sheet::new("保存视图", content).crumb(service.label, format!("/{noun}")).crumb("保存视图", "")).await
    })
    .await
}

pub(super) async fn save_view(viewer: Viewer, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = body::read_form(&viewer, request).await?;
        viewer.check_csrf(form.typed("csrf"))?;
        let service = viewer.app.registry().service(form.typed("noun")).ok_or_else(Refusal::not_found)?;
        let noun = service.noun;
        if !service.reachable(&viewer.actor) {
            return Err(Refusal::not_found().into());
        }
        let name = form.typed("name").trim().to_owned();
        if name.is_empty() || name.chars().count() > 40 || name.chars().any(char::is_control) {
            return Err(Refusal::field("name", "请填写 1 到 40 个字的视图名称").into());
        }
        // What is kept must be a list that can be opened again.
        let query = Query::parse(Some(form.typed("query")))?;
        crate::table::Ask::parse(&service.list, &viewer.actor, query.pairs())?;
        let (shared, account) = (form.typed("shared") == "1", viewer.actor.account.unwrap_or_default());
        let text = query.first_page().to_string();
        viewer
            .app
            .write(&viewer.actor, |cx| {
                Box::pin(async move {
                    let mut sql = Sql::new("insert into saved_view (id, version, account_id, noun, name, query, shared, at) values (");
                    let id = cx.new_id();
                    sql.bind(id).push(", 1, ").bind(account).push(", ").bind(noun).push(", ").bind(name);
                    sql.push(", ").bind(text).push(", ").bind(shared).push(", ").bind(cx.now).push(")");
                    cx.execute(sql).await?;
                    cx.record("save_view", noun, Some(id), crate::audit::Outcome::Done);
                    Ok(())
                })
            })
            .await?;
        Ok(respond::after_deed(&viewer, &query.address(&format!("/{noun}")), "已保存视图。"))
    })
    .await
}

pub(super) async fn remove_view(viewer: Viewer, Path(id): Path<String>, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = body::read_form(&viewer, request).await?;
        viewer.check_csrf(form.typed("csrf"))?;
        let (id, account) = (parse_id(&id)?, viewer.actor.account.unwrap_or_default());
        let removed = viewer
            .app
            .write(&viewer.actor, |cx| {
                Box::pin(async move {
                    let mut sql = Sql::new("delete from saved_view where id = ");
                    sql.bind(id).push(" and account_id = ").bind(account);
                    let removed = cx.execute(sql).await?;
                    if removed > 0 {
                        cx.record("remove_view", "views", Some(id), crate::audit::Outcome::Done);
                    }
                    Ok(removed)
                })
            })
            .await?;
        if removed == 0 {
            Err(Refusal::not_found().into())
        } else {
            Ok(respond::after_deed(&viewer, "/", "已删除视图。"))
        }
    })
    .await
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
    let (noun, key, count) = (service.noun, deed.key, ids.len());
    let cx = viewer.read();
    let fields = (deed.fields)(&cx, None).await?;
    let missing = fields.iter().any(|field| field.required && form.typed(field.name).trim().is_empty());
    if missing {
        return bulk_form(viewer, &cx, service, deed, &fields, &form, &ids).await;
    }
    viewer
        .app
        .write(&viewer.actor, |cx| {
            Box::pin(async move {
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
                Ok(())
            })
        })
        .await?;
    Ok(respond::after_deed(
        viewer,
        &format!("/{noun}"),
        &format!("已对 {count} 条记录办理“{}”。", deed.label),
    ))
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
         <input type=\"hidden\" name=\"csrf\" value=\"{}\"><input type=\"hidden\" name=\"do\" value=\"{}\">",
        deed.label,
        ids.len(),
        service.label,
        service.noun,
        viewer.csrf(),
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
