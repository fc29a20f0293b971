//! Documents of the demonstration: made by the templates from records of the city, in every state, dated as the office
//! would have dated them.

use std::sync::Arc;

use chrono::{Datelike as _, NaiveDate, NaiveTime, TimeDelta};
use city::targets::AS_OF;
use db::Sql;
use kit::{Actor, App, Cx, Labelled as _, Result, WriteCx, numbers};
use paperwork::documents::{self, State, Urgency, document_number};
use registry::organisations::OrganisationId;
use uuid::Uuid;

/// Template, table of its records, how many documents.
const MADE: [(&str, &str, usize); 6] = [
    ("D24", "feedback", 6),
    ("D25", "feedback", 2),
    ("D26", "suggestion", 3),
    ("D31", "measure", 3),
    ("D08", "inspection_unit", 2),
    ("D02", "round", 1),
];

/// States in turn; most documents of an office have been sent long ago.
const STATES: [State; 7] = [
    State::Archived,
    State::Dispatched,
    State::Dispatched,
    State::Numbered,
    State::Review,
    State::Draft,
    State::Signed,
];

const DRAFTERS: [&str; 4] = ["苏静澜", "程以安", "陆子衡", "叶清和"];
const SIGNER: &str = "韩维正";

/// Makes them, after everything else is there: each document in a transaction of its own, as an office does.
pub(super) async fn load(app: &App, actor: &Arc<Actor>, seed: u64) -> Result<()> {
    let cx = app.read(actor);
    let mut place = 0;
    for (code, table, count) in MADE {
        let Some(template) = first(&cx, "document_template", "code", code).await? else { continue };
        for record in records(&cx, table, count).await? {
            app.write(actor, |cx| Box::pin(make(cx, (template, record), seed, place))).await?;
            place += 1;
        }
    }
    Ok(())
}

async fn make(cx: &mut WriteCx, (template, record): (Uuid, Uuid), seed: u64, place: usize) -> Result<()> {
    cx.plan_ids(format!("{seed}/document/{place}"), AS_OF.and_time(NaiveTime::MIN).and_utc());
    let id = documents::actions::create(cx, template.into(), record, Urgency::Ordinary).await?;
    date(cx, id.0, place).await
}

async fn first(cx: &Cx, table: &str, column: &str, value: &str) -> Result<Option<Uuid>> {
    let mut sql = Sql::new("select id from ");
    sql.push(table).push(" where ").push(column).push(" = ").bind(value).push(" order by id limit 1");
    Ok(cx.rows(sql).await?.first().map(|row| row.try_get_by_index(0)).transpose()?)
}

async fn records(cx: &Cx, table: &str, count: usize) -> Result<Vec<Uuid>> {
    let mut sql = Sql::new("select id from ");
    sql.push(table).push(" order by id limit ").bind(count as i64);
    cx.rows(sql).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// Puts a document into its state, with the days and names of the demonstration's year.
async fn date(cx: &mut WriteCx, id: Uuid, place: usize) -> Result<()> {
    let state = STATES.get(place % STATES.len()).copied().unwrap_or(State::Draft);
    let drafter = DRAFTERS.get(place % DRAFTERS.len()).copied().unwrap_or_default();
    let drafted: NaiveDate = AS_OF - TimeDelta::days(100 - 5 * place as i64);
    let signed = !matches!(state, State::Draft | State::Review);
    let document = documents::whoever(cx, id.into()).await?;
    let numbered = signed && state != State::Signed && !document.series.is_empty();
    let given = if numbered {
        let year = drafted.year();
        let serial = numbers::next(cx, &format!("{}/{year}", document.series), 0).await?;
        document_number(&document.series, year, serial)
    } else {
        String::new()
    };
    let sent = matches!(state, State::Dispatched | State::Archived);
    let mut sql = Sql::new("update document set state = ");
    sql.bind(state.code()).push(", drafter_name = ").bind(drafter).push(", drafted_on = ").bind(drafted);
    sql.push(", number = ").bind(format!("GW-{}-{:04}", drafted.year(), place + 1));
    sql.push(", document_number = ").bind(given.as_str());
    if signed {
        sql.push(", signed_by = ").bind(SIGNER).push(", signed_on = ").bind(drafted + TimeDelta::days(2));
    }
    if sent {
        sql.push(", dispatched_on = ").bind(drafted + TimeDelta::days(3));
    }
    sql.push(" where id = ").bind(id);
    cx.execute(sql).await?;
    if let (true, Some(to)) = (sent, document.organisation_id) {
        send(cx, id, to, &document.title, &given, drafted + TimeDelta::days(3)).await?;
    }
    Ok(())
}

async fn send(
    cx: &mut WriteCx,
    document: Uuid,
    to: OrganisationId,
    title: &str,
    number: &str,
    on: NaiveDate,
) -> Result<()> {
    let received = on.ordinal().is_multiple_of(2);
    let mut sql = Sql::new(
        "insert into document_dispatch (id, version, document_id, organisation_id, title, document_number, sent_on, \
         received_on, receiver, state) values (",
    );
    sql.bind(cx.new_id()).push(", 1, ").bind(document).push(", ").bind(to).push(", ").bind(title);
    sql.push(", ").bind(number).push(", ").bind(on).push(", ");
    sql.bind(received.then(|| on + TimeDelta::days(1))).push(", ");
    sql.bind(if received { "办公室" } else { "" }).push(", ");
    sql.bind(if received { "received" } else { "sent" }).push(")");
    cx.execute(sql).await?;
    Ok(())
}
