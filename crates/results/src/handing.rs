//! What came of something handed to another body: read from its transfer, shown with the subject.

use kit::{
    Choice, Cx, Labelled, RecordView, Result,
    shown::{Alarms, Shown},
};
use registry::transfers::{self, Disposal, ResultKind, State, Transfer};
use uuid::Uuid;

/// Where transfers stand, for lists.
pub(crate) const STATES: &[Choice] = State::CHOICES;
/// What recipients made of it, for lists.
pub(crate) const ADOPTIONS: &[Choice] = Disposal::CHOICES;
/// The results, for lists.
pub(crate) const RESULTS: &[Choice] = ResultKind::CHOICES;
/// SQL that is true when the recipient of transfer `tr` owes no answer.
pub(crate) const ANSWERED: &str = "tr.state not in ('sent', 'received', 'disposing')";

/// The latest transfer of a subject which the actor may see.
pub(crate) async fn latest(cx: &Cx, subject: impl Into<Uuid>) -> Result<Option<Transfer>> {
    Ok(transfers::of_subject(cx, subject).await?.pop())
}

/// Adds what came of the transfer to the subject's page.
pub(crate) fn describe(alarms: &Alarms, mut view: RecordView, transfer: Option<Transfer>) -> RecordView {
    let Some(transfer) = transfer else { return view };
    let due = alarms.clock(Some(transfer.due_on), transfer.answered());
    view.clock = Some(("反馈期限", due.clone()));
    view.fact("transfer_state", "办理状态", Shown::choice(transfer.state.choice()))
        .fact("due", "反馈期限", due)
        .fact("due_basis", "期限依据", Shown::text(transfer.due_basis))
        .fact("received_on", "签收日期", Shown::date(transfer.received_on))
        .fact("adoption", "采纳情况", chosen(transfer.disposal))
        .fact("adoption_note", "采纳说明", Shown::long(transfer.disposal_note))
        .fact("result", "办理结果", chosen(transfer.result))
        .fact("result_note", "成果运用情况", Shown::long(transfer.result_note))
        .fact("result_on", "反馈日期", Shown::date(transfer.result_on))
        .fact("closed_on", "办结日期", Shown::date(transfer.closed_on))
}

fn chosen<T: Labelled>(value: Option<T>) -> Shown {
    value.map_or(Shown::Empty, |value| Shown::choice(value.choice()))
}
