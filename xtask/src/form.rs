//! Forms on a page, as a browser would send them unchanged: enough HTML for that and no more.

use std::fmt::Write as _;

/// A form with the values it was served with.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    /// Where it is sent; empty means the page's own address.
    pub(crate) action: String,
    fields: Vec<(String, String)>,
}

impl Form {
    /// The first form on the page that has all of these fields.
    pub(crate) fn find(html: &str, names: &[&str]) -> Option<Self> {
        forms(html).into_iter().find(|form| names.iter().all(|name| form.has(name)))
    }

    fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(found, _)| found == name)
    }

    /// The value of a field.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// Types another value into a field.
    pub(crate) fn fill(&mut self, name: &str, value: &str) {
        self.fields.retain(|(found, _)| found != name);
        self.fields.push((name.to_owned(), value.to_owned()));
    }

    /// The body of the request.
    pub(crate) fn body(&self) -> String {
        let pairs = self.fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
        pairs.collect::<Vec<_>>().join("&")
    }
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
pub(crate) fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte as char),
            _ => {
                // writing to a string cannot fail
                let _ok = write!(encoded, "%{byte:02X}");
            }
        }
        encoded
    })
}

struct Tag<'a> {
    name: String,
    attributes: &'a str,
    /// What follows the tag, up to the end of the page.
    rest: &'a str,
}

impl Tag<'_> {
    fn attribute(&self, name: &str) -> Option<String> {
        attributes(self.attributes).find(|(found, _)| found == name).map(|(_, value)| unescape(value))
    }

    fn has(&self, name: &str) -> bool {
        self.attribute(name).is_some()
    }

    fn text(&self) -> String {
        unescape(self.rest.split('<').next().unwrap_or_default().trim_start_matches(['\r', '\n']))
    }
}

fn forms(html: &str) -> Vec<Form> {
    let mut forms = Vec::new();
    let mut open: Option<Form> = None;
    let mut select: Option<Select> = None;
    for tag in tags(html) {
        match (tag.name.as_str(), &mut open) {
            ("form", _) => {
                open = Some(Form { action: tag.attribute("action").unwrap_or_default(), fields: Vec::new() });
            }
            ("/form", _) => forms.extend(open.take()),
            ("input", Some(form)) => form.fields.extend(input(&tag)),
            ("textarea", Some(form)) => {
                form.fields.extend(tag.attribute("name").map(|name| (name, tag.text())));
            }
            ("select", Some(_)) => select = tag.attribute("name").map(Select::new),
            ("option", Some(_)) => select.iter_mut().for_each(|select| select.offer(&tag)),
            ("/select", Some(form)) => form.fields.extend(select.take().and_then(Select::chosen)),
            _ => {}
        }
    }
    forms
}

fn input(tag: &Tag<'_>) -> Option<(String, String)> {
    let name = tag.attribute("name")?;
    let value = tag.attribute("value");
    match tag.attribute("type").as_deref() {
        Some("submit" | "button" | "image" | "file" | "reset") => None,
        Some("checkbox" | "radio") => {
            tag.has("checked").then(|| (name, value.unwrap_or_else(|| "on".to_owned())))
        }
        _ => Some((name, value.unwrap_or_default())),
    }
}

struct Select {
    name: String,
    first: Option<String>,
    selected: Option<String>,
}

impl Select {
    fn new(name: String) -> Self {
        Self { name, first: None, selected: None }
    }

    fn offer(&mut self, option: &Tag<'_>) {
        let value = option.attribute("value").unwrap_or_else(|| option.text().trim().to_owned());
        if option.has("selected") {
            self.selected = Some(value.clone());
        }
        self.first.get_or_insert(value);
    }

    fn chosen(self) -> Option<(String, String)> {
        Some((self.name, self.selected.or(self.first)?))
    }
}

fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        let (_, behind) = rest.split_once('<')?;
        let end = tag_end(behind)?;
        let (inside, after) = behind.split_at_checked(end)?;
        rest = after.strip_prefix('>')?;
        let (name, attributes) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
        Some(Tag { name: name.trim_end_matches('/').to_ascii_lowercase(), attributes, rest })
    })
}

/// Where the tag's closing bracket is; one within quotes does not close it.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    text.char_indices().find_map(|(position, character)| {
        match (quote, character) {
            (None, '>') => return Some(position),
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), closing) if open == closing => quote = None,
            _ => {}
        }
        None
    })
}

fn attributes(text: &str) -> impl Iterator<Item = (String, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let end = rest.find(|c: char| c.is_whitespace() || c == '=' || c == '/').unwrap_or(rest.len());
        let (name, behind) = rest.split_at_checked(end).filter(|(name, _)| !name.is_empty())?;
        let (value, behind) = match behind.trim_start().strip_prefix('=') {
            Some(value) => attribute_value(value.trim_start()),
            None => ("", behind),
        };
        rest = behind;
        Some((name.to_ascii_lowercase(), value))
    })
}

fn attribute_value(text: &str) -> (&str, &str) {
    let quoted =
        |quote: char| text.strip_prefix(quote).map(|inside| inside.split_once(quote).unwrap_or((inside, "")));
    quoted('"')
        .or_else(|| quoted('\''))
        .unwrap_or_else(|| text.split_once(char::is_whitespace).unwrap_or((text, "")))
}

fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        plain.push_str(before);
        let entity = behind.split_once(';').and_then(|(name, after)| Some((entity(name)?, after)));
        let (character, after) = entity.unwrap_or(('&', behind));
        plain.push(character);
        rest = after;
    }
    plain.push_str(rest);
    plain
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<form action="/search"><input name=q></form>
        <form method="post" action="/problems/7?a=1&amp;b=2"><input type="hidden" name="_csrf" value="x&#x27;y>z">
        <input name="title" value='账目 "不清"'/><input type=checkbox name=key><input type=checkbox name=open checked>
        <select name="kind"><option value="a">甲<option value="b" selected>乙</select>
        <select name="unit"><option value="">请选择</option><option value="u">某局</option></select>
        <textarea name="summary">
一 &lt; 二</textarea><button name="go" value="1">保存</button><input type="submit" name="s" value="x"></form>"#;

    #[test]
    fn a_form_is_sent_as_it_was_served() {
        let form = Form::find(PAGE, &["_csrf", "summary"]).unwrap();
        assert_eq!(form.action, "/problems/7?a=1&b=2");
        let expected = [
            ("_csrf", "x'y>z"),
            ("title", "账目 \"不清\""),
            ("open", "on"),
            ("kind", "b"),
            ("unit", ""),
            ("summary", "一 < 二"),
        ];
        assert_eq!(form.fields, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn a_filled_field_replaces_what_was_served() {
        let mut form =
            Form::find("<form><input name=a value=1><input name=b value=2></form>", &["a"]).unwrap();
        form.fill("a", "十 &");
        assert_eq!(form.body(), "b=2&a=%E5%8D%81%20%26");
    }

    #[test]
    fn a_page_without_the_field_has_no_such_form() {
        assert_eq!(Form::find(PAGE, &["password"]), None);
    }
}
