//! How sources of drafts appear: under the draft, under the source, and the form that links them.

use kit::{
    Column, Cx, Deed as Offer, Field, Form, Outcome, RecordView, Refusal, Result, Role, Secrecy, Service,
    Shown, Table, WriteCx,
    form::Kind,
    lookup,
    service::{Group, Work, can_see, no_fields, target},
    web::list,
};
use uuid::Uuid;

use super::{
    DraftSourceId, NOUN,
    actions::{self, Source},
    store, visible,
};
use crate::drafts::{self, State};

const COLUMNS: &[Column] = &[
    Column::text("source", "来源类别", "s.source_label").opens(),
    Column::text("excerpt", "摘录", "s.excerpt"),
    Column::reference("draft", "底稿", "s.draft_id", "d.title", drafts::NOUN),
    Column::choice("draft_state", "底稿状态", "d.state", <State as kit::Labelled>::CHOICES),
    Column::date("linked_on", "关联日期", "s.linked_on").sortable().filled(),
    Column::text("linked_by", "关联人", "s.linked_by"),
];

/// The slice's description of itself.
pub fn service() -> Service {
    Service {
        noun: NOUN,
        label: "底稿来源",
        table: "draft_source",
        group: Group::Fieldwork,
        listed: false,
        icon: "link",
        secrecy: Secrecy::Sensitive,
        about: "底稿依据的谈话、信访、资料、会议、疑点等记录，一次录入、处处可查。",
        list: Table {
            from: "draft_source s left join draft d on d.id = s.draft_id",
            alias: "s",
            title: "s.source_label",
            number: None,
            columns: COLUMNS,
            order: "-linked_on",
        },
        visible,
        show: |cx, id| Box::pin(show(cx, id)),
        deeds: vec![
            Offer::create("关联来源", fields, |cx, _, form| Box::pin(create(cx, form)))
                .next("关联后，从底稿和来源记录两边都可以互相查到。"),
            Offer::on("remove", "取消关联", no_fields, |cx, id, _| Box::pin(remove(cx, id)))
                .danger()
                .next("只取消关联，不影响来源记录。"),
        ],
        creates: |actor| actor.is_any(&[Role::TeamHead, Role::TeamMember]),
        waiting: Vec::new(),
        governed: None,
    }
}

/// The kinds of records that a person may link: what is listed for preparation, work on site and models.
fn kinds(cx: &Cx) -> Vec<(String, String)> {
    let groups = [Group::Prepare, Group::Fieldwork, Group::Models];
    let linkable = |service: &&Service| {
        groups.contains(&service.group)
            && service.reachable(&cx.actor)
            && ![drafts::NOUN, NOUN].contains(&service.noun)
    };
    let services = cx.app().registry().services.iter().filter(linkable);
    services.map(|service| (service.noun.to_owned(), service.label.to_owned())).collect()
}

fn fields(cx: &Cx, _: Option<Uuid>) -> Work<'_, Vec<Field>> {
    Box::pin(async move {
        Ok(vec![
            Field::pick("draft", "底稿", drafts::NOUN).required(),
            Field::new("source_noun", "来源类别", Kind::Options(kinds(cx))).required(),
            Field::line("source_id", "来源记录").required().help("填写来源记录的编号或名称。"),
            Field::text("excerpt", "摘录").max(2_000).help("写明来源中与本底稿有关的内容、页码。"),
        ])
    })
}

async fn create(cx: &mut WriteCx, form: &Form) -> Result<Outcome> {
    let draft = form.need_id("draft")?;
    let noun = form.text("source_noun");
    let id = lookup::record(cx, &noun, &form.text("source_id")).await?;
    let id = id.map_err(|sentence| Refusal::field("source_id", sentence))?;
    actions::create(cx, draft, Source { noun, id, excerpt: form.text("excerpt") }).await?;
    Ok(Outcome::new(drafts::NOUN, draft, "已关联来源。"))
}

async fn remove(cx: &mut WriteCx, id: Option<Uuid>) -> Result<Outcome> {
    let draft = actions::remove(cx, target(id)?).await?;
    Ok(Outcome::new(drafts::NOUN, draft, "已取消关联。"))
}

async fn show(cx: &Cx, id: Uuid) -> Result<RecordView> {
    let link = store::find(cx, DraftSourceId(id)).await?;
    let draft = drafts::find(cx, link.draft_id).await?;
    let source = source_shown(cx, &link.source_noun, link.source_id).await?;
    let mut view = RecordView::new(format!("底稿来源：{}", link.source_label), link.version)
        .fact("source_label", "来源类别", Shown::text(&link.source_label))
        .fact("source", "来源记录", source)
        .fact("draft", "底稿", Shown::link(drafts::NOUN, Some(draft.id.0), draft.title.clone()))
        .fact("excerpt", "摘录", Shown::long(link.excerpt))
        .fact("linked_on", "关联日期", Shown::Date(link.linked_on))
        .fact("linked_by", "关联人", Shown::text(link.linked_by));
    view.secrecy = Secrecy::Sensitive;
    let open = matches!(draft.state, State::PreNumbered | State::Returned);
    if open && drafts::may_create(&cx.actor, draft.inspection_id) {
        view.deeds.push("remove");
    }
    Ok(view)
}

/// The source as a link for those who may open it; for others it only has a kind.
pub(crate) async fn source_shown(cx: &Cx, noun: &str, id: Uuid) -> Result<Shown> {
    if can_see(cx, noun, id).await?
        && let Some(title) = list::title_of(cx, noun, id).await?
    {
        return Ok(Shown::link(noun, Some(id), title));
    }
    Ok(Shown::text("不在您的工作范围内"))
}
