//! Which texts a spreadsheet program could take for a formula, and how they are made harmless in CSV.

/// Whether a spreadsheet program might calculate `text` when it is typed in or read from CSV: it starts, after
/// spaces, with `=`, `+`, `-`, `@` (also full-width), a tab or a line break.
pub(super) fn is_dangerous(text: &str) -> bool {
    let first = text.chars().find(|c| !matches!(c, ' ' | '\u{3000}' | '\u{a0}' | '\u{feff}'));
    matches!(first, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\n'))
}

/// Whether `text` is dangerous, or would look as if it had been made harmless already.
pub(super) fn needs_quote(text: &str) -> bool {
    is_dangerous(text.trim_start_matches('\''))
}

/// Takes back the quote that [`needs_quote`] asked for.
pub(super) fn unquoted(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if needs_quote(rest) => rest,
        _ => text,
    }
}

/// A name for a sheet that every spreadsheet program accepts: without forbidden signs, not like a formula, at most
/// 31 UTF-16 units, never empty.
pub(super) fn sheet_name(wanted: &str) -> String {
    const FORBIDDEN: [char; 7] = ['*', '?', ':', '[', ']', '\\', '/'];
    const STARTS: [char; 9] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\''];
    let cleaned: String =
        wanted.chars().map(|c| if FORBIDDEN.contains(&c) || c.is_control() { ' ' } else { c }).collect();
    let mut name = String::new();
    let mut units = 0;
    for c in cleaned.trim_start_matches(|c: char| STARTS.contains(&c) || c.is_whitespace()).chars() {
        units += c.len_utf16();
        if units > 31 {
            break;
        }
        name.push(c);
    }
    let name = name.trim_end_matches(|c: char| c == '\'' || c.is_whitespace());
    if name.is_empty() || name.eq_ignore_ascii_case("history") {
        "数据".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_that_could_calculate_are_known() {
        for text in
            ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠A", " =1", "\u{3000}=1"]
        {
            assert!(is_dangerous(text), "{text:?}");
        }
        for text in ["", "市教育局", "1-2", "'=1"] {
            assert!(!is_dangerous(text), "{text:?}");
        }
    }

    #[test]
    fn a_quote_can_always_be_taken_back() {
        for text in ["=1", "'=1", "''=1", "'甲", "甲"] {
            let written = if needs_quote(text) { format!("'{text}") } else { text.to_owned() };
            assert_eq!(unquoted(&written), text);
        }
    }

    #[test]
    fn sheet_names_are_made_acceptable() {
        assert_eq!(sheet_name("=cmd|'/c calc'!A1"), "cmd|' c calc'!A1");
        assert_eq!(sheet_name("'"), "数据");
        assert_eq!(sheet_name("整改台账[2023/1]"), "整改台账 2023 1");
        assert_eq!(sheet_name(&"长".repeat(40)).chars().count(), 31);
    }
}
