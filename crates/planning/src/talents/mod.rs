//! The talent pool (人才库、组长库): who can be called into teams, with specialities, posts held, what speaks
//! against working on whom, and when they can be had.
//!
//! The office or the organisation department nominates, the organisation department takes in. What is known of
//! relatives is sealed; the check of avoidance knows only where they work.

pub mod actions;
pub mod career;
mod service;
mod store;

use chrono::NaiveDate;
use kit::{Actor, Lifecycle, Pred, Role, labelled};

pub(crate) use service::SPECIALITY;
pub use service::service;
pub(crate) use store::decided_against;
pub(crate) use store::paired;
pub use store::{Entity, Model as Talent, Standing, TieKind, find, profile_of_account, standings};

/// Path segment of the noun.
pub const NOUN: &str = "talents";

kit::id!(
    /// Identity of a profile in the pool.
    TalentId
);

labelled! {
    /// Which pool.
    pub enum Pool: "人才库类别" {
        /// Heads and deputy heads.
        Heads = "heads" => "组长库", Blue;
        /// Everybody else.
        Members = "members" => "人才库", Grey;
        /// Experts who are asked for a matter.
        Experts = "experts" => "专家库", Grey;
    }
}

labelled! {
    /// Political status.
    pub enum Political: "政治面貌" {
        /// Member of the party.
        Member = "member" => "中共党员", Grey;
        /// Probationary member.
        Probationary = "probationary" => "中共预备党员", Grey;
        /// Member of a democratic party.
        Democratic = "democratic" => "民主党派", Grey;
        /// None.
        Masses = "masses" => "群众", Grey;
    }
}

labelled! {
    /// Where somebody stands in the pool.
    pub enum State: "在库状态" {
        /// Nominated; waits for the organisation department.
        Candidate = "candidate" => "待审核入库", Yellow;
        /// Can be called.
        Active = "active" => "在库", Green;
        /// Not for the time being.
        Resting = "resting" => "暂缓使用", Grey;
        /// Has left, or was not taken in.
        Left = "left" => "已出库", Grey;
    }
}

labelled! {
    /// What can be done to a profile.
    pub enum Deed: "办理" {
        /// Change it.
        Edit = "edit" => "修改", Grey;
        /// Take the person into the pool.
        Admit = "admit" => "审核入库", Grey;
        /// Not for the time being.
        Rest = "rest" => "暂缓使用", Grey;
        /// Can be called again.
        Resume = "resume" => "恢复使用", Grey;
        /// Take the person out, or do not take him in.
        Leave = "leave" => "出库", Grey;
    }
}

/// Who keeps the pool.
pub(crate) fn may_keep(actor: &Actor) -> bool {
    actor.is_office() || actor.is(Role::OrganisationDepartment)
}

/// Who may read what is known of relatives.
pub(crate) fn may_read_relatives(actor: &Actor) -> bool {
    actor.account.is_some() && actor.is_any(&[Role::OfficeDirector, Role::OrganisationDepartment])
}

impl Lifecycle for Talent {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Candidate | State::Active | State::Resting, Deed::Edit) => Some(state),
            (State::Candidate, Deed::Admit) | (State::Resting, Deed::Resume) => Some(State::Active),
            (State::Active, Deed::Rest) => Some(State::Resting),
            (State::Candidate | State::Active | State::Resting, Deed::Leave) => Some(State::Left),
            _ => None,
        }
    }

    /// The organisation department decides who is in, and not on whom it nominated with the same hand.
    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Edit | Deed::Rest | Deed::Resume => may_keep(actor),
            Deed::Admit => {
                actor.is(Role::OrganisationDepartment)
                    && actor.account.is_some()
                    && actor.account != self.nominated_by
            }
            Deed::Leave => actor.is(Role::OrganisationDepartment),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        if may_keep(actor) || actor.is(Role::LeadingGroup) { Pred::All } else { Pred::Nothing }
    }
}

impl Talent {
    /// Whether the person can be had from `from` to `to`.
    pub fn is_available(&self, from: NaiveDate, to: NaiveDate) -> bool {
        self.state == State::Active
            && self.available_from.is_none_or(|first| first <= from)
            && self.available_to.is_none_or(|last| to <= last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rights;

    #[test]
    fn the_organisation_department_takes_in_but_not_with_the_hand_that_nominated() {
        let department = rights::concerned(Role::OrganisationDepartment);
        let mut talent = service::sample(State::Candidate);
        assert!(talent.decide(&department, Deed::Admit).is_ok());
        talent.nominated_by = department.account;
        assert!(talent.decide(&department, Deed::Admit).is_err());
        assert!(talent.decide(&rights::concerned(Role::OfficeDirector), Deed::Admit).is_err());
    }

    #[test]
    fn somebody_is_available_only_for_the_whole_period_and_only_while_in_the_pool() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let mut talent = service::sample(State::Active);
        talent.available_to = Some(day("2023-06-30"));
        assert!(talent.is_available(day("2023-03-01"), day("2023-06-30")));
        assert!(!talent.is_available(day("2023-03-01"), day("2023-07-01")));
        talent.state = State::Resting;
        assert!(!talent.is_available(day("2023-03-01"), day("2023-03-02")));
    }
}
