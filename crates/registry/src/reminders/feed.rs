//! A calendar (RFC 5545) that a person's own calendar program may fetch under a secret address.
//!
//! It holds kind, number and last day of what waits for the person, with the posts that hold on the day it
//! is fetched; never what a record is about. Of the secret the database keeps the digest only.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use db::Sql;
use kit::{Actor, App, Cx, Done, Refusal, Result, WriteCx, seal};
use uuid::Uuid;

use super::{Due, NOUN, ahead};
use crate::accounts::sessions;

/// How far ahead a calendar looks, in days.
const DAYS: u64 = 366;

/// Makes a new secret address for the actor; an earlier one ends.
pub async fn make(cx: &mut WriteCx) -> Result<String> {
    let account = cx.actor.account.ok_or_else(Refusal::not_found)?;
    end(cx, account).await?;
    let token = seal::secret()?;
    let mut sql = Sql::new("insert into calendar_feed (token_hash, account_id, made_at) values (");
    sql.bind(seal::digest(token.as_bytes())).push(", ").bind(account).push(", ").bind(cx.now).push(")");
    cx.execute(sql).await?;
    cx.done(Done::new(NOUN, account, "make_feed", "开通日历订阅"));
    Ok(token)
}

/// Ends the actor's secret address.
pub async fn revoke(cx: &mut WriteCx) -> Result<()> {
    let account = cx.actor.account.ok_or_else(Refusal::not_found)?;
    if end(cx, account).await? == 0 {
        return Err(Refusal::conflict("现在没有开通日历订阅。").into());
    }
    cx.done(Done::new(NOUN, account, "revoke_feed", "停用日历订阅"));
    Ok(())
}

async fn end(cx: &mut WriteCx, account: Uuid) -> Result<u64> {
    let mut sql = Sql::new("update calendar_feed set revoked_at = ");
    sql.bind(cx.now).push(" where revoked_at is null and account_id = ").bind(account);
    cx.execute(sql).await
}

/// Since when the actor has a secret address.
pub async fn held(cx: &Cx) -> Result<Option<DateTime<Utc>>> {
    let mut sql = Sql::new("select made_at from calendar_feed where revoked_at is null and account_id = ");
    sql.bind(cx.actor.account);
    Ok(cx.rows(sql).await?.first().map(|row| row.try_get_by_index(0)).transpose()?)
}

/// Whose calendar a secret opens, with the posts that hold today.
///
/// # Errors
/// The same "not found" for an unknown secret, an ended one, and an account out of use.
pub async fn owner(app: &App, token: &str) -> Result<Actor> {
    let cx = app.read(&std::sync::Arc::new(Actor::program("日历订阅")));
    if token.len() != 64 || !token.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Refusal::not_found().into());
    }
    let mut sql = Sql::new("select account_id from calendar_feed where revoked_at is null and token_hash = ");
    sql.bind(seal::digest(token.as_bytes()));
    let rows = cx.rows(sql).await?;
    let row = rows.first().ok_or_else(Refusal::not_found)?;
    sessions::person(app, row.try_get_by_index(0)?).await?.ok_or_else(|| Refusal::not_found().into())
}

/// The calendar of the actor of `cx`.
pub async fn lines(cx: &Cx) -> Result<String> {
    let until = kit::clock::days_after(cx.today(), DAYS);
    let from = cx.today() - chrono::Duration::days(60);
    let mut found = ahead(cx, until).await?;
    found.retain(|due| due.due >= from);
    found.sort_by(|one, other| (one.due, one.noun, one.record).cmp(&(other.due, other.noun, other.record)));
    let stamp = cx.now.format("%Y%m%dT%H%M%SZ").to_string();
    Ok(calendar(&found, &stamp, |due| {
        cx.app().seal().token("calendar", &format!("{}/{}", due.noun, due.record))
    }))
}

fn calendar(found: &[Due], stamp: &str, identity: impl Fn(&Due) -> String) -> String {
    let mut out = String::new();
    let mut line = |text: &str| fold(text, &mut out);
    for text in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//xuncha//reminders//ZH",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:巡察监督期限",
    ] {
        line(text);
    }
    for due in found {
        let identity: String = identity(due).chars().take(32).collect();
        let next = due.due.succ_opt().unwrap_or(due.due);
        line("BEGIN:VEVENT");
        line(&format!("UID:{identity}@xuncha"));
        line(&format!("DTSTAMP:{stamp}"));
        line(&format!("DTSTART;VALUE=DATE:{}", due.due.format("%Y%m%d")));
        line(&format!("DTEND;VALUE=DATE:{}", next.format("%Y%m%d")));
        line(&format!("SUMMARY:{}到期", plain(&due.name())));
        line("TRANSP:TRANSPARENT");
        line("END:VEVENT");
    }
    line("END:VCALENDAR");
    out
}

/// Text with the signs escaped that mean something in a calendar.
fn plain(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, sign| {
        match sign {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(sign);
            }
            sign if sign.is_control() => out.push(' '),
            sign => out.push(sign),
        }
        out
    })
}

/// A line of at most 75 bytes, continued behind a blank, without cutting a sign.
fn fold(text: &str, out: &mut String) {
    let mut room = 75;
    for sign in text.chars() {
        if sign.len_utf8() > room {
            out.push_str("\r\n ");
            room = 74;
        }
        room -= sign.len_utf8();
        out.push(sign);
    }
    let _ = write!(out, "\r\n");
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn a_calendar_is_folded_escaped_and_says_kind_number_and_day_only() {
        let due = Due {
            noun: "measures",
            label: "整改措施",
            record: Uuid::nil(),
            number: format!("CS;{}", "长".repeat(40)),
            due: NaiveDate::from_ymd_opt(2023, 12, 31).unwrap(),
        };
        let text = calendar(&[due], "20230601T010000Z", |_| "ab".repeat(40));
        assert!(text.contains("DTSTART;VALUE=DATE:20231231\r\nDTEND;VALUE=DATE:20240101\r\n"));
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        let unfolded = text.replace("\r\n ", "");
        assert!(unfolded.contains("SUMMARY:整改措施 CS\\;长") && unfolded.contains("长到期\r\n"));
        assert_eq!(text.matches("BEGIN:VEVENT").count(), 1);
    }
}
