//! Models over columns that are kept: each table read from its columns with the mapping that was chosen for it, with the
//! same treatment of every odd cell as a file gets, so that a run in the platform and one beside it find the same.

use std::{collections::BTreeMap, path::PathBuf};

use csv::StringRecord;

use crate::{
    Error, Result,
    clean::Watch,
    engine::{Engine, Limits},
    job::{Answer, missing},
    load::{Mapping, Options, Report, Stored, load_source, propose},
    look::Columns,
    recipe::{Recipe, Table, Tables},
    run::run,
    source::{self, Next, Source},
};

/// Columns that fill a table.
#[derive(Clone, Debug)]
pub struct Held {
    /// The table.
    pub table: String,
    /// The columns.
    pub columns: Columns,
    /// Which column holds which field.
    pub mapping: Mapping,
    /// SM3 digest of the columns.
    pub digest: String,
}

/// How a model is run over what is kept.
pub struct Running {
    /// The model.
    pub recipe: Recipe,
    /// The tables of its domain.
    pub tables: Tables,
    /// What is kept.
    pub held: Vec<Held>,
    /// Parameters that were set.
    pub set: BTreeMap<String, String>,
    /// Key under which identity numbers are hashed.
    pub key: Vec<u8>,
    /// Folder for what does not fit in memory.
    pub folder: PathBuf,
    /// Rows of each table looked at; none for all.
    pub sample: Option<u64>,
    /// Asked how far it has come.
    pub watch: Option<Watch>,
}

/// Whether `columns` hold all that `recipe` cannot do without in `table`, by the headings or by `mapping`.
pub fn fits(
    recipe: &Recipe,
    name: &str,
    table: &Table,
    headings: &[String],
    mapping: Option<&Mapping>,
) -> usize {
    let proposed = propose(table, headings);
    let has = |field: &&String| {
        mapping.and_then(|mapping| mapping.get(*field)).or_else(|| proposed.get(*field)).is_some()
    };
    recipe.card.needs.get(name).map_or(0, |fields| fields.iter().filter(has).count())
}

/// Runs the model.
///
/// # Errors
/// A sentence when a field is missing, something does not fit, or somebody asked to stop.
pub async fn over(running: Running) -> Result<Answer> {
    let limits = Limits { folder: Some(running.folder.clone()), ..Limits::default() };
    let engine = Engine::new(&limits)?;
    let mut answer = Answer { data: Vec::new(), runs: Vec::new(), skipped: Vec::new() };
    for held in &running.held {
        let (stored, report) = read(&running, held)?;
        engine.register(&held.table, &stored).await?;
        answer.data.push(report);
    }
    if let Some(reason) = missing(&running.recipe, &running.tables, &answer.data) {
        return Err(Error::Refused(reason));
    }
    answer.runs.push(run(&engine, &running.recipe, &running.tables, &running.set).await?);
    Ok(answer)
}

fn read(running: &Running, held: &Held) -> Result<(Stored, Report)> {
    let table = running
        .tables
        .get(&held.table)
        .ok_or_else(|| Error::refused(format!("没有名为 {} 的数据表。", held.table)))?;
    let fields: Vec<&str> = running.recipe.fields_of(&held.table).collect();
    let mut mapping = propose(table, source::open_sealed(held.columns.sealed().clone())?.heading());
    mapping.extend(held.mapping.clone());
    mapping.retain(|field, _| fields.contains(&field.as_str()));
    let options = Options {
        key: Some(running.key.clone()),
        folder: Some(running.folder.clone()),
        ..Options::default()
    };
    let mut rows = Watched {
        inner: source::open_sealed(held.columns.sealed().clone())?,
        most: running.sample.unwrap_or(u64::MAX),
        rows: 0,
        watch: running.watch.clone(),
    };
    let (stored, mut report) = load_source(&mut rows, (&held.table, table), &fields, &mapping, &options)?;
    report.digest.clone_from(&held.digest);
    Ok((stored, report))
}

/// Rows of which only the first are wanted, and of which somebody keeps count.
struct Watched {
    inner: Box<dyn Source>,
    most: u64,
    rows: u64,
    watch: Option<Watch>,
}

impl Source for Watched {
    fn heading(&self) -> &[String] {
        self.inner.heading()
    }

    fn next(&mut self, row: &mut StringRecord) -> Result<Next> {
        if self.rows >= self.most {
            return Ok(Next::End);
        }
        self.rows += 1;
        if let Some(watch) = &self.watch
            && self.rows.is_multiple_of(8_192)
            && !watch(self.rows)
        {
            return Err(Error::refused("已按要求停止，没有保存。"));
        }
        self.inner.next(row)
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = self.inner.remarks();
        if self.rows >= self.most {
            remarks.push(format!("只试算了前 {} 行。", self.most));
        }
        remarks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        intake::{Taking, take},
        library, look,
    };

    #[tokio::test]
    async fn a_model_finds_the_same_in_kept_columns_as_in_the_file_they_came_from() {
        let library = library::built_in().unwrap();
        let folder = tempfile::tempdir().unwrap();
        for recipe in library.recipes() {
            let tables = library.tables(recipe).unwrap();
            let fixtures = library.fixtures(recipe);
            let direct = crate::check::on_texts(recipe, tables, &fixtures, folder.path()).await.unwrap();
            let mut held = Vec::new();
            for table in recipe.tables() {
                let (file, into) =
                    (folder.path().join("in.csv"), folder.path().join(format!("{table}.parquet")));
                std::fs::write(&file, fixtures[table]).unwrap();
                let taking = Taking {
                    file: &file,
                    part: None,
                    steps: &[],
                    key: b"k".to_vec(),
                    into: into.clone(),
                    watch: None,
                };
                let taken = take(&taking).unwrap();
                held.push(Held {
                    table: table.to_owned(),
                    columns: look::in_place(&into, taken.columns).unwrap(),
                    mapping: Mapping::new(),
                    digest: taken.digest,
                });
            }
            let answer = over(Running {
                recipe: recipe.clone(),
                tables: tables.clone(),
                held,
                set: BTreeMap::new(),
                key: b"k".to_vec(),
                folder: folder.path().to_owned(),
                sample: None,
                watch: None,
            })
            .await
            .unwrap();
            let number = |run: &crate::run::Run| (run.hits.len(), run.flagged);
            assert_eq!(number(&answer.runs[0]), number(&direct), "{}: {:?}", recipe.id, answer.data);
        }
    }
}
