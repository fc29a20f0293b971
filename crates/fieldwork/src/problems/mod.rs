//! Problems (问题): found by a team, fed back to the unit, put right, closed by somebody else than who
//! asked for it, and reopened when the closing did not hold.

pub mod actions;
mod days;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

pub use service::service;
pub(crate) use service::{draft_fields, entry as entry_of};
pub use store::Model as Problem;
pub use store::{ActiveModel, Column, Entity, find, found_of_unit};

use kit::numbers::Series;

/// Path segment of the noun.
pub const NOUN: &str = "problems";
/// Numbers of problems: `WT-2023-0007`.
pub const SERIES: Series = Series { prefix: "WT", table: "problem" };

kit::id!(
    /// Identity of a problem.
    ProblemId
);

labelled! {
    /// Where a problem stands (domain.md 6.4).
    pub enum State: "问题状态" {
        /// Found by the team, not yet said to the unit.
        Found = "found" => "已发现", Grey;
        /// Fed back to the unit; the rectification clock runs.
        FedBack = "fed_back" => "已反馈", Yellow;
        /// The unit puts it right.
        Rectifying = "rectifying" => "整改中", Blue;
        /// The unit asks to close it.
        Submitted = "submitted" => "已提请销号", Orange;
        /// Needs long work; tracked on.
        LongTerm = "long_term" => "长期整改", Blue;
        /// Closed after review.
        Closed = "closed" => "已销号", Green;
        /// Taken back before feedback.
        Withdrawn = "withdrawn" => "已撤销", Grey;
    }
}

labelled! {
    /// What can be done to a problem.
    pub enum Deed: "问题办理" {
        /// Correct what is written.
        Edit = "edit" => "修改", Grey;
        /// Take it back before feedback.
        Withdraw = "withdraw" => "撤销", Red;
        /// Say it to the unit.
        FeedBack = "feed_back" => "反馈", Blue;
        /// Start putting it right.
        Begin = "begin" => "启动整改", Blue;
        /// Ask to close it.
        Submit = "submit" => "提请销号", Blue;
        /// Close it.
        Close = "close" => "销号", Green;
        /// Refuse to close it.
        Return = "return" => "审核退回", Orange;
        /// Turn it into long-term work.
        MakeLongTerm = "make_long_term" => "转长期整改", Blue;
        /// Take the closing back.
        Reopen = "reopen" => "重开", Red;
    }
}

labelled! {
    /// What a problem rests on.
    pub enum Origin: "形成方式" {
        /// Signed working drafts.
        Draft = "draft" => "底稿形成", Green;
        /// Nothing but the register: an old ledger, an import, an entry of the office.
        Direct = "direct" => "直接登记（无底稿）", Grey;
    }
}

impl Problem {
    /// Whether the unit may know of it.
    pub fn is_fed_back(&self) -> bool {
        self.fed_back_on.is_some()
    }

    /// Whether `actor` is the person who asked for the closing.
    pub fn submitted_by(&self, actor: &Actor) -> bool {
        self.submitted_by.is_some() && self.submitted_by == actor.account
    }
}

/// Whether `actor` may read a problem in the words of those who found it. The unit that puts it right, and whoever helps
/// it, reads the words of the feedback (domain.md 3.1): they need not say who talked or wrote.
pub fn reads_findings(actor: &Actor) -> bool {
    let told = [Role::OrganisationLiaison, Role::FunctionalDepartment];
    actor.program || actor.posts.iter().any(|post| !told.contains(&post.role))
}

/// Whether `actor` may enter problems without a draft: the office, for old ledgers. A team makes problems of
/// its approved drafts.
pub fn may_create(actor: &Actor) -> bool {
    actor.is_office()
}

impl Lifecycle for Problem {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Withdrawn, _) => None,
            (state, Deed::Edit) => Some(state),
            (State::Found, Deed::Withdraw) => Some(State::Withdrawn),
            (State::Found, Deed::FeedBack) => Some(State::FedBack),
            (State::FedBack, Deed::Begin)
            | (State::Submitted, Deed::Return)
            | (State::Closed | State::LongTerm, Deed::Reopen) => Some(State::Rectifying),
            (State::Rectifying | State::LongTerm, Deed::Submit) => Some(State::Submitted),
            (State::Rectifying | State::Submitted, Deed::MakeLongTerm) => Some(State::LongTerm),
            (State::Submitted, Deed::Close) => Some(State::Closed),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        let unit = actor.is_at(Role::OrganisationLiaison, self.organisation_id.0);
        match deed {
            Deed::Edit => actor.is_office() || (!self.is_fed_back() && actor.in_team(self.inspection_id)),
            Deed::Withdraw => actor.is_office() || actor.is_for(Role::TeamHead, self.inspection_id),
            Deed::FeedBack | Deed::MakeLongTerm | Deed::Reopen => actor.is_office(),
            // The office knows from an old ledger that the unit has begun; only the unit says that it is done.
            Deed::Begin => unit || actor.is_office(),
            Deed::Submit => unit,
            Deed::Close | Deed::Return => actor.is_office() && !self.submitted_by(actor),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        let fed_back = || Pred::Present("fed_back_on");
        actor.reach([
            (Role::CommitteeLeader, fed_back()),
            (Role::LeadingGroup, Pred::All),
            (Role::OfficeDirector, Pred::All),
            (Role::OfficeLiaison, Pred::All),
            (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
            (Role::TeamMember, actor.own_inspections(Role::TeamMember)),
            (
                Role::OrganisationLiaison,
                actor.own_organisations(Role::OrganisationLiaison, "organisation_id").and(fed_back()),
            ),
            (Role::Discipline, fed_back()),
            (Role::OrganisationDepartment, fed_back()),
            (Role::Audit, Pred::is("audit_linked", true).and(fed_back())),
            (Role::FunctionalDepartment, actor.own_problems("id").and(fed_back())),
            (Role::DistrictOffice, actor.own_inspections(Role::DistrictOffice).and(fed_back())),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;
    use proptest::prelude::*;

    #[test]
    fn nothing_can_be_done_to_a_withdrawn_problem() {
        assert!(Deed::ALL.iter().all(|&deed| Problem::transition(State::Withdrawn, deed).is_none()));
    }

    #[test]
    fn a_problem_is_closed_only_out_of_a_submission() {
        for &state in State::ALL {
            assert_eq!(Problem::transition(state, Deed::Close).is_some(), state == State::Submitted);
        }
    }

    #[test]
    fn who_submitted_cannot_close_even_with_a_post_in_the_office() {
        let mut problem = store::sample(State::Submitted);
        let office = samples::concerned(Role::OfficeDirector);
        assert!(problem.may(&office, Deed::Close));
        problem.submitted_by = office.account;
        assert!(!problem.may(&office, Deed::Close));
        assert!(!problem.may(&office, Deed::Return));
    }

    #[test]
    fn the_office_registers_that_a_unit_has_begun_but_never_that_it_is_done() {
        for role in [Role::OfficeDirector, Role::OfficeLiaison] {
            let office = samples::concerned(role);
            assert!(store::sample(State::FedBack).may(&office, Deed::Begin), "{role:?}");
            assert!(!store::sample(State::Rectifying).may(&office, Deed::Submit), "{role:?}");
        }
        let team = samples::concerned(Role::TeamHead);
        assert!(!store::sample(State::FedBack).may(&team, Deed::Begin));
    }

    #[test]
    fn a_unit_does_not_see_what_was_not_fed_back_to_it() {
        let unit = samples::concerned(Role::OrganisationLiaison);
        let sees = |state| Problem::visible(&unit).holds(&store::sample(state));
        assert!(!sees(State::Found) && !sees(State::Withdrawn));
        assert!(sees(State::FedBack) && sees(State::Closed));
    }

    #[test]
    fn a_department_sees_the_problems_it_helps_with_once_they_were_fed_back() {
        let mut department = samples::concerned(Role::FunctionalDepartment);
        department.posts[0].problems = vec![store::sample(State::FedBack).id.0];
        let own = Problem::visible(&department);
        assert!(own.holds(&store::sample(State::FedBack)) && !own.holds(&store::sample(State::Found)));
    }

    #[test]
    fn administrators_and_departments_without_part_see_no_problem_at_all() {
        for role in [
            Role::SystemAdministrator,
            Role::SecurityAdministrator,
            Role::SecurityAuditor,
            Role::FunctionalDepartment,
        ] {
            assert_eq!(Problem::visible(&samples::concerned(role)), Pred::Nothing, "{role:?}");
        }
    }

    #[test]
    fn a_district_sees_what_was_fed_back_from_inspections_of_its_own_and_nothing_else() {
        let own = Problem::visible(&samples::concerned(Role::DistrictOffice));
        assert!(own.holds(&store::sample(State::FedBack)) && own.holds(&store::sample(State::Closed)));
        assert!(!own.holds(&store::sample(State::Found)));
        let other = Problem::visible(&samples::stranger(Role::DistrictOffice));
        assert!(!other.holds(&store::sample(State::FedBack)));
    }

    proptest! {
        #[test]
        fn no_sequence_of_deeds_comes_back_to_before_the_feedback(
            deeds in proptest::collection::vec(0..Deed::ALL.len(), 1..40),
        ) {
            let (mut state, mut fed_back) = (State::Found, false);
            for at in deeds {
                if let Some(next) = Problem::transition(state, Deed::ALL[at]) {
                    fed_back |= Deed::ALL[at] == Deed::FeedBack;
                    state = next;
                }
                prop_assert_eq!(fed_back, !matches!(state, State::Found | State::Withdrawn));
            }
        }
    }
}
