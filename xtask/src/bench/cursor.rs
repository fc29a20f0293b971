//! A place deep in a list, reached as any client reaches it: page by page.

use anyhow::{Context as _, Result, ensure};

use crate::{product, session::Session};

/// A cursor and the number of rows before it.
pub(crate) struct Deep {
    pub(crate) cursor: String,
    pub(crate) row: u64,
}

/// Follows the JSON pages until `depth` per cent of `rows` lie behind.
pub(crate) fn at_depth(session: &mut Session, rows: u64, depth: u64) -> Result<Deep> {
    let wanted = rows * depth / 100;
    let mut place: Option<Deep> = None;
    loop {
        let before = place.as_ref();
        let path = product::api_list(before.map(|place| place.cursor.as_str()));
        let page = session.json(&path)?;
        let read = product::rows(&page)?.len() as u64;
        ensure!(read > 0, "an empty page before the end of the list");
        let row = before.map_or(0, |place| place.row) + read;
        let cursor = product::next_cursor(&page).with_context(|| format!("the list ends at row {row}"))?;
        if row >= wanted {
            return Ok(Deep { cursor, row });
        }
        place = Some(Deep { cursor, row });
    }
}
