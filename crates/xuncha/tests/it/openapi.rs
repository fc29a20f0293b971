//! The document of the API says what the running program does: each of its statements is tried out.

use axum::body::Body;
use serde_json::{Value, json};

use crate::support::{City, Person};

async fn document(person: &Person<'_>) -> Value {
    person.get("/api/openapi.json").await.json()
}

/// The operations of the document: method, path, operation.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().expect("operations");
            methods.iter().map(move |(method, operation)| (method.clone(), path.clone(), operation))
        })
        .collect()
}

fn body_of(operation: &Value) -> &Value {
    &operation["requestBody"]["content"]["application/json"]["schema"]
}

/// What stands against `value` being as `schema` says.
fn misfit(document: &Value, schema: &Value, value: &Value) -> Option<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let schema = document.pointer(reference.trim_start_matches('#')).expect("a schema");
        return misfit(document, schema, value);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let fitting = choices.iter().filter(|choice| misfit(document, choice, value).is_none()).count();
        return (fitting != 1).then(|| format!("{value} fits {fitting} of {schema}"));
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let held = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !types.contains(&held) {
        return Some(format!("{value} is {held}, not {types:?}"));
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(name).is_none() {
            return Some(format!("{value} has no {name}"));
        }
    }
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(why) = value.get(name).and_then(|value| misfit(document, schema, value)) {
            return Some(format!("{name}: {why}"));
        }
    }
    let mut items = value.as_array().into_iter().flatten();
    items.find_map(|item| misfit(document, &schema["items"], item))
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_and_options_answer_as_the_document_says() {
    let city = City::new().await;
    let mut tried = 0;
    for role in ["office_director", "system_administrator"] {
        let person = city.person(role).await;
        let document = document(&person).await;
        for (method, path, operation) in operations(&document) {
            if method != "get" || path.contains('{') {
                continue;
            }
            let answer = person.get(&path).await;
            if answer.status == 404 {
                continue; // not this person's
            }
            let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
            assert_eq!(answer.status, 200, "{path}");
            assert_eq!(misfit(&document, schema, &answer.json()), None, "{path}");
            tried += 1;
        }
    }
    assert!(tried > 100, "only {tried} were tried");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_address_does_not_take_is_refused_by_lists_and_options() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    for path in
        ["/api/v1/problems?size=-1", "/api/v1/problems/options?size=-1", "/api/v1/problems/options?x=1"]
    {
        assert_eq!(person.get(path).await.status, 400, "{path}");
    }
    assert_eq!(person.get("/api/v1/problems/options?q=a").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_write_names_the_header_that_cookies_need_and_tokens_do_not() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let document = document(&person).await;
    let header = document.pointer("/components/parameters/Csrf").expect("a parameter");
    assert_eq!((header["name"].as_str(), header["in"].as_str()), (Some("X-CSRF"), Some("header")));
    for (method, path, operation) in operations(&document) {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let named = parameters.contains(&json!({ "$ref": "#/components/parameters/Csrf" }));
        assert_eq!(named, method != "get", "{method} {path}");
    }
    let body = json!({ "name": "a.txt", "size": 1 }).to_string();
    let writes = [("/api/v1/organisations", String::from("{}")), ("/api/v1/uploads", body)];
    for (path, body) in writes {
        let key = kit::ids::random().to_string();
        let headers = [("content-type", "application/json"), ("idempotency-key", key.as_str())];
        let without = person.send("POST", path, &headers, Body::from(body.clone())).await;
        assert_eq!(without.status, 403, "{path} with a cookie alone");
        let csrf = person.csrf();
        let with = [headers[0], headers[1], ("x-csrf", csrf.as_str())];
        let with = person.send("POST", path, &with, Body::from(body.clone())).await;
        assert_ne!(with.status, 403, "{path} with the header");
        let request = axum::http::Request::builder()
            .method("POST")
            .uri(path)
            .header("authorization", person.bearer())
            .header("content-type", "application/json")
            .header("idempotency-key", kit::ids::random().to_string());
        let by_token = city.send(request.body(Body::from(body)).expect("a request")).await;
        assert_ne!(by_token.status, 403, "{path} with a token");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_must_say_its_version_and_other_deeds_may() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let document = document(&person).await;
    let (mut edits, mut others) = (0, 0);
    for (_, path, operation) in
        operations(&document).into_iter().filter(|(_, path, _)| path.contains("{id}/"))
    {
        if path.starts_with("/api/v1/uploads") {
            continue;
        }
        let body = body_of(operation);
        assert_eq!(body["properties"]["version"]["type"].as_str(), Some("integer"), "{path}");
        let demanded = body["required"].as_array().is_some_and(|names| names.contains(&json!("version")));
        let edit = path.ends_with("/edit");
        assert_eq!(demanded, edit, "{path}");
        *(if edit { &mut edits } else { &mut others }) += 1;
    }
    assert!(edits > 20 && others > 100, "{edits} {others}");
}

/// A problem that the office may edit, with the values of its form.
async fn problem(person: &Person<'_>) -> (String, serde_json::Map<String, Value>) {
    let list = person.get("/api/v1/problems?size=1&f.state=rectifying").await.json();
    let id = list["items"][0]["id"].as_str().unwrap_or_else(|| panic!("no problem: {list}")).to_owned();
    let service = person.city.app.registry().service("problems").expect("problems");
    let deed = service.deed("edit").expect("an edit");
    let fields =
        (deed.fields)(&person.reading().await, Some(id.parse().expect("an id"))).await.expect("fields");
    let filled = fields.into_iter().filter(|field| !field.value.is_empty());
    let mut form: serde_json::Map<String, Value> =
        filled.map(|field| (field.name.to_owned(), json!(field.value))).collect();
    let record = person.get(&format!("/api/v1/problems/{id}")).await.json();
    form.insert(String::from("version"), record["version"].clone());
    form.insert(String::from("reason"), json!("核对原始凭证后更正"));
    (id, form)
}

#[tokio::test(flavor = "multi_thread")]
async fn money_is_taken_in_yuan_and_answered_in_fen_and_yuan() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let document = document(&person).await;
    let about = document["info"]["description"].as_str().expect("a description");
    assert!(about.contains("提交的金额以元计") && about.contains("同时给出分和元"), "{about}");
    let (id, mut form) = problem(&person).await;
    let edit = &document["paths"]["/api/v1/problems/{id}/edit"]["post"];
    let amount = &body_of(edit)["properties"]["amount"];
    assert!(amount["description"].as_str().is_some_and(|text| text.starts_with('元')), "{amount}");
    form.insert(String::from("amount"), json!(12.5));
    let answer = person.api(&format!("/api/v1/problems/{id}/edit"), Value::Object(form)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let list = person.get("/api/v1/problems?f.amount.from=12.5&f.amount.to=12.5").await.json();
    assert_eq!(list["items"][0]["amount"], json!({ "fen": 1250, "yuan": "12.50" }), "{list}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_values_of_a_dictionary_are_those_a_form_takes() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let document = document(&person).await;
    let (id, form) = problem(&person).await;
    let path = format!("/api/v1/problems/{id}/edit");
    let edit = &document["paths"]["/api/v1/problems/{id}/edit"]["post"];
    let properties = body_of(edit)["properties"].as_object().expect("fields");
    let of_dictionary = properties.iter().filter_map(|(name, schema)| {
        let kind = schema["$ref"].as_str()?.strip_prefix("#/components/schemas/dictionary_")?;
        Some((name, kind))
    });
    let mut tried = 0;
    for (name, kind) in of_dictionary {
        let schema = &document["components"]["schemas"][format!("dictionary_{kind}")];
        assert!(!schema["enum"].as_array().expect("values").is_empty(), "{kind}");
        let address =
            schema["description"].as_str().and_then(|text| text.split("GET ").nth(1)).expect("an address");
        let listed = person.get(address).await.json();
        assert!(listed["total"].as_i64() > Some(0), "{address} has none");
        let mut wrong = form.clone();
        wrong.insert(name.clone(), json!("字典里没有的词"));
        let answer = person.api(&path, Value::Object(wrong)).await;
        assert_eq!(answer.status, 422, "{name}: {}", answer.body);
        assert!(answer.json()["error"]["fields"][name].is_string(), "{name}: {}", answer.body);
        tried += 1;
    }
    assert!(tried > 2, "{properties:?}");
}
