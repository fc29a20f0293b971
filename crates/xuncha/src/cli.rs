//! The commands.
#![expect(clippy::print_stderr, reason = "this is the command line")]

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use kit::{
    Actor, App, Clock, Error, Refusal, Result,
    exports::{self, Taken},
    jobs::Progress,
    unusable, web,
};
use serde_json::json;

use crate::{
    assemble::{self, Place, Purpose},
    backup, demo, doctor, figures, imports, pages, usage, verify,
};

/// Prints a line. Whoever reads through a pipe and has seen enough ends the program without a word.
macro_rules! say {
    ($($part:tt)*) => { $crate::cli::say_line(&format!($($part)*)) };
}
pub(crate) use say;

pub(crate) fn say_line(line: &str) {
    use std::io::Write as _;
    if writeln!(std::io::stdout(), "{line}")
        .is_err_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    {
        std::process::exit(0);
    }
}

/// 巡察监督综合平台。
#[derive(Parser)]
#[command(name = "xuncha", version, about = "巡察监督综合平台", disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// Where the records are.
#[derive(Args, Clone, Debug)]
pub(crate) struct At {
    /// 数据目录（文件、密钥和内嵌数据库）
    #[arg(long, value_name = "DIR", default_value = "xuncha-data")]
    data: PathBuf,
    /// PostgreSQL 地址；不填则使用数据目录中的内嵌数据库
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// 单位自有授权字体（仿宋_GB2312、方正小标宋简体等）所在目录；不填则用数据目录下的 fonts
    #[arg(long, value_name = "DIR", env = "XUNCHA_FONTS")]
    fonts: Option<PathBuf>,
}

impl At {
    pub(crate) fn place(&self) -> Place {
        Place {
            folder: self.data.clone(),
            database_url: self.database_url.clone(),
            fonts: self.fonts.clone(),
        }
    }
}

#[derive(Subcommand)]
enum Command {
    /// 生成虚构的演示城市并启动服务
    Demo {
        #[command(flatten)]
        at: At,
        /// 监听地址
        #[arg(long, default_value = "127.0.0.1:8088")]
        listen: SocketAddr,
        /// 演示城市的种子：同一种子生成同样的内容
        #[arg(long, default_value_t = 7)]
        seed: u64,
        /// 演示城市的日历停在哪一天（缺省为 2024-01-31，城市记录的最后一天）；期限和任期按这一天计算
        #[arg(long, value_name = "YYYY-MM-DD", value_parser = usage::day)]
        today: Option<NaiveDate>,
        /// 问题总数，用于性能测量
        #[arg(long, value_name = "N", value_parser = usage::number(1_200_u64..=20_000_000))]
        scale: Option<u64>,
        /// 另加一届的底稿、证据、谈话和信访，用于性能测量
        #[arg(long)]
        term_work: bool,
        /// 只生成，不启动服务
        #[arg(long)]
        no_serve: bool,
        /// 以 JSON 打印账号
        #[arg(long)]
        json: bool,
    },
    /// 启动服务
    Serve {
        #[command(flatten)]
        at: At,
        /// 监听地址
        #[arg(long, default_value = "127.0.0.1:8088")]
        listen: SocketAddr,
        /// 前面有终止 TLS 的网关：会话 Cookie 只在 TLS 上传送
        #[arg(long)]
        behind_tls: bool,
    },
    /// 建立新的数据目录，打印一次性设置口令
    Init {
        #[command(flatten)]
        at: At,
        /// 单位名称，印在页眉和导出文件上
        #[arg(long, default_value = "市委巡察办")]
        office: String,
        #[arg(long)]
        json: bool,
    },
    /// 导入台账（xlsx 或 csv）
    Import {
        /// 台账种类，如 problems、rectification、assets
        kind: String,
        /// 文件
        file: PathBuf,
        #[command(flatten)]
        at: At,
        /// 只识别和检查，不保存
        #[arg(long)]
        dry_run: bool,
        /// 已存在而内容不同的行按文件更新
        #[arg(long)]
        update: bool,
        /// 工作表名称
        #[arg(long)]
        sheet: Option<String>,
        /// 指定列的含义，如 C=title，可重复
        #[arg(long, value_name = "LETTER=KEY")]
        assign: Vec<String>,
        /// 文件里没有的列，各行统一取值，如 found_on=2023-05-01，可重复
        #[arg(long, value_name = "KEY=TEXT")]
        constant: Vec<String>,
        #[arg(long)]
        json: bool,
    },
    /// 把一类记录导出为 xlsx
    Export {
        /// 记录种类，如 problems
        noun: String,
        /// 目标文件
        file: PathBuf,
        #[command(flatten)]
        at: At,
        /// 筛选条件，与列表页地址相同，如 f.state=closed&sort=-number
        #[arg(long, default_value = "")]
        query: String,
        #[arg(long)]
        json: bool,
    },
    /// 用最新的记录排出全部文种的样张（PDF 和 Word），写入一个目录
    Papers {
        /// 目标目录
        folder: PathBuf,
        #[command(flatten)]
        at: At,
        #[arg(long)]
        json: bool,
    },
    /// 打印统计指标
    Figures {
        #[command(flatten)]
        at: At,
        /// 截至哪一天（缺省为今天）
        #[arg(long, value_parser = usage::day)]
        as_of: Option<NaiveDate>,
        /// 统计年度（缺省为截至日所在年）
        #[arg(long, value_parser = usage::number(1990_i32..=2199))]
        year: Option<i32>,
        /// 核对一份文稿（docx 或 txt）中的数字与台账是否一致
        #[arg(long, value_name = "FILE")]
        check: Option<PathBuf>,
        #[arg(long)]
        json: bool,
    },
    /// 核验审计链、文件摘要和业务不变量
    Verify {
        #[command(flatten)]
        at: At,
        /// 写出签名的审计链检查点，请保存到本机之外
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
        /// 与以前写出的检查点对照
        #[arg(long, value_name = "FILE")]
        against: Option<PathBuf>,
        /// 只核验线索移交证明文件：签名，以及与系统中固化的内容是否一致
        #[arg(long, value_name = "FILE", conflicts_with_all = ["checkpoint", "against"])]
        proof: Option<PathBuf>,
        #[arg(long)]
        json: bool,
    },
    /// 备份全部记录和文件到一个加密文件，服务运行时也可以执行
    Backup {
        /// 备份文件，不能已经存在
        file: PathBuf,
        #[command(flatten)]
        at: At,
        /// 用文件中的口令加密，备份中包含密钥；不填则用安装密钥加密，备份中不含安装密钥
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
        #[arg(long)]
        json: bool,
    },
    /// 把备份恢复到空的数据目录（和空的数据库）
    Restore {
        /// 备份文件
        file: PathBuf,
        #[command(flatten)]
        at: At,
        /// 安装密钥文件 seal.key 的副本
        #[arg(long, value_name = "FILE", conflicts_with = "passphrase_file")]
        key: Option<PathBuf>,
        /// 备份口令文件
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
        /// 只核对备份文件，不恢复
        #[arg(long)]
        check: bool,
        #[arg(long)]
        json: bool,
    },
    /// 检查运行环境和生效的设置
    Doctor {
        #[command(flatten)]
        at: At,
        #[arg(long)]
        json: bool,
    },
    /// 数据模型：列出、检验，在文件上运行（不需要服务器）
    Models {
        #[command(subcommand)]
        command: crate::model_commands::Models,
    },
    /// 网上来信：收件机和办公系统之间只用签名的文件往来
    Intake {
        #[command(subcommand)]
        command: crate::intake::command::Intake,
    },
    /// 打印全部路由
    Routes {
        #[arg(long)]
        json: bool,
    },
}

/// Prints a sentence for the operator. A fault that is no sentence is one of the program, or of what lies below it.
pub fn complain(message: &str) {
    match message.strip_prefix("fault: ") {
        Some(detail) if !detail.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) => {
            eprintln!("程序出错，没有完成（{detail}）。请重试；如仍出错，请把这行文字告诉系统管理员。");
        }
        detail => eprintln!("{}", detail.unwrap_or(message)),
    }
}

/// Runs one command.
pub async fn run(cli: Cli) -> Result<()> {
    match cli.command {
        Command::Demo { at, listen, seed, today, scale, term_work, no_serve, json } => {
            let city = DemoCity { seed, today, scale, term_work };
            demonstrate(&at, city, (!no_serve).then_some(listen), json).await
        }
        Command::Serve { at, listen, behind_tls } => {
            let app = assemble::open(&at.place(), Purpose::Write, Clock::System, behind_tls).await?;
            assemble::establish(&app, "市委巡察办", None).await?;
            print_set_up(&app, false).await?;
            serve(app, listen, false).await
        }
        Command::Init { at, office, json } => {
            let app = assemble::open(&at.place(), Purpose::Write, Clock::System, false).await?;
            assemble::establish(&app, &office, None).await?;
            print_set_up(&app, json).await
        }
        Command::Import { kind, file, at, dry_run, update, sheet, assign, constant, json } => {
            import(
                &at,
                &kind,
                &file,
                imports::Options {
                    dry_run,
                    update,
                    sheet,
                    assign: pairs(&assign, "--assign 应写成 列字母=列名，如 C=title")?,
                    constants: pairs(&constant, "--constant 应写成 列名=内容，如 found_on=2023-05-01")?,
                },
                json,
            )
            .await
        }
        Command::Export { noun, file, at, query, json } => export(&at, &noun, &file, &query, json).await,
        Command::Papers { folder, at, json } => specimens(&at, &folder, json).await,
        Command::Figures { at, as_of, year, check, json } => {
            print_figures(&at, as_of, year, check.as_deref(), json).await
        }
        Command::Verify { at, proof: Some(file), .. } => check_proof(&at, &file).await,
        Command::Verify { at, checkpoint, against, json, proof: None } => {
            check(&at, checkpoint.as_deref(), against.as_deref(), json).await
        }
        Command::Backup { file, at, passphrase_file, json } => {
            take_backup(&at, &file, passphrase_file.as_deref(), json).await
        }
        Command::Restore { file, at, key, passphrase_file, check, json } => {
            let keys = (key.as_deref(), passphrase_file.as_deref());
            restore_backup(&at, &file, keys, check, json).await
        }
        Command::Doctor { at, json } => examine(&at, json).await,
        Command::Models { command } => Box::pin(crate::model_commands::run(command)).await,
        Command::Intake { command } => Box::pin(crate::intake::command::run(command)).await,
        Command::Routes { json } => {
            print_routes(json);
            Ok(())
        }
    }
}

fn program(name: &str) -> Arc<Actor> {
    Arc::new(Actor::program(name))
}

/// Which demonstration is asked for.
struct DemoCity {
    seed: u64,
    today: Option<NaiveDate>,
    scale: Option<u64>,
    term_work: bool,
}

async fn demonstrate(at: &At, city: DemoCity, listen: Option<SocketAddr>, as_json: bool) -> Result<()> {
    let day = city.today.unwrap_or(demo::LAST_DAY);
    let app = assemble::open(&at.place(), Purpose::Write, Clock::System, false).await?;
    let held = assemble::demonstration(&app).await?;
    let seed = match held {
        Some(Some(held)) => held,
        None => city.seed,
        Some(None) => {
            let message = format!(
                "{} 里已有正式数据，演示城市不会写入其中；请用 --data 指定另一个空目录。",
                at.data.display()
            );
            return Err(Refusal::conflict(message).into());
        }
    };
    assemble::establish(&app, "澜江市委巡察办", Some(seed)).await?;
    assemble::stand_at(&app, day).await?;
    // Name and calendar were entered after the app was made; open it again under them.
    drop(app);
    let app = assemble::open(&at.place(), Purpose::Write, Clock::System, false).await?;
    if held.is_none() {
        if !as_json {
            say!("正在生成演示城市（种子 {seed}）……");
        }
        let scale = city.scale.map(|scale| usize::try_from(scale).unwrap_or(usize::MAX));
        demo::load(&app, seed, scale).await?;
        demo::load_files(&app).await?;
        demo::load_data(&app, seed).await?;
        demo::load_passports(&app, seed).await?;
        demo::load_letters(&app, seed).await?;
        if city.term_work {
            demo::load_term(&app, seed).await?;
        }
    }
    print_accounts(seed, as_json);
    if !as_json {
        say!("演示城市的日历停在 {day}（用 --today 可以另定一天）；登录和办理留痕仍按真实时间。");
    }
    match listen {
        Some(listen) => serve(app, listen, as_json).await,
        None => Ok(()),
    }
}

fn print_accounts(seed: u64, as_json: bool) {
    use kit::Labelled as _;
    let accounts = demo::accounts(seed);
    if as_json {
        let shown = |account: &demo::DemoAccount| json!({ "login": account.login, "password": account.password, "role": account.role.code(), "name": account.name });
        let list: Vec<_> = accounts.iter().map(shown).collect();
        let barred = demo::barred_account(seed).map(|(account, _)| account.login);
        let on_site = demo::on_site(seed).map(|(unit, people)| {
            let people: serde_json::Map<_, _> =
                people.iter().map(|(part, account)| ((*part).to_owned(), shown(account))).collect();
            json!({ "unit": unit, "people": people })
        });
        say!("{}", json!({ "accounts": list, "barred": barred, "on_site": on_site }));
        return;
    }
    say!("演示账号（密码都是 {}）：", demo::PASSWORD);
    for account in &accounts {
        say!("  {:<16} {}（{}）", account.login, account.role.label(), account.name);
    }
    if let Some((unit, people)) = demo::on_site(seed) {
        say!("最近一轮巡察的单位：{unit}");
        for (_, account) in &people {
            say!("  {:<16} {}（{}）", account.login, account.role.label(), account.name);
        }
    }
    if let Some((account, organisation)) = demo::barred_account(seed) {
        say!(
            "  {:<16} 已决定回避的组员（{}）：看不到与{organisation}有关的内容",
            account.login,
            account.name
        );
    }
}

async fn print_set_up(app: &App, as_json: bool) -> Result<()> {
    let secret = registry::set_up::begin(app).await?;
    match (secret, as_json) {
        (Some(secret), true) => say!("{}", json!({ "set_up_secret": secret, "valid_minutes": 30 })),
        (Some(secret), false) => say!("一次性设置口令（30 分钟内有效，打开 /set-up 使用）：{secret}"),
        (None, true) => say!("{}", json!({ "set_up_secret": null })),
        (None, false) => {}
    }
    Ok(())
}

/// Why nobody can be answered at `listen`.
pub(crate) fn not_listening(listen: SocketAddr, error: &std::io::Error) -> Error {
    let (why, remedy) = kit::error::in_words(error);
    Refusal::conflict(format!("不能在 {listen} 监听：{why}。{remedy}")).into()
}

/// Answers until it is told to stop. What is said on the way goes beside JSON, never behind it.
async fn serve(app: App, listen: SocketAddr, as_json: bool) -> Result<()> {
    if !listen.ip().is_loopback() && !app.secure() {
        eprintln!(
            "注意：正在监听非本机地址 {listen}，而且没有声明前面有 TLS 网关（--behind-tls）；密码和会话会以明文传送。"
        );
    }
    let listener =
        tokio::net::TcpListener::bind(listen).await.map_err(|error| not_listening(listen, &error))?;
    let recorder = tokio::spawn(app.start_recorder());
    let begun = format!("巡察监督综合平台已启动：http://{}", listener.local_addr()?);
    if as_json {
        eprintln!("{begun}");
    } else {
        say!("{begun}");
    }
    let worker = kit::jobs::start(&app);
    let tidying = tokio::spawn(keep_doing(app.clone(), 10, "tidying files", tidy));
    let reminding = tokio::spawn(keep_doing(app.clone(), 30, "reminding", remind));
    let router = web::router(app);
    web::serve::serve(listener, router, web::serve::Limits::default(), stopped()).await;
    tidying.abort();
    reminding.abort();
    worker.stop(std::time::Duration::from_secs(10)).await;
    // The last refusals are on their way to the audit.
    let _ = tokio::time::timeout(std::time::Duration::from_secs(2), recorder).await;
    Ok(())
}

/// Does `work` at once and every so many minutes, as long as the program runs; what goes wrong is told, and tried again the
/// next time.
async fn keep_doing<F: Future<Output = Result<()>>>(
    app: App,
    minutes: u64,
    what: &'static str,
    work: fn(App) -> F,
) {
    let mut ticks = tokio::time::interval(std::time::Duration::from_mins(minutes));
    loop {
        ticks.tick().await;
        if let Err(error) = work(app.clone()).await {
            tracing::warn!(%error, "{what} went wrong");
        }
    }
}

/// Removes uploads given up and stray files.
async fn tidy(app: App) -> Result<()> {
    kit::files::tidy(&app, std::time::SystemTime::now()).await.map(drop)
}

/// Reminds people of deadlines from the morning on: whatever is new since the last run, and all of it when the program was
/// not running in the morning.
async fn remind(app: App) -> Result<()> {
    if kit::clock::office_hour(app.clock().now()) >= 7 {
        let sent = registry::reminders::run(&app).await?;
        tracing::info!(people = sent.people, records = sent.records, "reminded");
    }
    Ok(())
}

pub(crate) async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut terminate) = terminate {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

/// Options of the form `NAME=VALUE`; `form` says how one that is not should have been written.
fn pairs(texts: &[String], form: &str) -> Result<Vec<(String, String)>> {
    texts
        .iter()
        .map(|text| {
            let (name, value) = text.split_once('=').ok_or_else(|| Refusal::bad_request(form))?;
            Ok((name.to_owned(), value.to_owned()))
        })
        .collect()
}

async fn import(
    at: &At,
    kind: &str,
    file: &std::path::Path,
    options: imports::Options,
    as_json: bool,
) -> Result<()> {
    let app = assemble::open(&at.place(), Purpose::Write, Clock::System, false).await?;
    let report = imports::command(&app, &program("命令行导入"), kind, file, options).await?;
    if as_json {
        say!("{report}");
    } else {
        say!("{}", report.get("message").and_then(serde_json::Value::as_str).unwrap_or_default());
        for row in report.get("refused").and_then(serde_json::Value::as_array).into_iter().flatten() {
            for cell in row.get("cells").and_then(serde_json::Value::as_array).into_iter().flatten() {
                let text = |name: &str| {
                    cell.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
                };
                say!("  {} {}：{}", text("address"), text("column"), text("reason"));
            }
        }
    }
    if imports::status(&report) == 0 {
        return Ok(());
    }
    Err(Refusal::invalid("文件中有不能导入的行，整个文件都没有保存；请按单元格地址改正后重试。").into())
}

async fn export(at: &At, noun: &str, file: &std::path::Path, query: &str, as_json: bool) -> Result<()> {
    refuse_taken(file)?;
    let app = assemble::open(&at.place(), Purpose::Write, Clock::System, false).await?;
    let actor = program("命令行导出");
    let service = app
        .registry()
        .service(noun)
        .ok_or_else(|| Refusal::bad_request(format!("没有名为 {noun} 的记录种类")))?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let query = web::Query::parse(Some(query))?;
    let rows = web::export::take(&app, &actor, service, &query, (file, &name)).await?;
    if as_json {
        say!("{}", json!({ "noun": noun, "rows": rows, "file": file }));
    } else {
        say!("已导出 {rows} 行到 {}", file.display());
    }
    Ok(())
}

/// The specimens hold real records, so they leave under an export number like any file.
async fn specimens(at: &At, folder: &std::path::Path, as_json: bool) -> Result<()> {
    let app = assemble::open(&at.place(), Purpose::Write, Clock::System, false).await?;
    let actor = program("命令行样张");
    std::fs::create_dir_all(folder).map_err(|error| unusable(folder, "建立文件夹", &error))?;
    let put = |name: String, bytes: &[u8]| {
        let file = folder.join(name);
        std::fs::write(&file, bytes).map_err(|error| unusable(&file, "写入", &error))
    };
    let trace = exports::announce(&app, &actor).await?;
    let cx = app.read(&actor);
    let (mut list, mut digesting) = (Vec::new(), kit::seal::Digesting::default());
    for specimen in paperwork::specimens(&cx, Some(&trace)).await? {
        let (pdf, pages) = specimen.pdf(&app, cx.now).await?;
        let docx = specimen.docx(cx.now)?;
        digesting.update(&pdf);
        digesting.update(&docx);
        put(format!("{}.pdf", specimen.code), &pdf)?;
        put(format!("{}.docx", specimen.code), &docx)?;
        if !as_json {
            say!("{:<5} {} {pages} 页", specimen.code, specimen.label);
        }
        list.push(json!({ "code": specimen.code, "label": specimen.label, "pages": pages }));
    }
    let taken = Taken {
        noun: paperwork::document_templates::NOUN.to_owned(),
        record: None,
        label: format!("全部文种样张（{} 种）", list.len()),
        file_name: folder.display().to_string(),
        digest: digesting.finish(),
    };
    exports::enter(&app, &actor, &trace, taken).await?;
    if as_json {
        say!("{}", json!({ "number": trace.number, "papers": list }));
    }
    Ok(())
}

async fn print_figures(
    at: &At,
    as_of: Option<NaiveDate>,
    year: Option<i32>,
    draft: Option<&std::path::Path>,
    as_json: bool,
) -> Result<()> {
    use chrono::Datelike as _;
    let app = assemble::open(&at.place(), Purpose::Read, Clock::System, false).await?;
    let actor = program("命令行统计");
    let cx = app.read(&actor);
    let as_of = as_of.unwrap_or_else(|| cx.today());
    let ask = figures::Ask { year: year.unwrap_or_else(|| as_of.year()), ..figures::Ask::on(as_of) };
    let computed = figures::compute(&cx, &ask).await?;
    if let Some(file) = draft {
        return print_check(file, &computed, as_json);
    }
    if as_json {
        say!("{}", figures::json(&computed));
        return Ok(());
    }
    for figure in &computed {
        say!("{:<44} {:>14} {}", figure.label, figure.value, kit::Labelled::label(figure.unit));
    }
    Ok(())
}

fn bytes_of(file: &std::path::Path) -> Result<Vec<u8>> {
    Ok(std::fs::read(file).map_err(|error| unusable(file, "读取", &error))?)
}

/// That a new file can be written there: known before the work and not at its end.
fn refuse_taken(file: &std::path::Path) -> Result<()> {
    let made = std::fs::File::options().write(true).create_new(true).open(file);
    made.and_then(|_| std::fs::remove_file(file)).map_err(|error| unusable(file, "写入", &error))?;
    Ok(())
}

fn print_check(file: &std::path::Path, computed: &[figures::Computed], as_json: bool) -> Result<()> {
    use kit::Labelled as _;
    let text = pages::check::draft_text(&file.to_string_lossy(), &bytes_of(file)?)?;
    let report = figures::consistency::report(&text, computed);
    if as_json {
        say!("{}", report.json(&text));
        return Ok(());
    }
    for reading in &report.readings {
        let counted: Vec<String> =
            reading.counted.iter().map(|held| format!("{}{}", held.value, held.unit.label())).collect();
        say!(
            "第 {} 行　{}　{}：文中 {}，台账 {}",
            reading.line,
            reading.verdict.label(),
            reading.figure.label,
            reading.printed,
            if counted.is_empty() { String::from("没有这项数") } else { counted.join("、") }
        );
    }
    for finding in &report.findings {
        let line = figures::consistency::line_of(&text, finding.at);
        say!("第 {line} 行　{}　{}", finding.kind.label(), finding.message);
    }
    say!("{}", pages::check::summary(&report));
    Ok(())
}

async fn check_proof(at: &At, file: &std::path::Path) -> Result<()> {
    let proof = serde_json::from_slice(&bytes_of(file)?)
        .map_err(|_| Refusal::bad_request("证明文件不是本系统写出的格式"))?;
    let app = assemble::open(&at.place(), Purpose::Read, Clock::System, false).await?;
    say!("{}", verify::proof(&app, &proof).await?);
    Ok(())
}

async fn check(
    at: &At,
    checkpoint: Option<&std::path::Path>,
    against: Option<&std::path::Path>,
    as_json: bool,
) -> Result<()> {
    let app = assemble::open(&at.place(), Purpose::Read, Clock::System, false).await?;
    let report = verify::run(&app).await?;
    if as_json {
        say!("{}", serde_json::to_string(&report)?);
    } else {
        say!("{}", report.text());
    }
    if let Some(fault) = report.first_fault() {
        return Err(Refusal::conflict(format!("核验发现问题：{fault}")).into());
    }
    let actor = program("核验");
    if let Some(file) = against {
        let earlier = serde_json::from_slice(&bytes_of(file)?)
            .map_err(|_| Refusal::bad_request("检查点文件不是本系统写出的格式"))?;
        kit::checkpoint::check(&app.read(&actor), &earlier).await?;
    }
    if let Some(file) = checkpoint {
        let taken = kit::checkpoint::take(&app.read(&actor), &assemble::signing_key(&at.data)?).await?;
        std::fs::write(file, serde_json::to_vec_pretty(&taken)?)
            .map_err(|error| unusable(file, "写入检查点", &error))?;
    }
    Ok(())
}

async fn take_backup(
    at: &At,
    file: &std::path::Path,
    passphrase_file: Option<&std::path::Path>,
    as_json: bool,
) -> Result<()> {
    refuse_taken(file)?;
    let app = assemble::open(&at.place(), Purpose::Read, Clock::System, false).await?;
    let key = match passphrase_file {
        Some(path) => backup::Key::from_passphrase_file(path)?,
        None => backup::Key::Installation(app.seal().clone()),
    };
    let manifest = backup::write(&app, file, key, &Progress::unwatched()).await?;
    print_manifest("已备份", &manifest, as_json);
    Ok(())
}

async fn restore_backup(
    at: &At,
    file: &std::path::Path,
    (key_file, passphrase_file): (Option<&std::path::Path>, Option<&std::path::Path>),
    check_only: bool,
    as_json: bool,
) -> Result<()> {
    let (key, seal_key) = match (key_file, passphrase_file) {
        (Some(path), _) => {
            let key = backup::Key::from_key_file(path)?;
            (key, Some(String::from_utf8_lossy(&bytes_of(path)?).into_owned()))
        }
        (None, Some(path)) => (backup::Key::from_passphrase_file(path)?, None),
        (None, None) => {
            let message = "请用 --key 指定安装密钥文件的副本，或用 --passphrase-file 指定备份口令文件。";
            return Err(Refusal::bad_request(message).into());
        }
    };
    if check_only {
        print_manifest("备份完好", &backup::check(file, &key).await?, as_json);
        return Ok(());
    }
    let manifest = backup::restore(file, &key, seal_key.as_deref(), &at.place()).await?;
    print_manifest("已恢复", &manifest, as_json);
    Ok(())
}

fn print_manifest(what: &str, manifest: &backup::Manifest, as_json: bool) {
    let (rows, files) = (manifest.rows(), manifest.files());
    if as_json {
        say!(
            "{}",
            json!({ "made_at": manifest.made_at, "program": manifest.program, "tables": manifest.tables.len(),
                "rows": rows, "files": files, "audit_seq": manifest.audit.0, "audit_hash": manifest.audit.1 })
        );
        return;
    }
    say!(
        "{what}（{}）：{} 张表 {rows} 行，文件 {files} 个，审计链 {} 条。",
        manifest.made_at,
        manifest.tables.len(),
        manifest.audit.0
    );
}

async fn examine(at: &At, as_json: bool) -> Result<()> {
    let app = assemble::open(&at.place(), Purpose::Read, Clock::System, false).await?;
    let findings = doctor::examine(&app).await?;
    if as_json {
        say!("{}", serde_json::to_string(&findings)?);
    } else {
        for finding in &findings {
            say!("{} {}：{}", if finding.good { "✓" } else { "✗" }, finding.what, finding.found);
        }
        say!("运行指标 /metrics 的口令：{}", pages::operator::token(&app));
    }
    match findings.iter().find(|finding| !finding.good) {
        Some(finding) => Err(Refusal::conflict(format!("{}：{}", finding.what, finding.found)).into()),
        None => Ok(()),
    }
}

fn print_routes(as_json: bool) {
    let routes = web::routes(&assemble::registry());
    if as_json {
        say!("{}", serde_json::to_string(&routes).unwrap_or_default());
        return;
    }
    for route in routes {
        say!("{:<5} {:<60} {}", route.method, route.path, route.policy);
    }
}
