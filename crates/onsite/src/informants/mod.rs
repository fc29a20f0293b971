//! Informants (举报人身份库): who wrote a letter, in a vault of its own. Every field is encrypted and bound to its
//! place; each look needs a reason, holds for a while, and is shown to the supervisor. Nothing of it is searched,
//! exported, told in notices or repeated in the petition.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Cx, Lifecycle, Pred, Result, Role, labelled};

use crate::rights;

pub use service::service;
pub use store::Model as Informant;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "informants";

kit::id!(
    /// Identity of an informant's entry.
    InformantId
);

labelled! {
    /// Where an entry stands.
    pub enum State: "封存状态" {
        /// Kept.
        Kept = "kept" => "已封存", Grey;
    }
}

labelled! {
    /// What can be done to an entry.
    pub enum Deed: "身份库办理" {
        /// Open it.
        Open = "open" => "查阅身份", Red;
        /// Complete it, without seeing what is there.
        Complete = "complete" => "补充更正", Grey;
    }
}

/// Who wrote.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// Name.
    pub name: String,
    /// Where the person works.
    pub work: String,
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Number of an identity document.
    pub document: String,
    /// How to get in touch safely, and other remarks.
    pub note: String,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Identity(..)")
    }
}

/// Encrypts a field of an entry so that it opens in its own place only.
pub fn seal(cx: &Cx, id: InformantId, field: &str, text: &str) -> Result<String> {
    cx.app().seal().seal(&format!("informant/{id}/{field}"), text)
}

fn open(cx: &Cx, id: InformantId, field: &str, sealed: &str) -> Result<String> {
    cx.app().seal().open(&format!("informant/{id}/{field}"), sealed)
}

impl Informant {
    /// Who wrote, decrypted.
    fn identity(&self, cx: &Cx) -> Result<Identity> {
        Ok(Identity {
            name: open(cx, self.id, "name", &self.name_sealed)?,
            work: open(cx, self.id, "work", &self.work_sealed)?,
            address: open(cx, self.id, "address", &self.address_sealed)?,
            phone: open(cx, self.id, "phone", &self.phone_sealed)?,
            document: open(cx, self.id, "document", &self.document_sealed)?,
            note: open(cx, self.id, "note", &self.note_sealed)?,
        })
    }

    fn entered_by(&self, actor: &Actor) -> bool {
        self.entered_by.is_some() && self.entered_by == actor.account
    }
}

impl Lifecycle for Informant {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, _: Deed) -> Option<State> {
        Some(state)
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        let head = rights::leads(actor, self.inspection_id);
        match deed {
            Deed::Open => head || actor.is(Role::OfficeDirector),
            Deed::Complete => head || (actor.in_team(self.inspection_id) && self.entered_by(actor)),
        }
    }

    /// The head, the director, and the member who entered it for as long as he is in the team.
    fn visible(actor: &Actor) -> Pred {
        let own = actor.account.map_or(Pred::Nothing, |account| Pred::is("entered_by", account));
        actor.reach([
            (Role::OfficeDirector, Pred::All),
            (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
            (Role::TeamMember, actor.own_inspections(Role::TeamMember).and(own)),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn only_head_and_director_open_an_identity() {
        let entry = store::sample(State::Kept);
        for &role in Role::ALL {
            let who = samples::concerned(role);
            let opens = Informant::visible(&who).holds(&entry) && entry.may(&who, Deed::Open);
            assert_eq!(opens, matches!(role, Role::TeamHead | Role::OfficeDirector), "{role:?}");
        }
    }

    #[test]
    fn a_member_finds_only_what_he_entered_himself_and_does_not_open_it() {
        let member = samples::concerned(Role::TeamMember);
        let mut entry = store::sample(State::Kept);
        assert!(!Informant::visible(&member).holds(&entry));
        entry.entered_by = member.account;
        assert!(Informant::visible(&member).holds(&entry) && !entry.may(&member, Deed::Open));
    }

    #[test]
    fn an_identity_is_not_printed_by_accident() {
        let identity = Identity { name: String::from("某某"), ..Identity::default() };
        assert!(!format!("{identity:?}").contains("某某"));
    }
}
