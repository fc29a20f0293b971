//! Lists taken away: short ones at once, long ones as a job whose file only the person gets who ordered it.

use kit::{Labelled as _, jobs};

use crate::support::{City, Person};

/// A city whose office lets a page wait for so many rows.
async fn city(rows_at_once: i64) -> City {
    let city = City::new().await;
    let program = std::sync::Arc::new(kit::Actor::program("test"));
    let changed = city.app.write(&program, |cx| {
        Box::pin(async move {
            let mut sql = db::Sql::new("update policy set amount = ");
            sql.bind(rows_at_once).push(" where code = 'background_export_rows'");
            cx.execute(sql).await
        })
    });
    assert_eq!(changed.await.expect("a policy"), 1);
    city
}

/// Orders the list and answers the address of the job.
async fn order(person: &Person<'_>, noun: &str, query: &str) -> String {
    let answer = person.post(&format!("/{noun}/export"), &[("query", query)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_list_comes_at_once_and_a_long_one_is_offered_as_a_job() {
    let city = city(100).await;
    let office = city.person("office_director").await;
    let short = office.get("/inspections/export?size=20").await;
    assert_eq!((short.status, short.body.starts_with("PK")), (200, true));
    let long = office.get("/problems/export?sort=-found_on&page=3").await;
    assert_eq!(long.status, 200);
    assert!(long.body.contains("在后台导出") && !long.body.contains("page=3"), "{}", long.body);
    let job = order(&office, "problems", "sort=-found_on").await;
    assert_eq!(order(&office, "problems", "sort=-found_on").await, job, "ordered twice, done once");
    assert_eq!(office.get(&format!("{job}/result")).await.status, 404, "not written yet");
    jobs::run_due(&city.app).await.expect("the worker works");
    let shown = office.get(&job).await;
    let problems = city.number("select count(*) from problem").await;
    assert!(shown.body.contains(&format!("已导出 {problems} 行")), "{}", shown.body);
    let file = office.get(&format!("{job}/result")).await;
    assert_eq!((file.status, file.body.starts_with("PK")), (200, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_holds_what_its_owner_may_see_and_nobody_else_gets_it() {
    let city = city(0).await;
    let liaison = city.person("organisation_liaison").await;
    let job = order(&liaison, "problems", "").await;
    jobs::run_due(&city.app).await.expect("the worker works");
    let listed = liaison.get("/api/v1/problems?size=1").await.json();
    let own = listed["total"].as_i64().expect("a total");
    assert!(own < city.number("select count(*) from problem").await);
    assert!(liaison.get(&job).await.body.contains(&format!("已导出 {own} 行")));
    assert_eq!(liaison.get(&format!("{job}/result")).await.status, 200);
    // The director sees that the job was done, but not what the liaison took.
    let director = city.person("office_director").await;
    assert_eq!(director.get(&format!("{job}/result")).await.status, 404);
    assert_eq!(city.person("team_member").await.get(&job).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_may_not_see_is_not_exported_either_way() {
    let city = city(0).await;
    let liaison = city.person("organisation_liaison").await;
    assert_eq!(liaison.get("/leads/export").await.status, 404);
    assert_eq!(liaison.post("/leads/export", &[("query", "")]).await.status, 404);
    let office = city.person("office_director").await;
    assert_eq!(office.post("/problems/export", &[("query", "sort=nothing")]).await.status / 100, 4);
    assert_eq!(office.post("/problems/export", &[("query", ""), ("csrf", "0")]).await.status / 100, 4);
    assert_eq!(city.number("select count(*) from job where kind = 'export_list'").await, 0);
}

/// The list of a kind's noun as `actor` sees it, as a file.
async fn taken(city: &City, actor: &std::sync::Arc<kit::Actor>, noun: &str) -> Vec<u8> {
    let service = city.app.registry().service(noun).expect("the noun of a kind");
    let query = kit::web::Query::parse(None).expect("an empty query");
    let file = city.app.folder().join(format!("{noun}.xlsx"));
    kit::web::export::take(&city.app, actor, service, &query, (&file, "导出.xlsx")).await.expect("an export");
    std::fs::read(file).expect("the file just written")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_of_the_demonstration_that_can_be_imported_comes_back_unchanged() {
    let city = City::new().await;
    let mut left: Vec<_> = xuncha::imports::KINDS.iter().collect();
    let mut wrong = Vec::new();
    for &role in kit::Role::ALL {
        let actor = std::sync::Arc::new(city.actor_of(&city.login(role.code())).await);
        for kind in xuncha::imports::offered(&city.app, &actor) {
            if !left.iter().any(|other| other.code == kind.code) {
                continue;
            }
            left.retain(|other| other.code != kind.code);
            let file = taken(&city, &actor, kind.noun).await;
            let choices = xuncha::imports::ledger::Choices::default();
            let plan = xuncha::imports::run::Plan::read(&city.app, kind, "导出.xlsx", &file, &choices)
                .unwrap_or_else(|error| panic!("{} as {}: {error}", kind.code, role.code()));
            let report = xuncha::imports::run::preview(&city.app, &actor, &plan).await.expect("a preview");
            let bad = report.refused.iter().map(|row| format!("{row:?}"));
            let bad = bad.chain(report.differing.iter().map(|row| format!("{row:?}"))).take(3);
            let bad: Vec<_> = bad.collect();
            if report.unchanged == 0 || report.accepted > 0 || !bad.is_empty() {
                wrong.push(format!("{} as {}: {}\n{bad:#?}", kind.code, role.code(), report.sentence()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(left.is_empty(), "nobody is offered {:?}", left.iter().map(|kind| kind.code).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_understands_every_value_that_its_list_shows() {
    let city = City::new().await;
    for kind in xuncha::imports::KINDS {
        let service = city.app.registry().service(kind.noun).expect("the noun of a kind");
        for column in kind.columns {
            let documents::recognise::ValueKind::Choice(choices) = column.spec.kind else { continue };
            let listed = service.list.columns.iter().find(|listed| listed.key == column.spec.key);
            let Some(kit::table::ColumnKind::Choice(shown)) = listed.map(|listed| listed.kind) else {
                continue;
            };
            for value in shown {
                let label = value.label.replace('（', "(").replace('）', ")");
                let known = choices
                    .iter()
                    .any(|(_, words)| words.iter().any(|word| *word == label || *word == value.label));
                assert!(known, "{} does not understand “{}” in {}", kind.code, value.label, column.spec.key);
            }
        }
    }
}
