//! The automatic check (自动核对): what a person's record says against working on an organisation. Pure, so
//! that the same rule serves the declaration, the ranking of candidates and the draw.

use std::collections::HashSet;

use chrono::NaiveDate;
use registry::organisations::OrganisationId;

use super::Ground;

/// A post a person held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Where.
    pub organisation: OrganisationId,
    /// As what.
    pub title: String,
    /// Last day; none while it is held.
    pub to: Option<NaiveDate>,
}

/// What is known of a person, as far as the check needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Where the person works.
    pub works_at: Vec<OrganisationId>,
    /// Posts held before.
    pub posts: Vec<Held>,
    /// Where near relatives work.
    pub relatives: Vec<OrganisationId>,
    /// Native place, such as `云溪县`.
    pub native_place: String,
}

/// An organisation that is to be inspected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Identity.
    pub organisation: OrganisationId,
    /// Name.
    pub name: String,
}

/// What speaks against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which organisation.
    pub organisation: OrganisationId,
    /// On what ground.
    pub ground: Ground,
    /// In words, for whoever decides. Names no relative.
    pub reason: String,
}

/// What speaks against `profile` working on any of `subjects` on `day`, when a post held counts for `months`
/// after it was left.
pub fn findings(profile: &Profile, subjects: &[Subject], day: NaiveDate, months: u32) -> Vec<Finding> {
    subjects.iter().flat_map(|subject| against(profile, subject, day, months)).collect()
}

fn against(profile: &Profile, subject: &Subject, day: NaiveDate, months: u32) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |ground, reason: String| {
        found.push(Finding { organisation: subject.organisation, ground, reason });
    };
    let works = profile.works_at.contains(&subject.organisation)
        || profile.posts.iter().any(|held| held.organisation == subject.organisation && held.to.is_none());
    if works {
        add(Ground::Works, format!("现任职于{}", subject.name));
    }
    if let Some((held, left)) = last_left(profile, subject.organisation)
        && counts(left, day, months)
    {
        add(Ground::Worked, format!("曾任{}{}，{left}离任，未满{months}个月", subject.name, held.title));
    }
    if profile.relatives.contains(&subject.organisation) {
        add(Ground::Relative, format!("近亲属在{}任职", subject.name));
    }
    if is_native(&profile.native_place, &subject.name) {
        add(Ground::NativePlace, format!("籍贯{}", profile.native_place));
    }
    found
}

/// The post at `organisation` that was left last.
fn last_left(profile: &Profile, organisation: OrganisationId) -> Option<(&Held, NaiveDate)> {
    profile
        .posts
        .iter()
        .filter(|held| held.organisation == organisation)
        .filter_map(|held| held.to.map(|to| (held, to)))
        .max_by_key(|(_, to)| *to)
}

/// Whether a post left on `left` still counts on `day`; none in the future is left.
fn counts(left: NaiveDate, day: NaiveDate, months: u32) -> bool {
    left.checked_add_months(chrono::Months::new(months)).is_none_or(|free| day < free)
}

/// Whether an organisation is that of the person's native place, such as the district's own committee.
fn is_native(place: &str, name: &str) -> bool {
    place.chars().count() >= 2 && name.starts_with(place)
}

/// The organisations among `subjects` that `profile` must not work on; the fast form of [`findings`].
pub fn conflicts(
    profile: &Profile,
    subjects: &[Subject],
    day: NaiveDate,
    months: u32,
) -> HashSet<OrganisationId> {
    findings(profile, subjects, day, months).into_iter().map(|finding| finding.organisation).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(number: u128) -> OrganisationId {
        OrganisationId(Uuid::from_u128(number))
    }

    fn subject(number: u128, name: &str) -> Subject {
        Subject { organisation: at(number), name: name.to_owned() }
    }

    fn held(number: u128, to: Option<&str>) -> Held {
        Held { organisation: at(number), title: String::from("科长"), to: to.map(day) }
    }

    fn grounds(profile: &Profile, on: &str) -> Vec<Ground> {
        let found = findings(profile, &[subject(1, "云溪县教育局")], day(on), 36);
        found.into_iter().map(|finding| finding.ground).collect()
    }

    #[test]
    fn a_post_counts_until_the_last_day_of_its_years() {
        let profile = Profile { posts: vec![held(1, Some("2020-05-31"))], ..Profile::default() };
        assert_eq!(grounds(&profile, "2023-05-30"), [Ground::Worked]);
        assert_eq!(grounds(&profile, "2023-05-31"), []);
    }

    #[test]
    fn every_ground_is_named_by_itself() {
        let profile = Profile {
            works_at: vec![at(1)],
            posts: vec![held(1, Some("2022-01-01")), held(2, None)],
            relatives: vec![at(1)],
            native_place: String::from("云溪县"),
        };
        let all = [Ground::Works, Ground::Worked, Ground::Relative, Ground::NativePlace];
        assert_eq!(grounds(&profile, "2023-01-01"), all);
    }

    #[test]
    fn the_last_of_several_posts_at_one_place_counts() {
        let posts =
            vec![held(1, Some("2010-01-01")), held(1, Some("2022-06-01")), held(1, Some("2015-01-01"))];
        let profile = Profile { posts, ..Profile::default() };
        assert_eq!(grounds(&profile, "2023-01-01"), [Ground::Worked]);
        assert_eq!(grounds(&profile, "2026-01-01"), []);
    }

    proptest! {
        #[test]
        fn more_known_of_a_person_never_takes_a_finding_away(
            works in proptest::collection::vec(0_u128..4, 0..3), relatives in proptest::collection::vec(0_u128..4, 0..3),
            left in 0_i64..4000, more in 0_u128..4,
        ) {
            let on = day("2023-06-01");
            let left = on - chrono::Duration::days(left);
            let mut profile = Profile {
                works_at: works.into_iter().map(at).collect(),
                posts: vec![Held { organisation: at(2), title: String::new(), to: Some(left) }],
                relatives: relatives.into_iter().map(at).collect(),
                native_place: String::new(),
            };
            let subjects: Vec<Subject> = (0..4).map(|number| subject(number, "某局")).collect();
            let before = conflicts(&profile, &subjects, on, 36);
            profile.relatives.push(at(more));
            profile.posts.push(Held { organisation: at(more), title: String::new(), to: None });
            let after = conflicts(&profile, &subjects, on, 36);
            prop_assert!(before.is_subset(&after));
            prop_assert!(after.contains(&at(more)));
        }
    }
}
