//! How the plan's values are called in the program: every code that the loader writes stands here, so that one
//! test can hold them against the program's own enumerations and dictionaries.

use city::{
    assets::{AssetKind, MovementKind},
    inspections::{InspectionType, Mode, Stage, ThematicKind},
    organisations::OrganisationKind,
    people::Role,
    problems::{Discipline, Field, Nature, ProblemState, Responsibility, Source},
    rectification::{MeasureState, TermKind},
    results::{RuleKind, RuleTopic},
    transfers::{Disposal, Lead, LeadResult, ProjectResult, Route, TransferMode},
};
use registry::{organisations::OrganisationKind as Kind, transfers};

use super::chronicle::Step;

/// Path segments of the nouns.
pub(super) mod nouns {
    pub(crate) const ORGANISATIONS: &str = registry::organisations::NOUN;
    pub(crate) const TRANSFERS: &str = registry::transfers::NOUN;
    pub(crate) const ACCOUNTS: &str = "accounts";
    pub(crate) const POSTS: &str = "posts";
    pub(crate) const PEOPLE: &str = "people";
    pub(crate) const TERMS: &str = "terms";
    pub(crate) const COVERAGE_LISTS: &str = "coverage_lists";
    pub(crate) const COVERAGE_ITEMS: &str = "coverage_items";
    pub(crate) const TOPICS: &str = "topics";
    pub(crate) const YEAR_PLANS: &str = "year_plans";
    pub(crate) const ROUNDS: &str = "rounds";
    pub(crate) const BATCHES: &str = "batches";
    pub(crate) const INSPECTIONS: &str = "inspections";
    pub(crate) const INSPECTION_UNITS: &str = "inspection_units";
    pub(crate) const PROBLEMS: &str = "problems";
    pub(crate) const LEADS: &str = "leads";
    pub(crate) const SUSPECT_PROJECTS: &str = "suspect_projects";
    pub(crate) const FEEDBACKS: &str = "feedbacks";
    pub(crate) const RECT_PLANS: &str = "rect_plans";
    pub(crate) const MEASURES: &str = "measures";
    pub(crate) const CAMPAIGNS: &str = "campaigns";
    pub(crate) const ASSETS: &str = "assets";
    pub(crate) const RULES_BUILT: &str = "rules_built";
    pub(crate) const SUGGESTIONS: &str = "suggestions";
    pub(crate) const SPECIAL_REPORTS: &str = "special_reports";
    pub(crate) const HANDOVERS: &str = "handovers";
    pub(crate) const COMMON_PROBLEMS: &str = "common_problems";
    pub(crate) const DISTRICT_LIAISONS: &str = "district_liaisons";
    pub(crate) const DISTRICT_DEPUTIES: &str = "district_deputies";
    pub(crate) const SHADOW_TRAININGS: &str = "shadow_trainings";
    pub(crate) const REPORTED_VALUES: &str = "reported_values";
    pub(crate) const DISTRICT_CHECKS: &str = "district_checks";
    pub(crate) const DISTRICT_CHECK_PROBLEMS: &str = "district_check_problems";
    pub(crate) const REPORT_EVALUATIONS: &str = "report_evaluations";

    /// All of them.
    #[cfg(test)]
    pub(crate) const ALL: &[&str] = &[
        ORGANISATIONS,
        TRANSFERS,
        ACCOUNTS,
        POSTS,
        PEOPLE,
        TERMS,
        COVERAGE_LISTS,
        COVERAGE_ITEMS,
        TOPICS,
        YEAR_PLANS,
        ROUNDS,
        BATCHES,
        INSPECTIONS,
        INSPECTION_UNITS,
        PROBLEMS,
        LEADS,
        SUSPECT_PROJECTS,
        FEEDBACKS,
        RECT_PLANS,
        MEASURES,
        CAMPAIGNS,
        ASSETS,
        RULES_BUILT,
        SUGGESTIONS,
        SPECIAL_REPORTS,
        HANDOVERS,
        COMMON_PROBLEMS,
        DISTRICT_LIAISONS,
        DISTRICT_DEPUTIES,
        SHADOW_TRAININGS,
        REPORTED_VALUES,
        DISTRICT_CHECKS,
        DISTRICT_CHECK_PROBLEMS,
        REPORT_EVALUATIONS,
    ];
}

/// States that all records of their kind have reached, or that are told apart by a day.
pub(super) mod states {
    pub(crate) const ACTIVE_ACCOUNT: &str = "active";
    pub(crate) const APPROVED: &str = "approved";
    pub(crate) const ENDED_POST: &str = "ended";
    pub(crate) const SUBMITTED: &str = "submitted";
    pub(crate) const RUNNING: &str = "running";
    pub(crate) const FINISHED: &str = "finished";
    pub(crate) const TOPIC_ANSWERED: &str = "reported";
    pub(crate) const TOPIC_OPEN: &str = "converted";
    pub(crate) const FEEDBACK_RECORDED: &str = "recorded";
    pub(crate) const LEAD_TRANSFERRED: &str = "transferred";
    pub(crate) const PROJECT_TRANSFERRED: &str = "transferred";
    pub(crate) const SUGGESTION_ISSUED: &str = "issued";
    pub(crate) const SUGGESTION_VERIFIED: &str = "verified";
    pub(crate) const REPORT_SUBMITTED: &str = "submitted";
    pub(crate) const REPORT_DECIDED: &str = "decided";
    pub(crate) const HANDOVER_HANDED: &str = "handed";
    pub(crate) const CHECK_FED_BACK: &str = "fed_back";
    pub(crate) const CHECK_CLOSED: &str = "closed";
    pub(crate) const CHECK_PROBLEM_CLOSED: &str = "closed";
    pub(crate) const CHECK_PROBLEM_OPEN: &str = "rectifying";
    pub(crate) const EVALUATION_PUBLISHED: &str = "published";
    pub(crate) const TOPIC_PRIORITY: &str = "important";
    pub(crate) const TRAINING: &str = "joining";
    pub(crate) const VALUE_IN_YUAN: &str = "yuan";
    pub(crate) const VALUE_IN_SQUARE_METRES: &str = "square_metre";
    pub(crate) const LEVEL_CITY: &str = "city";
    pub(crate) const LINK_BESIDE: &str = "regular_special";
    pub(crate) const CAMPAIGN_DEEPENED: &str = "deepen";
    pub(crate) const TIMING_EARLY: &str = "early";
    pub(crate) const TIMING_AFTER_REPORT: &str = "after_report";
}

/// Role of an account.
pub(super) fn role(role: Role) -> Option<kit::Role> {
    <kit::Role as kit::Labelled>::parse(role.code())
}

pub(super) fn organisation_kind(kind: OrganisationKind) -> Kind {
    match kind {
        OrganisationKind::Committee | OrganisationKind::PartyOrgan => Kind::SupervisingBody,
        OrganisationKind::Department => Kind::CityDepartment,
        OrganisationKind::Enterprise => Kind::CityEnterprise,
        OrganisationKind::Institution
        | OrganisationKind::University
        | OrganisationKind::Hospital
        | OrganisationKind::Extra => Kind::Institution,
        OrganisationKind::DevelopmentZone => Kind::DevelopmentZone,
        OrganisationKind::District => Kind::District,
        OrganisationKind::DistrictOffice => Kind::DistrictBody,
        OrganisationKind::Street => Kind::Town,
        OrganisationKind::Village => Kind::Village,
    }
}

/// Code of the dictionary `speciality` for what the plan calls it.
pub(super) fn speciality(called: &str) -> &'static str {
    match called {
        "党建" | "组织人事" => "organisation",
        "纪检监察" => "discipline",
        "财务审计" => "finance",
        "工程建设" => "engineering",
        "法律" => "law",
        "信息技术" => "data",
        "综合文字" => "writing",
        _ => "other",
    }
}

pub(super) fn inspection_kind(kind: InspectionType) -> &'static str {
    match kind {
        InspectionType::Regular => "regular",
        InspectionType::Special => "special",
        InspectionType::Mobile => "mobile",
        InspectionType::LookBack => "look_back",
        InspectionType::Elevated => "raised",
        InspectionType::Cross => "cross",
        InspectionType::System => "system",
        InspectionType::Village => "village",
    }
}

/// Codes of the combined forms in the order in which the program keeps them, joined by commas. A system-wide
/// inspection is a kind of its own there and no form.
pub(super) fn modes(modes: &[Mode]) -> String {
    let forms = [
        (Mode::RegularWithSpecial, "regular_special"),
        (Mode::AuditLinked, "audit"),
        (Mode::DisciplineLinked, "discipline"),
        (Mode::OrganisationLinked, "organisation"),
    ];
    let codes: Vec<_> =
        forms.iter().filter(|(form, _)| modes.contains(form)).map(|(_, code)| *code).collect();
    codes.join(",")
}

/// State of an inspected unit that has reached a stage last.
pub(super) fn unit_state(stage: Stage) -> &'static str {
    match stage {
        Stage::Planned => "planned",
        Stage::Authorised => "authorised",
        Stage::Notified => "notified",
        Stage::OnSite | Stage::Resumed => "on_site",
        Stage::Paused => "paused",
        Stage::Left => "left",
        Stage::Reporting => "reported",
        Stage::HeardByGroup => "heard",
        Stage::Decided => "decided",
        Stage::FedBack => "fed_back",
        Stage::Rectifying => "rectifying",
        Stage::Evaluated => "evaluated",
        Stage::Closed => "closed",
    }
}

/// The deed by which an inspected unit reaches a stage.
pub(super) fn unit_step(stage: Stage) -> Step {
    let (deed, label) = match stage {
        Stage::Planned => ("create", "列入单位"),
        Stage::Authorised => ("authorise", "授权"),
        Stage::Notified => ("notify", "通知"),
        Stage::OnSite => ("enter", "进驻"),
        Stage::Paused => ("pause", "暂停"),
        Stage::Resumed => ("resume", "恢复进驻"),
        Stage::Left => ("leave", "撤点"),
        Stage::Reporting => ("report", "提交报告"),
        Stage::HeardByGroup => ("hear", "领导小组听取"),
        Stage::Decided => ("decide", "市委研究决定"),
        Stage::FedBack => ("feed_back", "反馈"),
        Stage::Rectifying => ("rectify", "转入集中整改"),
        Stage::Evaluated => ("evaluate", "整改评估"),
        Stage::Closed => ("close", "办结"),
    };
    Step { deed, label, from: "", to: unit_state_label(stage) }
}

fn unit_state_label(stage: Stage) -> &'static str {
    match stage {
        Stage::Planned => "已列入",
        Stage::Authorised => "已授权",
        Stage::Notified => "已通知",
        Stage::OnSite | Stage::Resumed => "现场了解",
        Stage::Paused => "暂停",
        Stage::Left => "已撤点",
        Stage::Reporting => "已报告",
        Stage::HeardByGroup => "领导小组已听取",
        Stage::Decided => "市委已研究",
        Stage::FedBack => "已反馈",
        Stage::Rectifying => "集中整改",
        Stage::Evaluated => "已评估",
        Stage::Closed => "已办结",
    }
}

/// Code of the dictionary `field`.
pub(super) fn field(field: Option<Field>) -> &'static str {
    match field {
        None => "",
        Some(Field::Bidding) => "bidding",
        Some(Field::StateAssets) => "state_assets",
        Some(Field::Medical) => "medical",
        Some(Field::Education) => "education",
        Some(Field::Welfare) => "benefit",
        Some(Field::SpecialFunds) => "special_funds",
        Some(Field::RuralRevival) => "rural",
        Some(Field::InnovationBase) => "innovation_base",
    }
}

/// First level of a dictionary code: `C03` of `C03.2`.
pub(super) fn first_level(code: &str) -> &str {
    code.split('.').next().unwrap_or(code)
}

/// Code of the dictionary `problem_nature`.
pub(super) fn nature(nature: Nature) -> &'static str {
    match nature {
        Nature::Individual => "individual",
        Nature::Common => "common",
        Nature::Institutional => "institutional",
    }
}

/// Code of the dictionary `responsibility_kind`.
pub(super) fn responsibility(kind: Responsibility) -> &'static str {
    match kind {
        Responsibility::Principal => "principal",
        Responsibility::FirstPerson => "first_person",
        Responsibility::MainLeadership => "main_leadership",
        Responsibility::Direct => "direct",
        Responsibility::Supervisory => "supervisory",
    }
}

/// Code of the dictionary `discipline_kind`.
pub(super) fn discipline(kind: Discipline) -> &'static str {
    match kind {
        Discipline::Political => "political",
        Discipline::Organisational => "organisational",
        Discipline::Integrity => "integrity",
        Discipline::Mass => "mass",
        Discipline::Work => "work",
        Discipline::Life => "life",
    }
}

/// Code of the dictionary `problem_source`.
pub(super) fn source(source: Source) -> &'static str {
    match source {
        Source::Talk => "talk",
        Source::Petition => "petition",
        Source::Files => "files",
        Source::Visit => "visit",
        Source::DataModel => "data_model",
        Source::Audit => "audit",
        Source::Briefing => "briefing",
        Source::LookBack => "look_back",
    }
}

/// State of a problem. The program has no state of its own for a returned or reopened problem: it is being
/// rectified again. A found problem stays one when its draft is approved.
pub(super) fn problem_state(state: ProblemState) -> &'static str {
    match state {
        ProblemState::Found | ProblemState::DraftApproved => "found",
        ProblemState::FedBack => "fed_back",
        ProblemState::Rectifying | ProblemState::Returned | ProblemState::Reopened => "rectifying",
        ProblemState::Submitted => "submitted",
        ProblemState::Closed => "closed",
        ProblemState::LongTerm => "long_term",
    }
}

fn problem_state_label(state: ProblemState) -> &'static str {
    match state {
        ProblemState::Found | ProblemState::DraftApproved => "已发现",
        ProblemState::FedBack => "已反馈",
        ProblemState::Rectifying | ProblemState::Returned | ProblemState::Reopened => "整改中",
        ProblemState::Submitted => "已提请销号",
        ProblemState::Closed => "已销号",
        ProblemState::LongTerm => "长期整改",
    }
}

/// The deed by which a problem reaches a state from the one before.
pub(super) fn problem_step(before: Option<ProblemState>, state: ProblemState) -> Step {
    let (deed, label) = match state {
        ProblemState::Found => ("create", "登记问题"),
        ProblemState::DraftApproved => ("edit", "底稿审定"),
        ProblemState::FedBack => ("feed_back", "反馈"),
        ProblemState::Rectifying => ("begin", "启动整改"),
        ProblemState::Submitted => ("submit", "提请销号"),
        ProblemState::Returned => ("return", "审核退回"),
        ProblemState::Closed => ("close", "销号"),
        ProblemState::LongTerm => ("make_long_term", "转长期整改"),
        ProblemState::Reopened => ("reopen", "重开"),
    };
    Step { deed, label, from: before.map_or("", problem_state_label), to: problem_state_label(state) }
}

pub(super) fn measure_term(term: TermKind) -> &'static str {
    match term {
        TermKind::Immediate => "immediate",
        TermKind::Limited => "dated",
        TermKind::LongTerm => "long_term",
    }
}

pub(super) fn measure_state(state: MeasureState) -> &'static str {
    match state {
        MeasureState::NotStarted => "not_started",
        MeasureState::InProgress => "in_progress",
        MeasureState::Submitted => "submitted",
        MeasureState::Returned => "returned",
        MeasureState::Closed => "closed",
        MeasureState::LongTerm => "long_term",
        MeasureState::Reopened => "reopened",
    }
}

fn measure_state_label(state: MeasureState) -> &'static str {
    match state {
        MeasureState::NotStarted => "未启动",
        MeasureState::InProgress => "进行中",
        MeasureState::Submitted => "已提交",
        MeasureState::Returned => "退回",
        MeasureState::Closed => "已完成",
        MeasureState::LongTerm => "长期坚持",
        MeasureState::Reopened => "重开",
    }
}

/// The deed by which a measure reaches a state from the one before.
pub(super) fn measure_step(before: Option<MeasureState>, state: MeasureState) -> Step {
    let (deed, label) = match state {
        MeasureState::NotStarted => ("create", "新增整改措施"),
        MeasureState::InProgress => ("start", "启动"),
        MeasureState::Submitted => ("submit", "提交审核"),
        MeasureState::Returned => ("return", "退回"),
        MeasureState::Closed => ("approve_close", "审核通过"),
        MeasureState::LongTerm => ("make_long_term", "转长期坚持"),
        MeasureState::Reopened => ("reopen", "重开"),
    };
    Step { deed, label, from: before.map_or("", measure_state_label), to: measure_state_label(state) }
}

pub(super) fn route(route: Route) -> &'static str {
    match route {
        Route::Discipline => "discipline",
        Route::Organisation => "organisation",
        Route::Competent => "competent",
    }
}

/// Code of the dictionary `lead_category` for what a lead is about.
pub(super) fn lead_category(discipline: Discipline) -> &'static str {
    match discipline {
        Discipline::Political => "other",
        Discipline::Work => "dereliction",
        Discipline::Mass => "mass_interest",
        Discipline::Integrity => "bribery",
        Discipline::Life => "eight_rules",
        Discipline::Organisational => "appointments",
    }
}

/// Code of the dictionary `problem_source` for how a lead became known.
pub(super) fn lead_source(lead: &Lead) -> &'static str {
    match (lead.audit_linked, lead.key.0 % 3) {
        (true, _) => source(Source::Audit),
        (false, 0) => source(Source::Petition),
        (false, 1) => source(Source::Talk),
        (false, _) => source(Source::Files),
    }
}

pub(super) fn mode(mode: TransferMode) -> transfers::Mode {
    match mode {
        TransferMode::Single => transfers::Mode::Single,
        TransferMode::Double => transfers::Mode::Double,
    }
}

pub(super) fn disposal(disposal: Disposal) -> transfers::Disposal {
    match disposal {
        Disposal::TalkOrInquiry => transfers::Disposal::Inquiry,
        Disposal::PreliminaryCheck => transfers::Disposal::Verification,
        Disposal::Stored => transfers::Disposal::Stored,
        Disposal::Concluded => transfers::Disposal::Ended,
    }
}

pub(super) fn lead_result(result: LeadResult) -> transfers::ResultKind {
    match result {
        LeadResult::CaseFiled => transfers::ResultKind::CaseFiled,
        LeadResult::Punished => transfers::ResultKind::PartyDiscipline,
        LeadResult::OrganisationalMeasure => transfers::ResultKind::Organisational,
        LeadResult::Admonished => transfers::ResultKind::Admonition,
        LeadResult::Criticised => transfers::ResultKind::Criticism,
        LeadResult::Cleared => transfers::ResultKind::Cleared,
        LeadResult::Prosecuted => transfers::ResultKind::ToJustice,
    }
}

/// How a suspect project was dealt with, what came of it, and the words for it.
pub(super) fn project_result(
    result: ProjectResult,
) -> (transfers::Disposal, transfers::ResultKind, &'static str) {
    use transfers::{Disposal as D, ResultKind as R};
    match result {
        ProjectResult::Fined => (D::AdministrativeInquiry, R::Penalty, "依法作出行政处罚。"),
        ProjectResult::Blacklisted => (D::AdministrativeInquiry, R::Penalty, "记入不良行为记录并公示。"),
        ProjectResult::HandedToPolice => (D::ToPolice, R::ToJustice, "涉嫌犯罪，移送公安机关。"),
        ProjectResult::OrderedToCorrect => {
            (D::ToDepartment, R::AwardAnnulled, "责令改正，中标结果无效，依法重新招标。")
        }
        ProjectResult::NotConfirmed => (D::CaseFiled, R::Unfounded, "经查，反映问题不属实。"),
    }
}

pub(super) fn asset_kind(kind: AssetKind) -> &'static str {
    match kind {
        AssetKind::Shop => "shop",
        AssetKind::Factory => "factory",
        AssetKind::Office => "office",
        AssetKind::Warehouse => "warehouse",
        AssetKind::Land => "land",
        AssetKind::Flat => "flat",
    }
}

pub(super) fn movement(kind: MovementKind) -> &'static str {
    match kind {
        MovementKind::Let => "let",
        MovementKind::Sold => "sold",
        MovementKind::Transferred => "transferred",
        MovementKind::OwnUse => "own_use",
        MovementKind::Rebuilt => "rebuilt",
        MovementKind::Expropriated => "expropriated",
    }
}

pub(super) fn rule_kind(kind: RuleKind) -> &'static str {
    match kind {
        RuleKind::New => "new",
        RuleKind::Revised => "revised",
    }
}

/// Topic of a rule, by which rules built from one rectification are counted.
pub(super) fn rule_topic(topic: RuleTopic, problem: Option<Field>) -> &'static str {
    match (topic, problem) {
        (RuleTopic::StateAssets, _) => "state_assets",
        (RuleTopic::AuditLinked, _) | (_, Some(Field::SpecialFunds | Field::Welfare)) => "special_funds",
        (_, Some(Field::Bidding)) => "bidding",
        (_, Some(Field::Medical)) => "medical",
        (_, Some(Field::Education)) => "education",
        (RuleTopic::Ordinary, _) => "ordinary",
    }
}

/// Aspect of the work that a special check of a district looks at.
pub(super) fn aspect(called: &str) -> &'static str {
    match called {
        "领导小组履职" => "leading_group",
        "报告质量" => "reports",
        "成果运用" | "整改监督" => "use_of_results",
        "制度机制" => "institutions",
        "队伍建设" => "staff",
        _ => "other",
    }
}

/// Grade of an evaluated report with so many points of a hundred.
pub(super) fn grade(points: u32) -> &'static str {
    match points {
        90.. => "excellent",
        80..90 => "good",
        60..80 => "fair",
        _ => "poor",
    }
}

/// What a material beside the report is called.
pub(super) fn material(kind: ThematicKind) -> &'static str {
    match kind {
        ThematicKind::TopLeader => "“一把手”情况反映",
        ThematicKind::DisciplineHead => "纪检组长（纪委书记）履职情况报告",
        ThematicKind::LeadershipTeam => "领导班子情况汇总",
    }
}

#[cfg(test)]
mod tests {
    use kit::Labelled as _;

    use super::*;

    #[test]
    fn every_role_of_the_plan_is_one_of_the_program() {
        assert!(Role::ALL.into_iter().all(|of| role(of).is_some()));
    }

    #[test]
    fn ways_and_results_of_leads_are_among_those_a_recipient_may_choose() {
        let lead = transfers::Kind::Lead;
        for way in
            [Disposal::TalkOrInquiry, Disposal::PreliminaryCheck, Disposal::Stored, Disposal::Concluded]
        {
            assert!(lead.disposals().contains(&disposal(way)));
        }
        for result in [
            LeadResult::CaseFiled,
            LeadResult::Punished,
            LeadResult::OrganisationalMeasure,
            LeadResult::Admonished,
            LeadResult::Criticised,
            LeadResult::Cleared,
            LeadResult::Prosecuted,
        ] {
            assert!(lead.results().contains(&lead_result(result)), "{}", lead_result(result).label());
        }
    }

    #[test]
    fn ways_and_results_of_projects_are_among_those_a_recipient_may_choose() {
        let project = transfers::Kind::SuspectProject;
        for result in [
            ProjectResult::Fined,
            ProjectResult::Blacklisted,
            ProjectResult::HandedToPolice,
            ProjectResult::OrderedToCorrect,
            ProjectResult::NotConfirmed,
        ] {
            let (way, came_of_it, _) = project_result(result);
            assert!(project.disposals().contains(&way) && project.results().contains(&came_of_it));
        }
    }

    #[test]
    fn states_and_deeds_of_problems_are_those_of_the_program() {
        use fieldwork::problems::{Deed, State};
        for state in [
            ProblemState::Found,
            ProblemState::DraftApproved,
            ProblemState::FedBack,
            ProblemState::Rectifying,
            ProblemState::Submitted,
            ProblemState::Returned,
            ProblemState::Closed,
            ProblemState::LongTerm,
            ProblemState::Reopened,
        ] {
            let step = problem_step(None, state);
            let known = State::parse(problem_state(state)).unwrap();
            assert_eq!((known.code(), known.label()), (problem_state(state), step.to));
            assert!(matches!(step.deed, "create" | "edit") || is(Deed::parse(step.deed), step));
        }
    }

    #[test]
    fn states_and_deeds_of_measures_are_those_of_the_program() {
        use rectification::measures::{Deed, State};
        for state in [
            MeasureState::NotStarted,
            MeasureState::InProgress,
            MeasureState::Submitted,
            MeasureState::Returned,
            MeasureState::Closed,
            MeasureState::LongTerm,
            MeasureState::Reopened,
        ] {
            let step = measure_step(None, state);
            let known = State::parse(measure_state(state)).unwrap();
            assert_eq!((known.code(), known.label()), (measure_state(state), step.to));
            assert!(step.deed == "create" || is(Deed::parse(step.deed), step));
        }
    }

    #[test]
    fn stages_of_inspected_units_are_those_of_the_program() {
        use planning::inspection_units::{Deed, Stage as Known};
        for stage in [
            Stage::Planned,
            Stage::Authorised,
            Stage::Notified,
            Stage::OnSite,
            Stage::Paused,
            Stage::Resumed,
            Stage::Left,
            Stage::Reporting,
            Stage::HeardByGroup,
            Stage::Decided,
            Stage::FedBack,
            Stage::Rectifying,
            Stage::Evaluated,
            Stage::Closed,
        ] {
            let step = unit_step(stage);
            let known = Known::parse(unit_state(stage)).unwrap();
            assert_eq!((known.code(), known.label()), (unit_state(stage), step.to));
            assert!(step.deed == "create" || is(Deed::parse(step.deed), step), "{step:?}");
        }
    }

    /// Whether a step is called as the program calls the deed.
    fn is<D: kit::Labelled>(deed: Option<D>, step: Step) -> bool {
        deed.is_some_and(|deed| deed.code() == step.deed && deed.label() == step.label)
    }

    #[test]
    fn the_nouns_are_those_of_the_areas() {
        let areas = [
            registry::services(),
            planning::services(),
            fieldwork::services(),
            decisions::services(),
            rectification::services(),
            results::services(),
        ];
        let known: Vec<_> = areas.iter().flatten().map(|service| service.noun).collect();
        for noun in nouns::ALL {
            assert!(known.contains(noun), "{noun}");
        }
    }
}
