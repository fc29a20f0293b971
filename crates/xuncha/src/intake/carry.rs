//! Letters of an intake host become petitions: the package is checked whole before anything is opened, and each
//! letter is entered by the deeds of the area in a transaction of its own, once.

use std::{
    collections::BTreeMap,
    fs,
    io::{Read, Seek},
    path::Path,
    sync::Arc,
};

use db::Sql;
use intake::{
    Letter, Signature,
    envelope::{self, Opened, fingerprint},
    package::{Carriage, Manifest},
};
use kit::{
    Actor, App, Cx, Error, Refusal, Result, WriteCx,
    audit::Outcome,
    clock,
    error::Reason,
    files::{self, Upload},
    unusable,
};
use onsite::{
    informants, petitions,
    petitions::{Content, PetitionId, Signed, actions::Entry},
};
use uuid::Uuid;

use super::{
    keys,
    register::{self, Named, Way},
};

/// Channel and category with which letters arrive; people put the category right.
const CHANNEL: &str = "website";
const CATEGORY: &str = "other";

/// Whether a host that is not known yet may be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Only hosts that are known.
    Known,
    /// Also the one with this fingerprint, which somebody has compared.
    Fingerprint(String),
}

/// What came of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Fingerprint of the host.
    pub host: String,
    /// Number of the package.
    pub serial: i64,
    /// Letters that became petitions now.
    pub taken: usize,
    /// Letters that were here already.
    pub held: usize,
    /// Letters that could not be entered: place in the package, and why.
    pub refused: Vec<(usize, String)>,
    /// Letters that were opened now, by the fingerprint of the key to which they were closed.
    pub keys: BTreeMap<String, usize>,
}

impl Report {
    /// One sentence for the operator.
    pub fn sentence(&self) -> String {
        format!(
            "收件机 {} 的第 {} 号来信包：新登记信访 {} 件，以前已登记 {} 件，不能登记 {} 件。",
            self.host,
            self.serial,
            self.taken,
            self.held,
            self.refused.len()
        )
    }

    /// A sentence for each letter that could not be entered.
    pub fn reasons(&self) -> Vec<String> {
        self.refused.iter().map(|(place, why)| format!("第 {place} 件：{why}")).collect()
    }

    /// With which keys letters were opened, for the operator.
    pub fn keys_used(&self) -> Option<String> {
        let used: Vec<String> =
            self.keys.iter().map(|(print, letters)| format!("{print}（{letters} 件）")).collect();
        (!used.is_empty()).then(|| format!("来信所用的公钥：{}。", used.join("、")))
    }
}

/// Who may bring packages and see what came of them.
pub fn may_carry(actor: &Actor) -> bool {
    actor.is_office()
}

/// Takes in the package at `path`, brought with the command; see [`take_in`].
///
/// # Errors
/// As [`take_in`], and when the file cannot be read.
pub async fn import(app: &App, actor: &Arc<Actor>, path: &Path, trust: Trust) -> Result<Report> {
    let file = fs::File::open(path).map_err(|error| unusable(path, "读取文件", &error))?;
    take_in(app, actor, file, (trust, Way::Command)).await
}

/// Takes in a package, and enters in the register what came of it.
///
/// # Errors
/// A refusal when the package was changed, comes from an unknown host or out of turn; then nothing of it is
/// used. Single letters that do not fit are in the report, and may be tried again with the same package.
pub async fn take_in(
    app: &App,
    actor: &Arc<Actor>,
    from: impl Read + Seek + Send + 'static,
    (trust, way): (Trust, Way),
) -> Result<Report> {
    if !may_carry(actor) {
        return Err(Refusal::forbidden("导入来信包").into());
    }
    let checked = tokio::task::spawn_blocking(move || Carriage::check(from)).await;
    let checked = checked.map_err(|error| Error::Fault(format!("checking a package: {error}")))?;
    let mut carriage = match checked {
        Ok(carriage) => carriage,
        Err(error) => return Err(refused(app, actor, way, None, error).await),
    };
    let (manifest, key) = (carriage.manifest.clone(), carriage.host.clone());
    let admitted = app.write(actor, |cx| {
        let (manifest, key) = (manifest.clone(), key.clone());
        Box::pin(async move {
            let host = admit(cx, &key, &manifest, &trust).await?;
            Ok((host, register::begin(cx, way, &manifest, &key).await?))
        })
    });
    let (host, package) = match admitted.await {
        Ok(entered) => entered,
        Err(error) => return Err(refused(app, actor, way, Some((&manifest, &key)), error).await),
    };
    let report = letters(app, actor, &mut carriage, (host, package)).await?;
    let done = report.clone();
    let finished = app.write(actor, |cx| Box::pin(async move { register::finish(cx, package, &done).await }));
    finished.await?;
    Ok(report)
}

/// Enters in the register that nothing of a package is used; answers why, whether that could be written or not.
async fn refused(app: &App, actor: &Arc<Actor>, way: Way, named: Named<'_>, error: Error) -> Error {
    let Error::Refusal(refusal) = &error else { return error };
    let why = refusal.message.clone();
    let named = named.map(|(manifest, key)| (manifest.clone(), key.to_owned()));
    let entered = app.write(actor, |cx| {
        Box::pin(async move {
            let named = named.as_ref().map(|(manifest, key)| (manifest, key.as_str()));
            register::refuse(cx, way, named, &why).await
        })
    });
    if let Err(unwritten) = entered.await {
        tracing::error!(%unwritten, "a refused package could not be entered in the register");
    }
    error
}

/// Enters the letters of a package. Letters that were closed to the office's key are entered by the program, unread,
/// whoever brought them.
async fn letters<F: Read + Seek + Send>(
    app: &App,
    bearer: &Actor,
    carriage: &mut Carriage<F>,
    (host, package): (Uuid, Uuid),
) -> Result<Report> {
    let unread = Actor::program("网上来信转入");
    let program =
        Arc::new(Actor { origin: bearer.origin.clone(), request: bearer.request.clone(), ..unread });
    let secrets = keys::secrets(&app.read(&program)).await?;
    let mut report = Report {
        host: fingerprint(&carriage.host),
        serial: carriage.manifest.serial,
        taken: 0,
        held: 0,
        refused: Vec::new(),
        keys: BTreeMap::new(),
    };
    for (place, (item, at)) in carriage.places().into_iter().enumerate() {
        if is_held(&app.read(&program), item.id).await? {
            report.held += 1;
            continue;
        }
        let opened = envelope::open(carriage.envelope(&item, at)?, item.id, |to| secrets.get(to).cloned());
        let entered = match opened {
            Ok(opened) => {
                *report.keys.entry(opened.key.clone()).or_insert(0) += 1;
                enter(app, &program, (host, package), opened).await
            }
            Err(error) => Err(error),
        };
        match entered {
            Ok(true) => report.taken += 1,
            Ok(false) => report.held += 1,
            Err(Error::Refusal(refusal)) if refusal.reason != Reason::Overloaded => {
                report.refused.push((place + 1, refusal.message));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(report)
}

/// The host with this fingerprint: its identity and its public key.
pub(super) async fn host_of(cx: &Cx, wanted: &str) -> Result<(Uuid, String)> {
    for row in cx.rows(Sql::new("select id, public_key from intake_host order by trusted_at")).await? {
        let key: String = row.try_get_by_index(1)?;
        if fingerprint(&key) == wanted {
            return Ok((row.try_get_by_index(0)?, key));
        }
    }
    let message = format!("没有登记过指纹为 {wanted} 的收件机；请先导入它的来信包。");
    Err(Refusal::bad_request(message).into())
}

/// Checks whose package it is and whether it is its turn, and moves the turn on.
async fn admit(cx: &mut WriteCx, key: &str, manifest: &Manifest, trust: &Trust) -> Result<Uuid> {
    let mut sql = Sql::new("select id, last_serial, last_digest from intake_host where public_key = ");
    sql.bind(key);
    let rows = cx.rows(sql).await?;
    let digest = manifest.digest()?;
    let (id, last_serial, last_digest): (Uuid, i64, String) = match rows.first() {
        Some(row) => (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?),
        None => (get_to_know(cx, key, trust).await?, 0, String::new()),
    };
    if manifest.serial > last_serial + 1 {
        let message = format!(
            "缺少第 {} 号来信包，没有导入第 {} 号；请先导入前一包，遗失的可在收件机上用 --again 重新导出。",
            last_serial + 1,
            manifest.serial
        );
        return Err(Refusal::conflict(message).into());
    }
    if manifest.serial == last_serial && digest != last_digest {
        let message =
            format!("第 {last_serial} 号来信包与以前导入的同号包内容不同，没有导入；收件机可能被还原过。");
        return Err(Refusal::conflict(message).into());
    }
    if manifest.serial == last_serial + 1 {
        if manifest.previous != last_digest {
            let message =
                format!("第 {} 号来信包接不上以前导入的包，没有导入；收件机可能被还原过。", manifest.serial);
            return Err(Refusal::conflict(message).into());
        }
        let mut sql = Sql::new("update intake_host set last_serial = ");
        sql.bind(manifest.serial).push(", last_digest = ").bind(digest).push(" where id = ").bind(id);
        cx.execute(sql).await?;
    }
    cx.record("import", "intake", Some(id), Outcome::Done);
    Ok(id)
}

async fn get_to_know(cx: &mut WriteCx, key: &str, trust: &Trust) -> Result<Uuid> {
    let found = fingerprint(key);
    if *trust != Trust::Fingerprint(found.clone()) {
        let message = format!(
            "这个来信包由没有登记过的收件机签名，指纹 {found}，没有导入；请与收件机上显示的指纹核对，相同的写明这个指纹再导入一次（命令行用 --trust {found}）。"
        );
        return Err(Refusal::conflict(message).into());
    }
    let id = cx.new_id();
    let mut sql = Sql::new(
        "insert into intake_host (id, public_key, trusted_at, trusted_by, last_serial, last_digest) values (",
    );
    sql.bind(id).push(", ").bind(key).push(", ").bind(cx.moment()).push(", ").bind(cx.actor.name.as_str());
    sql.push(", 0, '')");
    cx.execute(sql).await?;
    cx.record("trust", "intake", Some(id), Outcome::Done);
    Ok(id)
}

async fn is_held(cx: &Cx, letter: Uuid) -> Result<bool> {
    let mut sql = Sql::new("select count(*) from intake_letter where id = ");
    sql.bind(letter);
    Ok(cx.number(sql).await? > 0)
}

/// Enters a letter with its files; answers whether it was new.
async fn enter(app: &App, actor: &Arc<Actor>, (host, package): (Uuid, Uuid), opened: Opened) -> Result<bool> {
    let Opened { letter, files, key } = opened;
    check(&letter)?;
    let mut uploads = Vec::new();
    for (named, bytes) in letter.files.iter().zip(&files) {
        match Upload::of_bytes(app, &named.name, bytes).await {
            Ok(upload) => uploads.push(upload),
            Err(error) => {
                files::discard(app, &uploads).await;
                return Err(error);
            }
        }
    }
    let held = uploads.clone();
    let came = Came { host, package, key };
    let entered =
        app.write(actor, |cx| Box::pin(async move { register(cx, &came, &letter, &held).await })).await;
    files::discard(app, &uploads).await;
    entered
}

/// A host that was taken over can close envelopes as it likes: nothing is longer than its form allows.
fn check(letter: &Letter) -> Result<()> {
    let identity = &letter.identity;
    let lines =
        [&letter.subject, &identity.name, &identity.work, &identity.address, &identity.phone, &identity.note];
    let fits = lines.iter().all(|line| line.chars().count() <= 120 && !line.contains('\n'))
        && !letter.subject.is_empty()
        && !letter.content.is_empty()
        && letter.content.chars().count() <= 20_000
        && letter.files.len() <= 50;
    if fits {
        Ok(())
    } else {
        Err(Refusal::conflict("信件的内容超出了表单允许的范围，没有收下。").into())
    }
}

/// How a letter came.
struct Came {
    host: Uuid,
    package: Uuid,
    /// Fingerprint of the key to which it was closed.
    key: String,
}

async fn register(cx: &mut WriteCx, came: &Came, letter: &Letter, uploads: &[Upload]) -> Result<bool> {
    if is_held(cx, letter.id).await? {
        return Ok(false);
    }
    let entry = Entry {
        channel: CHANNEL.into(),
        received_on: clock::office_day(letter.received_at),
        signed: signed(letter.signature),
        people: letter.people,
        category: CATEGORY.into(),
        content: Content { subject: letter.subject.clone(), content: letter.content.clone() },
    };
    let unit = unit_of(cx, letter.unit).await?;
    let petition = petitions::actions::create(cx, unit, entry).await?;
    if letter.signature != Signature::Anonymous {
        informants::actions::create(cx, petition, identity(letter)).await?;
    }
    for upload in uploads {
        files::attach(cx, petitions::NOUN, petition.0, upload, "网上来信的附件").await?;
    }
    keep(cx, came, letter.id, petition).await?;
    Ok(true)
}

/// The unit that a letter names, also when it was taken out of its inspection and entered anew since.
async fn unit_of(cx: &Cx, named: Uuid) -> Result<Uuid> {
    let mut sql = Sql::new("select count(*) from inspection_unit where id = ");
    sql.bind(named);
    if cx.number(sql).await? > 0 {
        return Ok(named);
    }
    let mut sql = Sql::new(
        "select u.id, o.name, i.name from intake_unit k join organisation o on o.id = k.organisation_id \
         join inspection i on i.id = k.inspection_id left join inspection_unit u \
         on u.inspection_id = k.inspection_id and u.organisation_id = k.organisation_id where k.unit_id = ",
    );
    sql.bind(named);
    let rows = cx.rows(sql).await?;
    let Some(row) = rows.first() else {
        let message = "信中注明的单位不是本系统公告过的被巡察单位，没有登记。请核对收件机载入的公告包是不是从本系统下载的；信件仍封在来信包里，请保管好来信包。";
        return Err(Refusal::conflict(message).into());
    };
    let (found, organisation, inspection): (Option<Uuid>, String, String) =
        (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
    found.ok_or_else(|| {
        let message = format!(
            "反映的单位“{organisation}”已从巡察任务“{inspection}”中移出，没有登记。请在任务中重新列入这家单位，再导入一次同一来信包；信件仍封在来信包里，在此以前请保管好来信包。"
        );
        Refusal::conflict(message).into()
    })
}

fn signed(signature: Signature) -> Signed {
    match signature {
        Signature::Anonymous => Signed::Anonymous,
        Signature::Named => Signed::Named,
        Signature::Joint => Signed::Joint,
    }
}

fn identity(letter: &Letter) -> informants::Identity {
    let held = letter.identity.clone();
    informants::Identity {
        name: held.name,
        work: held.work,
        address: held.address,
        phone: held.phone,
        document: String::new(),
        note: held.note,
    }
}

async fn keep(cx: &mut WriteCx, came: &Came, letter: Uuid, petition: PetitionId) -> Result<()> {
    let mut sql = Sql::new(
        "insert into intake_letter (id, host_id, petition_id, carried_at, package_id, key_print) values (",
    );
    // The day of it is told to the writer: it is one of the office's calendar.
    sql.bind(letter).push(", ").bind(came.host).push(", ").bind(petition.0).push(", ").bind(cx.moment());
    sql.push(", ").bind(came.package).push(", ").bind(came.key.as_str()).push(")");
    cx.execute(sql).await?;
    Ok(())
}
