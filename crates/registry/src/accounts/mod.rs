//! Accounts (账号): who may sign in. What somebody may do there is said by posts, never by the account.
//!
//! The system administrator makes accounts; nobody but the three administrators sees them, and each
//! person sees its own.

pub mod actions;
mod attempts;
pub mod factor;
mod own;
pub mod password;
mod service;
pub mod sessions;
mod store;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use kit::{Actor, Lifecycle, Pred, Refusal, Result, Role, labelled};

pub use own::{OwnAccount, own};
pub use service::service;
pub use store::Model as Account;
pub(crate) use store::any;
pub use store::{find, named};

/// Path segment of the noun.
pub const NOUN: &str = "accounts";

kit::id!(
    /// Identity of an account.
    AccountId
);

labelled! {
    /// Whether an account can be used.
    pub enum State: "账号状态" {
        /// In use.
        Active = "active" => "正常", Green;
        /// Out of use.
        Disabled = "disabled" => "已停用", Red;
    }
}

labelled! {
    /// What can be done to an account.
    pub enum Deed: "账号办理" {
        /// Change name or last day.
        Edit = "edit" => "修改", Grey;
        /// Give a new initial password.
        ResetPassword = "reset_password" => "重置密码", Grey;
        /// Ask that the second factor be taken away.
        AskFactorReset = "ask_factor_reset" => "申请重置第二因素", Grey;
        /// Take the second factor away.
        ResetFactor = "reset_factor" => "批准重置第二因素", Grey;
        /// Take out of use, at once.
        Disable = "disable" => "停用", Grey;
        /// Put into use again.
        Enable = "enable" => "恢复使用", Grey;
    }
}

impl Account {
    /// Whether it can be used on `day`.
    pub fn usable_on(&self, day: NaiveDate) -> bool {
        self.state == State::Active && self.valid_to.is_none_or(|to| day <= to)
    }
}

impl Lifecycle for Account {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (state, Deed::Edit) => Some(state),
            (State::Active, Deed::ResetPassword | Deed::AskFactorReset | Deed::ResetFactor)
            | (State::Disabled, Deed::Enable) => Some(State::Active),
            (State::Active, Deed::Disable) => Some(State::Disabled),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        let own = actor.account == Some(self.id.0);
        let system = actor.is(Role::SystemAdministrator);
        let security = actor.is(Role::SecurityAdministrator);
        match deed {
            Deed::Edit | Deed::Enable | Deed::AskFactorReset => system && !own,
            // Who asked for it does not approve it; that is checked against what is stored.
            Deed::ResetFactor => security && !own,
            // Whose password an administrator may reset also depends on the posts of the account.
            Deed::Disable | Deed::ResetPassword => (system || security) && !own,
        }
    }

    fn visible(actor: &Actor) -> Pred {
        administrators_only(actor)
    }
}

/// Everything for the three administrators, nothing for anybody else.
pub(crate) fn administrators_only(actor: &Actor) -> Pred {
    actor.reach([
        (Role::SystemAdministrator, Pred::All),
        (Role::SecurityAdministrator, Pred::All),
        (Role::SecurityAuditor, Pred::All),
    ])
}

/// A login name as it is stored: lower case, 3 to 40 letters, digits, dots, hyphens, underscores.
///
/// # Errors
/// A refusal on the field `login`.
pub fn checked_login(text: &str) -> Result<String> {
    let login = text.trim().to_lowercase();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_');
    if (3..=40).contains(&login.len()) && login.chars().all(plain) {
        return Ok(login);
    }
    Err(Refusal::field("login", "登录名应为 3 到 40 个小写字母、数字、点、横线或下划线").into())
}
