//! The tab “公文” on every record whose noun has templates: what was made of it, and what can be made.

use std::fmt::Write as _;

use kit::{
    Cx, Labelled as _, RecordView, Result, Secrecy, Service, Tab,
    service::Work,
    shown::{chip_class, escaped},
};
use planning::rounds;
use uuid::Uuid;

use crate::{document_templates, documents, official};

/// The first page of what stands at the address `at`, and the ways to all pages and to the files.
pub(crate) fn layout(at: &str, files: &[(&str, &str)]) -> String {
    let mut html =
        format!("<p class=\"panel-body\"><a class=\"button\" href=\"{at}/preview\">看全部页面</a> ");
    for (end, label) in files {
        let _ = write!(html, "<a class=\"button\" href=\"{at}/{end}\" download>{label}</a> ");
    }
    html.push_str("<small class=\"muted\">下载的文件带水印和导出编号，并记入导出登记。</small></p>");
    let _ = write!(
        html,
        "<div class=\"paper-pages\"><img src=\"{at}/page/0\" alt=\"第 1 页\" loading=\"lazy\"></div>"
    );
    html
}

/// Hangs the tab on a record, when there is anything in it for this person.
pub fn hang<'a>(cx: &'a Cx, service: &'a Service, view: &'a RecordView, id: Uuid) -> Work<'a, Option<Tab>> {
    Box::pin(async move {
        let mut html = String::new();
        if official::is_one(service.noun) {
            html = layout(&format!("/{}/{id}", service.noun), &[("pdf", "下载 PDF")]);
        }
        let sealed = service.secrecy == Secrecy::Sealed || view.secrecy == Secrecy::Sealed;
        if !sealed && documents::may_create(&cx.actor) {
            html.push_str(&drafting(cx, service, id).await?);
        }
        Ok((!html.is_empty()).then_some(Tab::Html { key: "documents", label: "公文", html }))
    })
}

/// What was drafted from the record, and what can be.
async fn drafting(cx: &Cx, service: &Service, id: Uuid) -> Result<String> {
    let mut templates = document_templates::of_noun(cx, service.noun).await?;
    templates.retain(|one| official::kind_of(one).is_none());
    let made = documents::of_record(cx, id).await?;
    if templates.is_empty() && made.is_empty() {
        return Ok(String::new());
    }
    let mut html = html(id, &templates, &made);
    if service.noun == rounds::NOUN {
        let _ = write!(
            html,
            "<p class=\"panel-body\">整轮的通知、反馈意见等：<a class=\"button\" href=\"/documents/new/batch?round={id}\" data-dialog>成批生成</a></p>"
        );
    }
    Ok(html)
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
