//! The third area: what is found in an inspection. Problems with their closures, leads under seal,
//! and projects suspected of breaking law or rules.

pub mod closures;
mod handing;
pub mod leads;
pub mod problems;
pub mod suspect_projects;

/// The services of this area, in the order of the work.
pub fn services() -> Vec<kit::Service> {
    vec![problems::service(), leads::service(), suspect_projects::service(), closures::service()]
}
