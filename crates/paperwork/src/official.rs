//! Records that are official documents themselves (巡察报告、专题材料): laid out by the office's template straight from the record, whenever
//! somebody who may read it asks.
//!
//! Nothing of them is copied into a document of this area. So their readers, their sealing at rest, the reason asked before they
//! open and the reviews they pass stay those of the record, and a report is never corrected in two places.

use axum::{
    extract::Path,
    response::Response,
    routing::{MethodRouter, get},
};
use kit::{
    Actor, App, Cx, Labelled as _, Lifecycle as _, Pred, Refusal, Result,
    service::Page,
    web::{Viewer, parse_id, respond, sealed, shell},
};
use papers::Paper;
use planning::{inspections::InspectionKind, units};
use reports::reports::{self as slice, Kind, MATERIALS, NOUN, Report, ReportId, specimen};
use serde_json::{Map, Value};

use crate::{
    document_templates::{self, DocumentTemplate},
    documents::actions::sample_paper,
    facts, pages,
};

/// Names a template of these records may use besides those of every record.
const NAMES: [&str; 10] = [
    "报告类型",
    "被巡察单位",
    "巡察",
    "巡察组",
    "密级标注",
    "接收范围",
    "提交日期",
    "审定日期",
    "送审稿",
    "正文",
];

/// The code of the template that lays out reports of `kind`, after a look-back or any other inspection.
fn code(kind: Kind, look_back: bool) -> &'static str {
    match kind {
        Kind::Main if look_back => "D32",
        Kind::Main => "D19",
        Kind::Special => "D19b",
        Kind::Check => "D19c",
        Kind::Lead => "D21b",
        Kind::TopLeader => "D22",
        Kind::DisciplineHead => "D23a",
        Kind::LeadershipTeam => "D23b",
    }
}

/// Whether the inspection of the unit looks back at another.
fn looks_back(unit: &units::Unit) -> bool {
    unit.inspection_kind == InspectionKind::LookBack.code()
}

/// The kind of report that a template lays out; none when documents are drafted by it.
pub(crate) fn kind_of(template: &DocumentTemplate) -> Option<Kind> {
    let lays_out = |kind: Kind| {
        let noun = if kind.is_restricted() { MATERIALS } else { NOUN };
        template.noun == noun && [false, true].into_iter().any(|back| code(kind, back) == template.code)
    };
    Kind::ALL.iter().copied().find(|kind| lays_out(*kind))
}

/// The codes of the templates that lay out reports.
#[cfg(test)]
pub(crate) fn codes() -> std::collections::BTreeSet<&'static str> {
    Kind::ALL.iter().flat_map(|kind| [false, true].map(|back| code(*kind, back))).collect()
}

/// Whether records of `noun` are official documents themselves.
pub(crate) fn is_one(noun: &str) -> bool {
    noun == NOUN || noun == MATERIALS
}

/// Every name that a template of these records may use.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    facts::ALWAYS.into_iter().chain(NAMES)
}

fn values(texts: impl IntoIterator<Item = (&'static str, String)>) -> Map<String, Value> {
    texts.into_iter().map(|(name, text)| (name.to_owned(), Value::String(text))).collect()
}

/// What a template may say of a report.
async fn facts_of(cx: &Cx, report: &Report, unit: &units::Unit) -> Result<Map<String, Value>> {
    let names = units::names(cx, report.organisation_id, report.inspection_id).await?;
    let day = |day: Option<chrono::NaiveDate>| day.map(papers::text::date).unwrap_or_default();
    let always =
        facts::always(cx, report.title.clone(), report.number.clone(), report.state.label().to_owned());
    // Whoever holds a print of it must see that it is not final yet.
    let pending = if report.approved_on.is_none() { "送审稿" } else { "" };
    Ok(values(always.into_iter().chain([
        ("报告类型", report.kind.label().to_owned()),
        ("被巡察单位", names.organisation),
        ("巡察", names.inspection),
        ("巡察组", unit.team.clone()),
        ("密级标注", report.secrecy.clone()),
        ("接收范围", report.recipients()),
        ("提交日期", day(report.submitted_on)),
        ("审定日期", day(report.approved_on)),
        ("送审稿", pending.to_owned()),
        ("正文", report.prose(cx)?.plain()),
    ])))
}

/// The report as the office's template has it; whoever asks has found the report.
async fn paper(cx: &Cx, report: &Report) -> Result<Paper> {
    let unit = units::of(cx, report.unit_id).await?;
    let template = document_templates::coded(cx, code(report.kind, looks_back(&unit))).await?;
    let template = template.filter(|one| kind_of(one) == Some(report.kind));
    let template = template.ok_or_else(|| {
        Refusal::conflict(format!("没有{}的公文模板，请巡察办在“公文模板”中恢复使用。", report.kind.label()))
    })?;
    let paper = sample_paper(&template, &facts_of(cx, report, &unit).await?, cx.today())?;
    Ok(Paper { secrecy: report.secrecy.clone(), date: report.approved_on, ..paper })
}

/// What a template lays out when no record is opened: an invented report.
pub(crate) async fn invented(cx: &Cx, template: &DocumentTemplate, kind: Kind) -> Result<Paper> {
    let text = specimen::specimen(cx, kind).await?;
    let always = facts::always(cx, template.label.clone(), String::new(), String::new());
    let known = [
        ("报告类型", kind.label().to_owned()),
        ("被巡察单位", specimen::UNIT.to_owned()),
        ("巡察", specimen::INSPECTION.to_owned()),
        ("巡察组", specimen::TEAM.to_owned()),
        ("正文", text),
    ];
    let paper = sample_paper(template, &values(always.into_iter().chain(known)), cx.today())?;
    Ok(Paper { date: None, ..paper })
}

/// A specimen for the catalogue: the newest report of the kind that the person sees. What is sealed opens for a reason
/// only, so its form is shown with an invented text.
pub(crate) async fn shown(cx: &Cx, template: &DocumentTemplate, kind: Kind) -> Result<Paper> {
    if !kind.is_restricted() {
        let wanted = Pred::is("kind", kind).and(Pred::is("restricted", false));
        let mut held = kit::store::all::<slice::Entity>(cx, &Report::scope(&cx.actor).and(wanted)).await?;
        held.sort_by(|a, b| b.number.cmp(&a.number));
        for report in held {
            let unit = units::of(cx, report.unit_id).await?;
            if code(kind, looks_back(&unit)) == template.code {
                return paper(cx, &report).await;
            }
        }
    }
    invented(cx, template, kind).await
}

/// The report `id` of `noun` for whom `may` holds, or the page that asks why a sealed one is opened. That somebody outside
/// the team reads it is recorded.
///
/// # Errors
/// "Not found" for whoever may not know of it.
pub async fn opened(
    viewer: &Viewer,
    noun: &str,
    id: &str,
    may: impl FnOnce(&Actor, &Report) -> bool,
) -> Result<std::result::Result<Report, Response>> {
    let id = parse_id(id)?;
    let cx = viewer.read();
    let report = slice::find(&cx, ReportId(id)).await?;
    if report.noun() != noun || !may(&cx.actor, &report) {
        return Err(Refusal::not_found().into());
    }
    let service = viewer.app.registry().service(noun).ok_or_else(Refusal::not_found)?;
    if let Some(asked) = sealed::ask(viewer, service, id).await? {
        return Ok(Err(asked));
    }
    if !cx.actor.in_team(report.inspection_id) {
        cx.record_read(report.noun(), id).await;
    }
    Ok(Ok(report))
}

/// Whoever reads the record reads its layout.
async fn read(
    viewer: &Viewer,
    noun: &str,
    id: &str,
) -> Result<std::result::Result<(Report, Paper), Response>> {
    let report = match opened(viewer, noun, id, |_, _| true).await? {
        Ok(report) => report,
        Err(asked) => return Ok(Err(asked)),
    };
    let paper = paper(&viewer.read(), &report).await?;
    Ok(Ok((report, paper)))
}

/// The pages of both nouns.
pub(crate) fn routes() -> Vec<Page> {
    let page = |path, handler: MethodRouter<App>| Page { offered, ..pages::page(path, handler) };
    let all = |noun: &'static str, [preview, picture, pdf]: [&'static str; 3]| {
        [
            page(preview, get(move |viewer: Viewer, Path(id): Path<String>| preview_page(viewer, noun, id))),
            page(
                picture,
                get(move |viewer: Viewer, Path(at): Path<(String, String)>| picture_page(viewer, noun, at)),
            ),
            page(pdf, get(move |viewer: Viewer, Path(id): Path<String>| pdf_file(viewer, noun, id))),
        ]
    };
    let reports = all(NOUN, ["/reports/{id}/preview", "/reports/{id}/page/{at}", "/reports/{id}/pdf"]);
    let materials =
        all(MATERIALS, ["/materials/{id}/preview", "/materials/{id}/page/{at}", "/materials/{id}/pdf"]);
    reports.into_iter().chain(materials).collect()
}

fn offered(actor: &Actor) -> bool {
    Report::visible(actor) != Pred::Nothing
}

async fn preview_page(viewer: Viewer, noun: &'static str, id: String) -> Response {
    respond::answer(&viewer, async {
        let (report, paper) = match read(&viewer, noun, &id).await? {
            Ok(found) => found,
            Err(asked) => return Ok(asked),
        };
        let at = format!("/{noun}/{}", report.id);
        let content = pages::all_pages(&viewer, paper, &report.title, &at).await?;
        let service = viewer.app.registry().service(noun).ok_or_else(Refusal::not_found)?;
        let sheet = shell::Sheet::new("公文版面", content)
            .crumb(service.label, format!("/{noun}"))
            .crumb(report.number, at)
            .crumb("版面", "")
            .secrecy(service.secrecy);
        shell::page(&viewer, sheet).await
    })
    .await
}

async fn picture_page(viewer: Viewer, noun: &'static str, (id, at): (String, String)) -> Response {
    respond::answer(&viewer, async {
        match read(&viewer, noun, &id).await? {
            Ok((_, paper)) => pages::picture(&viewer, paper, &at).await,
            Err(asked) => Ok(asked),
        }
    })
    .await
}

async fn pdf_file(viewer: Viewer, noun: &'static str, id: String) -> Response {
    respond::answer(&viewer, async {
        match read(&viewer, noun, &id).await? {
            Ok((report, paper)) => {
                let of = (noun, report.id.0, report.outside_name().to_owned());
                pages::hand_out(&viewer, paper, of, pages::Format::Pdf).await
            }
            Err(asked) => Ok(asked),
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_report_has_a_template_of_its_own_and_the_look_back_another() {
        assert_eq!(codes().len(), Kind::ALL.len() + 1);
        assert_eq!(code(Kind::TopLeader, true), code(Kind::TopLeader, false));
    }
}
