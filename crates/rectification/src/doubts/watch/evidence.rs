//! The index of evidence: what every file is known by, and where the same or nearly the same was used before.

use std::collections::{BTreeSet, HashMap};

use db::Sql;
use kit::{Cx, Result, WriteCx, files::Attachment, sea_orm};
use likeness::{picture, text};
use registry::policies;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{
    super::{Kind, actions::Sign},
    prints::{Evidence, Print},
};

/// Files indexed in one run of the watch; the next run goes on.
const IN_ONE_RUN: i64 = 5_000;
/// Candidates compared for one file; a form that everybody uses shares its bands with many.
const CANDIDATES: i64 = 4_000;
/// Matches named in a doubt.
const NAMED: usize = 8;
/// Bands of pictures begin behind those of texts.
const PICTURES: i64 = 1_000;

/// Files on measures that the index does not know, oldest first, whoever asks: the watch sees everything.
pub(super) async fn waiting(cx: &Cx) -> Result<Vec<Evidence>> {
    let mut sql = Sql::new(
        "select f.id, f.noun, f.record_id, f.name, f.size, f.digest, f.at, f.account_id, f.by_name, f.way, f.source, f.origin, \
         f.withdrawn_at, f.withdrawn_by, f.withdrawn_why, f.warnings, f.key_sealed, m.problem_id as problem, \
         m.organisation_id as organisation from attachment f join measure m on m.id = f.record_id \
         where f.noun = 'measures' and f.withdrawn_at is null \
         and not exists (select 1 from file_print i where i.attachment_id = f.id) order by f.at, f.id limit ",
    );
    sql.bind(IN_ONE_RUN);
    cx.rows(sql)
        .await?
        .iter()
        .map(|row| {
            Ok(Evidence {
                file: Attachment::from_query_result(row, "")?,
                problem: row.try_get("", "problem")?,
                organisation: row.try_get("", "organisation")?,
            })
        })
        .collect()
}

/// Where a file was used before.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// How it was known again.
    pub kind: Kind,
    /// The earlier file.
    pub attachment: Uuid,
    /// The problem it is evidence of.
    pub problem: Option<Uuid>,
    /// The organisation that gave it.
    pub organisation: Uuid,
    /// Likeness in percent.
    pub percent: i64,
}

#[derive(FromQueryResult)]
struct Candidate {
    attachment_id: Uuid,
    problem_id: Option<Uuid>,
    organisation_id: Uuid,
    sketch: String,
}

#[derive(FromQueryResult)]
struct Pictured {
    attachment_id: Uuid,
    picture: i64,
}

impl Candidate {
    fn matched(&self, kind: Kind, percent: i64) -> Match {
        Match {
            kind,
            attachment: self.attachment_id,
            problem: self.problem_id,
            organisation: self.organisation_id,
            percent,
        }
    }
}

/// Where the file of `print` was used before, for another problem: the same file, else a like text, else a near picture.
/// Reads the index only, so that it takes the same short time however many files there are.
pub async fn matches(cx: &Cx, print: &Print) -> Result<Vec<Match>> {
    let mut sql = candidates("file_print i where i.digest = ");
    sql.bind(print.digest.as_str());
    let same = found(cx, sql, print).await?;
    if !same.is_empty() {
        return Ok(same.iter().map(|candidate| candidate.matched(Kind::SameFile, 100)).collect());
    }
    let like = like_texts(cx, print).await?;
    if like.is_empty() { near_pictures(cx, print).await } else { Ok(like) }
}

/// Files that show something near, by the nearest two pictures of both.
async fn near_pictures(cx: &Cx, print: &Print) -> Result<Vec<Match>> {
    if print.pictures.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = banded();
    sql.bind_list(picture_bands(print));
    let candidates = found(cx, sql, print).await?;
    let mut sql = Sql::new("select attachment_id, picture from file_picture where attachment_id in ");
    sql.bind_list(candidates.iter().map(|candidate| candidate.attachment_id));
    let shown: Vec<Pictured> = if candidates.is_empty() { Vec::new() } else { cx.all(sql).await? };
    let mut nearest: HashMap<Uuid, u32> = HashMap::new();
    for Pictured { attachment_id, picture: other } in shown {
        let distances = print.pictures.iter().map(|own| picture::distance(*own, other.cast_unsigned()));
        let distance = distances.min().unwrap_or(u64::BITS);
        nearest.entry(attachment_id).and_modify(|held| *held = distance.min(*held)).or_insert(distance);
    }
    let mut near: Vec<Match> = candidates
        .iter()
        .filter_map(|candidate| {
            let distance = *nearest.get(&candidate.attachment_id)?;
            let percent = 100 - i64::from(distance) * 100 / 64;
            (distance <= picture::NEAR).then(|| candidate.matched(Kind::NearPicture, percent))
        })
        .collect();
    near.sort_by_key(|found| (-found.percent, found.attachment));
    Ok(near)
}

async fn like_texts(cx: &Cx, print: &Print) -> Result<Vec<Match>> {
    let Some(sketch) = &print.sketch else { return Ok(Vec::new()) };
    let least = policies::amount(cx, "like_text", cx.today()).await?;
    let mut sql = banded();
    sql.bind_list(text_bands(print));
    let candidates = found(cx, sql, print).await?;
    let mut like: Vec<Match> = candidates
        .iter()
        .filter_map(|candidate| {
            let other = text::Sketch::read(&candidate.sketch)?;
            let percent = (text::similarity(sketch, &other) * 100.0).round() as i64;
            (percent >= least).then(|| candidate.matched(Kind::LikeText, percent))
        })
        .collect();
    like.sort_by_key(|found| (-found.percent, found.attachment));
    Ok(like)
}

fn candidates(from: &str) -> Sql {
    let mut sql = Sql::new("select i.attachment_id, i.problem_id, i.organisation_id, i.sketch from ");
    sql.push(from);
    sql
}

fn banded() -> Sql {
    candidates("(select distinct b.attachment_id from file_band b where b.band in ")
}

/// The candidates of a statement that are not about the same problem.
async fn found(cx: &Cx, mut sql: Sql, print: &Print) -> Result<Vec<Candidate>> {
    if sql.text().contains("file_band") {
        sql.push(") c join file_print i on i.attachment_id = c.attachment_id where i.attachment_id <> ");
        sql.bind(print.attachment);
    } else {
        sql.push(" and i.attachment_id <> ").bind(print.attachment);
    }
    sql.push(" and (i.problem_id is null or i.problem_id <> ").bind(print.problem.unwrap_or_default());
    sql.push(") limit ").bind(CANDIDATES);
    cx.all(sql).await
}

/// A place of the index.
fn place(band: i64, value: u32) -> i64 {
    (band << 32) | i64::from(value)
}

/// The places under which a file stands by its words.
fn text_bands(print: &Print) -> BTreeSet<i64> {
    let bands = print.sketch.as_ref().map(text::Sketch::bands);
    (0..).zip(bands.into_iter().flatten()).map(|(band, value)| place(band, value)).collect()
}

/// The places under which a file stands by what it shows; several pictures may share some.
fn picture_bands(print: &Print) -> BTreeSet<i64> {
    let of = |picture: &u64| {
        (PICTURES..).zip(picture::bands(*picture)).map(|(band, value)| place(band, u32::from(value)))
    };
    print.pictures.iter().flat_map(of).collect()
}

/// Puts files into the index and tells which were used before.
pub(super) async fn keep(cx: &mut WriteCx, prints: Vec<Print>) -> Result<Vec<Sign>> {
    let mut signs = Vec::new();
    for print in prints {
        let found = matches(cx, &print).await?;
        signs.extend(sign(cx, &print, &found).await?);
        insert(cx, &print).await?;
    }
    Ok(signs)
}

async fn insert(cx: &mut WriteCx, print: &Print) -> Result<()> {
    let mut sql = Sql::new(
        "insert into file_print (attachment_id, record_id, problem_id, organisation_id, digest, sketch) values (",
    );
    let sketch = print.sketch.as_ref().map(text::Sketch::written).unwrap_or_default();
    sql.bind(print.attachment).push(", ").bind(print.record).push(", ").bind(print.problem).push(", ");
    sql.bind(print.organisation).push(", ").bind(print.digest.as_str()).push(", ").bind(sketch).push(")");
    cx.execute(sql).await?;
    let pictures: BTreeSet<i64> = print.pictures.iter().map(|picture| picture.cast_signed()).collect();
    under(cx, "file_picture (picture, attachment_id)", pictures, print.attachment).await?;
    let bands = text_bands(print).into_iter().chain(picture_bands(print)).collect();
    under(cx, "file_band (band, attachment_id)", bands, print.attachment).await
}

/// Enters a file under each of these numbers.
async fn under(cx: &mut WriteCx, table: &str, numbers: BTreeSet<i64>, file: Uuid) -> Result<()> {
    if numbers.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new("insert into ");
    sql.push(table).push(" values ");
    for (at, number) in numbers.into_iter().enumerate() {
        sql.push(if at == 0 { "(" } else { ", (" }).bind(number).push(", ").bind(file).push(")");
    }
    cx.execute(sql).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Elsewhere {
    file: String,
    number: String,
    title: String,
    organisation: String,
}

/// The sign that a file was used before; one for each file.
async fn sign(cx: &Cx, print: &Print, found: &[Match]) -> Result<Option<Sign>> {
    let Some(first) = found.first() else { return Ok(None) };
    let mut lines = Vec::new();
    for found in found.iter().take(NAMED) {
        let mut sql = Sql::new(
            "select f.name as file, coalesce(p.number, '') as number, coalesce(p.title, '') as title, o.name as organisation \
             from file_print i join attachment f on f.id = i.attachment_id left join problem p on p.id = i.problem_id \
             join organisation o on o.id = i.organisation_id where i.attachment_id = ",
        );
        sql.bind(found.attachment);
        if let Some(Elsewhere { file, number, title, organisation }) = cx.first(sql).await? {
            lines.push(format!("{organisation}，问题 {number} {title}：“{file}”，相似度 {}%", found.percent));
        }
    }
    let others = found.iter().filter(|found| found.organisation != print.organisation).count();
    let how = match first.kind {
        Kind::SameFile => String::from("内容完全一致（SM3 摘要相同）"),
        Kind::NearPicture => format!("画面最高相似 {}%（64 位明暗特征比对）", first.percent),
        _ => format!("文字最高相似 {}%（去掉数字和标点后比对）", first.percent),
    };
    let reason = format!(
        "“{}”与另外 {} 个问题的佐证材料{how}，其中 {others} 个属于其他单位。",
        print.name,
        found.len()
    );
    Ok(Some(Sign {
        kind: first.kind,
        mark: format!("{}:{}", kit::Labelled::code(first.kind), print.attachment),
        inspection: inspection_of(cx, print.problem).await?,
        organisation: print.organisation.into(),
        problem: print.problem,
        subject: format!("佐证材料“{}”疑似重复使用", print.name),
        reason,
        detail: lines.join("\n"),
    }))
}

async fn inspection_of(cx: &Cx, problem: Option<Uuid>) -> Result<Option<Uuid>> {
    let Some(problem) = problem else { return Ok(None) };
    let mut sql = Sql::new("select inspection_id from problem where id = ");
    sql.bind(problem);
    Ok(cx.rows(sql).await?.first().map(|row| row.try_get_by_index(0)).transpose()?)
}
