//! Fact sheets (事实确认单): facts put to the inspected organisation before they go into a draft. Its
//! liaison sees exactly the sheet, agrees or objects with an explanation; the team settles an objection.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled, numbers::Series};
use uuid::Uuid;

pub use service::service;
pub use store::Model as FactSheet;
pub use store::{ActiveModel, Column, Entity, find};

/// Path segment of the noun.
pub const NOUN: &str = "fact_sheets";
/// Numbers of fact sheets: `QR-2023-0007`.
pub const SERIES: Series = Series { prefix: "QR", table: "fact_sheet" };

kit::id!(
    /// Identity of a fact sheet.
    FactSheetId
);

labelled! {
    /// Where a fact sheet stands.
    pub enum State: "确认状态" {
        /// The team writes it.
        Drafted = "drafted" => "起草中", Grey;
        /// With the organisation.
        Sent = "sent" => "待单位确认", Yellow;
        /// The organisation agrees.
        Agreed = "agreed" => "无异议", Green;
        /// The organisation objects.
        Objected = "objected" => "有异议", Red;
        /// The team has settled the objection.
        Settled = "settled" => "异议已处理", Green;
        /// Taken back.
        Withdrawn = "withdrawn" => "已撤回", Grey;
    }
}

labelled! {
    /// What can be done to a fact sheet.
    pub enum Deed: "确认单办理" {
        /// Change it before it is sent.
        Edit = "edit" => "修改", Grey;
        /// Put it to the organisation.
        Send = "send" => "送单位确认", Blue;
        /// Agree.
        Agree = "agree" => "确认无异议", Green;
        /// Object.
        Object = "object" => "提出异议", Orange;
        /// Settle the objection.
        Settle = "settle" => "处理异议", Blue;
        /// Take it back.
        Withdraw = "withdraw" => "撤回", Red;
    }
}

/// Whether `actor` may write fact sheets in `inspection`.
pub fn may_create(actor: &Actor, inspection: Uuid) -> bool {
    actor.in_team(inspection)
}

impl FactSheet {
    /// Whether `actor` speaks for the organisation the facts were put to.
    pub fn is_answered_by(&self, actor: &Actor) -> bool {
        actor.is_at(Role::OrganisationLiaison, self.organisation_id.0)
    }
}

impl Lifecycle for FactSheet {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Drafted, Deed::Edit) => Some(State::Drafted),
            (State::Drafted, Deed::Send) => Some(State::Sent),
            (State::Sent, Deed::Agree) => Some(State::Agreed),
            (State::Sent, Deed::Object) => Some(State::Objected),
            (State::Objected, Deed::Settle) => Some(State::Settled),
            (State::Drafted | State::Sent, Deed::Withdraw) => Some(State::Withdrawn),
            _ => None,
        }
    }

    /// An answer given on paper is entered by the team, with the signed scan.
    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        let team = actor.in_team(self.inspection_id);
        match deed {
            Deed::Edit | Deed::Send | Deed::Settle | Deed::Withdraw => team,
            Deed::Agree | Deed::Object => team || self.is_answered_by(actor),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        actor.reach([
            (Role::LeadingGroup, Pred::All),
            (Role::OfficeDirector, Pred::All),
            (Role::OfficeLiaison, Pred::All),
            (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
            (Role::TeamMember, actor.own_inspections(Role::TeamMember)),
            (
                Role::OrganisationLiaison,
                actor
                    .own_organisations(Role::OrganisationLiaison, "organisation_id")
                    .and(Pred::Present("sent_on")),
            ),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn the_organisation_sees_a_sheet_only_once_it_was_put_to_it_and_another_one_never() {
        let own = samples::concerned(Role::OrganisationLiaison);
        let other = samples::stranger(Role::OrganisationLiaison);
        for &state in State::ALL {
            let sheet = store::sample(state);
            assert_eq!(FactSheet::visible(&own).holds(&sheet), sheet.sent_on.is_some(), "{state:?}");
            assert!(!FactSheet::visible(&other).holds(&sheet));
        }
    }

    #[test]
    fn an_organisation_answers_and_does_nothing_else() {
        let own = samples::concerned(Role::OrganisationLiaison);
        let sheet = store::sample(State::Sent);
        let open: Vec<Deed> = Deed::ALL.iter().copied().filter(|&deed| sheet.may(&own, deed)).collect();
        assert_eq!(open, [Deed::Agree, Deed::Object]);
    }
}
