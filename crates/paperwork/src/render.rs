//! From a template and the facts of a record to the text of a document, and from the text to its pages.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use kit::{App, Error, Refusal, Result, exports};
use minijinja::{Environment, UndefinedBehavior, Value, value::Serde};
use papers::{Paper, Typeset, Typesetter};

/// Steps a template may take; a list of 300 rows with ten cells takes a few ten thousand.
const FUEL: u64 = 500_000;
/// Longest text of a document in characters.
const LONGEST: usize = 400_000;
/// What stands where nothing was entered.
const GAP: &str = "〔待填〕";

fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_fuel(Some(FUEL));
    environment.add_filter("length", minijinja::filters::length);
    environment.add_filter("default", minijinja::filters::default);
    environment.add_filter("join", minijinja::filters::join);
    environment.set_formatter(|out, _, value| {
        let empty = value.is_undefined() || value.is_none() || value.as_str() == Some("");
        if empty {
            out.write_str(GAP)?;
        } else {
            out.write_str(&value.to_string())?;
        }
        Ok(())
    });
    environment
}

/// Checks the text of a template in field `field`: its grammar, and that it uses only names that exist.
pub(crate) fn check(field: &str, source: &str, names: &BTreeSet<String>) -> Result<()> {
    if multiplies(source) {
        return Err(Refusal::field(field, "模板里不能做乘法运算").into());
    }
    let environment = environment();
    let template = environment.template_from_str(source).map_err(|error| refused(field, &error))?;
    let mut unknown: Vec<String> =
        template.undeclared_variables(false).into_iter().filter(|name| !names.contains(name)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    unknown.sort();
    let known = names.iter().map(String::as_str).collect::<Vec<_>>().join("、");
    let unknown = unknown.join("”“");
    Err(Refusal::field(field, format!("没有名为“{unknown}”的字段；可以使用的有：{known}")).into())
}

/// Whether an expression multiplies: a text times a number could fill the memory in one step.
fn multiplies(source: &str) -> bool {
    let opened = source.split("{{").skip(1).chain(source.split("{%").skip(1));
    opened
        .filter_map(|piece| piece.split("}}").next().and_then(|piece| piece.split("%}").next()))
        .any(|inside| inside.contains('*'))
}

fn refused(field: &str, error: &minijinja::Error) -> Error {
    let line = error.line().map(|line| format!("第 {line} 行")).unwrap_or_default();
    let why = match error.kind() {
        minijinja::ErrorKind::SyntaxError => "写法有误，请检查双花括号和“{% … %}”是否成对",
        minijinja::ErrorKind::OutOfFuel => "运算过多，请减少循环",
        minijinja::ErrorKind::UnknownFilter | minijinja::ErrorKind::UnknownFunction => "用了不存在的功能",
        _ => "不能执行，请检查写法",
    };
    Refusal::field(field, format!("模板{line}{why}")).into()
}

/// The text of a template filled with `values`.
pub(crate) fn fill(
    field: &str,
    source: &str,
    values: &serde_json::Map<String, serde_json::Value>,
) -> Result<String> {
    if multiplies(source) {
        return Err(Refusal::field(field, "模板里不能做乘法运算").into());
    }
    let text = environment()
        .render_str(source, Value::from(Serde(values)))
        .map_err(|error| refused(field, &error))?;
    if text.chars().count() > LONGEST {
        return Err(Refusal::field(field, "生成的文字过长，请减少列入的内容").into());
    }
    Ok(text)
}

/// Typesetters by their folders of fonts; reading fonts takes longer than laying out.
static TYPESETTERS: Mutex<BTreeMap<Vec<PathBuf>, Typesetter>> = Mutex::new(BTreeMap::new());

fn typesetter(folders: Vec<PathBuf>) -> papers::Result<Typesetter> {
    let held = TYPESETTERS.lock().unwrap_or_else(PoisonError::into_inner).get(&folders).cloned();
    if let Some(held) = held {
        return Ok(held);
    }
    let made = Typesetter::new(&folders)?;
    let mut held = TYPESETTERS.lock().unwrap_or_else(PoisonError::into_inner);
    // Folders of tests come and go; an installation has one.
    if held.len() >= 4 {
        held.clear();
    }
    held.insert(folders, made.clone());
    Ok(made)
}

/// Who takes a file out, as the layout writes it.
pub(crate) fn trace(trace: &exports::Trace) -> papers::Trace {
    papers::Trace {
        person: trace.person.clone(),
        organisation: trace.organisation.clone(),
        at: trace.at.clone(),
        number: trace.number.clone(),
    }
}

/// Lays `paper` out as one of several in a file.
pub(crate) async fn part(app: &App, paper: Arc<Paper>, at: DateTime<Utc>) -> Result<Typeset> {
    let folders = app.fonts().to_vec();
    let work = move || typesetter(folders)?.set_part(&paper, at);
    tokio::task::spawn_blocking(work).await.map_err(fault)?.map_err(fault)
}

/// Lays `paper` out beside the requests of others.
pub(crate) async fn set(app: &App, paper: Paper, at: DateTime<Utc>) -> Result<Typeset> {
    let folders = app.fonts().to_vec();
    let work = move || typesetter(folders)?.set(&paper, at);
    tokio::task::spawn_blocking(work).await.map_err(fault)?.map_err(fault)
}

/// Which fonts the faces of official documents are set in, with a sentence for each that stands in.
///
/// # Errors
/// A fault when a font of the program itself cannot be read.
pub async fn fonts(app: &App) -> Result<Vec<String>> {
    let folders = app.fonts().to_vec();
    tokio::task::spawn_blocking(move || typesetter(folders).map(|made| made.fallbacks()))
        .await
        .map_err(fault)?
        .map_err(fault)
}

/// The PDF of what was laid out.
pub(crate) async fn pdf(set: Typeset) -> Result<Vec<u8>> {
    tokio::task::spawn_blocking(move || set.pdf()).await.map_err(fault)?.map_err(fault)
}

/// A fault of ours while making a file.
pub(crate) fn fault(error: impl std::fmt::Display) -> Error {
    Error::Fault(format!("document: {error}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn values() -> serde_json::Map<String, serde_json::Value> {
        let value = json!({ "名称": "市教育局", "空": "", "问题": [{ "标题": "甲" }, { "标题": "乙" }] });
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn chinese_names_are_filled_in_and_lists_run() {
        let text = fill(
            "body",
            "{{ 名称 }}{% for 行 in 问题 %}|{{ loop.index }}|{{ 行.标题 }}|{% endfor %}",
            &values(),
        );
        assert_eq!(text.unwrap(), "市教育局|1|甲||2|乙|");
    }

    #[test]
    fn what_is_missing_is_visible_and_never_an_error() {
        assert_eq!(
            fill("body", "{{ 空 }}{{ 无此项 }}{{ 无此项.内 }}", &values()).unwrap(),
            "〔待填〕〔待填〕〔待填〕"
        );
    }

    #[test]
    fn an_unknown_name_is_refused_with_the_names_there_are() {
        let names = BTreeSet::from([String::from("名称"), String::from("问题")]);
        let error = check("body", "{{ 名字 }}", &names).unwrap_err();
        let Error::Refusal(refusal) = error else { panic!("{error:?}") };
        assert!(refusal.fields[0].1.contains("“名字”") && refusal.fields[0].1.contains("名称、问题"));
        assert!(check("body", "{% for 行 in 问题 %}{{ 行.标题 }}{% endfor %}{{ 名称 }}", &names).is_ok());
    }

    #[test]
    fn a_template_reads_no_files_and_stops() {
        for source in [
            "{% include '/etc/passwd' %}",
            "{{ 'a' * 1000000000 }}",
            "{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}",
            "{{ 名称",
        ] {
            assert!(fill("body", source, &values()).is_err(), "{source}");
        }
    }
}
