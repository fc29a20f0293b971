//! The ledger of idle state-owned property (闲置国有资产台账): what was found idle, corrected with
//! date and reason, and what remains after the activations kept in [`crate::asset_movements`].

pub mod actions;
pub mod figures;
pub mod ledger;
mod service;
mod store;

use kit::{Actor, Pred, labelled};

use crate::access;

pub use service::service;
pub use store::{Model as Asset, correction::Model as AssetCorrection, find};
pub(crate) use store::{guard, ledger_of};

/// Path segment of the noun.
pub const NOUN: &str = "assets";

kit::id!(
    /// Identity of a property.
    AssetId
);

labelled! {
    /// What a property is.
    pub enum AssetKind: "资产类别" {
        /// Shop.
        Shop = "shop" => "店面", Grey;
        /// Factory building.
        Factory = "factory" => "厂房", Grey;
        /// Office rooms.
        Office = "office" => "办公用房", Grey;
        /// Warehouse.
        Warehouse = "warehouse" => "仓库", Grey;
        /// Land.
        Land = "land" => "土地", Grey;
        /// Flat.
        Flat = "flat" => "住宅", Grey;
        /// Anything else.
        Other = "other" => "其他", Grey;
    }
}

labelled! {
    /// How far a property is put to use; follows from the ledger and is not stored.
    pub enum Status: "盘活状态" {
        /// Nothing of it.
        Idle = "idle" => "闲置", Grey;
        /// A part.
        Partly = "partly" => "部分盘活", Blue;
        /// All of it.
        Activated = "activated" => "已盘活", Green;
    }
}

impl Status {
    /// The status that follows from the sums.
    pub fn of(balance: ledger::Balance) -> Self {
        if balance.remaining().0 == 0 {
            Self::Activated
        } else if balance.activated.0 > 0 {
            Self::Partly
        } else {
            Self::Idle
        }
    }
}

/// What `actor` can see of the ledger.
pub fn visible(actor: &Actor) -> Pred {
    access::asset_readers(actor)
}

impl Asset {
    /// Whether `actor` registers, changes and reports activations of it: the owner, or the office.
    pub fn kept_by(&self, actor: &Actor) -> bool {
        access::keeps(actor, self.organisation_id)
    }
}

/// Who corrects the stock that was found: the office alone, for a smaller stock makes a better rate.
pub fn may_correct(actor: &Actor) -> bool {
    actor.is_office()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::{Area, Role};

    #[test]
    fn the_status_follows_from_the_sums() {
        let status =
            |stock, activated| Status::of(ledger::Balance { stock: Area(stock), activated: Area(activated) });
        assert_eq!(status(10, 0), Status::Idle);
        assert_eq!(status(10, 9), Status::Partly);
        assert_eq!(status(10, 10), Status::Activated);
    }

    #[test]
    fn personnel_districts_and_administrators_do_not_read_the_ledger() {
        let none = [
            Role::OrganisationDepartment,
            Role::DistrictOffice,
            Role::SystemAdministrator,
            Role::SecurityAdministrator,
            Role::SecurityAuditor,
        ];
        for role in none {
            assert_eq!(visible(&access::concerned(role)), Pred::Nothing, "{role:?}");
        }
    }
}
