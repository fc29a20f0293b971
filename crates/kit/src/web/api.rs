//! The JSON API: the same lists, records and deeds under `/api/v1`.

use axum::{
    Json,
    extract::Request,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use serde_json::{Value as Json_, json};
use uuid::Uuid;

use crate::{
    Cx, Pred, Refusal, Result, Service, lookup,
    perform::{self, perform},
    service::{At, Tab},
    table::{self, Ask, COUNT_CAP, Column, Row},
    web::{Query, Viewer, body, list, record, sealed},
};

/// A page of a list.
pub async fn list(viewer: &Viewer, service: &Service) -> Result<Response> {
    let cx = viewer.read();
    let visible = service.scope(&cx.actor);
    if visible == Pred::Nothing {
        return Err(Refusal::not_found().into());
    }
    let query = Query::parse(viewer.query.as_deref())?;
    refuse_unknown(&query, |name| {
        matches!(name, "q" | "sort" | "size" | "page" | "after" | "before" | "col") || name.starts_with("f.")
    })?;
    let mut ask = Ask::parse(&service.list, &cx.actor, query.pairs())?;
    ask.resolve(&cx).await?;
    if ask.columns.is_empty() {
        ask.columns = service.list.columns.iter().collect();
    }
    let answer = table::run(&cx, service.noun, &service.list, &visible, &Pred::All, &ask).await?;
    let items: Vec<Json_> = answer.rows.iter().map(|row| item(&answer.columns, row)).collect();
    Ok(Json(json!({
        "items": items,
        "total": answer.total.min(COUNT_CAP),
        "total_is_lower_bound": answer.total > COUNT_CAP,
        "next": answer.next,
        "previous": answer.previous,
    }))
    .into_response())
}

fn refuse_unknown(query: &Query, known: impl Fn(&str) -> bool) -> Result<()> {
    match query.pairs().iter().find(|(name, _)| !known(name)) {
        Some((name, _)) => Err(Refusal::bad_request(format!("没有名为 {name} 的参数。")).into()),
        None => Ok(()),
    }
}

fn item(columns: &[&'static Column], row: &Row) -> Json_ {
    let mut item = serde_json::Map::with_capacity(columns.len() + 1);
    item.insert(String::from("id"), json!(row.id));
    for (column, cell) in columns.iter().zip(&row.cells) {
        item.insert(column.key.to_owned(), cell.json());
    }
    Json_::Object(item)
}

/// One record with its facts, open deeds and history.
pub async fn show(viewer: &Viewer, service: &Service, id: Uuid) -> Result<Response> {
    let cx = viewer.read();
    Ok(Json(record_json(&cx, service, id).await?).into_response())
}

async fn record_json(cx: &Cx, service: &Service, id: Uuid) -> Result<Json_> {
    let view = (service.show)(cx, id).await?;
    let history: Vec<Json_> = record::history(cx, id, &view.told, 100)
        .await?
        .into_iter()
        .map(|line| {
            json!({ "at": line.at, "by": line.actor_name, "deed": line.label, "from": line.from_state, "to": line.to_state, "note": line.note })
        })
        .collect();
    let related: Vec<Json_> = view
        .tabs
        .iter()
        .filter_map(|tab| match tab {
            Tab::Related { key, noun, .. } => Some(json!({ "key": key, "noun": noun })),
            _ => None,
        })
        .collect();
    Ok(json!({
        "id": id,
        "title": view.title,
        "number": view.number,
        "state": view.state.map(|state| json!({ "code": state.code, "label": state.label })),
        "version": view.version,
        "facts": list::facts_json(&view),
        "deeds": view.deeds,
        "related": related,
        "history": history,
    }))
}

/// How many records a picker is offered.
pub(super) const OPTIONS: u64 = 50;

/// Records for pickers: id and title.
pub async fn options(viewer: &Viewer, service: &Service) -> Result<Response> {
    let query = Query::parse(viewer.query.as_deref())?;
    refuse_unknown(&query, |name| name == "q")?;
    let text = query.get("q").unwrap_or_default();
    if text.chars().count() > 100 || text.contains('\0') {
        return Err(Refusal::bad_request("查找内容过长或含有不可见字符。").into());
    }
    let cx = viewer.read();
    let found = lookup::offers(&cx, service.noun, text, &crate::Pred::All, OPTIONS).await?;
    let items: Vec<Json_> =
        found.into_iter().map(|(id, title)| json!({ "id": id, "title": title })).collect();
    Ok(Json(json!({ "items": items })).into_response())
}

/// Does a deed; the answer is the record as it stands afterwards.
pub async fn deed(
    viewer: &Viewer,
    service: &Service,
    key: &str,
    id: Option<Uuid>,
    request: Request,
) -> Result<Response> {
    viewer.check_csrf("")?;
    if let Some(id) = id {
        // The answer is the record as it stands afterwards.
        sealed::admit(viewer, service, id).await?;
    }
    let once = viewer.header("idempotency-key").map(str::to_owned);
    let Some(once) = once else {
        return Err(Refusal::bad_request(
            "每次写入都需要 Idempotency-Key 请求头，重复发送同一编号不会重复办理。",
        )
        .into());
    };
    let deed = service.deed(key).ok_or_else(Refusal::not_found)?;
    if deed.at == At::List && !(service.creates)(&viewer.actor) {
        let refusal = if service.reachable(&viewer.actor) {
            Refusal::forbidden(deed.label)
        } else {
            Refusal::not_found()
        };
        return Err(refusal.into());
    }
    let form = body::read_json(request).await?;
    form.demand_version(deed, id)?;
    let request = perform::Request {
        noun: service.noun.to_owned(),
        id,
        deed: key.to_owned(),
        form,
        key: Some(once),
        strict: true,
    };
    let outcome = perform(&viewer.app, &viewer.actor, request).await?;
    let cx = viewer.read();
    let next = cx.app().registry().service(outcome.noun);
    let record = match next {
        // What was done may have taken the record out of sight; the deed stands all the same.
        Some(next) => record_json(&cx, next, outcome.id).await.ok(),
        None => None,
    };
    let status = if id.is_none() { StatusCode::CREATED } else { StatusCode::OK };
    let answer =
        json!({ "noun": outcome.noun, "id": outcome.id, "message": outcome.message, "record": record });
    Ok((status, Json(answer)).into_response())
}
