//! State machines as tables, and the one question every deed asks: may this person, now?

use crate::{Actor, Labelled, Pred, Refusal, Result, Role};

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

    /// What `actor` can see of this noun.
    fn visible(actor: &Actor) -> Pred;

    /// The new state, or the reason against it.
    fn decide(&self, actor: &Actor, deed: Self::Deed) -> Result<Self::State> {
        if !self.may(actor, deed) {
            return Err(Refusal::forbidden(deed.label()).into());
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
    /// State code.
    pub state: &'static str,
    /// Deed code, or `read`.
    pub deed: &'static str,
    /// Allowed to somebody concerned (own team, own organisation, addressee).
    pub own: bool,
    /// Allowed to somebody of the role who is not concerned.
    pub other: bool,
}

/// What the tests and the handbook print of one slice.
pub struct Governed {
    /// Path segment of the noun.
    pub noun: &'static str,
    /// Chinese name.
    pub label: &'static str,
    /// `(state, deed, state after)` for every pair that is possible.
    pub transitions: fn() -> Vec<(&'static str, &'static str, &'static str)>,
    /// The permission table, from sample records.
    pub permissions: fn() -> Vec<Permission>,
}

/// Every possible transition of `R`, as codes.
pub fn transitions<R: Lifecycle>() -> Vec<(&'static str, &'static str, &'static str)> {
    let mut rows = Vec::new();
    for &state in R::State::ALL {
        for &deed in R::Deed::ALL {
            if let Some(after) = R::transition(state, deed) {
                rows.push((state.code(), deed.code(), after.code()));
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
                state: state.code(),
                deed: "read",
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
                    state: state.code(),
                    deed: deed.code(),
                    own: may(&own),
                    other: may(&other),
                });
            }
        }
    }
    rows
}
