//! The pages of the views.

use std::fmt::Write as _;

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse as _, Response},
    routing::{MethodRouter, get},
};
use kit::{
    Actor, App, Pred, Refusal, Result, Secrecy,
    service::Page,
    shown::escaped,
    web::{Query, Viewer, parse_id, respond, shell},
};

use models::{intake::Kept, library};

use super::{VIEWS, View, fits, label, open, tried, view};
use crate::{data_sets, office_models, said};

/// The pages of this area outside the services.
pub fn pages() -> Vec<Page> {
    let of_view =
        |name, path| page(path, get(move |viewer: Viewer, id: Path<String>| show(viewer, id, name)));
    let mut pages: Vec<Page> = VIEWS.into_iter().map(|(name, _, path)| of_view(name, path)).collect();
    pages.push(page("/office_models/{id}/try", get(dry_run)));
    pages.push(page("/office_models/words", get(words)));
    pages
}

fn page(path: &'static str, handler: MethodRouter<App>) -> Page {
    Page { method: "GET", path, label: "", group: None, icon: "", offered, public: false, handler }
}

fn offered(actor: &Actor) -> bool {
    data_sets::reach(actor) != Pred::Nothing
}

async fn show(viewer: Viewer, Path(id): Path<String>, name: &'static str) -> Response {
    respond::answer(&viewer, show_view(&viewer, &id, name)).await
}

async fn show_view(viewer: &Viewer, id: &str, name: &str) -> Result<Response> {
    let cx = viewer.read();
    let id = parse_id(id)?;
    let query = Query::parse(viewer.query.as_deref())?;
    let seen = open(&cx, id).await?;
    let found = view(&cx, &seen, name, &query).await?;
    let label = label(name).unwrap_or_default();
    let mut content = format!(
        "<header class=\"title\"><div class=\"title-text\"><h1>{}：{label}</h1></div><div class=\"actions\">{}</div></header>",
        escaped(&seen.set.name),
        exports(name, &query, id)
    );
    content.push_str(&tabs(name, id, &seen.columns.kept));
    content.push_str(&body(&found));
    let sheet = shell::Sheet::new(label, content)
        .crumb("数据集", format!("/{}", data_sets::NOUN))
        .crumb(seen.set.number, format!("/{}/{id}", data_sets::NOUN))
        .crumb(label, "")
        .secrecy(Secrecy::Sensitive);
    shell::page(viewer, sheet).await
}

/// The views beside each other: those that have something to show of these columns.
fn tabs(current: &str, id: uuid::Uuid, kept: &[Kept]) -> String {
    let mut html = String::from("<nav class=\"tabs\" aria-label=\"查看和分析\">");
    for (name, label, _) in VIEWS.into_iter().filter(|(name, ..)| *name == current || fits(name, kept)) {
        let mark = if name == current { " aria-current=\"page\"" } else { "" };
        let _ = write!(html, "<a href=\"/{}/{id}/{name}\"{mark}>{label}</a>", data_sets::NOUN);
    }
    html + "</nav>"
}

fn exports(name: &str, query: &Query, id: uuid::Uuid) -> String {
    let link = |format: &str| {
        let address = query
            .with("view", name)
            .with("format", format)
            .address(&format!("/{}/{id}/take", data_sets::NOUN));
        format!("<a class=\"button\" href=\"{}\">导出 {format}</a>", escaped(&address))
    };
    link("xlsx") + &link("csv")
}

fn body(view: &View) -> String {
    let mut tables = String::new();
    for sheet in &view.sheets {
        let _ = write!(
            tables,
            "<section class=\"panel\"><h2 class=\"panel-head\">{}</h2>{}</section>",
            escaped(&sheet.title),
            sheet.html()
        );
    }
    let main = format!("{}{tables}{}", view.above, view.below);
    if view.beside.is_empty() {
        return main;
    }
    format!(
        "<div class=\"record\"><div class=\"record-main\">{main}</div><aside class=\"rail\" aria-label=\"分面\">{}</aside></div>",
        view.beside
    )
}

async fn dry_run(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, async {
        let cx = viewer.read();
        let id = parse_id(&id)?;
        let query = Query::parse(viewer.query.as_deref())?;
        let found = Box::pin(tried::view(&cx, id, &query)).await?;
        let content = format!("<h1>试算</h1>{}", body(&found));
        let sheet = shell::Sheet::new("试算", content)
            .crumb("自建模型", format!("/{}", office_models::NOUN))
            .crumb("模型", format!("/{}/{id}", office_models::NOUN))
            .crumb("试算", "")
            .secrecy(Secrecy::Sensitive);
        shell::page(&viewer, sheet).await
    })
    .await
}

/// The names that a query may use, one a line with what they mean, for completion while typing.
async fn words(viewer: Viewer) -> Response {
    respond::answer(&viewer, async {
        if !offered(&viewer.actor) {
            return Err(Refusal::not_found().into());
        }
        let query = Query::parse(viewer.query.as_deref())?;
        let library = library::built_in().map_err(said)?;
        let mut text = String::new();
        for domain in library
            .domains()
            .iter()
            .filter(|domain| query.get("domain").is_none_or(|code| code.is_empty() || code == domain.code))
        {
            for (name, table) in &domain.tables {
                let _ = writeln!(text, "{name}\t{}", table.label);
                for (field, held) in &table.fields {
                    let _ = writeln!(text, "{field}\t{}（{}）", held.label, table.label);
                }
            }
        }
        for function in ["days", "company_key", "text_key", "similarity", "is_credit_code"] {
            let _ = writeln!(text, "{function}\t函数");
        }
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        lines.dedup_by_key(|line| line.split('\t').next());
        let mut response = lines.join("\n").into_response();
        respond::set(&mut response, header::CONTENT_TYPE, "text/plain; charset=utf-8");
        Ok(response)
    })
    .await
}
