//! How runs appear: list, page, the form in which a result is entered.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, Pred,
    RecordView, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx,
    grid::{Grid, paragraph},
    lifecycle,
    service::{Group, Work, target},
};
use models::load::Report;
use planning::{samples, units};
use registry::organisations;
use uuid::Uuid;

use super::{
    ModelRun, ModelRunId, NOUN, State,
    actions::{self, Entry, Printed},
    guidance, store,
};
use crate::{data_sets, doubts};

const COLUMNS: &[Column] = &[
    Column::number("number", "运行编号", "m.number"),
    Column::title("model_name", "模型", "m.model_name"),
    Column::reference("inspection", "巡察", "m.inspection_id", "i.name", units::INSPECTIONS).hidden(),
    Column::reference("organisation", "被巡察单位", "m.organisation_id", "o.name", organisations::NOUN),
    Column::date("ran_on", "运行日期", "m.ran_on").sortable().filled(),
    Column::integer("data_rows", "数据行数", "m.data_rows"),
    Column::integer("hits", "疑点数", "m.hits"),
    Column::choice("state", "状态", "m.state", State::CHOICES),
    Column::text("recorded_by", "登记人", "m.recorded_by_name").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "模型运行",
        table: "model_run",
        group: Group::Models,
        listed: true,
        icon: "network",
        secrecy: Secrecy::Sensitive,
        about: "每次运行的模型、版本、参数、数据摘要和人员，以及由此提出的疑点。同样的运行只登记一次，再运行必得同样的疑点。",
        list: Table {
            from: "model_run m left join inspection i on i.id = m.inspection_id \
                   left join organisation o on o.id = m.organisation_id",
            alias: "m",
            title: "m.model_name",
            number: Some("m.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: ModelRun::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("登记运行结果", create_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("疑点随即提出，由组长分派核实；同样的模型、参数和数据只登记一次。"),
            Offer::on("void", "作废", void_fields, |cx, id, form| Box::pin(void(cx, id, form)))
                .danger()
                .next("由它提出的疑点一并排除；已经分派的不能作废。"),
        ],
        creates: |actor| actor.is_any(&[Role::OfficeDirector, Role::TeamHead, Role::TeamMember]),
        waiting: Vec::new(),
        governed: Some(Governed {
            noun: NOUN,
            label: "模型运行",
            transitions: lifecycle::transitions::<ModelRun>,
            permissions: || lifecycle::permissions(store::sample, samples::concerned, samples::stranger),
        }),
    }
}

fn create_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::pick("unit", "被巡察对象", units::NOUN).required(),
            Field::text("result", "运行结果")
                .max(2_000_000)
                .required()
                .help("在存放数据的电脑上执行 xuncha models run 模型 --data 文件 --json，把打印的全部内容粘贴到这里。"),
            Field::line("data_source", "数据来源")
                .max(200)
                .required()
                .help("提供单位、系统名称、交接单号，如“市公共资源交易中心，交接单第 3 号”。"),
            Field::text("purpose", "使用目的")
                .max(1_000)
                .required()
                .help("数据只能用于这次任务；写明任务和保存期限、销毁安排。"),
            Field::date("ran_on", "运行日期").required().value(cx.today()),
        ])
    })
}

fn void_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async { Ok(vec![Field::text("reason", "作废理由").max(2_000).required()]) })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let entry = Entry {
        data_source: form.text("data_source"),
        purpose: form.text("purpose"),
        ran_on: form.need_date("ran_on")?,
    };
    let printed = Printed::read(&form.text("result"))?;
    let id = actions::record(cx, form.need_id("unit")?, printed, entry).await?;
    Ok(Outcome::new(NOUN, id, "已登记运行结果。"))
}

async fn void(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ModelRunId = target(id)?;
    actions::void(cx, id, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已作废。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let run = store::find(cx, ModelRunId(id)).await?;
    let names = units::names(cx, run.organisation_id, run.inspection_id).await?;
    let mut view = RecordView::new(&run.model_name, run.version)
        .fact("model", "模型编号", Shown::text(&run.model))
        .fact("model_version", "模型版本", Shown::Integer(run.model_version))
        .fact(
            "organisation",
            "被巡察单位",
            Shown::link(organisations::NOUN, Some(run.organisation_id.0), names.organisation),
        )
        .fact(
            "inspection",
            "巡察",
            Shown::link(units::INSPECTIONS, Some(run.inspection_id), names.inspection),
        )
        .fact("ran_on", "运行日期", Shown::Date(run.ran_on))
        .fact("recorded_by", "登记人", Shown::text(&run.recorded_by_name))
        .fact("hits", "疑点数", Shown::Integer(run.hits))
        .fact("data_source", "数据来源", Shown::text(&run.data_source))
        .fact("purpose", "使用目的", Shown::long(&run.purpose))
        .fact("parameters", "参数", Shown::text(parameters(&run.parameters)))
        .fact("looked_at", "核对的对象", run.looked_at.map_or(Shown::Empty, Shown::Integer))
        .fact("flagged", "命中的对象", run.flagged.map_or(Shown::Empty, Shown::Integer))
        .fact("warnings", "运行提醒", Shown::long(&run.warnings))
        .fact("void_reason", "作废理由", Shown::long(&run.void_reason))
        .related("doubts", "疑点", doubts::NOUN, Pred::is("run_id", id), None);
    let used: Vec<Uuid> = store::data_of(cx, run.id).await?.into_iter().map(|(_, set)| set.0).collect();
    if !used.is_empty() && data_sets::reach(&cx.actor) != Pred::Nothing {
        view = view.related("data_sets", "所用数据集", data_sets::NOUN, Pred::within("id", used), None);
    }
    view.tabs.push(Tab::Html { key: "data", label: "数据", html: data(&run.data)? });
    view.tabs
        .push(Tab::Html { key: "effect", label: "模型准确率", html: effect(cx, &run.model).await? });
    view.tabs
        .push(Tab::Html { key: "guidance", label: "模型说明", html: guidance(cx, &run.model).await? });
    view.number.clone_from(&run.number);
    view.state = Some(run.state.choice());
    view.secrecy = Secrecy::Sensitive;
    view.deeds = run.open_deeds(&cx.actor);
    Ok(view)
}

/// Parameters as `name = value`.
fn parameters(json: &str) -> String {
    let held: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).unwrap_or_default();
    let pairs: Vec<String> = held.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    pairs.join("，")
}

/// What became of the data, table by table: rows, then every odd cell with its treatment.
fn data(json: &str) -> Result<String> {
    let reports: Vec<serde_json::Value> = serde_json::from_str(json)?;
    let number = |report: &serde_json::Value, name: &str| {
        Shown::Integer(report.get(name).and_then(serde_json::Value::as_i64).unwrap_or_default())
    };
    let text = |report: &serde_json::Value, name: &str| {
        Shown::text(report.get(name).and_then(serde_json::Value::as_str).unwrap_or_default())
    };
    let rows: Vec<Vec<Shown>> = reports
        .iter()
        .map(|report| {
            vec![
                text(report, "label"),
                number(report, "rows"),
                number(report, "taken"),
                number(report, "ragged"),
                number(report, "duplicates"),
                text(report, "digest"),
            ]
        })
        .collect();
    let mut html = Grid::of(&["数据表", "行数", "采用", "列数不齐", "重复", "数据摘要（SM3）"], &rows);
    for report in &reports {
        // Runs of former versions kept the totals alone.
        let Ok(whole) = serde_json::from_value::<Report>(report.clone()) else { continue };
        if whole.fields.is_empty() {
            continue;
        }
        html.push_str(&paragraph(&format!("{}：{}", whole.label, mapped(&whole))));
        for remark in &whole.remarks {
            html.push_str(&paragraph(remark));
        }
        html.push_str(&data_sets::odd_cells(&whole));
    }
    Ok(html)
}

/// Which column was taken as which field.
fn mapped(report: &Report) -> String {
    let pairs: Vec<String> = report
        .fields
        .iter()
        .filter_map(|field| Some(format!("{}←{}", field.label, field.column.as_ref()?)))
        .collect();
    pairs.join("，")
}

async fn effect(cx: &Cx, model: &str) -> Result<String> {
    let effects = store::effects(cx, model).await?;
    let rows: Vec<Vec<Shown>> = effects
        .iter()
        .map(|effect| {
            let concluded = effect.confirmed + effect.excluded;
            let rate = if concluded == 0 {
                Shown::text("尚无处理结果")
            } else {
                Shown::Rate { numerator: effect.confirmed, denominator: concluded }
            };
            vec![
                Shown::text(&effect.organisation),
                Shown::text(parameters(&effect.parameters)),
                Shown::Integer(effect.raised),
                Shown::Integer(effect.confirmed),
                Shown::Integer(effect.excluded),
                rate,
            ]
        })
        .collect();
    let head = paragraph(
        "准确率＝核实属实（转为问题、线索、涉嫌项目或转交）的疑点 ÷ 已有结论的疑点，按单位和参数分列，只统计您可以看到的疑点。",
    );
    Ok(head + &Grid::of(&["单位", "参数", "提出", "属实", "排除", "准确率"], &rows))
}
