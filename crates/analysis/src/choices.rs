//! Domains and tables of the library as choices of lists: what is stored is a code, what people read and filter by is its name.

use std::sync::LazyLock;

use kit::{Choice, Tone};
use models::library;

/// The domains.
pub(crate) static DOMAINS: LazyLock<Vec<Choice>> = LazyLock::new(|| {
    library::DOMAINS.iter().map(|&(code, label)| Choice { code, label, tone: Tone::Grey }).collect()
});

/// The tables; each by its domain and name, as `bidding/bids`.
pub(crate) static TABLES: LazyLock<Vec<Choice>> = LazyLock::new(|| {
    let domains = library::built_in().map(library::Library::domains).unwrap_or_default();
    let tables = domains.iter().flat_map(|domain| domain.tables.iter().map(move |one| (domain.code, one)));
    tables
        .map(|(domain, (name, table))| {
            // There are as many as the library has tables, made once.
            let code: &'static str = String::leak(format!("{domain}/{name}"));
            Choice { code, label: &table.label, tone: Tone::Grey }
        })
        .collect()
});

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_table_of_the_library_has_a_name_for_people() {
        let codes: HashSet<&str> = TABLES.iter().map(|one| one.code).collect();
        assert!(codes.len() > 20 && codes.len() == TABLES.len());
        assert!(TABLES.iter().all(|one| !one.label.is_empty() && !one.label.is_ascii()));
        let domains: HashSet<&str> = codes.iter().filter_map(|code| code.split('/').next()).collect();
        assert!(DOMAINS.iter().all(|one| domains.contains(one.code)));
    }
}
