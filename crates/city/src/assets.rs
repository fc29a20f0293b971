//! The ledger of idle state-owned property: the stock found idle and every dated movement that activated a
//! part of it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::City;
use crate::calendar::{before, day, on_or_before};
use crate::dice::{Dice, split};
use crate::inspections::Stage;
use crate::keys::{AssetKey, InspectionKey, OrganisationKey};
use crate::organisations::OrganisationKind;
use crate::rectification::PUSH;
use crate::targets;
use crate::texts;

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

/// Properties found idle.
const ITEMS: usize = 420;

/// Areas are measured to a hundredth of a square metre.
const UNIT_CM2: i64 = 100;

/// Kind, what it is called, least and greatest weight of its area, income for a square metre in fen.
const KINDS: [(AssetKind, &str, i64, i64, i64); 6] = [
    (AssetKind::Shop, "店面", 1, 8, 120_000),
    (AssetKind::Factory, "厂房", 60, 420, 48_000),
    (AssetKind::Office, "办公用房", 10, 90, 90_000),
    (AssetKind::Warehouse, "仓库", 30, 240, 36_000),
    (AssetKind::Land, "地块", 120, 900, 60_000),
    (AssetKind::Flat, "住宅", 1, 12, 150_000),
];

const REASONS: [&str; 6] = [
    "原使用单位搬迁后未及时移交",
    "产权手续不全，无法公开招租",
    "位置偏远，多次招租流拍",
    "规划调整后用途未明确",
    "涉诉未结，承租人拒不腾退",
    "房屋老旧，需修缮后方可使用",
];

/// The stock found idle and every movement.
pub(crate) fn fill(city: &mut City, dice: &mut Dice) {
    fill_stock(city, dice);
    let mut parts = Parts::of(city, dice);
    let first = city.assets.iter().map(|asset| asset.found_on).max().unwrap_or(targets::AS_OF);
    let before_push = (first, before(PUSH.0, 1));
    let push = (PUSH.0, on_or_before(day(2023, 12, 29)));
    let mut movements = parts.put_to_use(targets::ACTIVATED_BEFORE_CM2, before_push, dice);
    movements.extend(parts.put_to_use(targets::ACTIVATED_BY_PUSH_CM2, push, dice));
    share_income(city, &mut movements, dice);
    movements.sort_by_key(|movement| (movement.on, movement.asset));
    city.asset_movements = movements;
}

fn fill_stock(city: &mut City, dice: &mut Dice) {
    let inspection = city.asset_inspection();
    let owners: Vec<_> = city.units_of(inspection).cloned().collect();
    let districts: Vec<_> = city.of_kind(OrganisationKind::District).map(|district| district.key).collect();
    let kinds: Vec<_> = (0..ITEMS).map(|_| dice.pick(&KINDS)).collect();
    let weights: Vec<_> = kinds.iter().map(|(_, _, least, most, _)| dice.between(*least, *most)).collect();
    let areas = split(targets::IDLE_FOUND_CM2 / UNIT_CM2, &weights);
    let mut names = BTreeSet::new();
    for (place, ((kind, called, ..), area)) in kinds.into_iter().zip(areas).enumerate() {
        let owner = dice.choose(&owners);
        let (Some(entered), Some(left)) = (owner.reached(Stage::OnSite), owner.reached(Stage::Left)) else {
            continue;
        };
        let district = dice.pick(&districts);
        let name = loop {
            let (road, number) = (texts::place(dice), dice.between(1, 398));
            let name = format!("{}{road}{number}号{called}", city[district].name);
            if names.insert(name.clone()) {
                break name;
            }
        };
        city.assets.push(Asset {
            key: AssetKey(place),
            code: format!("ZC-{:04}", place + 1),
            name,
            kind,
            owner: owner.organisation,
            district,
            found_by: inspection,
            area_cm2: area * UNIT_CM2,
            idle_since: dice.working_day(day(2016, 3, 1), day(2022, 5, 31)),
            found_on: dice.working_day(entered, left),
            reason: dice.pick(&REASONS),
        });
    }
}

/// What is still idle, in the order in which it will be put to use.
struct Parts(Vec<(AssetKey, i64)>);

impl Parts {
    fn of(city: &City, dice: &mut Dice) -> Self {
        let mut parts: Vec<_> = city.assets.iter().map(|asset| (asset.key, asset.area_cm2)).collect();
        dice.shuffle(&mut parts);
        Self(parts)
    }

    /// Puts an area to use between two days; large properties go in two parts.
    fn put_to_use(
        &mut self,
        mut area: i64,
        (first, last): (NaiveDate, NaiveDate),
        dice: &mut Dice,
    ) -> Vec<AssetMovement> {
        const WAYS: [MovementKind; 10] = [
            MovementKind::Let,
            MovementKind::Let,
            MovementKind::Let,
            MovementKind::Let,
            MovementKind::Sold,
            MovementKind::Transferred,
            MovementKind::Transferred,
            MovementKind::OwnUse,
            MovementKind::Rebuilt,
            MovementKind::Expropriated,
        ];
        let mut movements = Vec::new();
        while area > 0 {
            let Some((asset, idle)) = self.0.pop() else { break };
            let halved = idle > 20_000 * UNIT_CM2 * UNIT_CM2 && dice.chance(40);
            let wanted = if halved { idle / 2 / UNIT_CM2 * UNIT_CM2 } else { idle };
            let part = wanted.min(area);
            area -= part;
            if part < idle {
                self.0.push((asset, idle - part));
            }
            movements.push(AssetMovement {
                asset,
                on: dice.working_day(first, last),
                kind: dice.pick(&WAYS),
                area_cm2: part,
                income_fen: 0,
            });
        }
        movements
    }
}

/// Shares the income out by area, price and chance; what is transferred or used by the owner brings none.
fn share_income(city: &City, movements: &mut [AssetMovement], dice: &mut Dice) {
    let weights: Vec<_> = movements
        .iter()
        .map(|movement| {
            let kind = city[movement.asset].kind;
            let price = KINDS.iter().find(|row| row.0 == kind).map_or(0, |row| row.4);
            match movement.kind {
                MovementKind::Transferred | MovementKind::OwnUse => 0,
                _ => movement.area_cm2 / UNIT_CM2 * price / 100 * dice.between(60, 140),
            }
        })
        .collect();
    for (movement, income) in movements.iter_mut().zip(split(targets::ASSET_INCOME_FEN, &weights)) {
        movement.income_fen = income;
    }
}
