//! The Medicare Beneficiary Identifier. It identifies a person, so it does not print and has no `Serialize`.

use crate::problem::CodeProblem;
use std::fmt;
use std::str::FromStr;

/// An eleven-character MBI, kept without dashes. There is no check digit, so a well-formed one may still be wrong.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mbi(String);

/// What each place of an MBI may hold. Source: CMS, Understanding the MBI format \[K\].
#[derive(Clone, Copy)]
enum Place {
    /// 1 to 9.
    First,
    Digit,
    /// A letter, without the six that read like digits.
    Letter,
    Either,
}

/// The eleven places in order. Source: CMS, Understanding the MBI format \[K\].
const PLACES: [Place; 11] = {
    use Place::{Digit, Either, First, Letter};
    [First, Letter, Either, Digit, Letter, Either, Digit, Letter, Letter, Digit, Digit]
};

impl Mbi {
    /// Reads an MBI in either case; dashes and spaces are taken out.
    ///
    /// Problem: `mbi-format`. The message never repeats what was read.
    pub fn parse(text: &str) -> Result<Self, CodeProblem> {
        let bare: String = text.chars().filter(|c| *c != '-' && !c.is_whitespace()).collect();
        let bare = bare.to_ascii_uppercase();
        let fits =
            bare.len() == PLACES.len() && bare.bytes().zip(PLACES).all(|(b, place)| place.holds(b));
        if !fits {
            return Err(CodeProblem::new(
                "mbi-format",
                "this is not a Medicare number: copy the eleven characters from the card; S, L, O, I, B and Z are never used",
            ));
        }
        Ok(Self(bare))
    }

    /// Returns the eleven characters. Whoever calls this answers for where they go.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the number as it stands on the card, `1EG4-TE5-MK73`.
    pub fn display_dashed(&self) -> String {
        format!("{}-{}-{}", &self.0[..4], &self.0[4..7], &self.0[7..])
    }
}

impl Place {
    fn holds(self, b: u8) -> bool {
        let letter = b.is_ascii_uppercase() && !b"SLOIBZ".contains(&b);
        match self {
            Self::First => matches!(b, b'1'..=b'9'),
            Self::Digit => b.is_ascii_digit(),
            Self::Letter => letter,
            Self::Either => letter || b.is_ascii_digit(),
        }
    }
}

impl fmt::Debug for Mbi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mbi(‹phi›)")
    }
}

impl FromStr for Mbi {
    type Err = CodeProblem;

    fn from_str(text: &str) -> Result<Self, CodeProblem> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::Mbi;

    #[test]
    fn dashes_spaces_and_case_are_forgiven() {
        for text in ["1EG4-TE5-MK73", "1eg4te5mk73", " 1EG4 TE5 MK73 "] {
            let mbi = Mbi::parse(text).unwrap();
            assert_eq!(
                (mbi.as_str(), mbi.display_dashed().as_str()),
                ("1EG4TE5MK73", "1EG4-TE5-MK73")
            );
        }
    }

    #[test]
    fn letters_that_read_like_digits_are_refused() {
        for text in [
            "1S00E00AA00",
            "0EG4TE5MK73",
            "1EG4TE5MK7",
            "1EG4TE5MK733",
            "1EG4TE5MKO3",
            "ÉEG4TE5MK7",
        ] {
            assert_eq!(Mbi::parse(text).unwrap_err().code, "mbi-format", "{text}");
        }
    }

    #[test]
    fn the_number_does_not_print() {
        let mbi = Mbi::parse("1EG4TE5MK73").unwrap();
        assert!(!format!("{mbi:?}").contains("EG4"));
        let problem = Mbi::parse("1EG4TE5MKO3").unwrap_err();
        assert!(!format!("{problem} {problem:?}").contains("EG4"));
    }
}
