//! `xuncha models …`: the library of supervision models on files of this machine, without a server.

use crate::cli::say;
use std::{collections::BTreeMap, path::PathBuf};

use clap::{Args, Subcommand};
use kit::{Error, Refusal, Result};
use models::{
    check,
    engine::Limits,
    job::{self, Answer, Ask, DataFile},
    library::{self, Library},
    profile,
    recipe::{Recipe, Tables},
};
use serde_json::json;

use crate::screen_commands::{self, Screening};

/// What to do with models.
#[derive(Subcommand)]
pub(crate) enum Models {
    /// 列出模型
    List {
        /// 只列一个领域，如 bidding
        #[arg(long)]
        domain: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// 用模型自带的测试数据检验模型
    Test {
        /// 模型编号；不填则检验全部
        models: Vec<String>,
        #[arg(long)]
        json: bool,
    },
    /// 在数据文件上运行模型
    Run(Running),
    /// 计算每个标段的价格筛查指标
    Screens(Screening),
    /// 查看数据文件：各列类型、空缺、范围、疑似同名企业
    Profile {
        /// 文件
        file: PathBuf,
        /// 工作表，或者转储文件中的表
        #[arg(long)]
        part: Option<String>,
        #[arg(long)]
        json: bool,
    },
}

/// How models are run.
#[derive(Args)]
pub(crate) struct Running {
    /// 模型编号，如 same-ip 或 B02
    #[arg(required_unless_present = "suite", conflicts_with = "suite")]
    model: Option<String>,
    /// 运行一个领域的全部模型，如 bidding；cardinal 为国际公开的十一项采购指标，数据是 OCDS 汇编发布
    #[arg(long, value_name = "DOMAIN")]
    suite: Option<String>,
    /// 数据文件；需要多张表时写成 表名=文件，可重复
    #[arg(long, value_name = "[TABLE=]FILE", required = true)]
    data: Vec<String>,
    /// 字段所在的列；多张表时写成 表名.字段=列名，可重复
    #[arg(long = "map", value_name = "FIELD=COLUMN", num_args = 1..)]
    map: Vec<String>,
    /// 参数，可重复
    #[arg(long = "set", value_name = "NAME=VALUE", num_args = 1..)]
    set: Vec<String>,
    /// 工作表，或者转储文件中的表
    #[arg(long)]
    part: Option<String>,
    /// 排序、分组和连接可用的内存（MB）
    #[arg(long, default_value_t = 1024, value_parser = clap::value_parser!(u32).range(16..=1_048_576))]
    memory: u32,
    #[arg(long)]
    json: bool,
}

/// Runs one of the commands.
pub(crate) async fn run(command: Models) -> Result<()> {
    let library = library::built_in().map_err(said)?;
    match command {
        Models::List { domain, json } => list(library, domain.as_deref(), json),
        Models::Test { models, json } => test(library, &models, json).await,
        Models::Run(running) => execute(library, running).await,
        Models::Screens(screening) => screen_commands::screen(screening),
        Models::Profile { file, part, json } => look(&file, part.as_deref(), json),
    }
}

/// The library's sentences are meant for the same person as ours.
fn said(error: models::Error) -> Error {
    match error {
        models::Error::Refused(sentence) => Refusal::bad_request(sentence).into(),
        models::Error::Fault(fault) => Error::Fault(fault),
    }
}

fn list(library: &Library, domain: Option<&str>, as_json: bool) -> Result<()> {
    if let Some(domain) = domain {
        suite(library, domain)?;
    }
    let recipes =
        library.recipes().iter().filter(|recipe| domain.is_none_or(|domain| recipe.domain == domain));
    if as_json {
        let list: Vec<_> = recipes.map(|recipe| described(library, recipe)).collect();
        say!("{}", serde_json::to_string(&list)?);
        return Ok(());
    }
    for recipe in recipes {
        let label = library.domain(&recipe.domain).map_or("", |domain| domain.label);
        say!(
            "{:<6} {:<26} {} {label}：{}",
            recipe.card.code,
            recipe.id,
            recipe.card.level.label(),
            recipe.card.name
        );
    }
    Ok(())
}

fn described(library: &Library, recipe: &Recipe) -> serde_json::Value {
    let card = &recipe.card;
    let tables = library.tables(recipe).ok();
    let needs: BTreeMap<&String, Vec<_>> = card
        .needs
        .iter()
        .map(|(table, fields)| {
            let known = tables.and_then(|tables| tables.get(table));
            let field = |name: &String| {
                let field = known.and_then(|table| table.fields.get(name));
                json!({ "field": name, "label": field.map(|field| &field.label), "kind": field.map(|field| field.kind) })
            };
            (table, fields.iter().map(field).collect())
        })
        .collect();
    json!({
        "model": recipe.id, "code": card.code, "name": card.name, "domain": recipe.domain, "version": card.version,
        "level": card.level, "nature": card.nature, "means": card.means, "basis": card.basis,
        "false_positives": card.false_positives, "verify": card.verify, "keys": card.keys, "needs": needs,
        "uses": card.uses, "parameters": card.parameters,
    })
}

async fn test(library: &Library, names: &[String], as_json: bool) -> Result<()> {
    let chosen: Vec<&Recipe> = if names.is_empty() {
        library.recipes().iter().collect()
    } else {
        names.iter().map(|name| one(library, name)).collect::<Result<_>>()?
    };
    let scratch = job::scratch().map_err(said)?;
    let mut outcomes = Vec::new();
    for recipe in chosen {
        let tables = library.tables(recipe).map_err(said)?;
        let expected = library.expected(recipe).unwrap_or_default();
        outcomes
            .push(check::check(recipe, tables, &library.fixtures(recipe), expected, scratch.path()).await);
    }
    let failed = outcomes.iter().filter(|outcome| !outcome.passed).count();
    if as_json {
        say!("{}", json!({ "tested": outcomes.len(), "failed": failed, "models": outcomes }));
    } else {
        for outcome in &outcomes {
            say!("{} {} {}", if outcome.passed { "✓" } else { "✗" }, outcome.code, outcome.model);
            for line in outcome.error.iter().chain(&outcome.missing).chain(&outcome.surplus) {
                say!("    {line}");
            }
        }
    }
    if failed > 0 {
        return Err(Refusal::conflict(format!("{failed} 个模型的结果与期望不符。")).into());
    }
    Ok(())
}

fn one<'a>(library: &'a Library, name: &str) -> Result<&'a Recipe> {
    library.recipe(name).ok_or_else(|| {
        Refusal::bad_request(format!("没有名为 {name} 的模型；用 xuncha models list 查看全部模型。")).into()
    })
}

fn suite<'a>(library: &'a Library, domain: &str) -> Result<(Vec<&'a Recipe>, &'a Tables)> {
    let known = library.domain(domain).ok_or_else(|| {
        let codes: Vec<&str> = library.domains().iter().map(|domain| domain.code).collect();
        Refusal::bad_request(format!("没有名为 {domain} 的领域，可以选择 {}。", codes.join("、")))
    })?;
    Ok((library.recipes().iter().filter(|recipe| recipe.domain == domain).collect(), &known.tables))
}

async fn execute(library: &Library, running: Running) -> Result<()> {
    if running.suite.as_deref() == Some(screen_commands::CARDINAL) {
        let settings: Vec<(String, String)> = pairs("--set", &running.set)?.into_iter().collect();
        return screen_commands::cardinal(&running.data, &settings, running.json);
    }
    let (recipes, tables) = match (&running.model, &running.suite) {
        (Some(model), _) => {
            let recipe = one(library, model)?;
            (vec![recipe], library.tables(recipe).map_err(said)?)
        }
        (None, Some(domain)) => suite(library, domain)?,
        (None, None) => return Err(Refusal::bad_request("请指定模型，或者用 --suite 指定领域。").into()),
    };
    let ask = Ask {
        files: running.data.iter().map(|text| data_file(text, tables, running.part.as_deref())).collect(),
        mapping: mapping(&running.map, tables)?,
        set: pairs("--set", &running.set)?,
        limits: Limits { memory: running.memory as usize * 1024 * 1024, ..Limits::default() },
        key: None,
        recipes,
        tables,
    };
    let single = ask.recipes.len() == 1;
    let answer = Box::pin(job::execute(ask)).await.map_err(said)?;
    if running.json {
        print_json(&answer, single)?;
    } else {
        print(&answer);
    }
    Ok(())
}

fn print_json(answer: &Answer, single: bool) -> Result<()> {
    let mut value = serde_json::to_value(answer)?;
    if single && let (Some(run), Some(whole)) = (answer.runs.first(), value.as_object_mut()) {
        // A single model's run stands at the top, where scripts look for its hits.
        whole.remove("runs");
        whole.remove("skipped");
        if let serde_json::Value::Object(run) = serde_json::to_value(run)? {
            whole.extend(run);
        }
    }
    say!("{value}");
    Ok(())
}

fn print(answer: &Answer) {
    for report in &answer.data {
        say!(
            "{}：{} 行，采用 {} 行；列数不齐 {} 行、完全重复 {} 行未采用。",
            report.label,
            report.rows,
            report.taken,
            report.ragged,
            report.duplicates
        );
        for field in &report.fields {
            for (odd, count) in &field.odd {
                say!("  {}：{count} 处{}。", field.label, odd.label());
            }
        }
        for remark in &report.remarks {
            say!("  {remark}");
        }
    }
    for run in &answer.runs {
        say!("{} {}（第 {} 版）：{} 条疑点", run.code, run.name, run.version, run.hits.len());
        for warning in &run.warnings {
            say!("  注意：{warning}");
        }
        for hit in &run.hits {
            say!("  [{}] {}", hit.level.label(), hit.explanation);
        }
    }
    for skipped in &answer.skipped {
        say!("{}", skipped.reason);
    }
}

/// `TABLE=FILE` when the first part is a table of the domain, else a file by itself.
fn data_file(text: &str, tables: &Tables, part: Option<&str>) -> DataFile {
    let part = part.map(str::to_owned);
    match text.split_once('=') {
        Some((table, file)) if tables.contains_key(table) => {
            DataFile { table: Some(table.to_owned()), path: PathBuf::from(file), part }
        }
        _ => DataFile { table: None, path: PathBuf::from(text), part },
    }
}

fn pairs(option: &str, texts: &[String]) -> Result<BTreeMap<String, String>> {
    texts
        .iter()
        .map(|text| {
            let (name, value) = text
                .split_once('=')
                .ok_or_else(|| Refusal::bad_request(format!("{option} 应写成 名称=值，现在是“{text}”。")))?;
            Ok((name.trim().to_owned(), value.to_owned()))
        })
        .collect()
}

fn mapping(texts: &[String], tables: &Tables) -> Result<BTreeMap<String, models::load::Mapping>> {
    let mut found: BTreeMap<String, models::load::Mapping> = BTreeMap::new();
    for (name, column) in pairs("--map", texts)? {
        let (table, field) = match name.split_once('.') {
            Some((table, field)) => (table, field),
            None => ("", name.as_str()),
        };
        let known = match tables.get(table) {
            Some(table) => table.fields.contains_key(field),
            None => table.is_empty() && tables.values().any(|table| table.fields.contains_key(field)),
        };
        if !known {
            return Err(Refusal::bad_request(format!(
                "数据表里没有字段 {name}，用 xuncha models list --json 查看模型需要的字段。"
            ))
            .into());
        }
        found.entry(table.to_owned()).or_default().insert(field.to_owned(), column);
    }
    Ok(found)
}

fn look(file: &std::path::Path, part: Option<&str>, as_json: bool) -> Result<()> {
    let profile = profile::profile(file, part).map_err(said)?;
    if as_json {
        say!("{}", serde_json::to_string(&profile)?);
        return Ok(());
    }
    say!(
        "{} 行{}，列数不齐 {} 行。",
        profile.rows,
        if profile.partial { "（只看了文件开头）" } else { "" },
        profile.ragged
    );
    for column in &profile.columns {
        let range = match (&column.least, &column.most) {
            (Some(least), Some(most)) => format!("，{least} 至 {most}"),
            _ => String::new(),
        };
        say!(
            "{}：{}，空缺 {}，不同值 {}，类型不符 {}，离群 {}{range}",
            column.name,
            column.kind.label(),
            column.missing,
            column.distinct,
            column.misfits,
            column.outliers
        );
        for cluster in &column.clusters {
            let names: Vec<&str> = cluster.spellings.iter().map(|(name, _)| name.as_str()).collect();
            say!("  疑似同一企业：{}", names.join("、"));
        }
    }
    for remark in &profile.remarks {
        say!("{remark}");
    }
    Ok(())
}
