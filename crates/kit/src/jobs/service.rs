//! How jobs appear: list, page with progress, deeds.

use uuid::Uuid;

use super::{Deed, Job, JobId, NOUN, State, actions, store, web};
use crate::{
    Actor, Column, Cx, Deed as Offer, Governed, Labelled as _, Lifecycle as _, Outcome, Post, Pred,
    RecordView, Result, Role, Secrecy, Service, Shown, Tab, Table, WriteCx, lifecycle,
    service::{Group, Waiting, no_fields, target},
};

const COLUMNS: &[Column] = &[
    Column::title("title", "任务", "j.title"),
    Column::choice("state", "状态", "j.state", State::CHOICES),
    Column::text("by", "提交人", "j.by_name"),
    Column::instant("queued_at", "提交时间", "j.queued_at").sortable().filled(),
    Column::instant("ended_at", "结束时间", "j.ended_at"),
    Column::text("message", "结果", "j.message"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "任务",
        table: "job",
        group: Group::Admin,
        listed: true,
        icon: "rotate",
        secrecy: Secrecy::Internal,
        about: "在后台执行的导入、导出、备份等；可以离开页面，完成后收件箱会有消息。",
        list: Table {
            from: "job j",
            alias: "j",
            title: "j.title",
            number: None,
            columns: COLUMNS,
            order: "-queued_at",
        },
        visible: Job::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::on("cancel", "取消", no_fields, |cx, id, _| Box::pin(cancel(cx, id))).next(
                "排队中的任务马上取消；正在执行的在下一步停止，没有提交的内容不会保存。已经完成的不受影响。",
            ),
            Offer::on("retry", "重新执行", no_fields, |cx, id, _| Box::pin(retry(cx, id)))
                .primary()
                .next("任务从头再执行一次。"),
        ],
        creates: |_| false,
        waiting: vec![Waiting {
            label: "未完成的任务",
            condition: |actor, _| match actor.account {
                Some(account) => Pred::is("account_id", account).and(Pred::is("state", State::Failed)),
                None => Pred::Nothing,
            },
            due: None,
        }],
        governed: Some(Governed {
            noun: NOUN,
            label: "任务",
            transitions: lifecycle::transitions::<Job>,
            permissions: || {
                let stranger = |role| somebody(role, Uuid::from_u128(2));
                lifecycle::permissions(sample, |role| somebody(role, OWNER), stranger)
            },
        }),
    }
}

/// The account that ordered the sample job.
pub(super) const OWNER: Uuid = Uuid::from_u128(1);

/// Somebody of `role`.
pub(super) fn somebody(role: Role, account: Uuid) -> Actor {
    Actor::holding(account, Post::of(role))
}

pub(super) fn sample(state: State) -> Job {
    Job {
        id: JobId(Uuid::from_u128(3)),
        version: 1,
        kind: String::new(),
        title: String::new(),
        account_id: Some(OWNER),
        by_name: String::new(),
        state,
        payload_sealed: String::new(),
        open_key: None,
        queued_at: chrono::DateTime::default(),
        run_at: chrono::DateTime::default(),
        started_at: None,
        ended_at: None,
        attempts: 0,
        claimed_by: String::new(),
        beat_at: None,
        stop_asked: false,
        done: 0,
        total: 0,
        message: String::new(),
        result_link: String::new(),
        result_name: String::new(),
    }
}

async fn cancel(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: JobId = target(id)?;
    let message = match actions::cancel(cx, id).await? {
        State::Cancelled => "已取消。",
        _ => "已通知任务停止，它会在下一步停下。",
    };
    Ok(Outcome::new(NOUN, id, message))
}

async fn retry(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: JobId = target(id)?;
    actions::retry(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已重新排入队列。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let job = store::find(cx, JobId(id)).await?;
    let app = cx.app().clone();
    let (done, total, ..) = super::worker::seen(cx, &job);
    let mut view = RecordView::new(&job.title, job.version)
        .fact("kind", "种类", Shown::text(super::label(&app, &job.kind)))
        .fact("by", "提交人", Shown::text(&job.by_name))
        .fact("queued_at", "提交时间", Shown::Instant(job.queued_at))
        .fact("started_at", "开始时间", job.started_at.map_or(Shown::Empty, Shown::Instant))
        .fact("ended_at", "结束时间", job.ended_at.map_or(Shown::Empty, Shown::Instant));
    if job.state == State::Waiting && job.attempts > 0 {
        view = view.fact("run_at", "下次尝试", Shown::Instant(job.run_at));
    }
    if job.attempts > 1 {
        view = view.fact("attempts", "尝试次数", Shown::Integer(job.attempts));
    }
    if total > 0 {
        view = view.fact("done", "已处理", Shown::Integer(done)).fact("total", "总数", Shown::Integer(total));
    }
    if !job.result_link.is_empty() {
        view = view.fact(
            "result",
            "结果",
            Shown::Link { label: String::from("查看结果"), href: job.result_link.clone() },
        );
    }
    if web::may_fetch(cx, &job).await {
        let href = format!("/{NOUN}/{}/result", job.id);
        view = view.fact("file", "文件", Shown::Link { label: job.result_name.clone(), href });
    }
    view.tabs.push(Tab::Html { key: "progress", label: "进度", html: web::progress_html(cx, &job)? });
    view.state = Some(job.state.choice());
    view.deeds = job.open_deeds(&cx.actor);
    if job.stop_asked {
        view.deeds.retain(|deed| *deed != Deed::Cancel.code());
    }
    Ok(view)
}
