//! Consultations of office and team (会商), half-way and at any other time of the process: an agenda put
//! together from what is open, the record, and the points raised, each with an owner and a due day.

pub mod actions;
mod agenda;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled, numbers::Series};
use uuid::Uuid;

pub use service::service;
pub use store::Model as Consultation;
pub use store::{ActiveModel, Column, Entity, find};

use crate::drafts;

/// Path segment of the noun.
pub const NOUN: &str = "consultations";
/// Numbers of consultations: `HS-2023-0007`.
pub const SERIES: Series = Series { prefix: "HS", table: "consultation" };

kit::id!(
    /// Identity of a consultation.
    ConsultationId
);

labelled! {
    /// What is consulted on.
    pub enum Kind: "会商类型" {
        /// Half-way through the work on site.
        MidTerm = "mid_term" => "中期会商", Grey;
        /// A matter of its own.
        Topic = "topic" => "专题会商", Grey;
        /// Leads before they are handed over.
        Leads = "leads" => "线索会商", Grey;
        /// The draft report.
        Report = "report" => "报告会商（组办会商）", Grey;
    }
}

labelled! {
    /// Where a consultation stands.
    pub enum State: "会商状态" {
        /// Called.
        Planned = "planned" => "待召开", Yellow;
        /// Held; points are being answered.
        Held = "held" => "已召开，意见落实中", Blue;
        /// Every point is settled.
        Closed = "closed" => "已办结", Green;
        /// Not held.
        Cancelled = "cancelled" => "已取消", Grey;
    }
}

labelled! {
    /// What can be done to a consultation.
    pub enum Deed: "会商办理" {
        /// Change agenda and day.
        Edit = "edit" => "修改", Grey;
        /// Enter that and how it was held.
        Hold = "hold" => "登记会商情况", Blue;
        /// Close it.
        Close = "close" => "办结", Green;
        /// Do without it.
        Cancel = "cancel" => "取消", Red;
    }
}

/// Whether `actor` may call a consultation of `inspection`.
pub fn may_create(actor: &Actor, inspection: Uuid) -> bool {
    actor.is_office() || actor.is_for(Role::TeamHead, inspection)
}

impl Lifecycle for Consultation {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Planned | State::Held, Deed::Edit) => Some(state),
            (State::Planned, Deed::Hold) => Some(State::Held),
            (State::Held, Deed::Close) => Some(State::Closed),
            (State::Planned, Deed::Cancel) => Some(State::Cancelled),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        may_create(actor, self.inspection_id)
    }

    /// Office and team; the leading group reads (domain.md 7.1, D18).
    fn visible(actor: &Actor) -> Pred {
        drafts::scope(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn the_inspected_side_learns_of_no_consultation() {
        for role in [Role::OrganisationLiaison, Role::Discipline, Role::Audit, Role::DistrictOffice] {
            assert_eq!(Consultation::visible(&samples::concerned(role)), Pred::Nothing, "{role:?}");
        }
    }

    #[test]
    fn a_consultation_is_closed_only_after_it_was_held() {
        for &state in State::ALL {
            let closes = Consultation::transition(state, Deed::Close).is_some();
            assert_eq!(closes, state == State::Held, "{state:?}");
        }
    }
}
