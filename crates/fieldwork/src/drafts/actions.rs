//! What is done to drafts, from the first saving to the problem that rests on them.

use chrono::NaiveDate;
use kit::{
    Audience, Done, Fen, Form, Lifecycle as _, Refusal, Result, Role, WriteCx, dates, numbers, service,
};
use planning::units;
use preparation::briefing_items;
use uuid::Uuid;

use super::{
    Deed, Draft, DraftId, NOUN, Officer, SERIES, Signature, State, Step,
    completeness::{self, Gap},
    content::{self, Basis, Body},
    may_create, numbering, store,
};
use crate::{
    draft_sources::{self, Source},
    evidence,
    problems::{self, ProblemId},
};

/// What a person writes into a draft.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// The matter in one sentence.
    pub title: String,
    /// How it became known.
    pub source: String,
    /// By which way it was learnt.
    pub learnt: String,
    /// The matter in short.
    pub overview: String,
    /// The facts.
    pub facts: String,
    /// What is seen.
    pub phenomenon: String,
    /// What it amounts to.
    pub qualification: String,
    /// Who answers for it.
    pub responsibility: String,
    /// Rules with articles.
    pub bases: Vec<Basis>,
    /// Who is responsible, by kind.
    pub bodies: Vec<Body>,
    /// Money concerned.
    pub amount: Option<Fen>,
    /// People affected.
    pub people_affected: Option<i64>,
    /// From when it happened.
    pub period_from: Option<NaiveDate>,
    /// Until when.
    pub period_to: Option<NaiveDate>,
    /// Field areas.
    pub fields: Vec<String>,
    /// Framework items.
    pub frameworks: Vec<String>,
    /// What came of it.
    pub effect: String,
    /// What the unit's leader said to it.
    pub exchange: String,
    /// When that was.
    pub exchanged_on: Option<NaiveDate>,
    /// Day on which it was found.
    pub found_on: NaiveDate,
    /// Places in the team of the officers beside the author.
    pub officers: Vec<Uuid>,
}

impl Entry {
    fn check(&self, cx: &WriteCx) -> Result<()> {
        dates::happened(cx, "found_on", "发现日期", self.found_on)?;
        if let Some(day) = self.exchanged_on {
            dates::happened(cx, "exchanged_on", "交换意见日期", day)?;
        }
        if let (Some(from), Some(to)) = (self.period_from, self.period_to) {
            dates::not_before("period_to", "发生时间（止）", to, Some(from), "发生时间（起）")?;
        }
        if self.amount.is_some_and(|amount| amount < Fen(0)) {
            return Err(Refusal::field("amount", "涉及金额不能是负数").into());
        }
        Ok(())
    }

    fn apply(self, draft: &mut Draft) -> Result<()> {
        draft.title = self.title;
        draft.source = self.source;
        draft.learnt = self.learnt;
        draft.overview = self.overview;
        draft.facts = self.facts;
        draft.phenomenon = self.phenomenon;
        draft.qualification = self.qualification;
        draft.responsibility = self.responsibility;
        draft.bases = serde_json::to_string(&self.bases)?;
        draft.bodies = serde_json::to_string(&self.bodies)?;
        draft.amount_fen = self.amount;
        draft.people_affected = self.people_affected;
        draft.period_from = self.period_from;
        draft.period_to = self.period_to;
        draft.fields = self.fields.join(",");
        draft.frameworks = self.frameworks.join(",");
        draft.effect = self.effect;
        draft.exchange = self.exchange;
        draft.exchanged_on = self.exchanged_on;
        draft.found_on = self.found_on;
        Ok(())
    }
}

/// Saves a new draft about the inspected unit `unit`, linked to what it was started from.
pub async fn create(cx: &mut WriteCx, unit: Uuid, entry: Entry, source: Option<Source>) -> Result<DraftId> {
    let unit = units::of(cx, unit).await?;
    if !may_create(&cx.actor, unit.inspection_id) {
        return Err(Refusal::forbidden("编写底稿").into());
    }
    entry.check(cx)?;
    let officers = officers(cx, unit.inspection_id, &entry.officers).await?;
    let number = numbers::yearly(cx, SERIES, cx.today()).await?;
    let mut draft = blank(cx, unit, number, entry.found_on);
    entry.apply(&mut draft)?;
    let (id, inspection) = (draft.id, draft.inspection_id);
    index(cx, &draft);
    cx.insert(draft).await?;
    store::put_officers(cx, id, &officers).await?;
    cx.done(Done::new(NOUN, id, "create", "编写底稿"));
    if let Some(source) = source {
        draft_sources::actions::link(cx, id, inspection, source).await?;
    }
    Ok(id)
}

fn blank(cx: &WriteCx, unit: units::Unit, number: String, found_on: NaiveDate) -> Draft {
    Draft {
        id: DraftId(cx.new_id()),
        version: 1,
        number,
        official_number: None,
        series: None,
        serial: None,
        term_id: unit.term_id,
        round_id: unit.round_id,
        inspection_id: unit.inspection_id,
        unit_id: unit.id,
        organisation_id: unit.organisation_id,
        title: String::new(),
        source: String::new(),
        learnt: String::new(),
        overview: String::new(),
        facts: String::new(),
        phenomenon: String::new(),
        qualification: String::new(),
        responsibility: String::new(),
        bases: String::new(),
        bodies: String::new(),
        amount_fen: None,
        people_affected: None,
        period_from: None,
        period_to: None,
        fields: String::new(),
        frameworks: String::new(),
        effect: String::new(),
        exchange: String::new(),
        exchanged_on: None,
        found_on,
        author_id: cx.actor.account,
        author_name: cx.actor.name.clone(),
        next_signer_id: None,
        reviewer_id: None,
        state: State::PreNumbered,
        opinion: String::new(),
        submitted_on: None,
        approved_on: None,
        problem_id: None,
        created_at: cx.now,
    }
}

/// The officers of a draft: who writes it, and who was chosen from the team.
async fn officers(cx: &WriteCx, inspection: Uuid, places: &[Uuid]) -> Result<Vec<Officer>> {
    let chosen = store::placed(cx, inspection, places, cx.today()).await?;
    if chosen.len() < places.len() {
        return Err(Refusal::field("officers", "承办人应是本次巡察现任的巡察组成员").into());
    }
    let author = cx.actor.account;
    let own = author.map(|account_id| Officer { place_id: None, account_id, name: cx.actor.name.clone() });
    let mut officers: Vec<Officer> = own.into_iter().collect();
    for officer in chosen {
        if officers.iter().all(|held| held.account_id != officer.account_id) {
            officers.push(officer);
        }
    }
    Ok(officers)
}

/// Changes a draft: its author, before it is submitted or after it came back.
pub async fn edit(cx: &mut WriteCx, id: DraftId, entry: Entry) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Edit).await?;
    entry.check(cx)?;
    let officers = officers(cx, before.inspection_id, &entry.officers).await?;
    let mut after = before.clone();
    entry.apply(&mut after)?;
    after.state = state;
    index(cx, &after);
    store::put_officers(cx, id, &officers).await?;
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Draft>(NOUN, id, Deed::Edit, before.state, state).changes(changes));
    Ok(())
}

/// The author signs and hands the draft on; `reviewer` is a place in the team, when one is named.
///
/// # Errors
/// A refusal that lists everything the draft lacks.
pub async fn submit(cx: &mut WriteCx, id: DraftId, reviewer: Option<Uuid>) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Submit).await?;
    let officers = store::officers(cx, id).await?;
    let gaps = gaps(cx, &before, &officers).await?;
    if !gaps.is_empty() {
        return Err(Refusal::conflict(completeness::sentence(&gaps)).into());
    }
    let reviewer = reviewer_of(cx, &before, &officers, reviewer).await?;
    sign(cx, &before, Step::Officer, String::new()).await?;
    let next = officers.iter().map(|officer| officer.account_id).find(|id| Some(*id) != cx.actor.account);
    let after = Draft {
        state,
        next_signer_id: next,
        reviewer_id: reviewer,
        submitted_on: Some(cx.today()),
        opinion: String::new(),
        ..before.clone()
    };
    tell_next(cx, &after);
    put(cx, &before, after, Deed::Submit, String::new()).await
}

/// What the draft lacks.
async fn gaps(cx: &WriteCx, draft: &Draft, officers: &[Officer]) -> Result<Vec<Gap>> {
    let evidence = evidence::digests(cx, draft.id).await?;
    completeness::gaps(draft, officers, evidence.len())
}

async fn reviewer_of(
    cx: &WriteCx,
    draft: &Draft,
    officers: &[Officer],
    place: Option<Uuid>,
) -> Result<Option<Uuid>> {
    let Some(place) = place else { return Ok(None) };
    let found = store::placed(cx, draft.inspection_id, &[place], cx.today()).await?;
    let Some(reviewer) = found.into_iter().next() else {
        return Err(Refusal::field("reviewer", "审核人应是本次巡察现任的巡察组成员").into());
    };
    if is_officer(officers, Some(reviewer.account_id)) {
        return Err(Refusal::field("reviewer", "承办人不能审核自己承办的底稿，请另选审核人").into());
    }
    Ok(Some(reviewer.account_id))
}

fn is_officer(officers: &[Officer], account: Option<Uuid>) -> bool {
    officers.iter().any(|officer| Some(officer.account_id) == account)
}

/// Another officer signs; after the last one the draft goes to the review.
pub async fn co_sign(cx: &mut WriteCx, id: DraftId, opinion: String) -> Result<()> {
    let (before, last) = step(cx, id, Deed::CoSign).await?;
    sign(cx, &before, Step::Officer, opinion.clone()).await?;
    let signed: Vec<Uuid> =
        in_force(cx, id).await?.into_iter().map(|signature| signature.account_id).collect();
    let officers = store::officers(cx, id).await?;
    let next = officers.iter().map(|officer| officer.account_id).find(|id| !signed.contains(id));
    let after = match next {
        Some(_) => Draft { next_signer_id: next, ..before.clone() },
        None => Draft { state: last, next_signer_id: before.reviewer_id, ..before.clone() },
    };
    tell_next(cx, &after);
    put(cx, &before, after, Deed::CoSign, opinion).await
}

/// The reviewer signs.
pub async fn review(cx: &mut WriteCx, id: DraftId, opinion: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Review).await?;
    not_an_officer(cx, id, "审核").await?;
    sign(cx, &before, Step::Reviewer, opinion.clone()).await?;
    let after = Draft { state, next_signer_id: None, reviewer_id: cx.actor.account, ..before.clone() };
    tell_next(cx, &after);
    put(cx, &before, after, Deed::Review, opinion).await
}

/// The head signs; the draft gets its official number.
pub async fn approve(cx: &mut WriteCx, id: DraftId, opinion: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Approve).await?;
    not_an_officer(cx, id, "审批").await?;
    sign(cx, &before, Step::Head, opinion.clone()).await?;
    let today = cx.today();
    let official = numbering::next(cx, &before, today).await?;
    let after = Draft {
        state,
        official_number: Some(official.text()),
        serial: Some(official.serial),
        series: Some(official.series),
        approved_on: Some(today),
        ..before.clone()
    };
    tell_author(cx, &after, "底稿已审批");
    index(cx, &after);
    let number = after.called().to_owned();
    put(cx, &before, after, Deed::Approve, opinion).await?;
    // What a department told is answered by itself: it went into this draft.
    for item in draft_sources::of_noun(cx, id, briefing_items::NOUN).await? {
        briefing_items::actions::used_in_draft(cx, item.into(), &number).await?;
    }
    Ok(())
}

async fn not_an_officer(cx: &WriteCx, id: DraftId, deed: &str) -> Result<()> {
    if is_officer(&store::officers(cx, id).await?, cx.actor.account) {
        let sentence = format!("承办人不能{deed}自己承办的底稿，请由巡察组其他负责同志{deed}。");
        return Err(Refusal::conflict(sentence).into());
    }
    Ok(())
}

/// Signs what the draft says now. Whoever signs later signs the same as those before.
async fn sign(cx: &mut WriteCx, draft: &Draft, step: Step, opinion: String) -> Result<()> {
    let Some(account_id) = cx.actor.account else {
        return Err(Refusal::forbidden("签名").into());
    };
    let digest = current_digest(cx, draft).await?;
    let earlier = in_force(cx, draft.id).await?;
    if content::changed_since(&earlier, &digest).next().is_some() {
        let sentence =
            "底稿或佐证材料在前面的人签名之后有改动，不能继续签名。请退回承办人核对后重新签名提交。";
        return Err(Refusal::conflict(sentence).into());
    }
    let name = cx.actor.name.clone();
    let signature = Signature { step, account_id, name, signed_at: cx.now, digest, opinion, holds: true };
    store::sign(cx, draft.id, &signature).await
}

/// The digest of what the draft says now.
pub async fn current_digest(cx: &kit::Cx, draft: &Draft) -> Result<String> {
    let officers = store::officers(cx, draft.id).await?;
    let evidence = evidence::digests(cx, draft.id).await?;
    Ok(content::digest(draft, &officers, &evidence))
}

async fn in_force(cx: &WriteCx, id: DraftId) -> Result<Vec<Signature>> {
    let mut signatures = store::signatures(cx, id).await?;
    signatures.retain(|signature| signature.holds);
    Ok(signatures)
}

/// Sends a draft back to its author; all signatures end.
pub async fn return_for_more(cx: &mut WriteCx, id: DraftId, opinion: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Return).await?;
    store::end_signatures(cx, id).await?;
    let after =
        Draft { state, next_signer_id: None, reviewer_id: None, opinion: opinion.clone(), ..before.clone() };
    tell_author(cx, &after, "底稿退回修改");
    put(cx, &before, after, Deed::Return, opinion).await
}

/// Follows a draft up no further; an official number stays with it and is not given again.
pub async fn withdraw(cx: &mut WriteCx, id: DraftId, reason: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Withdraw).await?;
    let after = Draft { state, next_signer_id: None, opinion: reason.clone(), ..before.clone() };
    put(cx, &before, after, Deed::Withdraw, reason).await
}

/// Adds the signed scan and other files.
pub async fn attach(cx: &mut WriteCx, id: DraftId, form: &Form) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Attach).await?;
    service::keep_files(cx, NOUN, id, form).await?;
    let after = Draft { state, ..before.clone() };
    put(cx, &before, after, Deed::Attach, format!("{} 个文件", form.files.len())).await
}

/// Makes a problem of an approved draft, as a person confirmed it.
pub async fn make_problem(
    cx: &mut WriteCx,
    id: DraftId,
    mut entry: problems::actions::Entry,
) -> Result<ProblemId> {
    let (before, state) = step(cx, id, Deed::MakeProblem).await?;
    check_signed(cx, &before).await?;
    before.called().clone_into(&mut entry.draft_number);
    let problem = problems::actions::create_from_draft(cx, before.unit_id, entry).await?;
    let after = Draft { state, problem_id: Some(problem), ..before.clone() };
    put(cx, &before, after, Deed::MakeProblem, String::new()).await?;
    Ok(problem)
}

/// Lets a problem that is not fed back yet rest on this draft too.
pub async fn join_problem(cx: &mut WriteCx, id: DraftId, problem: ProblemId) -> Result<()> {
    let (before, state) = step(cx, id, Deed::JoinProblem).await?;
    check_signed(cx, &before).await?;
    problems::actions::rest_on_draft(cx, problem, before.unit_id, before.called()).await?;
    let after = Draft { state, problem_id: Some(problem), ..before.clone() };
    put(cx, &before, after, Deed::JoinProblem, String::new()).await
}

/// Two officers and the head have signed, and what they signed still stands.
async fn check_signed(cx: &WriteCx, draft: &Draft) -> Result<()> {
    let signatures = in_force(cx, draft.id).await?;
    let signed = |step| signatures.iter().filter(|signature| signature.step == step).count();
    if signed(Step::Officer) < 2 || signed(Step::Head) != 1 {
        return Err(Refusal::conflict("底稿没有两名承办人签名和组长审批，不能形成问题。").into());
    }
    let digest = current_digest(cx, draft).await?;
    if content::changed_since(&signatures, &digest).next().is_some() {
        let sentence =
            "底稿的佐证材料在签名之后有改动，不能形成问题。请核对材料；确需变更的，撤回后重新编写并签名。";
        return Err(Refusal::conflict(sentence).into());
    }
    Ok(())
}

/// The draft and its state after `deed`, if this person may do it now.
async fn step(cx: &WriteCx, id: DraftId, deed: Deed) -> Result<(Draft, State)> {
    let draft = store::find(cx, id).await?;
    let state = draft.decide(&cx.actor, deed)?;
    Ok((draft, state))
}

async fn put(cx: &mut WriteCx, before: &Draft, after: Draft, deed: Deed, note: String) -> Result<()> {
    let (id, to) = (before.id, after.state);
    cx.update(before, after).await?;
    cx.done(Done::deed::<Draft>(NOUN, id, deed, before.state, to).note(note));
    Ok(())
}

/// Tells whoever has to sign next.
fn tell_next(cx: &mut WriteCx, draft: &Draft) {
    let audience = draft.next_signer_id.map_or(
        Audience::Post { role: Role::TeamHead, organisation: None, inspection: Some(draft.inspection_id) },
        Audience::Account,
    );
    cx.notify(audience, format!("底稿待签名：{}", draft.title), NOUN, draft.id);
}

fn tell_author(cx: &mut WriteCx, draft: &Draft, what: &str) {
    if let Some(author) = draft.author_id {
        cx.notify(Audience::Account(author), format!("{what}：{}", draft.title), NOUN, draft.id);
    }
}

fn index(cx: &mut WriteCx, draft: &Draft) {
    let official = draft.official_number.as_deref().unwrap_or_default();
    let parts = [
        &draft.number,
        official,
        &draft.title,
        &draft.overview,
        &draft.facts,
        &draft.phenomenon,
        &draft.qualification,
    ];
    cx.index(NOUN, draft.id, parts.join(" "));
}
