//! What is done to agreements.

use chrono::NaiveDate;
use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx, dates};
use registry::organisations::{self, OrganisationId};

use super::{Agreement, AgreementId, Deed, NOUN, PARTIES, State, store};
use crate::{obligations, shared};

/// What a person enters about an agreement.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Title of the document.
    pub title: String,
    /// Its number; may be empty.
    pub number: String,
    /// The parties beside the office.
    pub parties: Vec<OrganisationId>,
    /// What it says.
    pub text: String,
    /// Day of issue.
    pub signed_on: NaiveDate,
}

impl Entry {
    async fn check(&self, cx: &WriteCx) -> Result<()> {
        dates::happened(cx, "signed_on", "印发日期", self.signed_on)?;
        if self.parties.len() > PARTIES {
            let sentence = format!("一份意见最多登记 {PARTIES} 个协作单位，其余的请另行登记一条");
            return Err(Refusal::field("parties", sentence).into());
        }
        for &party in &self.parties {
            shared::check_answers(cx, "parties", party).await?;
        }
        Ok(())
    }

    fn apply(self, agreement: &mut Agreement) -> Result<()> {
        let mut parties = self.parties.into_iter();
        agreement.party_id = parties.next().ok_or_else(|| Refusal::field("parties", "请选择协作单位"))?;
        agreement.second_party_id = parties.next();
        agreement.third_party_id = parties.next();
        agreement.fourth_party_id = parties.next();
        agreement.title = self.title;
        agreement.number = self.number;
        agreement.text = self.text;
        agreement.signed_on = self.signed_on;
        Ok(())
    }
}

/// Enters an agreement.
pub async fn create(cx: &mut WriteCx, entry: Entry) -> Result<AgreementId> {
    if !cx.actor.is_office() {
        return Err(Refusal::forbidden("登记协作意见").into());
    }
    entry.check(cx).await?;
    let first = entry.parties.first().copied().ok_or_else(|| Refusal::field("parties", "请选择协作单位"))?;
    let mut agreement = Agreement {
        id: AgreementId(cx.new_id()),
        version: 1,
        title: String::new(),
        number: String::new(),
        party_id: first,
        second_party_id: None,
        third_party_id: None,
        fourth_party_id: None,
        text: String::new(),
        state: State::InForce,
        signed_on: entry.signed_on,
        ended_on: None,
    };
    entry.apply(&mut agreement)?;
    let id = agreement.id;
    index(cx, &agreement);
    cx.insert(agreement).await?;
    cx.done(Done::new(NOUN, id, "create", "登记协作意见"));
    Ok(id)
}

fn index(cx: &mut WriteCx, agreement: &Agreement) {
    cx.index(NOUN, agreement.id, format!("{} {} {}", agreement.number, agreement.title, agreement.text));
}

/// Corrects an agreement.
pub async fn edit(cx: &mut WriteCx, id: AgreementId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Edit)?;
    entry.check(cx).await?;
    for party in obligations::parties(cx, id).await? {
        if !entry.parties.contains(&party) {
            let name = organisations::find(cx, party).await?.name;
            let sentence = format!("{name}在这份意见中有约定事项，不能移出，请保留这个单位");
            return Err(Refusal::field("parties", sentence).into());
        }
    }
    let mut after = before.clone();
    entry.apply(&mut after)?;
    index(cx, &after);
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Agreement>(NOUN, id, Deed::Edit, before.state, state).changes(changes));
    Ok(())
}

/// Records that an agreement ended; what it obliged to after that day is no longer due.
pub async fn end(cx: &mut WriteCx, id: AgreementId, on: NaiveDate, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::End)?;
    dates::happened(cx, "ended_on", "废止日期", on)?;
    dates::not_before("ended_on", "废止日期", on, Some(before.signed_on), "印发日期")?;
    obligations::actions::end_all(cx, id, on).await?;
    cx.update(&before, Agreement { state, ended_on: Some(on), ..before.clone() }).await?;
    cx.done(Done::deed::<Agreement>(NOUN, id, Deed::End, before.state, state).note(reason));
    Ok(())
}
