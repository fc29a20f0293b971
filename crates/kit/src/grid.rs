//! Tables inside record pages, written with every value escaped.

use crate::{Shown, shown::escape};

/// A table under construction.
pub struct Grid {
    html: String,
}

impl Grid {
    /// A table with these headings.
    pub fn new(headings: &[&str]) -> Self {
        let mut html = String::from("<div class=\"table-wrap\"><table class=\"data\"><thead><tr>");
        for heading in headings {
            html.push_str("<th scope=\"col\">");
            escape(heading, &mut html);
            html.push_str("</th>");
        }
        html.push_str("</tr></thead><tbody>");
        Self { html }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[Shown]) {
        self.html.push_str("<tr>");
        for cell in cells {
            let class = match cell {
                // A number that breaks over lines is not found again.
                Shown::Link { label, .. } if label.is_ascii() => "nowrap",
                Shown::Text(text) | Shown::Long(text) | Shown::Link { label: text, .. }
                    if text.chars().count() > 12 =>
                {
                    "cell-text"
                }
                Shown::Text(_) | Shown::Long(_) | Shown::Link { .. } => "",
                cell if cell.is_number() => "num",
                _ => "nowrap",
            };
            self.html.push_str("<td class=\"");
            self.html.push_str(class);
            self.html.push_str("\">");
            cell.html(&mut self.html);
            self.html.push_str("</td>");
        }
        self.html.push_str("</tr>");
    }

    /// A table with these headings and rows.
    pub fn of(headings: &[&str], rows: &[Vec<Shown>]) -> String {
        let mut grid = Self::new(headings);
        for row in rows {
            grid.row(row);
        }
        grid.finish()
    }

    /// The finished markup.
    pub fn finish(mut self) -> String {
        self.html.push_str("</tbody></table></div>");
        self.html
    }
}

/// A paragraph above a table.
pub fn paragraph(text: &str) -> String {
    let mut html = String::from("<p class=\"panel-body\">");
    escape(text, &mut html);
    html.push_str("</p>");
    html
}

/// The first words of a long text, as a title.
pub fn short(text: &str) -> String {
    const LENGTH: usize = 40;
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= LENGTH {
        return line.to_owned();
    }
    line.chars().take(LENGTH).chain(['…']).collect()
}
