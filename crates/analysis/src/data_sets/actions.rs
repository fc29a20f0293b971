//! What is done to data sets.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use db::Sql;
use kit::{
    Audience, Done, Labelled as _, Lifecycle as _, Refusal, Result, Role, WriteCx, dates,
    files::{self, Upload},
    jobs::{self, JobId, Order},
    numbers,
};
use models::clean::Step;
use planning::units;
use uuid::Uuid;

use super::{
    DataSet, DataSetId, Deed, FILES, Handover, NOUN, SERIES, State,
    jobs::{ERASE, Erasing, IMPORT, Importing, RUN, Running},
    may_create, store,
};
use crate::{data_recipes::RecipeId, office_models};

/// What a person says about data.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is called.
    pub name: String,
    /// What it may be used for.
    pub purpose: String,
    /// Who handed it over.
    pub provider: String,
    /// The system it comes from.
    pub system_name: String,
    /// When it was received.
    pub received_on: NaiveDate,
    /// Who received it.
    pub received_by: String,
    /// How.
    pub handover: Handover,
    /// Number of the receipt.
    pub receipt: String,
    /// To be destroyed by this day.
    pub retain_until: NaiveDate,
    /// What that rests on.
    pub retain_basis: String,
}

fn check(cx: &WriteCx, entry: &Entry) -> Result<()> {
    dates::happened(cx, "received_on", "接收日期", entry.received_on)?;
    dates::not_before("retain_until", "保存期限", entry.retain_until, Some(entry.received_on), "接收日期")
}

/// Enters data handed over for the inspected unit `unit`, with its file, and orders that it be taken in.
pub async fn create(
    cx: &mut WriteCx,
    unit: Uuid,
    entry: Entry,
    part: String,
    upload: &Upload,
) -> Result<(DataSetId, JobId)> {
    let unit = units::of(cx, unit).await?;
    if !may_create(&cx.actor, unit.inspection_id) {
        return Err(Refusal::forbidden("登记数据").into());
    }
    check(cx, &entry)?;
    let (id, shelf) = (DataSetId(cx.new_id()), kit::ids::random());
    let original = files::attach(cx, FILES, shelf, upload, &entry.provider).await?;
    let set = DataSet {
        id,
        version: 1,
        number: numbers::yearly(cx, SERIES, entry.received_on).await?,
        name: entry.name,
        inspection_id: unit.inspection_id,
        organisation_id: unit.organisation_id,
        purpose: entry.purpose,
        provider: entry.provider,
        system_name: entry.system_name,
        received_on: entry.received_on,
        received_by: entry.received_by,
        handover: entry.handover,
        receipt: entry.receipt,
        retain_until: entry.retain_until,
        retain_basis: entry.retain_basis,
        state: State::Received,
        part,
        file_name: upload.name.clone(),
        file_size: upload.size,
        file_digest: upload.digest.clone(),
        shelf_id: shelf,
        original_id: Some(original),
        columns_id: None,
        data_rows: 0,
        taken: 0,
        ragged: 0,
        duplicates: 0,
        column_count: 0,
        digest: String::new(),
        columns_sealed: String::new(),
        report_sealed: String::new(),
        profile_sealed: String::new(),
        step_count: 0,
        import_note: String::new(),
        imported_at: None,
        leave_reason: String::new(),
        leave_to: String::new(),
        leave_by: None,
        leave_by_name: String::new(),
        leave_on: None,
        leave_until: None,
        leave_opinion: String::new(),
        destroy_reason: String::new(),
        destroy_way: String::new(),
        destroy_by: None,
        destroy_by_name: String::new(),
        destroy_on: None,
        destroyed_on: None,
        destroyed_by_name: String::new(),
        recorded_by: cx.actor.account,
        recorded_by_name: cx.actor.name.clone(),
    };
    cx.index(NOUN, id, format!("{} {} {} {}", set.number, set.name, set.provider, set.receipt));
    cx.insert(set.clone()).await?;
    cx.done(Done::new(NOUN, id, "create", "登记数据"));
    let job = order_import(cx, &set).await?;
    Ok((id, job))
}

/// Orders that the file be read again with the steps in force.
async fn order_import(cx: &mut WriteCx, set: &DataSet) -> Result<JobId> {
    let order =
        Order::new(IMPORT.code, format!("导入数据 {}", set.number)).payload(&Importing { set: set.id })?;
    // Each state of the steps is an order of its own: one that already reads must not swallow the next.
    jobs::enqueue(cx, order.key(format!("{}/{}", set.id, set.version))).await
}

/// Reads the file again.
pub async fn import(cx: &mut WriteCx, id: DataSetId) -> Result<JobId> {
    let (before, _) = step(cx, id, Deed::Import).await?;
    let mut after = before.clone();
    after.import_note.clear();
    put(cx, &before, after, Deed::Import, String::new()).await?;
    let set = store::find(cx, id).await?;
    order_import(cx, &set).await
}

/// Corrects what is said about data.
pub async fn edit(cx: &mut WriteCx, id: DataSetId, entry: Entry) -> Result<()> {
    let (before, _) = step(cx, id, Deed::Edit).await?;
    check(cx, &entry)?;
    if entry.retain_until > before.retain_until {
        return Err(Refusal::field(
            "retain_until",
            "保存期限只能提前；需要延长的，由巡察办主任办理“延长保存”",
        )
        .into());
    }
    let after = DataSet {
        name: entry.name,
        purpose: entry.purpose,
        provider: entry.provider,
        system_name: entry.system_name,
        received_on: entry.received_on,
        received_by: entry.received_by,
        handover: entry.handover,
        receipt: entry.receipt,
        retain_until: entry.retain_until,
        retain_basis: entry.retain_basis,
        ..before.clone()
    };
    cx.index(NOUN, id, format!("{} {} {} {}", after.number, after.name, after.provider, after.receipt));
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<DataSet>(NOUN, id, Deed::Edit, before.state, before.state).changes(changes));
    Ok(())
}

/// Adds a step of cleaning and orders that all be replayed.
pub async fn clean(cx: &mut WriteCx, id: DataSetId, added: Step) -> Result<JobId> {
    let (before, _) = step(cx, id, Deed::Clean).await?;
    let columns = store::columns(cx, &before).await?;
    columns.kind(&added.column).map_err(crate::said)?;
    let label = format!("{}：{}", added.column, added.change.label());
    let row = kit::ids::random();
    let sealed = cx.app().seal().seal(&store::step_context(row), &serde_json::to_string(&added)?)?;
    let mut sql = Sql::new(
        "insert into data_step (id, data_set_id, position, label, step_sealed, touched, account_id, by_name, at, undone_by_name) \
         select ",
    );
    sql.bind(row).push(", ").bind(id).push(", coalesce(max(position), 0) + 1, ").bind(label.as_str());
    sql.push(", ").bind(sealed).push(", 0, ").bind(cx.actor.account).push(", ").bind(cx.actor.name.as_str());
    sql.push(", ").bind(cx.now).push(", '' from data_step where data_set_id = ").bind(id);
    cx.execute(sql).await?;
    let after = DataSet { step_count: before.step_count + 1, ..before.clone() };
    put(cx, &before, after, Deed::Clean, label).await?;
    let set = store::find(cx, id).await?;
    order_import(cx, &set).await
}

/// Takes a step in force back, the last one when none is named, and orders that the rest be replayed.
pub async fn undo(cx: &mut WriteCx, id: DataSetId, named: Option<Uuid>) -> Result<JobId> {
    let (before, _) = step(cx, id, Deed::Undo).await?;
    let steps = store::steps_of(cx, id).await?;
    let chosen = steps
        .into_iter()
        .rev()
        .map(|(row, _)| row)
        .find(|row| row.undone_at.is_none() && named.is_none_or(|named| row.id == named));
    let chosen = chosen.ok_or_else(|| match named {
        Some(_) => Refusal::field("step", "这一步已经撤销，请重新选择"),
        None => Refusal::conflict("没有可以撤销的清洗步骤。"),
    })?;
    let mut sql = Sql::new("update data_step set undone_at = ");
    sql.bind(cx.now)
        .push(", undone_by_name = ")
        .bind(cx.actor.name.as_str())
        .push(" where id = ")
        .bind(chosen.id);
    cx.execute(sql).await?;
    let after = DataSet { step_count: before.step_count - 1, ..before.clone() };
    put(cx, &before, after, Deed::Undo, chosen.label).await?;
    let set = store::find(cx, id).await?;
    order_import(cx, &set).await
}

/// What a model shall be run with.
#[derive(Clone, Debug)]
pub struct RunOrder {
    /// The model.
    pub model: String,
    /// Data for its other tables.
    pub others: Vec<DataSetId>,
    /// Mappings that were saved.
    pub recipes: Vec<RecipeId>,
    /// Parameters that were set.
    pub set: BTreeMap<String, String>,
}

/// Orders a run of a model over data.
pub async fn run(cx: &mut WriteCx, id: DataSetId, order: RunOrder) -> Result<JobId> {
    let (set, _) = step(cx, id, Deed::Run).await?;
    let chosen = office_models::chosen(cx, &order.model).await?;
    chosen.recipe.parameters(&order.set).map_err(|error| at_field("parameters", error))?;
    for other in &order.others {
        let other = store::find(cx, *other).await?;
        if other.inspection_id != set.inspection_id {
            return Err(Refusal::field("others", "数据只能用于它所属的巡察，不能与其他巡察的数据合用").into());
        }
        other.decide(&cx.actor, Deed::Run)?;
    }
    for recipe in &order.recipes {
        crate::data_recipes::find(cx, *recipe).await?;
    }
    let title = format!("在 {} 上运行模型“{}”", set.number, chosen.recipe.card.name);
    let running = Running {
        set: id,
        others: order.others,
        model: order.model,
        recipes: order.recipes,
        parameters: order.set,
    };
    cx.done(Done::deed::<DataSet>(NOUN, id, Deed::Run, set.state, set.state).note(chosen.recipe.card.name));
    jobs::enqueue(cx, Order::new(RUN.code, title).payload(&running)?).await
}

/// The library's sentence at a field of the form.
pub(crate) fn at_field(field: &str, error: models::Error) -> kit::Error {
    match error {
        models::Error::Refused(sentence) => Refusal::field(field, sentence).into(),
        models::Error::Fault(fault) => kit::Error::Fault(fault),
    }
}

/// Asks for leave to take data out of the task.
pub async fn ask_leave(cx: &mut WriteCx, id: DataSetId, to: String, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::AskLeave).await?;
    let after = DataSet {
        state,
        leave_reason: reason.clone(),
        leave_to: to,
        leave_by: cx.actor.account,
        leave_by_name: cx.actor.name.clone(),
        leave_on: Some(cx.today()),
        leave_until: None,
        leave_opinion: String::new(),
        ..before.clone()
    };
    cx.notify(director(), format!("数据 {} 申请带出，待批", before.number), NOUN, id);
    put(cx, &before, after, Deed::AskLeave, reason).await
}

fn director() -> Audience {
    Audience::Post { role: Role::OfficeDirector, organisation: None, inspection: None }
}

/// Decides on a request: until when data may be taken out, or not at all.
pub async fn decide_leave(
    cx: &mut WriteCx,
    id: DataSetId,
    until: Option<NaiveDate>,
    opinion: String,
) -> Result<()> {
    let deed = if until.is_some() { Deed::AllowLeave } else { Deed::RefuseLeave };
    let (before, state) = step(cx, id, deed).await?;
    if until.is_some_and(|until| until < cx.today()) {
        return Err(Refusal::field("until", "有效期不能早于今天").into());
    }
    let after = DataSet { state, leave_until: until, leave_opinion: opinion.clone(), ..before.clone() };
    if let Some(account) = before.leave_by {
        cx.notify(Audience::Account(account), format!("数据 {}：{}", before.number, deed.label()), NOUN, id);
    }
    put(cx, &before, after, deed, opinion).await
}

/// Keeps data longer.
pub async fn prolong(cx: &mut WriteCx, id: DataSetId, until: NaiveDate, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Prolong).await?;
    if until <= before.retain_until {
        return Err(Refusal::field("until", "新的期限应晚于现在的保存期限").into());
    }
    let after = DataSet { state, retain_until: until, retain_basis: reason.clone(), ..before.clone() };
    put(cx, &before, after, Deed::Prolong, reason).await
}

/// Asks to destroy data.
pub async fn ask_destroy(cx: &mut WriteCx, id: DataSetId, reason: String, way: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::AskDestroy).await?;
    let after = DataSet {
        state,
        destroy_reason: reason.clone(),
        destroy_way: way,
        destroy_by: cx.actor.account,
        destroy_by_name: cx.actor.name.clone(),
        destroy_on: Some(cx.today()),
        ..before.clone()
    };
    cx.notify(director(), format!("数据 {} 申请销毁，待第二人复核", before.number), NOUN, id);
    put(cx, &before, after, Deed::AskDestroy, reason).await
}

/// Sends a request to destroy back.
pub async fn keep(cx: &mut WriteCx, id: DataSetId, reason: String) -> Result<()> {
    let (before, _) = step(cx, id, Deed::Keep).await?;
    let state = if before.columns_id.is_some() { State::Ready } else { State::Received };
    let after = DataSet { state, destroy_by: None, destroy_on: None, ..before.clone() };
    put(cx, &before, after, Deed::Keep, reason).await
}

/// Destroys data as the second person: file, columns, steps and all that was sealed with them are gone with this
/// transaction; what was done with them stays.
pub async fn destroy(cx: &mut WriteCx, id: DataSetId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Destroy).await?;
    let gone: Vec<Uuid> = before.original_id.into_iter().chain(before.columns_id).collect();
    files::destroy(cx, FILES, &gone).await?;
    let mut sql = Sql::new("update data_step set step_sealed = '' where data_set_id = ");
    sql.bind(id);
    cx.execute(sql).await?;
    let after = DataSet {
        state,
        original_id: None,
        columns_id: None,
        columns_sealed: String::new(),
        report_sealed: String::new(),
        profile_sealed: String::new(),
        leave_until: None,
        destroyed_on: Some(cx.today()),
        destroyed_by_name: cx.actor.name.clone(),
        ..before.clone()
    };
    let order =
        Order::new(ERASE.code, format!("清除 {} 的文件", before.number)).payload(&Erasing { files: gone })?;
    jobs::enqueue(cx, order).await?;
    put(cx, &before, after, Deed::Destroy, before.destroy_way.clone()).await
}

async fn step(cx: &WriteCx, id: DataSetId, deed: Deed) -> Result<(DataSet, State)> {
    let set = store::find(cx, id).await?;
    let state = set.decide(&cx.actor, deed)?;
    Ok((set, state))
}

async fn put(cx: &mut WriteCx, before: &DataSet, after: DataSet, deed: Deed, note: String) -> Result<()> {
    let (id, to) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<DataSet>(NOUN, id, deed, before.state, to).note(note));
    Ok(())
}

/// `NAME=VALUE` lines as a person writes them.
pub fn settings(text: &str) -> Result<BTreeMap<String, String>> {
    let wrong = |line: &str| Refusal::field("parameters", format!("“{line}”应写成 名称=值，每行一个"));
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let (name, value) = line.split_once(['=', '＝']).ok_or_else(|| wrong(line))?;
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        })
        .collect()
}

/// Values as a person writes them, one a line.
pub(super) fn values(text: &str) -> BTreeSet<String> {
    text.lines()
        .map(|line| line.trim_end_matches('\r'))
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}
