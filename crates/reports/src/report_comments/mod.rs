//! Comments on sentences of a report (会商意见): who sees to it until when, how it could be worded, what was answered and
//! what changed because of it.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

use crate::{
    reports::{Report, may_write},
    rights,
};

pub use service::service;
pub use store::Model as ReportComment;
pub use store::{ActiveModel, Column, Entity, Words, counts, find, of_report, open_of};

/// Path segment of the noun.
pub const NOUN: &str = "report_comments";

kit::id!(
    /// Identity of a comment.
    ReportCommentId
);

labelled! {
    /// Where a comment stands.
    pub enum State: "会商意见状态" {
        /// The team works on it.
        Open = "open" => "待处理", Yellow;
        /// The team says what it did.
        Answered = "answered" => "已答复，待确认", Orange;
        /// Who raised it, or the office, has accepted that.
        Settled = "settled" => "已办结", Green;
    }
}

labelled! {
    /// What can be done to a comment.
    pub enum Deed: "会商意见办理" {
        /// Change its words, owner or day.
        Edit = "edit" => "修改", Grey;
        /// Put the suggested wording into the report.
        Take = "take" => "采用建议表述", Blue;
        /// Say what was done, or why not.
        Answer = "answer" => "答复", Blue;
        /// Accept it.
        Settle = "settle" => "确认办结", Green;
        /// Find it not enough.
        Reopen = "reopen" => "退回继续处理", Orange;
    }
}

/// Whether `actor` may comment on `report`: the office, the leading group, the team that may see it.
pub fn may_create(actor: &Actor, report: &Report) -> bool {
    let office = if report.restricted { actor.is(Role::OfficeDirector) } else { actor.is_office() };
    office || actor.is(Role::LeadingGroup) || may_write(actor, report.kind, report.inspection_id)
}

impl ReportComment {
    fn raised_by(&self, actor: &Actor) -> bool {
        self.raised_by.is_some() && self.raised_by == actor.account
    }

    /// Whether `actor` may change the report it is about.
    fn writes(&self, actor: &Actor) -> bool {
        if self.restricted {
            actor.is_for(Role::TeamHead, self.inspection_id)
        } else {
            actor.in_team(self.inspection_id)
        }
    }
}

impl Lifecycle for ReportComment {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Open, Deed::Edit) | (State::Answered | State::Settled, Deed::Reopen) => Some(State::Open),
            (State::Open, Deed::Take | Deed::Answer) => Some(State::Answered),
            (State::Answered, Deed::Settle) => Some(State::Settled),
            _ => None,
        }
    }

    /// Who answers does not accept the answer.
    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        let answered = self.answered_by.is_some() && self.answered_by == actor.account;
        match deed {
            Deed::Edit => self.raised_by(actor),
            Deed::Take => self.writes(actor) && !self.suggestion_sealed.is_empty(),
            Deed::Answer => self.writes(actor),
            Deed::Settle | Deed::Reopen => {
                (self.raised_by(actor) || actor.is_office() || actor.is(Role::LeadingGroup)) && !answered
            }
        }
    }

    /// Who works on the report; recipients see none.
    fn visible(actor: &Actor) -> Pred {
        let restricted = actor.reach([
            (Role::LeadingGroup, Pred::All),
            (Role::OfficeDirector, Pred::All),
            (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
        ]);
        Pred::any(vec![
            Pred::is("restricted", false).and(rights::papers(actor)),
            Pred::is("restricted", true).and(restricted),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn the_unit_the_recipients_and_for_the_materials_the_team_members_see_no_comment() {
        for role in
            [Role::OrganisationLiaison, Role::Discipline, Role::OrganisationDepartment, Role::CommitteeLeader]
        {
            assert_eq!(ReportComment::visible(&samples::concerned(role)), Pred::Nothing, "{role:?}");
        }
        let mut comment = store::sample(State::Open);
        comment.restricted = true;
        for role in [Role::TeamMember, Role::OfficeLiaison] {
            assert!(!ReportComment::visible(&samples::concerned(role)).holds(&comment), "{role:?}");
        }
    }

    #[test]
    fn who_answers_does_not_accept_the_answer() {
        let office = samples::concerned(Role::OfficeLiaison);
        let mut comment = store::sample(State::Answered);
        assert!(comment.may(&office, Deed::Settle));
        comment.answered_by = office.account;
        assert!(!comment.may(&office, Deed::Settle) && !comment.may(&office, Deed::Reopen));
    }

    #[test]
    fn a_wording_is_taken_over_only_where_one_is_suggested() {
        let team = samples::concerned(Role::TeamMember);
        let mut comment = store::sample(State::Open);
        assert!(!comment.may(&team, Deed::Take) && comment.may(&team, Deed::Answer));
        comment.suggestion_sealed = String::from("s1:");
        assert!(comment.may(&team, Deed::Take));
        assert!(!comment.may(&samples::stranger(Role::TeamMember), Deed::Take));
        assert_eq!(State::ALL.len(), 3);
    }
}
