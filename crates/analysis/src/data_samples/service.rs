//! How samples appear, and the form in which one is drawn.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Labelled as _, Outcome, RecordView, Result, Secrecy, Service,
    Shown, Tab, Table, WriteCx,
    form::Kind,
    service::{Group, Work, no_fields, target},
};
use planning::units;
use registry::organisations;
use uuid::Uuid;

use super::{
    DataSample, Method, NOUN, SampleId,
    actions::{self, MOST_DRAWN},
    store, visible,
};
use crate::{
    data_sets::{self, DataSet, DataSetId},
    look, said,
};
use kit::grid::{self, Grid};

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

pub(crate) async fn draw(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let sample = actions::draw(cx, target(id)?, form).await?;
    Ok(Outcome::new(NOUN, sample, "已抽出样本。"))
}

async fn redraw(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: SampleId = target(id)?;
    let same = actions::redraw(cx, id).await?;
    Ok(Outcome::new(NOUN, id, actions::compared(same)))
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
