//! The figures of the annual review over the demonstration city.

use kit::{App, Clock, Cx, cx::Parts, seal::Seal, service::Registry};

use super::{
    Ask, Computed, Cut, Formula, Only, PAGE, Side, compute, consistency, figure, review, rows, world::day,
};
use crate::{assemble, demo};

struct Loaded {
    app: App,
    _database: db::testing::TestDb,
}

async fn load() -> Loaded {
    let database = db::testing::TestDb::new().await.unwrap();
    let instant = chrono::DateTime::parse_from_rfc3339("2024-01-31T09:00:00+08:00").unwrap().to_utc();
    let registry: Registry = assemble::registry();
    let app = App::new(Parts {
        db: database.db.clone(),
        clock: Clock::at(instant),
        seal: Seal::new(&[1; 32]).unwrap(),
        folder: database.folder.path().to_owned(),
        fonts: Vec::new(),
        office: String::from("澜江市委巡察办"),
        secure: false,
        registry,
    })
    .await
    .unwrap();
    demo::load(&app, 1, None).await.unwrap();
    Loaded { app, _database: database }
}

fn office(app: &App) -> Cx {
    app.read(&kit::testing::actor(kit::Role::OfficeDirector, None, None))
}

fn value<'a>(found: &'a [Computed], code: &str, inspection: &str) -> &'a str {
    let mut fitting = found.iter().filter(|item| {
        item.code == code && item.scope.as_ref().is_none_or(|scope| scope.name.contains(inspection))
    });
    let value = fitting.next().unwrap_or_else(|| panic!("no {code} for {inspection}"));
    assert!(fitting.next().is_none(), "several {code} for {inspection}");
    &value.value
}

const AT_THE_END_OF_2023: [(&str, &str, &str); 30] = [
    ("units_inspected_regular", "", "35"),
    ("special_inspections", "", "1"),
    ("problems_fed_back", "", "1114"),
    ("leads_transferred", "", "120"),
    ("asset_income_added_cum", "", "42.28"),
    ("round_units", "", "5"),
    ("units_on_site_regular", "", "5"),
    ("mobile_inspections", "", "1"),
    ("problems_found", "招投标", "191"),
    ("suggestions_issued", "招投标", "16"),
    ("suspect_projects_transferred", "招投标", "54"),
    ("regular_batches_completed", "", "10"),
    ("units_completed_regular_cum", "", "50"),
    ("coverage_rate", "", "49.02"),
    ("audit_linked_problems_cum", "", "128"),
    ("audit_linked_leads_cum", "", "10"),
    ("audit_linked_rules_built_cum", "", "42"),
    ("district_liaisons", "", "6"),
    ("district_deputy_heads_sent", "", "6"),
    ("district_check_problems", "", "33"),
    ("district_report_reviews", "", "6"),
    ("rect_completion_rate", "", "92.92"),
    ("deepening_months", "", "2.0"),
    ("look_back_months", "", "1.0"),
    ("idle_area_activated_inc", "", "276.63"),
    ("idle_area_activated_cum", "", "727.13"),
    ("idle_area_activation_rate", "", "92.91"),
    ("asset_rules_built", "", "358"),
    ("special_reports", "", "2"),
    ("special_report_suggestions", "", "21"),
];

/// One load serves all questions: loading takes longer than asking.
#[tokio::test]
async fn the_city_answers_every_figure_of_the_annual_review_with_the_rows_behind_it() {
    let loaded = load().await;
    let cx = office(&loaded.app);
    let ask = Ask::on(day("2023-12-31"));
    let found = compute(&cx, &ask).await.unwrap();
    let wrong: Vec<String> = AT_THE_END_OF_2023
        .iter()
        .filter_map(|(code, inspection, expected)| {
            let value = value(&found, code, inspection);
            (value != *expected).then(|| format!("{code}: {value} instead of {expected}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    for (code, expected) in [("common_problems_handed_over", "345"), ("districts", "6"), ("city_teams", "5")]
    {
        assert_eq!(value(&found, code, ""), expected, "{code}");
    }
    let rate = found.iter().find(|item| item.code == "rect_completion_rate").unwrap();
    assert_eq!((rate.numerator, rate.denominator), (Some(1050), Some(1130)));
    each_has_its_rows(&cx, &ask, &found).await;
    lists_show_the_same_rows(&cx, &found).await;
    the_review_agrees_with_the_figures(&cx, &found).await;
    every_count_of_the_review_opens_as_many_rows(&cx).await;
    a_text_of_these_values_is_consistent(&found);
}

async fn each_has_its_rows(cx: &Cx, ask: &Ask, found: &[Computed]) {
    for item in found {
        let of = Only { inspection: item.scope.as_ref().map(|scope| scope.id), ..Only::default() };
        let (mut count, mut sum, mut page) = (0, 0, 1);
        let listed = loop {
            let part = rows(cx, item.code, ask, Side::Part, &of, page).await.unwrap();
            count += part.rows.len() as i64;
            sum += part.rows.iter().filter_map(|row| row.amount).sum::<i64>();
            if (part.rows.len() as i64) < PAGE {
                break part;
            }
            page += 1;
        };
        assert_eq!(count, listed.count, "{}", item.code);
        match figure(item.code).unwrap().formula {
            Formula::Span(..) => assert_eq!(count, 1),
            _ if listed.sum.is_some() => {
                assert_eq!((Some(sum), listed.sum), (item.numerator, item.numerator));
            }
            _ => assert_eq!(Some(count), item.numerator, "{}", item.code),
        }
    }
}

/// Where a figure opens a list of the noun, the list has as many rows as the figure says.
async fn lists_show_the_same_rows(cx: &Cx, found: &[Computed]) {
    let mut lists = 0;
    for item in found {
        let address = item.drill.as_deref().unwrap();
        if address.starts_with("/figures/") {
            continue;
        }
        lists += 1;
        let (noun, query) = address.trim_start_matches('/').split_once('?').unwrap();
        let service = cx.app().registry().service(noun).unwrap();
        let query = kit::web::Query::parse(Some(query)).unwrap();
        let ask = kit::table::Ask::parse(&service.list, &cx.actor, query.pairs()).unwrap();
        let visible = service.scope(&cx.actor);
        let total =
            kit::table::exact_total(cx, noun, &service.list, &visible, &kit::Pred::All, &ask).await.unwrap();
        assert_eq!(Some(total), item.numerator, "{address}");
    }
    assert!(lists >= 2, "problems and leads open their lists");
}

async fn the_review_agrees_with_the_figures(cx: &Cx, found: &[Computed]) {
    let review = review::build(cx, 2023, day("2023-12-31")).await.unwrap();
    let of = |key: &str| review.breakdowns.iter().find(|breakdown| breakdown.key == key).unwrap();
    let sum = |key: &str, column: usize| -> i64 {
        let integer = |shown: &kit::Shown| if let kit::Shown::Integer(count) = shown { *count } else { 0 };
        of(key).rows.iter().map(|row| integer(&row[column].shown)).sum()
    };
    for key in
        ["problems_by_team", "problems_by_kind", "problems_by_field", "problems_by_district", "by_month"]
    {
        assert_eq!(sum(key, 1), 1114, "{key}");
    }
    let heat = of("problems_by_category");
    assert_eq!(sum("problems_by_category", heat.columns.len() - 1), 1114);
    assert_eq!(sum("by_month", 2), 120);
    assert_eq!((sum("leads_by_disposal", 1), sum("leads_by_result", 1)), (120, 120));
    assert_eq!(sum("coverage", 2), 50);
    assert_eq!(sum("ageing", 1) - late(of("ageing")), 1130 - 1050);
    assert_eq!(review.parts.iter().map(|part| part.figures.len()).sum::<usize>(), found.len());
    for breakdown in &review.breakdowns {
        assert!(breakdown.rows.iter().all(|row| row.len() == breakdown.columns.len()), "{}", breakdown.key);
    }
    let closed = review
        .parts
        .iter()
        .flat_map(|part| &part.figures)
        .find(|of| of.now.code == "problems_fed_back")
        .unwrap();
    assert_eq!(
        (closed.before.as_ref().unwrap().value.as_str(), closed.change().as_deref()),
        ("16", Some("+1098"))
    );
}

/// How many records an address lists, and what they add up to.
async fn opened(cx: &Cx, address: &str) -> (i64, Option<i64>) {
    let (path, query) = address.trim_start_matches('/').split_once('?').unwrap();
    let query = kit::web::Query::parse(Some(query)).unwrap();
    let Some(code) = path.strip_prefix("figures/").and_then(|rest| rest.strip_suffix("/rows")) else {
        let service = cx.app().registry().service(path).unwrap();
        let ask = kit::table::Ask::parse(&service.list, &cx.actor, query.pairs()).unwrap();
        let (list, visible) = (&service.list, service.scope(&cx.actor));
        let total = kit::table::exact_total(cx, path, list, &visible, &kit::Pred::All, &ask).await.unwrap();
        return (total, None);
    };
    let ask = Ask::new(day(query.get("as_of").unwrap()), query.get("year").unwrap().parse().unwrap());
    let side = if query.get("of") == Some("whole") { Side::Whole } else { Side::Part };
    let only = Only { inspection: None, cut: Cut::parse(&query).unwrap() };
    assert!(only.cut.words(cx).await.unwrap().iter().all(|words| !words.ends_with('：')), "{address}");
    let listed = rows(cx, code, &ask, side, &only, 1).await.unwrap();
    (listed.count, listed.sum)
}

async fn every_count_of_the_review_opens_as_many_rows(cx: &Cx) {
    let mut lists = 0;
    for (year, as_of) in [(2023, "2023-12-31"), (2022, "2023-05-15"), (2023, "2024-01-31")] {
        let review = review::build(cx, year, day(as_of)).await.unwrap();
        for breakdown in &review.breakdowns {
            let mut open = 0;
            for cell in breakdown.rows.iter().flatten() {
                let Some(address) = &cell.rows else {
                    let unlinked = matches!(cell.shown, kit::Shown::Integer(count) if count != 0);
                    assert!(!unlinked, "{}: {:?} opens nothing", breakdown.key, cell.shown);
                    continue;
                };
                open += 1;
                lists += i32::from(address.starts_with("/problems?"));
                let (count, sum) = opened(cx, address).await;
                match cell.shown {
                    kit::Shown::Integer(counted) => assert_eq!(count, counted, "{address}"),
                    kit::Shown::Area(area) => assert_eq!(sum, Some(area.0), "{address}"),
                    kit::Shown::Money(fen) => assert_eq!(sum, Some(fen.0), "{address}"),
                    ref other => panic!("{other:?} has rows"),
                }
            }
            assert!(open > 0 || breakdown.rows.is_empty(), "{} on {as_of} opens nothing", breakdown.key);
        }
    }
    assert!(lists > 10, "the list of problems shows what it can");
}

fn late(breakdown: &review::Breakdown) -> i64 {
    let row = breakdown.rows.last().unwrap();
    if let kit::Shown::Integer(count) = row[1].shown { count } else { 0 }
}

fn a_text_of_these_values_is_consistent(found: &[Computed]) {
    let text =
        "移送问题线索120件，全覆盖率49.02%，问题整改完成率92.92%，盘活去化率92.91%，新增收益42.28亿元。";
    assert_eq!(consistency::check(text, found), []);
    let findings = consistency::check("移送问题线索125件。", found);
    assert_eq!(findings.len(), 1);
}
