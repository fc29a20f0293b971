//! Templates of official documents (公文模板): the catalogue of the office's documents as data that the office changes
//! itself. Each hangs on a noun whose records fill it.

pub mod actions;
mod catalogue;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled};

pub(crate) use actions::to_draft_by;
pub use service::service;
pub use store::Model as DocumentTemplate;
pub use store::{ActiveModel, Column, Entity, find, of_noun};
pub(crate) use store::{coded, in_use};

/// Path segment of the noun.
pub const NOUN: &str = "document_templates";

kit::id!(
    /// Identity of a template.
    TemplateId
);

labelled! {
    /// Which form of GB/T 9704 a document takes.
    pub enum Layout: "版式" {
        /// With the red head of the issuing body.
        RedHead = "red_head" => "文件格式", Grey;
        /// 信函格式.
        Letter = "letter" => "信函格式", Grey;
        /// 纪要格式.
        Minutes = "minutes" => "纪要格式", Grey;
        /// Without a head.
        Plain = "plain" => "报告、方案等（无版头）", Grey;
        /// A table on landscape pages.
        Ledger = "ledger" => "台账（横排表格）", Grey;
    }
}

impl Layout {
    /// The layout engine's word for it.
    pub fn form(self) -> papers::Form {
        match self {
            Self::RedHead => papers::Form::RedHead,
            Self::Letter => papers::Form::Letter,
            Self::Minutes => papers::Form::Minutes,
            Self::Plain => papers::Form::Plain,
            Self::Ledger => papers::Form::Ledger,
        }
    }
}

labelled! {
    /// How closely a document is kept. State secrets are none of them: this installation is not certified for any.
    pub enum Grade: "保密要求" {
        /// For everybody.
        Open = "open" => "可公开", Grey;
        /// For those who work with it.
        Internal = "internal" => "内部", Grey;
        /// 工作秘密.
        WorkSecret = "work_secret" => "工作秘密", Orange;
    }
}

labelled! {
    /// Where a template stands.
    pub enum State: "模板状态" {
        /// Documents are made by it.
        InUse = "in_use" => "使用中", Blue;
        /// No new ones.
        Withdrawn = "withdrawn" => "已停用", Grey;
    }
}

labelled! {
    /// What can be done to a template.
    pub enum Deed: "模板办理" {
        /// Write a new edition.
        Revise = "revise" => "修订", Blue;
        /// Make no new documents by it.
        Withdraw = "withdraw" => "停用", Grey;
        /// Use it again.
        Restore = "restore" => "恢复使用", Blue;
    }
}

/// Who keeps the templates: the office.
pub fn may_keep(actor: &Actor) -> bool {
    actor.is_office()
}

impl Lifecycle for DocumentTemplate {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::InUse, Deed::Revise) | (State::Withdrawn, Deed::Restore) => Some(State::InUse),
            (State::InUse, Deed::Withdraw) => Some(State::Withdrawn),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        may_keep(actor)
    }

    fn visible(actor: &Actor) -> Pred {
        actor.reach([
            (Role::LeadingGroup, Pred::All),
            (Role::OfficeDirector, Pred::All),
            (Role::OfficeLiaison, Pred::All),
            (Role::TeamHead, Pred::is("state", State::InUse)),
            (Role::TeamMember, Pred::is("state", State::InUse)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn only_the_office_changes_a_template() {
        for &role in Role::ALL {
            let may = store::sample(State::InUse).may(&samples::concerned(role), Deed::Revise);
            assert_eq!(may, role.is_office(), "{role:?}");
        }
    }

    #[test]
    fn the_catalogue_has_every_kind_once() {
        let codes: BTreeSet<&str> = catalogue::CATALOGUE.iter().map(|kind| kind.code).collect();
        assert_eq!(codes.len(), catalogue::CATALOGUE.len());
        let wanted = (1..=33).filter(|number| *number != 23).map(|number| format!("D{number:02}"));
        for code in wanted.chain(["D23a", "D23b"].map(str::to_owned)) {
            assert!(codes.contains(code.as_str()), "{code}");
        }
    }

    #[test]
    fn every_report_is_laid_out_from_its_record_and_never_drafted_again() {
        let itself: BTreeSet<&str> = catalogue::CATALOGUE
            .iter()
            .filter(|kind| crate::official::is_one(kind.noun))
            .map(|kind| kind.code)
            .collect();
        assert_eq!(itself, crate::official::codes());
    }

    #[test]
    fn no_template_of_the_catalogue_reads_leads() {
        assert!(catalogue::CATALOGUE.iter().all(|kind| kind.noun != "leads"));
    }
}
