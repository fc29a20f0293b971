//! Ledgers as offices send them, from workbook to records.

use std::sync::Arc;

use db::Sql;
use documents::recognise::ValueKind;
use kit::{
    Actor, Error, Refusal, Result, Role,
    testing::{TestApp, actor},
};
use registry::organisations::OrganisationKind;
use rust_xlsxwriter as xlsx;
use uuid::Uuid;

use super::{
    KINDS, batches, kind,
    ledger::Choices,
    report::Report,
    run::{self, Plan},
    template,
};

/// The whole city: every area's services, dictionaries and policies.
struct City {
    test: TestApp,
    office: Arc<Actor>,
}

impl City {
    async fn new() -> Self {
        let mut services = registry::services();
        services.extend(planning::services());
        services.extend(preparation::services());
        services.extend(fieldwork::services());
        services.extend(rectification::services());
        services.extend(results::services());
        let test = TestApp::new(services).await;
        let program = Arc::new(Actor::program("建立"));
        test.app.write(&program, |cx| Box::pin(registry::seed(cx))).await.unwrap();
        Self { test, office: actor(Role::OfficeDirector, None, None) }
    }

    async fn make(&self, noun: &str, entries: &[(&str, &str)]) -> Uuid {
        self.test.perform(&self.office, noun, None, "create", entries).await.unwrap().id
    }

    /// Two organisations inspected in one inspection.
    async fn inspected() -> (Self, [Uuid; 2]) {
        let city = Self::new().await;
        let mut organisations = Vec::new();
        for (code, name) in [("D001", "市教育局"), ("D002", "市财政局")] {
            let kind = [("kind", "city_department"), ("valid_from", "2015-01-01")];
            let entries = [("code", code), ("name", name), kind[0], kind[1]];
            organisations.push(city.make("organisations", &entries).await);
        }
        let term = city
            .make(
                "terms",
                &[("number", "13"), ("name", "十三届"), ("committee", "市委"), ("starts_on", "2021-09-01")],
            )
            .await
            .to_string();
        let inspection = city
            .make(
                "inspections",
                &[
                    ("name", "2023年常规巡察"),
                    ("kind", "regular"),
                    ("term", &term),
                    ("team", "市委第一巡察组"),
                    ("starts_on", "2023-03-01"),
                    ("level", "city"),
                ],
            )
            .await;
        let ids = organisations.clone();
        let program = Arc::new(Actor::program("建立"));
        city.test
            .app
            .write(&program, |cx| {
                Box::pin(async move {
                    for organisation in ids {
                        let mut sql = Sql::new(
                            "insert into inspection_unit (id, version, inspection_id, organisation_id, kind, state, \
                             planned_on, due_basis) values (",
                        );
                        sql.bind(cx.new_id()).push(", 1, ").bind(inspection).push(", ").bind(organisation);
                        sql.push(", 'regular', 'planned', ").bind(day("2023-03-01")).push(", '')");
                        cx.execute(sql).await?;
                    }
                    Ok(())
                })
            })
            .await
            .unwrap();
        (city, [organisations[0], organisations[1]])
    }

    async fn import(&self, code: &str, name: &str, bytes: &[u8]) -> Result<Report> {
        self.import_as(&self.office, code, name, bytes, &Choices::default()).await
    }

    async fn import_as(
        &self,
        who: &Arc<Actor>,
        code: &str,
        name: &str,
        bytes: &[u8],
        choices: &Choices,
    ) -> Result<Report> {
        let plan = Plan::read(&self.test.app, kind(code)?, name, bytes, choices)?;
        run::commit(&self.test.app, who, &plan, &kit::jobs::Progress::unwatched()).await
    }

    async fn count(&self, table: &str) -> i64 {
        let mut sql = Sql::new("select count(*) from ");
        sql.push(table);
        self.test.app.read(&self.office).number(sql).await.unwrap()
    }

    async fn texts(&self, sql: &str) -> Vec<String> {
        let rows = self.test.app.read(&self.office).rows(Sql::new(sql)).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index::<String>(0).unwrap()).collect()
    }
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

/// A workbook whose rows are texts; the first line is a title.
fn workbook(title: &str, rows: &[&[&str]]) -> Vec<u8> {
    let mut book = xlsx::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, title).unwrap();
    for (at, row) in (1u32..).zip(rows) {
        for (column, text) in (0u16..).zip(*row) {
            sheet.write(at, column, *text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn refusal<T: std::fmt::Debug>(result: Result<T>) -> Refusal {
    match result.unwrap_err() {
        Error::Refusal(refusal) => refusal,
        Error::Fault(fault) => panic!("a fault instead of a refusal: {fault}"),
    }
}

fn clean(report: &Report) {
    assert!(report.is_clean(), "{}\n{:#?}", report.sentence(), report.refused);
}

const ORGANISATIONS: &[&[&str]] = &[
    &["序号", "代码", "单 位 名 称", "单位性质", "主管部门", "成立时间", "联系电话"],
    &["1", "D010", "市教育考试院", "事业单位", "市教育局", "2003年5月1日", "1"],
    &["2", "D001", "市教育局", "市直机关", "", "１９９８．３．１", "2"],
    &["3", "D002", "市财政局", "市直", "", "1998-03-01", "3"],
    &["合计", "", "3", "", "", "", ""],
];

#[tokio::test]
async fn a_list_of_organisations_is_taken_over_with_superiors_named_further_down() {
    let city = City::new().await;
    let report =
        city.import("organisations", "单位.xlsx", &workbook("全市单位一览表", ORGANISATIONS)).await.unwrap();
    clean(&report);
    assert_eq!((report.accepted, report.rows, report.committed), (3, 3, true));
    assert_eq!(report.unknown_columns, [(String::from("G"), String::from("联系电话"))]);
    assert_eq!(report.ignored[0].reason, "合计行");
    let above = city
        .texts("select up.name from organisation o join organisation up on up.id = o.parent_id where o.code = 'D010'")
        .await;
    assert_eq!(above, ["市教育局"]);
    let history = city.texts("select deed from history where noun = 'organisations'").await;
    assert_eq!(history, ["create", "create", "create"]);
}

#[tokio::test]
async fn the_same_file_again_changes_nothing_and_a_changed_cell_is_shown_with_both_values() {
    let city = City::new().await;
    let book = workbook("单位", ORGANISATIONS);
    city.import("organisations", "单位.xlsx", &book).await.unwrap();
    let again = city.import("organisations", "单位.xlsx", &book).await.unwrap();
    assert_eq!((again.accepted, again.unchanged, again.committed), (0, 3, false));
    let mut changed = ORGANISATIONS.to_vec();
    changed[3] = &["3", "D002", "市财政局", "事业单位", "", "1998-03-01", "3"];
    let book = workbook("单位", &changed);
    let told = city.import("organisations", "单位.xlsx", &book).await.unwrap();
    assert_eq!((told.unchanged, told.differing.len()), (2, 1));
    let cell = &told.differing[0].cells[0];
    assert_eq!(
        (cell.address.as_str(), cell.written.as_str(), cell.stored.as_str()),
        ("D5", "事业单位", "市直部门")
    );
    let choices = Choices { update: true, ..Choices::default() };
    let updated = city.import_as(&city.office, "organisations", "单位.xlsx", &book, &choices).await.unwrap();
    assert_eq!((updated.updated.len(), updated.committed), (1, true));
    assert_eq!(city.texts("select kind from organisation where code = 'D002'").await, ["institution"]);
    batches::undo(&city.test.app, &city.office, updated.batch.unwrap()).await.unwrap();
    assert_eq!(city.texts("select kind from organisation where code = 'D002'").await, ["city_department"]);
}

#[tokio::test]
async fn one_bad_row_in_a_hundred_stores_none_and_names_its_cell() {
    let city = City::new().await;
    let mut rows: Vec<Vec<String>> =
        vec![["单位代码", "单位名称", "类别", "设立日期"].map(String::from).to_vec()];
    for at in 1..=200 {
        let date = if at % 100 == 0 { "2020-02-30" } else { "2020-02-28" };
        rows.push(vec![format!("D{at:04}"), format!("第{at}单位"), "市直".into(), date.into()]);
    }
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let report = city.import("organisations", "单位.xlsx", &workbook("单位", &rows)).await.unwrap();
    assert_eq!((report.accepted, report.refused.len(), report.committed), (198, 2, false));
    assert_eq!(report.refused[0].cells[0].address, "D102");
    for table in ["organisation", "import_batch", "import_row", "history where noun = 'organisations'"] {
        assert_eq!(city.count(table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn a_name_with_a_slip_is_refused_with_the_close_ones_and_never_taken() {
    let city = City::new().await;
    city.import("organisations", "单位.xlsx", &workbook("单位", ORGANISATIONS)).await.unwrap();
    let rows: &[&[&str]] = &[&["姓名", "所在单位", "职务"], &["陈某某", "市教肓局", "科长"]];
    let report = city.import("people", "人员.xlsx", &workbook("人才库", rows)).await.unwrap();
    assert!(!report.committed);
    let fault = &report.refused[0].cells[0];
    assert_eq!((fault.address.as_str(), fault.written.as_str()), ("B3", "市教肓局"));
    assert!(fault.reason.contains("“市教育局”") && fault.reason.contains("没有自动采用"), "{}", fault.reason);
}

#[tokio::test]
async fn a_batch_is_taken_back_whole_unless_somebody_worked_with_it() {
    let city = City::new().await;
    let report = city.import("organisations", "单位.xlsx", &workbook("单位", ORGANISATIONS)).await.unwrap();
    let batch = report.batch.unwrap();
    let stranger = actor(Role::OfficeLiaison, None, None);
    assert!(batches::undo(&city.test.app, &stranger, batch).await.is_err());
    assert_eq!(batches::undo(&city.test.app, &city.office, batch).await.unwrap(), 3);
    assert_eq!(city.count("organisation").await, 0);
    assert_eq!(city.count("search_entry where noun = 'organisations'").await, 0);
    assert_eq!(
        city.texts("select deed from history where noun = 'imports' order by seq").await,
        ["commit", "undo"]
    );
    let again = city.import("organisations", "单位.xlsx", &workbook("单位", ORGANISATIONS)).await.unwrap();
    assert_eq!(again.accepted, 3);
    let rows: &[&[&str]] = &[&["姓名", "所在单位"], &["陈某某", "市财政局"]];
    clean(&city.import("people", "人员.xlsx", &workbook("人才库", rows)).await.unwrap());
    let why = refusal(batches::undo(&city.test.app, &city.office, again.batch.unwrap()).await);
    assert!(why.message.contains('5') && why.message.contains("引用"), "{}", why.message);
    assert_eq!(city.count("organisation").await, 3);
}

#[tokio::test]
async fn nothing_of_a_trial_remains() {
    let city = City::new().await;
    let book = workbook("单位", ORGANISATIONS);
    let plan =
        Plan::read(&city.test.app, kind("organisations").unwrap(), "a.xlsx", &book, &Choices::default())
            .unwrap();
    let report = run::preview(&city.test.app, &city.office, &plan).await.unwrap();
    assert_eq!((report.accepted, report.committed, report.batch), (3, false, None));
    assert_eq!(city.count("organisation").await, 0);
}

#[tokio::test]
async fn who_may_not_make_such_records_may_not_import_them() {
    let city = City::new().await;
    let liaison = actor(Role::OrganisationLiaison, Some(kit::ids::random()), None);
    let book = workbook("单位", ORGANISATIONS);
    assert!(city.import_as(&liaison, "organisations", "a.xlsx", &book, &Choices::default()).await.is_err());
    assert!(super::offered(&city.test.app, &actor(Role::SystemAdministrator, None, None)).is_empty());
    let codes: Vec<&str> = super::offered(&city.test.app, &liaison).iter().map(|kind| kind.code).collect();
    assert_eq!(codes, ["rectification", "assets"]);
}

const PROBLEMS: &[&[&str]] = &[
    &["序号", "被巡察单位", "轮次", "存在问题", "问题性质", "金额（万元）", "发现时间", "反馈时间", "备注"],
    &[
        "1",
        "市教育局",
        "",
        "专项资金沉淀。2021年以来，３个项目资金闲置。",
        "个性问题",
        "782.6",
        "2023年4月6日",
        "2023-05-20",
        "",
    ],
    &["2", "", "", "招投标把关不严", "个性问题", "1,200", "2023.4.7", "2023-05-20", ""],
    &["1", "市财政局", "", "预算执行慢", "个性问题", "", "２０２３－４－８", "", ""],
    &["注：以上为反馈问题。", "", "", "", "", "", "", "", ""],
];

async fn with_problems() -> (City, [Uuid; 2]) {
    let (city, organisations) = City::inspected().await;
    let nature =
        city.texts("select label from dictionary_item where kind = 'problem_nature' order by position").await;
    let rows: Vec<Vec<&str>> = PROBLEMS
        .iter()
        .map(|row| {
            row.iter().map(|cell| if *cell == "个性问题" { nature[0].as_str() } else { *cell }).collect()
        })
        .collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let book = workbook("市委第一巡察组2023年巡察反馈问题台账", &rows);
    let report = city.import("problems", "问题台账.xlsx", &book).await.unwrap();
    clean(&report);
    assert_eq!((report.accepted, report.rows, report.ignored.len()), (3, 3, 1), "{report:#?}");
    (city, organisations)
}

#[tokio::test]
async fn a_problem_ledger_with_groups_and_ten_thousands_becomes_problems_and_feedback() {
    let (city, _) = with_problems().await;
    let read = city.test.app.read(&city.office);
    assert_eq!(
        read.number(Sql::new("select amount_fen from problem where title = '专项资金沉淀'")).await.unwrap(),
        782_600_000
    );
    let states = city.texts("select state from problem order by number").await;
    assert_eq!(states, ["fed_back", "fed_back", "found"]);
}

#[tokio::test]
async fn a_row_that_the_database_does_not_take_is_named_though_rows_are_stored_together() {
    let (city, _) = with_problems().await;
    // Somebody's numbers were brought in behind the back of the series: the next one is already given.
    let behind = Sql::new("update number_series set last = 0 where series = 'WT-2023'");
    city.test.app.write(&city.office, |cx| Box::pin(cx.execute(behind))).await.unwrap();
    let nature =
        city.texts("select label from dictionary_item where kind = 'problem_nature' order by position").await;
    let rows: &[&[&str]] = &[
        &["被巡察单位", "存在问题", "问题性质", "发现时间"],
        &["市财政局", "新问题之一", &nature[0], "2023-04-08"],
        &["市财政局", "新问题之二", &nature[0], "2023-04-08"],
    ];
    let report = city.import("problems", "又一批.xlsx", &workbook("问题台账", rows)).await.unwrap();
    assert!(!report.committed);
    let fault = &report.refused[0].cells[0];
    assert_eq!(fault.address, "A3");
    assert!(fault.reason.contains("编号或名称重复"), "{}", fault.reason);
    assert_eq!(city.count("problem").await, 3);
}

/// A ledger with one problem for each of `states`, fed back on a day.
fn with_states(states: &[&str]) -> Vec<u8> {
    let rows: Vec<Vec<String>> = states
        .iter()
        .enumerate()
        .map(|(at, state)| {
            let unit = if at % 2 == 0 { "市教育局" } else { "市财政局" };
            let text = format!("第{}个问题，制度执行不到位。", at + 1);
            [unit, &text, "个性", "2023-04-06", "2023-05-20", state].map(str::to_owned).to_vec()
        })
        .collect();
    let head = ["被巡察单位", "存在问题", "问题性质", "发现时间", "反馈日期", "是否销号"];
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let rows: Vec<&[&str]> = std::iter::once(&head[..]).chain(rows.iter().map(Vec::as_slice)).collect();
    workbook("问题台账", &rows)
}

#[tokio::test]
async fn the_office_loads_a_ledger_whose_problems_are_being_rectified_or_done_and_closes_none_by_it() {
    let (city, [educated, _]) = City::inspected().await;
    // One unit is being rectified already, the other one only planned.
    let mut entered = Sql::new("update inspection_unit set state = 'rectifying', entered_on = ");
    entered.bind(day("2023-03-06")).push(" where organisation_id = ").bind(educated);
    city.test.app.write(&city.office, |cx| Box::pin(cx.execute(entered))).await.unwrap();
    let begun = ["整改中", "已销号", "完成", "是", "基本完成", "未整改到位"];
    let open = ["否", "未销号", "未完成"];
    let words: Vec<&str> = begun.iter().chain(&open).copied().collect();
    let report = city.import("problems", "问题台账.xlsx", &with_states(&words)).await.unwrap();
    clean(&report);
    assert_eq!((report.accepted, report.committed), (9, true));
    let states = city.texts("select state from problem order by number").await;
    assert_eq!(states[..6], ["rectifying"; 6]);
    assert_eq!(states[6..], ["fed_back"; 3]);
    assert_eq!(city.count("closure").await, 0, "only a review closes");
    let told = city.texts("select note from history where noun = 'problems' and deed = 'begin'").await;
    assert_eq!(told.len(), 6);
    assert!(told.iter().all(|note| note == "由巡察办代被巡察单位登记"), "{told:?}");
    assert!(report.notes.iter().any(|note| note.contains("按“整改中”登记")), "{:?}", report.notes);
}

#[tokio::test]
async fn days_on_which_nothing_can_have_been_found_or_fed_back_are_refused_by_their_cells() {
    let (city, [educated, _]) = City::inspected().await;
    let mut entered = Sql::new("update inspection_unit set state = 'on_site', entered_on = ");
    entered.bind(day("2023-07-17")).push(" where organisation_id = ").bind(educated);
    city.test.app.write(&city.office, |cx| Box::pin(cx.execute(entered))).await.unwrap();
    let rows: &[&[&str]] = &[
        &["被巡察单位", "存在问题", "问题性质", "发现时间", "反馈日期"],
        &["市教育局", "早于巡察", "个性问题", "1999-01-01", ""],
        &["市教育局", "早于进驻反馈", "个性问题", "2023-04-06", "2023-05-10"],
        &["市教育局", "早于发现反馈", "个性问题", "2023-05-06", "2023-05-05"],
        &["市教育局", "在将来", "个性问题", "2199-01-01", ""],
    ];
    let report = city.import("problems", "问题台账.xlsx", &workbook("问题台账", rows)).await.unwrap();
    assert!(!report.committed);
    let told: Vec<(&str, &str)> = report
        .refused
        .iter()
        .flat_map(|row| &row.cells)
        .map(|cell| (cell.address.as_str(), cell.reason.as_str()))
        .collect();
    let expected = [
        ("D3", "巡察开始日期（2023-03-01）"),
        ("E4", "进驻日期（2023-07-17）"),
        ("E5", "发现日期（2023-05-06）"),
        ("D6", "不能晚于今天"),
    ];
    assert_eq!(told.len(), expected.len(), "{told:?}");
    for ((address, reason), (place, words)) in told.iter().zip(expected) {
        assert!(*address == place && reason.contains(words), "{told:?}");
    }
}

#[tokio::test]
async fn required_columns_that_are_missing_are_told_once_and_can_be_given_for_all_rows() {
    let (city, _) = City::inspected().await;
    let rows: &[&[&str]] = &[
        &["序号", "被巡察单位", "存在问题"],
        &["1", "市教育局", "预算执行慢"],
        &["2", "市财政局", "招标不严"],
    ];
    let book = workbook("问题台账", rows);
    let report = city.import("problems", "问题台账.xlsx", &book).await.unwrap();
    assert_eq!(report.missing_columns, ["发现日期", "问题性质"]);
    assert!(report.refused.is_empty(), "{:#?}", report.refused);
    assert_eq!(report.sentence(), "缺少必需的列：发现日期、问题性质。没有导入。");
    let given = [("found_on", "2023-04-06"), ("nature", "个性")];
    let constants = given.map(|(key, text)| (key.to_owned(), text.to_owned()));
    let options = super::Options { constants: constants.to_vec(), ..super::Options::default() };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("问题台账.xlsx");
    std::fs::write(&path, &book).unwrap();
    let answer = super::command(&city.test.app, &city.office, "problems", &path, options).await.unwrap();
    assert_eq!(super::status(&answer), 0, "{}", super::report_text(&answer));
    assert_eq!(city.count("problem where nature <> '' and title <> ''").await, 2);
}

#[tokio::test]
async fn everything_that_stands_against_a_row_is_told_at_once() {
    let (city, _) = City::inspected().await;
    let rows: &[&[&str]] = &[
        &["被巡察单位", "存在问题", "问题性质", "发现时间", "涉及金额", "人数"],
        &["市不存在局", "预算执行慢", "个别", "2023-02-30", "若干", "-1"],
    ];
    let report = city.import("problems", "问题台账.xlsx", &workbook("问题台账", rows)).await.unwrap();
    let told: Vec<&str> = report.refused[0].cells.iter().map(|cell| cell.column.as_str()).collect();
    for column in ["被巡察单位", "问题性质", "发现日期", "涉及金额"] {
        assert_eq!(told.iter().filter(|one| **one == column).count(), 1, "{column} in {told:?}");
    }
    let nature = report.refused[0].cells.iter().find(|cell| cell.column == "问题性质").unwrap();
    assert_eq!(nature.address, "C3");
    assert!(nature.reason.contains("个性问题、") && nature.reason.contains("“个别”"), "{}", nature.reason);
}

#[tokio::test]
async fn a_deed_is_asked_for_what_else_it_refuses_of_a_row_with_a_cell_that_cannot_be_read() {
    let (city, _) = City::inspected().await;
    let rows: &[&[&str]] = &[
        &["被巡察单位", "存在问题", "问题性质", "发现时间", "涉及金额"],
        &["市教育局", "预算执行慢", "个性问题", "1999-01-01", "若干"],
    ];
    let report = city.import("problems", "问题台账.xlsx", &workbook("问题台账", rows)).await.unwrap();
    let told: Vec<&str> = report.refused[0].cells.iter().map(|cell| cell.address.as_str()).collect();
    assert_eq!(told, ["E3", "D3"]);
    assert_eq!(city.count("problem").await, 0);
}

#[test]
fn a_planned_year_is_read_with_its_word() {
    let read = |text: &str| {
        let rows: &[&[&str]] = &[&["单位代码", "单位名称", "计划年度"], &["D001", "市教育局", text]];
        let choices = Choices::default();
        let today = day("2023-06-01");
        let kind = kind("organisations").unwrap();
        super::ledger::read(kind, "单位.xlsx", &workbook("单位", rows), &choices, today).unwrap()
    };
    for text in ["2023年", "2023", "２０２３年度"] {
        assert_eq!(read(text).rows[0].text("planned_year"), "2023", "{text}");
    }
    let faults = &read("明年").rows[0].faults;
    assert_eq!(faults[0].reason, "“明年”不是年份，请写成 2023 或 2023年");
}

/// A list with all its columns, as an export writes it.
async fn exported(city: &City, noun: &str) -> Vec<u8> {
    exported_for(city, &city.office, noun).await
}

/// The same as `who` takes it.
async fn exported_for(city: &City, who: &Arc<Actor>, noun: &str) -> Vec<u8> {
    let service = city.test.app.registry().service(noun).unwrap();
    let columns: Vec<String> =
        service.list.columns.iter().map(|column| format!("col={}", column.key)).collect();
    let query = kit::web::Query::parse(Some(&columns.join("&"))).unwrap();
    let file = city.test.app.folder().join(format!("{noun}.xlsx"));
    let target = (file.as_path(), "导出.xlsx");
    kit::web::export::take(&city.test.app, who, service, &query, target).await.unwrap();
    std::fs::read(file).unwrap()
}

#[tokio::test]
async fn an_exported_list_comes_back_unchanged() {
    let (city, _) = with_problems().await;
    for (code, noun, rows) in [("problems", "problems", 3), ("organisations", "organisations", 2)] {
        let report = city.import(code, "导出.xlsx", &exported(&city, noun).await).await.unwrap();
        clean(&report);
        assert_eq!((report.unchanged, report.accepted), (rows, 0), "{report:#?}");
        assert!(report.differing.is_empty(), "{:#?}", report.differing);
    }
}

const TYPICAL: &[&[&str]] = &[
    &["序号", "典型问题", "典型表现", "问题小类", "定性依据", "责任提示", "应取证据"],
    &[
        "1",
        "会议费列支不实",
        "以会议名义列支招待费。",
        "财务管理混乱",
        "《某会议费管理办法》第五条\n《某财务制度》",
        "审批人负主要领导责任。",
        "会议通知、签到表。",
    ],
    &["2", "公务用车私用", "节假日用车无审批。", "财务管理混乱", "《某公务用车管理办法》第八条", "", ""],
];

#[tokio::test]
async fn a_library_of_typical_problems_is_taken_over_with_its_rules_and_comes_back_unchanged() {
    let city = City::new().await;
    let report = city.import("typical_problems", "类型库.xlsx", &workbook("类型库", TYPICAL)).await.unwrap();
    clean(&report);
    assert_eq!((report.accepted, report.committed), (2, true));
    let bases = city.texts("select basis_text from typical_problem order by code").await;
    assert_eq!(bases[0], "《某会议费管理办法》第五条\n《某财务制度》");
    let back = exported(&city, "typical_problems").await;
    let report = city.import("typical_problems", "导出.xlsx", &back).await.unwrap();
    clean(&report);
    assert_eq!((report.unchanged, report.accepted), (2, 0), "{report:#?}");
    assert!(report.differing.is_empty(), "{:#?}", report.differing);
}

#[tokio::test]
async fn a_changed_entry_of_the_library_keeps_what_the_file_does_not_say() {
    let city = City::new().await;
    city.import("typical_problems", "类型库.xlsx", &workbook("类型库", TYPICAL)).await.unwrap();
    let rows: &[&[&str]] = &[&["编码", "典型问题", "应取证据"], &["DX001", "会议费列支不实", "发票、合同。"]];
    let choices = Choices { update: true, ..Choices::default() };
    let book = workbook("类型库", rows);
    let report = city.import_as(&city.office, "typical_problems", "改.xlsx", &book, &choices).await.unwrap();
    clean(&report);
    assert_eq!(report.updated.len(), 1);
    let held = city.texts("select evidence || basis_text from typical_problem where code = 'DX001'").await;
    assert_eq!(held, ["发票、合同。《某会议费管理办法》第五条\n《某财务制度》"]);
}

const DRAFTS: &[&[&str]] = &[
    &[
        "序号",
        "被巡察单位",
        "问题标题",
        "发现日期",
        "基本事实",
        "现象",
        "定性",
        "依据",
        "责任主体",
        "涉及金额（元）",
    ],
    &[
        "1",
        "市教育局",
        "会议费列支不实",
        "2023-04-06",
        "2022年列支3笔。",
        "以会议名义列支。",
        "违反会议费管理规定。",
        "《某会议费管理办法》第五条",
        "主体责任：市教育局党组",
        "12000",
    ],
    &["2", "市财政局", "公务用车私用", "2023-04-07", "节假日用车。", "", "", "", "", ""],
];

#[tokio::test]
async fn drafts_written_outside_arrive_unsigned_and_come_back_unchanged() {
    let (city, _) = City::inspected().await;
    let inspections =
        city.test.app.read(&city.office).rows(Sql::new("select id from inspection")).await.unwrap();
    let inspection: Uuid = inspections[0].try_get_by_index(0).unwrap();
    let member = actor(Role::TeamMember, None, Some(inspection));
    let book = workbook("底稿", DRAFTS);
    let refused = city.import_as(&city.office, "drafts", "底稿.xlsx", &book, &Choices::default()).await;
    assert!(refused.is_err() || !refused.unwrap().committed, "the office writes no drafts");
    let report = city.import_as(&member, "drafts", "底稿.xlsx", &book, &Choices::default()).await.unwrap();
    clean(&report);
    assert_eq!((report.accepted, report.committed), (2, true));
    let held = city.texts("select state || bases || bodies from draft order by found_on").await;
    assert!(
        held[0].starts_with("pre_numbered") && held[0].contains("第五条") && held[0].contains("市教育局党组")
    );
    assert_eq!(city.count("draft_signature").await, 0);
    let back = exported_for(&city, &member, "drafts").await;
    let report = city.import_as(&member, "drafts", "导出.xlsx", &back, &Choices::default()).await.unwrap();
    clean(&report);
    assert_eq!((report.unchanged, report.accepted), (2, 0), "{report:#?}");
    assert!(report.differing.is_empty(), "{:#?}", report.differing);
    let again = city.import_as(&member, "drafts", "底稿.xlsx", &book, &Choices::default()).await.unwrap();
    assert_eq!((again.unchanged, again.accepted), (2, 0), "{again:#?}");
}

const RECTIFICATION: &[&[&str]] = &[
    &[
        "序号",
        "单位",
        "反馈问题",
        "整改措施",
        "牵头领导",
        "整改责任人",
        "责任科室",
        "整改时限",
        "整改进展",
        "完成情况",
        "支撑材料",
    ],
    &[
        "1",
        "市教育局",
        "专项资金沉淀",
        "1.逐项清理3个项目资金\n2.建立月度通报制度",
        "陈某某",
        "林某某\n黄某某",
        "计财科",
        "立行立改",
        "已收回2个项目资金782.6万元",
        "整改中",
        "见附件",
    ],
    &[
        "2",
        "",
        "招投标把关不严",
        "修订采购内控办法1项",
        "陈某某",
        "林某某",
        "办公室",
        "6月底前",
        "",
        "未启动",
        "",
    ],
];

#[tokio::test]
async fn a_rectification_ledger_becomes_measures_with_deadlines_progress_and_states() {
    let (city, [organisation, other]) = with_problems().await;
    let liaison = actor(Role::OrganisationLiaison, Some(organisation), None);
    let book = workbook("市教育局2023年整改台账", RECTIFICATION);
    let none = Choices::default();
    let foreign = actor(Role::OrganisationLiaison, Some(other), None);
    let refused = city.import_as(&foreign, "rectification", "整改.xlsx", &book, &none).await.unwrap();
    assert_eq!((refused.refused.len(), refused.committed), (2, false));
    let report = city.import_as(&liaison, "rectification", "整改.xlsx", &book, &none).await.unwrap();
    clean(&report);
    assert_eq!((report.accepted, report.committed), (2, true));
    assert_eq!(
        city.texts("select term_kind from measure order by number").await,
        ["immediate", "immediate", "dated"]
    );
    assert_eq!(
        city.texts("select state from measure order by number").await,
        ["in_progress", "in_progress", "not_started"]
    );
    assert_eq!(city.texts("select owner_name from measure order by number").await[0], "林某某、黄某某");
    assert!(
        report.notes.iter().any(|note| note.contains("没有写年份") && note.contains("2023")),
        "{:?}",
        report.notes
    );
    let again = city.import_as(&liaison, "rectification", "整改.xlsx", &book, &none).await.unwrap();
    assert_eq!((again.unchanged, city.count("measure").await), (2, 3));
    assert_eq!(batches::undo(&city.test.app, &liaison, report.batch.unwrap()).await.unwrap(), 3);
    assert_eq!(city.count("measure").await, 0);
}

#[tokio::test]
async fn an_asset_ledger_in_ten_thousand_square_metres_brings_movements_along() {
    let (city, _) = City::inspected().await;
    let csv = "闲置资产台账\n资产名称,产权单位,资产类型,面积(万㎡),查明日期,盘活面积（㎡）,盘活收入（亿元）,盘活时间,盘活方式\n\
               一号厂房,市财政局,厂房,1.25,2023-01-10,5000,0.01,2023-04-06,出租\n";
    let (bytes, _, _) = encoding_rs::GB18030.encode(csv);
    let report = city.import("assets", "资产.csv", &bytes).await.unwrap();
    clean(&report);
    let read = city.test.app.read(&city.office);
    assert_eq!(read.number(Sql::new("select area_cm2 from asset")).await.unwrap(), 125_000_000);
    assert_eq!(read.number(Sql::new("select income_fen from asset_movement")).await.unwrap(), 100_000_000);
    batches::undo(&city.test.app, &city.office, report.batch.unwrap()).await.unwrap();
    assert_eq!(city.count("asset_movement").await + city.count("asset").await, 0);
}

#[tokio::test]
async fn leads_are_stored_sealed_and_the_import_keeps_no_copy() {
    let (city, _) = City::inspected().await;
    let words = |kind: &'static str| {
        let city = &city;
        async move {
            let sql = format!("select label from dictionary_item where kind = '{kind}' order by position");
            city.texts(&sql).await[0].clone()
        }
    };
    let (discipline, route) = (words("discipline_kind").await, words("lead_route").await);
    let rows: &[&[&str]] = &[
        &["单位", "被反映人", "职务", "线索内容", "六项纪律", "移交去向", "移交时机", "受理日期"],
        &["市教育局", "鲍秘桐", "副局长", "收受翡翠摆件", &discipline, &route, "正常移交", "2023-05-20"],
    ];
    let head = actor(Role::TeamHead, None, None);
    let mut head = Arc::unwrap_or_clone(head);
    let unit = city.texts("select cast(count(*) as text) from inspection_unit").await;
    assert_eq!(unit, ["2"]);
    let sql = Sql::new("select inspection_id from inspection_unit limit 1");
    let inspection: Uuid =
        city.test.app.read(&city.office).rows(sql).await.unwrap()[0].try_get_by_index(0).unwrap();
    head.posts[0].inspection = Some(inspection);
    let head = Arc::new(head);
    let report = city
        .import_as(&head, "leads", "线索.xlsx", &workbook("线索", rows), &Choices::default())
        .await
        .unwrap();
    clean(&report);
    let mut kept = city.texts("select report from import_batch").await;
    kept.extend(city.texts("select cells from import_row").await);
    kept.extend(city.texts("select before from import_made").await);
    kept.extend(city.texts("select key_digest from import_row").await);
    assert!(kept.iter().all(|text| !text.contains("鲍秘桐") && !text.contains("翡翠")));
}

#[tokio::test]
async fn every_kind_fits_its_service_and_its_own_template() {
    let city = City::new().await;
    let cx = city.test.app.read(&city.office);
    for kind in KINDS {
        let service = city.test.app.registry().service(kind.noun).unwrap_or_else(|| panic!("{}", kind.noun));
        let mut known: Vec<&str> = Vec::new();
        let mut fields = Vec::new();
        for deed in ["create", "edit"] {
            let deed = service.deed(deed).unwrap_or_else(|| panic!("{} has no {deed}", kind.noun));
            fields.extend((deed.fields)(&cx, None).await.unwrap());
        }
        known.extend(fields.iter().map(|field| field.name));
        for column in kind.columns {
            let field = fields.iter().find(|field| field.name == column.spec.key);
            if let (super::To::Field(_), ValueKind::Choice(words), Some(kit::form::Kind::Choice(choices))) =
                (column.to, column.spec.kind, field.map(|field| &field.kind))
            {
                let codes: Vec<&str> = words.iter().map(|(code, _)| *code).collect();
                let wanted: Vec<&str> = choices.iter().map(|choice| choice.code).collect();
                assert_eq!(codes, wanted, "{}: {}", kind.code, column.spec.key);
            }
        }
        for column in kind.columns {
            let field = match column.to {
                super::To::Field(field) => field,
                super::To::Pick { field, .. }
                    if !matches!(
                        (kind.code, field),
                        ("problems" | "leads" | "rectification" | "drafts", "organisation")
                    ) =>
                {
                    field
                }
                _ => continue,
            };
            assert!(known.contains(&field), "{}: {field}", kind.code);
        }
        let book = template(kind, city.test.app.folder()).unwrap();
        let sheet = documents::sheet::read("模板.xlsx", &book, &documents::sheet::Limits::default()).unwrap();
        let read =
            documents::recognise::recognise(&sheet, &kind.specs(), &documents::recognise::Options::default())
                .unwrap();
        assert_eq!(read.unknown, [], "{}", kind.code);
        assert_eq!((read.rows.len(), read.missing_required.len()), (0, 0), "{}", kind.code);
    }
}

#[tokio::test]
async fn items_of_a_briefing_come_from_the_departments_own_sheet_and_leads_are_sealed() {
    let (city, [education, finance]) = City::inspected().await;
    let program = Arc::new(Actor::program("建立"));
    city.test
        .app
        .write(&program, |cx| {
            Box::pin(async move {
                let (round, letter) = (cx.new_id(), cx.new_id());
                let mut sql = Sql::new("insert into round (id, version, term_id, year, number, name, starts_on, state) select ");
                sql.bind(round).push(", 1, id, 2023, 5, '第五轮', ").bind(day("2023-03-01")).push(", 'planned' from term");
                cx.execute(sql).await?;
                let mut sql =
                    Sql::new("insert into briefing_letter (id, version, round_id, edition, title, text, state) values (");
                sql.bind(letter).push(", 1, ").bind(round).push(", 1, '函', '请回复', 'issued')");
                cx.execute(sql).await?;
                let mut sql = Sql::new(
                    "insert into briefing (id, version, number, letter_id, inspection_id, unit_id, organisation_id, \
                     department_id, state, sent_on, due_on, due_basis, statement, received_by, return_reason, urges) select ",
                );
                sql.bind(cx.new_id()).push(", 1, 'TB-2023-0007', ").bind(letter);
                sql.push(", inspection_id, id, organisation_id, ").bind(finance).push(", 'asked', ");
                sql.bind(day("2023-05-20")).push(", ").bind(day("2023-06-02"));
                sql.push(", '', '', '', '', 0 from inspection_unit where organisation_id = ").bind(education);
                cx.execute(sql).await?;
                Ok(())
            })
        })
        .await
        .unwrap();
    let rows: &[&[&str]] = &[
        &["通报编号", "事项类别", "主要内容", "文号"],
        &["TB-2023-0007", "审计发现", "专项资金沉淀三百万元", "审报〔2022〕6号"],
        &["", "问题线索", "反映副局长收受翡翠摆件", ""],
    ];
    let finance = actor(Role::FunctionalDepartment, Some(finance), None);
    let sheet = workbook("通报事项", rows);
    let report = city.import_as(&finance, "briefing_items", "通报.xlsx", &sheet, &Choices::default()).await;
    clean(&report.unwrap());
    let told = city.texts("select summary from briefing_item order by number").await;
    assert_eq!(told, ["专项资金沉淀三百万元", ""]);
    let mut kept = city.texts("select report from import_batch").await;
    kept.extend(city.texts("select cells from import_row").await);
    assert!(kept.iter().all(|text| !text.contains("翡翠摆件")));
    let stranger = actor(Role::FunctionalDepartment, Some(education), None);
    let report = city.import_as(&stranger, "briefing_items", "通报.xlsx", &sheet, &Choices::default()).await;
    assert!(report.is_err() || city.count("briefing_item").await == 2);
}

const CHRONICLE: &[&[&str]] = &[
    &["序号", "巡察任务", "单位名称", "授权时间", "通知日期", "进点时间", "撤点时间", "报告提交日期", "状态"],
    &[
        "1",
        "2023年常规巡察",
        "市卫生健康局",
        "2023.3.2",
        "2023年3月6日",
        "2023-03-20",
        "2023-05-19",
        "",
        "已撤点",
    ],
    &["2", "", "市医保局", "2023.3.2", "2023年3月6日", "2023-03-21", "", "", "进驻"],
];

/// A running inspection with two further organisations that are not in it yet.
async fn with_two_more() -> City {
    let (city, _) = City::inspected().await;
    for (code, name) in [("D003", "市卫生健康局"), ("D004", "市医保局")] {
        let entries =
            [("code", code), ("name", name), ("kind", "city_department"), ("valid_from", "2015-01-01")];
        city.make("organisations", &entries).await;
    }
    let rows = city.test.app.read(&city.office).rows(Sql::new("select id from inspection")).await.unwrap();
    let inspection: Uuid = rows[0].try_get_by_index(0).unwrap();
    let start = [("on", "2023-03-01")];
    city.test.perform(&city.office, "inspections", Some(inspection), "start", &start).await.unwrap();
    city
}

async fn stages(city: &City) -> Vec<String> {
    city.texts(
        "select o.name || ' ' || u.state from inspection_unit u join organisation o on o.id = u.organisation_id \
         where o.code in ('D003', 'D004') order by o.code",
    )
    .await
}

#[tokio::test]
async fn a_chronicle_puts_organisations_into_their_inspection_and_moves_them_to_their_stage() {
    let city = with_two_more().await;
    let report =
        city.import("inspection_units", "对象.xlsx", &workbook("巡察对象一览表", CHRONICLE)).await.unwrap();
    clean(&report);
    assert_eq!(stages(&city).await, ["市卫生健康局 left", "市医保局 on_site"]);
    assert_eq!(city.count("onsite_interval").await, 2);
    let again =
        city.import("inspection_units", "对象.xlsx", &workbook("巡察对象一览表", CHRONICLE)).await.unwrap();
    assert_eq!((again.accepted, again.unchanged), (0, 2));
    // The next issue of the ledger goes on from where the last one stopped.
    let mut next: Vec<Vec<&str>> = CHRONICLE.iter().map(|row| row.to_vec()).collect();
    next[1][7] = "2023-05-30";
    let next: Vec<&[&str]> = next.iter().map(Vec::as_slice).collect();
    let report =
        city.import("inspection_units", "对象.xlsx", &workbook("巡察对象一览表", &next)).await.unwrap();
    clean(&report);
    assert_eq!(stages(&city).await, ["市卫生健康局 reported", "市医保局 on_site"]);
}

#[tokio::test]
async fn a_chronicle_with_days_out_of_order_is_refused_at_the_cell() {
    let city = with_two_more().await;
    let mut rows: Vec<Vec<&str>> = CHRONICLE.iter().map(|row| row.to_vec()).collect();
    rows[1][6] = "2023-03-10";
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let report =
        city.import("inspection_units", "对象.xlsx", &workbook("巡察对象一览表", &rows)).await.unwrap();
    assert_eq!((report.committed, stages(&city).await.len()), (false, 0));
    let fault = &report.refused[0].cells[0];
    assert_eq!(fault.address, "G3");
    assert!(fault.reason.contains("早于进驻日期"), "{}", fault.reason);
}

#[tokio::test]
async fn taking_a_chronicle_back_takes_its_organisations_out_again() {
    let city = with_two_more().await;
    let before = city.count("inspection_unit").await;
    let report =
        city.import("inspection_units", "对象.xlsx", &workbook("巡察对象一览表", CHRONICLE)).await.unwrap();
    batches::undo(&city.test.app, &city.office, report.batch.unwrap()).await.unwrap();
    assert_eq!((city.count("inspection_unit").await, city.count("onsite_interval").await), (before, 0));
}

#[tokio::test]
async fn a_talent_of_another_organisation_with_the_same_name_is_somebody_else() {
    let (city, _) = City::inspected().await;
    let heads: &[&str] = &["姓名", "工作单位", "主专长"];
    let of = |organisation: &'static str| workbook("人才库", &[heads, &["韩梅", organisation, "财务审计"]]);
    for organisation in ["市教育局", "市财政局"] {
        let report = city.import("talents", "人才库.xlsx", &of(organisation)).await.unwrap();
        clean(&report);
        assert_eq!((report.accepted, report.committed), (1, true), "{organisation}: {report:#?}");
    }
    assert_eq!(city.count("talent").await, 2);
    // The same person under other words beside the name: found, and nothing doubled.
    let titled: &[&[&str]] =
        &[&["姓名", "工作单位", "主专长", "备注"], &["韩梅", "市财政局", "财务审计", ""]];
    let report = city.import("talents", "另一份.xlsx", &workbook("人才库", titled)).await.unwrap();
    clean(&report);
    assert_eq!((report.accepted, report.unchanged), (0, 1), "{report:#?}");
    assert_eq!(city.count("talent").await, 2);
}

#[tokio::test]
async fn a_name_in_brackets_of_another_width_is_found_behind_any_number_of_other_names() {
    let city = City::new().await;
    let program = Arc::new(Actor::program("建立"));
    let named = |number: usize, name: String| registry::organisations::Organisation {
        id: kit::ids::random().into(),
        version: 1,
        code: format!("D{number}"),
        name,
        kind: OrganisationKind::CityDepartment,
        parent_id: None,
        district_id: None,
        valid_from: day("2015-01-01"),
        valid_to: None,
        note: String::new(),
    };
    let mut all: Vec<_> = (0..5_100).map(|number| named(number, format!("市某局{number}"))).collect();
    all.push(named(9_999, String::from("市实验中学（东校区）")));
    city.test.app.write(&program, |cx| Box::pin(cx.insert_all(all.clone()))).await.unwrap();
    let rows: &[&[&str]] = &[&["姓名", "工作单位", "主专长"], &["韩梅", "市实验中学(东 校区)", "财务审计"]];
    let report = city.import("talents", "人才库.xlsx", &workbook("人才库", rows)).await.unwrap();
    clean(&report);
    assert_eq!(report.accepted, 1, "{report:#?}");
}
