//! The area's stories, through the same door as pages and API, and what others must not see of them.

use std::{collections::BTreeSet, sync::Arc};

use kit::{Actor, Labelled as _, Pred, Role, Shown, error::Reason, lifecycle::Permission, testing::actor};
use uuid::Uuid;

use crate::{
    districts::{GapKind, gaps},
    testing::World,
};

fn department(world: &World, at: usize) -> Arc<Actor> {
    actor(Role::FunctionalDepartment, Some(world.departments[at]), None)
}

fn district(world: &World, at: usize) -> Arc<Actor> {
    actor(Role::DistrictOffice, Some(world.districts[at]), None)
}

async fn draft_suggestion(world: &World, number: &str, addressee: usize) -> Uuid {
    let (inspection, addressee) = (world.inspection.to_string(), world.departments[addressee].to_string());
    let entries = [
        ("number", number),
        ("inspection", inspection.as_str()),
        ("addressee", addressee.as_str()),
        ("field", "bidding"),
        ("text", "完善评定分离实施细则，公开定标理由"),
    ];
    world.done(&world.liaison, "suggestions", None, "create", &entries).await
}

async fn issue_suggestion(world: &World, number: &str, addressee: usize) -> Uuid {
    let id = draft_suggestion(world, number, addressee).await;
    world.done(&world.director, "suggestions", Some(id), "approve", &[]).await;
    let issued = [("issued_on", "2023-06-01")];
    world.done(&world.liaison, "suggestions", Some(id), "issue", &issued).await
}

async fn draft_handover(world: &World, number: &str, recipient: usize) -> Uuid {
    let recipient = world.departments[recipient].to_string();
    let entries = [
        ("number", number),
        ("title", "评标专家管理方面的共性问题"),
        ("field", "bidding"),
        ("recipient", recipient.as_str()),
    ];
    world.done(&world.liaison, "handovers", None, "create", &entries).await
}

async fn hand_over(world: &World, number: &str, recipient: usize) -> Uuid {
    let id = draft_handover(world, number, recipient).await;
    let typed = [("typed.0.text", "专家抽取不规范"), ("typed.0.field", "bidding")];
    world.done(&world.liaison, "handovers", Some(id), "add_problems", &typed).await;
    world.done(&world.director, "handovers", Some(id), "approve", &[]).await;
    world.done(&world.liaison, "handovers", Some(id), "hand_over", &[("handed_on", "2023-06-01")]).await
}

async fn draft_report(world: &World, number: &str) -> Uuid {
    let term = world.term.to_string();
    let entries = [
        ("number", number),
        ("title", "惠企资金使用情况专题报告"),
        ("term", term.as_str()),
        ("field", "special_funds"),
        ("text", "总体情况和突出问题"),
    ];
    world.done(&world.liaison, "special_reports", None, "create", &entries).await
}

#[tokio::test]
async fn a_suggestion_goes_from_draft_to_verification_and_each_step_waits_for_the_one_before() {
    let world = World::new().await;
    let addressee = department(&world, 0);
    let id = draft_suggestion(&world, "JY-1", 0).await;
    assert_eq!(world.reason(&world.liaison, "suggestions", id, "approve", &[]).await, Reason::Forbidden);
    let issue = [("issued_on", "2023-06-01")];
    assert_eq!(world.reason(&world.liaison, "suggestions", id, "issue", &issue).await, Reason::Conflict);
    world.done(&world.director, "suggestions", Some(id), "approve", &[]).await;
    assert!(!world.opens(&addressee, "suggestions", id).await);
    let tomorrow = [("issued_on", "2023-06-02")];
    assert_eq!(world.reason(&world.liaison, "suggestions", id, "issue", &tomorrow).await, Reason::Invalid);
    world.done(&world.liaison, "suggestions", Some(id), "issue", &issue).await;
    assert!(world.opens(&addressee, "suggestions", id).await);
    assert!(!world.opens(&department(&world, 1), "suggestions", id).await);
    assert!(matches!(world.cell(&addressee, "suggestions", id, "due").await, Shown::Clock { .. }));

    let verify = [("verified_on", "2023-06-01"), ("verification", "查阅细则")];
    assert_eq!(world.reason(&world.liaison, "suggestions", id, "verify", &verify).await, Reason::Conflict);
    assert!(!world.show(&world.liaison, "suggestions", id).await.unwrap().deeds.contains(&"verify"));
    world.answer(&addressee, id, "adopted", "carried_out").await;
    assert_eq!(world.cell(&world.director, "suggestions", id, "adoption").await.plain(), "采纳");
    assert_eq!(world.reason(&addressee, "suggestions", id, "verify", &verify).await, Reason::Forbidden);
    world.done(&world.liaison, "suggestions", Some(id), "verify", &verify).await;
    assert_eq!(world.fact(&addressee, "suggestions", id, "verified_on").await, "2023-06-01");
    assert_eq!(world.cell(&world.director, "result_uses", id, "state").await.plain(), "已验证");
    assert_eq!(world.cell(&world.director, "result_uses", id, "use").await.plain(), "已出台办法");
}

#[tokio::test]
async fn a_suggestion_comes_from_an_inspection_or_a_special_report_and_not_from_both() {
    let world = World::new().await;
    let report = draft_report(&world, "ZT-1").await.to_string();
    let (inspection, addressee) = (world.inspection.to_string(), world.departments[0].to_string());
    let both = [
        ("number", "JY-1"),
        ("inspection", inspection.as_str()),
        ("special_report", report.as_str()),
        ("addressee", addressee.as_str()),
        ("field", "bidding"),
        ("text", "建议"),
    ];
    let refusal = world.refused(&world.liaison, "suggestions", None, "create", &both).await;
    assert_eq!(refusal.fields[0].0, "inspection");
    world.refused(&world.liaison, "suggestions", None, "create", &[&both[..1], &both[3..]].concat()).await;
    world.done(&world.liaison, "suggestions", None, "create", &[&both[..1], &both[2..]].concat()).await;
}

#[tokio::test]
async fn a_team_reads_the_suggestions_of_its_own_inspection_and_an_inspected_unit_what_is_addressed_to_it() {
    let world = World::new().await;
    let id = draft_suggestion(&world, "JY-1", 0).await;
    let own = actor(Role::TeamHead, None, Some(world.inspection));
    let other = actor(Role::TeamHead, None, Some(Uuid::from_u128(9)));
    assert!(world.opens(&own, "suggestions", id).await);
    assert!(!world.opens(&other, "suggestions", id).await);
    let unit = actor(Role::OrganisationLiaison, Some(world.departments[0]), None);
    assert!(!world.opens(&unit, "suggestions", id).await);
    let issued = issue_suggestion(&world, "JY-2", 0).await;
    assert!(world.opens(&unit, "suggestions", issued).await);
}

#[tokio::test]
async fn somebody_who_edits_an_old_version_is_told_what_differs() {
    let world = World::new().await;
    let id = draft_handover(&world, "GX-1", 0).await;
    let recipient = world.departments[0].to_string();
    let entries = |title| {
        [
            ("number", "GX-1"),
            ("title", title),
            ("field", "bidding"),
            ("recipient", recipient.as_str()),
            ("version", "1"),
        ]
    };
    world.done(&world.liaison, "handovers", Some(id), "edit", &entries("甲")).await;
    let refusal = world.refused(&world.director, "handovers", Some(id), "edit", &entries("乙")).await;
    assert_eq!(refusal.reason, Reason::Stale);
    assert_eq!((refusal.differences[0].mine.as_str(), refusal.differences[0].stored.as_str()), ("乙", "甲"));
}

#[tokio::test]
async fn a_special_report_is_decided_by_the_committee_and_read_by_few() {
    let world = World::new().await;
    let id = draft_report(&world, "ZT-1").await;
    let committee = actor(Role::CommitteeLeader, None, None);
    let discipline = actor(Role::Discipline, Some(world.departments[0]), None);
    assert!(!world.opens(&committee, "special_reports", id).await);
    let submit = [("submitted_on", "2023-06-01")];
    assert_eq!(
        world.reason(&world.liaison, "special_reports", id, "submit", &submit).await,
        Reason::Forbidden
    );
    world.done(&world.director, "special_reports", Some(id), "submit", &submit).await;
    assert!(!world.opens(&discipline, "special_reports", id).await);
    let early = [("decided_on", "2023-05-31"), ("decided_by", "市委书记"), ("decision", "请研究落实")];
    assert_eq!(world.reason(&committee, "special_reports", id, "decide", &early).await, Reason::Invalid);
    let decide = [("decided_on", "2023-06-01"), ("decided_by", "市委书记"), ("decision", "请研究落实")];
    world.done(&committee, "special_reports", Some(id), "decide", &decide).await;
    assert!(world.opens(&discipline, "special_reports", id).await);
    assert!(!world.opens(&department(&world, 0), "special_reports", id).await);
    let (report, addressee) = (id.to_string(), world.departments[0].to_string());
    let entries = [
        ("number", "JY-1"),
        ("special_report", report.as_str()),
        ("addressee", addressee.as_str()),
        ("field", "special_funds"),
        ("text", "建立资金直达机制"),
    ];
    let suggestion = world.done(&world.liaison, "suggestions", None, "create", &entries).await;
    world.done(&world.director, "suggestions", Some(suggestion), "approve", &[]).await;
    world
        .done(&world.liaison, "suggestions", Some(suggestion), "issue", &[("issued_on", "2023-06-01")])
        .await;
    let addressee = department(&world, 0);
    assert_eq!(world.fact(&addressee, "suggestions", suggestion, "special_report").await, "");
    let list = world.list(&addressee, "suggestions").await;
    assert!(
        list.rows[0].cells.iter().all(|cell| !cell.plain().contains("专题报告")),
        "its title stays unknown"
    );
    assert_eq!(world.cell(&committee, "result_uses", id, "items").await, Shown::Integer(1));
    assert_eq!(world.cell(&committee, "result_uses", id, "use").await.plain(), "请研究落实");
}

#[tokio::test]
async fn a_list_of_common_problems_is_complete_before_it_is_approved_and_fixed_after() {
    let world = World::new().await;
    let id = draft_handover(&world, "GX-1", 0).await;
    assert_eq!(world.reason(&world.director, "handovers", id, "approve", &[]).await, Reason::Conflict);
    let problem = world.problems[0].to_string();
    let add =
        [("problems", problem.as_str()), ("typed.0.text", "专家抽取不规范"), ("typed.0.field", "bidding")];
    world.done(&world.liaison, "handovers", Some(id), "add_problems", &add).await;
    assert_eq!(world.reason(&world.liaison, "handovers", id, "add_problems", &add).await, Reason::Invalid);
    assert_eq!(world.cell(&world.director, "handovers", id, "items").await, Shown::Integer(2));
    world.done(&world.director, "handovers", Some(id), "approve", &[]).await;
    let items = world.list(&world.director, "common_problems").await;
    let item = items.rows[0].id;
    assert_eq!(world.reason(&world.liaison, "common_problems", item, "remove", &[]).await, Reason::Conflict);
    let recipient = department(&world, 0);
    assert_eq!(world.count(&recipient, "common_problems").await, 0);
    world.done(&world.liaison, "handovers", Some(id), "hand_over", &[("handed_on", "2023-06-01")]).await;
    assert_eq!(world.count(&recipient, "common_problems").await, 2);
    assert_eq!(world.count(&department(&world, 1), "common_problems").await, 0);
    assert_eq!(world.fact(&recipient, "common_problems", item, "problem").await, "");
    world.answer(&recipient, id, "routine_supervision", "under_supervision").await;
    assert_eq!(world.cell(&world.director, "handovers", id, "result").await.plain(), "已纳入日常监管");
}

#[tokio::test]
async fn a_problem_stands_on_one_list_and_is_free_again_when_that_list_is_given_up() {
    let world = World::new().await;
    let (first, second) = (draft_handover(&world, "GX-1", 0).await, draft_handover(&world, "GX-2", 1).await);
    let problem = world.problems[0].to_string();
    let add = [("problems", problem.as_str())];
    world.done(&world.liaison, "handovers", Some(first), "add_problems", &add).await;
    let refusal = world.refused(&world.liaison, "handovers", Some(second), "add_problems", &add).await;
    assert!(refusal.message.contains("GX-1"));
    world.done(&world.liaison, "handovers", Some(first), "discard", &[("reason", "归并到另一份清单")]).await;
    world.done(&world.liaison, "handovers", Some(second), "add_problems", &add).await;
}

#[tokio::test]
async fn the_lines_of_a_list_go_to_its_new_recipient_and_can_be_taken_off_while_it_is_a_draft() {
    let world = World::new().await;
    let id = draft_handover(&world, "GX-1", 0).await;
    let typed = [("typed.0.text", "专家抽取不规范"), ("typed.0.field", "bidding")];
    world.done(&world.liaison, "handovers", Some(id), "add_problems", &typed).await;
    let other = world.departments[1].to_string();
    let edit =
        [("number", "GX-1"), ("title", "另一单位"), ("field", "bidding"), ("recipient", other.as_str())];
    world.done(&world.liaison, "handovers", Some(id), "edit", &edit).await;
    let items = world.list(&world.director, "common_problems").await;
    let item = items.rows[0].id;
    assert_eq!(world.fact(&world.director, "common_problems", item, "recipient").await, "市财政局");
    let list = world.done(&world.liaison, "common_problems", Some(item), "remove", &[]).await;
    assert_eq!(list, id);
    assert_eq!(world.count(&world.director, "common_problems").await, 0);
}

#[tokio::test]
async fn the_ledger_holds_exactly_what_was_handed_over_and_each_recipient_its_own_part() {
    let world = World::new().await;
    draft_suggestion(&world, "JY-1", 0).await;
    draft_handover(&world, "GX-1", 0).await;
    draft_report(&world, "ZT-1").await;
    let suggestions = [issue_suggestion(&world, "JY-2", 0).await, issue_suggestion(&world, "JY-3", 1).await];
    let handover = hand_over(&world, "GX-2", 1).await;
    let report = draft_report(&world, "ZT-2").await;
    let submit = [("submitted_on", "2023-06-01")];
    world.done(&world.director, "special_reports", Some(report), "submit", &submit).await;

    let ledger = world.list(&world.director, "result_uses").await;
    let lines: BTreeSet<Uuid> = ledger.rows.iter().map(|row| row.id).collect();
    assert_eq!(ledger.rows.len(), lines.len());
    assert_eq!(lines, BTreeSet::from([suggestions[0], suggestions[1], handover, report]));
    assert_eq!(world.cell(&world.director, "result_uses", suggestions[0], "round").await.plain(), "第四轮");
    assert_eq!(world.cell(&world.director, "result_uses", handover, "items").await, Shown::Integer(1));

    let seen = |answer: kit::table::Answer| answer.rows.iter().map(|row| row.id).collect::<BTreeSet<_>>();
    assert_eq!(
        seen(world.list(&department(&world, 0), "result_uses").await),
        BTreeSet::from([suggestions[0]])
    );
    assert_eq!(
        seen(world.list(&department(&world, 1), "result_uses").await),
        BTreeSet::from([suggestions[1], handover])
    );
    assert!(!world.opens(&department(&world, 0), "result_uses", handover).await);
    let unit = actor(Role::OrganisationLiaison, Some(world.departments[1]), None);
    for noun in ["result_uses", "handovers", "common_problems"] {
        assert_eq!(world.count(&unit, noun).await, 0, "{noun} is not for an inspected organisation");
    }
    let record = world.show(&world.director, "result_uses", handover).await.unwrap().facts[0].value.clone();
    assert!(matches!(record, Shown::Link { href, .. } if href == format!("/handovers/{handover}")));
}

async fn check(world: &World, number: &str, at: usize) -> Uuid {
    let district = world.districts[at].to_string();
    let entries = [
        ("number", number),
        ("title", "区级巡察工作专项检查"),
        ("district", district.as_str()),
        ("checked_on", "2023-05-10"),
    ];
    world.done(&world.liaison, "district_checks", None, "create", &entries).await
}

async fn check_problem(world: &World, number: &str, check: Uuid) -> Uuid {
    let check = check.to_string();
    let entries = [
        ("check", check.as_str()),
        ("number", number),
        ("category", "reports"),
        ("text", "报告定性不准"),
        ("found_on", "2023-05-12"),
        ("due_on", "2023-08-31"),
    ];
    world.done(&world.liaison, "district_check_problems", None, "create", &entries).await
}

#[tokio::test]
async fn a_district_rectifies_its_own_problems_and_never_learns_of_another_district() {
    let world = World::new().await;
    let (own, other) = (district(&world, 0), district(&world, 1));
    let id = check(&world, "QJ-1", 0).await;
    assert_eq!(
        world
            .reason(&world.liaison, "district_checks", id, "feed_back", &[("fed_back_on", "2023-06-01")])
            .await,
        Reason::Conflict
    );
    let problem = check_problem(&world, "QW-1", id).await;
    let measure = [("measure", "组织培训，重新审核底稿")];
    assert!(!world.opens(&own, "district_check_problems", problem).await);
    world
        .done(&world.liaison, "district_checks", Some(id), "feed_back", &[("fed_back_on", "2023-06-01")])
        .await;
    for noun in ["district_checks", "district_check_problems"] {
        assert_eq!(world.count(&own, noun).await, 1);
        assert_eq!(world.count(&other, noun).await, 0);
    }
    assert_eq!(
        world.reason(&other, "district_check_problems", problem, "start", &measure).await,
        Reason::NotFound
    );
    world.done(&own, "district_check_problems", Some(problem), "start", &measure).await;
    let result = [("result", "已完成培训")];
    world.done(&own, "district_check_problems", Some(problem), "submit", &result).await;
    let opinion = [("opinion", "补充佐证材料")];
    assert_eq!(
        world.reason(&own, "district_check_problems", problem, "close", &opinion).await,
        Reason::Forbidden
    );
    world.done(&world.liaison, "district_check_problems", Some(problem), "return", &opinion).await;
    assert_eq!(world.reason(&world.liaison, "district_checks", id, "close", &[]).await, Reason::Conflict);
    world.done(&own, "district_check_problems", Some(problem), "submit", &result).await;
    world.done(&world.liaison, "district_check_problems", Some(problem), "close", &opinion).await;
    world.done(&world.liaison, "district_checks", Some(id), "close", &[]).await;
    assert_eq!(world.fact(&own, "district_checks", id, "rate").await, "100.00%");
}

async fn liaison_of(world: &World, at: usize) -> Uuid {
    let district = world.districts[at].to_string();
    let entries = [
        ("district", district.as_str()),
        ("person_name", "陈挂钩"),
        ("position", "巡察一组组长"),
        ("from_on", "2023-02-01"),
    ];
    world.done(&world.liaison, "district_liaisons", None, "create", &entries).await
}

async fn evaluation_of(world: &World, at: usize, number: &str) -> Uuid {
    let district = world.districts[at].to_string();
    let entries = [
        ("number", number),
        ("district", district.as_str()),
        ("report_title", "关于区教育局的巡察报告"),
        ("evaluated_on", "2023-05-20"),
        ("evaluator", "评查一组"),
        ("score", "86.5"),
        ("grade", "good"),
        ("comments", "聚焦职责较好，定性不够准确"),
    ];
    world.done(&world.liaison, "report_evaluations", None, "create", &entries).await
}

#[tokio::test]
async fn the_gaps_of_a_year_close_one_by_one() {
    let world = World::new().await;
    let of = async |actor: &Arc<Actor>| {
        let gaps = gaps(&world.test.app.read(actor), 2023).await.unwrap();
        gaps.into_iter().map(|gap| (gap.name, gap.kind)).collect::<Vec<_>>()
    };
    assert_eq!(of(&world.director).await.len(), 6);
    liaison_of(&world, 0).await;
    let district_id = world.districts[0].to_string();
    let deputy = [
        ("district", district_id.as_str()),
        ("person_name", "林选派"),
        ("home_unit", "市审计局"),
        ("rank", "正处级"),
        ("team", "区委巡察一组"),
        ("from_on", "2023-04-17"),
    ];
    world.done(&world.liaison, "district_deputies", None, "create", &deputy).await;
    let evaluation = evaluation_of(&world, 0, "PC-1").await;
    assert_eq!(
        of(&district(&world, 0)).await,
        [(String::from("东湾区"), GapKind::NoEvaluation)],
        "a draft does not count, and another district is not told of"
    );
    world.done(&world.liaison, "report_evaluations", Some(evaluation), "publish", &[]).await;
    assert!(of(&world.director).await.iter().all(|(name, _)| name == "西岭区"));
    assert!(of(&district(&world, 0)).await.is_empty());
    world.done(&world.liaison, "district_deputies", None, "create", &deputy).await;
    assert_eq!(of(&district(&world, 0)).await, [(String::from("东湾区"), GapKind::ManyDeputies)]);
    assert!(of(&department(&world, 0)).await.is_empty());
}

#[tokio::test]
async fn a_district_has_one_contact_person_a_year_and_only_districts_have_one() {
    let world = World::new().await;
    let id = liaison_of(&world, 0).await;
    let (district_id, body) = (world.districts[0].to_string(), world.departments[0].to_string());
    let entries = |district| {
        [("district", district), ("person_name", "乙"), ("position", "组长"), ("from_on", "2023-03-01")]
    };
    let again = entries(district_id.as_str());
    assert_eq!(
        world.refused(&world.liaison, "district_liaisons", None, "create", &again).await.reason,
        Reason::Conflict
    );
    let refusal = world.refused(&world.liaison, "district_liaisons", None, "create", &entries(&body)).await;
    assert_eq!(refusal.fields[0].0, "district");
    let before = [("on_day", "2023-01-05"), ("text", "座谈")];
    assert_eq!(world.reason(&world.liaison, "district_liaisons", id, "log", &before).await, Reason::Invalid);
    world
        .done(
            &world.liaison,
            "district_liaisons",
            Some(id),
            "log",
            &[("on_day", "2023-05-05"), ("text", "座谈")],
        )
        .await;
    assert_eq!(
        world.fact(&district(&world, 0), "district_liaisons", id, "visit_log").await,
        "2023-05-05 座谈"
    );
    assert!(!world.opens(&district(&world, 1), "district_liaisons", id).await);
    let has_gaps =
        |view: kit::RecordView| view.tabs.iter().any(|tab| matches!(tab, kit::Tab::Html { key: "gaps", .. }));
    assert!(has_gaps(world.show(&world.director, "district_liaisons", id).await.unwrap()));
    assert!(!has_gaps(world.show(&district(&world, 0), "district_liaisons", id).await.unwrap()));
}

#[tokio::test]
async fn an_evaluation_is_read_by_its_district_when_published_and_no_longer_changed_then() {
    let world = World::new().await;
    let id = evaluation_of(&world, 0, "PC-1").await;
    assert!(!world.opens(&district(&world, 0), "report_evaluations", id).await);
    world.done(&world.liaison, "report_evaluations", Some(id), "publish", &[]).await;
    assert_eq!(world.cell(&district(&world, 0), "report_evaluations", id, "score").await.plain(), "86.5");
    assert_eq!(world.count(&district(&world, 1), "report_evaluations").await, 0);
    let edit = [("score", "100.5")];
    assert_eq!(world.reason(&world.liaison, "report_evaluations", id, "edit", &edit).await, Reason::Invalid);
    assert_eq!(
        world.reason(&world.liaison, "report_evaluations", id, "publish", &[]).await,
        Reason::Conflict
    );
    let follow = [("follow_up", "已组织复盘")];
    world.done(&world.liaison, "report_evaluations", Some(id), "follow_up", &follow).await;
}

#[tokio::test]
async fn a_cadre_in_training_is_appraised_on_leaving() {
    let world = World::new().await;
    let (district_id, inspection) = (world.districts[0].to_string(), world.inspection.to_string());
    let entries = [
        ("district", district_id.as_str()),
        ("person_name", "吴跟班"),
        ("post_title", "区委巡察办科员"),
        ("kind", "joining"),
        ("from_on", "2023-04-01"),
        ("inspection", inspection.as_str()),
    ];
    let refusal = world.refused(&world.liaison, "shadow_trainings", None, "create", &entries[..5]).await;
    assert_eq!(refusal.fields[0].0, "inspection");
    let id = world.done(&world.liaison, "shadow_trainings", None, "create", &entries).await;
    let early = [("to_on", "2023-03-01"), ("appraisal", "优秀")];
    assert_eq!(
        world.reason(&world.liaison, "shadow_trainings", id, "appraise", &early).await,
        Reason::Invalid
    );
    world
        .done(
            &world.liaison,
            "shadow_trainings",
            Some(id),
            "appraise",
            &[("to_on", "2023-05-30"), ("appraisal", "优秀")],
        )
        .await;
    assert_eq!(world.fact(&district(&world, 0), "shadow_trainings", id, "appraisal").await, "优秀");
    assert!(!world.opens(&district(&world, 1), "shadow_trainings", id).await);
}

#[tokio::test]
async fn a_reported_value_is_entered_in_its_unit_corrected_with_a_reason_and_read_by_few() {
    let world = World::new().await;
    let entries = |value| {
        [
            ("figure", "asset_income_added_cum"),
            ("label", "国有资产管理使用新增收入"),
            ("on_day", "2023-05-31"),
            ("unit", "yuan"),
            ("value", value),
            ("reporter", "市财政局"),
            ("document", "财函〔2023〕12号"),
        ]
    };
    let refusal = world.refused(&world.liaison, "reported_values", None, "create", &entries("12.345")).await;
    assert_eq!(refusal.fields[0].0, "value");
    let id = world.done(&world.liaison, "reported_values", None, "create", &entries("4228000000")).await;
    assert_eq!(world.cell(&world.director, "reported_values", id, "value").await.plain(), "4228000000.00");
    let again = world.refused(&world.liaison, "reported_values", None, "create", &entries("1")).await;
    assert_eq!(again.reason, Reason::Conflict);
    let corrected = [&entries("4228000000.05")[..], &[("reason", "原文件更正")]].concat();
    world.done(&world.liaison, "reported_values", Some(id), "edit", &corrected).await;
    assert_eq!(world.cell(&world.director, "reported_values", id, "value").await.plain(), "4228000000.05");
    assert!(world.opens(&actor(Role::CommitteeLeader, None, None), "reported_values", id).await);
    assert!(!world.opens(&department(&world, 0), "reported_values", id).await);
}

#[test]
fn administrators_see_nothing_of_this_area() {
    for role in Role::ALL.iter().copied().filter(|role| role.is_administrator()) {
        let administrator = actor(role, Some(Uuid::from_u128(1)), Some(Uuid::from_u128(1)));
        for service in crate::services() {
            assert_eq!((service.visible)(&administrator), Pred::Nothing, "{role:?} {}", service.noun);
            assert!(!(service.creates)(&administrator));
        }
    }
}

#[test]
fn a_deed_that_is_allowed_to_somebody_not_concerned_is_the_offices_or_its_superiors() {
    for service in crate::services() {
        let Some(governed) = service.governed else { continue };
        for Permission { role, state, deed, other, own } in (governed.permissions)() {
            let whole = role.is_office() || matches!(role, Role::LeadingGroup | Role::CommitteeLeader);
            let reads_what_left = matches!(role, Role::Discipline | Role::OrganisationDepartment)
                && deed == kit::lifecycle::READ
                && ["special_reports", "suggestions", "handovers"].contains(&service.noun);
            assert!(!other || whole || reads_what_left, "{} {role:?} {state:?} {deed:?}", service.noun);
            assert!(own || !other, "{} {role:?} {state:?} {deed:?}", service.noun);
        }
    }
}

#[tokio::test]
async fn every_deed_of_a_lifecycle_has_its_button_and_every_form_can_be_described_without_a_record() {
    let world = World::new().await;
    for service in crate::services() {
        if let Some(governed) = &service.governed {
            for (_, deed, _) in (governed.transitions)() {
                assert!(service.deed(deed.code).is_some(), "{} {deed:?}", service.noun);
            }
        }
        let cx = world.test.app.read(&world.director);
        for deed in &service.deeds {
            (deed.fields)(&cx, None)
                .await
                .unwrap_or_else(|error| panic!("{} {}: {error}", service.noun, deed.key));
        }
    }
}

#[tokio::test]
async fn every_list_answers_with_all_its_columns() {
    let world = World::new().await;
    for service in crate::services() {
        world.list(&world.director, service.noun).await;
    }
}

#[tokio::test]
async fn like_problems_are_proposed_confirmed_by_a_person_and_handed_over_in_one_step() {
    let world = World::new().await;
    let proposal = crate::problem_groups::actions::Proposal {
        title: String::from("专项资金沉淀"),
        shared: String::from("专项资金"),
        category: String::new(),
        field: String::new(),
        organisations: 1,
        members: vec![(world.problems[0], 100), (world.problems[1], 82)],
        mark: String::from("m1"),
    };
    let same = proposal.clone();
    world
        .test
        .app
        .write(&world.liaison, |cx| {
            Box::pin(async move { crate::problem_groups::actions::propose(cx, vec![same]).await })
        })
        .await
        .unwrap();
    let cx = world.test.app.read(&world.liaison);
    let rows = cx.rows(db::Sql::new("select id from problem_group")).await.unwrap();
    let id: Uuid = rows[0].try_get_by_index(0).unwrap();
    let recipient = world.departments[0].to_string();
    let early = [("number", "GX-9"), ("recipient", recipient.as_str()), ("field", "bidding")];
    let refusal = world.reason(&world.liaison, "problem_groups", id, "hand_over", &early).await;
    assert_eq!(refusal, Reason::Conflict, "nobody has confirmed it");
    let confirmed = [("title", "专项资金管理使用不规范"), ("reason", "两个单位表现一致")];
    world.done(&world.liaison, "problem_groups", Some(id), "confirm", &confirmed).await;
    let list = world.done(&world.liaison, "problem_groups", Some(id), "hand_over", &early).await;
    let mut sql = db::Sql::new("select count(*) from common_problem where handover_id = ");
    sql.bind(list);
    assert_eq!(cx.number(sql).await.unwrap(), 2);
    let head = actor(Role::TeamHead, None, Some(world.inspection));
    let unseen = world.reason(&head, "problem_groups", id, "dismiss", &[("reason", "x")]).await;
    assert_eq!(unseen, Reason::NotFound);
}
