//! The register of packages (来信包登记): every package that somebody brought, by whom and in which way, whether its
//! signature and every byte were right, and what came of its letters. A refused package is entered too.

use chrono::{DateTime, Utc};
use db::Sql;
use intake::{envelope::fingerprint, package::Manifest};
use kit::{Cx, Result, WriteCx, audit, labelled};
use uuid::Uuid;

use super::carry::Report;

/// Longest text of why letters could not be entered, in characters.
const MOST_WHY: usize = 4_000;

labelled! {
    /// How a package was brought.
    pub enum Way: "导入方式" {
        /// With the command.
        Command = "command" => "命令行", Grey;
        /// On the page.
        Page = "page" => "网页", Grey;
    }
}

labelled! {
    /// What came of a package.
    pub enum Outcome: "导入结果" {
        /// The work was broken off; the same package may be brought again.
        Begun = "begun" => "没有完成", Orange;
        /// Every letter is here.
        Taken = "taken" => "已全部登记", Green;
        /// Some letters could not be entered.
        Partly = "partly" => "部分不能登记", Orange;
        /// Nothing of it was used.
        Refused = "refused" => "整包拒收", Red;
    }
}

/// A package that was brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// The entry.
    pub id: Uuid,
    /// When it was brought.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by_name: String,
    /// How.
    pub way: Way,
    /// Fingerprint of the host that signed it; empty when that is not known.
    pub host: String,
    /// Its number.
    pub serial: Option<i64>,
    /// When the host made it.
    pub made_at: Option<DateTime<Utc>>,
    /// Digest of its list, by which the next one names it.
    pub digest: String,
    /// Letters in it.
    pub letters: i64,
    /// Whether its signature and every byte were right.
    pub genuine: bool,
    /// Letters that became petitions.
    pub taken: i64,
    /// Letters that had been here already.
    pub held: i64,
    /// Letters that could not be entered.
    pub refused: i64,
    /// What came of it.
    pub outcome: Outcome,
    /// Why it was refused, or letters of it, a sentence to a line.
    pub why: String,
    /// Fingerprints of the keys to which its letters were closed.
    pub keys: Vec<String>,
}

/// What a package says of itself once it has been checked: its list and its host's public key.
pub(super) type Named<'a> = Option<(&'a Manifest, &'a str)>;

async fn enter(
    cx: &mut WriteCx,
    way: Way,
    named: Named<'_>,
    (outcome, why): (Outcome, &str),
) -> Result<Uuid> {
    let id = cx.new_id();
    let (host, digest) = match named {
        Some((manifest, key)) => (fingerprint(key), manifest.digest()?),
        None => (String::new(), String::new()),
    };
    let letters = named.map_or(0, |(manifest, _)| counted(manifest.letters.len()));
    let mut sql = Sql::new(
        "insert into intake_package (id, at, account_id, by_name, way, host, serial, made_at, digest, letters, genuine, \
         taken, held, refused, outcome, why) values (",
    );
    sql.bind(id).push(", ").bind(cx.moment()).push(", ").bind(cx.actor.account);
    sql.push(", ").bind(cx.actor.name.as_str()).push(", ").bind(way).push(", ").bind(host);
    sql.push(", ").bind(named.map(|(manifest, _)| manifest.serial));
    sql.push(", ").bind(named.map(|(manifest, _)| manifest.made_at)).push(", ").bind(digest);
    sql.push(", ").bind(letters).push(", ").bind(named.is_some()).push(", 0, 0, 0, ").bind(outcome);
    sql.push(", ").bind(shortened(why)).push(")");
    cx.execute(sql).await?;
    Ok(id)
}

/// Enters a package that is about to be taken in.
pub(super) async fn begin(cx: &mut WriteCx, way: Way, manifest: &Manifest, key: &str) -> Result<Uuid> {
    enter(cx, way, Some((manifest, key)), (Outcome::Begun, "")).await
}

/// Enters a package of which nothing is used.
pub(super) async fn refuse(cx: &mut WriteCx, way: Way, named: Named<'_>, why: &str) -> Result<()> {
    let id = enter(cx, way, named, (Outcome::Refused, why)).await?;
    cx.record("refuse_package", "intake", Some(id), audit::Outcome::Refused);
    Ok(())
}

/// Enters what came of the letters.
pub(super) async fn finish(cx: &mut WriteCx, id: Uuid, report: &Report) -> Result<()> {
    let outcome = if report.refused.is_empty() { Outcome::Taken } else { Outcome::Partly };
    let mut sql = Sql::new("update intake_package set taken = ");
    sql.bind(counted(report.taken)).push(", held = ").bind(counted(report.held));
    sql.push(", refused = ").bind(counted(report.refused.len())).push(", outcome = ").bind(outcome);
    sql.push(", why = ").bind(shortened(&report.reasons().join("\n"))).push(" where id = ").bind(id);
    cx.execute(sql).await?;
    Ok(())
}

fn counted(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn shortened(text: &str) -> String {
    text.chars().take(MOST_WHY).collect()
}

/// The packages, the newest first.
pub async fn packages(cx: &Cx, most: u32) -> Result<Vec<Package>> {
    let newest = |sql: &mut Sql| {
        sql.push(" order by p.at desc, p.id desc limit ").bind(i64::from(most));
    };
    chosen(cx, newest).await
}

/// Packages of which letters are still missing here, the oldest first: those that were not taken in whole, neither then nor
/// since.
pub async fn unfinished(cx: &Cx) -> Result<Vec<Package>> {
    let unfinished = |sql: &mut Sql| {
        sql.push(" where p.outcome = ").bind(Outcome::Partly).push(
            " and not exists (select 1 from intake_package n where n.host = p.host and n.serial = p.serial \
             and n.digest = p.digest and (n.at > p.at or (n.at = p.at and n.id > p.id)) and n.outcome in ",
        );
        sql.bind_list([Outcome::Partly, Outcome::Taken]).push(") order by p.at, p.id");
    };
    chosen(cx, unfinished).await
}

/// The packages that the rest of a statement on `intake_package p` chooses.
async fn chosen(cx: &Cx, rest: impl FnOnce(&mut Sql)) -> Result<Vec<Package>> {
    let mut sql = Sql::new(
        "select p.id, p.at, p.by_name, p.way, p.host, p.serial, p.made_at, p.digest, p.letters, p.genuine, p.taken, p.held, \
         p.refused, p.outcome, p.why from intake_package p",
    );
    rest(&mut sql);
    let mut found = Vec::new();
    for row in cx.rows(sql).await? {
        let id = row.try_get_by_index(0)?;
        found.push(Package {
            id,
            at: row.try_get_by_index(1)?,
            by_name: row.try_get_by_index(2)?,
            way: row.try_get_by_index(3)?,
            host: row.try_get_by_index(4)?,
            serial: row.try_get_by_index(5)?,
            made_at: row.try_get_by_index(6)?,
            digest: row.try_get_by_index(7)?,
            letters: row.try_get_by_index(8)?,
            genuine: row.try_get_by_index(9)?,
            taken: row.try_get_by_index(10)?,
            held: row.try_get_by_index(11)?,
            refused: row.try_get_by_index(12)?,
            outcome: row.try_get_by_index(13)?,
            why: row.try_get_by_index(14)?,
            keys: Vec::new(),
        });
    }
    name_keys(cx, &mut found).await?;
    Ok(found)
}

async fn name_keys(cx: &Cx, packages: &mut [Package]) -> Result<()> {
    let mut sql = Sql::new("select distinct package_id, key_print from intake_letter where package_id in ");
    sql.bind_list(packages.iter().map(|package| package.id));
    sql.push(" order by key_print");
    for row in cx.rows(sql).await? {
        let (id, print): (Uuid, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        if let Some(package) = packages.iter_mut().find(|package| package.id == id) {
            package.keys.push(print);
        }
    }
    Ok(())
}

/// A host whose packages are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownHost {
    /// Fingerprint of the key by which it signs.
    pub print: String,
    /// When it became known.
    pub trusted_at: DateTime<Utc>,
    /// Who compared its fingerprint.
    pub trusted_by: String,
    /// Number of its last package.
    pub last_serial: i64,
}

/// The hosts, in the order in which they became known.
pub async fn hosts(cx: &Cx) -> Result<Vec<KnownHost>> {
    let held =
        "select public_key, trusted_at, trusted_by, last_serial from intake_host order by trusted_at, id";
    let rows = cx.rows(Sql::new(held)).await?;
    let host = |row: db::QueryResult| {
        Ok(KnownHost {
            print: fingerprint(&row.try_get_by_index::<String>(0)?),
            trusted_at: row.try_get_by_index(1)?,
            trusted_by: row.try_get_by_index(2)?,
            last_serial: row.try_get_by_index(3)?,
        })
    };
    rows.into_iter().map(host).collect()
}
