//! The text itself: head, title, blocks, attachments, signature, colophon, and the sections they lie in.

use std::fmt::Write as _;

use super::{
    parts,
    xml::{blank, font, paragraph, run, text},
};
use crate::{
    Block, Colophon, Face, Form, Level, Paper, Table,
    page::{self, twips},
    text::date,
};

/// `word/document.xml`.
pub(super) fn document(paper: &Paper, marks: &[String]) -> String {
    let lying = paper.form == Form::Ledger;
    let marks = marks.iter().enumerate();
    let mut writer = Writer { out: String::new(), lying, letter: paper.form == Form::Letter, list: 1, marks };
    writer.head(paper);
    writer.main(paper);
    // Bookmarks are for the body alone.
    writer.marks = [].iter().enumerate();
    for (at, one) in paper.attachments.iter().enumerate() {
        writer.attachment(paper.attachments.len(), at, one);
    }
    if let Some(colophon) = &paper.colophon {
        writer.colophon(colophon);
    }
    let last = writer.section();
    writer.out.push_str(&last);
    parts::document(&writer.out)
}

struct Writer<'m> {
    out: String,
    lying: bool,
    letter: bool,
    list: u32,
    /// Names of the bookmarks of the headings and paragraphs that are still to come.
    marks: std::iter::Enumerate<std::slice::Iter<'m, String>>,
}

impl Writer<'_> {
    fn push(&mut self, piece: impl AsRef<str>) {
        self.out.push_str(piece.as_ref());
    }

    fn blanks(&mut self, count: usize) {
        for _ in 0..count {
            self.push(blank());
        }
    }

    fn head(&mut self, paper: &Paper) {
        let grades = [
            paper.copy.map(|copy| format!("{copy:06}")).unwrap_or_default(),
            paper.secrecy.clone(),
            paper.urgency.clone(),
        ];
        let grades: Vec<String> = grades.into_iter().filter(|grade| !grade.is_empty()).collect();
        match paper.form {
            Form::RedHead | Form::Minutes => self.red_head(paper, &grades),
            Form::Letter => self.letter_head(paper, &grades),
            Form::Plain | Form::Ledger => {
                for grade in &grades {
                    self.push(text("Grade", grade));
                }
            }
        }
    }

    fn red_head(&mut self, paper: &Paper, grades: &[String]) {
        for grade in grades {
            self.push(text("Grade", grade));
        }
        // The mark stands 35 mm below the edge of the type area; the lines of the grades are part of that.
        let free = twips(page::MARK_MM) - parts::pitch() * grades.len() as i64;
        let size = mark_size(&paper.issuer, 62, page::AREA_WIDTH_MM - 4.0);
        let before = format!(
            "<w:spacing w:before=\"{}\" w:after=\"{}\" w:line=\"240\" w:lineRule=\"auto\"/>",
            free.max(0),
            2 * parts::pitch()
        );
        let properties = format!("<w:sz w:val=\"{}\"/><w:szCs w:val=\"{}\"/>", size * 2, size * 2);
        self.push(paragraph("IssuerMark", &before, &run(&properties, &paper.issuer)));
        let line =
            "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"12\" w:space=\"11\" w:color=\"E3000F\"/></w:pBdr>";
        if paper.signers.is_empty() {
            self.push(paragraph("DocumentNumber", line, &run("", &paper.number)));
        } else {
            let tab = format!(
                "{line}<w:tabs><w:tab w:val=\"right\" w:pos=\"{}\"/></w:tabs><w:ind w:left=\"320\" w:firstLine=\"0\" w:firstLineChars=\"0\"/><w:jc w:val=\"left\"/>",
                twips(page::AREA_WIDTH_MM) - 320
            );
            let kai = font(Face::Kai.proper());
            let runs = format!(
                "{}<w:r><w:tab/></w:r>{}{}",
                run("", &paper.number),
                run("", "签发人："),
                run(&kai, &paper.signers.join("　"))
            );
            self.push(paragraph("DocumentNumber", &tab, &runs));
        }
        self.blanks(2);
    }

    fn letter_head(&mut self, paper: &Paper, grades: &[String]) {
        let size = mark_size(&paper.issuer, 42, 160.0);
        let rule = "<w:pBdr><w:bottom w:val=\"thickThinSmallGap\" w:sz=\"24\" w:space=\"11\" w:color=\"E3000F\"/></w:pBdr>";
        let properties = format!("<w:sz w:val=\"{}\"/><w:szCs w:val=\"{}\"/>", size * 2, size * 2);
        let wide = format!(
            "{rule}<w:ind w:left=\"-397\" w:right=\"-397\" w:firstLine=\"0\" w:firstLineChars=\"0\"/>"
        );
        self.push(paragraph("IssuerMark", &wide, &run(&properties, &paper.issuer)));
        let tab = format!(
            "<w:spacing w:before=\"280\" w:line=\"{}\" w:lineRule=\"exact\"/><w:tabs><w:tab w:val=\"right\" w:pos=\"{}\"/></w:tabs><w:ind w:firstLine=\"0\" w:firstLineChars=\"0\"/><w:jc w:val=\"left\"/>",
            parts::pitch(),
            twips(page::AREA_WIDTH_MM)
        );
        let left = run(&font(Face::Hei.proper()), &grades.join("　"));
        self.push(paragraph(
            "DocumentNumber",
            &ordered(&tab),
            &format!("{left}<w:r><w:tab/></w:r>{}", run("", &paper.number)),
        ));
        self.blanks(2);
    }

    fn main(&mut self, paper: &Paper) {
        self.push(text("Title", &paper.title));
        if !paper.subtitle.is_empty() {
            self.push(text("Subtitle", &paper.subtitle));
        }
        if !self.lying {
            self.blanks(1);
        }
        if !paper.addressees.is_empty() {
            self.push(text("Addressee", &format!("{}：", paper.addressees.join("，"))));
        }
        self.blocks(&paper.body);
        self.attachment_list(paper);
        if !paper.attendance.is_empty() {
            self.blanks(1);
            for one in &paper.attendance {
                let runs = format!(
                    "{}{}",
                    run(&font(Face::Hei.proper()), &format!("{}：", one.label)),
                    run("", &one.names)
                );
                let hang =
                    "<w:ind w:left=\"1580\" w:leftChars=\"500\" w:hanging=\"948\" w:hangingChars=\"300\"/>";
                self.push(paragraph("", hang, &runs));
            }
        }
        self.signature(paper);
        if !paper.note.is_empty() {
            self.push(text("", &format!("（{}）", paper.note)));
        }
    }

    fn attachment_list(&mut self, paper: &Paper) {
        if paper.attachments.is_empty() {
            return;
        }
        self.blanks(1);
        let several = paper.attachments.len() > 1;
        for (at, one) in paper.attachments.iter().enumerate() {
            let number = if several { format!("{}.", at + 1) } else { String::new() };
            let lead = if at == 0 { "附件：" } else { "" };
            let left = if at == 0 {
                "<w:ind w:left=\"1580\" w:leftChars=\"500\" w:hanging=\"948\" w:hangingChars=\"300\"/>"
            } else {
                "<w:ind w:left=\"1580\" w:leftChars=\"500\" w:firstLine=\"0\" w:firstLineChars=\"0\"/>"
            };
            self.push(paragraph("", left, &run("", &format!("{lead}{number}{}", one.title))));
        }
    }

    /// The body's name stands centred above the date, the date four characters from the right.
    fn signature(&mut self, paper: &Paper) {
        let day = paper.date.map(date).unwrap_or_default();
        if paper.signatories.is_empty() && day.is_empty() {
            return;
        }
        self.blanks(2);
        for name in &paper.signatories {
            let over = (width(name) - width(&day)) / 2.0;
            let free = ((4.0 - over).max(0.0) * 100.0).round() as i64;
            self.push(right_aligned(free, name));
        }
        if !day.is_empty() {
            self.push(right_aligned(400, &day));
        }
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Heading { level, text: words } => {
                    let depth = Level::ALL.iter().position(|one| one == level).unwrap_or(0);
                    let properties = if self.list == 1 {
                        String::new()
                    } else {
                        format!(
                            "<w:numPr><w:ilvl w:val=\"{depth}\"/><w:numId w:val=\"{}\"/></w:numPr>",
                            self.list
                        )
                    };
                    let runs = self.marked(&run("", words));
                    self.push(paragraph(&format!("Heading{}", depth + 1), &properties, &runs));
                }
                Block::Paragraph { text: words } => {
                    let runs = self.marked(&run("", words));
                    self.push(paragraph("", "", &runs));
                }
                Block::Table(table) => self.table(table),
                Block::Fields { rows } => self.fields(rows),
                Block::Signatures { labels } => {
                    for label in labels {
                        self.push(text("", &format!("{label}：______________　　____年__月__日")));
                    }
                }
            }
        }
    }

    /// The runs of a paragraph within the next bookmark, when there is one.
    fn marked(&mut self, runs: &str) -> String {
        match self.marks.next() {
            Some((at, name)) if !name.is_empty() => {
                let name = super::xml::escaped(name);
                format!(
                    "<w:bookmarkStart w:id=\"{at}\" w:name=\"{name}\"/>{runs}<w:bookmarkEnd w:id=\"{at}\"/>"
                )
            }
            _ => runs.to_owned(),
        }
    }

    fn area(&self) -> i64 {
        if self.lying { twips(page::AREA_HEIGHT_MM) } else { parts::AREA }
    }

    fn table(&mut self, table: &Table) {
        let total: u32 = table.columns.iter().map(|column| column.weight.max(1)).sum();
        let widths: Vec<i64> = table
            .columns
            .iter()
            .map(|column| self.area() * i64::from(column.weight.max(1)) / i64::from(total.max(1)))
            .collect();
        let small = if self.lying { "<w:sz w:val=\"21\"/><w:szCs w:val=\"21\"/>" } else { "" };
        self.push(table_start(&widths));
        self.push("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
        for (column, width) in table.columns.iter().zip(&widths) {
            self.push(cell(*width, &paragraph("TableHead", "", &run(small, &column.title))));
        }
        self.push("</w:tr>");
        for row in &table.rows {
            self.push("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
            for ((column, width), words) in table.columns.iter().zip(&widths).zip(row) {
                let place = if column.centred { "<w:jc w:val=\"center\"/>" } else { "" };
                self.push(cell(*width, &paragraph("TableText", place, &run(small, words))));
            }
            self.push("</w:tr>");
        }
        self.push("</w:tbl>");
    }

    fn fields(&mut self, rows: &[(String, String)]) {
        let first = self.area() / 4;
        let widths = [first, self.area() - first];
        self.push(table_start(&widths));
        for (label, value) in rows {
            self.push("<w:tr>");
            self.push(cell(widths[0], &text("TableHead", label)));
            self.push(cell(widths[1], &text("TableText", value)));
            self.push("</w:tr>");
        }
        self.push("</w:tbl>");
    }

    fn attachment(&mut self, count: usize, at: usize, one: &crate::Attachment) {
        if one.landscape == self.lying {
            self.push("<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>");
        } else {
            let ended = self.section();
            self.push(format!("<w:p><w:pPr>{ended}</w:pPr></w:p>"));
            self.lying = one.landscape;
        }
        self.list += 1;
        let number = if count > 1 { (at + 1).to_string() } else { String::new() };
        self.push(text("AttachmentMark", &format!("附件{number}")));
        self.blanks(1);
        self.push(text("AttachmentTitle", &one.title));
        self.blanks(1);
        self.blocks(&one.body);
    }

    /// A table that floats at the foot of the last page.
    fn colophon(&mut self, colophon: &Colophon) {
        if self.lying {
            let ended = self.section();
            self.push(format!("<w:p><w:pPr>{ended}</w:pPr></w:p>"));
            self.lying = false;
        }
        let width = self.area();
        let rows = if self.letter { 1 } else { 1 + i64::from(!colophon.copies.is_empty()) };
        let top = twips(page::TOP_MM + page::AREA_HEIGHT_MM) - rows * COLOPHON_ROW;
        let (thick, thin) = if self.letter { ("nil", "nil") } else { ("single", "single") };
        let _ = write!(
            self.out,
            "<w:tbl><w:tblPr><w:tblpPr w:vertAnchor=\"page\" w:horzAnchor=\"margin\" w:tblpX=\"0\" w:tblpY=\"{top}\"/>\
             <w:tblW w:w=\"{width}\" w:type=\"dxa\"/><w:tblBorders><w:top w:val=\"{thick}\" w:sz=\"8\"/><w:bottom w:val=\"{thick}\" w:sz=\"8\"/>\
             <w:insideH w:val=\"{thin}\" w:sz=\"6\"/></w:tblBorders><w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid><w:gridCol w:w=\"{width}\"/></w:tblGrid>"
        );
        if !colophon.copies.is_empty() {
            self.push("<w:tr>");
            self.push(cell(width, &text("Colophon", &format!("抄送：{}。", colophon.copies.join("，")))));
            self.push("</w:tr>");
        }
        if !self.letter || colophon.copies.is_empty() {
            let tab = format!("<w:tabs><w:tab w:val=\"right\" w:pos=\"{}\"/></w:tabs>", width - 480);
            let day = colophon.printed.map(|day| format!("{}印发", date(day))).unwrap_or_default();
            let runs = format!("{}<w:r><w:tab/></w:r>{}", run("", &colophon.printer), run("", &day));
            self.push("<w:tr>");
            self.push(cell(width, &paragraph("Colophon", &tab, &runs)));
            self.push("</w:tr>");
        }
        self.push("</w:tbl>");
        self.push(blank());
    }

    /// The properties of the section that ends here.
    fn section(&self) -> String {
        let references = parts::references(self.letter);
        let (width, height) = (twips(page::WIDTH_MM), twips(page::HEIGHT_MM));
        let (top, binding) = (twips(page::TOP_MM), twips(page::BINDING_MM));
        let foot = twips(page::HEIGHT_MM - page::TOP_MM - page::AREA_HEIGHT_MM);
        let edge = width - binding - parts::AREA;
        let size = if self.lying {
            format!(
                "<w:pgSz w:w=\"{height}\" w:h=\"{width}\" w:orient=\"landscape\"/><w:pgMar w:top=\"{binding}\" w:bottom=\"{edge}\" \
                 w:left=\"{top}\" w:right=\"{foot}\" w:header=\"600\" w:footer=\"700\" w:gutter=\"0\"/>"
            )
        } else {
            format!(
                "<w:pgSz w:w=\"{width}\" w:h=\"{height}\"/><w:pgMar w:top=\"{top}\" w:bottom=\"{foot}\" w:left=\"{binding}\" \
                 w:right=\"{edge}\" w:header=\"850\" w:footer=\"1250\" w:gutter=\"0\"/>"
            )
        };
        let title = if self.letter { "<w:titlePg/>" } else { "" };
        let pitch = parts::pitch();
        format!(
            "<w:sectPr>{references}{size}{title}<w:docGrid w:type=\"lines\" w:linePitch=\"{pitch}\"/></w:sectPr>"
        )
    }
}

/// Height of a row of the colophon in twentieths of a point.
const COLOPHON_ROW: i64 = 540;

/// Paragraph properties must stand in the order of the schema: tabs before spacing before indent.
fn ordered(properties: &str) -> String {
    match (properties.find("<w:tabs>"), properties.find("</w:tabs>")) {
        (Some(from), Some(to)) => {
            let to = to + "</w:tabs>".len();
            let (before, rest) = properties.split_at(from);
            let (tabs, after) = rest.split_at(to - from);
            format!("{tabs}{before}{after}")
        }
        _ => properties.to_owned(),
    }
}

fn right_aligned(hundredths: i64, words: &str) -> String {
    let indent = format!(
        "<w:ind w:right=\"{}\" w:rightChars=\"{hundredths}\" w:firstLine=\"0\" w:firstLineChars=\"0\"/>",
        (hundredths as f64 / 100.0 * page::cell_pt() * 20.0).round()
    );
    paragraph("Signature", &indent, &run("", words))
}

fn table_start(widths: &[i64]) -> String {
    let grid =
        widths.iter().map(|width| format!("<w:gridCol w:w=\"{width}\"/>")).collect::<Vec<_>>().concat();
    let border =
        |side: &str| format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"auto\"/>");
    let borders: String = ["top", "left", "bottom", "right", "insideH", "insideV"].map(border).concat();
    let total: i64 = widths.iter().sum();
    format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{total}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblBorders>{borders}</w:tblBorders>\
         <w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    )
}

fn cell(width: i64, content: &str) -> String {
    format!(
        "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr>{content}</w:tc>"
    )
}

/// How many characters wide a text is; Latin letters and digits count half.
fn width(words: &str) -> f64 {
    words.chars().map(|c| if c.is_ascii() { 0.5 } else { 1.0 }).sum()
}

/// The size in points at which a mark fits into a line, at most `most`.
fn mark_size(words: &str, most: u32, width_mm: f64) -> u32 {
    let fits = width_mm * page::PT_PER_MM / width(words).max(1.0);
    most.min(fits.floor() as u32).max(16)
}
