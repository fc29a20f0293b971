//! The demonstration city in the program's tables: the plan of crate `city` written as the records of an office
//! that has used the program for two years, with histories, audit entries and search index.
//!
//! The same seed gives the same content; only sealed fields and the password's digest take fresh randomness, and
//! the search index numbers its rows anew. The normal city is small; a scaled one is streamed, so that a million problems never
//! sit in memory.

mod afterwork;
mod analysis;
mod authorisation;
mod avoidance;
mod cargo;
mod chronicle;
mod codes;
mod data;
mod desk;
mod districts;
mod drafts;
mod files;
mod handing;
mod ids;
mod letters;
mod onsite;
mod papers;
mod passports;
mod people;
mod plan;
mod planning;
mod preparation;
mod problems;
mod rectification;
mod reporting;
mod talents;

use std::sync::Arc;

use chrono::{DateTime, Utc};
pub use data::load_data;
pub use files::load_files;
use kit::{
    Actor, App, Clock, Form, Post, Refusal, Result, Role, WriteCx, audit::Outcome, cx::Parts, perform,
};
pub use letters::load_letters;
pub use passports::load_passports;
use uuid::Uuid;

use self::{
    cargo::Cargo,
    chronicle::Doer,
    plan::Plan,
    problems::{Detail, Numbers, load_problem, measures_by_problem},
};

/// The last day of the city's records, at which the demonstration's calendar stands when nothing else is said: work is
/// under way then, some of it overdue, some due soon.
pub const LAST_DAY: chrono::NaiveDate = city::targets::HORIZON;

/// The password of every account of the demonstration.
pub const PASSWORD: &str = "Lanjiang-2023-demo";

/// Extra problems written in one transaction; with their measures, closures and histories about 40,000 rows.
const EXTRA_AT_ONCE: usize = 3_000;

/// An account to try the program with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoAccount {
    /// Login.
    pub login: String,
    /// Password.
    pub password: String,
    /// The role it is meant to show.
    pub role: kit::Role,
    /// Name of the person.
    pub name: String,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// One account for each role.
    pub accounts: Vec<DemoAccount>,
    /// Problems.
    pub problems: u64,
    /// Measures.
    pub measures: u64,
    /// Lines of history, each with its audit entry.
    pub events: u64,
}

/// Writes the city of `seed` into an empty database; with a `scale` it has that many problems in all.
///
/// # Errors
/// A refusal when the database holds records already: the demonstration never mixes with real work.
pub async fn load(app: &App, seed: u64, scale: Option<usize>) -> Result<Summary> {
    let actor = Arc::new(Actor::program("演示数据"));
    app.write(&actor, |cx| Box::pin(begin(cx))).await?;
    let city = city::plan(seed, scale);
    let plan = Plan::new(&city, seed);
    let mut numbers = Numbers::new(&plan);
    let mut summary = Summary { accounts: people::accounts(&plan), ..Summary::default() };
    let mut events = Vec::new();
    let password_hash = registry::accounts::password::hash(PASSWORD.to_owned()).await?;
    for cargo in normal_city(app, &plan, &mut numbers, &password_hash)? {
        events.extend(app.write(&actor, |cx| Box::pin(cargo.unload(cx))).await?);
    }
    summary.problems = city.problems.len() as u64;
    summary.measures = city.measures.len() as u64;
    summary.events = chronicle::write(app, &actor, events).await?;
    load_extra(app, &actor, (&plan, &mut numbers), &mut summary).await?;
    app.write(&actor, |cx| Box::pin(finish(cx, seed))).await?;
    papers::load(app, &actor, seed).await?;
    app.db().survey().await?;
    Ok(summary)
}

/// Writes the work on site of a whole term of a large city besides, for measuring: 7,000 drafts with 42,000 pieces of
/// evidence, 20,000 talks and 30,000 letters. Called after [`load`], with the same seed.
pub async fn load_term(app: &App, seed: u64) -> Result<()> {
    const PARTS: usize = 20;
    let (drafts, talks, letters) = (7_000 / PARTS, 20_000 / PARTS, 30_000 / PARTS);
    let actor = Arc::new(Actor::program("演示数据"));
    let city = city::plan(seed, None);
    let plan = Plan::new(&city, seed);
    let mut numbers = onsite::Numbers::of_term();
    for part in 0..PARTS {
        let mut cargo = Cargo::default();
        drafts::load_term(&plan, &mut cargo, part * drafts..(part + 1) * drafts)?;
        onsite::load_term(&plan, &mut cargo, app.seal(), &mut numbers, (talks, letters))?;
        app.write(&actor, |cx| Box::pin(unload_with_history(cx, cargo))).await?;
    }
    app.db().survey().await?;
    Ok(())
}

/// The accounts to try the program with, one for each role, in the city of `seed`.
pub fn accounts(seed: u64) -> Vec<DemoAccount> {
    let city = city::plan(seed, None);
    people::accounts(&Plan::new(&city, seed))
}

/// The unit that the youngest team of the city of `seed` inspects, and the people around it by their part:
/// the deputy head, two more members of the team, the unit's liaison.
pub fn on_site(seed: u64) -> Option<(String, Vec<(&'static str, DemoAccount)>)> {
    let city = city::plan(seed, None);
    people::on_site(&Plan::new(&city, seed))
}

/// The member whom a decided avoidance locks out in the city of `seed`, and the organisation he must keep away from.
pub fn barred_account(seed: u64) -> Option<(DemoAccount, String)> {
    let city = city::plan(seed, None);
    avoidance::account(&Plan::new(&city, seed))
}

/// The same installation with a clock that is put to past instants: what is done by the deeds themselves is then done on
/// the day of the story.
async fn in_the_past(app: &App, instant: DateTime<Utc>) -> Result<App> {
    App::new(Parts {
        db: app.db().clone(),
        clock: Clock::at(instant),
        seal: app.seal().clone(),
        folder: app.folder().clone(),
        fonts: app.fonts().to_vec(),
        office: app.office().to_owned(),
        secure: app.secure(),
        registry: crate::assemble::registry(),
    })
    .await
}

/// Somebody of the city in one post.
fn acting(doer: &Doer, role: Role, (organisation, inspection): (Option<Uuid>, Option<Uuid>)) -> Arc<Actor> {
    Arc::new(Actor {
        account: doer.account,
        name: doer.name.to_string(),
        posts: vec![Post { organisation, inspection, ..Post::of(role) }],
        program: false,
        origin: String::from("demonstration"),
        ..Actor::program("")
    })
}

/// Does one deed as a page would.
async fn deed(
    app: &App,
    actor: &Arc<Actor>,
    (noun, record, deed): (&str, Uuid, &str),
    entries: &[(&str, &str)],
) -> Result<()> {
    let request = perform::Request {
        noun: noun.to_owned(),
        id: Some(record),
        deed: deed.to_owned(),
        form: Form::of(entries.iter().map(|(name, value)| (*name, (*value).to_owned()))),
        key: None,
        strict: true,
    };
    perform::perform(app, actor, request).await?;
    Ok(())
}

/// Refuses a database in use.
async fn begin(cx: &mut WriteCx) -> Result<()> {
    let held = cx.number(db::Sql::new("select count(*) from organisation")).await?;
    if held > 0 {
        return Err(Refusal::conflict("数据库中已有单位数据，演示数据只能写入新的空数据库。").into());
    }
    Ok(())
}

/// Enters dictionaries and policies as every installation has them, after the past: their entries are of today.
async fn finish(cx: &mut WriteCx, seed: u64) -> Result<()> {
    cx.plan_ids(format!("{seed}/finish"), city::targets::AS_OF.and_time(chrono::NaiveTime::MIN).and_utc());
    registry::seed(cx).await?;
    ::planning::inspection_units::actions::set_clocks(cx).await?;
    paperwork::seed(cx).await?;
    reports::seed(cx).await?;
    reporting::evaluations(cx).await?;
    ::rectification::seed(cx).await?;
    fieldwork::typical_problems::seed(cx).await?;
    kit::search::tidy(cx).await?;
    cx.record("load_demonstration", "installation", None, Outcome::Done);
    Ok(())
}

/// The rows of the normal city in an order in which each refers only to earlier ones.
fn normal_city(app: &App, plan: &Plan<'_>, numbers: &mut Numbers, password_hash: &str) -> Result<Vec<Cargo>> {
    let mut office = Cargo::default();
    let begun = chronicle::evening_before(plan.city.term.from);
    people::load_organisations(plan, &mut office);
    people::load_people(plan, &mut office, password_hash, begun);
    people::load_calendar(plan, &mut office);
    planning::load_term(plan, &mut office);
    planning::load_rounds(plan, &mut office);
    planning::load_inspections(plan, &mut office);
    planning::load_units(plan, &mut office);
    people::load_posts(plan, &mut office);
    avoidance::load(plan, &mut office);
    talents::load(plan, &mut office, app.seal())?;
    authorisation::load(plan, &mut office);

    let mut work = Cargo::default();
    let measures = measures_by_problem(plan);
    rectification::load_feedbacks(plan, &mut work);
    rectification::load_plans(plan, &mut work, &measures);
    for problem in &plan.city.problems {
        let own = measures.get(&problem.key).map_or(&[][..], Vec::as_slice);
        let number = numbers.of(problem);
        load_problem(plan, &mut work, (&number, problem), own, Detail::Full);
    }
    rectification::load_campaigns(plan, &mut work);
    let matters = drafts::load(plan, &mut work)?;
    reporting::load(plan, &mut work, app.seal(), &matters)?;

    let mut results = Cargo::default();
    rectification::load_assets(plan, &mut results);
    rectification::load_rules(plan, &mut results);
    handing::load(plan, &mut results, app.seal())?;
    afterwork::load(plan, &mut results);
    analysis::load(plan, &mut results);
    districts::load(plan, &mut results);
    preparation::load(plan, &mut results, app.seal())?;
    onsite::load(plan, &mut results, app.seal())?;
    desk::load_views(plan, &mut results);
    desk::load_notices(plan, &mut results);
    desk::load_reported(plan, &mut results);
    Ok(vec![office, work, results])
}

/// The problems of a scaled city above those of the normal one.
async fn load_extra(
    app: &App,
    actor: &Arc<Actor>,
    (plan, numbers): (&Plan<'_>, &mut Numbers),
    summary: &mut Summary,
) -> Result<()> {
    let mut extra = plan.city.extra_problems().peekable();
    while extra.peek().is_some() {
        let mut cargo = Cargo::default();
        for made in extra.by_ref().take(EXTRA_AT_ONCE) {
            let measures: Vec<_> = made.measures.iter().collect();
            let number = numbers.of(&made.problem);
            load_problem(plan, &mut cargo, (&number, &made.problem), &measures, Detail::Brief);
            summary.problems += 1;
            summary.measures += made.measures.len() as u64;
        }
        summary.events += cargo.events.len() as u64;
        app.write(actor, |cx| Box::pin(unload_with_history(cx, cargo))).await?;
    }
    Ok(())
}

async fn unload_with_history(cx: &mut WriteCx, cargo: Cargo) -> Result<()> {
    let events = chronicle::in_order(cargo.unload(cx).await?);
    chronicle::append(cx, &events).await
}
