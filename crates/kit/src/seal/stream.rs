//! Long content sealed piece by piece: each piece is encrypted (SM4-CTR) and authenticated (HMAC-SM3)
//! with its place and whether it is the last, so that nothing can be changed, moved or cut off unseen.

use std::io::{self, Read, Write};

use ctr::cipher::{KeyIvInit as _, StreamCipher as _};
use hmac::Mac as _;
use sm3::{Digest as _, Sm3};
use subtle::ConstantTimeEq as _;

use super::{HmacSm3, Sm4Ctr, TAG};

/// Bytes to a piece.
const PIECE: usize = 256 * 1024;

/// The keys of one sealed stream; no two streams may have the same.
#[derive(Clone)]
struct Keys {
    cipher: [u8; 16],
    mac: [u8; 32],
    bound: Vec<u8>,
}

impl Keys {
    /// Keys from `key`; `bound` is what stands open before the stream and must not change either.
    fn new(key: &[u8; 32], bound: &[u8]) -> Self {
        let derive = |purpose: &[u8]| Sm3::new().chain_update(key).chain_update(purpose).finalize();
        let (mut cipher, mut mac) = ([0u8; 16], [0u8; 32]);
        for (to, from) in cipher.iter_mut().zip(derive(b"xuncha/stream/encrypt/1")) {
            *to = from;
        }
        for (to, from) in mac.iter_mut().zip(derive(b"xuncha/stream/authenticate/1")) {
            *to = from;
        }
        Self { cipher, mac, bound: Sm3::digest(bound).to_vec() }
    }

    /// En- or decrypts the piece at `index`: the upper half of the counter is the piece's number, so the
    /// pieces never share key stream.
    fn turn(&self, index: u64, piece: &mut [u8]) {
        let mut start = [0u8; 16];
        for (to, from) in start.iter_mut().zip(index.to_be_bytes()) {
            *to = from;
        }
        Sm4Ctr::new(&self.cipher.into(), &start.into()).apply_keystream(piece);
    }

    fn tag(&self, index: u64, last: bool, sealed: &[u8]) -> Vec<u8> {
        // An HMAC takes keys of any length, so this cannot fail; the empty tag never matches.
        let Ok(mut mac) = <HmacSm3 as hmac::KeyInit>::new_from_slice(&self.mac) else { return Vec::new() };
        mac.update(&self.bound);
        mac.update(&index.to_be_bytes());
        mac.update(&[u8::from(last)]);
        mac.update(sealed);
        mac.finalize().into_bytes().to_vec()
    }
}

/// Seals what is written and passes it on.
pub struct Sealing<W: Write> {
    to: W,
    keys: Keys,
    piece: Vec<u8>,
    index: u64,
}

impl<W: Write> Sealing<W> {
    /// Seals to `to` with `key`, bound to the open text `bound` before it.
    pub fn new(to: W, key: &[u8; 32], bound: &[u8]) -> Self {
        Self { to, keys: Keys::new(key, bound), piece: Vec::with_capacity(PIECE), index: 0 }
    }

    /// Ends the stream.
    pub fn finish(mut self) -> io::Result<W> {
        self.pass_on(true)?;
        self.to.flush()?;
        Ok(self.to)
    }

    fn pass_on(&mut self, last: bool) -> io::Result<()> {
        self.keys.turn(self.index, &mut self.piece);
        let length = u32::try_from(self.piece.len()).map_err(io::Error::other)?;
        self.to.write_all(&[u8::from(last)])?;
        self.to.write_all(&length.to_be_bytes())?;
        self.to.write_all(&self.piece)?;
        self.to.write_all(&self.keys.tag(self.index, last, &self.piece))?;
        self.piece.clear();
        self.index += 1;
        Ok(())
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.piece.len() == PIECE {
            self.pass_on(false)?;
        }
        let taken = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(bytes.get(..taken).unwrap_or_default());
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Opens what [`Sealing`] made; nothing of a piece is handed out before it is known to be genuine.
pub struct Opening<R: Read> {
    from: R,
    keys: Keys,
    piece: Vec<u8>,
    read: usize,
    index: u64,
    ended: bool,
}

impl<R: Read> Opening<R> {
    /// Opens `from` with `key`, bound to the open text `bound` before it.
    pub fn new(from: R, key: &[u8; 32], bound: &[u8]) -> Self {
        Self { from, keys: Keys::new(key, bound), piece: Vec::new(), read: 0, index: 0, ended: false }
    }

    fn next_piece(&mut self) -> io::Result<()> {
        let broken = || io::Error::new(io::ErrorKind::InvalidData, "not genuine");
        let mut head = [0u8; 5];
        self.from.read_exact(&mut head)?;
        let [last, length @ ..] = head;
        let length = usize::try_from(u32::from_be_bytes(length)).map_err(io::Error::other)?;
        if last > 1 || length > PIECE {
            return Err(broken());
        }
        let mut piece = vec![0u8; length];
        let mut tag = [0u8; TAG];
        self.from.read_exact(&mut piece)?;
        self.from.read_exact(&mut tag)?;
        if !bool::from(self.keys.tag(self.index, last == 1, &piece).as_slice().ct_eq(&tag)) {
            return Err(broken());
        }
        self.keys.turn(self.index, &mut piece);
        self.ended = last == 1;
        if self.ended && self.from.read(&mut [0u8; 1])? != 0 {
            return Err(broken());
        }
        self.index += 1;
        self.read = 0;
        self.piece = piece;
        Ok(())
    }
}

impl<R: Read> Read for Opening<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.read == self.piece.len() {
            if self.ended {
                return Ok(0);
            }
            self.next_piece()?;
        }
        let rest = self.piece.get(self.read..).unwrap_or_default();
        let count = rest.len().min(out.len());
        for (to, from) in out.iter_mut().zip(rest) {
            *to = *from;
        }
        self.read += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sealed(content: &[u8]) -> Vec<u8> {
        let mut sealing = Sealing::new(Vec::new(), &[3; 32], b"head");
        sealing.write_all(content).unwrap();
        sealing.finish().unwrap()
    }

    fn opened(sealed: &[u8], key: u8, head: &[u8]) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        Opening::new(sealed, &[key; 32], head).read_to_end(&mut content)?;
        Ok(content)
    }

    #[test]
    fn what_was_sealed_opens_again_over_several_pieces() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7] {
            let content: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            assert!(opened(&sealed(&content), 3, b"head").unwrap() == content, "{length}");
        }
    }

    #[test]
    fn another_key_or_head_or_a_cut_end_does_not_open() {
        let content = vec![7u8; PIECE + 100];
        let bytes = sealed(&content);
        assert!(opened(&bytes, 4, b"head").is_err());
        assert!(opened(&bytes, 3, b"tail").is_err());
        assert!(opened(&bytes[..bytes.len() - 1], 3, b"head").is_err());
        // Cut exactly between two pieces: the first is whole, and still the end is missed.
        assert!(opened(&bytes[..5 + PIECE + TAG], 3, b"head").is_err());
        assert!(opened(&[bytes.as_slice(), b"x"].concat(), 3, b"head").is_err());
    }

    proptest! {
        #[test]
        fn a_changed_byte_anywhere_is_noticed(at in 0_usize..400, bit in 0_u32..8) {
            let mut bytes = sealed(&[9u8; 363]);
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            prop_assert!(opened(&bytes, 3, b"head").is_err());
        }
    }
}
