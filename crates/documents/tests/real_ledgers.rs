//! Ledgers as units hand them in.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use chrono::NaiveDate;
use documents::recognise::{
    ColumnSpec, Due, NotRecognised, Options, Parsed, Recognition, Unit, ValueKind, recognise,
};
use documents::sheet::{Address, Cell, Range, Sheet, Workbook};
use documents::synonyms;
use proptest::prelude::*;

const fn column(
    key: &'static str,
    label: &'static str,
    synonyms: &'static [&'static str],
    kind: ValueKind,
) -> ColumnSpec {
    ColumnSpec { key, label, synonyms, kind, required: false, fill_down: false }
}

const fn required(spec: ColumnSpec) -> ColumnSpec {
    ColumnSpec { required: true, ..spec }
}

const fn filled_down(spec: ColumnSpec) -> ColumnSpec {
    ColumnSpec { fill_down: true, ..spec }
}

const STATES: &[(&str, &[&str])] =
    &[("closed", &["已完成", "已销号"]), ("open", &["整改中", "未完成"]), ("long", &["长期坚持"])];

const SPECS: &[ColumnSpec] = &[
    column("round", "巡察轮次", synonyms::ROUND, ValueKind::Text),
    required(filled_down(column("organisation", "被巡察单位", synonyms::ORGANISATION, ValueKind::Text))),
    required(column("problem", "反馈问题", synonyms::PROBLEM_TEXT, ValueKind::LongText)),
    column("measures", "整改措施", synonyms::MEASURES, ValueKind::Numbered),
    column("leader", "责任领导", synonyms::LEADER, ValueKind::People),
    column("department", "责任部门", synonyms::DEPARTMENT, ValueKind::Text),
    column("deadline", "完成时限", synonyms::DEADLINE, ValueKind::Deadline),
    column("state", "状态", synonyms::STATE, ValueKind::Choice(STATES)),
    column("remark", "备注", synonyms::REMARK, ValueKind::LongText),
];

/// A sheet from rows of cells separated by `|`, with merged areas such as `A1:C1`.
fn sheet(name: &str, rows: &[&str], merged: &[&str]) -> Sheet {
    let cell = |text: &str| match (text, text.parse::<f64>()) {
        ("", _) => Cell::Empty,
        (_, Ok(number)) => Cell::Number(number),
        (text, Err(_)) => Cell::Text(text.replace('¶', "\n").into()),
    };
    Sheet {
        name: name.to_owned(),
        hidden: false,
        rows: rows.iter().map(|row| row.split('|').map(cell).collect()).collect(),
        merged: merged.iter().map(|area| range(area)).collect(),
    }
}

fn range(area: &str) -> Range {
    let corner = |text: &str| {
        let (letter, row) = text.split_at(1);
        Address::new(row.parse::<u32>().unwrap() - 1, u16::from(letter.bytes().next().unwrap() - b'A'))
    };
    let (first, last) = area.split_once(':').unwrap();
    Range { first: corner(first), last: corner(last) }
}

fn read_with(sheets: Vec<Sheet>, specs: &[ColumnSpec]) -> Recognition {
    let options = Options { default_year: Some(2023), ..Options::default() };
    recognise(&Workbook { sheets }, specs, &options).unwrap()
}

fn text(value: &str) -> Parsed {
    Parsed::Text(value.into())
}

fn names(names: &[&str]) -> std::sync::Arc<[String]> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

#[test]
fn a_rectification_ledger_with_two_header_rows() {
    let ledger = read_with(
        vec![sheet(
            "整改台账",
            &[
                "市委巡察反馈问题整改台账",
                "填报单位：市教育局|||||单位：件",
                "序号|单 位|反馈问题|整改||责任||完成¶时限|是否销号（√）|备注",
                "|||具体措施|进展情况|领导|部门",
                "1|市教育局|落实“一岗双责”不到位|1.修订责任清单；2.开展约谈3次。|已约谈|张三、李四|办公室|2023.4.6|已 完成",
                "2||资产底数不清，涉及１．５万㎡|（1）清查资产¶（2）建立台账||王 五|财务科|4月底前|整改中|/",
                "|小计|2",
                "序号|单 位|反馈问题|具体措施|进展情况|领导|部门|完成¶时限",
                "1|市文旅局|制度执行不严|完善制度||赵六¶钱七|综合科|长期坚持|长期坚持",
                "2||培训不足|||孙八||尽快|差不多",
                "备注：本表一式两份。",
                "填表人：周九||审核人：吴十",
            ],
            &["A1:J1", "A3:A4", "B3:B4", "C3:C4", "D3:E3", "F3:G3", "H3:H4", "I3:I4", "J3:J4", "B5:B6"],
        )],
        SPECS,
    );
    assert_eq!(ledger.title, ["市委巡察反馈问题整改台账", "填报单位:市教育局 单位:件"]);
    assert_eq!(ledger.header, (3, 4));
    let found: Vec<_> = ledger.columns.iter().map(|column| (column.letter.as_str(), column.key)).collect();
    let expected = [
        ("B", "organisation"),
        ("C", "problem"),
        ("D", "measures"),
        ("F", "leader"),
        ("G", "department"),
        ("H", "deadline"),
        ("I", "state"),
        ("J", "remark"),
    ];
    assert_eq!(found, expected);
    assert_eq!(ledger.columns[3].header, "责任/领导");
    assert_eq!(ledger.unknown, [("E".to_owned(), "整改/进展情况".to_owned())]);
    assert!(ledger.missing_required.is_empty() && ledger.conflicts.is_empty());

    let rows: Vec<_> = ledger.rows.iter().map(|row| row.row).collect();
    assert_eq!(rows, [5, 6, 9, 10]);
    let first = &ledger.rows[0].values;
    assert_eq!(first["measures"].value, Parsed::Numbered(names(&["修订责任清单；", "开展约谈3次。"])));
    assert_eq!(first["leader"].value, Parsed::People(names(&["张三", "李四"])));
    assert_eq!(first["deadline"].value, Parsed::Deadline(Due::On(day(2023, 4, 6)), "2023.4.6".into()));
    assert_eq!(first["state"].value, Parsed::Choice("closed"));
    let second = &ledger.rows[1].values;
    assert_eq!(
        (second["organisation"].address.to_string().as_str(), &second["organisation"].value),
        ("B5", &text("市教育局"))
    );
    assert_eq!(second["problem"].value, text("资产底数不清，涉及１．５万㎡"));
    assert_eq!(second["measures"].value, Parsed::Numbered(names(&["清查资产", "建立台账"])));
    assert_eq!(second["deadline"].value, Parsed::Deadline(Due::On(day(2023, 4, 30)), "4月底前".into()));
    assert!(!second.contains_key("remark"));
    assert_eq!(ledger.rows[2].values["leader"].value, Parsed::People(names(&["赵六", "钱七"])));
    assert_eq!(ledger.rows[2].values["deadline"].value, Parsed::Deadline(Due::LongTerm, "长期坚持".into()));
    assert_eq!(ledger.rows[3].values["organisation"].value, text("市文旅局"));
    let faults: Vec<_> =
        ledger.rows[3].faults.iter().map(|fault| (fault.address.to_string(), fault.column)).collect();
    assert_eq!(faults, [("H10".to_owned(), "完成时限"), ("I10".to_owned(), "状态")]);

    let ignored: Vec<_> = ledger.ignored.iter().map(|row| (row.row, row.reason)).collect();
    assert_eq!(ignored, [(7, "合计行"), (8, "重复的表头"), (11, "表尾说明"), (12, "表尾说明")]);
}

#[test]
fn a_header_begins_where_its_merged_cells_begin_though_the_lower_row_would_do() {
    let ledger = read_with(
        vec![sheet(
            "问题台账",
            &[
                "巡察反馈问题台账（2023年）",
                "序号|单位|巡察反馈||状态",
                "||反馈问题|备注",
                "1|市教育局|制度执行不严|无|整改中",
            ],
            &["A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3"],
        )],
        SPECS,
    );
    assert_eq!(ledger.header, (2, 3));
    assert_eq!(ledger.title, ["巡察反馈问题台账(2023年)"]);
    let rows: Vec<_> = ledger.rows.iter().map(|row| row.row).collect();
    assert_eq!(rows, [4]);
}

#[test]
fn a_problem_list_with_merged_round_and_unit() {
    let list = read_with(
        vec![
            sheet("说明", &["填写说明", "请按模板填写"], &[]),
            sheet(
                "问题清单",
                &[
                    "十二届市委第三轮巡察问题清单",
                    "轮次|被巡察党组织|存在的问题|责任单位",
                    "甲|乙|1|2",
                    "第三轮|市卫健委|问题一|办公室",
                    "||问题二|",
                    "||问题三|",
                    "|市住建局|问题四|",
                    "二、党的建设方面",
                    "|||",
                    "第四轮||问题五|",
                    "合 计||5|",
                ],
                &["A1:D1", "A4:A7", "B4:B6", "A8:D8"],
            ),
        ],
        SPECS,
    );
    assert_eq!(list.sheet, "问题清单");
    assert_eq!((list.others[0].name.as_str(), list.others[0].fitting_columns), ("说明", 0));
    let rounds: Vec<_> = list.rows.iter().map(|row| row.values["round"].value.clone()).collect();
    assert_eq!(rounds, ["第三轮", "第三轮", "第三轮", "第三轮", "第四轮"].map(text));
    let units: Vec<_> = list.rows.iter().map(|row| row.values["organisation"].value.clone()).collect();
    assert_eq!(units, ["市卫健委", "市卫健委", "市卫健委", "市住建局", "市住建局"].map(text));
    assert_eq!(list.rows[3].values["round"].address.to_string(), "A4");
    let ignored: Vec<_> = list.ignored.iter().map(|row| (row.row, row.reason)).collect();
    assert_eq!(ignored, [(3, "栏次行"), (8, "分组标题行"), (11, "合计行")]);
}

#[test]
fn an_asset_ledger_in_units_of_ten_thousand() {
    const ASSETS: &[ColumnSpec] = &[
        required(column("organisation", "产权单位", synonyms::ORGANISATION, ValueKind::Text)),
        column("area", "闲置面积", synonyms::AREA, ValueKind::Area),
        column("amount", "账面价值", synonyms::AMOUNT, ValueKind::Money),
        column("share", "盘活率", &[], ValueKind::Percent),
        column("idle_since", "闲置起始日期", &[], ValueKind::Date),
    ];
    let ledger = read_with(
        vec![sheet(
            "资产",
            &[
                "闲置资产台账",
                "|||单位：万元",
                "产权单位|闲置面积(万㎡)|账面价值|盘活率|闲置起始日期",
                "市城投公司|782.6|１，２３４．５６|98.5%|20210301",
                "市交投公司|0.30000000000000004|3.2亿元|0.5|44256",
                "市文投公司|2亩|#|98.5|2021年3月",
            ],
            &[],
        )],
        ASSETS,
    );
    let units: Vec<_> = ledger.columns.iter().map(|column| column.unit).collect();
    assert_eq!(units, [None, Some(Unit::TenThousandSquareMetres), Some(Unit::TenThousandYuan), None, None]);
    let first = &ledger.rows[0].values;
    assert_eq!(first["area"].value, Parsed::Area(78_260_000_000));
    assert_eq!(first["amount"].value, Parsed::Money(1_234_560_000));
    assert_eq!(first["share"].value, Parsed::Percent(985_000));
    assert_eq!(first["idle_since"].value, Parsed::Date(day(2021, 3, 1)));
    let second = &ledger.rows[1].values;
    assert_eq!(second["area"].value, Parsed::Area(30_000_000));
    assert_eq!(second["amount"].value, Parsed::Money(32_000_000_000));
    assert_eq!(second["idle_since"].value, Parsed::Date(day(2021, 3, 1)));
    let faults: Vec<_> = ledger.rows[2].faults.iter().map(|fault| fault.address.to_string()).collect();
    assert_eq!(faults, ["B6", "C6", "D6", "E6"]);
}

#[test]
fn a_column_that_fits_twice_is_reported_and_the_user_decides() {
    let rows = ["被巡察单位|反馈问题|责任人|牵头领导", "市教育局|问题一|张三|李四"];
    let ledger = read_with(vec![sheet("甲", &rows, &[])], SPECS);
    assert!(ledger.columns.iter().all(|column| column.key != "leader"));
    assert_eq!(ledger.conflicts[0].to_string(), "第 C、D 列都像是“责任领导”，请指定用哪一列");
    let options = Options { assigned: vec![(3, "leader")], ..Options::default() };
    let book = Workbook { sheets: vec![sheet("甲", &rows, &[])] };
    let ledger = recognise(&book, SPECS, &options).unwrap();
    assert!(ledger.conflicts.is_empty());
    assert_eq!(ledger.rows[0].values["leader"].value, Parsed::People(names(&["李四"])));
    assert_eq!(ledger.unknown, [("C".to_owned(), "责任人".to_owned())]);
}

#[test]
fn the_label_itself_goes_before_synonyms() {
    let ledger =
        read_with(vec![sheet("甲", &["单位|问题|责任领导|责任人", "市教育局|问题一|张三|李四"], &[])], SPECS);
    assert_eq!(ledger.rows[0].values["leader"].address.to_string(), "C2");
    assert_eq!(ledger.unknown, [("D".to_owned(), "责任人".to_owned())]);
}

#[test]
fn what_is_missing_is_named() {
    let ledger = read_with(vec![sheet("甲", &["单位|完成时限", "市教育局|"], &[])], SPECS);
    assert_eq!(ledger.missing_required, ["反馈问题"]);
    let ledger = read_with(vec![sheet("甲", &["单位|反馈问题|备注", "||某事", "市教育局||"], &[])], SPECS);
    let faults: Vec<_> =
        ledger.rows.iter().flat_map(|row| &row.faults).map(|fault| fault.address.to_string()).collect();
    assert_eq!(faults, ["A2", "B2", "B3"]);
    let none =
        recognise(&Workbook { sheets: vec![sheet("甲", &["你好|世界"], &[])] }, SPECS, &Options::default());
    assert!(matches!(none.unwrap_err(), NotRecognised::NoHeader { .. }));
}

#[test]
fn hidden_sheets_are_reported_but_not_taken() {
    let hidden =
        Sheet { hidden: true, ..sheet("旧", &["单位|反馈问题|责任领导", "甲|乙|丙"], &[]) };
    let ledger = read_with(vec![hidden, sheet("新", &["单位|反馈问题", "甲|乙"], &[])], SPECS);
    assert_eq!(ledger.sheet, "新");
    assert!(ledger.others[0].hidden);
}

fn cells() -> impl Strategy<Value = Cell> {
    let words = prop::sample::select(vec![
        "单位",
        "反馈问题",
        "整改措施",
        "完成时限",
        "责任领导",
        "备注",
        "合计",
        "备注：甲",
        "1.甲2.乙",
        "①甲②",
        "2023.4.6",
        "2023年",
        "月",
        "年",
        "4月底前",
        "98.5%",
        "万元",
        "金额(万元",
        "）（",
        "/",
        "第",
        "至",
        "20230406",
        "一、",
        "十",
        "（十",
    ]);
    prop_oneof![
        Just(Cell::Empty),
        words.prop_map(|word| Cell::Text(word.into())),
        ".{0,12}".prop_map(|text| Cell::Text(text.into())),
        any::<f64>().prop_map(Cell::Number),
        any::<bool>().prop_map(Cell::Bool),
        Just(Cell::Error("#N/A")),
        (-100_000i32..100_000)
            .prop_map(|days| Cell::Date(NaiveDate::from_num_days_from_ce_opt(days).unwrap())),
    ]
}

fn ranges() -> impl Strategy<Value = Range> {
    (0u32..12, 0u16..8, 0u32..2_000_000, 0u16..9_000).prop_map(|(row, column, more_rows, more_columns)| {
        Range {
            first: Address::new(row, column),
            last: Address::new(row + more_rows % 5, column + more_columns % 5),
        }
    })
}

const ALL_KINDS: &[ColumnSpec] = &[
    required(filled_down(column("a", "单位", synonyms::ORGANISATION, ValueKind::Text))),
    column("b", "反馈问题", synonyms::PROBLEM_TEXT, ValueKind::Numbered),
    column("c", "整改措施", synonyms::MEASURES, ValueKind::People),
    column("d", "完成时限", synonyms::DEADLINE, ValueKind::Deadline),
    column("e", "责任领导", synonyms::LEADER, ValueKind::Date),
    column("f", "备注", synonyms::REMARK, ValueKind::Money),
    column("g", "金额", synonyms::AMOUNT, ValueKind::Area),
    column("h", "数量", &[], ValueKind::Integer),
    column("i", "比例", &[], ValueKind::Percent),
    column("j", "是否", &[], ValueKind::YesNo),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_grid_of_cells_makes_recognition_panic(
        rows in prop::collection::vec(prop::collection::vec(cells(), 0..11), 0..12),
        merged in prop::collection::vec(ranges(), 0..6),
    ) {
        let header = ALL_KINDS.iter().map(|spec| Cell::Text(spec.label.into())).collect();
        let rows: Vec<Vec<Cell>> = std::iter::once(header).chain(rows).collect();
        let book = Workbook { sheets: vec![Sheet { name: "甲".to_owned(), hidden: false, rows, merged }] };
        let filled = book.sheets[0].rows.len();
        if let Ok(ledger) = recognise(&book, ALL_KINDS, &Options { default_year: Some(2023), ..Options::default() }) {
            prop_assert!(ledger.rows.len() + ledger.ignored.len() < filled);
        }
    }
}
