//! What team and organisation share: announcement, contact group, requests for files; and the papers of the team.

use kit::error::Reason;
use uuid::Uuid;

use crate::support::{City, refused};

async fn request(city: &City, names: &[&str]) -> Uuid {
    let unit = city.unit.to_string();
    let mut entries = vec![(String::from("unit"), unit), (String::from("title"), String::from("第一批材料"))];
    for (at, name) in names.iter().enumerate() {
        entries.push((format!("wanted.{at}.name"), (*name).to_owned()));
        entries.push((format!("wanted.{at}.form"), String::from("original")));
    }
    let entries: Vec<(&str, &str)> =
        entries.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    city.perform(&city.member, "file_requests", None, "create", &entries).await.unwrap().id
}

async fn item(city: &City, request: Uuid) -> Uuid {
    let cx = city.test.app.read(&city.head);
    let mut sql = db::Sql::new("select id from file_request_item where request_id = ");
    sql.bind(request).push(" order by position");
    cx.rows(sql).await.unwrap()[0].try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn a_document_is_asked_for_handed_in_returned_signed_for_and_given_back() {
    let city = City::new().await;
    let id = request(&city, &["党组会议纪要"]).await;
    assert_eq!(
        city.list(&city.liaison, "file_request_items").await.1,
        0,
        "nothing is known before it is sent"
    );
    city.perform(&city.member, "file_requests", Some(id), "issue", &[]).await.unwrap();
    let item = item(&city, id).await;
    assert!(city.show(&city.liaison, "file_request_items", item).await.unwrap().clock.is_some());
    assert!(city.perform(&city.member, "file_requests", Some(id), "complete", &[]).await.is_err());
    let steps: [(&_, &str, &[(&str, &str)]); 5] = [
        (&city.liaison, "provide", &[("pages", "12")]),
        (&city.member, "return", &[("reason", "缺第三季度")]),
        (&city.liaison, "provide", &[("pages", "15")]),
        (&city.member, "accept", &[]),
        (&city.member, "give_back", &[("on", "2023-06-01"), ("to", "李联络")]),
    ];
    for (who, deed, entries) in steps {
        city.perform(who, "file_request_items", Some(item), deed, entries).await.unwrap();
    }
    assert_eq!(city.state(&city.liaison, "file_request_items", item).await, "given_back");
    city.perform(&city.member, "file_requests", Some(id), "complete", &[]).await.unwrap();
}

#[tokio::test]
async fn nothing_is_asked_for_twice_in_a_year_without_a_reason() {
    let city = City::new().await;
    let first = request(&city, &["《党组会议纪要》（2022年）"]).await;
    city.perform(&city.member, "file_requests", Some(first), "issue", &[]).await.unwrap();
    let second = request(&city, &["党组会议纪要 2022年", "固定资产台账"]).await;
    let refusal = refused(city.perform(&city.member, "file_requests", Some(second), "issue", &[]).await);
    assert!(refusal.fields[0].0 == "again" && refusal.fields[0].1.contains("党组会议纪要"));
    assert!(!refusal.fields[0].1.contains("固定资产台账"));
    let reason = [("again", "原件已归还，需要核对签字")];
    city.perform(&city.member, "file_requests", Some(second), "issue", &reason).await.unwrap();
}

#[tokio::test]
async fn the_organisation_reports_its_contact_group_and_another_one_does_not() {
    let city = City::new().await;
    let unit = city.unit.to_string();
    let entries = [
        ("unit", unit.as_str()),
        ("people.0.name", "李联络"),
        ("people.0.phone", "88880001"),
        ("people.0.part", "liaison"),
    ];
    city.perform(&city.liaison, "contacts", None, "create", &entries).await.unwrap();
    assert_eq!(city.list(&city.member, "contacts").await.1, 1);
    let stranger = kit::testing::actor(kit::Role::OrganisationLiaison, Some(city.bureau), None);
    assert!(city.perform(&stranger, "contacts", None, "create", &entries).await.is_err());
    assert_eq!(city.list(&stranger, "contacts").await.1, 0);
}

#[tokio::test]
async fn an_announcement_is_made_from_the_task_issued_by_the_office_and_replaced_by_its_next_edition() {
    let city = City::new().await;
    let inspection = city.inspection.to_string();
    let entries = [("inspection", inspection.as_str()), ("phone", "12345678")];
    let id = city.perform(&city.member, "announcements", None, "create", &entries).await.unwrap().id;
    let text = city.text(&city.member, "announcements", id).await;
    assert!(text.contains("第一巡察组") && text.contains("2023年5月4日") && text.contains("12345678"));
    assert_eq!(refused(city.show(&city.liaison, "announcements", id).await).reason, Reason::NotFound);
    let issue = [("on", "2023-05-31"), ("place", "市纪委监委网站")];
    assert!(city.perform(&city.member, "announcements", Some(id), "issue", &issue).await.is_err());
    city.perform(&city.clerk, "announcements", Some(id), "issue", &issue).await.unwrap();
    assert_eq!(city.count("select count(*) from inspection where announced_on is not null").await, 1);
    let next = city.perform(&city.member, "announcements", Some(id), "revise", &[]).await.unwrap().id;
    assert_eq!(city.state(&city.liaison, "announcements", id).await, "issued");
    city.perform(&city.clerk, "announcements", Some(next), "issue", &issue).await.unwrap();
    assert_eq!(city.state(&city.head, "announcements", id).await, "replaced");
}

#[tokio::test]
async fn what_a_meeting_decides_becomes_tasks_that_the_head_confirms() {
    let city = City::new().await;
    let inspection = city.inspection.to_string();
    let entries = [
        ("inspection", inspection.as_str()),
        ("kind", "team"),
        ("held_on", "2023-05-20"),
        ("agenda", "梳理问题"),
    ];
    let id = city.perform(&city.member, "team_meetings", None, "create", &entries).await.unwrap().id;
    assert!(city.perform(&city.member, "team_meetings", Some(id), "finalise", &[]).await.is_err());
    let member = city.places[1].to_string();
    let decisions = [
        ("decisions.0.text", "核对三年采购合同"),
        ("decisions.0.assignee", member.as_str()),
        ("decisions.0.due_on", "2023-06-05"),
    ];
    city.perform(&city.member, "team_meetings", Some(id), "decide", &decisions).await.unwrap();
    let cx = city.test.app.read(&city.head);
    let tasks = onsite::tasks::board(&cx, city.inspection, onsite::tasks::State::Todo, 10).await.unwrap();
    let task = tasks[0].id.0;
    assert!(city.text(&city.head, "tasks", task).await.contains("组务会") || tasks[0].source_id == Some(id));
    city.perform(&city.member, "tasks", Some(task), "start", &[]).await.unwrap();
    city.perform(&city.member, "tasks", Some(task), "submit", &[("result", "已核对")]).await.unwrap();
    assert!(city.perform(&city.member, "tasks", Some(task), "confirm", &[]).await.is_err());
    city.perform(&city.head, "tasks", Some(task), "confirm", &[]).await.unwrap();
    assert_eq!(city.state(&city.clerk, "tasks", task).await, "done");
    assert_eq!(city.list(&city.liaison, "tasks").await.1, 0);
    assert_eq!(city.list(&city.clerk, "team_meetings").await.1, 0);
}

#[tokio::test]
async fn the_office_sees_of_a_meeting_behind_a_task_no_more_than_it_may() {
    let city = City::new().await;
    let inspection = city.inspection.to_string();
    let entries = [
        ("inspection", inspection.as_str()),
        ("kind", "team"),
        ("held_on", "2023-05-20"),
        ("agenda", "密议事项"),
    ];
    let id = city.perform(&city.member, "team_meetings", None, "create", &entries).await.unwrap().id;
    city.perform(&city.member, "team_meetings", Some(id), "decide", &[("decisions.0.text", "查账")])
        .await
        .unwrap();
    let cx = city.test.app.read(&city.clerk);
    let tasks = onsite::tasks::board(&cx, city.inspection, onsite::tasks::State::Todo, 10).await.unwrap();
    let view = city.show(&city.clerk, "tasks", tasks[0].id.0).await.unwrap();
    assert!(view.facts.iter().all(
        |fact| !matches!(fact.value, kit::Shown::Link { ref href, .. } if href.contains("team_meetings"))
    ));
}

#[tokio::test]
async fn a_visit_needs_two_officers_and_findings() {
    let city = City::new().await;
    let (unit, head, member) =
        (city.unit.to_string(), city.places[0].to_string(), city.places[1].to_string());
    let mut entries = vec![
        ("unit", unit.as_str()),
        ("kind", "unannounced"),
        ("visited_on", "2023-05-18"),
        ("place", "某工地"),
        ("officers", head.as_str()),
    ];
    assert!(city.perform(&city.member, "visits", None, "create", &entries).await.is_err());
    entries.push(("officers", member.as_str()));
    let id = city.perform(&city.member, "visits", None, "create", &entries).await.unwrap().id;
    assert!(city.perform(&city.member, "visits", Some(id), "finalise", &[]).await.is_err());
    entries.remove(0);
    entries.push(("findings", "现场未见监理人员"));
    city.perform(&city.member, "visits", Some(id), "edit", &entries).await.unwrap();
    city.perform(&city.member, "visits", Some(id), "finalise", &[]).await.unwrap();
}

#[tokio::test]
async fn an_assessment_counts_no_more_votes_than_sheets_and_a_report_shows_its_share_of_problems() {
    let city = City::new().await;
    let unit = city.unit.to_string();
    let base = [("unit", unit.as_str()), ("held_on", "2023-05-06"), ("place", "三楼会议室")];
    let mut assessment = base.to_vec();
    assessment.extend([
        ("kind", "assessment"),
        ("given", "60"),
        ("returned", "58"),
        ("valid", "57"),
        ("votes.0.subject", "领导班子"),
        ("votes.0.good", "40"),
        ("votes.0.fair", "18"),
    ]);
    let refusal = refused(city.perform(&city.member, "assemblies", None, "create", &assessment).await);
    assert_eq!(refusal.fields[0].0, "votes");
    if let Some(last) = assessment.last_mut() {
        last.1 = "17";
    }
    let id = city.perform(&city.member, "assemblies", None, "create", &assessment).await.unwrap().id;
    assert!(city.text(&city.clerk, "assemblies", id).await.contains("100.00%"));
    let mut report = base.to_vec();
    report.extend([("kind", "report"), ("report_chars", "10000"), ("problem_chars", "2500")]);
    let id = city.perform(&city.member, "assemblies", None, "create", &report).await.unwrap().id;
    let text = city.text(&city.member, "assemblies", id).await;
    assert!(text.contains("25.00%") && text.contains("低于 40%"));
}

#[tokio::test]
async fn the_workbench_counts_only_what_the_person_may_see() {
    let city = City::new().await;
    let unit = city.unit.to_string();
    let entries = [("unit", unit.as_str()), ("people.0.person", "孙某"), ("people.0.post", "局长")];
    city.perform(&city.member, "talk_plans", None, "create", &entries).await.unwrap();
    let team = onsite::overview::of(&city.test.app.read(&city.member), city.inspection).await.unwrap();
    let must = team.tiles.iter().find(|tile| tile.label == "必谈人员已谈").unwrap();
    assert_eq!((must.count, must.of), (0, Some(1)));
    let office = onsite::overview::of(&city.test.app.read(&city.clerk), city.inspection).await.unwrap();
    assert!(
        office
            .tiles
            .iter()
            .all(|tile| !tile.href.starts_with("/talk") && !tile.href.starts_with("/petition"))
    );
    assert!(office.tiles.iter().any(|tile| tile.href.starts_with("/tasks")));
    let unit = onsite::overview::of(&city.test.app.read(&city.liaison), city.inspection).await.unwrap();
    assert!(unit.tiles.iter().all(|tile| tile.href.starts_with("/file_request_items")));
}
