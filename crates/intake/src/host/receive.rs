//! Taking in a letter: read as a stream, closed into its envelope piece by piece, never on the disk in the clear.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufWriter, Write as _},
    path::PathBuf,
    time::Instant,
};

use axum::{
    body::Body,
    http::{HeaderMap, header},
};
use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use kit::{Error, Refusal, Result, error::Reason, files, seal};
use multer::{Constraints, Field, Multipart, SizeLimit};
use uuid::Uuid;

use super::{Host, Patience, limits, spelt, store};
use crate::{
    Identity, Letter, Signature,
    envelope::Closing,
    package::{Announcement, Bulletin, Limits},
};

/// Longest form field in bytes, apart from files.
const MOST_FIELD: usize = 128 * 1024;
/// Longest letter and longest line, in characters.
pub(super) const MOST_CONTENT: usize = 20_000;
pub(super) const MOST_LINE: usize = 120;
/// Room on the disk for envelopes that wait to be handed over.
const MOST_STORED: i64 = 40 << 30;
/// The field by which the form asks whether a letter bears a name.
const ANONYMOUS_FIELD: &str = "sign-anonymous";
/// How long a form may be written on.
const FORM_HOURS: i64 = 24;

/// What was typed into the form, and what is wrong with it.
#[derive(Clone, Default)]
pub(super) struct Typed {
    values: BTreeMap<String, String>,
    files: Vec<String>,
    /// One sentence for the whole form.
    pub(super) refusal: String,
    /// The field it is about, if it is about one.
    pub(super) wrong: &'static str,
}

impl Typed {
    /// The value of a field.
    pub(super) fn get(&self, name: &str) -> &str {
        self.values.get(name).map_or("", |value| value.trim())
    }

    /// The same letter with a unit chosen.
    pub(super) fn about(unit: &str) -> Self {
        Self { values: BTreeMap::from([(String::from("unit"), unit.to_owned())]), ..Self::default() }
    }

    /// Whether anything was filled in that says who wrote: then it is shown whatever signature is chosen, so that it can
    /// be taken out again.
    pub(super) fn names_somebody(&self) -> bool {
        ["name", "people", "work", "address", "phone", "note"].iter().any(|name| !self.get(name).is_empty())
    }

    /// What marks the field `name` when it is the one that is wrong.
    pub(super) fn mark(&self, name: &str) -> &'static str {
        if self.wrong == name { " aria-invalid=\"true\"" } else { "" }
    }

    /// Says what is wrong with a field.
    fn refuse(&mut self, wrong: Wrong) {
        (self.wrong, self.refusal) = (wrong.field, wrong.sentence);
    }

    /// How many files must be chosen again.
    pub(super) fn lost_files(&self) -> usize {
        self.files.len()
    }
}

/// What became of a form.
pub(super) enum Outcome {
    /// The letter is in; its query code, and when it came.
    Received(String, DateTime<Utc>),
    /// It was not taken; the form is shown again.
    Again(Box<Typed>),
}

/// The mark of a form: when it was made, a random number, and a proof that it was made here.
pub(super) fn new_token(host: &Host) -> Result<String> {
    let stem = format!("{}.{}", host.now().timestamp(), seal::secret()?);
    let proof = host.0.forms.token("form", &stem);
    Ok(format!("{stem}.{proof}"))
}

/// Refuses a form that was not made here, or too long ago.
fn check_token(host: &Host, token: &str) -> Result<()> {
    let stale = || {
        Refusal::new(
            Reason::Forbidden,
            "这张表单不是从本页面打开的，或者打开已超过 24 小时，没有收下。请重新打开写信页面，把内容粘贴进去再提交。",
        )
    };
    let (stem, proof) = token.rsplit_once('.').ok_or_else(stale)?;
    if !seal::same_secret(proof, &host.0.forms.token("form", stem)) {
        return Err(stale().into());
    }
    let made: i64 = stem.split('.').next().and_then(|text| text.parse().ok()).ok_or_else(stale)?;
    let age = host.now().timestamp() - made;
    if (0..=FORM_HOURS * 3600).contains(&age) { Ok(()) } else { Err(stale().into()) }
}

/// The query code of the form `token`: the same however often the form is handed in, and not to be had from
/// anything that is stored.
fn code_of(host: &Host, token: &str) -> String {
    const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let proof = seal::unhex(&host.0.forms.token("code", token)).unwrap_or_default();
    let signs = proof.iter().filter_map(|byte| SIGNS.get(usize::from(byte % 32))).take(16);
    let code: Vec<char> = signs.map(|sign| char::from(*sign)).collect();
    code.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
}

/// An envelope on its way; what is not kept is removed.
struct Arriving {
    path: PathBuf,
    id: Uuid,
    closing: Option<Closing<BufWriter<fs::File>>>,
    kept: bool,
}

impl Arriving {
    fn begin(host: &Host, bulletin: &Bulletin) -> Result<Self> {
        let id = kit::ids::random();
        let path = host.arriving_path(id);
        let file = fs::OpenOptions::new().write(true).create_new(true).open(&path)?;
        let mut arriving = Self { path, id, closing: None, kept: false };
        arriving.closing = Some(Closing::begin(BufWriter::new(file), id, &bulletin.seal_key)?);
        Ok(arriving)
    }

    /// Encloses a file on a thread that may wait for the disk.
    async fn add(&mut self, name: String, bytes: Vec<u8>) -> Result<()> {
        let Some(mut closing) = self.closing.take() else { return Err(ended()) };
        let work = tokio::task::spawn_blocking(move || {
            files::check(&name, &bytes)?;
            closing.add(&name, &bytes)?;
            Ok::<_, Error>(closing)
        });
        self.closing = Some(work.await.map_err(|error| Error::Fault(format!("enclosing a file: {error}")))??);
        Ok(())
    }

    fn files(&self) -> usize {
        self.closing.as_ref().map_or(0, Closing::files)
    }

    /// Closes the envelope and brings it to its shelf; answers its length and digest.
    async fn close(mut self, host: &Host, letter: Letter) -> Result<(u64, String)> {
        let Some(closing) = self.closing.take() else { return Err(ended()) };
        let (from, to) = (self.path.clone(), host.letter_path(self.id));
        let work = tokio::task::spawn_blocking(move || {
            let mut writer = closing.finish(letter)?;
            writer.flush()?;
            let file = writer.into_inner().map_err(std::io::IntoInnerError::into_error)?;
            file.sync_all()?;
            let found = measure(&from)?;
            fs::rename(&from, &to)?;
            if let Some(shelf) = to.parent() {
                fs::File::open(shelf)?.sync_all()?;
            }
            Ok::<_, Error>(found)
        });
        let found = work.await.map_err(|error| Error::Fault(format!("closing a letter: {error}")))??;
        self.kept = true;
        Ok(found)
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn ended() -> Error {
    Error::Fault(String::from("an envelope was closed before its time"))
}

fn measure(path: &std::path::Path) -> Result<(u64, String)> {
    let bytes = fs::read(path)?;
    Ok((bytes.len() as u64, seal::digest(&bytes)))
}

/// Takes in a letter.
///
/// # Errors
/// A refusal when the request makes no sense or asks too much; what a person can put right comes back as
/// [`Outcome::Again`].
pub(super) async fn take(host: &Host, headers: &HeaderMap, address: &str, body: Body) -> Result<Outcome> {
    if !kit::web::same_site(headers) {
        return Err(Refusal::new(Reason::Forbidden, "这次提交不是从本页面发出的，没有收下。").into());
    }
    let bulletin = host.bulletin().await?;
    let now = host.now();
    if !host.0.gate.admits(limits::Asked::Letter, address, bulletin.limits.letters_per_hour, now)? {
        return Err(too_often("提交", now));
    }
    if store::stored(&host.0.db).await? > MOST_STORED {
        return Err(busy("收件机暂时没有存放空间").into());
    }
    let place = tokio::time::timeout(host.1.piece, host.0.uploads.acquire());
    let Ok(Ok(_place)) = place.await else { return Err(busy("现在提交的人较多").into()) };
    let boundary = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|kind| multer::parse_boundary(kind).ok())
        .ok_or_else(|| Refusal::bad_request("提交的内容格式不受支持，没有收下。"))?;
    let mut reading = Reading::new(host, &bulletin)?;
    let parts = multipart(body, boundary, bulletin.limits);
    tokio::time::timeout(host.1.whole, reading.read(parts)).await.map_err(|_| slow())??;
    reading.end().await
}

/// What is answered when an address asks too often.
pub(super) fn too_often(what: &str, now: DateTime<Utc>) -> Error {
    let message = format!("这个网络地址{what}的次数较多，请 {} 分钟后再试。", limits::minutes_left(now));
    Refusal::new(Reason::Overloaded, message).into()
}

fn busy(why: &str) -> Refusal {
    Refusal::new(Reason::Overloaded, format!("{why}，信件没有收下；请稍后再试，或使用公告上的其他渠道。"))
}

fn slow() -> Refusal {
    Refusal::bad_request("传送中断或过慢，信件没有收下；请换较好的网络，或减少附件后再试。")
}

fn multipart(body: Body, boundary: String, limits: Limits) -> Multipart<'static> {
    // Too large a file is read past and named; only a body that has no end is cut off.
    let most = (limits.file_mb.saturating_mul(limits.files as u64).saturating_mul(2) << 20) + (4 << 20);
    let constraints = Constraints::new().size_limit(SizeLimit::new().whole_stream(most));
    let stream = body.into_data_stream().map(|piece| piece.map_err(std::io::Error::other));
    Multipart::with_constraints(stream, boundary, constraints)
}

/// A form while it is read.
struct Reading<'a> {
    host: &'a Host,
    bulletin: &'a Bulletin,
    typed: Typed,
    arriving: Arriving,
    pace: Pace,
}

impl<'a> Reading<'a> {
    fn new(host: &'a Host, bulletin: &'a Bulletin) -> Result<Self> {
        let arriving = Arriving::begin(host, bulletin)?;
        Ok(Self { host, bulletin, typed: Typed::default(), arriving, pace: Pace::new(host.1) })
    }

    async fn read(&mut self, mut parts: Multipart<'_>) -> Result<()> {
        loop {
            let next =
                tokio::time::timeout(self.host.1.piece, parts.next_field()).await.map_err(|_| slow())?;
            let Some(field) = next.map_err(|error| unread(&error))? else { return Ok(()) };
            match field.file_name().map(str::to_owned) {
                Some(name) if name.is_empty() => {}
                Some(name) => self.file(files::clean_name(&name), field).await?,
                None => self.value(field).await?,
            }
        }
    }

    async fn value(&mut self, field: Field<'_>) -> Result<()> {
        let name = field.name().unwrap_or_default().to_owned();
        let (bytes, whole) = self.pace.collect(field, MOST_FIELD).await?;
        if !whole || self.typed.values.len() >= 30 {
            return Err(
                Refusal::new(Reason::TooLarge, "填写的内容过长，没有收下；较长的材料请作为附件。").into()
            );
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| Refusal::bad_request("填写的内容不是有效的文字，没有收下。"))?;
        // Line ends as browsers send them; other control signs have no business in a letter.
        let text: String =
            text.replace("\r\n", "\n").chars().filter(|sign| *sign == '\n' || !sign.is_control()).collect();
        if name == "token" {
            check_token(self.host, &text)?;
        }
        self.typed.values.insert(name, text);
        Ok(())
    }

    async fn file(&mut self, name: String, field: Field<'_>) -> Result<()> {
        let limits = self.bulletin.limits;
        // A form names its mark before its files; whoever leaves it out has no page of ours.
        check_token(self.host, self.typed.get("token"))?;
        let most = usize::try_from(limits.file_mb << 20).unwrap_or(usize::MAX);
        let (bytes, whole) = self.pace.collect(field, most).await?;
        self.typed.files.push(name.clone());
        let sentence = if self.typed.files.len() > limits.files {
            Some(format!("附件最多 {} 个，信件没有收下；请减少后重新选择附件。", limits.files))
        } else if !whole {
            let most = limits.file_mb;
            Some(format!("附件“{name}”超过 {most} MB，信件没有收下；请压缩或拆分后重新选择附件。"))
        } else if self.typed.refusal.is_empty() {
            self.enclose(name, bytes).await?
        } else {
            None
        };
        if let Some(sentence) = sentence {
            self.typed.refuse(Wrong { field: "files", sentence });
        }
        Ok(())
    }

    /// Puts a file into the envelope, or answers why it may not come; then the envelope is begun anew.
    async fn enclose(&mut self, name: String, bytes: Vec<u8>) -> Result<Option<String>> {
        match self.arriving.add(name, bytes).await {
            Err(Error::Refusal(refusal)) => {
                self.arriving = Arriving::begin(self.host, self.bulletin)?;
                Ok(Some(refusal.message))
            }
            other => other.map(|()| None),
        }
    }

    async fn end(self) -> Result<Outcome> {
        let token = self.typed.get("token").to_owned();
        check_token(self.host, &token)?;
        let (form_digest, code) = (seal::digest(token.as_bytes()), code_of(self.host, &token));
        if let Some(at) = store::handed_in(&self.host.0.db, &form_digest).await? {
            return Ok(Outcome::Received(code, at));
        }
        let read = read_letter(&self.typed, self.bulletin, self.arriving.id, self.host.now());
        let letter = match read {
            Ok(letter) if self.typed.refusal.is_empty() => letter,
            Ok(_) => return Ok(Outcome::Again(Box::new(self.typed))),
            Err(wrong) => {
                let mut typed = self.typed;
                typed.refuse(wrong);
                return Ok(Outcome::Again(Box::new(typed)));
            }
        };
        let (host, id, received_at) = (self.host, self.arriving.id, letter.received_at);
        tracing::debug!(files = self.arriving.files(), "a letter came in");
        let (size, digest) = self.arriving.close(host, letter).await?;
        let code_digest = seal::digest(spelt(&code).as_bytes());
        let arrived = store::Arrived { id, code_digest, form_digest, received_at, size, digest };
        if let Err(error) = store::insert(&host.0.db, &arrived).await {
            let _ = fs::remove_file(host.letter_path(id));
            // Handed in twice at the same moment: the other one is in.
            return match store::handed_in(&host.0.db, &arrived.form_digest).await? {
                Some(at) => Ok(Outcome::Received(code, at)),
                None => Err(error),
            };
        }
        Ok(Outcome::Received(code, received_at))
    }
}

fn unread(error: &multer::Error) -> Refusal {
    match error {
        multer::Error::StreamSizeExceeded { .. } | multer::Error::FieldSizeExceeded { .. } => {
            Refusal::new(Reason::TooLarge, "附件总量过大，信件没有收下；请减少附件后再试。")
        }
        _ => slow(),
    }
}

/// How fast a form comes in.
struct Pace {
    patience: Patience,
    begun: Instant,
    arrived: u64,
}

impl Pace {
    fn new(patience: Patience) -> Self {
        Self { patience, begun: Instant::now(), arrived: 0 }
    }

    /// At most `most` bytes of a field, and whether that was all; what is more is read past.
    async fn collect(&mut self, mut field: Field<'_>, most: usize) -> Result<(Vec<u8>, bool)> {
        let (mut bytes, mut whole) = (Vec::new(), true);
        loop {
            let next = tokio::time::timeout(self.patience.piece, field.chunk()).await.map_err(|_| slow())?;
            let Some(piece) = next.map_err(|error| unread(&error))? else { return Ok((bytes, whole)) };
            self.arrived += piece.len() as u64;
            self.check()?;
            if bytes.len() + piece.len() > most {
                whole = false;
                bytes = Vec::new();
            }
            if whole {
                bytes.extend_from_slice(&piece);
            }
        }
    }

    /// Places for letters are few: whoever sends a byte now and then to hold one has to give it back.
    fn check(&self) -> Result<()> {
        let taken = self.begun.elapsed();
        let due = self.patience.pace.saturating_mul(taken.as_secs());
        if taken > self.patience.piece && self.arrived < due { Err(slow().into()) } else { Ok(()) }
    }
}

/// Announcements under which letters are taken on the day of `now`.
pub(super) fn open_on(bulletin: &Bulletin, now: DateTime<Utc>) -> impl Iterator<Item = &Announcement> {
    let day = kit::clock::office_day(now);
    bulletin.announcements.iter().filter(move |notice| day <= notice.to_on)
}

fn read_letter(
    typed: &Typed,
    bulletin: &Bulletin,
    id: Uuid,
    received_at: DateTime<Utc>,
) -> std::result::Result<Letter, Wrong> {
    let unit: Option<Uuid> = typed.get("unit").parse().ok();
    let known = |unit: &Uuid| {
        open_on(bulletin, received_at).any(|notice| notice.units.iter().any(|held| held.id == *unit))
    };
    let unit = unit.filter(known).ok_or_else(|| wrong("unit", "请选择您反映的是哪个单位"))?;
    let signature = Signature::parse(typed.get("signature"))
        .ok_or_else(|| wrong(ANONYMOUS_FIELD, "请选择匿名、实名或联名"))?;
    let subject = line(typed, "subject", "反映的人或事")?;
    if subject.is_empty() {
        return Err(wrong("subject", "请填写反映的人或事"));
    }
    let content = typed.get("content").to_owned();
    if content.is_empty() {
        return Err(wrong("content", "请填写反映内容"));
    }
    let length = content.chars().count();
    if length > MOST_CONTENT {
        let sentence = format!("反映内容有 {length} 字，最多 {MOST_CONTENT} 字；更长的材料请作为附件");
        return Err(wrong("content", &sentence));
    }
    let identity = identity(typed, signature)?;
    let people = people(typed, signature)?;
    let files = Vec::new();
    Ok(Letter { id, received_at, unit, signature, people, subject, content, identity, files })
}

/// What a person can put right: the field, and a sentence about it.
struct Wrong {
    field: &'static str,
    sentence: String,
}

fn wrong(field: &'static str, what: &str) -> Wrong {
    Wrong { field, sentence: format!("{what}。信件还没有提交，填写的内容仍在下面。") }
}

fn line(typed: &Typed, name: &'static str, label: &str) -> std::result::Result<String, Wrong> {
    let text = typed.get(name).replace('\n', " ");
    let length = text.chars().count();
    if length > MOST_LINE {
        return Err(wrong(name, &format!("“{label}”有 {length} 字，请不要超过 {MOST_LINE} 字")));
    }
    Ok(text)
}

/// Who wrote. A person who wants to stay unknown and still fills in a name is asked, not guessed at.
fn identity(typed: &Typed, signature: Signature) -> std::result::Result<Identity, Wrong> {
    let identity = Identity {
        name: line(typed, "name", "姓名")?,
        work: line(typed, "work", "工作单位")?,
        address: line(typed, "address", "住址")?,
        phone: line(typed, "phone", "联系电话")?,
        note: line(typed, "note", "联系方式说明")?,
    };
    match signature {
        Signature::Anonymous if identity != Identity::default() => {
            Err(wrong(ANONYMOUS_FIELD, "您选择了匿名，但填写了姓名或联系方式；请清空这些内容，或改选实名"))
        }
        Signature::Named | Signature::Joint if identity.name.is_empty() => {
            Err(wrong("name", "实名或联名的来信请填写姓名（联名填写一位代表）"))
        }
        _ => Ok(identity),
    }
}

fn people(typed: &Typed, signature: Signature) -> std::result::Result<i64, Wrong> {
    match signature {
        Signature::Joint => {
            let people = typed.get("people").parse().ok().filter(|people| (2..=10_000).contains(people));
            people.ok_or_else(|| wrong("people", "联名来信请填写人数，2 至 10000"))
        }
        Signature::Anonymous | Signature::Named => Ok(1),
    }
}
