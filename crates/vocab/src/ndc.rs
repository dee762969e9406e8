//! The National Drug Code, kept as its three segments: ten digits without dashes do not say where they divide.

use crate::problem::{CodeProblem, quoted};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Digits of the labeler, product and package segments that are in use.
///
/// Source: 21 CFR 207.33 for the ten-digit forms; 45 CFR 162.1002 for 5-4-2; the FDA rule of 2026-03-05
/// (2026-04368) for 6-4-2, from 2033-03-07.
const SHAPES: [(usize, usize, usize); 5] = [(4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2), (6, 4, 2)];

/// A drug package: labeler, product and package segments as they were written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Ndc {
    labeler: String,
    product: String,
    package: String,
}

impl Ndc {
    /// Reads an NDC with dashes in any form in use, or eleven (5-4-2) or twelve (6-4-2) digits without.
    ///
    /// Problems: `ndc-format`; `ndc-ambiguous` for ten digits without dashes.
    pub fn parse(text: &str) -> Result<Self, CodeProblem> {
        let text = text.trim();
        let all_digits = text.bytes().all(|b| b.is_ascii_digit());
        if all_digits {
            return match text.len() {
                10 => Err(CodeProblem::new(
                    "ndc-ambiguous",
                    format!(
                        "NDC {text} can be divided in three ways: write it with its dashes or as eleven digits"
                    ),
                )),
                11 => Ok(Self::of(&text[..5], &text[5..9], &text[9..])),
                12 => Ok(Self::of(&text[..6], &text[6..10], &text[10..])),
                _ => Err(Self::malformed(text)),
            };
        }
        let segments: Vec<&str> = text.split('-').collect();
        let [labeler, product, package] = segments[..] else { return Err(Self::malformed(text)) };
        let digits = segments.iter().all(|s| s.bytes().all(|b| b.is_ascii_digit()));
        if !digits || !SHAPES.contains(&(labeler.len(), product.len(), package.len())) {
            return Err(Self::malformed(text));
        }
        Ok(Self::of(labeler, product, package))
    }

    /// Returns the labeler segment, four to six digits.
    pub fn labeler(&self) -> &str {
        &self.labeler
    }

    /// Returns the product segment, three or four digits.
    pub fn product(&self) -> &str {
        &self.product
    }

    /// Returns the package segment, one or two digits.
    pub fn package(&self) -> &str {
        &self.package
    }

    /// Returns the eleven digits that HIPAA transactions carry: the short segment padded to 5-4-2. `None` when the
    /// labeler has six digits that do not begin with 0: no eleven digits stand for it.
    pub fn hipaa11(&self) -> Option<String> {
        let labeler =
            if self.labeler.len() == 6 { self.labeler.strip_prefix('0')? } else { &self.labeler };
        Some(format!("{labeler:0>5}{:0>4}{:0>2}", self.product, self.package))
    }

    fn of(labeler: &str, product: &str, package: &str) -> Self {
        Self {
            labeler: labeler.to_owned(),
            product: product.to_owned(),
            package: package.to_owned(),
        }
    }

    fn malformed(text: &str) -> CodeProblem {
        let message =
            format!("{} is not an NDC: write it with its dashes, as in 0002-1433-80", quoted(text));
        CodeProblem::new("ndc-format", message)
    }
}

/// The segments with dashes between them.
impl fmt::Display for Ndc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.labeler, self.product, self.package)
    }
}

impl FromStr for Ndc {
    type Err = CodeProblem;

    fn from_str(text: &str) -> Result<Self, CodeProblem> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Ndc {
    type Error = CodeProblem;

    fn try_from(text: String) -> Result<Self, CodeProblem> {
        Self::parse(&text)
    }
}

impl From<Ndc> for String {
    fn from(ndc: Ndc) -> Self {
        ndc.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Ndc;

    #[test]
    fn the_short_segment_is_padded_for_hipaa() {
        for (written, eleven) in [
            ("0002-1433-80", "00002143380"),
            ("12345-678-90", "12345067890"),
            ("12345-6789-0", "12345678900"),
            ("12345-6789-01", "12345678901"),
            ("012345-6789-01", "12345678901"),
        ] {
            assert_eq!(
                Ndc::parse(written).unwrap().hipaa11().as_deref(),
                Some(eleven),
                "{written}"
            );
        }
    }

    #[test]
    fn digits_without_dashes_are_divided_only_when_there_is_one_way() {
        assert_eq!(Ndc::parse("12345678901").unwrap().to_string(), "12345-6789-01");
        assert_eq!(Ndc::parse("123456789012").unwrap().to_string(), "123456-7890-12");
        assert_eq!(Ndc::parse("1234567890").unwrap_err().code, "ndc-ambiguous");
    }

    #[test]
    fn a_six_digit_labeler_has_no_eleven_digits() {
        assert_eq!(Ndc::parse("123456-7890-12").unwrap().hipaa11(), None);
    }

    #[test]
    fn other_shapes_are_refused() {
        for text in [
            "",
            "-",
            "1-2-3",
            "123-4567-89",
            "12345-67-890",
            "12345-6789-01-2",
            "1234a-678-90",
            "１２３４-5678-90",
        ] {
            assert_eq!(Ndc::parse(text).unwrap_err().code, "ndc-format", "{text}");
        }
    }
}
