//! `xuncha models …`: the library of supervision models on files of this machine, without a server.

use crate::cli::say;
use std::{collections::BTreeMap, path::PathBuf};

use clap::{Args, Subcommand};
use kit::{Error, Refusal, Result, unusable};
use models::{
    check,
    engine::Limits,
    job::{self, DataFile, Question},
    library::{self, Library},
    load::Options,
    profile,
    recipe::{Field, Recipe, Table, Tables},
    value::FieldKind,
};
use serde_json::json;

use crate::{
    cluster,
    ranking_commands::{self, Scoring, Training},
    screen_commands::{self, Meeting, Screening},
    usage,
};

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
    /// 找出同场次数异常的企业对、企业群和从不中标的陪标单位
    Network(Meeting),
    /// 把数据文件转换为带类型的 Parquet；各列类型按内容推断，或按数据表的字段
    Convert {
        /// 文件
        file: PathBuf,
        /// 工作表，或者转储文件中的表
        #[arg(long)]
        part: Option<String>,
        /// 按哪张数据表的字段转换，如 bidding.bids；不填则按内容推断
        #[arg(long, value_name = "[DOMAIN.]TABLE")]
        table: Option<String>,
        /// 密钥文件：身份证件号用它加密散列；有身份证件号而没有它则不转换
        #[arg(long, value_name = "FILE")]
        person_key: Option<PathBuf>,
        /// 结果文件
        #[arg(long, value_name = "FILE.parquet")]
        out: PathBuf,
        /// 处理情况以 JSON 打印
        #[arg(long)]
        json: bool,
    },
    /// 数据文件（Parquet）中一列的常见取值和次数
    Facet {
        /// 文件
        file: PathBuf,
        /// 列
        #[arg(long)]
        column: String,
        /// 至多列出多少个取值
        #[arg(long, default_value_t = 50, value_parser = usage::number(1_u32..=10_000))]
        most: u32,
        #[arg(long)]
        json: bool,
    },
    /// 用本地已确认的案件训练排序模型，写出模型卡
    Train(Training),
    /// 用排序模型给标段排先后；只安排核查，不作认定
    Score(Scoring),
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
    /// 密钥文件（至少 16 字节）：身份证件号在读入时用它加密散列；使用身份证件号的模型没有它不运行
    #[arg(long, value_name = "FILE")]
    person_key: Option<PathBuf>,
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
    /// 排序、分组和连接可用的内存（MB）；在集群上以各执行程序的 --memory 为准
    #[arg(long, default_value_t = 1024, value_parser = usage::number(16_u32..=1_048_576))]
    memory: u32,
    #[arg(long)]
    json: bool,
    /// 计算引擎：embedded 为本机；ballista://主机:端口 为集群的调度程序，须同时用 --shared 指定共享目录
    #[arg(long, value_name = "ENGINE", default_value = "embedded")]
    engine: String,
    /// 集群各机器都能读到的共享目录；运行期间数据列以明文放在其中，结束即删除
    #[arg(long, value_name = "DIR")]
    shared: Option<PathBuf>,
    /// 把读取和每个模型的耗时打印到标准错误
    #[arg(long)]
    timings: bool,
}

/// Runs one of the commands.
pub(crate) async fn run(command: Models) -> Result<()> {
    let library = library::built_in().map_err(said)?;
    match command {
        Models::List { domain, json } => list(library, domain.as_deref(), json),
        Models::Test { models, json } => test(library, &models, json).await,
        Models::Run(running) => execute(library, running).await,
        Models::Screens(screening) => screen_commands::screen(screening),
        Models::Network(meeting) => screen_commands::meetings(meeting),
        Models::Convert { file, part, table, person_key, out, json } => {
            let key = person_key.as_deref().map(self::person_key).transpose()?;
            let table = table.map(|name| known_table(library, &name)).transpose()?;
            convert(&file, part.as_deref(), table, key, out, json)
        }
        Models::Facet { file, column, most, json } => facet(file, &column, most, json).await,
        Models::Train(training) => ranking_commands::train(training),
        Models::Score(scoring) => ranking_commands::score(scoring),
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
    let engine = cluster::Engine::parse(&running.engine, running.shared.clone())?;
    if running.suite.as_deref() == Some(screen_commands::CARDINAL) {
        if engine != cluster::Engine::Embedded {
            return Err(Refusal::bad_request("cardinal 只在本机计算，请去掉 --engine。").into());
        }
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
    let question = Question {
        models: recipes.iter().map(|recipe| recipe.id.clone()).collect(),
        files: running.data.iter().map(|text| data_file(text, tables, running.part.as_deref())).collect(),
        mapping: mapping(&running.map, tables)?,
        set: pairs("--set", &running.set)?,
        memory: running.memory as usize * 1024 * 1024,
        key: running.person_key.as_deref().map(person_key).transpose()?,
        json: running.json,
        timings: running.timings,
    };
    match engine {
        cluster::Engine::Embedded => {
            question.files.iter().try_for_each(|file| readable(&file.path))?;
            embedded(library, &question).await
        }
        cluster::Engine::Cluster { scheduler, shared } => cluster::ask(&question, &scheduler, &shared),
    }
}

async fn embedded(library: &Library, question: &Question) -> Result<()> {
    let ask = question.ask(library).map_err(said)?;
    let mut watch = |step: &str, took: std::time::Duration| {
        if let Some(line) = question.step(step, took) {
            eprintln!("{line}");
        }
    };
    let answer = Box::pin(job::watched(ask, &mut watch)).await.map_err(said)?;
    say!("{}", question.told(&answer).map_err(said)?);
    Ok(())
}

/// The key under which identity numbers are hashed; a short one could be guessed with the numbers.
fn person_key(file: &std::path::Path) -> Result<Vec<u8>> {
    use std::io::Read as _;
    const LEAST: usize = 16;
    const MOST: u64 = 4096;
    let mut key = Vec::new();
    let read = std::fs::File::open(file).and_then(|file| file.take(MOST + 1).read_to_end(&mut key));
    read.map_err(|error| unusable(file, "读取密钥文件", &error))?;
    while key.last().is_some_and(u8::is_ascii_whitespace) {
        key.pop();
    }
    if key.len() < LEAST || key.len() as u64 > MOST {
        let sentence = format!("密钥文件应有 {LEAST} 至 {MOST} 字节的随机内容，现在是 {} 字节。", key.len());
        return Err(Refusal::bad_request(sentence).into());
    }
    Ok(key)
}

/// That a file can be read: the library's sentences know what is in it, not what the operating system says of it.
fn readable(file: &std::path::Path) -> Result<()> {
    std::fs::File::open(file).map_err(|error| unusable(file, "读取文件", &error))?;
    Ok(())
}

/// That a result can be written there; one that is there already stays as it is until the new one is whole.
fn refuse_unwritable(out: &std::path::Path) -> Result<()> {
    let was_there = out.exists();
    let opened = std::fs::File::options().append(true).create(true).open(out);
    let closed = opened.and_then(|_| if was_there { Ok(()) } else { std::fs::remove_file(out) });
    closed.map_err(|error| unusable(out, "写入", &error))?;
    Ok(())
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

fn known_table(library: &Library, name: &str) -> Result<(String, Table)> {
    let (domain, table) = name.split_once('.').map_or((None, name), |(domain, table)| (Some(domain), table));
    let found = library
        .domains()
        .iter()
        .filter(|held| domain.is_none_or(|domain| held.code == domain))
        .find_map(|held| held.tables.get(table));
    let found = found.cloned().ok_or_else(|| {
        Refusal::bad_request(format!("没有名为 {name} 的数据表，用 xuncha models list --json 查看。"))
    })?;
    Ok((table.to_owned(), found))
}

/// The columns of a file as a table, each of the kind that nearly all its cells have.
fn guessed_table(file: &std::path::Path, part: Option<&str>) -> Result<(String, Table)> {
    let look = profile::profile(file, part).map_err(said)?;
    let fields = look.columns.into_iter().map(|column| {
        let field =
            Field { label: column.name.clone(), kind: column.kind, synonyms: Vec::new(), positive: false };
        (column.name, field)
    });
    let table = Table {
        label: "数据".to_owned(),
        grain: "每行一条".to_owned(),
        fields: fields.collect(),
        numbered: Vec::new(),
    };
    Ok(("data".to_owned(), table))
}

fn convert(
    file: &std::path::Path,
    part: Option<&str>,
    table: Option<(String, Table)>,
    key: Option<Vec<u8>>,
    out: PathBuf,
    as_json: bool,
) -> Result<()> {
    if !file.is_file() {
        return Err(Refusal::bad_request(format!("没有文件 {}。", file.display())).into());
    }
    readable(file)?;
    refuse_unwritable(&out)?;
    let (name, table) = match table {
        Some(known) => known,
        None => guessed_table(file, part)?,
    };
    if key.is_none()
        && let Some(field) = table.fields.values().find(|field| field.kind == FieldKind::Person)
    {
        let sentence =
            format!("列“{}”是身份证件号，没有密钥不转换；请用 --person-key 指定密钥文件。", field.label);
        return Err(Refusal::bad_request(sentence).into());
    }
    let mapping = table.fields.keys().map(|name| (name.clone(), name.clone())).collect();
    let guessed = name == "data";
    let wanted: Vec<&str> = table.fields.keys().map(String::as_str).collect();
    let options = Options { key, into: Some(out), ..Options::default() };
    let given = if guessed { mapping } else { models::load::Mapping::new() };
    let (_, report) =
        models::load::load(file, part, (&name, &table), &wanted, &given, &options).map_err(said)?;
    if as_json {
        say!("{}", serde_json::to_string(&report)?);
    } else {
        say!("{}", report.lines().join("\n"));
    }
    Ok(())
}

async fn facet(file: PathBuf, column: &str, most: u32, as_json: bool) -> Result<()> {
    use models::engine::Engine;
    if !file.is_file() {
        return Err(Refusal::bad_request(format!("没有文件 {}。", file.display())).into());
    }
    if file.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("parquet")) {
        let sentence =
            format!("{} 不是 parquet 文件；请先用 xuncha models convert 转换，再查看取值。", file.display());
        return Err(Refusal::bad_request(sentence).into());
    }
    let engine = Engine::new(&Limits::default()).map_err(said)?;
    engine.register("data", &models::load::Stored::Parquet(file)).await.map_err(said)?;
    let found = engine.facet("data", column, most as usize).await.map_err(said)?;
    if as_json {
        let values: Vec<_> =
            found.iter().map(|(value, rows)| json!({ "value": value, "rows": rows })).collect();
        say!("{}", json!({ "column": column, "values": values }));
        return Ok(());
    }
    for (value, rows) in found {
        say!("{rows:>12} {}", value.as_deref().unwrap_or("（空缺）"));
    }
    Ok(())
}

fn look(file: &std::path::Path, part: Option<&str>, as_json: bool) -> Result<()> {
    readable(file)?;
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
