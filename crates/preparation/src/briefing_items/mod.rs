//! Items of briefing replies (通报事项): what a department knows of an organisation, one matter each, and
//! what became of it in the inspection.
//!
//! An item belongs to its department alone until the reply is handed in. What the team found out stays
//! with those who inspect; the department learns the kind of outcome and nothing else.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Cx, Lifecycle, Pred, Result, labelled};

pub use service::service;
pub(crate) use service::{entry, entry_fields};
pub use store::{Model as BriefingItem, find, unsettled};

use crate::shared;

/// Path segment of the noun.
pub const NOUN: &str = "briefing_items";

kit::id!(
    /// Identity of an item.
    ItemId
);

labelled! {
    /// What kind of matter it is.
    pub enum Kind: "事项类别" {
        /// A problem known to the department.
        Problem = "problem" => "问题", Grey;
        /// A lead on somebody.
        Lead = "lead" => "问题线索", Grey;
        /// A finding of an audit.
        AuditFinding = "audit_finding" => "审计发现", Grey;
        /// Letters and visits.
        Complaint = "complaint" => "信访反映", Grey;
        /// How the organisation fulfils its duties.
        DutyFacts = "duty_facts" => "履职情况", Grey;
        /// Leadership and personnel.
        Personnel = "personnel" => "班子和干部", Grey;
    }
}

labelled! {
    /// How closely what it says is kept.
    pub enum Keeping: "密级" {
        /// For those who work with it.
        Internal = "internal" => "内部", Grey;
        /// Encrypted; every opening is recorded.
        Sealed = "sealed" => "密封", Red;
    }
}

labelled! {
    /// Where an item stands.
    pub enum State: "事项状态" {
        /// Entered, reply not handed in.
        Drafted = "drafted" => "待提交", Grey;
        /// Handed in with the reply.
        Handed = "handed" => "待签收", Yellow;
        /// The team has signed for it.
        Received = "received" => "待核查", Blue;
        /// What became of it is recorded.
        Settled = "settled" => "已核查", Green;
        /// The department was told.
        Reported = "reported" => "已反馈", Green;
        /// Taken out of the reply before it was handed in.
        Removed = "removed" => "已删去", Grey;
    }
}

labelled! {
    /// What became of an item.
    pub enum Outcome: "运用情况" {
        /// It went into a working draft.
        UsedInDraft = "used_in_draft" => "用于底稿", Green;
        /// It was looked into and did not hold.
        Excluded = "excluded" => "核查排除", Grey;
        /// It became a lead.
        BecameLead = "became_lead" => "转为线索", Orange;
        /// Somebody else deals with it.
        PassedOn = "passed_on" => "转交办理", Blue;
    }
}

labelled! {
    /// What can be done to an item.
    pub enum Deed: "事项办理" {
        /// Correct it.
        Edit = "edit" => "修改", Grey;
        /// Take it out of the reply.
        Remove = "remove" => "删去", Red;
        /// Record what became of it.
        Settle = "settle" => "记录运用情况", Blue;
    }
}

/// What an item says, and how closely that is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Telling {
    /// How closely.
    pub keeping: Keeping,
    /// The words.
    pub words: String,
}

impl std::fmt::Debug for Telling {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Telling({:?})", self.keeping)
    }
}

/// Encrypts `text` for `field` of the item `id`; it opens nowhere else.
///
/// # Errors
/// A fault when the operating system gives no randomness.
pub fn seal(cx: &Cx, id: ItemId, field: &str, text: &str) -> Result<String> {
    cx.app().seal().seal(&format!("briefing_item/{id}/{field}"), text)
}

impl BriefingItem {
    /// What it says. The caller records the reading of a sealed one.
    fn telling(&self, cx: &Cx) -> Result<Telling> {
        let words = match self.secrecy {
            Keeping::Internal => self.summary.clone(),
            Keeping::Sealed => open(cx, self.id, "summary", &self.summary_sealed)?,
        };
        Ok(Telling { keeping: self.secrecy, words })
    }

    /// Whether `actor` inspects with it and does not only give it.
    pub fn is_inside(&self, actor: &Actor) -> bool {
        actor.is_office() || actor.is(kit::Role::LeadingGroup) || actor.in_team(self.inspection_id)
    }
}

fn open(cx: &Cx, id: ItemId, field: &str, sealed: &str) -> Result<String> {
    cx.app().seal().open(&format!("briefing_item/{id}/{field}"), sealed)
}

impl Lifecycle for BriefingItem {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Drafted, Deed::Edit) => Some(State::Drafted),
            (State::Drafted, Deed::Remove) => Some(State::Removed),
            (State::Received | State::Settled, Deed::Settle) => Some(State::Settled),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        match deed {
            Deed::Edit | Deed::Remove => shared::speaks_for(actor, self.department_id),
            Deed::Settle => actor.in_team(self.inspection_id) || actor.is_office(),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        let inspecting = Pred::any(vec![shared::overseen(actor), shared::own_team(actor)]);
        Pred::any(vec![
            inspecting.and(Pred::Present("handed_on")),
            shared::own_bodies(actor, "department_id"),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::{Labelled as _, Role};
    use planning::samples;

    #[test]
    fn what_was_not_handed_in_is_seen_by_its_department_alone() {
        for &role in Role::ALL {
            let sees = BriefingItem::visible(&samples::concerned(role)).holds(&store::sample(State::Drafted));
            assert_eq!(sees, shared::DEPARTMENTS.contains(&role), "{role:?}");
        }
    }

    #[test]
    fn the_inspected_organisation_never_sees_an_item() {
        let liaison = samples::concerned(Role::OrganisationLiaison);
        assert_eq!(BriefingItem::visible(&liaison), Pred::Nothing);
    }

    #[test]
    fn another_department_sees_nothing_of_it() {
        for role in shared::DEPARTMENTS {
            for &state in State::ALL {
                assert!(!BriefingItem::visible(&samples::stranger(role)).holds(&store::sample(state)));
            }
        }
    }

    #[test]
    fn an_outcome_may_be_corrected_until_it_was_reported() {
        assert!(BriefingItem::transition(State::Settled, Deed::Settle).is_some());
        assert!(BriefingItem::transition(State::Reported, Deed::Settle).is_none());
        assert!(BriefingItem::transition(State::Handed, Deed::Settle).is_none());
    }

    #[test]
    fn what_an_item_says_is_not_printed_by_accident() {
        let telling = Telling { keeping: Keeping::Sealed, words: String::from("某某") };
        assert!(!format!("{telling:?}").contains("某某"));
    }
}
