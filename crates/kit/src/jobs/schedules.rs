//! Recurring jobs (定时任务): when each of them is due, kept by whoever runs the system.

use chrono::{DateTime, Utc};
use croner::Cron;
use db::Sql;
use sea_orm::entity::prelude::*;

use super::{JobId, Order, enqueue};
use crate::{
    Actor, App, Cx, Done, Labelled as _, Lifecycle, Pred, Refusal, Result, Role, WriteCx,
    clock::office_instant, labelled,
};

/// Path segment of the noun.
pub const NOUN: &str = "job_schedules";

crate::id!(
    /// Identity of a schedule.
    ScheduleId
);

labelled! {
    /// Whether a recurring job recurs.
    pub enum State: "定时状态" {
        /// It does.
        On = "on" => "启用", Green;
        /// It does not.
        Off = "off" => "停用", Grey;
    }
}

labelled! {
    /// What can be done to a schedule.
    pub enum Deed: "办理" {
        /// Change when it is due.
        Edit = "edit" => "调整时间", Grey;
        /// Let the job recur.
        Resume = "resume" => "启用", Grey;
        /// Let it rest.
        Pause = "pause" => "停用", Grey;
        /// Do it now, besides.
        RunNow = "run_now" => "立即执行", Grey;
    }
}

/// When a recurring job is due.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "job_schedule")]
pub struct Model {
    /// Identity.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ScheduleId,
    /// Counts every change.
    pub version: i64,
    /// Code of the kind of job.
    pub kind: String,
    /// What that kind is called.
    pub title: String,
    /// Whether it recurs.
    pub state: State,
    /// Five fields of a cron pattern, in office time.
    pub pattern: String,
    /// When it is due next.
    pub next_at: DateTime<Utc>,
    /// When it was put into the queue last.
    pub last_at: Option<DateTime<Utc>>,
    /// The job that was ordered then.
    pub last_job_id: Option<JobId>,
}

/// No relations: joins are written where a list needs them.
#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Lifecycle for Model {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (state, Deed::Edit | Deed::RunNow) => Some(state),
            (State::Off, Deed::Resume) => Some(State::On),
            (State::On, Deed::Pause) => Some(State::Off),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        actor.is(Role::SystemAdministrator)
    }

    fn visible(actor: &Actor) -> Pred {
        if actor.program || actor.is(Role::SystemAdministrator) { Pred::All } else { Pred::Nothing }
    }
}

/// The schedule, within what the actor may see.
pub(super) async fn find(cx: &Cx, id: ScheduleId) -> Result<Model> {
    crate::store::find::<Entity>(cx, id, &Model::visible(&cx.actor)).await
}

/// When `pattern` is due next after `now`.
///
/// # Errors
/// A refusal on the field when it is no pattern or never comes.
pub(super) fn next_after(pattern: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let wrong =
        || Refusal::field("pattern", "时间规则应为五段“分 时 日 月 周”，例如 30 2 * * * 表示每天 2:30");
    if pattern.split_whitespace().count() != 5 {
        return Err(wrong().into());
    }
    let cron: Cron = pattern.parse().map_err(|_| wrong())?;
    let next = cron.find_next_occurrence(&office_instant(now), false).map_err(|_| wrong())?;
    Ok(next.with_timezone(&Utc))
}

/// Enters a schedule for every recurring kind that has none and what the kinds are called now; what the office changed
/// stays. Answers how many are new.
pub async fn seed(cx: &mut WriteCx) -> Result<usize> {
    let app = cx.app().clone();
    let mut made = 0;
    for kind in &app.registry().jobs {
        let Some(pattern) = kind.daily else { continue };
        let mut held = Sql::new("select count(*) from job_schedule where kind = ");
        held.bind(kind.code);
        if cx.number(held).await? > 0 {
            call(cx, kind.code, kind.label).await?;
            continue;
        }
        let schedule = Model {
            id: ScheduleId(cx.new_id()),
            version: 1,
            kind: kind.code.to_owned(),
            title: kind.label.to_owned(),
            state: State::On,
            pattern: pattern.to_owned(),
            next_at: next_after(pattern, cx.now)?,
            last_at: None,
            last_job_id: None,
        };
        cx.done(Done::new(NOUN, schedule.id, "seed", "建立定时任务"));
        cx.insert(schedule).await?;
        made += 1;
    }
    Ok(made)
}

/// Enters what a kind is called.
async fn call(cx: &mut WriteCx, kind: &str, title: &str) -> Result<()> {
    let mut sql = Sql::new("update job_schedule set title = ");
    sql.bind(title).push(" where kind = ").bind(kind).push(" and title <> ").bind(title);
    cx.execute(sql).await?;
    Ok(())
}

fn due(cx: &Cx, columns: &str) -> Sql {
    let mut sql = Sql::new("select ");
    sql.push(columns).push(" from job_schedule where state = ").bind(State::On);
    sql.push(" and next_at <= ").bind(cx.now);
    sql
}

/// Puts the jobs into the queue whose time has come; how many.
pub(super) async fn enqueue_due(app: &App) -> Result<usize> {
    let actor = std::sync::Arc::new(Actor::program("定时任务"));
    if app.read(&actor).number(due(&app.read(&actor), "count(*)")).await? == 0 {
        return Ok(0);
    }
    app.write(&actor, |cx| {
        Box::pin(async move {
            let mut sql = due(cx, "id");
            sql.push(" order by id").push(cx.conn().skip_locked());
            let rows = cx.rows(sql).await?;
            for row in &rows {
                let schedule = find(cx, row.try_get_by_index(0)?).await?;
                // Times that passed while the program stood still are made up for once, not each.
                let next_at = next_after(&schedule.pattern, cx.now)?;
                order(cx, schedule, next_at).await?;
            }
            Ok(rows.len())
        })
    })
    .await
}

async fn order(cx: &mut WriteCx, before: Model, next_at: DateTime<Utc>) -> Result<JobId> {
    let app = cx.app().clone();
    let Some(kind) = app.registry().job(&before.kind) else {
        return Err(Refusal::conflict("这个版本的程序没有这种任务。").into());
    };
    let job = enqueue(cx, Order::new(kind.code, kind.label).key("schedule")).await?;
    let after = Model { next_at, last_at: Some(cx.now), last_job_id: Some(job), ..before.clone() };
    cx.update(&before, after).await?;
    Ok(job)
}

/// Orders the job now, besides its times. It is the program's own job, whoever asked for it.
pub(super) async fn run_now(cx: &mut WriteCx, id: ScheduleId) -> Result<()> {
    let before = find(cx, id).await?;
    before.decide(&cx.actor, Deed::RunNow)?;
    cx.done(Done::new(NOUN, id, Deed::RunNow.code(), Deed::RunNow.label()));
    let next_at = before.next_at;
    order(cx, before, next_at).await?;
    Ok(())
}

/// Changes when the job is due.
pub(super) async fn edit(cx: &mut WriteCx, id: ScheduleId, pattern: String) -> Result<()> {
    let before = find(cx, id).await?;
    before.decide(&cx.actor, Deed::Edit)?;
    let pattern = pattern.split_whitespace().collect::<Vec<_>>().join(" ");
    let after = Model { next_at: next_after(&pattern, cx.now)?, pattern, ..before.clone() };
    let changes = cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, Deed::Edit.code(), Deed::Edit.label()).changes(changes));
    Ok(())
}

/// Lets the job rest or recur again.
pub(super) async fn turn(cx: &mut WriteCx, id: ScheduleId, deed: Deed) -> Result<()> {
    let before = find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    let after = Model { state, next_at: next_after(&before.pattern, cx.now)?, ..before.clone() };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Model>(NOUN, id, deed, before.state, state));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn a_pattern_counts_in_office_time() {
        let next = next_after("30 2 * * *", at("2023-06-01T09:00:00+08:00")).unwrap();
        assert_eq!(next, at("2023-06-02T02:30:00+08:00"));
    }

    #[test]
    fn nonsense_is_refused_with_a_sentence() {
        for bad in ["", "每天", "* * * *", "61 * * * *", "0 0 31 2 *", "* * * * * *"] {
            assert!(next_after(bad, at("2023-06-01T09:00:00+08:00")).is_err(), "{bad}");
        }
    }
}
