//! The outline of a talk for a kind of person, put together from the dictionary of questions.

use kit::{Cx, Labelled as _, Result, dictionary};

use crate::talk_plans::PersonKind;

/// The questions for `kind`, numbered, with those for everybody around them.
pub(super) async fn of(cx: &Cx, kind: PersonKind) -> Result<String> {
    let items = dictionary::items(cx, "talk_outline").await?;
    let questions: Vec<&str> =
        items.iter().filter(|item| concerns(&item.code, kind)).map(|item| item.label.as_str()).collect();
    Ok(numbered(&questions))
}

/// A code begins with the kind of person it is for, or with `any`.
fn concerns(code: &str, kind: PersonKind) -> bool {
    let whom = code.split('.').next().unwrap_or(code);
    whom == "any" || whom == kind.code()
}

fn numbered(questions: &[&str]) -> String {
    let lines: Vec<String> =
        questions.iter().enumerate().map(|(at, text)| format!("{}. {text}", at + 1)).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_for_its_kind_of_person_or_for_everybody() {
        assert!(concerns("any.1", PersonKind::Staff) && concerns("staff.2", PersonKind::Staff));
        assert!(!concerns("top_leader.1", PersonKind::Staff));
        assert_eq!(numbered(&["甲", "乙"]), "1. 甲\n2. 乙");
    }
}
