//! On site (了解): everything a team hears, reads and sees while it is in an organisation. Talks, letters,
//! files, visits and meetings are entered once here and cited by working drafts later.

/// The services of this area, in the order of the work.
pub fn services() -> Vec<kit::Service> {
    Vec::new()
}
