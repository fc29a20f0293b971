//! The files a browser loads: styles, scripts and pictures, packed into the program at build time.
//!
//! Pages name them through [`url`], the server answers with [`find`]. `MARKUP.md` beside this crate is the contract between
//! the pages and these files.

include!(concat!(env!("OUT_DIR"), "/table.rs"));

/// What htmx must be told, for `<meta name="htmx-config">`: nothing is evaluated, no style is injected, no page is kept in the
/// browser's storage, and an answer 422 (a form with its errors) replaces the form.
pub const HTMX_CONFIG: &str = concat!(
    r#"{"allowEval":false,"allowScriptTags":false,"includeIndicatorStyles":false,"historyCacheSize":0,"#,
    r#""historyRestoreAsHxRequest":false,"refreshOnHistoryMiss":true,"selfRequestsOnly":true,"#,
    r#""responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},"#,
    r#"{"code":"422","swap":true,"error":false},{"code":"[45]..","swap":false,"error":true}]}"#,
);

/// One file as it is sent.
#[derive(Debug)]
pub struct Asset {
    /// Its name below `/static/`, such as `app.css`.
    pub path: &'static str,
    /// The plain content.
    pub bytes: &'static [u8],
    /// The same content, gzip level 9.
    pub gzip: &'static [u8],
    /// The `Content-Type`.
    pub mime: &'static str,
    /// Sixteen hexadecimal digits that change with the content.
    pub digest: &'static str,
    /// Where a page finds it. The digest is part of the address, so the answer may be kept for ever
    /// (`Cache-Control: public, max-age=31536000, immutable`).
    pub url: &'static str,
}

/// The file of this name below `/static/`; `None` is a 404.
pub fn find(path: &str) -> Option<&'static Asset> {
    FILES.iter().copied().find(|asset| asset.path == path)
}

/// The address of a file for a page, `/static/<name>?v=<digest>`; `None` when there is no such file.
///
/// A page that names a file known when it is written takes the constant instead, such as `APP_CSS.url`.
pub fn url(name: &str) -> Option<&'static str> {
    find(name).map(|asset| asset.url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::io::Read as _;

    fn text(asset: &Asset) -> &'static str {
        std::str::from_utf8(asset.bytes).unwrap()
    }

    fn own() -> impl Iterator<Item = &'static Asset> {
        FILES.iter().copied().filter(|asset| !["echarts.min.js", "htmx.min.js"].contains(&asset.path))
    }

    #[test]
    fn every_address_given_to_a_page_leads_to_its_file() {
        for asset in FILES {
            let address = url(asset.path).unwrap();
            let (path, version) = address.strip_prefix("/static/").unwrap().split_once("?v=").unwrap();
            let found = find(path).unwrap();
            assert_eq!(found.bytes, asset.bytes);
            assert_eq!(version, found.digest);
        }
        assert!(url("nothing.css").is_none());
        assert!(find("../Cargo.toml").is_none());
    }

    #[test]
    fn files_of_different_content_have_different_digests() {
        let digests: HashSet<_> = FILES.iter().map(|asset| asset.digest).collect();
        assert_eq!(digests.len(), FILES.len());
    }

    #[test]
    fn the_packed_file_unpacks_to_the_plain_one() {
        for asset in FILES {
            let mut plain = Vec::new();
            flate2::read::GzDecoder::new(asset.gzip).read_to_end(&mut plain).unwrap();
            assert_eq!(plain, asset.bytes, "{}", asset.path);
        }
    }

    #[test]
    fn our_own_files_load_nothing_from_elsewhere() {
        for asset in own() {
            let inside = text(asset)
                .replace("http://www.w3.org/2000/svg", "")
                .lines()
                .find(|line| {
                    ["http:", "https:", "@import", "url(//", "url('//", "url(\"//"]
                        .iter()
                        .any(|word| line.contains(word))
                })
                .map(str::to_owned);
            assert_eq!(inside, None, "{}", asset.path);
        }
    }

    #[test]
    fn no_script_keeps_anything_in_the_browser_or_evaluates_text() {
        let script = text(&APP_JS);
        for word in [
            "localStorage",
            "sessionStorage.setItem",
            "indexedDB",
            "document.cookie",
            "eval(",
            "new Function",
            "setAttribute('style'",
        ] {
            assert!(!script.contains(word), "{word}");
        }
    }

    #[test]
    fn the_style_sheet_uses_nothing_that_chromium_86_does_not_know() {
        let sheet = text(&APP_CSS);
        for word in [
            ":has(",
            ":is(",
            ":where(",
            "color-mix(",
            "@layer",
            "@container",
            "aspect-ratio",
            "inset:",
            "-inline:",
            "-block:",
        ] {
            assert!(!sheet.contains(word), "{word}");
        }
        assert_eq!(sheet.matches('{').count(), sheet.matches('}').count());
    }

    #[test]
    fn the_sprite_holds_each_chosen_icon_once() {
        let sprite = text(&ICONS_SVG);
        let chosen: Vec<_> = include_str!("../icons.txt")
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .collect();
        for name in &chosen {
            assert_eq!(sprite.matches(&format!("id=\"i-{name}\"")).count(), 1, "{name}");
        }
        assert_eq!(sprite.matches("<symbol").count(), chosen.len());
    }

    #[test]
    fn the_markup_contract_names_only_icons_that_exist() {
        let contract = include_str!("../MARKUP.md");
        let sprite = text(&ICONS_SVG);
        for name in contract
            .split("ICON(")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
            .filter(|name| *name != "x")
        {
            assert!(sprite.contains(&format!("id=\"i-{name}\"")), "{name}");
        }
    }

    #[test]
    fn everything_but_the_charts_weighs_less_than_100_kilobytes_packed() {
        let weight: usize =
            FILES.iter().filter(|asset| asset.path != "echarts.min.js").map(|asset| asset.gzip.len()).sum();
        assert!(weight < 100_000, "{weight} bytes");
    }

    #[test]
    fn the_charts_library_has_the_kinds_its_smaller_editions_lack() {
        let library = text(&ECHARTS_JS);
        for kind in ["heatmap", "treemap", "custom"] {
            assert!(library.contains(&format!("\"series.{kind}\"")), "{kind}");
        }
    }

    #[test]
    fn the_lock_file_pins_contents_and_names_no_download_address() {
        let lock = include_str!("../package-lock.json");
        assert!(!lock.contains("resolved") && !lock.contains("http"));
        assert_eq!(lock.matches("\"integrity\"").count(), lock.matches("\"node_modules/").count());
    }

    #[test]
    fn htmx_evaluates_nothing_stores_nothing_and_shows_forms_with_errors() {
        for word in [
            "\"allowEval\":false",
            "\"includeIndicatorStyles\":false",
            "\"historyCacheSize\":0",
            "\"code\":\"422\",\"swap\":true",
        ] {
            assert!(HTMX_CONFIG.contains(word), "{word}");
        }
        assert!(!HTMX_CONFIG.contains('\''), "the attribute is quoted with single quotes");
    }
}
