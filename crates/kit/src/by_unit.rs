//! Records found by the name of the unit that they are about. The full-text index holds a record's own text only, and a unit
//! may be renamed; so words that name a unit are turned into that unit when they are asked for.

use std::sync::Arc;

use uuid::Uuid;

use crate::{Actor, Column, Cx, Result, Secrecy, Table, lookup, table::ColumnKind};

/// The noun whose records are units.
const ORGANISATIONS: &str = "organisations";
/// Shorter words are in the names of most units.
const SHORTEST: usize = 2;
/// Words that name more units than this name none in particular.
const MOST_UNITS: usize = 300;
/// Words of one search that are looked up.
const MOST_WORDS: usize = 5;

/// Units that some of the words name, and the words besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) units: Arc<Vec<Uuid>>,
    pub(crate) rest: String,
}

/// The column of `table` that says, to `actor` too, which unit a record is about.
pub(crate) fn column(table: &Table, actor: &Actor) -> Option<&'static Column> {
    let own = format!("{}.organisation_id", table.alias);
    table.columns.iter().find(|column| {
        let is_unit = matches!(column.kind, ColumnKind::Reference { noun: ORGANISATIONS, .. });
        is_unit && column.sql == own && column.open_to(actor)
    })
}

/// In which ways `words` name units the actor can see, for a list of `noun`; in none where the list does not show the unit,
/// or what it lists is sealed.
pub(crate) async fn readings(cx: &Cx, noun: &str, table: &Table, words: &str) -> Result<Vec<Reading>> {
    let sealed = cx.app().registry().service(noun).is_some_and(|one| one.secrecy == Secrecy::Sealed);
    if words.is_empty() || sealed || column(table, &cx.actor).is_none() {
        return Ok(Vec::new());
    }
    let terms: Vec<&str> = words.split_whitespace().take(MOST_WORDS + 1).collect();
    if terms.len() > MOST_WORDS {
        return Ok(Vec::new());
    }
    let mut readings = Vec::new();
    for (at, term) in terms.iter().enumerate() {
        let units = units(cx, term).await?;
        if !units.is_empty() {
            let rest: Vec<&str> =
                terms.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, term)| *term).collect();
            readings.push(Reading { units, rest: rest.join(" ") });
        }
    }
    readings.extend(named_by_all(&readings, terms.len()));
    Ok(readings)
}

/// The units that every one of several words names.
fn named_by_all(readings: &[Reading], terms: usize) -> Option<Reading> {
    let (first, others) = readings.split_first()?;
    if others.is_empty() || readings.len() < terms {
        return None;
    }
    let in_all = |unit: &&Uuid| others.iter().all(|reading| reading.units.contains(unit));
    let units: Vec<Uuid> = first.units.iter().filter(in_all).copied().collect();
    (!units.is_empty()).then(|| Reading { units: Arc::new(units), rest: String::new() })
}

/// The units whose name holds `term`.
async fn units(cx: &Cx, term: &str) -> Result<Arc<Vec<Uuid>>> {
    if term.chars().count() < SHORTEST {
        return Ok(Arc::default());
    }
    cx.once(format!("units/{term}"), async {
        let found = lookup::options(cx, ORGANISATIONS, term, MOST_UNITS as u64 + 1).await?;
        let vague = found.len() > MOST_UNITS;
        Ok(if vague { Vec::new() } else { found.into_iter().map(|(id, _)| id).collect() })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(units: &[u128]) -> Reading {
        let units = units.iter().map(|number| Uuid::from_u128(*number)).collect();
        Reading { units: Arc::new(units), rest: String::from("其他") }
    }

    #[test]
    fn words_that_all_name_one_unit_mean_that_unit() {
        let both = named_by_all(&[reading(&[1, 2]), reading(&[2, 3])], 2);
        assert_eq!(both, Some(Reading { units: Arc::new(vec![Uuid::from_u128(2)]), rest: String::new() }));
        assert_eq!(named_by_all(&[reading(&[1]), reading(&[2])], 2), None);
        assert_eq!(named_by_all(&[reading(&[1, 2]), reading(&[2])], 3), None, "one word names none");
        assert_eq!(named_by_all(&[reading(&[1])], 1), None, "that is said already");
    }
}
