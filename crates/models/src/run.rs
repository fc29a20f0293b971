//! One model over some data: hits with their values and one sentence each, in an order that depends on nothing but
//! the data.

use std::collections::BTreeMap;

use datafusion::arrow::{
    array::{Array as _, ArrayRef, AsArray as _, RecordBatch},
    compute::cast,
    datatypes::{DataType, Float64Type, Int64Type, SchemaRef},
};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::{
    Error, Result,
    bind::{self, Bound},
    engine::Engine,
    hit::Hit,
    recipe::{Body, Format, Level, Recipe, Tables},
    screens::{self, Given},
    value::FieldKind,
};

/// What a model found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Run {
    /// The model.
    pub model: String,
    /// Its number in the catalogue.
    pub code: String,
    /// Its Chinese name.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// The parameters it ran with; money in fen.
    pub parameters: BTreeMap<String, Bound>,
    /// Objects it looked at, when they can be counted.
    pub looked_at: Option<u64>,
    /// Objects among them with a hit.
    pub flagged: u64,
    /// What to keep in mind.
    pub warnings: Vec<String>,
    /// The hits.
    pub hits: Vec<Hit>,
}

/// Runs `recipe` on the tables that `engine` holds.
///
/// # Errors
/// A sentence when a parameter or the query does not fit.
pub async fn run(
    engine: &Engine,
    recipe: &Recipe,
    tables: &Tables,
    set: &BTreeMap<String, String>,
) -> Result<Run> {
    let parameters = recipe.parameters(set)?;
    let (schema, batches) = match &recipe.body {
        Body::Sql(sql) => engine.query(&bind::bind(sql, &|name| parameters.get(name).cloned())?).await?,
        Body::Screen(name) => screen(engine, recipe, name, &parameters).await?,
    };
    let reader = Reader::new(recipe, tables, &schema)?;
    let mut hits = Vec::new();
    for batch in &batches {
        reader.read(batch, &mut hits)?;
    }
    hits.sort_by_cached_key(|hit: &Hit| (hit.level, text_of(&hit.keys), hit.explanation.clone()));
    let looked_at = looked_at(engine, recipe, tables).await?;
    let flagged = flagged(recipe, &hits);
    let mut warnings = Vec::new();
    if let Some(all) =
        looked_at.filter(|all| *all >= 20 && flagged as f64 > *all as f64 * recipe.card.plausible)
    {
        warnings.push(format!(
            "{all} 个对象中有 {flagged} 个命中，占比超出该模型的合理范围（{}%），请先检查数据质量和参数，再逐条核实。",
            (recipe.card.plausible * 100.0).round()
        ));
    }
    Ok(Run {
        model: recipe.id.clone(),
        code: recipe.card.code.clone(),
        name: recipe.card.name.clone(),
        version: recipe.card.version,
        parameters,
        looked_at,
        flagged,
        warnings,
        hits,
    })
}

async fn screen(
    engine: &Engine,
    recipe: &Recipe,
    name: &str,
    parameters: &BTreeMap<String, Bound>,
) -> Result<(SchemaRef, Vec<RecordBatch>)> {
    let screen = screens::named(name).ok_or_else(|| {
        Error::refused(format!("没有名为 {name} 的内置筛查，模型“{}”不能运行。", recipe.card.name))
    })?;
    let mut tables = BTreeMap::new();
    for table in recipe.tables() {
        let fields: Vec<&str> = recipe.fields_of(table).collect();
        tables.extend(engine.screened(table, &fields).await?);
    }
    let batch = engine.bounded(screen(&Given { tables: &tables, parameters })?)?;
    Ok((batch.schema(), vec![batch]))
}

fn text_of(keys: &Map<String, Json>) -> String {
    keys.values().map(|value| value.to_string() + "\u{1}").collect()
}

/// How many objects of the first key there are.
async fn looked_at(engine: &Engine, recipe: &Recipe, tables: &Tables) -> Result<Option<u64>> {
    let Some(key) = recipe.card.keys.first() else { return Ok(None) };
    let holds = |table: &&String| tables.get(*table).is_some_and(|table| table.fields.contains_key(key));
    let needed = |table: &&String| recipe.card.needs.get(*table).is_some_and(|fields| fields.contains(key));
    let Some(table) = recipe.card.needs.keys().find(|table| holds(table) && needed(table)) else {
        return Ok(None);
    };
    engine.distinct(table, key).await
}

fn flagged(recipe: &Recipe, hits: &[Hit]) -> u64 {
    let Some(key) = recipe.card.keys.first() else { return 0 };
    let objects: std::collections::BTreeSet<String> =
        hits.iter().filter_map(|hit| hit.keys.get(key)).map(Json::to_string).collect();
    objects.len() as u64
}

/// Makes hits of the rows of a result.
struct Reader<'a> {
    recipe: &'a Recipe,
    columns: Vec<(String, Option<Format>)>,
}

impl<'a> Reader<'a> {
    fn new(recipe: &'a Recipe, tables: &Tables, schema: &SchemaRef) -> Result<Self> {
        let names: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
        let missing = recipe
            .card
            .keys
            .iter()
            .map(String::as_str)
            .chain(recipe.mentioned())
            .find(|name| !names.iter().any(|held| held == name));
        if let Some(name) = missing {
            return Err(Error::refused(format!("模型“{}”的查询结果里没有列 {name}。", recipe.card.name)));
        }
        let money = |name: &str| {
            recipe
                .tables()
                .into_iter()
                .filter_map(|table| tables.get(table))
                .any(|table| table.fields.get(name).is_some_and(|field| field.kind == FieldKind::Money))
        };
        let format = |name: &String| {
            recipe.card.formats.get(name).copied().or_else(|| money(name).then_some(Format::Money))
        };
        Ok(Self { recipe, columns: names.iter().map(|name| (name.clone(), format(name))).collect() })
    }

    fn read(&self, batch: &RecordBatch, hits: &mut Vec<Hit>) -> Result<()> {
        let columns = batch
            .columns()
            .iter()
            .zip(&self.columns)
            .map(|(column, (_, format))| column_values(column, *format))
            .collect::<Result<Vec<_>>>()?;
        for at in 0..batch.num_rows() {
            let row: Map<String, Json> = self
                .columns
                .iter()
                .zip(&columns)
                .map(|((name, _), values)| (name.clone(), values.get(at).cloned().unwrap_or(Json::Null)))
                .collect();
            hits.push(self.hit(row));
        }
        Ok(())
    }

    fn hit(&self, mut row: Map<String, Json>) -> Hit {
        let level = match row.remove("level") {
            Some(Json::String(code)) => Level::parse(&code).unwrap_or(self.recipe.card.level),
            _ => self.recipe.card.level,
        };
        let explanation = self.explain(&row);
        let is_key = |name: &String| self.recipe.card.keys.contains(name);
        let (keys, values): (Map<String, Json>, Map<String, Json>) =
            row.into_iter().partition(|(name, _)| is_key(name));
        Hit { keys, values, level, explanation }
    }

    fn explain(&self, row: &Map<String, Json>) -> String {
        let mut text = String::new();
        let mut rest = self.recipe.card.explain.as_str();
        while let Some((before, from)) = rest.split_once('{') {
            text.push_str(before);
            let Some((name, after)) = from.split_once('}') else { break };
            let format = self.columns.iter().find(|(held, _)| held == name).and_then(|(_, format)| *format);
            text.push_str(&words(row.get(name).unwrap_or(&Json::Null), format));
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

/// A value as it stands in a sentence.
fn words(value: &Json, format: Option<Format>) -> String {
    match (value, format) {
        (Json::Null, _) => String::from("（空缺）"),
        (Json::String(text), _) => text.clone(),
        (Json::Bool(flag), _) => String::from(if *flag { "是" } else { "否" }),
        (Json::Number(number), Some(Format::Money)) => grouped(number.as_f64().unwrap_or_default()),
        (Json::Number(number), Some(Format::Percent)) => {
            trimmed(format!("{:.2}", number.as_f64().unwrap_or_default() * 100.0)) + "%"
        }
        (Json::Number(number), _) if number.is_f64() => telling(number.as_f64().unwrap_or_default()),
        (other, _) => other.to_string(),
    }
}

fn trimmed(text: String) -> String {
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Four telling digits.
fn telling(number: f64) -> String {
    let size = number.abs();
    let places = if size >= 1_000.0 || size == 0.0 {
        0
    } else {
        (3 - size.log10().floor() as i32).clamp(0, 8) as usize
    };
    trimmed(format!("{number:.places$}"))
}

/// Yuan with thousands parted.
fn grouped(yuan: f64) -> String {
    let text = trimmed(format!("{:.2}", yuan.abs()));
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut parted = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            parted.push(',');
        }
        parted.push(digit);
    }
    let sign = if yuan < 0.0 { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{parted}") } else { format!("{sign}{parted}.{fraction:0<2}") }
}

fn column_values(column: &ArrayRef, format: Option<Format>) -> Result<Vec<Json>> {
    let number = |number: f64| serde_json::Number::from_f64(number).map_or(Json::Null, Json::Number);
    let whole = matches!(
        column.data_type(),
        DataType::Int8
            | DataType::Int16
            | DataType::Int32
            | DataType::Int64
            | DataType::UInt8
            | DataType::UInt16
            | DataType::UInt32
            | DataType::UInt64
    );
    if format == Some(Format::Money) {
        let fen = cast(column, &DataType::Float64)?;
        return Ok(fen
            .as_primitive::<Float64Type>()
            .iter()
            .map(|fen| fen.map_or(Json::Null, |fen| number(fen.round() / 100.0)))
            .collect());
    }
    if whole {
        let column = cast(column, &DataType::Int64)?;
        return Ok(column
            .as_primitive::<Int64Type>()
            .iter()
            .map(|value| value.map_or(Json::Null, Json::from))
            .collect());
    }
    if matches!(column.data_type(), DataType::Float32 | DataType::Float64 | DataType::Decimal128(..)) {
        let column = cast(column, &DataType::Float64)?;
        return Ok(column
            .as_primitive::<Float64Type>()
            .iter()
            .map(|value| value.map_or(Json::Null, number))
            .collect());
    }
    if *column.data_type() == DataType::Boolean {
        return Ok(column.as_boolean().iter().map(|value| value.map_or(Json::Null, Json::from)).collect());
    }
    let column = cast(column, &DataType::Utf8)?;
    Ok(column.as_string::<i32>().iter().map(|value| value.map_or(Json::Null, Json::from)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_a_sentence_as_people_write_them() {
        assert_eq!(words(&Json::from(1_234_567.5), Some(Format::Money)), "1,234,567.50");
        assert_eq!(words(&Json::from(100.0), Some(Format::Money)), "100");
        assert_eq!(words(&Json::from(0.1234), Some(Format::Percent)), "12.34%");
        assert_eq!(words(&Json::from(0.000_123_456), None), "0.0001235");
        assert_eq!(words(&Json::Null, None), "（空缺）");
    }
}
