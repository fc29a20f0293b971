//! A scope is read in two ways, as SQL and against a record in memory; both must say the same.

use std::{collections::BTreeSet, sync::Arc};

use kit::{
    Actor, Labelled as _, Post, Role,
    access::{Bars, District, Reach},
    sea_orm,
};
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use sea_orm::{
    EntityTrait, ExprTrait as _, ModelTrait, QueryFilter as _,
    sea_query::{Alias, Expr},
};
use uuid::Uuid;

use crate::support::City;

/// Rows of a noun that are compared.
const ROWS: u64 = 500;
/// Actors that look at each noun.
const ACTORS: usize = 24;

/// Ids of places that posts can be held at.
struct Places {
    organisations: Vec<Uuid>,
    inspections: Vec<Uuid>,
    accounts: Vec<Uuid>,
    problems: Vec<Uuid>,
    reach: Arc<Reach>,
}

impl Places {
    async fn of(city: &City) -> Self {
        let ids = async |table: &str| {
            city.ids(db::Sql::new(&format!("select id from {table} order by id limit 400"))).await
        };
        Self {
            organisations: ids("organisation").await,
            inspections: ids("inspection").await,
            accounts: ids("account").await,
            problems: ids("problem").await,
            reach: Arc::clone(city.app.reach()),
        }
    }

    fn actor(&self) -> impl Strategy<Value = Actor> + use<> {
        let role = proptest::sample::select(Role::ALL);
        let organisation =
            proptest::option::weighted(0.7, proptest::sample::select(self.organisations.clone()));
        let inspection = proptest::option::weighted(0.7, proptest::sample::select(self.inspections.clone()));
        let inspections = proptest::collection::vec(proptest::sample::select(self.inspections.clone()), 0..3);
        let district = (proptest::sample::select(self.organisations.clone()), inspections)
            .prop_map(|(organisation, inspections)| District { organisation, inspections });
        let district = proptest::option::weighted(0.5, district);
        let problems = proptest::collection::vec(proptest::sample::select(self.problems.clone()), 0..5);
        let places = (organisation, district, problems, inspection);
        let post = (role, places).prop_map(|(role, (organisation, district, problems, inspection))| Post {
            role,
            organisation,
            district,
            problems,
            inspection,
            from: chrono::NaiveDate::default(),
            to: None,
        });
        let account = proptest::option::weighted(0.9, proptest::sample::select(self.accounts.clone()));
        (account, proptest::collection::vec(post, 0..4), self.bars()).prop_map(|(account, posts, bars)| {
            Actor {
                account,
                posts,
                bars: Arc::new(bars),
                program: account.is_none(),
                ..Actor::program("任意")
            }
        })
    }

    /// Nothing for one half of the people, some organisations and inspections for the other.
    fn bars(&self) -> impl Strategy<Value = Bars> + use<> {
        let organisations =
            proptest::collection::vec(proptest::sample::select(self.organisations.clone()), 0..40);
        let inspections = proptest::collection::vec(proptest::sample::select(self.inspections.clone()), 0..6);
        let reach = Arc::clone(&self.reach);
        proptest::option::of((organisations, inspections)).prop_map(move |barred| {
            let (organisations, inspections) = barred.unwrap_or_default();
            Bars { organisations, inspections, reach: Arc::clone(&reach) }
        })
    }
}

/// Compares both readings of the scope of `noun` for every actor; `among` narrows the table to the
/// rows that are the noun's.
async fn agree<M: ModelTrait>(city: &City, noun: &str, among: &str, actors: &[Actor]) {
    let service = city.app.registry().service(noun).unwrap_or_else(|| panic!("no service {noun}"));
    let some = format!("select id from {} where {among} order by id limit {ROWS}", service.table);
    let ids = city.ids(db::Sql::new(&some)).await;
    let behind = city.behind();
    let records = <M::Entity as EntityTrait>::find()
        .filter(Expr::col(Alias::new("id")).is_in(ids))
        .all(&behind.db().await.expect("a database"))
        .await
        .unwrap_or_else(|error| panic!("{noun}: {error}"));
    for actor in actors {
        let visible = service.scope(actor);
        let mut sql = db::Sql::new("select t.id from ");
        sql.push(service.table).push(" t where t.id in (").push(&some).push(") and ");
        visible.write("t", &mut sql);
        let by_sql: BTreeSet<Uuid> = city.ids(sql).await.into_iter().collect();
        let by_hand: BTreeSet<Uuid> =
            records.iter().filter(|record| visible.holds(*record)).map(id_of).collect();
        assert_eq!(by_sql, by_hand, "{noun}, {visible:?}, for {:?}", actor.role_labels());
    }
}

fn id_of<M: ModelTrait>(record: &M) -> Uuid {
    use sea_orm::{IdenStatic as _, Iterable as _};
    let column = <M::Entity as EntityTrait>::Column::iter().find(|column| column.as_str() == "id");
    match record.get(column.expect("a record has an id")) {
        sea_orm::Value::Uuid(Some(id)) => id,
        other => panic!("an id that is {other:?}"),
    }
}

/// Calls [`agree`] for every noun with the type of its records, and says which nouns those were.
macro_rules! agree_all {
    ($city:expr, $actors:expr, $($noun:literal: $record:ty $(, among $among:literal)?;)+) => {{
        $(agree::<$record>($city, $noun, agree_all!(@among $($among)?), $actors).await;)+
        vec![$($noun),+]
    }};
    (@among) => { "1 = 1" };
    (@among $among:literal) => { $among };
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_sql_of_a_scope_selects_is_what_the_rule_says_of_each_record() {
    let city = City::new().await;
    let mut runner = TestRunner::deterministic();
    let strategy = Places::of(&city).await.actor();
    let actors: Vec<Actor> =
        (0..ACTORS).map(|_| strategy.new_tree(&mut runner).expect("an actor").current()).collect();
    let compared = agree_all!(&city, &actors,
        "organisations": registry::organisations::Organisation;
        "people": registry::people::Person;
        "transfers": registry::transfers::Transfer;
        "accounts": registry::accounts::Account;
        "posts": registry::posts::PostRecord;
        "dictionaries": registry::dictionaries::DictionaryItem;
        "policies": registry::policies::Policy;
        "calendar_days": registry::calendar_days::CalendarDay;
        "terms": planning::terms::Term;
        "coverage_lists": planning::coverage_lists::CoverageList;
        "coverage_items": planning::coverage_items::CoverageItem;
        "topics": planning::topics::Topic;
        "year_plans": planning::year_plans::YearPlan;
        "rounds": planning::rounds::Round;
        "batches": planning::batches::Batch;
        "inspections": planning::inspections::Inspection;
        "inspection_units": planning::inspection_units::InspectionUnit;
        "talents": planning::talents::Talent;
        "team_needs": planning::needs::Need;
        "nominations": planning::nominations::Nomination;
        "secondments": planning::secondments::Secondment;
        "draws": planning::draws::Draw;
        "declarations": planning::declarations::Declaration;
        "avoidances": planning::avoidances::Avoidance;
        "authorisations": planning::authorisations::Authorisation;
        "teams": planning::teams::TeamPost, among "inspection_id is not null";
        "agreements": preparation::agreements::Agreement;
        "obligations": preparation::obligations::Obligation;
        "obligation_dues": preparation::obligation_dues::ObligationDue;
        "audit_linkages": preparation::audit_linkages::AuditLinkage;
        "audit_shares": preparation::audit_shares::AuditShare;
        "briefing_letters": preparation::briefing_letters::BriefingLetter;
        "briefings": preparation::briefings::Briefing;
        "briefing_items": preparation::briefing_items::BriefingItem;
        "brought_pieces": preparation::brought_pieces::BroughtPiece;
        "duties": preparation::duties::Duty;
        "focus_rules": preparation::focus_rules::FocusRule;
        "focus_lists": preparation::focus_lists::FocusList;
        "focus_items": preparation::focus_items::FocusItem;
        "support_requests": preparation::support_requests::SupportRequest;
        "announcements": onsite::announcements::Announcement;
        "contacts": onsite::contacts::Contact;
        "assemblies": onsite::assemblies::Assembly;
        "questionnaires": onsite::questionnaires::Questionnaire;
        "file_requests": onsite::file_requests::FileRequest;
        "file_request_items": onsite::file_request_items::FileRequestItem;
        "talk_plans": onsite::talk_plans::TalkPlan;
        "talks": onsite::talks::Talk;
        "talk_points": onsite::talk_points::TalkPoint;
        "petitions": onsite::petitions::Petition;
        "informants": onsite::informants::Informant;
        "upward_letters": onsite::upward_letters::UpwardLetter;
        "openings": onsite::openings::Opening;
        "visits": onsite::visits::Visit;
        "team_meetings": onsite::team_meetings::TeamMeeting;
        "tasks": onsite::tasks::Task;
        "drafts": fieldwork::drafts::Draft;
        "draft_sources": fieldwork::draft_sources::DraftSource;
        "evidence": fieldwork::evidence::Evidence;
        "fact_sheets": fieldwork::fact_sheets::FactSheet;
        "immediate_actions": fieldwork::immediate_actions::ImmediateAction;
        "typical_problems": fieldwork::typical_problems::TypicalProblem;
        "consultations": fieldwork::consultations::Consultation;
        "consultation_points": fieldwork::consultation_points::ConsultationPoint;
        "problems": fieldwork::problems::Problem;
        "leads": fieldwork::leads::Lead;
        "passports": fieldwork::passports::Passport;
        "suspect_projects": fieldwork::suspect_projects::SuspectProject;
        "closures": fieldwork::closures::Closure;
        "data_sets": analysis::data_sets::DataSet;
        "data_recipes": analysis::data_recipes::Recipe;
        "data_samples": analysis::data_samples::DataSample;
        "office_models": analysis::office_models::OfficeModel;
        "doubts": analysis::doubts::Doubt;
        "model_runs": analysis::model_runs::ModelRun;
        "reports": reports::reports::Report, among "not restricted";
        "materials": reports::reports::Report, among "restricted";
        "report_comments": reports::report_comments::ReportComment;
        "team_contacts": reports::team_contacts::TeamContact;
        "meetings": reports::meetings::Meeting;
        "instructions": reports::instructions::Instruction;
        "quality_reviews": reports::quality_reviews::QualityReview;
        "quality_scores": reports::quality_scores::QualityScore;
        "score_sheets": reports::score_sheets::ScoreSheet;
        "report_rules": reports::report_rules::ReportRule;
        "review_steps": reports::review_steps::ReviewStep;
        "feedbacks": decisions::feedbacks::Feedback;
        "documents": paperwork::documents::Document;
        "document_dispatches": paperwork::document_dispatches::Dispatch;
        "document_templates": paperwork::document_templates::DocumentTemplate;
        "rect_plans": rectification::rect_plans::RectPlan;
        "rect_opinions": rectification::opinions::Opinion;
        "measures": rectification::measures::Measure;
        "cooperations": rectification::cooperations::Cooperation;
        "rect_reports": rectification::reports::Report;
        "rect_instructions": rectification::instructions::Instruction;
        "rect_urgings": rectification::urgings::Urging;
        "rect_evaluations": rectification::evaluations::Evaluation;
        "eval_schemes": rectification::schemes::Scheme;
        "satisfaction_polls": rectification::polls::Poll;
        "publicities": rectification::publicities::Publicity;
        "accountabilities": rectification::accountabilities::Accountability;
        "campaigns": rectification::campaigns::Campaign;
        "assets": rectification::assets::Asset;
        "asset_movements": rectification::asset_movements::AssetMovement;
        "rules_built": rectification::rules_built::RuleBuilt;
        "rechecks": rectification::rechecks::Recheck;
        "verifications": rectification::verifications::Verification;
        "rect_doubts": rectification::doubts::Doubt;
        "suggestions": results::suggestions::Suggestion;
        "special_reports": results::special_reports::SpecialReport;
        "problem_groups": results::problem_groups::ProblemGroup;
        "handovers": results::handovers::Handover;
        "common_problems": results::common_problems::CommonProblem;
        "result_uses": results::result_uses::ResultUse;
        "district_liaisons": results::districts::liaisons::DistrictLiaison;
        "district_deputies": results::districts::deputies::DistrictDeputy;
        "shadow_trainings": results::districts::trainings::ShadowTraining;
        "district_checks": results::districts::checks::DistrictCheck;
        "district_check_problems": results::districts::check_problems::DistrictCheckProblem;
        "report_evaluations": results::districts::evaluations::ReportEvaluation;
        "reported_values": results::reported_values::ReportedValue;
        "jobs": kit::jobs::Job;
        "job_schedules": kit::jobs::Schedule;
        "exports": kit::exports::FileExport;
    );
    let nouns: Vec<&str> = city.app.registry().services.iter().map(|service| service.noun).collect();
    assert_eq!(compared, nouns, "every noun is compared");
}
