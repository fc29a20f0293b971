//! Activations of idle property (盘活去化): dated entries of the ledger with area and income. An
//! entry is never changed in its figures; a wrong one is taken back by an entry of opposite sign.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Pred, labelled};

use crate::access;

pub use service::service;
pub(crate) use service::{create_on_asset, fields_on_asset};
pub use store::{Model as AssetMovement, find};

/// Path segment of the noun.
pub const NOUN: &str = "asset_movements";

kit::id!(
    /// Identity of an activation.
    AssetMovementId
);

labelled! {
    /// How a property is put to use.
    pub enum Measure: "盘活方式" {
        /// Let by public tender.
        Let = "let" => "公开招租", Grey;
        /// Sold.
        Sold = "sold" => "转让处置", Grey;
        /// Used by the holder.
        OwnUse = "own_use" => "收回自用", Grey;
        /// Handed to another body.
        Transferred = "transferred" => "划转移交", Grey;
        /// Rebuilt for another use.
        Rebuilt = "rebuilt" => "改造利用", Grey;
        /// Taken for public use.
        Expropriated = "expropriated" => "征收收储", Grey;
        /// Any other way.
        Other = "other" => "其他方式", Grey;
    }
}

/// What `actor` can see of the activations.
pub fn visible(actor: &Actor) -> Pred {
    access::asset_readers(actor)
}

impl AssetMovement {
    /// Whether `actor` changes the words beside the figures.
    pub fn kept_by(&self, actor: &Actor) -> bool {
        access::keeps(actor, self.organisation_id)
    }

    /// Whether this entry itself takes another one back.
    pub fn is_reversal(&self) -> bool {
        self.reverses_id.is_some()
    }
}

/// Who takes an entry back: the office alone.
pub fn may_reverse(actor: &Actor) -> bool {
    actor.is_office()
}
