//! The form of an archive: an open first line, then one sealed and packed stream of named parts.
//!
//! In the stream each part is the letter `E`, its name (two bytes of length), and its content in pieces
//! (four bytes of length each, zero ends the part); the letter `Z` ends the whole.

use std::{
    fs,
    io::{self, BufRead as _, BufReader, BufWriter, Read, Write},
    path::{Component, Path},
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use kit::{
    Error, Refusal, Result,
    seal::{
        self, Digesting,
        stream::{Opening, Sealing},
    },
    unusable,
};

use super::{Entry, FORMAT, Head, Key, MANIFEST, Manifest, VERSION};

/// Longest piece that a reader takes.
const PIECE: usize = 4 << 20;
/// Longest name of a part.
const NAME: usize = 1024;
/// Longest first line.
const HEAD: u64 = 4096;

/// Writes an archive part by part.
pub(super) struct Writer {
    to: GzEncoder<Sealing<BufWriter<fs::File>>>,
    entries: Vec<Entry>,
    open: Option<(String, u64, Digesting)>,
}

impl Writer {
    /// Begins the archive in a new file that only its owner can read.
    pub(super) fn begin(path: &Path, key: &Key, made_at: &str) -> Result<Self> {
        let head = Head {
            format: FORMAT.to_owned(),
            version: VERSION,
            key: key.source(),
            salt: seal::secret()?,
            made_at: made_at.to_owned(),
        };
        let mut line = serde_json::to_vec(&head)?;
        line.push(b'\n');
        let mut file = BufWriter::new(private_file(path)?);
        file.write_all(&line)?;
        let sealing = Sealing::new(file, &key.derive(&head.salt)?, &line);
        Ok(Self { to: GzEncoder::new(sealing, Compression::fast()), entries: Vec::new(), open: None })
    }

    /// Begins a part.
    pub(super) fn part(&mut self, name: &str) -> Result<()> {
        self.end_part()?;
        let length =
            u16::try_from(name.len()).map_err(|_| Error::Fault(format!("a name too long: {name}")))?;
        self.to.write_all(b"E")?;
        self.to.write_all(&length.to_be_bytes())?;
        self.to.write_all(name.as_bytes())?;
        self.open = Some((name.to_owned(), 0, Digesting::default()));
        Ok(())
    }

    /// Adds to the open part.
    pub(super) fn content(&mut self, bytes: &[u8]) -> Result<()> {
        for piece in bytes.chunks(PIECE) {
            let length = u32::try_from(piece.len()).map_err(io::Error::other)?;
            self.to.write_all(&length.to_be_bytes())?;
            self.to.write_all(piece)?;
            if let Some((_, size, digest)) = &mut self.open {
                *size += u64::from(length);
                digest.update(piece);
            }
        }
        Ok(())
    }

    fn end_part(&mut self) -> Result<()> {
        if let Some((name, size, digest)) = self.open.take() {
            self.to.write_all(&0u32.to_be_bytes())?;
            self.entries.push(Entry { name, size, sm3: digest.finish() });
        }
        Ok(())
    }

    /// Ends the archive with its manifest and makes it durable.
    pub(super) fn finish(mut self, mut manifest: Manifest) -> Result<Manifest> {
        self.end_part()?;
        manifest.entries = std::mem::take(&mut self.entries);
        self.part(MANIFEST)?;
        self.content(&serde_json::to_vec(&manifest)?)?;
        self.end_part()?;
        self.to.write_all(b"Z")?;
        let file = self.to.finish()?.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(manifest)
    }
}

fn private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

/// What takes the parts of an archive that is read.
pub(super) trait Taking {
    /// Where the content of the part `name` goes.
    fn part(&mut self, name: &str) -> Result<Box<dyn Write + '_>>;
}

/// Takes nothing: for checking only.
pub(super) struct Nothing;

impl Taking for Nothing {
    fn part(&mut self, _: &str) -> Result<Box<dyn Write + '_>> {
        Ok(Box::new(io::sink()))
    }
}

/// Reads a whole archive, checks every part against the manifest and gives the parts to `taking`.
///
/// # Errors
/// A refusal when it is no archive, is damaged, or does not open with this key; then nothing of what
/// was given to `taking` may be used.
pub(super) fn read(path: &Path, key: &Key, taking: &mut dyn Taking) -> Result<Manifest> {
    let file = fs::File::open(path).map_err(|error| unusable(path, "读取备份文件", &error))?;
    let mut file = BufReader::new(file);
    let mut line = Vec::new();
    file.by_ref().take(HEAD).read_until(b'\n', &mut line)?;
    let head: Head = serde_json::from_slice(&line).map_err(|_| not_an_archive(path))?;
    if head.format != FORMAT {
        return Err(not_an_archive(path).into());
    }
    if head.version != VERSION {
        return Err(Refusal::invalid("备份由更新的程序版本写出，本程序不能读取。").into());
    }
    if head.key != key.source() {
        let message = match head.key {
            super::KeySource::Installation => {
                "这份备份用安装密钥加密，请用 --key 指定密钥文件 seal.key 的副本。"
            }
            super::KeySource::Passphrase => "这份备份用口令加密，请用 --passphrase-file 指定口令文件。",
        };
        return Err(Refusal::invalid(message).into());
    }
    let opening = Opening::new(file, &key.derive(&head.salt)?, &line);
    let mut parts = Parts { from: GzDecoder::new(opening), entries: Vec::new() };
    parts.all(taking).map_err(|error| match error {
        Error::Fault(_) => damaged(),
        refusal @ Error::Refusal(_) => refusal,
    })
}

fn not_an_archive(path: &Path) -> Refusal {
    Refusal::invalid(format!("{} 不是本系统的备份文件。", path.display()))
}

fn damaged() -> Error {
    Refusal::invalid("备份文件打不开：密钥或口令不对，或者文件已损坏、不完整。没有恢复任何内容。").into()
}

struct Parts<R: Read> {
    from: R,
    entries: Vec<Entry>,
}

impl<R: Read> Parts<R> {
    fn all(&mut self, taking: &mut dyn Taking) -> Result<Manifest> {
        let mut manifest: Option<Manifest> = None;
        loop {
            let [letter] = self.exactly::<1>()?;
            match (letter, manifest.take()) {
                (b'E', None) => manifest = self.part(taking)?,
                // The manifest is the last part.
                (b'Z', Some(manifest)) if manifest.entries == self.entries => {
                    // Reading on to the end checks the last sealed piece and the packing's own sum.
                    return if self.from.read(&mut [0u8; 1])? == 0 { Ok(manifest) } else { Err(damaged()) };
                }
                _ => return Err(damaged()),
            }
        }
    }

    fn part(&mut self, taking: &mut dyn Taking) -> Result<Option<Manifest>> {
        let length = usize::from(u16::from_be_bytes(self.exactly()?));
        if length > NAME {
            return Err(damaged());
        }
        let name = String::from_utf8(self.bytes(length)?).map_err(|_| damaged())?;
        if !is_plain(&name) {
            return Err(damaged());
        }
        if name == MANIFEST {
            let mut content = Vec::new();
            self.content(&mut content)?;
            return Ok(Some(serde_json::from_slice(&content)?));
        }
        let mut to = taking.part(&name)?;
        let (size, sm3) = self.content(&mut to)?;
        to.flush()?;
        self.entries.push(Entry { name, size, sm3 });
        Ok(None)
    }

    fn content(&mut self, to: &mut dyn Write) -> Result<(u64, String)> {
        let (mut size, mut digest) = (0u64, Digesting::default());
        loop {
            let length = u32::from_be_bytes(self.exactly()?);
            if length == 0 {
                return Ok((size, digest.finish()));
            }
            let length = usize::try_from(length).map_err(io::Error::other)?;
            if length > PIECE {
                return Err(damaged());
            }
            let piece = self.bytes(length)?;
            digest.update(&piece);
            to.write_all(&piece)?;
            size += piece.len() as u64;
        }
    }

    fn exactly<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut bytes = [0u8; N];
        self.from.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn bytes(&mut self, length: usize) -> Result<Vec<u8>> {
        let mut bytes = vec![0u8; length];
        self.from.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// Whether a name stays below the folder it is put into.
fn is_plain(name: &str) -> bool {
    let path = Path::new(name);
    !name.is_empty()
        && !name.contains(['\\', '\0'])
        && path.components().all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_lead_out_of_its_folder() {
        for bad in ["", "/etc/passwd", "../x", "files/../../x", "./x", "a\\b", "a\0b"] {
            assert!(!is_plain(bad), "{bad:?}");
        }
        assert!(is_plain("files/0a/0000"));
    }
}
