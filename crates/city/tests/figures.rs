//! Counts every figure of the annual review from the plan, as of 2023-12-31, for several seeds.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use city::City;
use city::inspections::{InspectionType, Stage};
use city::organisations::OrganisationKind;
use city::people::TeamKind;
use city::problems::{Field, ProblemState};
use city::results::{RuleTopic, SuggestionOrigin};
use city::targets::AS_OF;

const SEEDS: [u64; 5] = [0, 1, 7, 20_231_231, u64::MAX];

fn in_2023(on: NaiveDate) -> bool {
    on.year() == 2023
}

fn each_city(check: impl Fn(&City)) {
    for seed in SEEDS {
        check(&city::plan(seed, None));
    }
}

/// A ratio in hundredths of a percent, rounded half up.
fn ratio(part: i64, whole: i64) -> i64 {
    (part * 20_000 + whole) / (2 * whole)
}

fn regular_units_reaching(city: &City, stage: Stage, in_time: impl Fn(NaiveDate) -> bool) -> usize {
    city.inspected_units
        .iter()
        .filter(|unit| city[unit.inspection].kind == InspectionType::Regular)
        .filter(|unit| unit.reached(stage).is_some_and(&in_time))
        .map(|unit| unit.organisation)
        .collect::<BTreeSet<_>>()
        .len()
}

#[test]
fn f01_thirty_five_units_are_entered_for_a_regular_inspection_in_2023() {
    each_city(|city| assert_eq!(regular_units_reaching(city, Stage::OnSite, in_2023), 35));
}

#[test]
fn f02_one_special_inspection_is_held_in_2023_from_april_to_june_beside_regular_ones() {
    each_city(|city| {
        let special: Vec<_> = city
            .inspections
            .iter()
            .filter(|inspection| {
                inspection.kind == InspectionType::Special && in_2023(inspection.announced_on)
            })
            .collect();
        assert_eq!(special.len(), 1);
        assert_eq!(special[0].field, Some(Field::Bidding));
        assert!(!special[0].linked.is_empty());
        for unit in city.units_of(special[0].key) {
            assert_eq!(unit.reached(Stage::OnSite).unwrap().month(), 4);
            assert_eq!(unit.reached(Stage::Left).unwrap().month(), 6);
        }
    });
}

#[test]
fn f03_problems_fed_back_in_2023_are_1114() {
    each_city(|city| {
        let count = city.problems.iter().filter(|problem| problem.fed_back_on.is_some_and(in_2023)).count();
        assert_eq!(count, 1114);
    });
}

#[test]
fn f04_leads_transferred_in_2023_are_120_and_other_years_have_some() {
    each_city(|city| {
        assert_eq!(city.leads.iter().filter(|lead| in_2023(lead.transferred_on)).count(), 120);
        assert!(city.leads.iter().any(|lead| lead.transferred_on.year() == 2022));
        assert!(city.leads.iter().any(|lead| lead.transferred_on.year() == 2024));
        assert!(city.leads.iter().any(|lead| lead.early));
    });
}

#[test]
fn f05_the_income_of_all_movements_is_42_28_yi() {
    each_city(|city| {
        let income: i64 = city.asset_movements.iter().map(|movement| movement.income_fen).sum();
        assert_eq!(income, 422_800_000_000);
    });
}

#[test]
fn f06_five_units_are_announced_on_the_first_of_december_and_still_on_site_at_the_end_of_the_year() {
    each_city(|city| {
        let open: Vec<_> = city
            .inspected_units
            .iter()
            .filter(|unit| city[unit.inspection].kind == InspectionType::Regular)
            .filter(|unit| unit.reached(Stage::OnSite).is_some_and(|on| on <= AS_OF))
            .filter(|unit| unit.reached(Stage::Left).is_none_or(|on| on > AS_OF))
            .collect();
        assert_eq!(open.len(), 5);
        let announced = NaiveDate::from_ymd_opt(2023, 12, 1).unwrap();
        assert!(open.iter().all(|unit| city[unit.inspection].announced_on == announced));
    });
}

#[test]
fn f07_one_mobile_inspection_answers_a_topic_of_the_committee() {
    each_city(|city| {
        let mobile: Vec<_> =
            city.inspections.iter().filter(|inspection| inspection.kind == InspectionType::Mobile).collect();
        assert_eq!(mobile.len(), 1);
        assert_eq!(mobile[0].announced_on, NaiveDate::from_ymd_opt(2023, 12, 1).unwrap());
        let topic = mobile[0].topic.unwrap();
        assert!(city[topic].named_on < mobile[0].announced_on);
    });
}

#[test]
fn f08_to_f10_the_inspection_of_bidding_has_191_problems_16_suggestions_and_54_projects() {
    each_city(|city| {
        let bidding = city.bidding_inspection();
        let problems =
            city.fed_back_by(AS_OF).filter(|problem| city[problem.unit].inspection == bidding).count();
        let suggestions: Vec<_> = city
            .suggestions
            .iter()
            .filter(|suggestion| suggestion.origin == SuggestionOrigin::Inspection(bidding))
            .collect();
        let distinct: BTreeSet<_> =
            suggestions.iter().map(|suggestion| (suggestion.addressee, &suggestion.text)).collect();
        let projects = city
            .suspect_projects
            .iter()
            .filter(|project| project.inspection == bidding && project.transferred_on <= AS_OF)
            .count();
        assert_eq!((problems, suggestions.len(), distinct.len(), projects), (191, 16, 16, 54));
    });
}

#[test]
fn f11_every_regular_report_from_round_four_on_has_its_three_materials() {
    each_city(|city| {
        for unit in &city.inspected_units {
            let inspection = &city[unit.inspection];
            let heard = unit.reached(Stage::HeardByGroup);
            let of_unit: Vec<_> =
                city.thematic_materials.iter().filter(|material| material.unit == unit.key).collect();
            let kinds: Vec<_> = of_unit.iter().map(|material| material.kind).collect();
            let expected = inspection.kind == InspectionType::Regular && city[inspection.round].number >= 4;
            if let Some(heard) = heard.filter(|_| expected) {
                assert_eq!(kinds.len(), 3);
                assert!(of_unit.iter().all(|material| material.handed_in_on <= heard));
            }
            assert!(expected || kinds.is_empty());
        }
    });
}

#[test]
fn f12_to_f14_ten_batches_of_fifty_units_are_completed_of_102_which_is_49_02_percent() {
    each_city(|city| {
        let batches = city.batches.iter().filter(|batch| batch.left_on <= AS_OF).count();
        assert_eq!(batches, 10);
        for stage in [Stage::Left, Stage::Decided, Stage::FedBack] {
            assert_eq!(regular_units_reaching(city, stage, |on| on <= AS_OF), 50);
        }
        assert_eq!(regular_units_reaching(city, Stage::Left, |on| on.year() < 2023), 20);
        let sizes: Vec<_> = city.coverage_lists.iter().map(|list| list.items.len()).collect();
        assert_eq!(sizes, [100, 102]);
        assert_eq!(ratio(50, 102), 4902);
        let listed: BTreeSet<_> =
            city.coverage_lists.last().unwrap().items.iter().map(|item| item.organisation).collect();
        assert_eq!(listed.len(), 102);
        assert!(
            city.inspected_units
                .iter()
                .filter(|unit| city[unit.inspection].kind == InspectionType::Regular)
                .all(|unit| listed.contains(&unit.organisation))
        );
    });
}

#[test]
fn f15_the_medical_inspection_is_consulted_on_half_way_in_september_2023() {
    each_city(|city| {
        assert!(city.consultations.iter().any(|row| {
            row.mid_term
                && (row.held_on.year(), row.held_on.month()) == (2023, 9)
                && city[city[row.unit].inspection].field == Some(Field::Medical)
                && row.point.contains("面上数据")
        }));
    });
}

#[test]
fn f16_to_f18_audit_linkage_has_128_problems_10_leads_and_42_rules() {
    each_city(|city| {
        let problems = city.fed_back_by(AS_OF).filter(|problem| problem.audit_linked).count();
        let all = city.problems.iter().filter(|problem| problem.audit_linked).count();
        let leads =
            city.leads.iter().filter(|lead| lead.audit_linked && lead.transferred_on <= AS_OF).count();
        let rules = city
            .rules
            .iter()
            .filter(|rule| rule.topic == RuleTopic::AuditLinked && rule.issued_on <= AS_OF)
            .count();
        assert_eq!((problems, all, leads, rules), (128, 128, 10, 42));
    });
}

#[test]
fn f19_to_f22_and_f31_six_districts_have_their_liaisons_deputies_checks_and_evaluations() {
    each_city(|city| {
        let liaisons: Vec<_> = city.district_liaisons.iter().filter(|liaison| liaison.year == 2023).collect();
        let districts: BTreeSet<_> = liaisons.iter().map(|liaison| liaison.district).collect();
        let persons: BTreeSet<_> = liaisons.iter().map(|liaison| liaison.person).collect();
        assert_eq!((liaisons.len(), districts.len(), persons.len()), (6, 6, 6));
        let sent: BTreeSet<_> =
            city.deputies_sent.iter().filter(|deputy| in_2023(deputy.from)).map(|row| row.district).collect();
        assert_eq!(sent.len(), 6);
        assert_eq!((city.district_checks.len(), city.district_problems.len()), (2, 33));
        let evaluated: BTreeSet<_> = city
            .report_evaluations
            .iter()
            .filter(|row| in_2023(row.evaluated_on))
            .map(|row| row.district)
            .collect();
        assert_eq!((evaluated.len(), city.report_evaluations.len()), (6, 6));
        assert_eq!(city.of_kind(OrganisationKind::District).count(), 6);
        assert_eq!(city.teams.iter().filter(|team| team.kind == TeamKind::Standing).count(), 5);
    });
}

#[test]
fn f23_of_1130_problems_of_the_term_1050_are_closed_which_is_92_92_percent() {
    each_city(|city| {
        let state = |state| city.fed_back_by(AS_OF).filter(|row| row.state_on(AS_OF) == Some(state)).count();
        assert_eq!(city.fed_back_by(AS_OF).count(), 1130);
        assert_eq!(state(ProblemState::Closed), 1050);
        assert_eq!(ratio(1050, 1130), 9292);
        let reopened: Vec<_> =
            city.fed_back_by(AS_OF).filter(|problem| problem.reopened_on().is_some()).collect();
        let again =
            reopened.iter().filter(|problem| problem.state_on(AS_OF) == Some(ProblemState::Closed)).count();
        assert!(again > 0 && again < reopened.len());
        assert!(city.measures.iter().any(|measure| measure.overdue_on(AS_OF)));
    });
}

#[test]
fn f24_the_campaign_lasts_two_months_and_the_look_back_one_after_it() {
    each_city(|city| {
        let campaign = &city.campaigns[0];
        assert_eq!((campaign.to - campaign.from).num_days() + 1, 61);
        let look_back = city.asset_look_back();
        assert_eq!(city[look_back].parent, Some(campaign.inspection));
        for unit in city.units_of(look_back) {
            let (entered, left) = (unit.reached(Stage::OnSite).unwrap(), unit.reached(Stage::Left).unwrap());
            assert!(entered > campaign.to);
            assert_eq!((left - entered).num_days() + 1, 30);
        }
        assert!(!campaign.problems.is_empty());
    });
}

#[test]
fn f25_to_f27_of_782_62_found_727_13_are_put_to_use_276_63_of_them_by_the_push() {
    const HUNDREDTH: i64 = 1_000_000; // of 万㎡, in cm²
    each_city(|city| {
        let found: i64 = city.assets.iter().map(|asset| asset.area_cm2).sum();
        let area = |fits: &dyn Fn(NaiveDate) -> bool| -> i64 {
            let fitting = city.asset_movements.iter().filter(|movement| fits(movement.on));
            fitting.map(|movement| movement.area_cm2).sum()
        };
        let push = city.campaigns[0].from;
        assert_eq!(found, 78_262 * HUNDREDTH);
        assert_eq!(area(&|on| on < push), 45_050 * HUNDREDTH);
        assert_eq!(area(&|on| on >= push && on <= AS_OF), 27_663 * HUNDREDTH);
        assert_eq!(area(&|on| on <= AS_OF), 72_713 * HUNDREDTH);
        assert_eq!(ratio(72_713, 78_262), 9291);
        assert!(city.assets.len() >= 300);
    });
}

#[test]
fn f28_358_rules_are_built_from_the_rectification_of_state_assets() {
    each_city(|city| {
        let rules = city.rules.iter().filter(|rule| rule.topic == RuleTopic::StateAssets);
        assert_eq!(rules.filter(|rule| rule.issued_on <= AS_OF).count(), 358);
        assert!(city.rules.iter().any(|rule| rule.topic == RuleTopic::Ordinary));
    });
}

#[test]
fn f29_two_special_reports_of_2023_make_21_suggestions() {
    each_city(|city| {
        let reports: Vec<_> =
            city.special_reports.iter().filter(|report| in_2023(report.submitted_on)).collect();
        let suggestions = city
            .suggestions
            .iter()
            .filter(|suggestion| {
                reports.iter().any(|report| suggestion.origin == SuggestionOrigin::SpecialReport(report.key))
            })
            .count();
        assert_eq!((reports.len(), suggestions), (2, 21));
        assert!(city.special_reports.iter().any(|report| report.submitted_on.year() == 2022));
    });
}

#[test]
fn f30_345_common_problems_are_handed_over_in_2023_each_once() {
    each_city(|city| {
        let handed: Vec<_> = city
            .handovers
            .iter()
            .filter(|handover| in_2023(handover.handed_over_on))
            .flat_map(|handover| &handover.problems)
            .collect();
        assert_eq!(handed.len(), 345);
        assert_eq!(handed.iter().collect::<BTreeSet<_>>().len(), 345);
        for field in [Field::InnovationBase, Field::RuralRevival, Field::SpecialFunds] {
            assert!(city.handovers.iter().any(|handover| handover.field == field));
        }
    });
}
