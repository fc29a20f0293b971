//! What travels between the office and the intake host, on a medium or through a one-way gateway: each package
//! is signed by its maker, and whoever receives it knows the maker's key from before.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Seek, SeekFrom, Write},
};

use chrono::{DateTime, NaiveDate, Utc};
use kit::{Refusal, Result, audit::netstrings, checkpoint, seal};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

/// Format of what the office gives the host.
pub const BULLETIN: &str = "xuncha-bulletin/1";
/// Format of what the host gives the office.
pub const CARRIAGE: &str = "xuncha-carriage/1";
/// Longest signed part.
const MOST_SIGNED: u64 = 64 << 20;
/// Letters in one package; what is more goes with the next.
pub const MOST_LETTERS: usize = 5_000;

/// A text signed by its maker. The signature is SM2 over the netstrings `format · body`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Signed {
    format: String,
    body: String,
    public_key: String,
    signature: String,
}

/// Signs `content` with the secret `key`, as one line of JSON.
pub fn sign<T: Serialize>(format: &str, content: &T, key: &[u8]) -> Result<String> {
    let body = serde_json::to_string(content)?;
    let signed = checkpoint::sign(key, &netstrings([format, body.as_str()]))?;
    let signed = Signed {
        format: format.to_owned(),
        body,
        public_key: signed.public_key,
        signature: signed.signature,
    };
    Ok(serde_json::to_string(&signed)?)
}

/// Reads what [`sign`] wrote, with the public key of its maker.
///
/// # Errors
/// A refusal when it is of another format, was changed, or has no content of the kind that is expected.
pub fn read<T: DeserializeOwned>(format: &str, text: &str) -> Result<(T, String)> {
    let signed: Signed = serde_json::from_str(text)
        .map_err(|_| Refusal::bad_request("文件不是本系统写出的格式，没有读取。"))?;
    if signed.format != format {
        let message = format!("文件的格式是“{}”，这里需要“{format}”，没有读取。", short(&signed.format));
        return Err(Refusal::bad_request(message).into());
    }
    let message = netstrings([format, signed.body.as_str()]);
    if !checkpoint::is_signed(&signed.public_key, &signed.signature, &message) {
        return Err(Refusal::conflict("文件的签名不正确，内容被改动过，没有读取。").into());
    }
    let content = serde_json::from_str(&signed.body)
        .map_err(|_| Refusal::bad_request("文件的内容不完整或由其他版本的程序写出，没有读取。"))?;
    Ok((content, signed.public_key))
}

fn short(text: &str) -> String {
    text.chars().take(40).filter(|sign| !sign.is_control()).collect()
}

/// An inspected unit that letters may be about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Identity at the office.
    pub id: Uuid,
    /// Name.
    pub name: String,
}

/// An announcement as the public reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// Identity at the office.
    pub id: Uuid,
    /// Title.
    pub title: String,
    /// Text, a paragraph to a line.
    pub text: String,
    /// First day on site.
    pub from_on: NaiveDate,
    /// Last day on site; letters are taken until its end.
    pub to_on: NaiveDate,
    /// Telephone.
    pub phone: String,
    /// Address for visits and letters.
    pub address: String,
    /// Mailbox.
    pub mailbox: String,
    /// Where the letter box hangs.
    pub letter_box: String,
    /// The inspected units.
    pub units: Vec<Unit>,
}

/// What the host holds itself to; the amounts are policies of the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Largest file in MB.
    pub file_mb: u64,
    /// Files with one letter.
    pub files: usize,
    /// Letters from one address in an hour.
    pub letters_per_hour: u32,
    /// Questions by query code from one address in an hour.
    pub queries_per_hour: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { file_mb: 10, files: 5, letters_per_hour: 10, queries_per_hour: 60 }
    }
}

/// Where a letter stands, in a word that the office has chosen to publish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The letter.
    pub letter: Uuid,
    /// Day it was taken in at the office.
    pub carried_on: NaiveDate,
    /// Code of the word, when there is one to publish.
    pub word: Option<String>,
}

/// What the office gives the host: what the public may read, and to whom letters are closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulletin {
    /// Name of the office.
    pub office: String,
    /// When it was made; an older one never replaces a newer one.
    pub made_at: DateTime<Utc>,
    /// Public key to which letters are closed.
    pub seal_key: String,
    /// Announcements that are public.
    pub announcements: Vec<Announcement>,
    /// What the host holds itself to.
    pub limits: Limits,
    /// Words that answers to query codes may use, by code.
    pub words: BTreeMap<String, String>,
    /// Public key of the host to whose letters the answers belong.
    pub host: Option<String>,
    /// The answers.
    pub statuses: Vec<Status>,
}

/// A letter in a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The letter.
    pub id: Uuid,
    /// Bytes of its envelope.
    pub size: u64,
    /// SM3 digest of its envelope.
    pub digest: String,
}

/// What the host hands over: the list before the envelopes, which follow in its order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Number of the package, from 1 without gaps.
    pub serial: i64,
    /// Digest of the list of the package before it; empty for the first.
    pub previous: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// The letters.
    pub letters: Vec<Item>,
}

impl Manifest {
    /// Digest by which the next package names this one.
    pub fn digest(&self) -> Result<String> {
        Ok(seal::digest(&serde_json::to_vec(self)?))
    }
}

/// Writes a package: the signed list, then each envelope as `open` gives it.
pub fn write<R: Read>(
    mut to: impl Write,
    manifest: &Manifest,
    key: &[u8],
    mut open: impl FnMut(Uuid) -> Result<R>,
) -> Result<()> {
    to.write_all(sign(CARRIAGE, manifest, key)?.as_bytes())?;
    to.write_all(b"\n")?;
    for item in &manifest.letters {
        let copied = std::io::copy(&mut open(item.id)?, &mut to)?;
        if copied != item.size {
            let message = format!("来信 {} 的密封文件长度与登记不符，没有导出；请检查磁盘。", item.id);
            return Err(Refusal::conflict(message).into());
        }
    }
    to.flush()?;
    Ok(())
}

/// A package whose every byte has been checked.
pub struct Carriage<F> {
    /// The list.
    pub manifest: Manifest,
    /// Public key of the host.
    pub host: String,
    from: F,
    begins: u64,
}

impl<F: Read + Seek> Carriage<F> {
    /// Checks a package from beginning to end.
    ///
    /// # Errors
    /// A refusal when the signature, a digest, the order or the length does not fit; then nothing of it is used.
    pub fn check(mut from: F) -> Result<Self> {
        let mut line = Vec::new();
        let mut reader = BufReader::new(&mut from);
        reader.by_ref().take(MOST_SIGNED).read_until(b'\n', &mut line)?;
        let begins = line.len() as u64;
        let text =
            std::str::from_utf8(&line).map_err(|_| Refusal::bad_request("文件不是来信包，没有读取。"))?;
        let (manifest, host): (Manifest, String) = read(CARRIAGE, text.trim_end())?;
        for (place, item) in manifest.letters.iter().enumerate() {
            check_item(&mut reader, item, place + 1)?;
        }
        if reader.read(&mut [0u8; 1])? != 0 {
            return Err(Refusal::conflict("来信包末尾有清单以外的内容，整包没有收下。").into());
        }
        drop(reader);
        Ok(Self { manifest, host, from, begins })
    }

    /// Each letter's place in the list, with where its envelope begins.
    pub fn places(&self) -> Vec<(Item, u64)> {
        let mut at = self.begins;
        let place = |item: &Item| {
            let begins = at;
            at = at.saturating_add(item.size);
            (item.clone(), begins)
        };
        self.manifest.letters.iter().map(place).collect()
    }

    /// The envelope of `item`, which begins at `at`.
    pub fn envelope(&mut self, item: &Item, at: u64) -> Result<impl Read + '_> {
        self.from.seek(SeekFrom::Start(at))?;
        Ok(self.from.by_ref().take(item.size))
    }
}

fn check_item(from: &mut impl Read, item: &Item, place: usize) -> Result<()> {
    let (mut digest, mut left, mut portion) = (seal::Digesting::default(), item.size, vec![0u8; 256 * 1024]);
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(portion.len());
        let count = from.read(portion.get_mut(..most).unwrap_or_default())?;
        if count == 0 {
            let message = format!("来信包在第 {place} 件处中断，整包没有收下；请重新导出或重新拷贝。");
            return Err(Refusal::conflict(message).into());
        }
        digest.update(portion.get(..count).unwrap_or_default());
        left -= count as u64;
    }
    if digest.finish() != item.digest {
        let message = format!("来信包第 {place} 件与清单不符（被改动或调换了次序），整包没有收下。");
        return Err(Refusal::conflict(message).into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use chrono::TimeZone as _;
    use proptest::prelude::*;

    use super::*;

    const KEY: [u8; 32] = [5; 32];

    fn manifest(letters: &[&[u8]]) -> Manifest {
        Manifest {
            serial: 1,
            previous: String::new(),
            made_at: chrono::Utc.with_ymd_and_hms(2023, 6, 1, 0, 0, 0).unwrap(),
            letters: letters
                .iter()
                .enumerate()
                .map(|(at, bytes)| Item {
                    id: Uuid::from_u128(at as u128),
                    size: bytes.len() as u64,
                    digest: seal::digest(bytes),
                })
                .collect(),
        }
    }

    fn written(letters: &[&[u8]]) -> Vec<u8> {
        let mut to = Vec::new();
        write(&mut to, &manifest(letters), &KEY, |id| Ok(Cursor::new(letters[id.as_u128() as usize])))
            .unwrap();
        to
    }

    fn refusal(bytes: Vec<u8>) -> String {
        match Carriage::check(Cursor::new(bytes)) {
            Err(kit::Error::Refusal(refusal)) => refusal.message,
            Err(other) => panic!("a fault instead of a refusal: {other:?}"),
            Ok(_) => panic!("accepted"),
        }
    }

    #[test]
    fn a_package_gives_every_envelope_in_its_place() {
        let mut carriage = Carriage::check(Cursor::new(written(&[b"first", b"", b"third"]))).unwrap();
        let found: Vec<Vec<u8>> = carriage
            .places()
            .iter()
            .map(|(item, at)| {
                let mut bytes = Vec::new();
                carriage.envelope(item, *at).unwrap().read_to_end(&mut bytes).unwrap();
                bytes
            })
            .collect();
        assert_eq!(found, [b"first".to_vec(), Vec::new(), b"third".to_vec()]);
    }

    #[test]
    fn a_package_cut_short_or_continued_is_refused_with_a_sentence() {
        let whole = written(&[b"first", b"second"]);
        assert!(refusal(whole[..whole.len() - 1].to_vec()).contains("第 2 件处中断"));
        assert!(refusal(whole[..whole.len() - 7].to_vec()).contains("第 1 件处中断"));
        assert!(refusal([whole.as_slice(), b"x"].concat()).contains("清单以外"));
        assert!(refusal(Vec::new()).contains("格式"));
    }

    #[test]
    fn letters_in_another_order_are_refused() {
        let whole = written(&[b"first", b"other"]);
        let head = whole.len() - 10;
        let moved = [&whole[..head], b"otherfirst"].concat();
        assert!(refusal(moved).contains("次序"));
    }

    #[test]
    fn a_list_signed_by_nobody_or_of_another_kind_is_refused() {
        let bulletin = sign(BULLETIN, &manifest(&[]), &KEY).unwrap();
        assert!(refusal(bulletin.into_bytes()).contains("格式"));
        let text = sign(CARRIAGE, &manifest(&[]), &KEY).unwrap();
        let forged = text.replace("\\\"serial\\\":1", "\\\"serial\\\":2");
        assert_ne!(text, forged);
        assert!(refusal(forged.into_bytes()).contains("签名"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn a_changed_byte_anywhere_is_refused(at in any::<prop::sample::Index>(), bit in 0_u32..8) {
            let mut bytes = written(&[b"first", b"second"]);
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            // What stands in the open list apart from its text may be written in several ways, never mean another.
            if let Ok(carriage) = Carriage::check(Cursor::new(bytes)) {
                prop_assert_eq!(carriage.manifest, manifest(&[b"first", b"second"]));
            }
        }
    }
}
