//! Public intake (网上来信): a listener of its own that shows announcements and takes letters from the public,
//! kept apart from the office.
//!
//! The intake host has its own database, its own folder and no way to the office's records. A letter is sealed
//! to the office's public key while it arrives ([`envelope`]), so that nobody who gets hold of the host can read
//! it, nor the host itself. Three kinds of files travel between the two, all signed ([`package`]):
//! announcements and published answers to the host, letters to the office. `docs/intake-format.md` describes
//! them so that another program can be written to it.

pub mod envelope;
pub mod host;
pub mod letter;
pub mod package;

pub use host::Host;
pub use letter::{Enclosure, Identity, Letter, Signature};
