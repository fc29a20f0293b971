//! Backup and restore: everything an installation holds, from one moment, in one sealed file.
//!
//! Rows are carried as text that either database takes, so a backup of the embedded database can be
//! restored into PostgreSQL and back. A restore first opens and checks the whole archive aside, fills
//! an empty database in one transaction and becomes visible with one rename.

mod archive;
mod keep;
mod restore;
#[cfg(test)]
mod tests;
mod write;

use std::path::Path;

use kit::{Refusal, Result, seal::Seal, unusable};
use serde::{Deserialize, Serialize};

pub use keep::{folder, newest, take_and_keep};
pub use restore::{check, restore};
pub use write::write;

/// What opens a backup.
#[derive(Clone)]
pub enum Key {
    /// The installation's own key file: the archive does not hold it.
    Installation(Seal),
    /// A passphrase: the archive holds the installation's keys too and needs nothing else.
    Passphrase(String),
}

impl Key {
    fn source(&self) -> KeySource {
        match self {
            Self::Installation(_) => KeySource::Installation,
            Self::Passphrase(_) => KeySource::Passphrase,
        }
    }

    /// A passphrase kept in a file of its own.
    pub fn from_passphrase_file(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|error| unusable(path, "读取口令文件", &error))?;
        let passphrase = text.trim().to_owned();
        if passphrase.chars().count() < 12 {
            return Err(Refusal::invalid("备份口令至少 12 个字符，没有执行。").into());
        }
        Ok(Self::Passphrase(passphrase))
    }

    /// A copy of an installation's key file.
    pub fn from_key_file(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|error| unusable(path, "读取密钥文件", &error))?;
        let bytes = kit::seal::unhex(text.trim())
            .ok_or_else(|| Refusal::invalid(format!("密钥文件 {} 已损坏。", path.display())))?;
        Ok(Self::Installation(Seal::new(&bytes)?))
    }

    fn derive(&self, salt: &str) -> Result<[u8; 32]> {
        match self {
            Self::Installation(seal) => Ok(seal.backup_key(salt)),
            Self::Passphrase(passphrase) => kit::seal::passphrase_key(passphrase, salt),
        }
    }
}

/// Where the key of a backup comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KeySource {
    Installation,
    Passphrase,
}

/// What stands open at the beginning of an archive.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Head {
    format: String,
    version: u32,
    key: KeySource,
    salt: String,
    made_at: String,
}

const FORMAT: &str = "xuncha-backup";
const VERSION: u32 = 1;

/// What an archive holds, at its end.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Manifest {
    /// Version of the program that made it.
    pub program: String,
    /// When.
    pub made_at: String,
    /// Migrations applied: name and digest.
    pub migrations: Vec<(String, String)>,
    /// Last entry of the audit chain, and its hash.
    pub audit: (i64, String),
    /// Rows by table.
    pub tables: std::collections::BTreeMap<String, u64>,
    /// Rows of the search index.
    pub index: u64,
    /// Everything in it: name, bytes and SM3 digest.
    pub entries: Vec<Entry>,
}

/// One part of an archive.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Entry {
    /// Its name, a path below the data folder or `tables/…`.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SM3 digest.
    pub sm3: String,
}

impl Manifest {
    /// The rows of all tables together.
    pub fn rows(&self) -> u64 {
        self.tables.values().sum()
    }

    /// How many files it holds.
    pub fn files(&self) -> usize {
        self.entries.iter().filter(|entry| !entry.name.starts_with(TABLES) && entry.name != INDEX).count()
    }
}

/// Where the tables stand in an archive.
const TABLES: &str = "tables/";
/// The words of the search index.
const INDEX: &str = "index.jsonl";
/// The manifest.
const MANIFEST: &str = "manifest.json";
/// What of the data folder is not carried: the database itself, what is in the making, what can be made
/// again, the backups, and the keys, which go their own way.
const LEFT_OUT: [&str; 6] = ["incoming", "jobs", "backups", "keys", "work", "xuncha.lock"];
