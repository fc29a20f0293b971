//! Chinese text cut into sentences.

/// Cuts `text` into sentences; joined again they are the same text.
///
/// A sentence ends with 。！？ or their ASCII forms outside brackets and book titles, together with the closing
/// quotation marks after it. A quotation ends the sentence around it only when nothing of that sentence follows.
pub fn split(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let (mut found, mut from, mut depth) = (Vec::new(), 0_usize, 0_i32);
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        match c {
            '（' | '《' | '〈' | '【' | '〔' | '(' | '[' => depth += 1,
            '）' | '》' | '〉' | '】' | '〕' | ')' | ']' => depth = (depth - 1).max(0),
            _ => {}
        }
        if depth == 0 && ends(&chars, at) {
            let to = after_closing(&chars, at + 1);
            if !goes_on(&chars, at, to) {
                push(&mut found, chars.get(from..to));
                from = to;
            }
            at = to;
            continue;
        }
        at += 1;
    }
    push(&mut found, chars.get(from..));
    found
}

fn push(found: &mut Vec<String>, chars: Option<&[char]>) {
    let text: String = chars.into_iter().flatten().collect();
    if text.trim().is_empty() {
        // Blanks belong to the sentence before them.
        if let Some(last) = found.last_mut() {
            last.push_str(&text);
        }
    } else {
        found.push(text);
    }
}

/// Whether a sentence may end at `at`; a full stop in ASCII only before a blank or at the end.
fn ends(chars: &[char], at: usize) -> bool {
    match chars.get(at) {
        Some('。' | '！' | '？' | '!' | '?') => true,
        Some('.') => {
            let before = at.checked_sub(1).and_then(|at| chars.get(at));
            before.is_some_and(|c| is_chinese(*c))
                && chars.get(at + 1).is_none_or(|c| c.is_whitespace() || is_chinese(*c))
        }
        _ => false,
    }
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}')
}

/// The place after closing marks and further ending signs.
fn after_closing(chars: &[char], mut at: usize) -> usize {
    while chars
        .get(at)
        .is_some_and(|c| matches!(c, '”' | '’' | '」' | '』' | '）' | ')' | '。' | '！' | '？' | '!' | '?'))
    {
        at += 1;
    }
    at
}

/// Whether what ended between `at` and `to` is only a quotation inside a sentence: “……。”的要求.
fn goes_on(chars: &[char], at: usize, to: usize) -> bool {
    let quoted =
        chars.get(at + 1..to).is_some_and(|marks| marks.iter().any(|c| matches!(c, '”' | '’' | '」' | '』')));
    quoted
        && chars
            .get(to)
            .is_some_and(|c| matches!(c, '，' | '、' | '；' | '：' | '的' | '等' | '之' | '和' | '与' | ','))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_sentence_ends_with_its_sign_and_the_quotation_marks_after_it() {
        assert_eq!(
            split("会议要求“严字当头。”随后作出部署。问题突出！怎么办？"),
            ["会议要求“严字当头。”", "随后作出部署。", "问题突出！", "怎么办？"]
        );
    }

    #[test]
    fn a_quotation_inside_a_sentence_and_brackets_do_not_end_it() {
        assert_eq!(split("没有落实“先论证。”的要求，造成浪费。").len(), 1);
        assert_eq!(split("依据《办法（试行。）》第五条（见附件。另附表。）处理。下一句。").len(), 2);
    }

    #[test]
    fn figures_with_points_and_abbreviations_stay_whole() {
        assert_eq!(split("沉淀资金312.5万元，占3.2%。V2.0版系统未验收。").len(), 2);
        assert_eq!(split("没有句号").len(), 1);
        assert!(split("").is_empty());
    }

    proptest! {
        #[test]
        fn sentences_joined_are_the_text(text in "[甲乙丙。！？；，“”（）《》a.1 ]{0,80}") {
            let joined: String = split(&text).concat();
            prop_assert!(joined == text || text.trim().is_empty());
        }
    }
}
