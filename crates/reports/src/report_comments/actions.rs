//! Commenting on a report, answering, taking a suggested wording over.

use chrono::NaiveDate;
use kit::{Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx, dates};
use uuid::Uuid;

use super::{Deed, NOUN, ReportComment, ReportCommentId, State, may_create, store};
use crate::{
    reports::{self, Report, ReportId, actions as report_actions},
    team_contacts,
};

/// What a person enters about a comment.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The sentence; none for the whole report.
    pub sentence: Option<u64>,
    /// What is said.
    pub text: String,
    /// How it could be worded.
    pub suggestion: String,
    /// Account that sees to it.
    pub owner: Option<Uuid>,
    /// Last day.
    pub due_on: NaiveDate,
}

/// Comments on `report`.
pub async fn create(cx: &mut WriteCx, report: ReportId, entry: Entry) -> Result<ReportCommentId> {
    let report = reports::find(cx, report).await?;
    if !may_create(&cx.actor, &report) {
        return Err(Refusal::forbidden("提出会商意见").into());
    }
    if matches!(report.state, reports::State::Withdrawn | reports::State::Delivered) {
        return Err(Refusal::conflict("报告已经报送或撤销，不再提出会商意见。").into());
    }
    dates::not_before("due_on", "处理期限", entry.due_on, Some(cx.today()), "今天")?;
    let quote = quoted(cx, &report, entry.sentence)?;
    if quote.is_empty() && !entry.suggestion.is_empty() {
        return Err(Refusal::field("suggestion", "建议表述要对应一个句子，请在审改台点选句子后填写").into());
    }
    let id = ReportCommentId(cx.new_id());
    let ordinal = store::next_ordinal(cx, report.id).await?;
    let blank = ReportComment {
        id,
        version: 1,
        report_id: report.id,
        number: format!("{}-{ordinal}", report.number),
        restricted: report.restricted,
        inspection_id: report.inspection_id,
        organisation_id: report.organisation_id,
        ordinal,
        sentence: entry.sentence.map_or(0, |sentence| sentence as i64),
        at_version: report.content_version,
        quote_sealed: store::seal(cx, id, "quote", &quote)?,
        text_sealed: String::new(),
        suggestion_sealed: String::new(),
        raised_by: cx.actor.account,
        raised_name: cx.actor.name.clone(),
        raised_on: cx.today(),
        owner_id: None,
        owner_name: String::new(),
        mentioned: String::new(),
        due_on: entry.due_on,
        state: State::Open,
        answer_sealed: String::new(),
        answered_by: None,
        answered_on: None,
        changed_version: None,
    };
    let comment = filled(cx, blank, entry).await?;
    cx.index(NOUN, id, comment.number.clone());
    cx.insert(comment).await?;
    cx.done(Done::new(NOUN, id, "create", "提出会商意见"));
    Ok(id)
}

fn quoted(cx: &WriteCx, report: &Report, sentence: Option<u64>) -> Result<String> {
    let Some(sentence) = sentence else { return Ok(String::new()) };
    let prose = report.prose(cx)?;
    let found = prose.sentence(sentence).map(|(_, found)| found.text.clone());
    Ok(found.ok_or_else(|| Refusal::field("sentence", "没有找到这个句子，报告可能已被修改，请刷新后再试"))?)
}

/// The comment with these words, its owner and those mentioned told.
async fn filled(cx: &mut WriteCx, comment: ReportComment, entry: Entry) -> Result<ReportComment> {
    let people = people(cx, &comment).await?;
    let owner = match entry.owner {
        Some(owner) => {
            let found = people.iter().find(|(id, _)| *id == owner);
            Some(found.ok_or_else(|| Refusal::field("owner", "责任人须是本组或巡察办在岗人员"))?.clone())
        }
        None => None,
    };
    let mentioned: Vec<&(Uuid, String)> =
        people.iter().filter(|(_, name)| entry.text.contains(&format!("@{name}"))).collect();
    tell(cx, &comment, owner.as_ref(), &mentioned);
    let names: Vec<&str> = mentioned.iter().map(|(_, name)| name.as_str()).collect();
    Ok(ReportComment {
        text_sealed: store::seal(cx, comment.id, "text", &entry.text)?,
        suggestion_sealed: store::seal(cx, comment.id, "suggestion", &entry.suggestion)?,
        owner_id: owner.as_ref().map(|(id, _)| *id),
        owner_name: owner.map(|(_, name)| name).unwrap_or_default(),
        mentioned: names.join("、"),
        due_on: entry.due_on,
        ..comment
    })
}

/// Who can own a comment or be mentioned in it: the team and the office.
pub(super) async fn people(cx: &kit::Cx, comment: &ReportComment) -> Result<Vec<(Uuid, String)>> {
    people_of(cx, comment.inspection_id).await
}

/// The people of the team of `inspection` and of the office, today.
pub(super) async fn people_of(cx: &kit::Cx, inspection: Uuid) -> Result<Vec<(Uuid, String)>> {
    let mut people = team_contacts::members(cx, inspection, cx.today()).await?;
    for one in team_contacts::officers(cx, cx.today()).await? {
        if !people.iter().any(|(id, _)| *id == one.0) {
            people.push(one);
        }
    }
    Ok(people)
}

/// Notices carry the number alone: what is said stays in the comment.
fn tell(
    cx: &mut WriteCx,
    comment: &ReportComment,
    owner: Option<&(Uuid, String)>,
    mentioned: &[&(Uuid, String)],
) {
    let head =
        Audience::Post { role: Role::TeamHead, organisation: None, inspection: Some(comment.inspection_id) };
    let audience = owner.map_or(head, |(id, _)| Audience::Account(*id));
    cx.notify(audience, format!("会商意见待处理：{}", comment.number), NOUN, comment.id);
    for (id, _) in mentioned.iter().filter(|one| owner != Some(**one)) {
        cx.notify(Audience::Account(*id), format!("会商意见提到您：{}", comment.number), NOUN, comment.id);
    }
}

/// Changes an open comment.
pub async fn edit(cx: &mut WriteCx, id: ReportCommentId, entry: Entry) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Edit).await?;
    if before.sentence == 0 && !entry.suggestion.is_empty() {
        return Err(Refusal::field("suggestion", "建议表述要对应一个句子").into());
    }
    let after = filled(cx, ReportComment { state, ..before.clone() }, entry).await?;
    put(cx, &before, after, Deed::Edit).await
}

/// Puts the suggested wording into the report in one step.
pub async fn take(cx: &mut WriteCx, id: ReportCommentId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Take).await?;
    let words = before.words(cx)?;
    let sentence = u64::try_from(before.sentence).unwrap_or(0);
    let ordinal = report_actions::reword(cx, before.report_id, sentence, &words.suggestion).await?;
    let after = answered(cx, &before, state, "已采用建议表述。", Some(ordinal))?;
    put(cx, &before, after, Deed::Take).await
}

/// Says what was done because of a comment, or why nothing was.
pub async fn answer(cx: &mut WriteCx, id: ReportCommentId, answer: &str) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Answer).await?;
    let report = reports::find(cx, before.report_id).await?;
    let changed = (report.content_version > before.at_version).then_some(report.content_version);
    let after = answered(cx, &before, state, answer, changed)?;
    put(cx, &before, after, Deed::Answer).await
}

fn answered(
    cx: &mut WriteCx,
    before: &ReportComment,
    state: State,
    answer: &str,
    changed: Option<i64>,
) -> Result<ReportComment> {
    if let Some(raised_by) = before.raised_by {
        let title = format!("会商意见已答复，待确认：{}", before.number);
        cx.notify(Audience::Account(raised_by), title, NOUN, before.id);
    }
    Ok(ReportComment {
        state,
        answer_sealed: store::seal(cx, before.id, "answer", answer)?,
        answered_by: cx.actor.account,
        answered_on: Some(cx.today()),
        changed_version: changed,
        ..before.clone()
    })
}

/// Accepts the answer.
pub async fn settle(cx: &mut WriteCx, id: ReportCommentId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Settle).await?;
    let after = ReportComment { state, ..before.clone() };
    put(cx, &before, after, Deed::Settle).await
}

/// Finds the answer not enough.
pub async fn reopen(cx: &mut WriteCx, id: ReportCommentId, due_on: NaiveDate) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Reopen).await?;
    dates::not_before("due_on", "处理期限", due_on, Some(cx.today()), "今天")?;
    let after = ReportComment { due_on, state, ..before.clone() };
    let owner = before.owner_id.map(|id| (id, before.owner_name.clone()));
    tell(cx, &after, owner.as_ref(), &[]);
    put(cx, &before, after, Deed::Reopen).await
}

async fn step(cx: &WriteCx, id: ReportCommentId, deed: Deed) -> Result<(ReportComment, State)> {
    let comment = store::find(cx, id).await?;
    let state = comment.decide(&cx.actor, deed)?;
    Ok((comment, state))
}

async fn put(cx: &mut WriteCx, before: &ReportComment, after: ReportComment, deed: Deed) -> Result<()> {
    let (id, to) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<ReportComment>(NOUN, id, deed, before.state, to));
    Ok(())
}
