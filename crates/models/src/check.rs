//! Test data of a model: small tables whose hits are known.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Serialize;
use serde_json::Value as Json;

use crate::{
    Error, Result,
    engine::{Engine, Limits},
    load::{Mapping, Options, load},
    recipe::{Recipe, Tables},
    run::{Run, run},
};

/// What testing a model gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The model.
    pub model: String,
    /// Its number in the catalogue.
    pub code: String,
    /// Whether the hits were the expected ones.
    pub passed: bool,
    /// Hits that were expected.
    pub expected: usize,
    /// Hits that were missing.
    pub missing: Vec<String>,
    /// Hits that nobody expected.
    pub surplus: Vec<String>,
    /// Why it could not run.
    pub error: Option<String>,
}

/// Runs `recipe` on its test data and compares with `expected`, whose columns say what is compared.
pub async fn check(
    recipe: &Recipe,
    tables: &Tables,
    fixtures: &BTreeMap<&str, &str>,
    expected: &str,
    scratch: &Path,
) -> Outcome {
    match compare(recipe, tables, fixtures, expected, scratch).await {
        Ok((expected, missing, surplus)) => Outcome {
            model: recipe.id.clone(),
            code: recipe.card.code.clone(),
            passed: missing.is_empty() && surplus.is_empty(),
            expected,
            missing,
            surplus,
            error: None,
        },
        Err(error) => Outcome {
            model: recipe.id.clone(),
            code: recipe.card.code.clone(),
            passed: false,
            expected: 0,
            missing: Vec::new(),
            surplus: Vec::new(),
            error: Some(error.to_string()),
        },
    }
}

/// Runs `recipe` on csv texts with the names of the fields as headings.
///
/// # Errors
/// A sentence when the texts or the query do not fit.
pub async fn on_texts(
    recipe: &Recipe,
    tables: &Tables,
    texts: &BTreeMap<&str, &str>,
    scratch: &Path,
) -> Result<Run> {
    let engine = Engine::new(&Limits { memory: 256 << 20, ..Limits::default() })?;
    for table in recipe.tables() {
        let text =
            texts.get(table).ok_or_else(|| Error::refused(format!("没有数据表 {table} 的测试数据。")))?;
        let known =
            tables.get(table).ok_or_else(|| Error::refused(format!("没有名为 {table} 的数据表。")))?;
        let file = scratch.join(format!("{table}.csv"));
        fs::write(&file, text)?;
        let fields: Vec<&str> = recipe.fields_of(table).collect();
        let (filled, report) =
            load(&file, None, (table, known), &fields, &Mapping::new(), &Options::default())?;
        if report.ragged > 0 {
            return Err(Error::refused(format!(
                "测试数据 {table} 有列数不齐的行：{:?}。",
                report.ragged_rows
            )));
        }
        engine.fill(table, &filled).await?;
    }
    run(&engine, recipe, tables, &BTreeMap::new()).await
}

async fn compare(
    recipe: &Recipe,
    tables: &Tables,
    fixtures: &BTreeMap<&str, &str>,
    expected: &str,
    scratch: &Path,
) -> Result<(usize, Vec<String>, Vec<String>)> {
    let found = on_texts(recipe, tables, fixtures, scratch).await?;
    let mut reader = csv::ReaderBuilder::new().from_reader(expected.as_bytes());
    let unreadable = |error: csv::Error| Error::refused(format!("期望结果不能读取：{error}。"));
    let names: Vec<String> = reader.headers().map_err(unreadable)?.iter().map(str::to_owned).collect();
    let mut wanted = Vec::new();
    for row in reader.records() {
        wanted.push(row.map_err(unreadable)?.iter().collect::<Vec<_>>().join(" | "));
    }
    let mut surplus: Vec<String> = found
        .hits
        .iter()
        .map(|hit| {
            let value = |name: &String| match name.as_str() {
                "level" => hit.level.code().to_owned(),
                name => hit.keys.get(name).or_else(|| hit.values.get(name)).map_or_else(String::new, plain),
            };
            names.iter().map(value).collect::<Vec<_>>().join(" | ")
        })
        .collect();
    let count = wanted.len();
    let mut missing = Vec::new();
    for row in wanted {
        match surplus.iter().position(|held| *held == row) {
            Some(at) => {
                surplus.swap_remove(at);
            }
            None => missing.push(row),
        }
    }
    Ok((count, missing, surplus))
}

fn plain(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        // Shares are compared to four places: the last ones depend on the order of adding.
        Json::Number(number) if number.is_f64() => {
            let text = format!("{:.4}", number.as_f64().unwrap_or_default());
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library;

    #[tokio::test]
    async fn every_model_of_the_library_finds_what_its_test_data_say_and_no_more() {
        let library = library::built_in().unwrap();
        let scratch = tempfile::tempdir().unwrap();
        let mut failed = Vec::new();
        for recipe in library.recipes() {
            let tables = library.tables(recipe).unwrap();
            let expected = library.expected(recipe).unwrap();
            let outcome = check(recipe, tables, &library.fixtures(recipe), expected, scratch.path()).await;
            if !outcome.passed || outcome.expected == 0 {
                failed.push(outcome);
            }
        }
        assert!(failed.is_empty(), "{failed:#?}");
    }

    #[tokio::test]
    async fn every_column_of_a_result_has_a_chinese_name() {
        let library = library::built_in().unwrap();
        let scratch = tempfile::tempdir().unwrap();
        let mut nameless = std::collections::BTreeSet::new();
        for recipe in library.recipes() {
            let (tables, fixtures) = (library.tables(recipe).unwrap(), library.fixtures(recipe));
            let run = on_texts(recipe, tables, &fixtures, scratch.path()).await.unwrap();
            let names = run.hits.iter().flat_map(|hit| hit.keys.keys().chain(hit.values.keys()));
            let unnamed = names.filter(|name| library.column_label(recipe, name).is_none());
            nameless.extend(unnamed.map(|name| format!("{} {name}", recipe.id)));
        }
        assert!(nameless.is_empty(), "{nameless:#?}");
    }

    #[tokio::test]
    async fn the_same_run_again_gives_the_same_hits() {
        let library = library::built_in().unwrap();
        let scratch = tempfile::tempdir().unwrap();
        for recipe in library.recipes().iter().take(8) {
            let (tables, fixtures) = (library.tables(recipe).unwrap(), library.fixtures(recipe));
            let one = on_texts(recipe, tables, &fixtures, scratch.path()).await.unwrap();
            let other = on_texts(recipe, tables, &fixtures, scratch.path()).await.unwrap();
            assert_eq!(one, other, "{}", recipe.id);
        }
    }

    #[tokio::test]
    async fn rows_of_a_tender_that_do_not_stand_together_give_the_same_hits() {
        let library = library::built_in().unwrap();
        let scratch = tempfile::tempdir().unwrap();
        for recipe in library.recipes().iter().filter(|recipe| recipe.domain == "bidding") {
            let (tables, fixtures) = (library.tables(recipe).unwrap(), library.fixtures(recipe));
            let scattered: BTreeMap<&str, String> =
                fixtures.iter().map(|(table, text)| (*table, scatter(text))).collect();
            let texts = scattered.iter().map(|(table, text)| (*table, text.as_str())).collect();
            let together = on_texts(recipe, tables, &fixtures, scratch.path()).await.unwrap();
            let apart = on_texts(recipe, tables, &texts, scratch.path()).await.unwrap();
            let said = |run: &Run| run.hits.iter().map(|hit| hit.explanation.clone()).collect::<Vec<_>>();
            assert_eq!(said(&together), said(&apart), "{}", recipe.id);
        }
    }

    /// Every other row first, the rest from the last to the first.
    fn scatter(text: &str) -> String {
        let mut lines = text.lines();
        let heading = lines.next().unwrap();
        let rows: Vec<&str> = lines.collect();
        let (even, odd) = (rows.iter().step_by(2), rows.iter().skip(1).step_by(2).rev());
        let rows: Vec<&str> = std::iter::once(&heading).chain(even).chain(odd).copied().collect();
        rows.join("\n") + "\n"
    }
}
