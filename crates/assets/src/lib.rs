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
    /// Its name below `/assets/`, such as `app.css`.
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

/// The file of this name below `/assets/`; `None` is a 404.
pub fn find(path: &str) -> Option<&'static Asset> {
    FILES.iter().copied().find(|asset| asset.path == path)
}

/// The address of a file for a page, `/assets/<name>?v=<digest>`; `None` when there is no such file.
///
/// A page that names a file known when it is written takes the constant instead, such as `APP_CSS.url`.
pub fn url(name: &str) -> Option<&'static str> {
    find(name).map(|asset| asset.url)
}
