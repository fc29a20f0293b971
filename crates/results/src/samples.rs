//! People with whom the permission tables are printed: one who is concerned, one who is not.

use kit::{Actor, Labelled as _, Post, Role};
use uuid::Uuid;

/// The organisation of sample records.
pub(crate) const ORGANISATION: Uuid = Uuid::from_u128(0x11);
/// The inspection of sample records.
pub(crate) const INSPECTION: Uuid = Uuid::from_u128(0x12);
/// Whoever prepared or submitted sample records; none of the actors below.
pub(crate) const SOMEBODY: Uuid = Uuid::from_u128(0x13);
const ELSEWHERE: Uuid = Uuid::from_u128(0x21);

/// Somebody with `role` at the sample's organisation and for its inspection.
pub(crate) fn concerned(role: Role) -> Actor {
    appointed(role, ORGANISATION, INSPECTION)
}

/// Somebody with `role` at another organisation and for another inspection.
pub(crate) fn stranger(role: Role) -> Actor {
    appointed(role, ELSEWHERE, ELSEWHERE)
}

fn appointed(role: Role, organisation: Uuid, inspection: Uuid) -> Actor {
    let post = Post { organisation: Some(organisation), inspection: Some(inspection), ..Post::of(role) };
    Actor {
        account: Some(Uuid::from_u128(0x22)),
        name: role.label().to_owned(),
        posts: vec![post],
        bars: std::sync::Arc::default(),
        program: false,
        origin: String::new(),
        request: String::new(),
    }
}
