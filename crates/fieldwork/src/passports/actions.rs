//! Freezing what is handed over, and the receiver's confirmation.

use std::fmt::Write as _;

use kit::{
    Done, Labelled as _, Lifecycle as _, Refusal, Result, WriteCx, audit, dictionary, files, keys,
    proof::{Proof, Receipt},
    seal,
};
use registry::transfers::Transfer;

use super::{
    Deed, NOUN, Passport, PassportId, State,
    store::{self, context},
};
use crate::leads::{Lead, Secret};

/// Freezes what `lead` says at the moment of its `transfer`, with what completes it when it is handed over again;
/// the deed on the lead was permitted itself. An earlier passport of the transfer stands no longer.
pub(crate) async fn issue(
    cx: &mut WriteCx,
    (lead, secret): (&Lead, &Secret),
    transfer: &Transfer,
    supplement: &str,
) -> Result<PassportId> {
    let (content, count) = canonical(cx, (lead, secret), transfer, supplement).await?;
    if let Some(before) = store::standing(cx, transfer.id).await? {
        cx.update(&before, Passport { state: State::Replaced, ..before.clone() }).await?;
        cx.done(Done::new(NOUN, before.id, "replace", "由新凭证代替"));
    }
    let id = PassportId(kit::ids::random());
    let subject = store::transfer_number(cx, transfer.id).await?;
    let at = audit::instant_text(cx.now);
    let digest = seal::digest(content.as_bytes());
    let key = keys::signing(cx.app().folder())?;
    let proof = Proof::sign(cx.app().office(), &subject, &digest, &at, &key)?;
    let passport = Passport {
        id,
        version: 1,
        transfer_id: transfer.id,
        lead_id: lead.id,
        inspection_id: lead.inspection_id,
        recipient_id: transfer.recipient_id,
        subject,
        content_sealed: cx.app().seal().seal(&context(id), &content)?,
        files: count,
        digest,
        issued_at: at,
        issued_on: cx.today(),
        public_key: proof.public_key,
        signature: proof.signature,
        state: State::Issued,
        receipt_by: String::new(),
        receipt_at: String::new(),
        receipt_digest: String::new(),
        receipt_signature: String::new(),
        acknowledged_on: None,
    };
    cx.insert(passport).await?;
    cx.done(Done::new(NOUN, id, "issue", "固化移交内容"));
    Ok(id)
}

/// What is handed over, line by line, and how many files go with it.
async fn canonical(
    cx: &WriteCx,
    (lead, secret): (&Lead, &Secret),
    transfer: &Transfer,
    supplement: &str,
) -> Result<(String, i64)> {
    let label = async |kind: &str, code: &str| -> Result<String> {
        Ok(dictionary::shown(cx, kind, code).await?.plain())
    };
    let mut text = String::from("问题线索移交内容/1\n");
    for (name, value) in [
        ("线索编号", lead.number.clone()),
        ("移交日期", transfer.sent_on.to_string()),
        ("移交时机", lead.timing.label().to_owned()),
        ("反映对象", secret.person.clone()),
        ("职务职级", secret.post.clone()),
        ("反映内容", secret.content.clone()),
        ("紧急情形", secret.urgency.clone()),
        ("六项纪律", label("discipline_kind", &lead.discipline).await?),
        ("线索类别", label("lead_category", &lead.category).await?),
        ("移交去向", label("lead_route", &lead.route).await?),
        ("单位可否知情", String::from(if lead.unit_may_know { "可以知情" } else { "不得让单位知情" })),
        ("密封移交", String::from(if lead.sealed_envelope { "是" } else { "否" })),
    ] {
        let _ = writeln!(text, "{name}：{value}");
    }
    if !supplement.is_empty() {
        let _ = writeln!(text, "补充内容：{supplement}");
    }
    let mut attached = files::of_record(cx, lead.id.0).await?;
    attached.sort_by_key(|file| (file.at, file.id));
    for (number, file) in (1..).zip(&attached) {
        let _ = writeln!(text, "附件{number}：{}，SM3 {}", file.name, file.digest);
    }
    Ok((text, i64::try_from(attached.len()).unwrap_or(i64::MAX)))
}

/// The receiver confirms that it got what is frozen here; `digest` is what it read off its own copy, when it
/// compares one.
pub(super) async fn acknowledge(cx: &mut WriteCx, id: PassportId, digest: Option<String>) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Acknowledge)?;
    if digest.is_some_and(|digest| digest.trim().to_lowercase() != before.digest) {
        return Err(Refusal::field("digest", "填写的摘要与移交内容的摘要不一致，请核对后再确认").into());
    }
    let at = audit::instant_text(cx.now);
    let key = keys::signing(cx.app().folder())?;
    let receipt = Receipt::sign(&before.subject, &before.digest, &cx.actor.name, &at, &key)?;
    let after = Passport {
        state,
        receipt_by: receipt.by,
        receipt_at: receipt.at,
        receipt_digest: receipt.digest,
        receipt_signature: receipt.signature,
        acknowledged_on: Some(cx.today()),
        ..before.clone()
    };
    cx.update(&before, after).await?;
    cx.done(Done::deed::<Passport>(NOUN, id, Deed::Acknowledge, before.state, state));
    Ok(())
}
