//! `xuncha-cluster`: the models' queries on several machines. A scheduler shares a query out, executors compute its parts, and
//! `run` asks on behalf of `xuncha models run --engine ballista://…`. Exit code 0 is done, 1 a refusal with a sentence on
//! standard error, 2 wrong usage.
#![expect(clippy::print_stderr, reason = "this is the command line")]

mod executor;
mod run;
mod scheduler;
mod session;
mod shared;

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

const WARNING: &str = "集群内部不验证身份，也不加密：能连到这些端口的人都能提交计算、取走中间结果。默认只在本机回环地址监听；\
用于多台机器时，只能放在封闭的专用网络里，不得让办公网或互联网连到。各程序应以同一个专用账户运行，共享目录和工作目录只对该账户开放。";

/// Bytes of stack of each thread: plans are written down and read again by functions that call themselves for each step.
const STACK: usize = 32 << 20;

/// 巡察监督综合平台的计算集群。
#[derive(Parser)]
#[command(name = "xuncha-cluster", version, about = "巡察监督综合平台的计算集群", after_help = WARNING)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// 标准输入关闭时结束；由启动它的程序使用，那个程序无论怎样结束，都不会留下它
    #[arg(long, global = true)]
    with_parent: bool,
}

#[derive(Subcommand)]
enum Command {
    /// 调度程序：把查询分给各执行程序
    #[command(after_help = WARNING)]
    Scheduler(Scheduling),
    /// 执行程序：计算查询的一部分
    #[command(after_help = WARNING)]
    Executor(Executing),
    /// 向集群提问；由 xuncha models run --engine ballista://… 调用，问题从标准输入读取
    #[command(after_help = WARNING)]
    Run(Asking),
}

/// How a scheduler is started.
#[derive(clap::Args)]
struct Scheduling {
    /// 监听地址；端口为 0 时由系统选择，打印在标准输出
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:50050")]
    listen: SocketAddr,
    /// 共享目录：查询只能读取其中的文件
    #[arg(long, value_name = "DIR")]
    shared: PathBuf,
    /// 执行程序多少秒没有消息即视为失去，它的部分由其他执行程序重算
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(10..=3600))]
    lost_after: u64,
}

/// How an executor is started.
#[derive(clap::Args)]
struct Executing {
    /// 调度程序的地址
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:50050")]
    scheduler: String,
    /// 监听地址，其他执行程序从这里取中间结果；端口为 0 时由系统选择
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// 共享目录：查询只能读取其中的文件
    #[arg(long, value_name = "DIR")]
    shared: PathBuf,
    /// 工作目录：中间结果和放不下内存的数据以明文写在这里，须为本执行程序专用
    #[arg(long, value_name = "DIR")]
    work: PathBuf,
    /// 同时计算几个部分；不填则与处理器数相同
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1024))]
    parts: Option<u32>,
    /// 排序、分组和连接可用的内存（MB），由同时计算的部分平分；放不下的写入工作目录
    #[arg(long, default_value_t = 1024, value_parser = clap::value_parser!(u32).range(64..=1_048_576))]
    memory: u32,
}

/// How a cluster is asked.
#[derive(clap::Args)]
struct Asking {
    /// 调度程序的地址
    #[arg(long, value_name = "HOST:PORT")]
    scheduler: String,
    /// 共享目录：数据列在运行期间以明文放在其中，结束即删除
    #[arg(long, value_name = "DIR")]
    shared: PathBuf,
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("XUNCHA_LOG").unwrap_or_else(|_| "error".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let cli = Cli::parse();
    if cli.with_parent {
        std::thread::spawn(|| {
            let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
            std::process::exit(0);
        });
    }
    let runtime =
        match tokio::runtime::Builder::new_multi_thread().thread_stack_size(STACK).enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return refused(&format!("运行环境不能启动：{error}")),
        };
    let done = match cli.command {
        Command::Scheduler(scheduling) => runtime.block_on(scheduler::serve(scheduling)),
        Command::Executor(executing) => runtime.block_on(executor::serve(executing)),
        Command::Run(asking) => runtime.block_on(run::run(asking)),
    };
    // A file that is still being read for somebody who has given up holds nobody up.
    runtime.shutdown_background();
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refused(&error.to_string()),
    }
}

fn refused(sentence: &str) -> ExitCode {
    eprintln!("{sentence}");
    ExitCode::from(1)
}

/// Prints a line; whoever reads through a pipe may have gone.
fn say(line: &str) {
    use std::io::Write as _;
    let mut out = std::io::stdout();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// What an operator must know of an address that others can reach.
fn warn_of(listen: SocketAddr) {
    if !listen.ip().is_loopback() {
        eprintln!("注意：在 {listen} 监听。{WARNING}");
    }
}
