//! Checklists of focus (监督重点清单): one for each inspected unit, derived from its duties and the rules,
//! completed by the team, confirmed by its head, and worked off on site.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

pub use service::service;
pub use store::{Model as FocusList, Progress, find, of_unit, progress};

use crate::shared;

/// Path segment of the noun.
pub const NOUN: &str = "focus_lists";

kit::id!(
    /// Identity of a checklist.
    ListId
);

labelled! {
    /// Where a checklist stands.
    pub enum State: "清单状态" {
        /// Derived, being completed.
        Drawn = "drawn" => "编制中", Yellow;
        /// Confirmed by the head; worked off on site.
        Confirmed = "confirmed" => "执行中", Blue;
        /// Every point is settled.
        Concluded = "concluded" => "已完成", Green;
    }
}

labelled! {
    /// What can be done to a checklist.
    pub enum Deed: "清单办理" {
        /// Add what the rules give by now.
        Derive = "derive" => "按规则补充", Grey;
        /// Confirm it.
        Confirm = "confirm" => "确认清单", Blue;
        /// Conclude it.
        Conclude = "conclude" => "完成清单", Green;
        /// Work on it again.
        Reopen = "reopen" => "重新打开", Orange;
    }
}

/// Whether `actor` may draw a checklist in `inspection`.
pub fn may_draw(actor: &Actor, inspection: uuid::Uuid) -> bool {
    actor.is_office() || actor.in_team(inspection)
}

impl Lifecycle for FocusList {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Drawn | State::Confirmed, Deed::Derive) => Some(state),
            (State::Drawn, Deed::Confirm) | (State::Concluded, Deed::Reopen) => Some(State::Confirmed),
            (State::Confirmed, Deed::Conclude) => Some(State::Concluded),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Derive => may_draw(actor, self.inspection_id),
            Deed::Confirm | Deed::Conclude | Deed::Reopen => {
                actor.is_office() || actor.is_for(Role::TeamHead, self.inspection_id)
            }
        }
    }

    fn visible(actor: &Actor) -> Pred {
        Pred::any(vec![shared::overseen(actor), shared::own_team(actor)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn departments_and_the_inspected_organisation_see_no_checklist() {
        for &role in Role::ALL {
            let sees = FocusList::visible(&samples::concerned(role)) != Pred::Nothing;
            let inside = role.is_office() || role.is_team() || role == Role::LeadingGroup;
            assert_eq!(sees, inside, "{role:?}");
        }
    }

    #[test]
    fn a_member_completes_a_checklist_and_the_head_confirms_it() {
        let list = store::sample(State::Drawn);
        let (head, member) = (samples::concerned(Role::TeamHead), samples::concerned(Role::TeamMember));
        assert!(list.may(&member, Deed::Derive) && !list.may(&member, Deed::Confirm));
        assert!(list.may(&head, Deed::Confirm));
        assert!(!list.may(&samples::stranger(Role::TeamHead), Deed::Confirm));
    }
}
