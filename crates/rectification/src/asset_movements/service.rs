//! How activations appear: list, page, forms.

use kit::{
    Column, Cx, Deed as DeedOf, Field, Form, Labelled as _, Outcome, RecordView, Result, Secrecy, Service,
    Shown, Tab, Table, WriteCx,
    form::Kind,
    service::{Group, Work, keep_files, target},
};
use uuid::Uuid;

use super::{
    AssetMovement, AssetMovementId, Measure, NOUN,
    actions::{self, Entry, Words},
    may_reverse, store, visible,
};
use crate::{
    access,
    assets::{self, AssetId},
    campaigns,
    subjects::ORGANISATIONS,
};

const COLUMNS: &[Column] = &[
    Column::date("on_day", "盘活日期", "v.on_day").sortable().filled().opens(),
    Column::reference("asset", "资产", "v.asset_id", "a.name", assets::NOUN),
    Column::reference("organisation", "资产持有单位", "v.organisation_id", "o.name", ORGANISATIONS),
    Column::choice("measure", "盘活方式", "v.measure", Measure::CHOICES),
    Column::area("area", "盘活面积（㎡）", "v.area_cm2"),
    Column::money("income", "收入（元）", "v.income_fen"),
    Column::title("document", "依据材料", "v.document"),
    Column::text("reporter", "报送人", "v.reporter").hidden(),
    Column::text("note", "备注", "v.note").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "资产盘活记录",
        table: "asset_movement",
        group: Group::Rectify,
        listed: true,
        icon: "arrows-exchange",
        secrecy: Secrecy::Internal,
        about: "闲置国有资产盘活去化的逐笔记录；累计盘活面积等于各笔之和。",
        list: Table {
            from: "asset_movement v left join asset a on a.id = v.asset_id left join organisation o on o.id = v.organisation_id",
            alias: "v",
            title: "a.name",
            number: None,
            columns: COLUMNS,
            order: "-on_day",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            DeedOf::create("登记盘活", new_fields, |cx, _, form| Box::pin(create(cx, form))),
            DeedOf::on("edit", "修改说明", fields, |cx, id, form| Box::pin(edit(cx, id, form)))
                .next("只修改报送人、依据材料和备注；面积、收入和日期有误的，请冲销后重新登记。"),
            DeedOf::on("reverse", "冲销", reversal_fields, |cx, id, form| Box::pin(reverse(cx, id, form)))
                .danger()
                .next("按所填日期登记一笔相反的记录，原记录保留，此前日期的统计数字不变。"),
            kit::files::attach_deed(),
        ],
        creates: access::may_begin,
        waiting: Vec::new(),
        governed: None,
    }
}

fn new_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let mut fields = vec![Field::pick("asset", "资产", assets::NOUN).required()];
        fields.extend(entry_fields(cx));
        Ok(fields)
    })
}

/// The form on the page of a property.
pub(crate) fn fields_on_asset(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move { Ok(entry_fields(cx)) })
}

fn entry_fields(cx: &Cx) -> Vec<Field> {
    let mut fields = vec![
        Field::date("on_day", "盘活日期").required().value(cx.today()),
        Field::choice::<Measure>("measure", "盘活方式").required(),
        Field::new("area", "盘活面积（㎡）", Kind::Area).help("已盘活部分再取得收入的，面积填 0。"),
        Field::new("income", "收入（元）", Kind::Money),
    ];
    if actor_knows_campaigns(cx) {
        fields.push(Field::pick("campaign", "所属整改攻坚", campaigns::NOUN));
    }
    fields.extend(word_fields(None));
    fields.push(Field::new("files", "依据材料附件", Kind::Files));
    fields
}

/// Campaigns are the office's; a liaison is not asked about what does not exist for him.
fn actor_knows_campaigns(cx: &Cx) -> bool {
    cx.actor.is_office()
}

fn word_fields(held: Option<&AssetMovement>) -> Vec<Field> {
    vec![
        Field::line("reporter", "报送人").max(80).maybe(held.map(|v| &v.reporter)),
        Field::line("document", "依据材料")
            .max(200)
            .maybe(held.map(|v| &v.document))
            .help("合同、批复、缴款凭证等名称和编号。"),
        Field::text("note", "备注").max(2_000).maybe(held.map(|v| &v.note)),
    ]
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, AssetMovementId(id)).await?),
            None => None,
        };
        Ok(word_fields(held.as_ref()))
    })
}

fn reversal_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::date("on_day", "冲销日期").required().value(cx.today()),
            Field::text("reason", "冲销理由").max(2_000).required(),
        ])
    })
}

fn words(form: &Form) -> Words {
    Words { reporter: form.text("reporter"), document: form.text("document"), note: form.text("note") }
}

fn entry(form: &Form) -> Result<Entry> {
    Ok(Entry {
        on_day: form.need_date("on_day")?,
        measure: form.need_choice("measure")?,
        area: form.area("area").unwrap_or_default(),
        income: form.money("income").unwrap_or_default(),
        campaign: form.id("campaign"),
        words: words(form),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form.need_id("asset")?, entry(form)?).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已登记盘活。"))
}

/// Enters an activation from the page of a property, and stays there.
pub(crate) async fn create_on_asset(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let asset: AssetId = target(id)?;
    let id = actions::create(cx, asset, entry(form)?).await?;
    keep_files(cx, NOUN, id, form).await?;
    Ok(Outcome::new(assets::NOUN, asset, "已登记盘活。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: AssetMovementId = target(id)?;
    actions::edit(cx, id, words(form)).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn reverse(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id = actions::reverse(cx, target(id)?, form.need_date("on_day")?, form.text("reason")).await?;
    Ok(Outcome::new(NOUN, id, "已冲销。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let movement = store::find(cx, AssetMovementId(id)).await?;
    let asset = assets::find(cx, movement.asset_id).await?;
    let organisation = registry::organisations::find(cx, movement.organisation_id).await?;
    let reverses = movement.reverses_id.map(|id| id.0);
    let reversed = store::is_reversed(cx, movement.id).await?;
    let mut view = RecordView::new(format!("{} {}", asset.name, movement.measure.label()), movement.version)
        .fact("asset", "资产", Shown::link(assets::NOUN, Some(asset.id.0), &asset.name))
        .fact(
            "organisation",
            "资产持有单位",
            Shown::link(ORGANISATIONS, Some(organisation.id.0), organisation.name),
        )
        .fact("on_day", "盘活日期", Shown::Date(movement.on_day))
        .fact("measure", "盘活方式", Shown::choice(movement.measure.choice()))
        .fact("area", "盘活面积（㎡）", Shown::Area(movement.area_cm2))
        .fact("income", "收入（元）", Shown::Money(movement.income_fen))
        .fact("reverses", "冲销的记录", Shown::link(NOUN, reverses, "查看原记录"))
        .fact("reversed", "已被冲销", Shown::Flag(reversed))
        .fact("reporter", "报送人", Shown::text(&movement.reporter))
        .fact("document", "依据材料", Shown::text(&movement.document))
        .fact("note", "备注", Shown::long(&movement.note));
    if movement.kept_by(&cx.actor) {
        view.deeds.push("edit");
    }
    if may_reverse(&cx.actor) && !reversed && !movement.is_reversal() {
        view.deeds.push("reverse");
    }
    view.tabs.push(Tab::Files);
    Ok(view)
}
