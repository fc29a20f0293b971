//! Words of dictionaries as ledgers write them.

use kit::{Cx, Result, dictionary};

use super::memo::plain;

/// Words named in a refusal at most; a person looks a longer list up in the dictionary.
const MOST_NAMED: usize = 20;
/// What ledgers leave off at the end of a word, or add to it: 个性 is 个性问题.
const ENDING: &str = "问题";

/// The word of dictionary `kind` that `text` means, or a sentence with the words there are.
pub(super) async fn entry(
    cx: &Cx,
    kind: &str,
    label: &str,
    text: &str,
) -> Result<std::result::Result<String, String>> {
    let items = dictionary::items(cx, kind).await?;
    if items.iter().any(|item| item.code == text || item.label == text) {
        return Ok(Ok(text.to_owned()));
    }
    let labels: Vec<&str> = items.iter().map(|item| item.label.as_str()).collect();
    Ok(alike(&labels, text).map(str::to_owned).ok_or_else(|| {
        let named = labels.iter().take(MOST_NAMED).copied().collect::<Vec<_>>().join("、");
        let more =
            if labels.len() > MOST_NAMED { format!("等 {} 项", labels.len()) } else { String::new() };
        format!("“{text}”不在{label}的选项中（{named}{more}）")
    }))
}

/// The one label that is `text` but for spaces, widths and the ending.
fn alike<'l>(labels: &[&'l str], text: &str) -> Option<&'l str> {
    let stem = |text: &str| {
        let text = plain(text);
        text.strip_suffix(ENDING).map(str::to_owned).unwrap_or(text)
    };
    let wanted = stem(text);
    let mut fitting = labels.iter().filter(|label| stem(label) == wanted);
    match (fitting.next(), fitting.next()) {
        (Some(only), None) if !wanted.is_empty() => Some(only),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_known_with_and_without_its_ending_and_never_guessed_between_two() {
        let labels = ["个性问题", "共性问题", "边改边犯", "共性"];
        assert_eq!(alike(&labels, "个 性"), Some("个性问题"));
        assert_eq!(alike(&labels, "边改边犯问题"), Some("边改边犯"));
        assert_eq!(alike(&labels, "共性 "), None);
        assert_eq!(alike(&labels, "问题"), None);
        assert_eq!(alike(&labels, "个别"), None);
    }
}
