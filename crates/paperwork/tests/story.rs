//! A document from its template to its receipt, on the real database.
#![expect(clippy::expect_used, reason = "a story that cannot be set up has failed")]

use std::sync::Arc;

use db::Sql;
use kit::{
    Actor, Error, Outcome, Refusal, Result, Role,
    error::Reason,
    testing::{TestApp, actor},
};
use paperwork::{
    document_templates::{self, TemplateId},
    documents::{self, DocumentId},
};
use uuid::Uuid;

struct Office {
    test: TestApp,
    organisation: Uuid,
    other: Uuid,
    clerk: Arc<Actor>,
    director: Arc<Actor>,
    liaison: Arc<Actor>,
    stranger: Arc<Actor>,
}

async fn organisation(test: &TestApp, name: &str) -> Uuid {
    let id = kit::ids::random();
    let program = Arc::new(Actor::program("test"));
    let name = name.to_owned();
    let work = test.app.write(&program, |cx| {
        Box::pin(async move {
            let mut sql = Sql::new(
                "insert into organisation (id, version, code, name, kind, valid_from, note) values (",
            );
            sql.bind(id).push(", 1, ").bind(name.as_str()).push(", ").bind(name.as_str());
            sql.push(", 'city_department', '2015-01-01', '')");
            cx.execute(sql).await?;
            paperwork::seed(cx).await
        })
    });
    work.await.expect("an organisation");
    id
}

impl Office {
    async fn new() -> Self {
        let mut services = registry::services();
        services.extend(planning::services());
        services.extend(paperwork::services());
        let test = TestApp::new(services).await;
        let (own, other) = (organisation(&test, "市教育局").await, organisation(&test, "市商务局").await);
        Self {
            organisation: own,
            other,
            clerk: actor(Role::OfficeLiaison, None, None),
            director: actor(Role::OfficeDirector, None, None),
            liaison: actor(Role::OrganisationLiaison, Some(own), None),
            stranger: actor(Role::OrganisationLiaison, Some(other), None),
            test,
        }
    }

    async fn template(&self, series: &str) -> Uuid {
        let writing = [
            ("code", if series.is_empty() { "T02" } else { "T01" }),
            ("noun", "organisations"),
            ("label", "情况通报"),
            ("form", "letter"),
            ("issuer", "{{ 机关 }}"),
            ("series", series),
            ("title", "关于通报{{ 名称 }}有关情况的函"),
            ("addressees", "{{ 名称 }}"),
            ("body", "现将有关情况通报如下。\n# 基本情况"),
            ("signatory", "{{ 机关 }}"),
            ("grade", "internal"),
        ];
        self.perform(&self.clerk, document_templates::NOUN, None, "create", &writing)
            .await
            .expect("a template")
            .id
    }

    async fn perform(
        &self,
        who: &Arc<Actor>,
        noun: &str,
        id: Option<Uuid>,
        deed: &str,
        entries: &[(&str, &str)],
    ) -> Result<Outcome> {
        self.test.perform(who, noun, id, deed, entries).await
    }

    async fn draft(&self, template: Uuid) -> Uuid {
        let template = template.to_string();
        let entries = [("template", template.as_str()), ("record", "市教育局"), ("urgency", "ordinary")];
        self.perform(&self.clerk, documents::NOUN, None, "create", &entries).await.expect("a draft").id
    }

    async fn deed(
        &self,
        who: &Arc<Actor>,
        id: Uuid,
        deed: &str,
        entries: &[(&str, &str)],
    ) -> Result<Outcome> {
        self.perform(who, documents::NOUN, Some(id), deed, entries).await
    }

    async fn document(&self, id: Uuid) -> documents::Document {
        documents::find(&self.test.app.read(&self.director), DocumentId(id)).await.expect("a document")
    }

    async fn signed(&self, template: Uuid) -> Uuid {
        let id = self.draft(template).await;
        self.deed(&self.clerk, id, "submit", &[]).await.expect("submitted");
        self.deed(&self.director, id, "sign", &[]).await.expect("signed");
        id
    }
}

fn refused<T: std::fmt::Debug>(result: Result<T>) -> Refusal {
    match result {
        Err(Error::Refusal(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn a_document_goes_from_its_template_to_the_receipt() {
    let office = Office::new().await;
    let template = office.template("巡办函").await;
    let id = office.signed(template).await;
    let signed = office.document(id).await;
    assert_eq!(signed.title, "关于通报市教育局有关情况的函");
    assert_eq!(signed.organisation_id.map(|id| id.0), Some(office.organisation));
    office.deed(&office.clerk, id, "number", &[]).await.expect("numbered");
    assert_eq!(office.document(id).await.document_number, "巡办函〔2023〕1号");
    let to = office.organisation.to_string();
    office.deed(&office.clerk, id, "dispatch", &[("recipients", to.as_str())]).await.expect("sent");
    let cx = office.test.app.read(&office.liaison);
    let rows = cx.rows(Sql::new("select id from document_dispatch")).await.expect("rows");
    let dispatch: Uuid = rows[0].try_get_by_index(0).expect("an id");
    let receipt = [("received_on", "2023-06-01"), ("receiver", "周维岳")];
    let noun = "document_dispatches";
    let by_stranger = office.perform(&office.stranger, noun, Some(dispatch), "receive", &receipt).await;
    assert_eq!(refused(by_stranger).reason, Reason::NotFound);
    office.perform(&office.liaison, noun, Some(dispatch), "receive", &receipt).await.expect("received");
    let twice = office.deed(&office.clerk, id, "dispatch", &[("recipients", to.as_str())]).await;
    assert_eq!(refused(twice).fields[0].0, "recipients");
    let other = office.other.to_string();
    office.deed(&office.clerk, id, "dispatch", &[("recipients", other.as_str())]).await.expect("sent again");
    office.deed(&office.clerk, id, "archive", &[]).await.expect("filed");
}

#[tokio::test]
async fn a_void_document_keeps_its_number() {
    let office = Office::new().await;
    let template = office.template("巡办函").await;
    for expected in ["巡办函〔2023〕1号", "巡办函〔2023〕2号"] {
        let id = office.signed(template).await;
        office.deed(&office.clerk, id, "number", &[]).await.expect("numbered");
        assert_eq!(office.document(id).await.document_number, expected);
        office.deed(&office.clerk, id, "cancel", &[("reason", "文字有误")]).await.expect("void");
        assert_eq!(office.document(id).await.document_number, expected);
    }
}

#[tokio::test]
async fn the_drafter_does_not_sign_and_outsiders_do_not_know() {
    let office = Office::new().await;
    let template = office.template("").await.to_string();
    let entries = [("template", template.as_str()), ("record", "市教育局"), ("urgency", "urgent")];
    let id = office
        .perform(&office.director, documents::NOUN, None, "create", &entries)
        .await
        .expect("a draft")
        .id;
    office.deed(&office.director, id, "submit", &[]).await.expect("submitted");
    assert_eq!(refused(office.deed(&office.director, id, "sign", &[]).await).reason, Reason::Forbidden);
    assert_eq!(refused(office.deed(&office.liaison, id, "sign", &[]).await).reason, Reason::NotFound);
}

#[tokio::test]
async fn what_is_not_filled_in_is_not_signed() {
    let office = Office::new().await;
    let id = office.draft(office.template("").await).await;
    let gap =
        [("title", "函"), ("body", "涉及金额〔待填〕。"), ("grade", "internal"), ("urgency", "ordinary")];
    office.deed(&office.clerk, id, "edit", &gap).await.expect("edited");
    assert_eq!(refused(office.deed(&office.clerk, id, "submit", &[]).await).reason, Reason::Invalid);
}

#[tokio::test]
async fn a_revision_is_a_new_edition_and_documents_made_before_stay() {
    let office = Office::new().await;
    let template = office.template("").await;
    let before = office.draft(template).await;
    let revision = [
        ("label", "情况通报"),
        ("form", "letter"),
        ("title", "新的标题"),
        ("body", "新的正文"),
        ("grade", "internal"),
    ];
    let noun = document_templates::NOUN;
    office.perform(&office.clerk, noun, Some(template), "revise", &revision).await.expect("revised");
    assert_eq!(office.document(before).await.title, "关于通报市教育局有关情况的函");
    assert_eq!(office.document(office.draft(template).await).await.title, "新的标题");
    let cx = office.test.app.read(&office.clerk);
    assert_eq!(document_templates::find(&cx, TemplateId(template)).await.expect("found").edition, 2);
    let mut unknown = revision;
    unknown[3] = ("body", "{{ 没有的字段 }}");
    let refusal = refused(office.perform(&office.clerk, noun, Some(template), "revise", &unknown).await);
    assert!(refusal.fields[0].1.contains("没有的字段") && refusal.fields[0].1.contains("名称"));
}
