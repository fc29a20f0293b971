//! The second factor (第二因素): an authenticator's secret, sealed; recovery codes, by digest; and the short
//! time between password and code.
//!
//! Every code counts once: the step of time it belongs to is stored and no step at or before it is taken
//! again. Attempts are counted like those at passwords.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use db::Sql;
use kit::{
    Actor, App, Cx, Refusal, Result, Role, WriteCx,
    audit::{Draft, Outcome},
    error::Reason,
    seal::{self, otp},
};
use uuid::Uuid;

use super::{
    NOUN,
    attempts::{self, Subject},
    sessions::{self, SignedIn},
    store,
};

/// How many recovery codes are given out.
const CODES: usize = 10;
/// How long the step between password and code may take, in minutes.
const STEP_MINUTES: i64 = 10;

/// Which policy says whether holders of `role` must have a second factor.
fn policy_of(role: Role) -> &'static str {
    match role {
        role if role.is_administrator() => "factor_administrators",
        Role::OfficeDirector => "factor_director",
        Role::OfficeLiaison | Role::LeadingGroup | Role::CommitteeLeader => "factor_office",
        _ => "factor_others",
    }
}

/// The policies there are, for the seed and the doctor.
pub const POLICIES: [&str; 4] =
    ["factor_administrators", "factor_director", "factor_office", "factor_others"];

/// What of an account's second factor is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Factor {
    secret_sealed: String,
    last_step: i64,
    /// When it was put into force.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Who asked to have it taken away.
    pub reset_asked_by: Option<Uuid>,
    /// Why.
    pub reset_reason: String,
}

fn context(account: Uuid) -> String {
    format!("second-factor/{account}")
}

/// The account's second factor, whether in force or being set up.
pub async fn of(cx: &Cx, account: Uuid) -> Result<Option<Factor>> {
    let mut sql = Sql::new(
        "select secret_sealed, last_step, confirmed_at, reset_asked_by, reset_reason from second_factor where account_id = ",
    );
    sql.bind(account);
    let rows = cx.rows(sql).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(Factor {
        secret_sealed: row.try_get_by_index(0)?,
        last_step: row.try_get_by_index(1)?,
        confirmed_at: row.try_get_by_index(2)?,
        reset_asked_by: row.try_get_by_index(3)?,
        reset_reason: row.try_get_by_index(4)?,
    }))
}

/// Whether the account has one that is in force.
pub async fn is_in_force(cx: &Cx, account: Uuid) -> Result<bool> {
    Ok(of(cx, account).await?.is_some_and(|factor| factor.confirmed_at.is_some()))
}

/// Whether the policies ask a second factor of somebody with these roles.
pub async fn is_required(cx: &Cx, roles: &[Role]) -> Result<bool> {
    for role in roles {
        if kit::policy::amount(cx, policy_of(*role)).await? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a person sees while setting a second factor up.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// The secret in base 32, to be typed where no picture can be taken.
    pub secret: String,
    /// The address in the picture.
    pub address: String,
}

/// Begins to set a second factor up, or goes on with what was begun; nothing is in force yet.
pub async fn enrol(cx: &mut WriteCx, account: Uuid, login: &str) -> Result<Enrolment> {
    let held = of(cx, account).await?;
    if held.as_ref().is_some_and(|factor| factor.confirmed_at.is_some()) {
        return Err(
            Refusal::conflict("第二因素已经启用；更换设备请先停用，或联系系统管理员申请重置。").into()
        );
    }
    let secret = match held {
        Some(factor) => cx.app().seal().open(&context(account), &factor.secret_sealed)?,
        None => begin(cx, account).await?,
    };
    let office = cx.app().office().to_owned();
    Ok(Enrolment { address: otp::address(&secret, &office, login), secret })
}

async fn begin(cx: &mut WriteCx, account: Uuid) -> Result<String> {
    let secret = otp::new_secret()?;
    let sealed = cx.app().seal().seal(&context(account), &secret)?;
    let mut sql = Sql::new(
        "insert into second_factor (account_id, secret_sealed, made_at, last_step, reset_reason) values (",
    );
    sql.bind(account).push(", ").bind(sealed).push(", ").bind(cx.now).push(", 0, '')");
    cx.execute(sql).await?;
    Ok(secret)
}

/// Puts the second factor into force after its first code; answers the recovery codes, which are shown
/// this once.
async fn confirm(cx: &mut WriteCx, account: Uuid, code: &str) -> Result<Vec<String>> {
    if is_in_force(cx, account).await? {
        return Err(Refusal::conflict("第二因素已经启用。").into());
    }
    take_code(cx, account, code).await?;
    let mut sql = Sql::new("update second_factor set confirmed_at = ");
    sql.bind(cx.now).push(" where account_id = ").bind(account);
    cx.execute(sql).await?;
    let codes = new_codes(cx, account).await?;
    cx.record("enrol_factor", NOUN, Some(account), Outcome::Done);
    Ok(codes)
}

async fn new_codes(cx: &mut WriteCx, account: Uuid) -> Result<Vec<String>> {
    let mut old = Sql::new("delete from recovery_code where account_id = ");
    old.bind(account);
    cx.execute(old).await?;
    let mut codes = Vec::with_capacity(CODES);
    for _ in 0..CODES {
        let random = seal::secret()?;
        let code =
            format!("{}-{}", random.get(..8).unwrap_or_default(), random.get(8..16).unwrap_or_default());
        let mut sql = Sql::new("insert into recovery_code (account_id, code_digest) values (");
        sql.bind(account).push(", ").bind(code_digest(cx, account, &code)).push(")");
        cx.execute(sql).await?;
        codes.push(code);
    }
    Ok(codes)
}

fn code_digest(cx: &Cx, account: Uuid, code: &str) -> String {
    let plain: String = code.chars().filter(char::is_ascii_hexdigit).flat_map(char::to_lowercase).collect();
    cx.app().seal().token("recovery code", &format!("{account}/{plain}"))
}

fn wrong() -> Refusal {
    Refusal::field("code", "验证码不正确或已用过，请输入验证器上最新的六位数字，或一个未用过的恢复码。")
}

/// Takes an authenticator's code, once.
async fn take_code(cx: &mut WriteCx, account: Uuid, code: &str) -> Result<()> {
    let factor = of(cx, account).await?.ok_or_else(wrong)?;
    let secret = cx.app().seal().open(&context(account), &factor.secret_sealed)?;
    let step = otp::matching_step(&secret, code, cx.now)?.ok_or_else(wrong)?;
    // Guarded by the stored step: of two who bring the same code at the same time one is refused.
    let mut sql = Sql::new("update second_factor set last_step = ");
    sql.bind(step).push(" where account_id = ").bind(account).push(" and last_step < ").bind(step);
    if cx.execute(sql).await? == 1 { Ok(()) } else { Err(wrong().into()) }
}

/// Takes a code of either kind.
async fn take_any(cx: &mut WriteCx, account: Uuid, code: &str) -> Result<()> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() <= 6 {
        return take_code(cx, account, &code).await;
    }
    let digest = code_digest(cx, account, &code);
    let mut sql = Sql::new("update recovery_code set used_at = ");
    sql.bind(cx.now).push(" where account_id = ").bind(account).push(" and code_digest = ").bind(digest);
    sql.push(" and used_at is null");
    if cx.execute(sql).await? == 0 {
        return Err(wrong().into());
    }
    cx.record("use_recovery_code", NOUN, Some(account), Outcome::Done);
    Ok(())
}

/// How many recovery codes of the account are unused.
pub async fn codes_left(cx: &Cx, account: Uuid) -> Result<i64> {
    let mut sql = Sql::new("select count(*) from recovery_code where used_at is null and account_id = ");
    sql.bind(account);
    cx.number(sql).await
}

/// What comes after the password.
pub enum Step {
    /// Nothing: signed in.
    Done(SignedIn),
    /// A code of the second factor; the token ties it to this browser.
    Code(String),
    /// A second factor has to be set up first.
    Enrol(String),
}

impl Step {
    /// The session, when the password was enough.
    pub fn done(self) -> Option<SignedIn> {
        match self {
            Self::Done(signed_in) => Some(signed_in),
            Self::Code(_) | Self::Enrol(_) => None,
        }
    }
}

/// Opens the short time between password and code.
pub(super) async fn wait_for_code(cx: &mut WriteCx, account: Uuid, enrols: bool) -> Result<String> {
    let token = seal::secret()?;
    let mut old = Sql::new("delete from sign_in_step where until_at < ");
    old.bind(cx.now).push(" or account_id = ").bind(account);
    cx.execute(old).await?;
    let mut sql =
        Sql::new("insert into sign_in_step (token_hash, account_id, enrols, at, until_at, origin) values (");
    sql.bind(seal::digest(token.as_bytes())).push(", ").bind(account).push(", ").bind(enrols);
    sql.push(", ").bind(cx.now).push(", ").bind(cx.now + Duration::minutes(STEP_MINUTES));
    sql.push(", ").bind(cx.actor.origin.as_str()).push(")");
    cx.execute(sql).await?;
    Ok(token)
}

/// Somebody between password and code.
pub struct Pending {
    /// The account.
    pub account: Uuid,
    /// Its login name.
    pub login: String,
    /// Whether a second factor has to be set up first.
    pub enrols: bool,
    actor: Arc<Actor>,
}

/// Who stands between password and code with this token.
///
/// # Errors
/// A refusal that asks to begin anew when the time is over.
pub async fn pending(app: &App, token: &str, origin: &str, request: &str) -> Result<Pending> {
    let stranger = Arc::new(sessions::unknown(origin, request));
    let cx = app.read(&stranger);
    let mut sql = Sql::new(
        "select s.account_id, s.enrols, a.login, a.name from sign_in_step s join account a on a.id = s.account_id \
         and a.state = 'active' where s.token_hash = ",
    );
    sql.bind(seal::digest(token.as_bytes())).push(" and s.until_at > ").bind(cx.now);
    let rows = cx.rows(sql).await?;
    let late = || Refusal::new(Reason::SignIn, "输入验证码的时间已过，请重新登录。");
    let row = rows.first().ok_or_else(late)?;
    let account: Uuid = row.try_get_by_index(0)?;
    let actor =
        Arc::new(Actor { account: Some(account), name: row.try_get_by_index(3)?, ..Actor::clone(&stranger) });
    Ok(Pending { account, enrols: row.try_get_by_index(1)?, login: row.try_get_by_index(2)?, actor })
}

/// Shows what the authenticator must be given, to somebody who has to set it up before going on.
pub async fn enrol_pending(app: &App, pending: &Pending) -> Result<Enrolment> {
    let (account, login) = (pending.account, pending.login.clone());
    app.write(&pending.actor, |cx| Box::pin(async move { enrol(cx, account, &login).await })).await
}

/// Ends the step with a code: a new session, and the recovery codes when the factor was set up with it.
///
/// # Errors
/// A refusal when the code is wrong or was used, or how long to wait after too many failures.
pub async fn pass(app: &App, pending: &Pending, token: &str, code: &str) -> Result<(SignedIn, Vec<String>)> {
    counted(app, &pending.actor, pending.account, "sign_in", async |subject| {
        let (account, enrols) = (pending.account, pending.enrols);
        let (code, step) = (code.to_owned(), seal::digest(token.as_bytes()));
        app.write(&pending.actor, |cx| {
            Box::pin(async move {
                let codes = if enrols {
                    confirm(cx, account, &code).await?
                } else {
                    take_any(cx, account, &code).await?;
                    Vec::new()
                };
                let mut sql = Sql::new("delete from sign_in_step where token_hash = ");
                sql.bind(step);
                if cx.execute(sql).await? == 0 {
                    return Err(Refusal::new(Reason::SignIn, "输入验证码的时间已过，请重新登录。").into());
                }
                attempts::succeed(cx, &subject, None).await?;
                Ok((sessions::enter(cx, account).await?, codes))
            })
        })
        .await
    })
    .await
}

/// Runs `work` with the attempt counted before it, and a wrong code recorded.
async fn counted<T>(
    app: &App,
    actor: &Arc<Actor>,
    account: Uuid,
    deed: &str,
    work: impl AsyncFnOnce(Subject) -> Result<T>,
) -> Result<T> {
    let subject = Subject::factor(app, account);
    let claimed = vec![subject.clone()];
    app.write(actor, |cx| Box::pin(async move { attempts::claim(cx, &claimed).await })).await?;
    let outcome = work(subject).await;
    if outcome.is_err() {
        let draft = Draft::new(actor, app.clock().now(), deed, NOUN, Some(account), Outcome::Refused);
        app.record_later(draft).await;
    }
    outcome
}

/// Begins to set up one's own second factor.
pub async fn enrol_own(app: &App, actor: &Arc<Actor>) -> Result<Enrolment> {
    let account = store::of_actor(&app.read(actor)).await?;
    app.write(actor, |cx| Box::pin(async move { enrol(cx, account.id.0, &account.login).await })).await
}

/// Puts one's own second factor into force; the recovery codes.
pub async fn confirm_own(app: &App, actor: &Arc<Actor>, code: &str) -> Result<Vec<String>> {
    own(app, actor, "enrol_factor", code, |cx, account, code| {
        Box::pin(async move { confirm(cx, account, &code).await })
    })
    .await
}

/// Gives new recovery codes in place of the old ones.
pub async fn renew_codes(app: &App, actor: &Arc<Actor>, code: &str) -> Result<Vec<String>> {
    own(app, actor, "renew_recovery_codes", code, |cx, account, code| {
        Box::pin(async move {
            take_any(cx, account, &code).await?;
            cx.record("renew_recovery_codes", NOUN, Some(account), Outcome::Done);
            new_codes(cx, account).await
        })
    })
    .await
}

/// Takes one's own second factor away.
///
/// # Errors
/// A refusal when the policies ask it of this person.
pub async fn drop_own(app: &App, actor: &Arc<Actor>, code: &str) -> Result<()> {
    let roles: Vec<Role> = actor.posts.iter().map(|post| post.role).collect();
    if is_required(&app.read(actor), &roles).await? {
        let sentence = "您的岗位必须使用第二因素登录，不能停用；更换设备请联系系统管理员申请重置。";
        return Err(Refusal::conflict(sentence).into());
    }
    own(app, actor, "drop_factor", code, |cx, account, code| {
        Box::pin(async move {
            take_any(cx, account, &code).await?;
            remove(cx, account).await?;
            cx.record("drop_factor", NOUN, Some(account), Outcome::Done);
            Ok(Vec::new())
        })
    })
    .await
    .map(|_| ())
}

type Own = for<'a> fn(&'a mut WriteCx, Uuid, String) -> kit::service::Work<'a, Vec<String>>;

async fn own(app: &App, actor: &Arc<Actor>, deed: &str, code: &str, work: Own) -> Result<Vec<String>> {
    let account = actor.account.ok_or_else(Refusal::not_found)?;
    counted(app, actor, account, deed, async |subject| {
        let code = code.to_owned();
        app.write(actor, |cx| {
            Box::pin(async move {
                attempts::succeed(cx, &subject, None).await?;
                work(cx, account, code).await
            })
        })
        .await
    })
    .await
}

async fn remove(cx: &mut WriteCx, account: Uuid) -> Result<()> {
    for table in ["recovery_code", "second_factor", "sign_in_step"] {
        let mut sql = Sql::new("delete from ");
        sql.push(table).push(" where account_id = ").bind(account);
        cx.execute(sql).await?;
    }
    Ok(())
}

/// Notes that the factor shall be taken away, by whom and why; somebody else does it.
pub(super) async fn ask_reset(cx: &mut WriteCx, account: Uuid, reason: &str) -> Result<()> {
    let mut sql = Sql::new("update second_factor set reset_asked_by = ");
    sql.bind(cx.actor.account)
        .push(", reset_asked_at = ")
        .bind(cx.now)
        .push(", reset_reason = ")
        .bind(reason);
    sql.push(" where confirmed_at is not null and account_id = ").bind(account);
    if cx.execute(sql).await? == 0 {
        return Err(Refusal::conflict("这个账号没有启用第二因素，不需要重置。").into());
    }
    Ok(())
}

/// Takes the factor away and ends the sessions of the account, when another person asked for it.
pub(super) async fn reset(cx: &mut WriteCx, account: Uuid) -> Result<()> {
    let asked = of(cx, account).await?.and_then(|factor| factor.reset_asked_by);
    let asked = asked.ok_or_else(|| Refusal::conflict("还没有人申请重置，请先由系统管理员提出申请。"))?;
    if cx.actor.account == Some(asked) {
        return Err(Refusal::conflict("申请和批准重置不能是同一个人。").into());
    }
    remove(cx, account).await?;
    sessions::end_all(cx, account, None).await
}
