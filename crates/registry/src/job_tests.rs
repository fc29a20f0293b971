//! Jobs are done in the name of accounts, so their stories are told here: ordered, done, refused,
//! tried again, stopped, taken up after a restart, done on time.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Duration, Utc};
use db::Sql;
use kit::{
    Actor, Error, Post, Refusal, Role,
    jobs::{self, Doing, Ended, JobId, Kind, Order, State},
    service::{Registry, Work},
    testing::{TestApp, actor},
};
use uuid::Uuid;

use crate::{accounts::sessions, testing};

static FAULTS: AtomicI64 = AtomicI64::new(0);

fn greet(doing: &Doing) -> Work<'_, Ended> {
    Box::pin(async move {
        let name: String = doing.payload()?;
        doing.progress.step(3, 3)?;
        tokio::fs::write(doing.result_path().await?, "名单").await?;
        let posts = doing.actor.role_labels();
        Ok(Ended::saying(format!("{name}：{posts}")).file("名单.txt"))
    })
}

fn refuse(_: &Doing) -> Work<'_, Ended> {
    Box::pin(async { Err(Refusal::conflict("台账里没有数据。").into()) })
}

fn break_twice(_: &Doing) -> Work<'_, Ended> {
    Box::pin(async {
        match FAULTS.fetch_add(1, Ordering::SeqCst) {
            0 => panic!("a fault of ours"),
            1 => Err(Error::Fault(String::from("no disk"))),
            _ => Ok(Ended::saying("第三次做成了。")),
        }
    })
}

fn wait_for_stop(doing: &Doing) -> Work<'_, Ended> {
    Box::pin(async move {
        // Holds the writing transaction, as an import does.
        let progress = doing.progress.clone();
        doing
            .app
            .write(&doing.actor, |_| {
                Box::pin(async move {
                    loop {
                        progress.check()?;
                        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
                    }
                })
            })
            .await
    })
}

const KINDS: [Kind; 5] = [
    Kind::new("greet", "问候", greet),
    Kind::new("refuse", "拒绝", refuse),
    Kind::new("break", "出错", break_twice),
    Kind::new("stop", "等待", wait_for_stop),
    Kind::new("nightly", "每夜", |_| Box::pin(async { Ok(Ended::saying("好了。")) })).daily("30 2 * * *"),
];

struct House {
    test: TestApp,
}

impl House {
    async fn new() -> Self {
        let mut services = crate::services();
        services.extend([jobs::service(), jobs::schedule_service()]);
        let registry = Registry {
            services,
            person: Some(sessions::person),
            jobs: KINDS.to_vec(),
            ..Registry::default()
        };
        let test = TestApp::with(registry).await;
        let program = Arc::new(Actor::program("建立"));
        let seeded = test.app.write(&program, |cx| {
            Box::pin(async move {
                crate::seed(cx).await?;
                jobs::seed_schedules(cx).await
            })
        });
        assert_eq!(seeded.await.unwrap(), 1);
        Self { test }
    }

    /// Somebody with an account and a post.
    async fn somebody(&self) -> Arc<Actor> {
        let account = testing::account(&self.test, "lin").await;
        testing::post(&self.test, account, Role::OfficeLiaison).await;
        let person = sessions::person(&self.test.app, account).await.unwrap().unwrap();
        assert_eq!(
            person.posts.iter().map(|post: &Post| post.role).collect::<Vec<_>>(),
            [Role::OfficeLiaison]
        );
        Arc::new(person)
    }

    async fn order(&self, who: &Arc<Actor>, kind: &'static str) -> JobId {
        let order = Order::new(kind, "一项任务").payload(&"林某某").unwrap().key("one");
        self.test.app.write(who, |cx| Box::pin(jobs::enqueue(cx, order))).await.unwrap()
    }

    async fn job(&self, id: JobId) -> jobs::Job {
        jobs::find(&self.program(), id).await.unwrap()
    }

    fn program(&self) -> kit::Cx {
        self.test.app.read(&Arc::new(Actor::program("test")))
    }

    async fn notices(&self, who: &Arc<Actor>) -> Vec<String> {
        let notices = crate::notices::inbox(&self.test.app.read(who), 50).await.unwrap();
        notices.into_iter().map(|notice| notice.title).collect()
    }

    fn now(&self) -> DateTime<Utc> {
        self.test.clock.now()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_done_in_the_name_of_who_ordered_it_and_ends_in_the_inbox() {
    let house = House::new().await;
    let lin = house.somebody().await;
    let id = house.order(&lin, "greet").await;
    assert_eq!(house.job(id).await.state, State::Waiting);
    assert!(!house.job(id).await.payload_sealed.contains("林某某"));
    assert_eq!(jobs::run_due(&house.test.app).await.unwrap(), 1);
    let job = house.job(id).await;
    assert_eq!((job.state, job.message.as_str()), (State::Done, "林某某：巡察办联络员"));
    assert_eq!((job.done, job.total, job.attempts), (3, 3, 1));
    assert!(job.result_path(house.test.app.folder()).exists());
    assert_eq!(house.notices(&lin).await, ["任务已完成：一项任务"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_work_is_not_ordered_twice_while_it_is_open() {
    let house = House::new().await;
    let lin = house.somebody().await;
    let first = house.order(&lin, "greet").await;
    assert_eq!(house.order(&lin, "greet").await, first);
    jobs::run_due(&house.test.app).await.unwrap();
    assert_ne!(house.order(&lin, "greet").await, first);
}

#[tokio::test(flavor = "multi_thread")]
async fn others_do_not_find_a_persons_job() {
    let house = House::new().await;
    let lin = house.somebody().await;
    let id = house.order(&lin, "greet").await;
    let stranger = actor(Role::OfficeLiaison, None, None);
    assert!(jobs::find(&house.test.app.read(&stranger), id).await.is_err());
    let refused = house.test.perform(&stranger, "jobs", Some(id.0), "cancel", &[]).await;
    assert_eq!(testing::refusal(refused).reason, kit::error::Reason::NotFound);
    assert!(jobs::find(&house.test.app.read(&testing::director()), id).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_ends_a_job_with_its_sentence() {
    let house = House::new().await;
    let lin = house.somebody().await;
    let id = house.order(&lin, "refuse").await;
    jobs::run_due(&house.test.app).await.unwrap();
    let job = house.job(id).await;
    assert_eq!((job.state, job.message.as_str(), job.attempts), (State::Failed, "台账里没有数据。", 1));
    house.test.perform(&lin, "jobs", Some(id.0), "retry", &[]).await.unwrap();
    assert_eq!(house.job(id).await.state, State::Waiting);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_is_tried_again_later_and_later() {
    let house = House::new().await;
    let lin = house.somebody().await;
    let id = house.order(&lin, "break").await;
    let mut waits = Vec::new();
    for _ in 0..2 {
        assert_eq!(jobs::run_due(&house.test.app).await.unwrap(), 1);
        let job = house.job(id).await;
        assert_eq!(job.state, State::Waiting);
        assert_eq!(jobs::run_due(&house.test.app).await.unwrap(), 0, "not before its time");
        waits.push((job.run_at - house.now()).num_seconds());
        house.test.set_clock(job.run_at);
    }
    assert_eq!(waits, [30, 120]);
    jobs::run_due(&house.test.app).await.unwrap();
    let job = house.job(id).await;
    assert_eq!((job.state, job.message.as_str(), job.attempts), (State::Done, "第三次做成了。", 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_job_stops_when_asked_even_while_it_holds_the_write_transaction() {
    let house = House::new().await;
    let lin = house.somebody().await;
    let id = house.order(&lin, "stop").await;
    let worker = jobs::start(&house.test.app);
    for _ in 0..200 {
        if house.test.app.jobs().progress(id).is_some() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let asked = house.test.perform(&lin, "jobs", Some(id.0), "cancel", &[]).await;
    // The job may have ended between the wish and its record.
    if let Err(error) = asked {
        assert_eq!(testing::refusal::<()>(Err(error)).reason, kit::error::Reason::Conflict);
    }
    for _ in 0..200 {
        if house.job(id).await.state != State::Running {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    worker.stop(std::time::Duration::from_secs(5)).await;
    assert_eq!(house.job(id).await.state, State::Cancelled);
    assert_eq!(house.notices(&lin).await, ["任务已取消：一项任务"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_job_is_taken_out_of_the_queue() {
    let house = House::new().await;
    let lin = house.somebody().await;
    let id = house.order(&lin, "greet").await;
    house.test.perform(&lin, "jobs", Some(id.0), "cancel", &[]).await.unwrap();
    assert_eq!(jobs::run_due(&house.test.app).await.unwrap(), 0);
    assert_eq!(house.job(id).await.state, State::Cancelled);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_process_died_is_taken_up_again() {
    let house = House::new().await;
    let lin = house.somebody().await;
    let id = house.order(&lin, "greet").await;
    // What a process that is gone has left behind.
    let long_ago = house.now() - Duration::hours(1);
    let left = house.test.app.write(&lin, |cx| {
        Box::pin(async move {
            let mut sql = Sql::new("update job set state = ");
            sql.bind(State::Running)
                .push(", attempts = 1, claimed_by = 'gone', started_at = ")
                .bind(long_ago);
            sql.push(", beat_at = ").bind(long_ago).push(" where id = ").bind(id);
            cx.execute(sql).await
        })
    });
    assert_eq!(left.await.unwrap(), 1);
    let worker = jobs::start(&house.test.app);
    for _ in 0..200 {
        if house.job(id).await.state == State::Waiting {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    worker.stop(std::time::Duration::from_secs(5)).await;
    let job = house.job(id).await;
    assert_eq!((job.state, job.message.as_str()), (State::Waiting, "程序中断，没有做完。"));
    house.test.set_clock(job.run_at);
    jobs::run_due(&house.test.app).await.unwrap();
    assert_eq!(house.job(id).await.state, State::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_an_account_out_of_use_is_not_done() {
    let house = House::new().await;
    let lin = house.somebody().await;
    let id = house.order(&lin, "greet").await;
    let system = actor(Role::SystemAdministrator, None, None);
    let entries = [("reason", "离职")];
    house.test.perform(&system, "accounts", lin.account, "disable", &entries).await.unwrap();
    jobs::run_due(&house.test.app).await.unwrap();
    let job = house.job(id).await;
    assert_eq!(job.state, State::Failed);
    assert!(job.message.contains("停用"), "{}", job.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recurring_job_is_ordered_once_when_its_time_has_come_and_on_request() {
    let house = House::new().await;
    let schedule: Uuid = house.program().rows(Sql::new("select id from job_schedule")).await.unwrap()[0]
        .try_get_by_index(0)
        .unwrap();
    let system = actor(Role::SystemAdministrator, None, None);
    let count = async || house.program().number(Sql::new("select count(*) from job")).await.unwrap();
    let bad =
        house.test.perform(&system, "job_schedules", Some(schedule), "edit", &[("pattern", "每天")]).await;
    assert_eq!(testing::refusal(bad).fields[0].0, "pattern");
    house.test.perform(&system, "job_schedules", Some(schedule), "run_now", &[]).await.unwrap();
    assert_eq!(count().await, 1);
    assert_eq!(jobs::run_due(&house.test.app).await.unwrap(), 1);
    // Three nights pass while nothing runs: the job is made up for once.
    house.test.set_clock(house.now() + Duration::days(3));
    let worker = jobs::start(&house.test.app);
    for _ in 0..200 {
        if count().await == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    worker.stop(std::time::Duration::from_secs(5)).await;
    assert_eq!(count().await, 2);
    let liaison = actor(Role::OfficeLiaison, None, None);
    let refused = house.test.perform(&liaison, "job_schedules", Some(schedule), "pause", &[]).await;
    assert_eq!(testing::refusal(refused).reason, kit::error::Reason::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn old_jobs_go_with_their_files() {
    let house = House::new().await;
    let lin = house.somebody().await;
    let id = house.order(&lin, "greet").await;
    jobs::run_due(&house.test.app).await.unwrap();
    let path = house.job(id).await.result_path(house.test.app.folder());
    let program = Arc::new(Actor::program("清理"));
    assert_eq!(jobs::forget_before(&house.test.app, &program, house.now()).await.unwrap(), 0);
    let later = house.now() + Duration::days(1);
    assert_eq!(jobs::forget_before(&house.test.app, &program, later).await.unwrap(), 1);
    assert!(!path.exists());
}
