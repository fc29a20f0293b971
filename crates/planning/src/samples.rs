//! Invented people and identities from which the permission tables are worked out.

use chrono::NaiveDate;
use kit::{Actor, Labelled as _, Post, Role};
use uuid::Uuid;

/// The organisation a sample record concerns, as inspected side.
pub const ORGANISATION: Uuid = Uuid::from_u128(1);
/// The inspection a sample record belongs to.
pub const INSPECTION: Uuid = Uuid::from_u128(2);
/// The body a sample record was handed to.
pub const RECIPIENT: Uuid = Uuid::from_u128(3);
/// The account that prepared or submitted a sample record.
pub const AUTHOR: Uuid = Uuid::from_u128(4);
/// Anything else a sample record refers to.
pub const OTHER: Uuid = Uuid::from_u128(5);

/// Somebody of `role` who is concerned with a sample record: of its team, its organisation, its recipient.
pub fn concerned(role: Role) -> Actor {
    let organisation = if role == Role::OrganisationLiaison { ORGANISATION } else { RECIPIENT };
    actor(role, organisation, INSPECTION)
}

/// Somebody of `role` who is not.
pub fn stranger(role: Role) -> Actor {
    actor(role, OTHER, OTHER)
}

fn actor(role: Role, organisation: Uuid, inspection: Uuid) -> Actor {
    let post = Post { organisation: Some(organisation), inspection: Some(inspection), ..Post::of(role) };
    Actor {
        account: Some(Uuid::from_u128(6)),
        name: role.label().to_owned(),
        posts: vec![post],
        bars: std::sync::Arc::default(),
        program: false,
        origin: String::new(),
        request: String::new(),
    }
}

/// A day on which something has happened to a sample record.
pub fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2023, 6, 1).unwrap_or(NaiveDate::MIN)
}
