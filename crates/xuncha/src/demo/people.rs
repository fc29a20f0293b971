//! Bodies, people, accounts, posts and the calendar of working days.

use std::collections::HashSet;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc, Weekday};
use city::{
    inspections::{InspectedUnit, Inspection, Stage},
    keys::{OrganisationKey, PersonKey},
    organisations::OrganisationKind,
    people::{Person, Post, Role, RoundTeam},
};
use kit::Labelled as _;

use super::{
    DemoAccount, PASSWORD,
    avoidance::{Barred, barred},
    cargo::{Cargo, row},
    chronicle::{Step, Story},
    codes::{self, nouns, states},
    plan::Plan,
};

/// Numbers of the last rounds, whose teams stay authorised so that their accounts can be tried on any day.
pub(super) const OPEN_FROM_ROUND: u32 = 5;

/// Bodies with their leaders in charge.
pub(super) fn load_organisations(plan: &Plan<'_>, cargo: &mut Cargo) {
    for organisation in &plan.city.organisations {
        let (id, name) = (plan.organisation(organisation.key), &organisation.name);
        row!(cargo, "organisation", {
            id: id, version: 1_i64, code: organisation.code.as_str(), name: name.as_str(),
            kind: codes::organisation_kind(organisation.kind),
            parent_id: organisation.parent.map(|parent| plan.organisation(parent)),
            district_id: plan.district_of(organisation).map(|district| plan.organisation(district)),
            valid_from: organisation.valid_from, valid_to: None::<NaiveDate>,
            note: format!("简称：{}", organisation.short_name),
        });
        cargo.find_by(nouns::ORGANISATIONS, id, format!("{} {name}", organisation.code));
        let registered = organisation.valid_from.max(plan.city.term.from);
        let label = Step::plain("create", "登记单位");
        Story::of(cargo, nouns::ORGANISATIONS, id).tell(
            registered,
            &plan.clerk(organisation.key.0),
            label,
            "",
        );
    }
    for (number, charge) in plan.city.leaders_in_charge.iter().enumerate() {
        let title = plan.city.posts.iter().find(|post| post.person == charge.leader);
        row!(cargo, "organisation_leader", {
            id: plan.ids.of("organisation_leader", number), version: 1_i64,
            organisation_id: plan.organisation(charge.organisation), leader_name: plan.name(charge.leader),
            leader_title: title.map_or("", |post| post.title.as_str()), from_on: charge.from, to_on: charge.to,
        });
    }
}

/// People, and the accounts of those who hold a post with a role.
pub(super) fn load_people(plan: &Plan<'_>, cargo: &mut Cargo, password_hash: &str, set_at: DateTime<Utc>) {
    let at_work = at_work(plan);
    for person in &plan.city.people {
        let post = plan.city.posts.iter().find(|post| post.person == person.key);
        load_person(plan, cargo, person, post);
        let login = person.login.as_deref().filter(|_| at_work.contains(&person.key));
        if let Some(login) = login {
            row!(cargo, "account", {
                id: plan.account(person.key), version: 1_i64, login: login, name: person.name.as_str(),
                password_hash: password_hash, state: states::ACTIVE_ACCOUNT,
                person_id: plan.person(person.key), valid_to: None::<NaiveDate>, password_changed_at: set_at,
                password_initial: false,
            });
            cargo.find_by(nouns::ACCOUNTS, plan.account(person.key), format!("{login} {}", person.name));
        }
    }
}

fn load_person(plan: &Plan<'_>, cargo: &mut Cargo, person: &Person, post: Option<&Post>) {
    let id = plan.person(person.key);
    let title = post.map_or("", |post| post.title.as_str());
    let born = format!("{}年生", person.born);
    row!(cargo, "person", {
        id: id, version: 1_i64, name: person.name.as_str(),
        organisation_id: post.map(|post| plan.organisation(post.organisation)), title: title,
        speciality: person.speciality, note: born,
    });
    cargo.find_by(nouns::PEOPLE, id, format!("{} {title} {}", person.name, person.speciality));
}

/// People with a role that holds by itself, or with a place in a team.
fn at_work(plan: &Plan<'_>) -> HashSet<PersonKey> {
    let in_office = plan.city.posts.iter().filter(|post| post.role.is_some_and(|role| !in_team(role)));
    let in_teams = plan.city.round_teams.iter().flat_map(|team| {
        team.deputies.iter().chain(&team.members).copied().chain([team.head, team.office_liaison])
    });
    in_office.map(|post| post.person).chain(in_teams).collect()
}

fn in_team(role: Role) -> bool {
    matches!(role, Role::TeamHead | Role::TeamMember)
}

/// Posts of office and bodies without an end, and posts in teams for each inspection of a round.
pub(super) fn load_posts(plan: &Plan<'_>, cargo: &mut Cargo) {
    let mut number = 0;
    let standing =
        plan.city.posts.iter().filter_map(|post| Some((post, post.role.filter(|role| !in_team(*role))?)));
    for (post, role) in standing {
        let held = Held {
            from: post.from,
            to: post.to,
            inspection: None,
            basis: "任职文件",
            state: states::APPROVED,
        };
        load_post(plan, cargo, &mut number, post.person, role, Some(post.organisation), held);
    }
    let barred = barred(plan);
    for team in &plan.city.round_teams {
        for inspection in plan.city.inspections.iter().filter(|inspection| works_on(plan, team, inspection)) {
            load_team(plan, cargo, &mut number, (team, inspection), barred.as_ref());
        }
    }
}

/// Whether a team was authorised for an inspection; those of a scaled city give nobody a post, because hundreds of
/// posts to a person are nothing an office has.
pub(super) fn works_on(plan: &Plan<'_>, team: &RoundTeam, inspection: &Inspection) -> bool {
    inspection.round == team.round
        && plan.city.units_of(inspection.key).any(|unit| {
            unit.team == team.team && plan.city[unit.organisation].kind != OrganisationKind::Extra
        })
}

/// How long and on what a post rests.
#[derive(Clone, Copy)]
struct Held<'a> {
    from: NaiveDate,
    to: Option<NaiveDate>,
    inspection: Option<&'a Inspection>,
    basis: &'a str,
    state: &'static str,
}

fn load_team(
    plan: &Plan<'_>,
    cargo: &mut Cargo,
    number: &mut usize,
    (team, inspection): (&RoundTeam, &Inspection),
    barred: Option<&Barred>,
) {
    let round = &plan.city[team.round];
    let to = Some(team.expires_on).filter(|_| round.number < OPEN_FROM_ROUND);
    let basis = format!("{}授权任职", round.name);
    let held = Held {
        from: team.authorised_on,
        to,
        inspection: Some(inspection),
        basis: &basis,
        state: states::APPROVED,
    };
    let heads = std::iter::once(team.head).chain(team.deputies.iter().copied());
    for head in heads {
        load_post(plan, cargo, number, head, Role::TeamHead, None, held);
    }
    for member in &team.members {
        let leaves =
            barred.is_some_and(|barred| barred.person == *member && barred.inspection == inspection.key);
        let held = Held { state: if leaves { states::ENDED_POST } else { held.state }, ..held };
        load_post(plan, cargo, number, *member, Role::TeamMember, None, held);
    }
}

fn load_post(
    plan: &Plan<'_>,
    cargo: &mut Cargo,
    number: &mut usize,
    person: PersonKey,
    role: Role,
    organisation: Option<OrganisationKey>,
    held: Held<'_>,
) {
    let Some(role) = codes::role(role) else { return };
    *number += 1;
    let id = plan.ids.of("post", *number);
    cargo.find_by(nouns::POSTS, id, format!("{} {}", plan.name(person), role.label()));
    row!(cargo, "post", {
        id: id, version: 1_i64, account_id: plan.account(person), role: role,
        organisation_id: organisation.map(|key| plan.organisation(key)),
        inspection_id: held.inspection.map(|inspection| plan.inspection(inspection.key)),
        from_on: held.from, to_on: held.to, state: held.state, basis: held.basis,
        proposed_by: administrator(plan, Role::SystemAdministrator),
        decided_by: administrator(plan, Role::SecurityAdministrator), decision: "",
    });
}

fn administrator(plan: &Plan<'_>, role: Role) -> Option<uuid::Uuid> {
    let post = plan.city.posts.iter().find(|post| post.role == Some(role))?;
    Some(plan.account(post.person))
}

/// Corrections of the plain week in the years of the plan.
pub(super) fn load_calendar(plan: &Plan<'_>, cargo: &mut Cargo) {
    let (Some(first), Some(last)) =
        (NaiveDate::from_ymd_opt(2021, 1, 1), NaiveDate::from_ymd_opt(2024, 12, 31))
    else {
        return;
    };
    let weekday = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let holidays = first.iter_days().take_while(|day| *day <= last).filter(weekday);
    for day in holidays.filter(|day| !city::calendar::is_working(*day)) {
        row!(cargo, "calendar_day", {
            id: plan.ids.of("calendar_day", day.num_days_from_ce() as usize), version: 1_i64, day: day,
            working: false, name: holiday(day),
        });
    }
}

/// Which public holiday a free weekday belongs to.
fn holiday(day: NaiveDate) -> &'static str {
    match (day.month(), day.day()) {
        (1, 1..=3) | (12, 30..) => "元旦",
        (1 | 2, _) => "春节",
        (4, 1..=7) => "清明节",
        (4 | 5, _) => "劳动节",
        (6, _) => "端午节",
        (9, 29..) | (10, _) => "中秋节、国庆节",
        _ => "中秋节",
    }
}

/// One account for each role, to try the program with.
pub(super) fn accounts(plan: &Plan<'_>) -> Vec<DemoAccount> {
    kit::Role::ALL.iter().filter_map(|role| account(plan, *role)).collect()
}

fn account(plan: &Plan<'_>, wanted: kit::Role) -> Option<DemoAccount> {
    let last_team = plan.city.round_teams.last();
    let key = match wanted {
        kit::Role::TeamHead => last_team.map(|team| team.head),
        kit::Role::TeamMember => last_team.and_then(|team| team.members.first().copied()),
        kit::Role::OrganisationLiaison => busiest_liaison(plan),
        kit::Role::DistrictOffice => busiest_district(plan),
        _ => holder(plan, wanted),
    }?;
    account_of(plan, key, wanted)
}

fn account_of(plan: &Plan<'_>, key: PersonKey, role: kit::Role) -> Option<DemoAccount> {
    let person = plan.city.people.iter().find(|person| person.key == key)?;
    Some(DemoAccount {
        login: person.login.clone()?,
        password: PASSWORD.to_owned(),
        role,
        name: person.name.clone(),
    })
}

/// The people around the work of the team authorised last, by the part they have in it, and the name of the unit that it
/// inspects. The head and the first member of the team have accounts of their own in [`accounts`].
pub(super) fn on_site(plan: &Plan<'_>) -> Option<(String, Vec<(&'static str, DemoAccount)>)> {
    let (team, unit) = last_authorised(plan)?;
    let speaks =
        |post: &&Post| post.organisation == unit.organisation && post.role == Some(Role::OrganisationLiaison);
    let parts = [
        ("deputy", team.deputies.first().copied(), kit::Role::TeamHead),
        ("second", team.members.get(2).copied(), kit::Role::TeamMember),
        ("third", team.members.get(3).copied(), kit::Role::TeamMember),
        ("unit", plan.city.posts.iter().find(speaks).map(|post| post.person), kit::Role::OrganisationLiaison),
    ];
    let accounts =
        parts.into_iter().filter_map(|(part, key, role)| Some((part, account_of(plan, key?, role)?)));
    Some((plan.city[unit.organisation].name.clone(), accounts.collect()))
}

/// The team authorised last, and the unit that it inspects.
pub(super) fn last_authorised<'a>(plan: &Plan<'a>) -> Option<(&'a RoundTeam, &'a InspectedUnit)> {
    let team = plan.city.round_teams.last()?;
    let unit = plan.city.inspected_units.iter().find(|unit| {
        unit.team == team.team
            && plan.city[unit.inspection].round == team.round
            && unit.reached(Stage::OnSite).is_some()
    })?;
    Some((team, unit))
}

fn holder(plan: &Plan<'_>, wanted: kit::Role) -> Option<PersonKey> {
    let post = plan.city.posts.iter().find(|post| post.role.and_then(codes::role) == Some(wanted))?;
    Some(post.person)
}

/// The office of the district in which most was checked and inspected: there is most to see.
fn busiest_district(plan: &Plan<'_>) -> Option<PersonKey> {
    let offices = plan.city.posts.iter().filter(|post| post.role == Some(Role::DistrictOffice));
    let seen = |district: Option<OrganisationKey>| {
        let checked = plan.city.district_problems.iter();
        let checked = checked.filter(|problem| Some(plan.city[problem.check].district) == district).count();
        let inspected = plan.city.inspected_units.iter();
        let inside = |unit: &&city::inspections::InspectedUnit| {
            plan.district_of(&plan.city[unit.organisation]) == district
        };
        (inspected.filter(inside).count().min(1), checked)
    };
    // Of two colleagues the first, as everywhere.
    offices.rev().max_by_key(|post| seen(plan.city[post.organisation].parent)).map(|post| post.person)
}

/// The liaison whose unit had the most problems fed back: there is most to see.
fn busiest_liaison(plan: &Plan<'_>) -> Option<PersonKey> {
    let liaisons = plan.city.posts.iter().filter(|post| post.role == Some(Role::OrganisationLiaison));
    let fed_back = |organisation: OrganisationKey| {
        let problems = plan.city.problems.iter().filter(|problem| problem.fed_back_on.is_some());
        problems.filter(|problem| plan.city[problem.unit].organisation == organisation).count()
    };
    liaisons.max_by_key(|post| fed_back(post.organisation)).map(|post| post.person)
}
