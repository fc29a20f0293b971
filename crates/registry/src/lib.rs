//! The first area: what everything else refers to. Organisations, people, accounts and posts,
//! dictionaries, policies with their legal basis, the working-day calendar, and transfers, the one
//! mechanism by which anything is handed to another body.

pub mod organisations;
pub mod policies;
pub mod transfers;

/// The services of this area, in the order of the navigation.
pub fn services() -> Vec<kit::Service> {
    vec![organisations::service(), transfers::service()]
}
