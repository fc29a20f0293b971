//! What holds for each kind of report (报送规则): how it is marked, who receives it, for which inspections it is due. The
//! split of recipients is a local decision, so it is data with the text it rests on.

pub mod actions;
mod service;
mod store;

use kit::{Actor, Pred, labelled};

use crate::{reports::Kind, rights};

pub use service::service;
pub use store::Model as ReportRule;
pub use store::{all, find, of};

/// Path segment of the noun.
pub const NOUN: &str = "report_rules";

kit::id!(
    /// Identity of a rule.
    ReportRuleId
);

labelled! {
    /// What can be done to a rule.
    pub enum Deed: "报送规则办理" {
        /// Change it.
        Edit = "edit" => "修改", Grey;
    }
}

/// Those who work with reports read the rules.
pub fn visible(actor: &Actor) -> Pred {
    rights::governing(actor)
}

/// The director keeps them.
pub fn may_keep(actor: &Actor) -> bool {
    rights::keeps(actor)
}

impl ReportRule {
    /// Whether a report of this kind is due after an inspection of `kind`.
    pub fn is_due_for(&self, kind: &str) -> bool {
        self.required_for.split(',').any(|one| one == kind)
    }
}

/// The rules an office starts with: marks and recipients are proposals (domain.md 7.1: the split of D22 and D23 is assumed).
pub(crate) const SEED: [(Kind, &str, &str, [bool; 3]); 7] = [
    (Kind::Main, "内部", "regular,special,mobile,look_back", [true, true, true]),
    (Kind::TopLeader, "内部★限定知悉", "regular", [true, true, true]),
    (Kind::DisciplineHead, "内部★限定知悉", "regular", [true, true, false]),
    (Kind::LeadershipTeam, "内部★限定知悉", "regular", [true, false, true]),
    (Kind::Special, "内部", "", [true, false, false]),
    (Kind::Lead, "内部★限定知悉", "", [true, true, false]),
    (Kind::Check, "内部", "", [true, false, true]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use kit::{Labelled as _, Role};
    use planning::samples;

    #[test]
    fn every_kind_of_report_has_its_rule() {
        for kind in Kind::ALL {
            assert_eq!(SEED.iter().filter(|(one, ..)| one == kind).count(), 1, "{kind:?}");
        }
    }

    #[test]
    fn the_inspected_organisation_reads_no_rule() {
        assert_eq!(visible(&samples::concerned(Role::OrganisationLiaison)), Pred::Nothing);
        assert!(!may_keep(&samples::concerned(Role::OfficeLiaison)));
    }
}
