//! The National Provider Identifier. Not a register: a number that passes here may belong to nobody.

use crate::problem::{CodeProblem, quoted};
use crate::text_code::text_code;
use serde::{Deserialize, Serialize};

/// What the card-issuer prefix `80840` adds to the Luhn sum of the ten digits. Source: 45 CFR 162.406 \[K\].
const PREFIX_SUM: u32 = 24;

/// A ten-digit NPI whose check digit is right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Npi(String);

text_code!(Npi);

impl Npi {
    /// Reads ten digits, the first 1 or 2, with a right Luhn check digit over `80840` and the number.
    ///
    /// Problems: `npi-format`, `npi-check-digit`.
    pub fn parse(text: &str) -> Result<Self, CodeProblem> {
        let text = text.trim();
        if !Self::looks_like(text) {
            return Err(CodeProblem::new(
                "npi-format",
                format!("{} is not an NPI: write ten digits, the first 1 or 2", quoted(text)),
            ));
        }
        if !luhn_is_right(text) {
            return Err(CodeProblem::new(
                "npi-check-digit",
                format!(
                    "the check digit of NPI {text} is wrong: a digit was mistyped, ask for the number again"
                ),
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns whether the text has an NPI's form: ten digits, the first 1 or 2. The check digit is not looked at,
    /// so a door can warn about a wrong one and still keep the number.
    pub fn looks_like(text: &str) -> bool {
        let text = text.trim();
        text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit()) && text.starts_with(['1', '2'])
    }

    /// Returns the ten digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn luhn_is_right(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, b)| {
            let digit = u32::from(b - b'0');
            if place % 2 == 0 { digit } else { digit * 2 / 10 + digit * 2 % 10 }
        })
        .sum();
    (sum + PREFIX_SUM).is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::Npi;

    #[test]
    fn the_published_examples_pass() {
        for npi in ["1234567893", "1003000126", "1245319599"] {
            assert_eq!(Npi::parse(npi).unwrap().as_str(), npi);
        }
    }

    #[test]
    fn every_single_wrong_digit_is_caught() {
        let right = "1003000126";
        for place in 0..10 {
            for digit in '0'..='9' {
                let mut wrong: Vec<char> = right.chars().collect();
                wrong[place] = digit;
                let wrong: String = wrong.into_iter().collect();
                assert_eq!(Npi::parse(&wrong).is_ok(), wrong == right, "{wrong}");
            }
        }
    }

    #[test]
    fn a_wrong_check_digit_still_looks_like_an_npi() {
        assert_eq!(Npi::parse("1234567890").unwrap_err().code, "npi-check-digit");
        assert!(Npi::looks_like("1234567890"));
        assert_eq!(Npi::parse("3234567893").unwrap_err().code, "npi-format");
        assert_eq!(Npi::parse("123456789").unwrap_err().code, "npi-format");
        assert!(!Npi::looks_like("12345678x3"));
    }
}
