//! Passwords: what may be one, and how it is kept (Argon2id with the defaults of its crate).

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use kit::{Error, Refusal, Result, error::Reason};
use tokio::sync::Semaphore;

/// Shortest and longest password in characters.
const LENGTH: std::ops::RangeInclusive<usize> = 12..=128;

/// Words that guessing tries first, in lower case.
const COMMON: &[&str] = &[
    "巡察", "巡视", "纪委", "password", "passw0rd", "xuncha", "admin", "12345678", "87654321", "11111111",
    "00000000", "88888888", "66666666", "qwerty", "asdfgh", "zxcvbn", "1qaz2wsx", "abcd1234", "a1b2c3",
    "letmein", "welcome", "iloveyou", "woaini", "test1234",
];

/// Digests checked at the same time; each takes 19 MiB.
static CHECKING: Semaphore = Semaphore::const_new(2);
/// Checks that wait for their turn; more are turned away instead of piling up.
static QUEUE: Semaphore = Semaphore::const_new(64);
/// Digests made at the same time: a queue of its own, so that a flood of sign-ins cannot hold up an
/// administrator's transaction.
static MAKING: Semaphore = Semaphore::const_new(2);

/// Checks a new password of the account `login` of `name`.
///
/// # Errors
/// A refusal on the field `password`.
pub fn check(password: &str, login: &str, name: &str) -> Result<()> {
    match fault(password, login, name) {
        Some(sentence) => Err(Refusal::field("password", sentence).into()),
        None => Ok(()),
    }
}

fn fault(password: &str, login: &str, name: &str) -> Option<&'static str> {
    let lower = password.to_lowercase();
    let holds = |word: &str| !word.is_empty() && lower.contains(&word.to_lowercase());
    let mut different: Vec<char> = lower.chars().collect();
    different.sort_unstable();
    different.dedup();
    if !LENGTH.contains(&password.chars().count()) {
        Some("密码应为 12 到 128 个字符，可以用一句容易记住的话")
    } else if holds(login) || holds(name) {
        Some("密码不能包含登录名或姓名")
    } else if COMMON.iter().any(|word| holds(word)) {
        Some("密码含有容易被猜到的词（如“巡察”“password”“12345678”），请换一个")
    } else if different.len() < 6 {
        Some("密码中不同的字符太少，请换一个")
    } else {
        None
    }
}

/// The digest to store for `password`, in PHC form with its own salt.
pub async fn hash(password: String) -> Result<String> {
    let _permit = MAKING.acquire().await.map_err(|error| fault_of(&error))?;
    tokio::task::spawn_blocking(move || {
        Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string())
    })
    .await
    .map_err(|error| fault_of(&error))?
    .map_err(|error| fault_of(&error))
}

/// The digest that is checked when there is no account: the same work, and no password fits it.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Whether `password` fits `stored`; without a stored digest the same work is done for nothing.
///
/// # Errors
/// A refusal when too many checks are waiting already.
pub async fn verify(password: String, stored: Option<String>) -> Result<bool> {
    // Nothing this long is anybody's password, and it shall not cost more than one.
    let (password, stored) =
        if password.len() > LENGTH.end() * 4 { (String::new(), None) } else { (password, stored) };
    let _place = QUEUE
        .try_acquire()
        .map_err(|_| Error::from(Refusal::new(Reason::Overloaded, "现在登录的人较多，请稍候几秒再试。")))?;
    let _permit = CHECKING.acquire().await.map_err(|error| fault_of(&error))?;
    tokio::task::spawn_blocking(move || {
        let stored = stored.as_deref().unwrap_or(NOBODY);
        let hash = PasswordHash::new(stored).map_err(|error| fault_of(&error))?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
    .map_err(|error| fault_of(&error))?
}

fn fault_of(error: &impl std::fmt::Display) -> Error {
    Error::Fault(format!("password: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_with_name_login_or_a_common_word_is_refused() {
        for bad in
            ["short", "linmou-2023-river", "我叫林某某住在江边上呢", "xuncha-2023-Lanjiang", "ababababababab"]
        {
            assert!(fault(bad, "linmou", "林某某").is_some(), "{bad}");
        }
        assert_eq!(fault("江边的第七棵樟树下见面吧", "linmou", "林某某"), None);
        assert!(fault(&"x1y2z3!".repeat(20), "linmou", "林某某").is_some());
    }

    #[tokio::test]
    async fn only_the_right_password_fits_and_nobodys_digest_costs_the_same_parameters() {
        let stored = hash(String::from("river-camphor-7-tree")).await.unwrap();
        let parameters = |text: &str| text.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(parameters(&stored), parameters(NOBODY));
        assert!(verify(String::from("river-camphor-7-tree"), Some(stored.clone())).await.unwrap());
        assert!(!verify(String::from("river-camphor-7-bush"), Some(stored)).await.unwrap());
        assert!(!verify(String::from("river-camphor-7-tree"), None).await.unwrap());
    }
}
