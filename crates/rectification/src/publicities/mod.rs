//! Double publicity (双公开) of rectification: one text inside the party, one for society. What the outer text leaves out
//! must be named as an exclusion with its ground and approved; place, days and proof of both are kept, and what people
//! answered.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Governed, Lifecycle, Pred, Role, labelled, lifecycle};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::access;

pub use service::service;
pub use store::{Model as Publicity, find};

/// Path segment of the noun.
pub const NOUN: &str = "publicities";

kit::id!(
    /// Identity of a publicity.
    PublicityId
);

labelled! {
    /// Why something is not made public (domain.md 9.7).
    pub enum Ground: "不公开理由" {
        /// State secrets.
        Secret = "secret" => "涉及国家秘密", Red;
        /// Cases not announced yet.
        Case = "case" => "正在核查尚未公布的案件", Grey;
        /// Could be hyped.
        Hype = "hype" => "可能引发炒作", Grey;
        /// Could lead to mass incidents.
        Unrest = "unrest" => "可能引发群体性事件", Grey;
        /// Otherwise sensitive.
        Sensitive = "sensitive" => "其他敏感事项", Grey;
    }
}

labelled! {
    /// Where a publicity stands.
    pub enum State: "公开状态" {
        /// Being written.
        Draft = "draft" => "拟稿", Grey;
        /// Handed in for review.
        Submitted = "submitted" => "待审核", Yellow;
        /// Sent back.
        Returned = "returned" => "退回", Red;
        /// May be published.
        Approved = "approved" => "审核通过", Blue;
        /// Published in both ways.
        Published = "published" => "已公开", Green;
        /// The time for comments is over and answered.
        Closed = "closed" => "已办结", Green;
    }
}

labelled! {
    /// What can be done.
    pub enum Deed: "办理事项" {
        /// Change the texts.
        Edit = "edit" => "修改", Grey;
        /// Hand in.
        Submit = "submit" => "提交审核", Grey;
        /// Approve texts and exclusions.
        Approve = "approve" => "审核通过", Green;
        /// Send back.
        Return = "return" => "退回", Red;
        /// Record that both were published.
        Publish = "publish" => "登记公开", Grey;
        /// Record what people answered, and close.
        Close = "close" => "登记反响并办结", Grey;
    }
}

/// A passage that the outer text leaves out on purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    /// Words of the passage.
    pub passage: String,
    /// Code of the [`Ground`].
    pub ground: String,
    /// Why, in words.
    pub reason: String,
}

impl Lifecycle for Publicity {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Draft | State::Returned, Deed::Edit) => Some(state),
            (State::Draft | State::Returned, Deed::Submit) => Some(State::Submitted),
            (State::Submitted, Deed::Approve) => Some(State::Approved),
            (State::Submitted, Deed::Return) => Some(State::Returned),
            (State::Approved, Deed::Publish) => Some(State::Published),
            (State::Published, Deed::Close) => Some(State::Closed),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Edit | Deed::Submit | Deed::Publish | Deed::Close => {
                access::is_liaison_of(actor, self.organisation_id)
            }
            Deed::Approve | Deed::Return => access::reviews(actor, self.submitted_by),
        }
    }

    /// The organisation from the first word; others once it was handed in.
    fn visible(actor: &Actor) -> Pred {
        let own = actor.own_organisations(Role::OrganisationLiaison, "organisation_id");
        Pred::any(vec![own, access::readers(actor).and(Pred::Present("submitted_on"))])
    }
}

/// The sentences of `inner` that are not in `outer`, compared by their signs alone.
pub fn left_out(inner: &str, outer: &str) -> Vec<String> {
    let outer: String = signs(outer);
    sentences(inner)
        .filter(|sentence| {
            let own = signs(sentence);
            !own.is_empty() && !outer.contains(&own)
        })
        .map(str::to_owned)
        .collect()
}

/// The sentences left out that no exclusion covers: its passage lies in the sentence, or the sentence in it.
pub fn uncovered(left_out: &[String], exclusions: &[Exclusion]) -> Vec<String> {
    let passages: Vec<String> = exclusions
        .iter()
        .map(|exclusion| signs(&exclusion.passage))
        .filter(|passage| !passage.is_empty())
        .collect();
    let covered = |sentence: &str| {
        let own = signs(sentence);
        passages.iter().any(|passage| own.contains(passage.as_str()) || passage.contains(&own))
    };
    left_out.iter().filter(|sentence| !covered(sentence)).cloned().collect()
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['。', '！', '？', '；', '\n']).map(str::trim).filter(|sentence| !sentence.is_empty())
}

fn signs(text: &str) -> String {
    text.chars().filter(|sign| sign.is_alphanumeric()).collect()
}

fn governed() -> Governed {
    Governed {
        noun: NOUN,
        label: "整改公开",
        transitions: lifecycle::transitions::<Publicity>,
        permissions: || lifecycle::permissions::<Publicity>(sample, access::concerned, access::stranger),
    }
}

fn sample(state: State) -> Publicity {
    let day = chrono::NaiveDate::default();
    Publicity {
        id: PublicityId(Uuid::from_u128(490)),
        version: 1,
        number: String::new(),
        unit_id: Uuid::from_u128(491),
        inspection_id: access::SAMPLE_INSPECTION,
        organisation_id: access::SAMPLE_ORGANISATION,
        inner_text: String::new(),
        inner_scope: String::new(),
        inner_on: None,
        outer_text: String::new(),
        outer_where: String::new(),
        outer_on: None,
        outer_until: None,
        contact: String::new(),
        exclusions: String::new(),
        state,
        due_on: None,
        due_basis: String::new(),
        submitted_by: Some(access::SAMPLE_SUBMITTER),
        submitted_on: (state != State::Draft).then_some(day),
        reviewed_by: None,
        reviewed_on: None,
        opinion: String::new(),
        comments: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const INNER: &str = "已清理闲置店面3处。追缴欠租20万元；对2名责任人立案审查。";

    #[test]
    fn what_the_outer_text_leaves_out_must_be_excluded_with_a_ground() {
        let outer = "已清理闲置店面 3 处，\n追缴欠租20万元。";
        assert_eq!(left_out(INNER, outer), ["对2名责任人立案审查"]);
        let exclusion = Exclusion {
            passage: String::from("立案审查"),
            ground: String::from("case"),
            reason: String::new(),
        };
        assert!(uncovered(&left_out(INNER, outer), &[exclusion]).is_empty());
        assert_eq!(uncovered(&left_out(INNER, outer), &[]), ["对2名责任人立案审查"]);
    }

    #[test]
    fn nobody_else_sees_a_text_before_it_was_handed_in() {
        for role in [Role::OfficeDirector, Role::CommitteeLeader, Role::Discipline, Role::TeamHead] {
            assert!(!Publicity::visible(&access::concerned(role)).holds(&sample(State::Draft)), "{role:?}");
        }
        assert!(
            Publicity::visible(&access::concerned(Role::OrganisationLiaison)).holds(&sample(State::Draft))
        );
        assert!(
            !Publicity::visible(&access::stranger(Role::OrganisationLiaison)).holds(&sample(State::Closed))
        );
    }

    proptest! {
        #[test]
        fn a_text_leaves_nothing_of_itself_out_and_an_empty_one_everything(
            sentences in prop::collection::vec("[甲乙丙丁]{1,6}", 0..8),
        ) {
            let text = sentences.join("。");
            prop_assert!(left_out(&text, &text).is_empty());
            prop_assert_eq!(left_out(&text, "").len(), sentences.len());
        }
    }
}
