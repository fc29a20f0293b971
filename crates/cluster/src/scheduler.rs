//! The scheduler: cuts a query into stages and parts, hands them to executors that ask for work, and has parts of an executor
//! that fell silent computed again by the others.

use std::sync::Arc;

use ballista_core::config::TaskSchedulingPolicy;
use ballista_scheduler::{
    cluster::BallistaCluster,
    config::SchedulerConfig,
    scheduler_process::{create_scheduler, start_grpc_service_with_listener},
};
use datafusion::common::DataFusionError;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use models::{Error, Result};
use tokio::net::TcpListener;

use crate::{Scheduling, say, session, warn_of};

/// Serves until the process ends.
///
/// # Errors
/// A sentence when the address or the folder cannot be used.
pub(crate) async fn serve(scheduling: Scheduling) -> Result<()> {
    // Refused now rather than with the first query.
    session::reading(&scheduling.shared, session::config(), None)?;
    let listener = TcpListener::bind(scheduling.listen)
        .await
        .map_err(|error| Error::refused(format!("{} 不能监听：{error}。", scheduling.listen)))?;
    let listen = listener.local_addr()?;
    warn_of(listen);
    let shared = scheduling.shared.clone();
    let config = Arc::new(SchedulerConfig {
        bind_host: listen.ip().to_string(),
        bind_port: listen.port(),
        external_host: listen.ip().to_string(),
        scheduling_policy: TaskSchedulingPolicy::PullStaged,
        executor_timeout_seconds: scheduling.lost_after,
        expire_dead_executor_interval_seconds: (scheduling.lost_after / 4).max(1),
        no_executors_grace_period_seconds: scheduling.lost_after,
        override_config_producer: Some(Arc::new(session::config)),
        override_session_builder: Some(Arc::new(move |config| {
            session::reading(&shared, config, None)
                .map_err(|error| DataFusionError::Configuration(error.to_string()))
        })),
        ..SchedulerConfig::default()
    });
    let broken =
        |error: ballista_core::error::BallistaError| Error::Fault(format!("调度程序不能运行：{error}"));
    let cluster = BallistaCluster::new_from_config(&config).await.map_err(broken)?;
    let scheduler =
        create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, config).await.map_err(broken)?;
    say(&format!("调度程序在 {listen} 监听。"));
    start_grpc_service_with_listener(listener, scheduler).await.map_err(broken)
}
