//! The public page of a questionnaire, opened by a one-time code without an account, cookie or trace; and the slips on
//! which the codes are handed out.

use askama::Template;
use axum::{
    extract::{Path, Request, State},
    http::StatusCode,
    response::Response,
    routing::get,
};
use kit::{
    Actor, App, Error, Form, Lifecycle as _, Pred, Refusal, Result,
    service::Page,
    web::{self, Viewer, body, respond, shell},
};
use onsite::questionnaires::{
    self, Question, QuestionKind, Questionnaire,
    answers::{self, Answer},
};

/// Most slips printed at once.
const SLIPS: usize = 500;

pub(super) fn pages() -> Vec<Page> {
    let page = |method, path, public, handler| Page {
        method,
        path,
        label: "",
        group: None,
        icon: "",
        offered: |actor: &Actor| Questionnaire::visible(actor) != Pred::Nothing,
        public,
        handler,
    };
    vec![
        page("GET", "/q/{code}", true, get(open)),
        page("POST", "/q/{code}", true, axum::routing::post(submit)),
        page("GET", "/questionnaires/{id}/slips", false, get(ask_slips)),
        page("POST", "/questionnaires/{id}/slips", false, axum::routing::post(print_slips)),
    ]
}

struct Asked {
    position: i64,
    text: String,
    open: bool,
    multiple: bool,
    options: Vec<(usize, String)>,
}

#[derive(Template)]
#[template(path = "questionnaire.html")]
struct Sheet<'a> {
    office: &'a str,
    title: String,
    intro: String,
    questions: Vec<Asked>,
}

fn asked(question: Question) -> Asked {
    Asked {
        position: question.position,
        text: question.text,
        open: question.kind == QuestionKind::Open,
        multiple: question.kind == QuestionKind::Multiple,
        options: question.options.into_iter().enumerate().map(|(at, text)| (at + 1, text)).collect(),
    }
}

/// Nobody in particular: what is done on this page is done by no one.
fn nobody() -> std::sync::Arc<Actor> {
    std::sync::Arc::new(Actor { origin: String::new(), ..Actor::program("问卷作答") })
}

async fn open(State(app): State<App>, Path(code): Path<String>) -> Response {
    match sheet(&app, &code).await {
        Ok(response) => response,
        Err(error) => refused(&app, &error),
    }
}

async fn sheet(app: &App, code: &str) -> Result<Response> {
    let (questionnaire, questions) = answers::opened(&app.read(&nobody()), code).await?;
    let content = Sheet {
        office: app.office(),
        title: questionnaire.title.clone(),
        intro: questionnaire.intro,
        questions: questions.into_iter().map(asked).collect(),
    }
    .render()?;
    Ok(respond::framed(StatusCode::OK, &questionnaire.title, content))
}

async fn submit(State(app): State<App>, Path(code): Path<String>, request: Request) -> Response {
    match taken(&app, code, request).await {
        Ok(()) => respond::plain_page(StatusCode::OK, "已提交，谢谢。答卷不记名，本页可以关闭。", ""),
        Err(error) => refused(&app, &error),
    }
}

async fn taken(app: &App, code: String, request: Request) -> Result<()> {
    let form = Form::from_urlencoded(&body::bytes(request.into_body(), 256 * 1024).await?)?;
    let (_, questions) = answers::opened(&app.read(&nobody()), &code).await?;
    let given = questions.iter().map(|question| read_answer(question, &form)).collect::<Result<Vec<_>>>()?;
    app.write(&nobody(), |cx| Box::pin(async move { answers::answer(cx, &code, given).await })).await
}

fn read_answer(question: &Question, form: &Form) -> Result<Answer> {
    let name = format!("q{}", question.position);
    let typed = form.typed_all(&name);
    let wrong =
        || Error::from(Refusal::bad_request("答卷内容不正确，没有提交；答题码仍然有效，请重新填写。"));
    if question.kind == QuestionKind::Open {
        let text = typed.first().map(|text| text.trim().to_owned()).unwrap_or_default();
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(wrong());
        }
        return Ok(Answer { position: question.position, ticked: Vec::new(), text });
    }
    let ticked = typed.iter().map(|text| text.parse::<i64>().map_err(|_| wrong())).collect::<Result<_>>()?;
    Ok(Answer { position: question.position, ticked, text: String::new() })
}

fn refused(app: &App, error: &Error) -> Response {
    respond::plain_error(app, error, false)
}

#[derive(Template)]
#[template(path = "questionnaire_slips.html")]
struct Slips {
    id: String,
    title: String,
    csrf: String,
    most: usize,
    codes: Vec<String>,
    host: String,
}

async fn ask_slips(viewer: Viewer, Path(id): Path<String>) -> Response {
    respond::answer(&viewer, Box::pin(slips_page(&viewer, &id, Vec::new()))).await
}

async fn print_slips(viewer: Viewer, Path(id): Path<String>, request: Request) -> Response {
    respond::answer(&viewer, Box::pin(given_out(&viewer, &id, request))).await
}

async fn given_out(viewer: &Viewer, id: &str, request: Request) -> Result<Response> {
    let form = Form::from_urlencoded(&body::bytes(request.into_body(), 64 * 1024).await?)?;
    viewer.check_csrf(form.typed("csrf"))?;
    let count = form.typed("count").trim().parse().ok().filter(|count| (1..=SLIPS).contains(count));
    let count: usize =
        count.ok_or_else(|| Refusal::bad_request(format!("份数应是 1 到 {SLIPS} 之间的整数。")))?;
    let questionnaire = web::parse_id(id)?;
    let codes = viewer
        .app
        .write(&viewer.actor, |cx| {
            Box::pin(async move { questionnaires::actions::give_out(cx, questionnaire.into(), count).await })
        })
        .await?;
    slips_page(viewer, id, codes).await
}

async fn slips_page(viewer: &Viewer, id: &str, codes: Vec<String>) -> Result<Response> {
    let cx = viewer.read();
    let questionnaire = questionnaires::find(&cx, web::parse_id(id)?.into()).await?;
    if questionnaire.state != questionnaires::State::Open
        || !viewer.actor.in_team(questionnaire.inspection_id)
    {
        return Err(Refusal::not_found().into());
    }
    let content = Slips {
        id: questionnaire.id.to_string(),
        title: questionnaire.title.clone(),
        csrf: viewer.csrf(),
        most: SLIPS,
        codes,
        host: viewer.header("host").unwrap_or_default().to_owned(),
    }
    .render()?;
    let sheet = shell::Sheet::new("发放答题码", content)
        .crumb("问卷", "/questionnaires")
        .crumb(questionnaire.title, format!("/questionnaires/{}", questionnaire.id))
        .crumb("发放答题码", "");
    shell::page(viewer, sheet).await
}
