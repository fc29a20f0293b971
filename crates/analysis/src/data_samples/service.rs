//! How samples appear, are drawn, and are drawn again to compare.

use kit::{
    Column, Cx, Deed as Offer, Done, Field, Form, Labelled as _, Lifecycle as _, Outcome, RecordView,
    Refusal, Result, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    numbers,
    service::{Group, Work, no_fields, target},
};
use models::{
    look::Columns,
    sampling::{self, Item, Sample},
};
use planning::units;
use registry::organisations;
use uuid::Uuid;

use super::{DataSample, Method, NOUN, SERIES, SampleId, store, visible};
use crate::{
    data_sets::{self, DataSet, DataSetId, Deed},
    look, said,
};
use kit::grid::{self, Grid};

/// Items that a population may have.
const MOST: usize = 2_000_000;
/// Items that a sample may have: more of them nobody looks at.
const MOST_DRAWN: i64 = 1_000;

const COLUMNS: &[Column] = &[
    Column::number("number", "抽样编号", "s.number"),
    Column::title("purpose", "用途", "s.purpose"),
    Column::reference("data_set", "数据集", "s.data_set_id", "d.name", data_sets::NOUN),
    Column::reference("inspection", "巡察", "s.inspection_id", "i.name", units::INSPECTIONS).hidden(),
    Column::reference("organisation", "被巡察单位", "s.organisation_id", "o.name", organisations::NOUN)
        .hidden(),
    Column::choice("method", "方法", "s.method", Method::CHOICES),
    Column::integer("size", "总体", "s.size"),
    Column::integer("drawn_count", "样本", "s.drawn_count"),
    Column::date("drawn_on", "日期", "s.drawn_on").sortable().filled(),
    Column::text("by_name", "抽样人", "s.by_name"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "抽样",
        table: "data_sample",
        group: Group::Models,
        listed: false,
        icon: "arrows-shuffle",
        secrecy: Secrecy::Sensitive,
        about: "从数据集中抽出的样本。种子和总体摘要一并保存，同样的数据重抽必得同样的样本。",
        list: Table {
            from: "data_sample s left join data_set d on d.id = s.data_set_id \
                   left join inspection i on i.id = s.inspection_id left join organisation o on o.id = s.organisation_id",
            alias: "s",
            title: "s.purpose",
            number: Some("s.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::on("redraw", "重抽核对", no_fields, |cx, id, _| Box::pin(redraw(cx, id)))
                .next("用保存的种子在同样的数据上重抽一次，与保存的样本比较。"),
        ],
        creates: |_| false,
        waiting: Vec::new(),
        governed: None,
    }
}

pub(crate) fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut options = Vec::new();
        if let Some(id) = id {
            let set = data_sets::find(cx, DataSetId(id)).await?;
            let kept = data_sets::columns(cx, &set).await?.kept;
            options = kept.into_iter().map(|kept| (kept.name.clone(), kept.name)).collect();
        }
        let column = |name, label| Field::new(name, label, Kind::Options(options.clone()));
        Ok(vec![
            Field::line("purpose", "用途").max(200).required(),
            Field::choice::<Method>("method", "方法").required(),
            Field::new("count", "样本量", Kind::Integer { min: 1, max: MOST_DRAWN }).required(),
            column("key", "标识列").required().help("能认出一行的列，如凭证号、项目编号。"),
            column("stratum", "分层列").help("分层抽样时填写。"),
            column("amount", "金额列").help("货币单元抽样时填写。"),
            Field::new("seed", "种子", Kind::Integer { min: 0, max: i64::MAX })
                .help("可以当众摇号后填写；不填由系统随机产生。"),
        ])
    })
}

/// The columns by which a population is made.
struct Named {
    key: String,
    stratum: String,
    amount: String,
}

pub(crate) async fn draw(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let set = data_sets::find(cx, target(id)?).await?;
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
    let sample_id = keep(cx, &set, form.text("purpose"), (method, seed, wanted), named, sample).await?;
    Ok(Outcome::new(NOUN, sample_id, "已抽出样本。"))
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

async fn redraw(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let row = store::find(cx, target(id)?).await?;
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
    let message = if same {
        "重抽结果与保存的样本完全一致。"
    } else {
        "重抽结果与保存的样本不一致，请报告系统管理员。"
    };
    cx.done(Done::new(NOUN, row.id, "redraw", "重抽核对").note(message));
    Ok(Outcome::new(NOUN, row.id, message))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let sample = store::find(cx, SampleId(id)).await?;
    cx.record_read(NOUN, id).await;
    let set = data_sets::find(cx, sample.data_set_id).await?;
    let mut view = RecordView::new(&sample.purpose, sample.version)
        .fact("data_set", "数据集", Shown::link(data_sets::NOUN, Some(set.id.0), &set.name))
        .fact("method", "方法", Shown::choice(sample.method.choice()))
        .fact("size", "总体", Shown::Integer(sample.size))
        .fact("wanted", "要求样本量", Shown::Integer(sample.wanted))
        .fact("drawn_count", "抽出", Shown::Integer(sample.drawn_count))
        .fact("seed", "种子", Shown::text(sample.seed.to_string()))
        .fact("population", "总体摘要（SM3）", Shown::text(&sample.population))
        .fact("columns_digest", "列数据摘要（SM3）", Shown::text(&sample.columns_digest))
        .fact("key_column", "标识列", Shown::text(&sample.key_column))
        .fact("stratum_column", "分层列", Shown::text(&sample.stratum_column))
        .fact("amount_column", "金额列", Shown::text(&sample.amount_column))
        .fact("drawn_on", "日期", Shown::Date(sample.drawn_on))
        .fact("by_name", "抽样人", Shown::text(&sample.by_name));
    view.tabs.push(Tab::Html { key: "rows", label: "样本", html: rows(cx, &set, &sample).await? });
    view.number.clone_from(&sample.number);
    view.secrecy = Secrecy::Sensitive;
    if set.is_readable() {
        view.deeds = vec!["redraw"];
    }
    Ok(view)
}

async fn rows(cx: &Cx, set: &DataSet, sample: &DataSample) -> Result<String> {
    if !set.is_readable() {
        return Ok(grid::paragraph("数据已经销毁，只保留抽样记录。"));
    }
    if set.digest != sample.columns_digest {
        return Ok(grid::paragraph(
            "数据在抽样以后又清洗过，行的位置可能不同，不再显示样本；可撤销后来的步骤再看。",
        ));
    }
    let places: Vec<usize> = serde_json::from_str(&sample.drawn)?;
    let columns = data_sets::columns(cx, set).await?;
    let cells = columns.at(&places).await.map_err(said)?;
    let headings: Vec<&str> = columns.kept.iter().map(|kept| kept.name.as_str()).collect();
    let rows: Vec<Vec<Shown>> =
        cells.into_iter().map(|row| row.into_iter().map(look::shown).collect()).collect();
    Ok(Grid::of(&headings, &rows))
}
