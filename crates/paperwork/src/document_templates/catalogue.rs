//! The office's documents to begin with, in our own wording. Who drafts, approves and reads each follows the catalogue of
//! documents; the office revises all of it.

use super::{Grade, Layout, actions::Writing};

/// A kind of document.
pub(super) struct Kind {
    pub(super) code: &'static str,
    label: &'static str,
    pub(super) noun: &'static str,
    form: Layout,
    series: &'static str,
    title: &'static str,
    addressees: &'static str,
    copies: &'static str,
    body: &'static str,
    grade: Grade,
    drafted_by: &'static str,
    approved_by: &'static str,
    audience: &'static str,
}

impl Kind {
    /// The kind as an office would have written it.
    pub(super) fn writing(&self) -> Writing {
        let issuer = match self.form {
            Layout::RedHead => "{{ 机关 }}文件",
            Layout::Letter => "{{ 机关 }}",
            Layout::Minutes => "{{ 机关 }}会议纪要",
            Layout::Plain | Layout::Ledger => "",
        };
        let signed = matches!(self.form, Layout::RedHead | Layout::Letter);
        Writing {
            label: self.label.into(),
            form: self.form,
            issuer: issuer.into(),
            series: self.series.into(),
            title: self.title.into(),
            addressees: self.addressees.into(),
            copies: self.copies.into(),
            body: self.body.trim().into(),
            signatory: if signed { "{{ 机关 }}".into() } else { String::new() },
            grade: self.grade,
            drafted_by: self.drafted_by.into(),
            approved_by: self.approved_by.into(),
            audience: self.audience.into(),
        }
    }
}

const UNIT: &str = "inspection_units";
const REPORT: &str = "reports";
const MATERIAL: &str = "materials";

/// A kind without numbering, on inspected units, kept internally.
const PLAIN: Kind = Kind {
    code: "",
    label: "",
    noun: UNIT,
    form: Layout::Plain,
    series: "",
    title: "",
    addressees: "",
    copies: "",
    body: "",
    grade: Grade::Internal,
    drafted_by: "巡察组",
    approved_by: "巡察办",
    audience: "巡察组、巡察办",
};

/// What lays out a report (`crate::official`): its own title and text, and that it is not final yet.
const ITSELF: Kind = Kind {
    noun: REPORT,
    title: "{{ 名称 }}{% if 送审稿 %}（{{ 送审稿 }}）{% endif %}",
    addressees: "市委巡察工作领导小组",
    body: "{{ 正文 }}",
    grade: Grade::WorkSecret,
    approved_by: "领导小组、市委",
    ..PLAIN
};

/// The same for the restricted materials.
const RESTRICTED: Kind = Kind { noun: MATERIAL, approved_by: "领导小组", ..ITSELF };

pub(super) const CATALOGUE: &[Kind] = &[
    Kind {
        code: "D01",
        label: "年度巡察工作计划",
        noun: "year_plans",
        form: Layout::RedHead,
        series: "巡办发",
        title: "关于印发{{ 年度 }}年度巡察工作计划的通知",
        addressees: "各巡察组、各区委巡察办",
        copies: "市纪委监委、市委组织部、市审计局",
        body: "
{{ 年度 }}年度巡察工作计划已经批准，现印发给你们，请结合实际认真落实。
+++ {{ 年度 }}年度巡察工作计划
# 总体要求
{{ 计划内容 }}
# 轮次安排
|序号:1|轮次:4|开始日期:3|结束日期:3|
{% for 行 in 本年轮次 %}|{{ loop.index }}|{{ 行.轮次 }}|{{ 行.开始日期 }}|{{ 行.结束日期 }}|
{% endfor %}
# 工作要求
## 依规依纪依法
严格按照权限、规则和程序开展巡察，重要情况及时请示报告。
## 突出重点
紧盯权力和责任，聚焦群众身边的不正之风和腐败问题。",
        drafted_by: "巡察办",
        approved_by: "领导小组、市委",
        audience: "市委、领导小组、巡察办",
        ..PLAIN
    },
    Kind {
        code: "D02",
        label: "本轮巡察工作方案",
        noun: "rounds",
        title: "{{ 名称 }}工作方案",
        body: "
根据{{ 年度 }}年度巡察工作计划，制定本方案。
# 任务和时间
本轮巡察自{{ 开始日期 }}开始，至{{ 结束日期 }}结束。
# 批次安排
|序号:1|批次:5|进度:3|
{% for 行 in 批次 %}|{{ loop.index }}|{{ 行.批次 }}|{{ 行.进度 }}|
{% endfor %}
# 方法步骤
## 准备
组建巡察组，开展巡前培训，商请有关单位通报情况。
## 了解
听取汇报，个别谈话，受理来信来电来访，调阅资料，下沉了解。
## 报告
起草巡察报告和专题材料，逐级审核后提请审议。
# 纪律要求
巡察组不干预被巡察单位正常工作，不履行执纪审查职责，遵守保密和回避规定。",
        drafted_by: "巡察办",
        approved_by: "领导小组",
        audience: "巡察办、巡察组、领导小组",
        ..PLAIN
    },
    Kind {
        code: "D03",
        label: "组长授权任职及任务分工的决定",
        noun: "inspections",
        form: Layout::RedHead,
        series: "巡办发",
        title: "关于{{ 名称 }}组长授权任职及任务分工的决定",
        addressees: "各巡察组",
        copies: "市委组织部",
        body: "
经批准，现就{{ 名称 }}组长授权任职及任务分工决定如下。
# 授权任职
|序号:1|姓名:3|职责:3|授权起:3|
{% for 行 in 巡察组成员 %}|{{ loop.index }}|{{ 行.姓名 }}|{{ 行.职责 }}|{{ 行.授权起 }}|
{% endfor %}
# 任务分工
由上述人员组成巡察组，对{% for 行 in 巡察对象 %}{{ 行.巡察对象 }}{% if not loop.last %}、{% endif %}{% endfor %}开展{{ 巡察类型 }}。
授权一次一定，任务结束后自行终止。",
        drafted_by: "巡察办",
        approved_by: "领导小组、市委",
        audience: "部分公开",
        ..PLAIN
    },
    Kind {
        code: "D04",
        label: "抽调函",
        noun: "inspections",
        form: Layout::Letter,
        series: "巡办函",
        title: "关于商请抽调人员参加巡察工作的函",
        body: "
因{{ 名称 }}工作需要，商请贵单位选派同志参加巡察工作，时间自{{ 开始日期 }}至{{ 结束日期 }}。请将推荐人选于5个工作日内函复，并请支持其在巡察期间脱离原岗位工作。
人选应当政治过硬、熟悉业务，与被巡察单位没有需要回避的情形。
+++ 推荐人选情况表
:: 姓名 ::
:: 单位及职务 ::
:: 专业特长 ::
:: 回避情形 ::
:: 单位意见 ::
~~ 单位负责人",
        drafted_by: "巡察办",
        approved_by: "巡察办主任",
        audience: "抽调人员所在单位、组织部门",
        ..PLAIN
    },
    Kind {
        code: "D05",
        label: "回避申请书",
        noun: "teams",
        title: "回避申请书",
        body: "
:: 申请人 :: {{ 名称 }}
:: 巡察任务 :: {{ 巡察任务 }}
:: 职责 :: {{ 职责 }}
:: 回避情形 ::
:: 申请意见 ::
~~ 申请人
:: 审核意见 ::
~~ 审核人",
        drafted_by: "本人",
        approved_by: "巡察办、领导小组",
        audience: "个人档案",
        ..PLAIN
    },
    Kind {
        code: "D06",
        label: "巡前情况通报商请函",
        form: Layout::Letter,
        series: "巡办函",
        title: "关于商请通报{{ 单位 }}有关情况的函",
        addressees: "市纪委监委、市委组织部、市审计局、市信访局",
        body: "
按照巡察工作安排，拟对{{ 单位 }}开展{{ 巡察类型 }}。商请贵单位就下列情况提供书面材料。
# 领导班子及成员有关情况
近三年日常监督、考核、信访和处理情况。
# 重点领域和关键环节
审计、督查、专项检查发现的主要问题及整改情况。
# 建议关注的事项
请于收到本函之日起10个工作日内以密封件送我办，由专人接收。",
        grade: Grade::WorkSecret,
        drafted_by: "巡察办",
        approved_by: "巡察办主任",
        audience: "巡察组、巡察办，密封",
        ..PLAIN
    },
    Kind {
        code: "D07",
        label: "巡察组工作方案",
        noun: "inspections",
        title: "{{ 名称 }}工作方案",
        body: "
# 任务
对{% for 行 in 巡察对象 %}{{ 行.巡察对象 }}{% if not loop.last %}、{% endif %}{% endfor %}开展{{ 巡察类型 }}，时间自{{ 开始日期 }}至{{ 结束日期 }}。
# 分工
|序号:1|姓名:3|职责:3|
{% for 行 in 巡察组成员 %}|{{ loop.index }}|{{ 行.姓名 }}|{{ 行.职责 }}|
{% endfor %}
# 重点
## 贯彻党中央决策部署和省委、市委工作要求
## 全面从严治党责任
## 基层党组织建设
## 巡视巡察、审计等发现问题整改
# 时间安排
## 进驻和动员
## 集中了解
## 汇总分析
+++ 谈话提纲
# 对班子成员
履行主体责任、分管工作和廉洁自律情况。
# 对中层干部和职工
选人用人、制度执行、群众反映。
+++ 调阅资料清单
|序号:1|资料:6|期间:3|
|1|党委（党组）会议记录|近三年|
|2|财务账簿和凭证|近三年|
|3|干部任免材料|近三年|
|4|工程、采购、资产台账|近三年|",
        audience: "巡察组",
        ..PLAIN
    },
    Kind {
        code: "D08",
        label: "进驻通知",
        form: Layout::RedHead,
        series: "巡办发",
        title: "关于对{{ 单位 }}开展巡察的通知",
        addressees: "{{ 单位 }}",
        copies: "市纪委监委、市委组织部",
        body: "
经批准，{{ 巡察组 }}将对你单位开展{{ 巡察类型 }}，计划于{{ 计划进驻 }}进驻。现将有关事项通知如下。
# 做好汇报准备
准备领导班子工作汇报、全面从严治党工作汇报和选人用人专题汇报。
# 明确联络人员
确定一名班子成员和一名联络员，负责协调保障。
# 发布公告
在办公场所和门户网站公布巡察公告，公布联系方式和受理范围。
# 严明纪律
不得对巡察工作设置障碍，不得打听、干扰谈话和来信来访受理。
+++ 巡察公告
经市委批准，{{ 巡察组 }}对{{ 单位 }}开展{{ 巡察类型 }}。巡察期间受理反映领导班子及其成员、下一级主要负责人和重要岗位人员的来信来电来访，重点是违反政治纪律、组织纪律、廉洁纪律、群众纪律、工作纪律和生活纪律的举报和反映。
其他不属于受理范围的信访问题，按规定转有关部门处理。",
        grade: Grade::Open,
        drafted_by: "巡察办",
        approved_by: "巡察办主任",
        audience: "被巡察单位；公告公开",
        ..PLAIN
    },
    Kind {
        code: "D09",
        label: "动员讲话",
        title: "在对{{ 单位 }}巡察工作动员会上的讲话",
        body: "
按照市委统一部署，{{ 巡察组 }}从今天起对{{ 单位 }}开展{{ 巡察类型 }}。
# 提高认识，把握巡察的政治定位
# 聚焦重点，准确发现问题
# 加强配合，保障工作顺利开展
# 严守纪律，接受各方面监督",
        audience: "巡察组",
        ..PLAIN
    },
    Kind {
        code: "D10",
        label: "民主测评表",
        title: "{{ 单位 }}领导班子民主测评表",
        body: "
请在相应栏内画“√”，不署名。
|序号:1|测评内容:6|好:1|较好:1|一般:1|差:1|
|1|贯彻党中央决策部署和上级要求|||||
|2|履行全面从严治党责任|||||
|3|执行民主集中制|||||
|4|选人用人|||||
|5|作风建设和为民服务|||||
|6|廉洁自律|||||
您的意见和建议：",
        audience: "仅统计使用",
        ..PLAIN
    },
    Kind {
        code: "D11",
        label: "谈话记录",
        title: "谈话记录",
        body: "
:: 被巡察单位 :: {{ 单位 }}
:: 谈话对象 ::
:: 职务 ::
:: 谈话人 ::
:: 记录人 ::
:: 时间、地点 ::
:: 谈话内容 ::
~~ 谈话人
~~ 记录人",
        grade: Grade::WorkSecret,
        audience: "巡察组，密封",
        ..PLAIN
    },
    Kind {
        code: "D12",
        label: "来信来电来访登记表",
        title: "来信来电来访登记表",
        body: "
:: 被巡察单位 :: {{ 单位 }}
:: 登记日期 ::
:: 反映方式 ::
:: 反映问题摘要 ::
:: 是否属于受理范围 ::
:: 拟办意见 ::
:: 办理结果 ::
~~ 登记人
~~ 组长",
        grade: Grade::WorkSecret,
        audience: "巡察组，密封",
        ..PLAIN
    },
    Kind {
        code: "D13",
        label: "调阅资料交接单",
        form: Layout::Ledger,
        title: "{{ 单位 }}调阅资料交接单",
        body: "
|序号:1|资料名称:6|份数:1|调阅人:2|调阅日期:2|归还日期:2|交接人:2|
|1|||||||
|2|||||||
|3|||||||
|4|||||||
|5|||||||
|6|||||||
~~ 移交人
~~ 接收人",
        ..PLAIN
    },
    Kind {
        code: "D14",
        label: "事实确认单",
        noun: "problems",
        title: "事实确认单",
        body: "
:: 编号 :: {{ 编号 }}
:: 被巡察单位 :: {{ 被巡察单位 }}
:: 核实的事实 :: {{ 问题表现 }}
:: 涉及金额 :: {{ 涉及金额元 }}
:: 佐证材料 ::
:: 单位意见 ::
~~ 单位负责人
~~ 经办人
~~ 巡察组核实人",
        audience: "巡察组、被巡察单位有关人员",
        ..PLAIN
    },
    Kind {
        code: "D15",
        label: "问题底稿",
        noun: "problems",
        title: "巡察问题底稿",
        body: "
:: 编号 :: {{ 编号 }}
:: 被巡察单位 :: {{ 被巡察单位 }}
:: 问题 :: {{ 名称 }}
:: 问题表现 :: {{ 问题表现 }}
:: 定性依据 ::
:: 责任主体 ::
:: 证据目录 ::
:: 发现日期 :: {{ 发现日期 }}
:: 组务会意见 ::
~~ 发现人
~~ 撰写人
~~ 副组长
~~ 组长",
        grade: Grade::WorkSecret,
        audience: "巡察组，审核时巡察办",
        ..PLAIN
    },
    Kind {
        code: "D16",
        label: "组务会记录",
        noun: "inspections",
        form: Layout::Minutes,
        title: "{{ 名称 }}组务会记录",
        body: "
会议研究了下列事项。
# 会议议题
# 讨论情况
# 议定事项
@ 出席：{% for 行 in 巡察组成员 %}{{ 行.姓名 }}{% if not loop.last %}、{% endif %}{% endfor %}",
        grade: Grade::WorkSecret,
        audience: "巡察组",
        ..PLAIN
    },
    Kind {
        code: "D17",
        label: "立行立改通知书",
        noun: "problems",
        form: Layout::Letter,
        series: "巡办函",
        title: "立行立改通知书",
        addressees: "{{ 被巡察单位 }}",
        body: "
巡察中发现你单位存在下列问题，具备立即整改的条件，请立行立改。
# 问题
{{ 问题表现 }}
# 要求
## 立即研究，明确责任人和完成时间
## 举一反三，查找同类问题
## 收到本通知之日起15日内书面报告整改结果
+++ 立行立改结果报告
:: 问题 :: {{ 名称 }}
:: 整改措施 ::
:: 整改结果 ::
:: 责任人 ::
~~ 单位主要负责人",
        approved_by: "组长，重要的报领导小组",
        audience: "被巡察单位",
        ..PLAIN
    },
    Kind {
        code: "D18",
        label: "中期会商记录",
        noun: "inspections",
        form: Layout::Minutes,
        title: "{{ 名称 }}中期会商记录",
        body: "
巡察办与巡察组就下列事项会商。
# 进展情况
# 主要问题及定性
# 下一步重点
# 会商意见和采纳情况
@ 出席：
@ 列席：",
        grade: Grade::WorkSecret,
        drafted_by: "巡察办、巡察组",
        ..PLAIN
    },
    Kind {
        code: "D19",
        label: "巡察报告",
        approved_by: "巡察办、领导小组、市委",
        audience: "市委、领导小组；被巡察单位只看反馈意见",
        ..ITSELF
    },
    Kind { code: "D19b", label: "专题报告（巡察组）", audience: "按报送规则", ..ITSELF },
    Kind { code: "D19c", label: "专项检查报告", audience: "按报送规则", ..ITSELF },
    Kind {
        code: "D20",
        label: "专题报告",
        noun: "special_reports",
        title: "{{ 名称 }}",
        body: "
# 基本情况
# 发现的问题
# 原因分析
# 意见建议",
        grade: Grade::WorkSecret,
        drafted_by: "巡察组、巡察办",
        approved_by: "领导小组",
        audience: "收件对象",
        ..PLAIN
    },
    Kind {
        code: "D21",
        label: "问题线索移交清单",
        form: Layout::Ledger,
        title: "问题线索移交清单",
        body: "
线索内容另行密封移交，本清单只记件数和交接。
|序号:1|线索编号:3|移交方向:3|页数:1|密封件编号:3|移交日期:2|接收日期:2|
|1|||||||
|2|||||||
|3|||||||
~~ 移交人
~~ 接收人",
        grade: Grade::WorkSecret,
        approved_by: "领导小组",
        audience: "纪检监察机关，密封",
        ..PLAIN
    },
    Kind { code: "D21b", label: "问题线索报告", audience: "按报送规则，限定知悉", ..RESTRICTED },
    Kind {
        code: "D22",
        label: "一把手情况反映",
        audience: "市委；需要时纪检监察机关、组织部门",
        ..RESTRICTED
    },
    Kind {
        code: "D23a",
        label: "纪检组长（纪委书记）履职情况报告",
        audience: "纪检监察机关",
        ..RESTRICTED
    },
    Kind { code: "D23b", label: "领导班子情况汇总", audience: "组织部门", ..RESTRICTED },
    Kind {
        code: "D24",
        label: "反馈意见",
        noun: "feedbacks",
        form: Layout::RedHead,
        series: "巡办发",
        title: "关于巡察{{ 被巡察单位 }}的反馈意见",
        addressees: "{{ 被巡察单位 }}",
        copies: "分管市领导、主管部门、市纪委监委、市委组织部",
        body: "
根据市委统一部署，{{ 巡察 }}对你单位开展巡察。经市委批准，现反馈如下。
# 总体评价
{{ 总体评价 }}
# 发现的主要问题
{% for 行 in 报告问题 %}## {{ 行.问题 }}
{% endfor %}
# 整改要求
## 压实责任
主要负责人履行第一责任人责任，班子成员落实分管领域整改任务。
## 建立清单
收到反馈意见后15个工作日内报送整改方案和问题清单、任务清单、责任清单。
## 按期报告
集中整改期满报送整改进展情况报告，并按规定公开。",
        drafted_by: "巡察组、巡察办",
        approved_by: "领导小组",
        audience: "被巡察单位、分管市领导",
        ..PLAIN
    },
    Kind {
        code: "D24b",
        label: "反馈意见（主要负责人）",
        noun: "feedbacks",
        title: "关于{{ 被巡察单位 }}主要负责人的反馈意见",
        body: "
根据市委统一部署，巡察了解了你履行职责的情况，经市委批准，现反馈如下。
# 需要你带头整改的问题
{% for 行 in 主要负责人问题 %}## {{ 行.问题 }}
{% endfor %}
# 对个人的要求
请对照检查，带头整改，并组织领导班子抓好整改落实。",
        grade: Grade::WorkSecret,
        drafted_by: "巡察组、巡察办",
        approved_by: "领导小组",
        audience: "本人、分管市领导",
        ..PLAIN
    },
    Kind {
        code: "D25",
        label: "反馈问题清单",
        noun: "feedbacks",
        form: Layout::Ledger,
        title: "{{ 被巡察单位 }}巡察反馈问题清单",
        body: "
|序号:1|编号:3|问题:8|状态:2|
{% for 行 in 反馈问题 %}|{{ loop.index }}|{{ 行.问题编号 }}|{{ 行.问题 }}|{{ 行.状态 }}|
{% endfor %}",
        drafted_by: "巡察办",
        audience: "被巡察单位",
        ..PLAIN
    },
    Kind {
        code: "D26",
        label: "巡察建议书",
        noun: "suggestions",
        form: Layout::Letter,
        series: "巡办函",
        title: "巡察建议书",
        addressees: "{{ 建议承办单位 }}",
        body: "
巡察发现有关问题具有普遍性，需要从制度机制上研究解决。经批准，提出如下建议。
# 建议内容
{{ 建议内容 }}
# 办理要求
请研究提出办理意见，明确责任部门和完成时间，并将办理结果书面反馈我办。",
        drafted_by: "巡察办",
        approved_by: "领导小组",
        audience: "承办单位",
        ..PLAIN
    },
    Kind {
        code: "D27",
        label: "整改方案",
        noun: "rect_plans",
        title: "{{ 名称 }}",
        addressees: "市委巡察工作领导小组办公室",
        body: "
# 总体要求
{{ 总体要求 }}
# 组织领导
第一责任人：{{ 第一责任人 }}。
# 整改任务
共反馈问题{{ 反馈问题数 }}个，制定整改措施{{ 整改措施数 }}条。
+++横 整改任务清单
|序号:1|整改措施:7|责任领导:2|责任部门:3|完成期限:3|状态:2|
{% for 行 in 整改措施 %}|{{ loop.index }}|{{ 行.整改措施 }}|{{ 行.责任领导 }}|{{ 行.责任部门 }}|{{ 行.完成期限 }}|{{ 行.状态 }}|
{% endfor %}",
        drafted_by: "被巡察单位",
        approved_by: "巡察办会同有关部门审核",
        audience: "被巡察单位、审核单位",
        ..PLAIN
    },
    Kind {
        code: "D28",
        label: "整改台账",
        noun: "rect_plans",
        form: Layout::Ledger,
        title: "{{ 名称 }}台账",
        body: "
|序号:1|整改措施:7|责任领导:2|责任部门:3|完成期限:3|状态:2|
{% for 行 in 整改措施 %}|{{ loop.index }}|{{ 行.整改措施 }}|{{ 行.责任领导 }}|{{ 行.责任部门 }}|{{ 行.完成期限 }}|{{ 行.状态 }}|
{% endfor %}",
        drafted_by: "被巡察单位",
        audience: "被巡察单位、巡察办",
        ..PLAIN
    },
    Kind {
        code: "D29",
        label: "整改进展情况报告",
        noun: "rect_plans",
        title: "关于巡察整改进展情况的报告",
        addressees: "市委巡察工作领导小组办公室",
        body: "
# 整改工作组织情况
第一责任人{{ 第一责任人 }}组织领导班子研究整改，制定措施{{ 整改措施数 }}条。
# 反馈问题整改情况
反馈问题{{ 反馈问题数 }}个，逐条整改情况见附件。
# 移交线索和信访办理情况
# 下一步工作
+++ 主要负责人组织落实整改情况报告
# 履行第一责任人责任情况
# 直接负责的整改事项
# 体会和打算",
        drafted_by: "被巡察单位",
        audience: "巡察办、分管市领导",
        ..PLAIN
    },
    Kind {
        code: "D30",
        label: "整改情况公开稿",
        noun: "rect_plans",
        title: "关于巡察整改进展情况的公开通报",
        body: "
按照巡察工作有关规定，现将巡察整改进展情况予以公布。
# 组织整改情况
# 主要问题整改情况
# 需要长期坚持的事项
欢迎干部群众对整改落实情况进行监督。",
        grade: Grade::Open,
        drafted_by: "被巡察单位",
        audience: "审核后公开",
        ..PLAIN
    },
    Kind {
        code: "D31",
        label: "整改督办函",
        noun: "measures",
        form: Layout::Letter,
        series: "巡办函",
        title: "关于督促落实巡察整改任务的函",
        addressees: "{{ 被巡察单位 }}",
        body: "
你单位下列整改任务需要加快办理。
:: 反馈问题 :: {{ 反馈问题 }}
:: 整改措施 :: {{ 整改措施 }}
:: 责任领导 :: {{ 责任领导 }}
:: 完成期限 :: {{ 完成期限 }}
:: 目前状态 :: {{ 状态 }}
请分析原因，采取措施，于收到本函之日起10个工作日内书面报告落实情况。",
        drafted_by: "巡察办",
        approved_by: "巡察办主任",
        audience: "被巡察单位、巡察办",
        ..PLAIN
    },
    Kind {
        code: "D31b",
        label: "问题销号单",
        noun: "problems",
        title: "巡察反馈问题销号单",
        body: "
:: 编号 :: {{ 编号 }}
:: 被巡察单位 :: {{ 被巡察单位 }}
:: 反馈问题 :: {{ 反馈表述 }}
:: 反馈日期 :: {{ 反馈日期 }}
:: 整改结果 ::
:: 审核意见 ::
:: 销号日期 :: {{ 销号日期 }}
~~ 单位主要负责人
~~ 审核人",
        drafted_by: "巡察办",
        audience: "巡察办、被巡察单位",
        ..PLAIN
    },
    Kind {
        code: "D31c",
        label: "整改督办提醒函",
        noun: "rect_urgings",
        form: Layout::Letter,
        series: "巡办函",
        title: "关于督促落实巡察整改任务的函",
        addressees: "{{ 被巡察单位 }}",
        body: "
经核对整改台账，你单位下列整改事项已经逾期。
{{ 逾期事项 }}
{{ 要求 }}
请于{{ 回复期限 }}前书面回复落实情况。",
        drafted_by: "巡察办",
        approved_by: "巡察办主任",
        audience: "被巡察单位、巡察办",
        ..PLAIN
    },
    Kind {
        code: "D31d",
        label: "整改评估表",
        noun: "rect_evaluations",
        title: "{{ 被巡察单位 }}巡察整改评估表",
        body: "
:: 被巡察单位 :: {{ 被巡察单位 }}
:: 巡察 :: {{ 巡察 }}
:: 评估方案 :: {{ 评估方案 }}
:: 评估日期 :: {{ 评估日期 }}
:: 总分 :: {{ 总分 }}
:: 等次 :: {{ 等次 }}
:: 总体评价 :: {{ 总体评价 }}
~~ 评估人
~~ 审定人",
        drafted_by: "巡察办",
        approved_by: "巡察办主任",
        audience: "被巡察单位、纪检监察机关、组织部门",
        ..PLAIN
    },
    Kind {
        code: "D32",
        label: "“回头看”报告",
        approved_by: "领导小组",
        audience: "领导小组",
        ..ITSELF
    },
    Kind {
        code: "D33",
        label: "卷宗目录",
        noun: "inspections",
        form: Layout::Ledger,
        title: "{{ 名称 }}卷宗目录",
        body: "
|序号:1|题名:7|文号:3|日期:2|页数:1|备注:2|
|1|工作方案||||||
|2|授权任职决定|||||
|3|谈话记录|||||
|4|问题底稿及佐证材料|||||
|5|巡察报告|||||
|6|反馈意见|||||
~~ 立卷人
~~ 检查人
~~ 接收人",
        audience: "档案",
        ..PLAIN
    },
];
