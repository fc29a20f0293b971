//! What the command line does: one file, one answer in JSON.

use std::{path::Path, sync::Arc};

use kit::{Actor, App, Error, Refusal, Result};
use serde_json::Value;

use super::{
    kind,
    ledger::Choices,
    run::{self, Plan},
};

/// How a file is to be imported.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only try it.
    pub dry_run: bool,
    /// Rows that exist with other content are brought to what the file says.
    pub update: bool,
    /// The sheet to take; the best fitting one when none is named.
    pub sheet: Option<String>,
    /// Column letter and key, for columns that are not recognised by themselves.
    pub assign: Vec<(String, String)>,
}

/// Imports the file at `path` as a ledger of `kind_code`, or only tries it.
///
/// `options.assign` holds column letter and key; an empty key leaves the column out, and a letter that begins
/// with `=` gives the text after it to every row (`=2023-05-01`, `found_on`).
///
/// # Errors
/// A refusal when the file cannot be read or the kind is unknown; what stands against single rows is
/// in the answer, whose status tells [`status`].
pub async fn command(
    app: &App,
    actor: &Arc<Actor>,
    kind_code: &str,
    path: &Path,
    options: Options,
) -> Result<Value> {
    let kind = kind(kind_code)?;
    let bytes = tokio::fs::read(path).await.map_err(|error| {
        Error::from(Refusal::invalid(format!("不能读取文件 {}：{error}", path.display())))
    })?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut choices = Choices { sheet: options.sheet, update: options.update, ..Choices::default() };
    for (letter, key) in options.assign {
        match letter.strip_prefix('=') {
            Some(text) => choices.constants.insert(key, text.to_owned()),
            None => choices.assigned.insert(letter, key),
        };
    }
    let plan = Plan::read(app, kind, &name, &bytes, &choices)?;
    let report = if options.dry_run {
        run::preview(app, actor, &plan).await?
    } else {
        run::commit(app, actor, &plan).await?
    };
    let mut answer = serde_json::to_value(&report)?;
    if let Value::Object(fields) = &mut answer {
        fields.insert(String::from("message"), Value::from(report.sentence()));
        fields.insert(String::from("clean"), Value::from(report.is_clean()));
    }
    Ok(answer)
}

/// The exit status for an answer of [`command`]: 0 when nothing stands against the file, 1 otherwise.
pub fn status(answer: &Value) -> u8 {
    u8::from(answer.get("clean") != Some(&Value::Bool(true)))
}
