//! The rules an office starts with; everything in them is its own to change. Each basis names a document
//! in general terms and says that its articles are still to be checked against the text in force.

use chrono::NaiveDate;
use kit::{Done, Result, WriteCx};
use registry::organisations::OrganisationKind as Kind;

use super::{FocusRule, NOUN, RuleId, State, store};

struct Line {
    keyword: &'static str,
    kind: Option<Kind>,
    text: &'static str,
    framework_2: &'static str,
    basis: &'static str,
}

const fn any(text: &'static str, framework_2: &'static str, basis: &'static str) -> Line {
    Line { keyword: "", kind: None, text, framework_2, basis }
}

const fn of_kind(kind: Kind, text: &'static str, framework_2: &'static str, basis: &'static str) -> Line {
    Line { keyword: "", kind: Some(kind), text, framework_2, basis }
}

const fn on_duty(
    keyword: &'static str,
    text: &'static str,
    framework_2: &'static str,
    basis: &'static str,
) -> Line {
    Line { keyword, kind: None, text, framework_2, basis }
}

const SEED: &[Line] = &[
    any("学习贯彻党中央决策部署和上级工作要求的情况", "F1.1", "巡视工作条例关于监督内容的规定，条文待核"),
    any("履行“{职责}”是否到位，政策执行是否变形走样", "F1.2", "单位“三定”规定"),
    any("意识形态工作责任制落实情况", "F1.4", "党委（党组）意识形态工作责任制实施办法，条文待核"),
    any(
        "主要负责人和班子成员履行主体责任、“一岗双责”情况",
        "F2.1",
        "党委（党组）落实全面从严治党主体责任规定，条文待核",
    ),
    any("落实中央八项规定精神，公务接待、公务用车、办公用房管理情况", "F2.3", "中央八项规定及其实施细则精神"),
    any("财务管理、政府采购和内部控制情况", "F2.4", "行政事业单位内部控制规范，条文待核"),
    any("“三重一大”事项集体决策和民主集中制执行情况", "F3.1", "本单位议事规则和“三重一大”决策制度"),
    any(
        "选人用人程序、干部监督管理和因私出国（境）管理情况",
        "F3.2",
        "党政领导干部选拔任用工作条例，条文待核",
    ),
    any("基层党组织按期换届、组织生活和党费管理情况", "F3.3", "基层组织工作有关条例，条文待核"),
    any("上一轮巡察反馈问题整改和长期坚持事项落实情况", "F4.1", "巡察反馈意见和整改台账"),
    any("审计查出问题整改情况", "F4.2", "审计报告和审计整改台账"),
    of_kind(
        Kind::CityEnterprise,
        "国有资产保值增值，出租出借和闲置资产处置情况",
        "F2.4",
        "企业国有资产法及国资监管规定，条文待核",
    ),
    of_kind(
        Kind::CityEnterprise,
        "投资决策、工程建设和招标采购管理情况",
        "F1.3",
        "招标投标法及企业投资管理制度，条文待核",
    ),
    of_kind(
        Kind::CityEnterprise,
        "企业负责人履职待遇、业务支出和薪酬管理情况",
        "F2.3",
        "国有企业负责人履职待遇业务支出管理规定，条文待核",
    ),
    of_kind(
        Kind::Institution,
        "专业技术人员管理、科研经费和对外合作管理情况",
        "F2.4",
        "事业单位财务规则，条文待核",
    ),
    of_kind(
        Kind::DevelopmentZone,
        "土地供应、招商引资政策兑现和项目准入情况",
        "F1.2",
        "土地管理和招商引资有关规定，条文待核",
    ),
    of_kind(
        Kind::Town,
        "惠民补贴发放、农村集体“三资”管理情况",
        "F2.4",
        "惠民惠农补贴资金管理和农村集体资产管理规定，条文待核",
    ),
    of_kind(
        Kind::Village,
        "村（社区）党组织议事决策、集体资金使用和村务公开情况",
        "F3.3",
        "“四议两公开”工作要求",
    ),
    on_duty(
        "招投标",
        "招标投标监督管理、围标串标查处和专家库管理情况",
        "F1.2",
        "招标投标法实施条例，条文待核",
    ),
    on_duty("工程", "工程建设项目立项、变更、结算和转包分包管理情况", "F2.4", "政府投资条例，条文待核"),
    on_duty(
        "专项资金",
        "财政专项资金分配、拨付、使用和绩效管理情况",
        "F1.2",
        "预算法及专项资金管理办法，条文待核",
    ),
    on_duty("审批", "行政审批事项办理时限、自由裁量和中介服务情况", "F2.4", "行政许可法，条文待核"),
    on_duty("执法", "行政执法程序、罚没款物管理和选择性执法情况", "F2.4", "行政处罚法，条文待核"),
    on_duty(
        "国有资产",
        "国有资产监管职责履行和闲置资产盘活情况",
        "F1.2",
        "行政事业性国有资产管理条例，条文待核",
    ),
    on_duty(
        "医疗",
        "药品耗材采购、医保基金使用和医药购销领域廉洁风险",
        "F2.4",
        "医疗保障基金使用监督管理条例，条文待核",
    ),
    on_duty(
        "教育",
        "招生考试、教育经费、食堂和校服采购管理情况",
        "F2.4",
        "教育收费和学校食堂管理有关规定，条文待核",
    ),
    on_duty("安全", "安全生产监管责任和重大隐患整治情况", "F1.3", "安全生产法，条文待核"),
    on_duty("环境", "生态环境保护责任和督察反馈问题整改情况", "F1.3", "环境保护法，条文待核"),
    on_duty("救助", "困难群众救助对象认定和救助金发放情况", "F1.2", "社会救助暂行办法，条文待核"),
    on_duty("农", "涉农资金项目和高标准农田建设管护情况", "F1.2", "乡村振兴促进法，条文待核"),
    on_duty("信访", "信访积案化解和群众诉求办理情况", "F1.2", "信访工作条例，条文待核"),
    on_duty("数据", "信息化项目建设、数据安全和重复建设情况", "F1.3", "政务信息化项目管理办法，条文待核"),
];

/// Early enough for every list that an office may draw.
const FIRST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(2015, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// Enters the rules that this version of the program brings and that have not arrived here yet; what the office
/// has reworded or ended stays as it is. Answers how many were entered.
pub async fn seed(cx: &mut WriteCx) -> Result<usize> {
    let settled = store::count(cx).await? > 0;
    let codes: Vec<&str> = SEED.iter().map(|line| line.text).collect();
    let places = kit::seeds::arriving(cx, NOUN, &codes, settled).await?;
    let lines = places.iter().filter_map(|place| SEED.get(*place));
    let rules: Vec<FocusRule> = lines.map(|line| rule(RuleId(cx.new_id()), line)).collect();
    let count = rules.len();
    for rule in &rules {
        cx.index(NOUN, rule.id, rule.text.as_str());
    }
    if let Some(first) = rules.first() {
        cx.done(Done::new(NOUN, first.id, "seed", "建立监督重点规则").note(format!("共{count}条")));
    }
    cx.insert_all(rules).await?;
    Ok(count)
}

/// The rules an office starts with, with the identities that `id_of` gives by their place.
pub fn starting(id_of: impl Fn(usize) -> RuleId) -> Vec<FocusRule> {
    SEED.iter().enumerate().map(|(place, line)| rule(id_of(place), line)).collect()
}

fn rule(id: RuleId, line: &Line) -> FocusRule {
    FocusRule {
        id,
        version: 1,
        keyword: line.keyword.to_owned(),
        organisation_kind: line.kind,
        text: line.text.to_owned(),
        basis: line.basis.to_owned(),
        framework_2: line.framework_2.to_owned(),
        state: State::InForce,
        valid_from: FIRST_DAY,
        valid_to: None,
    }
}
