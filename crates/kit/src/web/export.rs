//! A list as a workbook, as it is seen: the same filters, order and columns, with who took it and when. What is short is written while
//! the page waits; what is long becomes a job whose file waits for the person.

use std::{path::Path, sync::Arc};

use askama::Template;
use axum::{body::Body, extract::Request, response::Response};
use documents::sheet::{Format, Heading, MAX_ROWS, SheetWriter};
use serde::{Deserialize, Serialize};

use crate::{
    Actor, App, Cx, Error, Pred, Refusal, Result, Service, Shown,
    exports::{self, Taken, Trace},
    jobs::{self, Doing, Ended, Kind, Order, Progress},
    policy, seal,
    table::{self, Ask, Column, ColumnKind},
    web::{Query, Viewer, body, list::sheet_value, respond, shell},
};

/// The policy that says how many rows a page waits for.
const ROWS_AT_ONCE: &str = "background_export_rows";
/// Lines above the table and its headings.
const HEAD_LINES: i64 = 8;
/// Rows between two looks at whether somebody wants the work stopped.
const STEP: usize = 1_000;

/// The job that writes a long list.
pub const KIND: Kind = Kind::new("export_list", "导出清单", |doing| Box::pin(run(doing)));

#[derive(Serialize, Deserialize)]
struct Payload {
    noun: String,
    query: String,
}

#[derive(Template)]
#[template(path = "export.html")]
struct LongPage<'a> {
    label: &'static str,
    path: String,
    csrf: String,
    query: String,
    rows: i64,
    back: &'a str,
}

/// Answers with the workbook; it is written to a file aside and streamed from there, so that its
/// size does not matter to memory. A long list is offered as a job instead.
pub async fn workbook(viewer: &Viewer, service: &Service) -> Result<Response> {
    let cx = viewer.read();
    let query = Query::parse(viewer.query.as_deref())?;
    let at_once = policy::amount(&cx, ROWS_AT_ONCE).await?;
    if List::asked(&cx, service, &query).await?.rows_up_to(&cx, at_once.saturating_add(1)).await? > at_once {
        return long_page(viewer, &cx, service, &query).await;
    }
    let aside = viewer.app.folder().join("incoming");
    tokio::fs::create_dir_all(&aside).await?;
    let path = aside.join(format!("{}.xlsx", crate::ids::random()));
    let name = file_name(&cx, service);
    let rows = take(&viewer.app, &viewer.actor, service, &query, (&path, &name)).await?;
    tracing::info!(noun = service.noun, rows, "exported");
    let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(respond::download(&name, media, stream_and_remove(&path).await?))
}

/// Says how long the list is and offers to write it in the background; ordering that is a deed of its own.
async fn long_page(viewer: &Viewer, cx: &Cx, service: &Service, query: &Query) -> Result<Response> {
    let rows = List::asked(cx, service, query).await?.sheet_rows(cx).await?;
    let path = format!("/{}", service.noun);
    let query = query.first_page();
    let back = query.address(&path);
    let page = LongPage {
        label: service.label,
        csrf: viewer.csrf(),
        query: query.to_string(),
        rows,
        back: &back,
        path,
    };
    let sheet =
        shell::Sheet::new("导出", page.render()?).crumb(service.label, back.as_str()).crumb("导出", "");
    shell::page(viewer, sheet.secrecy(service.secrecy)).await
}

/// Orders the job that writes the list of the form's query. Ordered twice while it is open, it is done once.
pub async fn order(viewer: &Viewer, service: &Service, request: Request) -> Result<Response> {
    let form = body::read_form(viewer, request).await?;
    viewer.check_csrf(form.typed("csrf"))?;
    if !form.has("query") {
        return Err(Refusal::bad_request("没有说明导出哪份清单，没有排入任务。请回到列表重新导出。").into());
    }
    let query = Query::parse(Some(form.typed("query")))?.first_page();
    List::asked(&viewer.read(), service, &query).await?;
    let payload = Payload { noun: service.noun.to_owned(), query: query.to_string() };
    let account = viewer.actor.account.unwrap_or_default();
    let key = format!("{account}/{}?{}", payload.noun, payload.query);
    let order = Order::new(KIND.code, format!("导出{}清单", service.label)).payload(&payload)?.key(key);
    let id = viewer.app.write(&viewer.actor, |cx| Box::pin(jobs::enqueue(cx, order))).await?;
    Ok(respond::after_deed(viewer, &jobs::address(id.0), "已排入任务，写完后在这里下载。"))
}

/// Writes the ordered list, within what the person may see on the day it is done.
async fn run(doing: &Doing) -> Result<Ended> {
    let payload: Payload = doing.payload()?;
    let cx = doing.read();
    let service = doing.app.registry().service(&payload.noun).ok_or_else(Refusal::not_found)?;
    let query = Query::parse(Some(&payload.query))?;
    let (path, name) = (doing.result_path().await?, file_name(&cx, service));
    let _ = tokio::fs::remove_file(&path).await; // of an attempt that was broken off
    let target = (path.as_path(), name.as_str());
    let rows = take_watched(&doing.app, &doing.actor, service, &query, target, &doing.progress).await?;
    Ok(Ended::saying(format!("已导出 {rows} 行。")).file(name))
}

fn file_name(cx: &Cx, service: &Service) -> String {
    format!("{}-{}.xlsx", service.label, cx.today())
}

/// A list that somebody asked for, within what he may see.
struct List<'a> {
    service: &'a Service,
    visible: Pred,
    ask: Ask,
}

impl<'a> List<'a> {
    async fn asked(cx: &Cx, service: &'a Service, query: &Query) -> Result<Self> {
        let visible = service.scope(&cx.actor);
        if visible == Pred::Nothing {
            return Err(Refusal::not_found().into());
        }
        let mut ask = Ask::parse(&service.list, &cx.actor, query.pairs())?;
        ask.resolve(cx).await?;
        ask.after = None;
        ask.before = None;
        Ok(Self { service, visible, ask })
    }

    async fn rows_up_to(&self, cx: &Cx, most: i64) -> Result<i64> {
        let table = &self.service.list;
        table::total_up_to(cx, self.service.noun, table, &self.visible, &Pred::All, &self.ask, most).await
    }

    /// All rows, when one sheet takes them: known before the work and not at its end.
    async fn sheet_rows(&self, cx: &Cx) -> Result<i64> {
        let most = i64::from(MAX_ROWS) - HEAD_LINES;
        let rows = self.rows_up_to(cx, most.saturating_add(1)).await?;
        if rows > most {
            let said = format!(
                "一张工作表最多容纳 {most} 行，清单超过了这个数，没有导出。请缩小筛选范围后重新导出。"
            );
            return Err(Refusal::new(crate::error::Reason::TooLarge, said).into());
        }
        Ok(rows)
    }
}

/// Writes the list that `query` asks for to the new file `path` under a new export number, enters it in the register
/// as a file called `name`, and answers how many rows it has.
pub async fn take(
    app: &App,
    actor: &Arc<Actor>,
    service: &Service,
    query: &Query,
    target: (&Path, &str),
) -> Result<u64> {
    take_watched(app, actor, service, query, target, &Progress::unwatched()).await
}

async fn take_watched(
    app: &App,
    actor: &Arc<Actor>,
    service: &Service,
    query: &Query,
    (path, name): (&Path, &str),
    progress: &Progress,
) -> Result<u64> {
    let cx = app.read(actor);
    // What cannot be asked, or does not fit, takes no number.
    let list = List::asked(&cx, service, query).await?;
    progress.step(0, usize::try_from(list.sheet_rows(&cx).await?).unwrap_or(usize::MAX))?;
    let trace = exports::announce(app, actor).await?;
    let rows = write(&cx, list, path, &trace, progress).await?;
    let taken = Taken {
        noun: service.noun.to_owned(),
        record: None,
        label: format!("{}（{rows} 行）", service.label),
        file_name: name.to_owned(),
        digest: seal::digest_of(&mut std::fs::File::open(path)?)?,
    };
    exports::enter(app, actor, &trace, taken).await?;
    Ok(rows)
}

async fn write(cx: &Cx, list: List<'_>, path: &Path, trace: &Trace, progress: &Progress) -> Result<u64> {
    let List { service, visible, ask } = list;
    let columns = table::columns_of(&service.list, &cx.actor, &ask);
    let headings: Vec<Heading> =
        columns.iter().map(|column| Heading::new(column.label, width(column), format_of(column))).collect();
    let preamble = [format!("{}·{}", cx.app().office(), service.label), trace.line()];
    let scratch = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut writer =
        SheetWriter::new_in(scratch, service.label, &headings, &preamble).map_err(sheet_fault)?;
    writer.mark(trace.mark()).map_err(sheet_fault)?;
    let mut done = 0usize;
    let count = table::each(cx, service.noun, &service.list, &visible, &Pred::All, &ask, |_, row| {
        let texts: Vec<String> = row.cells.iter().map(Shown::plain).collect();
        let cells: Vec<_> =
            row.cells.iter().zip(&texts).map(|(cell, text)| sheet_value(cell, text)).collect();
        done += 1;
        if done.is_multiple_of(STEP) {
            progress.advance(done)?;
        }
        writer.row(&cells).map_err(sheet_fault)
    })
    .await?;
    let mut file = std::fs::File::options().read(true).write(true).create_new(true).open(path)?;
    writer.finish_to(&mut file).map_err(sheet_fault)?;
    Ok(count)
}

fn sheet_fault(error: impl std::fmt::Display) -> Error {
    Error::Fault(error.to_string())
}

fn width(column: &Column) -> u16 {
    match column.kind {
        ColumnKind::Indexed => 50,
        ColumnKind::Date | ColumnKind::Clock { .. } => 12,
        ColumnKind::Reference { .. } => 24,
        _ => 16,
    }
}

fn format_of(column: &Column) -> Format {
    match column.kind {
        ColumnKind::Integer | ColumnKind::Money | ColumnKind::Area => Format::Number,
        ColumnKind::Date | ColumnKind::Clock { .. } => Format::Date,
        ColumnKind::Indexed => Format::LongText,
        _ => Format::Text,
    }
}

/// Streams a file and removes it; on this system an open file survives its name.
async fn stream_and_remove(path: &Path) -> Result<Body> {
    let file = tokio::fs::File::open(path).await?;
    tokio::fs::remove_file(path).await?;
    Ok(file_body(file))
}

/// The content of an open file, piece by piece.
pub fn file_body(file: tokio::fs::File) -> Body {
    let pieces = futures_util::stream::unfold(file, |mut file| async move {
        use tokio::io::AsyncReadExt as _;
        let mut piece = vec![0u8; 64 * 1024];
        match file.read(&mut piece).await {
            Ok(0) => None,
            Ok(count) => {
                piece.truncate(count);
                Some((Ok::<_, std::io::Error>(bytes::Bytes::from(piece)), file))
            }
            Err(error) => Some((Err(error), file)),
        }
    });
    Body::from_stream(pieces)
}
