//! What is done to obligations.

use chrono::NaiveDate;
use kit::{Done, Lifecycle as _, Refusal, Result, WriteCx, dates};
use registry::organisations::OrganisationId;

use super::{Deed, NOUN, Obligation, ObligationId, Period, State, store};
use crate::{
    agreements::{self, AgreementId},
    obligation_dues,
};

/// What a person enters about an obligation.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who has to; none for the office itself.
    pub party: Option<OrganisationId>,
    /// What has to be done.
    pub text: String,
    /// How often.
    pub period: Period,
    /// The first day by which.
    pub first_due_on: NaiveDate,
}

/// Adds an obligation to an agreement; what is due within a year appears at once.
pub async fn create(cx: &mut WriteCx, agreement: AgreementId, entry: Entry) -> Result<ObligationId> {
    let agreement = agreements::find(cx, agreement).await?;
    agreement.decide(&cx.actor, agreements::Deed::Edit)?;
    if let Some(party) = entry.party
        && !agreement.parties().contains(&party)
    {
        return Err(Refusal::field("party", "责任单位应是这份意见的协作单位，或不填（由巡察办负责）").into());
    }
    dates::not_before("first_due_on", "首次期限", entry.first_due_on, Some(agreement.signed_on), "印发日期")?;
    let obligation = Obligation {
        id: ObligationId(cx.new_id()),
        version: 1,
        agreement_id: agreement.id,
        party_id: entry.party,
        text: entry.text,
        period: entry.period,
        first_due_on: entry.first_due_on,
        state: State::InForce,
        ended_on: None,
    };
    cx.insert(obligation.clone()).await?;
    cx.index(NOUN, obligation.id, obligation.text.as_str());
    cx.done(Done::new(NOUN, obligation.id, "create", "添加约定事项"));
    obligation_dues::actions::extend(cx, &obligation).await?;
    Ok(obligation.id)
}

/// Records that an obligation ended; what was due after that day no longer is.
pub async fn end(cx: &mut WriteCx, id: ObligationId, on: NaiveDate, reason: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    dates::happened(cx, "ended_on", "终止日期", on)?;
    end_one(cx, &before, on, reason).await
}

/// With its agreement every obligation ends.
pub(crate) async fn end_all(cx: &mut WriteCx, agreement: AgreementId, on: NaiveDate) -> Result<()> {
    for obligation in store::in_force(cx, agreement).await? {
        end_one(cx, &obligation, on, String::from("随协作意见废止")).await?;
    }
    Ok(())
}

async fn end_one(cx: &mut WriteCx, before: &Obligation, on: NaiveDate, reason: String) -> Result<()> {
    let state = before.decide(&cx.actor, Deed::End)?;
    obligation_dues::actions::drop_after(cx, before.id, on).await?;
    cx.update(before, Obligation { state, ended_on: Some(on), ..before.clone() }).await?;
    cx.done(Done::deed::<Obligation>(NOUN, before.id, Deed::End, before.state, state).note(reason));
    Ok(())
}
