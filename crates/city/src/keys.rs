//! Keys local to one city. A key is the place of a row in its list; it is handed out by the generator when
//! the row is made, so `city[key]` always finds it.

use crate::City;

/// Declares a key type and lets the city be indexed with it.
macro_rules! keys {
    ($($(#[$doc:meta])* $key:ident => $row:ty, $list:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $key(pub usize);

        impl std::ops::Index<$key> for City {
            type Output = $row;

            #[expect(clippy::indexing_slicing, reason = "keys are made only for rows that exist")]
            fn index(&self, key: $key) -> &$row {
                &self.$list[key.0]
            }
        }

        impl std::ops::IndexMut<$key> for City {
            #[expect(clippy::indexing_slicing, reason = "keys are made only for rows that exist")]
            fn index_mut(&mut self, key: $key) -> &mut $row {
                &mut self.$list[key.0]
            }
        }
    )*};
}

keys! {
    /// Place in [`City::organisations`].
    OrganisationKey => crate::organisations::Organisation, organisations;
    /// Place in [`City::people`].
    PersonKey => crate::people::Person, people;
    /// Place in [`City::teams`].
    TeamKey => crate::people::Team, teams;
    /// Place in [`City::topics`].
    TopicKey => crate::inspections::Topic, topics;
    /// Place in [`City::rounds`].
    RoundKey => crate::inspections::Round, rounds;
    /// Place in [`City::batches`].
    BatchKey => crate::inspections::Batch, batches;
    /// Place in [`City::inspections`].
    InspectionKey => crate::inspections::Inspection, inspections;
    /// Place in [`City::inspected_units`].
    InspectedUnitKey => crate::inspections::InspectedUnit, inspected_units;
    /// Place in [`City::problems`], counted on through the extra problems of a scaled city.
    ProblemKey => crate::problems::Problem, problems;
    /// Place in [`City::leads`].
    LeadKey => crate::transfers::Lead, leads;
    /// Place in [`City::special_reports`].
    SpecialReportKey => crate::results::SpecialReport, special_reports;
    /// Place in [`City::assets`].
    AssetKey => crate::assets::Asset, assets;
    /// Place in [`City::district_checks`].
    DistrictCheckKey => crate::districts::DistrictCheck, district_checks;
}
