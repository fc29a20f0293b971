//! Naming contacts.

use chrono::NaiveDate;
use kit::{Audience, Done, Labelled as _, Refusal, Result, WriteCx, dates};
use uuid::Uuid;

use super::{Deed, NOUN, TeamContact, TeamContactId, may_keep, store};

/// What is entered about a contact.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Account of an officer of the office.
    pub account: Uuid,
    /// The division behind.
    pub division: String,
    /// What the contact sees to.
    pub duty: String,
    /// From when.
    pub from_on: NaiveDate,
}

/// Names a contact for the team of `inspection`.
pub async fn create(cx: &mut WriteCx, inspection: Uuid, entry: Entry) -> Result<TeamContactId> {
    let id = TeamContactId(cx.new_id());
    let contact = TeamContact {
        id,
        version: 1,
        inspection_id: inspection,
        account_id: entry.account,
        name: officer(cx, entry.account).await?,
        division: entry.division,
        duty: entry.duty,
        from_on: entry.from_on,
        to_on: None,
    };
    let title = format!("您被确定为巡察组对接联络人，自 {} 起", contact.from_on);
    cx.notify(Audience::Account(contact.account_id), title, NOUN, id);
    cx.index(NOUN, id, format!("{} {}", contact.name, contact.division));
    cx.insert(contact).await?;
    cx.done(Done::new(NOUN, id, "create", "确定对接联络"));
    Ok(id)
}

async fn officer(cx: &WriteCx, account: Uuid) -> Result<String> {
    if !may_keep(&cx.actor) {
        return Err(Refusal::forbidden("确定对接联络").into());
    }
    let officers = store::officers(cx, cx.today()).await?;
    let found = officers.into_iter().find(|(id, _)| *id == account);
    Ok(found.ok_or_else(|| Refusal::field("account", "请选择巡察办在岗人员"))?.1)
}

/// Corrects a contact.
pub async fn edit(cx: &mut WriteCx, id: TeamContactId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let name = officer(cx, entry.account).await?;
    let after = TeamContact {
        account_id: entry.account,
        name,
        division: entry.division,
        duty: entry.duty,
        from_on: entry.from_on,
        ..before.clone()
    };
    cx.index(NOUN, id, format!("{} {}", after.name, after.division));
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, Deed::Edit.code(), "修改").changes(changes));
    Ok(())
}

/// Ends a contact with `on`.
pub async fn end(cx: &mut WriteCx, id: TeamContactId, on: NaiveDate) -> Result<()> {
    let before = store::find(cx, id).await?;
    if !may_keep(&cx.actor) {
        return Err(Refusal::forbidden("结束对接").into());
    }
    dates::not_before("to_on", "结束日期", on, Some(before.from_on), "开始日期")?;
    let after = TeamContact { to_on: Some(on), ..before.clone() };
    cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, Deed::End.code(), "结束对接"));
    Ok(())
}
