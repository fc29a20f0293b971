//! Evidence of drafts (佐证材料) with its custody: who obtained what, when, how and from whom, original
//! or copy, and through whose hands it went.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, audit::netstrings, labelled, seal};
use uuid::Uuid;

pub use service::service;
pub use store::Model as Evidence;
pub use store::{ActiveModel, Column, Entity, digests, digests_of_unit, find};

use crate::drafts;

/// Path segment of the noun.
pub const NOUN: &str = "evidence";

kit::id!(
    /// Identity of a piece of evidence.
    EvidenceId
);

labelled! {
    /// What a piece of evidence is.
    pub enum Kind: "材料类别" {
        /// Papers.
        Document = "document" => "书证、文件资料", Grey;
        /// Accounts and vouchers.
        Account = "account" => "账册、凭证", Grey;
        /// A record of a talk.
        Talk = "talk" => "谈话记录", Grey;
        /// A written statement.
        Statement = "statement" => "情况说明", Grey;
        /// Pictures, sound, film.
        Media = "media" => "照片、音像", Grey;
        /// Data.
        Data = "data" => "电子数据", Grey;
        /// A record of looking at the place.
        Visit = "visit" => "现场查看记录", Grey;
        /// Anything else.
        Other = "other" => "其他", Grey;
    }
}

labelled! {
    /// How it was obtained.
    pub enum Method: "取得方式" {
        /// Asked for and handed over.
        Requested = "requested" => "调取", Grey;
        /// Copied.
        Copied = "copied" => "复制、摘抄", Grey;
        /// Taken on the spot.
        Taken = "taken" => "现场拍摄、录制", Grey;
        /// Written down.
        Recorded = "recorded" => "谈话、询问形成", Grey;
        /// Given unasked.
        Given = "given" => "主动提供", Grey;
        /// Out of a system.
        Exported = "exported" => "系统导出", Grey;
    }
}

labelled! {
    /// Original or copy.
    pub enum Nature: "原件或复印件" {
        /// The original.
        Original = "original" => "原件", Grey;
        /// A copy, checked against the original.
        Copy = "copy" => "复印件（与原件核对一致）", Grey;
        /// An electronic original.
        Electronic = "electronic" => "电子件", Grey;
    }
}

labelled! {
    /// Where a piece of evidence is.
    pub enum State: "保管状态" {
        /// With the team.
        Held = "held" => "在管", Green;
        /// Handed to somebody outside the team.
        Out = "out" => "已移交", Orange;
        /// Not used; its number stays taken.
        Void = "void" => "作废", Grey;
    }
}

labelled! {
    /// What can be done to a piece of evidence.
    pub enum Deed: "材料办理" {
        /// Correct what is entered, or add files.
        Edit = "edit" => "修改、补充文件", Grey;
        /// Hand it to somebody.
        HandOver = "hand_over" => "移交、归还", Blue;
        /// Take it back.
        TakeBack = "take_back" => "收回", Blue;
        /// Use it no longer.
        Void = "void" => "作废", Red;
    }
}

labelled! {
    /// A step of the custody.
    pub enum Movement: "流转" {
        /// Out of the team's hands.
        HandedOver = "handed_over" => "移交、归还", Orange;
        /// Back into them.
        TakenBack = "taken_back" => "收回", Green;
    }
}

impl Evidence {
    /// The digest by which it enters the signatures of its draft; `files` are the digests of its files in their order.
    pub fn digest(&self, files: &[String]) -> String {
        use kit::Labelled as _;
        let mut parts = vec![
            String::from("evidence/1"),
            self.ordinal.to_string(),
            self.title.clone(),
            self.kind.code().to_owned(),
            self.method.code().to_owned(),
            self.obtained_on.to_string(),
            self.obtained_by.clone(),
            self.provider.clone(),
            self.form.code().to_owned(),
            self.pages.map(|pages| pages.to_string()).unwrap_or_default(),
        ];
        parts.extend(files.iter().cloned());
        seal::digest(&netstrings(parts))
    }
}

/// Whether `actor` may enter evidence in `inspection`.
pub fn may_create(actor: &Actor, inspection: Uuid) -> bool {
    actor.in_team(inspection)
}

impl Lifecycle for Evidence {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Void, _) | (State::Out, Deed::Void | Deed::HandOver) | (State::Held, Deed::TakeBack) => {
                None
            }
            (state, Deed::Edit) => Some(state),
            (State::Held, Deed::HandOver) => Some(State::Out),
            (State::Out, Deed::TakeBack) => Some(State::Held),
            (State::Held, Deed::Void) => Some(State::Void),
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        actor.in_team(self.inspection_id)
    }

    fn visible(actor: &Actor) -> Pred {
        drafts::scope(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;

    #[test]
    fn what_was_handed_over_is_taken_back_before_anything_else() {
        let open = |deed: &Deed| Evidence::transition(State::Out, *deed).is_some();
        assert_eq!(Deed::ALL.iter().copied().filter(open).collect::<Vec<_>>(), [Deed::Edit, Deed::TakeBack]);
        assert!(Deed::ALL.iter().all(|&deed| Evidence::transition(State::Void, deed).is_none()));
    }

    #[test]
    fn who_gave_it_and_which_file_it_is_count_for_the_digest_and_its_custody_does_not() {
        let item = store::sample(State::Held);
        let base = item.digest(&[String::from("f")]);
        let other = Evidence { provider: String::from("某财务科"), ..item.clone() };
        assert_ne!(other.digest(&[String::from("f")]), base);
        assert_ne!(item.digest(&[]), base);
        let moved = Evidence { state: State::Out, holder: String::from("某某"), ..item };
        assert_eq!(moved.digest(&[String::from("f")]), base);
    }
}
