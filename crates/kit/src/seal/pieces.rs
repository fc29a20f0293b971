//! Files at rest: encrypted and authenticated piece by piece, so that neither writing nor reading one
//! ever needs the whole of it.
//!
//! Every file has a key of its own (so the counter may begin at zero), wrapped by the installation's
//! key. Piece `n` is SM4-CTR over up to [`PIECE`] bytes, followed by an HMAC-SM3 over its place, whether
//! it is the last, and its bytes: pieces cannot be exchanged, left out or cut off unseen.

use std::fmt;

use ctr::cipher::{KeyIvInit as _, StreamCipher as _};
use hmac::Mac as _;
use subtle::ConstantTimeEq as _;

use super::{HmacSm3, Seal, Sm4Ctr, fill, hex, unhex};
use crate::{Error, Result};

/// Bytes of plain text in a piece.
pub const PIECE: usize = 64 * 1024;
/// Bytes of the tag behind each piece.
pub const TAG: usize = 32;
/// Blocks of the cipher in a piece.
const BLOCKS: u128 = (PIECE / 16) as u128;

/// Where a piece stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its place, from 0.
    pub at: u64,
    /// Whether the file ends with it.
    pub last: bool,
}

/// The key of one file.
#[derive(Clone, PartialEq, Eq)]
pub struct FileKey {
    cipher: [u8; 16],
    mac: [u8; 32],
}

impl fmt::Debug for FileKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("FileKey(…)")
    }
}

impl FileKey {
    /// A new key from the operating system's randomness.
    pub fn new() -> Result<Self> {
        let mut key = Self { cipher: [0; 16], mac: [0; 32] };
        fill(&mut key.cipher)?;
        fill(&mut key.mac)?;
        Ok(key)
    }

    /// The key as it is stored, for `context` only.
    pub fn wrap(&self, seal: &Seal, context: &str) -> Result<String> {
        seal.seal(context, &format!("{}{}", hex(&self.cipher), hex(&self.mac)))
    }

    /// The key that [`FileKey::wrap`] stored for the same `context`.
    pub fn unwrap(seal: &Seal, context: &str, wrapped: &str) -> Result<Self> {
        let broken = || Error::Fault(format!("the key of {context} does not open"));
        let bytes = unhex(&seal.open(context, wrapped)?).ok_or_else(broken)?;
        let (cipher, mac) = bytes.split_at_checked(16).ok_or_else(broken)?;
        Ok(Self {
            cipher: cipher.try_into().map_err(|_| broken())?,
            mac: mac.try_into().map_err(|_| broken())?,
        })
    }

    /// Encrypts a piece in place and gives its tag.
    pub fn lock(&self, place: Piece, bytes: &mut [u8]) -> [u8; TAG] {
        self.run(place, bytes);
        self.tag(place, bytes)
    }

    /// Decrypts a piece in place if `tag` fits it; else leaves it as it is.
    #[must_use]
    pub fn unlock(&self, place: Piece, bytes: &mut [u8], tag: &[u8]) -> bool {
        let fits: bool = self.tag(place, bytes).as_slice().ct_eq(tag).into();
        if fits {
            self.run(place, bytes);
        }
        fits
    }

    fn run(&self, place: Piece, bytes: &mut [u8]) {
        let counter = (u128::from(place.at) * BLOCKS).to_be_bytes();
        Sm4Ctr::new(&self.cipher.into(), &counter.into()).apply_keystream(bytes);
    }

    fn tag(&self, place: Piece, bytes: &[u8]) -> [u8; TAG] {
        // An HMAC takes keys of any length, so this cannot fail.
        let Ok(mut mac) = <HmacSm3 as hmac::KeyInit>::new_from_slice(&self.mac) else { return [0; TAG] };
        mac.update(b"xuncha/piece/1");
        mac.update(&place.at.to_be_bytes());
        mac.update(&[u8::from(place.last)]);
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_opens_only_in_its_own_place_and_unchanged() {
        let key = FileKey::new().unwrap();
        let place = Piece { at: 3, last: false };
        let mut bytes = b"evidence".to_vec();
        let tag = key.lock(place, &mut bytes);
        assert_ne!(bytes, b"evidence");
        for wrong in [Piece { at: 2, last: false }, Piece { at: 3, last: true }] {
            assert!(!key.unlock(wrong, &mut bytes.clone(), &tag));
        }
        let mut changed = bytes.clone();
        changed[0] ^= 1;
        assert!(!key.unlock(place, &mut changed, &tag));
        assert!(key.unlock(place, &mut bytes, &tag));
        assert_eq!(bytes, b"evidence");
    }

    #[test]
    fn the_same_text_looks_different_in_every_piece() {
        let key = FileKey::new().unwrap();
        let (mut one, mut other) = (vec![0u8; 64], vec![0u8; 64]);
        let _ = key.lock(Piece { at: 0, last: false }, &mut one);
        let _ = key.lock(Piece { at: 1, last: false }, &mut other);
        assert_ne!(one, other);
    }

    #[test]
    fn a_wrapped_key_opens_only_for_its_own_file() {
        let seal = Seal::new(&[7; 32]).unwrap();
        let key = FileKey::new().unwrap();
        let wrapped = key.wrap(&seal, "file/1").unwrap();
        assert_eq!(FileKey::unwrap(&seal, "file/1", &wrapped).unwrap(), key);
        assert!(FileKey::unwrap(&seal, "file/2", &wrapped).is_err());
    }
}
