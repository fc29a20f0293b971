//! The program put together: all areas in one registry, and an app on a data folder.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use db::{Db, Sql, Target};
use kit::{
    Actor, App, Clock, Cx, Error, Pred, Refusal, Result,
    cx::Parts,
    keys,
    seal::Seal,
    service::{Beside, Registry},
};
use uuid::Uuid;

use crate::{apart, jobs, pages};

/// Where an installation keeps its records, files and keys.
#[derive(Clone, Debug)]
pub struct Place {
    /// Folder for files and keys, and for the embedded database.
    pub folder: PathBuf,
    /// PostgreSQL address, when the records are there.
    pub database_url: Option<String>,
    /// Folder with the office's own licensed fonts, when they lie elsewhere than in the data folder.
    pub fonts: Option<PathBuf>,
}

impl Place {
    /// Folders with the office's own fonts, the named one first.
    fn fonts(&self) -> Result<Vec<PathBuf>> {
        if let Some(named) = self.fonts.as_ref().filter(|named| !named.is_dir()) {
            return Err(Error::Fault(format!(
                "字体文件夹 {} 不存在，请检查 --fonts 的设置",
                named.display()
            )));
        }
        Ok(self.fonts.iter().cloned().chain([self.folder.join("fonts")]).collect())
    }

    /// Where the records are.
    pub fn target(&self) -> Target {
        self.database_url.clone().map_or_else(|| Target::folder(&self.folder), Target::Postgres)
    }
}

/// How an installation is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To make it if it is not there, and to write.
    Write,
    /// To read beside a running server.
    Read,
}

/// The services and pages of all areas, in the order of the work.
pub fn registry() -> Registry {
    let mut services = registry::services();
    services.extend(planning::services());
    services.extend(preparation::services());
    services.extend(onsite::services());
    services.extend(fieldwork::services());
    services.extend(analysis::services());
    services.extend(reports::services());
    services.extend(decisions::services());
    services.extend(paperwork::services());
    services.extend(rectification::services());
    services.extend(results::services());
    services.extend([kit::jobs::service(), kit::jobs::schedule_service(), kit::exports::service()]);
    let mut beside = preparation::profile::beside();
    beside.extend(pages::weights::beside());
    beside.extend(of_unit());
    let mut pages = pages::all();
    pages.extend(analysis::pages());
    pages.extend(paperwork::pages());
    Registry {
        services,
        pages,
        operations: vec![pages::check::operation()],
        identify: Some(registry::accounts::sessions::identify),
        unread: Some(|cx| Box::pin(registry::notices::unread_count(cx))),
        beside,
        person: Some(registry::accounts::sessions::person),
        jobs: jobs::kinds(),
        hangs: Some(paperwork::hang),
        bars: Some(|cx, account| Box::pin(planning::avoidances::bars_of(cx, account))),
        directory: registry::DIRECTORY,
        aside: ASIDE,
        sought: SOUGHT,
        apart: Some(apart::look),
    }
}

/// The lists to which the record of a unit leads: what was found in it and the inspections it went through.
fn of_unit() -> Vec<Beside> {
    use fieldwork::problems;
    use planning::inspection_units;
    use registry::organisations;
    vec![
        Beside {
            noun: organisations::NOUN,
            label: "历次巡察",
            address: |cx, id| Box::pin(list_of_unit(cx, inspection_units::NOUN, id)),
        },
        Beside {
            noun: organisations::NOUN,
            label: "巡察发现的问题",
            address: |cx, id| Box::pin(list_of_unit(cx, problems::NOUN, id)),
        },
    ]
}

/// The list of `noun` narrowed to a unit, for those who see any of it there.
async fn list_of_unit(cx: &Cx, noun: &str, unit: Uuid) -> Result<Option<String>> {
    let Some(service) = cx.app().registry().service(noun) else { return Ok(None) };
    let scope = service.scope(&cx.actor).and(Pred::is("organisation_id", unit));
    if scope == Pred::Nothing {
        return Ok(None);
    }
    let mut sql = Sql::new("select count(*) from (select 1 as one from ");
    sql.push(service.table).push(" t where ");
    scope.write("t", &mut sql);
    sql.push(" limit 1) held");
    let any = cx.number(sql).await? > 0;
    Ok(any.then(|| format!("/{noun}?f.organisation={unit}")))
}

/// What people look for when they search everything: units and what was found in them, what became of it, and the work itself.
const SOUGHT: &[&str] = &[
    "organisations",
    "problems",
    "measures",
    "leads",
    "inspections",
    "inspection_units",
    "rect_plans",
    "rect_reports",
    "reports",
    "documents",
    "people",
];

/// What a long group of the navigation can do without, most needed first: it is reached from the record it belongs to
/// or from the group's own page.
const ASIDE: &[&str] = &[
    // 计划
    "coverage_lists",
    "batches",
    "terms",
    // 准备
    "declarations",
    "support_requests",
    "briefing_items",
    "audit_linkages",
    "secondments",
    "avoidances",
    "draws",
    "people",
    "agreements",
    "obligation_dues",
    "briefing_letters",
    "duties",
    "focus_rules",
    // 了解
    "immediate_actions",
    "file_requests",
    "fact_sheets",
    "consultations",
    "visits",
    "team_meetings",
    "talk_plans",
    "questionnaires",
    "announcements",
    "assemblies",
    "typical_problems",
    "talk_points",
    "contacts",
    "informants",
    "upward_letters",
    "openings",
    // 管理
    "calendar_days",
    "exports",
    "job_schedules",
    "jobs",
];

/// Why the records cannot be reached. The address of a server may hold a password, so it is not repeated.
fn unopened(error: db::DbError) -> Error {
    match error {
        db::DbError::Driver(detail) => {
            tracing::info!(%detail, "the database cannot be reached");
            let said = "数据库连接不上。请核对 --data 或 --database-url，以及数据库服务是否已经启动；\
                        设 XUNCHA_LOG=info 可以看到数据库的原话。";
            Refusal::conflict(said).into()
        }
        other => other.into(),
    }
}

/// Opens the installation at `place`.
///
/// # Errors
/// A sentence for the operator when the folder, the key or the schema does not fit.
pub async fn open(place: &Place, purpose: Purpose, clock: Clock, secure: bool) -> Result<App> {
    let db = match purpose {
        Purpose::Write => {
            let db = Db::open(&place.target()).await.map_err(unopened)?;
            db::migrate(&db).await?;
            db
        }
        Purpose::Read => {
            let db = Db::open_for_reading(&place.target()).await.map_err(unopened)?;
            db::check_schema(&db).await?;
            db
        }
    };
    let seal = load_key(&place.folder, purpose)?;
    let held = installation(&db).await?.unwrap_or_default();
    let parts = Parts {
        db,
        clock: on_its_calendar(clock, &held),
        seal,
        folder: place.folder.clone(),
        fonts: place.fonts()?,
        office: held.office.unwrap_or_else(|| String::from("市委巡察办")),
        secure,
        registry: registry(),
    };
    let app = App::new(parts).await?;
    check_key(&app).await?;
    Ok(app)
}

/// What an installation says of itself.
#[derive(Default)]
struct Installation {
    office: Option<String>,
    /// The seed of the demonstration city; none at an office at work.
    seed: Option<i64>,
    /// The day at which the demonstration's calendar stands.
    day: Option<NaiveDate>,
}

async fn installation(db: &Db) -> Result<Option<Installation>> {
    use db::ConnectionTrait as _;
    let conn = db.reader();
    let sql = Sql::new("select office, demonstration_seed, demonstration_day from installation where id = 1");
    let row = conn.executor().query_one_raw(sql.statement(conn.backend())).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Installation {
        office: row.try_get_by_index(0)?,
        seed: row.try_get_by_index(1)?,
        day: row.try_get_by_index(2)?,
    }))
}

/// An office at work has the machine's calendar whatever its row says; a clock that a test has put stays.
fn on_its_calendar(clock: Clock, held: &Installation) -> Clock {
    match (&clock, held.seed, held.day) {
        (Clock::System, Some(_), Some(day)) => Clock::Standing(day),
        _ => clock,
    }
}

/// Enters the installation's row and seeds when the database is new.
pub async fn establish(app: &App, office: &str, seed: Option<u64>) -> Result<()> {
    let canary = app.seal().seal("installation", "xuncha")?;
    let office = office.to_owned();
    let seed = seed.map(|seed| i64::try_from(seed).unwrap_or(i64::MAX));
    let actor = std::sync::Arc::new(Actor::program("安装"));
    app.write(&actor, |cx| {
        Box::pin(async move {
            if cx.number(Sql::new("select count(*) from installation")).await? > 0 {
                renew(cx).await?;
                // Libraries of a later version arrive too.
                return bring_libraries(cx).await;
            }
            let mut sql =
                Sql::new("insert into installation (id, canary, office, demonstration_seed) values (1, ");
            sql.bind(canary).push(", ").bind(office).push(", ").bind(seed).push(")");
            cx.execute(sql).await?;
            renew(cx).await?;
            if seed.is_some() {
                leave_factor_open(cx).await?;
            } else {
                // The demonstration brings the same with identities that follow from its seed.
                bring_libraries(cx).await?;
            }
            cx.record("establish", "installation", None, kit::audit::Outcome::Done);
            Ok(())
        })
    })
    .await
}

/// Enters what this version of the program brings and the installation lacks: dictionary values,
/// policies, recurring jobs. What the office has changed stays.
async fn renew(cx: &mut kit::WriteCx) -> Result<()> {
    registry::seed(cx).await?;
    paperwork::seed(cx).await?;
    reports::seed(cx).await?;
    rectification::seed(cx).await?;
    kit::jobs::seed_schedules(cx).await?;
    Ok(())
}

/// Enters the rules of focus and the typical problems that have not arrived yet.
async fn bring_libraries(cx: &mut kit::WriteCx) -> Result<()> {
    preparation::seed(cx).await?;
    fieldwork::typical_problems::seed(cx).await?;
    Ok(())
}

/// In the demonstration everybody may sign in by password alone; a second factor can still be tried.
async fn leave_factor_open(cx: &mut kit::WriteCx) -> Result<()> {
    let mut sql = Sql::new("update policy set amount = 0, basis = '演示城市：自愿' where code in ");
    sql.bind_list(registry::accounts::factor::POLICIES);
    cx.execute(sql).await?;
    Ok(())
}

/// Puts the calendar of the demonstration at `app` to `day`; it holds from the next opening on.
pub async fn stand_at(app: &App, day: NaiveDate) -> Result<()> {
    let actor = std::sync::Arc::new(Actor::program("演示数据"));
    app.write(&actor, |cx| {
        Box::pin(async move {
            let mut sql = Sql::new("update installation set demonstration_day = ");
            sql.bind(day).push(" where id = 1 and demonstration_seed is not null");
            cx.execute(sql).await?;
            cx.record("stand_at", "installation", None, kit::audit::Outcome::Done);
            Ok(())
        })
    })
    .await
}

/// The seed of the demonstration city at `app`: nothing when there are no records yet, and nothing
/// inside when they are a real office's.
pub async fn demonstration(app: &App) -> Result<Option<Option<u64>>> {
    let actor = std::sync::Arc::new(Actor::program("启动"));
    let rows =
        app.read(&actor).rows(Sql::new("select demonstration_seed from installation where id = 1")).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let seed: Option<i64> = row.try_get_by_index(0)?;
    Ok(Some(seed.and_then(|seed| u64::try_from(seed).ok())))
}

async fn check_key(app: &App) -> Result<()> {
    let actor = std::sync::Arc::new(Actor::program("启动"));
    let rows = app.read(&actor).rows(Sql::new("select canary from installation where id = 1")).await?;
    let Some(row) = rows.first() else { return Ok(()) };
    let canary: String = row.try_get_by_index(0)?;
    app.seal().open("installation", &canary).map(|_| ()).map_err(|_| {
        Error::Fault(String::from(
            "密钥文件 keys/seal.key 与数据库不匹配，程序不会启动；请恢复当初的密钥文件",
        ))
    })
}

fn load_key(folder: &Path, purpose: Purpose) -> Result<Seal> {
    Seal::new(&keys::load(folder, "seal.key", purpose == Purpose::Write)?)
}

/// The key that signs checkpoints of the audit chain; made when it is first needed.
pub fn signing_key(folder: &Path) -> Result<Vec<u8>> {
    keys::signing(folder)
}

#[cfg(test)]
mod tests {
    use kit::{Clock, Labelled as _};

    use super::{Installation, on_its_calendar};

    #[tokio::test]
    async fn a_demonstration_opens_again_at_the_day_it_was_put_to() {
        let day = kit::clock::parse_day("2023-11-08").unwrap();
        for (seed, stands) in [(Some(7), Some(day)), (None, None)] {
            let folder = tempfile::tempdir().unwrap();
            let place = super::Place { folder: folder.path().to_owned(), database_url: None, fonts: None };
            let open = || super::open(&place, super::Purpose::Write, Clock::System, false);
            let app = open().await.unwrap();
            super::establish(&app, "市委巡察办", seed).await.unwrap();
            super::stand_at(&app, day).await.unwrap();
            drop(app);
            assert_eq!(open().await.unwrap().clock().standing(), stands);
        }
    }

    #[test]
    fn only_a_demonstration_has_a_calendar_that_stands() {
        let day = kit::clock::parse_day("2024-01-31");
        let standing =
            |seed| on_its_calendar(Clock::System, &Installation { office: None, seed, day }).standing();
        assert_eq!(standing(Some(7)), day);
        assert_eq!(standing(None), None);
    }

    #[test]
    fn every_icon_named_in_the_navigation_is_drawn() {
        let registry = super::registry();
        let drawn = std::str::from_utf8(assets::ICONS_SVG.bytes).expect("the sprite is text");
        let named = registry
            .services
            .iter()
            .map(|service| service.icon)
            .chain(registry.pages.iter().filter(|page| page.group.is_some()).map(|page| page.icon))
            .chain(kit::service::Group::ALL.iter().map(|group| group.icon()));
        for icon in named {
            assert!(drawn.contains(&format!("id=\"i-{icon}\"")), "{icon:?} is not in the sprite");
        }
    }

    #[test]
    fn nouns_and_deeds_have_codes_of_their_own() {
        let registry = super::registry();
        let mut nouns = std::collections::HashSet::new();
        for service in &registry.services {
            assert!(nouns.insert(service.noun), "two services are called {}", service.noun);
            let mut deeds = std::collections::HashSet::new();
            for deed in &service.deeds {
                assert!(deeds.insert(deed.key), "{} has two deeds {}", service.noun, deed.key);
            }
        }
    }
}
