//! The one place with cryptography: digests, sealed fields, secrets, signatures.
//!
//! National algorithms (SM3 GB/T 32905, SM4 GB/T 32907, SM2 GB/T 32918) behind one type, so that a
//! certified module can take its place.

pub mod envelope;
pub mod otp;
pub mod stream;

use ctr::cipher::{KeyIvInit as _, StreamCipher as _};
use hmac::{Hmac, Mac as _};
use sm3::{Digest as _, Sm3};
use subtle::ConstantTimeEq as _;

use crate::{Error, Result};

mod pieces;

pub use pieces::{FileKey, PIECE, Piece, TAG};

type Sm4Ctr = ctr::Ctr128BE<sm4::Sm4>;
type HmacSm3 = Hmac<Sm3>;

const NONCE: usize = 16;

/// SM3 digest as lower-case hex.
pub fn digest(bytes: &[u8]) -> String {
    hex(&Sm3::digest(bytes))
}

/// An SM3 digest fed piece by piece.
#[derive(Default)]
pub struct Digesting(Sm3);

impl Digesting {
    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The digest as lower-case hex.
    pub fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

/// SM3 digest of what is left to be read, piece by piece.
///
/// # Errors
/// Whatever reading answers.
pub fn digest_of(reader: &mut impl std::io::Read) -> std::io::Result<String> {
    let (mut digesting, mut portion) = (Digesting::default(), vec![0u8; 256 * 1024]);
    loop {
        match reader.read(&mut portion)? {
            0 => return Ok(digesting.finish()),
            count => digesting.update(portion.get(..count).unwrap_or_default()),
        }
    }
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Reads hex of any case.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

/// A new secret of 256 bits from the operating system, as hex.
pub fn secret() -> Result<String> {
    let mut bytes = [0u8; 32];
    fill(&mut bytes)?;
    Ok(hex(&bytes))
}

/// Whether two secrets are equal, in a time that does not tell where they differ.
pub fn same_secret(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

fn fill(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|error| Error::Fault(format!("randomness: {error}")))
}

/// The key of a backup with this salt, for whoever knows the passphrase (Argon2id, 64 MiB, 3 passes).
pub fn passphrase_key(passphrase: &str, salt: &str) -> Result<[u8; 32]> {
    let fault = |error: argon2::Error| Error::Fault(format!("passphrase: {error}"));
    let params = argon2::Params::new(64 * 1024, 3, 1, Some(32)).map_err(fault)?;
    let mut key = [0u8; 32];
    argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt.as_bytes(), &mut key)
        .map_err(fault)?;
    Ok(key)
}

/// The installation's keys: one to encrypt, one to authenticate, both derived from the key file.
#[derive(Clone)]
pub struct Seal {
    cipher: [u8; 16],
    mac: [u8; 32],
}

impl Seal {
    /// Keys from the content of the key file (at least 32 bytes).
    pub fn new(key: &[u8]) -> Result<Self> {
        if key.len() < 32 {
            return Err(Error::Fault(String::from("the key file is shorter than 32 bytes")));
        }
        let derive = |purpose: &[u8]| Sm3::new().chain_update(key).chain_update(purpose).finalize();
        let mut cipher = [0u8; 16];
        for (to, from) in cipher.iter_mut().zip(derive(b"xuncha/encrypt/1")) {
            *to = from;
        }
        let mut mac = [0u8; 32];
        for (to, from) in mac.iter_mut().zip(derive(b"xuncha/authenticate/1")) {
            *to = from;
        }
        Ok(Self { cipher, mac })
    }

    /// Encrypts then authenticates `text` (SM4-CTR, HMAC-SM3). `context` binds the result to its
    /// place (`lead/ID/content`): moved to another record it no longer opens.
    pub fn seal(&self, context: &str, text: &str) -> Result<String> {
        let mut nonce = [0u8; NONCE];
        fill(&mut nonce)?;
        let mut body = text.as_bytes().to_vec();
        Sm4Ctr::new(&self.cipher.into(), &nonce.into()).apply_keystream(&mut body);
        let tag = self.tag(context, &nonce, &body);
        Ok(format!("s1:{}{}{}", hex(&nonce), hex(&body), hex(&tag)))
    }

    /// Opens what [`Seal::seal`] made for the same `context`.
    pub fn open(&self, context: &str, sealed: &str) -> Result<String> {
        let broken = || Error::Fault(format!("sealed text of {context} does not open"));
        let bytes = sealed.strip_prefix("s1:").and_then(unhex).ok_or_else(broken)?;
        if bytes.len() < NONCE + TAG {
            return Err(broken());
        }
        let (nonce, rest) = bytes.split_at(NONCE);
        let (body, tag) = rest.split_at(rest.len() - TAG);
        if !bool::from(self.tag(context, nonce, body).as_slice().ct_eq(tag)) {
            return Err(broken());
        }
        let mut body = body.to_vec();
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| broken())?;
        Sm4Ctr::new(&self.cipher.into(), &nonce.into()).apply_keystream(&mut body);
        String::from_utf8(body).map_err(|_| broken())
    }

    /// A keyed digest for tokens that the program hands out and takes back.
    pub fn token(&self, purpose: &str, text: &str) -> String {
        hex(&self.tag(purpose, text.as_bytes(), b""))
    }

    /// The key of a backup with this salt, for whoever holds the installation's key.
    pub fn backup_key(&self, salt: &str) -> [u8; 32] {
        let mut key = [0u8; 32];
        for (to, from) in key.iter_mut().zip(self.tag("backup", salt.as_bytes(), b"")) {
            *to = from;
        }
        key
    }

    fn tag(&self, context: &str, nonce: &[u8], body: &[u8]) -> Vec<u8> {
        // An HMAC takes keys of any length, so this cannot fail; the empty tag never matches.
        let Ok(mut mac) = <HmacSm3 as hmac::KeyInit>::new_from_slice(&self.mac) else { return Vec::new() };
        mac.update(&(context.len() as u64).to_be_bytes());
        mac.update(context.as_bytes());
        mac.update(nonce);
        mac.update(body);
        mac.finalize().into_bytes().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal() -> Seal {
        Seal::new(&[7; 32]).unwrap()
    }

    #[test]
    fn sm3_gives_the_digest_of_the_standard() {
        let standard = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
        assert_eq!(digest(b"abc"), standard);
        assert_eq!(digest_of(&mut &b"abc"[..]).unwrap(), standard);
    }

    #[test]
    fn a_sealed_text_opens_only_in_its_own_place() {
        let sealed = seal().seal("lead/1/content", "反映某某问题").unwrap();
        assert!(!sealed.contains("反映"));
        assert_eq!(seal().open("lead/1/content", &sealed).unwrap(), "反映某某问题");
        assert!(seal().open("lead/2/content", &sealed).is_err());
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let sealed = seal().seal("x", "text").unwrap();
        let mut bytes = sealed.into_bytes();
        bytes[40] = if bytes[40] == b'0' { b'1' } else { b'0' };
        assert!(seal().open("x", &String::from_utf8(bytes).unwrap()).is_err());
    }
}
