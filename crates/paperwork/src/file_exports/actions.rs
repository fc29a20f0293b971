//! Entering what leaves.

use db::Sql;
use kit::{Result, WriteCx, audit::Outcome, numbers, seal};
use papers::Trace;
use uuid::Uuid;

use super::{ExportId, FileExport, NOUN};

/// A file about to leave.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Noun of what is taken.
    pub noun: &'static str,
    /// The record.
    pub record: Uuid,
    /// What it is called.
    pub label: String,
    /// Name of the file.
    pub file_name: String,
}

/// The next export number, with the person's name and place, as the file will carry them.
pub async fn announce(cx: &mut WriteCx) -> Result<Trace> {
    let day = cx.today().format("%Y%m%d").to_string();
    let serial = numbers::next(cx, &format!("DC-{day}"), 0).await?;
    Ok(Trace {
        person: cx.actor.name.clone(),
        organisation: workplace(cx).await?,
        at: kit::clock::office_time(cx.now),
        number: format!("DC-{day}-{serial:05}"),
    })
}

/// Enters the finished file under the number it carries.
pub async fn register(cx: &mut WriteCx, trace: &Trace, taken: Taken, content: &[u8]) -> Result<()> {
    let id = ExportId(cx.new_id());
    let row = FileExport {
        id,
        version: 1,
        number: trace.number.clone(),
        at: cx.now,
        account_id: cx.actor.account,
        person: trace.person.clone(),
        organisation: trace.organisation.clone(),
        noun: taken.noun.to_owned(),
        record_id: Some(taken.record),
        label: taken.label,
        file_name: taken.file_name,
        digest: seal::digest(content),
    };
    cx.index(NOUN, id, format!("{} {} {}", row.number, row.person, row.label));
    cx.insert(row).await?;
    cx.record("export", taken.noun, Some(taken.record), Outcome::Done);
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
