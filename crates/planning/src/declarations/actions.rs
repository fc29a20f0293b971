//! Asking for declarations, signing them, and what comes out of them.

use kit::{Audience, Done, Labelled as _, Lifecycle as _, Refusal, Result, WriteCx};
use registry::{organisations::OrganisationId, policies};
use uuid::Uuid;

use super::{Declaration, DeclarationId, Deed, NOUN, State, store};
use crate::{
    avoidances::{
        self, Ground, Source,
        actions::Entry,
        check::{self, Subject},
    },
    inspections::InspectionId,
};

/// One thing a person declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// About which organisation.
    pub organisation: OrganisationId,
    /// What it is.
    pub ground: Ground,
    /// In his words.
    pub facts: String,
}

/// Asks `account` to declare for `inspection`.
pub async fn request(cx: &mut WriteCx, account: Uuid, inspection: InspectionId) -> Result<DeclarationId> {
    if !avoidances::may_raise(&cx.actor) {
        return Err(Refusal::forbidden("请其申报").into());
    }
    if store::asked(cx, account, inspection).await? {
        return Err(Refusal::field("account", "此人对这项任务已经申报或已被要求申报").into());
    }
    let id = DeclarationId(cx.new_id());
    cx.insert(Declaration {
        id,
        version: 1,
        account_id: account,
        for_inspection_id: inspection,
        state: State::Requested,
        requested_by: cx.actor.account,
        requested_on: cx.today(),
        signed_at: None,
        statement: String::new(),
        checked: String::new(),
        note: String::new(),
    })
    .await?;
    cx.done(Done::new(NOUN, id, "create", "请其申报"));
    cx.notify(Audience::Account(account), "请申报回避情况；签署前看不到该项任务", NOUN, id);
    Ok(id)
}

/// Asks for a declaration unless there is one; a proposal for a team does so by itself.
pub(crate) async fn request_once(cx: &mut WriteCx, account: Uuid, inspection: InspectionId) -> Result<()> {
    if !store::asked(cx, account, inspection).await? {
        request(cx, account, inspection).await?;
    }
    Ok(())
}

/// Signs the declaration. What was declared, and what the check of the record finds beyond it, is brought up as
/// avoidances; answers how many wait for a decision now.
pub async fn sign(cx: &mut WriteCx, id: DeclarationId, items: Vec<Item>) -> Result<usize> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Sign)?;
    let subjects = avoidances::subjects_of(cx, before.for_inspection_id).await?;
    let declared = entries(&before, &subjects, items)?;
    let found = check_record(cx, &before, &subjects).await?;
    let statement = in_words(&declared, &subjects, "本人确认没有应当回避的情形。");
    let checked = in_words(&found, &subjects, "经核对人员档案，未发现应当回避的情形。");
    let mut brought_up = 0;
    for (entry, source) in declared
        .into_iter()
        .map(|entry| (entry, Source::Declared))
        .chain(found.into_iter().map(|entry| (entry, Source::Checked)))
    {
        brought_up += usize::from(avoidances::actions::bring_up(cx, entry, source, id).await?);
    }
    let after = Declaration { state, signed_at: Some(cx.now), statement, checked, ..before.clone() };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Declaration>(NOUN, id, Deed::Sign, before.state, state));
    Ok(brought_up)
}

fn entries(declaration: &Declaration, subjects: &[Subject], items: Vec<Item>) -> Result<Vec<Entry>> {
    items
        .into_iter()
        .map(|item| {
            if !subjects.iter().any(|subject| subject.organisation == item.organisation) {
                return Err(Refusal::field("items", "请从本任务的被巡察单位中选择").into());
            }
            Ok(Entry {
                account: declaration.account_id,
                organisation: item.organisation,
                ground: item.ground,
                facts: item.facts,
            })
        })
        .collect()
}

async fn check_record(cx: &WriteCx, held: &Declaration, subjects: &[Subject]) -> Result<Vec<Entry>> {
    let profile = avoidances::profile_of(cx, held.account_id).await?;
    let months = policies::amount(cx, avoidances::MONTHS_POLICY, cx.today()).await?;
    let months = u32::try_from(months).unwrap_or(0);
    let findings = check::findings(&profile, subjects, cx.today(), months);
    Ok(findings
        .into_iter()
        .map(|finding| Entry {
            account: held.account_id,
            organisation: finding.organisation,
            ground: finding.ground,
            facts: finding.reason,
        })
        .collect())
}

fn in_words(entries: &[Entry], subjects: &[Subject], none: &str) -> String {
    if entries.is_empty() {
        return none.to_owned();
    }
    let name = |id: OrganisationId| {
        subjects.iter().find(|subject| subject.organisation == id).map_or("", |subject| subject.name.as_str())
    };
    let lines: Vec<String> = entries
        .iter()
        .map(|entry| format!("{}：{}。{}", name(entry.organisation), entry.ground.label(), entry.facts))
        .collect();
    lines.join("\n")
}

/// Has the declaration made again, because something changed; the inspection closes until it is signed.
pub async fn renew(cx: &mut WriteCx, id: DeclarationId, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Renew)?;
    let after = Declaration { state, note: reason.clone(), signed_at: None, ..before.clone() };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Declaration>(NOUN, id, Deed::Renew, before.state, state).note(reason));
    cx.notify(Audience::Account(before.account_id), "请重新申报回避情况；签署前看不到该项任务", NOUN, id);
    Ok(())
}

/// Takes the request back, when the person is not to join the team after all.
pub async fn cancel(cx: &mut WriteCx, id: DeclarationId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Cancel)?;
    cx.update(&before, Declaration { state, ..before.clone() }).await?;
    cx.done(Done::deed::<Declaration>(NOUN, id, Deed::Cancel, before.state, state));
    Ok(())
}
