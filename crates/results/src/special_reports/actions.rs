//! Writing, submitting and deciding special reports.

use chrono::NaiveDate;
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx};
use uuid::Uuid;

use super::{Deed, NOUN, SpecialReport, SpecialReportId, State, may_keep, store};
use crate::shared::{has_happened, not_before};

/// What a person enters about a special report.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Number.
    pub number: String,
    /// Title.
    pub title: String,
    /// The committee's term.
    pub term: Uuid,
    /// The inspection it grew from.
    pub inspection: Option<Uuid>,
    /// Code of the field.
    pub field: String,
    /// What it says.
    pub text: String,
}

impl Entry {
    fn apply(self, report: &mut SpecialReport) {
        report.number = self.number;
        report.title = self.title;
        report.term_id = self.term;
        report.inspection_id = self.inspection;
        report.field = self.field;
        report.text = self.text;
    }
}

/// What the committee decided.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Day of the decision.
    pub on: NaiveDate,
    /// Name and office of whoever decided.
    pub by: String,
    /// Its words.
    pub text: String,
}

/// Begins a special report.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<SpecialReportId> {
    if !may_keep(&cx.actor) {
        return Err(Refusal::forbidden("起草专题报告").into());
    }
    let mut report = SpecialReport {
        id: SpecialReportId(cx.new_id()),
        version: 1,
        number: String::new(),
        title: String::new(),
        term_id: entry.term,
        inspection_id: None,
        field: String::new(),
        text: String::new(),
        state: State::Drafted,
        prepared_by: cx.actor.account,
        submitted_on: None,
        decided_on: None,
        decided_by: String::new(),
        decision: String::new(),
    };
    entry.apply(&mut report);
    let id = report.id;
    index(cx, &report);
    cx.done(Done::new(NOUN, id, "create", "起草专题报告"));
    cx.insert(report).await?;
    Ok(id)
}

/// Changes the draft.
pub async fn edit(cx: &mut WriteCx, id: SpecialReportId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    before.decide(&cx.actor, Deed::Edit)?;
    let mut after = before.clone();
    entry.apply(&mut after);
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(
        Done::deed::<SpecialReport>(NOUN, id, Deed::Edit, State::Drafted, State::Drafted).changes(changes),
    );
    Ok(())
}

/// Hands the report in to the committee.
pub async fn submit(cx: &mut WriteCx, id: SpecialReportId, submitted_on: NaiveDate) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Submit)?;
    has_happened(cx, "submitted_on", submitted_on)?;
    let mut after = before.clone();
    (after.state, after.submitted_on) = (state, Some(submitted_on));
    cx.update(&before, after).await?;
    cx.done(Done::deed::<SpecialReport>(NOUN, id, Deed::Submit, before.state, state));
    let audience = Audience::Post { role: Role::CommitteeLeader, organisation: None, inspection: None };
    cx.notify(audience, format!("专题报告待批示：{}", before.title), NOUN, id);
    Ok(())
}

/// Decides, or records what was decided.
pub async fn decide(cx: &mut WriteCx, id: SpecialReportId, decision: Decision) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Decide)?;
    has_happened(cx, "decided_on", decision.on)?;
    not_before("decided_on", decision.on, before.submitted_on, "上报日期")?;
    let mut after = before.clone();
    (after.state, after.decided_on) = (state, Some(decision.on));
    after.decided_by.clone_from(&decision.by);
    after.decision.clone_from(&decision.text);
    index(cx, &after);
    cx.update(&before, after).await?;
    let note = format!("{}：{}", decision.by, decision.text);
    cx.done(Done::deed::<SpecialReport>(NOUN, id, Deed::Decide, before.state, state).note(note));
    let audience = Audience::Post { role: Role::OfficeDirector, organisation: None, inspection: None };
    cx.notify(audience, format!("专题报告已批示：{}", before.title), NOUN, id);
    Ok(())
}

fn index(cx: &mut WriteCx, report: &SpecialReport) {
    let text = format!("{} {} {} {}", report.number, report.title, report.text, report.decision);
    cx.index(NOUN, report.id, text);
}
