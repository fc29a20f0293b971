//! A QR code as a drawing in the page.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

use crate::{Error, Result};

/// White squares around the code, which readers need.
const MARGIN: i32 = 4;

/// `text` as an SVG element, described for those who cannot see it by `title`.
pub fn svg(text: &str, title: &str) -> Result<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium)
        .map_err(|error| Error::Fault(format!("a text too long for a QR code: {error}")))?;
    let whole = code.size() + 2 * MARGIN;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            // Writing to a string cannot fail.
            let _ = write!(path, "M{} {}h1v1h-1z", x + MARGIN, y + MARGIN);
        }
    }
    Ok(format!(
        "<svg class=\"qr\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {whole} {whole}\" width=\"216\" height=\"216\" \
         shape-rendering=\"crispEdges\"><rect width=\"{whole}\" height=\"{whole}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>",
        crate::shown::escaped(title)
    ))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_code_is_a_drawing_of_squares_and_nothing_that_runs() {
        let svg = super::svg("otpauth://totp/x?secret=ABC", "二维码\"").unwrap();
        assert!(svg.starts_with("<svg") && svg.contains("M4 4h1v1h-1z") && svg.contains("&quot;"));
        assert!(!svg.contains("style=") && !svg.contains("script"));
        assert!(super::svg(&"长".repeat(3000), "").is_err());
    }
}
