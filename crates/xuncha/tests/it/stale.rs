//! Two people change the same record: the slower one loses nothing and overwrites nothing.

use crate::support::City;

/// An organisation as the API shows it: its id and its version.
async fn organisation(person: &crate::support::Person<'_>) -> (String, i64) {
    let list = person.get("/api/v1/organisations?size=1").await.json();
    let id = list["items"][0]["id"].as_str().expect("an id").to_owned();
    let record = person.get(&format!("/api/v1/organisations/{id}")).await.json();
    (id, record["version"].as_i64().expect("a version"))
}

/// The fields of the edit form as they are stored, with another name.
async fn edited(person: &crate::support::Person<'_>, id: &str, name: &str) -> Vec<(String, String)> {
    let id = id.parse().expect("an id");
    let service = person.city.app.registry().service("organisations").expect("a service");
    let deed = service.deed("edit").expect("organisations can be edited");
    let cx = person.reading().await;
    let fields = (deed.fields)(&cx, Some(id)).await.expect("fields");
    fields
        .into_iter()
        .map(|field| {
            (field.name.to_owned(), if field.name == "name" { name.to_owned() } else { field.value })
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_an_old_version_is_refused_with_both_texts_and_changes_nothing() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let (id, version) = organisation(&person).await;
    let version = version.to_string();
    let path = format!("/organisations/{id}/edit");
    let with_version = |mut entries: Vec<(String, String)>| {
        entries.push((String::from("version"), version.clone()));
        entries
    };

    let first = with_version(edited(&person, &id, "先改的名称").await);
    let first = person.post(&path, &pairs(&first)).await;
    assert_eq!(first.status, 303, "{}", first.body);

    let second = with_version(edited(&person, &id, "后改的名称").await);
    let second = person.post(&path, &pairs(&second)).await;
    assert_eq!(second.status, 409);
    assert!(second.body.contains("先改的名称"), "the stored text is shown");
    assert!(second.body.contains("后改的名称"), "the typed text is kept");

    let stored = person.get(&format!("/api/v1/organisations/{id}")).await;
    assert!(stored.body.contains("先改的名称") && !stored.body.contains("后改的名称"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_names_the_fields_that_differ() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let (id, version) = organisation(&person).await;
    let path = format!("/api/v1/organisations/{id}/edit");
    let body = |entries: Vec<(String, String)>| {
        let mut body: serde_json::Map<String, serde_json::Value> =
            entries.into_iter().map(|(name, value)| (name, value.into())).collect();
        body.insert(String::from("version"), version.into());
        serde_json::Value::Object(body)
    };
    let first = person.api(&path, body(edited(&person, &id, "先改的名称").await)).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let second = person.api(&path, body(edited(&person, &id, "后改的名称").await)).await;
    assert_eq!(second.status, 409, "{}", second.body);
    let differences = &second.json()["error"]["differences"];
    assert_eq!(differences[0]["mine"], "后改的名称");
    assert_eq!(differences[0]["stored"], "先改的名称");
}

fn pairs(entries: &[(String, String)]) -> Vec<(&str, &str)> {
    entries.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
