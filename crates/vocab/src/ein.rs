//! The Employer Identification Number. It has no check digit; only an unassigned prefix can be told from a real one.

use crate::problem::CodeProblem;
use crate::text_code::text_code;
use serde::{Deserialize, Serialize};

/// Two-digit prefixes that the IRS has not assigned. Source: irs.gov, how EINs are assigned and valid prefixes \[K\].
const UNASSIGNED: [&str; 17] = [
    "00", "07", "08", "09", "17", "18", "19", "28", "29", "49", "69", "70", "78", "79", "89", "96",
    "97",
];

/// A nine-digit EIN with an assigned prefix, kept without its dash.
///
/// A tax number of a sole practitioner may be a social security number: show it only where it is needed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Ein(String);

text_code!(Ein);

impl Ein {
    /// Reads `NN-NNNNNNN` or nine digits. Problems: `ein-format`, `ein-prefix`; neither message repeats the number.
    pub fn parse(text: &str) -> Result<Self, CodeProblem> {
        let text = text.trim();
        let digits = match text.split_once('-') {
            Some((prefix, rest)) if prefix.len() == 2 => format!("{prefix}{rest}"),
            Some(_) | None => text.to_owned(),
        };
        if digits.len() != 9 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(CodeProblem::new(
                "ein-format",
                "this is not an EIN: write nine digits, as in 12-3456789",
            ));
        }
        let prefix = &digits[..2];
        if UNASSIGNED.contains(&prefix) {
            return Err(CodeProblem::new(
                "ein-prefix",
                format!("no EIN begins with {prefix}: check the first two digits"),
            ));
        }
        Ok(Self(digits))
    }

    /// Returns the nine digits without the dash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the number as people write it, `NN-NNNNNNN`.
    pub fn display_dashed(&self) -> String {
        format!("{}-{}", &self.0[..2], &self.0[2..])
    }
}

#[cfg(test)]
mod tests {
    use super::Ein;

    #[test]
    fn the_dash_is_optional_and_not_kept() {
        assert_eq!(Ein::parse("12-3456789").unwrap(), Ein::parse("123456789").unwrap());
        assert_eq!(Ein::parse(" 123456789 ").unwrap().display_dashed(), "12-3456789");
    }

    #[test]
    fn an_unassigned_prefix_is_refused() {
        for prefix in ["00", "07", "17", "49", "89", "96", "97"] {
            assert_eq!(Ein::parse(&format!("{prefix}-3456789")).unwrap_err().code, "ein-prefix");
        }
    }

    #[test]
    fn a_dash_elsewhere_is_refused() {
        for text in ["123-45-6789", "1234567-89", "12345678", "1234567890", ""] {
            assert_eq!(Ein::parse(text).unwrap_err().code, "ein-format");
        }
    }
}
