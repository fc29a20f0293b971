//! The chain of reviews: submitted, approved step by step or returned with reasons; nobody twice.

use chrono::NaiveDate;
use fieldwork::consultations;
use kit::{Audience, Cx, Done, Labelled as _, Lifecycle as _, Refusal, Result, Role, WriteCx, dates};
use onsite::team_meetings;
use planning::{
    inspection_units::{self, Deed as Step, InspectionUnitId},
    units,
};
use uuid::Uuid;

use super::{Deed, Kind, Report, ReportId, State, StepBy, desk, store, store::Verdict};
use crate::{
    meetings::{self, MeetingId},
    prose::checks,
    report_comments, report_rules,
    review_steps::{self, RestsOn, ReviewStep},
};

/// Sends a report on its way: to the first step on which somebody else decides.
pub async fn submit(cx: &mut WriteCx, id: ReportId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Submit)?;
    refuse_gaps(cx, &before).await?;
    let chain = review_steps::chain(cx, before.restricted).await?;
    let Some(first) = chain.first() else {
        return Err(Refusal::conflict("还没有设置审核环节，请巡察办主任在“审核环节”中设置。").into());
    };
    let acted = cx.actor.account.map(|account| account.to_string()).unwrap_or_default();
    let submitted = Report {
        state,
        pass: before.pass + 1,
        step_position: 0,
        step_label: String::from("提交"),
        acted,
        opinion_sealed: String::new(),
        submitted_on: Some(cx.today()),
        ..before.clone()
    };
    let on = cx.today();
    store::add_decision(cx, &submitted, Verdict { word: "submit", on, opinion: "", basis: None }).await?;
    let after = at_step(submitted, first, chain.len() == 1);
    complete_before(cx, &after, first).await?;
    tell_step(cx, &after, false);
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Report>(before.noun(), id, Deed::Submit, before.state, state));
    Ok(())
}

/// A report goes on its way only without sentences that rest on nothing, changed proof, and blanks.
async fn refuse_gaps(cx: &Cx, report: &Report) -> Result<()> {
    let look = desk::look(cx, report).await?;
    for kind in [checks::Kind::NoProof, checks::Kind::ProofChanged, checks::Kind::Unfinished] {
        let count = look.findings.iter().filter(|finding| finding.kind == kind).count();
        if count > 0 {
            let sentence = format!("有 {count} 处{}，不能提交。请在“审改台”逐条处理。", kind.label());
            return Err(Refusal::conflict(sentence).into());
        }
    }
    Ok(())
}

fn at_step(report: Report, step: &ReviewStep, last: bool) -> Report {
    Report {
        step_position: step.position,
        step_label: step.label.clone(),
        step_by: Some(step.step_by),
        step_last: last,
        ..report
    }
}

/// What somebody decides on a step.
#[derive(Clone, Debug)]
pub struct Opinion {
    /// The day.
    pub on: NaiveDate,
    /// What is said to it.
    pub text: String,
    /// Record of the team's meeting, when the step rests on one.
    pub team_meeting: Option<Uuid>,
    /// The consultation.
    pub consultation: Option<Uuid>,
    /// The meeting of the deciding body.
    pub meeting: Option<Uuid>,
}

/// Approves a report on the step it is at, on the last one for good.
pub async fn approve(cx: &mut WriteCx, id: ReportId, opinion: Opinion) -> Result<()> {
    let before = store::find(cx, id).await?;
    let deed = if before.step_last { Deed::Conclude } else { Deed::Approve };
    let state = before.decide(&cx.actor, deed)?;
    dates::happened(cx, "decided_on", "审核日期", opinion.on)?;
    dates::not_before("decided_on", "审核日期", opinion.on, before.submitted_on, "提交日期")?;
    let chain = review_steps::chain(cx, before.restricted).await?;
    let at = chain.iter().position(|step| step.position == before.step_position);
    let step = at
        .and_then(|at| chain.get(at))
        .ok_or_else(|| Refusal::conflict("报告所在的审核环节已被调整，请退回后重新提交。"))?;
    let basis = basis(cx, &before, step, &opinion).await?;
    refuse_open_points(cx, &before, step).await?;
    let verdict = Verdict { word: "approve", on: opinion.on, opinion: &opinion.text, basis };
    store::add_decision(cx, &before, verdict).await?;
    let next = at.and_then(|at| chain.get(at + 1)).filter(|_| deed == Deed::Approve);
    let acted = acted_too(cx, &before);
    let after = match next {
        Some(next) => {
            let last = chain.last().is_some_and(|last| last.position == next.position);
            let after = at_step(Report { state, acted, ..before.clone() }, next, last);
            complete_before(cx, &after, next).await?;
            after
        }
        None => concluded(Report { state: State::Approved, acted, ..before.clone() }, opinion.on),
    };
    let moved = if after.step_by.is_none() { move_unit(cx, &before, &chain).await? } else { false };
    tell_step(cx, &after, moved);
    let (noun, to) = (before.noun(), after.state);
    cx.update(&before, after).await?;
    let done = Done::deed::<Report>(noun, id, deed, before.state, to);
    cx.done(done.note(before.step_label.clone()));
    Ok(())
}

/// With its main report decided on, the unit is where the decisions of this pass have brought it: handed in, heard by the
/// leading group, decided on by the committee, each on its day. Answers whether it stands there.
async fn move_unit(cx: &mut WriteCx, report: &Report, chain: &[ReviewStep]) -> Result<bool> {
    if report.kind != Kind::Main {
        return Ok(true);
    }
    let decisions = store::decisions(cx, report.id).await?;
    let last_by = |by: StepBy| {
        let own = |position: i64| chain.iter().any(|step| step.position == position && step.step_by == by);
        let mut days = decisions
            .iter()
            .filter(|one| one.pass == report.pass && one.verdict == "approve" && own(one.position))
            .map(|one| one.decided_on);
        days.next_back()
    };
    let committee = last_by(StepBy::Committee);
    // Where the chain has no leading group, what the committee decides on counts as heard.
    let heard = last_by(StepBy::Group).or(committee);
    let steps = [(Step::Report, report.submitted_on), (Step::Hear, heard), (Step::Decide, committee)];
    let reached: Vec<(Step, NaiveDate)> =
        steps.into_iter().filter_map(|(deed, on)| Some((deed, on?))).collect();
    let unit = InspectionUnitId::from(report.unit_id);
    inspection_units::actions::follow_report(cx, unit, &reached).await
}

fn acted_too(cx: &WriteCx, report: &Report) -> String {
    match cx.actor.account {
        Some(account) if report.acted.is_empty() => account.to_string(),
        Some(account) => format!("{},{account}", report.acted),
        None => report.acted.clone(),
    }
}

fn concluded(report: Report, on: NaiveDate) -> Report {
    Report {
        step_position: 0,
        step_label: String::new(),
        step_by: None,
        step_last: false,
        approved_on: Some(on),
        ..report
    }
}

/// Sends a report back to be changed, with reasons; it begins anew.
pub async fn hand_back(cx: &mut WriteCx, id: ReportId, reasons: &str) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Return)?;
    let on = cx.today();
    let verdict = Verdict { word: "return", on, opinion: reasons, basis: None };
    store::add_decision(cx, &before, verdict).await?;
    let after = Report {
        state,
        opinion_sealed: store::seal(cx, &format!("report/{id}/opinion"), reasons)?,
        step_position: 0,
        step_label: String::new(),
        step_by: None,
        step_last: false,
        acted: String::new(),
        ..before.clone()
    };
    tell_team(cx, &before, format!("报告退回修改：{}（{}）", before.number, before.step_label));
    cx.update(&before, after).await?;
    let done = Done::deed::<Report>(before.noun(), id, Deed::Return, before.state, state);
    cx.done(done.note(before.step_label.clone()));
    Ok(())
}

/// The meeting or consultation that a step rests on: it must have been held, and about this inspection or report.
async fn basis(
    cx: &Cx,
    report: &Report,
    step: &ReviewStep,
    opinion: &Opinion,
) -> Result<Option<(&'static str, Uuid)>> {
    let missing =
        |field: &str, what: &str| Refusal::field(field, format!("请选择{what}，这个环节以它为依据"));
    match step.rests_on {
        RestsOn::Nothing => Ok(None),
        RestsOn::TeamMeeting => {
            let id = opinion.team_meeting.ok_or_else(|| missing("team_meeting", "组务会记录"))?;
            let held = team_meetings::find(cx, id.into()).await?;
            if held.inspection_id != report.inspection_id {
                return Err(Refusal::field("team_meeting", "所选会议不是本巡察组的会议").into());
            }
            Ok(Some((team_meetings::NOUN, id)))
        }
        RestsOn::Consultation => {
            let id = opinion.consultation.ok_or_else(|| missing("consultation", "组办会商记录"))?;
            let held = consultations::find(cx, id.into()).await?;
            if held.unit_id != report.unit_id || held.held_on.is_none() {
                return Err(Refusal::field("consultation", "请选择本被巡察对象已经召开的会商").into());
            }
            Ok(Some((consultations::NOUN, id)))
        }
        RestsOn::Meeting => {
            let id = opinion.meeting.ok_or_else(|| missing("meeting", "会议记录"))?;
            let held = meetings::find(cx, MeetingId(id)).await?;
            if !step.meeting_kinds.split(',').any(|kind| kind == held.kind) || !held.is_held() {
                let sentence = "请选择已经召开的、这个环节所要求类型的会议";
                return Err(Refusal::field("meeting", sentence).into());
            }
            if !meetings::discusses(cx, held.id, report.id).await? {
                return Err(Refusal::field("meeting", "这次会议的议题中没有这份报告").into());
            }
            Ok(Some((meetings::NOUN, id)))
        }
    }
}

/// After the consultation no point of it is left open.
async fn refuse_open_points(cx: &Cx, report: &Report, step: &ReviewStep) -> Result<()> {
    if step.rests_on != RestsOn::Consultation {
        return Ok(());
    }
    let open = report_comments::open_of(cx, report.id).await?;
    if open > 0 {
        let sentence =
            format!("还有 {open} 条会商意见没有办结，不能通过这个环节。请逐条答复确认，或者退回修改。");
        return Err(Refusal::conflict(sentence).into());
    }
    Ok(())
}

/// Before a step that asks for it the main report has its three materials, each at least as far as the head's signature.
async fn complete_before(cx: &Cx, report: &Report, step: &ReviewStep) -> Result<()> {
    if !step.complete || report.kind != Kind::Main {
        return Ok(());
    }
    let lacking = lacking(cx, report).await?;
    if lacking.is_empty() {
        return Ok(());
    }
    let sentence =
        format!("“1+3”报告不齐全，不能送{}：{}。三份专题材料须已提交审核。", step.label, lacking.join("；"));
    Err(Refusal::conflict(sentence).into())
}

/// What «1+3» lacks for the unit of a main report, in words; nothing when no rule asks for it.
pub async fn lacking(cx: &Cx, report: &Report) -> Result<Vec<String>> {
    let unit = units::of(cx, report.unit_id).await?;
    let standing = store::standing(cx, report.unit_id).await?;
    let mut lacking = Vec::new();
    for rule in report_rules::all(cx).await? {
        if rule.kind == Kind::Main || !rule.is_due_for(&unit.inspection_kind) {
            continue;
        }
        let held = standing.iter().find(|one| one.kind == rule.kind);
        match held.map(|one| (one.state, one.step_by)) {
            None => lacking.push(format!("缺少{}", rule.kind.label())),
            Some((State::Draft | State::Returned, _)) => {
                lacking.push(format!("{}尚未提交审核", rule.kind.label()));
            }
            Some((State::InReview, Some(StepBy::Team | StepBy::Head))) => {
                lacking.push(format!("{}尚未经组长审签", rule.kind.label()));
            }
            Some(_) => {}
        }
    }
    Ok(lacking)
}

/// Tells those who decide next, the team of the end, and the office what is left to do.
fn tell_step(cx: &mut WriteCx, report: &Report, unit_moved: bool) {
    let Some(step) = report.step_by else {
        tell_team(cx, report, format!("报告已审定：{}", report.number));
        let office = Audience::Post { role: Role::OfficeDirector, organisation: None, inspection: None };
        let then = if unit_moved { "请报送" } else { "请报送并核对巡察对象环节" };
        let title = format!("报告 {} 已审定，{then}", report.number);
        cx.notify(office, title, report.noun(), report.id);
        return;
    };
    let (role, inspection) = match step {
        StepBy::Team => (Role::TeamMember, Some(report.inspection_id)),
        StepBy::Head => (Role::TeamHead, Some(report.inspection_id)),
        StepBy::Office => (Role::OfficeLiaison, None),
        StepBy::Director => (Role::OfficeDirector, None),
        StepBy::Group => (Role::LeadingGroup, None),
        StepBy::Committee => (Role::CommitteeLeader, None),
    };
    let title = format!("报告待审核：{}（{}）", report.number, report.step_label);
    cx.notify(Audience::Post { role, organisation: None, inspection }, title, report.noun(), report.id);
}

fn tell_team(cx: &mut WriteCx, report: &Report, title: String) {
    let inspection = Some(report.inspection_id);
    let head = Audience::Post { role: Role::TeamHead, organisation: None, inspection };
    cx.notify(head, title.clone(), report.noun(), report.id);
    if let Some(author) = report.author_id {
        cx.notify(Audience::Account(author), title, report.noun(), report.id);
    }
}
