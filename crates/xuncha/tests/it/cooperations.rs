//! Departments that help to put a problem right: they read that problem and its measures as long as they help.

use kit::Role;
use serde_json::json;
use uuid::Uuid;

use crate::support::{City, Person};

/// How many records of a noun a person has; none where the list does not exist for him.
async fn listed(person: &Person<'_>, noun: &str) -> i64 {
    let answer = person.get(&format!("/api/v1/{noun}?size=1")).await;
    if answer.status == 404 { 0 } else { answer.json()["total"].as_i64().expect("a total") }
}

/// Counts rows of a statement that ends in `department_id = `.
async fn of_department(city: &City, statement: &str, department: Uuid) -> i64 {
    let mut sql = db::Sql::new(statement);
    sql.bind(department).push(" and c.state <> 'ended'");
    city.behind().number(sql).await.expect("a good statement")
}

async fn id_of(city: &City, statement: &str, value: impl Into<kit::sea_orm::Value>) -> Uuid {
    let mut sql = db::Sql::new(statement);
    sql.bind(value).push(" order by 1 limit 1");
    city.ids(sql).await[0]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_department_reads_the_problems_it_helps_with_and_their_measures_and_no_others() {
    let city = City::new().await;
    let sql = db::Sql::new(
        "select a.login from post p join account a on a.id = p.account_id \
         where p.role = 'functional_department' and p.state = 'approved' order by a.login",
    );
    let logins = city.behind().rows(sql).await.expect("a good statement");
    let mut seen = 0;
    for row in &logins {
        let login: String = row.try_get_by_index(0).expect("a login");
        let person = city.sign_in(&login).await;
        let department = person.reading().await.actor.organisations(Role::FunctionalDepartment)[0];
        let problems = of_department(
            &city,
            "select count(distinct c.problem_id) from cooperation c where c.department_id = ",
            department,
        )
        .await;
        let measures = of_department(
            &city,
            "select count(distinct m.id) from cooperation c join measure m on m.problem_id = c.problem_id \
             where c.department_id = ",
            department,
        )
        .await;
        assert_eq!(listed(&person, "problems").await, problems, "{login}");
        assert_eq!(listed(&person, "measures").await, measures, "{login}");
        seen += problems;
    }
    assert!(seen > 4, "the demonstration shows departments that help");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_department_reads_a_problem_from_being_asked_to_the_end_of_its_help() {
    let city = City::new().await;
    let office = city.person("office_liaison").await;
    let helper = city.person("functional_department").await;
    let department = helper.reading().await.actor.organisations(Role::FunctionalDepartment)[0];
    let problem = id_of(
        &city,
        "select p.id from problem p where p.state = 'rectifying' and p.id not in (select problem_id from cooperation) \
         and p.organisation_id <> ",
        department,
    )
    .await;
    let page = format!("/problems/{problem}");
    assert_eq!(helper.get(&page).await.status, 404);
    let asked = json!({ "problem": problem, "department": department, "duty": "请提供政策口径。" });
    let made = office.api("/api/v1/cooperations", asked.clone()).await;
    assert!(made.status < 300, "{}", made.body);
    let cooperation = made.json()["id"].as_str().expect("an id").to_owned();
    let twice = office.api("/api/v1/cooperations", asked).await;
    assert_eq!(twice.status, 422, "{}", twice.body);

    let read = helper.get(&page).await;
    assert_eq!(read.status, 200, "{}", read.body);
    let measure = id_of(&city, "select id from measure where problem_id = ", problem).await;
    assert_eq!(helper.get(&format!("/measures/{measure}")).await.status, 200);
    assert!(helper.get("/").await.body.contains("待配合的整改事项"));

    let deed = async |person: &Person<'_>, deed: &str, form| {
        let answer = person.api(&format!("/api/v1/cooperations/{cooperation}/{deed}"), form).await;
        (answer.status, answer.body)
    };
    assert_eq!(deed(&office, "answer", json!({ "answer": "代答" })).await.0, 403);
    for (person, key, form) in [
        (&helper, "answer", json!({ "answer": "已提供。" })),
        (&office, "return", json!({ "opinion": "请补充依据文号。" })),
        (&helper, "answer", json!({ "answer": "已补充。" })),
        (&office, "end", json!({})),
    ] {
        let (status, body) = deed(person, key, form).await;
        assert!(status < 300, "{key}: {body}");
    }
    assert_eq!(helper.get(&page).await.status, 404, "it helps no longer");
    assert_eq!(helper.get(&format!("/measures/{measure}")).await.status, 404);
    let record = helper.get(&format!("/cooperations/{cooperation}")).await;
    assert!(record.status == 200 && record.body.contains("已补充。"), "{}", record.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_to_help_himself_or_with_what_is_settled() {
    let city = City::new().await;
    let office = city.person("office_director").await;
    let ask = async |problem: Uuid, department: Uuid| {
        let form = json!({ "problem": problem, "department": department, "duty": "配合" });
        office.api("/api/v1/cooperations", form).await
    };
    let open = id_of(&city, "select id from problem where state = ", "rectifying").await;
    let itself = id_of(&city, "select organisation_id from problem where id = ", open).await;
    let refused = ask(open, itself).await;
    assert!(refused.status == 422 && refused.body.contains("以外的部门"), "{}", refused.body);
    let closed = id_of(&city, "select id from problem where state = ", "closed").await;
    let other = id_of(&city, "select id from organisation where kind <> 'district' and id <> ", itself).await;
    let refused = ask(closed, other).await;
    assert!(refused.status == 422 && refused.body.contains("不再安排配合"), "{}", refused.body);
}
