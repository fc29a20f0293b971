//! The way there and back: what was in one database is in the other, and a damaged archive brings nothing.

use std::path::{Path, PathBuf};

use db::{Target, testing::TestDb};
use kit::{App, Clock, Role, jobs::Progress};

use super::{Key, check, keep, restore, write};
use crate::{
    assemble::{self, Place, Purpose},
    jobs::tests::{installation, somebody},
    verify,
};

/// The key of the installations that tests make.
const TEST_KEY: [u8; 32] = [1; 32];

fn key() -> Key {
    Key::Installation(kit::seal::Seal::new(&TEST_KEY).unwrap())
}

/// An installation with some records, a file and a ledger that waits.
struct Source {
    test: kit::testing::TestApp,
    out: tempfile::TempDir,
}

impl Source {
    async fn new() -> Self {
        let test = installation().await;
        let office = somebody(&test, Role::OfficeDirector).await;
        for (code, name) in [("D001", "市教育局"), ("D002", "市财政局")] {
            let entries =
                [("code", code), ("name", name), ("kind", "city_department"), ("valid_from", "2015-01-01")];
            test.perform(&office, "organisations", None, "create", &entries).await.unwrap();
        }
        let shelf = test.app.folder().join("files/0a");
        std::fs::create_dir_all(&shelf).unwrap();
        std::fs::write(shelf.join("one"), "内容").unwrap();
        Self { test, out: tempfile::tempdir().unwrap() }
    }

    fn app(&self) -> &App {
        &self.test.app
    }

    fn path(&self, name: &str) -> PathBuf {
        self.out.path().join(name)
    }

    async fn backup(&self, name: &str, key: Key) -> PathBuf {
        let path = self.path(name);
        let manifest = write(self.app(), &path, key, &Progress::unwatched()).await.unwrap();
        assert!(manifest.rows() > 100 && manifest.index > 1, "{manifest:?}");
        assert_eq!(manifest.tables.get("organisation"), Some(&2));
        path
    }
}

fn hex_key() -> String {
    kit::seal::hex(&TEST_KEY)
}

async fn opened(place: &Place) -> App {
    assemble::open(place, Purpose::Write, Clock::System, false).await.unwrap()
}

async fn looks_whole(app: &App) {
    let report = verify::run(app).await.unwrap();
    assert_eq!(report.first_fault(), None);
    assert!(report.chain.entries > 5);
    let cx = app.read(&std::sync::Arc::new(kit::Actor::program("test")));
    let service = app.registry().service("organisations").unwrap();
    let query = kit::web::Query::parse(Some("q=教育")).unwrap();
    let ask = kit::table::Ask::parse(&service.list, &cx.actor, query.pairs()).unwrap();
    let all = kit::Pred::All;
    let found = kit::table::exact_total(&cx, service.noun, &service.list, &all, &all, &ask).await.unwrap();
    assert_eq!(found, 1, "the index finds what it found before");
    assert_eq!(std::fs::read_to_string(app.folder().join("files/0a/one")).unwrap(), "内容");
}

/// An empty database of the kind that the tests run on, or of the other kind when it can be had.
async fn empty_postgres() -> Option<String> {
    std::env::var("XUNCHA_TEST_DATABASE").ok().filter(|url| !url.is_empty())?;
    let Target::Postgres(url) = TestDb::empty().await.unwrap() else { return None };
    Some(url)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_restored_into_an_empty_folder_is_the_same_installation() {
    let source = Source::new().await;
    let path = source.backup("a.backup", key()).await;
    let place = Place { folder: source.path("restored"), database_url: None, fonts: None };
    let manifest = restore(&path, &key(), Some(&hex_key()), &place).await.unwrap();
    let app = opened(&place).await;
    looks_whole(&app).await;
    // What is in it now is what was in it then: the same rows give the same digests.
    let again = write(&app, &source.path("b.backup"), key(), &Progress::unwatched()).await.unwrap();
    let rows = |manifest: &super::Manifest| {
        let kept =
            |entry: &&super::Entry| entry.name.starts_with("tables/") && !entry.name.contains("session");
        manifest.entries.iter().filter(kept).cloned().collect::<Vec<_>>()
    };
    if std::env::var("XUNCHA_TEST_DATABASE").is_err() {
        assert_eq!(rows(&manifest), rows(&again));
    }
    assert_eq!(manifest.audit, again.audit);
    assert_eq!(manifest.index, again.index);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_goes_from_one_database_into_the_other_and_back() {
    let Some(url) = empty_postgres().await else { return };
    let source = Source::new().await;
    let path = source.backup("a.backup", key()).await;
    let middle = Place { folder: source.path("middle"), database_url: Some(url), fonts: None };
    restore(&path, &key(), Some(&hex_key()), &middle).await.unwrap();
    let app = opened(&middle).await;
    looks_whole(&app).await;
    let path = source.path("b.backup");
    write(&app, &path, key(), &Progress::unwatched()).await.unwrap();
    let back = Place { folder: source.path("back"), database_url: None, fonts: None };
    restore(&path, &key(), Some(&hex_key()), &back).await.unwrap();
    looks_whole(&opened(&back).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_passphrase_the_archive_needs_nothing_else() {
    let source = Source::new().await;
    std::fs::create_dir_all(source.app().folder().join("keys")).unwrap();
    std::fs::write(source.app().folder().join("keys/seal.key"), hex_key()).unwrap();
    let passphrase = Key::Passphrase(String::from("river-camphor-7-tree"));
    let path = source.backup("a.backup", passphrase.clone()).await;
    let wrong = Key::Passphrase(String::from("river-camphor-8-tree"));
    assert!(check(&path, &wrong).await.is_err());
    assert!(check(&path, &key()).await.unwrap_err().to_string().contains("--passphrase-file"));
    let place = Place { folder: source.path("restored"), database_url: None, fonts: None };
    restore(&path, &passphrase, None, &place).await.unwrap();
    looks_whole(&opened(&place).await).await;
}

fn entries(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_archive_is_refused_before_anything_is_touched() {
    let source = Source::new().await;
    let path = source.backup("a.backup", key()).await;
    let whole = std::fs::read(&path).unwrap();
    let held = entries(source.out.path());
    let damaged = source.path("a.backup");
    for at in (0..40).map(|step| step * whole.len() / 40) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x20;
        std::fs::write(&damaged, &bytes).unwrap();
        let place = Place { folder: source.path("restored"), database_url: None, fonts: None };
        let error = restore(&damaged, &key(), Some(&hex_key()), &place).await.unwrap_err();
        assert!(matches!(error, kit::Error::Refusal(_)), "byte {at}: {error}");
        assert!(!place.folder.exists(), "byte {at}");
    }
    for length in [0, 10, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&damaged, &whole[..length]).unwrap();
        assert!(check(&damaged, &key()).await.is_err(), "{length}");
    }
    assert_eq!(entries(source.out.path()), held, "nothing is left beside");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_is_never_written_over() {
    let source = Source::new().await;
    let path = source.backup("a.backup", key()).await;
    let place = Place { folder: source.path("restored"), database_url: None, fonts: None };
    std::fs::create_dir_all(&place.folder).unwrap();
    std::fs::write(place.folder.join("notes.txt"), "mine").unwrap();
    assert!(restore(&path, &key(), Some(&hex_key()), &place).await.is_err());
    assert_eq!(entries(&place.folder), 1);
    let error = write(source.app(), &path, key(), &Progress::unwatched()).await;
    assert!(error.is_err(), "a backup is not written over another file");
}

#[tokio::test(flavor = "multi_thread")]
async fn kept_backups_are_checked_and_the_oldest_go() {
    let source = Source::new().await;
    for day in 1..=4 {
        let clock = source.test.clock.now() + chrono::Duration::days(day);
        source.test.set_clock(clock);
        let taken = keep::take_and_keep(source.app(), 2, &Progress::unwatched()).await.unwrap();
        assert!(taken.0.exists());
        assert_eq!(taken.2, usize::from(day > 2));
    }
    assert_eq!(entries(&keep::folder(source.app())), 2);
    let (newest, _) = keep::newest(&keep::folder(source.app())).unwrap().unwrap();
    assert!(check(&newest, &key()).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_of_a_record_can_be_read_in_the_archive() {
    let source = Source::new().await;
    let bytes = std::fs::read(source.backup("a.backup", key()).await).unwrap();
    for canary in ["市教育局", "organisation", "D001"] {
        assert!(!bytes.windows(canary.len()).any(|window| window == canary.as_bytes()), "{canary}");
    }
}
