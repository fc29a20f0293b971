//! Models of the office's own (自建模型): written on a page in SQL, tested like those of the library, used by everybody
//! once a second person has adopted them. An adopted version never changes; a run names it.

pub mod actions;
mod chosen;
mod service;
mod store;
mod text;

use std::collections::BTreeMap;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

pub use chosen::{Chosen, chosen};
pub(crate) use chosen::{card, compiled, options};
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
