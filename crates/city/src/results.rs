//! What the city makes of the findings: suggestions, special reports, common problems handed to supervising
//! departments, rules built, and the ledger of the use of results, which is derived from them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use crate::City;
use crate::calendar::{after, before, day, days_after, on_or_before};
use crate::dice::Dice;
use crate::inspections::{InspectionType, Stage};
use crate::keys::{InspectionKey, OrganisationKey, ProblemKey, SpecialReportKey};
use crate::problems::{Field, Problem};
use crate::targets::{self, AS_OF, HORIZON};
use crate::texts::Gaps;

/// Where a suggestion was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SuggestionOrigin {
    /// 巡察建议 after an inspection.
    Inspection(InspectionKey),
    /// A suggestion in a special report to the committee.
    SpecialReport(SpecialReportKey),
}

/// State of a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SuggestionState {
    /// 已发出.
    Issued,
    /// 已签收.
    Received,
    /// 采纳.
    Adopted,
    /// 部分采纳.
    PartlyAdopted,
    /// 未采纳.
    NotAdopted,
    /// 已办结.
    Done,
    /// 已核验.
    Verified,
}

/// A suggestion (建议).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Unique number.
    pub number: String,
    /// Where it was made.
    pub origin: SuggestionOrigin,
    /// To whom it goes.
    pub addressee: OrganisationKey,
    /// What is suggested.
    pub text: String,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// Reply due.
    pub due_on: NaiveDate,
    /// States reached, in order of time, with the reply or opinion.
    pub history: Vec<(SuggestionState, NaiveDate, String)>,
}

/// A special report to the committee (专题报告).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialReport {
    /// Its own key.
    pub key: SpecialReportKey,
    /// Title.
    pub title: &'static str,
    /// Field.
    pub field: Field,
    /// Day on which it was handed in.
    pub submitted_on: NaiveDate,
    /// The committee's instruction (批示) and its day.
    pub instruction: Option<(&'static str, NaiveDate)>,
    /// The problems it is built from.
    pub problems: Vec<ProblemKey>,
}

/// Common and prominent problems of one field handed to one supervising department on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommonHandover {
    /// Unique number.
    pub number: String,
    /// Field.
    pub field: Field,
    /// Title of the list.
    pub title: String,
    /// The supervising department.
    pub receiver: OrganisationKey,
    /// Day of the hand-over.
    pub handed_over_on: NaiveDate,
    /// Day of the receipt.
    pub received_on: NaiveDate,
    /// The problems; none is handed over twice.
    pub problems: Vec<ProblemKey>,
    /// Replies of the department, in order of time.
    pub replies: Vec<(NaiveDate, String)>,
}

/// What a rule was built from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RuleTopic {
    /// Rectification of the management and use of state-owned assets.
    StateAssets,
    /// 巡审联动.
    AuditLinked,
    /// Any other rectification.
    Ordinary,
}

/// Whether a rule is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RuleKind {
    /// 新建.
    New,
    /// 修订.
    Revised,
}

/// A rule built (建章立制).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleBuilt {
    /// The issuing unit.
    pub issuer: OrganisationKey,
    /// Title.
    pub title: String,
    /// Unique document number (发文字号).
    pub number: String,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// New or revised.
    pub kind: RuleKind,
    /// What it was built from.
    pub topic: RuleTopic,
    /// The problems it answers, all fed back before it was issued.
    pub problems: Vec<ProblemKey>,
}

/// What is suggested, by field.
const SUGGESTIONS: [(Field, &str, &[&str]); 4] = [
    (
        Field::Bidding,
        "市住房建设局",
        &[
            "完善“评定分离”配套细则，规范定标委员会组成和定标理由公开。",
            "建立招标投标全过程数据监管模型，对投标文件雷同自动预警。",
            "统一各行业评标专家考核标准，畸高畸低打分纳入信用记录。",
            "健全标后履约联合检查机制，严查转包挂靠。",
            "修订招标代理机构信用评价办法，拉开考核档次。",
            "明确应急抢险工程认定条件和审批程序。",
            "压缩自由裁量空间，清理招标文件中的排他性条款。",
            "推动投标保证金保函线上核验，防止同一主体代缴。",
        ],
    ),
    (
        Field::StateAssets,
        "市国资委",
        &[
            "建立闲置资产动态台账和季度通报制度。",
            "完善国有房产公开招租办法，严格租金减免审批。",
            "健全资产盘活考核激励机制，纳入企业负责人经营业绩考核。",
        ],
    ),
    (
        Field::Medical,
        "市卫健委",
        &[
            "开展门急诊次均费用专项监测，按季度通报各医院控费情况。",
            "扩大夜间和周末门诊号源，推动检查检验结果互认。",
            "建立高值耗材采购轮换和比价制度。",
        ],
    ),
    (
        Field::RuralRevival,
        "市农业农村局",
        &["规范村级小额工程管理，健全项目建后管护责任。", "完善涉农补贴申领比对机制，防止重复申报。"],
    ),
];

/// Title, field, day of submission, instruction with its day, what is suggested.
type ReportPlan = (&'static str, Field, NaiveDate, (&'static str, NaiveDate), &'static str);

const REPORTS: [ReportPlan; 3] = [
    (
        "关于行政事业单位闲置房产管理情况的专题报告",
        Field::StateAssets,
        day(2022, 12, 12),
        ("请国资、财政部门牵头研究，限期拿出盘活方案。", day(2022, 12, 16)),
        "市国资委",
    ),
    (
        "关于经济扶持政策专项资金管理使用情况的专题报告",
        Field::SpecialFunds,
        day(2023, 7, 20),
        ("报告很有价值，请财政局会同有关部门逐条研究落实，更新完善政策制度。", day(2023, 7, 26)),
        "市财政局",
    ),
    (
        "关于惠民政策专项资金管理使用情况的专题报告",
        Field::Welfare,
        day(2023, 11, 14),
        ("同意所提建议，请抓紧整改，强化绩效管理，年底前报告进展。", day(2023, 11, 20)),
        "市财政局",
    ),
];

const REPORT_SUGGESTIONS: [&str; 11] = [
    "对到期和执行率低的政策开展全面评估，及时更新完善。",
    "建立扶持资金统一申报平台，推行联审比对。",
    "强化绩效目标刚性约束，评价结果与下年度安排挂钩。",
    "清理整合{n}项性质相近、用途交叉的专项资金。",
    "健全资金拨付时限管理，对超期{n}个月以上的予以收回。",
    "推行“免申即享”，压减申报材料{n}项。",
    "完善受助对象动态核查机制，每季度开展数据比对。",
    "建立第三方审核机构质量追责制度。",
    "加强{fund}全过程监管，公开分配结果。",
    "将专项资金管理纳入巡审联动常态化检查。",
    "建立违规申领主体信用惩戒和资金追缴机制。",
];

/// Suggestions from inspections and the special reports with theirs.
pub(crate) fn fill_suggestions(city: &mut City, dice: &mut Dice) {
    let special: Vec<_> = city
        .inspections
        .iter()
        .filter(|inspection| inspection.kind != InspectionType::Regular)
        .map(|inspection| (inspection.key, inspection.field))
        .collect();
    for (inspection, field) in special {
        let Some((field, receiver, patterns)) = SUGGESTIONS.iter().find(|(of, ..)| Some(*of) == field) else {
            continue;
        };
        let count = if *field == Field::Bidding { targets::BIDDING_SUGGESTIONS } else { patterns.len() };
        let fed_back = city.units_of(inspection).filter_map(|unit| unit.reached(Stage::FedBack)).max();
        let Some(issued_on) = fed_back.map(|on| after(on, 6)) else { continue };
        let addressees = addressees(city, *field, receiver);
        for (text, addressee) in patterns.iter().cycle().zip(addressees.iter().cycle()).take(count) {
            let origin = SuggestionOrigin::Inspection(inspection);
            city.suggestions.push(suggestion(origin, *addressee, (*text).to_owned(), issued_on, dice));
        }
    }
    fill_special_reports(city, dice);
    number_suggestions(city);
}

/// The bidding suggestions go to two supervising departments in turn, so that none gets the same one twice.
fn addressees(city: &City, field: Field, receiver: &str) -> Vec<OrganisationKey> {
    let mut all = vec![city.body(receiver)];
    if field == Field::Bidding {
        all = std::iter::repeat_n(city.body(receiver), 8).collect();
        all.extend(std::iter::repeat_n(city.body("市交通运输局"), 8));
    }
    all
}

fn fill_special_reports(city: &mut City, dice: &mut Dice) {
    for ((title, field, submitted_on, instruction, addressee), count) in
        REPORTS.into_iter().zip(targets::REPORT_SUGGESTIONS)
    {
        let key = SpecialReportKey(city.special_reports.len());
        let known = |problem: &&Problem| problem.field == Some(field) && problem.approved_on < submitted_on;
        city.special_reports.push(SpecialReport {
            key,
            title,
            field,
            submitted_on,
            instruction: Some(instruction),
            problems: city.problems.iter().filter(known).map(|problem| problem.key).collect(),
        });
        let addressee = city.body(addressee);
        for pattern in REPORT_SUGGESTIONS.iter().take(count) {
            let text = Gaps::of_office(dice).fill(pattern);
            let origin = SuggestionOrigin::SpecialReport(key);
            city.suggestions.push(suggestion(origin, addressee, text, submitted_on, dice));
        }
    }
}

fn suggestion(
    origin: SuggestionOrigin,
    addressee: OrganisationKey,
    text: String,
    issued_on: NaiveDate,
    dice: &mut Dice,
) -> Suggestion {
    let opinion = match dice.between(0, 19) {
        0 => (SuggestionState::NotAdopted, "与现行上位规定不一致，说明情况后不予采纳。"),
        1..4 => (SuggestionState::PartlyAdopted, "结合实际部分采纳，其余纳入下步研究。"),
        _ => (SuggestionState::Adopted, "同意采纳，已明确责任处室和完成时限。"),
    };
    let mut steps = vec![
        (SuggestionState::Issued, issued_on, "印发建议书。"),
        (SuggestionState::Received, after(issued_on, dice.count(1, 4) as u64), "已签收。"),
        (opinion.0, days_after(issued_on, dice.count(20, 50) as u64), opinion.1),
    ];
    if opinion.0 != SuggestionState::NotAdopted {
        let done = days_after(issued_on, dice.count(70, 150) as u64);
        steps.push((SuggestionState::Done, done, "已出台措施并报送办理情况。"));
        steps.push((SuggestionState::Verified, after(done, dice.count(5, 15) as u64), "经核验，办理属实。"));
    }
    Suggestion {
        number: String::new(),
        origin,
        addressee,
        text,
        issued_on,
        due_on: days_after(issued_on, 90),
        history: steps
            .into_iter()
            .filter(|(_, on, _)| *on <= HORIZON)
            .map(|(state, on, note)| (state, on, note.to_owned()))
            .collect(),
    }
}

fn number_suggestions(city: &mut City) {
    city.suggestions.sort_by_key(|suggestion| suggestion.issued_on);
    let mut serials: BTreeMap<i32, u32> = BTreeMap::new();
    for suggestion in &mut city.suggestions {
        let year = suggestion.issued_on.year();
        let serial = serials.entry(year).or_insert(0);
        *serial += 1;
        suggestion.number = format!("澜巡建〔{year}〕{serial}号");
    }
}

/// Field, title of the list, supervising department.
const SUPERVISORS: [(Field, &str, &str); 8] = [
    (Field::InnovationBase, "创新基地建设共性及突出问题", "市科技局"),
    (Field::RuralRevival, "乡村振兴领域共性及突出问题", "市农业农村局"),
    (Field::SpecialFunds, "财政专项资金共性及突出问题", "市财政局"),
    (Field::Welfare, "惠民政策落实共性及突出问题", "市民政局"),
    (Field::StateAssets, "国有资产管理共性及突出问题", "市国资委"),
    (Field::Education, "教育领域共性及突出问题", "市教育局"),
    (Field::Medical, "医药领域共性及突出问题", "市卫健委"),
    (Field::Bidding, "工程招投标领域共性及突出问题", "市住房建设局"),
];

/// Days on which lists were handed over in 2023.
const HANDOVER_DAYS: [NaiveDate; 4] =
    [day(2023, 4, 14), day(2023, 7, 14), day(2023, 10, 20), day(2023, 12, 15)];

/// Day of the list of 2022.
const HANDOVER_2022: NaiveDate = day(2022, 9, 16);

/// Hands the common problems over, each once.
pub(crate) fn fill_handovers(city: &mut City, dice: &mut Dice) {
    let early = candidates(city, dice, |on| on < HANDOVER_2022);
    let first: Vec<_> = early.into_iter().take(targets::COMMON_PROBLEMS_2022).collect();
    let late = candidates(city, dice, |on| on < before(day(2023, 12, 15), 8));
    let taken: BTreeSet<_> = first.iter().copied().collect();
    let second: Vec<_> =
        late.into_iter().filter(|key| !taken.contains(key)).take(targets::COMMON_PROBLEMS_2023).collect();
    hand_over(city, &[HANDOVER_2022], first, dice);
    hand_over(city, &HANDOVER_DAYS, second, dice);
}

/// Problems fed back in time; those in one of the key fields first, those of bidding after the others.
fn candidates(city: &City, dice: &mut Dice, in_time: impl Fn(NaiveDate) -> bool) -> Vec<ProblemKey> {
    let rank = |field: Option<Field>| match field {
        Some(Field::InnovationBase | Field::RuralRevival | Field::SpecialFunds) => 0,
        Some(Field::Bidding) => 2,
        Some(_) => 1,
        None => 3,
    };
    let mut ranked: Vec<_> = city
        .problems
        .iter()
        .filter(|problem| problem.fed_back_on.is_some_and(&in_time))
        .map(|problem| (rank(problem.field), dice.between(0, 1_000_000), problem.key))
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().map(|(_, _, key)| key).collect()
}

/// Groups problems by the first day after their feedback and by field.
fn hand_over(city: &mut City, days: &[NaiveDate], problems: Vec<ProblemKey>, dice: &mut Dice) {
    let mut groups: BTreeMap<(NaiveDate, Field), Vec<ProblemKey>> = BTreeMap::new();
    for key in problems {
        let problem = &city[key];
        let field = problem.field.unwrap_or(Field::SpecialFunds);
        let on = days.iter().find(|on| problem.fed_back_on.is_some_and(|fed_back| after(fed_back, 3) < **on));
        if let Some(on) = on {
            groups.entry((*on, field)).or_default().push(key);
        }
    }
    for ((handed_over_on, field), mut problems) in groups {
        let Some((_, title, receiver)) = SUPERVISORS.iter().find(|(of, ..)| *of == field) else { continue };
        problems.sort_unstable();
        let received_on = after(handed_over_on, dice.count(1, 3) as u64);
        let year = handed_over_on.year();
        let serial =
            city.handovers.iter().filter(|earlier| earlier.handed_over_on.year() == year).count() + 1;
        let number = format!("澜巡交〔{year}〕{serial}号");
        city.handovers.push(CommonHandover {
            number,
            field,
            title: (*title).to_owned(),
            receiver: city.body(receiver),
            handed_over_on,
            received_on,
            problems,
            replies: replies(received_on, dice),
        });
    }
}

/// A reply a quarter.
fn replies(received_on: NaiveDate, dice: &mut Dice) -> Vec<(NaiveDate, String)> {
    const NOTES: [&str; 4] = [
        "已纳入日常监管，开展专项检查{n}次。",
        "督促{n}家单位整改到位，其余按计划推进。",
        "出台监管措施{n}项，建立月度通报机制。",
        "对{n}家单位开展约谈，追回资金{part}。",
    ];
    (1..=8)
        .map(|quarter| days_after(received_on, quarter * 90))
        .take_while(|on| *on <= HORIZON)
        .map(|on| {
            let note = dice.pick(&NOTES);
            (on, Gaps::of_office(dice).fill(note))
        })
        .collect()
}

const RULE_SUBJECTS: [(RuleTopic, &[&str]); 3] = [
    (
        RuleTopic::StateAssets,
        &[
            "国有房产出租",
            "闲置资产盘活",
            "资产清查盘点",
            "租金收缴",
            "资产处置",
            "对外投资",
            "产权登记",
            "资产台账",
            "招租公开",
            "租金减免审批",
            "资产移交接收",
            "参股企业股权",
        ],
    ),
    (
        RuleTopic::AuditLinked,
        &[
            "专项资金绩效",
            "扶持资金申报审核",
            "补助资金拨付",
            "巡审联动问题整改",
            "专项资金公开",
            "资金结余清理",
            "项目库建设",
            "受助对象核查",
        ],
    ),
    (
        RuleTopic::Ordinary,
        &[
            "“三重一大”决策",
            "公务接待",
            "采购",
            "合同",
            "工程变更",
            "合同履约",
            "干部选拔任用",
            "意识形态阵地",
            "廉洁风险防控",
            "财务报销",
            "公务用车",
            "档案管理",
            "干部教育培训",
            "信息化项目",
            "督查督办",
        ],
    ),
];
const RULE_FORMS: [&str; 8] =
    ["管理办法", "实施细则", "工作规程", "监督检查办法", "责任清单", "考核办法", "操作指引", "暂行规定"];

/// Rules built, dated after the feedback of the problems they answer.
pub(crate) fn fill_rules(city: &mut City, dice: &mut Dice) {
    let plans = [
        (RuleTopic::StateAssets, targets::ASSET_RULES),
        (RuleTopic::AuditLinked, targets::AUDIT_RULES),
        (RuleTopic::Ordinary, targets::OTHER_RULES),
    ];
    let mut titles = BTreeSet::new();
    for (topic, count) in plans {
        let fits = |problem: &Problem| match topic {
            RuleTopic::StateAssets => problem.field == Some(Field::StateAssets) && !problem.audit_linked,
            RuleTopic::AuditLinked => problem.audit_linked,
            RuleTopic::Ordinary => problem.field != Some(Field::StateAssets) && !problem.audit_linked,
        };
        let problems: Vec<_> = city
            .problems
            .iter()
            .filter(|problem| fits(problem))
            .filter_map(|problem| Some((problem.key, problem.unit, problem.fed_back_on?)))
            .filter(|(_, _, fed_back)| *fed_back < before(AS_OF, 20))
            .collect();
        for _ in 0..count {
            let (problem, unit, fed_back) = dice.pick(&problems);
            let issuer = city[unit].organisation;
            let latest = days_after(fed_back, 200).min(on_or_before(AS_OF));
            city.rules.push(RuleBuilt {
                issuer,
                title: rule_title(city, issuer, topic, &mut titles, dice),
                number: String::new(),
                issued_on: dice.working_day(after(fed_back, 12), latest),
                kind: if dice.chance(35) { RuleKind::Revised } else { RuleKind::New },
                topic,
                problems: vec![problem],
            });
        }
    }
    number_rules(city);
}

/// A title no other rule of the issuer has.
fn rule_title(
    city: &City,
    issuer: OrganisationKey,
    topic: RuleTopic,
    used: &mut BTreeSet<String>,
    dice: &mut Dice,
) -> String {
    let subjects =
        RULE_SUBJECTS.iter().find(|(of, _)| *of == topic).map_or(&[][..], |(_, subjects)| *subjects);
    loop {
        let title =
            format!("《{}{}{}》", city[issuer].short_name, dice.pick(subjects), dice.pick(&RULE_FORMS));
        if used.insert(title.clone()) {
            return title;
        }
    }
}

/// Document numbers in the order of issue, for each issuer and year.
fn number_rules(city: &mut City) {
    let mut rules = std::mem::take(&mut city.rules);
    rules.sort_by_key(|rule| rule.issued_on);
    let mut serials: BTreeMap<(OrganisationKey, i32), u32> = BTreeMap::new();
    for rule in &mut rules {
        let year = rule.issued_on.year();
        let serial = serials.entry((rule.issuer, year)).or_insert(0);
        *serial += 1;
        rule.number = format!("{}发〔{year}〕{serial}号", city[rule.issuer].short_name);
    }
    city.rules = rules;
}
