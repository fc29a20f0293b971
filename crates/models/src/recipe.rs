//! What a model is: its description, the fields it needs, its parameters, its query, its sentence.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    bind::{self, Bound},
    value::FieldKind,
};

/// How loudly a hit speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Look at once.
    Red,
    /// Look soon.
    Orange,
    /// Look when there is time.
    Yellow,
    /// For the whole picture.
    Blue,
}

impl Level {
    /// All, loudest first.
    pub const ALL: [Self; 4] = [Self::Red, Self::Orange, Self::Yellow, Self::Blue];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Orange => "orange",
            Self::Yellow => "yellow",
            Self::Blue => "blue",
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Red => "红",
            Self::Orange => "橙",
            Self::Yellow => "黄",
            Self::Blue => "蓝",
        }
    }

    /// The level with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }
}

/// What a hit is worth by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// A rule deems the facts to be what they look like (视为).
    Statutory,
    /// Hard to explain otherwise.
    Strong,
    /// Only together with others.
    Weak,
}

impl Nature {
    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Statutory => "法规明列情形",
            Self::Strong => "强疑点",
            Self::Weak => "弱疑点，须与其他疑点合并判断",
        }
    }
}

/// A field of a table of facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Chinese name.
    pub label: String,
    /// What it holds.
    pub kind: FieldKind,
    /// Other names of the column in files.
    #[serde(default)]
    pub synonyms: Vec<String>,
    /// Zero and less make no sense here.
    #[serde(default)]
    pub positive: bool,
}

/// A table of facts that models of a domain ask of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Chinese name.
    pub label: String,
    /// What one row is.
    pub grain: String,
    /// Its fields.
    pub fields: BTreeMap<String, Field>,
    /// Fields by which most models group and join, and which therefore have numbers: the table `…_numbered` holds them
    /// in columns `…_no`, and a table for each field says which text has which number.
    #[serde(default)]
    pub numbered: Vec<String>,
}

/// The tables of a domain by name.
pub type Tables = BTreeMap<String, Table>;

/// What a parameter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterKind {
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Money, entered in yuan.
    Money,
    /// Words.
    Text,
}

/// Something an office may set otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Name in the query.
    pub id: String,
    /// Chinese name.
    pub label: String,
    /// What it is.
    pub kind: ParameterKind,
    /// Value when nobody says otherwise; money in yuan.
    pub default: toml::Value,
    /// Smallest.
    #[serde(default)]
    pub min: Option<f64>,
    /// Largest.
    #[serde(default)]
    pub max: Option<f64>,
    /// Unit, for people.
    #[serde(default)]
    pub unit: String,
}

impl Parameter {
    /// The default as it would be typed.
    pub fn default_text(&self) -> String {
        match &self.default {
            toml::Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// Reads what a person typed.
    ///
    /// # Errors
    /// A sentence with the bounds.
    pub fn read(&self, typed: &str) -> Result<Bound> {
        let typed = typed.trim();
        let wrong = || {
            let bound = |number: Option<f64>, word: &str| {
                number.map(|number| format!("{word} {number}")).unwrap_or_default()
            };
            let sentence = format!(
                "参数“{}”应是{}{}{}，现在是“{typed}”。",
                self.label,
                match self.kind {
                    ParameterKind::Integer => "整数",
                    ParameterKind::Number => "数",
                    ParameterKind::Money => "金额（元）",
                    ParameterKind::Text => "文字",
                },
                bound(self.min, "，不小于"),
                bound(self.max, "，不大于"),
            );
            Error::refused(sentence)
        };
        if self.kind == ParameterKind::Text {
            return if typed.chars().count() <= 200 {
                Ok(Bound::Text(typed.to_owned()))
            } else {
                Err(wrong())
            };
        }
        let number: f64 = typed.parse().map_err(|_| wrong())?;
        let within = number.is_finite()
            && self.min.is_none_or(|min| number >= min)
            && self.max.is_none_or(|max| number <= max);
        if !within || (self.kind == ParameterKind::Integer && number.fract() != 0.0) {
            return Err(wrong());
        }
        Ok(match self.kind {
            ParameterKind::Integer => Bound::Integer(number as i64),
            ParameterKind::Money => Bound::Integer((number * 100.0).round() as i64),
            _ => Bound::Number(number),
        })
    }
}

/// How a value of a hit is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Fen, written as yuan.
    Money,
    /// A share, written in percent.
    Percent,
    /// A number with four telling digits.
    Number,
}

/// How the hits are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// By a query with named parameters.
    Sql(String),
    /// By a function of the program.
    Screen(String),
}

/// A model.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// Path segment; unique.
    pub id: String,
    /// The part of the work it belongs to.
    pub domain: String,
    /// What the file says.
    pub card: Card,
    /// How the hits are found.
    pub body: Body,
}

/// The written part of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Number in the catalogue of rules, such as `B01`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Counts every change of meaning.
    pub version: u32,
    /// How loudly a hit speaks, unless the query says otherwise in a column `level`.
    pub level: Level,
    /// What a hit is worth.
    pub nature: Nature,
    /// What it finds.
    pub means: String,
    /// What it rests on.
    pub basis: String,
    /// When a hit is nothing.
    pub false_positives: String,
    /// How to verify it on site.
    pub verify: String,
    /// Columns of the result that say what the hit is about.
    pub keys: Vec<String>,
    /// One sentence with `{column}` for each value.
    pub explain: String,
    /// Fields it cannot do without, by table.
    pub needs: BTreeMap<String, Vec<String>>,
    /// Fields it uses when they are there, by table.
    #[serde(default)]
    pub uses: BTreeMap<String, Vec<String>>,
    /// Parameters.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// How values are written.
    #[serde(default)]
    pub formats: BTreeMap<String, Format>,
    /// A larger share of hits among the objects looked at is implausible.
    #[serde(default = "plausible")]
    pub plausible: f64,
    /// Name of the function, when the model is none of SQL.
    #[serde(default)]
    pub screen: Option<String>,
}

fn plausible() -> f64 {
    0.2
}

impl Recipe {
    /// Reads a model from its file and its query, and checks it against the tables of its domain.
    ///
    /// # Errors
    /// A sentence that says what does not fit.
    pub fn parse(id: &str, domain: &str, card: &str, sql: Option<&str>, tables: &Tables) -> Result<Self> {
        let card: Card = toml::from_str(card)
            .map_err(|error| Error::refused(format!("模型 {id} 的说明文件不能读取：{}", error.message())))?;
        let body = match (&card.screen, sql) {
            (Some(screen), None) => Body::Screen(screen.clone()),
            (None, Some(sql)) => Body::Sql(sql.to_owned()),
            _ => return Err(Error::refused(format!("模型 {id} 应当有一条查询语句，或者指定一个内置筛查。"))),
        };
        let recipe = Self { id: id.to_owned(), domain: domain.to_owned(), card, body };
        recipe.check(tables)?;
        Ok(recipe)
    }

    /// A model whose written part has been read already, with its query, checked against the tables of its domain.
    ///
    /// # Errors
    /// A sentence that says what does not fit.
    pub fn written(id: &str, domain: &str, card: Card, sql: &str, tables: &Tables) -> Result<Self> {
        let recipe =
            Self { id: id.to_owned(), domain: domain.to_owned(), card, body: Body::Sql(sql.to_owned()) };
        recipe.check(tables)?;
        Ok(recipe)
    }

    fn check(&self, tables: &Tables) -> Result<()> {
        let refuse = |what: String| Err(Error::refused(format!("模型 {}：{what}", self.id)));
        for (table, fields) in self.card.needs.iter().chain(&self.card.uses) {
            let Some(known) = tables.get(table) else {
                return refuse(format!("没有名为 {table} 的数据表。"));
            };
            if let Some(field) = fields.iter().find(|field| !known.fields.contains_key(*field)) {
                return refuse(format!("数据表 {table} 没有字段 {field}。"));
            }
        }
        if self.card.needs.is_empty() || self.card.keys.is_empty() {
            return refuse(String::from("没有写明需要的字段或疑点的关键列。"));
        }
        for parameter in &self.card.parameters {
            parameter.read(&parameter.default_text())?;
        }
        if let Body::Sql(sql) = &self.body {
            let declared: BTreeSet<&str> =
                self.card.parameters.iter().map(|parameter| parameter.id.as_str()).collect();
            let used: BTreeSet<&str> = bind::names(sql).into_iter().collect();
            if let Some(name) = used.symmetric_difference(&declared).next() {
                return refuse(format!("参数 {name} 只在语句和参数表之一中出现。"));
            }
        }
        Ok(())
    }

    /// The columns that the sentence mentions.
    pub fn mentioned(&self) -> Vec<&str> {
        self.card
            .explain
            .split('{')
            .skip(1)
            .filter_map(|piece| piece.split_once('}').map(|(name, _)| name))
            .collect()
    }

    /// All fields it asks of `table`, needed ones first.
    pub fn fields_of<'a>(&'a self, table: &str) -> impl Iterator<Item = &'a str> {
        let of = |fields: &'a BTreeMap<String, Vec<String>>| {
            fields.get(table).into_iter().flatten().map(String::as_str)
        };
        of(&self.card.needs).chain(of(&self.card.uses))
    }

    /// The names of the tables it asks of.
    pub fn tables(&self) -> BTreeSet<&str> {
        self.card.needs.keys().chain(self.card.uses.keys()).map(String::as_str).collect()
    }

    /// Whether it reads identity numbers of people.
    pub fn reads_persons(&self, tables: &Tables) -> bool {
        let is_person = |table: &str, field: &str| {
            let field = tables.get(table).and_then(|table| table.fields.get(field));
            field.is_some_and(|field| field.kind == FieldKind::Person)
        };
        self.tables().into_iter().any(|table| self.fields_of(table).any(|field| is_person(table, field)))
    }

    /// The value of every parameter: what was set, else the default.
    ///
    /// # Errors
    /// A sentence for a parameter that does not exist or is out of its bounds.
    pub fn parameters(&self, set: &BTreeMap<String, String>) -> Result<BTreeMap<String, Bound>> {
        if let Some(name) = set.keys().find(|name| !self.card.parameters.iter().any(|held| held.id == **name))
        {
            return Err(Error::refused(format!("模型“{}”没有名为 {name} 的参数。", self.card.name)));
        }
        let value = |parameter: &Parameter| {
            let typed = set.get(&parameter.id).cloned().unwrap_or_else(|| parameter.default_text());
            Ok((parameter.id.clone(), parameter.read(&typed)?))
        };
        self.card.parameters.iter().map(value).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(kind: ParameterKind) -> Parameter {
        Parameter {
            id: String::from("limit"),
            label: String::from("门槛"),
            kind,
            default: toml::Value::Integer(5),
            min: Some(1.0),
            max: Some(100.0),
            unit: String::new(),
        }
    }

    #[test]
    fn a_parameter_outside_its_bounds_is_refused_with_the_bounds() {
        for typed in ["0", "101", "x", "NaN", "inf", ""] {
            assert!(parameter(ParameterKind::Number).read(typed).is_err(), "{typed}");
        }
        let sentence = parameter(ParameterKind::Integer).read("2.5").unwrap_err().to_string();
        assert!(sentence.contains("不小于 1") && sentence.contains("不大于 100"), "{sentence}");
        assert_eq!(parameter(ParameterKind::Money).read("12.34").unwrap(), Bound::Integer(1_234));
    }
}
