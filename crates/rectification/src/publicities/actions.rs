//! Writing both texts, reviewing them, recording their publication.

use chrono::NaiveDate;
use kit::{Done, Form, Lifecycle as _, Refusal, Result, Role, WriteCx};
use registry::policies;
use uuid::Uuid;

use super::{Deed, Exclusion, NOUN, Publicity, PublicityId, State, left_out, store, uncovered};
use crate::{
    access,
    common::{Step, holders, liaisons, put},
    subjects::{self, not_after_today},
};

/// Both texts as entered.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Inside the party.
    pub inner_text: String,
    /// Who reads it.
    pub inner_scope: String,
    /// For society.
    pub outer_text: String,
    /// Where it shall stand.
    pub outer_where: String,
    /// Where comments go.
    pub contact: String,
    /// What is left out.
    pub exclusions: Vec<Exclusion>,
}

impl Entry {
    fn apply(self, publicity: &mut Publicity) -> Result<()> {
        publicity.inner_text = self.inner_text;
        publicity.inner_scope = self.inner_scope;
        publicity.outer_text = self.outer_text;
        publicity.outer_where = self.outer_where;
        publicity.contact = self.contact;
        publicity.exclusions = serde_json::to_string(&self.exclusions)?;
        Ok(())
    }
}

/// Begins the publicity of a unit's rectification.
pub async fn create(cx: &mut WriteCx, unit: Uuid, entry: Entry) -> Result<PublicityId> {
    let unit = subjects::unit(cx, unit).await?;
    if !access::is_liaison_of(&cx.actor, unit.organisation_id) {
        return Err(Refusal::forbidden("拟整改公开稿").into());
    }
    if unit.fed_back_on.is_none() {
        return Err(Refusal::field("unit", "巡察意见尚未反馈").into());
    }
    if store::of_unit(cx, unit.id).await? > 0 {
        return Err(Refusal::field("unit", "这次巡察的整改公开已经建立，请在原记录上修改").into());
    }
    let deadline = policies::deadline(cx, "publicity", cx.today()).await?;
    let number = kit::numbers::yearly(cx, store::SERIES, cx.today()).await?;
    let id = PublicityId(cx.new_id());
    let mut publicity = Publicity {
        id,
        version: 1,
        number,
        unit_id: unit.id,
        inspection_id: unit.inspection_id,
        organisation_id: unit.organisation_id,
        inner_text: String::new(),
        inner_scope: String::new(),
        inner_on: None,
        outer_text: String::new(),
        outer_where: String::new(),
        outer_on: None,
        outer_until: None,
        contact: String::new(),
        exclusions: String::new(),
        state: State::Draft,
        due_on: Some(deadline.due_on),
        due_basis: deadline.basis,
        submitted_by: None,
        submitted_on: None,
        reviewed_by: None,
        reviewed_on: None,
        opinion: String::new(),
        comments: String::new(),
    };
    entry.apply(&mut publicity)?;
    cx.index(NOUN, id, format!("{} {}", publicity.number, unit.organisation_name));
    cx.insert(publicity).await?;
    cx.done(Done::new(NOUN, id, "create", "拟整改公开稿"));
    Ok(id)
}

/// Changes the texts before they are handed in.
pub async fn edit(cx: &mut WriteCx, id: PublicityId, entry: Entry) -> Result<()> {
    let before = store::find(cx, id).await?;
    before.decide(&cx.actor, Deed::Edit)?;
    let mut after = before.clone();
    entry.apply(&mut after)?;
    // The texts themselves are long; the history only says that they were changed.
    cx.update(&before, after).await?;
    cx.done(Done::new(NOUN, id, "edit", "修改"));
    Ok(())
}

/// Hands the texts in, when everything left out has its ground.
pub async fn submit(cx: &mut WriteCx, id: PublicityId) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Submit)?;
    let open = uncovered(&left_out(&before.inner_text, &before.outer_text), &before.excluded());
    if !open.is_empty() {
        let words = format!(
            "社会公开稿比党内公开稿少 {} 处内容，没有列入不公开事项：{}。请补入公开稿，或逐处写明不公开的理由。",
            open.len(),
            open.iter().take(5).map(|words| crate::html::short(words)).collect::<Vec<_>>().join("；")
        );
        return Err(Refusal::conflict(words).into());
    }
    let after =
        Publicity { state, submitted_by: cx.actor.account, submitted_on: Some(cx.today()), ..before.clone() };
    put(cx, &before, after, step(id, Deed::Submit, String::new())).await?;
    cx.notify(holders(Role::OfficeLiaison, None), format!("整改公开稿待审核：{}", before.number), NOUN, id);
    Ok(())
}

/// Approves texts and exclusions, or sends them back.
pub async fn review(cx: &mut WriteCx, id: PublicityId, deed: Deed, opinion: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, deed)?;
    let after = Publicity {
        state,
        reviewed_by: cx.actor.account,
        reviewed_on: Some(cx.today()),
        opinion: opinion.clone(),
        ..before.clone()
    };
    put(cx, &before, after, step(id, deed, opinion)).await?;
    let title = format!("整改公开稿{}：{}", kit::Labelled::label(state), before.number);
    cx.notify(liaisons(before.organisation_id), title, NOUN, id);
    Ok(())
}

/// When and where both were published.
#[derive(Clone, Debug)]
pub struct Publication {
    /// Inside the party.
    pub inner_on: NaiveDate,
    /// For society.
    pub outer_on: NaiveDate,
    /// Until when comments are taken.
    pub outer_until: NaiveDate,
    /// Where it stands.
    pub outer_where: String,
}

/// Records the publication; files of `form` prove it.
pub async fn publish(cx: &mut WriteCx, id: PublicityId, publication: Publication, form: &Form) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Publish)?;
    not_after_today(cx, "inner_on", publication.inner_on)?;
    not_after_today(cx, "outer_on", publication.outer_on)?;
    if publication.outer_until < publication.outer_on {
        return Err(Refusal::field("outer_until", "不能早于社会公开日期").into());
    }
    if form.files.is_empty() {
        return Err(Refusal::field("files", "请上传党内通报和网页、报纸截图等公开证明").into());
    }
    kit::service::keep_files(cx, NOUN, id, form).await?;
    let after = Publicity {
        state,
        inner_on: Some(publication.inner_on),
        outer_on: Some(publication.outer_on),
        outer_until: Some(publication.outer_until),
        outer_where: publication.outer_where,
        ..before.clone()
    };
    put(cx, &before, after, step(id, Deed::Publish, String::new())).await
}

/// Records what people answered, when the time for it is over.
pub async fn close(cx: &mut WriteCx, id: PublicityId, comments: String) -> Result<()> {
    let before = store::find(cx, id).await?;
    let state = before.decide(&cx.actor, Deed::Close)?;
    if before.outer_until.is_some_and(|until| until >= cx.today()) {
        return Err(Refusal::conflict("征求意见的时间还没有结束，到期后再办结。").into());
    }
    let after = Publicity { state, comments, ..before.clone() };
    put(cx, &before, after, step(id, Deed::Close, String::new())).await
}

fn step(id: PublicityId, deed: Deed, note: String) -> Step<Publicity> {
    Step { noun: NOUN, id: id.0, deed, note }
}
