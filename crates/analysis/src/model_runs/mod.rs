//! Runs of models: which model in which version with which parameters on which data, by whom, and what came of it.
//! A run is made by a job over data sets that are kept, or entered from the result that `xuncha models run … --json`
//! prints beside data that stay with the team.

pub mod actions;
mod service;
mod store;
mod told;

use kit::shown::escape;
use kit::{Actor, Lifecycle, Pred, Role, labelled, numbers::Series};
use models::{
    library,
    recipe::{Card, Recipe},
};

use crate::doubts::reach;

pub(crate) use told::{guidance, name_of, over};

pub use service::service;
pub use store::Model as ModelRun;
pub use store::{ActiveModel, Column, Entity, find};

/// Path segment of the noun.
pub const NOUN: &str = "model_runs";
/// Numbers of runs: `MX-2023-0007`.
pub const SERIES: Series = Series { prefix: "MX", table: "model_run" };
/// Doubts that one run may raise; more of them nobody verifies.
pub const MOST_HITS: usize = 500;

kit::id!(
    /// Identity of a run.
    ModelRunId
);

labelled! {
    /// Where a run stands.
    pub enum State: "运行状态" {
        /// Entered; its doubts are being verified.
        Recorded = "recorded" => "有效", Green;
        /// Declared void.
        Void = "void" => "已作废", Grey;
    }
}

labelled! {
    /// What can be done to a run.
    pub enum Deed: "运行办理" {
        /// Declare it void.
        Void = "void" => "作废", Red;
    }
}

impl Lifecycle for ModelRun {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Recorded, Deed::Void) => Some(State::Void),
            (State::Void, Deed::Void) => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        actor.is(Role::OfficeDirector) || actor.is_for(Role::TeamHead, self.inspection_id)
    }

    fn visible(actor: &Actor) -> Pred {
        reach(actor)
    }
}

fn recipe(model: &str) -> Option<&'static Recipe> {
    library::built_in().ok()?.recipe(model)
}

/// The Chinese name of a column of the model's result; its own where a model has none for it.
pub(crate) fn column_label(model: &str, name: &str) -> String {
    let label = recipe(model).and_then(|recipe| library::built_in().ok()?.column_label(recipe, name));
    label.unwrap_or(name).to_owned()
}

fn of_library(model: &str) -> String {
    recipe(model).map_or_else(
        || String::from("<p class=\"panel-body\">模型库中已没有这个模型。</p>"),
        |recipe| written(&recipe.card),
    )
}

/// What is written of a model.
pub(crate) fn written(card: &Card) -> String {
    let mut html = String::from("<dl class=\"facts\">");
    for (label, text) in [
        ("找什么", card.means.as_str()),
        ("依据", &card.basis),
        ("分量", card.nature.label()),
        ("可能的误报", &card.false_positives),
        ("怎样核实", &card.verify),
    ] {
        html.push_str("<div class=\"wide\"><dt>");
        html.push_str(label);
        html.push_str("</dt><dd>");
        escape(text, &mut html);
        html.push_str("</dd></div>");
    }
    html.push_str("</dl>");
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_of_the_library_has_guidance_and_names_its_columns() {
        for recipe in library::built_in().unwrap().recipes() {
            assert!(of_library(&recipe.id).contains("怎样核实"), "{}", recipe.id);
        }
        assert_eq!(column_label("same-ip", "bidders"), "投标人数");
        assert_eq!(column_label("a-model-of-the-office", "bidders"), "bidders");
    }
}
