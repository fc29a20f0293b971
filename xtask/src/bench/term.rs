//! The pages that a whole term's work on site makes long: lists, records, the home page, the profile of a unit.

use anyhow::{Context as _, Result};

use crate::{
    product::{self, Account},
    session::Session,
};

use super::{
    finding::{Reading, What},
    pages,
    subject::Stand,
};

const LISTS: [What; 4] = [What::DraftList, What::EvidenceList, What::TalkList, What::LetterList];

/// Each page as seen by somebody who sees most of it.
pub(crate) fn pages(
    mut stand: Stand,
    accounts: &[Account],
    requests: usize,
) -> Result<Vec<(What, Result<Reading>)>> {
    let mut readings = Vec::new();
    let mut people = one_of_each_role(&stand, accounts)?;
    for (noun, what) in product::TERM_NOUNS.into_iter().zip(LISTS) {
        let Some((at, rows)) = who_sees_most(&mut people, noun) else {
            readings.push((what, Err(anyhow::anyhow!("nobody sees {noun}"))));
            continue;
        };
        let (session, role) = people.swap_remove(at);
        stand.session = session;
        let path = product::list_of(noun);
        let reading = pages::sequence(&mut stand, &path, requests);
        readings
            .push((what, reading.map(|reading| reading.with_note(format!("{role}, {rows} rows counted")))));
        if what == What::DraftList {
            readings.push((What::DraftRecord, records(&mut stand, noun, requests)));
            readings.push((What::Home, pages::sequence(&mut stand, product::HOME, requests)));
        }
        people.push((stand.session.clone_signed_in(), role));
    }
    let (session, _) =
        people.into_iter().find(|(_, role)| role == "office_director").context("no director")?;
    stand.session = session;
    readings.push((What::Profile, profiles(&mut stand, requests)));
    Ok(readings)
}

fn one_of_each_role(stand: &Stand, accounts: &[Account]) -> Result<Vec<(Session, String)>> {
    let mut people: Vec<(Session, String)> = Vec::new();
    for account in accounts {
        if people.iter().all(|(_, role)| *role != account.role) {
            people.push((Session::sign_in(stand.server.address, account)?, account.role.clone()));
        }
    }
    Ok(people)
}

/// The person to whom the list of a noun is longest, and how long it is.
fn who_sees_most(people: &mut [(Session, String)], noun: &str) -> Option<(usize, i64)> {
    let path = product::api_list_of(noun);
    let seen = people
        .iter_mut()
        .enumerate()
        .filter_map(|(at, (session, _))| session.json(&path).ok().map(|page| (at, product::total(&page))));
    seen.max_by_key(|(_, rows)| *rows).filter(|(_, rows)| *rows > 0)
}

fn records(stand: &mut Stand, noun: &str, requests: usize) -> Result<Reading> {
    let ids = product::ids(&stand.session.json(&product::api_list_of(noun))?)?;
    let paths: Vec<_> = ids.iter().map(|id| product::record_of(noun, id)).collect();
    pages::requests_of(stand, &paths, requests)
}

/// The profiles of organisations, in turn.
fn profiles(stand: &mut Stand, requests: usize) -> Result<Reading> {
    let ids = product::ids(&stand.session.json(&product::api_list_of("organisations"))?)?;
    let mut paths = Vec::new();
    for path in ids.iter().map(|id| product::profile(id)) {
        if stand.session.get(&path)?.status == 200 {
            paths.push(path);
        }
    }
    pages::requests_of(stand, &paths, requests)
}
