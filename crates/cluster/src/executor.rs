//! An executor: asks the scheduler for parts of queries, computes them within a bounded memory, and hands what it has computed
//! to the others.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use ballista_core::{config::TaskSchedulingPolicy, registry::BallistaFunctionRegistry};
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use datafusion::common::DataFusionError;
use models::{Error, Result};

use crate::{Executing, say, session, shared, warn_of};

/// How often it looks for what old queries have left, and for how long those may need it; both in seconds.
const SWEEP: u64 = 300;
const KEPT: u64 = 24 * 60 * 60;

/// Serves until the process is asked to end.
///
/// # Errors
/// A sentence when the address, a folder or the scheduler cannot be used.
pub(crate) async fn serve(executing: Executing) -> Result<()> {
    let (scheduler_host, scheduler_port) = host_and_port(&executing.scheduler)?;
    std::fs::create_dir_all(&executing.work).map_err(|error| {
        Error::refused(format!("不能使用工作目录 {}：{error}。", executing.work.display()))
    })?;
    let functions =
        BallistaFunctionRegistry::from(&session::reading(&executing.shared, session::config(), None)?);
    let listen = free(executing.listen)?;
    warn_of(listen);
    let (folder, work) = (executing.shared, executing.work.clone());
    let defaults = ExecutorProcessConfig::default();
    let config = ExecutorProcessConfig {
        bind_host: listen.ip().to_string(),
        external_host: Some(listen.ip().to_string()),
        port: listen.port(),
        // Nobody calls an executor that asks for its work itself.
        grpc_port: listen.port(),
        scheduler_host,
        scheduler_port,
        scheduler_connect_timeout_seconds: 60,
        vcores: executing.parts.map_or(defaults.vcores, |parts| parts as usize),
        task_scheduling_policy: TaskSchedulingPolicy::PullStaged,
        work_dir: Some(executing.work.to_string_lossy().into_owned()),
        job_data_ttl_seconds: KEPT,
        job_data_clean_up_interval_seconds: SWEEP,
        memory_pool_size: Some(u64::from(executing.memory) << 20),
        override_function_registry: Some(Arc::new(functions)),
        override_config_producer: Some(Arc::new(session::config)),
        override_runtime_producer: Some(Arc::new(move |_| {
            shared::surroundings(&folder, Some(&work))
                .map_err(|error| DataFusionError::Configuration(error.to_string()))
        })),
        ..defaults
    };
    say(&format!("执行程序在 {listen} 监听，调度程序为 {}。", executing.scheduler));
    start_executor_process(Arc::new(config))
        .await
        .map_err(|error| Error::Fault(format!("执行程序不能运行：{error}")))
}

/// Host and port of `HOST:PORT`.
///
/// # Errors
/// A sentence when it is none.
pub(crate) fn host_and_port(text: &str) -> Result<(String, u16)> {
    let parts = text.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
    match parts {
        Some((host, port)) if !host.is_empty() => Ok((host.to_owned(), port)),
        _ => Err(Error::refused(format!("{text} 不是“主机:端口”。"))),
    }
}

/// The address with a port; the library takes a number and opens it later, so a free one is found before.
fn free(listen: SocketAddr) -> Result<SocketAddr> {
    TcpListener::bind(listen)
        .and_then(|listener| listener.local_addr())
        .map_err(|error| Error::refused(format!("{listen} 不能监听：{error}。")))
}
