//! Campaigns (整改攻坚、深化整改): a dated push over a chosen set of open problems with targets of
//! its own, run by the office.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Governed, Lifecycle, Pred, Role, labelled, lifecycle};
use uuid::Uuid;

use crate::access;

pub use service::service;
pub use store::{CampaignProblem, Model as Campaign, Progress, find, progress_as_of};

/// Path segment of the noun.
pub const NOUN: &str = "campaigns";

kit::id!(
    /// Identity of a campaign.
    CampaignId
);

labelled! {
    /// What kind of push a campaign is.
    pub enum CampaignKind: "攻坚类型" {
        /// A push over problems that are hard to close.
        Push = "push" => "整改攻坚", Grey;
        /// Deepened rectification after a special inspection.
        Deepen = "deepen" => "深化整改", Grey;
        /// A clean-up of one field.
        Field = "field" => "专项治理", Grey;
    }
}

labelled! {
    /// Where a campaign stands.
    pub enum State: "进行状态" {
        /// Prepared.
        Planned = "planned" => "筹备", Grey;
        /// Under way.
        Running = "running" => "进行中", Blue;
        /// Over.
        Finished = "finished" => "已结束", Green;
    }
}

labelled! {
    /// What can be done to a campaign.
    pub enum Deed: "办理事项" {
        /// Change name, aim, dates, targets.
        Edit = "edit" => "修改", Grey;
        /// Choose problems.
        AddProblems = "add_problems" => "选入问题", Grey;
        /// Take problems out again.
        RemoveProblems = "remove_problems" => "移出问题", Grey;
        /// Begin.
        Start = "start" => "启动", Grey;
        /// End with a summary.
        Finish = "finish" => "结束", Grey;
    }
}

impl Lifecycle for Campaign {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            // Once it runs, what was chosen stays chosen: a target is not met by dropping problems.
            (State::Planned | State::Running, Deed::Edit | Deed::AddProblems)
            | (State::Planned, Deed::RemoveProblems) => Some(state),
            (State::Planned, Deed::Start) => Some(State::Running),
            (State::Running, Deed::Finish) => Some(State::Finished),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        actor.is_office()
    }

    fn visible(actor: &Actor) -> Pred {
        actor.reach([
            (Role::CommitteeLeader, Pred::All),
            (Role::LeadingGroup, Pred::All),
            (Role::OfficeDirector, Pred::All),
            (Role::OfficeLiaison, Pred::All),
        ])
    }
}

fn governed() -> Governed {
    Governed {
        noun: NOUN,
        label: "整改攻坚",
        transitions: lifecycle::transitions::<Campaign>,
        permissions: || lifecycle::permissions::<Campaign>(sample, access::concerned, access::stranger),
    }
}

fn sample(state: State) -> Campaign {
    Campaign {
        id: CampaignId(Uuid::from_u128(300)),
        version: 1,
        number: String::new(),
        name: String::new(),
        aim: String::new(),
        inspection_id: None,
        kind: CampaignKind::Push,
        starts_on: chrono::NaiveDate::default(),
        ends_on: None,
        target_closed: None,
        target_area_cm2: None,
        state,
        summary: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transition_table_is_exactly_this() {
        let rows: Vec<String> = lifecycle::transitions::<Campaign>()
            .into_iter()
            .map(|(state, deed, after)| format!("{} {} {}", state.code, deed.code, after.code))
            .collect();
        let expected = [
            "planned edit planned",
            "planned add_problems planned",
            "planned remove_problems planned",
            "planned start running",
            "running edit running",
            "running add_problems running",
            "running finish finished",
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn only_office_leading_group_and_committee_see_a_campaign() {
        use kit::Labelled as _;
        for &role in Role::ALL {
            let expected = role.is_office() || matches!(role, Role::CommitteeLeader | Role::LeadingGroup);
            assert_eq!(Campaign::visible(&access::concerned(role)) == Pred::All, expected, "{role:?}");
        }
    }
}
