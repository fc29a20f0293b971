//! The first area: what everything else refers to. Organisations, people, accounts and posts,
//! dictionaries, policies with their legal basis, the working-day calendar, and transfers, the one
//! mechanism by which anything is handed to another body.

pub mod accounts;
pub mod audit_log;
pub mod calendar_days;
pub mod dictionaries;
pub mod notices;
pub mod organisations;
pub mod people;
pub mod policies;
pub mod posts;
pub mod set_up;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
pub mod transfers;

/// Tables of the directory, where an organisation is only somebody's address.
pub const DIRECTORY: &[&str] = &["organisation", "organisation_leader", "person", "account", "post"];

/// The services of this area, in the order of the navigation.
pub fn services() -> Vec<kit::Service> {
    vec![
        organisations::service(),
        people::service(),
        transfers::service(),
        accounts::service(),
        posts::service(),
        dictionaries::service(),
        policies::service(),
        calendar_days::service(),
    ]
}

/// Enters the dictionaries and policies an installation starts with. Done at every start: it only
/// adds what is missing, so an update brings new values and never takes back what the office changed.
pub async fn seed(cx: &mut kit::WriteCx) -> kit::Result<()> {
    dictionaries::seed(cx).await?;
    policies::seed(cx).await?;
    Ok(())
}
