//! Letters of the public from the intake host into petitions, and answers back, on a copy of the city.

use std::{fs, path::PathBuf, sync::Arc};

use axum::{body::Body, http::Request};
use db::Sql;
use http_body_util::BodyExt as _;
use intake::{Host, envelope::fingerprint, package};
use kit::{Actor, Clock, Error, Labelled as _, Role};
use tower::ServiceExt as _;
use uuid::Uuid;
use xuncha::{
    demo,
    intake::{Report, Trust, import, publish, ring},
};

use crate::support::{Answer, City, Person};

/// The city on a day on which an announcement is public, and a host that has loaded what the office gives.
struct Post {
    city: City,
    host: Host,
    folder: tempfile::TempDir,
    units: Vec<Uuid>,
}

fn program() -> Arc<Actor> {
    Arc::new(Actor::program("网上来信转入"))
}

impl Post {
    async fn new() -> Self {
        let city = City::new().await;
        let mut sql = Sql::new(
            "select inspection_id, to_on from announcement where state = 'issued' order by to_on desc, id",
        );
        sql.push(" limit 1");
        let rows = city.behind().rows(sql).await.expect("rows");
        let inspection: Uuid = rows[0].try_get_by_index(0).expect("an inspection");
        let day: chrono::NaiveDate = rows[0].try_get_by_index(1).expect("a day");
        let now = day.and_hms_opt(2, 0, 0).expect("a time").and_utc();
        drop(city);
        let city = City::at(Clock::at(now)).await;
        let mut sql = Sql::new("select id from inspection_unit where inspection_id = ");
        sql.bind(inspection).push(" order by id");
        let units = city.ids(sql).await;
        let folder = tempfile::tempdir().expect("a folder");
        let host = Host::init(&folder.path().join("host"), Clock::at(now)).await.expect("a host");
        let post = Self { city, host, folder, units };
        post.load(None).await;
        post
    }

    /// The office gives, the host takes.
    async fn load(&self, host: Option<&str>) -> intake::host::Loaded {
        let text = publish(&self.city.app, &program(), host).await.expect("published");
        self.host.load(&text).await.expect("loaded")
    }

    /// Writes a letter and answers its query code.
    async fn write(&self, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> String {
        let router = intake::host::router(self.host.clone());
        let page = router.clone().oneshot(Request::get("/letter").body(Body::empty()).expect("a request"));
        let page = text_of(page.await.expect("an answer")).await;
        let begins = page.find("name=\"token\" value=\"").expect("a mark") + 20;
        let token = page[begins..].split('"').next().expect("its end").to_owned();
        let unit = self.units[0].to_string();
        let usual = [
            ("token", token.as_str()),
            ("unit", unit.as_str()),
            ("subject", "采购"),
            ("content", "不招标。"),
        ];
        let body = multipart(&[&usual, fields].concat(), file.map(|(name, bytes)| ("files", name, bytes)));
        let request = Request::post("/letter").header("content-type", MULTIPART);
        let answer =
            router.oneshot(request.body(Body::from(body)).expect("a request")).await.expect("an answer");
        let page = text_of(answer).await;
        let begins = page.find("<code>").unwrap_or_else(|| panic!("{page}")) + 6;
        page[begins..].split('<').next().expect("its end").to_owned()
    }

    async fn export(&self, name: &str) -> PathBuf {
        let to = self.folder.path().join(name);
        self.host.export(&to, None).await.expect("exported");
        to
    }

    fn print(&self) -> String {
        fingerprint(&self.host.public_key().expect("a key"))
    }

    async fn import(&self, file: &std::path::Path) -> kit::Result<Report> {
        import(&self.city.app, &program(), file, Trust::Fingerprint(self.print())).await
    }

    async fn execute(&self, sql: Sql) {
        let who = program();
        let done = self.city.app.write(&who, |cx| {
            let sql = sql.clone();
            Box::pin(async move { cx.execute(sql).await })
        });
        done.await.expect("done");
    }

    /// Puts the first organisation that is not inspected there into the inspection of the first unit.
    async fn add_unit(&self) -> Uuid {
        let id = kit::ids::random();
        let mut sql = Sql::new(
            "insert into inspection_unit (id, version, inspection_id, organisation_id, kind, state, planned_on, due_basis) select ",
        );
        sql.bind(id)
            .push(", 1, u.inspection_id, o.id, u.kind, 'planned', u.planned_on, '' from inspection_unit u ");
        sql.push("cross join organisation o where u.id = ").bind(self.units[0]).push(
            " and o.id not in (select x.organisation_id from inspection_unit x where x.inspection_id = u.inspection_id) \
             order by o.code limit 1",
        );
        self.execute(sql).await;
        id
    }

    async fn petitions(&self) -> i64 {
        self.city.number("select count(*) from petition where channel = 'website'").await
    }
}

const MULTIPART: &str = "multipart/form-data; boundary=b";

/// A form with a file: its field, its name, its bytes.
fn multipart(fields: &[(&str, &str)], file: Option<(&str, &str, &[u8])>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    if let Some((field, name, bytes)) = file {
        let head =
            format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n");
        body.extend(head.bytes().chain(bytes.iter().copied()).chain(*b"\r\n"));
    }
    body.extend(b"--b--\r\n");
    body
}

/// Brings a package on the page of the office.
async fn bring(person: &Person<'_>, trust: &str, package: &[u8]) -> Answer {
    let csrf = person.csrf();
    let fields = [("csrf", csrf.as_str()), ("trust", trust)];
    let body = multipart(&fields, Some(("file", "来信包-1.pack", package)));
    person.send("POST", "/intake", &[("content-type", MULTIPART)], Body::from(body)).await
}

async fn text_of(response: axum::response::Response) -> String {
    let bytes = response.into_body().collect().await.expect("a body").to_bytes();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn refusal<T>(result: kit::Result<T>) -> String {
    match result {
        Err(Error::Refusal(refusal)) => refusal.message,
        Err(Error::Fault(fault)) => panic!("a fault: {fault}"),
        Ok(_) => panic!("accepted"),
    }
}

const NAMED: &[(&str, &str)] = &[("signature", "named"), ("name", "某举报人"), ("phone", "13000000000")];
const ANONYMOUS: &[(&str, &str)] = &[("signature", "anonymous")];

#[tokio::test]
async fn a_letter_becomes_a_petition_with_its_file_and_its_writer_in_the_vault() {
    let post = Post::new().await;
    post.write(NAMED, Some(("照片.png", b"\x89PNG\r\n\x1a\n1"))).await;
    post.write(ANONYMOUS, None).await;
    let report = post.import(&post.export("one.pack").await).await.expect("imported");
    assert_eq!((report.taken, report.held, report.refused.len()), (2, 0, 0), "{report:?}");
    assert_eq!(post.petitions().await, 2);
    let of_named = "select count(*) from petition x join informant v on v.petition_id = x.id where x.channel = 'website'";
    assert_eq!(post.city.number(of_named).await, 1);
    let files =
        "select count(*) from attachment f join petition x on x.id = f.record_id where x.channel = 'website'";
    assert_eq!(post.city.number(files).await, 1);
    let sealed =
        "select count(*) from petition where content_sealed like '%招标%' or subject_sealed like '%采购%'";
    assert_eq!(post.city.number(sealed).await, 0);
    let report = xuncha::verify::run(&post.city.app).await.expect("a report");
    assert_eq!(report.first_fault(), None);
}

#[tokio::test]
async fn a_package_taken_twice_makes_nothing_twice() {
    let post = Post::new().await;
    post.write(ANONYMOUS, None).await;
    let file = post.export("one.pack").await;
    post.import(&file).await.expect("imported");
    let again = post.import(&file).await.expect("imported again");
    assert_eq!((again.taken, again.held, post.petitions().await), (0, 1, 1));
}

#[tokio::test]
async fn a_changed_cut_or_reordered_package_is_refused_and_leaves_nothing() {
    let post = Post::new().await;
    post.write(ANONYMOUS, None).await;
    post.write(ANONYMOUS, None).await;
    let whole = fs::read(post.export("one.pack").await).expect("a file");
    let head = whole.iter().position(|byte| *byte == b'\n').expect("a list") + 1;
    let half = head + (whole.len() - head) / 2;
    let mut changed = whole.clone();
    changed[half] ^= 1;
    let moved = [&whole[..head], &whole[half..], &whole[head..half]].concat();
    for (bytes, word) in [(changed, "不符"), (whole[..whole.len() - 3].to_vec(), "中断"), (moved, "次序")]
    {
        let file = post.folder.path().join("bad.pack");
        fs::write(&file, bytes).expect("written");
        let message = refusal(post.import(&file).await);
        assert!(message.contains(word), "{message}");
    }
    assert_eq!(post.petitions().await, 0);
    assert_eq!(post.city.number("select count(*) from intake_host").await, 0);
}

#[tokio::test]
async fn an_unknown_host_is_refused_until_its_fingerprint_was_compared() {
    let post = Post::new().await;
    post.write(ANONYMOUS, None).await;
    let file = post.export("one.pack").await;
    for trust in [Trust::Known, Trust::Fingerprint(String::from("0000-0000-0000-0000"))] {
        let message = refusal(import(&post.city.app, &program(), &file, trust).await);
        assert!(message.contains(&post.print()), "{message}");
    }
    post.import(&file).await.expect("imported");
    post.write(ANONYMOUS, None).await;
    let next = post.export("two.pack").await;
    let report = import(&post.city.app, &program(), &next, Trust::Known).await.expect("a known host");
    assert_eq!((report.serial, report.taken), (2, 1));
}

#[tokio::test]
async fn a_package_that_comes_before_its_turn_waits_for_the_missing_one() {
    let post = Post::new().await;
    post.write(ANONYMOUS, None).await;
    let first = post.export("one.pack").await;
    post.write(ANONYMOUS, None).await;
    let second = post.export("two.pack").await;
    assert!(refusal(post.import(&second).await).contains("缺少第 1 号"));
    post.import(&first).await.expect("the first");
    post.import(&second).await.expect("the second");
    assert_eq!(post.petitions().await, 2);
}

#[tokio::test]
async fn a_letter_about_a_unit_that_is_gone_is_named_and_the_others_come_in() {
    let post = Post::new().await;
    post.write(ANONYMOUS, None).await;
    // A host that was taken over closes what it likes.
    let text = publish(&post.city.app, &program(), None).await.expect("published");
    let (bulletin, _): (package::Bulletin, String) = package::read(package::BULLETIN, &text).expect("read");
    let id = Uuid::from_u128(42);
    let letter = |content: &str, unit: Uuid| intake::Letter {
        id,
        received_at: bulletin.made_at,
        unit,
        signature: intake::Signature::Anonymous,
        people: 1,
        subject: String::from("某事"),
        content: content.to_owned(),
        identity: intake::Identity::default(),
        files: Vec::new(),
    };
    for (letter, word) in [
        (letter("某事", id), "不是本系统公告过的被巡察单位"),
        (letter(&"长".repeat(30_000), post.units[0]), "范围"),
    ] {
        let closing = intake::envelope::Closing::begin(Vec::new(), id, &bulletin.seal_key).expect("begun");
        let bytes = closing.finish(letter).expect("closed");
        let item = package::Item { id, size: bytes.len() as u64, digest: kit::seal::digest(&bytes) };
        let manifest = package::Manifest {
            serial: 1,
            previous: String::new(),
            made_at: bulletin.made_at,
            letters: vec![item],
        };
        let key = kit::seal::envelope::new_secret().expect("a key");
        let print = fingerprint(&kit::seal::envelope::public_half(&key).expect("its half"));
        let mut whole = Vec::new();
        package::write(&mut whole, &manifest, &key, |_| Ok(bytes.as_slice())).expect("written");
        let file = post.folder.path().join("other.pack");
        fs::write(&file, whole).expect("written");
        let report =
            import(&post.city.app, &program(), &file, Trust::Fingerprint(print)).await.expect("imported");
        assert_eq!((report.taken, report.refused.len()), (0, 1));
        assert!(report.refused[0].1.contains(word), "{report:?}");
    }
    assert_eq!(post.import(&post.export("one.pack").await).await.expect("imported").taken, 1);
}

#[tokio::test]
async fn who_brings_a_letter_about_a_unit_taken_out_meanwhile_is_told_what_to_do_and_then_it_comes_in() {
    let mut post = Post::new().await;
    let added = post.add_unit().await;
    let first = std::mem::replace(&mut post.units, vec![added]);
    post.load(None).await;
    post.write(ANONYMOUS, None).await;
    let mut sql = Sql::new("delete from inspection_unit where id = ");
    sql.bind(added);
    post.execute(sql).await;
    let whole = fs::read(post.export("one.pack").await).expect("a package");
    let liaison = post.city.person("office_liaison").await;
    assert_eq!(bring(&liaison, &post.print(), &whole).await.status, 303);
    let told = "第 1 号来信包还有 1 件来信没有登记";
    let page = liaison.get("/intake").await.body;
    for words in [told, "已从巡察任务", "请在任务中重新列入这家单位，再导入一次同一来信包"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_eq!(post.petitions().await, 0);
    post.units = first;
    let again = post.add_unit().await;
    assert_ne!(again, added, "the organisation is there again under another number");
    let clock = post.city.app.clock();
    clock.set(clock.now() + chrono::TimeDelta::minutes(10));
    assert_eq!(bring(&liaison, "", &whole).await.status, 303);
    assert_eq!(post.petitions().await, 1);
    assert!(!liaison.get("/intake").await.body.contains("件来信没有登记"), "nothing is left to tell");
}

#[tokio::test]
async fn the_writer_learns_that_the_letter_arrived_and_nothing_of_what_came_of_it() {
    let post = Post::new().await;
    let code = post.write(ANONYMOUS, None).await;
    post.import(&post.export("one.pack").await).await.expect("imported");
    let loaded = post.load(Some(&post.print())).await;
    assert_eq!((loaded.statuses, loaded.removed), (1, 1));
    let answer = post.host.ask(&code).await.expect("asked").expect("known");
    assert!(answer.carried_on.is_some());
    assert_eq!(answer.word.as_deref(), Some("received"));
    // Words that the office has ended are not published.
    let ended = Sql::new("update dictionary_item set valid_to = '2020-01-01' where kind = 'intake_word'");
    post.city
        .app
        .write(&program(), |cx| Box::pin(async move { cx.execute(ended).await.map(|_| ()) }))
        .await
        .expect("ended");
    post.load(Some(&post.print())).await;
    assert_eq!(post.host.ask(&code).await.expect("asked").expect("known").word, None);
    assert!(refusal(publish(&post.city.app, &program(), Some("1111")).await).contains("没有登记过"));
}

#[tokio::test]
async fn only_what_is_public_reaches_the_host_and_no_secret_of_the_office() {
    let post = Post::new().await;
    let text = publish(&post.city.app, &program(), None).await.expect("published");
    let (bulletin, _): (package::Bulletin, String) = package::read(package::BULLETIN, &text).expect("read");
    let issued = post.city.number("select count(*) from announcement where state = 'issued'").await;
    assert!(!bulletin.announcements.is_empty() && bulletin.announcements.len() as i64 <= issued);
    let today = post.city.behind().today();
    assert!(bulletin.announcements.iter().all(|notice| notice.to_on >= today));
    let sealed = post.city.ids(Sql::new("select id from intake_key")).await;
    assert_eq!(sealed.len(), 1, "one key for all packages");
    let plain = "select count(*) from intake_key where secret_sealed not like 's1:%'";
    assert_eq!(post.city.number(plain).await, 0);
}

#[tokio::test]
async fn a_file_of_a_letter_opens_only_to_whom_the_letter_is_open() {
    let post = Post::new().await;
    post.write(ANONYMOUS, Some(("说明.txt", "只有打开信的人能看".as_bytes()))).await;
    post.import(&post.export("one.pack").await).await.expect("imported");
    let petition = post.city.ids(Sql::new("select id from petition where channel = 'website'")).await[0];
    let mut sql = Sql::new("select id from attachment where record_id = ");
    sql.bind(petition);
    let file = post.city.ids(sql).await[0];
    let director = post.city.person("office_director").await;
    for path in [format!("/files/{file}"), format!("/files/{file}/view"), format!("/files/{file}/inline")] {
        let answer = director.get(&path).await;
        assert_eq!(answer.status, 403, "{path}");
        assert!(answer.body.contains("写明理由查阅") && !answer.body.contains("只有打开信的人"), "{path}");
        let outside = post.city.person("organisation_liaison").await.get(&path).await;
        assert_eq!(outside.status, 404, "{path}");
    }
    let opened =
        director.post(&format!("/petitions/{petition}/consult"), &[("reason", "督办重要信访件")]).await;
    assert!(opened.status < 400, "{}", opened.body);
    let answer = director.get(&format!("/files/{file}")).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "只有打开信的人能看"));
}

#[tokio::test]
async fn a_package_is_brought_on_the_page_of_the_office_as_with_the_command() {
    let post = Post::new().await;
    post.write(ANONYMOUS, None).await;
    let whole = fs::read(post.export("one.pack").await).expect("a package");
    let liaison = post.city.person("office_liaison").await;
    // A host that nobody has compared yet.
    let unknown = bring(&liaison, "", &whole).await;
    assert_eq!(unknown.status, 409, "{}", unknown.body);
    assert!(unknown.body.contains(&post.print()) && unknown.body.contains("整包拒收"), "{}", unknown.body);
    let mut changed = whole.clone();
    *changed.last_mut().expect("a byte") ^= 1;
    assert_eq!(bring(&liaison, &post.print(), &changed).await.status, 409);
    assert_eq!(bring(&liaison, &post.print(), b"not a package").await.status, 400);
    assert_eq!(post.petitions().await, 0, "nothing of a refused package is used");

    let taken = bring(&liaison, &format!(" {} ", post.print().to_uppercase()), &whole).await;
    assert_eq!((taken.status, taken.location.as_str()), (303, "/intake"), "{}", taken.body);
    assert_eq!(bring(&liaison, "", &whole).await.status, 303, "the same package once more");
    assert_eq!(post.petitions().await, 1);
    let page = liaison.get("/intake").await.body;
    let key = ring(&post.city.behind()).await.expect("the ring")[0].print.clone();
    for words in ["第 1 号", "签名和摘要相符", "签名或内容不符", "已全部登记", &post.print(), &key]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let rows = "select count(*) from intake_package where outcome = ";
    let of = async |outcome: &str| post.city.number(&format!("{rows}'{outcome}'")).await;
    assert_eq!((of("refused").await, of("taken").await, of("begun").await), (3, 2, 0));
    let mut audited = Sql::new(
        "select count(*) from audit_entry where noun = 'intake' and deed in ('import', 'refuse_package') and actor = ",
    );
    audited.bind(post.city.actor_account(&liaison.login).await.to_string());
    assert_eq!(post.city.behind().number(audited).await.expect("a number"), 5);
    let left = fs::read_dir(post.city.app.folder().join("incoming")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "nothing of the uploads is left");
}

#[tokio::test]
async fn the_page_of_letters_is_the_office_s_and_its_letters_are_not_everybody_s() {
    let post = Post::new().await;
    post.write(ANONYMOUS, None).await;
    let whole = fs::read(post.export("one.pack").await).expect("a package");
    for role in Role::ALL.iter().filter(|role| !matches!(role, Role::OfficeDirector | Role::OfficeLiaison)) {
        let person = post.city.person(role.code()).await;
        assert_eq!(person.get("/intake").await.status, 404, "{role:?}");
        assert_eq!(bring(&person, &post.print(), &whole).await.status, 404, "{role:?}");
        for path in ["/intake/bulletin", "/intake/keys"] {
            assert_eq!(person.post(path, &[]).await.status, 404, "{role:?} {path}");
        }
    }
    let (director, liaison) =
        (post.city.person("office_director").await, post.city.person("office_liaison").await);
    bring(&liaison, &post.print(), &whole).await;
    let number = "select number from petition where channel = 'website'";
    let rows = post.city.behind().rows(Sql::new(number)).await.expect("rows");
    let number: String = rows[0].try_get_by_index(0).expect("a number");
    assert!(director.get("/intake").await.body.contains(&number));
    assert!(!liaison.get("/intake").await.body.contains(&number), "letters do not exist for the liaison");
    assert_eq!(liaison.post("/intake/keys", &[]).await.status, 403);
    assert_eq!(liaison.post("/intake/bulletin", &[("csrf", "x")]).await.status, 403);
    let given = liaison.post("/intake/bulletin", &[("host", &post.print())]).await;
    assert_eq!(given.status, 200);
    assert_eq!(post.host.load(&given.body).await.expect("loaded").statuses, 1);
}

#[tokio::test]
async fn what_was_closed_to_the_old_key_opens_when_the_key_was_changed() {
    let post = Post::new().await;
    post.write(ANONYMOUS, None).await;
    let old = ring(&post.city.behind()).await.expect("the ring")[0].print.clone();
    let changed = post.city.person("office_director").await.post("/intake/keys", &[]).await;
    assert_eq!(changed.status, 303, "{}", changed.body);
    // The host does not know yet.
    post.write(ANONYMOUS, None).await;
    post.load(None).await;
    post.write(NAMED, Some(("说明.txt", b"1"))).await;
    let report = post.import(&post.export("one.pack").await).await.expect("imported");
    assert_eq!((report.taken, report.refused.len()), (3, 0), "{report:?}");
    let ring = ring(&post.city.behind()).await.expect("the ring");
    let current = ring.iter().find(|key| key.to.is_none()).expect("a key that is given out");
    let retired = ring.iter().find(|key| key.to.is_some()).expect("a key that was");
    assert_eq!((ring.len(), retired.print.as_str()), (2, old.as_str()));
    assert_eq!((current.letters, retired.letters), (1, 2));
    assert_eq!(report.keys.get(&old), Some(&2));
    assert_eq!(report.keys.get(&current.print), Some(&1));
    assert!(report.keys_used().is_some_and(|words| words.contains(&old)));
}

#[tokio::test]
async fn the_letters_of_the_demonstration_came_the_way_of_all_letters() {
    let city = City::at(Clock::Standing(demo::LAST_DAY)).await;
    assert_eq!(demo::load_letters(&city.app, 7).await.expect("loaded"), 6);
    let website = "from petition where channel = 'website'";
    assert_eq!(city.number(&format!("select count(*) {website}")).await, 6);
    assert_eq!(city.number(&format!("select count(*) {website} and state = 'passed'")).await, 1);
    assert_eq!(
        city.number("select count(*) from intake_package where outcome = 'taken' and genuine").await,
        2
    );
    let files =
        "select count(*) from attachment f join petition x on x.id = f.record_id where x.channel = 'website'";
    assert_eq!(city.number(files).await, 2);
    let ring = ring(&city.behind()).await.expect("the ring");
    assert_eq!(ring.iter().map(|key| key.letters).collect::<Vec<_>>(), [2, 4]);
    let page = city.person("office_director").await.get("/intake").await.body;
    assert_eq!(page.matches("<tr id=\"l-").count(), 5, "{page}");
    assert_eq!(xuncha::verify::run(&city.app).await.expect("a report").first_fault(), None);
}

#[tokio::test]
async fn early_transfers_of_the_demonstration_are_confirmed_by_the_discipline_side() {
    let city = City::at(Clock::Standing(demo::LAST_DAY)).await;
    let issued = demo::load_passports(&city.app, 7).await.expect("loaded");
    let of = async |state: &str| {
        city.number(&format!("select count(*) from lead_passport where state = '{state}'")).await
    };
    let (confirmed, open) = (of("acknowledged").await, of("issued").await);
    assert!(confirmed >= 3 && confirmed + open == issued as i64, "{confirmed} of {issued}");
    let days = "select count(*) from lead_passport p join transfer t on t.id = p.transfer_id where p.issued_on <> t.sent_on \
                or p.acknowledged_on <> t.received_on";
    assert_eq!(city.number(days).await, 0, "on the days of the transfer");
    assert_eq!(xuncha::verify::run(&city.app).await.expect("a report").first_fault(), None);
}

#[tokio::test]
async fn libraries_of_a_later_version_arrive_and_what_the_office_ended_stays_ended() {
    let post = Post::new().await;
    let app = &post.city.app;
    let count = "select count(*) from typical_problem";
    let before = post.city.number(count).await;
    // As if two entries were new in this version, and one was reworded by the office.
    let change = Sql::new(
        "delete from seed_entry where seed = 'typical_problems' and code in (select title from typical_problem order by code limit 2)",
    );
    let reword = Sql::new(
        "update typical_problem set title = '本市改写的条目' where code = (select max(code) from typical_problem)",
    );
    app.write(&program(), |cx| {
        Box::pin(async move {
            cx.execute(change).await?;
            cx.execute(reword).await?;
            Ok(())
        })
    })
    .await
    .expect("changed");
    xuncha::assemble::establish(app, "", None).await.expect("started again");
    assert_eq!(post.city.number(count).await, before + 2);
    xuncha::assemble::establish(app, "", None).await.expect("started again");
    assert_eq!(post.city.number(count).await, before + 2);
}
