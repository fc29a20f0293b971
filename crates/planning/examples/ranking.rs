//! Times the ranking of a pool of 5,000 people for one need, with the check of avoidance, on the embedded database:
//! `cargo run --release -p planning --example ranking`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a measurement that cannot be taken has failed"
)]

use std::{sync::Arc, time::Instant};

use db::Sql;
use kit::{Actor, Role, testing::TestApp};

const PEOPLE: usize = 5_000;
const ORGANISATIONS: usize = 200;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut services = registry::services();
    services.extend(planning::services());
    let test = TestApp::new(services).await;
    let program = Arc::new(Actor::program("测时"));
    test.app.write(&program, |cx| Box::pin(registry::seed(cx))).await.unwrap();
    let need = test.app.write(&program, |cx| Box::pin(fill(cx))).await.unwrap();
    test.app.db().survey().await.unwrap();
    let office = kit::testing::actor(Role::OfficeDirector, None, None);
    let mut times = Vec::new();
    for _ in 0..9 {
        let cx = test.app.read(&office);
        let begun = Instant::now();
        let need = planning::needs::find(&cx, need.into()).await.unwrap();
        let ranked = planning::needs::ranked(&cx, &need).await.unwrap();
        times.push(begun.elapsed());
        assert_eq!(ranked.len(), PEOPLE);
    }
    times.sort();
    println!("{PEOPLE} people ranked: median {:?}, slowest {:?}", times[4], times[8]);
}

async fn insert(cx: &mut kit::WriteCx, text: &str, values: Vec<db::Value>) -> kit::Result<()> {
    let mut sql = Sql::new(text);
    sql.push(" (");
    for (at, value) in values.into_iter().enumerate() {
        sql.push(if at == 0 { "" } else { ", " }).bind(value);
    }
    sql.push(")");
    cx.execute(sql).await?;
    Ok(())
}

async fn fill(cx: &mut kit::WriteCx) -> kit::Result<uuid::Uuid> {
    let day = chrono::NaiveDate::from_ymd_opt(2023, 3, 1).unwrap();
    let mut places = Vec::new();
    for number in 0..ORGANISATIONS {
        let id = kit::ids::random();
        let text = "insert into organisation (id, version, note, code, name, kind, valid_from) values";
        let name = format!("市某局{number}");
        let values: Vec<db::Value> = vec![
            id.into(),
            1_i64.into(),
            "".into(),
            format!("D{number}").into(),
            name.into(),
            "city_department".into(),
            day.into(),
        ];
        insert(cx, text, values).await?;
        places.push(id);
    }
    let (term, inspection, need) = (kit::ids::random(), kit::ids::random(), kit::ids::random());
    let text = "insert into term (id, version, number, name, committee, starts_on) values";
    insert(cx, text, vec![term.into(), 1_i64.into(), 13_i64.into(), "".into(), "".into(), day.into()])
        .await?;
    let text = "insert into inspection (id, version, number, name, term_id, kind, modes, field, level, team, year, \
                starts_on, state) values";
    let values: Vec<db::Value> = vec![
        inspection.into(),
        1_i64.into(),
        "1".into(),
        "".into(),
        term.into(),
        "regular".into(),
        "".into(),
        "".into(),
        "city".into(),
        "一组".into(),
        2023_i64.into(),
        day.into(),
        "planned".into(),
    ];
    insert(cx, text, values).await?;
    for place in places.iter().take(5) {
        let text = "insert into inspection_unit (id, version, inspection_id, organisation_id, kind, state, planned_on) values";
        let values: Vec<db::Value> = vec![
            kit::ids::random().into(),
            1_i64.into(),
            inspection.into(),
            (*place).into(),
            "regular".into(),
            "planned".into(),
            day.into(),
        ];
        insert(cx, text, values).await?;
    }
    for number in 0..PEOPLE {
        person(cx, number, &places, day).await?;
    }
    let text = "insert into team_need (id, version, inspection_id, pool, duty, speciality, number, from_on, to_on, \
                state, note) values";
    let values: Vec<db::Value> = vec![
        need.into(),
        1_i64.into(),
        inspection.into(),
        "members".into(),
        "finance".into(),
        "finance".into(),
        2_i64.into(),
        day.into(),
        day.into(),
        "draft".into(),
        "".into(),
    ];
    insert(cx, text, values).await?;
    Ok(need)
}

async fn person(
    cx: &mut kit::WriteCx,
    number: usize,
    places: &[uuid::Uuid],
    day: chrono::NaiveDate,
) -> kit::Result<()> {
    let (person, talent) = (kit::ids::random(), kit::ids::random());
    let at = |turn: usize| places[(number * 7 + turn * 31) % places.len()];
    let text = "insert into person (id, version, title, speciality, note, name, organisation_id) values";
    let values: Vec<db::Value> = vec![
        person.into(),
        1_i64.into(),
        "".into(),
        "".into(),
        "".into(),
        format!("人员{number}").into(),
        at(0).into(),
    ];
    insert(cx, text, values).await?;
    let text = "insert into talent (id, version, person_id, pool, state, speciality, second_speciality, political, \
                native_place, career, relatives_sealed, note, opinion, entered_on) values";
    let speciality = ["finance", "law", "discipline"][number % 3];
    let mut values: Vec<db::Value> = vec![talent.into(), 1_i64.into(), person.into()];
    values.extend(
        ["members", "active", speciality, "", "member", "云溪县", "", "", "", ""].map(db::Value::from),
    );
    values.push(day.into());
    insert(cx, text, values).await?;
    for turn in 1..5 {
        let text = "insert into talent_tie (id, talent_id, kind, at_id, title, from_on, to_on) values";
        let kind = if turn == 4 { "relative" } else { "post" };
        let values: Vec<db::Value> = vec![
            kit::ids::random().into(),
            talent.into(),
            kind.into(),
            at(turn).into(),
            "科长".into(),
            day.into(),
            day.into(),
        ];
        insert(cx, text, values).await?;
    }
    Ok(())
}
