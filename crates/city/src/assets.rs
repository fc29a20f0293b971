//! The ledger of idle state-owned property: the stock found idle and every dated movement that activated a
//! part of it.

use chrono::NaiveDate;

use crate::keys::{AssetKey, InspectionKey, OrganisationKey};

/// What a property is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AssetKind {
    /// 店面.
    Shop,
    /// 厂房.
    Factory,
    /// 办公用房.
    Office,
    /// 仓库.
    Warehouse,
    /// 土地.
    Land,
    /// 住宅.
    Flat,
}

/// A property found idle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Its own key.
    pub key: AssetKey,
    /// Unique code.
    pub code: String,
    /// Name with its place.
    pub name: String,
    /// What it is.
    pub kind: AssetKind,
    /// The unit that holds it.
    pub owner: OrganisationKey,
    /// The district it lies in.
    pub district: OrganisationKey,
    /// The inspection that found it idle.
    pub found_by: InspectionKey,
    /// Idle area found, in square centimetres.
    pub area_cm2: i64,
    /// Idle since.
    pub idle_since: NaiveDate,
    /// Day on which it was entered as idle.
    pub found_on: NaiveDate,
    /// Why it is idle.
    pub reason: &'static str,
}

/// How a property is put to use (盘活去化方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MovementKind {
    /// 公开招租.
    Let,
    /// 转让处置.
    Sold,
    /// 划转移交.
    Transferred,
    /// 收回自用.
    OwnUse,
    /// 改造利用.
    Rebuilt,
    /// 征收收储.
    Expropriated,
}

/// A part of a property put to use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetMovement {
    /// The property.
    pub asset: AssetKey,
    /// Day.
    pub on: NaiveDate,
    /// How.
    pub kind: MovementKind,
    /// Area put to use, in square centimetres.
    pub area_cm2: i64,
    /// Income it brings, in fen.
    pub income_fen: i64,
}
