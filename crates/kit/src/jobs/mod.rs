//! Jobs (任务): work that takes longer than a page may wait.
//!
//! A job is a row, so it survives a restart; it is ordered in the same transaction as what makes it
//! necessary ([`enqueue`]), taken by one worker of one process ([`start`]), done in the name of who
//! ordered it with the posts that hold on that day, and ends in that person's inbox. A kind of job is
//! one [`Kind`] in the program's list; a recurring one has a [`Kind::daily`] pattern.
//!
//! What a job does must bear being begun again: after a fault or a restart it starts from its beginning.

mod actions;
mod progress;
mod schedule_service;
mod schedules;
mod service;
mod store;
mod web;
mod worker;

use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::{Actor, Lifecycle, Pred, Role, labelled, service::Work};

pub use actions::{Order, ask_to_stop, enqueue, forget_before};
pub use progress::{Board, Doing, Progress};
pub use schedule_service::service as schedule_service;
pub use schedules::{
    Model as Schedule, NOUN as SCHEDULES, Relation as ScheduleRelation, seed as seed_schedules,
};
pub use service::service;
pub use store::{Model as Job, Queue, Relation, find, queue};
pub use web::pages;
pub use worker::{Worker, run_due, start};

/// Path segment of the noun.
pub const NOUN: &str = "jobs";

crate::id!(
    /// Identity of a job.
    JobId
);

labelled! {
    /// Where a job stands.
    pub enum State: "任务状态" {
        /// Waits for its turn or its time.
        Waiting = "waiting" => "排队中", Yellow;
        /// Is being done.
        Running = "running" => "执行中", Blue;
        /// Was done.
        Done = "done" => "已完成", Green;
        /// Could not be done.
        Failed = "failed" => "未完成", Red;
        /// Was stopped on request.
        Cancelled = "cancelled" => "已取消", Grey;
    }
}

labelled! {
    /// What people can do to a job.
    pub enum Deed: "办理" {
        /// Take it out of the queue, or ask it to stop.
        Cancel = "cancel" => "取消", Grey;
        /// Put it into the queue again.
        Retry = "retry" => "重新执行", Grey;
    }
}

labelled! {
    /// What the worker writes down about a job.
    pub enum Event: "执行情况" {
        /// It was begun.
        Start = "start" => "开始执行", Grey;
        /// It was done.
        Finish = "finish" => "执行完成", Grey;
        /// It was given up.
        Fail = "fail" => "执行失败", Grey;
        /// It waits for another attempt.
        Postpone = "postpone" => "稍后再试", Grey;
        /// It ended because somebody asked for it.
        Stop = "stop" => "按要求停止", Grey;
    }
}

impl Event {
    /// The state after this event; nothing when it cannot happen in `state`.
    pub fn after(self, state: State) -> Option<State> {
        match (state, self) {
            (State::Waiting, Self::Start) => Some(State::Running),
            (State::Running, Self::Finish) => Some(State::Done),
            (State::Running, Self::Fail) => Some(State::Failed),
            (State::Running, Self::Postpone) => Some(State::Waiting),
            (State::Running, Self::Stop) => Some(State::Cancelled),
            _ => None,
        }
    }
}

impl Lifecycle for Job {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Waiting, Deed::Cancel) => Some(State::Cancelled),
            // A running job ends itself at its next step; what it has stored by then counts.
            (State::Running, Deed::Cancel) => Some(State::Running),
            (State::Failed | State::Cancelled, Deed::Retry) => Some(State::Waiting),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Cancel => self.belongs_to(actor) || actor.is(Role::OfficeDirector),
            // Done in the name of who ordered it, so nobody else starts it again.
            Deed::Retry => self.belongs_to(actor),
        }
    }

    /// One's own; the director sees all, the system administrator those that the program ordered.
    fn visible(actor: &Actor) -> Pred {
        if actor.is(Role::OfficeDirector) {
            return Pred::All;
        }
        let own = actor.account.map_or(Pred::Nothing, |account| Pred::is("account_id", account));
        let programs =
            if actor.is(Role::SystemAdministrator) { Pred::Absent("account_id") } else { Pred::Nothing };
        Pred::any(vec![own, programs])
    }
}

impl Job {
    /// Whether the job was ordered by `actor`, or by the program and `actor` runs the system.
    pub fn belongs_to(&self, actor: &Actor) -> bool {
        match self.account_id {
            Some(account) => actor.account == Some(account),
            None => actor.program || actor.is(Role::SystemAdministrator),
        }
    }

    /// Where the file lies that the job made.
    pub fn result_path(&self, folder: &Path) -> PathBuf {
        result_path(folder, self.id)
    }
}

/// Where the file of a job's result lies.
fn result_path(folder: &Path, id: JobId) -> PathBuf {
    folder.join("jobs").join(id.to_string())
}

/// How a job ended well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// What the person reads.
    pub message: String,
    /// Address of a page with what came of it; empty when there is none.
    pub link: String,
    /// Name under which the file at [`Doing::result_path`] is handed out; empty when there is none.
    pub file: String,
}

impl Ended {
    /// Ended with a sentence.
    pub fn saying(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }

    /// And a page to look at.
    #[must_use]
    pub fn link(mut self, address: impl Into<String>) -> Self {
        self.link = address.into();
        self
    }

    /// And a file to fetch, which lies at [`Doing::result_path`].
    #[must_use]
    pub fn file(mut self, name: impl Into<String>) -> Self {
        self.file = name.into();
        self
    }
}

/// The work of a job.
pub type Run = for<'a> fn(&'a Doing) -> Work<'a, Ended>;

/// A kind of job.
#[derive(Clone, Copy)]
pub struct Kind {
    /// What is stored; it never changes.
    pub code: &'static str,
    /// What people read.
    pub label: &'static str,
    /// How often it is tried when a fault, not a refusal, ends it.
    pub attempts: i64,
    /// For recurring jobs: five fields of a cron pattern in office time, and where it starts from.
    pub daily: Option<&'static str>,
    /// The work.
    pub run: Run,
}

impl Kind {
    /// A kind that is tried three times.
    pub const fn new(code: &'static str, label: &'static str, run: Run) -> Self {
        Self { code, label, attempts: 3, daily: None, run }
    }

    /// Done once: a second attempt could do harm or has no sense.
    #[must_use]
    pub const fn once(mut self) -> Self {
        self.attempts = 1;
        self
    }

    /// Recurs by a cron pattern (`30 2 * * *`: at half past two every night) until the office changes it.
    #[must_use]
    pub const fn daily(mut self, pattern: &'static str) -> Self {
        self.daily = Some(pattern);
        self
    }
}

/// Seconds until the next attempt after `attempts` failed ones: half a minute, two minutes, eight …
fn back_off(attempts: i64) -> i64 {
    let power = u32::try_from(attempts.clamp(1, 6) - 1).unwrap_or(0);
    30 * 4_i64.pow(power)
}

/// The label of a kind; kinds of older programs keep their code.
fn label<'a>(app: &'a crate::App, code: &'a str) -> &'a str {
    app.registry().job(code).map_or(code, |kind| kind.label)
}

/// The address of a job's page.
pub fn address(id: Uuid) -> String {
    format!("/{NOUN}/{id}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Labelled as _;

    #[test]
    fn nobody_starts_another_persons_job_again_but_the_director_may_stop_it() {
        let director = service::somebody(Role::OfficeDirector, Uuid::from_u128(2));
        assert!(service::sample(State::Running).decide(&director, Deed::Cancel).is_ok());
        assert!(service::sample(State::Failed).decide(&director, Deed::Retry).is_err());
        let owner = service::somebody(Role::TeamMember, service::OWNER);
        assert_eq!(service::sample(State::Failed).decide(&owner, Deed::Retry).ok(), Some(State::Waiting));
    }

    #[test]
    fn what_has_ended_stays_as_it_ended() {
        for state in [State::Done, State::Failed, State::Cancelled] {
            for &event in Event::ALL {
                assert_eq!(event.after(state), None, "{} {}", state.label(), event.label());
            }
        }
    }

    proptest! {
        #[test]
        fn attempts_come_further_apart_but_within_a_day(attempts in 1_i64..1000) {
            prop_assert!(back_off(attempts) <= back_off(attempts + 1));
            prop_assert!((30..=86_400).contains(&back_off(attempts)));
        }
    }
}
