//! Petitions (信访): what people write, say and bring to a team, by every channel; each needs a decision whether the team
//! looks into it or passes it on, with a clock for every step.
//!
//! What a letter says is encrypted at rest; who wrote it is kept apart, in [`crate::informants`], and never here.

pub mod actions;
mod clocks;
mod service;
mod store;

use kit::{Actor, Cx, Lifecycle, Pred, Result, labelled};

use crate::rights;

pub use service::service;
pub use store::Model as Petition;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "petitions";

kit::id!(
    /// Identity of a petition.
    PetitionId
);

labelled! {
    /// Where a petition stands.
    pub enum State: "信访状态" {
        /// Entered, no decision yet.
        Registered = "registered" => "待受理决定", Yellow;
        /// The team looks into it.
        Verifying = "verifying" => "核实中", Blue;
        /// Passed on, receipt missing.
        Passed = "passed" => "已转出待回执", Orange;
        /// Passed on and signed for.
        Receipted = "receipted" => "已签收办理", Blue;
        /// Joined with another.
        Merged = "merged" => "已并案", Grey;
        /// Not taken up.
        Refused = "refused" => "不予受理", Grey;
        /// Kept without further steps.
        Filed = "filed" => "存档备查", Grey;
        /// Finished.
        Closed = "closed" => "已办结", Green;
    }
}

labelled! {
    /// What is decided on a petition: in scope, or passed on (domain.md 13.4).
    pub enum Decision: "处理意见" {
        /// The team looks into it.
        Verify = "verify" => "受理核实", Grey;
        /// Joined with one that is there already.
        Merged = "merged" => "并入已有", Grey;
        /// Passed to the inspected organisation.
        ToUnit = "to_unit" => "转被巡察单位", Grey;
        /// Passed to a competent department.
        ToDepartment = "to_department" => "转职能部门", Grey;
        /// Passed to the complaints office.
        ToPetitionOffice = "to_petition_office" => "转信访部门", Grey;
        /// Not taken up.
        Refused = "refused" => "不予受理", Grey;
        /// Kept.
        Filed = "filed" => "存档备查", Grey;
    }
}

labelled! {
    /// To whom a petition out of scope is passed.
    pub enum PassTo: "转交去向" {
        /// The inspected organisation.
        Unit = "to_unit" => "被巡察单位", Grey;
        /// A competent department.
        Department = "to_department" => "职能部门", Grey;
        /// The complaints office.
        PetitionOffice = "to_petition_office" => "信访部门", Grey;
    }
}

labelled! {
    /// Whether the writer gave a name; the name itself is in the vault.
    pub enum Signed: "署名情况" {
        /// With a name.
        Named = "named" => "实名", Grey;
        /// Without.
        Anonymous = "anonymous" => "匿名", Grey;
        /// By several people together.
        Joint = "joint" => "联名", Grey;
    }
}

labelled! {
    /// What came of a petition.
    pub enum Outcome: "办理结果" {
        /// It is true.
        True = "true" => "属实", Grey;
        /// It is true in part.
        Partly = "partly" => "部分属实", Grey;
        /// It is not true.
        Untrue = "untrue" => "不属实", Grey;
        /// It could not be found out.
        Unclear = "unclear" => "无法核实", Grey;
        /// It became a lead.
        Lead = "lead" => "转问题线索", Grey;
        /// What was asked for was done.
        Resolved = "resolved" => "诉求已解决", Grey;
        /// It was explained.
        Explained = "explained" => "已解释答复", Grey;
    }
}

labelled! {
    /// What can be done to a petition.
    pub enum Deed: "信访办理" {
        /// Complete what was entered.
        Edit = "edit" => "修改登记", Grey;
        /// Take it up.
        Verify = "verify" => "受理核实", Grey;
        /// Join it with another.
        Merge = "merge" => "并入已有", Grey;
        /// Pass it on.
        PassOn = "pass_on" => "转出", Grey;
        /// Do not take it up.
        Refuse = "refuse" => "不予受理", Grey;
        /// Keep it without further steps.
        File = "file" => "存档备查", Grey;
        /// Record the receipt.
        Receipt = "receipt" => "登记回执", Grey;
        /// Record what came of it.
        Close = "close" => "办结", Grey;
        /// Decide anew.
        Reopen = "reopen" => "重新决定", Grey;
        /// Open what it says.
        Consult = "consult" => "查阅内容", Grey;
    }
}

impl From<PassTo> for Decision {
    fn from(to: PassTo) -> Self {
        match to {
            PassTo::Unit => Self::ToUnit,
            PassTo::Department => Self::ToDepartment,
            PassTo::PetitionOffice => Self::ToPetitionOffice,
        }
    }
}

impl Decision {
    /// Whether the matter lies within what the inspection takes up; not every decision says so.
    pub fn in_scope(self) -> Option<bool> {
        match self {
            Self::Verify | Self::Merged => Some(true),
            Self::ToUnit | Self::ToDepartment | Self::ToPetitionOffice => Some(false),
            Self::Refused | Self::Filed => None,
        }
    }
}

/// What a petition says.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// Whom or what it is about.
    pub subject: String,
    /// What it says.
    pub content: String,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Content(..)")
    }
}

/// Encrypts a field of a petition so that it opens in its own place only.
pub fn seal(cx: &Cx, id: PetitionId, field: &str, text: &str) -> Result<String> {
    cx.app().seal().seal(&format!("petition/{id}/{field}"), text)
}

fn open(cx: &Cx, id: PetitionId, field: &str, sealed: &str) -> Result<String> {
    cx.app().seal().open(&format!("petition/{id}/{field}"), sealed)
}

impl Petition {
    /// What it says, decrypted.
    fn content(&self, cx: &Cx) -> Result<Content> {
        Ok(Content {
            subject: open(cx, self.id, "subject", &self.subject_sealed)?,
            content: open(cx, self.id, "content", &self.content_sealed)?,
        })
    }
}

impl Lifecycle for Petition {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (_, Deed::Consult) => Some(state),
            (State::Registered, Deed::Verify) => Some(State::Verifying),
            (State::Registered, Deed::Merge) => Some(State::Merged),
            // What turns out to be out of scope while it is looked into is passed on late.
            (State::Registered | State::Verifying, Deed::PassOn) => Some(State::Passed),
            (State::Registered, Deed::Refuse) => Some(State::Refused),
            (State::Registered, Deed::File) => Some(State::Filed),
            (State::Passed, Deed::Receipt) => Some(State::Receipted),
            (State::Verifying | State::Receipted, Deed::Close) => Some(State::Closed),
            (State::Registered, Deed::Edit)
            | (State::Merged | State::Refused | State::Filed, Deed::Reopen) => Some(State::Registered),
            _ => None,
        }
    }

    /// The head decides, the team works; others only open what is written, for a reason.
    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Edit | Deed::Receipt | Deed::Close => actor.in_team(self.inspection_id),
            Deed::Verify | Deed::Merge | Deed::PassOn | Deed::Refuse | Deed::File | Deed::Reopen => {
                rights::leads(actor, self.inspection_id)
            }
            Deed::Consult => rights::opens(actor, self.inspection_id),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        rights::sensitive(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::{Labelled as _, Role};
    use planning::samples;
    use proptest::prelude::*;

    #[test]
    fn nobody_but_the_own_team_its_supervisors_and_the_leading_group_sees_a_petition() {
        for &role in Role::ALL {
            let sees = Petition::visible(&samples::concerned(role)).holds(&store::sample(State::Registered));
            let expected = role.is_team() || matches!(role, Role::LeadingGroup | Role::OfficeDirector);
            assert_eq!(sees, expected, "{role:?}");
        }
    }

    #[test]
    fn a_member_registers_and_works_but_the_head_decides() {
        let (head, member) = (samples::concerned(Role::TeamHead), samples::concerned(Role::TeamMember));
        let petition = store::sample(State::Registered);
        for deed in [Deed::Verify, Deed::Merge, Deed::PassOn, Deed::Refuse, Deed::File] {
            assert!(petition.decide(&head, deed).is_ok() && petition.decide(&member, deed).is_err());
        }
        assert!(petition.decide(&member, Deed::Edit).is_ok());
    }

    #[test]
    fn every_decision_of_the_dictionary_is_known_by_its_code() {
        for to in PassTo::ALL {
            assert_eq!(Decision::from(*to).code(), to.code());
            assert_eq!(Decision::from(*to).in_scope(), Some(false));
        }
    }

    proptest! {
        #[test]
        fn no_petition_is_finished_without_a_decision(deeds in proptest::collection::vec(0..Deed::ALL.len(), 1..30)) {
            let (mut state, mut decided) = (State::Registered, false);
            for at in deeds {
                let deed = Deed::ALL[at];
                if let Some(next) = Petition::transition(state, deed) {
                    decided = match deed {
                        Deed::Reopen => false,
                        Deed::Verify | Deed::Merge | Deed::PassOn | Deed::Refuse | Deed::File => true,
                        _ => decided,
                    };
                    state = next;
                }
                prop_assert_eq!(decided, state != State::Registered);
            }
        }
    }
}
