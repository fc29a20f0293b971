//! Documents on the demonstration city: every template understands its records, every page and file comes out.

use std::sync::Arc;

use db::Sql;
use kit::{
    Actor, Form,
    perform::{Request, perform},
};

use crate::support::City;

const TEXTS: [&str; 13] = [
    "label",
    "form",
    "issuer",
    "series",
    "title",
    "addressees",
    "copies",
    "body",
    "signatory",
    "grade",
    "drafted_by",
    "approved_by",
    "audience",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_template_of_the_catalogue_uses_names_that_its_records_have() {
    let city = City::new().await;
    let office = Arc::new(Actor::program("test"));
    let sql = format!("select id, code, {} from document_template order by code", TEXTS.join(", "));
    let mut wrong = Vec::new();
    for row in city.behind().rows(Sql::new(&sql)).await.expect("templates") {
        let text = |at: usize| row.try_get_by_index::<String>(at).expect("a text");
        let entries = TEXTS.iter().enumerate().map(|(at, name)| (*name, text(at + 2)));
        let request = Request {
            noun: String::from("document_templates"),
            id: Some(row.try_get_by_index(0).expect("an id")),
            deed: String::from("revise"),
            form: Form::of(entries),
            key: None,
            strict: true,
        };
        if let Err(error) = perform(&city.app, &office, request).await {
            wrong.push(format!("{}: {error:?}", text(1)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_looked_at_taken_out_and_found_again_by_its_number() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let document =
        city.ids(Sql::new("select id from document where state = 'dispatched' order by id limit 1")).await;
    let at = format!("/documents/{}", document[0]);
    assert_eq!(person.get(&format!("{at}/preview")).await.status, 200);
    let picture = person.get(&format!("{at}/page/0")).await;
    assert!(picture.body.starts_with("<svg"), "{}", picture.status);
    assert_eq!(person.get(&format!("{at}/page/99")).await.status, 404);
    for (format, start) in [("pdf", "%PDF"), ("docx", "PK")] {
        let file = person.get(&format!("{at}/{format}")).await;
        assert_eq!(file.status, 200);
        assert!(file.body.starts_with(start));
    }
    assert_eq!(city.number("select count(*) from file_export").await, 2);
    let listed = person.get("/exports").await;
    assert!(listed.body.contains("DC-") && listed.body.contains("-00001"), "the register names the number");
    let stranger = city.person("organisation_liaison").await;
    assert_eq!(stranger.get(&format!("{at}/pdf")).await.status, 404);
    assert_eq!(stranger.get("/exports").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_offers_the_documents_that_can_be_made_of_it_to_those_who_draft() {
    let city = City::new().await;
    let feedback =
        city.ids(Sql::new("select id from feedback where held_on is not null order by id limit 1")).await;
    let at = format!("/feedbacks/{}?tab=documents", feedback[0]);
    let office = city.person("office_director").await.get(&at).await;
    assert!(office.body.contains("/documents/new?template="), "{}", office.status);
    let discipline = city.person("discipline").await.get(&at).await;
    assert!(!discipline.body.contains("/documents/new?template="));
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_are_previewed_on_real_records() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    for code in ["D08", "D24", "D25", "D27"] {
        let mut sql = Sql::new("select id from document_template where code = ");
        sql.bind(code);
        let template = city.ids(sql).await;
        let preview = person.get(&format!("/document_templates/{}/preview", template[0])).await;
        assert_eq!(preview.status, 200, "{code}");
        assert!(preview.body.contains("paper-pages"), "{code}: {}", preview.body);
    }
}
