//! What is done to runs.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx, dates, numbers, seal};
use models::{hit::Hit, library, recipe::Level};
use planning::units;
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::{Deed, MOST_HITS, ModelRun, ModelRunId, NOUN, SERIES, State, store};
use crate::doubts;

/// What a person says about a run beside its result.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who handed the data over, and how.
    pub data_source: String,
    /// What the data may be used for.
    pub purpose: String,
    /// Day of the run.
    pub ran_on: NaiveDate,
}

/// The result that the command line prints.
#[derive(Clone, Debug, Deserialize)]
pub struct Printed {
    model: String,
    version: u32,
    parameters: BTreeMap<String, Json>,
    data: Vec<PrintedData>,
    #[serde(default)]
    warnings: Vec<String>,
    hits: Vec<PrintedHit>,
}

#[derive(Clone, Debug, Deserialize, serde::Serialize)]
struct PrintedData {
    table: String,
    label: String,
    digest: String,
    rows: i64,
    taken: i64,
    ragged: i64,
    duplicates: i64,
}

#[derive(Clone, Debug, Deserialize)]
struct PrintedHit {
    keys: Map<String, Json>,
    values: Map<String, Json>,
    level: Level,
    explanation: String,
}

impl Printed {
    /// Reads what `xuncha models run … --json` printed.
    ///
    /// # Errors
    /// A sentence when it is something else or says more than can be verified.
    pub fn read(text: &str) -> Result<Self> {
        let printed: Self = serde_json::from_str(text.trim()).map_err(|_| {
            Refusal::field(
                "result",
                "不是单个模型的运行结果；请粘贴 xuncha models run … --json 打印的全部内容",
            )
        })?;
        let refuse = |sentence: String| Err(Refusal::field("result", sentence).into());
        if printed.hits.len() > MOST_HITS {
            return refuse(format!(
                "结果有 {} 条疑点，超过一次登记的上限 {MOST_HITS} 条；请收紧参数或缩小数据范围后重新运行",
                printed.hits.len()
            ));
        }
        if printed.data.is_empty() || printed.data.iter().any(|data| data.digest.len() != 64) {
            return refuse(String::from("结果里没有数据文件的摘要，不能登记；请用本程序重新运行"));
        }
        if printed
            .hits
            .iter()
            .any(|hit| hit.explanation.trim().is_empty() || hit.explanation.chars().count() > 2_000)
        {
            return refuse(String::from("结果里有说明为空或过长的疑点，不能登记"));
        }
        Ok(printed)
    }

    fn fingerprint(&self) -> Result<String> {
        let digests: Vec<(&str, &str)> =
            self.data.iter().map(|data| (data.table.as_str(), data.digest.as_str())).collect();
        Ok(seal::digest(&serde_json::to_vec(&(&self.model, self.version, &self.parameters, digests))?))
    }

    fn hits(self) -> Vec<Hit> {
        let hit = |hit: PrintedHit| Hit {
            keys: hit.keys,
            values: hit.values,
            level: hit.level,
            explanation: hit.explanation,
        };
        self.hits.into_iter().map(hit).collect()
    }
}

/// Enters a run and the doubts it raised, for the inspected unit `unit`.
pub async fn record(cx: &mut WriteCx, unit: Uuid, printed: Printed, entry: Entry) -> Result<ModelRunId> {
    let unit = units::of(cx, unit).await?;
    if !doubts::may_create(&cx.actor, unit.inspection_id) {
        return Err(Refusal::forbidden("登记模型运行").into());
    }
    dates::happened(cx, "ran_on", "运行日期", entry.ran_on)?;
    let library = library::built_in().map_err(|error| kit::Error::Fault(error.to_string()))?;
    let recipe = library
        .recipe(&printed.model)
        .filter(|recipe| recipe.id == printed.model)
        .ok_or_else(|| Refusal::field("result", format!("模型库里没有名为 {} 的模型", printed.model)))?;
    if recipe.card.version != printed.version {
        let sentence =
            format!("结果来自模型第 {} 版，现在是第 {} 版；请重新运行", printed.version, recipe.card.version);
        return Err(Refusal::field("result", sentence).into());
    }
    let run = ModelRun {
        id: ModelRunId(cx.new_id()),
        version: 1,
        number: numbers::yearly(cx, SERIES, entry.ran_on).await?,
        inspection_id: unit.inspection_id,
        organisation_id: unit.organisation_id,
        model: recipe.id.clone(),
        model_name: recipe.card.name.clone(),
        model_version: i64::from(recipe.card.version),
        domain: recipe.domain.clone(),
        parameters: serde_json::to_string(&printed.parameters)?,
        data: serde_json::to_string(&printed.data)?,
        fingerprint: printed.fingerprint()?,
        data_source: entry.data_source,
        purpose: entry.purpose,
        ran_on: entry.ran_on,
        data_rows: printed.data.iter().map(|data| data.rows.max(0)).sum(),
        hits: printed.hits.len() as i64,
        warnings: printed.warnings.join("\n").chars().take(2_000).collect(),
        state: State::Recorded,
        void_reason: String::new(),
        recorded_by: cx.actor.account,
        recorded_by_name: cx.actor.name.clone(),
    };
    if store::repeated(cx, &run).await? {
        return Err(Refusal::conflict(
            "同样的模型、参数和数据已经登记过，没有重复登记；需要重新登记的，请先将原来的运行作废。",
        )
        .into());
    }
    let id = run.id;
    cx.index(NOUN, id, format!("{} {} {}", run.number, run.model_name, run.data_source));
    cx.insert(run.clone()).await?;
    cx.done(Done::new(NOUN, id, "create", "登记模型运行"));
    doubts::actions::raise(cx, &run, &printed.hits()).await?;
    if run.hits > 0 {
        let head =
            Audience::Post { role: Role::TeamHead, organisation: None, inspection: Some(run.inspection_id) };
        cx.notify(head, format!("{}提出 {} 条疑点，待分派", run.model_name, run.hits), NOUN, id);
    }
    Ok(id)
}

/// Declares a run void together with its doubts, as long as nobody has begun to work on them.
pub async fn void(cx: &mut WriteCx, id: ModelRunId, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Void)?;
    let begun = store::begun(cx, id).await?;
    if begun > 0 {
        let sentence = format!("已有 {begun} 条疑点分派或处理，不能作废；请逐条排除其余疑点。");
        return Err(Refusal::conflict(sentence).into());
    }
    doubts::actions::withdraw(cx, id).await?;
    let after = ModelRun { state, void_reason: reason.clone(), ..before.clone() };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<ModelRun>(NOUN, id, Deed::Void, before.state, state).note(reason));
    Ok(())
}
