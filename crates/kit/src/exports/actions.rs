//! Entering what leaves.

use std::sync::Arc;

use db::Sql;
use uuid::Uuid;

use super::{ExportId, FileExport, NOUN, Trace};
use crate::{Actor, App, Done, Result, WriteCx, clock::office_time, numbers};

/// A file about to leave.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Noun of what is taken.
    pub noun: String,
    /// The record, when it is about one.
    pub record: Option<Uuid>,
    /// What it is called.
    pub label: String,
    /// Name of the file.
    pub file_name: String,
    /// SM3 digest of the finished file.
    pub digest: String,
}

/// The next export number, with the person's name and place, as the file will carry them.
pub async fn announce(app: &App, actor: &Arc<Actor>) -> Result<Trace> {
    app.write(actor, |cx| {
        Box::pin(async move {
            let day = cx.today().format("%Y%m%d").to_string();
            let serial = numbers::next(cx, &format!("DC-{day}"), 0).await?;
            Ok(Trace {
                person: cx.actor.name.clone(),
                organisation: workplace(cx).await?,
                at: office_time(cx.now),
                number: format!("DC-{day}-{serial:05}"),
            })
        })
    })
    .await
}

/// Enters the finished file under the number it carries, in a transaction of its own.
pub async fn enter(app: &App, actor: &Arc<Actor>, trace: &Trace, taken: Taken) -> Result<()> {
    let trace = trace.clone();
    app.write(actor, |cx| Box::pin(async move { register(cx, &trace, taken).await })).await
}

/// Enters the finished file under the number it carries.
pub async fn register(cx: &mut WriteCx, trace: &Trace, taken: Taken) -> Result<()> {
    let id = ExportId(cx.new_id());
    let row = FileExport {
        id,
        version: 1,
        number: trace.number.clone(),
        at: cx.now,
        account_id: cx.actor.account,
        person: trace.person.clone(),
        organisation: trace.organisation.clone(),
        noun: taken.noun,
        record_id: taken.record,
        label: taken.label,
        file_name: taken.file_name,
        digest: taken.digest,
    };
    cx.index(NOUN, id, format!("{} {} {}", row.number, row.person, row.label));
    let note = format!("{}　{}", row.number, row.file_name);
    cx.insert(row).await?;
    // The history line binds the number into the audit chain by its digest.
    cx.done(Done::new(NOUN, id, "export", "导出").note(note));
    Ok(())
}

/// The first organisation the person holds a post in, else the office.
async fn workplace(cx: &WriteCx) -> Result<String> {
    let Some(organisation) = cx.actor.posts.iter().find_map(|post| post.organisation) else {
        return Ok(cx.app().office().to_owned());
    };
    let mut sql = Sql::new("select name from organisation where id = ");
    sql.bind(organisation);
    let rows = cx.rows(sql).await?;
    let name = rows.first().map(|row| row.try_get_by_index(0)).transpose()?;
    Ok(name.unwrap_or_else(|| cx.app().office().to_owned()))
}
