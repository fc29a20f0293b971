//! Views: lists as somebody narrowed and sorted them, kept under a name, for oneself or for one's colleagues.
//!
//! A view says nothing that its reader may not see, but its name and its conditions are words of whoever saved it: they
//! stay among those who hold a post in the same organisation or the same inspection.

use std::fmt::Write as _;

use axum::{
    extract::{Path, Request},
    response::Response,
};
use db::Sql;
use uuid::Uuid;

use crate::{
    Actor, Cx, Form, Outcome, Refusal, Result, Service, WriteCx,
    audit::Outcome as Ended,
    perform::Once,
    shown::{escape, escaped},
    web::{Query, Viewer, body, forms, parse_id, respond, shell},
};

/// A view as the menu of its list names it.
pub(super) struct View {
    pub(super) name: String,
    pub(super) address: String,
    pub(super) current: bool,
    /// Where its owner renames or deletes it; nowhere for others.
    pub(super) manage: String,
}

/// A list as somebody saved it.
struct Saved {
    id: String,
    name: String,
    query: Query,
    shared: bool,
    own: bool,
}

/// Views that a menu shows.
const MOST: i64 = 100;
const LONGEST_NAME: usize = 40;

/// The organisations and inspections in which the actor has colleagues.
fn circles(actor: &Actor) -> Vec<Uuid> {
    let mut circles: Vec<Uuid> =
        actor.posts.iter().flat_map(|post| [post.organisation, post.inspection]).flatten().collect();
    circles.sort_unstable();
    circles.dedup();
    circles
}

/// The actor's own views of a list, and those that colleagues share.
pub(super) async fn views(cx: &Cx, noun: &str, query: &Query) -> Result<(Vec<View>, Vec<View>)> {
    let account = cx.actor.account.unwrap_or_default();
    let saved = cx.app().remember(format!("views/{noun}/{account}"), saved(cx, noun, account)).await?;
    let current = query.get("view").unwrap_or_default();
    let (mut own, mut shared) = (Vec::new(), Vec::new());
    for saved in saved.iter() {
        let view = View {
            name: saved.name.clone(),
            address: saved.query.with("view", &saved.id).address(&format!("/{noun}")),
            current: saved.id == current,
            manage: if saved.own { format!("/views/{}", saved.id) } else { String::new() },
        };
        if saved.shared { shared.push(view) } else { own.push(view) }
    }
    Ok((own, shared))
}

async fn saved(cx: &Cx, noun: &str, account: Uuid) -> Result<Vec<Saved>> {
    let mut sql = Sql::new("select id, name, query, shared, account_id from saved_view where noun = ");
    sql.bind(noun).push(" and (account_id = ").bind(account);
    let circles = circles(&cx.actor);
    if !circles.is_empty() {
        sql.push(" or shared = ").bind(true);
        sql.push(" and id in (select view_id from saved_view_circle where circle_id in ");
        sql.bind_list(circles).push(")");
    }
    // One's own come first, so that many shared ones never crowd them out.
    sql.push(") order by case when account_id = ").bind(account);
    sql.push(" then 0 else 1 end, name, id limit ").bind(MOST);
    let rows = cx.rows(sql).await?;
    rows.iter()
        .map(|row| {
            Ok(Saved {
                id: row.try_get_by_index::<Uuid>(0)?.to_string(),
                name: row.try_get_by_index(1)?,
                query: Query::parse(Some(&row.try_get_by_index::<String>(2)?)).unwrap_or_default(),
                shared: row.try_get_by_index(3)?,
                own: row.try_get_by_index::<Uuid>(4)? == account,
            })
        })
        .collect()
}

/// What a view is called and whether colleagues see it.
#[derive(Clone, Debug, Default)]
struct Naming {
    name: String,
    shared: bool,
}

impl Naming {
    fn read(form: &Form) -> Result<Self> {
        let name = form.typed("name").trim().to_owned();
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(Refusal::field("name", "请填写 1 到 40 个字的视图名称").into());
        }
        let shared = match form.typed("shared") {
            "" => false,
            "1" => true,
            _ => return Err(Refusal::field("shared", "“共用”只能勾选或不勾选").into()),
        };
        Ok(Self { name, shared })
    }
}

/// The fields of [`Naming`], filled in.
fn naming_html(naming: &Naming) -> String {
    format!(
        "<div class=\"field\"><label for=\"f-name\">视图名称<span class=\"req\" aria-hidden=\"true\">*</span></label>\
         <div class=\"control\"><input id=\"f-name\" name=\"name\" required maxlength=\"{LONGEST_NAME}\" value=\"{}\"></div></div>\
         <div class=\"field\"><label for=\"f-shared\">共用</label><div class=\"control\"><label class=\"check\">\
         <input id=\"f-shared\" type=\"checkbox\" name=\"shared\" value=\"1\"{}> 本单位（或本巡察组）的同事也能看到这个视图；各人只看到自己范围内的内容</label></div></div>",
        escaped(&naming.name),
        if naming.shared { " checked" } else { "" },
    )
}

fn reachable<'a>(viewer: &'a Viewer, noun: &str) -> Result<&'a Service> {
    let service = viewer.app.registry().service(noun).filter(|service| service.reachable(&viewer.actor));
    service.ok_or_else(|| Refusal::not_found().into())
}

/// The form to keep a view.
pub(super) async fn new_form(viewer: Viewer) -> Response {
    respond::answer(&viewer, async {
        let query = Query::parse(viewer.query.as_deref())?;
        let service = reachable(&viewer, query.get("noun").unwrap_or_default())?;
        let content = format!(
            "<section class=\"dialog\" aria-labelledby=\"dialog-title\"><h1 id=\"dialog-title\">把当前筛选存为视图</h1>\
             <form class=\"form\" id=\"dialog-form\" method=\"post\" action=\"/views\" data-guard>\
             <input type=\"hidden\" name=\"csrf\" value=\"{}\"><input type=\"hidden\" name=\"_key\" value=\"{}\">\
             <input type=\"hidden\" name=\"noun\" value=\"{}\">\
             <input type=\"hidden\" name=\"query\" value=\"{}\"><div class=\"dialog-body\">{}</div>\
             <div class=\"form-foot\"><button class=\"button button-primary\">保存视图</button>\
             <a class=\"button button-quiet\" href=\"/{}\" data-dialog-close>取消</a></div></form></section>",
            viewer.csrf(),
            crate::ids::random(),
            service.noun,
            escaped(query.get("query").unwrap_or_default()),
            naming_html(&Naming::default()),
            service.noun,
        );
        page(&viewer, service, "保存视图", content).await
    })
    .await
}

async fn page(viewer: &Viewer, service: &Service, title: &'static str, content: String) -> Result<Response> {
    let list = format!("/{}", service.noun);
    shell::page(viewer, shell::Sheet::new(title, content).crumb(service.label, list).crumb(title, "")).await
}

/// Keeps a view.
pub(super) async fn save(viewer: Viewer, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = body::read_form(&viewer, request).await?;
        viewer.check_csrf(form.typed("csrf"))?;
        let service = reachable(&viewer, form.typed("noun"))?;
        let (noun, naming) = (service.noun, Naming::read(&form)?);
        // What is kept must be a list that can be opened again.
        let query = Query::parse(Some(form.typed("query")))?;
        crate::table::Ask::parse(&service.list, &viewer.actor, query.pairs())?;
        let (text, submission) = (query.first_page().to_string(), forms::key_sent(&form)?);
        viewer
            .app
            .write(&viewer.actor, |cx| {
                Box::pin(async move {
                    let once = Once::new(cx, &submission, [noun, "", "save_view"], &form);
                    if once.earlier(cx).await?.is_some() {
                        return Ok(());
                    }
                    let (id, account) = (cx.new_id(), cx.actor.account.unwrap_or_default());
                    let mut sql = Sql::new(
                        "insert into saved_view (id, version, account_id, noun, name, query, shared, at) values (",
                    );
                    sql.bind(id).push(", 1, ").bind(account).push(", ").bind(noun).push(", ").bind(naming.name);
                    sql.push(", ").bind(text).push(", ").bind(naming.shared).push(", ").bind(cx.now).push(")");
                    cx.execute(sql).await?;
                    share(cx, id, naming.shared).await?;
                    cx.record("save_view", noun, Some(id), Ended::Done);
                    once.remember(cx, &Outcome::new(noun, id, "")).await
                })
            })
            .await?;
        Ok(respond::after_deed(&viewer, &query.address(&format!("/{noun}")), "已保存视图。"))
    })
    .await
}

/// Shares a view with the actor's colleagues of today, or with nobody any more.
async fn share(cx: &mut WriteCx, id: Uuid, shared: bool) -> Result<()> {
    let mut sql = Sql::new("delete from saved_view_circle where view_id = ");
    sql.bind(id);
    cx.execute(sql).await?;
    let circles = if shared { circles(&cx.actor) } else { Vec::new() };
    for circle in circles {
        let mut sql = Sql::new("insert into saved_view_circle (view_id, circle_id) values (");
        sql.bind(id).push(", ").bind(circle).push(")");
        cx.execute(sql).await?;
    }
    Ok(())
}

/// The noun and the naming of a view of the actor's own.
async fn own(cx: &Cx, id: Uuid) -> Result<(String, Naming)> {
    let mut sql = Sql::new("select noun, name, shared from saved_view where id = ");
    sql.bind(id).push(" and account_id = ").bind(cx.actor.account.unwrap_or_default());
    let rows = cx.rows(sql).await?;
    let row = rows.first().ok_or_else(Refusal::not_found)?;
    let naming = Naming { name: row.try_get_by_index(1)?, shared: row.try_get_by_index(2)? };
    Ok((row.try_get_by_index(0)?, naming))
}

/// The form in which its owner renames a view, shares it or deletes it.
pub(super) async fn manage(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, async {
        let id = parse_id(&id)?;
        let (noun, naming) = own(&viewer.read(), id).await?;
        let service = reachable(&viewer, &noun)?;
        let csrf = viewer.csrf();
        let mut content = String::from(
            "<section class=\"dialog\" aria-labelledby=\"dialog-title\"><h1 id=\"dialog-title\">管理视图：",
        );
        escape(&naming.name, &mut content);
        let _ = write!(
            content,
            "</h1><form class=\"form\" id=\"dialog-form\" method=\"post\" action=\"/views/{id}\" data-guard>\
             <input type=\"hidden\" name=\"csrf\" value=\"{csrf}\"><div class=\"dialog-body\">{}</div>\
             <div class=\"form-foot\"><button class=\"button button-primary\">保存</button>\
             <button class=\"button button-danger\" formaction=\"/views/{id}/remove\" formnovalidate>删除视图</button>\
             <a class=\"button button-quiet\" href=\"/{noun}\" data-dialog-close>取消</a></div></form></section>",
            naming_html(&naming),
        );
        page(&viewer, service, "管理视图", content).await
    })
    .await
}

/// Renames a view, shares it or takes it back.
pub(super) async fn rename(viewer: Viewer, Path(id): Path<String>, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = body::read_form(&viewer, request).await?;
        viewer.check_csrf(form.typed("csrf"))?;
        let (id, naming) = (parse_id(&id)?, Naming::read(&form)?);
        let (noun, _) = own(&viewer.read(), id).await?;
        let service = reachable(&viewer, &noun)?.noun;
        viewer
            .app
            .write(&viewer.actor, |cx| {
                Box::pin(async move {
                    let mut sql = Sql::new("update saved_view set version = version + 1, name = ");
                    sql.bind(naming.name).push(", shared = ").bind(naming.shared);
                    sql.push(" where id = ").bind(id).push(" and account_id = ");
                    sql.bind(cx.actor.account.unwrap_or_default());
                    if cx.execute(sql).await? == 0 {
                        return Err(Refusal::not_found().into());
                    }
                    share(cx, id, naming.shared).await?;
                    cx.record("rename_view", service, Some(id), Ended::Done);
                    Ok(())
                })
            })
            .await?;
        Ok(respond::after_deed(&viewer, &format!("/{service}"), "已保存视图。"))
    })
    .await
}

/// Deletes a view of the actor's own.
pub(super) async fn remove(viewer: Viewer, Path(id): Path<String>, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = body::read_form(&viewer, request).await?;
        viewer.check_csrf(form.typed("csrf"))?;
        let id = parse_id(&id)?;
        let (noun, _) = own(&viewer.read(), id).await?;
        let service = viewer.app.registry().service(&noun).map_or("", |service| service.noun);
        viewer
            .app
            .write(&viewer.actor, |cx| {
                Box::pin(async move {
                    share(cx, id, false).await?;
                    let mut sql = Sql::new("delete from saved_view where id = ");
                    sql.bind(id).push(" and account_id = ").bind(cx.actor.account.unwrap_or_default());
                    if cx.execute(sql).await? == 0 {
                        return Err(Refusal::not_found().into());
                    }
                    cx.record("remove_view", service, Some(id), Ended::Done);
                    Ok(())
                })
            })
            .await?;
        Ok(respond::after_deed(&viewer, &format!("/{service}"), "已删除视图。"))
    })
    .await
}
