//! How mappings appear.

use std::sync::LazyLock;

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Outcome, RecordView, Result, Secrecy, Service, Shown, Tab, Table,
    WriteCx,
    form::Kind,
    service::{Group, Work, target},
    web::Query,
};
use models::{
    library,
    load::{Mapping, propose},
};
use uuid::Uuid;

use super::{
    NOUN, Recipe, RecipeId, WORKERS,
    actions::{self, may_edit, table_of},
    store, visible,
};
use crate::{
    choices::{DOMAINS, TABLES},
    data_sets::{self, DataSetId},
    said,
};
use kit::grid::Grid;

static COLUMNS: LazyLock<[Column; 5]> = LazyLock::new(|| {
    [
        Column::title("name", "名称", "r.name").sortable().filled(),
        Column::choice("domain", "领域", "r.domain", &DOMAINS),
        Column::choice("table_name", "数据表", "r.domain || '/' || r.table_name", &TABLES),
        Column::text("by_name", "保存人", "r.by_name"),
        Column::date("made_on", "保存日期", "r.made_on").filled(),
    ]
});

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "字段对应",
        table: "data_recipe",
        group: Group::Models,
        listed: false,
        icon: "columns-3",
        secrecy: Secrecy::Internal,
        about: "数据的哪一列对应模型的哪个字段，起个名字保存下来，下次同样的数据直接选用。",
        list: Table {
            from: "data_recipe r",
            alias: "r",
            title: "r.name",
            number: None,
            columns: &*COLUMNS,
            order: "name",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("保存字段对应", fields, |cx, _, form| Box::pin(create(cx, form)))
                .filled(|cx, query| Box::pin(fill(cx, query)))
                .next("运行模型时可以选用。"),
            Offer::on("edit", "修改", fields, |cx, id, form| Box::pin(edit(cx, id, form)))
                .next("以后的运行按新的对应；已经登记的运行不变。"),
        ],
        creates: |actor| actor.is_any(&WORKERS),
        waiting: Vec::new(),
        governed: None,
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(store::find(cx, RecipeId(id)).await?),
            None => None,
        };
        let held = held.as_ref();
        let table = held.map(|held| format!("{}/{}", held.domain, held.table_name));
        let lines = held.map(Recipe::mapping).transpose()?.map(|mapping| lines(&mapping));
        Ok(vec![
            Field::line("name", "名称").max(60).required().maybe(held.map(|held| &held.name)),
            Field::new("table", "数据表", Kind::Options(tables()?)).required().maybe(table),
            Field::text("mapping", "对应")
                .max(20_000)
                .required()
                .maybe(lines)
                .help("每行一个“字段=列名”；字段写英文名或中文名，没有对应的留空。"),
            Field::line("note", "适用于")
                .max(200)
                .maybe(held.map(|held| &held.note))
                .help("如“市公共资源交易平台导出表”。"),
        ])
    })
}

fn tables() -> Result<Vec<(String, String)>> {
    let library = library::built_in().map_err(said)?;
    let mut options = Vec::new();
    for domain in library.domains() {
        for (name, table) in &domain.tables {
            options.push((format!("{}/{name}", domain.code), format!("{}：{}", domain.label, table.label)));
        }
    }
    Ok(options)
}

fn lines(mapping: &Mapping) -> String {
    let line = |(field, column): (&String, &String)| format!("{field}={column}");
    mapping.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// All fields of the table, with the columns of the data that look like them.
async fn fill(cx: &Cx, query: &Query) -> Result<Vec<(&'static str, String)>> {
    let Some((domain, name, table)) = query.get("table").map(table_of).transpose()? else {
        return Ok(Vec::new());
    };
    let mut filled = vec![("table", format!("{domain}/{name}"))];
    if let Some(id) = query.get("set").and_then(|id| Uuid::parse_str(id).ok()) {
        let set = data_sets::find(cx, DataSetId(id)).await?;
        let headings: Vec<String> =
            data_sets::columns(cx, &set).await?.kept.into_iter().map(|kept| kept.name).collect();
        let proposed = propose(table, &headings);
        let line = |field: &String| format!("{field}={}", proposed.get(field).map_or("", String::as_str));
        filled.push(("mapping", table.fields.keys().map(line).collect::<Vec<_>>().join("\n")));
        filled.push(("note", set.file_name));
    }
    Ok(filled)
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let id = actions::create(cx, form).await?;
    Ok(Outcome::new(NOUN, id, "已保存。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: RecipeId = target(id)?;
    actions::edit(cx, id, form).await?;
    Ok(Outcome::new(NOUN, id, "已修改。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let recipe = store::find(cx, RecipeId(id)).await?;
    let code = format!("{}/{}", recipe.domain, recipe.table_name);
    let (_, _, table) = table_of(&code)?;
    let mapping = recipe.mapping()?;
    let rows: Vec<Vec<Shown>> = table
        .fields
        .iter()
        .map(|(name, field)| {
            let column = mapping.get(name).map_or("", String::as_str);
            vec![
                Shown::text(&field.label),
                Shown::text(name),
                Shown::text(field.kind.label()),
                Shown::text(column),
            ]
        })
        .collect();
    let mut view = RecordView::new(&recipe.name, recipe.version)
        .fact("domain", "领域", Shown::text(crate::data_sets::domain_label(&recipe.domain)))
        .fact("table", "数据表", Shown::text(&table.label))
        .fact("grain", "一行是什么", Shown::text(&table.grain))
        .fact("note", "适用于", Shown::text(&recipe.note))
        .fact("by_name", "保存人", Shown::text(&recipe.by_name))
        .fact("made_on", "保存日期", Shown::Date(recipe.made_on));
    let html = Grid::of(&["字段", "名称", "类型", "列"], &rows);
    view.tabs.push(Tab::Html { key: "mapping", label: "对应", html });
    if may_edit(cx, &recipe) {
        view.deeds = vec!["edit"];
    }
    Ok(view)
}
