//! Rules built (建章立制): institutions made or revised because of what an inspection found, with
//! the problems they answer.

pub mod actions;
mod service;
mod store;

use chrono::NaiveDate;
use kit::{Actor, Pred, labelled};

use crate::access;

pub use service::service;
pub use store::{Model as RuleBuilt, RuleProblem, find};

/// Path segment of the noun.
pub const NOUN: &str = "rules_built";

kit::id!(
    /// Identity of a rule built.
    RuleBuiltId
);

labelled! {
    /// Whether a rule is new.
    pub enum RuleKind: "制度类型" {
        /// Newly made.
        New = "new" => "新建", Grey;
        /// Revised.
        Revised = "revised" => "修订", Grey;
    }
}

labelled! {
    /// From which rectification a rule came.
    pub enum Topic: "专题" {
        /// Management and use of state-owned assets.
        StateAssets = "state_assets" => "国有资产", Grey;
        /// Fiscal special funds.
        SpecialFunds = "special_funds" => "财政专项资金", Grey;
        /// Tendering of works.
        Bidding = "bidding" => "工程招投标", Grey;
        /// Medical field.
        Medical = "medical" => "医药卫生", Grey;
        /// Education.
        Education = "education" => "教育", Grey;
        /// Any other rectification.
        Ordinary = "ordinary" => "一般整改", Grey;
    }
}

labelled! {
    /// Whether a rule holds; follows from its last day and is not stored.
    pub enum Force: "效力" {
        /// It holds.
        InForce = "in_force" => "有效", Green;
        /// It was ended.
        Ended = "ended" => "已废止", Grey;
    }
}

/// What `actor` can see of the rules built.
pub fn visible(actor: &Actor) -> Pred {
    access::readers(actor)
}

impl RuleBuilt {
    /// Whether `actor` keeps it: its organisation, or the office.
    pub fn kept_by(&self, actor: &Actor) -> bool {
        access::keeps(actor, self.organisation_id)
    }

    /// Whether it holds on `day`.
    pub fn force_on(&self, day: NaiveDate) -> Force {
        if self.ended_on.is_some_and(|ended| ended < day) { Force::Ended } else { Force::InForce }
    }
}
