//! How evaluations appear: list, page with every item, forms.

use kit::{
    Column, Cx, Deed as DeedOf, Field, Form, Labelled as _, Lifecycle as _, Outcome, Pred, RecordView,
    Refusal, Result, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    service::{Group, Waiting, Work, no_fields, target},
};
use uuid::Uuid;

use super::{
    Evaluation, EvaluationId, NOUN, State, actions, governed,
    store::{self, Score},
};
use crate::{
    common::about,
    html::{Grid, paragraph},
    polls, schemes,
    subjects::{self, INSPECTIONS, ORGANISATIONS, UNITS},
};

const COLUMNS: &[Column] = &[
    Column::number("number", "编号", "e.number").opens(),
    Column::reference("organisation", "被巡察单位", "e.organisation_id", "o.name", ORGANISATIONS),
    Column::reference("inspection", "巡察", "e.inspection_id", "i.name", INSPECTIONS).hidden(),
    Column::reference("scheme", "评估方案", "e.scheme_id", "s.name", schemes::NOUN),
    Column::date("evaluated_on", "评估日期", "e.evaluated_on"),
    Column::choice("state", "评估状态", "e.state", State::CHOICES),
    Column::text("grade", "等次", "e.grade"),
    Column::flag("look_back", "开展“回头看”", "e.look_back"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "整改评估",
        table: "rect_evaluation",
        group: Group::Rectify,
        listed: true,
        icon: "scale",
        secrecy: Secrecy::Internal,
        about: "集中整改结束后按方案逐项评分，每一分写明理由，评分人不能自己审定；结果抄送纪检、组织部门。",
        list: Table {
            from: "rect_evaluation e join organisation o on o.id = e.organisation_id join inspection i on i.id = e.inspection_id \
                   join eval_scheme s on s.id = e.scheme_id",
            alias: "e",
            title: "o.name",
            number: Some("e.number"),
            columns: COLUMNS,
            order: "-number",
        },
        visible: Evaluation::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            DeedOf::create("开始评估", new_fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("建立后逐项评分，再由另一人审定。"),
            DeedOf::on("score", "评分", score_fields, |cx, id, form| Box::pin(score(cx, id, form)))
                .next("没有列出的项目视为不扣分；提交后替换以前的评分。"),
            DeedOf::on("confirm", "审定", no_fields, |cx, id, _| Box::pin(confirm(cx, id)))
                .primary()
                .next("总分和等次随即固定，单位和纪检、组织部门收到提醒。"),
            kit::files::attach_deed(),
        ],
        creates: kit::Actor::is_office,
        waiting: vec![Waiting {
            label: "待审定的整改评估",
            condition: |actor, _| {
                if actor.is_office() { Pred::is("state", State::Draft) } else { Pred::Nothing }
            },
            due: None,
        }],
        governed: Some(governed()),
    }
}

fn new_fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::pick("unit", "被巡察单位", UNITS).required(),
            Field::pick("scheme", "评估方案", schemes::NOUN)
                .required()
                .help("须已启用；到“评估方案”中补全分值后启用。"),
            Field::date("evaluated_on", "评估日期").required().value(cx.today()),
        ])
    })
}

fn score_fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let (mut options, mut rows, mut opinion) = (Vec::new(), String::new(), String::new());
        if let Some(id) = id {
            let held = store::find(cx, EvaluationId(id)).await?;
            for item in schemes::items_of(cx, held.scheme_id).await? {
                let most = item.points_tenths.map(schemes::points).unwrap_or_default();
                let label = format!("{}（{}{most}）", item.label, schemes::kind_label(item.kind));
                options.push((item.id.to_string(), label));
            }
            rows = rows_json(&store::scores_of(cx, held.id).await?);
            opinion = held.opinion;
        }
        let columns = vec![
            Field::new("item", "项目", Kind::Options(options)).required(),
            Field::line("points", "扣分或加减分").max(8).required(),
            Field::line("reason", "理由").max(1_000).required(),
        ];
        Ok(vec![
            Field::new("scores", "评分", Kind::Rows(columns))
                .value(rows)
                .help("只列有扣分、加分、减分或适用否决的项目。"),
            Field::text("opinion", "总体评价").max(4_000).value(opinion),
        ])
    })
}

fn rows_json(scores: &[Score]) -> String {
    let rows: Vec<serde_json::Value> = scores
        .iter()
        .map(|score| {
            serde_json::json!({
                "item": score.item_id, "points": schemes::points(score.tenths), "reason": score.reason,
            })
        })
        .collect();
    serde_json::Value::from(rows).to_string()
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let (unit, scheme) = (form.need_id("unit")?, form.need_id("scheme")?);
    let id = actions::create(cx, unit, scheme, form.need_date("evaluated_on")?).await?;
    Ok(Outcome::new(NOUN, id, "已建立评估，请逐项评分。"))
}

async fn score(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: EvaluationId = target(id)?;
    let mut scores = Vec::new();
    for row in form.rows("scores") {
        let tenths =
            schemes::parse_points(&row.text("points")).filter(|tenths| (0..=100_000).contains(tenths));
        let item = row.text("item").parse().ok();
        let (Some(item_id), Some(tenths)) = (item, tenths) else {
            return Err(Refusal::field("scores", "请选择项目并填写数字，最多一位小数").into());
        };
        scores.push(Score { item_id, tenths, reason: row.text("reason") });
    }
    actions::score(cx, id, scores, form.text("opinion")).await?;
    Ok(Outcome::new(NOUN, id, "评分已保存。"))
}

async fn confirm(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: EvaluationId = target(id)?;
    actions::confirm(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "评估已审定。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let held = store::find(cx, EvaluationId(id)).await?;
    let unit = subjects::unit(cx, held.unit_id).await?;
    let scheme = subjects::text_of(cx, "eval_scheme", "name", held.scheme_id.0).await?;
    let see = kit::service::can_see(cx, schemes::NOUN, held.scheme_id.0).await?;
    let named =
        if see { Shown::link(schemes::NOUN, Some(held.scheme_id.0), scheme) } else { Shown::text(scheme) };
    let mut view = about(RecordView::new(format!("{}整改评估", unit.organisation_name), held.version), &unit)
        .fact("scheme", "评估方案", named)
        .fact("evaluated_on", "评估日期", Shown::Date(held.evaluated_on))
        .fact("total", "总分", Shown::text(held.total_tenths.map(schemes::points).unwrap_or_default()))
        .fact("grade", "等次", Shown::text(&held.grade))
        .fact("look_back", "开展“回头看”", Shown::Flag(held.look_back))
        .fact("confirmed_on", "审定日期", Shown::date(held.confirmed_on))
        .fact("opinion", "总体评价", Shown::long(&held.opinion));
    view.number.clone_from(&held.number);
    view.state = Some(held.state.choice());
    view.deeds = held.open_deeds(&cx.actor);
    view.tabs.push(Tab::Html { key: "scores", label: "逐项评分", html: scores_html(cx, &held).await? });
    if polls::visible(&cx.actor) != Pred::Nothing {
        let create = cx.actor.is_office().then(|| format!("unit={}", held.unit_id));
        view = view.related("polls", "满意度测评", polls::NOUN, Pred::is("unit_id", held.unit_id), create);
    }
    view.tabs.push(Tab::Files);
    Ok(view)
}

async fn scores_html(cx: &Cx, held: &Evaluation) -> Result<String> {
    let items = schemes::items_of(cx, held.scheme_id).await?;
    let scores = store::scores_of(cx, held.id).await?;
    let marks: Vec<schemes::Mark> =
        scores.iter().map(|score| schemes::Mark { item: score.item_id, tenths: score.tenths }).collect();
    let mut grid = Grid::new(&["方面", "项目", "计分方式", "分值", "扣分或加减分", "理由"]);
    for item in &items {
        let own: Vec<&Score> = scores.iter().filter(|score| score.item_id == item.id).collect();
        let sum: i64 = own.iter().map(|score| score.tenths).sum();
        let reasons: Vec<&str> = own.iter().map(|score| score.reason.as_str()).collect();
        grid.row(&[
            Shown::text(&item.aspect),
            Shown::long(&item.label),
            Shown::text(schemes::kind_label(item.kind)),
            Shown::text(item.points_tenths.map(schemes::points).unwrap_or_default()),
            Shown::text(if own.is_empty() { String::new() } else { schemes::points(sum) }),
            Shown::long(reasons.join("；")),
        ]);
    }
    let words = format!("按现有评分合计 {} 分。", schemes::points(schemes::total(&items, &marks)));
    Ok(paragraph(&words) + &grid.finish())
}
