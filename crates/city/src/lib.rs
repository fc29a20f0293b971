//! The plan of an invented demonstration city (澜江市) as plain values: three years of the work of its
//! inspection office, from the first day of the term to the end of January 2024.
//!
//! Everything is made from a seed. The seed changes names, texts and dates in detail; the figures counted as of
//! 2023-12-31 are those of [`targets`] whatever the seed. There is no database, no network and no clock here:
//! writing the plan into the product's tables is the work of others.
//!
//! All names of people, companies, streets and units are invented.

pub mod assets;
pub mod calendar;
mod dice;
pub mod districts;
pub mod extra;
pub mod inspections;
pub mod keys;
mod names;
pub mod onsite;
pub mod organisations;
pub mod people;
pub mod preparation;
pub mod problems;
pub mod rectification;
pub mod results;
pub mod targets;
pub mod texts;
pub mod transfers;

use assets::{Asset, AssetMovement};
use dice::{Dice, Stream};
use districts::{
    DeputySent, DistrictCheck, DistrictLiaison, DistrictPlanFiling, DistrictProblem, ReportEvaluation,
    Trainee,
};
use inspections::{
    Batch, Consultation, CoverageList, InspectedUnit, Inspection, Round, Term, ThematicMaterial, Topic,
    YearPlan,
};
use onsite::OnsiteWork;
use organisations::{LeaderInCharge, Organisation};
use people::{Person, Post, RoundTeam, Team};
use problems::Problem;
use rectification::{Campaign, FeedbackMeeting, Measure};
use results::{CommonHandover, RuleBuilt, SpecialReport, Suggestion};
use transfers::{Lead, SuspectProject};

/// Plans the city. With a scale it has that many problems in all: those above the normal city's come one by one
/// from [`City::extra_problems`], on inspected units of their own. A scale below the normal city's changes nothing.
pub fn plan(seed: u64, scale: Option<usize>) -> City {
    let dice = |stream| Dice::new(seed, stream);
    let mut city = City::empty(seed);
    organisations::fill(&mut city);
    let staff = people::fill(&mut city, &mut dice(Stream::People));
    let shares = inspections::fill(&mut city, &staff, &mut dice(Stream::Inspections));
    people::authorise_teams(&mut city, &staff, &mut dice(Stream::Organisations));
    inspections::fill_reports(&mut city, &mut dice(Stream::Reports));
    problems::fill(&mut city, &shares, &mut dice(Stream::Problems));
    rectification::fill(&mut city, seed, staff.director, &mut dice(Stream::Rectification));
    let mut transfers = dice(Stream::Transfers);
    transfers::fill_leads(&mut city, &mut transfers);
    transfers::fill_projects(&mut city, &mut transfers);
    let mut results = dice(Stream::Results);
    results::fill_suggestions(&mut city, &mut results);
    results::fill_handovers(&mut city, &mut results);
    results::fill_rules(&mut city, &mut results);
    assets::fill(&mut city, &mut dice(Stream::Assets));
    districts::fill(&mut city, &staff, &mut dice(Stream::Districts));
    preparation::fill(&mut city, &mut dice(Stream::Preparation));
    onsite::fill(&mut city, &mut dice(Stream::Onsite));
    if let Some(total) = scale {
        extra::prepare(&mut city, total, &mut dice(Stream::Extra));
    }
    city
}

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
    /// What organisations are there for.
    pub duties: Vec<preparation::Duty>,
    /// Letters to the departments, one for each of the last rounds.
    pub briefing_letters: Vec<preparation::BriefingLetter>,
    /// Departments asked about units.
    pub briefings: Vec<preparation::Briefing>,
    /// Pieces brought in.
    pub brought_pieces: Vec<preparation::BroughtPiece>,
    /// Agreements of cooperation.
    pub agreements: Vec<preparation::Agreement>,
    /// Linkages with audit.
    pub audit_linkages: Vec<preparation::AuditLinkage>,
    /// Requests for support.
    pub support_requests: Vec<preparation::SupportRequest>,
    /// The work on site of the latest inspections.
    pub onsite: Vec<OnsiteWork>,
    /// What a scaled city has more.
    extra: extra::Extra,
}

impl City {
    fn empty(seed: u64) -> Self {
        Self {
            name: "澜江市",
            term: inspections::TERM,
            organisations: Vec::new(),
            leaders_in_charge: Vec::new(),
            people: Vec::new(),
            posts: Vec::new(),
            teams: Vec::new(),
            round_teams: Vec::new(),
            coverage_lists: Vec::new(),
            topics: Vec::new(),
            year_plans: Vec::new(),
            rounds: Vec::new(),
            batches: Vec::new(),
            inspections: Vec::new(),
            inspected_units: Vec::new(),
            consultations: Vec::new(),
            thematic_materials: Vec::new(),
            problems: Vec::new(),
            feedback_meetings: Vec::new(),
            measures: Vec::new(),
            campaigns: Vec::new(),
            leads: Vec::new(),
            suspect_projects: Vec::new(),
            suggestions: Vec::new(),
            special_reports: Vec::new(),
            handovers: Vec::new(),
            rules: Vec::new(),
            assets: Vec::new(),
            asset_movements: Vec::new(),
            district_liaisons: Vec::new(),
            deputies_sent: Vec::new(),
            trainees: Vec::new(),
            district_checks: Vec::new(),
            district_problems: Vec::new(),
            report_evaluations: Vec::new(),
            district_plans: Vec::new(),
            duties: Vec::new(),
            briefing_letters: Vec::new(),
            briefings: Vec::new(),
            brought_pieces: Vec::new(),
            agreements: Vec::new(),
            audit_linkages: Vec::new(),
            support_requests: Vec::new(),
            onsite: Vec::new(),
            extra: extra::Extra::none(seed),
        }
    }
}
