//! Models over files: each table read once with all fields that the models ask for, then one model after the other.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    engine::{Engine, Limits},
    library::Library,
    load::{Mapping, Options, Report, Stored, load},
    recipe::{Recipe, Table, Tables},
    run::{Run, run},
};

/// A question as one program hands it to another.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The models, all of one domain.
    pub models: Vec<String>,
    /// The files.
    pub files: Vec<DataFile>,
    /// Which column holds which field, by table; the empty name stands for all tables.
    pub mapping: BTreeMap<String, Mapping>,
    /// Parameters that were set.
    pub set: BTreeMap<String, String>,
    /// Bytes of memory that the engine may use.
    pub memory: usize,
    /// Key under which identity numbers are hashed.
    pub key: Option<Vec<u8>>,
    /// Whether the answer is wanted as JSON.
    pub json: bool,
    /// Whether the steps are told with the time that each took.
    pub timings: bool,
}

impl Question {
    /// The same with the models of `library`.
    ///
    /// # Errors
    /// A sentence when one of them does not exist, or none is named.
    pub fn ask<'a>(&self, library: &'a Library) -> Result<Ask<'a>> {
        let recipe = |name: &String| {
            library.recipe(name).ok_or_else(|| {
                Error::refused(format!("没有名为 {name} 的模型；用 xuncha models list 查看全部模型。"))
            })
        };
        let recipes = self.models.iter().map(recipe).collect::<Result<Vec<_>>>()?;
        let first = recipes.first().ok_or_else(|| Error::refused("没有指定模型。"))?;
        Ok(Ask {
            tables: library.tables(first)?,
            files: self.files.clone(),
            mapping: self.mapping.clone(),
            set: self.set.clone(),
            limits: Limits { memory: self.memory, ..Limits::default() },
            key: self.key.clone(),
            recipes,
        })
    }

    /// The answer as it is printed.
    ///
    /// # Errors
    /// A fault when a value cannot be written.
    pub fn told(&self, answer: &Answer) -> Result<String> {
        if self.json {
            return Ok(answer.json(self.models.len() == 1)?.to_string());
        }
        Ok(answer.lines().join("\n"))
    }

    /// A step and the time it took, when that is wanted.
    pub fn step(&self, step: &str, took: Duration) -> Option<String> {
        self.timings.then(|| format!("{step} {:.3}", took.as_secs_f64()))
    }
}

/// A file, and which table it fills.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataFile {
    /// The table; a file without one fills every table that no other file fills.
    pub table: Option<String>,
    /// Where it lies.
    pub path: PathBuf,
    /// Sheet, or table of a dump or a release.
    pub part: Option<String>,
}

/// What is asked for.
pub struct Ask<'a> {
    /// The models, all of one domain.
    pub recipes: Vec<&'a Recipe>,
    /// The tables of the domain.
    pub tables: &'a Tables,
    /// The files.
    pub files: Vec<DataFile>,
    /// Which column holds which field, by table; the empty name stands for all tables.
    pub mapping: BTreeMap<String, Mapping>,
    /// Parameters that were set.
    pub set: BTreeMap<String, String>,
    /// What the engine may use.
    pub limits: Limits,
    /// Key under which identity numbers are hashed.
    pub key: Option<Vec<u8>>,
}

/// A model that could not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// The model.
    pub model: String,
    /// Its Chinese name.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// What came out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// What became of the files.
    pub data: Vec<Report>,
    /// What the models found.
    pub runs: Vec<Run>,
    /// Models for which fields were missing.
    pub skipped: Vec<Skipped>,
}

/// A folder that is removed when done.
///
/// # Errors
/// A fault when it cannot be made.
pub fn scratch() -> Result<tempfile::TempDir> {
    Ok(tempfile::Builder::new().prefix("xuncha-").tempdir()?)
}

/// Reads the files and runs the models.
///
/// # Errors
/// A sentence when a file cannot be read, or the only model asked for cannot run.
pub async fn execute(ask: Ask<'_>) -> Result<Answer> {
    watched(ask, &mut |_, _| {}).await
}

/// As [`execute`]; `watch` learns how long each file and each model took, which is no part of the answer.
///
/// # Errors
/// As [`execute`].
pub async fn watched(ask: Ask<'_>, watch: &mut (dyn FnMut(&str, Duration) + Send)) -> Result<Answer> {
    let folder = scratch()?;
    let engine = Engine::new(&Limits { folder: Some(folder.path().to_owned()), ..ask.limits.clone() })?;
    let options = Options { folder: Some(folder.path().to_owned()), ..Options::default() };
    on(&engine, ask, options, watch).await
}

/// As [`watched`], on an engine that somebody else has made; `options` say where columns lie for it.
///
/// # Errors
/// As [`execute`].
pub async fn on(
    engine: &Engine,
    ask: Ask<'_>,
    options: Options,
    watch: &mut (dyn FnMut(&str, Duration) + Send),
) -> Result<Answer> {
    let options = Options { key: ask.key.clone(), ..options };
    let mut data = Vec::new();
    let (ask, withheld) = without_persons(ask)?;
    let wanted: BTreeSet<&str> = ask.recipes.iter().flat_map(|recipe| recipe.tables()).collect();
    for table in wanted {
        let Some(file) = file_of(&ask.files, table) else { continue };
        let known =
            ask.tables.get(table).ok_or_else(|| Error::refused(format!("没有名为 {table} 的数据表。")))?;
        let begun = Instant::now();
        let (stored, report) = read(&ask, file, table, known, &options).await?;
        watch(table, begun.elapsed());
        engine.register(table, &stored).await?;
        data.push(report);
    }
    let single = ask.recipes.len() + withheld.len() == 1;
    let mut answer = Answer { data, runs: Vec::new(), skipped: withheld };
    for recipe in &ask.recipes {
        match missing(recipe, ask.tables, &answer.data) {
            None => {
                let begun = Instant::now();
                match run(engine, recipe, ask.tables, &own(recipe, &ask.set)).await {
                    Ok(run) => answer.runs.push(run),
                    // One model that finds too much or runs out of room takes nothing from the others.
                    Err(Error::Refused(reason)) if !single => answer.skipped.push(Skipped {
                        model: recipe.id.clone(),
                        name: recipe.card.name.clone(),
                        reason: format!("模型“{}”没有结果：{reason}", recipe.card.name),
                    }),
                    Err(error) => return Err(error),
                }
                watch(&recipe.id, begun.elapsed());
            }
            Some(reason) if single => return Err(Error::Refused(reason)),
            Some(reason) => answer.skipped.push(Skipped {
                model: recipe.id.clone(),
                name: recipe.card.name.clone(),
                reason,
            }),
        }
    }
    check_set(&ask)?;
    Ok(answer)
}

/// Leaves out the models that read identity numbers when there is no key to hash them with: the numbers of whole
/// villages or schools shall lie nowhere in the clear, not in memory, not in spilled files, not in hits.
fn without_persons(mut ask: Ask<'_>) -> Result<(Ask<'_>, Vec<Skipped>)> {
    if ask.key.is_some() {
        return Ok((ask, Vec::new()));
    }
    let (withheld, kept): (Vec<&Recipe>, Vec<&Recipe>) =
        ask.recipes.iter().partition(|recipe| recipe.reads_persons(ask.tables));
    let skipped = |recipe: &&Recipe| Skipped {
        model: recipe.id.clone(),
        name: recipe.card.name.clone(),
        reason: format!(
            "模型“{}”使用身份证件号，没有密钥不运行；请用 --person-key 指定密钥文件，读入时即加密散列。",
            recipe.card.name
        ),
    };
    let skipped: Vec<Skipped> = withheld.iter().map(skipped).collect();
    if kept.is_empty()
        && let Some(first) = skipped.first()
    {
        return Err(Error::Refused(first.reason.clone()));
    }
    ask.recipes = kept;
    Ok((ask, skipped))
}

/// The set parameters that `recipe` knows; `model.name` sets one of a single model.
fn own(recipe: &Recipe, set: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let knows = |name: &str| recipe.card.parameters.iter().any(|parameter| parameter.id == name);
    set.iter()
        .filter_map(|(name, value)| {
            let name = match name.split_once('.') {
                Some((model, name)) if model == recipe.id => name,
                Some(_) => return None,
                None => name,
            };
            knows(name).then(|| (name.to_owned(), value.clone()))
        })
        .collect()
}

fn check_set(ask: &Ask<'_>) -> Result<()> {
    let known = |name: &String| {
        ask.recipes
            .iter()
            .any(|recipe| !own(recipe, &BTreeMap::from([(name.clone(), String::new())])).is_empty())
    };
    match ask.set.keys().find(|name| !known(name)) {
        Some(name) => Err(Error::refused(format!("所选模型没有名为 {name} 的参数。"))),
        None => Ok(()),
    }
}

fn file_of<'a>(files: &'a [DataFile], table: &str) -> Option<&'a DataFile> {
    let named = |file: &&DataFile| file.table.as_deref() == Some(table);
    files.iter().find(named).or_else(|| files.iter().find(|file| file.table.is_none()))
}

async fn read(
    ask: &Ask<'_>,
    file: &DataFile,
    name: &str,
    table: &Table,
    options: &Options,
) -> Result<(Stored, Report)> {
    let fields: BTreeSet<String> =
        ask.recipes.iter().flat_map(|recipe| recipe.fields_of(name)).map(str::to_owned).collect();
    let mut mapping = Mapping::new();
    for given in [ask.mapping.get(""), ask.mapping.get(name)].into_iter().flatten() {
        let known = given.iter().filter(|(field, _)| table.fields.contains_key(*field));
        mapping.extend(known.map(|(field, column)| (field.clone(), column.clone())));
    }
    let (file, name, table, options) = (file.clone(), name.to_owned(), table.clone(), options.clone());
    let reading = tokio::task::spawn_blocking(move || {
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        load(&file.path, file.part.as_deref(), (&name, &table), &fields, &mapping, &options)
    });
    reading.await.map_err(|error| Error::Fault(format!("读取文件的任务中断：{error}")))?
}

/// Why `recipe` cannot run on what was read.
pub(crate) fn missing(recipe: &Recipe, tables: &Tables, data: &[Report]) -> Option<String> {
    let mut gaps = Vec::new();
    for (name, fields) in &recipe.card.needs {
        let Some(table) = tables.get(name) else { continue };
        let report = data.iter().find(|report| report.table == *name);
        let Some(report) = report else {
            gaps.push(format!("缺少数据表“{}”（{name}）", table.label));
            continue;
        };
        let absent: Vec<String> = fields
            .iter()
            .filter(|field| report.unmapped().any(|held| held == field.as_str()))
            .filter_map(|field| table.fields.get(field).map(|held| format!("{}（{field}）", held.label)))
            .collect();
        if !absent.is_empty() {
            gaps.push(format!("数据表“{}”缺少字段：{}", table.label, absent.join("、")));
        }
    }
    if gaps.is_empty() {
        return None;
    }
    Some(format!("模型“{}”不能运行：{}。请用字段对应关系指明所在的列。", recipe.card.name, gaps.join("；")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;

    fn ask<'a>(names: &[&str], file: &std::path::Path) -> Ask<'a> {
        let library = library::built_in().unwrap();
        let recipes: Vec<&Recipe> = names.iter().map(|name| library.recipe(name).unwrap()).collect();
        Ask {
            tables: library.tables(recipes[0]).unwrap(),
            recipes,
            files: vec![DataFile { table: None, path: file.to_owned(), part: None }],
            mapping: BTreeMap::new(),
            set: BTreeMap::new(),
            limits: Limits::default(),
            key: None,
        }
    }

    fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("投标.csv");
        std::fs::write(&path, text).unwrap();
        (folder, path)
    }

    #[tokio::test]
    async fn a_suite_runs_what_it_can_and_says_what_is_missing_for_the_rest() {
        let (_folder, path) = file("标段编号,投标单位,IP\nT1,甲,36.1.1.1\nT1,乙,36.1.1.1\n");
        let answer = execute(ask(&["B02", "B05A"], &path)).await.unwrap();
        assert_eq!(answer.runs.len(), 1);
        assert_eq!(answer.runs[0].hits[0].explanation, "标段T1有2家投标人从同一地址36.1.1.1上传：乙、甲。");
        assert!(answer.skipped[0].reason.contains("投标报价（bid）"), "{}", answer.skipped[0].reason);
    }

    #[tokio::test]
    async fn a_single_model_without_its_fields_is_refused() {
        let (_folder, path) = file("a,b\n1,2\n");
        let error = execute(ask(&["B02"], &path)).await.unwrap_err();
        assert!(error.to_string().contains("标段编号（tender）"), "{error}");
    }

    #[tokio::test]
    async fn an_implausible_share_of_hits_is_warned_of() {
        let rows: Vec<String> =
            (0..30).map(|at| format!("T{at},甲,9.9.9.{at}\nT{at},乙,9.9.9.{at}")).collect();
        let (_folder, path) = file(&format!("标段编号,投标人,IP\n{}\n", rows.join("\n")));
        let answer = execute(ask(&["B02"], &path)).await.unwrap();
        assert_eq!((answer.runs[0].looked_at, answer.runs[0].flagged), (Some(30), 30));
        assert!(answer.runs[0].warnings[0].contains("30 个对象"));
    }

    #[tokio::test]
    async fn models_that_read_identity_numbers_need_a_key_and_show_none() {
        let number = "11010519491231002X";
        let (_folder, path) = file(&format!(
            "身份证号,姓名,补贴项目,发放日期,金额,村,死亡日期\n{number},甲,低保,2025-03-01,500,一村,2024-01-01\n"
        ));
        let library = library::built_in().unwrap();
        let recipe = library.recipe("dead-recipient").unwrap();
        let asked = |key: Option<Vec<u8>>| Ask {
            recipes: vec![recipe],
            tables: library.tables(recipe).unwrap(),
            key,
            ..ask(&["B02"], &path)
        };
        let error = execute(asked(None)).await.unwrap_err().to_string();
        assert!(error.contains("--person-key"), "{error}");
        let answer = execute(asked(Some(b"0123456789abcdef".to_vec()))).await.unwrap();
        assert_eq!(answer.runs[0].hits.len(), 1);
        assert!(!format!("{answer:?}").contains(number));
    }

    #[tokio::test]
    async fn an_unknown_parameter_is_refused() {
        let (_folder, path) = file("标段编号,投标人,IP\nT1,甲,1.1.1.1\n");
        let mut ask = ask(&["B02"], &path);
        ask.set.insert(String::from("nobody"), String::from("1"));
        assert!(execute(ask).await.unwrap_err().to_string().contains("nobody"));
    }
}
