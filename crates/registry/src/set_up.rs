//! The first run: whoever can read the program's output may make the first two administrators, once.

use chrono::Duration;
use db::Sql;
use kit::{Actor, App, Cx, Refusal, Result, Role, WriteCx, seal};
use std::sync::Arc;

use crate::{
    accounts::{self, AccountId, checked_login, password},
    posts::{PostId, PostRecord, State},
};

/// How long the secret can be used, in minutes.
const VALID_MINUTES: i64 = 30;

/// One of the first two administrators.
#[derive(Clone)]
pub struct FirstAccount {
    /// Login name.
    pub login: String,
    /// Name.
    pub name: String,
    /// Password.
    pub password: String,
}

fn program() -> Arc<Actor> {
    Arc::new(Actor::program("首次设置"))
}

/// A new one-time secret when there is no account yet; the one before it no longer works.
pub async fn begin(app: &App) -> Result<Option<String>> {
    let program = program();
    if accounts::any(&app.read(&program)).await? {
        return Ok(None);
    }
    let secret = seal::secret()?;
    let hash = seal::digest(secret.as_bytes());
    app.write(&program, |cx| {
        Box::pin(async move {
            let expires = cx.now + Duration::minutes(VALID_MINUTES);
            let mut sql = Sql::new("insert into set_up (id, secret_hash, expires_at) values (1, ");
            sql.bind(hash).push(", ").bind(expires);
            sql.push(
                ") on conflict (id) do update set secret_hash = excluded.secret_hash, \
                 expires_at = excluded.expires_at where set_up.used_at is null",
            );
            cx.execute(sql).await?;
            Ok(())
        })
    })
    .await?;
    Ok(Some(secret))
}

/// Makes the first system administrator and the first security administrator, two different people.
///
/// # Errors
/// One refusal for a wrong, used or expired secret; refusals on fields otherwise, after which the
/// secret can be used again.
pub async fn complete(app: &App, secret: &str, system: FirstAccount, security: FirstAccount) -> Result<()> {
    let program = program();
    let hash = seal::digest(secret.as_bytes());
    // Before the costly work, so that nobody without the secret can have it done.
    if !is_open(&app.read(&program), &hash).await? {
        return Err(closed().into());
    }
    let system = prepare(system, "system").await?;
    let security = prepare(security, "security").await?;
    if system.login == security.login {
        return Err(Refusal::field("security_login", "两名管理员必须是不同的人，登录名不能相同").into());
    }
    app.write(&program, |cx| {
        Box::pin(async move {
            use_up(cx, &hash).await?;
            administrator(cx, system, Role::SystemAdministrator).await?;
            administrator(cx, security, Role::SecurityAdministrator).await
        })
    })
    .await
}

fn closed() -> Refusal {
    Refusal::invalid("设置口令不正确、已使用或已过期。请重新启动程序，用新显示的口令在半小时内完成设置。")
}

async fn is_open(cx: &Cx, hash: &str) -> Result<bool> {
    let mut sql = Sql::new("select count(*) from set_up where id = 1 and used_at is null and secret_hash = ");
    sql.bind(hash).push(" and expires_at > ").bind(cx.now);
    Ok(cx.number(sql).await? == 1)
}

async fn use_up(cx: &mut WriteCx, hash: &str) -> Result<()> {
    let mut sql = Sql::new("update set_up set used_at = ");
    sql.bind(cx.now).push(" where id = 1 and used_at is null and secret_hash = ").bind(hash);
    sql.push(" and expires_at > ").bind(cx.now);
    if cx.execute(sql).await? == 1 && !accounts::any(cx).await? { Ok(()) } else { Err(closed().into()) }
}

struct Prepared {
    login: String,
    name: String,
    hash: String,
}

/// Checks one of the two; the fields of the page are named `system_login`, `security_password`, ….
async fn prepare(account: FirstAccount, prefix: &str) -> Result<Prepared> {
    let named = |error: kit::Error| match error {
        kit::Error::Refusal(mut refusal) => {
            for (field, _) in &mut refusal.fields {
                *field = format!("{prefix}_{field}");
            }
            kit::Error::Refusal(refusal)
        }
        fault @ kit::Error::Fault(_) => fault,
    };
    let name = account.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 40 {
        return Err(named(Refusal::field("name", "请填写姓名，最多 40 个字").into()));
    }
    let login = checked_login(&account.login).map_err(named)?;
    password::check(&account.password, &login, &name).map_err(named)?;
    Ok(Prepared { login, name, hash: password::hash(account.password).await? })
}

async fn administrator(cx: &mut WriteCx, account: Prepared, role: Role) -> Result<()> {
    let id = accounts::actions::insert(cx, account.login, account.name, account.hash, None).await?;
    own_password(cx, id).await?;
    cx.insert(PostRecord {
        id: PostId(cx.new_id()),
        version: 1,
        account_id: id,
        role,
        organisation_id: None,
        inspection_id: None,
        from_on: cx.today(),
        to_on: None,
        state: State::Approved,
        basis: String::from("首次设置"),
        proposed_by: None,
        decided_by: None,
        decision: String::new(),
    })
    .await
}

/// The two have chosen their passwords themselves.
async fn own_password(cx: &mut WriteCx, id: AccountId) -> Result<()> {
    let mut sql = Sql::new("update account set password_initial = ");
    sql.bind(false).push(" where id = ").bind(id);
    cx.execute(sql).await?;
    Ok(())
}
