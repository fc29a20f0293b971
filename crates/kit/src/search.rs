//! Full text in Chinese: every overlapping pair of Han characters is a word, so that names and
//! document numbers are found as surely as dictionary words, on either database.
//!
//! The one place outside `db` that knows which database it is: SQLite has FTS5, PostgreSQL tsvector.

use std::{
    collections::HashSet,
    sync::atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Utc};
use db::{Conn, DbBackend, Sql};
use sea_orm::ConnectionTrait as _;
use uuid::Uuid;

use crate::{Actor, Cx, Result, Table, WriteCx, table, units::half_width};

/// The searchable text of one record.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) noun: &'static str,
    pub(crate) record: Uuid,
    pub(crate) text: String,
}

/// `招标投标 A-7` as index words: `招标 标投 投标 标 a 7`.
///
/// The last character of a run stands alone too, so that a search for one character finds it
/// through a prefix.
pub fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut run: Vec<char> = Vec::new();
    let mut latin = String::new();
    for c in text.chars().map(half_width).flat_map(char::to_lowercase) {
        if is_han(c) {
            push_word(&mut out, &mut latin);
            run.push(c);
        } else {
            push_run(&mut out, &mut run);
            if c.is_alphanumeric() { latin.push(c) } else { push_word(&mut out, &mut latin) }
        }
    }
    push_run(&mut out, &mut run);
    push_word(&mut out, &mut latin);
    out
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

fn push_run(out: &mut String, run: &mut Vec<char>) {
    for pair in run.windows(2) {
        separate(out);
        out.extend(pair);
    }
    if let Some(last) = run.last() {
        separate(out);
        out.push(*last);
    }
    run.clear();
}

fn push_word(out: &mut String, word: &mut String) {
    if !word.is_empty() {
        separate(out);
        out.push_str(word);
        word.clear();
    }
}

fn separate(out: &mut String) {
    if !out.is_empty() {
        out.push(' ');
    }
}

/// One searched term: the phrases of its runs.
fn phrases(term: &str) -> Vec<Vec<String>> {
    let mut phrases = Vec::new();
    let mut run: Vec<char> = Vec::new();
    let mut latin = String::new();
    let flush_run = |run: &mut Vec<char>, phrases: &mut Vec<Vec<String>>| {
        match run.len() {
            0 => {}
            1 => phrases.push(run.iter().map(|c| format!("{c}*")).collect()),
            _ => phrases.push(run.windows(2).map(|pair| pair.iter().collect()).collect()),
        }
        run.clear();
    };
    let flush_latin = |latin: &mut String, phrases: &mut Vec<Vec<String>>| {
        if !latin.is_empty() {
            phrases.push(vec![format!("{latin}*")]);
            latin.clear();
        }
    };
    for c in term.chars().map(half_width).flat_map(char::to_lowercase).take(200) {
        if is_han(c) {
            flush_latin(&mut latin, &mut phrases);
            run.push(c);
        } else {
            flush_run(&mut run, &mut phrases);
            if c.is_alphanumeric() { latin.push(c) } else { flush_latin(&mut latin, &mut phrases) }
        }
    }
    flush_run(&mut run, &mut phrases);
    flush_latin(&mut latin, &mut phrases);
    phrases
}

/// The query text for `term` in the database's own language; nothing when it holds no word.
///
/// All that remains of the term are letters, digits and Han characters, so no operator of either
/// language can be smuggled in.
pub fn query(backend: DbBackend, term: &str) -> Option<String> {
    let phrases = phrases(term);
    if phrases.is_empty() {
        return None;
    }
    let (within, between) = if backend == DbBackend::Postgres { (" <-> ", " & ") } else { (" + ", " AND ") };
    let joined: Vec<String> = phrases
        .iter()
        .map(|phrase| {
            let words: Vec<String> = phrase
                .iter()
                .map(|word| match (backend, word.strip_suffix('*')) {
                    (DbBackend::Postgres, Some(stem)) => format!("{stem}:*"),
                    (DbBackend::Postgres, None) => word.clone(),
                    (_, Some(stem)) => format!("\"{stem}\" *"),
                    (_, None) => format!("\"{word}\""),
                })
                .collect();
            format!("({})", words.join(within))
        })
        .collect();
    Some(joined.join(between))
}

/// Where the words that somebody looks for are looked up.
#[derive(Clone, Debug)]
pub(crate) enum Sought {
    /// In the full-text index.
    Index,
    /// In this text of each row, for those who may not read all that the index holds: what a word finds would tell it.
    Text(String),
}

impl Sought {
    /// Where words of `actor` are looked up in the list.
    pub(crate) fn of(table: &Table, actor: &Actor) -> Self {
        table.text_for(actor).map_or(Self::Index, Self::Text)
    }

    /// Appends that the record of NOUN whose id is `column` holds `term`; a term without words matches nothing.
    pub(crate) fn write_match(
        &self,
        sql: &mut Sql,
        backend: DbBackend,
        (column, noun): (&str, &str),
        term: &str,
    ) {
        match self {
            Self::Index => write_match(sql, backend, column, noun, term),
            Self::Text(text) => write_held(text, term, sql),
        }
    }

    /// Appends the list's rows that hold `term`, from `from` on; the caller adds conditions with `and` and then
    /// [`Sought::write_newest`]. SQLite's index is read newest first and only as far as the page needs, never gathered before.
    pub(crate) fn write_found(
        &self,
        sql: &mut Sql,
        backend: DbBackend,
        (from, id): (&str, &str),
        noun: &str,
        term: &str,
    ) {
        if let (true, Some(query)) = (self.is_read_in_order(backend), query(backend, term)) {
            sql.push(
                " from search_text cross join search_entry found_entry on found_entry.id = search_text.rowid",
            );
            sql.push(" cross join ").push(from).push(" where search_text match ").bind(query);
            sql.push(" and found_entry.noun = ").bind(noun);
            sql.push(" and ").push(id).push(" = found_entry.record_id");
        } else {
            sql.push(" from ").push(from).push(" where ");
            self.write_match(sql, backend, (id, noun), term);
        }
    }

    /// Ends a statement of [`Sought::write_found`]: the newest `most` first.
    pub(crate) fn write_newest(&self, sql: &mut Sql, backend: DbBackend, id: &str, most: i64) {
        let by = if self.is_read_in_order(backend) { "search_text.rowid" } else { id };
        sql.push(" order by ").push(by).push(" desc limit ").bind(most);
    }

    /// Whether the index is read row by row: PostgreSQL's is gathered.
    fn is_read_in_order(&self, backend: DbBackend) -> bool {
        matches!(self, Self::Index) && backend == DbBackend::Sqlite
    }
}

/// Appends that `text` holds every word of `term`.
fn write_held(text: &str, term: &str, sql: &mut Sql) {
    let mut words = term.split_whitespace().peekable();
    if words.peek().is_none() {
        sql.push("1 = 0");
    }
    for (at, word) in words.enumerate() {
        sql.push(if at == 0 { "" } else { " and " });
        table::write_contains(text, word, sql);
    }
}

/// Appends `COLUMN in (records of NOUN whose text holds TERM)`; a term without words matches nothing.
fn write_match(sql: &mut Sql, backend: DbBackend, column: &str, noun: &str, term: &str) {
    let Some(query) = query(backend, term) else {
        sql.push("1 = 0");
        return;
    };
    sql.push(column).push(" in (select e.record_id from search_entry e where e.noun = ").bind(noun);
    match backend {
        DbBackend::Postgres => sql.push(" and e.body @@ to_tsquery('simple', ").bind(query).push("))"),
        _ => sql
            .push(" and e.id in (select rowid from search_text where search_text match ")
            .bind(query)
            .push("))"),
    };
}

/// Appends that the text of the record whose id is `column` holds `term`: the index is asked about each row, which is cheap
/// where few rows are looked at and many records hold the term.
pub(crate) fn write_test(sql: &mut Sql, backend: DbBackend, column: &str, noun: &str, term: &str) {
    match query(backend, term) {
        Some(query) if backend == DbBackend::Sqlite => {
            sql.push("exists (select 1 from search_entry e cross join search_text where e.record_id = ");
            sql.push(column).push(" and e.noun = ").bind(noun);
            sql.push(" and search_text.rowid = e.id and search_text match ").bind(query).push(")");
        }
        _ => write_match(sql, backend, column, noun, term),
    }
}

/// The nouns of which any record holds `term`, whoever may see it: only these are worth a statement of their own.
pub(crate) async fn nouns(cx: &Cx, term: &str) -> Result<HashSet<String>> {
    let backend = cx.conn().backend();
    let Some(query) = query(backend, term) else { return Ok(HashSet::new()) };
    let mut sql = Sql::new("select distinct e.noun from ");
    match backend {
        DbBackend::Postgres => {
            sql.push("search_entry e where e.body @@ to_tsquery('simple', ").bind(query).push(")")
        }
        _ => sql
            .push(
                "search_text cross join search_entry e on e.id = search_text.rowid where search_text match ",
            )
            .bind(query),
    };
    cx.rows(sql).await?.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// The last number given to an index row; numbers grow with time, so that newest-first needs no sort.
static LAST: AtomicI64 = AtomicI64::new(0);

fn next_number(now_millis: i64) -> i64 {
    let floor = now_millis << 20;
    let previous = LAST.fetch_update(Ordering::AcqRel, Ordering::Acquire, |last| Some((last + 1).max(floor)));
    previous.map_or(floor, |last| (last + 1).max(floor))
}

/// Stores what waits to be found.
pub(crate) async fn store(conn: &Conn, now: DateTime<Utc>, entries: &[Entry]) -> Result<()> {
    // Several deeds on one record in one transaction: the last text is the one that holds.
    let mut seen = HashSet::new();
    let mut entries: Vec<&Entry> = entries.iter().rev().filter(|entry| seen.insert(entry.record)).collect();
    entries.reverse();
    for chunk in entries.chunks(300) {
        remove(conn, chunk.iter().map(|entry| entry.record)).await?;
        let now = now.timestamp_millis();
        let numbered: Vec<(i64, &Entry)> = chunk.iter().map(|entry| (next_number(now), *entry)).collect();
        execute(conn, rows(conn.backend(), &numbered)).await?;
        if conn.backend() != DbBackend::Postgres {
            execute(conn, texts(&numbered)).await?;
        }
    }
    Ok(())
}

fn rows(backend: DbBackend, numbered: &[(i64, &Entry)]) -> Sql {
    let postgres = backend == DbBackend::Postgres;
    let mut rows = Sql::new(if postgres {
        "insert into search_entry (id, noun, record_id, body) values "
    } else {
        "insert into search_entry (id, noun, record_id) values "
    });
    for (at, (number, entry)) in numbered.iter().enumerate() {
        rows.push(if at == 0 { "(" } else { ", (" }).bind(*number).push(", ").bind(entry.noun);
        rows.push(", ").bind(entry.record);
        if postgres {
            rows.push(", to_tsvector('simple', ").bind(words(&entry.text)).push(")");
        }
        rows.push(")");
    }
    rows
}

fn texts(numbered: &[(i64, &Entry)]) -> Sql {
    let mut texts = Sql::new("insert into search_text (rowid, body) values ");
    for (at, (number, entry)) in numbered.iter().enumerate() {
        texts
            .push(if at == 0 { "(" } else { ", (" })
            .bind(*number)
            .push(", ")
            .bind(words(&entry.text))
            .push(")");
    }
    texts
}

async fn execute(conn: &Conn, sql: Sql) -> Result<()> {
    conn.executor().execute_raw(sql.statement(conn.backend())).await?;
    Ok(())
}

async fn remove(conn: &Conn, records: impl Iterator<Item = Uuid>) -> Result<()> {
    let mut find = Sql::new("select id from search_entry where record_id in ");
    find.bind_list(records);
    let old: Vec<i64> = conn
        .executor()
        .query_all_raw(find.statement(conn.backend()))
        .await?
        .iter()
        .map(|row| row.try_get_by_index(0))
        .collect::<std::result::Result<_, _>>()?;
    if old.is_empty() {
        return Ok(());
    }
    if conn.backend() != DbBackend::Postgres {
        let mut texts = Sql::new("delete from search_text where rowid in ");
        texts.bind_list(old.iter().copied());
        execute(conn, texts).await?;
    }
    let mut rows = Sql::new("delete from search_entry where id in ");
    rows.bind_list(old);
    execute(conn, rows).await
}

/// Takes records out of the index, when an import is undone.
pub async fn forget(cx: &mut WriteCx, records: &[Uuid]) -> Result<()> {
    cx.store_held().await?;
    for chunk in records.chunks(300) {
        remove(cx.conn(), chunk.iter().copied()).await?;
    }
    Ok(())
}

/// Brings the index into its best shape after much was written at once.
pub async fn tidy(cx: &mut WriteCx) -> Result<()> {
    if cx.conn().backend() != DbBackend::Postgres {
        cx.db()
            .await?
            .execute_unprepared("insert into search_text (search_text) values ('optimize')")
            .await?;
    }
    Ok(())
}

/// The words of one index row, as a backup carries them: the index keeps no text.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Words {
    /// Number of the row.
    pub id: i64,
    /// Noun of the record.
    pub noun: String,
    /// The record.
    pub record: Uuid,
    /// Its words in their order.
    pub words: String,
}

/// Makes the index readable word by word on a snapshot; to be called once before [`words_after`].
pub async fn prepare_words(on: &db::portable::Snapshot) -> Result<()> {
    if on.backend() == DbBackend::Postgres {
        return Ok(());
    }
    // SQLite's index keeps words by word, not by row, so they are sorted once, aside on disk.
    for statement in [
        "create virtual table temp.index_word using fts5vocab('main', 'search_text', 'instance')",
        "create temp table row_word (doc integer not null, offset integer not null, term text not null)",
        "insert into temp.row_word select doc, offset, term from temp.index_word",
        "create index temp.row_word_doc on row_word (doc, offset)",
    ] {
        on.executor().execute_unprepared(statement).await?;
    }
    Ok(())
}

/// Some rows of the index behind the row `after`, for a backup.
pub async fn words_after(on: &db::portable::Snapshot, after: i64) -> Result<Vec<Words>> {
    let postgres = on.backend() == DbBackend::Postgres;
    let mut sql = Sql::new(if postgres {
        "select e.id, e.noun, e.record_id, w.lexeme from search_entry e \
         left join lateral unnest(e.body) w on true left join lateral unnest(w.positions) p on true where e.id > "
    } else {
        "select e.id, e.noun, e.record_id, w.term from search_entry e left join temp.row_word w on w.doc = e.id \
         where e.id > "
    });
    sql.bind(after).push(" and e.id <= (select max(id) from (select id from search_entry where id > ");
    sql.bind(after).push(" order by id limit 300) portion) order by e.id, ");
    sql.push(if postgres { "p" } else { "w.offset" });
    let mut found: Vec<Words> = Vec::new();
    for row in on.executor().query_all_raw(sql.statement(on.backend())).await? {
        let (id, word): (i64, Option<String>) = (row.try_get_by_index(0)?, row.try_get_by_index(3)?);
        if found.last().is_none_or(|last| last.id != id) {
            let (noun, record) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            found.push(Words { id, noun, record, words: String::new() });
        }
        if let (Some(last), Some(word)) = (found.last_mut(), word) {
            separate(&mut last.words);
            last.words.push_str(&word);
        }
    }
    Ok(found)
}

/// Puts rows of an index back that a backup carried.
pub async fn restore_words(on: &db::portable::Loading, rows: &[Words]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let (executor, backend) = (on.executor(), on.backend());
    let postgres = backend == DbBackend::Postgres;
    let mut entries = Sql::new(if postgres {
        "insert into search_entry (id, noun, record_id, body) values "
    } else {
        "insert into search_entry (id, noun, record_id) values "
    });
    let mut texts = Sql::new("insert into search_text (rowid, body) values ");
    for (at, row) in rows.iter().enumerate() {
        let begin = if at == 0 { "(" } else { ", (" };
        entries.push(begin).bind(row.id).push(", ").bind(row.noun.as_str()).push(", ").bind(row.record);
        if postgres {
            entries.push(", to_tsvector('simple', ").bind(row.words.as_str()).push(")");
        }
        entries.push(")");
        texts.push(begin).bind(row.id).push(", ").bind(row.words.as_str()).push(")");
    }
    executor.execute_raw(entries.statement(backend)).await?;
    if !postgres {
        executor.execute_raw(texts.statement(backend)).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_run_of_characters_becomes_its_pairs_and_its_last_character() {
        assert_eq!(words("招标投标 A-7号"), "招标 标投 投标 标 a 7 号");
    }

    #[test]
    fn operators_of_the_query_language_do_not_survive() {
        assert_eq!(
            query(DbBackend::Sqlite, "\" OR 1 NEAR("),
            Some(r#"("or" *) AND ("1" *) AND ("near" *)"#.to_owned())
        );
        assert_eq!(query(DbBackend::Postgres, "!& '<->"), None);
    }

    #[test]
    fn one_character_searches_by_prefix() {
        assert_eq!(query(DbBackend::Sqlite, "标"), Some(r#"("标" *)"#.to_owned()));
        assert_eq!(query(DbBackend::Postgres, "小金库"), Some("(小金 <-> 金库)".to_owned()));
    }

    proptest! {
        #[test]
        fn any_term_gives_a_query_or_nothing(term in "\\PC{0,40}") {
            let _ = query(DbBackend::Sqlite, &term);
            prop_assert!(!words(&term).contains('"'));
        }
    }
}
