//! Sums of figures. Most figures overlap (one problem may be fed back in the year, found by the special
//! inspection and through linkage with audit), so a sum is refused unless they are known to be disjoint.

use super::{Computed, figure};

/// Figures no two of which count the same thing.
const DISJOINT: &[&[&str]] = &[
    &["special_inspections", "mobile_inspections"],
    &["suggestions_issued", "special_report_suggestions"],
    &["audit_linked_rules_built_cum", "asset_rules_built"],
];
/// Figures given for each inspection, which count one thing for one inspection only.
const DISJOINT_BY_INSPECTION: &[&str] =
    &["problems_found", "suggestions_issued", "suspect_projects_transferred"];

/// The sum of the exact values of `figures`.
///
/// # Errors
/// A sentence that says which two overlap, or cannot be added for another reason.
pub fn sum(figures: &[&Computed]) -> Result<i64, String> {
    for (at, one) in figures.iter().enumerate() {
        for other in figures.iter().skip(at + 1) {
            if let Some(reason) = against(one, other) {
                return Err(reason);
            }
        }
    }
    Ok(figures.iter().filter_map(|figure| figure.numerator).fold(0, i64::saturating_add))
}

fn against(one: &Computed, other: &Computed) -> Option<String> {
    if one.denominator.is_some() || other.denominator.is_some() {
        return Some(format!("“{}”与“{}”中有比率，比率不能相加。", one.label, other.label));
    }
    if one.unit != other.unit {
        return Some(format!("“{}”与“{}”的计量单位不同，不能相加。", one.label, other.label));
    }
    if one.as_of != other.as_of {
        return Some(format!("“{}”与“{}”的统计日不同，不能相加。", one.label, other.label));
    }
    overlap(one, other)
}

fn overlap(one: &Computed, other: &Computed) -> Option<String> {
    if one.code == other.code {
        let apart = DISJOINT_BY_INSPECTION.contains(&one.code) && one.scope != other.scope;
        return (!apart).then(|| format!("“{}”重复计入，不能相加。", one.label));
    }
    let apart = DISJOINT.iter().any(|group| group.contains(&one.code) && group.contains(&other.code));
    (!apart).then(|| format!("“{}”与“{}”可能包含相同的内容，不能相加；请分别列示。", one.label, other.label))
}

/// Whether two figures of these codes may be added at all; for texts, where only names are known.
pub(super) fn may_add(one: &str, other: &str) -> bool {
    one != other
        && figure(one).map(|f| f.unit) == figure(other).map(|f| f.unit)
        && DISJOINT.iter().any(|group| group.contains(&one) && group.contains(&other))
}
