//! Preparation (准备): what other bodies know of an organisation before a team enters it, the picture put
//! together from it, and the agreements and requests by which office, teams and departments work together.

/// The services of this area, in the order of the work.
pub fn services() -> Vec<kit::Service> {
    Vec::new()
}
