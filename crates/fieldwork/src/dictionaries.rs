//! Words of dictionaries on record pages.

use kit::{Cx, Result, Shown, dictionary};

/// The label of a dictionary's code; the code itself when the dictionary has it no longer.
pub(crate) async fn label(cx: &Cx, kind: &str, code: &str) -> Result<Shown> {
    let found = dictionary::find(cx, kind, code).await?;
    Ok(Shown::text(found.map_or_else(|| code.to_owned(), |item| item.label)))
}
