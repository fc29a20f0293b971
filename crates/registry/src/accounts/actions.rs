//! What administrators do to accounts.

use chrono::NaiveDate;
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx};

use super::{Account, AccountId, Deed, NOUN, State, checked_login, factor, password, sessions, store};
use crate::posts;

/// A new account.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Login name.
    pub login: String,
    /// Name.
    pub name: String,
    /// The password the person first signs in with.
    pub password: String,
    /// Last day the account can be used.
    pub valid_to: Option<NaiveDate>,
}

/// Makes an account; it can do nothing until a post is approved for it.
pub async fn create(cx: &mut WriteCx, new: NewAccount) -> Result<AccountId> {
    if !cx.actor.is(Role::SystemAdministrator) {
        return Err(Refusal::forbidden("建立账号").into());
    }
    let login = checked_login(&new.login)?;
    password::check(&new.password, &login, &new.name)?;
    if store::named(cx, &login).await?.is_some() {
        return Err(Refusal::field("login", "这个登录名已被使用").into());
    }
    let hash = password::hash(new.password).await?;
    insert(cx, login, new.name, hash, new.valid_to).await
}

/// Stores an account whose login name and password have been checked.
pub(crate) async fn insert(
    cx: &mut WriteCx,
    login: String,
    name: String,
    password_hash: String,
    valid_to: Option<NaiveDate>,
) -> Result<AccountId> {
    let id = AccountId(cx.new_id());
    cx.index(NOUN, id, format!("{login} {name}"));
    cx.done(Done::new(NOUN, id, "create", "建立账号"));
    cx.insert(Account {
        id,
        version: 1,
        login,
        name,
        password_hash,
        state: State::Active,
        person_id: None,
        valid_to,
        password_changed_at: cx.now,
        password_initial: true,
    })
    .await?;
    Ok(id)
}

/// Changes name and last day.
pub async fn edit(cx: &mut WriteCx, id: AccountId, name: String, valid_to: Option<NaiveDate>) -> Result<()> {
    let before = store::find(cx, id).await?;
    before.decide(&cx.actor, Deed::Edit)?;
    if valid_to.is_some_and(|to| to < cx.today()) {
        keep_an_administrator(cx, id).await?;
    }
    let after = Account { name, valid_to, ..before.clone() };
    cx.index(NOUN, id, format!("{} {}", after.login, after.name));
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "edit", "修改账号").changes(changes));
    Ok(())
}

/// Gives a new initial password and ends all sessions of the account.
///
/// # Errors
/// An administrator's password is reset only by somebody of the same role, an auditor's by the
/// security administrator: otherwise one administrator could act as the other.
pub async fn reset_password(cx: &mut WriteCx, id: AccountId, new: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    before.decide(&cx.actor, Deed::ResetPassword)?;
    let needed = resetter(&posts::roles_of(cx, id).await?);
    if !cx.actor.is(needed) {
        return Err(Refusal::forbidden("重置该账号的密码").into());
    }
    set_password(cx, before, new).await
}

/// The role whose holder may reset the password of somebody with these roles.
fn resetter(roles: &[Role]) -> Role {
    if roles.iter().any(|role| matches!(role, Role::SecurityAdministrator | Role::SecurityAuditor)) {
        Role::SecurityAdministrator
    } else {
        Role::SystemAdministrator
    }
}

/// Gives an account a new password from the machine's command line, when nobody is left who could.
///
/// # Errors
/// Refusals for anybody but the program, and for an unknown login name.
pub async fn recover(cx: &mut WriteCx, login: &str, new: String) -> Result<()> {
    if !cx.actor.program {
        return Err(Refusal::forbidden("恢复账号").into());
    }
    let before = store::named(cx, login).await?.ok_or_else(Refusal::not_found)?;
    set_password(cx, before, new).await
}

async fn set_password(cx: &mut WriteCx, before: Account, new: String) -> Result<()> {
    password::check(&new, &before.login, &before.name)?;
    let after = Account {
        password_hash: password::hash(new).await?,
        password_changed_at: cx.now,
        password_initial: true,
        ..before.clone()
    };
    // The changed fields are not put into the history: one of them is the digest.
    cx.update(&before, after).await?;
    sessions::end_all(cx, before.id.0, None).await?;
    cx.done(Done::new(NOUN, before.id, "reset_password", "重置密码"));
    Ok(())
}

/// Asks that the second factor of an account be taken away; the security administrators hear of it.
pub async fn ask_factor_reset(cx: &mut WriteCx, id: AccountId, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::AskFactorReset)?;
    factor::ask_reset(cx, id.0, &reason).await?;
    let audience = Audience::Post { role: Role::SecurityAdministrator, organisation: None, inspection: None };
    cx.notify(audience, format!("申请重置第二因素：{}", before.name), NOUN, id);
    cx.done(Done::deed::<Account>(NOUN, id, Deed::AskFactorReset, before.state, state).note(reason));
    Ok(())
}

/// Takes the second factor of an account away, on another person's request; its sessions end.
pub async fn reset_factor(cx: &mut WriteCx, id: AccountId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::ResetFactor)?;
    factor::reset(cx, id.0).await?;
    cx.done(Done::deed::<Account>(NOUN, id, Deed::ResetFactor, before.state, state));
    Ok(())
}

/// Takes an account out of use and ends its sessions at once.
pub async fn disable(cx: &mut WriteCx, id: AccountId, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Disable)?;
    keep_an_administrator(cx, id).await?;
    sessions::end_all(cx, id.0, None).await?;
    turn(cx, Deed::Disable, before, state, reason).await
}

/// Puts an account into use again.
pub async fn enable(cx: &mut WriteCx, id: AccountId, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Enable)?;
    turn(cx, Deed::Enable, before, state, reason).await
}

async fn turn(cx: &mut WriteCx, deed: Deed, before: Account, state: State, reason: String) -> Result<()> {
    let done = Done::deed::<Account>(NOUN, before.id, deed, before.state, state).note(reason);
    cx.update(&before, Account { state, ..before.clone() }).await?;
    cx.done(done);
    Ok(())
}

/// Refuses to leave the installation without a system or a security administrator.
pub(crate) async fn keep_an_administrator(cx: &WriteCx, id: AccountId) -> Result<()> {
    let roles = posts::roles_of(cx, id).await?;
    for role in [Role::SystemAdministrator, Role::SecurityAdministrator] {
        if roles.contains(&role) && store::holders(cx, role, id).await? == 0 {
            use kit::Labelled as _;
            let sentence = format!("这是最后一个{}，请先任命接替的人。", role.label());
            return Err(Refusal::conflict(sentence).into());
        }
    }
    Ok(())
}
