//! State machines as tables, and the one question every deed asks: may this person, now?

use crate::{Actor, Choice, Labelled, Pred, Refusal, Result, Role, Tone};

/// A record with states, deeds and rules about who may do them.
///
/// The transition table and [`Lifecycle::may`] are pure; the permission and transition tables in
/// the handbook are printed from them, and every action goes through [`Lifecycle::decide`].
pub trait Lifecycle: Sized {
    /// Where the record stands.
    type State: Labelled;
    /// What can be done to it.
    type Deed: Labelled;

    /// Where this record stands.
    fn state(&self) -> Self::State;

    /// The transition table: the state after `deed`, or nothing when it is not possible from `state`.
    fn transition(state: Self::State, deed: Self::Deed) -> Option<Self::State>;

    /// Whether `actor`, who can see the record, may do `deed` to it.
    fn may(&self, actor: &Actor, deed: Self::Deed) -> bool;

    /// What `actor` can see of this noun by his posts.
    fn visible(actor: &Actor) -> Pred;

    /// What `actor` can see of this noun: [`Lifecycle::visible`] without what the actor is barred from.
    fn scope(actor: &Actor) -> Pred
    where
        Self: sea_orm::ModelTrait,
        Self::Entity: Default,
    {
        crate::store::scope::<Self::Entity>(actor, Self::visible(actor))
    }

    /// The new state, or the reason against it.
    fn decide(&self, actor: &Actor, deed: Self::Deed) -> Result<Self::State> {
        if !self.may(actor, deed) {
            // Whoever holds the same posts without being this person tells whether the posts or the person stand against it.
            let colleague = Actor { account: Some(crate::ids::random()), ..actor.clone() };
            let of_duties = actor.account.is_some() && self.may(&colleague, deed);
            let label = deed.label();
            let why = if of_duties { Refusal::own_matter(label) } else { Refusal::forbidden(label) };
            return Err(why.into());
        }
        Self::transition(self.state(), deed)
            .ok_or_else(|| Refusal::wrong_state(self.state().label(), deed.label()).into())
    }

    /// The deeds this person can do to this record now, in the order of the enumeration.
    fn open_deeds(&self, actor: &Actor) -> Vec<&'static str> {
        Self::Deed::ALL
            .iter()
            .filter(|&&deed| self.may(actor, deed) && Self::transition(self.state(), deed).is_some())
            .map(|deed| deed.code())
            .collect()
    }
}

/// One line of the permission table: who may do what, in which state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The role.
    pub role: Role,
    /// The state the record is in.
    pub state: Choice,
    /// What is done to it, or [`READ`].
    pub deed: Choice,
    /// Allowed to somebody concerned (own team, own organisation, addressee).
    pub own: bool,
    /// Allowed to somebody of the role who is not concerned.
    pub other: bool,
}

/// Looking at a record, in the permission table a line like any deed.
pub const READ: Choice = Choice { code: "read", label: "查看", tone: Tone::Grey };

/// One line of the transition table: the state before, the deed, the state after.
pub type Transition = (Choice, Choice, Choice);

/// What the tests and the handbook print of one slice.
pub struct Governed {
    /// Path segment of the noun.
    pub noun: &'static str,
    /// Chinese name.
    pub label: &'static str,
    /// Every pair of state and deed that is possible, with the state after.
    pub transitions: fn() -> Vec<Transition>,
    /// The permission table, from sample records.
    pub permissions: fn() -> Vec<Permission>,
}

/// Every possible transition of `R`.
pub fn transitions<R: Lifecycle>() -> Vec<Transition> {
    let mut rows = Vec::new();
    for &state in R::State::ALL {
        for &deed in R::Deed::ALL {
            if let Some(after) = R::transition(state, deed) {
                rows.push((state.choice(), deed.choice(), after.choice()));
            }
        }
    }
    rows
}

/// The permission table of `R`: `sample(state)` is a record in that state, `concerned(role)` an
/// actor who is concerned with it, `stranger(role)` one of the same role who is not.
pub fn permissions<R: Lifecycle + sea_orm::ModelTrait>(
    sample: impl Fn(R::State) -> R,
    concerned: impl Fn(Role) -> Actor,
    stranger: impl Fn(Role) -> Actor,
) -> Vec<Permission> {
    let mut rows = Vec::new();
    for &role in Role::ALL {
        let (own, other) = (concerned(role), stranger(role));
        for &state in R::State::ALL {
            let record = sample(state);
            let sees = |actor: &Actor| R::visible(actor).holds(&record);
            rows.push(Permission {
                role,
                state: state.choice(),
                deed: READ,
                own: sees(&own),
                other: sees(&other),
            });
            for &deed in R::Deed::ALL {
                if R::transition(state, deed).is_none() {
                    continue;
                }
                let may = |actor: &Actor| sees(actor) && record.may(actor, deed);
                rows.push(Permission {
                    role,
                    state: state.choice(),
                    deed: deed.choice(),
                    own: may(&own),
                    other: may(&other),
                });
            }
        }
    }
    rows
}
