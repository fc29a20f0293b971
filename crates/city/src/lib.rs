//! The plan of an invented demonstration city (澜江市) as plain values: three years of the work of its
//! inspection office, from the first day of the term to the end of January 2024.
//!
//! Everything is made from a seed. The seed changes names, texts and dates in detail; the figures counted as of
//! 2023-12-31 are those of [`targets`] whatever the seed. There is no database, no network and no clock here:
//! writing the plan into the product's tables is the work of others.
//!
//! All names of people, companies, streets and units are invented.

pub mod assets;
pub mod districts;
pub mod inspections;
pub mod keys;
pub mod organisations;
pub mod people;
pub mod problems;
pub mod rectification;
pub mod results;
pub mod transfers;

use assets::{Asset, AssetMovement};
use districts::{
    DeputySent, DistrictCheck, DistrictLiaison, DistrictPlanFiling, DistrictProblem, ReportEvaluation,
    Trainee,
};
use inspections::{
    Batch, Consultation, CoverageList, InspectedUnit, Inspection, Round, Term, ThematicMaterial, Topic,
    YearPlan,
};
use organisations::{LeaderInCharge, Organisation};
use people::{Person, Post, RoundTeam, Team};
use problems::Problem;
use rectification::{Campaign, FeedbackMeeting, Measure};
use results::{CommonHandover, RuleBuilt, SpecialReport, Suggestion};
use transfers::{Lead, SuspectProject};

/// The whole plan. Rows refer to each other by the keys of [`keys`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct City {
    /// Name of the city.
    pub name: &'static str,
    /// The term of the committee.
    pub term: Term,
    /// Bodies.
    pub organisations: Vec<Organisation>,
    /// Who is in charge of which unit, and when.
    pub leaders_in_charge: Vec<LeaderInCharge>,
    /// People.
    pub people: Vec<Person>,
    /// Posts.
    pub posts: Vec<Post>,
    /// Inspection teams.
    pub teams: Vec<Team>,
    /// Teams as authorised in each round.
    pub round_teams: Vec<RoundTeam>,
    /// Versions of the coverage list, oldest first.
    pub coverage_lists: Vec<CoverageList>,
    /// Topics named by the committee.
    pub topics: Vec<Topic>,
    /// Year plans.
    pub year_plans: Vec<YearPlan>,
    /// Rounds.
    pub rounds: Vec<Round>,
    /// Batches of regular inspections.
    pub batches: Vec<Batch>,
    /// Inspections.
    pub inspections: Vec<Inspection>,
    /// Units as objects of inspections.
    pub inspected_units: Vec<InspectedUnit>,
    /// Consultations of office and team.
    pub consultations: Vec<Consultation>,
    /// Materials beside the reports.
    pub thematic_materials: Vec<ThematicMaterial>,
    /// Problems.
    pub problems: Vec<Problem>,
    /// Feedback meetings.
    pub feedback_meetings: Vec<FeedbackMeeting>,
    /// Measures of rectification.
    pub measures: Vec<Measure>,
    /// Campaigns of deepened rectification.
    pub campaigns: Vec<Campaign>,
    /// Leads.
    pub leads: Vec<Lead>,
    /// Suspect projects.
    pub suspect_projects: Vec<SuspectProject>,
    /// Suggestions.
    pub suggestions: Vec<Suggestion>,
    /// Special reports.
    pub special_reports: Vec<SpecialReport>,
    /// Common problems handed over.
    pub handovers: Vec<CommonHandover>,
    /// Rules built.
    pub rules: Vec<RuleBuilt>,
    /// Idle property.
    pub assets: Vec<Asset>,
    /// What was put to use.
    pub asset_movements: Vec<AssetMovement>,
    /// Contact persons of the districts.
    pub district_liaisons: Vec<DistrictLiaison>,
    /// Deputies sent to the districts.
    pub deputies_sent: Vec<DeputySent>,
    /// District cadres in training.
    pub trainees: Vec<Trainee>,
    /// Special checks of districts.
    pub district_checks: Vec<DistrictCheck>,
    /// Problems of the special checks.
    pub district_problems: Vec<DistrictProblem>,
    /// Evaluations of district reports.
    pub report_evaluations: Vec<ReportEvaluation>,
    /// District plans filed.
    pub district_plans: Vec<DistrictPlanFiling>,
}
