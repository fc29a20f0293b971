//! What the city makes of the findings: suggestions, special reports, common problems handed to supervising
//! departments, rules built, and the ledger of the use of results, which is derived from them.

use chrono::NaiveDate;

use crate::keys::{InspectionKey, OrganisationKey, ProblemKey, SpecialReportKey};
use crate::problems::Field;

/// Where a suggestion was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SuggestionOrigin {
    /// 巡察建议 after an inspection.
    Inspection(InspectionKey),
    /// A suggestion in a special report to the committee.
    SpecialReport(SpecialReportKey),
}

/// State of a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SuggestionState {
    /// 已发出.
    Issued,
    /// 已签收.
    Received,
    /// 采纳.
    Adopted,
    /// 部分采纳.
    PartlyAdopted,
    /// 未采纳.
    NotAdopted,
    /// 已办结.
    Done,
    /// 已核验.
    Verified,
}

/// A suggestion (建议).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Unique number.
    pub number: String,
    /// Where it was made.
    pub origin: SuggestionOrigin,
    /// To whom it goes.
    pub addressee: OrganisationKey,
    /// What is suggested.
    pub text: String,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// Reply due.
    pub due_on: NaiveDate,
    /// States reached, in order of time, with the reply or opinion.
    pub history: Vec<(SuggestionState, NaiveDate, String)>,
}

/// A special report to the committee (专题报告).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialReport {
    /// Its own key.
    pub key: SpecialReportKey,
    /// Title.
    pub title: &'static str,
    /// Field.
    pub field: Field,
    /// Day on which it was handed in.
    pub submitted_on: NaiveDate,
    /// The committee's instruction (批示) and its day.
    pub instruction: Option<(&'static str, NaiveDate)>,
    /// The problems it is built from.
    pub problems: Vec<ProblemKey>,
}

/// Common and prominent problems of one field handed to one supervising department on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommonHandover {
    /// Unique number.
    pub number: String,
    /// Field.
    pub field: Field,
    /// Title of the list.
    pub title: String,
    /// The supervising department.
    pub receiver: OrganisationKey,
    /// Day of the hand-over.
    pub handed_over_on: NaiveDate,
    /// Day of the receipt.
    pub received_on: NaiveDate,
    /// The problems; none is handed over twice.
    pub problems: Vec<ProblemKey>,
    /// Replies of the department, in order of time.
    pub replies: Vec<(NaiveDate, String)>,
}

/// What a rule was built from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RuleTopic {
    /// Rectification of the management and use of state-owned assets.
    StateAssets,
    /// 巡审联动.
    AuditLinked,
    /// Any other rectification.
    Ordinary,
}

/// Whether a rule is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RuleKind {
    /// 新建.
    New,
    /// 修订.
    Revised,
}

/// A rule built (建章立制).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleBuilt {
    /// The issuing unit.
    pub issuer: OrganisationKey,
    /// Title.
    pub title: String,
    /// Unique document number (发文字号).
    pub number: String,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// New or revised.
    pub kind: RuleKind,
    /// What it was built from.
    pub topic: RuleTopic,
    /// The problems it answers, all fed back before it was issued.
    pub problems: Vec<ProblemKey>,
}
