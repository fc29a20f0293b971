//! Linking a draft to what it rests on, and taking a link back.

use db::Sql;
use kit::{Done, Labelled as _, Refusal, Result, WriteCx, service::can_see};
use uuid::Uuid;

use super::{DraftSource, DraftSourceId, NOUN, store};
use crate::drafts::{self, DraftId, State, may_create};

/// What a draft rests on.
#[derive(Clone, Debug)]
pub struct Source {
    /// Noun of the record.
    pub noun: String,
    /// The record.
    pub id: Uuid,
    /// What of it counts here.
    pub excerpt: String,
}

/// Links the draft `id` to `source`; the caller has found the draft within the actor's scope.
pub(crate) async fn link(
    cx: &mut WriteCx,
    id: DraftId,
    inspection: Uuid,
    source: Source,
) -> Result<DraftSourceId> {
    let label = cx.app().registry().service(&source.noun).map(|service| service.label);
    let (Some(label), true) = (label, can_see(cx, &source.noun, source.id).await?) else {
        return Err(Refusal::field("source_id", "没有找到所选的来源记录，可能不在您的工作范围内").into());
    };
    if store::linked(cx, id, source.id).await? {
        return Err(Refusal::field("source_id", "这份底稿已经关联了该来源").into());
    }
    let link = DraftSource {
        id: DraftSourceId(cx.new_id()),
        version: 1,
        draft_id: id,
        inspection_id: inspection,
        source_noun: source.noun,
        source_label: label.to_owned(),
        source_id: source.id,
        excerpt: source.excerpt,
        linked_on: cx.today(),
        linked_by: cx.actor.name.clone(),
    };
    let link_id = link.id;
    cx.insert(link).await?;
    cx.done(Done::new(NOUN, link_id, "create", "关联来源"));
    cx.done(Done::new(drafts::NOUN, id, "link_source", "关联来源").note(label));
    Ok(link_id)
}

/// Links a draft to another source.
pub async fn create(cx: &mut WriteCx, draft: DraftId, source: Source) -> Result<DraftSourceId> {
    let draft = drafts::find(cx, draft).await?;
    if !may_create(&cx.actor, draft.inspection_id) {
        return Err(Refusal::forbidden("关联来源").into());
    }
    if draft.state == State::Withdrawn {
        return Err(Refusal::wrong_state(draft.state.label(), "关联来源").into());
    }
    link(cx, draft.id, draft.inspection_id, source).await
}

/// Takes a link back, as long as the draft may still be written.
pub async fn remove(cx: &mut WriteCx, id: DraftSourceId) -> Result<DraftId> {
    let link = store::find(cx, id).await?;
    let draft = drafts::find(cx, link.draft_id).await?;
    if !may_create(&cx.actor, draft.inspection_id) {
        return Err(Refusal::forbidden("取消关联").into());
    }
    if !matches!(draft.state, State::PreNumbered | State::Returned) {
        return Err(Refusal::wrong_state(draft.state.label(), "取消关联").into());
    }
    let mut sql = Sql::new("delete from draft_source where id = ");
    sql.bind(id);
    cx.execute(sql).await?;
    cx.done(Done::new(drafts::NOUN, draft.id, "unlink_source", "取消关联来源").note(link.source_label));
    Ok(draft.id)
}
