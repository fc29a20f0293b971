//! Leads (问题线索) on suspected breaches of discipline or law. Who is concerned and what is reflected
//! are encrypted at rest; the number tells nothing; the inspected organisation never learns of any.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Cx, Lifecycle, Pred, Result, Role, labelled};
use uuid::Uuid;

pub use service::service;
pub use store::Model as Lead;
pub use store::{ActiveModel, Column, Entity, find};

use crate::handing;

/// Path segment of the noun.
pub const NOUN: &str = "leads";

kit::id!(
    /// Identity of a lead; random, so that nothing can be learnt from it.
    LeadId
);

labelled! {
    /// Where a lead stands; after the transfer the transfer's own state goes on.
    pub enum State: "线索状态" {
        /// Written, waiting for approval.
        Drafted = "drafted" => "待审批", Yellow;
        /// Sent back to be completed.
        Returned = "returned" => "退回修改", Orange;
        /// Early transfer: the head of the team has signed.
        Signed = "signed" => "待巡察办审核", Yellow;
        /// Early transfer: the office has reviewed it.
        Reviewed = "reviewed" => "待领导小组批准", Yellow;
        /// The transfer is approved.
        Approved = "approved" => "待移交", Blue;
        /// Handed over.
        Transferred = "transferred" => "已移交", Green;
        /// Taken back before the transfer.
        Withdrawn = "withdrawn" => "已撤回", Grey;
    }
}

labelled! {
    /// What can be done to a lead.
    pub enum Deed: "线索办理" {
        /// Correct or complete it.
        Edit = "edit" => "修改", Grey;
        /// Early transfer: sign as head of the team.
        Sign = "sign" => "组长签批", Blue;
        /// Early transfer: review as office.
        Review = "review" => "巡察办审核", Blue;
        /// Approve the transfer.
        Approve = "approve" => "批准移交", Green;
        /// Send it back to be completed.
        Return = "return" => "退回修改", Orange;
        /// Hand it over.
        Transfer = "transfer" => "移交", Blue;
        /// Hand it over again, completed.
        Resend = "resend" => "补充后重新移交", Blue;
        /// Take it back.
        Withdraw = "withdraw" => "撤回", Red;
    }
}

labelled! {
    /// When a lead is handed over.
    pub enum Timing: "移交时机" {
        /// While the inspection is under way (边巡边移).
        Early = "early" => "巡察期间（边巡边移）", Orange;
        /// After the report.
        AfterReport = "after_report" => "报告后", Grey;
    }
}

labelled! {
    /// What could happen if a lead waited.
    pub enum Risk: "主要风险" {
        /// Somebody flees.
        Escape = "escape" => "外逃", Red;
        /// Evidence is destroyed or moved.
        Evidence = "evidence" => "毁灭、转移证据", Red;
        /// Statements are agreed upon.
        Collusion = "collusion" => "串供、订立攻守同盟", Orange;
        /// Property is moved.
        Assets = "assets" => "转移财产", Orange;
        /// The offence goes on.
        Ongoing = "ongoing" => "仍在继续违纪违法", Orange;
    }
}

/// What a lead keeps sealed, in plain text.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret {
    /// Who is concerned.
    pub person: String,
    /// That person's post and rank.
    pub post: String,
    /// What is reflected.
    pub content: String,
    /// Why it cannot wait for the report; empty unless handed over early.
    pub urgency: String,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Secret(..)")
    }
}

/// Encrypts `text` for `field` of the lead `id`; it opens nowhere else.
///
/// # Errors
/// A fault when the operating system gives no randomness.
pub fn seal(cx: &Cx, id: LeadId, field: &str, text: &str) -> Result<String> {
    cx.app().seal().seal(&format!("lead/{id}/{field}"), text)
}

fn open(cx: &Cx, id: LeadId, field: &str, sealed: &str) -> Result<String> {
    cx.app().seal().open(&format!("lead/{id}/{field}"), sealed)
}

impl Lead {
    /// Opens what is sealed. The caller records the reading.
    fn secret(&self, cx: &Cx) -> Result<Secret> {
        Ok(Secret {
            person: open(cx, self.id, "person", &self.person_sealed)?,
            post: open(cx, self.id, "post", &self.post_sealed)?,
            content: open(cx, self.id, "content", &self.content_sealed)?,
            urgency: open(cx, self.id, "urgency", &self.urgency_sealed)?,
        })
    }

    fn is_early(&self) -> bool {
        self.timing == Timing::Early
    }

    /// Whether `actor` is the person who wrote what is to be approved.
    fn prepared_by(&self, actor: &Actor) -> bool {
        self.prepared_by.is_some() && self.prepared_by == actor.account
    }
}

/// Whether `actor` may enter leads of `inspection`.
pub fn may_create(actor: &Actor, inspection: Uuid) -> bool {
    actor.is(Role::OfficeDirector) || actor.in_team(inspection)
}

impl Lifecycle for Lead {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Drafted | State::Returned, Deed::Edit) => Some(State::Drafted),
            (State::Drafted, Deed::Sign) => Some(State::Signed),
            (State::Signed, Deed::Review) => Some(State::Reviewed),
            (State::Drafted | State::Reviewed, Deed::Approve) => Some(State::Approved),
            (State::Drafted | State::Signed | State::Reviewed | State::Approved, Deed::Return) => {
                Some(State::Returned)
            }
            (State::Approved, Deed::Transfer) | (State::Transferred, Deed::Resend) => {
                Some(State::Transferred)
            }
            (
                State::Drafted | State::Returned | State::Signed | State::Reviewed | State::Approved,
                Deed::Withdraw,
            ) => Some(State::Withdrawn),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Edit | Deed::Withdraw => may_create(actor, self.inspection_id),
            Deed::Sign => self.is_early() && actor.is_for(Role::TeamHead, self.inspection_id),
            Deed::Review => self.is_early() && actor.is(Role::OfficeDirector) && !self.prepared_by(actor),
            // An early transfer reaches the leading group only by way of head and office.
            Deed::Approve => {
                actor.is(Role::LeadingGroup)
                    && !self.prepared_by(actor)
                    && (!self.is_early() || self.state == State::Reviewed)
            }
            Deed::Return => {
                let office = self.state == State::Signed && actor.is(Role::OfficeDirector);
                (actor.is(Role::LeadingGroup) || office) && !self.prepared_by(actor)
            }
            Deed::Transfer | Deed::Resend => actor.is(Role::OfficeDirector),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        actor.reach([
            (Role::CommitteeLeader, Pred::Present("transferred_on")),
            (Role::LeadingGroup, Pred::All),
            (Role::OfficeDirector, Pred::All),
            (Role::OfficeLiaison, Pred::All),
            (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
            (Role::TeamMember, actor.own_inspections(Role::TeamMember)),
            (Role::Discipline, handing::received(actor, Role::Discipline)),
            (Role::OrganisationDepartment, handing::received(actor, Role::OrganisationDepartment)),
            (Role::Audit, handing::received(actor, Role::Audit)),
            (Role::FunctionalDepartment, handing::received(actor, Role::FunctionalDepartment)),
            (Role::DistrictOffice, handing::received(actor, Role::DistrictOffice)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn an_inspected_organisation_sees_no_lead_in_any_state() {
        let unit = samples::concerned(Role::OrganisationLiaison);
        assert_eq!(Lead::visible(&unit), Pred::Nothing);
    }

    #[test]
    fn a_recipient_sees_a_lead_only_once_it_was_handed_over() {
        let discipline = samples::concerned(Role::Discipline);
        for &state in State::ALL {
            let sees = Lead::visible(&discipline).holds(&store::sample(state));
            assert_eq!(sees, state == State::Transferred, "{state:?}");
        }
        assert!(
            !Lead::visible(&samples::stranger(Role::Discipline)).holds(&store::sample(State::Transferred))
        );
    }

    #[test]
    fn nobody_approves_what_he_wrote_himself() {
        let mut lead = store::sample(State::Drafted);
        let member = samples::concerned(Role::LeadingGroup);
        assert!(lead.may(&member, Deed::Approve));
        lead.prepared_by = member.account;
        assert!(!lead.may(&member, Deed::Approve));
    }

    #[test]
    fn a_lead_leaves_only_with_approval() {
        for &state in State::ALL {
            assert_eq!(Lead::transition(state, Deed::Transfer).is_some(), state == State::Approved);
        }
    }

    #[test]
    fn what_is_sealed_is_not_printed_by_accident() {
        let secret = Secret { person: String::from("某某"), ..Secret::default() };
        assert!(!format!("{secret:?}").contains("某某"));
    }
}
