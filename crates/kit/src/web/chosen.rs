//! The records a bulk deed is about: whether all of them take it, and which they are.

use std::fmt::Write as _;

use uuid::Uuid;

use crate::{Cx, Deed, Refusal, Result, Service, service::RecordView, shown::escape};

/// Records named one by one, in the dialog and in a refusal; more are counted.
const MOST_NAMED: usize = 10;

/// The records `ids`, each as its page tells this person.
///
/// # Errors
/// A refusal that names the records to which `deed` cannot be done now: nobody is asked for an opinion on what
/// will be refused afterwards.
pub(super) async fn taking(cx: &Cx, service: &Service, deed: &Deed, ids: &[Uuid]) -> Result<Vec<RecordView>> {
    let mut views = Vec::with_capacity(ids.len());
    for &id in ids {
        views.push((service.show)(cx, id).await?);
    }
    let unfit: Vec<&RecordView> = views.iter().filter(|view| !view.deeds.contains(&deed.key)).collect();
    if unfit.is_empty() {
        return Ok(views);
    }
    let message = format!(
        "所选 {} 条{}中有 {} 条现在不能办理“{}”：{}。请取消勾选这些记录后再办理。",
        ids.len(),
        service.label,
        unfit.len(),
        deed.label,
        sentence(&unfit),
    );
    Err(Refusal::conflict(message).into())
}

/// Number and title of a record, and where it stands.
fn name(view: &RecordView) -> String {
    let mut name = view.number.clone();
    if !name.is_empty() && !view.title.is_empty() {
        name.push(' ');
    }
    name.push_str(&view.title);
    name
}

fn sentence(views: &[&RecordView]) -> String {
    let named: Vec<String> = views
        .iter()
        .take(MOST_NAMED)
        .map(|view| match view.state {
            Some(state) => format!("{}（{}）", name(view), state.label),
            None => name(view),
        })
        .collect();
    let more = views.len().saturating_sub(MOST_NAMED);
    let more = if more > 0 { format!("，另有 {more} 条") } else { String::new() };
    format!("{}{more}", named.join("；"))
}

/// The records of the dialog as a list.
pub(super) fn list(views: &[RecordView], out: &mut String) {
    out.push_str("<ul class=\"chosen\">");
    for view in views.iter().take(MOST_NAMED) {
        out.push_str("<li>");
        escape(&name(view), out);
        out.push_str("</li>");
    }
    let more = views.len().saturating_sub(MOST_NAMED);
    if more > 0 {
        let _ = write!(out, "<li>另有 {more} 条</li>");
    }
    out.push_str("</ul>");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn views(count: usize) -> Vec<RecordView> {
        (1..=count)
            .map(|at| {
                let mut view = RecordView::new(format!("问题<{at}>"), 1);
                view.number = format!("WT-{at}");
                view
            })
            .collect()
    }

    #[test]
    fn the_first_ten_are_named_and_the_others_counted() {
        let mut html = String::new();
        list(&views(12), &mut html);
        assert_eq!(html.matches("<li>").count(), 11);
        assert!(html.contains("WT-10 问题&lt;10&gt;") && !html.contains("WT-11"), "{html}");
        assert!(html.contains("另有 2 条"), "{html}");
        let few = views(2);
        let mut html = String::new();
        list(&few, &mut html);
        assert!(!html.contains("另有"), "{html}");
        assert_eq!(sentence(&few.iter().collect::<Vec<_>>()), "WT-1 问题<1>；WT-2 问题<2>");
    }
}
