//! How a query is planned: alike where it is asked, where it is shared out and where its parts are computed.

use std::{path::Path, sync::Arc};

use ballista_core::{extension::SessionConfigExt as _, optimizer::ballista_default_optimizer_rules};
use datafusion::{
    execution::{
        FunctionRegistry as _, SessionState, SessionStateBuilder, context::QueryPlanner,
        runtime_env::RuntimeEnv,
    },
    prelude::SessionConfig,
};
use models::{Result, engine::plain_texts, functions};

use crate::shared;

/// How many parts a query is cut into; a few for each processor of a small cluster, so that one that is lost costs little.
const PARTS: usize = 16;

/// A file below this is not cut: one machine has read it before two have agreed on it.
const WHOLE: usize = 256 << 10;

/// How queries are planned.
pub(crate) fn config() -> SessionConfig {
    // Stages are cut once, before they run: which parts there are does not depend on who came how far when a machine fell out.
    let config = SessionConfig::new_with_ballista()
        .with_ballista_adaptive_query_planner(false)
        .with_information_schema(false)
        .with_target_partitions(PARTS);
    let mut config = plain_texts(config);
    config.options_mut().optimizer.repartition_file_min_size = WHOLE;
    config
}

/// A session that reads `folder` alone and knows our functions; queries go to `planner`, or are planned here without one.
///
/// # Errors
/// A sentence when there is no such folder.
pub(crate) fn reading(
    folder: &Path,
    config: SessionConfig,
    planner: Option<Arc<dyn QueryPlanner + Send + Sync>>,
) -> Result<SessionState> {
    within(shared::surroundings(folder, None)?, config, planner)
}

fn within(
    surroundings: Arc<RuntimeEnv>,
    config: SessionConfig,
    planner: Option<Arc<dyn QueryPlanner + Send + Sync>>,
) -> Result<SessionState> {
    let mut builder = SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(surroundings)
        .with_default_features()
        .with_optimizer_rules(ballista_default_optimizer_rules());
    if let Some(planner) = planner {
        builder = builder.with_query_planner(planner);
    }
    let mut state = builder.build();
    for function in functions::all() {
        state.register_udf(Arc::new(function))?;
    }
    Ok(state)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use async_trait::async_trait;
    use ballista_core::serde::{BallistaLogicalExtensionCodec, BallistaPhysicalExtensionCodec};
    use datafusion::{
        catalog::Session, logical_expr::LogicalPlan, physical_plan::ExecutionPlan, prelude::SessionContext,
    };
    use datafusion_proto::{
        logical_plan::AsLogicalPlan as _,
        physical_plan::AsExecutionPlan as _,
        protobuf::{LogicalPlanNode, PhysicalPlanNode},
    };
    use models::{
        engine::{Elsewhere, Engine, Limits},
        job::{self, DataFile, Question},
        library,
        load::Options,
    };
    use serde_json::Value as Json;

    use super::*;

    /// Plans a query as a cluster does: written down and read again on its way to the scheduler, and once more on its way to
    /// an executor.
    #[derive(Debug)]
    struct ThereAndBack(std::path::PathBuf);

    #[async_trait]
    impl QueryPlanner for ThereAndBack {
        async fn create_physical_plan(
            &self,
            plan: &LogicalPlan,
            _: &dyn Session,
        ) -> datafusion::common::Result<Arc<dyn ExecutionPlan>> {
            let other = || SessionContext::new_with_state(reading(&self.0, config(), None).unwrap());
            let (logical, physical) =
                (BallistaLogicalExtensionCodec::default(), BallistaPhysicalExtensionCodec::default());
            let scheduler = other();
            let sent = LogicalPlanNode::try_from_logical_plan(plan, &logical)?;
            let read = sent.try_into_logical_plan(&scheduler.task_ctx(), &logical)?;
            let planned = scheduler.state().create_physical_plan(&read).await?;
            let sent = PhysicalPlanNode::try_from_physical_plan(planned, &physical)?;
            sent.try_into_physical_plan(&other().task_ctx(), &physical)
        }
    }

    /// Sums of broken numbers depend in their last places on who has added what first.
    fn alike(one: &Json, other: &Json) -> bool {
        match (one, other) {
            (Json::Number(one), Json::Number(other)) => {
                let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
                (one - other).abs() <= 1e-9 * one.abs().max(1.0)
            }
            (Json::Array(one), Json::Array(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| alike(one, other))
            }
            (Json::Object(one), Json::Object(other)) => {
                one.len() == other.len()
                    && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| alike(value, other)))
            }
            _ => one == other,
        }
    }

    #[test]
    fn every_model_can_be_sent_and_finds_the_same() {
        // With the stack of the program's own threads.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let sending = std::thread::Builder::new().stack_size(crate::STACK);
        sending.spawn(move || runtime.block_on(send_every_model())).unwrap().join().unwrap();
    }

    async fn send_every_model() {
        let library = library::built_in().unwrap();
        let folder = tempfile::tempdir().unwrap();
        for recipe in library.recipes() {
            let mut files = Vec::new();
            for (table, text) in library.fixtures(recipe) {
                let path = folder.path().join(format!("{table}.csv"));
                std::fs::write(&path, text).unwrap();
                files.push(DataFile { table: Some(table.to_owned()), path, part: None });
            }
            let question = Question {
                models: vec![recipe.id.clone()],
                files,
                mapping: BTreeMap::new(),
                set: BTreeMap::new(),
                memory: Limits::default().memory,
                key: Some(b"0123456789abcdef".to_vec()),
                json: true,
                timings: false,
            };
            let embedded = job::execute(question.ask(library).unwrap()).await.unwrap();
            let shared = tempfile::tempdir().unwrap();
            let planner = Arc::new(ThereAndBack(shared.path().to_owned()));
            let state = reading(shared.path(), config(), Some(planner)).unwrap();
            let elsewhere = Elsewhere {
                folder: shared.path().to_owned(),
                address: shared::ADDRESS.to_owned(),
                attempts: 1,
            };
            let engine = Engine::over(SessionContext::new_with_state(state), 1_000).elsewhere(elsewhere);
            let options =
                Options { folder: Some(shared.path().to_owned()), groups: Some(2), ..Options::default() };
            let sent = job::on(engine, question.ask(library).unwrap(), options, &mut |_, _| {}).await;
            let runs = |answer: &job::Answer| serde_json::to_value(&answer.runs).unwrap();
            let (sent, embedded) = (runs(&sent.unwrap()), runs(&embedded));
            assert!(alike(&sent, &embedded), "{}: {sent} is not {embedded}", recipe.id);
        }
    }
}
