//! Checkpoints: where the audit chain stood, signed, to be kept away from the machine. A chain alone
//! proves nothing against whoever owns the database; a chain that no longer fits an earlier
//! checkpoint was cut or exchanged.
//!
//! The signature is SM2 (GB/T 32918) with the standard's default identity `1234567812345678`, over
//! the netstrings `office · seq · hash · at` (see [`crate::audit`]), as hex of r and s.

use db::Sql;
use serde::{Deserialize, Serialize};
use sm2::{
    SecretKey,
    dsa::{
        Signature, SigningKey, VerifyingKey,
        signature::{Signer as _, Verifier as _},
    },
};

use crate::{Cx, Error, Refusal, Result, audit, seal};

const IDENTITY: &str = "1234567812345678";

/// Where the chain stood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Name of the office.
    pub office: String,
    /// Number of the last entry.
    pub seq: i64,
    /// Its digest.
    pub hash: String,
    /// When the checkpoint was taken, as the chain writes instants.
    pub at: String,
    /// The signing key's public half, uncompressed point as hex.
    pub public_key: String,
    /// The signature as hex.
    pub signature: String,
}

impl Checkpoint {
    fn message(&self) -> Vec<u8> {
        audit::netstrings([&self.office, &self.seq.to_string(), &self.hash, &self.at])
    }
}

/// Takes a checkpoint of the chain as it stands; `key` is the installation's signing key.
pub async fn take(cx: &Cx, key: &[u8]) -> Result<Checkpoint> {
    let rows = cx.rows(Sql::new("select seq, hash from audit_head where id = 1")).await?;
    let row = rows.first().ok_or_else(|| Error::Fault(String::from("the audit head is missing")))?;
    let signer = signing_key(key)?;
    let mut checkpoint = Checkpoint {
        office: cx.app().office().to_owned(),
        seq: row.try_get_by_index(0)?,
        hash: row.try_get_by_index(1)?,
        at: audit::instant_text(cx.now),
        public_key: seal::hex(&signer.verifying_key().to_sec1_bytes()),
        signature: String::new(),
    };
    let signature: Signature = signer.sign(&checkpoint.message());
    checkpoint.signature = seal::hex(&signature.to_bytes());
    Ok(checkpoint)
}

/// Checks an earlier checkpoint against the chain as it stands now.
///
/// # Errors
/// A refusal that says what does not fit: the signature, a chain that is shorter, another entry.
pub async fn check(cx: &Cx, checkpoint: &Checkpoint) -> Result<()> {
    check_signature(checkpoint)?;
    let mut sql = Sql::new("select hash from audit_entry where seq = ");
    sql.bind(checkpoint.seq);
    let rows = cx.rows(sql).await?;
    let Some(row) = rows.first() else {
        let message =
            format!("审计链没有第 {} 条，短于检查点：末尾被删除，或数据库被换成了旧的。", checkpoint.seq);
        return Err(Refusal::conflict(message).into());
    };
    if row.try_get_by_index::<String>(0)? != checkpoint.hash {
        let message = format!("审计链第 {} 条与检查点不符：此前的记录被改动过。", checkpoint.seq);
        return Err(Refusal::conflict(message).into());
    }
    Ok(())
}

/// Checks only the signature.
pub fn check_signature(checkpoint: &Checkpoint) -> Result<()> {
    let broken = || Error::from(Refusal::conflict("检查点的签名不正确，文件被改动过。"));
    let key = seal::unhex(&checkpoint.public_key).ok_or_else(broken)?;
    let key = VerifyingKey::from_sec1_bytes(IDENTITY, &key).map_err(|_| broken())?;
    let signature = seal::unhex(&checkpoint.signature).ok_or_else(broken)?;
    let signature = Signature::from_slice(&signature).map_err(|_| broken())?;
    key.verify(&checkpoint.message(), &signature).map_err(|_| broken())
}

/// A signature and the public half of the key that made it, both as hex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The public half, uncompressed point.
    pub public_key: String,
    /// The signature.
    pub signature: String,
}

/// Signs `message` with the installation's signing key.
pub fn sign(key: &[u8], message: &[u8]) -> Result<Signed> {
    let signer = signing_key(key)?;
    let signature: Signature = signer.sign(message);
    Ok(Signed {
        public_key: seal::hex(&signer.verifying_key().to_sec1_bytes()),
        signature: seal::hex(&signature.to_bytes()),
    })
}

/// Whether `signature` was made under `message` with the key whose public half is given.
pub fn is_signed(public_key: &str, signature: &str, message: &[u8]) -> bool {
    let key = seal::unhex(public_key).and_then(|key| VerifyingKey::from_sec1_bytes(IDENTITY, &key).ok());
    let signature = seal::unhex(signature).and_then(|bytes| Signature::from_slice(&bytes).ok());
    matches!((key, signature), (Some(key), Some(signature)) if key.verify(message, &signature).is_ok())
}

fn signing_key(key: &[u8]) -> Result<SigningKey> {
    let unusable = || Error::Fault(String::from("the signing key file is not usable"));
    let secret = SecretKey::from_slice(key).map_err(|_| unusable())?;
    SigningKey::new(IDENTITY, &secret).map_err(|_| unusable())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed() -> Checkpoint {
        let signer = signing_key(&[7; 32]).unwrap();
        let mut checkpoint = Checkpoint {
            office: "某市委巡察办".into(),
            seq: 12,
            hash: "ab".into(),
            at: "2023-12-31T00:00:00.000Z".into(),
            public_key: seal::hex(&signer.verifying_key().to_sec1_bytes()),
            signature: String::new(),
        };
        let signature: Signature = signer.sign(&checkpoint.message());
        checkpoint.signature = seal::hex(&signature.to_bytes());
        checkpoint
    }

    #[test]
    fn a_signed_checkpoint_is_accepted_and_a_changed_one_is_not() {
        assert!(check_signature(&signed()).is_ok());
        assert!(check_signature(&Checkpoint { seq: 11, ..signed() }).is_err());
        assert!(check_signature(&Checkpoint { hash: "ac".into(), ..signed() }).is_err());
    }
}
