//! Decimal measures without floating point.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A number in thousandths of its item's unit, so that 88.5 % is `Milli(88_500)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Milli(pub i64);

impl Milli {
    /// Returns `n` whole units.
    pub const fn whole(n: i64) -> Self {
        Self(n * 1000)
    }

    /// Reads decimal text; digits after the third place are cut.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && part.is_empty())
            || whole.len() > 12
            || !all_digits(whole)
            || !all_digits(part)
        {
            return None;
        }
        let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let thousandths: i64 = format!("{part:0<3}").get(..3)?.parse().ok()?;
        Some(Self(sign * (whole * 1000 + thousandths)))
    }
}

impl fmt::Display for Milli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.unsigned_abs() / 1000, self.0.unsigned_abs() % 1000);
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        let part = format!("{part:03}");
        write!(f, "{sign}{whole}.{}", part.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::Milli;

    #[test]
    fn decimals_read_and_print_alike() {
        for text in ["0", "88", "88.5", "-1.25", "0.001"] {
            assert_eq!(Milli::parse(text).map(|m| m.to_string()).as_deref(), Some(text));
        }
        for text in ["", ".", "1e9", "88 %", "1.2.3", "9999999999999"] {
            assert_eq!(Milli::parse(text), None, "{text}");
        }
    }
}
