//! The intake host as the public and its operator meet it: letters in, nothing readable left, packages out.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod listener;

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{Request, header},
};
use chrono::{DateTime, Days, TimeZone as _, Utc};
use http_body_util::BodyExt as _;
use intake::{
    Host,
    envelope::{self, fingerprint},
    package::{self, Announcement, BULLETIN, Bulletin, Carriage, Limits, Status, Unit},
};
use kit::{Clock, Error, seal, seal::envelope as keys};
use tower::ServiceExt as _;
use uuid::Uuid;

const OFFICE: [u8; 32] = [11; 32];
const SEALING: [u8; 32] = [12; 32];
const UNIT: Uuid = Uuid::from_u128(0x1234_5678_9abc_def0_1357_9bdf_2468_ace0);

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2023, 6, 1, 2, 0, 0).single().expect("an instant")
}

/// A host with one announcement.
struct Site {
    host: Host,
    clock: Clock,
    router: Router,
    folder: tempfile::TempDir,
}

fn bulletin() -> Bulletin {
    let today = now().date_naive();
    Bulletin {
        office: String::from("某市委巡察办"),
        made_at: now(),
        seal_key: keys::public_half(&SEALING).expect("a key"),
        announcements: vec![Announcement {
            id: Uuid::from_u128(5),
            title: String::from("关于巡察某局的公告"),
            text: String::from("第一段。\n第二段<b>。"),
            from_on: today,
            to_on: today.checked_add_days(Days::new(30)).expect("a day"),
            phone: String::from("000"),
            address: String::new(),
            mailbox: String::new(),
            letter_box: String::new(),
            units: vec![Unit { id: UNIT, name: String::from("某局") }],
        }],
        limits: Limits { file_mb: 1, files: 2, letters_per_hour: 50, queries_per_hour: 50 },
        words: BTreeMap::from([(String::from("received"), String::from("正在办理。"))]),
        host: None,
        statuses: Vec::new(),
    }
}

fn signed(bulletin: &Bulletin) -> String {
    package::sign(BULLETIN, bulletin, &OFFICE).expect("signed")
}

struct Answer {
    status: u16,
    body: String,
    headers: axum::http::HeaderMap,
}

/// Parts of a form: name, file name, content.
type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

fn body_of(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        body.extend_from_slice(format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"").as_bytes());
        if let Some(file) = file {
            body.extend_from_slice(format!("; filename=\"{file}\"").as_bytes());
        }
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b--\r\n");
    body
}

impl Site {
    async fn new() -> Self {
        Self::with(bulletin()).await
    }

    async fn with(bulletin: Bulletin) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Clock::at(now());
        let host = Host::init(folder.path(), clock.clone()).await.expect("a host");
        host.load(&signed(&bulletin)).await.expect("loaded");
        Self { router: intake::host::router(host.clone()), host, clock, folder }
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    async fn post(&self, parts: &[Part<'_>]) -> Answer {
        let request = Request::post("/letter")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
            .body(Body::from(body_of(parts)))
            .expect("a request");
        self.send(request).await
    }

    async fn token(&self) -> String {
        let page = self.get("/letter").await.body;
        let begins = page.find("name=\"token\" value=\"").expect("a mark") + 20;
        page[begins..].split('"').next().expect("its end").to_owned()
    }

    /// Sends a letter with `changed` fields and `files`.
    async fn letter(&self, changed: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
        let token = self.token().await;
        self.letter_of(&token, changed, files).await
    }

    async fn letter_of(&self, token: &str, changed: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
        let unit = UNIT.to_string();
        let mut values = BTreeMap::from([
            ("unit", unit.as_str()),
            ("subject", "采购不招标"),
            ("content", "多次拆分项目，规避公开招标。"),
            ("signature", "anonymous"),
        ]);
        values.extend(changed.iter().copied());
        let mut parts: Vec<Part<'_>> = vec![("token", None, token.as_bytes())];
        parts.extend(values.iter().map(|(name, value)| (*name, None, value.as_bytes())));
        parts.extend(files.iter().map(|(name, bytes)| ("files", Some(*name), *bytes)));
        self.post(&parts).await
    }

    async fn ask(&self, code: &str) -> Answer {
        let request = Request::post("/query")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(format!("code={code}")))
            .expect("a request");
        self.send(request).await
    }

    fn package(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    async fn waiting(&self) -> i64 {
        self.host.counts().await.expect("counted").1
    }

    fn arriving(&self) -> usize {
        fs::read_dir(self.folder.path().join("arriving")).expect("a folder").count()
    }
}

fn code_in(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.body);
    let begins = answer.body.find("<code>").expect("a code") + 6;
    answer.body[begins..].split('<').next().expect("its end").to_owned()
}

fn bytes_below(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            all.extend(bytes_below(&entry.path()));
        } else {
            all.extend(fs::read(entry.path()).expect("a file"));
        }
    }
    all
}

fn holds(bytes: &[u8], piece: &[u8]) -> bool {
    bytes.windows(piece.len()).any(|window| window == piece)
}

fn refusal<T>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Refusal(refusal)) => refusal.message,
        Err(Error::Fault(fault)) => panic!("a fault: {fault}"),
        Ok(_) => panic!("accepted"),
    }
}

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\nuncommon-piece-of-a-picture";

#[tokio::test]
async fn a_letter_goes_to_the_office_and_opens_there_only() {
    let site = Site::new().await;
    let named = [("signature", "named"), ("name", "李某某"), ("phone", "13000000000")];
    let answer = site.letter(&named, &[("照片.png", PICTURE), ("说明.txt", "补充说明".as_bytes())]).await;
    code_in(&answer);
    let manifest = site.host.export(&site.package("one.pack"), None).await.expect("exported");
    assert_eq!((manifest.serial, manifest.letters.len()), (1, 1));
    let file = fs::File::open(site.package("one.pack")).expect("a package");
    let mut carriage = Carriage::check(file).expect("whole");
    assert_eq!(carriage.host, site.host.public_key().expect("a key"));
    let (item, at) = carriage.places().swap_remove(0);
    let opened = envelope::open(carriage.envelope(&item, at).expect("there"), item.id, |to| {
        (to == fingerprint(&bulletin().seal_key)).then(|| SEALING.to_vec())
    })
    .expect("opened");
    assert_eq!(opened.letter.content, "多次拆分项目，规避公开招标。");
    assert_eq!(opened.letter.identity.name, "李某某");
    assert_eq!(opened.letter.received_at, now());
    assert_eq!(opened.files[0], PICTURE);
    assert_eq!(opened.letter.files[1].name, "说明.txt");
}

#[tokio::test]
async fn nothing_of_a_letter_can_be_read_where_it_was_taken_in() {
    let site = Site::new().await;
    let named = [("signature", "named"), ("name", "李某某"), ("phone", "13912345678"), ("note", "晚上联系")];
    let answer = site.letter(&named, &[("采购合同.png", PICTURE)]).await;
    let code = code_in(&answer);
    site.host.export(&site.package("one.pack"), None).await.expect("exported");
    let held = bytes_below(site.folder.path());
    let pieces: [&[u8]; 8] = [
        "拆分项目".as_bytes(),
        "采购不招标".as_bytes(),
        "李某某".as_bytes(),
        b"13912345678",
        "晚上".as_bytes(),
        "采购合同".as_bytes(),
        b"uncommon-piece",
        UNIT.as_bytes(),
    ];
    for piece in pieces {
        assert!(!holds(&held, piece), "{}", String::from_utf8_lossy(piece));
    }
    assert!(!holds(&held, code.as_bytes()) && !holds(&held, code.replace('-', "").as_bytes()));
}

#[tokio::test]
async fn the_host_holds_no_key_that_opens_a_letter() {
    let site = Site::new().await;
    code_in(&site.letter(&[], &[]).await);
    let held = bytes_below(site.folder.path());
    assert!(!holds(&held, &SEALING) && !holds(&held, seal::hex(&SEALING).as_bytes()));
    let letters = fs::read_dir(site.folder.path().join("letters")).expect("a folder");
    let letter = letters.flatten().next().expect("a letter");
    let id: Uuid = letter.file_name().to_string_lossy().parse().expect("its identity");
    let sealed = fs::read(letter.path()).expect("its bytes");
    assert!(envelope::open(sealed.as_slice(), id, |_| Some(SEALING.to_vec())).is_ok());
    for key in fs::read_dir(site.folder.path().join("keys")).expect("keys").flatten() {
        let secret = seal::unhex(fs::read_to_string(key.path()).expect("a key").trim()).expect("hex");
        assert!(envelope::open(sealed.as_slice(), id, |_| Some(secret.clone())).is_err());
    }
}

#[tokio::test]
async fn a_form_handed_in_twice_is_one_letter_with_one_code() {
    let site = Site::new().await;
    let token = site.token().await;
    let first = code_in(&site.letter_of(&token, &[], &[]).await);
    let second = code_in(&site.letter_of(&token, &[], &[]).await);
    assert_eq!(first, second);
    assert_eq!(site.waiting().await, 1);
    let (one, other) = tokio::join!(site.letter(&[], &[]), site.letter(&[], &[]));
    assert_ne!(code_in(&one), code_in(&other));
}

#[tokio::test]
async fn the_same_form_sent_at_the_same_moment_is_still_one_letter() {
    let site = Arc::new(Site::new().await);
    let token = site.token().await;
    let sends = (0..6).map(|_| site.letter_of(&token, &[], &[]));
    let codes: Vec<String> = futures_util::future::join_all(sends).await.iter().map(code_in).collect();
    assert!(codes.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!((site.waiting().await, site.arriving()), (1, 0));
}

#[tokio::test]
async fn what_a_person_can_put_right_comes_back_with_what_was_typed() {
    let site = Site::new().await;
    let long = "长".repeat(20_001);
    let line = "长".repeat(121);
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("unit", "")], "哪个单位"),
        (&[("unit", "00000000-0000-0000-0000-000000000001")], "哪个单位"),
        (&[("unit", "某局")], "哪个单位"),
        (&[("signature", "")], "匿名、实名或联名"),
        (&[("signature", "secret")], "匿名、实名或联名"),
        (&[("subject", "  ")], "反映的人或事"),
        (&[("subject", &line)], "不要超过 120 字"),
        (&[("content", "\n \n")], "反映内容"),
        (&[("content", &long)], "20000"),
        (&[("name", "某某")], "选择了匿名"),
        (&[("phone", "1")], "选择了匿名"),
        (&[("signature", "named")], "请填写姓名"),
        (&[("signature", "joint"), ("name", "某某"), ("people", "1")], "人数"),
        (&[("signature", "joint"), ("name", "某某"), ("people", "许多")], "人数"),
        (&[("signature", "joint"), ("name", "某某"), ("people", "99999999999999999999")], "人数"),
    ];
    for (changed, sentence) in cases {
        let answer = site.letter(changed, &[]).await;
        assert_eq!(answer.status, 422, "{changed:?}");
        assert!(answer.body.contains(sentence), "{changed:?}: {}", answer.body);
        if !changed.iter().any(|(name, _)| *name == "content") {
            assert!(answer.body.contains("规避公开招标"), "{changed:?}");
        }
        assert!(answer.body.contains("到这一项"), "{changed:?}: the way to what is wrong");
    }
    assert_eq!((site.waiting().await, site.arriving()), (0, 0));
}

/// Files of a letter: name and content.
type Files<'a> = &'a [(&'a str, &'a [u8])];

#[tokio::test]
async fn files_that_do_not_fit_are_refused_by_name_and_leave_nothing() {
    let site = Site::new().await;
    let large = [PICTURE, &vec![0u8; 1 << 20]].concat();
    let cases: &[(Files<'_>, &str)] = &[
        (&[("大图.png", &large)], "超过 1 MB"),
        (&[("a.png", PICTURE), ("b.png", PICTURE), ("c.png", PICTURE)], "最多 2 个"),
        (&[("程序.exe", b"MZ")], "程序.exe"),
        (&[("页面.html", b"<html>")], "页面.html"),
        (&[("假图.png", b"<html>")], "假图.png"),
        (&[("假图.pdf", b"PK\x03\x04")], "假图.pdf"),
        (&[("无名", b"x")], "无名"),
    ];
    for (files, sentence) in cases {
        let answer = site.letter(&[], files).await;
        assert_eq!(answer.status, 422, "{sentence}");
        assert!(answer.body.contains(sentence), "{sentence}: {}", answer.body);
        assert!(answer.body.contains("规避公开招标") && answer.body.contains("重新选择"), "{sentence}");
    }
    assert_eq!((site.waiting().await, site.arriving()), (0, 0));
    let odd = site.letter(&[], &[("../../keys/host.key\u{202e}.txt", b"x")]).await;
    code_in(&odd);
}

#[tokio::test]
async fn bodies_that_make_no_sense_are_refused_with_a_sentence() {
    let site = Site::new().await;
    let token = site.token().await;
    let whole = body_of(&[("token", None, token.as_bytes()), ("files", Some("a.png"), PICTURE)]);
    let multipart = "multipart/form-data; boundary=b";
    let cases: Vec<(&str, Vec<u8>, u16)> = vec![
        (multipart, whole[..whole.len() - 40].to_vec(), 400),
        (multipart, Vec::new(), 400),
        (multipart, b"\xff\xfe\x00".repeat(1_000), 400),
        (multipart, body_of(&[("token", None, token.as_bytes()), ("content", None, b"\xff\xfe")]), 400),
        (multipart, body_of(&[("files", Some("a.png"), PICTURE)]), 403),
        (multipart, body_of(&[("token", None, b"1.2.3")]), 403),
        (multipart, body_of(&[("token", None, token.replace('.', "").as_bytes())]), 403),
        (multipart, body_of(&[("token", None, &vec![b'x'; 200_000])]), 413),
        (multipart, body_of(&[("x", None, b"1".as_slice()); 2]), 403),
        ("application/x-www-form-urlencoded", b"token=1".to_vec(), 400),
        ("multipart/form-data", whole.clone(), 400),
        ("", whole.clone(), 400),
    ];
    for (kind, body, status) in cases {
        let shown = format!("{kind} {}", String::from_utf8_lossy(&body[..body.len().min(80)]));
        let request = Request::post("/letter").header(header::CONTENT_TYPE, kind);
        let answer = site.send(request.body(Body::from(body)).expect("a request")).await;
        assert_eq!(answer.status, status, "{shown}: {}", answer.body);
        assert!(answer.body.contains("没有收下"), "{shown}: {}", answer.body);
    }
    assert_eq!((site.waiting().await, site.arriving()), (0, 0));
}

#[tokio::test]
async fn a_form_of_another_site_or_of_yesterday_is_refused() {
    let site = Site::new().await;
    let token = site.token().await;
    let request = Request::post("/letter")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
        .header("sec-fetch-site", "cross-site")
        .body(Body::from(body_of(&[("token", None, token.as_bytes())])))
        .expect("a request");
    assert_eq!(site.send(request).await.status, 403);
    site.clock.set(now() + chrono::Duration::hours(25));
    assert_eq!(site.letter_of(&token, &[], &[]).await.status, 403);
    let other = Site::new().await;
    assert_eq!(other.letter_of(&token, &[], &[]).await.status, 403);
}

#[tokio::test]
async fn an_address_that_asks_too_often_is_told_when_to_come_again() {
    let few = Limits { letters_per_hour: 2, queries_per_hour: 3, ..bulletin().limits };
    let site = Site::with(Bulletin { limits: few, ..bulletin() }).await;
    for _ in 0..2 {
        code_in(&site.letter(&[], &[]).await);
    }
    let answer = site.letter(&[], &[]).await;
    assert_eq!(answer.status, 429);
    assert!(answer.body.contains("分钟后再试"));
    let mut last = 0;
    for _ in 0..4 {
        last = site.ask("0000000000000000").await.status;
    }
    assert_eq!(last, 429);
    site.clock.set(now() + chrono::Duration::hours(1));
    code_in(&site.letter(&[], &[]).await);
}

#[tokio::test]
async fn a_query_code_tells_received_and_carried_over_and_nothing_else() {
    let site = Site::new().await;
    let code = code_in(&site.letter(&[], &[]).await);
    let before = site.ask(&code.to_lowercase().replace('-', "%20")).await.body;
    assert!(before.contains("2023-06-01 10:00") && before.contains("等待转入"), "{before}");
    let manifest = site.host.export(&site.package("one.pack"), None).await.expect("exported");
    let answers = Bulletin {
        made_at: now() + chrono::Duration::hours(1),
        host: Some(site.host.public_key().expect("a key")),
        statuses: vec![
            Status {
                letter: manifest.letters[0].id,
                carried_on: now().date_naive(),
                word: Some(String::from("received")),
            },
            Status { letter: Uuid::from_u128(9), carried_on: now().date_naive(), word: None },
        ],
        ..bulletin()
    };
    let loaded = site.host.load(&signed(&answers)).await.expect("loaded");
    assert_eq!((loaded.statuses, loaded.removed), (2, 1));
    let after = site.ask(&code).await.body;
    assert!(after.contains("已转入巡察机构：2023-06-01") && after.contains("正在办理。"), "{after}");
    assert!(!after.contains("招标") && !after.contains("某局的"));
    // What the office has is gone here, and the code still answers.
    assert_eq!(fs::read_dir(site.folder.path().join("letters")).expect("a folder").count(), 0);
    let again = refusal(site.host.export(&site.package("again.pack"), Some(1)).await);
    assert!(again.contains("已由办公系统收下"), "{again}");
    assert!(!site.package("again.part").exists());
}

#[tokio::test]
async fn a_wrong_code_tells_nothing() {
    let site = Site::new().await;
    code_in(&site.letter(&[], &[]).await);
    for code in ["", "%27%20or%201=1", "0000-0000-0000-0000", "%F0%9F%98%80", &"9".repeat(3_000)] {
        let answer = site.ask(code).await;
        assert_eq!(answer.status, 200, "{code}");
        let told =
            if code.starts_with("0000") { "没有查到这个查询码" } else { "填写的不是 16 位" };
        assert!(answer.body.contains(told), "{code}");
    }
    assert_eq!(site.ask(&"9".repeat(10_000)).await.status, 413);
}

#[tokio::test]
async fn a_letter_that_has_not_left_is_kept_whatever_the_office_says() {
    let site = Site::new().await;
    code_in(&site.letter(&[], &[]).await);
    let letters = fs::read_dir(site.folder.path().join("letters")).expect("a folder");
    let name = letters.flatten().next().expect("a letter").file_name();
    let letter = name.to_string_lossy().parse().expect("its identity");
    let statuses = vec![Status { letter, carried_on: now().date_naive(), word: None }];
    let early = Bulletin { host: Some(site.host.public_key().expect("a key")), statuses, ..bulletin() };
    assert_eq!(site.host.load(&signed(&early)).await.expect("loaded").removed, 0);
    assert_eq!(site.host.export(&site.package("one.pack"), None).await.expect("exported").letters.len(), 1);
}

#[tokio::test]
async fn packages_are_numbered_without_gaps_and_name_the_one_before() {
    let site = Site::new().await;
    assert!(refusal(site.host.export(&site.package("none.pack"), None).await).contains("没有新的来信"));
    code_in(&site.letter(&[], &[]).await);
    let first = site.host.export(&site.package("one.pack"), None).await.expect("exported");
    code_in(&site.letter(&[], &[]).await);
    let second = site.host.export(&site.package("two.pack"), None).await.expect("exported");
    assert_eq!((first.serial, second.serial), (1, 2));
    assert_eq!(second.previous, first.digest().expect("a digest"));
    assert_ne!(first.letters, second.letters);
    let again = site.host.export(&site.package("again.pack"), Some(1)).await.expect("exported");
    assert_eq!(again, first);
    assert_eq!(
        fs::read(site.package("one.pack")).expect("a file"),
        fs::read(site.package("again.pack")).expect("a file")
    );
    assert!(refusal(site.host.export(&site.package("no.pack"), Some(9)).await).contains("没有第 9 号"));
}

#[tokio::test]
async fn only_the_office_that_came_first_says_what_is_announced() {
    let site = Site::new().await;
    let later = Bulletin { made_at: now() + chrono::Duration::hours(1), ..bulletin() };
    let stranger = package::sign(BULLETIN, &later, &[99; 32]).expect("signed");
    assert!(refusal(site.host.load(&stranger).await).contains("不是由原来的单位签名"));
    let older = Bulletin { made_at: now() - chrono::Duration::hours(1), ..bulletin() };
    assert!(refusal(site.host.load(&signed(&older)).await).contains("旧"));
    let forged = signed(&later).replace("000", "111");
    assert!(refusal(site.host.load(&forged).await).contains("签名"));
    let others = Bulletin { host: Some(String::from("04ab")), ..later.clone() };
    assert!(refusal(site.host.load(&signed(&others)).await).contains("另一台收件机"));
    let no_key = Bulletin { seal_key: String::from("04ab"), ..later.clone() };
    assert!(refusal(site.host.load(&signed(&no_key)).await).contains("公钥"));
    for text in ["", "{}", "[]", "PK\u{3}\u{4}", "{\"format\":\"x\"}"] {
        assert!(refusal(site.host.load(text).await).contains("没有读取"), "{text}");
    }
    assert_eq!(site.host.load(&signed(&later)).await.expect("loaded").signer, None);
}

#[tokio::test]
async fn pages_set_no_cookie_run_no_script_and_load_nothing_from_elsewhere() {
    let site = Site::new().await;
    let notice = format!("/announcements/{}", Uuid::from_u128(5));
    for path in [
        "/",
        notice.as_str(),
        "/letter",
        "/query",
        "/nothing",
        "/announcements/x",
        "/letter?unit=%3Cscript%3E",
    ] {
        let answer = site.get(path).await;
        assert!(answer.headers.get(header::SET_COOKIE).is_none(), "{path}");
        let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{path}");
        assert_eq!(answer.headers[header::REFERRER_POLICY], "no-referrer", "{path}");
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store", "{path}");
        for word in ["<script", "http://", "https://", " style=", " onclick"] {
            assert!(!answer.body.contains(word), "{path} holds {word}");
        }
        assert!(answer.body.contains("viewport"), "{path}");
    }
    assert!(site.get(&notice).await.body.contains("第二段&#60;b&#62;。"));
    assert_eq!(site.get("/nothing").await.status, 404);
    assert_eq!(site.get("/intake.css").await.status, 200);
}

#[tokio::test]
async fn letters_are_taken_until_the_end_of_the_last_day() {
    let site = Site::new().await;
    site.clock.set(now() + chrono::Duration::days(30));
    code_in(&site.letter(&[], &[]).await);
    let token = site.token().await;
    site.clock.set(now() + chrono::Duration::days(30) + chrono::Duration::hours(15));
    assert_eq!(site.letter_of(&token, &[], &[]).await.status, 409);
    assert!(site.get("/letter").await.body.contains("没有正在受理来信"));
    assert!(site.get("/").await.body.contains("没有正在受理"));
}

#[tokio::test]
async fn an_office_s_folder_never_becomes_a_host_s() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("xuncha.db"), b"").expect("written");
    assert!(refusal(Host::init(folder.path(), Clock::at(now())).await).contains("办公系统的数据"));
    let empty = tempfile::tempdir().expect("a folder");
    assert!(refusal(Host::open(empty.path(), Clock::at(now()), false).await).contains("不是收件目录"));
    Host::init(empty.path(), Clock::at(now())).await.expect("a host");
    assert!(refusal(Host::init(empty.path(), Clock::at(now())).await).contains("已经是收件目录"));
}

#[tokio::test]
async fn a_host_without_an_announcement_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let host = Host::init(folder.path(), Clock::at(now())).await.expect("a host");
    let router = intake::host::router(host);
    let request = Request::get("/").body(Body::empty()).expect("a request");
    assert_eq!(router.oneshot(request).await.expect("an answer").status(), 409);
}
