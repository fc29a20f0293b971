//! The task board of a team (任务板): a column for each state, the most urgent card on top; what needs no words is done on
//! the card, the rest on the task's page.

use askama::Template;
use axum::{
    extract::{Path, Request},
    response::Response,
    routing::{get, post},
};
use kit::{
    Actor, Form, Labelled as _, Lifecycle as _, Refusal, Result, alarms,
    perform::{self, perform},
    service::{Group, Page},
    shown::Alarms,
    web::{Viewer, body, respond, shell},
};
use onsite::tasks::{self, State, Task};
use uuid::Uuid;

use super::{Choice, choose, offered};

/// Cards of a column that are shown; the rest is in the list.
const CARDS: i64 = 40;

/// Deeds that need no words and are done on the card.
const ON_CARD: [&str; 2] = ["start", "confirm"];

pub(super) fn pages() -> Vec<Page> {
    let board = Page {
        method: "GET",
        path: "/task-board",
        label: "任务板",
        group: Some(Group::Fieldwork),
        icon: "columns-3",
        offered,
        public: false,
        handler: get(show),
    };
    let deed = Page {
        method: "POST",
        path: "/task-board/{id}/{code}",
        label: "",
        group: None,
        icon: "",
        handler: post(move_card),
        ..board.clone()
    };
    vec![board, deed]
}

struct CardView {
    id: Uuid,
    title: String,
    assignee: String,
    origin: &'static str,
    clock: String,
    /// Deeds done on the card: code and label.
    on_card: Vec<(&'static str, &'static str)>,
    /// Deeds done on the task's page: code and label.
    elsewhere: Vec<(&'static str, &'static str)>,
}

struct ColumnView {
    label: &'static str,
    all: String,
    cards: Vec<CardView>,
}

#[derive(Template)]
#[template(path = "task_board.html")]
struct Board {
    choices: Vec<Choice>,
    title: String,
    csrf: String,
    columns: Vec<ColumnView>,
    create: Option<String>,
}

async fn show(viewer: Viewer) -> Response {
    respond::answer(&viewer, Box::pin(page(&viewer))).await
}

async fn page(viewer: &Viewer) -> Result<Response> {
    let cx = viewer.read();
    let chosen = choose(viewer, &cx).await?;
    let mut columns = Vec::new();
    if let Some(inspection) = chosen.inspection {
        let alarms = alarms(&cx).await?;
        for state in [State::Todo, State::Doing, State::Review, State::Done] {
            let found = tasks::board(&cx, inspection, state, CARDS).await?;
            let cards = found.into_iter().map(|task| card_view(&viewer.actor, task, &alarms)).collect();
            let all = format!("/tasks?f.inspection={inspection}&f.state={}", state.code());
            columns.push(ColumnView { label: state.label(), all, cards });
        }
    }
    let service = cx.app().registry().service(tasks::NOUN);
    let may_create = service.is_some_and(|service| (service.creates)(&viewer.actor));
    let create = chosen.inspection.filter(|_| may_create).map(|id| format!("/tasks/new?inspection={id}"));
    let content =
        Board { choices: chosen.choices, title: chosen.title, csrf: viewer.csrf(), columns, create }
            .render()?;
    shell::page(viewer, shell::Sheet::new("任务板", content).crumb("任务板", "")).await
}

fn card_view(actor: &Actor, task: Task, alarms: &Alarms) -> CardView {
    let open = task.open_deeds(actor);
    let finished = matches!(task.state, State::Done | State::Dropped);
    let mut clock = String::new();
    if task.due_on.is_some() {
        alarms.clock(task.due_on, finished).html(&mut clock);
    }
    let offered = |codes: &[&'static str]| {
        let may = codes.iter().filter(|code| open.contains(code));
        may.filter_map(|code| Some((*code, tasks::Deed::parse(code)?.label()))).collect()
    };
    CardView {
        id: task.id.0,
        on_card: offered(&ON_CARD),
        elsewhere: offered(&["submit", "return"]),
        origin: task.origin.label(),
        title: task.title,
        assignee: task.assignee,
        clock,
    }
}

async fn move_card(viewer: Viewer, Path((id, code)): Path<(String, String)>, request: Request) -> Response {
    respond::answer(&viewer, Box::pin(moved(&viewer, &id, &code, request))).await
}

/// Does the deed of a card through the task's own description, and comes back to the board.
async fn moved(viewer: &Viewer, id: &str, code: &str, request: Request) -> Result<Response> {
    let form = Form::from_urlencoded(&body::bytes(request.into_body(), 64 * 1024).await?)?;
    viewer.check_csrf(form.typed("csrf"))?;
    if !offered(&viewer.actor) {
        return Err(Refusal::not_found().into());
    }
    let id = Uuid::parse_str(id).map_err(|_| Refusal::not_found())?;
    let deed = ON_CARD.into_iter().find(|known| *known == code).ok_or_else(Refusal::not_found)?;
    let asked = perform::Request {
        noun: tasks::NOUN.to_owned(),
        id: Some(id),
        deed: deed.to_owned(),
        form: Form::default(),
        key: None,
        strict: false,
    };
    let outcome = perform(&viewer.app, &viewer.actor, asked).await?;
    let inspection = tasks::find(&viewer.read(), id.into()).await?.inspection_id;
    Ok(respond::see_other(&format!("/task-board?inspection={inspection}"), &outcome.message))
}
