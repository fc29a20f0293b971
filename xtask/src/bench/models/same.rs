//! Whether two answers of the indicators say the same: the same flags, for the same objects, with the same values.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

const GROUPS: [&str; 4] = ["OCID", "Buyer", "ProcuringEntity", "Tenderer"];

/// Group, object and indicator with the value.
type Flags = BTreeMap<(String, String, String), f64>;

/// Says how many flags agree.
///
/// # Errors
/// Names the first flags that differ.
pub(super) fn compare(ours: &str, theirs: &str) -> Result<String> {
    let (ours, theirs) = (flags(ours)?, flags(theirs)?);
    let differs = |flag: &&(String, String, String)| match (ours.get(*flag), theirs.get(*flag)) {
        (Some(one), Some(other)) => (one - other).abs() > 1e-9 * one.abs().max(1e-9),
        _ => true,
    };
    let all: std::collections::BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
    let odd: Vec<_> = all.into_iter().filter(differs).collect();
    if let Some(first) = odd.first() {
        let (one, other) = (ours.get(*first), theirs.get(*first));
        bail!("{} flags differ, the first is {first:?}: ours {one:?}, theirs {other:?}", odd.len());
    }
    Ok(format!("{} flags, all the same with the same values", ours.len()))
}

fn flags(text: &str) -> Result<Flags> {
    let answer: Value = serde_json::from_str(text).context("an answer is no JSON")?;
    let mut found = Flags::new();
    for group in GROUPS {
        for (object, held) in answer.get(group).and_then(Value::as_object).into_iter().flatten() {
            for (indicator, value) in held.as_object().into_iter().flatten() {
                // The publisher prints some values as texts.
                let value = match value {
                    Value::String(text) => text.parse().ok(),
                    other => other.as_f64(),
                };
                let value = value.with_context(|| format!("{group} {object} {indicator} is no number"))?;
                found.insert((group.to_owned(), object.clone(), indicator.clone()), value);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_too_many_and_another_value_are_told_from_the_same() {
        let one = r#"{"OCID":{"a":{"R003":1.0,"R024":0.25}},"Meta":{"R024":{"q1":3}}}"#;
        assert!(compare(one, one).unwrap().starts_with("2 flags"));
        for other in [r#"{"OCID":{"a":{"R003":1.0}}}"#, r#"{"OCID":{"a":{"R003":1.0,"R024":0.26}}}"#] {
            assert!(compare(one, other).is_err());
        }
    }
}
