//! Envelopes: a key for one content, encrypted to somebody's public key (SM2, GB/T 32918.4), so that whoever
//! closes an envelope cannot open it again. The content itself is sealed with that key (see [`super::stream`]).

use sm2::{
    PublicKey, SecretKey,
    elliptic_curve::common::getrandom::SysRng,
    pke::{DecryptingKey, EncryptingKey},
};

use super::{fill, hex, unhex};
use crate::{Error, Result};

/// A new key, and the same encrypted to the holder of the key whose public half is given (an uncompressed point
/// as hex). The ciphertext is C1‖C3‖C2 as hex.
pub fn enclose(public_key: &str) -> Result<([u8; 32], String)> {
    let unusable = || Error::Fault(String::from("the public key of the envelope is not usable"));
    let point = unhex(public_key).ok_or_else(unusable)?;
    let public = PublicKey::from_sec1_bytes(&point).map_err(|_| unusable())?;
    let mut key = [0u8; 32];
    fill(&mut key)?;
    let wrapped = EncryptingKey::new(public)
        .encrypt(&mut SysRng, &key)
        .map_err(|_| Error::Fault(String::from("an envelope could not be closed")))?;
    Ok((key, hex(&wrapped)))
}

/// The key that [`enclose`] encrypted; none when it was encrypted to somebody else or changed.
pub fn disclose(secret: &[u8], wrapped: &str) -> Option<[u8; 32]> {
    let secret = SecretKey::from_slice(secret).ok()?;
    let plain = DecryptingKey::new(secret).decrypt(&unhex(wrapped)?).ok()?;
    plain.try_into().ok()
}

/// The public half of a secret key, as an uncompressed point in hex.
pub fn public_half(secret: &[u8]) -> Result<String> {
    let secret = SecretKey::from_slice(secret)
        .map_err(|_| Error::Fault(String::from("the secret key is not usable")))?;
    Ok(hex(&secret.public_key().to_sec1_bytes()))
}

/// A new secret key. Not every number of 256 bits is one, so it is asked for until it is.
pub fn new_secret() -> Result<Vec<u8>> {
    loop {
        let mut bytes = [0u8; 32];
        fill(&mut bytes)?;
        if SecretKey::from_slice(&bytes).is_ok() {
            return Ok(bytes.to_vec());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_holder_of_the_secret_opens_an_envelope() {
        let (mine, other) = (new_secret().unwrap(), new_secret().unwrap());
        let (key, wrapped) = enclose(&public_half(&mine).unwrap()).unwrap();
        assert_eq!(disclose(&mine, &wrapped), Some(key));
        assert_eq!(disclose(&other, &wrapped), None);
        let mut changed = wrapped.clone();
        changed.replace_range(140..141, if &wrapped[140..141] == "0" { "1" } else { "0" });
        assert_eq!(disclose(&mine, &changed), None);
        for broken in ["", "zz", "04", &wrapped[..100]] {
            assert_eq!(disclose(&mine, broken), None, "{broken}");
        }
    }

    #[test]
    fn the_example_of_the_standard_is_decrypted() {
        // GB/T 32918.5, example of encryption: 19 bytes of text, so not a key of ours, but the same algorithm.
        let secret = unhex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8").unwrap();
        assert_eq!(
            public_half(&secret).unwrap(),
            "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
             ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
        );
        let cipher = unhex(
            "0404ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73\
             e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0\
             59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766\
             21886ca989ca9c7d58087307ca93092d651efa",
        )
        .unwrap();
        let secret = SecretKey::from_slice(&secret).unwrap();
        let plain = DecryptingKey::new(secret).decrypt(&cipher).unwrap();
        assert_eq!(plain, b"encryption standard");
    }
}
