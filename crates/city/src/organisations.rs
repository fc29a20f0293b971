//! The bodies of the city: the committee and its organs, the units on the full-coverage list, the districts
//! with their inspection offices, and the streets and villages that were inspected directly.

use chrono::NaiveDate;

use crate::keys::{OrganisationKey, PersonKey};
use crate::problems::Field;

/// What sort of body an organisation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrganisationKind {
    /// 市委.
    Committee,
    /// 市委工作机关及纪检监察机关 that take part in inspections and are not on the coverage list themselves.
    PartyOrgan,
    /// 市直部门.
    Department,
    /// 市属国企.
    Enterprise,
    /// 事业单位 other than schools and hospitals.
    Institution,
    /// 事业单位(高校).
    University,
    /// 事业单位(医院).
    Hospital,
    /// 开发区/管委会.
    DevelopmentZone,
    /// 区.
    District,
    /// 区委巡察办.
    DistrictOffice,
    /// 镇街.
    Street,
    /// 村(社区).
    Village,
    /// A unit that exists only in a scaled city.
    Extra,
}

/// One body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its own key.
    pub key: OrganisationKey,
    /// Full name; some have 40 characters.
    pub name: String,
    /// Name used in tables and document numbers.
    pub short_name: String,
    /// Unique code such as `LJ-B-007`.
    pub code: String,
    /// What sort of body it is.
    pub kind: OrganisationKind,
    /// The body it belongs to; `None` for the committee.
    pub parent: Option<OrganisationKey>,
    /// First day on which it exists.
    pub valid_from: NaiveDate,
    /// The key field its duties lie in, if any.
    pub focus: Option<Field>,
}

/// The city leader in charge (分管市领导) of a unit for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaderInCharge {
    /// The unit.
    pub organisation: OrganisationKey,
    /// The city leader.
    pub leader: PersonKey,
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None` while it lasts.
    pub to: Option<NaiveDate>,
}
