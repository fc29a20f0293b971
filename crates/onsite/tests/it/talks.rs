//! Talks: the list of whom to talk to, two officers, a sealed record, its points, its signature.

use kit::error::Reason;
use uuid::Uuid;

use crate::support::{City, refused};

const SAID: &str = "局长在班子会上总是第一个表态";

async fn plan(city: &City, person: &str, post: &str) -> Uuid {
    let unit = city.unit.to_string();
    let entries = [("unit", unit.as_str()), ("people.0.person", person), ("people.0.post", post)];
    city.perform(&city.member, "talk_plans", None, "create", &entries).await.unwrap().id
}

async fn talk(city: &City, plan: &str, officers: &[Uuid], on: &str) -> kit::Result<kit::Outcome> {
    let unit = city.unit.to_string();
    let officers: Vec<String> = officers.iter().map(Uuid::to_string).collect();
    let mut entries = vec![
        ("unit", unit.as_str()),
        ("plan", plan),
        ("talked_on", on),
        ("begins", "09:00"),
        ("ends", "10:20"),
        ("place", "第一谈话室"),
    ];
    entries.extend(officers.iter().map(|id| ("officers", id.as_str())));
    city.perform(&city.member, "talks", None, "create", &entries).await
}

#[tokio::test]
async fn the_leadership_must_be_talked_to_and_a_talk_covers_it() {
    let city = City::new().await;
    let id = plan(&city, "孙某", "党组书记、局长").await;
    let again = {
        let unit = city.unit.to_string();
        let entries = [("unit", unit.as_str()), ("people.0.person", "孙某"), ("people.0.post", "局长")];
        city.perform(&city.member, "talk_plans", None, "create", &entries).await
    };
    assert!(again.is_err(), "nobody stands on the list twice");
    let cx = city.test.app.read(&city.head);
    let covered = onsite::talk_plans::covered(&cx, city.inspection, None).await.unwrap();
    assert_eq!((covered.must, covered.must_done), (1, 0));
    talk(&city, &id.to_string(), &city.places, "2023-05-20").await.unwrap();
    let covered = onsite::talk_plans::covered(&cx, city.inspection, Some(city.unit)).await.unwrap();
    assert_eq!((covered.must, covered.must_done), (1, 1));
    assert_eq!(city.state(&city.head, "talk_plans", id).await, "talked");
}

#[tokio::test]
async fn one_officer_or_one_outside_his_authorisation_holds_no_talk() {
    let city = City::new().await;
    let id = plan(&city, "孙某", "财务科科长").await.to_string();
    let [head, member] = city.places;
    assert_eq!(refused(talk(&city, &id, &[head], "2023-05-20").await).reason, Reason::Invalid);
    assert!(talk(&city, &id, &[head, head], "2023-05-20").await.is_err());
    assert!(talk(&city, &id, &[head, member], "2023-04-20").await.is_err(), "before the authorisation");
    assert!(talk(&city, &id, &[head, member], "2023-06-02").await.is_err(), "tomorrow");
    talk(&city, &id, &[head, member], "2023-05-20").await.unwrap();
}

#[tokio::test]
async fn what_was_said_is_sealed_summed_up_signed_and_then_only_supplemented() {
    let city = City::new().await;
    let person = plan(&city, "孙某", "副局长").await.to_string();
    let id = talk(&city, &person, &city.places, "2023-05-20").await.unwrap().id;
    let view = city.text(&city.member, "talks", id).await;
    assert!(view.contains("分管领域"), "the outline is that of the leadership");
    let record = [
        ("record", SAID),
        ("points.0.class", "top_leader"),
        ("points.0.text", "决策时首先表态"),
        ("points.1.class", "suggestions"),
        ("points.1.text", "完善议事规则"),
    ];
    city.perform(&city.member, "talks", Some(id), "record", &record).await.unwrap();
    let text = city.text(&city.head, "talks", id).await;
    assert!(text.contains(SAID) && text.contains("决策时首先表态"));
    let (points, total) = city.list(&city.head, "talk_points").await;
    assert!(total == 2 && points.contains("是") && !points.contains("决策时首先表态"));
    let stored = city.stored(&["talk.record_sealed", "talk_point.text_sealed", "history.changes"]).await;
    assert!(!stored.contains(SAID) && !stored.contains("首先表态"));
    let signed = [("signature", "signed"), ("on", "2023-05-21")];
    city.perform(&city.member, "talks", Some(id), "sign", &signed).await.unwrap();
    assert!(city.perform(&city.member, "talks", Some(id), "record", &record).await.is_err());
    city.perform(&city.member, "talks", Some(id), "supplement", &[("text", "补交会议纪要")]).await.unwrap();
    assert!(city.text(&city.member, "talks", id).await.contains("补交会议纪要"));
}

#[tokio::test]
async fn a_record_opens_to_the_director_for_a_reason_and_to_the_organisation_never() {
    let city = City::new().await;
    let person = plan(&city, "孙某", "副局长").await.to_string();
    let id = talk(&city, &person, &city.places, "2023-05-20").await.unwrap().id;
    let record = [("record", SAID), ("points.0.class", "other"), ("points.0.text", "要点")];
    city.perform(&city.member, "talks", Some(id), "record", &record).await.unwrap();
    assert!(!city.text(&city.director, "talks", id).await.contains(SAID));
    city.perform(&city.director, "talks", Some(id), "consult", &[("reason", "审核中期汇报")]).await.unwrap();
    assert!(city.text(&city.director, "talks", id).await.contains(SAID));
    for noun in ["talks", "talk_plans", "talk_points", "openings"] {
        assert_eq!(city.list(&city.liaison, noun).await.1, 0, "{noun}");
        assert!(noun == "openings" || city.list(&city.clerk, noun).await.1 == 0, "{noun}");
    }
    assert_eq!(refused(city.show(&city.liaison, "talks", id).await).reason, Reason::NotFound);
}
