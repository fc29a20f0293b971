//! Proofs of hand-over: what was handed over, as a digest signed with the installation's key, and what the
//! receiver confirmed. Both sides keep the same file; neither can later say it was something else.
//!
//! The canonical forms are netstrings (see [`crate::audit`]):
//! hand-over `handover/1 · office · subject · digest · at`, receipt `receipt/1 · subject · digest · by · at`;
//! the receipt's digest is SM3 over its canonical form, and both forms are signed (SM2, GB/T 32918, default
//! identity). What was handed over itself never stands in the file.

use serde::{Deserialize, Serialize};

use crate::{Error, Refusal, Result, audit::netstrings, checkpoint, seal};

/// A proof of hand-over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Name of the office that hands over.
    pub office: String,
    /// Number under which it was handed over.
    pub subject: String,
    /// SM3 digest of what was handed over.
    pub digest: String,
    /// When, as the audit chain writes instants.
    pub at: String,
    /// The signing key's public half, uncompressed point as hex.
    pub public_key: String,
    /// Signature of the hand-over as hex.
    pub signature: String,
    /// What the receiver confirmed, once it has.
    pub receipt: Option<Receipt>,
}

/// The receiver's confirmation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Who confirmed for the receiver.
    pub by: String,
    /// When.
    pub at: String,
    /// SM3 digest of the receipt's canonical form.
    pub digest: String,
    /// Signature of that form as hex.
    pub signature: String,
}

impl Proof {
    /// Signs the hand-over of `digest` under `subject`.
    pub fn sign(office: &str, subject: &str, digest: &str, at: &str, key: &[u8]) -> Result<Self> {
        let signed = checkpoint::sign(key, &handover(office, subject, digest, at))?;
        Ok(Self {
            office: office.to_owned(),
            subject: subject.to_owned(),
            digest: digest.to_owned(),
            at: at.to_owned(),
            public_key: signed.public_key,
            signature: signed.signature,
            receipt: None,
        })
    }

    /// Checks both signatures and the receipt's digest.
    ///
    /// # Errors
    /// A refusal that says which part does not fit.
    pub fn check(&self) -> Result<()> {
        let form = handover(&self.office, &self.subject, &self.digest, &self.at);
        if !checkpoint::is_signed(&self.public_key, &self.signature, &form) {
            return Err(broken("移交签名不正确"));
        }
        let Some(receipt) = &self.receipt else { return Ok(()) };
        let form = receipt_form(&self.subject, &self.digest, &receipt.by, &receipt.at);
        if seal::digest(&form) != receipt.digest {
            return Err(broken("签收摘要不正确"));
        }
        if !checkpoint::is_signed(&self.public_key, &receipt.signature, &form) {
            return Err(broken("签收签名不正确"));
        }
        Ok(())
    }
}

impl Receipt {
    /// Signs that `by` confirmed the hand-over of `digest` under `subject`.
    pub fn sign(subject: &str, digest: &str, by: &str, at: &str, key: &[u8]) -> Result<Self> {
        let form = receipt_form(subject, digest, by, at);
        Ok(Self {
            by: by.to_owned(),
            at: at.to_owned(),
            digest: seal::digest(&form),
            signature: checkpoint::sign(key, &form)?.signature,
        })
    }
}

fn broken(what: &str) -> Error {
    Refusal::conflict(format!("{what}，证明文件被改动过，或者不是本系统写出的。")).into()
}

fn handover(office: &str, subject: &str, digest: &str, at: &str) -> Vec<u8> {
    netstrings(["handover/1", office, subject, digest, at])
}

fn receipt_form(subject: &str, digest: &str, by: &str, at: &str) -> Vec<u8> {
    netstrings(["receipt/1", subject, digest, by, at])
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];
    const AT: &str = "2023-06-01T01:00:00.000Z";

    fn proof() -> Proof {
        let mut proof = Proof::sign("某市委巡察办", "YJ2023-0012", "ab", AT, &KEY).unwrap();
        proof.receipt = Some(Receipt::sign("YJ2023-0012", "ab", "市纪委监委 某某", AT, &KEY).unwrap());
        proof
    }

    #[test]
    fn a_proof_holds_with_and_without_its_receipt() {
        assert!(proof().check().is_ok());
        assert!(Proof { receipt: None, ..proof() }.check().is_ok());
    }

    #[test]
    fn any_changed_part_of_a_proof_is_noticed() {
        let text = |text: &str| text.to_owned();
        let receipt = proof().receipt.unwrap();
        let with = |receipt: Receipt| Proof { receipt: Some(receipt), ..proof() };
        for changed in [
            Proof { office: text("另一市委巡察办"), ..proof() },
            Proof { subject: text("YJ2023-0013"), ..proof() },
            Proof { digest: text("ac"), ..proof() },
            Proof { at: text("2023-06-02T01:00:00.000Z"), ..proof() },
            Proof { public_key: text("04"), ..proof() },
            with(Receipt { by: text("别人"), ..receipt.clone() }),
            with(Receipt { digest: text("00"), ..receipt.clone() }),
            with(Receipt { signature: proof().signature, ..receipt }),
        ] {
            assert!(changed.check().is_err(), "{changed:?}");
        }
    }
}
