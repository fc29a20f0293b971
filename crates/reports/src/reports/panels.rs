//! Pieces of the page of a report: its text, versions, decisions.

use std::fmt::Write as _;

use kit::{Cx, Result, clock::office_time, shown::escape};

use super::{Report, store};
use crate::prose::{Prose, Shape};

/// The text as people read it, with the number of drafts behind each sentence.
pub(super) fn text(report: &Report, prose: &Prose, desk: bool) -> String {
    let mut html = String::from("<div class=\"panel-body prose numbered\">");
    for block in &prose.blocks {
        let tag = match block.shape {
            Shape::Heading(1) => "h3",
            Shape::Heading(2) => "h4",
            Shape::Heading(_) => "h5",
            Shape::Paragraph => "p",
        };
        let _ = write!(html, "<{tag}>");
        for sentence in &block.sentences {
            escape(&sentence.text, &mut html);
            if !sentence.cites.is_empty() && desk {
                let count = sentence.cites.len();
                let _ = write!(
                    html,
                    "<a class=\"small\" href=\"/{0}/{1}/desk?s={2}#s{2}\" title=\"查看底稿\">［{count}］</a>",
                    report.noun(),
                    report.id,
                    sentence.id
                );
            }
        }
        let _ = write!(html, "</{tag}>");
    }
    html.push_str("</div>");
    html
}

/// The versions with a way to compare each with the one before.
pub(super) async fn versions(cx: &Cx, report: &Report) -> Result<String> {
    let mut html = String::from(
        "<div class=\"table-wrap\"><table class=\"data\"><thead><tr><th scope=\"col\">稿次</th><th scope=\"col\">时间</th>\
         <th scope=\"col\">作者</th><th scope=\"col\">方式</th><th scope=\"col\" class=\"num\">字数</th><th scope=\"col\">说明</th>\
         <th scope=\"col\">对比</th></tr></thead><tbody>",
    );
    for one in store::versions(cx, report.id).await? {
        let note =
            store::open(cx, &format!("report/{}/version/{}", report.id, one.ordinal), &one.note_sealed)?;
        let _ = write!(
            html,
            "<tr><td class=\"nowrap\">第 {} 稿</td><td class=\"nowrap\">{}</td><td>",
            one.ordinal,
            office_time(one.at)
        );
        escape(&one.author_name, &mut html);
        let _ = write!(html, "</td><td>{}</td><td class=\"num\">{}</td><td>", one.origin, one.length);
        escape(&note, &mut html);
        html.push_str("</td><td class=\"nowrap\">");
        if one.ordinal > 1 {
            let _ = write!(
                html,
                "<a href=\"/{0}/{1}/compare?from={2}&amp;to={3}\">与上一稿对比</a>",
                report.noun(),
                report.id,
                one.ordinal - 1,
                one.ordinal
            );
        }
        html.push_str("</td></tr>");
    }
    html.push_str("</tbody></table></div>");
    Ok(html)
}

/// What was decided, step by step.
pub(super) async fn decisions(cx: &Cx, report: &Report) -> Result<Option<String>> {
    let decisions = store::decisions(cx, report.id).await?;
    if decisions.is_empty() {
        return Ok(None);
    }
    let mut html = String::from(
        "<div class=\"table-wrap\"><table class=\"data\"><thead><tr><th scope=\"col\">第几次</th><th scope=\"col\">环节</th>\
         <th scope=\"col\">结果</th><th scope=\"col\">审核人</th><th scope=\"col\">日期</th><th scope=\"col\">稿次</th>\
         <th scope=\"col\">意见</th><th scope=\"col\">依据</th></tr></thead><tbody>",
    );
    for one in &decisions {
        let word = match one.verdict.as_str() {
            "submit" => "提交",
            "approve" => "同意",
            _ => "退回",
        };
        let _ = write!(html, "<tr><td>{}</td><td>", one.pass);
        escape(&one.label, &mut html);
        let _ = write!(html, "</td><td>{word}</td><td>");
        escape(&one.name, &mut html);
        let _ = write!(
            html,
            "</td><td class=\"nowrap\">{}</td><td>第 {} 稿</td><td>",
            one.decided_on, one.content_version
        );
        escape(&one.opinion(cx, report.id)?, &mut html);
        html.push_str("</td><td>");
        if let Some(basis) = one.basis_id {
            let _ = write!(html, "<a href=\"/{}/{basis}\">查看记录</a>", one.basis_noun);
        }
        html.push_str("</td></tr>");
    }
    html.push_str("</tbody></table></div>");
    Ok(Some(html))
}
