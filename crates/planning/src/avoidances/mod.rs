//! Avoidance (回避): who must not have to do with which organisation, why, and who decided it.
//!
//! A decided avoidance beats every other right: [`store::bars_of`] turns it into the bars of the person,
//! and what is about the organisation does not exist for him any more. Nobody decides his own case, nor
//! one he raised.

pub mod actions;
pub mod check;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

use crate::rights;

pub use service::service;
pub(crate) use store::subjects_of;
pub use store::{Entity, Model as Avoidance, bars_of, find, profile_of, stands_against};

/// Path segment of the noun.
pub const NOUN: &str = "avoidances";

/// The policy that says for how many months a post held before counts.
pub const MONTHS_POLICY: &str = "avoidance_after_leaving";

kit::id!(
    /// Identity of an avoidance.
    AvoidanceId
);

labelled! {
    /// Why somebody must keep away.
    pub enum Ground: "回避情形" {
        /// Works there.
        Works = "works" => "现任职于该单位", Red;
        /// Worked there, not long enough ago.
        Worked = "worked" => "曾任职于该单位", Orange;
        /// A near relative works there.
        Relative = "relative" => "近亲属在该单位任职", Red;
        /// Related by marriage to one of its leaders.
        Affinity = "affinity" => "与领导班子成员有姻亲关系", Orange;
        /// Comes from there.
        NativePlace = "native_place" => "籍贯地回避", Yellow;
        /// Has an interest in its matters.
        Interest = "interest" => "与其事项有利害关系", Orange;
        /// Something else that may affect fairness.
        Other = "other" => "其他可能影响公正的情形", Yellow;
    }
}

labelled! {
    /// Where the knowledge comes from.
    pub enum Source: "来源" {
        /// The person said so.
        Declared = "declared" => "本人申报", Grey;
        /// The check of the person's record found it.
        Checked = "checked" => "系统核对", Blue;
        /// Somebody else raised it.
        Raised = "raised" => "有关方面提出", Grey;
    }
}

labelled! {
    /// Where an avoidance stands.
    pub enum State: "决定情况" {
        /// Nobody has decided yet; the person gets no post against it.
        Open = "open" => "待决定", Yellow;
        /// The person must keep away.
        Avoids = "avoids" => "决定回避", Red;
        /// There is no need to.
        Dismissed = "dismissed" => "不需回避", Green;
        /// The ground fell away.
        Lifted = "lifted" => "已解除", Grey;
        /// Taken back before it was decided.
        Withdrawn = "withdrawn" => "已撤回", Grey;
    }
}

labelled! {
    /// What can be done to an avoidance.
    pub enum Deed: "办理" {
        /// Decide that the person must keep away.
        Decide = "decide" => "决定回避", Grey;
        /// Decide that there is no need to.
        Dismiss = "dismiss" => "不需回避", Grey;
        /// Take it back.
        Withdraw = "withdraw" => "撤回", Grey;
        /// Lift it, because its ground fell away.
        Lift = "lift" => "解除回避", Grey;
    }
}

/// Who decides on avoidances.
pub(crate) const DECIDERS: [Role; 3] = [Role::CommitteeLeader, Role::LeadingGroup, Role::OfficeDirector];

/// Who knows of everybody's avoidances.
const KEEPERS: [Role; 5] = [
    Role::CommitteeLeader,
    Role::LeadingGroup,
    Role::OfficeDirector,
    Role::OfficeLiaison,
    Role::OrganisationDepartment,
];

/// Who raises one and asks for declarations: the office and the organisation department.
pub(crate) fn may_raise(actor: &Actor) -> bool {
    actor.is_any(&[Role::LeadingGroup, Role::OrganisationDepartment]) || actor.is_office()
}

impl Lifecycle for Avoidance {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Open, Deed::Decide) => Some(State::Avoids),
            (State::Open, Deed::Dismiss) => Some(State::Dismissed),
            (State::Open, Deed::Withdraw) => Some(State::Withdrawn),
            (State::Avoids, Deed::Lift) => Some(State::Lifted),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        let known = actor.account.is_some();
        let own = actor.account == Some(self.account_id);
        let raised = actor.account == self.raised_by;
        match deed {
            Deed::Decide | Deed::Dismiss => known && !own && !raised && actor.is_any(&DECIDERS),
            Deed::Lift => known && !own && actor.is_any(&DECIDERS),
            Deed::Withdraw => known && raised && self.source == Source::Raised,
        }
    }

    /// One's own, and for those who keep watch everybody's, apart from organisations they must keep away
    /// from themselves.
    fn visible(actor: &Actor) -> Pred {
        let own = rights::own_account(actor);
        let all = if actor.is_any(&KEEPERS) {
            Pred::outside("from_organisation_id", &actor.bars.organisations)
        } else {
            Pred::Nothing
        };
        Pred::any(vec![own, all])
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kit::access::Bars;

    use super::*;

    #[test]
    fn nobody_decides_his_own_case_or_one_he_raised() {
        let director = rights::concerned(Role::OfficeDirector);
        let mut case = service::sample(State::Open);
        assert!(case.decide(&director, Deed::Decide).is_ok());
        case.raised_by = director.account;
        assert!(case.decide(&director, Deed::Dismiss).is_err());
        case.raised_by = None;
        case.account_id = director.account.unwrap();
        assert!(case.decide(&director, Deed::Decide).is_err());
        case.state = State::Avoids;
        assert!(case.decide(&director, Deed::Lift).is_err());
    }

    #[test]
    fn who_keeps_away_from_an_organisation_does_not_learn_who_else_does() {
        let mut director = rights::concerned(Role::OfficeDirector);
        let case = service::sample(State::Avoids);
        assert!(Avoidance::visible(&director).holds(&case));
        director.bars =
            Arc::new(Bars { organisations: vec![case.from_organisation_id.0], ..Bars::default() });
        assert!(!Avoidance::visible(&director).holds(&case));
    }

    #[test]
    fn a_member_sees_his_own_case_only() {
        let mut member = rights::concerned(Role::TeamMember);
        let case = service::sample(State::Open);
        assert!(!Avoidance::visible(&member).holds(&case));
        member.account = Some(case.account_id);
        assert!(Avoidance::visible(&member).holds(&case));
    }
}
