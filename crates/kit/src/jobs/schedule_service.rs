//! How schedules of recurring jobs appear: list, page, forms.

use uuid::Uuid;

use super::schedules::{self, Deed, Model, NOUN, ScheduleId, State};
use crate::{
    Column, Cx, Deed as Offer, Field, Form, Governed, Labelled as _, Lifecycle as _, Outcome, RecordView,
    Result, Secrecy, Service, Shown, Table, WriteCx, lifecycle,
    service::{Group, Work, no_fields, target},
};

const COLUMNS: &[Column] = &[
    Column::title("title", "任务", "s.title"),
    Column::text("kind", "种类代码", "s.kind").hidden(),
    Column::text("pattern", "时间规则", "s.pattern"),
    Column::choice("state", "状态", "s.state", State::CHOICES),
    Column::instant("next_at", "下次执行", "s.next_at").sortable().filled(),
    Column::instant("last_at", "上次执行", "s.last_at"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "定时任务",
        table: "job_schedule",
        group: Group::Admin,
        listed: true,
        icon: "alarm",
        secrecy: Secrecy::Internal,
        about: "由程序按时执行的任务：备份、清理等；系统管理员可以调整时间、停用或立即执行。",
        list: Table {
            from: "job_schedule s",
            alias: "s",
            title: "s.title",
            number: None,
            columns: COLUMNS,
            order: "next_at",
        },
        visible: Model::visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::on("run_now", "立即执行", no_fields, |cx, id, _| Box::pin(run_now(cx, id)))
                .primary()
                .next("任务马上排入队列，原定时间不变。"),
            Offer::on("edit", "调整时间", fields, |cx, id, form| Box::pin(edit(cx, id, form)))
                .next("从现在起按新的时间执行。"),
            Offer::on("resume", "启用", no_fields, |cx, id, _| Box::pin(turn(cx, id, Deed::Resume)))
                .next("从下一个时间起按时执行。"),
            Offer::on("pause", "停用", no_fields, |cx, id, _| Box::pin(turn(cx, id, Deed::Pause)))
                .danger()
                .next("停用后不再按时执行，直到重新启用。"),
        ],
        creates: |_| false,
        waiting: Vec::new(),
        governed: Some(Governed {
            noun: NOUN,
            label: "定时任务",
            transitions: lifecycle::transitions::<Model>,
            permissions: || {
                let somebody = |role| super::service::somebody(role, super::service::OWNER);
                lifecycle::permissions(sample, somebody, somebody)
            },
        }),
    }
}

fn sample(state: State) -> Model {
    Model {
        id: ScheduleId(Uuid::from_u128(1)),
        version: 1,
        kind: String::new(),
        title: String::new(),
        state,
        pattern: String::new(),
        next_at: chrono::DateTime::default(),
        last_at: None,
        last_job_id: None,
    }
}

fn fields(cx: &Cx, id: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        let held = match id {
            Some(id) => Some(schedules::find(cx, ScheduleId(id)).await?.pattern),
            None => None,
        };
        Ok(vec![
            Field::line("pattern", "时间规则").max(60).required().maybe(held).help(
                "五段：分 时 日 月 周，按北京时间。30 2 * * * 为每天 2:30，0 7 * * 1 为每周一 7:00，0 1 1 * * 为每月 1 日 1:00。",
            ),
        ])
    })
}

async fn run_now(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let id: ScheduleId = target(id)?;
    schedules::run_now(cx, id).await?;
    Ok(Outcome::new(NOUN, id, "已排入任务队列。"))
}

async fn edit(cx: &mut WriteCx, id: Option<Uuid>, form: &Form) -> Result<Outcome> {
    let id: ScheduleId = target(id)?;
    schedules::edit(cx, id, form.text("pattern")).await?;
    Ok(Outcome::new(NOUN, id, "已调整时间。"))
}

async fn turn(cx: &mut WriteCx, id: Option<Uuid>, deed: Deed) -> Result<Outcome> {
    let id: ScheduleId = target(id)?;
    schedules::turn(cx, id, deed).await?;
    Ok(Outcome::new(NOUN, id, format!("已{}。", deed.label())))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let schedule = schedules::find(cx, ScheduleId(id)).await?;
    let app = cx.app().clone();
    let title = super::label(&app, &schedule.kind);
    let mut view = RecordView::new(title, schedule.version)
        .fact("pattern", "时间规则", Shown::text(&schedule.pattern))
        .fact("next_at", "下次执行", Shown::Instant(schedule.next_at))
        .fact("last_at", "上次执行", schedule.last_at.map_or(Shown::Empty, Shown::Instant))
        .fact(
            "last_job",
            "上次的任务",
            Shown::link(super::NOUN, schedule.last_job_id.map(|id| id.0), "查看"),
        );
    view.state = Some(schedule.state.choice());
    view.deeds = schedule.open_deeds(&cx.actor);
    Ok(view)
}
