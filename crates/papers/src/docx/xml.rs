//! The few pieces of WordprocessingML that everything else is made of.

use std::fmt::Write as _;

/// `text` as content or attribute value: escaped, without characters that XML does not know.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// A run of text with run properties; line ends become breaks.
pub(super) fn run(properties: &str, text: &str) -> String {
    let mut out = String::from("<w:r>");
    if !properties.is_empty() {
        let _ = write!(out, "<w:rPr>{properties}</w:rPr>");
    }
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push_str("<w:br/>");
        }
        let _ = write!(out, "<w:t xml:space=\"preserve\">{}</w:t>", escaped(line));
    }
    out.push_str("</w:r>");
    out
}

/// A paragraph of a style with further properties and ready runs.
pub(super) fn paragraph(style: &str, properties: &str, runs: &str) -> String {
    let style = if style.is_empty() { String::new() } else { format!("<w:pStyle w:val=\"{style}\"/>") };
    format!("<w:p><w:pPr>{style}{properties}</w:pPr>{runs}</w:p>")
}

/// A paragraph of one text.
pub(super) fn text(style: &str, words: &str) -> String {
    paragraph(style, "", &run("", words))
}

/// An empty line of the text.
pub(super) fn blank() -> String {
    paragraph("", "", "")
}

/// Run properties that set an east-asian font.
pub(super) fn font(name: &str) -> String {
    format!("<w:rFonts w:eastAsia=\"{name}\" w:ascii=\"{name}\" w:hAnsi=\"{name}\"/>")
}
