//! Working drafts of the inspection that is under way, with officers, signatures, evidence and fact sheets;
//! immediate rectification; and the consultations of office and team.

use chrono::{Days, NaiveDate};
use city::{
    inspections::{InspectedUnit, Stage},
    people::RoundTeam,
    problems::Problem,
    targets::HORIZON,
};
use fieldwork::{
    consultation_points, consultations,
    drafts::{
        self, Draft, DraftId, Officer, State, Step as Signed,
        content::{self, Basis, Body},
    },
    evidence::{self, Evidence, EvidenceId, Kind, Method, Nature},
    fact_sheets, immediate_actions, problems,
};
use kit::{Fen, Labelled as _, Result};
use registry::organisations::OrganisationId;
use reports::prose::{Cite, assemble::Matter};
use uuid::Uuid;

use super::{
    cargo::{Cargo, row},
    chronicle::{Doer, Step, Story, at_office},
    codes,
    plan::{Plan, Serials},
};
use chrono::Datelike as _;

/// Drafts that are still on their way, by state.
const ON_THE_WAY: [State; 6] =
    [State::PreNumbered, State::Signing, State::Review, State::Approval, State::Approved, State::Returned];

/// The last team that was authorised: its inspection is under way, its accounts are there to be tried.
fn team<'a>(plan: &Plan<'a>) -> Option<&'a RoundTeam> {
    plan.city.round_teams.last()
}

/// Pieces of evidence to a draft of the demonstration, and to one of a whole term.
const ITEMS: usize = 2;
const ITEMS_OF_TERM: usize = 6;
/// Where the drafts of a whole term begin, behind those of the demonstration.
const TERM_BEGINS: usize = 10_000;

/// Drafts of a whole term for measuring, the ones with these numbers: under review, in the words of the city's problems.
pub(super) fn load_term(plan: &Plan<'_>, cargo: &mut Cargo, numbers: std::ops::Range<usize>) -> Result<()> {
    let Some(team) = team(plan) else { return Ok(()) };
    let first = TERM_BEGINS + numbers.start;
    let mut loading = Loading {
        plan,
        cargo,
        team,
        count: first,
        numbers: Serials::default(),
        sheets: first,
        items: ITEMS_OF_TERM,
        matters: Vec::new(),
    };
    let problems = plan.city.problems.iter().cycle().skip(numbers.start % plan.city.problems.len().max(1));
    for (at, problem) in numbers.zip(problems) {
        let state = [State::PreNumbered, State::Signing, State::Review, State::Approval];
        let state = state.get(at % 4).copied().unwrap_or(State::Review);
        let mut draft = loading.draft(problem, &plan.city[problem.unit], state)?;
        draft.number = format!("YB-{}-{:05}", problem.found_on.year(), TERM_BEGINS + at);
        loading.load(draft, problem.approved_on);
    }
    Ok(())
}

/// Whether a problem came out of a draft that the demonstration holds.
fn is_drafted(plan: &Plan<'_>, problem: &Problem) -> bool {
    let unit = &plan.city[problem.unit];
    team(plan).is_some_and(|team| unit.team == team.team && plan.city[unit.inspection].round == team.round)
}

/// What a problem of the city rests on.
pub(super) fn origin(plan: &Plan<'_>, problem: &Problem) -> problems::Origin {
    if is_drafted(plan, problem) { problems::Origin::Draft } else { problems::Origin::Direct }
}

/// Everything of this file. Answers the approved drafts, with their units, as a report takes them over.
pub(super) fn load(plan: &Plan<'_>, cargo: &mut Cargo) -> Result<Vec<(Uuid, Matter)>> {
    let mut matters = Vec::new();
    if let Some(team) = team(plan) {
        let mut made: Vec<&Problem> =
            plan.city.problems.iter().filter(|problem| is_drafted(plan, problem)).collect();
        made.sort_by(|one, other| one.draft_number.cmp(&other.draft_number));
        let mut loading = Loading {
            plan,
            cargo,
            team,
            count: 0,
            numbers: Serials::default(),
            sheets: 0,
            items: ITEMS,
            matters: Vec::new(),
        };
        for problem in &made {
            loading.used(problem)?;
        }
        loading.on_the_way(&made)?;
        matters = loading.matters;
    }
    load_immediate(plan, cargo);
    load_consultations(plan, cargo);
    Ok(matters)
}

/// A draft as a report takes it over.
fn matter(draft: &Draft, digest: &str) -> Matter {
    Matter {
        cite: Cite { draft: draft.id.0, number: draft.called().to_owned(), digest: digest.to_owned() },
        title: draft.title.clone(),
        phenomenon: draft.phenomenon.clone(),
        qualification: draft.qualification.clone(),
        responsibility: draft.responsibility.clone(),
        frameworks: draft.framework_codes().map(str::to_owned).collect(),
    }
}

/// The series that a team's numbers of one round count in: they go on over the end of a year.
fn counted_in(series: &str) -> &str {
    series.rsplit('〕').next().unwrap_or(series)
}

struct Loading<'a, 'p> {
    plan: &'a Plan<'p>,
    cargo: &'a mut Cargo,
    team: &'p RoundTeam,
    count: usize,
    numbers: Serials,
    sheets: usize,
    /// Pieces of evidence to a draft.
    items: usize,
    matters: Vec<(Uuid, Matter)>,
}

/// The people of one draft.
struct People {
    author: Doer,
    second: Doer,
    reviewer: Doer,
    head: Doer,
}

impl Loading<'_, '_> {
    fn people(&self, at: usize) -> People {
        let member = |offset: usize| {
            let members = &self.team.members;
            let chosen = (at + offset).checked_rem(members.len()).and_then(|place| members.get(place));
            self.plan.doer(chosen.copied().unwrap_or(self.team.head))
        };
        let deputy = self.team.deputies.first().copied().unwrap_or(self.team.head);
        People {
            author: member(0),
            second: member(1),
            reviewer: self.plan.doer(deputy),
            head: self.plan.doer(self.team.head),
        }
    }

    fn draft(&mut self, problem: &Problem, unit: &InspectedUnit, state: State) -> Result<Draft> {
        let plan = self.plan;
        let people = self.people(self.count);
        let (found, approved) = (problem.found_on, problem.approved_on);
        let id = DraftId(plan.ids.of("draft", self.count));
        let text = problem.text.as_str();
        let done = matches!(state, State::Approved | State::Used);
        let body = Body {
            kind: codes::responsibility(problem.responsibility).to_owned(),
            name: format!("{}党组", plan.city[unit.organisation].short_name),
        };
        let basis = Basis {
            rule: String::from("本领域资金和业务管理办法"),
            article: String::from("条款见底稿附件"),
        };
        Ok(Draft {
            id,
            version: 1,
            number: format!("YB-{}-{:04}", found.year(), self.numbers.next(found.year())),
            official_number: None,
            series: None,
            serial: None,
            term_id: plan.term(),
            round_id: Some(plan.round(self.team.round)),
            inspection_id: plan.inspection(unit.inspection),
            unit_id: plan.unit(unit.key),
            organisation_id: OrganisationId(plan.organisation(unit.organisation)),
            title: problem.title.clone(),
            source: codes::source(problem.source).to_owned(),
            learnt: format!(
                "查阅有关文件、账目和会议记录，与经办人和分管负责人谈话了解；{}整理。",
                people.author.name
            ),
            overview: text.to_owned(),
            facts: format!("{text}\n以上情况有文件资料、账目凭证和谈话记录证明，见佐证材料1、2。"),
            phenomenon: problem.title.clone(),
            qualification: String::from("不符合本领域管理办法的规定，属于履行职责不到位。"),
            responsibility: format!("{}负主体责任，分管负责人负主要领导责任。", body.name),
            bases: serde_json::to_string(&[basis])?,
            bodies: serde_json::to_string(&[body])?,
            amount_fen: problem.amount_fen.map(Fen),
            people_affected: problem.people_affected.map(i64::from),
            period_from: NaiveDate::from_ymd_opt(found.year() - 2, 1, 1),
            period_to: None,
            fields: problem.field.map_or("", |field| codes::field(Some(field))).to_owned(),
            frameworks: problem.framework.code.to_owned(),
            effect: String::from("影响政策效果，群众有反映。"),
            exchange: String::from("已与单位主要负责人当面交换意见，对方认可事实，表示立即研究整改。"),
            exchanged_on: Some(found + Days::new(2)).filter(|on| *on <= HORIZON),
            found_on: found,
            author_id: people.author.account,
            author_name: people.author.name.as_ref().to_owned(),
            next_signer_id: (state == State::Signing).then_some(people.second.account).flatten(),
            reviewer_id: matches!(state, State::Approval | State::Approved | State::Used)
                .then_some(people.reviewer.account)
                .flatten(),
            state,
            opinion: String::new(),
            submitted_on: (state != State::PreNumbered).then_some(found),
            approved_on: done.then_some(approved),
            problem_id: None,
            created_at: at_office(found, id.0, 0),
        })
    }

    /// A draft that became a problem.
    fn used(&mut self, problem: &Problem) -> Result<()> {
        let unit = &self.plan.city[problem.unit];
        let mut draft = self.draft(problem, unit, State::Used)?;
        let (series, serial) =
            problem.draft_number.rsplit_once('-').unwrap_or((problem.draft_number.as_str(), "0"));
        draft.official_number = Some(problem.draft_number.clone());
        draft.series = Some(counted_in(series).to_owned());
        draft.serial = serial.parse().ok();
        draft.problem_id = Some(problems::ProblemId(self.plan.problem(problem.key)));
        self.load(draft, problem.approved_on);
        Ok(())
    }

    /// Drafts of the same unit on their way, in the words of problems found elsewhere.
    fn on_the_way(&mut self, made: &[&Problem]) -> Result<()> {
        let Some(last) = made.last() else { return Ok(()) };
        let unit = &self.plan.city[last.unit];
        let words: Vec<&Problem> = self
            .plan
            .city
            .problems
            .iter()
            .filter(|problem| !is_drafted(self.plan, problem))
            .step_by(97)
            .take(ON_THE_WAY.len())
            .collect();
        for (state, words) in ON_THE_WAY.into_iter().zip(words) {
            let found = last.found_on;
            let like = Problem { found_on: found, approved_on: last.approved_on, ..words.clone() };
            let mut draft = self.draft(&like, unit, state)?;
            if state == State::Approved {
                let next = i64::try_from(made.len()).unwrap_or(0) + 1;
                let (series, _) = last.draft_number.rsplit_once('-').unwrap_or_default();
                draft.series = Some(counted_in(series).to_owned());
                draft.serial = Some(next);
                draft.official_number = Some(format!("{series}-{next:03}"));
            }
            if state == State::Returned {
                draft.opinion = String::from("请补充近三年数据和会议记录，定性依据写到具体条款。");
            }
            self.load(draft, last.approved_on);
        }
        Ok(())
    }

    fn load(&mut self, draft: Draft, approved: NaiveDate) {
        let people = self.people(self.count);
        let officers = [&people.author, &people.second].map(|doer| Officer {
            place_id: None,
            account_id: doer.account.unwrap_or_default(),
            name: doer.name.as_ref().to_owned(),
        });
        self.rows(&draft, &officers);
        let items = self.evidence(&draft, &people);
        let digests: Vec<String> = items.iter().map(|item| item.digest(&[])).collect();
        let digest = content::digest(&draft, &officers, &digests);
        self.sign(&draft, &people, &digest, approved);
        if matches!(draft.state, State::Approved | State::Used) {
            self.matters.push((draft.unit_id, matter(&draft, &digest)));
        }
        if self.count.is_multiple_of(3) {
            self.fact_sheet(&draft, &people);
        }
        self.count += 1;
    }

    fn rows(&mut self, draft: &Draft, officers: &[Officer]) {
        let d = draft.clone();
        row!(self.cargo, "draft", {
            id: d.id, version: d.version, number: d.number, official_number: d.official_number, series: d.series,
            serial: d.serial, term_id: d.term_id, round_id: d.round_id, inspection_id: d.inspection_id, unit_id: d.unit_id,
            organisation_id: d.organisation_id, title: d.title, source: d.source, learnt: d.learnt, overview: d.overview,
            facts: d.facts, phenomenon: d.phenomenon, qualification: d.qualification, responsibility: d.responsibility,
            bases: d.bases, bodies: d.bodies, amount_fen: d.amount_fen, people_affected: d.people_affected,
            period_from: d.period_from, period_to: d.period_to, fields: d.fields, frameworks: d.frameworks,
            effect: d.effect, exchange: d.exchange, exchanged_on: d.exchanged_on, found_on: d.found_on,
            author_id: d.author_id, author_name: d.author_name, next_signer_id: d.next_signer_id, reviewer_id: d.reviewer_id,
            state: d.state, opinion: d.opinion, submitted_on: d.submitted_on, approved_on: d.approved_on,
            problem_id: d.problem_id, created_at: d.created_at,
        });
        for (position, officer) in (1_i64..).zip(officers) {
            row!(self.cargo, "draft_officer", {
                draft_id: draft.id, position: position, place_id: None::<Uuid>, account_id: officer.account_id,
                name: officer.name.as_str(),
            });
        }
        self.cargo.find_by(
            drafts::NOUN,
            draft.id.0,
            format!("{} {} {} {}", draft.number, draft.called(), draft.title, draft.facts),
        );
    }

    fn evidence(&mut self, draft: &Draft, people: &People) -> Vec<Evidence> {
        let both = format!("{}、{}", people.author.name, people.second.name);
        let kinds = [
            ("有关文件和会议记录", Kind::Document, Method::Requested, "办公室", 12),
            ("明细账和记账凭证", Kind::Account, Method::Copied, "财务科", 26),
        ];
        let mut items = Vec::new();
        for (place, (title, kind, method, from, pages)) in
            kinds.into_iter().cycle().take(self.items).enumerate()
        {
            let id = EvidenceId(self.plan.ids.of("evidence", self.count * self.items + place));
            let item = Evidence {
                id,
                version: 1,
                draft_id: draft.id,
                inspection_id: draft.inspection_id,
                ordinal: place as i64 + 1,
                title: title.to_owned(),
                kind,
                method,
                obtained_on: draft.found_on,
                obtained_by: both.clone(),
                provider: from.to_owned(),
                form: Nature::Copy,
                pages: Some(pages),
                note: String::from("证明底稿所列基本事实。"),
                holder: people.author.name.as_ref().to_owned(),
                state: evidence::State::Held,
                created_at: at_office(draft.found_on, id.0, 1),
            };
            let e = item.clone();
            row!(self.cargo, "evidence", {
                id: e.id, version: e.version, draft_id: e.draft_id, inspection_id: e.inspection_id, ordinal: e.ordinal,
                title: e.title, kind: e.kind, method: e.method, obtained_on: e.obtained_on, obtained_by: e.obtained_by,
                provider: e.provider, form: e.form, pages: e.pages, note: e.note, holder: e.holder, state: e.state,
                created_at: e.created_at,
            });
            items.push(item);
        }
        items
    }

    fn sign(&mut self, draft: &Draft, people: &People, digest: &str, approved: NaiveDate) {
        let signed = match draft.state {
            State::Signing => 1,
            State::Review => 2,
            State::Approval => 3,
            State::Approved | State::Used => 4,
            _ => 0,
        };
        let steps = [
            (
                Signed::Officer,
                &people.author,
                draft.found_on,
                "submit",
                "签名并提交",
                State::PreNumbered,
                State::Signing,
            ),
            (
                Signed::Officer,
                &people.second,
                draft.found_on,
                "co_sign",
                "承办人会签",
                State::Signing,
                State::Review,
            ),
            (
                Signed::Reviewer,
                &people.reviewer,
                approved,
                "review",
                "审核签名",
                State::Review,
                State::Approval,
            ),
            (Signed::Head, &people.head, approved, "approve", "审批签名", State::Approval, State::Approved),
        ];
        let mut story = Story::of(self.cargo, drafts::NOUN, draft.id.0);
        story.tell(draft.found_on, &people.author, Step::plain("create", "编写底稿"), "");
        for (_, doer, on, deed, label, from, to) in steps.iter().take(signed) {
            let step = Step { deed, label, from: from.label(), to: to.label() };
            story.tell(*on, doer, step, "");
        }
        if draft.state == State::Used {
            let step = Step {
                deed: "make_problem",
                label: "形成问题",
                from: State::Approved.label(),
                to: State::Used.label(),
            };
            story.tell(approved, &people.author, step, "");
        }
        if draft.state == State::Returned {
            let step = Step {
                deed: "return",
                label: "退回修改",
                from: State::Review.label(),
                to: State::Returned.label(),
            };
            story.tell(approved, &people.reviewer, step, draft.opinion.clone());
        }
        for (place, (step, doer, on, ..)) in steps.iter().take(signed).enumerate() {
            let id = self.plan.ids.of("draft_signature", self.count * 4 + place);
            row!(self.cargo, "draft_signature", {
                id: id, draft_id: draft.id, step: *step, account_id: doer.account.unwrap_or_default(),
                name: doer.name.as_ref(), signed_at: at_office(*on, draft.id.0, place as i64 + 1), digest: digest,
                opinion: "", holds: true,
            });
        }
    }

    /// The facts as they were put to the organisation.
    fn fact_sheet(&mut self, draft: &Draft, people: &People) {
        use fact_sheets::State as Sheet;
        let id = self.plan.ids.of("fact_sheet", self.sheets);
        let states = [Sheet::Agreed, Sheet::Settled, Sheet::Sent, Sheet::Objected];
        let state = states.get(self.sheets % states.len()).copied().unwrap_or(Sheet::Agreed);
        let answered = state != Sheet::Sent;
        let sent = draft.found_on;
        let objected = matches!(state, Sheet::Settled | Sheet::Objected);
        let (year, serial) = (sent.year(), self.sheets + 1);
        row!(self.cargo, "fact_sheet", {
            id: id, version: 1_i64, number: format!("QR-{year}-{serial:04}"), inspection_id: draft.inspection_id,
            unit_id: draft.unit_id, organisation_id: draft.organisation_id, draft_id: Some(draft.id),
            title: draft.title.as_str(), text: draft.overview.as_str(), state: state, prepared_by: people.author.account,
            prepared_name: people.author.name.as_ref(), sent_on: Some(sent), due_on: Some(sent + Days::new(5)),
            due_basis: "确认单所定期限，本地建议值，待核", answered_on: answered.then_some(sent + Days::new(2)),
            answered_by: if answered { "单位办公室主任" } else { "" }, on_paper: false,
            explanation: if objected { "所列金额含应付未付的质量保证金，建议予以扣除，合同附后。" } else { "" },
            conclusion: if state == Sheet::Settled { "经核对合同和付款记录，予以扣除，已按核实后的数字修改。" } else { "" },
            created_at: at_office(sent, id, 0),
        });
        self.cargo.find_by(fact_sheets::NOUN, id, format!("{} {}", draft.title, draft.overview));
        Story::of(self.cargo, fact_sheets::NOUN, id)
            .tell(sent, &people.author, Step::plain("create", "编写事实确认单"), "")
            .tell(
                sent,
                &people.head,
                Step {
                    deed: "send",
                    label: "送单位确认",
                    from: Sheet::Drafted.label(),
                    to: Sheet::Sent.label(),
                },
                "",
            );
        row!(self.cargo, "draft_source", {
            id: self.plan.ids.of("draft_source", self.sheets), version: 1_i64, draft_id: draft.id,
            inspection_id: draft.inspection_id, source_noun: fact_sheets::NOUN, source_label: "事实确认单", source_id: id,
            excerpt: "单位对所列事实的确认和说明。", linked_on: sent, linked_by: people.author.name.as_ref(),
        });
        self.sheets += 1;
    }
}

/// Night clinics of the hospitals, and a matter of the inspection under way.
fn load_immediate(plan: &Plan<'_>, cargo: &mut Cargo) {
    use immediate_actions::{Kind, Level, State};
    let medical = plan.city.inspected_units.iter().find(|unit| {
        plan.city[unit.inspection].field == Some(city::problems::Field::Medical)
            && unit.reached(Stage::Left).is_some()
    });
    let current = team(plan).and_then(|team| {
        plan.city.inspected_units.iter().find(|unit| {
            unit.team == team.team
                && plan.city[unit.inspection].round == team.round
                && unit.reached(Stage::OnSite).is_some()
        })
    });
    let matters = [
        (
            medical,
            State::Confirmed,
            "夜间门诊长期停诊",
            "公示的夜间门诊自去年以来停诊，患者夜间只能挂急诊。",
            "恢复夜间门诊并向社会公布排班。",
        ),
        (
            current,
            State::Issued,
            "助学补助名单未按规定公示",
            "本学期助学补助名单没有在校内公示，学生不知情。",
            "立即补充公示并公布监督电话。",
        ),
    ];
    for (place, (unit, state, title, situation, demand)) in matters.into_iter().enumerate() {
        let Some((unit, entered)) = unit.and_then(|unit| Some((unit, unit.reached(Stage::OnSite)?))) else {
            continue;
        };
        let done = state == State::Confirmed;
        let (issued, reported) = (entered + Days::new(10), entered + Days::new(18));
        let id = plan.ids.of("immediate_action", place);
        let (member, head, unit_side) =
            (plan.member(unit, place), plan.head(unit), plan.speaker(unit.organisation));
        row!(cargo, "immediate_action", {
            id: id, version: 1_i64, number: format!("LX-{}-{:04}", issued.year(), place + 1), kind: Kind::Rectify,
            term_id: plan.term(), inspection_id: plan.inspection(unit.inspection), unit_id: plan.unit(unit.key),
            organisation_id: plan.organisation(unit.organisation), title: title, situation: situation, demand: demand,
            level: Level::Head, state: state, prepared_by: member.account, prepared_name: member.name.as_ref(),
            approved_by: head.account, issued_on: Some(issued), due_on: Some(issued + Days::new(15)),
            due_basis: "立行立改通知书所定期限，本地建议值，待核",
            report: if done { "已恢复夜间门诊，每晚安排两名医师值班，排班在门诊大厅和公众号公布。" } else { "" },
            reported_by: unit_side.account.filter(|_| done), reported_on: done.then_some(reported), opinion: "",
            result: if done { "立行立改：恢复夜间门诊，群众夜间就诊不再只能挂急诊。" } else { "" },
            confirmed_on: done.then_some(reported + Days::new(1)), created_at: at_office(issued, id, 0),
        });
        cargo.find_by(immediate_actions::NOUN, id, format!("{title} {situation}"));
        let step =
            |deed, label, from: State, to: State| Step { deed, label, from: from.label(), to: to.label() };
        let mut story = Story::of(cargo, immediate_actions::NOUN, id);
        story.tell(issued, &member, Step::plain("create", "提出立行立改"), "").tell(
            issued,
            &head,
            step("approve", "批准并下达", State::Drafted, State::Issued),
            "",
        );
        if done {
            story
                .tell(reported, &unit_side, step("report", "报告结果", State::Issued, State::Reported), "")
                .tell(
                    reported + Days::new(1),
                    &head,
                    step("confirm", "确认完成", State::Reported, State::Confirmed),
                    "",
                );
        }
    }
}

/// The consultations of the last rounds, with the point raised and what was added because of it.
fn load_consultations(plan: &Plan<'_>, cargo: &mut Cargo) {
    use consultations::{Kind, State};
    let mut numbers = Serials::default();
    let recent = plan
        .city
        .consultations
        .iter()
        .enumerate()
        .filter(|(_, held)| plan.city[plan.city[plan.city[held.unit].inspection].round].number >= 4);
    let mut recent: Vec<_> = recent.collect();
    recent.sort_by_key(|(place, held)| (held.held_on, *place));
    for (place, held) in recent {
        let unit = &plan.city[held.unit];
        let organisation = &plan.city[unit.organisation];
        let open = held.answered_on > HORIZON;
        let id = plan.ids.of("consultation", place);
        let kind = if held.mid_term { Kind::MidTerm } else { Kind::Report };
        let title =
            format!("{}{}", organisation.short_name, if held.mid_term { "中期会商" } else { "报告会商" });
        let (office, head) = (plan.doer(held.office_person), plan.head(unit));
        let year = held.held_on.year();
        let state = if open { State::Held } else { State::Closed };
        row!(cargo, "consultation", {
            id: id, version: 1_i64, number: format!("HS-{year}-{:04}", numbers.next(year)), kind: kind, term_id: plan.term(),
            inspection_id: plan.inspection(unit.inspection), unit_id: plan.unit(unit.key),
            organisation_id: plan.organisation(unit.organisation), title: title.as_str(),
            agenda: "听取巡察组进展情况汇报，研究重点问题和下一步工作。", planned_on: held.held_on, held_on: Some(held.held_on),
            place: "巡察办会议室", attendance: format!("巡察办：{}；巡察组：{}", office.name, head.name),
            record: format!("听取汇报后提出：{}", held.point), state: state, convened_by: office.account,
            convened_name: office.name.as_ref(), created_at: at_office(held.held_on, id, 0),
        });
        cargo.find_by(consultations::NOUN, id, format!("{title} {}", held.point));
        Story::of(cargo, consultations::NOUN, id)
            .tell(held.held_on, &office, Step::plain("create", "安排会商"), "")
            .tell(
                held.held_on,
                &office,
                Step {
                    deed: "hold",
                    label: "登记会商情况",
                    from: State::Planned.label(),
                    to: State::Held.label(),
                },
                "",
            );
        let point = plan.ids.of("consultation_point", place);
        let state = if open { consultation_points::State::Open } else { consultation_points::State::Settled };
        row!(cargo, "consultation_point", {
            id: point, version: 1_i64, consultation_id: id, inspection_id: plan.inspection(unit.inspection), ordinal: 1_i64,
            text: held.point.as_str(), raised_by: office.name.as_ref(), raised_on: held.held_on,
            owner_name: head.name.as_ref(), due_on: held.held_on + Days::new(10), state: state,
            answer: if open { "" } else { held.answer.as_str() }, answered_on: (!open).then_some(held.answered_on),
            answered_by: head.account.filter(|_| !open), added_noun: "", added_id: None::<Uuid>, opinion: "",
        });
        cargo.find_by(consultation_points::NOUN, point, format!("{} {}", held.point, held.answer));
        Story::of(cargo, consultation_points::NOUN, point).tell(
            held.held_on,
            &office,
            Step::plain("create", "登记会商意见"),
            "",
        );
    }
}
