//! QR codes as one path of squares, to be drawn inside the page: no picture file, no script.

use std::fmt::Write;

use qrcodegen::{QrCode, QrCodeEcc};
use serde::Serialize;

/// White squares around the drawing, as readers want them.
const MARGIN: i32 = 4;

/// A drawing for `<svg viewBox="0 0 side side"><path d="path"/></svg>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Drawing {
    pub side: i32,
    pub path: String,
}

/// Draws a text; `None` when it is too long for any code (about two thousand characters).
pub fn draw(text: &str) -> Option<Drawing> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|x| code.get_module(*x, y)).count() as i32;
            if run > 0 {
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + MARGIN, y + MARGIN);
            }
            x += run.max(1);
        }
    }
    Some(Drawing { side: code.size() + 2 * MARGIN, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_stand_where_the_code_has_them() {
        let text = "otpauth://totp/Brand:sara?secret=GEZDGNBVGY3TQOJQ";
        let drawing = draw(text).expect("short");
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).expect("short");
        assert_eq!(drawing.side, code.size() + 8);
        let dark = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
        let dark = dark.filter(|(x, y)| code.get_module(*x, *y)).count();
        let runs = drawing.path.split("v1h-").skip(1).map(|r| r.split('z').next().unwrap().parse::<usize>().unwrap());
        assert_eq!(runs.sum::<usize>(), dark);
        assert!(drawing.path.starts_with("M4 4h7v1h-7z"), "the first finder's upper edge");
        assert_eq!(draw(&"x".repeat(4000)), None);
    }
}
