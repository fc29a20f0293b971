//! Files as people meet them: sent with a form or in portions, looked at, withdrawn; unreadable on the
//! disk, and for those only who may see the record.

use axum::body::Body;
use serde_json::json;
use uuid::Uuid;

use crate::support::{Answer, City, Person};

const UPLOADS: &str = "/api/v1/uploads";

fn multipart(csrf: &str, name: &str, content: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    let key = kit::ids::random().to_string();
    for (field, value) in [("csrf", csrf), ("_key", &key), ("source", "市财政局提供复印件")] {
        body.extend(
            format!("--b\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    let head = format!("--b\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n");
    body.extend(head.bytes());
    body.extend(content);
    body.extend(b"\r\n--b--\r\n");
    body
}

async fn attach(person: &Person<'_>, record: &str, name: &str, content: &[u8]) -> Answer {
    let body = multipart(&person.csrf(), name, content);
    let kind = [("content-type", "multipart/form-data; boundary=b")];
    person.send("POST", &format!("{record}/attach"), &kind, Body::from(body)).await
}

async fn patch(person: &Person<'_>, id: &str, offset: usize, body: Body) -> Answer {
    let (csrf, offset) = (person.csrf(), offset.to_string());
    let headers = [("x-csrf", csrf.as_str()), ("upload-offset", offset.as_str())];
    person.send("PATCH", &format!("{UPLOADS}/{id}"), &headers, body).await
}

async fn begin(person: &Person<'_>, name: &str, size: usize) -> Answer {
    person.api(UPLOADS, json!({ "name": name, "size": size.to_string(), "mark": "1" })).await
}

/// A problem that is being rectified, on which the office has something to do.
async fn problem(city: &City) -> String {
    let ids =
        city.ids(db::Sql::new("select id from problem where state = 'rectifying' order by id limit 1")).await;
    format!("/problems/{}", ids.first().expect("a problem under rectification"))
}

/// The newest file of all.
async fn newest(city: &City) -> Uuid {
    let ids = city.ids(db::Sql::new("select id from attachment order by at desc, id limit 1")).await;
    *ids.first().expect("a file")
}

fn kept(city: &City) -> Vec<u8> {
    let mut found = Vec::new();
    let mut folders = vec![city.app.folder().join("files"), city.app.folder().join("incoming")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else {
                found.extend(std::fs::read(entry.path()).expect("a kept file"));
            }
        }
    }
    found
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_sent_with_a_form_is_kept_unreadable_and_handed_out_as_it_was() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let record = problem(&city).await;
    let text = "询问笔录CANARY-第一页，".repeat(9_000);
    let answer = attach(&person, &record, "笔录.txt", text.as_bytes()).await;
    assert_eq!(answer.status, 303, "{}", answer.body);

    let list = person.get(&format!("{record}?tab=files")).await.body;
    assert!(list.contains("笔录.txt") && list.contains("市财政局提供复印件"), "{list}");
    assert!(!holds(&kept(&city), "CANARY"), "a kept file can be read on the disk");
    let id = newest(&city).await;
    let handed = person.get(&format!("/files/{id}")).await;
    assert_eq!(handed.body, text);
    assert!(handed.headers["content-disposition"].to_str().expect("text").starts_with("attachment"));
    let digest = kit::files::digest(&city.behind(), id).await.expect("an intact file");
    assert!(list.contains(&digest) && digest == kit::seal::digest(text.as_bytes()));
    let page = person.get(&format!("/files/{id}/view")).await;
    assert!(page.body.contains("询问笔录CANARY-第一页") && page.body.contains(&digest));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_goes_on_where_the_connection_broke() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let record = problem(&city).await;
    let content: Vec<u8> =
        b"%PDF-1.7\n".iter().copied().chain((0..400_000u32).map(|at| (at % 199) as u8)).collect();
    let begun = begin(&person, "取证 视频说明.pdf", content.len()).await.json();
    let id = begun["id"].as_str().expect("an id").to_owned();
    assert_eq!(begun["offset"], 0);

    // Two portions arrive, then the connection breaks.
    let parts: Vec<std::io::Result<Vec<u8>>> = vec![
        Ok(content[..90_000].to_vec()),
        Ok(content[90_000..150_000].to_vec()),
        Err(std::io::Error::other("the connection broke")),
    ];
    let broken = patch(&person, &id, 0, Body::from_stream(futures_util::stream::iter(parts))).await;
    assert_eq!(broken.status, 400);
    let stands = person.get(&format!("{UPLOADS}/{id}")).await.json();
    let offset = usize::try_from(stands["offset"].as_u64().expect("an offset")).expect("small");
    assert_eq!(offset, 2 * 64 * 1024, "whole pieces are kept, the rest has to come again");

    assert_eq!(patch(&person, &id, 0, Body::from(content.clone())).await.status, 409);
    let early = person.api(&format!("{UPLOADS}/{id}/finish"), json!({})).await;
    assert_eq!(early.status, 409, "{}", early.body);
    // Asking again for the same file finds the upload under way.
    assert_eq!(begin(&person, "取证 视频说明.pdf", content.len()).await.json()["id"], id.as_str());
    let rest = patch(&person, &id, offset, Body::from(content[offset..].to_vec())).await.json();
    assert_eq!(rest["offset"], content.len());
    let done = person.api(&format!("{UPLOADS}/{id}/finish"), json!({})).await.json();
    assert_eq!(done["done"], true);

    let attached =
        person.api(&format!("/api/v1{record}/attach"), json!({ "files": id, "source": "现场取得" })).await;
    assert_eq!(attached.status, 200, "{}", attached.body);
    let file = newest(&city).await;
    let digest = kit::files::digest(&city.behind(), file).await.expect("an intact file");
    assert_eq!(digest, kit::seal::digest(&content));
    assert_eq!(person.get(&format!("{UPLOADS}/{id}")).await.status, 404, "an upload is used once");
    assert_eq!(xuncha::verify::run(&city.app).await.expect("a report").first_fault(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_belongs_to_the_person_who_began_it() {
    let city = City::new().await;
    let (person, other) = (city.person("office_director").await, city.person("office_liaison").await);
    let id = begin(&person, "a.txt", 3).await.json()["id"].as_str().expect("an id").to_owned();
    let unknown = kit::ids::random().to_string();
    for id in [&id, &unknown] {
        assert_eq!(other.get(&format!("{UPLOADS}/{id}")).await.status, 404);
        assert_eq!(patch(&other, id, 0, Body::from("abc")).await.status, 404);
        for step in ["finish", "cancel"] {
            assert_eq!(other.api(&format!("{UPLOADS}/{id}/{step}"), json!({})).await.status, 404);
        }
    }
    assert_eq!(patch(&person, &id, 0, Body::from("abc")).await.status, 200);
    assert_eq!(person.api(&format!("{UPLOADS}/{id}/finish"), json!({})).await.status, 200);
    let record = problem(&city).await;
    let stolen = other.api(&format!("/api/v1{record}/attach"), json!({ "files": id })).await;
    assert_eq!(stolen.status, 422, "{}", stolen.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_was_announced_or_allowed_is_refused() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    assert_eq!(begin(&person, "大.zip", 3 << 30).await.status, 413);
    assert_eq!(begin(&person, "页面.html", 10).await.status, 422);
    assert_eq!(begin(&person, "空.txt", 0).await.status, 400);
    let id = begin(&person, "a.txt", 3).await.json()["id"].as_str().expect("an id").to_owned();
    assert_eq!(patch(&person, &id, 0, Body::from("abcdef")).await.status, 400);
    // What is not what its name says is refused at the end and gone.
    let id = begin(&person, "b.pdf", 6).await.json()["id"].as_str().expect("an id").to_owned();
    assert_eq!(patch(&person, &id, 0, Body::from("<html>")).await.status, 200);
    assert_eq!(person.api(&format!("{UPLOADS}/{id}/finish"), json!({})).await.status, 422);
    assert_eq!(person.get(&format!("{UPLOADS}/{id}")).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_could_act_by_itself_is_marked_and_not_shown_on_a_page() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let record = problem(&city).await;
    let hostile = b"%PDF-1.7\n1 0 obj<</S/JavaScript/JS(app.alert(1))>>endobj\n%%EOF";
    assert_eq!(attach(&person, &record, "通知.pdf", hostile).await.status, 303);
    let id = newest(&city).await;
    assert!(person.get(&format!("{record}?tab=files")).await.body.contains("含脚本或自动动作"));
    let page = person.get(&format!("/files/{id}/view")).await.body;
    assert!(page.contains("不在页面上打开") && !page.contains("<iframe"));
    assert_eq!(person.get(&format!("/files/{id}/inline")).await.status, 404);

    assert_eq!(attach(&person, &record, "图.png", b"\x89PNG\r\n\x1a\n....").await.status, 303);
    let ids = city.ids(db::Sql::new("select id from attachment where name = '图.png'")).await;
    let picture = person.get(&format!("/files/{}/inline", ids[0])).await;
    assert_eq!(picture.headers["content-type"], "image/png");
    assert!(picture.headers["content-security-policy"].to_str().expect("text").contains("sandbox"));
    for (name, content) in [("页面.svg", &b"<svg/>"[..]), ("页面.html", b"<html>"), ("图.png", b"<script>")]
    {
        assert_eq!(attach(&person, &record, name, content).await.status, 422, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_see_the_record_finds_no_file_and_whoever_has_nothing_to_do_adds_none() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let record = problem(&city).await;
    assert_eq!(attach(&person, &record, "a.txt", b"abc").await.status, 303);
    let id = newest(&city).await;
    let stranger = city.person("system_administrator").await;
    let unknown = kit::ids::random();
    for part in ["", "/view", "/inline"] {
        let (hidden, missing) = (
            stranger.get(&format!("/files/{id}{part}")).await,
            stranger.get(&format!("/files/{unknown}{part}")).await,
        );
        assert_eq!((hidden.status, missing.status), (404, 404));
    }
    assert_eq!(attach(&stranger, &record, "b.txt", b"abc").await.status, 404);
    // A leader reads the record and has nothing to do on it.
    let leader = city.person("committee_leader").await;
    if leader.get(&record).await.status == 200 {
        assert_eq!(leader.get(&format!("/files/{id}")).await.status, 200);
        assert!(!leader.get(&format!("{record}?tab=files")).await.body.contains("attach-form"));
        assert_eq!(attach(&leader, &record, "b.txt", b"abc").await.status, 403);
    }
    assert!(!holds(&kept(&city), "abc"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_file_stays_in_the_list_and_opens_no_more() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let record = problem(&city).await;
    assert_eq!(attach(&person, &record, "错传.txt", b"abc").await.status, 303);
    let id = newest(&city).await;
    let other = city.person("office_liaison").await;
    assert_eq!(other.post(&format!("/files/{id}/withdraw"), &[("why", "不是我的")]).await.status, 403);
    assert_eq!(person.post(&format!("/files/{id}/withdraw"), &[("why", " ")]).await.status, 422);
    assert_eq!(person.post(&format!("/files/{id}/withdraw"), &[("why", "传错了")]).await.status, 303);
    let list = person.get(&format!("{record}?tab=files")).await.body;
    assert!(list.contains("已撤下：传错了") && list.contains("错传.txt"));
    for part in ["", "/view", "/inline"] {
        assert_eq!(person.get(&format!("/files/{id}{part}")).await.status, 409);
    }
    assert_eq!(person.post(&format!("/files/{id}/withdraw"), &[("why", "再撤")]).await.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_comes_for_is_removed_and_what_hangs_on_a_record_stays() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let record = problem(&city).await;
    assert_eq!(attach(&person, &record, "a.txt", b"abc").await.status, 303);
    // A file whose deed did not hold: refused for its source, after the file had arrived.
    let body = multipart(&person.csrf(), "b.txt", b"abc");
    let body = String::from_utf8(body).expect("text").replace("市财政局提供复印件", &"长".repeat(300));
    let kind = [("content-type", "multipart/form-data; boundary=b")];
    assert_eq!(person.send("POST", &format!("{record}/attach"), &kind, Body::from(body)).await.status, 422);
    let stray = city.app.folder().join("files").join("ab");
    std::fs::create_dir_all(&stray).expect("a shelf");
    std::fs::write(stray.join(kit::ids::random().to_string()), b"x").expect("a stray");
    let id = begin(&person, "c.txt", 3).await.json()["id"].as_str().expect("an id").to_owned();
    patch(&person, &id, 0, Body::from("abc")).await;

    let now = std::time::SystemTime::now();
    let soon = kit::files::tidy(&city.app, now).await.expect("tidied");
    assert_eq!((soon.uploads, soon.strays), (0, 0), "nothing is removed while it may still be wanted");
    let later = now + std::time::Duration::from_mins(20);
    assert_eq!(kit::files::tidy(&city.app, later).await.expect("tidied").strays, 1);
    assert_eq!(person.get(&format!("{UPLOADS}/{id}")).await.status, 200);
    assert_eq!(person.get(&format!("/files/{}", newest(&city).await)).await.body, "abc");
    assert_eq!(xuncha::verify::run(&city.app).await.expect("a report").first_fault(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_file_is_not_handed_out_and_named_by_the_check() {
    let city = City::new().await;
    let person = city.person("office_director").await;
    let record = problem(&city).await;
    assert_eq!(attach(&person, &record, "a.txt", b"abcdef").await.status, 303);
    let id = newest(&city).await;
    let path = kit::files::kept_path(city.app.folder(), id);
    let mut bytes = std::fs::read(&path).expect("a kept file");
    bytes[2] ^= 1;
    std::fs::write(&path, bytes).expect("written");
    assert_eq!(person.get(&format!("/files/{id}")).await.status, 500);
    let fault = xuncha::verify::run(&city.app).await.expect("a report").first_fault();
    assert!(fault.is_some_and(|fault| fault.contains(&id.to_string())));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_the_demonstration_hang_on_its_records_and_prove_themselves() {
    let city = City::new().await;
    let count = xuncha::demo::load_files(&city.app).await.expect("loaded");
    assert!((40..=90).contains(&count), "{count}");
    let held = city.number("select count(*) from attachment where key_sealed <> '' and source <> ''").await;
    assert_eq!(usize::try_from(held), Ok(count));
    assert!(!holds(&kept(&city), "整改"));
    let report = xuncha::verify::run(&city.app).await.expect("a report");
    assert_eq!((report.first_fault(), report.files.checked), (None, count as u64));
}
