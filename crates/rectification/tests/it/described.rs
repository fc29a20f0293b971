//! What the descriptions of the slices promise holds: lists run, pages open, forms describe
//! themselves without a record, and every deed that a page offers exists.

use kit::{Pred, table::Ask};

use crate::support::World;

#[tokio::test]
async fn every_list_runs_with_every_column_order_and_filter_on_empty() {
    let world = World::new().await;
    world.measure(world.problems[0]).await;
    let cx = world.test.app.read(&world.director);
    for service in rectification::services() {
        let columns = service.list.columns;
        for column in columns.iter().filter(|column| column.sortable) {
            let mut pairs: Vec<(String, String)> =
                columns.iter().map(|column| (String::from("col"), column.key.to_owned())).collect();
            pairs.push((String::from("sort"), format!("-{}", column.key)));
            let ask = Ask::parse(&service.list, &cx.actor, &pairs).unwrap();
            let visible = service.scope(&cx.actor);
            kit::table::run(&cx, service.noun, &service.list, &visible, &Pred::All, &ask)
                .await
                .unwrap_or_else(|error| panic!("{} by {}: {error}", service.noun, column.key));
        }
        for waiting in &service.waiting {
            for actor in [&world.director, &world.liaison] {
                let waits = (waiting.condition)(actor, cx.today());
                let ask = Ask::usual(&service.list).unwrap();
                let visible = (service.visible)(actor);
                kit::table::run(&cx, service.noun, &service.list, &visible, &waits, &ask).await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn computed_columns_of_the_asset_list_can_be_filtered() {
    let world = World::new().await;
    let own = world.own.to_string();
    for (code, area) in [("A1", "5"), ("A2", "7")] {
        let entries = [
            ("code", code),
            ("name", "某仓库"),
            ("organisation", own.as_str()),
            ("kind", "warehouse"),
            ("area", area),
            ("found_on", "2023-01-01"),
        ];
        let id = world.create(&world.director, "assets", &entries).await.unwrap().id;
        let entries = [("on_day", "2023-03-01"), ("measure", "let"), ("area", "5")];
        world.on(&world.director, "assets", id, "activate", &entries).await.unwrap();
    }
    let cx = world.test.app.read(&world.director);
    let list = rectification::assets::service().list;
    for (filter, value, expected) in [
        ("f.status", "activated", 1),
        ("f.status", "partly", 1),
        ("f.status", "idle", 0),
        ("f.remaining.from", "1", 1),
    ] {
        let ask = Ask::parse(&list, &cx.actor, &[(filter.to_owned(), value.to_owned())]).unwrap();
        let answer = kit::table::run(&cx, "assets", &list, &Pred::All, &Pred::All, &ask).await.unwrap();
        assert_eq!(answer.rows.len(), expected, "{filter} {value}");
    }
}

#[tokio::test]
async fn every_form_describes_itself_without_a_record() {
    let world = World::new().await;
    let cx = world.test.app.read(&world.director);
    for service in rectification::services() {
        for deed in &service.deeds {
            let fields = (deed.fields)(&cx, None).await.unwrap();
            let mut names: Vec<&str> = fields.iter().map(|field| field.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), fields.len(), "{} {}", service.noun, deed.key);
        }
    }
}

#[tokio::test]
async fn every_deed_of_a_transition_table_is_offered_by_its_service() {
    for service in rectification::services() {
        let Some(governed) = &service.governed else { continue };
        for (state, deed, _) in (governed.transitions)() {
            assert!(service.deed(deed.code).is_some(), "{} {state:?} {deed:?}", service.noun);
        }
        assert!((governed.permissions)().iter().any(|row| row.own));
    }
}

#[tokio::test]
async fn pages_open_and_offer_only_deeds_that_exist() {
    let world = World::new().await;
    let measure = world.measure(world.problems[0]).await;
    let unit = world.unit.to_string();
    let entries = [("unit", unit.as_str()), ("first_responsible", "陈某")];
    let plan = world.create(&world.liaison, "rect_plans", &entries).await.unwrap().id;
    let own = world.own.to_string();
    let entries = [
        ("code", "A1"),
        ("name", "某仓库"),
        ("organisation", own.as_str()),
        ("kind", "warehouse"),
        ("area", "5"),
        ("found_on", "2023-01-01"),
    ];
    let asset = world.create(&world.liaison, "assets", &entries).await.unwrap().id;
    let asset_text = asset.to_string();
    let entries =
        [("asset", asset_text.as_str()), ("on_day", "2023-03-01"), ("measure", "let"), ("area", "1")];
    let movement = world.create(&world.liaison, "asset_movements", &entries).await.unwrap().id;
    let entries = [
        ("title", "办法"),
        ("organisation", own.as_str()),
        ("kind", "new"),
        ("issued_on", "2023-05-30"),
        ("topic", "ordinary"),
    ];
    let rule = world.create(&world.liaison, "rules_built", &entries).await.unwrap().id;
    let pages = [
        ("measures", measure),
        ("rect_plans", plan),
        ("assets", asset),
        ("asset_movements", movement),
        ("rules_built", rule),
    ];
    let services = rectification::services();
    let cx = world.test.app.read(&world.liaison);
    for (noun, id) in pages {
        let service = services.iter().find(|service| service.noun == noun).unwrap();
        let view = (service.show)(&cx, id).await.unwrap();
        assert!(!view.deeds.is_empty(), "{noun}");
        assert!(view.deeds.iter().all(|deed| service.deed(deed).is_some()), "{noun} {:?}", view.deeds);
    }
}
