//! What a person writes to the inspectors.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whether the writer gave a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signature {
    /// Without a name.
    #[default]
    Anonymous,
    /// With a name.
    Named,
    /// By several people together.
    Joint,
}

impl Signature {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Anonymous, Self::Named, Self::Joint];

    /// The word that the form sends.
    pub fn code(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Named => "named",
            Self::Joint => "joint",
        }
    }

    /// What the form shows.
    pub fn label(self) -> &'static str {
        match self {
            Self::Anonymous => "匿名",
            Self::Named => "实名",
            Self::Joint => "联名（多人）",
        }
    }

    /// Reads the word that the form sends.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|signature| signature.code() == code)
    }
}

/// Who wrote, as far as the writer says.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Name.
    pub name: String,
    /// Where the person works.
    pub work: String,
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// How to get in touch safely.
    pub note: String,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Identity(..)")
    }
}

/// A file that came with a letter; its bytes travel before the letter, in this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure {
    /// Its name, cleaned.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SM3 digest.
    pub digest: String,
}

/// A letter.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Identity, known to the host too.
    pub id: Uuid,
    /// When it came in.
    pub received_at: DateTime<Utc>,
    /// The inspected unit it is about, as the announcement names it.
    pub unit: Uuid,
    /// Whether it bears a name.
    pub signature: Signature,
    /// How many people stand behind it.
    pub people: i64,
    /// Whom or what it is about.
    pub subject: String,
    /// What it says.
    pub content: String,
    /// Who wrote.
    pub identity: Identity,
    /// The files with it.
    pub files: Vec<Enclosure>,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Letter({}, ..)", self.id)
    }
}
