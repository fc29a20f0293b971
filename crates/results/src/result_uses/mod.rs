//! The ledger of the use of results (成果运用跟踪管理台账): suggestions, special reports and common
//! problems in one list, with what came of each. It is a view of the database over those records, so
//! that it cannot differ from them. Leads and suspect projects never stand in it.

mod service;
mod store;

use kit::{Actor, Pred, labelled};

use crate::{
    handovers,
    shared::{handed_to, whole},
    special_reports, suggestions,
};

pub use service::service;
pub use store::Model as ResultUse;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "result_uses";

labelled! {
    /// What a line of the ledger is about.
    pub enum UseKind: "成果类别" {
        /// A suggestion.
        Suggestion = "suggestion" => "巡察建议", Grey;
        /// A special report.
        SpecialReport = "special_report" => "专题报告", Grey;
        /// A hand-over of common problems.
        CommonProblem = "common_problem" => "共性问题移交", Grey;
    }
}

impl UseKind {
    /// Noun of the record behind a line.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Suggestion => suggestions::NOUN,
            Self::SpecialReport => special_reports::NOUN,
            Self::CommonProblem => handovers::NOUN,
        }
    }
}

labelled! {
    /// How far the use of a result has come: the states of transfers, and those of the record itself.
    pub enum UseState: "办理状态" {
        /// Sent, not yet signed for.
        Sent = "sent" => "待签收", Yellow;
        /// Signed for.
        Received = "received" => "已签收", Blue;
        /// Being dealt with.
        Disposing = "disposing" => "办理中", Blue;
        /// Sent back because something is missing.
        Returned = "returned" => "退回补充", Red;
        /// The recipient has reported the result.
        ResultReturned = "result_returned" => "已反馈结果", Green;
        /// The office has accepted the result.
        Closed = "closed" => "已办结", Green;
        /// The office has seen for itself.
        Verified = "verified" => "已验证", Green;
        /// With the committee.
        Submitted = "submitted" => "已上报", Blue;
        /// The committee has decided.
        Decided = "decided" => "已批示", Green;
    }
}

/// What an actor can see: the whole, or what was handed to his body.
pub fn visible(actor: &Actor) -> Pred {
    Pred::any(vec![whole(actor), handed_to(actor, "recipient_id", "handed_on")])
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;

    #[test]
    fn every_state_of_a_transfer_is_a_state_of_the_ledger_in_the_same_words() {
        for &state in registry::transfers::State::ALL {
            assert_eq!(UseState::parse(state.code()).map(UseState::label), Some(state.label()));
        }
    }
}
