//! Cells that hold the lines of a small table: rules with their articles, bodies with their responsibility.

use kit::Result;
use serde_json::{Value, json};

/// `《某办法》第三条`, one a line: the rule is what stands in the outermost brackets, the article what follows.
pub(super) fn bases(cell: &str) -> Result<String> {
    let lines = lines(cell).map(|line| {
        let named = line.strip_prefix('《').and_then(|rest| rest.rsplit_once('》'));
        let (rule, article) = named.unwrap_or((line, ""));
        json!({ "rule": rule.trim(), "article": article.trim() })
    });
    Ok(serde_json::to_string(&lines.collect::<Vec<Value>>())?)
}

/// `主体责任：某局党组`, one a line; without a kind the line is left to the form to refuse.
pub(super) fn bodies(cell: &str) -> Result<String> {
    let lines = lines(cell).map(|line| {
        let (kind, name) = line.split_once(['：', ':']).unwrap_or(("", line));
        json!({ "kind": kind.trim(), "name": name.trim() })
    });
    Ok(serde_json::to_string(&lines.collect::<Vec<Value>>())?)
}

fn lines(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(['\n', '；', ';']).map(str::trim).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_as_they_are_shown() {
        let read =
            bases("《某办法》第三条第一款\n《关于〈某规定〉的通知》\n内部控制规范；《甲》第一条").unwrap();
        let expected = json!([
            { "rule": "某办法", "article": "第三条第一款" },
            { "rule": "关于〈某规定〉的通知", "article": "" },
            { "rule": "内部控制规范", "article": "" },
            { "rule": "甲", "article": "第一条" },
        ]);
        assert_eq!(serde_json::from_str::<Value>(&read).unwrap(), expected);
    }

    #[test]
    fn bodies_are_read_with_their_kind() {
        let read = bodies("主体责任：市教育局党组\n直接责任: 某某").unwrap();
        let expected = json!([
            { "kind": "主体责任", "name": "市教育局党组" },
            { "kind": "直接责任", "name": "某某" },
        ]);
        assert_eq!(serde_json::from_str::<Value>(&read).unwrap(), expected);
    }
}
