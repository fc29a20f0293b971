//! The offices of the districts: each holds its posts in a body of its own and has to do with its district.

use uuid::Uuid;

use crate::support::{City, Person};

/// Tables by `district_id`, with the noun that shows them; every district has records in those.
const EVERYWHERE: [(&str, &str); 4] = [
    ("district_liaisons", "district_liaison"),
    ("district_deputies", "district_deputy"),
    ("shadow_trainings", "shadow_training"),
    ("report_evaluations", "report_evaluation"),
];
/// The same, of which only some districts have records.
const SOMEWHERE: [(&str, &str); 4] = [
    ("district_checks", "district_check"),
    ("district_check_problems", "district_check_problem"),
    ("inspections", "inspection"),
    ("inspection_units", "inspection_unit"),
];

/// The accounts of the districts' offices, each with its district.
async fn offices(city: &City) -> Vec<(Uuid, String)> {
    let sql = db::Sql::new(
        "select o.district_id, a.login from post p join account a on a.id = p.account_id \
         join organisation o on o.id = p.organisation_id where p.role = 'district_office' and p.state = 'approved' \
         order by a.login",
    );
    let rows = city.behind().rows(sql).await.expect("a good statement");
    rows.iter()
        .map(|row| (row.try_get_by_index(0).expect("a district"), row.try_get_by_index(1).expect("a login")))
        .collect()
}

async fn of_district(city: &City, table: &str, district: Uuid) -> i64 {
    let mut sql = db::Sql::new("select count(*) from ");
    sql.push(table).push(" where district_id = ").bind(district);
    city.behind().number(sql).await.expect("a good statement")
}

/// How many records of a noun the list of a person has.
async fn listed(person: &Person<'_>, noun: &str) -> i64 {
    let answer = person.get(&format!("/api/v1/{noun}?size=1")).await;
    assert_eq!(answer.status, 200, "{noun}: {}", answer.body);
    answer.json()["total"].as_i64().expect("a total")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_district_office_sees_what_is_about_its_district_and_of_no_other() {
    let city = City::new().await;
    let offices = offices(&city).await;
    assert_eq!(offices.len(), 12, "six districts with two accounts each");
    let mut somewhere = [0; SOMEWHERE.len()];
    for (district, login) in &offices {
        let person = city.sign_in(login).await;
        for (noun, table) in EVERYWHERE {
            let seen = listed(&person, noun).await;
            assert!(seen > 0, "{login} {noun}");
            assert_eq!(seen, of_district(&city, table, *district).await, "{login} {noun}");
        }
        for ((noun, table), sum) in SOMEWHERE.into_iter().zip(&mut somewhere) {
            let seen = listed(&person, noun).await;
            assert_eq!(seen, of_district(&city, table, *district).await, "{login} {noun}");
            *sum += seen;
        }
    }
    for ((noun, _), sum) in SOMEWHERE.into_iter().zip(somewhere) {
        assert!(sum > 0, "no district has {noun}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_district_reads_what_was_fed_back_from_inspections_in_it_with_the_measures() {
    let city = City::new().await;
    let mut seen = (0, 0);
    for (district, login) in offices(&city).await {
        let person = city.sign_in(&login).await;
        let within = |columns: &str| {
            let mut sql = db::Sql::new("select count(*) from ");
            sql.push(columns).push(" join inspection i on i.id = x.inspection_id where i.district_id = ");
            sql.bind(district);
            sql
        };
        let problems = listed(&person, "problems").await;
        let measures = listed(&person, "measures").await;
        let behind = city.behind();
        let mut fed_back = within("problem x");
        fed_back.push(" and x.fed_back_on is not null");
        assert_eq!(problems, behind.number(fed_back).await.expect("a count"), "{login}");
        assert_eq!(measures, behind.number(within("measure x")).await.expect("a count"), "{login}");
        seen = (seen.0 + problems, seen.1 + measures);
    }
    assert!(seen.0 > 0 && seen.1 > 0, "{seen:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_district_office_answers_a_problem_of_a_check() {
    let city = City::new().await;
    let mut answered = 0;
    for (district, login) in offices(&city).await {
        let mut sql = db::Sql::new(
            "select id from district_check_problem where state = 'rectifying' and district_id = ",
        );
        sql.bind(district).push(" order by number limit 1");
        let Some(problem) = city.ids(sql).await.first().copied() else { continue };
        let person = city.sign_in(&login).await;
        let page = person.get(&format!("/district_check_problems/{problem}")).await;
        assert!(page.status == 200 && page.body.contains("提交整改结果"), "{login}");
        let path = format!("/district_check_problems/{problem}/submit");
        let answer = person.post(&path, &[("result", "已完善工作规则并组织培训。"), ("version", "2")]).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        answered += 1;
    }
    assert!(answered > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_of_a_district_office_count_its_own_district() {
    let city = City::new().await;
    let ask = xuncha::figures::Ask::on("2023-12-31".parse().expect("a day"));
    for (_, login) in offices(&city).await {
        let person = city.sign_in(&login).await;
        let figures = xuncha::figures::compute(&person.reading().await, &ask).await.expect("figures");
        for code in ["district_liaisons", "district_deputy_heads_sent", "district_report_reviews"] {
            let figure = figures.iter().find(|figure| figure.code == code).expect("a figure");
            assert_eq!(figure.value, "1", "{login} {code}");
        }
    }
}
