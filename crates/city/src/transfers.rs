//! What is handed to other bodies because it may break discipline or law: leads and suspect projects.

use chrono::{Datelike, NaiveDate};

use crate::City;
use crate::calendar::{after, before, days_after};
use crate::dice::Dice;
use crate::inspections::{InspectedUnit, Stage};
use crate::keys::{InspectedUnitKey, InspectionKey, LeadKey, OrganisationKey};
use crate::names::Names;
use crate::organisations::OrganisationKind;
use crate::problems::{Discipline, Field};
use crate::targets::{self, HORIZON};
use crate::texts::{self, Gaps, Scale};

/// Which way a lead goes (移交去向).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Route {
    /// 纪检监察机关.
    Discipline,
    /// 组织部门.
    Organisation,
    /// 主管部门.
    Competent,
}

/// How a lead is handed over (移交方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransferMode {
    /// 单移交.
    Single,
    /// 双移交.
    Double,
}

/// How the receiver deals with a lead (处置方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Disposal {
    /// 谈话函询.
    TalkOrInquiry,
    /// 初步核实.
    PreliminaryCheck,
    /// 暂存待查.
    Stored,
    /// 予以了结.
    Concluded,
}

/// What came out of a lead (处理结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LeadResult {
    /// 立案审查调查.
    CaseFiled,
    /// 党纪政务处分.
    Punished,
    /// 组织处理.
    OrganisationalMeasure,
    /// 诫勉或谈话提醒.
    Admonished,
    /// 批评教育.
    Criticised,
    /// 了结澄清.
    Cleared,
    /// 移送司法.
    Prosecuted,
}

/// A problem lead (问题线索).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// Its own key.
    pub key: LeadKey,
    /// Unique number.
    pub number: String,
    /// The inspected unit it came from.
    pub unit: InspectedUnitKey,
    /// Invented name of the person reflected.
    pub person: String,
    /// The person's post.
    pub title: String,
    /// Rank (职级).
    pub rank: &'static str,
    /// What is reflected.
    pub content: String,
    /// Class by the six disciplines.
    pub discipline: Discipline,
    /// Found through 巡审联动.
    pub audit_linked: bool,
    /// Which way it went.
    pub route: Route,
    /// The receiving body.
    pub receiver: OrganisationKey,
    /// How it was handed over.
    pub mode: TransferMode,
    /// Handed over before the report (边巡边移).
    pub early: bool,
    /// Approval of the transfer.
    pub approved_on: NaiveDate,
    /// Day of the transfer.
    pub transferred_on: NaiveDate,
    /// Day of the receipt.
    pub received_on: Option<NaiveDate>,
    /// How the receiver deals with it, and since when.
    pub disposal: Option<(Disposal, NaiveDate)>,
    /// What came out of it, and when it was reported back.
    pub result: Option<(LeadResult, NaiveDate)>,
}

/// What came of a suspect project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProjectResult {
    /// 行政处罚.
    Fined,
    /// 列入不良行为记录.
    Blacklisted,
    /// 移送公安机关.
    HandedToPolice,
    /// 责令整改.
    OrderedToCorrect,
    /// 经查不属实.
    NotConfirmed,
}

/// A project suspected of breaking law or rules (涉嫌违法违规项目).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuspectProject {
    /// Unique number.
    pub number: String,
    /// The inspection.
    pub inspection: InspectionKey,
    /// The inspected unit responsible for the project or its supervision.
    pub unit: InspectedUnitKey,
    /// Name of the project.
    pub name: String,
    /// Contract price, in fen.
    pub contract_fen: i64,
    /// Invented bidders.
    pub bidders: Vec<String>,
    /// The suspicion.
    pub suspicion: String,
    /// The receiving authority.
    pub receiver: OrganisationKey,
    /// Day of the transfer.
    pub transferred_on: NaiveDate,
    /// Day of the receipt.
    pub received_on: NaiveDate,
    /// What came of it, and when it was reported back.
    pub result: Option<(ProjectResult, NaiveDate)>,
}

/// Year of the transfer and how many leads are transferred in it.
const LEADS: [(i32, usize); 3] =
    [(2022, targets::LEADS_2022), (2023, targets::LEADS_2023), (2024, targets::LEADS_2024)];

/// Title and rank.
type PostOf = (&'static str, &'static str);

const POSTS_IN_OFFICES: [PostOf; 6] = [
    ("党组成员、副局长", "副处级"),
    ("项目建设处处长", "正科级"),
    ("财务处副处长", "副科级"),
    ("下属事业单位主任", "正科级"),
    ("原党组成员、二级调研员", "正处级"),
    ("资产管理处负责人", "正科级"),
];
const POSTS_IN_ENTERPRISES: [PostOf; 5] = [
    ("党委委员、副总经理", "副处级"),
    ("工程部经理", "正科级"),
    ("子公司总经理", "正科级"),
    ("资产运营部负责人", "正科级"),
    ("财务部副经理", "副科级"),
];
const POSTS_IN_INSTITUTIONS: [PostOf; 5] = [
    ("党委委员、副职领导", "副处级"),
    ("采购科科长", "正科级"),
    ("后勤保障部主任", "正科级"),
    ("基建处处长", "正科级"),
    ("财务科副科长", "副科级"),
];
const POSTS_IN_VILLAGES: [PostOf; 3] =
    [("党总支书记", "村（社区）干部"), ("村委会副主任", "村（社区）干部"), ("报账员", "村（社区）干部")];

/// Posts of people reflected in a unit of a kind.
fn posts_in(kind: OrganisationKind) -> &'static [PostOf] {
    match kind {
        OrganisationKind::Enterprise => &POSTS_IN_ENTERPRISES,
        OrganisationKind::University | OrganisationKind::Hospital | OrganisationKind::Institution => {
            &POSTS_IN_INSTITUTIONS
        }
        OrganisationKind::Village => &POSTS_IN_VILLAGES,
        _ => &POSTS_IN_OFFICES,
    }
}

/// Discipline, what is reflected.
const REFLECTIONS: [(Discipline, &str); 12] = [
    (Discipline::Integrity, "反映其在{proj}中利用职务便利为{firm}谋取利益，收受礼金礼品，涉及{part}。"),
    (Discipline::Integrity, "反映其违规接受{firm}安排的宴请和旅游{n}次。"),
    (Discipline::Integrity, "反映其近亲属在分管领域经商，承揽{proj}等{n}项业务，金额{amt}。"),
    (Discipline::Integrity, "反映其将{place}房产低价租给特定关系人，少收租金{part}。"),
    (Discipline::Work, "反映其对{proj}监管失职，造成损失{amt}。"),
    (Discipline::Work, "反映其违规决策向{firm}出借资金{amt}，至今未收回。"),
    (Discipline::Work, "反映其在{fund}审核中把关不严，致使{firm}套取{part}。"),
    (Discipline::Organisational, "反映其未如实报告个人有关事项，瞒报房产{n}套。"),
    (Discipline::Organisational, "反映其在干部选拔中违反程序，任用{n}名不符合条件人员。"),
    (Discipline::Mass, "反映其截留群众补偿款{part}，涉及{people}人。"),
    (Discipline::Political, "反映其对抗组织审查，与他人串供、伪造{proj}会议记录。"),
    (Discipline::Life, "反映其违背社会公序良俗，造成不良影响，并长期占用{place}公房。"),
];

/// Transfers the leads of the three years.
pub(crate) fn fill_leads(city: &mut City, dice: &mut Dice) {
    for (year, count) in LEADS {
        let audit = if year == 2023 { targets::AUDIT_LEADS } else { 0 };
        let mut leads: Vec<_> = (0..count).map(|place| lead(city, year, place < audit, dice)).collect();
        leads.sort_by_key(|lead| lead.transferred_on);
        for (serial, mut lead) in (1..).zip(leads) {
            lead.key = LeadKey(city.leads.len());
            lead.number = format!("澜巡移〔{year}〕{serial}号");
            city.leads.push(lead);
        }
    }
}

/// A unit and a day of transfer in a year: during the work on site or soon after the decision.
fn occasion<'a>(city: &'a City, year: i32, dice: &mut Dice) -> (&'a InspectedUnit, NaiveDate, bool) {
    loop {
        let unit = dice.choose(&city.inspected_units);
        let early = dice.chance(18);
        let window = if early {
            unit.reached(Stage::OnSite)
                .zip(unit.reached(Stage::Left))
                .map(|(entered, left)| (after(entered, 8), before(left, 1)))
        } else {
            unit.reached(Stage::Decided).map(|decided| (after(decided, 6), after(decided, 20)))
        };
        let Some((first, last)) = window else { continue };
        let on = dice.working_day(first, last);
        if on.year() == year && on <= before(HORIZON, 3) {
            return (unit, on, early);
        }
    }
}

fn lead(city: &City, year: i32, audit_linked: bool, dice: &mut Dice) -> Lead {
    let (unit, transferred_on, early) = occasion(city, year, dice);
    let (discipline, pattern) = dice.pick(&REFLECTIONS);
    let (title, rank) = dice.pick(posts_in(city[unit.organisation].kind));
    let (route, receiver) = match discipline {
        Discipline::Organisational => (Route::Organisation, "市委组织部"),
        Discipline::Work if dice.chance(12) => (Route::Competent, "市国资委"),
        _ => (Route::Discipline, "市纪委监委"),
    };
    let party = texts::party_of(city[unit.organisation].kind);
    let received = after(transferred_on, dice.count(1, 4) as u64);
    let disposal = disposal(received, dice);
    Lead {
        key: LeadKey(0),
        number: String::new(),
        unit: unit.key,
        person: Names::new().any(dice),
        title: title.to_owned(),
        rank,
        content: Gaps::new(dice, party, 2021, city[unit.inspection].field, Scale::Usual).fill(pattern),
        discipline,
        audit_linked,
        route,
        receiver: city.body(receiver),
        mode: if dice.chance(15) { TransferMode::Double } else { TransferMode::Single },
        early,
        approved_on: before(transferred_on, dice.count(1, 5) as u64),
        transferred_on,
        received_on: Some(received).filter(|on| *on <= HORIZON),
        disposal,
        result: disposal.and_then(|(disposal, on)| result(disposal, on, dice)),
    }
}

/// The receiver's choice within about a month.
fn disposal(received: NaiveDate, dice: &mut Dice) -> Option<(Disposal, NaiveDate)> {
    const WAYS: [Disposal; 10] = [
        Disposal::PreliminaryCheck,
        Disposal::PreliminaryCheck,
        Disposal::PreliminaryCheck,
        Disposal::PreliminaryCheck,
        Disposal::PreliminaryCheck,
        Disposal::TalkOrInquiry,
        Disposal::TalkOrInquiry,
        Disposal::TalkOrInquiry,
        Disposal::Stored,
        Disposal::Concluded,
    ];
    let on = days_after(received, dice.count(10, 36) as u64);
    (on <= HORIZON).then(|| (dice.pick(&WAYS), on))
}

fn result(disposal: Disposal, chosen: NaiveDate, dice: &mut Dice) -> Option<(LeadResult, NaiveDate)> {
    let results: &[LeadResult] = match disposal {
        Disposal::PreliminaryCheck => &[
            LeadResult::CaseFiled,
            LeadResult::CaseFiled,
            LeadResult::Punished,
            LeadResult::OrganisationalMeasure,
            LeadResult::Admonished,
            LeadResult::Cleared,
            LeadResult::Prosecuted,
        ],
        Disposal::TalkOrInquiry => &[LeadResult::Admonished, LeadResult::Criticised, LeadResult::Cleared],
        Disposal::Concluded => &[LeadResult::Cleared],
        Disposal::Stored => return None,
    };
    let on = days_after(chosen, dice.count(40, 170) as u64);
    (on <= HORIZON).then(|| (dice.pick(results), on))
}

const SUSPICIONS: [&str; 7] = [
    "{n}家投标单位投标文件由同一设备编制，错误一致，涉嫌串通投标。",
    "中标单位{firm}与{n}家陪标单位存在资金往来{part}，涉嫌围标。",
    "中标后将主体工程交由{firm}施工，收取管理费{part}，涉嫌转包。",
    "使用伪造的业绩证明和人员证书骗取中标，涉及{n}份材料。",
    "招标人与投标人事先就评标办法实质内容接触{n}次，涉嫌量身定制条件。",
    "肢解为{n}个标段规避公开招标，均由{firm}承接。",
    "投标保证金{part}由同一账户缴纳，涉及{n}家单位。",
];

/// The projects transferred from the inspection of bidding.
pub(crate) fn fill_projects(city: &mut City, dice: &mut Dice) {
    const RECEIVERS: [&str; 5] =
        ["市住房建设局", "市交通运输局", "市水利局", "市纪委监委", "市公共资源交易中心"];
    let inspection = city.bidding_inspection();
    let units: Vec<_> = city.units_of(inspection).cloned().collect();
    let mut used = std::collections::BTreeSet::new();
    while city.suspect_projects.len() < targets::SUSPECT_PROJECTS {
        let unit = dice.choose(&units);
        let (Some(entered), Some(decided)) = (unit.reached(Stage::OnSite), unit.reached(Stage::Decided))
        else {
            break;
        };
        let name = format!("{}（{}标段）", texts::project(dice), dice.pick(&["一", "二", "三", "四"]));
        if !used.insert(name.clone()) {
            continue;
        }
        let transferred_on = if dice.chance(25) {
            dice.working_day(after(entered, 20), after(entered, 50))
        } else {
            dice.working_day(after(decided, 2), after(decided, 15))
        };
        let received_on = after(transferred_on, dice.count(1, 3) as u64);
        let result_on = days_after(received_on, dice.count(40, 200) as u64);
        let contract_fen = dice.between(410, 28_800) * 1_000_000;
        let suspicion = {
            let pattern = dice.pick(&SUSPICIONS);
            Gaps::new(dice, "党组", 2022, Some(Field::Bidding), Scale::Usual).fill(pattern)
        };
        city.suspect_projects.push(SuspectProject {
            number: format!("澜巡项〔2023〕{}号", city.suspect_projects.len() + 1),
            inspection,
            unit: unit.key,
            name,
            contract_fen,
            bidders: bidders(dice),
            suspicion,
            receiver: city.body(dice.pick(&RECEIVERS)),
            transferred_on,
            received_on,
            result: (result_on <= HORIZON).then(|| (project_result(dice), result_on)),
        });
    }
}

fn bidders(dice: &mut Dice) -> Vec<String> {
    let mut bidders: Vec<_> =
        (0..dice.count(3, 6)).map(|_| texts::firm(Some(Field::Bidding), dice)).collect();
    bidders.sort();
    bidders.dedup();
    bidders
}

fn project_result(dice: &mut Dice) -> ProjectResult {
    dice.pick(&[
        ProjectResult::Fined,
        ProjectResult::Fined,
        ProjectResult::Blacklisted,
        ProjectResult::HandedToPolice,
        ProjectResult::OrderedToCorrect,
        ProjectResult::NotConfirmed,
    ])
}
