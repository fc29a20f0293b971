//! What a draft says, in one canonical form: what its signatures sign, so that a change after a
//! signature shows by itself.

use kit::{Result, audit::netstrings, seal};
use serde::{Deserialize, Serialize};

use super::{Draft, Officer, Signature};

/// A rule the matter is measured by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The rule.
    pub rule: String,
    /// Its article, in numbers and words.
    pub article: String,
}

/// A body or person responsible.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// Kind of responsibility (dictionary `responsibility_kind`).
    pub kind: String,
    /// Who.
    pub name: String,
}

impl Draft {
    /// The rules the matter is measured by.
    pub fn bases(&self) -> Result<Vec<Basis>> {
        Ok(serde_json::from_str(&self.bases)?)
    }

    /// Who is responsible.
    pub fn bodies(&self) -> Result<Vec<Body>> {
        Ok(serde_json::from_str(&self.bodies)?)
    }

    /// Field areas as codes of the dictionary `field`.
    pub fn field_codes(&self) -> impl Iterator<Item = &str> {
        self.fields.split(',').filter(|code| !code.is_empty())
    }

    /// Framework items as codes of the dictionary `framework_2`.
    pub fn framework_codes(&self) -> impl Iterator<Item = &str> {
        self.frameworks.split(',').filter(|code| !code.is_empty())
    }
}

/// The digest that is signed: SM3 over the netstrings of everything the sheet says, the officers in their
/// order and the digests of the evidence in the order of its numbers.
pub fn digest(draft: &Draft, officers: &[Officer], evidence: &[String]) -> String {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let mut parts: Vec<String> = vec![
        String::from("draft/1"),
        draft.number.clone(),
        draft.unit_id.to_string(),
        draft.title.clone(),
        draft.source.clone(),
        draft.learnt.clone(),
        draft.overview.clone(),
        draft.facts.clone(),
        draft.phenomenon.clone(),
        draft.qualification.clone(),
        draft.responsibility.clone(),
        draft.bases.clone(),
        draft.bodies.clone(),
        number(draft.amount_fen.map(|fen| fen.0)),
        number(draft.people_affected),
        day(draft.period_from),
        day(draft.period_to),
        draft.fields.clone(),
        draft.frameworks.clone(),
        draft.effect.clone(),
        draft.exchange.clone(),
        day(draft.exchanged_on),
        draft.found_on.to_string(),
        officers.len().to_string(),
    ];
    parts.extend(officers.iter().flat_map(|officer| [officer.account_id.to_string(), officer.name.clone()]));
    parts.extend(evidence.iter().cloned());
    seal::digest(&netstrings(parts))
}

/// The signatures in force that signed something else than `digest`.
pub fn changed_since<'a>(
    signatures: &'a [Signature],
    digest: &'a str,
) -> impl Iterator<Item = &'a Signature> + use<'a> {
    signatures.iter().filter(move |signature| signature.holds && signature.digest != digest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drafts::{State, store};
    use kit::Fen;

    fn signed(change: impl Fn(&mut Draft)) -> String {
        let mut draft = store::sample(State::Signing);
        change(&mut draft);
        digest(&draft, &[], &[String::from("e1")])
    }

    #[test]
    fn every_part_of_the_sheet_changes_what_is_signed_and_its_way_through_the_states_does_not() {
        let base = signed(|_| {});
        let changed: Vec<String> = vec![
            signed(|draft| draft.title.push('甲')),
            signed(|draft| draft.facts.push('甲')),
            signed(|draft| draft.bases = String::from("[{\"rule\":\"规定\",\"article\":\"一\"}]")),
            signed(|draft| draft.amount_fen = Some(Fen(1))),
            signed(|draft| draft.period_from = Some(draft.found_on)),
            signed(|draft| draft.exchange.push('甲')),
        ];
        assert!(changed.iter().all(|digest| *digest != base));
        assert_eq!(
            base,
            signed(|draft| {
                draft.state = State::Approved;
                draft.official_number = Some(String::from("〔2023〕第五轮-第一巡察组-001"));
                draft.version += 3;
            })
        );
    }

    #[test]
    fn evidence_more_less_or_in_another_order_changes_what_is_signed() {
        let draft = store::sample(State::Signing);
        let with = |evidence: &[&str]| {
            let evidence: Vec<String> = evidence.iter().map(|text| (*text).to_owned()).collect();
            digest(&draft, &[], &evidence)
        };
        let all = [with(&["a", "b"]), with(&["b", "a"]), with(&["a"]), with(&["ab"]), with(&[])];
        for (at, one) in all.iter().enumerate() {
            assert!(all.iter().skip(at + 1).all(|other| other != one));
        }
    }
}
