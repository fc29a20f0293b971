//! How schemes appear: list, page with items and grades, form.

use kit::{
    Column, Cx, Deed as DeedOf, Field, Form, Labelled as _, Lifecycle as _, Outcome, Pred, RecordView,
    Refusal, Result, Secrecy, Service, Shown, Tab, Table, WriteCx,
    form::Kind,
    service::{Group, Work, no_fields, target},
};
use uuid::Uuid;

use super::{
    ItemKind, NOUN, Scheme, SchemeId, State,
    actions::{self, Entry, GradeEntry, ItemEntry},
    governed, kind_label, parse_points, points, store,
};
use crate::{evaluations, html::Grid};

const COLUMNS: &[Column] = &[
    Column::title("name", "方案名称", "s.name").sortable().filled(),
    Column::choice("state", "方案状态", "s.state", State::CHOICES),
    Column::text("basis", "依据", "s.basis"),
    Column::text("note", "说明", "s.note").hidden(),
    Column::text("code", "代码", "s.code").hidden(),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "评估方案",
        table: "eval_scheme",
        group: Group::Rectify,
        listed: false,
        icon: "scale",
        secrecy: Secrecy::Internal,
        about: "整改评估的项目、分值和等次都是数据：随程序带来七种已知做法，资料没有载明的分值由巡察办补全后启用。",
        list: Table {
            from: "eval_scheme s",
            alias: "s",
            title: "s.name",
            number: None,
            columns: COLUMNS,
            order: "name",
        },
        visible: Scheme::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            DeedOf::create("制定评估方案", fields, |cx, _, form| Box::pin(create(cx, form))),
            DeedOf::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form)))
                .next("已有评估使用的方案不能修改，以前的得分才说得清。"),
            DeedOf::on("enforce", "启用", no_fields, |cx, id, _| Box::pin(enforce(cx, id)))
                .primary()
                .next("系统核对分值合计和等次；缺分值的不能启用。"),
            DeedOf::on("retire", "停用", no_fields, |cx, id, _| Box::pin(retire(cx, id))),
        ],
        creates: kit::Actor::is_office,
        waiting: Vec::new(),
        governed: Some(governed()),
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let (mut held, mut items, mut grades) = (None, String::new(), String::new());
        if let Some(id) = id {
            let scheme = store::find(cx, SchemeId(id)).await?;
            items = items_json(&store::items_of(cx, scheme.id).await?);
            grades = grades_json(&store::grades_of(cx, scheme.id).await?);
            held = Some(scheme);
        }
        let held = held.as_ref();
        let rows = vec![
            Field::line("aspect", "方面").max(60),
            Field::line("label", "项目").max(200).required(),
            Field::choice::<ItemKind>("kind", "计分方式").required(),
            Field::line("points", "分值").max(8),
            Field::line("note", "扣分口径").max(400),
        ];
        let grade_rows = vec![
            Field::line("label", "等次").max(40).required(),
            Field::line("least", "最低分").max(8),
            Field::line("consequence", "结果运用").max(200),
            Field::flag("look_back", "开展“回头看”"),
        ];
        Ok(vec![
            Field::line("name", "方案名称").max(120).required().maybe(held.map(|s| &s.name)),
            Field::text("basis", "依据").max(2_000).required().maybe(held.map(|s| &s.basis)),
            Field::line("points", "总分")
                .max(8)
                .required()
                .value(held.map_or_else(|| String::from("100"), |s| points(s.points_tenths))),
            Field::text("note", "说明").max(2_000).maybe(held.map(|s| &s.note)),
            Field::new("items", "评估项目", Kind::Rows(rows))
                .required()
                .value(items)
                .help("扣分项分值合计等于总分；否决项不填分值。"),
            Field::new("grades", "等次", Kind::Rows(grade_rows))
                .required()
                .value(grades)
                .help("从高到低，最低一档从 0 分起。"),
        ])
    })
}

fn items_json(items: &[store::Item]) -> String {
    let rows: Vec<serde_json::Value> = items
        .iter()
        .map(|item| {
            serde_json::json!({
                "aspect": item.aspect, "label": item.label, "kind": item.kind.code(),
                "points": item.points_tenths.map(points).unwrap_or_default(), "note": item.note,
            })
        })
        .collect();
    serde_json::Value::from(rows).to_string()
}

fn grades_json(grades: &[store::Grade]) -> String {
    let rows: Vec<serde_json::Value> = grades
        .iter()
        .map(|grade| {
            serde_json::json!({
                "label": grade.label, "least": grade.least_tenths.map(points).unwrap_or_default(),
                "consequence": grade.consequence, "look_back": if grade.look_back { "1" } else { "" },
            })
        })
        .collect();
    serde_json::Value::from(rows).to_string()
}

/// Points typed in a field; empty is not decided.
fn typed_points(field: &str, text: &str) -> Result<Option<i64>> {
    if text.is_empty() {
        return Ok(None);
    }
    match parse_points(text) {
        Some(tenths) if (0..=100_000).contains(&tenths) => Ok(Some(tenths)),
        _ => Err(Refusal::field(field, "分值应是数字，最多一位小数").into()),
    }
}

fn entry(form: &Form) -> Result<Entry> {
    let mut items = Vec::new();
    for row in form.rows("items") {
        items.push(ItemEntry {
            aspect: row.text("aspect"),
            label: row.text("label"),
            kind: row.need_choice("kind")?,
            points_tenths: typed_points("items", &row.text("points"))?,
            note: row.text("note"),
        });
    }
    let mut grades = Vec::new();
    for row in form.rows("grades") {
        grades.push(GradeEntry {
            label: row.text("label"),
            least_tenths: typed_points("grades", &row.text("least"))?,
            consequence: row.text("consequence"),
            look_back: row.flag("look_back"),
        });
    }
    Ok(Entry {
        name: form.text("name"),
        basis: form.text("basis"),
        points_tenths: typed_points("points", &form.text("points"))?.unwrap_or(0),
        note: form.text("note"),
        items,
        grades,
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "方案已制定，核对后启用。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: SchemeId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn enforce(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: SchemeId = target(id)?;
    actions::enforce(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "方案已启用。"))
}

async fn retire(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: SchemeId = target(id)?;
    actions::retire(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "方案已停用。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let scheme = store::find(cx, SchemeId(id)).await?;
    let mut items = Grid::new(&["方面", "项目", "计分方式", "分值", "扣分口径"]);
    for item in store::items_of(cx, scheme.id).await? {
        items.row(&[
            Shown::text(item.aspect),
            Shown::long(item.label),
            Shown::text(kind_label(item.kind)),
            Shown::text(item.points_tenths.map_or_else(|| String::from("待定"), points)),
            Shown::long(item.note),
        ]);
    }
    let mut grades = Grid::new(&["等次", "最低分", "结果运用", "回头看"]);
    for grade in store::grades_of(cx, scheme.id).await? {
        grades.row(&[
            Shown::text(grade.label),
            Shown::text(grade.least_tenths.map_or_else(|| String::from("待定"), points)),
            Shown::long(grade.consequence),
            Shown::Flag(grade.look_back),
        ]);
    }
    let mut view = RecordView::new(&scheme.name, scheme.version)
        .fact("points", "总分", Shown::text(points(scheme.points_tenths)))
        .fact("basis", "依据", Shown::long(&scheme.basis))
        .fact("note", "说明", Shown::long(&scheme.note));
    view.state = Some(scheme.state.choice());
    view.deeds = scheme.open_deeds(&cx.actor);
    view.tabs.push(Tab::Html { key: "items", label: "评估项目", html: items.finish() });
    view.tabs.push(Tab::Html { key: "grades", label: "等次", html: grades.finish() });
    Ok(view.related("used", "采用本方案的评估", evaluations::NOUN, Pred::is("scheme_id", id), None))
}
