//! What other bodies tell before an inspection and how they work together: duties, briefings with their items,
//! pieces brought in, agreements, linkage with audit, requests for support.

use chrono::{Datelike as _, NaiveDate};

use crate::City;
use crate::calendar::{after, before, day, days_after, on_or_after};
use crate::dice::Dice;
use crate::inspections::{InspectedUnit, Stage};
use crate::keys::{InspectedUnitKey, OrganisationKey, RoundKey};
use crate::organisations::OrganisationKind as Kind;
use crate::problems::Field;
use crate::targets::HORIZON;

/// Rounds for which briefings were asked on the platform: the last ones.
const ROUNDS: usize = 3;
/// Working days a department has for its reply.
const REPLY_DAYS: u64 = 10;

/// A duty of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// The organisation.
    pub organisation: OrganisationKey,
    /// Place in its list, from 1.
    pub position: usize,
    /// What it is there for.
    pub text: String,
    /// Whether it belongs to its core.
    pub core: bool,
    /// First day.
    pub from: NaiveDate,
}

/// The letter with which the departments of a round were asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BriefingLetter {
    /// The round.
    pub round: RoundKey,
    /// Day of the first sending.
    pub issued_on: NaiveDate,
}

/// A department asked about a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Briefing {
    /// Place of the letter in [`City::briefing_letters`].
    pub letter: usize,
    /// The unit.
    pub unit: InspectedUnitKey,
    /// The department.
    pub department: OrganisationKey,
    /// Day of sending.
    pub sent_on: NaiveDate,
    /// Last day for the reply.
    pub due_on: NaiveDate,
    /// Day of the reply.
    pub replied_on: Option<NaiveDate>,
    /// Day the team signed for it.
    pub received_on: Option<NaiveDate>,
    /// Day the department was told what became of it.
    pub concluded_on: Option<NaiveDate>,
    /// What was told.
    pub items: Vec<BriefingItem>,
}

/// What kind of matter an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// A known problem.
    Problem,
    /// A lead.
    Lead,
    /// A finding of an audit.
    AuditFinding,
    /// Letters and visits.
    Complaint,
    /// How duties are fulfilled.
    DutyFacts,
    /// Leadership and personnel.
    Personnel,
}

/// What became of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemOutcome {
    /// It went into a working draft.
    UsedInDraft,
    /// It did not hold.
    Excluded,
    /// It became a lead.
    BecameLead,
    /// Somebody else deals with it.
    PassedOn,
}

/// A matter told by a department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BriefingItem {
    /// Kind.
    pub kind: ItemKind,
    /// What it says.
    pub summary: String,
    /// Whether it is kept sealed.
    pub sealed: bool,
    /// What became of it, once that was recorded.
    pub outcome: Option<ItemOutcome>,
}

/// What the verification of a piece led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceOutcome {
    /// It holds.
    Confirmed,
    /// It holds in part.
    PartlyConfirmed,
    /// It does not hold.
    Unfounded,
}

/// A piece brought in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BroughtPiece {
    /// The unit it is about.
    pub unit: InspectedUnitKey,
    /// Who or what it is about.
    pub subject: String,
    /// What is reflected.
    pub content: String,
    /// Day it was given.
    pub given_on: NaiveDate,
    /// Day the head signed for it.
    pub received_on: Option<NaiveDate>,
    /// Day the findings were handed in, and what they came to.
    pub verified: Option<(PieceOutcome, NaiveDate)>,
    /// Day it was reported back.
    pub reported_on: Option<NaiveDate>,
}

/// An agreement of cooperation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Title of the document.
    pub title: &'static str,
    /// Its number.
    pub number: &'static str,
    /// The body the office agrees with.
    pub party: OrganisationKey,
    /// Its main points.
    pub text: &'static str,
    /// Day of issue.
    pub signed_on: NaiveDate,
    /// What it obliges to.
    pub obligations: Vec<Obligation>,
}

/// What an agreement obliges to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obligation {
    /// Whether the office has to, and not the other body.
    pub own: bool,
    /// What.
    pub text: &'static str,
    /// Months from one day to the next.
    pub months: u32,
    /// The first day by which.
    pub first_due_on: NaiveDate,
}

/// How inspection and audit went together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkageMode {
    /// Audit first.
    AuditFirst,
    /// At the same time.
    Together,
    /// Auditors joined the team.
    PeopleJoin,
    /// Results were exchanged.
    ResultsExchanged,
}

/// A linkage of inspection and audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLinkage {
    /// The year of the plans.
    pub year: i32,
    /// The organisation.
    pub organisation: OrganisationKey,
    /// The unit; none while it is only proposed.
    pub unit: Option<InspectedUnitKey>,
    /// How.
    pub mode: LinkageMode,
    /// Whether the audit side proposed it.
    pub by_audit: bool,
    /// Day of the proposal.
    pub proposed_on: NaiveDate,
    /// Day of the answer.
    pub agreed_on: Option<NaiveDate>,
    /// Day it ended.
    pub concluded_on: Option<NaiveDate>,
    /// How many auditors joined.
    pub joined: u32,
}

/// A request for support.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportRequest {
    /// The unit whose team asks or is asked.
    pub unit: InspectedUnitKey,
    /// Whether the office asks the team.
    pub by_office: bool,
    /// Code of what is asked for.
    pub kind: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What exactly.
    pub text: &'static str,
    /// Day of asking.
    pub asked_on: NaiveDate,
    /// Day of the answer, and whether it was accepted.
    pub answered: Option<(NaiveDate, bool)>,
    /// Day it was done.
    pub delivered_on: Option<NaiveDate>,
    /// Day who asked agreed.
    pub confirmed_on: Option<NaiveDate>,
}

/// Fills in what belongs to preparation.
pub(crate) fn fill(city: &mut City, dice: &mut Dice) {
    fill_duties(city);
    fill_briefings(city, dice);
    fill_pieces(city, dice);
    fill_agreements(city);
    fill_linkages(city, dice);
    fill_support(city, dice);
}

fn fill_duties(city: &mut City) {
    let mut duties = Vec::new();
    for body in &city.organisations {
        let by_field = body.focus.map_or(&[][..], duties_in);
        let texts = by_field.iter().chain(duties_of(body.kind));
        duties.extend(texts.enumerate().map(|(place, text)| Duty {
            organisation: body.key,
            position: place + 1,
            text: (*text).to_owned(),
            core: place < 2,
            from: body.valid_from.max(day(2019, 3, 1)),
        }));
    }
    city.duties = duties;
}

fn duties_in(field: Field) -> &'static [&'static str] {
    match field {
        Field::Bidding => &["负责本行业工程建设招投标监督管理", "负责工程质量安全监管和项目审批"],
        Field::StateAssets => &["承担所属国有资产的经营管理和保值增值责任", "负责下属企业投资和工程建设管理"],
        Field::Medical => &["承担医疗服务、医学教学和公共卫生任务", "负责药品耗材采购和医保基金规范使用"],
        Field::Education => &["承担人才培养和职业教育任务", "负责教育经费、招生和学生资助管理"],
        Field::Welfare => &["负责民生保障和社会救助工作", "负责惠民资金审核发放和监督管理"],
        Field::SpecialFunds => &["负责本领域财政专项资金的分配和绩效管理", "负责行政审批和事中事后监管"],
        Field::RuralRevival => &["负责农业农村和乡村振兴项目实施", "负责农村集体资产管理和涉农资金使用"],
        Field::InnovationBase => &["负责科技创新平台建设和成果转化", "负责科研项目和专项资金管理"],
    }
}

fn duties_of(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Department => &["拟订本领域发展规划和政策并组织实施", "指导全市系统行政执法和信访稳定工作"],
        Kind::Enterprise => &["履行国有企业党组织领导作用，落实市委市政府战略任务"],
        Kind::Institution | Kind::University | Kind::Hospital => &["承担主管部门交办的公益服务任务"],
        Kind::DevelopmentZone => &["负责区域开发建设、招商引资和土地管理", "负责安全生产和生态环境保护"],
        Kind::Street => &["负责辖区基层治理、安全生产和惠民政策落实"],
        _ => &[],
    }
}

/// Departments asked about every unit.
const ASKED: [&str; 4] = ["市纪委监委", "市委组织部", "市审计局", "市信访局"];

fn body(city: &City, short_name: &str) -> OrganisationKey {
    let found = city.organisations.iter().find(|body| body.short_name == short_name);
    found.map_or(OrganisationKey(0), |body| body.key)
}

/// A day as far as it lies within the plan.
fn reached(on: NaiveDate) -> Option<NaiveDate> {
    Some(on).filter(|on| *on <= HORIZON)
}

fn of_last_rounds(city: &City) -> Vec<(RoundKey, Vec<&InspectedUnit>)> {
    let mut rounds: Vec<RoundKey> = city.rounds.iter().rev().take(ROUNDS).map(|round| round.key).collect();
    rounds.reverse();
    let units = |round| {
        let of_round = |unit: &&InspectedUnit| city[unit.inspection].round == round;
        let inspected = city.inspected_units.iter().filter(of_round);
        inspected.filter(|unit| city[unit.organisation].kind != Kind::Extra).collect()
    };
    rounds.into_iter().map(|round| (round, units(round))).collect()
}

/// Day the work on site began, or would begin.
fn entry(unit: &InspectedUnit) -> NaiveDate {
    let first = unit.stages.first().map_or(HORIZON, |event| event.on);
    unit.reached(Stage::OnSite).unwrap_or_else(|| after(first, 30))
}

fn fill_briefings(city: &mut City, dice: &mut Dice) {
    let departments = ASKED.map(|name| body(city, name));
    let (mut letters, mut briefings) = (Vec::new(), Vec::new());
    for (round, units) in of_last_rounds(city) {
        let sent = |unit: &InspectedUnit| before(entry(unit), 22);
        let Some(issued_on) = units.iter().map(|unit| sent(unit)).min().filter(|on| *on <= HORIZON) else {
            continue;
        };
        for unit in units.iter().filter(|unit| sent(unit) <= HORIZON) {
            for department in departments.into_iter().filter(|key| *key != unit.organisation) {
                briefings.push(briefing(city, (letters.len(), unit), department, sent(unit), dice));
            }
        }
        letters.push(BriefingLetter { round, issued_on });
    }
    city.briefing_letters = letters;
    city.briefings = briefings;
}

fn briefing(
    city: &City,
    (letter, unit): (usize, &InspectedUnit),
    department: OrganisationKey,
    sent_on: NaiveDate,
    dice: &mut Dice,
) -> Briefing {
    let late = if dice.chance(12) { 4 } else { 0 };
    let replied_on = reached(after(sent_on, dice.between(4, 9) as u64 + late));
    let received_on = replied_on.and_then(|on| reached(after(on, dice.between(1, 3) as u64)));
    let left = unit.reached(Stage::Left).filter(|_| received_on.is_some());
    let concluded_on = left.and_then(|on| reached(after(on, dice.between(4, 12) as u64)));
    let count = if replied_on.is_some() { dice.count(0, 3) } else { 0 };
    let name = city[department].short_name.as_str();
    let mut items: Vec<BriefingItem> = Vec::new();
    for _ in 0..count {
        let item = item(name, concluded_on.is_some(), dice);
        if items.iter().all(|held| held.summary != item.summary) {
            items.push(item);
        }
    }
    Briefing {
        letter,
        unit: unit.key,
        department,
        sent_on,
        due_on: after(sent_on, REPLY_DAYS),
        replied_on,
        received_on,
        concluded_on,
        items,
    }
}

fn item(department: &str, settled: bool, dice: &mut Dice) -> BriefingItem {
    let (kind, sealed, pattern) = dice.pick(match department {
        "市纪委监委" => FROM_DISCIPLINE,
        "市委组织部" => FROM_ORGANISATION,
        "市审计局" => FROM_AUDIT,
        _ => FROM_PETITIONS,
    });
    let summary = pattern
        .replace("{年}", &dice.between(2019, 2022).to_string())
        .replace("{数}", &dice.between(2, 18).to_string())
        .replace("{万}", &(dice.between(12, 960) * 5).to_string());
    let outcome = settled.then(|| match (kind, dice.between(0, 9)) {
        (ItemKind::Lead, 0..=3) => ItemOutcome::BecameLead,
        (_, 0..=5) => ItemOutcome::UsedInDraft,
        (_, 6..=7) => ItemOutcome::PassedOn,
        _ => ItemOutcome::Excluded,
    });
    BriefingItem { kind, summary, sealed, outcome }
}

type Pattern = (ItemKind, bool, &'static str);

const FROM_DISCIPLINE: &[Pattern] = &[
    (
        ItemKind::Lead,
        true,
        "{年}年以来收到反映班子成员违规干预项目招标的问题线索{数}件，其中{数}件暂存待查。",
    ),
    (ItemKind::Problem, false, "{年}年制发纪检监察建议书，指出公务接待审批不严等问题，整改情况需要核实。"),
    (ItemKind::Lead, true, "反映下属单位负责人与管理服务对象有借贷往来，涉及金额约{万}万元，尚未核查。"),
    (ItemKind::Complaint, false, "近三年受理检举控告{数}件，集中在工程建设、选人用人和津补贴发放。"),
    (ItemKind::Problem, false, "{年}年查处违反中央八项规定精神问题{数}起，通报后同类问题仍有发生。"),
];

const FROM_ORGANISATION: &[Pattern] = &[
    (ItemKind::Personnel, false, "{年}年度选人用人“一报告两评议”满意度偏低，反映程序公开不够。"),
    (ItemKind::Personnel, false, "班子成员空缺超过{数}个月，个别中层岗位长期由一人兼任。"),
    (ItemKind::DutyFacts, false, "{年}年民主生活会整改清单中有{数}项未见完成材料。"),
    (ItemKind::Personnel, true, "领导干部个人有关事项报告抽查核实中，有{数}人漏报房产或投资情况。"),
];

const FROM_AUDIT: &[Pattern] = &[
    (ItemKind::AuditFinding, false, "{年}年经济责任审计发现专项资金沉淀{万}万元，整改期限内收回不足一半。"),
    (ItemKind::AuditFinding, false, "{年}年预算执行审计发现政府采购化整为零{数}笔，涉及{万}万元。"),
    (ItemKind::AuditFinding, false, "固定资产账实不符，{数}处房产未入账，部分出租收入未上缴。"),
    (ItemKind::Problem, false, "{年}年审计移送事项{数}件，尚有{数}件没有回复处理结果。"),
];

const FROM_PETITIONS: &[Pattern] = &[
    (ItemKind::Complaint, false, "{年}年以来群众反映征收补偿、项目扰民等来信来访{数}件次，重复信访较多。"),
    (ItemKind::Complaint, false, "涉企服务类投诉{数}件，主要反映办理时限长、材料反复提交。"),
    (ItemKind::Complaint, true, "署名反映干部优亲厚友、违规为亲属安排公益性岗位，已转单位自查。"),
];

/// What pieces are about, and what they say.
const PIECES: &[(&str, &str)] = &[
    ("分管工程的班子成员", "反映其在项目发包中向特定企业透露标底，近三年同一企业中标数异常。"),
    ("财务部门负责人", "反映其长期保管账外资金，用于发放补贴和公务接待。"),
    ("下属企业主要负责人", "反映其未经集体决策对外出借资金，至今没有收回。"),
    ("人事部门负责人", "反映其在招聘中为特定关系人设置条件。"),
    ("原主要负责人", "反映其退休后在原管辖领域企业任职取酬。"),
];

fn fill_pieces(city: &mut City, dice: &mut Dice) {
    let mut pieces = Vec::new();
    for (_, units) in of_last_rounds(city) {
        for unit in units.into_iter().step_by(3) {
            let given_on = before(entry(unit), 8);
            if given_on > HORIZON {
                continue;
            }
            let (subject, content) = dice.pick(PIECES);
            let received_on = reached(after(given_on, dice.between(1, 3) as u64));
            let verified_on =
                received_on.and_then(|_| reached(after(entry(unit), dice.between(12, 26) as u64)));
            let outcome = dice.pick(&[
                PieceOutcome::Confirmed,
                PieceOutcome::PartlyConfirmed,
                PieceOutcome::PartlyConfirmed,
                PieceOutcome::Unfounded,
            ]);
            let reported = verified_on.and_then(|on| reached(after(on, dice.between(3, 9) as u64)));
            pieces.push(BroughtPiece {
                unit: unit.key,
                subject: format!("{}{subject}", city[unit.organisation].short_name),
                content: content.to_owned(),
                given_on,
                received_on,
                verified: verified_on.map(|on| (outcome, on)),
                reported_on: reported,
            });
        }
    }
    city.brought_pieces = pieces;
}

fn fill_agreements(city: &mut City) {
    let obligation = |own, text, months, first_due_on| Obligation { own, text, months, first_due_on };
    city.agreements = vec![
        Agreement {
            title: "关于建立巡察机构与纪检监察机关协作配合机制的实施意见",
            number: "澜巡发〔2022〕3号",
            party: body(city, "市纪委监委"),
            text: "建立巡前情况通报、带件入巡、线索快移快查、整改监督和成果共用机制，明确联系处室和办理时限。",
            signed_on: day(2022, 3, 15),
            obligations: vec![
                obligation(false, "每季度通报移交线索的处置进展", 3, day(2022, 6, 30)),
                obligation(true, "每半年通报巡察发现的普遍性问题", 6, day(2022, 6, 30)),
            ],
        },
        Agreement {
            title: "关于加强巡察与组织部门协作配合的实施意见",
            number: "澜巡发〔2022〕5号",
            party: body(city, "市委组织部"),
            text: "联合点兵抽调巡察干部，选人用人专项检查与巡察同步开展，巡察结果运用于干部考核评价。",
            signed_on: day(2022, 4, 20),
            obligations: vec![
                obligation(false, "每半年更新巡察人才库推荐名单", 6, day(2022, 7, 29)),
                obligation(true, "每轮结束后反馈抽调干部现实表现", 6, day(2022, 9, 30)),
            ],
        },
        Agreement {
            title: "关于建立巡察与审计协作配合机制的实施意见",
            number: "澜巡发〔2022〕8号",
            party: body(city, "市审计局"),
            text: "年初会商计划，按先审后巡、同步开展、人员参与、结果互鉴四种方式联动，资料数据一次索取、共同使用。",
            signed_on: day(2022, 6, 10),
            obligations: vec![
                obligation(false, "每季度提供审计发现的突出问题和整改情况", 3, day(2022, 9, 30)),
                obligation(true, "每年初组织年度计划会商", 12, day(2023, 1, 31)),
            ],
        },
    ];
}

fn fill_linkages(city: &mut City, dice: &mut Dice) {
    let modes = [
        LinkageMode::AuditFirst,
        LinkageMode::Together,
        LinkageMode::PeopleJoin,
        LinkageMode::ResultsExchanged,
    ];
    let audit = body(city, "市审计局");
    let mut units: Vec<&InspectedUnit> = Vec::new();
    for problem in city.problems.iter().filter(|problem| problem.audit_linked) {
        let unit = &city[problem.unit];
        let year = |unit: &InspectedUnit| entry(unit).year();
        let same = |held: &&InspectedUnit| held.organisation == unit.organisation && year(held) == year(unit);
        if unit.organisation != audit && !units.iter().any(same) {
            units.push(unit);
        }
    }
    let mut linkages: Vec<AuditLinkage> = Vec::new();
    for unit in units {
        let entered = entry(unit);
        let proposed_on = before(entered, 40);
        let mode = dice.pick(&modes);
        linkages.push(AuditLinkage {
            year: entered.year(),
            organisation: unit.organisation,
            unit: Some(unit.key),
            mode,
            by_audit: dice.chance(35),
            proposed_on,
            agreed_on: Some(after(proposed_on, 6)),
            concluded_on: unit.reached(Stage::Left).and_then(|on| reached(after(on, 15))),
            joined: if mode == LinkageMode::PeopleJoin { dice.count(1, 3) as u32 } else { 0 },
        });
    }
    for (place, name) in ["市水利局", "澜江水务集团", "市农业农村局"].into_iter().enumerate()
    {
        let proposed_on = on_or_after(days_after(day(2024, 1, 8), place as u64));
        let agreed_on = (place == 0).then(|| after(proposed_on, 4));
        linkages.push(AuditLinkage {
            year: 2024,
            organisation: body(city, name),
            unit: None,
            mode: dice.pick(&modes),
            by_audit: place == 2,
            proposed_on,
            agreed_on,
            concluded_on: None,
            joined: 0,
        });
    }
    city.audit_linkages = linkages;
}

/// Whether the office asks, code of the kind, what it is called, what exactly.
const SUPPORT: &[(bool, &str, &str, &str)] = &[
    (
        false,
        "data",
        "查询近三年工程项目中标数据",
        "请协调公共资源交易中心提供近三年本单位作为招标人的项目、投标人和中标金额。",
    ),
    (false, "people", "增派财务审计专业干部", "现场凭证量大，请增派一名熟悉行政事业财务的干部，为期三周。"),
    (
        false,
        "experts",
        "请工程造价专家协助审核变更",
        "有三个项目变更金额较大，需要造价专业人员协助判断合理性。",
    ),
    (false, "coordination", "协调银行提供账户清单", "需要核对下属单位账户，请协调人民银行和开户行提供清单。"),
    (false, "material", "调阅专项资金分配档案", "请协调财政部门提供近五年专项资金分配文件和会议纪要。"),
    (true, "material", "补充中期汇报数据", "请补充中期会商涉及的问题数量、涉及金额和谈话覆盖情况。"),
    (true, "people", "抽调一名骨干参与综合材料起草", "领导小组会议材料时间紧，请安排一名同志支援三天。"),
];

fn fill_support(city: &mut City, dice: &mut Dice) {
    let mut requests = Vec::new();
    let mut next = 0;
    for (_, units) in of_last_rounds(city) {
        for unit in units.into_iter().step_by(2) {
            let Some(entered) = unit.reached(Stage::OnSite) else { continue };
            let Some(asked_on) = reached(after(entered, dice.between(4, 14) as u64)) else { continue };
            let Some((by_office, kind, title, text)) = SUPPORT.get(next % SUPPORT.len()).copied() else {
                continue;
            };
            next += 1;
            let accepted = !dice.chance(15);
            let answered = reached(after(asked_on, dice.between(1, 3) as u64)).map(|on| (on, accepted));
            let delivered_on = answered
                .filter(|(_, accepted)| *accepted)
                .and_then(|(on, _)| reached(after(on, dice.between(3, 8) as u64)));
            let confirmed_on = delivered_on.and_then(|on| reached(after(on, dice.between(1, 3) as u64)));
            requests.push(SupportRequest {
                unit: unit.key,
                by_office,
                kind,
                title,
                text,
                asked_on,
                answered,
                delivered_on,
                confirmed_on,
            });
        }
    }
    city.support_requests = requests;
}
