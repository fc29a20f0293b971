//! Parameters put into a query: `$name` becomes a literal of a typed value, never text of a person.

use crate::{Error, Result};

/// A parameter's value.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(untagged)]
pub enum Bound {
    /// A whole number, or fen.
    Integer(i64),
    /// A number.
    Number(f64),
    /// Words.
    Text(String),
}

impl Bound {
    fn literal(&self) -> Result<String> {
        match self {
            Self::Integer(number) => Ok(format!("cast({number} as bigint)")),
            Self::Number(number) if number.is_finite() => Ok(format!("cast({number:?} as double)")),
            Self::Number(_) => Err(Error::refused("参数不是有限的数，请改正。")),
            Self::Text(text) => Ok(format!("'{}'", text.replace('\'', "''"))),
        }
    }
}

/// `sql` with every `$name` outside of texts and comments replaced by what `value` gives.
///
/// # Errors
/// A sentence that names a parameter nobody declared.
pub fn bind(sql: &str, value: &dyn Fn(&str) -> Option<Bound>) -> Result<String> {
    let mut out = String::with_capacity(sql.len() + 64);
    for piece in pieces(sql) {
        match piece {
            Piece::Plain(text) => out.push_str(text),
            Piece::Parameter(name) => {
                let bound = value(name).ok_or_else(|| {
                    Error::refused(format!("语句用到的参数 ${name} 没有声明，请在参数表中补上。"))
                })?;
                out.push_str(&bound.literal()?);
            }
        }
    }
    Ok(out)
}

/// The parameters that `sql` uses.
pub fn names(sql: &str) -> Vec<&str> {
    let mut found: Vec<&str> = pieces(sql)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Parameter(name) => Some(name),
            Piece::Plain(_) => None,
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

enum Piece<'a> {
    Plain(&'a str),
    Parameter(&'a str),
}

fn pieces(sql: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = sql;
    while let Some(at) = rest.find(['\'', '"', '-', '/', '$']) {
        let (before, from) = rest.split_at(at);
        found.push(Piece::Plain(before));
        let (piece, length) = piece_at(from);
        found.push(piece);
        rest = from.get(length..).unwrap_or_default();
    }
    found.push(Piece::Plain(rest));
    found
}

fn piece_at(from: &str) -> (Piece<'_>, usize) {
    let until = |end: &str, skip: usize| {
        from.get(skip..).and_then(|rest| rest.find(end)).map_or(from.len(), |at| skip + at + end.len())
    };
    let length = if from.starts_with('\'') {
        until("'", 1)
    } else if from.starts_with('"') {
        until("\"", 1)
    } else if from.starts_with("--") {
        until("\n", 2)
    } else if from.starts_with("/*") {
        until("*/", 2)
    } else if let Some(name) = from.strip_prefix('$') {
        let length = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(name.len());
        if length > 0 {
            return (Piece::Parameter(name.get(..length).unwrap_or_default()), length + 1);
        }
        1
    } else {
        1
    };
    (Piece::Plain(from.get(..length).unwrap_or_default()), length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(name: &str) -> Option<Bound> {
        match name {
            "limit" => Some(Bound::Number(0.5)),
            "word" => Some(Bound::Text(String::from("a'b"))),
            _ => None,
        }
    }

    #[test]
    fn only_names_outside_texts_and_comments_are_replaced() {
        let sql =
            "select '$limit', \"$limit\" -- $limit\n from t /* $limit */ where x > $limit and y = $word";
        let bound = bind(sql, &value).unwrap();
        assert_eq!(
            bound,
            "select '$limit', \"$limit\" -- $limit\n from t /* $limit */ where x > cast(0.5 as double) and y = 'a''b'"
        );
    }

    #[test]
    fn an_undeclared_parameter_is_named() {
        assert!(bind("select $nobody", &value).unwrap_err().to_string().contains("$nobody"));
    }

    proptest! {
        #[test]
        fn text_without_parameters_is_left_alone(sql in "[a-z0-9 '\"/*\n项-]{0,60}") {
            prop_assert_eq!(bind(&sql, &value).unwrap(), sql);
        }
    }
}
