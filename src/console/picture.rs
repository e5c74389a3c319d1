//! The QR code that an authenticator app reads, drawn as SVG inside the page:
//! no picture is fetched from anywhere, and nothing but the page sees it.

use std::fmt::Write;

use qrcode::{Color, QrCode};

/// Empty modules around the code, without which scanners do not find it.
const QUIET: usize = 4;

/// An `svg` element with dark modules on a light ground; none when the text is too long for a code.
pub(super) fn draw(text: &str, label: &str) -> Option<String> {
    let code = QrCode::new(text).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (row, modules) in code.to_colors().chunks(width).enumerate() {
        let dark = modules.iter().enumerate().filter(|(_, color)| **color == Color::Dark);
        for (column, _) in dark {
            // Writing into a string does not fail.
            let _ = write!(path, "M{} {}h1v1h-1z", column + QUIET, row + QUIET);
        }
    }
    let size = width + 2 * QUIET;
    Some(format!(
        "<svg class=\"qr\" viewBox=\"0 0 {size} {size}\" role=\"img\" aria-label=\"{label}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{size}v{size}h-{size}z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_drawn_dark_on_light() {
        let address = "otpauth://totp/Baton:dana%40acme.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Baton";
        let svg = draw(address, "QR code").expect("it fits");
        // The corner mark's first row: seven dark modules after the quiet ones.
        assert!((4..11).all(|column| svg.contains(&format!("M{column} 4h1"))), "{svg}");
        assert!(!svg.contains("M11 4h1") && svg.contains("fill=\"#fff\"") && !svg.contains("style"), "{svg}");
        assert!(draw(&"x".repeat(5_000), "QR code").is_none());
    }
}
