//! Reports («1+3», 巡察报告和专题材料) of inspected units: written out of signed drafts, reviewed step by step, delivered
//! to whom the matrix names. Reports and the restricted materials are two nouns on one table: the materials are opened
//! for a reason only, and fewer people know of them. The inspected organisation knows of neither.

pub mod actions;
pub mod actions_review;
pub mod desk;
mod fields;
mod panels;
mod service;
pub mod specimen;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled, numbers::Series};
use uuid::Uuid;

pub use service::{materials, service, works_on};
pub use store::Model as Report;
pub use store::{
    ActiveModel, Column, Decision, Entity, Returned, Version, decisions, find, of_unit, open_return,
    returned, version, versions,
};

use crate::prose::checks::Proven;

/// Path segment of the noun of reports.
pub const NOUN: &str = "reports";
/// Path segment of the noun of restricted materials.
pub const MATERIALS: &str = "materials";
/// Numbers of reports: `BG-2023-0007`.
pub const SERIES: Series = Series { prefix: "BG", table: "report" };
/// Numbers of materials: `ZC-2023-0007`.
pub const MATERIAL_SERIES: Series = Series { prefix: "ZC", table: "report" };

kit::id!(
    /// Identity of a report.
    ReportId
);

labelled! {
    /// What a report is (domain.md M14, 7.1).
    pub enum Kind: "报告类型" {
        /// The main report.
        Main = "main" => "巡察报告", Grey;
        /// On the top leader.
        TopLeader = "top_leader" => "一把手情况反映", Orange;
        /// On how the head of the discipline group does his duty.
        DisciplineHead = "discipline_head" => "纪检组长（纪委书记）履职情况报告", Orange;
        /// On the leadership.
        LeadershipTeam = "leadership_team" => "领导班子情况汇总", Orange;
        /// On one matter.
        Special = "special" => "专题报告", Grey;
        /// On leads.
        Lead = "lead" => "问题线索报告", Orange;
        /// Of a special check, such as that on appointments.
        Check = "check" => "专项检查报告", Grey;
    }
}

impl Kind {
    /// The three materials that go with the main report.
    pub const THREE: [Self; 3] = [Self::TopLeader, Self::DisciplineHead, Self::LeadershipTeam];

    /// Whether it is opened for a reason only, and by few.
    pub fn is_restricted(self) -> bool {
        matches!(self, Self::TopLeader | Self::DisciplineHead | Self::LeadershipTeam | Self::Lead)
    }

    /// Whether there is at most one for an inspected unit.
    pub fn is_single(self) -> bool {
        self == Self::Main || Self::THREE.contains(&self)
    }

    /// Which of its paragraphs must rest on drafts.
    pub fn proven(self) -> Proven {
        if matches!(self, Self::Main | Self::Check) { Proven::Problems } else { Proven::Everything }
    }

    /// The kind of responsibility (dictionary `responsibility_kind`) of the drafts it is made of; all when none.
    pub fn responsibilities(self) -> &'static [&'static str] {
        match self {
            Self::TopLeader => &["first_person", "main_leadership"],
            Self::DisciplineHead => &["supervisory"],
            Self::LeadershipTeam => &["principal", "main_leadership", "important_leadership"],
            _ => &[],
        }
    }
}

labelled! {
    /// Where a report stands.
    pub enum State: "报告状态" {
        /// Being written.
        Draft = "draft" => "起草中", Grey;
        /// On its way through the reviews.
        InReview = "in_review" => "审核中", Yellow;
        /// Sent back by a step.
        Returned = "returned" => "退回修改", Red;
        /// The last step has approved it.
        Approved = "approved" => "已审定", Green;
        /// Delivered to its recipients.
        Delivered = "delivered" => "已报送", Green;
        /// Given up.
        Withdrawn = "withdrawn" => "已撤销", Grey;
    }
}

labelled! {
    /// What can be done to a report.
    pub enum Deed: "报告办理" {
        /// Put the first draft together.
        Assemble = "assemble" => "生成初稿", Blue;
        /// Change its text.
        Write = "write" => "编写", Blue;
        /// Say what a sentence rests on.
        Cite = "cite" => "引用底稿", Blue;
        /// Bring back a Word file.
        Bring = "bring" => "带回 Word 稿", Grey;
        /// Go back to an earlier version.
        Rollback = "rollback" => "恢复历史版本", Orange;
        /// Send it on its way.
        Submit = "submit" => "提交审核", Blue;
        /// Approve it on a step that is not the last.
        Approve = "approve" => "同意，转下一环节", Green;
        /// Approve it on the last step.
        Conclude = "conclude" => "审定", Green;
        /// Send it back with reasons.
        Return = "return" => "退回修改", Orange;
        /// Deliver it.
        Deliver = "deliver" => "报送", Blue;
        /// Give it up.
        Withdraw = "withdraw" => "撤销", Red;
    }
}

labelled! {
    /// Who decides on a step.
    pub enum StepBy: "审核主体" {
        /// Somebody of the team who records what its meeting agreed on.
        Team = "team" => "巡察组（组务会）", Grey;
        /// The head of the team.
        Head = "head" => "巡察组组长", Grey;
        /// The office.
        Office = "office" => "巡察办", Grey;
        /// The director of the office.
        Director = "director" => "巡察办主任", Grey;
        /// The leading group.
        Group = "group" => "领导小组", Grey;
        /// The committee: its secretary's meeting or its standing committee.
        Committee = "committee" => "市委（书记专题会、常委会）", Grey;
    }
}

impl StepBy {
    /// Whether `actor` decides here for `inspection`.
    pub fn is(self, actor: &Actor, inspection: Uuid) -> bool {
        match self {
            Self::Team => actor.in_team(inspection),
            Self::Head => actor.is_for(Role::TeamHead, inspection),
            Self::Office => actor.is_office(),
            Self::Director => actor.is(Role::OfficeDirector),
            Self::Group => actor.is(Role::LeadingGroup),
            Self::Committee => actor.is(Role::CommitteeLeader),
        }
    }

    /// The steps on which somebody with the posts of `actor` decides, without regard to the inspection.
    pub fn of(actor: &Actor) -> Vec<Self> {
        let held = |step: &Self| match step {
            Self::Team => actor.is_any(&[Role::TeamHead, Role::TeamMember]),
            Self::Head => actor.is(Role::TeamHead),
            Self::Office => actor.is_office(),
            Self::Director => actor.is(Role::OfficeDirector),
            Self::Group => actor.is(Role::LeadingGroup),
            Self::Committee => actor.is(Role::CommitteeLeader),
        };
        <Self as kit::Labelled>::ALL.iter().copied().filter(held).collect()
    }
}

impl Report {
    /// Path segment under which it is found.
    pub fn noun(&self) -> &'static str {
        if self.restricted { MATERIALS } else { NOUN }
    }

    /// What it is called where others than its readers look, as in the register of files that left: that a restricted one
    /// is about somebody is restricted too.
    pub fn outside_name(&self) -> &str {
        if self.restricted { &self.number } else { &self.title }
    }

    /// Who receives it, in words.
    pub fn recipients(&self) -> String {
        let named = [
            (self.to_committee, "市委"),
            (self.to_discipline, "纪检监察机关"),
            (self.to_organisation, "组织部门"),
        ];
        let words: Vec<&str> = named.into_iter().filter(|(named, _)| *named).map(|(_, word)| word).collect();
        words.join("、")
    }

    /// Whether `actor` has submitted it or decided on it in this pass: nobody does both, and nobody twice.
    pub fn acted(&self, actor: &Actor) -> bool {
        actor.account.is_some_and(|account| self.acted.split(',').any(|one| one == account.to_string()))
    }

    /// Whether `actor` decides on the step it is at.
    fn is_asked(&self, actor: &Actor) -> bool {
        self.step_by.is_some_and(|step| step.is(actor, self.inspection_id)) && !self.acted(actor)
    }
}

/// Whether `actor` may write reports of `kind` in `inspection`: the team, and its head alone the restricted ones.
pub fn may_write(actor: &Actor, kind: Kind, inspection: Uuid) -> bool {
    actor.account.is_some()
        && if kind.is_restricted() {
            actor.is_for(Role::TeamHead, inspection)
        } else {
            actor.in_team(inspection)
        }
}

/// Who sees reports that are not restricted (domain.md 3.5).
pub fn open_to(actor: &Actor) -> Pred {
    let received = |column| Pred::Present("approved_on").and(Pred::is(column, true));
    let reach = actor.reach([
        (
            Role::CommitteeLeader,
            Pred::any(vec![received("to_committee"), Pred::is("step_by", StepBy::Committee)]),
        ),
        (Role::LeadingGroup, Pred::All),
        (Role::OfficeDirector, Pred::All),
        (Role::OfficeLiaison, Pred::All),
        (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
        (Role::TeamMember, actor.own_inspections(Role::TeamMember)),
        (Role::Discipline, received("to_discipline")),
        (Role::OrganisationDepartment, received("to_organisation")),
    ]);
    Pred::is("restricted", false).and(reach)
}

/// Who sees the restricted materials (domain.md 3.5): neither the office's officers nor the members of the team.
pub fn restricted_to(actor: &Actor) -> Pred {
    let received = |column| Pred::Present("approved_on").and(Pred::is(column, true));
    let reach = actor.reach([
        (
            Role::CommitteeLeader,
            Pred::any(vec![received("to_committee"), Pred::is("step_by", StepBy::Committee)]),
        ),
        (Role::LeadingGroup, Pred::All),
        (Role::OfficeDirector, Pred::All),
        (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
        (Role::Discipline, received("to_discipline")),
        (Role::OrganisationDepartment, received("to_organisation")),
    ]);
    Pred::is("restricted", true).and(reach)
}

impl Lifecycle for Report {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (
                State::Draft | State::Returned,
                Deed::Assemble | Deed::Write | Deed::Cite | Deed::Bring | Deed::Rollback,
            )
            | (State::InReview, Deed::Approve) => Some(state),
            (State::Draft | State::Returned, Deed::Submit) => Some(State::InReview),
            (State::InReview, Deed::Conclude) => Some(State::Approved),
            (State::InReview, Deed::Return) => Some(State::Returned),
            (State::Approved, Deed::Deliver) => Some(State::Delivered),
            (State::Draft | State::Returned, Deed::Withdraw) => Some(State::Withdrawn),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Approve => self.is_asked(actor) && !self.step_last,
            Deed::Conclude => self.is_asked(actor) && self.step_last,
            Deed::Return => self.is_asked(actor),
            Deed::Deliver => actor.is(Role::OfficeDirector) || (!self.restricted && actor.is_office()),
            Deed::Withdraw => actor.is_for(Role::TeamHead, self.inspection_id),
            _ => may_write(actor, self.kind, self.inspection_id),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        Pred::any(vec![open_to(actor), restricted_to(actor)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;
    use proptest::prelude::*;

    fn sees(role: Role, report: &Report) -> bool {
        Report::visible(&samples::concerned(role)).holds(report)
    }

    #[test]
    fn the_inspected_organisation_and_departments_never_learn_of_any_report_in_any_state() {
        for role in [
            Role::OrganisationLiaison,
            Role::Audit,
            Role::FunctionalDepartment,
            Role::DistrictOffice,
            Role::SystemAdministrator,
            Role::SecurityAdministrator,
            Role::SecurityAuditor,
        ] {
            assert_eq!(Report::visible(&samples::concerned(role)), Pred::Nothing, "{role:?}");
        }
    }

    #[test]
    fn the_materials_are_known_to_fewer_people_than_the_report() {
        for &state in State::ALL {
            let (report, material) = (store::sample(state), store::sample_material(state));
            for role in [Role::OfficeLiaison, Role::TeamMember] {
                assert!(sees(role, &report) && !sees(role, &material), "{role:?} {state:?}");
            }
            for role in [Role::TeamHead, Role::OfficeDirector, Role::LeadingGroup] {
                assert!(sees(role, &report) && sees(role, &material), "{role:?} {state:?}");
            }
        }
    }

    #[test]
    fn recipients_see_a_report_only_when_it_is_approved_and_the_matrix_names_them() {
        for &state in State::ALL {
            let mut report = store::sample_material(state);
            let done = matches!(state, State::Approved | State::Delivered);
            for role in [Role::CommitteeLeader, Role::Discipline, Role::OrganisationDepartment] {
                assert_eq!(sees(role, &report), done, "{role:?} {state:?}");
            }
            report.to_organisation = false;
            assert!(!sees(Role::OrganisationDepartment, &report));
        }
    }

    #[test]
    fn nobody_decides_who_has_submitted_or_decided_before() {
        let head = samples::concerned(Role::TeamHead);
        let mut report = store::sample(State::InReview);
        report.step_by = Some(StepBy::Head);
        assert!(report.may(&head, Deed::Approve) && report.may(&head, Deed::Return));
        report.acted = head.account.unwrap().to_string();
        assert!(!report.may(&head, Deed::Approve) && !report.may(&head, Deed::Return));
    }

    #[test]
    fn only_the_last_step_concludes() {
        let group = samples::concerned(Role::LeadingGroup);
        let mut report = store::sample(State::InReview);
        report.step_by = Some(StepBy::Group);
        assert!(report.may(&group, Deed::Approve) && !report.may(&group, Deed::Conclude));
        report.step_last = true;
        assert!(!report.may(&group, Deed::Approve) && report.may(&group, Deed::Conclude));
    }

    #[test]
    fn the_text_is_changed_only_before_it_is_submitted_and_after_it_was_returned() {
        for &state in State::ALL {
            let open = Report::transition(state, Deed::Write).is_some();
            assert_eq!(open, matches!(state, State::Draft | State::Returned), "{state:?}");
        }
    }

    proptest! {
        #[test]
        fn no_sequence_of_deeds_delivers_what_no_last_step_has_concluded(
            deeds in proptest::collection::vec(0..Deed::ALL.len(), 1..60),
        ) {
            let (mut state, mut concluded) = (State::Draft, false);
            for at in deeds {
                if let Some(next) = Report::transition(state, Deed::ALL[at]) {
                    concluded |= Deed::ALL[at] == Deed::Conclude;
                    state = next;
                }
                prop_assert!(concluded || !matches!(state, State::Approved | State::Delivered));
            }
        }
    }
}
