//! Identifiers with check digits, and identity numbers made unreadable.

use hmac::{Hmac, Mac as _};
use sm3::Sm3;

/// Whether `code` is a unified social credit code (GB 32100) with a right check digit.
///
/// ```
/// assert!(models::codes::is_credit_code("91350100M000100Y43"));
/// assert!(!models::codes::is_credit_code("91350100M000100Y44"));
/// ```
pub fn is_credit_code(code: &str) -> bool {
    const SIGNS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let values: Option<Vec<usize>> =
        code.bytes().map(|byte| SIGNS.iter().position(|sign| *sign == byte)).collect();
    let Some(values) = values.filter(|values| values.len() == 18) else { return false };
    let sum: usize = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    values.last() == Some(&((31 - sum % 31) % 31))
}

/// Whether `number` is an identity number (GB 11643) with a right check digit and a day that exists.
pub fn is_identity_number(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    if number.len() != 18 || !number.is_ascii() {
        return false;
    }
    let (body, last) = number.split_at(17);
    let Some(digits) = body.chars().map(|c| c.to_digit(10)).collect::<Option<Vec<u32>>>() else {
        return false;
    };
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let right = CHECKS.get(sum as usize % 11).is_some_and(|check| last.as_bytes() == [*check]);
    let day = body.get(6..14).and_then(|day| chrono::NaiveDate::parse_from_str(day, "%Y%m%d").ok());
    right && day.is_some()
}

/// `number` under the installation's key: equal numbers stay equal, nothing else is kept.
pub fn hashed(key: &[u8], number: &str) -> String {
    if is_hashed(number) {
        return number.to_owned();
    }
    let Ok(mut mac) = <Hmac<Sm3> as hmac::KeyInit>::new_from_slice(key) else { return String::new() };
    mac.update(number.as_bytes());
    mac.finalize().into_bytes().iter().take(12).fold(String::from("P"), |mut text, byte| {
        use std::fmt::Write as _;
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether [`hashed`] made it; no identity number looks like that.
pub fn is_hashed(text: &str) -> bool {
    text.strip_prefix('P')
        .is_some_and(|rest| rest.len() == 24 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_changed_sign_makes_a_credit_code_wrong() {
        let good = "91350100M000100Y43";
        assert!(is_credit_code(good));
        for at in 0..17 {
            let mut other = good.as_bytes().to_vec();
            other[at] = if other[at] == b'7' { b'8' } else { b'7' };
            assert!(!is_credit_code(std::str::from_utf8(&other).unwrap()), "place {at}");
        }
        assert!(!is_credit_code("91350100M000100Y4"));
        assert!(!is_credit_code("91350100I000100Y43"));
    }

    #[test]
    fn identity_numbers_need_a_day_and_a_check_digit() {
        assert!(is_identity_number("11010519491231002X"));
        assert!(!is_identity_number("110105194912310021"));
        assert!(!is_identity_number("11010519491331002X"));
    }

    #[test]
    fn equal_numbers_hash_alike_and_keys_separate_installations() {
        assert_eq!(hashed(b"one", "11010519491231002X"), hashed(b"one", "11010519491231002X"));
        assert_ne!(hashed(b"one", "11010519491231002X"), hashed(b"two", "11010519491231002X"));
        let once = hashed(b"one", "11010519491231002X");
        assert_eq!(hashed(b"one", &once), once, "what is hashed already stays as it is");
    }
}
