//! What the office gives the intake host: the announcements that are public, the key to which letters are closed,
//! what the host holds itself to, and how far its letters have come, in the words that the office publishes.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use db::Sql;
use intake::package::{self, Announcement, BULLETIN, Bulletin, Limits, Status, Unit};
use kit::{Actor, App, Cx, Labelled as _, Result, WriteCx, audit::Outcome, clock, dictionary};
use onsite::{announcements, petitions::State};
use registry::{dictionaries::Dictionary, policies};
use uuid::Uuid;

use super::{carry, keys};

/// The package for the host whose fingerprint is given; without one it holds no answers.
pub async fn publish(app: &App, actor: &Arc<Actor>, host: Option<&str>) -> Result<String> {
    let host = host.map(str::to_owned);
    let bulletin = app
        .write(actor, |cx| {
            Box::pin(async move {
                let seal_key = keys::current(cx).await?;
                cx.record("publish", "intake", None, Outcome::Done);
                let bulletin = bulletin(cx, seal_key, host.as_deref()).await?;
                keep_units(cx, &bulletin).await?;
                Ok(bulletin)
            })
        })
        .await?;
    package::sign(BULLETIN, &bulletin, &kit::keys::signing(app.folder())?)
}

async fn bulletin(cx: &Cx, seal_key: String, host: Option<&str>) -> Result<Bulletin> {
    let words = words(cx).await?;
    let (host, statuses) = match host {
        Some(host) => {
            let (id, public_key) = carry::host_of(cx, host).await?;
            (Some(public_key), statuses(cx, id, &words).await?)
        }
        None => (None, Vec::new()),
    };
    Ok(Bulletin {
        office: cx.app().office().to_owned(),
        made_at: cx.now,
        seal_key,
        announcements: notices(cx).await?,
        limits: limits(cx).await?,
        words,
        host,
        statuses,
    })
}

/// Notes which unit of which inspection is named, for letters that come when it has been taken out.
async fn keep_units(cx: &mut WriteCx, bulletin: &Bulletin) -> Result<()> {
    let units = bulletin.announcements.iter().flat_map(|notice| notice.units.iter().map(|unit| unit.id));
    let mut sql = Sql::new(
        "insert into intake_unit (unit_id, inspection_id, organisation_id) select u.id, u.inspection_id, u.organisation_id \
         from inspection_unit u where u.id in ",
    );
    sql.bind_list(units);
    sql.push(" and not exists (select 1 from intake_unit k where k.unit_id = u.id)");
    cx.execute(sql).await?;
    Ok(())
}

async fn notices(cx: &Cx) -> Result<Vec<Announcement>> {
    let mut notices = Vec::new();
    for held in announcements::published(cx, cx.today()).await? {
        let units = announcements::units_named(cx, held.inspection_id).await?;
        notices.push(Announcement {
            id: held.id.0,
            title: held.title,
            text: held.text,
            from_on: held.from_on,
            to_on: held.to_on,
            phone: held.phone,
            address: held.address,
            mailbox: held.mailbox,
            letter_box: held.letter_box,
            units: units.into_iter().map(|(id, name)| Unit { id, name }).collect(),
        });
    }
    Ok(notices)
}

async fn limits(cx: &Cx) -> Result<Limits> {
    let mut amounts = [0; 4];
    let codes = ["intake_file", "intake_files", "intake_letters", "intake_queries"];
    for (amount, code) in amounts.iter_mut().zip(codes) {
        *amount = policies::amount(cx, code, cx.today()).await?.clamp(0, 1_000);
    }
    let [file_mb, files, letters, queries] = amounts.map(|amount| u32::try_from(amount).unwrap_or(0));
    Ok(Limits {
        file_mb: file_mb.into(),
        files: files as usize,
        letters_per_hour: letters,
        queries_per_hour: queries,
    })
}

/// The words that hold today.
async fn words(cx: &Cx) -> Result<BTreeMap<String, String>> {
    let items = dictionary::items(cx, Dictionary::IntakeWord.code()).await?;
    Ok(items.iter().map(|item| (item.code.clone(), item.label.clone())).collect())
}

/// The word for a petition: whether it stays with the inspectors or went to others, and nothing more.
fn word(state: State, passed: bool) -> &'static str {
    match state {
        State::Passed | State::Receipted => "handed_on",
        State::Closed if passed => "handed_on",
        _ => "received",
    }
}

async fn statuses(cx: &Cx, host: Uuid, words: &BTreeMap<String, String>) -> Result<Vec<Status>> {
    let mut sql = Sql::new(
        "select l.id, l.carried_at, x.state, x.passed_on from intake_letter l join petition x on x.id = l.petition_id \
         where l.host_id = ",
    );
    sql.bind(host).push(" order by l.id");
    let mut statuses = Vec::new();
    for row in cx.rows(sql).await? {
        let (letter, at): (Uuid, DateTime<Utc>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let (state, passed): (State, Option<NaiveDate>) =
            (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
        let word = word(state, passed.is_some());
        let word = words.contains_key(word).then(|| word.to_owned());
        statuses.push(Status { letter, carried_on: clock::office_day(at), word });
    }
    Ok(statuses)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_word_does_not_tell_what_came_of_a_letter() {
        for state in State::ALL {
            let expected = matches!(state, State::Passed | State::Receipted);
            assert_eq!(word(*state, false) == "handed_on", expected, "{state:?}");
        }
        assert_eq!(word(State::Closed, true), "handed_on");
    }
}
