//! Tables inside record pages, written with every value escaped.

use crate::{Shown, shown::escape};

/// A table under construction.
pub struct Grid {
    headings: Vec<String>,
    rows: Vec<Vec<Shown>>,
}

impl Grid {
    /// A table with these headings.
    pub fn new(headings: &[&str]) -> Self {
        Self { headings: headings.iter().map(|heading| (*heading).to_owned()).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[Shown]) {
        self.rows.push(cells.to_vec());
    }

    /// A table with these headings and rows.
    pub fn of(headings: &[&str], rows: &[Vec<Shown>]) -> String {
        Self { rows: rows.to_vec(), ..Self::new(headings) }.finish()
    }

    /// The finished markup.
    pub fn finish(self) -> String {
        // A column of numbers stands to the right as a whole: its heading, and where there is none.
        let numeric = |at: usize| self.rows.iter().any(|row| row.get(at).is_some_and(Shown::is_number));
        let columns: Vec<bool> = (0..self.headings.len()).map(numeric).collect();
        let mut html = String::from("<div class=\"table-wrap\"><table class=\"data\"><thead><tr>");
        for (heading, numeric) in self.headings.iter().zip(&columns) {
            html.push_str(if *numeric { "<th scope=\"col\" class=\"num\">" } else { "<th scope=\"col\">" });
            escape(heading, &mut html);
            html.push_str("</th>");
        }
        html.push_str("</tr></thead><tbody>");
        for row in &self.rows {
            html.push_str("<tr>");
            for (at, cell) in row.iter().enumerate() {
                html.push_str("<td class=\"");
                html.push_str(class(cell, columns.get(at).copied().unwrap_or_default()));
                html.push_str("\">");
                cell.html(&mut html);
                html.push_str("</td>");
            }
            html.push_str("</tr>");
        }
        html.push_str("</tbody></table></div>");
        html
    }
}

fn class(cell: &Shown, numeric: bool) -> &'static str {
    match cell {
        // A number that breaks over lines is not found again.
        Shown::Link { label, .. } if label.is_ascii() => "nowrap",
        Shown::Text(text) | Shown::Long(text) | Shown::Link { label: text, .. }
            if text.chars().count() > 12 =>
        {
            "cell-text"
        }
        Shown::Text(_) | Shown::Long(_) | Shown::Link { .. } => "",
        Shown::Empty if numeric => "num",
        cell if cell.is_number() => "num",
        _ => "nowrap",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_numbers_stands_to_the_right_with_its_heading_and_where_there_is_none() {
        let html = Grid::of(
            &["日期", "完成比例（%）"],
            &[vec![Shown::text("甲"), Shown::Empty], vec![Shown::text("乙"), Shown::Integer(40)]],
        );
        assert!(
            html.contains("<th scope=\"col\">日期</th><th scope=\"col\" class=\"num\">完成比例（%）</th>"),
            "{html}"
        );
        assert!(html.contains("<td class=\"num\"><span class=\"muted\">—</span></td>"), "{html}");
        assert!(html.contains("<td class=\"num\">40</td>"), "{html}");
    }
}
