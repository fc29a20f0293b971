//! The pages of the handbook that are printed from the program: nouns, figures, imports. They are
//! compared with what the program says of itself, so that they cannot go stale;
//! `XUNCHA_REGENERATE=1 cargo test -p xuncha --test handbook` writes them anew.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{fmt::Write as _, fs, path::PathBuf, sync::Arc};

use documents::recognise::ValueKind;
use kit::{
    Actor, Column, Cx, Field, Labelled as _, Service,
    audit::{Draft, Outcome, entry_hash, netstrings},
    cx::history_line_digest,
    form::Kind as Holds,
    service::{At, Deed},
    testing::TestApp,
};
use registry::dictionaries::Dictionary;
use xuncha::{
    assemble,
    figures::{self, Figure},
    imports::{self, To},
};

const PRINTED: &str =
    "<!-- 本页由程序生成，不要手工修改：XUNCHA_REGENERATE=1 cargo test -p xuncha --test handbook -->";

/// The figures that an annual account of inspection work tells, in its order, and the codes under
/// which they are counted here. Two of them rest on records that the program does not keep.
const OF_THE_ACCOUNT: &[(&str, &[&str])] = &[
    ("F01", &["units_inspected_regular"]),
    ("F02", &["special_inspections"]),
    ("F03", &["problems_fed_back"]),
    ("F04", &["leads_transferred"]),
    ("F05", &["asset_income_added_cum"]),
    ("F06", &["round_units"]),
    ("F07", &["mobile_inspections"]),
    ("F08", &["problems_found"]),
    ("F09", &["suggestions_issued"]),
    ("F10", &["suspect_projects_transferred"]),
    ("F11", &["one_plus_three_complete_rate"]),
    ("F12", &["regular_batches_completed"]),
    ("F13", &["units_completed_regular_cum"]),
    ("F14", &["coverage_rate"]),
    ("F15", &["mid_term_consultations"]),
    ("F16", &["audit_linked_problems_cum"]),
    ("F17", &["audit_linked_leads_cum"]),
    ("F18", &["audit_linked_rules_built_cum"]),
    ("F19", &["district_liaisons"]),
    ("F20", &["district_deputy_heads_sent"]),
    ("F21", &["district_check_problems"]),
    ("F22", &["district_report_reviews"]),
    ("F23", &["rect_completion_rate"]),
    ("F24", &["deepening_months", "look_back_months"]),
    ("F25", &["idle_area_activated_inc"]),
    ("F26", &["idle_area_activated_cum"]),
    ("F27", &["idle_area_activation_rate"]),
    ("F28", &["asset_rules_built"]),
    ("F29", &["special_reports", "special_report_suggestions"]),
    ("F30", &["common_problems_handed_over"]),
    ("F31", &["districts", "city_teams"]),
];

fn page(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/handbook/src").join(name)
}

/// Compares the page with `text`, or writes it when asked to.
fn hold(name: &str, text: &str) {
    let path = page(name);
    if std::env::var_os("XUNCHA_REGENERATE").is_some() {
        fs::write(&path, text).unwrap();
    }
    let held = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        held == text,
        "docs/handbook/src/{name} says something else than the program; XUNCHA_REGENERATE=1 writes it anew"
    );
}

/// A text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn or_dash(text: &str) -> String {
    if text.is_empty() { String::from("—") } else { cell(text) }
}

#[test]
fn the_page_of_figures_says_what_the_program_counts() {
    let mut out = format!("# 数据口径表\n\n{PRINTED}\n\n");
    out.push_str(
        "每个指标都有固定的代码、口径和来源台账；统计日（截至日）之后发生的事一律不计，所以过去某一天的数任何时候查都一样。\
         “年度”指统计年度的 1 月 1 日到截至日，“本届累计”指截至日所在届次，“累计”指工作开展以来，“单次”按巡察逐次给出。\
         比率保留到所列小数位，四舍五入；分母为零时不给出数值。\
         “按类型”为“是”的指标受页面上所选巡察类型影响，所选类型随数值一起打印。\n\n\
         F 编号是年度巡察工作综述中指标出现的次序；没有编号的是本系统另外提供的指标。\n\n",
    );
    for chapter in figures::Chapter::ALL {
        let _ = writeln!(out, "## {}\n", chapter.label());
        for figure in figures::all().filter(|figure| figure.chapter == *chapter) {
            figure_lines(&mut out, figure);
        }
    }
    hold("figures.md", &out);
}

fn figure_lines(out: &mut String, figure: &Figure) {
    let number = OF_THE_ACCOUNT.iter().find(|(_, codes)| codes.contains(&figure.code));
    let number = number.map(|(number, _)| format!("{number} ")).unwrap_or_default();
    let _ = writeln!(out, "### {number}{} {{#{}}}\n", figure.label, figure.code);
    let _ = writeln!(out, "| 项目 | 内容 |\n| --- | --- |");
    let _ = writeln!(out, "| 代码 | `{}` |", figure.code);
    let _ = writeln!(out, "| 口径 | {} |", cell(figure.definition));
    if figure.formula.whole().is_some() {
        let _ = writeln!(out, "| 分子 | {} |", or_dash(figure.numerator));
        let _ = writeln!(out, "| 分母 | {} |", or_dash(figure.denominator));
    }
    let _ = writeln!(out, "| 单位 | {}，{} 位小数 |", figure.unit.label(), figure.decimals);
    let _ = writeln!(out, "| 统计期间 | {} |", figure.period.label());
    let _ = writeln!(out, "| 按类型 | {} |", if figure.by_kind { "是" } else { "否" });
    let _ = writeln!(out, "| 来源 | {} |\n", cell(figure.source));
}

#[test]
fn every_figure_of_the_account_is_counted() {
    for (number, codes) in OF_THE_ACCOUNT {
        assert!(!codes.is_empty(), "{number}");
        for code in *codes {
            assert!(figures::figure(code).is_some(), "{number} is to be counted as {code}");
        }
    }
}

#[test]
fn the_page_of_imports_says_what_the_recogniser_knows() {
    let mut out = format!("# 导入台账的列\n\n{PRINTED}\n\n");
    out.push_str(
        "表头按下面的列名和同义词识别，识别前去掉空格、括号里的说明和单位，全角半角视为相同。\
         “必填”指每一行都要有；“向下填充”指合并单元格或留空时沿用上一行的值；“不采用”指认得这一列但不写入，原因写在说明里。\n\n",
    );
    for kind in imports::KINDS {
        let _ = writeln!(out, "## {} {{#{}}}\n", kind.label, kind.code);
        let _ = writeln!(out, "命令行名称 `{}`。{}\n", kind.code, kind.about);
        let key: Vec<&str> =
            kind.key.iter().filter_map(|key| kind.column(key)).map(|column| column.spec.label).collect();
        let _ = writeln!(out, "再次导入时认出同一行的依据：{}。\n", key.join("、"));
        let _ = writeln!(out, "| 列 | 键 | 内容 | 同义词 | 说明 |\n| --- | --- | --- | --- | --- |");
        for column in kind.columns {
            import_line(&mut out, column);
        }
        out.push('\n');
    }
    hold("import-columns.md", &out);
}

fn import_line(out: &mut String, column: &imports::Column) {
    let spec = column.spec;
    let mut notes = Vec::new();
    if spec.required {
        notes.push(String::from("必填。"));
    }
    if spec.fill_down {
        notes.push(String::from("向下填充。"));
    }
    match column.to {
        To::Told(why) => notes.push(format!("不采用：{why}")),
        To::Number => notes.push(String::from("用来认出已有的记录。")),
        _ => {}
    }
    notes.push(column.note.to_owned());
    let kind = match spec.kind {
        ValueKind::Text => String::from("短文本"),
        ValueKind::LongText => String::from("长文本"),
        ValueKind::Date => String::from("日期"),
        ValueKind::Deadline => String::from("日期、期限或“立行立改”“长期坚持”"),
        ValueKind::Money => String::from("金额"),
        ValueKind::Area => String::from("面积"),
        ValueKind::Integer => String::from("整数"),
        ValueKind::Year => String::from("年份"),
        ValueKind::Percent => String::from("百分比"),
        ValueKind::YesNo => String::from("是或否"),
        ValueKind::People => String::from("一个或多个姓名"),
        ValueKind::Numbered => String::from("可分条的文本"),
        ValueKind::Choice(choices) => {
            let words: Vec<String> = choices.iter().map(|(_, words)| words.join("＝")).collect();
            format!("以下之一：{}", words.join("；"))
        }
    };
    let _ = writeln!(
        out,
        "| {} | `{}` | {kind} | {} | {} |",
        cell(spec.label),
        spec.key,
        or_dash(&spec.synonyms.join("、")),
        or_dash(&notes.concat()),
    );
}

#[tokio::test]
async fn the_page_of_nouns_says_what_every_service_says_of_itself() {
    let test = TestApp::new(assemble::registry().services).await;
    let actor = Arc::new(Actor::program("手册"));
    let cx = test.app.read(&actor);
    let mut out = format!("# 台账与办理一览\n\n{PRINTED}\n\n");
    out.push_str(
        "每一类记录都有同样的列表、记录页、办理对话框、导出和接口；地址是 `/名称`，接口是 `/api/v1/名称`。\
         带 * 的字段必填，带 ▫ 的列缺省不显示，可在“列”里选出。谁能办、在什么状态能办，见[权限表](permissions.md)和[状态流转表](transitions.md)。\n\n",
    );
    for service in &test.app.registry().services {
        service_lines(&cx, &mut out, service).await;
    }
    hold("nouns.md", &out);
}

async fn service_lines(cx: &Cx, out: &mut String, service: &Service) {
    let _ = writeln!(out, "## {} {{#{}}}\n", service.label, service.noun);
    let _ = writeln!(
        out,
        "名称 `{}`，导航“{}”{}，密级{}。{}\n",
        service.noun,
        service.group.label(),
        if service.listed { "" } else { "（不单独列出，从所属记录进入）" },
        service.secrecy.label(),
        service.about
    );
    let columns: Vec<String> = service.list.columns.iter().map(column_text).collect();
    let _ = writeln!(out, "列：{}。\n", columns.join("、"));
    let waiting: Vec<&str> = service.waiting.iter().map(|waiting| waiting.label).collect();
    if !waiting.is_empty() {
        let _ = writeln!(out, "待我办理：{}。\n", waiting.join("、"));
    }
    for deed in &service.deeds {
        deed_lines(cx, out, deed).await;
    }
}

fn column_text(column: &Column) -> String {
    format!("{}{}", column.label, if column.shown { "" } else { "▫" })
}

async fn deed_lines(cx: &Cx, out: &mut String, deed: &Deed) {
    let fields = (deed.fields)(cx, None).await.unwrap_or_else(|error| panic!("{}: {error}", deed.key));
    let place = match deed.at {
        At::List => "列表上",
        At::Record => "记录上",
    };
    let many = if deed.bulk { "，可批量" } else { "" };
    let _ = writeln!(out, "**{}**（`{}`，{place}{many}）{}\n", deed.label, deed.key, deed.next);
    if fields.is_empty() {
        return;
    }
    let _ = writeln!(out, "| 字段 | 名称 | 内容 | 说明 |\n| --- | --- | --- | --- |");
    for field in &fields {
        field_lines(&cx.app().registry().services, out, field, "");
    }
    out.push('\n');
}

fn field_lines(services: &[Service], out: &mut String, field: &Field, within: &str) {
    let star = if field.required { " *" } else { "" };
    let _ = writeln!(
        out,
        "| {within}{}{star} | `{}` | {} | {} |",
        cell(field.label),
        field.name,
        holds(services, field),
        or_dash(field.help)
    );
    if let Holds::Rows(columns) = &field.kind {
        for column in columns {
            field_lines(services, out, column, "　· ");
        }
    }
}

fn holds(services: &[Service], field: &Field) -> String {
    let link = |noun: &str| {
        let label =
            services.iter().find(|service| service.noun == noun).map_or(noun, |service| service.label);
        format!("[{label}](#{noun})")
    };
    match &field.kind {
        Holds::Line => format!("一行文本，至多 {} 字", field.max),
        Holds::Text => format!("多行文本，至多 {} 字", field.max),
        Holds::Date => String::from("日期"),
        Holds::Money => String::from("金额，元"),
        Holds::Area => String::from("面积，㎡"),
        Holds::Integer { min, max } => format!("整数，{min} 至 {max}"),
        Holds::Choice(choices) => {
            cell(&choices.iter().map(|choice| choice.label).collect::<Vec<_>>().join("、"))
        }
        Holds::Options(options) => {
            cell(&options.iter().map(|(_, label)| label.as_str()).collect::<Vec<_>>().join("、"))
        }
        Holds::Dict(kind) => {
            let choice = Dictionary::CHOICES.iter().find(|choice| choice.code == *kind);
            format!("从字典“{}”中选", choice.map_or(*kind, |choice| choice.label))
        }
        Holds::DictMany(kind) => {
            let choice = Dictionary::CHOICES.iter().find(|choice| choice.code == *kind);
            format!("从字典“{}”中选若干项", choice.map_or(*kind, |choice| choice.label))
        }
        Holds::Hidden => format!("由来源页面带入，至多 {} 字", field.max),
        Holds::Pick(noun) => format!("{}中的一条", link(noun)),
        Holds::PickMany(noun) => format!("{}中的若干条", link(noun)),
        Holds::Flag => String::from("是或否"),
        Holds::Password => String::from("密码"),
        Holds::Files => String::from("文件"),
        Holds::Rows(_) => String::from("若干行，每行："),
    }
}

#[test]
fn the_worked_example_of_the_audit_chain_comes_out() {
    const PREVIOUS: &str = "fc86ba3509517948a002be40317f4a600b8e8ec716702e3ea31bfc410307a945";
    const RECORD: &str = "017c0080-9847-730f-a309-3079127ea19f";
    const AT: &str = "2024-01-29T03:39:00.000Z";
    let line = ["inspection_units", RECORD, AT, "石晓慧", "evaluate", "集中整改", "已评估", "", ""];
    let digest = history_line_digest(line);
    let draft = Draft {
        at: chrono::DateTime::parse_from_rfc3339(AT).unwrap().to_utc(),
        actor: String::from("017c0080-981a-7ef5-8eaa-413a460acad8"),
        deed: String::from("evaluate"),
        noun: String::from("inspection_units"),
        record: Some(RECORD.parse().unwrap()),
        outcome: Outcome::Done,
        digest: digest.clone(),
        request: String::new(),
        origin: String::from("demonstration"),
    };
    let text = fs::read_to_string(page("audit-chain.md")).unwrap();
    let written = String::from_utf8(netstrings(line)).unwrap();
    for needed in [written, digest, entry_hash(PREVIOUS, 24_000, &draft), String::from(PREVIOUS)] {
        assert!(text.contains(&needed), "the page does not have {needed}");
    }
}
