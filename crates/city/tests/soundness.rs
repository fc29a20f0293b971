//! What must hold of the plan whatever its figures: it is the same for the same seed, nothing comes before its
//! cause, offices work on working days, and what should be unique is.

use std::collections::BTreeSet;
use std::fmt::Debug;

use chrono::NaiveDate;
use city::calendar::is_working;
use city::inspections::Stage;
use city::people::{Role, TeamKind};
use city::problems::ProblemState;
use city::rectification::MeasureState;
use city::targets::HORIZON;
use city::{City, plan};

const SEEDS: [u64; 4] = [0, 1, 42, 20_231_231];

fn each_city(check: impl Fn(&City)) {
    for seed in SEEDS {
        check(&plan(seed, None));
    }
}

fn assert_in_order(days: impl IntoIterator<Item = NaiveDate>, of: &dyn Debug) {
    let days: Vec<_> = days.into_iter().collect();
    assert!(days.is_sorted(), "{days:?} of {of:?}");
    for day in days {
        assert!(is_working(day), "nobody works on {day}: {of:?}");
        assert!(day <= HORIZON, "{day} is beyond the plan: {of:?}");
    }
}

fn assert_unique<T: Ord + Debug>(values: impl IntoIterator<Item = T>) {
    let mut seen = BTreeSet::new();
    for value in values {
        let shown = format!("{value:?}");
        assert!(seen.insert(value), "twice: {shown}");
    }
}

#[test]
fn the_same_seed_gives_the_same_city_and_another_seed_other_texts() {
    let (first, again, other) = (plan(3, None), plan(3, None), plan(4, None));
    assert!(first == again);
    let texts =
        |city: &City| city.problems.iter().map(|problem| problem.text.clone()).collect::<BTreeSet<_>>();
    assert!(texts(&first).intersection(&texts(&other)).count() < 20);
}

#[test]
fn every_unit_goes_through_its_stages_in_order() {
    each_city(|city| {
        for unit in &city.inspected_units {
            assert_in_order(unit.stages.iter().map(|event| event.on), unit);
            assert!(unit.stages.is_sorted_by_key(|event| event.stage), "{unit:?}");
            assert!(city[unit.organisation].valid_from <= unit.stages[0].on);
        }
        let paused = city.inspected_units.iter().filter(|unit| unit.reached(Stage::Paused).is_some());
        assert_eq!(paused.count(), 5);
    });
}

#[test]
fn problems_are_found_on_site_approved_before_the_report_and_fed_back_with_the_unit() {
    each_city(|city| {
        for problem in &city.problems {
            let unit = &city[problem.unit];
            let (entered, left) = (unit.reached(Stage::OnSite).unwrap(), unit.reached(Stage::Left).unwrap());
            assert!(entered < problem.found_on && problem.found_on < left, "{problem:?}");
            assert!(
                unit.reached(Stage::Paused)
                    .zip(unit.reached(Stage::Resumed))
                    .is_none_or(|(paused, resumed)| !(paused..resumed).contains(&problem.found_on))
            );
            assert!(unit.reached(Stage::Reporting).is_none_or(|reported| problem.approved_on <= reported));
            assert_eq!(problem.fed_back_on, unit.reached(Stage::FedBack));
            assert_in_order(problem.history.iter().map(|event| event.on), problem);
        }
    });
}

#[test]
fn a_problem_is_closed_only_when_all_its_measures_are() {
    each_city(|city| {
        for problem in &city.problems {
            let measures: Vec<_> =
                city.measures.iter().filter(|measure| measure.problem == problem.key).collect();
            assert_eq!(problem.fed_back_on.is_some(), !measures.is_empty());
            assert!(measures.len() <= 4);
            for event in problem.history.iter().filter(|event| event.state == ProblemState::Closed) {
                for measure in &measures {
                    assert_eq!(
                        measure.state_on(event.on),
                        Some(MeasureState::Closed),
                        "{problem:?} {measure:?}"
                    );
                }
            }
        }
    });
}

#[test]
fn a_problem_is_being_rectified_from_the_day_on_which_its_first_measure_begins() {
    each_city(|city| {
        for problem in &city.problems {
            let measures = city.measures.iter().filter(|measure| measure.problem == problem.key);
            let begins = measures.filter_map(|measure| {
                let mut steps = measure.history.iter();
                steps.find(|event| event.state == MeasureState::InProgress).map(|event| event.on)
            });
            let rectified = problem.history.iter().find(|event| event.state == ProblemState::Rectifying);
            assert_eq!(begins.min(), rectified.map(|event| event.on), "{problem:?}");
        }
    });
}

#[test]
fn measures_begin_after_the_feedback_and_whoever_closes_one_did_not_submit_it() {
    each_city(|city| {
        for measure in &city.measures {
            assert_in_order(measure.history.iter().map(|event| event.on), measure);
            let fed_back = city[measure.problem].fed_back_on.unwrap();
            assert!(measure.history[0].on >= fed_back && measure.due_on > fed_back);
            for pair in measure.history.windows(2) {
                if matches!(
                    pair[1].state,
                    MeasureState::Closed | MeasureState::Returned | MeasureState::LongTerm
                ) {
                    assert_eq!(pair[0].state, MeasureState::Submitted, "{measure:?}");
                    assert_ne!(pair[0].by, pair[1].by);
                }
            }
        }
    });
}

#[test]
fn transfers_follow_their_approval_and_results_their_transfer() {
    each_city(|city| {
        for lead in &city.leads {
            let unit = &city[lead.unit];
            let cause = if lead.early { Stage::OnSite } else { Stage::Decided };
            let days =
                [unit.reached(cause), Some(lead.approved_on), Some(lead.transferred_on), lead.received_on];
            let later = [lead.disposal.map(|(_, on)| on), lead.result.map(|(_, on)| on)];
            assert_in_order(days.into_iter().chain(later).flatten(), lead);
            assert!(!lead.early || lead.transferred_on < unit.reached(Stage::Left).unwrap());
        }
        for project in &city.suspect_projects {
            let entered = city[project.unit].reached(Stage::OnSite);
            let result = project.result.map(|(_, on)| on);
            let days = [entered, Some(project.transferred_on), Some(project.received_on), result];
            assert_in_order(days.into_iter().flatten(), project);
            assert!(project.bidders.len() >= 2);
        }
    });
}

#[test]
fn what_is_made_of_the_findings_comes_after_them() {
    each_city(|city| {
        for suggestion in &city.suggestions {
            assert_in_order(suggestion.history.iter().map(|(_, on, _)| *on), suggestion);
        }
        for report in &city.special_reports {
            assert!(!report.problems.is_empty());
            assert!(report.problems.iter().all(|key| city[*key].approved_on < report.submitted_on));
        }
        for handover in &city.handovers {
            let replies = handover.replies.iter().map(|(on, _)| *on);
            assert_in_order(
                [handover.handed_over_on, handover.received_on].into_iter().chain(replies),
                handover,
            );
            for key in &handover.problems {
                assert!(city[*key].fed_back_on.unwrap() < handover.handed_over_on);
            }
        }
        for rule in &city.rules {
            assert_in_order([rule.issued_on], rule);
            assert!(rule.problems.iter().all(|key| city[*key].fed_back_on.unwrap() < rule.issued_on));
            assert!(rule.problems.iter().all(|key| city[city[*key].unit].organisation == rule.issuer));
        }
    });
}

#[test]
fn no_property_is_put_to_use_before_it_is_found_or_beyond_its_area() {
    each_city(|city| {
        let mut left: Vec<_> = city.assets.iter().map(|asset| asset.area_cm2).collect();
        for movement in &city.asset_movements {
            let asset = &city[movement.asset];
            assert_in_order([asset.idle_since, asset.found_on, movement.on], movement);
            assert!(movement.area_cm2 > 0 && movement.income_fen >= 0);
            left[movement.asset.0] -= movement.area_cm2;
        }
        assert!(left.iter().all(|area| *area >= 0));
    });
}

#[test]
fn codes_numbers_and_logins_are_unique() {
    each_city(|city| {
        assert_unique(city.organisations.iter().map(|row| &row.code));
        assert_unique(city.organisations.iter().map(|row| &row.name));
        assert_unique(city.organisations.iter().map(|row| &row.short_name));
        assert_unique(city.people.iter().filter_map(|row| row.login.as_ref()));
        assert_unique(city.people.iter().map(|row| &row.name));
        assert_unique(city.problems.iter().map(|row| &row.draft_number));
        assert_unique(city.leads.iter().map(|row| &row.number));
        assert_unique(city.suspect_projects.iter().map(|row| &row.number));
        assert_unique(city.suggestions.iter().map(|row| &row.number));
        assert_unique(city.handovers.iter().map(|row| &row.number));
        assert_unique(city.rules.iter().map(|row| &row.number));
        assert_unique(city.rules.iter().map(|row| &row.title));
        assert_unique(city.assets.iter().map(|row| &row.code));
        assert_unique(city.assets.iter().map(|row| &row.name));
        assert_unique(city::texts::dictionary::FRAMEWORK.iter().map(|row| row.code));
        assert_unique(city::texts::dictionary::CATEGORIES.iter().map(|row| row.code));
    });
}

#[test]
fn every_role_has_an_account_and_every_listed_unit_a_liaison_and_a_leader() {
    each_city(|city| {
        for role in Role::ALL {
            let posts: Vec<_> = city.posts.iter().filter(|post| post.role == Some(role)).collect();
            assert!(!posts.is_empty(), "{role:?}");
            assert!(posts.iter().all(|post| city[post.person].login.is_some()));
        }
        for item in &city.coverage_lists[1].items {
            let unit = item.organisation;
            assert!(
                city.posts
                    .iter()
                    .any(|post| post.organisation == unit && post.role == Some(Role::OrganisationLiaison))
            );
            assert!(city.leader_in_charge(unit, HORIZON).is_some());
        }
        assert!(city.organisations.iter().any(|unit| unit.name.chars().count() >= 36));
    });
}

#[test]
fn the_teams_of_a_round_share_nobody_and_change_from_round_to_round() {
    each_city(|city| {
        for round in &city.rounds {
            let teams: Vec<_> = city.round_teams.iter().filter(|row| row.round == round.key).collect();
            let people = teams.iter().flat_map(|team| {
                team.deputies.iter().chain(&team.members).chain(std::iter::once(&team.head)).copied()
            });
            assert_unique(people);
            assert!(
                teams.iter().all(|team| team.deputies.len() == 2 && (4..=6).contains(&team.members.len()))
            );
            let standing = teams.iter().filter(|row| city[row.team].kind == TeamKind::Standing).count();
            assert_eq!(standing, 5);
        }
        for unit in &city.inspected_units {
            let round = city[unit.inspection].round;
            assert!(city.round_team(round, unit.team).is_some(), "{unit:?} has no authorised team");
        }
        let first_team = |round: usize| {
            city.round_teams
                .iter()
                .find(|row| row.round == city.rounds[round].key && row.team == city.teams[0].key)
                .map(|row| row.members.clone())
        };
        assert_ne!(first_team(0), first_team(1));
    });
}

#[test]
fn problem_texts_are_long_enough_and_hardly_two_are_alike() {
    each_city(|city| {
        for problem in &city.problems {
            let length = problem.text.chars().count();
            assert!((60..=200).contains(&length), "{length}: {}", problem.text);
            assert!((6..=40).contains(&problem.title.chars().count()), "{}", problem.title);
            assert!(!problem.text.contains(['{', '}', ',']), "{}", problem.text);
        }
        let texts: BTreeSet<_> = city.problems.iter().map(|problem| &problem.text).collect();
        let titles: BTreeSet<_> = city.problems.iter().map(|problem| &problem.title).collect();
        assert!(texts.len() >= 1_150, "{} texts", texts.len());
        assert!(titles.len() >= 700, "{} titles", titles.len());
    });
}

#[test]
fn leaders_in_charge_attend_most_feedback_meetings() {
    each_city(|city| {
        let with_leader = city.feedback_meetings.iter().filter(|meeting| meeting.leader_in_charge.is_some());
        let (attended, absent): (Vec<_>, Vec<_>) = with_leader.partition(|meeting| meeting.leader_attended);
        assert!(attended.len() > 8 * absent.len());
        assert!(
            city.inspected_units.iter().filter(|unit| unit.reached(Stage::FedBack).is_some()).count()
                == city.feedback_meetings.len()
        );
    });
}

#[test]
fn a_scaled_city_has_the_problems_asked_for_and_makes_them_alike_each_time() {
    let city = plan(5, Some(5_000));
    let extra: Vec<_> = city.extra_problems().collect();
    assert_eq!(city.problems.len() + extra.len(), 5_000);
    assert!(extra.iter().eq(&city.extra_problems().collect::<Vec<_>>()));
    assert_unique(extra.iter().map(|row| &row.problem.draft_number));
    assert_unique(extra.iter().map(|row| row.problem.key));
    let measures: usize = extra.iter().map(|row| row.measures.len()).sum();
    assert!((15..=25).contains(&(measures * 10 / extra.len())), "{measures}");
    for row in &extra {
        assert_in_order(row.problem.history.iter().map(|event| event.on), row);
        assert_eq!(row.problem.fed_back_on, city[row.problem.unit].reached(Stage::FedBack));
        assert!(row.measures.iter().all(|measure| measure.problem == row.problem.key));
    }
    assert_unique(city.people.iter().filter_map(|row| row.login.as_ref()));
    assert_eq!(plan(5, Some(10)).extra_problems().count(), 0);
}
