//! Signing in and out, and finding who a session's token belongs to.
//!
//! A token is 256 random bits of which the database keeps only the digest. Known and unknown names
//! cost the same work and get the same answer.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use db::Sql;
use kit::{
    Actor, App, Cx, Error, Post, Refusal, Result, Role, WriteCx,
    access::{Bars, District},
    audit::{Draft, Outcome},
    error::Reason,
    seal,
    service::Work,
};
use uuid::Uuid;

use super::{
    Account, NOUN,
    attempts::{self, Subject},
    factor::{self, Step},
    password, store,
};
use crate::posts;

/// How often a session's last activity is written down, in seconds.
const TOUCH_SECONDS: i64 = 60;

/// A new session.
#[derive(Clone)]
pub struct SignedIn {
    /// The token, for the cookie; it is known nowhere else.
    pub token: String,
    /// Whether the password was given by an administrator and should be changed now.
    pub initial_password: bool,
}

/// Somebody who tries to sign in, before it is known who it is.
pub(super) fn unknown(origin: &str, request: &str) -> Actor {
    Actor {
        origin: origin.to_owned(),
        request: request.to_owned(),
        program: false,
        ..Actor::program("sign-in")
    }
}

/// How the chain tells attempts under different names apart without holding them: what is typed into this field may be a
/// password, so no more than two signs of it are kept, and of a short one no more than half.
fn beginning(login: &str) -> String {
    let shown = (login.chars().count() / 2).min(2);
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@') { c } else { '?' };
    login.chars().take(shown).map(plain).chain(['…']).collect()
}

/// Signs in with name and password; a second step follows for those who have, or must have, a second
/// factor.
///
/// # Errors
/// One and the same refusal for an unknown name, a wrong password and an account out of use; another
/// one that says how long to wait after too many failures.
pub async fn sign_in(app: &App, login: &str, password: &str, origin: &str, request: &str) -> Result<Step> {
    let stranger = Arc::new(unknown(origin, request));
    let login = login.trim().to_lowercase();
    let tried = Actor { name: format!("sign-in:{}", beginning(&login)), ..Actor::clone(&stranger) };
    let subjects = [Subject::account(app, &login), Subject::address(app, origin)];
    if let Err(error) = claim(app, &stranger, subjects.to_vec()).await {
        refused(app, &tried).await;
        return Err(error);
    }
    let account = store::named(&app.read(&stranger), &login).await?;
    let stored = account.as_ref().map(|account| account.password_hash.clone());
    let fits = password::verify(password.to_owned(), stored).await?;
    let today = app.clock().day(app.clock().now());
    match account {
        Some(account) if fits && account.usable_on(today) => open(app, &stranger, account, subjects).await,
        account => {
            let known = account.map_or(tried, |account| named(&stranger, &account));
            refused(app, &known).await;
            let sentence = "登录名或密码不正确，或者账号已停用。";
            Err(Refusal::new(Reason::SignIn, sentence).into())
        }
    }
}

async fn claim(app: &App, actor: &Arc<Actor>, subjects: Vec<Subject>) -> Result<()> {
    app.write(actor, |cx| Box::pin(async move { attempts::claim(cx, &subjects).await })).await
}

async fn refused(app: &App, actor: &Actor) {
    let now = app.clock().now();
    app.record_later(Draft::new(actor, now, "sign_in", NOUN, actor.account, Outcome::Refused)).await;
}

/// The stranger, now known.
fn named(stranger: &Actor, account: &Account) -> Actor {
    Actor { account: Some(account.id.0), name: account.name.clone(), ..stranger.clone() }
}

async fn open(app: &App, stranger: &Actor, account: Account, subjects: [Subject; 2]) -> Result<Step> {
    let actor = Arc::new(named(stranger, &account));
    app.write(&actor, |cx| {
        Box::pin(async move {
            let [name, address] = &subjects;
            attempts::succeed(cx, name, Some(address)).await?;
            if factor::is_in_force(cx, account.id.0).await? {
                return factor::wait_for_code(cx, account.id.0, false).await.map(Step::Code);
            }
            if factor::is_required(cx, &posts::roles_of(cx, account.id).await?).await? {
                return factor::wait_for_code(cx, account.id.0, true).await.map(Step::Enrol);
            }
            enter(cx, account.id.0).await.map(Step::Done)
        })
    })
    .await
}

/// Opens a session under a new token.
pub(super) async fn enter(cx: &mut WriteCx, account: Uuid) -> Result<SignedIn> {
    let token = seal::secret()?;
    insert(cx, &seal::digest(token.as_bytes()), account).await?;
    cx.record("sign_in", NOUN, Some(account), Outcome::Done);
    let mut sql = Sql::new("select count(*) from account where password_initial = ");
    sql.bind(true).push(" and id = ").bind(account);
    Ok(SignedIn { token, initial_password: cx.number(sql).await? > 0 })
}

async fn insert(cx: &mut WriteCx, hash: &str, account: Uuid) -> Result<()> {
    let longest = limits(cx).await?.absolute;
    let mut old = Sql::new("delete from session where started_at < ");
    old.bind(cx.now - longest);
    cx.execute(old).await?;
    let mut sql =
        Sql::new("insert into session (token_hash, account_id, started_at, seen_at, origin) values (");
    sql.bind(hash).push(", ").bind(account).push(", ").bind(cx.now).push(", ").bind(cx.now);
    sql.push(", ").bind(cx.actor.origin.as_str()).push(")");
    cx.execute(sql).await?;
    Ok(())
}

/// How long a session lasts.
#[derive(Clone, Copy, Debug)]
struct Limits {
    idle: Duration,
    absolute: Duration,
}

async fn limits(cx: &Cx) -> Result<Limits> {
    let today = cx.today();
    let mut sql = Sql::new(
        "select code, amount from policy where code in ('session_idle', 'session_absolute') and valid_from <= ",
    );
    sql.bind(today).push(" and (valid_to is null or valid_to >= ").bind(today).push(")");
    let (mut idle, mut absolute) = (None, None);
    for row in cx.rows(sql).await? {
        let amount: i64 = row.try_get_by_index(1)?;
        match row.try_get_by_index::<String>(0)?.as_str() {
            "session_idle" => idle = Duration::try_minutes(amount),
            _ => absolute = Duration::try_hours(amount),
        }
    }
    match (idle, absolute) {
        (Some(idle), Some(absolute)) => Ok(Limits { idle, absolute }),
        _ => Err(Error::Fault(String::from("no policy for the time limits of sessions"))),
    }
}

/// A post, with the minutes at which it begins and ends where an authorisation says them.
struct Appointed {
    post: Post,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
}

impl Appointed {
    /// Whether the post holds now: asked with every request, also of a session that is remembered.
    fn holds(&self, today: NaiveDate, moment: DateTime<Utc>) -> bool {
        self.post.holds_on(today)
            && self.from.is_none_or(|from| from <= moment)
            && self.to.is_none_or(|to| moment < to)
    }
}

/// What is remembered of a session as long as nothing is written.
struct Held {
    account: Uuid,
    name: String,
    valid_to: Option<NaiveDate>,
    started_at: DateTime<Utc>,
    /// Last activity, as milliseconds since 1970; moves on without a write being seen.
    seen_at: AtomicI64,
    origin: String,
    posts: Vec<Appointed>,
    bars: Arc<Bars>,
    limits: Limits,
}

/// Finds who `token` belongs to; nobody when the session is unknown, ended, or over its limits, or
/// when the account is out of use. The caller puts in origin and number of the request.
pub fn identify<'a>(app: &'a App, token: &'a str) -> Work<'a, Option<Actor>> {
    Box::pin(async move {
        if token.len() != 64 {
            return Ok(None);
        }
        let hash = seal::digest(token.as_bytes());
        let program = Arc::new(Actor::program("identify"));
        let cx = app.read(&program);
        let held = match app.remember(format!("session/{hash}"), load(&cx, &hash)).await {
            Ok(held) => held,
            // An unknown token is not remembered: nobody can fill the memory with guesses.
            Err(Error::Refusal(_)) => return Ok(None),
            Err(fault) => return Err(fault),
        };
        if !alive(&cx, &hash, &held).await? {
            return Ok(None);
        }
        touch(app, &program, &hash, &held, cx.now).await;
        Ok(Some(actor(&held, &cx)))
    })
}

/// The person of `account` with the posts that hold today, for work done later in their name;
/// nobody when the account is out of use.
pub fn person(app: &App, account: Uuid) -> Work<'_, Option<Actor>> {
    Box::pin(async move {
        let program = Arc::new(Actor::program("identify"));
        let cx = app.read(&program);
        let mut sql = Sql::new(
            "select a.name, a.valid_to, p.role, p.organisation_id, p.inspection_id, p.from_on, p.to_on, \
             p.from_at, p.to_at from account a left join post p on p.account_id = a.id and p.state = 'approved' \
             where a.state = 'active' and a.id = ",
        );
        sql.bind(account).push(" order by p.id");
        let rows = cx.rows(sql).await?;
        let Some(first) = rows.first() else { return Ok(None) };
        if first.try_get_by_index::<Option<NaiveDate>>(1)?.is_some_and(|to| cx.today() > to) {
            return Ok(None);
        }
        let posts = posts(&cx, &rows, 2).await?;
        let bars = bars(&cx, account).await?;
        let posts = holding(&posts, &bars, &cx);
        Ok(Some(Actor {
            account: Some(account),
            posts,
            program: false,
            bars,
            ..Actor::program(&first.try_get_by_index::<String>(0)?)
        }))
    })
}

/// The post in the columns of `row` from `at` on, when there is one.
fn appointed(row: &db::QueryResult, at: usize) -> Result<Option<Appointed>> {
    let Some(role) = row.try_get_by_index::<Option<Role>>(at)? else { return Ok(None) };
    let post = Post {
        organisation: row.try_get_by_index(at + 1)?,
        inspection: row.try_get_by_index(at + 2)?,
        from: row.try_get_by_index(at + 3)?,
        to: row.try_get_by_index(at + 4)?,
        ..Post::of(role)
    };
    Ok(Some(Appointed { post, from: row.try_get_by_index(at + 5)?, to: row.try_get_by_index(at + 6)? }))
}

/// The posts in the columns of `rows` from `at` on; those of a district's office know their district, those of a
/// department the problems it helps with.
async fn posts(cx: &Cx, rows: &[db::QueryResult], at: usize) -> Result<Vec<Appointed>> {
    let mut posts = Vec::with_capacity(rows.len());
    for row in rows {
        posts.extend(appointed(row, at)?);
    }
    for Appointed { post, .. } in &mut posts {
        match (post.role, post.organisation) {
            (Role::DistrictOffice, Some(organisation)) => {
                post.district = Some(district(cx, organisation).await?);
            }
            (Role::FunctionalDepartment, Some(organisation)) => {
                post.problems = helped_with(cx, organisation).await?;
            }
            _ => {}
        }
    }
    Ok(posts)
}

/// The problems with whose rectification the department helps now.
async fn helped_with(cx: &Cx, department: Uuid) -> Result<Vec<Uuid>> {
    let mut sql = Sql::new("select distinct problem_id from cooperation where department_id = ");
    sql.bind(department).push(" and state <> 'ended' order by problem_id");
    let rows = cx.rows(sql).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// The district that `organisation` is or lies in, with the inspections held by it or in it.
async fn district(cx: &Cx, organisation: Uuid) -> Result<District> {
    let mut sql = Sql::new(
        "select coalesce(o.district_id, o.id), i.id from organisation o left join inspection i \
         on i.district_id = coalesce(o.district_id, o.id) where o.id = ",
    );
    sql.bind(organisation).push(" order by i.id");
    let rows = cx.rows(sql).await?;
    let mut district = District { organisation, inspections: Vec::new() };
    for row in &rows {
        district.organisation = row.try_get_by_index(0)?;
        district.inspections.extend(row.try_get_by_index::<Option<Uuid>>(1)?);
    }
    Ok(district)
}

async fn load(cx: &Cx, hash: &str) -> Result<Held> {
    let mut sql = Sql::new(
        "select a.id, a.name, a.valid_to, s.started_at, s.seen_at, s.origin, p.role, p.organisation_id, \
         p.inspection_id, p.from_on, p.to_on, p.from_at, p.to_at from session s \
         join account a on a.id = s.account_id and a.state = 'active' \
         left join post p on p.account_id = a.id and p.state = 'approved' where s.token_hash = ",
    );
    sql.bind(hash).push(" order by p.id");
    let rows = cx.rows(sql).await?;
    let first = rows.first().ok_or_else(Refusal::not_found)?;
    let posts = posts(cx, &rows, 6).await?;
    let account = first.try_get_by_index(0)?;
    Ok(Held {
        account,
        bars: bars(cx, account).await?,
        name: first.try_get_by_index(1)?,
        valid_to: first.try_get_by_index(2)?,
        started_at: first.try_get_by_index(3)?,
        seen_at: AtomicI64::new(first.try_get_by_index::<DateTime<Utc>>(4)?.timestamp_millis()),
        origin: first.try_get_by_index(5)?,
        posts,
        limits: limits(cx).await?,
    })
}

/// What the account must not have to do with.
async fn bars(cx: &Cx, account: Uuid) -> Result<Arc<Bars>> {
    match cx.app().registry().bars {
        Some(bars) => Ok(Arc::new(bars(cx, account).await?)),
        None => Ok(Arc::default()),
    }
}

async fn alive(cx: &Cx, hash: &str, held: &Held) -> Result<bool> {
    let too_old = cx.now - held.started_at > held.limits.absolute;
    if too_old || held.valid_to.is_some_and(|to| cx.today() > to) {
        return Ok(false);
    }
    let idle = |seen: i64| cx.now.timestamp_millis() - seen > held.limits.idle.num_milliseconds();
    if !idle(held.seen_at.load(Ordering::Acquire)) {
        return Ok(true);
    }
    // Another process may have seen the person meanwhile.
    let mut sql = Sql::new("select seen_at from session where token_hash = ");
    sql.bind(hash);
    let rows = cx.rows(sql).await?;
    let Some(row) = rows.first() else { return Ok(false) };
    let seen = row.try_get_by_index::<DateTime<Utc>>(0)?.timestamp_millis();
    held.seen_at.fetch_max(seen, Ordering::AcqRel);
    Ok(!idle(seen))
}

/// Writes down that the person was here, at most once a minute. That it cannot be written now only
/// shortens the session, so it is not a reason to turn the person away.
async fn touch(app: &App, program: &Arc<Actor>, hash: &str, held: &Held, now: DateTime<Utc>) {
    let (seen, here) = (held.seen_at.load(Ordering::Acquire), now.timestamp_millis());
    if here - seen < TOUCH_SECONDS * 1000
        || held.seen_at.compare_exchange(seen, here, Ordering::AcqRel, Ordering::Acquire).is_err()
    {
        return;
    }
    let hash = hash.to_owned();
    let written = app
        .write(program, |cx| {
            Box::pin(async move {
                let mut sql = Sql::new("update session set seen_at = ");
                sql.bind(now).push(" where token_hash = ").bind(hash).push(" and seen_at < ").bind(now);
                cx.execute(sql).await
            })
        })
        .await;
    if let Err(error) = written {
        tracing::warn!(%error, "the last activity of a session could not be written");
    }
}

/// Whether a post is for no inspection that its holder must not have to do with.
fn unbarred(bars: &Bars, post: &Post) -> bool {
    post.inspection.is_none_or(|inspection| !bars.inspections.contains(&inspection))
}

/// The posts that hold now and are barred by nothing.
fn holding(posts: &[Appointed], bars: &Bars, cx: &Cx) -> Vec<Post> {
    let (today, moment) = (cx.today(), cx.moment());
    let open = |held: &&Appointed| held.holds(today, moment) && unbarred(bars, &held.post);
    posts.iter().filter(open).map(|held| held.post.clone()).collect()
}

fn actor(held: &Held, cx: &Cx) -> Actor {
    Actor {
        account: Some(held.account),
        name: held.name.clone(),
        posts: holding(&held.posts, &held.bars, cx),
        bars: Arc::clone(&held.bars),
        program: false,
        origin: held.origin.clone(),
        request: String::new(),
    }
}

/// Ends the session of `token`.
pub async fn sign_out(app: &App, actor: &Arc<Actor>, token: &str) -> Result<()> {
    let hash = seal::digest(token.as_bytes());
    app.write(actor, |cx| {
        Box::pin(async move {
            let mut sql = Sql::new("delete from session where token_hash = ");
            sql.bind(hash);
            cx.execute(sql).await?;
            cx.record("sign_out", NOUN, cx.actor.account, Outcome::Done);
            Ok(())
        })
    })
    .await
}

/// One of a person's own sessions.
#[derive(Clone, Debug)]
pub struct OwnSession {
    /// By which it can be ended.
    pub key: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// Last activity, to the minute.
    pub seen_at: DateTime<Utc>,
    /// Network address it began from.
    pub origin: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// The sessions of the person who acts, the newest first; `token` is the one that asks.
pub async fn own_sessions(cx: &Cx, token: &str) -> Result<Vec<OwnSession>> {
    let hash = seal::digest(token.as_bytes());
    let limits = limits(cx).await?;
    let mut sql = Sql::new("select token_hash, started_at, seen_at, origin from session where account_id = ");
    sql.bind(cx.actor.account).push(" and started_at >= ").bind(cx.now - limits.absolute);
    sql.push(" and seen_at >= ").bind(cx.now - limits.idle).push(" order by started_at desc limit 100");
    let mut sessions = Vec::new();
    for row in cx.rows(sql).await? {
        let key: String = row.try_get_by_index(0)?;
        sessions.push(OwnSession {
            current: key == hash,
            key,
            started_at: row.try_get_by_index(1)?,
            seen_at: row.try_get_by_index(2)?,
            origin: row.try_get_by_index(3)?,
        });
    }
    Ok(sessions)
}

/// Ends one of the person's own sessions.
///
/// # Errors
/// A refusal when it is not one of them.
pub async fn end_own(app: &App, actor: &Arc<Actor>, key: &str) -> Result<()> {
    let key = key.to_owned();
    app.write(actor, |cx| {
        Box::pin(async move {
            let mut sql = Sql::new("delete from session where token_hash = ");
            sql.bind(key).push(" and account_id = ").bind(cx.actor.account);
            if cx.execute(sql).await? == 0 {
                return Err(Refusal::not_found().into());
            }
            cx.record("end_session", NOUN, cx.actor.account, Outcome::Done);
            Ok(())
        })
    })
    .await
}

/// Ends every session of `account`, except the one with the digest `except`.
pub(crate) async fn end_all(cx: &mut WriteCx, account: Uuid, except: Option<&str>) -> Result<()> {
    let mut sql = Sql::new("delete from session where account_id = ");
    sql.bind(account).push(" and token_hash <> ").bind(except.unwrap_or_default());
    cx.execute(sql).await?;
    Ok(())
}

/// Changes the person's own password; `token` is the session that asks, all others end.
///
/// # Errors
/// Refusals when the old password does not fit (counted like a failed sign-in) and when the new one
/// cannot be accepted.
pub async fn change_password(app: &App, actor: &Arc<Actor>, token: &str, old: &str, new: &str) -> Result<()> {
    let account = store::of_actor(&app.read(actor)).await?;
    let subject = Subject::account(app, &account.login);
    password::check(new, &account.login, &account.name)?;
    if old == new {
        return Err(Refusal::field("password", "新密码不能与原密码相同").into());
    }
    claim(app, actor, vec![subject.clone()]).await?;
    if !password::verify(old.to_owned(), Some(account.password_hash.clone())).await? {
        let now = app.clock().now();
        let draft = Draft::new(actor, now, "change_password", NOUN, actor.account, Outcome::Refused);
        app.record_later(draft).await;
        return Err(Refusal::field("old_password", "原密码不正确").into());
    }
    let hash = password::hash(new.to_owned()).await?;
    let current = seal::digest(token.as_bytes());
    app.write(actor, |cx| {
        Box::pin(async move {
            attempts::succeed(cx, &subject, None).await?;
            let id = account.id.0;
            let after = Account {
                password_hash: hash,
                password_changed_at: cx.now,
                password_initial: false,
                ..account.clone()
            };
            cx.update(&account, after).await?;
            end_all(cx, id, Some(&current)).await?;
            cx.record("change_password", NOUN, Some(id), Outcome::Done);
            Ok(())
        })
    })
    .await
}
