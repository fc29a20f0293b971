//! Opening what is sealed: the one rule for reasons, and the one record of who opened what until when.
//!
//! Pages of sealed records ask by themselves ([`crate::web::sealed`]); an area that seals a part of a record asks in a deed
//! of its own and adds who supervises it.

use chrono::{DateTime, Utc};
use db::Sql;
use uuid::Uuid;

use crate::{Cx, Error, Refusal, Result, WriteCx, policy};

/// Shortest and longest reason.
const REASON: (usize, usize) = (4, 200);

/// What is opened.
#[derive(Clone, Copy, Debug)]
pub struct What<'a> {
    /// Noun of the record.
    pub noun: &'a str,
    /// The record.
    pub record: Uuid,
    /// Which part of it; empty for all of it.
    pub part: &'a str,
    /// Digest of the session for which it opens; empty for all sessions of the person.
    pub session: &'a str,
}

/// The reason as it is stored.
///
/// # Errors
/// A refusal on `reason` when it is not a few words.
pub fn checked(reason: &str) -> std::result::Result<String, Refusal> {
    let reason = reason.trim();
    let length = reason.chars().count();
    if (REASON.0..=REASON.1).contains(&length) && !reason.chars().any(char::is_control) {
        return Ok(reason.to_owned());
    }
    let why = format!("密封内容须填写查看理由后才能打开，{} 至 {} 个字。", REASON.0, REASON.1);
    Err(Refusal::field("reason", why))
}

/// Opens `what` to the actor for a checked `reason`, for as many minutes as the policy `code` says; until when that is.
pub async fn open(cx: &mut WriteCx, what: What<'_>, code: &str, reason: &str) -> Result<DateTime<Utc>> {
    let account =
        cx.actor.account.ok_or_else(|| Error::Fault(String::from("a program opens nothing sealed")))?;
    let minutes = policy::amount(cx, code).await?;
    let until = cx.now + chrono::Duration::minutes(minutes.clamp(1, 24 * 60));
    let mut sql = Sql::new(
        "insert into sealed_opening (id, session_hash, account_id, noun, record_id, part, reason, at, until_at) values (",
    );
    sql.bind(cx.new_id()).push(", ").bind(what.session).push(", ").bind(account);
    sql.push(", ").bind(what.noun).push(", ").bind(what.record).push(", ").bind(what.part);
    sql.push(", ").bind(reason).push(", ").bind(cx.now).push(", ").bind(until).push(")");
    cx.execute(sql).await?;
    Ok(until)
}

/// Whether `what` is open to the actor at this moment.
pub async fn is_open(cx: &Cx, what: What<'_>) -> Result<bool> {
    let Some(account) = cx.actor.account else { return Ok(false) };
    let mut sql = Sql::new("select count(*) from sealed_opening where account_id = ");
    sql.bind(account).push(" and record_id = ").bind(what.record).push(" and noun = ").bind(what.noun);
    sql.push(" and part = ").bind(what.part).push(" and session_hash = ").bind(what.session);
    sql.push(" and until_at > ").bind(cx.now);
    Ok(cx.number(sql).await? > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_a_few_words_and_no_essay() {
        assert_eq!(checked(" 办理移交手续 ").ok().as_deref(), Some("办理移交手续"));
        for bad in ["", "看看", "　　　　　　", "一\n二三四五", &"长".repeat(201)] {
            assert!(checked(bad).is_err(), "{bad:?}");
        }
    }
}
