//! `cargo xtask papers`: every kind of official document, filled in from the demonstration city, as pictures for the
//! handbook, and the page that shows them.

use std::{fmt::Write as _, fs, path::Path, process::ExitCode};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::{
    process,
    product::{self, Place, Profile},
    provision,
    tree::{self, Scratch},
};

/// Points per inch of the pictures: a page is read at a glance and weighs little.
const RESOLUTION: &str = "64";
/// Where the page and its pictures stand in the handbook.
const PAGE: &str = "docs/handbook/src/papers.md";
const IMAGES: &str = "docs/handbook/src/papers";

pub(crate) fn run() -> Result<ExitCode> {
    let pdftoppm = provision::pdf_pictures()?;
    let program = product::build(Profile::Debug)?;
    let work = Scratch::new("papers")?;
    let place = Place { data: work.path().join("city"), database: None };
    product::make_city(&program, &place, product::SEED, product::Size { problems: None, term: false })?;
    let folder = work.path().join("papers");
    let listed = process::output(&mut product::papers(&program, &place, &folder))?;
    let kinds = kinds(&listed)?;
    let images = tree::root().join(IMAGES);
    if images.exists() {
        fs::remove_dir_all(&images)?;
    }
    fs::create_dir_all(&images)?;
    for kind in &kinds {
        let mut command = std::process::Command::new(&pdftoppm);
        command.args(["-r", RESOLUTION, "-png"]).arg(folder.join(format!("{}.pdf", kind.code)));
        process::run(command.arg(images.join(&kind.code)))?;
    }
    fs::write(tree::root().join(PAGE), page(&kinds, &images)?)?;
    Ok(ExitCode::SUCCESS)
}

/// A kind of document as the program lists it.
#[derive(Debug, PartialEq, Eq)]
struct Kind {
    code: String,
    label: String,
}

fn kinds(json: &str) -> Result<Vec<Kind>> {
    let value: Value = serde_json::from_str(json).context("the list of papers is not JSON")?;
    let papers = value.get("papers").and_then(Value::as_array).context("the program lists no papers")?;
    let text = |paper: &Value, name: &str| paper.get(name).and_then(Value::as_str).map(str::to_owned);
    let kind = |paper| Some(Kind { code: text(paper, "code")?, label: text(paper, "label")? });
    papers.iter().map(|paper| kind(paper).context("a paper without code or label")).collect()
}

fn page(kinds: &[Kind], images: &Path) -> Result<String> {
    let mut files: Vec<String> = fs::read_dir(images)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "png"))
        .collect();
    files.sort();
    let mut text = String::from(
        "# 公文样张\n\n全部文种按初次安装所带的模板、用演示城市最新的一条记录排成，单位、人员都是虚构的；专题材料和线索报告是密封的，“回头看”报告在演示城市里还没有，都用编写的样文排成。〔待填〕是记录里还没有的内容。\n\n\
         版面逐页由测试量过：GB/T 9704—2012 的页边、每面 22 行、每行 28 字和字号。本页由 `cargo xtask papers` 生成。\n",
    );
    for kind in kinds {
        write!(text, "\n## {} {}\n\n", kind.code, kind.label)?;
        let own = format!("{}-", kind.code);
        for (at, file) in files.iter().filter(|file| file.starts_with(&own)).enumerate() {
            writeln!(text, "![{} {}，第 {} 页](papers/{file})", kind.code, kind.label, at + 1)?;
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_shows_every_picture_of_a_kind_and_only_its_own() {
        let images = Scratch::new("papers-page").unwrap();
        for name in ["D24-1.png", "D24-2.png", "D24b-1.png"] {
            fs::write(images.path().join(name), b"").unwrap();
        }
        let kinds = kinds(r#"{"papers":[{"code":"D24","label":"反馈意见"}]}"#).unwrap();
        let page = page(&kinds, images.path()).unwrap();
        assert!(page.contains("![D24 反馈意见，第 2 页](papers/D24-2.png)"), "{page}");
        assert!(!page.contains("D24b"), "{page}");
    }

    #[test]
    fn a_list_without_papers_is_an_error() {
        assert!(kinds("{}").is_err());
    }
}
