//! What is told of models elsewhere: name, meaning, how to verify; whether of the library or of the office's own.

use kit::{Cx, Result};
use uuid::Uuid;

use super::{of_library, recipe, store, written};
use crate::{data_sets::DataSetId, office_models};

/// The Chinese name of a model; its code when nobody has it any longer.
pub(crate) async fn name_of(cx: &Cx, model: &str) -> Result<String> {
    if let Some(card) = office_models::card(cx, model).await? {
        return Ok(card.name.clone());
    }
    Ok(recipe(model).map_or_else(|| model.to_owned(), |recipe| recipe.card.name.clone()))
}

/// The runs over a data set.
pub(crate) async fn over(cx: &Cx, set: DataSetId) -> Result<Vec<Uuid>> {
    store::over(cx, set).await
}

/// What the model means and how its doubts are verified, as a piece of page.
pub(crate) async fn guidance(cx: &Cx, model: &str) -> Result<String> {
    if let Some(card) = office_models::card(cx, model).await? {
        return Ok(written(&card));
    }
    Ok(of_library(model))
}
