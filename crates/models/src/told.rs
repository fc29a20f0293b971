//! What came out, as lines for people and as JSON for scripts; the same whoever computed it.

use serde_json::Value as Json;

use crate::{Error, Result, job::Answer, load::Report};

impl Answer {
    /// As JSON. The run of a `single` model stands at the top, where scripts look for its hits.
    ///
    /// # Errors
    /// A fault when a value cannot be written.
    pub fn json(&self, single: bool) -> Result<Json> {
        let written = |error: serde_json::Error| Error::Fault(format!("结果不能写成 JSON：{error}"));
        let mut value = serde_json::to_value(self).map_err(written)?;
        if single && let (Some(run), Some(whole)) = (self.runs.first(), value.as_object_mut()) {
            whole.remove("runs");
            whole.remove("skipped");
            if let Json::Object(run) = serde_json::to_value(run).map_err(written)? {
                whole.extend(run);
            }
        }
        Ok(value)
    }

    /// As lines.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.data.iter().flat_map(Report::lines).collect();
        for run in &self.runs {
            lines.push(format!(
                "{} {}（第 {} 版）：{} 条疑点",
                run.code,
                run.name,
                run.version,
                run.hits.len()
            ));
            lines.extend(run.warnings.iter().map(|warning| format!("  注意：{warning}")));
            lines.extend(run.hits.iter().map(|hit| format!("  [{}] {}", hit.level.label(), hit.explanation)));
        }
        lines.extend(self.skipped.iter().map(|skipped| skipped.reason.clone()));
        lines
    }
}

impl Report {
    /// What became of the rows and cells of a file.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!(
            "{}：{} 行，采用 {} 行；列数不齐 {} 行、完全重复 {} 行未采用。",
            self.label, self.rows, self.taken, self.ragged, self.duplicates
        )];
        for field in &self.fields {
            lines.extend(
                field
                    .odd
                    .iter()
                    .map(|(odd, count)| format!("  {}：{count} 处{}。", field.label, odd.label())),
            );
        }
        lines.extend(self.remarks.iter().map(|remark| format!("  {remark}")));
        lines
    }
}
