//! Letters of request (巡前通报商请函): the text by which the office asks every department about the
//! organisations of a round. One edition holds at a time; what was sent keeps the edition it was sent with.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, labelled};

pub use service::service;
pub use store::{Model as BriefingLetter, find};

use crate::shared;

/// Path segment of the noun.
pub const NOUN: &str = "briefing_letters";

kit::id!(
    /// Identity of an edition of a letter.
    LetterId
);

labelled! {
    /// Where an edition stands.
    pub enum State: "商请函状态" {
        /// Being written.
        Drafted = "drafted" => "起草", Grey;
        /// Requests were sent with it.
        Issued = "issued" => "已发出", Green;
        /// A later edition holds.
        Superseded = "superseded" => "已停用", Grey;
    }
}

labelled! {
    /// What can be done to a letter.
    pub enum Deed: "商请函办理" {
        /// Change the text.
        Edit = "edit" => "修改", Grey;
        /// Send requests to departments.
        Issue = "issue" => "发出通报请求", Blue;
        /// Write a new edition.
        Revise = "revise" => "修订新版", Grey;
    }
}

impl Lifecycle for BriefingLetter {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Drafted, Deed::Edit) => Some(State::Drafted),
            (State::Drafted | State::Issued, Deed::Issue) => Some(State::Issued),
            (State::Issued, Deed::Revise) => Some(State::Superseded),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        actor.is_office()
    }

    fn visible(actor: &Actor) -> Pred {
        shared::overseen(actor)
    }
}

/// What a letter leaves open until it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blanks<'a> {
    /// The department that is asked.
    pub department: &'a str,
    /// The organisation it is asked about.
    pub organisation: &'a str,
    /// The round.
    pub round: &'a str,
    /// The last day for the reply, written out.
    pub due: &'a str,
}

/// Words in braces that a letter may leave open.
pub const BLANKS: [&str; 4] = ["部门", "单位", "轮次", "期限"];

/// The first word in braces that stands for nothing.
pub fn unknown_blank(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once('{') {
        let (word, after) = behind.split_once('}')?;
        if !BLANKS.contains(&word) {
            return Some(word);
        }
        rest = after;
    }
    None
}

/// The letter with its blanks filled in.
pub fn filled(text: &str, blanks: &Blanks<'_>) -> String {
    text.replace("{部门}", blanks.department)
        .replace("{单位}", blanks.organisation)
        .replace("{轮次}", blanks.round)
        .replace("{期限}", blanks.due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BLANK: Blanks<'_> =
        Blanks {
            department: "市审计局", organisation: "市水利局", round: "第五轮", due: "2023年6月15日"
        };

    #[test]
    fn a_letter_names_department_organisation_round_and_last_day() {
        let text = filled("{部门}：请就{轮次}对{单位}的巡察提供情况，{期限}前函复。", &BLANK);
        assert_eq!(text, "市审计局：请就第五轮对市水利局的巡察提供情况，2023年6月15日前函复。");
    }

    #[test]
    fn a_blank_that_nobody_fills_is_noticed() {
        assert_eq!(unknown_blank("{单位}和{联系人}"), Some("联系人"));
        assert_eq!(unknown_blank("{单位}{期限}"), None);
        assert_eq!(unknown_blank("没有空"), None);
    }

    #[test]
    fn only_the_edition_in_force_is_sent_or_revised() {
        assert!(BriefingLetter::transition(State::Superseded, Deed::Issue).is_none());
        assert!(BriefingLetter::transition(State::Drafted, Deed::Revise).is_none());
        assert!(BriefingLetter::transition(State::Issued, Deed::Edit).is_none());
    }

    proptest! {
        #[test]
        fn a_text_with_known_blanks_keeps_none_when_filled(words in proptest::collection::vec(0..BLANKS.len(), 0..6)) {
            let text = words.iter().fold(String::new(), |text, &at| text + "{" + BLANKS[at] + "}");
            prop_assert_eq!(unknown_blank(&text), None);
            let left = filled(&text, &BLANK).matches('{').count();
            prop_assert_eq!(left, 0);
        }
    }
}
