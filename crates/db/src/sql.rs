//! SQL text put together from parts, with its values bound, never pasted.
//!
//! One text serves both databases: placeholders are `$1`, `$2`, … until the statement is finished.

use std::fmt::Write as _;

use sea_orm::{DbBackend, Statement, Value};

/// A statement under construction.
#[derive(Clone, Debug, Default)]
pub struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// Starts with `text`, which must be a constant of the program.
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    /// Appends `text`, which must be a constant of the program.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Appends a placeholder and keeps `value` for it.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.text.push('$');
        self.text.push_str(&self.values.len().to_string());
        self
    }

    /// Appends a bracketed list of placeholders; an empty list becomes one that holds nothing.
    pub fn bind_list<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        self.push("(");
        let mut first = true;
        for value in values {
            if !first {
                self.push(", ");
            }
            first = false;
            self.bind(value);
        }
        if first {
            self.push("null");
        }
        self.push(")")
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The values bound so far.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// Text and values as one text, under which what the statement answers can be remembered.
    pub fn key(&self) -> String {
        let mut key = String::with_capacity(self.text.len() + 32 * self.values.len());
        key.push_str(&self.text);
        for value in &self.values {
            // Writing to a string cannot fail.
            let _ = write!(key, "|{value:?}");
        }
        key
    }

    /// The finished statement.
    pub fn statement(self, backend: DbBackend) -> Statement {
        let text = if backend == DbBackend::Sqlite { nameless(&self.text) } else { self.text };
        Statement::from_sql_and_values(backend, text, self.values)
    }
}

/// `text` with placeholders that have no names. To SQLite `$1` is a name, which the driver looks up among all others of
/// the statement for each value: an insert of some hundred rows spent more time on that than on the rows. Values are
/// bound once each and in order, so nothing is lost.
fn nameless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('$') {
        let number = behind.trim_start_matches(|c: char| c.is_ascii_digit());
        out.push_str(before);
        out.push(if number.len() < behind.len() { '?' } else { '$' });
        rest = number;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered_in_the_order_they_are_bound() {
        let mut sql = Sql::new("select 1 where a = ");
        sql.bind(1i64).push(" and b in ").bind_list(["x", "y"]);
        assert_eq!(sql.text(), "select 1 where a = $1 and b in ($2, $3)");
        assert_eq!(sql.values().len(), 3);
        assert_eq!(sql.clone().statement(DbBackend::Postgres).sql, "select 1 where a = $1 and b in ($2, $3)");
        assert_eq!(sql.statement(DbBackend::Sqlite).sql, "select 1 where a = ? and b in (?, ?)");
    }

    #[test]
    fn a_dollar_that_is_no_placeholder_stays() {
        assert_eq!(nameless("select '$', $10, '$x'"), "select '$', ?, '$x'");
    }

    #[test]
    fn an_empty_list_matches_nothing_instead_of_being_a_syntax_error() {
        let mut sql = Sql::new("a in ");
        sql.bind_list(Vec::<i64>::new());
        assert_eq!(sql.text(), "a in (null)");
    }
}
