//! Who reads, keeps and approves plans: the part of the permission table (domain.md 3.5) that the
//! nouns of this area share, and the people from whom that table is printed.

use chrono::NaiveDate;
use kit::{Actor, Labelled as _, Post, Pred, Role};
use uuid::Uuid;

/// Roles that see the whole of the city's planning.
pub(crate) const OVERSEERS: [Role; 6] = [
    Role::CommitteeLeader,
    Role::LeadingGroup,
    Role::OfficeDirector,
    Role::OfficeLiaison,
    Role::Discipline,
    Role::OrganisationDepartment,
];

/// Everything for those who oversee the work, nothing for others.
pub(crate) fn overseen(actor: &Actor) -> Pred {
    if actor.is_any(&OVERSEERS) { Pred::All } else { Pred::Nothing }
}

/// Who works with inspections. An organisation's liaison is only inspected, whatever else he holds,
/// unless he oversees all of them.
pub(crate) fn inside(actor: &Actor) -> bool {
    actor.program || actor.is_any(&OVERSEERS) || !actor.is(Role::OrganisationLiaison)
}

/// Who is only inspected.
pub(crate) fn only_inspected(actor: &Actor) -> bool {
    !inside(actor)
}

/// As [`overseen`], and readable by the teams, who must know the calendar they work in.
pub(crate) fn calendar(actor: &Actor) -> Pred {
    if actor.is_any(&[Role::TeamHead, Role::TeamMember]) { Pred::All } else { overseen(actor) }
}

/// What is about the person himself, by `account_id`; the three administrators have no business of their own.
pub(crate) fn own_account(actor: &Actor) -> Pred {
    if actor.posts.iter().any(|post| post.role.is_administrator()) {
        return Pred::Nothing;
    }
    actor.account.map_or(Pred::Nothing, |account| Pred::is("account_id", account))
}

/// Who keeps plans: the office.
pub(crate) fn keeps(actor: &Actor) -> bool {
    actor.is_office()
}

/// Who approves plans: the leading group and the committee.
pub(crate) fn approves(actor: &Actor) -> bool {
    actor.is_any(&[Role::LeadingGroup, Role::CommitteeLeader])
}

/// Organisation and inspection with which a concerned person of the printed table has to do.
pub(crate) const OWN: Uuid = Uuid::from_u128(1);
/// Organisation and inspection of somebody else.
pub(crate) const FOREIGN: Uuid = Uuid::from_u128(2);

/// Somebody with `role` who has to do with [`OWN`].
pub(crate) fn concerned(role: Role) -> Actor {
    holder(role, OWN)
}

/// Somebody with `role` who has nothing to do with [`OWN`].
pub(crate) fn stranger(role: Role) -> Actor {
    holder(role, FOREIGN)
}

fn holder(role: Role, place: Uuid) -> Actor {
    Actor {
        account: Some(Uuid::from_u128(100 + place.as_u128())),
        name: role.label().to_owned(),
        posts: vec![Post { organisation: Some(place), inspection: Some(place), ..Post::of(role) }],
        bars: std::sync::Arc::default(),
        program: false,
        origin: String::new(),
        request: String::new(),
    }
}

/// A day for sample records of the printed table.
pub(crate) fn sample_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2023, 6, 1).unwrap_or_default()
}
