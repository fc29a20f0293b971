//! Entering an assembly, with the counts of its kind.

use chrono::NaiveDate;
use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx, dates};
use planning::units;
use uuid::Uuid;

use super::{Assembly, AssemblyId, Deed, Kind, NOUN, Sheets, State, Votes, check_counts, store};

/// What is entered about an assembly.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Kind.
    pub kind: Kind,
    /// The day.
    pub held_on: NaiveDate,
    /// Where.
    pub place: String,
    /// Who led it.
    pub chair: String,
    /// How many were there.
    pub attendance: i64,
    /// What was said, in short.
    pub summary: String,
    /// Sheets of an assessment.
    pub sheets: Sheets,
    /// Votes of an assessment.
    pub votes: Vec<Votes>,
    /// Characters of the organisation's report.
    pub report_chars: i64,
    /// Of them, on problems.
    pub problem_chars: i64,
}

impl Entry {
    fn check(&self, cx: &WriteCx) -> Result<()> {
        dates::happened(cx, "held_on", "召开日期", self.held_on)?;
        if self.kind == Kind::Assessment {
            if self.votes.is_empty() {
                return Err(Refusal::field("votes", "请填写测评结果，每个测评对象一行").into());
            }
            check_counts(self.sheets, &self.votes)?;
        } else if !self.votes.is_empty() || self.sheets != Sheets::default() {
            return Err(Refusal::field("votes", "只有民主测评填写测评表数和票数").into());
        }
        if self.kind != Kind::Report && (self.report_chars, self.problem_chars) != (0, 0) {
            return Err(Refusal::field("report_chars", "只有听取汇报填写材料字数").into());
        }
        if self.problem_chars > self.report_chars {
            return Err(Refusal::field("problem_chars", "问题部分的字数不能多于全文").into());
        }
        Ok(())
    }

    fn apply(&self, assembly: &mut Assembly) {
        assembly.kind = self.kind;
        assembly.held_on = self.held_on;
        assembly.place.clone_from(&self.place);
        assembly.chair.clone_from(&self.chair);
        assembly.attendance = self.attendance;
        assembly.summary.clone_from(&self.summary);
        assembly.given = self.sheets.given;
        assembly.returned = self.sheets.returned;
        assembly.valid = self.sheets.valid;
        assembly.report_chars = self.report_chars;
        assembly.problem_chars = self.problem_chars;
    }
}

/// Enters an assembly at an inspected unit.
pub async fn create(cx: &mut WriteCx, unit: Uuid, entry: Entry) -> Result<AssemblyId> {
    let unit = units::of(cx, unit).await?;
    if !cx.actor.in_team(unit.inspection_id) {
        return Err(Refusal::forbidden("登记进驻会议").into());
    }
    entry.check(cx)?;
    let id = AssemblyId(cx.new_id());
    let mut assembly = Assembly {
        id,
        version: 1,
        inspection_id: unit.inspection_id,
        unit_id: unit.id,
        organisation_id: unit.organisation_id,
        kind: entry.kind,
        held_on: entry.held_on,
        place: String::new(),
        chair: String::new(),
        attendance: 0,
        summary: String::new(),
        given: 0,
        returned: 0,
        valid: 0,
        report_chars: 0,
        problem_chars: 0,
        state: State::Draft,
    };
    entry.apply(&mut assembly);
    cx.index(NOUN, id, format!("{} {}", assembly.place, assembly.summary));
    cx.insert(assembly).await?;
    store::put_votes(cx, id, &entry.votes).await?;
    cx.done(Done::new(NOUN, id, "create", "登记会议"));
    Ok(id)
}

/// Changes an entry that is not final.
pub async fn edit(cx: &mut WriteCx, id: AssemblyId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    entry.check(cx)?;
    let mut after = before.clone();
    entry.apply(&mut after);
    cx.index(NOUN, id, format!("{} {}", after.place, after.summary));
    store::put_votes(cx, id, &entry.votes).await?;
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Assembly>(NOUN, id, Deed::Edit, state, state).changes(changes));
    Ok(())
}

/// Makes the entry final.
pub async fn finalise(cx: &mut WriteCx, id: AssemblyId) -> Result<()> {
    turn(cx, id, Deed::Finalise, String::new()).await
}

/// Opens a final entry again.
pub async fn reopen(cx: &mut WriteCx, id: AssemblyId, reason: String) -> Result<()> {
    turn(cx, id, Deed::Reopen, reason).await
}

async fn turn(cx: &mut WriteCx, id: AssemblyId, deed: Deed, note: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    cx.update(&before, Assembly { state, ..before.clone() }).await?;
    cx.done(Done::deed::<Assembly>(NOUN, id, deed, before.state, state).note(note));
    Ok(())
}
