//! The parts beside the text: styles, numbering, page feet, watermark, properties.

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};

use super::xml::{escaped, font, paragraph, run};
use crate::{Face, Paper, page};

const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\"";

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";

pub(super) const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/><Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/><Override PartName="/word/fontTable.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"/><Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/><Override PartName="/word/footer2.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/><Override PartName="/word/footer3.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/><Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/><Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/><Override PartName="/docProps/custom.xml" ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/></Types>"#;

pub(super) const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties" Target="docProps/app.xml"/><Relationship Id="rId4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties" Target="docProps/custom.xml"/></Relationships>"#;

pub(super) const DOCUMENT_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="numbering.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings" Target="settings.xml"/><Relationship Id="rId4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/fontTable" Target="fontTable.xml"/><Relationship Id="rId5" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/><Relationship Id="rId6" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer2.xml"/><Relationship Id="rId7" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer3.xml"/><Relationship Id="rId8" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/header" Target="header1.xml"/></Relationships>"#;

/// References of a section to feet and watermark; `unnumbered_first` for letters.
pub(super) fn references(unnumbered_first: bool) -> String {
    let mut out = String::new();
    for kind in ["default", "even", "first"] {
        let _ = write!(out, "<w:headerReference w:type=\"{kind}\" r:id=\"rId8\"/>");
    }
    out.push_str("<w:footerReference w:type=\"default\" r:id=\"rId5\"/><w:footerReference w:type=\"even\" r:id=\"rId6\"/>");
    let first = if unnumbered_first { "rId7" } else { "rId5" };
    let _ = write!(out, "<w:footerReference w:type=\"first\" r:id=\"{first}\"/>");
    out
}

pub(super) const APP: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>xuncha</Application></Properties>"#;

/// Odd and even feet differ, binding margins change sides, characters stand on the grid.
pub(super) const SETTINGS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:mirrorMargins/><w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/><w:adjustLineHeightInTable/><w:useFELayout/><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>"#;

pub(super) fn core(paper: &Paper, at: DateTime<Utc>) -> String {
    let at = at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let author = paper.trace.as_ref().map_or("", |trace| trace.person.as_str());
    format!(
        "{DECLARATION}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title><dc:creator>{}</dc:creator>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">{at}</dcterms:created></cp:coreProperties>",
        escaped(&paper.title.replace('\n', "")),
        escaped(author),
    )
}

pub(super) fn custom(paper: &Paper) -> String {
    let mut properties = String::new();
    if let Some(trace) = &paper.trace {
        let values = [
            ("导出编号", &trace.number),
            ("导出人", &trace.person),
            ("单位", &trace.organisation),
            ("时间", &trace.at),
        ];
        for (at, (name, value)) in values.into_iter().enumerate() {
            let _ = write!(
                properties,
                "<property fmtid=\"{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}\" pid=\"{}\" name=\"{name}\">\
                 <vt:lpwstr>{}</vt:lpwstr></property>",
                at + 2,
                escaped(value)
            );
        }
    }
    format!(
        "{DECLARATION}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties\" \
         xmlns:vt=\"http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes\">{properties}</Properties>"
    )
}

/// Which foot it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Number on the right.
    Odd,
    /// Number on the left.
    Even,
    /// First page of a letter.
    Unnumbered,
}

/// The foot of a page: number between dashes, one character from the margin, and who took the file.
pub(super) fn footer(paper: &Paper, side: Side) -> String {
    let face = font(Face::Song.proper());
    let size = format!("{face}<w:sz w:val=\"28\"/><w:szCs w:val=\"28\"/>");
    let field = |kind: &str| format!("<w:r><w:rPr>{size}</w:rPr><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    let mut content = String::new();
    if side != Side::Unnumbered {
        let runs = format!(
            "{}{}<w:r><w:rPr>{size}</w:rPr><w:instrText xml:space=\"preserve\"> PAGE </w:instrText></w:r>{}{}{}{}",
            run(&size, "— "),
            field("begin"),
            field("separate"),
            run(&size, "1"),
            field("end"),
            run(&size, " —"),
        );
        let place = if side == Side::Odd {
            "<w:ind w:right=\"280\" w:rightChars=\"100\" w:firstLine=\"0\" w:firstLineChars=\"0\"/><w:jc w:val=\"right\"/>"
        } else {
            "<w:ind w:left=\"280\" w:leftChars=\"100\" w:firstLine=\"0\" w:firstLineChars=\"0\"/><w:jc w:val=\"left\"/>"
        };
        content.push_str(&paragraph("Footer", place, &runs));
    }
    if let Some(trace) = &paper.trace {
        let small = "<w:color w:val=\"6E6E6E\"/><w:sz w:val=\"15\"/>";
        content.push_str(&paragraph("Footer", "<w:jc w:val=\"center\"/>", &run(small, &trace.line())));
    }
    if content.is_empty() {
        content = paragraph("Footer", "", "");
    }
    format!("{DECLARATION}<w:ftr {NAMESPACES}>{content}</w:ftr>")
}

/// The head of every page, which only carries the watermark.
pub(super) fn header(paper: &Paper) -> String {
    let mark = paper.trace.as_ref().map(|trace| {
        let words = escaped(&format!("{} {} {}", trace.organisation, trace.person, trace.number));
        format!(
            "<w:r><w:pict><v:shapetype id=\"_x0000_t136\" coordsize=\"21600,21600\" o:spt=\"136\" adj=\"10800\" \
             path=\"m@7,l@8,m@5,21600l@6,21600e\"><v:formulas><v:f eqn=\"sum #0 0 10800\"/><v:f eqn=\"prod #0 2 1\"/>\
             <v:f eqn=\"sum 21600 0 @1\"/><v:f eqn=\"sum 0 0 @2\"/><v:f eqn=\"sum 21600 0 @3\"/><v:f eqn=\"if @0 @3 0\"/>\
             <v:f eqn=\"if @0 21600 @1\"/><v:f eqn=\"if @0 0 @2\"/><v:f eqn=\"if @0 @4 21600\"/></v:formulas>\
             <v:path textpathok=\"t\" o:connecttype=\"rect\"/><v:textpath on=\"t\" fitshape=\"t\"/></v:shapetype>\
             <v:shape id=\"watermark\" o:spid=\"_x0000_s2049\" type=\"#_x0000_t136\" style=\"position:absolute;margin-left:0;\
             margin-top:0;width:440pt;height:26pt;rotation:-28;z-index:-251658752;mso-position-horizontal:center;\
             mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin\" \
             fillcolor=\"#dcdcdc\" stroked=\"f\"><v:textpath style=\"font-family:&quot;宋体&quot;;font-size:1pt\" string=\"{words}\"/>\
             </v:shape></w:pict></w:r>"
        )
    });
    let runs = mark.unwrap_or_default();
    format!("{DECLARATION}<w:hdr {NAMESPACES}>{}</w:hdr>", paragraph("Header", "", &runs))
}

pub(super) fn font_table() -> String {
    let mut fonts = String::new();
    for face in Face::ALL {
        let alternative = match face {
            Face::Body => "仿宋",
            Face::Title => "方正小标宋_GBK",
            Face::Hei => "SimHei",
            Face::Kai => "楷体",
            Face::Song => "SimSun",
        };
        let _ = write!(
            fonts,
            "<w:font w:name=\"{}\"><w:altName w:val=\"{alternative}\"/><w:charset w:val=\"86\"/><w:family w:val=\"auto\"/></w:font>",
            face.proper()
        );
    }
    format!("{DECLARATION}<w:fonts {NAMESPACES}>{fonts}</w:fonts>")
}

/// Headings number themselves: 一、（一）1.（1）.
pub(super) fn numbering() -> String {
    let levels = [
        ("chineseCountingThousand", "%1、", "Heading1"),
        ("chineseCountingThousand", "（%2）", "Heading2"),
        ("decimal", "%3.", "Heading3"),
        ("decimal", "（%4）", "Heading4"),
    ];
    let mut out = String::new();
    for (at, (format, words, style)) in levels.into_iter().enumerate() {
        let _ = write!(
            out,
            "<w:lvl w:ilvl=\"{at}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:pStyle w:val=\"{style}\"/>\
             <w:suff w:val=\"nothing\"/><w:lvlText w:val=\"{words}\"/><w:lvlJc w:val=\"left\"/>\
             <w:pPr><w:ind w:left=\"0\" w:firstLineChars=\"200\" w:firstLine=\"632\"/></w:pPr></w:lvl>"
        );
    }
    // Every attachment starts counting anew, so each has a list of its own.
    let mut lists = String::from("<w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>");
    for number in 2..=64 {
        let _ = write!(lists, "<w:num w:numId=\"{number}\"><w:abstractNumId w:val=\"0\"/>");
        for level in 0..4 {
            let _ = write!(
                lists,
                "<w:lvlOverride w:ilvl=\"{level}\"><w:startOverride w:val=\"1\"/></w:lvlOverride>"
            );
        }
        lists.push_str("</w:num>");
    }
    format!(
        "{DECLARATION}<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId=\"0\"><w:multiLevelType w:val=\"multilevel\"/>\
         {out}</w:abstractNum>{lists}</w:numbering>"
    )
}

/// A paragraph style.
struct Style {
    id: &'static str,
    name: &'static str,
    based: &'static str,
    paragraph: String,
    run: String,
}

impl Style {
    fn new(
        id: &'static str,
        name: &'static str,
        paragraph: impl Into<String>,
        run: impl Into<String>,
    ) -> Self {
        Self { id, name, based: "Normal", paragraph: paragraph.into(), run: run.into() }
    }

    fn write(&self, out: &mut String) {
        let Self { id, name, based, paragraph, run } = self;
        let _ = write!(
            out,
            "<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/><w:basedOn w:val=\"{based}\"/>\
             <w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
        );
    }
}

/// Line pitch in twentieths of a point.
pub(super) fn pitch() -> i64 {
    (page::pitch_pt() * 20.0).floor() as i64
}

/// What every character of the text is narrower than its size, in twentieths of a point. Set as spacing and not by a
/// grid of characters, because not every program knows a grid that is narrower than the characters on it.
const NARROWER: i64 = 4;

/// Width of the type area in which 28 such characters stand: 156 mm, and three twentieths of a point from rounding.
pub(super) const AREA: i64 = page::CHARACTERS as i64 * (page::BODY_PT as i64 * 20 - NARROWER);

const NO_INDENT: &str = "<w:ind w:left=\"0\" w:right=\"0\" w:firstLine=\"0\" w:firstLineChars=\"0\"/>";

pub(super) fn styles() -> String {
    let two = "<w:ind w:firstLine=\"632\" w:firstLineChars=\"200\"/>";
    let exact = |line: i64| {
        format!("<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"{line}\" w:lineRule=\"exact\"/>")
    };
    let size = |half: u32| format!("<w:sz w:val=\"{half}\"/><w:szCs w:val=\"{half}\"/>");
    let face = |face: Face| font(face.proper());
    let body_size = (page::BODY_PT * 2.0) as u32;
    let mut out = format!(
        "{DECLARATION}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"{body}\" w:hAnsi=\"{body}\" \
         w:eastAsia=\"{body}\" w:cs=\"Times New Roman\"/><w:sz w:val=\"{body_size}\"/><w:szCs w:val=\"{body_size}\"/>\
         <w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/><w:pPr>{}{two}\
         <w:jc w:val=\"both\"/></w:pPr><w:rPr>{}</w:rPr></w:style>",
        exact(pitch()),
        format_args!("<w:spacing w:val=\"-{NARROWER}\"/>{}", size(body_size)),
        body = Face::Body.proper(),
    );
    let list = |level: u8| {
        format!(
            "<w:keepNext/><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"1\"/></w:numPr><w:outlineLvl w:val=\"{level}\"/>"
        )
    };
    let centre = "<w:jc w:val=\"center\"/>";
    let title_size = (page::TITLE_PT * 2.0) as u32;
    let title = format!("{}{}", face(Face::Title), size(title_size));
    let styles = [
        Style::new("Title", "Title", format!("{}{NO_INDENT}{centre}", exact(pitch())), title.clone()),
        Style::new("Subtitle", "Subtitle", format!("{NO_INDENT}{centre}"), face(Face::Kai)),
        Style::new("Heading1", "heading 1", list(0), face(Face::Hei)),
        Style::new("Heading2", "heading 2", list(1), face(Face::Kai)),
        Style::new("Heading3", "heading 3", list(2), face(Face::Body)),
        Style::new("Heading4", "heading 4", list(3), face(Face::Body)),
        Style::new(
            "IssuerMark",
            "发文机关标志",
            format!("{}{NO_INDENT}{centre}", "<w:spacing w:line=\"240\" w:lineRule=\"auto\"/>"),
            format!("{}<w:color w:val=\"E3000F\"/>", face(Face::Title)),
        ),
        Style::new("Grade", "密级和份号", NO_INDENT, face(Face::Hei)),
        Style::new("DocumentNumber", "发文字号", format!("{NO_INDENT}{centre}"), ""),
        Style::new("Addressee", "主送机关", NO_INDENT, ""),
        Style::new("AttachmentMark", "附件标识", NO_INDENT, face(Face::Hei)),
        Style::new("AttachmentTitle", "附件标题", format!("{}{NO_INDENT}{centre}", exact(pitch())), title),
        Style::new(
            "Signature",
            "发文机关署名",
            "<w:ind w:firstLine=\"0\" w:firstLineChars=\"0\"/><w:jc w:val=\"right\"/>",
            "",
        ),
        Style::new(
            "Colophon",
            "版记",
            "<w:spacing w:before=\"60\" w:after=\"60\" w:line=\"400\" w:lineRule=\"exact\"/><w:ind w:left=\"280\" w:right=\"280\" w:firstLine=\"0\" w:firstLineChars=\"0\"/>",
            size(28),
        ),
        Style::new(
            "TableText",
            "表格文字",
            "<w:spacing w:before=\"40\" w:after=\"40\" w:line=\"320\" w:lineRule=\"exact\"/><w:ind w:firstLine=\"0\" w:firstLineChars=\"0\"/><w:jc w:val=\"left\"/>",
            size(24),
        ),
        Style::new(
            "TableHead",
            "表格标题行",
            "<w:spacing w:before=\"40\" w:after=\"40\" w:line=\"320\" w:lineRule=\"exact\"/><w:ind w:firstLine=\"0\" w:firstLineChars=\"0\"/><w:jc w:val=\"center\"/>",
            format!("{}{}", face(Face::Hei), size(24)),
        ),
        Style::new("Header", "header", format!("<w:snapToGrid w:val=\"0\"/>{NO_INDENT}{centre}"), size(18)),
        Style::new(
            "Footer",
            "footer",
            format!("<w:snapToGrid w:val=\"0\"/><w:spacing w:line=\"320\" w:lineRule=\"exact\"/>{NO_INDENT}"),
            size(18),
        ),
    ];
    for style in &styles {
        style.write(&mut out);
    }
    out.push_str("</w:styles>");
    out
}

/// The opening of a part with the namespaces the text uses.
pub(super) fn document(body: &str) -> String {
    format!("{DECLARATION}<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")
}
