//! Questionnaires: answered once by a code, counted in sum only, shown when closed and when enough people answered.

use std::sync::Arc;

use kit::Actor;
use onsite::questionnaires::answers::{self, Answer};
use uuid::Uuid;

use crate::support::City;

async fn questionnaire(city: &City) -> Uuid {
    let unit = city.unit.to_string();
    let entries = [
        ("unit", unit.as_str()),
        ("title", "政治生态问卷"),
        ("questions.0.text", "班子团结情况"),
        ("questions.0.kind", "single"),
        ("questions.0.options", "好、一般、差"),
        ("questions.1.text", "意见建议"),
        ("questions.1.kind", "open"),
    ];
    let id = city.perform(&city.member, "questionnaires", None, "create", &entries).await.unwrap().id;
    city.perform(&city.member, "questionnaires", Some(id), "open", &[]).await.unwrap();
    id
}

async fn codes(city: &City, id: Uuid, count: usize) -> Vec<String> {
    let given = city.test.app.write(&city.member, |cx| {
        Box::pin(async move { onsite::questionnaires::actions::give_out(cx, id.into(), count).await })
    });
    given.await.unwrap()
}

async fn answer(city: &City, code: &str, option: i64, text: &str) -> kit::Result<()> {
    let nobody = Arc::new(Actor::program("问卷"));
    let (code, text) = (code.to_owned(), text.to_owned());
    let given = vec![
        Answer { position: 1, ticked: vec![option], text: String::new() },
        Answer { position: 2, ticked: Vec::new(), text },
    ];
    city.test.app.write(&nobody, |cx| Box::pin(async move { answers::answer(cx, &code, given).await })).await
}

#[tokio::test]
async fn a_code_answers_once_and_leaves_nothing_but_counts() {
    let city = City::new().await;
    let id = questionnaire(&city).await;
    let codes = codes(&city, id, 6).await;
    let audited = city.count("select count(*) from audit_entry").await;
    for code in &codes {
        answer(&city, code, 1, "").await.unwrap();
    }
    assert!(answer(&city, &codes[0], 1, "").await.is_err(), "used up");
    assert!(answer(&city, "AAAA-BBBB-CCCC", 1, "").await.is_err(), "never given out");
    assert_eq!(city.count("select count(*) from questionnaire_code").await, 0);
    assert_eq!(city.count("select count(*) from audit_entry").await, audited, "nobody is recorded");
    assert_eq!(city.count("select online from questionnaire_tally where choice = 1").await, 6);
}

#[tokio::test]
async fn a_wrong_answer_leaves_the_code_unused() {
    let city = City::new().await;
    let id = questionnaire(&city).await;
    let codes = codes(&city, id, 1).await;
    assert!(answer(&city, &codes[0], 9, "").await.is_err());
    assert_eq!(city.count("select count(*) from questionnaire_code").await, 1);
    answer(&city, &codes[0], 2, "改进作风").await.unwrap();
}

#[tokio::test]
async fn results_appear_when_closed_and_small_numbers_stay_hidden() {
    let city = City::new().await;
    let id = questionnaire(&city).await;
    let codes = codes(&city, id, 9).await;
    for (at, code) in codes.iter().enumerate() {
        answer(&city, code, if at < 8 { 1 } else { 3 }, "").await.unwrap();
    }
    assert!(
        !city.text(&city.member, "questionnaires", id).await.contains("不显示"),
        "nothing before it is closed"
    );
    let paper = [("sheets", "6"), ("counts.0.question", "1"), ("counts.0.c2", "6")];
    city.perform(&city.member, "questionnaires", Some(id), "paper", &paper).await.unwrap();
    city.perform(&city.member, "questionnaires", Some(id), "close", &[]).await.unwrap();
    let text = city.text(&city.clerk, "questionnaires", id).await;
    let text = text.split("key: \"questions\"").next().unwrap();
    assert!(text.contains("<td class=\\\"num\\\">8</td>"), "{text}");
    assert!(!text.contains("<td class=\\\"num\\\">1</td>"), "one person's answer is hidden");
    assert!(!text.contains("<td class=\\\"num\\\">6</td>"), "and the count that would give it away");
    assert!(answer(&city, &codes[0], 1, "").await.is_err());
}

#[tokio::test]
async fn few_answers_show_nothing_at_all() {
    let city = City::new().await;
    let id = questionnaire(&city).await;
    for code in codes(&city, id, 3).await {
        answer(&city, &code, 1, "某某某的意见").await.unwrap();
    }
    city.perform(&city.member, "questionnaires", Some(id), "close", &[]).await.unwrap();
    let text = city.text(&city.head, "questionnaires", id).await;
    assert!(!text.contains("某某某的意见") && text.contains("没有可以显示的答复"));
}
