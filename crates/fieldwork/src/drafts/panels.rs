//! Panels of a draft's page: what it lacks, who signed what, how it would be classified.

use std::fmt::Write as _;

use kit::{Cx, Labelled as _, Result, clock::office_time, dictionary, shown::escape};

use super::{Draft, Signature, completeness::Gap};
use crate::classify::Suggested;

/// What the draft lacks, or that it lacks nothing.
pub(super) fn gaps(gaps: &[Gap]) -> String {
    if gaps.is_empty() {
        return String::from(
            "<div class=\"panel-body\"><div class=\"notice notice-done\"><div><b>内容完整。</b>可以签名提交。</div></div></div>",
        );
    }
    let mut html = format!(
        "<div class=\"panel-body stack\"><div class=\"notice notice-warn\"><div><b>还缺 {} 项。</b>补齐以前不能提交。</div></div><ul>",
        gaps.len()
    );
    for gap in gaps {
        let _ = write!(html, "<li>{}</li>", gap.label());
    }
    html.push_str("</ul></div>");
    html
}

/// The signatures, those in force first; `digest` is that of what the draft says now.
pub(super) fn signatures(draft: &Draft, signatures: &[Signature], digest: &str) -> String {
    let mut html = format!(
        "<div class=\"panel-body stack\"><p><a class=\"button button-small\" href=\"/drafts/{}/print\">打印底稿</a></p>",
        draft.id
    );
    if signatures.iter().any(|signature| signature.holds && signature.digest != digest) {
        html.push_str(
            "<div class=\"notice notice-bad\" role=\"alert\"><div><b>签名后有改动。</b>底稿或佐证材料在签名之后变过，\
             标明的签名与现在的内容不一致。</div></div>",
        );
    }
    let _ = write!(
        html,
        "<p class=\"muted small\">现在内容的摘要（SM3）<span class=\"number\" data-copy>{digest}</span></p></div>"
    );
    if signatures.is_empty() {
        html.push_str("<div class=\"empty\"><h2>还没有签名</h2><p>承办人提交时签名，然后依次会签、审核、审批。</p></div>");
        return html;
    }
    html.push_str(
        "<div class=\"table-wrap\"><table class=\"data\"><thead><tr><th scope=\"col\">环节</th><th scope=\"col\">签名人</th>\
         <th scope=\"col\">时间</th><th scope=\"col\">意见</th><th scope=\"col\">所签内容</th></tr></thead><tbody>",
    );
    for signature in signatures.iter().filter(|s| s.holds).chain(signatures.iter().filter(|s| !s.holds)) {
        signature_row(signature, digest, &mut html);
    }
    html.push_str("</tbody></table></div>");
    html
}

fn signature_row(signature: &Signature, digest: &str, html: &mut String) {
    let off = if signature.holds { "" } else { " class=\"row-off\"" };
    let _ =
        write!(html, "<tr{off}><td class=\"nowrap\">{}</td><td class=\"nowrap\">", signature.step.label());
    escape(&signature.name, html);
    let _ = write!(html, "</td><td class=\"nowrap\">{}</td><td>", office_time(signature.signed_at));
    escape(&signature.opinion, html);
    let state = match (signature.holds, signature.digest == digest) {
        (false, _) => "<span class=\"chip chip-stop\">已失效（退回）</span>",
        (true, true) => "<span class=\"chip chip-done\">与现在一致</span>",
        (true, false) => "<span class=\"chip chip-stop\">签名后有改动</span>",
    };
    let short = signature.digest.get(..16).unwrap_or(&signature.digest);
    let _ = write!(
        html,
        "</td><td class=\"nowrap\">{state} <small class=\"number\" title=\"{}\">{short}…</small></td></tr>",
        signature.digest
    );
}

/// The proposals with their reasons.
pub(super) async fn suggestions(cx: &Cx, suggested: &[Suggested]) -> Result<String> {
    if suggested.is_empty() {
        return Ok(String::from(
            "<div class=\"empty\"><h2>没有分类建议</h2><p>以往的问题中没有相近的表述，请在形成问题时自行选择。</p></div>",
        ));
    }
    let mut html = String::from(
        "<div class=\"table-wrap\"><table class=\"data\"><thead><tr><th scope=\"col\">归类</th><th scope=\"col\">建议</th>\
         <th scope=\"col\">根据文中的</th></tr></thead><tbody>",
    );
    for one in suggested {
        let title = label_of(one.field);
        let label = dictionary::find(cx, one.dictionary, &one.suggestion.code).await?;
        let label = label.map_or_else(|| one.suggestion.code.clone(), |item| item.label);
        let _ = write!(html, "<tr><td class=\"nowrap\">{title}</td><td class=\"nowrap\">");
        escape(&label, &mut html);
        html.push_str("</td><td>");
        for word in &one.suggestion.because {
            html.push_str("<span class=\"tag\">");
            escape(word, &mut html);
            html.push_str("</span> ");
        }
        html.push_str("</td></tr>");
    }
    html.push_str(
        "</tbody></table></div><div class=\"panel-body\"><p class=\"muted small\">根据您能看到的已分类问题和分类字典中相同的用词提出，\
         已填入“形成问题”的表单，由您核对后确认。</p></div>",
    );
    Ok(html)
}

fn label_of(field: &str) -> &'static str {
    match field {
        "category_2" => "问题类别（二级）",
        "framework_2" => "监督重点（二级）",
        "field" => "领域",
        "nature" => "问题性质",
        "responsibility" => "责任类型",
        _ => "六项纪律",
    }
}
