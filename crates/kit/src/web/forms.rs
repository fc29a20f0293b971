//! Forms on pages: a deed's fields drawn with what was typed, the errors at their fields, and both
//! texts when somebody was faster.

use std::fmt::Write as _;

use askama::Template;
use axum::{http::StatusCode, response::Response};
use uuid::Uuid;

use crate::{
    Cx, Deed, Error, Field, Form, Refusal, Result, Service, dictionary,
    error::{Difference, Reason},
    files,
    form::{EDIT, Kind},
    lookup,
    perform::{Request, perform},
    service::{At, Weight},
    shown::escape,
    web::{Query, Viewer, body, list, respond, shell},
};

struct Group {
    heading: &'static str,
    fields: Vec<String>,
}

#[derive(Template)]
#[template(path = "form.html")]
struct FormPage<'a> {
    title: String,
    action: String,
    back: String,
    csrf: String,
    key: String,
    version: String,
    draft: String,
    kept: Option<&'a str>,
    next: &'a str,
    button: &'a str,
    danger: bool,
    wide: bool,
    multipart: bool,
    message: Option<&'a str>,
    errors: Vec<(String, String)>,
    differences: &'a [Difference],
    groups: Vec<Group>,
}

/// Opens the form of a deed; the query fills fields in.
pub async fn open(viewer: &Viewer, service: &Service, deed: &Deed, id: Option<Uuid>) -> Result<Response> {
    let cx = viewer.read();
    allow(&cx, service, deed, id).await?;
    let mut fields = (deed.fields)(&cx, id).await?;
    let query = Query::parse(viewer.query.as_deref())?;
    for field in &mut fields {
        if let Some(value) = query.get(field.name) {
            value.clone_into(&mut field.value);
        }
    }
    if let Some(fill) = deed.fill {
        for (name, value) in fill(&cx, &query).await? {
            // What the address says outright stands.
            let open = query.get(name).is_none();
            if let Some(field) = fields.iter_mut().find(|field| open && field.name == name) {
                field.value = value;
            }
        }
    }
    let version = version(&cx, service, id).await?;
    let (form, kept) = draft(viewer, &draft_name(service, deed, id)).await?;
    let typed = Typed { form: &form, refusal: None, kept: kept.as_deref() };
    page(viewer, &cx, (service, deed, id), &fields, version, typed).await
}

/// Whether the deed is offered to this person here at all: else the page does not exist.
async fn allow(cx: &Cx, service: &Service, deed: &Deed, id: Option<Uuid>) -> Result<()> {
    match (deed.at, id) {
        (At::List, None) if (service.creates)(&cx.actor) => Ok(()),
        (At::List, None) if service.reachable(&cx.actor) => Err(Refusal::forbidden(deed.label).into()),
        (At::Record, Some(id)) => {
            let view = (service.show)(cx, id).await?;
            let attaching = deed.key == files::ATTACH && files::may_attach(service, &view);
            if attaching || view.deeds.contains(&deed.key) {
                return Ok(());
            }
            let state = view.state.map_or("", |state| state.label);
            Err(Refusal::new(
                Reason::Forbidden,
                format!(
                    "现在不能办理“{}”（当前状态：{state}）。它可能已由他人办理，或不在您的岗位职责内。",
                    deed.label
                ),
            )
            .into())
        }
        _ => Err(Refusal::not_found().into()),
    }
}

async fn version(cx: &Cx, service: &Service, id: Option<Uuid>) -> Result<Option<i64>> {
    let Some(id) = id else { return Ok(None) };
    let mut sql = db::Sql::new("select version from ");
    sql.push(service.table).push(" where id = ").bind(id);
    Ok(Some(cx.number(sql).await?))
}

/// Takes a filled-in form and does the deed, or shows the form again with everything in it.
pub async fn submit(
    viewer: &Viewer,
    service: &Service,
    deed: &Deed,
    id: Option<Uuid>,
    request: axum::extract::Request,
) -> Result<Response> {
    let form = body::read_form(viewer, request).await?;
    let uploads = form.files.clone();
    let response = submit_form(viewer, service, deed, id, form).await;
    files::discard(&viewer.app, &uploads).await;
    response
}

async fn submit_form(
    viewer: &Viewer,
    service: &Service,
    deed: &Deed,
    id: Option<Uuid>,
    form: Form,
) -> Result<Response> {
    if let Err(error) = viewer.check_csrf(form.typed("csrf")) {
        return renewed(viewer, service, deed, id, form, error).await;
    }
    let key = key_sent(&form)?;
    form.demand_version(deed, id)?;
    let typed = form.clone();
    let request = Request {
        noun: service.noun.to_owned(),
        id,
        deed: deed.key.to_owned(),
        form,
        key: Some(key),
        strict: false,
    };
    match perform(&viewer.app, &viewer.actor, request).await {
        Ok(outcome) => {
            forget_draft(viewer, &draft_name(service, deed, id)).await;
            let address = format!("/{}/{}", outcome.noun, outcome.id);
            Ok(respond::after_deed(viewer, &address, &outcome.message))
        }
        Err(Error::Refusal(refusal)) if shows_form(refusal.reason) => {
            again(viewer, service, deed, id, &typed, &refusal).await
        }
        Err(error) => Err(error),
    }
}

/// The number of this submission, without which a second click would do the deed twice.
pub(super) fn key_sent(form: &Form) -> Result<String> {
    match form.typed("_key") {
        "" => Err(Refusal::bad_request(
            "这次提交没有提交编号，无法防止重复办理，没有处理。请重新打开页面填写后提交。",
        )
        .into()),
        key => Ok(key.to_owned()),
    }
}

/// The form again, after its session ended and another began while it was being filled in: a page of ours sent it, so
/// that what was typed can be shown; whoever is signed in now sends it once more.
async fn renewed(
    viewer: &Viewer,
    service: &Service,
    deed: &Deed,
    id: Option<Uuid>,
    form: Form,
    error: Error,
) -> Result<Response> {
    if !viewer.is_from_our_page() || form.typed("csrf").is_empty() {
        return Err(error);
    }
    let refusal = Refusal::new(
        Reason::Forbidden,
        "打开这个表单之后重新登录过，还没有提交。填写的内容都在下面（附件请重新选择），核对后请再提交一次。",
    );
    again(viewer, service, deed, id, &form, &refusal).await
}

/// Refusals after which the person corrects the form; the others end in a page of their own.
fn shows_form(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::Invalid | Reason::Conflict | Reason::Stale | Reason::Overloaded | Reason::Forbidden
    )
}

async fn again(
    viewer: &Viewer,
    service: &Service,
    deed: &Deed,
    id: Option<Uuid>,
    form: &Form,
    refusal: &Refusal,
) -> Result<Response> {
    let cx = viewer.read();
    if refusal.reason == Reason::Forbidden {
        crate::perform::record_refusal(&viewer.app, &viewer.actor, deed.key, service.noun, id).await;
    }
    if let Some(id) = id
        && !crate::service::can_see(&cx, service.noun, id).await?
    {
        return Err(Refusal::not_found().into());
    }
    if id.is_none() && !service.reachable(&viewer.actor) && !(service.creates)(&viewer.actor) {
        return Err(Refusal::not_found().into());
    }
    let fields = (deed.fields)(&cx, id).await?;
    // Whoever has seen both texts may write over the newer one; every other refusal leaves open what stands there now.
    let version = match form.version() {
        Ok(Some(seen)) if refusal.reason != Reason::Stale => Some(seen),
        _ => version(&cx, service, id).await?,
    };
    let typed = Typed { form, refusal: Some(refusal), kept: None };
    let mut response = page(viewer, &cx, (service, deed, id), &fields, version, typed).await?;
    let status = respond::status(refusal.reason);
    *response.status_mut() = if viewer.fragment { StatusCode::UNPROCESSABLE_ENTITY } else { status };
    Ok(response)
}

/// What stands in a form when it is drawn.
struct Typed<'a> {
    /// What was typed, or kept from before.
    form: &'a Form,
    /// Why it was refused.
    refusal: Option<&'a Refusal>,
    /// When the draft was kept that fills it.
    kept: Option<&'a str>,
}

async fn page(
    viewer: &Viewer,
    cx: &Cx,
    (service, deed, id): (&Service, &Deed, Option<Uuid>),
    fields: &[Field],
    version: Option<i64>,
    Typed { form, refusal, kept }: Typed<'_>,
) -> Result<Response> {
    let (title, back, action) = match id {
        Some(id) => {
            let title = list::title_of(cx, service.noun, id).await?.unwrap_or_default();
            let back = format!("/{}/{id}", service.noun);
            (format!("{}：{title}", deed.label), back.clone(), format!("{back}/{}", deed.key))
        }
        None => (deed.label.to_owned(), format!("/{}", service.noun), format!("/{}", service.noun)),
    };
    let errors = refusal.map(|refusal| refusal.fields.clone()).unwrap_or_default();
    let content = FormPage {
        title: title.clone(),
        action,
        back: back.clone(),
        csrf: viewer.csrf(),
        key: key_of(form, refusal),
        version: version.map(|version| version.to_string()).unwrap_or_default(),
        draft: draft_address(fields, &draft_name(service, deed, id)),
        kept,
        next: deed.next,
        button: if deed.key == EDIT { "保存修改" } else { deed.label },
        danger: deed.weight == Weight::Danger,
        wide: fields.iter().any(is_whole_text),
        multipart: fields.iter().any(|field| matches!(field.kind, Kind::Files)),
        message: refusal
            .filter(|refusal| refusal.fields.is_empty() || refusal.fields.len() > 1)
            .map(|refusal| refusal.message.as_str()),
        errors: labelled_errors(fields, &errors),
        differences: refusal.map_or(&[][..], |refusal| &refusal.differences),
        groups: groups(cx, fields, form, &errors).await?,
    }
    .render()?;
    let sheet = shell::Sheet::new(title, content)
        .crumb(service.label, format!("/{}", service.noun))
        .crumb(deed.label, back)
        .secrecy(service.secrecy);
    shell::page(viewer, sheet).await
}

/// Whether a field holds a whole text, such as a report, for which a column beside its label is too narrow.
fn is_whole_text(field: &Field) -> bool {
    matches!(field.kind, Kind::Text) && field.max > 20_000
}

/// A refused form keeps its key, so that sending it again is the same request; a conflict needs a
/// new one, because its content will differ.
fn key_of(form: &Form, refusal: Option<&Refusal>) -> String {
    match refusal {
        Some(refusal) if refusal.reason == Reason::Overloaded => form.typed("_key").to_owned(),
        _ => crate::ids::random().to_string(),
    }
}

fn draft_name(service: &Service, deed: &Deed, id: Option<Uuid>) -> String {
    match id {
        Some(id) => format!("{}.{}.{id}", service.noun, deed.key),
        None => format!("{}.{}", service.noun, deed.key),
    }
}

/// Where a form keeps its draft; one that holds a password keeps none.
fn draft_address(fields: &[Field], name: &str) -> String {
    let secret = fields.iter().any(|field| matches!(field.kind, Kind::Password));
    if secret { String::new() } else { format!("/form-drafts/{name}") }
}

/// The draft that was kept of a form, and when; an empty form when there is none.
async fn draft(viewer: &Viewer, name: &str) -> Result<(Form, Option<String>)> {
    let nothing = (Form::default(), None);
    let Some(account) = viewer.actor.account else { return Ok(nothing) };
    let mut sql = db::Sql::new("select content, at from form_draft where account_id = ");
    sql.bind(account).push(" and form = ").bind(name);
    let rows = viewer.read().rows(sql).await?;
    let Some(row) = rows.first() else { return Ok(nothing) };
    let sealed: String = row.try_get_by_index(0)?;
    let at = crate::clock::office_time(row.try_get_by_index(1)?);
    let content = viewer.app.seal().open(&format!("draft/{account}/{name}"), &sealed)?;
    let typed: std::collections::BTreeMap<String, Vec<String>> = serde_json::from_str(&content)?;
    let mut form = Form::default();
    for (name, values) in typed {
        for value in values {
            form.put(&name, value);
        }
    }
    Ok((form, Some(at)))
}

async fn forget_draft(viewer: &Viewer, form: &str) {
    let Some(account) = viewer.actor.account else { return };
    let mut sql = db::Sql::new("delete from form_draft where account_id = ");
    sql.bind(account).push(" and form = ").bind(form);
    let done = viewer.app.write(&viewer.actor, |cx| Box::pin(async move { cx.execute(sql).await })).await;
    if let Err(error) = done {
        tracing::warn!(%error, "a draft could not be removed");
    }
}

fn labelled_errors(fields: &[Field], errors: &[(String, String)]) -> Vec<(String, String)> {
    errors
        .iter()
        .map(|(name, text)| {
            let stem = name.split('.').next().unwrap_or(name);
            let label = fields.iter().find(|field| field.name == stem).map_or("", |field| field.label);
            // Most sentences name their field already.
            let named = label.is_empty() || text.contains(label);
            (name.replace('.', "-"), if named { text.clone() } else { format!("{label}：{text}") })
        })
        .collect()
}

async fn groups(cx: &Cx, fields: &[Field], form: &Form, errors: &[(String, String)]) -> Result<Vec<Group>> {
    let mut groups: Vec<Group> = Vec::new();
    for field in fields {
        let html = field_html(cx, field, form, errors).await?;
        match groups.last_mut().filter(|group| group.heading == field.group) {
            Some(group) => group.fields.push(html),
            None => groups.push(Group { heading: field.group, fields: vec![html] }),
        }
    }
    Ok(groups)
}

/// One field with label, control, help and error.
pub async fn field_html(cx: &Cx, field: &Field, form: &Form, errors: &[(String, String)]) -> Result<String> {
    let error = errors.iter().find(|(name, _)| name == field.name).map(|(_, text)| text.as_str());
    let id = format!("f-{}", field.name);
    let mut html = String::new();
    if matches!(field.kind, Kind::Hidden) {
        let value = if form.has(field.name) { form.typed(field.name) } else { &field.value };
        let _ = write!(html, "<input type=\"hidden\" id=\"{id}\" name=\"{}\" value=\"", field.name);
        escape(value, &mut html);
        html.push_str("\">");
        return Ok(html);
    }
    let bad = if error.is_some() { " field-bad" } else { "" };
    let choices = matches!(field.kind, Kind::PickMany(_) | Kind::DictMany(_));
    if choices {
        let _ = write!(
            html,
            "<div class=\"field{bad}\" role=\"group\" aria-labelledby=\"{id}-label\"><span class=\"label\" id=\"{id}-label\">"
        );
    } else {
        let _ = write!(html, "<div class=\"field{bad}\"><label for=\"{id}\">");
    }
    html.push_str(label_without_unit(field));
    if field.required {
        html.push_str("<span class=\"req\" aria-hidden=\"true\">*</span>");
    }
    html.push_str(if choices { "</span>" } else { "</label>" });
    html.push_str("<div class=\"control\">");
    let value = if form.has(field.name) { form.typed(field.name).to_owned() } else { field.value.clone() };
    let marks = marks(field, &id, error.is_some());
    control(cx, field, form, &id, &marks, &value, errors, &mut html).await?;
    if let Some(error) = error {
        let _ = write!(html, "<p class=\"error\" id=\"{id}-error\">");
        escape(error, &mut html);
        html.push_str("</p>");
    }
    html.push_str("</div>");
    if !field.help.is_empty() {
        let _ = write!(html, "<p class=\"help\" id=\"{id}-help\">");
        escape(field.help, &mut html);
        html.push_str("</p>");
    }
    html.push_str("</div>");
    Ok(html)
}

/// The label; the unit of money and area stands behind the control.
fn label_without_unit(field: &Field) -> &'static str {
    match field.kind {
        Kind::Money => field.label.trim_end_matches("（元）"),
        Kind::Area => field.label.trim_end_matches("（㎡）"),
        _ => field.label,
    }
}

/// The attributes every control carries.
fn marks(field: &Field, id: &str, bad: bool) -> String {
    let mut marks = format!("id=\"{id}\" name=\"{}\"", field.name);
    if field.required && !matches!(field.kind, Kind::Flag | Kind::Files) {
        marks.push_str(" required");
    }
    if bad {
        marks.push_str(" aria-invalid=\"true\"");
    }
    let mut described = Vec::new();
    if bad {
        described.push(format!("{id}-error"));
    }
    if !field.help.is_empty() {
        described.push(format!("{id}-help"));
    }
    if !described.is_empty() {
        let _ = write!(marks, " aria-describedby=\"{}\"", described.join(" "));
    }
    marks
}

#[expect(clippy::too_many_arguments, reason = "the parts of one control")]
async fn control(
    cx: &Cx,
    field: &Field,
    form: &Form,
    id: &str,
    marks: &str,
    value: &str,
    errors: &[(String, String)],
    html: &mut String,
) -> Result<()> {
    let input = |html: &mut String, extra: &str| {
        let _ = write!(html, "<input {marks} {extra} value=\"");
        escape(value, html);
        html.push_str("\">");
    };
    match &field.kind {
        Kind::Line | Kind::Hidden => input(html, &format!("maxlength=\"{}\"", field.max)),
        Kind::Password => {
            let _ = write!(
                html,
                "<input {marks} type=\"password\" class=\"w-m\" autocomplete=\"off\" maxlength=\"{}\">",
                field.max
            );
        }
        Kind::Date => input(html, "type=\"date\" class=\"w-s\""),
        Kind::Integer { min, max } => input(
            html,
            &format!("inputmode=\"numeric\" class=\"num w-s\" data-min=\"{min}\" data-max=\"{max}\""),
        ),
        Kind::Money | Kind::Area => {
            let unit = if matches!(field.kind, Kind::Money) { "元" } else { "㎡" };
            html.push_str("<span class=\"with-unit\">");
            input(html, "inputmode=\"decimal\" class=\"num w-s\"");
            let _ = write!(html, "<span>{unit}</span></span>");
        }
        Kind::Text => {
            let _ = write!(
                html,
                "<textarea {marks} rows=\"4\" maxlength=\"{}\" data-grow data-count>",
                field.max
            );
            escape(value, html);
            html.push_str("</textarea>");
        }
        Kind::Choice(choices) => {
            let options =
                choices.iter().map(|choice| (choice.code.to_owned(), choice.label.to_owned())).collect();
            select(html, marks, field.required, options, value);
        }
        Kind::Options(options) => select(html, marks, field.required, options.clone(), value),
        Kind::Dict(kind) => {
            let items = dictionary::items(cx, kind).await?;
            let options = items.iter().map(|item| (item.code.clone(), item.label.clone())).collect();
            select(html, marks, field.required, options, value);
        }
        Kind::Flag => {
            let on = matches!(value, "1" | "on" | "true");
            let _ = write!(
                html,
                "<label class=\"check\"><input {marks} type=\"checkbox\" value=\"1\"{}> 是</label>",
                if on { " checked" } else { "" }
            );
        }
        Kind::Pick(noun) => pick(cx, noun, id, marks, value, field, html).await?,
        Kind::PickMany(noun) => pick_many(cx, noun, id, field, form, html).await?,
        Kind::DictMany(kind) => {
            let items = dictionary::items(cx, kind).await?;
            let options: Vec<_> = items.iter().map(|item| (item.code.clone(), item.label.clone())).collect();
            check_boxes(field, &held(field, form), &options, html);
        }
        Kind::Files => {
            let _ = write!(
                html,
                "<div class=\"drop\" data-drop><input type=\"file\" {marks} accept=\"{}\" multiple><p class=\"drop-hint\">可多选，也可以拖到这里或粘贴截图；<span class=\"drop-small\">一次提交的单个文件不超过 200 MB</span><span class=\"drop-large\">大文件断线后自动续传</span></p><ul class=\"drop-list\" data-drop-list></ul></div>",
                files::accepted()
            );
        }
        Kind::Rows(columns) => rows(cx, field, columns, form, errors, html).await?,
    }
    Ok(())
}

fn select(html: &mut String, marks: &str, required: bool, options: Vec<(String, String)>, value: &str) {
    let _ = write!(html, "<select {marks} class=\"w-m\">");
    if !required || value.is_empty() {
        html.push_str("<option value=\"\">请选择</option>");
    }
    for (code, label) in options {
        html.push_str("<option value=\"");
        escape(&code, html);
        let _ = write!(html, "\"{}>", if code == value || label == value { " selected" } else { "" });
        escape(&label, html);
        html.push_str("</option>");
    }
    html.push_str("</select>");
}

/// How many records a picker carries with the page; more are asked for while typing.
const PICK_OPTIONS: u64 = 300;

async fn pick(
    cx: &Cx,
    noun: &str,
    id: &str,
    marks: &str,
    value: &str,
    field: &Field,
    html: &mut String,
) -> Result<()> {
    let shown = match Uuid::parse_str(value) {
        Ok(id) => lookup::name(cx, noun, id).await?.unwrap_or_default(),
        Err(_) => value.to_owned(),
    };
    let options = lookup::offers(cx, noun, "", &(field.among)(cx), PICK_OPTIONS).await?;
    let _ = write!(
        html,
        "<input {marks} list=\"{id}-list\" autocomplete=\"off\" maxlength=\"200\" data-options=\"/api/v1/{noun}/options\" value=\""
    );
    escape(&shown, html);
    html.push_str("\">");
    data_list(&format!("{id}-list"), options, html);
    Ok(())
}

fn data_list(id: &str, options: Vec<(Uuid, String)>, html: &mut String) {
    let _ = write!(html, "<datalist id=\"{id}\">");
    for (_, title) in options {
        html.push_str("<option value=\"");
        escape(&title, html);
        html.push_str("\"></option>");
    }
    html.push_str("</datalist>");
}

/// Boxes up to here are seen at a glance; more get a line to search them by.
const BOXES_AT_A_GLANCE: usize = 12;
/// Boxes that a form carries; records beyond them are named in the line above the boxes.
const BOXES: u64 = 500;

/// Several records: a box for each, and a line above them when they are many. The line narrows the boxes while
/// typing; without script it takes the name or number of one record as it is.
async fn pick_many(
    cx: &Cx,
    noun: &str,
    id: &str,
    field: &Field,
    form: &Form,
    html: &mut String,
) -> Result<()> {
    let records = lookup::offers(cx, noun, "", &(field.among)(cx), BOXES).await?;
    let mut options: Vec<(String, String)> =
        records.into_iter().map(|(id, title)| (id.to_string(), title)).collect();
    let held = held(field, form);
    let mut typed = Vec::new();
    for value in &held {
        if options.iter().any(|option| is_held(std::slice::from_ref(value), option)) {
            continue;
        }
        match Uuid::parse_str(value) {
            Ok(id) => options.extend(lookup::name(cx, noun, id).await?.map(|name| (value.clone(), name))),
            Err(_) => typed.push(value.as_str()),
        }
    }
    options.sort_by_key(|option| !is_held(&held, option));
    if options.len() <= BOXES_AT_A_GLANCE && typed.is_empty() {
        if options.is_empty() {
            html.push_str("<p class=\"value muted\">现在没有可以选择的。</p>");
        }
        check_boxes(field, &held, &options, html);
        return Ok(());
    }
    let _ = write!(
        html,
        "<div class=\"picks\" data-picks=\"/api/v1/{noun}/options\"><input id=\"{id}\" class=\"picks-find\" type=\"search\" name=\"{}\" autocomplete=\"off\" maxlength=\"200\" aria-label=\"查找{}\" placeholder=\"输入名称或编号\" value=\"",
        field.name, field.label
    );
    escape(&typed.join("、"), html);
    html.push_str("\">");
    let count = options.len();
    check_boxes(field, &held, &options, html);
    let _ = write!(
        html,
        "<p class=\"picks-note small muted\" data-picks-note>列出 {count} 项，可以多选；没有列出的，在上面填写全称或编号。</p></div>"
    );
    Ok(())
}

/// What is ticked: what was typed, or what the field holds.
fn held(field: &Field, form: &Form) -> Vec<String> {
    if form.has(field.name) {
        return form.typed_all(field.name).iter().filter(|value| !value.is_empty()).cloned().collect();
    }
    field.value.split(',').filter(|value| !value.is_empty()).map(str::to_owned).collect()
}

/// A box for each option, those ticked that are `held`.
fn check_boxes(field: &Field, held: &[String], options: &[(String, String)], html: &mut String) {
    html.push_str("<div class=\"choices\">");
    for option @ (code, title) in options {
        let on = if is_held(held, option) { " checked" } else { "" };
        let _ =
            write!(html, "<label class=\"check\"><input type=\"checkbox\" name=\"{}\" value=\"", field.name);
        escape(code, html);
        let _ = write!(html, "\"{on}> ");
        escape(title, html);
        html.push_str("</label>");
    }
    html.push_str("</div>");
}

fn is_held(held: &[String], (code, title): &(String, String)) -> bool {
    held.iter().any(|value| value == code || value == title)
}

/// The rows there are at first, unless some were typed.
fn first_rows(field: &Field, form: &Form) -> Result<Form> {
    let prefix = format!("{}.", field.name);
    if field.value.is_empty() || form.entries().any(|(name, _)| name.starts_with(&prefix)) {
        return Ok(form.clone());
    }
    let rows: serde_json::Value = serde_json::from_str(&field.value)?;
    Form::from_json(&serde_json::json!({ field.name: rows }))
}

async fn rows(
    cx: &Cx,
    field: &Field,
    columns: &[Field],
    form: &Form,
    errors: &[(String, String)],
    html: &mut String,
) -> Result<()> {
    let form = &first_rows(field, form)?;
    html.push_str("<div class=\"table-wrap\"><table class=\"rows\" data-row-editor><thead><tr>");
    for column in columns {
        let _ = write!(html, "<th scope=\"col\">{}</th>", column.label);
    }
    html.push_str("<th class=\"col-check\"><span class=\"sr\">删除</span></th></tr></thead><tbody>");
    let prefix = format!("{}.", field.name);
    let highest = form
        .entries()
        .filter_map(|(name, _)| name.strip_prefix(&prefix)?.split('.').next()?.parse::<usize>().ok())
        .max()
        .unwrap_or(0)
        .min(500);
    for at in 0..=highest {
        row_html(cx, field, columns, form, &at.to_string(), errors, html).await?;
    }
    html.push_str("</tbody></table></div>");
    for column in columns {
        if let Kind::Pick(noun) = column.kind {
            let options = lookup::offers(cx, noun, "", &(column.among)(cx), PICK_OPTIONS).await?;
            data_list(&format!("f-{}-{}-list", field.name, column.name), options, html);
        }
    }
    html.push_str("<template data-row-template>");
    row_html(cx, field, columns, &Form::default(), "__n__", &[], html).await?;
    html.push_str("</template><p><button class=\"button button-small\" name=\"add\" value=\"1\" type=\"button\" data-row-add>增加一行</button> <span class=\"muted small\">可以从 Excel 复制多行，粘贴到任意一格。</span></p>");
    Ok(())
}

async fn row_html(
    cx: &Cx,
    field: &Field,
    columns: &[Field],
    form: &Form,
    at: &str,
    errors: &[(String, String)],
    html: &mut String,
) -> Result<()> {
    html.push_str("<tr>");
    for column in columns {
        let name = format!("{}.{at}.{}", field.name, column.name);
        let value = form.typed(&name);
        let bad = errors.iter().find(|(held, _)| *held == name);
        let id = name.replace('.', "-");
        let mark = if bad.is_some() { " aria-invalid=\"true\"" } else { "" };
        html.push_str("<td>");
        let marks = format!("id=\"f-{id}\" name=\"{name}\" aria-label=\"{}\"{mark}", column.label);
        match &column.kind {
            Kind::Choice(choices) => {
                let options =
                    choices.iter().map(|choice| (choice.code.to_owned(), choice.label.to_owned())).collect();
                select(html, &marks, false, options, value);
            }
            Kind::Dict(kind) => {
                let items = dictionary::items(cx, kind).await?;
                let options = items.iter().map(|item| (item.code.clone(), item.label.clone())).collect();
                select(html, &marks, false, options, value);
            }
            kind => {
                let extra = match kind {
                    Kind::Date => String::from(" type=\"date\""),
                    Kind::Pick(noun) => format!(
                        " list=\"f-{}-{}-list\" data-options=\"/api/v1/{noun}/options\" autocomplete=\"off\"",
                        field.name, column.name
                    ),
                    _ => String::new(),
                };
                let _ = write!(html, "<input {marks}{extra} maxlength=\"{}\" value=\"", column.max);
                escape(value, html);
                html.push_str("\">");
            }
        }
        if let Some((_, text)) = bad {
            html.push_str("<small class=\"error\">");
            escape(text, html);
            html.push_str("</small>");
        }
        html.push_str("</td>");
    }
    html.push_str("<td class=\"col-check\"><button class=\"button button-quiet button-icon\" type=\"button\" aria-label=\"删除本行\" data-row-drop>×</button></td></tr>");
    Ok(())
}
