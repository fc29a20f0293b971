//! Every route, for every role: an answer, never a fault, and never a page that a role has no business with.

use kit::{Labelled as _, Role};

use crate::support::City;

/// Puts a real id of the noun where a path wants one.
async fn filled(city: &City, route: &kit::web::Route) -> String {
    let Some(noun) = route.noun else {
        return route
            .path
            .replace("{id}", &kit::ids::random().to_string())
            .replace("{name}", "app.css")
            .replace("{code}", "problems_fed_back");
    };
    let service = city.app.registry().service(noun).expect("the noun of a route");
    let sql = db::Sql::new(&format!("select id from {} order by id limit 1", service.table));
    let rows = city.behind().rows(sql).await.expect("the table of a service");
    let id = rows.first().map_or_else(kit::ids::random, |row| row.try_get_by_index(0).expect("an id"));
    route.path.replace("{id}", &id.to_string()).replace("{at}", "0")
}

/// Opens every page as each of the roles that `theirs` tells.
async fn no_page_has_a_fault_for(theirs: impl Fn(usize) -> bool) {
    let city = City::new().await;
    let routes = kit::web::routes(city.app.registry());
    for (_, &role) in Role::ALL.iter().enumerate().filter(|(at, _)| theirs(*at)) {
        let person = city.person(role.code()).await;
        for route in routes.iter().filter(|route| route.method == "GET") {
            let path = filled(&city, route).await;
            let answer = person.get(&path).await;
            assert!(
                answer.status < 500,
                "{} {path} answered {}: {}",
                role.label(),
                answer.status,
                answer.body
            );
        }
    }
}

// All pages for all roles take longer than any other test; in two halves both cores work on them.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_answers_every_second_role_without_a_fault() {
    no_page_has_a_fault_for(|at| at % 2 == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_answers_the_other_roles_without_a_fault() {
    no_page_has_a_fault_for(|at| at % 2 == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_answered_without_signing_in() {
    let city = City::new().await;
    for route in kit::web::routes(city.app.registry()).iter().filter(|route| route.policy != "public") {
        let path = filled(&city, route).await;
        let request =
            axum::http::Request::builder().method(route.method).uri(&path).header("host", "localhost");
        let answer = city.send(request.body(axum::body::Body::empty()).expect("a request")).await;
        assert!(matches!(answer.status, 303 | 401), "{} {path} answered {}", route.method, answer.status);
        if answer.status == 303 {
            assert!(answer.location.starts_with("/sign-in"), "{path} leads to {}", answer.location);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_navigation_never_leads_to_a_refusal() {
    let city = City::new().await;
    for &role in Role::ALL {
        let person = city.person(role.code()).await;
        let home = person.get("/").await;
        assert_eq!(home.status, 200);
        for part in home.body.split("class=\"nav-link\" href=\"").skip(1) {
            let address = part.split('"').next().expect("an address");
            let answer = person.get(address).await;
            assert_eq!(answer.status, 200, "{} is led to {address}", role.label());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_private_and_locked_down() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    for path in ["/", "/problems", "/api/v1/problems", "/nothing"] {
        let answer = person.get(path).await;
        let header = |name: &str| {
            answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
        };
        assert_eq!(header("cache-control"), "no-store", "{path}");
        assert!(header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert!(
            !answer.body.contains(" style=\"") && !answer.body.contains("<script>"),
            "{path} carries inline style or script"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_openapi_document_lists_exactly_the_api_routes() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let document: serde_json::Value =
        serde_json::from_str(&person.get("/api/openapi.json").await.body).expect("JSON");
    let mut documented: Vec<String> = Vec::new();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        documented.extend(
            operations
                .as_object()
                .expect("operations")
                .keys()
                .map(|method| format!("{} {path}", method.to_uppercase())),
        );
    }
    let mut routed: Vec<String> = kit::web::routes(city.app.registry())
        .iter()
        .filter(|route| route.path.starts_with("/api/v1/"))
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    documented.sort();
    routed.sort();
    assert_eq!(documented, routed);
}
