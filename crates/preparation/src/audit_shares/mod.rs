//! What inspection and audit share (共享事项) in a linkage: audit reports and findings to the team, the
//! situation of the inspection to the audit; each signed for by the other side.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

pub use service::service;
pub use store::{Model as AuditShare, find};

use crate::shared;

/// Path segment of the noun.
pub const NOUN: &str = "audit_shares";

kit::id!(
    /// Identity of a shared thing.
    ShareId
);

labelled! {
    /// Which way it goes.
    pub enum Direction: "方向" {
        /// From the audit to the inspection.
        ToInspection = "to_inspection" => "审计提供给巡察", Grey;
        /// From the inspection to the audit.
        ToAudit = "to_audit" => "巡察提供给审计", Grey;
    }
}

labelled! {
    /// What it is.
    pub enum Kind: "共享类别" {
        /// A report.
        AuditReport = "audit_report" => "审计报告", Grey;
        /// A finding that is not in a report yet.
        AuditFinding = "audit_finding" => "审计发现", Grey;
        /// The situation of the inspection.
        Situation = "situation" => "巡察情况", Grey;
        /// Data.
        Data = "data" => "数据", Grey;
        /// Material, asked for once for both.
        Material = "material" => "资料", Grey;
        /// Where rectification of one is watched by the other.
        Rectification = "rectification" => "整改情况", Grey;
    }
}

labelled! {
    /// Whether the other side has signed for it.
    pub enum State: "签收状态" {
        /// Not yet.
        Given = "given" => "待签收", Yellow;
        /// It has.
        Received = "received" => "已签收", Green;
    }
}

labelled! {
    /// What can be done to it.
    pub enum Deed: "共享办理" {
        /// Sign for it.
        Receive = "receive" => "签收", Blue;
    }
}

impl AuditShare {
    /// Whether `actor` is of the side that receives it.
    pub fn is_receiver(&self, actor: &Actor) -> bool {
        match self.direction {
            Direction::ToAudit => actor.is_at(Role::Audit, self.audit_body_id.0),
            Direction::ToInspection => {
                actor.is_office() || self.inspection_id.is_some_and(|id| actor.in_team(id))
            }
        }
    }
}

impl Lifecycle for AuditShare {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Given, Deed::Receive) => Some(State::Received),
            (State::Received, Deed::Receive) => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        self.is_receiver(actor)
    }

    fn visible(actor: &Actor) -> Pred {
        Pred::any(vec![
            shared::overseen(actor),
            shared::own_team(actor),
            actor.own_organisations(Role::Audit, "audit_body_id"),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use planning::samples;

    #[test]
    fn the_side_that_gives_does_not_sign() {
        let mut share = store::sample(State::Given);
        let (member, audit) = (samples::concerned(Role::TeamMember), samples::concerned(Role::Audit));
        share.direction = Direction::ToInspection;
        assert!(share.may(&member, Deed::Receive) && !share.may(&audit, Deed::Receive));
        share.direction = Direction::ToAudit;
        assert!(!share.may(&member, Deed::Receive) && share.may(&audit, Deed::Receive));
    }
}
