//! How long grouping takes. Run with `cargo test --release -p likeness -- --ignored --nocapture`.

use std::time::Instant;

use likeness::groups::{Entry, Rule, group};

const SUBJECTS: [&str; 24] = [
    "固定资产",
    "公务接待",
    "办公用房",
    "工程招标",
    "政府采购",
    "专项资金",
    "国有资产出租",
    "公务用车",
    "会议培训",
    "干部选任",
    "党员发展",
    "组织生活",
    "意识形态",
    "信访办理",
    "扶贫项目",
    "津贴补贴",
    "差旅报销",
    "食堂管理",
    "合同签订",
    "往来款项",
    "编外人员",
    "档案管理",
    "行政审批",
    "环保督察",
];
const FAULTS: [&str; 20] = [
    "账实不符",
    "程序不规范",
    "超标准列支",
    "长期未清理",
    "流于形式",
    "审批把关不严",
    "制度不健全",
    "台账缺失",
    "监管不到位",
    "未按规定公示",
    "拆分规避",
    "虚报冒领",
    "拖欠不还",
    "手续不全",
    "落实不力",
    "记录不完整",
    "责任不清",
    "整改反弹",
    "底数不清",
    "挪作他用",
];
const TAILS: [&str; 12] = [
    "部分单位尤为突出",
    "涉及多个年度",
    "群众反映强烈",
    "主要负责人重视不够",
    "相关部门履职不到位",
    "内部控制存在漏洞",
    "未建立长效机制",
    "基层执行走样",
    "抽查发现多起",
    "历史遗留问题较多",
    "问责力度偏软",
    "存在廉洁风险",
];

fn texts(count: usize) -> Vec<String> {
    let pick =
        |list: &'static [&'static str], at: usize| list.get(at % list.len()).copied().unwrap_or_default();
    (0..count)
        .map(|at| {
            let mixed = at.wrapping_mul(2_654_435_761) >> 5;
            let subject = pick(&SUBJECTS, mixed);
            let (fault, tail) = (pick(&FAULTS, mixed / 24), pick(&TAILS, mixed / 480));
            format!("{subject}{fault}，{tail}，{}", pick(&FAULTS, mixed / 5_760))
        })
        .collect()
}

#[test]
#[ignore = "measures; only in a release build"]
fn ten_thousand_problems_are_grouped_within_five_seconds() {
    let texts = texts(10_000);
    let entries: Vec<Entry<'_>> =
        texts.iter().enumerate().map(|(at, text)| Entry { text, classes: &[], owner: at % 97 }).collect();
    let begun = Instant::now();
    let groups = group(&entries, Rule { least: 0.6, owners: 3, class: 0.1 });
    let taken = begun.elapsed();
    let grouped: usize = groups.iter().map(|group| group.members.len()).sum();
    println!("10,000 texts: {} groups with {grouped} texts in {taken:?}", groups.len());
    assert!(!groups.is_empty() && taken.as_secs_f64() <= 5.0);
}
