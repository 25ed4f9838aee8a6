//! The colour of a provider: seal, «here» marker and binding button. Everything else is ink.

use std::fmt;

use serde::{Serialize, Serializer};

/// White text stands on it: WCAG 2.2 AA, criterion 1.4.3.
const CONTRAST: f64 = 4.5;

/// A colour on which white text can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wax([u8; 3]);

/// Why a colour is none.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum WaxRefusal {
    #[error("is not `#` and six digits from 0 to F, such as `#8F1D2C`")]
    Shape,
    /// With the nearest one of the same hue that fits.
    #[error(
        "is too light: white text on it has a contrast of {contrast:.2}, and 4.5 is needed; the nearest that fits is `{nearest}`"
    )]
    TooLight { contrast: f64, nearest: Wax },
}

impl Default for Wax {
    /// The red of sealing wax.
    fn default() -> Self {
        Self([0x8F, 0x1D, 0x2C])
    }
}

impl Wax {
    /// Reads `#8F1D2C`.
    ///
    /// # Errors
    /// Another shape; a colour on which white text cannot be read.
    pub fn parse(text: &str) -> Result<Self, WaxRefusal> {
        let wax = text.strip_prefix('#').and_then(Self::of_digits).ok_or(WaxRefusal::Shape)?;
        let contrast = wax.contrast();
        if contrast >= CONTRAST { Ok(wax) } else { Err(WaxRefusal::TooLight { contrast, nearest: wax.nearest() }) }
    }
    fn of_digits(digits: &str) -> Option<Self> {
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let part = |n: usize| u8::from_str_radix(&digits[n..n + 2], 16).ok();
        Some(Self([part(0)?, part(2)?, part(4)?]))
    }
    /// Of white to this colour, from 1 to 21.
    fn contrast(self) -> f64 {
        let part = |n: u8| match f64::from(n) / 255.0 {
            c if c <= 0.04045 => c / 12.92,
            c => ((c + 0.055) / 1.055).powf(2.4),
        };
        let [r, g, b] = self.0.map(part);
        1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05)
    }
    /// So many thousandths of the way to black, or to white.
    fn towards(self, end: u8, thousandths: u32) -> Self {
        Self(self.0.map(|c| ((u32::from(c) * (1000 - thousandths) + u32::from(end) * thousandths + 500) / 1000) as u8))
    }
    /// The lightest of the same hue that fits.
    fn nearest(self) -> Self {
        let darker = (0..=1000).map(|n| self.towards(0, n));
        darker.into_iter().find(|wax| wax.contrast() >= CONTRAST).unwrap_or(Self([0; 3]))
    }
    /// The style sheet that lies over the built one; its address says all that it holds, so browsers may keep it.
    /// `None` for the colour of the built one.
    pub fn sheet_address(self) -> Option<String> {
        (self != Self::default()).then(|| format!("/assets/brand-{}.css", &self.to_string()[1..]))
    }
    /// The sheet behind such a name of a file; `None` for any other name.
    pub fn sheet(file: &str) -> Option<String> {
        let digits = file.strip_prefix("brand-")?.strip_suffix(".css")?;
        let wax = Self::parse(&format!("#{digits}")).ok()?;
        let (deep, dark) = (wax.towards(0, 190), wax.towards(0, 340));
        let (light, pale, tint) = (wax.towards(255, 200), wax.towards(255, 640), wax.towards(255, 900));
        Some(format!(
            ":root{{--cl-wax:{wax};--cl-wax-deep:{deep};--cl-wax-tint:{tint}}}\
             .cl-w1{{fill:{wax}}}.cl-w2{{fill:{deep}}}.cl-w3{{stroke:{light}}}.cl-w4{{stroke:{dark}}}\
             .cl-w5{{fill:{pale}}}.cl-w6{{stroke:{pale}}}"
        ))
    }
}

impl fmt::Display for Wax {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02X}{g:02X}{b:02X}")
    }
}
impl Serialize for Wax {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_can_be_read_on_what_is_taken() {
        assert_eq!(Wax::parse("#8F1D2C"), Ok(Wax::default()));
        assert!((Wax::default().contrast() - 8.82).abs() < 0.02, "{}", Wax::default().contrast());
        assert!((Wax([0; 3]).contrast() - 21.0).abs() < 0.001);
        for good in ["#000000", "#1b4b82", "#767676", "#006644"] {
            assert!(Wax::parse(good).is_ok(), "{good}");
        }
        for shape in ["", "8F1D2C", "#8F1D2", "#8F1D2CC", "#8F1D2G", "red", "#+F1D2C", "#ééé", "#8F1D2C;}"] {
            assert_eq!(Wax::parse(shape), Err(WaxRefusal::Shape), "{shape}");
        }
    }
    #[test]
    fn the_nearest_that_fits_is_named_and_fits() {
        for light in ["#777777", "#FFFFFF", "#FF0000", "#00FF00", "#FFD700", "#3FA9F5"] {
            let Err(WaxRefusal::TooLight { contrast, nearest }) = Wax::parse(light) else { panic!("{light} is taken") };
            assert!(contrast < 4.5);
            assert_eq!(Wax::parse(&nearest.to_string()), Ok(nearest), "{light}");
            assert!(nearest.contrast() < 4.65, "{light}: {nearest} is darker than it need be");
        }
    }
    #[test]
    fn a_sheet_is_made_of_its_name_alone() {
        assert_eq!(Wax::default().sheet_address(), None);
        let address = Wax([0x1B, 0x4B, 0x82]).sheet_address().expect("another colour has its sheet");
        assert_eq!(address, "/assets/brand-1B4B82.css");
        assert!(Wax::sheet("brand-1B4B82.css").expect("a sheet").starts_with(":root{--cl-wax:#1B4B82;"));
        for none in ["brand-FFFFFF.css", "brand-.css", "brand-1B4B82", "app.css", "brand-}*{x:y.css"] {
            assert_eq!(Wax::sheet(none), None, "{none}");
        }
    }
}
