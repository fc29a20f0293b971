//! 网上来信 at the office: the keys to which letters are closed, the hosts and their packages, what is given to a host,
//! and the letters on which nobody has decided yet. Everything goes the way of the command.

use std::sync::Arc;

use askama::Template;
use axum::{
    body::Body,
    extract::Request,
    response::Response,
    routing::{MethodRouter, get, post},
};
use chrono::{DateTime, NaiveDate, Utc};
use db::Sql;
use kit::{
    App, Cx, Error, Form, Labelled as _, Refusal, Result, Shown, alarms,
    clock::office_time,
    files,
    sea_orm::{self, FromQueryResult},
    seal::envelope::public_half,
    service::{Group, Page},
    shown::chip_class,
    web::{Viewer, body, respond, shell},
};
use onsite::petitions;
use uuid::Uuid;

use crate::intake::{
    self, Trust, may_carry, may_renew,
    register::{self, KnownHost, Package, Way},
};

/// Packages on the page.
const PACKAGES: u32 = 50;
/// Undecided letters on the page.
const LETTERS: i64 = 200;
/// Digits of a digest that are shown; the whole is its title.
const DIGITS: usize = 16;

pub(super) fn pages() -> Vec<Page> {
    vec![
        Page { label: "网上来信", group: Some(Group::Fieldwork), ..page("GET", "/intake", get(show)) },
        page("POST", "/intake", post(bring)),
        page("POST", "/intake/bulletin", post(publish)),
        Page { offered: may_renew, ..page("POST", "/intake/keys", post(renew)) },
    ]
}

fn page(method: &'static str, path: &'static str, handler: MethodRouter<App>) -> Page {
    Page { method, path, label: "", group: None, icon: "mail", offered: may_carry, public: false, handler }
}

struct KeyLine {
    print: String,
    from: String,
    to: String,
    made_by: String,
    letters: i64,
}

struct PackageLine {
    id: String,
    at: String,
    by: String,
    way: &'static str,
    host: String,
    serial: String,
    made_at: String,
    digest: String,
    digest_short: String,
    letters: i64,
    genuine: &'static str,
    taken: i64,
    held: i64,
    refused: i64,
    outcome: &'static str,
    chip: &'static str,
    keys: String,
    why: Vec<String>,
}

impl PackageLine {
    fn of(package: Package) -> Self {
        let genuine = if package.genuine { "签名和摘要相符" } else { "签名或内容不符" };
        let choice = package.outcome.choice();
        Self {
            id: package.id.to_string(),
            at: office_time(package.at),
            by: package.by_name,
            way: package.way.label(),
            host: package.host,
            serial: package.serial.map(|serial| format!("第 {serial} 号")).unwrap_or_default(),
            made_at: package.made_at.map(office_time).unwrap_or_default(),
            digest_short: package.digest.chars().take(DIGITS).collect(),
            digest: package.digest,
            letters: package.letters,
            genuine,
            taken: package.taken,
            held: package.held,
            refused: package.refused,
            outcome: choice.label,
            chip: chip_class(choice.tone),
            keys: package.keys.join("、"),
            why: package.why.lines().map(str::to_owned).collect(),
        }
    }
}

struct HostLine {
    print: String,
    since: String,
    by: String,
    last_serial: i64,
}

/// A letter on which nobody has decided yet.
#[derive(Debug, FromQueryResult)]
struct Undecided {
    id: Uuid,
    number: String,
    organisation: String,
    inspection_id: Uuid,
    inspection: String,
    team: String,
    received_on: NaiveDate,
    carried_at: DateTime<Utc>,
    due_on: Option<NaiveDate>,
}

struct LetterLine {
    letter: Undecided,
    carried: String,
    due: String,
    clock: Option<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "intake.html")]
struct IntakePage {
    csrf: String,
    refusal: String,
    /// Packages of which letters are missing here.
    unfinished: Vec<PackageLine>,
    trust: String,
    signer: String,
    may_renew: bool,
    keys: Vec<KeyLine>,
    hosts: Vec<HostLine>,
    packages: Vec<PackageLine>,
    /// Nothing for those to whom letters do not exist.
    letters: Option<Vec<LetterLine>>,
}

fn admit(viewer: &Viewer) -> Result<()> {
    if may_carry(&viewer.actor) { Ok(()) } else { Err(Refusal::not_found().into()) }
}

async fn show(viewer: Viewer) -> Response {
    respond::answer(&viewer, async {
        admit(&viewer)?;
        whole(&viewer, "", "").await
    })
    .await
}

/// The page, with why a package was not taken and the fingerprint that was typed with it.
async fn whole(viewer: &Viewer, refusal: &str, trust: &str) -> Result<Response> {
    let cx = viewer.read();
    let keys = intake::ring(&cx).await?.into_iter().map(|key| KeyLine {
        print: key.print,
        from: office_time(key.from),
        to: key.to.map(office_time).unwrap_or_default(),
        made_by: key.made_by,
        letters: key.letters,
    });
    let hosts = register::hosts(&cx).await?.into_iter().map(|host: KnownHost| HostLine {
        print: host.print,
        since: office_time(host.trusted_at),
        by: host.trusted_by,
        last_serial: host.last_serial,
    });
    let content = IntakePage {
        csrf: viewer.csrf(),
        refusal: refusal.to_owned(),
        unfinished: register::unfinished(&cx).await?.into_iter().map(PackageLine::of).collect(),
        trust: trust.to_owned(),
        signer: ::intake::envelope::fingerprint(&public_half(&kit::keys::signing(viewer.app.folder())?)?),
        may_renew: may_renew(&viewer.actor),
        keys: keys.collect(),
        hosts: hosts.collect(),
        packages: register::packages(&cx, PACKAGES).await?.into_iter().map(PackageLine::of).collect(),
        letters: undecided(&cx).await?,
    };
    shell::page(viewer, shell::Sheet::new("网上来信", content.render()?).crumb("网上来信", "")).await
}

/// The letters that wait for the decision of their team's head, within what the person may see of petitions.
async fn undecided(cx: &Cx) -> Result<Option<Vec<LetterLine>>> {
    let Some(service) = cx.app().registry().service(petitions::NOUN) else { return Ok(None) };
    if !service.reachable(&cx.actor) {
        return Ok(None);
    }
    let mut sql = Sql::new(
        "select p.id, p.number, o.name as organisation, i.id as inspection_id, i.name as inspection, i.team, p.received_on, \
         l.carried_at, p.due_on from intake_letter l join petition p on p.id = l.petition_id \
         join organisation o on o.id = p.organisation_id join inspection i on i.id = p.inspection_id where p.state = ",
    );
    sql.bind(petitions::State::Registered).push(" and ");
    service.scope(&cx.actor).write("p", &mut sql);
    sql.push(" order by p.received_on, p.number limit ").bind(LETTERS);
    let found: Vec<Undecided> = cx.all(sql).await?;
    let alarms = alarms(cx).await?;
    let line = |letter: Undecided| LetterLine {
        carried: office_time(letter.carried_at),
        due: letter.due_on.map(|day| day.to_string()).unwrap_or_default(),
        clock: match alarms.clock(letter.due_on, false) {
            Shown::Clock { alarm, words, .. } => Some((alarm.class(), words)),
            _ => None,
        },
        letter,
    };
    Ok(Some(found.into_iter().map(line).collect()))
}

async fn checked(viewer: &Viewer, form: Form) -> Result<Form> {
    match viewer.check_csrf(form.typed("csrf")) {
        Ok(()) => Ok(form),
        Err(error) => {
            files::discard(&viewer.app, &form.files).await;
            Err(error)
        }
    }
}

async fn bring(viewer: Viewer, request: Request) -> Response {
    respond::answer(&viewer, async {
        admit(&viewer)?;
        let form = checked(&viewer, body::read_own_form(&viewer, request).await?).await?;
        let typed = form.typed("trust").trim().to_lowercase();
        match take(&viewer, form, &typed).await {
            Ok(told) => Ok(respond::after_deed(&viewer, "/intake", &told)),
            Err(Error::Refusal(refusal)) => {
                let mut response = whole(&viewer, &refusal.message, &typed).await?;
                *response.status_mut() = respond::status(refusal.reason);
                Ok(response)
            }
            Err(error) => Err(error),
        }
    })
    .await
}

/// Takes the package of the form in; answers what to say.
async fn take(viewer: &Viewer, form: Form, trust: &str) -> Result<String> {
    let Some(upload) = form.files.first().cloned() else {
        return Err(Refusal::invalid("请选择收件机导出的来信包。").into());
    };
    let trust = if trust.is_empty() { Trust::Known } else { Trust::Fingerprint(trust.to_owned()) };
    let (app, actor, uploads) = (viewer.app.clone(), Arc::clone(&viewer.actor), form.files);
    // A package that has been begun is taken to its end, also when the person leaves the page in the middle of it.
    let work = tokio::spawn(async move {
        let report = match upload.open(&app) {
            Ok(opened) => intake::take_in(&app, &actor, opened, (trust, Way::Page)).await,
            Err(error) => Err(error),
        };
        files::discard(&app, &uploads).await;
        report
    });
    let report = work.await.map_err(|error| Error::Fault(format!("taking a package in: {error}")))??;
    let rest = if report.refused.is_empty() { "" } else { "没有登记的见本页上方的说明。" };
    Ok(format!("{}{rest}", report.sentence()))
}

async fn publish(viewer: Viewer, request: Request) -> Response {
    respond::answer(&viewer, async {
        admit(&viewer)?;
        let form = checked(&viewer, body::read_form(&viewer, request).await?).await?;
        let host = form.typed("host").trim();
        let host = (!host.is_empty()).then_some(host);
        let text = intake::publish(&viewer.app, &viewer.actor, host).await?;
        let name = format!("公告包-{}.json", viewer.read().today());
        Ok(respond::download(&name, "application/json", Body::from(text)))
    })
    .await
}

async fn renew(viewer: Viewer, request: Request) -> Response {
    respond::answer(&viewer, async {
        admit(&viewer)?;
        checked(&viewer, body::read_form(&viewer, request).await?).await?;
        let print = intake::renew(&viewer.app, &viewer.actor).await?;
        let told = format!(
            "新的来信公钥是 {print}。请下载公告包并载入各收件机，载入后的来信封给新的公钥；封给原来公钥的仍能打开。"
        );
        Ok(respond::after_deed(&viewer, "/intake", &told))
    })
    .await
}
