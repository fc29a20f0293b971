//! Drawing samples, and drawing them again to compare.

use kit::{Done, Form, Lifecycle as _, Refusal, Result, WriteCx, numbers};
use models::{
    look::Columns,
    sampling::{self, Item, Sample},
};

use super::{DataSample, Method, NOUN, SERIES, SampleId, store};
use crate::{
    data_sets::{self, DataSet, DataSetId, Deed},
    said,
};

/// Items that a population may have.
const MOST: usize = 2_000_000;
/// Items that a sample may have: more of them nobody looks at.
pub(super) const MOST_DRAWN: i64 = 1_000;

/// The columns by which a population is made.
struct Named {
    key: String,
    stratum: String,
    amount: String,
}

/// Draws a sample of a data set.
pub async fn draw(cx: &mut WriteCx, id: DataSetId, form: &Form) -> Result<SampleId> {
    let set = data_sets::find(cx, id).await?;
    set.decide(&cx.actor, Deed::Sample)?;
    let method: Method = form.need_choice("method")?;
    let named = Named { key: form.text("key"), stratum: form.text("stratum"), amount: form.text("amount") };
    let lacks = match method {
        Method::Stratified if named.stratum.is_empty() => Some(("stratum", "分层抽样要选分层列")),
        Method::MonetaryUnit if named.amount.is_empty() => Some(("amount", "货币单元抽样要选金额列")),
        _ => None,
    };
    if let Some((field, sentence)) = lacks {
        return Err(Refusal::field(field, sentence).into());
    }
    let seed = match form.integer("seed") {
        Some(seed) => seed,
        // The upper bits of a random identity are as good a lot as any.
        None => (kit::ids::random().as_u128() >> 75) as i64,
    };
    let wanted = form.need_integer("count")?;
    let columns = data_sets::columns(cx, &set).await?;
    let sample = drawn(&columns, &named, method, wanted, seed).await?;
    keep(cx, &set, form.text("purpose"), (method, seed, wanted), named, sample).await
}

async fn drawn(columns: &Columns, named: &Named, method: Method, wanted: i64, seed: i64) -> Result<Sample> {
    let items = population(columns, named).await?;
    let count = usize::try_from(wanted).unwrap_or(usize::MAX);
    let seed = u64::try_from(seed).unwrap_or_default();
    sampling::draw(&items, method.into(), count, seed).map_err(said)
}

async fn population(columns: &Columns, named: &Named) -> Result<Vec<Item>> {
    let rows = columns.population(&named.key, &named.stratum, &named.amount, MOST).await.map_err(said)?;
    Ok(rows.into_iter().map(|(key, stratum, amount)| Item { key, stratum, amount }).collect())
}

async fn keep(
    cx: &mut WriteCx,
    set: &DataSet,
    purpose: String,
    (method, seed, wanted): (Method, i64, i64),
    named: Named,
    sample: Sample,
) -> Result<SampleId> {
    let id = SampleId(cx.new_id());
    let today = cx.today();
    let row = DataSample {
        id,
        version: 1,
        number: numbers::yearly(cx, SERIES, today).await?,
        data_set_id: set.id,
        inspection_id: set.inspection_id,
        organisation_id: set.organisation_id,
        purpose,
        method,
        seed,
        size: sample.size as i64,
        wanted,
        drawn_count: sample.drawn.len() as i64,
        drawn: serde_json::to_string(&sample.drawn)?,
        population: sample.population,
        columns_digest: set.digest.clone(),
        key_column: named.key,
        stratum_column: named.stratum,
        amount_column: named.amount,
        drawn_on: today,
        account_id: cx.actor.account,
        by_name: cx.actor.name.clone(),
    };
    cx.index(NOUN, id, format!("{} {}", row.number, row.purpose));
    let note = format!("{}：{} 抽 {}", row.number, row.size, row.drawn_count);
    cx.insert(row).await?;
    cx.done(Done::new(NOUN, id, "create", "抽样"));
    cx.done(Done::deed::<DataSet>(data_sets::NOUN, set.id, Deed::Sample, set.state, set.state).note(note));
    Ok(id)
}

/// Draws again by the stored seed; whether the same came out.
pub async fn redraw(cx: &mut WriteCx, id: SampleId) -> Result<bool> {
    let row = store::find(cx, id).await?;
    let set = data_sets::find(cx, row.data_set_id).await?;
    if set.digest != row.columns_digest {
        return Err(Refusal::conflict(
            "数据在抽样以后又清洗过，列数据摘要不同，不能核对；请撤销后来的步骤再核对。",
        )
        .into());
    }
    let named = Named {
        key: row.key_column.clone(),
        stratum: row.stratum_column.clone(),
        amount: row.amount_column.clone(),
    };
    let columns = data_sets::columns(cx, &set).await?;
    let again = drawn(&columns, &named, row.method, row.wanted, row.seed).await?;
    let same = again.population == row.population && serde_json::to_string(&again.drawn)? == row.drawn;
    cx.done(Done::new(NOUN, row.id, "redraw", "重抽核对").note(compared(same)));
    Ok(same)
}

/// What comparing two samples gave.
pub(super) fn compared(same: bool) -> &'static str {
    if same {
        "重抽结果与保存的样本完全一致。"
    } else {
        "重抽结果与保存的样本不一致，请报告系统管理员。"
    }
}
