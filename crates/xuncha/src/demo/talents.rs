//! The pool of talents of the demonstration city, what teams need, who is nominated, called and appraised.

use chrono::{Datelike as _, Days, NaiveDate};
use city::{
    inspections::Inspection,
    keys::{OrganisationKey, PersonKey},
    organisations::OrganisationKind,
    people::{Person, Role},
    targets::HORIZON,
};
use kit::{Labelled as _, Result, seal::Seal};
use planning::{
    needs::{self, Duty},
    nominations::{self, Side},
    secondments::{self, Grade},
    talents::{self, Political, Pool, TieKind},
};
use uuid::Uuid;

use super::{
    cargo::{Cargo, row},
    chronicle::{Doer, Step, Story},
    codes,
    people::works_on,
    plan::Plan,
};

/// How many people are in the pool.
const POOL: usize = 300;
/// One in so many has relatives at an organisation of the city.
const WITH_RELATIVES: usize = 6;

const TITLES: [&str; 6] = ["科员", "一级科员", "副科长", "科长", "办公室副主任", "财务科科长"];
const PLACES: [&str; 6] = ["云溪县", "临江区", "青岭县", "南浦区", "石门县", "澜江市区"];
const WORDS: [&str; 5] = [
    "熟悉财经制度，能独立完成账目核查和疑点延伸。",
    "谈话方法灵活，善于从细节发现问题，文字功底扎实。",
    "组织协调能力强，遵守保密纪律，服从安排。",
    "业务熟练，能带队外查，底稿规范完整。",
    "工作认真，按时完成任务，沟通能力有待提高。",
];
const ANSWERS: [&str; 3] =
    ["同意抽调，已安排工作交接。", "同意，请按时间返回。", "同意抽调，抽调期间工资关系不变。"];

/// Everybody of the pool with what he has been.
pub(super) fn load(plan: &Plan<'_>, cargo: &mut Cargo, seal: &Seal) -> Result<()> {
    let mut hall = Hall::new(plan, cargo);
    for (place, person) in hall.people.clone().into_iter().enumerate() {
        hall.profile(place, person, seal)?;
    }
    hall.write_ties();
    hall.selection();
    Ok(())
}

/// What ties somebody to an organisation.
struct Tie {
    talent: Uuid,
    kind: TieKind,
    at: OrganisationKey,
    title: &'static str,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

struct Hall<'a, 'p> {
    plan: &'a Plan<'p>,
    cargo: &'a mut Cargo,
    people: Vec<&'p Person>,
    departments: Vec<OrganisationKey>,
    /// Written after the profiles they belong to.
    ties: Vec<Tie>,
    nominations: usize,
    secondments: usize,
}

impl<'a, 'p> Hall<'a, 'p> {
    fn new(plan: &'a Plan<'p>, cargo: &'a mut Cargo) -> Self {
        let departments = plan.city.of_kind(OrganisationKind::Department).map(|body| body.key).collect();
        Self {
            plan,
            cargo,
            people: people(plan),
            departments,
            ties: Vec::new(),
            nominations: 0,
            secondments: 0,
        }
    }

    fn department(&self, number: usize) -> Option<OrganisationKey> {
        number.checked_rem(self.departments.len()).and_then(|place| self.departments.get(place)).copied()
    }

    fn talent(&self, place: usize) -> Uuid {
        self.plan.ids.of("talent", place)
    }

    fn profile(&mut self, place: usize, person: &Person, seal: &Seal) -> Result<()> {
        let plan = self.plan;
        let (id, number) = (self.talent(place), person.key.0);
        let entered =
            plan.city.term.from.checked_add_days(Days::new(30 + place as u64 % 400)).unwrap_or(HORIZON);
        let career = self.career(id, person, number);
        let relatives = self.relatives(id, place, number);
        let sealed = match relatives {
            Some(text) => seal.seal(&format!("talent/{id}/relatives"), &text)?,
            None => String::new(),
        };
        let state = match place % 29 {
            27 => talents::State::Candidate,
            28 => talents::State::Resting,
            _ => talents::State::Active,
        };
        let decided = state != talents::State::Candidate;
        let second = codes::speciality(SECOND.get(number % SECOND.len()).copied().unwrap_or_default());
        let (clerk, department) = (plan.clerk(place), department(plan));
        row!(self.cargo, "talent", {
            id: id, version: if decided { 2_i64 } else { 1_i64 }, person_id: plan.person(person.key),
            pool: pool(plan, person.key, place), state: state, speciality: codes::speciality(person.speciality),
            second_speciality: second, political: political(number), native_place: PLACES.get(number % PLACES.len()).copied().unwrap_or_default(),
            career: career, relatives_sealed: sealed, available_from: None::<NaiveDate>,
            available_to: (place % 17 == 3).then_some(HORIZON), note: "", nominated_by: clerk.account,
            decided_by: department.account.filter(|_| decided), decided_on: Some(entered).filter(|_| decided),
            opinion: if decided { "符合入库条件。" } else { "" }, entered_on: entered,
        });
        self.cargo.find_by(talents::NOUN, id, format!("{} {}", person.name, person.speciality));
        let mut story = Story::of(self.cargo, talents::NOUN, id);
        story.tell(entered, &clerk, Step::plain("create", "推荐入库"), "");
        if decided {
            let (from, to) = (talents::State::Candidate.label(), talents::State::Active.label());
            let deed = talents::Deed::Admit;
            let step = Step { deed: deed.code(), label: deed.label(), from, to };
            story.tell(entered, &department, step, "符合入库条件。");
        }
        Ok(())
    }

    /// Two or three posts before the present one, at departments of the city.
    fn career(&mut self, id: Uuid, person: &Person, number: usize) -> String {
        let mut lines = Vec::new();
        let mut from = person.born + 23;
        for step in 0..2 + number % 2 {
            let Some(at) = self.department(number * 7 + step * 13) else { continue };
            let to = from + 4 + (number + step) as i32 % 5;
            let (first, last) = (first_of(from), first_of(to).pred_opt().unwrap_or(HORIZON));
            if last >= HORIZON {
                break;
            }
            let title = TITLES.get((number + step) % TITLES.len()).copied().unwrap_or_default();
            let name = &self.plan.city[at].name;
            lines.push(format!("{from}.07—{}.{:02} {name} {title}", last.year(), last.month()));
            self.tie(id, TieKind::Post, at, title, (Some(first), Some(last)));
            from = to;
        }
        lines.join("\n")
    }

    fn relatives(&mut self, id: Uuid, place: usize, number: usize) -> Option<String> {
        if place % WITH_RELATIVES != 1 {
            return None;
        }
        let at = self.department(number * 11 + 5)?;
        self.tie(id, TieKind::Relative, at, "", (None, None));
        Some(format!("配偶 （略） {} {}", self.plan.city[at].name, TITLES.get(number % TITLES.len())?))
    }

    fn tie(
        &mut self,
        talent: Uuid,
        kind: TieKind,
        at: OrganisationKey,
        title: &'static str,
        (from, to): (Option<NaiveDate>, Option<NaiveDate>),
    ) {
        self.ties.push(Tie { talent, kind, at, title, from, to });
    }

    fn write_ties(&mut self) {
        for (number, tie) in std::mem::take(&mut self.ties).into_iter().enumerate() {
            row!(self.cargo, "talent_tie", {
                id: self.plan.ids.of("talent_tie", number), talent_id: tie.talent, kind: tie.kind,
                at_id: self.plan.organisation(tie.at), title: tie.title, from_on: tie.from, to_on: tie.to,
            });
        }
    }

    /// Needs of the youngest teams: one drawn up, one that the organisation department works on, two settled with
    /// people called and appraised.
    fn selection(&mut self) {
        let plan = self.plan;
        let duties = [
            (Duty::Finance, "finance", needs::State::Settled),
            (Duty::Interview, "discipline", needs::State::Settled),
            (Duty::PartyBuilding, "organisation", needs::State::Sent),
            (Duty::Coordination, "writing", needs::State::Draft),
        ];
        let teams: Vec<_> = plan.city.round_teams.iter().rev().take(3).collect();
        let mut number = 0;
        for team in teams {
            let Some(inspection) = plan.city.inspections.iter().find(|one| works_on(plan, team, one)) else {
                continue;
            };
            for (duty, speciality, state) in duties {
                number += 1;
                self.need(number, inspection, team.authorised_on, (duty, speciality, state));
            }
        }
    }

    fn need(
        &mut self,
        number: usize,
        inspection: &Inspection,
        authorised: NaiveDate,
        (duty, speciality, state): (Duty, &'static str, needs::State),
    ) {
        let plan = self.plan;
        let id = plan.ids.of("team_need", number);
        let from = authorised;
        let to = from.checked_add_days(Days::new(100)).unwrap_or(from);
        let asked = from.checked_sub_days(Days::new(30)).unwrap_or(from);
        let sent = (state != needs::State::Draft).then_some(asked);
        let clerk = plan.clerk(number);
        row!(self.cargo, "team_need", {
            id: id, version: 1_i64, inspection_id: plan.inspection(inspection.key), pool: Pool::Members, duty: duty,
            speciality: speciality, number: 2_i64, from_on: from, to_on: to, state: state, note: "",
            prepared_by: clerk.account, sent_on: sent,
            settled_on: (state == needs::State::Settled).then(|| asked.checked_add_days(Days::new(8))).flatten(),
        });
        let mut story = Story::of(self.cargo, needs::NOUN, id);
        story.tell(asked, &clerk, Step::plain("create", "提出需求"), "");
        if sent.is_some() {
            let (deed, from) = (needs::Deed::Send, needs::State::Draft.label());
            let to = needs::State::Sent.label();
            story.tell(asked, &clerk, Step { deed: deed.code(), label: deed.label(), from, to }, "");
            self.nominees(number, id, inspection, (duty, speciality, state), from_day(asked));
        }
    }

    fn nominees(
        &mut self,
        number: usize,
        need: Uuid,
        inspection: &Inspection,
        (duty, speciality, state): (Duty, &'static str, needs::State),
        on: NaiveDate,
    ) {
        let fitting: Vec<usize> = self
            .people
            .iter()
            .enumerate()
            .filter(|(place, person)| {
                place % 29 < 27
                    && codes::speciality(person.speciality) == speciality
                    && pool(self.plan, person.key, *place) == Pool::Members
            })
            .map(|(place, _)| place)
            .skip(number * 3)
            .take(3)
            .collect();
        for (turn, place) in fitting.into_iter().enumerate() {
            let agreed = state == needs::State::Settled && turn < 2;
            self.nominee(turn, place, need, inspection, (duty, agreed, on));
        }
    }

    fn nominee(
        &mut self,
        turn: usize,
        place: usize,
        need: Uuid,
        inspection: &Inspection,
        (duty, agreed, on): (Duty, bool, NaiveDate),
    ) {
        self.nominations += 1;
        let plan = self.plan;
        let id = plan.ids.of("nomination", self.nominations);
        let state = match (agreed, turn) {
            (true, _) => nominations::State::Agreed,
            (false, 2) => nominations::State::Declined,
            _ => nominations::State::Proposed,
        };
        let answered = state != nominations::State::Proposed;
        let clerk = plan.clerk(turn);
        row!(self.cargo, "nomination", {
            id: id, version: 1_i64, need_id: need, inspection_id: plan.inspection(inspection.key),
            talent_id: self.talent(place), side: if turn == 1 { Side::Department } else { Side::Office }, state: state,
            score: 54_i64 - 4 * turn as i64, reasons: "主专长相符 +40；参加过巡察；近一年未抽调 +10",
            opinion: match state {
                nominations::State::Declined => "单位近期有专项任务，建议另选。",
                nominations::State::Agreed => "同意。",
                _ => "",
            },
            nominated_by: clerk.account, nominated_on: on, answered_by: department(plan).account.filter(|_| answered),
            answered_on: answered.then_some(on),
        });
        Story::of(self.cargo, nominations::NOUN, id).tell(on, &clerk, Step::plain("create", "提名人选"), "");
        if agreed {
            self.letter(id, place, inspection, (duty, on));
        }
    }

    fn letter(
        &mut self,
        nomination: Uuid,
        place: usize,
        inspection: &Inspection,
        (duty, on): (Duty, NaiveDate),
    ) {
        let Some(person) = self.people.get(place).copied() else { return };
        let plan = self.plan;
        let home =
            plan.city.posts.iter().find(|post| post.person == person.key).map(|post| post.organisation);
        self.secondments += 1;
        let number = self.secondments;
        let id = plan.ids.of("secondment", number);
        let state = match number % 4 {
            0 => secondments::State::Sent,
            1 => secondments::State::Granted,
            _ => secondments::State::Returned,
        };
        let (answered, back) = (state != secondments::State::Sent, state == secondments::State::Returned);
        let from = on.checked_add_days(Days::new(20)).unwrap_or(on);
        let to = from.checked_add_days(Days::new(80)).unwrap_or(from);
        let grade = if number.is_multiple_of(3) { Grade::Excellent } else { Grade::Good };
        let clerk = plan.clerk(number);
        row!(self.cargo, "secondment", {
            id: id, version: 1_i64, nomination_id: nomination, inspection_id: plan.inspection(inspection.key),
            talent_id: self.talent(place), addressee_id: home.map(|home| plan.organisation(home)),
            number: format!("澜委巡函〔{}〕{number}号", on.year()), duty: duty, from_on: from, to_on: to, state: state,
            prepared_by: clerk.account, prepared_on: on, sent_on: Some(on),
            answer: if answered { ANSWERS.get(number % ANSWERS.len()).copied().unwrap_or_default() } else { "" },
            answered_on: answered.then_some(on), grade: back.then_some(grade),
            appraisal: if back { WORDS.get(number % WORDS.len()).copied().unwrap_or_default() } else { "" },
            appraised_by: clerk.account.filter(|_| back), appraised_on: back.then_some(to),
        });
        Story::of(self.cargo, secondments::NOUN, id).tell(
            on,
            &clerk,
            Step::plain("create", "拟发抽调函"),
            "",
        );
    }
}

const SECOND: [&str; 8] =
    ["综合文字", "财务审计", "党建", "法律", "信息技术", "纪检监察", "工程建设", "组织人事"];

/// Those who worked in teams first, then people of departments and enterprises; no administrators.
fn people<'p>(plan: &Plan<'p>) -> Vec<&'p Person> {
    let post = |person: &Person| plan.city.posts.iter().find(|post| post.person == person.key);
    let rank = |person: &Person| match post(person).and_then(|post| post.role) {
        Some(Role::TeamHead | Role::TeamMember) => Some(0),
        Some(Role::OrganisationLiaison | Role::FunctionalDepartment | Role::Audit) => Some(1),
        _ => None,
    };
    let mut chosen: Vec<(i32, &Person)> =
        plan.city.people.iter().filter_map(|person| Some((rank(person)?, person))).collect();
    chosen.sort_by_key(|(rank, person)| (*rank, person.key));
    chosen.into_iter().map(|(_, person)| person).take(POOL).collect()
}

/// Who speaks for the organisation department.
fn department(plan: &Plan<'_>) -> Doer {
    plan.body("市委组织部").map_or_else(|| plan.director(), |body| plan.speaker(body))
}

fn pool(plan: &Plan<'_>, person: PersonKey, place: usize) -> Pool {
    let heads = |team: &city::people::RoundTeam| team.head == person || team.deputies.contains(&person);
    if plan.city.round_teams.iter().any(heads) {
        Pool::Heads
    } else if place % 23 == 11 {
        Pool::Experts
    } else {
        Pool::Members
    }
}

fn political(number: usize) -> Political {
    match number % 25 {
        7 => Political::Democratic,
        13 => Political::Masses,
        _ => Political::Member,
    }
}

fn first_of(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 7, 1).unwrap_or(HORIZON)
}

fn from_day(on: NaiveDate) -> NaiveDate {
    on.checked_add_days(Days::new(3)).unwrap_or(on)
}
