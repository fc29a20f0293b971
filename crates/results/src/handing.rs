//! Handing something of this area to another body, and what came of it.
//!
//! Subjects approve by themselves; receipt, disposal, reply and deadline stand on the transfer and are
//! only read here.

use chrono::NaiveDate;
use db::Sql;
use kit::{Audience, Choice, Cx, Done, Labelled as _, RecordView, Result, Shown, WriteCx, labelled, sea_orm};
use registry::policies;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::shared::{RECIPIENTS, next_number};

/// Noun of transfers.
pub(crate) const TRANSFERS: &str = "transfers";

kit::id!(
    /// Identity of a transfer.
    TransferId
);

labelled! {
    /// What is handed over.
    pub enum Kind: "移交类别" {
        /// 巡察建议.
        Suggestion = "suggestion" => "巡察建议", Grey;
        /// 共性问题.
        CommonProblem = "common_problem" => "共性问题", Grey;
    }
}

labelled! {
    /// Where a transfer stands.
    pub enum State: "办理状态" {
        /// On its way.
        Sent = "sent" => "已移交", Blue;
        /// Receipt signed.
        Received = "received" => "已签收", Blue;
        /// The recipient said what it will do.
        Disposed = "disposed" => "办理中", Blue;
        /// The result came back.
        Returned = "returned" => "已反馈结果", Yellow;
        /// Nothing more to do.
        Closed = "closed" => "已办结", Green;
    }
}

labelled! {
    /// What the recipient made of a suggestion or a list of common problems.
    pub enum Adoption: "采纳情况" {
        /// 采纳.
        Adopted = "adopted" => "采纳", Green;
        /// 部分采纳.
        Partly = "partly_adopted" => "部分采纳", Yellow;
        /// 未采纳.
        Not = "not_adopted" => "未采纳", Red;
    }
}

/// The states of a transfer, for lists.
pub(crate) const STATES: &[Choice] = State::CHOICES;
/// The adoptions, for lists.
pub(crate) const ADOPTIONS: &[Choice] = Adoption::CHOICES;
/// SQL for what came of a transfer `tr`.
pub(crate) const RESULT_SQL: &str = "case when tr.result_note <> '' then tr.result_note else tr.result end";

/// What is handed to whom.
#[derive(Clone, Debug)]
pub(crate) struct Sending {
    /// What it is.
    pub(crate) kind: Kind,
    /// Noun of the subject.
    pub(crate) subject_noun: &'static str,
    /// The subject.
    pub(crate) subject_id: Uuid,
    /// Title, with nothing sealed in it.
    pub(crate) title: String,
    /// The inspection it came from.
    pub(crate) inspection: Option<Uuid>,
    /// The inspected side.
    pub(crate) organisation: Option<Uuid>,
    /// Who receives it.
    pub(crate) recipient: Uuid,
    /// The day it was sent.
    pub(crate) sent_on: NaiveDate,
}

/// Sends the subject: a transfer begins, its clock runs, the recipient is told.
pub(crate) async fn send(cx: &mut WriteCx, sending: Sending) -> Result<TransferId> {
    let id = TransferId(cx.new_id());
    let policy = match sending.kind {
        Kind::Suggestion => "suggestion_reply",
        Kind::CommonProblem => "common_problem_reply",
    };
    let deadline = policies::deadline(cx, policy, sending.sent_on).await?;
    let mut sql = Sql::new(
        "insert into transfer (id, version, number, kind, subject_noun, subject_id, title, inspection_id, \
         organisation_id, recipient_id, mode, early, state, prepared_by, prepared_on, approved_on, sent_on, due_on, \
         due_basis, received_by, disposal, result, result_note) values (",
    );
    sql.bind(id).push(", 1, ").bind(next_number(cx, "transfer", "YJ").await?).push(", ").bind(sending.kind);
    sql.push(", ").bind(sending.subject_noun).push(", ").bind(sending.subject_id);
    sql.push(", ").bind(sending.title.as_str()).push(", ").bind(sending.inspection);
    sql.push(", ").bind(sending.organisation).push(", ").bind(sending.recipient);
    sql.push(", 'single', false, ").bind(State::Sent).push(", ").bind(cx.actor.account);
    sql.push(", ").bind(sending.sent_on).push(", ").bind(sending.sent_on).push(", ").bind(sending.sent_on);
    sql.push(", ").bind(deadline.due_on).push(", ").bind(deadline.basis.as_str()).push(", '', '', '', '')");
    cx.execute(sql).await?;
    for role in RECIPIENTS {
        let audience = Audience::Post { role, organisation: Some(sending.recipient), inspection: None };
        cx.notify(audience, format!("收到移交：{}", sending.title), TRANSFERS, id);
    }
    cx.done(Done::new(TRANSFERS, id, "send", "发出移交"));
    Ok(id)
}

/// What came of a transfer.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Course {
    /// Last day for the reply.
    pub(crate) due_on: Option<NaiveDate>,
    /// What that day rests on.
    pub(crate) due_basis: String,
    /// Receipt.
    pub(crate) received_on: Option<NaiveDate>,
    /// Code of the adoption.
    pub(crate) disposal: String,
    /// When it was said.
    pub(crate) disposal_on: Option<NaiveDate>,
    /// What came of it.
    pub(crate) outcome: String,
    /// When that was reported.
    pub(crate) result_on: Option<NaiveDate>,
    /// When it was closed.
    pub(crate) closed_on: Option<NaiveDate>,
}

/// The course of transfer `id`, for those who see its subject.
pub(crate) async fn course(cx: &Cx, id: Option<TransferId>) -> Result<Option<Course>> {
    let Some(id) = id else { return Ok(None) };
    let mut sql = Sql::new("select due_on, due_basis, received_on, disposal, disposal_on, ");
    sql.push(RESULT_SQL).push(" as outcome, result_on, closed_on from transfer tr where tr.id = ").bind(id);
    cx.first(sql).await
}

/// Adds what came of the transfer to the record's page.
pub(crate) fn describe(cx: &Cx, mut view: RecordView, course: Option<Course>) -> RecordView {
    let Some(course) = course else { return view };
    let adoption = Adoption::parse(&course.disposal)
        .map_or_else(|| Shown::text(course.disposal.as_str()), |adoption| Shown::choice(adoption.choice()));
    let due = Shown::clock(course.due_on, cx.today(), course.result_on.is_some());
    view.clock = Some(("反馈期限", due.clone()));
    view.fact("due", "反馈期限", due)
        .fact("due_basis", "期限依据", Shown::text(course.due_basis))
        .fact("received_on", "签收日期", Shown::date(course.received_on))
        .fact("adoption", "采纳情况", adoption)
        .fact("disposal_on", "采纳意见日期", Shown::date(course.disposal_on))
        .fact("result", "办理和成果运用情况", Shown::long(course.outcome))
        .fact("result_on", "反馈日期", Shown::date(course.result_on))
        .fact("closed_on", "办结日期", Shown::date(course.closed_on))
}
