//! Work on site in the tables: talks and letters under seal, one vault, requests for files, meetings with their tasks.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use city::{
    inspections::{InspectedUnit, Stage},
    onsite::{Course, Document, Interviewee, Meeting, OnsiteWork, Petition},
};
use kit::{Labelled as _, Result, seal::Seal};
use onsite::{
    announcements, assemblies, contacts, file_request_items, file_requests, informants, openings, petitions,
    questionnaires, talk_plans, talks, tasks, team_meetings, visits,
};
use registry::policies::months_after;
use uuid::Uuid;

use super::{
    cargo::{Cargo, row},
    chronicle::{Doer, Step, Story},
    plan::Plan,
};

const CREATE: Step = Step::plain("create", "登记");

/// What a deadline of the demonstration rests on.
const BASIS: &str = "本地建议值，待核";

/// The questions of the demonstration's questionnaire, as the dictionary has them.
const QUESTIONS: [&str; 8] = [
    "单位贯彻落实上级重大决策部署的情况",
    "领导班子团结协作、民主决策的情况",
    "主要负责人履行第一责任人责任的情况",
    "选人用人公道正派的情况",
    "领导班子成员廉洁自律的情况",
    "执行中央八项规定精神、改进作风的情况",
    "为群众和企业办事的效率和态度",
    "上次巡察、审计反馈问题的整改情况",
];

/// Numbers of the series, counted on through all units.
#[derive(Default)]
pub(super) struct Numbers {
    talks: usize,
    petitions: usize,
    requests: usize,
    visits: usize,
    meetings: usize,
    rows: usize,
}

impl Numbers {
    /// Behind all that the demonstration counts.
    pub(super) fn of_term() -> Self {
        const FIRST: usize = 100_000;
        Self { talks: FIRST, petitions: FIRST, requests: FIRST, visits: FIRST, meetings: FIRST, rows: FIRST }
    }

    fn next(place: &mut usize) -> usize {
        *place += 1;
        *place
    }

    /// A number for an identity that no series counts.
    fn row(&mut self) -> usize {
        Self::next(&mut self.rows)
    }
}

/// One unit on its way into the tables.
struct Site<'a, 'b> {
    plan: &'a Plan<'b>,
    seal: &'a Seal,
    unit: &'a InspectedUnit,
    work: &'a OnsiteWork,
    inspection: Uuid,
    unit_id: Uuid,
    organisation: Uuid,
    head: Doer,
}

/// All work on site.
pub(super) fn load(plan: &Plan<'_>, cargo: &mut Cargo, seal: &Seal) -> Result<()> {
    let mut numbers = Numbers::default();
    let mut announced: Vec<Uuid> = Vec::new();
    for work in &plan.city.onsite {
        let site = Site::of(plan, seal, (&plan.city[work.unit], work));
        if !announced.contains(&site.inspection) {
            announced.push(site.inspection);
            site.announcement(cargo, &mut numbers);
        }
        site.contacts(cargo, &mut numbers);
        site.assemblies(cargo, &mut numbers);
        site.questionnaire(cargo, &mut numbers);
        site.documents(cargo, &mut numbers);
        for person in &work.people {
            site.person(cargo, &mut numbers, person)?;
        }
        for petition in &work.petitions {
            site.petition(cargo, &mut numbers, petition)?;
        }
        site.visits(cargo, &mut numbers);
        for meeting in &work.meetings {
            site.meeting(cargo, &mut numbers, meeting);
        }
    }
    Ok(())
}

/// Talks and letters of a whole term for measuring: those of the demonstration again and again, over all units.
pub(super) fn load_term(
    plan: &Plan<'_>,
    cargo: &mut Cargo,
    seal: &Seal,
    numbers: &mut Numbers,
    (talks, letters): (usize, usize),
) -> Result<()> {
    let works = plan.city.onsite.iter().cycle();
    let inspected = plan.city.inspected_units.iter().filter(|unit| unit.reached(Stage::OnSite).is_some());
    let sites: Vec<Site<'_, '_>> = inspected.zip(works).map(|held| Site::of(plan, seal, held)).collect();
    let people = sites.iter().flat_map(|site| site.work.people.iter().map(move |person| (site, person)));
    let people: Vec<_> = people.filter(|(_, person)| person.talk.is_some()).collect();
    for (site, person) in people.into_iter().cycle().take(talks) {
        site.person(cargo, numbers, person)?;
    }
    let petitions = sites.iter().flat_map(|site| site.work.petitions.iter().map(move |one| (site, one)));
    let petitions: Vec<_> = petitions.collect();
    for (site, petition) in petitions.into_iter().cycle().take(letters) {
        site.petition(cargo, numbers, petition)?;
    }
    Ok(())
}

impl<'a, 'b> Site<'a, 'b> {
    fn of(plan: &'a Plan<'b>, seal: &'a Seal, (unit, work): (&'a InspectedUnit, &'a OnsiteWork)) -> Self {
        Self {
            plan,
            seal,
            unit,
            work,
            inspection: plan.inspection(unit.inspection),
            unit_id: plan.unit(unit.key),
            organisation: plan.organisation(unit.organisation),
            head: plan.head(unit),
        }
    }
}

impl Site<'_, '_> {
    fn number(prefix: &str, on: NaiveDate, at: usize) -> String {
        format!("{prefix}-{}-{at:04}", on.format("%Y"))
    }

    fn officers(&self, at: usize) -> String {
        let (one, other) = (self.plan.member(self.unit, at), self.plan.member(self.unit, at + 1));
        let second = if one == other { &self.head } else { &other };
        format!("{}、{}", one.name, second.name)
    }

    fn announcement(&self, cargo: &mut Cargo, numbers: &mut Numbers) {
        let id = self.plan.ids.of("announcement", numbers.row());
        let inspection = &self.plan.city[self.unit.inspection];
        let team = self.plan.city[self.unit.team].name;
        let (from, to) = (self.work.entered_on, self.work.left_on);
        let title = format!("{team}关于开展{}的公告", inspection.name);
        let day = |day: NaiveDate| day.format("%Y年%-m月%-d日").to_string();
        let text = format!(
            "根据市委巡察工作安排，{team}开展{}。\n巡察组现场工作时间为{}至{}。\n主要受理反映领导班子及其成员、下一级主要负责人和重点岗位人员违反六项纪律等方面问题的来信来电来访，其他信访问题按规定转有关单位处理。\n值班电话：5551201\n举报箱位置：机关一楼大厅",
            inspection.name,
            day(from),
            day(to)
        );
        let issued_on = inspection.announced_on;
        row!(cargo, "announcement", {
            id: id, version: 2_i64, inspection_id: self.inspection, edition: 1_i64, title: title.as_str(), text: text,
            from_on: from, to_on: to, phone: "5551201", address: "澜江市行政中心三号楼", mailbox: "", letter_box: "机关一楼大厅",
            state: announcements::State::Issued, issued_on: Some(issued_on), issued_where: "市纪委监委网站、单位公告栏",
            reason: "", prepared_by: self.head.name.as_ref(), made_on: issued_on,
        });
        cargo.find_by(announcements::NOUN, id, title);
        let issued = Step { deed: "issue", label: "发布", from: "草拟", to: "已发布" };
        Story::of(cargo, announcements::NOUN, id)
            .tell(issued_on, &self.head, Step { label: "草拟公告", ..CREATE }, "")
            .tell(issued_on, &self.plan.officer(self.unit), issued, "");
    }

    fn contacts(&self, cargo: &mut Cargo, numbers: &mut Numbers) {
        let parts = [contacts::Part::Leader, contacts::Part::Liaison, contacts::Part::Files];
        for ((name, post, phone), part) in self.work.contacts.iter().zip(parts) {
            let id = self.plan.ids.of("contact", numbers.row());
            row!(cargo, "contact", {
                id: id, version: 1_i64, inspection_id: self.inspection, unit_id: self.unit_id,
                organisation_id: self.organisation, name: name.as_str(), post: *post, phone: phone.as_str(), part: part,
                entered_on: self.work.entered_on, state: contacts::State::Active,
            });
            cargo.find_by(contacts::NOUN, id, format!("{name} {post}"));
        }
    }

    fn assemblies(&self, cargo: &mut Cargo, numbers: &mut Numbers) {
        let on = self.work.entered_on;
        let (given, returned, valid) = self.work.sheets;
        let (report, problems) = self.work.report;
        let kinds = [
            (
                assemblies::Kind::Mobilisation,
                [0, 0, 0],
                [0, 0],
                "组长作动员讲话，主要负责人表态，通报工作安排和纪律要求。",
            ),
            (assemblies::Kind::Assessment, [given, returned, valid], [0, 0], "会后对领导班子进行民主测评。"),
            (assemblies::Kind::Report, [0, 0, 0], [report, problems], "听取党组工作汇报和选人用人专题汇报。"),
        ];
        for (kind, sheets, chars, summary) in kinds {
            let id = self.plan.ids.of("assembly", numbers.row());
            row!(cargo, "assembly", {
                id: id, version: 2_i64, inspection_id: self.inspection, unit_id: self.unit_id,
                organisation_id: self.organisation, kind: kind, held_on: on, place: "机关三楼会议室",
                chair: self.head.name.as_ref(), attendance: valid + 6, summary: summary, given: sheets[0],
                returned: sheets[1], valid: sheets[2], report_chars: chars[0], problem_chars: chars[1],
                state: assemblies::State::Final,
            });
            if kind == assemblies::Kind::Assessment {
                let [good, fair, average, poor] = self.work.votes;
                row!(cargo, "assembly_vote", {
                    assembly_id: id, position: 1_i64, subject: "领导班子", good: good, fair: fair, average: average, poor: poor,
                });
            }
            Story::of(cargo, assemblies::NOUN, id).tell(
                on,
                &self.head,
                Step { label: "登记会议", ..CREATE },
                "",
            );
        }
    }

    fn questionnaire(&self, cargo: &mut Cargo, numbers: &mut Numbers) {
        let Some(answers) = &self.work.answers else { return };
        let id = self.plan.ids.of("questionnaire", numbers.row());
        let (opened, closed) = (self.work.entered_on, self.work.entered_on + Days::new(9));
        row!(cargo, "questionnaire", {
            id: id, version: 3_i64, inspection_id: self.inspection, unit_id: self.unit_id,
            organisation_id: self.organisation, title: "单位政治生态和作风建设问卷",
            intro: "本问卷不记名，请按真实想法作答。", state: questionnaires::State::Closed, made_on: opened,
            opened_on: Some(opened), closed_on: Some(closed),
        });
        for (position, (text, counts)) in (1_i64..).zip(QUESTIONS.iter().zip(answers)) {
            row!(cargo, "questionnaire_question", {
                questionnaire_id: id, position: position, text: *text, kind: questionnaires::QuestionKind::Single,
                options: "好\n较好\n一般\n差\n不了解",
            });
            for (choice, count) in (1_i64..).zip(counts) {
                row!(cargo, "questionnaire_tally", {
                    questionnaire_id: id, position: position, choice: choice, online: *count, paper: 0_i64,
                });
            }
        }
        let most = answers.iter().map(|counts| counts.iter().sum::<i64>()).max().unwrap_or(0);
        row!(cargo, "questionnaire_sheets", { questionnaire_id: id, codes: most + 10, online: most, paper: 0_i64 });
        cargo.find_by(questionnaires::NOUN, id, String::from("单位政治生态和作风建设问卷"));
        let closed_step = Step { deed: "close", label: "关闭", from: "作答中", to: "已关闭" };
        Story::of(cargo, questionnaires::NOUN, id)
            .tell(opened, &self.head, Step { label: "设计问卷", ..CREATE }, "")
            .tell(closed, &self.head, closed_step, "");
    }

    fn documents(&self, cargo: &mut Cargo, numbers: &mut Numbers) {
        let at = Numbers::next(&mut numbers.requests);
        let id = self.plan.ids.of("file_request", at);
        let on = self.work.entered_on;
        let due_on = on + Days::new(5);
        let writer = self.plan.member(self.unit, at);
        row!(cargo, "file_request", {
            id: id, version: 2_i64, number: Self::number("DY", on, at), inspection_id: self.inspection,
            unit_id: self.unit_id, organisation_id: self.organisation, title: "第一批综合材料",
            state: file_requests::State::Issued, made_on: on, made_by: writer.name.as_ref(), issued_on: Some(on),
            due_on: Some(due_on), due_basis: BASIS, again: "",
        });
        cargo.find_by(file_requests::NOUN, id, format!("{} 第一批综合材料", Self::number("DY", on, at)));
        let issued = Step { deed: "issue", label: "发出", from: "草拟", to: "已发出" };
        Story::of(cargo, file_requests::NOUN, id)
            .tell(on, &writer, Step { label: "拟定调阅清单", ..CREATE }, "")
            .tell(on, &writer, issued, "");
        for (position, document) in (1_i64..).zip(&self.work.documents) {
            let item = self.plan.ids.of("file_request_item", numbers.row());
            self.document(cargo, (item, id), (position, due_on), document, &writer);
        }
    }

    fn document(
        &self,
        cargo: &mut Cargo,
        (item, request): (Uuid, Uuid),
        (position, due_on): (i64, NaiveDate),
        document: &Document,
        writer: &Doer,
    ) {
        use file_request_items::State;
        let speaker = self.plan.speaker(self.unit.organisation);
        let state = match (document.provided_on, document.given_back_on) {
            (_, Some(_)) => State::GivenBack,
            (Some(_), None) => State::Accepted,
            (None, None) => State::Asked,
        };
        let by = |on: Option<NaiveDate>, who: &Doer| on.map_or_else(String::new, |_| who.name.to_string());
        let form = if document.given_back_on.is_some() {
            file_request_items::Form::Original
        } else {
            file_request_items::Form::Copy
        };
        row!(cargo, "file_request_item", {
            id: item, version: 1_i64, request_id: request, inspection_id: self.inspection,
            organisation_id: self.organisation, position: position, name: document.name,
            name_key: file_requests::key_of(document.name), period: document.period, form: form,
            issued_on: Some(self.work.entered_on), due_on: Some(due_on), state: state,
            provided_on: document.provided_on, provided_by: by(document.provided_on, &speaker),
            pages: document.provided_on.map(|_| document.pages), note: "", accepted_on: document.provided_on,
            accepted_by: by(document.provided_on, writer), return_reason: "", given_back_on: document.given_back_on,
            given_back_to: by(document.given_back_on, &speaker),
        });
        cargo.find_by(file_request_items::NOUN, item, document.name.to_owned());
    }

    fn person(&self, cargo: &mut Cargo, numbers: &mut Numbers, person: &Interviewee) -> Result<()> {
        let plan_id = self.plan.ids.of("talk_plan", numbers.row());
        let kind = talk_plans::kind_of(person.post);
        let state = match person.talk {
            Some(_) => talk_plans::State::Talked,
            None => talk_plans::State::Planned,
        };
        row!(cargo, "talk_plan", {
            id: plan_id, version: 1_i64, inspection_id: self.inspection, unit_id: self.unit_id,
            organisation_id: self.organisation, person: person.name.as_str(), post: person.post, kind: kind,
            need: kind.need(), planned_on: Some(person.planned_on), state: state, reason: "",
            talks: i64::from(person.talk.is_some()),
        });
        cargo.find_by(talk_plans::NOUN, plan_id, format!("{} {}", person.name, person.post));
        let Some(talk) = &person.talk else { return Ok(()) };
        let at = Numbers::next(&mut numbers.talks);
        let id = self.plan.ids.of("talk", at);
        let sealed = |field: &str, text: &str| self.seal.seal(&format!("talk/{id}/{field}"), text);
        let writer = self.plan.member(self.unit, at);
        let number = Self::number("TH", talk.on, at);
        let state = match talk.signed_on {
            Some(_) => talks::State::Signed,
            None => talks::State::Recorded,
        };
        row!(cargo, "talk", {
            id: id, version: 3_i64, number: number.as_str(), inspection_id: self.inspection, unit_id: self.unit_id,
            organisation_id: self.organisation, plan_id: Some(plan_id), person: person.name.as_str(), post: person.post,
            kind: kind, talked_on: talk.on, begins: "09:00", ends: "10:20", place: "巡察组谈话室",
            officers: self.officers(at), officer_count: 2_i64,
            outline: "1. 说明谈话目的、纪律和保密要求，请谈话对象如实反映情况。\n2. 还有哪些需要向巡察组反映的问题和建议？",
            record_sealed: sealed("record", &talk.record)?, supplement_sealed: sealed("supplement", "")?, state: state,
            signature: talk.signed_on.map(|_| talks::Signature::Signed), signed_on: talk.signed_on,
            recorded_by: writer.account,
        });
        for (position, (class, top_leader, text)) in (1_i64..).zip(&talk.points) {
            let point = self.plan.ids.of("talk_point", numbers.row());
            row!(cargo, "talk_point", {
                id: point, version: 1_i64, talk_id: id, inspection_id: self.inspection,
                organisation_id: self.organisation, talked_on: talk.on, position: position, class: *class,
                top_leader: *top_leader, text_sealed: self.seal.seal(&format!("talk_point/{point}/text"), text)?,
            });
        }
        cargo.find_by(talks::NOUN, id, number);
        let recorded =
            Step { deed: "record", label: "整理记录", from: "待整理记录", to: "待签字" };
        let mut story = Story::of(cargo, talks::NOUN, id);
        story
            .tell(talk.on, &writer, Step { label: "登记谈话", ..CREATE }, "")
            .tell(talk.on, &writer, recorded, "");
        if let Some(on) = talk.signed_on {
            story.tell(
                on,
                &writer,
                Step { deed: "sign", label: "登记签字", from: "待签字", to: "已签字" },
                "",
            );
        }
        Ok(())
    }

    fn petition(&self, cargo: &mut Cargo, numbers: &mut Numbers, petition: &Petition) -> Result<()> {
        use petitions::{Decision, PassTo, Signed, State};
        let at = Numbers::next(&mut numbers.petitions);
        let id = self.plan.ids.without_order("petition", at);
        let sealed = |field: &str, text: &str| self.seal.seal(&format!("petition/{id}/{field}"), text);
        let writer = self.plan.member(self.unit, at);
        let number = Self::number("XF", petition.received_on, at);
        let body = self.plan.body("市信访局");
        let (state, decision, decided_on, passed, result_on, due_on) = match petition.course {
            Course::Undecided => {
                (State::Registered, None, None, None, None, Some(petition.received_on + Days::new(3)))
            }
            Course::Verifying(on) => {
                (State::Verifying, Some(Decision::Verify), Some(on), None, None, Some(on + Days::new(30)))
            }
            Course::Closed(on, closed) => {
                (State::Closed, Some(Decision::Verify), Some(on), None, Some(closed), None)
            }
            Course::Passed(on, Some(receipt)) => (
                State::Receipted,
                Some(Decision::ToDepartment),
                Some(on),
                Some((on, Some(receipt))),
                None,
                Some(months_after(receipt, 2)),
            ),
            Course::Passed(on, None) => (
                State::Passed,
                Some(Decision::ToDepartment),
                Some(on),
                Some((on, None)),
                None,
                Some(on + Days::new(7)),
            ),
            Course::Filed(on) => (State::Filed, Some(Decision::Filed), Some(on), None, None, None),
        };
        let receipt = passed.and_then(|(_, receipt)| receipt);
        let handled = decision == Some(Decision::Verify);
        let note = if result_on.is_some() {
            "经谈话和查阅资料核实，反映的部分情况属实，已写入底稿。"
        } else {
            ""
        };
        row!(cargo, "petition", {
            id: id, version: 2_i64, number: number.as_str(), inspection_id: self.inspection, unit_id: self.unit_id,
            organisation_id: self.organisation, channel: petition.channel, received_on: petition.received_on,
            signed: if petition.writer.is_some() { Signed::Named } else { Signed::Anonymous }, people: 1_i64,
            category: petition.category, subject_sealed: sealed("subject", petition.subject)?,
            content_sealed: sealed("content", petition.content)?, state: state, decision: decision,
            decided_on: decided_on, decided_by: decided_on.map_or("", |_| self.head.name.as_ref()),
            opinion_sealed: sealed("opinion", "")?, merged_into: None::<Uuid>,
            handler_id: writer.account.filter(|_| handled), handler: if handled { writer.name.as_ref() } else { "" },
            passed_to: passed.map(|_| PassTo::Department), recipient_id: body.filter(|_| passed.is_some()).map(|key| self.plan.organisation(key)),
            recipient: if passed.is_some() { "市信访局" } else { "" }, passed_on: passed.map(|(on, _)| on),
            receipt_on: receipt, receipt_by: if receipt.is_some() { "值班工作人员" } else { "" },
            result: result_on.map(|_| petitions::Outcome::Partly), result_on: result_on,
            result_sealed: sealed("result", note)?, due_on: due_on, due_basis: if due_on.is_some() { BASIS } else { "" },
            registered_by: writer.account, registrar: writer.name.as_ref(),
        });
        cargo.find_by(petitions::NOUN, id, number.clone());
        let mut story = Story::of(cargo, petitions::NOUN, id);
        story.tell(petition.received_on, &writer, Step { label: "登记信访", ..CREATE }, "");
        if let Some((on, decision)) = decided_on.zip(decision) {
            let deed = match decision {
                Decision::Verify => ("verify", "受理核实", State::Verifying),
                Decision::Filed => ("file", "存档备查", State::Filed),
                _ => ("pass_on", "转出", State::Passed),
            };
            let step =
                Step { deed: deed.0, label: deed.1, from: State::Registered.label(), to: deed.2.label() };
            story.tell(on, &self.head, step, "");
        }
        if let Some((name, workplace, phone)) = &petition.writer {
            self.informant(cargo, (at, id, petition.received_on), (name, workplace, phone), &writer)?;
            if at == 1 {
                self.opening(
                    cargo,
                    self.plan.ids.without_order("informant", at),
                    &number,
                    petition.received_on,
                );
            }
        }
        Ok(())
    }

    /// Who wrote, in the vault.
    fn informant(
        &self,
        cargo: &mut Cargo,
        (at, petition, on): (usize, Uuid, NaiveDate),
        (name, workplace, phone): (&str, &str, &str),
        writer: &Doer,
    ) -> Result<()> {
        let id = self.plan.ids.without_order("informant", at);
        let sealed = |field: &str, text: &str| self.seal.seal(&format!("informant/{id}/{field}"), text);
        row!(cargo, "informant", {
            id: id, version: 1_i64, petition_id: petition, inspection_id: self.inspection,
            name_sealed: sealed("name", name)?, work_sealed: sealed("work", workplace)?,
            address_sealed: sealed("address", "")?, phone_sealed: sealed("phone", phone)?,
            document_sealed: sealed("document", "")?, note_sealed: sealed("note", "只能在下班后联系，不得打单位电话。")?,
            entered_on: on, entered_by: writer.account, state: informants::State::Kept,
        });
        Story::of(cargo, informants::NOUN, id).tell(on, writer, Step { label: "登记身份", ..CREATE }, "");
        Ok(())
    }

    /// The head opened the letter's writer once, and the director has yet to take note.
    fn opening(&self, cargo: &mut Cargo, informant: Uuid, number: &str, on: NaiveDate) {
        let id = self.plan.ids.without_order("opening", 1);
        let at: DateTime<Utc> = on.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(8);
        row!(cargo, "opening", {
            id: id, version: 1_i64, noun: informants::NOUN, record_id: informant, number: number,
            part: openings::Part::Informant, inspection_id: self.inspection, account_id: self.head.account,
            opened_by: self.head.name.as_ref(), reason: "核实需要，约请举报人在组外见面补充材料", opened_at: at,
            until_at: at + TimeDelta::minutes(30), state: openings::State::New, seen_by: "", seen_on: None::<NaiveDate>,
        });
        Story::of(cargo, openings::NOUN, id).tell(on, &self.head, Step::plain("open", "查阅"), "");
    }

    fn visits(&self, cargo: &mut Cargo, numbers: &mut Numbers) {
        for visit in &self.work.visits {
            let at = Numbers::next(&mut numbers.visits);
            let id = self.plan.ids.of("visit", at);
            let number = Self::number("ZF", visit.on, at);
            let kind = visits::VisitKind::parse(visit.kind).unwrap_or(visits::VisitKind::Inspection);
            row!(cargo, "visit", {
                id: id, version: 2_i64, number: number.as_str(), inspection_id: self.inspection, unit_id: self.unit_id,
                organisation_id: self.organisation, kind: kind, visited_on: visit.on, place: visit.place,
                officers: self.officers(at), officer_count: 2_i64, people_met: visit.people, findings: visit.findings,
                state: visits::State::Final,
            });
            cargo.find_by(visits::NOUN, id, format!("{number} {}", visit.place));
            let writer = self.plan.member(self.unit, at);
            let done = Step { deed: "finalise", label: "定稿", from: "登记中", to: "已定稿" };
            Story::of(cargo, visits::NOUN, id)
                .tell(visit.on, &writer, Step { label: "登记走访", ..CREATE }, "")
                .tell(visit.on, &writer, done, "");
        }
    }

    fn meeting(&self, cargo: &mut Cargo, numbers: &mut Numbers, meeting: &Meeting) {
        let at = Numbers::next(&mut numbers.meetings);
        let id = self.plan.ids.of("team_meeting", at);
        let number = Self::number("ZH", meeting.on, at);
        let kind = team_meetings::Kind::parse(meeting.kind).unwrap_or(team_meetings::Kind::Team);
        row!(cargo, "team_meeting", {
            id: id, version: 2_i64, number: number.as_str(), inspection_id: self.inspection, kind: kind,
            held_on: meeting.on, place: "巡察组会议室", chair: self.head.name.as_ref(), expected: 7_i64, present: 7_i64,
            attendees: "全体组员", agenda: meeting.agenda, minutes: meeting.minutes, state: team_meetings::State::Final,
        });
        cargo.find_by(team_meetings::NOUN, id, format!("{number} {}", meeting.agenda));
        let note = format!("形成 {} 项任务", meeting.decisions.len());
        Story::of(cargo, team_meetings::NOUN, id)
            .tell(meeting.on, &self.head, Step { label: "登记会议", ..CREATE }, "")
            .tell(meeting.on, &self.head, Step::plain("decide", "形成决定"), note);
        for (words, due_on, done_on) in &meeting.decisions {
            self.task(cargo, numbers, (id, meeting.on), (words, *due_on, *done_on));
        }
    }

    fn task(
        &self,
        cargo: &mut Cargo,
        numbers: &mut Numbers,
        (meeting, on): (Uuid, NaiveDate),
        (words, due_on, done_on): (&str, NaiveDate, Option<NaiveDate>),
    ) {
        let at = numbers.row();
        let id = self.plan.ids.of("task", at);
        let member = self.plan.member(self.unit, at);
        let state = match (done_on, at % 3) {
            (Some(_), _) => tasks::State::Done,
            (None, 0) => tasks::State::Todo,
            (None, 1) => tasks::State::Doing,
            (None, _) => tasks::State::Review,
        };
        let result = match state {
            tasks::State::Done | tasks::State::Review => "已完成核对，形成工作底稿素材。",
            _ => "",
        };
        row!(cargo, "task", {
            id: id, version: 2_i64, inspection_id: self.inspection, title: words, detail: "",
            origin: tasks::Origin::Meeting, source_noun: team_meetings::NOUN, source_id: Some(meeting),
            assignee_id: member.account, assignee: member.name.as_ref(), due_on: Some(due_on), state: state,
            result: result, done_on: done_on, made_by: self.head.name.as_ref(), made_on: on,
        });
        cargo.find_by(tasks::NOUN, id, words.to_owned());
        let mut story = Story::of(cargo, tasks::NOUN, id);
        story.tell(on, &self.head, Step { label: "安排任务", ..CREATE }, "");
        if let Some(done) = done_on {
            let step = Step { deed: "confirm", label: "确认完成", from: "待确认", to: "已完成" };
            story.tell(done, &self.head, step, "");
        }
    }
}
