//! Keys local to one city. A key is the place of a row in its list; it is handed out by the generator when
//! the row is made, so `city.organisations[key]` always finds it.

/// Declares a key type and lets the list of its rows be indexed with it.
macro_rules! keys {
    ($($(#[$doc:meta])* $key:ident => $row:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $key(pub usize);

        impl std::ops::Index<$key> for Vec<$row> {
            type Output = $row;

            #[expect(clippy::indexing_slicing, reason = "keys are made only for rows that exist")]
            fn index(&self, key: $key) -> &$row {
                &self.as_slice()[key.0]
            }
        }

        impl std::ops::IndexMut<$key> for Vec<$row> {
            #[expect(clippy::indexing_slicing, reason = "keys are made only for rows that exist")]
            fn index_mut(&mut self, key: $key) -> &mut $row {
                &mut self.as_mut_slice()[key.0]
            }
        }
    )*};
}

keys! {
    /// Place in [`City::organisations`](crate::City::organisations).
    OrganisationKey => crate::organisations::Organisation;
    /// Place in [`City::people`](crate::City::people).
    PersonKey => crate::people::Person;
    /// Place in [`City::teams`](crate::City::teams).
    TeamKey => crate::people::Team;
    /// Place in [`City::topics`](crate::City::topics).
    TopicKey => crate::inspections::Topic;
    /// Place in [`City::rounds`](crate::City::rounds).
    RoundKey => crate::inspections::Round;
    /// Place in [`City::batches`](crate::City::batches).
    BatchKey => crate::inspections::Batch;
    /// Place in [`City::inspections`](crate::City::inspections).
    InspectionKey => crate::inspections::Inspection;
    /// Place in [`City::inspected_units`](crate::City::inspected_units).
    InspectedUnitKey => crate::inspections::InspectedUnit;
    /// Place in [`City::problems`](crate::City::problems), counted on through the extra problems of a scaled city.
    ProblemKey => crate::problems::Problem;
    /// Place in [`City::leads`](crate::City::leads).
    LeadKey => crate::transfers::Lead;
    /// Place in [`City::special_reports`](crate::City::special_reports).
    SpecialReportKey => crate::results::SpecialReport;
    /// Place in [`City::assets`](crate::City::assets).
    AssetKey => crate::assets::Asset;
    /// Place in [`City::district_checks`](crate::City::district_checks).
    DistrictCheckKey => crate::districts::DistrictCheck;
}
