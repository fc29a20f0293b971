//! Invented reports: what a kind of report looks like when it is written, for templates and the handbook. What is sealed
//! opens for a reason only, and no reason is enough to show somebody's text in a catalogue.

use kit::{Cx, Result};

use super::{Kind, desk};
use crate::prose::{
    Cite,
    assemble::{Content, Matter, Section, assemble},
};

/// The organisation that the invented reports are about.
pub const UNIT: &str = "市某某局";
/// The team that wrote them.
pub const TEAM: &str = "市委某巡察组";
/// The inspection they come from.
pub const INSPECTION: &str = "某轮巡察";

const BASICS: &str = "根据市委统一部署，市委某巡察组对市某某局开展了某轮巡察。巡察期间，与干部群众谈话86人次，受理信访23件，调阅资料410份，走访下属单位7家，编写问题底稿31份。";

/// A matter: in one sentence, what is seen, what it amounts to, who answers for it.
type Told = [&'static str; 4];

const TOP_LEADER: [Told; 3] = [
    [
        "贯彻落实上级决策部署研究不深",
        "近三年党组会议传达学习后提出具体措施的不足三成，两项重点任务交由分管副职牵头后没有再听取过汇报",
        "第一责任人抓落实不到底，不符合党组工作条例关于集体研究决定重大事项的规定",
        "主要负责人负第一责任",
    ],
    [
        "对班子成员教育管理监督不够",
        "两名班子成员分管领域连续发生违规采购问题，均只在会上一般提醒，没有开展专项谈话",
        "履行全面从严治党第一责任人责任不到位",
        "主要负责人负主要领导责任",
    ],
    [
        "民主集中制执行不严",
        "抽查的19次党组会议中有6次主要负责人先于其他成员表态，一项420万元的工程变更会前已经答复施工单位",
        "违反末位表态和重大项目集体决策的规定",
        "主要负责人负直接责任",
    ],
];

const DISCIPLINE_HEAD: [Told; 3] = [
    [
        "监督责任落实不平衡",
        "三年来开展日常监督检查11次，其中9次是节日期间查岗，对工程项目、专项资金监督只有2次",
        "日常监督偏离主责主业",
        "纪检组长负主要领导责任",
    ],
    [
        "问题线索处置不规范",
        "抽查的14件线索中有3件超过规定期限没有提出处置意见，2件谈话函询没有留存书面说明",
        "不符合监督执纪工作规则关于线索处置时限和台账管理的要求",
        "纪检组长负直接责任，承办人员负直接责任",
    ],
    [
        "对“一把手”监督偏软",
        "对6次会议主要负责人先行表态没有提出过意见，民主生活会对主要负责人的批评意见多为工作建议",
        "同级监督作用发挥不充分",
        "纪检组长负主要领导责任",
    ],
];

const LEADERSHIP: [Told; 3] = [
    [
        "班子谋划全局的能力有差距",
        "五年规划的23项任务到期完成15项，未完成的8项没有分析原因，也没有调整计划",
        "抓重点任务统筹推进不力",
        "班子集体负责，分管负责人负主要领导责任",
    ],
    [
        "干部队伍结构不合理",
        "中层干部平均年龄51岁，35岁以下的只有1人，3个科室负责人任职超过10年没有交流",
        "选人用人长远考虑不足",
        "党组书记、分管人事的副书记负主要领导责任",
    ],
    [
        "班子成员联系基层流于形式",
        "7名班子成员中有4人联系点一年只到过一次，收集的29条意见答复了12条",
        "不符合联系服务群众的制度要求",
        "有关班子成员分别负责",
    ],
];

const FREE: [(&str, &str); 3] = [
    (
        "意见",
        "一是对照本报告指出的问题逐条核实，明确责任人和完成时限。二是把监督重点放到工程项目、专项资金和选人用人上，每季度至少开展一次专项检查。三是有关情况在民主生活会上作出说明。",
    ),
    (
        "处理",
        "建议由纪检监察机关对上述线索开展初步核实。有关账册、合同和谈话记录已按规定封存，随本报告附线索移交清单，由专人送达。",
    ),
    (
        "主要问题",
        "反映市某某局某科室负责人在设备采购中把同一批设备拆成三次询价，合计146万元，三次成交供应商的联系电话相同；其近亲属在其中一家供应商任职。巡察组核对了采购文件、付款凭证和工商登记，与反映内容基本一致。",
    ),
];
/// What stands under a heading of which nothing else is known.
const OTHERWISE: &str = "以上情况经巡察组集体研究，所列事实均有经审批的问题底稿，底稿和佐证材料存巡察组备查。谈话对象对事实没有异议，个人意见已如实记录。";

/// A report of `kind` as it might be written, in the sections that the office has laid down: its text as it is typed.
pub async fn specimen(cx: &Cx, kind: Kind) -> Result<String> {
    let groups = desk::groups(cx).await?;
    let codes = groups.iter().filter_map(|group| group.codes.first());
    let matters: Vec<Matter> = told(kind).iter().zip(codes).map(|(told, code)| matter(told, code)).collect();
    let written = |section: Section| match section.content {
        Content::Free => format!("# {}\n{}", section.heading, free(&section.heading)),
        Content::Basics | Content::Findings => {
            assemble(&[section], &[BASICS.to_owned()], &groups, &matters).plain()
        }
    };
    let parts: Vec<String> = desk::sections(cx, kind).await?.into_iter().map(written).collect();
    Ok(parts.join("\n"))
}

fn told(kind: Kind) -> [Told; 3] {
    match kind {
        Kind::TopLeader => TOP_LEADER,
        Kind::DisciplineHead => DISCIPLINE_HEAD,
        Kind::LeadershipTeam | Kind::Main | Kind::Special | Kind::Lead | Kind::Check => LEADERSHIP,
    }
}

fn matter(told: &Told, code: &str) -> Matter {
    let [title, phenomenon, qualification, responsibility] = told.map(str::to_owned);
    let cite = Cite { draft: uuid::Uuid::nil(), number: String::new(), digest: String::new() };
    Matter { cite, title, phenomenon, qualification, responsibility, frameworks: vec![code.to_owned()] }
}

fn free(heading: &str) -> &'static str {
    let known = FREE.iter().find(|(word, _)| heading.contains(word));
    known.map_or(OTHERWISE, |(_, text)| text)
}
