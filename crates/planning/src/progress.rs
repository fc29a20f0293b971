//! Rounds and batches are planned, run and end.

use kit::labelled;

labelled! {
    /// Where a round, batch or inspection stands.
    pub enum State: "进度" {
        /// Prepared, not begun.
        Planned = "planned" => "筹备", Grey;
        /// Under way.
        Running = "running" => "进行中", Blue;
        /// Over.
        Finished = "finished" => "已结束", Green;
    }
}

labelled! {
    /// What can be done to a round or batch.
    pub enum Deed: "办理" {
        /// Change it.
        Edit = "edit" => "修改", Grey;
        /// Begin it.
        Start = "start" => "启动", Grey;
        /// End it.
        Finish = "finish" => "结束", Grey;
    }
}

/// The transition table.
pub fn transition(state: State, deed: Deed) -> Option<State> {
    match (state, deed) {
        (State::Planned | State::Running, Deed::Edit) => Some(state),
        (State::Planned, Deed::Start) => Some(State::Running),
        (State::Running, Deed::Finish) => Some(State::Finished),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;

    #[test]
    fn nothing_happens_to_what_is_over() {
        assert!(Deed::ALL.iter().all(|&deed| transition(State::Finished, deed).is_none()));
    }

    #[test]
    fn nothing_ends_that_never_began() {
        assert_eq!(transition(State::Planned, Deed::Finish), None);
    }
}
