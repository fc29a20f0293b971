//! Organisations (组织机构): who is inspected, who receives transfers, and the districts.

pub mod actions;
mod service;
mod store;

use chrono::NaiveDate;
use kit::{Actor, Pred, Role, labelled};

pub use service::service;
pub use store::Model as Organisation;
pub use store::{find, leader_on};

/// Path segment of the noun.
pub const NOUN: &str = "organisations";

kit::id!(
    /// Identity of an organisation.
    OrganisationId
);

labelled! {
    /// What kind of body an organisation is (domain.md 13.4).
    pub enum OrganisationKind: "单位类别" {
        /// Department of the city.
        CityDepartment = "city_department" => "市直部门", Grey;
        /// Enterprise owned by the city.
        CityEnterprise = "city_enterprise" => "市属国企", Grey;
        /// Public institution: university, hospital.
        Institution = "institution" => "事业单位", Grey;
        /// Development zone or administrative committee.
        DevelopmentZone = "development_zone" => "开发区（管委会）", Grey;
        /// District.
        District = "district" => "区", Grey;
        /// Body of a district.
        DistrictBody = "district_body" => "区直单位", Grey;
        /// Town or street.
        Town = "town" => "镇街", Grey;
        /// Village or community.
        Village = "village" => "村（社区）", Grey;
        /// Body that supervises or receives transfers: discipline, organisation, audit, …
        SupervisingBody = "supervising_body" => "监督和职能机关", Grey;
    }
}

/// Everybody with a post needs the names of organisations; only their existence is open, what was
/// found in them is not.
pub fn visible(actor: &Actor) -> Pred {
    if actor.program || actor.posts.iter().any(|post| post.role != Role::SecurityAuditor) {
        Pred::All
    } else {
        Pred::Nothing
    }
}

/// Who keeps the register: the office.
pub fn may_keep(actor: &Actor) -> bool {
    actor.is_office()
}

impl Organisation {
    /// Whether the organisation exists on `day`.
    pub fn exists_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| day <= to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dissolved_organisation_exists_up_to_its_last_day() {
        let day = |d| NaiveDate::from_ymd_opt(2023, 6, d).unwrap();
        let organisation = store::sample(day(1), Some(day(10)));
        assert!(organisation.exists_on(day(10)));
        assert!(!organisation.exists_on(day(11)));
    }
}
