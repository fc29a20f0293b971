//! Views of data sets taken out as files: entered in the register of exports first, and rows only by a decision.

use analysis::{
    data_sets,
    look::{self, Sheet, View},
};
use axum::{body::Body, extract::Path, response::Response, routing::get};
use documents::sheet::{CsvWriter, Format, Heading, SheetWriter, Value};
use kit::{
    Actor, Error, Pred, Refusal, Result, Shown,
    exports::{self, Taken, Trace},
    seal,
    service::Page,
    web::{Query, Viewer, list::sheet_value, parse_id, respond},
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const CSV: &str = "text/csv; charset=utf-8";

pub(super) fn pages() -> Vec<Page> {
    vec![Page {
        method: "GET",
        path: "/data_sets/{id}/take",
        label: "导出数据视图",
        group: None,
        icon: "",
        offered: |actor: &Actor| visible(actor) != Pred::Nothing,
        public: false,
        handler: get(async |viewer: Viewer, Path(id): Path<String>| {
            respond::answer(&viewer, take(&viewer, &id)).await
        }),
    }]
}

fn visible(actor: &Actor) -> Pred {
    <data_sets::DataSet as kit::Lifecycle>::visible(actor)
}

async fn take(viewer: &Viewer, id: &str) -> Result<Response> {
    let cx = viewer.read();
    let id = parse_id(id)?;
    let query = Query::parse(viewer.query.as_deref())?;
    let name = query.get("view").unwrap_or_default().to_owned();
    let label = look::label(&name).ok_or_else(Refusal::not_found)?;
    let seen = look::open(&cx, id).await?;
    let view = match name.as_str() {
        "rows" => look::everything(&cx, &seen, &query).await?,
        _ => look::view(&cx, &seen, &name, &query).await?,
    };
    let as_csv = query.get("format") == Some("csv");
    let trace = exports::announce(&viewer.app, &viewer.actor).await?;
    let head = [
        format!("{} {} {label}", seen.set.number, seen.set.name),
        format!("{}　使用目的：{}", trace.line(), seen.set.purpose),
    ];
    let content = if as_csv { csv(&head, &view)? } else { xlsx(viewer, &head, &trace, &view)? };
    let (end, media) = if as_csv { ("csv", CSV) } else { ("xlsx", XLSX) };
    let file_name = format!("{}-{label}-{}.{end}", seen.set.number, trace.number);
    let taken = Taken {
        noun: data_sets::NOUN.to_owned(),
        record: Some(id),
        label: format!("{} {label}", seen.set.name),
        file_name: file_name.clone(),
        digest: seal::digest(&content),
    };
    exports::enter(&viewer.app, &viewer.actor, &trace, taken).await?;
    Ok(respond::download(&file_name, media, Body::from(content)))
}

fn fault(error: impl std::fmt::Display) -> Error {
    Error::Fault(format!("an export of data: {error}"))
}

/// All tables of a view as one sheet: a view with several has them one below the other.
fn rows_of(view: &View) -> Vec<Vec<Shown>> {
    let mut rows = Vec::new();
    for (at, sheet) in view.sheets.iter().enumerate() {
        if at > 0 {
            rows.push(Vec::new());
            rows.push(vec![Shown::text(&sheet.title)]);
            rows.push(sheet.headings.iter().map(Shown::text).collect());
        }
        rows.extend(sheet.rows.iter().cloned());
    }
    rows
}

fn first(view: &View) -> Result<&Sheet> {
    view.sheets.first().ok_or_else(|| Refusal::conflict("没有可以导出的内容。").into())
}

fn xlsx(viewer: &Viewer, head: &[String; 2], trace: &Trace, view: &View) -> Result<Vec<u8>> {
    let sheet = first(view)?;
    let width = view.sheets.iter().map(|sheet| sheet.headings.len()).max().unwrap_or_default();
    let mut headings: Vec<Heading> =
        sheet.headings.iter().map(|heading| Heading::new(heading, 18, Format::Text)).collect();
    headings.extend((headings.len()..width).map(|_| Heading::new("", 18, Format::Text)));
    let aside = viewer.app.folder().join("incoming");
    std::fs::create_dir_all(&aside)?;
    let mut writer = SheetWriter::new_in(&aside, &sheet.title, &headings, head).map_err(fault)?;
    writer.mark(trace.mark()).map_err(fault)?;
    for row in rows_of(view) {
        let texts: Vec<String> = row.iter().map(Shown::plain).collect();
        let cells: Vec<Value<'_>> =
            row.iter().zip(&texts).map(|(cell, text)| sheet_value(cell, text)).collect();
        writer.row(&cells).map_err(fault)?;
    }
    let mut content = std::io::Cursor::new(Vec::new());
    writer.finish_to(&mut content).map_err(fault)?;
    Ok(content.into_inner())
}

fn csv(head: &[String; 2], view: &View) -> Result<Vec<u8>> {
    let sheet = first(view)?;
    let headings: Vec<Heading> =
        sheet.headings.iter().map(|heading| Heading::new(heading, 18, Format::Text)).collect();
    let mut writer = CsvWriter::new(Vec::new(), &headings, head).map_err(fault)?;
    for row in rows_of(view) {
        let texts: Vec<String> = row.iter().map(Shown::plain).collect();
        let cells: Vec<Value<'_>> =
            row.iter().zip(&texts).map(|(cell, text)| sheet_value(cell, text)).collect();
        writer.row(&cells).map_err(fault)?;
    }
    writer.finish().map_err(fault)
}
