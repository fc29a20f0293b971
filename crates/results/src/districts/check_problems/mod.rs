//! Problems found by special checks: the district rectifies and submits, the office closes or returns,
//! and never the person who submitted.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

use super::{may_keep, own};
use crate::shared::{is_another, whole};

pub use service::service;
pub use store::Model as DistrictCheckProblem;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "district_check_problems";

kit::id!(
    /// Identity of a problem of a check.
    DistrictCheckProblemId
);

labelled! {
    /// Where a problem of a check stands.
    pub enum State: "整改状态" {
        /// Recorded; with the district once it was fed back.
        Found = "found" => "待整改", Grey;
        /// The district works on it.
        Rectifying = "rectifying" => "整改中", Blue;
        /// The district says it is done.
        Submitted = "submitted" => "待审核", Yellow;
        /// Not enough yet.
        Returned = "returned" => "退回整改", Red;
        /// Done.
        Closed = "closed" => "已销号", Green;
    }
}

labelled! {
    /// What can be done to a problem of a check.
    pub enum Deed: "办理事项" {
        /// Change what is recorded.
        Edit = "edit" => "修改", Grey;
        /// Say how it will be rectified.
        Start = "start" => "填报整改措施", Grey;
        /// Say that it is rectified.
        Submit = "submit" => "提交整改结果", Grey;
        /// Ask for more.
        Return = "return" => "退回", Grey;
        /// Accept.
        Close = "close" => "销号", Grey;
    }
}

labelled! {
    /// What part of the inspection work a problem concerns (domain.md 9.5).
    pub enum Aspect: "问题类别" {
        /// Meetings and decisions of the leading group.
        LeadingGroup = "leading_group" => "领导小组履职", Grey;
        /// Quality of reports and drafts.
        Reports = "reports" => "报告和底稿质量", Grey;
        /// Leads.
        Leads = "leads" => "线索移交", Grey;
        /// Rectification and use of results.
        UseOfResults = "use_of_results" => "整改和成果运用", Grey;
        /// Institutions.
        Institutions = "institutions" => "制度建设", Grey;
        /// Staff and teams.
        Staff = "staff" => "队伍建设", Grey;
        /// Anything else.
        Other = "other" => "其他", Grey;
    }
}

impl Lifecycle for DistrictCheckProblem {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Found, Deed::Edit) => Some(State::Found),
            (State::Found, Deed::Start) => Some(State::Rectifying),
            (State::Rectifying | State::Returned, Deed::Submit) => Some(State::Submitted),
            (State::Submitted, Deed::Return) => Some(State::Returned),
            (State::Submitted, Deed::Close) => Some(State::Closed),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        let district = actor.program || actor.is_at(Role::DistrictOffice, self.district_id.0);
        match deed {
            Deed::Edit => may_keep(actor) && self.fed_back_on.is_none(),
            Deed::Start | Deed::Submit => district && self.fed_back_on.is_some(),
            Deed::Return | Deed::Close => may_keep(actor) && is_another(self.submitted_by, actor),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        Pred::any(vec![whole(actor), own(actor).and(Pred::Present("fed_back_on"))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{concerned, stranger};

    #[test]
    fn the_district_works_on_its_own_problems_and_closes_none() {
        let (own, other) = (concerned(Role::DistrictOffice), stranger(Role::DistrictOffice));
        let found = store::sample(State::Found);
        assert!(found.may(&own, Deed::Start));
        assert!(!found.may(&other, Deed::Start));
        assert!(!store::sample(State::Submitted).may(&own, Deed::Close));
    }

    #[test]
    fn whoever_submitted_does_not_close_though_he_works_in_the_office() {
        let office = concerned(Role::OfficeLiaison);
        let mut problem = store::sample(State::Submitted);
        assert!(problem.may(&office, Deed::Close));
        problem.submitted_by = office.account;
        assert!(!problem.may(&office, Deed::Close));
    }

    #[test]
    fn a_problem_is_unknown_to_its_district_before_the_feedback() {
        let own = concerned(Role::DistrictOffice);
        let mut problem = store::sample(State::Found);
        assert!(DistrictCheckProblem::visible(&own).holds(&problem));
        problem.fed_back_on = None;
        assert!(!DistrictCheckProblem::visible(&own).holds(&problem));
        assert!(!problem.may(&own, Deed::Start));
    }
}
