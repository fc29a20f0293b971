//! Opinions of several parties (会审意见): on a plan of rectification the five that review it, on a problem to be
//! closed whoever is asked. Each agrees or asks for changes, with reasons; the office then returns or approves.
//! The inspected organisation reads what was put together for it, never the single opinions.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Governed, Lifecycle, Pred, Role, labelled, lifecycle};
use uuid::Uuid;

use crate::access;

pub use service::service;
pub use store::{Model as Opinion, current_of_plan, find};

/// Path segment of the noun.
pub const NOUN: &str = "rect_opinions";

kit::id!(
    /// Identity of an opinion.
    OpinionId
);

labelled! {
    /// What is reviewed.
    pub enum Subject: "会审事项" {
        /// A plan of rectification.
        Plan = "plan" => "整改方案会审", Grey;
        /// The closing of a problem.
        CloseOut = "close_out" => "销号会审", Grey;
    }
}

labelled! {
    /// Who reviews (domain.md 9.6: 五方会审).
    pub enum Party: "会审单位" {
        /// Discipline inspection and supervision.
        Discipline = "discipline" => "纪检监察机关", Grey;
        /// Organisation department.
        Organisation = "organisation" => "组织部门", Grey;
        /// Propaganda department.
        Propaganda = "propaganda" => "宣传部门", Grey;
        /// Inspection office.
        Office = "office" => "巡察办", Grey;
        /// The team that inspected.
        Team = "team" => "巡察组", Grey;
    }
}

labelled! {
    /// Where an opinion stands.
    pub enum State: "意见" {
        /// Asked for.
        Asked = "asked" => "待提意见", Yellow;
        /// Agrees.
        Agreed = "agreed" => "同意", Green;
        /// Asks for changes.
        Objected = "objected" => "要求修改", Red;
        /// No longer needed: the matter was decided without it.
        Lapsed = "lapsed" => "未提", Grey;
    }
}

labelled! {
    /// What can be done.
    pub enum Deed: "办理事项" {
        /// Agree.
        Agree = "agree" => "同意", Green;
        /// Ask for changes.
        Object = "object" => "要求修改", Red;
        /// Change one's mind before the matter is decided.
        Withdraw = "withdraw" => "收回意见", Grey;
    }
}

impl Opinion {
    /// Whether `actor` speaks for the party itself; the office otherwise enters what a party has written.
    pub fn speaks(&self, actor: &Actor) -> bool {
        match self.party {
            Party::Discipline => actor.is(Role::Discipline),
            Party::Organisation => actor.is(Role::OrganisationDepartment),
            Party::Propaganda => false,
            Party::Office => actor.is_office(),
            Party::Team => actor.is_for(Role::TeamHead, self.inspection_id),
        }
    }
}

impl Lifecycle for Opinion {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Asked, Deed::Agree) => Some(State::Agreed),
            (State::Asked, Deed::Object) => Some(State::Objected),
            (State::Agreed | State::Objected, Deed::Withdraw) => Some(State::Asked),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, _: Deed) -> bool {
        self.speaks(actor) || actor.is_office()
    }

    fn visible(actor: &Actor) -> Pred {
        access::reviewers(actor)
    }
}

fn governed() -> Governed {
    Governed {
        noun: NOUN,
        label: "会审意见",
        transitions: lifecycle::transitions::<Opinion>,
        permissions: || lifecycle::permissions::<Opinion>(sample, access::concerned, access::stranger),
    }
}

fn sample(state: State) -> Opinion {
    Opinion {
        id: OpinionId(Uuid::from_u128(400)),
        version: 1,
        subject: Subject::Plan,
        plan_id: None,
        problem_id: None,
        inspection_id: access::SAMPLE_INSPECTION,
        organisation_id: access::SAMPLE_ORGANISATION,
        turn: 1,
        party: Party::Discipline,
        state,
        asked_on: chrono::NaiveDate::default(),
        due_on: chrono::NaiveDate::default(),
        due_basis: String::new(),
        given_on: None,
        given_by: None,
        by_name: String::new(),
        document: String::new(),
        reasons: String::new(),
    }
}

/// The opinions put together for the organisation: what each party asks to be changed.
pub fn compiled(opinions: &[Opinion]) -> String {
    use kit::Labelled as _;
    let asks = opinions.iter().filter(|opinion| opinion.state == State::Objected);
    let lines: Vec<String> =
        asks.map(|opinion| format!("{}：{}", opinion.party.label(), opinion.reasons)).collect();
    lines.join("\n")
}

/// What stands against approving: parties that have not spoken, and those that ask for changes.
pub fn against(opinions: &[Opinion]) -> Vec<String> {
    use kit::Labelled as _;
    let open = opinions.iter().filter(|opinion| matches!(opinion.state, State::Asked | State::Objected));
    open.map(|opinion| format!("{}（{}）", opinion.party.label(), opinion.state.label())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;

    #[test]
    fn the_inspected_organisation_never_reads_a_single_opinion() {
        for state in State::ALL {
            assert!(!Opinion::visible(&access::concerned(Role::OrganisationLiaison)).holds(&sample(*state)));
        }
    }

    #[test]
    fn a_party_speaks_for_itself_and_only_the_office_for_another() {
        let opinion = sample(State::Asked);
        assert!(opinion.decide(&access::concerned(Role::Discipline), Deed::Agree).is_ok());
        assert!(opinion.decide(&access::concerned(Role::OfficeLiaison), Deed::Agree).is_ok());
        for role in [Role::OrganisationDepartment, Role::TeamHead, Role::LeadingGroup] {
            assert!(opinion.decide(&access::concerned(role), Deed::Agree).is_err(), "{role:?}");
        }
        let team = Opinion { party: Party::Team, ..sample(State::Asked) };
        assert!(team.decide(&access::concerned(Role::TeamHead), Deed::Object).is_ok());
        assert!(team.decide(&access::stranger(Role::TeamHead), Deed::Object).is_err());
    }

    #[test]
    fn what_stands_against_a_plan_names_who_is_silent_and_who_asks_for_changes() {
        let with = |party, state, reasons: &str| Opinion { party, reasons: reasons.into(), ..sample(state) };
        let opinions = [
            with(Party::Discipline, State::Agreed, ""),
            with(Party::Team, State::Objected, "第三项只改个案"),
            with(Party::Propaganda, State::Asked, ""),
        ];
        assert_eq!(against(&opinions), ["巡察组（要求修改）", "宣传部门（待提意见）"]);
        assert_eq!(compiled(&opinions), "巡察组：第三项只改个案");
    }
}
