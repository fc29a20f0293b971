//! What a team has entered once is cited by working drafts: the drafts that rest on a record, and the way to a new one.
//!
//! Drafts belong to a later area; a record only knows their nouns, and shows nothing of them where they are not kept.

use kit::{Cx, Pred, RecordView, Shown};
use uuid::Uuid;

/// Path segment of the noun of drafts.
const DRAFTS: &str = "drafts";
/// Path segment of the noun that links a draft with what it rests on.
const SOURCES: &str = "draft_sources";

/// Adds to the page of `id` the drafts that cite it, and for those who write drafts the way to one that does.
pub fn cited(cx: &Cx, view: RecordView, noun: &'static str, id: Uuid, unit: Option<Uuid>) -> RecordView {
    let Some(drafts) = cx.app().registry().service(DRAFTS) else { return view };
    let view = view.related("drafts", "据此编写的底稿", SOURCES, Pred::is("source_id", id), None);
    if !(drafts.creates)(&cx.actor) {
        return view;
    }
    let unit = unit.map_or_else(String::new, |unit| format!("&unit={unit}"));
    let href = format!("/{DRAFTS}/new?source_noun={noun}&source_id={id}{unit}");
    view.fact("draft", "底稿", Shown::Link { label: String::from("据此编写底稿"), href })
}
