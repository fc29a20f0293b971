//! What is being typed survives the end of a session, sealed, and only for the person who typed it.

use crate::support::City;

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_draft_fills_the_form_again_and_goes_with_the_deed() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let typed = [("code", "D-901"), ("name", "市城市更新中心"), ("kind", "institution")];
    assert_eq!(person.post("/form-drafts/organisations.create", &typed).await.status, 204);

    let again = city.person("office_director").await;
    let form = again.get("/organisations/new").await.body;
    assert!(form.contains("D-901") && form.contains("市城市更新中心") && form.contains("已恢复"));
    let other = city.person("office_liaison").await;
    assert!(!other.get("/organisations/new").await.body.contains("D-901"));

    let stored = city.behind().rows(db::Sql::new("select content from form_draft")).await.expect("drafts");
    let content: String = stored.first().expect("one draft").try_get_by_index(0).expect("text");
    assert!(!content.contains("D-901"), "a draft lies open in the database");

    let mut complete = typed.to_vec();
    complete.push(("valid_from", "2023-01-01"));
    assert_eq!(again.post("/organisations", &complete).await.status, 303);
    assert!(!again.get("/organisations/new").await.body.contains("D-901"));
}
