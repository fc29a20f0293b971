//! How reported values appear: list, page, forms.

use kit::{
    Column, Cx, Deed, Field, Form, Labelled as _, Outcome, RecordView, Refusal, Result, Secrecy, Service,
    Shown, Tab, Table, WriteCx,
    service::{Group, Work, target},
};
use uuid::Uuid;

use super::{
    NOUN, ReportedValueId, ValueUnit,
    actions::{self, Entry},
    may_keep, store, visible,
};

/// The value as a person would enter it, by its unit.
const VALUE_SQL: &str = "case x.unit when 'count' then cast(x.value as text) \
    when 'square_metre' then cast(x.value / 10000 as text) || '.' || substr(cast(10000 + x.value % 10000 as text), 2) \
    else cast(x.value / 100 as text) || '.' || substr(cast(100 + x.value % 100 as text), 2) end";

/// A rate in percent.
const SHARE_SQL: &str = "case when x.unit = 'percent' then cast(x.value / 100 as text) || '.' || \
    substr(cast(100 + x.value % 100 as text), 2) end";

// Each unit has a column of its own, so that pages print and workbooks hold numbers; what is reported is named by its
// label, the code is for programs.
const COLUMNS: &[Column] = &[
    Column::title("label", "指标名称", "x.label"),
    Column::date("on_day", "截止日期", "x.on_day").sortable().filled(),
    Column::integer("count", "数量（个、件、项）", "case when x.unit = 'count' then x.value end"),
    Column::money("amount", "金额（元）", "case when x.unit = 'yuan' then x.value end"),
    Column::area("area", "面积（㎡）", "case when x.unit = 'square_metre' then x.value end"),
    Column::text("share", "比率（%）", SHARE_SQL),
    Column::text("reporter", "上报单位", "x.reporter"),
    Column::text("document", "来源文件", "x.document"),
    Column::text("figure", "指标代码", "x.figure").hidden(),
    Column::text("value", "上报值", VALUE_SQL).hidden(),
    Column::choice("unit", "单位", "x.unit", ValueUnit::CHOICES).hidden(),
    Column::text("by_name", "登记人", "x.by_name").hidden(),
    Column::instant("at", "登记时间", "x.at").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "上报数据",
        table: "reported_value",
        group: Group::Figures,
        listed: true,
        icon: "database-import",
        secrecy: Secrecy::Internal,
        about: "由有关单位上报、人工登记的数据，注明上报单位和来源文件，不与平台计算的数据混用。",
        list: Table {
            from: "reported_value x",
            alias: "x",
            title: "x.label",
            number: None,
            columns: COLUMNS,
            order: "-on_day",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Deed::create("登记上报数据", fields, |cx, _, form| Box::pin(create(cx, form))),
            Deed::on("edit", "更正", edit_fields, |cx, id, form| Box::pin(edit(cx, id, form)))
                .next("更正前的数值保留在办理记录中。"),
            kit::files::attach_deed(),
        ],
        creates: may_keep,
        waiting: Vec::new(),
        governed: None,
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, ReportedValueId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        Ok(vec![
            Field::line("figure", "指标代码")
                .max(60)
                .required()
                .maybe(held.map(|x| &x.figure))
                .help("与统计指标的代码一致，同一指标同一截止日期只登记一次。"),
            Field::line("label", "指标名称").max(120).required().maybe(held.map(|x| &x.label)),
            Field::date("on_day", "截止日期").required().maybe(held.map(|x| x.on_day)),
            Field::choice::<ValueUnit>("unit", "单位").required().chosen(held.map(|x| x.unit)),
            Field::line("value", "上报值")
                .max(24)
                .required()
                .maybe(held.map(|x| x.unit.entered(x.value)))
                .help("按所选单位填写：金额填元，面积填平方米，比率填百分数。"),
            Field::line("reporter", "上报单位").max(120).required().maybe(held.map(|x| &x.reporter)),
            Field::line("document", "来源文件")
                .max(200)
                .required()
                .maybe(held.map(|x| &x.document))
                .help("文件名称和文号。"),
        ])
    })
}

fn edit_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut all = fields(cx, id).await?;
        all.push(Field::text("reason", "更正原因").max(1_000).required());
        Ok(all)
    })
}

fn entry(form: &Form) -> Result<Entry> {
    let unit: ValueUnit = form.need_choice("unit")?;
    let value = unit.parse_value(&form.text("value")).ok_or_else(|| {
        Refusal::field(
            "value",
            "上报值应是不小于零的数，小数位数不超过所选单位（元两位、㎡四位、%两位、个数为整数）",
        )
    })?;
    Ok(Entry {
        figure: form.text("figure"),
        label: form.text("label"),
        on_day: form.need_date("on_day")?,
        value,
        unit,
        reporter: form.text("reporter"),
        document: form.text("document"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已登记上报数据。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ReportedValueId = target(id)?;
    actions::edit(cx, id, entry(form)?, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已更正。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let value = store::find(cx, ReportedValueId(id)).await?;
    let mut view = RecordView::new(value.label, value.version)
        .fact("figure", "指标代码", Shown::text(value.figure))
        .fact("on_day", "截止日期", Shown::Date(value.on_day))
        .fact("value", "上报值", value.unit.shown(value.value))
        .fact("unit", "单位", Shown::choice(value.unit.choice()))
        .fact("reporter", "上报单位", Shown::text(value.reporter))
        .fact("document", "来源文件", Shown::text(value.document))
        .fact("by_name", "登记人", Shown::text(value.by_name))
        .fact("at", "登记时间", Shown::Instant(value.at));
    if may_keep(&cx.actor) {
        view.deeds = vec!["edit"];
    }
    view.tabs.push(Tab::Files);
    Ok(view)
}
