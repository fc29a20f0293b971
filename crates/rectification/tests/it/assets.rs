//! The ledger of idle assets and its figures.

use kit::{Area, Fen, Role, error::Reason, testing::actor, units::CM2_PER_WAN_M2};
use rectification::assets::{self, AssetId, figures};
use std::sync::Arc;
use uuid::Uuid;

use crate::support::{World, day, refused};

async fn asset(world: &World, who: &Arc<kit::Actor>, code: &str, organisation: Uuid, area: &str) -> Uuid {
    let (organisation, inspection) = (organisation.to_string(), world.inspection.to_string());
    let entries = [
        ("code", code),
        ("name", "某路店面"),
        ("organisation", organisation.as_str()),
        ("inspection", inspection.as_str()),
        ("kind", "shop"),
        ("area", area),
        ("found_on", "2022-06-01"),
    ];
    world.create(who, "assets", &entries).await.expect("an asset").id
}

async fn activate(world: &World, id: Uuid, on: &str, area: &str, income: &str) -> kit::Result<kit::Outcome> {
    let entries = [("on_day", on), ("measure", "let"), ("area", area), ("income", income)];
    world.on(&world.director, "assets", id, "activate", &entries).await
}

fn wan(hundredths: i64) -> Area {
    Area(hundredths * CM2_PER_WAN_M2 / 100)
}

#[tokio::test]
async fn the_published_figures_come_out_of_dated_entries() {
    let world = World::new().await;
    // 782.62 万㎡ found idle, 450.50 activated before the push, 276.63 by it.
    let first = asset(&world, &world.director, "A1", world.own, "5000000").await;
    let second = asset(&world, &world.director, "A2", world.other, "2826200").await;
    activate(&world, first, "2022-12-31", "4505000", "1000.50").await.unwrap();
    activate(&world, second, "2023-03-01", "2766300", "2000").await.unwrap();
    let cx = world.test.app.read(&world.director);
    let (from, to) = (day("2023-01-01"), day("2023-06-01"));
    assert_eq!(figures::stock_as_of(&cx, to).await.unwrap(), wan(78_262));
    let period = figures::period(&cx, from, to).await.unwrap();
    assert_eq!(
        (period.opening, period.increment, period.cumulative()),
        (wan(45_050), wan(27_663), wan(72_713))
    );
    let rate = figures::rate_as_of(&cx, to).await.unwrap();
    assert_eq!((rate.percent().as_str(), rate.remaining()), ("92.91", wan(5_549)));
    assert_eq!(figures::activated_between(&cx, from, to).await.unwrap(), wan(27_663));
    assert_eq!(figures::activated_as_of(&cx, day("2022-12-30")).await.unwrap(), Area(0));
    assert_eq!(figures::stock_as_of(&cx, day("2022-05-31")).await.unwrap(), Area(0));
    assert_eq!(figures::income_as_of(&cx, to).await.unwrap(), Fen(300_050));
    let lines = figures::by_organisation(&cx, to).await.unwrap();
    let sums: Vec<_> = lines.iter().map(|line| (line.name.as_str(), line.stock, line.activated)).collect();
    assert_eq!(sums, [("市甲局", wan(50_000), wan(45_050)), ("市乙局", wan(28_262), wan(27_663))]);
    let own = figures::rate_as_of(&world.test.app.read(&world.liaison), to).await.unwrap();
    assert_eq!((own.stock, own.activated), (wan(50_000), wan(45_050)));
    let nobody = actor(Role::OrganisationDepartment, None, None);
    assert_eq!(figures::stock_as_of(&world.test.app.read(&nobody), to).await.unwrap(), Area(0));
}

#[tokio::test]
async fn more_than_remains_is_not_activated_on_any_day() {
    let world = World::new().await;
    let id = asset(&world, &world.director, "A1", world.own, "100").await;
    activate(&world, id, "2023-05-01", "80", "0").await.unwrap();
    let refusal = refused(activate(&world, id, "2022-07-01", "20.01", "0").await);
    assert_eq!(refusal.fields[0].0, "area");
    let refusal = refused(activate(&world, id, "2022-05-31", "1", "0").await);
    assert_eq!(refusal.fields[0].0, "on_day");
    let refusal = refused(activate(&world, id, "2023-06-02", "1", "0").await);
    assert_eq!(refusal.fields[0].0, "on_day");
    refused(activate(&world, id, "2023-05-02", "0", "0").await);
    activate(&world, id, "2023-05-02", "0", "500").await.unwrap();
    activate(&world, id, "2023-05-03", "20", "").await.unwrap();
}

#[tokio::test]
async fn the_stock_changes_only_by_a_dated_correction_of_the_office() {
    let world = World::new().await;
    let id = asset(&world, &world.liaison, "A1", world.own, "100").await;
    let correction = [("on_day", "2023-02-01"), ("area", "-30"), ("reason", "测绘核减")];
    let refusal = refused(world.on(&world.liaison, "assets", id, "correct", &correction).await);
    assert_eq!(refusal.reason, Reason::Forbidden);
    world.on(&world.director, "assets", id, "correct", &correction).await.unwrap();
    let cx = world.test.app.read(&world.director);
    assert_eq!(figures::stock_as_of(&cx, day("2023-01-31")).await.unwrap(), Area(1_000_000));
    assert_eq!(figures::stock_as_of(&cx, day("2023-02-01")).await.unwrap(), Area(700_000));
    activate(&world, id, "2023-03-01", "70", "0").await.unwrap();
    let refusal = refused(world.on(&world.director, "assets", id, "correct", &correction).await);
    assert_eq!(refusal.fields[0].0, "area");
    let asset = assets::find(&cx, AssetId(id)).await.unwrap();
    assert_eq!(asset.area_cm2, Area(1_000_000));
}

#[tokio::test]
async fn a_wrong_activation_is_taken_back_once_and_the_past_stays() {
    let world = World::new().await;
    let id = asset(&world, &world.director, "A1", world.own, "100").await;
    let id_text = id.to_string();
    let entries = [
        ("asset", id_text.as_str()),
        ("on_day", "2023-03-01"),
        ("measure", "sold"),
        ("area", "60"),
        ("income", "10"),
    ];
    let wrong = world.create(&world.liaison, "asset_movements", &entries).await.unwrap().id;
    let reversal = [("on_day", "2023-05-01"), ("reason", "重复登记")];
    let refusal = refused(world.on(&world.liaison, "asset_movements", wrong, "reverse", &reversal).await);
    assert_eq!(refusal.reason, Reason::Forbidden);
    let early = [("on_day", "2023-02-28"), ("reason", "重复登记")];
    refused(world.on(&world.director, "asset_movements", wrong, "reverse", &early).await);
    let back = world.on(&world.director, "asset_movements", wrong, "reverse", &reversal).await.unwrap().id;
    for id in [wrong, back] {
        let refusal = refused(world.on(&world.director, "asset_movements", id, "reverse", &reversal).await);
        assert_eq!(refusal.reason, Reason::Conflict);
    }
    let cx = world.test.app.read(&world.director);
    assert_eq!(figures::activated_as_of(&cx, day("2023-04-30")).await.unwrap(), Area(600_000));
    assert_eq!(figures::activated_as_of(&cx, day("2023-05-01")).await.unwrap(), Area(0));
    assert_eq!(figures::income_as_of(&cx, day("2023-05-01")).await.unwrap(), Fen(0));
}

#[tokio::test]
async fn a_liaison_keeps_only_the_property_of_the_own_organisation() {
    let world = World::new().await;
    let id = asset(&world, &world.director, "A1", world.other, "100").await;
    let entries = [("on_day", "2023-03-01"), ("measure", "let"), ("area", "1")];
    let refusal = refused(world.on(&world.liaison, "assets", id, "activate", &entries).await);
    assert_eq!(refusal.reason, Reason::NotFound);
    let other = world.other.to_string();
    let entries = [
        ("code", "A2"),
        ("name", "某仓库"),
        ("organisation", other.as_str()),
        ("kind", "warehouse"),
        ("area", "5"),
        ("found_on", "2023-01-01"),
    ];
    let refusal = refused(world.create(&world.liaison, "assets", &entries).await);
    assert_eq!(refusal.fields[0].0, "organisation");
}

#[tokio::test]
async fn authorities_and_audit_read_the_ledger_and_write_nothing() {
    let world = World::new().await;
    let id = asset(&world, &world.director, "A1", world.own, "100").await;
    let entries = [("on_day", "2023-03-01"), ("measure", "let"), ("area", "1")];
    for role in [Role::FunctionalDepartment, Role::Audit, Role::Discipline, Role::LeadingGroup] {
        let who = actor(role, Some(world.other), None);
        let refusal = refused(world.on(&who, "assets", id, "activate", &entries).await);
        assert_eq!(refusal.reason, Reason::Forbidden, "{role:?}");
    }
    for role in [Role::OrganisationDepartment, Role::DistrictOffice, Role::SystemAdministrator] {
        let who = actor(role, Some(world.own), None);
        let refusal = refused(world.on(&who, "assets", id, "activate", &entries).await);
        assert_eq!(refusal.reason, Reason::NotFound, "{role:?}");
    }
}

#[tokio::test]
async fn of_two_activations_at_once_that_exceed_the_rest_together_one_gets_through() {
    let world = World::new().await;
    let id = asset(&world, &world.director, "A1", world.own, "100").await;
    let (first, second) = tokio::join!(
        activate(&world, id, "2023-05-01", "60", "0"),
        activate(&world, id, "2023-05-01", "60", "0")
    );
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    let cx = world.test.app.read(&world.director);
    assert_eq!(figures::activated_as_of(&cx, day("2023-05-01")).await.unwrap(), Area(600_000));
}

#[tokio::test]
async fn a_team_sees_the_activations_of_a_property_assigned_to_its_inspection_later() {
    let world = World::new().await;
    let id = asset(&world, &world.director, "A1", world.own, "100").await;
    activate(&world, id, "2023-05-01", "60", "0").await.unwrap();
    let own = world.own.to_string();
    let without = [("code", "A1"), ("name", "某路店面"), ("organisation", own.as_str()), ("kind", "shop")];
    let team = actor(Role::TeamHead, None, Some(world.inspection));
    let cx = world.test.app.read(&team);
    let seen = async || {
        let visible = rectification::asset_movements::visible(&team);
        let mut sql = db::Sql::new("select count(*) from asset_movement v where ");
        visible.write("v", &mut sql);
        cx.number(sql).await.unwrap()
    };
    assert_eq!(seen().await, 1);
    world.on(&world.director, "assets", id, "edit", &without).await.unwrap();
    assert_eq!(seen().await, 0);
}
