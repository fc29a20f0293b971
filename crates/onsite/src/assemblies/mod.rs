//! Assemblies (进驻会议和测评): the talk on entry, the mobilisation, the democratic assessment with its counts, and the
//! organisation's own report with the share of problems in its text.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Refusal, Result, labelled};

use crate::rights;

pub use service::service;
pub use store::Model as Assembly;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "assemblies";

kit::id!(
    /// Identity of an assembly.
    AssemblyId
);

labelled! {
    /// Kinds of assembly.
    pub enum Kind: "进驻会议" {
        /// With the top leader, on entry.
        Communication = "communication" => "进驻沟通会", Grey;
        /// With everybody.
        Mobilisation = "mobilisation" => "进驻动员会", Grey;
        /// The leadership is assessed.
        Assessment = "assessment" => "民主测评", Grey;
        /// The organisation reports.
        Report = "report" => "听取汇报", Grey;
    }
}

labelled! {
    /// Where an entry stands.
    pub enum State: "会议登记状态" {
        /// Being entered.
        Draft = "draft" => "登记中", Yellow;
        /// Final.
        Final = "final" => "已定稿", Green;
    }
}

labelled! {
    /// What can be done to an entry.
    pub enum Deed: "会议办理" {
        /// Change it.
        Edit = "edit" => "修改", Grey;
        /// Make it final.
        Finalise = "finalise" => "定稿", Grey;
        /// Open it again.
        Reopen = "reopen" => "重新登记", Grey;
    }
}

/// Sheets of an assessment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sheets {
    /// Given out.
    pub given: i64,
    /// Handed back.
    pub returned: i64,
    /// Of them, valid.
    pub valid: i64,
}

/// Votes on one subject of an assessment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Votes {
    /// The leadership, or a member of it.
    pub subject: String,
    /// Good.
    pub good: i64,
    /// Fairly good.
    pub fair: i64,
    /// Average.
    pub average: i64,
    /// Poor.
    pub poor: i64,
}

impl Votes {
    /// All of them.
    pub fn total(&self) -> i64 {
        self.good + self.fair + self.average + self.poor
    }
}

/// Refuses counts that cannot be.
pub fn check_counts(sheets: Sheets, votes: &[Votes]) -> Result<()> {
    if sheets.returned > sheets.given {
        return Err(Refusal::field("returned", "收回的表不能多于发出的表").into());
    }
    if sheets.valid > sheets.returned {
        return Err(Refusal::field("valid", "有效的表不能多于收回的表").into());
    }
    match votes.iter().find(|line| line.total() > sheets.valid) {
        Some(line) => {
            let message =
                format!("“{}”各档票数之和 {} 多于有效表 {}", line.subject, line.total(), sheets.valid);
            Err(Refusal::field("votes", message).into())
        }
        None => Ok(()),
    }
}

impl Lifecycle for Assembly {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Draft, Deed::Edit) | (State::Final, Deed::Reopen) => Some(State::Draft),
            (State::Draft, Deed::Finalise) => Some(State::Final),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Edit | Deed::Finalise => actor.in_team(self.inspection_id),
            Deed::Reopen => rights::leads(actor, self.inspection_id),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        rights::papers(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn accepted_counts_never_hold_more_votes_than_sheets(
            given in 0i64..200, returned in 0i64..200, valid in 0i64..200, votes in proptest::array::uniform4(0i64..80),
        ) {
            let [good, fair, average, poor] = votes;
            let line = Votes { subject: String::from("班子"), good, fair, average, poor };
            let sheets = Sheets { given, returned, valid };
            let possible = returned <= given && valid <= returned && line.total() <= valid;
            prop_assert_eq!(check_counts(sheets, &[line]).is_ok(), possible);
        }
    }
}
