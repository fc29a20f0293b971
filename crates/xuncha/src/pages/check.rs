//! 数字核对: the numbers of a draft text beside what the ledgers give, on a page, for programs and on the command line.

use std::fmt::Write as _;

use askama::Template;
use axum::{
    Json,
    extract::Request,
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use kit::{
    Error, Form, Labelled as _, Refusal, Result,
    error::Reason,
    files,
    service::{Group, Operation, Page},
    shown::{chip_class, escape},
    web::{Query, Viewer, body, respond, shell},
};

use serde_json::json;

use super::figures::{allow, label, page, printed_value, read_ask, scope_note};
use crate::figures::{
    self, Ask,
    consistency::{self, Finding, Reading, Report, Verdict},
};

/// Largest file that is read.
const MOST_BYTES: usize = reports::word::MOST_BYTES;

pub(super) fn pages() -> Vec<Page> {
    let sent = |path, handler| Page { method: "POST", ..page(path, "", None, "", handler) };
    vec![
        page("/figures-check", "数字核对", Some(Group::Figures), "file-check", get(open)),
        sent("/figures-check", post(submit)),
        sent("/api/v1/figures/check", post(answer)),
    ]
}

/// What programs send to [`answer`] and get from it.
pub(crate) fn operation() -> Operation {
    Operation {
        method: "post",
        path: "/api/v1/figures/check",
        name: "figures_check",
        tag: "统计指标",
        summary: "核对文稿中的数字",
        takes: || {
            json!({
                "type": "object", "required": ["text"], "additionalProperties": false,
                "properties": {
                    "text": { "type": "string", "description": "要核对的文字" },
                    "as_of": { "type": "string", "format": "date", "description": "截至哪一天，缺省为今天" },
                    "year": { "type": ["string", "integer"], "description": "统计年度，缺省为截至日所在年" },
                },
            })
        },
        answers: || {
            let text = json!({ "type": "string" });
            let counted = json!({
                "type": "object", "required": ["value", "unit", "rows"],
                "properties": { "value": text, "unit": text, "rows": text, "inspection": { "type": ["object", "null"] } },
            });
            let number = json!({
                "type": "object", "required": ["line", "printed", "quote", "figure", "label", "verdict", "counted"],
                "properties": {
                    "line": { "type": "integer" }, "printed": text, "quote": text, "figure": text, "label": text,
                    "verdict": { "type": "string", "enum": Verdict::ALL.iter().map(|one| one.code()).collect::<Vec<_>>() },
                    "counted": { "type": "array", "items": counted },
                },
            });
            let finding = json!({
                "type": "object", "required": ["line", "kind", "quote", "message"],
                "properties": { "line": { "type": "integer" }, "kind": text, "quote": text, "message": text },
            });
            json!({
                "type": "object", "required": ["numbers", "other_numbers", "findings", "cut", "as_of", "year"],
                "properties": {
                    "numbers": { "type": "array", "items": number }, "other_numbers": { "type": "integer" },
                    "findings": { "type": "array", "items": finding }, "cut": { "type": "boolean" },
                    "as_of": { "type": "string", "format": "date" }, "year": { "type": "integer" },
                },
            })
        },
    }
}

/// One line of the table of numbers.
struct Line {
    anchor: usize,
    /// In which line of the text.
    place: usize,
    printed: String,
    quote: String,
    figure: String,
    /// Value and address of the rows, for each inspection where the figure is given for each.
    counted: Vec<(String, String)>,
    verdict: &'static str,
    chip: &'static str,
}

struct Doubt {
    kind: &'static str,
    /// The number in the marked text, when it means a figure.
    anchor: Option<usize>,
    line: usize,
    quote: String,
    message: String,
}

struct Answer {
    summary: String,
    period: String,
    lines: Vec<Line>,
    doubts: Vec<Doubt>,
    /// The text with its numbers marked, as HTML.
    marked: String,
}

#[derive(Template)]
#[template(path = "figures_check.html")]
struct CheckPage {
    csrf: String,
    scope: Option<&'static str>,
    text: String,
    as_of: String,
    year: String,
    refusal: String,
    answer: Option<Answer>,
}

async fn open(viewer: Viewer) -> Response {
    respond::answer(&viewer, async {
        allow(&viewer.actor)?;
        let query = Query::parse(viewer.query.as_deref())?;
        let ask = read_ask(&viewer.read(), &query)?;
        let page = CheckPage {
            csrf: viewer.csrf(),
            scope: scope_note(&viewer.actor),
            text: String::new(),
            as_of: ask.as_of.to_string(),
            year: ask.year.to_string(),
            refusal: String::new(),
            answer: None,
        };
        show(&viewer, page).await
    })
    .await
}

async fn show(viewer: &Viewer, page: CheckPage) -> Result<Response> {
    let refused = !page.refusal.is_empty();
    let sheet =
        shell::Sheet::new("数字核对", page.render()?).crumb("统计指标", "/figures").crumb("数字核对", "");
    let mut response = shell::page(viewer, sheet).await?;
    if refused {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

async fn submit(viewer: Viewer, request: Request) -> Response {
    respond::answer(&viewer, async {
        allow(&viewer.actor)?;
        let form = body::read_form(&viewer, request).await?;
        let answered = answer_form(&viewer, &form).await;
        files::discard(&viewer.app, &form.files).await;
        answered
    })
    .await
}

async fn answer_form(viewer: &Viewer, form: &Form) -> Result<Response> {
    viewer.check_csrf(form.typed("csrf"))?;
    let mut page = CheckPage {
        csrf: viewer.csrf(),
        scope: scope_note(&viewer.actor),
        // A sign that no page can show is not given back either.
        text: form.typed("text").replace('\0', ""),
        as_of: form.typed("as_of").to_owned(),
        year: form.typed("year").to_owned(),
        refusal: String::new(),
        answer: None,
    };
    match checked(viewer, form).await {
        Ok((text, ask, report)) => {
            page.answer = Some(answer_of(&text, &ask, &report));
            page.text = text;
        }
        Err(Error::Refusal(refusal)) if matches!(refusal.reason, Reason::Invalid | Reason::BadRequest) => {
            page.refusal = refusal.message;
        }
        Err(error) => return Err(error),
    }
    show(viewer, page).await
}

/// The text of the form or its file, and what was read in it.
async fn checked(viewer: &Viewer, form: &Form) -> Result<(String, Ask, Report)> {
    let query = Query::default().with("as_of", form.typed("as_of")).with("year", form.typed("year"));
    let cx = viewer.read();
    let ask = read_ask(&cx, &query)?;
    let text = match form.files.first() {
        Some(file) => {
            if usize::try_from(file.size).unwrap_or(usize::MAX) > MOST_BYTES {
                return Err(Refusal::field("file", "文件不能超过 20 MB，请删去图片后上传。").into());
            }
            draft_text(&file.name, &file.bytes(&viewer.app, MOST_BYTES).await?)?
        }
        // Browsers send lines with a carriage return, which no line of a text has.
        None => form.typed("text").replace("\r\n", "\n"),
    };
    consistency::admit(&text)?;
    let computed = figures::compute(&cx, &ask).await?;
    // Some thousands of comparisons: too long for the thread that answers others.
    let (text, report) = tokio::task::spawn_blocking(move || {
        let report = consistency::report(&text, &computed);
        (text, report)
    })
    .await
    .map_err(|error| Error::Fault(format!("consistency: {error}")))?;
    Ok((text, ask, report))
}

/// The text of a Word file or a plain text, by its name.
///
/// # Errors
/// A refusal for other files and for those that cannot be read.
pub fn draft_text(name: &str, bytes: &[u8]) -> Result<String> {
    let ends = |ending: &str| name.to_lowercase().ends_with(ending);
    let text = if ends(".docx") {
        reports::word::text(bytes)?
    } else if ends(".txt") {
        documents::text::decode(bytes).replace("\r\n", "\n")
    } else {
        return Err(Refusal::field("file", "请选择 docx 或 txt 文件；其他格式请另存为 docx 后上传。").into());
    };
    consistency::admit(&text)?;
    Ok(text)
}

/// What came out, in one sentence.
pub fn summary(report: &Report) -> String {
    let read = report.readings.len() + report.other_numbers;
    let mut words = format!(
        "读出 {read} 个带单位的数字，其中 {} 个指向统计指标：一致 {}，不一致 {}，不能判定 {}；疑点 {} 处。",
        report.readings.len(),
        report.of(Verdict::Agrees),
        report.of(Verdict::Differs),
        report.of(Verdict::Open),
        report.findings.len(),
    );
    if report.cut {
        words.push_str("文稿中的数字或疑点过多，只列出前面的部分，请分段核对。");
    }
    words
}

fn answer_of(text: &str, ask: &Ask, report: &Report) -> Answer {
    Answer {
        summary: summary(report),
        period: format!("截至 {} · {}年度", ask.as_of, ask.year),
        lines: report.readings.iter().enumerate().map(|(at, reading)| line(at, reading)).collect(),
        doubts: report.findings.iter().map(|finding| doubt(text, report, finding)).collect(),
        marked: marked(text, report),
    }
}

fn line(at: usize, reading: &Reading) -> Line {
    let choice = reading.verdict.choice();
    let counted = |held: &figures::Computed| {
        let value = format!("{}{}", printed_value(held), held.unit.label());
        let value = match &held.scope {
            Some(scope) => format!("{value}（{}）", scope.name),
            None => value,
        };
        (value, held.drill.clone().unwrap_or_default())
    };
    Line {
        anchor: at + 1,
        place: reading.line,
        printed: reading.printed.clone(),
        quote: reading.quote.clone(),
        figure: reading
            .counted
            .first()
            .filter(|_| reading.counted.len() == 1)
            .map_or_else(|| reading.figure.label.to_owned(), label),
        counted: reading.counted.iter().map(counted).collect(),
        verdict: choice.label,
        chip: match reading.verdict {
            Verdict::Differs => "clock clock-red",
            Verdict::Agrees | Verdict::Open => chip_class(choice.tone),
        },
    }
}

fn doubt(text: &str, report: &Report, finding: &Finding) -> Doubt {
    Doubt {
        kind: finding.kind.label(),
        anchor: report.readings.iter().position(|one| one.at.start == finding.at).map(|at| at + 1),
        line: consistency::line_of(text, finding.at),
        quote: finding.quote.clone(),
        message: finding.message.clone(),
    }
}

/// The text with a mark around each number that means a figure.
fn marked(text: &str, report: &Report) -> String {
    let (mut out, mut written) = (String::with_capacity(text.len() * 2), 0);
    for (at, reading) in report.readings.iter().enumerate() {
        escape(text.get(written..reading.at.start).unwrap_or_default(), &mut out);
        let class = match reading.verdict {
            Verdict::Agrees => "",
            Verdict::Differs => " class=\"mark-bad\"",
            Verdict::Open => " class=\"mark-open\"",
        };
        let _ = write!(out, "<a id=\"n-{0}\" href=\"#r-{0}\"><mark{class}>", at + 1);
        escape(text.get(reading.at.clone()).unwrap_or_default(), &mut out);
        out.push_str("</mark></a>");
        written = reading.at.end;
    }
    escape(text.get(written..).unwrap_or_default(), &mut out);
    out
}

async fn answer(viewer: Viewer, request: Request) -> Response {
    respond::answer(&viewer, async {
        allow(&viewer.actor)?;
        viewer.check_csrf("")?;
        let form = body::read_json(request).await?;
        if let Some((name, _)) = form.entries().find(|(name, _)| !matches!(*name, "text" | "as_of" | "year"))
        {
            let name: String = name.chars().take(40).collect();
            return Err(Refusal::bad_request(format!("没有名为 {name} 的参数。")).into());
        }
        let (text, ask, report) = checked(&viewer, &form).await?;
        let mut out = report.json(&text);
        if let Some(map) = out.as_object_mut() {
            map.insert(String::from("as_of"), json!(ask.as_of));
            map.insert(String::from("year"), json!(ask.year));
        }
        Ok(Json(out).into_response())
    })
    .await
}
