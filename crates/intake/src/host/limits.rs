//! How much one address may ask for, without an address being kept: what is counted is a digest salted with a
//! secret that lives for an hour in memory only.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Timelike as _, Utc};
use kit::{Result, seal};

/// Addresses remembered in an hour; when there are more, whoever is new must wait for the next.
const MOST: usize = 200_000;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// A letter handed in.
    Letter,
    /// A question by query code.
    Query,
}

struct Hour {
    which: i64,
    salt: String,
    counts: HashMap<String, u32>,
}

/// Counts what each address asks for in the hour.
pub(super) struct Gate(Mutex<Hour>);

impl Gate {
    pub(super) fn new() -> Result<Self> {
        Ok(Self(Mutex::new(Hour { which: 0, salt: seal::secret()?, counts: HashMap::new() })))
    }

    /// Whether `address` may ask once more at `now` when it may `most` times in an hour.
    pub(super) fn admits(&self, asked: Asked, address: &str, most: u32, now: DateTime<Utc>) -> Result<bool> {
        let mut hour = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let which = now.timestamp() / 3600;
        if hour.which != which {
            *hour = Hour { which, salt: seal::secret()?, counts: HashMap::new() };
        }
        let key = seal::digest(format!("{}/{asked:?}/{}", hour.salt, network(address)).as_bytes());
        if hour.counts.len() >= MOST && !hour.counts.contains_key(&key) {
            return Ok(false);
        }
        let count = hour.counts.entry(key).or_insert(0);
        *count = count.saturating_add(1);
        Ok(*count <= most)
    }
}

/// Minutes until the hour is over, for the sentence that says when to come again.
pub(super) fn minutes_left(now: DateTime<Utc>) -> u32 {
    60 - now.minute()
}

/// One subscriber holds a whole /64 of IPv6.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
        _ => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    fn at(minute: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2023, 6, 1, 8 + minute / 60, minute % 60, 0).unwrap()
    }

    #[test]
    fn an_address_waits_for_the_next_hour_and_others_do_not() {
        let gate = Gate::new().unwrap();
        let ask = |who, minute| gate.admits(Asked::Letter, who, 2, at(minute)).unwrap();
        assert!(ask("10.0.0.1", 0) && ask("10.0.0.1", 1) && !ask("10.0.0.1", 59));
        assert!(ask("10.0.0.2", 59));
        assert!(ask("10.0.0.1", 60));
        assert!(gate.admits(Asked::Query, "10.0.0.2", 1, at(59)).unwrap());
    }

    #[test]
    fn addresses_of_one_subscriber_count_together() {
        let gate = Gate::new().unwrap();
        assert!(gate.admits(Asked::Letter, "2001:db8:1:2::5", 1, at(0)).unwrap());
        assert!(!gate.admits(Asked::Letter, "2001:db8:1:2:9::7", 1, at(0)).unwrap());
        assert!(gate.admits(Asked::Letter, "2001:db8:1:3::5", 1, at(0)).unwrap());
    }

    #[test]
    fn no_address_is_kept() {
        let gate = Gate::new().unwrap();
        gate.admits(Asked::Letter, "192.0.2.77", 9, at(0)).unwrap();
        assert!(gate.0.lock().unwrap().counts.keys().all(|key| !key.contains("192.0.2")));
    }
}
