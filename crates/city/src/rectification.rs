//! Feedback meetings, the measures of rectification with everything that happened to them, and the campaign
//! of deepened rectification.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::City;
use crate::calendar::{after, before, day, days_after, on_or_before};
use crate::dice::{Dice, Stream};
use crate::inspections::{Stage, StageEvent};
use crate::keys::{InspectedUnitKey, InspectionKey, OrganisationKey, PersonKey, ProblemKey};
use crate::people::{Role, Roster};
use crate::problems::{Problem, ProblemEvent, ProblemState};
use crate::targets::{self, HORIZON};
use crate::texts::{self, Scale};

/// A feedback meeting with one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackMeeting {
    /// The unit.
    pub unit: InspectedUnitKey,
    /// When.
    pub held_on: NaiveDate,
    /// The city leader in charge on that day.
    pub leader_in_charge: Option<PersonKey>,
    /// Whether the leader in charge attended.
    pub leader_attended: bool,
    /// Who presided.
    pub chair: PersonKey,
    /// When the unit reported its rectification to the leader in charge.
    pub reported_to_leader_on: Option<NaiveDate>,
}

/// How long a measure may take (整改时限).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TermKind {
    /// 立行立改.
    Immediate,
    /// 限期整改.
    Limited,
    /// 长期坚持.
    LongTerm,
}

/// State of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MeasureState {
    /// 未启动.
    NotStarted,
    /// 整改中.
    InProgress,
    /// 已提交.
    Submitted,
    /// 退回.
    Returned,
    /// 已完成.
    Closed,
    /// 转长期坚持.
    LongTerm,
    /// 重开.
    Reopened,
}

/// A state reached on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasureEvent {
    /// The state.
    pub state: MeasureState,
    /// When.
    pub on: NaiveDate,
    /// By whom; who closes or returns is never who submitted.
    pub by: Role,
    /// Progress note or opinion.
    pub note: String,
}

/// A measure of rectification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// The problem.
    pub problem: ProblemKey,
    /// Number within the problem, from 1.
    pub number: u32,
    /// What is to be done.
    pub text: String,
    /// Name of who does it (责任人).
    pub owner: String,
    /// Name of the responsible leader (责任领导).
    pub leader: String,
    /// Responsible department.
    pub department: String,
    /// How long it may take.
    pub term: TermKind,
    /// Due date; of a long-term measure the date of its first phase.
    pub due_on: NaiveDate,
    /// What happened, in order of time.
    pub history: Vec<MeasureEvent>,
}

impl Measure {
    /// The state on the evening of a day; `None` before the plan was made.
    pub fn state_on(&self, day: NaiveDate) -> Option<MeasureState> {
        self.history.iter().rev().find(|event| event.on <= day).map(|event| event.state)
    }

    /// Whether it should have been done by the evening of a day and is not.
    pub fn overdue_on(&self, day: NaiveDate) -> bool {
        self.due_on < day
            && !matches!(
                self.state_on(day),
                None | Some(MeasureState::Closed | MeasureState::LongTerm | MeasureState::Submitted)
            )
    }
}

/// A campaign over the open problems of one inspection (深化整改).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// The inspection.
    pub inspection: InspectionKey,
    /// Name.
    pub name: &'static str,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// What it is for.
    pub target: &'static str,
    /// The problems chosen.
    pub problems: Vec<ProblemKey>,
}

/// What becomes of a problem after its feedback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Closed on a day for good.
    Closed(NaiveDate),
    /// Closed, reopened and closed again.
    ClosedAgain { first: NaiveDate, reopened: NaiveDate, second: NaiveDate },
    /// Closed and reopened; open at the end of the plan.
    Reopened { first: NaiveDate, reopened: NaiveDate },
    /// Moved to the long term on a day.
    LongTerm(NaiveDate),
    /// Open at the end of the plan although due long ago.
    Overdue,
    /// Being rectified at the end of the plan.
    Running,
}

/// A problem that was fed back, with the day of the feedback.
type FedBack = (ProblemKey, NaiveDate);

/// Decides the fate of every problem fed back so that exactly the targets are closed.
pub(crate) fn decide(city: &City, dice: &mut Dice) -> Vec<(ProblemKey, Fate)> {
    let mut open: Vec<FedBack> =
        city.problems.iter().filter_map(|problem| Some((problem.key, problem.fed_back_on?))).collect();
    dice.shuffle(&mut open);
    let mut fates = Vec::new();
    let look_back = |key: ProblemKey| city[city[key].unit].inspection == city.asset_inspection();
    let mut early =
        take_where(&mut open, targets::CLOSED_AGAIN + targets::REOPENED, |on| on < day(2023, 4, 1));
    for (key, on) in early.drain(..targets::CLOSED_AGAIN) {
        let (first, reopened) = reopening(on, look_back(key), dice);
        let second = dice.working_day(day(2023, 10, 16), day(2023, 12, 22));
        fates.push((key, Fate::ClosedAgain { first, reopened, second }));
    }
    for (key, on) in early {
        let (first, reopened) = reopening(on, look_back(key), dice);
        fates.push((key, Fate::Reopened { first, reopened }));
    }
    for (key, on) in take_where(&mut open, targets::LONG_TERM, |on| on < day(2023, 7, 1)) {
        fates.push((key, Fate::LongTerm(dice.working_day(days_after(on, 100), day(2023, 12, 20)))));
    }
    for (key, _) in take_where(&mut open, targets::LONG_OVERDUE, |on| on < day(2023, 6, 1)) {
        fates.push((key, Fate::Overdue));
    }
    let still_to_close = targets::CLOSED - targets::CLOSED_AGAIN;
    fates.extend(close_oldest(open, still_to_close, dice));
    fates
}

/// Takes out a number of problems whose feedback fits.
fn take_where(open: &mut Vec<FedBack>, count: usize, fits: impl Fn(NaiveDate) -> bool) -> Vec<FedBack> {
    let mut taken = Vec::new();
    open.retain(|problem| {
        let take = taken.len() < count && fits(problem.1);
        if take {
            taken.push(*problem);
        }
        !take
    });
    taken
}

/// First closure and reopening of an early problem, by the look-back or a spot check.
fn reopening(fed_back: NaiveDate, by_look_back: bool, dice: &mut Dice) -> (NaiveDate, NaiveDate) {
    let first = dice.working_day(days_after(fed_back, 35), day(2023, 5, 31));
    let reopened = if by_look_back {
        dice.working_day(day(2023, 6, 19), day(2023, 7, 11))
    } else {
        dice.working_day(day(2023, 8, 7), day(2023, 9, 28))
    };
    (first, reopened)
}

/// Closes a number of problems by the day of the targets, by and large the oldest; the others run on.
fn close_oldest(open: Vec<FedBack>, count: usize, dice: &mut Dice) -> Vec<(ProblemKey, Fate)> {
    let mut by_ease: Vec<_> = open
        .into_iter()
        .map(|(key, on)| ((on - day(2021, 9, 20)).num_days() + dice.between(0, 130), key, on))
        .collect();
    by_ease.sort_unstable();
    (0..)
        .zip(by_ease)
        .map(|(place, (_, key, on))| match place {
            _ if place < count => (key, closing(on, dice)),
            // A few of the others are closed in the first weeks of the new year.
            _ if dice.chance(15) => {
                (key, Fate::Closed(dice.working_day(day(2024, 1, 8), before(HORIZON, 1))))
            }
            _ => (key, Fate::Running),
        })
        .collect()
}

/// A closure within the usual time, by the last working day of 2023.
fn closing(fed_back: NaiveDate, dice: &mut Dice) -> Fate {
    let last = on_or_before(targets::AS_OF);
    let (soonest, latest) = if dice.chance(22) { (18, 45) } else { (60, 195) };
    let latest = days_after(fed_back, latest).min(last);
    let soonest = days_after(fed_back, soonest).min(before(latest, 3)).max(after(fed_back, 3));
    Fate::Closed(dice.working_day(soonest, latest))
}

/// Meetings, measures, problem histories, closures of units and the campaign.
pub(crate) fn fill(city: &mut City, seed: u64, director: PersonKey, dice: &mut Dice) {
    city.feedback_meetings = meetings(city, director, dice);
    let mut rosters: BTreeMap<OrganisationKey, Roster> = BTreeMap::new();
    let mut fates = decide(city, dice);
    fates.sort_by_key(|(key, _)| *key);
    for (key, fate) in fates {
        let problem = &city[key];
        let unit = city[problem.unit].organisation;
        let roster = rosters
            .entry(unit)
            .or_insert_with(|| Roster::draw(&mut Dice::numbered(seed, Stream::People, unit.0 + 1)));
        let measures = measures(problem, fate, roster, dice);
        let history = later_history(&measures, fate);
        city.measures.extend(measures);
        city[key].history.extend(history);
    }
    close_units(city);
    city.campaigns = vec![campaign(city)];
}

fn meetings(city: &City, director: PersonKey, dice: &mut Dice) -> Vec<FeedbackMeeting> {
    let mut meetings = Vec::new();
    for unit in &city.inspected_units {
        let Some(held_on) = unit.reached(Stage::FedBack) else { continue };
        let leader_in_charge = city.leader_in_charge(unit.organisation, held_on);
        let round = city[unit.inspection].round;
        let head = city.round_team(round, unit.team).map(|team| team.head);
        let reported = days_after(held_on, dice.count(150, 185) as u64);
        meetings.push(FeedbackMeeting {
            unit: unit.key,
            held_on,
            leader_in_charge,
            leader_attended: leader_in_charge.is_some() && dice.chance(94),
            chair: head.filter(|_| dice.chance(60)).unwrap_or(director),
            reported_to_leader_on: leader_in_charge.and(Some(reported).filter(|on| *on <= HORIZON)),
        });
    }
    meetings
}

/// The measures of one problem with everything its fate lets happen to them.
fn measures(problem: &Problem, fate: Fate, roster: &Roster, dice: &mut Dice) -> Vec<Measure> {
    let Some(fed_back) = problem.fed_back_on else { return Vec::new() };
    let count = dice.pick(&[1, 1, 2, 2, 2, 3, 3, 4]);
    let leader = dice.choose(&roster.leaders).clone();
    (1..=count)
        .map(|number| {
            let term = term_of(fate, fed_back, number, dice);
            let (department, owner) = dice.choose(&roster.departments).clone();
            let begun = begin(fate, fed_back, term, dice);
            // The last measure to be done is the first one, so that the problem is closed with it.
            let history = run(fate, begun, number == 1, dice);
            Measure {
                problem: problem.key,
                number,
                text: measure_text(problem, term, dice),
                owner,
                leader: leader.clone(),
                department: department.to_owned(),
                term,
                due_on: due(fate, fed_back, term, &history, dice),
                history,
            }
        })
        .collect()
}

fn term_of(fate: Fate, fed_back: NaiveDate, number: u32, dice: &mut Dice) -> TermKind {
    match fate {
        Fate::LongTerm(_) if number == 1 => TermKind::LongTerm,
        Fate::Closed(on) if (on - fed_back).num_days() <= 45 => TermKind::Immediate,
        Fate::Running if dice.chance(12) => TermKind::LongTerm,
        _ if number > 1 && dice.chance(20) => TermKind::Immediate,
        _ => TermKind::Limited,
    }
}

/// The day on which a measure stands in the plan.
fn begin(fate: Fate, fed_back: NaiveDate, term: TermKind, dice: &mut Dice) -> NaiveDate {
    let usual = match term {
        TermKind::Immediate => after(fed_back, dice.count(1, 3) as u64),
        TermKind::Limited | TermKind::LongTerm => after(fed_back, dice.count(8, 16) as u64),
    };
    let latest = match fate {
        Fate::Closed(end) => before(end, 2),
        Fate::ClosedAgain { first, .. } | Fate::Reopened { first, .. } => before(first, 5),
        Fate::LongTerm(end) => before(end, 10),
        Fate::Overdue | Fate::Running => before(HORIZON, 2),
    };
    usual.min(latest).max(fed_back)
}

/// What happens to one measure; the leading one decides when the problem is closed.
fn run(fate: Fate, begun: NaiveDate, leading: bool, dice: &mut Dice) -> Vec<MeasureEvent> {
    let mut log = Log::begin(begun, dice);
    let latest = |end: NaiveDate, dice: &mut Dice| if leading { end } else { dice.working_day(begun, end) };
    match fate {
        Fate::LongTerm(end) if leading => log.long_term(end),
        Fate::Closed(end) | Fate::LongTerm(end) => {
            let end = latest(end, log.dice);
            log.close(end);
        }
        Fate::ClosedAgain { first, reopened, second } => {
            let first = latest(first, log.dice);
            log.close(first);
            if leading {
                log.reopen(reopened);
                log.close(second);
            }
        }
        Fate::Reopened { first, reopened } => {
            let first = latest(first, log.dice);
            log.close(first);
            if leading {
                log.reopen(reopened);
            }
        }
        Fate::Overdue => log.stall(),
        Fate::Running => log.go_on(leading),
    }
    log.events
}

/// Writes the history of one measure.
struct Log<'a> {
    events: Vec<MeasureEvent>,
    at: NaiveDate,
    dice: &'a mut Dice,
}

const BEGUN: [&str; 5] = [
    "已召开专题会议研究，明确责任分工。",
    "已制定具体整改措施和时间表。",
    "正在梳理台账、逐项核对。",
    "已与有关单位对接，推进整改。",
    "已完成阶段性工作，正在补充材料。",
];
const SUBMITTED: [&str; 4] = [
    "已按要求完成，佐证材料一并提交。",
    "已完成整改并开展自查，申请销号。",
    "已建立长效机制，提交会议纪要和制度文件。",
    "整改完成，提交凭证、照片和群众评价材料。",
];
const RETURNED: [&str; 4] = [
    "佐证材料不足，请补充后重新提交。",
    "仅就事论事，未举一反三，退回完善。",
    "追缴款项未到账，不予销号。",
    "责任追究情况未说明，请补充。",
];
const CLOSED: [&str; 3] =
    ["经审核，同意销号。", "现场核查属实，同意销号。", "材料齐全、效果明显，同意销号。"];
const REOPENED: [&str; 3] =
    ["回访核查发现问题反弹，重新整改。", "抽查发现整改不彻底，重新打开。", "制度未执行到位，要求继续整改。"];
const LONG_TERM: &str = "阶段目标已完成，转入长期坚持，按季度报告。";

impl<'a> Log<'a> {
    fn begin(on: NaiveDate, dice: &'a mut Dice) -> Self {
        let mut log = Self { events: Vec::new(), at: on, dice };
        log.write(MeasureState::NotStarted, on, Role::OrganisationLiaison, "列入整改方案。".to_owned());
        log
    }

    fn write(&mut self, state: MeasureState, on: NaiveDate, by: Role, note: String) {
        self.at = on;
        self.events.push(MeasureEvent { state, on, by, note });
    }

    fn note(&mut self, state: MeasureState, on: NaiveDate, by: Role, notes: &[&str]) {
        let note = (self.dice.pick(notes)).to_owned();
        self.write(state, on, by, note);
    }

    fn work(&mut self, on: NaiveDate) {
        self.note(MeasureState::InProgress, on, Role::OrganisationLiaison, &BEGUN);
    }

    fn submit(&mut self, on: NaiveDate) {
        self.note(MeasureState::Submitted, on, Role::OrganisationLiaison, &SUBMITTED);
    }

    fn send_back(&mut self, on: NaiveDate) {
        self.note(MeasureState::Returned, on, Role::OfficeLiaison, &RETURNED);
    }

    /// Work, submission, sometimes a return, and the closure on the day.
    fn close(&mut self, end: NaiveDate) {
        let returned = (end - self.at).num_days() > 40 && self.dice.chance(18);
        let steps = if returned { 5 } else { 3 };
        let days = self.dice.working_days(self.at, end, steps);
        let mut days = days.into_iter();
        let mut next = || days.next().unwrap_or(end);
        self.work(next());
        if returned {
            self.submit(next());
            self.send_back(next());
            self.work(next());
        }
        self.submit(next());
        self.note(MeasureState::Closed, end, Role::OfficeLiaison, &CLOSED);
    }

    fn reopen(&mut self, on: NaiveDate) {
        self.note(MeasureState::Reopened, on, Role::TeamMember, &REOPENED);
    }

    fn long_term(&mut self, on: NaiveDate) {
        let days = self.dice.working_days(self.at, on, 2);
        for (day, submit) in days.into_iter().zip([false, true]) {
            if submit { self.submit(day) } else { self.work(day) }
        }
        self.write(MeasureState::LongTerm, on, Role::OfficeLiaison, LONG_TERM.to_owned());
    }

    /// Work that was sent back or never finished.
    fn stall(&mut self) {
        let days = self.dice.working_days(self.at, targets::AS_OF, 3);
        let returned = self.dice.chance(50);
        for (day, step) in days.into_iter().zip(0..) {
            match step {
                0 => self.work(day),
                1 if returned => self.submit(day),
                2 if returned => self.send_back(day),
                _ => {}
            }
        }
    }

    /// Work under way at the horizon; what is not leading may be done already.
    fn go_on(&mut self, leading: bool) {
        let days = self.dice.working_days(self.at, HORIZON, 3);
        let reach = if leading { self.dice.count(0, 2) } else { self.dice.count(1, 3) };
        for (day, step) in days.into_iter().zip(0..reach) {
            match step {
                0 => self.work(day),
                1 => self.submit(day),
                _ => self.note(MeasureState::Closed, day, Role::OfficeLiaison, &CLOSED),
            }
        }
    }
}

fn due(
    fate: Fate,
    fed_back: NaiveDate,
    term: TermKind,
    history: &[MeasureEvent],
    dice: &mut Dice,
) -> NaiveDate {
    let usual = match term {
        TermKind::Immediate => days_after(fed_back, 30),
        TermKind::Limited => days_after(fed_back, dice.pick(&[90, 120, 150, 180])),
        TermKind::LongTerm => days_after(fed_back, dice.count(360, 540) as u64),
    };
    let closed = history.iter().find(|event| event.state == MeasureState::Closed).map(|event| event.on);
    match (fate, closed) {
        (Fate::Overdue, _) => usual.min(day(2023, 10, 31)),
        // One closure in ten came late.
        (_, Some(closed)) if !dice.chance(10) => usual.max(closed),
        _ => usual,
    }
}

/// Rectification of a problem as it follows from its measures: it begins with the first of them to begin, and
/// the leading one decides what happens afterwards.
fn later_history(measures: &[Measure], fate: Fate) -> Vec<ProblemEvent> {
    let Some(leading) = measures.first() else { return Vec::new() };
    let event = |state, on, by| ProblemEvent { state, on, by };
    let begins = |step: &&MeasureEvent| step.state == MeasureState::InProgress;
    let begun =
        measures.iter().filter_map(|measure| measure.history.iter().find(begins)).min_by_key(|step| step.on);
    let mut history: Vec<_> =
        begun.map(|step| event(ProblemState::Rectifying, step.on, step.by)).into_iter().collect();
    history.extend(leading.history.iter().skip_while(|step| !begins(step)).skip(1).filter_map(|step| {
        let state = match step.state {
            MeasureState::NotStarted => return None,
            MeasureState::InProgress => ProblemState::Rectifying,
            MeasureState::Submitted => ProblemState::Submitted,
            MeasureState::Returned => ProblemState::Returned,
            MeasureState::Closed => ProblemState::Closed,
            MeasureState::LongTerm => ProblemState::LongTerm,
            MeasureState::Reopened => ProblemState::Reopened,
        };
        Some(event(state, step.on, step.by))
    }));
    if let Fate::Reopened { reopened, .. } = fate {
        history.push(event(ProblemState::Rectifying, after(reopened, 5), Role::OrganisationLiaison));
    }
    history
}

/// Closes the units whose problems are all closed once their rectification was evaluated.
fn close_units(city: &mut City) {
    let mut last_closure: BTreeMap<InspectedUnitKey, Option<NaiveDate>> = BTreeMap::new();
    for problem in &city.problems {
        let closed = problem.history.last().filter(|event| event.state == ProblemState::Closed);
        let closed = closed.map(|event| event.on);
        last_closure
            .entry(problem.unit)
            .and_modify(|last| *last = last.zip(closed).map(|(last, closed)| last.max(closed)))
            .or_insert(closed);
    }
    for (unit, last) in last_closure {
        let unit = &mut city[unit];
        if let (Some(evaluated), Some(last)) = (unit.reached(Stage::Evaluated), last) {
            let on = after(evaluated.max(last), 5);
            if on <= HORIZON {
                unit.stages.push(StageEvent { stage: Stage::Closed, on });
            }
        }
    }
}

/// First and last day of the push on state assets.
pub(crate) const PUSH: (NaiveDate, NaiveDate) = (day(2023, 4, 10), day(2023, 6, 9));

fn campaign(city: &City) -> Campaign {
    let (from, to) = PUSH;
    let inspection = city.asset_inspection();
    let open = |problem: &&Problem| {
        city[problem.unit].inspection == inspection && problem.closed_on().is_none_or(|closed| closed >= from)
    };
    Campaign {
        inspection,
        name: "国有资产管理使用专项巡察深化整改",
        from,
        to,
        target: "用两个月时间对未销号问题集中攻坚，推动闲置国有资产应盘活尽盘活，健全管理制度。",
        problems: city.problems.iter().filter(open).map(|problem| problem.key).collect(),
    }
}

/// Verb, object and result of a measure, by first level of the category.
const MEASURES: [(&str, &[&str]); 8] = [
    (
        "C01",
        &[
            "修订理论学习中心组学习计划，每季度开展专题研讨，领导班子成员带头发言",
            "建立重点任务督办清单，明确{n}项责任分工，按月通报进度",
            "开展阵地排查，清理长期不更新账号{n}个，落实三审三校",
        ],
    ),
    (
        "C02",
        &[
            "制定监管清单，开展为期{months}周的专项排查，对发现的{n}个问题逐一处理",
            "修订管理办法，完善{dept}与相关单位会商机制",
            "开展行业专项整治，对{firm}等单位依法处理并公开通报",
        ],
    ),
    (
        "C03",
        &[
            "清理{fund}结余，收回沉淀资金{part}并统筹安排",
            "重新核查申领对象，追回多发资金{part}",
            "完善绩效目标，对{n}个项目开展重点绩效评价",
        ],
    ),
    (
        "C04",
        &[
            "对{proj}开展复核，依法依规处理责任单位和人员",
            "修订采购和招标管理制度，明确{n}个关键环节审核责任",
            "倒排{proj}工期，每周调度，确保按期完工",
        ],
    ),
    (
        "C05",
        &[
            "对{place}房产逐处制定盘活方案，公开招租",
            "开展资产清查，补登记资产{n}项，办理权属登记",
            "追缴欠租{part}，对拒不缴纳的提起诉讼",
        ],
    ),
    (
        "C06",
        &[
            "召开专题会议部署责任落实，领导班子成员开展廉政谈话{k}人次",
            "对相关责任人批评教育，清退违规费用",
            "精简文件会议，取消重复报表{n}类",
        ],
    ),
    (
        "C07",
        &[
            "修订议事规则和“三重一大”清单，开展执行情况检查",
            "补齐{n}份干部档案材料，规范选任程序",
            "完成{n}个支部换届，开展组织生活质量督查",
        ],
    ),
    (
        "C08",
        &[
            "逐项复核上轮整改事项，对不到位的{n}项重新整改",
            "建立整改会商机制，按月报告进展",
            "对整改不力的责任人进行约谈",
        ],
    ),
];

fn measure_text(problem: &Problem, term: TermKind, dice: &mut Dice) -> String {
    let measures = MEASURES
        .iter()
        .find(|(level1, _)| problem.category.code.starts_with(level1))
        .map_or(&["制定整改措施并组织落实"][..], |(_, measures)| *measures);
    let pattern = dice.pick(measures);
    let mut text = texts::Gaps::new(dice, "党组", 2022, problem.field, Scale::Usual).fill(pattern);
    text.push_str(match term {
        TermKind::Immediate => "，立行立改。",
        TermKind::Limited => "，并举一反三开展自查。",
        TermKind::LongTerm => "，形成常态化机制，长期坚持。",
    });
    text
}

/// The measures of one problem of a scaled city, added to its history.
pub(crate) fn rectify_extra(problem: &mut Problem, roster: &Roster, dice: &mut Dice) -> Vec<Measure> {
    let Some(fed_back) = problem.fed_back_on else { return Vec::new() };
    let fate = if dice.chance(93) { closing(fed_back, dice) } else { Fate::Running };
    let measures = measures(problem, fate, roster, dice);
    problem.history.extend(later_history(&measures, fate));
    measures
}
