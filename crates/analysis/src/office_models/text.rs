//! The written parts of a model as people type them: lines, and csv texts under a heading for each table.

use std::collections::BTreeMap;

use kit::{Form, Refusal, Result};
use models::recipe::{Card, Level, Nature, Parameter, ParameterKind};

use super::Fixtures;

fn wrong(field: &str, sentence: String) -> kit::Error {
    Refusal::field(field, sentence).into()
}

/// `table: field, field` lines.
fn needs(field: &str, text: &str) -> Result<BTreeMap<String, Vec<String>>> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (table, fields) = line
                .split_once([':', '：'])
                .ok_or_else(|| wrong(field, format!("“{line}”应写成 数据表: 字段, 字段")))?;
            let fields = fields.split([',', '，', '、']).map(str::trim).filter(|field| !field.is_empty());
            Ok((table.trim().to_owned(), fields.map(str::to_owned).collect()))
        })
        .collect()
}

pub(super) fn needs_lines(needs: &BTreeMap<String, Vec<String>>) -> String {
    let line = |(table, fields): (&String, &Vec<String>)| format!("{table}: {}", fields.join(", "));
    needs.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// `name | label | kind | default | min | max | unit` lines.
fn parameters(text: &str) -> Result<Vec<Parameter>> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(parameter).collect()
}

fn parameter(line: &str) -> Result<Parameter> {
    let parts: Vec<&str> = line.split('|').map(str::trim).collect();
    let at = |place: usize| parts.get(place).copied().unwrap_or_default();
    let bad = |what: &str| wrong("parameters", format!("参数“{line}”的{what}不对"));
    let (kind, default) = match at(2) {
        "整数" => {
            (ParameterKind::Integer, at(3).parse().map(toml::Value::Integer).map_err(|_| bad("默认值"))?)
        }
        "小数" => {
            (ParameterKind::Number, at(3).parse().map(toml::Value::Float).map_err(|_| bad("默认值"))?)
        }
        "金额" => (ParameterKind::Money, at(3).parse().map(toml::Value::Float).map_err(|_| bad("默认值"))?),
        "文字" => (ParameterKind::Text, toml::Value::String(at(3).to_owned())),
        _ => return Err(bad("类型（整数、小数、金额、文字）")),
    };
    let bound = |text: &str, what: &str| match text {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| bad(what)),
    };
    let id = at(0);
    if id.is_empty()
        || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        || at(1).is_empty()
    {
        return Err(bad("名称（小写字母、数字和下划线）或中文名"));
    }
    Ok(Parameter {
        id: id.to_owned(),
        label: at(1).to_owned(),
        kind,
        default,
        min: bound(at(4), "下限")?,
        max: bound(at(5), "上限")?,
        unit: at(6).to_owned(),
    })
}

pub(super) fn parameter_lines(parameters: &[Parameter]) -> String {
    let kind = |kind| match kind {
        ParameterKind::Integer => "整数",
        ParameterKind::Number => "小数",
        ParameterKind::Money => "金额",
        ParameterKind::Text => "文字",
    };
    let bound = |bound: Option<f64>| bound.map(|bound| bound.to_string()).unwrap_or_default();
    let line = |held: &Parameter| {
        format!(
            "{} | {} | {} | {} | {} | {} | {}\n",
            held.id,
            held.label,
            kind(held.kind),
            held.default_text(),
            bound(held.min),
            bound(held.max),
            held.unit
        )
    };
    parameters.iter().map(line).collect()
}

/// The written part of a model out of its form.
pub(super) fn card(form: &Form, code: &str, revision: i64) -> Result<Card> {
    let level =
        Level::parse(&form.text("level")).ok_or_else(|| wrong("level", String::from("请选择等级")))?;
    let nature = match form.text("nature").as_str() {
        "statutory" => Nature::Statutory,
        "strong" => Nature::Strong,
        _ => Nature::Weak,
    };
    let keys = form.text("keys");
    Ok(Card {
        code: code.to_uppercase(),
        name: form.text("name"),
        version: u32::try_from(revision).unwrap_or(u32::MAX),
        level,
        nature,
        means: form.text("means"),
        basis: form.text("basis"),
        false_positives: form.text("false_positives"),
        verify: form.text("verify"),
        keys: keys
            .split([',', '，', '、'])
            .map(|key| key.trim().to_owned())
            .filter(|key| !key.is_empty())
            .collect(),
        explain: form.text("explain"),
        needs: needs("needs", &form.text("needs"))?,
        uses: needs("uses", &form.text("uses"))?,
        parameters: parameters(&form.text("parameters"))?,
        formats: BTreeMap::new(),
        plausible: 0.2,
        screen: None,
    })
}

/// Test data: `[table]` lines, each followed by csv with the names of the fields as heading.
pub(super) fn fixtures(text: &str) -> Result<Fixtures> {
    let mut found = Fixtures::new();
    let mut table = None;
    for line in text.lines() {
        let line = line.trim_end();
        if let Some(name) = line.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            table = Some(name.trim().to_owned());
            continue;
        }
        match &table {
            Some(table) => {
                let text = found.entry(table.clone()).or_default();
                if !line.is_empty() {
                    text.push_str(line);
                    text.push('\n');
                }
            }
            None if line.is_empty() => {}
            None => return Err(wrong("fixtures", String::from("测试数据的第一行应是 [数据表]"))),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_read_back_as_they_are_written() {
        let text = "least | 最少家数 | 整数 | 2 | 1 | 100 | 家\nshare | 占比 | 小数 | 0.5 |  | 1 | \n";
        let read = parameters(text).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(parameters(&parameter_lines(&read)).unwrap(), read);
        for bad in ["least", "least | 最少 | 整数 | x", "le ast | 最少 | 整数 | 2", "least | 最少 | 布尔 | 2"]
        {
            assert!(parameters(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn test_data_stand_under_the_names_of_their_tables() {
        let read = fixtures("[bids]\ntender,bidder\nT1,甲\n\n[parties]\ncompany,person\n甲,张\n").unwrap();
        assert_eq!(read["bids"], "tender,bidder\nT1,甲\n");
        assert_eq!(read.len(), 2);
        assert!(fixtures("tender,bidder\n").is_err());
    }

    #[test]
    fn needs_read_back_as_they_are_written() {
        let read = needs("needs", "bids: tender, bidder\nparties：company").unwrap();
        assert_eq!(needs("needs", &needs_lines(&read)).unwrap(), read);
        assert!(needs("needs", "bids tender").is_err());
    }
}
