//! The clock that runs on a petition in each of its states.

use chrono::NaiveDate;
use kit::{Cx, Result};
use registry::policies;

use super::State;

/// The policy that says how long a petition may stay in `state`, and what that time is for.
pub(super) fn clock(state: State) -> Option<(&'static str, &'static str)> {
    match state {
        State::Registered => Some(("petition_decision", "受理决定")),
        State::Verifying => Some(("petition_verification", "核实办结")),
        State::Passed => Some(("petition_receipt", "对方回执")),
        State::Receipted => Some(("petition_result", "办理结果")),
        State::Merged | State::Refused | State::Filed | State::Closed => None,
    }
}

/// The last day for what comes next when `state` began on `from`, and the text it rests on.
pub(super) async fn due(cx: &Cx, state: State, from: NaiveDate) -> Result<(Option<NaiveDate>, String)> {
    let Some((policy, _)) = clock(state) else { return Ok((None, String::new())) };
    let deadline = policies::deadline(cx, policy, from).await?;
    Ok((Some(deadline.due_on), deadline.basis))
}
