//! Asking a cluster: data go to the shared folder as columns, each model's query to the scheduler, and the answer to standard
//! output as the embedded engine would print it.

use std::{
    io::{BufRead as _, Read as _},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use ballista_core::{
    execution_plans::DistributedQueryExec,
    extension::SessionConfigExt as _,
    planner::BallistaQueryPlanner,
    serde::protobuf::{CancelJobParams, scheduler_grpc_client::SchedulerGrpcClient},
};
use datafusion::{
    catalog::Session, execution::context::QueryPlanner, logical_expr::LogicalPlan,
    physical_plan::ExecutionPlan, prelude::SessionContext,
};
use datafusion_proto::protobuf::LogicalPlanNode;
use models::{
    Error, Result,
    engine::{Elsewhere, Engine, Limits},
    job::{self, Question},
    library,
    load::Options,
};
use tokio::{net::TcpStream, sync::oneshot};

use crate::{Asking, executor::host_and_port, say, session, shared::ADDRESS};

/// How long a scheduler may take to be reached.
const REACHED_WITHIN: Duration = Duration::from_secs(10);

/// How often a query is asked altogether.
const ATTEMPTS: usize = 3;

/// Rows that can be read apart: small enough that a table of half a million has some for each part.
const GROUP: usize = 32_768;

/// Bytes of a question.
const QUESTION: u64 = 16 << 20;

/// Answers the question that stands in the first line of standard input; gives up when the input ends before the answer.
///
/// # Errors
/// A sentence when the cluster cannot be reached or the question cannot be answered.
pub(crate) async fn run(asking: Asking) -> Result<()> {
    let shared = std::fs::canonicalize(&asking.shared).map_err(|error| {
        Error::refused(format!("不能使用共享目录 {}：{error}。", asking.shared.display()))
    })?;
    reach(&asking.scheduler).await?;
    let (question, asker_gone) = question()?;
    let jobs = Jobs::new(&asking.scheduler);
    let answer = tokio::select! {
        answer = Box::pin(answer(&shared, &question, &jobs)) => answer?,
        () = given_up(asker_gone) => {
            jobs.cancel().await;
            return Err(Error::refused("已按要求停止，没有结果。"));
        }
    };
    say(&question.told(&answer)?);
    Ok(())
}

async fn reach(scheduler: &str) -> Result<()> {
    let address = host_and_port(scheduler)?;
    let reached = tokio::time::timeout(REACHED_WITHIN, TcpStream::connect(address)).await;
    let why = match reached {
        Ok(Ok(_)) => return Ok(()),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("{} 秒内没有回应", REACHED_WITHIN.as_secs()),
    };
    Err(Error::refused(format!(
        "联系不到集群的调度程序 {scheduler}（{why}）；请确认它已启动，或者去掉 --engine 在本机计算。"
    )))
}

/// The question, and word of the asker when he is gone.
fn question() -> Result<(Question, oneshot::Receiver<()>)> {
    let mut line = String::new();
    let mut input = std::io::BufReader::new(std::io::stdin());
    input.by_ref().take(QUESTION).read_line(&mut line)?;
    let question = serde_json::from_str(&line).map_err(|_| {
        Error::refused("标准输入里不是本系统的问题；请用 xuncha models run --engine ballista://… 提问。")
    })?;
    let (gone, told) = oneshot::channel();
    // A thread of its own: reading may never return, and nobody waits for it at the end.
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut input, &mut std::io::sink());
        let _ = gone.send(());
    });
    Ok((question, told))
}

async fn given_up(asker_gone: oneshot::Receiver<()>) {
    tokio::select! {
        _ = asker_gone => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

async fn answer(shared: &Path, question: &Question, jobs: &Jobs) -> Result<job::Answer> {
    let ask = question.ask(library::built_in()?)?;
    let folder = tempfile::Builder::new()
        .prefix("xuncha-")
        .tempdir_in(shared)
        .map_err(|error| Error::refused(format!("不能写入共享目录 {}：{error}。", shared.display())))?;
    let engine = engine(shared, jobs)?;
    let options =
        Options { folder: Some(folder.path().to_owned()), groups: Some(GROUP), ..Options::default() };
    let mut watch = |step: &str, took: Duration| {
        if let Some(line) = question.step(step, took) {
            eprintln!("{line}");
        }
    };
    job::on(&engine, ask, options, &mut watch).await
}

/// An engine that has the cluster compute.
pub(crate) fn engine(shared: &Path, jobs: &Jobs) -> Result<Engine> {
    let state = session::reading(shared, session::config(), Some(Arc::new(jobs.clone())))?;
    let elsewhere = Elsewhere { folder: shared.to_owned(), address: ADDRESS.to_owned(), attempts: ATTEMPTS };
    Ok(Engine::over(SessionContext::new_with_state(state), Limits::default().rows).elsewhere(elsewhere))
}

/// Hands queries to the scheduler and keeps in mind which, so that they can be stopped.
#[derive(Clone, Debug)]
pub(crate) struct Jobs {
    url: String,
    planner: Arc<BallistaQueryPlanner<LogicalPlanNode>>,
    last: Arc<Mutex<Option<Arc<dyn ExecutionPlan>>>>,
}

impl Jobs {
    pub(crate) fn new(scheduler: &str) -> Self {
        let url = format!("http://{scheduler}");
        let planner = Arc::new(BallistaQueryPlanner::new(url.clone(), session::config().ballista_config()));
        Self { url, planner, last: Arc::default() }
    }

    /// Has the scheduler give out no more parts of the query that is under way.
    async fn cancel(&self) {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let asked =
            last.as_ref().and_then(|plan| plan.downcast_ref::<DistributedQueryExec<LogicalPlanNode>>());
        let Some(job) = asked.and_then(DistributedQueryExec::job_id) else { return };
        if let Ok(mut scheduler) = SchedulerGrpcClient::connect(self.url.clone()).await {
            // A scheduler that does not answer has nothing to stop.
            let _ = scheduler.cancel_job(CancelJobParams { job_id: job.into() }).await;
        }
    }
}

#[async_trait]
impl QueryPlanner for Jobs {
    async fn create_physical_plan(
        &self,
        plan: &LogicalPlan,
        session: &dyn Session,
    ) -> datafusion::common::Result<Arc<dyn ExecutionPlan>> {
        let planned = self.planner.create_physical_plan(plan, session).await?;
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&planned));
        Ok(planned)
    }
}
