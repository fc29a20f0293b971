//! What takes longer than a page may wait: taking a file in, running a model, clearing the disk.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use db::Sql;
use kit::{
    App, Cx, Done, Error, Labelled as _, Refusal, Result, WriteCx,
    files::{self, Upload},
    jobs::{Doing, Ended, Kind, Progress},
};
use models::{
    clean::{Step, Watch},
    engine::apart,
    held::{self, Held, fits},
    intake::{Taken, Taking, take},
    job::Answer,
    load::Mapping,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    DataSet, DataSetId, FILES, NOUN, State,
    store::{self, Part},
};
use crate::{
    data_recipes::{self, RecipeId},
    model_runs, office_models, said,
    work::Work,
};

/// Taking a file in. What it makes replaces what was there, so it may be begun again.
pub const IMPORT: Kind = Kind::new("data_import", "导入数据", |doing| Box::pin(import(doing)));
/// Running a model over data.
pub const RUN: Kind = Kind::new("data_run", "运行模型", |doing| Box::pin(run(doing)));
/// Removing from the disk what was destroyed.
pub const ERASE: Kind =
    Kind::new("data_erase", "清除已销毁的数据文件", |doing| Box::pin(erase(doing)));

/// A run may take this long.
const LONGEST: std::time::Duration = std::time::Duration::from_hours(2);

#[derive(Serialize, Deserialize)]
pub(super) struct Importing {
    pub(super) set: DataSetId,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Erasing {
    pub(super) files: Vec<Uuid>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Running {
    pub(super) set: DataSetId,
    pub(super) others: Vec<DataSetId>,
    pub(super) model: String,
    pub(super) recipes: Vec<RecipeId>,
    pub(super) parameters: BTreeMap<String, String>,
}

fn watch(progress: &Progress) -> Watch {
    let progress = progress.clone();
    Arc::new(move |rows| {
        progress.say(format!("已读取 {rows} 行"));
        !progress.is_stopped()
    })
}

async fn import(doing: &Doing) -> Result<Ended> {
    let Importing { set } = doing.payload()?;
    let cx = doing.read();
    let set = store::find(&cx, set).await?;
    let steps = store::in_force(store::steps_of(&cx, set.id).await?);
    let original = set.original_id.ok_or_else(|| Refusal::conflict("这批数据已经销毁，不能导入。"))?;
    let original = files::kept_aside(&cx, FILES, original).await?;
    doing.progress.say("正在读取文件");
    let given = Given {
        app: doing.app.clone(),
        part: Some(set.part.clone()).filter(|part| !part.is_empty()),
        steps: steps.iter().map(|(_, step)| step.clone()).collect(),
        key: store::person_key(&cx),
        watch: watch(&doing.progress),
        file: original,
    };
    let reading = tokio::task::spawn_blocking(move || given.take());
    let read = reading.await.map_err(|error| Error::Fault(format!("reading data: {error}")))?;
    let (work, taken) = match read {
        Ok(read) => read,
        Err(Error::Refusal(refusal)) => {
            say_why(doing, set.id, refusal.message.clone()).await?;
            return Err(refusal.into());
        }
        Err(fault) => return Err(fault),
    };
    doing.progress.check()?;
    keep(doing, &set, &steps, &work, taken).await
}

/// What reading a file needs, away from the threads that answer requests.
struct Given {
    app: App,
    file: files::Attachment,
    part: Option<String>,
    steps: Vec<Step>,
    key: Vec<u8>,
    watch: Watch,
}

impl Given {
    fn take(self) -> Result<(Work, Taken)> {
        let work = Work::begin(&self.app)?;
        let ending = self.file.name.rsplit_once('.').map_or("csv", |(_, ending)| ending).to_lowercase();
        let file = work.unpack(&self.app, &self.file, &format!("original.{ending}"))?;
        let taken = take(&Taking {
            file: &file,
            part: self.part.as_deref(),
            steps: &self.steps,
            key: self.key,
            into: columns_file(&work),
            watch: Some(self.watch),
        });
        let _ = std::fs::remove_file(&file);
        Ok((work, taken.map_err(said)?))
    }
}

fn columns_file(work: &Work) -> PathBuf {
    work.path("columns.parquet")
}

/// Writes down why data could not be taken in, where the team looks for it.
async fn say_why(doing: &Doing, id: DataSetId, why: String) -> Result<()> {
    doing
        .app
        .write(&doing.actor, |cx| {
            Box::pin(async move {
                let before = store::find(cx, id).await?;
                let after = DataSet { import_note: why.chars().take(1_000).collect(), ..before.clone() };
                cx.update(&before, after).await?;
                Ok(())
            })
        })
        .await
}

async fn keep(
    doing: &Doing,
    set: &DataSet,
    steps: &[(Uuid, Step)],
    work: &Work,
    taken: Taken,
) -> Result<Ended> {
    doing.progress.say("正在加密保存");
    let upload = Upload::of_file(&doing.app, "columns.parquet", &columns_file(work)).await?;
    let (aside, id) = (upload.clone(), set.id);
    let steps: Vec<Uuid> = steps.iter().map(|(step, _)| *step).collect();
    let written = doing
        .app
        .write(&doing.actor, |cx| Box::pin(async move { put(cx, id, &steps, &upload, taken).await }))
        .await;
    files::discard(&doing.app, &[aside]).await;
    let Some((sentence, former)) = written? else {
        return Ok(Ended::saying("清洗步骤已有更新，由后面的任务按新的步骤处理。").link(address(id)));
    };
    files::erase(&doing.read(), &former).await?;
    Ok(Ended::saying(sentence).link(address(id)))
}

fn address(id: DataSetId) -> String {
    format!("/{NOUN}/{}", id.0)
}

/// Puts the columns in the place of the former ones; nothing when the steps have changed meanwhile.
async fn put(
    cx: &mut WriteCx,
    id: DataSetId,
    steps: &[Uuid],
    upload: &Upload,
    taken: Taken,
) -> Result<Option<(String, Vec<Uuid>)>> {
    let before = store::find(cx, id).await?;
    let now: Vec<Uuid> =
        store::in_force(store::steps_of(cx, id).await?).into_iter().map(|(step, _)| step).collect();
    if now != steps {
        return Ok(None);
    }
    if matches!(before.state, State::DestroyAsked | State::Destroyed) {
        return Err(Refusal::conflict("这批数据正在销毁，没有导入。").into());
    }
    let former: Vec<Uuid> = before.columns_id.into_iter().collect();
    files::destroy(cx, FILES, &former).await?;
    let columns = files::attach(cx, FILES, before.shelf_id, upload, "").await?;
    for (step, touched) in steps.iter().zip(&taken.touched) {
        let mut sql = Sql::new("update data_step set touched = ");
        sql.bind(i64::try_from(*touched).unwrap_or(i64::MAX)).push(" where id = ").bind(*step);
        cx.execute(sql).await?;
    }
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let report = &taken.report;
    let sentence = format!(
        "导入 {} 行，采用 {} 行；列数不齐 {} 行、完全重复 {} 行未采用。",
        report.rows, report.taken, report.ragged, report.duplicates
    );
    let after = DataSet {
        state: if before.state == State::Received { State::Ready } else { before.state },
        columns_id: Some(columns),
        data_rows: count(report.rows),
        taken: count(report.taken),
        ragged: count(report.ragged),
        duplicates: count(report.duplicates),
        column_count: taken.columns.len() as i64,
        digest: taken.digest.clone(),
        columns_sealed: store::seal(cx, id, Part::Columns, &taken.columns)?,
        report_sealed: store::seal(cx, id, Part::Report, &taken.report)?,
        profile_sealed: store::seal(cx, id, Part::Profile, &taken.profile)?,
        import_note: String::new(),
        imported_at: Some(cx.now),
        ..before.clone()
    };
    let (from, to) = (before.state, after.state);
    cx.update(&before, after).await?;
    let done = Done::new(NOUN, id, "imported", "数据已导入").moved(from.label(), to.label());
    cx.done(done.note(sentence.clone()));
    Ok(Some((sentence, former)))
}

async fn erase(doing: &Doing) -> Result<Ended> {
    let Erasing { files } = doing.payload()?;
    files::erase(&doing.read(), &files).await?;
    Ok(Ended::saying("已从磁盘清除。"))
}

async fn run(doing: &Doing) -> Result<Ended> {
    let order: Running = doing.payload()?;
    let cx = doing.read();
    let set = store::find(&cx, order.set).await?;
    let chosen = office_models::chosen(&cx, &order.model).await?;
    let mut sets = vec![set.clone()];
    for other in &order.others {
        sets.push(store::find(&cx, *other).await?);
    }
    let filled = fill(&cx, &chosen, &sets, &order.recipes).await?;
    let used: Vec<(DataSetId, String)> =
        filled.iter().map(|(set, held)| (*set, held.table.clone())).collect();
    doing.progress.say("正在运行模型");
    let work = Work::begin(&doing.app)?;
    let running = held::Running {
        recipe: chosen.recipe.clone(),
        tables: chosen.tables.clone(),
        held: filled.into_iter().map(|(_, held)| held).collect(),
        set: order.parameters,
        key: store::person_key(&cx),
        folder: work.path("spill"),
        sample: None,
        watch: Some(watch(&doing.progress)),
    };
    std::fs::create_dir_all(&running.folder)?;
    let answer = stoppable(&doing.progress, running).await?;
    doing.progress.check()?;
    enter(doing, &set, used, answer).await
}

/// Runs the model until it has ended or somebody asks to stop.
async fn stoppable(progress: &Progress, running: held::Running) -> Result<Answer> {
    let mut work = Box::pin(apart(LONGEST, held::over(running)));
    loop {
        match tokio::time::timeout(std::time::Duration::from_millis(300), &mut work).await {
            Ok(answer) => return answer.map_err(said),
            Err(_) => progress.check()?,
        }
    }
}

/// Which data fill which table: a saved mapping for the table goes first, then whoever has most of the needed fields.
pub(crate) async fn fill(
    cx: &Cx,
    chosen: &office_models::Chosen,
    sets: &[DataSet],
    recipes: &[RecipeId],
) -> Result<Vec<(DataSetId, Held)>> {
    let mut mappings: Vec<data_recipes::Recipe> = Vec::new();
    for recipe in recipes {
        mappings.push(data_recipes::find(cx, *recipe).await?);
    }
    let mut opened = Vec::new();
    for set in sets {
        opened.push((set, store::columns(cx, set).await?));
    }
    let mut filled = Vec::new();
    for name in chosen.recipe.tables() {
        let Some(table) = chosen.tables.get(name) else { continue };
        let saved: Option<Mapping> = mappings
            .iter()
            .find(|recipe| recipe.table_name == name && recipe.domain == chosen.recipe.domain)
            .map(data_recipes::Recipe::mapping)
            .transpose()?;
        let best = opened
            .iter()
            .map(|(set, columns)| {
                let headings: Vec<String> = columns.kept.iter().map(|kept| kept.name.clone()).collect();
                // A mapping saved for another file may name columns that this one does not have.
                let own = saved.as_ref().map(|saved| only(saved, &headings));
                (fits(&chosen.recipe, name, table, &headings, own.as_ref()), *set, columns, own)
            })
            .rev()
            .max_by_key(|(fields, ..)| *fields);
        if let Some((fields, set, columns, own)) = best
            && fields > 0
        {
            filled.push((
                set.id,
                Held {
                    table: name.to_owned(),
                    columns: columns.clone(),
                    mapping: own.unwrap_or_default(),
                    digest: set.digest.clone(),
                },
            ));
        }
    }
    Ok(filled)
}

fn only(mapping: &Mapping, headings: &[String]) -> Mapping {
    let there = |(_, column): &(&String, &String)| headings.contains(column);
    mapping.iter().filter(there).map(|(field, column)| (field.clone(), column.clone())).collect()
}

async fn enter(
    doing: &Doing,
    set: &DataSet,
    used: Vec<(DataSetId, String)>,
    answer: Answer,
) -> Result<Ended> {
    let set = set.clone();
    let entered = doing
        .app
        .write(&doing.actor, |cx| {
            Box::pin(async move { model_runs::actions::enter_finished(cx, &set, used, answer).await })
        })
        .await?;
    Ok(Ended::saying(entered.sentence).link(format!("/{}/{}", model_runs::NOUN, entered.run.0)))
}
