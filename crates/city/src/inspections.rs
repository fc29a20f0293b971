//! The term and its plan: coverage lists, named topics, year plans, rounds and batches; the inspections and
//! what happened at every inspected unit, stage by stage.

use chrono::NaiveDate;

use crate::City;
use crate::calendar::{after, before, day, on_or_after};
use crate::dice::Dice;
use crate::keys::{
    BatchKey, InspectedUnitKey, InspectionKey, OrganisationKey, PersonKey, RoundKey, TeamKey, TopicKey,
};
use crate::people::Staff;
use crate::problems::Field;
use crate::targets::{self, HORIZON};

/// The committee's term (届).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Number of the committee: 13 for 第十三届.
    pub number: u32,
    /// Name.
    pub name: &'static str,
    /// First day.
    pub from: NaiveDate,
    /// Planned last day.
    pub to: NaiveDate,
}

/// One version of the full-coverage list (全覆盖对象清单).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageList {
    /// Version, from 1.
    pub version: u32,
    /// Day of the approval, from which the version holds.
    pub approved_on: NaiveDate,
    /// Why the version was made.
    pub reason: &'static str,
    /// The units on it.
    pub items: Vec<CoverageItem>,
}

/// One unit on a coverage list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageItem {
    /// The unit.
    pub organisation: OrganisationKey,
    /// The calendar year its regular inspection is planned for.
    pub planned_year: i32,
}

/// A topic named by the committee (市委点题).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its own key.
    pub key: TopicKey,
    /// Who named it.
    pub named_by: PersonKey,
    /// When.
    pub named_on: NaiveDate,
    /// Short title.
    pub title: &'static str,
    /// The instruction.
    pub text: &'static str,
    /// When the result was reported back to who named it.
    pub answered_on: Option<NaiveDate>,
}

/// The year plan (年度计划).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearPlan {
    /// Calendar year.
    pub year: i32,
    /// Day of the approval by the committee.
    pub approved_on: NaiveDate,
    /// Units planned to be entered for a regular inspection in the year.
    pub planned_units: u32,
    /// The plan in one paragraph.
    pub text: String,
}

/// A round (轮次).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Its own key.
    pub key: RoundKey,
    /// Number in the term, from 1.
    pub number: u32,
    /// Calendar year it begins in.
    pub year: i32,
    /// Name.
    pub name: String,
    /// Day of the authorisation decision.
    pub authorised_on: NaiveDate,
    /// Last day of work on site.
    pub ends_on: NaiveDate,
}

/// A batch (批次) of regular inspections in a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its own key.
    pub key: BatchKey,
    /// The round.
    pub round: RoundKey,
    /// Number in the term, from 1.
    pub number: u32,
    /// Day of the announcement.
    pub announced_on: NaiveDate,
    /// Day of entry.
    pub entered_on: NaiveDate,
    /// Day on which the last team left.
    pub left_on: NaiveDate,
}

/// Type of an inspection (巡察类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InspectionType {
    /// 常规巡察.
    Regular,
    /// 专项巡察.
    Special,
    /// 机动巡察.
    Mobile,
    /// 巡察“回头看”.
    LookBack,
    /// 提级巡察.
    Elevated,
    /// 交叉巡察.
    Cross,
    /// 系统巡察.
    System,
    /// 对村(社区)巡察.
    Village,
}

/// How an inspection is combined with others; independent of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// “常规+专项”.
    RegularWithSpecial,
    /// 巡审联动.
    AuditLinked,
    /// 巡纪联动.
    DisciplineLinked,
    /// 巡组联动.
    OrganisationLinked,
    /// 系统联动.
    SystemWide,
}

/// One inspection; its objects are [`InspectedUnit`]s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Its own key.
    pub key: InspectionKey,
    /// Name.
    pub name: String,
    /// Type.
    pub kind: InspectionType,
    /// Combined forms.
    pub modes: Vec<Mode>,
    /// The round it belongs to.
    pub round: RoundKey,
    /// The batch of a regular inspection.
    pub batch: Option<BatchKey>,
    /// The field it is about.
    pub field: Option<Field>,
    /// The topic it answers.
    pub topic: Option<TopicKey>,
    /// The inspection a look-back goes back to.
    pub parent: Option<InspectionKey>,
    /// Inspections whose findings are shared with this one.
    pub linked: Vec<InspectionKey>,
    /// Day of the announcement.
    pub announced_on: NaiveDate,
}

/// A stage of the work on one unit, in the order of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// Put into the plan.
    Planned,
    /// Team authorised.
    Authorised,
    /// Notice to the unit.
    Notified,
    /// Entered (进驻).
    OnSite,
    /// Work on site interrupted.
    Paused,
    /// Work on site taken up again.
    Resumed,
    /// Left (撤点).
    Left,
    /// Report handed to the office.
    Reporting,
    /// Leading group has heard it.
    HeardByGroup,
    /// Committee has decided.
    Decided,
    /// Fed back; the rectification clock starts.
    FedBack,
    /// Rectification plan accepted.
    Rectifying,
    /// Rectification evaluated.
    Evaluated,
    /// All problems closed.
    Closed,
}

/// A stage reached on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageEvent {
    /// The stage.
    pub stage: Stage,
    /// When it was reached.
    pub on: NaiveDate,
}

/// One unit as the object of one inspection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectedUnit {
    /// Its own key.
    pub key: InspectedUnitKey,
    /// The inspection.
    pub inspection: InspectionKey,
    /// The unit.
    pub organisation: OrganisationKey,
    /// The team that did it.
    pub team: TeamKey,
    /// What happened, in order of time.
    pub stages: Vec<StageEvent>,
}

impl InspectedUnit {
    /// The first day on which a stage was reached.
    pub fn reached(&self, stage: Stage) -> Option<NaiveDate> {
        self.stages.iter().find(|event| event.stage == stage).map(|event| event.on)
    }
}

/// A meeting of office and team about a report in the making (组办会商).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consultation {
    /// The unit it is about.
    pub unit: InspectedUnitKey,
    /// When.
    pub held_on: NaiveDate,
    /// Held half-way (中期会商) rather than on the draft report.
    pub mid_term: bool,
    /// Who spoke for the office.
    pub office_person: PersonKey,
    /// The point raised.
    pub point: String,
    /// What the team added because of it.
    pub answer: String,
    /// When the team had added it.
    pub answered_on: NaiveDate,
}

/// A material handed in beside the report (“1+3”).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ThematicKind {
    /// “一把手”情况反映.
    TopLeader,
    /// 纪检组长(纪委书记)履职情况报告.
    DisciplineHead,
    /// 领导班子情况汇总.
    LeadershipTeam,
}

/// One thematic material on one unit; made from round 4 on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThematicMaterial {
    /// The unit.
    pub unit: InspectedUnitKey,
    /// Which of the three.
    pub kind: ThematicKind,
    /// When it was handed in.
    pub handed_in_on: NaiveDate,
}

pub(crate) const TERM: Term =
    Term { number: 13, name: "第十三届市委", from: day(2021, 9, 20), to: day(2026, 9, 19) };

/// Year, day of the authorisation, last day on site.
const ROUNDS: [(i32, NaiveDate, NaiveDate); 6] = [
    (2022, day(2022, 2, 25), day(2022, 4, 22)),
    (2022, day(2022, 8, 5), day(2022, 12, 23)),
    (2022, day(2022, 12, 16), day(2023, 4, 7)),
    (2023, day(2023, 3, 22), day(2023, 7, 11)),
    (2023, day(2023, 6, 29), day(2023, 10, 13)),
    (2023, day(2023, 11, 15), day(2024, 1, 19)),
];

/// Times on site and the first day of feedback.
struct Timing {
    round: usize,
    entered: NaiveDate,
    left: NaiveDate,
    /// First and last day of an interruption.
    pause: Option<(NaiveDate, NaiveDate)>,
    /// First day on which a unit of it was fed back; `None` beyond the horizon.
    fed_back: Option<NaiveDate>,
}

impl Timing {
    const fn new(round: usize, entered: NaiveDate, left: NaiveDate, fed_back: Option<NaiveDate>) -> Self {
        Self { round, entered, left, pause: None, fed_back }
    }
}

/// A batch of the plan.
struct BatchPlan {
    timing: Timing,
    /// Units that must be in it, by short name; the rest is drawn.
    units: &'static [&'static str],
    field: Option<Field>,
}

const BATCHES: [BatchPlan; 11] = [
    batch(Timing::new(0, day(2022, 3, 14), day(2022, 4, 22), Some(day(2022, 7, 5))), &[], None),
    batch(Timing::new(1, day(2022, 8, 22), day(2022, 9, 30), Some(day(2023, 1, 4))), &[], None),
    batch(Timing::new(1, day(2022, 10, 10), day(2022, 11, 11), Some(day(2023, 1, 30))), &[], None),
    batch(Timing::new(1, day(2022, 11, 14), day(2022, 12, 23), Some(day(2023, 3, 13))), &[], None),
    batch(
        Timing {
            pause: Some((day(2023, 1, 18), day(2023, 1, 30))),
            ..Timing::new(2, day(2023, 1, 4), day(2023, 2, 24), Some(day(2023, 5, 15)))
        },
        &[],
        None,
    ),
    batch(
        Timing::new(2, day(2023, 3, 1), day(2023, 4, 7), Some(day(2023, 6, 26))),
        &["创新基地管委会", "市农业农村局"],
        None,
    ),
    batch(
        Timing::new(3, day(2023, 4, 10), day(2023, 5, 19), Some(day(2023, 8, 7))),
        &["市住房建设局", "市交通运输局", "市水利局"],
        Some(Field::Bidding),
    ),
    batch(
        Timing::new(3, day(2023, 5, 22), day(2023, 6, 30), Some(day(2023, 9, 11))),
        &["市公共资源交易中心", "市市政园林局"],
        Some(Field::Bidding),
    ),
    batch(Timing::new(4, day(2023, 7, 17), day(2023, 8, 25), Some(day(2023, 11, 6))), &["市发改委"], None),
    batch(
        Timing::new(4, day(2023, 8, 28), day(2023, 10, 13), Some(day(2023, 12, 18))),
        &["市卫健委", "市医保局", "市第一医院", "市中医医院", "市儿童医院"],
        Some(Field::Medical),
    ),
    batch(Timing::new(5, day(2023, 12, 4), day(2024, 1, 19), None), &["市教育局"], None),
];

const fn batch(timing: Timing, units: &'static [&'static str], field: Option<Field>) -> BatchPlan {
    BatchPlan { timing, units, field }
}

/// An inspection of the plan that is not regular.
struct OtherPlan {
    name: &'static str,
    kind: InspectionType,
    modes: &'static [Mode],
    timing: Timing,
    /// Number of the team.
    team: u32,
    units: &'static [&'static str],
    field: Option<Field>,
    topic: Option<usize>,
    /// Problems; one taken from [`targets`] or one that only gives the year its texture.
    problems: usize,
}

const ASSET_SPECIAL: &str = "国有资产管理使用情况专项巡察";
const BIDDING_SPECIAL: &str = "工程招投标领域专项巡察";
const ASSET_LOOK_BACK: &str = "国有资产管理使用情况专项巡察“回头看”";
const MEDICAL_SYSTEM: &str = "医药领域系统巡察";

const OTHERS: [OtherPlan; 8] = [
    OtherPlan {
        name: ASSET_SPECIAL,
        kind: InspectionType::Special,
        modes: &[Mode::AuditLinked],
        timing: Timing::new(1, day(2022, 8, 22), day(2022, 10, 28), Some(day(2023, 1, 9))),
        team: 6,
        units: &[
            "市国资委",
            "市机关事务局",
            "澜江水务集团",
            "澜江港务集团",
            "澜江公交集团",
            "澜江文旅集团",
            "澜江国投集团",
            "澜江会展集团",
            "澜江商贸集团",
            "澜江粮油公司",
            "市粮储局",
            "临港更新集团",
        ],
        field: Some(Field::StateAssets),
        topic: Some(0),
        problems: 84,
    },
    OtherPlan {
        name: "青溪区松石街道提级巡察",
        kind: InspectionType::Elevated,
        modes: &[],
        timing: Timing::new(2, day(2023, 3, 1), day(2023, 4, 7), Some(day(2023, 6, 28))),
        team: 6,
        units: &["松石街道"],
        field: Some(Field::RuralRevival),
        topic: None,
        problems: 12,
    },
    OtherPlan {
        name: "村（社区）党组织巡察",
        kind: InspectionType::Village,
        modes: &[Mode::DisciplineLinked],
        timing: Timing::new(2, day(2023, 3, 6), day(2023, 4, 7), Some(day(2023, 7, 3))),
        team: 8,
        units: &["松石村", "上墩村", "屿头村", "沙坂村", "听涛社区", "后澳村"],
        field: Some(Field::RuralRevival),
        topic: None,
        problems: 15,
    },
    OtherPlan {
        name: BIDDING_SPECIAL,
        kind: InspectionType::Special,
        modes: &[Mode::RegularWithSpecial, Mode::DisciplineLinked],
        timing: Timing::new(3, day(2023, 4, 10), day(2023, 6, 30), Some(day(2023, 9, 12))),
        team: 6,
        units: &[
            "市住房建设局",
            "市交通运输局",
            "市水利局",
            "市市政园林局",
            "市公共资源交易中心",
            "市港口局",
            "澜江城建集团",
            "澜江轨道集团",
            "澜江路桥集团",
        ],
        field: Some(Field::Bidding),
        topic: Some(1),
        problems: targets::BIDDING_PROBLEMS,
    },
    OtherPlan {
        name: ASSET_LOOK_BACK,
        kind: InspectionType::LookBack,
        modes: &[],
        timing: Timing::new(3, day(2023, 6, 12), day(2023, 7, 11), Some(day(2023, 9, 20))),
        team: 8,
        units: &["市国资委", "市机关事务局", "澜江国投集团", "临港更新集团"],
        field: Some(Field::StateAssets),
        topic: None,
        problems: 9,
    },
    OtherPlan {
        name: MEDICAL_SYSTEM,
        kind: InspectionType::System,
        modes: &[Mode::SystemWide, Mode::AuditLinked],
        timing: Timing::new(4, day(2023, 8, 28), day(2023, 10, 13), Some(day(2023, 12, 20))),
        team: 1,
        units: &["市卫健委", "澜江医药集团"],
        field: Some(Field::Medical),
        topic: Some(2),
        problems: 14,
    },
    OtherPlan {
        name: "望海区望潮街道交叉巡察",
        kind: InspectionType::Cross,
        modes: &[],
        timing: Timing::new(4, day(2023, 8, 28), day(2023, 9, 28), Some(day(2023, 12, 8))),
        team: 8,
        units: &["望潮街道"],
        field: None,
        topic: None,
        problems: 11,
    },
    OtherPlan {
        name: "财政补助职业教育资金管理使用情况机动巡察",
        kind: InspectionType::Mobile,
        modes: &[Mode::AuditLinked],
        timing: Timing::new(5, day(2023, 12, 4), day(2024, 1, 12), None),
        team: 7,
        units: &["市财政局", "市人社局", "澜江职院", "澜江海洋职院", "澜江技师学院"],
        field: Some(Field::Education),
        topic: Some(3),
        problems: 8,
    },
];

/// Problems found in the regular batch still on site at the end of 2023.
const PROBLEMS_OF_OPEN_BATCH: usize = 36;

/// Day, title, instruction, day of the answer.
const TOPICS: [(NaiveDate, &str, &str, Option<NaiveDate>); 4] = [
    (
        day(2022, 7, 18),
        "国有资产管理使用情况",
        "摸清全市闲置国有资产底数，查清闲置原因和责任，推动应盘活尽盘活。",
        Some(day(2023, 9, 27)),
    ),
    (
        day(2023, 3, 6),
        "工程招投标领域突出问题",
        "针对工程招投标领域群众和企业反映集中的问题开展一次专项巡察，查问题、查机制、查责任。",
        Some(day(2023, 9, 26)),
    ),
    (
        day(2023, 6, 19),
        "群众看病难看病贵问题",
        "把医药领域作为下半年巡察重点，用数据说清问题，推动系统治理。",
        Some(day(2023, 12, 28)),
    ),
    (
        day(2023, 11, 8),
        "财政补助职业教育资金管理使用情况",
        "围绕职业教育发展梗阻开展机动巡察，查清财政补助资金投向、绩效和管理责任。",
        None,
    ),
];

/// Year, day of the approval, planned units, text.
const YEAR_PLANS: [(i32, NaiveDate, u32, &str); 4] = [
    (2021, day(2021, 11, 22), 0, "编制五年巡察工作规划和全覆盖对象清单，完成机构和人员准备，建立人才库。"),
    (
        2022,
        day(2022, 1, 24),
        20,
        "开展两轮常规巡察，组织国有资产管理使用情况专项巡察，启动对村（社区）巡察试点。",
    ),
    (
        2023,
        day(2022, 12, 8),
        35,
        "开展四轮常规巡察，组织工程招投标领域专项巡察和医药领域系统巡察，推进巡审联动。",
    ),
    (2024, day(2023, 12, 21), 26, "开展三轮常规巡察，完成职业教育资金机动巡察，组织整改情况“回头看”。"),
];

/// How many problems each inspected unit is to have.
pub(crate) type Shares = Vec<(InspectedUnitKey, usize)>;

/// Builds the calendar of the term and everything inspected in it.
pub(crate) fn fill(city: &mut City, staff: &Staff, dice: &mut Dice) -> Shares {
    city.rounds = rounds();
    city.topics = topics(staff);
    let drawn = draw_batches(city, dice);
    city.coverage_lists = coverage_lists(city, &drawn, dice);
    city.year_plans = year_plans();
    let mut shares = Vec::new();
    let mut weights = Vec::new();
    for (place, (plan, units)) in BATCHES.iter().zip(&drawn).enumerate() {
        let added = add_batch(city, plan, place, units, dice);
        match (place, plan.timing.fed_back) {
            (0, _) => shares.extend(share(targets::FED_BACK_BEFORE_2023, &added, dice)),
            (_, None) => shares.extend(share(PROBLEMS_OF_OPEN_BATCH, &added, dice)),
            (9, _) => weights.extend(added.into_iter().map(|unit| (unit, dice.between(8, 10)))),
            (8, _) => weights.extend(added.into_iter().map(|unit| (unit, dice.between(10, 12)))),
            _ => weights.extend(added.into_iter().map(|unit| (unit, dice.between(15, 25)))),
        }
    }
    for plan in &OTHERS {
        let added = add_other(city, plan, dice);
        shares.extend(share(plan.problems, &added, dice));
    }
    shares.extend(share_rest(&weights));
    link(city);
    shares
}

fn rounds() -> Vec<Round> {
    (1..)
        .zip(ROUNDS)
        .zip(["一", "二", "三", "四", "五", "六"])
        .map(|((number, (year, authorised_on, ends_on)), numeral)| Round {
            key: RoundKey(number as usize - 1),
            number,
            year,
            name: format!("第十三届市委第{numeral}轮巡察"),
            authorised_on,
            ends_on,
        })
        .collect()
}

fn topics(staff: &Staff) -> Vec<Topic> {
    (0..)
        .zip(TOPICS)
        .map(|(place, (named_on, title, text, answered_on))| Topic {
            key: TopicKey(place),
            named_by: staff.secretary,
            named_on,
            title,
            text,
            answered_on,
        })
        .collect()
}

fn year_plans() -> Vec<YearPlan> {
    YEAR_PLANS
        .into_iter()
        .map(|(year, approved_on, planned_units, text)| YearPlan {
            year,
            approved_on,
            planned_units,
            text: text.to_owned(),
        })
        .collect()
}

/// Draws the units of every batch: those the plan names and others of the list that no batch names.
fn draw_batches(city: &City, dice: &mut Dice) -> Vec<Vec<OrganisationKey>> {
    let named: Vec<Vec<_>> =
        BATCHES.iter().map(|plan| plan.units.iter().map(|unit| city.body(unit)).collect()).collect();
    let mut free: Vec<_> = city
        .listable()
        .into_iter()
        .filter(|unit| !named.iter().flatten().any(|taken| taken == unit))
        .filter(|unit| city[*unit].valid_from < TERM.from)
        .collect();
    dice.shuffle(&mut free);
    named
        .into_iter()
        .map(|mut units| {
            let missing = targets::UNITS_PER_BATCH.saturating_sub(units.len());
            units.extend(free.drain(..missing.min(free.len())));
            units
        })
        .collect()
}

fn coverage_lists(city: &City, drawn: &[Vec<OrganisationKey>], dice: &mut Dice) -> Vec<CoverageList> {
    let year_of = |unit: &OrganisationKey| {
        let batch = BATCHES.iter().zip(drawn).find(|(_, units)| units.contains(unit));
        batch.map(|(plan, _)| chrono::Datelike::year(&plan.timing.entered))
    };
    let items: Vec<_> = city
        .listable()
        .into_iter()
        .map(|organisation| CoverageItem {
            organisation,
            planned_year: year_of(&organisation).unwrap_or_else(|| dice.between(2024, 2026) as i32),
        })
        .collect();
    let first = items.iter().take(targets::LISTED_FIRST).cloned().collect();
    vec![
        CoverageList {
            version: 1,
            approved_on: day(2021, 11, 15),
            reason: "届初确定全覆盖巡察对象",
            items: first,
        },
        CoverageList {
            version: 2,
            approved_on: day(2022, 5, 20),
            reason: "机构改革新设单位纳入全覆盖",
            items,
        },
    ]
}

fn add_batch(
    city: &mut City,
    plan: &BatchPlan,
    place: usize,
    units: &[OrganisationKey],
    dice: &mut Dice,
) -> Vec<InspectedUnitKey> {
    let number = place as u32 + 1;
    let batch = BatchKey(place);
    let inspection = InspectionKey(city.inspections.len());
    let round = RoundKey(plan.timing.round);
    let announced_on = before(plan.timing.entered, 1);
    city.batches.push(Batch {
        key: batch,
        round,
        number,
        announced_on,
        entered_on: plan.timing.entered,
        left_on: plan.timing.left,
    });
    city.inspections.push(Inspection {
        key: inspection,
        name: format!("第十三届市委第{number}批次常规巡察"),
        kind: InspectionType::Regular,
        modes: regular_modes(plan),
        round,
        batch: Some(batch),
        field: plan.field,
        topic: None,
        parent: None,
        linked: Vec::new(),
        announced_on,
    });
    let authorised = city[round].authorised_on;
    (0..)
        .zip(units)
        .map(|(team, unit)| {
            add_unit(city, inspection, *unit, TeamKey(team), stages(&plan.timing, authorised, dice))
        })
        .collect()
}

fn regular_modes(plan: &BatchPlan) -> Vec<Mode> {
    match plan.field {
        Some(Field::Bidding) => vec![Mode::RegularWithSpecial, Mode::AuditLinked],
        Some(Field::Medical) => vec![Mode::SystemWide, Mode::AuditLinked],
        _ if plan.timing.round == 0 => vec![Mode::OrganisationLinked],
        _ => vec![Mode::AuditLinked, Mode::OrganisationLinked],
    }
}

fn add_other(city: &mut City, plan: &OtherPlan, dice: &mut Dice) -> Vec<InspectedUnitKey> {
    let inspection = InspectionKey(city.inspections.len());
    let round = RoundKey(plan.timing.round);
    city.inspections.push(Inspection {
        key: inspection,
        name: plan.name.to_owned(),
        kind: plan.kind,
        modes: plan.modes.to_vec(),
        round,
        batch: None,
        field: plan.field,
        topic: plan.topic.map(TopicKey),
        parent: None,
        linked: Vec::new(),
        announced_on: before(plan.timing.entered, 1),
    });
    let authorised = city[round].authorised_on;
    let team = TeamKey(plan.team as usize - 1);
    plan.units
        .iter()
        .map(|unit| {
            let unit = city.body(unit);
            add_unit(city, inspection, unit, team, stages(&plan.timing, authorised, dice))
        })
        .collect()
}

fn add_unit(
    city: &mut City,
    inspection: InspectionKey,
    organisation: OrganisationKey,
    team: TeamKey,
    stages: Vec<StageEvent>,
) -> InspectedUnitKey {
    let key = InspectedUnitKey(city.inspected_units.len());
    city.inspected_units.push(InspectedUnit { key, inspection, organisation, team, stages });
    key
}

/// The way of one unit from the plan to the evaluation of its rectification, as far as the horizon.
fn stages(timing: &Timing, authorised: NaiveDate, dice: &mut Dice) -> Vec<StageEvent> {
    let mut events = vec![
        (Stage::Planned, before(authorised, dice.count(12, 20) as u64)),
        (Stage::Authorised, authorised),
        (Stage::Notified, before(timing.entered, dice.count(6, 8) as u64)),
        (Stage::OnSite, timing.entered),
    ];
    if let Some((paused, resumed)) = timing.pause {
        events.extend([(Stage::Paused, paused), (Stage::Resumed, resumed)]);
    }
    events.push((Stage::Left, timing.left));
    let reporting = after(timing.left, dice.count(10, 15) as u64);
    events.push((Stage::Reporting, reporting));
    if let Some(fed_back) = timing.fed_back {
        let fed_back = after(fed_back, dice.count(0, 4) as u64);
        let decided = before(fed_back, dice.count(6, 10) as u64);
        events.extend([
            (Stage::HeardByGroup, before(decided, dice.count(3, 7) as u64)),
            (Stage::Decided, decided),
            (Stage::FedBack, fed_back),
            (Stage::Rectifying, after(fed_back, dice.count(12, 20) as u64)),
            (Stage::Evaluated, after(fed_back, dice.count(124, 142) as u64)),
        ]);
    }
    events.retain(|(_, on)| *on <= HORIZON);
    events.into_iter().map(|(stage, on)| StageEvent { stage, on }).collect()
}

/// Shares a number of problems out over units, nearly alike, at least one each.
fn share(total: usize, units: &[InspectedUnitKey], dice: &mut Dice) -> Shares {
    let weights: Vec<_> = units.iter().map(|_| dice.between(9, 11)).collect();
    shared(total, units, &weights)
}

fn shared(total: usize, units: &[InspectedUnitKey], weights: &[i64]) -> Shares {
    let parts = crate::dice::split(total as i64, weights);
    units.iter().copied().zip(parts.into_iter().map(|part| part as usize)).collect()
}

/// Gives the regular inspections fed back in 2023 what the targets leave for them.
fn share_rest(weights: &[(InspectedUnitKey, i64)]) -> Shares {
    let fed_back_elsewhere: usize =
        OTHERS.iter().filter(|plan| plan.timing.fed_back.is_some()).map(|plan| plan.problems).sum();
    let rest = targets::FED_BACK - targets::FED_BACK_BEFORE_2023 - fed_back_elsewhere;
    let (units, weights): (Vec<_>, Vec<_>) = weights.iter().copied().unzip();
    shared(rest, &units, &weights)
}

/// Links the look-back with what it goes back to, and the special inspections with the regular ones beside them.
fn link(city: &mut City) {
    let asset_special = city.inspection_named(ASSET_SPECIAL);
    let look_back = city.inspection_named(ASSET_LOOK_BACK);
    city[look_back].parent = Some(asset_special);
    for (name, field) in [(BIDDING_SPECIAL, Field::Bidding), (MEDICAL_SYSTEM, Field::Medical)] {
        let special = city.inspection_named(name);
        let beside: Vec<_> = city
            .inspections
            .iter()
            .filter(|inspection| {
                inspection.kind == InspectionType::Regular && inspection.field == Some(field)
            })
            .map(|inspection| inspection.key)
            .collect();
        for regular in &beside {
            city[*regular].linked.push(special);
        }
        city[special].linked = beside;
    }
}

/// Consultations and, from round 4 on, the three materials beside each report.
pub(crate) fn fill_reports(city: &mut City, dice: &mut Dice) {
    city.consultations = consultations(city, dice);
    city.thematic_materials = thematic_materials(city, dice);
}

/// One half-way on every unit; from round 3 on another one on the draft of the report.
fn consultations(city: &City, dice: &mut Dice) -> Vec<Consultation> {
    let mut held = Vec::new();
    for unit in &city.inspected_units {
        let inspection = &city[unit.inspection];
        let (Some(entered), Some(left)) = (unit.reached(Stage::OnSite), unit.reached(Stage::Left)) else {
            continue;
        };
        let Some(team) = city.round_team(inspection.round, unit.team) else { continue };
        let half_way = entered + chrono::Days::new(((left - entered).num_days() / 2) as u64);
        let office_person = team.office_liaison;
        held.push(consultation(unit, on_or_after(half_way), true, office_person, inspection.field, dice));
        let draft = after(left, 4);
        if city[inspection.round].number >= 3 && draft <= HORIZON {
            held.push(consultation(unit, draft, false, office_person, inspection.field, dice));
        }
    }
    held
}

fn thematic_materials(city: &City, dice: &mut Dice) -> Vec<ThematicMaterial> {
    const KINDS: [ThematicKind; 3] =
        [ThematicKind::TopLeader, ThematicKind::DisciplineHead, ThematicKind::LeadershipTeam];
    let mut materials = Vec::new();
    for unit in &city.inspected_units {
        let inspection = &city[unit.inspection];
        let asked_for = city[inspection.round].number >= 4 && inspection.kind == InspectionType::Regular;
        let Some(reported) = unit.reached(Stage::Reporting).filter(|_| asked_for) else { continue };
        materials.extend(KINDS.map(|kind| {
            let handed_in_on = after(reported, dice.count(0, 2) as u64);
            ThematicMaterial { unit: unit.key, kind, handed_in_on }
        }));
    }
    materials.retain(|material| material.handed_in_on <= HORIZON);
    materials
}

/// Point raised, what was added.
const POINTS: [(&str, &str); 6] = [
    ("有具体事例，缺乏面上数据，建议补充三年对比情况。", "补充近三年分年度数据和同类单位对比，写入报告。"),
    ("问题定性依据引用不够准确，建议对照最新制度核对条款。", "逐条核对制度依据，调整定性表述。"),
    ("责任主体表述笼统，建议区分主体责任和监督责任。", "按底稿明确责任主体和责任类型。"),
    ("同类问题分散在三个部分，建议归并后突出共性。", "归并为一个问题，分列具体表现。"),
    ("对“一把手”履职情况着墨不足，建议结合谈话材料补充。", "补充谈话和会议记录情况，形成专题材料。"),
    ("上次巡察和审计指出的问题整改情况核查不全。", "逐项核对整改台账，补充未到位事项。"),
];

const MEDICAL_POINT: (&str, &str) = (
    "“看病贵”有具体事例，但缺少面上数据，建议再作深入了解。",
    "汇总三年门急诊次均费用和住院次均费用，说明逐年上升情况及主要构成。",
);

fn consultation(
    unit: &InspectedUnit,
    held_on: NaiveDate,
    mid_term: bool,
    office_person: PersonKey,
    field: Option<Field>,
    dice: &mut Dice,
) -> Consultation {
    let (point, answer) = if mid_term && field == Some(Field::Medical) && unit.team == TeamKey(0) {
        MEDICAL_POINT
    } else {
        dice.pick(&POINTS)
    };
    Consultation {
        unit: unit.key,
        held_on,
        mid_term,
        office_person,
        point: point.to_owned(),
        answer: answer.to_owned(),
        answered_on: after(held_on, dice.count(4, 8) as u64),
    }
}

/// Adds an inspection and the units of a scaled city; every five units go to one inspection, every inspection to
/// the next round that was fed back.
pub(crate) fn add_extra(
    city: &mut City,
    organisations: &[OrganisationKey],
    dice: &mut Dice,
) -> Vec<InspectedUnitKey> {
    let finished: Vec<_> = BATCHES.iter().filter(|plan| plan.timing.fed_back.is_some()).collect();
    let mut added = Vec::new();
    for (group, (units, plan)) in
        organisations.chunks(targets::TEAMS).zip(finished.into_iter().cycle()).enumerate()
    {
        let inspection = InspectionKey(city.inspections.len());
        let round = RoundKey(plan.timing.round);
        let authorised = city[round].authorised_on;
        city.inspections.push(Inspection {
            key: inspection,
            name: format!("基层服务单位第{}组专项巡察", group + 1),
            kind: InspectionType::Special,
            modes: Vec::new(),
            round,
            batch: None,
            field: None,
            topic: None,
            parent: None,
            linked: Vec::new(),
            announced_on: before(plan.timing.entered, 1),
        });
        for (team, unit) in units.iter().enumerate() {
            let stages = stages(&plan.timing, authorised, dice);
            added.push(add_unit(city, inspection, *unit, TeamKey(team), stages));
        }
    }
    added
}

impl City {
    /// The inspection with a name, which must be one of those named in this module.
    fn inspection_named(&self, name: &str) -> InspectionKey {
        let Some(inspection) = self.inspections.iter().find(|inspection| inspection.name == name) else {
            panic!("the plan names an inspection that does not exist: {name}")
        };
        inspection.key
    }

    /// The special inspection of state assets.
    pub fn asset_inspection(&self) -> InspectionKey {
        self.inspection_named(ASSET_SPECIAL)
    }

    /// The special inspection of bidding.
    pub fn bidding_inspection(&self) -> InspectionKey {
        self.inspection_named(BIDDING_SPECIAL)
    }

    /// The look-back on state assets.
    pub fn asset_look_back(&self) -> InspectionKey {
        self.inspection_named(ASSET_LOOK_BACK)
    }

    /// The inspected units of an inspection.
    pub fn units_of(&self, inspection: InspectionKey) -> impl Iterator<Item = &InspectedUnit> {
        self.inspected_units.iter().filter(move |unit| unit.inspection == inspection)
    }
}
