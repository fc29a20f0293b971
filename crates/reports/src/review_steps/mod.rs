//! The chain of reviews (审核环节) as data: in which order who decides on a report, and on what each decision rests.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Pred, labelled};

use crate::{reports::StepBy, rights};

pub use service::service;
pub use store::Model as ReviewStep;
pub use store::{chain, find};

/// Path segment of the noun.
pub const NOUN: &str = "review_steps";

kit::id!(
    /// Identity of a step.
    ReviewStepId
);

labelled! {
    /// The record on which a decision rests.
    pub enum RestsOn: "审核依据" {
        /// None beside the report.
        Nothing = "nothing" => "不要求", Grey;
        /// Minutes of the team.
        TeamMeeting = "team_meeting" => "组务会记录", Grey;
        /// A consultation of office and team.
        Consultation = "consultation" => "组办会商记录", Grey;
        /// A meeting of the deciding body.
        Meeting = "meeting" => "会议记录", Grey;
    }
}

labelled! {
    /// What can be done to a step.
    pub enum Deed: "审核环节办理" {
        /// Change it.
        Edit = "edit" => "修改", Grey;
        /// Take it out of the chain.
        Drop = "drop" => "删除", Red;
    }
}

/// Those who work with reports read the chain.
pub fn visible(actor: &Actor) -> Pred {
    rights::governing(actor)
}

/// The director keeps it.
pub fn may_keep(actor: &Actor) -> bool {
    rights::keeps(actor)
}

pub(crate) struct Line {
    pub(crate) restricted: bool,
    pub(crate) label: &'static str,
    pub(crate) by: StepBy,
    pub(crate) rests_on: RestsOn,
    pub(crate) meetings: &'static str,
    pub(crate) complete: bool,
}

const fn line(
    restricted: bool,
    label: &'static str,
    by: StepBy,
    rests_on: RestsOn,
    meetings: &'static str,
) -> Line {
    Line { restricted, label, by, rests_on, meetings, complete: false }
}

/// The chain an office starts with (domain.md 4.5). The team does not know of the materials, so theirs is shorter.
pub(crate) const SEED: [Line; 9] = [
    line(false, "组务会讨论", StepBy::Team, RestsOn::TeamMeeting, ""),
    line(false, "组长审签", StepBy::Head, RestsOn::Nothing, ""),
    line(false, "组办会商", StepBy::Office, RestsOn::Consultation, ""),
    Line {
        complete: true, ..line(false, "领导小组审议", StepBy::Group, RestsOn::Meeting, "leading_group")
    },
    line(false, "市委审定", StepBy::Committee, RestsOn::Meeting, "secretary,standing_committee"),
    line(true, "组长审签", StepBy::Head, RestsOn::Nothing, ""),
    line(true, "巡察办主任审核", StepBy::Director, RestsOn::Nothing, ""),
    line(true, "领导小组审议", StepBy::Group, RestsOn::Meeting, "leading_group"),
    line(true, "市委审定", StepBy::Committee, RestsOn::Meeting, "secretary,standing_committee"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Role;
    use planning::samples;

    #[test]
    fn the_report_goes_from_the_team_over_the_consultation_to_the_committee_and_the_group_asks_for_all_four()
    {
        let chain: Vec<StepBy> = SEED.iter().filter(|line| !line.restricted).map(|line| line.by).collect();
        assert_eq!(chain, [StepBy::Team, StepBy::Head, StepBy::Office, StepBy::Group, StepBy::Committee]);
        let asking: Vec<StepBy> = SEED.iter().filter(|line| line.complete).map(|line| line.by).collect();
        assert_eq!(asking, [StepBy::Group]);
    }

    #[test]
    fn nobody_below_the_director_changes_the_chain() {
        assert!(may_keep(&samples::concerned(Role::OfficeDirector)));
        for role in [Role::OfficeLiaison, Role::TeamHead, Role::LeadingGroup, Role::SystemAdministrator] {
            assert!(!may_keep(&samples::concerned(role)), "{role:?}");
        }
    }
}
