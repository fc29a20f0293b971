//! Importing ledgers: upload, recognise, correct, try, store, take back.

use std::sync::Arc;

use askama::Template;
use axum::{
    body::Body,
    extract::{Path, Request},
    response::Response,
    routing::{MethodRouter, get, post},
};
use kit::{
    Actor, App, Form, Refusal, Result, Role,
    clock::office_time,
    files,
    service::{Group, Page},
    web::{Viewer, body, parse_id, respond, shell},
};

use crate::imports::{
    self, Kind, To, batches, keep,
    ledger::{self, Choices},
    report::Report,
    row::Row,
    run::{self, Plan},
};
use crate::jobs;

/// Rows with faults shown at once, and rows without shown as a sample.
const SHOWN: (usize, usize) = (200, 20);
const SPREADSHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(super) fn pages() -> Vec<Page> {
    let mut first = page("GET", "/imports", get(index));
    first.label = "导入台账";
    first.group = Some(Group::Admin);
    first.icon = "file-spreadsheet";
    vec![
        first,
        page("POST", "/imports", post(upload)),
        page("GET", "/imports/templates/{kind}", get(template)),
        page("GET", "/imports/{id}", get(preview)),
        page("POST", "/imports/{id}", post(choose)),
        page("POST", "/imports/{id}/commit", post(commit)),
        page("POST", "/imports/{id}/discard", post(discard)),
        page("POST", "/imports/batches/{id}/undo", post(undo)),
    ]
}

fn page(method: &'static str, path: &'static str, handler: MethodRouter<App>) -> Page {
    Page { method, path, label: "", group: None, icon: "", offered, public: false, handler }
}

/// Everybody who may make records of some kind of ledger; which kinds is decided by their services.
fn offered(actor: &Actor) -> bool {
    let roles = [Role::TeamHead, Role::TeamMember, Role::OrganisationLiaison, Role::OrganisationDepartment];
    actor.is_office() || actor.is_any(&roles)
}

fn admit(viewer: &Viewer) -> Result<()> {
    if offered(&viewer.actor) { Ok(()) } else { Err(Refusal::not_found().into()) }
}

async fn checked_form(viewer: &Viewer, request: Request) -> Result<Form> {
    admit(viewer)?;
    let form = body::read_form(viewer, request).await?;
    if let Err(error) = viewer.check_csrf(form.typed("csrf")) {
        files::discard(&viewer.app, &form.files).await;
        return Err(error);
    }
    Ok(form)
}

struct WaitingLine {
    address: String,
    file: String,
    kind: &'static str,
    when: String,
}

struct BatchLine {
    id: String,
    file: String,
    kind: &'static str,
    when: String,
    by: String,
    accepted: i64,
    updated: i64,
    unchanged: i64,
    undone: bool,
    may_undo: bool,
}

#[derive(Template)]
#[template(path = "imports_index.html")]
struct IndexPage {
    csrf: String,
    kinds: Vec<&'static Kind>,
    waiting: Vec<WaitingLine>,
    batches: Vec<BatchLine>,
    days: u64,
}

async fn index(viewer: Viewer) -> Response {
    respond::answer(&viewer, async {
        admit(&viewer)?;
        let cx = viewer.read();
        let label = |code: &str| imports::kind(code).map_or("", |kind| kind.label);
        let waiting = keep::list(&cx).await?.into_iter().map(|upload| WaitingLine {
            address: format!("/imports/{}", upload.id),
            kind: label(&upload.kind),
            file: upload.file_name,
            when: office_time(upload.at),
        });
        let batches = batches::list(&cx).await?.into_iter().map(|batch| BatchLine {
            id: batch.id.to_string(),
            kind: label(&batch.kind),
            when: office_time(batch.at),
            accepted: batch.rows_accepted,
            updated: batch.rows_updated,
            unchanged: batch.rows_unchanged,
            undone: batch.undone_at.is_some(),
            may_undo: batches::may_undo(&cx.actor, &batch),
            file: batch.file_name,
            by: batch.by_name,
        });
        let content = IndexPage {
            csrf: viewer.csrf(),
            kinds: imports::offered(&viewer.app, &viewer.actor),
            waiting: waiting.collect(),
            batches: batches.collect(),
            days: keep::DAYS,
        }
        .render()?;
        shell::page(&viewer, shell::Sheet::new("导入台账", content).crumb("导入台账", "")).await
    })
    .await
}

async fn template(viewer: Viewer, Path(code): Path<String>) -> Response {
    respond::answer(&viewer, async {
        let kind = imports::kind(&code).map_err(|_| Refusal::not_found())?;
        if !kind.is_offered(&viewer.app, &viewer.actor) {
            return Err(Refusal::not_found().into());
        }
        let book = imports::template(kind, &viewer.app.folder().join("incoming"))?;
        Ok(respond::download(&format!("{}导入模板.xlsx", kind.label), SPREADSHEET, Body::from(book)))
    })
    .await
}

async fn upload(viewer: Viewer, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = checked_form(&viewer, request).await?;
        let kept = take(&viewer, &form).await;
        files::discard(&viewer.app, &form.files).await;
        Ok(respond::after_deed(&viewer, &format!("/imports/{}", kept?), ""))
    })
    .await
}

/// Keeps the uploaded file when it can be read as a ledger at all.
async fn take(viewer: &Viewer, form: &Form) -> Result<uuid::Uuid> {
    let kind = imports::kind(form.typed("kind"))?;
    let Some(file) = form.files.first() else {
        return Err(Refusal::field("file", "请选择要导入的 .xlsx 或 .csv 文件。").into());
    };
    if usize::try_from(file.size).unwrap_or(usize::MAX) > keep::MOST {
        return Err(Refusal::field("file", "台账文件不能超过 50 MB，请拆分后分别上传。").into());
    }
    let bytes = file.bytes(&viewer.app, keep::MOST).await?;
    Plan::read(&viewer.app, kind, &file.name, &bytes, &Choices::default())?;
    keep::add(&viewer.app, &viewer.actor, kind, &file.name, &bytes).await
}

struct Head {
    letter: String,
    header: String,
    meaning: &'static str,
    options: Vec<(&'static str, &'static str, bool)>,
}

struct CellBox {
    address: String,
    text: String,
    reason: String,
}

struct Line {
    number: u32,
    bad: bool,
    row_faults: Vec<String>,
    cells: Vec<CellBox>,
}

struct Constant {
    key: &'static str,
    label: &'static str,
    value: String,
}

#[derive(Template)]
#[template(path = "imports_preview.html")]
struct PreviewPage<'a> {
    csrf: String,
    id: String,
    kind: &'static Kind,
    report: &'a Report,
    sentence: String,
    heads: Vec<Head>,
    lines: Vec<Line>,
    hidden: usize,
    sheets: Vec<(&'a str, bool)>,
    constants: Vec<Constant>,
    update: bool,
    can_commit: bool,
}

async fn preview(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, async {
        admit(&viewer)?;
        let upload = keep::find(&viewer.read(), parse_id(&id)?).await?;
        let (choices, plan) = plan(&viewer, &upload).await?;
        let key = format!("import/{}/{}", upload.id, upload.version);
        let report: Arc<Report> =
            viewer.app.remember(key, run::preview(&viewer.app, &viewer.actor, &plan)).await?;
        let content = preview_page(&viewer, &id, &plan, &choices, &report).render()?;
        let sheet = shell::Sheet::new(format!("核对 {}", upload.file_name), content);
        shell::page(&viewer, sheet.crumb("导入台账", "/imports").crumb(plan.kind.label, "")).await
    })
    .await
}

async fn plan(viewer: &Viewer, upload: &keep::Upload) -> Result<(Choices, Plan)> {
    let choices = upload.choices(&viewer.app)?;
    let bytes = upload.bytes(&viewer.app).await?;
    let plan = Plan::read(&viewer.app, upload.kind()?, &upload.file_name, &bytes, &choices)?;
    Ok((choices, plan))
}

fn preview_page<'a>(
    viewer: &Viewer,
    id: &str,
    plan: &'a Plan,
    choices: &Choices,
    report: &'a Report,
) -> PreviewPage<'a> {
    let heads = heads(plan);
    let lines = lines(plan, report, &heads);
    let present = |key: &str| plan.ledger.columns.iter().any(|column| column.key == key);
    let constants = plan
        .kind
        .columns
        .iter()
        .filter(|column| !matches!(column.to, To::Told(_) | To::Number) && !present(column.spec.key));
    let mut sheets = vec![(plan.ledger.sheet.as_str(), true)];
    sheets.extend(plan.ledger.others.iter().map(|other| (other.name.as_str(), false)));
    PreviewPage {
        csrf: viewer.csrf(),
        id: id.to_owned(),
        kind: plan.kind,
        report,
        sentence: report.sentence(),
        hidden: report.refused.len().saturating_sub(SHOWN.0),
        heads,
        lines,
        sheets,
        constants: constants
            .map(|column| Constant {
                key: column.spec.key,
                label: column.spec.label,
                value: choices.constants.get(column.spec.key).cloned().unwrap_or_default(),
            })
            .collect(),
        update: plan.update,
        can_commit: report.is_clean() && report.stored_rows() > 0,
    }
}

/// All columns of the file in their order, each with what it may mean.
fn heads(plan: &Plan) -> Vec<Head> {
    let options = |chosen: &str| {
        plan.kind
            .columns
            .iter()
            .map(|column| (column.spec.key, column.spec.label, column.spec.key == chosen))
            .collect()
    };
    let known = plan.ledger.columns.iter().map(|column| Head {
        letter: column.letter.clone(),
        header: column.header.clone(),
        meaning: column.label,
        options: options(column.key),
    });
    let unknown = plan.ledger.unknown.iter().map(|(letter, header)| Head {
        letter: letter.clone(),
        header: header.clone(),
        meaning: "",
        options: options(""),
    });
    let torn = plan.ledger.conflicts.iter().flat_map(|conflict| &conflict.letters).map(|letter| Head {
        letter: letter.clone(),
        header: String::new(),
        meaning: "",
        options: options(""),
    });
    let mut heads: Vec<Head> = known.chain(unknown).chain(torn).collect();
    heads.sort_by_key(|head| (head.letter.len(), head.letter.clone()));
    heads.dedup_by_key(|head| head.letter.clone());
    heads
}

/// The rows with faults, and some without.
fn lines(plan: &Plan, report: &Report, heads: &[Head]) -> Vec<Line> {
    let mut sample = 0;
    let mut lines = Vec::new();
    for row in &plan.ledger.rows {
        let faults = report.refused.binary_search_by_key(&row.number, |refused| refused.row).ok();
        let faults = faults.and_then(|at| report.refused.get(at));
        if faults.is_none() {
            sample += 1;
            if sample > SHOWN.1 {
                continue;
            }
        }
        lines.push(line(plan, row, heads, faults.map_or(&[][..], |row| &row.cells)));
        if lines.len() >= SHOWN.0 + SHOWN.1 {
            break;
        }
    }
    lines
}

fn line(plan: &Plan, row: &Row, heads: &[Head], faults: &[imports::row::Fault]) -> Line {
    let mut placed = Vec::new();
    let cells = heads
        .iter()
        .map(|head| {
            let key = plan
                .ledger
                .columns
                .iter()
                .find(|column| column.letter == head.letter)
                .map(|column| column.key);
            let value = key.and_then(|key| row.get(key));
            let fault = faults.iter().find(|fault| !fault.column.is_empty() && fault.column == head.meaning);
            placed.extend(fault.map(|fault| fault.reason.as_str()));
            CellBox {
                address: fault
                    .map_or_else(|| format!("{}{}", head.letter, row.number), |fault| fault.address.clone()),
                text: fault
                    .map(|fault| fault.written.clone())
                    .filter(|text| !text.is_empty())
                    .unwrap_or_else(|| value.map(|value| value.raw.clone()).unwrap_or_default()),
                reason: fault.map(|fault| fault.reason.clone()).unwrap_or_default(),
            }
        })
        .collect();
    let row_faults = faults
        .iter()
        .filter(|fault| !placed.contains(&fault.reason.as_str()))
        .map(|fault| match fault.column.as_str() {
            "" => fault.reason.clone(),
            column => format!("{column}：{}", fault.reason),
        })
        .collect();
    Line { number: row.number, bad: !faults.is_empty(), row_faults, cells }
}

async fn choose(viewer: Viewer, Path(id): Path<String>, request: Request) -> Response {
    respond::answer(&viewer, async {
        let form = checked_form(&viewer, request).await?;
        let upload = keep::find(&viewer.read(), parse_id(&id)?).await?;
        let choices = chosen(upload.choices(&viewer.app)?, &form);
        let bytes = upload.bytes(&viewer.app).await?;
        Plan::read(&viewer.app, upload.kind()?, &upload.file_name, &bytes, &choices)?;
        keep::choose(&viewer.app, &viewer.actor, &upload, &choices).await?;
        Ok(respond::after_deed(&viewer, &format!("/imports/{id}"), ""))
    })
    .await
}

/// What a person chose, on top of what was chosen before; another sheet begins anew.
fn chosen(before: Choices, form: &Form) -> Choices {
    let sheet = Some(form.typed("sheet").to_owned()).filter(|sheet| !sheet.is_empty());
    let is_same =
        before.sheet == sheet || (before.sheet.is_none() && form.typed("shown_sheet") == form.typed("sheet"));
    let mut choices =
        if is_same { before } else { Choices { constants: before.constants, ..Choices::default() } };
    choices.sheet = sheet;
    choices.update = form.typed("update") == "1";
    for (name, values) in form.entries() {
        let Some(text) = values.first() else { continue };
        if let Some(key) = name.strip_prefix("constant.") {
            choices.constants.insert(key.to_owned(), text.clone());
        } else if is_same && text != form.typed(&format!("was.{}", name.trim_start_matches("column."))) {
            take_change(&mut choices, name, text);
        }
    }
    choices.constants.retain(|_, text| !text.trim().is_empty());
    choices
}

/// A column or a cell that the person changed; what was left as recognised stays open to recognition.
fn take_change(choices: &mut Choices, name: &str, text: &str) {
    if let Some(letter) = name.strip_prefix("column.") {
        choices.assigned.insert(letter.to_owned(), text.to_owned());
    } else if ledger::is_cell(name) {
        choices.corrected.insert(name.to_owned(), text.to_owned());
    }
}

async fn commit(viewer: Viewer, Path(id): Path<String>, request: Request) -> Response {
    respond::answer(&viewer, async {
        checked_form(&viewer, request).await?;
        let upload = keep::find(&viewer.read(), parse_id(&id)?).await?;
        let (_, plan) = plan(&viewer, &upload).await?;
        let cx = viewer.read();
        let most = registry::policies::amount(&cx, "background_rows", cx.today()).await?;
        if i64::try_from(plan.ledger.rows.len()).unwrap_or(i64::MAX) > most {
            let order = viewer
                .app
                .write(&viewer.actor, |cx| Box::pin(async move { jobs::order_import(cx, &upload).await }));
            let job = order.await?;
            let told = "台账较长，已转为后台任务；可以离开本页，完成后收件箱会有消息。";
            return Ok(respond::after_deed(&viewer, &kit::jobs::address(job.0), told));
        }
        let progress = kit::jobs::Progress::unwatched();
        let report = run::commit(&viewer.app, &viewer.actor, &plan, &progress).await?;
        if !report.committed {
            return Ok(respond::after_deed(&viewer, &format!("/imports/{id}"), &report.sentence()));
        }
        keep::remove(&viewer.app, &viewer.actor, upload.id).await?;
        Ok(respond::after_deed(&viewer, "/imports", &report.sentence()))
    })
    .await
}

async fn discard(viewer: Viewer, Path(id): Path<String>, request: Request) -> Response {
    respond::answer(&viewer, async {
        checked_form(&viewer, request).await?;
        let upload = keep::find(&viewer.read(), parse_id(&id)?).await?;
        keep::remove(&viewer.app, &viewer.actor, upload.id).await?;
        Ok(respond::after_deed(&viewer, "/imports", "已放弃这份台账，没有导入任何内容。"))
    })
    .await
}

async fn undo(viewer: Viewer, Path(id): Path<String>, request: Request) -> Response {
    respond::answer(&viewer, async {
        checked_form(&viewer, request).await?;
        let count = batches::undo(&viewer.app, &viewer.actor, parse_id(&id)?).await?;
        Ok(respond::after_deed(
            &viewer,
            "/imports",
            &format!("已撤销这一批导入，{count} 条记录已恢复到导入之前。"),
        ))
    })
    .await
}
