//! Models of the office's own (自建模型): written on a page in SQL, tested like those of the library, used by everybody
//! once a second person has adopted them. An adopted version never changes; a run names it.

pub mod actions;
mod service;
mod store;
mod text;

use std::{collections::BTreeMap, sync::Arc};

use kit::{Actor, Cx, Lifecycle, Pred, Refusal, Result, Role, labelled};
use models::{
    library,
    recipe::{Card, Recipe, Tables},
};

use crate::{data_sets, said};

pub use service::service;
pub use store::Model as OfficeModel;
pub use store::{ActiveModel, Column, Entity, find};

/// Path segment of the noun.
pub const NOUN: &str = "office_models";
/// Before the code of a model of the office's own, where models of the library stand too.
pub const OWN: &str = "own-";

kit::id!(
    /// Identity of a model of the office's own.
    OfficeModelId
);

labelled! {
    /// Where a model stands.
    pub enum State: "模型状态" {
        /// Being written.
        Draft = "draft" => "编写中", Yellow;
        /// Adopted; the text may be ahead of what is adopted.
        InUse = "in_use" => "在用", Green;
        /// No longer offered.
        Retired = "retired" => "停用", Grey;
    }
}

labelled! {
    /// What can be done to a model.
    pub enum Deed: "模型办理" {
        /// Write.
        Edit = "edit" => "修改", Blue;
        /// Run its test data.
        Test = "test" => "检验", Blue;
        /// Let everybody use it.
        Adopt = "adopt" => "启用", Green;
        /// Offer it no longer.
        Retire = "retire" => "停用", Red;
        /// Take it up again.
        Resume = "resume" => "重新编写", Blue;
    }
}

const WORKERS: [Role; 4] = [Role::OfficeDirector, Role::OfficeLiaison, Role::TeamHead, Role::TeamMember];

impl Lifecycle for OfficeModel {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Draft | State::InUse, Deed::Edit | Deed::Test) => Some(state),
            (State::Draft | State::InUse, Deed::Adopt) => Some(State::InUse),
            (State::InUse | State::Draft, Deed::Retire) => Some(State::Retired),
            (State::Retired, Deed::Resume) => Some(State::Draft),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        let director = actor.is(Role::OfficeDirector);
        match deed {
            // Nobody lets everybody use what he wrote alone.
            Deed::Adopt => director && (self.owner_id.is_none() || self.owner_id != actor.account),
            Deed::Retire | Deed::Resume => director,
            Deed::Edit | Deed::Test => {
                director || (self.owner_id.is_some() && self.owner_id == actor.account)
            }
        }
    }

    fn visible(actor: &Actor) -> Pred {
        if actor.is_any(&WORKERS) { Pred::All } else { Pred::Nothing }
    }
}

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

/// The csv texts of test data, by table.
pub(crate) type Fixtures = BTreeMap<String, String>;

#[cfg(test)]
mod tests {
    use super::*;
    use planning::samples;

    #[test]
    fn nobody_adopts_a_model_of_his_own_and_only_the_director_adopts() {
        let director = samples::concerned(Role::OfficeDirector);
        let mut model = store::sample(State::Draft);
        assert!(model.may(&director, Deed::Adopt));
        model.owner_id = director.account;
        assert!(!model.may(&director, Deed::Adopt));
        assert!(!model.may(&samples::concerned(Role::TeamHead), Deed::Adopt));
    }

    #[test]
    fn the_inspected_side_sees_no_model() {
        assert_eq!(OfficeModel::visible(&samples::concerned(Role::OrganisationLiaison)), Pred::Nothing);
    }
}
