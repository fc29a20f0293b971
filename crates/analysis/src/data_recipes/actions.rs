//! Saving and changing mappings.

use kit::{Cx, Done, Form, Refusal, Result, WriteCx};
use models::{library, load::Mapping, recipe};

use super::{NOUN, Recipe, RecipeId, WORKERS, store};
use crate::said;

/// Domain, name and table of `domain/table`.
pub(super) fn table_of(code: &str) -> Result<(&str, &str, &'static recipe::Table)> {
    let library = library::built_in().map_err(said)?;
    let found = code
        .split_once('/')
        .and_then(|(domain, name)| Some((domain, name, library.domain(domain)?.tables.get(name)?)));
    found.ok_or_else(|| Refusal::field("table", "没有这张数据表").into())
}

fn read(table: &recipe::Table, text: &str) -> Result<Mapping> {
    let mut mapping = Mapping::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let wrong = || Refusal::field("mapping", format!("“{line}”应写成 字段=列名，字段须是这张表的字段"));
        let (field, column) = line.split_once(['=', '＝']).ok_or_else(wrong)?;
        let (field, column) = (field.trim(), column.trim());
        let name = table.fields.iter().find(|(name, held)| name.as_str() == field || held.label == field);
        let (name, _) = name.ok_or_else(wrong)?;
        if !column.is_empty() {
            mapping.insert(name.clone(), column.to_owned());
        }
    }
    if mapping.is_empty() {
        return Err(Refusal::field("mapping", "至少要有一个字段有对应的列").into());
    }
    Ok(mapping)
}

async fn made(cx: &WriteCx, form: &Form, but: Option<RecipeId>) -> Result<(String, String, String)> {
    let code = form.text("table");
    let (domain, name, table) = table_of(&code)?;
    if store::taken(cx, &form.text("name"), but).await? {
        return Err(Refusal::field("name", "已有同名的字段对应，请换个名称或修改原来的").into());
    }
    let mapping = read(table, &form.text("mapping"))?;
    Ok((domain.to_owned(), name.to_owned(), serde_json::to_string(&mapping)?))
}

/// Saves a mapping.
pub async fn create(cx: &mut WriteCx, form: &Form) -> Result<RecipeId> {
    if !cx.actor.is_any(&WORKERS) {
        return Err(Refusal::forbidden("保存字段对应").into());
    }
    let (domain, table_name, mapping) = made(cx, form, None).await?;
    let id = RecipeId(cx.new_id());
    let recipe = Recipe {
        id,
        version: 1,
        name: form.text("name"),
        domain,
        table_name,
        mapping,
        note: form.text("note"),
        account_id: cx.actor.account,
        by_name: cx.actor.name.clone(),
        made_on: cx.today(),
    };
    cx.index(NOUN, id, format!("{} {}", recipe.name, recipe.note));
    cx.insert(recipe).await?;
    cx.done(Done::new(NOUN, id, "create", "保存字段对应"));
    Ok(id)
}

/// Whoever saved a mapping, and the office.
pub(super) fn may_edit(cx: &Cx, recipe: &Recipe) -> bool {
    cx.actor.is_office() || (recipe.account_id.is_some() && recipe.account_id == cx.actor.account)
}

/// Changes a mapping.
pub async fn edit(cx: &mut WriteCx, id: RecipeId, form: &Form) -> Result<()> {
    let before = store::find(cx, id).await?;
    if !may_edit(cx, &before) {
        return Err(Refusal::forbidden("修改别人保存的字段对应").into());
    }
    let (domain, table_name, mapping) = made(cx, form, Some(id)).await?;
    let (name, note) = (form.text("name"), form.text("note"));
    cx.index(NOUN, id, format!("{name} {note}"));
    let changes =
        cx.update(&before, Recipe { name, domain, table_name, mapping, note, ..before.clone() }).await?;
    cx.done(Done::new(NOUN, id, "edit", "修改").changes(changes));
    Ok(())
}
