//! Rules of focus (监督重点规则): which points a team looks at in an organisation of a kind or with a duty,
//! and the text that rests on. The office keeps them; checklists are derived from them.

pub mod actions;
mod seed;
mod service;
mod store;

use chrono::NaiveDate;
use kit::{Actor, Lifecycle, Pred, labelled};
use registry::organisations::OrganisationKind;

pub use seed::seed;
pub use service::service;
pub use store::{Model as FocusRule, find, in_force};

use crate::{
    duties::{Duty, DutyId},
    shared,
};

/// Path segment of the noun.
pub const NOUN: &str = "focus_rules";

/// Stands in a rule's text for the duty it applies to; such a rule gives a point for each duty.
pub const DUTY_BLANK: &str = "{职责}";

kit::id!(
    /// Identity of a rule.
    RuleId
);

labelled! {
    /// Whether a rule holds.
    pub enum State: "规则状态" {
        /// Checklists are derived from it.
        InForce = "in_force" => "启用", Green;
        /// No longer.
        Ended = "ended" => "停用", Grey;
    }
}

labelled! {
    /// What can be done to a rule.
    pub enum Deed: "规则办理" {
        /// Change it; lists that were drawn keep their text.
        Edit = "edit" => "修改", Grey;
        /// No longer derive from it.
        End = "end" => "停用", Red;
        /// Derive from it again.
        Resume = "resume" => "重新启用", Green;
    }
}

impl Lifecycle for FocusRule {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::InForce, Deed::Edit) | (State::Ended, Deed::Resume) => Some(State::InForce),
            (State::InForce, Deed::End) => Some(State::Ended),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        actor.is_office()
    }

    fn visible(actor: &Actor) -> Pred {
        if shared::inside(actor) { Pred::All } else { Pred::Nothing }
    }
}

/// A point that follows from a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// What to look at.
    pub text: String,
    /// What that rests on.
    pub basis: String,
    /// Framework item, second level; may be empty.
    pub framework_2: String,
    /// The rule.
    pub rule: RuleId,
    /// The duty it follows from, when it follows from one.
    pub duty: Option<DutyId>,
}

impl FocusRule {
    /// Whether it holds on `day`.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| day <= to)
    }

    /// The points this rule gives for an organisation of `kind` with `duties`.
    fn points(&self, kind: OrganisationKind, duties: &[Duty]) -> Vec<Point> {
        if self.organisation_kind.is_some_and(|wanted| wanted != kind) {
            return Vec::new();
        }
        let point = |duty: Option<&Duty>| Point {
            text: duty.map_or_else(|| self.text.clone(), |duty| self.text.replace(DUTY_BLANK, &duty.text)),
            basis: self.basis.clone(),
            framework_2: self.framework_2.clone(),
            rule: self.id,
            duty: duty.map(|duty| duty.id),
        };
        let mut matching = duties.iter().filter(|duty| duty.text.contains(&self.keyword));
        if self.text.contains(DUTY_BLANK) {
            matching.filter(|duty| duty.core).map(|duty| point(Some(duty))).collect()
        } else if self.keyword.is_empty() {
            vec![point(None)]
        } else {
            matching.next().map(|duty| point(Some(duty))).into_iter().collect()
        }
    }
}

/// All points that `rules` give for an organisation of `kind` with `duties`, each text once.
pub fn derive(rules: &[FocusRule], kind: OrganisationKind, duties: &[Duty]) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for point in rules.iter().flat_map(|rule| rule.points(kind, duties)) {
        if points.iter().all(|held| held.text != point.text) {
            points.push(point);
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duties;
    use proptest::prelude::*;

    fn rule(keyword: &str, kind: Option<OrganisationKind>, text: &str) -> FocusRule {
        let mut rule = store::sample(State::InForce);
        rule.id = RuleId(kit::ids::random());
        (rule.keyword, rule.organisation_kind, rule.text) = (keyword.into(), kind, text.into());
        rule
    }

    fn duty(text: &str, core: bool) -> Duty {
        Duty { id: DutyId(kit::ids::random()), text: text.into(), core, ..duties::sample() }
    }

    #[test]
    fn a_keyword_asks_for_a_duty_that_names_it() {
        let rules = [rule("招投标", None, "招投标监管")];
        let derived = |duties: &[Duty]| derive(&rules, OrganisationKind::CityDepartment, duties);
        assert!(derived(&[duty("负责档案管理", true)]).is_empty());
        let own = duty("负责工程招投标监督管理", false);
        assert_eq!(derived(std::slice::from_ref(&own))[0].duty, Some(own.id));
    }

    #[test]
    fn a_kind_asks_for_organisations_of_that_kind_only() {
        let rules = [rule("", Some(OrganisationKind::CityEnterprise), "国有资产保值增值")];
        assert_eq!(derive(&rules, OrganisationKind::CityEnterprise, &[]).len(), 1);
        assert!(derive(&rules, OrganisationKind::Town, &[]).is_empty());
    }

    #[test]
    fn a_rule_that_names_the_duty_gives_a_point_for_each_core_duty() {
        let rules = [rule("", None, "履行“{职责}”是否到位")];
        let duties = [duty("防洪", true), duty("供水", true), duty("后勤", false)];
        let points = derive(&rules, OrganisationKind::CityDepartment, &duties);
        let texts: Vec<&str> = points.iter().map(|point| point.text.as_str()).collect();
        assert_eq!(texts, ["履行“防洪”是否到位", "履行“供水”是否到位"]);
    }

    proptest! {
        #[test]
        fn no_text_stands_twice_and_more_duties_never_take_a_point_away(
            keywords in proptest::collection::vec("[甲乙丙]{0,1}", 0..8),
            texts in proptest::collection::vec("[甲乙丙丁]{1,3}", 0..6),
        ) {
            let rules: Vec<FocusRule> =
                keywords.iter().map(|word| rule(word, None, &format!("看{word}"))).collect();
            let duties: Vec<Duty> = texts.iter().map(|text| duty(text, true)).collect();
            let all = derive(&rules, OrganisationKind::Town, &duties);
            let mut said: Vec<&str> = all.iter().map(|point| point.text.as_str()).collect();
            said.sort_unstable();
            said.dedup();
            prop_assert_eq!(said.len(), all.len());
            let fewer = derive(&rules, OrganisationKind::Town, &duties[..duties.len() / 2]);
            prop_assert!(fewer.iter().all(|point| all.iter().any(|held| held.text == point.text)));
        }
    }
}
