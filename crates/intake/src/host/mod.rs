//! The intake host: its folder, its keys, its database, and what is done with them. It holds the office's public
//! key and no secret that opens a letter; its own secrets sign packages and bind forms.

mod limits;
mod receive;
mod store;
mod web;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, Utc};
use db::Db;
use kit::{
    Clock, Refusal, Result, keys,
    seal::{self, Seal, envelope},
    unusable,
    web::serve,
};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::{
    envelope::fingerprint,
    package::{self, BULLETIN, Bulletin, Item, MOST_LETTERS, Manifest},
};

pub use store::Answer;
pub use web::router;

const SCHEMA: &[(&str, &str)] = &[("0001_intake", include_str!("schema.sql"))];
/// Uploads of files that are under way at once.
const UPLOADS: usize = 16;

/// What a visitor is told when every connection is taken. Slow ones are cut off, so that places become free.
const BUSY: &str = "现在访问的人较多，请过几秒再打开；急需反映的，可以使用公告上的其他渠道。\n";

/// How the host listens: who finds no place is told so at once instead of waiting behind those who are slow on purpose.
pub fn listening() -> serve::Limits {
    serve::Limits { busy: Some(BUSY), ..serve::Limits::default() }
}

/// How long the host waits for what a visitor is sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For the next piece of a form.
    pub piece: Duration,
    /// For the whole letter.
    pub whole: Duration,
    /// Bytes a second that a letter has to bring on average, once the time for a piece is over.
    pub pace: u64,
}

impl Default for Patience {
    fn default() -> Self {
        Self { piece: Duration::from_secs(30), whole: Duration::from_mins(15), pace: 2 << 10 }
    }
}

/// The intake host.
#[derive(Clone)]
pub struct Host(Arc<Parts>, Patience);

struct Parts {
    db: Db,
    folder: PathBuf,
    clock: Clock,
    forms: Seal,
    gate: limits::Gate,
    uploads: Arc<Semaphore>,
    behind_gateway: bool,
}

impl Host {
    /// Makes a new host in `folder` and answers it.
    ///
    /// # Errors
    /// When an office's records, or another host, are there already.
    pub async fn init(folder: &Path, clock: Clock) -> Result<Self> {
        if ["xuncha.db", "keys/seal.key"].iter().any(|held| folder.join(held).exists()) {
            let message = "这个目录里是办公系统的数据，不能用作收件目录；请换一台机器或另建目录。";
            return Err(Refusal::conflict(message).into());
        }
        if database(folder).exists() {
            return Err(Refusal::conflict("这个目录已经是收件目录，没有重新建立。").into());
        }
        let db = Db::open_apart(folder, NAME).await?;
        db::migrate_apart(&db, SCHEMA).await?;
        for name in [SIGN, FORMS] {
            keys::load(folder, name, true)?;
        }
        for shelf in [LETTERS, ARRIVING] {
            let shelf = folder.join(shelf);
            fs::create_dir_all(&shelf).map_err(|error| unusable(&shelf, "建立文件夹", &error))?;
        }
        drop(db);
        Self::open(folder, clock, false).await
    }

    /// Opens the host in `folder`. `behind_gateway`: a gateway stands before it that ends TLS and says in
    /// `X-Forwarded-For` who asks.
    ///
    /// # Errors
    /// When there is no host, or its keys cannot be read.
    pub async fn open(folder: &Path, clock: Clock, behind_gateway: bool) -> Result<Self> {
        if !database(folder).exists() {
            let message = "这个目录不是收件目录；请先运行 xuncha intake init 建立。";
            return Err(Refusal::bad_request(message).into());
        }
        let db = Db::open_apart(folder, NAME).await?;
        db::migrate_apart(&db, SCHEMA).await?;
        let forms = Seal::new(&keys::load(folder, FORMS, false)?)?;
        keys::load(folder, SIGN, false)?;
        let parts = Parts {
            db,
            folder: folder.to_owned(),
            clock,
            forms,
            gate: limits::Gate::new()?,
            uploads: Arc::new(Semaphore::new(UPLOADS)),
            behind_gateway,
        };
        Ok(Self(Arc::new(parts), Patience::default()))
    }

    /// The same host, as patient as said.
    #[must_use]
    pub fn waiting(self, patience: Patience) -> Self {
        Self(self.0, patience)
    }

    /// Public half of the key by which packages of this host are known.
    pub fn public_key(&self) -> Result<String> {
        envelope::public_half(&self.signing()?)
    }

    fn signing(&self) -> Result<Vec<u8>> {
        keys::load(&self.0.folder, SIGN, false)
    }

    /// The instant on the office's calendar, which stands still in a demonstration.
    fn now(&self) -> DateTime<Utc> {
        self.0.clock.moment(self.0.clock.now())
    }

    /// Takes what the office gives: announcements, keys, limits, answers. The first makes its signer known; every
    /// later one must be signed by the same, and be newer.
    ///
    /// # Errors
    /// A refusal that says what does not fit.
    pub async fn load(&self, text: &str) -> Result<Loaded> {
        let (bulletin, signer): (Bulletin, String) = package::read(BULLETIN, text)?;
        envelope::enclose(&bulletin.seal_key)
            .map_err(|_| Refusal::conflict("公告包里的公钥不能使用，没有载入。"))?;
        if let Some(host) = &bulletin.host
            && *host != self.public_key()?
        {
            return Err(Refusal::conflict("公告包里的办理状态属于另一台收件机，没有载入。").into());
        }
        let statuses = bulletin.statuses.clone();
        let kept = Bulletin { statuses: Vec::new(), ..bulletin };
        let first = store::put_bulletin(&self.0.db, &kept, &signer, self.now()).await?;
        let done = store::put_statuses(&self.0.db, &statuses, self.now()).await?;
        // What the office has taken in is of no more use here.
        for id in &done {
            match fs::remove_file(self.letter_path(*id)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        Ok(Loaded {
            announcements: kept.announcements.len(),
            statuses: statuses.len(),
            removed: done.len(),
            signer: first.then(|| fingerprint(&signer)),
        })
    }

    /// What the office gave last.
    ///
    /// # Errors
    /// A refusal when it gave nothing yet.
    pub async fn bulletin(&self) -> Result<Bulletin> {
        store::bulletin(&self.0.db)
            .await?
            .ok_or_else(|| Refusal::conflict("收件机还没有载入公告包；请先运行 xuncha intake load。").into())
    }

    /// Writes the next package to `to`: all letters that were in none, or package `again` once more.
    ///
    /// # Errors
    /// When there is nothing to hand over, or a letter's file does not fit its entry.
    pub async fn export(&self, to: &Path, again: Option<i64>) -> Result<Manifest> {
        let manifest = match again {
            Some(serial) => store::package(&self.0.db, serial)
                .await?
                .ok_or_else(|| Refusal::bad_request(format!("没有第 {serial} 号来信包，没有导出。")))?,
            None => self.next_package().await?,
        };
        let part = to.with_extension("part");
        let written = self.write_package(&part, &manifest);
        if let Err(error) = written {
            let _ = fs::remove_file(&part);
            return Err(error);
        }
        fs::rename(&part, to).map_err(|error| unusable(to, "写入来信包", &error))?;
        Ok(manifest)
    }

    async fn next_package(&self) -> Result<Manifest> {
        let now = self.now();
        let next = |serial: i64, previous: String, letters: Vec<Item>| Manifest {
            serial,
            previous,
            made_at: now,
            letters,
        };
        store::next_package(&self.0.db, MOST_LETTERS, next).await?.ok_or_else(|| {
            Refusal::conflict("没有新的来信，没有生成来信包；需要重新导出以前的，请用 --again 指定包号。")
                .into()
        })
    }

    fn write_package(&self, to: &Path, manifest: &Manifest) -> Result<()> {
        let file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(to)
            .map_err(|error| unusable(to, "写入来信包", &error))?;
        let mut writer = io::BufWriter::new(file);
        package::write(&mut writer, manifest, &self.signing()?, |id| {
            fs::File::open(self.letter_path(id)).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => {
                    Refusal::conflict(format!("来信 {id} 已由办公系统收下并从本机清除，这一包不能再导出。"))
                        .into()
                }
                _ => error.into(),
            })
        })?;
        let file = writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(())
    }

    /// What is told of the letter with this query code.
    pub async fn ask(&self, code: &str) -> Result<Option<Answer>> {
        store::by_code(&self.0.db, &seal::digest(spelt(code).as_bytes())).await
    }

    /// Letters held, those not yet handed over among them.
    pub async fn counts(&self) -> Result<(i64, i64)> {
        store::counts(&self.0.db).await
    }

    fn letter_path(&self, id: Uuid) -> PathBuf {
        self.0.folder.join(LETTERS).join(id.to_string())
    }

    fn arriving_path(&self, id: Uuid) -> PathBuf {
        self.0.folder.join(ARRIVING).join(id.to_string())
    }

    /// Removes what was left behind by letters that never arrived whole: anything older than a day.
    pub fn tidy(&self) -> Result<usize> {
        let old = std::time::Duration::from_hours(24);
        let mut removed = 0;
        for entry in fs::read_dir(self.0.folder.join(ARRIVING))?.flatten() {
            let age = entry.metadata().and_then(|meta| meta.modified()).map(|at| at.elapsed());
            if age.is_ok_and(|age| age.is_ok_and(|age| age > old)) && fs::remove_file(entry.path()).is_ok() {
                removed += 1;
            }
        }
        Ok(removed)
    }
}

/// What was taken from the office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// Announcements shown from now on.
    pub announcements: usize,
    /// Answers taken.
    pub statuses: usize,
    /// Envelopes removed because the office has them.
    pub removed: usize,
    /// Fingerprint of the office's signing key, when it became known just now.
    pub signer: Option<String>,
}

const NAME: &str = "intake";
const SIGN: &str = "host.key";
const FORMS: &str = "forms.key";
const LETTERS: &str = "letters";
const ARRIVING: &str = "arriving";

fn database(folder: &Path) -> PathBuf {
    folder.join(format!("{NAME}.db"))
}

/// Letters and digits of a query code as they were given, however it was typed.
fn spelt(code: &str) -> String {
    let upper = code.chars().filter(char::is_ascii_alphanumeric).map(|sign| sign.to_ascii_uppercase());
    upper
        .map(|sign| match sign {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .take(64)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        assert_eq!(spelt(" ab3d-0o1l—iz "), "AB3D00111Z");
        assert_eq!(spelt(&"x".repeat(500)).len(), 64);
    }
}
