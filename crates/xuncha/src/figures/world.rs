//! Small worlds for tests: rows named by what matters, everything else filled in from the schema.

use std::{collections::HashMap, sync::OnceLock};

use chrono::NaiveDate;
use db::{Sql, Value};
use kit::{Actor, WriteCx, testing::TestApp};
use std::sync::Arc;
use uuid::Uuid;

/// A column of a table.
struct Column {
    name: String,
    kind: String,
    must_be_filled: bool,
}

/// The columns of each table, read from the migrations.
fn columns() -> &'static HashMap<String, Vec<Column>> {
    static COLUMNS: OnceLock<HashMap<String, Vec<Column>>> = OnceLock::new();
    COLUMNS.get_or_init(|| {
        let mut tables = HashMap::new();
        for migration in db::migrations(db::DbBackend::Sqlite) {
            for piece in migration.sql.split("create table ").skip(1) {
                let Some((head, body)) = piece.split_once('(') else { continue };
                let body = body.split(");").next().unwrap_or_default();
                tables.insert(head.trim().to_owned(), body.split(',').filter_map(column).collect());
            }
        }
        tables
    })
}

fn column(text: &str) -> Option<Column> {
    let mut words = text.split_whitespace();
    let (name, kind) = (words.next()?.to_owned(), words.next()?.to_owned());
    let must_be_filled = text.contains("not null") && !text.contains(" default ");
    Some(Column { name, kind, must_be_filled })
}

pub(super) fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").expect("a day")
}

/// Inserts a row; what is required and not given is empty, zero, false, or the first day of 2020.
pub(super) async fn insert(cx: &mut WriteCx, table: &str, given: Vec<(&str, Value)>) -> Uuid {
    let id = cx.new_id();
    let columns = columns().get(table).unwrap_or_else(|| panic!("no table {table}"));
    let mut cells: Vec<(&str, Value)> = vec![("id", id.into())];
    cells.extend(given);
    for Column { name, kind, .. } in columns.iter().filter(|column| column.must_be_filled) {
        if cells.iter().any(|(held, _)| held == name) {
            continue;
        }
        let value: Value = match kind.as_str() {
            "text" if matches!(name.as_str(), "number" | "code" | "login") => id.to_string().into(),
            "text" => String::new().into(),
            "bigint" => 0i64.into(),
            "boolean" => false.into(),
            "date" => day("2020-01-01").into(),
            "timestamptz" => cx.now.into(),
            other => panic!("{table}.{name} of type {other} must be given"),
        };
        cells.push((name, value));
    }
    // Repeated keys of another table come and go with the schema; a row is told by the rest.
    cells.retain(|(name, _)| columns.iter().any(|column| column.name == *name) || *name != "recipient_id");
    let mut sql = Sql::new("insert into ");
    let names: Vec<&str> = cells.iter().map(|(name, _)| *name).collect();
    sql.push(table).push(" (").push(&names.join(", ")).push(") values ");
    sql.bind_list(cells.iter().map(|(_, value)| value.clone()));
    cx.execute(sql).await.unwrap_or_else(|error| panic!("{table}: {error}"));
    id
}

/// An app with one term, districts, listed units, inspections, problems and what follows from them.
pub(super) struct World {
    pub(super) test: TestApp,
    pub(super) office: Arc<Actor>,
    pub(super) special: Uuid,
}

impl World {
    pub(super) async fn new() -> Self {
        let test = TestApp::new(Vec::new()).await;
        let office = kit::testing::actor(kit::Role::OfficeDirector, None, None);
        let special =
            test.app.write(&office, |cx| Box::pin(async move { Ok(fill(cx).await) })).await.unwrap();
        Self { test, office, special }
    }

    /// One more row.
    pub(super) async fn add(&self, table: &'static str, given: Vec<(&'static str, Value)>) -> Uuid {
        self.test
            .app
            .write(&self.office, |cx| {
                Box::pin(async move {
                    // What was remembered must be counted anew, as after any deed.
                    cx.record("test", table, None, kit::audit::Outcome::Done);
                    Ok(insert(cx, table, given).await)
                })
            })
            .await
            .unwrap()
    }
}

macro_rules! row {
    ($cx:expr, $table:literal, $($name:ident = $value:expr),* $(,)?) => {
        insert($cx, $table, vec![$((stringify!($name), $value.into())),*]).await
    };
}

/// 4 listed units (one exempt), 2 batches, a special inspection with a campaign and a look-back, 6 problems.
async fn fill(cx: &mut WriteCx) -> Uuid {
    let term = row!(
        cx,
        "term",
        name = "第十三届",
        number = 13i64,
        starts_on = day("2021-09-20"),
        ends_on = day("2026-09-19")
    );
    let district = row!(cx, "organisation", name = "东区", kind = "district");
    let recipient = row!(cx, "organisation", name = "市纪委监委", kind = "supervising_body");
    let list = row!(
        cx,
        "coverage_list",
        term_id = term,
        edition = 1i64,
        state = "approved",
        approved_on = day("2022-01-10")
    );
    let mut units = Vec::new();
    for (place, name) in ["市教育局", "市卫健委", "市城投集团", "市机关事务局"].into_iter().enumerate()
    {
        let unit = row!(cx, "organisation", name = name, kind = "city_department");
        let exempt = if place == 3 { "机构改革" } else { "" };
        row!(
            cx,
            "coverage_item",
            list_id = list,
            organisation_id = unit,
            exempt_reason = exempt,
            planned_year = 2023i64
        );
        units.push(unit);
    }
    let round = row!(
        cx,
        "round",
        term_id = term,
        year = 2023i64,
        number = 1i64,
        name = "第一轮",
        starts_on = day("2023-01-01")
    );
    let mut inspected = Vec::new();
    for (number, members, left) in [(1i64, &units[..2], true), (2, &units[2..], false)] {
        let batch = row!(
            cx,
            "batch",
            round_id = round,
            number = number,
            name = format!("第{number}批"),
            starts_on = day("2023-02-01")
        );
        let announced = if left { day("2023-02-01") } else { day("2023-12-01") };
        let inspection = row!(
            cx,
            "inspection",
            name = format!("第{number}批常规巡察"),
            term_id = term,
            round_id = round,
            batch_id = batch,
            kind = "regular",
            level = "city",
            team = format!("第{number}巡察组"),
            year = 2023i64,
            starts_on = announced,
            announced_on = announced,
        );
        for unit in members {
            let entered = if left { day("2023-02-10") } else { day("2023-12-05") };
            let left_on = left.then(|| day("2023-04-10"));
            let id = row!(
                cx,
                "inspection_unit",
                inspection_id = inspection,
                organisation_id = *unit,
                kind = "regular",
                planned_on = day("2023-01-01"),
                entered_on = entered,
                left_on = left_on,
            );
            inspected.push((inspection, id, *unit));
        }
    }
    let special = row!(
        cx,
        "inspection",
        name = "国有资产专项巡察",
        term_id = term,
        round_id = round,
        kind = "special",
        level = "city",
        team = "专项组",
        year = 2023i64,
        starts_on = day("2023-01-03"),
        announced_on = day("2023-01-03"),
        field = "state_assets",
    );
    let special_unit = row!(
        cx,
        "inspection_unit",
        inspection_id = special,
        organisation_id = units[2],
        kind = "special",
        planned_on = day("2023-01-01"),
        entered_on = day("2023-01-05"),
        left_on = day("2023-03-01"),
    );
    let look_back = row!(
        cx,
        "inspection",
        name = "国有资产“回头看”",
        term_id = term,
        kind = "look_back",
        level = "city",
        team = "专项组",
        year = 2023i64,
        starts_on = day("2023-06-12"),
        announced_on = day("2023-06-12"),
        parent_id = special,
    );
    let look_back_unit = row!(
        cx,
        "inspection_unit",
        inspection_id = look_back,
        organisation_id = units[2],
        kind = "look_back",
        planned_on = day("2023-06-01"),
        entered_on = day("2023-06-12"),
        left_on = day("2023-07-11"),
    );
    row!(
        cx,
        "inspection",
        name = "职业教育资金机动巡察",
        term_id = term,
        kind = "mobile",
        level = "city",
        team = "机动组",
        year = 2023i64,
        starts_on = day("2023-12-01"),
        announced_on = day("2023-12-01"),
    );
    let site = (special, special_unit, units[2]);
    for (number, approved) in
        [("YB-1", Some(day("2023-03-01"))), ("YB-2", Some(day("2022-03-01"))), ("YB-3", None)]
    {
        row!(
            cx,
            "draft",
            number = number,
            official_number = approved.map(|_| format!("编号{number}")),
            term_id = term,
            inspection_id = site.0,
            unit_id = site.1,
            organisation_id = site.2,
            approved_on = approved,
        );
    }
    let back = (look_back, look_back_unit, units[2]);
    for (number, kind, at) in [
        ("BG-1", "main", site),
        ("BG-2", "top_leader", site),
        ("BG-3", "discipline_head", site),
        ("BG-4", "leadership_team", site),
        ("BG-5", "main", back),
        ("BG-6", "top_leader", back),
    ] {
        row!(
            cx,
            "report",
            number = number,
            kind = kind,
            restricted = kind != "main",
            term_id = term,
            inspection_id = at.0,
            unit_id = at.1,
            organisation_id = at.2,
            approved_on = day("2023-08-01"),
        );
    }
    for (number, confirmed) in [("LX-1", Some(day("2023-04-01"))), ("LX-2", None)] {
        row!(
            cx,
            "immediate_action",
            number = number,
            term_id = term,
            inspection_id = site.0,
            unit_id = site.1,
            organisation_id = site.2,
            confirmed_on = confirmed,
        );
    }
    for (number, kind) in [("HS-1", "mid_term"), ("HS-2", "report")] {
        let consultation = row!(
            cx,
            "consultation",
            number = number,
            kind = kind,
            term_id = term,
            inspection_id = site.0,
            unit_id = site.1,
            organisation_id = site.2,
            held_on = day("2023-09-10"),
        );
        row!(
            cx,
            "consultation_point",
            consultation_id = consultation,
            inspection_id = site.0,
            ordinal = 1i64,
            answered_on = (kind == "mid_term").then(|| day("2023-09-15")),
        );
    }
    let mut problems = Vec::new();
    for number in 0..6u32 {
        let (inspection, unit, organisation) = match number {
            0..4 => inspected[number as usize % 2],
            _ => (special, special_unit, units[2]),
        };
        let kind = if number < 4 { "regular" } else { "special" };
        let fed_back = if number == 0 { day("2022-12-20") } else { day("2023-05-15") };
        let problem = row!(
            cx,
            "problem",
            title = format!("问题{number}"),
            term_id = term,
            inspection_id = inspection,
            unit_id = unit,
            organisation_id = organisation,
            inspection_kind = kind,
            category_1 = "C01",
            field = "education",
            team = "第一巡察组",
            audit_linked = number == 5,
            found_on = day("2022-12-01"),
            state = "fed_back",
            fed_back_on = fed_back,
            due_on = day("2023-11-15"),
        );
        problems.push((problem, inspection, organisation));
    }
    for (place, closed, reopened) in [
        (0, "2023-03-01", None),
        (1, "2023-08-01", Some("2023-10-01")),
        (1, "2023-12-20", None),
        (2, "2023-09-01", Some("2023-11-01")),
        (4, "2024-01-15", None),
    ] {
        let (problem, inspection, organisation) = problems[place];
        let reopened: Option<NaiveDate> = reopened.map(day);
        row!(
            cx,
            "closure",
            problem_id = problem,
            term_id = term,
            organisation_id = organisation,
            inspection_id = inspection,
            closed_on = day(closed),
            reopened_on = reopened,
        );
    }
    for (place, closed) in [(0usize, "2023-03-01"), (1, "2023-12-20"), (4, "2024-01-15")] {
        let mut sql = Sql::new("update problem set state = 'closed', closed_on = ");
        sql.bind(day(closed)).push(" where id = ").bind(problems[place].0);
        cx.execute(sql).await.unwrap();
    }
    for (number, kind, due, started, closed) in [
        (1u32, "immediate", Some("2023-06-15"), Some("2023-05-16"), Some("2023-06-01")),
        (2, "dated", Some("2023-09-30"), Some("2023-06-01"), None),
        (3, "dated", Some("2023-09-30"), Some("2023-06-01"), Some("2024-01-10")),
        (4, "long_term", None, Some("2023-06-01"), None),
    ] {
        let (problem, inspection, organisation) = problems[1];
        row!(
            cx,
            "measure",
            text = format!("措施{number}"),
            problem_id = problem,
            inspection_id = inspection,
            organisation_id = organisation,
            term_kind = kind,
            state = "in_progress",
            number = format!("CS-{number}"),
            due_on = due.map(day),
            started_on = started.map(day),
            closed_on = closed.map(day),
        );
    }
    for (place, attended) in [(0usize, true), (1, false), (2, true)] {
        let (inspection, unit, organisation) = inspected[place];
        row!(
            cx,
            "feedback",
            inspection_id = inspection,
            unit_id = unit,
            organisation_id = organisation,
            held_on = day("2023-05-15"),
            leader_attended = attended,
            state = "held",
        );
    }
    let campaign = row!(
        cx,
        "campaign",
        name = "深化整改",
        inspection_id = special,
        kind = "deepening",
        starts_on = day("2023-04-10"),
        ends_on = day("2023-06-09"),
        state = "running",
    );
    let asset = row!(
        cx,
        "asset",
        name = "海滨路店面",
        organisation_id = units[2],
        inspection_id = special,
        area_cm2 = 500_000_000i64,
        found_on = day("2023-01-20"),
    );
    row!(cx, "asset_correction", asset_id = asset, on_day = day("2023-02-20"), area_cm2 = -100_000_000i64);
    for (on, area, income, of) in [
        ("2023-02-25", 100_000_000i64, 3_000_000_000i64, None),
        ("2023-05-01", 150_000_000, 5_000_000_000, Some(campaign)),
        ("2024-01-05", 50_000_000, 1, None),
    ] {
        row!(
            cx,
            "asset_movement",
            asset_id = asset,
            organisation_id = units[2],
            campaign_id = of,
            on_day = day(on),
            area_cm2 = area,
            income_fen = income,
        );
    }
    for (number, on, disposed, result, audit) in [
        (1u32, "2023-03-01", Some("2023-04-01"), Some("2023-10-01"), true),
        (2, "2023-06-01", Some("2024-01-02"), None, false),
        (3, "2022-11-01", None, None, false),
    ] {
        let lead_id = cx.new_id();
        let transfer = row!(
            cx,
            "transfer",
            kind = "lead",
            subject_noun = "leads",
            subject_id = lead_id,
            recipient_id = recipient,
            sent_on = day(on),
            disposal = if disposed.is_some() { "verification" } else { "" },
            disposal_on = disposed.map(day),
            result = if result.is_some() { "admonition" } else { "" },
            result_on = result.map(day),
            state = "sent",
            mode = "single",
        );
        row!(
            cx,
            "lead",
            number = format!("XS-{number}"),
            inspection_id = inspected[0].0,
            organisation_id = units[0],
            audit_linked = audit,
            accepted_on = day("2022-10-01"),
            transfer_id = transfer,
            recipient_id = recipient,
            transferred_on = day(on),
            state = "transferred",
        );
    }
    row!(
        cx,
        "suspect_project",
        name = "体育馆改造",
        inspection_id = special,
        organisation_id = units[2],
        found_on = day("2023-02-01"),
        transferred_on = day("2023-03-10"),
        state = "transferred",
    );
    row!(
        cx,
        "suggestion",
        text = "完善招租制度",
        inspection_id = special,
        addressee_id = recipient,
        issued_on = day("2023-07-01"),
        state = "issued"
    );
    let report = row!(
        cx,
        "special_report",
        title = "惠民资金专题报告",
        term_id = term,
        submitted_on = day("2023-09-01"),
        state = "submitted"
    );
    for text in ["建议一", "建议二"] {
        row!(
            cx,
            "suggestion",
            text = text,
            special_report_id = report,
            addressee_id = recipient,
            issued_on = day("2023-09-01"),
            state = "issued"
        );
    }
    let handover = row!(
        cx,
        "handover",
        title = "共性问题",
        recipient_id = recipient,
        handed_on = day("2023-10-01"),
        state = "handed"
    );
    row!(
        cx,
        "common_problem",
        handover_id = handover,
        text = "超期拨付",
        handed_on = day("2023-10-01"),
        recipient_id = recipient
    );
    for (title, topic, audit) in
        [("资产管理办法", "state_assets", false), ("专项资金办法", "special_funds", true)]
    {
        row!(
            cx,
            "rule_built",
            title = title,
            organisation_id = units[2],
            issued_on = day("2023-08-01"),
            topic = topic,
            audit_linked = audit
        );
    }
    row!(
        cx,
        "district_liaison",
        year = 2023i64,
        district_id = district,
        person_name = "周明",
        from_on = day("2023-01-10")
    );
    row!(
        cx,
        "district_deputy",
        year = 2023i64,
        district_id = district,
        person_name = "林静",
        from_on = day("2023-03-01")
    );
    row!(
        cx,
        "shadow_training",
        year = 2023i64,
        district_id = district,
        person_name = "吴昊",
        from_on = day("2023-03-01"),
        to_on = day("2023-05-01")
    );
    let check = row!(
        cx,
        "district_check",
        year = 2023i64,
        district_id = district,
        checked_on = day("2023-08-01"),
        state = "open"
    );
    row!(
        cx,
        "district_check_problem",
        check_id = check,
        district_id = district,
        found_on = day("2023-08-01"),
        text = "底稿不规范",
        state = "open"
    );
    row!(
        cx,
        "report_evaluation",
        year = 2023i64,
        district_id = district,
        evaluated_on = day("2023-11-01"),
        state = "done"
    );
    row!(
        cx,
        "reported_value",
        figure = "asset_income_added_cum",
        label = "国有资产收益",
        on_day = day("2023-12-31"),
        value = 8_100_000_000i64,
        unit = "yuan",
        reporter = "市国资委"
    );
    special
}
