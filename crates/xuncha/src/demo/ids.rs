//! Identities that follow from the seed, so that the same seed fills every database alike.

use std::fmt::Write as _;

use uuid::{Builder, Uuid};

/// Makes the identities of one city.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ids {
    seed: u64,
}

/// First instant of the term in milliseconds since 1970: where the time-ordered identities begin.
const BEGINNING: u64 = 1_632_096_000_000;

impl Ids {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The identity of the row `number` of `kind`. Like the program's own (RFC 9562, version 7) they grow with
    /// the row number: neighbours in a list stay neighbours in every index, also among a million.
    pub(super) fn of(self, kind: &str, number: usize) -> Uuid {
        let mut random = [0_u8; 10];
        for (to, from) in random.iter_mut().zip(self.digest(kind, number)) {
            *to = from;
        }
        Builder::from_unix_timestamp_millis(BEGINNING + number as u64, &random).into_uuid()
    }

    /// An identity of which nothing can be learnt, for leads.
    pub(super) fn without_order(self, kind: &str, number: usize) -> Uuid {
        let mut random = [0_u8; 16];
        for (to, from) in random.iter_mut().zip(self.digest(kind, number)) {
            *to = from;
        }
        Builder::from_random_bytes(random).into_uuid()
    }

    fn digest(self, kind: &str, number: usize) -> impl Iterator<Item = u8> {
        let mut text = String::with_capacity(48);
        let _ = write!(text, "{}/{kind}/{number}", self.seed);
        kit::seal::unhex(&kit::seal::digest(text.as_bytes())).unwrap_or_default().into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_kind_and_number_give_the_same_identity_and_any_other_another() {
        let ids = Ids::new(7);
        assert_eq!(ids.of("problem", 3), Ids::new(7).of("problem", 3));
        assert_ne!(ids.of("problem", 3), ids.of("problem", 4));
        assert_ne!(ids.of("problem", 3), ids.of("measure", 3));
        assert_ne!(ids.of("problem", 3), Ids::new(8).of("problem", 3));
    }

    #[test]
    fn identities_grow_with_the_row_and_those_of_leads_do_not() {
        let ids = Ids::new(7);
        assert!((0..500).all(|number| ids.of("problem", number) < ids.of("problem", number + 1)));
        assert!(
            (0..50).any(|number| ids.without_order("lead", number) > ids.without_order("lead", number + 1))
        );
        assert_eq!(ids.without_order("lead", 1).get_version_num(), 4);
    }
}
