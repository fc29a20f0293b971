//! Reports with their materials, comments, decisions, meetings and instructions, the contacts of the teams, and the
//! evaluation of reports, in every state.

use chrono::{Datelike as _, Days, NaiveDate};
use city::{
    inspections::{InspectedUnit, InspectionType, Stage},
    targets::{AS_OF, HORIZON},
};
use db::Sql;
use kit::{Labelled as _, Result, WriteCx, seal::Seal};
use reports::{
    instructions, meetings,
    prose::{
        Prose,
        assemble::{Content, Group, Matter, Section, assemble},
    },
    quality_reviews, report_comments,
    reports::{Kind, MATERIALS, NOUN, State, StepBy},
    team_contacts,
};
use uuid::Uuid;

use super::{
    cargo::{Cargo, row},
    chronicle::{Doer, Step, Story, at_office},
    plan::{Plan, Serials},
};

/// Units whose reports the demonstration holds, besides those that are being written.
const REPORTED: usize = 14;

/// Everything of this file that needs no setting.
pub(super) fn load(
    plan: &Plan<'_>,
    cargo: &mut Cargo,
    seal: &Seal,
    matters: &[(Uuid, Matter)],
) -> Result<()> {
    load_contacts(plan, cargo);
    let mut loading = Loading {
        plan,
        cargo,
        seal,
        count: 0,
        numbers: Serials::default(),
        material_numbers: Serials::default(),
        comments: 0,
        heard: Vec::new(),
    };
    for unit in reported(plan) {
        loading.one_and_three(unit)?;
    }
    loading.under_way(matters)?;
    let heard = loading.heard;
    load_meetings(plan, cargo, seal, &heard)
}

/// The units of regular inspections whose reports were handed in last.
fn reported<'a>(plan: &Plan<'a>) -> Vec<&'a InspectedUnit> {
    let regular = |unit: &&InspectedUnit| {
        let inspection = &plan.city[unit.inspection];
        inspection.kind == InspectionType::Regular && plan.city[inspection.round].number >= 4
    };
    let mut units: Vec<(NaiveDate, &InspectedUnit)> = plan
        .city
        .inspected_units
        .iter()
        .filter(regular)
        .filter_map(|unit| Some((unit.reached(Stage::Reporting)?, unit)))
        .collect();
    units.sort_by_key(|(on, unit)| (*on, unit.key.0));
    let skipped = units.len().saturating_sub(REPORTED);
    units.into_iter().skip(skipped).map(|(_, unit)| unit).collect()
}

/// The contacts of the teams of the last two rounds.
fn load_contacts(plan: &Plan<'_>, cargo: &mut Cargo) {
    let mut seen = Vec::new();
    let recent = plan.city.inspected_units.iter().filter(|unit| {
        let round = &plan.city[plan.city[unit.inspection].round];
        round.number >= 5
    });
    for unit in recent {
        if seen.contains(&unit.inspection) {
            continue;
        }
        seen.push(unit.inspection);
        let id = plan.ids.of("team_contact", seen.len());
        let from = unit.reached(Stage::Authorised).or_else(|| unit.reached(Stage::OnSite)).unwrap_or(AS_OF);
        let (officer, director) = (plan.officer(unit), plan.director());
        let divisions = ["综合协调处", "巡察一处", "巡察二处", "督查整改处"];
        let division = divisions.get(seen.len() % divisions.len()).copied().unwrap_or_default();
        row!(cargo, "team_contact", {
            id: id, version: 1_i64, inspection_id: plan.inspection(unit.inspection),
            account_id: officer.account.unwrap_or_default(), name: officer.name.as_ref(), division: division,
            duty: "参加中期会商和报告会商，逐句提出意见，督促办结。", from_on: from, to_on: None::<NaiveDate>,
        });
        cargo.find_by(team_contacts::NOUN, id, format!("{} {division}", officer.name));
        Story::of(cargo, team_contacts::NOUN, id).tell(
            from,
            &director,
            Step::plain("create", "确定对接联络"),
            "",
        );
    }
}

/// A report as far as it has come.
struct Standing {
    state: State,
    step: Option<(i64, &'static str, StepBy, bool)>,
    approved_on: Option<NaiveDate>,
    delivered_on: Option<NaiveDate>,
}

struct Loading<'a, 'p> {
    plan: &'a Plan<'p>,
    cargo: &'a mut Cargo,
    seal: &'a Seal,
    count: usize,
    numbers: Serials,
    material_numbers: Serials,
    comments: usize,
    /// Reports that the leading group has heard, and when.
    heard: Vec<(Uuid, NaiveDate)>,
}

/// The positions of the seeded chains: consultation, group and committee of reports; the same without consultation
/// for materials.
const GROUP: (i64, &str, StepBy, bool) = (40, "领导小组审议", StepBy::Group, false);
const CONSULTATION: (i64, &str, StepBy, bool) = (30, "组办会商", StepBy::Office, false);
const COMMITTEE: (i64, &str, StepBy, bool) = (50, "市委审定", StepBy::Committee, true);
const MATERIAL_DIRECTOR: (i64, &str, StepBy, bool) = (70, "巡察办主任审核", StepBy::Director, false);
const MATERIAL_GROUP: (i64, &str, StepBy, bool) = (80, "领导小组审议", StepBy::Group, false);
const MATERIAL_COMMITTEE: (i64, &str, StepBy, bool) = (90, "市委审定", StepBy::Committee, true);

/// How far the report of a unit has come by the end of the demonstration's year.
fn standing(unit: &InspectedUnit, restricted: bool) -> Standing {
    let by = |stage| unit.reached(stage).filter(|on| *on <= HORIZON);
    let at = |open, sealed| Some(if restricted { sealed } else { open });
    let in_review = |step| Standing { state: State::InReview, step, approved_on: None, delivered_on: None };
    match (by(Stage::Decided), by(Stage::HeardByGroup)) {
        (Some(decided), _) => Standing {
            state: State::Delivered,
            step: None,
            approved_on: Some(decided),
            delivered_on: Some(decided + Days::new(2)),
        },
        (None, Some(_)) => in_review(at(COMMITTEE, MATERIAL_COMMITTEE)),
        (None, None) => in_review(at(GROUP, MATERIAL_GROUP)),
    }
}

impl Loading<'_, '_> {
    /// The main report of a unit with its three materials.
    fn one_and_three(&mut self, unit: &InspectedUnit) -> Result<()> {
        let Some(reported) = unit.reached(Stage::Reporting) else { return Ok(()) };
        let plan = self.plan;
        let mut told: Vec<Matter> = Vec::new();
        for problem in plan.city.problems.iter().filter(|problem| problem.unit == unit.key).take(18) {
            told.push(matter_of(problem));
        }
        let groups = groups(plan);
        let prose = assemble(&sections(Kind::Main), &[basics(plan, unit)], &groups, &told);
        let main =
            self.report(unit, Kind::Main, &on_paper(filled(prose)), reported, &standing(unit, false))?;
        if let Some(on) = unit.reached(Stage::HeardByGroup).filter(|on| *on <= HORIZON) {
            self.heard.push((main, on));
        }
        self.comment(unit, main, reported, report_comments::State::Settled)?;
        for (kind, take) in Kind::THREE.into_iter().zip([4, 3, 5]) {
            let own: Vec<Matter> = told.iter().take(take).cloned().collect();
            let prose = assemble(&sections(kind), &[], &groups, &own);
            self.report(unit, kind, &on_paper(filled(prose)), reported, &standing(unit, true))?;
        }
        Ok(())
    }

    /// What is being written now: the report of the inspection under way out of its drafts, a material beside it, and
    /// one report in each of the other states.
    fn under_way(&mut self, matters: &[(Uuid, Matter)]) -> Result<()> {
        let plan = self.plan;
        let Some(unit) = plan
            .city
            .inspected_units
            .iter()
            .rev()
            .find(|unit| matters.last().is_some_and(|(drafted, _)| *drafted == plan.unit(unit.key)))
        else {
            return Ok(());
        };
        let own: Vec<Matter> = matters
            .iter()
            .filter(|(drafted, _)| *drafted == plan.unit(unit.key))
            .map(|(_, matter)| matter.clone())
            .collect();
        let plain = |state| Standing { state, step: None, approved_on: None, delivered_on: None };
        let begun = AS_OF - Days::new(5);
        let prose = assemble(&sections(Kind::Main), &[basics(plan, unit)], &groups(plan), &own);
        let main = self.report(unit, Kind::Main, &prose, begun, &plain(State::Draft))?;
        self.comment(unit, main, begun, report_comments::State::Open)?;
        self.comment(unit, main, begun, report_comments::State::Answered)?;
        let some: Vec<Matter> = own.iter().take(3).cloned().collect();
        let leader = assemble(&sections(Kind::TopLeader), &[], &groups(plan), &some);
        self.report(unit, Kind::TopLeader, &leader, begun, &plain(State::Draft))?;
        let special = filled(assemble(&sections(Kind::Special), &[basics(plan, unit)], &[], &[]));
        let at = |step| Standing {
            state: State::InReview,
            step: Some(step),
            approved_on: None,
            delivered_on: None,
        };
        let check = filled(assemble(&sections(Kind::Check), &[basics(plan, unit)], &groups(plan), &some));
        self.report(unit, Kind::Check, &check, begun, &at(CONSULTATION))?;
        self.report(unit, Kind::Special, &special, begun, &plain(State::Returned))?;
        let approved = Standing { approved_on: Some(AS_OF), ..plain(State::Approved) };
        self.report(unit, Kind::Special, &special, begun, &approved)?;
        self.report(unit, Kind::Special, &special, begun, &plain(State::Withdrawn))?;
        self.report(unit, Kind::DisciplineHead, &filled(leader), begun, &at(MATERIAL_DIRECTOR))?;
        Ok(())
    }

    fn report(
        &mut self,
        unit: &InspectedUnit,
        kind: Kind,
        prose: &Prose,
        on: NaiveDate,
        standing: &Standing,
    ) -> Result<Uuid> {
        let plan = self.plan;
        let id = plan.ids.of("report", self.count);
        self.count += 1;
        let (restricted, year) = (kind.is_restricted(), on.year());
        let number = if restricted {
            format!("ZC-{year}-{:04}", self.material_numbers.next(year))
        } else {
            format!("BG-{year}-{:04}", self.numbers.next(year))
        };
        let organisation = &plan.city[unit.organisation];
        let title = title(kind, &organisation.name);
        let (author, head) = (plan.member(unit, self.count), plan.head(unit));
        let author = if restricted { head.clone() } else { author };
        let text = serde_json::to_string(prose)?;
        let content = self.seal.seal(&format!("report/{id}/content"), &text)?;
        let version = self.seal.seal(&format!("report/{id}/version/1"), &text)?;
        let digest = kit::seal::digest(prose.canonical().as_bytes());
        let opinion = match standing.state {
            State::Returned => "部分问题定性依据不足，请对照底稿补充条款；意见建议要具体。",
            State::Withdrawn => "与专项检查报告重复，并入该报告。",
            _ => "",
        };
        let opinion_sealed = self.sealed(&format!("report/{id}/opinion"), opinion)?;
        let submitted = !matches!(standing.state, State::Draft | State::Withdrawn);
        let step = standing.step;
        let acted = if step.is_some() {
            [&author, &head].map(|doer| doer.account.unwrap_or_default().to_string()).join(",")
        } else {
            String::new()
        };
        let [committee, discipline, to_organisation] = recipients(kind);
        row!(self.cargo, "report", {
            id: id, version: 1_i64, number: number.as_str(), kind: kind, restricted: restricted, term_id: plan.term(),
            inspection_id: plan.inspection(unit.inspection), unit_id: plan.unit(unit.key),
            organisation_id: plan.organisation(unit.organisation), title: title.as_str(),
            secrecy: if restricted { "内部★限定知悉" } else { "内部" }, content_sealed: content, content_version: 1_i64,
            length: prose.length() as i64, digest: digest.as_str(), author_id: author.account,
            author_name: author.name.as_ref(), state: standing.state, pass: i64::from(submitted),
            step_position: step.map_or(0, |step| step.0), step_label: step.map_or("", |step| step.1),
            step_by: step.map(|step| step.2.code()), step_last: step.is_some_and(|step| step.3), acted: acted,
            opinion_sealed: opinion_sealed, submitted_on: submitted.then_some(on),
            due_on: unit.reached(Stage::Left).filter(|_| kind == Kind::Main).map(|left| left + Days::new(21)),
            due_basis: if kind == Kind::Main { "撤点后15个工作日内，依2024年修订的巡视工作条例转述，条文待核" } else { "" },
            approved_on: standing.approved_on, delivered_on: standing.delivered_on, to_committee: committee,
            to_discipline: discipline, to_organisation: to_organisation, created_at: at_office(on, id, 0),
        });
        row!(self.cargo, "report_version", {
            report_id: id, ordinal: 1_i64, at: at_office(on, id, 0), account_id: author.account,
            author_name: author.name.as_ref(), origin: "初稿", note_sealed: "", content_sealed: version,
            length: prose.length() as i64,
        });
        let noun = if restricted { MATERIALS } else { NOUN };
        let words = if restricted { number } else { format!("{number} {title}") };
        self.cargo.find_by(noun, id, words);
        self.story(unit, (id, noun), on, (&author, &head), standing)
    }

    fn sealed(&self, place: &str, text: &str) -> Result<String> {
        if text.is_empty() { Ok(String::new()) } else { self.seal.seal(place, text) }
    }

    fn story(
        &mut self,
        unit: &InspectedUnit,
        (id, noun): (Uuid, &'static str),
        on: NaiveDate,
        (author, head): (&Doer, &Doer),
        standing: &Standing,
    ) -> Result<Uuid> {
        let plan = self.plan;
        let step =
            |deed, label, from: State, to: State| Step { deed, label, from: from.label(), to: to.label() };
        let submitted = !matches!(standing.state, State::Draft | State::Withdrawn);
        if submitted {
            self.decision(id, (0, "提交"), "submit", (author, on), "");
        }
        if matches!(standing.state, State::InReview | State::Approved | State::Delivered) {
            self.decision(id, (20, "组长审签"), "approve", (head, on), "同意，请巡察办审核。");
        }
        let mut story = Story::of(self.cargo, noun, id);
        story.tell(on, author, Step::plain("create", "起草报告"), "");
        if submitted {
            story.tell(on, author, step("submit", "提交审核", State::Draft, State::InReview), "");
        }
        match standing.state {
            State::Returned => {
                let office = plan.officer(unit);
                story.tell(
                    on,
                    &office,
                    step("return", "退回修改", State::InReview, State::Returned),
                    "组办会商",
                );
            }
            State::Withdrawn => {
                story.tell(on, head, step("withdraw", "撤销", State::Draft, State::Withdrawn), "");
            }
            _ => {}
        }
        if let Some(approved) = standing.approved_on {
            let leader = plan.group_member();
            story.tell(
                approved,
                &leader,
                step("conclude", "审定", State::InReview, State::Approved),
                "市委审定",
            );
        }
        if let Some(delivered) = standing.delivered_on {
            let director = plan.director();
            story.tell(delivered, &director, step("deliver", "报送", State::Approved, State::Delivered), "");
        }
        if standing.state == State::Returned {
            let reasons = "部分问题定性依据不足，请对照底稿补充条款；意见建议要具体。";
            self.returned(id, plan.officer(unit), on, reasons)?;
        }
        Ok(id)
    }

    fn decision(
        &mut self,
        report: Uuid,
        (position, label): (i64, &str),
        verdict: &str,
        (doer, on): (&Doer, NaiveDate),
        sealed: &str,
    ) {
        let id = self.plan.ids.of("report_decision", self.count * 4 + position as usize / 20);
        let opinion = self.sealed(&format!("report/{report}/decision"), sealed).unwrap_or_default();
        row!(self.cargo, "report_decision", {
            id: id, report_id: report, pass: 1_i64, position: position, label: label, verdict: verdict,
            account_id: doer.account, name: doer.name.as_ref(), decided_on: on, opinion_sealed: opinion, basis_noun: "",
            basis_id: None::<Uuid>, content_version: 1_i64, digest: "", at: at_office(on, report, position),
        });
    }

    fn returned(&mut self, report: Uuid, office: Doer, on: NaiveDate, reasons: &str) -> Result<()> {
        let opinion = self.sealed(&format!("report/{report}/decision"), reasons)?;
        row!(self.cargo, "report_decision", {
            id: self.plan.ids.of("report_decision", self.count * 4 + 3), report_id: report, pass: 1_i64, position: 30_i64,
            label: "组办会商", verdict: "return", account_id: office.account, name: office.name.as_ref(), decided_on: on,
            opinion_sealed: opinion, basis_noun: "", basis_id: None::<Uuid>, content_version: 1_i64, digest: "",
            at: at_office(on, report, 30),
        });
        Ok(())
    }

    fn comment(
        &mut self,
        unit: &InspectedUnit,
        report: Uuid,
        on: NaiveDate,
        state: report_comments::State,
    ) -> Result<()> {
        const WORDS: [(&str, &str); 3] = [
            ("有具体事例，缺乏面上数据，建议补充近三年对比情况。", "已补充三年数据和同类单位对比。"),
            ("责任主体表述笼统，建议区分主体责任和监督责任。", "已按底稿明确责任主体和责任类型。"),
            ("定性依据请写到具体条款。", "已逐条核对并补充条款。"),
        ];
        let plan = self.plan;
        let id = plan.ids.of("report_comment", self.comments);
        let (text, answer) = WORDS.get(self.comments % WORDS.len()).copied().unwrap_or_default();
        let ordinal = 1 + i64::from(state == report_comments::State::Answered);
        self.comments += 1;
        let (office, head) = (plan.officer(unit), plan.head(unit));
        let open = state == report_comments::State::Open;
        let answer = if open { "" } else { answer };
        let number = format!("BG-{}-{:04}-{ordinal}", on.year(), self.numbers_now(on.year()));
        row!(self.cargo, "report_comment", {
            id: id, version: 1_i64, report_id: report, number: number.as_str(), restricted: false,
            inspection_id: plan.inspection(unit.inspection), organisation_id: plan.organisation(unit.organisation),
            ordinal: ordinal, sentence: 4_i64, at_version: 1_i64, quote_sealed: "",
            text_sealed: self.sealed(&format!("report_comment/{id}/text"), text)?, suggestion_sealed: "",
            raised_by: office.account, raised_name: office.name.as_ref(), raised_on: on, owner_id: head.account,
            owner_name: head.name.as_ref(), mentioned: "", due_on: on + Days::new(5), state: state,
            answer_sealed: self.sealed(&format!("report_comment/{id}/answer"), answer)?,
            answered_by: head.account.filter(|_| !open), answered_on: (!open).then_some(on + Days::new(2)),
            changed_version: None::<i64>,
        });
        self.cargo.find_by(report_comments::NOUN, id, number);
        Story::of(self.cargo, report_comments::NOUN, id).tell(
            on,
            &office,
            Step::plain("create", "提出会商意见"),
            "",
        );
        Ok(())
    }

    /// The last number given to a report in a year.
    fn numbers_now(&self, year: i32) -> i64 {
        self.numbers.held(year)
    }
}

fn recipients(kind: Kind) -> [bool; 3] {
    match kind {
        Kind::DisciplineHead | Kind::Lead => [true, true, false],
        Kind::LeadershipTeam | Kind::Check => [true, false, true],
        Kind::Special => [true, false, false],
        Kind::Main | Kind::TopLeader => [true, true, true],
    }
}

fn title(kind: Kind, name: &str) -> String {
    match kind {
        Kind::Main => format!("关于巡察{name}情况的报告"),
        Kind::TopLeader => format!("关于{name}主要负责人有关情况的反映"),
        Kind::DisciplineHead => format!("关于{name}纪检组长（纪委书记）履职情况的报告"),
        Kind::LeadershipTeam => format!("关于{name}领导班子情况的汇总"),
        Kind::Special => format!("关于{name}有关情况的专题报告"),
        Kind::Lead => format!("关于巡察{name}发现问题线索的报告"),
        Kind::Check => format!("关于{name}选人用人专项检查情况的报告"),
    }
}

fn sections(kind: Kind) -> Vec<Section> {
    let section = |heading: &str, content| Section { heading: heading.to_owned(), content };
    match kind {
        Kind::Main | Kind::Check => vec![
            section("基本情况", Content::Basics),
            section("总体评价", Content::Free),
            section("发现的主要问题", Content::Findings),
            section("意见建议", Content::Free),
        ],
        Kind::TopLeader => vec![section("履行第一责任人责任情况", Content::Findings)],
        Kind::DisciplineHead => vec![section("履行监督责任情况", Content::Findings)],
        Kind::LeadershipTeam => vec![section("班子整体运行和成员履职情况", Content::Findings)],
        Kind::Special | Kind::Lead => {
            vec![section("基本情况", Content::Basics), section("意见建议", Content::Free)]
        }
    }
}

fn basics(plan: &Plan<'_>, unit: &InspectedUnit) -> String {
    let organisation = &plan.city[unit.organisation];
    let team = plan.city[unit.team].name;
    format!("根据市委统一部署，{team}对{}开展了巡察。", organisation.name)
}

/// The text with what is left to be filled in filled in, as a report that has gone on its way has it.
fn filled(prose: Prose) -> Prose {
    let mut prose = prose;
    let open: Vec<(u64, String)> = prose
        .sentences()
        .filter(|(_, one)| one.text.starts_with('〔'))
        .map(|(_, one)| (one.id, one.text.clone()))
        .collect();
    for (id, text) in open {
        let words = if text.contains("总体评价") {
            "从巡察情况看，党组能够贯彻上级决策部署，推动各项工作，但在履行主体责任、聚焦主责主业方面还存在差距。"
        } else {
            "对照问题逐项制定整改措施，明确责任领导和完成时限，举一反三完善制度。"
        };
        if let Some(sentence) = prose.sentence_mut(id) {
            words.clone_into(&mut sentence.text);
        }
    }
    prose
}

/// Without citations: the drafts of earlier rounds are kept on paper.
fn on_paper(prose: Prose) -> Prose {
    let mut prose = prose;
    for sentence in prose.blocks.iter_mut().flat_map(|block| block.sentences.iter_mut()) {
        sentence.cites.clear();
    }
    prose
}

/// The framework in its order, as far as the city's problems use it.
fn groups(plan: &Plan<'_>) -> Vec<Group> {
    let mut codes: Vec<&str> = plan.city.problems.iter().map(|problem| problem.framework.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let label = |first: &str| match first {
        "F1" => "落实党的理论和路线方针政策",
        "F2" => "落实全面从严治党责任",
        "F3" => "落实新时代党的组织路线",
        _ => "落实巡察审计等监督整改",
    };
    ["F1", "F2", "F3", "F4"]
        .into_iter()
        .map(|first| Group {
            label: label(first).to_owned(),
            codes: codes
                .iter()
                .filter(|code| code.starts_with(first))
                .map(|code| (*code).to_owned())
                .collect(),
        })
        .collect()
}

/// A problem of an earlier round as a report told it: its drafts are on paper.
fn matter_of(problem: &city::problems::Problem) -> Matter {
    Matter {
        cite: reports::prose::Cite {
            draft: Uuid::nil(),
            number: problem.draft_number.clone(),
            digest: String::new(),
        },
        title: problem.title.clone(),
        phenomenon: problem.text.clone(),
        qualification: String::new(),
        responsibility: String::new(),
        frameworks: vec![problem.framework.code.to_owned()],
    }
}

/// Meetings of the leading group and of the committee on the reports heard, with the instructions given there.
fn load_meetings(plan: &Plan<'_>, cargo: &mut Cargo, seal: &Seal, heard: &[(Uuid, NaiveDate)]) -> Result<()> {
    let mut days: Vec<NaiveDate> = heard.iter().map(|(_, on)| *on).collect();
    days.sort_unstable();
    days.dedup();
    let mut numbers = Serials::default();
    let director = plan.director();
    for (place, on) in days.iter().enumerate() {
        let id = plan.ids.of("meeting", place);
        let number = format!("HY-{}-{:04}", on.year(), numbers.next(on.year()));
        let state = if place + 1 == days.len() { meetings::State::Held } else { meetings::State::Minuted };
        let title = format!("市委巡察工作领导小组会议（{on}）");
        row!(cargo, "meeting", {
            id: id, version: 1_i64, number: number.as_str(), kind: "leading_group", title: title.as_str(), planned_on: *on,
            held_on: Some(*on), place: "市委第一会议室", chair: "领导小组组长", agenda: "听取巡察情况汇报",
            present: "领导小组组长、副组长和成员", absent: "", listeners: "巡察办主任、各巡察组组长",
            decisions: "原则同意巡察报告，按程序报市委审定；对发现的共性问题由巡察办汇总后提出建议。", state: state,
            created_at: at_office(*on, id, 0),
        });
        for ((report, _), position) in heard.iter().filter(|(_, when)| when == on).zip(1_i64..) {
            row!(cargo, "meeting_report", { meeting_id: id, report_id: *report, position: position });
        }
        cargo.find_by(meetings::NOUN, id, format!("{number} {title}"));
        Story::of(cargo, meetings::NOUN, id).tell(*on, &director, Step::plain("create", "安排会议"), "");
        instruction(plan, cargo, seal, (place, id, *on))?;
    }
    let id = plan.ids.of("meeting", days.len());
    let on = AS_OF + Days::new(9);
    row!(cargo, "meeting", {
        id: id, version: 1_i64, number: format!("HY-{}-{:04}", on.year(), numbers.next(on.year())), kind: "secretary",
        title: "市委书记专题会议", planned_on: on, held_on: None::<NaiveDate>, place: "市委第一会议室", chair: "市委书记",
        agenda: "听取本轮巡察综合情况汇报", present: "", absent: "", listeners: "", decisions: "",
        state: meetings::State::Planned, created_at: at_office(AS_OF, id, 0),
    });
    cargo.find_by(meetings::NOUN, id, String::from("市委书记专题会议"));
    Story::of(cargo, meetings::NOUN, id).tell(AS_OF, &director, Step::plain("create", "安排会议"), "");
    Ok(())
}

fn instruction(
    plan: &Plan<'_>,
    cargo: &mut Cargo,
    seal: &Seal,
    (place, meeting, on): (usize, Uuid, NaiveDate),
) -> Result<()> {
    const WORDS: [&str; 3] = [
        "对资金沉淀问题举一反三，由财政部门牵头开展专项清理，一个月内报告。",
        "移交的问题线索要优先办理，重要情况随时报告。",
        "共性问题要从制度上解决，巡察办会同有关部门提出建议。",
    ];
    let states = [instructions::State::Done, instructions::State::Open, instructions::State::Reported];
    let id = plan.ids.of("instruction", place);
    let state = states.get(place % states.len()).copied().unwrap_or(instructions::State::Open);
    let text = WORDS.get(place % WORDS.len()).copied().unwrap_or_default();
    let done = state != instructions::State::Open;
    let told = if done {
        format!("{} 有关部门：已完成清理，收回资金并修订办法。", on + Days::new(18))
    } else {
        String::new()
    };
    let progress =
        if done { seal.seal(&format!("instruction/{id}/progress"), &told)? } else { String::new() };
    let clerk = plan.clerk(1);
    row!(cargo, "instruction", {
        id: id, version: 1_i64, number: format!("PS-{}-{:04}", on.year(), place + 1), meeting_id: Some(meeting),
        report_id: None::<Uuid>, leader: "领导小组组长", given_on: on,
        text_sealed: seal.seal(&format!("instruction/{id}/text"), text)?, owner: "巡察办督查整改处",
        due_on: Some(on + Days::new(21)), due_basis: "批示未写明期限时适用，本地建议值，待核", progress_sealed: progress,
        progress_on: done.then_some(on + Days::new(18)), reported_by: clerk.account.filter(|_| done),
        done_on: (state == instructions::State::Done).then_some(on + Days::new(20)), state: state,
    });
    cargo.find_by(instructions::NOUN, id, format!("PS-{}-{:04} 领导小组组长", on.year(), place + 1));
    Story::of(cargo, instructions::NOUN, id).tell(on, &clerk, Step::plain("create", "登记批示"), "");
    Ok(())
}

/// Evaluations of reports in every state; they need the score sheet, which comes with the settings.
pub(super) async fn evaluations(cx: &mut WriteCx) -> Result<()> {
    use quality_reviews::State;
    let sheet = first(cx, "select id from score_sheet order by id limit 1").await?;
    let (Some(sheet), readers) = (sheet, readers(cx).await?) else { return Ok(()) };
    let [(one, one_name), (two, two_name), ..] = &readers[..] else { return Ok(()) };
    let districts = cx
        .rows(Sql::new("select id, name from organisation where kind = 'district' order by code limit 4"))
        .await?;
    let states = [State::Closed, State::Published, State::Scored, State::Scoring];
    for ((row, state), place) in districts.iter().zip(states).zip(0_i64..) {
        let (district, name): (Uuid, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let on = AS_OF - Days::new(40 - 8 * place as u64);
        let scored = state != State::Scoring;
        let told = matches!(state, State::Published | State::Closed);
        let (id, title) = (cx.new_id(), format!("{name}2023年第二轮巡察报告"));
        let marks: [[i64; 7]; 2] = [[180, 130, 170, 130, 90, 80, 90], [170, 120, 150, 140, 80, 90, 80]];
        let totals = marks.map(|marks| marks.iter().sum::<i64>());
        let mut sql = Sql::new(
            "insert into quality_review (id, version, number, report_id, inspection_id, district_id, title, sheet_id, \
             reader_one, reader_two, readers, begun_on, mean_tenths, deviation_tenths, comments, faults, improvement, \
             due_on, due_basis, published_on, state) values (",
        );
        sql.bind(id).push(", 1, ").bind(format!("PC-{}-{:04}", on.year(), place + 1)).push(", null, null, ");
        sql.bind(district)
            .push(", ")
            .bind(title.as_str())
            .push(", ")
            .bind(sheet)
            .push(", ")
            .bind(*one)
            .push(", ");
        sql.bind(*two).push(", ").bind(format!("{one_name}、{two_name}")).push(", ").bind(on).push(", ");
        sql.bind(scored.then_some(i64::midpoint(totals[0], totals[1]))).push(", ");
        sql.bind(scored.then_some((totals[0] - totals[1]).abs())).push(", ");
        sql.bind(if told {
            "问题抓得准，但面上数据不足，建议部分不够具体。"
        } else {
            ""
        })
        .push(", ");
        sql.bind(if told { "area_data,suggestions" } else { "" }).push(", ");
        sql.bind(if state == State::Closed {
            "已补充面上数据，修改意见建议，并组织学习优秀报告。"
        } else {
            ""
        });
        sql.push(", ").bind(told.then_some(on + Days::new(28))).push(", ");
        sql.bind(if told { "报告评查通报后的改进期限，本地建议值，待核" } else { "" }).push(", ");
        sql.bind(told.then_some(on + Days::new(6))).push(", ").bind(state).push(")");
        cx.execute(sql).await?;
        cx.index(quality_reviews::NOUN, id, title.clone());
        for ((reader, name), own) in [(one, one_name), (two, two_name)].into_iter().zip(marks) {
            score(cx, (id, sheet, title.as_str()), (*reader, name.as_str()), scored.then_some(own)).await?;
        }
    }
    Ok(())
}

async fn score(
    cx: &mut WriteCx,
    (review, sheet, title): (Uuid, Uuid, &str),
    (reader, name): (Uuid, &str),
    marks: Option<[i64; 7]>,
) -> Result<()> {
    let mut sql = Sql::new(
        "insert into quality_score (id, version, review_id, title, sheet_id, reader_id, reader_name, marks, remarks, \
         total_tenths, revealed, state) values (",
    );
    sql.bind(cx.new_id()).push(", 1, ").bind(review).push(", ").bind(title).push(", ").bind(sheet).push(", ");
    sql.bind(reader).push(", ").bind(name).push(", ");
    sql.bind(serde_json::to_string(marks.as_ref().map_or(&[][..], |marks| &marks[..]))?).push(", '', ");
    sql.bind(marks.map_or(0, |marks| marks.iter().sum::<i64>())).push(", ").bind(marks.is_some()).push(", ");
    sql.bind(if marks.is_some() { "submitted" } else { "open" }).push(")");
    cx.execute(sql).await?;
    Ok(())
}

async fn first(cx: &WriteCx, sql: &str) -> Result<Option<Uuid>> {
    Ok(cx.rows(Sql::new(sql)).await?.first().map(|row| row.try_get_by_index(0)).transpose()?)
}

async fn readers(cx: &WriteCx) -> Result<Vec<(Uuid, String)>> {
    let sql = "select distinct a.id, a.name from post p join account a on a.id = p.account_id \
               where p.state = 'approved' and p.role = 'office_liaison' order by a.id limit 2";
    let rows = cx.rows(Sql::new(sql)).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}
