//! Changes of records, one after the other: each durable, audited and answered before the next.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::{
    form::Form,
    procfs,
    product::{self, Account},
    session::Session,
    stats::Samples,
};

use super::{finding::Reading, subject::Stand};

/// Sends the edit form of records with another text, as a person would.
pub(crate) fn changes(stand: &mut Stand, accounts: &[Account], requests: usize) -> Result<Reading> {
    let ids = product::ids(&stand.session.json(&product::api_written())?)?;
    let (mut editor, ids) = find_editor(stand, accounts, &ids)?;
    let cpu = procfs::cpu_time(stand.server.pid())?;
    let numbered = ids.iter().cycle().take(requests).enumerate();
    let durations: Result<Vec<_>> = numbered.map(|(number, id)| change(&mut editor, id, number)).collect();
    let cpu = procfs::cpu_time(stand.server.pid())?.saturating_sub(cpu);
    let samples = Samples::new(durations?).context("nothing was changed")?;
    let reading = Reading::durations(&samples, Some(cpu));
    let note =
        format!("{:.0}/s on one connection; processor time with the form's page", 1000.0 / reading.median);
    Ok(reading.with_note(note))
}

/// Someone who may change some of these records, and which.
fn find_editor(stand: &Stand, accounts: &[Account], ids: &[String]) -> Result<(Session, Vec<String>)> {
    let mut roles = Vec::new();
    for account in accounts {
        if roles.contains(&&account.role) {
            continue;
        }
        roles.push(&account.role);
        let mut session = Session::sign_in(stand.server.address, account)?;
        let editable: Vec<_> =
            ids.iter().filter(|id| edit_form(&mut session, id).is_ok()).take(50).cloned().collect();
        if !editable.is_empty() {
            return Ok((session, editable));
        }
    }
    anyhow::bail!("nobody may change any of the first {} records", ids.len())
}

fn edit_form(session: &mut Session, id: &str) -> Result<Form> {
    let page = session.page(&product::edit(id))?;
    Form::find(&page.text(), &[product::WRITTEN_FIELD]).context("no form to change the record")
}

/// The time of the change alone, without the form's page before it.
fn change(session: &mut Session, id: &str, number: usize) -> Result<Duration> {
    let mut form = edit_form(session, id)?;
    form.fill(product::WRITTEN_FIELD, &format!("核对后补充说明,第{number}次。"));
    let started = Instant::now();
    let answer = session.submit(&product::edit(id), &form)?;
    let duration = started.elapsed();
    ensure!(answer.status == 303, "the change of {id} was answered with {}", answer.status);
    Ok(duration)
}
