//! The command line. Every command takes `--data DIR` or `--database-url`; exit code 0 is done, 1 a
//! refusal with a sentence on standard error, 2 wrong usage.

use std::{io::IsTerminal as _, process::ExitCode};

use xuncha::{apart, cli, usage};

/// Pages and imports are made of many small texts: the system's allocator took a third of an import's time.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // The reader of what strangers made has bounds that a runtime of many threads would not fit into.
    if std::env::args_os().nth(1).is_some_and(|first| first == apart::READER) {
        return apart::answer();
    }
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("XUNCHA_LOG").unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    let command = match usage::read(std::env::args_os()) {
        Ok(command) => command,
        Err(code) => return code,
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            cli::complain(&format!("运行环境不能启动：{error}"));
            return ExitCode::from(1);
        }
    };
    match runtime.block_on(cli::run(command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            cli::complain(&error.to_string());
            ExitCode::from(1)
        }
    }
}
