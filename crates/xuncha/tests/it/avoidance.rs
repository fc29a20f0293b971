//! A decided avoidance beats every other right and hides existence: whatever happens to what a director must keep
//! away from, none of his pages, lists, counts, figures, searches and notices changes by a single character.

use chrono::{DateTime, Utc};
use kit::{Actor, Audience, Clock, Role};
use std::sync::Arc;
use uuid::Uuid;

use crate::support::{City, Person};

/// A word that stands nowhere in the city.
const CANARY: &str = "金丝雀鸣";

fn noon() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2023-12-29T12:00:00+08:00").expect("an instant").to_utc()
}

/// The organisation with the most problems fed back.
async fn busiest(city: &City) -> Uuid {
    let sql =
        "select organisation_id from problem group by organisation_id order by count(*) desc, 1 limit 1";
    city.ids(db::Sql::new(sql)).await[0]
}

async fn write(city: &City, statements: Vec<db::Sql>) {
    let program = Arc::new(Actor::program("测试"));
    let work = city.app.write(&program, |cx| {
        Box::pin(async move {
            for sql in statements {
                cx.execute(sql).await?;
            }
            cx.record("test", "installation", None, kit::audit::Outcome::Done);
            Ok(())
        })
    });
    work.await.expect("written");
}

async fn bar(city: &City, login: &str, organisation: Uuid) {
    let mut sql = db::Sql::new(
        "insert into avoidance (id, version, account_id, from_organisation_id, ground, facts, source, state, \
         raised_on, opinion) select ",
    );
    sql.bind(kit::ids::random()).push(", 1, a.id, o.id, 'works', '', 'raised', 'avoids', ");
    sql.bind(noon().date_naive()).push(", '' from account a, organisation o where a.login = ").bind(login);
    sql.push(" and o.id = ").bind(organisation);
    write(city, vec![sql]).await;
}

/// Whatever a person can open without knowing the id of a record.
fn addresses(city: &City) -> Vec<String> {
    let registry = city.app.registry();
    let pages = registry.pages.iter().filter(|page| page.method == "GET" && !page.path.contains('{'));
    let mut all: Vec<String> = pages.map(|page| page.path.to_owned()).collect();
    for service in &registry.services {
        all.push(format!("/{}", service.noun));
        all.push(format!("/api/v1/{}", service.noun));
    }
    all.extend(["/".to_owned(), format!("/search?q={CANARY}"), "/search?q=采购".to_owned()]);
    // Workbooks carry a random number each; the pages they are made from are compared.
    all.retain(|path| {
        !["sign", "set-up", "metrics", "health", "export"].iter().any(|word| path.contains(word))
    });
    all.sort();
    all.dedup();
    all
}

/// A page without the key that each of its forms carries anew.
fn without_keys(page: &str) -> String {
    let mut parts = page.split("name=\"_key\" value=\"");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str(part.get(36..).unwrap_or_default());
    }
    kept
}

async fn all_pages(person: &Person<'_>) -> Vec<(String, String)> {
    let mut pages = Vec::new();
    for address in addresses(person.city) {
        let answer = person.get(&address).await;
        assert!(answer.status < 500, "{address}: {}", answer.status);
        pages.push((address, without_keys(&answer.body)));
    }
    pages
}

/// Changes everything that is about the organisation, and leaves a notice of it for directors.
async fn disturb(city: &City, organisation: Uuid) {
    let about = |table: &str, change: &str| {
        let mut sql = db::Sql::new("update ");
        sql.push(table).push(" set ").push(change).push(" where organisation_id = ").bind(organisation);
        sql
    };
    let mut inspection = db::Sql::new("update inspection set name = name || '");
    inspection.push(CANARY).push("', year = 2022, starts_on = '2022-01-01' where id in ");
    inspection.push("(select inspection_id from inspection_unit where organisation_id = ").bind(organisation);
    inspection.push(")");
    let titled = format!("title = title || '{CANARY}', ");
    let statements = vec![
        about(
            "problem",
            &format!("{titled} state = 'closed', due_on = '2022-01-01', fed_back_on = '2022-02-02'"),
        ),
        about("measure", &format!("text = '{CANARY}', state = 'submitted', due_on = '2022-01-01'")),
        about("transfer", &format!("{titled} state = 'sent', due_on = '2022-01-01', sent_on = '2022-01-01'")),
        about("inspection_unit", "state = 'planned', entered_on = null, fed_back_on = '2022-03-03'"),
        about("coverage_item", "planned_year = 2025"),
        inspection,
    ];
    write(city, statements).await;
    let mut sql = db::Sql::new("select id from problem where organisation_id = ");
    sql.bind(organisation).push(" order by id limit 1");
    let problem = city.ids(sql).await[0];
    let program = Arc::new(Actor::program("测试"));
    let leave = city.app.write(&program, |cx| {
        let audience = Audience::Post { role: Role::OfficeDirector, organisation: None, inspection: None };
        cx.notify(audience, CANARY, "problems", problem);
        cx.index("problems", problem, CANARY);
        cx.record("test", "installation", None, kit::audit::Outcome::Done);
        Box::pin(async { Ok(()) })
    });
    leave.await.expect("a notice");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_a_barred_director_sees_depends_on_what_he_must_keep_away_from() {
    let city = City::at(Clock::at(noon())).await;
    let (login, organisation) = (city.login("office_director"), busiest(&city).await);
    bar(&city, &login, organisation).await;
    let director = city.sign_in(&login).await;
    let before = all_pages(&director).await;
    let mut hidden = db::Sql::new("select id from problem where organisation_id = ");
    hidden
        .bind(organisation)
        .push(" union select inspection_id from inspection_unit where organisation_id = ");
    hidden.bind(organisation);
    for id in city.ids(hidden).await {
        for noun in ["problems", "inspections"] {
            assert_eq!(director.get(&format!("/{noun}/{id}")).await.status, 404);
        }
        let trace = before.iter().find(|(_, body)| body.contains(&id.to_string()));
        assert_eq!(trace.map(|(address, _)| address), None);
    }
    disturb(&city, organisation).await;
    for ((address, one), (_, other)) in before.iter().zip(all_pages(&director).await) {
        let place = one.lines().zip(other.lines()).find(|(one, other)| one != other);
        assert!(*one == other, "{address} shows a trace: {place:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_has_a_member_who_is_locked_out_and_one_who_has_still_to_declare() {
    let city = City::at(Clock::at(noon())).await;
    let (account, organisation) = xuncha::demo::barred_account(7).expect("a barred member");
    let member = city.sign_in(&account.login).await;
    let actor = city.actor_of(&account.login).await;
    assert_eq!(actor.bars.organisations.len(), 1);
    for inspection in &actor.bars.inspections {
        assert_eq!(member.get(&format!("/inspections/{inspection}")).await.status, 404);
    }
    let own = member.get("/avoidances").await;
    assert!(own.body.contains(&organisation), "his own case he may read");
    let sql = "select count(*) from declaration where state = 'requested'";
    assert_eq!(city.number(sql).await, 2);
    let late =
        "select a.login from declaration d join account a on a.id = d.account_id where d.state = 'requested'";
    let rows = city.behind().rows(db::Sql::new(late)).await.expect("rows");
    let login: String = rows[0].try_get_by_index(0).expect("a login");
    let home = city.sign_in(&login).await.get("/").await;
    assert!(home.body.contains("待本人签署的回避申报"));
}
