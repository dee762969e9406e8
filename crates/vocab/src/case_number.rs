//! The number people read to each other: `HC-YYMMDD-NNNNNN-C`. Not an identifier of rows; that is a `CaseId`.
//!
//! **Invariant:** the last digit is the Damm check digit of all digits before it, so that one wrong digit, or two
//! neighbours exchanged, never makes another case's number.

use crate::problem::{CodeProblem, quoted};
use crate::text_code::text_code;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A totally anti-symmetric quasigroup of order ten: row is the check so far, column the next digit.
/// Source: H. Michael Damm, doctoral thesis, Marburg 2004.
const DAMM: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

/// Digits of the date: year, month and day, two each.
const DATE_DIGITS: usize = 6;
/// The fewest digits of the running number.
const NUMBER_DIGITS: usize = 6;

/// A case's number: the day it was opened, a running number, a check digit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseNumber(String);

text_code!(CaseNumber);

impl CaseNumber {
    /// Makes the number of the `n`th case opened on `on`. The running number grows past six digits when it must.
    pub fn new(on: Date, n: u32) -> Self {
        let date = format!("{:02}{:02}{:02}", on.year().rem_euclid(100), on.month(), on.day());
        Self::of(&date, &format!("{n:0NUMBER_DIGITS$}"))
    }

    /// Reads a number that a person typed: any case, with or without dashes and spaces, letter O for 0, I or L for 1.
    ///
    /// Problems: `case-number-format`; `case-number-check` when a digit is wrong or two were exchanged.
    pub fn parse(text: &str) -> Result<Self, CodeProblem> {
        let malformed = || {
            let message =
                format!("{} is not a case number: write it as in HC-260703-000042-6", quoted(text));
            CodeProblem::new("case-number-format", message)
        };
        let digits = digits_read(text).ok_or_else(malformed)?;
        let check_at = digits.len().checked_sub(1).ok_or_else(malformed)?;
        let number = digits.get(DATE_DIGITS..check_at).ok_or_else(malformed)?;
        let grown = number.len() > NUMBER_DIGITS;
        if number.len() < NUMBER_DIGITS
            || number.parse::<u32>().is_err()
            || grown && number.starts_with('0')
        {
            return Err(malformed());
        }
        if damm(digits.bytes()) != 0 {
            return Err(CodeProblem::new(
                "case-number-check",
                "this case number has a wrong digit, or two digits exchanged: read it again",
            ));
        }
        let pair = |at: usize| digits[at..at + 2].parse::<i8>().unwrap_or(0);
        Date::new(2000 + i16::from(pair(0)), pair(2), pair(4)).map_err(|_| malformed())?;
        Ok(Self::of(&digits[..DATE_DIGITS], number))
    }

    /// Returns the number as it is printed, `HC-YYMMDD-NNNNNN-C`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the number in short groups to be read aloud on the phone: `H C, 2 6 0, 7 0 3, 0 0 0, 0 4 2, 6`.
    pub fn spoken(&self) -> String {
        let groups = self.0.split('-').skip(1).flat_map(|part| part.as_bytes().chunks(3));
        groups.fold("H C".to_owned(), |mut said, group| {
            said.push(',');
            for digit in group {
                said.push(' ');
                said.push(char::from(*digit));
            }
            said
        })
    }

    fn of(date: &str, number: &str) -> Self {
        let check = damm(date.bytes().chain(number.bytes()));
        Self(format!("HC-{date}-{number}-{check}"))
    }
}

/// Takes the prefix off and returns the digits with look-alike letters read as digits; `None` for anything else.
fn digits_read(text: &str) -> Option<String> {
    let bare =
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '.' | '_' | '/'));
    let mut bare = bare.map(|c| c.to_ascii_uppercase());
    (bare.next()? == 'H' && bare.next()? == 'C').then_some(())?;
    bare.map(|c| match c {
        'O' => Some('0'),
        'I' | 'L' => Some('1'),
        '0'..='9' => Some(c),
        _ => None,
    })
    .collect()
}

/// Returns the check digit of ASCII digits; 0 when the last of them already is the right one.
fn damm(digits: impl Iterator<Item = u8>) -> u8 {
    digits.fold(0, |check, digit| DAMM[usize::from(check)][usize::from((digit - b'0') % 10)])
}

#[cfg(test)]
mod tests {
    use super::CaseNumber;
    use jiff::civil::date;

    fn number() -> CaseNumber {
        CaseNumber::new(date(2026, 7, 3), 42)
    }

    #[test]
    fn the_number_has_its_date_and_grows_past_six_digits() {
        assert_eq!(number().as_str(), "HC-260703-000042-6");
        let grown = CaseNumber::new(date(2026, 7, 3), 1_000_000);
        assert!(grown.as_str().starts_with("HC-260703-1000000-"));
        assert_eq!(CaseNumber::parse(grown.as_str()), Ok(grown));
    }

    #[test]
    fn people_are_forgiven() {
        for typed in
            ["hc2607030000426", " hc 260703 000042 6", "HC-26O7O3-OOOO42-6", "Hc.260703/000042–6"]
        {
            assert_eq!(CaseNumber::parse(typed), Ok(number()), "{typed}");
        }
        let ones = CaseNumber::new(date(2026, 11, 11), 111);
        assert_eq!(CaseNumber::parse(&ones.as_str().replace('1', "l")), Ok(ones.clone()));
        assert_eq!(CaseNumber::parse(&ones.as_str().replace('1', "I")), Ok(ones));
    }

    #[test]
    fn every_wrong_digit_is_caught() {
        for n in (0..400).chain([999_999, 1_000_000, u32::MAX]) {
            let right = CaseNumber::new(date(2026, 7, 3), n).0;
            for (at, was) in right.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
                for digit in ('0'..='9').filter(|d| *d != was) {
                    let wrong = format!("{}{digit}{}", &right[..at], &right[at + 1..]);
                    assert!(CaseNumber::parse(&wrong).is_err(), "{wrong} passed for {right}");
                }
            }
        }
    }

    #[test]
    fn every_exchange_of_neighbours_is_caught() {
        for n in 0..20_000 {
            let right = CaseNumber::new(date(2026, 7, 3), n * 53).0;
            let digits: Vec<u8> = right.bytes().filter(u8::is_ascii_digit).collect();
            for at in 1..digits.len() {
                if digits[at - 1] == digits[at] {
                    continue;
                }
                let mut wrong = digits.clone();
                wrong.swap(at - 1, at);
                let wrong = format!("HC{}", String::from_utf8(wrong).unwrap());
                assert!(CaseNumber::parse(&wrong).is_err(), "{wrong} passed for {right}");
            }
        }
    }

    #[test]
    fn the_table_gives_the_published_example() {
        assert_eq!(super::damm("572".bytes()), 4);
    }

    #[test]
    fn the_table_catches_every_exchange_and_every_wrong_digit() {
        for check in 0..10 {
            for a in 0..10 {
                for b in (0..10).filter(|b| *b != a) {
                    assert_ne!(super::DAMM[check][a], super::DAMM[check][b]);
                    let ab = super::DAMM[usize::from(super::DAMM[check][a])][b];
                    let ba = super::DAMM[usize::from(super::DAMM[check][b])][a];
                    assert_ne!(ab, ba, "{check} {a} {b}");
                }
            }
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "HC",
            "HC-",
            "2607030000426",
            "HC-260703-00042-6",
            "HD-260703-000042-6",
            "HC-260703-000042-6x",
        ] {
            assert_eq!(CaseNumber::parse(text).unwrap_err().code, "case-number-format", "{text}");
        }
        assert_eq!(CaseNumber::parse("HC-260703-000042-5").unwrap_err().code, "case-number-check");
    }

    #[test]
    fn the_number_is_read_aloud_in_groups() {
        assert_eq!(number().spoken(), "H C, 2 6 0, 7 0 3, 0 0 0, 0 4 2, 6");
    }
}
