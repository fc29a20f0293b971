//! Guidance and supervision of the districts: liaison, deputies sent down, district cadres in training, special
//! checks and the evaluation of district reports.

use chrono::NaiveDate;

use crate::keys::{DistrictCheckKey, OrganisationKey, PersonKey, TeamKey};

/// The person in contact with a district in a year (挂钩联系).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictLiaison {
    /// Calendar year.
    pub year: i32,
    /// The district.
    pub district: OrganisationKey,
    /// Director of the office or head of a team.
    pub person: PersonKey,
    /// Day of the assignment.
    pub assigned_on: NaiveDate,
    /// Days of visits and what was dealt with.
    pub visits: Vec<(NaiveDate, String)>,
}

/// A division-level expert sent as deputy head of a district team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeputySent {
    /// The district.
    pub district: OrganisationKey,
    /// The expert.
    pub person: PersonKey,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// A district cadre working with a municipal team (跟班、参巡).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trainee {
    /// The district.
    pub district: OrganisationKey,
    /// The cadre.
    pub person: PersonKey,
    /// The municipal team.
    pub team: TeamKey,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Appraisal on leaving.
    pub appraisal: &'static str,
}

/// A special check of a district's inspection work (巡察工作专项检查).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictCheck {
    /// Its own key.
    pub key: DistrictCheckKey,
    /// The district.
    pub district: OrganisationKey,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Day on which the result was fed back.
    pub fed_back_on: NaiveDate,
}

/// A problem pointed out by a special check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictProblem {
    /// The check.
    pub check: DistrictCheckKey,
    /// Aspect of the work.
    pub aspect: &'static str,
    /// The problem.
    pub text: String,
    /// Due date of its rectification.
    pub due_on: NaiveDate,
    /// Day on which it was closed.
    pub closed_on: Option<NaiveDate>,
}

/// The evaluation of one district inspection report (报告评查).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportEvaluation {
    /// The district.
    pub district: OrganisationKey,
    /// Title of the report.
    pub report: String,
    /// Day of the evaluation.
    pub evaluated_on: NaiveDate,
    /// Item, full mark, mark; in points.
    pub scores: Vec<(&'static str, u32, u32)>,
    /// Comment.
    pub comment: String,
}

/// A district round plan filed with the municipal office (计划报备).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictPlanFiling {
    /// The district.
    pub district: OrganisationKey,
    /// Title of the plan.
    pub title: String,
    /// Units it covers.
    pub units: u32,
    /// Day of the filing.
    pub filed_on: NaiveDate,
}
