//! A file taken in: cleaned, typed column by column, written as one Parquet file, and looked at.
//!
//! The same file with the same steps gives the same columns and so the same digest, whenever and wherever it is taken in.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    clean::{Cleaning, Step, Watch},
    load::{Mapping, Options, Report, digest, load_source},
    profile::{Profile, profile_source},
    recipe::{Field, Table},
    source,
    value::FieldKind,
};

/// A column as it was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Its heading.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
}

/// What is taken in, and how.
pub struct Taking<'a> {
    /// The file.
    pub file: &'a Path,
    /// Sheet, or table of a dump or a release.
    pub part: Option<&'a str>,
    /// The cleaning.
    pub steps: &'a [Step],
    /// Key under which identity numbers are hashed.
    pub key: Vec<u8>,
    /// Where the columns go.
    pub into: PathBuf,
    /// Asked how far it has come.
    pub watch: Option<Watch>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// The columns.
    pub columns: Vec<Kept>,
    /// What became of the rows and cells.
    pub report: Report,
    /// What the columns look like.
    pub profile: Profile,
    /// Cells or rows that each step touched.
    pub touched: Vec<u64>,
    /// SM3 digest of the columns.
    pub digest: String,
}

/// Takes a file in.
///
/// # Errors
/// A sentence when it cannot be read, a step does not fit, or somebody asked to stop.
pub fn take(taking: &Taking<'_>) -> Result<Taken> {
    let columns = kinds(taking)?;
    let mut cleaning = cleaning(taking, Some(taking.key.clone()))?;
    let fields: BTreeMap<String, Field> =
        columns.iter().map(|kept| (kept.name.clone(), field(kept))).collect();
    let table = Table { label: String::from("数据"), grain: String::new(), fields };
    let wanted: Vec<&str> = columns.iter().map(|kept| kept.name.as_str()).collect();
    let mapping: Mapping = columns.iter().map(|kept| (kept.name.clone(), kept.name.clone())).collect();
    let options =
        Options { key: Some(taking.key.clone()), into: Some(taking.into.clone()), ..Options::default() };
    let (_, mut report) = load_source(&mut cleaning, ("data", &table), &wanted, &mapping, &options)?;
    if report.taken == 0 {
        return Err(Error::refused("没有一行数据可以采用；请检查表头、分隔符和清洗步骤。"));
    }
    let profile = look(&taking.into, &columns)?;
    let digest = digest(&taking.into)?;
    report.digest.clone_from(&digest);
    Ok(Taken { columns, report, profile, touched: cleaning.touched(), digest })
}

fn cleaning(taking: &Taking<'_>, key: Option<Vec<u8>>) -> Result<Cleaning> {
    let inner = source::open(taking.file, taking.part)?;
    Cleaning::new(inner, taking.steps, key, taking.watch.clone())
}

fn field(kept: &Kept) -> Field {
    Field { label: kept.name.clone(), kind: kept.kind, synonyms: Vec::new(), positive: false }
}

/// The kinds that the columns look like, or that a step names.
fn kinds(taking: &Taking<'_>) -> Result<Vec<Kept>> {
    // Without the key: what is hashed no longer looks like a person's number.
    let mut cleaning = cleaning(taking, None)?;
    let profile = profile_source(&mut cleaning)?;
    let kind = |column: &crate::profile::ColumnProfile| match cleaning.kind_of(&column.name) {
        Some(kind) => kind,
        // Identity numbers among whole numbers were hashed and are numbers no longer.
        None if column.personal && column.kind != FieldKind::Person => FieldKind::Code,
        None => column.kind,
    };
    let columns = profile.columns.iter().map(|column| Kept { name: column.name.clone(), kind: kind(column) });
    Ok(columns.collect())
}

/// What the finished columns look like; their kinds are known and not guessed again.
fn look(file: &Path, columns: &[Kept]) -> Result<Profile> {
    let mut source = source::open(file, None)?;
    let mut profile = profile_source(source.as_mut())?;
    profile.remarks.clear();
    for (column, kept) in profile.columns.iter_mut().zip(columns) {
        column.settle(kept.kind);
    }
    Ok(profile)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::Change;

    fn take_in(text: &str, steps: &[Step]) -> Result<Taken> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("投标.csv");
        std::fs::write(&file, text).unwrap();
        take(&Taking {
            file: &file,
            part: None,
            steps,
            key: b"key".to_vec(),
            into: folder.path().join("columns.parquet"),
            watch: None,
        })
    }

    const BIDS: &str = "标段编号,投标人,报价（万元）,开标日期,身份证号\nT1,甲公司,12.5,2023-01-02,11010519491231002X\n\
                        T1,乙公司,13,2023/1/3,11010519491231002X\nT2,甲公司,面议,,\nT2\n";

    #[test]
    fn columns_are_typed_and_every_odd_cell_is_in_the_report() {
        let taken = take_in(BIDS, &[]).unwrap();
        let kinds: Vec<FieldKind> = taken.columns.iter().map(|kept| kept.kind).collect();
        assert_eq!(kinds[0], FieldKind::Code);
        assert_eq!(kinds[3], FieldKind::Date);
        assert_eq!(kinds[4], FieldKind::Person);
        assert_eq!((taken.report.rows, taken.report.taken, taken.report.ragged), (4, 3, 1));
        assert!(taken.profile.columns[4].personal && taken.profile.columns[4].frequent.is_empty());
    }

    #[test]
    fn the_same_file_with_the_same_steps_gives_the_same_digest_and_undoing_a_step_the_former_one() {
        let money =
            [Step { column: String::from("报价（万元）"), change: Change::Money { unit: 1_000_000 } }];
        let (before, after) = (take_in(BIDS, &[]).unwrap(), take_in(BIDS, &money).unwrap());
        assert_ne!(before.digest, after.digest);
        assert_eq!(take_in(BIDS, &money).unwrap().digest, after.digest);
        assert_eq!(take_in(BIDS, &[]).unwrap().digest, before.digest);
        assert_eq!(after.columns[2].kind, FieldKind::Money);
        assert_eq!(after.profile.columns[2].least.as_deref(), Some("125000"), "in yuan");
    }

    #[test]
    fn a_wish_to_stop_ends_it_with_nothing_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        let rows = (0..20_000).map(|at: u32| at.to_string()).collect::<Vec<_>>().join(",x\n");
        std::fs::write(&file, format!("a,b\n{rows},x\n")).unwrap();
        let taking = Taking {
            file: &file,
            part: None,
            steps: &[],
            key: b"key".to_vec(),
            into: folder.path().join("c.parquet"),
            watch: Some(std::sync::Arc::new(|rows| rows < 10_000)),
        };
        assert!(take(&taking).unwrap_err().to_string().contains("停止"));
    }

    #[test]
    fn a_file_with_a_heading_alone_is_refused() {
        assert!(take_in("a,b\n", &[]).unwrap_err().to_string().contains("没有一行数据"));
    }
}
