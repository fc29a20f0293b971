//! Who meets whom, in markets made so that the answer is known.

use chrono::NaiveDate;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use screens::network::{Network, Participation, Settings};

use crate::near;

/// Honest firms that meet at random, `tenders` times.
fn market(tenders: usize, firms: usize, seed: u64) -> Participation {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut market = Participation::default();
    for tender in 0..tenders {
        let winner = random.random_range(0..5);
        for bidder in 0..5 {
            let firm = format!("企业{}", random.random_range(0..firms));
            market.bid(&format!("T{tender}"), &firm, bidder == winner);
        }
    }
    market
}

/// Adds a ring of three that takes turns in `tenders` tenders, beside one honest firm.
fn with_ring(mut market: Participation, tenders: u32) -> Participation {
    for tender in 0..tenders {
        let name = format!("R{tender}");
        for member in 0..3 {
            market.bid(&name, &format!("环{member}"), tender % 3 == member);
        }
        market.bid(&name, &format!("企业{tender}"), false);
        market.day(
            &name,
            NaiveDate::from_ymd_opt(2025, 1, 1).expect("a day") + chrono::Days::new(u64::from(tender)),
        );
    }
    market
}

fn names(network: &Network, firms: &[u32]) -> Vec<String> {
    firms.iter().map(|firm| network.name(*firm).to_owned()).collect()
}

#[test]
fn a_ring_is_found_among_honest_firms_and_its_turns_are_seen() {
    let network = with_ring(market(600, 200, 3), 12).network(&Settings::default());
    assert_eq!(network.groups.len(), 1, "{:?}", network.groups);
    let ring = &network.groups[0];
    assert_eq!(names(&network, &ring.members), ["环0", "环1", "环2"]);
    assert_eq!((ring.tenders.len(), ring.won, ring.never_won.len()), (12, 12, 0));
    assert!(ring.rotation.present());
    near(ring.coherence, 1.0);
    near(ring.density, 1.0);
    // Inside three pairs of weight one; outside 36 single meetings with firms met elsewhere as well.
    assert!(ring.exclusivity > 0.5 && ring.exclusivity < 1.0);
    let said = network.explain_group(ring);
    assert!(said.starts_with("环0、环1、环2共 3 家在 12 个标段中") && said.contains("轮换"), "{said}");
}

#[test]
fn honest_firms_that_meet_at_random_are_left_alone() {
    let found: usize =
        (0..5).map(|seed| market(600, 200, seed).network(&Settings::default()).pairs.len()).sum();
    assert!(found <= 1, "{found} pairs in five honest markets");
}

#[test]
fn measures_of_a_pair_are_those_of_the_formulas() {
    let mut market = Participation::default();
    for tender in 0..20 {
        let name = format!("T{tender}");
        if tender < 5 {
            market.bid(&name, "甲", tender % 2 == 0);
        }
        if (1..6).contains(&tender) {
            market.bid(&name, "乙", tender % 2 == 1);
        }
        market.bid(&name, &format!("丙{tender}"), false);
    }
    let network = market.network(&Settings { discovery_rate: 1.0, ..Settings::default() });
    let pair = network.pairs.first().expect("a pair");
    assert_eq!((network.name(pair.one), network.name(pair.other), pair.joint), ("甲", "乙", 4));
    near(pair.jaccard, 4.0 / 6.0);
    near(pair.lift, 4.0 * 20.0 / 25.0);
    // P(X ≥ 4) = (C(5,4) C(15,1) + 1) / C(20,5)
    near(pair.probability, 76.0 / 15_504.0);
    near(pair.discovery_rate, (76.0 / 15_504.0 * network.compared as f64).min(1.0));
    near(pair.deviations.expect("a value"), (4.0 - 1.25) / (25.0 * 225.0 / (400.0 * 19.0_f64)).sqrt());
    assert_eq!((pair.lost_to_other, pair.lost_to_one, pair.mutual_losses()), (2, 2, 2));
    assert!(network.explain_pair(pair).contains("同时投标 4 次，按各自参与频度预期约 1.2 次"));
}

#[test]
fn companions_bid_often_never_win_and_serve_one_winner() {
    let mut market = market(100, 40, 1);
    for tender in 0..6 {
        let name = format!("C{tender}");
        market.bid(&name, "陪衬", false);
        market.bid(&name, "主角", tender < 5);
        market.bid(&name, &format!("旁人{tender}"), tender == 5);
    }
    let network = market.network(&Settings::default());
    let companion = network.companions.iter().find(|held| network.name(held.firm) == "陪衬").expect("found");
    assert_eq!((network.name(companion.winner), companion.attended, companion.lost_to), ("主角", 6, 5));
    assert!(companion.probability < 1e-5);
    assert!(network.explain_companion(companion).starts_with("陪衬投标 6 次从未中标，其中 5 次由主角中标"));
}

#[test]
fn wide_tenders_tie_nobody() {
    let mut market = Participation::default();
    for tender in 0..10 {
        for firm in 0..80 {
            market.bid(&format!("T{tender}"), &format!("{firm}"), false);
        }
    }
    let network = market.network(&Settings::default());
    assert_eq!((network.wide, network.compared, network.groups.len()), (10, 0, 0));
    assert_eq!(network.attended(0), 10);
}

#[test]
fn nothing_gives_nothing_and_the_order_of_bids_in_a_tender_changes_nothing() {
    let empty = Participation::default().network(&Settings::default());
    assert!(empty.pairs.is_empty() && empty.groups.is_empty() && empty.companions.is_empty());
    let (mut one, mut other) = (Participation::default(), Participation::default());
    for firm in ["a", "b", "c"] {
        one.bid("names", firm, false);
        other.bid("names", firm, false);
    }
    for tender in 0..9 {
        for firm in ["a", "b", "c"] {
            one.bid(&tender.to_string(), firm, firm == "a");
            other.bid(&tender.to_string(), ["c", "b", "a"][firm.as_bytes()[0] as usize - 97], firm == "c");
        }
    }
    assert_eq!(one.network(&Settings::default()), other.network(&Settings::default()));
}
