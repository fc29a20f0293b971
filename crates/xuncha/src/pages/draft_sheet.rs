//! A working draft as the sheet that is printed, signed on paper and kept.

use askama::Template;
use axum::{extract::Path, response::Response, routing::get};
use fieldwork::drafts::{
    self, Draft, DraftId, Step,
    sheet::{self, Sheet},
};
use kit::{
    Labelled as _, Lifecycle as _, Pred, Refusal, Result, Secrecy,
    clock::office_time,
    service::Page,
    web::{Viewer, respond, shell},
};
use uuid::Uuid;

pub(super) fn pages() -> Vec<Page> {
    vec![Page {
        method: "GET",
        path: "/drafts/{id}/print",
        label: "打印底稿",
        group: None,
        icon: "",
        offered: |actor| Draft::visible(actor) != Pred::Nothing,
        public: false,
        handler: get(show),
    }]
}

struct Signed {
    step: &'static str,
    names: String,
    opinions: String,
}

#[derive(Template)]
#[template(path = "draft_sheet.html")]
struct SheetPage<'a> {
    sheet: &'a Sheet,
    number: &'a str,
    back: String,
    amount: String,
    people: String,
    changed: bool,
    evidence: Vec<[String; 6]>,
    signed: Vec<Signed>,
}

async fn show(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, show_sheet(&viewer, &id)).await
}

async fn show_sheet(viewer: &Viewer, id: &str) -> Result<Response> {
    let id = Uuid::parse_str(id).map_err(|_| Refusal::not_found())?;
    let sheet = sheet::of(&viewer.read(), DraftId(id)).await?;
    let content = SheetPage {
        number: sheet.draft.called(),
        back: format!("/{}/{id}", drafts::NOUN),
        amount: sheet.draft.amount_fen.map(|fen| format!("{fen} 元")).unwrap_or_default(),
        people: sheet.draft.people_affected.map(|count| format!("{count} 人")).unwrap_or_default(),
        changed: sheet.changed(),
        evidence: evidence(&sheet),
        signed: Step::ALL.iter().map(|&step| signed(&sheet, step)).collect(),
        sheet: &sheet,
    }
    .render()?;
    let title = format!("问题底稿 {}", sheet.draft.called());
    let page = shell::Sheet::new(title, content)
        .crumb("问题底稿", format!("/{}", drafts::NOUN))
        .crumb(sheet.draft.called().to_owned(), format!("/{}/{id}", drafts::NOUN))
        .crumb("打印", "")
        .secrecy(Secrecy::Sensitive);
    shell::page(viewer, page).await
}

fn evidence(sheet: &Sheet) -> Vec<[String; 6]> {
    let line = |item: &sheet::Item| {
        [
            item.ordinal.to_string(),
            item.title.clone(),
            format!("{}，{}", item.kind.label(), item.form.label()),
            item.pages.map(|pages| pages.to_string()).unwrap_or_default(),
            item.provider.clone(),
            item.obtained_on.to_string(),
        ]
    };
    sheet.evidence.iter().map(line).collect()
}

fn signed(sheet: &Sheet, step: Step) -> Signed {
    let given = sheet.signed(step);
    let names: Vec<String> =
        given.iter().map(|(name, at, _)| format!("{name}（{}）", office_time(*at))).collect();
    let opinions: Vec<&str> =
        given.iter().map(|(.., opinion)| *opinion).filter(|text| !text.is_empty()).collect();
    Signed { step: step.label(), names: names.join("、"), opinions: opinions.join("；") }
}
