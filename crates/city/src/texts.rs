//! Sentences of problems: phenomena with gaps for figures and names, put together with how the matter was found,
//! what it led to, and what it says about responsibility.

use crate::dice::Dice;
use crate::organisations::OrganisationKind;
use crate::problems::{Category, Discipline, Field, FrameworkItem, Source};
use crate::texts::dictionary as d;

/// The two dictionaries of problem classes.
pub mod dictionary {
    use super::{Category, FrameworkItem};

    macro_rules! entries {
        ($list:ident: $kind:ident; $($name:ident = $code:literal, $level1:literal, $level2:literal;)*) => {
            $(pub(crate) const $name: $kind = $kind { code: $code, level1: $level1, level2: $level2 };)*
            /// Every entry in order of its code.
            pub const $list: &[$kind] = &[$($name),*];
        };
    }

    entries! { FRAMEWORK: FrameworkItem;
        F11 = "F1.1", "落实党的理论和路线方针政策", "学习贯彻重大决策部署";
        F12 = "F1.2", "落实党的理论和路线方针政策", "履行核心职能";
        F13 = "F1.3", "落实党的理论和路线方针政策", "防范化解重大风险";
        F14 = "F1.4", "落实党的理论和路线方针政策", "意识形态工作责任制";
        F21 = "F2.1", "落实全面从严治党责任", "主体责任";
        F22 = "F2.2", "落实全面从严治党责任", "监督责任";
        F23 = "F2.3", "落实全面从严治党责任", "作风建设";
        F24 = "F2.4", "落实全面从严治党责任", "廉洁风险防控";
        F31 = "F3.1", "落实新时代党的组织路线", "领导班子建设";
        F32 = "F3.2", "落实新时代党的组织路线", "选人用人";
        F33 = "F3.3", "落实新时代党的组织路线", "基层党组织建设";
        F41 = "F4.1", "落实巡察审计等监督整改", "巡察整改";
        F42 = "F4.2", "落实巡察审计等监督整改", "审计整改";
        F43 = "F4.3", "落实巡察审计等监督整改", "主题教育检视问题整改";
    }

    entries! { CATEGORIES: Category;
        C011 = "C01.1", "政治建设", "理论学习不深入";
        C012 = "C01.2", "政治建设", "决策部署落实不力";
        C013 = "C01.3", "政治建设", "意识形态阵地管理不严";
        C021 = "C02.1", "履职尽责", "核心职能履行不到位";
        C022 = "C02.2", "履职尽责", "行业监管缺位";
        C023 = "C02.3", "履职尽责", "政策执行变形走样";
        C024 = "C02.4", "履职尽责", "服务群众不到位";
        C031 = "C03.1", "资金管理", "专项资金沉淀闲置";
        C032 = "C03.2", "资金管理", "专项资金使用不规范";
        C033 = "C03.3", "资金管理", "绩效管理流于形式";
        C034 = "C03.4", "资金管理", "财务管理混乱";
        C041 = "C04.1", "工程与采购", "招投标不规范";
        C042 = "C04.2", "工程与采购", "项目推进缓慢";
        C043 = "C04.3", "工程与采购", "采购程序不合规";
        C051 = "C05.1", "资产管理", "资产闲置";
        C052 = "C05.2", "资产管理", "出租出借不规范";
        C053 = "C05.3", "资产管理", "账实不符";
        C061 = "C06.1", "从严治党", "主体责任压力传导不够";
        C062 = "C06.2", "从严治党", "监督执纪宽松软";
        C063 = "C06.3", "从严治党", "违反中央八项规定精神";
        C064 = "C06.4", "从严治党", "形式主义官僚主义";
        C071 = "C07.1", "组织建设", "议事决策不规范";
        C072 = "C07.2", "组织建设", "选人用人程序不严";
        C073 = "C07.3", "组织建设", "基层党建薄弱";
        C081 = "C08.1", "整改落实", "整改不到位";
    }
}

/// Who a phenomenon can be found with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    Anywhere,
    /// Hospitals and health administration only.
    Hospitals,
    /// Schools only.
    Schools,
    /// Villages and streets only.
    Villages,
}

/// Titles a matter goes by, and its facts.
type Case = (&'static [&'static str], &'static str);

/// A kind of problem.
struct Phenomenon {
    framework: FrameworkItem,
    category: Category,
    field: Option<Field>,
    place: Where,
    discipline: Option<Discipline>,
    scale: Scale,
    cases: &'static [Case],
}

/// How much money a kind of problem is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scale {
    /// From some hundreds to some ten thousands of yuan: meals, fuel, allowances.
    Petty,
    /// Some hundred thousands to some millions of yuan.
    Usual,
    /// Works, investments and whole funds.
    Large,
}

impl Scale {
    /// A sum in fen, a whole number of hundreds of yuan.
    fn draw(self, dice: &mut Dice) -> i64 {
        let (low, high, unit) = match self {
            Self::Petty => (31, 980, 10_000),
            Self::Usual => (1_210, 9_980, dice.pick(&[10_000, 10_000, 100_000])),
            Self::Large => (3_100, 29_800, dice.pick(&[100_000, 100_000, 1_000_000])),
        };
        dice.between(low, high) * unit
    }
}

const fn at(
    (framework, category): (FrameworkItem, Category),
    field: Option<Field>,
    discipline: Option<Discipline>,
    scale: Scale,
    cases: &'static [Case],
) -> Phenomenon {
    Phenomenon { framework, category, field, place: Where::Anywhere, discipline, scale, cases }
}

const fn only(place: Where, phenomenon: Phenomenon) -> Phenomenon {
    Phenomenon { place, ..phenomenon }
}

const BIDDING: Option<Field> = Some(Field::Bidding);
const ASSETS: Option<Field> = Some(Field::StateAssets);
const MEDICAL: Option<Field> = Some(Field::Medical);
const EDUCATION: Option<Field> = Some(Field::Education);
const WELFARE: Option<Field> = Some(Field::Welfare);
const FUNDS: Option<Field> = Some(Field::SpecialFunds);
const RURAL: Option<Field> = Some(Field::RuralRevival);
const BASE: Option<Field> = Some(Field::InnovationBase);
const POLITICAL: Option<Discipline> = Some(Discipline::Political);
const ORGANISATION: Option<Discipline> = Some(Discipline::Organisational);
const INTEGRITY: Option<Discipline> = Some(Discipline::Integrity);
const MASS: Option<Discipline> = Some(Discipline::Mass);
const WORK: Option<Discipline> = Some(Discipline::Work);

/// Gaps: `{y}` a year, `{span}` a span of years, `{n}` a small and `{k}` a larger number, `{pct}` a percentage,
/// `{months}` a number of months, `{area}` square metres, `{amt}` the money concerned, `{part}` a part of it,
/// `{people}` the people affected, `{proj}` a project, `{fund}` a fund, `{benefit}` a benefit paid to people,
/// `{firm}` a company, `{dept}` a department, `{place}` a road, `{party}` the party group.
static PHENOMENA: &[Phenomenon] = &[
    at(
        (d::F12, d::C041),
        BIDDING,
        WORK,
        Scale::Large,
        &[
            (
                &[
                    "“评定分离”制度执行不规范，{proj}定标理由不充分",
                    "{proj}“评定分离”定标环节缺乏制约",
                    "{proj}定标过程无记录",
                ],
                "{y}以来实行“评定分离”的{k}个项目中，{n}个未记录定标理由，{proj}定标委员会成员构成不符合规定，涉及合同价{amt}",
            ),
            (
                &[
                    "“评定分离”配套细则不完善，{n}个项目定标尺度不一",
                    "{proj}定标标准临时确定",
                    "“评定分离”制度亟待完善",
                ],
                "定标候选人评价标准由招标人临时确定，{k}个项目评价内容不一致，{proj}中标价{amt}，比第一候选人报价高{part}",
            ),
        ],
    ),
    at(
        (d::F24, d::C041),
        BIDDING,
        INTEGRITY,
        Scale::Large,
        &[
            (
                &["{proj}投标文件雷同未被查处", "{proj}涉嫌围标线索未核查", "对{proj}投标文件异常一致失察"],
                "{proj}有{n}家投标单位的投标文件由同一台设备编制、错误之处一致，评标专家和监管人员均未指出，中标价{amt}",
            ),
            (
                &["{n}家企业轮流中标未引起警觉", "投标保证金同源问题未筛查", "对{firm}串通投标线索失察"],
                "{k}个标段的投标保证金由同一账户转出，{firm}等{n}家单位轮流中标，合计{amt}，监管部门{months}个月内未开展筛查",
            ),
        ],
    ),
    at(
        (d::F12, d::C041),
        BIDDING,
        WORK,
        Scale::Large,
        &[
            (
                &["{proj}化整为零规避公开招标", "{proj}拆分发包", "{proj}肢解工程规避招标"],
                "{y}将{proj}拆分为{n}个合同分别发包给{firm}等单位，合计{amt}，单个合同均略低于公开招标限额",
            ),
            (
                &["{proj}应招未招直接发包", "以应急名义规避招标，{proj}直接委托施工", "应急抢险工程认定随意"],
                "{proj}以应急抢险名义直接发包给{firm}，实际工期{months}个月，不符合应急工程条件，涉及{amt}",
            ),
        ],
    ),
    at(
        (d::F12, d::C022),
        BIDDING,
        WORK,
        Scale::Large,
        &[
            (
                &[
                    "{proj}主要管理人员与投标承诺不符",
                    "标后监管流于形式，{n}名项目经理长期不在岗",
                    "标后履约检查覆盖面仅{pct}",
                ],
                "抽查{k}个在建项目，{n}名项目经理每月到岗不足10天，{proj}现场管理人员与投标承诺不一致，合同价{amt}",
            ),
            (
                &["对{proj}转包问题监管缺失", "{firm}中标后转包未被发现", "{proj}挂靠施工监管失守"],
                "{firm}中标{proj}后将主体工程交由他人施工，收取管理费{part}，主管部门{months}个月内未开展标后检查，合同价{amt}",
            ),
        ],
    ),
    at(
        (d::F21, d::C022),
        BIDDING,
        WORK,
        Scale::Large,
        &[
            (
                &[
                    "评标专家管理宽松，{n}名专家被投诉后仍参与评标",
                    "评标专家考核失之于宽",
                    "专家打分畸高畸低问题未处理",
                ],
                "{span}有{k}名专家因打分畸高畸低被投诉，仅{n}人被约谈，其余仍抽取参加{proj}等项目评标，涉及{amt}",
            ),
            (
                &[
                    "招标代理机构信用考核流于形式",
                    "对{firm}代理行为监管宽松",
                    "招标代理机构考核得分{pct}雷同",
                ],
                "{k}家招标代理机构信用考核得分无差别，{firm}存在{n}项违规行为未扣分，当年仍代理项目{amt}",
            ),
        ],
    ),
    at(
        (d::F12, d::C023),
        BIDDING,
        WORK,
        Scale::Large,
        &[
            (
                &["{proj}以业绩门槛限制潜在投标人", "{proj}招标文件设置排他条件", "{proj}竞争不充分"],
                "{proj}要求投标人具有本地纳税记录和同类业绩，实际仅{n}家单位符合，中标价{amt}，下浮率偏低",
            ),
            (
                &[
                    "{n}个项目评分办法与规模不匹配",
                    "评分办法设置不合理加分项",
                    "优化招投标营商环境政策执行变形走样",
                ],
                "{span}有{k}个项目在评分办法中设置与履约无关的加分项，{firm}因此中标{n}个项目、{amt}，竞争性明显不足",
            ),
        ],
    ),
    at(
        (d::F24, d::C042),
        BIDDING,
        WORK,
        Scale::Large,
        &[
            (
                &["{proj}变更签证管理失控", "{proj}先施工后变更", "{proj}设计变更审批倒置"],
                "{proj}发生设计变更{k}项、增加造价{amt}，其中{n}项先施工后补手续，增幅达{pct}",
            ),
            (
                &["{proj}超概算未按规定报批", "{proj}超付工程款", "{proj}造价控制不严"],
                "{proj}结算超概算{part}，{party}未集体研究即同意支付进度款{amt}，超合同约定比例{pct}",
            ),
        ],
    ),
    at(
        (d::F12, d::C051),
        ASSETS,
        WORK,
        Scale::Usual,
        &[
            (
                &[
                    "{place}房产闲置{months}个月未盘活",
                    "{place}厂房低效利用",
                    "{place}店面连续流拍后搁置不管",
                    "{place}等处房产长期空置",
                ],
                "{place}等{n}处房产自{y}起闲置，面积{area}平方米，{party}未专题研究盘活方案，租金损失约{amt}",
            ),
            (
                &["{k}处房产底数不清", "闲置资产底数摸排不全", "闲置房产台账漏登{n}处"],
                "闲置房产台账登记{k}处，实地核查另有{n}处未入账，其中{place}房产面积{area}平方米、已空置{months}个月，账面原值{amt}",
            ),
        ],
    ),
    at(
        (d::F24, d::C052),
        ASSETS,
        INTEGRITY,
        Scale::Usual,
        &[
            (
                &["{place}店面未经公开程序出租", "{firm}长期低价承租{place}房产", "违规延长{place}房产租期"],
                "{place}房产未经公开招租直接租给{firm}，租期{n}年，租金低于周边{pct}，少收{amt}",
            ),
            (
                &["{place}租金长期拖欠未追缴", "{n}家承租单位欠租清收不力", "{firm}欠租{months}个月未追缴"],
                "{n}家承租单位拖欠租金{amt}，最长{months}个月，未发函催缴也未提起诉讼，其中{firm}欠{part}",
            ),
        ],
    ),
    at(
        (d::F12, d::C053),
        ASSETS,
        WORK,
        Scale::Usual,
        &[
            (
                &["固定资产账实不符", "{k}项资产有账无物", "{dept}资产清查走过场"],
                "盘点发现{k}项资产有账无物、{n}项有物无账，涉及原值{amt}，{dept}连续多年未组织全面清查",
            ),
            (
                &["{place}划转资产{months}个月未办理交接", "{y}接收资产未入账", "{n}宗资产权属不清未办证"],
                "{y}划转的{place}等{n}处资产未办理权属登记，面积{area}平方米，部分被{firm}占用，{dept}未登记资产卡片，涉及{amt}",
            ),
        ],
    ),
    at(
        (d::F13, d::C022),
        ASSETS,
        WORK,
        Scale::Large,
        &[
            (
                &["对外投资{firm}长期无收益", "对参股企业{firm}只投不管", "{firm}投后管理缺失"],
                "{y}投资{firm}{amt}，此后一直未分红，派出董事未提交履职报告，{party}未开展投后评价",
            ),
            (
                &["低效子企业清理退出缓慢", "{n}户低效企业逾期未清退", "“僵尸企业”处置不力"],
                "应清退的{k}户低效企业仍有{n}户逾期{months}个月未完成，累计新增亏损{amt}，责任人未被追究",
            ),
        ],
    ),
    only(
        Where::Hospitals,
        at(
            (d::F12, d::C024),
            MEDICAL,
            MASS,
            Scale::Usual,
            &[
                (
                    &[
                        "门急诊次均费用逐年上升，控费措施不力",
                        "“看病贵”问题缓解不明显",
                        "次均费用超出控费目标{pct}",
                    ],
                    "{span}门急诊次均费用累计上升{pct}，超出控费目标，未分析原因和采取措施，受影响患者{people}人次",
                ),
                (
                    &["夜间和周末门诊号源不足", "“看病难”问题反映集中", "热门科室候诊时间长"],
                    "热门科室提前{n}日号源即约满，夜间门诊仅开设{n}个专科，受访的{k}名患者中{pct}反映挂号难",
                ),
                (
                    &["检查检验结果互认率仅{pct}", "重复检查增加患者负担", "检查检验互认落实打折扣"],
                    "抽查{k}份病历，应互认未互认{n}份，患者重复检查{people}人次、多支出{amt}",
                ),
            ],
        ),
    ),
    only(
        Where::Hospitals,
        at(
            (d::F24, d::C043),
            MEDICAL,
            INTEGRITY,
            Scale::Large,
            &[
                (
                    &["医用耗材采购把关不严", "{firm}长期独家供应高值耗材", "高值耗材采购缺乏比价"],
                    "{span}向{firm}采购耗材{amt}，占同类采购{pct}，未按规定开展比价和轮换",
                ),
                (
                    &["大型设备购而不用", "医疗设备采购论证走过场", "{n}台设备使用效率低"],
                    "{y}购置设备{n}台、{amt}，开机率不足{pct}，可行性论证由供应商{firm}代写",
                ),
            ],
        ),
    ),
    only(
        Where::Hospitals,
        at(
            (d::F13, d::C022),
            MEDICAL,
            WORK,
            Scale::Usual,
            &[
                (
                    &["医保基金使用监管不严，重复收费{n}类", "分解收费增加患者负担", "超标准收费问题突出"],
                    "{n}类项目存在重复收费、分解收费，涉及患者{people}人次、{amt}，自查未发现",
                ),
                (
                    &["医保违规收费屡查屡有", "医保检查整改后问题反弹", "医保基金违规使用问题反复"],
                    "{y}医保检查退回{part}后，同类问题{months}个月内再次发生{n}起，涉及{amt}",
                ),
            ],
        ),
    ),
    only(
        Where::Schools,
        at(
            (d::F12, d::C021),
            EDUCATION,
            WORK,
            Scale::Large,
            &[
                (
                    &["专业设置与产业需求脱节", "{n}个专业对口就业率低", "专业动态调整机制不健全"],
                    "{k}个专业中{n}个与本市重点产业关联度低，对口就业率仅{pct}，{party}{months}个月未调整专业目录",
                ),
                (
                    &["产教融合基地{proj}建而未用", "实训设备使用率仅{pct}", "校企合作流于签约"],
                    "{proj}投入{amt}，建成{months}个月未开展实训，合作企业{firm}未履行协议",
                ),
            ],
        ),
    ),
    at(
        (d::F12, d::C032),
        EDUCATION,
        WORK,
        Scale::Usual,
        &[
            (
                &["职业教育补助资金{part}被挤占", "教育补助资金未专款专用", "职业培训经费列支公用支出"],
                "{y}教育和培训补助资金{amt}中，用于人员经费和日常公用支出{part}，未专款专用",
            ),
            (
                &["助学金评定把关不严，{n}名不符合条件人员受助", "助学金评审流于形式", "困难学生资助不精准"],
                "{span}有{k}名不符合条件的学生领取助学金，{people}名困难学生未获资助，涉及{amt}",
            ),
            (
                &["教育补助资金支出进度仅{pct}", "教育培训项目资金滞留{months}个月", "教育补助资金“等项目”"],
                "{y}教育补助资金{amt}下达{months}个月后支出率仅{pct}，{part}滞留账户，涉及学员{people}人",
            ),
        ],
    ),
    at(
        (d::F24, d::C032),
        WELFARE,
        MASS,
        Scale::Usual,
        &[
            (
                &[
                    "{benefit}发放审核不严，{n}人重复领取",
                    "已故人员继续领取{benefit}",
                    "{benefit}动态复核缺失",
                ],
                "{k}名已不符合条件人员继续领取{benefit}{amt}，最长达{months}个月，{dept}未开展年度复核",
            ),
            (
                &["{benefit}发放不及时，拖欠{months}个月", "{benefit}滞留{part}", "{benefit}未按月足额发放"],
                "{y}应发{benefit}涉及{people}人，迟发{months}个月，资金{amt}滞留在{dept}账户",
            ),
        ],
    ),
    at(
        (d::F12, d::C024),
        WELFARE,
        MASS,
        Scale::Usual,
        &[
            (
                &[
                    "惠民政策宣传不到位，{benefit}申领率仅{pct}",
                    "{benefit}政策知晓率低",
                    "{benefit}应享未享问题突出",
                ],
                "符合{benefit}条件的{people}人中近半未申领，{n}个社区从未开展宣传，当年结余{amt}",
            ),
            (
                &["{benefit}申办环节多、群众跑腿", "{benefit}“免申即享”落实走样", "{benefit}审批超时限"],
                "申领{benefit}仍需提交{n}份证明，平均办理{k}天，{people}人次往返补充材料，受访群众满意率仅{pct}",
            ),
        ],
    ),
    at(
        (d::F12, d::C031),
        FUNDS,
        WORK,
        Scale::Large,
        &[
            (
                &["{fund}{amt}沉淀闲置", "{fund}结转结余多", "{fund}执行率仅{pct}"],
                "{y}{fund}到位{amt}，年底大部分未支出，{part}结转超过两年未收回统筹",
            ),
            (
                &["{fund}分配滞后{months}个月", "{fund}“钱等项目”问题突出", "{fund}项目储备不足"],
                "{fund}下达后{months}个月才分解到{n}个单位，{amt}长期沉淀在单位账户，项目库入库率仅{pct}",
            ),
        ],
    ),
    at(
        (d::F24, d::C032),
        FUNDS,
        WORK,
        Scale::Usual,
        &[
            (
                &["{fund}重复补助{n}家企业", "{fund}联审机制空转", "同一项目多头申报{fund}"],
                "{n}家企业以同一项目申报多项补助，重复获得{fund}{amt}，{dept}未进行联审",
            ),
            (
                &["{firm}虚报材料套取{fund}", "{fund}拨付审核把关不严", "{fund}审核以书面代替核查"],
                "{firm}以虚假合同和发票申报{fund}{part}，{dept}仅作书面审核即予拨付，该批次共拨付{amt}",
            ),
            (
                &["{fund}扩大范围用于办公经费", "挤占{fund}{part}", "{fund}未按规定用途使用"],
                "{y}从{fund}中列支办公设备、差旅等费用{part}，占当年拨付{amt}的比例超出规定上限",
            ),
        ],
    ),
    at(
        (d::F12, d::C033),
        FUNDS,
        WORK,
        Scale::Large,
        &[
            (
                &["{fund}绩效目标设置空泛", "{fund}到期未评估仍续期", "{fund}政策只增不减"],
                "{n}项扶持政策到期后未经评估直接延续，{y}安排{amt}，{fund}绩效指标{pct}为定性描述",
            ),
            (
                &["{fund}绩效评价走过场", "{fund}绩效自评与实际不符", "{fund}评价结果未应用"],
                "{span}{fund}自评均为优秀，抽查{k}个项目有{n}个未达产出目标，涉及{amt}",
            ),
        ],
    ),
    at(
        (d::F12, d::C042),
        RURAL,
        WORK,
        Scale::Usual,
        &[
            (
                &["乡村振兴项目{proj}推进缓慢", "{proj}逾期{months}个月未完工", "乡村项目前期论证不充分"],
                "{proj}{y}列入乡村振兴项目库、总投资{amt}，逾期{months}个月未完工，{people}名村民未能受益",
            ),
            (
                &["乡村项目{proj}建成后闲置", "{n}个村集体项目无收益", "美丽乡村项目重建轻管"],
                "{n}个村集体项目建成后未投入使用，其中{proj}投入{amt}，运营方{firm}已撤场",
            ),
        ],
    ),
    at(
        (d::F24, d::C032),
        RURAL,
        MASS,
        Scale::Usual,
        &[
            (
                &["流转土地租金拖欠村民", "{n}个村土地流转租金兑付不及时", "土地流转监管缺位"],
                "{n}个村拖欠{people}名村民土地流转租金{amt}，时间最长{months}个月，有关部门未督促兑付",
            ),
            (
                &["涉农补贴审核不严，{n}户重复申领", "涉农补贴公示走过场", "涉农补贴面积核查不实"],
                "{k}户以同一地块重复申报补贴{part}，乡村振兴资金{amt}的分配结果未按规定公示",
            ),
            (
                &["帮扶资金{part}滞留", "衔接资金拨付滞后{months}个月", "帮扶项目资金使用效益低"],
                "{y}帮扶资金{amt}中{part}滞留在{n}个镇村账户，最长{months}个月未使用",
            ),
        ],
    ),
    only(
        Where::Villages,
        at(
            (d::F33, d::C034),
            RURAL,
            INTEGRITY,
            Scale::Petty,
            &[
                (
                    &["村级财务白条入账{n}笔", "村级支出票据不合规", "村级财务民主监督缺失"],
                    "{span}白条入账{k}笔、{amt}，{n}笔无经办人签字，监督委员会未提出意见",
                ),
                (
                    &["村集体资产{place}地块低价发包", "村集体资源发包未经民主决策", "村集体合同管理混乱"],
                    "{place}地块未经民主决策发包给{firm}，承包期{k}年，年租金{amt}，低于市场价{pct}，涉及村民{people}人",
                ),
            ],
        ),
    ),
    at(
        (d::F12, d::C021),
        BASE,
        WORK,
        Scale::Large,
        &[
            (
                &["创新基地载体入驻率仅{pct}", "创新基地招商项目落地率低", "创新基地载体建设贪大求全"],
                "创新基地签约{k}个项目，实际落地{n}个，载体投入{amt}，入驻率仅{pct}",
            ),
            (
                &["创新基地孵化企业{firm}名存实亡", "创新基地考核指标虚高", "创新基地孵化成效不实"],
                "{firm}等{n}家孵化企业无研发人员、无营业收入，{y}仍享受扶持资金{amt}",
            ),
        ],
    ),
    at(
        (d::F12, d::C023),
        BASE,
        WORK,
        Scale::Usual,
        &[
            (
                &[
                    "基地政策兑现慢，{n}家企业等待{months}个月",
                    "创新基地人才奖励兑现滞后",
                    "创新基地政策“最后一公里”不畅",
                ],
                "{k}家企业申请的扶持资金{amt}超期{months}个月未兑现，有关部门与基地管理机构相互推诿",
            ),
            (
                &["创新基地协议履约监管缺失", "创新基地用房优惠执行走样", "{firm}未达产仍享优惠"],
                "未对{k}份投资协议开展履约评估，{firm}未达产仍享受租金减免{part}，应追缴违约金{amt}未追缴",
            ),
        ],
    ),
    at(
        (d::F11, d::C011),
        None,
        POLITICAL,
        Scale::Usual,
        &[
            (
                &["理论学习中心组学习结合实际不紧", "学习研讨以读代学", "中心组学习{n}次无研讨"],
                "{span}开展集中学习{k}次，其中{n}次无研讨发言，班子成员发言材料多由{dept}代拟",
            ),
            (
                &[
                    "“第一议题”制度落实有偏差",
                    "学用结合不紧，{y}未形成落实举措",
                    "传达学习{k}份文件未见落实措施",
                ],
                "{y}“第一议题”传达文件{k}份，{n}份未研究贯彻措施，{party}班子成员缺席学习{n}人次",
            ),
        ],
    ),
    at(
        (d::F11, d::C012),
        None,
        POLITICAL,
        Scale::Large,
        &[
            (
                &["贯彻落实市委部署缺乏具体措施", "{proj}滞后影响全市部署", "重点任务{n}项未按期完成"],
                "市委部署的{k}项重点任务中{n}项逾期，{proj}滞后{months}个月，{party}专题研究和督促不够",
            ),
            (
                &["对上级部署上下一般粗", "实施方案照搬照抄", "{y}考核指标仅完成{pct}"],
                "制定的实施方案照搬上级文件，{n}项任务未明确责任部门和时限，{y}考核指标仅完成{pct}",
            ),
        ],
    ),
    at(
        (d::F12, d::C021),
        None,
        WORK,
        Scale::Usual,
        &[
            (
                &["行业规划编制滞后{months}个月", "“十四五”专项规划执行不力", "规划约束性指标未分解"],
                "“十四五”专项规划编制滞后{months}个月，{n}项约束性指标未分解，{y}完成率仅{pct}",
            ),
            (
                &["牵头协调作用发挥不充分", "主责主业聚焦不够", "{n}项牵头职责履行不到位"],
                "作为牵头单位连续{months}个月未召开联席会议，{k}家成员单位职责交叉，{people}人反映的问题未解决",
            ),
        ],
    ),
    at(
        (d::F14, d::C013),
        None,
        POLITICAL,
        Scale::Usual,
        &[
            (
                &["新媒体账号管理失管", "网站和公众号内容审核把关不严", "意识形态工作责任制落实不实"],
                "{y}未专题研判意识形态领域风险，{n}个新媒体账号{months}个月未更新，{k}篇稿件未经三审",
            ),
            (
                &["讲座论坛审批不严", "意识形态阵地底数不清", "{n}场讲座未履行审批手续"],
                "{span}举办讲座论坛{k}场，{n}场未履行审批手续，{dept}未建立阵地管理台账",
            ),
        ],
    ),
    at(
        (d::F21, d::C061),
        None,
        WORK,
        Scale::Usual,
        &[
            (
                &["“一岗双责”履行不到位", "廉政谈话千篇一律", "{n}份廉政谈话记录雷同"],
                "部分班子成员{y}未与分管部门负责人开展廉政谈话，{k}份谈话记录中{n}份内容雷同",
            ),
            (
                &["主体责任压力逐级递减", "责任清单未动态更新", "对下属单位管党治党督促不力"],
                "{party}{y}研究全面从严治党工作次数偏少，{n}个下属单位从未开展责任检查，责任清单{months}个月未更新",
            ),
        ],
    ),
    at(
        (d::F22, d::C062),
        None,
        WORK,
        Scale::Usual,
        &[
            (
                &["日常监督执纪宽松软", "问题线索处置超期", "运用“第一种形态”偏少"],
                "{span}处置问题线索{k}件，{n}件超期{months}个月，“第一种形态”运用偏少",
            ),
            (
                &["对{dept}廉洁风险监督缺失", "监督清单未覆盖采购环节", "内部监督发现问题能力不足"],
                "对{dept}经手的{amt}采购业务从未开展监督检查，{n}名干部违规问题由上级发现",
            ),
        ],
    ),
    at(
        (d::F24, d::C034),
        None,
        INTEGRITY,
        Scale::Usual,
        &[
            (
                &["往来款项{amt}长期挂账", "往来款清理不力", "应收款项催收不到位"],
                "往来款{amt}挂账超过{n}年未清理，涉及{k}个单位和个人，{dept}未建立催收台账",
            ),
            (
                &["津补贴发放不规范", "以值班名义发放补贴", "自定项目发放补贴{amt}"],
                "{span}以值班、加班名义发放津补贴{amt}，涉及{people}人次，未经{party}研究",
            ),
            (
                &["公款存放未公开竞争", "资金存放银行选择随意", "定期存款未履行决策程序"],
                "{y}将资金{amt}存放在未经竞争性选择的{n}家银行，利率低于同期水平，减少利息收入{part}",
            ),
        ],
    ),
    at(
        (d::F24, d::C043),
        None,
        INTEGRITY,
        Scale::Usual,
        &[
            (
                &["服务外包未经比选直接委托{firm}", "{dept}采购化整为零", "信息化服务拆分采购"],
                "{y}将同一服务项目拆分为{n}个合同委托{firm}，合计{amt}，未履行公开采购程序",
            ),
            (
                &["采购程序倒置", "{n}项采购先实施后补合同", "采购验收走过场"],
                "{n}项采购先实施后补签合同，{dept}未组织验收即向{firm}付款{amt}",
            ),
        ],
    ),
    at(
        (d::F23, d::C063),
        None,
        INTEGRITY,
        Scale::Petty,
        &[
            (
                &["公务接待审批不严，{n}次无公函", "培训费列支接待费用", "公务接待超标准陪餐"],
                "{span}公务接待{k}批次，{n}批次无公函或超标准陪餐，在{dept}培训费中列支接待费用{amt}",
            ),
            (
                &["公务用车管理不严", "节假日违规使用公务用车", "公车加油卡管理混乱"],
                "{y}节假日使用公务用车{k}次未登记，公车加油卡有{n}次一日多次加油，涉及{amt}",
            ),
            (
                &["违规发放工作餐补贴", "差旅费报销把关不严", "超标准报销住宿费{n}人次"],
                "{span}超标准报销差旅费{k}人次、{amt}，{n}人次既在接待单位用餐又领取伙食补助",
            ),
        ],
    ),
    at(
        (d::F23, d::C064),
        None,
        WORK,
        Scale::Usual,
        &[
            (
                &["文山会海问题仍较突出", "过度留痕增加基层负担", "{n}类报表重复报送"],
                "{y}发文{k}份，要求基层报送材料{n}类，同一数据重复填报，{people}名基层干部反映负担重",
            ),
            (
                &["调查研究蜻蜓点水", "调研成果转化率仅{pct}", "班子成员下基层调研走马观花"],
                "班子成员{y}到基层调研{k}次，形成报告{n}篇，转化为具体措施的仅{pct}",
            ),
        ],
    ),
    at(
        (d::F31, d::C071),
        None,
        ORGANISATION,
        Scale::Usual,
        &[
            (
                &["“三重一大”事项决策不规范", "{n}项大额支出未经集体研究", "以签批代替集体决策"],
                "{span}有{n}项大额资金{amt}由分管领导签批支付，未提交{party}会议研究",
            ),
            (
                &["议事规则执行走样", "主要负责人未末位表态", "会议记录不完整"],
                "抽查{k}份会议记录，{n}次会议主要负责人首先表态，部分议题会前未征求意见",
            ),
        ],
    ),
    at(
        (d::F32, d::C072),
        None,
        ORGANISATION,
        Scale::Usual,
        &[
            (
                &["干部选拔任用程序不严", "{n}名干部考察材料缺失", "干部任前把关不严"],
                "{span}选拔任用{k}人，{n}人考察材料缺失，部分人员任前未核查个人有关事项报告",
            ),
            (
                &["干部兼职清理不彻底", "中层岗位空缺{months}个月", "干部队伍建设缺乏规划"],
                "{n}名干部在{firm}等单位兼职未报批，{k}个中层岗位中多个空缺超过{months}个月",
            ),
        ],
    ),
    at(
        (d::F33, d::C073),
        None,
        ORGANISATION,
        Scale::Petty,
        &[
            (
                &["基层党支部换届不及时", "{n}个支部组织生活质量不高", "“三会一课”制度落实不严"],
                "{k}个支部中{n}个逾期{months}个月未换届，部分支部组织生活记录雷同",
            ),
            (
                &["党费收缴管理不规范", "民主评议党员走过场", "{k}名党员未足额交纳党费"],
                "{y}有{k}名党员未按标准足额交纳党费、少交{amt}，{n}个支部未开展民主评议",
            ),
        ],
    ),
    at(
        (d::F41, d::C081),
        None,
        WORK,
        Scale::Usual,
        &[
            (
                &["上轮巡察反馈的{n}个问题整改不到位", "以制定方案代替整改", "上轮巡察问题边改边犯"],
                "上轮巡察反馈的{k}个问题中{n}个整改不到位，以制定方案代替整改，涉及资金{amt}",
            ),
            (
                &["整改台账与实际不符", "巡察整改“纸面销号”", "{n}项整改措施无佐证"],
                "整改报告称已完成的{k}项措施中{n}项无佐证材料，{dept}同类问题{y}再次发生",
            ),
        ],
    ),
    at(
        (d::F42, d::C081),
        None,
        WORK,
        Scale::Usual,
        &[
            (
                &["审计指出的{part}未按期归还", "审计整改久拖不决", "审计整改责任未压实"],
                "{y}审计指出的{k}个问题有{n}个逾期{months}个月未整改，应收回资金{amt}仅收回{pct}",
            ),
            (
                &["审计反复指出{dept}内控问题", "同类问题屡审屡犯", "审计整改未举一反三"],
                "同类问题连续{n}次被审计指出，{dept}未追究责任、未完善制度，涉及金额{amt}",
            ),
        ],
    ),
    at(
        (d::F43, d::C081),
        None,
        WORK,
        Scale::Usual,
        &[
            (
                &["检视问题整改措施空泛", "主题教育问题清单{n}项未销号", "检视整改时限一拖再拖"],
                "{y}检视出的{k}个问题中{n}个措施笼统，完成时限已过{months}个月仍未销号",
            ),
            (
                &["专题民主生活会问题整改未闭环", "征求意见{n}条未答复", "职工合理诉求久拖不决"],
                "民主生活会征求到意见{k}条，{n}条未纳入整改清单，职工反映的食堂和停车问题拖延{months}个月",
            ),
        ],
    ),
];

const LEADS_IN: [(Source, &[&str]); 8] = [
    (
        Source::Talk,
        &["个别谈话中{n}名干部反映并经核实，", "根据{n}名中层干部谈话反映的情况核查，", "结合谈话了解，"],
    ),
    (Source::Petition, &["群众来信反映、经调查核实，", "结合{n}件来信来访核查，", "根据群众来电反映核实，"]),
    (Source::Files, &["查阅会议记录和财务凭证发现，", "调阅{k}份文件资料发现，", "抽查合同、凭证{k}份，"]),
    (Source::Visit, &["走访{n}个基层单位发现，", "下沉{place}实地查看，", "与{k}名群众座谈了解到，"]),
    (
        Source::DataModel,
        &[
            "比对{span}台账数据并现场核实，",
            "经数据模型筛查出{k}条疑点并逐条核实，",
            "通过业务数据与财务数据交叉比对，",
        ],
    ),
    (Source::Audit, &["结合审计情况延伸核查，", "巡审联动核查{fund}发现，", "会同审计人员抽查{k}笔支出，"]),
    (Source::Briefing, &["结合巡前通报情况核查，", "根据有关部门通报的{n}条情况核实，"]),
    (Source::LookBack, &["对照整改台账逐项复核，", "回头看实地抽查{n}处点位发现，"]),
];

/// What any matter may lead to.
const EFFECTS: [&str; 7] = [
    "影响重点任务推进",
    "相关责任人未被追究",
    "问题延续{months}个月未得到纠正",
    "至进驻时仍未整改",
    "同类问题在{n}个下属单位不同程度存在",
    "有关部门未及时报告",
    "制度执行打了折扣",
];
/// What a matter of money may lead to besides.
const EFFECTS_OF_MONEY: [&str; 5] =
    ["造成资金资产效益低下", "存在较大廉洁风险", "形成监管盲区", "暴露出内控制度缺失", "职工群众反映较多"];

const JUDGEMENTS: [(&str, &[&str]); 4] = [
    (
        "F1",
        &[
            "反映出{party}履行职能职责不到位。",
            "反映出{party}贯彻决策部署不够坚决有力。",
            "{party}研究部署和督促落实不够。",
            "反映出有关部门政绩观存在偏差。",
        ],
    ),
    (
        "F2",
        &[
            "反映出{party}管党治党责任压得不实。",
            "反映出关键环节监督制约不足。",
            "{party}对重点岗位廉洁风险防控重视不够。",
            "日常监督发现问题能力不强。",
        ],
    ),
    (
        "F3",
        &[
            "反映出{party}执行民主集中制和组织制度不严格。",
            "反映出抓班子带队伍用力不足。",
            "{party}抓基层打基础不够扎实。",
        ],
    ),
    (
        "F4",
        &[
            "反映出{party}整改政治责任扛得不牢。",
            "反映出以改促治意识不强。",
            "{party}对整改工作跟踪问效不够。",
        ],
    ),
];

const FUNDS_OF: [&str; 14] = [
    "技术改造补助资金",
    "科技创新专项资金",
    "海洋产业扶持资金",
    "文化产业发展资金",
    "老旧小区改造资金",
    "现代农业发展资金",
    "电子商务扶持资金",
    "外贸稳增长资金",
    "节能减排专项资金",
    "体育发展专项资金",
    "人才引进奖励资金",
    "会展业扶持资金",
    "物流业发展资金",
    "中小企业发展资金",
];
const BENEFITS: [&str; 10] = [
    "稳岗就业补贴",
    "养老服务补贴",
    "困难群众救助金",
    "残疾人康复补助",
    "职业培训补贴",
    "高龄津贴",
    "公租房租赁补贴",
    "临时救助金",
    "优抚对象补助",
    "困难残疾人生活补贴",
];
const PLACES: [&str; 16] = [
    "澜湾路",
    "松涛路",
    "望潮大道",
    "屿前街",
    "云门路",
    "临港三路",
    "青石巷",
    "沙坂路",
    "渡口街",
    "听涛路",
    "南浦大街",
    "后澳路",
    "石埕路",
    "观澜路",
    "柏树街",
    "河埠头",
];
const PROJECT_KINDS: [&str; 16] = [
    "道路提升工程",
    "污水管网改造工程",
    "安置房项目",
    "综合楼修缮工程",
    "学校扩建工程",
    "河道整治工程",
    "停车场项目",
    "智慧平台项目",
    "绿化景观工程",
    "产业园一期工程",
    "供水管线工程",
    "码头加固工程",
    "实训基地项目",
    "文化中心项目",
    "农贸市场改造工程",
    "边坡治理工程",
];
const FIRM_NAMES: [&str; 24] = [
    "澜晟",
    "屿恒",
    "云拓",
    "青禾源",
    "海桓",
    "松岳筑",
    "临岸",
    "望舟",
    "南湾鼎",
    "博澜",
    "启屿",
    "融砚",
    "佳岸",
    "信桥渡",
    "宏沚",
    "正垚",
    "联澳",
    "永岫",
    "泰渚",
    "天沄",
    "力畲",
    "明埕",
    "瑞峤",
    "同泓",
];
const BUILDERS: [&str; 4] = ["建设有限公司", "工程有限公司", "市政工程有限公司", "工程咨询有限公司"];
const MEDICAL_FIRMS: [&str; 3] = ["医疗器械有限公司", "医药有限公司", "医疗科技有限公司"];
const OTHER_FIRMS: [&str; 6] = [
    "贸易有限公司",
    "科技有限公司",
    "物业服务有限公司",
    "实业有限公司",
    "文化传媒有限公司",
    "农业发展有限公司",
];
const DEPARTMENTS: [&str; 10] = [
    "办公室",
    "人事处",
    "财务处",
    "项目建设处",
    "资产管理处",
    "综合业务处",
    "规划发展处",
    "监管处",
    "信息中心",
    "机关党委",
];

/// The name of an invented company of the trade of a field.
pub(crate) fn firm(field: Option<Field>, dice: &mut Dice) -> String {
    let kinds = match field {
        Some(Field::Bidding) => &BUILDERS[..],
        Some(Field::Medical) => &MEDICAL_FIRMS,
        _ => &OTHER_FIRMS,
    };
    format!("{}{}", dice.pick(&FIRM_NAMES), dice.pick(kinds))
}

/// The name of an invented project.
pub(crate) fn project(dice: &mut Dice) -> String {
    format!("{}{}", dice.pick(&PLACES), dice.pick(&PROJECT_KINDS))
}

/// The name of an invented road.
pub(crate) fn place(dice: &mut Dice) -> &'static str {
    dice.pick(&PLACES)
}

/// Money in 万元 with one or two decimals, as officials write it; the sum is a whole number of 百元.
pub(crate) fn money(fen: i64) -> String {
    let (whole, rest) = (fen / 1_000_000, fen % 1_000_000 / 10_000);
    match rest {
        0 => format!("{whole}万元"),
        _ if rest % 10 == 0 => format!("{whole}.{}万元", rest / 10),
        _ => format!("{whole}.{rest:02}万元"),
    }
}

/// Fills the gaps of a sentence; what one problem says twice it says alike.
pub(crate) struct Gaps<'a> {
    dice: &'a mut Dice,
    party: &'static str,
    latest_year: i64,
    amount_fen: i64,
    people: u32,
    project: String,
    fund: &'static str,
    benefit: &'static str,
    firm: String,
    place: &'static str,
    department: &'static str,
    told_amount: bool,
    told_people: bool,
    /// What the title said, by gap, and the facts have not repeated yet.
    said: Vec<(String, String)>,
}

impl<'a> Gaps<'a> {
    /// `latest_year` is the last full year the sentences may speak of.
    pub(crate) fn new(
        dice: &'a mut Dice,
        party: &'static str,
        latest_year: i32,
        field: Option<Field>,
        scale: Scale,
    ) -> Self {
        Self {
            amount_fen: scale.draw(dice),
            people: dice.between(12, 4_600) as u32,
            project: project(dice),
            fund: dice.pick(&FUNDS_OF),
            benefit: dice.pick(&BENEFITS),
            firm: firm(field, dice),
            place: place(dice),
            department: dice.pick(&DEPARTMENTS),
            party,
            latest_year: i64::from(latest_year),
            told_amount: false,
            told_people: false,
            said: Vec::new(),
            dice,
        }
    }

    /// For sentences of offices, with money of the usual scale and years up to the one before the last.
    pub(crate) fn of_office(dice: &'a mut Dice) -> Self {
        Self::new(dice, "党组", 2022, None, Scale::Usual)
    }

    /// The sentence with its gaps filled.
    pub(crate) fn fill(&mut self, pattern: &str) -> String {
        self.fill_with(pattern, Self::gap)
    }

    /// The same for a title, whose figures the facts must repeat.
    fn fill_title(&mut self, pattern: &str) -> String {
        self.fill_with(pattern, |gaps, name| {
            let value = gaps.gap(name);
            gaps.said.push((name.to_owned(), value.clone()));
            value
        })
    }

    /// The same for the facts under a title.
    fn fill_facts(&mut self, pattern: &str) -> String {
        self.fill_with(pattern, |gaps, name| {
            // Also when the title has said it: the facts decide which sums and numbers of people are told.
            let drawn = gaps.gap(name);
            let said = gaps.said.iter().position(|(gap, _)| gap == name);
            said.map_or(drawn, |place| gaps.said.remove(place).1)
        })
    }

    fn fill_with(&mut self, pattern: &str, mut fill_gap: impl FnMut(&mut Self, &str) -> String) -> String {
        let mut filled = String::with_capacity(pattern.len() * 2);
        let mut rest = pattern;
        while let Some((before, (name, after))) =
            rest.split_once('{').and_then(|(before, gap)| Some((before, gap.split_once('}')?)))
        {
            filled.push_str(before);
            filled.push_str(&fill_gap(self, name));
            rest = after;
        }
        filled.push_str(rest);
        filled
    }

    fn gap(&mut self, name: &str) -> String {
        match name {
            "y" => format!("{}年", self.dice.between(2019, self.latest_year)),
            "span" => format!(
                "{}年至{}年",
                self.dice.between(2017, 2019),
                self.dice.between(2020, self.latest_year)
            ),
            "n" => self.dice.between(2, 9).to_string(),
            "k" => self.dice.between(12, 86).to_string(),
            "area" => (self.dice.between(18, 960) * 10).to_string(),
            "months" => self.dice.between(4, 38).to_string(),
            "pct" => format!("{}.{}%", self.dice.between(11, 68), self.dice.between(1, 9)),
            "amt" => {
                self.told_amount = true;
                money(self.amount_fen)
            }
            "part" => money(self.amount_fen / 10_000 * self.dice.between(6, 60) / 100 * 10_000),
            "people" => {
                self.told_people = true;
                self.people.to_string()
            }
            "proj" => self.project.clone(),
            "fund" => self.fund.to_owned(),
            "benefit" => self.benefit.to_owned(),
            "firm" => self.firm.clone(),
            "dept" => self.department.to_owned(),
            "place" => self.place.to_owned(),
            "party" => self.party.to_owned(),
            unknown => panic!("a sentence has a gap nobody fills: {unknown}"),
        }
    }
}

/// What a unit calls its leading party body.
pub(crate) fn party_of(kind: OrganisationKind) -> &'static str {
    match kind {
        OrganisationKind::Department | OrganisationKind::Extra => "党组",
        OrganisationKind::Street | OrganisationKind::DevelopmentZone => "党工委",
        OrganisationKind::Village => "党总支",
        _ => "党委",
    }
}

/// Below this many characters the facts of a problem read too thin for a feedback.
const BRIEF: usize = 52;

/// Everything about a problem that follows from its wording.
#[derive(Debug)]
pub(crate) struct Wording {
    pub(crate) framework: FrameworkItem,
    pub(crate) category: Category,
    pub(crate) discipline: Option<Discipline>,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) amount_fen: Option<i64>,
    pub(crate) people_affected: Option<u32>,
}

/// What a problem is worded from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Occasion {
    /// The key field, if it lies in one; the medical field only in a medical unit.
    pub(crate) field: Option<Field>,
    pub(crate) kind: OrganisationKind,
    pub(crate) medical_unit: bool,
    pub(crate) source: Source,
    /// The last full year before it was found.
    pub(crate) latest_year: i32,
}

/// Words a problem.
pub(crate) fn problem(occasion: Occasion, dice: &mut Dice) -> Wording {
    let Occasion { field, kind, medical_unit, source, latest_year } = occasion;
    let fits = |phenomenon: &&Phenomenon| {
        phenomenon.field == field
            && match phenomenon.place {
                Where::Anywhere => true,
                Where::Hospitals => medical_unit,
                Where::Schools => kind == OrganisationKind::University,
                Where::Villages => matches!(kind, OrganisationKind::Village | OrganisationKind::Street),
            }
    };
    let fitting: Vec<_> = PHENOMENA.iter().filter(fits).collect();
    let phenomenon = dice.pick(&fitting);
    let lead_in = dice.pick(phrases_of(&LEADS_IN, |found_by| *found_by == source));
    let (titles, facts) = dice.pick(phenomenon.cases);
    let title = dice.pick(titles);
    let judgement = dice.pick(phrases_of(&JUDGEMENTS, |item| phenomenon.framework.code.starts_with(item)));
    let effects = if phenomenon.framework.level1 == d::F12.level1 || phenomenon.framework == d::F24 {
        [&EFFECTS[..], &EFFECTS_OF_MONEY].concat()
    } else {
        EFFECTS.to_vec()
    };
    let effect = dice.pick(&effects);
    let mut gaps = Gaps::new(dice, party_of(kind), latest_year, field, phenomenon.scale);
    let title = gaps.fill_title(title);
    let facts = gaps.fill_facts(facts);
    let mut text = format!("{}{facts}，{}", gaps.fill(lead_in), gaps.fill(effect));
    if text.chars().count() < BRIEF {
        text.push_str("，有关部门和责任人未及时纠正");
    }
    let text = format!("{text}，{}", gaps.fill(judgement));
    Wording {
        framework: phenomenon.framework,
        category: phenomenon.category,
        discipline: phenomenon.discipline,
        title,
        text,
        amount_fen: gaps.told_amount.then_some(gaps.amount_fen),
        people_affected: gaps.told_people.then_some(gaps.people),
    }
}

/// The phrases of the first entry whose key fits.
fn phrases_of<'a, K>(
    table: &'a [(K, &'static [&'static str])],
    fits: impl Fn(&K) -> bool,
) -> &'a [&'static str] {
    table.iter().find(|(key, _)| fits(key)).map_or(&[], |(_, phrases)| phrases)
}
