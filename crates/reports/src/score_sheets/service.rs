//! How score sheets appear.

use std::fmt::Write as _;

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Outcome, RecordView, Refusal, Result, Secrecy, Service, Shown,
    Tab, Table, WriteCx,
    form::Kind as FieldKind,
    service::{Group, Work, target},
    shown::escape,
    units,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Item, NOUN, ScoreSheetId,
    actions::{self, Entry},
    may_keep, points, store, visible,
};

const COLUMNS: &[Column] =
    &[Column::title("name", "名称", "h.name").sortable().filled(), Column::text("basis", "依据", "h.basis")];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "评分表",
        table: "score_sheet",
        group: Group::Report,
        listed: false,
        icon: "list-details",
        secrecy: Secrecy::Internal,
        about: "报告评查的评分项目、标准和分值，合计 100 分；已经使用的不再修改。",
        list: Table {
            from: "score_sheet h",
            alias: "h",
            title: "h.name",
            number: None,
            columns: COLUMNS,
            order: "name",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("新建评分表", fields, |cx, _, form| Box::pin(create(cx, form))),
            Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form))),
        ],
        creates: may_keep,
        waiting: Vec::new(),
        governed: None,
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, ScoreSheetId(id)).await?),
            None => None,
        };
        let items = match &held {
            Some(sheet) => sheet.items()?,
            None => Vec::new(),
        };
        let rows: Vec<_> = items
            .iter()
            .map(
                |item| json!({ "item": item.item, "standard": item.standard, "points": points(item.tenths) }),
            )
            .collect();
        let columns = vec![
            Field::line("item", "评分项目").max(60).required(),
            Field::line("standard", "评分标准").max(200),
            Field::line("points", "分值").max(6).required(),
        ];
        Ok(vec![
            Field::line("name", "名称").max(80).required().maybe(held.as_ref().map(|sheet| &sheet.name)),
            Field::new("items", "评分项目", FieldKind::Rows(columns))
                .required()
                .value(serde_json::to_string(&rows)?),
            Field::line("basis", "依据").max(200).required().maybe(held.as_ref().map(|sheet| &sheet.basis)),
        ])
    })
}

fn entry(form: &Form) -> Result<Entry> {
    let item = |row: &Form| -> Result<Item> {
        let tenths = units::parse_decimal(&row.text("points"), 10).filter(|tenths| *tenths > 0);
        let sentence = "分值须大于 0，最多一位小数";
        Ok(Item {
            item: row.text("item"),
            standard: row.text("standard"),
            tenths: tenths.ok_or_else(|| Refusal::field("items", sentence))?,
        })
    };
    Ok(Entry {
        name: form.text("name"),
        items: form.rows("items").iter().map(item).collect::<Result<_>>()?,
        basis: form.text("basis"),
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已新建评分表。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ScoreSheetId = target(id)?;
    actions::edit(cx, id, entry(form)?).await?;
    Ok(Outcome::new(NOUN, id, "已保存修改。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let sheet = store::find(cx, ScoreSheetId(id)).await?;
    let mut html = String::from(
        "<div class=\"table-wrap\"><table class=\"data\"><thead><tr><th scope=\"col\">评分项目</th>\
         <th scope=\"col\">评分标准</th><th scope=\"col\" class=\"num\">分值</th></tr></thead><tbody>",
    );
    for item in sheet.items()? {
        html.push_str("<tr><td>");
        escape(&item.item, &mut html);
        html.push_str("</td><td>");
        escape(&item.standard, &mut html);
        let _ = write!(html, "</td><td class=\"num\">{}</td></tr>", points(item.tenths));
    }
    html.push_str("</tbody></table></div>");
    let mut view =
        RecordView::new(&sheet.name, sheet.version).fact("basis", "依据", Shown::text(&sheet.basis));
    view.tabs.push(Tab::Html { key: "items", label: "评分项目", html });
    if may_keep(&cx.actor) {
        view.deeds = vec!["edit"];
    }
    Ok(view)
}
