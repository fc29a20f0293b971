//! Plain text in the encodings offices use.

use encoding_rs::{Encoding, GB18030, UTF_8};

/// The text of `bytes`, of which the end may be missing: a byte order mark decides; without one, valid
/// UTF-8 wins over GB18030. What cannot be read becomes a replacement sign.
pub fn decode(bytes: &[u8]) -> String {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => match std::str::from_utf8(bytes) {
            Ok(_) => UTF_8,
            // A sign cut off at the end is no sign of another encoding.
            Err(error) if error.error_len().is_none() => UTF_8,
            Err(_) => GB18030,
        },
    };
    encoding.decode(bytes).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_encodings_are_read_also_when_the_end_is_cut() {
        let text = "整改情况说明";
        assert_eq!(decode(text.as_bytes()), text);
        assert_eq!(decode(&GB18030.encode(text).0), text);
        assert!(decode(&text.as_bytes()[..7]).starts_with("整改"));
        assert_eq!(decode(b"\xef\xbb\xbfabc"), "abc");
    }
}
