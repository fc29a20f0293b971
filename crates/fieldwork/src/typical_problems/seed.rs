//! The entries an office starts with. The wording is a proposal, the rules are named in general; the
//! office checks, corrects and completes both.

use db::Sql;
use kit::{Result, WriteCx};

use super::{
    NOUN,
    actions::{self, Entry},
};
use crate::drafts::content::Basis;

struct Line {
    category: &'static str,
    framework: &'static str,
    field: &'static str,
    title: &'static str,
    manifestation: &'static str,
    bases: &'static [(&'static str, &'static str)],
    responsibility: &'static str,
    evidence: &'static str,
}

const PARTY: &str = "中国共产党章程";
const LEADERSHIP: &str = "党组工作有关条例";
const FUNDS: &str = "专项资金管理有关办法";
const BIDDING: &str = "招标投标有关法律法规";

const SEED: &[Line] = &[
    Line {
        category: "C01.1",
        framework: "F1.1",
        field: "",
        title: "学习贯彻上级决策部署以文件落实文件",
        manifestation: "学习计划照抄照转，没有结合本单位职能研究具体措施；中心组学习以传阅代替研讨，会议记录没有讨论内容。",
        bases: &[
            (PARTY, "党的组织制度部分，条款由巡察办核定"),
            (LEADERSHIP, "学习和决策部分，条款由巡察办核定"),
        ],
        responsibility: "党组（党委）负主体责任，主要负责人负第一责任人责任。",
        evidence: "学习计划、会议记录和签到、上级文件办理单、贯彻落实措施文件。",
    },
    Line {
        category: "C02.1",
        framework: "F1.2",
        field: "",
        title: "核心职能履行不到位，重点任务长期滞后",
        manifestation: "年度重点任务连续未完成，任务分解没有责任人和时限；对进展滞后不分析、不督办。",
        bases: &[("本单位“三定”规定", "主要职责部分，条款由巡察办核定")],
        responsibility: "领导班子负主体责任，分管负责人负主要领导责任。",
        evidence: "“三定”规定、年度任务清单、督办单、完成情况报表、主管部门通报。",
    },
    Line {
        category: "C02.4",
        framework: "F1.2",
        field: "medical",
        title: "群众就医负担反映集中，单位底数不清",
        manifestation: "对门诊、急诊费用增长没有统计分析，便民措施停留在纸面，夜间服务缺位。",
        bases: &[("医疗服务和收费管理有关规定", "条款由巡察办核定")],
        responsibility: "医院党委负主体责任，业务分管负责人负主要领导责任。",
        evidence: "近三年费用统计、排班表、投诉登记、现场查看记录、患者谈话记录。",
    },
    Line {
        category: "C03.1",
        framework: "F1.2",
        field: "special_funds",
        title: "专项资金长期沉淀闲置",
        manifestation: "资金到账一年以上未拨付、未使用，项目未开工；年终未按规定清理结余。",
        bases: &[(FUNDS, "拨付使用和结余清理部分，条款由巡察办核定")],
        responsibility: "党组负主体责任，财务和业务分管负责人负主要领导责任，科室负责人负直接责任。",
        evidence: "拨款文件、银行流水、明细账、项目进度表、结余清理记录。",
    },
    Line {
        category: "C03.2",
        framework: "F2.4",
        field: "special_funds",
        title: "挤占挪用专项资金用于日常支出",
        manifestation: "从专项资金中列支办公、接待、人员费用，或在项目之间调剂未经批准。",
        bases: &[(FUNDS, "使用范围部分，条款由巡察办核定"), ("预算管理有关法律", "条款由巡察办核定")],
        responsibility: "主要负责人负第一责任人责任，财务分管负责人负主要领导责任。",
        evidence: "记账凭证和附件、审批单、合同、会议纪要、经办人说明。",
    },
    Line {
        category: "C03.4",
        framework: "F2.4",
        field: "",
        title: "财务报销审核把关不严",
        manifestation: "报销附件不全、发票与事项不符、审批倒签，长期往来款不清理。",
        bases: &[("单位财务和会计基础工作有关规定", "条款由巡察办核定")],
        responsibility: "财务分管负责人负主要领导责任，经办和审核人员负直接责任。",
        evidence: "凭证原件、往来款明细、审批流程记录、经办人谈话记录。",
    },
    Line {
        category: "C04.1",
        framework: "F2.4",
        field: "bidding",
        title: "化整为零规避公开招标",
        manifestation: "同一项目拆分为若干合同分别发包，单项金额刚好低于招标限额；时间、内容、承包人高度接近。",
        bases: &[(BIDDING, "必须招标和禁止规避部分，条款由巡察办核定")],
        responsibility: "主要负责人负第一责任人责任，项目分管负责人负主要领导责任。",
        evidence: "项目立项和概算批复、全部合同、付款凭证、会议纪要、施工现场照片。",
    },
    Line {
        category: "C04.1",
        framework: "F2.4",
        field: "bidding",
        title: "投标文件异常一致，评审走过场",
        manifestation: "不同投标人的文件内容、错漏、联系方式或上传环境一致，报价呈规律性差异，评审未发现、未报告。",
        bases: &[(BIDDING, "禁止串通投标部分，条款由巡察办核定")],
        responsibility: "招标人负主体责任，业主代表和代理机构经办人负直接责任。",
        evidence: "电子投标文件、平台日志、评标报告、报价表、企业登记信息。",
    },
    Line {
        category: "C05.1",
        framework: "F1.2",
        field: "state_assets",
        title: "国有房产长期闲置，底数不清",
        manifestation: "房产空置一年以上无人过问，台账与现场不符，没有盘活计划。",
        bases: &[("国有资产管理有关规定", "使用和处置部分，条款由巡察办核定")],
        responsibility: "党组负主体责任，资产分管负责人负主要领导责任。",
        evidence: "资产台账、产权证、现场照片、租赁合同、盘点表。",
    },
    Line {
        category: "C05.2",
        framework: "F2.4",
        field: "state_assets",
        title: "出租国有资产不公开、不评估",
        manifestation: "未经评估和公开程序直接出租，租金明显低于周边，欠租不催收，收入不入账。",
        bases: &[("国有资产管理有关规定", "出租出借部分，条款由巡察办核定")],
        responsibility: "资产分管负责人负主要领导责任，经办人负直接责任。",
        evidence: "租赁合同、评估报告、租金收缴台账、银行流水、周边租金比对。",
    },
    Line {
        category: "C06.1",
        framework: "F2.1",
        field: "",
        title: "全面从严治党压力传导层层递减",
        manifestation: "责任清单上下一般粗，班子成员“一岗双责”只谈业务，对下属单位从未开展监督检查。",
        bases: &[
            (PARTY, "党的纪律部分，条款由巡察办核定"),
            ("落实全面从严治党主体责任有关规定", "条款由巡察办核定"),
        ],
        responsibility: "主要负责人负第一责任人责任，班子成员按分工负领导责任。",
        evidence: "责任清单、谈话提醒记录、检查通报、会议记录。",
    },
    Line {
        category: "C06.3",
        framework: "F2.3",
        field: "",
        title: "公务接待、差旅费管理不严",
        manifestation: "无公函接待、超标准接待，差旅费重复领取补助，培训会议借机旅游。",
        bases: &[
            ("中央八项规定及其实施细则精神", "条款由巡察办核定"),
            ("公务接待和差旅费管理有关规定", "条款由巡察办核定"),
        ],
        responsibility: "主要负责人负第一责任人责任，审批人负主要领导责任，经办人负直接责任。",
        evidence: "接待清单、公函、菜单、差旅报销凭证、考勤记录。",
    },
    Line {
        category: "C07.1",
        framework: "F3.1",
        field: "",
        title: "“三重一大”事项未经集体研究",
        manifestation: "大额资金、重要项目由个人或办公会决定，会议记录缺失或事后补记，主要负责人未末位表态。",
        bases: &[(LEADERSHIP, "议事决策部分，条款由巡察办核定")],
        responsibility: "主要负责人负第一责任人责任，班子成员负重要领导责任。",
        evidence: "议事规则、会议记录原件、支出凭证、合同、参会人员谈话记录。",
    },
    Line {
        category: "C07.2",
        framework: "F3.2",
        field: "",
        title: "选人用人程序缺失",
        manifestation: "动议酝酿无记录，考察材料雷同，个人有关事项核查和廉政意见未在任前完成。",
        bases: &[("党政领导干部选拔任用有关条例", "程序部分，条款由巡察办核定")],
        responsibility: "党组负主体责任，组织人事负责人负直接责任。",
        evidence: "选任全程纪实材料、会议记录、考察材料、任免文件。",
    },
    Line {
        category: "C08.1",
        framework: "F4.1",
        field: "",
        title: "上次巡察反馈问题整改不实",
        manifestation: "以制度代替整改、以开会代替落实，已销号问题反弹，问责追责缺位。",
        bases: &[("巡视巡察整改有关规定", "条款由巡察办核定")],
        responsibility: "党组负整改主体责任，主要负责人负第一责任人责任。",
        evidence: "上次反馈意见和整改报告、销号材料、现场核查记录、谈话记录。",
    },
];

/// Enters what this version of the program brings and has not arrived here yet; what an office has changed or
/// put aside stays as it is. Answers how many were entered.
pub async fn seed(cx: &mut WriteCx) -> Result<usize> {
    let settled = cx.number(Sql::new("select count(*) from typical_problem")).await? > 0;
    let codes: Vec<&str> = SEED.iter().map(|line| line.title).collect();
    let places = kit::seeds::arriving(cx, NOUN, &codes, settled).await?;
    for line in places.iter().filter_map(|place| SEED.get(*place)) {
        let basis =
            |(rule, article): &(&str, &str)| Basis { rule: (*rule).into(), article: (*article).into() };
        let entry = Entry {
            title: line.title.to_owned(),
            manifestation: line.manifestation.to_owned(),
            category_2: line.category.to_owned(),
            framework_2: line.framework.to_owned(),
            field: line.field.to_owned(),
            bases: line.bases.iter().map(basis).collect(),
            responsibility: line.responsibility.to_owned(),
            evidence: line.evidence.to_owned(),
        };
        actions::enter(cx, entry).await?;
    }
    Ok(places.len())
}
