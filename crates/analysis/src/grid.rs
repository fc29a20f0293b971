//! Tables inside record pages, written with every value escaped.

use kit::{Shown, shown::escape};

/// A table with these headings and rows.
pub(crate) fn table(headings: &[&str], rows: &[Vec<Shown>]) -> String {
    let mut html = String::from("<div class=\"table-wrap\"><table class=\"data\"><thead><tr>");
    for heading in headings {
        html.push_str("<th scope=\"col\">");
        escape(heading, &mut html);
        html.push_str("</th>");
    }
    html.push_str("</tr></thead><tbody>");
    for row in rows {
        html.push_str("<tr>");
        for cell in row {
            html.push_str(if cell.is_number() { "<td class=\"num\">" } else { "<td class=\"cell-text\">" });
            cell.html(&mut html);
            html.push_str("</td>");
        }
        html.push_str("</tr>");
    }
    html.push_str("</tbody></table></div>");
    html
}

/// A paragraph above a table.
pub(crate) fn paragraph(text: &str) -> String {
    let mut html = String::from("<p class=\"panel-body\">");
    escape(text, &mut html);
    html.push_str("</p>");
    html
}
