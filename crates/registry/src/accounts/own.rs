//! What a person sees of its own account; pages outside the generic ones show it.

use kit::{Cx, Post, Result};

use super::store;

/// A person's own account.
#[derive(Clone, Debug)]
pub struct OwnAccount {
    /// Login name.
    pub login: String,
    /// Name.
    pub name: String,
    /// Whether the password was given by an administrator and not yet changed.
    pub initial_password: bool,
    /// When the password was set.
    pub password_changed_at: chrono::DateTime<chrono::Utc>,
    /// Last day the account can be used.
    pub valid_to: Option<chrono::NaiveDate>,
    /// The posts that hold today.
    pub posts: Vec<Post>,
}

/// The account of the person who acts.
///
/// # Errors
/// "Not found" for the program, which has none.
pub async fn own(cx: &Cx) -> Result<OwnAccount> {
    let account = store::of_actor(cx).await?;
    Ok(OwnAccount {
        login: account.login,
        name: account.name,
        initial_password: account.password_initial,
        password_changed_at: account.password_changed_at,
        valid_to: account.valid_to,
        posts: cx.actor.posts.clone(),
    })
}
