//! What is done to runs.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx, dates, numbers, seal};
use models::{
    hit::Hit,
    job::Answer,
    library,
    load::FieldReport,
    recipe::{Level, Recipe},
};
use planning::units;
use registry::organisations::OrganisationId;
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::{Deed, MOST_HITS, ModelRun, ModelRunId, NOUN, SERIES, State, store};
use crate::{
    data_sets::{DataSet, DataSetId},
    doubts, office_models,
};

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
    looked_at: Option<i64>,
    #[serde(default)]
    flagged: Option<i64>,
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
    #[serde(default)]
    ragged_rows: Vec<u64>,
    #[serde(default)]
    fields: Vec<FieldReport>,
    #[serde(default)]
    remarks: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, serde::Serialize)]
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

    /// Digest over the hits in their order: equal runs have equal ones.
    fn hits_digest(&self) -> Result<String> {
        Ok(seal::digest(&serde_json::to_vec(&self.hits)?))
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
    let of = Of { inspection: unit.inspection_id, organisation: unit.organisation_id };
    let entered = enter(cx, &of, printed, recipe, entry).await?;
    match entered {
        Entered::New(run) => Ok(run.id),
        Entered::Same(former) => Err(Refusal::conflict(format!(
            "同样的模型、参数和数据已经登记为 {}，没有重复登记；需要重新登记的，请先将原来的运行作废。",
            former.number
        ))
        .into()),
    }
}

/// What a run is about.
struct Of {
    inspection: Uuid,
    organisation: OrganisationId,
}

enum Entered {
    New(Box<ModelRun>),
    Same(store::Former),
}

/// Enters a run with its doubts, unless the same was entered before.
async fn enter(
    cx: &mut WriteCx,
    of: &Of,
    printed: Printed,
    recipe: &Recipe,
    entry: Entry,
) -> Result<Entered> {
    let mut run = ModelRun {
        id: ModelRunId(cx.new_id()),
        version: 1,
        number: String::new(),
        inspection_id: of.inspection,
        organisation_id: of.organisation,
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
        looked_at: printed.looked_at,
        flagged: printed.flagged,
        hits_digest: printed.hits_digest()?,
        warnings: printed.warnings.join("\n").chars().take(2_000).collect(),
        state: State::Recorded,
        void_reason: String::new(),
        recorded_by: cx.actor.account,
        recorded_by_name: cx.actor.name.clone(),
    };
    if let Some(former) = store::former(cx, &run).await? {
        return Ok(Entered::Same(former));
    }
    run.number = numbers::yearly(cx, SERIES, run.ran_on).await?;
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
    Ok(Entered::New(Box::new(run)))
}

/// What became of a run that a job has finished.
pub(crate) struct Finished {
    /// The run; the former one when it was the same.
    pub(crate) run: ModelRunId,
    /// What the person reads.
    pub(crate) sentence: String,
}

/// Enters what a job found in the data `set` and those it used beside it.
pub(crate) async fn enter_finished(
    cx: &mut WriteCx,
    set: &DataSet,
    used: Vec<(DataSetId, String)>,
    answer: Answer,
) -> Result<Finished> {
    let chosen_id = answer.runs.first().map(|run| run.model.clone()).unwrap_or_default();
    let chosen = office_models::chosen(cx, &chosen_id).await?;
    let mut value = serde_json::to_value(&answer)?;
    if let (Some(run), Some(whole)) = (answer.runs.first(), value.as_object_mut())
        && let Json::Object(run) = serde_json::to_value(run)?
    {
        whole.extend(run);
    }
    let printed: Printed = serde_json::from_value(value)?;
    let hits = printed.hits.len();
    if hits > MOST_HITS {
        return Err(Refusal::conflict(format!(
            "命中 {hits} 条，超过一次登记的上限 {MOST_HITS} 条，没有登记；请先看数据质量，再收紧参数后重新运行。"
        ))
        .into());
    }
    let entry = Entry {
        data_source: format!("{} {}（{}）", set.number, set.name, set.provider),
        purpose: set.purpose.clone(),
        ran_on: cx.today(),
    };
    let digest = printed.hits_digest()?;
    let of = Of { inspection: set.inspection_id, organisation: set.organisation_id };
    Ok(match enter(cx, &of, printed, &chosen.recipe, entry).await? {
        Entered::New(run) => {
            store::keep_data(cx, run.id, &used).await?;
            let warning =
                if run.warnings.is_empty() { "" } else { "，并有提醒，请先看运行页面" };
            Finished {
                run: run.id, sentence: format!("{}：提出 {} 条疑点{warning}。", run.number, run.hits)
            }
        }
        Entered::Same(former) => {
            let same = former.hits_digest.is_empty() || former.hits_digest == digest;
            let sentence = if same {
                format!(
                    "与 {} 的模型、参数、数据相同，{hits} 条疑点也完全相同，没有重复登记。",
                    former.number
                )
            } else {
                format!(
                    "与 {} 的模型、参数、数据相同，但疑点不同，没有登记；请报告系统管理员。",
                    former.number
                )
            };
            Finished { run: former.id, sentence }
        }
    })
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
