//! Ranking (人选排序): who of the pool fits a need, with every point explained and everything that stands against
//! somebody said. Pure; the weights come from policies.

use std::cmp::Reverse;

use chrono::{Months, NaiveDate};

use crate::talents::{Standing, TalentId};

/// How much what counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    /// The first speciality fits.
    pub speciality: i64,
    /// The second speciality fits.
    pub second: i64,
    /// Each inspection worked in before, up to five.
    pub service: i64,
    /// Not called within the last year.
    pub rested: i64,
    /// Each inspection that goes on, taken off.
    pub running: i64,
    /// A good appraisal; a bad one is taken off twice.
    pub appraisal: i64,
}

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Code of the speciality, or empty when any will do.
    pub speciality: String,
    /// Its word.
    pub word: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// Somebody with what speaks for and against him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// Who.
    pub id: TalentId,
    /// Name.
    pub name: String,
    /// Where the person works.
    pub place: String,
    /// Points.
    pub score: i64,
    /// What they come from.
    pub reasons: Vec<String>,
    /// What makes it impossible: an avoidance, another inspection in the same days.
    pub against: Vec<String>,
    /// What speaks for somebody else without making it impossible: the same team or organisation not long ago.
    pub paired: Option<&'static str>,
}

impl Ranked {
    /// The reasons as people read them, with what speaks for somebody else at their end.
    pub fn told(&self) -> String {
        let paired = self.paired.map(|words| format!("{words}，宜换人"));
        self.reasons.iter().cloned().chain(paired).collect::<Vec<_>>().join("；")
    }
}

/// `people` in order: those who can be called before those who cannot, more points before fewer.
pub fn rank(
    wanted: &Wanted,
    weights: &Weights,
    people: Vec<Standing>,
    mut against: impl FnMut(&Standing) -> Vec<String>,
) -> Vec<Ranked> {
    let mut ranked: Vec<Ranked> = people
        .into_iter()
        .map(|person| {
            let mut impossible = against(&person);
            impossible.extend(unavailable(&person, wanted));
            let (score, reasons) = points(&person, wanted, weights);
            let place = person.place.unwrap_or_default();
            Ranked {
                id: person.id,
                name: person.name,
                place,
                score,
                reasons,
                against: impossible,
                paired: None,
            }
        })
        .collect();
    ranked.sort_by(|one, other| {
        let key = |person: &Ranked| (!person.against.is_empty(), Reverse(person.score), person.id);
        key(one).cmp(&key(other))
    });
    ranked
}

fn unavailable(person: &Standing, wanted: &Wanted) -> Option<String> {
    if let Some(first) = person.available_from.filter(|first| *first > wanted.from) {
        return Some(format!("{first}起才可抽调"));
    }
    let last = person.available_to.filter(|last| *last < wanted.to)?;
    Some(format!("只能抽调到{last}"))
}

fn points(person: &Standing, wanted: &Wanted, weights: &Weights) -> (i64, Vec<String>) {
    let mut score = 0;
    let mut reasons = Vec::new();
    let mut add = |points: i64, words: String| {
        if points != 0 {
            score += points;
            reasons.push(format!("{words} {points:+}"));
        }
    };
    if !wanted.speciality.is_empty() {
        if person.speciality == wanted.speciality {
            add(weights.speciality, format!("主专长{}", wanted.word));
        } else if person.second_speciality == wanted.speciality {
            add(weights.second, format!("次专长{}", wanted.word));
        }
    }
    if person.services > 0 {
        add(weights.service * person.services.min(5), format!("参加过{}次巡察", person.services));
    }
    if person.running > 0 {
        add(-weights.running * person.running, format!("在办{}项任务", person.running));
    } else if rested(person.last_on, wanted.from) {
        add(weights.rested, String::from("近一年未抽调"));
    }
    match person.grades {
        0 => {}
        grades if grades > 0 => add(weights.appraisal, String::from("考核评价好")),
        _ => add(-2 * weights.appraisal, String::from("考核评价差")),
    }
    (score, reasons)
}

fn rested(last: Option<NaiveDate>, from: NaiveDate) -> bool {
    last.is_none_or(|last| last.checked_add_months(Months::new(12)).is_some_and(|free| free <= from))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::avoidances::check::Profile;

    const WEIGHTS: Weights =
        Weights { speciality: 40, second: 20, service: 4, rested: 10, running: 15, appraisal: 10 };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn wanted() -> Wanted {
        Wanted {
            speciality: String::from("finance"),
            word: String::from("财务审计"),
            from: day("2024-03-01"),
            to: day("2024-05-31"),
        }
    }

    fn person(number: u128, speciality: &str, services: i64) -> Standing {
        Standing {
            id: TalentId(Uuid::from_u128(number)),
            name: format!("人员{number}"),
            place: None,
            speciality: speciality.to_owned(),
            second_speciality: String::new(),
            available_from: None,
            available_to: None,
            services,
            last_on: None,
            running: 0,
            grades: 0,
            profile: Profile::default(),
        }
    }

    fn order(people: Vec<Standing>, barred: u128) -> Vec<u128> {
        let against = |person: &Standing| {
            if person.id.0.as_u128() == barred { vec![String::from("近亲属任职")] } else { Vec::new() }
        };
        rank(&wanted(), &WEIGHTS, people, against).iter().map(|ranked| ranked.id.0.as_u128()).collect()
    }

    #[test]
    fn the_fitting_come_first_and_whoever_must_keep_away_comes_last_with_the_reason() {
        let people = vec![person(1, "law", 5), person(2, "finance", 0), person(3, "finance", 3)];
        assert_eq!(order(people.clone(), 0), [3, 2, 1]);
        assert_eq!(order(people, 3), [2, 1, 3]);
    }

    #[test]
    fn every_point_is_explained() {
        let mut busy = person(1, "finance", 7);
        busy.running = 1;
        let ranked = rank(&wanted(), &WEIGHTS, vec![busy], |_| Vec::new());
        assert_eq!(ranked[0].score, 40 + 20 - 15);
        assert_eq!(ranked[0].reasons, ["主专长财务审计 +40", "参加过7次巡察 +20", "在办1项任务 -15"]);
    }

    #[test]
    fn who_cannot_be_had_for_the_whole_time_is_kept_and_says_why() {
        let mut short = person(1, "finance", 0);
        short.available_to = Some(day("2024-04-30"));
        let ranked = rank(&wanted(), &WEIGHTS, vec![short], |_| Vec::new());
        assert_eq!(ranked[0].against, ["只能抽调到2024-04-30"]);
    }

    proptest! {
        #[test]
        fn the_order_does_not_depend_on_the_order_of_the_pool(services in proptest::collection::vec(0_i64..8, 1..12), turn in 0_usize..12) {
            let people: Vec<Standing> = services.iter().zip(1..)
                .map(|(services, number)| person(number, if number % 2 == 0 { "law" } else { "finance" }, *services)).collect();
            let mut turned = people.clone();
            let by = turn % people.len();
            turned.rotate_left(by);
            prop_assert_eq!(order(people, 2), order(turned, 2));
        }
    }
}
