//! The tab “公文” on every record whose noun has templates: what was made of it, and what can be made.

use std::fmt::Write as _;

use kit::{
    Cx, Labelled as _, RecordView, Secrecy, Service, Tab,
    service::Work,
    shown::{chip_class, escaped},
};
use planning::rounds;
use uuid::Uuid;

use crate::{document_templates, documents};

/// Hangs the tab on a record, when there is anything in it for this person.
pub fn hang<'a>(cx: &'a Cx, service: &'a Service, view: &'a RecordView, id: Uuid) -> Work<'a, Option<Tab>> {
    Box::pin(async move {
        let sealed = service.secrecy == Secrecy::Sealed || view.secrecy == Secrecy::Sealed;
        if sealed || !documents::may_create(&cx.actor) {
            return Ok(None);
        }
        let round = (service.noun == rounds::NOUN).then_some(id);
        let templates = document_templates::of_noun(cx, service.noun).await?;
        let made = documents::of_record(cx, id).await?;
        if templates.is_empty() && made.is_empty() {
            return Ok(None);
        }
        let mut html = html(id, &templates, &made);
        if let Some(round) = round {
            let _ = write!(
                html,
                "<p class=\"panel-body\">整轮的通知、反馈意见等：<a class=\"button\" href=\"/documents/new/batch?round={round}\" data-dialog>成批生成</a></p>"
            );
        }
        Ok(Some(Tab::Html { key: "documents", label: "公文", html }))
    })
}

fn html(
    id: Uuid,
    templates: &[document_templates::DocumentTemplate],
    made: &[documents::Document],
) -> String {
    let mut html = String::new();
    if !made.is_empty() {
        html.push_str(
            "<div class=\"table-wrap\"><table class=\"data\"><thead><tr><th scope=\"col\">编号</th><th scope=\"col\">标题</th>\
             <th scope=\"col\">发文字号</th><th scope=\"col\">状态</th></tr></thead><tbody>",
        );
        for one in made {
            let _ = write!(
                html,
                "<tr><td><a href=\"/documents/{}\">{}</a></td><td>{}</td><td>{}</td><td><span class=\"chip {}\">{}</span></td></tr>",
                one.id,
                escaped(&one.number),
                escaped(&one.title),
                escaped(&one.document_number),
                chip_class(one.state.choice().tone),
                one.state.label()
            );
        }
        html.push_str("</tbody></table></div>");
    }
    if !templates.is_empty() {
        html.push_str("<p class=\"panel-body\">生成公文：");
        for template in templates {
            let _ = write!(
                html,
                "<a class=\"button\" href=\"/documents/new?template={}&amp;record={id}\" data-dialog>{}</a> ",
                template.id,
                escaped(&template.label)
            );
        }
        html.push_str("</p>");
    }
    html
}
