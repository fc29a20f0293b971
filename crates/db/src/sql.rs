//! SQL text put together from parts, with its values bound, never pasted.
//!
//! One text serves both databases: placeholders are `$1`, `$2`, … on either.

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
        Statement::from_sql_and_values(backend, self.text, self.values)
    }
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
    }

    #[test]
    fn an_empty_list_matches_nothing_instead_of_being_a_syntax_error() {
        let mut sql = Sql::new("a in ");
        sql.bind_list(Vec::<i64>::new());
        assert_eq!(sql.text(), "a in (null)");
    }
}
