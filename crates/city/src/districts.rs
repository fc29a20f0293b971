//! Guidance and supervision of the districts: liaison, deputies sent down, district cadres in training, special
//! checks and the evaluation of district reports.

use chrono::NaiveDate;

use crate::City;
use crate::calendar::{after, day, days_after};
use crate::dice::Dice;
use crate::keys::{DistrictCheckKey, OrganisationKey, PersonKey, TeamKey};
use crate::organisations::OrganisationKind;
use crate::people::{Staff, TeamKind};
use crate::targets::{self, HORIZON};
use crate::texts::Gaps;

/// The person in contact with a district in a year (挂钩联系).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictLiaison {
    /// Calendar year.
    pub year: i32,
    /// The district.
    pub district: OrganisationKey,
    /// Director of the office or head of a team.
    pub person: PersonKey,
    /// Day of the assignment.
    pub assigned_on: NaiveDate,
    /// Days of visits and what was dealt with.
    pub visits: Vec<(NaiveDate, String)>,
}

/// A division-level expert sent as deputy head of a district team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeputySent {
    /// The district.
    pub district: OrganisationKey,
    /// The expert.
    pub person: PersonKey,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// A district cadre working with a municipal team (跟班、参巡).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trainee {
    /// The district.
    pub district: OrganisationKey,
    /// The cadre.
    pub person: PersonKey,
    /// The municipal team.
    pub team: TeamKey,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Appraisal on leaving.
    pub appraisal: &'static str,
}

/// A special check of a district's inspection work (巡察工作专项检查).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictCheck {
    /// Its own key.
    pub key: DistrictCheckKey,
    /// The district.
    pub district: OrganisationKey,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Day on which the result was fed back.
    pub fed_back_on: NaiveDate,
}

/// A problem pointed out by a special check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictProblem {
    /// The check.
    pub check: DistrictCheckKey,
    /// Aspect of the work.
    pub aspect: &'static str,
    /// The problem.
    pub text: String,
    /// Due date of its rectification.
    pub due_on: NaiveDate,
    /// Day on which it was closed.
    pub closed_on: Option<NaiveDate>,
}

/// The evaluation of one district inspection report (报告评查).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportEvaluation {
    /// The district.
    pub district: OrganisationKey,
    /// Title of the report.
    pub report: String,
    /// Day of the evaluation.
    pub evaluated_on: NaiveDate,
    /// Item, full mark, mark; in points.
    pub scores: Vec<(&'static str, u32, u32)>,
    /// Comment.
    pub comment: String,
}

/// A district round plan filed with the municipal office (计划报备).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictPlanFiling {
    /// The district.
    pub district: OrganisationKey,
    /// Title of the plan.
    pub title: String,
    /// Units it covers.
    pub units: u32,
    /// Day of the filing.
    pub filed_on: NaiveDate,
}

/// Year, day of the assignment, by how many places the contact persons are moved on.
const LIAISONS: [(i32, NaiveDate, usize); 2] = [(2022, day(2022, 2, 21), 2), (2023, day(2023, 2, 8), 0)];

/// Everything between the municipal office and the districts.
pub(crate) fn fill(city: &mut City, staff: &Staff, dice: &mut Dice) {
    let districts: Vec<_> = city.of_kind(OrganisationKind::District).map(|district| district.key).collect();
    fill_liaisons(city, staff, &districts, dice);
    fill_deputies(city, staff, &districts, dice);
    fill_trainees(city, staff, dice);
    fill_checks(city, &districts, dice);
    fill_evaluations(city, &districts, dice);
    fill_plans(city, &districts, dice);
}

/// The director and the heads of the five standing teams take one district each.
fn fill_liaisons(city: &mut City, staff: &Staff, districts: &[OrganisationKey], dice: &mut Dice) {
    const VISITS: [&str; 4] = [
        "调研区级巡察工作，座谈了解人员力量和办公保障情况。",
        "指导区委巡察组报告撰写，现场审阅底稿{n}份。",
        "督促区级巡察整改，抽查整改台账{n}项。",
        "列席区委巡察工作领导小组会议，提出意见{n}条。",
    ];
    let heads = city.teams.iter().zip(&staff.heads).filter(|(team, _)| team.kind == TeamKind::Standing);
    let persons: Vec<_> = std::iter::once(staff.director).chain(heads.map(|(_, head)| *head)).collect();
    for (year, assigned_on, moved) in LIAISONS {
        for (district, person) in districts.iter().zip(persons.iter().cycle().skip(moved)) {
            let days = dice.working_days(after(assigned_on, 10), day(year, 12, 22), 4);
            let visits = days
                .into_iter()
                .map(|on| {
                    let note = dice.pick(&VISITS);
                    (on, Gaps::of_office(dice).fill(note))
                })
                .collect();
            city.district_liaisons.push(DistrictLiaison {
                year,
                district: *district,
                person: *person,
                assigned_on,
                visits,
            });
        }
    }
}

fn fill_deputies(city: &mut City, staff: &Staff, districts: &[OrganisationKey], dice: &mut Dice) {
    let years = [(day(2022, 9, 5), 3), (day(2023, 4, 17), targets::DEPUTIES_SENT_2023)];
    for (first, count) in years {
        for (district, person) in districts.iter().zip(&staff.experts).take(count) {
            let from = after(first, dice.count(0, 10) as u64);
            let to = days_after(from, dice.count(50, 70) as u64);
            city.deputies_sent.push(DeputySent { district: *district, person: *person, from, to });
        }
    }
}

fn fill_trainees(city: &mut City, staff: &Staff, dice: &mut Dice) {
    const APPRAISALS: [&str; 3] =
        ["表现优秀，熟悉底稿和报告撰写。", "工作扎实，能独立承担谈话任务。", "进步明显，建议纳入人才库。"];
    let rounds: Vec<_> = city
        .batches
        .iter()
        .filter(|batch| batch.left_on < HORIZON)
        .map(|batch| (batch.entered_on, batch.left_on))
        .collect();
    for (district, person) in &staff.trainees {
        let (from, to) = dice.pick(&rounds);
        let team = TeamKey(dice.count(0, targets::TEAMS - 1));
        let appraisal = dice.pick(&APPRAISALS);
        city.trainees.push(Trainee { district: *district, person: *person, team, from, to, appraisal });
    }
}

/// Aspect, what was pointed out.
const CHECK_FINDINGS: [(&str, &[&str]); 6] = [
    (
        "领导小组履职",
        &[
            "领导小组会议听取巡察汇报不够及时，{n}次间隔超过{months}个月。",
            "领导小组对成果运用专题研究不够，全年仅{n}次。",
            "领导小组成员单位职责不清，{n}项议定事项未跟踪。",
        ],
    ),
    (
        "报告质量",
        &[
            "{n}份巡察报告问题定性不准，同类问题未归并。",
            "{n}份报告缺少底稿支撑，个别问题依据不充分。",
            "报告对“一把手”履责情况反映不够，涉及{n}个单位。",
        ],
    ),
    (
        "成果运用",
        &[
            "移交的问题线索办理反馈不及时，{n}件超期{months}个月。",
            "巡察建议办理情况未建台账，{n}条无回复。",
            "共性问题梳理不够，未推动{n}个领域专项治理。",
        ],
    ),
    (
        "制度机制",
        &[
            "{n}项巡察制度未及时修订，与上级规定不衔接。",
            "巡前通报机制执行不到位，{n}批次未发函商请。",
            "组办会商未贯穿全过程，{n}个组仅在撤点后会商。",
        ],
    ),
    (
        "队伍建设",
        &[
            "巡察干部专职化比例偏低，{n}个编制空缺{months}个月。",
            "人才库更新不及时，{n}名人员已调离未调整。",
            "{n}名抽调干部未履行回避审查程序。",
        ],
    ),
    (
        "整改监督",
        &[
            "整改评估流于书面，{n}个单位未现场核查。",
            "{n}个问题佐证材料不足即予销号。",
            "对村（社区）巡察整改跟踪不够，{n}个村进展缓慢。",
        ],
    ),
];

fn fill_checks(city: &mut City, districts: &[OrganisationKey], dice: &mut Dice) {
    let (from, to, fed_back_on) = (day(2023, 3, 6), day(2023, 4, 4), day(2023, 5, 22));
    for (count, district) in targets::DISTRICT_CHECK_PROBLEMS.into_iter().zip(districts.iter().skip(1)) {
        let key = DistrictCheckKey(city.district_checks.len());
        city.district_checks.push(DistrictCheck { key, district: *district, from, to, fed_back_on });
        let findings =
            CHECK_FINDINGS.iter().flat_map(|(aspect, texts)| texts.iter().map(move |text| (*aspect, *text)));
        for (aspect, text) in findings.take(count) {
            let closed_on =
                dice.chance(80).then(|| dice.working_day(after(fed_back_on, 20), day(2023, 12, 15)));
            city.district_problems.push(DistrictProblem {
                check: key,
                aspect,
                text: Gaps::of_office(dice).fill(text),
                due_on: days_after(fed_back_on, 180),
                closed_on,
            });
        }
    }
}

/// The evaluation of reports was new in 2023.
fn fill_evaluations(city: &mut City, districts: &[OrganisationKey], dice: &mut Dice) {
    const ITEMS: [(&str, u32); 5] = [
        ("政治巡察定位", 20),
        ("聚焦职能责任", 20),
        ("问题定性和分类", 25),
        ("建议针对性可行性", 20),
        ("文字和底稿支撑", 15),
    ];
    const COMMENTS: [&str; 4] = [
        "问题聚焦准确，建议部分可操作性有待加强。",
        "政治站位较高，个别问题表述偏业务化。",
        "底稿支撑充分，共性问题提炼不够。",
        "结构完整，责任认定需进一步明确。",
    ];
    for district in districts {
        let scores: Vec<_> = ITEMS
            .iter()
            .map(|(item, full)| (*item, *full, full - dice.between(1, i64::from(full / 4)) as u32))
            .collect();
        city.report_evaluations.push(ReportEvaluation {
            district: *district,
            report: format!("{}委2023年第二轮巡察报告", city[*district].name),
            evaluated_on: dice.working_day(day(2023, 10, 23), day(2023, 11, 24)),
            scores,
            comment: (dice.pick(&COMMENTS)).to_owned(),
        });
    }
}

fn fill_plans(city: &mut City, districts: &[OrganisationKey], dice: &mut Dice) {
    let rounds = [
        (day(2022, 3, 7), "2022年第一轮"),
        (day(2022, 8, 29), "2022年第二轮"),
        (day(2023, 2, 20), "2023年第一轮"),
        (day(2023, 8, 14), "2023年第二轮"),
    ];
    for (first, round) in rounds {
        for district in districts {
            city.district_plans.push(DistrictPlanFiling {
                district: *district,
                title: format!("{}委{round}巡察工作方案", city[*district].name),
                units: dice.count(4, 12) as u32,
                filed_on: after(first, dice.count(0, 8) as u64),
            });
        }
    }
}
