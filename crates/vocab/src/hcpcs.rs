//! Procedure, modifier and revenue codes, by their form only: CPT and revenue code lists are not ours to ship.

use crate::problem::{CodeProblem, quoted};
use crate::text_code::text_code;
use serde::{Deserialize, Serialize};

/// First letters of HCPCS Level II codes, without D (dental, whose texts belong to the ADA). Source: CMS HCPCS \[K\].
const HCPCS_LETTERS: &[u8] = b"ABCEGHJKLMPQRSTUV";

/// What may end a CPT code: a digit, or F (performance), T (emerging), U (laboratory), A (vaccine
/// administration), M (assay with algorithm). Source: AMA CPT code forms \[K\].
const CPT_LAST: &[u8] = b"0123456789AFMTU";

/// A HCPCS Level II code: a letter and four digits, such as `E1390`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hcpcs(String);

/// A CPT code, as an opaque text of the right form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cpt(String);

/// A revenue code: four digits with the leading zero, such as `0551`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Revenue(String);

/// A two-character procedure modifier, such as `NU` or `RR`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Modifier(String);

/// What a service line asks for, by the code set that the code's form belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Procedure {
    /// Equipment, supplies, drugs and services outside CPT.
    Hcpcs(Hcpcs),
    /// Procedures and services of CPT.
    Cpt(Cpt),
    /// A revenue code, which home health requests carry in place of a procedure.
    Revenue(Revenue),
}

text_code!(Hcpcs);
text_code!(Cpt);
text_code!(Revenue);
text_code!(Modifier);
text_code!(Procedure);

impl Hcpcs {
    /// Reads a Level II code in either case. Problems: `hcpcs-format`, `hcpcs-dental`.
    pub fn parse(text: &str) -> Result<Self, CodeProblem> {
        let upper = text.trim().to_ascii_uppercase();
        let (first, rest) = upper.as_bytes().split_first().unwrap_or((&b' ', &[]));
        if rest.len() != 4 || !rest.iter().all(u8::is_ascii_digit) || !first.is_ascii_uppercase() {
            let message =
                format!("{} is not a HCPCS code: write a letter and four digits", quoted(text));
            return Err(CodeProblem::new("hcpcs-format", message));
        }
        if *first == b'D' {
            let message = format!("{upper} is a dental code: this hub takes no dental requests");
            return Err(CodeProblem::new("hcpcs-dental", message));
        }
        if !HCPCS_LETTERS.contains(first) {
            let message =
                format!("no HCPCS code begins with {}: check the code {upper}", char::from(*first));
            return Err(CodeProblem::new("hcpcs-format", message));
        }
        Ok(Self(upper))
    }

    /// Returns the five characters in upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Cpt {
    /// Reads a code of CPT's form in either case. Problem: `cpt-format`.
    pub fn parse(text: &str) -> Result<Self, CodeProblem> {
        let upper = text.trim().to_ascii_uppercase();
        let fits = match upper.as_bytes() {
            [digits @ .., last] => {
                digits.len() == 4
                    && digits.iter().all(u8::is_ascii_digit)
                    && CPT_LAST.contains(last)
            }
            [] => false,
        };
        if !fits {
            let message =
                format!("{} is not of a CPT code's form: write five characters", quoted(text));
            return Err(CodeProblem::new("cpt-format", message));
        }
        Ok(Self(upper))
    }

    /// Returns the five characters in upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Revenue {
    /// Reads four digits. Problem: `revenue-format`.
    pub fn parse(text: &str) -> Result<Self, CodeProblem> {
        let text = text.trim();
        if text.len() != 4 || !text.bytes().all(|b| b.is_ascii_digit()) {
            let message = format!(
                "{} is not a revenue code: write four digits with the leading zero",
                quoted(text)
            );
            return Err(CodeProblem::new("revenue-format", message));
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the four digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Modifier {
    /// Reads two letters or digits in either case. Problem: `modifier-format`.
    pub fn parse(text: &str) -> Result<Self, CodeProblem> {
        let upper = text.trim().to_ascii_uppercase();
        if upper.len() != 2 || !upper.bytes().all(|b| b.is_ascii_alphanumeric()) {
            let message =
                format!("{} is not a modifier: write two letters or digits", quoted(text));
            return Err(CodeProblem::new("modifier-format", message));
        }
        Ok(Self(upper))
    }

    /// Returns the two characters in upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Procedure {
    /// Reads a code by its form: four digits are a revenue code, five with a leading letter HCPCS, the rest CPT.
    ///
    /// Problems: those of [`Hcpcs::parse`], and `procedure-format` when no code set has this form.
    pub fn parse(text: &str) -> Result<Self, CodeProblem> {
        let trimmed = text.trim();
        if trimmed.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Hcpcs::parse(trimmed).map(Self::Hcpcs);
        }
        if let Ok(revenue) = Revenue::parse(trimmed) {
            return Ok(Self::Revenue(revenue));
        }
        Cpt::parse(trimmed).map(Self::Cpt).map_err(|_| {
            let message = format!(
                "{} is not a procedure code: write a HCPCS code such as E1390, a CPT code, or a four-digit revenue code",
                quoted(text)
            );
            CodeProblem::new("procedure-format", message)
        })
    }

    /// Returns the code in upper case.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Hcpcs(code) => code.as_str(),
            Self::Cpt(code) => code.as_str(),
            Self::Revenue(code) => code.as_str(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Hcpcs, Modifier, Procedure};

    #[test]
    fn the_form_says_the_code_set() {
        assert!(
            matches!(Procedure::parse("e1390"), Ok(Procedure::Hcpcs(c)) if c.as_str() == "E1390")
        );
        for cpt in ["99341", "0001F", "0075t", "0001U", "0001A", "0002M"] {
            assert!(matches!(Procedure::parse(cpt), Ok(Procedure::Cpt(_))), "{cpt}");
        }
        assert!(matches!(Procedure::parse("0551"), Ok(Procedure::Revenue(_))));
    }

    #[test]
    fn dental_codes_are_refused() {
        assert_eq!(Procedure::parse("D0120").unwrap_err().code, "hcpcs-dental");
    }

    #[test]
    fn letters_that_begin_no_code_are_refused() {
        for letter in "FINOWXYZ".chars() {
            assert_eq!(Hcpcs::parse(&format!("{letter}0001")).unwrap_err().code, "hcpcs-format");
        }
    }

    #[test]
    fn other_shapes_are_refused() {
        for text in ["", "551", "E139", "E13900", "999999", "0001X", "é1390"] {
            assert!(Procedure::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_modifier_is_two_characters() {
        assert_eq!(Modifier::parse("nu").unwrap().as_str(), "NU");
        assert!(
            Modifier::parse("N").is_err()
                && Modifier::parse("NU1").is_err()
                && Modifier::parse("N-").is_err()
        );
    }

    #[test]
    fn a_procedure_is_read_back_from_json() {
        let procedure = Procedure::parse("K0001").unwrap();
        let json = serde_json::to_string(&procedure).unwrap();
        assert_eq!(json, "\"K0001\"");
        assert_eq!(serde_json::from_str::<Procedure>(&json).unwrap(), procedure);
    }
}
