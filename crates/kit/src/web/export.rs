//! A list as a workbook, as it is seen: the same filters, order and columns, with who took it and when.

use std::{path::Path, sync::Arc};

use axum::{body::Body, response::Response};
use documents::sheet::{Format, Heading, SheetWriter};

use crate::{
    Actor, App, Cx, Error, Pred, Refusal, Result, Service, Shown,
    exports::{self, Taken, Trace},
    seal::Digesting,
    table::{self, Ask, Column, ColumnKind},
    web::{Query, Viewer, list::sheet_value, respond},
};

/// Answers with the workbook; it is written to a file aside and streamed from there, so that its
/// size does not matter to memory.
pub async fn workbook(viewer: &Viewer, service: &Service) -> Result<Response> {
    let query = Query::parse(viewer.query.as_deref())?;
    let aside = viewer.app.folder().join("incoming");
    tokio::fs::create_dir_all(&aside).await?;
    let path = aside.join(format!("{}.xlsx", crate::ids::random()));
    let name = format!("{}-{}.xlsx", service.label, viewer.read().today());
    let rows = take(&viewer.app, &viewer.actor, service, &query, (&path, &name)).await?;
    tracing::info!(noun = service.noun, rows, "exported");
    let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    Ok(respond::download(&name, media, stream_and_remove(&path).await?))
}

/// Writes the list that `query` asks for to the new file `path` under a new export number, enters it in the register
/// as a file called `name`, and answers how many rows it has.
pub async fn take(
    app: &App,
    actor: &Arc<Actor>,
    service: &Service,
    query: &Query,
    (path, name): (&Path, &str),
) -> Result<u64> {
    let cx = app.read(actor);
    if service.scope(actor) == Pred::Nothing {
        return Err(Refusal::not_found().into());
    }
    // What cannot be asked takes no number.
    Ask::parse(&service.list, actor, query.pairs())?;
    let trace = exports::announce(app, actor).await?;
    let rows = write(&cx, service, query, path, &trace).await?;
    let taken = Taken {
        noun: service.noun.to_owned(),
        record: None,
        label: format!("{}（{rows} 行）", service.label),
        file_name: name.to_owned(),
        digest: digest_of(path)?,
    };
    exports::enter(app, actor, &trace, taken).await?;
    Ok(rows)
}

fn digest_of(path: &Path) -> Result<String> {
    use std::io::Read as _;
    let mut file = std::fs::File::open(path)?;
    let (mut digesting, mut piece) = (Digesting::default(), vec![0u8; 64 * 1024]);
    loop {
        let count = file.read(&mut piece)?;
        let Some(read) = piece.get(..count).filter(|read| !read.is_empty()) else { break };
        digesting.update(read);
    }
    Ok(digesting.finish())
}

async fn write(cx: &Cx, service: &Service, query: &Query, path: &Path, trace: &Trace) -> Result<u64> {
    let visible = service.scope(&cx.actor);
    let mut ask = Ask::parse(&service.list, &cx.actor, query.pairs())?;
    ask.resolve(cx).await?;
    ask.after = None;
    ask.before = None;
    let columns = table::columns_of(&service.list, &cx.actor, &ask);
    let headings: Vec<Heading> =
        columns.iter().map(|column| Heading::new(column.label, width(column), format_of(column))).collect();
    let preamble = [format!("{}·{}", cx.app().office(), service.label), trace.line()];
    let scratch = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut writer =
        SheetWriter::new_in(scratch, service.label, &headings, &preamble).map_err(sheet_fault)?;
    writer.mark(trace.mark()).map_err(sheet_fault)?;
    let count = table::each(cx, service.noun, &service.list, &visible, &Pred::All, &ask, |_, row| {
        let texts: Vec<String> = row.cells.iter().map(Shown::plain).collect();
        let cells: Vec<_> =
            row.cells.iter().zip(&texts).map(|(cell, text)| sheet_value(cell, text)).collect();
        writer.row(&cells).map_err(sheet_fault)
    })
    .await?;
    let mut file = std::fs::File::options().read(true).write(true).create_new(true).open(path)?;
    writer.finish_to(&mut file).map_err(sheet_fault)?;
    Ok(count)
}

fn sheet_fault(error: impl std::fmt::Display) -> Error {
    Error::Fault(format!("workbook: {error}"))
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
