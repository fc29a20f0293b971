//! How idle properties appear: list, page, forms.

use kit::{
    Actor, Column, Cx, Deed as DeedOf, Field, Form, Labelled as _, Outcome, Pred, RecordView, Result,
    Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    service::{Group, Work, target},
};
use uuid::Uuid;

use super::{
    Asset, AssetId, AssetKind, NOUN, Status,
    actions::{self, Entry},
    figures, may_correct, store, visible,
};
use crate::{
    access, asset_movements,
    html::Grid,
    subjects::{self, INSPECTIONS, ORGANISATIONS},
};

/// Sums of the ledger as SQL: subqueries for the rows shown, so that a page never sums the city.
macro_rules! stock {
    () => {
        "(a.area_cm2 + coalesce((select cast(sum(c.area_cm2) as bigint) from asset_correction c \
         where c.asset_id = a.id), 0))"
    };
}
macro_rules! activated {
    () => {
        "coalesce((select cast(sum(v.area_cm2) as bigint) from asset_movement v where v.asset_id = a.id), 0)"
    };
}

const COLUMNS: &[Column] = &[
    Column::number("code", "资产编号", "a.code"),
    Column::title("name", "资产名称", "a.name"),
    Column::reference("organisation", "资产持有单位", "a.organisation_id", "o.name", ORGANISATIONS),
    Column::reference("inspection", "查明的巡察", "a.inspection_id", "i.name", INSPECTIONS).hidden(),
    Column::choice("kind", "资产类别", "a.kind", AssetKind::CHOICES),
    Column::text("place", "片区", "a.place"),
    Column::text("address", "坐落", "a.address").hidden(),
    Column::area("stock", "闲置存量（㎡）", stock!()),
    Column::area("activated", "已盘活（㎡）", activated!()),
    Column::area("remaining", "未盘活（㎡）", concat!("(", stock!(), " - ", activated!(), ")")),
    Column::money(
        "income",
        "盘活收入（元）",
        "coalesce((select cast(sum(v.income_fen) as bigint) from asset_movement v where v.asset_id = a.id), 0)",
    ).hidden(),
    Column::choice(
        "status",
        "盘活状态",
        concat!(
            "(case when ",
            stock!(),
            " = ",
            activated!(),
            " then 'activated' when ",
            activated!(),
            " > 0 then 'partly' else 'idle' end)"
        ),
        Status::CHOICES,
    ),
    Column::date("found_on", "查明日期", "a.found_on").sortable().filled(),
    Column::date("idle_since", "闲置起始", "a.idle_since").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "闲置国有资产",
        table: "asset",
        group: Group::Rectify,
        listed: true,
        icon: "building-warehouse",
        secrecy: Secrecy::Internal,
        about: "查明闲置的国有资产及其盘活去化：存量只能按日期更正并写明理由，盘活面积逐笔登记。",
        list: Table {
            from: "asset a join organisation o on o.id = a.organisation_id \
                   left join inspection i on i.id = a.inspection_id",
            alias: "a",
            title: "a.name",
            number: Some("a.code"),
            columns: COLUMNS,
            order: "code",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            DeedOf::create("登记闲置资产", new_fields, |cx, _, form| Box::pin(create(cx, form))),
            DeedOf::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
            DeedOf::on("activate", "登记盘活", asset_movements::fields_on_asset, |cx, id, form| {
                Box::pin(asset_movements::create_on_asset(cx, id, form))
            })
            .primary()
            .next("盘活面积和收入计入台账；登记有误的由巡察办冲销，不能直接改数。"),
            DeedOf::on("correct", "更正闲置面积", correction_fields, |cx, id, form| {
                Box::pin(correct(cx, id, form))
            })
            .next("从所填日期起按更正后的存量计算盘活去化率，此前日期的数字不变。"),
            kit::files::attach_deed(),
        ],
        creates: access::may_begin,
        waiting: Vec::new(),
        governed: None,
    }
}

fn new_fields(_: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async {
        let mut fields = entry_fields(None);
        fields.push(
            Field::new("area", "闲置面积（㎡）", Kind::Area)
                .required()
                .help("查明时的闲置面积，最多四位小数。"),
        );
        fields.push(Field::date("found_on", "查明闲置的日期").required());
        Ok(fields)
    })
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, AssetId(id)).await?),
            None => None,
        };
        Ok(entry_fields(held.as_ref()))
    })
}

fn entry_fields(held: Option<&Asset>) -> Vec<Field> {
    vec![
        Field::line("code", "资产编号").max(40).required().maybe(held.map(|a| &a.code)),
        Field::line("name", "资产名称").max(120).required().maybe(held.map(|a| &a.name)),
        Field::pick("organisation", "资产持有单位", ORGANISATIONS)
            .required()
            .maybe(held.map(|a| a.organisation_id)),
        Field::pick("inspection", "查明的巡察", INSPECTIONS).maybe(held.and_then(|a| a.inspection_id)),
        Field::choice::<AssetKind>("kind", "资产类别").required().chosen(held.map(|a| a.kind)),
        Field::line("place", "片区")
            .max(60)
            .maybe(held.map(|a| &a.place))
            .help("街道、镇或片区名称，坐落清单按它分组。"),
        Field::line("address", "坐落").max(200).maybe(held.map(|a| &a.address)),
        Field::date("idle_since", "闲置起始日期").maybe(held.and_then(|a| a.idle_since)),
        Field::text("note", "闲置原因和备注").max(2_000).maybe(held.map(|a| &a.note)),
    ]
}

fn correction_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::date("on_day", "更正日期").required().value(cx.today()),
            Field::new("area", "增减面积（㎡）", Kind::Area)
                .required()
                .help("存量少计的填正数，多计的填负数。"),
            Field::text("reason", "更正理由")
                .max(2_000)
                .required()
                .help("写明依据，如测绘报告、权属核查结果。"),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        code: form.text("code"),
        name: form.text("name"),
        organisation: form.need_id("organisation")?,
        inspection: form.id("inspection"),
        address: form.text("address"),
        place: form.text("place"),
        kind: form.need_choice("kind")?,
        idle_since: form.date("idle_since"),
        note: form.text("note"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let area = form.area("area").unwrap_or_default();
    let id = actions::create(cx, entry(form)?, area, form.need_date("found_on")?).await?;
    Ok(Outcome::new(NOUN, id, "已登记闲置资产。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AssetId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn correct(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AssetId = target(id)?;
    let area = form.area("area").unwrap_or_default();
    actions::correct(cx, id, form.need_date("on_day")?, area, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已更正闲置面积。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let asset = store::find(cx, AssetId(id)).await?;
    let balance = store::ledger_of(cx, &asset).await?.as_of(cx.today());
    let rate = figures::Rate { activated: balance.activated, stock: balance.stock };
    let organisation = registry::organisations::find(cx, asset.organisation_id).await?;
    let inspection = subjects::inspection_name(cx, asset.inspection_id).await?;
    let mut view = RecordView::new(&asset.name, asset.version)
        .fact(
            "organisation",
            "资产持有单位",
            Shown::link(ORGANISATIONS, Some(organisation.id.0), organisation.name),
        )
        .fact("inspection", "查明的巡察", Shown::link(INSPECTIONS, asset.inspection_id, inspection))
        .fact("kind", "资产类别", Shown::choice(asset.kind.choice()))
        .fact("place", "片区", Shown::text(&asset.place))
        .fact("address", "坐落", Shown::text(&asset.address))
        .fact("found_on", "查明日期", Shown::Date(asset.found_on))
        .fact("idle_since", "闲置起始", Shown::date(asset.idle_since))
        .fact("found", "查明时闲置面积（㎡）", Shown::Area(asset.area_cm2))
        .fact("stock", "更正后存量（㎡）", Shown::Area(balance.stock))
        .fact("activated", "已盘活（㎡）", Shown::Area(balance.activated))
        .fact("remaining", "未盘活（㎡）", Shown::Area(balance.remaining()))
        .fact("rate", "盘活去化率", rate.shown())
        .fact("note", "闲置原因和备注", Shown::long(&asset.note))
        .related("movements", "盘活记录", asset_movements::NOUN, Pred::is("asset_id", id), None);
    view.number.clone_from(&asset.code);
    view.state = Some(Status::of(balance).choice());
    view.deeds = deeds_for(&asset, &cx.actor);
    view.tabs.push(Tab::Html {
        key: "corrections",
        label: "存量更正",
        html: corrections_html(cx, asset.id).await?,
    });
    view.tabs.push(Tab::Files);
    Ok(view)
}

fn deeds_for(asset: &Asset, actor: &Actor) -> Vec<&'static str> {
    let mut deeds = Vec::new();
    if asset.kept_by(actor) {
        deeds.extend(["activate", "edit"]);
    }
    if may_correct(actor) {
        deeds.push("correct");
    }
    deeds
}

async fn corrections_html(cx: &Cx, id: AssetId) -> Result<String> {
    let mut grid = Grid::new(&["更正日期", "增减面积（㎡）", "理由", "更正人", "登记时间"]);
    for correction in store::corrections_of(cx, id).await? {
        grid.row(&[
            Shown::Date(correction.on_day),
            Shown::Area(correction.area_cm2),
            Shown::long(correction.reason),
            Shown::text(correction.by_name),
            Shown::Instant(correction.at),
        ]);
    }
    Ok(grid.finish())
}
