//! Schemes of evaluation (整改评估方案) as data: items with their points, grades with what follows from them. Which scheme
//! an office uses is its own decision; those known from other places come along to be completed.

pub mod actions;
mod seed;
mod service;
mod store;

use kit::{Actor, Governed, Labelled as _, Lifecycle, Pred, Refusal, Result, labelled, lifecycle};
use uuid::Uuid;

use crate::access;

pub use seed::seed;
pub use service::service;
pub use store::{Grade, Item, Model as Scheme, find};
pub(crate) use store::{grades_of, items_of};

/// Path segment of the noun.
pub const NOUN: &str = "eval_schemes";

kit::id!(
    /// Identity of a scheme.
    SchemeId
);

labelled! {
    /// How an item counts.
    pub enum ItemKind: "计分方式" {
        /// Points are taken off its own.
        Deduct = "deduct" => "扣分项", Grey;
        /// Points on top.
        Bonus = "bonus" => "加分项", Green;
        /// Points off the total.
        Malus = "malus" => "减分项", Orange;
        /// Makes the total nothing.
        Veto = "veto" => "否决项", Red;
    }
}

labelled! {
    /// Where a scheme stands.
    pub enum State: "方案状态" {
        /// Points or grades are missing.
        Incomplete = "incomplete" => "待补全", Yellow;
        /// Used.
        InForce = "in_force" => "启用", Green;
        /// No longer used.
        Retired = "retired" => "停用", Grey;
    }
}

labelled! {
    /// What can be done.
    pub enum Deed: "办理事项" {
        /// Change items and grades.
        Edit = "edit" => "修改", Grey;
        /// Use it.
        Enforce = "enforce" => "启用", Green;
        /// Use it no longer.
        Retire = "retire" => "停用", Grey;
    }
}

impl Lifecycle for Scheme {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Incomplete | State::Retired, Deed::Edit) => Some(State::Incomplete),
            (State::Incomplete | State::Retired, Deed::Enforce) => Some(State::InForce),
            // What evaluations were made by stays as it was; another scheme replaces it.
            (State::InForce, Deed::Retire) => Some(State::Retired),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        actor.is_office()
    }

    fn visible(actor: &Actor) -> Pred {
        if access::reviewers(actor) == Pred::Nothing { Pred::Nothing } else { Pred::All }
    }
}

/// Refuses a scheme that cannot be scored: points missing or not adding up, grades missing or not falling to nothing.
///
/// # Errors
/// A refusal that names what is missing.
pub fn check(total_tenths: i64, items: &[Item], grades: &[Grade]) -> Result<()> {
    let base: Vec<&Item> = items.iter().filter(|item| item.kind == ItemKind::Deduct).collect();
    if base.is_empty() {
        return Err(Refusal::conflict("方案没有扣分项，不能启用。").into());
    }
    let missing: Vec<&str> = items
        .iter()
        .filter(|item| item.kind != ItemKind::Veto && item.points_tenths.is_none())
        .map(|item| item.label.as_str())
        .collect();
    if !missing.is_empty() {
        let words =
            format!("以下项目还没有分值：{}。公开资料未载明的由巡察办确定后启用。", missing.join("、"));
        return Err(Refusal::conflict(words).into());
    }
    let sum: i64 = base.iter().filter_map(|item| item.points_tenths).sum();
    if sum != total_tenths {
        let words = format!("扣分项分值合计 {}，与总分 {} 不符。", points(sum), points(total_tenths));
        return Err(Refusal::conflict(words).into());
    }
    check_grades(total_tenths, grades)
}

fn check_grades(total_tenths: i64, grades: &[Grade]) -> Result<()> {
    let Some(least) = grades.iter().map(|grade| grade.least_tenths).collect::<Option<Vec<i64>>>() else {
        return Err(Refusal::conflict("有的等次还没有最低分，不能启用。").into());
    };
    let falls = least.windows(2).all(|pair| matches!(pair, [higher, lower] if higher > lower));
    if least.last() != Some(&0) || !falls || least.first().is_some_and(|first| *first > total_tenths) {
        return Err(Refusal::conflict("等次应从高到低排列，最低一档从 0 分起。").into());
    }
    Ok(())
}

/// Points as people write them: `12.5`.
pub fn points(tenths: i64) -> String {
    if tenths % 10 == 0 {
        return (tenths / 10).to_string();
    }
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
}

/// Reads points written by people: at most one decimal.
pub fn parse_points(text: &str) -> Option<i64> {
    kit::units::parse_decimal(text, 10)
}

/// What an item took or gave, as entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The item.
    pub item: Uuid,
    /// Points in tenths, without sign; of a veto whether it applies (not 0).
    pub tenths: i64,
}

/// The total of a scheme under these marks: points of each item less what was taken, never below nothing; bonus and malus
/// on top; nothing at all under a veto.
pub fn total(items: &[Item], marks: &[Mark]) -> i64 {
    let of =
        |item: &Item| marks.iter().filter(|mark| mark.item == item.id).map(|mark| mark.tenths).sum::<i64>();
    let mut sum = 0;
    for item in items {
        let most = item.points_tenths.unwrap_or(0);
        match item.kind {
            ItemKind::Deduct => sum += (most - of(item)).clamp(0, most.max(0)),
            ItemKind::Bonus => sum += of(item).clamp(0, most.max(0)),
            ItemKind::Malus => sum -= of(item).clamp(0, most.max(0)),
            ItemKind::Veto if of(item) != 0 => return 0,
            ItemKind::Veto => {}
        }
    }
    sum.max(0)
}

/// The grade of a total.
pub fn grade_of(grades: &[Grade], total: i64) -> Option<&Grade> {
    grades.iter().find(|grade| grade.least_tenths.is_some_and(|least| total >= least))
}

fn governed() -> Governed {
    Governed {
        noun: NOUN,
        label: "评估方案",
        transitions: lifecycle::transitions::<Scheme>,
        permissions: || lifecycle::permissions::<Scheme>(sample, access::concerned, access::stranger),
    }
}

fn sample(state: State) -> Scheme {
    Scheme {
        id: SchemeId(Uuid::from_u128(470)),
        version: 1,
        code: String::new(),
        name: String::new(),
        basis: String::new(),
        points_tenths: 1_000,
        state,
        note: String::new(),
    }
}

/// The label of a kind, for tables.
pub(crate) fn kind_label(kind: ItemKind) -> &'static str {
    kind.label()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn item(n: u128, kind: ItemKind, points: Option<i64>) -> Item {
        Item {
            id: Uuid::from_u128(n),
            scheme_id: SchemeId(Uuid::nil()),
            position: n as i64,
            aspect: String::new(),
            label: format!("项目{n}"),
            kind,
            points_tenths: points,
            note: String::new(),
        }
    }

    fn grade(label: &str, least: Option<i64>) -> Grade {
        Grade {
            id: Uuid::nil(),
            scheme_id: SchemeId(Uuid::nil()),
            position: 1,
            label: label.to_owned(),
            least_tenths: least,
            consequence: String::new(),
            look_back: false,
        }
    }

    fn mark(n: u128, tenths: i64) -> Mark {
        Mark { item: Uuid::from_u128(n), tenths }
    }

    #[test]
    fn a_scheme_whose_points_are_missing_or_do_not_add_up_cannot_be_used() {
        let grades = [grade("好", Some(900)), grade("差", Some(0))];
        let full = [item(1, ItemKind::Deduct, Some(600)), item(2, ItemKind::Deduct, Some(400))];
        assert!(check(1_000, &full, &grades).is_ok());
        assert!(check(1_000, &full[..1], &grades).is_err());
        assert!(check(1_000, &[item(1, ItemKind::Deduct, None)], &grades).is_err());
        assert!(check(1_000, &full, &[grade("好", Some(900))]).is_err());
        assert!(check(1_000, &full, &[grade("好", None), grade("差", Some(0))]).is_err());
        assert!(check(1_000, &full, &[grade("差", Some(0)), grade("好", Some(900))]).is_err());
    }

    #[test]
    fn a_veto_leaves_nothing_and_a_bonus_has_its_bound() {
        let items = [
            item(1, ItemKind::Deduct, Some(1_000)),
            item(2, ItemKind::Bonus, Some(50)),
            item(3, ItemKind::Malus, Some(100)),
            item(4, ItemKind::Veto, None),
        ];
        assert_eq!(total(&items, &[mark(1, 30), mark(2, 80), mark(3, 20)]), 1_000);
        assert_eq!(total(&items, &[mark(1, 30), mark(4, 1)]), 0);
        let grades = [grade("好", Some(900)), grade("差", Some(0))];
        assert_eq!(grade_of(&grades, 900).map(|grade| grade.label.as_str()), Some("好"));
        assert_eq!(grade_of(&grades, 899).map(|grade| grade.label.as_str()), Some("差"));
    }

    #[test]
    fn points_are_written_and_read_with_one_decimal() {
        for (text, tenths) in [("12.5", 125), ("60", 600), ("0", 0), ("0.5", 5)] {
            assert_eq!(parse_points(text), Some(tenths));
            assert_eq!(points(tenths), text);
        }
    }

    proptest! {
        #[test]
        fn a_total_lies_between_nothing_and_all_points_with_bonus_whatever_is_marked(
            marks in prop::collection::vec((1u128..5, -50i64..2_000), 0..12),
        ) {
            let items = [
                item(1, ItemKind::Deduct, Some(600)),
                item(2, ItemKind::Deduct, Some(400)),
                item(3, ItemKind::Bonus, Some(50)),
                item(4, ItemKind::Malus, Some(100)),
            ];
            let marks: Vec<Mark> = marks.into_iter().map(|(n, tenths)| mark(n, tenths)).collect();
            let total = total(&items, &marks);
            prop_assert!((0..=1_050).contains(&total));
        }
    }
}
