//! The sealed letter: one open line that says to which key it is closed, then a sealed stream of the files and,
//! last, the letter. Nothing of it can be read, changed, cut or given another identity without being noticed.

use std::io::{BufRead, BufReader, Read, Write};

use kit::{
    Refusal, Result,
    seal::{self, envelope, stream},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Enclosure, Letter};

/// Name of the format, in the open line.
pub const FORMAT: &str = "xuncha-letter/1";
/// Longest open line.
const MOST_HEAD: u64 = 4096;
/// Most plain bytes of one envelope that are taken: a host that was taken over can close envelopes too.
const MOST_PLAIN: u64 = 256 << 20;
/// The letter is filled up to a multiple of this, so that the length of an envelope does not tell its own.
const PADDING: usize = 4096;

/// What stands open before the sealed stream, and is bound to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    format: String,
    letter: Uuid,
    to: String,
    key: String,
}

/// Short form of a public key by which people compare it: 16 digits of its SM3 digest.
pub fn fingerprint(public_key: &str) -> String {
    let digest = seal::digest(public_key.as_bytes());
    let short: Vec<char> = digest.chars().take(16).collect();
    short.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
}

/// Closes an envelope while its content arrives.
pub struct Closing<W: Write> {
    sealing: stream::Sealing<W>,
    files: Vec<Enclosure>,
}

impl<W: Write> Closing<W> {
    /// Begins the envelope of the letter `id` to the holder of `public_key`.
    pub fn begin(mut to: W, id: Uuid, public_key: &str) -> Result<Self> {
        let (key, wrapped) = envelope::enclose(public_key)?;
        let head = Head { format: FORMAT.into(), letter: id, to: fingerprint(public_key), key: wrapped };
        let mut line = serde_json::to_vec(&head)?;
        line.push(b'\n');
        to.write_all(&line)?;
        Ok(Self { sealing: stream::Sealing::new(to, &key, &line), files: Vec::new() })
    }

    /// Encloses a file.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let size = bytes.len() as u64;
        self.part(1, bytes)?;
        self.files.push(Enclosure { name: name.to_owned(), size, digest: seal::digest(bytes) });
        Ok(())
    }

    /// How many files are enclosed.
    pub fn files(&self) -> usize {
        self.files.len()
    }

    /// Encloses the letter and closes the envelope; the files named in `letter` become those enclosed.
    pub fn finish(mut self, letter: Letter) -> Result<W> {
        let files = std::mem::take(&mut self.files);
        let mut text = serde_json::to_vec(&Letter { files, ..letter })?;
        text.resize(text.len().next_multiple_of(PADDING), b' ');
        self.part(0, &text)?;
        Ok(self.sealing.finish()?)
    }

    fn part(&mut self, kind: u8, bytes: &[u8]) -> Result<()> {
        self.sealing.write_all(&[kind])?;
        self.sealing.write_all(&(bytes.len() as u64).to_be_bytes())?;
        self.sealing.write_all(bytes)?;
        Ok(())
    }
}

/// An opened envelope.
pub struct Opened {
    /// The letter.
    pub letter: Letter,
    /// The files, in the order in which the letter names them.
    pub files: Vec<Vec<u8>>,
    /// Fingerprint of the key that it was closed to.
    pub key: String,
}

/// Opens the envelope of the letter `id`. `secret` answers the secret key whose public half has the fingerprint
/// that it is given.
///
/// # Errors
/// A refusal that says why the envelope does not open.
pub fn open(from: impl Read, id: Uuid, secret: impl Fn(&str) -> Option<Vec<u8>>) -> Result<Opened> {
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    from.by_ref().take(MOST_HEAD).read_until(b'\n', &mut line)?;
    let head: Head = serde_json::from_slice(&line).map_err(|_| broken("信封格式不正确"))?;
    if head.format != FORMAT {
        return Err(broken("信封的格式版本不是本程序能读的").into());
    }
    if head.letter != id {
        return Err(broken("信封与清单所列的来信不是同一件").into());
    }
    let secret = secret(&head.to).ok_or_else(|| broken("本单位没有打开它的私钥，可能是寄给别的单位的"))?;
    let key =
        envelope::disclose(&secret, &head.key).ok_or_else(|| broken("信封上的密钥打不开，内容被改动过"))?;
    let opening = stream::Opening::new(from, &key, &line);
    let (letter, files) = parts(opening, id)?;
    Ok(Opened { letter, files, key: head.to })
}

fn broken(why: &str) -> Refusal {
    Refusal::conflict(format!("{why}，没有收下。"))
}

/// The letter, and the files that it names.
type Content = (Letter, Vec<Vec<u8>>);

fn parts(mut from: impl Read, id: Uuid) -> Result<Content> {
    let (mut files, mut left) = (Vec::new(), MOST_PLAIN);
    loop {
        let mut head = [0u8; 9];
        from.read_exact(&mut head).map_err(|_| changed())?;
        let [kind, size @ ..] = head;
        let size = u64::from_be_bytes(size);
        left = left.checked_sub(size).ok_or_else(|| broken("信封超过 256 MB"))?;
        let mut bytes = Vec::new();
        from.by_ref().take(size).read_to_end(&mut bytes).map_err(|_| changed())?;
        if bytes.len() as u64 != size {
            return Err(changed().into());
        }
        match kind {
            1 => files.push(bytes),
            0 => {
                // Reading on to the end proves that nothing was put behind.
                if from.read(&mut [0u8; 1]).map_err(|_| changed())? != 0 {
                    return Err(changed().into());
                }
                return fitting(&bytes, files, id);
            }
            _ => return Err(changed().into()),
        }
    }
}

fn fitting(text: &[u8], files: Vec<Vec<u8>>, id: Uuid) -> Result<Content> {
    let letter: Letter = serde_json::from_slice(text).map_err(|_| broken("信件内容的格式不正确"))?;
    let named = letter.files.len() == files.len()
        && letter.files.iter().zip(&files).all(|(named, bytes)| named.digest == seal::digest(bytes));
    if letter.id != id || !named {
        return Err(broken("信件与所附文件不符").into());
    }
    Ok((letter, files))
}

fn changed() -> Refusal {
    broken("信封不完整或被改动过")
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;
    use proptest::prelude::*;

    use super::*;
    use crate::{Identity, Signature};

    fn letter(id: Uuid) -> Letter {
        Letter {
            id,
            received_at: chrono::Utc.with_ymd_and_hms(2023, 6, 1, 2, 3, 4).unwrap(),
            unit: Uuid::from_u128(7),
            signature: Signature::Named,
            people: 1,
            subject: String::from("某局采购"),
            content: String::from("多次不招标。"),
            identity: Identity { name: String::from("某某"), ..Identity::default() },
            files: Vec::new(),
        }
    }

    fn closed(id: Uuid, public: &str, files: &[&[u8]]) -> Vec<u8> {
        let mut closing = Closing::begin(Vec::new(), id, public).unwrap();
        for (at, bytes) in files.iter().enumerate() {
            closing.add(&format!("{at}.txt"), bytes).unwrap();
        }
        closing.finish(letter(id)).unwrap()
    }

    #[test]
    fn a_letter_and_its_files_come_out_as_they_went_in() {
        let (id, secret) = (Uuid::from_u128(1), envelope::new_secret().unwrap());
        let large = vec![5u8; 700_000];
        let bytes = closed(id, &envelope::public_half(&secret).unwrap(), &[b"one", b"", &large]);
        let opened = open(bytes.as_slice(), id, |_| Some(secret.clone())).unwrap();
        assert_eq!(opened.letter.content, "多次不招标。");
        assert_eq!(opened.files, [b"one".to_vec(), Vec::new(), large]);
        assert_eq!(opened.letter.files[0].name, "0.txt");
        assert_eq!(opened.key, fingerprint(&envelope::public_half(&secret).unwrap()));
    }

    #[test]
    fn an_envelope_opens_with_its_key_and_under_its_identity_only() {
        let (id, secret) = (Uuid::from_u128(1), envelope::new_secret().unwrap());
        let public = envelope::public_half(&secret).unwrap();
        let bytes = closed(id, &public, &[]);
        assert!(open(bytes.as_slice(), Uuid::from_u128(2), |_| Some(secret.clone())).is_err());
        assert!(open(bytes.as_slice(), id, |_| None).is_err());
        assert!(open(bytes.as_slice(), id, |_| envelope::new_secret().ok()).is_err());
        assert!(
            open(bytes.as_slice(), id, |to| (to == fingerprint(&public)).then(|| secret.clone())).is_ok()
        );
    }

    #[test]
    fn two_letters_of_different_length_look_alike() {
        let secret = envelope::new_secret().unwrap();
        let public = envelope::public_half(&secret).unwrap();
        let size = |content: &str| {
            let id = Uuid::from_u128(1);
            let closing = Closing::begin(Vec::new(), id, &public).unwrap();
            closing.finish(Letter { content: content.into(), ..letter(id) }).unwrap().len()
        };
        assert_eq!(size("短"), size(&"长".repeat(1_000)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn a_changed_or_missing_byte_anywhere_is_noticed(at in 0_usize..5_000, bit in 0_u32..8, cut in any::<bool>()) {
            let (id, secret) = (Uuid::from_u128(1), vec![9u8; 32]);
            let mut bytes = closed(id, &envelope::public_half(&secret).unwrap(), &[b"file"]);
            let at = at % bytes.len();
            if cut {
                bytes.truncate(at);
            } else {
                bytes[at] ^= 1 << bit;
            }
            prop_assert!(open(bytes.as_slice(), id, |_| Some(secret.clone())).is_err());
        }
    }
}
