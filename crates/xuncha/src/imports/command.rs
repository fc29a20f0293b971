//! What the command line does: one file, one answer in JSON.

use std::{path::Path, sync::Arc};

use kit::{Actor, App, Result, jobs::Progress, unusable};
use serde_json::Value;

use super::{
    kind,
    ledger::Choices,
    report::Report,
    run::{self, Plan},
};

/// How a file is imported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Try only, keep nothing.
    pub dry_run: bool,
    /// Bring records that are there to what the file says.
    pub update: bool,
    /// The sheet; without it the best fitting one.
    pub sheet: Option<String>,
    /// Column letter and key. An empty key leaves the column out.
    pub assign: Vec<(String, String)>,
    /// Column key and the text that every row is given, for a column that the file does not have.
    pub constants: Vec<(String, String)>,
}

impl Options {
    fn choices(&self) -> Choices {
        Choices {
            sheet: self.sheet.clone(),
            update: self.update,
            assigned: self.assign.iter().cloned().collect(),
            constants: self.constants.iter().cloned().collect(),
            ..Choices::default()
        }
    }
}

/// Imports the file at `path` as a ledger of `kind_code`, all rows or none.
///
/// # Errors
/// A refusal when the file cannot be read or the kind is unknown; what stands against single rows is
/// in the answer, whose exit status [`status`] tells.
pub async fn command(
    app: &App,
    actor: &Arc<Actor>,
    kind_code: &str,
    path: &Path,
    options: Options,
) -> Result<Value> {
    let kind = kind(kind_code)?;
    let bytes = tokio::fs::read(path).await.map_err(|error| unusable(path, "读取文件", &error))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let plan = Plan::read(app, kind, &name, &bytes, &options.choices())?;
    let report = if options.dry_run {
        run::preview(app, actor, &plan).await?
    } else {
        run::commit(app, actor, &plan, &Progress::unwatched()).await?
    };
    let mut answer = serde_json::to_value(&report)?;
    if let Value::Object(fields) = &mut answer {
        fields.insert(String::from("message"), Value::from(report.sentence()));
        fields.insert(String::from("clean"), Value::from(report.is_clean()));
    }
    Ok(answer)
}

/// The answer of [`command`] for people: what happened, what was assumed, what stands against it.
pub fn report_text(answer: &Value) -> String {
    let Ok(report) = serde_json::from_value::<Report>(answer.clone()) else { return answer.to_string() };
    let mut lines = vec![format!("{} · {}：{}", report.file, report.sheet, report.sentence())];
    lines.extend(report.notes.iter().map(|note| format!("说明：{note}")));
    let unknown =
        report.unknown_columns.iter().map(|(letter, header)| format!("未识别的列：{letter} “{header}”"));
    lines.extend(unknown);
    lines.extend(
        report.ignored.iter().map(|row| format!("第 {} 行没有导入：{} {}", row.row, row.reason, row.text)),
    );
    for cell in report.differing.iter().flat_map(|row| &row.cells) {
        let line =
            format!("{} {}：文件为“{}”，已有“{}”", cell.address, cell.column, cell.written, cell.stored);
        lines.push(line);
    }
    for cell in report.refused.iter().flat_map(|row| &row.cells) {
        let place = format!("{} {}", cell.address, cell.column);
        lines.push(format!("{}：{}", place.trim_end(), cell.reason));
    }
    lines.join("\n")
}

/// The exit status for an answer of [`command`]: 0 when nothing stands against the file, 1 otherwise.
pub fn status(answer: &Value) -> u8 {
    u8::from(answer.get("clean") != Some(&Value::Bool(true)))
}
