//! Figures over small worlds: values by hand, rows behind each, days of the past.

use std::collections::HashMap;

use kit::{Role, testing::actor};
use planning::inspections::InspectionKind;
use proptest::prelude::*;

use super::{
    Ask, Computed, Formula, Only, Side, all, compute, figure, json, reported, rows, sum,
    world::{World, day},
};

async fn figures(world: &World, ask: &Ask) -> Vec<Computed> {
    compute(&world.test.app.read(&world.office), ask).await.unwrap()
}

fn values(figures: &[Computed]) -> HashMap<&'static str, &str> {
    figures.iter().map(|figure| (figure.code, figure.value.as_str())).collect()
}

fn end_of_2023() -> Ask {
    Ask::on(day("2023-12-31"))
}

#[tokio::test]
async fn every_figure_counts_what_its_definition_says() {
    let world = World::new().await;
    let found = figures(&world, &end_of_2023()).await;
    let found = values(&found);
    for (code, value) in [
        ("units_inspected_regular", "4"),
        ("special_inspections", "1"),
        ("mobile_inspections", "1"),
        ("round_units", "2"),
        ("units_on_site_regular", "2"),
        ("regular_batches_completed", "1"),
        ("units_completed_regular_cum", "2"),
        ("coverage_rate", "66.67"),
        ("drafts_approved", "1"),
        ("immediate_actions_confirmed", "1"),
        ("mid_term_consultations", "1"),
        ("consultation_points_added", "1"),
        ("one_plus_three_complete_rate", "50.00"),
        ("problems_fed_back", "5"),
        ("problems_fed_back_term", "6"),
        ("problems_found", "2"),
        ("audit_linked_problems_cum", "1"),
        ("leads_transferred", "2"),
        ("leads_disposal_rate", "50.00"),
        ("leads_result_rate", "50.00"),
        ("suspect_projects_transferred", "1"),
        ("audit_linked_leads_cum", "1"),
        ("district_liaisons", "1"),
        ("district_deputy_heads_sent", "1"),
        ("district_check_problems", "1"),
        ("district_report_reviews", "1"),
        ("district_cadres_trained", "1"),
        ("districts", "1"),
        ("city_teams", "1"),
        ("feedback_attendance_rate", "66.67"),
        ("rect_completion_rate", "33.33"),
        ("reopened_rate", "50.00"),
        ("immediate_rectified", "1"),
        ("long_term_measures", "1"),
        ("measures_overdue", "2"),
        ("deepening_months", "2.0"),
        ("look_back_months", "1.0"),
        ("idle_area_activated_inc", "1.50"),
        ("idle_area_activated_cum", "2.50"),
        ("idle_area_activation_rate", "62.50"),
        ("idle_area_found", "4.00"),
        ("asset_income_added_cum", "0.80"),
        ("suggestions_issued", "1"),
        ("audit_linked_rules_built_cum", "1"),
        ("asset_rules_built", "1"),
        ("special_reports", "1"),
        ("special_report_suggestions", "2"),
        ("common_problems_handed_over", "1"),
    ] {
        assert_eq!(found.get(code), Some(&value), "{code}");
    }
    assert_eq!(found.len(), all().count(), "a figure without value or a value without expectation");
}

#[tokio::test]
async fn the_rows_behind_every_figure_add_up_to_it() {
    let world = World::new().await;
    let cx = world.test.app.read(&world.office);
    for ask in [
        end_of_2023(),
        Ask { kinds: vec![InspectionKind::Regular], ..end_of_2023() },
        Ask::on(day("2023-06-30")),
    ] {
        let found = compute(&cx, &ask).await.unwrap();
        for item in &found {
            let definition = figure(item.code).unwrap();
            let of = Only { inspection: item.scope.as_ref().map(|scope| scope.id), ..Only::default() };
            let part = rows(&cx, item.code, &ask, Side::Part, &of, 1).await.unwrap();
            assert_eq!(part.rows.len() as i64, part.count, "{}", item.code);
            match definition.formula {
                Formula::Span(..) => assert_eq!(part.count, 1),
                _ => assert_eq!(Some(part.sum.unwrap_or(part.count)), item.numerator, "{}", item.code),
            }
            let listed: Option<i64> = part.rows.iter().map(|row| row.amount).sum();
            assert!(part.sum.is_none() || listed == part.sum || part.count == 0, "{}", item.code);
            if item.denominator.is_some() {
                let whole = rows(&cx, item.code, &ask, Side::Whole, &Only::default(), 1).await.unwrap();
                assert_eq!(Some(whole.sum.unwrap_or(whole.count)), item.denominator, "{}", item.code);
            }
        }
    }
}

/// Whether the counts that the database keeps are those of the records: of problems, closings, measures.
async fn counts_hold(world: &World) -> [bool; 3] {
    let report = crate::verify::run(&world.test.app).await.unwrap();
    let counts = report.invariants.iter().filter(|held| held.sentence.starts_with("预先清点"));
    let found: Vec<bool> = counts.map(|held| held.first_bad.is_none()).collect();
    found.try_into().unwrap()
}

#[tokio::test]
async fn what_is_counted_beforehand_follows_every_change_of_the_records() {
    let world = World::new().await;
    for change in [
        "update problem set category_1 = 'other', field = 'other' where fed_back_on >= '2023-01-01'",
        "update problem set fed_back_on = null, audit_linked = true where title = '问题2'",
        "update problem set fed_back_on = '2023-05-05', team = '另一组' where fed_back_on is null",
        "update closure set reopened_on = '2023-12-01' where reopened_on is null",
        "update closure set reopened_on = null, closed_on = '2023-11-11'",
        "delete from closure",
        "update measure set term_kind = 'immediate' where term_kind = 'dated'",
        "update measure set closed_on = null where closed_on is not null",
        "update measure set closed_on = '2023-10-10', due_on = '2023-10-09' where due_on is not null",
        "update measure set term_kind = 'dated', due_on = '2023-10-10' where due_on is not null",
        "update measure set term_kind = 'long_term', started_on = '2023-02-02', closed_on = null",
        "update measure set term_kind = 'dated', started_on = null",
        "delete from measure where number in (select min(number) from measure)",
        "delete from problem where not exists (select 1 from measure m where m.problem_id = problem.id) \
         and not exists (select 1 from campaign_problem c where c.problem_id = problem.id)",
    ] {
        let changed = world
            .test
            .app
            .write(&world.office, |cx| {
                Box::pin(async move {
                    cx.record("test", "problem", None, kit::audit::Outcome::Done);
                    cx.execute(db::Sql::new(change)).await
                })
            })
            .await
            .unwrap();
        assert!(changed > 0, "{change} changed nothing");
        assert_eq!(counts_hold(&world).await, [true; 3], "{change}");
    }
}

#[tokio::test]
async fn a_count_that_does_not_fit_the_records_is_found() {
    let world = World::new().await;
    let mut expected = [true; 3];
    assert_eq!(counts_hold(&world).await, expected);
    for (place, tally) in ["problem_tally", "closure_tally", "measure_tally"].into_iter().enumerate() {
        let spoil = db::Sql::new(&format!("update {tally} set n = n + 1"));
        world
            .test
            .app
            .write(&world.office, |cx| Box::pin(async move { cx.execute(spoil).await }))
            .await
            .unwrap();
        expected[place] = false;
        assert_eq!(counts_hold(&world).await, expected, "{tally}");
    }
}

#[tokio::test]
async fn a_day_of_the_past_answers_the_same_after_later_events() {
    let world = World::new().await;
    let ask = Ask::on(day("2023-06-30"));
    let before = figures(&world, &ask).await;
    let problem = db::Sql::new(
        "select id, term_id, organisation_id, inspection_id, unit_id from problem where title = '问题3'",
    );
    let row = world.test.app.read(&world.office).rows(problem).await.unwrap();
    let id = |place: usize| -> uuid::Uuid { row[0].try_get_by_index(place).unwrap() };
    world
        .add(
            "closure",
            vec![
                ("problem_id", id(0).into()),
                ("term_id", id(1).into()),
                ("organisation_id", id(2).into()),
                ("inspection_id", id(3).into()),
                ("closed_on", day("2023-07-01").into()),
            ],
        )
        .await;
    world
        .add(
            "coverage_list",
            vec![
                ("term_id", id(1).into()),
                ("edition", 2i64.into()),
                ("approved_on", day("2023-07-02").into()),
            ],
        )
        .await;
    world
        .add(
            "problem",
            vec![
                ("term_id", id(1).into()),
                ("inspection_id", id(3).into()),
                ("unit_id", id(4).into()),
                ("organisation_id", id(2).into()),
                ("inspection_kind", "regular".into()),
                ("fed_back_on", day("2023-07-03").into()),
            ],
        )
        .await;
    assert_eq!(figures(&world, &ask).await, before);
    assert_ne!(figures(&world, &end_of_2023()).await, before);
}

#[tokio::test]
async fn leaving_kinds_out_is_said_and_counted() {
    let world = World::new().await;
    let ask = Ask { kinds: vec![InspectionKind::Special], ..end_of_2023() };
    let found = figures(&world, &ask).await;
    let fed_back = found.iter().find(|figure| figure.code == "problems_fed_back").unwrap();
    assert_eq!((fed_back.value.as_str(), fed_back.inclusion.as_deref()), ("2", Some("只含专项巡察")));
    let coverage = found.iter().find(|figure| figure.code == "coverage_rate").unwrap();
    assert_eq!((coverage.value.as_str(), coverage.inclusion.as_deref()), ("66.67", None));
}

#[tokio::test]
async fn who_has_no_part_in_statistics_gets_nothing_and_others_only_what_they_see() {
    let world = World::new().await;
    for role in
        [Role::OrganisationLiaison, Role::TeamMember, Role::FunctionalDepartment, Role::SystemAdministrator]
    {
        let cx = world.test.app.read(&actor(role, None, None));
        assert!(compute(&cx, &end_of_2023()).await.unwrap().is_empty());
        assert!(
            rows(&cx, "problems_fed_back", &end_of_2023(), Side::Part, &Only::default(), 1).await.is_err()
        );
    }
    // Without a service that says what a team sees, it sees nothing: never more than elsewhere.
    let cx = world.test.app.read(&actor(Role::TeamHead, None, Some(world.special)));
    let found = compute(&cx, &end_of_2023()).await.unwrap();
    assert_eq!(values(&found)["problems_fed_back"], "0");
}

#[tokio::test]
async fn a_committee_leader_reads_how_many_leads_there_are_without_a_list_of_them() {
    let world = World::new().await;
    let cx = world.test.app.read(&actor(Role::CommitteeLeader, None, None));
    let found = compute(&cx, &end_of_2023()).await.unwrap();
    assert_eq!(values(&found)["leads_transferred"], "2");
    assert_eq!(
        rows(&cx, "leads_transferred", &end_of_2023(), Side::Part, &Only::default(), 1).await.unwrap().count,
        0
    );
}

#[tokio::test]
async fn reported_values_stand_apart_and_the_newest_of_the_day_counts() {
    let world = World::new().await;
    let cx = world.test.app.read(&world.office);
    let held = reported(&cx, &end_of_2023()).await.unwrap();
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].printed(), (String::from("0.81"), "亿元"));
    assert!(reported(&cx, &Ask::on(day("2023-12-30"))).await.unwrap().is_empty());
}

#[tokio::test]
async fn sums_across_overlapping_sets_are_refused_with_their_names() {
    let world = World::new().await;
    let found = figures(&world, &end_of_2023()).await;
    let of = |code: &str| found.iter().find(|figure| figure.code == code).unwrap();
    let refusal = sum(&[of("problems_fed_back"), of("audit_linked_problems_cum")]).unwrap_err();
    assert!(refusal.contains("反馈问题") && refusal.contains("巡审联动发现问题"), "{refusal}");
    assert!(sum(&[of("problems_fed_back"), of("problems_fed_back")]).is_err());
    assert!(sum(&[of("coverage_rate"), of("rect_completion_rate")]).is_err());
    assert_eq!(sum(&[of("special_inspections"), of("mobile_inspections")]), Ok(2));
    assert_eq!(sum(&[of("suggestions_issued"), of("special_report_suggestions")]), Ok(3));
}

#[tokio::test]
async fn figures_for_programs_carry_value_parts_and_scope() {
    let world = World::new().await;
    let printed = json(&figures(&world, &end_of_2023()).await);
    let of =
        |code: &str| printed.as_array().unwrap().iter().find(|item| item["code"] == code).unwrap().clone();
    let coverage = of("coverage_rate");
    assert_eq!((coverage["value"].as_str(), coverage["unit"].as_str()), (Some("66.67"), Some("%")));
    assert_eq!((coverage["numerator"].as_i64(), coverage["denominator"].as_i64()), (Some(2), Some(3)));
    assert!(coverage.get("scope").is_none());
    assert_eq!(of("problems_found")["scope"]["name"], "国有资产专项巡察");
}

#[test]
fn codes_are_unique_and_every_figure_says_what_it_counts_and_by_which_day() {
    let mut codes = std::collections::BTreeSet::new();
    for figure in all() {
        assert!(codes.insert(figure.code), "{}", figure.code);
        assert!(figure.definition.ends_with('。'), "{}", figure.code);
        let dated = ["日", "期间", "按"].iter().any(|word| figure.definition.contains(word));
        assert!(dated, "{} does not say by which day", figure.code);
        assert_eq!(figure.formula.whole().is_some(), !figure.denominator.is_empty(), "{}", figure.code);
    }
}

/// A problem's closings as they can happen: each ends before the next begins.
fn closings() -> impl Strategy<Value = Vec<(i64, Option<i64>)>> {
    proptest::collection::vec((1i64..40, 1i64..40), 0..4).prop_map(|steps| {
        let (mut at, mut out, last) = (0, Vec::new(), steps.len());
        for (place, (until_closed, until_reopened)) in steps.into_iter().enumerate() {
            let closed = at + until_closed;
            at = closed + until_reopened;
            out.push((closed, (place + 1 < last).then_some(at)));
        }
        out
    })
}

proptest! {
    #[test]
    fn on_any_day_at_most_one_closing_of_a_problem_holds(closings in closings(), today in 0i64..200) {
        let holding = closings.iter().filter(|(closed, reopened)| *closed <= today && reopened.is_none_or(|on| on > today)).count();
        prop_assert!(holding <= 1);
        // The state that follows from the events in order.
        let mut closed_now = false;
        for (closed, reopened) in &closings {
            if *closed <= today { closed_now = true; }
            if reopened.is_some_and(|on| on <= today) { closed_now = false; }
        }
        prop_assert_eq!(holding == 1, closed_now);
    }

    #[test]
    fn shares_are_rounded_half_up_once(part in 0i64..2_000_000, whole in 1i64..2_000_000) {
        let printed = super::compute::printed(figure("rect_completion_rate").unwrap(), part, Some(whole));
        let hundredths: i128 = printed.replace('.', "").parse().unwrap();
        let (part, whole) = (i128::from(part), i128::from(whole));
        // hundredths − ½ ≤ 10000·part/whole < hundredths + ½
        prop_assert!((2 * hundredths - 1) * whole <= 20_000 * part && 20_000 * part < (2 * hundredths + 1) * whole);
    }
}
