//! The query part of an address: read strictly, changed piece by piece, written back.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::{Refusal, Result};

const KEEP: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Names and values in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads the part after `?`.
    pub fn parse(text: Option<&str>) -> Result<Self> {
        let mut pairs = Vec::new();
        for pair in text.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            pairs.push((decode(name)?, decode(value)?));
            if pairs.len() > 200 {
                return Err(Refusal::bad_request("地址中的条件过多，没有处理。").into());
            }
        }
        Ok(Self(pairs))
    }

    /// The pairs in their order.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// The first value of `name`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(held, _)| held == name).map(|(_, value)| value.as_str())
    }

    /// Without every pair whose name fulfils `gone`.
    #[must_use]
    pub fn without(&self, gone: impl Fn(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|(name, _)| !gone(name)).cloned().collect())
    }

    /// Without the places of pages: what a changed list must forget.
    #[must_use]
    pub fn first_page(&self) -> Self {
        self.without(|name| matches!(name, "after" | "before" | "page"))
    }

    /// With `name` set to `value`, whatever it was.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut query = self.without(|held| held == name);
        query.0.push((name.to_owned(), value.to_owned()));
        query
    }

    /// With another pair at the end; the name may repeat.
    #[must_use]
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// As an address: `path?name=value`, or `path` alone.
    pub fn address(&self, path: &str) -> String {
        if self.0.is_empty() { path.to_owned() } else { format!("{path}?{self}") }
    }
}

impl std::fmt::Display for Query {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, (name, value)) in self.0.iter().enumerate() {
            if at > 0 {
                out.write_str("&")?;
            }
            write!(out, "{}={}", utf8_percent_encode(name, KEEP), utf8_percent_encode(value, KEEP))?;
        }
        Ok(())
    }
}

fn decode(text: &str) -> Result<String> {
    percent_decode_str(&text.replace('+', " "))
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| Refusal::bad_request("地址含有无法识别的文字编码。").into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_reads_back(pairs in proptest::collection::vec(("[a-z.]{1,8}", "\\PC{0,20}"), 0..6)) {
            let query = Query(pairs);
            prop_assert_eq!(Query::parse(Some(&query.to_string())).unwrap(), query);
        }
    }

    #[test]
    fn broken_utf8_is_refused() {
        assert!(Query::parse(Some("q=%ff")).is_err());
    }
}
