//! Immediate rectification (立行立改): what is plainly wrong and quickly put right is put right during the
//! inspection, on a notice with a short clock. The result goes into the report and is counted by
//! itself; it does not replace the rectification after the feedback.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled, numbers::Series};
use uuid::Uuid;

pub use service::service;
pub use store::Model as ImmediateAction;
pub use store::{ActiveModel, Column, Entity, find};

/// Path segment of the noun.
pub const NOUN: &str = "immediate_actions";
/// Numbers of notices: `LX-2023-0007`.
pub const SERIES: Series = Series { prefix: "LX", table: "immediate_action" };
/// Policy that says when the unit reports.
pub const CLOCK: &str = "immediate_rectification";
/// Policy that says who approves: 1 the head of the team, 2 the leading group.
pub const LEVEL: &str = "immediate_approval";

kit::id!(
    /// Identity of a notice.
    ImmediateActionId
);

labelled! {
    /// What is asked of the unit.
    pub enum Kind: "类别" {
        /// Put it right at once.
        Rectify = "rectify" => "立行（立即整改）", Grey;
        /// Deal with the people or the matter at once.
        Dispose = "dispose" => "立处（立即处理）", Grey;
    }
}

labelled! {
    /// Who approves a notice.
    pub enum Level: "批准" {
        /// The head of the team.
        Head = "head" => "巡察组组长", Grey;
        /// The leading group.
        Group = "group" => "领导小组", Grey;
    }
}

labelled! {
    /// Where a notice stands.
    pub enum State: "立行立改状态" {
        /// Waits for approval.
        Drafted = "drafted" => "待批准", Yellow;
        /// Not approved as it is.
        Returned = "returned" => "退回修改", Orange;
        /// With the unit; its clock runs.
        Issued = "issued" => "整改中", Blue;
        /// The unit has reported.
        Reported = "reported" => "已报告，待确认", Orange;
        /// The team has confirmed that it is done.
        Confirmed = "confirmed" => "已确认完成", Green;
        /// Taken back.
        Withdrawn = "withdrawn" => "已撤回", Grey;
    }
}

labelled! {
    /// What can be done to a notice.
    pub enum Deed: "立行立改办理" {
        /// Change it before it is approved.
        Edit = "edit" => "修改", Grey;
        /// Approve it; it goes to the unit at once.
        Approve = "approve" => "批准并下达", Green;
        /// Send it back to be changed.
        Reject = "reject" => "退回修改", Orange;
        /// The unit reports.
        Report = "report" => "报告结果", Blue;
        /// The team confirms.
        Confirm = "confirm" => "确认完成", Green;
        /// The team finds it not done.
        Return = "return" => "未完成，退回", Orange;
        /// Take it back.
        Withdraw = "withdraw" => "撤回", Red;
    }
}

impl Level {
    /// The level a policy's amount stands for.
    pub fn of(amount: i64) -> Self {
        if amount <= 1 { Self::Head } else { Self::Group }
    }
}

/// Whether `actor` may propose notices in `inspection`.
pub fn may_create(actor: &Actor, inspection: Uuid) -> bool {
    actor.in_team(inspection)
}

impl ImmediateAction {
    fn is_prepared_by(&self, actor: &Actor) -> bool {
        self.prepared_by.is_some() && self.prepared_by == actor.account
    }

    fn approves(&self, actor: &Actor) -> bool {
        let holds = match self.level {
            Level::Head => actor.is_for(Role::TeamHead, self.inspection_id),
            Level::Group => actor.is(Role::LeadingGroup),
        };
        holds && !self.is_prepared_by(actor)
    }
}

impl Lifecycle for ImmediateAction {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Drafted | State::Returned, Deed::Edit) => Some(State::Drafted),
            (State::Drafted, Deed::Approve) | (State::Reported, Deed::Return) => Some(State::Issued),
            (State::Drafted, Deed::Reject) => Some(State::Returned),
            (State::Issued, Deed::Report) => Some(State::Reported),
            (State::Reported, Deed::Confirm) => Some(State::Confirmed),
            (State::Drafted | State::Returned | State::Issued, Deed::Withdraw) => Some(State::Withdrawn),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        let team = actor.in_team(self.inspection_id);
        match deed {
            Deed::Edit | Deed::Withdraw => team,
            Deed::Approve | Deed::Reject => self.approves(actor),
            Deed::Report => actor.is_at(Role::OrganisationLiaison, self.organisation_id.0),
            Deed::Confirm | Deed::Return => {
                team && (self.reported_by.is_none() || self.reported_by != actor.account)
            }
        }
    }

    fn visible(actor: &Actor) -> Pred {
        let issued = || Pred::Present("issued_on");
        actor.reach([
            (Role::CommitteeLeader, issued()),
            (Role::LeadingGroup, Pred::All),
            (Role::OfficeDirector, Pred::All),
            (Role::OfficeLiaison, Pred::All),
            (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
            (Role::TeamMember, actor.own_inspections(Role::TeamMember)),
            (
                Role::OrganisationLiaison,
                actor.own_organisations(Role::OrganisationLiaison, "organisation_id").and(issued()),
            ),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn who_proposed_a_notice_does_not_approve_it_and_the_policy_decides_who_may() {
        let (head, group) = (samples::concerned(Role::TeamHead), samples::concerned(Role::LeadingGroup));
        let mut notice = store::sample(State::Drafted);
        assert!(notice.may(&head, Deed::Approve) && !notice.may(&group, Deed::Approve));
        notice.level = Level::of(2);
        assert!(!notice.may(&head, Deed::Approve) && notice.may(&group, Deed::Approve));
        notice.prepared_by = group.account;
        assert!(!notice.may(&group, Deed::Approve));
    }

    #[test]
    fn the_unit_learns_of_a_notice_when_it_is_issued_and_reports_it() {
        let unit = samples::concerned(Role::OrganisationLiaison);
        for &state in State::ALL {
            let notice = store::sample(state);
            assert_eq!(
                ImmediateAction::visible(&unit).holds(&notice),
                notice.issued_on.is_some(),
                "{state:?}"
            );
        }
        let notice = store::sample(State::Issued);
        let open: Vec<Deed> = Deed::ALL.iter().copied().filter(|&deed| notice.may(&unit, deed)).collect();
        assert_eq!(open, [Deed::Report]);
    }

    #[test]
    fn a_notice_is_confirmed_only_out_of_a_report() {
        for &state in State::ALL {
            let confirmed = ImmediateAction::transition(state, Deed::Confirm).is_some();
            assert_eq!(confirmed, state == State::Reported, "{state:?}");
        }
    }
}
