//! How campaigns appear: list, page with progress then and now, forms.

use chrono::NaiveDate;
use kit::{
    Column, Cx, Deed as DeedOf, Field, Form, Labelled as _, Lifecycle as _, Outcome, Pred, RecordView,
    Result, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    service::{Group, Work, no_fields, target},
};
use uuid::Uuid;

use super::{
    Campaign, CampaignId, CampaignKind, NOUN, State,
    actions::{self, Entry},
    governed,
    store::{self, Filter},
};
use crate::{
    asset_movements,
    assets::figures,
    subjects::{self, INSPECTIONS, PROBLEMS},
};

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "g.number"),
    Column::title("name", "名称", "g.name"),
    Column::choice("kind", "类型", "g.kind", CampaignKind::CHOICES),
    Column::reference("inspection", "所属巡察", "g.inspection_id", "i.name", INSPECTIONS),
    Column::date("starts_on", "开始日期", "g.starts_on").sortable().filled(),
    Column::clock("ends_on", "结束日期", "g.ends_on", "g.state = 'finished'"),
    Column::integer(
        "problems",
        "选入问题数",
        "(select count(*) from campaign_problem s where s.campaign_id = g.id)",
    ),
    Column::integer("target_closed", "销号目标", "g.target_closed").hidden(),
    Column::area("target_area", "盘活目标（㎡）", "g.target_area_cm2").hidden(),
    Column::choice("state", "状态", "g.state", State::CHOICES),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "整改攻坚",
        table: "campaign",
        group: Group::Rectify,
        listed: true,
        icon: "flag",
        secrecy: Secrecy::Internal,
        about: "对一批未销号问题集中攻坚或深化整改：定范围、定时限、定目标，对照开始时看成效。",
        list: Table {
            from: "campaign g left join inspection i on i.id = g.inspection_id",
            alias: "g",
            title: "g.name",
            number: Some("g.number"),
            columns: COLUMNS,
            order: "-starts_on",
        },
        visible: Campaign::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: deeds(),
        creates: kit::Actor::is_office,
        waiting: Vec::new(),
        governed: Some(governed()),
    }
}

fn deeds() -> Vec<DeedOf> {
    vec![
        DeedOf::create("筹备攻坚", new_fields, |cx, _, form| Box::pin(create(cx, form)))
            .next("建立后选入问题，再启动。"),
        DeedOf::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        DeedOf::on("add_problems", "选入问题", choosing_fields, |cx, id, form| {
            Box::pin(add_problems(cx, id, form))
        })
        .next("已经选入的问题不会重复；启动以后只能增加，不能移出。"),
        DeedOf::on("remove_problems", "移出问题", removing_fields, |cx, id, form| {
            Box::pin(remove_problems(cx, id, form))
        }),
        DeedOf::on("start", "启动", no_fields, |cx, id, _| Box::pin(start(cx, id)))
            .primary()
            .next("启动后选入的问题不能再移出，成效从开始日期起计算。"),
        DeedOf::on("finish", "结束", finish_fields, |cx, id, form| Box::pin(finish(cx, id, form)))
            .next("按结束日期固定成效数字；未销号的问题继续按原期限整改。"),
        kit::files::attach_deed(),
    ]
}

fn new_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = entry_fields(None);
        fields.push(Field::new("problems", "选入的问题", Kind::PickMany(PROBLEMS)));
        Ok(fields)
    })
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, CampaignId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&Campaign>) -> Vec<Field> {
    vec![
        Field::line("name", "名称").max(120).required().maybe(held.map(|g| &g.name)),
        Field::text("aim", "目标和要求").max(4_000).required().maybe(held.map(|g| &g.aim)),
        Field::choice::<CampaignKind>("kind", "类型").required().chosen(held.map(|g| g.kind)),
        Field::pick("inspection", "所属巡察", INSPECTIONS).maybe(held.and_then(|g| g.inspection_id)),
        Field::date("starts_on", "开始日期").required().maybe(held.map(|g| g.starts_on)),
        Field::date("ends_on", "结束日期").maybe(held.and_then(|g| g.ends_on)),
        Field::new("target_closed", "销号目标（个）", Kind::Integer { min: 1, max: 100_000 })
            .maybe(held.and_then(|g| g.target_closed)),
        Field::new("target_area", "盘活目标（㎡）", Kind::Area)
            .maybe(held.and_then(|g| g.target_area_cm2).map(|area| kit::units::ratio(area.0, 10_000, 4)))
            .help("闲置国有资产攻坚填写；按期间内全部盘活记录计算成效。"),
    ]
}

fn choosing_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![
            Field::choice::<Filter>("filter", "按范围选取").help("选取一次巡察中符合条件的全部问题。"),
            Field::pick("inspection", "巡察", INSPECTIONS).help("留空则为本次攻坚所属巡察。"),
            Field::new("problems", "逐个选取", Kind::PickMany(PROBLEMS)),
        ])
    })
}

fn removing_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        Ok(vec![Field::new("problems", "移出的问题", Kind::PickMany(PROBLEMS)).required()])
    })
}

fn finish_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::date("ends_on", "结束日期").required().value(cx.today()),
            Field::text("summary", "总结")
                .max(10_000)
                .required()
                .help("完成情况、主要做法、未完成的问题和后续安排。"),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        name: form.text("name"),
        aim: form.text("aim"),
        inspection: form.id("inspection"),
        kind: form.need_choice("kind")?,
        starts_on: form.need_date("starts_on")?,
        ends_on: form.date("ends_on"),
        target_closed: form.integer("target_closed"),
        target_area: form.area("target_area"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?, form.ids("problems")).await?;
    Ok(Outcome::new(NOUN, id, "已建立，请选入问题后启动。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: CampaignId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn add_problems(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: CampaignId = target(id)?;
    let (problems, inspection, filter) = (form.ids("problems"), form.id("inspection"), form.choice("filter"));
    let count = actions::add_problems(cx, id, problems, inspection, filter).await?;
    Ok(Outcome::new(NOUN, id, format!("已选入 {count} 个问题。")))
}

async fn remove_problems(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: CampaignId = target(id)?;
    let count = actions::remove_problems(cx, id, form.ids("problems")).await?;
    Ok(Outcome::new(NOUN, id, format!("已移出 {count} 个问题。")))
}

async fn start(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: CampaignId = target(id)?;
    actions::start(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已启动。"))
}

async fn finish(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: CampaignId = target(id)?;
    actions::finish(cx, id, form.need_date("ends_on")?, form.text("summary")).await?;
    Ok(Outcome::new(NOUN, id, "已结束。"))
}

/// The last day that counts: the end of a finished campaign, today while it runs.
fn last_day(campaign: &Campaign, today: NaiveDate) -> NaiveDate {
    match (campaign.state, campaign.ends_on) {
        (State::Finished, Some(end)) => end.min(today),
        _ => today,
    }
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let campaign = store::find(cx, CampaignId(id)).await?;
    let until = last_day(&campaign, cx.today());
    let eve = campaign.starts_on.pred_opt().unwrap_or(campaign.starts_on);
    let before = store::progress_as_of(cx, campaign.id, eve).await?;
    let now = store::progress_as_of(cx, campaign.id, until).await?;
    let area = figures::period(cx, campaign.starts_on, until).await?;
    let inspection = subjects::inspection_name(cx, campaign.inspection_id).await?;
    let problems = Pred::within("id", store::problems_of(cx, campaign.id).await?);
    let mut view = RecordView::new(&campaign.name, campaign.version)
        .fact("kind", "类型", Shown::choice(campaign.kind.choice()))
        .fact("inspection", "所属巡察", Shown::link(INSPECTIONS, campaign.inspection_id, inspection))
        .fact("starts_on", "开始日期", Shown::Date(campaign.starts_on))
        .fact("ends_on", "结束日期", Shown::date(campaign.ends_on))
        .fact("aim", "目标和要求", Shown::long(&campaign.aim))
        .fact("chosen", "选入问题数", Shown::Integer(now.chosen))
        .fact("closed_before", "开始前已销号", Shown::Integer(before.closed))
        .fact("closed_now", "目前已销号", Shown::Integer(now.closed))
        .fact("closed_rate", "选入问题销号率", Shown::Rate { numerator: now.closed, denominator: now.chosen })
        .fact("target_closed", "销号目标", campaign.target_closed.map_or(Shown::Empty, Shown::Integer))
        .fact("area_before", "开始前累计盘活（㎡）", Shown::Area(area.opening))
        .fact("area_added", "期间新增盘活（㎡）", Shown::Area(area.increment))
        .fact("area_now", "目前累计盘活（㎡）", Shown::Area(area.cumulative()))
        .fact("target_area", "盘活目标（㎡）", campaign.target_area_cm2.map_or(Shown::Empty, Shown::Area))
        .fact("summary", "总结", Shown::long(&campaign.summary))
        .related("problems", "选入的问题", PROBLEMS, problems, None)
        .related("movements", "所属盘活记录", asset_movements::NOUN, Pred::is("campaign_id", id), None);
    view.number.clone_from(&campaign.number);
    view.state = Some(campaign.state.choice());
    view.deeds = campaign.open_deeds(&cx.actor);
    let over = campaign.state == State::Finished;
    let alarms = kit::alarms(cx).await?;
    view.clock = campaign.ends_on.map(|_| ("结束日期", alarms.clock(campaign.ends_on, over)));
    let html = figures::by_organisation_html(cx, until).await?;
    view.tabs.push(Tab::Html { key: "assets", label: "分单位盘活情况", html });
    view.tabs.push(Tab::Files);
    Ok(view)
}
