//! The docx: its XML measured, and opened by LibreOffice where there is one.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _},
    process::{Command, Stdio},
};

use papers::{Paper, page};

use crate::samples;

fn parts(paper: &Paper) -> BTreeMap<String, String> {
    let bytes = papers::docx(paper, samples::at()).expect("a docx");
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut parts = BTreeMap::new();
    for at in 0..package.len() {
        let mut file = package.by_index(at).expect("a part");
        let mut text = String::new();
        file.read_to_string(&mut text).expect("text");
        parts.insert(file.name().expect("a name").into_owned(), text);
    }
    parts
}

fn all() -> [Paper; 6] {
    [
        samples::red_head(),
        samples::letter(),
        samples::minutes(),
        samples::ledger(),
        samples::sheet(),
        samples::long(3),
    ]
}

#[test]
fn every_part_is_well_formed() {
    for paper in all() {
        for (name, content) in parts(&paper) {
            let mut reader = quick_xml::Reader::from_str(&content);
            loop {
                match reader.read_event() {
                    Ok(quick_xml::events::Event::Eof) => break,
                    Ok(_) => {}
                    Err(error) => panic!("{name}: {error}"),
                }
            }
        }
    }
}

#[test]
fn the_page_has_the_measures_of_the_standard_and_a_grid_of_22_by_28() {
    let parts = parts(&samples::long(3));
    let document = &parts["word/document.xml"];
    assert!(document.contains("<w:pgSz w:w=\"11906\" w:h=\"16838\"/>"), "A4");
    let (width, binding) = (11_906, page::twips(28.0));
    let area = width - binding - attribute(document, "w:right=\"");
    assert!((area - page::twips(156.0)).abs() <= 4, "{area} twentieths of a point wide");
    assert_eq!(attribute(document, "w:left=\""), binding);
    assert_eq!(attribute(document, "w:top=\""), page::twips(37.0));
    assert_eq!(attribute(document, "w:bottom=\""), page::twips(35.0));
    assert!(document.contains("<w:docGrid w:type=\"lines\" w:linePitch=\"579\"/>"));
    assert_eq!(page::twips(225.0) / 579, 22, "lines on a page");
    // The text is set 0.2 pt narrower than its 16 pt.
    let styles = &parts["word/styles.xml"];
    assert!(styles.contains("<w:spacing w:val=\"-4\"/><w:sz w:val=\"32\"/>"));
    assert_eq!(area / (16 * 20 - 4), 28, "characters in a line");
}

/// The number behind the first `name` in the properties of the page.
fn attribute(document: &str, name: &str) -> i64 {
    let margins = document.split("<w:pgMar").nth(1).expect("margins");
    let value = margins.split(name).nth(1).and_then(|rest| rest.split('"').next());
    value.and_then(|value| value.parse().ok()).expect("a number")
}

#[test]
fn headings_are_the_styles_that_wps_and_word_know_and_number_themselves() {
    let parts = parts(&samples::red_head());
    for level in 1..=4 {
        let style = format!("w:styleId=\"Heading{level}\"><w:name w:val=\"heading {level}\"/>");
        assert!(parts["word/styles.xml"].contains(&style), "{style}");
    }
    for words in ["%1、", "（%2）", "%3.", "（%4）"] {
        assert!(parts["word/numbering.xml"].contains(&format!("<w:lvlText w:val=\"{words}\"/>")), "{words}");
    }
    let document = &parts["word/document.xml"];
    assert!(document.contains("<w:pStyle w:val=\"Heading1\"/>") && !document.contains("一、提高"));
}

#[test]
fn fonts_are_named_as_offices_have_them() {
    let styles = &parts(&samples::red_head())["word/styles.xml"];
    for name in ["仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"] {
        assert!(styles.contains(&format!("w:eastAsia=\"{name}\"")), "{name}");
    }
    assert!(styles.contains("<w:sz w:val=\"44\"/>") && styles.contains("<w:sz w:val=\"32\"/>"));
}

#[test]
fn odd_and_even_pages_have_their_own_foot() {
    let parts = parts(&samples::long(3));
    assert!(parts["word/settings.xml"].contains("<w:evenAndOddHeaders/>"));
    assert!(parts["word/footer1.xml"].contains("<w:jc w:val=\"right\"/>"));
    assert!(parts["word/footer2.xml"].contains("<w:jc w:val=\"left\"/>"));
    assert!(parts["word/footer1.xml"].contains("— ") && parts["word/footer1.xml"].contains(" PAGE "));
    let letter = self::parts(&samples::letter());
    assert!(letter["word/document.xml"].contains("<w:titlePg/>"));
    assert!(!letter["word/footer3.xml"].contains(" PAGE "));
}

#[test]
fn the_export_number_stands_in_foot_watermark_and_properties_and_nothing_else_of_the_maker() {
    let parts = parts(&samples::red_head());
    for part in ["word/footer1.xml", "word/footer2.xml", "word/header1.xml", "docProps/custom.xml"] {
        assert!(parts[part].contains("W-20230629-00017"), "{part}");
    }
    assert!(!parts.keys().any(|name| name.contains("comments") || name.contains("thumbnail")));
    assert!(!parts["word/document.xml"].contains("rsid"));
}

#[test]
fn markup_and_odd_characters_in_a_text_stay_text() {
    let paper = Paper { title: "<w:t>&\"'\u{1}\u{ffff}".into(), ..Paper::default() };
    assert!(parts(&paper)["word/document.xml"].contains("&lt;w:t&gt;&amp;&quot;'</w:t>"));
}

#[test]
fn libreoffice_opens_every_form() {
    let Ok(mut check) = Command::new("soffice").arg("--version").stdout(Stdio::null()).spawn() else {
        assert!(std::env::var_os("CI").is_none(), "a build machine has LibreOffice, or says that it has not");
        println!("SKIPPED: no soffice on this machine, so no docx was opened");
        return;
    };
    let _ = check.wait();
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new("soffice");
    command.arg(format!("-env:UserInstallation=file://{}/profile", folder.path().display()));
    command.args(["--headless", "--convert-to", "pdf", "--outdir"]).arg(folder.path());
    for (at, paper) in all().iter().enumerate() {
        let path = folder.path().join(format!("{at}.docx"));
        std::fs::write(&path, papers::docx(paper, samples::at()).expect("a docx")).expect("written");
        command.arg(path);
    }
    let output = command.output().expect("soffice runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for (at, paper) in all().iter().enumerate() {
        let bytes = std::fs::read(folder.path().join(format!("{at}.pdf"))).expect("converted");
        let pages = lopdf::Document::load_mem(&bytes).expect("readable").get_pages().len();
        assert!(pages >= 1, "{}", paper.title);
        if let Ok(kept) = std::env::var("PAPERS_KEEP") {
            std::fs::write(format!("{kept}/docx-{at}.pdf"), bytes).expect("kept");
        }
    }
}
