//! Rules built.

use std::sync::Arc;

use db::Sql;
use kit::{Role, error::Reason, testing::actor};
use rectification::rules_built::{self, Force, RuleBuiltId};

use crate::support::{World, day, refused};

#[tokio::test]
async fn a_rule_is_registered_linked_and_ended() {
    let world = World::new().await;
    let (own, problem) = (world.own.to_string(), world.problems[0].to_string());
    let mut entries = vec![
        ("title", "国有房产出租管理办法"),
        ("number", "甲发〔2023〕5号"),
        ("organisation", own.as_str()),
        ("kind", "new"),
        ("issued_on", "2023-05-30"),
        ("topic", "state_assets"),
        ("audit_linked", "1"),
        ("problems", problem.as_str()),
    ];
    let id = world.create(&world.liaison, "rules_built", &entries).await.unwrap().id;
    let mut links = Sql::new("select count(*) from rule_problem where rule_id = ");
    links.bind(id);
    assert_eq!(world.number(links.clone()).await, 1);
    let second = world.problems[1].to_string();
    let both = [("problems", second.as_str())];
    world.on(&world.liaison, "rules_built", id, "link_problems", &both).await.unwrap();
    world.on(&world.liaison, "rules_built", id, "link_problems", &both).await.unwrap();
    assert_eq!(world.number(links.clone()).await, 2);
    world.on(&world.liaison, "rules_built", id, "unlink_problems", &both).await.unwrap();
    assert_eq!(world.number(links).await, 1);
    let early = [("ended_on", "2023-05-29"), ("reason", "被替代")];
    refused(world.on(&world.liaison, "rules_built", id, "end", &early).await);
    let end = [("ended_on", "2023-05-31"), ("reason", "被替代")];
    world.on(&world.liaison, "rules_built", id, "end", &end).await.unwrap();
    let rule = rules_built::find(&world.test.app.read(&world.director), RuleBuiltId(id)).await.unwrap();
    assert!(rule.audit_linked);
    assert_eq!(
        (rule.force_on(day("2023-05-31")), rule.force_on(day("2023-06-01"))),
        (Force::InForce, Force::Ended)
    );
    entries.pop();
    entries.push(("version", "1"));
    let refusal = refused(world.on(&world.liaison, "rules_built", id, "edit", &entries).await);
    assert_eq!(refusal.reason, Reason::Stale);
}

#[tokio::test]
async fn a_rule_of_another_organisation_is_neither_made_nor_seen() {
    let world = World::new().await;
    let own = world.own.to_string();
    let entries = [
        ("title", "办法"),
        ("organisation", own.as_str()),
        ("kind", "revised"),
        ("issued_on", "2023-05-30"),
        ("topic", "ordinary"),
    ];
    let refusal = refused(world.create(&world.foreign, "rules_built", &entries).await);
    assert_eq!(refusal.fields[0].0, "organisation");
    let id = world.create(&world.officer, "rules_built", &entries).await.unwrap().id;
    let end = [("ended_on", "2023-05-31"), ("reason", "被替代")];
    let strangers = [
        Arc::clone(&world.foreign),
        actor(Role::FunctionalDepartment, Some(world.own), None),
        actor(Role::Audit, None, None),
    ];
    for who in strangers {
        let refusal = refused(world.on(&who, "rules_built", id, "end", &end).await);
        assert_eq!(refusal.reason, Reason::NotFound, "{}", who.name);
    }
    let later = [entries[0], entries[1], entries[2], ("issued_on", "2023-06-02"), entries[4]];
    let refusal = refused(world.create(&world.officer, "rules_built", &later).await);
    assert_eq!(refusal.fields[0].0, "issued_on");
}
