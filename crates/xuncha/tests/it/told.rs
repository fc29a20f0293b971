//! What a record's history tells the inspected organisation: nothing that was done with it before it was told of it, and
//! nothing of the stages that stay inside.

use crate::support::{City, Person};

async fn deeds(person: &Person<'_>, address: &str) -> Vec<String> {
    let record = person.get(&format!("/api/v1{address}")).await;
    assert_eq!(record.status, 200, "{address}: {}", record.body);
    let history = record.json()["history"].as_array().expect("a history").clone();
    history.iter().map(|line| line["deed"].as_str().expect("a deed").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_is_told_of_its_problem_from_the_feedback_on() {
    let city = City::new().await;
    let liaison = city.person("organisation_liaison").await;
    let organisation = liaison.reading().await.actor.organisations(kit::Role::OrganisationLiaison)[0];
    let mut sql = db::Sql::new("select id from problem where fed_back_on is not null and organisation_id = ");
    sql.bind(organisation).push(" order by number limit 5");
    for id in city.ids(sql).await {
        let address = format!("/problems/{id}");
        let told = deeds(&liaison, &address).await;
        assert_eq!(told.last().map(String::as_str), Some("反馈"), "{told:?}");
        let whole = deeds(&city.person("office_director").await, &address).await;
        assert!(whole.len() > told.len() && whole.ends_with(&[String::from("登记问题")]), "{whole:?}");
        let page = liaison.get(&address).await.body;
        assert!(page.contains("反馈") && !page.contains("登记问题"), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_is_told_neither_of_the_report_nor_of_what_the_leaders_heard() {
    let city = City::new().await;
    let sql = "select a.login from post p join account a on a.id = p.account_id \
               where p.role = 'organisation_liaison' and p.state = 'approved' and p.organisation_id = ";
    let units = "select u.id from inspection_unit u where u.reported_on is not null and exists \
                 (select 1 from post p where p.organisation_id = u.organisation_id and p.role = 'organisation_liaison') \
                 order by u.id limit 5";
    for unit in city.ids(db::Sql::new(units)).await {
        let mut of_unit = db::Sql::new("select organisation_id from inspection_unit where id = ");
        of_unit.bind(unit);
        let mut logins = db::Sql::new(sql);
        logins.bind(city.ids(of_unit).await[0]);
        let rows = city.behind().rows(logins).await.expect("a good statement");
        let login: String = rows[0].try_get_by_index(0).expect("a login");
        let address = format!("/inspection_units/{unit}");
        let told = deeds(&city.sign_in(&login).await, &address).await;
        assert!(told.contains(&String::from("进驻")), "{told:?}");
        for inside in ["列入单位", "授权", "提交报告", "领导小组听取", "市委研究决定", "中期会商", "组办会商"]
        {
            assert!(!told.iter().any(|deed| deed == inside), "{inside} in {told:?}");
        }
        assert!(deeds(&city.person("office_director").await, &address).await.contains(&"提交报告".into()));
    }
}
