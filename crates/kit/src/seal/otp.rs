//! One-time codes of authenticators (RFC 6238). HMAC-SHA1, six digits and thirty seconds are what every
//! authenticator knows, so they are not open to choice.

use chrono::{DateTime, Utc};
use totp_rs::{Algorithm, Builder, Secret, Totp};

use super::fill;
use crate::{Error, Result};

/// A new secret of 160 bits from the operating system, in base 32 as authenticators take it.
pub fn new_secret() -> Result<String> {
    let mut bytes = [0u8; 20];
    fill(&mut bytes)?;
    Ok(Secret::from(bytes).to_base32())
}

fn totp(secret: &str) -> Result<Totp> {
    let secret = Secret::try_from_base32(secret)
        .map_err(|_| Error::Fault(String::from("the secret of an authenticator cannot be read")))?;
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_skew(1)
        .with_secret(secret)
        .build()
        .map_err(|error| Error::Fault(format!("authenticator: {error}")))
}

fn seconds(now: DateTime<Utc>) -> u64 {
    u64::try_from(now.timestamp()).unwrap_or(0)
}

/// The step of time whose code was typed, the one before and after included; nothing when it is
/// another code. Whoever asks must take each step only once.
pub fn matching_step(secret: &str, code: &str, now: DateTime<Utc>) -> Result<Option<i64>> {
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    Ok(totp(secret)?.check(code, seconds(now)).and_then(|step| i64::try_from(step).ok()))
}

/// The code of `now`, for tests.
#[cfg(feature = "testing")]
pub fn code(secret: &str, now: DateTime<Utc>) -> Result<String> {
    Ok(totp(secret)?.generate(seconds(now)).to_string())
}

/// The address that a picture carries to the authenticator.
pub fn address(secret: &str, issuer: &str, account: &str) -> String {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    let (issuer, account) =
        (utf8_percent_encode(issuer, NON_ALPHANUMERIC), utf8_percent_encode(account, NON_ALPHANUMERIC));
    format!(
        "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period=30"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238's test vectors, `12345678901234567890`.
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn the_codes_are_those_of_the_standard() {
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(matching_step(SECRET, code, at(seconds)).unwrap(), Some(seconds / 30), "{code}");
        }
    }

    #[test]
    fn a_code_of_the_neighbouring_step_fits_and_an_older_one_does_not() {
        assert_eq!(matching_step(SECRET, "287082", at(59 + 30)).unwrap(), Some(1));
        assert_eq!(matching_step(SECRET, "287082", at(59 + 61)).unwrap(), None);
        for nonsense in ["", "28708", "2870822", "28708a", "２８７０８２"] {
            assert_eq!(matching_step(SECRET, nonsense, at(59)).unwrap(), None, "{nonsense}");
        }
    }

    #[test]
    fn new_secrets_differ_and_can_be_read() {
        let (one, other) = (new_secret().unwrap(), new_secret().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), 32);
        assert!(matching_step(&one, "000000", at(59)).is_ok());
        assert!(address(&one, "澜江市委巡察办", "a:b").starts_with("otpauth://totp/%E6"));
    }
}
