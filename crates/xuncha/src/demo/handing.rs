//! What the office hands to other bodies, and what came of it: transfers with their subjects, which are leads,
//! suspect projects, suggestions and lists of common problems; and the special reports some suggestions stand in.

use std::collections::HashSet;

use chrono::{Datelike as _, Days, NaiveDate};
use city::{
    inspections::Stage,
    keys::{InspectionKey, OrganisationKey, SpecialReportKey},
    results::{CommonHandover, Suggestion, SuggestionOrigin, SuggestionState},
    targets::HORIZON,
    transfers::{Lead, Route, SuspectProject, TransferMode},
};
use kit::{Labelled as _, Result, seal::Seal};
use registry::transfers::{Disposal, Kind, Mode, ResultKind, State};
use uuid::Uuid;

use super::{
    cargo::{Cargo, row},
    chronicle::{Doer, Step, Story},
    codes::{self, nouns, states},
    plan::{Period, Plan, Serials},
};

/// The discipline body, which receives whatever must not go to the body it is about.
pub(super) const DISCIPLINE: &str = "市纪委监委";
/// The other recipient of a double transfer.
const ORGANISATION_DEPARTMENT: &str = "市委组织部";

/// How long after its result a matter was closed at the latest.
const CLOSED_AFTER: Days = Days::new(20);

const CREATE: Step = Step::plain("create", "登记");

/// A transfer before it has its number.
struct Handed {
    id: Uuid,
    kind: Kind,
    noun: &'static str,
    subject: Uuid,
    ordinal: i64,
    title: String,
    inspection: Option<InspectionKey>,
    organisation: Option<OrganisationKey>,
    recipient: OrganisationKey,
    mode: Mode,
    early: bool,
    sent_on: NaiveDate,
    due_on: Option<NaiveDate>,
    received_on: Option<NaiveDate>,
    disposal: Option<(Disposal, NaiveDate, String)>,
    result: Option<(ResultKind, NaiveDate, String)>,
    closed_on: Option<NaiveDate>,
}

impl Handed {
    fn new(
        kind: Kind,
        noun: &'static str,
        subject: Uuid,
        recipient: OrganisationKey,
        sent_on: NaiveDate,
    ) -> Self {
        Self {
            id: subject,
            kind,
            noun,
            subject,
            ordinal: 1,
            title: String::new(),
            inspection: None,
            organisation: None,
            recipient,
            mode: Mode::Single,
            early: false,
            sent_on,
            due_on: None,
            received_on: None,
            disposal: None,
            result: None,
            closed_on: None,
        }
    }

    fn state(&self) -> State {
        match self {
            Self { closed_on: Some(_), .. } => State::Closed,
            Self { result: Some(_), .. } => State::ResultReturned,
            Self { disposal: Some(_), .. } => State::Disposing,
            Self { received_on: Some(_), .. } => State::Received,
            _ => State::Sent,
        }
    }

    fn period(&self) -> Period {
        if self.kind == Kind::Lead { Period::LEAD_RESULT } else { Period::OTHER_RESULT }
    }

    /// Accepts the result when it has been there long enough.
    fn accepted(mut self) -> Self {
        let result_on = self.result.as_ref().map(|(_, on, _)| *on);
        self.closed_on = result_on.map(|on| on + CLOSED_AFTER).filter(|on| *on <= HORIZON);
        self
    }

    fn load(&self, plan: &Plan<'_>, cargo: &mut Cargo, number: &str) {
        let from = self.received_on.unwrap_or(self.sent_on);
        let received_by = self.received_on.map_or_else(|| "".into(), |_| plan.speaker(self.recipient).name);
        let (disposal, result) = (self.disposal.as_ref(), self.result.as_ref());
        row!(cargo, "transfer", {
            id: self.id, version: 1 + self.steps() as i64, number: number, kind: self.kind, subject_noun: self.noun,
            subject_id: self.subject, ordinal: self.ordinal, title: self.title.as_str(),
            inspection_id: self.inspection.map(|key| plan.inspection(key)),
            organisation_id: self.organisation.map(|key| plan.organisation(key)),
            recipient_id: plan.organisation(self.recipient), mode: self.mode, early: self.early, state: self.state(),
            sent_by: plan.director().account, sent_on: self.sent_on,
            due_on: self.due_on.unwrap_or_else(|| self.period().end(from)), due_basis: self.period().basis,
            received_on: self.received_on, received_by: received_by.as_ref(),
            disposal_due_on: self.received_on.filter(|_| self.kind == Kind::Lead).map(|on| Period::LEAD_DISPOSAL.end(on)),
            disposal: disposal.map(|(way, ..)| *way), disposal_on: disposal.map(|(_, on, _)| *on),
            disposal_note: disposal.map_or("", |(.., note)| note.as_str()), result: result.map(|(kind, ..)| *kind),
            result_on: result.map(|(_, on, _)| *on), result_note: result.map_or("", |(.., note)| note.as_str()),
            returned_on: None::<NaiveDate>, return_reason: "", urged_on: None::<NaiveDate>, urges: 0_i64,
            closed_on: self.closed_on,
        });
        cargo.find_by(nouns::TRANSFERS, self.id, format!("{number} {}", self.title));
        self.tell(plan, cargo);
    }

    fn steps(&self) -> usize {
        usize::from(self.received_on.is_some())
            + usize::from(self.disposal.is_some())
            + usize::from(self.result.is_some())
            + usize::from(self.closed_on.is_some())
    }

    fn tell(&self, plan: &Plan<'_>, cargo: &mut Cargo) {
        let (director, recipient) = (plan.director(), plan.speaker(self.recipient));
        let mut story = Story::of(cargo, nouns::TRANSFERS, self.id);
        story.tell(self.sent_on, &director, Step::plain("send", "移交"), "");
        let step =
            |deed, label, from: State, to: State| Step { deed, label, from: from.label(), to: to.label() };
        if let Some(on) = self.received_on {
            story.tell(on, &recipient, step("receive", "签收", State::Sent, State::Received), "");
        }
        if let Some((way, on, _)) = &self.disposal {
            let chosen = step("dispose", "选择处置方式", State::Received, State::Disposing);
            story.tell(*on, &recipient, chosen, way.label());
        }
        if let Some((kind, on, _)) = &self.result {
            let reported = step("report_result", "反馈结果", State::Disposing, State::ResultReturned);
            story.tell(*on, &recipient, reported, kind.label());
        }
        if let Some(on) = self.closed_on {
            story.tell(on, &director, step("close", "办结", State::ResultReturned, State::Closed), "");
        }
    }
}

/// Everything handed over. Transfers come first, in the order of their numbers, because their subjects name them.
pub(super) fn load(plan: &Plan<'_>, cargo: &mut Cargo, seal: &Seal) -> Result<()> {
    let mut handed: Vec<Handed> = Vec::new();
    handed.extend(plan.city.leads.iter().flat_map(|lead| of_lead(plan, lead)));
    handed.extend(
        plan.city.suspect_projects.iter().enumerate().map(|(place, row)| of_project(plan, place, row)),
    );
    handed
        .extend(plan.city.suggestions.iter().enumerate().map(|(place, row)| of_suggestion(plan, place, row)));
    handed.extend(plan.city.handovers.iter().enumerate().map(|(place, row)| of_handover(plan, place, row)));
    handed.sort_by_key(|transfer| transfer.sent_on);
    let mut serials = Serials::default();
    for transfer in &handed {
        let year = transfer.sent_on.year();
        transfer.load(plan, cargo, &format!("YJ{year}-{:04}", serials.next(year)));
    }
    for (year, last) in serials.last() {
        row!(cargo, "transfer_counter", { year: i64::from(year), last: last });
    }
    load_leads(plan, cargo, seal)?;
    load_projects(plan, cargo);
    load_reports(plan, cargo);
    load_suggestions(plan, cargo);
    load_handovers(plan, cargo);
    Ok(())
}

fn transfer_id(plan: &Plan<'_>, subject: &str, place: usize) -> Uuid {
    plan.ids.of(&format!("transfer/{subject}"), place)
}

pub(super) fn lead_id(plan: &Plan<'_>, lead: &Lead) -> Uuid {
    plan.ids.without_order("lead", lead.key.0)
}

/// Recipient and, of a double transfer, the second one. What is said about a body never goes to it.
pub(super) fn recipients_of(plan: &Plan<'_>, lead: &Lead) -> (OrganisationKey, Option<OrganisationKey>) {
    let about = plan.city[lead.unit].organisation;
    let first =
        if lead.receiver == about { plan.body(DISCIPLINE).unwrap_or(lead.receiver) } else { lead.receiver };
    let other = if plan.body(DISCIPLINE) == Some(first) { ORGANISATION_DEPARTMENT } else { DISCIPLINE };
    (first, plan.body(other).filter(|_| lead.mode == TransferMode::Double))
}

fn of_lead(plan: &Plan<'_>, lead: &Lead) -> Vec<Handed> {
    let unit = &plan.city[lead.unit];
    let (first, second) = recipients_of(plan, lead);
    let subject = lead_id(plan, lead);
    let handed = |ordinal: i64, recipient| {
        let place = lead.key.0 * 2 + ordinal as usize - 1;
        let mut handed = Handed::new(Kind::Lead, nouns::LEADS, subject, recipient, lead.transferred_on);
        handed.id = transfer_id(plan, "lead", place);
        handed.ordinal = ordinal;
        handed.title = format!("问题线索（{}）", plan.city[unit.inspection].name);
        handed.inspection = Some(unit.inspection);
        handed.organisation = Some(unit.organisation);
        handed.mode = codes::mode(lead.mode);
        handed.early = lead.early;
        handed.received_on = lead.received_on;
        handed.disposal = lead.disposal.map(|(way, on)| (codes::disposal(way), on, String::new()));
        handed.result = lead.result.map(|(result, on)| (codes::lead_result(result), on, String::new()));
        handed.accepted()
    };
    std::iter::once((1, first))
        .chain(second.map(|second| (2, second)))
        .map(|(at, to)| handed(at, to))
        .collect()
}

fn load_leads(plan: &Plan<'_>, cargo: &mut Cargo, seal: &Seal) -> Result<()> {
    let mut given = HashSet::new();
    for lead in &plan.city.leads {
        load_lead(plan, cargo, seal, lead, &mut given)?;
    }
    Ok(())
}

/// `XS-2023-` and six digits that follow from the identity, so that leads cannot be counted by them.
fn lead_number(lead: &Lead, id: Uuid, given: &mut HashSet<String>) -> String {
    let year = lead.approved_on.year();
    let mut digits = (id.as_u128() % 1_000_000) as u32;
    loop {
        let number = format!("XS-{year}-{digits:06}");
        if given.insert(number.clone()) {
            return number;
        }
        digits = (digits + 1) % 1_000_000;
    }
}

fn load_lead(
    plan: &Plan<'_>,
    cargo: &mut Cargo,
    seal: &Seal,
    lead: &Lead,
    given: &mut HashSet<String>,
) -> Result<()> {
    let id = lead_id(plan, lead);
    let unit = &plan.city[lead.unit];
    let number = lead_number(lead, id, given);
    let sealed = |field: &str, text: &str| seal.seal(&format!("lead/{id}/{field}"), text);
    let post = format!("{}（{}）", lead.title, lead.rank);
    let urgency = if lead.early { "线索具体、可查性强，需及时处置。" } else { "" };
    let entered = unit.reached(Stage::OnSite).unwrap_or(lead.approved_on);
    let accepted_on = (lead.approved_on - Days::new(12)).max(entered).min(lead.approved_on);
    let (head, approver) = (plan.head(unit), plan.group_member());
    let (first, second) = recipients_of(plan, lead);
    let route = if first == lead.receiver { lead.route } else { Route::Discipline };
    row!(cargo, "lead", {
        id: id, version: 3_i64, number: number.as_str(), inspection_id: plan.inspection(unit.inspection),
        organisation_id: plan.organisation(unit.organisation), problem_id: None::<Uuid>,
        person_sealed: sealed("person", &lead.person)?, post_sealed: sealed("post", &post)?,
        content_sealed: sealed("content", &lead.content)?, urgency_sealed: sealed("urgency", urgency)?,
        opinion_sealed: sealed("opinion", "")?, discipline: codes::discipline(lead.discipline),
        category: codes::lead_category(lead.discipline), source: codes::lead_source(lead),
        route: codes::route(route), mode: Some(codes::mode(lead.mode)),
        timing: if lead.early { states::TIMING_EARLY } else { states::TIMING_AFTER_REPORT },
        audit_linked: lead.audit_linked, accepted_on: accepted_on, state: states::LEAD_TRANSFERRED,
        prepared_by: head.account, approved_by: approver.account, approved_on: Some(lead.approved_on),
        transfer_id: Some(transfer_id(plan, "lead", lead.key.0 * 2)), recipient_id: Some(plan.organisation(first)),
        second_recipient_id: second.map(|key| plan.organisation(key)), transferred_on: Some(lead.transferred_on),
    });
    cargo.find_by(nouns::LEADS, id, number);
    let approved = Step { deed: "approve", label: "批准移交", from: "待审批", to: "待移交" };
    let sent = Step { deed: "transfer", label: "移交", from: "待移交", to: "已移交" };
    Story::of(cargo, nouns::LEADS, id)
        .tell(accepted_on, &head, Step { label: "登记线索", ..CREATE }, "")
        .tell(lead.approved_on, &approver, approved, "")
        .tell(lead.transferred_on, &plan.director(), sent, "");
    Ok(())
}

fn project_recipient(plan: &Plan<'_>, project: &SuspectProject) -> OrganisationKey {
    if project.receiver == plan.city[project.unit].organisation {
        return plan.body(DISCIPLINE).unwrap_or(project.receiver);
    }
    project.receiver
}

fn of_project(plan: &Plan<'_>, place: usize, project: &SuspectProject) -> Handed {
    let subject = plan.ids.of("suspect_project", place);
    let recipient = project_recipient(plan, project);
    let mut handed = Handed::new(
        Kind::SuspectProject,
        nouns::SUSPECT_PROJECTS,
        subject,
        recipient,
        project.transferred_on,
    );
    handed.id = transfer_id(plan, "suspect_project", place);
    handed.title.clone_from(&project.name);
    handed.inspection = Some(project.inspection);
    handed.organisation = Some(plan.city[project.unit].organisation);
    handed.received_on = Some(project.received_on);
    let taken_up = project.received_on + Days::new(14);
    let came_of_it = project.result.map(|(result, on)| (codes::project_result(result), on));
    handed.disposal = match came_of_it {
        Some(((way, ..), _)) => Some((way, taken_up, String::new())),
        None => {
            Some((Disposal::AdministrativeInquiry, taken_up, String::new())).filter(|_| taken_up <= HORIZON)
        }
    };
    handed.result = came_of_it.map(|((_, kind, note), on)| (kind, on, note.to_owned()));
    handed.accepted()
}

fn load_projects(plan: &Plan<'_>, cargo: &mut Cargo) {
    let mut serials = Serials::default();
    for (place, project) in plan.city.suspect_projects.iter().enumerate() {
        let id = plan.ids.of("suspect_project", place);
        let unit = &plan.city[project.unit];
        let approved_on = project.transferred_on - Days::new(2);
        let entered = unit.reached(Stage::OnSite).unwrap_or(approved_on);
        let found_on = (approved_on - Days::new(10)).max(entered).min(approved_on);
        let number = format!("XM-{}-{:04}", found_on.year(), serials.next(found_on.year()));
        let (head, approver) = (plan.head(unit), plan.group_member());
        row!(cargo, "suspect_project", {
            id: id, version: 3_i64, number: number.as_str(), inspection_id: plan.inspection(project.inspection),
            organisation_id: plan.organisation(unit.organisation), name: project.name.as_str(),
            owner_name: plan.city[unit.organisation].name.as_str(), bidders: project.bidders.join("\n"),
            suspicion: project.suspicion.as_str(), evidence: "招投标全过程资料、资金流水和数据比对结果。",
            amount_fen: Some(project.contract_fen), found_on: found_on, mode: Some(Mode::Single),
            state: states::PROJECT_TRANSFERRED, prepared_by: head.account, approved_by: approver.account,
            approved_on: Some(approved_on), transfer_id: Some(transfer_id(plan, "suspect_project", place)),
            recipient_id: Some(plan.organisation(project_recipient(plan, project))),
            second_recipient_id: None::<Uuid>, transferred_on: Some(project.transferred_on),
        });
        cargo.find_by(
            nouns::SUSPECT_PROJECTS,
            id,
            format!("{number} {} {}", project.name, project.suspicion),
        );
        let approved = Step { deed: "approve", label: "批准移交", from: "待审批", to: "待移交" };
        let sent = Step { deed: "transfer", label: "移交", from: "待移交", to: "已移交" };
        Story::of(cargo, nouns::SUSPECT_PROJECTS, id)
            .tell(found_on, &head, Step { label: "登记项目", ..CREATE }, "")
            .tell(approved_on, &approver, approved, "")
            .tell(project.transferred_on, &plan.director(), sent, "");
    }
}

/// When a suggestion reached a state, and what was said.
fn reached(suggestion: &Suggestion, state: SuggestionState) -> Option<(NaiveDate, &str)> {
    let step = suggestion.history.iter().find(|(reached, ..)| *reached == state)?;
    Some((step.1, step.2.as_str()))
}

fn of_suggestion(plan: &Plan<'_>, place: usize, suggestion: &Suggestion) -> Handed {
    let subject = plan.ids.of("suggestion", place);
    let mut handed = Handed::new(
        Kind::Suggestion,
        nouns::SUGGESTIONS,
        subject,
        suggestion.addressee,
        suggestion.issued_on,
    );
    handed.id = transfer_id(plan, "suggestion", place);
    handed.title = format!("巡察建议 {}", suggestion.number);
    if let SuggestionOrigin::Inspection(inspection) = suggestion.origin {
        handed.inspection = Some(inspection);
    }
    handed.due_on = Some(suggestion.due_on);
    handed.received_on = reached(suggestion, SuggestionState::Received).map(|(on, _)| on);
    handed.disposal = [
        (SuggestionState::Adopted, Disposal::Adopted),
        (SuggestionState::PartlyAdopted, Disposal::PartlyAdopted),
        (SuggestionState::NotAdopted, Disposal::NotAdopted),
    ]
    .into_iter()
    .find_map(|(state, way)| reached(suggestion, state).map(|(on, note)| (way, on, note.to_owned())));
    handed.result = reached(suggestion, SuggestionState::Done)
        .map(|(on, note)| (ResultKind::CarriedOut, on, note.to_owned()));
    handed.closed_on = reached(suggestion, SuggestionState::Verified).map(|(on, _)| on);
    handed
}

fn load_suggestions(plan: &Plan<'_>, cargo: &mut Cargo) {
    for (place, suggestion) in plan.city.suggestions.iter().enumerate() {
        let id = plan.ids.of("suggestion", place);
        let (inspection, report, field) = match suggestion.origin {
            SuggestionOrigin::Inspection(key) => (Some(key), None, plan.city[key].field),
            SuggestionOrigin::SpecialReport(key) => (None, Some(key), Some(plan.city[key].field)),
        };
        let verified = reached(suggestion, SuggestionState::Verified);
        let (clerk, director) = (plan.clerk(place), plan.director());
        let approved_on = suggestion.issued_on - Days::new(2);
        let state = if verified.is_some() { states::SUGGESTION_VERIFIED } else { states::SUGGESTION_ISSUED };
        row!(cargo, "suggestion", {
            id: id, version: 4_i64, number: suggestion.number.as_str(), text: suggestion.text.as_str(),
            inspection_id: inspection.map(|key| plan.inspection(key)),
            special_report_id: report.map(|key| report_id(plan, key)), field: codes::field(field),
            addressee_id: plan.organisation(suggestion.addressee), organisation_id: None::<Uuid>, state: state,
            prepared_by: clerk.account, approved_by: director.account, approved_on: Some(approved_on),
            transfer_id: Some(transfer_id(plan, "suggestion", place)), issued_on: Some(suggestion.issued_on),
            verified_on: verified.map(|(on, _)| on), verification: verified.map_or("", |(_, note)| note),
        });
        cargo.find_by(nouns::SUGGESTIONS, id, format!("{} {}", suggestion.number, suggestion.text));
        let mut story = Story::of(cargo, nouns::SUGGESTIONS, id);
        tell_paper(&mut story, (&clerk, &director), approved_on);
        let issued = Step { deed: "issue", label: "发出", from: "已审定", to: "已发出" };
        story.tell(suggestion.issued_on, &clerk, issued, "");
        if let Some((on, note)) = verified {
            let step = Step { deed: "verify", label: "验证", from: "已发出", to: "已验证" };
            story.tell(on, &director, step, note);
        }
    }
}

/// Draft and approval of a paper of the office.
fn tell_paper(story: &mut Story<'_>, (clerk, director): (&Doer, &Doer), approved_on: NaiveDate) {
    let approved = Step { deed: "approve", label: "审定", from: "起草中", to: "已审定" };
    story.tell(approved_on - Days::new(3), clerk, Step { label: "起草", ..CREATE }, "");
    story.tell(approved_on, director, approved, "");
}

fn report_id(plan: &Plan<'_>, key: SpecialReportKey) -> Uuid {
    plan.ids.of("special_report", key.0)
}

fn load_reports(plan: &Plan<'_>, cargo: &mut Cargo) {
    let mut serials = Serials::default();
    for report in &plan.city.special_reports {
        let id = report_id(plan, report.key);
        let year = report.submitted_on.year();
        let number = format!("澜巡专报〔{year}〕{}号", serials.next(year));
        let (clerk, director) = (plan.clerk(report.key.0), plan.director());
        let text = format!("综合巡察发现的{}个相关问题，分析成因，提出对策建议。", report.problems.len());
        let secretary = plan.city.topics.first().map_or("", |topic| plan.name(topic.named_by));
        let decided_by = report.instruction.map_or_else(String::new, |_| format!("市委书记 {secretary}"));
        row!(cargo, "special_report", {
            id: id, version: 3_i64, number: number.as_str(), title: report.title, term_id: plan.term(),
            inspection_id: None::<Uuid>, field: codes::field(Some(report.field)), text: text.as_str(),
            state: if report.instruction.is_some() { states::REPORT_DECIDED } else { states::REPORT_SUBMITTED },
            prepared_by: clerk.account, submitted_on: Some(report.submitted_on),
            decided_on: report.instruction.map(|(_, on)| on), decided_by: decided_by.as_str(),
            decision: report.instruction.map_or("", |(words, _)| words),
        });
        let decision = report.instruction.map_or("", |(words, _)| words);
        cargo.find_by(nouns::SPECIAL_REPORTS, id, format!("{number} {} {text} {decision}", report.title));
        let submitted = Step { deed: "submit", label: "上报市委", from: "起草中", to: "已上报" };
        let mut story = Story::of(cargo, nouns::SPECIAL_REPORTS, id);
        story.tell(report.submitted_on - Days::new(15), &clerk, Step { label: "起草", ..CREATE }, "");
        story.tell(report.submitted_on, &director, submitted, "");
        if let Some((words, on)) = report.instruction {
            let decided = Step { deed: "decide", label: "批示", from: "已上报", to: "已批示" };
            story.tell(on, &clerk, decided, format!("{decided_by}：{words}"));
        }
    }
}

fn of_handover(plan: &Plan<'_>, place: usize, list: &CommonHandover) -> Handed {
    let subject = plan.ids.of("handover", place);
    let mut handed =
        Handed::new(Kind::CommonProblem, nouns::HANDOVERS, subject, list.receiver, list.handed_over_on);
    handed.id = transfer_id(plan, "handover", place);
    handed.title = format!("{} {}", list.title, list.number);
    handed.received_on = Some(list.received_on).filter(|on| *on <= HORIZON);
    let taken_up = list.received_on + Days::new(21);
    handed.disposal =
        Some((Disposal::RoutineSupervision, taken_up, String::new())).filter(|_| taken_up <= HORIZON);
    // The first reply is the result; later ones complete it.
    handed.result = list.replies.first().map(|(on, _)| {
        let replies: Vec<_> = list.replies.iter().map(|(on, words)| format!("{on} {words}")).collect();
        (ResultKind::UnderSupervision, *on, replies.join("\n"))
    });
    handed
}

fn load_handovers(plan: &Plan<'_>, cargo: &mut Cargo) {
    let mut lines = 0;
    for (place, list) in plan.city.handovers.iter().enumerate() {
        let id = plan.ids.of("handover", place);
        let recipient = plan.organisation(list.receiver);
        let (clerk, director) = (plan.clerk(place), plan.director());
        let approved_on = list.handed_over_on - Days::new(2);
        row!(cargo, "handover", {
            id: id, version: 3_i64, number: list.number.as_str(), title: list.title.as_str(),
            field: codes::field(Some(list.field)), recipient_id: recipient,
            note: "请纳入日常监管，按季度反馈办理情况。", state: states::HANDOVER_HANDED,
            prepared_by: clerk.account, approved_by: director.account, approved_on: Some(approved_on),
            transfer_id: Some(transfer_id(plan, "handover", place)), handed_on: Some(list.handed_over_on),
        });
        cargo.find_by(nouns::HANDOVERS, id, format!("{} {}", list.number, list.title));
        let mut story = Story::of(cargo, nouns::HANDOVERS, id);
        tell_paper(&mut story, (&clerk, &director), approved_on);
        let handed = Step { deed: "hand_over", label: "移交", from: "已审定", to: "已移交" };
        story.tell(list.handed_over_on, &clerk, handed, format!("共{}个问题", list.problems.len()));
        for (position, key) in (1_i64..).zip(&list.problems) {
            lines += 1;
            let problem = &plan.city[*key];
            let line = plan.ids.of("common_problem", lines);
            row!(cargo, "common_problem", {
                id: line, version: 2_i64, handover_id: id, position: position, problem_id: Some(plan.problem(*key)),
                text: problem.title.as_str(), field: codes::field(problem.field.or(Some(list.field))),
                recipient_id: recipient, handed_on: Some(list.handed_over_on),
            });
            cargo.find_by(nouns::COMMON_PROBLEMS, line, problem.title.clone());
        }
    }
}
