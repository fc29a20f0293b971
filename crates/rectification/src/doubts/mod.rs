//! Doubts about rectification (整改疑点): signs that something may have been rectified on paper only. A sign is shown with
//! its reason and decides nothing; a person confirms or dismisses it, with reasons of his own. The inspected
//! organisation never learns of one.

pub mod actions;
mod service;
mod store;
pub mod watch;

use kit::{Actor, Governed, Lifecycle, Pred, labelled, lifecycle};
use uuid::Uuid;

use crate::access;

pub use service::service;
pub use store::{Model as Doubt, find};

/// Path segment of the noun.
pub const NOUN: &str = "rect_doubts";

kit::id!(
    /// Identity of a doubt.
    DoubtId
);

labelled! {
    /// What was noticed.
    pub enum Kind: "疑点种类" {
        /// The very same file is evidence elsewhere.
        SameFile = "same_file" => "佐证文件重复使用", Orange;
        /// Nearly the same picture is evidence elsewhere.
        NearPicture = "near_picture" => "佐证图片高度相似", Orange;
        /// Nearly the same text is evidence elsewhere.
        LikeText = "like_text" => "佐证文字高度相似", Orange;
        /// Closings came together shortly before a deadline.
        Bunched = "bunched" => "期限前集中销号", Yellow;
        /// Many closings of an organisation did not hold.
        Reopened = "reopened" => "重开比例偏高", Red;
        /// The next inspection found the same again.
        Repeated = "repeated" => "同类问题再次发现", Red;
    }
}

labelled! {
    /// What became of a doubt.
    pub enum State: "处理情况" {
        /// To be looked at.
        Open = "open" => "待核实", Yellow;
        /// Found right.
        Confirmed = "confirmed" => "已确认", Red;
        /// Found harmless.
        Dismissed = "dismissed" => "已排除", Green;
    }
}

labelled! {
    /// What can be done.
    pub enum Deed: "办理事项" {
        /// Find it right.
        Confirm = "confirm" => "确认", Red;
        /// Find it harmless.
        Dismiss = "dismiss" => "排除", Green;
        /// Look again.
        Reconsider = "reconsider" => "重新核实", Grey;
    }
}

impl Lifecycle for Doubt {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Open, Deed::Confirm) => Some(State::Confirmed),
            (State::Open, Deed::Dismiss) => Some(State::Dismissed),
            (State::Confirmed | State::Dismissed, Deed::Reconsider) => Some(State::Open),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        actor.is_office()
    }

    fn visible(actor: &Actor) -> Pred {
        access::watchers(actor)
    }
}

fn governed() -> Governed {
    Governed {
        noun: NOUN,
        label: "整改疑点",
        transitions: lifecycle::transitions::<Doubt>,
        permissions: || lifecycle::permissions::<Doubt>(sample, access::concerned, access::stranger),
    }
}

fn sample(state: State) -> Doubt {
    Doubt {
        id: DoubtId(Uuid::from_u128(460)),
        version: 1,
        kind: Kind::SameFile,
        mark: String::new(),
        inspection_id: Some(access::SAMPLE_INSPECTION),
        organisation_id: access::SAMPLE_ORGANISATION,
        problem_id: None,
        subject: String::new(),
        reason: String::new(),
        detail: String::new(),
        found_on: chrono::NaiveDate::default(),
        state,
        decided_on: None,
        decided_by: None,
        decider_name: String::new(),
        decision: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::{Labelled as _, Role};

    #[test]
    fn only_who_may_not_warn_the_organisation_sees_a_doubt() {
        for &role in Role::ALL {
            let expected = role.is_office() || matches!(role, Role::LeadingGroup | Role::Discipline);
            assert_eq!(Doubt::visible(&access::concerned(role)) == Pred::All, expected, "{role:?}");
        }
    }

    #[test]
    fn every_doubt_ends_by_a_person_and_can_be_looked_at_again() {
        let rows: Vec<String> = lifecycle::transitions::<Doubt>()
            .into_iter()
            .map(|(state, deed, after)| format!("{} {} {}", state.code, deed.code, after.code))
            .collect();
        let expected = [
            "open confirm confirmed",
            "open dismiss dismissed",
            "confirmed reconsider open",
            "dismissed reconsider open",
        ];
        assert_eq!(rows, expected);
        assert!(sample(State::Open).decide(&access::concerned(Role::Discipline), Deed::Confirm).is_err());
    }
}
