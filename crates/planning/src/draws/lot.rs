//! The drawing of lots itself (抽签算法). Pure, and simple enough to be repeated by anybody with a program for SM3:
//!
//! 1. the digest of the list is SM3 over its lines, joined by a line feed;
//! 2. the seed is SM3 over that digest, a line feed and the number the witness named;
//! 3. the lot of each line is SM3 over the seed, a line feed and the line;
//! 4. the lines with the smallest lots are drawn, in the order of their lots as hexadecimal text.

use kit::seal::digest;

/// The digest under which a list is published before the number is named.
pub fn list_digest(lines: &[&str]) -> String {
    digest(lines.join("\n").as_bytes())
}

/// The seed that list and number give.
pub fn seed(list_digest: &str, nonce: &str) -> String {
    digest(format!("{list_digest}\n{nonce}").as_bytes())
}

/// The first `number` lines in the order of their lots.
pub fn draw<'a>(lines: &[&'a str], seed: &str, number: usize) -> Vec<&'a str> {
    let mut lots: Vec<(String, &str)> =
        lines.iter().map(|line| (digest(format!("{seed}\n{line}").as_bytes()), *line)).collect();
    lots.sort();
    lots.into_iter().take(number).map(|(_, line)| line).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_digest_is_sm3_as_the_standard_has_it() {
        let standard = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
        assert_eq!(digest(b"abc"), standard);
    }

    #[test]
    fn another_number_draws_others_and_the_same_number_the_same() {
        let names: Vec<String> = (0..40).map(|number| format!("{number} 人员{number}")).collect();
        let lines: Vec<&str> = names.iter().map(String::as_str).collect();
        let published = list_digest(&lines);
        let with = |nonce: &str| draw(&lines, &seed(&published, nonce), 5);
        assert_eq!(with("2718"), with("2718"));
        let different: BTreeSet<Vec<&str>> = (0..20).map(|nonce| with(&nonce.to_string())).collect();
        assert!(different.len() > 15);
    }

    #[test]
    fn everybody_is_drawn_about_as_often() {
        let lines = ["甲", "乙", "丙", "丁"];
        let published = list_digest(&lines);
        let firsts = |line: &str| {
            let nonces = 0..2000;
            nonces.filter(|nonce| draw(&lines, &seed(&published, &nonce.to_string()), 1) == [line]).count()
        };
        for line in lines {
            assert!((400..600).contains(&firsts(line)), "{line}: {}", firsts(line));
        }
    }

    proptest! {
        #[test]
        fn as_many_as_asked_for_are_drawn_each_once(count in 0_usize..20, number in 0_usize..25, nonce in "[0-9]{4,8}") {
            let names: Vec<String> = (0..count).map(|number| format!("人员{number}")).collect();
            let lines: Vec<&str> = names.iter().map(String::as_str).collect();
            let drawn = draw(&lines, &seed(&list_digest(&lines), &nonce), number);
            prop_assert_eq!(drawn.len(), number.min(count));
            let once: BTreeSet<&&str> = drawn.iter().collect();
            prop_assert_eq!(once.len(), drawn.len());
        }
    }
}
