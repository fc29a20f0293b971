//! Sending documents and acknowledging them.

use std::collections::HashSet;

use chrono::NaiveDate;
use kit::{Audience, Done, Lifecycle as _, Result, WriteCx, dates};
use registry::organisations::OrganisationId;

use super::{Deed, Dispatch, DispatchId, NOUN, RECIPIENTS, State, store};
use crate::documents::Document;

/// Sends `document` to those of `to` that do not have it yet; how many that were.
pub(crate) async fn send(cx: &mut WriteCx, document: &Document, to: &[OrganisationId]) -> Result<usize> {
    let held: HashSet<_> = store::sent_to(cx, document.id).await?.into_iter().collect();
    let mut sent = 0;
    for &organisation_id in to.iter().filter(|one| !held.contains(&one.0)) {
        let dispatch = Dispatch {
            id: DispatchId(cx.new_id()),
            version: 1,
            document_id: document.id,
            organisation_id,
            title: document.title.replace('\n', ""),
            document_number: document.document_number.clone(),
            sent_on: cx.today(),
            received_on: None,
            receiver: String::new(),
            state: State::Sent,
        };
        let id = dispatch.id;
        cx.index(NOUN, id, format!("{} {}", dispatch.document_number, dispatch.title));
        for role in RECIPIENTS {
            let audience = Audience::Post { role, organisation: Some(organisation_id.0), inspection: None };
            cx.notify(audience, format!("收到公文：{}", dispatch.title), NOUN, id);
        }
        cx.insert(dispatch).await?;
        cx.done(Done::new(NOUN, id, "send", "发文"));
        sent += 1;
    }
    Ok(sent)
}

/// Acknowledges a dispatch.
pub async fn receive(cx: &mut WriteCx, id: DispatchId, on: NaiveDate, receiver: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Receive)?;
    dates::happened(cx, "received_on", "签收日期", on)?;
    dates::not_before("received_on", "签收日期", on, Some(before.sent_on), "发出日期")?;
    let after = Dispatch { state, received_on: Some(on), receiver, ..before.clone() };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Dispatch>(NOUN, id, Deed::Receive, before.state, state));
    Ok(())
}
