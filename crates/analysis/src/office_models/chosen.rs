//! Models by their id, whether of the library or of the office's own.

use std::sync::Arc;

use kit::{Cx, Refusal, Result};
use models::{
    library,
    recipe::{Card, Recipe, Tables},
};

use super::{OWN, store};
use crate::{data_sets, said};

/// A model with the tables it asks of.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The model.
    pub recipe: Recipe,
    /// The tables of its domain.
    pub tables: Tables,
}

/// The model with this id: of the library, or the adopted version of one of the office's own.
///
/// # Errors
/// A sentence at the field `model` when there is none.
pub async fn chosen(cx: &Cx, model: &str) -> Result<Chosen> {
    let library = library::built_in().map_err(said)?;
    if let Some(code) = model.strip_prefix(OWN) {
        let adopted = store::adopted(cx, code).await?;
        let adopted = adopted.ok_or_else(|| Refusal::field("model", "这个自建模型还没有启用或者已经停用"))?;
        return compiled(code, &adopted.domain, &adopted.card, &adopted.query);
    }
    let recipe = library.recipe(model).filter(|recipe| recipe.id == model);
    let recipe = recipe.ok_or_else(|| Refusal::field("model", "模型库里没有这个模型"))?;
    Ok(Chosen { recipe: recipe.clone(), tables: library.tables(recipe).map_err(said)?.clone() })
}

/// A written model, checked against the tables of its domain.
pub(crate) fn compiled(code: &str, domain: &str, card: &str, query: &str) -> Result<Chosen> {
    let library = library::built_in().map_err(said)?;
    let tables = &library.domain(domain).ok_or_else(|| Refusal::field("domain", "没有这个领域"))?.tables;
    let card: Card = serde_json::from_str(card)?;
    let recipe = Recipe::written(&format!("{OWN}{code}"), domain, card, query, tables)
        .map_err(|error| data_sets::actions::at_field("query", error))?;
    Ok(Chosen { recipe, tables: tables.clone() })
}

/// All models that can be run, by id, with their names.
pub(crate) async fn options(cx: &Cx) -> Result<Vec<(String, String)>> {
    let library = library::built_in().map_err(said)?;
    let mut options: Vec<(String, String)> = store::all_adopted(cx)
        .await?
        .into_iter()
        .map(|adopted| (format!("{OWN}{}", adopted.code), format!("自建：{}", adopted.name)))
        .collect();
    for recipe in library.recipes() {
        let label = data_sets::domain_label(&recipe.domain);
        options.push((recipe.id.clone(), format!("{label} {} {}", recipe.card.code, recipe.card.name)));
    }
    Ok(options)
}

/// What is written of models of the office's own, by id; of those of the library nothing needs to be asked.
pub(crate) async fn card(cx: &Cx, model: &str) -> Result<Option<Arc<Card>>> {
    let Some(code) = model.strip_prefix(OWN) else { return Ok(None) };
    let Some(adopted) = store::newest(cx, code).await? else { return Ok(None) };
    Ok(Some(Arc::new(serde_json::from_str(&adopted.card)?)))
}
