//! The dictionaries an office starts with; everything in them is its own to change.

use std::collections::HashSet;

use chrono::NaiveDate;
use kit::{Done, Result, WriteCx};

use super::{Dictionary, DictionaryItem, ItemId, NOUN, store};

/// Code, label, code of the parent (empty when there is none).
type Line = (&'static str, &'static str, &'static str);

const FRAMEWORK: &str = "四个落实；二级为本地细分，可按规定调整";
const FOCUS: &str = "市县实践中的三个聚焦，用于对照旧轮次数据；不再使用时请停用";
const LOCAL: &str = "本地分类，由巡察办维护";
const DISCIPLINES: &str = "《中国共产党纪律处分条例》六项纪律";

struct Words {
    kind: Dictionary,
    basis: &'static str,
    lines: &'static [Line],
}

const SEED: &[Words] = &[
    Words {
        kind: Dictionary::Framework1,
        basis: FRAMEWORK,
        lines: &[
            ("F1", "落实党的理论和路线方针政策", ""),
            ("F2", "落实全面从严治党责任", ""),
            ("F3", "落实新时代党的组织路线", ""),
            ("F4", "落实巡察审计等监督整改", ""),
        ],
    },
    Words {
        kind: Dictionary::Framework1,
        basis: FOCUS,
        lines: &[
            ("J1", "聚焦党中央决策部署在基层的落实", ""),
            ("J2", "聚焦群众身边的腐败和作风问题", ""),
            ("J3", "聚焦基层党组织建设", ""),
        ],
    },
    Words {
        kind: Dictionary::Framework2,
        basis: FRAMEWORK,
        lines: &[
            ("F1.1", "学习贯彻重大决策部署", "F1"),
            ("F1.2", "履行核心职能", "F1"),
            ("F1.3", "防范化解重大风险", "F1"),
            ("F1.4", "意识形态工作责任制", "F1"),
            ("F2.1", "主体责任", "F2"),
            ("F2.2", "监督责任", "F2"),
            ("F2.3", "作风建设", "F2"),
            ("F2.4", "廉洁风险防控", "F2"),
            ("F3.1", "领导班子建设", "F3"),
            ("F3.2", "选人用人", "F3"),
            ("F3.3", "基层党组织建设", "F3"),
            ("F4.1", "巡察整改", "F4"),
            ("F4.2", "审计整改", "F4"),
            ("F4.3", "主题教育检视问题整改", "F4"),
        ],
    },
    Words {
        kind: Dictionary::Category1,
        basis: LOCAL,
        lines: &[
            ("C01", "政治建设", ""),
            ("C02", "履职尽责", ""),
            ("C03", "资金管理", ""),
            ("C04", "工程与采购", ""),
            ("C05", "资产管理", ""),
            ("C06", "从严治党", ""),
            ("C07", "组织建设", ""),
            ("C08", "整改落实", ""),
        ],
    },
    Words {
        kind: Dictionary::Category2,
        basis: LOCAL,
        lines: &[
            ("C01.1", "理论学习不深入", "C01"),
            ("C01.2", "决策部署落实不力", "C01"),
            ("C01.3", "意识形态阵地管理不严", "C01"),
            ("C02.1", "核心职能履行不到位", "C02"),
            ("C02.2", "行业监管缺位", "C02"),
            ("C02.3", "政策执行变形走样", "C02"),
            ("C02.4", "服务群众不到位", "C02"),
            ("C03.1", "专项资金沉淀闲置", "C03"),
            ("C03.2", "专项资金使用不规范", "C03"),
            ("C03.3", "绩效管理流于形式", "C03"),
            ("C03.4", "财务管理混乱", "C03"),
            ("C04.1", "招投标不规范", "C04"),
            ("C04.2", "项目推进缓慢", "C04"),
            ("C04.3", "采购程序不合规", "C04"),
            ("C05.1", "资产闲置", "C05"),
            ("C05.2", "出租出借不规范", "C05"),
            ("C05.3", "账实不符", "C05"),
            ("C06.1", "主体责任压力传导不够", "C06"),
            ("C06.2", "监督执纪宽松软", "C06"),
            ("C06.3", "违反中央八项规定精神", "C06"),
            ("C06.4", "形式主义官僚主义", "C06"),
            ("C07.1", "议事决策不规范", "C07"),
            ("C07.2", "选人用人程序不严", "C07"),
            ("C07.3", "基层党建薄弱", "C07"),
            ("C08.1", "整改不到位", "C08"),
        ],
    },
    Words {
        kind: Dictionary::Field,
        basis: LOCAL,
        lines: &[
            ("bidding", "招投标", ""),
            ("state_assets", "国有资产", ""),
            ("medical", "医药", ""),
            ("education", "教育", ""),
            ("benefit", "惠民", ""),
            ("special_funds", "专项资金", ""),
            ("rural", "乡村振兴", ""),
            ("innovation_base", "创新基地", ""),
            ("economic_support", "经济扶持", ""),
            ("other", "其他", ""),
        ],
    },
    Words {
        kind: Dictionary::SuggestionField,
        basis: LOCAL,
        lines: &[
            ("bidding", "招投标", ""),
            ("state_assets", "国有资产", ""),
            ("medical", "医药", ""),
            ("education", "教育", ""),
            ("benefit", "惠民", ""),
            ("special_funds", "专项资金", ""),
            ("rural", "乡村振兴", ""),
            ("innovation_base", "创新基地", ""),
            ("economic_support", "经济扶持", ""),
            ("governance", "行业治理", ""),
            ("party_building", "党的建设", ""),
            ("other", "其他", ""),
        ],
    },
    Words {
        kind: Dictionary::ProblemNature,
        basis: LOCAL,
        lines: &[
            ("individual", "个性问题", ""),
            ("common", "共性问题", ""),
            ("institutional", "体制机制问题", ""),
            ("historical", "历史遗留问题", ""),
            ("recurring", "边改边犯", ""),
        ],
    },
    Words {
        kind: Dictionary::ResponsibilityKind,
        basis: "党内问责有关规定中的责任划分",
        lines: &[
            ("principal", "主体责任", ""),
            ("first_person", "第一责任人责任", ""),
            ("supervisory", "监督责任", ""),
            ("main_leadership", "主要领导责任", ""),
            ("important_leadership", "重要领导责任", ""),
            ("direct", "直接责任", ""),
        ],
    },
    Words {
        kind: Dictionary::DisciplineKind,
        basis: DISCIPLINES,
        lines: &[
            ("political", "政治纪律", ""),
            ("organisational", "组织纪律", ""),
            ("integrity", "廉洁纪律", ""),
            ("mass", "群众纪律", ""),
            ("work", "工作纪律", ""),
            ("life", "生活纪律", ""),
        ],
    },
    Words {
        kind: Dictionary::ProblemSource,
        basis: LOCAL,
        lines: &[
            ("talk", "个别谈话", ""),
            ("petition", "信访", ""),
            ("files", "调阅资料", ""),
            ("meeting", "列席会议、座谈", ""),
            ("visit", "下沉了解", ""),
            ("data_model", "数据模型疑点", ""),
            ("briefing", "巡前通报", ""),
            ("brought", "带件", ""),
            ("audit", "审计", ""),
            ("personal_reports", "抽查个人有关事项", ""),
            ("look_back", "上次巡察未整改", ""),
        ],
    },
    Words {
        kind: Dictionary::LeadCategory,
        basis: LOCAL,
        lines: &[
            ("bribery", "贪污贿赂", ""),
            ("dereliction", "滥用职权、玩忽职守", ""),
            ("benefit_transfer", "利益输送", ""),
            ("bidding", "插手工程、围标串标", ""),
            ("public_funds", "套取、挪用公款", ""),
            ("appointments", "违规选人用人", ""),
            ("eight_rules", "违反中央八项规定精神", ""),
            ("mass_interest", "侵害群众利益", ""),
            ("other", "其他", ""),
        ],
    },
    Words {
        kind: Dictionary::LeadSource,
        basis: LOCAL,
        lines: &[
            ("petition", "信访举报", ""),
            ("talk", "个别谈话", ""),
            ("files", "调阅资料", ""),
            ("data_model", "数据模型疑点", ""),
            ("audit", "审计移送", ""),
            ("brought", "带件", ""),
            ("other", "其他", ""),
        ],
    },
    Words {
        kind: Dictionary::LeadRoute,
        basis: "按反映内容确定移交去向，巡视工作条例（2017年修订）第二十八条口径",
        lines: &[
            ("discipline", "纪检监察机关", ""),
            ("stationed", "派驻机构", ""),
            ("organisation", "组织部门", ""),
            ("police", "政法、公安机关", ""),
            ("department", "主管部门", ""),
            ("upper", "上级机关", ""),
        ],
    },
    Words {
        kind: Dictionary::ResultUseKind,
        basis: LOCAL,
        lines: &[
            ("suggestion", "巡察建议", ""),
            ("special_report", "专题报告", ""),
            ("common_problem", "共性问题移交", ""),
            ("campaign", "行业专项治理", ""),
            ("discipline_suggestion", "纪检监察建议", ""),
            ("audit_lead", "审计项目线索", ""),
            ("cadre_assessment", "干部考核参考", ""),
            ("rule_revision", "制度修订", ""),
        ],
    },
    Words {
        kind: Dictionary::MeetingKind,
        basis: LOCAL,
        lines: &[
            ("mobilisation", "动员部署会", ""),
            ("entry_talk", "进驻沟通会", ""),
            ("entry_mobilisation", "进驻动员会", ""),
            ("team", "组务会", ""),
            ("branch", "临时党支部会", ""),
            ("forum", "座谈会", ""),
            ("attended", "列席会议", ""),
            ("mid_term", "中期会商", ""),
            ("team_office", "组办会商", ""),
            ("leading_group", "领导小组会", ""),
            ("secretary", "书记专题会", ""),
            ("standing_committee", "常委会", ""),
            ("five_members", "五人小组会", ""),
            ("feedback_head", "反馈会（主要负责人）", ""),
            ("feedback_leadership", "反馈会（班子）", ""),
            ("hand_over", "移交会", ""),
            ("democratic_life", "整改专题民主生活会", ""),
            ("rectification", "整改推进会", ""),
            ("joint", "联席会议", ""),
        ],
    },
    Words {
        kind: Dictionary::PetitionChannel,
        basis: LOCAL,
        lines: &[
            ("letter", "来信", ""),
            ("phone", "来电", ""),
            ("visit", "来访", ""),
            ("box", "举报箱", ""),
            ("mail", "邮箱、网络", ""),
            ("code", "扫码", ""),
            ("website", "网上来信", ""),
            ("assigned", "上级交办", ""),
            ("passed", "部门移送", ""),
        ],
    },
    Words {
        kind: Dictionary::PetitionDecision,
        basis: LOCAL,
        lines: &[
            ("verify", "受理核实", ""),
            ("merged", "并入已有", ""),
            ("to_unit", "转被巡察单位", ""),
            ("to_department", "转职能部门", ""),
            ("to_petition_office", "转信访部门", ""),
            ("refused", "不予受理", ""),
            ("filed", "存档备查", ""),
        ],
    },
    Words {
        kind: Dictionary::PetitionCategory,
        basis: "受理范围：领导班子及成员、下一级主要负责人、重点岗位人员违反六项纪律等问题，其余转有关单位；由巡察办维护",
        lines: &[
            ("political", "政治纪律和政治立场", ""),
            ("organisation", "选人用人和组织纪律", ""),
            ("integrity", "廉洁纪律", ""),
            ("masses", "群众纪律和侵害群众利益", ""),
            ("work", "工作纪律和不担当不作为", ""),
            ("life", "生活纪律", ""),
            ("welfare", "工资福利和个人待遇", ""),
            ("dispute", "涉法涉诉和民事纠纷", ""),
            ("service", "业务咨询和政策诉求", ""),
            ("other", "其他", ""),
        ],
    },
    Words {
        kind: Dictionary::IntakeWord,
        basis: "查询码只答复是否收到、是否转出；停用的用语不对外公布，由巡察办决定",
        lines: &[
            ("received", "来信已由巡察机构收到，正在按程序处理。", ""),
            ("handed_on", "来信所反映的情况已按规定转有关部门或单位处理。", ""),
        ],
    },
    Words {
        kind: Dictionary::TalkClass,
        basis: LOCAL,
        lines: &[
            ("top_leader", "主要负责人", ""),
            ("leadership", "领导班子", ""),
            ("duties", "履行核心职能", ""),
            ("responsibility", "全面从严治党责任", ""),
            ("appointments", "选人用人", ""),
            ("integrity", "廉洁自律", ""),
            ("conduct", "作风建设", ""),
            ("rectification", "巡察和审计整改", ""),
            ("suggestions", "意见建议", ""),
            ("other", "其他", ""),
        ],
    },
    Words {
        kind: Dictionary::ReportSection,
        basis: "代码依次为报告类型、顺序和内容（basics 基本情况、findings 按监督重点排列的问题、free 自行编写），由巡察办确定",
        lines: &[
            ("main.1.basics", "基本情况", ""),
            ("main.2.free", "总体评价", ""),
            ("main.3.findings", "发现的主要问题", ""),
            ("main.4.free", "意见建议", ""),
            ("main.5.free", "需要说明的事项", ""),
            ("top_leader.1.findings", "履行第一责任人责任情况", ""),
            ("top_leader.2.free", "需要说明的事项", ""),
            ("discipline_head.1.findings", "履行监督责任情况", ""),
            ("discipline_head.2.free", "意见建议", ""),
            ("leadership_team.1.findings", "班子整体运行和成员履职情况", ""),
            ("leadership_team.2.free", "意见建议", ""),
            ("special.1.basics", "基本情况", ""),
            ("special.2.free", "主要问题和分析", ""),
            ("special.3.free", "意见建议", ""),
            ("lead.1.free", "反映的主要问题", ""),
            ("lead.2.free", "处理建议", ""),
            ("check.1.basics", "基本情况", ""),
            ("check.2.findings", "检查发现的问题", ""),
            ("check.3.free", "意见建议", ""),
        ],
    },
    Words {
        kind: Dictionary::ReportFault,
        basis: LOCAL,
        lines: &[
            ("framework", "没有紧扣监督重点和单位职能", ""),
            ("trifles", "以业务问题、细小问题代替政治问题", ""),
            ("qualification", "定性不准、依据引用不当", ""),
            ("evidence", "底稿支撑不足", ""),
            ("area_data", "有个例、缺面上数据", ""),
            ("responsibility", "责任主体笼统", ""),
            ("leads", "线索分类和移交不当", ""),
            ("suggestions", "意见建议空泛", ""),
            ("text", "结构层次和文字不规范", ""),
            ("time", "未按期报送", ""),
        ],
    },
    Words {
        kind: Dictionary::TalkOutline,
        basis: "代码的前半部分是谈话对象类别（any 为通用），由巡察办和各组共同维护",
        lines: &[
            ("any.1", "说明谈话目的、纪律和保密要求，请谈话对象如实反映情况。", ""),
            ("top_leader.1", "担任主要负责人以来，单位落实上级决策部署的总体情况和突出短板是什么？", ""),
            ("top_leader.2", "履行第一责任人责任做了哪些具体工作，对班子成员如何教育、管理、监督？", ""),
            ("top_leader.3", "重大决策、重要人事、重大项目和大额资金是怎样研究决定的？", ""),
            ("top_leader.4", "上次巡察、审计指出的问题还有哪些没有整改到位，原因是什么？", ""),
            ("leadership.1", "分管领域的主要职责、重点项目和资金规模，存在哪些廉洁风险？", ""),
            ("leadership.2", "班子议事决策、民主集中制执行情况如何，主要负责人末位表态是否落实？", ""),
            ("leadership.3", "履行“一岗双责”的情况，对分管部门负责人是否开展过提醒谈话？", ""),
            ("key_post.1", "本岗位的权力清单和审批流程是什么，有无一人经办到底的环节？", ""),
            ("key_post.2", "招标采购、资金拨付、资产出租等事项中有没有打招呼、说情的情况？", ""),
            ("middle.1", "本部门承担的核心职能完成情况，工作中最大的困难是什么？", ""),
            ("middle.2", "干部选拔任用和考核奖惩是否公开公正？", ""),
            ("staff.1", "对单位领导班子和主要负责人的总体评价，群众反映最强烈的问题是什么？", ""),
            ("retired.1", "对单位历史遗留问题和退休待遇落实有什么意见？", ""),
            ("any.9", "还有哪些需要向巡察组反映的问题和建议？", ""),
        ],
    },
    Words {
        kind: Dictionary::QuestionnaireItem,
        basis: LOCAL,
        lines: &[
            ("q01", "单位贯彻落实上级重大决策部署的情况", ""),
            ("q02", "领导班子团结协作、民主决策的情况", ""),
            ("q03", "主要负责人履行第一责任人责任的情况", ""),
            ("q04", "选人用人公道正派的情况", ""),
            ("q05", "领导班子成员廉洁自律的情况", ""),
            ("q06", "执行中央八项规定精神、改进作风的情况", ""),
            ("q07", "为群众和企业办事的效率和态度", ""),
            ("q08", "上次巡察、审计反馈问题的整改情况", ""),
        ],
    },
    Words {
        kind: Dictionary::AnnouncementText,
        basis: "参照近年公开发布的巡察公告归纳，由巡察办维护",
        lines: &[
            ("opening", "根据市委巡察工作安排，{team}将对{units}开展{name}。", ""),
            ("period", "巡察组现场工作时间为{from}至{to}。", ""),
            (
                "scope",
                "巡察组主要受理反映领导班子及其成员、下一级主要负责人和重点岗位人员违反六项纪律等方面问题的来信来电来访。",
                "",
            ),
            (
                "not_in_scope",
                "其他与巡察工作无直接关系的个人诉求、涉法涉诉等信访问题，将按规定转交有关单位处理。",
                "",
            ),
            ("closing", "欢迎广大干部群众如实反映情况，巡察组对反映人的信息严格保密。", ""),
        ],
    },
    Words {
        kind: Dictionary::DoubtConclusion,
        basis: LOCAL,
        lines: &[
            ("excluded", "排除", ""),
            ("to_draft", "转底稿", ""),
            ("to_lead", "转线索", ""),
            ("to_department", "转部门", ""),
            ("continued", "继续核实", ""),
        ],
    },
    Words {
        kind: Dictionary::CloseoutOpinion,
        basis: LOCAL,
        lines: &[
            ("agreed", "同意销号", ""),
            ("more", "补充材料", ""),
            ("returned", "整改不到位退回", ""),
            ("continued", "转持续整改", ""),
            ("look_back", "纳入回头看", ""),
        ],
    },
    Words {
        kind: Dictionary::EvaluationGrade,
        basis: "地方惯例，待核",
        lines: &[("good", "好", ""), ("fair", "较好", ""), ("ordinary", "一般", ""), ("poor", "差", "")],
    },
    Words {
        kind: Dictionary::Speciality,
        basis: LOCAL,
        lines: &[
            ("discipline", "纪检监察", ""),
            ("organisation", "党建组工", ""),
            ("finance", "财务审计", ""),
            ("engineering", "工程建设、招投标", ""),
            ("assets", "国资国企", ""),
            ("law", "法律", ""),
            ("data", "数据分析", ""),
            ("writing", "文稿综合", ""),
            ("other", "其他", ""),
        ],
    },
    Words {
        kind: Dictionary::Retention,
        basis: "文书档案保管期限有关规定",
        lines: &[("permanent", "永久", ""), ("years_30", "30年", ""), ("years_10", "10年", "")],
    },
];

/// Enters the items whose codes a dictionary does not have yet; what the office has changed stays.
/// Answers how many were entered.
pub async fn seed(cx: &mut WriteCx) -> Result<usize> {
    let held: HashSet<(Dictionary, String)> =
        store::all(cx).await?.into_iter().map(|item| (item.kind, item.code)).collect();
    let mut missing = Vec::new();
    let mut positions = std::collections::HashMap::<Dictionary, i64>::new();
    for words in SEED {
        for &(code, label, parent) in words.lines {
            let position = positions.entry(words.kind).and_modify(|place| *place += 10).or_insert(10);
            if !held.contains(&(words.kind, code.to_owned())) {
                missing.push(item(cx, words, (code, label, parent), *position));
            }
        }
    }
    let count = missing.len();
    for item in &missing {
        cx.index(NOUN, item.id, item.label.clone());
    }
    if let Some(first) = missing.first() {
        cx.done(Done::new(NOUN, first.id, "seed", "建立字典").note(format!("共{count}项")));
    }
    cx.insert_all(missing).await?;
    Ok(count)
}

fn item(cx: &WriteCx, words: &Words, (code, label, parent): Line, position: i64) -> DictionaryItem {
    DictionaryItem {
        id: ItemId(cx.new_id()),
        version: 1,
        kind: words.kind,
        code: code.to_owned(),
        label: label.to_owned(),
        parent: Some(parent.to_owned()).filter(|parent| !parent.is_empty()),
        position,
        valid_from: FIRST_DAY,
        valid_to: None,
        basis: words.basis.to_owned(),
    }
}

/// Early enough for every record an office may bring along.
const FIRST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(2015, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_every_parent_exists_one_level_up() {
        let mut seen = HashSet::new();
        for words in SEED {
            for (code, ..) in words.lines {
                assert!(seen.insert((words.kind, *code)), "{code}");
            }
        }
        for words in SEED {
            for (code, _, parent) in words.lines.iter().filter(|(_, _, parent)| !parent.is_empty()) {
                let above = match words.kind {
                    Dictionary::Framework2 => Dictionary::Framework1,
                    Dictionary::Category2 => Dictionary::Category1,
                    other => panic!("{other:?} has one level"),
                };
                assert!(seen.contains(&(above, *parent)), "{code}");
            }
        }
    }

    #[test]
    fn no_dictionary_starts_empty() {
        use kit::Labelled as _;
        for kind in Dictionary::ALL {
            assert!(SEED.iter().any(|words| words.kind == *kind), "{kind:?}");
        }
    }
}
