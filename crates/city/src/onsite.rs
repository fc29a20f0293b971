//! What the teams of the latest inspections heard, read and saw on site: whom they talked to, what people wrote, which
//! files were asked for, meetings, visits, tasks and a questionnaire.

use chrono::{Days, NaiveDate};

use crate::City;
use crate::calendar::on_or_before;
use crate::dice::Dice;
use crate::inspections::Stage;
use crate::keys::InspectedUnitKey;
use crate::names::Names;
use crate::targets::HORIZON;

/// How many inspected units have their work on site told in full.
const UNITS: usize = 6;

/// The work on site in one inspected unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnsiteWork {
    /// The unit.
    pub unit: InspectedUnitKey,
    /// First day on site.
    pub entered_on: NaiveDate,
    /// Last day on site, or of the plan.
    pub left_on: NaiveDate,
    /// The contact group: name, post, telephone.
    pub contacts: Vec<(String, &'static str, String)>,
    /// Whom to talk to.
    pub people: Vec<Interviewee>,
    /// What people wrote and said.
    pub petitions: Vec<Petition>,
    /// Documents asked for.
    pub documents: Vec<Document>,
    /// Visits.
    pub visits: Vec<Visit>,
    /// Meetings of the team.
    pub meetings: Vec<Meeting>,
    /// Sheets of the democratic assessment: given, returned, valid.
    pub sheets: (i64, i64, i64),
    /// Votes on the leadership: good, fairly good, average, poor.
    pub votes: [i64; 4],
    /// Characters of the unit's report and of its part on problems.
    pub report: (i64, i64),
    /// Answers to the questionnaire's questions, by option, when it had one.
    pub answers: Option<Vec<[i64; 5]>>,
}

/// Somebody on the list of talks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interviewee {
    /// Name.
    pub name: String,
    /// Post.
    pub post: &'static str,
    /// Day planned.
    pub planned_on: NaiveDate,
    /// The talk, when it was held.
    pub talk: Option<Talk>,
}

/// A talk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    /// The day.
    pub on: NaiveDate,
    /// What was said.
    pub record: String,
    /// Points: class, whether about the top leader, words.
    pub points: Vec<Point>,
    /// Day of the signature.
    pub signed_on: Option<NaiveDate>,
}

/// What became of a petition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// Waits for a decision.
    Undecided,
    /// Looked into since a day.
    Verifying(NaiveDate),
    /// Looked into from a day, finished on another.
    Closed(NaiveDate, NaiveDate),
    /// Passed to a department on a day, signed for on another.
    Passed(NaiveDate, Option<NaiveDate>),
    /// Kept since a day.
    Filed(NaiveDate),
}

/// A petition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Petition {
    /// Channel.
    pub channel: &'static str,
    /// Day it came in.
    pub received_on: NaiveDate,
    /// Category.
    pub category: &'static str,
    /// Whom it is about.
    pub subject: &'static str,
    /// What it says.
    pub content: &'static str,
    /// What became of it.
    pub course: Course,
    /// Who wrote it, when it is known: name, workplace, telephone.
    pub writer: Option<(String, &'static str, String)>,
}

/// A document asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document {
    /// Its name.
    pub name: &'static str,
    /// The time it covers.
    pub period: &'static str,
    /// Day it was handed in.
    pub provided_on: Option<NaiveDate>,
    /// Day it was given back.
    pub given_back_on: Option<NaiveDate>,
    /// Pages.
    pub pages: i64,
}

/// A visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// Kind, as a code.
    pub kind: &'static str,
    /// The day.
    pub on: NaiveDate,
    /// Where.
    pub place: &'static str,
    /// How many people were met.
    pub people: i64,
    /// What was seen and heard.
    pub findings: &'static str,
}

/// A meeting of the team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Kind, as a code.
    pub kind: &'static str,
    /// The day.
    pub on: NaiveDate,
    /// Agenda.
    pub agenda: &'static str,
    /// What was said.
    pub minutes: &'static str,
    /// What was decided: words, last day, day it was done.
    pub decisions: Vec<(&'static str, NaiveDate, Option<NaiveDate>)>,
}

const POSTS: [&str; 9] = [
    "党组书记、主要负责人",
    "党组副书记、副职领导",
    "党组成员、副职领导",
    "派驻纪检监察组组长",
    "财务科科长",
    "采购中心负责人",
    "办公室主任",
    "退休干部（原班子成员）",
    "业务科室干部",
];

/// A point of a talk: class, whether about the top leader, words.
pub type Point = (&'static str, bool, &'static str);

const RECORDS: [(&str, &[Point]); 9] = [
    (
        "问：请谈谈任职以来的主要工作。\n答：重点抓了项目建设和窗口服务，但对下属单位管得不够细，两个项目进度滞后。",
        &[
            ("duties", true, "对下属单位管理不细，两个重点项目进度滞后"),
            ("responsibility", true, "第一责任人责任压得不实"),
        ],
    ),
    (
        "问：班子议事决策情况如何？\n答：党组会议题有时临时增加，材料会前没有发，大家来不及研究。",
        &[
            ("leadership", true, "党组会临时增加议题，会前不发材料"),
            ("suggestions", false, "建议完善议事规则"),
        ],
    ),
    (
        "问：分管领域有哪些风险？\n答：零星工程较多，过去有拆分的情况，去年开始统一走平台。",
        &[("integrity", false, "零星工程过去有拆分规避招标的情况")],
    ),
    (
        "问：日常监督开展得怎样？\n答：每季度会商一次，谈话提醒做得多，立案不多，对采购的监督手段偏少。",
        &[("responsibility", false, "监督手段偏少，对采购环节跟进不够")],
    ),
    (
        "问：资金拨付的流程是什么？\n答：科室申请、财务审核、分管领导签字，十万元以上报主要负责人，往来款清理有拖延。",
        &[
            ("integrity", false, "往来款长期挂账，清理拖延"),
            ("duties", false, "十万元以上开支报主要负责人审批"),
        ],
    ),
    (
        "问：采购中有没有打招呼的情况？\n答：有过推荐供应商的，没有直接指定，我们按评审结果办。",
        &[("integrity", false, "采购中有推荐供应商的情况"), ("conduct", false, "评审结果公开不及时")],
    ),
    (
        "问：公文和会议多不多？\n答：一个月要开十几个会，同一项工作几个科室重复报表。",
        &[("conduct", false, "会议和报表偏多，重复报送")],
    ),
    (
        "问：对单位有什么意见？\n答：家属区改造拖了三年没有说法，老同志意见大。",
        &[("other", false, "家属区改造拖延三年，老同志意见大")],
    ),
    (
        "问：干部选拔怎么样？\n答：这两年交流轮岗少，年轻干部看不到机会。",
        &[
            ("appointments", true, "中层岗位长期不交流，主要负责人推动不够"),
            ("suggestions", false, "建议有计划地交流轮岗"),
        ],
    ),
];

const LETTERS: [(&str, &str, &str, &str); 8] = [
    ("letter", "integrity", "采购中心负责人", "反映其多次接受供应商宴请，并在设备采购中设置倾向性条款。"),
    ("box", "organisation", "人事部门负责人", "反映中层干部竞聘未公示成绩，考察对象与其有亲属关系。"),
    ("visit", "masses", "下属事业单位", "反映小区配套用房长期被占用，多次反映没有答复。"),
    ("phone", "welfare", "办公室", "反映编外人员加班补贴一年未发放。"),
    ("code", "work", "审批窗口", "反映同一事项要求三次补正材料，每次理由不同。"),
    ("mail", "integrity", "工程科科长", "反映零星维修工程长期由同一家企业承接，价格明显偏高。"),
    ("assigned", "service", "政策咨询岗位", "咨询人才补贴申领条件，要求书面答复。"),
    ("letter", "dispute", "原租户", "反映房屋租赁合同纠纷，法院已立案，要求巡察组协调。"),
];

const DOCUMENTS: [(&str, &str); 8] = [
    ("党组会议纪要", "2021—2023年"),
    ("主要负责人办公会议纪要", "2021—2023年"),
    ("固定资产台账", "2023年"),
    ("政府采购合同及履约验收资料", "2022—2023年"),
    ("干部任免文书档案", "2021—2023年"),
    ("往来款明细账", "2021—2023年"),
    ("公务接待和公车使用台账", "2023年"),
    ("上一轮巡察整改销号资料", "历次"),
];

const VISITS: [(&str, &str, &str); 4] = [
    (
        "unannounced",
        "下属服务窗口",
        "上午九时十分三个窗口仅一人在岗，等候群众十一人；公示栏办事指南仍是两年前的版本。",
    ),
    ("grassroots", "基层站所", "查看台账和值班记录，设备巡检记录有连续十二天由同一人补签的痕迹。"),
    ("call", "三家辖区企业", "企业普遍反映审批提速，但检查频次高，半年内同类检查最多五次。"),
    (
        "declarations",
        "组织部门档案室",
        "抽查六名处级干部个人有关事项报告，一人漏报商铺一处，已按程序移交核实。",
    ),
];

const MEETINGS: [(&str, &str, &str, &[&str]); 3] = [
    (
        "team",
        "研究进驻以来了解情况，梳理重点方向",
        "各小组汇报谈话和查阅情况，确定采购、资产、选人用人三个重点方向。",
        &["核对三年政府采购合同与验收资料", "比对固定资产台账与实物", "补谈未到岗的班子成员"],
    ),
    (
        "branch",
        "学习纪律规定，开展组内廉政提醒",
        "通报保密和廉洁纪律要求，逐人签订承诺。",
        &["检查谈话记录和信访件保管情况"],
    ),
    (
        "forum",
        "中层干部座谈会",
        "十二名中层干部发言，集中反映会议报表多、轮岗交流少、历史遗留资产处置慢。",
        &["就轮岗交流情况向人事部门取证"],
    ),
];

pub(crate) fn fill(city: &mut City, dice: &mut Dice) {
    let mut units: Vec<(NaiveDate, InspectedUnitKey)> = city
        .inspected_units
        .iter()
        .filter_map(|unit| {
            Some((unit.reached(Stage::OnSite).filter(|on| *on + Days::new(30) < HORIZON)?, unit.key))
        })
        .collect();
    units.sort_unstable_by(|one, other| other.cmp(one));
    let names = Names::new();
    let chosen: Vec<_> = units.into_iter().take(UNITS).collect();
    city.onsite = chosen
        .into_iter()
        .enumerate()
        .map(|(place, (entered_on, unit))| {
            let left_on = city[unit].reached(Stage::Left).unwrap_or(HORIZON).min(HORIZON);
            work(unit, (entered_on, left_on), place, &names, dice)
        })
        .collect();
}

/// A working day in the stay, `per_mille` of the way through it.
fn within((entered_on, left_on): (NaiveDate, NaiveDate), per_mille: u64) -> NaiveDate {
    let span = (left_on - entered_on).num_days().max(1) as u64;
    on_or_before(entered_on + Days::new(span * per_mille.min(980) / 1000)).max(entered_on)
}

fn work(
    unit: InspectedUnitKey,
    stay: (NaiveDate, NaiveDate),
    place: usize,
    names: &Names,
    dice: &mut Dice,
) -> OnsiteWork {
    let phone = |dice: &mut Dice| format!("5{:07}", dice.between(1_000_000, 9_999_999));
    let contact = |post, dice: &mut Dice| (names.any(dice), post, phone(dice));
    let valid = dice.between(46, 88);
    let good = valid * dice.between(40, 62) / 100;
    let fair = (valid - good) * 6 / 10;
    let average = (valid - good - fair) * 7 / 10;
    let report_chars = dice.between(9_000, 14_000);
    OnsiteWork {
        unit,
        entered_on: stay.0,
        left_on: stay.1,
        contacts: ["分管副职", "办公室主任", "机关党委干部"].map(|post| contact(post, dice)).to_vec(),
        people: people(stay, names, dice),
        petitions: petitions(stay, place, names, dice),
        documents: documents(stay, place, dice),
        visits: visits(stay, place, dice),
        meetings: meetings(stay, place),
        sheets: (valid + 4, valid + 1, valid),
        votes: [good, fair, average, valid - good - fair - average],
        report: (report_chars, report_chars * dice.between(28, 58) / 100),
        answers: place.is_multiple_of(2).then(|| answers(dice)),
    }
}

fn people(stay: (NaiveDate, NaiveDate), names: &Names, dice: &mut Dice) -> Vec<Interviewee> {
    let held = dice.count(5, 8);
    POSTS
        .iter()
        .zip(RECORDS)
        .enumerate()
        .map(|(at, (&post, (record, points)))| {
            let planned_on = within(stay, 80 + 90 * at as u64);
            let talk = (at < held).then(|| Talk {
                on: planned_on,
                record: record.to_owned(),
                points: points.to_vec(),
                signed_on: (at + 1 < held).then_some(planned_on),
            });
            Interviewee { name: names.any(dice), post, planned_on, talk }
        })
        .collect()
}

/// One of the items, each in its turn.
#[expect(clippy::indexing_slicing, reason = "the place is taken within the list, which is not empty")]
fn turn<T: Copy>(items: &[T], place: usize) -> T {
    items[place % items.len()]
}

fn petitions(stay: (NaiveDate, NaiveDate), place: usize, names: &Names, dice: &mut Dice) -> Vec<Petition> {
    (0..6)
        .map(|at| {
            let (channel, category, subject, content) = turn(&LETTERS, place * 5 + at);
            let received_on = within(stay, 60 + 130 * at as u64);
            let decided_on = within(stay, 90 + 130 * at as u64).max(received_on);
            let later = within(stay, 300 + 130 * at as u64).max(decided_on);
            let outside = matches!(category, "service" | "dispute" | "welfare");
            let course = match (outside, at) {
                (true, 5) => Course::Passed(decided_on, None),
                (true, _) => Course::Passed(decided_on, Some(later)),
                (false, 5) => Course::Undecided,
                (false, 4) => Course::Verifying(decided_on),
                (false, 3) => Course::Filed(decided_on),
                (false, _) => Course::Closed(decided_on, later),
            };
            let known = at % 3 == 0 && !outside;
            let writer = known.then(|| {
                (names.any(dice), "下属单位职工", format!("139{:08}", dice.between(10_000_000, 99_999_999)))
            });
            Petition { channel, received_on, category, subject, content, course, writer }
        })
        .collect()
}

fn documents(stay: (NaiveDate, NaiveDate), place: usize, dice: &mut Dice) -> Vec<Document> {
    (0..6)
        .map(|at| {
            let (name, period) = turn(&DOCUMENTS, place + at);
            let provided_on = (at < 5).then(|| within(stay, 120 + 60 * at as u64));
            let given_back_on = provided_on.filter(|_| at < 2).map(|_| within(stay, 900));
            Document { name, period, provided_on, given_back_on, pages: dice.between(12, 240) }
        })
        .collect()
}

fn visits(stay: (NaiveDate, NaiveDate), place: usize, dice: &mut Dice) -> Vec<Visit> {
    (0..2)
        .map(|at| {
            let (kind, place, findings) = turn(&VISITS, place + at);
            let on = within(stay, 350 + 250 * at as u64);
            Visit { kind, on, place, people: dice.between(3, 14), findings }
        })
        .collect()
}

fn meetings(stay: (NaiveDate, NaiveDate), place: usize) -> Vec<Meeting> {
    MEETINGS
        .iter()
        .enumerate()
        .map(|(at, &(kind, agenda, minutes, decided))| {
            let on = within(stay, 300 + 200 * at as u64);
            let decisions = decided
                .iter()
                .enumerate()
                .map(|(number, words)| {
                    let due_on = within(stay, 520 + 200 * at as u64 + 40 * number as u64).max(on);
                    let done_on = ((number + at + place) % 3 != 2).then_some(due_on);
                    (*words, due_on, done_on)
                })
                .collect();
            Meeting { kind, on, agenda, minutes, decisions }
        })
        .collect()
}

/// Answers to eight questions: good, fairly good, average, poor, not known.
fn answers(dice: &mut Dice) -> Vec<[i64; 5]> {
    (0..8)
        .map(|_| {
            [
                dice.between(24, 48),
                dice.between(10, 24),
                dice.between(2, 12),
                dice.between(0, 6),
                dice.between(0, 9),
            ]
        })
        .collect()
}
